//! Referrals that end from outside: a decision, a suspension, a death, a departure.

use std::time::Duration;

use uuid::Uuid;

use super::model::ReferralStatus;
use super::queries::{self, Mark};
use super::rules::{self, Hold};
use super::{deadlines, deliveries, effects, waitlist};
use crate::access::policy::ReferralSend;
use crate::access::{AuditEntry, Gate, Writer};
use crate::db::slugs::Sensitivity;
use crate::jobs::{self, Chore};
use crate::kernel::problem::{self, Problem};
use crate::problems;

/// Referrals ended in one transaction of the chore.
const BATCH: i64 = 200;

/// Ends a referral that has not ended, whatever it was doing: lines that have not left the store are cancelled, what is
/// held and not disbursed goes back, the claim stands for as long as something was given. `wrong_state` where it has
/// ended. The caller must see it; `reason` is a code of `referral_cancel_reasons`.
pub fn stop(w: &mut Writer<'_>, id: Uuid, reason: &str, note: Option<String>) -> Result<(), Problem> {
    end(w, id, ReferralStatus::Cancelled, "stop", reason, note)
}

/// Ends a referral in this status: expired where nobody answered, cancelled where something else ended it.
pub(super) fn end(
    w: &mut Writer<'_>,
    id: Uuid,
    to: ReferralStatus,
    event: &'static str,
    reason: &str,
    note: Option<String>,
) -> Result<(), Problem> {
    let row = queries::find_for_update(w, id)?;
    if rules::holds(row.status) == Hold::Nothing && row.status != ReferralStatus::Draft {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    let problem = problems::of_referral(w, row.problem_id)?;
    deliveries::cancel_open(w, row.id, if reason.starts_with("person_") { reason } else { "not_needed" })?;
    let lines = deliveries::delivered(w, row.id)?;
    effects::apply(w, &row, rules::effect(row.status, to, false), lines)?;
    effects::lead_problem(w, &row, &problem, to, None)?;
    let mark = Mark { reason_code: Some(reason.to_owned()), ..Mark::default() };
    queries::set_status(w, &row, to, event, note.clone(), mark)?;
    waitlist::settle(w, row.id, false)?;
    w.audit(AuditEntry {
        action: if to == ReferralStatus::Expired { "referral.expire" } else { "referral.stop" },
        subject_kind: "referral",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.sensitivity == Sensitivity::Restricted,
        reason: Some(reason.to_owned()),
        before: Some(serde_json::json!({"status": row.status})),
        after: Some(serde_json::json!({"status": to, "received_idr": lines.received_idr, "note": note})),
        ..AuditEntry::default()
    })
}

/// Ends what a death or a departure has marked.
fn end_marked(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<ReferralSend>(gate, "referrals", |w| {
        let marked = queries::marked(w, BATCH)?;
        for (id, reason) in &marked {
            stop(w, *id, reason, None)?;
        }
        Ok(marked.len() as u64)
    })
}

/// What the worker looks after.
pub fn chores() -> Vec<Chore> {
    let mut chores = vec![Chore { name: "referrals.end_marked", every: Duration::from_secs(10), run: end_marked }];
    chores.extend(deadlines::chores());
    chores.extend(waitlist::chores());
    chores
}
