//! Operations about decisions: reading and proposing. Their steps are in [`super::steps`].

use actix_web::{get, post};
use serde_json::json;

use super::model::{Decision, DecisionAnswer, DecisionEffect, DecisionPage, DecisionQuery, NewDecision};
use super::queries::{self, DecisionRow, Fresh};
use super::rules::{self, Days, Standing};
use crate::access::policy::{DecisionAnswer as MayAnswer, DecisionConfirm, DecisionPropose, DecisionRead, Role};
use crate::access::{AuditEntry, Duty, Permit, Reader, Seen, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfNoneMatchHeader};
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::{idempotency, referrals, services};

/// Whether the caller may stand for decisions of this kelurahan as the second person.
fn decides(r: &Reader<'_>, region_code: &str) -> bool {
    let principal = r.principal();
    let trusted = principal.has_role(Role::Coordinator) || principal.has_duty(Duty::Supervise);
    trusted && principal.may::<DecisionConfirm>() && principal.scope_for::<DecisionConfirm>().covers_region(region_code)
}

pub(super) fn standing(r: &Reader<'_>, row: &DecisionRow) -> Standing {
    let principal = r.principal();
    let proposing = principal.scope_for::<DecisionPropose>();
    let answering = principal.scope_for::<MayAnswer>();
    let concerned = answering.person.is_some_and(|(person, household)| {
        row.individual_id.map_or(household == row.household_id, |concerned| concerned == person)
    });
    Standing {
        proposes: principal.may::<DecisionPropose>()
            && (proposing.covers_region(&row.region_code)
                || row.to_organization_id.is_some_and(|id| proposing.organizations.contains(&id))),
        answers: principal.may::<MayAnswer>() && (concerned || answering.covers_region(&row.region_code)),
        decides: decides(r, &row.region_code),
        proposed: row.proposed_by == principal.id,
    }
}

pub(super) fn days(r: &Reader<'_>, row: &DecisionRow) -> Days {
    Days { today: r.today(), due_on: row.due_on, effective_on: row.effective_on }
}

pub(super) fn view(r: &Reader<'_>, row: DecisionRow) -> Result<Decision, Problem> {
    let can = rules::can(row.status, standing(r, &row), days(r, &row));
    let named = !r.scope().deidentified;
    #[derive(serde::Deserialize)]
    struct Said {
        id: uuid::Uuid,
        said: String,
        channel: super::model::AnswerChannel,
        recorded_by: uuid::Uuid,
        at: chrono::DateTime<chrono::Utc>,
    }
    let answers: Vec<Said> = serde_json::from_value(row.answers).map_err(Problem::internal)?;
    let answers = answers.into_iter().map(|a| DecisionAnswer {
        id: a.id,
        said: Some(a.said).filter(|_| named),
        channel: a.channel,
        recorded_by: a.recorded_by,
        at: a.at,
    });
    Ok(Decision {
        id: row.id,
        effect: row.effect,
        referral_id: row.referral_id,
        service_request_id: row.request_id,
        about: serde_json::from_value(row.about).map_err(Problem::internal)?,
        household_id: row.household_id,
        individual_id: row.individual_id,
        subject_name: row.subject_name.filter(|_| named),
        region_code: row.region_code,
        sensitivity: row.sensitivity,
        reason_code: row.reason_code,
        reasons: Some(row.reasons).filter(|_| named),
        legal_basis: row.legal_basis,
        status: row.status,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        notice_channel: row.notice_channel,
        notified_at: row.notified_at,
        answer_days: row.due_days,
        answer_due_on: row.due_on,
        effective_on: row.effective_on,
        answers: answers.collect(),
        confirmed_by: row.confirmed_by,
        confirmed_at: row.confirmed_at,
        in_effect_at: row.in_effect_at,
        ended_reason: row.ended_reason.filter(|_| named),
        reversed_by: row.reversed_by,
        reversed_at: row.reversed_at,
        restored_referral_id: row.restored_referral_id,
        version: row.version,
        updated_at: row.updated_at,
        can,
    })
}

pub(super) fn answer(r: &Reader<'_>, row: DecisionRow) -> Result<Answer, Problem> {
    let view = view(r, row)?;
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List decisions
///
/// Newest first: those of the caller's area, and those about referrals to his organization. A citizen finds those about
/// himself and his household, from the notice on.
#[utoipa::path(tag = "decisions", params(DecisionQuery), responses((status = 200, description = "A page of decisions.", body = DecisionPage)))]
#[get("/api/v1/decisions")]
pub async fn list_decisions(permit: Permit<DecisionRead>, query: Query<DecisionQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("decisions");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect::<Result<_, _>>()?;
            page_answer(&DecisionPage { data, page: page.clone() }, &page, "/api/v1/decisions")
        })
        .await
}

