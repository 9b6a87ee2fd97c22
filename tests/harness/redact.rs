//! What differs from run to run, made equal, so that answers can be compared and kept as snapshots.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

/// Ids become `[id-1]`, `[id-2]`… in order of appearance, instants `[time]`, cursors and request ids their names.
pub fn redacted(value: &Value) -> Value {
    walk(value, None, &mut HashMap::new())
}

fn walk(value: &Value, member: Option<&str>, ids: &mut HashMap<Uuid, usize>) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|v| walk(v, member, ids)).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(k, v)| (k.clone(), walk(v, Some(k), ids))).collect())
        }
        Value::String(text) => {
            if matches!(member, Some("next_cursor" | "request_id" | "access_token" | "secret")) {
                return format!("[{}]", member.unwrap_or_default()).into();
            }
            if let Ok(id) = text.parse::<Uuid>() {
                let next = ids.len() + 1;
                return format!("[id-{}]", ids.entry(id).or_insert(next)).into();
            }
            if text.len() >= 20 && chrono::DateTime::parse_from_rfc3339(text).is_ok() {
                return "[time]".into();
            }
            value.clone()
        }
        other => other.clone(),
    }
}
