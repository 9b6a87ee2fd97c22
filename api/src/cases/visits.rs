//! Operations about visits.

use actix_web::{get, post};
use serde_json::json;

use super::queries::{self, Event};
use super::routes::allowed;
use super::visit_model::{CompleteVisit, NewVisit, Visit, VisitPage, VisitQuery, VisitStatus};
use super::visit_queries::{self, VisitRow};
use crate::access::policy::{CaseRead, CaseWork};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};

fn view(r: &Reader<'_>, row: VisitRow) -> Visit {
    let named = !r.scope().deidentified;
    let open = row.status == VisitStatus::Planned && r.principal().may::<CaseWork>();
    Visit {
        id: row.id,
        case_id: row.case_id,
        household_id: row.household_id,
        head_name: row.head_name.filter(|_| named),
        region_code: row.region_code,
        kind: row.kind,
        planned_date: row.planned_on,
        account_id: row.account_id,
        account_name: row.account_name,
        status: row.status,
        done_date: row.done_on,
        purpose: row.purpose.filter(|_| named),
        note: row.note.filter(|_| named),
        version: row.version,
        can: if open { vec!["complete", "cancel"] } else { Vec::new() },
    }
}

fn answer(r: &Reader<'_>, row: VisitRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List visits
///
/// By day: those of the cases the caller may see. With `mine`, `from` and `to` it is his calendar.
#[utoipa::path(tag = "cases", params(VisitQuery), responses((status = 200, description = "A page of visits.", body = VisitPage)))]
#[get("/api/v1/visits")]
pub async fn list_visits(permit: Permit<CaseRead>, query: Query<VisitQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("visits");
            let start = paging.start(r.sealer())?;
            let mut rows = visit_queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let position = |v: &VisitRow| (Some(v.planned_on.to_string()), v.id.to_string());
            let page = paging.close(&mut rows, r.sealer(), None, position);
            let data = rows.into_iter().map(|row| view(r, row)).collect();
            page_answer(&VisitPage { data, page: page.clone() }, &page, "/api/v1/visits")
        })
        .await
}

fn audit(w: &mut Writer<'_>, action: &'static str, row: &VisitRow, case: &queries::CaseRow) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "visit",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: case.sensitivity == crate::db::slugs::Sensitivity::Restricted,
        after: Some(json!({"status": row.status, "planned_on": row.planned_on, "note": row.note})),
        ..AuditEntry::default()
    })
}

/// Plan a visit
///
/// By and for who works on the case.
#[utoipa::path(tag = "cases", params(IdPath, IdempotencyHeader), request_body = NewVisit, responses((status = 201, description = "Planned.", body = Visit)))]
#[post("/api/v1/cases/{id}/visits")]
pub async fn plan_visit(
    permit: Permit<CaseWork>,
    id: Id,
    key: IdempotencyKey,
    body: Json<NewVisit>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            // A visit changes nothing that two people could overwrite: it needs no version.
            let version = IfMatch(queries::find_for_update(w, id.0)?.version);
            let case = allowed(w, id, version, "visit")?;
            let input = json!({"case_id": id.0, "visit": new});
            idempotency::once(w, &key, "plan_visit", &input, |w| {
                if new.planned_date < w.today() {
                    return Err(Problem::field("/planned_date", "in_past", "lies in the past"));
                }
                let account = new.account_id.unwrap_or(w.scope().actor);
                let works = queries::assignments_of(w, case.id)?.iter().any(|a| a.account_id == account);
                let himself = new.account_id.is_none() && queries::is_worker(w, account)?;
                if !works && !himself {
                    return Err(Problem::field("/account_id", "not_allowed", "does not work on this case"));
                }
                let visit = visit_queries::insert(w, case.id, account, &new)?;
                let row = visit_queries::find(w, visit)?;
                audit(w, "visit.plan", &row, &case)?;
                let view = view(w, row);
                let location = format!("/api/v1/visits/{visit}");
                Ok(Answer::created(&view, location)?.etag(view.version, w.principal(), &view.can))
            })
        })
        .await
}

/// The locked planned visit and its locked case.
fn open(w: &mut Writer<'_>, id: Id, version: IfMatch) -> Result<(VisitRow, queries::CaseRow), Problem> {
    let seen = visit_queries::find(w, id.0)?;
    let case_version = queries::find_for_update(w, seen.case_id)?.version;
    let case = allowed(w, Id(seen.case_id), IfMatch(case_version), "edit")?;
    let row = visit_queries::find_for_update(w, id.0)?;
    version.check(row.version)?;
    if row.status != VisitStatus::Planned {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    Ok((row, case))
}

/// Complete a visit
///
/// With what came of it; `next_date` plans the next one at once. With `met: false` it counts as missed.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = CompleteVisit, responses((status = 200, description = "Settled.", body = Visit)))]
#[post("/api/v1/visits/{id}/complete")]
pub async fn complete_visit(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<CompleteVisit>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, case) = open(w, id, version)?;
            let result = body.0;
            if result.done_date > w.today() {
                return Err(Problem::field("/done_date", "in_future", "lies in the future"));
            }
            let met = result.met.unwrap_or(true);
            let status = if met { VisitStatus::Done } else { VisitStatus::Missed };
            let note = result.note.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
            visit_queries::settle(w, row.id, status, met.then_some(result.done_date), note.clone())?;
            if let Some(day) = result.next_date {
                if day < w.today() {
                    return Err(Problem::field("/next_date", "in_past", "lies in the past"));
                }
                let next =
                    NewVisit { kind: row.kind, planned_date: day, account_id: None, purpose: row.purpose.clone() };
                visit_queries::insert(w, row.case_id, row.account_id, &next)?;
            }
            queries::note(
                w,
                row.case_id,
                Event { event: "visited", account: Some(row.account_id), note, ..Event::default() },
            )?;
            let row = visit_queries::find(w, id.0)?;
            audit(w, "visit.complete", &row, &case)?;
            answer(w, row)
        })
        .await
}

/// Cancel a visit
///
/// Before it took place.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), responses((status = 200, description = "Cancelled.", body = Visit)))]
#[post("/api/v1/visits/{id}/cancel")]
pub async fn cancel_visit(permit: Permit<CaseWork>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, case) = open(w, id, version)?;
            visit_queries::settle(w, row.id, VisitStatus::Cancelled, None, None)?;
            let row = visit_queries::find(w, id.0)?;
            audit(w, "visit.cancel", &row, &case)?;
            answer(w, row)
        })
        .await
}
