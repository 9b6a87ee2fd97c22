//! The steps of a request. Each is one transaction: what fails rolls all of it back.

use actix_web::post;
use serde_json::{Value, json};

use super::letter_routes::write_letter;
use super::model::{CancelServiceRequest, ReturnServiceRequest, ServiceRequest, ShownDocuments};
use super::queries::{self, Clock, Mark, RequestRow};
use super::routes::{answer, check_documents, standing, words};
use super::rules::{self, Step};
use crate::access::policy::{ServiceApprove, ServiceHandle};
use crate::access::{AuditEntry, Permit, Writer};
use crate::calendars;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, MaybeJson};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};

/// Takes a step: version, standing, status, then the write and its audit entry.
fn step(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    step: Step,
    action: &'static str,
    mark: impl FnOnce(&mut Writer<'_>, &RequestRow) -> Result<(Mark, Value), Problem>,
) -> Result<Answer, Problem> {
    let row = queries::find_for_update(w, id.0)?;
    let standing = standing(w, &row);
    if !rules::may(step, standing) {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    version.check(row.version)?;
    let to = rules::next(row.status, step).ok_or_else(|| Problem::new(&problem::WRONG_STATE))?;
    if step == Step::Approve && standing.received {
        return Err(Problem::with(&problem::SAME_PERSON, "whoever takes a request in does not approve it"));
    }
    let (mark, after) = mark(w, &row)?;
    queries::set_status(w, row.id, to, mark)?;
    w.audit(AuditEntry {
        action,
        subject_kind: "service_request",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.restricted(),
        before: Some(json!({"status": row.status})),
        after: Some(json!({"status": to, "with": after})),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, id.0)?;
    answer(w, row)
}

/// Refuses with the documents that are still missing.
fn complete(required: &[String], shown: &[String]) -> Result<(), Problem> {
    let missing = rules::missing(required, shown);
    if missing.is_empty() {
        return Ok(());
    }
    let detail = format!("still missing: {}", missing.join(", "));
    Err(Problem::field("/documents", "missing_documents", detail))
}

/// Check a service request
///
/// Every document the service asks for was shown; otherwise it is refused with what is missing.
#[utoipa::path(tag = "services", params(IdPath, IfMatchHeader), request_body = Option<ShownDocuments>, responses((status = 200, description = "Checked.", body = ServiceRequest)))]
#[post("/api/v1/service-requests/{id}/handle")]
pub async fn handle_service_request(
    permit: Permit<ServiceHandle>,
    id: Id,
    version: IfMatch,
    body: MaybeJson<ShownDocuments>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Handle, "service.handle", |w, row| {
                let shown = body.0.documents.unwrap_or_else(|| row.documents.clone());
                check_documents(w, &shown, "/documents")?;
                complete(&row.required, &shown)?;
                let mark = Mark {
                    handler: true,
                    documents: Some(shown.clone()),
                    missing: Some(Vec::new()),
                    reason: Some(None),
                    ..Mark::default()
                };
                Ok((mark, json!({"documents": shown})))
            })
        })
        .await
}

/// Return a service request
///
/// Documents are missing: it waits for its applicant, and its clock stands.
#[utoipa::path(tag = "services", params(IdPath, IfMatchHeader), request_body = ReturnServiceRequest, responses((status = 200, description = "Returned.", body = ServiceRequest)))]
#[post("/api/v1/service-requests/{id}/return")]
pub async fn return_service_request(
    permit: Permit<ServiceHandle>,
    id: Id,
    version: IfMatch,
    body: Json<ReturnServiceRequest>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Return, "service.return", |w, _| {
                check_documents(w, &body.0.missing_documents, "/missing_documents")?;
                let reason = words(body.0.reason);
                let after = json!({"missing": body.0.missing_documents, "reason": reason});
                let mark = Mark { missing: Some(body.0.missing_documents), reason: Some(reason), ..Mark::default() };
                Ok((mark, after))
            })
        })
        .await
}

/// Resubmit a service request
///
/// What was missing has come: it is taken in again, and its days count from today.
#[utoipa::path(tag = "services", params(IdPath, IfMatchHeader), request_body = Option<ShownDocuments>, responses((status = 200, description = "Taken in again.", body = ServiceRequest)))]
#[post("/api/v1/service-requests/{id}/resubmit")]
pub async fn resubmit_service_request(
    permit: Permit<ServiceHandle>,
    id: Id,
    version: IfMatch,
    body: MaybeJson<ShownDocuments>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            // The calendar before the request, as whoever changes the calendar takes them.
            let calendar = queries::find(w, id.0)?.calendar_id;
            let (_, office) = calendars::hold(w, Some(calendar))?;
            step(w, id, version, Step::Resubmit, "service.resubmit", |w, row| {
                let shown = body.0.documents.unwrap_or_else(|| row.documents.clone());
                check_documents(w, &shown, "/documents")?;
                let from = w.today();
                let due_on = calendars::due(from, u32::try_from(row.due_days).unwrap_or(0), &office);
                let clock = Clock { calendar_id: row.calendar_id, from, days: row.due_days, due_on };
                let mark = Mark {
                    documents: Some(shown.clone()),
                    missing: Some(Vec::new()),
                    reason: Some(None),
                    clock: Some(clock),
                    ..Mark::default()
                };
                Ok((mark, json!({"documents": shown, "due_on": due_on})))
            })
        })
        .await
}

/// Approve a service request
///
/// By somebody else than who took it in (`same_person`); whoever approves signs the letter.
#[utoipa::path(tag = "services", params(IdPath, IfMatchHeader), responses((status = 200, description = "Approved.", body = ServiceRequest)))]
#[post("/api/v1/service-requests/{id}/approve")]
pub async fn approve_service_request(
    permit: Permit<ServiceApprove>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Approve, "service.approve", |_, row| {
                complete(&row.required, &row.documents)?;
                Ok((Mark { approver: true, ..Mark::default() }, Value::Null))
            })
        })
        .await
}

/// Issue the letter of a service request
///
/// Gives it the next number of its year and service, makes the file and keeps it as it is. Not for somebody who has
/// died, moved or been merged meanwhile.
#[utoipa::path(tag = "services", params(IdPath, IfMatchHeader, IdempotencyHeader), responses((status = 200, description = "Issued; `letter_id` is its letter.", body = ServiceRequest)))]
#[post("/api/v1/service-requests/{id}/issue")]
pub async fn issue_service_request(
    permit: Permit<ServiceApprove>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
) -> Result<Answer, Problem> {
    let origin = permit.gate().config().origins().into_iter().next().unwrap_or_default();
    permit
        .write(move |w| {
            let request = json!([id.0]);
            idempotency::once(w, &key, "issue_service_request", &request, |w| {
                step(w, id, version, Step::Issue, "service.issue", |w, row| {
                    let number = write_letter(w, row, &origin)?;
                    Ok((Mark::default(), json!({"number": number})))
                })
            })
        })
        .await
}

/// Cancel a service request
///
/// Until its letter is issued.
#[utoipa::path(tag = "services", params(IdPath, IfMatchHeader), request_body = CancelServiceRequest, responses((status = 200, description = "Withdrawn.", body = ServiceRequest)))]
#[post("/api/v1/service-requests/{id}/cancel")]
pub async fn cancel_service_request(
    permit: Permit<ServiceHandle>,
    id: Id,
    version: IfMatch,
    body: Json<CancelServiceRequest>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Cancel, "service.cancel", |_, _| {
                let reason = words(Some(body.0.reason));
                Ok((Mark { reason: Some(reason.clone()), ..Mark::default() }, json!({"reason": reason})))
            })
        })
        .await
}
