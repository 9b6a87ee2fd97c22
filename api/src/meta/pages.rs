//! A page for each error code.

use actix_web::{HttpResponse, get};
use std::fmt::Write as _;

use crate::http::extract::Slug;
use crate::kernel::problem::{ALL, Code, Problem};

const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Satu Pintu: error codes</title>\
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fff}code{background:#eef2f5;padding:.1em .3em;border-radius:.2em}\
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#10161c}code{background:#22303c}a{color:#8cc8ff}}</style><main>";

fn html(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .content_type("text/html; charset=utf-8")
        .body(body)
}

fn section(out: &mut String, code: &Code) {
    let _ = write!(
        out,
        "<h2 id=\"{0}\"><code>{0}</code> · {1}</h2><p>{2}.</p><p lang=\"id\">{3}</p><p>{4}</p>",
        code.slug, code.status, code.title, code.help.0, code.help.1
    );
}

/// List every error code
///
/// A page for people; each code also has a page of its own.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The codes.", content_type = "text/html", body = String, example = "<!doctype html>…")))]
#[get("/problems")]
pub async fn list_problem_codes() -> HttpResponse {
    let mut out = format!("{HEAD}<h1>Error codes</h1>");
    for code in ALL {
        section(&mut out, code);
    }
    html(out)
}

/// Explain one error code
///
/// What it means and what to do, in Indonesian and English. `type` of every problem points here.
#[utoipa::path(tag = "meta", security(()),
    params(("code" = String, Path, description = "Stable code.", example = "stale_version", pattern = "^[a-z_]{1,60}$")),
    responses((status = 200, description = "The page.", content_type = "text/html", body = String, example = "<!doctype html>…")))]
#[get("/problems/{code}")]
pub async fn get_problem_code(slug: Slug) -> Result<HttpResponse, Problem> {
    let code = ALL.iter().find(|c| c.slug == slug.0).ok_or_else(Problem::not_found)?;
    let mut out = HEAD.to_owned();
    section(&mut out, code);
    Ok(html(out))
}
