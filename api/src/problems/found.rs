//! What a signed assessment makes of the needs it found.

use uuid::Uuid;

use super::model::{ProblemSource, ProblemStatus, Severity, SubjectKind};
use super::queries::{self, Fresh, Mark, ProblemRow};
use crate::access::{AuditEntry, Writer};
use crate::db::slugs::Sensitivity;
use crate::kernel::problem::Problem;
use crate::mandates;

/// A need somebody found and stands up for.
#[derive(Debug, Clone)]
pub struct FoundNeed {
    /// The household.
    pub household_id: Uuid,
    /// The person, where it is one's own need.
    pub individual_id: Option<Uuid>,
    /// Code of the list `needs`.
    pub need_code: String,
    /// Code of the list `ppks_types`.
    pub ppks_code: Option<String>,
    /// How urgent it is.
    pub severity: Severity,
    /// Personal: in words.
    pub note: Option<String>,
    /// Label by need, PPKS type and what it was found with.
    pub sensitivity: Sensitivity,
    /// Whether a certified worker found it: what another reported is verified by him.
    pub certified: bool,
}

/// Reports the need, or confirms or verifies the open problem of the same subject and need that the caller may see. Answers
/// with the problem and what happened to it: reported, confirmed, verified or known.
pub fn record_found(w: &mut Writer<'_>, found: FoundNeed) -> Result<(Uuid, &'static str), Problem> {
    let actor = w.scope().actor;
    let open = queries::find_open(w, found.household_id, found.individual_id, &found.need_code)?;
    let Some(row) = open else {
        let household_id = found.household_id;
        let restricted = found.sensitivity == Sensitivity::Restricted;
        let source = if found.certified { ProblemSource::Assessment } else { ProblemSource::Village };
        let after = serde_json::json!({"need_code": found.need_code, "severity": found.severity, "status": "reported"});
        let charge = mandates::charge(w, &found.need_code, None, found.severity == Severity::Emergency)?;
        let id = queries::insert(
            w,
            Fresh {
                subject_kind: if found.individual_id.is_some() {
                    SubjectKind::Individual
                } else {
                    SubjectKind::Household
                },
                household_id,
                individual_id: found.individual_id,
                need_code: found.need_code,
                ppks_code: found.ppks_code,
                severity: found.severity,
                source,
                sensitivity: found.sensitivity,
                description: found.note,
                onset_on: None,
                charge,
            },
        )?;
        audit(w, "problem.report", id, household_id, restricted, after)?;
        return Ok((id, "reported"));
    };
    match row.status {
        ProblemStatus::Candidate => {
            step(
                w,
                &row,
                ProblemStatus::Reported,
                Mark { reporter: Some(actor), ..Mark::default() },
                "problem.confirm",
            )?;
            Ok((row.id, "confirmed"))
        }
        ProblemStatus::Reported if found.certified && row.reported_by != Some(actor) => {
            step(
                w,
                &row,
                ProblemStatus::Verified,
                Mark { verifier: Some(actor), ..Mark::default() },
                "problem.verify",
            )?;
            Ok((row.id, "verified"))
        }
        _ => Ok((row.id, "known")),
    }
}

/// The counter-signature is the second pair of eyes: verifies a problem that the signature reported or confirmed, if it
/// still waits and the caller is not its reporter.
pub fn verify_found(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    let actor = w.scope().actor;
    match queries::find_for_update(w, id) {
        Ok(row) if row.status == ProblemStatus::Reported && row.reported_by != Some(actor) => {
            step(w, &row, ProblemStatus::Verified, Mark { verifier: Some(actor), ..Mark::default() }, "problem.verify")
        }
        Ok(_) => Ok(()),
        // A restricted one that the supervisor may not see stays for who may.
        Err(e) if e.code.status == 404 => Ok(()),
        Err(e) => Err(e),
    }
}

fn step(
    w: &mut Writer<'_>,
    row: &ProblemRow,
    to: ProblemStatus,
    mark: Mark,
    action: &'static str,
) -> Result<(), Problem> {
    // As with any other report or verification: whoever has the mandate by now is charged with what nobody had.
    let charge = match row.mandate_id {
        None => mandates::charge(w, &row.need_code, None, row.severity == Severity::Emergency)?,
        Some(_) => None,
    };
    queries::set_status(w, row.id, to, Mark { charge, ..mark })?;
    audit(w, action, row.id, row.household_id, row.restricted(), serde_json::json!({"status": to}))
}

fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    id: Uuid,
    household: Uuid,
    restricted: bool,
    after: serde_json::Value,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "problem",
        subject_id: Some(id),
        household_id: Some(household),
        restricted,
        reason: Some("assessment".into()),
        after: Some(after),
        ..AuditEntry::default()
    })
}
