//! Tiny instances against trying everything.
#![allow(clippy::unwrap_used, reason = "tests stop where something is not as it must be")]

use proptest::prelude::*;
use satupintu_allocation::{Award, Instance, Need, Options, Pair, Program, check, solve};

fn options() -> Options {
    Options { threads: Some(1), ..Options::default() }
}

/// The best value by trying every choice of every need.
fn best(instance: &Instance, tier: u8, before: &[Award]) -> i128 {
    fn go(instance: &Instance, needs: &[u32], awards: &mut Vec<Award>) -> i128 {
        let Some((&need, rest)) = needs.split_first() else { return 0 };
        let mut best = go(instance, rest, awards);
        for pair in instance.pairs.iter().filter(|p| p.need == need) {
            for &line in &instance.programs[pair.program as usize].lines {
                awards.push(Award { need, program: pair.program, line });
                if check(instance, awards).is_ok() {
                    best = best.max(i128::from(pair.value) + go(instance, rest, awards));
                }
                awards.pop();
            }
        }
        best
    }
    let needs: Vec<u32> =
        (0..instance.needs.len() as u32).filter(|&n| instance.needs[n as usize].tier == tier).collect();
    go(instance, &needs, &mut before.to_vec())
}

prop_compose! {
    fn programs(lines: u32)(
        class in proptest::option::of(0_u32..3),
        by_member in any::<bool>(),
        cost in 0_i64..8,
        capacity in 0_i64..4,
        budget in 0_i64..20,
        first in 0..lines,
        second in 0..lines,
        none in 0_u8..10,
    ) -> Program {
        let mut of = vec![first, second];
        of.dedup();
        if none == 0 { of.clear(); }
        Program { class, by_member, cost, capacity, budget, lines: of }
    }
}

prop_compose! {
    fn instances()(
        needs in proptest::collection::vec((0_u32..3, 0_u32..2, 0_u8..2), 0..6),
        programs in proptest::collection::vec(programs(2), 0..4),
        lines in proptest::collection::vec(0_i64..18, 2),
        values in proptest::collection::vec(proptest::option::weighted(0.6, 0_i64..30), 24),
        awards in 0_u32..4,
    ) -> Instance {
        let mut pairs = Vec::new();
        for need in 0..needs.len() {
            for program in 0..programs.len() {
                if let Some(value) = values[need * 4 + program] {
                    pairs.push(Pair { need: need as u32, program: program as u32, value });
                }
            }
        }
        let needs = needs.into_iter().enumerate().map(|(at, (household, member, tier))| Need { household, member, tier, key: at as u64 });
        Instance { households: 3, awards_per_household: awards, needs: needs.collect(), pairs, programs, lines }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn plans_keep_the_rules_and_bounds_hold(instance in instances()) {
        let outcome = solve(&instance, &options()).unwrap();
        let value = check(&instance, &outcome.awards).unwrap();
        prop_assert_eq!(value, outcome.tiers.iter().map(|t| t.value).sum::<i128>());
        let mut before = Vec::new();
        for tier in &outcome.tiers {
            let best = best(&instance, tier.tier, &before);
            prop_assert!(tier.value <= best, "worth more than the best");
            prop_assert!(best <= tier.bound, "the bound {} is below the best {best}", tier.bound);
            before.extend(outcome.awards.iter().filter(|a| instance.needs[a.need as usize].tier == tier.tier));
        }
    }

    #[test]
    fn the_fallback_and_a_search_cut_short_keep_them_too(instance in instances(), steps in 0_u32..6) {
        for options in [Options { fallback: true, ..options() }, Options { iterations: Some(steps), ..options() }] {
            let outcome = solve(&instance, &options).unwrap();
            let value = check(&instance, &outcome.awards).unwrap();
            prop_assert!(value <= outcome.tiers.iter().map(|t| t.bound).sum::<i128>());
        }
    }
}

#[test]
fn a_class_is_held_by_each_member_where_the_program_says_so() {
    let need = |member, key| Need { household: 0, member, tier: 0, key };
    let program = |by_member| Program { class: Some(0), by_member, cost: 0, capacity: 9, budget: 0, lines: vec![0] };
    // Two needs of the first member and one of the second, each met by either program.
    let mut pairs = Vec::new();
    for need in 0..3 {
        pairs.extend((0..2).map(|program| Pair { need, program, value: 10 }));
    }
    let instance = Instance {
        households: 1,
        awards_per_household: 9,
        needs: vec![need(0, 1), need(0, 2), need(1, 3)],
        pairs,
        programs: vec![program(true), program(false)],
        lines: vec![0],
    };
    let outcome = solve(&instance, &options()).unwrap();
    // One award of the family, and one of each member; bounds are rounded up.
    assert_eq!((outcome.awards.len(), outcome.tiers[0].value), (3, 30));
    assert!((30..=31).contains(&outcome.tiers[0].bound), "{}", outcome.tiers[0].bound);
    let of_members = |awards: &[(u32, u32)]| {
        let awards: Vec<Award> = awards.iter().map(|&(need, program)| Award { need, program, line: 0 }).collect();
        check(&instance, &awards)
    };
    assert!(of_members(&[(0, 0), (2, 0), (1, 1)]).is_ok());
    assert!(of_members(&[(0, 0), (1, 0)]).is_err(), "two awards of a class to one member");
    assert!(of_members(&[(0, 1), (2, 1)]).is_err(), "two awards of a class to one family");
}
