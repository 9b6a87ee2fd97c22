//! Duplicates: records that may be one person or one household, and what a human says of them.
//!
//! Invariants: the pass proposes and never merges; what a human found distinct, and two people with different matched NIKs,
//! are never proposed again; a merge loses nothing (identifiers, problems, referrals, claims and money go along, and stand
//! in `duplicate_moves`), so it can be undone exactly; where money hangs on either side, or the one who decides may not see
//! everything that does, a second person has to do it. Nothing restricted is compared, counted or told to who may not see
//! it, and no benefit stops because of a candidate.

mod follow;
mod merge;
mod merge_model;
mod merge_routes;
mod model;
mod queries;
mod routes;
mod rules;
mod view;
mod work;

use utoipa_actix_web::service_config::ServiceConfig;

pub use work::run;

/// Kind of operation that looks for duplicates.
pub const OPERATION: &str = "duplicates.find";

/// What comes back by the clock.
pub fn chores() -> Vec<crate::jobs::Chore> {
    let every = std::time::Duration::from_secs(1800);
    let soon = std::time::Duration::from_secs(30);
    vec![
        crate::jobs::Chore { name: "duplicates.wake", every, run: work::wake },
        crate::jobs::Chore { name: "duplicates.follow", every: soon, run: follow::follow },
    ]
}

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_duplicate_runs)
        .service(routes::create_duplicate_run)
        .service(routes::get_duplicate_run)
        .service(routes::list_duplicate_candidates)
        .service(routes::get_duplicate_candidate)
        .service(routes::mark_duplicate_distinct)
        .service(routes::postpone_duplicate)
        .service(routes::reopen_duplicate)
        .service(merge_routes::merge_duplicate)
        .service(merge_routes::confirm_duplicate_merge)
        .service(merge_routes::reject_duplicate_merge)
        .service(merge_routes::undo_duplicate_merge);
}
