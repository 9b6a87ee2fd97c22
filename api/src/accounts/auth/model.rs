//! Wire types of sign-in.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::accounts::model::Account;

/// Who signs in.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// User name.
    #[schema(example = "coordinator", min_length = 1, max_length = 60)]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub username: String,
    /// Password.
    #[schema(example = "satu-pintu-demo", min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub password: String,
    /// One-time code, where the account asks for one.
    #[schema(example = "123456", max_length = 10)]
    #[validate(length(max = 10, message = "is too long"))]
    pub totp: Option<String>,
}

/// A signed-in session.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    /// Access token, to be sent as `Authorization: Bearer`. Keep it in memory only.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9…")]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// Seconds the token lives.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Who signed in.
    pub account: Account,
}

/// A new password.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    #[schema(example = "satu-pintu-demo", min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub current_password: String,
    /// The new one: at least 12 characters, without the user name.
    #[schema(example = "kuda lumping di sawah", min_length = 12, max_length = 200)]
    pub new_password: String,
}

/// What an authenticator application needs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TotpEnrollment {
    /// Secret in base32, for typing.
    #[schema(example = "JBSWY3DPEHPK3PXP")]
    pub secret: String,
    /// The same as an address, for a QR code.
    #[schema(example = "otpauth://totp/Satu%20Pintu:coordinator?secret=…")]
    pub otpauth_url: String,
}

/// A one-time code.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits.
    #[schema(example = "123456", min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    #[validate(length(equal = 6, message = "must have six digits"))]
    pub code: String,
}

/// Removes the second factor.
#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpRemoval {
    /// The password.
    #[schema(example = "satu-pintu-demo", min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    pub password: String,
}

/// A machine client's request (RFC 6749 section 4.4), as a form.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(example = "client_credentials", pattern = "^client_credentials$")]
    pub grant_type: String,
    /// Client id, where it is not sent as Basic authentication.
    #[schema(example = "app-0198c0de", nullable = false, max_length = 100)]
    pub client_id: Option<String>,
    /// Client secret, where it is not sent as Basic authentication.
    #[schema(example = "7Zk…", nullable = false, max_length = 200)]
    pub client_secret: Option<String>,
    /// Fewer scopes than the client holds, separated by spaces.
    #[schema(example = "programs:read", nullable = false, max_length = 1000)]
    pub scope: Option<String>,
}

/// A machine client's token.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenAnswer {
    /// Access token (RFC 9068).
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9…")]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// Seconds the token lives.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Scopes it carries.
    #[schema(example = "programs:read")]
    pub scope: String,
}

/// A refusal at the token endpoint (RFC 6749 section 5.2).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenError {
    /// invalid_request, invalid_client, unsupported_grant_type or invalid_scope.
    #[schema(example = "invalid_client")]
    pub error: String,
    /// Sentence for the developer.
    #[schema(example = "client id or secret is wrong")]
    pub error_description: String,
}
