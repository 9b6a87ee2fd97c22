//! The steps of a decision. Each is one transaction: what fails rolls all of it back.

use actix_web::post;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::effects;
use super::model::{
    AnswerChannel, AnswerDecision, Decision, DecisionStatus, EndDecision, NoticeChannel, NotifyDecision,
};
use super::queries::{self, DecisionRow, Mark, Notice};
use super::routes::{answer, days, standing};
use super::rules::{self, Refusal, Step};
use crate::access::policy::{DecisionAnswer, DecisionConfirm, DecisionPropose};
use crate::access::{AuditEntry, Permit, Writer};
use crate::calendars;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::State => Problem::new(&problem::WRONG_STATE),
        Refusal::Early => Problem::new(&problem::TOO_EARLY),
        Refusal::Late => Problem::new(&problem::TOO_LATE),
        Refusal::SamePerson => Problem::with(&problem::SAME_PERSON, "whoever proposes a decision does not confirm it"),
    }
}

/// The trail's line of a step.
pub(super) fn note(w: &mut Writer<'_>, row: &DecisionRow, action: &'static str, after: Value) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "decision",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.restricted(),
        before: Some(json!({"status": row.status})),
        after: Some(after),
        ..AuditEntry::default()
    })
}

/// The decision, locked, for a step that is the caller's and open today; with the status after it.
fn begin(w: &mut Writer<'_>, id: Id, version: IfMatch, step: Step) -> Result<(DecisionRow, DecisionStatus), Problem> {
    let row = queries::find_for_update(w, id.0)?;
    let standing = standing(w, &row);
    if !rules::may(step, standing) {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    version.check(row.version)?;
    let to = rules::take(row.status, step, standing, days(w, &row)).map_err(refused)?;
    Ok((row, to))
}

/// Give notice of a decision
///
/// Once the person was told, with the reasons. Starts the time to answer, in working days of the city's calendar: no
/// fewer than the list `decision_effects` asks for, and the decision holds from a later day (`notice_too_short`).
#[utoipa::path(tag = "decisions", params(IdPath, IfMatchHeader), request_body = NotifyDecision, responses((status = 200, description = "The person may answer.", body = Decision)))]
#[post("/api/v1/decisions/{id}/notify")]
pub async fn notify_decision(
    permit: Permit<DecisionPropose>,
    id: Id,
    version: IfMatch,
    body: Json<NotifyDecision>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, id, version, Step::Notify)?;
            let notice = term(w, &row, &body.0)?;
            let after =
                json!({"channel": notice.channel, "answer_due_on": notice.due_on, "effective_on": notice.effective_on});
            queries::set_status(w, row.id, to, Mark { notice: Some(notice), ..Mark::default() })?;
            note(w, &row, "decision.notify", after)?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// The days a notice gives, if they are enough.
fn term(w: &mut Writer<'_>, row: &DecisionRow, body: &NotifyDecision) -> Result<Notice, Problem> {
    let short = |pointer: &str, least: String| Problem::field(pointer, "notice_too_short", format!("at least {least}"));
    let asked = lookup::entry(w, "decision_effects", row.effect.slug())?;
    let least = asked.and_then(|e| e.attrs.get("answer_days").and_then(Value::as_i64));
    let least =
        least.and_then(|n| i32::try_from(n).ok()).filter(|n| (1..=90).contains(n)).unwrap_or(rules::ANSWER_DAYS);
    let days = body.answer_days.unwrap_or(least);
    if days < least {
        return Err(short("/answer_days", format!("{least} working days")));
    }
    let (calendar_id, office) = calendars::hold(w, None)?;
    let from: NaiveDate = w.today();
    let due_on = calendars::due(from, u32::try_from(days).unwrap_or(0), &office);
    let next = calendars::due(due_on, 1, &office);
    let effective_on = body.effective_on.unwrap_or(next);
    if effective_on <= due_on {
        return Err(short("/effective_on", next.to_string()));
    }
    Ok(Notice { channel: body.channel, calendar_id, from, days, due_on, effective_on })
}

/// Answer a decision
///
/// What the person says before the last day to answer (`too_late` after it): with his own account, or written down by a
/// worker who heard him. As often as he has something to say; the second person reads it before confirming.
#[utoipa::path(tag = "decisions", params(IdPath, IfMatchHeader), request_body = AnswerDecision, responses((status = 200, description = "Kept.", body = Decision)))]
#[post("/api/v1/decisions/{id}/answer")]
pub async fn answer_decision(
    permit: Permit<DecisionAnswer>,
    id: Id,
    version: IfMatch,
    body: Json<AnswerDecision>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, id, version, Step::Answer)?;
            let channel = match (w.scope().covers_region(&row.region_code), body.0.channel) {
                (false, _) => AnswerChannel::Own,
                (true, None | Some(NoticeChannel::InPerson)) => AnswerChannel::InPerson,
                (true, Some(NoticeChannel::HomeVisit)) => AnswerChannel::HomeVisit,
                (true, Some(NoticeChannel::Letter)) => AnswerChannel::Letter,
                (true, Some(NoticeChannel::Phone)) => AnswerChannel::Phone,
            };
            let said = clean(&body.0.said);
            queries::answer(w, row.id, &said, channel)?;
            queries::set_status(w, row.id, to, Mark::default())?;
            note(w, &row, "decision.answer", json!({"said": said, "channel": channel}))?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Confirm a decision
///
/// By another than who proposed it (`same_person`): a coordinator, or who supervises the area; not before the time to
/// answer is over (`too_early`). It then waits for its day.
#[utoipa::path(tag = "decisions", params(IdPath, IfMatchHeader), responses((status = 200, description = "Confirmed.", body = Decision)))]
#[post("/api/v1/decisions/{id}/confirm")]
pub async fn confirm_decision(permit: Permit<DecisionConfirm>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, id, version, Step::Confirm)?;
            queries::set_status(w, row.id, to, Mark { confirmed: true, ..Mark::default() })?;
            note(w, &row, "decision.confirm", json!({"effective_on": row.effective_on}))?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Withdraw a decision
///
/// Until it takes effect; whoever may propose or confirm it.
#[utoipa::path(tag = "decisions", params(IdPath, IfMatchHeader), request_body = EndDecision, responses((status = 200, description = "Withdrawn.", body = Decision)))]
#[post("/api/v1/decisions/{id}/withdraw")]
pub async fn withdraw_decision(
    permit: Permit<DecisionPropose>,
    id: Id,
    version: IfMatch,
    body: Json<EndDecision>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let (row, to) = begin(w, id, version, Step::Withdraw)?;
            let reason = clean(&body.0.reason);
            queries::set_status(w, row.id, to, Mark { ended_reason: Some(reason.clone()), ..Mark::default() })?;
            note(w, &row, "decision.withdraw", json!({"reason": reason}))?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Let a decision take effect
///
/// On its day (`too_early` before); the service does it by itself within moments. Where what it is about has ended
/// meanwhile, it has lapsed and nothing else changes.
#[utoipa::path(tag = "decisions", params(IdPath, IfMatchHeader, IdempotencyHeader), responses((status = 200, description = "In effect, or lapsed.", body = Decision)))]
#[post("/api/v1/decisions/{id}/take-effect")]
pub async fn take_effect_decision(
    permit: Permit<DecisionConfirm>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let request = json!([id.0]);
            idempotency::once(w, &key, "take_effect_decision", &request, |w| {
                let (row, _) = begin(w, id, version, Step::TakeEffect)?;
                effects::carry_out(w, &row)?;
                let row = queries::find(w, id.0)?;
                answer(w, row)
            })
        })
        .await
}

/// Reverse a decision
///
/// With a reason, by another than who proposed it (`same_person`): what two people decided is not undone by the one who
/// wanted it. A refused request is taken in again and its days count from today; for help that was stopped a draft
/// of a new referral is made (`restored_referral_id`), where the problem and the cycle still allow one.
#[utoipa::path(tag = "decisions", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = EndDecision, responses((status = 200, description = "Reversed.", body = Decision)))]
#[post("/api/v1/decisions/{id}/reverse")]
pub async fn reverse_decision(
    permit: Permit<DecisionConfirm>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<EndDecision>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let request = json!([id.0, body.0]);
            idempotency::once(w, &key, "reverse_decision", &request, |w| {
                let (row, _) = begin(w, id, version, Step::Reverse)?;
                effects::undo(w, &row, clean(&body.0.reason))?;
                let row = queries::find(w, id.0)?;
                answer(w, row)
            })
        })
        .await
}
