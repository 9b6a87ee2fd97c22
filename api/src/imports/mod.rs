//! Files of the agencies on their way into the registry.
//!
//! A file is staged, validated, reviewed and applied. Invariants: nothing of an unusable file reaches the registry; a
//! row is never lost (it is applied, or it waits with its reason); memory does not grow with the file; applying twice
//! changes nothing, because ids follow from the import and the row.

mod change_model;
mod coded;
mod copy_text;
mod detect;
mod download;
mod family;
mod fault;
mod issue_model;
mod issues;
mod lines;
mod member;
mod model;
mod person;
mod places;
mod profile;
mod queries;
mod routes;
mod sheet;
mod source;
mod spool;
mod staging;
mod upload;
mod work;

#[cfg(test)]
mod agency_tests;

use utoipa_actix_web::service_config::ServiceConfig;

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
        .service(routes::undo_import);
}

/// Background work of this slice.
#[must_use]
pub fn jobs() -> crate::jobs::Registry {
    vec![(STAGE, work::stage_import), (APPLY, work::apply_import), (UNDO, work::undo_import)]
}
