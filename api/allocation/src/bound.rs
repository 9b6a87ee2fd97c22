//! The proof: for any prices, no plan is worth more than what the priced goods are worth at those prices plus what
//! every household gains when it takes the best it can at them.
//!
//! All of it is integer arithmetic, rounded upwards where it is rounded at all, so the bound holds whatever the
//! floating-point search for good prices did.

use crate::household::{Chooser, Offer};
use crate::par;
use crate::problem::Problem;

/// Prices of lines are counted in units of value per rupiah times two to this power.
pub(crate) const SHIFT: u32 = 24;
/// Runs of households that are summed apart.
const RUNS: usize = 32;
/// No seat and no rupiah is worth more than this.
const MOST: f64 = (1_u64 << 62) as f64;

/// What one more of each scarce good would be worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices {
    /// Per program: units of value for one seat.
    pub(crate) seat: Vec<i64>,
    /// Per line: units of value for one rupiah, times two to [`SHIFT`].
    pub(crate) line: Vec<i128>,
    /// Per program: what an award costs in units of value.
    pub(crate) program: Vec<i64>,
}

impl Prices {
    /// Nearest prices to those given in units of value per seat and per rupiah.
    pub(crate) fn new(problem: &Problem, seat: &[f64], line: &[f64]) -> Self {
        let line: Vec<i128> =
            line.iter().map(|&p| (p.max(0.0) * f64::from(1_u32 << SHIFT)).round().min(MOST) as i128).collect();
        let seat: Vec<i64> = seat.iter().map(|&p| p.max(0.0).round().min(MOST / 4.0) as i64).collect();
        let program = (0..seat.len()).map(|p| {
            let cheapest = problem.lines[p].iter().map(|&l| line[l as usize]).min().unwrap_or(0);
            let money = (cheapest * i128::from(problem.cost[p])) >> SHIFT;
            i64::try_from(money.min(i128::from(i64::MAX / 4))).unwrap_or(i64::MAX / 4) + seat[p].min(i64::MAX / 4)
        });
        Self { program: program.collect(), seat, line }
    }

    /// Value of all seats and all money at these prices, rounded up.
    pub(crate) fn stock(&self, problem: &Problem) -> i128 {
        // A program has no use for more seats than it has pairs.
        let mut asked = vec![0_i64; self.seat.len()];
        problem.program.iter().for_each(|&p| asked[p as usize] += 1);
        let seats = (0..self.seat.len()).map(|p| i128::from(self.seat[p]) * i128::from(problem.seats[p].min(asked[p])));
        let money: i128 = self.line.iter().zip(&problem.money).map(|(&p, &m)| p * i128::from(m)).sum();
        seats.sum::<i128>() + (money >> SHIFT) + 1
    }
}

/// Fills the chooser with what the household could gain at the prices.
pub(crate) fn priced_offers(problem: &Problem, prices: &Prices, household: usize, chooser: &mut Chooser) {
    chooser.offers.clear();
    for pair in problem.pairs(household) {
        let program = problem.program[pair] as usize;
        let gain = problem.value[pair] - prices.program[program];
        if gain > 0 {
            let class = problem.class[pair];
            chooser.offers.push(Offer { need: problem.need[pair], class, gain, pair: pair as u32 });
        }
    }
}

/// Each household's gain at the prices.
pub(crate) fn gains(problem: &Problem, prices: &Prices, threads: usize) -> Vec<i64> {
    let mut runs = problem.runs(RUNS);
    let parts = par::map(threads, &mut runs, |run| {
        let mut chooser = Chooser::default();
        let gain = |household| {
            priced_offers(problem, prices, household, &mut chooser);
            chooser.choose(problem.slots[household])
        };
        run.clone().map(gain).collect::<Vec<_>>()
    });
    parts.concat()
}

/// A value that no plan exceeds.
pub(crate) fn bound(problem: &Problem, prices: &Prices, gains: &[i64]) -> i128 {
    prices.stock(problem) + gains.iter().map(|&g| i128::from(g)).sum::<i128>()
}

/// Lowers each line to the greatest sum that whole awards can reach: the rest can never be spent, so a bound that
/// counted it would be too high. Returns the usable money.
pub(crate) fn usable_money(problem: &Problem) -> Vec<i64> {
    let mut asked = vec![0_i64; problem.cost.len()];
    problem.program.iter().for_each(|&p| asked[p as usize] += 1);
    // Per line: what one award may cost, and how many of them there could be.
    let mut costs: Vec<Vec<(i64, i64)>> = vec![Vec::new(); problem.money.len()];
    for (program, lines) in problem.lines.iter().enumerate() {
        let (cost, count) = (problem.cost[program], asked[program].min(problem.seats[program]));
        for &line in lines.iter().filter(|_| count > 0 && cost > 0) {
            if cost <= problem.money[line as usize] {
                costs[line as usize].push((cost, count));
            }
        }
    }
    problem.money.iter().zip(&costs).map(|(&money, costs)| reachable(money, costs)).collect()
}

/// Work on one line at most, in sums looked at. Beyond it the line is so fine-grained that nothing is lost.
const SUMS: i64 = 4_000_000;

/// The greatest sum up to `money` of at most so many of each cost.
fn reachable(money: i64, costs: &[(i64, i64)]) -> i64 {
    let step = costs.iter().fold(0, |step, &(cost, _)| divisor(step, cost));
    if step == 0 {
        return 0;
    }
    let all = costs.iter().fold(0_i64, |sum, &(cost, count)| sum.saturating_add(cost.saturating_mul(count)));
    let most = money.min(all) / step;
    if all <= money || most.saturating_mul(costs.len() as i64) > SUMS {
        return most * step;
    }
    let most = most as usize;
    let mut reached = vec![false; most + 1];
    reached[0] = true;
    for &(cost, count) in costs {
        let cost = (cost / step) as usize;
        // How many of this cost the cheapest way to each sum takes, where it was not reached before.
        let mut taken = vec![0_i64; most + 1];
        for sum in cost..=most {
            if !reached[sum] && reached[sum - cost] && taken[sum - cost] < count {
                reached[sum] = true;
                taken[sum] = taken[sum - cost] + 1;
            }
        }
    }
    let best = (0..=most).rev().find(|&sum| reached[sum]).unwrap_or(0);
    best as i64 * step
}

fn divisor(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_can_spend_what_whole_awards_add_up_to() {
        assert_eq!(reachable(100, &[]), 0);
        assert_eq!(reachable(100, &[(7, 50)]), 98);
        assert_eq!(reachable(100, &[(60, 3)]), 60);
        assert_eq!(reachable(100, &[(60, 3), (35, 1)]), 95);
        assert_eq!(reachable(100, &[(60, 3), (35, 2), (5, 1)]), 100);
        assert_eq!(reachable(100, &[(30, 2)]), 60);
        assert_eq!(reachable(1_000_000_000_007, &[(1, i64::MAX)]), 1_000_000_000_007);
    }
}
