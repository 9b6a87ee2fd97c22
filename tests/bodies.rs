//! What the document says of the members and parameters of a request, tried: each as `null`, each with what no text may
//! hold.

use serde_json::{Value, json};

use crate::authz_matrix::path_of;
use crate::document::operations;
use crate::harness::world::populate;
use crate::harness::{Caller, TestApp, document};

fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolve(document().pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

fn nullable(schema: &'static Value) -> bool {
    let schema = resolve(schema);
    let untyped = schema.get("type").is_none()
        && ["$ref", "oneOf", "anyOf", "allOf", "enum"].iter().all(|k| schema.get(*k).is_none());
    let one_of = |key: &str| schema[key].as_array().is_some_and(|parts| parts.iter().any(nullable));
    untyped
        || schema["type"] == "null"
        || schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
        || one_of("oneOf")
        || one_of("anyOf")
}

/// Pointers into a body with whether the document allows `null` there; members of members too.
fn members(schema: &'static Value, at: &str, out: &mut Vec<(String, bool)>) {
    let schema = resolve(schema);
    for part in schema["oneOf"].as_array().into_iter().flatten() {
        members(part, at, out);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let here = format!("{at}/{name}");
        out.push((here.clone(), nullable(property)));
        members(property, &here, out);
    }
}

/// `{"a": {"b": null}}` for `/a/b`.
fn body_of(pointer: &str) -> Value {
    pointer.rsplit('/').filter(|name| !name.is_empty()).fold(Value::Null, |inner, name| json!({ name: inner }))
}

#[test]
fn null_is_taken_where_the_document_says_so_and_nowhere_else() {
    let app = TestApp::start();
    app.leave_jobs();
    populate(&mut app.sql());
    let callers: Vec<Caller> = ["coordinator", "admin", "partner", "social_worker", "agency_officer"]
        .iter()
        .map(|who| app.as_role(who))
        .collect();
    let mut findings = Vec::new();
    let mut tried = 0;
    for (template, method, operation) in operations() {
        let body = &operation["requestBody"]["content"];
        let schema = if method == "patch" {
            &body["application/merge-patch+json"]["schema"]
        } else {
            &body["application/json"]["schema"]
        };
        let mut all = Vec::new();
        members(schema, "", &mut all);
        for (pointer, allowed) in all {
            let path = path_of(template);
            // The refusal of a member comes before the question whether the version is right, but for merge-patches.
            let resource = if method == "patch" { path.clone() } else { path.rsplit_once('/').unwrap().0.to_owned() };
            let answer = callers.iter().find_map(|caller| {
                let mut request = caller.request(&method.to_ascii_uppercase(), &path).json(&body_of(&pointer));
                if operation["parameters"].to_string().contains("\"If-Match\"") {
                    let read = caller.get(&resource);
                    request = request.header("if-match", read.header("etag").unwrap_or("\"1.x\""));
                }
                Some(request.send()).filter(|answer| !matches!(answer.status, 403 | 404))
            });
            let Some(answer) = answer else { continue };
            tried += 1;
            let named = answer.refusals().iter().any(|r| r.starts_with(&format!("{pointer} ")));
            let typed = answer.refusals().contains(&format!("{pointer} wrong_type"));
            if allowed && typed {
                findings.push(format!(
                    "{method} {template}: {pointer} may be null, but is refused as {:?}",
                    answer.refusals()
                ));
            }
            if !allowed && !named && (answer.status < 300 || answer.status == 422) {
                findings.push(format!(
                    "{method} {template}: {pointer} may not be null, but is taken ({} {:?})",
                    answer.status,
                    answer.refusals()
                ));
            }
        }
    }
    assert!(tried > 150, "only {tried} members were tried");
    assert!(findings.is_empty(), "{} members:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn every_text_of_a_query_says_which_characters_it_takes() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    for (template, method, operation) in operations() {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            if parameter["in"] != "query" || schema["type"] != "string" {
                continue;
            }
            let told = ["enum", "pattern", "format"].iter().any(|key| schema.get(*key).is_some());
            assert!(told, "{method} {template}: {name} takes U+0000, as the document has it");
            let path = path_of(template);
            let joint = if path.contains('?') { '&' } else { '?' };
            let answer = caller.get(&format!("{path}{joint}{name}=%00"));
            assert!(matches!(answer.status, 400 | 403), "{template}: {name}=%00 answered {}", answer.status);
        }
    }
}