/// Get a decision
///
/// With what the person said. `can` says what the caller may do next.
#[utoipa::path(tag = "decisions", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The decision.", body = Decision), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/decisions/{id}")]
pub async fn get_decision(permit: Permit<DecisionRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "decision", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// Propose a decision
///
/// To stop the help of a referral that was accepted, or to refuse an open service request. One at a time about each
/// (`already_exists`). Nothing happens until the person was told, could answer, and a second person confirmed it.
#[utoipa::path(tag = "decisions", params(IdempotencyHeader), request_body = NewDecision, responses((status = 201, description = "Proposed.", body = Decision)))]
#[post("/api/v1/decisions")]
pub async fn create_decision(
    permit: Permit<DecisionPropose>,
    key: IdempotencyKey,
    body: Json<NewDecision>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            let copy = new.clone();
            idempotency::once(w, &key, "create_decision", &copy, |w| propose(w, new))
        })
        .await
}

/// What it is about, if the caller may decide on it: the row without its words.
fn subject(w: &mut Writer<'_>, body: &NewDecision) -> Result<Fresh, Problem> {
    let blank = |household_id, individual_id, problem_id, sensitivity| Fresh {
        effect: body.effect,
        household_id,
        individual_id,
        problem_id,
        referral_id: body.referral_id,
        request_id: body.service_request_id,
        sensitivity,
        reason_code: String::new(),
        reasons: String::new(),
        legal_basis: None,
    };
    let (fresh, region_code, organization, open) = match (body.effect, body.referral_id, body.service_request_id) {
        (DecisionEffect::StopBenefit, Some(id), None) => {
            let unknown = |_| Problem::field("/referral_id", "not_found", "is no referral of your area");
            let help = referrals::help(w, id).map_err(unknown)?;
            let fresh = blank(help.household_id, help.individual_id, Some(help.problem_id), help.sensitivity);
            (fresh, help.region_code, Some(help.to_organization_id), help.running)
        }
        (DecisionEffect::RejectRequest, None, Some(id)) => {
            let unknown = |_| Problem::field("/service_request_id", "not_found", "is no request of your area");
            let asked = services::asked(w, id).map_err(unknown)?;
            let fresh = blank(asked.household_id, asked.individual_id, asked.problem_id, asked.sensitivity);
            (fresh, asked.region_code, None, asked.open)
        }
        (DecisionEffect::StopBenefit, ..) => {
            return Err(Problem::field("/referral_id", "required", "names the referral, and nothing else is named"));
        }
        (DecisionEffect::RejectRequest, ..) => {
            let detail = "names the request, and nothing else is named";
            return Err(Problem::field("/service_request_id", "required", detail));
        }
    };
    let scope = w.scope();
    if !(scope.covers_region(&region_code) || organization.is_some_and(|id| scope.organizations.contains(&id))) {
        return Err(Problem::with(&problem::FORBIDDEN, "it is not of your area or organization"));
    }
    if !open {
        return Err(Problem::with(&problem::WRONG_STATE, "what it is about is not under way"));
    }
    Ok(fresh)
}

fn propose(w: &mut Writer<'_>, body: NewDecision) -> Result<Answer, Problem> {
    let mut fresh = subject(w, &body)?;
    lookup::required(w, "decision_reasons", &body.reason_code, "/reason_code")?;
    fresh.reason_code = body.reason_code;
    fresh.reasons = clean(&body.reasons);
    fresh.legal_basis = body.legal_basis.as_deref().map(clean).filter(|t| !t.is_empty());
    let after = json!({"effect": fresh.effect, "referral_id": fresh.referral_id, "service_request_id": fresh.request_id,
        "reason_code": fresh.reason_code, "reasons": fresh.reasons, "legal_basis": fresh.legal_basis});
    let id = queries::insert(w, fresh)?;
    let row = queries::find(w, id)?;
    w.audit(AuditEntry {
        action: "decision.propose",
        subject_kind: "decision",
        subject_id: Some(id),
        household_id: Some(row.household_id),
        restricted: row.restricted(),
        after: Some(after),
        ..AuditEntry::default()
    })?;
    let view = view(w, row)?;
    Ok(Answer::created(&view, format!("/api/v1/decisions/{id}"))?.etag(view.version, w.principal(), &view.can))
}
