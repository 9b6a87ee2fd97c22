//! Sign-in of people (password, one-time code, refresh cookie) and of machine clients (client credentials).

mod machine;
mod model;
mod own;
mod queries;
mod sign_in;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_in::login)
        .service(sign_in::refresh_session)
        .service(sign_in::logout)
        .service(own::get_own_account)
        .service(own::change_own_password)
        .service(own::enroll_totp)
        .service(own::confirm_totp)
        .service(own::remove_totp)
        .service(machine::issue_token);
}
