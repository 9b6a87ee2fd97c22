//! Wire types: who looks like somebody that is entered, and what is said of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::label::not_blank;
use crate::kernel::problem::FieldError;

crate::slugs! {
    /// How far two values agree.
    Agreement {
        /// Equal.
        Same "same",
        /// Not equal, and yet they speak for one person.
        Similar "similar",
        /// They speak against it.
        Different "different",
        /// Not known on one side.
        Unknown "unknown",
    }
}

crate::slugs! {
    /// How likely it is that two records are one person.
    LikelyBand {
        /// At least 0.99.
        Certain "certain",
        /// At least 0.9.
        Likely "likely",
        /// Less; two people with one NIK stand here too.
        Possible "possible",
    }
}

/// How far one field of the two agrees.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LikelyComparison {
    /// name, nik, birth_date, sex, mother_name or address.
    #[schema(example = "name")]
    pub field: &'static str,
    /// same, similar, different or unknown.
    #[schema(inline, example = "same")]
    pub agreement: Agreement,
}

/// Somebody of the caller's area who may be the person that is entered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LikelyPerson {
    /// Which person of the request: `/members/0`; empty where the request is about one.
    #[schema(example = "/members/0")]
    pub pointer: String,
    /// Person.
    pub id: Uuid,
    /// Household.
    pub household_id: Uuid,
    /// Name.
    #[schema(example = "Siti Aminah")]
    pub name: String,
    /// NIK, masked.
    #[schema(required, example = "327301******0001")]
    pub nik_masked: Option<String>,
    /// male or female.
    #[schema(required, example = "female")]
    pub sex: Option<String>,
    /// Birth date.
    #[schema(required)]
    pub birth_date: Option<NaiveDate>,
    /// day, month, year or unknown.
    #[schema(example = "day")]
    pub birth_date_precision: String,
    /// Name of the mother.
    #[schema(required, example = "Yeni Rahmawati")]
    pub mother_name: Option<String>,
    /// alive or moved.
    #[schema(example = "alive")]
    pub life_status: String,
    /// Kelurahan of the domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Street.
    #[schema(required, example = "Jl. Melati 3")]
    pub street: Option<String>,
    /// RT.
    #[schema(required, example = "001")]
    pub rt: Option<String>,
    /// RW.
    #[schema(required, example = "002")]
    pub rw: Option<String>,
    /// Probability that the two are one person, 0 to 1.
    #[schema(example = 0.973)]
    pub probability: f64,
    /// certain, likely or possible.
    #[schema(inline, example = "likely")]
    pub band: LikelyBand,
    /// Both bear one NIK.
    #[schema(example = false)]
    pub same_nik: bool,
    /// Field by field how far they agree.
    pub comparisons: Vec<LikelyComparison>,
}

/// Who may be the person that is entered, the likeliest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LikelyPeople {
    /// At most twenty.
    pub candidates: Vec<LikelyPerson>,
}

/// The refusal to enter somebody who looks like people of the caller's area.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikelyDuplicate {
    /// Page that explains the code.
    #[serde(rename = "type")]
    #[schema(example = "/problems/likely_duplicate")]
    pub kind: String,
    /// Summary, the same for every occurrence of the code.
    #[schema(example = "Somebody like this is in the registry")]
    pub title: String,
    /// HTTP status.
    #[schema(example = 409, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened this time.
    #[schema(example = "Somebody like this is in the registry")]
    pub detail: String,
    /// Stable code: `likely_duplicate`, or another one of a refusal without candidates.
    #[schema(example = "likely_duplicate")]
    pub code: String,
    /// One a person of the request that somebody looks like.
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// Id of this request.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001")]
    pub request_id: String,
    /// Who looks like them and is not yet among `confirm_distinct`, the likeliest first; at most twenty.
    #[schema(required = false)]
    pub candidates: Vec<LikelyPerson>,
}

/// Somebody has looked at these people and finds that it is none of them.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDistinct {
    /// People looked at. Who does not look alike is passed over.
    #[schema(min_items = 1, max_items = 200)]
    #[validate(length(min = 1, max = 200, message = "must name 1 to 200 people"))]
    pub ids: Vec<Uuid>,
    /// Why it is somebody else; kept with the pair.
    #[schema(example = "Nama ibu dan KK berbeda", min_length = 1, max_length = 1000)]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}
