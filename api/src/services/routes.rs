//! Operations about service requests: reading them and taking one in.

use actix_web::{get, post};
use serde_json::json;

use super::model::{Applicant, NewServiceRequest, ServiceRequest, ServiceRequestPage, ServiceRequestQuery, Whose};
use super::queries::{self, Clock, Fresh, RequestRow};
use super::rules::{self, Standing};
use crate::access::policy::{Role, ServiceApprove, ServiceHandle, ServiceRead};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfNoneMatchHeader};
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::{calendars, households, idempotency, mandates, problems};

/// Whether the caller may sign for the office a service belongs to: what a kelurahan signs its operator may approve,
/// what Dinsos signs only its own people.
pub(super) fn signs(r: &Reader<'_>, signer: Option<&str>, region_code: &str) -> bool {
    let principal = r.principal();
    let own =
        signer == Some("village") || principal.has_role(Role::Coordinator) || principal.has_role(Role::SocialWorker);
    own && principal.may::<ServiceApprove>() && principal.scope_for::<ServiceApprove>().covers_region(region_code)
}

pub(super) fn standing(r: &Reader<'_>, row: &RequestRow) -> Standing {
    let principal = r.principal();
    let counter = principal.scope_for::<ServiceHandle>();
    Standing {
        handles: principal.may::<ServiceHandle>() && counter.covers_region(&row.region_code),
        signs: signs(r, row.signer.as_deref(), &row.region_code),
        received: row.received_by == Some(principal.id),
    }
}

pub(super) fn view(r: &Reader<'_>, row: RequestRow) -> ServiceRequest {
    let can = rules::can(row.status, standing(r, &row));
    let named = !r.scope().deidentified;
    ServiceRequest {
        id: row.id,
        service_code: row.service_code,
        subject: Applicant { kind: row.subject_kind, id: row.individual_id.unwrap_or(row.household_id) },
        subject_name: row.subject_name.filter(|_| named),
        household_id: row.household_id,
        region_code: row.region_code,
        problem_id: row.problem_id,
        purpose: row.purpose.filter(|_| named),
        addressee: row.addressee.filter(|_| named),
        required_documents: row.required,
        documents: row.documents,
        missing_documents: row.missing,
        status: row.status,
        sensitivity: row.sensitivity,
        responsible_organization_id: row.organization_id,
        responsible_organization_name: row.organization_name,
        due_on: row.due_on,
        received_by: row.received_by,
        received_at: row.received_at,
        handled_at: row.handled_at,
        approved_by: row.approved_by,
        approved_at: row.approved_at,
        closed_at: row.closed_at,
        reason: row.reason.filter(|_| named),
        letter_id: row.letter_id,
        letter_number: row.letter_number,
        version: row.version,
        updated_at: row.updated_at,
        can,
    }
}

pub(super) fn answer(r: &Reader<'_>, row: RequestRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List service requests
///
/// Newest first, those of the caller's area. A restricted request is listed only for who works on it.
#[utoipa::path(tag = "services", params(ServiceRequestQuery), responses((status = 200, description = "A page of requests.", body = ServiceRequestPage)))]
#[get("/api/v1/service-requests")]
pub async fn list_service_requests(
    permit: Permit<ServiceRead>,
    query: Query<ServiceRequestQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("service-requests");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |s| (None, s.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect();
            page_answer(&ServiceRequestPage { data, page: page.clone() }, &page, "/api/v1/service-requests")
        })
        .await
}

/// Get a service request
///
/// `can` says what the caller may do next.
#[utoipa::path(tag = "services", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The request.", body = ServiceRequest), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/service-requests/{id}")]
pub async fn get_service_request(permit: Permit<ServiceRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "service_request", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// Take in a service request
///
/// For a household or a living person of one's area. It is due by the mandate for the problem's need and this service,
/// else in the days of the service, counted by the city's calendar.
#[utoipa::path(tag = "services", params(IdempotencyHeader), request_body = NewServiceRequest, responses((status = 201, description = "Taken in.", body = ServiceRequest)))]
#[post("/api/v1/service-requests")]
pub async fn create_service_request(
    permit: Permit<ServiceHandle>,
    key: IdempotencyKey,
    body: Json<NewServiceRequest>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            let copy = new.clone();
            idempotency::once(w, &key, "create_service_request", &copy, |w| take_in(w, new))
        })
        .await
}

