//! Wire types of cases.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::plan::Plan;
use crate::db::slugs::Sensitivity;
use crate::kernel::dates::{CivilDate, civil};
use crate::kernel::patch::Field;

crate::slugs! {
    /// Stage of a case.
    Stage {
        /// Baru: opened, nobody leads it yet.
        New "new",
        /// Penjaringan: first contact and consent.
        Screening "screening",
        /// Asesmen.
        Assessment "assessment",
        /// Perencanaan.
        Planning "planning",
        /// Intervensi.
        Intervention "intervention",
        /// Evaluasi.
        Evaluation "evaluation",
        /// Terminasi.
        Terminated "terminated",
        /// Bimbingan lanjut.
        Aftercare "aftercare",
        /// Ditutup.
        Closed "closed",
        /// Ditangguhkan.
        Suspended "suspended",
        /// Dialihkan, outside this service.
        Transferred "transferred",
    }
}

crate::slugs! {
    /// What somebody does in a case.
    CaseDuty {
        /// Answers for it; one at a time.
        Lead "lead",
        /// Works along, or stands in.
        CoWorker "co_worker",
        /// Supervises it.
        Supervisor "supervisor",
    }
}

/// Who works on a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseAssignment {
    /// The account.
    pub account_id: Uuid,
    /// Its name.
    #[schema(example = "Rina Kartika")]
    pub name: String,
    /// What for.
    pub duty: CaseDuty,
    /// Since when.
    pub from_at: DateTime<Utc>,
    /// Last day, for who stands in.
    #[schema(required)]
    pub until_date: Option<NaiveDate>,
    /// Whether a social worker's certificate has expired.
    pub str_expired: bool,
}

/// A case as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Case {
    /// Id.
    pub id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// Name of its head; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub head_name: Option<String>,
    /// Kelurahan of its domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Stage.
    pub stage: Stage,
    /// The stage it will go back to, while suspended.
    #[schema(required)]
    pub stage_before: Option<Stage>,
    /// Since when.
    pub stage_since: DateTime<Utc>,
    /// Whether it started as an emergency.
    pub emergency: bool,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How much of a worker's time it takes, 1 to 5.
    #[schema(example = 2)]
    pub weight: i16,
    /// Name of the lead.
    #[schema(required, example = "Rina Kartika")]
    pub lead_name: Option<String>,
    /// Who works on it; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignments: Option<Vec<CaseAssignment>>,
    /// Problems it works on that the caller may see; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem_ids: Option<Vec<Uuid>>,
    /// Goals and actions; left out in lists and where the caller may not know them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// When the family agreed to the plan.
    #[schema(required)]
    pub plan_agreed_date: Option<NaiveDate>,
    /// When the next open action is due.
    #[schema(required)]
    pub next_action_date: Option<NaiveDate>,
    /// When the next visit is planned.
    #[schema(required)]
    pub next_visit_date: Option<NaiveDate>,
    /// Until when an emergency must be assessed.
    #[schema(required)]
    pub assessment_due_at: Option<DateTime<Utc>>,
    /// How it ended: code of the list `case_outcomes`.
    #[schema(required, example = "goal_met")]
    pub outcome_code: Option<String>,
    /// Why it is suspended, transferred or was reopened.
    #[schema(required, example = "Dirawat di luar kota")]
    pub reason: Option<String>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// How often it was opened again.
    #[schema(example = 0)]
    pub reopened: i32,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Stages it may advance to now, by this caller.
    #[schema(example = json!(["screening"]))]
    pub next_stages: Vec<Stage>,
    /// What this caller may do next: edit, advance, suspend, resume, transfer, reopen, assign, hand-over, visit.
    #[schema(example = json!(["edit", "advance", "assign"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(CasePage, Case);

/// A case to open.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCase {
    /// The household.
    pub household_id: Uuid,
    /// Problems it works on, of that household; a restricted one makes the case restricted.
    #[schema(min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20, message = "must have 1 to 20 problems"))]
    pub problem_ids: Vec<Uuid>,
    /// Whether help starts before the paperwork; needs an emergency reported by a person.
    pub emergency: Option<bool>,
    /// How much of a worker's time it takes, 1 to 5; 1 where left out.
    #[schema(minimum = 1, maximum = 5, example = 2)]
    #[validate(range(min = 1, max = 5, message = "must be 1 to 5"))]
    pub weight: Option<i16>,
    /// Who leads it; by default the social worker who opens it, and nobody where a coordinator does.
    pub lead_id: Option<Uuid>,
}

