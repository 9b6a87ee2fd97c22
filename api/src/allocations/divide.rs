//! From the frozen input to a plan: the question as the solver takes it, its answer as people read it. Pure.
//!
//! A cycle becomes a program of the solver once for each set of budgets that may pay for it: sources restrict by need and
//! area, so what may pay depends on who asks. Where that splits a cycle, its seats are divided as a first solution uses
//! them; the bound stays that of the undivided question.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use satupintu_allocation::{
    Award, Instance, MAX_MONEY, Need as Ask, Options, Outcome, Pair, Program, appraise, in_order, key_of, left_out,
    lot, solve,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::frozen::{Cycle, Frozen, Need, hex, unit_slug};
use super::model::{AllocationParameters, AllocationPolicy};
use super::model_result::LeftOutReason;
use crate::programs::ClaimUnit;

/// Unit of money.
const RUPIAH: &str = "IDR";

/// A cycle with the budgets that may pay for some of its needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Way {
    cycle: u16,
    /// One item an award, where not rupiah.
    items: bool,
    lines: Vec<u32>,
}

/// The question as the solver takes it. Line 0 pays for what costs nothing; line n is budget n − 1.
struct Question {
    instance: Instance,
    ways: Vec<Way>,
}

/// How a plan is calculated.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'a> {
    pub parameters: &'a AllocationParameters,
    pub policy: AllocationPolicy,
    pub seed: u64,
}

/// One line of the answer, as indices into the frozen input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub need: usize,
    pub cycle: usize,
    pub budget: Option<usize>,
}

/// One need left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Without {
    pub need: usize,
    pub reason: LeftOutReason,
    /// The cycle that came closest.
    pub cycle: Option<usize>,
}

/// One tier of the answer; worth in units of the score.
#[derive(Debug, Clone)]
pub(super) struct TierWorth {
    pub tier: u8,
    pub value: i128,
    pub bound: i128,
    pub iterations: u32,
    pub complete: bool,
    /// Per budget: units for one rupiah or item more.
    pub budgets: Vec<f64>,
    /// Per cycle: units for one seat more.
    pub seats: Vec<f64>,
}

/// The answer.
#[derive(Debug)]
pub(super) struct Division {
    /// In the order of their ranks.
    pub lines: Vec<Line>,
    /// In the order of their ranks.
    pub without: Vec<Without>,
    /// Place of each need among all, from 1.
    pub rank: Vec<i32>,
    pub tiers: Vec<TierWorth>,
    pub pairs: usize,
}

impl Division {
    /// Of who gets what and who gets nothing.
    pub fn sha256(&self, frozen: &Frozen) -> String {
        let mut hash = Sha256::new();
        let problem = |need: usize| frozen.needs.get(need).map_or(Uuid::nil(), |n| n.problem_id);
        for line in &self.lines {
            let cycle = frozen.cycles.get(line.cycle).map_or(Uuid::nil(), |c| c.id);
            let source = line.budget.and_then(|b| frozen.budgets.get(b)).map(|b| b.source_id);
            hash.update(format!("l{}|{cycle}|{source:?}\n", problem(line.need)));
        }
        for without in &self.without {
            hash.update(format!("o{}|{}\n", problem(without.need), without.reason.slug()));
        }
        hex(&hash.finalize())
    }
}

/// Calculates the plan.
///
/// # Errors
/// What the solver says of a question that makes no sense.
pub(super) fn divide(frozen: &Frozen, how: How<'_>) -> Result<Division, String> {
    let mut question = question(frozen, how.parameters);
    let first = answer(&question, frozen, how)?;
    let outcome = match shares(&question, frozen, &first) {
        None => first,
        Some(seats) => {
            question.instance.programs.iter_mut().zip(seats).for_each(|(program, seats)| program.capacity = seats);
            let mut second = answer(&question, frozen, how)?;
            for (tier, undivided) in second.tiers.iter_mut().zip(&first.tiers) {
                tier.bound = tier.bound.max(undivided.bound);
            }
            second
        }
    };
    Ok(read(&question, frozen, how, &outcome))
}

