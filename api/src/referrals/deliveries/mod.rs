//! Deliveries: what a referral gives, line by line, until it is accounted for.
//!
//! Invariants: whoever plans a line does not approve it; whoever reported the problem does not attest that help came;
//! a line is disbursed when it is received, in the same transaction, and never more than the referral holds; a death
//! or a departure stops what is planned in the transaction that records it (a trigger of the database).

mod model;
mod queries;
pub(super) mod routes;
mod rules;
mod steps;

pub(super) use queries::{Delivered, cancel_open, delivered, is_evidence_of};
pub(super) use routes::gives;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations about deliveries.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_referral_deliveries)
        .service(routes::create_referral_deliveries)
        .service(routes::list_deliveries)
        .service(routes::get_delivery)
        .service(routes::update_delivery)
        .service(steps::approve_delivery)
        .service(steps::distribute_delivery)
        .service(steps::receive_delivery)
        .service(steps::account_delivery)
        .service(steps::fail_delivery)
        .service(steps::return_delivery)
        .service(steps::cancel_delivery)
        .service(steps::confirm_delivery);
}
