//! Wire types of programs and cycles.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::db::slugs::Sensitivity;
use crate::kernel::dates::{CivilDate, civil};
use crate::kernel::patch::Field;

/// Highest value of one benefit, in rupiah.
pub const MAX_VALUE_IDR: i64 = 10_000_000_000;

crate::slugs! {
    /// How one gets it.
    AccessMode {
        /// By referral: the city or a partner gives; seats, money and claims are kept.
        Referral "referral",
        /// The ministry decides; the city proposes.
        MinistryProposal "ministry_proposal",
        /// People apply themselves.
        SelfApply "self_apply",
        /// Open to whoever comes.
        OpenService "open_service",
    }
}

crate::slugs! {
    /// What is given.
    BenefitKind {
        /// Money.
        Cash "cash",
        /// Things.
        Goods "goods",
        /// A service.
        Service "service",
        /// A premium.
        Insurance "insurance",
        /// A course.
        Training "training",
        /// Work.
        Job "job",
        /// A scholarship.
        Scholarship "scholarship",
        /// A house or its repair.
        Housing "housing",
        /// Capital for a business.
        Capital "capital",
        /// A loan.
        Loan "loan",
    }
}

crate::slugs! {
    /// Who holds a claim.
    ClaimUnit {
        /// One person.
        Person "person",
        /// The household.
        Household "household",
        /// The house, whoever lives in it.
        Dwelling "dwelling",
    }
}

crate::slugs! {
    /// How far it is.
    ProgramStatus {
        /// Being written.
        Draft "draft",
        /// Waits for the coordinator.
        Submitted "submitted",
        /// In the catalogue.
        Published "published",
        /// Takes nobody for now.
        Suspended "suspended",
        /// Over.
        Closed "closed",
    }
}

crate::slugs! {
    /// What happens to a seat afterwards.
    SeatKind {
        /// Used up.
        Stock "stock",
        /// Free again at the end.
        Capacity "capacity",
        /// Used up, all at one time.
        Batch "batch",
    }
}

crate::slugs! {
    /// Whether a cycle takes people.
    CycleStatus {
        /// It does, on its days.
        Open "open",
        /// It does not.
        Closed "closed",
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProgramText {
    /// Indonesian.
    #[schema(min_length = 1, max_length = 2000, example = "Paket sembako lansia")]
    #[validate(length(min = 1, max = 2000, message = "must have 1 to 2000 characters"))]
    pub id: String,
    /// English.
    #[schema(min_length = 1, max_length = 2000, example = "Food parcels for the elderly")]
    #[validate(length(min = 1, max = 2000, message = "must have 1 to 2000 characters"))]
    pub en: String,
}

/// What one gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// What is given.
    pub kind: BenefitKind,
    /// What is counted.
    #[schema(min_length = 1, max_length = 40, example = "household")]
    #[validate(length(min = 1, max = 40, message = "must have 1 to 40 characters"))]
    pub unit: String,
    /// Value of one, in rupiah; 0 is a service without a price.
    #[schema(minimum = 0, maximum = 10000000000_i64, example = 350000)]
    #[validate(range(min = 0, max = MAX_VALUE_IDR, message = "must be 0 to 10,000,000,000"))]
    pub value_idr: i64,
    /// Code of the list `benefit_periods`.
    #[schema(max_length = 60, example = "once")]
    #[validate(length(max = 60, message = "is too long"))]
    pub period: String,
    /// Values that differ by whom it is for; empty: one value for all. A referral may name one.
    #[serde(default)]
    #[schema(max_items = 20)]
    #[validate(nested, length(max = 20, message = "must have at most 20 items"))]
    pub tiers: Vec<BenefitTier>,
}

/// One value among those of a benefit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BenefitTier {
    /// Code, of this program alone.
    #[schema(min_length = 1, max_length = 60, example = "lower_secondary")]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub code: String,
    /// Whom it is for.
    #[validate(nested)]
    pub name: ProgramText,
    /// Value of one, in rupiah.
    #[schema(minimum = 1, maximum = 10000000000_i64, example = 1500000)]
    #[validate(range(min = 1, max = MAX_VALUE_IDR, message = "must be 1 to 10,000,000,000"))]
    pub value_idr: i64,
}

