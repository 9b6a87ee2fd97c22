//! Administrative regions by Kemendagri code: the city with its kecamatan and kelurahan, and the rest of the country for
//! lookups, since people are registered anywhere. Read-only: regions change by migration and reference data.

mod model;
mod queries;
mod routes;

pub use queries::{Seat, seat};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_regions).service(routes::get_region);
}
