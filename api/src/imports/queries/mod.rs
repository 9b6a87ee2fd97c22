//! The only SQL of this slice.

pub mod bulk;
pub mod merge;
mod resource;
pub mod stage;
pub mod validate;

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use uuid::Uuid;

pub use resource::*;

use crate::kernel::problem::Problem;

/// What applying needs to know of its import.
#[derive(Debug, Clone)]
pub struct ApplyContext {
    /// Import.
    pub import: Uuid,
    /// Source of what it brings.
    pub source: String,
    /// Month it speaks of.
    pub period: String,
    /// One instant for every row.
    pub now: DateTime<Utc>,
}

/// Tells the search to read everything again.
pub fn changed_all(conn: &mut PgConnection) -> Result<(), Problem> {
    use crate::db::schema::registry_changes::dsl as c;
    diesel::insert_into(c::registry_changes).values(c::kind.eq("bulk")).execute(conn)?;
    Ok(())
}
