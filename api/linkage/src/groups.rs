//! Rows of one person as a group.
//!
//! Pairs alone contradict each other: a row can look like two twins, and two poor copies of one row can look strange
//! to each other. So groups are joined from the surest pair on, and two groups only if all pairs between them
//! together speak for it.

use std::collections::HashMap;

use crate::random::BuildQuick;

/// A pair and the logarithm of its odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    pub a: u32,
    pub b: u32,
    pub log_odds: f32,
}

/// What one pair can say for or against joining two groups.
const LOUDEST: f32 = 12.0;
/// Comparisons made to decide about two groups; what would need more is no person.
const MOST_COMPARISONS: usize = 4096;

/// The outcome for the rows.
pub(crate) struct Groups {
    group: Vec<u32>,
    /// For groups that were kept apart, what all pairs between them said, by their first rows then.
    refused: HashMap<(u32, u32), f32, BuildQuick>,
    members: HashMap<u32, Vec<u32>, BuildQuick>,
}

impl Groups {
    /// Joins what `edges` say, which come surest first; `between` gives the log odds of any pair, minus
    /// infinity where it must never be; `cut` is
    /// what the sum must exceed.
    pub fn join(rows: usize, edges: &[Edge], cut: f32, between: impl Fn(u32, u32) -> f32) -> Self {
        let mut groups = Self {
            group: (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect(),
            refused: HashMap::default(),
            members: HashMap::default(),
        };
        for edge in edges.iter().take_while(|edge| edge.log_odds >= cut) {
            let (a, b) = (groups.group[edge.a as usize], groups.group[edge.b as usize]);
            if a == b || groups.refused.contains_key(&(a.min(b), a.max(b))) {
                continue;
            }
            let list = |first: u32| groups.members.get(&first).map_or_else(|| vec![first], Clone::clone);
            let (of_a, of_b) = (list(a), list(b));
            let sum = if of_a.len() * of_b.len() > MOST_COMPARISONS {
                f32::NEG_INFINITY
            } else {
                let pairs = of_a.iter().flat_map(|x| of_b.iter().map(|y| between(*x, *y)));
                // What is forbidden outweighs everything; anything else has its limit.
                pairs.map(|odds| if odds == f32::NEG_INFINITY { odds } else { odds.clamp(-LOUDEST, LOUDEST) }).sum()
            };
            if sum < cut {
                groups.refused.insert((a.min(b), a.max(b)), sum);
                continue;
            }
            // The larger one keeps its name, so that a row changes groups seldom.
            let (keep, gone, mut whole, more) =
                if of_a.len() >= of_b.len() { (a, b, of_a, of_b) } else { (b, a, of_b, of_a) };
            for &row in &more {
                groups.group[row as usize] = keep;
            }
            whole.extend(more);
            groups.members.remove(&gone);
            groups.members.insert(keep, whole);
        }
        groups
    }

    pub fn together(&self, a: u32, b: u32) -> bool {
        self.group[a as usize] == self.group[b as usize]
    }

    /// Groups of more than one row.
    pub fn all(&self) -> impl Iterator<Item = &Vec<u32>> {
        self.members.values()
    }
}
