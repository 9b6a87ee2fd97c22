//! Wire types of saved views.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::rules;
use crate::kernel::patch::Field;

crate::slugs! {
    /// Who sees a view.
    Sharing {
        /// Its owner alone.
        Mine "mine",
        /// Also whoever holds the same role for the same area or organization.
        Team "team",
    }
}

/// A saved view of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct View {
    /// Id.
    pub id: Uuid,
    /// Slug of the list it belongs to.
    #[schema(example = "households")]
    pub screen: String,
    /// As its owner calls it.
    #[schema(example = "Desil 1 Cicendo")]
    pub name: String,
    /// Who sees it.
    #[schema(inline, example = "team")]
    pub sharing: Sharing,
    /// Filter name to code.
    #[schema(example = json!({"decile": "1", "kecamatan": "32.73.06"}))]
    pub filter: BTreeMap<String, String>,
    /// Sort key, with a dash for descending; null is the list's own order.
    #[schema(required, example = "-updated_at")]
    pub sort: Option<String>,
    /// Columns shown; null is the list's own choice.
    #[schema(required, example = json!(["region", "decile"]))]
    pub columns: Option<Vec<String>>,
    /// Whether the caller made it.
    #[schema(example = true)]
    pub own: bool,
    /// Who made it.
    #[schema(example = "Rina Kartika")]
    pub owner_name: String,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next.
    #[schema(example = json!(["update", "delete"]))]
    pub can: Vec<String>,
}

crate::page_of!(ViewPage, View);

crate::list_query! {
    /// Filters of the list of saved views.
    ViewQuery {
        /// Only views of this list.
        #[param(example = "households", max_length = 40)]
        #[validate(length(max = 40, message = "is too long"))]
        screen: String,
        /// `mine` one's own, `team` those of colleagues.
        #[param(example = "team", inline)]
        sharing: Sharing,
    }
}

/// A new view.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// Slug of the list it belongs to.
    #[schema(example = "households", max_length = 40, pattern = "^[a-z][a-z_]{0,39}$")]
    #[validate(custom(function = "refuse_slug"))]
    pub screen: String,
    /// Name of one's own choice, once a list.
    #[schema(example = "Desil 1 Cicendo", min_length = 1, max_length = 60, pattern = r"\S")]
    #[validate(
        length(min = 1, max = 60, message = "must have 1 to 60 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub name: String,
    /// Who sees it; its owner alone where left out.
    #[serde(default = "mine")]
    #[schema(inline, default = "mine", example = "mine")]
    pub sharing: Sharing,
    /// Filter name to code, as the screen's address has them. Codes, dates and ids alone: never a name or a search text.
    #[serde(default)]
    #[schema(example = json!({"decile": "1", "kecamatan": "32.73.06"}))]
    #[validate(custom(function = "refuse_filter"))]
    pub filter: BTreeMap<String, String>,
    /// Sort key, with a dash for descending.
    #[schema(example = "-updated_at", max_length = 41, pattern = "^-?[a-z][a-z_]{0,39}$")]
    #[validate(custom(function = "refuse_sort"))]
    pub sort: Option<String>,
    /// Columns shown, each once.
    #[schema(example = json!(["region", "decile"]), max_items = 40)]
    #[validate(custom(function = "refuse_columns"))]
    pub columns: Option<Vec<String>>,
}

fn mine() -> Sharing {
    Sharing::Mine
}

/// What changes about a view (merge-patch); filter and columns are replaced as a whole.
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewPatch {
    /// Name.
    #[schema(value_type = Option<String>, nullable = false, example = "Desil 1 Cicendo", min_length = 1, max_length = 60)]
    #[serde(default)]
    pub name: Field<String>,
    /// Who sees it.
    #[schema(value_type = Option<Sharing>, inline, nullable = false, example = "team")]
    #[serde(default)]
    pub sharing: Field<Sharing>,
    /// Filter name to code.
    #[schema(value_type = Option<BTreeMap<String, String>>, nullable = false, example = json!({"decile": "1"}))]
    #[serde(default)]
    pub filter: Field<BTreeMap<String, String>>,
    /// Sort key; null is the list's own order.
    #[schema(value_type = Option<String>, example = "-updated_at", max_length = 41)]
    #[serde(default)]
    pub sort: Field<String>,
    /// Columns shown; null is the list's own choice.
    #[schema(value_type = Option<Vec<String>>, example = json!(["region", "decile"]), max_items = 40)]
    #[serde(default)]
    pub columns: Field<Vec<String>>,
}

fn refuse(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

pub(super) fn refuse_slug(value: &str) -> Result<(), ValidationError> {
    if rules::is_key(value) {
        Ok(())
    } else {
        Err(refuse("invalid", "must be 1 to 40 lower-case letters or underscores"))
    }
}

pub(super) fn refuse_sort(value: &str) -> Result<(), ValidationError> {
    refuse_slug(value.strip_prefix('-').unwrap_or(value))
}

pub(super) fn refuse_columns(value: &[String]) -> Result<(), ValidationError> {
    if rules::are_columns(value) { Ok(()) } else { Err(refuse("invalid", "must be at most 40 columns, each once")) }
}

pub(super) fn refuse_filter(value: &BTreeMap<String, String>) -> Result<(), ValidationError> {
    if value.len() > rules::MOST_FILTERS {
        return Err(refuse("length", "must have at most 20 members"));
    }
    if value.keys().any(|k| !rules::is_impersonal_key(k)) {
        return Err(refuse("not_allowed", "has a member that is not an impersonal filter"));
    }
    if value.values().any(|v| !rules::is_impersonal_value(v)) {
        return Err(refuse(
            "not_allowed",
            "may hold codes, dates and ids of 1 to 100 characters, never a text or a number of a person",
        ));
    }
    Ok(())
}
