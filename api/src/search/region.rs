//! One region's shard: packed blocks, which of their entries are gone, and the loose entries since.

use std::sync::Arc;

use super::grams::grams;
use super::sealed::{BLOCK, Draft, Sealed};
use super::{Fold, squeeze};

/// Loose entries are sealed when they are more than this, and more than one in [`LOOSE_SHARE`] of the packed.
const LOOSE: usize = 64;
const LOOSE_SHARE: usize = 24;

/// An entry not packed yet.
pub(super) struct Loose {
    pub id: u128,
    pub text: Box<str>,
    pub grams: Box<[u16]>,
}

/// A block and a mark for each of its entries that is gone; no marks at all while none is.
#[derive(Clone)]
pub(super) struct Part {
    pub block: Arc<Sealed>,
    gone: Vec<u64>,
}

impl Part {
    fn new(block: Sealed) -> Self {
        Self { block: Arc::new(block), gone: Vec::new() }
    }

    fn is_gone(&self, place: usize) -> bool {
        self.gone.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }

    /// Ids of a text's living entries, rising.
    pub fn living(&self, text: usize) -> impl Iterator<Item = u128> + '_ {
        self.block.places(text).filter(|place| !self.is_gone(*place)).map(|place| self.block.ids()[place])
    }

    /// How many living entries a text has.
    pub fn entries(&self, text: usize) -> usize {
        if self.gone.is_empty() { self.block.places(text).len() } else { self.living(text).count() }
    }
}

/// A shard. Cloning copies pointers and the marks, not the blocks.
#[derive(Clone, Default)]
pub(super) struct Region {
    pub parts: Vec<Part>,
    pub loose: Vec<Arc<Loose>>,
    packed: usize,
    gone: usize,
}

impl Region {
    /// Adds a block packed elsewhere.
    pub fn push(&mut self, block: Sealed) {
        self.packed += block.ids().len();
        self.parts.push(Part::new(block));
    }

    /// Living entries.
    pub fn len(&self) -> usize {
        self.packed - self.gone + self.loose.len()
    }

    pub fn contains(&self, id: u128) -> bool {
        self.loose.iter().any(|entry| entry.id == id)
            || self.parts.iter().any(|part| {
                part.block.ids().iter().enumerate().any(|(place, other)| *other == id && !part.is_gone(place))
            })
    }

    /// Takes out every entry of an id.
    pub fn remove(&mut self, id: u128) {
        self.loose.retain(|entry| entry.id != id);
        for part in &mut self.parts {
            let block = Arc::clone(&part.block);
            for place in block.ids().iter().enumerate().filter(|(_, other)| **other == id).map(|(place, _)| place) {
                if part.gone.is_empty() {
                    part.gone = vec![0; block.ids().len().div_ceil(64)];
                }
                let bits = &mut part.gone[place / 64];
                if *bits >> (place % 64) & 1 == 0 {
                    *bits |= 1 << (place % 64);
                    self.gone += 1;
                }
            }
        }
    }

    pub fn insert(&mut self, id: u128, text: &str, fold: Fold) -> bool {
        let text = squeeze(text);
        if text.is_empty() {
            return false;
        }
        let (mut buffer, mut found) = (String::new(), Vec::new());
        grams(&text, fold, &mut buffer, &mut found);
        let entry = Loose { id, text: text.into_boxed_str(), grams: found.into_boxed_slice() };
        self.loose.push(Arc::new(entry));
        true
    }

    /// Packs anew where too much is loose or gone. The region's cost only, a few milliseconds for 10,000 entries.
    pub fn tidy(&mut self, fold: Fold) {
        let loose = self.loose.len();
        if (loose > LOOSE && loose * LOOSE_SHARE > self.packed) || self.gone * 4 > self.packed {
            let mut tidy = Self::default();
            let mut draft = Draft::default();
            for part in &self.parts {
                for text in 0..part.block.len() {
                    for id in part.living(text) {
                        tidy.collect(&mut draft, id, part.block.text(text), fold);
                    }
                }
            }
            for entry in &self.loose {
                tidy.collect(&mut draft, entry.id, &entry.text, fold);
            }
            if draft.len() > 0 {
                tidy.push(Sealed::new(&draft, fold));
            }
            *self = tidy;
        }
    }

    fn collect(&mut self, draft: &mut Draft, id: u128, text: &str, fold: Fold) {
        draft.push(id, text);
        if draft.len() == BLOCK {
            self.push(Sealed::new(&std::mem::take(draft), fold));
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let parts: usize =
            self.parts.iter().map(|part| part.block.bytes() + 8 * part.gone.len() + size_of::<Part>()).sum();
        let loose: usize = self.loose.iter().map(|entry| entry.text.len() + 2 * entry.grams.len() + 72).sum();
        parts + loose + size_of::<Self>()
    }
}
