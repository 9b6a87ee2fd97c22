//! Problems as `application/problem+json`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use serde::Serialize;

use crate::kernel::problem::{FieldError, Problem};

/// The body of every error answer (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Page that explains the code.
    #[serde(rename = "type")]
    #[schema(example = "/problems/validation_failed")]
    pub kind: String,
    /// Summary, the same for every occurrence of the code.
    #[schema(example = "Some values are refused")]
    pub title: String,
    /// HTTP status.
    #[schema(example = 422, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened this time; never an echoed personal value.
    #[schema(example = "Some values are refused")]
    pub detail: String,
    /// Stable code to match on.
    #[schema(example = "validation_failed")]
    pub code: String,
    /// Refused fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// Id of this request, also in the header `x-request-id` and in the log.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001")]
    pub request_id: String,
    /// What this code tells beside that.
    #[serde(flatten)]
    #[schema(ignore)]
    pub members: Option<serde_json::Value>,
}

impl ProblemBody {
    fn of(problem: &Problem, request_id: &str) -> Self {
        Self {
            kind: format!("/problems/{}", problem.code.slug),
            title: problem.code.title.to_owned(),
            status: problem.code.status,
            detail: problem.detail.clone(),
            code: problem.code.slug.to_owned(),
            errors: problem.errors.clone(),
            request_id: request_id.to_owned(),
            members: problem.members.as_deref().cloned(),
        }
    }
}

/// The answer for a problem; 5xx causes go to the log under the same request id.
pub fn respond(problem: &Problem, request_id: &str) -> HttpResponse {
    if let Some(cause) = &problem.cause {
        tracing::error!(code = problem.code.slug, cause, request_id, "request failed");
    }
    let status = StatusCode::from_u16(problem.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.content_type("application/problem+json");
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(allow) = &problem.allow {
        response.insert_header((header::ALLOW, allow.clone()));
    }
    if problem.code.status == 401 {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"satupintu\""));
    }
    response.json(ProblemBody::of(problem, request_id))
}

impl actix_web::ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
    // The middleware `router::finish` answers instead, with the request id; this one serves where it is not mounted.
    fn error_response(&self) -> HttpResponse {
        respond(self, "")
    }
}
