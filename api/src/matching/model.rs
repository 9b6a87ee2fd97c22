//! Wire types of matches.

use chrono::{DateTime, NaiveDate, Utc};
use satupintu_rules as engine;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::programs::{AccessMode, ClaimUnit, ProgramText};

crate::slugs! {
    /// What a rule says of a household.
    MatchOutcome {
        /// It fulfils the rule.
        Eligible "eligible",
        /// It does not, by what is known.
        Ineligible "ineligible",
        /// What is known does not decide.
        NeedsData "needs_data",
    }
}

impl From<engine::Outcome> for MatchOutcome {
    fn from(outcome: engine::Outcome) -> Self {
        match outcome {
            engine::Outcome::Eligible => Self::Eligible,
            engine::Outcome::Ineligible => Self::Ineligible,
            engine::Outcome::NeedsData => Self::NeedsData,
        }
    }
}

/// A program, as a match names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatchedProgram {
    /// Id.
    pub id: Uuid,
    /// Code.
    #[schema(example = "PKH")]
    pub code: String,
    /// Name.
    pub name: ProgramText,
    /// How one gets it.
    pub access_mode: AccessMode,
    /// Who holds a claim.
    pub claim_unit: ClaimUnit,
}

/// A clause that decided.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DecidingClause {
    /// JSON pointer into the rule; `/areas` for the area of the program.
    #[schema(example = "/all/0")]
    pub pointer: String,
    /// true, false or unknown.
    #[schema(example = "true")]
    pub truth: &'static str,
    /// Of which member; null: the household.
    #[schema(required)]
    pub member_id: Option<Uuid>,
    /// The clause in words.
    pub phrase: ProgramText,
}

/// Something that would decide if it were known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissingFact {
    /// Name of the fact; `members`, `problem`, `benefits` or `decile` where the catalogue has none.
    #[schema(example = "floor")]
    pub fact: String,
    /// How people call it.
    pub label: ProgramText,
    /// Clause that asks for it.
    #[schema(example = "/all/1")]
    pub pointer: String,
    /// Of which member; null: the household.
    #[schema(required)]
    pub member_id: Option<Uuid>,
    /// not_recorded, disputed, imprecise, members_incomplete, problem_unverified or not_covered.
    #[schema(example = "not_recorded")]
    pub why: &'static str,
    /// Documents that show it: codes of the list `documents`.
    #[schema(example = json!(["house_photo"]))]
    pub documents: Vec<String>,
}

/// What could lawfully change a verdict.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LawfulChange {
    /// ask (find out), check (whether it still holds), date (wait), verify (a reported problem) or assess (the need).
    #[schema(example = "check")]
    pub kind: &'static str,
    /// Clause it would change.
    #[schema(example = "/all/1")]
    pub pointer: String,
    /// Fact to ask for or check.
    #[schema(required, example = "floor")]
    pub fact: Option<String>,
    /// Of which member; null: the household.
    #[schema(required)]
    pub member_id: Option<Uuid>,
    /// Documents that show it: codes of the list `documents`.
    #[schema(example = json!(["house_photo"]))]
    pub documents: Vec<String>,
    /// From which day the clause changes by itself.
    #[schema(required, example = "2027-03-01")]
    pub on: Option<NaiveDate>,
}

/// What the rule of a program says of a household, as of now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseholdMatch {
    /// The household.
    pub household_id: Uuid,
    /// The program.
    pub program: MatchedProgram,
    /// What the rule says.
    pub outcome: MatchOutcome,
    /// Version of the rule.
    #[schema(example = 1)]
    pub rule_version: i32,
    /// The clauses that decided.
    pub deciding: Vec<DecidingClause>,
    /// What would decide it, where it is open.
    pub missing: Vec<MissingFact>,
    /// Members by whom a clause about members holds.
    pub member_ids: Vec<Uuid>,
    /// Last day on which it holds if nothing is written; null: three years and more.
    #[schema(required, example = "2027-03-01")]
    pub valid_until: Option<NaiveDate>,
    /// When it was evaluated.
    pub evaluated_at: DateTime<Utc>,
}

crate::page_of!(HouseholdMatchPage, HouseholdMatch);

/// A verdict with everything that explains it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MatchExplanation {
    /// The verdict.
    #[serde(rename = "match")]
    pub verdict: HouseholdMatch,
    /// The rule in words.
    pub sentence: ProgramText,
    /// What could lawfully change it: empty where it is eligible.
    pub changes: Vec<LawfulChange>,
    /// What is stored for lists of the program: eligible, needs_data, ineligible; null before its first evaluation.
    #[schema(required)]
    pub stored: Option<MatchOutcome>,
}

/// A household that a program reaches.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgramMatch {
    /// The household.
    pub household_id: Uuid,
    /// Name of its head; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub head_name: Option<String>,
    /// Domicile kelurahan, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// National decile, where known.
    #[schema(required, example = 2)]
    pub decile: Option<i16>,
    /// Members recorded.
    #[schema(example = 4)]
    pub members_count: i32,
    /// eligible or needs_data.
    pub outcome: MatchOutcome,
    /// Version of the rule it was evaluated by.
    #[schema(example = 1)]
    pub rule_version: i32,
    /// When its kelurahan was last evaluated.
    pub evaluated_at: DateTime<Utc>,
}

