//! The steps of a referral. Each is one transaction: what fails rolls all of it back.

use actix_web::post;
use serde_json::json;

use super::model::{
    CancelReferral, CompleteReferral, ReferralNote, ReferralRefusal, ReferralView, ScheduleReferral, SendReferral,
};
use super::queries::{self, Mark, ReferralRow};
use super::receivers::{self, Outside};
use super::routes::{answer, not_yours, standing};
use super::rules::{self, Effect, Refusal, Step};
use super::{deadlines, deliveries, disclosures, effects, waitlist};
use crate::access::policy::{ReferralAnswer, ReferralSend, Role};
use crate::access::{AuditEntry, Duty, Permit, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, MaybeJson};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::problems::{self, ProblemRow, ProblemStatus};
use crate::programs;
use crate::reference::lookup;

/// What the caller says with a step.
#[derive(Debug, Default)]
pub(super) struct Word {
    note: Option<String>,
    mark: Mark,
    /// For sending: why the claim is taken although another stands.
    override_reason: Option<String>,
    /// For completion: whether help was given, and the problem's status after it.
    given: bool,
    outcome: Option<ProblemStatus>,
    /// For the answer of a receiver without an account.
    outside: Option<Outside>,
}

impl Word {
    /// The answer of a receiver without an account; declining has a reason.
    pub(super) fn outside(answer: Outside, reason_code: Option<String>, note: Option<String>) -> Self {
        Self { mark: Mark { reason_code, ..Mark::default() }, outside: Some(answer), ..Self::note(note) }
    }

    fn note(note: Option<String>) -> Self {
        Self { note: text(note), ..Self::default() }
    }
}

pub(super) fn text(text: Option<String>) -> Option<String> {
    text.map(|t| clean(&t)).filter(|t| !t.is_empty())
}

fn action(step: Step) -> &'static str {
    match step {
        Step::Send => "referral.send",
        Step::Accept => "referral.accept",
        Step::Decline => "referral.decline",
        Step::Return => "referral.return",
        Step::Schedule => "referral.schedule",
        Step::Start => "referral.start",
        Step::Complete => "referral.complete",
        Step::Cancel => "referral.cancel",
    }
}

/// What must hold at the moment of sending, besides seat, money and claim.
fn check_sending(w: &mut Writer<'_>, row: &ReferralRow, problem: &ProblemRow) -> Result<programs::Offer, Problem> {
    rules::sendable(problem.status, problem.severity, row.amount_idr).map_err(|refusal| match refusal {
        Refusal::NotVerified => Problem::new(&problem::NOT_VERIFIED),
        Refusal::AboveCap => Problem::with(&problem::NOT_VERIFIED, "an unverified emergency has a cap in rupiah"),
        Refusal::Closed => Problem::with(&problem::WRONG_STATE, "the problem has ended"),
    })?;
    let today = w.today();
    let principal = w.principal();
    let worker = principal.has_role(Role::SocialWorker) && !principal.has_role(Role::Coordinator);
    if worker && principal.str_valid_until.is_none_or(|until| until < today) {
        return Err(Problem::new(&problem::STR_EXPIRED));
    }
    let unverified = problem.status == ProblemStatus::Reported;
    if unverified && !queries::emergency_is_covered(w, problem.household_id, problem.reported_at)? {
        return Err(Problem::new(&problem::ASSESSMENT_OVERDUE));
    }
    let offer = programs::offer(w, row.cycle_id).map_err(|_| Problem::new(&problem::PROGRAM_NOT_OPEN))?;
    if !offer.takes_referrals(today) || !offer.reaches(&problem.region_code) {
        return Err(Problem::new(&problem::PROGRAM_NOT_OPEN));
    }
    if offer.sensitivity != problem.sensitivity {
        return Err(Problem::with(&problem::PROGRAM_NOT_OPEN, "program and problem are labelled differently"));
    }
    let receiver = queries::receiver(w, row.to_organization_id)?.ok_or_else(Problem::not_found)?;
    receiver.receives(today).map_err(Problem::new)?;
    Ok(offer)
}

/// Whoever is told something new of a person has papers in force, also when they ran out after the sending. One that
/// was suspended still serves whom it was sent.
fn check_papers(w: &mut Writer<'_>, row: &ReferralRow) -> Result<(), Problem> {
    let receiver = queries::receiver(w, row.to_organization_id)?.ok_or_else(Problem::not_found)?;
    match receiver.receives(w.today()) {
        Err(code) if code == &problem::AGREEMENT_EXPIRED => Err(Problem::new(code)),
        _ => Ok(()),
    }
}

