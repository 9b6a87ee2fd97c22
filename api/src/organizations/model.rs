//! Wire types of organizations.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::kernel::patch::Field;

/// Declares an enum that is a slug in the database and on the wire.
macro_rules! slugs {
    ($(#[$outer:meta])* $name:ident { $($(#[$meta:meta])* $variant:ident = $slug:literal,)* } else $default:ident) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$meta])* $variant,)* }
        impl $name {
            pub(super) fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }
            pub(super) fn parse(slug: &str) -> Self {
                match slug { $($slug => Self::$variant,)* _ => Self::$default }
            }
        }
    };
}

slugs! {
    /// Kind of organization.
    Kind {
        /// City agency.
        Opd = "opd",
        /// Agency of the province.
        Province = "province",
        /// Ministry or national agency.
        Ministry = "ministry",
        /// Foundation or LKS.
        Foundation = "foundation",
        /// Philanthropy.
        Philanthropy = "philanthropy",
        /// Zakat body.
        Zakat = "zakat",
        /// Company (CSR).
        Company = "company",
    } else Opd
}

slugs! {
    /// Where its registration stands.
    Status {
        /// Asked to take part.
        Applied = "applied",
        /// Papers seen; takes part.
        Verified = "verified",
        /// Registration or agreement has run out.
        Dormant = "dormant",
        /// Stopped by the coordinator.
        Suspended = "suspended",
    } else Suspended
}

slugs! {
    /// Who may know of it.
    Sensitivity {
        /// Everybody who is signed in.
        Open = "open",
        /// Its own officers and supervisors.
        Restricted = "restricted",
    } else Restricted
}

slugs! {
    /// What of a person an agreement lets an organization see.
    AgreementField {
        /// Names.
        Name = "name",
        /// Birth dates.
        BirthDate = "birth_date",
        /// Sexes.
        Sex = "sex",
        /// Addresses.
        Address = "address",
        /// Telephone numbers.
        Phone = "phone",
        /// NIK.
        Nik = "nik",
        /// Who else lives there.
        Family = "family",
        /// Decile and what was received.
        Welfare = "welfare",
        /// Illness and disability.
        Health = "health",
    } else Name
}

/// An organization.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Organization {
    /// Id.
    pub id: Uuid,
    /// Short code.
    #[schema(example = "dinsos")]
    pub code: String,
    /// Official name.
    #[schema(example = "Dinas Sosial Kota Bandung")]
    pub name: String,
    /// Kind.
    #[schema(inline, example = "opd")]
    pub kind: Kind,
    /// Where its registration stands.
    #[schema(inline, example = "verified")]
    pub status: Status,
    /// Who may know of it.
    #[schema(inline, example = "open")]
    pub sensitivity: Sensitivity,
    /// Number of its registration as an LKS or foundation.
    #[schema(required, example = "062/3214/Dinsos/2025")]
    pub registration_number: Option<String>,
    /// Last day of the registration.
    #[schema(required)]
    pub registration_expires_on: Option<NaiveDate>,
    /// Number of its data-sharing agreement.
    #[schema(required, example = "PKS 12/2026")]
    pub agreement_number: Option<String>,
    /// First day of the agreement.
    #[schema(required)]
    pub agreement_from: Option<NaiveDate>,
    /// Last day of the agreement.
    #[schema(required)]
    pub agreement_until: Option<NaiveDate>,
    /// What of a person it lets the organization see.
    #[schema(inline, example = json!(["name", "address"]))]
    pub agreement_fields: Vec<AgreementField>,
    /// Whether registration and agreement are in force today.
    #[schema(example = true)]
    pub papers_valid: bool,
    /// Referrals it has and has not ended; told to who verifies organizations.
    #[schema(required, example = 3)]
    pub open_referrals: Option<i64>,
    /// Mail address.
    #[schema(required, example = "dinsos@example.org")]
    pub email: Option<String>,
    /// Telephone.
    #[schema(required, example = "022-7304568")]
    pub phone: Option<String>,
    /// Street address.
    #[schema(required, example = "Jl. Cipamokolan")]
    pub address: Option<String>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next.
    #[schema(example = json!(["update", "suspend"]))]
    pub can: Vec<String>,
}

crate::page_of!(OrganizationPage, Organization);

crate::list_query! {
    /// Filters of the list of organizations.
    OrganizationQuery {
        /// Only this kind.
        #[param(example = "foundation", inline)]
        kind: Kind,
        /// Only this status.
        #[param(example = "verified", inline)]
        status: Status,
        /// True: only those somebody must look at: applied, dormant, suspended with referrals open, or with papers that
        /// have run out or will within 30 days.
        attention: bool,
        /// Part of name or code.
        #[param(example = "sosial", max_length = 100)]
        #[validate(length(max = 100, message = "is too long"))]
        q: String,
    }
}

