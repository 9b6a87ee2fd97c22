//! Wire types of how far each source is believed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

crate::slugs! {
    /// Field or group of fields that sources are ranked for.
    TrustField {
        /// Kelurahan of domicile.
        Region "region",
        /// Street, RT and RW.
        Address "address",
        /// Welfare decile.
        Decile "decile",
        /// How many members a family says it has.
        DeclaredMembers "declared_members",
        /// The house.
        Housing "housing",
        /// What the household owns.
        Assets "assets",
        /// Which family a person belongs to.
        Family "family",
        /// Relation to the head.
        Relation "relation",
        /// Marital status.
        MaritalStatus "marital_status",
        /// What is known of a person.
        Facts "facts",
    }
}

crate::slugs! {
    /// What became of a proposal.
    TrustProposalStatus {
        /// Waits for a second key.
        Proposed "proposed",
        /// In force.
        Confirmed "confirmed",
        /// Given up.
        Withdrawn "withdrawn",
    }
}

/// How far a source is believed for a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceTrust {
    /// Field or group of fields.
    pub field: TrustField,
    /// Source; manual is what people enter here.
    #[schema(example = "dtsen")]
    pub source: String,
    /// From 0 to 100: what a lower one says never replaces what a higher one said. A source without a line has 10.
    #[schema(example = 80)]
    pub rank: i32,
    /// After so many months what it said may be replaced by anybody who speaks of a later month; null is never.
    #[schema(required, example = 24)]
    pub stale_months: Option<i32>,
    /// How often it was changed, from 1.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

crate::page_of!(SourceTrustPage, SourceTrust);

crate::list_query! {
    /// Filters of the ranks.
    SourceTrustQuery {
        /// Only this field.
        #[param(inline)]
        field: TrustField,
        /// Only this source.
        #[param(max_length = 40, example = "dtsen")]
        #[validate(length(max = 40, message = "is too long"))]
        source: String,
    }
}

/// A change of a rank, proposed by one and confirmed by another.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrustProposal {
    /// Id.
    pub id: Uuid,
    /// Field or group of fields.
    pub field: TrustField,
    /// Source.
    #[schema(example = "p3ke")]
    pub source: String,
    /// Rank it would have.
    #[schema(example = 30)]
    pub rank: i32,
    /// Months after which it would be stale; null is never.
    #[schema(required, example = 24)]
    pub stale_months: Option<i32>,
    /// Why.
    #[schema(example = "Pendataan 2023 sudah lama.")]
    pub reason: String,
    /// What became of it.
    pub status: TrustProposalStatus,
    /// Account that proposed it.
    pub proposed_by: Uuid,
    /// Account that confirmed or withdrew it.
    #[schema(required)]
    pub decided_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: confirm, withdraw.
    #[schema(example = json!(["confirm"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(TrustProposalPage, TrustProposal);

crate::list_query! {
    /// Filters of the proposals.
    TrustProposalQuery {
        /// Only this status.
        #[param(inline)]
        status: TrustProposalStatus,
    }
}

/// A rank to propose.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewTrustProposal {
    /// Field or group of fields.
    pub field: TrustField,
    /// Source.
    #[schema(max_length = 40, pattern = "^[a-z][a-z0-9_]{1,39}$", example = "p3ke")]
    #[validate(custom(function = "super::profile_model::is_name"))]
    pub source: String,
    /// From 0 to 100.
    #[schema(minimum = 0, maximum = 100, example = 30)]
    #[validate(range(min = 0, max = 100, message = "must be 0 to 100"))]
    pub rank: i32,
    /// Months after which it is stale; left out is never.
    #[schema(minimum = 1, maximum = 120, example = 24)]
    #[validate(range(min = 1, max = 120, message = "must be 1 to 120"))]
    pub stale_months: Option<i32>,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, example = "Pendataan 2023 sudah lama.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub reason: String,
}
