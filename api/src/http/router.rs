//! Middleware around every route, driven by the OpenAPI document: what it does not list does not exist.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, web};
use serde_json::Value;

use super::errors::respond;
use super::paths::Paths;
use crate::access::PublicOperation;
use crate::kernel::problem::{self, Problem};

/// One operation as the document has it.
#[derive(Debug, Default)]
struct Operation {
    /// No bearer token is looked for; the token endpoint authenticates its client itself.
    public: bool,
    parameters: HashSet<String>,
}

/// A path of the document: its pattern and its methods.
#[derive(Debug)]
struct Resource {
    pattern: String,
    methods: HashMap<Method, Operation>,
}

/// Path patterns, their methods and query parameters.
#[derive(Debug, Default)]
pub struct Routes {
    paths: Paths<Arc<Resource>>,
}

/// What the path of a request is in the document; looked up once, when the request comes in.
#[derive(Debug, Clone)]
struct Matched(Option<Arc<Resource>>);

/// Looks up what the request asks for and leaves it with the request.
pub(super) fn locate(req: &ServiceRequest) {
    let resource = req.app_data::<web::Data<Routes>>().and_then(|routes| routes.paths.find(req.path()).cloned());
    req.extensions_mut().insert(Matched(resource));
}

fn located(req: &ServiceRequest) -> Option<Arc<Resource>> {
    req.extensions().get::<Matched>().and_then(|m| m.0.clone())
}

/// The pattern of the request's path for logs and metrics, which must not carry ids.
pub(super) fn with_pattern<T>(req: &ServiceRequest, then: impl FnOnce(&str) -> T) -> T {
    let found = located(req);
    then(match &found {
        Some(resource) => &resource.pattern,
        None if is_page(req.path()) => "/docs/{_}",
        None => "unmatched",
    })
}

impl Routes {
    /// Reads them from the document.
    pub fn of(document: &Value) -> Self {
        let mut routes = Self::default();
        for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let mut methods = HashMap::new();
            for (method, operation) in item.as_object().into_iter().flatten() {
                let Ok(method) = method.to_ascii_uppercase().parse::<Method>() else { continue };
                let public = operation
                    .get("security")
                    .and_then(Value::as_array)
                    .is_some_and(|s| s.iter().all(|r| r.as_object().is_some_and(|o| !o.contains_key("bearer"))));
                let parameters = operation
                    .get("parameters")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter(|p| p.get("in").and_then(Value::as_str) == Some("query"))
                    .filter_map(|p| p.get("name").and_then(Value::as_str).map(str::to_owned))
                    .collect();
                methods.insert(method, Operation { public, parameters });
            }
            routes.paths.insert(path, Arc::new(Resource { pattern: path.clone(), methods }));
        }
        routes
    }
}

/// The answer to an error together with what it needs of its request.
#[derive(Debug)]
struct Rendered(Problem, Asked);

/// What every answer repeats of its request.
#[derive(Debug)]
struct Asked {
    id: String,
    /// Whether it came with credentials.
    signed: bool,
}

impl std::fmt::Display for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
impl actix_web::ResponseError for Rendered {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.0.status_code()
    }
    fn error_response(&self) -> actix_web::HttpResponse {
        let mut response = respond(&self.0, &self.1.id);
        mark(response.headers_mut(), &self.1);
        response
    }
}

