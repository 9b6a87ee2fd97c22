//! Breaking the glass: a look at what one's area and assignments do not open, for four hours and for a reason.
//!
//! Invariants: it opens reading alone, nothing can be changed or revealed through it; it is written to the audit trail, the
//! access log and the coordinators' tasks in the transaction that opens it; another person reviews it. Whoever has no
//! lawful way to the record gets the answer of an id that does not exist: a problem must lie in his area, a household must
//! be tied to his work (a former assignment or report, a member who came from there or went there, a shared dwelling).

mod model;
mod queries;
mod routes;

pub use routes::{LookToReview, to_review};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_break_glass)
        .service(routes::create_break_glass)
        .service(routes::get_break_glass)
        .service(routes::review_break_glass);
}
