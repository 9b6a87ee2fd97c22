//! SQL of instruments.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{InstrumentQuery, InstrumentStatus, InstrumentSubject, NewInstrument};
use crate::access::{Reader, Writer};
use crate::db::schema::instruments::dsl as t;
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A revision as stored.
#[derive(Debug, Clone, QueryableByName)]
pub struct InstrumentRow {
    /// Id.
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    /// Code of all revisions.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Which one.
    #[diesel(sql_type = Int4)]
    pub revision: i32,
    /// Name.
    #[diesel(sql_type = Jsonb)]
    pub name: Value,
    /// Description.
    #[diesel(sql_type = Jsonb)]
    pub description: Value,
    /// Household or person.
    #[diesel(sql_type = Text)]
    pub subject_kind: InstrumentSubject,
    /// Label.
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    /// The form.
    #[diesel(sql_type = Jsonb)]
    pub definition: Value,
    /// Decree.
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    /// How far.
    #[diesel(sql_type = Text)]
    pub status: InstrumentStatus,
    /// Who wrote it.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub drafted_by: Option<Uuid>,
    /// When it came into use.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub activated_at: Option<DateTime<Utc>>,
    /// Version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// Changed.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT id, code, revision, name, description, subject_kind, sensitivity, definition, source, status, drafted_by, activated_at, version, created_at, updated_at FROM instruments WHERE true";

/// One revision. Reference data: everybody who may read instruments sees each.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<InstrumentRow, Problem> {
    Ok(Sql::new(SELECT).push(" AND id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The active revision of a code.
pub fn by_code(r: &mut Reader<'_>, code: &str) -> Result<Option<InstrumentRow>, Problem> {
    let sql = Sql::new(SELECT).push(" AND status = 'active' AND code = ").bind::<Text, _>(code.to_owned());
    Ok(sql.row(r.conn()).optional()?)
}

/// The same, locked.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<InstrumentRow, Problem> {
    Ok(Sql::new(SELECT).push(" AND id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE").row(w.conn())?)
}

fn push_filter(mut sql: Sql, filter: &InstrumentQuery) -> Sql {
    if let Some(status) = filter.status {
        sql = sql.push(" AND status = ").bind::<Text, _>(status);
    }
    if let Some(code) = &filter.code {
        sql = sql.push(" AND code = ").bind::<Text, _>(code.clone());
    }
    sql
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &InstrumentQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<InstrumentRow>, Problem> {
    let mut sql = push_filter(Sql::new(SELECT), filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many the list has.
pub(super) fn count(r: &mut Reader<'_>, filter: &InstrumentQuery) -> Result<i64, Problem> {
    let sql = push_filter(Sql::new("SELECT count(*) AS count FROM (SELECT 1 FROM instruments WHERE true"), filter);
    Ok(sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") t").row::<Count>(r.conn())?.count)
}

fn json(value: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(Problem::internal)
}

/// Stores a draft as the next revision of its code.
pub(super) fn insert(w: &mut Writer<'_>, new: &NewInstrument, label: Sensitivity) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    let last: Option<i32> =
        t::instruments.filter(t::code.eq(&new.code)).select(diesel::dsl::max(t::revision)).first(w.conn())?;
    diesel::insert_into(t::instruments)
        .values((
            t::id.eq(id),
            t::code.eq(&new.code),
            t::revision.eq(last.unwrap_or(0) + 1),
            t::name.eq(json(&new.name)?),
            t::description.eq(json(&new.description)?),
            t::subject_kind.eq(new.subject_kind),
            t::sensitivity.eq(label),
            t::definition.eq(json(&new.definition)?),
            t::source.eq(&new.source),
            t::drafted_by.eq(actor),
            t::created_at.eq(now),
            t::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// What changes of a draft.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<Value>,
    pub description: Option<Value>,
    pub definition: Option<Value>,
    pub sensitivity: Option<Sensitivity>,
}

/// Changes a locked draft.
pub(super) fn update(w: &mut Writer<'_>, id: Uuid, change: Change) -> Result<(), Problem> {
    diesel::update(t::instruments.find(id))
        .set((
            change.name.map(|v| t::name.eq(v)),
            change.description.map(|v| t::description.eq(v)),
            change.definition.map(|v| t::definition.eq(v)),
            change.sensitivity.map(|v| t::sensitivity.eq(v)),
            t::version.eq(t::version + 1),
            t::updated_at.eq(w.now()),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Puts a locked draft into use in place of the revision before.
pub(super) fn activate(w: &mut Writer<'_>, row: &InstrumentRow) -> Result<(), Problem> {
    let (actor, now) = (w.scope().actor, w.now());
    diesel::update(t::instruments.filter(t::code.eq(&row.code)).filter(t::status.eq(InstrumentStatus::Active)))
        .set((t::status.eq(InstrumentStatus::Retired), t::version.eq(t::version + 1), t::updated_at.eq(now)))
        .execute(w.conn())?;
    diesel::update(t::instruments.find(row.id))
        .set((
            t::status.eq(InstrumentStatus::Active),
            t::activated_by.eq(actor),
            t::activated_at.eq(now),
            t::version.eq(t::version + 1),
            t::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Takes a locked revision out of use.
pub(super) fn retire(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    diesel::update(t::instruments.find(id))
        .set((t::status.eq(InstrumentStatus::Retired), t::version.eq(t::version + 1), t::updated_at.eq(w.now())))
        .execute(w.conn())?;
    Ok(())
}

/// The instruments that ship with the service.
const SHIPPED: &str = include_str!("../../data/instruments.json");

/// One of them.
#[derive(serde::Deserialize)]
struct Shipped {
    code: String,
    name: Value,
    description: Value,
    subject_kind: InstrumentSubject,
    sensitivity: Sensitivity,
    source: String,
    definition: super::Definition,
}

/// Adds the shipped instruments that the database lacks, active at once. Runs as the owner while migrating; a code that
/// is there in any revision is left alone.
pub fn load(conn: &mut PgConnection) -> QueryResult<usize> {
    let broken = |e: serde_json::Error| diesel::result::Error::SerializationError(Box::new(e));
    let mut added = 0;
    for one in serde_json::from_str::<Vec<Shipped>>(SHIPPED).map_err(broken)? {
        added += diesel::sql_query(
            "INSERT INTO instruments (id, code, revision, name, description, subject_kind, sensitivity, source, definition, status, activated_at)
             SELECT $1, $2, 1, $3, $4, $5, $6, $7, $8, 'active', now() WHERE NOT EXISTS (SELECT FROM instruments WHERE code = $2)",
        )
        .bind::<PgUuid, _>(Uuid::now_v7())
        .bind::<Text, _>(one.code)
        .bind::<Jsonb, _>(one.name)
        .bind::<Jsonb, _>(one.description)
        .bind::<Text, _>(one.subject_kind)
        .bind::<Text, _>(one.sensitivity)
        .bind::<Text, _>(one.source)
        .bind::<Jsonb, _>(serde_json::to_value(&one.definition).map_err(broken)?)
        .execute(conn)?;
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_passes_the_check() {
        for one in serde_json::from_str::<Vec<Shipped>>(SHIPPED).unwrap() {
            assert_eq!(crate::instruments::check::check(&one.definition), [], "{}", one.code);
        }
    }
}
