//! One row of a foundation's offers: a draft of a program of the right partner.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::coded::Unknown;
use super::copy_text::digest;
use super::issues::{self, IssueCode, RowIssue};
use super::lines::Row;
use super::person::Types;
use super::places::Places;
use super::profile::{BenefitOf, Columns, Profile};
use crate::kernel::cells::{is_formula, phone, place_key, tidy};
use crate::kernel::dates_parse::parse_birth_date;
use crate::programs::{BenefitKind, ClaimUnit, OfferedProgram};

/// Who can offer.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Organization.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its code, which the codes of its programs begin with.
    pub code: String,
    /// Its registration.
    pub registration: Option<String>,
    /// Whether the uploader may speak for it.
    pub own: bool,
}

/// The partners by registration and by name.
#[derive(Debug, Default)]
pub struct Partners {
    all: Vec<Partner>,
    by_registration: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Partners {
    /// Index over the partners.
    #[must_use]
    pub fn new(all: Vec<Partner>) -> Self {
        let mut out = Self { all, ..Self::default() };
        for (at, partner) in out.all.iter().enumerate() {
            if let Some(number) = &partner.registration {
                out.by_registration.entry(place_key(number)).or_insert(at);
            }
            out.by_name.entry(place_key(&partner.name)).or_default().push(at);
        }
        out
    }

    /// The partner a row speaks of: by its registration if the name agrees, else by a name that only one has.
    fn find(&self, registration: &str, name: &str) -> Result<&Partner, &'static IssueCode> {
        let name = place_key(name);
        if let Some(partner) = self.by_registration.get(&place_key(registration)).and_then(|at| self.all.get(*at)) {
            return if place_key(&partner.name) == name { Ok(partner) } else { Err(&issues::ORGANIZATION_DIFFERS) };
        }
        match self.by_name.get(&name).map(Vec::as_slice) {
            Some([at]) => self.all.get(*at).ok_or(&issues::ORGANIZATION_UNKNOWN),
            _ => Err(&issues::ORGANIZATION_UNKNOWN),
        }
    }
}

/// A need as an offer speaks of it.
#[derive(Debug, Clone)]
pub struct NeedEntry {
    /// Code.
    pub code: String,
    /// Pillar it usually belongs to.
    pub pillar: String,
    /// Whether it is a household's.
    pub of_household: bool,
}

/// What a row offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Whose it is.
    pub organization_id: Uuid,
    /// Code of the program.
    pub code: String,
    /// Name of the program.
    pub name: String,
    /// What is given.
    pub kind: BenefitKind,
    /// Value of one, in rupiah.
    pub value_idr: i64,
    /// Need it answers.
    pub need: String,
    /// Pillar of the need.
    pub pillar: String,
    /// Whether a household holds the claim, else a person.
    pub of_household: bool,
    /// Kecamatan or kelurahan; empty is the whole city.
    pub areas: Vec<String>,
    /// Who may get it, in the partner's words.
    pub criteria: Option<String>,
    /// How many.
    pub quota: Option<i32>,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Phone of the partner.
    pub contact: Option<String>,
}

impl Offer {
    /// As the catalogue takes it.
    #[must_use]
    pub fn program(self) -> OfferedProgram {
        OfferedProgram {
            code: self.code,
            organization_id: self.organization_id,
            name: self.name,
            criteria: self.criteria,
            pillar: self.pillar,
            need: self.need,
            kind: self.kind,
            value_idr: self.value_idr,
            claim_unit: if self.of_household { ClaimUnit::Household } else { ClaimUnit::Person },
            areas: self.areas,
            contact: self.contact,
            cycle: self.starts_on.zip(self.ends_on).zip(self.quota).map(|((from, to), seats)| (from, to, seats)),
        }
    }
}

/// Reads the rows of a file of offers.
pub struct OfferReader<'a> {
    partners: &'a Partners,
    places: &'a Places,
    types: &'a Types,
    needs: &'a [NeedEntry],
    profile: &'a Profile,
    columns: &'a Columns,
}

/// What offers are read with.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    /// Who can offer.
    pub partners: &'a Partners,
    /// Regions of the city.
    pub places: &'a Places,
    /// Types of need that a target can name.
    pub types: &'a Types,
    /// Needs with their pillars.
    pub needs: &'a [NeedEntry],
}

/// A row as read.
#[derive(Debug, Default)]
pub struct ReadOffer {
    /// What it offers; none where it waits.
    pub offer: Option<Offer>,
    /// Whether a value was repaired.
    pub repaired: bool,
    /// What is wrong.
    pub issues: Vec<RowIssue>,
}

