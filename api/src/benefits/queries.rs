//! SQL of reported benefits.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{NewRecipientList, NewReportedBenefit, ReportedBenefitQuery};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::{recipient_lists as lists, reported_benefits as benefits};
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A benefit as stored.
#[derive(Debug, QueryableByName)]
pub(super) struct BenefitRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    pub program_name: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub overlap_class: Option<String>,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = Date)]
    pub from_date: NaiveDate,
    #[diesel(sql_type = Date)]
    pub to_date: NaiveDate,
    #[diesel(sql_type = Text)]
    pub source: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub list_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// Benefits of households in the caller's area, of his own household, and of those assigned to him: adds `FROM … WHERE …`.
fn visible_benefits(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM reported_benefits b JOIN households h ON h.id = b.household_id JOIN programs g ON g.id = b.program_id
         WHERE g.sensitivity = 'open' AND (",
    );
    if scope.system || scope.deidentified {
        return sql.push("true)");
    }
    let mut sql = scope.push_area(sql, "h").push(" OR h.id = ANY(");
    sql = sql.bind::<Array<PgUuid>, _>(scope.assigned.clone()).push(")");
    if let Some((_, household)) = scope.person {
        sql = sql.push(" OR h.id = ").bind::<PgUuid, _>(household);
    }
    sql.push(")")
}

fn push_filter(mut sql: Sql, filter: &ReportedBenefitQuery) -> Sql {
    for (column, id) in [("b.household_id", filter.household_id), ("b.program_id", filter.program_id)] {
        if let Some(id) = id {
            sql = sql.push(&format!(" AND {column} = ")).bind::<PgUuid, _>(id);
        }
    }
    sql
}

