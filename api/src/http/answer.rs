//! An answer made whole on the database thread: status, headers, JSON bytes.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::access::Principal;
use crate::kernel::problem::Problem;

/// Status, headers and body. Serialised where it was made, so that it can also be stored for idempotency.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Extra headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    fn json(status: u16, value: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { status, headers: Vec::new(), body: serde_json::to_vec(value).map_err(Problem::internal)? })
    }
    /// 200 with a body.
    pub fn ok(value: &impl Serialize) -> Result<Self, Problem> {
        Self::json(200, value)
    }
    /// 201 with the new resource and where it is.
    pub fn created(value: &impl Serialize, location: String) -> Result<Self, Problem> {
        Ok(Self::json(201, value)?.header("location", location))
    }
    /// 202 with where to look.
    pub fn accepted(value: &impl Serialize, location: String) -> Result<Self, Problem> {
        Ok(Self::json(202, value)?.header("location", location))
    }
    /// 204.
    pub fn empty() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new() }
    }
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
    /// Adds the strong entity tag of a resource as this caller sees it.
    #[must_use]
    pub fn etag(self, version: i64, principal: &Principal, can: &[&str]) -> Self {
        self.header("etag", etag(version, principal, can))
    }
}

/// `"<version>.<hash of role, scope, can>"`.
pub fn etag(version: i64, principal: &Principal, can: &[&str]) -> String {
    let hash = Sha256::digest(format!("{}|{}", principal.fingerprint, can.join(",")).as_bytes());
    let short: String = hash.iter().take(4).map(|b| format!("{b:02x}")).collect();
    format!("\"{version}.{short}\"")
}

impl Responder for Answer {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let tag = self.headers.iter().find(|(name, _)| name == "etag").map(|(_, tag)| tag.clone());
        let fresh = self.status == 200
            && req.method() == actix_web::http::Method::GET
            && tag.is_some_and(|tag| none_match(req, &tag));
        let status =
            if fresh { StatusCode::NOT_MODIFIED } else { StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK) };
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
                response.insert_header((name, value));
            }
        }
        if fresh || self.body.is_empty() {
            return response.finish();
        }
        response.content_type("application/json").body(self.body)
    }
}

fn none_match(req: &HttpRequest, tag: &str) -> bool {
    req.headers().get_all(header::IF_NONE_MATCH).filter_map(|v| v.to_str().ok()).any(|list| {
        list.split(',').any(|t| {
            let t = t.trim();
            t == "*" || t.trim_start_matches("W/") == tag
        })
    })
}
