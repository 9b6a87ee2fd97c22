//! SQL of cases and who works on them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Int2, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{CaseDuty, CaseQuery, Stage};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::{assignments, case_events, case_problems, cases};
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A case as stored, with what is needed of its household.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct CaseRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub stage: Stage,
    #[diesel(sql_type = Nullable<Text>)]
    pub stage_before: Option<Stage>,
    #[diesel(sql_type = Timestamptz)]
    pub stage_since: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub emergency: bool,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Int2)]
    pub weight: i16,
    #[diesel(sql_type = Jsonb)]
    pub plan: Value,
    #[diesel(sql_type = Nullable<Date>)]
    pub plan_agreed_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub next_action_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub next_visit_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub assessment_due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Int4)]
    pub reopened: i32,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub head_name: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub lead_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lead_name: Option<String>,
    #[diesel(sql_type = Bool)]
    pub assigned: bool,
}

const COLUMNS: &str = "SELECT c.id, c.household_id, c.stage, c.stage_before, c.stage_since, c.emergency, c.sensitivity, c.weight, c.plan,
    c.plan_agreed_on, c.next_action_on, c.assessment_due_at, c.outcome_code, c.reason, c.opened_at, c.closed_at, c.reopened,
    c.version, c.created_at, c.updated_at, h.region_code, h.head_name, l.account_id AS lead_id, l.display_name AS lead_name,
    (SELECT min(v.planned_on) FROM case_visits v WHERE v.case_id = c.id AND v.status = 'planned') AS next_visit_on, ";

/// The cases this caller may see: adds `FROM … WHERE (…)`. The only way to the table.
pub(super) fn visible_cases(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM cases c JOIN households h ON h.id = c.household_id
          LEFT JOIN LATERAL (SELECT a.account_id, u.display_name FROM assignments a JOIN accounts u ON u.id = a.account_id
              WHERE a.subject_id = c.id AND a.duty = 'lead' AND a.to_at IS NULL) l ON true WHERE (",
    );
    let mut sql = scope.push_area(sql, "h");
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "c.id");
    }
    sql = sql.push(") AND (c.sensitivity = 'open'");
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "c.id");
    }
    if scope.supervises() {
        sql = scope.push_area(sql.push(" OR "), "h");
    }
    sql.push(")")
}

fn select(scope: &Scope) -> Sql {
    visible_cases(scope.push_assigned(Sql::new(COLUMNS), "c.id").push(" AS assigned"), scope)
}

