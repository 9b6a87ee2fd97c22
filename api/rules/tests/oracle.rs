//! The engine over columns equals the plain reading, the clock is right about its next change, and what is said to
//! change a verdict does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests stop where something is not as it must be"
)]

use proptest::prelude::*;
use satupintu_rules::generate::{self, Dice};
use satupintu_rules::{
    Cell, ChangeKind, Chunk, Clause, Coverage, Gather, Household, Outcome, Plan, Recorded, Rule, Setting, Subject, Tri,
    Vocabulary, date_of, day, explain, judge, parse,
};

const TODAY: &str = "2026-02-27";

fn vocabulary() -> Vocabulary {
    generate::vocabulary(include_str!("../../data/code_lists.json")).unwrap()
}

fn today() -> i32 {
    day(TODAY.parse().unwrap())
}

struct World {
    vocabulary: Vocabulary,
    coverage: Coverage,
    homes: Vec<Household>,
    rules: Vec<(Clause, bool)>,
}

fn world(seed: u64, homes: u128, rules: usize) -> World {
    let vocabulary = vocabulary();
    let mut dice = Dice::new(seed);
    let regions = ["32.73.01.1001", "32.73.01.1002", "32.73.02.1001"];
    let homes = (0..homes)
        .map(|id| generate::household(&mut dice, &vocabulary, id, regions[id as usize % 3], today()))
        .collect();
    let rules = (0..rules)
        .map(|n| (generate::clause(&mut dice, &vocabulary, 3, Subject::Household, today()), n % 3 == 0))
        .collect();
    World { coverage: generate::coverage(&mut dice, today()), vocabulary, homes, rules }
}

impl World {
    fn setting(&self, restricted: bool, today: i32) -> Setting<'_> {
        Setting { vocabulary: &self.vocabulary, coverage: &self.coverage, today, restricted }
    }
}

