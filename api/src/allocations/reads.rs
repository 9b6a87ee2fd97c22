//! Operations about a plan's rows and its proof, and two plans side by side.

use actix_web::get;
use uuid::Uuid;

use super::model_lines::{
    AllocationComparison, AllocationLine, AllocationLinePage, AllocationLineQuery, ComparedPlan, ComparisonQuery,
    LeftOutNeed, LeftOutPage, LeftOutQuery, ScorePoints,
};
use super::model_result::{AllocationTier, PlanBudgets, PlanFairness, PlanResult};
use super::queries::lines::{self, LeftOutRow, LineRow};
use super::queries::{self, PlanRow};
use super::report::points;
use crate::access::policy::AllocationRead;
use crate::access::{Permit, Reader};
use crate::http::answer::Answer;
use crate::http::extract::{Id, Query};
use crate::http::list::page_answer;
use crate::http::openapi::IdPath;
use crate::kernel::problem::{self, Problem};

fn score_points(points: &[i16]) -> ScorePoints {
    let at = |n: usize| points.get(n).copied().unwrap_or(0);
    ScorePoints { severity: at(0), decile: at(1), vulnerability: at(2), waiting: at(3) }
}

fn line(row: LineRow, named: bool) -> Result<AllocationLine, Problem> {
    Ok(AllocationLine {
        id: row.id,
        problem_id: row.problem_id,
        household_id: row.household_id,
        individual_id: row.individual_id,
        subject_name: row.subject_name.filter(|_| named),
        region_code: row.region_code,
        need_code: row.need_code,
        severity: row.severity,
        program_id: row.program_id,
        program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
        cycle_id: row.cycle_id,
        funding_source_id: row.funding_source_id,
        funding_source_name: row.funding_source_name,
        amount_idr: row.amount_idr,
        tier: AllocationTier::of(row.tier),
        rank: row.rank,
        score: points(i128::from(row.score)),
        points: score_points(&row.points),
        status: row.status,
        referral_id: row.referral_id,
        skipped_code: row.skipped_code,
        replaces_id: row.replaces_id,
        ended_at: row.ended_at,
    })
}

/// List lines of an allocation plan
///
/// What it gives to whom, out of which money, in the order of the plan; once it is carried out, with the referral or the
/// code of why not.
#[utoipa::path(tag = "allocations", params(IdPath, AllocationLineQuery), responses((status = 200, description = "A page of lines.", body = AllocationLinePage)))]
#[get("/api/v1/allocation-plans/{id}/lines")]
pub async fn list_allocation_lines(
    permit: Permit<AllocationRead>,
    id: Id,
    query: Query<AllocationLineQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let plan = queries::find(r, id.0)?.id;
            let path = format!("/api/v1/allocation-plans/{plan}/lines");
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = lines::lines_visible(r, plan, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(lines::count_lines_visible(r, plan, &query.0)?) } else { None };
            let page =
                paging.close(&mut rows, r.sealer(), total, |row| (Some(row.rank.to_string()), row.id.to_string()));
            let named = !r.scope().deidentified;
            let data = rows.into_iter().map(|row| line(row, named)).collect::<Result<_, _>>()?;
            page_answer(&AllocationLinePage { data, page: page.clone() }, &page, &path)
        })
        .await
}

fn without(row: LeftOutRow, named: bool) -> Result<LeftOutNeed, Problem> {
    Ok(LeftOutNeed {
        id: row.id,
        problem_id: row.problem_id,
        household_id: row.household_id,
        individual_id: row.individual_id,
        subject_name: row.subject_name.filter(|_| named),
        region_code: row.region_code,
        need_code: row.need_code,
        severity: row.severity,
        tier: AllocationTier::of(row.tier),
        rank: row.rank,
        score: points(i128::from(row.score)),
        points: score_points(&row.points),
        reason: row.reason,
        program_id: row.program_id,
        program_name: row.program_name.map(serde_json::from_value).transpose().map_err(Problem::internal)?,
        promoted_at: row.promoted_at,
    })
}

