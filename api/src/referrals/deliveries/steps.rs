//! The steps of a delivery. Each is one transaction.

use actix_web::post;
use serde_json::json;

use super::model::{
    AccountDelivery, ApproveDelivery, ConfirmDelivery, DeliveryNote, DeliveryRefusal, DeliveryView, ReceiveDelivery,
};
use super::queries::{self, DeliveryRow, Mark};
use super::routes::{answer, audit, gives, standing};
use super::rules::{self, Step};
use crate::access::policy::{DeliveryApprove, DeliveryAttest, DeliveryConfirm, DeliveryPlan};
use crate::access::{Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, MaybeJson};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::referrals::effects;
use crate::referrals::model::ReferralStatus;
use crate::referrals::queries::ReferralRow;
use crate::referrals::routes::not_yours;

fn action(step: Step) -> &'static str {
    match step {
        Step::Approve => "delivery.approve",
        Step::Distribute => "delivery.distribute",
        Step::Receive => "delivery.receive",
        Step::Account => "delivery.account",
        Step::Fail => "delivery.fail",
        Step::Return => "delivery.return",
        Step::Cancel => "delivery.cancel",
        Step::Confirm => "delivery.confirm",
    }
}

fn text(text: Option<String>) -> Option<String> {
    text.map(|t| clean(&t)).filter(|t| !t.is_empty())
}

/// The refusal of a step by this caller: four eyes where it would be his but for what he did before.
fn refused(w: &Writer<'_>, step: Step, row: &DeliveryRow) -> Problem {
    let me = Some(w.principal().id);
    match step {
        Step::Approve if row.planned_by == me => {
            Problem::with(&problem::SAME_PERSON, "whoever plans a delivery does not approve it")
        }
        Step::Receive | Step::Fail | Step::Return if row.problem_reported_by == me => {
            Problem::with(&problem::SAME_PERSON, "whoever reported the problem does not attest the delivery")
        }
        _ => not_yours(),
    }
}

/// Takes a step: who, version, status, then money, the line and the audit.
fn step(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    step: Step,
    mark: impl FnOnce(&mut Writer<'_>, &ReferralRow) -> Result<Mark, Problem>,
) -> Result<Answer, Problem> {
    let (mut referral, row) = queries::lock(w, id.0)?;
    if !rules::may(step, standing(w, &referral, &row)) {
        return Err(refused(w, step, &row));
    }
    version.check(row.version)?;
    let to = rules::next(row.status, step).ok_or_else(|| Problem::new(&problem::WRONG_STATE))?;
    let gives_on = matches!(step, Step::Approve | Step::Distribute | Step::Receive);
    if gives_on && !gives(referral.status) {
        return Err(Problem::with(&problem::WRONG_STATE, "the referral has ended"));
    }
    if step == Step::Approve && row.attention.is_some() {
        return Err(Problem::with(&problem::WRONG_STATE, "somebody must take it: name who"));
    }
    let mark = mark(w, &referral)?;
    if step == Step::Receive {
        effects::disburse(w, &referral, row.amount_idr)?;
        if referral.status != ReferralStatus::InService {
            effects::start(w, &mut referral)?;
        }
    }
    let reason = mark.reason_code.clone();
    let said = json!({"status": to, "decree": mark.decree, "proof_kind": mark.proof_kind,
        "proof_reference": mark.proof_reference, "received_on": mark.received_on, "amount_idr": row.amount_idr,
        "account_reference": mark.account_reference, "note": mark.note, "confirmation": mark.said});
    queries::set_status(w, &row, to, mark)?;
    audit(w, action(step), &referral, id.0, reason, said)?;
    answer(w, &referral, id.0)
}

/// Approve a delivery
///
/// By another than who planned it (`same_person`), with the decree.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = ApproveDelivery, responses((status = 200, description = "Approved.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/approve")]
pub async fn approve_delivery(
    permit: Permit<DeliveryApprove>,
    id: Id,
    version: IfMatch,
    body: Json<ApproveDelivery>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Approve, |_, _| {
                let decree = text(Some(body.0.decree))
                    .ok_or_else(|| Problem::field("/decree", "required", "a decree is needed"))?;
                Ok(Mark { decree: Some(decree), ..Mark::default() })
            })
        })
        .await
}

/// Distribute a delivery
///
/// It has left for whoever takes it.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = Option<DeliveryNote>, responses((status = 200, description = "Distributed.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/distribute")]
pub async fn distribute_delivery(
    permit: Permit<DeliveryPlan>,
    id: Id,
    version: IfMatch,
    body: MaybeJson<DeliveryNote>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let mark = Mark { note: text(body.0.note), ..Mark::default() };
            step(w, id, version, Step::Distribute, |_, _| Ok(mark))
        })
        .await
}

