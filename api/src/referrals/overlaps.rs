//! The overlap guard as people see it: a warning before sending, and the review of what was sent all the same.

use actix_web::{get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::effects;
use super::queries;
use super::routes::{knows_who, not_yours, standing};
use crate::access::policy::{OverrideRead, OverrideReview, ReferralSend};
use crate::access::{AuditEntry, Permit};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::IdPath;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::problems;
use crate::programs::{self, ProgramText};

/// Aid of the same kind in the same time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overlap {
    /// Referral by which it is held; null where it is reported by others, or not the caller's to see.
    #[schema(required)]
    pub referral_id: Option<Uuid>,
    /// Name of the program; null where it is not the caller's to see.
    #[schema(required)]
    pub program_name: Option<ProgramText>,
    /// First day.
    #[schema(example = "2026-01-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2026-12-31")]
    pub ends_on: NaiveDate,
    /// Who reports it, where others do.
    #[schema(required, example = "SP2D Sembako 2026-10")]
    pub reported_by: Option<String>,
}

/// What stands against sending a referral, and what should be known.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overlaps {
    /// Kind of aid nobody gets twice; null where the program has none.
    #[schema(required, example = "food_parcel")]
    pub overlap_class: Option<String>,
    /// Aid of ours that makes sending it refused (`claim_overlap`).
    pub held: Vec<Overlap>,
    /// Aid that others report: never a refusal, always to be looked at.
    pub reported: Vec<Overlap>,
}

/// Get the overlaps of a referral
///
/// Before it is sent: the aid of the same kind that the family, person or dwelling holds in the same time, by us
/// (refused) and by the reports of others (a finding).
#[utoipa::path(tag = "referrals", params(IdPath), responses((status = 200, description = "What stands against it.", body = Overlaps)))]
#[get("/api/v1/referrals/{id}/overlaps")]
pub async fn get_referral_overlaps(permit: Permit<ReferralSend>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::find(w, id.0)?;
            if !standing(w, &row).sends || !knows_who(w, &row) {
                return Err(not_yours());
            }
            let problem = problems::of_referral(w, row.problem_id)?;
            let offer = programs::offer(w, row.cycle_id).map_err(|_| Problem::new(&problem::PROGRAM_NOT_OPEN))?;
            let Some(class) = offer.overlap_class.clone() else {
                return Answer::ok(&Overlaps { overlap_class: None, held: Vec::new(), reported: Vec::new() });
            };
            let (kind, unit) = effects::claim_unit(&offer, &problem);
            let view = |rows: Vec<queries::OverlapRow>| -> Result<Vec<Overlap>, Problem> {
                let one = |o: queries::OverlapRow| {
                    let name = o.program_name.map(serde_json::from_value).transpose().map_err(Problem::internal)?;
                    Ok(Overlap {
                        referral_id: o.referral_id,
                        program_name: name,
                        starts_on: o.starts_on,
                        ends_on: o.ends_on,
                        reported_by: o.reported_by,
                    })
                };
                rows.into_iter().map(one).collect()
            };
            let held = view(queries::held(w, &row, &class, kind, unit, &offer)?)?;
            let reported = view(queries::reported(w, &row, &class, &offer)?)?;
            Answer::ok(&Overlaps { overlap_class: Some(class), held, reported })
        })
        .await
}

crate::slugs! {
    /// What the review of an override found.
    OverrideFinding {
        /// It was right to give it.
        Justified "justified",
        /// It was not.
        NotJustified "not_justified",
    }
}

