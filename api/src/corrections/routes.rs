//! Operations about corrections.

use actix_web::{get, post};
use serde_json::json;

use super::model::{
    AcceptCorrection, Correction, CorrectionPage, CorrectionQuery, CorrectionStatus, CorrectionSubject, NewCorrection,
    RejectCorrection,
};
use super::queries::{self, CorrectionRow, Fresh};
use crate::access::policy::{CorrectionExamine, CorrectionRead, CorrectionSubmit};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::households;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::problems::SubjectKind;

fn view(r: &Reader<'_>, row: CorrectionRow) -> Correction {
    let principal = r.principal();
    let open = row.status == CorrectionStatus::Submitted;
    let mine = row.submitted_by == principal.id;
    let examines = principal.may::<CorrectionExamine>()
        && principal.scope_for::<CorrectionExamine>().covers_region(&row.region_code);
    let mut can = Vec::new();
    if open && examines && !mine {
        can.extend(["accept", "reject"]);
    }
    if open && mine {
        can.push("withdraw");
    }
    let (kind, id) = match row.individual_id {
        Some(id) => (SubjectKind::Individual, id),
        None => (SubjectKind::Household, row.household_id),
    };
    Correction {
        id: row.id,
        subject: CorrectionSubject { kind, id },
        subject_name: row.subject_name,
        household_id: row.household_id,
        region_code: row.region_code,
        fact: row.fact,
        recorded_value: row.recorded_value,
        claimed_value: row.claimed_value,
        explanation: row.explanation,
        status: row.status,
        submitted_by: row.submitted_by,
        submitted_at: row.submitted_at,
        examined_by: row.examined_by,
        examined_at: row.examined_at,
        decision_reason: row.decision_reason,
        version: row.version,
        updated_at: row.updated_at,
        can,
    }
}

fn answer(r: &Reader<'_>, row: CorrectionRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List corrections
///
/// Newest first: to staff those of their area, to a citizen his own and those about him.
#[utoipa::path(tag = "corrections", params(CorrectionQuery), responses((status = 200, description = "A page of corrections.", body = CorrectionPage)))]
#[get("/api/v1/corrections")]
pub async fn list_corrections(
    permit: Permit<CorrectionRead>,
    query: Query<CorrectionQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("corrections");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect();
            page_answer(&CorrectionPage { data, page: page.clone() }, &page, "/api/v1/corrections")
        })
        .await
}

/// Get a correction
///
/// `can` says what the caller may do next.
#[utoipa::path(tag = "corrections", params(IdPath), responses((status = 200, description = "The correction.", body = Correction)))]
#[get("/api/v1/corrections/{id}")]
pub async fn get_correction(permit: Permit<CorrectionRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Dispute a fact
///
/// A citizen about himself and what his household shares; staff for somebody at the counter of their area. Until it is
/// decided the fact stands in `disputed` of its record. One examination of a fact at a time (`already_exists`).
#[utoipa::path(tag = "corrections", params(IdempotencyHeader), request_body = NewCorrection, responses((status = 201, description = "It waits for an officer.", body = Correction)))]
#[post("/api/v1/corrections")]
pub async fn create_correction(
    permit: Permit<CorrectionSubmit>,
    key: IdempotencyKey,
    body: Json<NewCorrection>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            let copy = serde_json::to_value(&new).map_err(Problem::internal)?;
            idempotency::once(w, &key, "create_correction", &copy, |w| submit(w, &new))
        })
        .await
}

