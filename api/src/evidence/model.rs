//! Wire types of evidence.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

crate::slugs! {
    /// What a file belongs to.
    EvidenceSubjectKind {
        /// A problem.
        Problem "problem",
        /// A delivery of aid.
        Delivery "delivery",
        /// An assessment.
        Assessment "assessment",
        /// A citizen's correction of a fact.
        Correction "correction",
    }
}

/// What a file belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceSubject {
    /// Kind of record.
    pub kind: EvidenceSubjectKind,
    /// Its id.
    pub id: Uuid,
}

/// A file that shows what a record says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// Id.
    pub id: Uuid,
    /// What it belongs to.
    pub subject: EvidenceSubject,
    /// The household concerned.
    pub household_id: Uuid,
    /// Name it was sent under, without its path.
    #[schema(example = "rumah.jpg")]
    pub name: String,
    /// What it shows.
    #[schema(required, example = "Atap dapur runtuh.")]
    pub caption: Option<String>,
    /// What its bytes are: image/jpeg, image/png or application/pdf.
    #[schema(example = "image/jpeg")]
    pub media_type: String,
    /// Size as kept, in bytes.
    #[schema(example = 183_412)]
    pub bytes: i64,
    /// Width of a picture in pixels.
    #[schema(required, example = 1600)]
    pub width: Option<i32>,
    /// Height of a picture in pixels.
    #[schema(required, example = 1200)]
    pub height: Option<i32>,
    /// SHA-256 of the file as kept, hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Account that sent it.
    pub uploaded_by: Uuid,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// What this caller may do: remove.
    #[schema(example = json!(["remove"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(EvidencePage, Evidence);

crate::list_query! {
    /// Paging of the evidence of a record.
    EvidenceQuery {}
}

/// Parts of an upload.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the form is read part by part; this describes it")]
pub struct EvidenceUpload {
    /// A JPEG, PNG or WebP picture or a PDF.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// What it shows.
    #[schema(nullable = false, max_length = 500, example = "Atap dapur runtuh.")]
    pub caption: Option<String>,
}
