//! Aid that others report: ministry lists, other agencies.
//!
//! It is a fact and not our decision: it is never refused and stops nothing. It feeds matching (where a list is complete,
//! absence is known too) and stands as a finding before a referral of the same kind is sent.

mod model;
mod queries;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_reported_benefits)
        .service(routes::create_reported_benefit)
        .service(routes::create_recipient_list)
        .service(routes::list_recipient_lists);
}
