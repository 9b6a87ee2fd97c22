//! Floor 1: schema, constraint names and migrations. Knows no domain word beyond the names of tables.

pub mod constraints;
pub mod migrate;
pub mod raw;
pub mod schema;
pub mod slugs;
pub mod sql;
