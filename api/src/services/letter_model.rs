//! Wire types of letters.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::db::slugs::Sensitivity;
use crate::kernel::label::Label;

crate::slugs! {
    /// Whether a letter holds.
    LetterStatus {
        /// It holds.
        Valid "valid",
        /// It was revoked.
        Revoked "revoked",
    }
}

/// A letter as it was issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Letter {
    /// Id.
    pub id: Uuid,
    /// Request it answers.
    pub request_id: Uuid,
    /// Code of the list `services`.
    #[schema(example = "reaktivasi_pbi")]
    pub service_code: String,
    /// Number as printed.
    #[schema(example = "400.9/0001/REK-PBI/2026")]
    pub number: String,
    /// Heading as printed.
    #[schema(example = "Surat Rekomendasi")]
    pub title: String,
    /// Text as printed; paragraphs are lines.
    #[schema(example = "Yang bertanda tangan di bawah ini menerangkan bahwa …")]
    pub body: String,
    /// Issuing office as printed.
    #[schema(example = "Dinas Sosial Kota Bandung")]
    pub office: String,
    /// Who signed.
    #[schema(example = "Koordinator Dinsos")]
    pub signatory_name: String,
    /// In which function.
    #[schema(example = "a.n. Kepala Dinas Sosial")]
    pub signatory_title: String,
    /// Date of the letter.
    #[schema(example = "2026-11-23")]
    pub issued_on: NaiveDate,
    /// Version of the text it was made from.
    pub template_id: Uuid,
    /// Which one of its service.
    #[schema(example = 1)]
    pub template_edition: i32,
    /// Who may see it; inherited from the request.
    pub sensitivity: Sensitivity,
    /// Whether it holds.
    pub status: LetterStatus,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why, in words.
    #[schema(required, example = "Data pemohon keliru")]
    pub revoke_reason: Option<String>,
    /// SHA-256 of the file, in hexadecimal.
    #[schema(example = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")]
    pub file_sha256: String,
    /// 1 as issued, 2 once revoked.
    #[schema(example = 1)]
    pub version: i64,
    /// What this caller may do next: revoke.
    #[schema(example = json!(["revoke"]))]
    pub can: Vec<&'static str>,
}

/// Why a letter no longer holds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RevokeLetter {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Data pemohon keliru")]
    #[validate(length(max = 1000, message = "is too long"), custom(function = "crate::kernel::label::not_blank"))]
    pub reason: String,
}

/// What is printed beside the QR code.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LetterCheck {
    /// Code of the letter.
    #[schema(max_length = 40, example = "K7QW2ZP9XA")]
    #[validate(length(max = 40, message = "is too long"))]
    pub code: String,
    /// Secret of the letter.
    #[schema(max_length = 60, example = "8M4T-N2QE-7RVC-1XKP")]
    #[validate(length(max = 60, message = "is too long"))]
    pub secret: String,
}

/// What strangers learn of a letter they hold in their hands, and nothing more.
#[derive(Debug, Serialize, ToSchema)]
pub struct GenuineLetter {
    /// Always true: what is not genuine answers 404.
    pub genuine: bool,
    /// Kind of letter.
    pub kind: Label,
    /// Number as printed.
    #[schema(example = "400.9/0001/REK-PBI/2026")]
    pub number: String,
    /// Date of the letter.
    #[schema(example = "2026-11-23")]
    pub issued_on: NaiveDate,
    /// Issuing office.
    #[schema(example = "Dinas Sosial Kota Bandung")]
    pub office: String,
    /// Initials of whom it is about.
    #[schema(example = "S.A.")]
    pub subject_initials: String,
    /// Whether it holds.
    pub status: LetterStatus,
}
