//! One row of the family file: cleaned fields and what is wrong with it.

use super::coded::{CodeMaps, Coded, CodedColumns, Unknown};
use super::copy_text::key_number;
use super::issues::{self, RowIssue};
use super::lines::Row;
use super::places::Places;
use super::profile::{Columns, FileLayout, Profile};
use crate::kernel::cells::{is_formula, neighbourhood, neighbourhood_pair, tidy};
use crate::kernel::family_card::{Damaged, FamilyCard};
use crate::kernel::nik::mask_digits;

/// A family as the file has it.
#[derive(Debug, Default)]
pub struct Family {
    /// Number of its card, where it is whole; or of the source's own key.
    pub number: Option<i64>,
    /// The source's own key.
    pub family_key: Option<String>,
    /// Dotted code of the kelurahan of domicile.
    pub region_code: Option<String>,
    /// Name of the head.
    pub head_name: Option<String>,
    /// Members that the source counts.
    pub declared_members: Option<i32>,
    /// Deciles: national, of the province, of the city.
    pub deciles: [Option<i16>; 3],
    /// Street and number.
    pub street: Option<String>,
    /// RT, three digits.
    pub rt: Option<String>,
    /// RW, three digits.
    pub rw: Option<String>,
    /// Codes of the house, facts and assets.
    pub coded: Coded,
    /// Floor area in square metres.
    pub floor_area: Option<i32>,
    /// Whether a value was repaired.
    pub repaired: bool,
    /// What is wrong.
    pub issues: Vec<RowIssue>,
}

/// Reads the rows of a family file.
pub struct FamilyReader<'a> {
    address: AddressReader<'a>,
    coded: CodedColumns,
    family_card: Option<usize>,
    family_key: Option<usize>,
    by_card: bool,
    head_name: Option<usize>,
    declared_members: Option<usize>,
    deciles: [Option<usize>; 3],
    floor_area: Option<usize>,
}

impl<'a> FamilyReader<'a> {
    /// A reader for a file with these columns, confined to `scope` where there is one.
    #[must_use]
    pub fn new(
        profile: &Profile,
        layout: &FileLayout,
        columns: &Columns,
        places: &'a Places,
        maps: &CodeMaps,
        scope: Option<Vec<String>>,
    ) -> Self {
        let at = |variable| columns.field(variable);
        Self {
            address: AddressReader::new(columns, places, scope),
            coded: CodedColumns::new(profile, layout, columns, maps),
            family_card: at("family_card"),
            family_key: at("family_key"),
            by_card: profile.by_card(),
            head_name: at("head_name"),
            declared_members: at("declared_members"),
            deciles: [at("decile_national"), at("decile_province"), at("decile_city")],
            floor_area: at("floor_area"),
        }
    }

    /// Reads a row into `out`.
    pub fn read(&self, row: &Row, out: &mut Family, unknown: &mut Unknown) {
        let cell = |at: Option<usize>| at.map_or("", |at| row.cell(at));
        out.issues.clear();
        out.repaired = false;
        if self.by_card {
            self.card(row, cell(self.family_card), out);
        } else {
            self.key(cell(self.family_key), out);
        }
        self.address.region(row, out);
        let name = tidy(cell(self.head_name)).into_owned();
        out.head_name = None;
        if self.head_name.is_some() && name.is_empty() {
            issue(out, &issues::NAME_MISSING, "head_name", None);
        } else if is_formula(&name) {
            issue(out, &issues::FORMULA_NAME, "head_name", None);
        } else if !name.is_empty() {
            out.head_name = Some(name);
        }
        self.address.street(row, out);
        out.declared_members = whole(cell(self.declared_members)).filter(|n| (1..=99).contains(n));
        out.floor_area = whole(cell(self.floor_area)).filter(|n| (1..=9999).contains(n));
        self.decile(&cell, out);
        self.coded.read(row, &mut out.coded, unknown);
    }

    fn card(&self, row: &Row, raw: &str, out: &mut Family) {
        out.number = None;
        if self.family_card.is_some_and(|at| row.is_lossy(at)) {
            issue(out, &issues::KK_SCIENTIFIC, "family_card", Some(mask_digits(raw)));
            return;
        }
        match FamilyCard::parse(raw) {
            Ok((card, repaired)) => {
                out.number = card.as_str().parse().ok();
                out.repaired |= repaired;
            }
            Err(Damaged::Scientific) => {
                issue(out, &issues::KK_SCIENTIFIC, "family_card", Some(mask_digits(raw.trim())))
            }
            Err(Damaged::Length) => issue(out, &issues::KK_LENGTH, "family_card", Some(mask_digits(raw.trim()))),
        }
    }

    fn key(&self, raw: &str, out: &mut Family) {
        out.family_key = own_key(raw);
        out.number = out.family_key.as_deref().map(key_number);
        if out.number.is_none() {
            issue(out, &issues::FAMILY_KEY_MISSING, "family_key", None);
        }
    }

