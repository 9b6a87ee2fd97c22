//! Operations about mandates.

use actix_web::{get, patch, post};
use serde_json::json;

use super::model::{Mandate, MandatePage, MandatePatch, MandateQuery, NewMandate};
use super::queries;
use crate::access::policy::{MandateEdit, ReferenceRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::calendars;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;
use crate::reference::lookup;

fn answer(r: &Reader<'_>, mandate: &Mandate) -> Result<Answer, Problem> {
    Ok(Answer::ok(mandate)?.etag(mandate.version, r.principal(), &mandate.can))
}

fn audit(w: &mut Writer<'_>, action: &'static str, before: Option<&Mandate>, after: &Mandate) -> Result<(), Problem> {
    let state = |m: &Mandate| {
        json!({"need_code": m.need_code, "service_code": m.service_code, "organization_id": m.organization_id,
            "sla_days": m.sla_days, "emergency_days": m.emergency_days, "decree": m.decree, "valid_from": m.valid_from,
            "valid_to": m.valid_to})
    };
    w.audit(AuditEntry {
        action,
        subject_kind: "mandate",
        subject_id: Some(after.id),
        before: before.map(state),
        after: Some(state(after)),
        ..AuditEntry::default()
    })
}

/// List mandates
///
/// By need; the ended ones too, unless `current` is asked for.
#[utoipa::path(tag = "mandates", params(MandateQuery), responses((status = 200, description = "A page of mandates.", body = MandatePage)))]
#[get("/api/v1/mandates")]
pub async fn list_mandates(permit: Permit<ReferenceRead>, query: Query<MandateQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("mandates");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut data, r.sealer(), total, |m| (Some(m.need_code.clone()), m.id.to_string()));
            page_answer(&MandatePage { data, page: page.clone() }, &page, "/api/v1/mandates")
        })
        .await
}

/// Get a mandate
///
/// With the name of its organization.
#[utoipa::path(tag = "mandates", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The mandate.", body = Mandate), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/mandates/{id}")]
pub async fn get_mandate(permit: Permit<ReferenceRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let mandate = queries::find(r, id.0)?;
            answer(r, &mandate)
        })
        .await
}

/// Give a mandate
///
/// To a verified organization. One at a time for a need and service (`already_exists`); end the one before first.
#[utoipa::path(tag = "mandates", params(IdempotencyHeader), request_body = NewMandate, responses((status = 201, description = "The new mandate.", body = Mandate)))]
#[post("/api/v1/mandates")]
pub async fn create_mandate(
    permit: Permit<MandateEdit>,
    key: IdempotencyKey,
    body: Json<NewMandate>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_mandate", &new, |w| {
                let mandate = create(w, &new)?;
                let location = format!("/api/v1/mandates/{}", mandate.id);
                Ok(Answer { status: 201, ..answer(w, &mandate)?.header("location", location) })
            })
        })
        .await
}

fn create(w: &mut Writer<'_>, new: &NewMandate) -> Result<Mandate, Problem> {
    lookup::required(w, "needs", &new.need_code, "/need_code")?;
    if let Some(service) = &new.service_code {
        lookup::required(w, "services", service, "/service_code")?;
    }
    if !queries::may_hold(w, new.organization_id)? {
        return Err(Problem::field("/organization_id", "not_found", "is no verified organization"));
    }
    let (calendar, _) = calendars::hold(w, new.calendar_id).map_err(|p| {
        if new.calendar_id.is_some() { Problem::field("/calendar_id", "not_found", "is no calendar") } else { p }
    })?;
    let id = queries::insert(w, new, calendar)?;
    let mandate = queries::find(w, id)?;
    audit(w, "mandate.create", None, &mandate)?;
    Ok(mandate)
}

fn check(patch: &MandatePatch) -> Result<(), Problem> {
    match &patch.sla_days {
        Field::Null => return Err(Problem::field("/sla_days", "required", "cannot be removed")),
        Field::Value(days) if !(1..=365).contains(days) => {
            return Err(Problem::field("/sla_days", "range", "must be 1 to 365"));
        }
        _ => {}
    }
    if patch.emergency_days.value().is_some_and(|days| !(0..=365).contains(days)) {
        return Err(Problem::field("/emergency_days", "range", "must be 0 to 365"));
    }
    if patch.decree.value().is_some_and(|d| d.chars().count() > 300) {
        return Err(Problem::field("/decree", "length", "is too long"));
    }
    Ok(())
}

/// Change a mandate
///
/// Its days, its decree or its end. What is due already keeps its deadline.
#[utoipa::path(tag = "mandates", params(IdPath, IfMatchHeader), request_body(content = MandatePatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The mandate as it is now.", body = Mandate)))]
#[patch("/api/v1/mandates/{id}")]
pub async fn update_mandate(
    permit: Permit<MandateEdit>,
    id: Id,
    version: IfMatch,
    body: Json<MandatePatch>,
) -> Result<Answer, Problem> {
    check(&body.0)?;
    permit
        .write(move |w| {
            let before = queries::lock(w, id.0)?;
            version.check(before.version)?;
            queries::update(w, id.0, body.0)?;
            let mandate = queries::find(w, id.0)?;
            audit(w, "mandate.update", Some(&before), &mandate)?;
            answer(w, &mandate)
        })
        .await
}
