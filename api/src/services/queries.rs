//! SQL of service requests.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{RequestStatus, ServiceRequestQuery, Whose};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::service_requests;
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A request as stored, with what is needed of its household.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct RequestRow {
    #[diesel(sql_type = PgUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) service_code: String,
    #[diesel(sql_type = Text)]
    pub(super) subject_kind: Whose,
    #[diesel(sql_type = PgUuid)]
    pub(super) household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) problem_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) purpose: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) addressee: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) required: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) documents: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    pub(super) missing: Vec<String>,
    #[diesel(sql_type = Text)]
    pub(super) status: RequestStatus,
    #[diesel(sql_type = Text)]
    pub(super) sensitivity: Sensitivity,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) signer: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) organization_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) organization_name: Option<String>,
    #[diesel(sql_type = PgUuid)]
    pub(super) calendar_id: Uuid,
    #[diesel(sql_type = Date)]
    pub(super) due_on: NaiveDate,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pub(super) due_days: i32,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) received_by: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) received_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) handled_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) approved_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) approved_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) reason: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) letter_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) letter_number: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub(super) version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub(super) updated_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub(super) region_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) subject_name: Option<String>,
}

impl RequestRow {
    pub(super) fn restricted(&self) -> bool {
        self.sensitivity == Sensitivity::Restricted
    }
}

const COLUMNS: &str = "SELECT s.id, s.service_code, s.subject_kind, s.household_id, s.individual_id, s.problem_id, s.purpose, s.addressee,
    CASE WHEN jsonb_typeof(e.attrs -> 'documents') = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(e.attrs -> 'documents')) ELSE '{}' END AS required,
    s.documents, s.missing, s.status, s.sensitivity, e.attrs ->> 'signer' AS signer, s.organization_id, o.name AS organization_name,
    s.calendar_id, s.due_on, s.due_days, s.received_by, s.received_at, s.handled_at, s.approved_by, s.approved_at, s.closed_at,
    s.reason, l.id AS letter_id, l.number_text AS letter_number, s.version, s.updated_at, h.region_code,
    CASE WHEN s.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name";

/// The requests this caller may see: adds `FROM … WHERE (…)`. The only way to the table, and through it to letters.
pub(super) fn visible_requests(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM service_requests s JOIN households h ON h.id = s.household_id LEFT JOIN individuals i ON i.id = s.individual_id
         LEFT JOIN code_entries e ON e.list_slug = 'services' AND e.code = s.service_code
         LEFT JOIN organizations o ON o.id = s.organization_id LEFT JOIN letters l ON l.request_id = s.id WHERE (",
    );
    if scope.system {
        return sql.push("true)");
    }
    let mut sql = scope.push_area(sql, "h").push(" OR s.received_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "s.problem_id");
        sql = scope.push_assigned_case(sql.push(" OR "), "s.problem_id");
        sql = scope.push_assigned(sql.push(" OR "), "s.household_id");
    }
    if let Some((person, household)) = scope.person {
        // Another adult's request is not the household's to see.
        sql = sql.push(" OR s.individual_id = ").bind::<PgUuid, _>(person);
        sql = sql.push(" OR (s.individual_id IS NULL AND s.household_id = ").bind::<PgUuid, _>(household).push(")");
    }
    sql = sql.push(") AND (s.sensitivity = 'open' OR s.received_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "s.problem_id");
        sql = scope.push_assigned_case(sql.push(" OR "), "s.problem_id");
    }
    if scope.supervises() {
        sql = scope.push_area(sql.push(" OR "), "h");
    }
    if let Some((person, _)) = scope.person {
        sql = sql.push(" OR s.individual_id = ").bind::<PgUuid, _>(person);
    }
    sql.push(")")
}

fn select(scope: &Scope) -> Sql {
    visible_requests(Sql::new(COLUMNS), scope)
}

