//! Wire types of people.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use validator::Validate;

use super::model::{check_family_card, check_nik, check_region};
use crate::accounts::not_blank;
use crate::db::raw::RawObject;
use crate::identity::ConfirmDistinct;
use crate::kernel::patch::Field;

/// A person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Individual {
    /// Id.
    pub id: Uuid,
    /// Household of the registered membership.
    pub household_id: Uuid,
    /// Name as written; null for callers who may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub name: Option<String>,
    /// NIK, masked; null without one.
    #[schema(required, example = "327301******0001")]
    pub nik_masked: Option<String>,
    /// unchecked, matched, not_matched or disputed.
    #[schema(required, example = "unchecked")]
    pub nik_status: Option<String>,
    /// male or female.
    #[schema(required, example = "female")]
    pub sex: Option<String>,
    /// Birth date; the first of the year or month where only that is known (or may be known).
    #[schema(required)]
    pub birth_date: Option<NaiveDate>,
    /// day, month, year or unknown.
    #[schema(example = "day")]
    pub birth_date_precision: String,
    /// Name of the mother.
    #[schema(required, example = "Yeni Rahmawati")]
    pub mother_name: Option<String>,
    /// Relation to the head, code of the list `relation`.
    #[schema(required, example = "head")]
    pub relation: Option<String>,
    /// Code of the list `marital_status`.
    #[schema(required, example = "married")]
    pub marital_status: Option<String>,
    /// Phone in E.164.
    #[schema(required, example = "+6281200000000")]
    pub phone: Option<String>,
    /// alive, deceased, moved or merged.
    #[schema(example = "alive")]
    pub life_status: String,
    /// active, or merged into another record of the same person.
    #[schema(example = "active")]
    pub status: &'static str,
    /// The record that stands for a merged one.
    #[schema(required)]
    pub merged_into: Option<Uuid>,
    /// Date of death.
    #[schema(required)]
    pub deceased_on: Option<NaiveDate>,
    /// School, work, functions, illness, nutrition, insurance in canonical codes. Restricted ones are not among them.
    #[schema(value_type = Map<String, Value>, example = json!({"school_participation": "left"}))]
    pub facts: RawObject,
    /// Sign language, wheelchair, home visit, safe contact.
    #[schema(value_type = Map<String, Value>, example = json!({"home_visit": true}))]
    pub accommodations: RawObject,
    /// What the caller may not know (yet), though it may be recorded: phone.
    #[schema(example = json!([]), max_items = 1)]
    pub withheld: Vec<&'static str>,
    /// Facts that somebody says are wrong and that nobody has examined yet; empty in search results.
    #[schema(example = json!(["birth_date"]))]
    pub disputed: Vec<String>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next.
    #[schema(example = json!(["update", "reveal"]))]
    pub can: Vec<String>,
}

crate::page_of!(IndividualList, Individual);

/// A new person.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIndividual {
    /// Name as written on the document, or as the person is called.
    #[schema(example = "Siti Aminah", min_length = 1, max_length = 150)]
    #[validate(length(min = 1, max = 150, message = "must have 1 to 150 characters"), custom(function = "not_blank"))]
    pub name: String,
    /// NIK, 16 digits; may be absent.
    #[schema(example = "3273014107800001", pattern = "^[0-9]{16}$")]
    #[validate(custom(function = "check_nik"))]
    pub nik: Option<String>,
    /// Sex.
    #[schema(inline, example = "female")]
    pub sex: Option<Sex>,
    /// Birth date; left out where unknown.
    pub birth_date: Option<NaiveDate>,
    /// How much of the birth date is known; `day` where left out.
    #[schema(inline, example = "day")]
    pub birth_date_precision: Option<Precision>,
    /// Name of the mother.
    #[schema(example = "Yeni Rahmawati", max_length = 150)]
    #[validate(length(max = 150, message = "is too long"))]
    pub mother_name: Option<String>,
    /// Relation to the head.
    #[schema(example = "head", max_length = 60)]
    #[validate(length(max = 60, message = "is too long"))]
    pub relation: Option<String>,
    /// Marital status.
    #[schema(example = "married", max_length = 60)]
    #[validate(length(max = 60, message = "is too long"))]
    pub marital_status: Option<String>,
    /// Phone: 08…, 62… or +62….
    #[schema(example = "081200000000", max_length = 25)]
    #[validate(length(max = 25, message = "is too long"))]
    pub phone: Option<String>,
    /// Facts in canonical codes.
    #[serde(default)]
    #[schema(example = json!({"school_participation": "left"}))]
    pub facts: Map<String, Value>,
    /// Accommodations.
    #[serde(default)]
    #[schema(example = json!({"home_visit": true}))]
    pub accommodations: Map<String, Value>,
    /// Who was looked at and is somebody else, after `likely_duplicate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub confirm_distinct: Option<ConfirmDistinct>,
}

/// Sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
}

