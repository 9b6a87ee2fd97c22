//! Wire types of code lists, their entries and maps.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use validator::{Validate, ValidationError};

use crate::kernel::label::Label;
use crate::kernel::patch::Field;

/// A list without its entries.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CodeListSummary {
    /// Stable name.
    #[schema(example = "ppks_types")]
    pub slug: String,
    /// What it is called on screens.
    pub name: Label,
    /// Raised by every change.
    #[schema(example = 1)]
    pub version: i32,
    /// Edition it was loaded from.
    #[schema(example = "satupintu 2026-11-01")]
    pub source: String,
    /// Entries that are not retired.
    #[schema(example = 26)]
    pub entries_count: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

crate::page_of!(CodeListPage, CodeListSummary);

/// A list with its entries.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CodeList {
    /// Stable name.
    #[schema(example = "ppks_types")]
    pub slug: String,
    /// What it is called on screens.
    pub name: Label,
    /// Raised by every change; the part of the ETag that `If-Match` compares.
    #[schema(example = 1)]
    pub version: i32,
    /// Edition it was loaded from.
    #[schema(example = "satupintu 2026-11-01")]
    pub source: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Entries in display order.
    pub entries: Vec<CodeEntry>,
    /// What the caller may do next.
    #[schema(example = json!(["update"]))]
    pub can: Vec<String>,
}

/// One entry of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CodeEntry {
    /// Stable code inside its list.
    #[schema(example = "anak_jalanan")]
    pub code: String,
    /// What it is called on screens.
    pub name: Label,
    /// Label that whatever is made from the entry inherits.
    #[schema(inline, example = "open")]
    pub sensitivity: Sensitivity,
    /// Place in the display order.
    #[schema(example = 10)]
    pub sort: i32,
    /// What only this list knows, such as an age range.
    #[schema(value_type = std::collections::HashMap<String, Value>, example = json!({"age_min": 5, "age_max": 18}))]
    pub attrs: Value,
    /// Version of the list that brought it.
    #[schema(example = 1)]
    pub since_version: i32,
    /// Version of the list that retired it; null while it is in use.
    #[schema(required, example = 3)]
    pub retired_in_version: Option<i32>,
}

/// Who may see what is made from something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Whoever works in the area.
    #[default]
    Open,
    /// Only who works on the item.
    Restricted,
}

/// What one source writes, and the entry it means.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct CodeMap {
    /// Source.
    #[schema(example = "dtsen")]
    pub source: String,
    /// Version of its layout.
    #[schema(example = "2025")]
    pub version: String,
    /// Column or question, in the source's own spelling.
    #[schema(example = "jenis_atap_terluas")]
    pub variable: String,
    /// What the source writes.
    #[schema(example = "5")]
    pub source_code: String,
    /// Entry of this list.
    #[schema(example = "bamboo")]
    pub code: String,
}

crate::page_of!(CodeMapPage, CodeMap);

crate::list_query! {
    /// Paging of the list of code lists.
    CodeListQuery {
        /// Part of the name of a list.
        #[param(example = "ppks", max_length = 100)]
        #[validate(length(max = 100, message = "is too long"))]
        q: String,
    }
}

crate::list_query! {
    /// Filters of the list of maps.
    CodeMapQuery {
        /// Only this source.
        #[param(example = "dtsen", max_length = 40)]
        #[validate(length(max = 40, message = "is too long"))]
        source: String,
        /// Only this variable.
        #[param(example = "jenis_atap_terluas", max_length = 100)]
        #[validate(length(max = 100, message = "is too long"))]
        variable: String,
    }
}

/// What of a list is shown.
#[derive(Debug, Default, Deserialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuery {
    /// Also entries that are retired, for rows that still name them.
    #[param(nullable = false)]
    pub include_retired: Option<bool>,
}

/// Change of a list's own name (merge-patch).
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeListPatch {
    /// What it is called on screens.
    #[schema(value_type = Option<Label>, nullable = false)]
    #[serde(default)]
    pub name: Field<Label>,
}

/// A new entry.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCodeEntry {
    /// Stable code: lower case, digits and underscores.
    #[schema(example = "korban_bencana", min_length = 1, max_length = 60, pattern = "^[a-z0-9_]{1,60}$")]
    #[validate(custom(function = "code"))]
    pub code: String,
    /// What it is called on screens.
    #[validate(nested)]
    pub name: Label,
    /// Label that whatever is made from the entry inherits; cannot be changed later.
    #[serde(default)]
    #[schema(inline, default = "open", example = "open")]
    pub sensitivity: Sensitivity,
    /// Place in the display order; at the end where left out.
    #[schema(example = 270, minimum = 0, maximum = 1_000_000)]
    #[validate(range(min = 0, max = 1_000_000, message = "must be 0 to 1000000"))]
    pub sort: Option<i32>,
    /// What only this list knows.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Value>, example = json!({"unit": "individual"}))]
    #[validate(custom(function = "attrs"))]
    pub attrs: BTreeMap<String, Value>,
}

/// Change of an entry (merge-patch).
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeEntryPatch {
    /// What it is called on screens.
    #[schema(value_type = Option<Label>, nullable = false)]
    #[serde(default)]
    pub name: Field<Label>,
    /// Place in the display order.
    #[schema(value_type = Option<i32>, nullable = false, example = 270, minimum = 0, maximum = 1_000_000)]
    #[serde(default)]
    pub sort: Field<i32>,
    /// What only this list knows; replaced as a whole.
    #[schema(value_type = Option<std::collections::HashMap<String, Value>>, nullable = false, example = json!({"unit": "individual"}))]
    #[serde(default)]
    pub attrs: Field<BTreeMap<String, Value>>,
}

fn code(value: &str) -> Result<(), ValidationError> {
    let fine = (1..=60).contains(&value.len())
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fine {
        return Ok(());
    }
    Err(ValidationError::new("invalid")
        .with_message("must be 1 to 60 lower-case letters, digits or underscores".into()))
}

/// At most 40 members and 4,000 characters.
pub(super) fn attrs(value: &BTreeMap<String, Value>) -> Result<(), ValidationError> {
    let size = serde_json::to_string(value).map_or(usize::MAX, |t| t.len());
    if value.len() <= 40 && size <= 4_000 {
        return Ok(());
    }
    Err(ValidationError::new("length").with_message("must have at most 40 members and 4000 characters".into()))
}