/// List who an allocation plan leaves out
///
/// With the reason, and the program that came closest; in this order they take the place of lines that cannot be sent.
/// `ask_first` names those for whom a fact is missing.
#[utoipa::path(tag = "allocations", params(IdPath, LeftOutQuery), responses((status = 200, description = "A page of needs.", body = LeftOutPage)))]
#[get("/api/v1/allocation-plans/{id}/left-out")]
pub async fn list_allocation_left_out(
    permit: Permit<AllocationRead>,
    id: Id,
    query: Query<LeftOutQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let plan = queries::find(r, id.0)?.id;
            let path = format!("/api/v1/allocation-plans/{plan}/left-out");
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = lines::left_out_visible(r, plan, &query.0, start.as_ref(), paging.fetch())?;
            let total =
                if paging.include_total { Some(lines::count_left_out_visible(r, plan, &query.0)?) } else { None };
            let page =
                paging.close(&mut rows, r.sealer(), total, |row| (Some(row.rank.to_string()), row.id.to_string()));
            let named = !r.scope().deidentified;
            let data = rows.into_iter().map(|row| without(row, named)).collect::<Result<_, _>>()?;
            page_answer(&LeftOutPage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// Get the fairness of an allocation plan
///
/// Who is served, by kecamatan, need, severity, sex, age, disability, home, decile, cost and missing data: each table
/// counts every need once. Empty until the plan is calculated.
#[utoipa::path(tag = "allocations", params(IdPath), responses((status = 200, description = "The tables.", body = PlanFairness)))]
#[get("/api/v1/allocation-plans/{id}/fairness")]
pub async fn get_allocation_fairness(permit: Permit<AllocationRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let part = queries::part(r, id.0, "fairness")?;
            let fairness: PlanFairness =
                part.map(serde_json::from_value).transpose().map_err(Problem::internal)?.unwrap_or_default();
            Answer::ok(&fairness)
        })
        .await
}

/// Get the budgets of an allocation plan
///
/// Money and seats it could use, how much of each is planned, and what one more would be worth: the shadow prices, by
/// tier. Empty until the plan is calculated.
#[utoipa::path(tag = "allocations", params(IdPath), responses((status = 200, description = "Money and seats.", body = PlanBudgets)))]
#[get("/api/v1/allocation-plans/{id}/budgets")]
pub async fn get_allocation_budgets(permit: Permit<AllocationRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let part = queries::part(r, id.0, "supply")?;
            let supply: PlanBudgets =
                part.map(serde_json::from_value).transpose().map_err(Problem::internal)?.unwrap_or_default();
            Answer::ok(&supply)
        })
        .await
}

fn compared(r: &mut Reader<'_>, id: Uuid) -> Result<(PlanRow, ComparedPlan), Problem> {
    let row = queries::find(r, id)?;
    let Some(result) = row.result.clone() else {
        return Err(Problem::with(&problem::WRONG_STATE, "the plan is not calculated yet"));
    };
    let result: PlanResult = serde_json::from_value(result).map_err(Problem::internal)?;
    let fairness: PlanFairness = queries::part(r, id, "fairness")?
        .map(serde_json::from_value)
        .transpose()
        .map_err(Problem::internal)?
        .unwrap_or_default();
    let plan = ComparedPlan {
        id: row.id,
        name: row.name.clone(),
        policy: row.policy,
        status: row.status,
        what_if: row.what_if,
        input_sha256: row.input_sha256.clone(),
        counts: result.counts,
        value: result.value,
        upper_bound: result.upper_bound,
        gap: result.gap,
        tiers: result.tiers,
        left_out: result.left_out,
        fairness: fairness.tables,
    };
    Ok((row, plan))
}

/// Compare two allocation plans
///
/// Worth, bound, who is served and how fairly, side by side; and how many needs both serve, or one alone. Worth is
/// comparable between plans with the same weights.
#[utoipa::path(tag = "allocations", params(IdPath, ComparisonQuery), responses((status = 200, description = "Both plans.", body = AllocationComparison)))]
#[get("/api/v1/allocation-plans/{id}/compare")]
pub async fn compare_allocation_plans(
    permit: Permit<AllocationRead>,
    id: Id,
    query: Query<ComparisonQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let (first, plan) = compared(r, id.0)?;
            let (second, other) = compared(r, query.0.other)?;
            let overlap = lines::overlap(r, first.id, second.id)?;
            Answer::ok(&AllocationComparison {
                plan,
                other,
                same_input: first.input_sha256 == second.input_sha256,
                served_by_both: overlap.both,
                served_by_plan: overlap.first,
                served_by_other: overlap.second,
                same_program: overlap.same,
            })
        })
        .await
}
