//! Candidates: needs that the data speak of and nobody has looked at yet.
//!
//! A candidate is a question to a human, never an answer: nothing is referred, counted as a need or paid by it. The rules
//! read open facts only, find nothing that is labelled restricted, and neither ask nor show whether somebody has a
//! restricted problem. A run is set-based, one kecamatan a transaction, and safe to repeat: what was found stays found
//! once, what no longer holds expires, what a human closed comes back only when the facts behind it change.

mod queries;
pub(super) mod routes;
mod table;

use serde_json::{Value, json};

use crate::access::AuditEntry;
use crate::access::policy::ProblemDetect;
use crate::jobs::Job;
use crate::kernel::problem::Problem;

/// Kind of operation that looks for candidates.
pub const OPERATION: &str = "problems.detect";

/// Handler of the operation.
pub fn run(job: &Job) -> Result<Value, Problem> {
    let Some(account) = job.created_by else {
        return Err(Problem::internal("a search for candidates without asker"));
    };
    let mut conn = job.connect()?;
    let districts = job.gate.on_behalf::<ProblemDetect, _>(&mut conn, account, queries::districts)?;
    let total = i64::try_from(districts.len()).ok();
    let (mut found, mut expired) = (0, 0);
    for (done, district) in (1_i64..).zip(districts) {
        let step = job
            .gate
            .on_behalf::<ProblemDetect, _>(&mut conn, account, |w| queries::detect(w, &district, table::RULES))?;
        found += step.added;
        expired += step.expired;
        if job.progress(&mut conn, done, total)? {
            break;
        }
    }
    let result = json!({"found": found, "expired": expired});
    job.gate.on_behalf::<ProblemDetect, _>(&mut conn, account, |w| {
        w.audit(AuditEntry {
            action: "problem.detect",
            subject_kind: "operation",
            subject_id: Some(job.id),
            after: Some(result.clone()),
            ..AuditEntry::default()
        })
    })?;
    Ok(result)
}
