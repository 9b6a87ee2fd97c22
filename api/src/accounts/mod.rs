//! People who sign in, what is granted to them, and machine clients.
//!
//! - A grant works only from its date on and after a second key: proposed by an administrator, approved by a coordinator.
//! - Whoever signs in wrongly learns nothing about which part was wrong; only failures are throttled.
//! - A refresh token is good once; one that comes back ends the whole session.

mod auth;
mod client_queries;
mod clients;
mod grants;
mod model;
mod password;
mod queries;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

pub use model::not_blank;
pub use password::{generate as generate_password, hash as hash_password};
pub use queries::{NewAccountRow, create_first};

/// Scopes a machine client can hold.
pub fn client_scopes() -> Vec<&'static str> {
    let mut scopes: Vec<_> = crate::access::policy::ACTIONS.iter().filter_map(|(_, _, scope)| *scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// Digest under which a client's secret is stored: the secret is 256 random bits, so a plain hash is enough.
pub fn client_secret_digest(secret: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(secret.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    auth::routes(cfg);
    cfg.service(routes::list_accounts)
        .service(routes::create_account)
        .service(routes::get_account)
        .service(routes::update_account)
        .service(routes::disable_account)
        .service(routes::enable_account)
        .service(routes::reset_account_password)
        .service(grants::create_grant)
        .service(grants::approve_grant)
        .service(grants::revoke_grant)
        .service(clients::list_clients)
        .service(clients::create_client)
        .service(clients::get_client)
        .service(clients::update_client)
        .service(clients::rotate_client_secret)
        .service(clients::disable_client)
        .service(clients::enable_client);
}
