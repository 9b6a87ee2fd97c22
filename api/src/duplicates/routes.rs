//! Operations about runs and pairs.

use actix_web::{get, post};
use chrono::Days;
use serde_json::json;
use uuid::Uuid;

use super::model::{
    DuplicateCandidatePage, DuplicateCandidateQuery, DuplicateComparison, DuplicateLater, DuplicateReason,
    DuplicateRun, DuplicateRunPage, DuplicateRunQuery, DuplicateRunReport, DuplicateStatus,
};
use super::queries::candidates::{self, CandidateRow};
use super::queries::runs::{self, RunRow};
use super::{OPERATION, rules, view};
use crate::access::policy::{DuplicateDecide, DuplicateFind, DuplicateRead};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IfMatchHeader};
use crate::jobs;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

fn run_view(row: RunRow) -> DuplicateRun {
    DuplicateRun {
        id: row.id,
        operation_id: row.operation_id,
        cause: row.cause,
        state: row.state,
        threshold: row.threshold,
        people: row.people,
        compared: row.compared,
        found: row.found,
        added: row.added,
        gone: row.gone,
        clusters: row.clusters,
        largest_cluster: row.largest_cluster,
        load_ms: row.load_ms,
        link_ms: row.link_ms,
        store_ms: row.store_ms,
        created_at: row.created_at,
        finished_at: row.finished_at,
    }
}

/// List searches for duplicates
///
/// Newest first.
#[utoipa::path(tag = "duplicates", params(DuplicateRunQuery), responses((status = 200, description = "A page of runs.", body = DuplicateRunPage)))]
#[get("/api/v1/duplicate-runs")]
pub async fn list_duplicate_runs(
    permit: Permit<DuplicateFind>,
    query: Query<DuplicateRunQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("duplicate-runs");
            let start = paging.start(r.sealer())?;
            let mut rows = runs::list_visible(r, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(run_view).collect();
            page_answer(&DuplicateRunPage { data, page: page.clone() }, &page, "/api/v1/duplicate-runs")
        })
        .await
}

/// Look for duplicates
///
/// Compares the people of the whole city, estimates from them what each agreement is worth, and puts the likely pairs before
/// a human. What was found distinct, and two people with different matched NIKs, is never proposed. Nothing is merged by it,
/// and no benefit stops. One search at a time (`conflict`).
#[utoipa::path(tag = "duplicates", responses((status = 202, description = "It is being done; `Location` is the operation.", body = DuplicateRun)))]
#[post("/api/v1/duplicate-runs")]
pub async fn create_duplicate_run(permit: Permit<DuplicateFind>) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            if runs::running(w)? {
                return Err(Problem::with(&problem::CONFLICT, "a search is waiting or running"));
            }
            let id = Uuid::now_v7();
            let operation = jobs::enqueue(w, OPERATION, Some(id), &json!({}), "people")?;
            runs::create(w, id, operation, crate::identity::rules::THRESHOLD)?;
            let run = run_view(runs::find_visible(w, id)?);
            Answer::accepted(&run, format!("/api/v1/operations/{operation}"))
        })
        .await
}

/// Get a search for duplicates
///
/// With the weights it estimated.
#[utoipa::path(tag = "duplicates", params(IdPath), responses((status = 200, description = "The run.", body = DuplicateRunReport)))]
#[get("/api/v1/duplicate-runs/{id}")]
pub async fn get_duplicate_run(permit: Permit<DuplicateFind>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let run = run_view(runs::find_visible(r, id.0)?);
            let weights = runs::weights(r, id.0)?;
            Answer::ok(&DuplicateRunReport { run, weights })
        })
        .await
}

/// List pairs that may be one
///
/// The likeliest first. Of a pair with one record outside the caller's area only the own side is shown, and that the
/// coordinator has the case.
#[utoipa::path(tag = "duplicates", params(DuplicateCandidateQuery), responses((status = 200, description = "A page of pairs.", body = DuplicateCandidatePage)))]
#[get("/api/v1/duplicate-candidates")]
pub async fn list_duplicate_candidates(
    permit: Permit<DuplicateRead>,
    query: Query<DuplicateCandidateQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("duplicate-candidates");
            let start = paging.start(r.sealer())?;
            let mut rows = candidates::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(candidates::count(r, &query.0)?) } else { None };
            let page =
                paging.close(&mut rows, r.sealer(), total, |row| (Some(row.rank.to_string()), row.id.to_string()));
            let data = view::many(r, &rows)?;
            page_answer(&DuplicateCandidatePage { data, page: page.clone() }, &page, "/api/v1/duplicate-candidates")
        })
        .await
}