/// A program as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramView {
    /// Id.
    pub id: Uuid,
    /// Stable code.
    #[schema(example = "SEMBAKO_LANSIA")]
    pub code: String,
    /// Official name.
    pub name: ProgramText,
    /// One sentence on what it gives.
    #[schema(required)]
    pub description: Option<ProgramText>,
    /// Who runs it.
    pub organization_id: Uuid,
    /// Its name.
    #[schema(example = "Dinas Sosial Kota Bandung")]
    pub organization_name: String,
    /// Code of the list `pillars`.
    #[schema(example = "jaminan_sosial")]
    pub pillar: String,
    /// Needs it answers: codes of the list `needs`.
    #[schema(example = json!(["pangan"]))]
    pub needs: Vec<String>,
    /// How one gets it.
    pub access_mode: AccessMode,
    /// What one gets.
    pub benefit: Benefit,
    /// Aid nobody gets twice in a period: code of the list `overlap_classes`.
    #[schema(required, example = "food_parcel")]
    pub overlap_class: Option<String>,
    /// Who holds a claim.
    pub claim_unit: ClaimUnit,
    /// Region codes it is limited to; empty: the whole city.
    #[schema(example = json!(["32.73.01"]))]
    pub areas: Vec<String>,
    /// Documents asked for: codes of the list `documents`.
    #[schema(example = json!(["ktp"]))]
    pub documents: Vec<String>,
    /// Legal basis.
    #[schema(required, example = "Perwal 12/2026")]
    pub legal_basis: Option<String>,
    /// How to apply, in words.
    #[schema(required, example = "Lewat rujukan Puskesos kelurahan.")]
    pub how_to_apply: Option<String>,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// How far it is.
    pub status: ProgramStatus,
    /// Why the coordinator returned it.
    #[schema(required, example = "Dasar hukum belum ada.")]
    pub return_reason: Option<String>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: edit, submit, publish, return, suspend, close, add_cycle.
    #[schema(example = json!(["edit", "submit"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(ProgramPage, ProgramView);

/// A program to enter, as a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewProgram {
    /// Stable code: letters, digits, underscore, dash.
    #[schema(min_length = 2, max_length = 60, pattern = "^[A-Za-z0-9_-]{2,60}$", example = "SEMBAKO_LANSIA")]
    #[validate(length(min = 2, max = 60, message = "must have 2 to 60 characters"))]
    pub code: String,
    /// Official name.
    #[validate(nested)]
    pub name: ProgramText,
    /// One sentence on what it gives.
    #[validate(nested)]
    pub description: Option<ProgramText>,
    /// Who runs it; partners and officers enter their own only.
    pub organization_id: Uuid,
    /// Code of the list `pillars`.
    #[schema(max_length = 60, example = "jaminan_sosial")]
    #[validate(length(max = 60, message = "is too long"))]
    pub pillar: String,
    /// Needs it answers: codes of the list `needs`.
    #[schema(min_items = 1, max_items = 30, example = json!(["pangan"]))]
    #[validate(length(min = 1, max = 30, message = "must have 1 to 30 items"))]
    pub needs: Vec<String>,
    /// How one gets it.
    pub access_mode: AccessMode,
    /// What one gets.
    #[validate(nested)]
    pub benefit: Benefit,
    /// Code of the list `overlap_classes`.
    #[schema(max_length = 60, example = "food_parcel")]
    #[validate(length(max = 60, message = "is too long"))]
    pub overlap_class: Option<String>,
    /// Who holds a claim.
    pub claim_unit: ClaimUnit,
    /// Kecamatan or kelurahan it is limited to; left out: the whole city.
    #[serde(default)]
    #[schema(max_items = 200, example = json!([]))]
    #[validate(length(max = 200, message = "must have at most 200 items"))]
    pub areas: Vec<String>,
    /// Documents asked for: codes of the list `documents`.
    #[serde(default)]
    #[schema(max_items = 30, example = json!(["ktp"]))]
    #[validate(length(max = 30, message = "must have at most 30 items"))]
    pub documents: Vec<String>,
    /// Legal basis.
    #[schema(max_length = 1000, example = "Perwal 12/2026")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub legal_basis: Option<String>,
    /// How to apply, in words.
    #[schema(max_length = 4000, example = "Lewat rujukan Puskesos kelurahan.")]
    #[validate(length(max = 4000, message = "is too long"))]
    pub how_to_apply: Option<String>,
    /// Who may see it; becomes `restricted` by itself where a need or the overlap class is.
    pub sensitivity: Option<Sensitivity>,
}

