//! Carrying a plan out, as long work: line after line in the order of the plan, each in a transaction of its own that
//! checks everything again and sends the referral. Killed in between it goes on where it was; two at once share the lines.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{AllocationParameters, AllocationStatus};
use super::queries::execute::{self, Waiting};
use super::queries::{self, Connection, Mark};
use super::solve::{broken_off, note, plan_of};
use crate::access::policy::{AllocationRun, ReferralSend};
use crate::access::{Duty, Writer};
use crate::jobs::Job;
use crate::kernel::problem::{self, Problem};
use crate::matching::{self, MatchOutcome};
use crate::referrals::{self, Dispatch};

/// Kind of the operation.
pub const EXECUTE: &str = "allocation.execute";

/// How often progress is written.
const TICK: Duration = Duration::from_millis(500);
/// How often a busy database is tried again before the plan breaks off.
const TRIES: u32 = 6;
/// A pause that grows with each try, and the one while another holds the last lines.
const PAUSE: Duration = Duration::from_millis(200);

/// What became of one turn.
enum Turn {
    /// A line has ended.
    Line,
    /// Others hold the lines that are left.
    Wait,
    /// No line waits.
    Done,
    /// The plan is no longer being carried out.
    Stopped,
}

/// Handler of the operation.
pub fn execute(job: &Job) -> Result<Value, Problem> {
    let (id, mut conn) = (plan_of(job)?, job.connect()?);
    match carry_out(job, &mut conn, id) {
        Ok(()) => Ok(json!({"plan_id": id})),
        Err(problem) => {
            let mut fresh = job.connect()?;
            job.gate.system::<AllocationRun, _>(&mut fresh, "allocation", |w| broken_off(w, id, &problem))?;
            Err(problem)
        }
    }
}

fn carry_out(job: &Job, conn: &mut Connection, id: Uuid) -> Result<(), Problem> {
    let by = job.created_by.ok_or_else(|| Problem::internal("nobody carries this plan out"))?;
    let plan = job.gate.system::<AllocationRun, _>(conn, "allocation", |w| queries::find(w, id))?;
    let parameters: AllocationParameters = serde_json::from_value(plan.parameters).map_err(Problem::internal)?;
    let (mut tries, mut told) = (0, None::<Instant>);
    loop {
        if told.is_none_or(|at| at.elapsed() > TICK) {
            told = Some(Instant::now());
            if tell(job, conn, id)? {
                return job.gate.system::<AllocationRun, _>(conn, "allocation", |w| stop(w, id));
            }
        }
        let turn = job.gate.on_behalf::<ReferralSend, _>(conn, by, |w| one(w, id, &parameters));
        match turn {
            Ok(Turn::Line) => tries = 0,
            Ok(Turn::Wait) => std::thread::park_timeout(PAUSE),
            Ok(Turn::Done) => {
                if job.gate.system::<AllocationRun, _>(conn, "allocation", |w| finish(w, id))? {
                    tell(job, conn, id)?;
                    return Ok(());
                }
            }
            Ok(Turn::Stopped) => return Ok(()),
            Err(problem) if problem.code.status >= 500 && tries < TRIES => {
                tries += 1;
                std::thread::park_timeout(PAUSE * tries);
                if let Ok(fresh) = job.connect() {
                    *conn = fresh;
                }
            }
            Err(problem) => return Err(problem),
        }
    }
}

/// Shows progress, of a restricted plan in hundredths: its lines count people. Whether somebody asked to stop.
fn tell(job: &Job, conn: &mut Connection, id: Uuid) -> Result<bool, Problem> {
    let (left, all) = job.gate.system::<AllocationRun, _>(conn, "allocation", |w| execute::left(w, id))?;
    let done = all - left;
    if job.input.get("counted").and_then(Value::as_bool) == Some(true) {
        job.progress(conn, done, Some(all))
    } else {
        job.progress(conn, if all > 0 { done * 100 / all } else { 100 }, Some(100))
    }
}

