//! What a decision does and undoes, and what is carried out by the clock.

use std::time::Duration;

use chrono::Utc;
use serde_json::json;
use uuid::Uuid;

use super::model::DecisionStatus;
use super::queries::{self, DecisionRow, Mark};
use super::rules::{self, Step};
use super::steps::note;
use crate::access::policy::DecisionConfirm;
use crate::access::{Gate, Writer};
use crate::jobs::Chore;
use crate::kernel::dates::office_date;
use crate::kernel::problem::Problem;
use crate::{referrals, services};

/// Carries out a locked decision that is due; one that has nothing left to act upon has lapsed.
pub(super) fn carry_out(w: &mut Writer<'_>, row: &DecisionRow) -> Result<(), Problem> {
    let before = match (row.referral_id, row.request_id) {
        (Some(referral), _) => referrals::stop_help(w, referral)?,
        (_, Some(request)) => services::reject(w, request, &row.reasons)?,
        (None, None) => None,
    };
    let Some(before) = before else {
        queries::set_status(w, row.id, DecisionStatus::Lapsed, Mark::default())?;
        return note(w, row, "decision.lapse", json!({"status": DecisionStatus::Lapsed}));
    };
    let mark = Mark { in_effect: true, before_status: Some(before.to_owned()), ..Mark::default() };
    queries::set_status(w, row.id, DecisionStatus::InEffect, mark)?;
    note(w, row, "decision.take_effect", json!({"status": DecisionStatus::InEffect, "was": before}))
}

/// Undoes a locked decision that is in effect, as far as that can be done.
pub(super) fn undo(w: &mut Writer<'_>, row: &DecisionRow, reason: String) -> Result<(), Problem> {
    let restored = match (row.referral_id, row.request_id) {
        (Some(referral), _) => referrals::resume_help(w, referral)?,
        (_, Some(request)) => {
            services::readmit(w, request)?;
            None
        }
        (None, None) => None,
    };
    let after = json!({"reason": reason, "restored_referral_id": restored, "was": row.before_status});
    let mark = Mark { reversed: true, ended_reason: Some(reason), restored_referral_id: restored, ..Mark::default() };
    queries::set_status(w, row.id, DecisionStatus::Reversed, mark)?;
    note(w, row, "decision.reverse", after)
}

/// Carries out confirmed decisions whose day has come; how many.
fn carry_out_due(gate: &Gate) -> Result<u64, Problem> {
    let mut conn = queries::connect(gate.config().database_url.expose())?;
    let mut done = 0;
    for id in queries::due(&mut conn, office_date(Utc::now()))? {
        // One that fails must not hold up the others; it is tried again.
        match gate.system::<DecisionConfirm, _>(&mut conn, "decisions", |w| one(w, id)) {
            Ok(()) => done += 1,
            Err(problem) => {
                tracing::warn!(decision = %id, code = problem.code.slug, "a decision could not be carried out");
            }
        }
    }
    Ok(done)
}

/// Lets decisions take effect on their day.
pub fn chores() -> Vec<Chore> {
    vec![Chore { name: "decisions.take_effect", every: Duration::from_secs(60), run: carry_out_due }]
}

/// One that is due; another instance may have been faster.
fn one(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    let row = queries::find_for_update(w, id)?;
    let days = super::routes::days(w, &row);
    match rules::take(row.status, Step::TakeEffect, rules::Standing::default(), days) {
        Ok(_) => carry_out(w, &row),
        Err(_) => Ok(()),
    }
}