/// Request of this id, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<RequestRow, Problem> {
    Ok(select(r.scope()).push(" AND s.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<RequestRow, Problem> {
    Ok(select(w.scope()).push(" AND s.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF s").row(w.conn())?)
}

fn push_filter(mut sql: Sql, r: &Reader<'_>, filter: &ServiceRequestQuery) -> Sql {
    if let Some(status) = filter.status {
        sql = sql.push(" AND s.status = ").bind::<Text, _>(status);
    }
    if let Some(service) = &filter.service_code {
        sql = sql.push(" AND s.service_code = ").bind::<Text, _>(service.clone());
    }
    if let Some(household) = filter.household_id {
        sql = sql.push(" AND s.household_id = ").bind::<PgUuid, _>(household);
    }
    if filter.overdue == Some(true) {
        sql =
            sql.push(" AND s.status IN ('received', 'handled', 'approved') AND s.due_on < ").bind::<Date, _>(r.today());
    }
    if filter.mine == Some(true) {
        sql = sql.push(" AND s.received_by = ").bind::<PgUuid, _>(r.scope().actor);
    }
    sql
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &ServiceRequestQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<RequestRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), r, filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND s.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY s.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &ServiceRequestQuery) -> Result<i64, Problem> {
    let sql = visible_requests(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, r, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Household of a living person who was not merged into another.
pub(super) fn household_of_person(w: &mut Writer<'_>, id: Uuid) -> Result<Uuid, Problem> {
    use crate::db::schema::individuals::dsl as i;
    let living = i::individuals.find(id).filter(i::merged_into.is_null()).filter(i::life_status.eq("alive"));
    Ok(living.select(i::household_id).first(w.conn())?)
}

/// What a new request is made of.
pub(super) struct Fresh {
    pub(super) service_code: String,
    pub(super) subject_kind: Whose,
    pub(super) household_id: Uuid,
    pub(super) individual_id: Option<Uuid>,
    pub(super) problem_id: Option<Uuid>,
    pub(super) purpose: Option<String>,
    pub(super) addressee: Option<String>,
    pub(super) documents: Vec<String>,
    pub(super) sensitivity: Sensitivity,
    pub(super) organization_id: Option<Uuid>,
    pub(super) clock: Clock,
}

/// A deadline and how it was counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) calendar_id: Uuid,
    pub(super) from: NaiveDate,
    pub(super) days: i32,
    pub(super) due_on: NaiveDate,
}

pub(super) fn insert(w: &mut Writer<'_>, new: Fresh) -> Result<Uuid, Problem> {
    use service_requests as s;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.scope().actor);
    diesel::insert_into(s::table)
        .values((
            s::id.eq(id),
            s::service_code.eq(new.service_code),
            s::subject_kind.eq(new.subject_kind),
            s::household_id.eq(new.household_id),
            s::individual_id.eq(new.individual_id),
            s::problem_id.eq(new.problem_id),
            s::purpose.eq(new.purpose),
            s::addressee.eq(new.addressee),
            s::documents.eq(new.documents),
            s::sensitivity.eq(new.sensitivity),
            s::organization_id.eq(new.organization_id),
            s::calendar_id.eq(new.clock.calendar_id),
            s::due_from.eq(new.clock.from),
            s::due_days.eq(new.clock.days),
            s::due_on.eq(new.clock.due_on),
            s::received_by.eq(actor),
            s::received_at.eq(now),
            s::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// What a step changes besides the status.
#[derive(Default)]
pub(super) struct Mark {
    pub(super) documents: Option<Vec<String>>,
    pub(super) missing: Option<Vec<String>>,
    pub(super) reason: Option<Option<String>>,
    pub(super) handler: bool,
    pub(super) approver: bool,
    pub(super) clock: Option<Clock>,
}

/// Moves a locked request to a status.
pub(super) fn set_status(w: &mut Writer<'_>, id: Uuid, status: RequestStatus, mark: Mark) -> Result<(), Problem> {
    use service_requests as s;
    let (now, actor) = (w.now(), w.scope().actor);
    let ended = matches!(status, RequestStatus::Issued | RequestStatus::Cancelled | RequestStatus::Rejected);
    diesel::update(s::table.find(id))
        .set((
            s::status.eq(status),
            s::version.eq(s::version + 1),
            s::updated_at.eq(now),
            mark.documents.map(|d| s::documents.eq(d)),
            mark.missing.map(|m| s::missing.eq(m)),
            mark.reason.map(|r| s::reason.eq(r)),
            mark.handler.then_some((s::handled_by.eq(actor), s::handled_at.eq(now))),
            mark.approver.then_some((s::approved_by.eq(actor), s::approved_at.eq(now))),
            // Taken in again: whoever approved it before has not approved this.
            (status == RequestStatus::Received)
                .then_some((s::approved_by.eq(None::<Uuid>), s::approved_at.eq(None::<DateTime<Utc>>))),
            mark.clock.map(|c| (s::due_from.eq(c.from), s::due_on.eq(c.due_on))),
            s::closed_at.eq(ended.then_some(now)),
        ))
        .execute(w.conn())?;
    Ok(())
}