/// Case of this id, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<CaseRow, Problem> {
    Ok(select(r.scope()).push(" AND c.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<CaseRow, Problem> {
    Ok(select(w.scope()).push(" AND c.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF c").row(w.conn())?)
}

fn push_filter(mut sql: Sql, scope: &Scope, filter: &CaseQuery, household: Option<Uuid>) -> Sql {
    if let Some(id) = household {
        sql = sql.push(" AND c.household_id = ").bind::<PgUuid, _>(id);
    }
    if let Some(stage) = filter.stage {
        sql = sql.push(" AND c.stage = ").bind::<Text, _>(stage);
    }
    match filter.open {
        Some(true) => sql = sql.push(" AND c.closed_at IS NULL"),
        Some(false) => sql = sql.push(" AND c.closed_at IS NOT NULL"),
        None => {}
    }
    if let Some(emergency) = filter.emergency {
        sql = sql.push(" AND c.emergency = ").bind::<Bool, _>(emergency);
    }
    if filter.unassigned == Some(true) {
        sql = sql.push(" AND l.account_id IS NULL AND c.closed_at IS NULL");
    }
    if let Some(lead) = filter.lead_id {
        sql = sql.push(" AND l.account_id = ").bind::<PgUuid, _>(lead);
    }
    if filter.mine == Some(true) {
        sql = scope.push_assigned(sql.push(" AND "), "c.id");
    }
    sql
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &CaseQuery,
    household: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CaseRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), r.scope(), filter, household);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND c.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY c.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &CaseQuery, household: Option<Uuid>) -> Result<i64, Problem> {
    let sql = visible_cases(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, r.scope(), filter, household).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Who works on a case.
#[derive(Debug, QueryableByName)]
pub(super) struct AssignmentRow {
    #[diesel(sql_type = PgUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub duty: CaseDuty,
    #[diesel(sql_type = Timestamptz)]
    pub from_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub str_valid_until: Option<NaiveDate>,
}

/// Who works on a case the caller has been shown to see.
pub(super) fn assignments_of(r: &mut Reader<'_>, case: Uuid) -> Result<Vec<AssignmentRow>, Problem> {
    let sql = Sql::new(
        "SELECT a.account_id, u.display_name AS name, a.duty, a.from_at, a.until_on, u.str_valid_until
         FROM assignments a JOIN accounts u ON u.id = a.account_id WHERE a.to_at IS NULL AND a.subject_kind = 'case' AND a.subject_id = ",
    );
    Ok(sql.bind::<PgUuid, _>(case).push(" ORDER BY a.duty DESC, a.from_at").rows(r.conn())?)
}

/// Ids of the problems a case works on.
pub(super) fn problems_of(r: &mut Reader<'_>, case: Uuid) -> Result<Vec<Uuid>, Problem> {
    use case_problems::dsl as p;
    Ok(p::case_problems.filter(p::case_id.eq(case)).order(p::problem_id).select(p::problem_id).load(r.conn())?)
}

/// What a new case is made of.
#[derive(Debug)]
pub(super) struct Fresh {
    pub household_id: Uuid,
    pub stage: Stage,
    pub emergency: bool,
    pub sensitivity: Sensitivity,
    pub weight: i16,
    pub assessment_due_at: Option<DateTime<Utc>>,
    pub problems: Vec<Uuid>,
}

/// Stores a case.
pub(super) fn insert(w: &mut Writer<'_>, new: Fresh) -> Result<Uuid, Problem> {
    use cases::dsl as c;
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    diesel::insert_into(c::cases)
        .values((
            c::id.eq(id),
            c::household_id.eq(new.household_id),
            c::stage.eq(new.stage),
            c::stage_since.eq(now),
            c::emergency.eq(new.emergency),
            c::sensitivity.eq(new.sensitivity),
            c::weight.eq(new.weight),
            c::assessment_due_at.eq(new.assessment_due_at),
            c::opened_by.eq(actor),
            c::opened_at.eq(now),
            c::created_at.eq(now),
            c::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    for problem in new.problems {
        add_problem(w, id, problem)?;
    }
    Ok(id)
}

/// Adds a problem to a case; twice is once.
pub(super) fn add_problem(w: &mut Writer<'_>, case: Uuid, problem: Uuid) -> Result<(), Problem> {
    use case_problems::dsl as p;
    diesel::insert_into(p::case_problems)
        .values((p::case_id.eq(case), p::problem_id.eq(problem)))
        .on_conflict_do_nothing()
        .execute(w.conn())?;
    Ok(())
}

/// What changes of a locked case; absent members stay.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = cases)]
pub(super) struct Change {
    pub stage: Option<Stage>,
    pub stage_before: Option<Option<Stage>>,
    pub stage_since: Option<DateTime<Utc>>,
    pub weight: Option<i16>,
    pub plan: Option<Value>,
    pub plan_agreed_on: Option<Option<NaiveDate>>,
    pub next_action_on: Option<Option<NaiveDate>>,
    pub outcome_code: Option<Option<String>>,
    pub reason: Option<Option<String>>,
    pub closed_at: Option<Option<DateTime<Utc>>>,
    pub reopened: Option<i32>,
}

/// Writes a change and the next version.
pub(super) fn update(w: &mut Writer<'_>, id: Uuid, change: Change) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(cases::table.find(id))
        .set((change, cases::version.eq(cases::version + 1), cases::updated_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}

/// A step in the history.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub event: &'static str,
    pub from: Option<Stage>,
    pub to: Option<Stage>,
    pub account: Option<Uuid>,
    pub note: Option<String>,
}

/// Notes it.
pub(super) fn note(w: &mut Writer<'_>, case: Uuid, event: Event) -> Result<(), Problem> {
    use case_events::dsl as e;
    let (actor, now) = (w.scope().actor, w.now());
    diesel::insert_into(e::case_events)
        .values((
            e::id.eq(Uuid::now_v7()),
            e::case_id.eq(case),
            e::event.eq(event.event),
            e::from_stage.eq(event.from.map(Stage::slug)),
            e::to_stage.eq(event.to.map(Stage::slug)),
            e::account_id.eq(event.account),
            e::note.eq(event.note),
            e::actor_id.eq((!actor.is_nil()).then_some(actor)),
            e::at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// An event with the names of those in it.
#[derive(Debug, QueryableByName)]
pub(super) struct EventRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub event: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub from_stage: Option<Stage>,
    #[diesel(sql_type = Nullable<Text>)]
    pub to_stage: Option<Stage>,
    #[diesel(sql_type = Nullable<Text>)]
    pub account_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
}

/// A page of the history of a case the caller has been shown to see, newest first.
pub(super) fn history(
    r: &mut Reader<'_>,
    case: Uuid,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<EventRow>, Problem> {
    let mut sql = Sql::new(
        "SELECT e.id, e.event, e.from_stage, e.to_stage, u.display_name AS account_name, e.note, b.display_name AS actor_name, e.at
         FROM case_events e LEFT JOIN accounts u ON u.id = e.account_id LEFT JOIN accounts b ON b.id = e.actor_id WHERE e.case_id = ",
    )
    .bind::<PgUuid, _>(case);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND e.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY e.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// Whether the account is an active social worker today.
pub(super) fn is_worker(w: &mut Writer<'_>, account: Uuid) -> Result<bool, Problem> {
    let today = w.today();
    let sql = Sql::new(
        "SELECT count(*) AS count FROM accounts u WHERE u.status = 'active' AND EXISTS (SELECT FROM grants g WHERE g.account_id = u.id
         AND g.role = 'social_worker' AND g.status = 'active' AND g.from_date <= ",
    );
    let sql = sql.bind::<Date, _>(today).push(" AND (g.to_date IS NULL OR g.to_date >= ").bind::<Date, _>(today);
    Ok(sql.push(")) AND u.id = ").bind::<PgUuid, _>(account).row::<Count>(w.conn())?.count > 0)
}

/// Puts somebody on a case.
pub(super) fn assign(
    w: &mut Writer<'_>,
    case: Uuid,
    account: Uuid,
    duty: CaseDuty,
    until: Option<NaiveDate>,
    note: Option<String>,
) -> Result<(), Problem> {
    use assignments::dsl as a;
    let (actor, now) = (w.scope().actor, w.now());
    diesel::insert_into(a::assignments)
        .values((
            a::id.eq(Uuid::now_v7()),
            a::subject_kind.eq("case"),
            a::subject_id.eq(case),
            a::account_id.eq(account),
            a::duty.eq(duty.slug()),
            a::from_at.eq(now),
            a::until_on.eq(until),
            a::note.eq(note),
            a::assigned_by.eq(actor),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Takes people off a case: these accounts, and whoever stood in until a day that has passed. Says how many of the named.
pub(super) fn unassign(w: &mut Writer<'_>, case: Uuid, accounts: &[Uuid]) -> Result<usize, Problem> {
    let (now, today) = (w.now(), w.today());
    let end =
        |sql: Sql| sql.push(" WHERE to_at IS NULL AND subject_kind = 'case' AND subject_id = ").bind::<PgUuid, _>(case);
    let set = || Sql::new("UPDATE assignments SET to_at = ").bind::<Timestamptz, _>(now);
    end(set()).push(" AND until_on < ").bind::<Date, _>(today).execute(w.conn())?;
    let named = end(set()).push(" AND account_id = ANY(").bind::<Array<PgUuid>, _>(accounts.to_vec()).push(")");
    Ok(named.execute(w.conn())?)
}
