//! The index: a snapshot that readers share, and a writer that replaces it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::build::Builder;
use super::directory::Directory;
use super::grams::grams;
use super::likeness::{LEAST_SCORE, Pattern};
use super::region::Region;
use super::select::{Candidate, LOOSE, RegionSet, Selection};
use super::{Fold, squeeze};

/// The regions at one moment, by slot.
#[derive(Clone, Default)]
pub(super) struct Snapshot {
    regions: Vec<Arc<Region>>,
}

impl Snapshot {
    pub fn new(regions: Vec<Region>) -> Self {
        Self { regions: regions.into_iter().map(Arc::new).collect() }
    }

    pub fn regions(&self) -> &[Arc<Region>] {
        &self.regions
    }

    pub fn len(&self) -> usize {
        self.regions.iter().map(|region| region.len()).sum()
    }

    fn text(&self, candidate: &Candidate) -> &str {
        let region = &self.regions[candidate.region as usize];
        match candidate.part {
            LOOSE => &region.loose[candidate.at as usize].text,
            part => region.parts[part as usize].block.text(candidate.at as usize),
        }
    }

    fn ids(&self, candidate: &Candidate, out: &mut Vec<u128>) {
        let region = &self.regions[candidate.region as usize];
        match candidate.part {
            LOOSE => out.push(region.loose[candidate.at as usize].id),
            part => out.extend(region.parts[part as usize].living(candidate.at as usize)),
        }
    }
}

/// What became of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is in this region with these texts, whatever was known of it before.
    Put { id: u128, region: u32, texts: Vec<String> },
    /// It is gone.
    Remove { id: u128 },
}

/// An answer: the better the score the nearer; equal ones by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub id: u128,
    /// [`LEAST_SCORE`] to [`super::MAX_SCORE`].
    pub score: u16,
    /// The text that matched best, as the index keeps it.
    pub text: Arc<str>,
}

/// See the module.
pub struct Index {
    fold: Fold,
    current: RwLock<Arc<Snapshot>>,
    writer: Mutex<Directory>,
}

impl Index {
    /// An empty index whose words sound as `fold` says.
    pub fn new(fold: Fold) -> Self {
        Self { fold, current: RwLock::default(), writer: Mutex::default() }
    }

    /// A builder for [`Self::replace`].
    pub fn builder(&self) -> Builder {
        Builder::new(self.fold)
    }

    /// Puts what was built in place of everything; searches under way end on the old.
    pub fn replace(&self, builder: Builder) {
        let (snapshot, directory) = builder.finish();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *writer = directory;
        self.publish(snapshot);
    }

    /// Applies changes in their order, visible all at once.
    pub fn apply(&self, changes: &[Change]) {
        let mut directory = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.snapshot();
        let mut touched: BTreeMap<u32, Region> = BTreeMap::new();
        for change in changes {
            let (Change::Put { id, .. } | Change::Remove { id }) = change;
            let known = directory.region(*id, |slot| match touched.get(&slot) {
                Some(region) => region.contains(*id),
                None => before.regions.get(slot as usize).is_some_and(|region| region.contains(*id)),
            });
            if let Some(slot) = known {
                open(&mut touched, &before, slot).remove(*id);
            }
            if let Change::Put { id, region, texts } = change {
                let shard = open(&mut touched, &before, *region);
                let mut known = Vec::new();
                for text in texts.iter().map(|text| squeeze(text)) {
                    if !known.contains(&text) && shard.insert(*id, &text, self.fold) {
                        known.push(text);
                    }
                }
                directory.note(*id, *region);
            }
        }
        let mut after = Snapshot::clone(&before);
        for (slot, mut region) in touched {
            region.tidy(self.fold);
            let at = slot as usize;
            if at >= after.regions.len() {
                after.regions.resize_with(at + 1, Arc::default);
            }
            after.regions[at] = Arc::new(region);
        }
        self.publish(after);
    }

