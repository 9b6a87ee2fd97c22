//! Filling an index from nothing.

use super::Fold;
use super::directory::Directory;
use super::index::Snapshot;
use super::region::Region;
use super::sealed::{BLOCK, Draft, Sealed};

/// Takes entries in any order and packs them; the index serves meanwhile what it has.
/// A region's draft is packed as soon as it is full or, at the end, one region after the other, so the
/// memory needed beyond the finished index is one draft of the texts.
pub struct Builder {
    fold: Fold,
    drafts: Vec<Draft>,
    regions: Vec<Region>,
}

impl Builder {
    pub fn new(fold: Fold) -> Self {
        Self { fold, drafts: Vec::new(), regions: Vec::new() }
    }

    /// One entry; an id may have several texts, all in one region. An empty text is no entry.
    pub fn push(&mut self, id: u128, region: u32, text: &str) {
        let at = region as usize;
        if at >= self.drafts.len() {
            self.drafts.resize_with(at + 1, Draft::default);
            self.regions.resize_with(at + 1, Region::default);
        }
        self.drafts[at].push(id, text);
        if self.drafts[at].len() == BLOCK {
            let draft = std::mem::take(&mut self.drafts[at]);
            self.regions[at].push(Sealed::new(&draft, self.fold));
        }
    }

    pub(super) fn finish(mut self) -> (Snapshot, Directory) {
        for (region, draft) in self.regions.iter_mut().zip(&mut self.drafts) {
            let draft = std::mem::take(draft);
            if draft.len() > 0 {
                region.push(Sealed::new(&draft, self.fold));
            }
        }
        let snapshot = Snapshot::new(self.regions);
        let directory = Directory::of(&snapshot);
        (snapshot, directory)
    }
}
