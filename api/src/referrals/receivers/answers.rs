//! Answers by one-time link, without signing in.
//!
//! The secret stands behind the `#` of the link and comes in the body alone. A wrong one is 404 and is counted by
//! address; whoever has a right one is told why it is of no use any more.

use actix_web::{HttpRequest, post};

use super::links::hash;
use super::model::{
    AnswerSecret, DeclineReason, LinkAcceptance, LinkAnswer, LinkRefusal, ReferralOffer, ReferredPerson,
};
use super::queries::{self, Outside};
use crate::access::policy::ReferralLinkAnswer;
use crate::access::{Permit, Reader, Writer, address};
use crate::http::answer::Answer;
use crate::http::extract::Json;
use crate::kernel::label::Label;
use crate::kernel::printed::typed;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::referrals::model::{ReferralAnswerChannel, ReferralStatus};
use crate::referrals::queries::{self as referrals, ReferralRow};
use crate::referrals::rules::Step;
use crate::referrals::steps::{self, Word, text};
use crate::services;

const PER_ADDRESS: i64 = 100;

/// Whether a link still opens its referral, or why not.
fn open(r: &Reader<'_>, end_reason: Option<&str>, row: &ReferralRow) -> Result<(), Problem> {
    let ended = |why: &str| Err(Problem::with(&problem::LINK_ENDED, why));
    if row.has_account {
        return Err(Problem::new(&problem::RECEIVER_HAS_ACCOUNT));
    }
    match end_reason {
        Some("replaced") => return ended("there is a newer one"),
        Some("answered") => return ended("the referral has been answered"),
        Some(_) => return ended("the referral is no longer waiting for an answer"),
        None => {}
    }
    if row.status != ReferralStatus::Sent {
        return ended("the referral is no longer waiting for an answer");
    }
    if row.due_at.is_none_or(|due| due <= r.now()) {
        return ended("the time to answer is over");
    }
    Ok(())
}

/// Does something with the referral a secret opens; 404 where it is no secret. Failures are counted.
async fn with_secret(
    permit: Permit<ReferralLinkAnswer>,
    req: &HttpRequest,
    secret: &str,
    work: impl FnOnce(&mut Writer<'_>, ReferralRow) -> Result<Answer, Problem> + Send + 'static,
) -> Result<Answer, Problem> {
    let (secret, address) = (typed(secret), address(req, permit.gate()));
    let answer = permit
        .write(move |w| {
            let booked = services::book_failure(w, &format!("answer from {address}"), PER_ADDRESS)?;
            let hash = hash(w, &secret);
            // Not an error yet: a failure must be committed to be counted.
            let Some(link) = queries::link(w, hash.clone())? else { return Ok(None) };
            services::unbook(w, &[booked])?;
            let row = referrals::lock_as_receiver(w, link.organization_id, link.referral_id)?;
            // Read again under the lock: somebody may have answered meanwhile.
            let ended = queries::link(w, hash)?.and_then(|link| link.end_reason);
            open(w, ended.as_deref(), &row)?;
            work(w, row).map(Some)
        })
        .await?;
    Ok(answer.ok_or_else(Problem::not_found)?.header("cache-control", "no-store"))
}

fn label(name: Option<serde_json::Value>, code: &str) -> Label {
    name.and_then(|name| serde_json::from_value(name).ok())
        .unwrap_or_else(|| Label { id: code.to_owned(), en: code.to_owned() })
}

fn offer(w: &mut Writer<'_>, row: ReferralRow) -> Result<Answer, Problem> {
    let found = queries::offer_of_visible(w, &row)?;
    let reasons = queries::decline_reasons(w)?;
    let (Some(sent_at), Some(due_at)) = (row.sent_at, row.due_at) else { return Err(Problem::not_found()) };
    Answer::ok(&ReferralOffer {
        need: label(found.need, &row.need_code),
        organization_name: row.to_organization_name,
        program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
        severity: row.severity,
        subject_kind: row.subject_kind,
        village: found.village,
        district: found.district,
        amount_idr: row.amount_idr,
        sent_at,
        due_at,
        decline_reasons: reasons
            .into_iter()
            .map(|(code, name)| DeclineReason { name: label(Some(name), &code), code })
            .collect(),
    })
}

/// Look at a referral by its link
///
/// What is asked for, where and until when, and nothing of whom. The secret is that of a one-time link or letter: 404
/// where there is none like it, `link_ended` where it is of no use any more, `receiver_has_account` where the receiver
/// has an account by now. After 100 failures of an address in 15 minutes: 429.
#[utoipa::path(tag = "referrals", security(()), request_body = AnswerSecret, responses((status = 200, description = "What is asked for.", body = ReferralOffer)))]
#[post("/api/v1/referral-answers/look")]
pub async fn look_at_referral(
    permit: Permit<ReferralLinkAnswer>,
    req: HttpRequest,
    body: Json<AnswerSecret>,
) -> Result<Answer, Problem> {
    with_secret(permit, &req, &body.0.secret, offer).await
}

fn outside(r: &Reader<'_>, answered_by: &str) -> Outside {
    Outside {
        channel: ReferralAnswerChannel::Link,
        answered_by: clean(answered_by),
        answered_on: r.today(),
        evidence_id: None,
    }
}

/// Accept a referral by its link
///
/// The reserved money is committed, the problem is in service, and the answer tells, this once, whom it is about, as a
/// partner with an account is shown. The link is of no use afterwards.
#[utoipa::path(tag = "referrals", security(()), request_body = LinkAcceptance, responses((status = 200, description = "Accepted.", body = LinkAnswer)))]
#[post("/api/v1/referral-answers/accept")]
pub async fn accept_by_link(
    permit: Permit<ReferralLinkAnswer>,
    req: HttpRequest,
    body: Json<LinkAcceptance>,
) -> Result<Answer, Problem> {
    let LinkAcceptance { secret, answered_by, note } = body.0;
    with_secret(permit, &req, &secret, move |w, row| {
        let word = Word::outside(outside(w, &answered_by), None, text(note));
        steps::carry_out(w, &row, Step::Accept, word)?;
        let people = queries::people_of_visible(w, &row)?;
        Answer::ok(&LinkAnswer {
            accepted: true,
            referral_id: row.id,
            subject_name: row.subject_name,
            people: people
                .into_iter()
                .map(|p| ReferredPerson { name: p.name, sex: p.sex, birth_date: p.birth_date })
                .collect(),
            note: row.note,
        })
    })
    .await
}

/// Decline a referral by its link
///
/// Seat, money and claim go back. The link is of no use afterwards.
#[utoipa::path(tag = "referrals", security(()), request_body = LinkRefusal, responses((status = 200, description = "Declined.", body = LinkAnswer)))]
#[post("/api/v1/referral-answers/decline")]
pub async fn decline_by_link(
    permit: Permit<ReferralLinkAnswer>,
    req: HttpRequest,
    body: Json<LinkRefusal>,
) -> Result<Answer, Problem> {
    let LinkRefusal { secret, answered_by, reason_code, note } = body.0;
    with_secret(permit, &req, &secret, move |w, row| {
        lookup::required(w, "referral_decline_reasons", &reason_code, "/reason_code")?;
        let word = Word::outside(outside(w, &answered_by), Some(reason_code), text(note));
        steps::carry_out(w, &row, Step::Decline, word)?;
        Answer::ok(&LinkAnswer {
            accepted: false,
            referral_id: row.id,
            subject_name: None,
            people: Vec::new(),
            note: None,
        })
    })
    .await
}
