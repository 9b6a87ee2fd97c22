//! Health, version, metrics, keys, error pages and the OpenAPI document: everything about the service, nothing about people.

mod pages;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

/// The OpenAPI document as served.
pub struct Document(pub serde_json::Value);

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::get_health)
        .service(routes::get_readiness)
        .service(routes::get_version)
        .service(routes::get_metrics)
        .service(routes::get_document)
        .service(routes::get_jwks)
        .service(routes::get_authorization_server)
        .service(pages::list_problem_codes)
        .service(pages::get_problem_code);
}

/// Starts counting, before anything counts.
pub fn install_recorder() {
    let _ = routes::recorder();
}
