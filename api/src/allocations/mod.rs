//! Plans over all needs, programs and budgets: calculated, compared, proposed, approved by another, carried out.
//!
//! Invariants: a calculation reads one snapshot of one label, open or restricted, and nothing of the other; the same input
//! and seed give the same plan, byte for byte; the seed is bound by its hash before anything is calculated; a plan with
//! imagined money is never carried out; who proposes does not approve; each line is checked again at its moment and sent
//! by the transaction that sends any referral, so that no plan can overdraw what is there; every line ends with a referral
//! or the code of why not; what was sent stays when a plan is cancelled.
//!
//! Locks are taken in one order: plan, line, person, household, then as sending a referral does.

mod divide;
mod execute;
mod frozen;
mod model;
mod model_lines;
mod model_result;
mod queries;
mod reads;
mod report;
mod routes;
mod rules;
mod solve;
mod steps;

pub use execute::{EXECUTE, execute};
pub use solve::{SOLVE, solve};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_allocation_plans)
        .service(routes::create_allocation_plan)
        .service(routes::get_allocation_plan)
        .service(reads::list_allocation_lines)
        .service(reads::list_allocation_left_out)
        .service(reads::get_allocation_fairness)
        .service(reads::get_allocation_budgets)
        .service(reads::compare_allocation_plans)
        .service(steps::propose_allocation_plan)
        .service(steps::approve_allocation_plan)
        .service(steps::return_allocation_plan)
        .service(steps::execute_allocation_plan)
        .service(steps::cancel_allocation_plan);
}
