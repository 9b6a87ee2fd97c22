//! Reads the files of an import into the staging tables: one thread a file, rows by COPY, memory flat.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::coded::{CodeMaps, Unknown};
use super::copy_text::CopyText;
use super::detect::{Encoding, Form};
use super::family::{Family, FamilyReader};
use super::fault::{Fault, FileFault};
use super::issues::{RowIssue, Verdict};
use super::lines::Row;
use super::member::{Member, MemberReader, strongest};
use super::offers::{NeedEntry, OfferReader, Offered, Partners};
use super::person::{Lists, Person, PersonReader, Types};
use super::places::Places;
use super::profile::{Columns, FileLayout, ListKind, Profile};
use super::queries::stage::{Copy, Target};
use super::source::Source;
use crate::kernel::dates_parse::Precision;
use crate::kernel::problem::Problem;

/// Everything that reading the files of one import needs.
pub struct Reading<'a> {
    /// Import.
    pub import: Uuid,
    /// Address for the COPY connections.
    pub url: &'a str,
    /// Layouts.
    pub profile: &'a Profile,
    /// Regions of the city.
    pub places: &'a Places,
    /// Code maps.
    pub maps: &'a CodeMaps,
    /// Types of need of the agency's list.
    pub types: &'a Types,
    /// Who can offer programs.
    pub partners: &'a Partners,
    /// Needs that an offer can answer.
    pub needs: &'a [NeedEntry],
    /// Kelurahan it is confined to.
    pub scope: Option<&'a [String]>,
    /// Last day the files speak of.
    pub until: NaiveDate,
    /// Civil date at which the files came.
    pub received: NaiveDate,
    /// Rows read so far, over all files.
    pub done: AtomicI64,
    /// Rows to expect.
    pub expected: AtomicI64,
    /// Set to stop reading.
    pub stop: AtomicBool,
}

/// What was found in one file.
#[derive(Debug)]
pub struct Report {
    /// Part of the upload.
    pub part: String,
    /// How it was read, to read it again.
    pub source: Source,
    /// Rows below the header.
    pub rows: i64,
    /// Rows of which a value was repaired.
    pub repaired: i64,
    /// Values no code map knows.
    pub unknown: Unknown,
}

impl Report {
    /// The report as kept with the import, added to what is known of the file.
    #[must_use]
    pub fn describe(&self, known: &Value) -> Value {
        let mut out = known.clone();
        let (encoding, separator) = match self.source.form {
            Form::Text { encoding: Encoding::Utf8, .. } => ("utf-8", Some(self.source.delimiter.to_string())),
            Form::Text { encoding: Encoding::Cp1252, .. } => ("cp1252", Some(self.source.delimiter.to_string())),
            Form::Workbook => ("xlsx", None),
        };
        let unknown: Vec<Value> =
            self.unknown.iter().map(|((v, code), n)| json!({"variable": v, "value": code, "rows": n})).collect();
        out["encoding"] = json!(encoding);
        out["separator"] = json!(separator);
        out["header_row"] = json!(self.source.header_row);
        out["rows"] = json!(self.rows);
        out["headings"] = json!(self.source.columns.headings());
        out["unknown_columns"] = json!(self.source.columns.unknown());
        out["unknown_codes"] = json!(unknown);
        out
    }
}

