//! Why, why not, until when, and what could lawfully change it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use crate::judge::{View, turns};
use crate::subject::{Cell, Day, Household, Setting, date_of};
use crate::tree::{Age, AgeUnit, Clause, Receives, Status};
use crate::tri::Tri;
use crate::vocabulary::Kind;

/// How far ahead the clock is turned to find the day on which a verdict ends.
const HORIZON_DAYS: Day = 3 * 366;

/// What a rule says of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It fulfils the rule.
    Eligible,
    /// It does not, by what is known.
    Ineligible,
    /// What is known does not decide.
    NeedsData,
}

impl Outcome {
    /// Of a truth value.
    #[must_use]
    pub fn of(truth: Tri) -> Self {
        match truth {
            Tri::True => Self::Eligible,
            Tri::False => Self::Ineligible,
            Tri::Unknown => Self::NeedsData,
        }
    }
}

/// A clause that decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decider {
    /// JSON pointer into the rule.
    pub pointer: String,
    /// What it says.
    pub truth: Tri,
    /// Of which member, by the caller's id.
    #[serde(skip)]
    pub member: Option<u128>,
}

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing is recorded.
    NotRecorded,
    /// It is disputed.
    Disputed,
    /// It is recorded too coarsely.
    Imprecise,
    /// Not every member is recorded.
    MembersIncomplete,
    /// The problem awaits its confirmation or check.
    ProblemUnverified,
    /// No list of the program's recipients is loaded for this area and time.
    NotCovered,
}

/// Something that would decide if it were known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// Name of the fact; `members`, `problem`, `benefits` or `decile` where it is none of the catalogue.
    pub fact: String,
    /// Clause that asks for it.
    pub pointer: String,
    /// Of which member, by the caller's id.
    #[serde(skip)]
    pub member: Option<u128>,
    /// Why it is not known.
    pub why: Why,
    /// Documents that show it.
    pub documents: Vec<String>,
}

/// What kind of change could lawfully turn the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Ask for what is not known.
    Ask,
    /// Check whether what is recorded still holds.
    Check,
    /// Wait for a day.
    Date,
    /// Have a reported problem verified.
    Verify,
    /// Have the need assessed.
    Assess,
}

/// What could lawfully change a verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Kind.
    pub kind: ChangeKind,
    /// Clause it would change.
    pub pointer: String,
    /// Fact to ask for or check.
    pub fact: Option<String>,
    /// Of which member, by the caller's id.
    #[serde(skip)]
    pub member: Option<u128>,
    /// Documents that show it.
    pub documents: Vec<String>,
    /// From which day the clause changes by itself.
    pub on: Option<NaiveDate>,
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it is.
    pub outcome: Outcome,
    /// The clauses that decided.
    pub deciding: Vec<Decider>,
    /// Facts that would decide it, where it is open.
    pub missing: Vec<Missing>,
    /// What could change it, where it is not eligible.
    pub changes: Vec<Change>,
    /// Members by whom a member clause holds.
    pub members: Vec<u128>,
    /// Last day on which it holds if nothing is written; `None`: beyond the horizon.
    pub valid_until: Option<NaiveDate>,
}

/// The verdict with its reasons.
#[must_use]
pub fn explain(rule: &Clause, household: &Household, setting: Setting<'_>) -> Verdict {
    let view = View { household, setting };
    let truth = view.clause(rule, None);
    let mut trace = Trace::new(view);
    trace.walk(rule, String::new(), None, true);
    let Trace { mut deciding, mut missing, mut changes, mut members, .. } = trace;
    if truth == Tri::True {
        changes.clear();
    }
    members.sort_unstable();
    members.dedup();
    sorted(&mut deciding);
    sorted(&mut missing);
    sorted(&mut changes);
    let valid_until = valid_until(rule, household, setting);
    Verdict { outcome: Outcome::of(truth), deciding, missing, changes, members, valid_until }
}

fn sorted<T: Ord>(list: &mut Vec<T>) {
    list.sort();
    list.dedup();
}

/// Last day on which the verdict of today still holds if nothing is written.
#[must_use]
pub fn valid_until(rule: &Clause, household: &Household, setting: Setting<'_>) -> Option<NaiveDate> {
    let mut days = BTreeSet::new();
    let view = View { household, setting };
    edges(rule, &view, &mut days);
    let now = view.clause(rule, None);
    let on = |day: Day| View { household, setting: Setting { today: day, ..setting } }.clause(rule, None);
    days.range(setting.today + 1..=setting.today + HORIZON_DAYS).find(|d| on(**d) != now).map(|d| date_of(d - 1))
}

