//! One row of the member file: cleaned fields and what is wrong with it.

use chrono::NaiveDate;

use super::coded::{CodeMaps, Coded, CodedColumns, Unknown};
use super::copy_text::key_number;
use super::family::own_key;
use super::issues::{self, RowIssue, Verdict};
use super::lines::Row;
use super::profile::{Columns, FileLayout, Profile};
use crate::kernel::cells::{is_formula, phone, tidy};
use crate::kernel::dates_parse::{Precision, parse_birth_date};
use crate::kernel::family_card::{Damaged, FamilyCard};
use crate::kernel::names::match_key;
use crate::kernel::nik::{Nik, Sex, Sixteen, mask_digits, sixteen};

/// A person as the file has them.
#[derive(Debug, Default)]
pub struct Member {
    /// NIK, where sixteen digits stand there.
    pub nik: Option<Nik>,
    /// Number of the family's card, where it is whole; or of the source's own key of it.
    pub number: Option<i64>,
    /// The source's own key of the family.
    pub family_key: Option<String>,
    /// Name as written.
    pub name: String,
    /// Order-free match key of the name.
    pub name_key: String,
    /// Mother's name.
    pub mother_name: Option<String>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// How much of it is known.
    pub birth_precision: Precision,
    /// Sex.
    pub sex: Option<Sex>,
    /// Canonical relation to the head.
    pub relation: Option<String>,
    /// Canonical marital status.
    pub marital_status: Option<String>,
    /// Phone, E.164.
    pub phone: Option<String>,
    /// Facts.
    pub coded: Coded,
    /// Whether a value was repaired.
    pub repaired: bool,
    /// What is wrong.
    pub issues: Vec<RowIssue>,
}

impl Member {
    /// The strongest verdict of the row by itself.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        strongest(&self.issues)
    }
}

/// The strongest verdict among issues.
#[must_use]
pub fn strongest(issues: &[RowIssue]) -> Verdict {
    issues.iter().map(|issue| issue.code.verdict).max().unwrap_or(Verdict::Accept)
}

/// How a row names its family.
#[derive(Debug, Clone, Copy)]
enum FamilyColumn {
    /// Not at all: a list of people.
    None,
    /// By the card.
    Card(Option<usize>),
    /// By the source's own key.
    Key(Option<usize>),
}

/// Reads the rows of a member file.
pub struct MemberReader<'a> {
    maps: &'a CodeMaps,
    coded: CodedColumns,
    relation_map: String,
    marital_map: String,
    sex_map: String,
    nik: Option<usize>,
    family: FamilyColumn,
    name: Option<usize>,
    mother_name: Option<usize>,
    birth_date: Option<usize>,
    /// Whether the cell names the place first (`Bandung, 4 Mei 1988`), or says in words that nothing is known.
    place_before_date: bool,
    sex: Option<usize>,
    relation: Option<usize>,
    marital_status: Option<usize>,
    phone: Option<usize>,
    /// Civil date at which the file came: nobody is born later.
    received: NaiveDate,
}

impl<'a> MemberReader<'a> {
    /// A reader for a file with these columns, received on that day.
    #[must_use]
    pub fn new(
        profile: &Profile,
        layout: &FileLayout,
        columns: &Columns,
        maps: &'a CodeMaps,
        received: NaiveDate,
    ) -> Self {
        let at = |variable| columns.field(variable);
        let map = |variable: &str| {
            let column = layout.columns.iter().find(|c| c.variable == variable);
            column.map_or_else(String::new, |c| c.map_name(profile))
        };
        Self {
            maps,
            coded: CodedColumns::new(profile, layout, columns, maps),
            relation_map: map("relation"),
            marital_map: map("marital_status"),
            sex_map: map("sex"),
            nik: at("nik"),
            family: match (profile.list, profile.by_card()) {
                (Some(_), _) => FamilyColumn::None,
                (None, true) => FamilyColumn::Card(at("family_card")),
                (None, false) => FamilyColumn::Key(at("family_key")),
            },
            name: at("name"),
            mother_name: at("mother_name"),
            birth_date: at("birth_date").or_else(|| at("birth_place_date")),
            place_before_date: at("birth_date").is_none(),
            sex: at("sex"),
            relation: at("relation"),
            marital_status: at("marital_status"),
            phone: at("phone"),
            received,
        }
    }

    /// Reads a row into `out`.
    pub fn read(&self, row: &Row, out: &mut Member, unknown: &mut Unknown) {
        let cell = |at: Option<usize>| at.map_or("", |at| row.cell(at));
        out.issues.clear();
        out.repaired = false;
        self.name(cell(self.name), out);
        out.number = None;
        match self.family {
            FamilyColumn::None => {}
            FamilyColumn::Card(at) => card(row, at, out),
            FamilyColumn::Key(at) => key(cell(at), out),
        }
        let mother = tidy(cell(self.mother_name));
        out.mother_name = (!mother.is_empty() && mother != "-" && !is_formula(&mother)).then(|| mother.into_owned());
        out.sex = self.sex(cell(self.sex));
        self.birth(cell(self.birth_date), out);
        self.nik(row, cell(self.nik), out);
        out.relation = self.maps.find(&self.relation_map, cell(self.relation)).map(str::to_owned);
        out.marital_status = self.maps.find(&self.marital_map, cell(self.marital_status)).map(str::to_owned);
        out.phone = phone(cell(self.phone));
        self.coded.read(row, &mut out.coded, unknown);
    }

