//! Decisions against somebody's interest: a benefit that stops, a request that is refused.
//!
//! Invariants: none takes effect but after a notice with its reasons and so many working days to answer; who proposes
//! does not confirm; what it did is done by the machinery of the referral or request itself; a reversal puts back what
//! can be put back and says so. A decision inherits the label of what it is about.
//!
//! Locks are taken in one order: decision, calendar, then what it is about.

mod effects;
mod model;
mod notice;
mod queries;
mod routes;
mod rules;
mod steps;

pub use effects::chores;
pub use queries::{Waiting, waiting};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_decisions)
        .service(routes::create_decision)
        .service(routes::get_decision)
        .service(notice::get_decision_notice)
        .service(steps::notify_decision)
        .service(steps::answer_decision)
        .service(steps::confirm_decision)
        .service(steps::withdraw_decision)
        .service(steps::take_effect_decision)
        .service(steps::reverse_decision);
}
