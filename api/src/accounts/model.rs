//! Wire types of accounts, grants and clients.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

use crate::access::Role;
use crate::kernel::patch::Field;

/// A role with its scope, duties and dates.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Grant {
    /// Id.
    pub id: Uuid,
    /// Role.
    #[schema(example = "social_worker")]
    pub role: String,
    /// city, kecamatan, kelurahan, organization or person.
    #[schema(example = "kecamatan")]
    pub scope_kind: String,
    /// Region code or organization id; null for city and person.
    #[schema(required, example = "32.73.01")]
    pub scope_ref: Option<String>,
    /// Name of what the scope refers to.
    #[schema(required, example = "Sukasari")]
    pub scope_name: Option<String>,
    /// Duties beyond the role: supervise, publish, approve_money, ratify, override, protect_data.
    #[schema(example = json!(["supervise"]))]
    pub duties: Vec<String>,
    /// First day.
    pub from_date: NaiveDate,
    /// Last day; null for no end.
    #[schema(required)]
    pub to_date: Option<NaiveDate>,
    /// proposed, active or revoked.
    #[schema(example = "active")]
    pub status: String,
    /// Whether it works today.
    pub in_force: bool,
}

/// Somebody who signs in.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Account {
    /// Id.
    pub id: Uuid,
    /// User name.
    #[schema(example = "siti.aminah")]
    pub username: String,
    /// Name shown to others.
    #[schema(example = "Siti Aminah")]
    pub display_name: String,
    /// Mail address.
    #[schema(required, example = "siti@example.org")]
    pub email: Option<String>,
    /// active or disabled.
    #[schema(example = "active")]
    pub status: String,
    /// Roles in force today.
    #[schema(example = json!(["social_worker"]))]
    pub roles: Vec<String>,
    /// Every grant, also past and proposed ones.
    pub grants: Vec<Grant>,
    /// Whether sign-in asks for a one-time code.
    pub totp_enabled: bool,
    /// Whether the password must be changed at the next sign-in.
    pub must_change_password: bool,
    /// Registration (STR) of a social worker.
    #[schema(required, example = "STR-32-000123")]
    pub str_number: Option<String>,
    /// Last day the STR is valid.
    #[schema(required)]
    pub str_valid_until: Option<NaiveDate>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What the caller may do next.
    #[schema(example = json!(["update", "disable"]))]
    pub can: Vec<String>,
}

crate::page_of!(AccountPage, Account);

crate::list_query! {
    /// Filters of the list of accounts.
    AccountQuery {
        /// Only accounts holding this role, in force or not.
        #[param(example = "social_worker", inline)]
        role: Role,
        /// `active` or `disabled`.
        #[param(example = "active", pattern = "^(active|disabled)$")]
        #[validate(custom(function = "account_status"))]
        status: String,
    }
}

fn account_status(status: &str) -> Result<(), validator::ValidationError> {
    if matches!(status, "active" | "disabled") { Ok(()) } else { Err(validator::ValidationError::new("not_allowed")) }
}

/// A new account. Grants are proposed separately and need a coordinator's key.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// User name: letters, digits, dot, dash and underscore.
    #[schema(example = "siti.aminah", min_length = 3, max_length = 60, pattern = "^[A-Za-z0-9._-]{3,60}$")]
    #[validate(custom(function = "username"))]
    pub username: String,
    /// Name shown to others.
    #[schema(example = "Siti Aminah", min_length = 1, max_length = 120)]
    #[validate(length(min = 1, max = 120, message = "must have 1 to 120 characters"), custom(function = "not_blank"))]
    pub display_name: String,
    /// Mail address.
    #[schema(example = "siti@example.org", max_length = 200)]
    #[validate(length(max = 200, message = "is too long"))]
    pub email: Option<String>,
    /// First password, to be changed at the first sign-in. Left out: one is made and shown once.
    #[schema(example = "kuda lumping di sawah", min_length = 12, max_length = 200)]
    pub password: Option<String>,
    /// Registration (STR) of a social worker.
    #[schema(example = "STR-32-000123", max_length = 60)]
    #[validate(length(max = 60, message = "is too long"))]
    pub str_number: Option<String>,
    /// Last day the STR is valid.
    pub str_valid_until: Option<NaiveDate>,
    /// For a citizen: the individual this account stands for.
    pub person_id: Option<Uuid>,
}

pub(super) fn username(value: &str) -> Result<(), validator::ValidationError> {
    let fine = (3..=60).contains(&value.len())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if fine {
        Ok(())
    } else {
        Err(validator::ValidationError::new("invalid")
            .with_message("must be 3 to 60 letters, digits, dots, dashes or underscores".into()))
    }
}

/// Refuses text that is nothing but white space.
pub fn not_blank(value: &str) -> Result<(), validator::ValidationError> {
    if crate::kernel::text::clean(value).is_empty() {
        Err(validator::ValidationError::new("required").with_message("must not be empty".into()))
    } else {
        Ok(())
    }
}

/// The new account, with the password that was made for it, shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CreatedAccount {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// Password to hand over, if one was made.
    #[schema(required, example = "k3mvw-…")]
    pub initial_password: Option<String>,
}

