//! SQL of mandates.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{Mandate, MandatePatch, MandateQuery, NewMandate};
use crate::access::policy::MandateEdit;
use crate::access::{Reader, Writer};
use crate::calendars;
use crate::db::schema::mandates;
use crate::db::sql::Sql;
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    need_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    service_code: Option<String>,
    #[diesel(sql_type = PgUuid)]
    organization_id: Uuid,
    #[diesel(sql_type = Text)]
    organization_name: String,
    #[diesel(sql_type = PgUuid)]
    calendar_id: Uuid,
    #[diesel(sql_type = Integer)]
    sla_days: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    emergency_days: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    decree: Option<String>,
    #[diesel(sql_type = Date)]
    valid_from: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    valid_to: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
}

fn view(r: &Reader<'_>, row: Row) -> Mandate {
    Mandate {
        id: row.id,
        need_code: row.need_code,
        service_code: row.service_code,
        organization_id: row.organization_id,
        organization_name: row.organization_name,
        calendar_id: row.calendar_id,
        sla_days: row.sla_days,
        emergency_days: row.emergency_days,
        decree: row.decree,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can: if r.principal().may::<MandateEdit>() { vec!["update"] } else { Vec::new() },
    }
}

const COLUMNS: &str = "SELECT m.id, m.need_code, m.service_code, m.organization_id, o.name AS organization_name, m.calendar_id, m.sla_days,
    m.emergency_days, m.decree, m.valid_from, m.valid_to, m.version, m.created_at, m.updated_at";

/// Mandates are public knowledge; none is given to a restricted organization, so that its name tells nothing.
fn visible_mandates(sql: Sql) -> Sql {
    sql.push(" FROM mandates m JOIN organizations o ON o.id = m.organization_id WHERE o.sensitivity = 'open'")
}

fn push_filter(mut sql: Sql, today: NaiveDate, filter: &MandateQuery) -> Sql {
    if let Some(need) = &filter.need_code {
        sql = sql.push(" AND m.need_code = ").bind::<Text, _>(need.clone());
    }
    if let Some(id) = filter.organization_id {
        sql = sql.push(" AND m.organization_id = ").bind::<PgUuid, _>(id);
    }
    if filter.current == Some(true) {
        sql = sql.push(" AND daterange(m.valid_from, m.valid_to, '[]') @> ").bind::<Date, _>(today);
    }
    sql
}

/// By need, the whole need before its services, newest last.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &MandateQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<Mandate>, Problem> {
    let mut sql = push_filter(visible_mandates(Sql::new(COLUMNS)), r.today(), filter);
    if let Some((need, id)) = start.and_then(|c| Some((c.key.clone()?, c.id.parse::<Uuid>().ok()?))) {
        sql = sql.push(" AND (m.need_code, m.id) > (").bind::<Text, _>(need).push(", ").bind::<PgUuid, _>(id).push(")");
    }
    let rows: Vec<Row> = sql.push(" ORDER BY m.need_code, m.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?;
    Ok(rows.into_iter().map(|row| view(r, row)).collect())
}

/// Rows the filter finds, counted up to one more than the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &MandateQuery) -> Result<i64, Problem> {
    let sql = visible_mandates(Sql::new("SELECT count(*) AS count FROM (SELECT 1"));
    let sql = push_filter(sql, r.today(), filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") AS found");
    Ok(sql.row::<crate::db::sql::Count>(r.conn())?.count)
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Mandate, Problem> {
    let row: Row = visible_mandates(Sql::new(COLUMNS)).push(" AND m.id = ").bind::<PgUuid, _>(id).row(r.conn())?;
    Ok(view(r, row))
}

pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<Mandate, Problem> {
    mandates::table.find(id).select(mandates::id).for_update().first::<Uuid>(w.conn())?;
    find(w, id)
}

#[derive(QueryableByName)]
struct Fit {
    #[diesel(sql_type = Bool)]
    fit: bool,
}

/// Whether an organization may be given a mandate: verified, and not one whose name must stay unsaid.
pub(super) fn may_hold(w: &mut Writer<'_>, id: Uuid) -> Result<bool, Problem> {
    let sql = Sql::new(
        "SELECT EXISTS (SELECT FROM organizations o WHERE o.status = 'verified' AND o.sensitivity = 'open' AND o.id = ",
    );
    Ok(sql.bind::<PgUuid, _>(id).push(") AS fit").row::<Fit>(w.conn())?.fit)
}

