//! Files of the agencies on their way into the registry.
//!
//! A file is staged, validated, reviewed and applied. Invariants: nothing of an unusable file reaches the registry; a
//! row is never lost (it is applied, or it waits with its reason); memory does not grow with the file; applying twice
//! changes nothing, because ids follow from the import and the row. By what a file is read is data (a profile), in versions: an
//! office's own comes into use by a second key, and an import goes on being read by the version it came under.

mod change_model;
mod coded;
mod copy_text;
mod detect;
mod download;
mod family;
mod fault;
mod growth;
mod inspect;
mod issue_model;
mod issues;
mod lines;
mod member;
mod model;
mod offers;
mod person;
mod places;
mod profile;
mod profile_check;
mod profile_model;
mod profile_routes;
mod queries;
mod routes;
mod sheet;
mod source;
mod spool;
mod staging;
mod trust_model;
mod trust_routes;
mod undo;
mod upload;
mod work;

#[cfg(test)]
mod agency_tests;

use utoipa_actix_web::service_config::ServiceConfig;

pub use queries::profiles::load as load_profiles;
pub use upload::import_files;

/// Kind of the operation that reads and validates.
pub const STAGE: &str = "import.stage";
/// Kind of the operation that applies.
pub const APPLY: &str = "import.apply";
/// Kind of the operation that undoes.
pub const UNDO: &str = "import.undo";

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_imports)
        .service(routes::create_import)
        .service(routes::get_import)
        .service(routes::list_import_issues)
        .service(routes::list_import_changes)
        .service(routes::download_rejected_rows)
        .service(routes::review_import)
        .service(routes::apply_import)
        .service(routes::cancel_import)
        .service(routes::undo_import)
        .service(profile_routes::list_import_profiles)
        .service(profile_routes::create_import_profile)
        .service(profile_routes::inspect_import_sample)
        .service(profile_routes::get_import_profile)
        .service(profile_routes::activate_import_profile)
        .service(profile_routes::retire_import_profile)
        .service(profile_routes::discard_import_profile)
        .service(trust_routes::list_source_trust)
        .service(trust_routes::list_trust_proposals)
        .service(trust_routes::create_trust_proposal)
        .service(trust_routes::get_trust_proposal)
        .service(trust_routes::confirm_trust_proposal)
        .service(trust_routes::withdraw_trust_proposal);
}

/// Background work of this slice.
#[must_use]
pub fn jobs() -> crate::jobs::Registry {
    vec![(STAGE, work::stage_import), (APPLY, work::apply_import), (UNDO, undo::undo_import)]
}