/// Why reading ended early.
#[derive(Debug)]
pub enum Halt {
    /// A file cannot be used.
    Fault(FileFault),
    /// Somebody cancelled.
    Stopped,
    /// The service or its database failed.
    Problem(Problem),
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Reads all files at once; `watch` is called every now and then until they are through.
///
/// # Errors
/// The first [`Halt`]; nothing half-read stays.
pub fn read(
    reading: &Reading<'_>,
    files: &[(String, PathBuf)],
    watch: &mut dyn FnMut() -> Result<(), Problem>,
) -> Result<Vec<Report>, Halt> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|(part, path)| {
                scope.spawn(move || {
                    one(reading, part, path).inspect_err(|_| reading.stop.store(true, Ordering::Relaxed))
                })
            })
            .collect();
        let mut watched = Ok(());
        while threads.iter().any(|t| !t.is_finished()) {
            std::thread::park_timeout(std::time::Duration::from_millis(20));
            if watched.is_ok() {
                watched = watch();
                if watched.is_err() {
                    reading.stop.store(true, Ordering::Relaxed);
                }
            }
        }
        let mut reports = Vec::new();
        let mut halt = None;
        for thread in threads {
            match thread.join().map_err(|_| Problem::internal("reading a file panicked"))? {
                Ok(report) => reports.push(report),
                // The file that stopped the others says why; they only say that they were stopped.
                Err(Halt::Stopped) => halt = halt.or(Some(Halt::Stopped)),
                Err(other) => halt = Some(other),
            }
        }
        watched?;
        halt.map_or(Ok(reports), Err)
    })
}

fn one(reading: &Reading<'_>, part: &str, path: &Path) -> Result<Report, Halt> {
    let halt = |fault: Fault| if fault == Fault::Stopped { Halt::Stopped } else { Halt::Fault(fault.describe(part)) };
    let layout = reading.profile.file(part).ok_or_else(|| Problem::internal("the profile has no such file"))?;
    let source = Source::open(path, reading.profile, layout).map_err(halt)?;
    reading.expected.fetch_add(i64::try_from(source.rows_expected).unwrap_or(0), Ordering::Relaxed);
    let target = match part {
        "families" => Target::Families,
        "members" => Target::Members,
        _ => Target::People,
    };
    let mut out = Output {
        import: reading.import.to_string(),
        part: part.to_owned(),
        rows: Copy::start(reading.url, target)?,
        issues: Copy::start(reading.url, Target::Issues)?,
        row_lines: CopyText::default(),
        issue_lines: CopyText::default(),
        repaired: 0,
    };
    let mut unknown = Unknown::new();
    let counted = match target {
        Target::Families => families(reading, layout, &source, path, &mut out, &mut unknown),
        Target::People if reading.profile.list == Some(ListKind::Offers) => {
            offers(reading, &source, path, &mut out, &mut unknown)
        }
        Target::People => people(reading, layout, &source, path, &mut out, &mut unknown),
        _ => members(reading, layout, &source, path, &mut out, &mut unknown),
    };
    match counted {
        Ok(rows) => {
            let repaired = out.repaired;
            out.finish()?;
            Ok(Report { part: part.to_owned(), source, rows: i64::try_from(rows).unwrap_or(0), repaired, unknown })
        }
        // A COPY that failed stops the reader; its own error is the one to tell.
        Err(Fault::Stopped) if !reading.stop.load(Ordering::Relaxed) => {
            out.finish()?;
            Err(Halt::Stopped)
        }
        Err(fault) => Err(halt(fault)),
    }
}

struct Output {
    import: String,
    part: String,
    rows: Copy,
    issues: Copy,
    row_lines: CopyText,
    issue_lines: CopyText,
    repaired: i64,
}

impl Output {
    fn issues(&mut self, row: &Row, columns: &Columns, issues: &[RowIssue]) {
        for issue in issues {
            self.issue_lines
                .plain(Some(&self.import))
                .text(Some(&self.part))
                .plain(Some(row.number))
                .text(columns.heading(issue.variable))
                .text(Some(issue.code.code))
                .text(Some(issue.code.verdict.as_str()))
                .text(issue.value_masked.as_deref())
                .end();
        }
    }

    /// Ends a row with the digest of what it says.
    fn digest(&mut self, from: usize) {
        let digest = self.row_lines.digest(from);
        self.row_lines.plain(Some(digest)).end();
    }

    /// Hands full blocks over and looks whether to go on.
    fn pass(&mut self, reading: &Reading<'_>) -> Result<bool, Fault> {
        reading.done.fetch_add(1, Ordering::Relaxed);
        let mut open = !reading.stop.load(Ordering::Relaxed);
        if self.row_lines.is_full() {
            open &= self.rows.send(self.row_lines.take());
        }
        if self.issue_lines.is_full() {
            open &= self.issues.send(self.issue_lines.take());
        }
        if open { Ok(true) } else { Err(Fault::Stopped) }
    }

