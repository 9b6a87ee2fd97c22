//! One's own account: who am I, password, second factor.

use actix_web::{delete, get, post};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::model::{PasswordChange, TotpCode, TotpEnrollment, TotpRemoval};
use super::queries;
use crate::access::policy::OwnAccount;
use crate::access::{AuditEntry, Permit, Writer};
use crate::accounts::model::Account;
use crate::accounts::routes::answer;
use crate::accounts::{password, queries as accounts};
use crate::http::answer::Answer;
use crate::http::extract::Json;
use crate::kernel::problem::{self, Problem};

fn totp(secret: &[u8], username: &str) -> Result<Totp, Problem> {
    let secret = Secret::from(secret.to_vec());
    Builder::new()
        .with_secret(secret)
        .with_account_name(username.to_owned())
        .with_issuer(Some("Satu Pintu".to_owned()))
        .build()
        .map_err(|e| Problem::internal(format!("totp: {e}")))
}

/// Whether the code is right and later than the last one accepted; if so it is used up.
pub(super) fn accept_code(w: &mut Writer<'_>, account: Uuid, code: &str) -> Result<bool, Problem> {
    let (sealed, last, enabled) = queries::lock_totp(w, account)?;
    let Some(secret) = sealed.as_ref().and_then(|s| w.sealer().open("totp", s)) else { return Ok(false) };
    let now = u64::try_from(w.now().timestamp()).unwrap_or_default();
    let Some(step) = totp(&secret, "account")?.check(code, now).and_then(|s| i64::try_from(s).ok()) else {
        return Ok(false);
    };
    if last.is_some_and(|last| step <= last) {
        return Ok(false);
    }
    queries::set_totp(w, account, sealed, enabled, Some(step))?;
    Ok(true)
}

/// Who am I
///
/// The signed-in account with its grants.
#[utoipa::path(tag = "auth", responses((status = 200, description = "The account.", body = Account)))]
#[get("/api/v1/auth/me")]
pub async fn get_own_account(permit: Permit<OwnAccount>) -> Result<Answer, Problem> {
    permit
        .read(|r| {
            let id = r.principal().id;
            let account = accounts::find(r, id)?;
            answer(r, &account)
        })
        .await
}

async fn check_password(permit: &Permit<OwnAccount>, given: String, pointer: &'static str) -> Result<(), Problem> {
    let id = permit.principal().id;
    let stored = permit.clone().read(move |r| queries::password_hash(r, id)).await?;
    if password::verify_async(given, Some(stored)).await? {
        Ok(())
    } else {
        Err(Problem::field(pointer, "wrong", "is not the current password"))
    }
}

/// Change one's password
///
/// Every other session of the account ends.
#[utoipa::path(tag = "auth", request_body = PasswordChange, responses((status = 204, description = "Changed.")))]
#[post("/api/v1/auth/password")]
pub async fn change_own_password(permit: Permit<OwnAccount>, body: Json<PasswordChange>) -> Result<Answer, Problem> {
    let change = body.0;
    password::check(&change.new_password, &permit.principal().name, "/new_password")?;
    check_password(&permit, change.current_password, "/current_password").await?;
    let hash = password::hash_async(change.new_password).await?;
    permit
        .write(move |w| {
            let (id, session) = (w.principal().id, w.principal().session);
            accounts::set_password(w, id, &hash, false)?;
            accounts::end_sessions(w, id, session, "password changed")?;
            w.audit(AuditEntry {
                action: "account.change_password",
                subject_kind: "account",
                subject_id: Some(id),
                ..AuditEntry::default()
            })?;
            Ok(Answer::empty())
        })
        .await
}

/// Begin with a second factor
///
/// Answers a new secret. It counts only after a code made from it was confirmed.
#[utoipa::path(tag = "auth", responses((status = 200, description = "Secret for the authenticator application.", body = TotpEnrollment)))]
#[post("/api/v1/auth/totp")]
pub async fn enroll_totp(permit: Permit<OwnAccount>) -> Result<Answer, Problem> {
    permit
        .write(|w| {
            let id = w.principal().id;
            let (_, _, enabled) = queries::lock_totp(w, id)?;
            if enabled {
                return Err(Problem::with(&problem::WRONG_STATE, "remove the present second factor first"));
            }
            let secret: [u8; 20] = crate::kernel::seal::random();
            let totp = totp(&secret, &w.principal().name)?;
            let sealed = w.sealer().seal("totp", &secret).ok_or_else(|| Problem::internal("sealing failed"))?;
            queries::set_totp(w, id, Some(sealed), false, None)?;
            let body = TotpEnrollment {
                secret: Secret::from(secret.to_vec()).to_base32(),
                otpauth_url: totp.to_url().map_err(Problem::internal)?.to_string(),
            };
            Ok(Answer::ok(&body)?.header("cache-control", "no-store"))
        })
        .await
}

/// Confirm the second factor
///
/// From now on sign-in asks for a code.
#[utoipa::path(tag = "auth", request_body = TotpCode, responses((status = 204, description = "The second factor is on.")))]
#[post("/api/v1/auth/totp/confirm")]
pub async fn confirm_totp(permit: Permit<OwnAccount>, body: Json<TotpCode>) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let id = w.principal().id;
            let (_, _, enabled) = queries::lock_totp(w, id)?;
            if enabled {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            if !accept_code(w, id, &body.0.code)? {
                return Err(Problem::field("/code", "wrong", "is not the present code"));
            }
            let (sealed, last, _) = queries::lock_totp(w, id)?;
            queries::set_totp(w, id, sealed, true, last)?;
            w.audit(AuditEntry {
                action: "account.enable_totp",
                subject_kind: "account",
                subject_id: Some(id),
                ..AuditEntry::default()
            })?;
            Ok(Answer::empty())
        })
        .await
}

/// Remove the second factor
///
/// Needs the password.
#[utoipa::path(tag = "auth", request_body = TotpRemoval, responses((status = 204, description = "The second factor is off.")))]
#[delete("/api/v1/auth/totp")]
pub async fn remove_totp(permit: Permit<OwnAccount>, body: Json<TotpRemoval>) -> Result<Answer, Problem> {
    check_password(&permit, body.0.password, "/password").await?;
    permit
        .write(|w| {
            let id = w.principal().id;
            queries::set_totp(w, id, None, false, None)?;
            w.audit(AuditEntry {
                action: "account.disable_totp",
                subject_kind: "account",
                subject_id: Some(id),
                ..AuditEntry::default()
            })?;
            Ok(Answer::empty())
        })
        .await
}
