//! The registry: households (families, institutions, people without a home) and the people in them.
//!
//! - Who sees a household is decided by its domicile, by a referral to one's organization, by an assignment, or by being
//!   in it; everybody else gets the same 404 as for an id that does not exist.
//! - Identifiers are claims. Entering a NIK that exists elsewhere answers like a new one and makes a task for the coordinator.
//! - Every change of a member also moves the household's version, so that a copy kept by `updated_since` misses nothing.

mod history_model;
mod individual_model;
mod model;
mod queries;
mod routes;
mod rules;
pub mod search;
mod verb_model;

use utoipa_actix_web::service_config::ServiceConfig;

pub use model::{Household, HouseholdPage, HouseholdQuery, HouseholdSummary, Kind, Sort, Status, check_region};
pub use queries::history::note;
pub use queries::list::{page, position};
pub use queries::visible::{Visible, find_visible, visible_households, visible_individual};
pub use queries::write::settle_members as settle;
pub use routes::correct::{apply_correction, check_correction};

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    // Before `{id}`, which would take the word for an id.
    cfg.service(search::routes::search_households)
        .service(search::routes::search_individuals)
        .service(routes::read::list_households)
        .service(routes::read::get_household)
        .service(routes::read::list_household_timeline)
        .service(routes::read::list_household_access_log)
        .service(routes::change::create_household)
        .service(routes::change::update_household)
        .service(routes::change::add_household_individual)
        .service(routes::verbs::split_household)
        .service(routes::verbs::change_household_head)
        .service(routes::verbs::move_household)
        .service(routes::verbs::dissolve_household)
        .service(routes::likely::check_individual)
        .service(routes::individuals::list_household_individuals)
        .service(routes::individuals::get_individual)
        .service(routes::individuals::update_individual)
        .service(routes::individuals::move_individual)
        .service(routes::individuals::decease_individual)
        .service(routes::individuals::move_out_individual)
        .service(routes::individuals::reveal_individual);
}
