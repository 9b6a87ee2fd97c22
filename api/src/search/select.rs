//! Which regions may be read, and which texts in them are worth comparing.

use std::sync::Arc;

use super::region::Region;

/// Entries wanted: the floor rises while more than these lie above it.
const WANTED: u32 = 1_500;
/// Steps of the floor.
pub(super) const STEPS: usize = 256;

/// A set of region slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionSet {
    bits: Vec<u64>,
}

impl RegionSet {
    pub fn insert(&mut self, slot: u32) {
        let at = slot as usize / 64;
        if at >= self.bits.len() {
            self.bits.resize(at + 1, 0);
        }
        self.bits[at] |= 1 << (slot % 64);
    }

    pub fn contains(&self, slot: u32) -> bool {
        self.bits.get(slot as usize / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
    }

    /// Both at once.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { bits: self.bits.iter().zip(&other.bits).map(|(a, b)| a & b).collect() }
    }
}

impl FromIterator<u32> for RegionSet {
    fn from_iter<I: IntoIterator<Item = u32>>(slots: I) -> Self {
        let mut set = Self::default();
        slots.into_iter().for_each(|slot| set.insert(slot));
        set
    }
}

/// A text of a region: in one of its blocks, or loose.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub region: u32,
    /// The block, or [`LOOSE`].
    pub part: u32,
    pub at: u32,
    step: u8,
}

pub(super) const LOOSE: u32 = u32::MAX;

/// Collects candidates above a floor that rises as their entries become too many. The floor at the end, and so
/// what is kept, depends on the entries met, not on their order nor on how they lie in blocks: it is the highest
/// with at least [`WANTED`] entries at or above it.
pub(super) struct Selection {
    size: u32,
    found: Vec<Candidate>,
    tally: [u32; STEPS],
    floor: usize,
    /// The fewest shared trigrams that can reach the floor: those of a text that has no others.
    least: u8,
    above: u32,
}

impl Selection {
    /// `size`: how many trigrams the query has.
    pub fn new(size: usize) -> Self {
        let size = small_u32(size);
        Self { size, found: Vec::new(), tally: [0; STEPS], floor: 1, least: 1, above: 0 }
    }

    /// How near `shared` trigrams bring a text that has `size`: 0 to 255. What the text has more counts less
    /// than what the query has more, as words are left out more often than added.
    fn step(&self, shared: u8, size: u8) -> usize {
        (u32::from(shared) * 2_550 / self.whole(size).max(1)).min(255) as usize
    }

    fn whole(&self, size: u8) -> u32 {
        6 * self.size + 4 * u32::from(size)
    }

    /// Whether the step is at the floor or above it, without a division: this is asked of every text.
    fn reaches(&self, shared: u8, size: u8) -> bool {
        u32::from(shared) * 2_550 >= small_u32(self.floor) * self.whole(size)
    }

    fn offer(&mut self, step: usize, entries: usize, region: u32, part: u32, at: usize) {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        let (step, at) = (u8::try_from(step).unwrap_or(u8::MAX), u32::try_from(at).unwrap_or(u32::MAX));
        self.found.push(Candidate { region, part, at, step });
        self.tally[usize::from(step)] += entries;
        self.above += entries;
        if self.above - self.tally[self.floor] >= WANTED {
            while self.above - self.tally[self.floor] >= WANTED {
                self.above -= self.tally[self.floor];
                self.floor += 1;
            }
            self.least = self.least();
        }
        if self.found.len() >= 8 * WANTED as usize && self.found.len() >= 2 * self.above as usize {
            let floor = self.floor;
            self.found.retain(|candidate| usize::from(candidate.step) >= floor);
        }
    }

    /// Reads one region.
    pub fn read(&mut self, slot: u32, region: &Arc<Region>, query: &[u16], counts: &mut Vec<u8>) {
        for (number, part) in region.parts.iter().enumerate() {
            part.block.count(query, counts);
            let number = u32::try_from(number).unwrap_or(LOOSE - 1);
            let sizes = part.block.sizes();
            for (chunk, from) in counts.chunks(64).zip((0..).step_by(64)) {
                if chunk.iter().fold(0, |most, count| most.max(*count)) < self.least {
                    continue;
                }
                for (count, at) in chunk.iter().zip(from..) {
                    if *count >= self.least && self.reaches(*count, sizes[at]) {
                        let entries = part.entries(at);
                        if entries > 0 {
                            self.offer(self.step(*count, sizes[at]), entries, slot, number, at);
                        }
                    }
                }
            }
        }
        for (at, entry) in region.loose.iter().enumerate() {
            let shared = entry.grams.iter().filter(|code| query.binary_search(code).is_ok()).count();
            let (shared, size) = (small(shared), small(entry.grams.len()));
            if shared > 0 && self.reaches(shared, size) {
                self.offer(self.step(shared, size), 1, slot, LOOSE, at);
            }
        }
    }

    /// Smallest count `c` with `step(c, c) >= floor`, at least one.
    fn least(&self) -> u8 {
        let floor = small_u32(self.floor);
        let denominator = 2_550_u32.saturating_sub(4 * floor).max(1);
        small((6 * self.size * floor).div_ceil(denominator) as usize).max(1)
    }

    pub fn finish(mut self) -> Vec<Candidate> {
        let floor = self.floor;
        self.found.retain(|candidate| usize::from(candidate.step) >= floor);
        self.found
    }
}

fn small_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn small(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}
