//! SQL of assessments.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{AssessmentKind, AssessmentQuery, AssessmentStatus};
use crate::access::{Reader, Role, Scope, Writer};
use crate::db::schema::{assessment_problems, assessments::dsl as t};
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// An assessment as stored, with what is needed of its household and instrument.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct AssessmentRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub case_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub problem_id: Option<Uuid>,
    #[diesel(sql_type = PgUuid)]
    pub instrument_id: Uuid,
    #[diesel(sql_type = Text)]
    pub instrument_code: String,
    #[diesel(sql_type = Int4)]
    pub instrument_revision: i32,
    #[diesel(sql_type = Jsonb)]
    pub instrument_name: Value,
    #[diesel(sql_type = Bool)]
    pub instrument_outdated: bool,
    #[diesel(sql_type = Text)]
    pub kind: AssessmentKind,
    #[diesel(sql_type = Text)]
    pub status: AssessmentStatus,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Jsonb)]
    pub answers: Value,
    #[diesel(sql_type = Jsonb)]
    pub result: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub conclusion: Option<String>,
    #[diesel(sql_type = Jsonb)]
    pub recommended: Value,
    #[diesel(sql_type = PgUuid)]
    pub author_id: Uuid,
    #[diesel(sql_type = Text)]
    pub author_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub str_number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub str_valid_until: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub signed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub countersigned_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub countersigned_by_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub countersigned_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub return_reason: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub amends_id: Option<Uuid>,
    #[diesel(sql_type = Int4)]
    pub revision: i32,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub household_status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    #[diesel(sql_type = Bool)]
    pub subject_alive: bool,
}

const COLUMNS: &str = "SELECT s.id, s.household_id, s.individual_id, s.case_id, s.problem_id, s.instrument_id,
    f.code AS instrument_code, f.revision AS instrument_revision, f.name AS instrument_name, f.status <> 'active' AS instrument_outdated,
    s.kind, s.status, s.sensitivity, s.answers, s.result, s.conclusion, s.recommended, s.author_id, u.display_name AS author_name,
    s.str_number, s.str_valid_until, s.signed_at, s.countersigned_by, c.display_name AS countersigned_by_name, s.countersigned_at, s.return_reason, s.amends_id, s.revision,
    s.version, s.created_at, s.updated_at, h.region_code, h.status AS household_status,
    CASE WHEN s.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name,
    coalesce(i.life_status <> 'deceased', true) AS subject_alive";

fn push_working(mut sql: Sql, scope: &Scope) -> Sql {
    for column in ["s.case_id", "s.problem_id"] {
        sql = scope.push_assigned(sql.push(" OR "), column);
    }
    scope.push_assigned_case(sql.push(" OR "), "s.problem_id")
}

