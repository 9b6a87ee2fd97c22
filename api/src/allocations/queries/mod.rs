//! SQL of allocation plans.

pub(super) mod execute;
pub(super) mod input;
pub(super) mod lines;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{AllocationPlanQuery, AllocationPolicy, AllocationStatus};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::allocation_plans::dsl as a;
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// Connection of a job.
pub(super) use diesel::PgConnection as Connection;

/// A plan as stored.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct PlanRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub policy: AllocationPolicy,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Bool)]
    pub what_if: bool,
    #[diesel(sql_type = Jsonb)]
    pub parameters: Value,
    #[diesel(sql_type = Text)]
    pub seed: String,
    #[diesel(sql_type = Text)]
    pub seed_commitment: String,
    #[diesel(sql_type = Text)]
    pub status: AllocationStatus,
    #[diesel(sql_type = PgUuid)]
    pub operation_id: Uuid,
    /// Whether its operation has not ended.
    #[diesel(sql_type = Bool)]
    pub working: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub as_of: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub input_sha256: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub result_sha256: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub result: Option<Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub solved_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = PgUuid)]
    pub created_by: Uuid,
    #[diesel(sql_type = Text)]
    pub created_by_name: String,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub proposed_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub proposed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub approved_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub approved_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub executed_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub executed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub error: Option<Value>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

impl PlanRow {
    /// Where it stands: one whose operation ended under it has broken off, whatever it was able to say.
    pub(super) fn stage(&self) -> AllocationStatus {
        match self.status {
            AllocationStatus::Executing if !self.working => AllocationStatus::Failed,
            status => status,
        }
    }
}

/// What of the result a list shows: what stands in tables of their own is left where it is.
const COLUMNS: &str = "SELECT a.id, a.name, a.policy, a.sensitivity, a.what_if, a.parameters, a.seed, a.seed_commitment, a.status, a.operation_id, o.state IN ('queued', 'running') AS working, a.as_of,
    a.input_sha256, a.result_sha256, a.result - 'supply' - 'fairness' AS result, a.solved_at, a.created_by, c.display_name AS created_by_name, a.created_at,
    a.proposed_by, a.proposed_at, a.approved_by, a.approved_at, a.executed_by, a.executed_at, a.ended_at, a.reason, a.error, a.version, a.updated_at";

/// The plans this caller may see: adds `FROM … WHERE (…)`. The only way to the table. A plan speaks of the whole city, so
/// only who works for all of it sees one; of restricted programs only who supervises it.
pub(super) fn visible_plans(sql: Sql, scope: &Scope) -> Sql {
    let city = scope.city || scope.deidentified || scope.system;
    let deep = scope.system || (scope.city && scope.supervises());
    sql.push(" FROM allocation_plans a JOIN accounts c ON c.id = a.created_by JOIN operations o ON o.id = a.operation_id WHERE ")
        .push(if city { "true" } else { "false" })
        .push(if deep { "" } else { " AND a.sensitivity = 'open'" })
}

fn select(scope: &Scope) -> Sql {
    visible_plans(Sql::new(COLUMNS), scope)
}

