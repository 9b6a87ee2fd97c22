//! Wire types of the search.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::households::individual_model::Individual;
use crate::households::model::{HouseholdQuery, HouseholdSummary, Kind, Status, check_region};

/// What to look for. Personal values stand in the body only, never in an address.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// A name, a NIK or family-card number (or its first 10 digits), or an address; slips are forgiven.
    #[schema(example = "siti amina", min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub q: String,
    /// Narrows the answer.
    #[serde(default)]
    #[validate(nested)]
    pub filter: Option<SearchFilter>,
    /// Rows a page.
    #[serde(default, skip_serializing)]
    #[schema(minimum = 1, maximum = 200, default = 50, example = 20)]
    #[validate(range(min = 1, max = 200, message = "must be 1 to 200"))]
    pub limit: Option<u32>,
    /// `page.next_cursor` of the page before, with the same `q` and `filter`.
    #[serde(default, skip_serializing)]
    #[schema(max_length = 2000, pattern = "^[A-Za-z0-9_-]{16,2000}$")]
    #[validate(custom(function = "crate::kernel::page::check_cursor"))]
    pub cursor: Option<String>,
}

/// The filters of the list of households.
#[derive(Debug, Clone, Default, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchFilter {
    /// Kecamatan or kelurahan (dotted code).
    #[schema(example = "32.73.01", pattern = "^[0-9.]{2,13}$")]
    #[validate(custom(function = "check_region"))]
    pub region: Option<String>,
    /// At least this decile.
    #[schema(minimum = 1, maximum = 10, example = 1)]
    #[validate(range(min = 1, max = 10, message = "must be 1 to 10"))]
    pub decile_min: Option<i16>,
    /// At most this decile.
    #[schema(minimum = 1, maximum = 10, example = 4)]
    #[validate(range(min = 1, max = 10, message = "must be 1 to 10"))]
    pub decile_max: Option<i16>,
    /// active, moved, dissolved or merged.
    #[schema(inline, example = "active")]
    pub status: Option<Status>,
    /// family, institution or unhoused.
    #[schema(inline, example = "family")]
    pub kind: Option<Kind>,
    /// Source of the record.
    #[schema(example = "dtsen", max_length = 40)]
    #[validate(length(max = 40, message = "is too long"))]
    pub source: Option<String>,
    /// Has a living member of at least this age.
    #[schema(minimum = 0, maximum = 130, example = 60)]
    #[validate(range(min = 0, max = 130, message = "must be 0 to 130"))]
    pub member_age_min: Option<i32>,
    /// Has a living member of at most this age.
    #[schema(minimum = 0, maximum = 130, example = 90)]
    #[validate(range(min = 0, max = 130, message = "must be 0 to 130"))]
    pub member_age_max: Option<i32>,
}

impl SearchFilter {
    /// The same filters as the list knows them.
    pub(super) fn list(&self) -> HouseholdQuery {
        HouseholdQuery {
            region: self.region.clone(),
            decile_min: self.decile_min,
            decile_max: self.decile_max,
            status: self.status,
            kind: self.kind,
            source: self.source.clone(),
            member_age_min: self.member_age_min,
            member_age_max: self.member_age_max,
            ..HouseholdQuery::default()
        }
    }
}

/// What of a record was like the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// The name of a member.
    Name,
    /// The NIK of a member.
    Nik,
    /// The family-card number, present or former.
    FamilyCard,
    /// The address of the domicile.
    Address,
}

/// A household found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HouseholdHit {
    /// What a list shows of it.
    #[serde(flatten)]
    pub household: HouseholdSummary,
    /// How like the query it is: 1 is the same.
    #[schema(minimum = 0, maximum = 1, example = 0.9642)]
    pub score: f64,
    /// What of it was like the query.
    #[schema(inline, example = "name")]
    pub matched: Matched,
    /// The name or address that was alike, normalised; null for a number.
    #[schema(required, example = "SITI AMINAH")]
    pub matched_text: Option<String>,
}

/// A person found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct IndividualHit {
    /// The person.
    #[serde(flatten)]
    pub individual: Individual,
    /// Domicile kelurahan of the household.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// How like the query it is: 1 is the same.
    #[schema(minimum = 0, maximum = 1, example = 0.9642)]
    pub score: f64,
    /// What was like the query.
    #[schema(inline, example = "name")]
    pub matched: Matched,
}

crate::page_of!(HouseholdHits, HouseholdHit);
crate::page_of!(IndividualHits, IndividualHit);