fn receipt(w: &mut Writer<'_>, referral: &ReferralRow, body: ReceiveDelivery) -> Result<Mark, Problem> {
    let kind = lookup::required(w, "delivery_proofs", &body.proof_kind, "/proof_kind")?;
    let reference = text(body.proof_reference);
    let wanted = |what: &str| kind.attrs.get("needs").and_then(serde_json::Value::as_str) == Some(what);
    if wanted("reference") && reference.is_none() {
        return Err(Problem::field("/proof_reference", "required", "this proof has a number"));
    }
    if wanted("file") && body.proof_evidence_id.is_none() {
        return Err(Problem::field("/proof_evidence_id", "required", "this proof is a file"));
    }
    if let Some(file) = body.proof_evidence_id
        && !queries::is_evidence_of(w, file, referral.problem_id)?
    {
        return Err(Problem::field("/proof_evidence_id", "not_found", "is no file of this problem"));
    }
    let today = w.today();
    let day = body.received_on.unwrap_or(today);
    if day > today {
        return Err(Problem::field("/received_on", "in_future", "lies in the future"));
    }
    Ok(Mark {
        proof_kind: Some(body.proof_kind),
        proof_reference: reference,
        proof_evidence: body.proof_evidence_id,
        received_on: Some(day),
        note: text(body.note),
        ..Mark::default()
    })
}

/// Record that a delivery was received
///
/// With its proof, by the receiving organization or whoever works where the family lives, never by who reported the
/// problem. Its money is disbursed in the same transaction, and the referral is in service.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = ReceiveDelivery, responses((status = 200, description = "Received.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/receive")]
pub async fn receive_delivery(
    permit: Permit<DeliveryAttest>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<ReceiveDelivery>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "receive_delivery", &request, |w| {
                step(w, id, version, Step::Receive, |w, referral| receipt(w, referral, body))
            })
        })
        .await
}

/// Account for a delivery
///
/// With the number of the report.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = AccountDelivery, responses((status = 200, description = "Accounted for.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/account")]
pub async fn account_delivery(
    permit: Permit<DeliveryPlan>,
    id: Id,
    version: IfMatch,
    body: Json<AccountDelivery>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Account, |_, _| {
                let reference = text(Some(body.0.reference))
                    .ok_or_else(|| Problem::field("/reference", "required", "a report has a number"))?;
                Ok(Mark { account_reference: Some(reference), ..Mark::default() })
            })
        })
        .await
}

fn refusal(w: &mut Writer<'_>, body: DeliveryRefusal) -> Result<Mark, Problem> {
    lookup::required(w, "delivery_failure_reasons", &body.reason_code, "/reason_code")?;
    Ok(Mark { reason_code: Some(body.reason_code), note: text(body.note), ..Mark::default() })
}

/// Record that a delivery failed
///
/// It could not be given. Its money is free for another line of the referral.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = DeliveryRefusal, responses((status = 200, description = "Failed.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/fail")]
pub async fn fail_delivery(
    permit: Permit<DeliveryAttest>,
    id: Id,
    version: IfMatch,
    body: Json<DeliveryRefusal>,
) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Fail, |w, _| refusal(w, body.0))).await
}

/// Record that a delivery came back
///
/// It was given out and came back before anybody received it.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = DeliveryRefusal, responses((status = 200, description = "Came back.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/return")]
pub async fn return_delivery(
    permit: Permit<DeliveryAttest>,
    id: Id,
    version: IfMatch,
    body: Json<DeliveryRefusal>,
) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Return, |w, _| refusal(w, body.0))).await
}

/// Cancel a delivery
///
/// Before it has left.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = DeliveryRefusal, responses((status = 200, description = "Cancelled.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/cancel")]
pub async fn cancel_delivery(
    permit: Permit<DeliveryPlan>,
    id: Id,
    version: IfMatch,
    body: Json<DeliveryRefusal>,
) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Cancel, |w, _| refusal(w, body.0))).await
}

/// Confirm a delivery
///
/// The recipient says whether it came, once. What did not come is to be looked at.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = ConfirmDelivery, responses((status = 200, description = "Said.", body = DeliveryView)))]
#[post("/api/v1/deliveries/{id}/confirm")]
pub async fn confirm_delivery(
    permit: Permit<DeliveryConfirm>,
    id: Id,
    version: IfMatch,
    body: Json<ConfirmDelivery>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let ConfirmDelivery { confirmation, note } = body.0;
            let mark = Mark { said: Some((confirmation, text(note))), ..Mark::default() };
            step(w, id, version, Step::Confirm, |_, _| Ok(mark))
        })
        .await
}
