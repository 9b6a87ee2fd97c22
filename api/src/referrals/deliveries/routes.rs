//! Operations about deliveries: reading, planning and changing. Their steps are in [`super::steps`].

use actix_web::{get, patch, post};
use chrono::{Months, NaiveDate};
use serde_json::json;
use uuid::Uuid;

use super::model::{
    DeliveryPage, DeliveryPatch, DeliveryQuery, DeliveryStatus, DeliveryView, NewDelivery, PlannedDeliveries,
    ReferralDeliveryQuery,
};
use super::queries::{self, DeliveryRow, Payee};
use super::rules::{self, Standing};
use crate::access::policy::{DeliveryApprove, DeliveryAttest, DeliveryConfirm, DeliveryPlan, DeliveryRead};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::{Paging, page_answer};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::programs;
use crate::reference::lookup;
use crate::referrals::model::ReferralStatus;
use crate::referrals::queries::{self as referrals, ReferralRow};
use crate::referrals::routes::{knows_who, not_yours};

/// Statuses in which a referral gives something.
pub(in crate::referrals) fn gives(status: ReferralStatus) -> bool {
    matches!(status, ReferralStatus::Accepted | ReferralStatus::Scheduled | ReferralStatus::InService)
}

/// What the caller is to a line, by all that is granted to him.
pub(super) fn standing(r: &Reader<'_>, referral: &ReferralRow, row: &DeliveryRow) -> Standing {
    let principal = r.principal();
    let (to, me) = (referral.to_organization_id, principal.id);
    let plan = principal.may::<DeliveryPlan>() && principal.scope_for::<DeliveryPlan>().covers_organization(to);
    let approve =
        principal.may::<DeliveryApprove>() && principal.scope_for::<DeliveryApprove>().covers_organization(to);
    let attest = principal.scope_for::<DeliveryAttest>();
    let near = attest.covers_region(&referral.region_code) || attest.covers_organization(to);
    let recipient = principal.scope_for::<DeliveryConfirm>().person.is_some_and(|(person, household)| {
        referral.individual_id.map_or(household == referral.household_id, |id| id == person)
    });
    Standing {
        answers: plan,
        approves: approve && row.planned_by != Some(me),
        attests: principal.may::<DeliveryAttest>() && near && row.problem_reported_by != Some(me),
        receives: principal.may::<DeliveryConfirm>() && recipient && row.confirmed_by.is_none(),
    }
}

fn view(r: &Reader<'_>, referral: &ReferralRow, row: DeliveryRow) -> DeliveryView {
    let can = rules::can(row.status, standing(r, referral, &row));
    let known = knows_who(r, referral);
    DeliveryView {
        id: row.id,
        referral_id: row.referral_id,
        program_id: referral.program_id,
        region_code: referral.region_code.clone(),
        subject_name: referral.subject_name.clone().filter(|_| known),
        planned_on: row.planned_on,
        amount_idr: row.amount_idr,
        quantity: row.quantity,
        unit: row.unit,
        channel: row.channel,
        payee_individual_id: row.payee_individual_id.filter(|_| known),
        payee_name: row.payee_name.filter(|_| known),
        status: row.status,
        attention: row.attention,
        decree: row.decree,
        proof_kind: row.proof_kind,
        proof_reference: row.proof_reference.filter(|_| known),
        proof_evidence_id: row.proof_evidence_id.filter(|_| known),
        received_on: row.received_on,
        account_reference: row.account_reference,
        reason_code: row.reason_code,
        note: row.note.filter(|_| known),
        confirmation: row.confirmation,
        planned_by: row.planned_by,
        approved_by: row.approved_by,
        received_by: row.received_by,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    }
}

