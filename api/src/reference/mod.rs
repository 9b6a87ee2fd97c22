//! The reference data that ships with the service: regions, code lists and the maps from each source's codes.
//!
//! The files lie under `api/data/` and are embedded in the binary. They are a starting point, not the truth: an
//! installation edits its lists, and loading again adds what is new without undoing those edits (`load`).

mod files;
#[path = "entry_queries.rs"]
pub mod lookup;
mod queries;

pub use files::{
    Calendar, CodeEntry, CodeList, CodeLists, CodeMap, FileError, Holiday, Label, LetterTemplate, MandateRow, Region,
    calendars, code_lists, code_maps, letter_templates, mandates, regions,
};
pub use queries::load;

/// Kemendagri code of the city this build serves by default.
pub const CITY: &str = "32.73";

/// What a load added.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// Regions that were not there.
    pub regions: usize,
    /// Entries of code lists that were added or brought to this edition.
    pub entries: usize,
    /// Code maps that were not there.
    pub maps: usize,
    /// Calendars that were not there, with their holidays.
    pub calendars: usize,
    /// Services that had no text for their letters yet.
    pub templates: usize,
}
