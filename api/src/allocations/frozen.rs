//! The frozen input of a plan: what one snapshot of the database says of programs, money and needs.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::kernel::label::Label;
use crate::programs::ClaimUnit;

/// A cycle that takes people, with its program.
#[derive(Debug, Clone)]
pub(super) struct Cycle {
    pub id: Uuid,
    pub name: String,
    pub program_id: Uuid,
    pub program_name: Label,
    /// Number of the program among the matches; none where it has no rule: whoever has the need may have it.
    pub matched: Option<i32>,
    pub rule_version: i32,
    pub needs: Vec<String>,
    pub areas: Vec<String>,
    pub pillar: String,
    pub cost: i64,
    pub unit: String,
    pub class: Option<String>,
    pub claim_unit: ClaimUnit,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub seats_left: i64,
}

impl Cycle {
    /// Whether it reaches this kelurahan.
    pub fn reaches(&self, region: &str) -> bool {
        self.areas.is_empty() || self.areas.iter().any(|area| within(region, area))
    }
}

/// Whether the region is the area or lies in it.
pub(super) fn within(region: &str, area: &str) -> bool {
    region.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// For what a source may pay; empty lists restrict nothing.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Restrictions {
    pub needs: Vec<String>,
    pub areas: Vec<String>,
    pub pillars: Vec<String>,
}

impl Restrictions {
    /// Whether it may pay for this need here, by a program of this pillar.
    pub fn allow(&self, need: &str, pillar: &str, region: &str) -> bool {
        let named = |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
        named(&self.needs, need)
            && named(&self.pillars, pillar)
            && (self.areas.is_empty() || self.areas.iter().any(|area| within(region, area)))
    }
}

/// Money allotted to a cycle, or imagined.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pub source_id: Uuid,
    pub source_name: String,
    /// Index of the cycle; none for imagined money.
    pub cycle: Option<usize>,
    /// Cycles that imagined money may pay for.
    pub pays: Vec<usize>,
    pub unit: String,
    pub amount: i64,
    pub restrictions: Restrictions,
}

impl Budget {
    /// Whether it may pay for the cycle at all.
    pub fn serves(&self, cycle: usize) -> bool {
        self.cycle.map_or_else(|| self.pays.contains(&cycle), |own| own == cycle)
    }
}

/// A need that nobody serves yet.
#[derive(Debug, Clone)]
pub(super) struct Need {
    pub problem_id: Uuid,
    pub household_id: Uuid,
    pub individual_id: Option<Uuid>,
    pub head_id: Option<Uuid>,
    pub dwelling_id: Option<Uuid>,
    /// Index into [`Frozen::codes`].
    pub code: u16,
    /// Index into [`Frozen::regions`].
    pub region: u16,
    /// 0 emergency to 3 low.
    pub severity: u8,
    pub tier: u8,
    pub points: [i16; 4],
    pub score: i64,
    /// Microseconds since 1970: whoever comes first.
    pub reported_us: i64,
    pub decile: Option<i16>,
    /// 0 unknown, 1 female, 2 male.
    pub sex: u8,
    /// Years; none where unknown.
    pub age: Option<i16>,
    pub disability: bool,
    pub unhoused: bool,
    /// Cycles it fulfils everything for, as far as is known.
    pub fits: Vec<u16>,
    /// The same for which a fact is missing.
    pub unsure: Vec<u16>,
    /// Whether aid of the same kind, held already, excludes a cycle it would fit.
    pub held: bool,
}

impl Need {
    /// Who holds the claim of a cycle.
    pub fn unit(&self, unit: ClaimUnit) -> Uuid {
        match unit {
            ClaimUnit::Person => self.individual_id.or(self.head_id).unwrap_or(self.household_id),
            ClaimUnit::Household => self.household_id,
            ClaimUnit::Dwelling => self.dwelling_id.unwrap_or(self.household_id),
        }
    }
}

/// Claims in force: class, kind of unit, unit; each with the days it covers.
pub(super) type Claims = HashMap<(String, &'static str, Uuid), Vec<(NaiveDate, NaiveDate)>>;

/// Name of a unit in the table of claims.
pub(super) fn unit_slug(unit: ClaimUnit) -> &'static str {
    match unit {
        ClaimUnit::Person => "person",
        ClaimUnit::Household => "household",
        ClaimUnit::Dwelling => "dwelling",
    }
}

/// Everything a calculation reads.
#[derive(Debug, Default)]
pub(super) struct Frozen {
    pub cycles: Vec<Cycle>,
    pub budgets: Vec<Budget>,
    /// Codes of needs.
    pub codes: Vec<String>,
    /// Kelurahan, with the names of their kecamatan.
    pub regions: Vec<(String, String)>,
    /// In the order of their problems' ids.
    pub needs: Vec<Need>,
    pub stale_programs: i64,
}

impl Frozen {
    pub fn code(&self, need: &Need) -> &str {
        self.codes.get(usize::from(need.code)).map_or("", String::as_str)
    }
    pub fn region(&self, need: &Need) -> &str {
        self.regions.get(usize::from(need.region)).map_or("", |(code, _)| code.as_str())
    }
    /// Households behind the needs.
    pub fn households(&self) -> usize {
        self.needs.iter().map(|n| n.household_id).collect::<HashSet<_>>().len()
    }

    /// Of everything read, in an order that does not depend on how it was read.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for cycle in &self.cycles {
            hash.update(format!(
                "c{}|{}|{}|{}|{:?}\n",
                cycle.id, cycle.cost, cycle.seats_left, cycle.rule_version, cycle.class
            ));
        }
        for budget in &self.budgets {
            hash.update(format!(
                "b{}|{:?}|{}|{}|{:?}\n",
                budget.source_id, budget.cycle, budget.unit, budget.amount, budget.restrictions
            ));
        }
        for need in &self.needs {
            hash.update(need.problem_id.as_bytes());
            hash.update(need.household_id.as_bytes());
            hash.update([need.tier]);
            hash.update(need.score.to_le_bytes());
            hash.update(need.reported_us.to_le_bytes());
            for cycle in &need.fits {
                hash.update(cycle.to_le_bytes());
            }
            hash.update([0xff]);
            for cycle in &need.unsure {
                hash.update(cycle.to_le_bytes());
            }
        }
        hex(&hash.finalize())
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 of a seed: what is told of it before it may be known.
pub(super) fn commitment(seed: &str) -> String {
    hex(&Sha256::digest(seed.as_bytes()))
}

/// The seed as the solver takes it.
pub(super) fn solver_seed(seed: &str) -> u64 {
    let digest = Sha256::digest(format!("allocation {seed}").as_bytes());
    digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
