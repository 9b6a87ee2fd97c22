//! Wire types of allocation plans.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model_result::{Execution, PlanCounts, PlanReason, PlanTier};
use crate::db::slugs::Sensitivity;
use crate::kernel::label::not_blank;

crate::slugs! {
    /// How seats and money are divided.
    AllocationPolicy {
        /// As much need met as possible, tier after tier, by the solver.
        Optimal "optimal",
        /// The most need for a rupiah first.
        Greedy "greedy",
        /// Whoever was reported first.
        FirstCome "first_come",
    }
}

crate::slugs! {
    /// How far a plan is.
    AllocationStatus {
        /// Being calculated, or calculated and read.
        Draft "draft",
        /// Somebody stands for it.
        Proposed "proposed",
        /// A second person approved it.
        Approved "approved",
        /// Its referrals are being sent.
        Executing "executing",
        /// Every line has ended.
        Executed "executed",
        /// Given up; what was sent stays.
        Cancelled "cancelled",
        /// The calculation or the carrying out broke off.
        Failed "failed",
    }
}

/// How much each side of a need counts. Only their proportions matter.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct AllocationWeights {
    /// Severity of the problem.
    #[schema(minimum = 0, maximum = 100, default = 4, example = 4)]
    #[validate(range(min = 0, max = 100, message = "must be 0 to 100"))]
    pub severity: u32,
    /// Welfare decile of the household; an unknown one counts as the middle.
    #[schema(minimum = 0, maximum = 100, default = 3, example = 3)]
    #[validate(range(min = 0, max = 100, message = "must be 0 to 100"))]
    pub decile: u32,
    /// Small children, elderly, disability, no home.
    #[schema(minimum = 0, maximum = 100, default = 2, example = 2)]
    #[validate(range(min = 0, max = 100, message = "must be 0 to 100"))]
    pub vulnerability: u32,
    /// Days since it was reported, up to a year.
    #[schema(minimum = 0, maximum = 100, default = 1, example = 1)]
    #[validate(range(min = 0, max = 100, message = "must be 0 to 100"))]
    pub waiting: u32,
}

impl Default for AllocationWeights {
    fn default() -> Self {
        Self { severity: 4, decile: 3, vulnerability: 2, waiting: 1 }
    }
}

/// Money that does not exist, to see what it would do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ExtraBudget {
    /// Source it would come to, under that source's restrictions.
    pub funding_source_id: Uuid,
    /// Rupiah.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000i64, example = 10_000_000_000i64)]
    #[validate(range(min = 1, max = 1_000_000_000_000_000_i64, message = "must be 1 to 1,000,000,000,000,000"))]
    pub amount_idr: i64,
}

/// A plan to calculate. What is left out takes everything.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewAllocationPlan {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "Triwulan IV 2026")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"), custom(function = "not_blank"))]
    pub name: String,
    /// How to divide; `optimal` where left out.
    pub policy: Option<AllocationPolicy>,
    /// `restricted` divides the restricted programs among restricted problems, and only supervisors of the city may ask for
    /// it and see it; `open` where left out.
    pub sensitivity: Option<Sensitivity>,
    /// Only these programs.
    #[schema(max_items = 500)]
    #[validate(length(max = 500, message = "has more than 500 items"))]
    pub program_ids: Option<Vec<Uuid>>,
    /// Only these cycles.
    #[schema(max_items = 500)]
    #[validate(length(max = 500, message = "has more than 500 items"))]
    pub cycle_ids: Option<Vec<Uuid>>,
    /// Only money of these sources.
    #[schema(max_items = 500)]
    #[validate(length(max = 500, message = "has more than 500 items"))]
    pub funding_source_ids: Option<Vec<Uuid>>,
    /// How much each side of a need counts.
    #[validate(nested)]
    pub weights: Option<AllocationWeights>,
    /// Lines a household gets at most; 3 where left out.
    #[schema(minimum = 1, maximum = 20, default = 3, example = 3)]
    #[validate(range(min = 1, max = 20, message = "must be 1 to 20"))]
    pub awards_per_household: Option<u32>,
    /// PPKS types whose needs are duties of minimum service (SPM), the tier after emergencies; those that the list
    /// `ppks_types` marks with `minimum_service` where left out.
    #[schema(max_items = 100, example = json!(["lansia_telantar"]))]
    #[validate(length(max = 100, message = "has more than 100 items"))]
    pub duty_ppks_codes: Option<Vec<String>>,
    /// What if there were more: such a plan is never carried out.
    #[schema(max_items = 50)]
    #[validate(length(max = 50, message = "has more than 50 items"), nested)]
    pub extra_budgets: Option<Vec<ExtraBudget>>,
    /// Decides between equals: drawn in public by somebody else. The service draws one where left out, and tells only its
    /// SHA-256 until the plan is approved or ended.
    #[schema(
        min_length = 16,
        max_length = 128,
        pattern = "^[A-Za-z0-9 ._:-]{16,128}$",
        example = "undian 2026-11-20 41-07-19-88"
    )]
    #[validate(length(min = 16, max = 128, message = "must have 16 to 128 characters"))]
    pub seed: Option<String>,
    /// Steps of the search at most; the best plan so far is then marked with `complete: false` and its gap.
    #[schema(minimum = 0, maximum = 120, example = 120)]
    #[validate(range(min = 0, max = 120, message = "must be 0 to 120"))]
    pub iterations: Option<u32>,
}

