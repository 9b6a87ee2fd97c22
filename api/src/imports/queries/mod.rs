//! The only SQL of this slice.

mod batch_sql;
pub mod bulk;
pub mod diff;
pub mod merge;
pub mod offers;
pub mod people;
pub mod profiles;
mod resource;
pub mod stage;
pub mod trust;
pub mod validate;

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use resource::*;

use crate::kernel::problem::Problem;

/// What applying needs to know of its import.
#[derive(Debug, Clone)]
pub struct ApplyContext {
    /// Import.
    pub import: Uuid,
    /// Profile of its files: what the digests of a list are kept under.
    pub profile: String,
    /// Source of what it brings.
    pub source: String,
    /// Kind of claim its families are known by.
    pub key_kind: String,
    /// Kelurahan whose records it may know, while it is only compared; none is the whole city.
    pub scope: Option<Vec<String>>,
    /// What of it is applied.
    pub selection: Selection,
    /// Month it speaks of.
    pub period: String,
    /// One instant for every row.
    pub now: DateTime<Utc>,
}

impl ApplyContext {
    /// Whether its families are known by their card.
    #[must_use]
    pub fn by_card(&self) -> bool {
        self.key_kind == crate::imports::profile::CARD
    }
}

/// Which changes are applied.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// Households and people who are not there yet.
    pub new: bool,
    /// Fields that differ.
    pub changed: bool,
    /// Families in another kelurahan, people in another family.
    pub moved: bool,
    /// Only these regions; none is all.
    pub areas: Vec<String>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { new: true, changed: true, moved: true, areas: Vec::new() }
    }
}

impl Selection {
    /// Whether nothing of a row is left out.
    #[must_use]
    pub fn every_kind(&self) -> bool {
        self.new && self.changed && self.moved
    }

    /// Whether nothing at all is left out.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.every_kind() && self.areas.is_empty()
    }
}

/// Tells the search to read everything again.
pub fn changed_all(conn: &mut PgConnection) -> Result<(), Problem> {
    use crate::db::schema::registry_changes::dsl as c;
    diesel::insert_into(c::registry_changes).values(c::kind.eq("bulk")).execute(conn)?;
    Ok(())
}