fn question(frozen: &Frozen, parameters: &AllocationParameters) -> Question {
    let (mut ways, mut known): (Vec<Way>, HashMap<Way, u32>) = (Vec::new(), HashMap::new());
    let mut of_place: HashMap<(u16, u16, u16), Vec<u32>> = HashMap::new();
    let mut homes: HashMap<Uuid, u32> = HashMap::new();
    let mut members: HashMap<u32, Vec<Uuid>> = HashMap::new();
    let mut instance = Instance {
        awards_per_household: parameters.awards_per_household,
        lines: std::iter::once(0).chain(frozen.budgets.iter().map(|b| b.amount.clamp(0, MAX_MONEY))).collect(),
        ..Instance::default()
    };
    for (at, need) in (0_u32..).zip(&frozen.needs) {
        let next = u32::try_from(homes.len()).unwrap_or(u32::MAX);
        let household = *homes.entry(need.household_id).or_insert(next);
        let home = members.entry(household).or_default();
        let unit = need.unit(ClaimUnit::Person);
        let member = home.iter().position(|m| *m == unit).unwrap_or_else(|| {
            home.push(unit);
            home.len() - 1
        });
        let member = u32::try_from(member).unwrap_or(u32::MAX);
        instance.needs.push(Ask { household, member, tier: need.tier, key: key_of(&need.problem_id.to_string()) });
        for &cycle in &need.fits {
            let found = of_place.entry((cycle, need.code, need.region)).or_insert_with(|| {
                let mut found = Vec::new();
                for way in ways_of(frozen, need, cycle) {
                    let at = *known.entry(way.clone()).or_insert_with(|| {
                        ways.push(way);
                        u32::try_from(ways.len() - 1).unwrap_or(u32::MAX)
                    });
                    found.push(at);
                }
                found
            });
            instance.pairs.extend(found.iter().map(|&program| Pair { need: at, program, value: need.score }));
        }
    }
    instance.households = u32::try_from(homes.len()).unwrap_or(u32::MAX);
    // Claims of families, of persons and of dwellings are held apart, also within one class.
    let class = |cycle: &Cycle| Some((cycle.class.clone()?, unit_slug(cycle.claim_unit)));
    let classes: Vec<(String, &str)> =
        frozen.cycles.iter().filter_map(class).collect::<BTreeSet<_>>().into_iter().collect();
    for way in &ways {
        let Some(cycle) = frozen.cycles.get(usize::from(way.cycle)) else { continue };
        let at = class(cycle).and_then(|class| classes.binary_search(&class).ok());
        instance.programs.push(Program {
            class: at.and_then(|c| u32::try_from(c).ok()),
            by_member: cycle.claim_unit == ClaimUnit::Person,
            cost: if way.items { 1 } else { cycle.cost.clamp(0, MAX_MONEY) },
            capacity: cycle.seats_left.max(0),
            budget: MAX_MONEY,
            lines: way.lines.clone(),
        });
    }
    Question { instance, ways }
}

/// What may pay for this need by this cycle: goods and rupiah apart.
fn ways_of(frozen: &Frozen, need: &Need, at: u16) -> Vec<Way> {
    let Some(cycle) = frozen.cycles.get(usize::from(at)) else { return Vec::new() };
    if cycle.cost == 0 {
        return vec![Way { cycle: at, items: false, lines: vec![0] }];
    }
    let (code, region) = (frozen.code(need), frozen.region(need));
    let lines = |items: bool| -> Vec<u32> {
        let fits = |unit: &str| if items { unit != RUPIAH && unit == cycle.unit } else { unit == RUPIAH };
        let budgets = (1_u32..).zip(&frozen.budgets).filter(|(_, b)| {
            fits(&b.unit) && b.serves(usize::from(at)) && b.restrictions.allow(code, &cycle.pillar, region)
        });
        budgets.map(|(line, _)| line).collect()
    };
    [true, false]
        .map(|items| Way { cycle: at, items, lines: lines(items) })
        .into_iter()
        .filter(|way| !way.lines.is_empty())
        .collect()
}

