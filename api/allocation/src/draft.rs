//! A plan in the making: whole awards that keep every limit at every moment.

use crate::household::{Chooser, Offer};
use crate::problem::{NONE, Problem};
use crate::purse::Purse;

/// Awards chosen so far and what they leave.
pub(crate) struct Draft<'a> {
    pub problem: &'a Problem,
    pub purse: Purse<'a>,
    /// Per pair.
    pub chosen: Vec<bool>,
}

/// One household and the regret of what it would take: how much less it would gain than it could at the prices.
struct Wish {
    regret: i64,
    lot: u64,
    household: u32,
}

impl<'a> Draft<'a> {
    pub fn new(problem: &'a Problem, purse: Purse<'a>) -> Self {
        Self { problem, purse, chosen: vec![false; problem.need.len()] }
    }

    /// Awards the pairs one after the other where household, seat and money still allow it.
    pub fn take_in_order(&mut self, order: &[u32]) {
        let problem = self.problem;
        let mut household_of = vec![0_u32; problem.need.len()];
        for household in 0..problem.households() {
            household_of[problem.pairs(household)].fill(household as u32);
        }
        for &pair in order {
            let pair = pair as usize;
            let program = problem.program[pair] as usize;
            if self.fits(household_of[pair] as usize, pair) && self.purse.take(program) {
                self.chosen[pair] = true;
            }
        }
    }

    /// Whether the household may have this pair beside what it has.
    fn fits(&self, household: usize, pair: usize) -> bool {
        let problem = self.problem;
        let class = problem.class[pair];
        let mut count = 0;
        for other in problem.pairs(household).filter(|&o| self.chosen[o]) {
            count += 1;
            let same = class != NONE && problem.class[other] == class;
            if problem.need[other] == problem.need[pair] || same {
                return false;
            }
        }
        count < problem.slots[household]
    }

    /// Value of the awards.
    pub fn value(&self) -> i128 {
        self.chosen.iter().zip(&self.problem.value).filter(|(c, _)| **c).map(|(_, &v)| i128::from(v)).sum()
    }

    /// Gives what is left to whom it helps, those with the least regret first, until nobody can be helped any more.
    /// `gains` is what each household could gain at the prices, `price` the price of each program.
    pub fn fill(&mut self, gains: &[i64], price: &[i64], rounds: usize) {
        let mut chooser = Chooser::default();
        for _ in 0..rounds {
            let open: Vec<bool> = (0..self.problem.cost.len()).map(|p| self.purse.can(p)).collect();
            let mut wishes: Vec<Wish> = Vec::new();
            for (household, best) in gains.iter().enumerate() {
                let has = self.offer(household, &open, &mut chooser);
                if chooser.offers.len() as u32 <= has.1 || chooser.choose(self.problem.slots[household]) <= has.0 {
                    continue;
                }
                let keeps: i64 = chooser.chosen.iter().map(|&p| self.net(p as usize, price)).sum();
                let lot = self.problem.lot[chooser.chosen[0] as usize];
                wishes.push(Wish { regret: best - keeps, lot, household: household as u32 });
            }
            wishes.sort_unstable_by_key(|w| (w.regret, w.lot, w.household));
            let before = self.value();
            for wish in &wishes {
                self.improve(wish.household as usize, &mut chooser);
            }
            if self.value() == before {
                return;
            }
        }
    }

    fn net(&self, pair: usize, price: &[i64]) -> i64 {
        self.problem.value[pair] - price[self.problem.program[pair] as usize]
    }

    /// Fills the chooser with what the household has and what is open; the value it has, and of how many awards.
    fn offer(&self, household: usize, open: &[bool], chooser: &mut Chooser) -> (i64, u32) {
        let problem = self.problem;
        chooser.offers.clear();
        let mut has = (0, 0);
        for pair in problem.pairs(household) {
            let program = problem.program[pair] as usize;
            if self.chosen[pair] {
                has = (has.0 + problem.value[pair], has.1 + 1);
            } else if !open[program] {
                continue;
            }
            let class = problem.class[pair];
            let offer = Offer { need: problem.need[pair], class, gain: problem.value[pair], pair: pair as u32 };
            chooser.offers.push(offer);
        }
        has
    }

    /// Lets the household choose anew from what it has and what is left; true if that was worth more.
    pub fn improve(&mut self, household: usize, chooser: &mut Chooser) -> bool {
        let problem = self.problem;
        self.purse.mark();
        let had: Vec<usize> = problem.pairs(household).filter(|&p| self.chosen[p]).collect();
        had.iter().for_each(|&p| self.purse.give(problem.program[p] as usize));
        chooser.offers.clear();
        for pair in problem.pairs(household) {
            let program = problem.program[pair] as usize;
            if self.chosen[pair] || self.purse.can(program) {
                let class = problem.class[pair];
                chooser.offers.push(Offer {
                    need: problem.need[pair],
                    class,
                    gain: problem.value[pair],
                    pair: pair as u32,
                });
            }
        }
        let value: i64 = had.iter().map(|&p| problem.value[p]).sum();
        let better = chooser.choose(problem.slots[household]) > value;
        if better && chooser.chosen.iter().all(|&p| self.purse.take(problem.program[p as usize] as usize)) {
            had.iter().for_each(|&p| self.chosen[p] = false);
            chooser.chosen.iter().for_each(|&p| self.chosen[p as usize] = true);
            return true;
        }
        self.purse.restore();
        false
    }
}
