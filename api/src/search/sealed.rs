//! A packed, unchanging block of one region's entries.

use super::grams::{CODES, grams};
use super::{Fold, squeeze};

/// Entries of a block; a text's place fits 16 bits.
pub(super) const BLOCK: usize = 60_000;

/// Entries on their way into blocks: texts lie one behind the other.
#[derive(Default)]
pub(super) struct Draft {
    ids: Vec<u128>,
    ends: Vec<u32>,
    texts: String,
}

impl Draft {
    pub fn push(&mut self, id: u128, text: &str) {
        let text = squeeze(text);
        if text.is_empty() {
            return;
        }
        self.ids.push(id);
        self.texts.push_str(&text);
        self.ends.push(small(self.texts.len()));
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    fn text(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.texts[from..self.ends[at] as usize]
    }
}

/// Entries by text, and for every trigram the texts that have it.
pub(super) struct Sealed {
    /// Distinct texts in rising order, one behind the other, and their ends.
    texts: Box<str>,
    ends: Box<[u32]>,
    /// How many trigrams each text has.
    sizes: Box<[u8]>,
    /// Ids, those of a text together and rising, and where each text's ids end.
    ids: Box<[u128]>,
    id_ends: Box<[u32]>,
    /// Trigrams that occur, rising; where the list of each ends; the lists.
    codes: Box<[u16]>,
    list_ends: Box<[u32]>,
    lists: Box<[u16]>,
}

impl Sealed {
    /// Packs a draft of at most [`BLOCK`] entries.
    pub fn new(draft: &Draft, fold: Fold) -> Self {
        let mut order: Vec<u32> = (0..small(draft.len())).collect();
        order.sort_unstable_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            draft.text(a).cmp(draft.text(b)).then(draft.ids[a].cmp(&draft.ids[b]))
        });
        let mut texts = String::with_capacity(draft.texts.len());
        let (mut ends, mut ids, mut id_ends) = (Vec::new(), Vec::with_capacity(order.len()), Vec::new());
        let mut last: Option<&str> = None;
        for at in order {
            let text = draft.text(at as usize);
            if last != Some(text) {
                if last.is_some() {
                    id_ends.push(small(ids.len()));
                }
                texts.push_str(text);
                ends.push(small(texts.len()));
                last = Some(text);
            }
            ids.push(draft.ids[at as usize]);
        }
        if last.is_some() {
            id_ends.push(small(ids.len()));
        }
        let mut block = Self {
            texts: texts.into_boxed_str(),
            ends: ends.into_boxed_slice(),
            sizes: Box::default(),
            ids: ids.into_boxed_slice(),
            id_ends: id_ends.into_boxed_slice(),
            codes: Box::default(),
            list_ends: Box::default(),
            lists: Box::default(),
        };
        block.list_grams(fold);
        block
    }

    /// Reads the trigrams of every text once, then lays their lists out by counting.
    fn list_grams(&mut self, fold: Fold) {
        let (mut buffer, mut found) = (String::new(), Vec::new());
        let mut flat: Vec<u16> = Vec::with_capacity(self.texts.len() + self.len());
        let mut sizes = Vec::with_capacity(self.len());
        let mut counts = vec![0_u32; CODES];
        for at in 0..self.len() {
            grams(self.text(at), fold, &mut buffer, &mut found);
            sizes.push(u8::try_from(found.len()).unwrap_or(u8::MAX));
            flat.extend_from_slice(&found);
            for code in &found {
                counts[usize::from(*code)] += 1;
            }
        }
        let (mut codes, mut list_ends, mut total) = (Vec::new(), Vec::new(), 0);
        for (code, count) in counts.iter_mut().enumerate() {
            if *count > 0 {
                let start = total;
                total += *count;
                codes.push(u16::try_from(code).unwrap_or(u16::MAX));
                list_ends.push(total);
                *count = start;
            }
        }
        let mut lists = vec![0_u16; flat.len()];
        let mut from = 0;
        for (at, size) in sizes.iter().enumerate() {
            for code in &flat[from..from + usize::from(*size)] {
                let next = &mut counts[usize::from(*code)];
                lists[*next as usize] = u16::try_from(at).unwrap_or(u16::MAX);
                *next += 1;
            }
            from += usize::from(*size);
        }
        self.sizes = sizes.into_boxed_slice();
        self.codes = codes.into_boxed_slice();
        self.list_ends = list_ends.into_boxed_slice();
        self.lists = lists.into_boxed_slice();
    }

    /// Distinct texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn sizes(&self) -> &[u8] {
        &self.sizes
    }

    pub fn ids(&self) -> &[u128] {
        &self.ids
    }

    pub fn text(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.texts[from..self.ends[at] as usize]
    }

    /// Places in [`Self::ids`] of a text's entries.
    pub fn places(&self, at: usize) -> std::ops::Range<usize> {
        let from = if at == 0 { 0 } else { self.id_ends[at - 1] as usize };
        from..self.id_ends[at] as usize
    }

    /// For each text how many of the given trigrams it has, into `counts`.
    pub fn count(&self, query: &[u16], counts: &mut Vec<u8>) {
        counts.clear();
        counts.resize(self.len(), 0);
        for code in query {
            if let Ok(found) = self.codes.binary_search(code) {
                let from = if found == 0 { 0 } else { self.list_ends[found - 1] as usize };
                for at in &self.lists[from..self.list_ends[found] as usize] {
                    if let Some(count) = counts.get_mut(usize::from(*at)) {
                        *count += 1;
                    }
                }
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.texts.len()
            + self.sizes.len()
            + 4 * (self.ends.len() + self.id_ends.len() + self.list_ends.len())
            + 16 * self.ids.len()
            + 2 * (self.codes.len() + self.lists.len())
            + size_of::<Self>()
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
