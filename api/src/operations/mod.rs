//! Long work as its asker sees it. An operation is visible to the account that started it and to coordinators and administrators.

mod model;
mod queries;
mod routes;

pub use model::Operation;
pub use queries::find;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_operations).service(routes::get_operation).service(routes::cancel_operation);
}
