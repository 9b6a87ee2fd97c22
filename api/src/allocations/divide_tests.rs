//! Whatever the input: no seat, no budget, no restriction, no cap and no claim is broken, and nobody is forgotten.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::allocations::frozen::{Budget, Cycle, Restrictions};
use crate::allocations::model::AllocationWeights;
use crate::allocations::report::report;
use crate::kernel::label::Label;

fn id(kind: u128, n: usize) -> Uuid {
    Uuid::from_u128((kind << 64) | n as u128)
}

fn parameters(cap: u32) -> AllocationParameters {
    AllocationParameters {
        program_ids: None,
        cycle_ids: None,
        funding_source_ids: None,
        weights: AllocationWeights::default(),
        awards_per_household: cap,
        duty_ppks_codes: Vec::new(),
        extra_budgets: Vec::new(),
        iterations: None,
    }
}

fn cycle(n: usize, cost: i64, seats_left: i64, claim_unit: ClaimUnit, class: Option<usize>) -> Cycle {
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    Cycle {
        id: id(1, n),
        name: "2026".into(),
        program_id: id(2, n),
        program_name: Label { id: "P".into(), en: "P".into() },
        matched: None,
        rule_version: 1,
        needs: Vec::new(),
        areas: Vec::new(),
        pillar: "jaminan_sosial".into(),
        cost,
        unit: "paket".into(),
        class: class.map(|c| format!("class{c}")),
        claim_unit,
        starts_on: day,
        ends_on: day,
        seats_left,
    }
}

fn any_frozen() -> impl Strategy<Value = Frozen> {
    let unit = prop::sample::select(vec![ClaimUnit::Person, ClaimUnit::Household, ClaimUnit::Dwelling]);
    let cycles = prop::collection::vec((0_i64..4, 0_i64..6, unit, prop::option::of(0_usize..2)), 0..5);
    let budgets = prop::collection::vec(
        (0_usize..3, 0_usize..5, 0_i64..12, prop::option::of(0_usize..3), prop::option::of(0_usize..2), any::<bool>()),
        0..7,
    );
    let needs = prop::collection::vec(
        (
            0_usize..9,
            0_usize..3,
            0_usize..2,
            0_u8..3,
            1_i64..50,
            prop::collection::vec(any::<bool>(), 5),
            prop::option::of(0_usize..3),
        ),
        0..30,
    );
    (cycles, budgets, needs).prop_map(|(cycles, budgets, needs)| {
        let cycles: Vec<Cycle> = cycles
            .into_iter()
            .enumerate()
            .map(|(n, (cost, seats, unit, class))| cycle(n, cost * 100, seats, unit, class))
            .collect();
        let budget =
            |(source, cycle, amount, need, area, items): (usize, usize, i64, Option<usize>, Option<usize>, bool)| {
                Budget {
                    source_id: id(3, source),
                    source_name: "S".into(),
                    cycle: (cycle < cycles.len()).then_some(cycle),
                    pays: (0..cycles.len()).collect(),
                    unit: if items { "paket" } else { "IDR" }.into(),
                    amount: if items { amount / 4 } else { amount * 100 },
                    restrictions: Restrictions {
                        needs: need.map(|n| format!("need{n}")).into_iter().collect(),
                        areas: area.map(|a| format!("32.73.0{a}")).into_iter().collect(),
                        pillars: Vec::new(),
                    },
                }
            };
        let budgets: Vec<Budget> = budgets.into_iter().map(budget).collect();
        let need = |(n, (home, code, region, tier, score, fits, person)): (
            usize,
            (usize, usize, usize, u8, i64, Vec<bool>, Option<usize>),
        )| Need {
            problem_id: id(4, n),
            household_id: id(5, home),
            individual_id: person.map(|p| id(6, home * 10 + p)),
            head_id: Some(id(6, home * 10)),
            dwelling_id: Some(id(7, home / 2)),
            code: code as u16,
            region: region as u16,
            severity: tier,
            tier,
            points: [0; 4],
            score,
            reported_us: (n as i64 * 7) % 5,
            decile: None,
            sex: 0,
            age: None,
            disability: false,
            unhoused: false,
            fits: (0..cycles.len() as u16).filter(|c| fits[usize::from(*c)]).collect(),
            unsure: (0..cycles.len() as u16).filter(|c| !fits[usize::from(*c)] && n % 3 == 0).collect(),
            held: n % 7 == 0,
        };
        let needs = needs.into_iter().enumerate().map(need).collect();
        Frozen {
            needs,
            budgets,
            codes: (0..3).map(|n| format!("need{n}")).collect(),
            regions: (0..2).map(|n| (format!("32.73.0{n}.1001"), format!("K{n}"))).collect(),
            cycles,
            stale_programs: 0,
        }
    })
}

