//! The plain reading of a rule for one household, clause by clause. What the engine does in columns must equal this.

use chrono::{Datelike as _, Months, NaiveDate};

use crate::subject::{Benefit, Cell, Day, Household, Problem, Setting, date_of, holds};
use crate::tree::{Age, AgeUnit, Clause, Decile, HasProblem, Literal, Op, Receives, Status};
use crate::tri::Tri;
use crate::vocabulary::{CLASSES, Fact, Kind, NEEDS, PPKS, Subject};

/// A household on a day, seen by one kind of program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub household: &'a Household,
    pub setting: Setting<'a>,
}

/// Truth of a rule for a household.
#[must_use]
pub fn judge(rule: &Clause, household: &Household, setting: Setting<'_>) -> Tri {
    View { household, setting }.clause(rule, None)
}

impl View<'_> {
    /// Truth of a clause; inside a member clause, for that member.
    pub fn clause(&self, clause: &Clause, member: Option<usize>) -> Tri {
        match clause {
            Clause::All(list) => list.iter().map(|c| self.clause(c, member)).min().unwrap_or(Tri::True),
            Clause::Any(list) => list.iter().map(|c| self.clause(c, member)).max().unwrap_or(Tri::False),
            Clause::Not(inner) => !self.clause(inner, member),
            Clause::Compare(c) => self.fact(&c.fact, member, |fact, cell| match c.op {
                Op::Ne => !self.matches(fact, cell, std::slice::from_ref(&c.value)),
                Op::Eq => self.matches(fact, cell, std::slice::from_ref(&c.value)),
                op => number(&c.value).map_or(Tri::Unknown, |n| between(cell, op.range(n))),
            }),
            Clause::In(c) => self.fact(&c.fact, member, |fact, cell| self.matches(fact, cell, &c.values)),
            Clause::Between(c) => self.fact(&c.fact, member, |_, cell| match (number(&c.from), number(&c.to)) {
                (Some(from), Some(to)) => between(cell, (from, to, false)),
                _ => Tri::Unknown,
            }),
            Clause::AnyMember(inner) => {
                let (sure, possible) = self.count(Some(inner));
                Tri::of(sure > 0, possible.is_none_or(|most| most > 0))
            }
            Clause::CountMembers(count) => {
                let (sure, possible) = self.count(count.filter.as_deref());
                let (from, to, outside) = count.op.range(i64::from(count.value));
                let most = possible.map_or(i64::MAX, i64::from);
                let inside = Tri::within((i64::from(sure), most), (from, to));
                if outside { !inside } else { inside }
            }
            Clause::HasProblem(c) => self.problem(c, member),
            Clause::Receives(c) => self.receives(c, member),
            Clause::AreaIn(areas) => {
                let inside = areas.iter().any(|a| holds(a, &self.household.region));
                Tri::of(inside, inside)
            }
            Clause::Age(c) => member.map_or(Tri::Unknown, |m| self.age(c, m)),
            Clause::Decile(c) => self.decile(c),
        }
    }

    /// How many members certainly satisfy a clause, and how many may at most (`None`: no limit is known).
    pub fn count(&self, clause: Option<&Clause>) -> (u32, Option<u32>) {
        let (mut sure, mut possible) = (0, 0);
        for at in 0..self.household.members.len() {
            let truth = clause.map_or(Tri::True, |c| self.clause(c, Some(at)));
            sure += u32::from(truth == Tri::True);
            possible += u32::from(truth != Tri::False);
        }
        (sure, self.household.absent().map(|absent| possible + absent))
    }

    /// The value of a fact.
    pub fn cell(&self, name: &str, member: Option<usize>) -> Cell {
        let Some((number, fact)) = self.setting.vocabulary.fact(name) else { return Cell::Missing };
        match (fact.subject, member) {
            (Subject::Household, None) => self.household.facts.get(number).copied().unwrap_or_default(),
            (Subject::Member, Some(at)) => {
                self.household.members.get(at).map_or(Cell::Missing, |m| m.fact(number, self.setting.restricted))
            }
            _ => Cell::Missing,
        }
    }

    fn fact(&self, name: &str, member: Option<usize>, test: impl Fn(&Fact, Cell) -> Tri) -> Tri {
        let Some((_, fact)) = self.setting.vocabulary.fact(name) else { return Tri::Unknown };
        test(fact, self.cell(name, member))
    }

    /// Whether a value is one of these.
    fn matches(&self, fact: &Fact, cell: Cell, values: &[Literal]) -> Tri {
        match (fact.kind, cell) {
            (Kind::Code, Cell::Code(code)) => {
                let list = fact.list.as_deref().unwrap_or_default();
                let Some(entry) = self.setting.vocabulary.list(list).get(usize::from(code).wrapping_sub(1)) else {
                    return Tri::Unknown;
                };
                let wanted: Vec<&str> = values.iter().filter_map(text).collect();
                self.setting.vocabulary.covers(list, &wanted, &entry.code)
            }
            (Kind::Bool, Cell::Bool(is)) => {
                let hit = values.contains(&Literal::Bool(is));
                Tri::of(hit, hit)
            }
            (Kind::Int | Kind::Money | Kind::Date, cell) => {
                values.iter().filter_map(number).map(|n| between(cell, (n, n, false))).max().unwrap_or(Tri::Unknown)
            }
            _ => Tri::Unknown,
        }
    }

    /// The problems a clause speaks of, whatever their status.
    pub fn problems(&self, c: &HasProblem, member: Option<usize>) -> impl Iterator<Item = &Problem> {
        let vocabulary = self.setting.vocabulary;
        let numbers = |list: &str, codes: &[String]| -> Vec<u8> {
            codes.iter().filter_map(|code| vocabulary.number(list, code)).collect()
        };
        let (needs, ppks) = (numbers(NEEDS, &c.needs), numbers(PPKS, &c.ppks));
        let (any_need, any_ppks, least) = (c.needs.is_empty(), c.ppks.is_empty(), c.min_severity);
        let restricted = self.setting.restricted;
        self.household.problems.iter().filter(move |p| {
            member.is_none_or(|m| p.member.map(usize::from) == Some(m))
                && (any_need || needs.contains(&p.need))
                && (any_ppks || ppks.contains(&p.ppks))
                && p.severity >= least
                && (restricted || !p.restricted)
        })
    }

    fn problem(&self, c: &HasProblem, member: Option<usize>) -> Tri {
        let truth = |p: &Problem| match p.status {
            status if c.statuses.contains(&status) => Tri::True,
            // Somebody has yet to confirm or check it.
            Status::Candidate | Status::Reported => Tri::Unknown,
            _ => Tri::False,
        };
        self.problems(c, member).map(truth).max().unwrap_or(Tri::False)
    }

    /// Programs whose recipients a clause asks for.
    pub fn asked(&self, c: &Receives) -> Vec<(u16, bool)> {
        let seen = |restricted: bool| self.setting.restricted || !restricted;
        let programs = self.setting.vocabulary.programs().iter();
        let named = programs.filter(|(code, p)| {
            let class = p.overlap_class.as_ref().is_some_and(|class| c.overlap_classes.contains(class));
            seen(p.restricted) && (class || c.programs.contains(code))
        });
        named.map(|(_, p)| (p.number, p.own)).collect()
    }

    /// Benefits a clause speaks of, whenever they were received.
    pub fn benefits(&self, c: &Receives, member: Option<usize>) -> impl Iterator<Item = &Benefit> {
        let vocabulary = self.setting.vocabulary;
        let classes: Vec<u8> = c.overlap_classes.iter().filter_map(|code| vocabulary.number(CLASSES, code)).collect();
        let programs: Vec<u16> =
            c.programs.iter().filter_map(|code| vocabulary.program(code).map(|p| p.number)).collect();
        let restricted = self.setting.restricted;
        self.household.benefits.iter().filter(move |b| {
            // What the household receives, each of its members does.
            let whose = member.is_none_or(|m| b.member.is_none_or(|of| usize::from(of) == m));
            whose
                && ((b.class > 0 && classes.contains(&b.class)) || programs.contains(&b.program))
                && (restricted || !b.restricted)
        })
    }

    fn receives(&self, c: &Receives, member: Option<usize>) -> Tri {
        let today = self.setting.today;
        let since = today.saturating_sub(Day::try_from(c.within_days).unwrap_or(Day::MAX));
        if self.benefits(c, member).any(|b| b.from <= today && b.to >= since) {
            return Tri::True;
        }
        let region = &self.household.region;
        let covered =
            self.asked(c).iter().all(|(p, own)| *own || self.setting.coverage.covers(*p, region, since, today));
        Tri::of(false, !covered)
    }

    fn age(&self, c: &Age, member: usize) -> Tri {
        let Cell::Days(first, last) = self.cell("birth_date", Some(member)) else { return Tri::Unknown };
        let on = c.on.unwrap_or_else(|| date_of(self.setting.today));
        let youngest = completed(date_of(last), on, c.unit);
        let oldest = completed(date_of(first), on, c.unit);
        let range = (i64::from(c.min.unwrap_or(0)), c.max.map_or(i64::MAX, i64::from));
        Tri::within((youngest, oldest), range)
    }

    fn decile(&self, c: &Decile) -> Tri {
        let now = month(date_of(self.setting.today));
        let sources = self.setting.vocabulary.sources();
        let counts = |source: u8| {
            c.sources.is_empty() || sources.get(usize::from(source)).is_some_and(|name| c.sources.contains(name))
        };
        let said: Vec<(i32, u8)> = self
            .household
            .snapshots
            .iter()
            .filter(|s| counts(s.source))
            .filter(|s| c.max_age_months.is_none_or(|most| i64::from(now - s.month) <= i64::from(most)))
            .map(|s| (s.month, s.deciles[c.scope as usize]))
            .filter(|(_, decile)| *decile > 0)
            .collect();
        let Some(newest) = said.iter().map(|(month, _)| *month).max() else { return Tri::Unknown };
        // Sources of the same month that disagree leave it open.
        let latest = || said.iter().filter(|(month, _)| *month == newest).map(|(_, decile)| *decile);
        let (low, high) = (latest().min().unwrap_or(1), latest().max().unwrap_or(10));
        Tri::within((low, high), (c.min, c.max))
    }
}

