//! Wire types of long work.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// How far it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Progress {
    /// Units done.
    #[schema(example = 1200)]
    pub done: i64,
    /// Units in all; null while unknown.
    #[schema(required, example = 330000)]
    pub total: Option<i64>,
    /// What is counted.
    #[schema(example = "rows")]
    pub unit: String,
}

/// Long work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Operation {
    /// Id.
    pub id: Uuid,
    /// What is done.
    #[schema(example = "import.stage")]
    pub kind: String,
    /// queued, running, succeeded, failed or cancelled.
    #[schema(example = "running")]
    pub state: String,
    /// How far it is.
    pub progress: Progress,
    /// The resource it works on.
    #[schema(required)]
    pub subject_id: Option<Uuid>,
    /// What came out, once succeeded.
    #[schema(required)]
    pub result: Option<Value>,
    /// Why it failed: code, title, detail.
    #[schema(required)]
    pub error: Option<Value>,
    /// Whether cancelling was asked for.
    pub cancel_requested: bool,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When work began.
    #[schema(required)]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
}

crate::page_of!(OperationPage, Operation);

crate::list_query! {
    /// Filters of the list of operations.
    OperationQuery {
        /// Only this state.
        #[param(example = "running", max_length = 20)]
        #[validate(length(max = 20, message = "is too long"))]
        state: String,
    }
}
