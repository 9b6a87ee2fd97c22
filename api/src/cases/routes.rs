//! Operations about cases: lists, opening, the plan.

use actix_web::{get, patch, post};
use chrono::Duration;
use uuid::Uuid;

use super::model::{
    Case, CaseAssignment, CaseDuty, CaseEvent, CaseEventPage, CasePage, CasePatch, CaseProblem, CaseQuery, NewCase,
    Stage,
};
use super::plan::Plan;
use super::queries::{self, CaseRow, Change, Event, Fresh};
use super::rules::{self, Standing};
use crate::access::policy::{CaseRead, CaseWork, Role};
use crate::access::{AuditEntry, Duty, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::households;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::problems::{self, ProblemRow, ProblemStatus, Severity};
use crate::reference::lookup;

/// An emergency is assessed within this time of its opening.
const EMERGENCY_HOURS: i64 = 72;

pub(super) fn standing(r: &Reader<'_>, row: &CaseRow) -> Standing {
    let principal = r.principal();
    let scope = principal.scope_for::<CaseWork>();
    let area = principal.may::<CaseWork>() && scope.covers_region(&row.region_code);
    Standing {
        leads: row.lead_id == Some(principal.id),
        assigned: row.assigned && principal.may::<CaseWork>(),
        supervises: area && (principal.has_role(Role::Coordinator) || principal.has_duty(Duty::Supervise)),
        area: area && principal.has_role(Role::SocialWorker),
        unled: row.lead_id.is_none(),
    }
}

fn view(r: &Reader<'_>, row: CaseRow) -> Case {
    let who = standing(r, &row);
    let named = !r.scope().deidentified;
    let can = rules::can(row.stage, who);
    Case {
        id: row.id,
        household_id: row.household_id,
        head_name: row.head_name.filter(|_| named),
        region_code: row.region_code,
        stage: row.stage,
        stage_before: row.stage_before,
        stage_since: row.stage_since,
        emergency: row.emergency,
        sensitivity: row.sensitivity,
        weight: row.weight,
        lead_name: row.lead_name,
        assignments: None,
        problem_ids: None,
        plan: None,
        plan_agreed_date: row.plan_agreed_on,
        next_action_date: row.next_action_on,
        next_visit_date: row.next_visit_on,
        assessment_due_at: row.assessment_due_at,
        outcome_code: row.outcome_code,
        reason: row.reason.filter(|_| named),
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        reopened: row.reopened,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        next_stages: if can.contains(&"advance") { rules::next(row.stage).to_vec() } else { Vec::new() },
        can,
    }
}

/// The whole case.
pub(super) fn answer(r: &mut Reader<'_>, row: CaseRow) -> Result<Answer, Problem> {
    let today = r.today();
    let people = queries::assignments_of(r, row.id)?.into_iter().map(|a| CaseAssignment {
        account_id: a.account_id,
        name: a.name,
        duty: a.duty,
        from_at: a.from_at,
        until_date: a.until_on,
        str_expired: a.str_valid_until.is_none_or(|day| day < today),
    });
    let people = people.collect();
    let mut problem_ids = queries::problems_of(r, row.id)?;
    problem_ids.retain(|id| problems::find(r, *id).is_ok());
    let plan: Plan = serde_json::from_value(row.plan.clone()).map_err(Problem::internal)?;
    let named = !r.scope().deidentified;
    let view =
        Case { assignments: Some(people), problem_ids: Some(problem_ids), plan: named.then_some(plan), ..view(r, row) };
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

pub(super) fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    row: &CaseRow,
    reason: Option<String>,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "case",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.sensitivity == Sensitivity::Restricted,
        reason,
        after: Some(serde_json::json!({"stage": row.stage, "lead_id": row.lead_id, "plan": row.plan})),
        ..AuditEntry::default()
    })
}

