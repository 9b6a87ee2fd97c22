//! A look at a sample: its headings, what its columns look like, and which variables they would be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use actix_multipart::Multipart;
use futures_util::StreamExt as _;
use uuid::Uuid;

use super::detect::{Encoding, Form, detect};
use super::fault::Fault;
use super::lines::{Lines, Row};
use super::profile::{FileLayout, Profile, names, profile};
use super::profile_check::Known;
use super::profile_model::{ColumnLook, InspectedColumn, InspectedFile};
use super::queries::profiles::variables_of;
use super::upload::store;
use super::{sheet, spool, work};
use crate::config::Config;
use crate::kernel::cells::{heading_key, is_formula, phone, tidy};
use crate::kernel::dates_parse::parse_birth_date;
use crate::kernel::nik::mask_digits;
use crate::kernel::problem::{self, Problem};

/// Rows of a sample that are read.
const ROWS: usize = 200;
/// Rows among which the header is looked for.
const HEADER_WITHIN: usize = 30;
/// Values of a column that are shown.
const SAMPLES: usize = 3;
/// Different values of a code that are shown.
const CODES: usize = 20;
/// Columns that are shown.
const COLUMNS: usize = 300;

/// A sample in the spool, until it was looked at.
pub struct Sample {
    name: String,
    path: PathBuf,
    id: Uuid,
    config: Config,
}

impl Drop for Sample {
    fn drop(&mut self) {
        spool::remove(&self.config, self.id);
    }
}

/// Streams a sample to disk. It goes when it was looked at.
pub async fn receive(config: &Config, mut parts: Multipart) -> Result<Sample, Problem> {
    let id = Uuid::now_v7();
    let path = spool::file(config, id, "sample");
    let mut sample = Sample { name: String::new(), path, id, config: config.clone() };
    let storage = |_| Problem::unavailable("the sample could not be stored");
    spool::create(&spool::directory(config, id)).map_err(storage)?;
    let cut_off = |_| Problem::with(&problem::BAD_REQUEST, "the upload is not complete multipart/form-data");
    let mut there = false;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(cut_off)?;
        let named = part.name().unwrap_or_default().to_owned();
        match named.as_str() {
            "name" => {
                let value = part.bytes(64).await.map_err(|_| Problem::field("/name", "length", "is too long"))?;
                sample.name = String::from_utf8_lossy(&value.map_err(cut_off)?).trim().to_owned();
            }
            "file" if !there => {
                let path = sample.path.clone();
                store(&mut part, &path, "file", config.import_max_bytes()).await?;
                there = true;
            }
            "file" => return Err(Problem::field("/file", "duplicate_member", "is given twice")),
            other => {
                let shown: String = other.chars().filter(char::is_ascii_graphic).take(40).collect();
                return Err(Problem::field(format!("/{shown}"), "unknown_member", "is not a part of this upload"));
            }
        }
    }
    if sample.name.is_empty() {
        return Err(Problem::field("/name", "required", "name is required"));
    }
    if !there {
        return Err(Problem::field("/file", "required", "file is required"));
    }
    Ok(sample)
}

struct Read {
    encoding: &'static str,
    separator: Option<char>,
    rows: Vec<(u32, Vec<String>)>,
}

fn cells(row: &Row) -> (u32, Vec<String>) {
    (row.number, row.cells().map(str::to_owned).collect())
}

