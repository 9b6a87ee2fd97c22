//! From a list of people to the pairs that are one person.

use crate::blocks::Blocks;
use crate::compare::{PATTERNS, Pattern, compare, is_doubtful};
use crate::estimate::{Counts, Evidence, estimate};
use crate::groups::{Edge, Groups};
use crate::parallel::spread;
use crate::people::People;
use crate::random::hash_bytes;
use crate::weights::{Weights, probability};

/// How to link.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads that work at a time; does not change the answer.
    pub threads: usize,
    /// Probability from which two rows are taken for one person.
    pub threshold: f64,
    /// Probability below which a pair is not worth naming.
    pub least: f64,
    /// Pairs of rows that somebody has found to be two people: never in one group, whatever else speaks for it.
    pub apart: Vec<(u32, u32)>,
    /// For each row a number that is known to be this one person's, 0 where none is: rows with two different ones are
    /// never in one group. Empty where nothing is known.
    pub identities: Vec<u64>,
    /// Rows before this one have been linked before: only pairs with one from here on are looked at, and two earlier
    /// rows are named only where a later one holds them together. Needs `weights`, since so few pairs say little about
    /// the list.
    pub fresh_from: u32,
    /// Weights of an earlier run, instead of estimating them.
    pub weights: Option<Weights>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threads: 2,
            threshold: 0.5,
            least: 0.05,
            apart: Vec::new(),
            identities: Vec::new(),
            fresh_from: 0,
            weights: None,
        }
    }
}

/// Probability from which a pair may be linked without anybody looking at it; pairs whose names or sexes differ never
/// reach it.
pub const AUTOMATIC: f64 = 0.9999;
/// The most that such a pair reaches.
pub(crate) const DOUBTFUL: f64 = 0.999;

/// Two rows that may be one person; `a` stands before `b` in the order of their identifiers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Row of the list.
    pub a: u32,
    /// Row of the list.
    pub b: u32,
    /// Probability that they are one person.
    pub probability: f64,
    /// Whether it lies above the threshold.
    pub same: bool,
}

/// The answer.
pub struct Linked {
    /// Pairs in the order of their identifiers.
    pub pairs: Vec<Pair>,
    /// The weights that were estimated and used.
    pub weights: Weights,
    /// Pairs that were compared.
    pub compared: u64,
}

/// A pair that the first look did not exclude.
#[derive(Clone, Copy)]
struct Candidate {
    a: u32,
    b: u32,
    pattern: Pattern,
}

/// Log odds, by the weights believed before the list, below which a pair is counted but not kept.
const NOT_EXCLUDED: f32 = -9.0;
/// Pairs drawn at random at most.
const DRAWN: usize = 1_000_000;

/// Finds the pairs that are one person.
#[must_use]
pub fn link(people: &People, settings: &Settings) -> Linked {
    let threads = settings.threads.max(1);
    let person = |row: u32| &people.persons[row as usize];
    let order = Order::new(people);
    let before = Weights::before(people.len());
    let blocks = Blocks::new(people, threads);
    let (found, counts) = spread(threads, blocks.jobs().len(), Tally::new, {
        let jobs = blocks.jobs();
        let before = &before;
        let (blocks, fresh_from) = (&blocks, settings.fresh_from);
        move |tally: &mut Tally, job| {
            let mut kept = Vec::new();
            blocks.pairs(jobs[job].clone(), |a, b| {
                if a.max(b) < fresh_from {
                    return;
                }
                let pattern = compare(&people.vocabulary, person(a), person(b));
                tally.add(pattern);
                if before.log_odds(pattern) > NOT_EXCLUDED {
                    kept.push(Candidate { a, b, pattern });
                }
            });
            kept
        }
    });
    drop(blocks);
    let found_counts = Tally::merge(counts);
    let compared = found_counts.iter().map(|(_, count)| u64::from(*count)).sum();
    let weights = settings.weights.clone().unwrap_or_else(|| {
        let (drawn, drawn_same_day) = draw(people, &order, threads);
        estimate(&Evidence { rows: people.len(), found: found_counts, drawn, drawn_same_day })
    });

    let cut = (settings.threshold / (1.0 - settings.threshold)).ln() as f32;
    let mut edges: Vec<Edge> = found
        .into_iter()
        .flatten()
        .map(|candidate| {
            let (a, b) = order.sort(candidate.a, candidate.b);
            Edge { a, b, log_odds: weights.log_odds(candidate.pattern) }
        })
        .filter(|edge| probability(edge.log_odds) >= settings.least.min(settings.threshold))
        .collect();
    edges.sort_unstable_by(|x, y| {
        y.log_odds.total_cmp(&x.log_odds).then_with(|| order.key(x.a, x.b).cmp(&order.key(y.a, y.b)))
    });
    let pattern = |a: u32, b: u32| compare(&people.vocabulary, person(a), person(b));
    let mut apart: Vec<(u32, u32)> = settings.apart.iter().map(|&(a, b)| order.sort(a, b)).collect();
    apart.sort_unstable();
    let groups = Groups::join(people.len(), &edges, cut, |a, b| {
        let identity = |row: u32| settings.identities.get(row as usize).copied().unwrap_or(0);
        let (one, other) = (identity(a), identity(b));
        let forbidden = one != 0 && other != 0 && one != other
            || !apart.is_empty() && apart.binary_search(&order.sort(a, b)).is_ok();
        if forbidden { f32::NEG_INFINITY } else { weights.log_odds(pattern(a, b)) }
    });
    let sure = |a: u32, b: u32| {
        let sure = probability(weights.log_odds(pattern(a, b)));
        if is_doubtful(&people.vocabulary, person(a), person(b)) { sure.min(DOUBTFUL) } else { sure }
    };
    let pairs = name_pairs(&order, &edges, &groups, settings, sure);
    Linked { pairs, weights, compared }
}

