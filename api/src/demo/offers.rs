//! The shipped catalogue (`organizations.json`, `programs.json`) and 300 foundations with offers of their own.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::dice::Dice;
use super::places::Places;
use super::pools::{Pools, Sex};
use crate::programs::BenefitTier;
use crate::reference::{FileError, Label};

/// One organization of the shipped file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Stable code.
    pub code: String,
    /// `opd`, `province`, `ministry`, `zakat`, `philanthropy` or `company`.
    pub kind: String,
    /// Official name.
    pub name: String,
}

/// What a program gives.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// Kind, canonical code.
    pub kind: String,
    /// What is counted: person, pupil, household, dwelling, group.
    pub unit: String,
    /// Usual value in rupiah per unit and period; 0 is a service without a price.
    pub value_idr: i64,
    /// Period, canonical code.
    pub period: String,
    /// Values by tier, where they differ.
    #[serde(default)]
    pub tiers: Vec<BenefitTier>,
}

/// Seats and rhythm of a referral program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// `year` or `quarter`.
    pub rhythm: String,
    /// `stock`, `capacity` or `batch`.
    pub seat_kind: String,
    /// Seats a year, for a city of `city_households` households.
    pub seats: u32,
}

/// One program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: Label,
    /// One sentence on what it gives.
    pub description: Label,
    /// Who it is for, in words.
    pub criteria: Label,
    /// Code of the organization that runs it.
    pub organization: String,
    /// Pillar, canonical code.
    pub pillar: String,
    /// Needs it addresses.
    pub needs: Vec<String>,
    /// PPKS types it is meant for; empty: any.
    pub ppks: Vec<String>,
    /// How one gets it.
    pub access_mode: String,
    /// What it gives.
    pub benefit: Benefit,
    /// Kinds of aid nobody gets twice in a period.
    pub overlap_class: Option<String>,
    /// `person`, `household` or `dwelling`.
    pub claim_unit: String,
    /// Documents asked for.
    pub documents: Vec<String>,
    /// Legal basis.
    pub legal_basis: String,
    /// How to apply, in Indonesian.
    pub how_to_apply: String,
    /// `open` or `restricted`.
    pub sensitivity: String,
    /// Kind of its funding source.
    pub funding_kind: String,
    /// Seats, for referral programs.
    pub cycle: Option<Rhythm>,
    /// Kecamatan it is limited to; empty: the whole city.
    #[serde(default)]
    pub areas: Vec<String>,
    /// Who may get it; from `program_rules.json`.
    #[serde(skip)]
    pub rule: Option<Value>,
}

impl Program {
    /// For how many months a referral is given what is given by the month.
    pub fn months(&self) -> i64 {
        if self.benefit.period == "monthly" { MONTHS } else { 1 }
    }
    /// Rupiah that a referral holds.
    pub fn worth(&self) -> i64 {
        self.benefit.value_idr * self.months()
    }
}

