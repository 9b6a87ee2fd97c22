//! Wire types of reported benefits.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::dates::civil;
use crate::programs::ProgramText;

/// Aid that others report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedBenefit {
    /// Id.
    pub id: Uuid,
    /// The program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: ProgramText,
    /// Kind of aid nobody gets twice.
    #[schema(required, example = "food_parcel")]
    pub overlap_class: Option<String>,
    /// The household.
    pub household_id: Uuid,
    /// The person; null where it is for the household.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// First day.
    #[schema(example = "2026-10-01")]
    pub from_date: NaiveDate,
    /// Last day.
    #[schema(example = "2026-10-31")]
    pub to_date: NaiveDate,
    /// Who reports it.
    #[schema(example = "SP2D Sembako 2026-10")]
    pub source: String,
    /// List it came with.
    #[schema(required)]
    pub list_id: Option<Uuid>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

crate::page_of!(ReportedBenefitPage, ReportedBenefit);

/// One report.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewReportedBenefit {
    /// The program; not a restricted one.
    pub program_id: Uuid,
    /// The household.
    pub household_id: Uuid,
    /// A person of it.
    pub individual_id: Option<Uuid>,
    /// First day.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-10-01")]
    pub from_date: NaiveDate,
    /// Last day.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-10-31")]
    pub to_date: NaiveDate,
    /// Who reports it.
    #[schema(min_length = 1, max_length = 200, example = "Keterangan kelurahan")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub source: String,
}

/// A recipient as a list names him: by NIK, or by name and date of birth.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListedRecipient {
    /// NIK.
    #[schema(max_length = 40, example = "3273014101805001")]
    #[validate(length(max = 40, message = "is too long"))]
    pub nik: Option<String>,
    /// Name.
    #[schema(max_length = 200, example = "Siti Aminah")]
    #[validate(length(max = 200, message = "is too long"))]
    pub name: Option<String>,
    /// Date of birth.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "1980-01-01")]
    pub birth_date: Option<NaiveDate>,
}

/// A list of a program's recipients.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewRecipientList {
    /// The program; not a restricted one.
    pub program_id: Uuid,
    /// Region it is about, dotted.
    #[schema(max_length = 20, example = "32.73")]
    #[validate(length(max = 20, message = "is too long"))]
    pub area_code: String,
    /// First day of the period.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-10-01")]
    pub from_date: NaiveDate,
    /// Last day of the period.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-10-31")]
    pub to_date: NaiveDate,
    /// Who made it.
    #[schema(min_length = 1, max_length = 200, example = "SP2D Sembako 2026-10")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub source: String,
    /// Whether it names every recipient of the region and period, so that who is not on it does not receive.
    pub complete: bool,
    /// The recipients.
    #[schema(min_items = 1, max_items = 10000)]
    #[validate(length(min = 1, max = 10000, message = "must have 1 to 10,000 rows"), nested)]
    pub rows: Vec<ListedRecipient>,
}

crate::slugs! {
    /// Why a row was not taken.
    ListRowCode {
        /// Neither a NIK nor a name with a date of birth.
        Unidentified "unidentified",
        /// Nobody in the registry is it.
        NotFound "not_found",
        /// Several people may be it.
        Ambiguous "ambiguous",
        /// The person or the household has this benefit of the period already.
        AlreadyReported "already_reported",
    }
}

/// A row that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListRowIssue {
    /// Its number in the list, from 1.
    #[schema(example = 17)]
    pub row: i32,
    /// Why.
    pub code: ListRowCode,
}

/// A list that was loaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipientListResult {
    /// Id.
    pub id: Uuid,
    /// Rows it had.
    #[schema(example = 500)]
    pub rows: usize,
    /// Rows that were entered as reported benefits.
    #[schema(example = 480)]
    pub entered: usize,
    /// Rows that were not, each with its reason.
    #[schema(max_items = 10000)]
    pub issues: Vec<ListRowIssue>,
}

/// A list as it was loaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipientList {
    /// Id.
    pub id: Uuid,
    /// The program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: ProgramText,
    /// Region it is about, dotted.
    #[schema(example = "32.73")]
    pub area_code: String,
    /// First day of the period.
    #[schema(example = "2026-10-01")]
    pub from_date: NaiveDate,
    /// Last day of the period.
    #[schema(example = "2026-10-31")]
    pub to_date: NaiveDate,
    /// Who made it.
    #[schema(example = "SP2D Sembako 2026-10")]
    pub source: String,
    /// Recipients entered from it.
    #[schema(example = 480)]
    pub entered: i64,
    /// When it was loaded.
    pub loaded_at: DateTime<Utc>,
}

crate::page_of!(RecipientListPage, RecipientList);

crate::list_query! {
    /// Filters of the reported benefits.
    ReportedBenefitQuery {
        /// Only those of this household.
        household_id: Uuid,
        /// Only those of this program.
        program_id: Uuid,
    }
}

crate::list_query! {
    /// Paging of the lists.
    RecipientListQuery {}
}