/// The locked case, if this verb is among what the caller may do and the version is right.
pub(super) fn allowed(w: &mut Writer<'_>, id: Id, version: IfMatch, verb: &str) -> Result<CaseRow, Problem> {
    let row = queries::find_for_update(w, id.0)?;
    let who = standing(w, &row);
    let part = match verb {
        "assign" => who.assigns(),
        "hand-over" | "transfer" => who.leads || who.supervises,
        _ => who.works(),
    };
    if !part {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    version.check(row.version)?;
    if !rules::can(row.stage, who).contains(&verb) {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    Ok(row)
}

fn page(r: &mut Reader<'_>, query: &CaseQuery, household: Option<Uuid>, path: &str) -> Result<Answer, Problem> {
    let paging = query.paging(path);
    let start = paging.start(r.sealer())?;
    let mut rows = queries::list(r, query, household, start.as_ref(), paging.fetch())?;
    let total = if paging.include_total { Some(queries::count(r, query, household)?) } else { None };
    let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
    let data = rows.into_iter().map(|row| view(r, row)).collect();
    page_answer(&CasePage { data, page: page.clone() }, &page, path)
}

/// List cases
///
/// Newest first, those of the caller's area or assigned to him. A restricted one is listed only for who works on it.
#[utoipa::path(tag = "cases", params(CaseQuery), responses((status = 200, description = "A page of cases.", body = CasePage)))]
#[get("/api/v1/cases")]
pub async fn list_cases(permit: Permit<CaseRead>, query: Query<CaseQuery>) -> Result<Answer, Problem> {
    permit.read(move |r| page(r, &query.0, None, "/api/v1/cases")).await
}

/// List cases of a household
///
/// Newest first, closed ones too.
#[utoipa::path(tag = "cases", params(IdPath, CaseQuery), responses((status = 200, description = "A page of cases.", body = CasePage)))]
#[get("/api/v1/households/{id}/cases")]
pub async fn list_household_cases(
    permit: Permit<CaseRead>,
    id: Id,
    query: Query<CaseQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            households::find_visible(r, id.0)?;
            page(r, &query.0, Some(id.0), &format!("/api/v1/households/{}/cases", id.0))
        })
        .await
}

/// Get a case
///
/// With who works on it, its problems and its plan.
#[utoipa::path(tag = "cases", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The case.", body = Case), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/cases/{id}")]
pub async fn get_case(permit: Permit<CaseRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "case", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// Open a case
///
/// For one or more open problems of a household that a person has reported. An emergency starts at the intervention, and
/// its assessment is due in 72 hours. A household has one open case; a restricted problem opens a restricted one.
#[utoipa::path(tag = "cases", params(IdempotencyHeader), request_body = NewCase, responses((status = 201, description = "The new case.", body = Case)))]
#[post("/api/v1/cases")]
pub async fn open_case(permit: Permit<CaseWork>, key: IdempotencyKey, body: Json<NewCase>) -> Result<Answer, Problem> {
    let new = body.0;
    permit.write(move |w| idempotency::once(w, &key, "open_case", &new, |w| open(w, &new))).await
}

/// An open problem of the household that somebody stands up for.
fn workable(w: &mut Writer<'_>, id: Uuid, household: Uuid, pointer: &str) -> Result<ProblemRow, Problem> {
    let unknown = || Problem::field(pointer, "not_found", "is not a problem of this household");
    let row = problems::find(w, id).ok().filter(|p| p.household_id == household).ok_or_else(unknown)?;
    let open = matches!(
        row.status,
        ProblemStatus::Reported | ProblemStatus::Verified | ProblemStatus::InService | ProblemStatus::PartlyResolved
    );
    if open { Ok(row) } else { Err(Problem::field(pointer, "not_open", "is only a candidate, or has ended")) }
}

fn open(w: &mut Writer<'_>, new: &NewCase) -> Result<Answer, Problem> {
    let unknown = || Problem::field("/household_id", "not_found", "is not in your area");
    let household = households::find_visible(w, new.household_id).map_err(|_| unknown())?;
    if household.status != "active" {
        return Err(Problem::field("/household_id", "ended", "the household has moved or no longer exists"));
    }
    let (mut sensitivity, mut urgent) = (Sensitivity::Open, false);
    for (n, id) in new.problem_ids.iter().enumerate() {
        let problem = workable(w, *id, household.id, &format!("/problem_ids/{n}"))?;
        sensitivity = sensitivity.max(problem.sensitivity);
        urgent |= problem.severity == Severity::Emergency;
    }
    let emergency = new.emergency.unwrap_or(false);
    if emergency && !urgent {
        return Err(Problem::field("/emergency", "not_allowed", "none of the problems is an emergency"));
    }
    let lead = match new.lead_id {
        Some(account) if !queries::is_worker(w, account)? => {
            return Err(Problem::field("/lead_id", "not_allowed", "is not a social worker"));
        }
        Some(account) => Some(account),
        None => w.principal().has_role(Role::SocialWorker).then_some(w.scope().actor),
    };
    let fresh = Fresh {
        household_id: household.id,
        stage: if emergency { Stage::Intervention } else { Stage::New },
        emergency,
        sensitivity,
        weight: new.weight.unwrap_or(1),
        assessment_due_at: emergency.then(|| w.now() + Duration::hours(EMERGENCY_HOURS)),
        problems: new.problem_ids.clone(),
    };
    let id = queries::insert(w, fresh)?;
    if let Some(account) = lead {
        queries::assign(w, id, account, CaseDuty::Lead, None, None)?;
    } else if sensitivity == Sensitivity::Restricted {
        // Without a lead nobody but the supervisor would see it; whoever opens it stays with it until there is one.
        let actor = w.scope().actor;
        queries::assign(w, id, actor, CaseDuty::Supervisor, None, None)?;
    }
    queries::note(w, id, Event { event: "opened", account: lead, ..Event::default() })?;
    let row = queries::find(w, id)?;
    audit(w, "case.open", &row, None)?;
    Ok(Answer { status: 201, ..answer(w, row)?.header("location", format!("/api/v1/cases/{id}")) })
}

/// Change a case
///
/// Its weight, its plan as a whole, and when the family agreed to it. A plan that changes must be agreed to again.
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body(content = CasePatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The case as it is now.", body = Case)))]
#[patch("/api/v1/cases/{id}")]
pub async fn update_case(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<CasePatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    let kept = |pointer: &str| Err(Problem::field(pointer, "required", "cannot be removed"));
    if patch.plan == Field::Null {
        return kept("/plan");
    }
    match patch.weight {
        Field::Null => return kept("/weight"),
        Field::Value(weight) if !(1..=5).contains(&weight) => {
            return Err(Problem::field("/weight", "range", "must be 1 to 5"));
        }
        _ => {}
    }
    let errors = patch.plan.value().map(Plan::check).unwrap_or_default();
    if !errors.is_empty() {
        return Err(Problem { errors, ..Problem::new(&problem::VALIDATION_FAILED) });
    }
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "edit")?;
            let mut change = Change { weight: patch.weight.value().copied(), ..Change::default() };
            if let Field::Value(plan) = patch.plan {
                let plan = plan.cleaned();
                for (n, goal) in plan.goals.iter().enumerate() {
                    if let Some(code) = &goal.need_code {
                        lookup::required(w, "needs", code, &format!("/plan/goals/{n}/need_code"))?;
                    }
                }
                change.next_action_on = Some(plan.next_due());
                let stored = serde_json::to_value(&plan).map_err(Problem::internal)?;
                if before_work(row.stage) && stored != row.plan {
                    change.plan_agreed_on = Some(None);
                }
                change.plan = Some(stored);
            }
            match patch.plan_agreed_date {
                Field::Value(day) if day.0 > w.today() => {
                    return Err(Problem::field("/plan_agreed_date", "in_future", "lies in the future"));
                }
                Field::Absent => {}
                named => change.plan_agreed_on = named.nullable().map(|day| day.map(|d| d.0)),
            }
            queries::update(w, id.0, change)?;
            queries::note(w, id.0, Event { event: "planned", ..Event::default() })?;
            let row = queries::find(w, id.0)?;
            audit(w, "case.edit", &row, None)?;
            answer(w, row)
        })
        .await
}

