//! Floor 0: values and rules that need no database, no network and no clock.

pub mod dates;
pub mod names;
pub mod page;
pub mod patch;
pub mod problem;
pub mod seal;
pub mod text;
