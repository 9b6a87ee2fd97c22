//! Wire types of households.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;
use validator::Validate;

pub use super::history_model::{AccessEntry, AccessPage, TimelineEntry, TimelinePage};
use super::individual_model::{Individual, NewIndividual};
pub use super::verb_model::{Dissolve, HeadChange, Move, Split};
use crate::db::raw::RawObject;
use crate::kernel::patch::Field;

/// A household in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HouseholdSummary {
    /// Id.
    pub id: Uuid,
    /// family, institution or unhoused.
    #[schema(example = "family")]
    pub kind: String,
    /// Domicile kelurahan (dotted Kemendagri code): decides who sees the household.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Name of the head; null without a head, and for callers who may not know names.
    #[schema(required, example = "Siti Aminah")]
    pub head_name: Option<String>,
    /// Family-card number, masked.
    #[schema(required, example = "327301******0001")]
    pub family_card_masked: Option<String>,
    /// Members present.
    #[schema(example = 4)]
    pub members_count: i32,
    /// Whether everybody declared is present.
    pub members_complete: bool,
    /// Current national decile, 1 (poorest) to 10.
    #[schema(required, example = 1, minimum = 1, maximum = 10)]
    pub decile: Option<i16>,
    /// active, moved, dissolved or merged.
    #[schema(example = "active")]
    pub status: String,
    /// Where the record came from first: manual, dtsen, p3ke…
    #[schema(example = "dtsen")]
    pub source: String,
    /// Version for `If-Match`.
    #[schema(example = 3)]
    pub version: i64,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next.
    #[schema(example = json!(["update", "split"]))]
    pub can: Vec<String>,
}

crate::page_of!(HouseholdPage, HouseholdSummary);

crate::list_query! {
    /// Filters of the list of households. None of them is personal; search by name, NIK or address is a POST.
    HouseholdQuery {
        /// Kecamatan or kelurahan (dotted code).
        #[param(example = "32.73.01", pattern = "^[0-9.]{2,13}$")]
        #[validate(custom(function = "check_region"))]
        region: String,
        /// At least this decile.
        #[param(minimum = 1, maximum = 10, example = 1)]
        #[validate(range(min = 1, max = 10, message = "must be 1 to 10"))]
        decile_min: i16,
        /// At most this decile.
        #[param(minimum = 1, maximum = 10, example = 4)]
        #[validate(range(min = 1, max = 10, message = "must be 1 to 10"))]
        decile_max: i16,
        /// active, moved, dissolved or merged.
        #[param(inline, example = "active")]
        status: Status,
        /// family, institution or unhoused.
        #[param(inline, example = "family")]
        kind: Kind,
        /// Source of the record.
        #[param(example = "dtsen", max_length = 40)]
        #[validate(length(max = 40, message = "is too long"))]
        source: String,
        /// Has a living member of at least this age.
        #[param(minimum = 0, maximum = 130, example = 60)]
        #[validate(range(min = 0, max = 130, message = "must be 0 to 130"))]
        member_age_min: i32,
        /// Has a living member of at most this age.
        #[param(minimum = 0, maximum = 130, example = 5)]
        #[validate(range(min = 0, max = 130, message = "must be 0 to 130"))]
        member_age_max: i32,
        /// Changed at or after this instant: for copies that follow, with `sort=updated_at`.
        #[param(example = "2026-11-01T00:00:00Z")]
        updated_since: DateTime<Utc>,
        /// Order of the rows.
        #[param(inline, example = "-created_at")]
        sort: Sort,
    }
}

/// Refuses what is not a dotted region code.
pub fn check_region(code: &str) -> Result<(), validator::ValidationError> {
    let fine = (2..=13).contains(&code.len()) && code.chars().all(|c| c.is_ascii_digit() || c == '.');
    if fine {
        Ok(())
    } else {
        Err(validator::ValidationError::new("invalid").with_message("must be a dotted region code".into()))
    }
}

