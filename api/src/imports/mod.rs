//! Files of the agencies on their way into the registry.
//!
//! A file is staged, validated, reviewed and applied. Invariants: nothing of an unusable file reaches the registry; a
//! row is never lost (it is applied, or it waits with its reason); memory does not grow with the file; applying twice
//! changes nothing.

pub mod coded;
pub mod detect;
pub mod family;
pub mod fault;
pub mod issues;
pub mod lines;
pub mod member;
pub mod places;
pub mod profile;
pub mod sheet;
pub mod source;

#[cfg(test)]
mod agency_tests;