    fn name(&self, raw: &str, out: &mut Member) {
        out.name.clear();
        out.name.push_str(&tidy(raw));
        out.name_key = match_key(&out.name);
        if is_formula(&out.name) {
            issue(out, &issues::FORMULA_NAME, "name", None);
        } else if out.name_key.is_empty() {
            issue(out, &issues::NAME_MISSING, "name", None);
        }
    }

    fn sex(&self, raw: &str) -> Option<Sex> {
        match self.maps.find(&self.sex_map, raw) {
            Some("male") => return Some(Sex::Male),
            Some("female") => return Some(Sex::Female),
            _ => {}
        }
        let key = crate::kernel::cells::place_key(raw);
        match key.as_str() {
            "1" | "L" | "LK" | "LAKILAKI" | "PRIA" | "M" | "MALE" => Some(Sex::Male),
            "2" | "P" | "PR" | "PEREMPUAN" | "WANITA" | "F" | "FEMALE" => Some(Sex::Female),
            _ => None,
        }
    }

    fn birth(&self, raw: &str, out: &mut Member) {
        out.birth_date = None;
        out.birth_precision = Precision::Day;
        let raw = if self.place_before_date {
            raw.find(|c: char| c.is_ascii_digit()).and_then(|at| raw.get(at..)).unwrap_or_default()
        } else {
            raw
        };
        match parse_birth_date(raw, self.received) {
            Ok(None) => {}
            Ok(Some(written)) => {
                out.birth_date = Some(written.date);
                out.birth_precision = written.precision;
                out.repaired |= written.reformatted;
            }
            Err(_) => {
                // The year is enough to find the row and too little to identify somebody.
                let masked = raw.trim().chars().take(20).map(|c| if c.is_ascii_digit() { '*' } else { c }).collect();
                issue(out, &issues::BIRTH_DATE_INVALID, "birth_date", Some(masked));
            }
        }
    }

    fn nik(&self, row: &Row, raw: &str, out: &mut Member) {
        out.nik = None;
        if self.nik.is_some_and(|at| row.is_lossy(at)) {
            issue(out, &issues::NIK_PRECISION, "nik", Some(mask_digits(raw.trim())));
            return;
        }
        match sixteen(raw) {
            Err(Sixteen::Empty) => issue(out, &issues::NIK_MISSING, "nik", None),
            Err(Sixteen::Scientific) => issue(out, &issues::NIK_SCIENTIFIC, "nik", Some(mask_digits(raw.trim()))),
            Err(Sixteen::Length(_)) if raw.trim().chars().all(|c| matches!(c, '-' | '0' | '.')) => {
                issue(out, &issues::NIK_MISSING, "nik", None)
            }
            Err(Sixteen::Length(_)) => issue(out, &issues::NIK_LENGTH, "nik", Some(mask_digits(raw.trim()))),
            Ok((digits, repaired)) => {
                let nik = Nik::from(digits);
                out.nik = Some(nik);
                out.repaired |= repaired;
                // A lone year would disagree with every number; a date that was left out says nothing.
                let date = out.birth_date.filter(|_| out.birth_precision == Precision::Day);
                if !nik.is_plausible() {
                    issue(out, &issues::NIK_IMPLAUSIBLE, "nik", Some(nik.masked()));
                } else if !nik.agrees(date, out.sex) {
                    issue(out, &issues::NIK_MISMATCH, "nik", Some(nik.masked()));
                }
            }
        }
    }
}

fn card(row: &Row, at: Option<usize>, out: &mut Member) {
    let raw = at.map_or("", |at| row.cell(at));
    let parsed = if at.is_some_and(|at| row.is_lossy(at)) { Err(Damaged::Scientific) } else { FamilyCard::parse(raw) };
    match parsed {
        Ok((card, repaired)) => {
            out.number = card.as_str().parse().ok();
            out.repaired |= repaired;
        }
        Err(damaged) => {
            let code = if damaged == Damaged::Scientific { &issues::KK_SCIENTIFIC } else { &issues::KK_LENGTH };
            issue(out, code, "family_card", Some(mask_digits(raw.trim())));
        }
    }
}

fn key(raw: &str, out: &mut Member) {
    out.family_key = own_key(raw);
    out.number = out.family_key.as_deref().map(key_number);
    if out.number.is_none() {
        issue(out, &issues::FAMILY_KEY_MISSING, "family_key", None);
    }
}

fn issue(out: &mut Member, code: &'static issues::IssueCode, variable: &'static str, value_masked: Option<String>) {
    out.issues.push(RowIssue { code, variable, value_masked });
}
