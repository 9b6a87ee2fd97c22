//! Operations about retention.

use actix_web::{get, patch, post, web};
use serde_json::json;
use uuid::Uuid;

use super::model::{
    self, CancelRetentionRun, LegalHold, LegalHoldPage, LegalHoldQuery, LiftLegalHold, NewLegalHold, RetentionClass,
    RetentionClassPage, RetentionClassPatch, RetentionClassQuery, RetentionRun, RetentionRunPage, RetentionRunQuery,
    RunStatus,
};
use super::queries::{self, ClassRow, HoldRow, RunRow};
use super::{APPLY, REPORT};
use crate::access::policy::{
    LegalHoldPlace, LegalHoldRead, RetentionConfirm, RetentionEdit, RetentionRead, RetentionRequest,
};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::{households, idempotency, jobs, problems};

fn class_view(r: &Reader<'_>, row: ClassRow) -> Result<RetentionClass, Problem> {
    Ok(RetentionClass {
        code: row.code,
        name: serde_json::from_value(row.name).map_err(Problem::internal)?,
        action: row.action,
        after_days: row.after_days,
        least_days: row.least_days,
        basis: row.basis,
        version: row.version,
        updated_at: row.updated_at,
        can: if r.principal().may::<RetentionEdit>() { vec!["update"] } else { Vec::new() },
    })
}

fn class_answer(r: &Reader<'_>, row: ClassRow) -> Result<Answer, Problem> {
    let view = class_view(r, row)?;
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List retention classes
///
/// What is kept for how long, by which law, and what becomes of it then.
#[utoipa::path(tag = "retention", params(RetentionClassQuery), responses((status = 200, description = "A page of classes.", body = RetentionClassPage)))]
#[get("/api/v1/retention-classes")]
pub async fn list_retention_classes(
    permit: Permit<RetentionRead>,
    query: Query<RetentionClassQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("retention-classes");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::classes(r, start.as_ref().map(|c| c.id.as_str()), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.code.clone()));
            let data = rows.into_iter().map(|row| class_view(r, row)).collect::<Result<_, _>>()?;
            page_answer(&RetentionClassPage { data, page: page.clone() }, &page, "/api/v1/retention-classes")
        })
        .await
}

/// Get a retention class
///
/// By its code.
#[utoipa::path(tag = "retention", params(("code" = String, Path, description = "Code of the class.", max_length = 40, example = "evidence_files")), responses((status = 200, description = "The class.", body = RetentionClass)))]
#[get("/api/v1/retention-classes/{code}")]
pub async fn get_retention_class(permit: Permit<RetentionRead>, code: web::Path<String>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::class(r, &code)?;
            class_answer(r, row)
        })
        .await
}

/// Change a retention class
///
/// How long, and by which law; never shorter than `least_days`.
#[utoipa::path(tag = "retention", params(("code" = String, Path, description = "Code of the class.", max_length = 40, example = "evidence_files"), IfMatchHeader), request_body(content = RetentionClassPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The class as it is now.", body = RetentionClass)))]
#[patch("/api/v1/retention-classes/{code}")]
pub async fn update_retention_class(
    permit: Permit<RetentionEdit>,
    code: web::Path<String>,
    version: IfMatch,
    body: Json<RetentionClassPatch>,
) -> Result<Answer, Problem> {
    model::check(&body.0)?;
    permit
        .write(move |w| {
            let before = queries::lock_class(w, &code)?;
            version.check(before.version)?;
            let days = if let Field::Value(days) = body.0.after_days { days } else { before.after_days };
            if days < before.least_days {
                let detail = format!("must be at least {}", before.least_days);
                return Err(Problem::field("/after_days", "too_short", detail));
            }
            let basis = if let Field::Value(text) = &body.0.basis { clean(text) } else { before.basis.clone() };
            queries::update_class(w, &code, days, &basis)?;
            w.audit(AuditEntry {
                action: "retention.update_class",
                subject_kind: "retention_class",
                before: Some(json!({"after_days": before.after_days, "basis": before.basis})),
                after: Some(json!({"code": *code, "after_days": days, "basis": basis})),
                ..AuditEntry::default()
            })?;
            let row = queries::class(w, &code)?;
            class_answer(w, row)
        })
        .await
}

fn hold_view(r: &Reader<'_>, row: HoldRow) -> LegalHold {
    let named = !r.scope().deidentified;
    let principal = r.principal();
    let lifts = principal.may::<LegalHoldPlace>()
        && principal.scope_for::<LegalHoldPlace>().covers_region(&row.region_code)
        && row.lifted_at.is_none();
    LegalHold {
        id: row.id,
        household_id: row.household_id,
        individual_id: row.individual_id,
        subject_name: row.subject_name.filter(|_| named),
        reason: Some(row.reason).filter(|_| named),
        placed_by: row.placed_by,
        placed_at: row.placed_at,
        lifted_by: row.lifted_by,
        lifted_at: row.lifted_at,
        lift_reason: row.lift_reason.filter(|_| named),
        version: row.version,
        can: if lifts { vec!["lift"] } else { Vec::new() },
    }
}

