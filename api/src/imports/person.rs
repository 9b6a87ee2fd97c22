//! One row of a list of people: who it is, where they live, and what the list says of them.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};

use super::coded::{CodeMaps, Unknown};
use super::family::{AddressReader, Family};
use super::growth::{Growth, Position, length_for_age};
use super::issues::{self, RowIssue};
use super::lines::Row;
use super::member::{Member, MemberReader};
use super::places::Places;
use super::profile::{Columns, FileLayout, ListKind, Profile};
use crate::kernel::cells::{is_formula, place_key, tidy};
use crate::kernel::dates_parse::{Precision, parse_birth_date};
use crate::kernel::nik::Sex;

/// A type of need in the agency's list.
#[derive(Debug, Clone)]
pub struct PpksType {
    /// Code of the list `ppks_types`.
    pub code: String,
    /// Everything it is called.
    pub names: Vec<String>,
    /// Youngest age.
    pub age_min: Option<i32>,
    /// Oldest age.
    pub age_max: Option<i32>,
    /// Only this sex.
    pub sex: Option<String>,
}

/// The types by what a list may call them.
#[derive(Debug, Default)]
pub struct Types {
    all: Vec<PpksType>,
    by_name: HashMap<String, usize>,
}

impl Types {
    /// Index over the types.
    #[must_use]
    pub fn new(all: Vec<PpksType>) -> Self {
        let mut by_name = HashMap::new();
        for (at, kind) in all.iter().enumerate() {
            for name in kind.names.iter().chain([&kind.code]) {
                by_name.entry(name_key(name)).or_insert(at);
            }
        }
        Self { all, by_name }
    }

    /// Further names: what a source calls a type, and its code.
    #[must_use]
    pub fn called(mut self, names: &std::collections::BTreeMap<String, String>) -> Self {
        for (name, code) in names {
            if let Some(at) = self.all.iter().position(|kind| kind.code == *code) {
                self.by_name.insert(name_key(name), at);
            }
        }
        self
    }

    /// The type a cell names: as it stands, without what is in brackets, or by what is in brackets.
    #[must_use]
    pub fn find(&self, raw: &str) -> Option<&PpksType> {
        let (head, inner) =
            raw.split_once('(').map_or((raw, ""), |(head, rest)| (head, rest.trim_end_matches([')', ' '])));
        [raw, head, inner].iter().find_map(|text| self.by_name.get(&name_key(text))).and_then(|at| self.all.get(*at))
    }
}

/// `terlantar` and `telantar` are one word.
fn name_key(name: &str) -> String {
    place_key(name).replace("TERLANTAR", "TELANTAR")
}

impl PpksType {
    /// Whether somebody of that age and sex can be of the type; what is unknown can.
    #[must_use]
    pub fn fits(&self, age: Option<i32>, sex: Option<Sex>) -> bool {
        let old_enough = age.is_none_or(|age| self.age_min.is_none_or(|min| age >= min));
        let young_enough = age.is_none_or(|age| self.age_max.is_none_or(|max| age <= max));
        let of_sex = self.sex.as_deref().is_none_or(|only| sex.is_none_or(|sex| sex.as_str() == only));
        old_enough && young_enough && of_sex
    }
}

/// Whole years between two days.
#[must_use]
pub fn age(born: NaiveDate, on: NaiveDate) -> i32 {
    on.year() - born.year() - i32::from((on.month(), on.day()) < (born.month(), born.day()))
}

/// A person as the list has them.
#[derive(Debug, Default)]
pub struct Person {
    /// Who.
    pub member: Member,
    /// Where; of a family only its place is read.
    pub place: Family,
    /// What the list says.
    pub entry: Value,
    /// Whether a value was repaired.
    pub repaired: bool,
    /// What is wrong.
    pub issues: Vec<RowIssue>,
}

