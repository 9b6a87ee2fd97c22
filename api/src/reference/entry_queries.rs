//! Entries of the reference lists, for slices that check a code or inherit its label.

use diesel::prelude::*;
use serde_json::Value;

use crate::access::Reader;
use crate::db::slugs::Sensitivity;
use crate::kernel::problem::Problem;

/// One entry in force.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Label that everything made from the entry inherits.
    pub sensitivity: Sensitivity,
    /// What else the list says of it.
    pub attrs: Value,
}

/// The entry of a list, if the list has it and it is not retired.
pub fn entry(r: &mut Reader<'_>, list: &str, code: &str) -> Result<Option<Entry>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    let row: Option<(Sensitivity, Value)> = e::code_entries
        .find((list, code))
        .filter(e::retired_in_version.is_null())
        .select((e::sensitivity, e::attrs))
        .first(r.conn())
        .optional()?;
    Ok(row.map(|(sensitivity, attrs)| Entry { sensitivity, attrs }))
}

/// The entry a request names, or a refusal of the field at `pointer`.
pub fn required(r: &mut Reader<'_>, list: &str, code: &str, pointer: &str) -> Result<Entry, Problem> {
    entry(r, list, code)?.ok_or_else(|| Problem::field(pointer, "unknown_code", format!("is not a code of {list}")))
}

/// Indonesian name of an entry, retired or not.
pub fn name(r: &mut Reader<'_>, list: &str, code: &str) -> Result<Option<String>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    let name: Option<Value> = e::code_entries.find((list, code)).select(e::name).first(r.conn()).optional()?;
    Ok(name.and_then(|n| n.get("id").and_then(Value::as_str).map(str::to_owned)))
}
