//! Which region an id is in: needed by writers only, so kept apart from what is searched.

use hashbrown::HashTable;

use super::index::Snapshot;

/// A half hash of the id and its region: 8 bytes an entry instead of 20; the region itself tells which of two
/// ids with one hash is meant.
#[derive(Default)]
pub(super) struct Directory {
    table: HashTable<(u32, u32)>,
}

impl Directory {
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut table = HashTable::with_capacity(snapshot.len());
        for (at, region) in snapshot.regions().iter().enumerate() {
            let slot = u32::try_from(at).unwrap_or(u32::MAX);
            for id in region.parts.iter().flat_map(|part| part.block.ids()) {
                let hash = half(*id);
                // Several texts of one id make one entry; so do two ids of one hash in one region.
                if table.find(spread(hash), |known| *known == (hash, slot)).is_none() {
                    table.insert_unique(spread(hash), (hash, slot), |(hash, _)| spread(*hash));
                }
            }
        }
        Self { table }
    }

    /// The region that holds the id, if one does.
    pub fn region(&self, id: u128, holds: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = half(id);
        self.table.find(spread(hash), |(other, slot)| *other == hash && holds(*slot)).map(|(_, slot)| *slot)
    }

    /// Notes that the id is in the region now. What is noted of an id that has left stays: it is asked the region.
    pub fn note(&mut self, id: u128, slot: u32) {
        let hash = half(id);
        if self.table.find(spread(hash), |known| *known == (hash, slot)).is_none() {
            self.table.insert_unique(spread(hash), (hash, slot), |(hash, _)| spread(*hash));
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.table.allocation_size()
    }
}

fn half(id: u128) -> u32 {
    let mixed = ((id >> 64) as u64 ^ id as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