/// Order of a list of households.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Sort {
    /// Oldest record first.
    #[serde(rename = "created_at")]
    Created,
    /// Newest record first.
    #[default]
    #[serde(rename = "-created_at")]
    CreatedDesc,
    /// Longest unchanged first.
    #[serde(rename = "updated_at")]
    Updated,
    /// Last changed first.
    #[serde(rename = "-updated_at")]
    UpdatedDesc,
    /// By name of the head.
    #[serde(rename = "head_name")]
    HeadName,
    /// By name of the head, backwards.
    #[serde(rename = "-head_name")]
    HeadNameDesc,
    /// Poorest first; without decile last.
    #[serde(rename = "decile")]
    Decile,
    /// Least poor first.
    #[serde(rename = "-decile")]
    DecileDesc,
}

/// Status of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Lives here.
    Active,
    /// Moved out of the city.
    Moved,
    /// Nobody is left, or it was split up.
    Dissolved,
    /// Is the same as another one.
    Merged,
}

impl Status {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Moved => "moved",
            Self::Dissolved => "dissolved",
            Self::Merged => "merged",
        }
    }
}

/// Kind of household.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A family (keluarga).
    #[default]
    Family,
    /// An institution (panti).
    Institution,
    /// People without a home.
    Unhoused,
}

impl Kind {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Institution => "institution",
            Self::Unhoused => "unhoused",
        }
    }
}

/// Where the family card says the household lives, and where it does.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Addresses {
    /// Address on the family card.
    #[schema(required, example = "Jl. Gegerkalong Hilir No. 12")]
    pub registered_address: Option<String>,
    /// RT on the family card, three digits.
    #[schema(required, example = "005")]
    pub registered_rt: Option<String>,
    /// RW on the family card, three digits.
    #[schema(required, example = "012")]
    pub registered_rw: Option<String>,
    /// Region on the family card, anywhere in the country.
    #[schema(required, example = "32.73.01.1002")]
    pub registered_region_code: Option<String>,
    /// Street of the domicile.
    #[schema(required, example = "Gg. Mukalmi II/2")]
    pub street: Option<String>,
    /// RT of the domicile.
    #[schema(required, example = "005")]
    pub rt: Option<String>,
    /// RW of the domicile.
    #[schema(required, example = "012")]
    pub rw: Option<String>,
    /// Latitude (WGS 84).
    #[schema(required, example = -6.8605)]
    pub lat: Option<f64>,
    /// Longitude (WGS 84).
    #[schema(required, example = 107.5888)]
    pub lng: Option<f64>,
}

/// What one source said in one period.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Snapshot {
    /// Source.
    #[schema(example = "dtsen")]
    pub source: String,
    /// Period (month).
    #[schema(example = "2026-10")]
    pub period: String,
    /// National decile.
    #[schema(required, example = 1)]
    pub decile_national: Option<i16>,
    /// Decile within the province.
    #[schema(required, example = 1)]
    pub decile_province: Option<i16>,
    /// Decile within the city.
    #[schema(required, example = 2)]
    pub decile_city: Option<i16>,
    /// Housing and assets as the source gave them, in canonical codes.
    #[schema(value_type = Map<String, Value>, example = json!({"jenis_atap_terluas": "bamboo"}))]
    pub facts: RawObject,
    /// When it was received.
    pub received_at: DateTime<Utc>,
}

/// A claimed identifier, masked.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Identifier {
    /// nik, family_card, dtsen, p3ke or other.
    #[schema(example = "family_card")]
    pub kind: String,
    /// The number, masked.
    #[schema(example = "327301******0001")]
    pub value_masked: String,
    /// Who claims it.
    #[schema(example = "dtsen")]
    pub source: String,
    /// unchecked, matched, not_matched or disputed.
    #[schema(example = "unchecked")]
    pub status: String,
    /// First day.
    #[schema(required)]
    pub valid_from: Option<NaiveDate>,
    /// Last day; null for the current one.
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

