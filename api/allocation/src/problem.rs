//! One tier as the solver sees it: pairs that could be awarded, household by household, and what is left to give.

use std::collections::HashMap;
use std::ops::Range;

use crate::instance::{Instance, Pair, lot, mix};
use crate::plan::Award;

/// Stands for "no class".
pub(crate) const NONE: u32 = u32::MAX;

/// Arrays of one tier. Households without a possible award are absent.
#[derive(Debug)]
pub(crate) struct Problem {
    /// First pair of each household, and one past the last.
    pub starts: Vec<u32>,
    /// Awards each household may still get.
    pub slots: Vec<u32>,
    /// Per pair: index of the need in the instance.
    pub need: Vec<u32>,
    /// Per pair: index of the program.
    pub program: Vec<u32>,
    /// Per pair: value.
    pub value: Vec<i64>,
    /// Per pair: what the household can have once, or [`NONE`].
    pub class: Vec<u32>,
    /// Per pair: lot of the need.
    pub lot: Vec<u64>,
    /// Per program: rupiah of one award.
    pub cost: Vec<i64>,
    /// Per program: awards it can give, by capacity and by its own budget.
    pub seats: Vec<i64>,
    /// Per program: lines that may pay it, ascending.
    pub lines: Vec<Vec<u32>>,
    /// Per line: rupiah left.
    pub money: Vec<i64>,
}

impl Problem {
    /// The tier's problem after `before` has been awarded.
    pub fn of_tier(instance: &Instance, tier: u8, before: &[Award], seed: u64) -> Self {
        let mut left = Left::after(instance, before);
        let mut pairs: Vec<u32> = (0..instance.pairs.len() as u32)
            .filter(|&at| {
                let pair = &instance.pairs[at as usize];
                let need = &instance.needs[pair.need as usize];
                need.tier == tier && pair.value > 0 && left.open(instance, need.household, pair)
            })
            .collect();
        pairs.sort_unstable_by_key(|&at| {
            let pair = &instance.pairs[at as usize];
            (instance.needs[pair.need as usize].household, pair.need, pair.program)
        });
        let mut problem = Self {
            starts: Vec::new(),
            slots: Vec::new(),
            need: Vec::with_capacity(pairs.len()),
            program: Vec::with_capacity(pairs.len()),
            value: Vec::with_capacity(pairs.len()),
            lot: Vec::with_capacity(pairs.len()),
            class: Vec::with_capacity(pairs.len()),
            cost: instance.programs.iter().map(|p| p.cost).collect(),
            seats: std::mem::take(&mut left.seats),
            lines: lines_of(instance, &left.money),
            money: std::mem::take(&mut left.money),
        };
        let mut household = NONE;
        for &at in &pairs {
            let pair = &instance.pairs[at as usize];
            let need = &instance.needs[pair.need as usize];
            if need.household != household {
                household = need.household;
                problem.starts.push(problem.need.len() as u32);
                problem.slots.push(left.slots(instance, household));
            }
            problem.need.push(pair.need);
            problem.program.push(pair.program);
            problem.value.push(pair.value);
            problem.class.push(instance.class_of(pair.need, pair.program).unwrap_or(NONE));
            problem.lot.push(lot(seed, need.key));
        }
        problem.starts.push(problem.need.len() as u32);
        problem
    }

    /// The same with only some of its households, about `pairs` pairs of theirs, and how large a part that is.
    pub fn sample(&self, pairs: usize) -> (Self, f64) {
        let every = self.need.len().div_ceil(pairs.max(1)).max(1) as u64;
        let mut sample = Self {
            starts: vec![0],
            slots: Vec::new(),
            need: Vec::new(),
            program: Vec::new(),
            value: Vec::new(),
            lot: Vec::new(),
            class: Vec::new(),
            cost: self.cost.clone(),
            seats: self.seats.clone(),
            lines: self.lines.clone(),
            money: self.money.clone(),
        };
        for household in (0..self.households()).filter(|&h| mix(h as u64).is_multiple_of(every)) {
            let range = self.pairs(household);
            sample.need.extend_from_slice(&self.need[range.clone()]);
            sample.program.extend_from_slice(&self.program[range.clone()]);
            sample.value.extend_from_slice(&self.value[range.clone()]);
            sample.class.extend_from_slice(&self.class[range.clone()]);
            sample.lot.extend_from_slice(&self.lot[range]);
            sample.starts.push(sample.need.len() as u32);
            sample.slots.push(self.slots[household]);
        }
        let part = sample.need.len() as f64 / self.need.len().max(1) as f64;
        (sample, part)
    }

    /// How many households could get something.
    pub fn households(&self) -> usize {
        self.slots.len()
    }

    /// Pairs of a household.
    pub fn pairs(&self, household: usize) -> Range<usize> {
        self.starts[household] as usize..self.starts[household + 1] as usize
    }

    /// Households in runs of about equally many pairs. The number of runs depends on the problem alone, so that sums
    /// over them come out the same on every machine.
    pub fn runs(&self, count: usize) -> Vec<Range<usize>> {
        let total = self.need.len();
        let mut runs = Vec::with_capacity(count);
        let mut from = 0;
        for run in 1..=count {
            let until = self.starts.partition_point(|&s| (s as usize) < total * run / count).min(self.households());
            let until = if run == count { self.households() } else { until.max(from) };
            if until > from {
                runs.push(from..until);
            }
            from = until;
        }
        runs
    }
}

/// Per program the lines that still have the money of one award.
fn lines_of(instance: &Instance, money: &[i64]) -> Vec<Vec<u32>> {
    let sorted = |program: &crate::instance::Program| {
        let able = |l: &u32| money[*l as usize] >= program.cost;
        let mut lines: Vec<u32> = program.lines.iter().copied().filter(able).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    };
    instance.programs.iter().map(sorted).collect()
}

/// What earlier tiers left.
struct Left {
    money: Vec<i64>,
    seats: Vec<i64>,
    /// Per household with an award: how many, and of which classes.
    taken: HashMap<u32, (u32, Vec<u32>)>,
}

impl Left {
    fn after(instance: &Instance, before: &[Award]) -> Self {
        let seats = instance.programs.iter().map(|p| {
            let paid = if p.cost == 0 { i64::MAX } else { p.budget / p.cost };
            p.capacity.min(paid)
        });
        let mut left = Self { money: instance.lines.clone(), seats: seats.collect(), taken: HashMap::new() };
        for award in before {
            let program = &instance.programs[award.program as usize];
            left.seats[award.program as usize] -= 1;
            left.money[award.line as usize] -= program.cost;
            let taken = left.taken.entry(instance.needs[award.need as usize].household).or_default();
            taken.0 += 1;
            taken.1.extend(instance.class_of(award.need, award.program));
        }
        left
    }

    fn slots(&self, instance: &Instance, household: u32) -> u32 {
        instance.awards_per_household - self.taken.get(&household).map_or(0, |t| t.0)
    }

    /// Whether this household could get this program at all.
    fn open(&self, instance: &Instance, household: u32, pair: &Pair) -> bool {
        let program = pair.program;
        let facts = &instance.programs[program as usize];
        let clash = |class| self.taken.get(&household).is_some_and(|t| t.1.contains(&class));
        self.seats[program as usize] > 0
            && facts.lines.iter().any(|&l| self.money[l as usize] >= facts.cost)
            && self.slots(instance, household) > 0
            && !instance.class_of(pair.need, program).is_some_and(clash)
    }
}
