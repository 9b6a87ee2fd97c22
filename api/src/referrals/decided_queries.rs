//! SQL of what a decision must know of referrals.

use diesel::prelude::*;
use uuid::Uuid;

use crate::access::Writer;
use crate::kernel::problem::Problem;

/// Whether a referral of the problem to the cycle is open.
pub(super) fn open_to_cycle(w: &mut Writer<'_>, problem: Uuid, cycle: Uuid) -> Result<bool, Problem> {
    use crate::db::schema::referrals::dsl as f;
    let open = ["draft", "sent", "accepted", "returned", "scheduled", "in_service"];
    let found = f::referrals.filter(f::problem_id.eq(problem).and(f::cycle_id.eq(cycle)));
    Ok(diesel::select(diesel::dsl::exists(found.filter(f::status.eq_any(open)))).get_result(w.conn())?)
}
