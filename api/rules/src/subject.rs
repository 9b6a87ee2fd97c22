//! What is known of one household: the input of the evaluation.

use chrono::NaiveDate;

use crate::tree::{Severity, Status};
use crate::vocabulary::Vocabulary;

/// Days since 0001-01-01, the first being 1.
pub type Day = i32;

/// The day of a date.
#[must_use]
pub fn day(date: NaiveDate) -> Day {
    use chrono::Datelike as _;
    date.num_days_from_ce()
}

/// The date of a day; the last one that can be written for days beyond it.
#[must_use]
pub fn date_of(day: Day) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MAX)
}

/// Value of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing is recorded.
    #[default]
    Missing,
    /// Something is recorded, but disputed.
    Disputed,
    /// Yes or no.
    Bool(bool),
    /// A number, or rupiah.
    Int(i64),
    /// A code, by its number in the list.
    Code(u8),
    /// A day between these, both included.
    Days(Day, Day),
}

/// A birth date as far as it is known.
#[must_use]
pub fn birth(date: Option<NaiveDate>, precision: &str) -> Cell {
    use chrono::{Datelike as _, Months};
    let Some(date) = date else { return Cell::Missing };
    let first = match precision {
        "day" => return Cell::Days(day(date), day(date)),
        "month" => date.with_day(1),
        "year" => date.with_day(1).and_then(|d| d.with_month(1)),
        _ => return Cell::Missing,
    };
    let months = Months::new(if precision == "month" { 1 } else { 12 });
    match first.and_then(|f| Some((f, f.checked_add_months(months)?.pred_opt()?))) {
        Some((first, last)) => Cell::Days(day(first), day(last)),
        None => Cell::Missing,
    }
}

/// A problem of the household or of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// Position of the member, unless it is the whole household's.
    pub member: Option<u16>,
    /// Need, by its number in the list.
    pub need: u8,
    /// PPKS type, by its number in the list; 0: none.
    pub ppks: u8,
    /// How urgent.
    pub severity: Severity,
    /// How far.
    pub status: Status,
    /// Whether only those who work on it may see it.
    pub restricted: bool,
}

/// A benefit that was or is received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Benefit {
    /// Position of the member, unless it is the whole household's.
    pub member: Option<u16>,
    /// Program, by its number.
    pub program: u16,
    /// Overlap class, by its number in the list; 0: none.
    pub class: u8,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Whether only those who work on it may know.
    pub restricted: bool,
}

/// What one source said of the household's welfare in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// Source, by its position among the sources.
    pub source: u8,
    /// Months since year 0: `year * 12 + month - 1`.
    pub month: i32,
    /// Decile in the nation, province and city; 0: not said.
    pub deciles: [u8; 3],
}

/// A member.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Id, as the caller likes.
    pub id: u128,
    /// Facts by their numbers; those of the household stay missing.
    pub facts: Vec<Cell>,
    /// Facts that only restricted programs may use: number and value.
    pub restricted: Vec<(usize, Cell)>,
}

/// A household.
#[derive(Debug, Clone, Default)]
pub struct Household {
    /// Id, as the caller likes.
    pub id: u128,
    /// Domicile kelurahan, dotted.
    pub region: String,
    /// Facts by their numbers; those of members stay missing.
    pub facts: Vec<Cell>,
    /// Whether every member is recorded.
    pub members_complete: bool,
    /// How many there are, by the family card.
    pub declared_members: Option<u32>,
    /// Its living members.
    pub members: Vec<Member>,
    /// Its problems, those of the members included.
    pub problems: Vec<Problem>,
    /// Its benefits, those of the members included.
    pub benefits: Vec<Benefit>,
    /// What sources said.
    pub snapshots: Vec<Snapshot>,
}

impl Household {
    /// A household about which nothing is known yet.
    #[must_use]
    pub fn blank(vocabulary: &Vocabulary) -> Self {
        Self { facts: vec![Cell::Missing; vocabulary.facts().len()], ..Self::default() }
    }
    /// Most members that may be missing; `None`: any number.
    #[must_use]
    pub fn absent(&self) -> Option<u32> {
        let present = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        absent(self.members_complete, self.declared_members, present)
    }
}

/// Most members that may be missing beside those present; `None`: any number.
pub(crate) fn absent(complete: bool, declared: Option<u32>, present: u32) -> Option<u32> {
    match declared {
        _ if complete && present > 0 => Some(0),
        Some(declared) if declared > present => Some(declared - present),
        _ => None,
    }
}

impl Member {
    /// A member about whom nothing is known yet.
    #[must_use]
    pub fn blank(vocabulary: &Vocabulary) -> Self {
        Self { facts: vec![Cell::Missing; vocabulary.facts().len()], ..Self::default() }
    }
    /// Value of a fact, for a program that may or may not use what is restricted.
    #[must_use]
    pub fn fact(&self, number: usize, restricted: bool) -> Cell {
        let hidden = self.restricted.iter().find(|(n, _)| restricted && *n == number).map(|(_, c)| *c);
        hidden.or_else(|| self.facts.get(number).copied()).unwrap_or_default()
    }
}

/// Lists of recipients that have been loaded: where and when the absence of a record means that there is no benefit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(Vec<List>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct List {
    program: u16,
    area: String,
    from: Day,
    to: Day,
}

impl Coverage {
    /// Notes a complete list of a program's recipients in a region from one day to another.
    pub fn add(&mut self, program: u16, area: &str, from: Day, to: Day) {
        self.0.push(List { program, area: area.to_owned(), from, to });
        // Adjacent lists are joined below; that needs an order.
        self.0.sort_by(|a, b| (a.program, &a.area, a.from).cmp(&(b.program, &b.area, b.from)));
    }
    /// Whether the lists of a program cover these days in this kelurahan without a hole.
    #[must_use]
    pub fn covers(&self, program: u16, region: &str, from: Day, to: Day) -> bool {
        let mut need = from;
        let mut lists: Vec<&List> = self.0.iter().filter(|l| l.program == program && holds(&l.area, region)).collect();
        lists.sort_by_key(|l| l.from);
        for list in lists {
            if list.from <= need && list.to >= need {
                if list.to >= to {
                    return true;
                }
                need = list.to + 1;
            }
        }
        false
    }
    /// Days on which some list of a program begins or ends to cover.
    pub fn edges(&self, program: u16) -> impl Iterator<Item = Day> + '_ {
        self.0.iter().filter(move |l| l.program == program).flat_map(|l| [l.from, l.to + 1])
    }
}

/// Whether a region lies in an area, by their codes.
#[must_use]
pub fn holds(area: &str, region: &str) -> bool {
    region.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What an evaluation needs beside the household.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Facts and codes.
    pub vocabulary: &'a Vocabulary,
    /// Which lists are loaded.
    pub coverage: &'a Coverage,
    /// The day.
    pub today: Day,
    /// Whether the program is restricted and so may use what is restricted.
    pub restricted: bool,
}
