//! Wire types of imports.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::change_model::ChangeCounts;
use super::queries::ImportRow;
use crate::access::Principal;
use crate::access::policy::{ImportApply, ImportCreate};

/// A sentence in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Message {
    /// Indonesian.
    #[schema(example = "NIK kosong.")]
    pub id: String,
    /// English.
    #[schema(example = "The NIK is empty.")]
    pub en: String,
}

/// Rows by verdict. `accepted`, `warned`, `dropped`, `conflicts` and `rejected` add up to `rows`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ImportCounts {
    /// Rows below the headers of all files.
    #[schema(example = 9030)]
    pub rows: i64,
    /// Rows without an issue.
    #[schema(example = 8720)]
    pub accepted: i64,
    /// Rows of which a value was repaired, whatever their verdict.
    #[schema(example = 110)]
    pub repaired: i64,
    /// Rows taken that somebody should look at.
    #[schema(example = 187)]
    pub warned: i64,
    /// Rows taken without a value.
    #[schema(example = 67)]
    pub dropped: i64,
    /// Rows that wait because two different people claim one number.
    #[schema(example = 26)]
    pub conflicts: i64,
    /// Rows that wait for correction.
    #[schema(example = 90)]
    pub rejected: i64,
}

/// A value that no code map knows; it is kept as it came.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UnknownCode {
    /// Variable.
    #[schema(example = "floor")]
    pub variable: String,
    /// What the file says.
    #[schema(example = "99")]
    pub value: String,
    /// In how many rows.
    #[schema(example = 3)]
    pub rows: i64,
}

/// One file of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ImportFile {
    /// Part of the upload: families, members or list.
    #[schema(example = "members")]
    pub file: String,
    /// Name it was sent under.
    #[schema(example = "dtsen_anggota.csv")]
    pub name: String,
    /// Bytes.
    #[schema(example = 634_385)]
    pub bytes: i64,
    /// SHA-256 of its bytes, hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// utf-8, cp1252 or xlsx; null until it has been read.
    #[schema(required, example = "utf-8")]
    pub encoding: Option<String>,
    /// Character between cells; null for a workbook.
    #[schema(required, example = "|")]
    pub separator: Option<String>,
    /// Rows below the header; null until it has been read.
    #[schema(required, example = 7030)]
    pub rows: Option<i64>,
    /// Headings that mean nothing to the profile.
    #[schema(example = json!(["catatan"]))]
    pub unknown_columns: Vec<String>,
    /// Values no code map knows.
    pub unknown_codes: Vec<UnknownCode>,
}

/// What applying changed in the registry.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AppliedCounts {
    /// Households that were not there.
    #[schema(example = 1982)]
    pub households_created: i64,
    /// Households whose data changed.
    #[schema(example = 0)]
    pub households_updated: i64,
    /// People who were not there.
    #[schema(example = 6932)]
    pub individuals_created: i64,
    /// People whose data changed.
    #[schema(example = 0)]
    pub individuals_updated: i64,
    /// Drafts of programs that were not there.
    #[serde(default)]
    #[schema(required, example = 0)]
    pub programs_created: i64,
    /// Drafts of programs that say something else now.
    #[serde(default)]
    #[schema(required, example = 0)]
    pub programs_updated: i64,
}

/// Why an import was rejected or failed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportError {
    /// Stable code.
    #[schema(example = "file_truncated")]
    pub code: String,
    /// Part of the upload it stands in; null where none is to blame.
    #[serde(default)]
    #[schema(required, example = "members")]
    pub file: Option<String>,
    /// Row in the file; null where none is to blame.
    #[serde(default)]
    #[schema(required, example = 5031)]
    pub row: Option<i64>,
    /// Sentence for people.
    pub message: Message,
}

/// A delivery of files: uploaded, staged, validated, reviewed, applied.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Import {
    /// Id.
    pub id: Uuid,
    /// uploaded, staging, validated, reviewed, applying, applied, rejected, failed, cancelled or undone.
    #[schema(example = "validated")]
    pub status: String,
    /// Profile of its files.
    #[schema(example = "dtsen")]
    pub profile: String,
    /// Version of the profile that reads its files.
    #[schema(example = 1)]
    pub profile_version: i32,
    /// Month it speaks of.
    #[schema(example = "2026-10")]
    pub period: String,
    /// The operation at work on it, or the last one.
    #[schema(required)]
    pub operation_id: Option<Uuid>,
    /// Rows by verdict.
    pub counts: ImportCounts,
    /// Its files.
    pub files: Vec<ImportFile>,
    /// Kelurahan it is confined to; null for the whole city.
    #[schema(required, example = json!(["32.73.01.1001"]))]
    pub scope_regions: Option<Vec<String>>,
    /// Why it was rejected or failed.
    #[schema(required)]
    pub error: Option<ImportError>,
    /// What applying changed; null before, and for whoever does not work for the city.
    #[schema(required)]
    pub applied: Option<AppliedCounts>,
    /// What applying would change, in counts; null until it was validated.
    #[schema(required)]
    pub changes: Option<ChangeCounts>,
    /// Account that sent it.
    #[schema(required)]
    pub created_by: Option<Uuid>,
    /// Account that reviewed it.
    #[schema(required)]
    pub reviewed_by: Option<Uuid>,
    /// Account that had it applied.
    #[schema(required)]
    pub applied_by: Option<Uuid>,
    /// Version.
    #[schema(example = 3)]
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was applied.
    #[schema(required)]
    pub applied_at: Option<DateTime<Utc>>,
    /// What the caller may do with it now: review, apply, cancel, undo.
    #[schema(example = json!(["review", "cancel"]))]
    pub can: Vec<String>,
}

