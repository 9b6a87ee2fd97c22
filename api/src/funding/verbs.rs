//! What is done with a source's money: each a movement of its ledger, at once or after a second person.

use actix_web::post;

use super::model::{Bucket, FundingSourceView, LedgerKind};
use super::orders::{Ask, Order, all_of, amount, given, submit, text};
use super::orders_model::{
    Allotment, CarryOver, FundingProposal, Lapse, MoneyIn, Refund, RefundTo, Rest, Revision, YearEnd,
};
use crate::access::policy::{FundingApprove, FundingPledge};
use crate::access::{Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader};
use crate::kernel::problem::Problem;

fn incoming(
    w: &mut Writer<'_>,
    id: Id,
    key: &IdempotencyKey,
    kind: LedgerKind,
    body: MoneyIn,
) -> Result<Answer, Problem> {
    submit(w, id, key, kind, &body.clone(), move |_, row| {
        let order = Order::In { kind, amount: given(row, body.amount_idr, body.items)? };
        Ok(Ask { order, reference: text(body.reference), reason: text(body.reason) })
    })
}

fn of_cycle(
    w: &mut Writer<'_>,
    id: Id,
    key: &IdempotencyKey,
    kind: LedgerKind,
    body: Allotment,
) -> Result<Answer, Problem> {
    submit(w, id, key, kind, &body.clone(), move |_, row| {
        let amount = given(row, body.amount_idr, body.items)?;
        let order = Order::OfCycle { kind, cycle_id: body.cycle_id, amount };
        Ok(Ask { order, reference: text(body.reference), reason: text(body.reason) })
    })
}

/// Pledge funding
///
/// A promise: no money until it is received.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = MoneyIn, responses((status = 200, description = "Pledged.", body = FundingSourceView)))]
#[post("/api/v1/funding-sources/{id}/pledge")]
pub async fn pledge_funding(
    permit: Permit<FundingPledge>,
    id: Id,
    key: IdempotencyKey,
    body: Json<MoneyIn>,
) -> Result<Answer, Problem> {
    permit.write(move |w| incoming(w, id, &key, LedgerKind::Pledge, body.0)).await
}

/// Receive funding
///
/// Money came in. What was pledged counts as received first.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = MoneyIn, responses((status = 200, description = "Received.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/receive")]
pub async fn receive_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<MoneyIn>,
) -> Result<Answer, Problem> {
    permit.write(move |w| incoming(w, id, &key, LedgerKind::Receive, body.0)).await
}

/// Appropriate funding
///
/// A budget was granted by law or decree.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = MoneyIn, responses((status = 200, description = "Appropriated.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/appropriate")]
pub async fn appropriate_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<MoneyIn>,
) -> Result<Answer, Problem> {
    permit.write(move |w| incoming(w, id, &key, LedgerKind::Appropriate, body.0)).await
}

/// Revise funding
///
/// A decree changed the budget: more, or less with a minus. Less than is free answers `insufficient_funds`, since what is
/// allotted stays.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = Revision, responses((status = 200, description = "Revised.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/revise")]
pub async fn revise_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<Revision>,
) -> Result<Answer, Problem> {
    let body = body.0;
    permit
        .write(move |w| {
            submit(w, id, &key, LedgerKind::Revise, &body.clone(), move |_, row| {
                let order = Order::Revise { amount: given(row, body.amount_idr, body.items)? };
                Ok(Ask { order, reference: text(Some(body.reference)), reason: text(body.reason) })
            })
        })
        .await
}

/// Allot funding
///
/// Sets free money aside for a cycle; more than is available answers `insufficient_funds`.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = Allotment, responses((status = 200, description = "Allotted.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/allot")]
pub async fn allot_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<Allotment>,
) -> Result<Answer, Problem> {
    permit.write(move |w| of_cycle(w, id, &key, LedgerKind::Allot, body.0)).await
}

