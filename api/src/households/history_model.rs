//! Wire types of what happened to a household and who saw it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Something that happened to a household.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// Id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What: created, updated, member_added, member_left, head_changed, moved, split, deceased, snapshot, problem_…, referral_…
    #[schema(example = "head_changed")]
    pub kind: String,
    /// Person concerned.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// Who did it; null for an import.
    #[schema(required, example = "Rina Kartika")]
    pub actor_name: Option<String>,
    /// Codes and ids, no personal values.
    #[schema(example = json!({"reason_code": "not_found"}))]
    pub detail: Map<String, Value>,
}

crate::page_of!(TimelinePage, TimelineEntry);

/// Somebody who saw the household.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccessEntry {
    /// Id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// view, reveal, search or export.
    #[schema(example = "view")]
    pub action: String,
    /// Who.
    #[schema(required, example = "Rina Kartika")]
    pub actor_name: Option<String>,
    /// Why, where a purpose was asked.
    #[schema(required, example = "service_delivery")]
    pub purpose: Option<String>,
    /// Fields revealed.
    #[schema(example = json!(["nik"]))]
    pub fields: Vec<String>,
    /// Whether it was seen because somebody had broken the glass for it.
    pub through_break_glass: bool,
}

crate::page_of!(AccessPage, AccessEntry);