/// The plan, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<PlanRow, Problem> {
    Ok(select(r.scope()).push(" AND a.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<PlanRow, Problem> {
    Ok(select(w.scope()).push(" AND a.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF a").row(w.conn())?)
}

/// One part of the result of a plan the caller may see; null where it is not calculated yet.
pub(super) fn part(r: &mut Reader<'_>, id: Uuid, member: &str) -> Result<Option<Value>, Problem> {
    #[derive(QueryableByName)]
    struct Part {
        #[diesel(sql_type = Nullable<Jsonb>)]
        part: Option<Value>,
    }
    let sql = Sql::new("SELECT a.result -> ").bind::<Text, _>(member.to_owned()).push(" AS part");
    let row: Part = visible_plans(sql, r.scope()).push(" AND a.id = ").bind::<PgUuid, _>(id).row(r.conn())?;
    Ok(row.part)
}

fn push_filter(mut sql: Sql, filter: &AllocationPlanQuery) -> Sql {
    if let Some(status) = filter.status {
        sql = sql.push(" AND a.status = ").bind::<Text, _>(status);
    }
    if let Some(policy) = filter.policy {
        sql = sql.push(" AND a.policy = ").bind::<Text, _>(policy);
    }
    sql
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &AllocationPlanQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<PlanRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND a.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY a.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &AllocationPlanQuery) -> Result<i64, Problem> {
    let sql = visible_plans(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// A plan that is asked for.
#[derive(Debug)]
pub(super) struct Fresh {
    pub name: String,
    pub policy: AllocationPolicy,
    pub sensitivity: Sensitivity,
    pub what_if: bool,
    pub parameters: Value,
    pub seed: String,
    pub seed_commitment: String,
}

/// Stores it with the operation that calculates it.
pub(super) fn insert(w: &mut Writer<'_>, id: Uuid, operation: Uuid, new: &Fresh) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.principal().id);
    diesel::insert_into(a::allocation_plans)
        .values((
            a::id.eq(id),
            a::name.eq(&new.name),
            a::policy.eq(new.policy),
            a::sensitivity.eq(new.sensitivity),
            a::what_if.eq(new.what_if),
            a::parameters.eq(&new.parameters),
            a::seed.eq(&new.seed),
            a::seed_commitment.eq(&new.seed_commitment),
            a::operation_id.eq(operation),
            a::created_by.eq(actor),
            a::created_at.eq(now),
            a::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Codes the list of PPKS types marks as minimum service.
pub(super) fn duties(r: &mut Reader<'_>) -> Result<Vec<String>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    let marked = crate::db::sql::sql::<Bool>("attrs @> '{\"minimum_service\": true}'");
    Ok(e::code_entries
        .filter(e::list_slug.eq("ppks_types"))
        .filter(e::retired_in_version.is_null())
        .filter(marked)
        .order(e::code)
        .select(e::code)
        .load(r.conn())?)
}

/// Which of these sources exist under a label the plan may read, open and in rupiah.
pub(super) fn visible_sources(r: &mut Reader<'_>, ids: &[Uuid], label: Sensitivity) -> Result<Vec<Uuid>, Problem> {
    known(r, "SELECT s.id FROM funding_sources s WHERE s.status = 'open' AND s.sensitivity <= ", label, "s.id", ids)
}

/// Which of these programs are given by referral under this label.
pub(super) fn visible_programs(r: &mut Reader<'_>, ids: &[Uuid], label: Sensitivity) -> Result<Vec<Uuid>, Problem> {
    let head =
        "SELECT g.id FROM programs g WHERE g.access_mode = 'referral' AND g.status <> 'draft' AND g.sensitivity = ";
    known(r, head, label, "g.id", ids)
}

/// Which of these cycles belong to such programs.
pub(super) fn visible_cycles(r: &mut Reader<'_>, ids: &[Uuid], label: Sensitivity) -> Result<Vec<Uuid>, Problem> {
    let head = "SELECT c.id FROM program_cycles c JOIN programs g ON g.id = c.program_id
         WHERE g.access_mode = 'referral' AND g.status <> 'draft' AND g.sensitivity = ";
    known(r, head, label, "c.id", ids)
}

fn known(r: &mut Reader<'_>, head: &str, label: Sensitivity, column: &str, ids: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
    }
    let sql = Sql::new(head).bind::<Text, _>(label).push(&format!(" AND {column} = ANY("));
    let rows: Vec<Row> = sql.bind::<Array<PgUuid>, _>(ids.to_vec()).push(")").rows(r.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What a step changes besides the status.
#[derive(Debug, Default)]
pub(super) struct Mark {
    pub proposed: bool,
    /// Nobody stands for it any more.
    pub returned: bool,
    pub approved: bool,
    /// The operation that carries it out.
    pub begun: Option<Uuid>,
    pub reason: Option<String>,
    pub ended: bool,
    pub error: Option<Value>,
}

/// Moves a locked plan to a status.
pub(super) fn set_status(w: &mut Writer<'_>, id: Uuid, to: AllocationStatus, mark: Mark) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.principal().id);
    diesel::update(a::allocation_plans.find(id))
        .set((
            a::status.eq(to),
            a::version.eq(a::version + 1),
            a::updated_at.eq(now),
            mark.proposed.then_some((
                a::proposed_by.eq(Some(actor)),
                a::proposed_at.eq(Some(now)),
                a::reason.eq(None::<String>),
            )),
            mark.approved.then_some((a::approved_by.eq(actor), a::approved_at.eq(now))),
            mark.begun.map(|operation| a::operation_id.eq(operation)),
            mark.begun.is_some().then_some((
                a::executed_by.eq(actor),
                a::executed_at.eq(now),
                a::ended_at.eq(None::<DateTime<Utc>>),
            )),
            mark.ended.then_some(a::ended_at.eq(Some(now))),
        ))
        .execute(w.conn())?;
    if mark.returned {
        diesel::update(a::allocation_plans.find(id))
            .set((a::proposed_by.eq(None::<Uuid>), a::proposed_at.eq(None::<DateTime<Utc>>)))
            .execute(w.conn())?;
    }
    if let Some(reason) = mark.reason {
        diesel::update(a::allocation_plans.find(id)).set(a::reason.eq(reason)).execute(w.conn())?;
    }
    if mark.begun.is_some() || mark.error.is_some() {
        diesel::update(a::allocation_plans.find(id)).set(a::error.eq(mark.error)).execute(w.conn())?;
    }
    Ok(())
}

/// Asks the operation of a plan to stop, as its cancelling does.
pub(super) fn stop_operation(w: &mut Writer<'_>, operation: Uuid) -> Result<(), Problem> {
    use crate::db::schema::operations::dsl as o;
    let open = o::operations.find(operation).filter(o::state.eq_any(["queued", "running"]));
    diesel::update(open).set(o::cancel_requested.eq(true)).execute(w.conn())?;
    let queued = o::operations.find(operation).filter(o::state.eq("queued"));
    diesel::update(queued).set((o::state.eq("cancelled"), o::finished_at.eq(Utc::now()))).execute(w.conn())?;
    Ok(())
}

/// What was calculated.
#[derive(Debug)]
pub(super) struct Solved {
    pub as_of: DateTime<Utc>,
    pub input_sha256: String,
    pub result_sha256: String,
    pub result: Value,
}

/// Writes the result of a locked draft.
pub(super) fn solved(w: &mut Writer<'_>, id: Uuid, solved: Solved) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(a::allocation_plans.find(id))
        .set((
            a::as_of.eq(solved.as_of),
            a::input_sha256.eq(solved.input_sha256),
            a::result_sha256.eq(solved.result_sha256),
            a::result.eq(solved.result),
            a::solved_at.eq(now),
            a::version.eq(a::version + 1),
            a::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}
