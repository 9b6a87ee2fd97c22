//! The shipped catalogue (`organizations.json`, `programs.json`) and 300 foundations with offers of their own.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::dice::Dice;
use super::places::Places;
use super::pools::{Pools, Sex};
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Value>,
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
}

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

/// The catalogue, with seats scaled to a city of `households` (all seats where it has none).
pub fn programs(households: u32) -> Result<Vec<Program>, FileError> {
    let file: ProgramFile = serde_json::from_str(include_str!("../../data/programs.json"))
        .map_err(|e| FileError::Json("programs.json", e))?;
    let mut programs = file.programs;
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

/// Name, English name, pillar, need, PPKS, kind, unit, value, period, overlap class, claim unit, criteria, documents.
struct Offer {
    name: [&'static str; 2],
    pillar: &'static str,
    need: &'static str,
    ppks: &'static str,
    kind: &'static str,
    value: i64,
    period: &'static str,
    overlap: &'static str,
    unit: &'static str,
    criteria: [&'static str; 2],
    documents: &'static [&'static str],
}

const OFFERS: [Offer; 12] = [
    Offer {
        name: ["Paket sembako lansia", "Food parcels for the elderly"],
        pillar: "jaminan_sosial",
        need: "pangan",
        ppks: "lansia_telantar",
        kind: "goods",
        value: 350_000,
        period: "once",
        overlap: "food_parcel",
        unit: "household",
        criteria: ["usia 60 tahun ke atas, desil 1–2", "aged 60 or more, decile 1–2"],
        documents: &["ktp"],
    },
    Offer {
        name: ["Beasiswa anak yatim", "Scholarships for orphans"],
        pillar: "jaminan_sosial",
        need: "pendidikan",
        ppks: "anak_terlantar",
        kind: "scholarship",
        value: 2_400_000,
        period: "yearly",
        overlap: "school_aid",
        unit: "person",
        criteria: ["usia 6–18, masih sekolah, desil 1–4", "aged 6–18, at school, decile 1–4"],
        documents: &["family_card", "school_letter"],
    },
    Offer {
        name: ["Iuran JKN", "Health insurance premiums"],
        pillar: "jaminan_sosial",
        need: "kesehatan",
        ppks: "fakir_miskin",
        kind: "insurance",
        value: 504_000,
        period: "yearly",
        overlap: "health_premium",
        unit: "person",
        criteria: ["belum punya JKN", "without health insurance"],
        documents: &["ktp", "family_card"],
    },
    Offer {
        name: ["Renovasi rumah", "House renovation"],
        pillar: "perlindungan_sosial",
        need: "perumahan",
        ppks: "fakir_miskin",
        kind: "housing",
        value: 20_000_000,
        period: "once",
        overlap: "house_repair",
        unit: "dwelling",
        criteria: ["rumah milik sendiri, lantai tanah", "own house, earth floor"],
        documents: &["ktp", "land_certificate", "house_photo"],
    },
    Offer {
        name: ["Modal usaha ibu", "Capital for mothers"],
        pillar: "pemberdayaan_sosial",
        need: "modal_usaha",
        ppks: "perempuan_rawan_sosek",
        kind: "capital",
        value: 3_000_000,
        period: "once",
        overlap: "business_capital",
        unit: "person",
        criteria: ["perempuan kepala keluarga 18–59 tahun", "women heads of family aged 18–59"],
        documents: &["ktp", "business_letter"],
    },
    Offer {
        name: ["Kursi roda", "Wheelchairs"],
        pillar: "rehabilitasi_sosial",
        need: "alat_bantu_disabilitas",
        ppks: "penyandang_disabilitas",
        kind: "goods",
        value: 2_750_000,
        period: "once",
        overlap: "assistive_device",
        unit: "person",
        criteria: ["disabilitas fisik, belum punya alat bantu", "physical disability, no device yet"],
        documents: &["ktp", "medical_letter"],
    },
    Offer {
        name: ["Pendampingan lansia", "Company for the elderly"],
        pillar: "rehabilitasi_sosial",
        need: "perawatan_lansia",
        ppks: "lansia_telantar",
        kind: "service",
        value: 600_000,
        period: "yearly",
        overlap: "elder_care",
        unit: "person",
        criteria: ["lansia hidup sendiri", "elderly living alone"],
        documents: &["ktp"],
    },
    Offer {
        name: ["Kelas keterampilan kerja", "Job skills classes"],
        pillar: "pemberdayaan_sosial",
        need: "pekerjaan",
        ppks: "",
        kind: "training",
        value: 1_800_000,
        period: "batch",
        overlap: "job_training",
        unit: "person",
        criteria: ["usia 17–45, belum bekerja", "aged 17–45, without work"],
        documents: &["ktp"],
    },
    Offer {
        name: ["Makanan tambahan balita", "Extra food for under-fives"],
        pillar: "perlindungan_sosial",
        need: "gizi_stunting",
        ppks: "",
        kind: "goods",
        value: 900_000,
        period: "case",
        overlap: "nutrition_support",
        unit: "person",
        criteria: ["balita stunting atau gizi kurang", "stunted or wasted under-fives"],
        documents: &["family_card"],
    },
    Offer {
        name: ["Sumur dan jamban warga", "Wells and toilets"],
        pillar: "perlindungan_sosial",
        need: "air_sanitasi",
        ppks: "",
        kind: "goods",
        value: 5_000_000,
        period: "once",
        overlap: "sanitation",
        unit: "dwelling",
        criteria: ["tanpa jamban sendiri", "no toilet of their own"],
        documents: &["ktp", "house_photo"],
    },
    Offer {
        name: ["Pelunasan tunggakan sekolah", "School arrears"],
        pillar: "jaminan_sosial",
        need: "tunggakan",
        ppks: "",
        kind: "cash",
        value: 1_500_000,
        period: "once",
        overlap: "debt_relief",
        unit: "household",
        criteria: ["keluarga tidak mampu dengan tunggakan", "poor families in arrears"],
        documents: &["arrears_proof"],
    },
    Offer {
        name: ["Asuhan anak asrama", "Boarding care for children"],
        pillar: "rehabilitasi_sosial",
        need: "pengasuhan_anak",
        ppks: "anak_terlantar",
        kind: "service",
        value: 9_000_000,
        period: "yearly",
        overlap: "child_care",
        unit: "person",
        criteria: ["anak tanpa pengasuhan orang tua", "children without parental care"],
        documents: &["birth_certificate", "assessment"],
    },
];

const VIRTUES: [&str; 14] = [
    "Amanah", "Harapan", "Kasih", "Bina", "Peduli", "Insan", "Cahaya", "Rumah", "Tunas", "Mitra", "Berkah", "Sahabat",
    "Pelita", "Karya",
];

/// The foundations, the first of them verified and open for offers of every kind.
pub fn foundations(seed: u64, households: u32, pools: &Pools, places: &Places) -> Vec<Foundation> {
    (0..FOUNDATIONS)
        .map(|at| foundation(Dice::new(seed, u64::MAX - u64::from(at)), at, households, pools, places))
        .collect()
}

fn foundation(mut dice: Dice, at: u32, households: u32, pools: &Pools, places: &Places) -> Foundation {
    let dice = &mut dice;
    let status = if at == 0 {
        "verified"
    } else {
        ["verified", "dormant", "applied", "suspended"]
            .get(dice.weighted(&[72, 18, 7, 3]))
            .copied()
            .unwrap_or("verified")
    };
    let offer = OFFERS.get(at as usize % OFFERS.len()).unwrap_or(&OFFERS[0]);
    let born = 1970 + i32::try_from(dice.below(40)).unwrap_or(0);
    let given = pools.person(dice, Sex::Female, born);
    let name =
        format!("Yayasan {} {}", dice.one_of(&VIRTUES, "Amanah"), given.split(' ').next_back().unwrap_or("Insani"));
    let areas = if dice.chance(550) {
        Vec::new()
    } else {
        let drawn = places.draw(dice);
        places.all().get(drawn).map(|p| p.district.clone()).into_iter().collect()
    };
    let seats = scaled(dice.between(20, 400), households, 330_000).max(8);
    let code = format!("LKS-{:03}", at + 1);
    let program = Program {
        code: format!("LKS_{:03}", at + 1),
        name: Label { id: format!("{} {name}", offer.name[0]), en: format!("{} by {name}", offer.name[1]) },
        description: Label { id: offer.name[0].to_owned(), en: offer.name[1].to_owned() },
        criteria: Label { id: offer.criteria[0].to_owned(), en: offer.criteria[1].to_owned() },
        organization: code.clone(),
        pillar: offer.pillar.to_owned(),
        needs: vec![offer.need.to_owned()],
        ppks: Some(offer.ppks).filter(|p| !p.is_empty()).map(str::to_owned).into_iter().collect(),
        access_mode: "referral".to_owned(),
        benefit: Benefit {
            kind: offer.kind.to_owned(),
            unit: offer.unit.to_owned(),
            value_idr: offer.value,
            period: offer.period.to_owned(),
            tiers: None,
        },
        overlap_class: Some(offer.overlap.to_owned()),
        claim_unit: offer.unit.to_owned(),
        documents: offer.documents.iter().map(|d| (*d).to_owned()).collect(),
        legal_basis: "UU 16/2001 jo. UU 28/2004".to_owned(),
        how_to_apply: "Lewat rujukan Puskesos kelurahan atau Dinas Sosial.".to_owned(),
        sensitivity: "open".to_owned(),
        funding_kind: "foundation".to_owned(),
        cycle: Some(Rhythm { rhythm: "year".to_owned(), seat_kind: "stock".to_owned(), seats }),
        areas,
    };
    let pledged = i64::from(seats) * offer.value * i64::from(dice.between(105, 160)) / 100;
    Foundation {
        code,
        name,
        status,
        registration: format!("LKS/{:03}/2026", at + 1),
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

    #[test]
    fn the_catalogue_speaks_in_known_codes() {
        let lists = code_lists().unwrap().lists;
        let known =
            |slug: &str, code: &str| lists.iter().any(|l| l.slug == slug && l.entries.iter().any(|e| e.code == code));
        let agencies = agencies().unwrap();
        let pools = Pools::load().unwrap();
        let foundations = foundations(7, 10_000, &pools, &Places::load().unwrap());
        assert_eq!(foundations.len(), 300);
        assert!(foundations.iter().filter(|f| f.status == "verified").count() > 190);
        let shipped = programs(10_000).unwrap();
        assert!(shipped.len() >= 60);
        let organizations: HashSet<&str> =
            agencies.iter().map(|a| a.code.as_str()).chain(foundations.iter().map(|f| f.code.as_str())).collect();
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