fn submit(w: &mut Writer<'_>, new: &NewCorrection) -> Result<Answer, Problem> {
    let unknown = || Problem::field("/subject/id", "not_found", "is not yours or in your area");
    let individual_id = (new.subject.kind == SubjectKind::Individual).then_some(new.subject.id);
    let household = match individual_id {
        Some(person) => households::visible_individual(w, person),
        None => households::find_visible(w, new.subject.id),
    };
    let household = household.map_err(|_| unknown())?;
    let staff = w.scope().covers_region(&household.region_code);
    let own = w
        .scope()
        .person
        .is_some_and(|(person, home)| home == household.id && individual_id.is_none_or(|id| id == person));
    if !staff && !own {
        return Err(unknown());
    }
    if household.status != "active" {
        return Err(Problem::with(&problem::WRONG_STATE, "the household is not active"));
    }
    let (claimed, explanation) = (clean(&new.claimed_value), clean(&new.explanation));
    let recorded = households::check_correction(w, household.id, individual_id, &new.fact, &claimed)?;
    if recorded.as_deref() == Some(claimed.as_str()) {
        return Err(Problem::field("/claimed_value", "unchanged", "is what is recorded"));
    }
    let fresh = Fresh {
        household_id: household.id,
        individual_id,
        fact: &new.fact,
        recorded_value: recorded,
        claimed_value: &claimed,
        explanation: &explanation,
    };
    let id = queries::insert(w, fresh)?;
    w.audit(AuditEntry {
        action: "correction.submit",
        subject_kind: "correction",
        subject_id: Some(id),
        household_id: Some(household.id),
        after: Some(
            json!({"fact": new.fact, "claimed_value": claimed, "explanation": explanation, "status": "submitted"}),
        ),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, id)?;
    let view = view(w, row);
    Ok(Answer::created(&view, format!("/api/v1/corrections/{id}"))?.etag(view.version, w.principal(), &view.can))
}

/// The correction, locked, open, of this version.
fn take(w: &mut Writer<'_>, id: Id, version: IfMatch) -> Result<CorrectionRow, Problem> {
    let row = queries::find_for_update(w, id.0)?;
    version.check(row.version)?;
    if row.status != CorrectionStatus::Submitted {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    Ok(row)
}

fn examine(w: &Writer<'_>, row: &CorrectionRow) -> Result<(), Problem> {
    if row.submitted_by == w.principal().id {
        return Err(Problem::with(&problem::SAME_PERSON, "whoever disputes a fact does not decide on it"));
    }
    if !w.scope().covers_region(&row.region_code) {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    Ok(())
}

fn finish(
    w: &mut Writer<'_>,
    row: &CorrectionRow,
    to: CorrectionStatus,
    action: &'static str,
    reason: Option<String>,
) -> Result<Answer, Problem> {
    let reason = reason.map(|r| clean(&r)).filter(|r| !r.is_empty());
    queries::close(w, row.id, to, reason.as_deref())?;
    w.audit(AuditEntry {
        action,
        subject_kind: "correction",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        before: Some(json!({"status": row.status})),
        after: Some(json!({"status": to, "fact": row.fact, "reason": reason})),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, row.id)?;
    answer(w, row)
}

/// Accept a correction
///
/// By an officer of the area other than who submitted it (`same_person`). The record is changed in the same transaction.
#[utoipa::path(tag = "corrections", params(IdPath, IfMatchHeader), request_body = AcceptCorrection, responses((status = 200, description = "Accepted; the record is changed.", body = Correction)))]
#[post("/api/v1/corrections/{id}/accept")]
pub async fn accept_correction(
    permit: Permit<CorrectionExamine>,
    id: Id,
    version: IfMatch,
    body: Json<AcceptCorrection>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            examine(w, &row)?;
            households::apply_correction(w, row.household_id, row.individual_id, &row.fact, &row.claimed_value)?;
            finish(w, &row, CorrectionStatus::Accepted, "correction.accept", body.0.reason)
        })
        .await
}

/// Reject a correction
///
/// By an officer of the area other than who submitted it, with a reason. The record stays as it is.
#[utoipa::path(tag = "corrections", params(IdPath, IfMatchHeader), request_body = RejectCorrection, responses((status = 200, description = "Rejected.", body = Correction)))]
#[post("/api/v1/corrections/{id}/reject")]
pub async fn reject_correction(
    permit: Permit<CorrectionExamine>,
    id: Id,
    version: IfMatch,
    body: Json<RejectCorrection>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            examine(w, &row)?;
            finish(w, &row, CorrectionStatus::Rejected, "correction.reject", Some(body.0.reason))
        })
        .await
}

/// Withdraw a correction
///
/// By who submitted it, while nobody has decided.
#[utoipa::path(tag = "corrections", params(IdPath, IfMatchHeader), responses((status = 200, description = "Withdrawn.", body = Correction)))]
#[post("/api/v1/corrections/{id}/withdraw")]
pub async fn withdraw_correction(
    permit: Permit<CorrectionSubmit>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            if row.submitted_by != w.principal().id {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            finish(w, &row, CorrectionStatus::Withdrawn, "correction.withdraw", None)
        })
        .await
}
