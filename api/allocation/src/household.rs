//! The best that one household can get under given gains: needs against classes, at most so many.
//!
//! Each need takes at most one program and each class at most one need, so this is a matching of bounded size. Adding
//! the best augmenting path again and again is optimal for every size, and the size is at most a few.

use crate::problem::NONE;

/// One thing the household could get.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    pub need: u32,
    /// Class, or [`NONE`] where it excludes nothing.
    pub class: u32,
    pub gain: i64,
    pub pair: u32,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    left: usize,
    right: usize,
    gain: i64,
    pair: u32,
}

/// Finds the best choice; keeps its memory between households.
#[derive(Debug, Default)]
pub(crate) struct Chooser {
    /// Offers in question, grouped by need; filled by the caller.
    pub offers: Vec<Offer>,
    /// Pairs of the best choice.
    pub chosen: Vec<u32>,
    best: Vec<Offer>,
    edges: Vec<Edge>,
    rights: Vec<u32>,
    left_mate: Vec<usize>,
    right_mate: Vec<usize>,
    left_gain: Vec<i64>,
    right_gain: Vec<i64>,
    right_from: Vec<usize>,
}

const FREE: usize = usize::MAX;
const NEVER: i64 = i64::MIN / 4;

impl Chooser {
    /// The greatest sum of gains over at most `slots` of the offers; the offers taken are in `chosen`. Offers without
    /// gain are never taken. Of equal choices the first found stays, which depends on the order of the offers alone.
    pub fn choose(&mut self, slots: u32) -> i64 {
        self.chosen.clear();
        self.best.clear();
        for offer in &self.offers {
            if offer.gain <= 0 {
                continue;
            }
            match self.best.last_mut() {
                Some(best) if best.need == offer.need => {
                    if offer.gain > best.gain {
                        *best = *offer;
                    }
                }
                _ => self.best.push(*offer),
            }
        }
        if self.best.is_empty() || slots == 0 {
            return 0;
        }
        if self.classes_differ() {
            if self.best.len() > slots as usize {
                self.best.sort_by_key(|o| std::cmp::Reverse(o.gain));
                self.best.truncate(slots as usize);
            }
            self.chosen.extend(self.best.iter().map(|o| o.pair));
            return self.best.iter().map(|o| o.gain).sum();
        }
        self.matching(slots)
    }

    /// Whether no two needs want the same class.
    fn classes_differ(&self) -> bool {
        let best = &self.best;
        (1..best.len()).all(|i| best[i].class == NONE || best[..i].iter().all(|o| o.class != best[i].class))
    }

    fn matching(&mut self, slots: u32) -> i64 {
        self.graph();
        let (lefts, rights) = (self.best.len(), self.rights.len());
        self.left_mate.clear();
        self.left_mate.resize(lefts, FREE);
        self.right_mate.clear();
        self.right_mate.resize(rights, FREE);
        let mut total = 0;
        for size in 0..slots as usize {
            let Some((gain, end)) = self.path(size) else { break };
            total += gain;
            self.augment(end);
        }
        self.chosen.extend(self.left_mate.iter().filter(|&&e| e != FREE).map(|&e| self.edges[e].pair));
        total
    }

    /// The best offer of each need in each class. A class that excludes nothing is a node of its own.
    fn graph(&mut self) {
        self.edges.clear();
        self.rights.clear();
        let (mut left, mut need, mut first) = (FREE, NONE, 0);
        for offer in self.offers.iter().filter(|o| o.gain > 0) {
            if left == FREE || offer.need != need {
                left = if left == FREE { 0 } else { left + 1 };
                need = offer.need;
                first = self.edges.len();
            }
            let own = self.edges[first..].iter_mut().find(|e| self.rights[e.right] == offer.class);
            if let Some(edge) = own {
                if offer.gain > edge.gain {
                    (edge.gain, edge.pair) = (offer.gain, offer.pair);
                }
                continue;
            }
            let known = self.rights.iter().position(|&c| c == offer.class && c != NONE);
            let right = known.unwrap_or_else(|| {
                self.rights.push(offer.class);
                self.rights.len() - 1
            });
            self.edges.push(Edge { left, right, gain: offer.gain, pair: offer.pair });
        }
    }

    /// The augmenting path of greatest gain, as its gain and its last node, where there are `size` matched edges.
    fn path(&mut self, size: usize) -> Option<(i64, usize)> {
        let (left_mate, edges) = (&self.left_mate, &self.edges);
        self.left_gain.clear();
        self.left_gain.extend(left_mate.iter().map(|&m| if m == FREE { 0 } else { NEVER }));
        self.right_gain.clear();
        self.right_gain.resize(self.rights.len(), NEVER);
        self.right_from.clear();
        self.right_from.resize(self.rights.len(), FREE);
        for _ in 0..=size {
            let mut better = false;
            for (at, edge) in edges.iter().enumerate() {
                let gain = self.left_gain[edge.left] + edge.gain;
                if left_mate[edge.left] == at || gain <= self.right_gain[edge.right] || gain <= NEVER / 2 {
                    continue;
                }
                self.right_gain[edge.right] = gain;
                self.right_from[edge.right] = at;
                better = true;
                let mate = self.right_mate[edge.right];
                if mate != FREE {
                    self.left_gain[edges[mate].left] = gain - edges[mate].gain;
                }
            }
            if !better {
                break;
            }
        }
        let ends = (0..self.rights.len()).filter(|&r| self.right_mate[r] == FREE && self.right_gain[r] > 0);
        let end = ends.max_by_key(|&r| (self.right_gain[r], std::cmp::Reverse(r)))?;
        Some((self.right_gain[end], end))
    }

    fn augment(&mut self, mut right: usize) {
        loop {
            let edge = self.right_from[right];
            let left = self.edges[edge].left;
            let before = self.left_mate[left];
            self.left_mate[left] = edge;
            self.right_mate[right] = edge;
            if before == FREE {
                return;
            }
            right = self.edges[before].right;
        }
    }
}
