//! Wire types of calendars.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::kernel::dates::civil;
use crate::kernel::label::Label;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;

crate::slugs! {
    /// Why nobody works on a day.
    HolidayKind {
        /// Hari libur nasional.
        National "national",
        /// Cuti bersama.
        CollectiveLeave "collective_leave",
        /// Of this city or office alone.
        Local "local",
    }
}

/// A day on which nobody works.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Civil date at the office.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-12-25")]
    pub date: NaiveDate,
    /// What it is called on screens.
    #[validate(nested)]
    pub name: Label,
    /// Why nobody works.
    pub kind: HolidayKind,
    /// Whether a decree fixed the date; otherwise it is an estimate. False where left out.
    #[serde(default)]
    #[schema(default = false)]
    pub decreed: bool,
    /// The decree, or how the date was estimated.
    #[serde(default)]
    #[schema(required = false, max_length = 300, example = "SKB Tiga Menteri 2026")]
    #[validate(length(max = 300, message = "is too long"))]
    pub source: Option<String>,
}

/// A calendar without its holidays.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarSummary {
    /// Id.
    pub id: Uuid,
    /// Stable name.
    #[schema(example = "city")]
    pub code: String,
    /// What it is called on screens.
    pub name: Label,
    /// ISO weekdays that are worked: 1 is Monday, 7 Sunday.
    #[schema(example = json!([1, 2, 3, 4, 5]))]
    pub working_weekdays: Vec<i32>,
    /// The city's own.
    pub is_default: bool,
    /// Raised by every change, of its holidays too.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

crate::page_of!(CalendarPage, CalendarSummary);

/// A calendar with its holidays.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Calendar {
    /// Id.
    pub id: Uuid,
    /// Stable name.
    #[schema(example = "city")]
    pub code: String,
    /// What it is called on screens.
    pub name: Label,
    /// ISO weekdays that are worked: 1 is Monday, 7 Sunday.
    #[schema(example = json!([1, 2, 3, 4, 5]))]
    pub working_weekdays: Vec<i32>,
    /// The city's own.
    pub is_default: bool,
    /// By date.
    pub holidays: Vec<Holiday>,
    /// Raised by every change, of its holidays too.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next: update.
    #[schema(example = json!(["update"]))]
    pub can: Vec<&'static str>,
}

/// ISO weekdays, each once, at least one.
fn weekdays(days: &[i32]) -> Result<(), ValidationError> {
    let mut seen = std::collections::BTreeSet::new();
    if !days.is_empty() && days.iter().all(|d| (1..=7).contains(d) && seen.insert(*d)) {
        return Ok(());
    }
    Err(ValidationError::new("not_allowed").with_message("one to seven of 1 (Monday) to 7 (Sunday), each once".into()))
}

fn is_code(code: &str) -> Result<(), ValidationError> {
    let shape = (1..=40).contains(&code.len())
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if shape { Ok(()) } else { Err(ValidationError::new("invalid").with_message("a lower-case slug".into())) }
}

/// A calendar to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCalendar {
    /// Stable name.
    #[schema(example = "shelter", pattern = "^[a-z][a-z0-9_]{0,39}$")]
    #[validate(custom(function = "is_code"))]
    pub code: String,
    /// What it is called on screens.
    #[validate(nested)]
    pub name: Label,
    /// ISO weekdays that are worked: 1 is Monday, 7 Sunday.
    #[schema(example = json!([1, 2, 3, 4, 5, 6, 7]), min_items = 1, max_items = 7)]
    #[validate(custom(function = "weekdays"))]
    pub working_weekdays: Vec<i32>,
}

/// What may change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CalendarPatch {
    /// What it is called on screens.
    #[serde(default)]
    #[schema(value_type = Option<Label>, nullable = false)]
    pub name: Field<Label>,
    /// ISO weekdays that are worked. Open deadlines move with them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<i32>>, nullable = false, example = json!([1, 2, 3, 4, 5]), min_items = 1, max_items = 7)]
    pub working_weekdays: Field<Vec<i32>>,
}

/// What the document says of a merge-patch, as a refusal.
pub(super) fn check(patch: &CalendarPatch) -> Result<(), Problem> {
    let kept = |pointer: &str| Err(Problem::field(pointer, "required", "cannot be removed"));
    match &patch.name {
        Field::Null => return kept("/name"),
        Field::Value(name) if name.validate().is_err() => {
            return Err(Problem::field("/name", "length", "each name must have 1 to 200 characters"));
        }
        _ => {}
    }
    match &patch.working_weekdays {
        Field::Null => kept("/working_weekdays"),
        Field::Value(days) => weekdays(days).map_err(|e| {
            Problem::field("/working_weekdays", "not_allowed", e.message.unwrap_or_default().into_owned())
        }),
        Field::Absent => Ok(()),
    }
}

/// Open deadlines that a change of the calendar moved. Only items that everybody in their area may see are counted:
/// restricted ones move too, but a count must not tell of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Moved {
    /// Problems whose due date is another now.
    #[schema(example = 12)]
    pub problems: i64,
    /// Service requests whose due date is another now.
    #[schema(example = 3)]
    pub service_requests: i64,
    /// Decisions whose last day to answer is another now.
    #[schema(example = 0)]
    pub decisions: i64,
    /// Referrals whose next step is due on another day now.
    #[schema(example = 5)]
    pub referrals: i64,
}

/// A calendar after a change, and what moved with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarChange {
    /// The calendar as it is now.
    pub calendar: Calendar,
    /// Open deadlines that moved in the same transaction.
    pub moved: Moved,
}

/// From when and how far to count.
#[derive(Debug, Deserialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DueQuery {
    /// Civil date to count from; it is not counted itself.
    #[serde(deserialize_with = "civil::required")]
    #[param(example = "2026-12-23")]
    pub from: NaiveDate,
    /// Working days to count, up to 365.
    #[param(example = 5, minimum = 0, maximum = 365)]
    #[validate(range(max = 365, message = "must be 0 to 365"))]
    pub days: u32,
}

/// Where counting ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct Due {
    /// Last day in time.
    #[schema(example = "2027-01-04")]
    pub due_on: NaiveDate,
    /// Holidays on the way that would have been worked otherwise.
    pub holidays: Vec<Holiday>,
}

crate::list_query! {
    /// Paging of the list of calendars.
    CalendarQuery {
        /// Only this one.
        #[param(example = "city", max_length = 40)]
        #[validate(length(max = 40, message = "is too long"))]
        code: String,
    }
}
