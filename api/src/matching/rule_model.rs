//! Wire types of eligibility rules.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{HouseholdMatch, LawfulChange, RegionMatches};
use crate::programs::ProgramText;

/// Something the checker found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleFinding {
    /// JSON pointer into the rule.
    #[schema(example = "/all/1")]
    pub pointer: String,
    /// Stable code.
    #[schema(example = "one_person_or_two")]
    pub code: String,
    /// What is meant, in English.
    #[schema(example = "no household can fulfil it")]
    pub detail: String,
}

/// The eligibility rule of a program.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramRule {
    /// The program.
    pub program_id: Uuid,
    /// Version in force; 0: none has been written.
    #[schema(example = 1)]
    pub version: i32,
    /// The rule; null before the first. Its language is described by `GET /rule-schema`.
    #[schema(required, value_type = Option<Map<String, Value>>, example = json!({"decile": {"max": 4}}))]
    pub rule: Option<Value>,
    /// The rule in words.
    #[schema(required)]
    pub sentence: Option<ProgramText>,
    /// What its writer should look at.
    pub warnings: Vec<RuleFinding>,
    /// When this version was written.
    #[schema(required)]
    pub updated_at: Option<DateTime<Utc>>,
    /// What this caller may do next: edit, preview.
    #[schema(example = json!(["edit"]))]
    pub can: Vec<&'static str>,
}

/// A rule to put in force.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewProgramRule {
    /// The rule, in the language of `GET /rule-schema`.
    #[schema(value_type = Map<String, Value>, example = json!({"all": [{"decile": {"max": 4}}, {"any_member": {"age": {"min": 60}}}]}))]
    pub rule: Box<RawValue>,
    /// Why it is changed, in words.
    #[schema(max_length = 1000, example = "Perwal 12/2026: batas desil diturunkan.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// A rule to look at before it is put in force.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RuleToCheck {
    /// The rule, in the language of `GET /rule-schema`.
    #[schema(value_type = Map<String, Value>, example = json!({"decile": {"max": 3}}))]
    pub rule: Box<RawValue>,
    /// Also say what it means for this household of the caller's area.
    pub household_id: Option<Uuid>,
}

/// What the checker says of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleCheck {
    /// Why it would be refused; empty: it may be put in force.
    pub errors: Vec<RuleFinding>,
    /// What its writer should look at.
    pub warnings: Vec<RuleFinding>,
    /// The rule in words; null where it cannot be read.
    #[schema(required)]
    pub sentence: Option<ProgramText>,
    /// What it means for the household asked about.
    #[schema(required)]
    pub verdict: Option<HouseholdMatch>,
    /// What could lawfully change that.
    pub changes: Vec<LawfulChange>,
}

/// A rule to compare with the one in force.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RuleToPreview {
    /// The rule, in the language of `GET /rule-schema`.
    #[schema(value_type = Map<String, Value>, example = json!({"decile": {"max": 3}}))]
    pub rule: Box<RawValue>,
}

/// What changes in a kecamatan. Numbers below five are null for who may not see the households.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionChange {
    /// Kecamatan, dotted.
    #[schema(example = "32.73.01")]
    pub region_code: String,
    /// Its name.
    #[schema(example = "Sukasari")]
    pub region_name: String,
    /// Households that would be eligible and are not now.
    #[schema(required, minimum = 0, example = 12)]
    pub added: Option<i64>,
    /// Households that are eligible now and would not be.
    #[schema(required, minimum = 0, example = 30)]
    pub removed: Option<i64>,
}

/// How many households a rule adds and drops within the caller's area, before it is put in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulePreview {
    /// Households that would be eligible and are not now.
    #[schema(required, minimum = 0, example = 12)]
    pub added: Option<i64>,
    /// Households that are eligible now and would not be.
    #[schema(required, minimum = 0, example = 30)]
    pub removed: Option<i64>,
    /// Now, by the rule in force.
    pub before: RegionMatches,
    /// With this rule.
    pub after: RegionMatches,
    /// By kecamatan, where anything changes.
    pub districts: Vec<RegionChange>,
    /// Some of the added, for who may see them.
    pub added_examples: Vec<Uuid>,
    /// Some of the removed, for who may see them.
    pub removed_examples: Vec<Uuid>,
    /// What the rule's writer should look at.
    pub warnings: Vec<RuleFinding>,
    /// The rule in words.
    pub sentence: ProgramText,
}

/// A version of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramRuleVersion {
    /// Version.
    #[schema(example = 1)]
    pub version: i32,
    /// The rule.
    #[schema(value_type = Map<String, Value>, example = json!({"decile": {"max": 4}}))]
    pub rule: Value,
    /// The rule in words; null where today's vocabulary cannot read it any more.
    #[schema(required)]
    pub sentence: Option<ProgramText>,
    /// What changed against the version before it, in words; null for the first.
    #[schema(required)]
    pub difference: Option<RuleDifference>,
    /// Why it was changed.
    #[schema(required, example = "Perwal 12/2026")]
    pub note: Option<String>,
    /// Who wrote it.
    #[schema(required)]
    pub created_by: Option<Uuid>,
    /// Name of who wrote it; null for a citizen, and where the service did.
    #[schema(required, example = "Koordinator Dinsos")]
    pub author_name: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What tells two versions of a rule apart: whole conditions, each in words.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RuleDifference {
    /// Conditions it has and the one before had not.
    pub added: Vec<ProgramText>,
    /// Conditions the one before had and it has not.
    pub removed: Vec<ProgramText>,
}

crate::page_of!(ProgramRuleVersionPage, ProgramRuleVersion);

crate::list_query! {
    /// Filters of the versions of a rule.
    RuleVersionQuery {}
}

/// A fact rules may ask for.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleFact {
    /// Name.
    #[schema(example = "floor")]
    pub name: String,
    /// household or member.
    #[schema(example = "household")]
    pub subject: &'static str,
    /// bool, int, money, code or date.
    #[schema(example = "code")]
    pub kind: &'static str,
    /// Code list of its values.
    #[schema(required, example = "floor")]
    pub list: Option<String>,
    /// Unit of its numbers.
    #[schema(required, example = "m2")]
    pub unit: Option<String>,
    /// Least number.
    #[schema(required, example = 0)]
    pub min: Option<i64>,
    /// Greatest number.
    #[schema(required, example = 10000)]
    pub max: Option<i64>,
    /// How people call it.
    pub label: ProgramText,
    /// Documents that show it: codes of the list `documents`.
    #[schema(example = json!(["house_photo"]))]
    pub documents: Vec<String>,
    /// Its values where it is a code, with their labels; restricted ones are marked.
    pub codes: Vec<RuleCode>,
}

/// A value of a fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleCode {
    /// The code.
    #[schema(example = "earth")]
    pub code: String,
    /// How people call it.
    pub label: ProgramText,
    /// Whether only restricted programs may ask for it.
    pub restricted: bool,
}

crate::page_of!(RuleFactPage, RuleFact);

crate::list_query! {
    /// Filters of the catalogue of facts.
    RuleFactQuery {}
}