/// A page, newest first; or the one asked for.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &ReportedBenefitQuery,
    id: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<BenefitRow>, Problem> {
    let columns = "SELECT b.id, b.program_id, g.name AS program_name, g.overlap_class, b.household_id, b.individual_id, b.from_date,
        b.to_date, b.source, b.list_id, b.created_at";
    let mut sql = push_filter(visible_benefits(Sql::new(columns), r.scope()), filter);
    if let Some(id) = id {
        sql = sql.push(" AND b.id = ").bind::<PgUuid, _>(id);
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND b.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY b.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &ReportedBenefitQuery) -> Result<i64, Problem> {
    let sql = push_filter(visible_benefits(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope()), filter);
    let sql = sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Stores one report.
pub(super) fn insert(w: &mut Writer<'_>, new: &NewReportedBenefit) -> Result<Uuid, Problem> {
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(benefits::table)
        .values((
            benefits::id.eq(id),
            benefits::program_id.eq(new.program_id),
            benefits::household_id.eq(new.household_id),
            benefits::individual_id.eq(new.individual_id),
            benefits::from_date.eq(new.from_date),
            benefits::to_date.eq(new.to_date),
            benefits::source.eq(&new.source),
            benefits::reported_by.eq(actor),
            benefits::created_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Stores a list that names every recipient; a list that does not is told by its rows alone.
pub(super) fn insert_list(w: &mut Writer<'_>, new: &NewRecipientList) -> Result<Uuid, Problem> {
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(lists::table)
        .values((
            lists::id.eq(id),
            lists::program_id.eq(new.program_id),
            lists::area_code.eq(&new.area_code),
            lists::from_date.eq(new.from_date),
            lists::to_date.eq(new.to_date),
            lists::source.eq(&new.source),
            lists::loaded_at.eq(now),
            lists::loaded_by.eq(actor),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Who a row may be.
#[derive(Debug, QueryableByName)]
pub(super) struct Found {
    #[diesel(sql_type = Integer)]
    pub line: i32,
    #[diesel(sql_type = BigInt)]
    pub people: i64,
    #[diesel(sql_type = PgUuid)]
    pub individual_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
}

/// The living people of active households that rows name, by NIK where there is one, else by name and date of birth.
pub(super) fn find_people(
    w: &mut Writer<'_>,
    niks: Vec<(i32, String)>,
    names: Vec<(i32, String, NaiveDate)>,
) -> Result<Vec<Found>, Problem> {
    let (nik_rows, niks): (Vec<i32>, Vec<String>) = niks.into_iter().unzip();
    let name_rows: Vec<i32> = names.iter().map(|(row, ..)| *row).collect();
    let keys: Vec<String> = names.iter().map(|(_, key, _)| key.clone()).collect();
    let births: Vec<NaiveDate> = names.iter().map(|(.., birth)| *birth).collect();
    let sql = visible_people(
        Sql::new("SELECT t.row AS line, count(DISTINCT t.id) AS people, (array_agg(t.id))[1] AS individual_id, (array_agg(t.household_id))[1] AS household_id FROM (SELECT r.row, i.id, i.household_id FROM unnest(")
            .bind::<Array<Integer>, _>(nik_rows)
            .push(", ")
            .bind::<Array<Text>, _>(niks)
            .push(") AS r (row, nik) JOIN identifiers n ON n.kind = 'nik' AND n.value = r.nik AND n.subject_kind = 'individual' AND n.valid_to IS NULL JOIN individuals i ON i.id = n.subject_id"),
        w.scope(),
    );
    let sql = visible_people(
        sql.push(" UNION ALL SELECT r.row, i.id, i.household_id FROM unnest(")
            .bind::<Array<Integer>, _>(name_rows)
            .push(", ")
            .bind::<Array<Text>, _>(keys)
            .push(", ")
            .bind::<Array<Date>, _>(births)
            .push(") AS r (row, key, birth) JOIN individuals i ON i.name_key = r.key AND i.birth_date = r.birth AND i.birth_date_precision = 'day'"),
        w.scope(),
    );
    Ok(sql.push(") t GROUP BY t.row").rows(w.conn())?)
}

/// Narrows joined `individuals i` to living people of active households in the caller's area.
fn visible_people(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " JOIN households h ON h.id = i.household_id AND h.status = 'active' WHERE i.life_status = 'alive' AND i.merged_into IS NULL AND (",
    );
    scope.push_area(sql, "h").push(")")
}

/// Enters the people of a list; what is reported for the same person, program and period already stays as it is. The rows
/// that were entered.
pub(super) fn insert_people(
    w: &mut Writer<'_>,
    new: &NewRecipientList,
    list: Option<Uuid>,
    people: &[Found],
) -> Result<Vec<i32>, Problem> {
    #[derive(QueryableByName)]
    struct Entered {
        #[diesel(sql_type = Integer)]
        line: i32,
    }
    let (now, actor) = (w.now(), w.principal().id);
    let sql = Sql::new("WITH r AS (SELECT DISTINCT ON (x.person) x.* FROM unnest(")
        .bind::<Array<Integer>, _>(people.iter().map(|p| p.line).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<PgUuid>, _>(people.iter().map(|p| p.individual_id).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<PgUuid>, _>(people.iter().map(|p| p.household_id).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<PgUuid>, _>(people.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .push(") AS x (row, person, household, id) WHERE NOT EXISTS (SELECT FROM reported_benefits b WHERE b.household_id = x.household AND b.program_id = ")
        .bind::<PgUuid, _>(new.program_id)
        .push(" AND b.individual_id IS NOT DISTINCT FROM x.person AND b.from_date = ")
        .bind::<Date, _>(new.from_date)
        .push(" AND b.to_date = ")
        .bind::<Date, _>(new.to_date)
        .push(") ORDER BY x.person, x.row), put AS (INSERT INTO reported_benefits (id, individual_id, household_id, program_id, list_id, from_date, to_date, source, reported_by, created_at) SELECT r.id, r.person, r.household, ")
        .bind::<PgUuid, _>(new.program_id)
        .push(", ")
        .bind::<Nullable<PgUuid>, _>(list)
        .push(", ")
        .bind::<Date, _>(new.from_date)
        .push(", ")
        .bind::<Date, _>(new.to_date)
        .push(", ")
        .bind::<Text, _>(new.source.clone())
        .push(", ")
        .bind::<PgUuid, _>(actor)
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(" FROM r RETURNING id) SELECT r.row AS line FROM put JOIN r ON r.id = put.id");
    let rows: Vec<Entered> = sql.rows(w.conn())?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// A list as stored.
#[derive(Debug, QueryableByName)]
pub(super) struct ListRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    pub program_name: Value,
    #[diesel(sql_type = Text)]
    pub area_code: String,
    #[diesel(sql_type = Date)]
    pub from_date: NaiveDate,
    #[diesel(sql_type = Date)]
    pub to_date: NaiveDate,
    #[diesel(sql_type = Text)]
    pub source: String,
    #[diesel(sql_type = BigInt)]
    pub entered: i64,
    #[diesel(sql_type = Timestamptz)]
    pub loaded_at: DateTime<Utc>,
}

/// Complete lists of open programs: adds `FROM … WHERE …`.
fn visible_lists(sql: Sql) -> Sql {
    sql.push(" FROM recipient_lists l JOIN programs g ON g.id = l.program_id WHERE g.sensitivity = 'open'")
}

/// A page of the lists, newest first. How many they name is of the whole city, so only those of the city ask.
pub(super) fn lists(r: &mut Reader<'_>, start: Option<&Cursor>, fetch: i64) -> Result<Vec<ListRow>, Problem> {
    let columns = "SELECT l.id, l.program_id, g.name AS program_name, l.area_code, l.from_date, l.to_date, l.source,
        (SELECT count(*) FROM reported_benefits b WHERE b.list_id = l.id) AS entered, l.loaded_at";
    let mut sql = visible_lists(Sql::new(columns));
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND l.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY l.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many lists there are.
pub(super) fn count_lists(r: &mut Reader<'_>) -> Result<i64, Problem> {
    Ok(visible_lists(Sql::new("SELECT count(*) AS count")).row::<Count>(r.conn())?.count)
}
