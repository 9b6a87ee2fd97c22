//! Operations about how far each source is believed.

use actix_web::{get, post};
use serde_json::json;

use super::queries::trust::{self as stored, ProposalRow};
use super::trust_model::{
    NewTrustProposal, SourceTrustPage, SourceTrustQuery, TrustProposal, TrustProposalPage, TrustProposalQuery,
    TrustProposalStatus,
};
use crate::access::policy::{SourceTrustConfirm, SourceTrustPropose, SourceTrustRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};

fn view(r: &Reader<'_>, row: ProposalRow) -> TrustProposal {
    let mut can = Vec::new();
    if row.status == TrustProposalStatus::Proposed {
        if r.principal().may::<SourceTrustConfirm>() && row.proposed_by != r.principal().id {
            can.push("confirm");
        }
        if r.principal().may::<SourceTrustPropose>() {
            can.push("withdraw");
        }
    }
    TrustProposal {
        id: row.id,
        field: row.field,
        source: row.source,
        rank: row.rank,
        stale_months: row.stale_months,
        reason: row.reason,
        status: row.status,
        proposed_by: row.proposed_by,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    }
}

fn answer(r: &Reader<'_>, row: ProposalRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List how far sources are believed
///
/// By field and source. A source of a lower rank never replaces what one of a higher rank said, unless that has become
/// stale.
#[utoipa::path(tag = "imports", params(SourceTrustQuery), responses((status = 200, description = "A page of ranks.", body = SourceTrustPage)))]
#[get("/api/v1/source-trust")]
pub async fn list_source_trust(
    permit: Permit<SourceTrustRead>,
    query: Query<SourceTrustQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("source-trust");
            let start = paging.start(r.sealer())?;
            let mut data = stored::ranks(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(stored::count_ranks(r, &query.0)?) } else { None };
            let page = paging
                .close(&mut data, r.sealer(), total, |row| (Some(row.field.slug().to_owned()), row.source.clone()));
            page_answer(&SourceTrustPage { data, page: page.clone() }, &page, "/api/v1/source-trust")
        })
        .await
}

/// List proposed ranks
///
/// Newest first, with what became of them.
#[utoipa::path(tag = "imports", params(TrustProposalQuery), responses((status = 200, description = "A page of proposals.", body = TrustProposalPage)))]
#[get("/api/v1/source-trust-proposals")]
pub async fn list_trust_proposals(
    permit: Permit<SourceTrustRead>,
    query: Query<TrustProposalQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("source-trust-proposals");
            let start = paging.start(r.sealer())?;
            let mut rows = stored::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(stored::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect();
            page_answer(&TrustProposalPage { data, page: page.clone() }, &page, "/api/v1/source-trust-proposals")
        })
        .await
}

/// Get a proposed rank
///
/// `can` says what the caller may do next.
#[utoipa::path(tag = "imports", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The proposal.", body = TrustProposal), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/source-trust-proposals/{id}")]
pub async fn get_trust_proposal(permit: Permit<SourceTrustRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = stored::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Propose a rank
///
/// Nothing changes before a coordinator confirms it. One open proposal a field and source.
#[utoipa::path(tag = "imports", params(IdempotencyHeader), request_body = NewTrustProposal, responses((status = 201, description = "Proposed.", body = TrustProposal)))]
#[post("/api/v1/source-trust-proposals")]
pub async fn create_trust_proposal(
    permit: Permit<SourceTrustPropose>,
    key: IdempotencyKey,
    body: Json<NewTrustProposal>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_trust_proposal", &new, |w| {
                let id = stored::insert(w, &new)?;
                let row = stored::find(w, id)?;
                audit(w, "source_trust.propose", &row, None)?;
                let location = format!("/api/v1/source-trust-proposals/{id}");
                Ok(Answer { status: 201, ..answer(w, row)?.header("location", location) })
            })
        })
        .await
}

fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    row: &ProposalRow,
    before: Option<serde_json::Value>,
) -> Result<(), Problem> {
    let after = json!({"field": row.field, "source": row.source, "rank": row.rank, "stale_months": row.stale_months});
    w.audit(AuditEntry {
        action,
        subject_kind: "source_trust",
        subject_id: Some(row.id),
        before,
        after: Some(after),
        reason: Some(row.reason.clone()),
        ..AuditEntry::default()
    })
}

fn open(w: &mut Writer<'_>, id: Id, version: IfMatch) -> Result<ProposalRow, Problem> {
    let row = stored::find_for_update(w, id.0)?;
    version.check(row.version)?;
    if row.status != TrustProposalStatus::Proposed {
        return Err(Problem::with(&problem::WRONG_STATE, "it is decided already"));
    }
    Ok(row)
}

/// Confirm a proposed rank
///
/// By somebody else than who proposed it (`same_person`): the second key. It holds for what is imported from then on.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "In force.", body = TrustProposal)))]
#[post("/api/v1/source-trust-proposals/{id}/confirm")]
pub async fn confirm_trust_proposal(
    permit: Permit<SourceTrustConfirm>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = open(w, id, version)?;
            if row.proposed_by == w.principal().id {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever proposes a rank does not confirm it"));
            }
            stored::decide(w, id.0, TrustProposalStatus::Confirmed)?;
            let before = stored::put(w, &row)?;
            audit(w, "source_trust.confirm", &row, Some(before))?;
            let row = stored::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Withdraw a proposed rank
///
/// Before it is confirmed.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "Withdrawn.", body = TrustProposal)))]
#[post("/api/v1/source-trust-proposals/{id}/withdraw")]
pub async fn withdraw_trust_proposal(
    permit: Permit<SourceTrustPropose>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = open(w, id, version)?;
            stored::decide(w, id.0, TrustProposalStatus::Withdrawn)?;
            audit(w, "source_trust.withdraw", &row, None)?;
            let row = stored::find(w, id.0)?;
            answer(w, row)
        })
        .await
}