/// The pair, side by side, with its version.
pub(super) fn answer(r: &mut Reader<'_>, row: &CandidateRow) -> Result<Answer, Problem> {
    let shown = view::comparison(r, row)?;
    Ok(Answer::ok(&shown)?.etag(shown.candidate.version, r.principal(), &shown.candidate.can))
}

/// Compare a pair
///
/// Side by side: field by field, what hangs on either as far as the caller may see it, and the newest merge.
#[utoipa::path(tag = "duplicates", params(IdPath), responses((status = 200, description = "The pair.", body = DuplicateComparison, headers(("ETag" = String, description = "Version of the pair, for `If-Match`.")))))]
#[get("/api/v1/duplicate-candidates/{id}")]
pub async fn get_duplicate_candidate(permit: Permit<DuplicateRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = candidates::find(r, id.0)?;
            for side in candidates::sides_of_visible(r, std::slice::from_ref(&row))? {
                let kind = if rules::is_person(row.kind) { "individual" } else { "household" };
                r.saw(Seen { subject_kind: kind, subject_id: side.id, household_id: Some(side.household_id) });
            }
            answer(r, &row)
        })
        .await
}

/// The pair locked, of the version the caller knows, with both sides in his area.
pub(super) fn take(w: &mut Writer<'_>, id: Id, version: IfMatch) -> Result<CandidateRow, Problem> {
    let row = candidates::find_for_update(w, id.0)?;
    if !row.whole() {
        return Err(Problem::with(&problem::FORBIDDEN, "the coordinator has this case"));
    }
    version.check(row.version)?;
    Ok(row)
}

/// Refuses a step that the status does not allow.
pub(super) fn allow(row: &CandidateRow, verb: &str) -> Result<(), Problem> {
    if rules::can_decide(row.status).contains(&verb) {
        return Ok(());
    }
    Err(Problem::with(&problem::WRONG_STATE, "what has been said of this pair does not allow it"))
}

/// Says something of a pair, with its reason in the audit trail of both households.
pub(super) fn said(
    w: &mut Writer<'_>,
    row: &CandidateRow,
    to: DuplicateStatus,
    action: &'static str,
    reason: &str,
    until: Option<chrono::NaiveDate>,
) -> Result<(), Problem> {
    candidates::set_status(w, row.id, to, Some(reason), until)?;
    w.audit(AuditEntry {
        action,
        subject_kind: "duplicate_candidate",
        subject_id: Some(row.id),
        reason: Some(reason.to_owned()),
        before: Some(json!({"status": row.status})),
        after: Some(json!({"status": to, "a_id": row.a_id, "b_id": row.b_id, "later_until": until})),
        ..AuditEntry::default()
    })
}

/// Find two records distinct
///
/// They are never proposed again, whatever a later search thinks of them.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), request_body = DuplicateReason, responses((status = 200, description = "They are two.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/distinct")]
pub async fn mark_duplicate_distinct(
    permit: Permit<DuplicateDecide>,
    id: Id,
    version: IfMatch,
    body: Json<DuplicateReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            allow(&row, "distinct")?;
            said(w, &row, DuplicateStatus::Distinct, "duplicate.distinct", &clean(&body.0.reason), None)?;
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}

/// Put a pair off
///
/// Until a day; it is open again from then on.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), request_body = DuplicateLater, responses((status = 200, description = "It waits.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/later")]
pub async fn postpone_duplicate(
    permit: Permit<DuplicateDecide>,
    id: Id,
    version: IfMatch,
    body: Json<DuplicateLater>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            allow(&row, "later")?;
            let today = w.today();
            let until = body.0.until.or_else(|| today.checked_add_days(Days::new(rules::LATER_DAYS)));
            let latest = today.checked_add_days(Days::new(366));
            if until <= Some(today) || until > latest {
                return Err(Problem::field("/until", "range", "must lie ahead, within a year"));
            }
            said(w, &row, DuplicateStatus::Later, "duplicate.later", &clean(&body.0.reason), until)?;
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}

/// Open a pair again
///
/// That had been put off or found distinct.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), request_body = DuplicateReason, responses((status = 200, description = "It is open.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/reopen")]
pub async fn reopen_duplicate(
    permit: Permit<DuplicateDecide>,
    id: Id,
    version: IfMatch,
    body: Json<DuplicateReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            allow(&row, "reopen")?;
            said(w, &row, DuplicateStatus::Open, "duplicate.reopen", &clean(&body.0.reason), None)?;
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}