/// The order in which needs are looked at where a policy goes by order, and by which equals are told apart.
fn order(frozen: &Frozen, how: How<'_>, need: usize) -> (u8, i64, u64) {
    let Some(need) = frozen.needs.get(need) else { return (u8::MAX, 0, 0) };
    let lot = lot(how.seed, key_of(&need.problem_id.to_string()));
    let place = if how.policy == AllocationPolicy::FirstCome { need.reported_us } else { -need.score };
    (need.tier, place, lot)
}

fn answer(question: &Question, frozen: &Frozen, how: How<'_>) -> Result<Outcome, String> {
    let options = Options { seed: how.seed, iterations: how.parameters.iterations, ..Options::default() };
    let instance = &question.instance;
    if how.policy == AllocationPolicy::Optimal {
        return solve(instance, &options);
    }
    let mut pairs: Vec<u32> = (0..u32::try_from(instance.pairs.len()).unwrap_or(u32::MAX)).collect();
    let cost = |pair: &Pair| instance.programs.get(pair.program as usize).map_or(0, |p| p.cost);
    let keys: Vec<(u8, u64, i64, u64, i64, u32)> = instance
        .pairs
        .iter()
        .map(|pair| {
            let (tier, place, lot) = order(frozen, how, pair.need as usize);
            let ratio = match how.policy {
                // Most value for a rupiah first: in thousandths of a unit, turned around so that less comes first.
                AllocationPolicy::Greedy => {
                    u64::MAX
                        - u64::try_from(i128::from(pair.value) * 1000 / i128::from(cost(pair).max(1)))
                            .unwrap_or(u64::MAX)
                }
                _ => 0,
            };
            (tier, ratio, place, lot, cost(pair), pair.program)
        })
        .collect();
    pairs.sort_by_key(|&at| keys.get(at as usize).copied());
    appraise(instance, &in_order(instance, &pairs)?, &options)
}

/// Seats of each way, where the ways of some cycle together use more than it has.
fn shares(question: &Question, frozen: &Frozen, outcome: &Outcome) -> Option<Vec<i64>> {
    let mut used = vec![0_i64; question.ways.len()];
    outcome.awards.iter().for_each(|a| used[a.program as usize] += 1);
    let mut total: BTreeMap<u16, i64> = BTreeMap::new();
    question.ways.iter().zip(&used).for_each(|(way, used)| *total.entry(way.cycle).or_default() += used);
    let seats = |cycle: u16| frozen.cycles.get(usize::from(cycle)).map_or(0, |c| c.seats_left.max(0));
    if total.iter().all(|(cycle, used)| *used <= seats(*cycle)) {
        return None;
    }
    let mut left: BTreeMap<u16, i64> = total.keys().map(|cycle| (*cycle, seats(*cycle))).collect();
    let mut shares = Vec::with_capacity(used.len());
    for (way, used) in question.ways.iter().zip(&used) {
        let (all, has) = (total[&way.cycle], seats(way.cycle));
        let share = if all <= has {
            *used
        } else {
            i64::try_from(i128::from(*used) * i128::from(has) / i128::from(all)).unwrap_or(0)
        };
        *left.entry(way.cycle).or_default() -= share;
        shares.push(share);
    }
    // What rounding left, to the first that may have more.
    for (way, share) in question.ways.iter().zip(&mut shares) {
        *share += std::mem::take(left.entry(way.cycle).or_default());
    }
    Some(shares)
}

