//! Wire types of what a plan says: stored as they are, in the column `result`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::label::Label;

crate::slugs! {
    /// Needs are served strictly tier after tier.
    AllocationTier {
        /// Emergencies.
        Emergency "emergency",
        /// Duties of minimum service (SPM).
        Duty "duty",
        /// The rest.
        Regular "regular",
    }
}

impl AllocationTier {
    /// From its number.
    pub fn of(number: i16) -> Self {
        match number {
            0 => Self::Emergency,
            1 => Self::Duty,
            _ => Self::Regular,
        }
    }
}

crate::slugs! {
    /// Why a need got nothing.
    LeftOutReason {
        /// No included program answers it there, or the household fulfils no rule.
        NoProgram "no_program",
        /// A fact must be asked for first: what is known decides no rule.
        AskFirst "ask_first",
        /// No source may pay for it: its restrictions exclude it, or nothing is allotted.
        NoSource "no_source",
        /// The seats are used up.
        NoSeat "no_seat",
        /// The money is used up.
        NoMoney "no_money",
        /// Others gain more from the same seat or money.
        OthersFirst "others_first",
        /// Aid of the same kind is held already, or planned.
        ClassHeld "class_held",
        /// The household has as many lines as it may have.
        HouseholdCap "household_cap",
    }
}

/// What went in and what came out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct PlanCounts {
    /// Verified needs that nobody serves yet.
    #[schema(example = 41_200)]
    pub needs: i64,
    /// Households behind them.
    #[schema(example = 30_100)]
    pub households: i64,
    /// Needs and programs that could meet them.
    #[schema(example = 96_000)]
    pub pairs: i64,
    /// Cycles that take people.
    #[schema(example = 58)]
    pub cycles: i64,
    /// Lines planned.
    #[schema(example = 18_340)]
    pub lines: i64,
    /// Their sum in rupiah.
    #[schema(example = 22_400_000_000i64)]
    pub amount_idr: i64,
    /// Needs left out.
    #[schema(example = 22_860)]
    pub left_out: i64,
    /// Needs for which a fact should be asked, served or not: a program might serve them that cannot be decided yet.
    #[schema(example = 3_120)]
    pub needs_data: i64,
    /// Programs whose matches are older than their rule in some kelurahan; such matches are not used.
    #[schema(example = 0)]
    pub stale_programs: i64,
}

/// One tier.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlanTier {
    /// Which.
    pub tier: AllocationTier,
    /// Needs in it.
    #[schema(example = 410)]
    pub needs: i64,
    /// Lines in it.
    #[schema(example = 398)]
    pub lines: i64,
    /// Rupiah of its lines.
    #[schema(example = 478_000_000)]
    pub amount_idr: i64,
    /// Need met, in points.
    #[schema(example = 35_420.5)]
    pub value: f64,
    /// No plan for this tier is worth more, after the tiers before it.
    #[schema(example = 35_421.0)]
    pub upper_bound: f64,
    /// Part of the bound that is not reached, 0 to 1.
    #[schema(example = 0.00001)]
    pub gap: f64,
    /// Steps of the search.
    #[schema(example = 24)]
    pub iterations: u32,
    /// False where the limit of steps ended the search early.
    pub complete: bool,
}

/// How many were left out for one reason.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlanReason {
    /// Why.
    pub reason: LeftOutReason,
    /// Needs.
    #[schema(example = 1200)]
    pub needs: i64,
    /// Part of all needs, 0 to 1.
    #[schema(example = 0.03)]
    pub share: f64,
}

/// What became of the lines.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Execution {
    /// Lines that wait.
    #[schema(example = 120)]
    pub planned: i64,
    /// Referrals sent.
    #[schema(example = 18_000)]
    pub sent: i64,
    /// Rupiah they hold.
    #[schema(example = 21_000_000_000i64)]
    pub sent_idr: i64,
    /// Lines that could not be sent.
    #[schema(example = 220)]
    pub skipped: i64,
    /// Lines that took the place of skipped ones.
    #[schema(example = 190)]
    pub replacing: i64,
    /// Lines that were not tried, because the plan was cancelled.
    #[schema(example = 0)]
    pub cancelled: i64,
}

/// What one more would be worth to a tier.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ShadowPrice {
    /// Tier.
    pub tier: AllocationTier,
    /// Points: of a budget by the million rupiah (or the item), of seats by the seat.
    #[schema(example = 0.42)]
    pub points: f64,
}

