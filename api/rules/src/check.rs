//! Whether a rule can be meant as it stands: facts, units and codes that exist, and clauses that some households fulfil
//! and others do not.

use crate::judge::number;
use crate::parse::Fault;
use crate::ranges;
use crate::tree::{Age, Clause, Decile, HasProblem, Literal, Op, Receives};
use crate::vocabulary::{CLASSES, Fact, Kind, NEEDS, PPKS, Subject, Vocabulary};

/// What the checker found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Why the rule is refused; none: it may be stored.
    pub errors: Vec<Fault>,
    /// What its writer should look at.
    pub warnings: Vec<Fault>,
}

/// Checks a rule. `restricted`: whether its program is, and so may speak of what is restricted.
#[must_use]
pub fn check(rule: &Clause, vocabulary: &Vocabulary, restricted: bool) -> Report {
    let mut checker = Checker { vocabulary, restricted, report: Report::default() };
    checker.clause(rule, "", Subject::Household);
    let mut report = checker.report;
    if report.errors.is_empty() {
        ranges::prove(rule, vocabulary, &mut report);
    }
    report
}

struct Checker<'a> {
    vocabulary: &'a Vocabulary,
    restricted: bool,
    report: Report,
}

impl Checker<'_> {
    fn error(&mut self, at: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.report.errors.push(Fault::new(at, code, detail));
    }

    fn clause(&mut self, clause: &Clause, at: &str, of: Subject) {
        match clause {
            Clause::All(list) => self.siblings(list, at),
            Clause::Compare(c) => {
                self.compare(&c.fact, c.op, &c.value, c.unit.as_deref(), &format!("{at}/compare"), of)
            }
            Clause::In(c) => {
                let here = format!("{at}/in");
                if let Some(fact) = self.fact(&c.fact, &here, of) {
                    for (i, value) in c.values.iter().enumerate() {
                        self.value(&fact, value, &format!("{here}/values/{i}"));
                    }
                }
            }
            Clause::Between(c) => {
                let here = format!("{at}/between");
                if let Some(fact) = self.fact(&c.fact, &here, of) {
                    self.ordered(&fact, &here);
                    self.unit(&fact, c.unit.as_deref(), &here);
                    let fine = self.value(&fact, &c.from, &format!("{here}/from"))
                        && self.value(&fact, &c.to, &format!("{here}/to"));
                    if fine && number(&c.from) > number(&c.to) {
                        self.error(here, "empty_range", "nothing lies between them: from is greater than to");
                    }
                }
            }
            Clause::AnyMember(_) | Clause::CountMembers(_) if of == Subject::Member => {
                return self.error(
                    at,
                    "nested_member",
                    "a clause about a member cannot hold another one about members",
                );
            }
            Clause::HasProblem(c) => self.problem(c, &format!("{at}/has_problem")),
            Clause::Receives(c) => self.receives(c, &format!("{at}/receives")),
            Clause::AreaIn(areas) => {
                self.subject(of, Subject::Household, at, "the domicile");
                for (i, area) in areas.iter().enumerate() {
                    if self.vocabulary.area(area).is_none() {
                        self.error(format!("{at}/area_in/{i}"), "unknown_code", "is not a region of the city");
                    }
                }
            }
            Clause::Age(c) => self.age(c, at, of),
            Clause::Decile(c) => self.decile(c, at, of),
            _ => {}
        }
        let below = if matches!(clause, Clause::AnyMember(_) | Clause::CountMembers(_)) { Subject::Member } else { of };
        for (end, child) in clause.children() {
            self.clause(child, &format!("{at}{end}"), below);
        }
    }

    /// Two clauses about some member, side by side: one person or two?
    fn siblings(&mut self, list: &[Clause], at: &str) {
        let mut members = list.iter().enumerate().filter(|(_, c)| matches!(c, Clause::AnyMember(_))).map(|(i, _)| i);
        let (first, rest) = (members.next(), members);
        for other in rest {
            self.report.warnings.push(Fault::new(
                format!("{at}/all/{other}"),
                "one_person_or_two",
                format!(
                    "may be fulfilled by another member than {at}/all/{}; put both inside one any_member if one person is meant",
                    first.unwrap_or_default()
                ),
            ));
        }
    }

    fn subject(&mut self, of: Subject, wanted: Subject, at: &str, what: &str) {
        if of != wanted {
            let detail = match wanted {
                Subject::Household => format!("{what} is the household's: ask for it outside the member clause"),
                Subject::Member => format!("{what} is a member's: ask for it inside any_member or count_members"),
            };
            self.error(at, "wrong_subject", detail);
        }
    }

    fn fact(&mut self, name: &str, at: &str, of: Subject) -> Option<Fact> {
        let Some((_, fact)) = self.vocabulary.fact(name) else {
            self.error(format!("{at}/fact"), "unknown_fact", "is not a fact of the catalogue");
            return None;
        };
        let fact = fact.clone();
        self.subject(of, fact.subject, &format!("{at}/fact"), "this fact");
        Some(fact)
    }

    fn unit(&mut self, fact: &Fact, unit: Option<&str>, at: &str) {
        let money = (fact.kind == Kind::Money).then_some("IDR");
        if unit.is_some() && unit != fact.unit.as_deref().or(money) {
            let detail = match fact.unit.as_deref().or(money) {
                Some(own) => format!("the unit of this fact is {own}"),
                None => "this fact has no unit".to_owned(),
            };
            self.error(format!("{at}/unit"), "wrong_unit", detail);
        }
    }

    fn ordered(&mut self, fact: &Fact, at: &str) {
        if matches!(fact.kind, Kind::Bool | Kind::Code) {
            self.error(at, "not_ordered", "values of this fact have no order: use eq, ne or in");
        }
    }

    fn compare(&mut self, name: &str, op: Op, value: &Literal, unit: Option<&str>, at: &str, of: Subject) {
        let Some(fact) = self.fact(name, at, of) else { return };
        if !matches!(op, Op::Eq | Op::Ne) {
            self.ordered(&fact, &format!("{at}/op"));
        }
        self.unit(&fact, unit, at);
        self.value(&fact, value, &format!("{at}/value"));
    }

    /// Whether a value is of the fact's type; else it is reported.
    fn value(&mut self, fact: &Fact, value: &Literal, at: &str) -> bool {
        let before = self.report.errors.len();
        match (fact.kind, value) {
            (Kind::Bool, Literal::Bool(_)) | (Kind::Int | Kind::Money, Literal::Int(_)) => {}
            (Kind::Code, Literal::Text(code)) => {
                self.code(fact.list.as_deref().unwrap_or_default(), code, at);
            }
            (Kind::Date, Literal::Text(text)) if crate::parse::date(text).is_some() => {}
            (kind, _) => {
                let wanted = match kind {
                    Kind::Bool => "true or false",
                    Kind::Int => "a whole number",
                    Kind::Money => "whole rupiah",
                    Kind::Code => "a code of its list",
                    Kind::Date => "a date as YYYY-MM-DD",
                };
                self.error(at, "wrong_type", format!("expected {wanted}"));
            }
        }
        self.report.errors.len() == before
    }

    fn code(&mut self, list: &str, code: &str, at: &str) {
        match self.vocabulary.code(list, code) {
            None => self.error(at, "unknown_code", format!("is not a code of the list {list}")),
            Some(entry) if entry.restricted && !self.restricted => {
                self.error(at, "restricted_code", "only a restricted program may ask for this");
            }
            Some(_) => {}
        }
    }

    fn problem(&mut self, c: &HasProblem, at: &str) {
        for (list, name, codes) in [(NEEDS, "needs", &c.needs), (PPKS, "ppks", &c.ppks)] {
            for (i, code) in codes.iter().enumerate() {
                self.code(list, code, &format!("{at}/{name}/{i}"));
            }
        }
    }

    fn receives(&mut self, c: &Receives, at: &str) {
        for (i, class) in c.overlap_classes.iter().enumerate() {
            self.code(CLASSES, class, &format!("{at}/overlap_classes/{i}"));
        }
        for (i, code) in c.programs.iter().enumerate() {
            let here = format!("{at}/programs/{i}");
            match self.vocabulary.program(code) {
                // One answer for what does not exist and what this program may not know of.
                Some(program) if !program.restricted || self.restricted => {}
                _ => self.error(here, "unknown_code", "is not a program it may ask for"),
            }
        }
    }

    fn age(&mut self, c: &Age, at: &str, of: Subject) {
        self.subject(of, Subject::Member, at, "age");
        if let (Some(min), Some(max)) = (c.min, c.max)
            && min > max
        {
            self.error(format!("{at}/age"), "empty_range", "nobody is of that age: min is greater than max");
        }
    }

    fn decile(&mut self, c: &Decile, at: &str, of: Subject) {
        self.subject(of, Subject::Household, at, "the decile");
        let here = format!("{at}/decile");
        if c.min < 1 || c.max < 1 {
            self.error(here.clone(), "range", "deciles run from 1 to 10");
        } else if c.min > c.max {
            self.error(here.clone(), "empty_range", "no decile lies between: min is greater than max");
        }
        for (i, source) in c.sources.iter().enumerate() {
            if !self.vocabulary.sources().contains(source) {
                self.error(format!("{here}/sources/{i}"), "unknown_code", "is not a source of welfare snapshots");
            }
        }
    }
}