/// The answer in the words of the input.
fn read(question: &Question, frozen: &Frozen, how: How<'_>, outcome: &Outcome) -> Division {
    let mut places: Vec<usize> = (0..frozen.needs.len()).collect();
    places.sort_by_cached_key(|&need| order(frozen, how, need));
    let mut rank = vec![0_i32; places.len()];
    for (at, need) in (1_i32..).zip(&places) {
        rank[*need] = at;
    }
    let (kept, twice) = claims_once(question, frozen, &rank, &outcome.awards);
    let line = |award: &Award| Line {
        need: award.need as usize,
        cycle: usize::from(question.ways[award.program as usize].cycle),
        budget: (award.line as usize).checked_sub(1),
    };
    let mut lines: Vec<Line> = kept.iter().map(line).collect();
    lines.sort_unstable_by_key(|l| rank[l.need]);
    let of_solver = left_out(&question.instance, outcome);
    let mut without: Vec<Without> = of_solver
        .iter()
        .map(|out| {
            let need = out.need as usize;
            let cycle = out.program.map(|p| usize::from(question.ways[p as usize].cycle));
            explain(&frozen.needs[need], need, cycle, out.reason)
        })
        .collect();
    without.extend(twice.iter().map(|award| Without {
        need: award.need as usize,
        reason: LeftOutReason::ClassHeld,
        cycle: Some(usize::from(question.ways[award.program as usize].cycle)),
    }));
    without.sort_unstable_by_key(|w| rank[w.need]);
    let tiers = outcome.tiers.iter().map(|tier| worth(question, frozen, tier, &twice)).collect();
    Division { lines, without, rank, tiers, pairs: question.instance.pairs.len() }
}

fn worth(question: &Question, frozen: &Frozen, tier: &satupintu_allocation::Tier, twice: &[Award]) -> TierWorth {
    let need = |award: &Award| &frozen.needs[award.need as usize];
    let lost: i128 = twice.iter().map(need).filter(|n| n.tier == tier.tier).map(|n| i128::from(n.score)).sum();
    let mut seats = vec![0.0_f64; frozen.cycles.len()];
    for (at, way) in question.ways.iter().enumerate() {
        let price = &mut seats[usize::from(way.cycle)];
        *price = price.max(tier.prices.seat(at));
    }
    TierWorth {
        tier: tier.tier,
        value: tier.value - lost,
        bound: tier.bound,
        iterations: tier.iterations,
        complete: tier.complete,
        budgets: (0..frozen.budgets.len()).map(|b| tier.prices.rupiah(b + 1)).collect(),
        seats,
    }
}

/// Keeps one award a class of what several households share (a dwelling, a person recorded in two of them), that of the
/// first rank; what is too many. Within a household the solver has seen to it.
fn claims_once(question: &Question, frozen: &Frozen, rank: &[i32], awards: &[Award]) -> (Vec<Award>, Vec<Award>) {
    let mut awards = awards.to_vec();
    awards.sort_unstable_by_key(|a| rank[a.need as usize]);
    let mut taken: HashSet<(&str, &str, Uuid)> = HashSet::new();
    awards.into_iter().partition(|award| {
        let cycle = &frozen.cycles[usize::from(question.ways[award.program as usize].cycle)];
        let unit = frozen.needs[award.need as usize].unit(cycle.claim_unit);
        cycle.class.as_deref().is_none_or(|class| taken.insert((class, unit_slug(cycle.claim_unit), unit)))
    })
}

/// Why a need is left out, in the words of the plan.
fn explain(need: &Need, at: usize, cycle: Option<usize>, reason: satupintu_allocation::Reason) -> Without {
    use LeftOutReason as L;
    use satupintu_allocation::Reason as R;
    let first = |cycles: &[u16]| cycles.first().map(|c| usize::from(*c));
    let (reason, cycle) = match reason {
        R::NoPair | R::NoValue if !need.fits.is_empty() => (L::NoSource, first(&need.fits)),
        R::NoPair | R::NoValue if !need.unsure.is_empty() => (L::AskFirst, first(&need.unsure)),
        R::NoPair | R::NoValue if need.held => (L::ClassHeld, None),
        R::NoPair | R::NoValue => (L::NoProgram, None),
        R::HouseholdCap => (L::HouseholdCap, cycle),
        R::Class => (L::ClassHeld, cycle),
        R::PriceAboveValue => (L::OthersFirst, cycle),
        R::SeatsGone => (L::NoSeat, cycle),
        R::MoneyGone => (L::NoMoney, cycle),
    };
    Without { need: at, reason, cycle }
}

#[cfg(test)]
#[path = "divide_tests.rs"]
mod tests;
