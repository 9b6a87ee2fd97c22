//! What a plan says of itself: counts, tiers, prices, fairness. Pure.

use std::collections::{BTreeMap, HashMap};

use super::divide::{Division, TierWorth};
use super::frozen::{Frozen, Need};
use super::model_result::{
    AllocationTier, BudgetKind, FairnessDimension, FairnessGroup, FairnessTable, LeftOutReason, PlanBudget,
    PlanBudgets, PlanCounts, PlanFairness, PlanReason, PlanResult, PlanSeats, PlanTier, ShadowPrice,
};
use super::rules::UNITS;

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Units of the score as points.
pub(super) fn points(units: i128) -> f64 {
    units as f64 / UNITS as f64
}

fn share(part: i64, of: i64) -> f64 {
    if of > 0 { part as f64 / of as f64 } else { 0.0 }
}

fn gap(value: i128, bound: i128) -> f64 {
    if bound > 0 { ((bound - value) as f64 / bound as f64).max(0.0) } else { 0.0 }
}

/// What becomes of each need, and what it costs.
fn amounts(frozen: &Frozen, division: &Division) -> (Vec<Option<i64>>, Vec<bool>) {
    let mut amount = vec![None; frozen.needs.len()];
    for line in &division.lines {
        amount[line.need] = Some(frozen.cycles[line.cycle].cost);
    }
    let mut asks = vec![false; frozen.needs.len()];
    for without in division.without.iter().filter(|w| w.reason == LeftOutReason::AskFirst) {
        asks[without.need] = true;
    }
    (amount, asks)
}

/// All that is stored of a calculated plan beside its lines.
pub(super) fn report(frozen: &Frozen, division: &Division) -> PlanResult {
    let (amount, asks) = amounts(frozen, division);
    let needs = count(frozen.needs.len());
    let mut reasons: BTreeMap<LeftOutReason, i64> = BTreeMap::new();
    division.without.iter().for_each(|w| *reasons.entry(w.reason).or_default() += 1);
    let (value, bound) = division.tiers.iter().fold((0, 0), |sum, t| (sum.0 + t.value, sum.1 + t.bound));
    let tiers = division.tiers.iter().map(|worth| {
        let of_tier = || (0..frozen.needs.len()).filter(|&n| frozen.needs[n].tier == worth.tier);
        PlanTier {
            tier: AllocationTier::of(i16::from(worth.tier)),
            needs: count(of_tier().count()),
            lines: count(of_tier().filter(|&n| amount[n].is_some()).count()),
            amount_idr: of_tier().filter_map(|n| amount[n]).sum(),
            value: points(worth.value),
            upper_bound: points(worth.bound),
            gap: gap(worth.value, worth.bound),
            iterations: worth.iterations,
            complete: worth.complete,
        }
    });
    PlanResult {
        counts: PlanCounts {
            needs,
            households: count(frozen.households()),
            pairs: count(division.pairs),
            cycles: count(frozen.cycles.len()),
            lines: count(division.lines.len()),
            amount_idr: amount.iter().flatten().sum(),
            left_out: count(division.without.len()),
            needs_data: count(frozen.needs.iter().filter(|n| !n.unsure.is_empty()).count()),
            stale_programs: frozen.stale_programs,
        },
        value: points(value),
        upper_bound: points(bound),
        gap: gap(value, bound),
        complete: division.tiers.iter().all(|t| t.complete),
        tiers: tiers.collect(),
        left_out: reasons
            .into_iter()
            .map(|(reason, n)| PlanReason { reason, needs: n, share: share(n, needs) })
            .collect(),
        supply: supply(frozen, division),
        fairness: PlanFairness { tables: fairness(frozen, &amount, &asks) },
    }
}

fn prices(tiers: &[TierWorth], of: impl Fn(&TierWorth) -> Option<f64>) -> Vec<ShadowPrice> {
    let price = |t: &TierWorth| Some(ShadowPrice { tier: AllocationTier::of(i16::from(t.tier)), points: of(t)? });
    tiers.iter().filter_map(price).collect()
}

/// The score of the weightiest need that each cycle fits, by cycle and tier.
fn worth_of(frozen: &Frozen) -> HashMap<(usize, u8), i64> {
    let mut worth = HashMap::new();
    for need in &frozen.needs {
        for cycle in &need.fits {
            let most = worth.entry((usize::from(*cycle), need.tier)).or_insert(0);
            *most = need.score.max(*most);
        }
    }
    worth
}

