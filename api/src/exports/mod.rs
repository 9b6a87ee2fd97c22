//! Lists as files. An export sees what its asker sees, says in every row who took it and when, is logged as an export, and
//! is handed to its asker alone.

mod file;
mod model;
mod queries;
mod routes;
mod work;

use utoipa_actix_web::service_config::ServiceConfig;

pub use work::run;

/// Kind of operation that writes an export.
pub const OPERATION: &str = "export.write";

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_exports)
        .service(routes::create_export)
        .service(routes::get_export)
        .service(routes::get_export_file);
}