/// The line as the caller sees it now.
pub(super) fn answer(r: &mut Reader<'_>, referral: &ReferralRow, id: Uuid) -> Result<Answer, Problem> {
    let row = queries::find(r, id)?;
    let view = view(r, referral, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

fn page(
    r: &mut Reader<'_>,
    query: &DeliveryQuery,
    paging: &Paging,
    referral: Option<Uuid>,
    path: &str,
) -> Result<Answer, Problem> {
    let start = paging.start(r.sealer())?;
    let mut rows = queries::list(r, query, referral, start.as_ref(), paging.fetch())?;
    let total = if paging.include_total { Some(queries::count(r, query, referral)?) } else { None };
    let page = paging.close(&mut rows, r.sealer(), total, |d| (Some(d.planned_on.to_string()), d.id.to_string()));
    let referrals = referrals::find_many(r, rows.iter().map(|row| row.referral_id).collect())?;
    let data = rows
        .into_iter()
        .filter_map(|row| {
            let referral = referrals.iter().find(|f| f.id == row.referral_id)?;
            Some(view(r, referral, row))
        })
        .collect();
    page_answer(&DeliveryPage { data, page: page.clone() }, &page, path)
}

/// List deliveries
///
/// By day: what is to be given, or was, by the referrals the caller may see.
#[utoipa::path(tag = "referrals", params(DeliveryQuery), responses((status = 200, description = "A page of deliveries.", body = DeliveryPage)))]
#[get("/api/v1/deliveries")]
pub async fn list_deliveries(permit: Permit<DeliveryRead>, query: Query<DeliveryQuery>) -> Result<Answer, Problem> {
    let path = "/api/v1/deliveries";
    permit.read(move |r| page(r, &query.0, &query.0.paging(path), None, path)).await
}

/// List deliveries of a referral
///
/// By day: what it gives, gave, and could not give.
#[utoipa::path(tag = "referrals", params(IdPath, ReferralDeliveryQuery), responses((status = 200, description = "A page of deliveries.", body = DeliveryPage)))]
#[get("/api/v1/referrals/{id}/deliveries")]
pub async fn list_referral_deliveries(
    permit: Permit<DeliveryRead>,
    id: Id,
    query: Query<ReferralDeliveryQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            referrals::find(r, id.0)?;
            let path = format!("/api/v1/referrals/{}/deliveries", id.0);
            page(r, &DeliveryQuery::default(), &query.0.paging(&path), Some(id.0), &path)
        })
        .await
}

/// Get a delivery
///
/// Who takes it is shown to whom the referral shows who it is about.
#[utoipa::path(tag = "referrals", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The delivery.", body = DeliveryView), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/deliveries/{id}")]
pub async fn get_delivery(permit: Permit<DeliveryRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            let referral = referrals::find(r, row.referral_id)?;
            r.saw(Seen {
                subject_kind: "referral",
                subject_id: referral.id,
                household_id: Some(referral.household_id),
            });
            answer(r, &referral, id.0)
        })
        .await
}

/// Writes what was done to a line into the audit trail.
pub(super) fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    referral: &ReferralRow,
    id: Uuid,
    reason: Option<String>,
    after: serde_json::Value,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "delivery",
        subject_id: Some(id),
        household_id: Some(referral.household_id),
        restricted: referral.sensitivity == Sensitivity::Restricted,
        reason,
        after: Some(after),
        ..AuditEntry::default()
    })
}

/// Who takes it: somebody named, or a living person of the household.
fn payee(
    w: &mut Writer<'_>,
    referral: &ReferralRow,
    person: Option<Uuid>,
    name: Option<&str>,
) -> Result<Payee, Problem> {
    let name = name.map(clean).filter(|n| !n.is_empty());
    if person.is_some() && name.is_some() {
        return Err(Problem::field(
            "/payee_name",
            "duplicate_member",
            "name a person of the household or somebody else",
        ));
    }
    if name.is_some() {
        return Ok(Payee { id: None, name });
    }
    queries::payee(w, referral.household_id, person.or(referral.individual_id))?
        .ok_or_else(|| Problem::field("/payee_individual_id", "not_found", "is no living person of this household"))
}

/// The same day of each month, or its last where it is shorter.
fn days(first: NaiveDate, months: u32) -> Vec<NaiveDate> {
    (0..months).filter_map(|n| first.checked_add_months(Months::new(n))).collect()
}

fn within(w: &mut Writer<'_>, referral: &ReferralRow, more: i64) -> Result<(), Problem> {
    let planned = queries::delivered(w, referral.id)?.planned_idr;
    if planned.checked_add(more).is_none_or(|sum| sum > referral.amount_idr) {
        return Err(Problem::field(
            "/amount_idr",
            "exceeds_referral",
            "all lines together exceed what the referral holds",
        ));
    }
    Ok(())
}

