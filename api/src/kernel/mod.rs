//! Floor 0: values and rules that need no database, no network and no clock.

pub mod addresses;
pub mod cells;
pub mod dates;
pub mod dates_parse;
pub mod family_card;
pub mod label;
pub mod names;
pub mod nik;
pub mod page;
pub mod patch;
pub mod problem;
pub mod seal;
pub mod text;
