//! The calculation, as long work: freeze, divide, store.

use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;

use super::divide::{self, How};
use super::frozen::solver_seed;
use super::model::{AllocationParameters, AllocationStatus};
use super::queries::Connection;
use super::queries::input::{self, Ask};
use super::queries::lines;
use super::queries::{self, Mark, PlanRow, Solved};
use super::report::report;
use crate::access::policy::AllocationRun;
use crate::access::{AuditEntry, Writer};
use crate::db::slugs::Sensitivity;
use crate::jobs::Job;
use crate::kernel::dates::office_date;
use crate::kernel::problem::{self, Problem};

/// Kind of the operation.
pub const SOLVE: &str = "allocation.solve";

/// Parts of the whole, in hundredths: reading, then dividing, then writing.
const READ: i64 = 60;
const DIVIDED: i64 = 90;

pub(super) fn plan_of(job: &Job) -> Result<Uuid, Problem> {
    job.subject_id.ok_or_else(|| Problem::internal("an operation without its plan"))
}

/// Handler of the operation. A killed one begins anew: nothing is stored before the end.
pub fn solve(job: &Job) -> Result<Value, Problem> {
    let (id, mut conn) = (plan_of(job)?, job.connect()?);
    let plan = job.gate.system::<AllocationRun, _>(&mut conn, "allocation", |w| queries::find(w, id))?;
    if plan.status != AllocationStatus::Draft || plan.solved_at.is_some() {
        return Ok(json!({"plan_id": id}));
    }
    match calculate(job, &mut conn, &plan) {
        Ok(()) => Ok(json!({"plan_id": id})),
        Err(problem) => {
            let mut fresh = job.connect()?;
            job.gate.system::<AllocationRun, _>(&mut fresh, "allocation", |w| broken_off(w, id, &problem))?;
            Err(problem)
        }
    }
}

fn calculate(job: &Job, conn: &mut Connection, plan: &PlanRow) -> Result<(), Problem> {
    let parameters: AllocationParameters =
        serde_json::from_value(plan.parameters.clone()).map_err(Problem::internal)?;
    let mut told = job.connect()?;
    let mut tell = |done: i64| match job.progress(&mut told, done, Some(100))? {
        true => Err(Problem::with(&problem::CONFLICT, "the calculation was cancelled")),
        false => Ok(()),
    };
    let as_of = Utc::now();
    let ask = Ask { parameters: &parameters, sensitivity: plan.sensitivity, today: office_date(as_of) };
    let frozen = input::snapshot(conn, |conn| {
        input::freeze(conn, ask, |done, all| {
            tell(i64::try_from(done).unwrap_or(0) * READ / i64::try_from(all.max(1)).unwrap_or(1))
        })
    })?;
    tell(READ)?;
    let how = How { parameters: &parameters, policy: plan.policy, seed: solver_seed(&plan.seed) };
    let division = divide::divide(&frozen, how).map_err(|why| Problem::with(&problem::VALIDATION_FAILED, why))?;
    tell(DIVIDED)?;
    let result = serde_json::to_value(report(&frozen, &division)).map_err(Problem::internal)?;
    let solved = Solved { as_of, input_sha256: frozen.sha256(), result_sha256: division.sha256(&frozen), result };
    job.gate.system::<AllocationRun, _>(conn, "allocation", |w| {
        let plan = queries::find_for_update(w, plan.id)?;
        if plan.status != AllocationStatus::Draft || plan.solved_at.is_some() {
            return Ok(());
        }
        lines::store(w, plan.id, &frozen, &division)?;
        note(
            w,
            &plan,
            "allocation.solve",
            json!({"input_sha256": solved.input_sha256, "result_sha256": solved.result_sha256}),
        )?;
        queries::solved(w, plan.id, solved)
    })?;
    tell(100)
}

/// The trail's line of a step.
pub(super) fn note(w: &mut Writer<'_>, plan: &PlanRow, action: &'static str, after: Value) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "allocation_plan",
        subject_id: Some(plan.id),
        restricted: plan.sensitivity == Sensitivity::Restricted,
        before: Some(json!({"status": plan.status})),
        after: Some(after),
        ..AuditEntry::default()
    })
}

/// Says of a plan under way that it broke off, and why.
pub(super) fn broken_off(w: &mut Writer<'_>, id: Uuid, problem: &Problem) -> Result<(), Problem> {
    let plan = queries::find_for_update(w, id)?;
    let (draft, executing) = (plan.status == AllocationStatus::Draft, plan.status == AllocationStatus::Executing);
    let under_way = executing || (draft && plan.solved_at.is_none());
    if !under_way {
        return Ok(());
    }
    // Asked to stop while it was calculated: nothing failed.
    let to = if draft && *problem.code == problem::CONFLICT {
        AllocationStatus::Cancelled
    } else {
        AllocationStatus::Failed
    };
    let error = json!({"code": problem.code.slug, "title": problem.code.title, "detail": problem.detail});
    let error = (to == AllocationStatus::Failed).then_some(error);
    queries::set_status(w, id, to, Mark { ended: true, error: error.clone(), ..Mark::default() })?;
    note(w, &plan, "allocation.end", json!({"status": to, "error": error}))
}