/// While the work has not begun, a changed plan is a new one to agree to; later, ticking off an action is not.
fn before_work(stage: Stage) -> bool {
    matches!(stage, Stage::New | Stage::Screening | Stage::Assessment | Stage::Planning)
}

/// Add a problem to a case
///
/// An open problem of the same household. A restricted one needs a restricted case (`restricted_problem`).
#[utoipa::path(tag = "cases", params(IdPath, IfMatchHeader), request_body = CaseProblem, responses((status = 200, description = "The case as it is now.", body = Case)))]
#[post("/api/v1/cases/{id}/problems")]
pub async fn add_case_problem(
    permit: Permit<CaseWork>,
    id: Id,
    version: IfMatch,
    body: Json<CaseProblem>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, "edit")?;
            let problem = workable(w, body.0.problem_id, row.household_id, "/problem_id")?;
            if problem.sensitivity > row.sensitivity {
                return Err(Problem::field("/problem_id", "restricted_problem", "open a restricted case for it"));
            }
            queries::add_problem(w, id.0, problem.id)?;
            queries::update(w, id.0, Change::default())?;
            queries::note(w, id.0, Event { event: "problem_added", ..Event::default() })?;
            let row = queries::find(w, id.0)?;
            audit(w, "case.add_problem", &row, None)?;
            answer(w, row)
        })
        .await
}

/// List the history of a case
///
/// Stages, hand-overs with their note, visits; newest first.
#[utoipa::path(tag = "cases", params(IdPath, HistoryQuery), responses((status = 200, description = "A page of the history.", body = CaseEventPage)))]
#[get("/api/v1/cases/{id}/history")]
pub async fn list_case_history(
    permit: Permit<CaseRead>,
    id: Id,
    query: Query<HistoryQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            let path = format!("/api/v1/cases/{}/history", row.id);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::history(r, row.id, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |e| (None, e.id.to_string()));
            let named = !r.scope().deidentified;
            let data = rows.into_iter().map(|e| CaseEvent {
                id: e.id,
                event: e.event,
                from_stage: e.from_stage,
                to_stage: e.to_stage,
                account_name: e.account_name,
                note: e.note.filter(|_| named),
                actor_name: e.actor_name,
                at: e.at,
            });
            page_answer(&CaseEventPage { data: data.collect(), page: page.clone() }, &page, &path)
        })
        .await
}

crate::list_query! {
    /// Paging of the history.
    HistoryQuery {}
}
