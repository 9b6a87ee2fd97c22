//! The jobs: staging with validation, applying, undoing. Each may be killed at any moment and is safe to repeat.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::coded::CodeMaps;
use super::fault::FileFault;
use super::model::Message;
use super::offers::Partners;
use super::person::Types;
use super::places::Places;
use super::profile::{ListKind, Profile};
use super::queries::merge::{self, Changed};
use super::queries::offers::Offered;
use super::queries::validate::{self, Headings};
use super::queries::{self, ApplyContext, ImportRow, Outcome, Selection, bulk, diff, offers, people, profiles, stage};
use super::spool;
use super::staging::{self, Halt, Reading, Report};
use crate::access::policy::{Action, ImportApply, ProgramDraft};
use crate::access::{AuditEntry, Scope, Writer};
use crate::jobs::Job;
use crate::kernel::dates::office_date;
use crate::kernel::problem::{self, Problem};

/// How long a job waits for another worker that still holds its import.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often progress is written.
const TICK: Duration = Duration::from_millis(700);

/// Reads the files of an import, finds what is wrong, and leaves it `validated` or `rejected`.
///
/// # Errors
/// The files cannot be used, somebody cancelled, or the service failed; the import says which.
pub fn stage_import(job: &Job) -> Result<Value, Problem> {
    let (mut conn, import) = take(job)?;
    if !matches!(import.status.as_str(), "uploaded" | "staging") {
        return Ok(json!({"status": import.status}));
    }
    queries::settle(
        &mut conn,
        import.id,
        &["uploaded"],
        &Outcome { status: Some("staging".into()), ..Outcome::default() },
    )?;
    let result = stage_and_validate(job, &mut conn, &import);
    let ended = match result {
        Ok(outcome) => {
            let counts = outcome.counts.clone();
            if !queries::settle(&mut conn, import.id, &["staging"], &outcome)? {
                end(job, &mut conn, import.id);
            }
            return Ok(if import.sensitive {
                json!({"status": "validated"})
            } else {
                json!({"status": "validated", "counts": counts})
            });
        }
        Err(ended) => ended,
    };
    let (status, error, problem) = match ended {
        Halt::Stopped => ("cancelled", None, Problem::with(&problem::CONFLICT, "the import was cancelled")),
        Halt::Fault(fault) => ("rejected", serde_json::to_value(&fault).ok(), unusable(&fault)),
        Halt::Problem(mut problem) => {
            let message = failed_message(&problem);
            problem.detail = message.en.clone();
            ("failed", Some(json!({"code": problem.code.slug, "message": message})), problem)
        }
    };
    // A lost connection must not leave the import standing in the middle.
    let mut fresh = job.connect()?;
    queries::settle(
        &mut fresh,
        import.id,
        &["uploaded", "staging"],
        &Outcome { status: Some(status.into()), error, ..Outcome::default() },
    )?;
    end(job, &mut fresh, import.id);
    Err(problem)
}

fn failed_message(problem: &Problem) -> Message {
    let (id, en) = if *problem.code == problem::STORAGE_FULL {
        ("Penyimpanan penuh; registri tidak berubah.", "The storage is full; the registry is unchanged.")
    } else {
        (
            "Impor gagal karena gangguan layanan; registri tidak berubah.",
            "The import failed on our side; the registry is unchanged.",
        )
    };
    Message { id: id.into(), en: en.into() }
}

/// A file fault as the problem of an upload or an operation.
#[must_use]
pub fn unusable(fault: &FileFault) -> Problem {
    let place = fault.row.map(|row| format!(" (row {row})")).unwrap_or_default();
    Problem::with(&problem::UNUSABLE_FILE, format!("{}{place}", fault.message.en)).and(
        format!("/{}", fault.file),
        fault.code.clone(),
        format!("{}{place}", fault.message.en),
    )
}

