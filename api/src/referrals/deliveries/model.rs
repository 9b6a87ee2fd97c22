//! Wire types of deliveries.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::kernel::dates::civil;
use crate::kernel::patch::Field;

crate::slugs! {
    /// How far a delivery is.
    DeliveryStatus {
        /// To be given on a day; nobody has approved it.
        Planned "planned",
        /// Approved by decree.
        Approved "approved",
        /// Given out.
        Distributed "distributed",
        /// Received, with proof; its money is disbursed.
        Received "received",
        /// Accounted for.
        Accounted "accounted",
        /// It could not be given; its money is free for another line.
        Failed "failed",
        /// It came back before anybody received it.
        Returned "returned",
        /// Not needed any more.
        Cancelled "cancelled",
    }
}

crate::slugs! {
    /// What a person must look at before a delivery goes on.
    DeliveryAttention {
        /// Who was to take it has died: name another.
        PayeeDeceased "payee_deceased",
        /// Who was to take it has left the city: name another.
        PayeeMoved "payee_moved",
        /// The recipient says that it never came.
        NotReceived "not_received",
    }
}

crate::slugs! {
    /// What the recipient says.
    DeliveryConfirmation {
        /// It came.
        Received "received",
        /// It did not.
        NotReceived "not_received",
    }
}

/// A delivery as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Id.
    pub id: Uuid,
    /// The referral it belongs to.
    pub referral_id: Uuid,
    /// Its program.
    pub program_id: Uuid,
    /// Kelurahan of the household, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Name of the person, or of the head of the household; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Day it is to be given.
    #[schema(example = "2026-12-01")]
    pub planned_on: NaiveDate,
    /// Rupiah of this line.
    #[schema(example = 200000)]
    pub amount_idr: i64,
    /// How many of the unit.
    #[schema(required, example = 1)]
    pub quantity: Option<i32>,
    /// What is counted.
    #[schema(required, example = "paket")]
    pub unit: Option<String>,
    /// Code of the list `delivery_channels`.
    #[schema(example = "in_kind")]
    pub channel: String,
    /// Person who takes it; null where the caller may not know, or it is somebody outside the registry.
    #[schema(required)]
    pub payee_individual_id: Option<Uuid>,
    /// Name of who takes it; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub payee_name: Option<String>,
    /// How far it is.
    pub status: DeliveryStatus,
    /// What must be looked at.
    #[schema(required)]
    pub attention: Option<DeliveryAttention>,
    /// Decree that approved it.
    #[schema(required, example = "400.9/12/SK/2026")]
    pub decree: Option<String>,
    /// Code of the list `delivery_proofs`.
    #[schema(required, example = "signature")]
    pub proof_kind: Option<String>,
    /// Number of the receipt or transfer.
    #[schema(required, example = "BAST-0012")]
    pub proof_reference: Option<String>,
    /// File that shows it.
    #[schema(required)]
    pub proof_evidence_id: Option<Uuid>,
    /// Day it was received.
    #[schema(required, example = "2026-12-02")]
    pub received_on: Option<NaiveDate>,
    /// Number of the report that accounts for it.
    #[schema(required, example = "SPJ-2026-12")]
    pub account_reference: Option<String>,
    /// Why it failed, came back or was cancelled: code of the list `delivery_failure_reasons`.
    #[schema(required, example = "nobody_home")]
    pub reason_code: Option<String>,
    /// For whoever works on it; null where the caller may not know who it is for.
    #[schema(required, example = "Diantar ke rumah tetangga.")]
    pub note: Option<String>,
    /// What the recipient says.
    #[schema(required)]
    pub confirmation: Option<DeliveryConfirmation>,
    /// Who planned it; null is the service.
    #[schema(required)]
    pub planned_by: Option<Uuid>,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<Uuid>,
    /// Who attested that it was received.
    #[schema(required)]
    pub received_by: Option<Uuid>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do: update, approve, distribute, receive, account, fail, return, cancel, confirm.
    #[schema(example = json!(["distribute", "receive", "fail", "cancel"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(DeliveryPage, DeliveryView);

