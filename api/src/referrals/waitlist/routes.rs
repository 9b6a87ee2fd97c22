//! Operations about the waitlist.

use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

use super::model::{NewWaitlistEntry, WaitlistEntry, WaitlistPage, WaitlistQuery, WaitlistStatus};
use super::queries::{self, EntryRow};
use crate::access::policy::{ReferralRead, ReferralSend};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::programs;
use crate::referrals::model::ReferralStatus;
use crate::referrals::queries::{self as referrals, ReferralRow};
use crate::referrals::routes::{knows_who, not_yours, standing};

fn view(r: &Reader<'_>, referral: &ReferralRow, row: EntryRow) -> Result<WaitlistEntry, Problem> {
    let mine = row.status == WaitlistStatus::Waiting && standing(r, referral).sends;
    Ok(WaitlistEntry {
        id: row.id,
        referral_id: row.referral_id,
        program_id: referral.program_id,
        program_name: serde_json::from_value(referral.program_name.clone()).map_err(Problem::internal)?,
        cycle_id: referral.cycle_id,
        subject_name: referral.subject_name.clone().filter(|_| knows_who(r, referral)),
        region_code: referral.region_code.clone(),
        severity: referral.severity,
        status: row.status,
        position: row.position,
        skipped_code: row.skipped_code,
        since: row.created_at,
        version: row.version,
        updated_at: row.updated_at,
        can: if mine { vec!["withdraw"] } else { Vec::new() },
    })
}

fn entry(r: &mut Reader<'_>, id: Uuid) -> Result<WaitlistEntry, Problem> {
    let row = queries::find(r, id)?;
    let referral = referrals::find(r, row.referral_id)?;
    view(r, &referral, row)
}

/// List waitlist entries
///
/// Longest waiting first; each with its place in the line of its cycle.
#[utoipa::path(tag = "referrals", params(WaitlistQuery), responses((status = 200, description = "A page of entries.", body = WaitlistPage)))]
#[get("/api/v1/waitlist")]
pub async fn list_waitlist_entries(
    permit: Permit<ReferralRead>,
    query: Query<WaitlistQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let path = "/api/v1/waitlist";
            let paging = query.0.paging(path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |l| (None, l.id.to_string()));
            let referrals = referrals::find_many(r, rows.iter().map(|row| row.referral_id).collect())?;
            let mut data = Vec::with_capacity(rows.len());
            for row in rows {
                if let Some(referral) = referrals.iter().find(|f| f.id == row.referral_id) {
                    data.push(view(r, referral, row)?);
                }
            }
            page_answer(&WaitlistPage { data, page: page.clone() }, &page, path)
        })
        .await
}

/// Get a waitlist entry
///
/// With its place in the line.
#[utoipa::path(tag = "referrals", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The entry.", body = WaitlistEntry), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/waitlist/{id}")]
pub async fn get_waitlist_entry(permit: Permit<ReferralRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let view = entry(r, id.0)?;
            // The place in the line moves while the entry stays as it is: it belongs to the tag.
            let place = view.position.map(|p| p.to_string()).unwrap_or_default();
            let seen: Vec<&str> = view.can.iter().copied().chain([place.as_str()]).collect();
            Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &seen))
        })
        .await
}

fn audit(w: &mut Writer<'_>, action: &'static str, referral: &ReferralRow, id: Uuid) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "waitlist",
        subject_id: Some(id),
        household_id: Some(referral.household_id),
        restricted: referral.sensitivity == Sensitivity::Restricted,
        after: Some(json!({"referral_id": referral.id, "cycle_id": referral.cycle_id})),
        ..AuditEntry::default()
    })
}

/// Put a referral on the waitlist
///
/// A draft waits for a seat or money of its cycle. The worker sends it when its turn has come, with every check of
/// sending; what cannot be sent then is skipped, with the code of the reason. Nobody waits for a program or cycle that is
/// over (`program_not_open`).
#[utoipa::path(tag = "referrals", params(IdempotencyHeader), request_body = NewWaitlistEntry, responses((status = 201, description = "Waiting.", body = WaitlistEntry)))]
#[post("/api/v1/waitlist")]
pub async fn create_waitlist_entry(
    permit: Permit<ReferralSend>,
    key: IdempotencyKey,
    body: Json<NewWaitlistEntry>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let new = body.0;
            let request = new.clone();
            idempotency::once(w, &key, "create_waitlist_entry", &request, |w| {
                let unseen = |_| Problem::field("/referral_id", "not_found", "is no referral of yours");
                let referral = referrals::find_for_update(w, new.referral_id).map_err(unseen)?;
                if !standing(w, &referral).sends {
                    return Err(not_yours());
                }
                if referral.status != ReferralStatus::Draft {
                    return Err(Problem::with(&problem::WRONG_STATE, "only a draft waits"));
                }
                let closed = || Problem::new(&problem::PROGRAM_NOT_OPEN);
                if programs::offer(w, referral.cycle_id).map_err(|_| closed())?.is_over(w.today()) {
                    return Err(closed());
                }
                let id = queries::insert(w, referral.id, referral.cycle_id, referral.severity)?;
                audit(w, "waitlist.create", &referral, id)?;
                let view = entry(w, id)?;
                let answer = Answer::created(&view, format!("/api/v1/waitlist/{id}"))?;
                Ok(answer.etag(view.version, w.principal(), &view.can))
            })
        })
        .await
}

/// Withdraw a waitlist entry
///
/// The draft stays, and waits no more.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), responses((status = 200, description = "Withdrawn.", body = WaitlistEntry)))]
#[post("/api/v1/waitlist/{id}/withdraw")]
pub async fn withdraw_waitlist_entry(
    permit: Permit<ReferralSend>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::find(w, id.0)?;
            let referral = referrals::find_for_update(w, row.referral_id)?;
            if !standing(w, &referral).sends {
                return Err(not_yours());
            }
            let row = queries::find(w, id.0)?;
            version.check(row.version)?;
            if row.status != WaitlistStatus::Waiting {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            super::settle(w, referral.id, false)?;
            audit(w, "waitlist.withdraw", &referral, id.0)?;
            let view = entry(w, id.0)?;
            Ok(Answer::ok(&view)?.etag(view.version, w.principal(), &view.can))
        })
        .await
}
