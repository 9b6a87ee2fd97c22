//! What a decision does to a request: it is refused, and taken in again where that is reversed.

use uuid::Uuid;

use super::model::RequestStatus;
use super::queries::{self, Clock, Mark};
use crate::access::Writer;
use crate::calendars;
use crate::db::slugs::Sensitivity;
use crate::kernel::problem::Problem;

/// A request, as far as a decision must know it.
#[derive(Debug)]
pub struct Asked {
    /// The household.
    pub household_id: Uuid,
    /// The person, where it is for one.
    pub individual_id: Option<Uuid>,
    /// Problem it answers.
    pub problem_id: Option<Uuid>,
    /// Kelurahan of the household.
    pub region_code: String,
    /// Label.
    pub sensitivity: Sensitivity,
    /// Neither issued nor ended.
    pub open: bool,
}

fn open(status: RequestStatus) -> bool {
    use RequestStatus as S;
    matches!(status, S::Received | S::Handled | S::Approved | S::Returned)
}

/// A request the caller may see; else 404.
pub fn asked(w: &mut Writer<'_>, id: Uuid) -> Result<Asked, Problem> {
    let row = queries::find(w, id)?;
    Ok(Asked {
        household_id: row.household_id,
        individual_id: row.individual_id,
        problem_id: row.problem_id,
        region_code: row.region_code,
        sensitivity: row.sensitivity,
        open: open(row.status),
    })
}

/// Refuses a request with these reasons. Gives the status before; `None` where it had ended by itself.
pub fn reject(w: &mut Writer<'_>, id: Uuid, reasons: &str) -> Result<Option<&'static str>, Problem> {
    let row = queries::find_for_update(w, id)?;
    if !open(row.status) {
        return Ok(None);
    }
    let mark = Mark { reason: Some(Some(reasons.to_owned())), ..Mark::default() };
    queries::set_status(w, id, RequestStatus::Rejected, mark)?;
    Ok(Some(row.status.slug()))
}

/// Takes a refused request in again; its days count from today.
pub fn readmit(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    // The calendar before the request, as whoever changes the calendar takes them.
    let calendar = queries::find(w, id)?.calendar_id;
    let (calendar_id, office) = calendars::hold(w, Some(calendar))?;
    let row = queries::find_for_update(w, id)?;
    let from = w.today();
    let due_on = calendars::due(from, u32::try_from(row.due_days).unwrap_or(0), &office);
    let clock = Clock { calendar_id, from, days: row.due_days, due_on };
    let mark = Mark { reason: Some(None), clock: Some(clock), ..Mark::default() };
    queries::set_status(w, id, RequestStatus::Received, mark)
}
