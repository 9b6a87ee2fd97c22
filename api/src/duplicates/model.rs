//! Wire types of runs and candidates.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::merge_model::DuplicateMerge;
pub use crate::identity::Agreement;
use crate::kernel::label::not_blank;

crate::slugs! {
    /// What may be twice.
    DuplicateKind {
        /// Two people, alike by comparison.
        Person "person",
        /// Two people who are entered with one NIK.
        Nik "nik",
        /// Two households.
        Household "household",
    }
}

crate::slugs! {
    /// What has been said of a pair.
    DuplicateStatus {
        /// Nothing yet.
        Open "open",
        /// Put off until a day.
        Later "later",
        /// They are two: never proposed again.
        Distinct "distinct",
        /// A merge waits for its second word.
        Proposed "proposed",
        /// One now.
        Merged "merged",
        /// The newest run no longer finds it.
        Gone "gone",
    }
}

/// One record of a pair.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicateSide {
    /// Id of the person or household.
    pub id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// Kelurahan of its domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Name of the person, or of the head of the household.
    #[schema(required, example = "Siti Aminah")]
    pub name: Option<String>,
    /// NIK or family card, masked.
    #[schema(required, example = "327301******0001")]
    pub number_masked: Option<String>,
    /// unchecked, matched, not_matched or disputed; null for a household.
    #[schema(required, example = "matched")]
    pub nik_status: Option<String>,
    /// male or female.
    #[schema(required, example = "female")]
    pub sex: Option<String>,
    /// Birth date.
    #[schema(required)]
    pub birth_date: Option<NaiveDate>,
    /// day, month, year or unknown.
    #[schema(required, example = "day")]
    pub birth_date_precision: Option<String>,
    /// Name of the mother.
    #[schema(required, example = "Yeni Rahmawati")]
    pub mother_name: Option<String>,
    /// Phone in E.164.
    #[schema(required, example = "+6281200000000")]
    pub phone: Option<String>,
    /// Code of the list `marital_status`.
    #[schema(required, example = "married")]
    pub marital_status: Option<String>,
    /// Relation to the head.
    #[schema(required, example = "head")]
    pub relation: Option<String>,
    /// Street of the household.
    #[schema(required, example = "Jl. Melati 3")]
    pub street: Option<String>,
    /// RT.
    #[schema(required, example = "001")]
    pub rt: Option<String>,
    /// RW.
    #[schema(required, example = "002")]
    pub rw: Option<String>,
    /// alive, deceased, moved or merged; of a household active, moved, dissolved or merged.
    #[schema(example = "alive")]
    pub status: String,
    /// Where the record came from.
    #[schema(example = "manual")]
    pub source: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What hangs on a record, as far as the caller may see it.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct DuplicateHoldings {
    /// Problems.
    #[schema(example = 2)]
    pub problems: i64,
    /// Referrals.
    #[schema(example = 1)]
    pub referrals: i64,
    /// Awards held or given.
    #[schema(example = 1)]
    pub awards: i64,
    /// Cases of the household.
    #[schema(example = 0)]
    pub cases: i64,
    /// Rupiah of its referrals.
    #[schema(example = 300_000)]
    pub amount_idr: i64,
}

/// One field of the two records, side by side.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComparedField {
    /// name, number, birth_date, sex, mother_name, phone, marital_status, relation, address.
    #[schema(example = "birth_date")]
    pub field: String,
    /// Value of the first record.
    #[schema(required, example = "1980-05-17")]
    pub a: Option<String>,
    /// Value of the second record.
    #[schema(required, example = "1980-05-18")]
    pub b: Option<String>,
    /// How far they agree.
    pub agreement: Agreement,
    /// For (above zero) or against (below zero) one person, in natural logarithms of the odds; null where it was not weighed.
    #[schema(required, example = 4.2)]
    pub weight: Option<f64>,
}

/// Records that are taken for one person together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicateCluster {
    /// Smallest id of its records.
    pub id: Uuid,
    /// How many they are.
    #[schema(example = 2)]
    pub size: i32,
    /// More than one person can well be: look at all of them before merging any.
    pub alarm: bool,
}