/// Release funding
///
/// Takes back from a cycle what is not held for anybody.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = Allotment, responses((status = 200, description = "Released.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/release")]
pub async fn release_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<Allotment>,
) -> Result<Answer, Problem> {
    permit.write(move |w| of_cycle(w, id, &key, LedgerKind::Release, body.0)).await
}

/// Refund funding
///
/// Help was paid back, in whole or part; never more than this source gave for the referral.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = Refund, responses((status = 200, description = "Taken back.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/refund")]
pub async fn refund_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<Refund>,
) -> Result<Answer, Problem> {
    let body = body.0;
    permit
        .write(move |w| {
            submit(w, id, &key, LedgerKind::Refund, &body.clone(), move |_, row| {
                let amount = given(row, body.amount_idr, body.items)?;
                let to = body.to.unwrap_or(RefundTo::Cycle);
                let order = Order::Refund { referral_id: body.referral_id, amount, to };
                Ok(Ask { order, reference: text(body.reference), reason: text(body.reason) })
            })
        })
        .await
}

/// Lapse funding
///
/// What is left at the end can no longer be used: of the source, or of a cycle's allotment.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = Lapse, responses((status = 200, description = "Lapsed.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/lapse")]
pub async fn lapse_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<Lapse>,
) -> Result<Answer, Problem> {
    let body = body.0;
    permit
        .write(move |w| {
            submit(w, id, &key, LedgerKind::Lapse, &body.clone(), move |w, row| {
                let bucket = if body.cycle_id.is_some() { Bucket::Allotted } else { Bucket::Available };
                let amount = match amount(row, body.amount_idr, body.items)? {
                    Some(amount) => amount,
                    None => all_of(w, row, bucket, body.cycle_id)?,
                };
                let order = Order::Lapse { cycle_id: body.cycle_id, amount };
                Ok(Ask { order, reference: text(body.reference), reason: text(body.reason) })
            })
        })
        .await
}

/// Carry funding over
///
/// Free money goes into the owner's source of the next fiscal year: same kind, same unit, spent on nothing wider.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = CarryOver, responses((status = 200, description = "Carried over.", body = FundingSourceView), (status = 202, description = "Above the limit: it waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/carry-over")]
pub async fn carry_over_funding(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<CarryOver>,
) -> Result<Answer, Problem> {
    let body = body.0;
    permit
        .write(move |w| {
            submit(w, id, &key, LedgerKind::CarryOver, &body.clone(), move |w, row| {
                let amount = match amount(row, body.amount_idr, body.items)? {
                    Some(amount) => amount,
                    None => all_of(w, row, Bucket::Available, None)?,
                };
                let order = Order::CarryOver { to_source_id: body.to_source_id, amount };
                Ok(Ask { order, reference: text(body.reference), reason: text(body.reason) })
            })
        })
        .await
}

/// Close the year of a funding source
///
/// Proposed by one and approved by another. What is held for referrals goes with them to the source named, or refuses it
/// (`still_held`); unused allotments come back; promises that never came are struck out; the rest lapses or goes over.
/// Afterwards every movement of the source answers `source_closed`.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = YearEnd, responses((status = 202, description = "It waits for a second person.", body = FundingProposal)))]
#[post("/api/v1/funding-sources/{id}/close-year")]
pub async fn close_funding_year(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<YearEnd>,
) -> Result<Answer, Problem> {
    let body = body.0;
    permit
        .write(move |w| {
            submit(w, id, &key, LedgerKind::CloseYear, &body.clone(), move |_, _| {
                let rest = body.rest.unwrap_or(Rest::Lapse);
                if rest == Rest::CarryOver && body.to_source_id.is_none() {
                    return Err(Problem::field("/to_source_id", "required", "where the rest goes must be named"));
                }
                let order = Order::CloseYear { to_source_id: body.to_source_id, rest };
                Ok(Ask { order, reference: text(body.reference), reason: text(body.reason) })
            })
        })
        .await
}