/// Takes a step: side, version, status, then effects, history and audit.
fn step(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    step: Step,
    word: impl FnOnce(&mut Writer<'_>) -> Result<Word, Problem>,
) -> Result<Answer, Problem> {
    let row = queries::find_for_update(w, id.0)?;
    if !rules::may(step, standing(w, &row)) {
        return Err(not_yours());
    }
    version.check(row.version)?;
    if rules::next(row.status, step).is_none() {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    let word = word(w)?;
    carry_out(w, &row, step, word)?;
    let row = queries::find(w, id.0)?;
    answer(w, row)
}

/// Takes a step on a locked referral, whoever asked for it: effects, history and audit.
pub(super) fn carry_out(w: &mut Writer<'_>, row: &ReferralRow, step: Step, word: Word) -> Result<(), Problem> {
    let to = rules::next(row.status, step).ok_or_else(|| Problem::new(&problem::WRONG_STATE))?;
    if matches!(step, Step::Accept | Step::Schedule) {
        check_papers(w, row)?;
    }
    let Word { note, mut mark, given, outcome, override_reason, outside } = word;
    let problem = problems::of_referral(w, row.problem_id)?;
    if step == Step::Send {
        let offer = check_sending(w, row, &problem)?;
        if rules::effect(row.status, to, given) == Effect::Take {
            mark.source = effects::take(w, row, &problem, &offer, override_reason.as_deref())?;
        }
        mark.rule_version = Some(offer.rule_version);
        mark.sent = true;
    } else {
        let lines = deliveries::delivered(w, row.id)?;
        if (step == Step::Complete && lines.open > 0) || (step == Step::Cancel && lines.under_way > 0) {
            return Err(Problem::new(&problem::DELIVERIES_OPEN));
        }
        if step == Step::Cancel {
            deliveries::cancel_open(w, row.id, "not_needed")?;
        }
        effects::apply(w, row, rules::effect(row.status, to, given), lines)?;
    }
    effects::lead_problem(w, row, &problem, to, outcome)?;
    if matches!(step, Step::Send | Step::Cancel) {
        waitlist::settle(w, row.id, step == Step::Send)?;
    }
    disclosures::note(w, row, step)?;
    mark.due = deadlines::of(w, to, row.severity, mark.scheduled_on)?;
    mark.answered = matches!(step, Step::Accept | Step::Decline | Step::Return);
    mark.completed = step == Step::Complete;
    let said = json!({"reason_code": mark.reason_code, "outcome_code": mark.outcome_code, "note": note,
        "status": to, "funding_source_id": mark.source.or(row.funding_source_id), "scheduled_on": mark.scheduled_on, "override_reason": override_reason,
        "on_behalf": outside});
    let reason = mark.reason_code.clone().or_else(|| mark.outcome_code.clone());
    let event = queries::set_status(w, row, to, step.slug(), note, mark)?;
    if let Some(answer) = outside {
        receivers::keep(w, row.id, event, answer)?;
    }
    w.audit(AuditEntry {
        action: action(step),
        subject_kind: "referral",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.sensitivity == Sensitivity::Restricted,
        reason,
        before: Some(json!({"status": row.status})),
        after: Some(said),
        ..AuditEntry::default()
    })
}

/// Send a referral
///
/// Takes a seat (`no_seats`), reserves the money (`insufficient_funds`) and takes the claim (`claim_overlap`) in one
/// transaction, or nothing. Where a claim stands against it, whoever has the duty `override` may send it all the same with
/// a reason; another reviews that. A returned one is sent again with what it holds. Needs a verified problem, or an emergency
/// up to a cap (`not_verified`), a published program with a cycle that runs today (`program_not_open`), and an organization
/// whose papers are in force (`agreement_expired`) and that is not suspended (`organization_suspended`).
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = Option<SendReferral>, responses((status = 200, description = "Sent.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/send")]
pub async fn send_referral(
    permit: Permit<ReferralSend>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: MaybeJson<SendReferral>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "send_referral", &request, |w| {
                step(w, id, version, Step::Send, |w| {
                    let override_reason = text(body.override_reason);
                    if override_reason.is_some() && !w.principal().has_duty(Duty::Override) {
                        return Err(Problem::with(&problem::FORBIDDEN, "overriding needs the duty to do so"));
                    }
                    Ok(Word { override_reason, ..Word::note(body.note) })
                })
            })
        })
        .await
}

/// Accept a referral
///
/// The reserved money is committed, the problem is in service, and the receiver learns who it is. Papers that have run out
/// since it was sent refuse that (`agreement_expired`).
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = Option<ReferralNote>, responses((status = 200, description = "Accepted.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/accept")]
pub async fn accept_referral(
    permit: Permit<ReferralAnswer>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: MaybeJson<ReferralNote>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "accept_referral", &request, |w| {
                step(w, id, version, Step::Accept, |_| Ok(Word::note(body.note)))
            })
        })
        .await
}