fn text(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Text(text) => Some(text),
        _ => None,
    }
}

/// A number, or a date as its day.
pub(crate) fn number(literal: &Literal) -> Option<i64> {
    match literal {
        Literal::Int(n) => Some(*n),
        Literal::Text(text) => crate::parse::date(text).map(|d| i64::from(crate::subject::day(d))),
        Literal::Bool(_) => None,
    }
}

fn between(cell: Cell, (from, to, outside): (i64, i64, bool)) -> Tri {
    let inside = match cell {
        Cell::Int(n) => Tri::within((n, n), (from, to)),
        Cell::Days(first, last) => Tri::within((i64::from(first), i64::from(last)), (from, to)),
        _ => return Tri::Unknown,
    };
    if outside { !inside } else { inside }
}

/// Completed years or months on a day; negative before birth.
pub(crate) fn completed(born: NaiveDate, on: NaiveDate, unit: AgeUnit) -> i64 {
    match unit {
        AgeUnit::Years => {
            i64::from(on.year() - born.year()) - i64::from((on.month(), on.day()) < (born.month(), born.day()))
        }
        AgeUnit::Months => i64::from(month(on) - month(born)) - i64::from(on.day() < born.day()),
    }
}

/// Months since year 0.
#[must_use]
pub fn month(date: NaiveDate) -> i32 {
    date.year() * 12 + i32::try_from(date.month0()).unwrap_or(0)
}

/// First day on which somebody born then has completed so many years or months.
pub(crate) fn turns(born: Day, count: u32, unit: AgeUnit) -> Day {
    let months = if unit == AgeUnit::Years { count.saturating_mul(12) } else { count };
    let date = date_of(born);
    match date.checked_add_months(Months::new(months)) {
        // The end of a shorter month comes a day too early.
        Some(on) if completed(date, on, unit) < i64::from(count) => crate::subject::day(on) + 1,
        Some(on) => crate::subject::day(on),
        None => Day::MAX,
    }
}
