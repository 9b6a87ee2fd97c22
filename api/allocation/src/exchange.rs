//! Exchanges between two or three households: what rounding leaves in a line is too small for any award, but one
//! household's award for another's, or two at once, may use it.
//!
//! At the prices of the relaxation every single change of a household costs regret, and money left over costs its
//! price. So only changes of small regret can be part of a gain: the smallest few of each line and each program are
//! tried in pairs, those of a line also in threes, and what really raises the value most is made.

use std::cmp::Reverse;

use crate::draft::Draft;
use crate::problem::{NONE, Problem};

/// Changes kept for each scarce good.
const KEPT: usize = 160;
/// Changes of these that are tried in threes.
const IN_THREES: usize = 56;
/// Rounds at most; each looks at every household once.
const ROUNDS: usize = 40;
pub(crate) const NO_PAIR: u32 = u32::MAX;

/// One change of one household: a pair given up, a pair taken, or one for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// How much less the household gains at the prices.
    pub regret: i64,
    /// How much more the plan is worth.
    pub value: i64,
    pub lot: u64,
    pub household: u32,
    pub drop: u32,
    pub add: u32,
}

/// The changes of least regret for each good: lines first, then programs.
struct Book {
    of: Vec<Vec<Change>>,
    /// Regret beyond which a list that is full takes no more.
    worst: Vec<i64>,
}

impl Book {
    fn offer(&mut self, good: usize, change: Change) {
        let list = &mut self.of[good];
        if change.regret >= self.worst[good] {
            return;
        }
        list.push(change);
        if list.len() >= 4 * KEPT {
            list.sort_unstable_by_key(|c| (c.regret, c.lot, c.household, c.drop, c.add));
            list.truncate(KEPT);
            self.worst[good] = list[KEPT - 1].regret;
        }
    }

    fn settle(&mut self) {
        for list in &mut self.of {
            list.sort_unstable_by_key(|c| (c.regret, c.lot, c.household, c.drop, c.add));
            list.truncate(KEPT);
        }
    }
}

/// Makes exchanges until none helps. `price` is the price of each program.
pub(crate) fn exchange(draft: &mut Draft<'_>, price: &[i64]) {
    let lines = draft.problem.money.len();
    for _ in 0..ROUNDS {
        let book = book(draft, price);
        let mut touched = vec![false; draft.problem.households()];
        let mut done = 0;
        for (good, list) in book.of.iter().enumerate() {
            while let Some(set) = best_pair(draft, good, list, &touched)
                .or_else(|| if good < lines { best_three(draft, good, list, &touched) } else { None })
            {
                set.iter().for_each(|c| touched[c.household as usize] = true);
                done += usize::from(make(draft, &set));
            }
        }
        if done == 0 {
            return;
        }
    }
}

/// Every single change that could be part of an exchange, filed under the goods it moves.
fn book(draft: &Draft<'_>, price: &[i64]) -> Book {
    let problem = draft.problem;
    let goods = problem.money.len() + problem.cost.len();
    let mut book = Book { of: vec![Vec::new(); goods], worst: vec![i64::MAX; goods] };
    for household in 0..problem.households() {
        changes(draft, price, household, &mut |change| {
            let mut last = NONE;
            for pair in [change.drop, change.add].into_iter().filter(|&p| p != NO_PAIR) {
                let program = problem.program[pair as usize];
                book.offer(problem.money.len() + program as usize, change);
                for &line in problem.lines[program as usize].iter().filter(|&&l| l != last) {
                    book.offer(line as usize, change);
                }
                if let [line] = problem.lines[program as usize][..] {
                    last = line;
                }
            }
        });
    }
    book.settle();
    book
}

pub(crate) fn changes(draft: &Draft<'_>, price: &[i64], household: usize, each: &mut impl FnMut(Change)) {
    let problem = draft.problem;
    let pairs = problem.pairs(household);
    let net = |pair: usize| problem.value[pair] - price[problem.program[pair] as usize];
    let has = pairs.clone().filter(|&p| draft.chosen[p]).count() as u32;
    let change = |drop: Option<usize>, add: Option<usize>| Change {
        regret: drop.map_or(0, net) - add.map_or(0, net),
        value: add.map_or(0, |p| problem.value[p]) - drop.map_or(0, |p| problem.value[p]),
        lot: problem.lot[add.or(drop).unwrap_or(0)],
        household: household as u32,
        drop: drop.map_or(NO_PAIR, |p| p as u32),
        add: add.map_or(NO_PAIR, |p| p as u32),
    };
    for pair in pairs.clone() {
        if draft.chosen[pair] {
            each(change(Some(pair), None));
            continue;
        }
        let rivals: Vec<usize> =
            pairs.clone().filter(|&other| draft.chosen[other] && clash(problem, pair, other)).collect();
        match rivals[..] {
            [] if has < problem.slots[household] => each(change(None, Some(pair))),
            [] => {
                let lowest = pairs.clone().filter(|&p| draft.chosen[p]).min_by_key(|&p| (net(p), p));
                lowest.into_iter().for_each(|rival| each(change(Some(rival), Some(pair))));
            }
            [rival] => each(change(Some(rival), Some(pair))),
            _ => {}
        }
    }
}

