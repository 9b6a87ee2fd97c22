//! Markup and emoji in every free text of every body: taken and given back as they are, or refused by name; never run,
//! changed in silence or fatal.

use serde_json::{Value, json};

use crate::authz_matrix::{body_of, path_of};
use crate::document::operations;
use crate::harness::world::populate;
use crate::harness::{Caller, TestApp, document};

const NASTY: &str = "<img src=x onerror=alert(1)> \u{1f3da}\u{fe0f} &amp; '\"; --";

fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolve(document().pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// Pointers to words that people write freely: no codes, dates, ids or secrets.
fn free(schema: &'static Value, at: &str, out: &mut Vec<String>) {
    let schema = resolve(schema);
    for part in ["oneOf", "anyOf", "allOf"].iter().flat_map(|key| schema[*key].as_array().into_iter().flatten()) {
        free(part, at, out);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let here = format!("{at}/{name}");
        let property = resolve(property);
        let text =
            property["type"] == "string" || property["type"].as_array().is_some_and(|t| t.contains(&json!("string")));
        let bound = ["enum", "format", "const"].iter().any(|key| property.get(*key).is_some());
        let coded = property["pattern"].as_str().is_some_and(|pattern| pattern != r"\S");
        let long = property["maxLength"].as_u64().is_none_or(|most| most >= 60);
        if text && !bound && !coded && long && !name.contains("password") && !name.contains("secret") {
            out.push(here.clone());
        }
        free(property, &here, out);
    }
}

fn put(body: &mut Value, pointer: &str) {
    let mut here = body;
    for name in pointer.split('/').skip(1) {
        if !here.is_object() {
            *here = json!({});
        }
        here = &mut here[name];
    }
    *here = json!(NASTY);
}

/// The strings of an answer that came from the text.
fn echoes(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("onerror") => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| echoes(item, out)),
        Value::Object(members) => members.values().for_each(|member| echoes(member, out)),
        _ => {}
    }
}

#[test]
fn markup_and_emoji_are_words_like_others() {
    let app = TestApp::start();
    app.leave_jobs();
    populate(&mut app.sql());
    let who = ["coordinator", "social_worker", "village_operator", "admin", "partner", "agency_officer", "citizen"];
    let callers: Vec<Caller> = who.iter().map(|who| app.as_role(who)).collect();
    let (mut tried, mut taken, mut wrong, mut n) = (0, 0, Vec::new(), 5_000);
    for (template, method, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        let media = if method == "patch" { "application/merge-patch+json" } else { "application/json" };
        let mut pointers = Vec::new();
        free(&operation["requestBody"]["content"][media]["schema"], "", &mut pointers);
        // Signing in with rubbish is throttled, and a password is no text.
        if ["sign_in", "verify_letter", "change_own_password"].contains(&id) {
            continue;
        }
        for pointer in pointers {
            n += 1;
            let mut body = body_of(id, n).unwrap();
            put(&mut body, &pointer);
            let path = path_of(template);
            let resource = if method == "patch" { path.clone() } else { path.rsplit_once('/').unwrap().0.to_owned() };
            let answer = callers.iter().find_map(|caller| {
                let mut request = caller.request(&method.to_ascii_uppercase(), &path).json(&body);
                if operation["parameters"].to_string().contains("\"If-Match\"") {
                    request = request.header("if-match", caller.get(&resource).header("etag").unwrap_or("\"1.x\""));
                }
                Some(request.send()).filter(|answer| !matches!(answer.status, 403 | 404))
            });
            let Some(answer) = answer else { continue };
            tried += 1;
            let mut back = Vec::new();
            if answer.status < 300 {
                taken += 1;
                echoes(&answer.json(), &mut back);
            }
            let kind = answer.header("content-type").unwrap_or("application/json");
            let plain = ["json", "pdf", "csv", "octet-stream"].iter().any(|plain| kind.contains(plain));
            if answer.status >= 500 || !plain || back.iter().any(|text| text != NASTY) {
                wrong.push(format!("{method} {template} {pointer}: {} {kind} {back:?}", answer.status));
            }
            if answer.status >= 400 && answer.text().contains("onerror") {
                wrong.push(format!("{method} {template} {pointer}: the refusal repeats it"));
            }
        }
    }
    println!("{tried} texts tried, {taken} taken");
    assert!(tried > 100 && taken > 40, "{tried} tried, {taken} taken");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
