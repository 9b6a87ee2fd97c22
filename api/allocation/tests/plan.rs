//! What a plan must be beyond feasible: the same for everyone who asks the same, close to its bound, and sensible
//! where there is nothing to divide.
#![allow(clippy::unwrap_used, reason = "tests stop where something is not as it must be")]

use satupintu_allocation::generate::{Shape, generate};
use satupintu_allocation::{Instance, Options, Outcome, Reason, check, left_out, solve};

fn ratio(outcome: &Outcome) -> f64 {
    let value: i128 = outcome.tiers.iter().map(|t| t.value).sum();
    let bound: i128 = outcome.tiers.iter().map(|t| t.bound).sum();
    value as f64 / bound as f64
}

#[test]
fn the_plan_does_not_depend_on_threads() {
    let instance = generate(Shape { tiers: 3, ..Shape::city(6_000) }, 5);
    let on = |threads| solve(&instance, &Options { threads: Some(threads), ..Options::default() }).unwrap();
    let one = on(1);
    check(&instance, &one.awards).unwrap();
    assert_eq!(one, on(2));
    assert_eq!(one, on(7));
}

#[test]
fn a_city_is_divided_close_to_the_bound() {
    let instance = generate(Shape::city(40_000), 1);
    let outcome = solve(&instance, &Options::default()).unwrap();
    check(&instance, &outcome.awards).unwrap();
    assert!(ratio(&outcome) > 0.998, "{}", ratio(&outcome));
    assert!(outcome.tiers.iter().all(|t| t.complete));
}

#[test]
fn the_fallback_is_near() {
    let instance = generate(Shape::city(40_000), 2);
    let outcome = solve(&instance, &Options { fallback: true, ..Options::default() }).unwrap();
    check(&instance, &outcome.awards).unwrap();
    assert!(ratio(&outcome) > 0.96, "{}", ratio(&outcome));
}

#[test]
fn a_search_cut_short_is_marked_and_bounded() {
    let instance = generate(Shape::city(3_000), 3);
    for iterations in [0, 1, 5, 12] {
        let outcome = solve(&instance, &Options { iterations: Some(iterations), ..Options::default() }).unwrap();
        check(&instance, &outcome.awards).unwrap();
        assert!(ratio(&outcome) <= 1.0 && !outcome.tiers[0].complete);
        assert_eq!(outcome.tiers[0].iterations, iterations);
    }
}

#[test]
fn a_tier_is_not_touched_by_those_after_it() {
    let mut instance = generate(Shape { tiers: 3, ..Shape::city(4_000) }, 8);
    let all = solve(&instance, &Options::default()).unwrap();
    instance.pairs.retain(|p| instance.needs[p.need as usize].tier == 0);
    let first = solve(&instance, &Options::default()).unwrap();
    assert_eq!(all.tiers[0].value, first.tiers[0].value);
    assert_eq!(all.tiers[0].bound, first.tiers[0].bound);
}

#[test]
fn nothing_to_divide_is_an_answer() {
    let empty = solve(&Instance::default(), &Options::default()).unwrap();
    assert!(empty.awards.is_empty() && empty.tiers.is_empty());

    let city = generate(Shape::city(300), 4);
    let mut poor = city.clone();
    poor.lines.iter_mut().for_each(|l| *l = 0);
    let mut closed = city.clone();
    closed.programs.iter_mut().for_each(|p| p.capacity = 0);
    let mut unpaid = city.clone();
    unpaid.programs.iter_mut().for_each(|p| p.lines.clear());
    let mut unmatched = city.clone();
    unmatched.pairs.clear();
    let mut barred = city;
    barred.awards_per_household = 0;
    for instance in [poor, closed, unpaid, unmatched, barred] {
        let outcome = solve(&instance, &Options::default()).unwrap();
        assert!(outcome.awards.is_empty());
        assert_eq!(outcome.tiers[0].value, 0);
        assert!(outcome.tiers[0].complete);
        assert_eq!(left_out(&instance, &outcome).len(), instance.needs.len());
    }
}

#[test]
fn whoever_got_nothing_has_a_reason() {
    let instance = generate(Shape::city(8_000), 6);
    let outcome = solve(&instance, &Options::default()).unwrap();
    let left = left_out(&instance, &outcome);
    assert_eq!(left.len() + outcome.awards.len(), instance.needs.len());
    for reason in [Reason::NoPair, Reason::PriceAboveValue] {
        assert!(left.iter().any(|l| l.reason == reason), "{reason:?}");
    }
    let paired = |need| instance.pairs.iter().any(|p| p.need == need);
    assert!(left.iter().all(|l| (l.reason == Reason::NoPair) != paired(l.need)));
}

#[test]
fn nonsense_is_refused() {
    let city = generate(Shape::city(50), 4);
    let mut twice = city.clone();
    twice.pairs.push(twice.pairs[0]);
    let mut below = city.clone();
    below.programs[0].cost = -1;
    let mut nowhere = city.clone();
    nowhere.programs[0].lines.push(99);
    let mut nobody = city.clone();
    nobody.needs[0].household = 50;
    let mut unknown = city;
    unknown.pairs[0].program = 900;
    for instance in [twice, below, nowhere, nobody, unknown] {
        solve(&instance, &Options::default()).unwrap_err();
    }
}
