//! Wire types of the steps of a household: split, change of head, move, end.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;
use validator::Validate;

use super::model::{check_family_card, check_region};

/// Members who leave to form a household of their own.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Who leaves; not everybody.
    #[schema(min_items = 1, max_items = 50)]
    #[validate(length(min = 1, max = 50, message = "must name 1 to 50 members"))]
    pub member_ids: Vec<Uuid>,
    /// Head of the new household, one of those who leave.
    pub head_id: Uuid,
    /// Its family card, if there is one already.
    #[schema(example = "3273010101260003", pattern = "^[0-9]{16}$")]
    #[validate(custom(function = "check_family_card"))]
    pub family_card_number: Option<String>,
}

/// Who becomes the head.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadChange {
    /// A living member.
    pub individual_id: Uuid,
}

/// Where the household lives now.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// New domicile kelurahan, in the caller's area. Left out with `out_of_city`.
    #[schema(example = "32.73.02.1003", pattern = "^[0-9.]{2,13}$")]
    #[validate(custom(function = "check_region"))]
    pub region_code: Option<String>,
    /// The household has left the city.
    #[serde(default)]
    pub out_of_city: bool,
    /// Street.
    #[schema(example = "Jl. Dago No. 5", max_length = 300)]
    #[validate(length(max = 300, message = "is too long"))]
    pub street: Option<String>,
    /// RT.
    #[schema(example = "001", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub rt: Option<String>,
    /// RW.
    #[schema(example = "002", max_length = 5)]
    #[validate(length(max = 5, message = "is too long"))]
    pub rw: Option<String>,
}

/// Why a household ends.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dissolve {
    /// Code of the list `household_end_reasons`.
    #[schema(example = "not_found", max_length = 60)]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub reason_code: String,
}