crate::slugs! {
    /// Where a budget stands.
    BudgetKind {
        /// Allotted to the cycle.
        Allotted "allotted",
        /// Does not exist: part of a what-if.
        Extra "extra",
    }
}

/// Money a plan could use.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlanBudget {
    /// The source.
    pub funding_source_id: Uuid,
    /// Its name.
    #[schema(example = "APBD Kota 2026")]
    pub funding_source_name: String,
    /// The cycle it is allotted to; null for an extra one.
    #[schema(required)]
    pub cycle_id: Option<Uuid>,
    /// Name of the program; null for an extra one.
    #[schema(required)]
    pub program_name: Option<Label>,
    /// Allotted or imagined.
    pub kind: BudgetKind,
    /// Rupiah (`IDR`), or what is counted.
    #[schema(example = "IDR")]
    pub unit: String,
    /// How much there is.
    #[schema(example = 1_000_000_000)]
    pub amount: i64,
    /// How much of it is planned.
    #[schema(example = 998_000_000)]
    pub planned: i64,
    /// What a million rupiah (or an item) more would buy, by tier.
    pub prices: Vec<ShadowPrice>,
}

/// Seats a plan could use.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PlanSeats {
    /// The cycle.
    pub cycle_id: Uuid,
    /// Its name.
    #[schema(example = "2026")]
    pub cycle_name: String,
    /// The program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: Label,
    /// Rupiah of one.
    #[schema(example = 1_200_000)]
    pub cost_idr: i64,
    /// Needs it could meet.
    #[schema(example = 5_400)]
    pub candidates: i64,
    /// Seats that were free.
    #[schema(example = 1_500)]
    pub seats_left: i64,
    /// Seats planned.
    #[schema(example = 1_500)]
    pub planned: i64,
    /// What one more seat would be worth, by tier.
    pub prices: Vec<ShadowPrice>,
}

/// Budgets and seats of a plan with what one more of each would be worth.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct PlanBudgets {
    /// Money, by source and cycle.
    pub budgets: Vec<PlanBudget>,
    /// Seats, by cycle.
    pub seats: Vec<PlanSeats>,
}

crate::slugs! {
    /// By what people are told apart to see whether a plan is fair.
    FairnessDimension {
        /// Kecamatan of the household.
        District "district",
        /// Need.
        Need "need",
        /// Severity.
        Severity "severity",
        /// Sex of the person, or of the head.
        Sex "sex",
        /// Age of the person, or of the head.
        Age "age",
        /// Whether somebody in the household has a disability.
        Disability "disability",
        /// Whether the household has a home.
        Housing "housing",
        /// Welfare decile.
        Decile "decile",
        /// What the cheapest program that could meet it costs.
        Cost "cost",
        /// Whether a fact should be asked for.
        NeedsData "needs_data",
    }
}

/// Those who are alike in one regard.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FairnessGroup {
    /// Code of the group: a kecamatan, a need, `female`, `60+`…
    #[schema(example = "32.73.01")]
    pub key: String,
    /// Its name, where it has one.
    #[schema(required, example = "Sukasari")]
    pub name: Option<String>,
    /// Needs.
    #[schema(example = 1400)]
    pub needs: i64,
    /// Of these, with a line.
    #[schema(example = 640)]
    pub served: i64,
    /// Of these, left out until a fact is known.
    #[schema(example = 90)]
    pub ask_first: i64,
    /// Rupiah of their lines.
    #[schema(example = 780_000_000)]
    pub amount_idr: i64,
    /// Part of the needs that is served, 0 to 1.
    #[schema(example = 0.457)]
    pub share: f64,
}

/// Groups that differ in one regard.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FairnessTable {
    /// In which.
    pub dimension: FairnessDimension,
    /// The groups; together all needs.
    pub groups: Vec<FairnessGroup>,
}

/// Whether a plan is fair.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct PlanFairness {
    /// One table a regard.
    pub tables: Vec<FairnessTable>,
}

/// All that is stored of a calculated plan beside its lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PlanResult {
    pub counts: PlanCounts,
    pub value: f64,
    pub upper_bound: f64,
    pub gap: f64,
    pub complete: bool,
    pub tiers: Vec<PlanTier>,
    pub left_out: Vec<PlanReason>,
    /// Read apart where it is asked for.
    #[serde(default)]
    pub supply: PlanBudgets,
    /// The same.
    #[serde(default)]
    pub fairness: PlanFairness,
}
