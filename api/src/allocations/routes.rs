//! Operations about plans: asking for one, and reading it.

use actix_web::{get, post};
use serde_json::json;
use uuid::Uuid;

use super::SOLVE;
use super::frozen::{commitment, hex};
use super::model::{
    AllocationParameters, AllocationPlan, AllocationPlanPage, AllocationPlanQuery, AllocationPolicy, NewAllocationPlan,
};
use super::model_result::{Execution, PlanResult};
use super::queries::{self, Fresh, PlanRow, lines};
use super::rules::{self, Standing, State};
use super::solve::note;
use crate::access::policy::{AllocationApprove, AllocationRead, AllocationRun};
use crate::access::{Duty, Permit, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfNoneMatchHeader};
use crate::kernel::problem::{self, Problem};
use crate::kernel::seal::random;
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::{idempotency, jobs};

/// Lines a household gets where nobody says otherwise.
const AWARDS_PER_HOUSEHOLD: u32 = 3;

/// What the caller is to a plan.
pub(super) fn standing(r: &Reader<'_>, row: &PlanRow) -> Standing {
    let principal = r.principal();
    let city = |open: bool| open && principal.scope_for::<AllocationRun>().city;
    Standing {
        runs: city(principal.may::<AllocationRun>()),
        approves: city(principal.may::<AllocationApprove>() && principal.has_duty(Duty::ApproveMoney)),
        proposed: row.proposed_by == Some(principal.id),
    }
}

pub(super) fn state(row: &PlanRow) -> State {
    State {
        status: row.stage(),
        solved: row.solved_at.is_some(),
        approved: row.approved_by.is_some(),
        what_if: row.what_if,
    }
}

fn view(r: &Reader<'_>, row: PlanRow, execution: Execution) -> Result<AllocationPlan, Problem> {
    let state = state(&row);
    let can = rules::can(state, standing(r, &row));
    let result: Option<PlanResult> = row.result.map(serde_json::from_value).transpose().map_err(Problem::internal)?;
    let parameters: AllocationParameters = serde_json::from_value(row.parameters).map_err(Problem::internal)?;
    let of = |number: fn(&PlanResult) -> f64| result.as_ref().map(number);
    Ok(AllocationPlan {
        id: row.id,
        name: row.name,
        policy: row.policy,
        sensitivity: row.sensitivity,
        what_if: row.what_if,
        status: row.status,
        parameters,
        seed_commitment: row.seed_commitment,
        seed: rules::seed_told(state).then_some(row.seed),
        operation_id: row.operation_id,
        as_of: row.as_of,
        input_sha256: row.input_sha256,
        result_sha256: row.result_sha256,
        solved_at: row.solved_at,
        value: of(|r| r.value),
        upper_bound: of(|r| r.upper_bound),
        gap: of(|r| r.gap),
        complete: result.as_ref().map(|r| r.complete),
        counts: result.as_ref().map(|r| r.counts.clone()),
        tiers: result.as_ref().map(|r| r.tiers.clone()).unwrap_or_default(),
        left_out: result.map(|r| r.left_out).unwrap_or_default(),
        execution,
        created_by: row.created_by,
        created_by_name: row.created_by_name,
        created_at: row.created_at,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        approved_by: row.approved_by,
        approved_at: row.approved_at,
        executed_by: row.executed_by,
        executed_at: row.executed_at,
        ended_at: row.ended_at,
        reason: row.reason,
        error: row.error,
        version: row.version,
        updated_at: row.updated_at,
        can,
    })
}

/// Lines move without a new version: their numbers belong to the tag.
fn tagged(r: &Reader<'_>, answer: Answer, view: &AllocationPlan) -> Answer {
    let e = &view.execution;
    let moved = format!("{} {} {} {}", e.planned, e.sent, e.skipped, e.cancelled);
    let seen: Vec<&str> = view.can.iter().copied().chain([moved.as_str()]).collect();
    answer.etag(view.version, r.principal(), &seen)
}

fn one(r: &mut Reader<'_>, row: PlanRow) -> Result<AllocationPlan, Problem> {
    let execution = lines::execution(r, &[row.id])?.pop().map(|(_, e)| e).unwrap_or_default();
    view(r, row, execution)
}

pub(super) fn answer(r: &mut Reader<'_>, row: PlanRow) -> Result<Answer, Problem> {
    let view = one(r, row)?;
    let answer = Answer::ok(&view)?;
    Ok(tagged(r, answer, &view))
}

/// The plan, whose operation is under way.
pub(super) fn accepted(r: &mut Reader<'_>, row: PlanRow) -> Result<Answer, Problem> {
    let view = one(r, row)?;
    let answer = Answer::accepted(&view, format!("/api/v1/operations/{}", view.operation_id))?;
    Ok(tagged(r, answer, &view))
}

/// List allocation plans
///
/// Newest first. Plans over restricted programs only for who supervises the city.
#[utoipa::path(tag = "allocations", params(AllocationPlanQuery), responses((status = 200, description = "A page of plans.", body = AllocationPlanPage)))]
#[get("/api/v1/allocation-plans")]
pub async fn list_allocation_plans(
    permit: Permit<AllocationRead>,
    query: Query<AllocationPlanQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("allocation-plans");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
            let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
            let mut executions: std::collections::HashMap<Uuid, Execution> =
                lines::execution(r, &ids)?.into_iter().collect();
            let mut data = Vec::with_capacity(rows.len());
            for row in rows {
                let execution = executions.remove(&row.id).unwrap_or_default();
                data.push(view(r, row, execution)?);
            }
            page_answer(&AllocationPlanPage { data, page: page.clone() }, &page, "/api/v1/allocation-plans")
        })
        .await
}