/// A pair of records that may be one.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateCandidate {
    /// Id.
    pub id: Uuid,
    /// What may be twice.
    pub kind: DuplicateKind,
    /// What has been said of it.
    pub status: DuplicateStatus,
    /// One record lies outside the caller's area: the coordinator has the case, and of the other side nothing is shown.
    pub with_coordinator: bool,
    /// First record; null where it lies outside the caller's area.
    #[schema(required)]
    pub a: Option<DuplicateSide>,
    /// Second record; null where it lies outside the caller's area.
    #[schema(required)]
    pub b: Option<DuplicateSide>,
    /// Probability that they are one; null where one side is not shown.
    #[schema(required, example = 0.97)]
    pub score: Option<f64>,
    /// The group it belongs to; null where one side is not shown.
    #[schema(required)]
    pub cluster: Option<DuplicateCluster>,
    /// Why it was decided so; null where one side is not shown.
    #[schema(required, example = "NIK dan nama ibu berbeda, saudara kembar.")]
    pub reason: Option<String>,
    /// Who decided; null where one side is not shown.
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Day from which it is open again.
    #[schema(required)]
    pub later_until: Option<NaiveDate>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was found.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do: distinct, later, reopen, merge, confirm-merge, reject-merge, undo-merge.
    #[schema(example = json!(["distinct", "later", "merge"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(DuplicateCandidatePage, DuplicateCandidate);

/// A pair, side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateComparison {
    /// The pair.
    #[serde(flatten)]
    pub candidate: DuplicateCandidate,
    /// Field by field; empty where one side is not shown.
    pub fields: Vec<ComparedField>,
    /// What hangs on the first record; null where it is not shown.
    #[schema(required)]
    pub a_holds: Option<DuplicateHoldings>,
    /// What hangs on the second record; null where it is not shown.
    #[schema(required)]
    pub b_holds: Option<DuplicateHoldings>,
    /// Whether a merge by this caller waits for a second person: money hangs on it, or he may not see all that does.
    pub needs_second_word: bool,
    /// The newest merge of this pair, if there was one; null where one side is not shown.
    #[schema(required)]
    pub merge: Option<DuplicateMerge>,
}

crate::list_query! {
    /// Filters of the candidates.
    DuplicateCandidateQuery {
        /// Only this status; open where left out.
        #[param(inline)]
        status: DuplicateStatus,
        /// Only this kind.
        #[param(inline)]
        kind: DuplicateKind,
        /// Only pairs at least so likely, 0 to 1.
        #[param(minimum = 0, maximum = 1, example = 0.9)]
        #[validate(range(min = 0.0, max = 1.0, message = "must be 0 to 1"))]
        min_score: f64,
        /// Only pairs with a record in this kelurahan or kecamatan.
        #[param(example = "32.73.01", max_length = 13)]
        #[validate(length(max = 13, message = "is too long"))]
        region: String,
    }
}

/// Why the two are two, or why it is open again.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DuplicateReason {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Saudara kembar, dua akta kelahiran.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}

/// Until when it waits, and why.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DuplicateLater {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Menunggu salinan KK.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
    /// Day from which it is open again, at most a year ahead; in thirty days where left out.
    pub until: Option<NaiveDate>,
}

/// A pass over the registry.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateRun {
    /// Id.
    pub id: Uuid,
    /// Operation that does it.
    pub operation_id: Uuid,
    /// asked, or changes since the last one.
    #[schema(example = "asked")]
    pub cause: String,
    /// queued, running, succeeded, failed or cancelled.
    #[schema(example = "succeeded")]
    pub state: String,
    /// Probability from which a pair is put before a human.
    #[schema(example = 0.5)]
    pub threshold: f64,
    /// People read.
    #[schema(example = 1_100_000)]
    pub people: i32,
    /// Pairs compared.
    #[schema(example = 48_000_000)]
    pub compared: i64,
    /// Pairs above the threshold.
    #[schema(example = 5200)]
    pub found: i32,
    /// Of these, pairs that nobody knew of.
    #[schema(example = 120)]
    pub added: i32,
    /// Open pairs of earlier runs that are found no longer.
    #[schema(example = 3)]
    pub gone: i32,
    /// Groups of records taken for one person.
    #[schema(example = 5100)]
    pub clusters: i32,
    /// Records of the largest group.
    #[schema(example = 4)]
    pub largest_cluster: i32,
    /// Milliseconds to read the people.
    #[schema(example = 3200)]
    pub load_ms: i32,
    /// Milliseconds to compare them.
    #[schema(example = 6100)]
    pub link_ms: i32,
    /// Milliseconds to store the pairs.
    #[schema(example = 400)]
    pub store_ms: i32,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its pairs were stored.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
}

crate::page_of!(DuplicateRunPage, DuplicateRun);

/// A pass over the registry, with what it learnt.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateRunReport {
    /// The run.
    #[serde(flatten)]
    pub run: DuplicateRun,
    /// Weights as estimated from the registry; null until it has finished.
    #[schema(required)]
    pub weights: Option<serde_json::Value>,
}

crate::list_query! {
    /// Paging of the runs.
    DuplicateRunQuery {}
}
