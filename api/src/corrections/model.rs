//! Wire types of corrections.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::label::not_blank;
use crate::problems::SubjectKind;

crate::slugs! {
    /// How far it is.
    CorrectionStatus {
        /// Waits for an officer; the fact is disputed.
        Submitted "submitted",
        /// The record was changed.
        Accepted "accepted",
        /// The record stays; the reason says why.
        Rejected "rejected",
        /// Taken back by who disputed it.
        Withdrawn "withdrawn",
    }
}

/// Whose fact it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CorrectionSubject {
    /// Household or person.
    pub kind: SubjectKind,
    /// Id of the household or person.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001")]
    pub id: Uuid,
}

/// A correction as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Correction {
    /// Id.
    pub id: Uuid,
    /// Whose fact it is.
    pub subject: CorrectionSubject,
    /// Name of the person, or of the head of the household.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// The household.
    pub household_id: Uuid,
    /// Kelurahan of its domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Name of the fact.
    #[schema(example = "birth_date")]
    pub fact: String,
    /// What was recorded when it was disputed.
    #[schema(required, example = "1980-07-01")]
    pub recorded_value: Option<String>,
    /// What it should be.
    #[schema(example = "1980-01-07")]
    pub claimed_value: String,
    /// Why.
    #[schema(example = "Tanggal dan bulan tertukar, lihat akta kelahiran.")]
    pub explanation: String,
    /// How far it is.
    pub status: CorrectionStatus,
    /// Account that disputes it.
    pub submitted_by: Uuid,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// Officer who decided.
    #[schema(required)]
    pub examined_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub examined_at: Option<DateTime<Utc>>,
    /// Why it was decided so.
    #[schema(required, example = "Sesuai akta kelahiran.")]
    pub decision_reason: Option<String>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do: accept, reject, withdraw.
    #[schema(example = json!(["accept", "reject"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(CorrectionPage, Correction);

crate::list_query! {
    /// Filters of the list of corrections.
    CorrectionQuery {
        /// Only this status.
        #[param(inline)]
        status: CorrectionStatus,
        /// Only those of this household.
        household_id: Uuid,
    }
}

/// A fact to dispute.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    /// Whose fact it is.
    pub subject: CorrectionSubject,
    /// Of a person: name, birth_date, sex, mother_name, relation, marital_status, phone; of a household: street, rt, rw.
    #[schema(max_length = 40, example = "birth_date")]
    #[validate(length(min = 1, max = 40, message = "must have 1 to 40 characters"))]
    pub fact: String,
    /// What it should be, as the resource writes it.
    #[schema(min_length = 1, max_length = 300, pattern = r"\S", example = "1980-01-07")]
    #[validate(length(min = 1, max = 300, message = "must have 1 to 300 characters"), custom(function = "not_blank"))]
    pub claimed_value: String,
    /// Why; by which paper.
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"\S",
        example = "Tanggal dan bulan tertukar, lihat akta kelahiran."
    )]
    #[validate(
        length(min = 1, max = 2000, message = "must have 1 to 2000 characters"),
        custom(function = "not_blank")
    )]
    pub explanation: String,
}

/// Why it is accepted.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AcceptCorrection {
    /// By what, in words.
    #[schema(max_length = 1000, example = "Sesuai akta kelahiran.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub reason: Option<String>,
}

/// Why it is rejected.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RejectCorrection {
    /// In words that the citizen understands.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"\S",
        example = "Akta kelahiran menunjukkan tanggal yang tercatat."
    )]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}