/// Lines to plan: one, or the same every month.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// Day of the first; not in the past.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-12-01")]
    pub planned_on: NaiveDate,
    /// Rupiah of each line. All lines of a referral together never exceed what it holds.
    #[schema(minimum = 0, maximum = 10000000000_i64, example = 200000)]
    #[validate(range(min = 0, max = 10_000_000_000_i64, message = "must be 0 to 10,000,000,000"))]
    pub amount_idr: i64,
    /// How many of the program's unit, for goods.
    #[schema(minimum = 1, maximum = 1000000, example = 1)]
    #[validate(range(min = 1, max = 1_000_000, message = "must be 1 to 1,000,000"))]
    pub quantity: Option<i32>,
    /// Code of the list `delivery_channels`.
    #[schema(max_length = 60, example = "in_kind")]
    #[validate(length(max = 60, message = "is too long"))]
    pub channel: String,
    /// Person of the household who takes it; the subject, or the head of the household, where left out.
    pub payee_individual_id: Option<Uuid>,
    /// Name of who takes it, where it is nobody of the household (a school, a hospital, a guardian).
    #[schema(max_length = 200, example = "SDN 061 Cirangrang")]
    #[validate(length(max = 200, message = "is too long"))]
    pub payee_name: Option<String>,
    /// How many months in a row, this one included.
    #[schema(minimum = 1, maximum = 60, example = 12)]
    #[validate(range(min = 1, max = 60, message = "must be 1 to 60"))]
    pub months: Option<u32>,
    /// For whoever works on it.
    #[schema(max_length = 1000, example = "Diantar ke rumah.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// Lines that were planned.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedDeliveries {
    /// In the order of their days.
    pub data: Vec<DeliveryView>,
}

/// What may be changed while a line is planned.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeliveryPatch {
    /// Day it is to be given; not in the past.
    #[schema(value_type = Option<NaiveDate>, nullable = false, example = "2026-12-02")]
    #[serde(default)]
    pub planned_on: Field<NaiveDate>,
    /// Rupiah.
    #[schema(value_type = Option<i64>, nullable = false, minimum = 0, maximum = 10000000000_i64, example = 150000)]
    #[serde(default)]
    pub amount_idr: Field<i64>,
    /// Code of the list `delivery_channels`.
    #[schema(value_type = Option<String>, nullable = false, max_length = 60, example = "bank_transfer")]
    #[serde(default)]
    pub channel: Field<String>,
    /// Person of the household who takes it.
    #[schema(value_type = Option<Uuid>, nullable = false)]
    #[serde(default)]
    pub payee_individual_id: Field<Uuid>,
    /// For whoever works on it; null clears it.
    #[schema(value_type = Option<String>, max_length = 1000, example = "Diantar ke rumah.")]
    #[serde(default)]
    pub note: Field<String>,
}

/// An approval.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApproveDelivery {
    /// Number of the decree (SK) or decision that approves it.
    #[schema(min_length = 1, max_length = 200, example = "400.9/12/SK/2026")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub decree: String,
}

/// A step without more to say.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeliveryNote {
    /// For whoever works on it.
    #[schema(max_length = 1000, example = "Dibawa petugas gudang.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// A receipt with its proof.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReceiveDelivery {
    /// Code of the list `delivery_proofs`.
    #[schema(max_length = 60, example = "signature")]
    #[validate(length(max = 60, message = "is too long"))]
    pub proof_kind: String,
    /// Number of the receipt, transfer or statement.
    #[schema(max_length = 200, example = "BAST-0012")]
    #[validate(length(max = 200, message = "is too long"))]
    pub proof_reference: Option<String>,
    /// File of the problem's evidence that shows it.
    pub proof_evidence_id: Option<Uuid>,
    /// Day it was received; today where left out, never in the future.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-12-02")]
    pub received_on: Option<NaiveDate>,
    /// For whoever works on it.
    #[schema(max_length = 1000, example = "Diterima langsung.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// An account of what was given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AccountDelivery {
    /// Number of the report (SPJ).
    #[schema(min_length = 1, max_length = 200, example = "SPJ-2026-12")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub reference: String,
}

/// Why a line is not given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct DeliveryRefusal {
    /// Code of the list `delivery_failure_reasons`.
    #[schema(max_length = 60, example = "nobody_home")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: String,
    /// For whoever works on it.
    #[schema(max_length = 1000, example = "Dua kali didatangi.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// What the recipient says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDelivery {
    /// Whether it came.
    pub confirmation: DeliveryConfirmation,
    /// In the recipient's words.
    #[schema(max_length = 1000, example = "Sudah saya terima, terima kasih.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

crate::list_query! {
    /// Filters of the deliveries.
    DeliveryQuery {
        /// Only this status.
        #[param(inline)]
        status: DeliveryStatus,
        /// Only those of this program.
        program_id: Uuid,
        /// Only those to this organization.
        to_organization_id: Uuid,
        /// Only those planned on or before this day.
        #[param(example = "2026-12-31")]
        #[serde(default, deserialize_with = "civil::optional")]
        planned_until: NaiveDate,
        /// Only those that somebody must look at.
        #[param(example = true)]
        attention: bool,
    }
}

crate::list_query! {
    /// Paging of the deliveries of a referral.
    ReferralDeliveryQuery {}
}
