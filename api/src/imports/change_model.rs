//! Wire types of what an import would change, and of what is chosen to be applied.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use validator::Validate;

use super::issue_model::ImportPart;
use super::queries::Selection;
use super::queries::diff::DiffRow;
use super::queries::merge::is_region;

crate::slugs! {
    /// How a record differs from the file.
    ChangeKind {
        /// The registry does not have it.
        New "new",
        /// Fields differ.
        Changed "changed",
        /// The family is in another kelurahan, or the person in another family.
        Moved "moved",
        /// The source spoke of it before and does not now. Nothing is deleted.
        Missing "missing",
    }
}

crate::slugs! {
    /// What differs.
    ChangedSubject {
        /// A household.
        Household "household",
        /// A person.
        Individual "individual",
        /// A draft of a program.
        Program "program",
    }
}

/// One field that differs.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// Field; of a group of codes with the code's variable behind a dot.
    #[schema(example = "housing.floor")]
    pub field: String,
    /// What the registry holds; null where nothing.
    #[schema(required, value_type = Option<Value>, example = "earth")]
    pub ours: Option<Value>,
    /// What the file says.
    #[schema(required, value_type = Option<Value>, example = "cement")]
    pub theirs: Option<Value>,
    /// Who said last what the registry holds; manual is a person.
    #[schema(required, example = "manual")]
    pub source: Option<String>,
    /// Whether applying takes the file's value; false where another source or a person is believed more.
    #[schema(example = false)]
    pub applies: bool,
}

/// One record that applying would change, or that the file no longer has.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ImportChange {
    /// Number.
    #[schema(example = 17)]
    pub id: i64,
    /// new, changed, moved or missing.
    #[schema(example = "changed")]
    pub kind: ChangeKind,
    /// household, individual or program.
    #[schema(example = "household")]
    pub subject_kind: String,
    /// Record of the registry; null for a new one.
    #[schema(required)]
    pub subject_id: Option<Uuid>,
    /// Its household; null for a new one.
    #[schema(required)]
    pub household_id: Option<Uuid>,
    /// Kelurahan it is in, or would be.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Part of the upload; null for what is missing.
    #[schema(required, example = "families")]
    pub file: Option<ImportPart>,
    /// Row in the file; null for what is missing.
    #[schema(required, example = 147)]
    pub row: Option<i32>,
    /// Name of the person, or of the head of the household.
    #[schema(required, example = "Siti Aminah")]
    pub name: Option<String>,
    /// Field by field; empty for what is new or missing.
    pub fields: Vec<FieldChange>,
}

impl From<DiffRow> for ImportChange {
    fn from(row: DiffRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            household_id: row.household_id,
            region_code: row.region_code,
            file: row.file,
            row: row.row_no,
            name: row.name,
            fields: serde_json::from_value(row.fields).unwrap_or_default(),
        }
    }
}

crate::page_of!(ImportChangePage, ImportChange);

crate::list_query! {
    /// Filters of the list of changes.
    ImportChangeQuery {
        /// Only this kind.
        #[param(inline)]
        kind: ChangeKind,
        /// Only households, only people, or only programs.
        #[param(inline)]
        subject_kind: ChangedSubject,
        /// Only in this region: a kecamatan or a kelurahan.
        #[param(example = "32.73.01", max_length = 13)]
        #[validate(length(max = 13, message = "is too long"))]
        region: String,
    }
}

/// How many records of each kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct SubjectCounts {
    /// Households.
    #[schema(example = 12)]
    pub households: i64,
    /// People; those of a new or missing household are not counted beside it.
    #[schema(example = 31)]
    pub individuals: i64,
    /// Drafts of programs.
    #[schema(example = 0)]
    pub programs: i64,
}

/// What applying would change, in counts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ChangeCounts {
    /// Not in the registry.
    pub new: SubjectCounts,
    /// With fields that differ.
    pub changed: SubjectCounts,
    /// In another kelurahan or family.
    pub moved: SubjectCounts,
    /// Spoken of before and not now.
    pub missing: SubjectCounts,
}

crate::slugs! {
    /// Kinds that can be applied.
    ApplicableKind {
        /// Records that are not there.
        New "new",
        /// Fields that differ.
        Changed "changed",
        /// Other kelurahan, other family.
        Moved "moved",
    }
}

/// What of an import is to be applied. Left out: everything.
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSelection {
    /// Only these kinds of change.
    #[serde(default)]
    #[schema(example = json!(["new", "changed"]), max_items = 3, nullable = false)]
    #[validate(length(min = 1, max = 3, message = "holds 1 to 3 kinds"))]
    pub kinds: Option<Vec<ApplicableKind>>,
    /// Only in these kecamatan or kelurahan.
    #[serde(default)]
    #[schema(example = json!(["32.73.01"]), max_items = 200, nullable = false)]
    #[validate(length(min = 1, max = 200, message = "holds 1 to 200 regions"))]
    pub areas: Option<Vec<String>>,
}

impl ImportSelection {
    /// As it is kept and applied.
    ///
    /// # Errors
    /// The position of an area that is no region code.
    pub fn selection(self) -> Result<Selection, usize> {
        let areas = self.areas.unwrap_or_default();
        if let Some(at) = areas.iter().position(|area| !is_region(area)) {
            return Err(at);
        }
        let has = |kind| self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
        Ok(Selection {
            new: has(ApplicableKind::New),
            changed: has(ApplicableKind::Changed),
            moved: has(ApplicableKind::Moved),
            areas,
        })
    }
}
