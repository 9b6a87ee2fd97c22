//! Finding households and people in spite of typos: by name, NIK, family card or address.
//!
//! - Names and streets are kept in memory ([`crate::search`]), filled in the background after the start and anew after
//!   a bulk load; until then, and whenever the memory is not certain to be up to date, Postgres answers the same
//!   questions more slowly.
//! - Every search first takes in what has been committed since the last one (`registry_changes`), so an answer is never
//!   behind the registry, on any instance.
//! - The memory only proposes ids inside the caller's regions. What is shown is read from the registry under the
//!   caller's scope, like every list.

mod ask;
mod feed;
mod find;
mod follow;
mod model;
mod queries;
pub(super) mod routes;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock};

use crossbeam_channel::Sender;

use crate::access::Scope;
use crate::kernel::names::sound_into;
use crate::search::{Index, RegionSet};
use feed::Feed;

pub use follow::start;

/// The indexes of one instance and how far they have followed the registry.
pub struct Finder {
    /// Names of the members, under the id of their household.
    names: Index,
    /// Domicile addresses, under the id of the household.
    streets: Index,
    /// Slot of each kelurahan in the indexes.
    slots: RwLock<HashMap<String, u32>>,
    /// `None` while the indexes are being filled.
    feed: Mutex<Option<Feed>>,
    /// Wakes the thread that fills them.
    wake: Sender<()>,
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Finder")
    }
}

impl Finder {
    fn new(wake: Sender<()>) -> Self {
        Self {
            names: Index::new(sound_into),
            streets: Index::new(sound_into),
            slots: RwLock::default(),
            feed: Mutex::default(),
            wake,
        }
    }

    fn slot(&self, region_code: &str) -> u32 {
        let known = self.slots.read().unwrap_or_else(PoisonError::into_inner).get(region_code).copied();
        known.unwrap_or_else(|| {
            let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
            let next = u32::try_from(slots.len()).unwrap_or(u32::MAX);
            *slots.entry(region_code.to_owned()).or_insert(next)
        })
    }

    /// The regions of the caller's area, narrowed to `region` (a code or the beginning of codes) where given.
    fn allowed(&self, scope: &Scope, region: Option<&str>) -> RegionSet {
        let within = |code: &str| {
            region.is_none_or(|wanted| {
                code.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.iter().filter(|(code, _)| within(code) && scope.covers_region(code)).map(|(_, slot)| *slot).collect()
    }
}
