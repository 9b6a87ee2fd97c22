//! Identity: whether somebody who is entered stands in the registry already.
//!
//! Beside each person lie keys made by the linkage engine (`individual_keys`); who shares one is compared with the weights
//! and words that the newest run over the registry has left. A search for duplicates compares everybody, entering and
//! editing compare one person at once, and what changed otherwise is compared by a chore; all three by the same engine.
//!
//! Invariants: only people of the caller's own area are ever shown to him, and who looks alike outside it changes no
//! answer of his; what a human found distinct, and two people with different matched NIKs, are never asked again.

mod check;
mod model;
pub mod queries;
pub mod rules;

pub use check::{AlikeOf, Asked, alike_of, check, digest, keys_of, likely, model, note};
pub use model::{
    Agreement, ConfirmDistinct, LikelyBand, LikelyComparison, LikelyDuplicate, LikelyPeople, LikelyPerson,
};
