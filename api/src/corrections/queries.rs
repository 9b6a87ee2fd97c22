//! SQL of corrections.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{CorrectionQuery, CorrectionStatus};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::corrections::dsl as c;
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A correction as stored, with what is needed of its household.
#[derive(Debug, Clone, QueryableByName)]
pub struct CorrectionRow {
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
    pub fact: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub recorded_value: Option<String>,
    #[diesel(sql_type = Text)]
    pub claimed_value: String,
    #[diesel(sql_type = Text)]
    pub explanation: String,
    #[diesel(sql_type = Text)]
    pub status: CorrectionStatus,
    #[diesel(sql_type = PgUuid)]
    pub submitted_by: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub submitted_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub examined_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub examined_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub decision_reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

/// Corrections of the area, one's own, and those about oneself and what one's household shares.
fn visible_corrections(scope: &Scope) -> Sql {
    let sql = Sql::new(
        "SELECT c.*, h.region_code, CASE WHEN c.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name
         FROM corrections c JOIN households h ON h.id = c.household_id LEFT JOIN individuals i ON i.id = c.individual_id WHERE (",
    );
    let mut sql = scope.push_area(sql, "h").push(" OR c.submitted_by = ").bind::<PgUuid, _>(scope.actor);
    if let Some((person, household)) = scope.person {
        sql = sql.push(" OR c.individual_id = ").bind::<PgUuid, _>(person);
        sql = sql.push(" OR (c.individual_id IS NULL AND c.household_id = ").bind::<PgUuid, _>(household).push(")");
    }
    sql.push(")")
}

/// A correction the caller may see; else 404.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<CorrectionRow, Problem> {
    Ok(visible_corrections(r.scope()).push(" AND c.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<CorrectionRow, Problem> {
    let sql = visible_corrections(w.scope()).push(" AND c.id = ").bind::<PgUuid, _>(id);
    Ok(sql.push(" FOR NO KEY UPDATE OF c").row(w.conn())?)
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &CorrectionQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CorrectionRow>, Problem> {
    let mut sql = visible_corrections(r.scope());
    if let Some(status) = filter.status {
        sql = sql.push(" AND c.status = ").bind::<Text, _>(status);
    }
    if let Some(household) = filter.household_id {
        sql = sql.push(" AND c.household_id = ").bind::<PgUuid, _>(household);
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND c.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY c.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// What a new correction is made of.
pub(super) struct Fresh<'a> {
    pub household_id: Uuid,
    pub individual_id: Option<Uuid>,
    pub fact: &'a str,
    pub recorded_value: Option<String>,
    pub claimed_value: &'a str,
    pub explanation: &'a str,
}

pub(super) fn insert(w: &mut Writer<'_>, new: Fresh<'_>) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    diesel::insert_into(c::corrections)
        .values((
            c::id.eq(id),
            c::household_id.eq(new.household_id),
            c::individual_id.eq(new.individual_id),
            c::fact.eq(new.fact),
            c::recorded_value.eq(new.recorded_value),
            c::claimed_value.eq(new.claimed_value),
            c::explanation.eq(new.explanation),
            c::submitted_by.eq(actor),
            c::submitted_at.eq(now),
            c::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Moves a locked correction to its end.
pub(super) fn close(w: &mut Writer<'_>, id: Uuid, to: CorrectionStatus, reason: Option<&str>) -> Result<(), Problem> {
    let (actor, now) = (w.scope().actor, w.now());
    let examined = to != CorrectionStatus::Withdrawn;
    diesel::update(c::corrections.find(id))
        .set((
            c::status.eq(to),
            c::decision_reason.eq(reason),
            c::examined_by.eq(examined.then_some(actor)),
            c::examined_at.eq(examined.then_some(now)),
            c::version.eq(c::version + 1),
            c::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}
