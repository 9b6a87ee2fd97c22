//! Operations about funding sources.

use actix_web::{get, post};
use uuid::Uuid;

use super::model::{
    Balance, BalanceView, CycleBalance, FundingKind, FundingQuery, FundingSourcePage, FundingSourceView, FundingStatus,
    LedgerEntryView, LedgerPage, LedgerQuery, NewFundingSource, Restrictions,
};
use super::queries::{self, EntryRow, SourceRow};
use crate::access::policy::{FundingApprove, FundingCreate, FundingPledge, FundingRead};
use crate::access::{AuditEntry, Duty, Permit, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;
use crate::reference::lookup;

fn can(r: &Reader<'_>, row: &SourceRow) -> Vec<&'static str> {
    let principal = r.principal();
    let mut can = Vec::new();
    if row.status == FundingStatus::Closed {
        return can;
    }
    if principal.may::<FundingPledge>()
        && principal.scope_for::<FundingPledge>().covers_organization(row.organization_id)
    {
        can.push("pledge");
    }
    if principal.may::<FundingApprove>() && principal.has_duty(Duty::ApproveMoney) {
        can.extend(["receive", "appropriate", "revise", "allot", "release", "refund", "lapse", "carry_over"]);
        can.push("close_year");
    }
    can
}

fn view(r: &Reader<'_>, row: SourceRow, balance: Balance) -> FundingSourceView {
    let can = can(r, &row);
    FundingSourceView {
        id: row.id,
        code: row.code,
        kind: row.kind,
        organization_id: row.organization_id,
        organization_name: row.organization_name,
        fiscal_year: row.fiscal_year,
        name: row.name,
        unit: row.unit,
        restrictions: serde_json::from_value(row.restrictions).unwrap_or_default(),
        sensitivity: row.sensitivity,
        status: row.status,
        balance,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        closed_at: row.closed_at,
        can,
    }
}

/// The source with its balance. Movements make no new version, so the tag carries the balance beside it.
pub(super) fn tagged(r: &mut Reader<'_>, id: Uuid) -> Result<(FundingSourceView, String), Problem> {
    let row = queries::find(r, id)?;
    let balance = queries::totals(r, &[id])?.remove(&id).unwrap_or_default();
    let view = view(r, row, balance);
    let sums = format!("{balance:?}");
    let parts: Vec<&str> = view.can.iter().copied().chain([sums.as_str()]).collect();
    let tag = crate::http::answer::etag(view.version, r.principal(), &parts);
    Ok((view, tag))
}

/// List funding sources
///
/// By code, with their balances. Partners and officers see those of their own organization.
#[utoipa::path(tag = "funding", params(FundingQuery), responses((status = 200, description = "A page of sources.", body = FundingSourcePage)))]
#[get("/api/v1/funding-sources")]
pub async fn list_funding_sources(permit: Permit<FundingRead>, query: Query<FundingQuery>) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let paging = query.0.paging("funding-sources");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |s| (Some(s.code.clone()), s.id.to_string()));
            let ids: Vec<Uuid> = rows.iter().map(|s| s.id).collect();
            let mut sums = queries::totals(r, &ids)?;
            let data = rows
                .into_iter()
                .map(|row| {
                    let balance = sums.remove(&row.id).unwrap_or_default();
                    view(r, row, balance)
                })
                .collect();
            page_answer(&FundingSourcePage { data, page: page.clone() }, &page, "/api/v1/funding-sources")
        })
        .await
}

/// Get a funding source
///
/// With the sum of its entries.
#[utoipa::path(tag = "funding", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The source.", body = FundingSourceView), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/funding-sources/{id}")]
pub async fn get_funding_source(permit: Permit<FundingRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let (view, tag) = tagged(r, id.0)?;
            Ok(Answer::ok(&view)?.header("etag", tag))
        })
        .await
}

/// Get the balance of a funding source
///
/// In all and by cycle; always the sum of the entries. Money of a restricted program stands as allotted for who may
/// not see its cases.
#[utoipa::path(tag = "funding", params(IdPath), responses((status = 200, description = "The balance.", body = BalanceView)))]
#[get("/api/v1/funding-sources/{id}/balance")]
pub async fn get_funding_balance(permit: Permit<FundingRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let row = queries::find(r, id.0)?;
            let mut total = Balance::default();
            let mut cycles: Vec<CycleBalance> = Vec::new();
            for held in queries::balances(r, &[id.0])? {
                total.add(held.bucket, held.balance);
                let (Some(cycle_id), Some(program_id)) = (held.cycle_id, held.program_id) else { continue };
                match cycles.last_mut().filter(|c| c.cycle_id == cycle_id) {
                    Some(last) => last.balance.add(held.bucket, held.balance),
                    None => {
                        let mut balance = Balance::default();
                        balance.add(held.bucket, held.balance);
                        cycles.push(CycleBalance { cycle_id, program_id, balance });
                    }
                }
            }
            let Balance { pledged, available, allotted, reserved, committed, disbursed, lapsed } = total;
            Answer::ok(&BalanceView {
                funding_source_id: row.id,
                unit: row.unit,
                pledged,
                available,
                allotted,
                reserved,
                committed,
                disbursed,
                lapsed,
                cycles,
            })
        })
        .await
}