    fn decile<'r>(&self, cell: &impl Fn(Option<usize>) -> &'r str, out: &mut Family) {
        out.deciles = [None; 3];
        let mut present = false;
        for (at, slot) in self.deciles.into_iter().zip(0..) {
            let raw = cell(at).trim();
            if raw.is_empty() {
                continue;
            }
            present = true;
            let decile = whole(raw).filter(|n| (1..=10).contains(n)).and_then(|n| i16::try_from(n).ok());
            if decile.is_none() {
                let variable =
                    ["decile_national", "decile_province", "decile_city"].get(slot).copied().unwrap_or_default();
                issue(out, &issues::DECILE_INVALID, variable, Some(raw.chars().take(12).collect()));
            }
            if let Some(place) = out.deciles.get_mut(slot) {
                *place = decile;
            }
        }
        if !present {
            issue(out, &issues::DECILE_MISSING, "decile_national", None);
        }
    }
}

/// A source's own key: one word in capitals.
#[must_use]
pub fn own_key(raw: &str) -> Option<String> {
    let key = tidy(raw.trim_start_matches('\'')).to_uppercase();
    let whole = (1..=40).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'));
    whole.then_some(key)
}

/// Reads where somebody lives: kelurahan by code or name, street, RT and RW.
pub struct AddressReader<'a> {
    places: &'a Places,
    region_code: Option<usize>,
    district_code: Option<usize>,
    district_name: Option<usize>,
    region_name: Option<usize>,
    street: Option<usize>,
    rt: Option<usize>,
    rw: Option<usize>,
    rt_rw: Option<usize>,
    /// Kelurahan that the uploader may send; `None` is the whole city.
    scope: Option<Vec<String>>,
}

impl<'a> AddressReader<'a> {
    /// A reader for a file with these columns, confined to `scope` where there is one.
    #[must_use]
    pub fn new(columns: &Columns, places: &'a Places, scope: Option<Vec<String>>) -> Self {
        let at = |variable| columns.field(variable);
        Self {
            places,
            region_code: at("region_code"),
            district_code: at("district_code"),
            district_name: at("district_name"),
            region_name: at("region_name"),
            street: at("street"),
            rt: at("rt"),
            rw: at("rw"),
            rt_rw: at("rt_rw"),
            scope,
        }
    }

    /// Reads street, RT and RW.
    pub fn street(&self, row: &Row, out: &mut Family) {
        let cell = |at: Option<usize>| at.map_or("", |at| row.cell(at));
        let street = tidy(cell(self.street)).into_owned();
        out.street = None;
        if is_formula(&street) {
            issue(out, &issues::VALUE_FORMULA, "street", None);
        } else if !street.is_empty() && street != "-" {
            out.street = Some(street);
        }
        let pair = self.rt_rw.and_then(|at| neighbourhood_pair(row.cell(at)));
        (out.rt, out.rw) = pair.map_or_else(
            || (neighbourhood(cell(self.rt)), neighbourhood(cell(self.rw))),
            |(rt, rw)| (Some(rt), Some(rw)),
        );
    }

    /// Reads the kelurahan.
    pub fn region(&self, row: &Row, out: &mut Family) {
        let cell = |at: Option<usize>| at.map_or("", |at| row.cell(at));
        let code = cell(self.region_code);
        let by_name =
            || self.places.by_name(cell(self.district_name), cell(self.district_code), cell(self.region_name));
        out.region_code = match self.places.by_code(code) {
            Some(found) => Some(found.to_owned()),
            None => by_name().map(|found| {
                // A missing code is no damage; a wrong one that the name put right is.
                out.repaired |= !code.trim().is_empty();
                found.to_owned()
            }),
        };
        let shown = if code.trim().is_empty() { cell(self.region_name) } else { code };
        let column = if self.region_code.is_some() { "region_code" } else { "region_name" };
        match (&out.region_code, &self.scope) {
            (None, _) => issue(out, &issues::REGION_UNKNOWN, column, Some(tidy(shown).chars().take(40).collect())),
            (Some(region), Some(scope)) if !scope.contains(region) => {
                let region = region.clone();
                issue(out, &issues::REGION_OUT_OF_SCOPE, column, Some(region));
            }
            _ => {}
        }
    }
}

fn issue(out: &mut Family, code: &'static issues::IssueCode, variable: &'static str, value_masked: Option<String>) {
    out.issues.push(RowIssue { code, variable, value_masked });
}

/// A whole number as spreadsheets write it (`4`, `4.0`, ` 4`).
fn whole(raw: &str) -> Option<i32> {
    let text = raw.trim();
    let head = text
        .split_once(['.', ','])
        .map_or(text, |(head, tail)| if tail.bytes().all(|b| b.is_ascii_digit()) { head } else { text });
    head.parse().ok()
}
