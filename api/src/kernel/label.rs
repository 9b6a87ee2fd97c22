//! A name in both languages of the screen.

use serde::{Deserialize, Serialize};
use validator::Validate;

/// A name in both languages of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Official Indonesian name.
    #[schema(example = "Anak jalanan", min_length = 1, max_length = 200, pattern = r"\S")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"), custom(function = "not_blank"))]
    pub id: String,
    /// English gloss.
    #[schema(example = "Street child", min_length = 1, max_length = 200, pattern = r"\S")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"), custom(function = "not_blank"))]
    pub en: String,
}

/// Refuses text that is nothing but white space; for `validate(custom(…))`.
pub fn not_blank(value: &str) -> Result<(), validator::ValidationError> {
    if super::text::clean(value).is_empty() {
        return Err(validator::ValidationError::new("required").with_message("must not be empty".into()));
    }
    Ok(())
}

impl Label {
    /// Both names trimmed and composed.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        Self { id: super::text::clean(&self.id), en: super::text::clean(&self.en) }
    }
}