pub(super) fn entry(t: EntryRow) -> Result<LedgerEntryView, Problem> {
    Ok(LedgerEntryView {
        id: t.id,
        kind: t.kind,
        cycle_id: t.cycle_id,
        referral_id: t.referral_id,
        transfer_id: t.transfer_id,
        amount: t.amount,
        unit: t.unit,
        reference: t.reference,
        reason: t.reason,
        created_by: t.created_by,
        at: t.at,
        lines: serde_json::from_value(t.lines).map_err(Problem::internal)?,
    })
}

/// List ledger entries of a funding source
///
/// Every movement, newest first, with its lines.
#[utoipa::path(tag = "funding", params(IdPath, LedgerQuery), responses((status = 200, description = "A page of movements.", body = LedgerPage)))]
#[get("/api/v1/funding-sources/{id}/ledger")]
pub async fn list_ledger_entries(
    permit: Permit<FundingRead>,
    id: Id,
    query: Query<LedgerQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            queries::find(r, id.0)?;
            let path = format!("/api/v1/funding-sources/{}/ledger", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::ledger(r, id.0, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count_ledger(r, id.0, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |t| (None, t.id.to_string()));
            let data = rows.into_iter().map(entry).collect::<Result<_, Problem>>()?;
            page_answer(&LedgerPage { data, page: page.clone() }, &page, &path)
        })
        .await
}

fn check(w: &mut Writer<'_>, new: &NewFundingSource) -> Result<Sensitivity, Problem> {
    if !new.code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        return Err(Problem::field("/code", "pattern", "has letters, digits, underscore, dash and dot only"));
    }
    let public = matches!(new.kind, FundingKind::ApbdKota | FundingKind::ApbdProvinsi | FundingKind::Apbn);
    if public && !w.scope().city {
        return Err(Problem::field("/kind", "not_allowed", "public budgets are entered by the coordinator"));
    }
    if !w.scope().covers_organization(new.organization_id) {
        return Err(Problem::field("/organization_id", "not_found", "is not your organization"));
    }
    let label = queries::organization_label(w, new.organization_id)?
        .ok_or_else(|| Problem::field("/organization_id", "not_found", "is not an organization"))?;
    let Restrictions { needs, areas, pillars } = &new.restrictions;
    for (i, need) in needs.iter().enumerate() {
        lookup::required(w, "needs", need, &format!("/restrictions/needs/{i}"))?;
    }
    for (i, pillar) in pillars.iter().enumerate() {
        lookup::required(w, "pillars", pillar, &format!("/restrictions/pillars/{i}"))?;
    }
    if queries::known_areas(w, areas)? != areas.len() {
        return Err(Problem::field("/restrictions/areas", "unknown_code", "must be different regions of the city"));
    }
    Ok(label.max(new.sensitivity.unwrap_or(Sensitivity::Open)))
}

/// Create a funding source
///
/// Empty: money comes by pledge, receive or appropriate.
#[utoipa::path(tag = "funding", params(IdempotencyHeader), request_body = NewFundingSource, responses((status = 201, description = "Entered.", body = FundingSourceView)))]
#[post("/api/v1/funding-sources")]
pub async fn create_funding_source(
    permit: Permit<FundingCreate>,
    key: IdempotencyKey,
    body: Json<NewFundingSource>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let mut new = body.0;
            let copy = new.clone();
            idempotency::once(w, &key, "create_funding_source", &copy, |w| {
                new.name = clean(&new.name);
                if new.name.is_empty() {
                    return Err(Problem::field("/name", "required", "must not be empty"));
                }
                let label = check(w, &new)?;
                let id = queries::insert(w, &new, label)?;
                audit(w, "funding.create", id, label, serde_json::json!(new))?;
                let (view, tag) = tagged(w, id)?;
                Ok(Answer::created(&view, format!("/api/v1/funding-sources/{id}"))?.header("etag", tag))
            })
        })
        .await
}

pub(super) fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    id: Uuid,
    label: Sensitivity,
    after: serde_json::Value,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "funding_source",
        subject_id: Some(id),
        restricted: label == Sensitivity::Restricted,
        after: Some(after),
        ..AuditEntry::default()
    })
}
