//! What is kept for how long: classes with their law, legal holds, and runs that destroy what has outlived its time.
//!
//! Invariants: nothing is destroyed before a report that a second person confirmed; nothing of a held household or
//! person is destroyed; the audit trail itself stays whole, since personal values lie beside it under keys that can be
//! destroyed. Counts and examples speak of open items alone: restricted ones go by the same rules and are not told.

mod model;
mod queries;
mod routes;
mod work;

pub use work::{APPLY, REPORT, apply, report};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_retention_classes)
        .service(routes::get_retention_class)
        .service(routes::update_retention_class)
        .service(routes::list_legal_holds)
        .service(routes::create_legal_hold)
        .service(routes::get_legal_hold)
        .service(routes::lift_legal_hold)
        .service(routes::list_retention_runs)
        .service(routes::create_retention_run)
        .service(routes::get_retention_run)
        .service(routes::confirm_retention_run)
        .service(routes::cancel_retention_run);
}
