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
    #[param(rename = "If-Match", pattern = "^\"[0-9]{1,18}([.][!#-~]{0,64})?\"$", example = "\"3.0a1b2c3d\"")]
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

fn has_parameter(operation: &Value, place: &str, name: &str) -> bool {
    operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .any(|p| p.get("in") == Some(&json!(place)) && p.get("name") == Some(&json!(name)))
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
    if ["/file", "/compare", "/contact"].iter().any(|end| path.ends_with(end)) {
        // The file may not be written, the plan not be calculated, the help not be scheduled yet.
        all.push(409);
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
    if has_parameter(operation, "query", "cursor") {
        // A cursor of another list, sort or filter.
        all.push(422);
    }
    if public && method == "post" {
        all.extend([401, 403, 429]);
    }
    all.push(429);
    all.sort_unstable();
    all.dedup();
    all
}

/// What the parameters of an operation say about the headers of its answers.
struct Headers {
    tagged: bool,
    paged: bool,
    replayed: bool,
}

fn headers(path: &str, method: &str, operation: &Value, versioned: &[String]) -> Headers {
    let has = |place, name| has_parameter(operation, place, name);
    let replayed = has("header", "Idempotency-Key");
    Headers {
        tagged: has("header", "If-Match")
            || has("header", "If-None-Match")
            || replayed
            || answers_versioned(operation, versioned),
        paged: method == "get" && path.starts_with("/api/") && has("query", "cursor"),
        replayed,
    }
}

/// Whether the answer is a resource with a version, which always comes with its tag.
fn answers_versioned(operation: &Value, versioned: &[String]) -> bool {
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    schema.as_str().is_some_and(|reference| versioned.iter().any(|v| v == reference))
}

/// Adds the headers that answers of this status carry; what a handler documents itself stays.
fn describe_headers(status: &str, response: &mut Value, of: &Headers) {
    let Some(response) = response.as_object_mut().filter(|r| !r.contains_key("$ref")) else { return };
    let good = status.starts_with('2');
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    let described = [
        (true, "x-request-id", text("Id of this request, also in the log.", "0198c0de-0000-7000-8000-000000000001")),
        (
            of.tagged && (good || status == "304"),
            "ETag",
            text(
                "Version of the resource as this caller sees it, for `If-Match` and `If-None-Match`.",
                "\"3.0a1b2c3d\"",
            ),
        ),
        (
            matches!(status, "201" | "202"),
            "Location",
            text(
                "Where the new resource or the operation is.",
                "/api/v1/operations/0198c0de-0000-7000-8000-000000000001",
            ),
        ),
        (
            of.paged && good,
            "Link",
            text("The next page, with `rel=\"next\"`.", "</api/v1/regions?limit=50&cursor=…>; rel=\"next\""),
        ),
        (of.replayed && good, "Idempotent-Replayed", text("`true` when this is the first answer again.", "true")),
    ];
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    for (applies, name, header) in described {
        if applies && headers.get(name).is_none() {
            headers[name] = header;
        }
    }
}

/// Adds the shared answers, security scheme and server to the collected document.
pub fn complete(document: &utoipa::openapi::OpenApi) -> Value {
    let mut doc = serde_json::to_value(document).unwrap_or_default();
    unfold(&mut doc);
    describe_tags(&mut doc);
    let mut used: Vec<u16> = Vec::new();
    let versioned: Vec<String> = doc["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema["properties"].get("version").is_some())
        .map(|(name, _)| format!("#/components/schemas/{name}"))
        .collect();
    if let Some(paths) = doc.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if !operation.is_object() {
                    continue;
                }
                if operation.get("security").is_none() {
                    operation["security"] = json!([{ "bearer": [] }]);
                }
                usable_characters(operation);
                let statuses = statuses(path, method, operation);
                let headers = headers(path, method, operation, &versioned);
                let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
                for status in statuses {
                    responses
                        .entry(status.to_string())
                        .or_insert_with(|| json!({ "$ref": format!("#/components/responses/Problem{status}") }));
                    used.push(status);
                }
                for (status, response) in responses.iter_mut() {
                    describe_headers(status, response, &headers);
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
            "description": "Access token (RFC 9068, used as RFC8725 advises) of `POST /api/v1/auth/login` for people, of `POST /oauth/token` for machine clients."
        },
        "client": {
            "type": "http", "scheme": "basic",
            "description": "Id and secret of a machine client, at the token endpoint only."
        }
    });
    doc["servers"] = json!([{ "url": "/", "description": "This installation" }]);
    doc
}

/// Postgres stores no U+0000, and the router refuses it in every query parameter: free text says so.
fn usable_characters(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for parameter in parameters.filter(|p| p.get("in") == Some(&json!("query"))) {
        let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) else { continue };
        let free = !["enum", "pattern", "format", "$ref"].iter().any(|key| schema.contains_key(*key));
        if free && schema.get("type") == Some(&json!("string")) {
            schema.insert("pattern".into(), json!("^[^\\u0000]*$"));
        }
    }
}

/// The member that tells the variants of a value apart is collected without a word about itself.
fn describe_tags(doc: &mut Value) {
    let Some(schemas) = doc["components"]["schemas"].as_object_mut() else { return };
    for schema in schemas.values_mut() {
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten();
        for properties in variants.filter_map(|v| v.get_mut("properties").and_then(Value::as_object_mut)) {
            for property in properties.values_mut().filter_map(Value::as_object_mut) {
                let single = property.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() == 1);
                if single && !property.contains_key("description") {
                    property.insert("description".into(), json!("Which kind it is."));
                }
            }
        }
    }
}

/// A described enum is collected as `allOf` of the enum and an empty *object* that carries the description, which no
/// value satisfies: the two are put together again.
fn unfold(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(unfold),
        Value::Object(members) => {
            members.values_mut().for_each(unfold);
            let Some([whole, remark]) = members.get("allOf").and_then(Value::as_array).map(Vec::as_slice) else {
                return;
            };
            let Some(remark) = remark.as_object().filter(|r| {
                r.get("type") == Some(&json!("object"))
                    && !r.contains_key("properties")
                    && !r.contains_key("additionalProperties")
            }) else {
                return;
            };
            let Some(mut merged) = whole.as_object().cloned() else { return };
            merged.extend(remark.iter().filter(|(name, _)| *name != "type").map(|(k, v)| (k.clone(), v.clone())));
            members.remove("allOf");
            members.extend(merged);
        }
        _ => {}
    }
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
    if matches!(status, 409 | 429 | 503) {
        headers["Retry-After"] =
            json!({ "description": "Seconds to wait.", "schema": { "type": "integer", "minimum": 0 } });
    }
    json!({
        "description": if titles.is_empty() { "Refused.".to_owned() } else { titles.join(" ") },
        "headers": headers,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" }, "example": example } }
    })
}
