//! Other ways to divide, to compare a plan with: whoever comes first, whoever brings most for a rupiah. And what any set
//! of awards is worth against the bound.

use std::collections::HashMap;

use crate::bound::{self, Prices};
use crate::instance::Instance;
use crate::interior::{self, Effort};
use crate::par;
use crate::plan::{Award, check};
use crate::problem::Problem;
use crate::solve::{MOST_STEPS, Options, Outcome, PRECISION, Tier};

/// Awards pairs one after the other, as indices into [`Instance::pairs`], where need, household, seat and money still
/// allow it; the first line of the program that has the money pays.
///
/// # Errors
/// What [`Instance::check`] says.
pub fn in_order(instance: &Instance, order: &[u32]) -> Result<Vec<Award>, String> {
    instance.check()?;
    let mut seats: Vec<i64> = instance.programs.iter().map(|p| p.capacity).collect();
    let mut budget: Vec<i64> = instance.programs.iter().map(|p| p.budget).collect();
    let mut money = instance.lines.clone();
    let mut met = vec![false; instance.needs.len()];
    let mut of_household: HashMap<u32, Vec<Option<u32>>> = HashMap::new();
    let mut awards = Vec::new();
    for pair in order.iter().filter_map(|&at| instance.pairs.get(at as usize)) {
        let (need, at) = (pair.need as usize, pair.program as usize);
        let program = &instance.programs[at];
        if met[need] || pair.value == 0 || seats[at] <= 0 || budget[at] < program.cost {
            continue;
        }
        let household = instance.needs[need].household;
        let has = of_household.get(&household).map_or(&[][..], Vec::as_slice);
        let full = has.len() >= instance.awards_per_household as usize;
        let class = instance.class_of(pair.need, pair.program);
        if full || (class.is_some() && has.contains(&class)) {
            continue;
        }
        let able = |&&line: &&u32| money[line as usize] >= program.cost;
        let Some(&line) = program.lines.iter().filter(able).min() else { continue };
        seats[at] -= 1;
        budget[at] -= program.cost;
        money[line as usize] -= program.cost;
        met[need] = true;
        of_household.entry(household).or_default().push(class);
        awards.push(Award { need: pair.need, program: pair.program, line });
    }
    awards.sort_unstable();
    Ok(awards)
}

/// The awards as an outcome, with the bound and the prices of each tier after the awards of the tiers before it.
///
/// # Errors
/// What [`check`] says of the awards, or [`Instance::check`] of the instance.
pub fn appraise(instance: &Instance, awards: &[Award], options: &Options) -> Result<Outcome, String> {
    instance.check()?;
    check(instance, awards)?;
    let values: HashMap<(u32, u32), i64> = instance.pairs.iter().map(|p| ((p.need, p.program), p.value)).collect();
    let tier_of = |award: &Award| instance.needs[award.need as usize].tier;
    let mut tiers: Vec<u8> = instance.needs.iter().map(|n| n.tier).collect();
    tiers.sort_unstable();
    tiers.dedup();
    let threads = options.threads.unwrap_or_else(par::threads).max(1);
    let mut outcome = Outcome { awards: awards.to_vec(), tiers: Vec::new() };
    outcome.awards.sort_unstable();
    let mut left = options.iterations.map_or(MOST_STEPS, |limit| limit.min(MOST_STEPS));
    for tier in tiers {
        let before: Vec<Award> = awards.iter().filter(|a| tier_of(a) < tier).copied().collect();
        let own = awards.iter().filter(|a| tier_of(a) == tier);
        let (mut value, mut count) = (0_i128, 0);
        for award in own {
            value += i128::from(values.get(&(award.need, award.program)).copied().unwrap_or(0));
            count += 1;
        }
        let mut problem = Problem::of_tier(instance, tier, &before, options.seed);
        problem.money = bound::usable_money(&problem);
        let relaxed = interior::solve(&problem, Effort { steps: left, precision: PRECISION, part: 1.0, threads });
        left = left.saturating_sub(relaxed.steps);
        let prices = Prices::new(&problem, &relaxed.seat, &relaxed.line);
        let gains = bound::gains(&problem, &prices, threads);
        let bound = bound::bound(&problem, &prices, &gains);
        let (iterations, complete) = (relaxed.steps, !relaxed.cut);
        outcome.tiers.push(Tier { tier, value, bound, awards: count, iterations, complete, prices });
    }
    Ok(outcome)
}