/// Changes to a draft (merge-patch). `code` and `organization_id` stay.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProgramPatch {
    /// Official name, whole.
    #[serde(default)]
    #[schema(value_type = Option<ProgramText>, nullable = false)]
    pub name: Field<ProgramText>,
    /// One sentence on what it gives; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<ProgramText>)]
    pub description: Field<ProgramText>,
    /// Code of the list `pillars`.
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false, max_length = 60, example = "jaminan_sosial")]
    pub pillar: Field<String>,
    /// Needs it answers.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, nullable = false, min_items = 1, max_items = 30, example = json!(["pangan"]))]
    pub needs: Field<Vec<String>>,
    /// How one gets it.
    #[serde(default)]
    #[schema(value_type = Option<AccessMode>, nullable = false)]
    pub access_mode: Field<AccessMode>,
    /// What one gets, whole.
    #[serde(default)]
    #[schema(value_type = Option<Benefit>, nullable = false)]
    pub benefit: Field<Benefit>,
    /// Code of the list `overlap_classes`; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 60, example = "food_parcel")]
    pub overlap_class: Field<String>,
    /// Who holds a claim.
    #[serde(default)]
    #[schema(value_type = Option<ClaimUnit>, nullable = false)]
    pub claim_unit: Field<ClaimUnit>,
    /// Region codes it is limited to.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, nullable = false, max_items = 200, example = json!([]))]
    pub areas: Field<Vec<String>>,
    /// Documents asked for.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, nullable = false, max_items = 30, example = json!(["ktp"]))]
    pub documents: Field<Vec<String>>,
    /// Legal basis; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000, example = "Perwal 12/2026")]
    pub legal_basis: Field<String>,
    /// How to apply; null removes it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 4000, example = "Lewat rujukan Puskesos kelurahan.")]
    pub how_to_apply: Field<String>,
    /// Who may see it.
    #[serde(default)]
    #[schema(value_type = Option<Sensitivity>, nullable = false)]
    pub sensitivity: Field<Sensitivity>,
}

/// Why a program goes back to its organization.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProgramReturn {
    /// What is missing, in words.
    #[schema(min_length = 1, max_length = 1000, example = "Dasar hukum belum ada.")]
    #[validate(length(min = 1, max = 1000, message = "must have 1 to 1000 characters"))]
    pub reason: String,
}

crate::list_query! {
    /// Filters of the catalogue.
    ProgramQuery {
        /// Only this status.
        #[param(inline)]
        status: ProgramStatus,
        /// Only programs that answer this need.
        #[param(max_length = 60, example = "pangan")]
        #[validate(length(max = 60, message = "is too long"))]
        need: String,
        /// Only this pillar.
        #[param(max_length = 60, example = "jaminan_sosial")]
        #[validate(length(max = 60, message = "is too long"))]
        pillar: String,
        /// Only this organization.
        organization_id: Uuid,
        /// Only this way of getting it.
        #[param(inline)]
        access_mode: AccessMode,
        /// Only programs that reach this region, dotted.
        #[param(max_length = 20, example = "32.73.01.1001")]
        #[validate(length(max = 20, message = "is too long"))]
        region: String,
        /// Only programs with a cycle that runs today and has a free seat.
        #[param(example = true)]
        open: bool,
        /// Part of the code or name.
        #[param(max_length = 100, example = "sembako")]
        #[validate(length(max = 100, message = "is too long"))]
        q: String,
    }
}

/// A cycle of a program: a fiscal year or a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct CycleView {
    /// Id.
    pub id: Uuid,
    /// The program.
    pub program_id: Uuid,
    /// Name.
    #[schema(example = "2026")]
    pub name: String,
    /// First day.
    #[schema(example = "2026-01-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2026-12-31")]
    pub ends_on: NaiveDate,
    /// What happens to a seat afterwards.
    pub seat_kind: SeatKind,
    /// How many there are.
    #[schema(example = 100)]
    pub seats: i32,
    /// How many are taken; null where the caller may not know it.
    #[schema(required, example = 12)]
    pub seats_taken: Option<i32>,
    /// Version of the eligibility rule in force.
    #[schema(example = 1)]
    pub rule_version: i32,
    /// Whether it takes people.
    pub status: CycleStatus,
    /// Version, as in the ETag; taking a seat does not change it.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: edit.
    #[schema(example = json!(["edit"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(CyclePage, CycleView);

/// A cycle to open.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewCycle {
    /// Name; the year of its first day where left out.
    #[schema(min_length = 1, max_length = 100, example = "2026")]
    #[validate(length(min = 1, max = 100, message = "must have 1 to 100 characters"))]
    pub name: Option<String>,
    /// First day.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-01-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-12-31")]
    pub ends_on: NaiveDate,
    /// What happens to a seat afterwards.
    pub seat_kind: SeatKind,
    /// How many there are.
    #[schema(minimum = 0, maximum = 10000000, example = 100)]
    #[validate(range(min = 0, max = 10_000_000, message = "must be 0 to 10,000,000"))]
    pub seats: i32,
}

/// Changes to a cycle (merge-patch). Dates change only while no seat is taken.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CyclePatch {
    /// Name.
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 100, example = "2026")]
    pub name: Field<String>,
    /// First day.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, nullable = false, example = "2026-01-01")]
    pub starts_on: Field<CivilDate>,
    /// Last day.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, nullable = false, example = "2026-12-31")]
    pub ends_on: Field<CivilDate>,
    /// How many seats there are; not fewer than are taken.
    #[serde(default)]
    #[schema(value_type = Option<i32>, nullable = false, minimum = 0, maximum = 10000000, example = 120)]
    pub seats: Field<i32>,
    /// Whether it takes people.
    #[serde(default)]
    #[schema(value_type = Option<CycleStatus>, nullable = false)]
    pub status: Field<CycleStatus>,
}
