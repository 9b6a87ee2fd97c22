//! Sources of money and their ledger.
//!
//! Invariants: the ledger is append-only and double-entry, and every movement is one call of [`post`]; the lines of a
//! movement sum to zero; no account but `origin` falls below zero (`insufficient_funds`). Accounts are locked in the
//! order of their ids. The money of a restricted program's cycle stands as `allotted` for who may not see its cases:
//! reserved and committed rupiah would count people.

mod model;
mod queries;
mod routes;
mod rules;

pub use model::LedgerKind;
pub use queries::ledger::{Demand, Held, Movement, choose_source, post};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_funding_sources)
        .service(routes::create_funding_source)
        .service(routes::get_funding_source)
        .service(routes::list_ledger_entries)
        .service(routes::get_funding_balance)
        .service(routes::pledge_funding)
        .service(routes::receive_funding)
        .service(routes::appropriate_funding)
        .service(routes::allot_funding)
        .service(routes::release_funding);
}
