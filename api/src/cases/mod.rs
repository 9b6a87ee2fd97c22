//! Cases: a social worker's work with one household, from intake to aftercare.
//!
//! Invariants: one active lead; one open case a household (a restricted case stands beside it, and is known only to who
//! works on it and the supervisor of the area); a restricted problem is worked on in a restricted case; planning needs a
//! signed assessment, intervention a plan that the family agreed to. An emergency starts at the intervention and its
//! assessment is due in 72 hours. An account that leads open cases cannot be closed (trigger `accounts_open_cases`).

mod assign;
mod model;
mod plan;
mod queries;
mod routes;
mod rules;
mod stages;
mod tasks;
mod visit_model;
mod visit_queries;
mod visits;
mod workload;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_cases)
        .service(routes::open_case)
        .service(routes::get_case)
        .service(routes::update_case)
        .service(routes::list_household_cases)
        .service(routes::list_case_history)
        .service(routes::add_case_problem)
        .service(stages::advance_case)
        .service(stages::suspend_case)
        .service(stages::resume_case)
        .service(stages::transfer_case)
        .service(stages::reopen_case)
        .service(assign::assign_case)
        .service(assign::unassign_case)
        .service(assign::hand_over_case)
        .service(visits::list_visits)
        .service(visits::plan_visit)
        .service(visits::complete_visit)
        .service(visits::cancel_visit)
        .service(workload::get_workload)
        .service(tasks::get_tasks);
}
