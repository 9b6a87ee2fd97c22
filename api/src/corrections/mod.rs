//! Corrections: somebody says that a recorded fact is wrong, and what it should be.
//!
//! Invariants: while it is examined the fact counts as disputed and is shown so; who disputes does not decide; an accepted
//! correction changes the record by the checks and into the history of any other change; a rejected one says why.

mod model;
mod queries;
mod routes;

pub use model::CorrectionStatus;
pub use queries::{CorrectionRow, find, find_for_update};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_corrections)
        .service(routes::create_correction)
        .service(routes::get_correction)
        .service(routes::accept_correction)
        .service(routes::reject_correction)
        .service(routes::withdraw_correction);
}
