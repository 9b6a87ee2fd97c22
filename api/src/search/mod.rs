//! Floor 1: typo-tolerant search in memory. Knows texts, regions and ids, no word of the domain.
//!
//! An [`Index`] holds entries (id, region, text). A search gives the best entries *inside the allowed
//! regions*, and reads nothing else:
//!
//! * Every region is a shard of its own with its own texts and its own lists of trigrams, so the work done,
//!   the order of the answer and every score depend on the query and on the allowed entries alone. There is no
//!   rarity weight, no shared dictionary and no common cut-off through which entries elsewhere could show.
//! * A score is a pure function of the query and one text ([`likeness`]), an integer, the same on every machine.
//! * Candidates are taken by shared trigrams down to a floor that rises until few enough are left; the floor
//!   depends on how many allowed candidates lie above it, not on the order they were met in.
//!
//! Texts come in already normalised (capitals, digits, spaces); how words sound is told by the [`Fold`] the
//! index was made with. A reader takes a snapshot and is never blocked by a writer; a change copies only the
//! small loose part of its region, and what is loose is sealed into a packed block when it grows.

mod build;
mod directory;
mod grams;
mod index;
mod likeness;
mod region;
mod sealed;
mod select;

pub use build::Builder;
pub use index::{Change, Hit, Index};
pub use likeness::{LEAST_SCORE, MAX_SCORE, Pattern};
pub use select::RegionSet;

/// Appends to the second argument how the word given first sounds (capital letters and digits).
pub type Fold = fn(&str, &mut String);

/// Texts are cut at this many bytes, on a character.
pub const MAX_TEXT: usize = 120;

/// The text as the index keeps it: capital letters and digits, single spaces, at most [`MAX_TEXT`] bytes.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_TEXT));
    for b in text.bytes() {
        if out.len() == MAX_TEXT {
            break;
        }
        if b.is_ascii_alphanumeric() {
            out.push(char::from(b.to_ascii_uppercase()));
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests;
