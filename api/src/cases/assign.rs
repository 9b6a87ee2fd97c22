//! Who works on a case.

use actix_web::post;

use super::model::{AssignCase, Case, CaseDuty, HandOver, UnassignCase};
use super::queries::{self, Change, Event};
use super::routes::{allowed, answer, audit, standing};
use crate::access::policy::CaseWork;
use crate::access::{Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json};
use crate::http::openapi::{IdPath, IfMatchHeader};
use crate::kernel::problem::{self, Problem};

fn worker(w: &mut Writer<'_>, account: uuid::Uuid) -> Result<(), Problem> {
    if queries::is_worker(w, account)? {
        return Ok(());
    }
    Err(Problem::field("/account_id", "not_allowed", "is not an active social worker"))
}

/// Assign somebody to a case
///
/// A lead where there is none, a co-worker (also for the days of a leave), a supervisor. Any social worker of the area may
/// take a case that nobody leads.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = AssignCase, responses((status = 200, description = "The case as it is now.", body = Case)))]
#[post("/api/v1/cases/{id}/assign")]
pub async fn assign_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<AssignCase>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "assign")?;
            let new = body.0;
            let who = standing(w, &row);
            // To take what nobody leads is for oneself; to give it to others is for who answers for it.
            let taking = new.account_id == w.scope().actor && new.duty == CaseDuty::Lead;
            if !(who.leads || who.supervises || taking) {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            worker(w, new.account_id)?;
            if new.until_date.is_some_and(|day| day < w.today()) {
                return Err(Problem::field("/until_date", "in_past", "lies in the past"));
            }
            if new.duty == CaseDuty::Lead && new.until_date.is_some() {
                return Err(Problem::field("/until_date", "not_allowed", "a lead stays until the case is handed over"));
            }
            queries::unassign(w, row.id, &[])?;
            let note = new.note.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
            queries::assign(w, row.id, new.account_id, new.duty, new.until_date, note.clone())?;
            let event = Event { event: "assigned", account: Some(new.account_id), note, ..Event::default() };
            done(w, &row, "case.assign", event)
        })
        .await
}

/// Take somebody off a case
///
/// A co-worker or supervisor; a lead hands over.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = UnassignCase, responses((status = 200, description = "The case as it is now.", body = Case)))]
#[post("/api/v1/cases/{id}/unassign")]
pub async fn unassign_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<UnassignCase>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "assign")?;
            let account = body.0.account_id;
            if row.lead_id == Some(account) {
                return Err(Problem::with(&problem::WRONG_STATE, "a lead hands over"));
            }
            if queries::unassign(w, row.id, &[account])? == 0 {
                return Err(Problem::field("/account_id", "not_found", "is not assigned to this case"));
            }
            let event = Event { event: "unassigned", account: Some(account), ..Event::default() };
            done(w, &row, "case.unassign", event)
        })
        .await
}

/// Hand a case over
///
/// To another social worker, with what he must know; the lead before him leaves the case.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = HandOver, responses((status = 200, description = "Handed over.", body = Case), (status = 204, description = "Handed over; the caller no longer sees it.")))]
#[post("/api/v1/cases/{id}/hand-over")]
pub async fn hand_over_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<HandOver>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "hand-over")?;
            let new = body.0;
            if row.lead_id == Some(new.account_id) {
                return Err(Problem::field("/account_id", "same", "leads it already"));
            }
            worker(w, new.account_id)?;
            let leaving: Vec<_> = row.lead_id.into_iter().chain([new.account_id]).collect();
            queries::unassign(w, row.id, &leaving)?;
            let note = Some(new.note.trim().to_owned());
            queries::assign(w, row.id, new.account_id, CaseDuty::Lead, None, note.clone())?;
            let event = Event { event: "handed_over", account: Some(new.account_id), note, ..Event::default() };
            done(w, &row, "case.hand_over", event)
        })
        .await
}

/// Notes it and answers with the case, or with nothing where the caller has just left what only its workers see.
fn done(w: &mut Writer<'_>, row: &queries::CaseRow, action: &'static str, event: Event) -> Result<Answer, Problem> {
    queries::update(w, row.id, Change::default())?;
    queries::note(w, row.id, event)?;
    audit(w, action, row, None)?;
    match queries::find(w, row.id) {
        Ok(row) => answer(w, row),
        Err(e) if e.code.status == 404 => Ok(Answer::empty()),
        Err(e) => Err(e),
    }
}