/// Days on which a clause may change by itself.
fn edges(clause: &Clause, view: &View<'_>, out: &mut BTreeSet<Day>) {
    match clause {
        Clause::Age(age) if age.on.is_none() => {
            for at in 0..view.household.members.len() {
                if let Cell::Days(first, last) = view.cell("birth_date", Some(at)) {
                    out.extend([first, last].into_iter().flat_map(|born| crossings(age, born)));
                }
            }
        }
        Clause::Decile(decile) => {
            if let Some(most) = decile.max_age_months {
                let most = i32::try_from(most).unwrap_or(0);
                out.extend(view.household.snapshots.iter().filter_map(|s| first_of(s.month + most + 1)));
            }
        }
        Clause::Receives(c) => {
            let within = Day::try_from(c.within_days).unwrap_or(0);
            for benefit in view.benefits(c, None) {
                out.extend([benefit.from, benefit.to.saturating_add(within).saturating_add(1)]);
            }
            for (program, _) in view.asked(c) {
                out.extend(view.setting.coverage.edges(program).flat_map(|e| [e, e.saturating_add(within)]));
            }
        }
        _ => {
            for (_, child) in clause.children() {
                edges(child, view, out);
            }
        }
    }
}

/// Days on which somebody born then enters and leaves a range of ages.
fn crossings(age: &Age, born: Day) -> impl Iterator<Item = Day> + use<> {
    let unit = age.unit;
    let enters = age.min.unwrap_or(0);
    [Some(enters), age.max.map(|max| max + 1)].into_iter().flatten().map(move |count| turns(born, count, unit))
}

fn first_of(month: i32) -> Option<Day> {
    let date = NaiveDate::from_ymd_opt(month.div_euclid(12), u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
    Some(crate::subject::day(date))
}

struct Trace<'a> {
    view: View<'a>,
    deciding: Vec<Decider>,
    missing: Vec<Missing>,
    changes: Vec<Change>,
    members: Vec<u128>,
}

impl<'a> Trace<'a> {
    fn new(view: View<'a>) -> Self {
        Self { view, deciding: Vec::new(), missing: Vec::new(), changes: Vec::new(), members: Vec::new() }
    }

    fn id(&self, member: Option<usize>) -> Option<u128> {
        member.and_then(|at| self.view.household.members.get(at)).map(|m| m.id)
    }

    /// Follows the clauses that decide. `asked`: whether the rule wants this clause true (or, under a `not`, false).
    fn walk(&mut self, clause: &Clause, at: String, member: Option<usize>, asked: bool) {
        let truth = self.view.clause(clause, member);
        match clause {
            Clause::All(_) | Clause::Any(_) => {
                // All hold, or those that decide otherwise.
                let whole = (matches!(clause, Clause::All(_)) && truth == Tri::True)
                    || (matches!(clause, Clause::Any(_)) && truth == Tri::False);
                for (end, child) in clause.children() {
                    if whole || self.view.clause(child, member) == truth {
                        self.walk(child, format!("{at}{end}"), member, asked);
                    }
                }
            }
            Clause::Not(inner) => self.walk(inner, format!("{at}/not"), member, !asked),
            Clause::AnyMember(inner) => self.group(Some(inner), &format!("{at}/any_member"), at.clone(), truth, asked),
            Clause::CountMembers(count) => {
                let inner = format!("{at}/count_members/where");
                self.group(count.filter.as_deref(), &inner, at.clone(), truth, asked);
            }
            leaf => self.leaf(leaf, at, member, truth, asked),
        }
    }

    /// A clause over the members: itself, and inside it what decides for each of them.
    fn group(&mut self, inner: Option<&Clause>, below: &str, at: String, truth: Tri, asked: bool) {
        self.deciding.push(Decider { pointer: at.clone(), truth, member: None });
        let count = self.view.household.members.len();
        for index in 0..count {
            let of = inner.map_or(Tri::True, |c| self.view.clause(c, Some(index)));
            if of == Tri::True && truth == Tri::True && asked {
                self.members.extend(self.id(Some(index)));
            }
            let decides = truth != Tri::True && of == truth;
            if let Some(clause) = inner.filter(|_| decides) {
                self.walk(clause, below.to_owned(), Some(index), asked);
            }
        }
        if truth == Tri::Unknown && self.view.household.absent() != Some(0) {
            self.ask("members", &at, None, Why::MembersIncomplete, vec!["family_card".to_owned()]);
        }
    }

    fn ask(&mut self, fact: &str, at: &str, member: Option<usize>, why: Why, documents: Vec<String>) {
        let member = self.id(member);
        let (fact, pointer) = (fact.to_owned(), at.to_owned());
        let kind = if why == Why::ProblemUnverified { ChangeKind::Verify } else { ChangeKind::Ask };
        let named = Some(fact.clone());
        self.changes.push(Change {
            kind,
            pointer: pointer.clone(),
            fact: named,
            member,
            documents: documents.clone(),
            on: None,
        });
        self.missing.push(Missing { fact, pointer, member, why, documents });
    }

