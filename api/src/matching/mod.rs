//! Every need with every program: eligibility rules, and who fulfils them.
//!
//! The language, its checker and its engine are the crate `satupintu-rules`; here they meet the registry. A rule is checked
//! when written and every version is kept. Who fulfils it is stored as one bit a household in a row a kelurahan and
//! program: evaluated whole when a rule changes, on asking and once a day (birthdays and expiries), and household by
//! household as soon as something of it changes. What is shown of one household is evaluated at that moment, with its
//! reasons, so it is never older than the registry.
//!
//! Invariants: who stores a kelurahan holds its lock and evaluates again whatever changed there since he read it, so that
//! what is stored is never older than what was stored before; a restricted program's matches are visible only to its
//! organization (numbers), to supervisors, and to those who work on a restricted problem of that very household; an open
//! program's rule never reads what is restricted.

mod facts;
mod follow;
mod model;
mod queries;
mod routes;
mod rule_model;
mod rule_routes;
mod rules;
mod versions;
mod view;
mod work;

pub use follow::follow;
pub use model::MatchOutcome;
pub use queries::standing::{Column, columns, outcomes, verdict};
pub use work::run;

use utoipa_actix_web::service_config::ServiceConfig;

/// Kind of the operation that evaluates.
pub const OPERATION: &str = "matching.run";

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(rule_routes::get_program_rule)
        .service(rule_routes::put_program_rule)
        .service(rule_routes::list_program_rule_versions)
        .service(rule_routes::check_program_rule)
        .service(rule_routes::preview_program_rule)
        .service(rule_routes::list_rule_facts)
        .service(rule_routes::get_rule_schema)
        .service(routes::list_household_matches)
        .service(routes::get_household_match)
        .service(routes::list_program_matches)
        .service(routes::get_program_match_counts)
        .service(routes::list_matching_runs)
        .service(routes::create_matching_run)
        .service(routes::get_matching_run)
        .service(routes::list_missing_facts);
}