/// The assessments this caller may see: adds `FROM … WHERE (…)`. The only way to the table. Who neither assesses nor
/// coordinates sees screenings alone: an assessment says more about a family than its kelurahan needs to know.
fn visible_assessments(sql: Sql, r: &Reader<'_>) -> Sql {
    let scope = r.scope();
    let sql = sql.push(
        " FROM assessments s JOIN households h ON h.id = s.household_id JOIN instruments f ON f.id = s.instrument_id
          JOIN accounts u ON u.id = s.author_id LEFT JOIN accounts c ON c.id = s.countersigned_by LEFT JOIN individuals i ON i.id = s.individual_id WHERE s.status <> 'discarded' AND (",
    );
    let mut sql = scope.push_area(sql, "h").push(" OR s.author_id = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "s.household_id");
        sql = push_working(sql, scope);
    }
    sql = sql.push(") AND (s.sensitivity = 'open' OR s.author_id = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = push_working(sql, scope);
    }
    if scope.supervises() {
        sql = scope.push_area(sql.push(" OR "), "h");
    }
    sql = sql.push(")");
    let principal = r.principal();
    let deep = [Role::Coordinator, Role::SocialWorker, Role::Auditor].iter().any(|role| principal.has_role(*role));
    if deep { sql } else { sql.push(" AND s.kind = 'screening'") }
}

/// Assessment of this id, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<AssessmentRow, Problem> {
    Ok(visible_assessments(Sql::new(COLUMNS), r).push(" AND s.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<AssessmentRow, Problem> {
    let sql = visible_assessments(Sql::new(COLUMNS), w).push(" AND s.id = ").bind::<PgUuid, _>(id);
    Ok(sql.push(" FOR NO KEY UPDATE OF s").row(w.conn())?)
}

fn push_filter(mut sql: Sql, scope: &Scope, filter: &AssessmentQuery, household: Option<Uuid>) -> Sql {
    if let Some(id) = household {
        sql = sql.push(" AND s.household_id = ").bind::<PgUuid, _>(id);
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND s.status = ").bind::<Text, _>(status);
    }
    if let Some(kind) = filter.kind {
        sql = sql.push(" AND s.kind = ").bind::<Text, _>(kind);
    }
    if let Some(case) = filter.case_id {
        sql = sql.push(" AND s.case_id = ").bind::<PgUuid, _>(case);
    }
    if filter.mine == Some(true) {
        sql = sql.push(" AND s.author_id = ").bind::<PgUuid, _>(scope.actor);
    }
    sql
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &AssessmentQuery,
    household: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<AssessmentRow>, Problem> {
    let mut sql = push_filter(visible_assessments(Sql::new(COLUMNS), r), r.scope(), filter, household);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND s.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY s.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &AssessmentQuery, household: Option<Uuid>) -> Result<i64, Problem> {
    let sql = visible_assessments(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r);
    let sql = push_filter(sql, r.scope(), filter, household).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Label of an open case of the household that the caller is assigned to, or that is no secret in his area.
pub(super) fn case_label(w: &mut Writer<'_>, case: Uuid, household: Uuid) -> Result<Option<Sensitivity>, Problem> {
    #[derive(QueryableByName)]
    struct Label {
        #[diesel(sql_type = Text)]
        sensitivity: Sensitivity,
    }
    let sql =
        Sql::new("SELECT c.sensitivity FROM cases c WHERE c.closed_at IS NULL AND c.id = ").bind::<PgUuid, _>(case);
    let sql = sql.push(" AND c.household_id = ").bind::<PgUuid, _>(household).push(" AND (c.sensitivity = 'open' OR ");
    let sql = w.scope().push_assigned(sql, "c.id").push(")");
    Ok(sql.row::<Label>(w.conn()).optional()?.map(|row| row.sensitivity))
}

/// What a new draft is made of.
#[derive(Debug)]
pub(super) struct Fresh {
    pub household_id: Uuid,
    pub individual_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub problem_id: Option<Uuid>,
    pub instrument_id: Uuid,
    pub kind: AssessmentKind,
    pub sensitivity: Sensitivity,
    /// The assessment it amends, with its answers, conclusion, recommended needs and revision.
    pub amends: Option<AssessmentRow>,
}

/// Stores a draft of the caller.
pub(super) fn insert(w: &mut Writer<'_>, new: Fresh) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    let old = new.amends;
    let empty = || serde_json::json!({});
    diesel::insert_into(t::assessments)
        .values((
            t::id.eq(id),
            t::household_id.eq(new.household_id),
            t::individual_id.eq(new.individual_id),
            t::case_id.eq(new.case_id),
            t::problem_id.eq(new.problem_id),
            t::instrument_id.eq(new.instrument_id),
            t::kind.eq(new.kind),
            t::sensitivity.eq(new.sensitivity),
            t::answers.eq(old.as_ref().map_or_else(empty, |o| o.answers.clone())),
            t::conclusion.eq(old.as_ref().and_then(|o| o.conclusion.clone())),
            t::recommended.eq(old.as_ref().map_or_else(|| serde_json::json!([]), |o| o.recommended.clone())),
            t::amends_id.eq(old.as_ref().map(|o| o.id)),
            t::revision.eq(old.as_ref().map_or(1, |o| o.revision + 1)),
            t::author_id.eq(actor),
            t::created_at.eq(now),
            t::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Writes a locked draft.
pub(super) fn save(
    w: &mut Writer<'_>,
    id: Uuid,
    answers: Value,
    conclusion: Option<String>,
    recommended: Value,
    label: Sensitivity,
) -> Result<(), Problem> {
    diesel::update(t::assessments.find(id))
        .set((
            t::answers.eq(answers),
            t::conclusion.eq(conclusion),
            t::recommended.eq(recommended),
            t::sensitivity.eq(label),
            t::version.eq(t::version + 1),
            t::updated_at.eq(w.now()),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// The caller's certificate as the register has it now: number and last day.
pub(super) fn certificate(w: &mut Writer<'_>) -> Result<(Option<String>, Option<NaiveDate>), Problem> {
    use crate::db::schema::accounts::dsl as a;
    let actor = w.scope().actor;
    Ok(a::accounts.find(actor).select((a::str_number, a::str_valid_until)).first(w.conn())?)
}

/// Signs a locked draft.
pub(super) fn sign(
    w: &mut Writer<'_>,
    row: &AssessmentRow,
    answers: Value,
    result: Value,
    certificate: (Option<String>, Option<NaiveDate>),
) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(t::assessments.find(row.id))
        .set((
            t::answers.eq(answers),
            t::result.eq(result),
            t::str_number.eq(certificate.0),
            t::str_valid_until.eq(certificate.1),
            t::signed_at.eq(now),
            t::status.eq(AssessmentStatus::Signed),
            t::version.eq(t::version + 1),
            t::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Moves a locked one to a status after its signature.
pub(super) fn set_status(
    w: &mut Writer<'_>,
    id: Uuid,
    status: AssessmentStatus,
    reason: Option<String>,
) -> Result<(), Problem> {
    let now = w.now();
    let by = (status == AssessmentStatus::Countersigned).then_some(w.scope().actor);
    diesel::update(t::assessments.find(id))
        .set((
            t::status.eq(status),
            t::version.eq(t::version + 1),
            t::updated_at.eq(now),
            reason.map(|text| t::return_reason.eq(text)),
            by.map(|by| (t::countersigned_by.eq(by), t::countersigned_at.eq(now))),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Notes what the signature did to a problem.
pub(super) fn note_effect(w: &mut Writer<'_>, assessment: Uuid, problem: Uuid, effect: &str) -> Result<(), Problem> {
    use assessment_problems::dsl as e;
    diesel::insert_into(e::assessment_problems)
        .values((e::assessment_id.eq(assessment), e::problem_id.eq(problem), e::effect.eq(effect)))
        .on_conflict_do_nothing()
        .execute(w.conn())?;
    Ok(())
}

/// Problems the signature touched, and how.
pub(super) fn effects(r: &mut Reader<'_>, assessment: Uuid) -> Result<Vec<(Uuid, String)>, Problem> {
    use assessment_problems::dsl as e;
    Ok(e::assessment_problems
        .filter(e::assessment_id.eq(assessment))
        .order(e::problem_id)
        .select((e::problem_id, e::effect))
        .load(r.conn())?)
}

/// Whether the household has a signed assessment since then that the caller may see; for the stages of a case.
pub fn signed_since(r: &mut Reader<'_>, household: Uuid, case: Uuid, since: DateTime<Utc>) -> Result<bool, Problem> {
    let sql = visible_assessments(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r)
        .push(" AND s.kind = 'assessment' AND s.status IN ('signed', 'countersigned') AND s.household_id = ")
        .bind::<PgUuid, _>(household)
        .push(" AND (s.case_id = ")
        .bind::<PgUuid, _>(case)
        .push(" OR s.signed_at >= ")
        .bind::<Timestamptz, _>(since);
    Ok(sql.push(") LIMIT 1) t").row::<Count>(r.conn())?.count > 0)
}

/// Something an assessment asks of the caller.
#[derive(Debug, QueryableByName)]
pub struct Task {
    /// draft, returned or countersign.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The assessment.
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    /// Its household.
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    /// Personal: whom it looks at.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    /// Name of the instrument.
    #[diesel(sql_type = Jsonb)]
    pub title: Value,
    /// Since when it waits.
    #[diesel(sql_type = Timestamptz)]
    pub since: DateTime<Utc>,
}

/// The caller's drafts and what came back to him; with `supervises`, also what waits for his counter-signature.
pub fn tasks(r: &mut Reader<'_>, supervises: bool, limit: i64) -> Result<Vec<Task>, Problem> {
    let select =
        "SELECT CASE s.status WHEN 'signed' THEN 'countersign' ELSE s.status END AS kind, s.id, s.household_id,
        CASE WHEN s.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name, f.name AS title,
        coalesce(s.signed_at, s.updated_at) AS since";
    let actor = r.scope().actor;
    let sql = visible_assessments(Sql::new(select), r)
        .push(" AND ((s.author_id = ")
        .bind::<PgUuid, _>(actor)
        .push(" AND (s.status = 'draft' OR (s.status = 'returned' AND NOT EXISTS (SELECT FROM assessments n WHERE n.amends_id = s.id AND n.status <> 'discarded'))))");
    let sql = if supervises {
        sql.push(" OR (s.status = 'signed' AND s.kind = 'assessment' AND s.author_id <> ")
            .bind::<PgUuid, _>(actor)
            .push(")")
    } else {
        sql
    };
    Ok(sql.push(") ORDER BY s.id LIMIT ").bind::<BigInt, _>(limit).rows(r.conn())?)
}

/// Drafts and returned assessments by their author, among those the caller may see.
pub fn open_by_author(r: &mut Reader<'_>) -> Result<Vec<(Uuid, i64)>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        author_id: Uuid,
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let sql = visible_assessments(Sql::new("SELECT s.author_id, count(*) AS count"), r)
        .push(" AND s.status IN ('draft', 'returned') GROUP BY s.author_id");
    Ok(sql.rows::<Row>(r.conn())?.into_iter().map(|row| (row.author_id, row.count)).collect())
}
