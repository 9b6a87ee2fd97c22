//! Saved views: the filters, order and columns of a list that somebody keeps.
//!
//! - A view belongs to one account, which alone changes and deletes it. Shared, it is also seen by the team: every
//!   account that today holds the same role for the same area or organization. Citizens have no team and no views.
//! - A view is impersonal: filter values are codes and dates. A name, a number or a search text is refused.

mod model;
mod queries;
mod routes;
mod rules;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_views)
        .service(routes::create_view)
        .service(routes::get_view)
        .service(routes::update_view)
        .service(routes::delete_view);
}