/// Changes of a case.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CasePatch {
    /// How much of a worker's time it takes, 1 to 5.
    #[serde(default)]
    #[schema(value_type = i16, required = false, minimum = 1, maximum = 5, example = 2)]
    pub weight: Field<i16>,
    /// The whole plan.
    #[serde(default)]
    #[schema(value_type = Plan, required = false)]
    pub plan: Field<Plan>,
    /// When the family agreed to the plan.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date, example = "2026-11-20")]
    pub plan_agreed_date: Field<CivilDate>,
}

/// A problem to work on.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CaseProblem {
    /// The problem.
    pub problem_id: Uuid,
}

/// The next stage.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// Which one.
    pub to: Stage,
    /// How it ended: code of the list `case_outcomes`; with `terminated`.
    #[schema(max_length = 60, example = "goal_met")]
    #[validate(length(max = 60, message = "is too long"))]
    pub outcome_code: Option<String>,
    /// In words, for the history.
    #[schema(max_length = 2000, example = "Semua tujuan tercapai.")]
    #[validate(length(max = 2000, message = "is too long"))]
    pub note: Option<String>,
}

/// Why.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CaseReason {
    /// In words, for the history.
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"\S",
        example = "Keluarga dirawat di luar kota sampai bulan depan."
    )]
    #[validate(
        length(min = 1, max = 2000, message = "must have 1 to 2000 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub reason: String,
}

/// Somebody to work on a case.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AssignCase {
    /// An account of a social worker.
    pub account_id: Uuid,
    /// What for.
    pub duty: CaseDuty,
    /// Last day, for who stands in during a leave.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-12-31")]
    pub until_date: Option<NaiveDate>,
    /// What he must know.
    #[schema(max_length = 2000, example = "Selama cuti.")]
    #[validate(length(max = 2000, message = "is too long"))]
    pub note: Option<String>,
}

/// Somebody to take off a case.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct UnassignCase {
    /// The account.
    pub account_id: Uuid,
}

/// A case to hand over.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The account that leads it from now on.
    pub account_id: Uuid,
    /// What the next lead must know.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"\S",
        example = "Kunjungan berikut Selasa; ibu sudah setuju rencana."
    )]
    #[validate(
        length(min = 1, max = 4000, message = "must have 1 to 4000 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub note: String,
}

/// Something that happened in a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseEvent {
    /// Id.
    pub id: Uuid,
    /// opened, advanced, suspended, resumed, transferred, reopened, assigned, unassigned, handed_over, planned, problem_added, visited.
    #[schema(example = "advanced")]
    pub event: String,
    /// Stage before.
    #[schema(required)]
    pub from_stage: Option<Stage>,
    /// Stage after.
    #[schema(required)]
    pub to_stage: Option<Stage>,
    /// The account it was about.
    #[schema(required, example = "Rina Kartika")]
    pub account_name: Option<String>,
    /// In words; null where the caller may not know it.
    #[schema(required, example = "Semua tujuan tercapai.")]
    pub note: Option<String>,
    /// Who did it.
    #[schema(required, example = "Rina Kartika")]
    pub actor_name: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

crate::page_of!(CaseEventPage, CaseEvent);

crate::list_query! {
    /// Filters of the list of cases.
    CaseQuery {
        /// Only this stage.
        #[param(inline)]
        stage: Stage,
        /// Only open ones, or only closed ones.
        #[param(example = true)]
        open: bool,
        /// Only those the caller is assigned to.
        #[param(example = false)]
        mine: bool,
        /// Only emergencies.
        #[param(example = false)]
        emergency: bool,
        /// Only open ones that nobody leads.
        #[param(example = false)]
        unassigned: bool,
        /// Only those this account leads.
        lead_id: Uuid,
    }
}
