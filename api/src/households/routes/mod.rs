//! Operations about households and people.

pub mod change;
pub mod correct;
pub mod individuals;
pub mod likely;
pub mod read;
pub mod verbs;