/// Every pair of a group, and every other one that is likely enough to be named.
fn name_pairs(
    order: &Order,
    edges: &[Edge],
    groups: &Groups,
    settings: &Settings,
    sure: impl Fn(u32, u32) -> f64,
) -> Vec<Pair> {
    let least_of_same = settings.threshold.min(0.999_999);
    let below = (settings.threshold - 1e-6).max(0.0);
    let mut pairs: Vec<Pair> = edges
        .iter()
        .filter(|edge| !groups.together(edge.a, edge.b))
        .map(|edge| Pair { a: edge.a, b: edge.b, probability: probability(edge.log_odds).min(below), same: false })
        .collect();
    for members in groups.all() {
        for (at, &x) in members.iter().enumerate() {
            for &y in &members[at + 1..] {
                let (a, b) = order.sort(x, y);
                let probability = sure(a, b).max(least_of_same);
                pairs.push(Pair { a, b, probability, same: true });
            }
        }
    }
    pairs.sort_unstable_by_key(|pair| order.key(pair.a, pair.b));
    pairs
}

/// Rows in the order of their identifiers: numbers by value, other texts by letter.
struct Order {
    rank: Vec<u32>,
    /// Rows by a hash of their identifiers: an order that means nothing, the same for every order of the list.
    shuffled: Vec<u32>,
}

impl Order {
    fn new(people: &People) -> Self {
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        let mut by_id: Vec<(u64, u32)> = (0..count).map(|row| (sort_key(people.id(row)), row)).collect();
        by_id.sort_unstable_by(|(x, a), (y, b)| x.cmp(y).then_with(|| people.id(*a).cmp(people.id(*b))));
        let mut rank = vec![0; people.len()];
        for (place, (_, row)) in (0_u32..).zip(&by_id) {
            rank[*row as usize] = place;
        }
        let mut shuffled: Vec<(u64, u32)> =
            (0..count).map(|row| (hash_bytes(people.id(row).as_bytes()), row)).collect();
        shuffled.sort_unstable_by_key(|(hash, row)| (*hash, rank[*row as usize]));
        Self { rank, shuffled: shuffled.into_iter().map(|(_, row)| row).collect() }
    }

    fn key(&self, a: u32, b: u32) -> (u32, u32) {
        (self.rank[a as usize], self.rank[b as usize])
    }

    fn sort(&self, a: u32, b: u32) -> (u32, u32) {
        if self.rank[a as usize] <= self.rank[b as usize] { (a, b) } else { (b, a) }
    }
}

/// Numbers before texts, by value; texts by their first letters.
fn sort_key(id: &str) -> u64 {
    if id.len() < 19
        && id.bytes().all(|b| b.is_ascii_digit())
        && let Ok(value) = id.parse::<u64>()
    {
        return value;
    }
    let mut head = [0; 8];
    let length = id.len().min(8);
    head[..length].copy_from_slice(&id.as_bytes()[..length]);
    1 << 63 | u64::from_be_bytes(head) >> 1
}

/// Patterns counted; what one thread has seen.
struct Tally(Vec<u32>);

impl Tally {
    fn new() -> Self {
        Self(vec![0; PATTERNS])
    }

    fn add(&mut self, pattern: Pattern) {
        self.0[pattern.0 as usize] += 1;
    }

    fn merge(tallies: Vec<Self>) -> Counts {
        let mut sum = vec![0_u32; PATTERNS];
        for tally in tallies {
            for (all, own) in sum.iter_mut().zip(tally.0) {
                *all += own;
            }
        }
        (0..).map(Pattern).zip(sum).filter(|(_, count)| *count > 0).collect()
    }
}

/// Compares pairs drawn at random, and pairs drawn from people of one birth date.
fn draw(people: &People, order: &Order, threads: usize) -> (Counts, Counts) {
    const JOBS: usize = 64;
    let rows = people.len();
    if rows < 2 {
        return (Vec::new(), Vec::new());
    }
    let person = |row: u32| &people.persons[row as usize];
    let steps = (DRAWN / rows).clamp(1, (rows - 1) / 2 + 1);
    let mut by_day: Vec<u32> = order.shuffled.iter().copied().filter(|row| person(*row).born.0 != 0).collect();
    by_day.sort_by_key(|row| person(*row).born);
    let run = |list: &[u32], near: &(dyn Fn(usize, usize) -> Option<u32> + Sync)| {
        let (_, tallies) = spread(threads, JOBS, Tally::new, |tally, job| {
            let (start, end) = (list.len() * job / JOBS, list.len() * (job + 1) / JOBS);
            for (at, &row) in (start..end).zip(&list[start..end]) {
                for step in 1..=steps {
                    if let Some(other) = near(at, step) {
                        tally.add(compare(&people.vocabulary, person(row), person(other)));
                    }
                }
            }
        });
        Tally::merge(tallies)
    };
    let anyone = run(&order.shuffled, &|at, step| {
        let other = (at + step) % rows;
        (at != other).then(|| order.shuffled[other])
    });
    let same_day = run(&by_day, &|at, step| {
        by_day.get(at + step).copied().filter(|other| person(*other).born == person(by_day[at]).born)
    });
    (anyone, same_day)
}
