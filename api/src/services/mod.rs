//! The counter: what people ask for, from intake to a printed letter.
//!
//! Invariants: whoever takes a request in does not approve it; a letter has a number without gaps in its year and
//! service; a letter never changes, it is revoked by a new fact; whoever checks one learns that it is genuine and
//! nothing personal beyond initials. A request inherits the label of its problem and service, a letter that of its
//! request; restricted letters are counted in a series of their own. A text of letters never changes: a change is a
//! further version, which another person than its writer puts into force, and a letter names the version it has.

mod decided;
mod fields;
mod letter_model;
mod letter_queries;
mod letter_routes;
mod model;
mod paper;
mod queries;
mod routes;
mod rules;
mod steps;
mod template;
mod template_model;
mod template_queries;
mod template_routes;
mod verify;

pub use decided::{Asked, asked, readmit, reject};
pub use letter_queries::{book_failure, unbook};
pub use paper::{Check, Paper, print};
pub use template::long_date;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_service_requests)
        .service(routes::create_service_request)
        .service(routes::get_service_request)
        .service(steps::handle_service_request)
        .service(steps::return_service_request)
        .service(steps::resubmit_service_request)
        .service(steps::approve_service_request)
        .service(steps::issue_service_request)
        .service(steps::cancel_service_request)
        .service(template_routes::list_letter_templates)
        .service(template_routes::create_letter_template)
        .service(template_routes::preview_letter_template)
        .service(template_routes::get_letter_template)
        .service(template_routes::activate_letter_template)
        .service(template_routes::list_letter_placeholders)
        .service(letter_routes::get_letter)
        .service(letter_routes::get_letter_file)
        .service(letter_routes::revoke_letter)
        .service(verify::verify_letter);
}
