//! Wire types of funding sources and their ledger.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::db::slugs::Sensitivity;

/// Largest single movement, in rupiah: above the city's whole yearly budget.
pub const MAX_AMOUNT_IDR: i64 = 100_000_000_000_000;

crate::slugs! {
    /// Where the money comes from.
    FundingKind {
        /// City budget.
        ApbdKota "apbd_kota",
        /// Provincial budget.
        ApbdProvinsi "apbd_provinsi",
        /// State budget.
        Apbn "apbn",
        /// A foundation's own.
        Foundation "foundation",
        /// Philanthropy.
        Philanthropy "philanthropy",
        /// Zakat.
        Zakat "zakat",
        /// A company's social responsibility.
        Csr "csr",
        /// A grant.
        Grant "grant",
    }
}

crate::slugs! {
    /// Whether a source may be used.
    FundingStatus {
        /// It may.
        Open "open",
        /// Its year is closed.
        Closed "closed",
    }
}

crate::slugs! {
    /// Account of the ledger.
    Bucket {
        /// Contra side of what comes in; the only one that is negative.
        Origin "origin",
        /// Promised, no money yet.
        Pledged "pledged",
        /// Received or appropriated, free.
        Available "available",
        /// Set aside for a cycle.
        Allotted "allotted",
        /// Held for a referral that was sent.
        Reserved "reserved",
        /// Owed for a referral that was accepted.
        Committed "committed",
        /// Given.
        Disbursed "disbursed",
        /// No longer usable.
        Lapsed "lapsed",
    }
}

crate::slugs! {
    /// Kind of a movement.
    LedgerKind {
        /// A promise.
        Pledge "pledge",
        /// Money came in; what was pledged counts as received first.
        Receive "receive",
        /// A budget was granted.
        Appropriate "appropriate",
        /// A budget was changed.
        Revise "revise",
        /// Set aside for a cycle.
        Allot "allot",
        /// A referral was sent.
        Reserve "reserve",
        /// A referral was accepted.
        Commit "commit",
        /// Help was given.
        Disburse "disburse",
        /// Given back: by a referral to its cycle, or by a cycle to its source.
        Release "release",
        /// Paid back.
        Refund "refund",
        /// The year ended.
        Lapse "lapse",
        /// Taken into the next year.
        CarryOver "carry_over",
        /// Year closed.
        CloseYear "close_year",
    }
}

/// What a source may be spent on; an empty list does not limit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Restrictions {
    /// Codes of the list `needs`.
    #[schema(max_items = 30, example = json!(["pangan"]))]
    #[validate(length(max = 30, message = "must have at most 30 items"))]
    pub needs: Vec<String>,
    /// Region codes.
    #[schema(max_items = 200, example = json!([]))]
    #[validate(length(max = 200, message = "must have at most 200 items"))]
    pub areas: Vec<String>,
    /// Codes of the list `pillars`.
    #[schema(max_items = 10, example = json!([]))]
    #[validate(length(max = 10, message = "must have at most 10 items"))]
    pub pillars: Vec<String>,
}

/// Sum of the entries by account, in the unit of the source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Balance {
    /// Promised, no money yet.
    #[schema(example = 0)]
    pub pledged: i64,
    /// Free.
    #[schema(example = 600000000)]
    pub available: i64,
    /// Set aside for cycles, not yet held for anybody.
    #[schema(example = 350000000)]
    pub allotted: i64,
    /// Held for referrals that were sent.
    #[schema(example = 2000000)]
    pub reserved: i64,
    /// Owed for referrals that were accepted.
    #[schema(example = 8000000)]
    pub committed: i64,
    /// Given.
    #[schema(example = 40000000)]
    pub disbursed: i64,
    /// No longer usable.
    #[schema(example = 0)]
    pub lapsed: i64,
}

impl Balance {
    pub(super) fn add(&mut self, bucket: Bucket, amount: i64) {
        let slot = match bucket {
            Bucket::Origin => return,
            Bucket::Pledged => &mut self.pledged,
            Bucket::Available => &mut self.available,
            Bucket::Allotted => &mut self.allotted,
            Bucket::Reserved => &mut self.reserved,
            Bucket::Committed => &mut self.committed,
            Bucket::Disbursed => &mut self.disbursed,
            Bucket::Lapsed => &mut self.lapsed,
        };
        *slot += amount;
    }
}

/// Money of one cycle in a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct CycleBalance {
    /// The cycle.
    pub cycle_id: Uuid,
    /// Its program.
    pub program_id: Uuid,
    /// Its share.
    pub balance: Balance,
}

/// Balance of a source, in all and by cycle.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalanceView {
    /// The source.
    pub funding_source_id: Uuid,
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// Promised, no money yet.
    #[schema(example = 0)]
    pub pledged: i64,
    /// Free.
    #[schema(example = 600000000)]
    pub available: i64,
    /// Set aside for cycles, not yet held for anybody.
    #[schema(example = 350000000)]
    pub allotted: i64,
    /// Held for referrals that were sent.
    #[schema(example = 2000000)]
    pub reserved: i64,
    /// Owed for referrals that were accepted.
    #[schema(example = 8000000)]
    pub committed: i64,
    /// Given.
    #[schema(example = 40000000)]
    pub disbursed: i64,
    /// No longer usable.
    #[schema(example = 0)]
    pub lapsed: i64,
    /// By cycle, where something was set aside.
    pub cycles: Vec<CycleBalance>,
}

