//! What waits for the caller.

use actix_web::get;

use super::visit_model::{Task, TaskKind, TaskList};
use super::visit_queries;
use crate::access::policy::{
    AssessmentCountersign, AssessmentRead, CaseWork, DecisionConfirm, ProblemVerify, Role, TaskRead,
};
use crate::access::{Duty, Permit, Reader};
use crate::assessments;
use crate::http::answer::Answer;
use crate::kernel::dates::office_date;
use crate::kernel::problem::Problem;
use crate::{break_glass, decisions, problems};

/// Most of a kind: a desk that is fuller needs the lists themselves.
const MOST: i64 = 100;

fn kind(slug: &str) -> TaskKind {
    TaskKind::ALL.iter().copied().find(|kind| kind.slug() == slug).unwrap_or(TaskKind::Draft)
}

/// Get the tasks
///
/// What waits for the caller: visits of the next two weeks, drafts, what was returned, actions due within a week,
/// emergencies to assess, problems that another reported; for a supervisor also what waits for the counter-signature and
/// cases that nobody leads, and decisions whose time to answer is over;
/// for whoever protects personal data the looks behind the glass to review. Late ones first.
#[utoipa::path(tag = "cases", responses((status = 200, description = "What waits for the caller.", body = TaskList)))]
#[get("/api/v1/tasks")]
pub async fn get_tasks(permit: Permit<TaskRead>) -> Result<Answer, Problem> {
    permit
        .snapshot(|r| {
            let mut data = of_cases(r)?;
            data.extend(of_assessments(r)?);
            data.extend(of_problems(r)?);
            data.extend(of_decisions(r)?);
            data.extend(of_looks(r)?);
            data.sort_by_key(|task| (!task.late, task.due_date.is_none(), task.due_date, task.since));
            Answer::ok(&TaskList { data })
        })
        .await
}

fn supervises(r: &Reader<'_>) -> bool {
    r.principal().has_role(Role::Coordinator) || r.principal().has_duty(Duty::Supervise)
}

fn of_cases(r: &mut Reader<'_>) -> Result<Vec<Task>, Problem> {
    if !r.principal().may::<CaseWork>() {
        return Ok(Vec::new());
    }
    let today = r.today();
    let visits = visit_queries::visit_tasks(r, MOST)?.into_iter().map(|visit| Task {
        kind: TaskKind::Visit,
        subject_kind: "visit",
        subject_id: visit.id,
        case_id: Some(visit.case_id),
        household_id: visit.household_id,
        subject_name: visit.head_name,
        title: None,
        need_code: None,
        due_date: Some(visit.planned_on),
        late: visit.planned_on < today,
        since: visit.created_at,
    });
    let mut tasks: Vec<Task> = visits.collect();
    let leads = supervises(r);
    tasks.extend(visit_queries::case_tasks(r, leads, MOST)?.into_iter().map(|case| Task {
        kind: kind(&case.kind),
        subject_kind: "case",
        subject_id: case.id,
        case_id: Some(case.id),
        household_id: case.household_id,
        subject_name: case.head_name,
        title: None,
        need_code: None,
        due_date: case.due_on,
        late: case.due_on.is_some_and(|day| day < today),
        since: case.since,
    }));
    Ok(tasks)
}

fn of_assessments(r: &mut Reader<'_>) -> Result<Vec<Task>, Problem> {
    if !r.principal().may::<AssessmentRead>() {
        return Ok(Vec::new());
    }
    let second = r.principal().may::<AssessmentCountersign>() && supervises(r);
    let rows = assessments::tasks(r, second, MOST)?.into_iter().map(|row| Task {
        kind: kind(&row.kind),
        subject_kind: "assessment",
        subject_id: row.id,
        case_id: None,
        household_id: row.household_id,
        subject_name: row.subject_name,
        title: serde_json::from_value(row.title).ok(),
        need_code: None,
        due_date: None,
        late: false,
        since: row.since,
    });
    Ok(rows.collect())
}

fn of_looks(r: &mut Reader<'_>) -> Result<Vec<Task>, Problem> {
    let rows = break_glass::to_review(r, MOST)?.into_iter().map(|look| Task {
        kind: TaskKind::Review,
        subject_kind: "break_glass",
        subject_id: look.id,
        case_id: None,
        household_id: look.household_id,
        subject_name: Some(look.account_name),
        title: None,
        need_code: None,
        due_date: None,
        late: false,
        since: look.opened_at,
    });
    Ok(rows.collect())
}

fn of_problems(r: &mut Reader<'_>) -> Result<Vec<Task>, Problem> {
    if !r.principal().may::<ProblemVerify>() {
        return Ok(Vec::new());
    }
    let today = r.today();
    let rows = problems::to_verify(r, MOST)?.into_iter().map(|row| {
        let due =
            row.severity.verify_within_days().map(|days| office_date(row.reported_at) + chrono::Duration::days(days));
        Task {
            kind: TaskKind::Verify,
            subject_kind: "problem",
            subject_id: row.id,
            case_id: None,
            household_id: row.household_id,
            subject_name: row.subject_name,
            title: None,
            need_code: Some(row.need_code),
            due_date: due,
            late: due.is_some_and(|day| day < today),
            since: row.reported_at,
        }
    });
    Ok(rows.collect())
}

fn of_decisions(r: &mut Reader<'_>) -> Result<Vec<Task>, Problem> {
    if !r.principal().may::<DecisionConfirm>() || !supervises(r) {
        return Ok(Vec::new());
    }
    let rows = decisions::waiting(r, MOST)?.into_iter().map(|row| Task {
        kind: TaskKind::Decide,
        subject_kind: "decision",
        subject_id: row.id,
        case_id: None,
        household_id: row.household_id,
        subject_name: row.subject_name,
        title: serde_json::from_value(row.about).ok(),
        need_code: None,
        due_date: None,
        late: false,
        since: row.proposed_at,
    });
    Ok(rows.collect())
}