/// Opens the job's connection, waits for the import's lock and loads it.
pub(super) fn take(job: &Job) -> Result<(PgConnection, ImportRow), Problem> {
    let id = job.subject_id.ok_or_else(|| Problem::internal("an import operation without its import"))?;
    let mut conn = job.connect()?;
    let started = Instant::now();
    while !stage::lock(&mut conn, id)? {
        if started.elapsed() > PATIENCE {
            return Err(Problem::unavailable("another worker holds this import"));
        }
        std::thread::park_timeout(Duration::from_millis(300));
    }
    let import = queries::load(&mut conn, id)?;
    Ok((conn, import))
}

/// Nothing of the import is needed any more but its issues and the rows to correct.
fn end(job: &Job, conn: &mut PgConnection, import: Uuid) {
    if let Err(e) = stage::close(conn, import) {
        tracing::warn!(import = %import, code = e.code.slug, "staged rows could not be emptied");
    }
    if let Err(e) = diff::forget(conn, import) {
        tracing::warn!(import = %import, code = e.code.slug, "the comparison could not be forgotten");
    }
    spool::remove(job.gate.config(), import);
}

pub(super) struct Parts {
    pub(super) profile: Profile,
    files: Vec<(String, PathBuf)>,
}

pub(super) fn parts(job: &Job, conn: &mut PgConnection, import: &ImportRow) -> Result<Parts, Problem> {
    let profile = profiles::version(conn, &import.profile, import.profile_version)?;
    let names =
        import.files.as_array().into_iter().flatten().filter_map(|file| file.get("file").and_then(Value::as_str));
    let files = names.map(|part| (part.to_owned(), spool::file(job.gate.config(), import.id, part))).collect();
    Ok(Parts { profile, files })
}

fn stage_and_validate(job: &Job, conn: &mut PgConnection, import: &ImportRow) -> Result<Outcome, Halt> {
    let parts = parts(job, conn, import)?;
    let sensitive = import.sensitive;
    let places = Places::new(&stage::places(conn)?);
    let types = Types::new(stage::ppks_types(conn)?).called(&parts.profile.types);
    let mut lines = stage::map_lines(conn)?;
    lines.extend(stage::own_lines(conn, &parts.profile)?);
    let maps = CodeMaps::new(&lines);
    let offers = parts.profile.list == Some(ListKind::Offers);
    let scope = if offers { speaker(job, conn, import)? } else { Scope::default() };
    let partners = Partners::new(if offers { offers::partners(conn, &scope)? } else { Vec::new() });
    let needs = if offers { offers::needs(conn)? } else { Vec::new() };
    let reading = Reading {
        import: import.id,
        url: job.gate.config().database_url.expose(),
        profile: &parts.profile,
        places: &places,
        maps: &maps,
        types: &types,
        partners: &partners,
        needs: &needs,
        until: month_end(&import.period),
        scope: import.scope_regions.as_deref(),
        received: office_date(import.created_at),
        done: AtomicI64::new(0),
        expected: AtomicI64::new(0),
        stop: AtomicBool::new(false),
    };
    stage::open(conn, import.id)?;
    let last = Cell::new(Instant::now());
    let cancelled = Cell::new(false);
    let reports = staging::read(&reading, &parts.files, &mut || {
        if last.get().elapsed() < TICK {
            return Ok(());
        }
        last.set(Instant::now());
        let expected = reading.expected.load(Ordering::Relaxed);
        // How many rows a sensitive list has is for who sent it.
        let told = if sensitive {
            (0, None)
        } else {
            (reading.done.load(Ordering::Relaxed), (expected > 0).then_some(expected))
        };
        if job.progress(conn, told.0, told.1)? {
            cancelled.set(true);
            reading.stop.store(true, Ordering::Relaxed);
        }
        Ok(())
    })?;
    if cancelled.get() {
        return Err(Halt::Stopped);
    }
    stage::ready(conn, import.id, false)?;
    let heads = headings(&reports);
    if offers {
        // Each offer is looked at by the catalogue itself, below.
    } else if parts.profile.list.is_some() {
        validate::cross_people(conn, import.id, &heads.nik, import.scope_regions.as_deref())?;
    } else {
        let key_kind = &parts.profile.family_key;
        validate::cross_rows(conn, import.id, &heads, import.scope_regions.as_deref(), key_kind)?;
    }
    let changes = if offers {
        for_sender::<ProgramDraft, _>(job, conn, import, |w| offers::find(w, import.id, places.city_code()))?;
        diff::counts(conn, import.id)?
    } else {
        compare(conn, import, &parts)?
    };
    for (report, (part, path)) in reports.iter().zip(&parts.files) {
        let rows = validate::rows_to_correct(conn, import.id, part)?;
        staging::keep_rows(&reading, report, path, &rows)?;
    }
    let rows: i64 = reports.iter().map(|r| r.rows).sum();
    if job.progress(conn, told(sensitive, rows), Some(told(sensitive, rows)))? {
        return Err(Halt::Stopped);
    }
    let counts = counts(conn, import.id, rows, reports.iter().map(|r| r.repaired).sum())?;
    let known = |part: &str| {
        import
            .files
            .as_array()
            .into_iter()
            .flatten()
            .find(|f| f.get("file").and_then(Value::as_str) == Some(part))
            .cloned()
            .unwrap_or_else(|| json!({"file": part}))
    };
    let files: Vec<Value> = reports.iter().map(|r| r.describe(&known(&r.part))).collect();
    Ok(Outcome {
        status: Some("validated".into()),
        files: Some(json!(files)),
        counts: Some(counts),
        changes: Some(changes),
        ..Outcome::default()
    })
}

