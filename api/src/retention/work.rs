//! The report and the destroying, as long work in short transactions.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{RetentionFinding, RetentionOutcome, RunStatus};
use super::queries::{self, ClassRow, RunRow};
use crate::access::policy::RetentionRequest;
use crate::access::{AuditEntry, Writer};
use crate::config::Config;
use crate::evidence;
use crate::jobs::Job;
use crate::kernel::problem::Problem;

/// Kind of operation that counts.
pub const REPORT: &str = "retention.report";
/// Kind of operation that destroys.
pub const APPLY: &str = "retention.apply";

/// Rows a transaction.
const BATCH: i64 = 200;

fn before(run: &RunRow, class: &ClassRow) -> DateTime<Utc> {
    run.as_of - TimeDelta::days(i64::from(class.after_days))
}

fn id(job: &Job) -> Result<Uuid, Problem> {
    job.subject_id.ok_or_else(|| Problem::internal("a retention run without id"))
}

fn finding(w: &mut Writer<'_>, run: &RunRow, class: &ClassRow) -> Result<Option<RetentionFinding>, Problem> {
    let Some(tally) = queries::tally(w, &class.code, before(run, class))? else { return Ok(None) };
    let examples = queries::examples(w, &class.code, before(run, class))?;
    Ok(Some(RetentionFinding {
        class: class.code.clone(),
        count: tally.count,
        held: tally.held,
        examples: examples.into_iter().map(|e| e.example).collect(),
    }))
}

/// Handler of the report. It changes nothing but the run itself.
pub fn report(job: &Job) -> Result<Value, Problem> {
    let (id, mut conn) = (id(job)?, job.connect()?);
    job.gate.system::<RetentionRequest, _>(&mut conn, "retention", |w| {
        let run = queries::lock_run(w, id)?;
        if run.status != RunStatus::Reporting {
            return Ok(json!({"report": run.report}));
        }
        let mut findings = Vec::new();
        for class in queries::classes(w, None, 100)? {
            findings.extend(finding(w, &run, &class)?);
        }
        let value = serde_json::to_value(findings).map_err(Problem::internal)?;
        queries::settle(w, id, RunStatus::Reported, value.clone())?;
        Ok(json!({"report": value}))
    })
}

/// Destroys some of a class; how many rows went, and how many of them are told.
fn some(w: &mut Writer<'_>, config: &Config, run: &RunRow, class: &ClassRow) -> Result<(i64, i64), Problem> {
    let before = before(run, class);
    let rows = queries::some(w, &class.code, before, BATCH)?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let told = i64::try_from(rows.iter().filter(|row| row.open).count()).unwrap_or(0);
    if ids.is_empty() {
        return Ok((0, 0));
    }
    match class.code.as_str() {
        "abandoned_drafts" => queries::delete_drafts(w, &ids)?,
        "evidence_files" => {
            let by = run.confirmed_by.ok_or_else(|| Problem::internal("a run that nobody confirmed"))?;
            let files = evidence::forget(w, &ids, by)?;
            // Under the lock of their content: nobody sends the same file meanwhile.
            evidence::remove_files(config, &files)?;
        }
        "access_detail" => {
            queries::forget_access(w, before, i32::try_from(BATCH).unwrap_or(200))?;
        }
        "audit_values" => queries::destroy_keys(w, &ids)?,
        _ => return Ok((0, 0)),
    }
    Ok((i64::try_from(ids.len()).unwrap_or(0), told))
}

/// Handler of the destroying. Killed in between, it goes on where it was.
pub fn apply(job: &Job) -> Result<Value, Problem> {
    let (id, mut conn) = (id(job)?, job.connect()?);
    let (run, classes) = job.gate.system::<RetentionRequest, _>(&mut conn, "retention", |w| {
        Ok((queries::run(w, id)?, queries::classes(w, None, 100)?))
    })?;
    if run.status != RunStatus::Applying {
        return Ok(json!({"result": run.result}));
    }
    let (mut outcomes, mut done) = (Vec::new(), 0);
    for class in &classes {
        let mut destroyed = 0;
        loop {
            let (gone, told) = job
                .gate
                .system::<RetentionRequest, _>(&mut conn, "retention", |w| some(w, job.gate.config(), &run, class))?;
            destroyed += told;
            // The progress of the work is seen by more than may know of restricted rows.
            done += told;
            job.progress(&mut conn, done, None)?;
            if gone < BATCH {
                break;
            }
        }
        outcomes.push(RetentionOutcome { class: class.code.clone(), destroyed });
    }
    let value = serde_json::to_value(outcomes).map_err(Problem::internal)?;
    job.gate.system::<RetentionRequest, _>(&mut conn, "retention", |w| {
        queries::settle(w, id, RunStatus::Applied, value.clone())?;
        w.audit(AuditEntry {
            action: "retention.apply",
            subject_kind: "retention_run",
            subject_id: Some(id),
            after: Some(json!({"result": value})),
            ..AuditEntry::default()
        })
    })?;
    Ok(json!({"result": value}))
}