/// A household alone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Household {
    /// What a list shows of it.
    #[serde(flatten)]
    pub summary: HouseholdSummary,
    /// The one it was merged into.
    #[schema(required)]
    pub merged_into: Option<Uuid>,
    /// Person who is the head.
    #[schema(required)]
    pub head_id: Option<Uuid>,
    /// Shared by the families living in one dwelling.
    #[schema(required)]
    pub dwelling_id: Option<Uuid>,
    /// Members declared by the source.
    #[schema(required, example = 4)]
    pub declared_members: Option<i32>,
    /// Source of the current decile.
    #[schema(required, example = "dtsen")]
    pub decile_source: Option<String>,
    /// Addresses.
    pub addresses: Addresses,
    /// Housing in canonical codes, by list: floor, wall, water, toilet…
    #[schema(value_type = Map<String, Value>, example = json!({"floor": "cement", "toilet": "own"}))]
    pub housing: RawObject,
    /// Assets.
    #[schema(value_type = Map<String, Value>, example = json!({"motorcycle": 1}))]
    pub assets: RawObject,
    /// Note.
    #[schema(required, example = "rumah di belakang masjid")]
    pub note: Option<String>,
    /// Living members first.
    pub members: Vec<Individual>,
    /// What the caller may not know (yet), though it may be recorded: address (with the note), phone. A receiving
    /// organization is told how people are reached while help is scheduled or under way.
    #[schema(example = json!([]), max_items = 2)]
    pub withheld: Vec<&'static str>,
    /// Facts of the household itself that somebody says are wrong and that nobody has examined yet.
    #[schema(example = json!(["street"]))]
    pub disputed: Vec<String>,
    /// What the sources say, newest period first.
    pub snapshots: Vec<Snapshot>,
    /// Family cards and keys of sources, now and before.
    pub identifiers: Vec<Identifier>,
}

/// Addresses given.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddresses {
    /// Address on the family card.
    #[schema(example = "Jl. Gegerkalong Hilir No. 12", max_length = 300)]
    #[validate(length(max = 300, message = "is too long"))]
    pub registered_address: Option<String>,
    /// RT on the family card.
    #[schema(example = "005", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub registered_rt: Option<String>,
    /// RW on the family card.
    #[schema(example = "012", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub registered_rw: Option<String>,
    /// Region on the family card.
    #[schema(example = "32.73.01.1002", pattern = "^[0-9.]{2,13}$")]
    #[validate(custom(function = "check_region"))]
    pub registered_region_code: Option<String>,
    /// Street of the domicile.
    #[schema(example = "Gg. Mukalmi II/2", max_length = 300)]
    #[validate(length(max = 300, message = "is too long"))]
    pub street: Option<String>,
    /// RT of the domicile.
    #[schema(example = "005", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub rt: Option<String>,
    /// RW of the domicile.
    #[schema(example = "012", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub rw: Option<String>,
    /// Latitude.
    #[schema(example = -6.8605, minimum = -90, maximum = 90)]
    #[validate(range(min = -90.0, max = 90.0, message = "must be -90 to 90"))]
    pub lat: Option<f64>,
    /// Longitude.
    #[schema(example = 107.5888, minimum = -180, maximum = 180)]
    #[validate(range(min = -180.0, max = 180.0, message = "must be -180 to 180"))]
    pub lng: Option<f64>,
}