    fn finish(mut self) -> Result<(), Problem> {
        self.rows.send(self.row_lines.take());
        self.issues.send(self.issue_lines.take());
        self.rows.finish()?;
        self.issues.finish()?;
        Ok(())
    }
}

fn families(
    reading: &Reading<'_>,
    layout: &FileLayout,
    source: &Source,
    path: &Path,
    out: &mut Output,
    unknown: &mut Unknown,
) -> Result<u64, Fault> {
    let scope = reading.scope.map(<[String]>::to_vec);
    let reader = FamilyReader::new(reading.profile, layout, &source.columns, reading.places, reading.maps, scope);
    let mut family = Family::default();
    source.rows(path, &mut |row| {
        reader.read(row, &mut family, unknown);
        out.repaired += i64::from(family.repaired);
        out.issues(row, &source.columns, &family.issues);
        let [national, province, city] = family.deciles;
        out.row_lines
            .plain(Some(&out.import))
            .plain(Some(row.number))
            .flag(strongest(&family.issues) >= Verdict::Conflict);
        let from = out.row_lines.mark();
        out.row_lines
            .plain(family.number)
            .text(family.region_code.as_deref())
            .text(family.head_name.as_deref())
            .plain(family.declared_members)
            .plain(national)
            .plain(province)
            .plain(city)
            .text(family.street.as_deref())
            .text(family.rt.as_deref())
            .text(family.rw.as_deref());
        if let Some(area) = family.floor_area {
            let housing = &mut family.coded.housing;
            housing.pop();
            housing.push_str(if housing.len() > 1 { ",\"floor_area\":" } else { "\"floor_area\":" });
            housing.push_str(&area.to_string());
            housing.push('}');
        }
        out.row_lines
            .text(Some(&family.coded.housing))
            .text(Some(&family.coded.assets))
            .text(Some(&family.coded.facts))
            .text(family.family_key.as_deref());
        out.digest(from);
        out.pass(reading)
    })
}

fn members(
    reading: &Reading<'_>,
    layout: &FileLayout,
    source: &Source,
    path: &Path,
    out: &mut Output,
    unknown: &mut Unknown,
) -> Result<u64, Fault> {
    let reader = MemberReader::new(reading.profile, layout, &source.columns, reading.maps, reading.received);
    let mut member = Member::default();
    source.rows(path, &mut |row| {
        reader.read(row, &mut member, unknown);
        out.repaired += i64::from(member.repaired);
        out.issues(row, &source.columns, &member.issues);
        let restricted = (!member.coded.restricted.is_empty()).then(|| json!(member.coded.restricted).to_string());
        out.row_lines.plain(Some(&out.import)).plain(Some(row.number)).flag(member.verdict() >= Verdict::Conflict);
        let from = out.row_lines.mark();
        out.row_lines
            .plain(member.nik)
            .plain(member.number)
            .text(Some(&member.name))
            .text(Some(&member.name_key))
            .text(member.mother_name.as_deref())
            .plain(member.birth_date)
            .flag(member.birth_precision == Precision::Year)
            .text(member.sex.map(crate::kernel::nik::Sex::as_str))
            .text(member.relation.as_deref())
            .text(member.marital_status.as_deref())
            .text(member.phone.as_deref())
            .text(Some(&member.coded.facts))
            .text(restricted.as_deref())
            .text(member.family_key.as_deref());
        out.digest(from);
        out.pass(reading)
    })
}