/// Words as they are stored: cleaned, none where nothing is left.
pub(super) fn words(text: Option<String>) -> Option<String> {
    text.map(|t| clean(&t)).filter(|t| !t.is_empty())
}

pub(super) fn check_documents(w: &mut Writer<'_>, codes: &[String], pointer: &str) -> Result<(), Problem> {
    for (at, code) in codes.iter().enumerate() {
        lookup::required(w, "documents", code, &format!("{pointer}/{at}"))?;
    }
    Ok(())
}

/// The household a request is for, if both are in the caller's area and in force.
fn subject(w: &mut Writer<'_>, body: &NewServiceRequest) -> Result<(uuid::Uuid, Option<uuid::Uuid>), Problem> {
    let unknown = || Problem::field("/subject/id", "not_found", "is not in your area");
    let person = (body.subject.kind == Whose::Individual).then_some(body.subject.id);
    let household = match person {
        Some(person) => queries::household_of_person(w, person).map_err(|_| unknown())?,
        None => body.subject.id,
    };
    let household = households::find_visible(w, household).map_err(|_| unknown())?;
    if !w.scope().covers_region(&household.region_code) {
        return Err(unknown());
    }
    if matches!(household.status.as_str(), "merged" | "dissolved") {
        return Err(Problem::field("/subject/id", "ended", "the household no longer exists"));
    }
    Ok((household.id, person))
}

/// When a request is due, and who answers for it: by the mandate for need and service, else as the service says.
fn due(
    w: &mut Writer<'_>,
    service: &str,
    days: i32,
    need: Option<&str>,
) -> Result<(Option<uuid::Uuid>, Clock), Problem> {
    if let Some(charge) = need.map(|need| mandates::charge(w, need, Some(service), false)).transpose()?.flatten() {
        let clock = Clock {
            calendar_id: charge.calendar_id,
            from: charge.due_from,
            days: charge.due_days,
            due_on: charge.due_on,
        };
        return Ok((Some(charge.organization_id), clock));
    }
    let (calendar_id, office) = calendars::hold(w, None)?;
    let from = w.today();
    let due_on = calendars::due(from, u32::try_from(days).unwrap_or(0), &office);
    Ok((None, Clock { calendar_id, from, days, due_on }))
}

fn take_in(w: &mut Writer<'_>, body: NewServiceRequest) -> Result<Answer, Problem> {
    let service = lookup::required(w, "services", &body.service_code, "/service_code")?;
    let (household_id, individual_id) = subject(w, &body)?;
    check_documents(w, &body.documents, "/documents")?;
    let mut sensitivity = service.sensitivity;
    let mut need = None;
    if let Some(id) = body.problem_id {
        let unknown = || Problem::field("/problem_id", "not_found", "is no problem of this household");
        let found = problems::find(w, id).map_err(|_| unknown())?;
        if found.household_id != household_id {
            return Err(unknown());
        }
        sensitivity = sensitivity.max(found.sensitivity);
        need = Some(found.need_code);
    }
    let days = service.attrs.get("sla_days").and_then(serde_json::Value::as_i64).unwrap_or(3);
    let days = i32::try_from(days.clamp(1, 365)).unwrap_or(3);
    let (organization_id, clock) = due(w, &body.service_code, days, need.as_deref())?;
    let after = json!({"service_code": body.service_code, "individual_id": individual_id, "problem_id": body.problem_id,
        "purpose": body.purpose, "addressee": body.addressee, "documents": body.documents, "due_on": clock.due_on});
    let new = Fresh {
        service_code: body.service_code,
        subject_kind: body.subject.kind,
        household_id,
        individual_id,
        problem_id: body.problem_id,
        purpose: words(body.purpose),
        addressee: words(body.addressee),
        documents: body.documents,
        sensitivity,
        organization_id,
        clock,
    };
    let id = queries::insert(w, new)?;
    w.audit(AuditEntry {
        action: "service.receive",
        subject_kind: "service_request",
        subject_id: Some(id),
        household_id: Some(household_id),
        restricted: sensitivity == Sensitivity::Restricted,
        after: Some(after),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, id)?;
    let view = view(w, row);
    let answer = Answer::created(&view, format!("/api/v1/service-requests/{id}"))?;
    Ok(answer.etag(view.version, w.principal(), &view.can))
}
