//! Receivers without an account: how they are asked, and how they answer; and how the receiver of a referral reaches the
//! person.
//!
//! Invariants: the secret of a one-time link is told once and kept as a keyed hash; it lies in no path and no query; it
//! opens one sent referral until that is due, and is of no use once there is a newer one, an answer, or an account. An
//! answer by link or on somebody's behalf takes the same step as one by account.

mod answers;
mod contact;
mod links;
mod model;
mod queries;
mod records;

pub use queries::shows_an_answer;
pub(super) use queries::{Outside, keep};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations about receivers.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(links::create_referral_link)
        .service(links::print_referral_letter)
        .service(records::record_referral_answer)
        .service(answers::look_at_referral)
        .service(answers::accept_by_link)
        .service(answers::decline_by_link)
        .service(contact::get_referral_contact);
}
