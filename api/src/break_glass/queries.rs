//! SQL of looks behind the glass.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{BreakGlassQuery, Finding, GlassReview, GlassSubject};
use crate::access::{Duty, Reader, Writer};
use crate::db::schema::break_glass::dsl as b;
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// How long the glass stays broken.
const HOURS: i64 = 4;

/// A look as stored.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct GlassRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub account_name: String,
    #[diesel(sql_type = Text)]
    pub subject_kind: GlassSubject,
    #[diesel(sql_type = PgUuid)]
    pub subject_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = Timestamptz)]
    pub opened_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub finding: Option<Finding>,
    #[diesel(sql_type = Nullable<Text>)]
    pub review_note: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub reviewed_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub reviewed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// Looks this caller may know of: one's own, those in an area one supervises; and all of them to an auditor, and to whoever
/// protects personal data.
fn visible_looks(r: &Reader<'_>) -> Sql {
    let scope = r.scope();
    let all = scope.deidentified || r.principal().has_duty(Duty::ProtectData);
    let sql = Sql::new(
        "SELECT b.*, a.display_name AS account_name FROM break_glass b JOIN accounts a ON a.id = b.account_id
         JOIN households h ON h.id = b.household_id WHERE (b.account_id = ",
    )
    .bind::<PgUuid, _>(scope.actor);
    let sql = if scope.supervises() { scope.push_area(sql.push(" OR "), "h") } else { sql };
    if all { sql.push(" OR true)") } else { sql.push(")") }
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<GlassRow, Problem> {
    Ok(visible_looks(r).push(" AND b.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<GlassRow, Problem> {
    let sql = visible_looks(w).push(" AND b.id = ").bind::<PgUuid, _>(id);
    Ok(sql.push(" FOR NO KEY UPDATE OF b").row(w.conn())?)
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &BreakGlassQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<GlassRow>, Problem> {
    let mut sql = visible_looks(r);
    if filter.unreviewed == Some(true) {
        sql = sql.push(" AND b.finding IS NULL");
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND b.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY b.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// Looks of others that wait for their review, the oldest first.
pub(super) fn waiting(r: &mut Reader<'_>, limit: i64) -> Result<Vec<GlassRow>, Problem> {
    let actor = r.scope().actor;
    let sql = visible_looks(r).push(" AND b.finding IS NULL AND b.account_id <> ").bind::<PgUuid, _>(actor);
    Ok(sql.push(" ORDER BY b.id LIMIT ").bind::<BigInt, _>(limit).rows(r.conn())?)
}

/// What is to be opened, where there is a lawful way to it.
#[derive(Debug, QueryableByName)]
pub(super) struct Behind {
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    /// The caller sees it as it is.
    #[diesel(sql_type = Bool)]
    pub open_already: bool,
}

/// A problem in the caller's area. An unknown one and one elsewhere are told by the same statement.
pub(super) fn problem_behind(w: &mut Writer<'_>, id: Uuid) -> Result<Behind, Problem> {
    let scope = w.scope().clone();
    let sql =
        Sql::new("SELECT p.household_id, (p.sensitivity = 'open' OR p.reported_by = ").bind::<PgUuid, _>(scope.actor);
    let sql = scope.push_assigned(sql.push(" OR "), "p.id");
    let sql = if scope.supervises() { scope.push_area(sql.push(" OR "), "h") } else { sql };
    let sql = sql.push(") AS open_already FROM problems p JOIN households h ON h.id = p.household_id WHERE p.id = ");
    let sql = scope.push_area(sql.bind::<PgUuid, _>(id).push(" AND "), "h");
    Ok(sql.row(w.conn())?)
}

/// A household tied to the caller's work, or in his area.
pub(super) fn household_behind(w: &mut Writer<'_>, id: Uuid) -> Result<Behind, Problem> {
    let scope = w.scope().clone();
    let actor = scope.actor;
    let sql = scope.push_area(Sql::new("SELECT h.id AS household_id, ("), "h");
    let sql = scope.push_assigned(sql.push(" OR "), "h.id").push(") AS open_already FROM households h WHERE h.id = ");
    let sql = scope.push_area(sql.bind::<PgUuid, _>(id).push(" AND ("), "h");
    // Worked on before, by this very person.
    let sql = sql
        .push(" OR EXISTS (SELECT FROM assignments a WHERE a.subject_id = h.id AND a.account_id = ")
        .bind::<PgUuid, _>(actor)
        .push(") OR EXISTS (SELECT FROM problems p LEFT JOIN assignments a ON a.subject_id = p.id AND a.account_id = ")
        .bind::<PgUuid, _>(actor)
        .push(" WHERE p.household_id = h.id AND (a.id IS NOT NULL OR p.reported_by = ")
        .bind::<PgUuid, _>(actor)
        .push(")) OR EXISTS (SELECT FROM referrals f WHERE f.household_id = h.id AND f.created_by = ")
        .bind::<PgUuid, _>(actor)
        // Somebody came from the area or went there.
        .push(
            ") OR EXISTS (SELECT FROM memberships m JOIN individuals i ON i.id = m.individual_id
            JOIN households n ON n.id = CASE WHEN m.household_id = h.id THEN i.household_id ELSE m.household_id END
            WHERE (m.household_id = h.id OR i.household_id = h.id) AND n.id <> h.id AND ",
        );
    let sql = scope.push_area(sql, "n");
    let sql =
        sql.push(") OR EXISTS (SELECT FROM households n WHERE n.dwelling_id = h.dwelling_id AND n.id <> h.id AND ");
    let sql = scope.push_area(sql, "n").push("))");
    Ok(sql.row(w.conn())?)
}

/// Opens it, and puts it before those who review.
pub(super) fn insert(
    w: &mut Writer<'_>,
    kind: GlassSubject,
    subject: Uuid,
    household: Uuid,
    reason: &str,
) -> Result<Uuid, Problem> {
    use crate::db::schema::coordinator_tasks::dsl as t;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.scope().actor);
    diesel::insert_into(b::break_glass)
        .values((
            b::id.eq(id),
            b::account_id.eq(actor),
            b::subject_kind.eq(kind),
            b::subject_id.eq(subject),
            b::household_id.eq(household),
            b::reason.eq(reason),
            b::opened_at.eq(now),
            b::expires_at.eq(now + TimeDelta::hours(HOURS)),
        ))
        .execute(w.conn())?;
    diesel::insert_into(t::coordinator_tasks)
        .values((
            t::id.eq(id),
            t::kind.eq("break_glass_review"),
            t::household_id.eq(household),
            t::created_by.eq(actor),
            t::created_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Writes what the reviewer found; a look without reason ends at once.
pub(super) fn review(w: &mut Writer<'_>, id: Uuid, review: &GlassReview, note: Option<String>) -> Result<(), Problem> {
    use crate::db::schema::coordinator_tasks::dsl as t;
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::update(b::break_glass.find(id))
        .set((
            b::finding.eq(review.finding),
            b::review_note.eq(note),
            b::reviewed_by.eq(actor),
            b::reviewed_at.eq(now),
            b::version.eq(b::version + 1),
        ))
        .execute(w.conn())?;
    if review.finding == Finding::Unjustified {
        diesel::update(b::break_glass.find(id).filter(b::expires_at.gt(now)))
            .set(b::expires_at.eq(now))
            .execute(w.conn())?;
    }
    diesel::update(t::coordinator_tasks.find(id)).set(t::status.eq("done")).execute(w.conn())?;
    Ok(())
}
