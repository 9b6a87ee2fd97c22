//! Stages of a case.

use actix_web::post;

use super::model::{Advance, Case, CaseReason, Stage};
use super::plan::Plan;
use super::queries::{self, CaseRow, Change, Event};
use super::routes::{allowed, answer, audit};
use super::rules::{self, Facts};
use crate::access::policy::CaseWork;
use crate::access::{Permit, Writer};
use crate::assessments;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json};
use crate::http::openapi::{IdPath, IfMatchHeader};
use crate::kernel::problem::{self, Problem};
use crate::reference::lookup;

fn facts(w: &mut Writer<'_>, row: &CaseRow) -> Result<Facts, Problem> {
    let plan: Plan = serde_json::from_value(row.plan.clone()).map_err(Problem::internal)?;
    Ok(Facts {
        led: row.lead_id.is_some(),
        assessed: assessments::signed_since(w, row.household_id, row.id, row.opened_at)?,
        workable: plan.is_workable(),
        agreed: row.plan_agreed_on.is_some(),
        open_goals: plan.has_open_goals(),
        emergency: row.emergency,
    })
}

/// Moves a locked case, notes it and answers with it.
fn go(
    w: &mut Writer<'_>,
    row: &CaseRow,
    change: Change,
    event: &'static str,
    note: Option<String>,
) -> Result<Answer, Problem> {
    let to = change.stage;
    let action = match event {
        "advanced" => "case.advance",
        "suspended" => "case.suspend",
        "resumed" => "case.resume",
        "transferred" => "case.transfer",
        _ => "case.reopen",
    };
    let change = Change { stage_since: Some(w.now()), ..change };
    queries::update(w, row.id, change)?;
    queries::note(w, row.id, Event { event, from: Some(row.stage), to, account: None, note: note.clone() })?;
    let row = queries::find(w, row.id)?;
    audit(w, action, &row, note)?;
    answer(w, row)
}

/// Advance a case
///
/// To a stage of `next_stages`. Screening needs a lead, planning a signed assessment, intervention a plan the family agreed
/// to, termination an outcome, closing no open goal: what is missing is refused with `incomplete` and its pointer.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = Advance, responses((status = 200, description = "At the next stage.", body = Case)))]
#[post("/api/v1/cases/{id}/advance")]
pub async fn advance_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<Advance>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "advance")?;
            let step = body.0;
            if !rules::next(row.stage).contains(&step.to) {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            if let Some((pointer, detail)) = rules::missing(step.to, facts(w, &row)?) {
                return Err(Problem::with(&problem::INCOMPLETE, detail).and(pointer, "required", detail));
            }
            let mut change = Change { stage: Some(step.to), ..Change::default() };
            match (&step.outcome_code, step.to) {
                (Some(code), Stage::Terminated) => {
                    lookup::required(w, "case_outcomes", code, "/outcome_code")?;
                    change.outcome_code = Some(Some(code.clone()));
                }
                (None, Stage::Terminated) => {
                    return Err(Problem::field("/outcome_code", "required", "is required to terminate"));
                }
                (Some(_), _) => {
                    return Err(Problem::field("/outcome_code", "not_allowed", "only goes with terminated"));
                }
                (None, _) => {}
            }
            if step.to == Stage::Closed {
                change.closed_at = Some(Some(w.now()));
            }
            let note = step.note.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
            go(w, &row, change, "advanced", note)
        })
        .await
}

fn reason(body: Json<CaseReason>) -> String {
    body.0.reason.trim().to_owned()
}

/// Suspend a case
///
/// For a reason; `resume` goes on where it stood.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = CaseReason, responses((status = 200, description = "Suspended.", body = Case)))]
#[post("/api/v1/cases/{id}/suspend")]
pub async fn suspend_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<CaseReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "suspend")?;
            let why = reason(body);
            let change = Change {
                stage: Some(Stage::Suspended),
                stage_before: Some(Some(row.stage)),
                reason: Some(Some(why.clone())),
                ..Change::default()
            };
            go(w, &row, change, "suspended", Some(why))
        })
        .await
}

/// Resume a case
///
/// At the stage where it was suspended.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), responses((status = 200, description = "Resumed.", body = Case)))]
#[post("/api/v1/cases/{id}/resume")]
pub async fn resume_case(permit: Permit<CaseWork>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "resume")?;
            let change =
                Change { stage: row.stage_before, stage_before: Some(None), reason: Some(None), ..Change::default() };
            go(w, &row, change, "resumed", None)
        })
        .await
}

/// Transfer a case
///
/// To another city or institution, outside this service: it ends here.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = CaseReason, responses((status = 200, description = "Transferred.", body = Case)))]
#[post("/api/v1/cases/{id}/transfer")]
pub async fn transfer_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<CaseReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "transfer")?;
            let why = reason(body);
            let change = Change {
                stage: Some(Stage::Transferred),
                closed_at: Some(Some(w.now())),
                reason: Some(Some(why.clone())),
                ..Change::default()
            };
            go(w, &row, change, "transferred", Some(why))
        })
        .await
}

/// Reopen a case
///
/// After its end or in aftercare; it starts again at the assessment.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = CaseReason, responses((status = 200, description = "Open again.", body = Case)))]
#[post("/api/v1/cases/{id}/reopen")]
pub async fn reopen_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<CaseReason>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "reopen")?;
            let why = reason(body);
            let change = Change {
                stage: Some(Stage::Assessment),
                closed_at: Some(None),
                outcome_code: Some(None),
                plan_agreed_on: Some(None),
                reopened: Some(row.reopened + 1),
                reason: Some(Some(why.clone())),
                ..Change::default()
            };
            go(w, &row, change, "reopened", Some(why))
        })
        .await
}