pub(super) fn insert(w: &mut Writer<'_>, new: &NewMandate, calendar: Uuid) -> Result<Uuid, Problem> {
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::insert_into(mandates::table)
        .values((
            mandates::id.eq(id),
            mandates::need_code.eq(&new.need_code),
            mandates::service_code.eq(&new.service_code),
            mandates::organization_id.eq(new.organization_id),
            mandates::calendar_id.eq(calendar),
            mandates::sla_days.eq(new.sla_days),
            mandates::emergency_days.eq(new.emergency_days),
            mandates::decree.eq(new.decree.as_deref().map(clean).filter(|d| !d.is_empty())),
            mandates::valid_from.eq(new.valid_from),
            mandates::valid_to.eq(new.valid_to),
            mandates::created_at.eq(now),
            mandates::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

#[derive(AsChangeset)]
#[diesel(table_name = mandates)]
struct Changes {
    sla_days: Option<i32>,
    emergency_days: Option<Option<i32>>,
    decree: Option<Option<String>>,
    valid_to: Option<Option<NaiveDate>>,
    updated_at: DateTime<Utc>,
}

pub(super) fn update(w: &mut Writer<'_>, id: Uuid, patch: MandatePatch) -> Result<(), Problem> {
    let valid_to = match patch.valid_to {
        Field::Absent => None,
        Field::Null => Some(None),
        Field::Value(date) => Some(Some(date.0)),
    };
    let changes = Changes {
        sla_days: patch.sla_days.value().copied(),
        emergency_days: patch.emergency_days.nullable(),
        decree: patch.decree.nullable().map(|d| d.map(|d| clean(&d)).filter(|d| !d.is_empty())),
        valid_to,
        updated_at: w.now(),
    };
    diesel::update(mandates::table.find(id))
        .set((changes, mandates::version.eq(mandates::version + 1)))
        .execute(w.conn())?;
    Ok(())
}

/// Who is charged with something from today on, and until when.
#[derive(Debug, Clone)]
pub struct Charge {
    /// The mandate.
    pub mandate_id: Uuid,
    /// Who is responsible.
    pub organization_id: Uuid,
    /// Calendar it is counted by, held until the transaction ends.
    pub calendar_id: Uuid,
    /// Day the count starts from.
    pub due_from: NaiveDate,
    /// Working days granted.
    pub due_days: i32,
    /// Last day in time.
    pub due_on: NaiveDate,
}

#[derive(QueryableByName)]
struct InForce {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = PgUuid)]
    organization_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    calendar_id: Uuid,
    #[diesel(sql_type = Integer)]
    days: i32,
}

/// The mandate in force today for a need (and a service to it), with its deadline counted from today. None where
/// nobody has it.
pub fn charge(
    w: &mut Writer<'_>,
    need: &str,
    service: Option<&str>,
    emergency: bool,
) -> Result<Option<Charge>, Problem> {
    let today = w.today();
    let found: Option<InForce> = Sql::new("SELECT m.id, m.organization_id, m.calendar_id, CASE WHEN ")
        .bind::<Bool, _>(emergency)
        .push(" THEN coalesce(m.emergency_days, m.sla_days) ELSE m.sla_days END AS days FROM mandates m WHERE m.need_code = ")
        .bind::<Text, _>(need.to_owned())
        .push(" AND m.service_code IS NOT DISTINCT FROM ")
        .bind::<Nullable<Text>, _>(service.map(str::to_owned))
        .push(" AND daterange(m.valid_from, m.valid_to, '[]') @> ")
        .bind::<Date, _>(today)
        .row(w.conn())
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let (calendar_id, days) = calendars::hold(w, Some(found.calendar_id))?;
    Ok(Some(Charge {
        mandate_id: found.id,
        organization_id: found.organization_id,
        calendar_id,
        due_from: today,
        due_days: found.days,
        due_on: calendars::due(today, u32::try_from(found.days).unwrap_or(0), &days),
    }))
}