impl Sex {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// How much of a birth date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

impl Precision {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// What changes about a person (merge-patch).
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndividualPatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false, example = "Siti Aminah", min_length = 1, max_length = 150)]
    pub name: Field<String>,
    /// NIK: a new claim; the old one stays in the history. Null: the person has none.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "3273014107800001", pattern = "^[0-9]{16}$")]
    pub nik: Field<String>,
    /// Sex.
    #[serde(default)]
    #[schema(value_type = Option<Sex>)]
    pub sex: Field<Sex>,
    /// Birth date.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Field<NaiveDate>,
    /// How much of it is known.
    #[serde(default)]
    #[schema(value_type = Option<Precision>, nullable = false)]
    pub birth_date_precision: Field<Precision>,
    /// Name of the mother.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Yeni Rahmawati", max_length = 150)]
    pub mother_name: Field<String>,
    /// Relation to the head.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "child", max_length = 60)]
    pub relation: Field<String>,
    /// Marital status.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "married", max_length = 60)]
    pub marital_status: Field<String>,
    /// Phone.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "081200000000", max_length = 25)]
    pub phone: Field<String>,
    /// Facts to set; null removes one.
    #[serde(default)]
    #[schema(example = json!({"school_participation": "left"}))]
    pub facts: Option<Map<String, Value>>,
    /// Accommodations to set; null removes one.
    #[serde(default)]
    #[schema(example = json!({"home_visit": true}))]
    pub accommodations: Option<Map<String, Value>>,
    /// Who was looked at and is somebody else, after `likely_duplicate`.
    #[serde(default)]
    #[validate(nested)]
    pub confirm_distinct: Option<ConfirmDistinct>,
}

/// Somebody who is being entered or edited, and where.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndividualCheck {
    /// Name.
    #[schema(example = "Siti Aminah", min_length = 1, max_length = 150)]
    #[validate(length(min = 1, max = 150, message = "must have 1 to 150 characters"), custom(function = "not_blank"))]
    pub name: String,
    /// NIK, 16 digits.
    #[schema(example = "3273014107800001", pattern = "^[0-9]{16}$")]
    #[validate(custom(function = "check_nik"))]
    pub nik: Option<String>,
    /// Sex.
    #[schema(inline, example = "female")]
    pub sex: Option<Sex>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// How much of the birth date is known; `day` where left out.
    #[schema(inline, example = "day")]
    pub birth_date_precision: Option<Precision>,
    /// Name of the mother.
    #[schema(example = "Yeni Rahmawati", max_length = 150)]
    #[validate(length(max = 150, message = "is too long"))]
    pub mother_name: Option<String>,
    /// Household of the caller's area that takes the person in; its address then counts.
    pub household_id: Option<Uuid>,
    /// Person of the caller's area who is being edited: left out, with whom something has been said of already.
    pub individual_id: Option<Uuid>,
    /// Kelurahan of a household that does not stand in the registry yet.
    #[schema(example = "32.73.01.1001", pattern = "^[0-9.]{2,13}$")]
    #[validate(custom(function = "check_region"))]
    pub region_code: Option<String>,
    /// Its family card.
    #[schema(example = "3273010101260003", pattern = "^[0-9]{16}$")]
    #[validate(custom(function = "check_family_card"))]
    pub family_card_number: Option<String>,
    /// Its street.
    #[schema(example = "Jl. Dago No. 5", max_length = 300)]
    #[validate(length(max = 300, message = "is too long"))]
    pub street: Option<String>,
    /// Its RT.
    #[schema(example = "001", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub rt: Option<String>,
    /// Its RW.
    #[schema(example = "002", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub rw: Option<String>,
}

/// Where a member goes.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberMove {
    /// Household of the caller's area that takes the person.
    pub household_id: Uuid,
    /// Relation to its head.
    #[schema(example = "other_family", max_length = 60)]
    #[validate(length(max = 60, message = "is too long"))]
    pub relation: Option<String>,
}

/// A death.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decease {
    /// Date of death.
    pub deceased_on: NaiveDate,
    /// Code of the list `death_evidence`.
    #[schema(example = "death_certificate", max_length = 60)]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub evidence_code: String,
}

/// Somebody who left the city or went elsewhere.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOut {
    /// Code of the list `individual_move_reasons`.
    #[schema(example = "work", max_length = 60)]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub reason_code: String,
}

/// Why a number must be seen.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// Code of the list `nik_reveal_purposes`.
    #[schema(example = "service_delivery", max_length = 60)]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub purpose: String,
}

/// The unmasked numbers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Revealed {
    /// NIK.
    #[schema(required, example = "3273014107800001")]
    pub nik: Option<String>,
    /// Family card of the household.
    #[schema(required, example = "3273010101260001")]
    pub family_card_number: Option<String>,
    /// Reveals left for the caller today.
    #[schema(example = 99)]
    pub remaining_today: i64,
}
