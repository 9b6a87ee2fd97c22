//! Which rows of a list of people are one person.
//!
//! A list has no key that can be trusted: identity numbers are missing or mistyped, names are spelt by ear, birth
//! dates are filled in as the first of January, and a household's members share all the rest. So rows are compared
//! field by field, each outcome counts as often as it is commoner among one person's rows than among other people's
//! ([`weights`], estimated from the list itself), and what belongs together is settled for groups, not pair by pair
//! ([`groups`]). No database, no clock, no randomness: the same list gives the same answer, whatever its order and
//! however many threads.
//!
//! The normalisation of names, addresses, dates and numbers that the service's registry uses is here too.

pub mod addresses;
pub mod dates_parse;
pub mod names;
pub mod nik;

mod blocks;
mod compare;
mod engine;
mod estimate;
mod file;
mod groups;
mod judge;
mod parallel;
mod people;
mod random;
mod stored;
mod vocabulary;
mod weights;

pub use blocks::{Key, keys};
pub use engine::{AUTOMATIC, Linked, Pair, Settings, link};
pub use file::{FileError, read_people, write_pairs};
pub use judge::{Compared, Judged, Model, judge};
pub use people::{Builder, People, Row};
pub use weights::Weights;
