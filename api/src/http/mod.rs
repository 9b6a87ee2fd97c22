//! Floor 1: requests in, answers out. Knows no domain word.

pub mod answer;
pub mod errors;
pub mod extract;
pub mod list;
pub mod logging;
pub mod openapi;
mod paths;
pub mod router;