impl<'a> OfferReader<'a> {
    /// A reader for a file with these columns.
    #[must_use]
    pub fn new(profile: &'a Profile, columns: &'a Columns, with: Offered<'a>) -> Self {
        Self { partners: with.partners, places: with.places, types: with.types, needs: with.needs, profile, columns }
    }

    /// Reads a row.
    #[must_use]
    pub fn read(&self, row: &Row, unknown: &mut Unknown) -> ReadOffer {
        let mut out = ReadOffer::default();
        let text = |variable: &str| tidy(self.columns.field(variable).map_or("", |at| row.cell(at))).into_owned();
        let organization = match self.partners.find(&text("registration"), &text("organization")) {
            Ok(partner) if partner.own => Some(partner),
            Ok(_) => none(&mut out, &issues::ORGANIZATION_OTHER, "organization", None),
            Err(code) => none(&mut out, code, "organization", Some(text("organization"))),
        };
        let name = text("program");
        if name.is_empty() || is_formula(&name) {
            issue(&mut out, &issues::NAME_MISSING, "program", None);
        }
        let raw_kind = text("benefit");
        let benefit = self.profile.benefits.get(&place_key(&raw_kind).to_lowercase());
        if benefit.is_none() {
            count(unknown, "benefit", &raw_kind);
            issue(&mut out, &issues::BENEFIT_UNKNOWN, "benefit", Some(short(&raw_kind)));
        }
        let raw_value = text("value");
        let value = rupiah(&raw_value);
        out.repaired |= value.is_some() && !raw_value.bytes().all(|b| b.is_ascii_digit());
        if value.is_none() {
            issue(&mut out, &issues::AMOUNT_INVALID, "value", Some(short(&text("value"))));
        }
        let quota = text("quota");
        let quota = (!quota.is_empty()).then(|| quota.parse::<i32>().ok().filter(|n| *n > 0));
        if quota == Some(None) {
            issue(&mut out, &issues::AMOUNT_INVALID, "quota", Some(short(&text("quota"))));
        }
        let day = |variable: &str| {
            let far = NaiveDate::from_ymd_opt(2100, 1, 1).unwrap_or_default();
            parse_birth_date(&text(variable), far).ok().flatten().map(|written| written.date)
        };
        let (starts_on, ends_on) = (day("starts_on"), day("ends_on"));
        if starts_on.zip(ends_on).is_none_or(|(from, to)| from > to) {
            issue(&mut out, &issues::PERIOD_INVALID, "starts_on", None);
        }
        let days = starts_on.zip(ends_on).filter(|(from, to)| from <= to);
        let areas = self.areas(&text("area"), &mut out);
        let need = benefit.and_then(|benefit| self.need(benefit, &text("target"), &mut out, unknown));
        let criteria = text("criteria");
        out.offer = (|| {
            Some(Offer {
                organization_id: organization?.id,
                code: program_code(&organization?.code, &name),
                name: Some(name).filter(|n| !n.is_empty())?,
                kind: benefit?.kind,
                value_idr: value?,
                need: need?.code.clone(),
                pillar: need?.pillar.clone(),
                of_household: need?.of_household,
                areas: areas?,
                criteria: (!criteria.is_empty() && !is_formula(&criteria))
                    .then(|| criteria.chars().take(2000).collect()),
                quota: quota.flatten(),
                starts_on: Some(days?.0),
                ends_on: Some(days?.1),
                contact: phone(&text("contact")),
            })
        })();
        out
    }

    /// The whole city, or the kecamatan named.
    fn areas(&self, raw: &str, out: &mut ReadOffer) -> Option<Vec<String>> {
        if raw.is_empty() || self.places.is_city(raw) {
            return Some(Vec::new());
        }
        let found: Option<Vec<String>> =
            raw.split([',', ';', '/']).map(|one| self.places.district(one).map(str::to_owned)).collect();
        if found.is_none() {
            issue(out, &issues::REGION_UNKNOWN, "area", Some(short(raw)));
        }
        found
    }

    /// What the benefit answers; where that does not say it, what the people it is for usually need, which somebody has
    /// to look at.
    fn need(
        &self,
        benefit: &BenefitOf,
        target: &str,
        out: &mut ReadOffer,
        unknown: &mut Unknown,
    ) -> Option<&'a NeedEntry> {
        let kind = self.types.find(target);
        if kind.is_none() && !target.is_empty() {
            count(unknown, "target", target);
        }
        let by_target = kind.and_then(|kind| self.profile.needs.get(&kind.code)).map(|n| n.need.as_str());
        let code = benefit.need.as_deref().or(by_target);
        let need = code.and_then(|code| self.needs.iter().find(|need| need.code == code));
        match (&benefit.need, need) {
            (_, None) => issue(out, &issues::TARGET_UNKNOWN, "target", Some(short(target))),
            (None, Some(_)) => issue(out, &issues::NEED_OF_TARGET, "target", Some(short(target))),
            (Some(_), Some(_)) if kind.is_none() && !target.is_empty() => {
                issue(out, &issues::TARGET_UNMAPPED, "target", Some(short(target)));
            }
            _ => {}
        }
        need
    }
}