fn read<T: serde::de::DeserializeOwned>(value: Option<Value>) -> Option<T> {
    value.and_then(|value| serde_json::from_value(value).ok())
}

impl Import {
    /// The import as this caller sees it.
    #[must_use]
    pub fn of(row: ImportRow, principal: &Principal, city: bool) -> Self {
        let mut can = Vec::new();
        let mut may = |verb: &str, allowed: bool, statuses: &[&str]| {
            if allowed && statuses.contains(&row.status.as_str()) {
                can.push(verb.to_owned());
            }
        };
        may("review", principal.may::<ImportCreate>(), &["validated"]);
        may("apply", principal.may::<ImportApply>(), &["reviewed"]);
        may("cancel", principal.may::<ImportCreate>(), CANCELLABLE);
        // Drafts of programs are withdrawn by their partner, not by the file.
        let undoable = row.list.as_deref() != Some("offers");
        may("undo", undoable && principal.scope_for::<ImportApply>().supervises(), &["applied"]);
        Self {
            id: row.id,
            status: row.status,
            profile: row.profile,
            profile_version: row.profile_version,
            period: row.period,
            operation_id: row.operation_id,
            counts: read(Some(row.counts)).unwrap_or_default(),
            files: read(Some(row.files)).unwrap_or_default(),
            scope_regions: row.scope_regions,
            error: read(row.error),
            applied: if city { read(row.applied) } else { None },
            changes: read(row.changes),
            created_by: row.created_by,
            reviewed_by: row.reviewed_by,
            applied_by: row.applied_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            applied_at: row.applied_at,
            can,
        }
    }
}

/// Statuses in which an import can be given up.
pub const CANCELLABLE: &[&str] = &["uploaded", "staging", "validated", "reviewed"];

crate::slugs! {
    /// Where an import stands.
    ImportStatus {
        /// Its files are here.
        Uploaded "uploaded",
        /// Its files are being read.
        Staging "staging",
        /// Its files were read; somebody has to look.
        Validated "validated",
        /// Somebody looked; it may be applied.
        Reviewed "reviewed",
        /// It is on its way into the registry.
        Applying "applying",
        /// It has reached the registry.
        Applied "applied",
        /// A file cannot be used.
        Rejected "rejected",
        /// Something went wrong on our side.
        Failed "failed",
        /// Somebody gave it up.
        Cancelled "cancelled",
        /// It was taken back.
        Undone "undone",
    }
}

crate::page_of!(ImportPage, Import);

crate::list_query! {
    /// Filters of the list of imports.
    ImportQuery {
        /// Only this profile.
        #[param(example = "dtsen", max_length = 40)]
        #[validate(length(max = 40, message = "is too long"))]
        profile: String,
        /// Only this status.
        #[param(inline)]
        status: ImportStatus,
    }
}

/// The parts of an upload.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the multipart body in the document")]
pub struct ImportUpload {
    /// Profile of the files: dtsen, p3ke, ppks, growth, jobseekers or programs, or one that was made here.
    #[schema(example = "dtsen", max_length = 40)]
    pub profile: String,
    /// Month they speak of.
    #[schema(example = "2026-10", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    pub period: String,
    /// Of a profile of families: one XLSX that has every part on a sheet of its own, in the place of the parts.
    #[schema(value_type = Option<String>, format = Binary, nullable = false)]
    pub workbook: Option<Vec<u8>>,
    /// Of a list of people: CSV or XLSX.
    #[schema(value_type = Option<String>, format = Binary, nullable = false)]
    pub list: Option<Vec<u8>>,
    /// The family file: CSV or XLSX.
    #[schema(value_type = Option<String>, format = Binary, nullable = false)]
    pub families: Option<Vec<u8>>,
    /// The member file: CSV or XLSX.
    #[schema(value_type = Option<String>, format = Binary, nullable = false)]
    pub members: Option<Vec<u8>>,
}
