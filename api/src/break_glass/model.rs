//! Wire types of looks behind the glass.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::label::not_blank;

crate::slugs! {
    /// What was opened.
    GlassSubject {
        /// A household outside the area.
        Household "household",
        /// A restricted problem.
        Problem "problem",
    }
}

crate::slugs! {
    /// What the reviewer found.
    Finding {
        /// There was a reason.
        Justified "justified",
        /// There was none; the look ends at once.
        Unjustified "unjustified",
    }
}

/// One look behind the glass.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlass {
    /// Id.
    pub id: Uuid,
    /// Household or problem.
    pub subject_kind: GlassSubject,
    /// Id of what was opened; null where the caller reviews without seeing the record.
    #[schema(required)]
    pub subject_id: Option<Uuid>,
    /// Its household; null where the caller reviews without seeing the record.
    #[schema(required)]
    pub household_id: Option<Uuid>,
    /// Account that looks.
    pub account_id: Uuid,
    /// Its name.
    #[schema(example = "Rina Kartika")]
    pub account_name: String,
    /// Why; null where the caller reviews without seeing the record.
    #[schema(required, example = "Tetangga melapor anak demam tinggi, petugas wilayahnya cuti.")]
    pub reason: Option<String>,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// When it ends or ended.
    pub expires_at: DateTime<Utc>,
    /// Whether it is open now.
    #[schema(example = true)]
    pub open: bool,
    /// What the reviewer found; null until then.
    #[schema(required)]
    pub finding: Option<Finding>,
    /// In the reviewer's words.
    #[schema(required, example = "Sesuai laporan piket.")]
    pub review_note: Option<String>,
    /// Who reviewed it.
    #[schema(required)]
    pub reviewed_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub reviewed_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// What this caller may do: review.
    #[schema(example = json!(["review"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(BreakGlassPage, BreakGlass);

crate::list_query! {
    /// Filters of the list of looks.
    BreakGlassQuery {
        /// Only those that nobody has reviewed.
        #[param(example = true)]
        unreviewed: bool,
    }
}

/// What is to be opened, and why.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewBreakGlass {
    /// A household outside one's area; this or `problem_id`.
    pub household_id: Option<Uuid>,
    /// A restricted problem in one's area; this or `household_id`.
    pub problem_id: Option<Uuid>,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"\S",
        example = "Tetangga melapor anak demam tinggi, petugas wilayahnya cuti."
    )]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}

/// What the reviewer found.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct GlassReview {
    /// Whether there was a reason.
    pub finding: Finding,
    /// In words; required where there was none.
    #[schema(max_length = 1000, example = "Sesuai laporan piket.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}
