//! Operations about referrals: reading and drafting. Their steps are in [`super::steps`].

use actix_web::{get, post};
use uuid::Uuid;

use super::deliveries::gives;
use super::model::{
    AnswerOnBehalf, NewReferral, ReferralEventPage, ReferralEventQuery, ReferralEventView, ReferralPage, ReferralQuery,
    ReferralReceiver, ReferralStatus, ReferralView,
};
use super::queries::{self, Fresh, ReferralRow};
use super::rules::{self, Standing};
use crate::access::policy::{DeliveryPlan, ReferralAnswer, ReferralContact, ReferralRead, ReferralSend};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::programs::{AccessMode, BenefitKind, Offer};
use crate::{funding, households, problems, programs};

/// What the caller is to a referral, by all that is granted to him.
pub(super) fn standing(r: &Reader<'_>, row: &ReferralRow) -> Standing {
    let principal = r.principal();
    let send = principal.scope_for::<ReferralSend>();
    let answer = principal.scope_for::<ReferralAnswer>();
    Standing {
        sends: principal.may::<ReferralSend>()
            && (send.covers_region(&row.region_code)
                || row.created_by == Some(principal.id)
                || (send.has_area() && row.assigned)),
        answers: principal.may::<ReferralAnswer>() && answer.covers_organization(row.to_organization_id),
    }
}

/// Whether the caller may know who it is about. A partner may once it has accepted, an agency once it was sent; both
/// no longer after it was declined or withdrawn.
pub(super) fn knows_who(r: &Reader<'_>, row: &ReferralRow) -> bool {
    use ReferralStatus as S;
    let scope = r.scope();
    if scope.deidentified {
        return false;
    }
    if scope.system
        || scope.covers_region(&row.region_code)
        || row.created_by == Some(scope.actor)
        || (scope.has_area() && row.assigned)
        || scope.person.is_some_and(|(_, household)| household == row.household_id)
    {
        return true;
    }
    let agency =
        scope.organizations.contains(&row.to_organization_id) && !scope.partners.contains(&row.to_organization_id);
    match row.status {
        S::Accepted | S::Scheduled | S::InService | S::Completed => {
            scope.organizations.contains(&row.to_organization_id)
        }
        S::Sent | S::Returned => agency,
        S::Draft | S::Declined | S::Expired | S::Cancelled => false,
    }
}

/// Whether the caller works for the receiver itself: not for the city, not for an area.
pub(super) fn receives(r: &Reader<'_>, row: &ReferralRow) -> bool {
    let principal = r.principal();
    principal.may::<ReferralContact>()
        && principal.scope_for::<ReferralContact>().organizations.contains(&row.to_organization_id)
}

/// What this caller may do next.
fn can(r: &Reader<'_>, row: &ReferralRow, standing: Standing) -> Vec<&'static str> {
    let mut can = rules::can(row.status, standing);
    let principal = r.principal();
    if gives(row.status)
        && principal.may::<DeliveryPlan>()
        && principal.scope_for::<DeliveryPlan>().covers_organization(row.to_organization_id)
    {
        can.push("plan-delivery");
    }
    let shared = row.contact_shared.as_ref().is_some_and(|fields| !fields.is_empty());
    if rules::opens_contact(row.status) && shared && receives(r, row) {
        can.push("contact");
    }
    if row.status == ReferralStatus::Sent && standing.sends && !row.has_account {
        if row.due_at.is_some_and(|due| due > r.now()) {
            can.extend(["make-link", "print-letter"]);
        }
        can.push("record-answer");
    }
    can
}

fn receiver(r: &Reader<'_>, row: &ReferralRow, sends: bool) -> ReferralReceiver {
    let reach = rules::reach(
        row.has_account,
        row.link_medium,
        [&row.receiver_email, &row.receiver_address, &row.receiver_phone].map(Option::is_some),
    );
    let told = |text: &Option<String>| text.clone().filter(|_| sends);
    let open = sends && row.link_medium.is_some() && !row.has_account;
    ReferralReceiver {
        reach,
        email: told(&row.receiver_email),
        phone: told(&row.receiver_phone),
        address: told(&row.receiver_address),
        link_until: row.due_at.filter(|due| open && *due > r.now()),
    }
}

fn view(r: &Reader<'_>, row: ReferralRow) -> Result<ReferralView, Problem> {
    let standing = standing(r, &row);
    let can = can(r, &row, standing);
    let receiver = receiver(r, &row, standing.sends);
    let (known, deidentified) = (knows_who(r, &row), r.scope().deidentified);
    Ok(ReferralView {
        id: row.id,
        problem_id: row.problem_id,
        household_id: Some(row.household_id).filter(|_| known || deidentified),
        individual_id: row.individual_id.filter(|_| known || deidentified),
        subject_kind: row.subject_kind,
        subject_name: row.subject_name.filter(|_| known),
        region_code: row.region_code,
        need_code: row.need_code,
        severity: row.severity,
        program_id: row.program_id,
        program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
        cycle_id: row.cycle_id,
        funding_source_id: row.funding_source_id,
        to_organization_id: row.to_organization_id,
        to_organization_name: row.to_organization_name,
        receiver,
        disclosed_fields: row.disclosed,
        status: row.status,
        amount_idr: row.amount_idr,
        rule_version: row.rule_version,
        sensitivity: row.sensitivity,
        note: row.note.filter(|_| known),
        reason_code: row.reason_code,
        outcome_code: row.outcome_code,
        due_at: row.due_at,
        scheduled_on: row.scheduled_on,
        sent_at: row.sent_at,
        answered_at: row.answered_at,
        completed_at: row.completed_at,
        created_by: row.created_by,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    })
}

pub(super) fn answer(r: &Reader<'_>, row: ReferralRow) -> Result<Answer, Problem> {
    let view = view(r, row)?;
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &tag(&view)))
}