fn read(path: &Path) -> Result<Read, Fault> {
    match detect(path)? {
        Form::Text { encoding, line_end, .. } => {
            let named = if encoding == Encoding::Utf8 { "utf-8" } else { "cp1252" };
            let mut best = Read { encoding: named, separator: None, rows: Vec::new() };
            let mut widest = 0;
            for delimiter in ['|', ';', ',', '\t'] {
                let mut reader = Lines::open(path, encoding, line_end)?;
                let (mut row, mut rows) = (Row::default(), Vec::new());
                while rows.len() < ROWS && reader.next(delimiter, &mut row)?.is_some() {
                    rows.push(cells(&row));
                }
                let width: usize = rows.iter().map(|(_, cells)| cells.len()).sum();
                if width > widest {
                    widest = width;
                    best = Read { encoding: named, separator: Some(delimiter), rows };
                }
            }
            Ok(best)
        }
        Form::Workbook => {
            let mut rows = Vec::new();
            for name in sheet::sheets(path)? {
                sheet::rows(path, &name, &mut |row| {
                    rows.push(cells(row));
                    Ok(rows.len() < ROWS)
                })?;
                if rows.len() > 1 {
                    break;
                }
                rows.clear();
            }
            Ok(Read { encoding: "xlsx", separator: None, rows })
        }
    }
}

impl Sample {
    /// Profile it is held against.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it shows.
    ///
    /// # Errors
    /// The file cannot be used at all.
    pub fn look(self, layouts: &Profile, known: &Known) -> Result<InspectedFile, Problem> {
        let fault = |fault: Fault| work::unusable(&fault.describe("file"));
        let read = read(&self.path).map_err(fault)?;
        let (layout, at) = best(layouts, &read.rows).ok_or_else(|| fault(Fault::Empty))?;
        let Some((header_row, heads)) = read.rows.get(at) else { return Err(fault(Fault::Empty)) };
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let columns = layout.columns(&heads);
        let others: Vec<Profile> = names().filter_map(|name| profile(name).ok().flatten()).collect();
        let below = read.rows.get(at + 1..).unwrap_or_default();
        let seen =
            heads.iter().enumerate().take(COLUMNS).filter(|(_, head)| !head.trim().is_empty()).map(|(i, head)| {
                let own = layout.columns.iter().find(|c| columns.field(&c.variable) == Some(i));
                let key = heading_key(head);
                let elsewhere = || {
                    let alike =
                        others.iter().filter(|p| p.list == layouts.list || p.list.is_some() == layouts.list.is_some());
                    let mut all = alike.flat_map(|p| &p.files).flat_map(|f| &f.columns);
                    let variable = &all.find(|c| c.header == key || c.aliases.contains(&key))?.variable;
                    let there = (layout.file.clone(), layouts.list, variable.clone());
                    known.variables.get(&there).map(|kind| (variable.clone(), *kind))
                };
                let variable = own.map(|c| (c.variable.clone(), c.kind)).or_else(elsewhere);
                let values: Vec<&str> =
                    below.iter().filter_map(|(_, cells)| cells.get(i)).map(String::as_str).collect();
                let named = personal(&key) || variable.as_ref().is_some_and(|(variable, _)| personal(variable));
                let (look, samples) = values_of(&values, named);
                InspectedColumn {
                    at: i,
                    heading: tidy(head).chars().take(120).collect(),
                    key,
                    known: own.is_some(),
                    kind: variable.as_ref().map(|(_, kind)| *kind),
                    variable: variable.map(|(variable, _)| variable),
                    look,
                    samples,
                }
            });
        Ok(InspectedFile {
            name: self.name.clone(),
            part: layout.file.clone(),
            encoding: read.encoding.into(),
            separator: read.separator.map(String::from),
            header_row: *header_row,
            columns: seen.collect(),
            missing: layout.missing(&columns),
            variables: variables_of(known, &layout.file, layouts.list),
        })
    }
}

/// The part and the row that look most like one another; else the first row with words alone.
fn best<'a>(layouts: &'a Profile, rows: &[(u32, Vec<String>)]) -> Option<(&'a FileLayout, usize)> {
    let mut best: Option<(usize, &FileLayout, usize)> = None;
    for (at, (_, cells)) in rows.iter().enumerate().take(HEADER_WITHIN) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        for layout in &layouts.files {
            let known = layout.columns(&cells).known();
            if best.as_ref().is_none_or(|(most, ..)| known > *most) {
                best = Some((known, layout, at));
            }
        }
    }
    let (known, layout, at) = best?;
    if known > 0 {
        return Some((layout, at));
    }
    let widest = rows.iter().map(|(_, cells)| cells.len()).max()?;
    let words = |cells: &[String]| {
        cells.len() * 2 > widest
            && cells.iter().all(|c| c.trim().is_empty() || !c.starts_with(|c: char| c.is_ascii_digit()))
    };
    let at = rows.iter().take(HEADER_WITHIN).position(|(_, cells)| words(cells)).unwrap_or(0);
    Some((layout, at))
}