/// Get an allocation plan
///
/// With its worth, the bound no plan exceeds, the gap of each tier, and how far it was carried out.
#[utoipa::path(tag = "allocations", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The plan.", body = AllocationPlan), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/allocation-plans/{id}")]
pub async fn get_allocation_plan(permit: Permit<AllocationRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Ask for an allocation plan
///
/// Freezes the verified needs that nobody serves, who fulfils which rule, the seats and the money of this moment, and
/// divides them tier after tier: emergencies, duties of minimum service, the rest. Answers at once; ask the operation, then
/// the plan. Nothing is given before somebody proposes it and another approves it.
#[utoipa::path(tag = "allocations", params(IdempotencyHeader), request_body = NewAllocationPlan, responses((status = 202, description = "It is being calculated.", body = AllocationPlan)))]
#[post("/api/v1/allocation-plans")]
pub async fn create_allocation_plan(
    permit: Permit<AllocationRun>,
    key: IdempotencyKey,
    body: Json<NewAllocationPlan>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let new = body.0;
            let copy = new.clone();
            idempotency::once(w, &key, "create_allocation_plan", &copy, |w| create(w, new))
        })
        .await
}

fn create(w: &mut Writer<'_>, new: NewAllocationPlan) -> Result<Answer, Problem> {
    let sensitivity = new.sensitivity.unwrap_or(Sensitivity::Open);
    if !w.scope().city || (sensitivity == Sensitivity::Restricted && !w.scope().supervises()) {
        return Err(Problem::with(
            &problem::FORBIDDEN,
            "a plan is for who works for the city; of restricted programs for who supervises it",
        ));
    }
    check_ids(w, &new, sensitivity)?;
    let seed = match new.seed {
        Some(seed) => {
            let fits = |c: char| c.is_ascii_alphanumeric() || " ._:-".contains(c);
            if !seed.chars().all(fits) {
                return Err(Problem::field("/seed", "not_allowed", "has letters, digits, spaces and . _ : - alone"));
            }
            seed
        }
        None => hex(&random::<32>()),
    };
    let extra_budgets = new.extra_budgets.unwrap_or_default();
    let what_if = !extra_budgets.is_empty();
    let parameters = AllocationParameters {
        program_ids: new.program_ids,
        cycle_ids: new.cycle_ids,
        funding_source_ids: new.funding_source_ids,
        weights: new.weights.unwrap_or_default(),
        awards_per_household: new.awards_per_household.unwrap_or(AWARDS_PER_HOUSEHOLD),
        duty_ppks_codes: match new.duty_ppks_codes {
            Some(codes) => codes,
            None => queries::duties(w)?,
        },
        extra_budgets,
        iterations: new.iterations,
    };
    let fresh = Fresh {
        name: clean(&new.name),
        policy: new.policy.unwrap_or(AllocationPolicy::Optimal),
        sensitivity,
        what_if,
        parameters: serde_json::to_value(parameters).map_err(Problem::internal)?,
        seed_commitment: commitment(&seed),
        seed,
    };
    let id = Uuid::now_v7();
    let operation = jobs::enqueue(w, SOLVE, Some(id), &json!({}), "percent")?;
    queries::insert(w, id, operation, &fresh)?;
    let row = queries::find(w, id)?;
    let after = json!({"name": fresh.name, "policy": fresh.policy, "parameters": fresh.parameters, "seed_commitment": fresh.seed_commitment});
    note(w, &row, "allocation.create", after)?;
    accepted(w, row)
}

/// Every id and code that is named must be one the plan may read.
fn check_ids(w: &mut Writer<'_>, new: &NewAllocationPlan, label: Sensitivity) -> Result<(), Problem> {
    type Look = fn(&mut Reader<'_>, &[Uuid], Sensitivity) -> Result<Vec<Uuid>, Problem>;
    let lists: [(&str, &Option<Vec<Uuid>>, Look); 3] = [
        ("program_ids", &new.program_ids, queries::visible_programs),
        ("cycle_ids", &new.cycle_ids, queries::visible_cycles),
        ("funding_source_ids", &new.funding_source_ids, queries::visible_sources),
    ];
    for (member, ids, look) in lists {
        let Some(ids) = ids else { continue };
        let known = look(w, ids, label)?;
        if let Some(at) = ids.iter().position(|id| !known.contains(id)) {
            return Err(Problem::field(format!("/{member}/{at}"), "not_found", "is not one this plan may use"));
        }
    }
    let extras: Vec<Uuid> = new.extra_budgets.iter().flatten().map(|e| e.funding_source_id).collect();
    let known = queries::visible_sources(w, &extras, label)?;
    if let Some(at) = extras.iter().position(|id| !known.contains(id)) {
        let pointer = format!("/extra_budgets/{at}/funding_source_id");
        return Err(Problem::field(pointer, "not_found", "is not a source this plan may use"));
    }
    for (at, code) in new.duty_ppks_codes.iter().flatten().enumerate() {
        lookup::required(w, "ppks_types", code, &format!("/duty_ppks_codes/{at}"))?;
    }
    Ok(())
}
