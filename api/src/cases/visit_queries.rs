//! SQL of visits, workload and tasks.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::queries::visible_cases;
use super::visit_model::{NewVisit, VisitKind, VisitQuery, VisitStatus};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::case_visits::dsl as v;
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;

/// A visit as stored, with what is needed of its case.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct VisitRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub case_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    pub head_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub kind: VisitKind,
    #[diesel(sql_type = Date)]
    pub planned_on: NaiveDate,
    #[diesel(sql_type = PgUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub account_name: String,
    #[diesel(sql_type = Text)]
    pub status: VisitStatus,
    #[diesel(sql_type = Nullable<Date>)]
    pub done_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub purpose: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str =
    "SELECT v.id, v.case_id, c.household_id, h.head_name, h.region_code, v.kind, v.planned_on, v.account_id,
    u.display_name AS account_name, v.status, v.done_on, v.purpose, v.note, v.version, v.created_at";

/// Visits of the cases the caller may see. The only way to the table: the case decides, the visit hangs on it.
fn visible_visits(scope: &Scope) -> Sql {
    let joined = format!(
        "{COLUMNS} FROM case_visits v JOIN accounts u ON u.id = v.account_id JOIN cases c ON c.id = v.case_id
         JOIN households h ON h.id = c.household_id WHERE v.case_id IN (SELECT c.id"
    );
    visible_cases(Sql::new(&joined), scope).push(")")
}

/// Visit of this id, if the caller may see its case; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<VisitRow, Problem> {
    Ok(visible_visits(r.scope()).push(" AND v.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<VisitRow, Problem> {
    let sql = visible_visits(w.scope()).push(" AND v.id = ").bind::<PgUuid, _>(id);
    Ok(sql.push(" FOR NO KEY UPDATE OF v").row(w.conn())?)
}

/// A page by day.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &VisitQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<VisitRow>, Problem> {
    let mut sql = visible_visits(r.scope());
    if let Some(day) = filter.from {
        sql = sql.push(" AND v.planned_on >= ").bind::<Date, _>(day);
    }
    if let Some(day) = filter.to {
        sql = sql.push(" AND v.planned_on <= ").bind::<Date, _>(day);
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND v.status = ").bind::<Text, _>(status);
    }
    if let Some(case) = filter.case_id {
        sql = sql.push(" AND v.case_id = ").bind::<PgUuid, _>(case);
    }
    if filter.mine == Some(true) {
        sql = sql.push(" AND v.account_id = ").bind::<PgUuid, _>(r.scope().actor);
    }
    if let Some((key, id)) =
        start.and_then(|c| Some((c.key.as_ref()?.parse::<NaiveDate>().ok()?, c.id.parse::<Uuid>().ok()?)))
    {
        sql = sql.push(" AND (v.planned_on, v.id) > (").bind::<Date, _>(key).push(", ").bind::<PgUuid, _>(id).push(")");
    }
    Ok(sql.push(" ORDER BY v.planned_on, v.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// Plans a visit.
pub(super) fn insert(w: &mut Writer<'_>, case: Uuid, account: Uuid, new: &NewVisit) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    diesel::insert_into(v::case_visits)
        .values((
            v::id.eq(id),
            v::case_id.eq(case),
            v::kind.eq(new.kind.slug()),
            v::planned_on.eq(new.planned_date),
            v::account_id.eq(account),
            v::purpose.eq(new.purpose.as_deref().map(clean).filter(|p| !p.is_empty())),
            v::created_by.eq(actor),
            v::created_at.eq(now),
            v::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Settles a locked visit.
pub(super) fn settle(
    w: &mut Writer<'_>,
    id: Uuid,
    status: VisitStatus,
    done: Option<NaiveDate>,
    note: Option<String>,
) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(v::case_visits.find(id))
        .set((
            v::status.eq(status.slug()),
            v::done_on.eq(done),
            v::note.eq(note),
            v::version.eq(v::version + 1),
            v::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// A worker and what he has on his hands.
#[derive(Debug, QueryableByName)]
pub(super) struct WorkloadRow {
    #[diesel(sql_type = PgUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub open_cases: i64,
    #[diesel(sql_type = BigInt)]
    pub caseload: i64,
    #[diesel(sql_type = BigInt)]
    pub late_visits: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub str_valid_until: Option<NaiveDate>,
}

/// Social workers with a grant in force, and what each has among the cases the caller may see. `only`: one of them.
pub(super) fn workload(r: &mut Reader<'_>, only: Option<Uuid>) -> Result<Vec<WorkloadRow>, Problem> {
    let today = r.today();
    let sql = visible_cases(Sql::new("WITH open AS (SELECT c.id, c.weight, l.account_id"), r.scope())
        .push(" AND c.closed_at IS NULL AND l.account_id IS NOT NULL) SELECT u.id AS account_id, u.display_name AS name, count(o.id) AS open_cases,
            coalesce(sum(o.weight), 0)::bigint AS caseload,
            coalesce(sum((SELECT count(*) FROM case_visits v WHERE v.case_id = o.id AND v.status = 'planned' AND v.planned_on < ")
        .bind::<Date, _>(today)
        .push(")), 0)::bigint AS late_visits, u.str_valid_until
            FROM accounts u LEFT JOIN open o ON o.account_id = u.id WHERE u.status = 'active' AND EXISTS (
                SELECT FROM grants g WHERE g.account_id = u.id AND g.role = 'social_worker' AND g.status = 'active' AND g.from_date <= ")
        .bind::<Date, _>(today)
        .push(" AND (g.to_date IS NULL OR g.to_date >= ")
        .bind::<Date, _>(today)
        .push("))");
    let sql = match only {
        Some(account) => sql.push(" AND u.id = ").bind::<PgUuid, _>(account),
        None => sql,
    };
    Ok(sql.push(" GROUP BY u.id ORDER BY caseload DESC, u.display_name, u.id LIMIT 500").rows(r.conn())?)
}

/// A case that asks something of the caller.
#[derive(Debug, QueryableByName)]
pub(super) struct CaseTask {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    pub head_name: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    #[diesel(sql_type = Timestamptz)]
    pub since: DateTime<Utc>,
}

/// Actions due within a week and emergencies to assess in cases the caller is assigned to; with `supervises`, also cases
/// that nobody leads.
pub(super) fn case_tasks(r: &mut Reader<'_>, supervises: bool, limit: i64) -> Result<Vec<CaseTask>, Problem> {
    let week = r.today() + chrono::Duration::days(7);
    let scope = r.scope().clone();
    let head = "SELECT c.id, c.household_id, h.head_name, c.opened_at AS since, ";
    let mut sql = Sql::new("SELECT * FROM (");
    sql = visible_cases(sql.push(head).push("'action' AS kind, c.next_action_on AS due_on"), &scope);
    sql = scope.push_assigned(sql.push(" AND c.closed_at IS NULL AND "), "c.id");
    sql = sql.push(" AND c.next_action_on <= ").bind::<Date, _>(week).push(" UNION ALL ");
    sql = sql.push(head).push("'emergency' AS kind, (c.assessment_due_at AT TIME ZONE 'Asia/Jakarta')::date AS due_on");
    sql = visible_cases(sql, &scope);
    sql = scope.push_assigned(sql.push(" AND c.closed_at IS NULL AND "), "c.id");
    sql = sql.push(
        " AND c.emergency AND NOT EXISTS (SELECT FROM assessments s WHERE s.household_id = c.household_id
            AND s.kind = 'assessment' AND s.signed_at >= c.opened_at)",
    );
    if supervises {
        sql = sql.push(" UNION ALL ").push(head).push("'lead' AS kind, NULL::date AS due_on");
        sql = visible_cases(sql, &scope).push(" AND c.closed_at IS NULL AND l.account_id IS NULL");
    }
    Ok(sql.push(") t ORDER BY due_on NULLS LAST, since LIMIT ").bind::<BigInt, _>(limit).rows(r.conn())?)
}

/// The caller's planned visits up to two weeks ahead.
pub(super) fn visit_tasks(r: &mut Reader<'_>, limit: i64) -> Result<Vec<VisitRow>, Problem> {
    let until = r.today() + chrono::Duration::days(14);
    let sql = visible_visits(r.scope()).push(" AND v.status = 'planned' AND v.account_id = ");
    let sql = sql.bind::<PgUuid, _>(r.scope().actor).push(" AND v.planned_on <= ").bind::<Date, _>(until);
    Ok(sql.push(" ORDER BY v.planned_on, v.id LIMIT ").bind::<BigInt, _>(limit).rows(r.conn())?)
}
