//! SQL of the runs.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A run with the state of its operation.
#[derive(Debug, Clone, QueryableByName)]
pub struct RunRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub operation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub cause: String,
    #[diesel(sql_type = Text)]
    pub state: String,
    #[diesel(sql_type = Double)]
    pub threshold: f64,
    #[diesel(sql_type = Integer)]
    pub people: i32,
    #[diesel(sql_type = BigInt)]
    pub compared: i64,
    #[diesel(sql_type = Integer)]
    pub found: i32,
    #[diesel(sql_type = Integer)]
    pub added: i32,
    #[diesel(sql_type = Integer)]
    pub gone: i32,
    #[diesel(sql_type = Integer)]
    pub clusters: i32,
    #[diesel(sql_type = Integer)]
    pub largest_cluster: i32,
    #[diesel(sql_type = Integer)]
    pub load_ms: i32,
    #[diesel(sql_type = Integer)]
    pub link_ms: i32,
    #[diesel(sql_type = Integer)]
    pub store_ms: i32,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub finished_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "SELECT d.id, d.operation_id, d.cause, o.state, d.threshold, d.people, d.compared, d.found, d.added, d.gone, d.clusters,
    d.largest_cluster, d.load_ms, d.link_ms, d.store_ms, d.created_at, d.finished_at
    FROM duplicate_runs d JOIN operations o ON o.id = d.operation_id WHERE ";

/// A run, for who may ask for one.
pub fn find_visible(r: &mut Reader<'_>, id: Uuid) -> Result<RunRow, Problem> {
    Ok(Sql::new(COLUMNS).push("d.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// Runs, newest first.
pub fn list_visible(r: &mut Reader<'_>, start: Option<&Cursor>, fetch: i64) -> Result<Vec<RunRow>, Problem> {
    let mut sql = Sql::new(COLUMNS).push("true");
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND d.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY d.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

#[derive(QueryableByName)]
struct Weights {
    #[diesel(sql_type = Nullable<Jsonb>)]
    weights: Option<Value>,
}

/// The weights a run has estimated.
pub fn weights(r: &mut Reader<'_>, id: Uuid) -> Result<Option<Value>, Problem> {
    let sql = Sql::new("SELECT model->'weights' AS weights FROM duplicate_runs WHERE id = ").bind::<PgUuid, _>(id);
    Ok(sql.row::<Weights>(r.conn())?.weights)
}

/// Whether a run waits or is at work.
pub fn running(w: &mut Writer<'_>) -> Result<bool, Problem> {
    let sql = Sql::new("SELECT id FROM operations WHERE state IN ('queued', 'running') AND kind = ");
    Ok(sql.bind::<Text, _>(crate::duplicates::OPERATION).push(" LIMIT 1").execute(w.conn())? > 0)
}

/// Notes a run that was asked for.
pub fn create(w: &mut Writer<'_>, id: Uuid, operation: Uuid, threshold: f64) -> Result<(), Problem> {
    let (actor, now) = (w.principal().id, w.now());
    Sql::new("INSERT INTO duplicate_runs (id, operation_id, cause, threshold, created_by, created_at) VALUES (")
        .bind::<PgUuid, _>(id)
        .push(", ")
        .bind::<PgUuid, _>(operation)
        .push(", 'asked', ")
        .bind::<Double, _>(threshold)
        .push(", ")
        .bind::<Nullable<PgUuid>, _>((!actor.is_nil()).then_some(actor))
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(")")
        .execute(w.conn())?;
    Ok(())
}

/// What a run found and cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    pub people: usize,
    pub compared: u64,
    pub found: usize,
    pub added: i64,
    pub gone: i64,
    pub clusters: usize,
    pub largest_cluster: usize,
    pub load: std::time::Duration,
    pub link: std::time::Duration,
    pub store: std::time::Duration,
}

/// Closes the books of a run.
pub fn finish(w: &mut Writer<'_>, id: Uuid, outcome: &Outcome, model: Value) -> Result<(), Problem> {
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let ms = |d: std::time::Duration| i32::try_from(d.as_millis()).unwrap_or(i32::MAX);
    let mut sql = Sql::new("UPDATE duplicate_runs SET finished_at = clock_timestamp()");
    for (column, value) in [
        ("people", number(outcome.people)),
        ("found", number(outcome.found)),
        ("added", i32::try_from(outcome.added).unwrap_or(i32::MAX)),
        ("gone", i32::try_from(outcome.gone).unwrap_or(i32::MAX)),
        ("clusters", number(outcome.clusters)),
        ("largest_cluster", number(outcome.largest_cluster)),
        ("load_ms", ms(outcome.load)),
        ("link_ms", ms(outcome.link)),
        ("store_ms", ms(outcome.store)),
    ] {
        sql = sql.push(&format!(", {column} = ")).bind::<Integer, _>(value);
    }
    sql.push(", compared = ")
        .bind::<BigInt, _>(i64::try_from(outcome.compared).unwrap_or(i64::MAX))
        .push(", model = ")
        .bind::<Jsonb, _>(model)
        .push(" WHERE id = ")
        .bind::<PgUuid, _>(id)
        .execute(w.conn())?;
    Ok(())
}
