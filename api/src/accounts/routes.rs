//! Accounts as administrators see them.

use actix_web::{get, patch, post};
use serde_json::json;

use super::model::{Account, AccountPage, AccountPatch, AccountQuery, CreatedAccount, NewAccount};
use super::{password, queries};
use crate::access::policy::{AccountEdit, AccountRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};

pub(super) fn answer(r: &Reader<'_>, account: &Account) -> Result<Answer, Problem> {
    let can: Vec<&str> = account.can.iter().map(String::as_str).collect();
    Ok(Answer::ok(account)?.etag(account.version, r.principal(), &can))
}

/// List accounts
///
/// Newest first, with every grant.
#[utoipa::path(tag = "accounts", params(AccountQuery), responses((status = 200, description = "A page of accounts.", body = AccountPage)))]
#[get("/api/v1/accounts")]
pub async fn list_accounts(permit: Permit<AccountRead>, query: Query<AccountQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("accounts");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, query.0.role, query.0.status.as_deref(), start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |a| (None, a.id.to_string()));
            page_answer(&AccountPage { data, page: page.clone() }, &page, "/api/v1/accounts")
        })
        .await
}

/// Get an account
///
/// With every grant, also past and proposed ones.
#[utoipa::path(tag = "accounts", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The account.", body = Account), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/accounts/{id}")]
pub async fn get_account(permit: Permit<AccountRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let account = queries::find(r, id.0)?;
            answer(r, &account)
        })
        .await
}

/// Create an account
///
/// It can do nothing until a grant is proposed and approved. A password that is left out is made and shown once.
#[utoipa::path(tag = "accounts", params(IdempotencyHeader), request_body = NewAccount, responses((status = 201, description = "The new account.", body = CreatedAccount)))]
#[post("/api/v1/accounts")]
pub async fn create_account(
    permit: Permit<AccountEdit>,
    key: IdempotencyKey,
    body: Json<NewAccount>,
) -> Result<Answer, Problem> {
    let new = body.0;
    let (initial_password, chosen) = match &new.password {
        Some(given) => {
            password::check(given, &new.username, "/password")?;
            (None, given.clone())
        }
        None => {
            let made = password::generate();
            (Some(made.clone()), made)
        }
    };
    let hash = password::hash_async(chosen).await?;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_account", &new, |w| {
                let account = queries::create(w, &new, &hash)?;
                w.audit(AuditEntry {
                    action: "account.create",
                    subject_kind: "account",
                    subject_id: Some(account.id),
                    after: Some(json!({"username": account.username})),
                    ..AuditEntry::default()
                })?;
                let location = format!("/api/v1/accounts/{}", account.id);
                let can: Vec<String> = account.can.clone();
                let can: Vec<&str> = can.iter().map(String::as_str).collect();
                let version = account.version;
                Ok(Answer::created(&CreatedAccount { account, initial_password }, location)?.etag(
                    version,
                    w.principal(),
                    &can,
                ))
            })
        })
        .await
}

/// Change an account
///
/// Name, mail address, STR. What is null is removed.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), request_body(content = AccountPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The account as it is now.", body = Account)))]
#[patch("/api/v1/accounts/{id}")]
pub async fn update_account(
    permit: Permit<AccountEdit>,
    id: Id,
    version: IfMatch,
    body: Json<AccountPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    match &patch.display_name {
        Field::Null => return Err(Problem::field("/display_name", "required", "must not be empty")),
        Field::Value(v) if crate::kernel::text::clean(v).is_empty() || v.chars().count() > 120 => {
            return Err(Problem::field("/display_name", "length", "must have 1 to 120 characters"));
        }
        _ => {}
    }
    for (field, pointer, max) in [(&patch.email, "/email", 200), (&patch.str_number, "/str_number", 60)] {
        if field.value().is_some_and(|v| v.chars().count() > max) {
            return Err(Problem::field(pointer, "length", "is too long"));
        }
    }
    permit
        .write(move |w| {
            version.check(queries::lock(w, id.0)?)?;
            let before = queries::find(w, id.0)?;
            queries::update(w, id.0, patch)?;
            let account = queries::find(w, id.0)?;
            let state = |a: &Account| json!({"display_name": a.display_name, "email": a.email, "str_number": a.str_number, "str_valid_until": a.str_valid_until});
            w.audit(AuditEntry {
                action: "account.update", subject_kind: "account", subject_id: Some(id.0), before: Some(state(&before)), after: Some(state(&account)),
                ..AuditEntry::default()
            })?;
            answer(w, &account)
        })
        .await
}

fn set_status(w: &mut Writer<'_>, id: uuid::Uuid, version: IfMatch, status: &str) -> Result<Answer, Problem> {
    version.check(queries::lock(w, id)?)?;
    let before = queries::find(w, id)?;
    if before.status == status {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    if id == w.principal().id {
        return Err(Problem::with(&problem::SAME_PERSON, "somebody else has to do this to your account"));
    }
    queries::set_status(w, id, status)?;
    let action = if status == "disabled" { "account.disable" } else { "account.enable" };
    w.audit(AuditEntry { action, subject_kind: "account", subject_id: Some(id), ..AuditEntry::default() })?;
    let account = queries::find(w, id)?;
    answer(w, &account)
}

/// Disable an account
///
/// Its sessions end within a second.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), responses((status = 200, description = "The account as it is now.", body = Account)))]
#[post("/api/v1/accounts/{id}/disable")]
pub async fn disable_account(permit: Permit<AccountEdit>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| set_status(w, id.0, version, "disabled")).await
}

/// Enable an account
///
/// Its grants are as they were.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), responses((status = 200, description = "The account as it is now.", body = Account)))]
#[post("/api/v1/accounts/{id}/enable")]
pub async fn enable_account(permit: Permit<AccountEdit>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| set_status(w, id.0, version, "active")).await
}

/// Make a new password for somebody
///
/// Shown once; every session of the account ends and the password must be changed at the next sign-in.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), responses((status = 200, description = "The account and its new password.", body = CreatedAccount)))]
#[post("/api/v1/accounts/{id}/reset-password")]
pub async fn reset_account_password(permit: Permit<AccountEdit>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    let made = password::generate();
    let hash = password::hash_async(made.clone()).await?;
    permit
        .write(move |w| {
            version.check(queries::lock(w, id.0)?)?;
            queries::set_password(w, id.0, &hash, true)?;
            queries::end_sessions(w, id.0, None, "password reset")?;
            w.audit(AuditEntry {
                action: "account.reset_password",
                subject_kind: "account",
                subject_id: Some(id.0),
                ..AuditEntry::default()
            })?;
            let account = queries::find(w, id.0)?;
            let version = account.version;
            Ok(Answer::ok(&CreatedAccount { account, initial_password: Some(made) })?.etag(
                version,
                w.principal(),
                &["update"],
            ))
        })
        .await
}
