//! SQL of retention.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{LegalHoldQuery, RetentionAction, RunStatus};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::{legal_holds as holds, retention_classes as classes, retention_runs as runs};
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A class as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = classes)]
pub(super) struct ClassRow {
    pub code: String,
    pub name: Value,
    pub action: RetentionAction,
    pub after_days: i32,
    pub least_days: i32,
    pub basis: String,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

pub(super) fn classes(r: &mut Reader<'_>, after: Option<&str>, fetch: i64) -> Result<Vec<ClassRow>, Problem> {
    let mut query = classes::table.into_boxed();
    if let Some(code) = after {
        query = query.filter(classes::code.gt(code.to_owned()));
    }
    Ok(query.order(classes::code).limit(fetch).select(ClassRow::as_select()).load(r.conn())?)
}

pub(super) fn class(r: &mut Reader<'_>, code: &str) -> Result<ClassRow, Problem> {
    Ok(classes::table.find(code).select(ClassRow::as_select()).first(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn lock_class(w: &mut Writer<'_>, code: &str) -> Result<ClassRow, Problem> {
    Ok(classes::table.find(code).select(ClassRow::as_select()).for_update().first(w.conn())?)
}

pub(super) fn update_class(w: &mut Writer<'_>, code: &str, days: i32, basis: &str) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(classes::table.find(code))
        .set((
            classes::after_days.eq(days),
            classes::basis.eq(basis),
            classes::version.eq(classes::version + 1),
            classes::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// A hold as stored, with the name of whom it is on.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct HoldRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = PgUuid)]
    pub placed_by: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub placed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub lifted_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub lifted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lift_reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// Holds of the caller's area. The only way to the table.
fn visible_holds(scope: &Scope) -> Sql {
    let sql = Sql::new(
        "SELECT l.*, h.region_code, CASE WHEN l.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name
         FROM legal_holds l JOIN households h ON h.id = l.household_id LEFT JOIN individuals i ON i.id = l.individual_id WHERE ",
    );
    scope.push_area(sql, "h")
}

pub(super) fn hold(r: &mut Reader<'_>, id: Uuid) -> Result<HoldRow, Problem> {
    Ok(visible_holds(r.scope()).push(" AND l.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn lock_hold(w: &mut Writer<'_>, id: Uuid) -> Result<HoldRow, Problem> {
    let sql = visible_holds(w.scope()).push(" AND l.id = ").bind::<PgUuid, _>(id);
    Ok(sql.push(" FOR NO KEY UPDATE OF l").row(w.conn())?)
}

/// A page, newest first.
pub(super) fn list_holds(
    r: &mut Reader<'_>,
    filter: &LegalHoldQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<HoldRow>, Problem> {
    let mut sql = visible_holds(r.scope());
    if filter.in_force == Some(true) {
        sql = sql.push(" AND l.lifted_at IS NULL");
    }
    if let Some(household) = filter.household_id {
        sql = sql.push(" AND l.household_id = ").bind::<PgUuid, _>(household);
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND l.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY l.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

pub(super) fn place(
    w: &mut Writer<'_>,
    household: Uuid,
    individual: Option<Uuid>,
    reason: &str,
) -> Result<Uuid, Problem> {
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.scope().actor);
    diesel::insert_into(holds::table)
        .values((
            holds::id.eq(id),
            holds::household_id.eq(household),
            holds::individual_id.eq(individual),
            holds::reason.eq(reason),
            holds::placed_by.eq(actor),
            holds::placed_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

pub(super) fn lift(w: &mut Writer<'_>, id: Uuid, reason: &str) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::update(holds::table.find(id))
        .set((
            holds::lifted_by.eq(actor),
            holds::lifted_at.eq(now),
            holds::lift_reason.eq(reason),
            holds::version.eq(holds::version + 1),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// A run as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = runs)]
pub(super) struct RunRow {
    pub id: Uuid,
    pub status: RunStatus,
    pub operation_id: Uuid,
    pub as_of: DateTime<Utc>,
    pub report: Option<Value>,
    pub result: Option<Value>,
    pub requested_by: Uuid,
    pub confirmed_by: Option<Uuid>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub cancelled_by: Option<Uuid>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub cancel_reason: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

pub(super) fn run(r: &mut Reader<'_>, id: Uuid) -> Result<RunRow, Problem> {
    Ok(runs::table.find(id).select(RunRow::as_select()).first(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn lock_run(w: &mut Writer<'_>, id: Uuid) -> Result<RunRow, Problem> {
    Ok(runs::table.find(id).select(RunRow::as_select()).for_update().first(w.conn())?)
}

/// A page, newest first.
pub(super) fn list_runs(r: &mut Reader<'_>, start: Option<&Cursor>, fetch: i64) -> Result<Vec<RunRow>, Problem> {
    let mut query = runs::table.into_boxed();
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(runs::id.lt(id));
    }
    Ok(query.order(runs::id.desc()).limit(fetch).select(RunRow::as_select()).load(r.conn())?)
}

pub(super) fn create_run(w: &mut Writer<'_>, id: Uuid, operation: Uuid) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::insert_into(runs::table)
        .values((
            runs::id.eq(id),
            runs::operation_id.eq(operation),
            runs::as_of.eq(now),
            runs::requested_by.eq(actor),
            runs::created_at.eq(now),
            runs::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Lets a reported run be applied.
pub(super) fn confirm(w: &mut Writer<'_>, id: Uuid, operation: Uuid) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::update(runs::table.find(id))
        .set((
            runs::status.eq(RunStatus::Applying),
            runs::operation_id.eq(operation),
            runs::confirmed_by.eq(actor),
            runs::confirmed_at.eq(now),
            runs::version.eq(runs::version + 1),
            runs::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Gives a run up before anything was destroyed.
pub(super) fn cancel(w: &mut Writer<'_>, id: Uuid, reason: Option<&str>) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::update(runs::table.find(id))
        .set((
            runs::status.eq(RunStatus::Cancelled),
            runs::cancelled_by.eq(actor),
            runs::cancelled_at.eq(now),
            runs::cancel_reason.eq(reason),
            runs::version.eq(runs::version + 1),
            runs::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Keeps what a run found or did.
pub(super) fn settle(w: &mut Writer<'_>, id: Uuid, to: RunStatus, value: Value) -> Result<(), Problem> {
    let now = w.now();
    let (report, result) = if to == RunStatus::Reported { (Some(value), None) } else { (None, Some(value)) };
    diesel::update(runs::table.find(id))
        .set((
            runs::status.eq(to),
            report.map(|r| runs::report.eq(r)),
            result.map(|r| runs::result.eq(r)),
            runs::version.eq(runs::version + 1),
            runs::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// What a class holds: rows with their id, household, whether a hold keeps them, whether they are open. `$` stands for
/// the moment before which they have outlived their time. Restricted problems keep nothing that open ones would not: a
/// count would tell of them; a legal hold keeps what is still needed.
fn expired(class: &str) -> Option<&'static [&'static str]> {
    Some(match class {
        "abandoned_drafts" => &[
            "SELECT a.id, a.household_id, is_held(a.household_id) OR coalesce(is_held(a.individual_id), false) AS held, a.sensitivity = 'open' AS open
             FROM assessments a WHERE a.status = 'draft' AND a.signed_at IS NULL AND a.updated_at < ",
            " AND NOT EXISTS (SELECT FROM assessment_problems p WHERE p.assessment_id = a.id) AND NOT EXISTS (SELECT FROM assessments b WHERE b.amends_id = a.id)",
        ],
        "evidence_files" => &[
            "SELECT e.id, e.household_id, is_held(e.household_id) OR coalesce(is_held(coalesce(p.individual_id, c.individual_id)), false) AS held,
                coalesce(p.sensitivity, 'open') = 'open' AS open
             FROM evidence e LEFT JOIN problems p ON e.subject_kind = 'problem' AND p.id = e.subject_id
             LEFT JOIN corrections c ON e.subject_kind = 'correction' AND c.id = e.subject_id AND c.status <> 'submitted'
             WHERE e.removed_at IS NULL AND coalesce(p.closed_at, c.updated_at) < ",
            " AND e.created_at < coalesce(p.closed_at, c.updated_at) + interval '1 day'",
        ],
        "access_detail" => &[
            "SELECT a.id, a.household_id, coalesce(is_held(a.household_id), false) OR coalesce(is_held(a.subject_id), false) AS held,
             a.subject_kind IN ('household', 'individual') AS open FROM access_log a WHERE a.at < ",
            "",
        ],
        "audit_values" => &[
            "SELECT k.subject_id AS id, k.subject_id AS household_id, is_held(k.subject_id) AS held, true AS open
             FROM subject_keys k JOIN households h ON h.id = k.subject_id WHERE h.status IN ('dissolved', 'merged', 'moved') AND h.updated_at < ",
            " AND NOT EXISTS (SELECT FROM problems p WHERE p.household_id = h.id AND p.closed_at IS NULL AND p.status <> 'candidate' AND p.sensitivity = 'open')",
        ],
        _ => return None,
    })
}

fn push_expired(sql: Sql, class: &str, before: DateTime<Utc>) -> Option<Sql> {
    let [head, tail] = expired(class)? else { return None };
    Some(sql.push(head).bind::<Timestamptz, _>(before).push(tail))
}

/// Counts of a class: open rows alone.
#[derive(Debug, QueryableByName)]
pub(super) struct Tally {
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    #[diesel(sql_type = BigInt)]
    pub held: i64,
}

pub(super) fn tally(w: &mut Writer<'_>, class: &str, before: DateTime<Utc>) -> Result<Option<Tally>, Problem> {
    let sql = Sql::new("SELECT count(*) AS count, count(*) FILTER (WHERE x.held) AS held FROM (");
    let Some(sql) = push_expired(sql, class, before) else { return Ok(None) };
    Ok(Some(sql.push(") x WHERE x.open").row(w.conn())?))
}

/// An example, masked.
#[derive(Debug, QueryableByName)]
pub(super) struct Example {
    #[diesel(sql_type = Text)]
    pub example: String,
}

pub(super) fn examples(w: &mut Writer<'_>, class: &str, before: DateTime<Utc>) -> Result<Vec<Example>, Problem> {
    let sql = Sql::new("SELECT '…' || right(x.id::text, 12) || coalesce(' ' || h.region_code, '') AS example FROM (");
    let Some(sql) = push_expired(sql, class, before) else { return Ok(Vec::new()) };
    Ok(sql
        .push(") x LEFT JOIN households h ON h.id = x.household_id WHERE x.open AND NOT x.held ORDER BY x.id LIMIT 5")
        .rows(w.conn())?)
}

/// A row to destroy.
#[derive(Debug, QueryableByName)]
pub(super) struct Gone {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pub open: bool,
}

/// Some rows of a class that no hold keeps.
pub(super) fn some(w: &mut Writer<'_>, class: &str, before: DateTime<Utc>, most: i64) -> Result<Vec<Gone>, Problem> {
    let Some(sql) = push_expired(Sql::new("SELECT x.id, x.open FROM ("), class, before) else {
        return Ok(Vec::new());
    };
    Ok(sql.push(") x WHERE NOT x.held ORDER BY x.id LIMIT ").bind::<BigInt, _>(most).rows(w.conn())?)
}

/// Deletes drafts that nothing refers to.
pub(super) fn delete_drafts(w: &mut Writer<'_>, ids: &[Uuid]) -> Result<(), Problem> {
    use crate::db::schema::assessments::dsl as a;
    diesel::delete(a::assessments.filter(a::id.eq_any(ids)).filter(a::signed_at.is_null())).execute(w.conn())?;
    Ok(())
}

/// Destroys the keys of subjects: what lies under them is never read again.
pub(super) fn destroy_keys(w: &mut Writer<'_>, ids: &[Uuid]) -> Result<(), Problem> {
    use crate::db::schema::subject_keys::dsl as k;
    diesel::delete(k::subject_keys.filter(k::subject_id.eq_any(ids))).execute(w.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct Forgotten {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Forgets lines of the access log; how many, all labels together.
pub(super) fn forget_access(w: &mut Writer<'_>, before: DateTime<Utc>, most: i32) -> Result<i64, Problem> {
    let sql = Sql::new("SELECT forget_access(").bind::<Timestamptz, _>(before).push(", ").bind::<Integer, _>(most);
    Ok(sql.push(") AS count").row::<Forgotten>(w.conn())?.count)
}