/// List legal holds
///
/// Newest first, those in force and those that were lifted.
#[utoipa::path(tag = "retention", params(LegalHoldQuery), responses((status = 200, description = "A page of holds.", body = LegalHoldPage)))]
#[get("/api/v1/legal-holds")]
pub async fn list_legal_holds(permit: Permit<LegalHoldRead>, query: Query<LegalHoldQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("legal-holds");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list_holds(r, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| hold_view(r, row)).collect();
            page_answer(&LegalHoldPage { data, page: page.clone() }, &page, "/api/v1/legal-holds")
        })
        .await
}

/// Get a legal hold
///
/// As in the list.
#[utoipa::path(tag = "retention", params(IdPath), responses((status = 200, description = "The hold.", body = LegalHold)))]
#[get("/api/v1/legal-holds/{id}")]
pub async fn get_legal_hold(permit: Permit<LegalHoldRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::hold(r, id.0)?;
            let view = hold_view(r, row);
            Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
        })
        .await
}

/// Place a legal hold
///
/// Nothing of the household or person is destroyed while it holds. One in force on each (`already_exists`).
#[utoipa::path(tag = "retention", params(IdempotencyHeader), request_body = NewLegalHold, responses((status = 201, description = "It holds.", body = LegalHold)))]
#[post("/api/v1/legal-holds")]
pub async fn create_legal_hold(
    permit: Permit<LegalHoldPlace>,
    key: IdempotencyKey,
    body: Json<NewLegalHold>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            let copy = new.clone();
            idempotency::once(w, &key, "create_legal_hold", &copy, |w| place(w, &new))
        })
        .await
}

fn place(w: &mut Writer<'_>, new: &NewLegalHold) -> Result<Answer, Problem> {
    let (household, pointer) = match (new.household_id, new.individual_id) {
        (Some(id), None) => (id, "/household_id"),
        (None, Some(person)) => {
            let unknown = |_| Problem::field("/individual_id", "not_found", "is not in your area");
            (problems::household_of_person(w, person).map_err(unknown)?, "/individual_id")
        }
        _ => return Err(Problem::field("/household_id", "required", "household_id or individual_id is required")),
    };
    let unknown = |_| Problem::field(pointer, "not_found", "is not in your area");
    let household = households::find_visible(w, household).map_err(unknown)?.id;
    let reason = clean(&new.reason);
    let id = queries::place(w, household, new.individual_id, &reason)?;
    w.audit(AuditEntry {
        action: "retention.hold",
        subject_kind: "legal_hold",
        subject_id: Some(id),
        household_id: Some(household),
        after: Some(json!({"individual_id": new.individual_id, "reason": reason})),
        ..AuditEntry::default()
    })?;
    let row = queries::hold(w, id)?;
    let view = hold_view(w, row);
    Ok(Answer::created(&view, format!("/api/v1/legal-holds/{id}"))?.etag(view.version, w.principal(), &view.can))
}

/// Lift a legal hold
///
/// With a reason; what has outlived its time goes with the next run.
#[utoipa::path(tag = "retention", params(IdPath, IfMatchHeader), request_body = LiftLegalHold, responses((status = 200, description = "Lifted.", body = LegalHold)))]
#[post("/api/v1/legal-holds/{id}/lift")]
pub async fn lift_legal_hold(
    permit: Permit<LegalHoldPlace>,
    id: Id,
    version: IfMatch,
    body: Json<LiftLegalHold>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::lock_hold(w, id.0)?;
            version.check(row.version)?;
            if row.lifted_at.is_some() {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            let reason = clean(&body.0.reason);
            queries::lift(w, id.0, &reason)?;
            w.audit(AuditEntry {
                action: "retention.lift_hold",
                subject_kind: "legal_hold",
                subject_id: Some(row.id),
                household_id: Some(row.household_id),
                after: Some(json!({"reason": reason})),
                ..AuditEntry::default()
            })?;
            let row = queries::hold(w, id.0)?;
            let view = hold_view(w, row);
            Ok(Answer::ok(&view)?.etag(view.version, w.principal(), &view.can))
        })
        .await
}

fn run_view(r: &Reader<'_>, row: RunRow) -> Result<RetentionRun, Problem> {
    let principal = r.principal();
    let mut can = Vec::new();
    let reported = row.status == RunStatus::Reported;
    if reported && principal.may::<RetentionConfirm>() && row.requested_by != principal.id {
        can.push("confirm");
    }
    if (reported || row.status == RunStatus::Reporting) && principal.may::<RetentionRequest>() {
        can.push("cancel");
    }
    Ok(RetentionRun {
        id: row.id,
        status: row.status,
        operation_id: row.operation_id,
        as_of: row.as_of,
        report: row.report.map(serde_json::from_value).transpose().map_err(Problem::internal)?,
        result: row.result.map(serde_json::from_value).transpose().map_err(Problem::internal)?,
        requested_by: row.requested_by,
        confirmed_by: row.confirmed_by,
        confirmed_at: row.confirmed_at,
        cancelled_by: row.cancelled_by,
        cancelled_at: row.cancelled_at,
        cancel_reason: row.cancel_reason,
        version: row.version,
        created_at: row.created_at,
        can,
    })
}

