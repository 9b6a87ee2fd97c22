//! Floor 0: values and rules that need no database, no network and no clock.

pub mod cells;
pub mod dates;
pub mod family_card;
pub mod label;
pub mod page;
pub mod patch;
pub mod printed;
pub mod problem;
pub mod seal;
pub mod text;

/// How names, addresses, birth dates and identity numbers are read; they live in the crate that compares them.
pub use satupintu_linkage::{addresses, dates_parse, names, nik};
