//! Who is responsible: which organization answers for a need, or for one service to it, by when and by which decree.
//!
//! At most one mandate is in force for a need and service on a day. Organization and calendar of a mandate never change:
//! what is due points at its mandate, so who was responsible then stays known. A change of the days granted is for what
//! comes after it.

mod model;
mod queries;
mod routes;

pub use queries::{Charge, charge};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_mandates)
        .service(routes::create_mandate)
        .service(routes::get_mandate)
        .service(routes::update_mandate);
}