/// Code of a partner's program: the partner's own and the program's name, with its digest where that is cut.
fn program_code(partner: &str, name: &str) -> String {
    let word = |text: &str| {
        let mut out = String::new();
        for c in text.chars().flat_map(char::to_uppercase) {
            if c.is_ascii_alphanumeric() {
                out.push(c);
            } else if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
        }
        out.trim_end_matches('_').to_owned()
    };
    let whole = format!("{}-{}", word(partner), word(&tidy(name)));
    if whole.len() <= 60 && name.is_ascii() {
        return whole;
    }
    let digest = digest(format!("{partner}|{}", place_key(name)).as_bytes()) & 0xFFFF_FFFF;
    format!("{}-{digest:08X}", whole.chars().take(50).collect::<String>())
}

fn count(unknown: &mut Unknown, variable: &str, value: &str) {
    *unknown.entry((variable.to_owned(), short(value))).or_default() += 1;
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn none<T>(out: &mut ReadOffer, code: &'static IssueCode, variable: &'static str, value: Option<String>) -> Option<T> {
    issue(out, code, variable, value.map(|v| short(&v)));
    None
}

fn issue(out: &mut ReadOffer, code: &'static IssueCode, variable: &'static str, value_masked: Option<String>) {
    out.issues.push(RowIssue { code, variable, value_masked: value_masked.filter(|v| !v.is_empty()) });
}

/// An amount as it is written here (`Rp 1.500.000,00`, `1500000`); what could mean two amounts is none.
fn rupiah(raw: &str) -> Option<i64> {
    let text = raw.trim().trim_start_matches(['R', 'r']).trim_start_matches(['P', 'p']).trim_start_matches('.').trim();
    let whole = match text.rsplit_once(',') {
        Some((whole, cents)) if cents.len() == 2 && cents.bytes().all(|b| b == b'0') => whole,
        Some((whole, "-")) => whole,
        Some(_) => return None,
        None => text,
    };
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let plain = rest == ["0"] || rest == ["00"];
    if !plain && (rest.iter().any(|g| g.len() != 3) || (!rest.is_empty() && first.len() > 3)) {
        return None;
    }
    let digits = if plain { first.to_owned() } else { whole.replace('.', "") };
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|n| (0..=10_000_000_000).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts_as_they_are_written_here() {
        for (raw, amount) in [
            ("Rp 20.000.000,00", Some(20_000_000)),
            ("504000", Some(504_000)),
            ("Rp. 350.000,-", Some(350_000)),
            ("3000000.0", Some(3_000_000)),
            ("1,500,000", None),
            ("20.00.000", None),
            ("dua juta", None),
            ("", None),
        ] {
            assert_eq!(rupiah(raw), amount, "{raw}");
        }
    }

    #[test]
    fn a_code_is_the_partners_and_the_names_and_never_too_long() {
        assert_eq!(program_code("lks_001", "Iuran JKN"), "LKS_001-IURAN_JKN");
        let long = program_code("lks_001", &"Beasiswa anak yatim ".repeat(5));
        assert!(long.len() <= 60 && long != program_code("lks_001", &"Beasiswa anak yatim ".repeat(6)), "{long}");
    }

    #[test]
    fn a_partner_is_known_by_registration_and_name_together() {
        let partner = |name: &str, registration: Option<&str>| Partner {
            id: Uuid::now_v7(),
            name: name.into(),
            code: "X".into(),
            registration: registration.map(str::to_owned),
            own: true,
        };
        let partners = Partners::new(vec![
            partner("Yayasan Kasih", Some("LKS/001/2026")),
            partner("Yayasan Amanah", None),
            partner("Yayasan Ganda", None),
            partner("YAYASAN GANDA", None),
        ]);
        assert!(partners.find("LKS/001/2026", "YAYASAN KASIH").is_ok());
        assert_eq!(partners.find("LKS/001/2026", "Yayasan Lain").unwrap_err(), &issues::ORGANIZATION_DIFFERS);
        assert!(partners.find("LKS/099/2026", "yayasan amanah").is_ok());
        assert_eq!(partners.find("", "Yayasan Ganda").unwrap_err(), &issues::ORGANIZATION_UNKNOWN);
        assert_eq!(partners.find("", "Yayasan Baru").unwrap_err(), &issues::ORGANIZATION_UNKNOWN);
    }
}