/// Months of a monthly benefit that are awarded at once.
const MONTHS: i64 = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgencyFile {
    #[expect(dead_code, reason = "the edition is for readers of the file")]
    version: String,
    organizations: Vec<Agency>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgramFile {
    #[expect(dead_code, reason = "the edition is for readers of the file")]
    version: String,
    city_households: u32,
    programs: Vec<Program>,
}

/// Agencies of the city, the province and the state.
pub fn agencies() -> Result<Vec<Agency>, FileError> {
    let file: AgencyFile = serde_json::from_str(include_str!("../../data/organizations.json"))
        .map_err(|e| FileError::Json("organizations.json", e))?;
    Ok(file.organizations)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[expect(dead_code, reason = "the edition is for readers of the file")]
    version: String,
    programs: HashMap<String, Value>,
    /// By the English name of the offer.
    foundation_offers: HashMap<String, Value>,
}

fn rules() -> Result<RuleFile, FileError> {
    serde_json::from_str(include_str!("../../data/program_rules.json"))
        .map_err(|e| FileError::Json("program_rules.json", e))
}

/// The rule as the service would store it.
fn rule(rules: &HashMap<String, Value>, name: &str) -> Option<Value> {
    let clause = satupintu_rules::from_value(rules.get(name)?).ok()?;
    serde_json::to_value(clause).ok()
}

/// The catalogue, with seats scaled to a city of `households` (all seats where it has none).
pub fn programs(households: u32) -> Result<Vec<Program>, FileError> {
    let file: ProgramFile = serde_json::from_str(include_str!("../../data/programs.json"))
        .map_err(|e| FileError::Json("programs.json", e))?;
    let mut programs = file.programs;
    let rules = rules()?.programs;
    for program in &mut programs {
        program.rule = rule(&rules, &program.code);
    }
    for cycle in programs.iter_mut().filter_map(|p| p.cycle.as_mut()) {
        cycle.seats = scaled(cycle.seats, households, file.city_households);
    }
    Ok(programs)
}

fn scaled(seats: u32, households: u32, city: u32) -> u32 {
    if households == 0 {
        return seats;
    }
    let seats = u64::from(seats) * u64::from(households) / u64::from(city.max(1));
    u32::try_from(seats).unwrap_or(u32::MAX).max(4)
}

/// How many foundations work in the city.
pub const FOUNDATIONS: u32 = 300;

/// A foundation with its offer.
#[derive(Debug, Clone)]
pub struct Foundation {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `verified`, `applied`, `dormant` or `suspended`.
    pub status: &'static str,
    /// Registration number.
    pub registration: String,
    /// Phone in E.164.
    pub phone: String,
    /// Its offer.
    pub program: Program,
    /// Rupiah it pledged for the year.
    pub pledged: i64,
}

/// What foundations offer; each of the 300 takes one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offer {
    name: Label,
    criteria: Label,
    pillar: String,
    need: String,
    ppks: Option<String>,
    kind: String,
    value_idr: i64,
    period: String,
    overlap_class: String,
    claim_unit: String,
    documents: Vec<String>,
}

const VIRTUES: [&str; 14] = [
    "Amanah", "Harapan", "Kasih", "Bina", "Peduli", "Insan", "Cahaya", "Rumah", "Tunas", "Mitra", "Berkah", "Sahabat",
    "Pelita", "Karya",
];

/// The foundations, the first of them verified and open for offers of every kind.
pub fn foundations(seed: u64, households: u32, pools: &Pools, places: &Places) -> Result<Vec<Foundation>, FileError> {
    let offers: Vec<Offer> = serde_json::from_str(include_str!("../../data/demo/foundation_offers.json"))
        .map_err(|e| FileError::Json("foundation_offers.json", e))?;
    let rules = rules()?.foundation_offers;
    let draw = |(at, offer): (u32, &Offer)| {
        let mut dice = Dice::new(seed, u64::MAX - u64::from(at));
        let mut foundation = foundation(&mut dice, at, offer, households, pools, places);
        foundation.program.rule = rule(&rules, &offer.name.en);
        foundation
    };
    Ok((0..FOUNDATIONS).zip(offers.iter().cycle()).map(draw).collect())
}

fn foundation(dice: &mut Dice, at: u32, offer: &Offer, households: u32, pools: &Pools, places: &Places) -> Foundation {
    let status = if at == 0 {
        "verified"
    } else {
        ["verified", "dormant", "applied", "suspended"]
            .get(dice.weighted(&[72, 18, 7, 3]))
            .copied()
            .unwrap_or("verified")
    };
    let born = 1970 + i32::try_from(dice.below(40)).unwrap_or(0);
    let given = pools.person(dice, Sex::Female, born);
    let name =
        format!("Yayasan {} {}", dice.one_of(&VIRTUES, "Amanah"), given.split(' ').next_back().unwrap_or("Insani"));
    // The first is the demo partner's, so it is open to the whole city.
    let areas = if at == 0 || dice.chance(550) {
        Vec::new()
    } else {
        let drawn = places.draw(dice);
        places.all().get(drawn).map(|p| p.district.clone()).into_iter().collect()
    };
    let seats = scaled(dice.between(20, 400), households, 330_000).max(8);
    let code = format!("LKS-{:03}", at + 1);
    let program = Program {
        code: format!("LKS_{:03}", at + 1),
        name: Label { id: format!("{} {name}", offer.name.id), en: format!("{} by {name}", offer.name.en) },
        description: offer.name.clone(),
        criteria: offer.criteria.clone(),
        organization: code.clone(),
        pillar: offer.pillar.clone(),
        needs: vec![offer.need.clone()],
        ppks: offer.ppks.iter().cloned().collect(),
        access_mode: "referral".to_owned(),
        benefit: Benefit {
            kind: offer.kind.clone(),
            unit: offer.claim_unit.clone(),
            value_idr: offer.value_idr,
            period: offer.period.clone(),
            tiers: Vec::new(),
        },
        overlap_class: Some(offer.overlap_class.clone()),
        claim_unit: offer.claim_unit.clone(),
        documents: offer.documents.clone(),
        legal_basis: "UU 16/2001 jo. UU 28/2004".to_owned(),
        how_to_apply: "Lewat rujukan Puskesos kelurahan atau Dinas Sosial.".to_owned(),
        sensitivity: "open".to_owned(),
        funding_kind: "foundation".to_owned(),
        cycle: Some(Rhythm { rhythm: "year".to_owned(), seat_kind: "stock".to_owned(), seats }),
        areas,
        rule: None,
    };
    let pledged = i64::from(seats) * offer.value_idr * i64::from(dice.between(105, 160)) / 100;
    Foundation {
        code,
        name,
        status,
        registration: format!("LKS/{}/2026", at + 5001),
        phone: format!("+6222{:07}", dice.between(2_000_000, 7_999_999)),
        program,
        pledged,
    }
}