/// Reads the rows of a list.
pub struct PersonReader<'a> {
    kind: ListKind,
    member: MemberReader<'a>,
    address: AddressReader<'a>,
    types: &'a Types,
    ppks_type: Option<usize>,
    measured_on: Option<usize>,
    height: Option<usize>,
    position: Option<usize>,
    wanted: Option<usize>,
    note: Option<usize>,
    received: NaiveDate,
    /// Last day the list speaks of.
    until: NaiveDate,
}

/// What a list is read with.
pub struct Lists<'a> {
    /// Regions of the city.
    pub places: &'a Places,
    /// Code maps.
    pub maps: &'a CodeMaps,
    /// Types of need.
    pub types: &'a Types,
    /// Kelurahan it is confined to.
    pub scope: Option<Vec<String>>,
    /// Civil date at which the file came.
    pub received: NaiveDate,
    /// Last day the list speaks of.
    pub until: NaiveDate,
}

impl<'a> PersonReader<'a> {
    /// A reader for a file with these columns.
    #[must_use]
    pub fn new(kind: ListKind, profile: &Profile, layout: &FileLayout, columns: &Columns, with: Lists<'a>) -> Self {
        Self {
            kind,
            member: MemberReader::new(profile, layout, columns, with.maps, with.received),
            address: AddressReader::new(columns, with.places, with.scope),
            types: with.types,
            ppks_type: columns.field("ppks_type"),
            measured_on: columns.field("measured_on"),
            height: columns.field("height"),
            position: columns.field("position"),
            wanted: columns.field("wanted"),
            received: with.received,
            note: columns.field("note"),
            until: with.until,
        }
    }

    /// Reads a row into `out`.
    pub fn read(&self, row: &Row, out: &mut Person, unknown: &mut Unknown) {
        self.member.read(row, &mut out.member, unknown);
        out.place.issues.clear();
        out.place.repaired = false;
        self.address.region(row, &mut out.place);
        self.address.street(row, &mut out.place);
        out.issues.clear();
        out.issues.append(&mut out.member.issues);
        out.issues.append(&mut out.place.issues);
        out.repaired = out.member.repaired || out.place.repaired;
        let nobody = out.member.nik.is_none()
            && out.member.birth_date.is_none()
            && out.issues.iter().all(|i| *i.code != issues::BIRTH_DATE_INVALID);
        if let Some(at) = out.issues.iter().position(|i| *i.code == issues::NIK_MISSING).filter(|_| nobody) {
            out.issues.remove(at);
            issue(out, &issues::NO_IDENTITY, "nik", None);
        }
        let text = |at: Option<usize>| {
            let text = tidy(at.map_or("", |at| row.cell(at))).into_owned();
            (!text.is_empty() && text != "-" && !is_formula(&text)).then_some(text)
        };
        out.entry = json!({});
        if let Some(note) = text(self.note) {
            out.entry["note"] = json!(note.chars().take(500).collect::<String>());
        }
        match self.kind {
            ListKind::Needs => self.need(text(self.ppks_type).as_deref(), out, unknown),
            ListKind::Growth => {
                let (on, height, position) = (text(self.measured_on), text(self.height), text(self.position));
                self.growth(on.as_deref(), height.as_deref(), position.as_deref(), out);
            }
            // Offers are no people and have a reader of their own.
            ListKind::Offers => {}
            ListKind::Work => {
                out.entry["type"] = json!("job_seeker");
                if let Some(wanted) = text(self.wanted) {
                    out.entry["note"] = json!(wanted.chars().take(200).collect::<String>());
                }
            }
        }
    }