/// A step that refuses, with a reason from a list.
fn refusal(w: &mut Writer<'_>, list: &str, body: ReferralRefusal) -> Result<Word, Problem> {
    lookup::required(w, list, &body.reason_code, "/reason_code")?;
    Ok(Word { mark: Mark { reason_code: Some(body.reason_code), ..Mark::default() }, ..Word::note(body.note) })
}

/// Decline a referral
///
/// Seat, money and claim go back.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = ReferralRefusal, responses((status = 200, description = "Declined.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/decline")]
pub async fn decline_referral(
    permit: Permit<ReferralAnswer>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<ReferralRefusal>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "decline_referral", &request, |w| {
                step(w, id, version, Step::Decline, |w| refusal(w, "referral_decline_reasons", body))
            })
        })
        .await
}

/// Return a referral
///
/// Something is missing. It keeps what it holds; the sender completes and sends it again, or cancels.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = ReferralRefusal, responses((status = 200, description = "Returned.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/return")]
pub async fn return_referral(
    permit: Permit<ReferralAnswer>,
    id: Id,
    version: IfMatch,
    body: Json<ReferralRefusal>,
) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Return, |w| refusal(w, "referral_return_reasons", body.0))).await
}

/// Schedule a referral
///
/// Fixes the day of the help; may be moved. Not by an organization whose papers have run out (`agreement_expired`).
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = ScheduleReferral, responses((status = 200, description = "Scheduled.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/schedule")]
pub async fn schedule_referral(
    permit: Permit<ReferralAnswer>,
    id: Id,
    version: IfMatch,
    body: Json<ScheduleReferral>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Schedule, |w| {
                let day = effects::not_before(body.0.scheduled_on, w.today())?;
                Ok(Word { mark: Mark { scheduled_on: Some(day), ..Mark::default() }, ..Word::note(body.0.note) })
            })
        })
        .await
}

/// Start a referral
///
/// Help begins.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader), request_body = Option<ReferralNote>, responses((status = 200, description = "In service.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/start")]
pub async fn start_referral(
    permit: Permit<ReferralAnswer>,
    id: Id,
    version: IfMatch,
    body: MaybeJson<ReferralNote>,
) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Start, |_| Ok(Word::note(body.0.note)))).await
}

/// What the list of outcomes says: whether help was given, and how the problem stands after it.
fn outcome(w: &mut Writer<'_>, body: CompleteReferral) -> Result<Word, Problem> {
    let entry = lookup::required(w, "referral_outcomes", &body.outcome_code, "/outcome_code")?;
    let status = entry.attrs.get("problem_status").cloned().and_then(|s| serde_json::from_value(s).ok());
    let met = matches!(status, Some(ProblemStatus::Resolved | ProblemStatus::PartlyResolved));
    Ok(Word {
        mark: Mark { outcome_code: Some(body.outcome_code), ..Mark::default() },
        given: entry.attrs.get("given").and_then(serde_json::Value::as_bool).unwrap_or(met),
        outcome: status,
        ..Word::note(body.note)
    })
}

/// Complete a referral
///
/// With an outcome. Help that was given is disbursed; where none was given, seat, money and claim go back. The problem
/// follows the outcome. A simple service may be completed straight from `accepted`.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = CompleteReferral, responses((status = 200, description = "Completed.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/complete")]
pub async fn complete_referral(
    permit: Permit<ReferralAnswer>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<CompleteReferral>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "complete_referral", &request, |w| {
                step(w, id, version, Step::Complete, |w| outcome(w, body))
            })
        })
        .await
}

fn withdrawal(w: &mut Writer<'_>, body: CancelReferral) -> Result<Word, Problem> {
    let words = text(body.reason);
    let code = match (body.reason_code, &words) {
        (Some(code), _) => code,
        (None, Some(_)) => "other".to_owned(),
        (None, None) => {
            return Err(Problem::field("/reason_code", "required", "a code or a reason in words is needed"));
        }
    };
    lookup::required(w, "referral_cancel_reasons", &code, "/reason_code")?;
    let note = [words, text(body.note)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Ok(Word {
        mark: Mark { reason_code: Some(code), ..Mark::default() },
        ..Word::note((!note.is_empty()).then_some(note))
    })
}

/// Cancel a referral
///
/// The sender withdraws it, until help has begun. Seat, money and claim go back.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = CancelReferral, responses((status = 200, description = "Cancelled.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/cancel")]
pub async fn cancel_referral(
    permit: Permit<ReferralSend>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<CancelReferral>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "cancel_referral", &request, |w| {
                step(w, id, version, Step::Cancel, |w| withdrawal(w, body))
            })
        })
        .await
}
