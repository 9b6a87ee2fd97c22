//! Wire types of instruments.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::definition::Definition;
use crate::db::slugs::Sensitivity;
use crate::kernel::label::Label;
use crate::kernel::patch::Field;

crate::slugs! {
    /// How far a revision is.
    InstrumentStatus {
        /// Being written; nothing is assessed with it.
        Draft "draft",
        /// In use.
        Active "active",
        /// Replaced; what was made with it stays readable.
        Retired "retired",
    }
}

crate::slugs! {
    /// Whom an instrument looks at.
    InstrumentSubject {
        /// The household.
        Household "household",
        /// One person.
        Individual "individual",
    }
}

/// A revision of an instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct Instrument {
    /// Id of the revision.
    pub id: Uuid,
    /// Code all its revisions share.
    #[schema(example = "fakir_miskin_9")]
    pub code: String,
    /// Which revision, from 1.
    #[schema(example = 1)]
    pub revision: i32,
    /// Its name.
    pub name: Label,
    /// What it is for.
    pub description: Option<Label>,
    /// Whom it looks at.
    pub subject_kind: InstrumentSubject,
    /// Who may see what is made with it.
    pub sensitivity: Sensitivity,
    /// Decree or publication it follows.
    #[schema(required, example = "Kepmensos 262/HUK/2022")]
    pub source: Option<String>,
    /// How far it is.
    pub status: InstrumentStatus,
    /// Sections, questions, scores, findings; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Definition>,
    /// When it came into use.
    #[schema(required)]
    pub activated_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: edit, activate, retire.
    #[schema(example = json!(["activate"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(InstrumentPage, Instrument);

/// A new revision: the first of a new code, or the next of a known one.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewInstrument {
    /// Code all its revisions share.
    #[schema(max_length = 60, pattern = "^[a-z][a-z0-9_]{0,59}$", example = "kunjungan_lansia")]
    #[validate(custom(function = "check_code"))]
    pub code: String,
    /// Its name.
    #[validate(nested)]
    pub name: Label,
    /// What it is for.
    #[validate(nested)]
    pub description: Option<Label>,
    /// Whom it looks at.
    pub subject_kind: InstrumentSubject,
    /// Who may see what is made with it; `open` where left out.
    pub sensitivity: Option<Sensitivity>,
    /// Decree or publication it follows.
    #[schema(max_length = 200, example = "Kepmensos 262/HUK/2022")]
    #[validate(length(max = 200, message = "is too long"))]
    pub source: Option<String>,
    /// Sections, questions, scores, findings.
    pub definition: Definition,
}

fn check_code(code: &str) -> Result<(), validator::ValidationError> {
    if super::check::is_code(code) {
        return Ok(());
    }
    Err(validator::ValidationError::new("invalid")
        .with_message("must be lower-case letters, digits and underscores".into()))
}

/// Changes of a draft.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct InstrumentPatch {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = Label, required = false)]
    pub name: Field<Label>,
    /// What it is for.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub description: Field<Label>,
    /// The whole definition.
    #[serde(default)]
    #[schema(value_type = Definition, required = false)]
    pub definition: Field<Definition>,
}

crate::list_query! {
    /// Filters of the list of instruments.
    InstrumentQuery {
        /// Only this status.
        #[param(inline)]
        status: InstrumentStatus,
        /// Only this code.
        #[param(max_length = 60, example = "fakir_miskin_9")]
        #[validate(length(max = 60, message = "is too long"))]
        code: String,
    }
}
