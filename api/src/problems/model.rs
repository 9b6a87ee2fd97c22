//! Wire types of problems.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::db::slugs::Sensitivity;
use crate::kernel::dates::civil;

crate::slugs! {
    /// Whether the problem is one of the whole household or of one person.
    SubjectKind {
        /// The household.
        Household "household",
        /// One person.
        Individual "individual",
    }
}

crate::slugs! {
    /// How urgent it is.
    Severity {
        /// Darurat: help starts before the paperwork.
        Emergency "emergency",
        /// Tinggi.
        High "high",
        /// Sedang.
        Medium "medium",
        /// Rendah.
        Low "low",
    }
}

impl Severity {
    /// Days within which a report should be looked at by a second person; none where nothing presses.
    pub fn verify_within_days(self) -> Option<i64> {
        match self {
            Self::Emergency => Some(1),
            Self::High => Some(3),
            Self::Medium => Some(7),
            Self::Low => None,
        }
    }
}

crate::slugs! {
    /// Where the problem was noticed.
    ProblemSource {
        /// The citizen said so.
        Citizen "citizen",
        /// The kelurahan or Puskesos.
        Village "village",
        /// A file of an agency.
        Import "import",
        /// An assessment.
        Assessment "assessment",
        /// Another agency's referral.
        Referral "referral",
        /// A complaint in LAPOR.
        Lapor "lapor",
        /// A rule over the data.
        Rule "rule",
    }
}

crate::slugs! {
    /// How far it is.
    ProblemStatus {
        /// Found by a rule; nobody has confirmed it.
        Candidate "candidate",
        /// Reported by a person.
        Reported "reported",
        /// Checked by a second person.
        Verified "verified",
        /// Somebody has accepted to help.
        InService "in_service",
        /// Helped in part.
        PartlyResolved "partly_resolved",
        /// Solved.
        Resolved "resolved",
        /// It turned out not to be so.
        Unfounded "unfounded",
        /// Handed to somebody outside.
        ReferredOut "referred_out",
        /// No longer timely.
        Expired "expired",
        /// A candidate that was not confirmed.
        Dismissed "dismissed",
    }
}

/// Who has the problem.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Household or person.
    pub kind: SubjectKind,
    /// Id of the household or person.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001")]
    pub id: Uuid,
}

/// A problem as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemView {
    /// Id.
    pub id: Uuid,
    /// Who has it.
    pub subject: Subject,
    /// Name of the person, or of the head of the household; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// The household.
    pub household_id: Uuid,
    /// Kelurahan of the household's domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Code of the list `needs`.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Code of the list `ppks_types`, if it is a PPKS type.
    #[schema(required, example = "lansia_telantar")]
    pub ppks_code: Option<String>,
    /// How urgent it is.
    pub severity: Severity,
    /// Where it was noticed.
    pub source: ProblemSource,
    /// How far it is.
    pub status: ProblemStatus,
    /// Who may see it; inherited from need and PPKS type.
    pub sensitivity: Sensitivity,
    /// What was seen, in words; null where the caller may not know it.
    #[schema(required, example = "Dua hari tidak memasak, tabung gas kosong.")]
    pub description: Option<String>,
    /// Since when.
    #[schema(required, example = "2026-10-01")]
    pub onset_date: Option<NaiveDate>,
    /// Rule that found it, where no person reported it first; see `/api/v1/detection-rules`.
    #[schema(required, example = "nik_missing")]
    pub detected_by_rule: Option<String>,
    /// Why it was dismissed or closed: code of the list `problem_dismiss_reasons`.
    #[schema(required, example = "duplicate")]
    pub reason_code: Option<String>,
    /// Account that reported or confirmed it.
    #[schema(required)]
    pub reported_by: Option<Uuid>,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
    /// Account that verified it.
    #[schema(required)]
    pub verified_by: Option<Uuid>,
    /// When it was verified.
    #[schema(required)]
    pub verified_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Organization that answers for it, by the mandate in force when it was reported.
    #[schema(required)]
    pub responsible_organization_id: Option<Uuid>,
    /// Its name.
    #[schema(required, example = "Dinas Sosial Kota Bandung")]
    pub responsible_organization_name: Option<String>,
    /// Last day in time, in working days of the mandate's calendar.
    #[schema(required, example = "2026-12-01")]
    pub due_on: Option<NaiveDate>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: confirm, verify, dismiss, resolve, refer.
    #[schema(example = json!(["verify", "dismiss"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(ProblemPage, ProblemView);

