//! Wire types of import profiles.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::profile::{ColumnKind, ListKind, Profile};
use super::queries::profiles::ProfileRow;
use crate::access::Principal;
use crate::access::policy::{ImportProfileActivate, ImportProfileEdit};
use crate::kernel::label::Label;
use crate::kernel::problem::Problem;

crate::slugs! {
    /// How far a version of a profile is.
    ProfileStatus {
        /// Being looked at; no file is read by it.
        Draft "draft",
        /// By it files of its name are read.
        Active "active",
        /// Replaced or given up; the imports it read still name it.
        Retired "retired",
    }
}

crate::slugs! {
    /// Where a profile comes from.
    ProfileOrigin {
        /// With the service.
        BuiltIn "built_in",
        /// Made by the office.
        Office "office",
    }
}

/// A version of the layout of a source's files.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportProfile {
    /// Id of the version.
    pub id: Uuid,
    /// Name that all versions share; an upload gives it.
    #[schema(example = "puskesos")]
    pub name: String,
    /// Which version, from 1.
    #[schema(example = 2)]
    pub profile_version: i32,
    /// Where it comes from.
    pub origin: ProfileOrigin,
    /// How far it is.
    pub status: ProfileStatus,
    /// What people call it.
    pub label: Label,
    /// What a list is about; null for files of families.
    #[schema(required)]
    pub list: Option<ListKind>,
    /// Parts of an upload.
    #[schema(example = json!(["list"]))]
    pub parts: Vec<String>,
    /// Whether an import of it is for who sent it and for supervisors.
    #[schema(example = true)]
    pub sensitive: bool,
    /// Files, columns and codes; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Profile>,
    /// Account that wrote it; null where it came with the service.
    #[schema(required)]
    pub drafted_by: Option<Uuid>,
    /// Account whose second key put it into use.
    #[schema(required)]
    pub activated_by: Option<Uuid>,
    /// When it came into use.
    #[schema(required)]
    pub activated_at: Option<DateTime<Utc>>,
    /// Version of the row, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: activate, retire, discard.
    #[schema(example = json!(["activate"]))]
    pub can: Vec<&'static str>,
}

impl ImportProfile {
    /// The version as this caller sees it.
    ///
    /// # Errors
    /// What is stored is no profile.
    pub fn of(row: ProfileRow, principal: &Principal, whole: bool) -> Result<Self, Problem> {
        let mut can = Vec::new();
        let office = row.origin == ProfileOrigin::Office;
        if row.status == ProfileStatus::Draft {
            if principal.may::<ImportProfileActivate>() && row.drafted_by != Some(principal.id) {
                can.push("activate");
            }
            if principal.may::<ImportProfileEdit>() {
                can.push("discard");
            }
        }
        if row.status == ProfileStatus::Active && office && principal.may::<ImportProfileActivate>() {
            can.push("retire");
        }
        let definition: Profile = serde_json::from_value(row.definition).map_err(Problem::internal)?;
        Ok(Self {
            id: row.id,
            name: row.name,
            profile_version: row.profile_version,
            origin: row.origin,
            status: row.status,
            label: serde_json::from_value(row.label).map_err(Problem::internal)?,
            list: definition.list,
            parts: definition.files.iter().map(|layout| layout.file.clone()).collect(),
            sensitive: definition.sensitive,
            definition: whole.then_some(definition),
            drafted_by: row.drafted_by,
            activated_by: row.activated_by,
            activated_at: row.activated_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            can,
        })
    }
}

crate::page_of!(ImportProfilePage, ImportProfile);

crate::list_query! {
    /// Filters of the list of profiles.
    ImportProfileQuery {
        /// Only this status.
        #[param(inline)]
        status: ProfileStatus,
        /// Only versions of this profile.
        #[param(max_length = 40, example = "dtsen")]
        #[validate(length(max = 40, message = "is too long"))]
        profile: String,
    }
}

/// A profile to draft: the first version of a new name, or the next of a known one.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewImportProfile {
    /// Name that all versions share.
    #[schema(pattern = "^[a-z][a-z0-9_]{1,39}$", max_length = 40, example = "puskesos")]
    #[validate(custom(function = "is_name"))]
    pub name: String,
    /// What people call it.
    #[validate(nested)]
    pub label: Label,
    /// Files, columns and codes.
    pub definition: Profile,
}

/// Refuses what is no name of a source or profile; for `validate(custom(…))`.
pub fn is_name(name: &str) -> Result<(), validator::ValidationError> {
    let fits = (2..=40).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits {
        return Ok(());
    }
    Err(validator::ValidationError::new("pattern")
        .with_message("must be 2 to 40 lower-case letters, digits and underscores".into()))
}

crate::slugs! {
    /// What the values of a column look like.
    ColumnLook {
        /// Nothing in it.
        Empty "empty",
        /// Sixteen digits.
        Sixteen "sixteen_digits",
        /// Days.
        Date "date",
        /// Telephone numbers.
        Phone "phone",
        /// Few values, again and again.
        Code "code",
        /// Numbers.
        Number "number",
        /// Words.
        Text "text",
    }
}

/// One column of a sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectedColumn {
    /// Position, from 0.
    #[schema(example = 1)]
    pub at: usize,
    /// Heading as the file writes it.
    #[schema(example = "NIK Anak")]
    pub heading: String,
    /// The heading as a profile writes it.
    #[schema(example = "nik_anak")]
    pub key: String,
    /// Variable that the profile knows the heading as; else the one its other profiles know it as; null where none.
    #[schema(required, example = "nik")]
    pub variable: Option<String>,
    /// Where the variable's value goes.
    #[schema(required)]
    pub kind: Option<ColumnKind>,
    /// Whether the named profile itself knows the heading.
    #[schema(example = true)]
    pub known: bool,
    /// What its values look like.
    pub look: ColumnLook,
    /// A few values with their personal part hidden; of a code its different values as they are.
    #[schema(example = json!(["3273********0001"]))]
    pub samples: Vec<String>,
}

/// What the first rows of a sample show.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectedFile {
    /// Profile it was held against.
    #[schema(example = "growth")]
    pub name: String,
    /// Part of the profile it is most like.
    #[schema(example = "list")]
    pub part: String,
    /// utf-8, cp1252 or xlsx.
    #[schema(example = "utf-8")]
    pub encoding: String,
    /// Character between cells; null for a workbook.
    #[schema(required, example = ";")]
    pub separator: Option<String>,
    /// Row of the headings.
    #[schema(example = 1)]
    pub header_row: u32,
    /// Its columns.
    pub columns: Vec<InspectedColumn>,
    /// Headings of required variables that no column has.
    #[schema(example = json!(["tinggi"]))]
    pub missing: Vec<String>,
    /// Variables a profile of this kind may map.
    #[schema(example = json!(["nik", "name"]))]
    pub variables: Vec<String>,
}

/// The parts of a sample.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the multipart body in the document")]
pub struct SampleUpload {
    /// Profile to hold it against.
    #[schema(example = "growth", max_length = 40)]
    pub name: String,
    /// The sample: CSV or XLSX; its first rows are read and nothing of it is kept.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}
