//! The language as a JSON Schema (2020-12), for those who write rules elsewhere.

use serde_json::{Value, json};

use crate::parse::{MAX_CLAUSES, MAX_DEPTH, MAX_VALUES};
use crate::tree::{Op, Scope, Severity, Status};
use crate::vocabulary::{CLASSES, Kind, NEEDS, PPKS, Vocabulary};

/// The schema over the facts and codes of an installation. What a schema cannot say (subjects, units, contradictions)
/// the checker does.
#[must_use]
pub fn schema(vocabulary: &Vocabulary) -> Value {
    let facts: Vec<&str> = vocabulary.facts().iter().map(|f| f.name.as_str()).collect();
    let ordered: Vec<&str> = vocabulary
        .facts()
        .iter()
        .filter(|f| !matches!(f.kind, Kind::Bool | Kind::Code))
        .map(|f| f.name.as_str())
        .collect();
    let ops: Vec<&str> = Op::ALL.iter().map(|(n, _)| *n).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:satu-pintu:rule",
        "title": "Eligibility rule",
        "description": format!("One operator an object; at most {MAX_DEPTH} deep and {MAX_CLAUSES} clauses."),
        "$ref": "#/$defs/clause",
        "$defs": {
            "clause": {"oneOf": [
                operator("all", &json!({"$ref": "#/$defs/clauses"}), "Each of them."),
                operator("any", &json!({"$ref": "#/$defs/clauses"}), "At least one of them."),
                operator("not", &json!({"$ref": "#/$defs/clause"}), "Not."),
                operator("compare", &object(&json!({"fact": {"enum": facts}, "op": {"enum": ops}, "value": {"$ref": "#/$defs/value"}, "unit": {"type": "string"}}), &["fact", "op", "value"]), "A fact against one value; codes and yes/no by eq and ne only."),
                operator("in", &object(&json!({"fact": {"enum": facts}, "values": {"type": "array", "minItems": 1, "maxItems": MAX_VALUES, "uniqueItems": true, "items": {"$ref": "#/$defs/value"}}}), &["fact", "values"]), "A fact among several values."),
                operator("between", &object(&json!({"fact": {"enum": ordered}, "from": {"$ref": "#/$defs/value"}, "to": {"$ref": "#/$defs/value"}, "unit": {"type": "string"}}), &["fact", "from", "to"]), "A fact between two values, both included."),
                operator("any_member", &json!({"$ref": "#/$defs/clause"}), "At least one member satisfies it."),
                operator("count_members", &object(&json!({"where": {"$ref": "#/$defs/clause"}, "op": {"enum": ops}, "value": {"type": "integer", "minimum": 0, "maximum": 100}}), &["op", "value"]), "So many members satisfy it."),
                operator("has_problem", &problem(vocabulary), "A problem of the household, or of the member."),
                operator("receives", &object(&json!({"overlap_classes": codes(vocabulary, CLASSES), "programs": words(), "within_days": {"type": "integer", "minimum": 0, "maximum": 36600, "default": 0}}), &[]), "A benefit received today, or that ended so many days ago."),
                operator("area_in", &words(), "The domicile lies in one of these regions, dotted codes."),
                operator("age", &object(&json!({"min": {"type": "integer", "minimum": 0}, "max": {"type": "integer", "minimum": 0}, "unit": {"enum": ["years", "months"], "default": "years"}, "on": {"type": "string", "format": "date"}}), &[]), "Age of the member, both ends included."),
                operator("decile", &decile(vocabulary), "Welfare decile by the newest snapshot that counts."),
            ]},
            "clauses": {"type": "array", "minItems": 1, "maxItems": MAX_VALUES, "items": {"$ref": "#/$defs/clause"}},
            "value": {"type": ["string", "integer", "boolean"]}
        }
    })
}

fn operator(name: &str, body: &Value, description: &str) -> Value {
    json!({"type": "object", "description": description, "properties": {name: body}, "required": [name], "additionalProperties": false})
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn words() -> Value {
    json!({"type": "array", "minItems": 1, "maxItems": MAX_VALUES, "uniqueItems": true, "items": {"type": "string"}})
}

fn codes(vocabulary: &Vocabulary, list: &str) -> Value {
    let mut words = words();
    let codes: Vec<&str> = vocabulary.list(list).iter().map(|c| c.code.as_str()).collect();
    if let Some(items) = words.get_mut("items") {
        *items = json!({"enum": codes});
    }
    words
}

fn problem(vocabulary: &Vocabulary) -> Value {
    let severities: Vec<&str> = Severity::ALL.iter().map(|(n, _)| *n).collect();
    let statuses: Vec<&str> = Status::ALL.iter().map(|(n, _)| *n).collect();
    object(
        &json!({
            "needs": codes(vocabulary, NEEDS),
            "ppks": codes(vocabulary, PPKS),
            "min_severity": {"enum": severities, "default": "low"},
            "statuses": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": statuses}, "default": Status::OPEN}
        }),
        &[],
    )
}

fn decile(vocabulary: &Vocabulary) -> Value {
    let scopes: Vec<&str> = Scope::ALL.iter().map(|(n, _)| *n).collect();
    let mut sources = words();
    if let Some(items) = sources.get_mut("items") {
        *items = json!({"enum": vocabulary.sources()});
    }
    object(
        &json!({
            "min": {"type": "integer", "minimum": 1, "maximum": 10, "default": 1},
            "max": {"type": "integer", "minimum": 1, "maximum": 10, "default": 10},
            "scope": {"enum": scopes, "default": "national"},
            "sources": sources,
            "max_age_months": {"type": "integer", "minimum": 0, "maximum": 600}
        }),
        &[],
    )
}