fn mark(headers: &mut actix_web::http::header::HeaderMap, asked: &Asked) {
    if let Ok(value) = HeaderValue::from_str(&asked.id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    // RFC 6750 section 3.1: who sent a token learns that it is the token.
    if asked.signed && headers.get(header::WWW_AUTHENTICATE).is_some_and(|v| v.as_bytes().starts_with(b"Bearer")) {
        let refused = HeaderValue::from_static("Bearer realm=\"satupintu\", error=\"invalid_token\"");
        headers.insert(header::WWW_AUTHENTICATE, refused);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-site"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key("content-security-policy") {
        headers.insert(
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
}

/// Outermost: request id and security headers on every answer, every error as a problem.
pub async fn finish<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let asked = Asked {
        id: req.extensions().get::<tracing_actix_web::RequestId>().map(ToString::to_string).unwrap_or_default(),
        signed: req.headers().contains_key(header::AUTHORIZATION),
    };
    let pattern = with_pattern(&req, str::to_owned);
    let method = req.method().to_string();
    let started = std::time::Instant::now();
    let count = |status: u16| {
        let labels = [("method", method.clone()), ("path", pattern.clone()), ("status", status.to_string())];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
    };
    match next.call(req).await {
        Ok(res) => {
            let problem = res.response().error().map(problem_of);
            let mut res = match problem {
                Some(problem) => {
                    let (request, _) = res.into_parts();
                    ServiceResponse::new(request, respond(&problem, &asked.id)).map_into_right_body()
                }
                None => res.map_into_left_body(),
            };
            count(res.status().as_u16());
            mark(res.headers_mut(), &asked);
            Ok(res)
        }
        Err(error) => {
            let problem = problem_of(&error);
            count(problem.code.status);
            Err(Rendered(problem, asked).into())
        }
    }
}

fn problem_of(error: &actix_web::Error) -> Problem {
    if let Some(p) = error.as_error::<Problem>() {
        return Problem {
            code: p.code,
            detail: p.detail.clone(),
            errors: p.errors.clone(),
            retry_after: p.retry_after,
            allow: p.allow.clone(),
            members: p.members.clone(),
            cause: p.cause.clone(),
        };
    }
    match error.as_response_error().status_code().as_u16() {
        413 => Problem::new(&problem::PAYLOAD_TOO_LARGE),
        415 => Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE),
        404 => Problem::not_found(),
        status if status < 500 => Problem::new(&problem::BAD_REQUEST),
        _ => Problem::internal("framework error"),
    }
}

/// 404 and 405 from the document; marks operations that need no sign-in.
pub async fn guard(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if is_page(req.path()) {
        req.extensions_mut().insert(PublicOperation);
        return next.call(req).await;
    }
    let resource = located(&req).ok_or_else(Problem::not_found)?;
    let Some(operation) = resource.methods.get(req.method()) else {
        let mut allow: Vec<_> = resource.methods.keys().map(ToString::to_string).collect();
        allow.sort();
        return Err(Problem { allow: Some(allow.join(", ")), ..Problem::new(&problem::METHOD_NOT_ALLOWED) }.into());
    };
    if operation.public {
        req.extensions_mut().insert(PublicOperation);
    }
    next.call(req).await
}

/// Pages for people: the documentation and its assets.
fn is_page(path: &str) -> bool {
    path == "/docs" || path.starts_with("/docs/")
}

/// After authentication: a query parameter the document does not know is refused, as is one given twice.
pub async fn parameters(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if !req.query_string().is_empty() && !is_page(req.path()) {
        check_parameters(&req)?;
    }
    next.call(req).await
}

fn check_parameters(req: &ServiceRequest) -> Result<(), Problem> {
    let resource = located(req).ok_or_else(Problem::not_found)?;
    let operation = resource.methods.get(req.method()).ok_or_else(Problem::not_found)?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(req.query_string())
        .map_err(|_| Problem::new(&problem::UNKNOWN_PARAMETER))?;
    let mut seen = HashSet::new();
    for (name, value) in pairs.iter() {
        if !operation.parameters.contains(name) {
            return Err(Problem::with(&problem::UNKNOWN_PARAMETER, "a query parameter is unknown"));
        }
        if !seen.insert(name) {
            return Err(Problem::new(&problem::UNKNOWN_PARAMETER).and(name, "duplicate", "is given twice"));
        }
        if value.contains('\0') {
            return Err(Problem::new(&problem::UNKNOWN_PARAMETER).and(
                name,
                "unusable_character",
                "must not contain U+0000",
            ));
        }
    }
    Ok(())
}
