//! Evidence: photographs and papers that show what a record says.
//!
//! Invariants: a file is what its bytes are, whatever its name and headers say; pictures are decoded and written anew, so
//! that neither the place where they were taken nor anything hidden behind them is kept; a file is seen by whom its
//! subject is seen, and seeing one is logged; nothing of a refused upload stays behind. Files lie in a [`store::Store`]
//! under their checksum, never under a name that somebody sent.

mod content;
mod model;
mod queries;
mod routes;
mod store;
mod upload;

pub use queries::forget;
pub use store::remove_files;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_problem_evidence)
        .service(routes::create_problem_evidence)
        .service(routes::list_correction_evidence)
        .service(routes::create_correction_evidence)
        .service(routes::get_evidence)
        .service(routes::get_evidence_file)
        .service(routes::delete_evidence);
}
