//! What a decision does to a referral: it stops help that was promised or under way, and takes it up again.

use serde_json::json;
use uuid::Uuid;

use super::decided_queries::open_to_cycle;
use super::model::ReferralStatus;
use super::queries::{self, Fresh, ReferralRow};
use super::rules::{self, Hold};
use crate::access::{AuditEntry, Writer};
use crate::db::slugs::Sensitivity;
use crate::kernel::problem::Problem;
use crate::problems;

/// Code of the list `referral_cancel_reasons` for help that a decision stopped.
const STOPPED: &str = "stopped_by_decision";

/// The help of a referral, as far as a decision must know it.
#[derive(Debug)]
pub struct Help {
    /// The household.
    pub household_id: Uuid,
    /// The person, where it is for one.
    pub individual_id: Option<Uuid>,
    /// The problem it answers.
    pub problem_id: Uuid,
    /// Kelurahan of the household.
    pub region_code: String,
    /// Who gives it.
    pub to_organization_id: Uuid,
    /// Label.
    pub sensitivity: Sensitivity,
    /// Promised or under way: it cannot simply be withdrawn.
    pub running: bool,
}

fn running(row: &ReferralRow) -> bool {
    rules::holds(row.status) == Hold::Committed
}

/// The help of a referral the caller may see; else 404.
pub fn help(w: &mut Writer<'_>, id: Uuid) -> Result<Help, Problem> {
    let row = queries::find(w, id)?;
    Ok(Help {
        running: running(&row),
        household_id: row.household_id,
        individual_id: row.individual_id,
        problem_id: row.problem_id,
        region_code: row.region_code,
        to_organization_id: row.to_organization_id,
        sensitivity: row.sensitivity,
    })
}

fn note(w: &mut Writer<'_>, row: &ReferralRow, action: &'static str, after: serde_json::Value) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "referral",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.sensitivity == Sensitivity::Restricted,
        before: Some(json!({"status": row.status})),
        after: Some(after),
        ..AuditEntry::default()
    })
}

/// Ends help that runs. Gives the status before; `None` where the help had ended by itself.
pub fn stop_help(w: &mut Writer<'_>, id: Uuid) -> Result<Option<&'static str>, Problem> {
    let row = queries::find_for_update(w, id)?;
    if !running(&row) {
        return Ok(None);
    }
    super::stopping::stop(w, id, STOPPED, None)?;
    Ok(Some(row.status.slug()))
}

/// Drafts the referral again whose help a decision had stopped; `None` where its problem has ended, or another referral
/// to the cycle is open.
pub fn resume_help(w: &mut Writer<'_>, id: Uuid) -> Result<Option<Uuid>, Problem> {
    let row = queries::find_for_update(w, id)?;
    let problem = problems::of_referral(w, row.problem_id)?;
    queries::record(w, row.id, "resume", row.status, row.status, None, None)?;
    if rules::sendable(problem.status, problem.severity, row.amount_idr).is_err()
        || open_to_cycle(w, row.problem_id, row.cycle_id)?
    {
        return Ok(None);
    }
    let fresh = Fresh {
        problem_id: row.problem_id,
        household_id: row.household_id,
        individual_id: row.individual_id,
        program_id: row.program_id,
        cycle_id: row.cycle_id,
        funding_source_id: row.funding_source_id,
        to_organization_id: row.to_organization_id,
        amount_idr: row.amount_idr,
        sensitivity: row.sensitivity,
        note: row.note.clone(),
    };
    let draft = queries::insert(w, fresh)?;
    let status = ReferralStatus::Draft;
    queries::record(w, draft, "create", status, status, None, None)?;
    note(w, &row, "referral.resume", json!({"referral_id": draft}))?;
    Ok(Some(draft))
}