/// What a plan was calculated with.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AllocationParameters {
    /// Only these programs; null is all.
    #[schema(required)]
    pub program_ids: Option<Vec<Uuid>>,
    /// Only these cycles; null is all.
    #[schema(required)]
    pub cycle_ids: Option<Vec<Uuid>>,
    /// Only money of these sources; null is all.
    #[schema(required)]
    pub funding_source_ids: Option<Vec<Uuid>>,
    /// How much each side of a need counts.
    pub weights: AllocationWeights,
    /// Lines a household gets at most.
    #[schema(example = 3)]
    pub awards_per_household: u32,
    /// PPKS types of the second tier.
    #[schema(example = json!(["lansia_telantar"]))]
    pub duty_ppks_codes: Vec<String>,
    /// Money that does not exist.
    pub extra_budgets: Vec<ExtraBudget>,
    /// Steps of the search at most; null is until it is precise.
    #[schema(required, example = 120)]
    pub iterations: Option<u32>,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationPlan {
    /// Id.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Triwulan IV 2026")]
    pub name: String,
    /// How seats and money are divided.
    pub policy: AllocationPolicy,
    /// What it divides: open or restricted programs.
    pub sensitivity: Sensitivity,
    /// With money that does not exist: never carried out.
    pub what_if: bool,
    /// How far it is.
    pub status: AllocationStatus,
    /// What it was calculated with.
    pub parameters: AllocationParameters,
    /// SHA-256 of the seed, in hex.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub seed_commitment: String,
    /// What decides between equals; null until the plan is approved or ended.
    #[schema(required, example = "undian 2026-11-20 41-07-19-88")]
    pub seed: Option<String>,
    /// The calculation; once it is carried out, that. Ask it for progress, DELETE it to stop.
    pub operation_id: Uuid,
    /// The moment whose state was frozen; null until it is calculated.
    #[schema(required)]
    pub as_of: Option<DateTime<Utc>>,
    /// SHA-256 of everything the calculation read.
    #[schema(required, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub input_sha256: Option<String>,
    /// SHA-256 of lines and left out: the same input and seed give the same.
    #[schema(required, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub result_sha256: Option<String>,
    /// When the calculation ended; null until then.
    #[schema(required)]
    pub solved_at: Option<DateTime<Utc>>,
    /// What went in and what came out; null until it is calculated.
    #[schema(required)]
    pub counts: Option<PlanCounts>,
    /// Need met, in points: the sum over the lines.
    #[schema(required, example = 812_450.25)]
    pub value: Option<f64>,
    /// No plan is worth more.
    #[schema(required, example = 812_466.0)]
    pub upper_bound: Option<f64>,
    /// Part of the bound that is not reached, 0 to 1.
    #[schema(required, example = 0.00002)]
    pub gap: Option<f64>,
    /// False where the limit of steps ended the search early.
    #[schema(required, example = true)]
    pub complete: Option<bool>,
    /// Tier after tier: emergencies, duties of minimum service, the rest.
    pub tiers: Vec<PlanTier>,
    /// Who was left out, by reason.
    pub left_out: Vec<PlanReason>,
    /// What became of the lines.
    pub execution: Execution,
    /// Who asked for it.
    pub created_by: Uuid,
    /// Name.
    #[schema(example = "Dewi Lestari")]
    pub created_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who stands for it; null until then.
    #[schema(required)]
    pub proposed_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub proposed_at: Option<DateTime<Utc>>,
    /// Second person; null until then.
    #[schema(required)]
    pub approved_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    /// Who has it carried out.
    #[schema(required)]
    pub executed_by: Option<Uuid>,
    /// When that began.
    #[schema(required)]
    pub executed_at: Option<DateTime<Utc>>,
    /// When it was executed, cancelled or failed.
    #[schema(required)]
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was returned or cancelled.
    #[schema(required, example = "Bobot desil terlalu kecil.")]
    pub reason: Option<String>,
    /// Why it failed: `{code, title, detail}`.
    #[schema(required, example = json!({"code": "unavailable"}))]
    pub error: Option<Value>,
    /// Raised by every step.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: propose, approve, return, execute, cancel.
    #[schema(example = json!(["propose", "cancel"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(AllocationPlanPage, AllocationPlan);

crate::list_query! {
    /// Filters of the list of plans.
    AllocationPlanQuery {
        /// Only this status.
        #[param(inline)]
        status: AllocationStatus,
        /// Only this policy.
        #[param(inline)]
        policy: AllocationPolicy,
    }
}

/// Why it goes back, or is given up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AllocationReason {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Bobot desil terlalu kecil.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}
