//! Who has how much on his hands.

use actix_web::get;

use super::visit_model::{Workload, WorkloadList};
use super::visit_queries;
use crate::access::policy::{Role, WorkloadRead};
use crate::access::{Duty, Permit};
use crate::assessments;
use crate::http::answer::Answer;
use crate::kernel::problem::Problem;

/// Get the workload
///
/// Social workers with their open cases among those the caller may see, the heaviest first. To whom a case can be handed
/// over is among them. A restricted case counts only for who may see it.
#[utoipa::path(tag = "cases", responses((status = 200, description = "Workers by their caseload.", body = WorkloadList)))]
#[get("/api/v1/workload")]
pub async fn get_workload(permit: Permit<WorkloadRead>) -> Result<Answer, Problem> {
    permit
        .snapshot(|r| {
            let today = r.today();
            let deep = r.principal().has_role(Role::Coordinator) || r.principal().has_duty(Duty::Supervise);
            let drafts = if deep { assessments::open_by_author(r)? } else { Vec::new() };
            let data = visit_queries::workload(r, None)?.into_iter().map(|row| Workload {
                open_assessments: drafts.iter().find(|(id, _)| *id == row.account_id).map_or(0, |(_, n)| *n),
                account_id: row.account_id,
                name: row.name,
                open_cases: row.open_cases,
                caseload: row.caseload,
                late_visits: row.late_visits,
                str_expired: row.str_valid_until.is_none_or(|day| day < today),
                str_valid_until: row.str_valid_until.filter(|_| deep),
            });
            Answer::ok(&WorkloadList { data: data.collect() })
        })
        .await
}