    /// A child so short for its age that somebody should look: a candidate, whatever the list calls it.
    fn growth(&self, on: Option<&str>, height: Option<&str>, position: Option<&str>, out: &mut Person) {
        let on = on.and_then(|raw| parse_birth_date(raw, self.received).ok().flatten()).map(|written| written.date);
        let cm = height.and_then(centimetres);
        let (Some(on), Some(cm)) = (on, cm) else {
            issue(out, &issues::MEASUREMENT_INVALID, if cm.is_none() { "height" } else { "measured_on" }, None);
            return;
        };
        let exact = out.member.birth_date.filter(|_| out.member.birth_precision == Precision::Day);
        let (Some(born), Some(sex)) = (exact, out.member.sex) else {
            issue(out, &issues::MEASUREMENT_AGE, "birth_date", None);
            return;
        };
        let position = position.map(place_key).and_then(|how| match how.as_str() {
            "TERLENTANG" | "BERBARING" | "TIDUR" | "LYING" => Some(Position::Lying),
            "BERDIRI" | "STANDING" => Some(Position::Standing),
            _ => None,
        });
        match length_for_age(sex, born, on, cm, position) {
            Growth::Implausible => issue(out, &issues::MEASUREMENT_INVALID, "height", None),
            Growth::OtherAge => issue(out, &issues::MEASUREMENT_AGE, "birth_date", None),
            Growth::Score(score) => {
                out.entry["note"] = json!(format!("TB/U {score:.1} SD: {cm} cm, {on}"));
                if score < -3.0 {
                    out.entry["type"] = json!("severely_stunted");
                } else if score < -2.0 {
                    out.entry["type"] = json!("stunted");
                }
            }
        }
    }

    fn need(&self, raw: Option<&str>, out: &mut Person, unknown: &mut Unknown) {
        let raw = raw.unwrap_or_default();
        let short: String = raw.chars().take(60).collect();
        let Some(kind) = self.types.find(raw) else {
            if !raw.is_empty() {
                *unknown.entry(("ppks_type".to_owned(), short.clone())).or_default() += 1;
                out.entry["raw"] = json!(short);
            }
            issue(out, &issues::PPKS_UNKNOWN, "ppks_type", Some(short).filter(|s| !s.is_empty()));
            return;
        };
        out.entry["type"] = json!(kind.code);
        let years = out.member.birth_date.map(|born| age(born, self.until));
        if !kind.fits(years, out.member.sex) {
            issue(out, &issues::PPKS_AGE, "ppks_type", None);
        }
    }
}

/// A length as it is written (`82,5`, `82.5 cm`).
fn centimetres(raw: &str) -> Option<f64> {
    let text = raw.trim().trim_end_matches(|c: char| c.is_alphabetic() || c == ' ' || c == '.').replace(',', ".");
    text.parse().ok().filter(|cm: &f64| (1.0..=250.0).contains(cm))
}

fn issue(out: &mut Person, code: &'static issues::IssueCode, variable: &'static str, value_masked: Option<String>) {
    out.issues.push(RowIssue { code, variable, value_masked });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_type_is_found_by_name_alias_or_what_stands_in_brackets() {
        let kind = |code: &str, names: &[&str]| PpksType {
            code: code.into(),
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            age_min: None,
            age_max: None,
            sex: None,
        };
        let types = Types::new(vec![
            kind("lansia_telantar", &["Lanjut usia telantar", "LUT", "Lansia Terlantar"]),
            kind("anak_disabilitas", &["Anak dengan kedisabilitasan", "ADK"]),
        ]);
        for (raw, code) in [
            ("lansia telantar", Some("lansia_telantar")),
            ("LANJUT  USIA TERLANTAR", Some("lansia_telantar")),
            ("Anak dengan kedisabilitasan (ADK)", Some("anak_disabilitas")),
            ("Disabilitas anak (ADK)", Some("anak_disabilitas")),
            ("Pengemis", None),
            ("", None),
        ] {
            assert_eq!(types.find(raw).map(|t| t.code.as_str()), code, "{raw}");
        }
    }

    #[test]
    fn what_is_unknown_is_not_impossible() {
        let elder =
            PpksType { code: "x".into(), names: vec![], age_min: Some(60), age_max: None, sex: Some("female".into()) };
        assert!(elder.fits(None, None) && elder.fits(Some(60), Some(Sex::Female)));
        assert!(!elder.fits(Some(59), None) && !elder.fits(Some(70), Some(Sex::Male)));
        assert_eq!(age(day("1966-11-01"), day("2026-10-31")), 59);
        assert_eq!(age(day("1966-10-31"), day("2026-10-31")), 60);
    }
}
