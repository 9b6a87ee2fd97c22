//! Organizations: city agencies, the province, ministries, foundations, philanthropy, zakat bodies and companies.
//!
//! - `applied → verified → suspended`, and back to verified; a dormant one is verified again after a look at its papers.
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