/// Every rule, counted out a second time from nothing but the lines.
fn check(frozen: &Frozen, division: &Division, cap: u32) -> Result<(), TestCaseError> {
    let (mut seats, mut money) = (vec![0; frozen.cycles.len()], vec![0; frozen.budgets.len()]);
    let (mut met, mut homes, mut claims) = (HashSet::new(), HashMap::new(), HashSet::new());
    for line in &division.lines {
        let (need, cycle) = (&frozen.needs[line.need], &frozen.cycles[line.cycle]);
        prop_assert!(met.insert(line.need), "a need is met twice");
        prop_assert!(need.fits.contains(&(line.cycle as u16)));
        seats[line.cycle] += 1;
        *homes.entry(need.household_id).or_insert(0) += 1;
        if let Some(class) = &cycle.class {
            let held = claims.insert((class, unit_slug(cycle.claim_unit), need.unit(cycle.claim_unit)));
            prop_assert!(held, "a claim is held twice");
        }
        match line.budget {
            None => prop_assert_eq!(cycle.cost, 0),
            Some(at) => {
                let budget = &frozen.budgets[at];
                prop_assert!(budget.serves(line.cycle));
                prop_assert!(budget.restrictions.allow(frozen.code(need), &cycle.pillar, frozen.region(need)));
                money[at] += if budget.unit == "IDR" { cycle.cost } else { 1 };
            }
        }
    }
    prop_assert!(
        seats.iter().zip(&frozen.cycles).all(|(taken, c)| *taken <= c.seats_left),
        "more seats than there are"
    );
    prop_assert!(money.iter().zip(&frozen.budgets).all(|(spent, b)| *spent <= b.amount), "more money than there is");
    prop_assert!(homes.values().all(|n| *n <= cap), "a household has too many lines");
    for without in &division.without {
        prop_assert!(met.insert(without.need), "a need is served and left out");
    }
    prop_assert_eq!(met.len(), frozen.needs.len(), "a need is forgotten");
    Ok(())
}

proptest! {
    #[test]
    fn no_limit_is_broken_and_nobody_is_forgotten(frozen in any_frozen(), cap in 1_u32..4, policy in prop::sample::select(AllocationPolicy::ALL), seed: u64) {
        let parameters = parameters(cap);
        let how = How { parameters: &parameters, policy, seed };
        let division = divide(&frozen, how).unwrap();
        check(&frozen, &division, cap)?;
        let told = report(&frozen, &division);
        prop_assert!(told.value <= told.upper_bound + 1e-9);
        prop_assert_eq!(told.counts.lines + told.counts.left_out, told.counts.needs);
        for table in &told.fairness.tables {
            prop_assert_eq!(table.groups.iter().map(|g| g.needs).sum::<i64>(), told.counts.needs);
            prop_assert_eq!(table.groups.iter().map(|g| g.served).sum::<i64>(), told.counts.lines);
        }
        let again = divide(&frozen, how).unwrap();
        prop_assert_eq!(again.sha256(&frozen), division.sha256(&frozen), "the same input and seed give the same");
        prop_assert_eq!(serde_json::to_string(&report(&frozen, &again)).unwrap(), serde_json::to_string(&told).unwrap());
    }
}
