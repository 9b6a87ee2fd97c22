//! Wire types of service requests.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::db::slugs::Sensitivity;

crate::slugs! {
    /// How far a request is.
    RequestStatus {
        /// Taken in at the counter.
        Received "received",
        /// Its documents were checked.
        Handled "handled",
        /// A second person stands for it.
        Approved "approved",
        /// Its letter was made.
        Issued "issued",
        /// Documents are missing.
        Returned "returned",
        /// Withdrawn.
        Cancelled "cancelled",
        /// Refused by a decision.
        Rejected "rejected",
    }
}

crate::slugs! {
    /// Whether a letter is for the whole household or for one person.
    Whose {
        /// The household.
        Household "household",
        /// One person.
        Individual "individual",
    }
}

/// Whom a request is for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Household or person.
    pub kind: Whose,
    /// Id of the household or person.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001")]
    pub id: Uuid,
}

/// A request as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceRequest {
    /// Id.
    pub id: Uuid,
    /// Code of the list `services`.
    #[schema(example = "reaktivasi_pbi")]
    pub service_code: String,
    /// Whom it is for.
    pub subject: Applicant,
    /// Name of the person, or of the head of the household; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// The household.
    pub household_id: Uuid,
    /// Kelurahan of the household's domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Problem it answers.
    #[schema(required)]
    pub problem_id: Option<Uuid>,
    /// What the letter is for, in words; null where the caller may not know it.
    #[schema(required, example = "Berobat ke RSUD")]
    pub purpose: Option<String>,
    /// Whom the letter is for, in words; null where the caller may not know it.
    #[schema(required, example = "BPJS Kesehatan Cabang Bandung")]
    pub addressee: Option<String>,
    /// Documents the service asks for: codes of the list `documents`.
    #[schema(example = json!(["ktp", "family_card"]))]
    pub required_documents: Vec<String>,
    /// Documents that were shown.
    #[schema(example = json!(["ktp"]))]
    pub documents: Vec<String>,
    /// Documents it was returned for.
    #[schema(example = json!(["family_card"]))]
    pub missing_documents: Vec<String>,
    /// How far it is.
    pub status: RequestStatus,
    /// Who may see it; inherited from service and problem.
    pub sensitivity: Sensitivity,
    /// Organization that answers for it, by the mandate for the need and service.
    #[schema(required)]
    pub responsible_organization_id: Option<Uuid>,
    /// Its name.
    #[schema(required, example = "Dinas Sosial Kota Bandung")]
    pub responsible_organization_name: Option<String>,
    /// Last day in time, in working days.
    #[schema(example = "2026-11-26")]
    pub due_on: NaiveDate,
    /// Account that took it in.
    #[schema(required)]
    pub received_by: Option<Uuid>,
    /// When it was taken in.
    pub received_at: DateTime<Utc>,
    /// When its documents were checked.
    #[schema(required)]
    pub handled_at: Option<DateTime<Utc>>,
    /// Account that approved it.
    #[schema(required)]
    pub approved_by: Option<Uuid>,
    /// When it was approved.
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was issued or cancelled.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was returned or cancelled, in words; null where the caller may not know it.
    #[schema(required, example = "Fotokopi KK tidak terbaca")]
    pub reason: Option<String>,
    /// Its letter, once issued.
    #[schema(required)]
    pub letter_id: Option<Uuid>,
    /// Number of the letter.
    #[schema(required, example = "400.9/0001/REK-PBI/2026")]
    pub letter_number: Option<String>,
    /// Raised by every change.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: handle, resubmit, approve, issue, return, cancel.
    #[schema(example = json!(["handle", "return", "cancel"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(ServiceRequestPage, ServiceRequest);

fn each_once(codes: &[String]) -> Result<(), ValidationError> {
    let mut seen = std::collections::BTreeSet::new();
    if codes.len() <= 30 && codes.iter().all(|c| c.len() <= 60 && seen.insert(c)) {
        return Ok(());
    }
    Err(ValidationError::new("not_allowed").with_message("at most thirty codes, each once".into()))
}

fn some_codes(codes: &[String]) -> Result<(), ValidationError> {
    if codes.is_empty() {
        return Err(ValidationError::new("required").with_message("name at least one".into()));
    }
    each_once(codes)
}

/// A request to take in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewServiceRequest {
    /// Code of the list `services`.
    #[schema(max_length = 60, example = "reaktivasi_pbi")]
    #[validate(length(max = 60, message = "is too long"))]
    pub service_code: String,
    /// Whom it is for.
    pub subject: Applicant,
    /// Problem it answers.
    pub problem_id: Option<Uuid>,
    /// What the letter is for, in words.
    #[schema(max_length = 500, example = "Berobat ke RSUD")]
    #[validate(length(max = 500, message = "is too long"))]
    pub purpose: Option<String>,
    /// Whom the letter is for, in words.
    #[schema(max_length = 200, example = "BPJS Kesehatan Cabang Bandung")]
    #[validate(length(max = 200, message = "is too long"))]
    pub addressee: Option<String>,
    /// Documents that are shown: codes of the list `documents`.
    #[serde(default)]
    #[schema(required = false, max_items = 30, example = json!(["ktp", "family_card"]))]
    #[validate(custom(function = "each_once"))]
    pub documents: Vec<String>,
}

/// Documents that are shown now.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ShownDocuments {
    /// All documents shown so far: codes of the list `documents`. Left out: those already noted.
    #[schema(max_items = 30, example = json!(["ktp", "family_card"]))]
    #[validate(custom(function = "each_once"))]
    pub documents: Option<Vec<String>>,
}

/// What is missing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReturnServiceRequest {
    /// Documents that are missing: codes of the list `documents`.
    #[schema(min_items = 1, max_items = 30, example = json!(["medical_letter"]))]
    #[validate(custom(function = "some_codes"))]
    pub missing_documents: Vec<String>,
    /// What is wrong with them, in words.
    #[schema(max_length = 1000, example = "Surat dokter sudah lewat tiga bulan")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub reason: Option<String>,
}

/// Why it is withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CancelServiceRequest {
    /// In words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Pemohon membatalkan")]
    #[validate(length(max = 1000, message = "is too long"), custom(function = "crate::kernel::label::not_blank"))]
    pub reason: String,
}

crate::list_query! {
    /// Filters of the list of requests.
    ServiceRequestQuery {
        /// Only this status.
        #[param(inline)]
        status: RequestStatus,
        /// Only this service.
        #[param(max_length = 60, example = "reaktivasi_pbi")]
        #[validate(length(max = 60, message = "is too long"))]
        service_code: String,
        /// Only this household.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        household_id: Uuid,
        /// Only open ones whose last day in time has passed.
        #[param(example = false)]
        overdue: bool,
        /// Only those the caller took in.
        #[param(example = false)]
        mine: bool,
    }
}
