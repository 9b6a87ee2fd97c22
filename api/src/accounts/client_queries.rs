//! SQL of machine clients.

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Client, NewClient};
use crate::access::{Reader, Writer};
use crate::kernel::problem::Problem;

use crate::db::schema::clients;
use crate::kernel::page::Cursor;
use chrono::{DateTime, Utc};

type Row = (Uuid, String, String, Option<Uuid>, Vec<String>, String, i64, DateTime<Utc>, DateTime<Utc>);
type Columns = (
    clients::id,
    clients::client_id,
    clients::name,
    clients::organization_id,
    clients::scopes,
    clients::status,
    clients::version,
    clients::created_at,
    clients::updated_at,
);
const COLUMNS: Columns = (
    clients::id,
    clients::client_id,
    clients::name,
    clients::organization_id,
    clients::scopes,
    clients::status,
    clients::version,
    clients::created_at,
    clients::updated_at,
);

fn view(row: Row) -> Client {
    let (id, client_id, name, organization_id, scopes, status, version, created_at, updated_at) = row;
    Client { id, client_id, name, organization_id, scopes, status, version, created_at, updated_at }
}

pub(super) fn list(r: &mut Reader<'_>, start: Option<&Cursor>, fetch: i64) -> Result<Vec<Client>, Problem> {
    let mut query = clients::table.into_boxed();
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(clients::id.lt(id));
    }
    let rows: Vec<Row> = query.order(clients::id.desc()).limit(fetch).select(COLUMNS).load(r.conn())?;
    Ok(rows.into_iter().map(view).collect())
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Client, Problem> {
    Ok(view(clients::table.find(id).select(COLUMNS).first(r.conn())?))
}

pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<Client, Problem> {
    Ok(view(clients::table.find(id).select(COLUMNS).for_update().first(w.conn())?))
}

pub(super) fn create(w: &mut Writer<'_>, new: &NewClient, client_id: &str, digest: &str) -> Result<Uuid, Problem> {
    let id = Uuid::now_v7();
    diesel::insert_into(clients::table)
        .values((
            clients::id.eq(id),
            clients::client_id.eq(client_id),
            clients::secret_hash.eq(digest),
            clients::name.eq(crate::kernel::text::clean(&new.name)),
            clients::organization_id.eq(new.organization_id),
            clients::scopes.eq(&new.scopes),
        ))
        .execute(w.conn())?;
    Ok(id)
}

#[derive(AsChangeset, Default)]
#[diesel(table_name = clients)]
pub(super) struct Changes {
    pub(super) name: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) status: Option<String>,
    pub(super) secret_hash: Option<String>,
}

pub(super) fn update(w: &mut Writer<'_>, id: Uuid, changes: Changes) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(clients::table.find(id))
        .set((changes, clients::version.eq(clients::version + 1), clients::updated_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}