/// The columns of these households in every second slot, from their rows in an order of chance.
fn gathered(vocabulary: &Vocabulary, region: &str, slots: usize, homes: &[&Household], dice: &mut Dice) -> Chunk {
    let mut gather = Gather::new(vocabulary, region, slots, |_| true);
    let mut rows: Vec<(usize, usize)> =
        homes.iter().enumerate().flat_map(|(at, home)| (0..=home.members.len()).map(move |row| (at, row))).collect();
    for at in (1..rows.len()).rev() {
        rows.swap(at, dice.below(at + 1));
    }
    for (at, row) in rows {
        let (slot, home) = (at * 2, homes[at]);
        let cells = if row == 0 { &home.facts } else { &home.members[row - 1].facts };
        let person = row.checked_sub(1).map(|m| home.members[m].id);
        let place = person.map(|id| gather.member(slot, id));
        for (fact, cell) in cells.iter().enumerate() {
            match (cell, place) {
                (Cell::Disputed, _) if vocabulary.facts()[fact].subject == Subject::Household || person.is_some() => {
                    gather.dispute(slot, person, fact);
                }
                (cell, Some(row)) => gather.put_member(row, fact, *cell),
                (cell, None) => gather.put(slot, fact, *cell),
            }
        }
        if row > 0 {
            continue;
        }
        let recorded = Recorded { complete: home.members_complete, declared: home.declared_members };
        gather.home(slot, home.id, recorded);
        let whose = |member: Option<u16>| member.map(|m| home.members[usize::from(m)].id);
        home.problems.iter().for_each(|p| gather.problem(slot, whose(p.member), *p));
        home.problems.iter().take(1).for_each(|p| gather.problem(slot, Some(u128::MAX), *p));
        home.benefits.iter().for_each(|b| gather.benefit(slot, whose(b.member), *b));
        home.snapshots.iter().take(1).for_each(|s| gather.snapshot(slot, *s));
        for member in &home.members {
            member.restricted.iter().for_each(|(fact, cell)| gather.secret(slot, member.id, *fact, *cell));
        }
    }
    for (at, home) in homes.iter().enumerate() {
        home.snapshots.iter().skip(1).for_each(|s| gather.snapshot(at * 2, *s));
    }
    gather.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn columns_say_what_the_plain_reading_says(seed: u64, later in 0..900i32) {
        let w = world(seed, 90, 60);
        let on = today() + later;
        let rules: Vec<Rule<'_>> = w.rules.iter().map(|(clause, restricted)| Rule { clause, restricted: *restricted }).collect();
        let plan = Plan::new(&rules, &w.vocabulary, date_of(on));
        for region in ["32.73.01.1001", "32.73.01.1002", "32.73.02.1001"] {
            let mut chunk = Chunk::new(&w.vocabulary, region);
            let homes: Vec<&Household> = w.homes.iter().filter(|h| h.region == region).collect();
            for home in &homes {
                chunk.push(home);
                if home.id % 7 == 0 {
                    chunk.push_empty();
                }
            }
            let answers = plan.run(&chunk, &w.coverage);
            for (slot, id) in (0..chunk.len()).map(|s| (s, chunk.id(s))) {
                for ((clause, restricted), bits) in w.rules.iter().zip(&answers) {
                    let expected = match id {
                        Some(id) => judge(clause, &w.homes[id as usize], w.setting(*restricted, on)),
                        None => Tri::False,
                    };
                    prop_assert_eq!(bits.get(slot), expected, "{:?} of {:?}", clause, id);
                }
            }
        }
    }

    #[test]
    fn rows_in_any_order_make_the_same_columns(seed: u64) {
        let w = world(seed, 70, 60);
        let rules: Vec<Rule<'_>> = w.rules.iter().map(|(clause, restricted)| Rule { clause, restricted: *restricted }).collect();
        let plan = Plan::new(&rules, &w.vocabulary, date_of(today()));
        let region = "32.73.01.1001";
        let homes: Vec<&Household> = w.homes.iter().filter(|h| h.region == region).collect();
        let mut chunk = Chunk::new(&w.vocabulary, region);
        for home in &homes {
            chunk.push(home);
            chunk.push_empty();
        }
        let slots = chunk.len();
        let gathered = gathered(&w.vocabulary, region, slots, &homes, &mut Dice::new(seed));
        let (one, other) = (plan.run_with_gaps(&chunk, &w.coverage), plan.run_with_gaps(&gathered, &w.coverage));
        prop_assert_eq!(one.rules, other.rules);
        prop_assert_eq!(one.gaps, other.gaps);
        prop_assert_eq!((0..slots).map(|s| chunk.id(s)).collect::<Vec<_>>(), (0..slots).map(|s| gathered.id(s)).collect::<Vec<_>>());
    }

    #[test]
    fn a_verdict_holds_until_its_day_and_not_longer(seed: u64) {
        let w = world(seed, 6, 12);
        for (clause, restricted) in &w.rules {
            for home in &w.homes {
                let now = judge(clause, home, w.setting(*restricted, today()));
                let until = satupintu_rules::valid_until(clause, home, w.setting(*restricted, today()));
                let last = until.map_or(today() + 800, day);
                for on in today()..=last.min(today() + 800) {
                    prop_assert_eq!(judge(clause, home, w.setting(*restricted, on)), now, "{} {:?}", date_of(on), clause);
                }
                if until.is_some() {
                    prop_assert_ne!(judge(clause, home, w.setting(*restricted, last + 1)), now, "{:?}", clause);
                }
            }
        }
    }

    #[test]
    fn an_open_verdict_names_what_is_missing_and_a_refusal_its_reason(seed: u64) {
        let w = world(seed, 12, 20);
        for (clause, restricted) in &w.rules {
            for home in &w.homes {
                let setting = w.setting(*restricted, today());
                let verdict = explain(clause, home, setting);
                prop_assert_eq!(verdict.outcome, Outcome::of(judge(clause, home, setting)));
                prop_assert!(!verdict.deciding.is_empty());
                prop_assert_eq!(verdict.outcome == Outcome::NeedsData, !verdict.missing.is_empty(), "{:?}", clause);
                prop_assert!(verdict.outcome != Outcome::Eligible || verdict.changes.is_empty());
                for decider in &verdict.deciding {
                    prop_assert!(clause.at(&decider.pointer).is_some(), "{} in {:?}", decider.pointer, clause);
                }
            }
        }
    }

    #[test]
    fn what_is_said_to_change_with_a_day_does(seed: u64) {
        let w = world(seed, 12, 20);
        for (clause, restricted) in &w.rules {
            for home in &w.homes {
                let setting = w.setting(*restricted, today());
                for change in explain(clause, home, setting).changes {
                    let Some(on) = change.on.filter(|_| change.kind == ChangeKind::Date) else { continue };
                    let leaf = clause.at(&change.pointer).unwrap();
                    // A leaf inside a member clause is read as "any member", of a household of that one member.
                    let (leaf, home) = match change.member {
                        Some(id) => {
                            let mut alone = home.clone();
                            let at = alone.members.iter().position(|m| m.id == id).unwrap();
                            alone.members = vec![alone.members[at].clone()];
                            alone.members_complete = true;
                            alone.benefits.retain(|b| b.member.is_none_or(|m| usize::from(m) == at));
                            alone.benefits.iter_mut().for_each(|b| b.member = b.member.map(|_| 0));
                            (Clause::AnyMember(Box::new(leaf.clone())), alone)
                        }
                        None => (leaf.clone(), home.clone()),
                    };
                    let before = judge(&leaf, &home, setting);
                    let after = judge(&leaf, &home, Setting { today: day(on), ..setting });
                    prop_assert_ne!(before, after, "{:?} on {}", leaf, on);
                }
            }
        }
    }

    #[test]
    fn a_rule_reads_back_as_written(seed: u64) {
        let w = world(seed, 0, 30);
        for (clause, _) in &w.rules {
            let text = serde_json::to_string(clause).unwrap();
            match parse(&text) {
                Ok(read) => prop_assert_eq!(&read, clause),
                // Random lists may name a value twice; nothing else may be amiss.
                Err(faults) => prop_assert!(faults.iter().all(|f| f.code == "duplicate" || f.code == "required"), "{:?} {}", faults, text),
            }
        }
    }

    #[test]
    fn what_the_checker_calls_certain_is(seed: u64) {
        let w = world(seed, 60, 40);
        for (clause, restricted) in &w.rules {
            let report = satupintu_rules::check(clause, &w.vocabulary, true);
            for fault in report.errors.iter().filter(|f| f.pointer.is_empty()) {
                let wrong = match fault.code {
                    "always_true" => Tri::False,
                    "never_true" | "contradiction" => Tri::True,
                    _ => continue,
                };
                for home in &w.homes {
                    prop_assert_ne!(judge(clause, home, w.setting(*restricted, today())), wrong, "{:?} {:?}", fault, clause);
                }
            }
        }
    }
}

