//! Wire types of merges.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::label::not_blank;

crate::slugs! {
    /// A field whose value can be taken from the record that is merged.
    MergeField {
        /// Name.
        Name "name",
        /// NIK with its status; of a household its family card.
        Number "number",
        /// Sex.
        Sex "sex",
        /// Birth date with its precision.
        BirthDate "birth_date",
        /// Name of the mother.
        MotherName "mother_name",
        /// Phone.
        Phone "phone",
        /// Marital status.
        MaritalStatus "marital_status",
        /// Facts: those of the merged record win where both have one.
        Facts "facts",
        /// Accommodations, likewise.
        Accommodations "accommodations",
    }
}

crate::slugs! {
    /// How far a merge is.
    MergeStatus {
        /// Waits for its second word.
        Proposed "proposed",
        /// Not done.
        Rejected "rejected",
        /// Done.
        Done "done",
        /// Undone.
        Undone "undone",
    }
}

/// Something an undoing left as it had been changed since the merge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeptChange {
    /// Kind of record.
    #[schema(example = "individuals")]
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// Fields that were left.
    #[schema(example = json!(["phone"]))]
    pub fields: Vec<String>,
}

/// A merge of two records.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicateMerge {
    /// Id.
    pub id: Uuid,
    /// How far it is.
    pub status: MergeStatus,
    /// The record that stays.
    pub survivor_id: Uuid,
    /// The record that points at it from then on.
    pub merged_id: Uuid,
    /// Fields taken from the merged record.
    pub take_from_merged: Vec<MergeField>,
    /// Why the two are one.
    #[schema(example = "Satu orang, KK lama dan baru.")]
    pub reason: String,
    /// Whether a second person has to do it.
    pub second_word: bool,
    /// Who decided that the two are one.
    pub proposed_by: Uuid,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who did it, or rejected it.
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Who undid it.
    #[schema(required)]
    pub undone_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub undone_at: Option<DateTime<Utc>>,
    /// Why it was undone.
    #[schema(required, example = "Ternyata dua orang.")]
    pub undo_reason: Option<String>,
    /// What the undoing left as it had been changed since; restricted records are not among them.
    pub kept: Vec<KeptChange>,
}

/// How to merge.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// The record that stays: one of the two.
    pub survivor_id: Uuid,
    /// Fields to take from the other one. Of the rest the survivor's value stays; what he has not is filled in.
    #[serde(default)]
    #[schema(max_items = 10)]
    #[validate(length(max = 10, message = "has at most 10 entries"))]
    pub take_from_merged: Vec<MergeField>,
    /// Why the two are one.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Satu orang, KK lama dan baru.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
    /// Why aid of one kind that both hold at a time may stand; needs the duty `override`. Without it such a merge is
    /// refused (`claim_overlap`).
    #[schema(max_length = 1000, example = "Penyaluran ganda sudah dikembalikan.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub override_reason: Option<String>,
}
