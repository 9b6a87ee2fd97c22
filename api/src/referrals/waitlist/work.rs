//! Sending whoever is next as soon as there is a seat.

use std::time::Duration;

use super::model::WaitlistStatus;
use super::queries::{self, Next};
use crate::access::policy::ReferralSend;
use crate::access::{Gate, Writer};
use crate::jobs::{self, Chore};
use crate::kernel::problem::{self, Problem};
use crate::referrals::rules::Step;
use crate::referrals::{queries as referrals, steps};

/// Seconds after which somebody who waits for money is tried again.
const AGAIN_AFTER_SECONDS: i64 = 20;

/// Sends one, with everything a sender would be held to; 0 when nobody's turn has come.
fn one(w: &mut Writer<'_>) -> Result<u64, Problem> {
    let since = w.now() - chrono::Duration::seconds(AGAIN_AFTER_SECONDS);
    let Some(Next { id, referral_id, over }) = queries::next(w, since)? else { return Ok(0) };
    if over {
        queries::tried(w, id, Some((WaitlistStatus::Lapsed, None)))?;
        return Ok(1);
    }
    let sent = w.attempt(|w| {
        let row = referrals::find_for_update(w, referral_id)?;
        steps::carry_out(w, &row, Step::Send, steps::Word::default())
    });
    match sent {
        // The step itself has settled the entry.
        Ok(()) => {}
        Err(p) if p.code == &problem::NO_SEATS || p.code == &problem::INSUFFICIENT_FUNDS => {
            queries::tried(w, id, None)?
        }
        Err(p) if p.code.status < 500 => queries::tried(w, id, Some((WaitlistStatus::Skipped, Some(p.code.slug))))?,
        Err(p) => return Err(p),
    }
    Ok(1)
}

fn advance(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<ReferralSend>(gate, "waitlist", one)
}

/// What the worker looks after.
pub(in crate::referrals) fn chores() -> Vec<Chore> {
    vec![Chore { name: "waitlist.advance", every: Duration::from_secs(5), run: advance }]
}
