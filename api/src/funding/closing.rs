//! The end of a source's year.
//!
//! Whatever moved money of the source has ended before the closing looks, and waits while it works: referrals first, then
//! the source, then its accounts, the order in which sending takes them.

use uuid::Uuid;

use super::model::{Bucket, LedgerKind};
use super::orders::{Ask, carry, successor};
use super::orders_model::Rest;
use super::queries::ledger::{Held, Movement, post};
use super::queries::{SourceRow, orders as stored};
use crate::access::Writer;
use crate::kernel::problem::{self, Problem};
use chrono::Datelike as _;

/// Whether the year may end this way, as things stand.
pub(super) fn check(w: &mut Writer<'_>, row: &SourceRow, to: Option<Uuid>) -> Result<(), Problem> {
    if row.fiscal_year > w.today().year() {
        return Err(Problem::new(&problem::WRONG_FISCAL_YEAR));
    }
    // Whether anything is held in them would be told by the answer.
    if !w.scope().supervises() && stored::pays_restricted(w, row.id)? {
        return Err(Problem::with(&problem::FORBIDDEN, "a source of restricted programs is closed by a supervisor"));
    }
    match to {
        Some(next) => successor(w, row, next).map(|_| ()),
        None if stored::holds(w, row.id)?.is_empty() => Ok(()),
        None => Err(Problem::new(&problem::STILL_HELD)),
    }
}

/// Ends the year: what is held for referrals goes to the next year's source with them, what no cycle used comes back,
/// promises that never came are struck out, the rest lapses or goes over, and nothing is posted from then on.
pub(super) fn close(
    w: &mut Writer<'_>,
    row: &SourceRow,
    to: Option<Uuid>,
    rest: Rest,
    ask: &Ask,
) -> Result<(), Problem> {
    check(w, row, to)?;
    let next = to.map(|next| successor(w, row, next)).transpose()?;
    let holds = stored::holds(w, row.id)?;
    if let Some(next) = &next {
        stored::move_referrals(w, row.id, next.id, &holds)?;
    }
    stored::lock_source(w, row.id)?;
    if stored::holds(w, row.id)? != holds {
        return Err(Problem::with(&problem::CONFLICT, "a referral moved money of this source meanwhile; try again"));
    }
    let mut movements = Vec::new();
    if let Some(next) = &next {
        for hold in holds {
            let held = if hold.bucket == Bucket::Reserved { Held::Reserved } else { Held::Committed };
            movements.extend(carry(row.id, next.id, held, hold.amount).into_iter().map(|m| Movement {
                cycle: Some(hold.cycle_id),
                referral: Some(hold.referral_id),
                ..m
            }));
        }
    }
    for (cycle, left) in stored::allotments(w, row.id)? {
        movements.push(Movement::of_cycle(LedgerKind::Release, row.id, cycle, left));
    }
    let pledged = stored::balance(w, row.id, Bucket::Pledged, None)?;
    if pledged > 0 {
        movements.push(Movement::incoming(LedgerKind::CloseYear, row.id, pledged));
    }
    for movement in movements {
        post(w, Movement { reference: ask.reference.clone(), reason: ask.reason.clone(), ..movement })?;
    }
    let free = stored::balance(w, row.id, Bucket::Available, None)?;
    if free > 0 {
        let last = match (&next, rest) {
            (Some(next), Rest::CarryOver) => carry(row.id, next.id, Held::Available, free),
            (None, Rest::CarryOver) => {
                return Err(Problem::field("/to_source_id", "required", "where the rest goes must be named"));
            }
            (_, Rest::Lapse) => {
                let movement = Movement::incoming(LedgerKind::Lapse, row.id, free);
                vec![Movement { held: Held::Available, ..movement }]
            }
        };
        for movement in last {
            post(w, Movement { reference: ask.reference.clone(), reason: ask.reason.clone(), ..movement })?;
        }
    }
    stored::mark_closed(w, row.id)
}
