//! Writes the file, as the account that asked.

use std::path::PathBuf;

use serde_json::{Value, json};
use uuid::Uuid;

use super::file::Sheet;
use super::model::{ExportFilter, Format};
use super::queries;
use crate::access::policy::{HouseholdRead, OperationRead};
use crate::access::{AuditEntry, Seen};
use crate::config::Config;
use crate::households::{Sort, page, position};
use crate::jobs::Job;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

const CHUNK: i64 = 1000;
/// Files are deleted after this long.
const KEEP: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

pub(super) fn path(config: &Config, id: Uuid, format: Format) -> PathBuf {
    config.data_dir.join("exports").join(format!("{id}.{}", format.slug()))
}

/// Handler of the operation.
pub fn run(job: &Job) -> Result<Value, Problem> {
    let (Some(id), Some(account)) = (job.subject_id, job.created_by) else {
        return Err(Problem::internal("an export without asker"));
    };
    let config = job.gate.config().clone();
    let mut conn = job.connect()?;
    let dir = config.data_dir.join("exports");
    std::fs::create_dir_all(&dir).map_err(|e| Problem::internal(format!("export directory: {e}")))?;
    sweep(&dir);
    let (format, filter) = job.gate.on_behalf::<OperationRead, _>(&mut conn, account, |w| queries::task(w, id))?;
    let format = Format::parse(&format).ok_or_else(|| Problem::internal("unknown format"))?;
    let filter: ExportFilter = serde_json::from_value(filter).map_err(Problem::internal)?;
    let mut query = filter.query();
    query.sort = Some(Sort::Created);
    let target = path(&config, id, format);
    let mut sheet = Sheet::create(&target, format)?;
    let (mut rows, mut start): (i64, Option<Cursor>) = (0, None);
    loop {
        let from = start.clone();
        let asked = &query;
        let (name, chunk) = job.gate.on_behalf::<HouseholdRead, _>(&mut conn, account, |w| {
            Ok((w.principal().name.clone(), page(w, asked, from.as_ref(), CHUNK)?))
        })?;
        let mark = format!("{name} {}", chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ"));
        for (row, _) in &chunk {
            sheet.push(row, &mark)?;
        }
        rows += i64::try_from(chunk.len()).unwrap_or_default();
        let Some((last, head)) = chunk.last().filter(|_| chunk.len() == usize::try_from(CHUNK).unwrap_or_default())
        else {
            break;
        };
        let (key, last) = position(Sort::Created, last, head.as_deref());
        start = Some(Cursor { list: String::new(), key, id: last });
        if job.progress(&mut conn, rows, None)? {
            let _ = std::fs::remove_file(&target);
            return Ok(json!({"rows": 0}));
        }
    }
    sheet.close(&target)?;
    job.progress(&mut conn, rows, Some(rows))?;
    job.gate.on_behalf::<HouseholdRead, _>(&mut conn, account, |w| {
        queries::finish(w, id, rows)?;
        w.log_access(
            "export",
            Seen { subject_kind: "export", subject_id: id, household_id: None },
            None,
            &["households"],
        )?;
        w.audit(AuditEntry {
            action: "export.write",
            subject_kind: "export",
            subject_id: Some(id),
            after: Some(json!({"rows": rows})),
            ..AuditEntry::default()
        })
    })?;
    Ok(json!({"rows": rows}))
}

/// Deletes files that are a day old.
fn sweep(dir: &std::path::Path) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let old = entry.metadata().and_then(|m| m.modified()).is_ok_and(|t| t.elapsed().is_ok_and(|age| age > KEEP));
        if old {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
