//! Client credentials (RFC 6749 section 4.4). Errors here have the form OAuth libraries expect, not problem+json.

use actix_web::{HttpRequest, HttpResponse, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::model::{TokenAnswer, TokenError, TokenRequest};
use super::queries;
use crate::access::Permit;
use crate::access::policy::SignIn;
use crate::accounts::client_secret_digest;
use crate::kernel::problem::Problem;

fn refuse(status: u16, error: &str, description: &str) -> HttpResponse {
    let mut response = if status == 401 { HttpResponse::Unauthorized() } else { HttpResponse::BadRequest() };
    if status == 401 {
        response.insert_header(("www-authenticate", "Basic realm=\"satupintu\""));
    }
    response
        .insert_header(("cache-control", "no-store"))
        .json(TokenError { error: error.into(), error_description: description.into() })
}

/// Id and secret of HTTP Basic, both form-encoded as RFC 6749 section 2.3.1 asks.
fn basic(req: &HttpRequest) -> Option<(String, String)> {
    let header = req.headers().get("authorization")?.to_str().ok()?;
    let (scheme, value) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |s: &str| {
        web::Query::<Vec<(String, String)>>::from_query(&format!("v={s}"))
            .ok()
            .and_then(|q| q.0.into_iter().next())
            .map(|(_, v)| v)
    };
    Some((decode(id)?, decode(secret)?))
}

fn equal(a: &str, b: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

/// Issue a token to a machine client
///
/// Client credentials, by HTTP Basic or in the form. `scope` may ask for fewer scopes than the client holds.
#[utoipa::path(tag = "auth", security((), ("client" = [])),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token.", body = TokenAnswer),
        (status = 400, description = "invalid_request, unsupported_grant_type or invalid_scope.", body = TokenError, example = json!({"error": "unsupported_grant_type", "error_description": "use client_credentials"})),
        (status = 401, description = "invalid_client.", body = TokenError, example = json!({"error": "invalid_client", "error_description": "client id or secret is wrong"})),
    ))]
#[post("/oauth/token")]
pub async fn issue_token(permit: Permit<SignIn>, req: HttpRequest, body: web::Bytes) -> Result<HttpResponse, Problem> {
    let form = std::str::from_utf8(&body).ok().and_then(|text| web::Query::<TokenRequest>::from_query(text).ok());
    let Some(form) = form.map(|f| f.0).filter(|_| is_form(&req)) else {
        return Ok(refuse(400, "invalid_request", "send a form with grant_type"));
    };
    if form.grant_type != "client_credentials" {
        return Ok(refuse(400, "unsupported_grant_type", "use client_credentials"));
    }
    let Some((id, secret)) = basic(&req).or_else(|| form.client_id.clone().zip(form.client_secret.clone())) else {
        return Ok(refuse(401, "invalid_client", "send client id and secret"));
    };
    if id.contains('\0') {
        return Ok(refuse(401, "invalid_client", "client id or secret is wrong"));
    }
    let gate = permit.gate().clone();
    let name = id.clone();
    let found = permit.read(move |r| queries::client(r, &name)).await?;
    let digest = client_secret_digest(&secret);
    let Some((client, _, held)) = found.filter(|(_, stored, _)| equal(stored, &digest)) else {
        return Ok(refuse(401, "invalid_client", "client id or secret is wrong"));
    };
    let asked: Vec<&str> = form.scope.as_deref().map(|s| s.split_whitespace().collect()).unwrap_or_default();
    if asked.iter().any(|s| !held.iter().any(|h| h == s)) {
        return Ok(refuse(400, "invalid_scope", "the client does not hold every scope asked for"));
    }
    let scope = if asked.is_empty() { held.join(" ") } else { asked.join(" ") };
    let answer = TokenAnswer {
        access_token: gate.tokens().issue(client, &id, None, Some(scope.clone()))?,
        token_type: "Bearer".into(),
        expires_in: gate.tokens().lifetime(),
        scope,
    };
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .insert_header(("pragma", "no-cache"))
        .json(answer))
}

fn is_form(req: &HttpRequest) -> bool {
    let media = req.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
    media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