/// Aid that was given although the guard stood against it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverlapOverride {
    /// Id.
    pub id: Uuid,
    /// The referral that was sent.
    pub referral_id: Uuid,
    /// Its program.
    pub program_name: ProgramText,
    /// Kind of aid.
    #[schema(example = "food_parcel")]
    pub overlap_class: String,
    /// Kelurahan of the household, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Why.
    #[schema(example = "Rumah terbakar, paket pertama ikut hangus.")]
    pub reason: String,
    /// Who did it.
    #[schema(required)]
    pub overridden_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub overridden_at: Option<DateTime<Utc>>,
    /// What the review found; null while it waits.
    #[schema(required)]
    pub finding: Option<OverrideFinding>,
    /// In words.
    #[schema(required, example = "Dibuktikan dengan surat RT.")]
    pub review_note: Option<String>,
    /// What this caller may do: review.
    #[schema(example = json!(["review"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(OverlapOverridePage, OverlapOverride);

crate::list_query! {
    /// Filters of the overrides.
    OverlapOverrideQuery {
        /// Only those that wait for their review, or have it.
        #[param(example = false)]
        reviewed: bool,
    }
}

/// A review.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReviewOverride {
    /// What was found.
    pub finding: OverrideFinding,
    /// In words.
    #[schema(max_length = 1000, example = "Dibuktikan dengan surat RT.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

fn view(row: queries::OverrideRow, me: Uuid, reviews: bool) -> Result<OverlapOverride, Problem> {
    let open = reviews && row.finding.is_none() && row.overridden_by != Some(me);
    Ok(OverlapOverride {
        id: row.id,
        referral_id: row.referral_id,
        program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
        overlap_class: row.overlap_class,
        region_code: row.region_code,
        reason: row.reason,
        overridden_by: row.overridden_by,
        overridden_at: row.overridden_at,
        finding: row.finding,
        review_note: row.review_note,
        can: if open { vec!["review"] } else { Vec::new() },
    })
}

/// List overlap overrides
///
/// Newest first: aid that was given although the guard stood against it, with the reason and what its review found.
#[utoipa::path(tag = "referrals", params(OverlapOverrideQuery), responses((status = 200, description = "A page of overrides.", body = OverlapOverridePage)))]
#[get("/api/v1/overlap-overrides")]
pub async fn list_overlap_overrides(
    permit: Permit<OverrideRead>,
    query: Query<OverlapOverrideQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let path = "/api/v1/overlap-overrides";
            let paging = query.0.paging(path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::overrides(r, query.0.reviewed, None, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count_overrides(r, query.0.reviewed)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |o| (None, o.id.to_string()));
            let (me, reviews) = (r.principal().id, r.principal().may::<OverrideReview>());
            let data = rows.into_iter().map(|row| view(row, me, reviews)).collect::<Result<_, _>>()?;
            page_answer(&OverlapOverridePage { data, page: page.clone() }, &page, path)
        })
        .await
}

/// Review an overlap override
///
/// By another than who did it (`same_person`), once.
#[utoipa::path(tag = "referrals", params(IdPath), request_body = ReviewOverride, responses((status = 200, description = "Reviewed.", body = OverlapOverride)))]
#[post("/api/v1/overlap-overrides/{id}/review")]
pub async fn review_overlap_override(
    permit: Permit<OverrideReview>,
    id: Id,
    body: Json<ReviewOverride>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let me = w.principal().id;
            let found = queries::overrides(w, None, Some(id.0), None, 1)?.pop().ok_or_else(Problem::not_found)?;
            if found.overridden_by == Some(me) {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever overrides the guard does not review it"));
            }
            let ReviewOverride { finding, note } = body.0;
            let note = note.map(|n| clean(&n)).filter(|n| !n.is_empty());
            if !queries::review(w, id.0, finding, note.as_deref())? {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            let referral = queries::find(w, found.referral_id)?;
            w.audit(AuditEntry {
                action: "overlap.review",
                subject_kind: "referral",
                subject_id: Some(referral.id),
                household_id: Some(referral.household_id),
                restricted: referral.sensitivity == Sensitivity::Restricted,
                after: Some(serde_json::json!({"finding": finding, "note": note})),
                ..AuditEntry::default()
            })?;
            let row = queries::overrides(w, None, Some(id.0), None, 1)?.pop().ok_or_else(Problem::not_found)?;
            Answer::ok(&view(row, me, true)?)
        })
        .await
}
