//! The only SQL of the registry.

pub mod claims;
pub mod history;
pub mod list;
pub mod people;
pub mod visible;
pub mod write;
