//! Wire types of the quality of the registry.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

crate::slugs! {
    /// By what the counts are added up.
    QualityGroup {
        /// A row a field.
        Field "field",
        /// A row a source.
        Source "source",
        /// A row a kecamatan.
        District "district",
        /// A row a kelurahan.
        Region "region",
    }
}

crate::slugs! {
    /// Whose field it is.
    QualitySubject {
        /// Of households.
        Household "household",
        /// Of people.
        Individual "individual",
    }
}

crate::slugs! {
    /// What is wrong with a value.
    QualityFinding {
        /// There is none.
        Missing "missing",
        /// Nobody confirmed the record for twelve months.
        Stale "stale",
        /// Sources, or records, disagree.
        Conflict "conflict",
    }
}

crate::slugs! {
    /// A field that is looked at.
    QualityField {
        /// Number of the family card.
        FamilyCard "family_card",
        /// Decile.
        Decile "decile",
        /// Street of the domicile.
        Street "street",
        /// RT and RW.
        Neighbourhood "neighbourhood",
        /// Coordinates.
        Coordinates "coordinates",
        /// Whether all members are known.
        Members "members",
        /// Floor.
        Floor "floor",
        /// Wall.
        Wall "wall",
        /// Source of water.
        Water "water",
        /// Toilet.
        Toilet "toilet",
        /// Who owns the house.
        HouseStatus "house_status",
        /// NIK.
        Nik "nik",
        /// Day of birth.
        BirthDate "birth_date",
        /// Sex.
        Sex "sex",
        /// Name of the mother.
        MotherName "mother_name",
        /// Phone.
        Phone "phone",
        /// Relation to the head.
        Relation "relation",
        /// Marital status.
        MaritalStatus "marital_status",
        /// Whether at school.
        School "school_participation",
        /// Work.
        Working "working",
    }
}

/// Counts of one field, source, kecamatan or kelurahan.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct QualityCount {
    /// Field, source or region code, as asked.
    #[schema(example = "floor")]
    pub key: String,
    /// Whose field it is; null where fields of both are added up.
    #[schema(required, example = "household")]
    pub subject_kind: Option<String>,
    /// Values there should be: a record counts once for each field.
    #[schema(example = 2412)]
    pub records: i64,
    /// Of them, those that are there.
    #[schema(example = 2300)]
    pub filled: i64,
    /// Of them, those of records that nobody confirmed for twelve months.
    #[schema(example = 120)]
    pub stale: i64,
    /// Of them, those over which sources or records disagree.
    #[schema(example = 31)]
    pub conflicts: i64,
    /// When the oldest of these counts was made.
    pub computed_at: DateTime<Utc>,
}

crate::page_of!(QualityCountPage, QualityCount);

crate::list_query! {
    /// Filters of the counts.
    QualityCountQuery {
        /// By what they are added up; by field unless said otherwise.
        #[param(inline)]
        by: QualityGroup,
        /// Only in this kecamatan or kelurahan.
        #[param(example = "32.73.01", max_length = 13)]
        #[validate(length(max = 13, message = "is too long"))]
        region: String,
        /// Only records of this source.
        #[param(example = "dtsen", max_length = 40)]
        #[validate(length(max = 40, message = "is too long"))]
        source: String,
        /// Only this field.
        #[param(inline)]
        field: QualityField,
        /// Only fields of households, or of people.
        #[param(inline)]
        subject_kind: QualitySubject,
    }
}

/// What one source says of a field.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SourceStatement {
    /// Source.
    #[schema(example = "p3ke")]
    pub source: String,
    /// Month it speaks of.
    #[schema(example = "2023-12")]
    pub period: String,
    /// What it says.
    #[schema(required, example = "earth")]
    pub value: Option<String>,
}

/// One record behind a count.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct QualityRecord {
    /// household or individual.
    #[schema(example = "household")]
    pub subject_kind: String,
    /// Record.
    pub id: Uuid,
    /// Its household.
    pub household_id: Uuid,
    /// Kelurahan of domicile.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Name of the person, or of the head.
    #[schema(required, example = "Siti Aminah")]
    pub name: Option<String>,
    /// Source the record came from.
    #[schema(example = "dtsen")]
    pub source: String,
    /// Newest month a source spoke of the household; null where none did.
    #[schema(required, example = "2026-10")]
    pub confirmed: Option<String>,
    /// What the sources say, where they disagree about a household; else empty.
    pub said: Vec<SourceStatement>,
}

crate::page_of!(QualityRecordPage, QualityRecord);

/// Which records are behind a count.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QualityRecordQuery {
    /// Field.
    #[param(inline)]
    pub field: QualityField,
    /// What is wrong with it.
    #[param(inline)]
    pub finding: QualityFinding,
    /// Kecamatan or kelurahan.
    #[param(example = "32.73.01.1001", min_length = 8, max_length = 13)]
    #[validate(length(min = 8, max = 13, message = "is a kecamatan or a kelurahan"))]
    pub region: String,
    /// Only records of this source.
    #[param(nullable = false, example = "dtsen", max_length = 40)]
    #[validate(length(max = 40, message = "is too long"))]
    pub source: Option<String>,
    /// Rows a page, 1 to 200.
    #[param(nullable = false, minimum = 1, maximum = 200, default = 50, example = 50)]
    #[validate(range(min = 1, max = 200, message = "must be 1 to 200"))]
    pub limit: Option<u32>,
    /// `page.next_cursor` of the page before.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]{16,2000}$")]
    #[validate(custom(function = "crate::kernel::page::check_cursor"))]
    pub cursor: Option<String>,
    /// Also count the rows (up to 10,000).
    #[param(nullable = false)]
    pub include_total: Option<bool>,
}
