//! Answers recorded on behalf of a receiver without an account.

use actix_web::post;
use serde_json::json;

use super::links::asked;
use super::model::{RecordAnswer, RecordedVerdict};
use super::queries::Outside;
use crate::access::policy::ReferralRecord;
use crate::access::{Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::dates::office_date;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::referrals::deliveries;
use crate::referrals::model::{ReferralAnswerChannel, ReferralStatus, ReferralView};
use crate::referrals::queries::{self as referrals, ReferralRow};
use crate::referrals::routes::answer;
use crate::referrals::rules::Step;
use crate::referrals::steps::{self, Word, text};

/// What was said, once it is shown to be sound.
fn word(w: &mut Writer<'_>, row: &ReferralRow, body: RecordAnswer) -> Result<(Step, Word), Problem> {
    if body.channel == ReferralAnswerChannel::Link {
        return Err(Problem::field("/channel", "not_allowed", "an answer by link is given by whoever holds the link"));
    }
    if body.answered_on > w.today() {
        return Err(Problem::field("/answered_on", "in_future", "lies in the future"));
    }
    if row.sent_at.is_some_and(|sent| body.answered_on < office_date(sent)) {
        return Err(Problem::field("/answered_on", "too_early", "lies before the day it was sent"));
    }
    let file = body.evidence_id.ok_or_else(|| Problem::field("/evidence_id", "required", "a file must show it"))?;
    if !deliveries::is_evidence_of(w, file, row.problem_id)? {
        return Err(Problem::field("/evidence_id", "not_found", "is no file of this problem"));
    }
    let (step, reason) = match (body.answer, body.reason_code) {
        (RecordedVerdict::Accept, None) => (Step::Accept, None),
        (RecordedVerdict::Accept, Some(_)) => {
            return Err(Problem::field("/reason_code", "not_allowed", "only declining has a reason"));
        }
        (RecordedVerdict::Decline, None) => {
            return Err(Problem::field("/reason_code", "required", "declining has a reason"));
        }
        (RecordedVerdict::Decline, Some(code)) => {
            lookup::required(w, "referral_decline_reasons", &code, "/reason_code")?;
            (Step::Decline, Some(code))
        }
    };
    let outside = Outside {
        channel: body.channel,
        answered_by: clean(&body.answered_by),
        answered_on: body.answered_on,
        evidence_id: Some(file),
    };
    Ok((step, Word::outside(outside, reason, text(body.note))))
}

fn record(w: &mut Writer<'_>, id: Id, version: IfMatch, body: RecordAnswer) -> Result<Answer, Problem> {
    let row = asked(w, id)?;
    version.check(row.version)?;
    if row.status != ReferralStatus::Sent {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    let (step, word) = word(w, &row, body)?;
    steps::carry_out(w, &row, step, word)?;
    let row = referrals::find(w, id.0)?;
    answer(w, row)
}

/// Record an answer on behalf of the receiver
///
/// For a receiver without an account (`receiver_has_account` for one that has one) that answered by letter, telephone,
/// e-mail or in person: who answered, when, and a file of the problem that shows it. It does what accepting or declining
/// by account does; the history tells on whose behalf.
#[utoipa::path(tag = "referrals", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = RecordAnswer, responses((status = 200, description = "Recorded.", body = ReferralView)))]
#[post("/api/v1/referrals/{id}/record-answer")]
pub async fn record_referral_answer(
    permit: Permit<ReferralRecord>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<RecordAnswer>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let request = json!([id.0, body]);
            idempotency::once(w, &key, "record_referral_answer", &request, |w| record(w, id, version, body))
        })
        .await
}
