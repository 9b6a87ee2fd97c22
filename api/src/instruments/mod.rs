//! Instruments: the forms of assessments, as data.
//!
//! A definition has sections of questions, conditions that show or hide them, scores and findings ([`definition`]). It
//! is checked when written ([`check`]) and evaluated the same way everywhere ([`evaluate`]): on each autosave, when it is
//! signed, and on the screen. One revision of a code is active; what answers were given to never changes. A draft by an
//! administrator becomes active by a coordinator's second key.

pub mod check;
pub mod definition;
pub mod evaluate;
mod model;
mod queries;
mod routes;

pub use definition::Definition;
pub use model::InstrumentStatus;
pub use queries::{InstrumentRow, by_code, find, load};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_instruments)
        .service(routes::create_instrument)
        .service(routes::get_instrument)
        .service(routes::update_instrument)
        .service(routes::activate_instrument)
        .service(routes::retire_instrument);
}
