//! What the document says of every operation alike: problems, headers, security. Added here once instead of at each handler.

use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use crate::kernel::problem;

/// Path parameter of a resource.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct IdPath {
    /// Id of the resource (UUIDv7).
    #[param(example = "0198c0de-0000-7000-8000-000000000001", format = "uuid")]
    pub id: String,
}

/// Header of a change.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatchHeader {
    /// ETag of the resource as it was read; the part before the dot is compared.
    #[param(rename = "If-Match", example = "\"3.0a1b2c3d\"")]
    pub if_match: String,
}

/// Header of a read.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfNoneMatchHeader {
    /// ETag the caller has; the same one answers 304.
    #[param(rename = "If-None-Match", nullable = false, example = "\"3.0a1b2c3d\"")]
    pub if_none_match: Option<String>,
}

/// Header of a creating request.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyHeader {
    /// Any unique text: the same key and body answer again what the first request answered.
    #[param(
        rename = "Idempotency-Key",
        nullable = false,
        max_length = 200,
        pattern = "^[!-~]{1,200}$",
        example = "b7f6c1d2-1"
    )]
    pub idempotency_key: Option<String>,
}

/// Statuses an operation can answer besides its own.
fn statuses(path: &str, method: &str, operation: &Value) -> Vec<u16> {
    let public = operation.get("security").and_then(Value::as_array).is_some_and(|s| s.iter().all(|r| r == &json!({})));
    let headers: Vec<&str> = operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|p| p.get("in") == Some(&json!("header")))
        .filter_map(|p| p.get("name").and_then(Value::as_str))
        .collect();
    let mut all = vec![400, 500, 503];
    if !public {
        all.extend([401, 403]);
    }
    if path.contains('{') {
        all.push(404);
    }
    if method != "get" && path.starts_with("/api/") {
        all.extend([404, 409, 422]);
    }
    if operation.get("requestBody").is_some() {
        all.extend([413, 415, 422]);
    }
    if headers.contains(&"If-Match") {
        all.extend([412, 428]);
    }
    if public && method == "post" {
        all.extend([401, 403, 429]);
    }
    all.push(429);
    all.sort_unstable();
    all.dedup();
    all
}

/// Adds the shared answers, security scheme and server to the collected document.
pub fn complete(document: &utoipa::openapi::OpenApi) -> Value {
    let mut doc = serde_json::to_value(document).unwrap_or_default();
    let mut used: Vec<u16> = Vec::new();
    if let Some(paths) = doc.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if !operation.is_object() {
                    continue;
                }
                if operation.get("security").is_none() {
                    operation["security"] = json!([{ "bearer": [] }]);
                }
                let statuses = statuses(path, method, operation);
                let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
                for status in statuses {
                    responses
                        .entry(status.to_string())
                        .or_insert_with(|| json!({ "$ref": format!("#/components/responses/Problem{status}") }));
                    used.push(status);
                }
                responses.sort_keys();
            }
        }
    }
    used.sort_unstable();
    used.dedup();
    let shared: Map<String, Value> = used.into_iter().map(|s| (format!("Problem{s}"), response(s))).collect();
    doc["components"]["responses"] = Value::Object(shared);
    doc["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "Access token (RFC 9068) of `POST /api/v1/auth/login` for people, of `POST /oauth/token` for machine clients."
        },
        "client": {
            "type": "http", "scheme": "basic",
            "description": "Id and secret of a machine client, at the token endpoint only."
        }
    });
    doc["servers"] = json!([{ "url": "/", "description": "This installation" }]);
    doc
}

fn response(status: u16) -> Value {
    let codes: Vec<_> = problem::ALL.iter().filter(|c| c.status == status).collect();
    let titles: Vec<String> = codes.iter().map(|c| format!("`{}`: {}.", c.slug, c.title)).collect();
    let example = codes.first().map(|c| {
        json!({
            "type": format!("/problems/{}", c.slug), "title": c.title, "status": status, "detail": c.title, "code": c.slug,
            "request_id": "0198c0de-0000-7000-8000-000000000001"
        })
    });
    let mut headers = json!({
        "x-request-id": { "description": "Id of this request.", "schema": { "type": "string" } }
    });
    if matches!(status, 429 | 503) {
        headers["Retry-After"] =
            json!({ "description": "Seconds to wait.", "schema": { "type": "integer", "minimum": 0 } });
    }
    json!({
        "description": if titles.is_empty() { "Refused.".to_owned() } else { titles.join(" ") },
        "headers": headers,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" }, "example": example } }
    })
}
