//! Wire types of visits, workload and tasks.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::dates::civil;
use crate::kernel::label::Label;

crate::slugs! {
    /// Where or how.
    VisitKind {
        /// At the family's home.
        Home "home",
        /// At the office.
        Office "office",
        /// By telephone.
        Phone "phone",
        /// A case conference.
        Conference "conference",
    }
}

crate::slugs! {
    /// How far a visit is.
    VisitStatus {
        /// Planned.
        Planned "planned",
        /// It took place.
        Done "done",
        /// Nobody was met.
        Missed "missed",
        /// Not needed any more.
        Cancelled "cancelled",
    }
}

/// A visit as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Visit {
    /// Id.
    pub id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// Name of its head; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub head_name: Option<String>,
    /// Kelurahan of its domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Where or how.
    pub kind: VisitKind,
    /// The day.
    #[schema(example = "2026-12-01")]
    pub planned_date: NaiveDate,
    /// Who goes.
    pub account_id: Uuid,
    /// His name.
    #[schema(example = "Rina Kartika")]
    pub account_name: String,
    /// How far it is.
    pub status: VisitStatus,
    /// When it took place.
    #[schema(required)]
    pub done_date: Option<NaiveDate>,
    /// What for; null where the caller may not know it.
    #[schema(required, example = "Melihat keadaan.")]
    pub purpose: Option<String>,
    /// What came of it; null where the caller may not know it.
    #[schema(required, example = "Ibu sudah memasak lagi.")]
    pub note: Option<String>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// What this caller may do next: complete, cancel.
    #[schema(example = json!(["complete", "cancel"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(VisitPage, Visit);

/// A visit to plan.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewVisit {
    /// Where or how.
    pub kind: VisitKind,
    /// The day.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-12-01")]
    pub planned_date: NaiveDate,
    /// Who goes: somebody who works on the case; the caller where left out.
    pub account_id: Option<Uuid>,
    /// What for.
    #[schema(max_length = 1000, example = "Melihat keadaan setelah bantuan pangan.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub purpose: Option<String>,
}

/// What came of a visit.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CompleteVisit {
    /// The day it took place; not in the future.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-11-20")]
    pub done_date: NaiveDate,
    /// Whether anybody was met; true where left out.
    pub met: Option<bool>,
    /// What was seen and agreed.
    #[schema(max_length = 4000, example = "Ibu sudah memasak lagi; anak mulai sekolah.")]
    #[validate(length(max = 4000, message = "is too long"))]
    pub note: Option<String>,
    /// When the next one is; planned at once for the same worker.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-12-20")]
    pub next_date: Option<NaiveDate>,
}

crate::list_query! {
    /// Filters of the list of visits.
    VisitQuery {
        /// From this day on.
        #[param(value_type = Option<String>, format = Date, example = "2026-11-01")]
        from: NaiveDate,
        /// Up to this day.
        #[param(value_type = Option<String>, format = Date, example = "2026-11-30")]
        to: NaiveDate,
        /// Only this status.
        #[param(inline)]
        status: VisitStatus,
        /// Only the caller's own.
        #[param(example = false)]
        mine: bool,
        /// Only those of this case.
        case_id: Uuid,
    }
}

/// How much a worker has on his hands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workload {
    /// The account.
    pub account_id: Uuid,
    /// Its name.
    #[schema(example = "Rina Kartika")]
    pub name: String,
    /// Open cases he leads that the caller may see.
    #[schema(example = 12)]
    pub open_cases: i64,
    /// The sum of their weights.
    #[schema(example = 20)]
    pub caseload: i64,
    /// Planned visits whose day has passed.
    #[schema(example = 1)]
    pub late_visits: i64,
    /// Drafts and returned assessments.
    #[schema(example = 2)]
    pub open_assessments: i64,
    /// Last day of his certificate.
    #[schema(required, example = "2028-03-01")]
    pub str_valid_until: Option<NaiveDate>,
    /// Whether he may not sign assessments now.
    pub str_expired: bool,
}

/// Workers by their caseload.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkloadList {
    /// The heaviest first.
    pub data: Vec<Workload>,
}

crate::slugs! {
    /// What is to be done.
    TaskKind {
        /// Go there.
        Visit "visit",
        /// Finish and sign.
        Draft "draft",
        /// Amend what the supervisor sent back.
        Returned "returned",
        /// Counter-sign.
        Countersign "countersign",
        /// An action of a plan.
        Action "action",
        /// Assess an emergency.
        Emergency "emergency",
        /// Give a case a lead.
        Lead "lead",
        /// Verify what another reported.
        Verify "verify",
        /// Confirm a decision.
        Decide "decide",
        /// Review a look behind the glass.
        Review "review",
    }
}

/// Something that waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    /// What is to be done.
    pub kind: TaskKind,
    /// Kind of the resource it is done on: visit, assessment, case, problem, decision, break_glass.
    #[schema(example = "visit")]
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: Uuid,
    /// The case it belongs to.
    #[schema(required)]
    pub case_id: Option<Uuid>,
    /// The household.
    pub household_id: Uuid,
    /// Whom it is about; of a look behind the glass, who looked.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Name of the form, the program or the service.
    #[schema(required)]
    pub title: Option<Label>,
    /// Code of the need, for problems.
    #[schema(required, example = "pangan")]
    pub need_code: Option<String>,
    /// Until when.
    #[schema(required)]
    pub due_date: Option<NaiveDate>,
    /// Whether that day has passed.
    pub late: bool,
    /// Since when it waits.
    pub since: DateTime<Utc>,
}

/// What waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskList {
    /// Late ones first, then by day; at most 100 of a kind.
    pub data: Vec<Task>,
}
