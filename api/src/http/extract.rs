//! Extractors that answer with problems: body, query, id, If-Match, Idempotency-Key.

use std::future::{Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::kernel::problem::{self, FieldError, Problem};

/// Largest JSON body.
const BODY_LIMIT: usize = 1 << 20;

/// A JSON body: 400 where it is not JSON, 422 with pointers where it is refused.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = body(req, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

type Body = Pin<Box<dyn Future<Output = Result<web::Bytes, Problem>>>>;

/// The bytes of a JSON body.
fn body(req: &HttpRequest, payload: &mut Payload) -> Body {
    let media =
        req.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let media = media.split(';').next().unwrap_or_default().trim().to_owned();
    let bytes = web::Bytes::from_request(req, payload);
    Box::pin(async move {
        if media != "application/json" && media != "application/merge-patch+json" {
            return Err(Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = bytes.await.map_err(|_| Problem::new(&problem::PAYLOAD_TOO_LARGE))?;
        if bytes.len() > BODY_LIMIT {
            return Err(Problem::new(&problem::PAYLOAD_TOO_LARGE));
        }
        Ok(bytes)
    })
}

/// The same for a body whose members are all optional: none at all, or `null`, is an empty one.
#[derive(Debug)]
pub struct MaybeJson<T>(pub T);

impl<T: DeserializeOwned + Validate + Default + 'static> FromRequest for MaybeJson<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length =
            req.headers().get("content-length").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
        if req.headers().get("content-type").is_none()
            && length.unwrap_or(0) == 0
            && !req.headers().contains_key("transfer-encoding")
        {
            return Box::pin(async { Ok(Self(T::default())) });
        }
        let bytes = body(req, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            if bytes.trim_ascii() == b"null" { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
        })
    }
}

/// Parses and validates a body.
pub fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Problem> {
    // First whether it is JSON at all, so that what cannot be read is 400 wherever the mistake stands.
    if let Err(e) = serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        let detail = format!("not JSON at line {} column {}", e.line(), e.column());
        return Err(Problem::with(&problem::MALFORMED_JSON, detail));
    }
    // A list would be read as the members of a struct in their order.
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Problem::field("", "wrong_type", "expected an object"));
    }
    let mut de = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut de).map_err(|e| {
        let pointer = pointer(&e.path().to_string());
        let inner = e.inner();
        if inner.is_data() {
            let message = inner.to_string();
            let (code, detail) = reason(&message);
            // A member given twice is known to the object alone; its name is one of ours.
            let twice = message.strip_prefix("duplicate field `").and_then(|rest| rest.split('`').next());
            let pointer = twice.map_or_else(|| pointer.clone(), |name| format!("{pointer}/{name}"));
            Problem::field(pointer, code, detail)
        } else {
            Problem::with(
                &problem::MALFORMED_JSON,
                format!("not JSON at line {} column {}", inner.line(), inner.column()),
            )
        }
    })?;
    de.end().map_err(|_| Problem::with(&problem::MALFORMED_JSON, "more than one JSON value"))?;
    if has_nul(bytes) {
        return Err(Problem::field("", "unusable_character", "text must not contain U+0000"));
    }
    value.validate().map_err(|e| invalid(&e))?;
    Ok(value)
}

/// Postgres stores no U+0000; as JSON it can only be written as an escape.
fn has_nul(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|w| w == b"\\u0000")
}

fn pointer(path: &str) -> String {
    if path == "." || path.is_empty() {
        return String::new();
    }
    format!("/{}", path.replace('[', ".").replace(']', "").trim_start_matches('.').replace('.', "/"))
}

/// Serde's sentence without the value it may quote.
fn reason(message: &str) -> (&'static str, String) {
    let message = message.split(" at line ").next().unwrap_or(message);
    if message.starts_with("unknown field") {
        ("unknown_member", "is not a member of this object".into())
    } else if message.starts_with("missing field") {
        let name = message.split('`').nth(1).unwrap_or("a member");
        ("required", format!("{name} is required"))
    } else if message.starts_with("unknown variant") {
        let expected = message.split("expected ").nth(1).unwrap_or("another value");
        ("not_allowed", format!("expected {expected}"))
    } else if let Some(expected) = message.split("expected ").nth(1) {
        ("wrong_type", format!("expected {expected}"))
    } else if message.starts_with("duplicate field") {
        ("duplicate_member", "is given twice".into())
    } else {
        ("invalid", "is not a valid value".into())
    }
}