/// Whether a household cannot have both.
fn clash(problem: &Problem, a: usize, b: usize) -> bool {
    let class = |pair: usize| problem.class[pair];
    problem.need[a] == problem.need[b] || (class(a) != NONE && class(a) == class(b))
}

fn free<'a>(list: &'a [Change], touched: &[bool]) -> Vec<&'a Change> {
    list.iter().filter(|c| !touched[c.household as usize]).collect()
}

/// The two changes that raise the value most and that the good and the seats can bear.
fn best_pair(draft: &Draft<'_>, good: usize, list: &[Change], touched: &[bool]) -> Option<Vec<Change>> {
    let free = free(list, touched);
    let mut best: Option<(i64, [&Change; 2])> = None;
    for (at, a) in free.iter().enumerate() {
        for b in &free[..at] {
            let value = a.value + b.value;
            if value > best.map_or(0, |b| b.0) && a.household != b.household && bears(draft, good, &[a, b]) {
                best = Some((value, [a, b]));
            }
        }
    }
    best.map(|(_, set)| set.into_iter().copied().collect())
}

/// The same for three changes, of those with the very least regret.
fn best_three(draft: &Draft<'_>, good: usize, list: &[Change], touched: &[bool]) -> Option<Vec<Change>> {
    let mut free = free(list, touched);
    free.truncate(IN_THREES);
    let mut best: Option<(i64, [&Change; 3])> = None;
    for (at, a) in free.iter().enumerate() {
        for (next, b) in free[..at].iter().enumerate().filter(|(_, b)| b.household != a.household) {
            for c in &free[..next] {
                let value = a.value + b.value + c.value;
                let apart = c.household != a.household && c.household != b.household;
                if value > best.map_or(0, |b| b.0) && apart && bears(draft, good, &[a, b, c]) {
                    best = Some((value, [a, b, c]));
                }
            }
        }
    }
    best.map(|(_, set)| set.into_iter().copied().collect())
}

/// Whether the seats, and the money of the good where it is a line, suffice. Money of other lines is seen when the
/// changes are made.
fn bears(draft: &Draft<'_>, good: usize, set: &[&Change]) -> bool {
    let problem = draft.problem;
    let program = |pair: u32| (pair != NO_PAIR).then(|| problem.program[pair as usize] as usize);
    let adds = || set.iter().filter_map(|c| program(c.add));
    let drops = || set.iter().filter_map(|c| program(c.drop));
    for add in adds() {
        let taken = adds().filter(|&p| p == add).count() as i64;
        let freed = drops().filter(|&p| p == add).count() as i64;
        if draft.purse.seats[add] + freed < taken {
            return false;
        }
    }
    if good >= problem.money.len() {
        return true;
    }
    let (only, could) =
        (|p: &usize| problem.lines[*p][..] == [good as u32], |p: &usize| problem.lines[*p].contains(&(good as u32)));
    let taken: i64 = adds().filter(only).map(|p| problem.cost[p]).sum();
    let freed: i64 = drops().filter(could).map(|p| problem.cost[p]).sum();
    taken <= draft.purse.money[good] + freed
}

/// Makes all the changes, or none where some money or seat is missing after all.
fn make(draft: &mut Draft<'_>, set: &[Change]) -> bool {
    let problem = draft.problem;
    let of = |pair: u32| problem.program[pair as usize] as usize;
    let drops: Vec<u32> = set.iter().map(|c| c.drop).filter(|&p| p != NO_PAIR).collect();
    let mut adds: Vec<u32> = set.iter().map(|c| c.add).filter(|&p| p != NO_PAIR).collect();
    draft.purse.mark();
    drops.iter().for_each(|&p| draft.purse.give(of(p)));
    // The one with fewer lines to choose from goes first.
    adds.sort_by_key(|&p| (problem.lines[of(p)].len(), Reverse(problem.cost[of(p)]), p));
    if !adds.iter().all(|&p| draft.purse.take(of(p))) {
        draft.purse.restore();
        return false;
    }
    drops.iter().for_each(|&p| draft.chosen[p as usize] = false);
    adds.iter().for_each(|&p| draft.chosen[p as usize] = true);
    true
}