/// What of the view changes while its version does not.
fn tag(view: &ReferralView) -> Vec<&str> {
    let reach = [view.receiver.reach.slug(), if view.receiver.link_until.is_some() { "open" } else { "" }];
    let disclosed = view.disclosed_fields.iter().map(String::as_str);
    view.can.iter().copied().chain(reach).chain(disclosed).collect()
}

fn page(r: &mut Reader<'_>, query: &ReferralQuery, household: Option<Uuid>, path: &str) -> Result<Answer, Problem> {
    let paging = query.paging(path);
    let start = paging.start(r.sealer())?;
    let mut rows = queries::list(r, query, household, start.as_ref(), paging.fetch())?;
    let total = if paging.include_total { Some(queries::count(r, query, household)?) } else { None };
    let page = paging.close(&mut rows, r.sealer(), total, |f| (None, f.id.to_string()));
    let data = rows.into_iter().map(|row| view(r, row)).collect::<Result<_, _>>()?;
    page_answer(&ReferralPage { data, page: page.clone() }, &page, path)
}

/// List referrals
///
/// Newest first: those of the caller's area, and those sent to his organization.
#[utoipa::path(tag = "referrals", params(ReferralQuery), responses((status = 200, description = "A page of referrals.", body = ReferralPage)))]
#[get("/api/v1/referrals")]
pub async fn list_referrals(permit: Permit<ReferralRead>, query: Query<ReferralQuery>) -> Result<Answer, Problem> {
    permit.read(move |r| page(r, &query.0, None, "/api/v1/referrals")).await
}

/// List referrals of a household
///
/// Newest first: those of the household itself and of each of its people.
#[utoipa::path(tag = "referrals", params(IdPath, ReferralQuery), responses((status = 200, description = "A page of referrals.", body = ReferralPage)))]
#[get("/api/v1/households/{id}/referrals")]
pub async fn list_household_referrals(
    permit: Permit<ReferralRead>,
    id: Id,
    query: Query<ReferralQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            households::find_visible(r, id.0)?;
            page(r, &query.0, Some(id.0), &format!("/api/v1/households/{}/referrals", id.0))
        })
        .await
}

