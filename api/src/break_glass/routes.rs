//! Operations about looks behind the glass.

use actix_web::{get, post};
use serde_json::json;

use super::model::{BreakGlass, BreakGlassPage, BreakGlassQuery, Finding, GlassReview, GlassSubject, NewBreakGlass};
use super::queries::{self, GlassRow};
use crate::access::policy::{BreakGlassOpen, BreakGlassRead, BreakGlassReview};
use crate::access::{AuditEntry, Duty, Permit, Reader, Seen, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

/// Reviewers are whoever protects personal data, auditors, and coordinators who supervise.
fn reviewer(r: &Reader<'_>) -> bool {
    let principal = r.principal();
    let duty = principal.has_duty(Duty::Supervise) || principal.has_duty(Duty::ProtectData);
    principal.may::<BreakGlassReview>() && (r.scope().deidentified || duty)
}

fn reviews(r: &Reader<'_>, row: &GlassRow) -> bool {
    row.account_id != r.principal().id && row.finding.is_none() && reviewer(r)
}

/// A look that waits for its review.
#[derive(Debug)]
pub struct LookToReview {
    /// Id.
    pub id: uuid::Uuid,
    /// Who looked.
    pub account_name: String,
    /// Household it concerns.
    pub household_id: uuid::Uuid,
    /// Since when it waits.
    pub opened_at: chrono::DateTime<chrono::Utc>,
}

/// Looks of others that wait for the caller's review; none where he reviews none.
pub fn to_review(r: &mut Reader<'_>, limit: i64) -> Result<Vec<LookToReview>, Problem> {
    if !reviewer(r) {
        return Ok(Vec::new());
    }
    let rows = queries::waiting(r, limit)?;
    let one = |row: GlassRow| LookToReview {
        id: row.id,
        account_name: row.account_name,
        household_id: row.household_id,
        opened_at: row.opened_at,
    };
    Ok(rows.into_iter().map(one).collect())
}

fn view(r: &Reader<'_>, row: GlassRow) -> BreakGlass {
    let named = !r.scope().deidentified;
    let can = if reviews(r, &row) { vec!["review"] } else { Vec::new() };
    BreakGlass {
        id: row.id,
        subject_kind: row.subject_kind,
        subject_id: Some(row.subject_id).filter(|_| named),
        household_id: Some(row.household_id).filter(|_| named),
        account_id: row.account_id,
        account_name: row.account_name,
        reason: Some(row.reason).filter(|_| named),
        opened_at: row.opened_at,
        expires_at: row.expires_at,
        open: row.expires_at > r.now(),
        finding: row.finding,
        review_note: row.review_note.filter(|_| named),
        reviewed_by: row.reviewed_by,
        reviewed_at: row.reviewed_at,
        version: row.version,
        can,
    }
}

fn answer(r: &Reader<'_>, row: GlassRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List looks behind the glass
///
/// Newest first: one's own; those of the area to who supervises it; all of them, without what was seen, to an auditor.
#[utoipa::path(tag = "break_glass", params(BreakGlassQuery), responses((status = 200, description = "A page of looks.", body = BreakGlassPage)))]
#[get("/api/v1/break-glass")]
pub async fn list_break_glass(
    permit: Permit<BreakGlassRead>,
    query: Query<BreakGlassQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("break-glass");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect();
            page_answer(&BreakGlassPage { data, page: page.clone() }, &page, "/api/v1/break-glass")
        })
        .await
}

/// Get a look behind the glass
///
/// As in the list.
#[utoipa::path(tag = "break_glass", params(IdPath), responses((status = 200, description = "The look.", body = BreakGlass)))]
#[get("/api/v1/break-glass/{id}")]
pub async fn get_break_glass(permit: Permit<BreakGlassRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Break the glass
///
/// Opens a restricted problem in one's area, or a household outside it that is tied to one's work, for reading, for four
/// hours. It is logged, told to those who supervise, and reviewed by another person. An id that one has no lawful way to
/// answers like one that does not exist. What one sees anyway answers `conflict`.
#[utoipa::path(tag = "break_glass", params(IdempotencyHeader), request_body = NewBreakGlass, responses((status = 201, description = "It is open.", body = BreakGlass)))]
#[post("/api/v1/break-glass")]
pub async fn create_break_glass(
    permit: Permit<BreakGlassOpen>,
    key: IdempotencyKey,
    body: Json<NewBreakGlass>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            let copy = serde_json::to_value(&new).map_err(Problem::internal)?;
            idempotency::once(w, &key, "create_break_glass", &copy, |w| open(w, &new))
        })
        .await
}

fn open(w: &mut Writer<'_>, new: &NewBreakGlass) -> Result<Answer, Problem> {
    let (kind, subject, behind) = match (new.household_id, new.problem_id) {
        (Some(id), None) => (GlassSubject::Household, id, queries::household_behind(w, id)?),
        (None, Some(id)) => (GlassSubject::Problem, id, queries::problem_behind(w, id)?),
        _ => return Err(Problem::field("/problem_id", "required", "household_id or problem_id is required")),
    };
    if behind.open_already {
        return Err(Problem::with(&problem::CONFLICT, "you may see it as it is"));
    }
    let reason = clean(&new.reason);
    let id = queries::insert(w, kind, subject, behind.household_id, &reason)?;
    let seen = Seen { subject_kind: kind.slug(), subject_id: subject, household_id: Some(behind.household_id) };
    w.log_access("view", seen, Some("break_glass"), &[])?;
    w.audit(AuditEntry {
        action: "break_glass.open",
        subject_kind: kind.slug(),
        subject_id: Some(subject),
        household_id: Some(behind.household_id),
        restricted: kind == GlassSubject::Problem,
        purpose: Some("break_glass".into()),
        after: Some(json!({"break_glass_id": id, "reason": reason})),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, id)?;
    let view = view(w, row);
    Ok(Answer::created(&view, format!("/api/v1/break-glass/{id}"))?.etag(view.version, w.principal(), &view.can))
}

/// Review a look behind the glass
///
/// By another person than who looked (`same_person`): a coordinator who supervises, or an auditor. An unjustified look
/// ends at once.
#[utoipa::path(tag = "break_glass", params(IdPath, IfMatchHeader), request_body = GlassReview, responses((status = 200, description = "Reviewed.", body = BreakGlass)))]
#[post("/api/v1/break-glass/{id}/review")]
pub async fn review_break_glass(
    permit: Permit<BreakGlassReview>,
    id: Id,
    version: IfMatch,
    body: Json<GlassReview>,
) -> Result<Answer, Problem> {
    let review = body.0;
    permit
        .write(move |w| {
            let row = queries::find_for_update(w, id.0)?;
            if row.account_id == w.principal().id {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever looked does not review it"));
            }
            version.check(row.version)?;
            if row.finding.is_some() {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            if !reviews(w, &row) {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            let note = review.note.as_deref().map(clean).filter(|n| !n.is_empty());
            if review.finding == Finding::Unjustified && note.is_none() {
                return Err(Problem::field("/note", "required", "say why it was not justified"));
            }
            queries::review(w, row.id, &review, note.clone())?;
            w.audit(AuditEntry {
                action: "break_glass.review",
                subject_kind: row.subject_kind.slug(),
                subject_id: Some(row.subject_id),
                household_id: Some(row.household_id),
                restricted: row.subject_kind == GlassSubject::Problem,
                after: Some(json!({"break_glass_id": row.id, "finding": review.finding, "note": note})),
                ..AuditEntry::default()
            })?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}
