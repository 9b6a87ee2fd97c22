//! The ways a plan is compared with keep every limit too, and none is worth more than the bound.
#![allow(clippy::unwrap_used, reason = "tests stop where something is not as it must be")]

use proptest::prelude::*;
use satupintu_allocation::generate::{Shape, generate};
use satupintu_allocation::{Options, appraise, check, in_order, solve};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn whatever_the_order_no_limit_is_broken(seed in 0_u64..1_000_000, households in 1_u32..400, tiers in 1_u8..4, lumps in 0_u32..6) {
        let instance = generate(Shape { tiers, awards_per_line: lumps, ..Shape { programs: 30, lines: 6, ..Shape::city(households) } }, seed);
        let mut order: Vec<u32> = (0..instance.pairs.len() as u32).collect();
        order.sort_by_key(|&at| (instance.needs[instance.pairs[at as usize].need as usize].tier, u64::from(at).wrapping_mul(seed | 1) % 1_009));
        let awards = in_order(&instance, &order).unwrap();
        let value = check(&instance, &awards).unwrap();
        let outcome = appraise(&instance, &awards, &Options::default()).unwrap();
        prop_assert_eq!(outcome.tiers.iter().map(|t| t.value).sum::<i128>(), value);
        for tier in &outcome.tiers {
            prop_assert!(tier.value <= tier.bound, "tier {} is worth {} above {}", tier.tier, tier.value, tier.bound);
        }
    }
}

#[test]
fn a_solved_plan_is_appraised_as_it_says_of_itself() {
    let instance = generate(Shape { tiers: 3, ..Shape::city(4_000) }, 3);
    let solved = solve(&instance, &Options::default()).unwrap();
    assert_eq!(appraise(&instance, &solved.awards, &Options::default()).unwrap(), solved);
    let mut order: Vec<u32> = (0..instance.pairs.len() as u32).collect();
    order.sort_by_key(|&at| instance.needs[instance.pairs[at as usize].need as usize].tier);
    let first = appraise(&instance, &in_order(&instance, &order).unwrap(), &Options::default()).unwrap();
    let first_tier = |o: &satupintu_allocation::Outcome| o.tiers[0].value;
    assert!(first_tier(&first) < first_tier(&solved));
    let mut stolen = solved.awards.clone();
    stolen.push(stolen[0]);
    assert!(appraise(&instance, &stolen, &Options::default()).is_err());
}