/// A source of money as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FundingSourceView {
    /// Id.
    pub id: Uuid,
    /// Stable code.
    #[schema(example = "APBD-2026-DINSOS")]
    pub code: String,
    /// Where the money comes from.
    pub kind: FundingKind,
    /// Owner.
    pub organization_id: Uuid,
    /// Its name.
    #[schema(example = "Dinas Sosial Kota Bandung")]
    pub organization_name: String,
    /// Fiscal year.
    #[schema(example = 2026)]
    pub fiscal_year: i32,
    /// Name.
    #[schema(example = "APBD 2026, rehabilitasi sosial")]
    pub name: String,
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// What it may be spent on.
    pub restrictions: Restrictions,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// Whether it may be used.
    pub status: FundingStatus,
    /// Sum of its entries.
    pub balance: Balance,
    /// Version, as in the ETag; movements do not change it.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    pub updated_at: DateTime<Utc>,
    /// When its year was closed.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// What this caller may do next: pledge, receive, appropriate, revise, allot, release, refund, lapse, carry_over,
    /// close_year.
    #[schema(example = json!(["allot"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(FundingSourcePage, FundingSourceView);

fn unit_name(value: &str) -> Result<(), ValidationError> {
    let item = (2..=40).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if item || value == "IDR" {
        return Ok(());
    }
    Err(ValidationError::new("pattern").with_message("must be IDR or 2 to 40 lower-case letters, digits and _".into()))
}

/// A source to enter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewFundingSource {
    /// Stable code: letters, digits, underscore, dash, dot.
    #[schema(min_length = 2, max_length = 60, pattern = "^[A-Za-z0-9._-]{2,60}$", example = "APBD-2026-DINSOS")]
    #[validate(length(min = 2, max = 60, message = "must have 2 to 60 characters"))]
    pub code: String,
    /// Where the money comes from. A partner enters foundation, philanthropy, zakat, csr and grant.
    pub kind: FundingKind,
    /// Owner; a partner enters its own only.
    pub organization_id: Uuid,
    /// Fiscal year.
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    #[validate(range(min = 2000, max = 2100, message = "must be 2000 to 2100"))]
    pub fiscal_year: i32,
    /// IDR where left out; otherwise what is counted, as programs name the unit of their benefit: then it holds whole
    /// items, one an award.
    #[schema(pattern = "^(IDR|[a-z][a-z0-9_]{1,39})$", default = "IDR", example = "paket")]
    #[validate(custom(function = "unit_name"))]
    pub unit: Option<String>,
    /// Name.
    #[schema(min_length = 1, max_length = 200, example = "APBD 2026, rehabilitasi sosial")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub name: String,
    /// What it may be spent on.
    #[serde(default)]
    #[validate(nested)]
    pub restrictions: Restrictions,
    /// Who may see it.
    pub sensitivity: Option<Sensitivity>,
}

/// One line of a movement.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerLineView {
    /// Account.
    pub bucket: Bucket,
    /// What it gained (positive) or lost (negative).
    #[schema(example = -350000000)]
    pub amount: i64,
}

/// A movement of money: its lines sum to zero. Never changed, never deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerEntryView {
    /// Id.
    pub id: Uuid,
    /// What happened.
    pub kind: LedgerKind,
    /// The cycle, where one is concerned.
    #[schema(required)]
    pub cycle_id: Option<Uuid>,
    /// The referral, where one is concerned.
    #[schema(required)]
    pub referral_id: Option<Uuid>,
    /// The same for both sides of what goes from one source to another.
    #[schema(required)]
    pub transfer_id: Option<Uuid>,
    /// How much moved.
    #[schema(example = 350000000)]
    pub amount: i64,
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// Paper behind it.
    #[schema(required, example = "SK 466/2026")]
    pub reference: Option<String>,
    /// Why, in words.
    #[schema(required, example = "Kuota tahap II")]
    pub reason: Option<String>,
    /// Account that did it.
    #[schema(required)]
    pub created_by: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
    /// Its lines.
    pub lines: Vec<LedgerLineView>,
}

crate::page_of!(LedgerPage, LedgerEntryView);

crate::list_query! {
    /// Filters of the list of sources.
    FundingQuery {
        /// Only this kind.
        #[param(inline)]
        kind: FundingKind,
        /// Only this owner.
        organization_id: Uuid,
        /// Only this fiscal year.
        #[param(minimum = 2000, maximum = 2100, example = 2026)]
        #[validate(range(min = 2000, max = 2100, message = "must be 2000 to 2100"))]
        fiscal_year: i32,
        /// Only this status.
        #[param(inline)]
        status: FundingStatus,
    }
}

crate::list_query! {
    /// Filters of a ledger.
    LedgerQuery {
        /// Only this kind.
        #[param(inline)]
        kind: LedgerKind,
        /// Only this cycle.
        cycle_id: Uuid,
    }
}
