//! Code lists: PPKS types, needs, pillars, housing and personal codes, reasons; and the maps from what each source writes.
//!
//! - A list has one version, which every change of its entries raises; it is what `If-Match` compares.
//! - An entry is never deleted: rows name its code. It is retired in a version, and may be brought back.
//! - The sensitivity of an entry is set when it is made: what was made from it has inherited the label.

mod entries;
mod model;
mod queries;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_code_lists)
        .service(routes::get_code_list)
        .service(routes::update_code_list)
        .service(routes::list_code_maps)
        .service(entries::create_code_entry)
        .service(entries::update_code_entry)
        .service(entries::retire_code_entry)
        .service(entries::restore_code_entry);
}
