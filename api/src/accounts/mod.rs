//! People who sign in, what is granted to them, and machine clients.

use utoipa_actix_web::service_config::ServiceConfig;

/// Scopes a machine client can hold.
pub fn client_scopes() -> Vec<&'static str> {
    let mut scopes: Vec<_> = crate::access::policy::ACTIONS.iter().filter_map(|(_, _, scope)| *scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// Registers this slice's operations.
pub fn routes(_: &mut ServiceConfig) {}
