//! The steps of a plan. Each is one transaction.

use actix_web::post;
use serde_json::json;

use super::EXECUTE;
use super::model::{AllocationPlan, AllocationReason, AllocationStatus};
use super::queries::{self, Mark, PlanRow, execute};
use super::routes::{accepted, answer, standing, state};
use super::rules::{self, Refusal, Step};
use super::solve::note;
use crate::access::policy::{AllocationApprove, AllocationRun};
use crate::access::{Permit, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::{idempotency, jobs};

/// The plan, locked, for a step that is the caller's and open now; with the status after it.
fn begin(w: &mut Writer<'_>, id: Id, version: IfMatch, step: Step) -> Result<(PlanRow, AllocationStatus), Problem> {
    let row = queries::find_for_update(w, id.0)?;
    let taken = rules::take(state(&row), step, standing(w, &row));
    if taken == Err(Refusal::NotYours) {
        return Err(Problem::with(&problem::FORBIDDEN, "this step needs the city, and the duty to approve money"));
    }
    version.check(row.version)?;
    let to = taken.map_err(|refusal| match refusal {
        Refusal::SamePerson => Problem::with(&problem::SAME_PERSON, "whoever proposes a plan does not approve it"),
        Refusal::WhatIf => Problem::with(&problem::WRONG_STATE, "a plan with imagined money is never carried out"),
        Refusal::State | Refusal::NotYours => Problem::new(&problem::WRONG_STATE),
    })?;
    Ok((row, to))
}

fn after(w: &mut Writer<'_>, id: Id) -> Result<Answer, Problem> {
    let row = queries::find(w, id.0)?;
    answer(w, row)
}

/// Propose an allocation plan
///
/// Somebody stands for it as it was calculated; another approves it. A what-if is never proposed (`wrong_state`).
#[utoipa::path(tag = "allocations", params(IdPath, IfMatchHeader), responses((status = 200, description = "Proposed.", body = AllocationPlan)))]
#[post("/api/v1/allocation-plans/{id}/propose")]
pub async fn propose_allocation_plan(
    permit: Permit<AllocationRun>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, Id(id.0), version, Step::Propose)?;
            queries::set_status(w, row.id, to, Mark { proposed: true, ..Mark::default() })?;
            note(w, &row, "allocation.propose", json!({"status": to, "result_sha256": row.result_sha256}))?;
            after(w, id)
        })
        .await
}

/// Approve an allocation plan
///
/// By another than who proposed it (`same_person`), with the duty to approve money. The seed is told from now on.
#[utoipa::path(tag = "allocations", params(IdPath, IfMatchHeader), responses((status = 200, description = "Approved.", body = AllocationPlan)))]
#[post("/api/v1/allocation-plans/{id}/approve")]
pub async fn approve_allocation_plan(
    permit: Permit<AllocationApprove>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, Id(id.0), version, Step::Approve)?;
            queries::set_status(w, row.id, to, Mark { approved: true, ..Mark::default() })?;
            note(w, &row, "allocation.approve", json!({"status": to, "result_sha256": row.result_sha256}))?;
            after(w, id)
        })
        .await
}

/// Return an allocation plan
///
/// With a reason; it is a draft again.
#[utoipa::path(tag = "allocations", params(IdPath, IfMatchHeader), request_body = AllocationReason, responses((status = 200, description = "A draft again.", body = AllocationPlan)))]
#[post("/api/v1/allocation-plans/{id}/return")]
pub async fn return_allocation_plan(
    permit: Permit<AllocationRun>,
    id: Id,
    version: IfMatch,
    body: Json<AllocationReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, Id(id.0), version, Step::Return)?;
            let reason = clean(&body.0.reason);
            queries::set_status(
                w,
                row.id,
                to,
                Mark { returned: true, reason: Some(reason.clone()), ..Mark::default() },
            )?;
            note(w, &row, "allocation.return", json!({"status": to, "reason": reason}))?;
            after(w, id)
        })
        .await
}

/// Execute an allocation plan
///
/// Sends its referrals by the caller's right, line after line, each checked again at its moment: the need, the verdict, life
/// and home, the overlap, seat and money. What cannot be sent is skipped with its code; where that is for the need's own
/// sake, the next in line takes its place. Answers at once; ask the operation, then the lines. One that broke off is taken
/// up where it was.
#[utoipa::path(tag = "allocations", params(IdPath, IfMatchHeader, IdempotencyHeader), responses((status = 202, description = "Its referrals are being sent.", body = AllocationPlan)))]
#[post("/api/v1/allocation-plans/{id}/execute")]
pub async fn execute_allocation_plan(
    permit: Permit<AllocationApprove>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let request = json!([id.0]);
            idempotency::once(w, &key, "execute_allocation_plan", &request, |w| {
                let (row, to) = begin(w, Id(id.0), version, Step::Execute)?;
                let counted = row.sensitivity == Sensitivity::Open;
                let unit = if counted { "lines" } else { "percent" };
                let operation = jobs::enqueue(w, EXECUTE, Some(row.id), &json!({"counted": counted}), unit)?;
                queries::set_status(w, row.id, to, Mark { begun: Some(operation), ..Mark::default() })?;
                note(w, &row, "allocation.execute", json!({"status": to}))?;
                let row = queries::find(w, id.0)?;
                accepted(w, row)
            })
        })
        .await
}

/// Cancel an allocation plan
///
/// At any moment before its end, with a reason. Referrals that were sent stay; the other lines are not tried.
#[utoipa::path(tag = "allocations", params(IdPath, IfMatchHeader), request_body = AllocationReason, responses((status = 200, description = "Cancelled.", body = AllocationPlan)))]
#[post("/api/v1/allocation-plans/{id}/cancel")]
pub async fn cancel_allocation_plan(
    permit: Permit<AllocationRun>,
    id: Id,
    version: IfMatch,
    body: Json<AllocationReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, Id(id.0), version, Step::Cancel)?;
            let reason = clean(&body.0.reason);
            execute::cancel_waiting(w, row.id)?;
            let mark = Mark { reason: Some(reason.clone()), ended: true, ..Mark::default() };
            queries::set_status(w, row.id, to, mark)?;
            queries::stop_operation(w, row.operation_id)?;
            note(w, &row, "allocation.cancel", json!({"status": to, "reason": reason}))?;
            after(w, id)
        })
        .await
}
