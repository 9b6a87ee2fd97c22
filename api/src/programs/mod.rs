//! Programs and their cycles: what can be given, by whom, to how many.
//!
//! Invariants: nobody outside its organization and the coordinators sees a draft; whoever submits a program does not
//! publish it; seats taken never exceed seats. A restricted program is visible to its own organization, to
//! supervisors and to those who work on a restricted problem it answers; how many seats are taken only to the first
//! two, since each seat is a person.

mod cycles;
mod draft;
mod model;
mod queries;
mod routes;
mod rules;

pub use draft::{Drafted, OfferedProgram, draft};
pub use model::{AccessMode, BenefitKind, BenefitTier, ClaimUnit, ProgramStatus, ProgramText, SeatKind};
pub use queries::cycles::{CycleLock, free_seat, lock_cycle, take_seat};
pub use queries::offers::{OpenOffer, open_offers};
pub use queries::ruled::{Ruled, live, lock_ruled, ruled, set_rule};
pub use queries::{Offer, offer, seen};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_programs)
        .service(routes::create_program)
        .service(routes::get_program)
        .service(routes::update_program)
        .service(routes::submit_program)
        .service(routes::publish_program)
        .service(routes::return_program)
        .service(routes::suspend_program)
        .service(routes::close_program)
        .service(cycles::list_program_cycles)
        .service(cycles::create_program_cycle)
        .service(cycles::get_program_cycle)
        .service(cycles::update_program_cycle);
}
