//! Sources of money and their ledger.
//!
//! Invariants: the ledger is append-only and double-entry, and every movement is one call of [`post`]; the lines of a
//! movement sum to zero; no account but `origin` falls below zero (`insufficient_funds`). Accounts are locked in the
//! order of their ids. The money of a restricted program's cycle stands as `allotted` for who may not see its cases:
//! reserved and committed rupiah would count people. A movement above the limit and the end of a year wait for a second
//! person; a closed source takes no movement, and one of another fiscal year only those that belong there.

mod approvals;
mod closing;
mod model;
mod orders;
mod orders_model;
mod queries;
mod reports;
mod reports_model;
mod routes;
mod rules;
mod verbs;

pub use model::LedgerKind;
pub use queries::ledger::{Demand, Held, Movement, choose_source, pays_for, post};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_funding_sources)
        .service(routes::create_funding_source)
        .service(routes::get_funding_source)
        .service(routes::list_ledger_entries)
        .service(routes::get_funding_balance)
        .service(verbs::pledge_funding)
        .service(verbs::receive_funding)
        .service(verbs::appropriate_funding)
        .service(verbs::revise_funding)
        .service(verbs::allot_funding)
        .service(verbs::release_funding)
        .service(verbs::refund_funding)
        .service(verbs::lapse_funding)
        .service(verbs::carry_over_funding)
        .service(verbs::close_funding_year)
        .service(approvals::list_funding_proposals)
        .service(approvals::get_funding_proposal)
        .service(approvals::approve_funding_proposal)
        .service(approvals::reject_funding_proposal)
        .service(reports::get_funding_burn)
        .service(reports::get_trial_balance)
        .service(reports::get_program_funding)
        .service(reports::export_funding_ledger);
}
