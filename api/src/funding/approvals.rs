//! Movements of money that wait for a second person.

use actix_web::{get, post};

use super::orders::{self, Ask, Order};
use super::orders_model::{
    FundingProposal, FundingProposalPage, FundingProposalQuery, ProposalRejection, ProposalStatus,
};
use super::queries::orders::{self as stored, ProposalRow};
use super::queries::{self, SourceRow};
use super::routes::audit;
use crate::access::policy::{FundingApprove, FundingRead};
use crate::access::{Duty, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

fn view(r: &Reader<'_>, row: ProposalRow) -> Result<FundingProposal, Problem> {
    let ask: Ask = serde_json::from_value(row.ask).map_err(Problem::internal)?;
    let (cycle_id, referral_id, to_source_id, rest) = match ask.order {
        Order::OfCycle { cycle_id, .. } => (Some(cycle_id), None, None, None),
        Order::Refund { referral_id, .. } => (None, Some(referral_id), None, None),
        Order::Lapse { cycle_id, .. } => (cycle_id, None, None, None),
        Order::CarryOver { to_source_id, .. } => (None, None, Some(to_source_id), None),
        Order::CloseYear { to_source_id, rest } => (None, None, to_source_id, Some(rest)),
        Order::In { .. } | Order::Revise { .. } => (None, None, None, None),
    };
    let decides = r.principal().may::<FundingApprove>() && r.principal().has_duty(Duty::ApproveMoney);
    let open = decides && row.status == ProposalStatus::Proposed;
    let all = [("approve", open && r.principal().id != row.proposed_by), ("reject", open)];
    Ok(FundingProposal {
        id: row.id,
        funding_source_id: row.funding_source_id,
        funding_source_name: row.funding_source_name,
        kind: row.kind,
        amount: row.amount,
        unit: row.unit,
        cycle_id,
        referral_id,
        to_source_id,
        rest,
        reference: ask.reference,
        reason: ask.reason,
        status: row.status,
        proposed_by: row.proposed_by,
        proposed_by_name: row.proposed_by_name,
        proposed_at: row.proposed_at,
        decided_by: row.decided_by,
        decided_by_name: row.decided_by_name,
        decided_at: row.decided_at,
        decision_reason: row.decision_reason,
        can: all.into_iter().filter(|(_, may)| *may).map(|(name, _)| name).collect(),
    })
}

/// Keeps an order for a second person, after checking it as things stand now.
pub(super) fn propose(w: &mut Writer<'_>, row: &SourceRow, ask: &Ask) -> Result<Answer, Problem> {
    let label = orders::check(w, row, &ask.order)?.max(row.sensitivity);
    let id = stored::insert_proposal(w, row.id, ask, label)?;
    audit(w, "funding.propose", row.id, label, serde_json::json!({"proposal_id": id, "ask": ask}))?;
    let proposal = stored::proposal(w, id)?;
    Answer::accepted(&view(w, proposal)?, format!("/api/v1/funding-proposals/{id}"))
}

/// List proposals about money
///
/// Newest first: movements above the limit and ends of years, with who asked and who decided.
#[utoipa::path(tag = "funding", params(FundingProposalQuery), responses((status = 200, description = "A page of proposals.", body = FundingProposalPage)))]
#[get("/api/v1/funding-proposals")]
pub async fn list_funding_proposals(
    permit: Permit<FundingRead>,
    query: Query<FundingProposalQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("funding-proposals");
            let start = paging.start(r.sealer())?;
            let mut rows = stored::proposals(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(stored::count_proposals(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect::<Result<_, Problem>>()?;
            page_answer(&FundingProposalPage { data, page: page.clone() }, &page, "/api/v1/funding-proposals")
        })
        .await
}

/// Get a proposal about money
///
/// What was asked, by whom, and what became of it.
#[utoipa::path(tag = "funding", params(IdPath), responses((status = 200, description = "The proposal.", body = FundingProposal)))]
#[get("/api/v1/funding-proposals/{id}")]
pub async fn get_funding_proposal(permit: Permit<FundingRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = stored::proposal(r, id.0)?;
            Answer::ok(&view(r, row)?)
        })
        .await
}

/// The proposal, locked and open, for somebody who may decide on it.
fn open(w: &mut Writer<'_>, id: Id) -> Result<ProposalRow, Problem> {
    let row = stored::lock_proposal(w, id.0)?;
    if !w.principal().has_duty(Duty::ApproveMoney) {
        return Err(Problem::with(&problem::FORBIDDEN, "this needs the duty to approve money"));
    }
    if row.status != ProposalStatus::Proposed {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    Ok(row)
}

/// Approve a proposal about money
///
/// By somebody else than who asked (`same_person`). It is checked again and done in the same transaction: what no longer
/// fits answers as the movement itself would, and the proposal stays open.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), responses((status = 200, description = "Approved and done.", body = FundingProposal)))]
#[post("/api/v1/funding-proposals/{id}/approve")]
pub async fn approve_funding_proposal(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            idempotency::once(w, &key, "approve_funding_proposal", &id.0, |w| {
                let proposal = open(w, Id(id.0))?;
                if proposal.proposed_by == w.principal().id {
                    return Err(Problem::new(&problem::SAME_PERSON));
                }
                let ask: Ask = serde_json::from_value(proposal.ask).map_err(Problem::internal)?;
                let row = queries::find(w, proposal.funding_source_id)?;
                orders::check(w, &row, &ask.order)?;
                orders::perform(w, &row, &ask)?;
                settled(w, id.0, ProposalStatus::Approved, None)
            })
        })
        .await
}

/// Reject a proposal about money
///
/// Also by who asked, to take it back.
#[utoipa::path(tag = "funding", params(IdPath, IdempotencyHeader), request_body = ProposalRejection, responses((status = 200, description = "Rejected.", body = FundingProposal)))]
#[post("/api/v1/funding-proposals/{id}/reject")]
pub async fn reject_funding_proposal(
    permit: Permit<FundingApprove>,
    id: Id,
    key: IdempotencyKey,
    body: Json<ProposalRejection>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            idempotency::once(w, &key, "reject_funding_proposal", &(id.0, body.clone()), |w| {
                open(w, Id(id.0))?;
                settled(w, id.0, ProposalStatus::Rejected, Some(clean(&body.reason)))
            })
        })
        .await
}

fn settled(
    w: &mut Writer<'_>,
    id: uuid::Uuid,
    status: ProposalStatus,
    reason: Option<String>,
) -> Result<Answer, Problem> {
    stored::settle(w, id, status, reason.as_deref())?;
    let row = stored::proposal(w, id)?;
    let source = queries::find(w, row.funding_source_id)?;
    let action = if status == ProposalStatus::Approved { "funding.approve" } else { "funding.reject" };
    let label = row.sensitivity.max(source.sensitivity);
    let after = serde_json::json!({"proposal_id": id, "status": status, "reason": reason});
    audit(w, action, source.id, label, after)?;
    Answer::ok(&view(w, row)?)
}