/// Does something as the account that sent the import, with the scope it has now; as the service where a command did.
fn for_sender<A: Action, T>(
    job: &Job,
    conn: &mut PgConnection,
    import: &ImportRow,
    work: impl FnOnce(&mut Writer<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    match import.created_by {
        Some(account) => job.gate.on_behalf::<A, _>(conn, account, work),
        None => job.gate.system::<A, _>(conn, &format!("import {}", import.id), work),
    }
}

/// For whom the sender of offers may speak.
fn speaker(job: &Job, conn: &mut PgConnection, import: &ImportRow) -> Result<Scope, Problem> {
    for_sender::<ProgramDraft, _>(job, conn, import, |w| Ok(w.scope().clone()))
}

/// Last day of a month.
fn month_end(period: &str) -> chrono::NaiveDate {
    let first = chrono::NaiveDate::parse_from_str(&format!("{period}-01"), "%Y-%m-%d").unwrap_or_default();
    first.checked_add_months(chrono::Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first)
}

/// Rows as everybody may be told of them: of a sensitive list, none.
fn told(sensitive: bool, rows: i64) -> i64 {
    if sensitive { 1 } else { rows }
}

/// What applying would change, kept for review.
fn compare(conn: &mut PgConnection, import: &ImportRow, parts: &Parts) -> Result<Value, Problem> {
    let mut ctx = context(import, &parts.profile);
    ctx.scope = import.scope_regions.clone();
    ctx.selection = Selection::default();
    if parts.profile.list.is_some() {
        return people::find(conn, &ctx, &parts.profile);
    }
    let names: Vec<&str> = parts.files.iter().map(|(part, _)| part.as_str()).collect();
    diff::find(conn, &ctx, &names)
}

fn context(import: &ImportRow, profile: &Profile) -> ApplyContext {
    ApplyContext {
        import: import.id,
        profile: import.profile.clone(),
        source: profile.source.clone(),
        key_kind: profile.family_key.clone(),
        period: import.period.clone(),
        now: import.applied_at.unwrap_or_else(Utc::now),
        scope: None,
        selection: import.selection.clone().and_then(|s| serde_json::from_value(s).ok()).unwrap_or_default(),
    }
}

fn headings(reports: &[Report]) -> Headings {
    let of = |part: &str, variable: &str| {
        reports
            .iter()
            .find(|r| r.part == part)
            .and_then(|r| r.source.columns.heading(variable))
            .unwrap_or(variable)
            .to_owned()
    };
    Headings {
        family_card: of("families", "family_card"),
        member_card: of("members", "family_card"),
        nik: of(if reports.iter().any(|r| r.part == "list") { "list" } else { "members" }, "nik"),
    }
}

/// Rows by their strongest verdict. `accepted`, `warned`, `dropped`, `conflicts` and `rejected` add up to `rows`;
/// `repaired` rows are among them.
fn counts(conn: &mut PgConnection, import: Uuid, rows: i64, repaired: i64) -> Result<Value, Problem> {
    let verdicts = validate::verdicts(conn, import)?;
    let of = |verdict: &str| verdicts.iter().find(|(v, _)| v == verdict).map_or(0, |(_, n)| *n);
    let listed: i64 = verdicts.iter().map(|(_, n)| n).sum();
    Ok(json!({
        "rows": rows, "accepted": rows - listed, "repaired": repaired, "warned": of("warn"), "dropped": of("drop"),
        "conflicts": of("conflict"), "rejected": of("reject"),
    }))
}

/// Brings the accepted rows of an import into the registry.
///
/// # Errors
/// The service failed; the import is `failed` where that cannot be repaired by trying again.
pub fn apply_import(job: &Job) -> Result<Value, Problem> {
    let (mut conn, import) = take(job)?;
    match import.status.as_str() {
        "applying" => {}
        "applied" => return Ok(json!({"status": "applied", "applied": import.applied})),
        other => return Err(Problem::with(&problem::WRONG_STATE, format!("the import is {other}"))),
    }
    match apply(job, &mut conn, &import) {
        Ok(changed) => {
            end(job, &mut conn, import.id);
            Ok(if import.sensitive {
                json!({"status": "applied"})
            } else {
                json!({"status": "applied", "applied": changed})
            })
        }
        Err(problem) => {
            // Applying is repeatable, so the step is offered again; what is in the registry already stays and is found.
            let outcome = Outcome {
                status: Some("reviewed".into()),
                error: Some(json!({"code": problem.code.slug, "message": failed_message(&problem)})),
                ..Outcome::default()
            };
            let mut fresh = job.connect()?;
            queries::settle(&mut fresh, import.id, &["applying"], &outcome)?;
            Err(problem)
        }
    }
}

fn apply(job: &Job, conn: &mut PgConnection, import: &ImportRow) -> Result<Value, Problem> {
    if !stage::is_staged(conn, import.id)? {
        // The database came back from a crash without its unlogged tables.
        stage_and_validate(job, conn, import).map_err(|halt| match halt {
            Halt::Problem(problem) => problem,
            Halt::Fault(fault) => unusable(&fault),
            Halt::Stopped => Problem::with(&problem::CONFLICT, "the import was cancelled"),
        })?;
    }
    let parts = parts(job, conn, import)?;
    let ctx = context(import, &parts.profile);
    let sensitive = import.sensitive;
    let rows = import.counts.get("rows").and_then(Value::as_i64).unwrap_or(0);
    if parts.profile.list == Some(ListKind::Offers) {
        let offered = for_sender::<ProgramDraft, _>(job, conn, import, |w| offers::apply(w, import.id))?;
        return applied(job, conn, import, &ctx, (Changed::default(), offered), told(sensitive, rows));
    }
    let changed = match import.scope_regions.as_deref() {
        scope if parts.profile.list.is_some() => {
            if let Some(scope) = scope {
                validate::people_elsewhere(conn, import.id, "nik", scope)?;
            }
            listed(job, conn, &ctx, &parts.profile, import)?
        }
        None if ctx.by_card() && ctx.selection.is_all() => match initial(job, conn, &ctx, rows)? {
            Some(changed) => changed,
            None => merged(job, conn, &ctx, rows)?,
        },
        None => merged(job, conn, &ctx, rows)?,
        Some(scope) => {
            let heads = Headings {
                family_card: "nomor_kartu_keluarga".into(),
                member_card: "nomor_kartu_keluarga".into(),
                nik: "nomor_induk_kependudukan".into(),
            };
            validate::elsewhere(conn, import.id, &heads, scope)?;
            merged(job, conn, &ctx, rows)?
        }
    };
    applied(job, conn, import, &ctx, (changed, Offered::default()), told(sensitive, rows))
}

/// Writes down that the import has reached the registry, and with what.
fn applied(
    job: &Job,
    conn: &mut PgConnection,
    import: &ImportRow,
    ctx: &ApplyContext,
    (changed, offered): (Changed, Offered),
    rows: i64,
) -> Result<Value, Problem> {
    let applied = json!({
        "households_created": changed.households_created, "households_updated": changed.households_updated,
        "individuals_created": changed.individuals_created, "individuals_updated": changed.individuals_updated,
        "programs_created": offered.created, "programs_updated": offered.updated,
    });
    job.gate.system::<ImportApply, _>(conn, &format!("import {}", import.id), |w| {
        let outcome = Outcome {
            status: Some("applied".into()),
            applied: Some(applied.clone()),
            applied_at: Some(ctx.now),
            ..Outcome::default()
        };
        queries::settle(w.conn(), import.id, &["applying"], &outcome)?;
        w.audit(AuditEntry {
            action: "import.applied",
            subject_kind: "import",
            subject_id: Some(import.id),
            after: Some(applied.clone()),
            ..AuditEntry::default()
        })
    })?;
    job.progress(conn, rows, Some(rows))?;
    Ok(applied)
}

/// A list of people, in one transaction, for the account that sent it: it reports what the list says of them.
fn listed(
    job: &Job,
    conn: &mut PgConnection,
    ctx: &ApplyContext,
    profile: &Profile,
    import: &ImportRow,
) -> Result<Changed, Problem> {
    job.gate.system::<ImportApply, _>(conn, &format!("import {}", import.id), |w| {
        people::apply(w, ctx, profile, import.created_by)
    })
}

/// The whole import into an empty registry, in one transaction; `None` where the registry has rows.
fn initial(job: &Job, conn: &mut PgConnection, ctx: &ApplyContext, rows: i64) -> Result<Option<Changed>, Problem> {
    use diesel::connection::SimpleConnection as _;
    let side = std::cell::RefCell::new(job.connect()?);
    conn.transaction(|conn| {
        conn.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL jit = off;")?;
        if !bulk::begin(conn)? {
            return Ok(None);
        }
        let (households, individuals) = bulk::fill(conn, ctx, &|done, all| {
            let done = rows.saturating_mul(i64::try_from(done).unwrap_or(0)) / i64::try_from(all).unwrap_or(1);
            // Progress is a courtesy here: the transaction does not depend on it.
            let _ = job.progress(&mut side.borrow_mut(), done, Some(rows));
        })?;
        Ok(Some(Changed { households_created: households, individuals_created: individuals, ..Changed::default() }))
    })
}

/// The import into a registry that has rows: batch by batch, each its own transaction.
fn merged(job: &Job, conn: &mut PgConnection, ctx: &ApplyContext, rows: i64) -> Result<Changed, Problem> {
    merge::prepare(conn, ctx)?;
    let bounds = merge::batches(conn)?;
    if !bounds.is_empty() {
        stage::ready(conn, ctx.import, true)?;
    }
    let bulk = merge::is_bulk(bounds.len());
    let mut changed = Changed::default();
    for (at, from) in bounds.iter().enumerate() {
        let to = bounds.get(at + 1).copied().unwrap_or(i64::MAX);
        changed += merge::batch(conn, ctx, *from, to, !bulk)?;
        job.progress(conn, merge::rows_done(at + 1, bounds.len(), rows), Some(rows))?;
    }
    if ctx.selection.is_all() {
        merge::confirm(conn, ctx)?;
    }
    if bulk {
        queries::changed_all(conn)?;
    }
    Ok(changed)
}