/// Get a referral
///
/// A partner sees need and kelurahan at once, and who it is once it has accepted.
#[utoipa::path(tag = "referrals", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The referral.", body = ReferralView), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/referrals/{id}")]
pub async fn get_referral(permit: Permit<ReferralRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "referral", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// List events of a referral
///
/// Its history, oldest first.
#[utoipa::path(tag = "referrals", params(IdPath, ReferralEventQuery), responses((status = 200, description = "A page of steps.", body = ReferralEventPage)))]
#[get("/api/v1/referrals/{id}/history")]
pub async fn list_referral_events(
    permit: Permit<ReferralRead>,
    id: Id,
    query: Query<ReferralEventQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            let known = knows_who(r, &row);
            let path = format!("/api/v1/referrals/{}/history", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::events(r, &row, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count_events(r, row.id)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |e| (None, e.id.to_string()));
            let data = rows
                .into_iter()
                .map(|e| ReferralEventView {
                    id: e.id,
                    event: e.event,
                    from_status: e.from_status,
                    to_status: e.to_status,
                    reason_code: e.reason_code,
                    note: e.note.filter(|_| known),
                    actor_id: e.actor_id,
                    actor_name: e.actor_name,
                    at: e.at,
                    on_behalf: e.channel.zip(e.answered_on).map(|(channel, answered_on)| AnswerOnBehalf {
                        channel,
                        answered_by: e.answered_by.filter(|_| known),
                        answered_on,
                        evidence_id: e.evidence_id.filter(|_| known),
                    }),
                })
                .collect();
            page_answer(&ReferralEventPage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// What may be had for nothing.
fn free_of_charge(kind: BenefitKind) -> bool {
    matches!(kind, BenefitKind::Service | BenefitKind::Training | BenefitKind::Job)
}

fn amount(given: Option<i64>, tier: Option<&str>, offer: &Offer) -> Result<i64, Problem> {
    if let Some(tier) = tier {
        if given.is_some() {
            return Err(Problem::field("/tier", "not_allowed", "name a tier or an amount"));
        }
        let unknown = || Problem::field("/tier", "unknown_code", "is no tier of this benefit");
        return offer.tier_idr(tier).ok_or_else(unknown);
    }
    let amount = given.unwrap_or(offer.benefit_value_idr);
    if amount == 0 && offer.benefit_value_idr > 0 && !free_of_charge(offer.benefit_kind) {
        return Err(Problem::field("/amount_idr", "required", "this help has a price"));
    }
    Ok(amount)
}

/// Stores a draft of what the caller asks for.
pub(super) fn create(w: &mut Writer<'_>, new: NewReferral) -> Result<Uuid, Problem> {
    let unseen = |pointer: &'static str, what: &'static str| move |_| Problem::field(pointer, "not_found", what);
    let problem = problems::find(w, new.problem_id).map_err(unseen("/problem_id", "is not in your area"))?;
    let offer = programs::offer(w, new.cycle_id).map_err(unseen("/cycle_id", "is not a cycle"))?;
    if offer.access_mode != AccessMode::Referral {
        return Err(Problem::field("/cycle_id", "not_by_referral", "this program is not given by referral"));
    }
    // A restricted problem in an open program's seats and money would show there.
    if offer.sensitivity != problem.sensitivity {
        let why = "a restricted problem goes to a restricted program, an open one to an open program";
        return Err(Problem::field("/cycle_id", "other_sensitivity", why));
    }
    if !offer.reaches(&problem.region_code) {
        return Err(Problem::field("/cycle_id", "out_of_area", "the program does not reach this kelurahan"));
    }
    let to = new.to_organization_id.unwrap_or(offer.organization_id);
    let receiver = queries::receiver(w, to)?
        .ok_or_else(|| Problem::field("/to_organization_id", "not_found", "is not an organization"))?;
    if let Some(source) = new.funding_source_id
        && !funding::pays_for(w, source, offer.sensitivity)?
    {
        return Err(Problem::field("/funding_source_id", "not_found", "is not a source of money for this program"));
    }
    let label = problem.sensitivity.max(receiver.sensitivity);
    let fresh = Fresh {
        problem_id: problem.id,
        household_id: problem.household_id,
        individual_id: problem.individual_id,
        program_id: offer.program_id,
        cycle_id: offer.cycle_id,
        funding_source_id: new.funding_source_id,
        to_organization_id: to,
        amount_idr: amount(new.amount_idr, new.tier.as_deref(), &offer)?,
        sensitivity: label,
        note: new.note.map(|n| clean(&n)).filter(|n| !n.is_empty()),
    };
    let after = serde_json::json!({"problem_id": fresh.problem_id, "cycle_id": fresh.cycle_id,
        "to_organization_id": to, "amount_idr": fresh.amount_idr, "note": fresh.note});
    let id = queries::insert(w, fresh)?;
    queries::record(w, id, "create", ReferralStatus::Draft, ReferralStatus::Draft, None, None)?;
    w.audit(AuditEntry {
        action: "referral.create",
        subject_kind: "referral",
        subject_id: Some(id),
        household_id: Some(problem.household_id),
        restricted: label == Sensitivity::Restricted,
        after: Some(after),
        ..AuditEntry::default()
    })?;
    Ok(id)
}

fn draft(w: &mut Writer<'_>, new: NewReferral) -> Result<Answer, Problem> {
    let id = create(w, new)?;
    let row = queries::find(w, id)?;
    let view = view(w, row)?;
    Ok(Answer::created(&view, format!("/api/v1/referrals/{id}"))?.etag(view.version, w.principal(), &tag(&view)))
}

/// Create a referral
///
/// A draft: it holds nothing until it is sent.
#[utoipa::path(tag = "referrals", params(IdempotencyHeader), request_body = NewReferral, responses((status = 201, description = "Drafted.", body = ReferralView)))]
#[post("/api/v1/referrals")]
pub async fn create_referral(
    permit: Permit<ReferralSend>,
    key: IdempotencyKey,
    body: Json<NewReferral>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let new = body.0;
            let copy = new.clone();
            idempotency::once(w, &key, "create_referral", &copy, |w| draft(w, new))
        })
        .await
}

/// The refusal of a step that is not this caller's to take.
pub(super) fn not_yours() -> Problem {
    Problem::with(&problem::FORBIDDEN, "this step belongs to the other side of the referral")
}
