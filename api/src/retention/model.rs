//! Wire types of retention.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::label::{Label, not_blank};
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;

crate::slugs! {
    /// What becomes of data that have outlived their time.
    RetentionAction {
        /// The rows go.
        Delete "delete",
        /// The rows stay without what is personal in them.
        Deidentify "deidentify",
        /// The key under which they lie is destroyed.
        DestroyKey "destroy_key",
    }
}

crate::slugs! {
    /// How far a run is.
    RunStatus {
        /// Counting.
        Reporting "reporting",
        /// The report waits for a second person.
        Reported "reported",
        /// Destroying.
        Applying "applying",
        /// Done.
        Applied "applied",
        /// Given up before anything was destroyed.
        Cancelled "cancelled",
    }
}

/// Data that are kept for a time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionClass {
    /// Which data.
    #[schema(example = "evidence_files")]
    pub code: String,
    /// In both languages.
    pub name: Label,
    /// What becomes of them then.
    pub action: RetentionAction,
    /// Days after which they go.
    #[schema(example = 1825)]
    pub after_days: i32,
    /// Fewer days than this cannot be set.
    #[schema(example = 365)]
    pub least_days: i32,
    /// Regulation it rests on.
    #[schema(example = "UU 27/2022 pasal 16 ayat (2) huruf g")]
    pub basis: String,
    /// Raised by every change.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do: update.
    #[schema(example = json!(["update"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(RetentionClassPage, RetentionClass);
crate::list_query! {
    /// Paging of the list of classes.
    RetentionClassQuery {}
}

/// What changes of a class.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RetentionClassPatch {
    /// Days after which they go; at least `least_days`.
    #[serde(default)]
    #[schema(value_type = Option<i32>, nullable = false, minimum = 30, maximum = 36500, example = 1825)]
    pub after_days: Field<i32>,
    /// Regulation it rests on.
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 500, pattern = r"\S", example = "UU 43/2009")]
    pub basis: Field<String>,
}

/// What the document says of the merge-patch, as a refusal.
pub(super) fn check(patch: &RetentionClassPatch) -> Result<(), Problem> {
    match &patch.after_days {
        Field::Null => return Err(Problem::field("/after_days", "required", "cannot be removed")),
        Field::Value(days) if !(30..=36_500).contains(days) => {
            return Err(Problem::field("/after_days", "range", "must be 30 to 36500"));
        }
        _ => {}
    }
    match &patch.basis {
        Field::Null => Err(Problem::field("/basis", "required", "cannot be removed")),
        Field::Value(text) if text.trim().is_empty() || text.chars().count() > 500 => {
            Err(Problem::field("/basis", "length", "must have 1 to 500 characters"))
        }
        _ => Ok(()),
    }
}

/// A legal hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct LegalHold {
    /// Id.
    pub id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// The person, where it is on one.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// Name of the person, or of the head; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Why; null where the caller may not know it.
    #[schema(required, example = "Perkara 12/Pdt/2026")]
    pub reason: Option<String>,
    /// Account that placed it.
    pub placed_by: Uuid,
    /// When.
    pub placed_at: DateTime<Utc>,
    /// Account that lifted it.
    #[schema(required)]
    pub lifted_by: Option<Uuid>,
    /// When; null while it holds.
    #[schema(required)]
    pub lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted; null where the caller may not know it.
    #[schema(required, example = "Putusan berkekuatan tetap")]
    pub lift_reason: Option<String>,
    /// Raised by every step.
    #[schema(example = 1)]
    pub version: i64,
    /// What this caller may do: lift.
    #[schema(example = json!(["lift"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(LegalHoldPage, LegalHold);
crate::list_query! {
    /// Filters of the list of holds.
    LegalHoldQuery {
        /// Only those in force.
        #[param(example = true)]
        in_force: bool,
        /// Only this household.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        household_id: Uuid,
    }
}

/// A hold to place: on a household, or on a person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewLegalHold {
    /// The household; left out for a person.
    pub household_id: Option<Uuid>,
    /// The person; left out for a household.
    pub individual_id: Option<Uuid>,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Perkara 12/Pdt/2026")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}

/// Why a hold is lifted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LiftLegalHold {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Putusan berkekuatan tetap")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}

/// What a run found of one class.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RetentionFinding {
    /// Which data.
    #[schema(example = "evidence_files")]
    pub class: String,
    /// Rows that have outlived their time; open ones alone are counted.
    #[schema(example = 12)]
    pub count: i64,
    /// Of them, how many a legal hold keeps.
    #[schema(example = 1)]
    pub held: i64,
    /// At most five, masked: the end of the id and the kelurahan.
    #[schema(max_items = 5, example = json!(["…8000000000b1 32.73.01.1001"]))]
    pub examples: Vec<String>,
}

/// What a run destroyed of one class.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RetentionOutcome {
    /// Which data.
    #[schema(example = "evidence_files")]
    pub class: String,
    /// Rows or keys; open ones alone are counted.
    #[schema(example = 11)]
    pub destroyed: i64,
}

/// A report, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRun {
    /// Id.
    pub id: Uuid,
    /// How far it is.
    pub status: RunStatus,
    /// The work at hand, or the last.
    pub operation_id: Uuid,
    /// Moment that ages are counted from.
    pub as_of: DateTime<Utc>,
    /// By class; null until counted.
    #[schema(required)]
    pub report: Option<Vec<RetentionFinding>>,
    /// By class; null until applied.
    #[schema(required)]
    pub result: Option<Vec<RetentionOutcome>>,
    /// Account that asked for the report.
    pub requested_by: Uuid,
    /// Second person who let it be applied.
    #[schema(required)]
    pub confirmed_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Account that gave it up.
    #[schema(required)]
    pub cancelled_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    #[schema(required, example = "Kelas bukti diubah lebih dulu.")]
    pub cancel_reason: Option<String>,
    /// Raised by every step.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// What this caller may do: confirm, cancel.
    #[schema(example = json!(["confirm", "cancel"]))]
    pub can: Vec<&'static str>,
}

/// Why a run is given up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CancelRetentionRun {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Kelas bukti diubah lebih dulu.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}

crate::page_of!(RetentionRunPage, RetentionRun);
crate::list_query! {
    /// Paging of the list of runs.
    RetentionRunQuery {}
}