    fn leaf(&mut self, clause: &Clause, at: String, member: Option<usize>, truth: Tri, asked: bool) {
        self.deciding.push(Decider { pointer: at.clone(), truth, member: self.id(member) });
        match (truth, asked) {
            (Tri::Unknown, _) => self.unknown(clause, &at, member),
            (Tri::False, true) | (Tri::True, false) => self.barrier(clause, at, member, asked),
            _ => {}
        }
    }

    fn documents(&self, fact: &str) -> Vec<String> {
        self.view.setting.vocabulary.fact(fact).map(|(_, f)| f.documents.clone()).unwrap_or_default()
    }

    fn unknown(&mut self, clause: &Clause, at: &str, member: Option<usize>) {
        let name = match clause {
            Clause::Compare(c) => &c.fact,
            Clause::In(c) => &c.fact,
            Clause::Between(c) => &c.fact,
            Clause::Age(_) => "birth_date",
            Clause::Decile(_) => {
                return self.ask("decile", at, None, Why::NotRecorded, vec!["dtsen_letter".to_owned()]);
            }
            Clause::HasProblem(_) => return self.ask("problem", at, member, Why::ProblemUnverified, Vec::new()),
            Clause::Receives(_) => return self.ask("benefits", at, member, Why::NotCovered, Vec::new()),
            _ => return,
        };
        let why = match self.view.cell(name, member) {
            Cell::Missing => Why::NotRecorded,
            Cell::Disputed => Why::Disputed,
            _ => Why::Imprecise,
        };
        self.ask(name, at, member, why, self.documents(name));
    }

    /// What could lawfully remove what stands against it.
    fn barrier(&mut self, clause: &Clause, at: String, member: Option<usize>, asked: bool) {
        let mut change = Change {
            kind: ChangeKind::Check,
            pointer: at,
            fact: None,
            member: self.id(member),
            documents: Vec::new(),
            on: None,
        };
        match clause {
            Clause::Compare(_) | Clause::In(_) | Clause::Between(_) => {
                let name = match clause {
                    Clause::Compare(c) => &c.fact,
                    Clause::In(c) => &c.fact,
                    Clause::Between(c) => &c.fact,
                    _ => return,
                };
                // What a civil registry says is not checked again for a program's sake.
                let fixed = matches!(name.as_str(), "sex")
                    || self.view.setting.vocabulary.fact(name).is_some_and(|(_, f)| f.kind == Kind::Date);
                if fixed {
                    return;
                }
                change.documents = self.documents(name);
                change.fact = Some(name.clone());
            }
            Clause::Age(age) => {
                let Some(on) = self.next_age(age, member, asked) else { return };
                change.kind = ChangeKind::Date;
                change.fact = Some("birth_date".to_owned());
                change.on = Some(on);
            }
            Clause::Decile(_) => {
                change.fact = Some("decile".to_owned());
                change.documents = vec!["dtsen_letter".to_owned()];
            }
            Clause::HasProblem(c) if asked => {
                let over = self.view.problems(c, member).any(|p| p.status == Status::Resolved);
                change.kind = if over { ChangeKind::Check } else { ChangeKind::Assess };
                change.fact = Some("problem".to_owned());
                change.documents = vec!["assessment".to_owned()];
            }
            Clause::Receives(c) if !asked => {
                let Some(on) = self.ends(c, member) else { return };
                change.kind = ChangeKind::Date;
                change.fact = Some("benefits".to_owned());
                change.on = Some(on);
            }
            _ => return,
        }
        self.changes.push(change);
    }

    /// The first day on which an age clause certainly is what the rule asks.
    fn next_age(&self, age: &Age, member: Option<usize>, asked: bool) -> Option<NaiveDate> {
        if age.on.is_some() {
            return None;
        }
        let Cell::Days(first, last) = self.view.cell("birth_date", member) else { return None };
        let wanted = if asked { Tri::True } else { Tri::False };
        let limit = self.view.setting.today.saturating_add(130 * 366);
        let mut days: Vec<Day> = [first, last].into_iter().flat_map(|born| crossings(age, born)).collect();
        days.sort_unstable();
        let clause = Clause::Age(age.clone());
        let on = |day: Day| {
            let setting = Setting { today: day, ..self.view.setting };
            View { household: self.view.household, setting }.clause(&clause, member)
        };
        let found = days.into_iter().find(|d| *d > self.view.setting.today && *d < limit && on(*d) == wanted);
        found.map(date_of)
    }

    /// The first day on which nothing of what a clause names is received any more.
    fn ends(&self, c: &Receives, member: Option<usize>) -> Option<NaiveDate> {
        let within = Day::try_from(c.within_days).unwrap_or(0);
        let last = self.view.benefits(c, member).map(|b| b.to).max()?;
        let day = last.checked_add(within)?.checked_add(1)?;
        (day < self.view.setting.today.saturating_add(50 * 366)).then(|| date_of(day))
    }
}

/// Years or months in words a machine reads.
impl AgeUnit {
    /// Name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
        }
    }
}
