//! By when the next step of a referral is due, and what happens when it is not taken: a reminder the day before, a
//! report once it is late, and an end where nobody answers at all.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{ReferralStatus, Severity};
use super::{queries, rules, stopping};
use crate::access::policy::ReferralSend;
use crate::access::{Gate, Writer};
use crate::calendars;
use crate::jobs::{self, Chore};
use crate::kernel::dates::end_of_office_day;
use crate::kernel::problem::Problem;

/// Days after its deadline at which an unanswered referral ends.
pub(super) const EXPIRES_AFTER_DAYS: i64 = 10;
/// Hours before its deadline at which whoever must act is reminded.
pub(super) const REMINDS_BEFORE_HOURS: i64 = 24;
const BATCH: i64 = 200;

/// A deadline; empty where none runs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Due {
    pub at: Option<DateTime<Utc>>,
    /// Where working days were counted: from, how many, the last day.
    pub counted: Option<(NaiveDate, i32, NaiveDate)>,
}

/// The deadline of a status entered today, by the city's calendar.
pub(super) fn of(
    w: &mut Writer<'_>,
    to: ReferralStatus,
    severity: Severity,
    scheduled_on: Option<NaiveDate>,
) -> Result<Due, Problem> {
    use ReferralStatus as S;
    let days = match to {
        S::Sent if severity == Severity::Emergency => rules::EMERGENCY_DAYS,
        S::Sent | S::Returned | S::Accepted => rules::ANSWER_DAYS,
        S::InService => rules::SERVICE_DAYS,
        S::Scheduled => return Ok(Due { at: scheduled_on.map(end_of_office_day), counted: None }),
        S::Draft | S::Declined | S::Completed | S::Expired | S::Cancelled => return Ok(Due::default()),
    };
    let today = w.today();
    let (_, calendar) = calendars::hold(w, None)?;
    let last = calendars::due(today, days, &calendar);
    let counted = i32::try_from(days).ok().map(|days| (today, days, last));
    Ok(Due { at: Some(end_of_office_day(last)), counted })
}

fn remind(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<ReferralSend>(gate, "referrals", |w| queries::note_due(w, "remind", REMINDS_BEFORE_HOURS, BATCH))
}

fn escalate(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<ReferralSend>(gate, "referrals", |w| queries::note_due(w, "escalate", 0, BATCH))
}

fn expire(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<ReferralSend>(gate, "referrals", |w| {
        let before = w.now() - chrono::Duration::days(EXPIRES_AFTER_DAYS);
        let unanswered = queries::unanswered(w, before, BATCH)?;
        for id in &unanswered {
            stopping::end(w, *id, ReferralStatus::Expired, "expire", "not_answered", None)?;
        }
        Ok(unanswered.len() as u64)
    })
}

/// What the worker looks after.
pub(super) fn chores() -> Vec<Chore> {
    let every = Duration::from_secs(60);
    vec![
        Chore { name: "referrals.remind", every, run: remind },
        Chore { name: "referrals.escalate", every, run: escalate },
        Chore { name: "referrals.expire", every, run: expire },
    ]
}
