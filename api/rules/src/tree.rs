//! The language: a typed tree over facts of a household and its members.
//!
//! One operator an object, e.g. `{"all": [{"decile": {"max": 4}}, {"any_member": {"age": {"min": 60}}}]}`.

use chrono::NaiveDate;
use serde::Serialize;

/// Comparison of a fact with one value, or of a count with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// At most.
    Le,
    /// More.
    Gt,
    /// At least.
    Ge,
}

impl Op {
    /// Every comparison with its name.
    pub const ALL: [(&'static str, Self); 6] =
        [("eq", Self::Eq), ("ne", Self::Ne), ("lt", Self::Lt), ("le", Self::Le), ("gt", Self::Gt), ("ge", Self::Ge)];

    /// The range of whole numbers it accepts, inclusive, and whether it means what lies outside.
    #[must_use]
    pub fn range(self, value: i64) -> (i64, i64, bool) {
        match self {
            Self::Eq => (value, value, false),
            Self::Ne => (value, value, true),
            Self::Lt => (i64::MIN, value.saturating_sub(1), false),
            Self::Le => (i64::MIN, value, false),
            Self::Gt => (value.saturating_add(1), i64::MAX, false),
            Self::Ge => (value, i64::MAX, false),
        }
    }
}

/// A value a fact is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Literal {
    /// Yes or no.
    Bool(bool),
    /// A number, or rupiah.
    Int(i64),
    /// A code, or a date as `YYYY-MM-DD`.
    Text(String),
}

/// Severity of a problem, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Rendah.
    Low,
    /// Sedang.
    Medium,
    /// Tinggi.
    High,
    /// Darurat.
    Emergency,
}

impl Severity {
    /// Every severity with its name.
    pub const ALL: [(&'static str, Self); 4] =
        [("low", Self::Low), ("medium", Self::Medium), ("high", Self::High), ("emergency", Self::Emergency)];
}

/// How far a problem is, as far as rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Found by a rule over the data; nobody has confirmed it.
    Candidate,
    /// Reported by a person.
    Reported,
    /// Checked by a second person.
    Verified,
    /// Somebody has accepted to help.
    InService,
    /// Helped in part.
    PartlyResolved,
    /// Solved.
    Resolved,
}

impl Status {
    /// Every status with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("candidate", Self::Candidate),
        ("reported", Self::Reported),
        ("verified", Self::Verified),
        ("in_service", Self::InService),
        ("partly_resolved", Self::PartlyResolved),
        ("resolved", Self::Resolved),
    ];
    /// What counts where a rule does not say: confirmed by two people and not over.
    pub const OPEN: [Self; 3] = [Self::Verified, Self::InService, Self::PartlyResolved];
}

/// Unit of an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeUnit {
    /// Whole years.
    Years,
    /// Whole months.
    Months,
}

/// The population a decile was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The nation.
    National,
    /// The province.
    Province,
    /// The city.
    City,
}

impl Scope {
    /// Every scope with its name.
    pub const ALL: [(&'static str, Self); 3] =
        [("national", Self::National), ("province", Self::Province), ("city", Self::City)];
}

/// A fact against one value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Compare {
    /// Name of the fact.
    pub fact: String,
    /// How.
    pub op: Op,
    /// With what.
    pub value: Literal,
    /// Unit the value is meant in; must be the fact's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A fact among several values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Among {
    /// Name of the fact.
    pub fact: String,
    /// The values.
    pub values: Vec<Literal>,
}

/// A fact between two values, both included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Between {
    /// Name of the fact.
    pub fact: String,
    /// Least.
    pub from: Literal,
    /// Most.
    pub to: Literal,
    /// Unit the values are meant in; must be the fact's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// How many members satisfy a clause.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Count {
    /// Which members; all where left out.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub filter: Option<Box<Clause>>,
    /// How.
    pub op: Op,
    /// With how many.
    pub value: u32,
}

/// A problem of the household (or of the member, inside a member clause).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct HasProblem {
    /// Any of these needs; every need where left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Any of these PPKS types; every one and none where left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ppks: Vec<String>,
    /// At least this severe.
    pub min_severity: Severity,
    /// In one of these statuses.
    pub statuses: Vec<Status>,
}

/// A benefit the household (or the member) receives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Receives {
    /// Any of these overlap classes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overlap_classes: Vec<String>,
    /// Any of these programs, by code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<String>,
    /// Also if it ended so many days ago; 0: today.
    pub within_days: u32,
}

/// Age on a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Age {
    /// At least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// At most: nobody who has completed one more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// Years or months.
    pub unit: AgeUnit,
    /// On this day; today where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

/// Welfare decile by the newest snapshot that counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Decile {
    /// Poorest, 1.
    pub min: u8,
    /// Best off.
    pub max: u8,
    /// Over which population.
    pub scope: Scope,
    /// Only from these sources; all where left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Not from a period that began more months ago; any where left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_months: Option<u32>,
}

/// A clause of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// Each of them.
    All(Vec<Clause>),
    /// At least one of them.
    Any(Vec<Clause>),
    /// Not.
    Not(Box<Clause>),
    /// A fact against one value.
    Compare(Compare),
    /// A fact among several values.
    In(Among),
    /// A fact between two values.
    Between(Between),
    /// At least one member satisfies it.
    AnyMember(Box<Clause>),
    /// So many members satisfy it.
    CountMembers(Count),
    /// A problem.
    HasProblem(HasProblem),
    /// A benefit.
    Receives(Receives),
    /// The domicile lies in one of these regions.
    AreaIn(Vec<String>),
    /// Age of the member.
    Age(Age),
    /// Welfare decile.
    Decile(Decile),
}

impl Clause {
    /// Clauses directly below, each with the end of its pointer.
    #[must_use]
    pub fn children(&self) -> Vec<(String, &Clause)> {
        match self {
            Self::All(list) => list.iter().enumerate().map(|(i, c)| (format!("/all/{i}"), c)).collect(),
            Self::Any(list) => list.iter().enumerate().map(|(i, c)| (format!("/any/{i}"), c)).collect(),
            Self::Not(inner) => vec![("/not".to_owned(), inner)],
            Self::AnyMember(inner) => vec![("/any_member".to_owned(), inner)],
            Self::CountMembers(count) => {
                count.filter.iter().map(|c| ("/count_members/where".to_owned(), c.as_ref())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The clause at a pointer.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Clause> {
        if pointer.is_empty() {
            return Some(self);
        }
        self.children().into_iter().find_map(|(end, child)| {
            let rest = pointer.strip_prefix(&end)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| child.at(rest))?
        })
    }

    /// How many clauses it has, itself included.
    #[must_use]
    pub fn size(&self) -> usize {
        1 + self.children().iter().map(|(_, c)| c.size()).sum::<usize>()
    }
}
