//! SQL of saved views.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{NewView, Sharing, View, ViewPatch, ViewQuery};
use super::rules;
use crate::access::{Reader, Role, Writer};
use crate::db::schema::saved_views;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = PgUuid)]
    owner_id: Uuid,
    #[diesel(sql_type = Text)]
    owner_name: String,
    #[diesel(sql_type = Text)]
    screen: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sharing: Sharing,
    #[diesel(sql_type = Jsonb)]
    filter: Value,
    #[diesel(sql_type = Nullable<Text>)]
    sort: Option<String>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    column_ids: Option<Vec<String>>,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
}

fn view(r: &Reader<'_>, row: Row) -> Result<View, Problem> {
    let own = row.owner_id == r.scope().actor;
    let filter: BTreeMap<String, String> = serde_json::from_value(row.filter).map_err(Problem::internal)?;
    Ok(View {
        id: row.id,
        screen: row.screen,
        name: row.name,
        sharing: row.sharing,
        filter,
        sort: row.sort,
        columns: row.column_ids,
        own,
        owner_name: row.owner_name,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can: rules::can(own),
    })
}

const COLUMNS: &str = "SELECT v.id, v.owner_id, a.display_name AS owner_name, v.screen, v.name, v.sharing, v.filter, v.sort, v.column_ids, v.version, v.created_at, v.updated_at";

/// ` FROM … WHERE …`: the caller's own views, and those his colleagues share. Colleagues are asked for anew each time, so
/// that a grant that ends takes the shared views along.
fn visible_views(sql: Sql, r: &Reader<'_>) -> Sql {
    let teams: Vec<_> = r.principal().grants.iter().filter(|g| g.role != Role::Citizen).collect();
    let roles: Vec<String> = teams.iter().map(|g| g.role.slug().to_owned()).collect();
    let kinds: Vec<String> = teams.iter().map(|g| g.scope_kind.clone()).collect();
    let places: Vec<String> = teams.iter().map(|g| g.scope_ref.clone().unwrap_or_default()).collect();
    sql.push(" FROM saved_views v JOIN accounts a ON a.id = v.owner_id WHERE (v.owner_id = ")
        .bind::<PgUuid, _>(r.scope().actor)
        .push(
            " OR (v.sharing = 'team' AND a.status = 'active' AND EXISTS (
                 SELECT FROM grants g WHERE g.account_id = v.owner_id AND g.status = 'active' AND g.from_date <= ",
        )
        .bind::<Date, _>(r.today())
        .push(" AND (g.to_date IS NULL OR g.to_date >= ")
        .bind::<Date, _>(r.today())
        .push(") AND (g.role, g.scope_kind, coalesce(g.scope_ref, '')) IN (SELECT * FROM unnest(")
        .bind::<Array<Text>, _>(roles)
        .push(", ")
        .bind::<Array<Text>, _>(kinds)
        .push(", ")
        .bind::<Array<Text>, _>(places)
        .push(")))))")
}

fn filtered(mut sql: Sql, r: &Reader<'_>, filter: &ViewQuery) -> Sql {
    if let Some(screen) = &filter.screen {
        sql = sql.push(" AND v.screen = ").bind::<Text, _>(screen.clone());
    }
    match filter.sharing {
        Some(Sharing::Mine) => sql.push(" AND v.owner_id = ").bind::<PgUuid, _>(r.scope().actor),
        Some(Sharing::Team) => sql.push(" AND v.owner_id <> ").bind::<PgUuid, _>(r.scope().actor),
        None => sql,
    }
}

pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &ViewQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<View>, Problem> {
    let mut sql = filtered(visible_views(Sql::new(COLUMNS), r), r, filter);
    if let Some(cursor) = start
        && let (Some(name), Ok(id)) = (cursor.key.clone(), cursor.id.parse::<Uuid>())
    {
        sql = sql.push(" AND (v.name, v.id) > (").bind::<Text, _>(name).push(", ").bind::<PgUuid, _>(id).push(")");
    }
    let rows: Vec<Row> = sql.push(" ORDER BY v.name, v.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?;
    rows.into_iter().map(|row| view(r, row)).collect()
}

/// Rows the filter finds, counted up to one more than the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &ViewQuery) -> Result<i64, Problem> {
    let sql = visible_views(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r);
    let sql = filtered(sql, r, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") AS found");
    Ok(sql.row::<Count>(r.conn())?.count)
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<View, Problem> {
    let row: Row = visible_views(Sql::new(COLUMNS), r).push(" AND v.id = ").bind::<PgUuid, _>(id).row(r.conn())?;
    view(r, row)
}

/// The caller's own view, locked until the transaction ends; a colleague's is seen but not his to change.
pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<View, Problem> {
    let seen = find(w, id)?;
    if !seen.own {
        return Err(Problem::with(&problem::FORBIDDEN, "only its owner changes a view"));
    }
    saved_views::table.find(id).select(saved_views::id).for_update().first::<Uuid>(w.conn())?;
    find(w, id)
}

pub(super) fn insert(w: &mut Writer<'_>, new: &NewView) -> Result<Uuid, Problem> {
    let owner = w.principal().id;
    // One at a time an account, so that two requests cannot both take the last place.
    Sql::new("SELECT pg_advisory_xact_lock(hashtextextended(")
        .bind::<Text, _>(format!("saved_views {owner}"))
        .push(", 0))")
        .execute(w.conn())?;
    let kept: i64 = saved_views::table.filter(saved_views::owner_id.eq(owner)).count().get_result(w.conn())?;
    if kept >= rules::MOST_VIEWS {
        return Err(Problem::with(&problem::CONFLICT, "an account keeps at most 200 views; delete one first"));
    }
    let id = Uuid::now_v7();
    let now = w.now();
    diesel::insert_into(saved_views::table)
        .values((
            saved_views::id.eq(id),
            saved_views::owner_id.eq(owner),
            saved_views::screen.eq(&new.screen),
            saved_views::name.eq(clean(&new.name)),
            saved_views::sharing.eq(new.sharing.slug()),
            saved_views::filter.eq(serde_json::to_value(&new.filter).map_err(Problem::internal)?),
            saved_views::sort.eq(&new.sort),
            saved_views::column_ids.eq(&new.columns),
            saved_views::created_at.eq(now),
            saved_views::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

#[derive(AsChangeset)]
#[diesel(table_name = saved_views)]
struct Changes {
    name: Option<String>,
    sharing: Option<&'static str>,
    filter: Option<Value>,
    sort: Option<Option<String>>,
    column_ids: Option<Option<Vec<String>>>,
    updated_at: Option<DateTime<Utc>>,
}

pub(super) fn update(w: &mut Writer<'_>, id: Uuid, patch: ViewPatch) -> Result<(), Problem> {
    let changes = Changes {
        name: patch.name.value().map(|n| clean(n)),
        sharing: patch.sharing.value().map(|s| s.slug()),
        filter: patch.filter.value().map(serde_json::to_value).transpose().map_err(Problem::internal)?,
        sort: patch.sort.nullable(),
        column_ids: patch.columns.nullable(),
        updated_at: Some(w.now()),
    };
    diesel::update(saved_views::table.find(id))
        .set((changes, saved_views::version.eq(saved_views::version + 1)))
        .execute(w.conn())?;
    Ok(())
}

pub(super) fn delete(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    diesel::delete(saved_views::table.find(id)).execute(w.conn())?;
    Ok(())
}
