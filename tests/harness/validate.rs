//! Holds every answer against the OpenAPI document: status, media type, headers, every member of the body.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::client::Answer;

/// The document as built from the code.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(satupintu::app::document)
}

/// Headers that mean something to a caller: an operation that sends one must say so.
const TELLING: &[&str] = &[
    "etag",
    "location",
    "link",
    "retry-after",
    "idempotent-replayed",
    "content-disposition",
    "set-cookie",
    "deprecation",
    "sunset",
];

/// Stops the test where the document does not allow the answer.
pub fn check_answer(method: &str, path: &str, answer: &Answer) {
    let bare = path.split('?').next().unwrap_or(path);
    if answer.header("x-request-id").is_none() {
        wrong(answer, "every answer has x-request-id".into());
    }
    let Some((template, item)) = find_path(bare) else {
        // Pages of the documentation are not of the API; anything else unknown is a plain 404.
        if !bare.starts_with("/docs") {
            check_problem(answer, &[401, 404]);
        }
        return;
    };
    let Some(operation) = item.get(method.to_ascii_lowercase()) else {
        check_problem(answer, &[405]);
        if answer.header("allow").is_none_or(str::is_empty) {
            wrong(answer, "a 405 lists the methods in Allow".into());
        }
        return;
    };
    let Some(response) = operation["responses"].get(answer.status.to_string()).map(resolve) else {
        wrong(answer, format!("{method} {template} documents no {}", answer.status));
    };
    for name in TELLING.iter().filter(|name| answer.headers.contains_key(**name)) {
        let documented =
            response["headers"].as_object().is_some_and(|h| h.keys().any(|k| k.eq_ignore_ascii_case(name)));
        if !documented {
            wrong(answer, format!("{method} {template} {} does not document the header {name}", answer.status));
        }
    }
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        if resolve(header)["required"] == json!(true) && !answer.headers.contains_key(name.as_str()) {
            wrong(answer, format!("{method} {template} {} promises the header {name}", answer.status));
        }
    }
    let media = media_type(answer);
    let Some(content) = response["content"].as_object().filter(|c| !c.is_empty()) else {
        if !answer.body.is_empty() {
            wrong(answer, format!("{method} {template} {} documents no body", answer.status));
        }
        return;
    };
    let Some(described) = content.get(&media) else {
        wrong(
            answer,
            format!(
                "{method} {template} {} documents {:?}, not {media:?}",
                answer.status,
                content.keys().collect::<Vec<_>>()
            ),
        );
    };
    if !media.ends_with("json") || media.ends_with("ndjson") {
        return;
    }
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else { wrong(answer, "the body is not JSON".into()) };
    let key = format!("{method} {template} {} {media}", answer.status);
    let errors: Vec<String> = validator(&key, &described["schema"])
        .iter_errors(&body)
        .take(5)
        .map(|e| format!("  {}: {}", e.instance_path(), shorten(&e.to_string())))
        .collect();
    if !errors.is_empty() {
        wrong(answer, format!("the body is not as {key} documents it:\n{}", errors.join("\n")));
    }
}

fn wrong(answer: &Answer, what: String) -> ! {
    panic!(
        "{} answered {}, but {what}\n{}",
        answer.request(),
        answer.status,
        answer.text().chars().take(1_500).collect::<String>()
    )
}

fn shorten(text: &str) -> String {
    text.chars().take(300).collect()
}

fn media_type(answer: &Answer) -> String {
    answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn check_problem(answer: &Answer, statuses: &[u16]) {
    if !statuses.contains(&answer.status) {
        wrong(answer, format!("only {statuses:?} fits what the document does not know"));
    }
    if media_type(answer) != "application/problem+json" {
        wrong(answer, "an error is application/problem+json".into());
    }
    let body = answer.json();
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    if let Some(e) = validator("problem", &schema).iter_errors(&body).next() {
        wrong(answer, format!("the problem is malformed at {}: {e}", e.instance_path()));
    }
}

/// Follows one `$ref` into the document.
fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            document().pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

/// The path template a path fits: literal segments win over parameters.
pub fn find_path(path: &str) -> Option<(&'static str, &'static Value)> {
    let segments: Vec<&str> = path.split('/').collect();
    document()["paths"]
        .as_object()?
        .iter()
        .filter_map(|(template, item)| {
            let parts: Vec<&str> = template.split('/').collect();
            let fits = parts.len() == segments.len()
                && parts.iter().zip(&segments).all(|(p, s)| p == s || (p.starts_with('{') && !s.is_empty()));
            fits.then(|| (parts.iter().filter(|p| p.starts_with('{')).count(), template.as_str(), item))
        })
        .min_by_key(|(parameters, ..)| *parameters)
        .map(|(_, template, item)| (template, item))
}

fn validator(key: &str, schema: &Value) -> Arc<Validator> {
    static CACHE: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    if let Some(found) = cache.lock().unwrap().get(key) {
        return found.clone();
    }
    let mut schema = schema.clone();
    close(&mut schema, false);
    let root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": closed_components(),
        "allOf": [schema],
    });
    let built = jsonschema::options()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(&root)
        .unwrap_or_else(|e| panic!("the schema of {key} is not a schema: {e}"));
    let built = Arc::new(built);
    cache.lock().unwrap().insert(key.to_owned(), built.clone());
    built
}

/// The components with every object closed, so that a member the document does not name is an error.
fn closed_components() -> &'static Value {
    static CLOSED: OnceLock<Value> = OnceLock::new();
    CLOSED.get_or_init(|| {
        let mut schemas = document()["components"]["schemas"].clone();
        let mut parts = HashSet::new();
        composed(document(), &mut parts);
        for (name, schema) in schemas.as_object_mut().unwrap() {
            close(schema, parts.contains(name));
        }
        json!({ "schemas": schemas })
    })
}

/// Names of schemas that are parts of an `allOf`: they are closed by the whole.
fn composed(value: &Value, parts: &mut HashSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| composed(v, parts)),
        Value::Object(members) => {
            for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                if let Some(reference) = part["$ref"].as_str() {
                    parts.insert(reference.rsplit('/').next().unwrap_or_default().to_owned());
                }
            }
            members.values().for_each(|v| composed(v, parts));
        }
        _ => {}
    }
}

fn close(schema: &mut Value, is_part: bool) {
    let Some(members) = schema.as_object_mut() else { return };
    for (name, inner) in members.iter_mut() {
        match (name.as_str(), inner) {
            ("properties" | "$defs" | "patternProperties", Value::Object(map)) => close_all(map),
            ("allOf", Value::Array(list)) => list.iter_mut().for_each(|s| close(s, true)),
            ("oneOf" | "anyOf" | "prefixItems", Value::Array(list)) => list.iter_mut().for_each(|s| close(s, is_part)),
            ("items" | "additionalProperties" | "not", inner) => close(inner, false),
            _ => {}
        }
    }
    if is_part {
        members.remove("additionalProperties");
        return;
    }
    if members.contains_key("allOf") {
        members.entry("unevaluatedProperties").or_insert(json!(false));
    } else if members.contains_key("properties") && !members.contains_key("additionalProperties") {
        members.insert("additionalProperties".into(), json!(false));
    }
}

fn close_all(map: &mut Map<String, Value>) {
    map.values_mut().for_each(|s| close(s, false));
}
