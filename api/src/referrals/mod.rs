//! From a verified problem to help received.
//!
//! Invariants: sending takes a seat, holds the money and takes the claim in one transaction, or nothing; what is
//! declined or cancelled gives all of it back; help given is disbursed. Nobody is referred on an unverified problem
//! (emergencies up to a cap), an unpublished program or an expired agreement. A referral inherits the label of its
//! problem, program and organizations. A partner learns who the person is only once it has accepted.
//!
//! A receiver without an account answers by a one-time link or letter, or its answer is recorded with evidence
//! ([`receivers`]); how the person is reached is shown to the receiver once help is scheduled.
//!
//! What is given is given in lines ([`deliveries`]); a referral that ends gives back what no line has disbursed.
//!
//! Locks are taken in one order: referral, problem, claim unit, cycle, ledger accounts.

mod deadlines;
mod decided;
mod decided_queries;
mod deliveries;
mod disclosures;
mod dispatch;
mod effects;
mod model;
mod offers;
mod overlaps;
mod queries;
mod receivers;
mod routes;
mod rules;
mod steps;
mod stopping;
mod waitlist;

pub use dispatch::{Dispatch, dispatch};
pub use receivers::shows_an_answer;
pub use stopping::{chores, stop};

pub use decided::{Help, help, resume_help, stop_help};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_referrals)
        .service(routes::create_referral)
        .service(routes::get_referral)
        .service(routes::list_referral_events)
        .service(routes::list_household_referrals)
        .service(steps::send_referral)
        .service(steps::accept_referral)
        .service(steps::decline_referral)
        .service(steps::return_referral)
        .service(steps::schedule_referral)
        .service(steps::start_referral)
        .service(steps::complete_referral)
        .service(steps::cancel_referral)
        .configure(deliveries::routes)
        .configure(receivers::routes)
        .configure(waitlist::routes)
        .service(disclosures::list_disclosures)
        .service(offers::get_problem_offers)
        .service(overlaps::get_referral_overlaps)
        .service(overlaps::list_overlap_overrides)
        .service(overlaps::review_overlap_override);
}
