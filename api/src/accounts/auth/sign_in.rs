//! Login, refresh with rotation, logout.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::{HttpRequest, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::model::{Login, Session};
use super::{own, queries};
use crate::access::policy::SignIn;
use crate::access::{AuditEntry, Gate, Permit, Writer, address};
use crate::accounts::{password, queries as accounts};
use crate::config::SESSION_DAYS;
use crate::http::answer::Answer;
use crate::http::extract::Json;
use crate::kernel::problem::{self, Problem};

/// Name under which tokens of people are issued.
const SPA: &str = "satupintu-web";
const COOKIE: &str = "satupintu_refresh";
const COOKIE_PATH: &str = "/api/v1/auth";

fn cookie(gate: &Gate, value: &str, age: time::Duration) -> String {
    Cookie::build(COOKIE, value.to_owned())
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(!gate.config().loopback())
        .max_age(age)
        .finish()
        .to_string()
}

fn fresh_token() -> (String, Vec<u8>) {
    let token = URL_SAFE_NO_PAD.encode(crate::kernel::seal::random::<32>());
    let hash = Sha256::digest(token.as_bytes()).to_vec();
    (token, hash)
}

/// A browser says where a request comes from; only the SPA's own origins may use the cookie.
fn check_origin(req: &HttpRequest, gate: &Gate) -> Result<(), Problem> {
    match req.headers().get("origin").map(|o| o.to_str().unwrap_or_default()) {
        Some(origin) if !gate.config().origins().iter().any(|o| o == origin) => {
            Err(Problem::new(&problem::ORIGIN_REFUSED))
        }
        _ => Ok(()),
    }
}

/// The session's answer: a fresh access token and the account. The one place that makes them.
fn session_answer(
    w: &mut Writer<'_>,
    gate: &Gate,
    account: Uuid,
    session: Uuid,
    refresh: &str,
) -> Result<Answer, Problem> {
    let tokens = gate.tokens();
    let body = Session {
        access_token: tokens.issue(account, SPA, Some(session), None)?,
        token_type: "Bearer".into(),
        expires_in: tokens.lifetime(),
        account: accounts::find(w, account)?,
    };
    let cookie = cookie(gate, refresh, time::Duration::days(SESSION_DAYS));
    Ok(Answer::ok(&body)?.header("set-cookie", cookie).header("cache-control", "no-store"))
}

/// Sign in
///
/// Answers an access token and sets the refresh cookie. A wrong name, password or code answer alike, except that an
/// account with a second factor asks for its code (`totp_required`) once the password was right. After 10 failures of
/// an account or 100 of an address in 15 minutes: 429.
#[utoipa::path(operation_id = "sign_in", tag = "auth", security(()), request_body = Login, responses((status = 200, description = "Signed in; the refresh token is in a cookie.", body = Session, headers(("Set-Cookie" = String, description = "Refresh token, for this path alone.")))))]
#[post("/api/v1/auth/login")]
pub async fn login(permit: Permit<SignIn>, req: HttpRequest, body: Json<Login>) -> Result<Answer, Problem> {
    let login = body.0;
    let gate = permit.gate().clone();
    check_origin(&req, &gate)?;
    let (username, address) = (login.username.clone(), address(&req, &gate));
    let (booked, found) = permit
        .clone()
        .write(move |w| Ok((queries::book_attempt(w, &username, &address)?, queries::credentials(w, &username)?)))
        .await?;
    let right = password::verify_async(login.password, found.as_ref().map(|c| c.password_hash.clone())).await?;
    let Some(account) = found.filter(|c| right && c.active) else {
        return Err(Problem::new(&problem::BAD_CREDENTIALS));
    };
    permit
        .write(move |w| {
            if account.totp_enabled {
                match &login.totp {
                    None => {
                        queries::unbook(w, &booked)?;
                        return Ok(Err(Problem::new(&problem::TOTP_REQUIRED)));
                    }
                    Some(code) if !own::accept_code(w, account.id, code)? => {
                        return Ok(Err(Problem::new(&problem::BAD_CREDENTIALS)));
                    }
                    Some(_) => {}
                }
            }
            queries::unbook(w, &booked)?;
            let (token, hash) = fresh_token();
            let session = queries::start_session(w, account.id, &hash)?;
            w.audit(AuditEntry {
                action: "auth.login",
                subject_kind: "account",
                subject_id: Some(account.id),
                ..AuditEntry::default()
            })?;
            Ok(Ok(session_answer(w, &gate, account.id, session, &token)?))
        })
        .await?
}

/// Refresh the session
///
/// Takes the refresh cookie, answers a new access token and sets the next cookie. A cookie that was used before ends
/// the whole session: somebody else may have it.
#[utoipa::path(tag = "auth", security(()), responses((status = 200, description = "A fresh token; the next refresh token is in the cookie.", body = Session, headers(("Set-Cookie" = String, description = "Refresh token, for this path alone.")))))]
#[post("/api/v1/auth/refresh")]
pub async fn refresh_session(permit: Permit<SignIn>, req: HttpRequest) -> Result<Answer, Problem> {
    let gate = permit.gate().clone();
    check_origin(&req, &gate)?;
    let expired = || Problem::new(&problem::SESSION_EXPIRED);
    let presented = req.cookie(COOKIE).map(|c| Sha256::digest(c.value().as_bytes()).to_vec()).ok_or_else(expired)?;
    permit
        .write(move |w| {
            let Some(token) = queries::lock_token(w, &presented)? else { return Ok(Err(expired())) };
            if token.used || !token.alive {
                if token.used {
                    queries::revoke_session(w, token.session, "refresh token reused")?;
                    w.audit(AuditEntry {
                        action: "auth.reuse",
                        subject_kind: "account",
                        subject_id: Some(token.account),
                        ..AuditEntry::default()
                    })?;
                }
                // The revocation must be kept although the answer is an error.
                return Ok(Err(expired()));
            }
            queries::use_token(w, &presented, token.session)?;
            let (next, hash) = fresh_token();
            queries::store_token(w, token.session, &hash)?;
            Ok(Ok(session_answer(w, &gate, token.account, token.session, &next)?))
        })
        .await?
}

/// Sign out
///
/// Ends the session of the refresh cookie; its access tokens stop working within a second.
#[utoipa::path(operation_id = "sign_out", tag = "auth", security(()), responses((status = 204, description = "Signed out.", headers(("Set-Cookie" = String, description = "Empties the refresh cookie.")))))]
#[post("/api/v1/auth/logout")]
pub async fn logout(permit: Permit<SignIn>, req: HttpRequest) -> Result<Answer, Problem> {
    let gate = permit.gate().clone();
    check_origin(&req, &gate)?;
    let gone = Answer::empty().header("set-cookie", cookie(&gate, "", time::Duration::ZERO));
    let Some(presented) = req.cookie(COOKIE).map(|c| Sha256::digest(c.value().as_bytes()).to_vec()) else {
        return Ok(gone);
    };
    permit
        .write(move |w| {
            if let Some(token) = queries::lock_token(w, &presented)? {
                queries::revoke_session(w, token.session, "signed out")?;
            }
            Ok(())
        })
        .await?;
    Ok(gone)
}
