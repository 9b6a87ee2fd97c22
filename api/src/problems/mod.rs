//! Needs of households and people, from report to resolution.
//!
//! Invariants: whoever reports a problem does not verify it; what a rule found is only a candidate until somebody
//! confirms it; a problem inherits the label of its need and PPKS type, and a restricted one is visible only to those
//! who work on it, a supervisor of the area and the receiving officer. [`queries`] reads the table through one
//! function, `visible_problems`.

pub mod detect;
mod found;
mod model;
mod queries;
mod routes;
mod rules;

pub use found::{FoundNeed, record_found, verify_found};
pub use model::{ProblemStatus, Severity, Subject, SubjectKind};
pub use queries::{ProblemRow, find, find_for_update, follow, household_of_person, of_referral, to_verify};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    // Before `{id}`, which would take the word for an id.
    cfg.service(detect::routes::detect_problems)
        .service(detect::routes::list_detection_rules)
        .service(routes::list_problems)
        .service(routes::create_problem)
        .service(routes::get_problem)
        .service(routes::list_household_problems)
        .service(routes::confirm_problem)
        .service(routes::verify_problem)
        .service(routes::dismiss_problem)
        .service(routes::resolve_problem);
}