/// List retention runs
///
/// Newest first.
#[utoipa::path(tag = "retention", params(RetentionRunQuery), responses((status = 200, description = "A page of runs.", body = RetentionRunPage)))]
#[get("/api/v1/retention-runs")]
pub async fn list_retention_runs(
    permit: Permit<RetentionRead>,
    query: Query<RetentionRunQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("retention-runs");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list_runs(r, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| run_view(r, row)).collect::<Result<_, _>>()?;
            page_answer(&RetentionRunPage { data, page: page.clone() }, &page, "/api/v1/retention-runs")
        })
        .await
}

/// Get a retention run
///
/// Its report, and what was destroyed.
#[utoipa::path(tag = "retention", params(IdPath), responses((status = 200, description = "The run.", body = RetentionRun)))]
#[get("/api/v1/retention-runs/{id}")]
pub async fn get_retention_run(permit: Permit<RetentionRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::run(r, id.0)?;
            let view = run_view(r, row)?;
            Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
        })
        .await
}

/// Report what has outlived its time
///
/// Counts by class with masked examples; nothing is destroyed. One at work at a time (`conflict`).
#[utoipa::path(tag = "retention", params(IdempotencyHeader), responses((status = 202, description = "It is being counted; `Location` is the operation.", body = RetentionRun)))]
#[post("/api/v1/retention-runs")]
pub async fn create_retention_run(permit: Permit<RetentionRequest>, key: IdempotencyKey) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_retention_run", &json!({}), |w| {
                let id = Uuid::now_v7();
                let operation = jobs::enqueue(w, REPORT, Some(id), &json!({}), "classes")?;
                queries::create_run(w, id, operation)?;
                w.audit(AuditEntry {
                    action: "retention.report",
                    subject_kind: "retention_run",
                    subject_id: Some(id),
                    ..AuditEntry::default()
                })?;
                let row = queries::run(w, id)?;
                Answer::accepted(&run_view(w, row)?, format!("/api/v1/operations/{operation}"))
            })
        })
        .await
}

/// Confirm a retention run
///
/// By another than who asked for the report (`same_person`). What it counted is then destroyed, except what a hold keeps
/// by then; this cannot be undone.
#[utoipa::path(tag = "retention", params(IdPath, IfMatchHeader), responses((status = 202, description = "It is being destroyed; `Location` is the operation.", body = RetentionRun)))]
#[post("/api/v1/retention-runs/{id}/confirm")]
pub async fn confirm_retention_run(
    permit: Permit<RetentionConfirm>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::lock_run(w, id.0)?;
            if row.requested_by == w.principal().id {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever asks for a report does not confirm it"));
            }
            version.check(row.version)?;
            if row.status != RunStatus::Reported {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            let operation = jobs::enqueue(w, APPLY, Some(row.id), &json!({}), "rows")?;
            queries::confirm(w, row.id, operation)?;
            w.audit(AuditEntry {
                action: "retention.confirm",
                subject_kind: "retention_run",
                subject_id: Some(row.id),
                after: Some(json!({"report": row.report})),
                ..AuditEntry::default()
            })?;
            let row = queries::run(w, id.0)?;
            Answer::accepted(&run_view(w, row)?, format!("/api/v1/operations/{operation}"))
        })
        .await
}

/// Cancel a retention run
///
/// While it is counted or its report waits: nothing is destroyed then, and it is never confirmed. A run that already
/// destroys cannot be cancelled (`wrong_state`).
#[utoipa::path(tag = "retention", params(IdPath, IfMatchHeader), request_body = CancelRetentionRun, responses((status = 200, description = "Cancelled.", body = RetentionRun)))]
#[post("/api/v1/retention-runs/{id}/cancel")]
pub async fn cancel_retention_run(
    permit: Permit<RetentionRequest>,
    id: Id,
    version: IfMatch,
    body: Json<CancelRetentionRun>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::lock_run(w, id.0)?;
            version.check(row.version)?;
            if !matches!(row.status, RunStatus::Reporting | RunStatus::Reported) {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            let reason = clean(&body.0.reason);
            queries::cancel(w, row.id, Some(&reason))?;
            w.audit(AuditEntry {
                action: "retention.cancel",
                subject_kind: "retention_run",
                subject_id: Some(row.id),
                before: Some(json!({"status": row.status})),
                after: Some(json!({"reason": reason})),
                ..AuditEntry::default()
            })?;
            let row = queries::run(w, id.0)?;
            let view = run_view(w, row)?;
            Ok(Answer::ok(&view)?.etag(view.version, w.principal(), &view.can))
        })
        .await
}
