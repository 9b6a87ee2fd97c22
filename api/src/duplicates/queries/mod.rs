//! The only SQL of duplicates.

pub mod candidates;
pub mod merges;
pub mod moves;
pub mod pass;
pub mod runs;
