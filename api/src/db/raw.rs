//! A JSON object that is passed on as it was written.
//!
//! Facts, housing and snapshots are open lists of codes: read from `jsonb`, shown, and never looked into. Making a tree
//! of values of them only to write the same text again was most of what a household's page cost outside the database.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Text of a JSON object.
#[derive(Debug, Clone, Serialize, Deserialize, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct RawObject(Box<RawValue>);

impl RawObject {
    /// The object as a map, for whoever changes it.
    #[must_use]
    pub fn map(&self) -> Map<String, Value> {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }
}

impl Default for RawObject {
    fn default() -> Self {
        Self(RawValue::from_string("{}".into()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

/// The binary form of `jsonb` is one byte of version and the text.
impl FromSql<Jsonb, Pg> for RawObject {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let text = match value.as_bytes().split_first() {
            Some((1, text)) => std::str::from_utf8(text)?,
            _ => return Err("jsonb of an unknown version".into()),
        };
        Ok(Self(RawValue::from_string(text.to_owned())?))
    }
}

#[cfg(test)]
mod tests {
    use super::RawObject;
    use serde_json::{Value, json};

    #[test]
    fn the_text_stays_and_the_map_can_be_had() {
        let raw: RawObject = serde_json::from_str(r#"{"b": 1, "a": {"c": null}}"#).unwrap();
        assert_eq!(serde_json::to_string(&raw).unwrap(), r#"{"b": 1, "a": {"c": null}}"#);
        assert_eq!(Value::Object(raw.map()), json!({"a": {"c": null}, "b": 1}));
        assert_eq!(serde_json::to_value(&raw).unwrap(), json!({"a": {"c": null}, "b": 1}));
        assert!(RawObject::default().map().is_empty());
    }
}
