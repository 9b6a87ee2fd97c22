//! Assessments: what a worker found, signed, counter-signed and locked.
//!
//! Invariants: only a worker with a certificate (STR) valid on that day signs an assessment, what others fill in stays a
//! screening; a signed one never changes (trigger `assessments_locked`), it is amended by a new revision; whoever
//! assessed does not counter-sign. The signature turns the needs the worker recommends into problems: a new one is
//! reported by him and verified by the counter-signature, one that another reported is verified by him. A screening only
//! reports.

mod effects;
mod model;
mod queries;
mod routes;
mod rules;
mod steps;

pub use queries::{Task, open_by_author, signed_since, tasks};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_assessments)
        .service(routes::create_assessment)
        .service(routes::get_assessment)
        .service(routes::update_assessment)
        .service(routes::list_household_assessments)
        .service(steps::sign_assessment)
        .service(steps::countersign_assessment)
        .service(steps::return_assessment)
        .service(steps::amend_assessment)
        .service(steps::discard_assessment);
}