/// Whether a column of this name tells who somebody is or where he lives. A short list may repeat such values often enough
/// to look like codes, and codes are shown as they are.
fn personal(key: &str) -> bool {
    const WHO: [&str; 10] =
        ["nama", "name", "alamat", "address", "jalan", "domisili", "kontak", "contact", "keterangan", "catatan"];
    // Names of places and of things are shown: they are what is mapped.
    const WHAT: [&str; 13] = [
        "kelurahan",
        "desa",
        "kecamatan",
        "kota",
        "kabupaten",
        "provinsi",
        "region",
        "program",
        "bantuan",
        "posyandu",
        "puskesmas",
        "sekolah",
        "bank",
    ];
    const PEOPLE: [&str; 9] = [
        "ibu",
        "ibu_kandung",
        "ayah",
        "ayah_kandung",
        "wali",
        "orang_tua",
        "kepala_keluarga",
        "penanggung_jawab",
        "pengurus",
    ];
    let has = |words: &[&str]| key.split('_').any(|word| words.contains(&word));
    PEOPLE.contains(&key) || (has(&WHO) && !has(&WHAT))
}

/// What values look like, and a few of them that name nobody; those of a personal column are never shown whole.
fn values_of(values: &[&str], personal: bool) -> (ColumnLook, Vec<String>) {
    let values: Vec<String> =
        values.iter().map(|v| tidy(v).into_owned()).filter(|v| !v.is_empty() && !is_formula(v)).collect();
    if values.is_empty() {
        return (ColumnLook::Empty, Vec::new());
    }
    let most = |fits: &dyn Fn(&str) -> bool| values.iter().filter(|v| fits(v)).count() * 5 >= values.len() * 4;
    let digits = |v: &str| v.chars().filter(char::is_ascii_digit).count();
    let far = chrono::NaiveDate::from_ymd_opt(2100, 1, 1).unwrap_or_default();
    let different: BTreeSet<&String> = values.iter().collect();
    let few = !personal
        && different.len() <= CODES
        && different.len() * 3 <= values.len()
        && different.iter().all(|v| v.chars().count() <= 60);
    let masked = |mask: &dyn Fn(&str) -> String| {
        let mut out: Vec<String> = values.iter().map(|v| mask(v)).collect();
        out.dedup();
        out.truncate(SAMPLES);
        out
    };
    let hidden = |v: &str| v.chars().take(30).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    if most(&|v| digits(v) >= 15 && v.len() <= 24) {
        return (ColumnLook::Sixteen, masked(&|v| mask_digits(v)));
    }
    if most(&|v| v.len() >= 6 && digits(v) >= 4 && parse_birth_date(v, far).is_ok_and(|d| d.is_some())) {
        return (ColumnLook::Date, masked(&hidden));
    }
    if most(&|v| phone(v).is_some()) {
        return (ColumnLook::Phone, masked(&hidden));
    }
    if few {
        return (ColumnLook::Code, different.into_iter().cloned().collect());
    }
    if most(&|v| digits(v) > 0 && v.chars().all(|c| c.is_ascii_digit() || " .,-Rp".contains(c))) {
        return (ColumnLook::Number, masked(&hidden));
    }
    // Of words only the shape: the first letter of each.
    let shape = |v: &str| {
        let word =
            |word: &str| word.chars().take(1).chain(word.chars().skip(1).take(8).map(|_| '*')).collect::<String>();
        v.split(' ').take(6).map(word).collect::<Vec<_>>().join(" ")
    };
    (ColumnLook::Text, masked(&shape))
}