/// `programs.description` as stored: what it gives and who it is for.
pub fn description(program: &Program) -> Value {
    json!({
        "id": format!("{} {}", program.description.id, program.criteria.id),
        "en": format!("{} {}", program.description.en, program.criteria.en),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::code_lists;
    use std::collections::HashSet;

    /// The shipped lists with the shipped programs.
    fn vocabulary(shipped: &[Program]) -> satupintu_rules::Vocabulary {
        let lists = include_str!("../../data/code_lists.json");
        let named = shipped.iter().map(|p| {
            let restricted = p.sensitivity == "restricted";
            (p.code.clone(), satupintu_rules::ProgramName { restricted, ..Default::default() })
        });
        satupintu_rules::generate::vocabulary(lists).unwrap().with_programs(named.collect())
    }

    #[test]
    fn the_catalogue_speaks_in_known_codes() {
        let lists = code_lists().unwrap().lists;
        let known =
            |slug: &str, code: &str| lists.iter().any(|l| l.slug == slug && l.entries.iter().any(|e| e.code == code));
        let agencies = agencies().unwrap();
        let pools = Pools::load().unwrap();
        let foundations = foundations(7, 10_000, &pools, &Places::load().unwrap()).unwrap();
        assert_eq!(foundations.len(), 300);
        assert!(foundations.iter().filter(|f| f.status == "verified").count() > 190);
        let shipped = programs(10_000).unwrap();
        assert!(shipped.len() >= 60);
        let organizations: HashSet<&str> =
            agencies.iter().map(|a| a.code.as_str()).chain(foundations.iter().map(|f| f.code.as_str())).collect();
        let vocabulary = vocabulary(&shipped);
        let mut codes = HashSet::new();
        for p in shipped.iter().chain(foundations.iter().map(|f| &f.program)) {
            assert!(codes.insert(&p.code) && organizations.contains(p.organization.as_str()), "{}", p.code);
            assert!(
                known("pillars", &p.pillar)
                    && known("benefit_kinds", &p.benefit.kind)
                    && known("benefit_periods", &p.benefit.period),
                "{}",
                p.code
            );
            assert!(
                known("access_modes", &p.access_mode)
                    && known("claim_units", &p.claim_unit)
                    && known("funding_kinds", &p.funding_kind),
                "{}",
                p.code
            );
            assert!(
                p.needs.iter().all(|n| known("needs", n)) && p.ppks.iter().all(|n| known("ppks_types", n)),
                "{}",
                p.code
            );
            assert!(
                p.documents.iter().all(|d| known("documents", d))
                    && p.overlap_class.iter().all(|c| known("overlap_classes", c)),
                "{}",
                p.code
            );
            assert_eq!(p.cycle.is_some(), p.access_mode == "referral", "{}", p.code);
            let rule = satupintu_rules::from_value(p.rule.as_ref().unwrap()).unwrap();
            let report = satupintu_rules::check(&rule, &vocabulary, p.sensitivity == "restricted");
            assert!(report.errors.is_empty() && report.warnings.is_empty(), "{} {report:?}", p.code);
            assert!(agencies.iter().all(|a| known("organization_kinds", &a.kind)));
        }
        // Every need has somebody to refer to.
        for need in &lists.iter().find(|l| l.slug == "needs").unwrap().entries {
            assert!(
                shipped.iter().any(|p| p.access_mode == "referral" && p.needs.contains(&need.code)),
                "{}",
                need.code
            );
        }
    }
}
