//! Wire types of what is asked of a source's money, and of what waits for a second person.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{LedgerKind, MAX_AMOUNT_IDR};

/// Declares a request that moves an amount of rupiah or items, with its paper and reason.
macro_rules! money_body {
    ($(#[$outer:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$meta])* pub $field: $type,)*
            /// Rupiah, where the source counts rupiah.
            #[schema(minimum = 1, maximum = 100000000000000_i64, example = 350000000)]
            #[validate(range(min = 1, max = MAX_AMOUNT_IDR, message = "must be 1 to 100,000,000,000,000"))]
            pub amount_idr: Option<i64>,
            /// Items, where the source counts goods.
            #[schema(minimum = 1, maximum = 1000000000, example = 40)]
            #[validate(range(min = 1, max = 1_000_000_000, message = "must be 1 to 1,000,000,000"))]
            pub items: Option<i64>,
            /// Paper behind it: decree, transfer, contract.
            #[schema(max_length = 200, example = "SK 466/2026")]
            #[validate(length(max = 200, message = "is too long"))]
            pub reference: Option<String>,
            /// Why, in words.
            #[schema(max_length = 1000, example = "Kuota tahap II")]
            #[validate(length(max = 1000, message = "is too long"))]
            pub reason: Option<String>,
        }
    };
}

money_body! {
    /// An amount that comes in or is promised.
    MoneyIn {}
}

money_body! {
    /// An amount that goes to a cycle or comes back from it.
    Allotment {
        /// The cycle.
        cycle_id: Uuid,
    }
}

money_body! {
    /// Help that was paid back.
    Refund {
        /// The referral whose help it was.
        referral_id: Uuid,
        /// Where it goes: back to the cycle (where left out) or to the source.
        #[schema(inline)]
        to: Option<RefundTo>,
    }
}

money_body! {
    /// What can no longer be used; without an amount all that is left there.
    Lapse {
        /// Of this cycle's allotment; of what is free in the source where left out.
        cycle_id: Option<Uuid>,
    }
}

money_body! {
    /// Free money that goes into the next year; without an amount all of it.
    CarryOver {
        /// The owner's source of the next fiscal year, in the same unit, spent on nothing wider.
        to_source_id: Uuid,
    }
}

crate::slugs! {
    /// Where money that was paid back goes.
    RefundTo {
        /// To the allotment of its cycle.
        Cycle "cycle",
        /// To what is free in the source.
        Source "source",
    }
}

crate::slugs! {
    /// What becomes of the free money of a year that ends.
    Rest {
        /// It lapses.
        Lapse "lapse",
        /// It goes to the source of the next year.
        CarryOver "carry_over",
    }
}

/// A budget that was changed by decree.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Rupiah more, or less with a minus, where the source counts rupiah. Never below what is allotted.
    #[schema(minimum = -100000000000000_i64, maximum = 100000000000000_i64, example = -50000000)]
    #[validate(range(min = -MAX_AMOUNT_IDR, max = MAX_AMOUNT_IDR, message = "must be at most 100,000,000,000,000"))]
    pub amount_idr: Option<i64>,
    /// Items more or less, where the source counts goods.
    #[schema(minimum = -1000000000, maximum = 1000000000, example = 20)]
    #[validate(range(min = -1_000_000_000, max = 1_000_000_000, message = "must be at most 1,000,000,000"))]
    pub items: Option<i64>,
    /// The decree.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "Perda 7/2026 (Perubahan APBD)")]
    #[validate(
        length(min = 1, max = 200, message = "must have 1 to 200 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub reference: String,
    /// Why, in words.
    #[schema(max_length = 1000, example = "Rasionalisasi")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub reason: Option<String>,
}

/// How a year ends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct YearEnd {
    /// Source of the next year that takes over what is held for referrals, and the rest if asked for.
    pub to_source_id: Option<Uuid>,
    /// What becomes of the free money; it lapses where left out.
    #[schema(inline)]
    pub rest: Option<Rest>,
    /// Paper behind it.
    #[schema(max_length = 200, example = "LKPJ 2026")]
    #[validate(length(max = 200, message = "is too long"))]
    pub reference: Option<String>,
    /// Why, in words.
    #[schema(max_length = 1000, example = "Akhir tahun anggaran")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub reason: Option<String>,
}

crate::slugs! {
    /// Where a proposal stands.
    ProposalStatus {
        /// It waits for a second person.
        Proposed "proposed",
        /// It was approved and done.
        Approved "approved",
        /// It was turned down, or taken back.
        Rejected "rejected",
    }
}

/// A movement of money that waits, or waited, for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub struct FundingProposal {
    /// Id.
    pub id: Uuid,
    /// The source.
    pub funding_source_id: Uuid,
    /// Its name.
    #[schema(example = "APBD 2026, rehabilitasi sosial")]
    pub funding_source_name: String,
    /// What is asked.
    pub kind: LedgerKind,
    /// How much; null where it is whatever is left at that moment. Negative for a revision downwards.
    #[schema(required, example = 12000000000_i64)]
    pub amount: Option<i64>,
    /// Unit: IDR for rupiah.
    #[schema(example = "IDR")]
    pub unit: String,
    /// The cycle, where one is concerned.
    #[schema(required)]
    pub cycle_id: Option<Uuid>,
    /// The referral, where one is concerned.
    #[schema(required)]
    pub referral_id: Option<Uuid>,
    /// The source of the next year, where one is concerned.
    #[schema(required)]
    pub to_source_id: Option<Uuid>,
    /// At the end of a year: what becomes of the free money.
    #[schema(required)]
    pub rest: Option<Rest>,
    /// Paper behind it.
    #[schema(required, example = "SK 466/2026")]
    pub reference: Option<String>,
    /// Why, in words.
    #[schema(required, example = "Akhir tahun anggaran")]
    pub reason: Option<String>,
    /// Where it stands.
    pub status: ProposalStatus,
    /// Account that asked.
    pub proposed_by: Uuid,
    /// Its name.
    #[schema(example = "Rina Marlina")]
    pub proposed_by_name: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Account that decided.
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// Its name.
    #[schema(required, example = "Dadang Hidayat")]
    pub decided_by_name: Option<String>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was turned down.
    #[schema(required, example = "Salah sumber")]
    pub decision_reason: Option<String>,
    /// What this caller may do: approve, reject.
    #[schema(example = json!(["approve", "reject"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(FundingProposalPage, FundingProposal);

crate::list_query! {
    /// Filters of the list of proposals.
    FundingProposalQuery {
        /// Only of this source.
        funding_source_id: Uuid,
        /// Only this status.
        #[param(inline)]
        status: ProposalStatus,
        /// Only this kind.
        #[param(inline)]
        kind: LedgerKind,
    }
}

/// Why a proposal is turned down.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProposalRejection {
    /// Why, in words.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Salah sumber")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub reason: String,
}