fn people(
    reading: &Reading<'_>,
    layout: &FileLayout,
    source: &Source,
    path: &Path,
    out: &mut Output,
    unknown: &mut Unknown,
) -> Result<u64, Fault> {
    let Some(kind) = reading.profile.list else { return Err(Fault::NoRows) };
    let lists = Lists {
        places: reading.places,
        maps: reading.maps,
        types: reading.types,
        scope: reading.scope.map(<[String]>::to_vec),
        received: reading.received,
        until: reading.until,
    };
    let reader = PersonReader::new(kind, reading.profile, layout, &source.columns, lists);
    let mut person = Person::default();
    source.rows(path, &mut |row| {
        reader.read(row, &mut person, unknown);
        out.repaired += i64::from(person.repaired);
        out.issues(row, &source.columns, &person.issues);
        let member = &person.member;
        let restricted = (!member.coded.restricted.is_empty()).then(|| json!(member.coded.restricted).to_string());
        out.row_lines
            .plain(Some(&out.import))
            .plain(Some(row.number))
            .flag(strongest(&person.issues) >= Verdict::Conflict);
        let from = out.row_lines.mark();
        out.row_lines
            .plain(member.nik)
            .text(Some(&member.name))
            .text(Some(&member.name_key))
            .text(member.mother_name.as_deref())
            .plain(member.birth_date)
            .flag(member.birth_precision == Precision::Year)
            .text(member.sex.map(crate::kernel::nik::Sex::as_str))
            .text(member.phone.as_deref())
            .text(person.place.region_code.as_deref())
            .text(person.place.street.as_deref())
            .text(person.place.rt.as_deref())
            .text(person.place.rw.as_deref())
            .text(Some(&member.coded.facts))
            .text(restricted.as_deref())
            .text(Some(&person.entry.to_string()));
        out.digest(from);
        out.pass(reading)
    })
}

fn offers(
    reading: &Reading<'_>,
    source: &Source,
    path: &Path,
    out: &mut Output,
    unknown: &mut Unknown,
) -> Result<u64, Fault> {
    let with =
        Offered { partners: reading.partners, places: reading.places, types: reading.types, needs: reading.needs };
    let reader = OfferReader::new(reading.profile, &source.columns, with);
    source.rows(path, &mut |row| {
        let read = reader.read(row, unknown);
        out.repaired += i64::from(read.repaired);
        out.issues(row, &source.columns, &read.issues);
        let name = read.offer.as_ref().map_or("", |offer| offer.name.as_str());
        out.row_lines
            .plain(Some(&out.import))
            .plain(Some(row.number))
            .flag(strongest(&read.issues) >= Verdict::Conflict);
        let from = out.row_lines.mark();
        // Staged like a person of whom nothing but a name is said: the offer stands beside it.
        let none: Option<&str> = None;
        out.row_lines.text(none).text(Some(name)).text(Some("")).text(none).text(none).flag(false);
        for _ in 0..6 {
            out.row_lines.text(none);
        }
        out.row_lines.text(Some("{}")).text(none).text(Some(&json!(read.offer).to_string()));
        out.digest(from);
        out.pass(reading)
    })
}

/// Copies the rows to correct, in the layout they came in, from the file itself.
///
/// # Errors
/// The file can no longer be read, or the database refuses.
pub fn keep_rows(reading: &Reading<'_>, report: &Report, path: &Path, rows: &[i32]) -> Result<(), Halt> {
    let Some(last) = rows.last().copied() else { return Ok(()) };
    let copy = Copy::start(reading.url, Target::Rejected)?;
    let import = reading.import.to_string();
    let width = report.source.columns.headings().len();
    let mut lines = CopyText::default();
    let mut wanted = rows.iter().copied().peekable();
    let read = report.source.rows(path, &mut |row| {
        let number = i32::try_from(row.number).unwrap_or(i32::MAX);
        if wanted.next_if_eq(&number).is_some() {
            let cells = (0..width).map(|at| row.cell(at));
            lines.plain(Some(&import)).text(Some(&report.part)).plain(Some(number)).array(cells).end();
            if lines.is_full() && !copy.send(lines.take()) {
                return Err(Fault::Stopped);
            }
        }
        Ok(number < last)
    });
    copy.send(lines.take());
    copy.finish()?;
    read.map_err(|fault| Halt::Fault(fault.describe(&report.part)))?;
    Ok(())
}