/// What changes about an account (merge-patch).
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// Name shown to others.
    #[schema(value_type = Option<String>, nullable = false, example = "Siti Aminah", min_length = 1, max_length = 120)]
    #[serde(default)]
    pub display_name: Field<String>,
    /// Mail address; null removes it.
    #[schema(value_type = Option<String>, example = "siti@example.org", max_length = 200)]
    #[serde(default)]
    pub email: Field<String>,
    /// Registration (STR); null removes it.
    #[schema(value_type = Option<String>, example = "STR-32-000123", max_length = 60)]
    #[serde(default)]
    pub str_number: Field<String>,
    /// Last day the STR is valid; null removes it.
    #[schema(value_type = Option<NaiveDate>)]
    #[serde(default)]
    pub str_valid_until: Field<NaiveDate>,
}

/// A proposed grant.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// Role.
    #[schema(inline, example = "social_worker")]
    pub role: Role,
    /// Kind of scope.
    #[schema(inline, example = "kecamatan")]
    pub scope_kind: ScopeKind,
    /// Region code or organization id; left out for city and person.
    #[schema(example = "32.73.01", max_length = 60)]
    #[validate(length(max = 60, message = "is too long"))]
    pub scope_ref: Option<String>,
    /// Duties beyond the role.
    #[serde(default)]
    #[schema(inline, max_items = 5)]
    #[validate(length(max = 5, message = "are too many"))]
    pub duties: Vec<DutyName>,
    /// First day; today where left out.
    pub from_date: Option<NaiveDate>,
    /// Last day.
    pub to_date: Option<NaiveDate>,
    /// Why, such as the number of the assignment letter.
    #[schema(example = "Surat tugas 12/2026", max_length = 300)]
    #[validate(length(max = 300, message = "is too long"))]
    pub reason: Option<String>,
}

/// Kind of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// Everything.
    City,
    /// One kecamatan.
    Kecamatan,
    /// One kelurahan.
    Kelurahan,
    /// One organization.
    Organization,
    /// The citizen himself.
    Person,
}

impl ScopeKind {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Kecamatan => "kecamatan",
            Self::Kelurahan => "kelurahan",
            Self::Organization => "organization",
            Self::Person => "person",
        }
    }
    /// Scopes a role can have.
    pub(super) fn fits(self, role: Role) -> bool {
        match role {
            Role::Admin | Role::Coordinator | Role::Auditor => self == Self::City,
            Role::SocialWorker => matches!(self, Self::Kecamatan | Self::Kelurahan),
            Role::VillageOperator => self == Self::Kelurahan,
            Role::AgencyOfficer | Role::Partner => self == Self::Organization,
            Role::Citizen => self == Self::Person,
        }
    }
}

/// A duty beyond the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyName {
    /// Supervises social workers.
    Supervise,
    /// Publishes programs.
    Publish,
    /// Approves money.
    ApproveMoney,
    /// Ratifies the month.
    Ratify,
    /// Overrides the overlap guard.
    Override,
    /// Protects personal data: reviews every look behind the glass.
    ProtectData,
}

impl DutyName {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Supervise => "supervise",
            Self::Publish => "publish",
            Self::ApproveMoney => "approve_money",
            Self::Ratify => "ratify",
            Self::Override => "override",
            Self::ProtectData => "protect_data",
        }
    }
}

/// A machine client.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Client {
    /// Id.
    pub id: Uuid,
    /// Id it sends to the token endpoint.
    #[schema(example = "app-0198c0de")]
    pub client_id: String,
    /// Name.
    #[schema(example = "Sistem Yayasan Kasih")]
    pub name: String,
    /// Organization it acts for; null for a system of the city.
    #[schema(required)]
    pub organization_id: Option<Uuid>,
    /// What it may do.
    #[schema(example = json!(["programs:read"]))]
    pub scopes: Vec<String>,
    /// active or disabled.
    #[schema(example = "active")]
    pub status: String,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

crate::page_of!(ClientPage, Client);

crate::list_query! {
    /// Paging of the list of clients.
    ClientQuery {}
}

/// A client with its secret, shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientWithSecret {
    /// The client.
    #[serde(flatten)]
    pub client: Client,
    /// The secret: it is stored as a hash and cannot be shown again.
    #[schema(example = "7Zk…")]
    pub client_secret: String,
}

/// A new machine client.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// Name.
    #[schema(example = "Sistem Yayasan Kasih", min_length = 1, max_length = 120)]
    #[validate(length(min = 1, max = 120, message = "must have 1 to 120 characters"), custom(function = "not_blank"))]
    pub name: String,
    /// Organization it acts for.
    pub organization_id: Option<Uuid>,
    /// What it may do.
    #[schema(value_type = Vec<ScopeName>, example = json!(["programs:read"]), max_items = 20)]
    #[validate(length(max = 20, message = "are too many"))]
    pub scopes: Vec<String>,
}

/// A scope of a machine client, resource and verb; one that does not exist is refused.
#[derive(Debug, utoipa::ToSchema)]
#[schema(example = "programs:read", max_length = 60)]
#[expect(dead_code, reason = "describes the document only")]
pub struct ScopeName(String);

/// What changes about a client (merge-patch).
#[derive(Debug, Default, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientPatch {
    /// Name.
    #[schema(value_type = Option<String>, nullable = false, example = "Sistem Yayasan Kasih", min_length = 1, max_length = 120)]
    #[serde(default)]
    pub name: Field<String>,
    /// What it may do.
    #[schema(value_type = Option<Vec<ScopeName>>, nullable = false, example = json!(["programs:read"]), max_items = 20)]
    #[serde(default)]
    pub scopes: Field<Vec<String>>,
}