/// One line, by the right of who has the plan carried out.
fn one(w: &mut Writer<'_>, plan: Uuid, parameters: &AllocationParameters) -> Result<Turn, Problem> {
    if execute::hold(w, plan)? != AllocationStatus::Executing {
        return Ok(Turn::Stopped);
    }
    if !w.principal().has_duty(Duty::ApproveMoney) {
        return Err(Problem::with(&problem::FORBIDDEN, "this needs the duty to approve money"));
    }
    let Some(line) = execute::next(w, plan)? else {
        return Ok(if execute::left(w, plan)?.0 > 0 { Turn::Wait } else { Turn::Done });
    };
    let code = match standing(w, &line)? {
        Some(code) => code.to_owned(),
        None => match w.attempt(|w| send(w, &line)) {
            Ok(referral) => {
                execute::sent(w, line.id, referral)?;
                return Ok(Turn::Line);
            }
            Err(refusal) if refusal.code.status >= 500 => return Err(refusal),
            Err(refusal) => code_of(&refusal),
        },
    };
    execute::skipped(w, line.id, &code)?;
    if of_the_need(&code) {
        execute::promote(w, plan, &line, parameters.awards_per_household)?;
    }
    Ok(Turn::Line)
}

/// Why the need itself no longer asks for this, if so.
fn standing(w: &mut Writer<'_>, line: &Waiting) -> Result<Option<&'static str>, Problem> {
    if !execute::stands(w, line)? {
        return Ok(Some("subject_gone"));
    }
    Ok(match matching::verdict(w, line.household_id, line.program_id)? {
        Some(MatchOutcome::Ineligible) => Some("not_eligible"),
        Some(MatchOutcome::NeedsData) => Some("ask_first"),
        Some(MatchOutcome::Eligible) | None => None,
    })
}

fn send(w: &mut Writer<'_>, line: &Waiting) -> Result<Uuid, Problem> {
    let what = Dispatch {
        problem_id: line.problem_id,
        cycle_id: line.cycle_id,
        funding_source_id: line.funding_source_id,
        amount_idr: line.amount_idr,
    };
    referrals::dispatch(w, what)
}

/// The code that says most.
fn code_of(refusal: &Problem) -> String {
    let field = refusal.errors.first().filter(|_| *refusal.code == problem::VALIDATION_FAILED);
    field.map_or_else(|| refusal.code.slug.to_owned(), |e| e.code.clone())
}

/// Whether the refusal is about this need alone, so that somebody else may have its place.
fn of_the_need(code: &str) -> bool {
    let of_the_supply = [
        problem::NO_SEATS.slug,
        problem::INSUFFICIENT_FUNDS.slug,
        problem::PROGRAM_NOT_OPEN.slug,
        problem::AGREEMENT_EXPIRED.slug,
        problem::ORGANIZATION_SUSPENDED.slug,
        problem::SOURCE_CLOSED.slug,
        problem::WRONG_FISCAL_YEAR.slug,
    ];
    !of_the_supply.contains(&code)
}

/// Ends a plan of which no line waits; false where one has come meanwhile.
fn finish(w: &mut Writer<'_>, id: Uuid) -> Result<bool, Problem> {
    let plan = queries::find_for_update(w, id)?;
    if plan.status != AllocationStatus::Executing {
        return Ok(true);
    }
    if execute::left(w, id)?.0 > 0 {
        return Ok(false);
    }
    queries::set_status(w, id, AllocationStatus::Executed, Mark { ended: true, ..Mark::default() })?;
    note(w, &plan, "allocation.executed", json!({"status": AllocationStatus::Executed}))?;
    Ok(true)
}

/// Stops a plan whose operation was asked to: what was sent stays.
fn stop(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    let plan = queries::find_for_update(w, id)?;
    if plan.status != AllocationStatus::Executing {
        return Ok(());
    }
    execute::cancel_waiting(w, id)?;
    queries::set_status(w, id, AllocationStatus::Cancelled, Mark { ended: true, ..Mark::default() })?;
    note(w, &plan, "allocation.cancel", json!({"status": AllocationStatus::Cancelled}))
}
