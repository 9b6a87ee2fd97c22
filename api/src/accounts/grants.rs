//! Grants: proposed by an administrator, in force after a coordinator's key.

use actix_web::post;
use serde_json::json;

use super::model::{Account, NewGrant, ScopeKind};
use super::queries;
use super::routes::answer;
use crate::access::policy::{AccountEdit, GrantApprove};
use crate::access::{AuditEntry, Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};

fn check(w: &mut Writer<'_>, new: &NewGrant) -> Result<(), Problem> {
    if !new.scope_kind.fits(new.role) {
        return Err(Problem::field("/scope_kind", "not_allowed", "this role cannot have a scope of this kind"));
    }
    match (&new.scope_ref, new.scope_kind) {
        (None, ScopeKind::City) => {}
        (Some(_), ScopeKind::City) => {
            return Err(Problem::field("/scope_ref", "not_allowed", "a grant for the city names nothing"));
        }
        // A person's grant follows the individual the account stands for.
        (_, ScopeKind::Person) => {}
        (None, _) => return Err(Problem::field("/scope_ref", "required", "names the region or organization")),
        (Some(reference), kind) if !queries::scope_exists(w, kind, reference)? => {
            return Err(Problem::field("/scope_ref", "unknown", "does not exist"));
        }
        _ => {}
    }
    Ok(())
}

/// Propose a grant
///
/// It is in force only after a coordinator has approved it.
#[utoipa::path(tag = "accounts", params(IdPath, IdempotencyHeader), request_body = NewGrant, responses((status = 201, description = "The account with the proposed grant.", body = Account)))]
#[post("/api/v1/accounts/{id}/grants")]
pub async fn create_grant(
    permit: Permit<AccountEdit>,
    id: Id,
    key: IdempotencyKey,
    body: Json<NewGrant>,
) -> Result<Answer, Problem> {
    let mut new = body.0;
    if new.scope_kind == ScopeKind::Person && new.scope_ref.is_none() {
        new.scope_ref = Some("self".into());
    }
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_grant", &(id.0, &new), |w| {
                queries::lock(w, id.0)?;
                check(w, &new)?;
                let grant = queries::insert_grant(w, id.0, &new)?;
                let after = json!({"grant": grant, "account": id.0, "role": new.role, "scope_kind": new.scope_kind, "scope_ref": new.scope_ref});
                w.audit(AuditEntry { action: "grant.propose", subject_kind: "account", subject_id: Some(id.0), reason: new.reason.clone(), after: Some(after), ..AuditEntry::default() })?;
                let account = queries::find(w, id.0)?;
                Answer::created(&account, format!("/api/v1/accounts/{}", id.0))
            })
        })
        .await
}

/// Approve a grant
///
/// The second key: by a coordinator who did not propose it and does not receive it.
#[utoipa::path(tag = "accounts", params(IdPath), responses((status = 200, description = "The account with the grant in force.", body = Account)))]
#[post("/api/v1/grants/{id}/approve")]
pub async fn approve_grant(permit: Permit<GrantApprove>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let grant = queries::lock_grant(w, id.0)?;
            if grant.status != "proposed" {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            let me = w.principal().id;
            if grant.proposed_by == Some(me) || grant.account_id == me {
                return Err(Problem::new(&problem::SAME_PERSON));
            }
            queries::set_grant_status(w, id.0, "active", Some(me))?;
            w.audit(AuditEntry {
                action: "grant.approve",
                subject_kind: "account",
                subject_id: Some(grant.account_id),
                after: Some(json!({"grant": grant.id})),
                ..AuditEntry::default()
            })?;
            let account = queries::find(w, grant.account_id)?;
            answer(w, &account)
        })
        .await
}

/// Revoke a grant
///
/// It ends within a second. Taking away needs no second key.
#[utoipa::path(tag = "accounts", params(IdPath), responses((status = 200, description = "The account without the grant.", body = Account)))]
#[post("/api/v1/grants/{id}/revoke")]
pub async fn revoke_grant(permit: Permit<AccountEdit>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let grant = queries::lock_grant(w, id.0)?;
            if grant.status == "revoked" {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            queries::set_grant_status(w, id.0, "revoked", None)?;
            w.audit(AuditEntry {
                action: "grant.revoke",
                subject_kind: "account",
                subject_id: Some(grant.account_id),
                after: Some(json!({"grant": grant.id})),
                ..AuditEntry::default()
            })?;
            let account = queries::find(w, grant.account_id)?;
            answer(w, &account)
        })
        .await
}
