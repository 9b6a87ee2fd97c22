//! Operations about merges.

use actix_web::post;
use serde_json::json;

use super::merge;
use super::merge_model::{MergeRequest, MergeStatus};
use super::model::{DuplicateComparison, DuplicateReason, DuplicateStatus};
use super::queries::candidates::{self, CandidateRow};
use super::queries::merges::{self, MergeRow};
use super::routes::{allow, answer, said, take};
use super::view;
use crate::access::policy::{DuplicateConfirm, DuplicateDecide, DuplicateUndo};
use crate::access::{Duty, Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json};
use crate::http::openapi::{IdPath, IfMatchHeader};
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

/// Refuses what cannot be merged so.
fn check(w: &Writer<'_>, row: &CandidateRow, request: &MergeRequest) -> Result<(), Problem> {
    if request.survivor_id != row.a_id && request.survivor_id != row.b_id {
        return Err(Problem::field("/survivor_id", "unknown", "is not one of the two"));
    }
    if request.override_reason.is_some() && !w.principal().has_duty(Duty::Override) {
        return Err(Problem::with(&problem::FORBIDDEN, "needs the duty override"));
    }
    Ok(())
}

/// Whether this caller's merge of the pair waits for a second person.
fn waits(w: &mut Writer<'_>, row: &CandidateRow) -> Result<bool, Problem> {
    let sides = candidates::sides_of_visible(w, std::slice::from_ref(row))?;
    let [a, b] = &sides[..] else { return Err(Problem::not_found()) };
    let held = [candidates::holdings_of_visible(w, a, row.kind)?, candidates::holdings_of_visible(w, b, row.kind)?];
    Ok(view::needs_second_word(w, [a, b], held))
}

/// The pair with its two records locked before it: a merge also closes other pairs of the two, and whoever holds one of
/// those must not wait for the records.
fn take_both(w: &mut Writer<'_>, id: Id, version: IfMatch) -> Result<CandidateRow, Problem> {
    let seen = candidates::find(w, id.0)?;
    if seen.whole() {
        merge::lock(w, &seen)?;
    }
    take(w, id, version)
}

fn newest(w: &mut Writer<'_>, row: &CandidateRow) -> Result<MergeRow, Problem> {
    merges::newest_of_visible(w, row)?.ok_or_else(Problem::not_found)
}

/// Merge a pair
///
/// The survivor keeps his id and gets what hangs on the other record: identifiers, problems, referrals, awards and claims;
/// the merged id still answers, with `merged_into`. Where money hangs on either side, or the caller may not see all that
/// does, the merge waits for a second person (`proposed`). Two who both hold aid of one kind are refused (`claim_overlap`)
/// but for `override_reason`.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), request_body = MergeRequest, responses((status = 200, description = "Merged, or proposed.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/merge")]
pub async fn merge_duplicate(
    permit: Permit<DuplicateDecide>,
    id: Id,
    version: IfMatch,
    body: Json<MergeRequest>,
) -> Result<Answer, Problem> {
    let mut request = body.0;
    request.reason = clean(&request.reason);
    request.override_reason = request.override_reason.as_deref().map(clean).filter(|text| !text.is_empty());
    permit
        .write(move |w| {
            let row = take_both(w, id, version)?;
            allow(&row, "merge")?;
            check(w, &row, &request)?;
            let second_word = waits(w, &row)?;
            merges::insert(w, &row, &request, second_word)?;
            if second_word {
                said(w, &row, DuplicateStatus::Proposed, "duplicate.propose_merge", &request.reason, None)?;
            } else {
                let stored = newest(w, &row)?;
                said(w, &row, DuplicateStatus::Merged, "duplicate.decide_merge", &request.reason, None)?;
                merge::carry_out(w, &row, &stored)?;
            }
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}

/// Confirm a merge
///
/// By a second person; it is done at once.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), responses((status = 200, description = "Merged.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/confirm-merge")]
pub async fn confirm_duplicate_merge(
    permit: Permit<DuplicateConfirm>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take_both(w, id, version)?;
            let stored = newest(w, &row)?;
            if row.status != DuplicateStatus::Proposed || stored.status != MergeStatus::Proposed {
                return Err(Problem::with(&problem::WRONG_STATE, "no merge of this pair waits"));
            }
            if stored.proposed_by == w.principal().id {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever proposes a merge does not confirm it"));
            }
            merges::decide(w, stored.id, MergeStatus::Done)?;
            said(w, &row, DuplicateStatus::Merged, "duplicate.confirm_merge", &stored.reason, None)?;
            merge::carry_out(w, &row, &stored)?;
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}

/// Reject a merge
///
/// By a second person, or taken back by who proposed it; the pair is open again.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), request_body = DuplicateReason, responses((status = 200, description = "It is open.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/reject-merge")]
pub async fn reject_duplicate_merge(
    permit: Permit<DuplicateDecide>,
    id: Id,
    version: IfMatch,
    body: Json<DuplicateReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take(w, id, version)?;
            let stored = newest(w, &row)?;
            if row.status != DuplicateStatus::Proposed || stored.status != MergeStatus::Proposed {
                return Err(Problem::with(&problem::WRONG_STATE, "no merge of this pair waits"));
            }
            if stored.proposed_by != w.principal().id && !w.principal().may::<DuplicateConfirm>() {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            merges::decide(w, stored.id, MergeStatus::Rejected)?;
            said(w, &row, DuplicateStatus::Open, "duplicate.reject_merge", &clean(&body.0.reason), None)?;
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}

/// Undo a merge
///
/// Every row goes back to where it was, and every field of the survivor that still holds what the merge put there. What
/// somebody has changed since stays and is listed in `merge.kept`; what was entered since stays with the survivor.
#[utoipa::path(tag = "duplicates", params(IdPath, IfMatchHeader), request_body = DuplicateReason, responses((status = 200, description = "They are two again, and the pair is open.", body = DuplicateComparison)))]
#[post("/api/v1/duplicate-candidates/{id}/undo-merge")]
pub async fn undo_duplicate_merge(
    permit: Permit<DuplicateUndo>,
    id: Id,
    version: IfMatch,
    body: Json<DuplicateReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = take_both(w, id, version)?;
            let stored = newest(w, &row)?;
            if row.status != DuplicateStatus::Merged || stored.status != MergeStatus::Done {
                return Err(Problem::with(&problem::WRONG_STATE, "this pair is not merged"));
            }
            let reason = clean(&body.0.reason);
            let kept = merge::take_back(w, &row, &stored, &reason)?;
            merges::undone(w, stored.id, &reason, json!(kept))?;
            said(w, &row, DuplicateStatus::Open, "duplicate.reopen", &reason, None)?;
            let row = candidates::find(w, row.id)?;
            answer(w, &row)
        })
        .await
}