/// A new organization; it starts as applied.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// Short code: lower case, digits, dashes and underscores.
    #[schema(example = "yayasan_harapan", min_length = 2, max_length = 60, pattern = "^[a-z0-9_-]{2,60}$")]
    #[validate(custom(function = "code"))]
    pub code: String,
    /// Official name.
    #[schema(example = "Yayasan Harapan", min_length = 1, max_length = 200, pattern = r"\S")]
    #[validate(
        length(min = 1, max = 200, message = "must have 1 to 200 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub name: String,
    /// Kind.
    #[schema(inline, example = "foundation")]
    pub kind: Kind,
    /// Who may know of it; open where left out.
    #[serde(default = "open")]
    #[schema(inline, default = "open", example = "open")]
    pub sensitivity: Sensitivity,
    /// Number of its registration as an LKS or foundation.
    #[schema(example = "062/3214/Dinsos/2025", max_length = 100)]
    #[validate(length(max = 100, message = "is too long"))]
    pub registration_number: Option<String>,
    /// Last day of the registration.
    pub registration_expires_on: Option<NaiveDate>,
    /// Number of its data-sharing agreement.
    #[schema(example = "PKS 12/2026", max_length = 100)]
    #[validate(length(max = 100, message = "is too long"))]
    pub agreement_number: Option<String>,
    /// First day of the agreement.
    pub agreement_from: Option<NaiveDate>,
    /// Last day of the agreement.
    pub agreement_until: Option<NaiveDate>,
    /// What of a person it lets the organization see.
    #[serde(default)]
    #[schema(inline, max_items = 20, example = json!(["name", "address"]))]
    #[validate(length(max = 20, message = "must have at most 20 items"))]
    pub agreement_fields: Vec<AgreementField>,
    /// Mail address.
    #[schema(example = "info@example.org", max_length = 200)]
    #[validate(length(max = 200, message = "is too long"))]
    pub email: Option<String>,
    /// Telephone.
    #[schema(example = "022-7304568", max_length = 40)]
    #[validate(length(max = 40, message = "is too long"))]
    pub phone: Option<String>,
    /// Street address.
    #[schema(example = "Jl. Cipamokolan", max_length = 300)]
    #[validate(length(max = 300, message = "is too long"))]
    pub address: Option<String>,
}

fn open() -> Sensitivity {
    Sensitivity::Open
}

fn code(value: &str) -> Result<(), ValidationError> {
    let fine = (2..=60).contains(&value.len())
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    if fine {
        return Ok(());
    }
    Err(ValidationError::new("invalid")
        .with_message("must be 2 to 60 lower-case letters, digits, dashes or underscores".into()))
}

/// What changes about an organization (merge-patch).
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationPatch {
    /// Official name.
    #[schema(value_type = Option<String>, nullable = false, example = "Yayasan Harapan", min_length = 1, max_length = 200)]
    #[serde(default)]
    pub name: Field<String>,
    /// Number of its registration; null removes it.
    #[schema(value_type = Option<String>, example = "062/3214/Dinsos/2025", max_length = 100)]
    #[serde(default)]
    pub registration_number: Field<String>,
    /// Last day of the registration; null removes it.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    pub registration_expires_on: Field<NaiveDate>,
    /// Number of its data-sharing agreement; null removes it.
    #[schema(value_type = Option<String>, example = "PKS 12/2026", max_length = 100)]
    #[serde(default)]
    pub agreement_number: Field<String>,
    /// First day of the agreement; null removes it.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    pub agreement_from: Field<NaiveDate>,
    /// Last day of the agreement; null removes it.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    pub agreement_until: Field<NaiveDate>,
    /// What of a person it lets the organization see.
    #[schema(value_type = Option<Vec<AgreementField>>, nullable = false, max_items = 20, example = json!(["name", "address"]))]
    #[serde(default)]
    pub agreement_fields: Field<Vec<AgreementField>>,
    /// Mail address; null removes it.
    #[schema(value_type = Option<String>, example = "info@example.org", max_length = 200)]
    #[serde(default)]
    pub email: Field<String>,
    /// Telephone; null removes it.
    #[schema(value_type = Option<String>, example = "022-7304568", max_length = 40)]
    #[serde(default)]
    pub phone: Field<String>,
    /// Street address; null removes it.
    #[schema(value_type = Option<String>, example = "Jl. Cipamokolan", max_length = 300)]
    #[serde(default)]
    pub address: Field<String>,
}

/// Why an organization is suspended.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Reason, for the organization and the audit trail.
    #[schema(example = "Izin operasional dicabut", min_length = 1, max_length = 500, pattern = r"\S")]
    #[validate(
        length(min = 1, max = 500, message = "must have 1 to 500 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub reason: String,
}
