//! Wire types of a plan's rows, and of two plans side by side.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{AllocationPolicy, AllocationStatus};
use super::model_result::{AllocationTier, FairnessTable, LeftOutReason, PlanCounts, PlanReason, PlanTier};
use crate::kernel::label::Label;
use crate::problems::Severity;

crate::slugs! {
    /// What became of a line.
    AllocationLineStatus {
        /// It waits.
        Planned "planned",
        /// A referral was sent.
        Sent "sent",
        /// It could not be sent.
        Skipped "skipped",
        /// The plan was cancelled before it was tried.
        Cancelled "cancelled",
    }
}

/// Why a need counts as much as it does: 0 to 1000 each, before the weights.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorePoints {
    /// Severity.
    #[schema(example = 700)]
    pub severity: i16,
    /// Decile.
    #[schema(example = 900)]
    pub decile: i16,
    /// Vulnerability.
    #[schema(example = 250)]
    pub vulnerability: i16,
    /// Waiting.
    #[schema(example = 120)]
    pub waiting: i16,
}

/// What a plan gives to whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationLine {
    /// Id.
    pub id: Uuid,
    /// The need.
    pub problem_id: Uuid,
    /// Its household.
    pub household_id: Uuid,
    /// Its person, where it is one's own need.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// Name of the person or of the head; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Kelurahan, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Need.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Urgency.
    pub severity: Severity,
    /// The program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: Label,
    /// Whose seat.
    pub cycle_id: Uuid,
    /// Whose money; null where it costs none.
    #[schema(required)]
    pub funding_source_id: Option<Uuid>,
    /// Name of the source.
    #[schema(required, example = "APBD Kota 2026")]
    pub funding_source_name: Option<String>,
    /// Rupiah.
    #[schema(example = 1_200_000)]
    pub amount_idr: i64,
    /// Tier.
    pub tier: AllocationTier,
    /// Place among all needs of the plan.
    #[schema(example = 17)]
    pub rank: i32,
    /// Weight of the need, in points.
    #[schema(example = 712.5)]
    pub score: f64,
    /// What the weight is made of.
    pub points: ScorePoints,
    /// What became of it.
    pub status: AllocationLineStatus,
    /// The referral that was sent.
    #[schema(required)]
    pub referral_id: Option<Uuid>,
    /// Why it could not be: a code of the problem table, `subject_gone`, `not_eligible` or `ask_first`.
    #[schema(required, example = "claim_overlap")]
    pub skipped_code: Option<String>,
    /// The line whose seat and money it takes, where that one was skipped.
    #[schema(required)]
    pub replaces_id: Option<Uuid>,
    /// When it was sent, skipped or cancelled.
    #[schema(required)]
    pub ended_at: Option<DateTime<Utc>>,
}

crate::page_of!(AllocationLinePage, AllocationLine);

crate::list_query! {
    /// Filters of a plan's lines.
    AllocationLineQuery {
        /// Only this program.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        program_id: Uuid,
        /// Only this kecamatan or kelurahan.
        #[param(example = "32.73.01", max_length = 13)]
        #[validate(length(max = 13, message = "is too long"))]
        region: String,
        /// Only this status.
        #[param(inline)]
        status: AllocationLineStatus,
        /// Only this tier.
        #[param(inline)]
        tier: AllocationTier,
    }
}

/// A need that a plan gives nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOutNeed {
    /// Id.
    pub id: Uuid,
    /// The need.
    pub problem_id: Uuid,
    /// Its household.
    pub household_id: Uuid,
    /// Its person, where it is one's own need.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// Name of the person or of the head; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Kelurahan, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Need.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Urgency.
    pub severity: Severity,
    /// Tier.
    pub tier: AllocationTier,
    /// Place among all needs of the plan.
    #[schema(example = 17)]
    pub rank: i32,
    /// Weight of the need, in points.
    #[schema(example = 712.5)]
    pub score: f64,
    /// What the weight is made of.
    pub points: ScorePoints,
    /// Why.
    pub reason: LeftOutReason,
    /// The program that came closest, if any could.
    #[schema(required)]
    pub program_id: Option<Uuid>,
    /// Its name.
    #[schema(required)]
    pub program_name: Option<Label>,
    /// When it took the place of a line that could not be sent.
    #[schema(required)]
    pub promoted_at: Option<DateTime<Utc>>,
}

crate::page_of!(LeftOutPage, LeftOutNeed);

crate::list_query! {
    /// Filters of who is left out.
    LeftOutQuery {
        /// Only where this program came closest.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        program_id: Uuid,
        /// Only this kecamatan or kelurahan.
        #[param(example = "32.73.01", max_length = 13)]
        #[validate(length(max = 13, message = "is too long"))]
        region: String,
        /// Only this reason.
        #[param(inline)]
        reason: LeftOutReason,
        /// Only this tier.
        #[param(inline)]
        tier: AllocationTier,
    }
}

/// Which plans.
#[derive(Debug, Clone, serde::Deserialize, validator::Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonQuery {
    /// The plan it is held against.
    #[param(example = "0198c0de-0000-7000-8000-000000000002")]
    pub other: Uuid,
}

/// One side of a comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedPlan {
    /// Id.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Triwulan IV 2026")]
    pub name: String,
    /// How seats and money are divided.
    pub policy: AllocationPolicy,
    /// How far it is.
    pub status: AllocationStatus,
    /// With money that does not exist.
    pub what_if: bool,
    /// SHA-256 of everything the calculation read.
    #[schema(required, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub input_sha256: Option<String>,
    /// What went in and what came out.
    pub counts: PlanCounts,
    /// Need met, in points.
    #[schema(example = 812_450.25)]
    pub value: f64,
    /// No plan is worth more.
    #[schema(example = 812_466.0)]
    pub upper_bound: f64,
    /// Part of the bound that is not reached, 0 to 1.
    #[schema(example = 0.00002)]
    pub gap: f64,
    /// Tier after tier.
    pub tiers: Vec<PlanTier>,
    /// Who was left out, by reason.
    pub left_out: Vec<PlanReason>,
    /// Whether it is fair.
    pub fairness: Vec<FairnessTable>,
}

/// Two plans side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationComparison {
    /// The plan the other is held against.
    pub plan: ComparedPlan,
    /// The other.
    pub other: ComparedPlan,
    /// Whether both read the same needs, rules, seats and money.
    pub same_input: bool,
    /// Needs with a line in both.
    #[schema(example = 15_000)]
    pub served_by_both: i64,
    /// Needs with a line in the first alone.
    #[schema(example = 3_300)]
    pub served_by_plan: i64,
    /// Needs with a line in the other alone.
    #[schema(example = 3_100)]
    pub served_by_other: i64,
    /// Of those served by both, how many by the same program.
    #[schema(example = 14_100)]
    pub same_program: i64,
}