#[test]
fn what_is_asked_for_decides_once_it_is_known() {
    let vocabulary = vocabulary();
    let coverage = Coverage::default();
    let setting = Setting { vocabulary: &vocabulary, coverage: &coverage, today: today(), restricted: false };
    let rule = parse(
        r#"{"all": [{"in": {"fact": "floor", "values": ["earth", "bamboo"]}}, {"any_member": {"age": {"min": 60}}}]}"#,
    )
    .unwrap();
    let mut dice = Dice::new(3);
    let mut asked = 0;
    for id in 0..400 {
        let mut home = generate::household(&mut dice, &vocabulary, id, "32.73.01.1001", today());
        home.members_complete = true;
        let verdict = explain(&rule, &home, setting);
        if verdict.outcome != Outcome::NeedsData || home.members.is_empty() {
            continue;
        }
        let (floor, _) = vocabulary.fact("floor").unwrap();
        let (birth, _) = vocabulary.fact("birth_date").unwrap();
        for missing in &verdict.missing {
            match (missing.fact.as_str(), missing.member) {
                ("floor", None) => home.facts[floor] = Cell::Code(vocabulary.number("floor", "earth").unwrap()),
                ("birth_date", Some(id)) => {
                    let member = home.members.iter_mut().find(|m| m.id == id).unwrap();
                    member.facts[birth] = Cell::Days(today() - 30_000, today() - 30_000);
                }
                other => panic!("asked for {other:?}"),
            }
        }
        asked += 1;
        assert_eq!(explain(&rule, &home, setting).outcome, Outcome::Eligible);
    }
    assert!(asked > 20, "{asked}");
}