fn supply(frozen: &Frozen, division: &Division) -> PlanBudgets {
    let (mut spent, mut seated) = (vec![0_i64; frozen.budgets.len()], vec![0_i64; frozen.cycles.len()]);
    for line in &division.lines {
        seated[line.cycle] += 1;
        if let Some(budget) = line.budget {
            let rupiah = frozen.budgets[budget].unit == "IDR";
            spent[budget] += if rupiah { frozen.cycles[line.cycle].cost } else { 1 };
        }
    }
    let mut candidates = vec![0_i64; frozen.cycles.len()];
    frozen.needs.iter().flat_map(|n| &n.fits).for_each(|c| candidates[usize::from(*c)] += 1);
    let worth = worth_of(frozen);
    let budgets = frozen.budgets.iter().enumerate().map(|(at, budget)| {
        let served: Vec<usize> = (0..frozen.cycles.len()).filter(|c| budget.serves(*c)).collect();
        let cost = |c: usize| if budget.unit == "IDR" { frozen.cycles[c].cost.max(1) } else { 1 };
        // Where an award more could be paid already, money is not what is missing.
        let enough = served.iter().any(|c| budget.amount - spent[at] >= cost(*c));
        // The relaxation asks any price for what there is none of; no rupiah buys more than a whole award does.
        let most = |tier: u8| {
            let of = |c: &usize| worth.get(&(*c, tier)).map_or(0.0, |score| *score as f64 / cost(*c) as f64);
            if enough { 0.0 } else { served.iter().map(of).fold(0.0, f64::max) }
        };
        let price = |t: &TierWorth| t.budgets.get(at).map(|units| units.min(most(t.tier)));
        let cycle = budget.cycle.and_then(|c| frozen.cycles.get(c));
        // A million rupiah times units for one, in points: the two cancel out.
        let scale = if budget.unit == "IDR" { 1.0 } else { 1.0 / UNITS as f64 };
        PlanBudget {
            funding_source_id: budget.source_id,
            funding_source_name: budget.source_name.clone(),
            cycle_id: cycle.map(|c| c.id),
            program_name: cycle.map(|c| c.program_name.clone()),
            kind: if cycle.is_some() { BudgetKind::Allotted } else { BudgetKind::Extra },
            unit: budget.unit.clone(),
            amount: budget.amount,
            planned: spent[at],
            prices: prices(&division.tiers, |t| price(t).map(|units| units * scale)),
        }
    });
    let seats = frozen.cycles.iter().enumerate().map(|(at, cycle)| PlanSeats {
        cycle_id: cycle.id,
        cycle_name: cycle.name.clone(),
        program_id: cycle.program_id,
        program_name: cycle.program_name.clone(),
        cost_idr: cycle.cost,
        candidates: candidates[at],
        seats_left: cycle.seats_left,
        planned: seated[at],
        prices: prices(&division.tiers, |t| t.seats.get(at).map(|units| units / UNITS as f64)),
    });
    PlanBudgets { budgets: budgets.collect(), seats: seats.collect() }
}

fn fairness(frozen: &Frozen, amount: &[Option<i64>], asks: &[bool]) -> Vec<FairnessTable> {
    use FairnessDimension as D;
    let table = |dimension: D| {
        let mut groups: BTreeMap<String, FairnessGroup> = BTreeMap::new();
        for (at, need) in frozen.needs.iter().enumerate() {
            let (key, name) = group(frozen, need, dimension);
            let group = groups.entry(key.clone()).or_insert_with(|| FairnessGroup {
                key,
                name,
                needs: 0,
                served: 0,
                ask_first: 0,
                amount_idr: 0,
                share: 0.0,
            });
            group.needs += 1;
            group.served += i64::from(amount[at].is_some());
            group.ask_first += i64::from(asks[at]);
            group.amount_idr += amount[at].unwrap_or(0);
        }
        let mut groups: Vec<FairnessGroup> = groups.into_values().collect();
        groups.iter_mut().for_each(|g| g.share = share(g.served, g.needs));
        FairnessTable { dimension, groups }
    };
    D::ALL.iter().map(|dimension| table(*dimension)).collect()
}

/// The group of a need in one regard: key, and name where it has one.
fn group(frozen: &Frozen, need: &Need, dimension: FairnessDimension) -> (String, Option<String>) {
    use FairnessDimension as D;
    let plain = |key: &str| (key.to_owned(), None);
    match dimension {
        D::District => {
            let place = frozen.regions.get(usize::from(need.region));
            let code = place.map_or("", |(code, _)| code.rsplit_once('.').map_or(code.as_str(), |(d, _)| d));
            (code.to_owned(), place.map(|(_, name)| name.clone()))
        }
        D::Need => plain(frozen.code(need)),
        D::Severity => plain(["emergency", "high", "medium", "low"].get(usize::from(need.severity)).unwrap_or(&"low")),
        D::Sex => plain(["unknown", "female", "male"].get(usize::from(need.sex)).unwrap_or(&"unknown")),
        D::Age => plain(match need.age {
            None => "unknown",
            Some(0..=4) => "00-04",
            Some(5..=17) => "05-17",
            Some(18..=59) => "18-59",
            Some(_) => "60+",
        }),
        D::Disability => plain(if need.disability { "yes" } else { "no" }),
        D::Housing => plain(if need.unhoused { "unhoused" } else { "housed" }),
        D::Decile => need.decile.map_or_else(|| plain("unknown"), |d| (format!("{d:02}"), None)),
        D::Cost => {
            let cheapest = need.fits.iter().filter_map(|c| frozen.cycles.get(usize::from(*c))).map(|c| c.cost).min();
            plain(match cheapest {
                None => "no_program",
                Some(0) => "free",
                Some(1..=499_999) => "below_500000",
                Some(500_000..=1_999_999) => "below_2000000",
                Some(2_000_000..=9_999_999) => "below_10000000",
                Some(_) => "10000000_and_more",
            })
        }
        D::NeedsData => plain(if need.unsure.is_empty() { "no" } else { "yes" }),
    }
}
