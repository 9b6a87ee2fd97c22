//! Sending without a screen: what an approved plan gives becomes a referral like any other.

use uuid::Uuid;

use super::model::NewReferral;
use super::rules::Step;
use super::{queries, routes, steps};
use crate::access::Writer;
use crate::kernel::problem::Problem;

/// What is to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Dispatch {
    /// The problem.
    pub problem_id: Uuid,
    /// Cycle of the program.
    pub cycle_id: Uuid,
    /// Source to take the money from; none where it costs none.
    pub funding_source_id: Option<Uuid>,
    /// Rupiah.
    pub amount_idr: i64,
}

/// Drafts a referral and sends it, with every check a sender would be held to; nothing stays where one fails, if the
/// caller rolls back. The caller has the action to send.
pub fn dispatch(w: &mut Writer<'_>, what: Dispatch) -> Result<Uuid, Problem> {
    let new = NewReferral {
        problem_id: what.problem_id,
        cycle_id: what.cycle_id,
        funding_source_id: what.funding_source_id,
        to_organization_id: None,
        amount_idr: Some(what.amount_idr),
        tier: None,
        note: None,
    };
    let id = routes::create(w, new)?;
    let row = queries::find_for_update(w, id)?;
    steps::carry_out(w, &row, Step::Send, steps::Word::default())?;
    Ok(id)
}
