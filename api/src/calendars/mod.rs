//! Working days: which weekdays an office works and which days it does not.
//!
//! Every deadline in working days is counted by one of these calendars ([`due`]) from a civil date at the office. A
//! deadline is made while its calendar is held ([`hold`]), and a calendar that changes moves the open deadlines made
//! with it in the same transaction, so no deadline ever disagrees with its calendar.

mod model;
mod queries;
mod routes;
mod rules;

pub use queries::hold;
pub use rules::{WorkingDays, due};

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_calendars)
        .service(routes::create_calendar)
        .service(routes::get_calendar)
        .service(routes::update_calendar)
        .service(routes::get_calendar_due)
        .service(routes::create_calendar_holiday)
        .service(routes::delete_calendar_holiday);
}