/// A new household.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHousehold {
    /// Kind; family where left out.
    #[serde(default)]
    #[schema(inline, example = "family")]
    pub kind: Kind,
    /// Domicile kelurahan.
    #[schema(example = "32.73.01.1001", pattern = "^[0-9.]{2,13}$")]
    #[validate(custom(function = "check_region"))]
    pub region_code: String,
    /// Family-card number, 16 digits; may be absent.
    #[schema(example = "3273010101260001", pattern = "^[0-9]{16}$")]
    #[validate(custom(function = "check_family_card"))]
    pub family_card_number: Option<String>,
    /// How many belong to it, present here or not.
    #[schema(example = 4, minimum = 0, maximum = 1000)]
    #[validate(range(min = 0, max = 1000, message = "must be 0 to 1000"))]
    pub declared_members: Option<i32>,
    /// Families of one house share it.
    pub dwelling_id: Option<Uuid>,
    /// Addresses.
    #[serde(default)]
    #[validate(nested)]
    pub addresses: NewAddresses,
    /// Housing in canonical codes, by list.
    #[serde(default)]
    #[schema(example = json!({"floor": "cement"}))]
    pub housing: Map<String, Value>,
    /// Assets.
    #[serde(default)]
    #[schema(example = json!({"motorcycle": 1}))]
    pub assets: Map<String, Value>,
    /// Note.
    #[schema(example = "rumah di belakang masjid", max_length = 2000)]
    #[validate(length(max = 2000, message = "is too long"))]
    pub note: Option<String>,
    /// Members; the first with relation `head` is the head.
    #[serde(default)]
    #[schema(max_items = 50)]
    #[validate(length(max = 50, message = "are too many"), nested)]
    pub members: Vec<NewIndividual>,
}

pub(super) fn check_family_card(number: &str) -> Result<(), validator::ValidationError> {
    sixteen_digits(number, "kk_length")
}

pub(super) fn check_nik(number: &str) -> Result<(), validator::ValidationError> {
    sixteen_digits(number, "nik_length")
}

fn sixteen_digits(number: &str, code: &'static str) -> Result<(), validator::ValidationError> {
    let fine = number.len() == 16 && number.bytes().all(|b| b.is_ascii_digit());
    if fine { Ok(()) } else { Err(validator::ValidationError::new(code).with_message("must be 16 digits".into())) }
}

/// What changes about a household (merge-patch). Domicile region and head change by verbs.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdPatch {
    /// Kind.
    #[serde(default)]
    #[schema(value_type = Option<Kind>, nullable = false)]
    pub kind: Field<Kind>,
    /// A new family card; the old number stays in the history. Null: the family has none now.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "3273010101260002", pattern = "^[0-9]{16}$")]
    pub family_card_number: Field<String>,
    /// How many belong to it.
    #[serde(default)]
    #[schema(value_type = Option<i32>, example = 4, minimum = 0, maximum = 1000)]
    pub declared_members: Field<i32>,
    /// Shared dwelling.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub dwelling_id: Field<Uuid>,
    /// Parts of the addresses.
    #[serde(default)]
    #[validate(nested)]
    pub addresses: Option<AddressesPatch>,
    /// Codes of housing to set; null removes one.
    #[serde(default)]
    #[schema(example = json!({"floor": "ceramic"}))]
    pub housing: Option<Map<String, Value>>,
    /// Assets to set; null removes one.
    #[serde(default)]
    #[schema(example = json!({"motorcycle": 1}))]
    pub assets: Option<Map<String, Value>>,
    /// Note.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "rumah di belakang masjid", max_length = 2000)]
    pub note: Field<String>,
}

/// Parts of the addresses (merge-patch).
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressesPatch {
    /// Address on the family card.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Jl. Gegerkalong Hilir No. 12", max_length = 300)]
    pub registered_address: Field<String>,
    /// RT on the family card.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "005", max_length = 5)]
    pub registered_rt: Field<String>,
    /// RW on the family card.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "012", max_length = 5)]
    pub registered_rw: Field<String>,
    /// Street of the domicile.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Gg. Mukalmi II/2", max_length = 300)]
    pub street: Field<String>,
    /// RT of the domicile.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "005", max_length = 5)]
    pub rt: Field<String>,
    /// RW of the domicile.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "012", max_length = 5)]
    pub rw: Field<String>,
    /// Latitude.
    #[serde(default)]
    #[schema(value_type = Option<f64>, example = -6.8605, minimum = -90, maximum = 90)]
    pub lat: Field<f64>,
    /// Longitude.
    #[serde(default)]
    #[schema(value_type = Option<f64>, example = 107.5888, minimum = -180, maximum = 180)]
    pub lng: Field<f64>,
}

crate::list_query! {
    /// Paging alone.
    PageQuery {}
}
