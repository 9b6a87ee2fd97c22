//! SQL of the runs.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A run with the state of its operation.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::matching) struct RunRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub operation_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub program_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub cause: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = BigInt)]
    pub done: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub total: Option<i64>,
    #[diesel(sql_type = Integer)]
    pub households: i32,
    #[diesel(sql_type = Integer)]
    pub programs: i32,
    #[diesel(sql_type = BigInt)]
    pub eligible: i64,
    #[diesel(sql_type = BigInt)]
    pub needs_data: i64,
    #[diesel(sql_type = BigInt)]
    pub changed: i64,
    #[diesel(sql_type = Integer)]
    pub load_ms: i32,
    #[diesel(sql_type = Integer)]
    pub evaluate_ms: i32,
    #[diesel(sql_type = Integer)]
    pub store_ms: i32,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub finished_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "SELECT m.id, m.operation_id, m.program_id, m.cause, o.state AS status, o.progress_done AS done, o.progress_total AS total, m.households, m.programs,
    m.eligible, m.needs_data, m.changed, m.load_ms, m.evaluate_ms, m.store_ms, m.created_at, m.finished_at
    FROM matching_runs m JOIN operations o ON o.id = m.operation_id WHERE ";

/// A run, for who may ask for one.
pub(in crate::matching) fn find_visible(r: &mut Reader<'_>, id: Uuid) -> Result<RunRow, Problem> {
    Ok(Sql::new(COLUMNS).push("m.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// Runs, newest first.
pub(in crate::matching) fn list_visible(
    r: &mut Reader<'_>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<RunRow>, Problem> {
    let mut sql = Sql::new(COLUMNS).push("true");
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND m.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY m.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// A run that waits and covers the same, if there is one: asking twice is asking once.
pub(in crate::matching) fn waiting(w: &mut Writer<'_>, program: Option<Uuid>) -> Result<Option<Uuid>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
    }
    let row: Option<Row> = Sql::new(
        "SELECT m.id FROM matching_runs m JOIN operations o ON o.id = m.operation_id
         WHERE o.state = 'queued' AND NOT o.cancel_requested AND (m.program_id IS NULL OR m.program_id = ",
    )
    .bind::<Nullable<PgUuid>, _>(program)
    .push(") ORDER BY m.id LIMIT 1 FOR SHARE OF o")
    .row(w.conn())
    .optional()?;
    Ok(row.map(|r| r.id))
}

/// Notes a run that was asked for.
pub(in crate::matching) fn create(
    w: &mut Writer<'_>,
    id: Uuid,
    operation: Uuid,
    program: Option<Uuid>,
    cause: &str,
) -> Result<(), Problem> {
    let (actor, now) = (w.principal().id, w.now());
    Sql::new("INSERT INTO matching_runs (id, operation_id, program_id, cause, created_by, created_at) VALUES (")
        .bind::<PgUuid, _>(id)
        .push(", ")
        .bind::<PgUuid, _>(operation)
        .push(", ")
        .bind::<Nullable<PgUuid>, _>(program)
        .push(", ")
        .bind::<Text, _>(cause.to_owned())
        .push(", ")
        .bind::<Nullable<PgUuid>, _>((!actor.is_nil()).then_some(actor))
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(")")
        .execute(w.conn())?;
    Ok(())
}

/// Notes that a day was asked for; false where somebody else was first.
pub(in crate::matching) fn ask_day(w: &mut Writer<'_>, day: NaiveDate, run: Uuid) -> Result<bool, Problem> {
    let rows = Sql::new("INSERT INTO matching_days (day, run_id) VALUES (")
        .bind::<Date, _>(day)
        .push(", ")
        .bind::<PgUuid, _>(run)
        .push(") ON CONFLICT DO NOTHING")
        .execute(w.conn())?;
    Ok(rows == 1)
}

/// What a run cost and found.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::matching) struct Cost {
    pub households: i64,
    pub programs: usize,
    pub eligible: i64,
    pub needs_data: i64,
    pub changed: i64,
    pub load: std::time::Duration,
    pub evaluate: std::time::Duration,
    pub store: std::time::Duration,
}

/// Closes the books of a run.
pub(in crate::matching) fn finish(conn: &mut PgConnection, id: Uuid, cost: &Cost) -> Result<(), Problem> {
    let ms = |d: std::time::Duration| i32::try_from(d.as_millis()).unwrap_or(i32::MAX);
    Sql::new("UPDATE matching_runs SET finished_at = clock_timestamp(), households = ")
        .bind::<Integer, _>(i32::try_from(cost.households).unwrap_or(i32::MAX))
        .push(", programs = ")
        .bind::<Integer, _>(i32::try_from(cost.programs).unwrap_or(i32::MAX))
        .push(", eligible = ")
        .bind::<BigInt, _>(cost.eligible)
        .push(", needs_data = ")
        .bind::<BigInt, _>(cost.needs_data)
        .push(", changed = ")
        .bind::<BigInt, _>(cost.changed)
        .push(", load_ms = ")
        .bind::<Integer, _>(ms(cost.load))
        .push(", evaluate_ms = ")
        .bind::<Integer, _>(ms(cost.evaluate))
        .push(", store_ms = ")
        .bind::<Integer, _>(ms(cost.store))
        .push(" WHERE id = ")
        .bind::<PgUuid, _>(id)
        .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Code {
    #[diesel(sql_type = Text)]
    code: String,
}

/// Kelurahan with households or with something stored.
pub(in crate::matching) fn regions(conn: &mut PgConnection) -> Result<Vec<String>, Problem> {
    let rows: Vec<Code> = Sql::new(
        "SELECT g.code FROM regions g WHERE g.in_city AND g.level = 'kelurahan' AND (EXISTS (SELECT 1 FROM households h WHERE h.region_code = g.code)
             OR EXISTS (SELECT 1 FROM match_sets s WHERE s.region_code = g.code)) ORDER BY g.code",
    )
    .rows(conn)?;
    Ok(rows.into_iter().map(|r| r.code).collect())
}

/// Kelurahan that a run interrupted before has already evaluated.
pub(in crate::matching) fn done_since(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
    programs: &[i32],
) -> Result<Vec<String>, Problem> {
    let rows: Vec<Code> = Sql::new("SELECT region_code AS code FROM match_sets WHERE program_number = ANY(")
        .bind::<diesel::sql_types::Array<Integer>, _>(programs.to_vec())
        .push(") AND evaluated_at >= ")
        .bind::<Timestamptz, _>(since)
        .push(" GROUP BY region_code HAVING count(*) >= ")
        .bind::<BigInt, _>(i64::try_from(programs.len()).unwrap_or(i64::MAX))
        .rows(conn)?;
    Ok(rows.into_iter().map(|r| r.code).collect())
}
