//! Wire types of exports.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

use crate::households::{HouseholdQuery, Kind, Status};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Households as their list shows them.
    Households,
}

/// Form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated, UTF-8 with BOM.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// A workbook; every cell is text or a number, never a formula.
    Xlsx,
}

impl Format {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
        }
    }
    pub(super) fn parse(slug: &str) -> Option<Self> {
        [Self::Csv, Self::Ndjson, Self::Xlsx].into_iter().find(|f| f.slug() == slug)
    }
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Rows to take; the same filters as in the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportFilter {
    /// Kecamatan or kelurahan (dotted code).
    #[schema(example = "32.73.01", pattern = "^[0-9.]{2,13}$")]
    #[validate(custom(function = "crate::households::check_region"))]
    pub region: Option<String>,
    /// At least this decile.
    #[schema(minimum = 1, maximum = 10, example = 1)]
    #[validate(range(min = 1, max = 10, message = "must be 1 to 10"))]
    pub decile_min: Option<i16>,
    /// At most this decile.
    #[schema(minimum = 1, maximum = 10, example = 4)]
    #[validate(range(min = 1, max = 10, message = "must be 1 to 10"))]
    pub decile_max: Option<i16>,
    /// Status.
    #[schema(inline, example = "active")]
    pub status: Option<Status>,
    /// Kind.
    #[schema(inline, example = "family")]
    pub kind: Option<Kind>,
}

impl ExportFilter {
    pub(super) fn query(self) -> HouseholdQuery {
        HouseholdQuery {
            region: self.region,
            decile_min: self.decile_min,
            decile_max: self.decile_max,
            status: self.status,
            kind: self.kind,
            ..HouseholdQuery::default()
        }
    }
}

/// What to export.
#[derive(Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// Which list.
    #[schema(inline, example = "households")]
    pub resource: Resource,
    /// Form of the file.
    #[schema(inline, example = "xlsx")]
    pub format: Format,
    /// Rows to take.
    #[serde(default)]
    #[validate(nested)]
    pub filter: ExportFilter,
}

/// An export.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Export {
    /// Id.
    pub id: Uuid,
    /// Which list.
    #[schema(example = "households")]
    pub resource: String,
    /// Form of the file.
    #[schema(example = "xlsx")]
    pub format: String,
    /// queued, running, succeeded, failed or cancelled: the state of its operation.
    #[schema(example = "succeeded")]
    pub status: String,
    /// Operation that writes it.
    pub operation_id: Uuid,
    /// Rows written, once it is done.
    #[schema(required, example = 1200)]
    pub row_count: Option<i64>,
    /// When it was asked for; the file is kept for a day.
    pub created_at: DateTime<Utc>,
}

crate::page_of!(ExportPage, Export);

crate::list_query! {
    /// Paging of the list of exports.
    ExportQuery {}
}
