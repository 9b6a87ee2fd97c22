//! Operations about the service itself.

use std::sync::OnceLock;

use actix_web::{HttpResponse, get, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use serde_json::json;

use super::Document;
use crate::access::policy::PublicRead;
use crate::access::{Permit, Reader};
use crate::http::answer::Answer;
use crate::kernel::problem::Problem;

/// A state in one word.
#[derive(Serialize, utoipa::ToSchema)]
pub struct State {
    /// `ok` or `ready`.
    #[schema(example = "ok")]
    pub status: String,
}

/// Which build answers.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Version {
    /// Version of the service.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Name of the service.
    #[schema(example = "satupintu")]
    pub name: String,
}

/// Tell whether the process lives
///
/// Asks nothing of the database.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "It lives.", body = State)))]
#[get("/healthz")]
pub async fn get_health() -> Result<Answer, Problem> {
    Answer::ok(&State { status: "ok".into() })
}

/// Tell whether requests can be served
///
/// 503 while the database cannot be reached or is not migrated.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "Ready.", body = State)))]
#[get("/readyz")]
pub async fn get_readiness(permit: Permit<PublicRead>) -> Result<Answer, Problem> {
    permit
        .read(|r: &mut Reader<'_>| {
            if crate::db::migrate::is_ready(r.conn()) {
                Answer::ok(&State { status: "ready".into() })
            } else {
                Err(Problem::unavailable("the database is not migrated"))
            }
        })
        .await
}

/// Tell the version
///
/// The build that answers.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The version.", body = Version)))]
#[get("/version")]
pub async fn get_version() -> Result<Answer, Problem> {
    Answer::ok(&Version { version: env!("CARGO_PKG_VERSION").into(), name: env!("CARGO_PKG_NAME").into() })
}

/// The recorder all metrics go to; the first caller installs it.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
            PrometheusBuilder::new().set_buckets(&buckets).ok()?.install_recorder().ok()
        })
        .as_ref()
}

/// Read the metrics
///
/// Prometheus text. Paths are patterns; no label holds an id or a name.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "Metrics.", content_type = "text/plain", body = String, example = "http_requests_total 1")))]
#[get("/metrics")]
pub async fn get_metrics() -> Result<HttpResponse, Problem> {
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}

/// Read the OpenAPI document
///
/// Version 3.1, built from the code; readable as a page at `/docs`.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The document.", body = Value, example = json!({"openapi": "3.1.0"}))))]
#[get("/api/v1/openapi.json")]
pub async fn get_document(document: web::Data<Document>) -> Result<Answer, Problem> {
    Answer::ok(&document.0)
}

/// Read the public keys
///
/// JWKS of the keys whose tokens are still accepted. Cache it for some minutes; an unknown `kid` means reload.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "JSON Web Key Set.", body = Value, example = json!({"keys": []}))))]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(permit: Permit<PublicRead>) -> Result<Answer, Problem> {
    Ok(Answer::ok(&permit.gate().tokens().jwks())?.header("cache-control", "public, max-age=300"))
}

/// Find the token endpoint
///
/// Authorization server metadata (RFC 8414) for machine clients.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "Metadata.", body = Value, example = json!({"issuer": "http://127.0.0.1:8080"}))))]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_authorization_server(permit: Permit<PublicRead>) -> Result<Answer, Problem> {
    let issuer = permit.gate().tokens().issuer().to_owned();
    Answer::ok(&json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        // There is no authorization endpoint; the member is required, and strict clients refuse an empty list.
        "response_types_supported": ["none"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": crate::accounts::client_scopes(),
        "service_documentation": format!("{issuer}/docs/"),
    }))
}
