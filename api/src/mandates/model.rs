//! Wire types of mandates.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::dates::{CivilDate, civil};
use crate::kernel::patch::Field;

/// Who answers for a need.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Mandate {
    /// Id.
    pub id: Uuid,
    /// Code of the list `needs`.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Code of the list `services`; null is the need as a whole.
    #[schema(required, example = "reaktivasi_pbi")]
    pub service_code: Option<String>,
    /// Who answers for it.
    pub organization_id: Uuid,
    /// Its name.
    #[schema(example = "Dinas Sosial Kota Bandung")]
    pub organization_name: String,
    /// Calendar its days are counted by.
    pub calendar_id: Uuid,
    /// Working days until it is due.
    #[schema(example = 5)]
    pub sla_days: i32,
    /// Working days in an emergency; `sla_days` where null.
    #[schema(required, example = 1)]
    pub emergency_days: Option<i32>,
    /// Legal basis.
    #[schema(required, example = "Peraturan Wali Kota 1/2026")]
    pub decree: Option<String>,
    /// First day in force.
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// Last day in force; null is open.
    #[schema(required, example = "2026-12-31")]
    pub valid_to: Option<NaiveDate>,
    /// Raised by every change.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next: update.
    #[schema(example = json!(["update"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(MandatePage, Mandate);

/// A mandate to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewMandate {
    /// Code of the list `needs`.
    #[schema(max_length = 60, example = "pangan")]
    #[validate(length(max = 60, message = "is too long"))]
    pub need_code: String,
    /// Code of the list `services`; left out for the need as a whole.
    #[schema(max_length = 60, example = "reaktivasi_pbi")]
    #[validate(length(max = 60, message = "is too long"))]
    pub service_code: Option<String>,
    /// Who answers for it: a verified organization.
    pub organization_id: Uuid,
    /// Calendar its days are counted by; the city's own where left out.
    pub calendar_id: Option<Uuid>,
    /// Working days until it is due.
    #[schema(minimum = 1, maximum = 365, example = 5)]
    #[validate(range(min = 1, max = 365, message = "must be 1 to 365"))]
    pub sla_days: i32,
    /// Working days in an emergency; `sla_days` where left out.
    #[schema(minimum = 0, maximum = 365, example = 1)]
    #[validate(range(min = 0, max = 365, message = "must be 0 to 365"))]
    pub emergency_days: Option<i32>,
    /// Legal basis.
    #[schema(max_length = 300, example = "Peraturan Wali Kota 1/2026")]
    #[validate(length(max = 300, message = "is too long"))]
    pub decree: Option<String>,
    /// First day in force.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// Last day in force; open where left out.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-12-31")]
    pub valid_to: Option<NaiveDate>,
}

/// What may change. What is due already keeps its days.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MandatePatch {
    /// Working days until it is due.
    #[serde(default)]
    #[schema(value_type = Option<i32>, nullable = false, minimum = 1, maximum = 365, example = 5)]
    pub sla_days: Field<i32>,
    /// Working days in an emergency.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 365, example = 1)]
    pub emergency_days: Field<i32>,
    /// Legal basis.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 300, example = "Peraturan Wali Kota 1/2026")]
    pub decree: Field<String>,
    /// Last day in force.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_to: Field<CivilDate>,
}

crate::list_query! {
    /// Filters of the list of mandates.
    MandateQuery {
        /// Only this need.
        #[param(max_length = 60, example = "pangan")]
        #[validate(length(max = 60, message = "is too long"))]
        need_code: String,
        /// Only this organization.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        organization_id: Uuid,
        /// Only those in force today.
        #[param(example = true)]
        current: bool,
    }
}
