//! Wire types of the waitlist.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::problems::Severity;
use crate::programs::ProgramText;

crate::slugs! {
    /// How an entry stands.
    WaitlistStatus {
        /// It waits.
        Waiting "waiting",
        /// It was sent.
        Placed "placed",
        /// Whoever asked has withdrawn it.
        Withdrawn "withdrawn",
        /// It could not be sent.
        Skipped "skipped",
        /// The cycle ended.
        Lapsed "lapsed",
    }
}

/// An entry as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitlistEntry {
    /// Id.
    pub id: Uuid,
    /// The draft that waits.
    pub referral_id: Uuid,
    /// Its program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: ProgramText,
    /// The cycle.
    pub cycle_id: Uuid,
    /// Name of the person, or of the head of the household; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Kelurahan of the household, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Urgency of the problem.
    pub severity: Severity,
    /// How it stands.
    pub status: WaitlistStatus,
    /// Place in the line, 1 is next; null once it waits no more.
    #[schema(required, example = 3)]
    pub position: Option<i64>,
    /// Code of the problem for which it could not be sent.
    #[schema(required, example = "not_verified")]
    pub skipped_code: Option<String>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do: withdraw.
    #[schema(example = json!(["withdraw"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(WaitlistPage, WaitlistEntry);

/// A draft to be put on the waitlist.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewWaitlistEntry {
    /// The draft.
    pub referral_id: Uuid,
}

crate::list_query! {
    /// Filters of the waitlist.
    WaitlistQuery {
        /// Only this status.
        #[param(inline)]
        status: WaitlistStatus,
        /// Only those of this program.
        program_id: Uuid,
        /// Only those of this cycle.
        cycle_id: Uuid,
    }
}
