//! The OpenAPI document: checked in as built, and worded so that a stranger can write a client from it.

use std::collections::HashSet;

use serde_json::Value;

use crate::harness::{document, root};

#[test]
fn the_checked_in_document_is_the_built_one() {
    let path = root().join("openapi/openapi.json");
    let built = format!("{}\n", serde_json::to_string_pretty(document()).unwrap());
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    if built == checked_in {
        return;
    }
    let at = built.lines().zip(checked_in.lines()).position(|(a, b)| a != b).map_or(0, |n| n + 1);
    panic!("openapi/openapi.json is not what the code says (first at line {at}): run `make openapi` and commit it");
}

#[test]
fn every_operation_is_worth_reading() {
    let mut findings = Vec::new();
    let mut ids = HashSet::new();
    let tags: Vec<&str> = document()["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    for (path, method, operation) in operations() {
        let mut say = |what: &str| findings.push(format!("{method} {path}: {what}"));
        let id = operation["operationId"].as_str().unwrap_or_default();
        let words: Vec<&str> = id.split('_').collect();
        if words.len() < 2 || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            say(&format!("operationId {id:?} is not verb_noun"));
        }
        if !ids.insert(id.to_owned()) {
            say("operationId is not unique");
        }
        if operation["summary"].as_str().is_none_or(|s| s.is_empty() || s.ends_with('.') || s.len() > 80) {
            say("the summary is missing, too long or a sentence");
        }
        if operation["description"].as_str().is_none_or(|d| d.len() < 10) {
            say("no description");
        }
        match operation["tags"].as_array().map(Vec::as_slice) {
            Some([tag]) if tags.contains(&tag.as_str().unwrap_or_default()) => {}
            _ => say("not exactly one declared tag"),
        }
        if operation.get("security").is_none() {
            say("no security");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                say(&format!("the parameter {name} is not described"));
            }
            if parameter.get("example").is_none() && !speaks_for_itself(&parameter["schema"]) && name != "cursor" {
                say(&format!("the parameter {name} has no example"));
            }
            let place = parameter["in"].as_str().unwrap_or_default();
            let secret = ["nik", "name", "family_card", "phone", "password", "secret", "address"];
            if place == "query" && secret.contains(&name) {
                say(&format!("{name} is a personal value and must not stand in a URL"));
            }
        }
        if method == "get"
            && operation["parameters"].to_string().contains("\"cursor\"") != id.starts_with("list_")
            && !path.starts_with("/problems")
        {
            say("a list has `limit` and `cursor`, and is called list_…");
        }
        responses(path, method, operation, &mut say);
    }
    report(findings);
}

fn responses(path: &str, method: &str, operation: &'static Value, say: &mut impl FnMut(&str)) {
    let responses = operation["responses"].as_object().unwrap();
    let secured = operation["security"].to_string().contains("bearer");
    let mut wanted = vec!["400", "500", "503"];
    if secured {
        wanted.extend(["401", "403"]);
    }
    if path.contains('{') {
        wanted.push("404");
    }
    if method != "get" && path.starts_with("/api/v1/") {
        wanted.extend(["409", "422"]);
    }
    for status in wanted.iter().filter(|s| !responses.contains_key(**s)) {
        say(&format!("no {status}"));
    }
    if !responses.keys().any(|s| s.starts_with('2')) {
        say("no 2xx");
    }
    for (status, response) in responses {
        let response = resolve(response);
        if response["description"].as_str().is_none_or(str::is_empty) {
            say(&format!("{status} is not described"));
        }
        let content = response["content"].as_object();
        if !matches!(status.as_str(), "204" | "304" | "303") && content.is_none_or(|c| c.is_empty()) {
            say(&format!("{status} has no body"));
        }
        if content.is_some_and(|c| c.values().any(|m| m.get("schema").is_none())) {
            say(&format!("{status} has no schema"));
        }
    }
}

#[test]
fn every_property_is_described_and_shown() {
    let mut findings = Vec::new();
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        properties(name, schema, &mut findings);
    }
    report(findings);
}

fn properties(at: &str, schema: &'static Value, findings: &mut Vec<String>) {
    for part in ["allOf", "oneOf", "anyOf"] {
        for inner in schema[part].as_array().into_iter().flatten() {
            properties(at, inner, findings);
        }
    }
    if schema["items"].is_object() {
        properties(&format!("{at}[]"), &schema["items"], findings);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let here = format!("{at}.{name}");
        let described = |p: &Value| p["description"].as_str().is_some_and(|d| !d.is_empty());
        let alternatives = property["oneOf"].as_array().into_iter().flatten();
        if !described(property) && !described(resolve(property)) && !alternatives.clone().any(described) {
            findings.push(format!("{here} is not described"));
        }
        let shown =
            property.get("example").is_some() || property.get("examples").is_some() || schema.get("example").is_some();
        if !shown && !speaks_for_itself(property) {
            findings.push(format!("{here} has no example"));
        }
        properties(&here, property, findings);
    }
}

/// Whether a value of this schema needs no example to be understood.
fn speaks_for_itself(schema: &Value) -> bool {
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).filter(|t| *t != "null").collect(),
        _ => Vec::new(),
    };
    schema.get("$ref").is_some()
        || schema.get("enum").is_some()
        || schema.get("const").is_some()
        || schema.get("default").is_some()
        || ["date", "date-time", "uuid", "binary"].contains(&schema["format"].as_str().unwrap_or_default())
        || types == ["boolean"]
        || (types == ["array"] && (schema["items"].get("$ref").is_some() || speaks_for_itself(&schema["items"])))
        || ["allOf", "oneOf", "anyOf"].iter().any(|k| schema.get(*k).is_some())
        || (types == ["object"] && schema.get("properties").is_some())
        || (types.is_empty() && schema.get("items").is_none())
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, findings: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|v| walk(v, findings)),
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                    && document().pointer(reference.trim_start_matches('#')).is_none()
                {
                    findings.push(format!("{reference} leads nowhere"));
                }
                members.values().for_each(|v| walk(v, findings));
            }
            _ => {}
        }
    }
    let mut findings = Vec::new();
    walk(document(), &mut findings);
    report(findings);
}

#[test]
fn no_schema_asks_for_two_types_at_once() {
    fn walk(at: &str, value: &'static Value, findings: &mut Vec<String>) {
        if let Some(parts) = value["allOf"].as_array() {
            let types: HashSet<String> =
                parts.iter().map(|p| resolve(p)["type"].to_string()).filter(|t| t != "null").collect();
            if types.len() > 1 {
                findings.push(format!("{at} asks for {types:?} at once"));
            }
        }
        match value {
            Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| walk(&format!("{at}/{i}"), v, findings)),
            Value::Object(members) => members.iter().for_each(|(k, v)| walk(&format!("{at}/{k}"), v, findings)),
            _ => {}
        }
    }
    let mut findings = Vec::new();
    walk("", document(), &mut findings);
    report(findings);
}

/// Path, method and object of every operation.
pub fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    let of = |(path, item): (&'static String, &'static Value)| {
        let methods = item.as_object().unwrap().iter().filter(|(_, o)| o.get("responses").is_some());
        methods.map(|(method, o)| (path.as_str(), method.as_str(), o)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn report(findings: Vec<String>) {
    assert!(findings.is_empty(), "{} findings in the OpenAPI document:\n{}", findings.len(), findings.join("\n"));
}