/// The validator's findings as refused fields; it would echo the rejected value, so only code and sentence are taken.
pub fn invalid(errors: &ValidationErrors) -> Problem {
    let mut problem = Problem::new(&problem::VALIDATION_FAILED);
    collect(errors, "", &mut problem.errors);
    problem.errors.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    problem
}

fn collect(errors: &ValidationErrors, at: &str, out: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        let here = format!("{at}/{field}");
        match kind {
            ValidationErrorsKind::Field(list) => out.extend(list.iter().map(|e| FieldError {
                pointer: here.clone(),
                code: e.code.to_string(),
                detail: e.message.as_ref().map_or_else(|| "is not allowed".into(), ToString::to_string),
            })),
            ValidationErrorsKind::Struct(inner) => collect(inner, &here, out),
            ValidationErrorsKind::List(items) => {
                for (i, inner) in items {
                    collect(inner, &format!("{here}/{i}"), out);
                }
            }
        }
    }
}

/// A typed query string; unknown parameters were refused before, by the router.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Validate> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let refused = |pointer: String, detail: String| {
            Err(Problem::new(&problem::UNKNOWN_PARAMETER).and(pointer, "invalid", detail))
        };
        ready(match web::Query::<T>::from_query(req.query_string()) {
            Ok(query) => match query.0.validate() {
                Ok(()) => Ok(Self(query.0)),
                Err(e) => {
                    let errors = invalid(&e)
                        .errors
                        .into_iter()
                        .map(|e| FieldError { pointer: e.pointer.trim_start_matches('/').into(), ..e });
                    Err(Problem { errors: errors.collect(), ..Problem::new(&problem::UNKNOWN_PARAMETER) })
                }
            },
            Err(e) => {
                let (_, detail) = reason(&e.to_string().replace("Query deserialize error: ", ""));
                refused(String::new(), detail)
            }
        })
    }
}

/// The `{id}` of a path. What is not a UUID names nothing: 404.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub Uuid);

impl FromRequest for Id {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(req.match_info().get("id").and_then(|id| id.parse().ok()).map(Self).ok_or_else(Problem::not_found))
    }
}

/// The version part of `If-Match`: 428 absent, 400 malformed; compared by the write.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl IfMatch {
    /// 412 where the resource has moved on.
    pub fn check(self, version: i64) -> Result<(), Problem> {
        if self.0 == version { Ok(()) } else { Err(Problem::new(&problem::STALE_VERSION)) }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match req.headers().get("if-match") {
            None => Err(Problem::new(&problem::PRECONDITION_REQUIRED)),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|v| v.trim().strip_prefix('"')?.strip_suffix('"')?.split('.').next())
                .filter(|v| v.len() <= 18 && v.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|v| v.parse().ok().map(Self))
                .ok_or_else(|| Problem::new(&problem::MALFORMED_IF_MATCH)),
        })
    }
}

/// `Idempotency-Key`: optional; 1 to 200 visible characters.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match req.headers().get("idempotency-key") {
            None => Ok(Self(None)),
            Some(value) => match value.to_str() {
                Ok(key) if !key.is_empty() && key.len() <= 200 && key.chars().all(|c| c.is_ascii_graphic()) => {
                    Ok(Self(Some(key.to_owned())))
                }
                _ => Err(Problem::with(&problem::BAD_REQUEST, "Idempotency-Key must be 1 to 200 visible characters")),
            },
        })
    }
}

/// The last `{…}` of a path that is a code rather than an id. One with odd characters names nothing: 404.
#[derive(Debug, Clone)]
pub struct Slug(pub String);

fn is_slug(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

impl FromRequest for Slug {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let last = req.match_info().iter().last().map(|(_, value)| value.to_owned());
        ready(last.filter(|v| is_slug(v)).map(Self).ok_or_else(Problem::not_found))
    }
}

/// The two codes of a path such as `/lists/{slug}/entries/{code}`.
#[derive(Debug, Clone)]
pub struct SlugPair(pub String, pub String);

impl FromRequest for SlugPair {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut parts = req.match_info().iter().map(|(_, value)| value.to_owned()).filter(|v| is_slug(v));
        let pair = parts.next().zip(parts.next());
        ready(pair.map(|(a, b)| Self(a, b)).ok_or_else(Problem::not_found))
    }
}
