//! The only SQL of duplicates.

pub mod candidates;
pub mod follow;
pub mod merges;
pub mod moves;
pub mod origins;
pub mod pass;
pub mod runs;
