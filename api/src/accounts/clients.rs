//! Machine clients: made and changed by administrators; the secret is shown once.

use actix_web::{get, patch, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use uuid::Uuid;

use super::client_queries as sql;
use super::model::{Client, ClientPage, ClientPatch, ClientQuery, ClientWithSecret, NewClient};
use super::{client_scopes, client_secret_digest};
use crate::access::policy::{ClientEdit, ClientRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};

fn answer(r: &Reader<'_>, client: &Client) -> Result<Answer, Problem> {
    Ok(Answer::ok(client)?.etag(client.version, r.principal(), &[]))
}

fn check_scopes(scopes: &[String]) -> Result<(), Problem> {
    let known = client_scopes();
    match scopes.iter().position(|s| !known.contains(&s.as_str())) {
        Some(i) => {
            Err(Problem::field(format!("/scopes/{i}"), "unknown", format!("is not one of {}", known.join(", "))))
        }
        None => Ok(()),
    }
}

fn secret() -> String {
    URL_SAFE_NO_PAD.encode(crate::kernel::seal::random::<32>())
}

/// List machine clients
///
/// Newest first; secrets are never shown again.
#[utoipa::path(tag = "accounts", params(ClientQuery), responses((status = 200, description = "A page of clients.", body = ClientPage)))]
#[get("/api/v1/clients")]
pub async fn list_clients(permit: Permit<ClientRead>, query: Query<ClientQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("clients");
            let start = paging.start(r.sealer())?;
            let mut data = sql::list(r, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |c| (None, c.id.to_string()));
            page_answer(&ClientPage { data, page: page.clone() }, &page, "/api/v1/clients")
        })
        .await
}

/// Get a machine client
///
/// Without its secret.
#[utoipa::path(tag = "accounts", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The client.", body = Client), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/clients/{id}")]
pub async fn get_client(permit: Permit<ClientRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let client = sql::find(r, id.0)?;
            answer(r, &client)
        })
        .await
}

/// Create a machine client
///
/// The secret is in this answer and nowhere else.
#[utoipa::path(tag = "accounts", params(IdempotencyHeader), request_body = NewClient, responses((status = 201, description = "The client with its secret.", body = ClientWithSecret)))]
#[post("/api/v1/clients")]
pub async fn create_client(
    permit: Permit<ClientEdit>,
    key: IdempotencyKey,
    body: Json<NewClient>,
) -> Result<Answer, Problem> {
    let new = body.0;
    check_scopes(&new.scopes)?;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_client", &new, |w| {
                let client_secret = secret();
                let client_id = format!("app-{}", Uuid::now_v7().simple());
                let id = sql::create(w, &new, &client_id, &client_secret_digest(&client_secret))?;
                w.audit(AuditEntry {
                    action: "client.create",
                    subject_kind: "client",
                    subject_id: Some(id),
                    after: Some(json!({"scopes": new.scopes})),
                    ..AuditEntry::default()
                })?;
                let client = sql::find(w, id)?;
                Answer::created(&ClientWithSecret { client, client_secret }, format!("/api/v1/clients/{id}"))
            })
        })
        .await
}

/// Change a machine client
///
/// Name and scopes; tokens it holds obey within a second.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), request_body(content = ClientPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The client as it is now.", body = Client)))]
#[patch("/api/v1/clients/{id}")]
pub async fn update_client(
    permit: Permit<ClientEdit>,
    id: Id,
    version: IfMatch,
    body: Json<ClientPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    if patch.name == Field::Null
        || patch.name.value().is_some_and(|n| crate::kernel::text::clean(n).is_empty() || n.chars().count() > 120)
    {
        return Err(Problem::field("/name", "length", "must have 1 to 120 characters"));
    }
    if patch.scopes == Field::Null {
        return Err(Problem::field("/scopes", "required", "must be a list"));
    }
    check_scopes(patch.scopes.value().map(Vec::as_slice).unwrap_or_default())?;
    permit
        .write(move |w| {
            let before = sql::lock(w, id.0)?;
            version.check(before.version)?;
            let changes = sql::Changes {
                name: patch.name.value().map(|n| crate::kernel::text::clean(n)),
                scopes: patch.scopes.value().cloned(),
                ..sql::Changes::default()
            };
            sql::update(w, id.0, changes)?;
            let client = sql::find(w, id.0)?;
            let state = |c: &Client| json!({"name": c.name, "scopes": c.scopes});
            w.audit(AuditEntry {
                action: "client.update",
                subject_kind: "client",
                subject_id: Some(id.0),
                before: Some(state(&before)),
                after: Some(state(&client)),
                ..AuditEntry::default()
            })?;
            answer(w, &client)
        })
        .await
}

/// Make a new secret
///
/// The old one stops working at once.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), responses((status = 200, description = "The client with its new secret.", body = ClientWithSecret)))]
#[post("/api/v1/clients/{id}/rotate-secret")]
pub async fn rotate_client_secret(permit: Permit<ClientEdit>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            version.check(sql::lock(w, id.0)?.version)?;
            let client_secret = secret();
            sql::update(
                w,
                id.0,
                sql::Changes { secret_hash: Some(client_secret_digest(&client_secret)), ..sql::Changes::default() },
            )?;
            w.audit(AuditEntry {
                action: "client.rotate_secret",
                subject_kind: "client",
                subject_id: Some(id.0),
                ..AuditEntry::default()
            })?;
            let client = sql::find(w, id.0)?;
            Answer::ok(&ClientWithSecret { client, client_secret })
        })
        .await
}

fn set_status(w: &mut Writer<'_>, id: Uuid, version: IfMatch, status: &'static str) -> Result<Answer, Problem> {
    let before = sql::lock(w, id)?;
    version.check(before.version)?;
    if before.status == status {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    sql::update(w, id, sql::Changes { status: Some(status.into()), ..sql::Changes::default() })?;
    let action = if status == "active" { "client.enable" } else { "client.disable" };
    w.audit(AuditEntry { action, subject_kind: "client", subject_id: Some(id), ..AuditEntry::default() })?;
    let client = sql::find(w, id)?;
    answer(w, &client)
}

/// Disable a machine client
///
/// Its tokens stop working within a second.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), responses((status = 200, description = "The client as it is now.", body = Client)))]
#[post("/api/v1/clients/{id}/disable")]
pub async fn disable_client(permit: Permit<ClientEdit>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| set_status(w, id.0, version, "disabled")).await
}

/// Enable a machine client
///
/// With the scopes it had.
#[utoipa::path(tag = "accounts", params(IdPath, IfMatchHeader), responses((status = 200, description = "The client as it is now.", body = Client)))]
#[post("/api/v1/clients/{id}/enable")]
pub async fn enable_client(permit: Permit<ClientEdit>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| set_status(w, id.0, version, "active")).await
}
