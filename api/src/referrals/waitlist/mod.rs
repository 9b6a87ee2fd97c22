//! The waitlist: drafted referrals that wait for a seat or money of their cycle.
//!
//! Invariants: the most urgent is sent first, then who waits longest, and nobody is passed by for want of money while
//! somebody behind him asks for less; everything is checked again at the moment of sending; who cannot be sent any more
//! is skipped with the reason, so that he does not block the others.

mod model;
mod queries;
mod routes;
mod work;

pub(super) use queries::settle;
pub(super) use work::chores;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations about the waitlist.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_waitlist_entries)
        .service(routes::create_waitlist_entry)
        .service(routes::get_waitlist_entry)
        .service(routes::withdraw_waitlist_entry);
}