/// A problem to report.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewProblem {
    /// Who has it.
    pub subject: Subject,
    /// Code of the list `needs`.
    #[schema(max_length = 60, example = "pangan")]
    #[validate(length(max = 60, message = "is too long"))]
    pub need_code: String,
    /// Code of the list `ppks_types`, if it is a PPKS type.
    #[schema(max_length = 60, example = "lansia_telantar")]
    #[validate(length(max = 60, message = "is too long"))]
    pub ppks_code: Option<String>,
    /// How urgent it is.
    pub severity: Severity,
    /// Where it was noticed; by default as the caller's role says. `import` and `rule` are not for people.
    pub source: Option<ProblemSource>,
    /// What was seen, in words.
    #[schema(max_length = 4000, example = "Dua hari tidak memasak, tabung gas kosong.")]
    #[validate(length(max = 4000, message = "is too long"))]
    pub description: Option<String>,
    /// Since when; not in the future.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-10-01")]
    pub onset_date: Option<NaiveDate>,
}

/// Why a problem is dismissed.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Dismissal {
    /// Code of the list `problem_dismiss_reasons`.
    #[schema(max_length = 60, example = "duplicate")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: String,
}

crate::slugs! {
    /// How a problem ended without a referral's outcome.
    Resolution {
        /// Solved.
        Resolved "resolved",
        /// Helped in part; stays open.
        PartlyResolved "partly_resolved",
        /// Handed to somebody outside.
        ReferredOut "referred_out",
        /// No longer timely.
        Expired "expired",
    }
}

/// How a problem was solved.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ResolveProblem {
    /// How it ended; `resolved` where left out.
    pub outcome: Option<Resolution>,
    /// By what, in words; kept in the audit trail.
    #[schema(max_length = 1000, example = "Keluarga sudah menerima bantuan dari saudara.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub reason: Option<String>,
}

crate::list_query! {
    /// Filters of the list of problems.
    ProblemQuery {
        /// Only this status.
        #[param(inline)]
        status: ProblemStatus,
        /// Only this need.
        #[param(max_length = 60, example = "pangan")]
        #[validate(length(max = 60, message = "is too long"))]
        need_code: String,
        /// Only this severity.
        #[param(inline)]
        severity: Severity,
        /// Only what this rule found.
        #[param(max_length = 60, example = "nik_missing")]
        #[validate(length(max = 60, message = "is too long"))]
        detected_by_rule: String,
        /// Only households of this region: kelurahan, kecamatan or city, dotted.
        #[param(max_length = 20, example = "32.73.01")]
        #[validate(length(max = 20, message = "is too long"))]
        region: String,
        /// Only those this organization answers for.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        responsible_organization_id: Uuid,
        /// Only open ones whose last day in time has passed.
        #[param(example = false)]
        overdue: bool,
        /// Only those the caller reported or is assigned to.
        #[param(example = false)]
        mine: bool,
    }
}

/// A rule that finds candidates.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetectionRule {
    /// Stable name.
    #[schema(example = "nik_missing")]
    pub code: String,
    /// Raised when its condition changes.
    #[schema(example = 1)]
    pub version: i16,
    /// Code of the list `needs`.
    #[schema(example = "adminduk")]
    pub need_code: String,
    /// Whose need it finds.
    pub subject_kind: SubjectKind,
    /// What it goes by.
    pub says: crate::kernel::label::Label,
}

crate::page_of!(DetectionRulePage, DetectionRule);

crate::list_query! {
    /// Paging of the rules.
    DetectionRuleQuery {}
}
