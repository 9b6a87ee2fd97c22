//! Tier after tier: relaxation, bound, plan.

use crate::bound::{self, Prices};
use crate::chain;
use crate::draft::Draft;
use crate::exchange;
use crate::household::Chooser;
use crate::instance::Instance;
use crate::interior::{self, Effort, Relaxed};
use crate::par;
use crate::plan::Award;
use crate::problem::Problem;
use crate::purse::Purse;

/// How to solve.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Decides between equals.
    pub seed: u64,
    /// A plan at once, a little below the best.
    pub fallback: bool,
    /// Steps of the relaxation at most, over all tiers; none: until it is precise.
    pub iterations: Option<u32>,
    /// Threads; none: one a core. The result does not depend on it.
    pub threads: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, fallback: false, iterations: None, threads: None }
    }
}

/// What became of one tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The tier's number.
    pub tier: u8,
    /// Value of its awards.
    pub value: i128,
    /// No plan for this tier is worth more, given the awards of the tiers before.
    pub bound: i128,
    /// How many awards.
    pub awards: usize,
    /// Steps of the relaxation.
    pub iterations: u32,
    /// False where the limit of steps ended the search early.
    pub complete: bool,
    /// What one more of each scarce good would be worth to this tier.
    pub prices: Prices,
}

/// The plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Awards in the order of the needs.
    pub awards: Vec<Award>,
    /// Tiers in the order served.
    pub tiers: Vec<Tier>,
}

/// Finds a plan. The same instance and options give the same plan on every machine.
///
/// # Errors
/// What [`Instance::check`] says.
pub fn solve(instance: &Instance, options: &Options) -> Result<Outcome, String> {
    instance.check()?;
    let mut tiers: Vec<u8> = instance.needs.iter().map(|n| n.tier).collect();
    tiers.sort_unstable();
    tiers.dedup();
    let mut outcome = Outcome { awards: Vec::new(), tiers: Vec::new() };
    for tier in tiers {
        let used: u32 = outcome.tiers.iter().map(|t| t.iterations).sum();
        let left = options.iterations.map_or(MOST_STEPS, |limit| limit.saturating_sub(used).min(MOST_STEPS));
        let mut problem = Problem::of_tier(instance, tier, &outcome.awards, options.seed);
        problem.money = bound::usable_money(&problem);
        let done = serve(&problem, tier, left, options);
        outcome.awards.extend(done.1);
        outcome.tiers.push(done.0);
    }
    outcome.awards.sort_unstable();
    Ok(outcome)
}

/// Steps are never more than this: what is not precise by then will not become so.
pub(crate) const MOST_STEPS: u32 = 120;
/// Relative gap of the relaxation at which to stop.
pub(crate) const PRECISION: f64 = 1e-6;
/// The same for the fallback, whose sample is less precise than that anyway.
const PRECISION_OF_SAMPLE: f64 = 1e-4;
/// Pairs of the fallback's sample, about.
const SAMPLE: usize = 24_000;
/// Rounds of giving what is left, at most; it ends by itself long before.
const ROUNDS: usize = 50;

fn serve(problem: &Problem, tier: u8, steps: u32, options: &Options) -> (Tier, Vec<Award>) {
    let threads = options.threads.unwrap_or_else(par::threads).max(1);
    let (relaxed, sampled) = if options.fallback {
        let (sample, part) = problem.sample(SAMPLE);
        let effort = Effort { steps, precision: PRECISION_OF_SAMPLE, part, threads };
        let mut relaxed = interior::solve(&sample, effort);
        relaxed.flows.iter_mut().for_each(|flow| flow.2 /= part.max(1e-9));
        (relaxed, part < 1.0)
    } else {
        (interior::solve(problem, Effort { steps, precision: PRECISION, part: 1.0, threads }), false)
    };
    let prices = Prices::new(problem, &relaxed.seat, &relaxed.line);
    let gains = bound::gains(problem, &prices, threads);
    let bound = bound::bound(problem, &prices, &gains);
    let mut draft = Draft::new(problem, Purse::new(problem, &relaxed.flows));
    let order = if sampled { order_by_price(problem, &prices) } else { order_by_part(problem, &relaxed) };
    draft.take_in_order(&order);
    draft.fill(&gains, &prices.program, ROUNDS);
    if !options.fallback {
        exchange::exchange(&mut draft, &prices.program);
        chain::chain(&mut draft, &prices, &gains);
        draft.fill(&gains, &prices.program, ROUNDS);
    }
    let awards = awards(&draft);
    let value = draft.value();
    let (count, iterations, complete) = (awards.len(), relaxed.steps, !relaxed.cut);
    (Tier { tier, value, bound, awards: count, iterations, complete, prices }, awards)
}

/// Pairs in the order of how much of them the relaxation awards; equal ones by lot.
fn order_by_part(problem: &Problem, relaxed: &Relaxed) -> Vec<u32> {
    let part = |pair: u32| (relaxed.x[pair as usize] * 1e3).round() as i64;
    let mut order: Vec<u32> = (0..relaxed.x.len() as u32).filter(|&p| part(p) > 0).collect();
    order.sort_unstable_by_key(|&p| (std::cmp::Reverse(part(p)), problem.lot[p as usize], p));
    order
}

/// What each household would take at the prices, in the order of what it gains; equal ones by lot.
fn order_by_price(problem: &Problem, prices: &Prices) -> Vec<u32> {
    let mut chooser = Chooser::default();
    let mut order = Vec::new();
    for household in 0..problem.households() {
        bound::priced_offers(problem, prices, household, &mut chooser);
        chooser.choose(problem.slots[household]);
        order.extend_from_slice(&chooser.chosen);
    }
    let gain = |pair: u32| problem.value[pair as usize] - prices.program[problem.program[pair as usize] as usize];
    order.sort_by_cached_key(|&p| (std::cmp::Reverse(gain(p)), problem.lot[p as usize], p));
    order
}

fn awards(draft: &Draft<'_>) -> Vec<Award> {
    let problem = draft.problem;
    let mut lines: Vec<_> = (0..problem.cost.len()).map(|p| draft.purse.lines_paid(p)).collect();
    let pairs = (0..problem.need.len()).filter(|&pair| draft.chosen[pair]);
    pairs
        .filter_map(|pair| {
            let program = problem.program[pair];
            lines[program as usize].next().map(|line| Award { need: problem.need[pair], program, line })
        })
        .collect()
}