    /// The best `limit` ids inside `allowed`, by score and then by id; `after` is the score and id of the last one
    /// of the page before. The same entries give the same answer whatever else the index holds.
    pub fn search(&self, query: &str, allowed: &RegionSet, limit: usize, after: Option<(u16, u128)>) -> Vec<Hit> {
        // An id with several texts counts by its best; so each page passes over the groups before it.
        let mut seen = HashSet::new();
        self.walk(query, allowed, limit, |score, id| {
            let passed = after.is_some_and(|(last, last_id)| score > last || (score == last && id <= last_id));
            seen.insert(id) && !passed
        })
    }

    /// Like [`Self::search`], but each text of an id is an answer of its own, equal ones by id and then by text;
    /// `from` is the score and id to begin at, that id included.
    pub fn search_texts(&self, query: &str, allowed: &RegionSet, limit: usize, from: Option<(u16, u128)>) -> Vec<Hit> {
        self.walk(query, allowed, limit, |score, id| {
            from.is_none_or(|(first, first_id)| score < first || (score == first && id >= first_id))
        })
    }

    /// Entries from the best down, those that are wanted.
    fn walk(
        &self,
        query: &str,
        allowed: &RegionSet,
        limit: usize,
        mut wanted: impl FnMut(u16, u128) -> bool,
    ) -> Vec<Hit> {
        let query = squeeze(query);
        let snapshot = self.snapshot();
        let mut pattern = Pattern::new(&query, self.fold);
        let mut scores: HashMap<&str, u16> = HashMap::new();
        let mut found: BTreeMap<u16, Vec<Candidate>> = BTreeMap::new();
        for candidate in self.candidates(&snapshot, &query, allowed) {
            let text = snapshot.text(&candidate);
            let score = *scores.entry(text).or_insert_with(|| pattern.score(text));
            if score >= LEAST_SCORE {
                found.entry(score).or_default().push(candidate);
            }
        }
        let mut hits = Vec::with_capacity(limit.min(256));
        let (mut entries, mut ids): (Vec<(u128, &str)>, Vec<u128>) = (Vec::new(), Vec::new());
        for (score, group) in found.iter().rev() {
            entries.clear();
            for candidate in group {
                ids.clear();
                snapshot.ids(candidate, &mut ids);
                entries.extend(ids.iter().map(|id| (*id, snapshot.text(candidate))));
            }
            entries.sort_unstable();
            for (id, text) in &entries {
                if wanted(*score, *id) {
                    hits.push(Hit { id: *id, score: *score, text: (*text).into() });
                    if hits.len() >= limit {
                        return hits;
                    }
                }
            }
        }
        hits
    }

    fn candidates(&self, snapshot: &Snapshot, query: &str, allowed: &RegionSet) -> Vec<Candidate> {
        let (mut buffer, mut codes, mut counts) = (String::new(), Vec::new(), Vec::new());
        grams(query, self.fold, &mut buffer, &mut codes);
        let mut selection = Selection::new(codes.len());
        for (slot, region) in (0_u32..).zip(&snapshot.regions) {
            if allowed.contains(slot) {
                selection.read(slot, region, &codes, &mut counts);
            }
        }
        selection.finish()
    }

    /// Living entries.
    pub fn len(&self) -> usize {
        self.snapshot().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held, without what the allocator adds.
    pub fn bytes(&self) -> usize {
        let directory = self.writer.lock().unwrap_or_else(PoisonError::into_inner).bytes();
        directory + self.snapshot().regions.iter().map(|region| region.bytes()).sum::<usize>()
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn publish(&self, snapshot: Snapshot) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

fn open<'a>(touched: &'a mut BTreeMap<u32, Region>, before: &Snapshot, slot: u32) -> &'a mut Region {
    touched
        .entry(slot)
        .or_insert_with(|| before.regions.get(slot as usize).map(|region| Region::clone(region)).unwrap_or_default())
}
