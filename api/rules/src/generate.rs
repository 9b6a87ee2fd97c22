//! Random rules and households from a seed: for tests against the plain reading, and for measurements.

use std::collections::BTreeMap;

use crate::subject::{Benefit, Cell, Coverage, Day, Household, Member, Problem, Snapshot};
use crate::tree::{
    Age, AgeUnit, Among, Between, Clause, Compare, Count, Decile, HasProblem, Literal, Op, Receives, Scope, Severity,
    Status,
};
use crate::vocabulary::{CLASSES, Code, Fact, Kind, Label, NEEDS, PPKS, ProgramName, Subject, Vocabulary};

/// Numbers from a seed (splitmix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// 0 to `end` without it.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { usize::try_from(self.next() % end as u64).unwrap_or(0) }
    }
    /// Both ends included.
    pub fn between(&mut self, from: i32, to: i32) -> i32 {
        from + i32::try_from(self.below(usize::try_from(to - from + 1).unwrap_or(1))).unwrap_or(0)
    }
    /// So many times of a thousand.
    pub fn chance(&mut self, of_thousand: usize) -> bool {
        self.below(1000) < of_thousand
    }
    fn one<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        list.get(self.below(list.len()))
    }
    fn codes(&mut self, list: &[Code], most: usize) -> Vec<String> {
        let mut codes: Vec<String> =
            (0..=self.below(most)).filter_map(|_| self.one(list)).map(|c| c.code.clone()).collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

/// A vocabulary over the code lists of a shipped file, a few regions and programs.
///
/// # Errors
/// When the file is not what it should be.
pub fn vocabulary(code_lists: &str) -> Result<Vocabulary, serde_json::Error> {
    let file: serde_json::Value = serde_json::from_str(code_lists)?;
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let mut lists = BTreeMap::new();
    for list in file["lists"].as_array().into_iter().flatten() {
        let entry = |e: &serde_json::Value| Code {
            code: text(&e["code"]),
            label: Label { id: text(&e["name"]["id"]), en: text(&e["name"]["en"]) },
            restricted: e["sensitivity"] == "restricted",
            merges: e["attrs"]["merges"].as_array().into_iter().flatten().map(text).collect(),
        };
        let entries = list["entries"].as_array().into_iter().flatten().map(entry).collect();
        lists.insert(text(&list["slug"]), entries);
    }
    let mut areas = BTreeMap::from([("32.73".to_owned(), "Kota Bandung".to_owned())]);
    for district in 1..=3 {
        areas.insert(format!("32.73.0{district}"), format!("Kecamatan {district}"));
        for village in 1..=4 {
            areas.insert(format!("32.73.0{district}.100{village}"), format!("Kelurahan {district}.{village}"));
        }
    }
    let classes = lists.get(CLASSES).map_or(0, Vec::len);
    let program = |number: u16| {
        let class = lists.get(CLASSES).and_then(|l| l.get(usize::from(number) % 7 % classes.max(1)));
        let name = ProgramName {
            label: Label::same(&format!("Program {number}")),
            restricted: number % 5 == 4,
            number,
            overlap_class: class.map(|c| c.code.clone()),
            own: number.is_multiple_of(2),
        };
        (format!("P{number:02}"), name)
    };
    let programs = (1..=12).map(program).collect();
    Ok(Vocabulary::new(lists)?
        .with_areas(areas)
        .with_programs(programs)
        .with_sources(vec!["dtsen".to_owned(), "p3ke".to_owned()]))
}

/// Lists loaded for some programs, areas and times.
pub fn coverage(dice: &mut Dice, today: Day) -> Coverage {
    let mut coverage = Coverage::default();
    for _ in 0..dice.below(20) {
        let program = u16::try_from(dice.between(1, 12)).unwrap_or(1);
        let area = dice.one(&["32.73", "32.73.01", "32.73.02", "32.73.01.1001"]).copied().unwrap_or("32.73");
        let from = today + dice.between(-500, 30);
        coverage.add(program, area, from, from + dice.between(0, 900));
    }
    coverage
}

/// Value of a fact of its kind; sometimes missing or disputed.
fn cell(dice: &mut Dice, vocabulary: &Vocabulary, fact: &Fact, today: Day) -> Cell {
    if dice.chance(120) {
        return if dice.chance(200) { Cell::Disputed } else { Cell::Missing };
    }
    match fact.kind {
        Kind::Bool => Cell::Bool(dice.chance(500)),
        Kind::Int => Cell::Int(i64::from(dice.between(0, 6)) * if fact.name == "floor_area" { 12 } else { 1 }),
        Kind::Money => Cell::Int(i64::from(dice.between(0, 80)) * 100_000),
        Kind::Code => {
            let list = vocabulary.list(fact.list.as_deref().unwrap_or_default());
            Cell::Code(u8::try_from(dice.below(list.len()) + 1).unwrap_or(0))
        }
        Kind::Date => {
            let first = today - dice.between(-20, 33_000);
            let known = dice.below(4);
            Cell::Days(
                first,
                first
                    + if known == 0 {
                        364
                    } else if known == 1 {
                        30
                    } else {
                        0
                    },
            )
        }
    }
}

/// A household of the region, with everything that can be amiss about one.
pub fn household(dice: &mut Dice, vocabulary: &Vocabulary, id: u128, region: &str, today: Day) -> Household {
    let mut home = Household::blank(vocabulary);
    home.id = id;
    home.region = region.to_owned();
    home.members_complete = dice.chance(750);
    let size = if dice.chance(60) { 0 } else { dice.below(6) };
    home.declared_members = (!dice.chance(200)).then(|| u32::try_from(dice.below(3) + size).unwrap_or(0));
    for (number, fact) in vocabulary.facts().iter().enumerate().filter(|(_, f)| f.subject == Subject::Household) {
        if let Some(slot) = home.facts.get_mut(number) {
            *slot = cell(dice, vocabulary, fact, today);
        }
    }
    for at in 0..size {
        home.members.push(member(dice, vocabulary, id * 100 + at as u128, today));
    }
    let whose = |dice: &mut Dice| {
        if size == 0 || dice.chance(400) { None } else { u16::try_from(dice.below(size)).ok() }
    };
    for _ in 0..dice.below(4) {
        let member = whose(dice);
        home.problems.push(problem(dice, vocabulary, member));
    }
    for _ in 0..dice.below(4) {
        let member = whose(dice);
        let program = u16::try_from(dice.between(1, 12)).unwrap_or(1);
        let from = today + dice.between(-700, 60);
        let class = u8::try_from(usize::from(program) % 7 + 1).unwrap_or(0);
        let to = from + dice.between(0, 500);
        home.benefits.push(Benefit { member, program, class, from, to, restricted: program % 5 == 4 });
    }
    for _ in 0..dice.below(4) {
        let month = crate::judge::month(crate::date_of(today)) - dice.between(0, 30);
        let mut deciles = [0u8; 3];
        deciles.iter_mut().for_each(|d| *d = u8::try_from(dice.below(11)).unwrap_or(0));
        home.snapshots.push(Snapshot { source: u8::try_from(dice.below(2)).unwrap_or(0), month, deciles });
    }
    home
}

fn member(dice: &mut Dice, vocabulary: &Vocabulary, id: u128, today: Day) -> Member {
    let mut member = Member::blank(vocabulary);
    member.id = id;
    for (number, fact) in vocabulary.facts().iter().enumerate().filter(|(_, f)| f.subject == Subject::Member) {
        let value = cell(dice, vocabulary, fact, today);
        let secret = fact.list.as_deref().is_some_and(|l| vocabulary.list(l).iter().any(|c| c.restricted));
        if secret && dice.chance(300) {
            member.restricted.push((number, value));
        } else if let Some(slot) = member.facts.get_mut(number) {
            *slot = value;
        }
    }
    member.restricted.retain(|(_, cell)| matches!(cell, Cell::Code(_)));
    member
}

fn problem(dice: &mut Dice, vocabulary: &Vocabulary, member: Option<u16>) -> Problem {
    let number = |dice: &mut Dice, list: &str, least: usize| {
        u8::try_from(dice.below(vocabulary.list(list).len() + 1 - least) + least).unwrap_or(0)
    };
    let need = number(dice, NEEDS, 1);
    let ppks = number(dice, PPKS, 0);
    let severity = dice.one(&Severity::ALL).map_or(Severity::Low, |(_, s)| *s);
    let status = dice.one(&Status::ALL).map_or(Status::Verified, |(_, s)| *s);
    Problem { member, need, ppks, severity, status, restricted: dice.chance(200) }
}

/// A rule of some depth. It is well-typed, but may well be pointless.
pub fn clause(dice: &mut Dice, vocabulary: &Vocabulary, depth: usize, of: Subject, today: Day) -> Clause {
    let pick = if depth == 0 { dice.below(9) + 3 } else { dice.below(14) };
    let list = |dice: &mut Dice| {
        (0..1 + dice.below(3)).map(|_| clause(dice, vocabulary, depth.saturating_sub(1), of, today)).collect()
    };
    match pick {
        0 => Clause::All(list(dice)),
        1 => Clause::Any(list(dice)),
        2 => Clause::Not(Box::new(clause(dice, vocabulary, depth - 1, of, today))),
        3 | 4 => fact_clause(dice, vocabulary, of, today),
        5 => Clause::HasProblem(HasProblem {
            needs: dice.codes(vocabulary.list(NEEDS), 8),
            ppks: if dice.chance(200) { dice.codes(vocabulary.list(PPKS), 8) } else { Vec::new() },
            min_severity: dice.one(&Severity::ALL).map_or(Severity::Low, |(_, s)| *s),
            statuses: if dice.chance(700) { Status::OPEN.to_vec() } else { vec![Status::Reported, Status::Resolved] },
        }),
        6 => {
            let programs: Vec<String> = vocabulary.programs().keys().cloned().collect();
            let named: Vec<String> = (0..dice.below(3)).filter_map(|_| dice.one(&programs).cloned()).collect();
            let classes = if named.is_empty() || dice.chance(300) {
                dice.codes(vocabulary.list(CLASSES).get(..7).unwrap_or_default(), 2)
            } else {
                Vec::new()
            };
            let within_days = if dice.chance(500) { 0 } else { u32::try_from(dice.below(400)).unwrap_or(0) };
            Clause::Receives(Receives { overlap_classes: classes, programs: named, within_days })
        }
        _ if of == Subject::Member => {
            let unit = if dice.chance(750) { AgeUnit::Years } else { AgeUnit::Months };
            let scale = if unit == AgeUnit::Years { 90 } else { 700 };
            let min = u32::try_from(dice.below(scale)).unwrap_or(0);
            let max = dice.chance(500).then(|| min + u32::try_from(dice.below(30)).unwrap_or(0));
            let on = dice.chance(150).then(|| crate::date_of(today + dice.between(-400, 400)));
            Clause::Age(Age { min: (max.is_none() || dice.chance(700)).then_some(min), max, unit, on })
        }
        7 => {
            let areas: Vec<String> = vocabulary.areas().keys().skip(1).cloned().collect();
            Clause::AreaIn((0..1 + dice.below(3)).filter_map(|_| dice.one(&areas).cloned()).collect())
        }
        8 | 9 => {
            let min = u8::try_from(dice.between(1, 5)).unwrap_or(1);
            let sources = if dice.chance(600) { Vec::new() } else { vec!["dtsen".to_owned()] };
            let max_age_months = dice.chance(500).then(|| u32::try_from(dice.below(24)).unwrap_or(0));
            let scope = dice.one(&Scope::ALL).map_or(Scope::National, |(_, s)| *s);
            Clause::Decile(Decile {
                min,
                max: min + u8::try_from(dice.below(5)).unwrap_or(0),
                scope,
                sources,
                max_age_months,
            })
        }
        10 | 11 => {
            Clause::AnyMember(Box::new(clause(dice, vocabulary, depth.saturating_sub(1), Subject::Member, today)))
        }
        _ => {
            let filter = dice
                .chance(850)
                .then(|| Box::new(clause(dice, vocabulary, depth.saturating_sub(1), Subject::Member, today)));
            let op = dice.one(&Op::ALL).map_or(Op::Ge, |(_, op)| *op);
            Clause::CountMembers(Count { filter, op, value: u32::try_from(dice.below(5)).unwrap_or(0) })
        }
    }
}

fn fact_clause(dice: &mut Dice, vocabulary: &Vocabulary, of: Subject, today: Day) -> Clause {
    let facts: Vec<&Fact> = vocabulary.facts().iter().filter(|f| f.subject == of).collect();
    let Some(fact) = dice.one(&facts) else { return Clause::AreaIn(vec!["32.73.01".to_owned()]) };
    let name = fact.name.clone();
    let equal = if dice.chance(700) { Op::Eq } else { Op::Ne };
    match fact.kind {
        Kind::Bool => {
            let value = Literal::Bool(dice.chance(500));
            Clause::Compare(Compare { fact: name, op: equal, value, unit: None })
        }
        Kind::Code => {
            let codes = dice.codes(vocabulary.list(fact.list.as_deref().unwrap_or_default()), 4);
            let values: Vec<Literal> = codes.into_iter().map(Literal::Text).collect();
            match values.as_slice() {
                [value] => Clause::Compare(Compare { fact: name, op: equal, value: value.clone(), unit: None }),
                _ => Clause::In(Among { fact: name, values }),
            }
        }
        Kind::Int | Kind::Money | Kind::Date => {
            let value = |dice: &mut Dice| match fact.kind {
                Kind::Date => Literal::Text(crate::date_of(today - dice.between(0, 30_000)).to_string()),
                Kind::Money => Literal::Int(i64::from(dice.between(0, 80)) * 100_000),
                _ => Literal::Int(i64::from(dice.between(0, 70))),
            };
            match dice.below(4) {
                0 => {
                    let (a, b) = (value(dice), value(dice));
                    Clause::Between(Between { fact: name, from: a, to: b, unit: None })
                }
                1 => {
                    let values = vec![value(dice), value(dice)];
                    Clause::In(Among { fact: name, values })
                }
                _ => {
                    let op = dice.one(&Op::ALL).map_or(Op::Ge, |(_, op)| *op);
                    Clause::Compare(Compare { fact: name, op, value: value(dice), unit: None })
                }
            }
        }
    }
}