fn plan(w: &mut Writer<'_>, id: Uuid, mut new: NewDelivery) -> Result<Answer, Problem> {
    let referral = referrals::find_for_update(w, id)?;
    if !w.principal().scope_for::<DeliveryPlan>().covers_organization(referral.to_organization_id) {
        return Err(not_yours());
    }
    if !gives(referral.status) {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    lookup::required(w, "delivery_channels", &new.channel, "/channel")?;
    if new.planned_on < w.today() {
        return Err(Problem::field("/planned_on", "in_past", "lies in the past"));
    }
    let days = days(new.planned_on, new.months.unwrap_or(1));
    within(w, &referral, new.amount_idr.saturating_mul(i64::try_from(days.len()).unwrap_or(i64::MAX)))?;
    let payee = payee(w, &referral, new.payee_individual_id, new.payee_name.as_deref())?;
    new.note = new.note.map(|n| clean(&n)).filter(|n| !n.is_empty());
    let unit = match new.quantity {
        Some(_) => Some(programs::offer(w, referral.cycle_id)?.benefit_unit),
        None => None,
    };
    let mut data = Vec::with_capacity(days.len());
    for day in days {
        let line = queries::insert(w, id, &new, day, unit.as_deref(), &payee)?;
        let said =
            json!({"planned_on": day, "amount_idr": new.amount_idr, "channel": new.channel, "payee_name": payee.name});
        audit(w, "delivery.plan", &referral, line, None, said)?;
        let row = queries::find(w, line)?;
        data.push(view(w, &referral, row));
    }
    Answer::created(&PlannedDeliveries { data }, format!("/api/v1/referrals/{id}/deliveries"))
}

/// Plan deliveries of a referral
///
/// One line, or the same on that day of every month. Needs an accepted referral; all lines together never exceed what
/// it holds (`exceeds_referral`). Each line is approved by another, distributed, received with proof and accounted for.
#[utoipa::path(tag = "referrals", params(IdPath, IdempotencyHeader), request_body = NewDelivery, responses((status = 201, description = "Planned.", body = PlannedDeliveries)))]
#[post("/api/v1/referrals/{id}/deliveries")]
pub async fn create_referral_deliveries(
    permit: Permit<DeliveryPlan>,
    id: Id,
    key: IdempotencyKey,
    body: Json<NewDelivery>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let new = body.0;
            let request = json!([id.0, new]);
            idempotency::once(w, &key, "create_referral_deliveries", &request, |w| plan(w, id.0, new))
        })
        .await
}

/// What may not be null, or too much.
fn check(patch: &DeliveryPatch) -> Result<(), Problem> {
    let nulls = [
        ("/planned_on", patch.planned_on == Field::Null),
        ("/amount_idr", patch.amount_idr == Field::Null),
        ("/channel", patch.channel == Field::Null),
        ("/payee_individual_id", patch.payee_individual_id == Field::Null),
    ];
    if let Some((pointer, _)) = nulls.iter().find(|(_, null)| *null) {
        return Err(Problem::field(*pointer, "required", "cannot be removed"));
    }
    if patch.amount_idr.value().is_some_and(|a| !(0..=10_000_000_000).contains(a)) {
        return Err(Problem::field("/amount_idr", "range", "must be 0 to 10,000,000,000"));
    }
    if patch.note.value().is_some_and(|n| n.chars().count() > 1000) {
        return Err(Problem::field("/note", "length", "is too long"));
    }
    Ok(())
}

/// Change a delivery
///
/// While it is planned. Naming who takes it settles what had to be looked at.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = DeliveryPatch, responses((status = 200, description = "Changed.", body = DeliveryView)))]
#[patch("/api/v1/deliveries/{id}")]
pub async fn update_delivery(
    permit: Permit<DeliveryPlan>,
    id: Id,
    version: IfMatch,
    body: Json<DeliveryPatch>,
) -> Result<Answer, Problem> {
    check(&body.0)?;
    permit
        .write(move |w| {
            let (referral, mut row) = queries::lock(w, id.0)?;
            if !standing(w, &referral, &row).answers {
                return Err(not_yours());
            }
            version.check(row.version)?;
            if row.status != DeliveryStatus::Planned || !gives(referral.status) {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            let patch = body.0;
            if let Field::Value(day) = patch.planned_on {
                if day < w.today() {
                    return Err(Problem::field("/planned_on", "in_past", "lies in the past"));
                }
                row.planned_on = day;
            }
            if let Field::Value(amount) = patch.amount_idr {
                within(w, &referral, amount - row.amount_idr)?;
                row.amount_idr = amount;
            }
            if let Field::Value(channel) = patch.channel {
                lookup::required(w, "delivery_channels", &channel, "/channel")?;
                row.channel = channel;
            }
            if let Field::Value(person) = patch.payee_individual_id {
                let payee = payee(w, &referral, Some(person), None)?;
                (row.payee_individual_id, row.payee_name, row.attention) = (payee.id, payee.name, None);
            }
            if let Some(note) = patch.note.nullable() {
                row.note = note.map(|n| clean(&n)).filter(|n| !n.is_empty());
            }
            queries::update(w, &row)?;
            let after = json!({"planned_on": row.planned_on, "amount_idr": row.amount_idr, "channel": row.channel,
                "payee_name": row.payee_name, "note": row.note});
            audit(w, "delivery.update", &referral, id.0, None, after)?;
            answer(w, &referral, id.0)
        })
        .await
}
