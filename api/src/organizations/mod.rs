//! Organizations: city agencies, the province, ministries, foundations, philanthropy, zakat bodies and companies.
//!
//! - `applied → verified → suspended`, and back to verified; a dormant one is verified again after a look at its papers.
//!   The worker puts to rest whose registration or agreement has run out.
//! - A restricted organization exists only for its own officers and for supervisors.

mod model;
mod queries;
mod routes;
mod rules;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_organizations)
        .service(routes::create_organization)
        .service(routes::get_organization)
        .service(routes::update_organization)
        .service(routes::verify_organization)
        .service(routes::suspend_organization);
}

/// What the worker looks after by the clock.
pub fn chores() -> Vec<crate::jobs::Chore> {
    vec![crate::jobs::Chore {
        name: "organization.rest",
        every: std::time::Duration::from_secs(3600),
        run: routes::rest,
    }]
}