crate::page_of!(ProgramMatchPage, ProgramMatch);

crate::list_query! {
    /// Filters of the matches of a household.
    HouseholdMatchQuery {
        /// Only this outcome; left out: eligible and needs_data.
        #[param(inline)]
        outcome: MatchOutcome,
    }
}

crate::list_query! {
    /// Filters of the matches of a program.
    ProgramMatchQuery {
        /// Only this outcome, eligible or needs_data; left out: eligible.
        #[param(inline)]
        outcome: MatchOutcome,
        /// Only households of this region: kelurahan, kecamatan or city, dotted.
        #[param(max_length = 20, example = "32.73.01")]
        #[validate(length(max = 20, message = "is too long"))]
        region: String,
    }
}

/// How many households of a region a program reaches. Numbers below five are null for who may not see the households.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegionMatches {
    /// Kelurahan or kecamatan, dotted.
    #[schema(example = "32.73.01")]
    pub region_code: String,
    /// Its name.
    #[schema(example = "Sukasari")]
    pub region_name: String,
    /// Fulfil the rule.
    #[schema(required, minimum = 0, example = 120)]
    pub eligible: Option<i64>,
    /// What is known of them does not decide.
    #[schema(required, minimum = 0, example = 40)]
    pub needs_data: Option<i64>,
}

/// How many households a program reaches, within the caller's area.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchCounts {
    /// The program.
    pub program_id: Uuid,
    /// Fulfil the rule.
    #[schema(required, minimum = 0, example = 120)]
    pub eligible: Option<i64>,
    /// What is known of them does not decide.
    #[schema(required, minimum = 0, example = 40)]
    pub needs_data: Option<i64>,
    /// Version of the rule.
    #[schema(required, example = 1)]
    pub rule_version: Option<i32>,
    /// When the first of these kelurahan was last evaluated; null: not yet.
    #[schema(required)]
    pub evaluated_at: Option<DateTime<Utc>>,
    /// By kecamatan.
    pub districts: Vec<RegionMatches>,
    /// By kelurahan.
    pub villages: Vec<RegionMatches>,
}

/// What to evaluate.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewMatchingRun {
    /// Only this program; all where left out.
    pub program_id: Option<Uuid>,
}

/// An evaluation of the city.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchingRun {
    /// Id.
    pub id: Uuid,
    /// Its operation, with the progress.
    pub operation_id: Uuid,
    /// The one program it evaluates; null: all.
    #[schema(required)]
    pub program_id: Option<Uuid>,
    /// asked, rule, registry or day.
    #[schema(example = "asked")]
    pub cause: String,
    /// queued, running, succeeded, failed or cancelled.
    #[schema(example = "succeeded")]
    pub status: String,
    /// Kelurahan done.
    #[schema(example = 151)]
    pub regions_done: i64,
    /// Kelurahan in all; null while unknown.
    #[schema(required, example = 151)]
    pub regions_total: Option<i64>,
    /// Households evaluated.
    #[schema(example = 10000)]
    pub households: i32,
    /// Programs evaluated.
    #[schema(example = 300)]
    pub programs: i32,
    /// Pairs that are eligible; null for a run that includes restricted programs the caller may not count.
    #[schema(required, example = 48000)]
    pub eligible: Option<i64>,
    /// Pairs that what is known does not decide.
    #[schema(required, example = 12000)]
    pub needs_data: Option<i64>,
    /// Verdicts that are other than before.
    #[schema(required, example = 130)]
    pub changed: Option<i64>,
    /// Milliseconds of reading.
    #[schema(example = 120)]
    pub load_ms: i32,
    /// Milliseconds of evaluating, summed over the threads.
    #[schema(example = 120)]
    pub evaluate_ms: i32,
    /// Milliseconds of storing, summed over the threads.
    #[schema(example = 120)]
    pub store_ms: i32,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
}

crate::page_of!(MatchingRunPage, MatchingRun);

crate::list_query! {
    /// Filters of the list of runs.
    MatchingRunQuery {}
}

/// A fact that is unknown, and how many verdicts that keeps open.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingFactCount {
    /// Kelurahan, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Its name.
    #[schema(example = "Gegerkalong")]
    pub region_name: String,
    /// Name of the fact; `members`, `problem`, `benefits` or `decile` where the catalogue has none.
    #[schema(example = "floor")]
    pub fact: String,
    /// How people call it.
    pub label: ProgramText,
    /// Verdicts (household and program) it keeps open.
    #[schema(example = 800)]
    pub verdicts: i64,
    /// Programs that ask for it.
    #[schema(example = 7)]
    pub programs: i64,
}

crate::page_of!(MissingFactPage, MissingFactCount);

crate::list_query! {
    /// Where to look for what is missing.
    MissingFactQuery {
        /// Only this region: kelurahan, kecamatan or city, dotted.
        #[param(max_length = 20, example = "32.73.01")]
        #[validate(length(max = 20, message = "is too long"))]
        region: String,
    }
}
