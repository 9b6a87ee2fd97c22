//! Wire types of the texts of letters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::label::Label;

crate::slugs! {
    /// How far a text of letters is.
    TemplateStatus {
        /// Written, not in force yet.
        Draft "draft",
        /// Letters of the service are made from it.
        InForce "in_force",
        /// Was in force; letters made from it keep it.
        Retired "retired",
    }
}

/// A version of the text of a service's letters. It never changes: a change is a further version.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterTemplate {
    /// Id.
    pub id: Uuid,
    /// Code of the list `services`.
    #[schema(example = "reaktivasi_pbi")]
    pub service_code: String,
    /// Counted up for the service.
    #[schema(example = 1)]
    pub edition: i32,
    /// Heading of the letter.
    #[schema(example = "Surat Rekomendasi")]
    pub title: String,
    /// Paragraphs with placeholders in double braces.
    #[schema(example = "Nama : {{subject_name}}\nTanggal lahir : {{subject_birth_date|long}}")]
    pub body: String,
    /// How far it is.
    pub status: TemplateStatus,
    /// Account that wrote it; null for what ships with the service.
    #[schema(required)]
    pub created_by: Option<Uuid>,
    /// Its name.
    #[schema(required, example = "Rina Kartika")]
    pub created_by_name: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Who put it into force last; null for what ships with the service, and while it is a draft.
    #[schema(required, example = "Dewi Lestari")]
    pub activated_by_name: Option<String>,
    /// When it was put into force last.
    #[schema(required)]
    pub activated_at: Option<DateTime<Utc>>,
    /// Raised whenever a text of the service is put into force.
    #[schema(example = 1)]
    pub version: i64,
    /// What this caller may do next: activate.
    #[schema(example = json!(["activate"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(LetterTemplatePage, LetterTemplate);

/// A text for a service's letters.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewLetterTemplate {
    /// Code of the list `services`.
    #[schema(max_length = 60, example = "reaktivasi_pbi")]
    #[validate(length(max = 60, message = "is too long"))]
    pub service_code: String,
    /// Heading of the letter; no placeholders.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "Surat Rekomendasi")]
    #[validate(length(max = 200, message = "is too long"), custom(function = "crate::kernel::label::not_blank"))]
    pub title: String,
    /// Paragraphs with placeholders in double braces, as `list_letter_placeholders` names them. Dates take `|long` or
    /// `|short`, texts `|upper`.
    #[schema(
        min_length = 1,
        max_length = 8000,
        pattern = r"\S",
        example = "Nama : {{subject_name}}\nTanggal lahir : {{subject_birth_date|long}}"
    )]
    #[validate(length(max = 8000, message = "is too long"), custom(function = "crate::kernel::label::not_blank"))]
    pub body: String,
}

crate::list_query! {
    /// Filters of the list of templates.
    LetterTemplateQuery {
        /// Only this service.
        #[param(max_length = 60, example = "reaktivasi_pbi")]
        #[validate(length(max = 60, message = "is too long"))]
        service_code: String,
    }
}

crate::slugs! {
    /// Type of what stands in a placeholder's place.
    PlaceholderKind {
        /// Words.
        Text "text",
        /// A civil date.
        Date "date",
        /// A whole number.
        Number "number",
    }
}

/// A placeholder that texts of letters may name.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterPlaceholder {
    /// What stands between the double braces.
    #[schema(example = "subject_name")]
    pub code: String,
    /// Its name for people.
    pub name: Label,
    /// Type of its value.
    pub kind: PlaceholderKind,
    /// Formats it takes after a bar, besides none.
    #[schema(example = json!(["upper"]))]
    pub formats: Vec<&'static str>,
    /// How a value looks; of nobody.
    #[schema(example = "Siti Aminah")]
    pub example: String,
}

crate::page_of!(LetterPlaceholderPage, LetterPlaceholder);
crate::list_query! {
    /// Paging of the list of placeholders.
    LetterPlaceholderQuery {}
}
