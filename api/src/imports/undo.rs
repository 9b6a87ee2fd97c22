//! The job that takes an applied import back.

use serde_json::{Value, json};

use super::profile::ListKind;
use super::queries::{self, Outcome, merge};
use super::work::{parts, take};
use crate::access::AuditEntry;
use crate::access::policy::ImportApply;
use crate::jobs::Job;
use crate::kernel::problem::{self, Problem};

/// Takes an applied import back, as long as nothing was built on it.
///
/// # Errors
/// Something was built on it, or the service failed; the import stays applied.
pub fn undo_import(job: &Job) -> Result<Value, Problem> {
    let (mut conn, import) = take(job)?;
    if import.status == "undone" {
        return Ok(json!({"status": "undone"}));
    }
    queries::require(&import, &["applied"])?;
    if import.list.as_deref() == Some(ListKind::Offers.slug()) {
        return Err(Problem::with(&problem::WRONG_STATE, "a draft of a program is withdrawn by its partner"));
    }
    let parts = parts(job, &mut conn, &import)?;
    merge::undo(&mut conn, import.id, &parts.profile.source, &import.period)?;
    job.gate.system::<ImportApply, _>(&mut conn, &format!("import {}", import.id), |w| {
        queries::settle(
            w.conn(),
            import.id,
            &["applied"],
            &Outcome { status: Some("undone".into()), ..Outcome::default() },
        )?;
        w.audit(AuditEntry {
            action: "import.undone",
            subject_kind: "import",
            subject_id: Some(import.id),
            ..AuditEntry::default()
        })
    })?;
    Ok(json!({"status": "undone"}))
}
