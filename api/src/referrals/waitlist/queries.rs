//! SQL of the waitlist.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{WaitlistQuery, WaitlistStatus};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::waitlist::dsl as l;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::problems::Severity;
use crate::referrals::queries as referrals;

/// An entry as stored.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct EntryRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = Text)]
    pub status: WaitlistStatus,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub position: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub skipped_code: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "SELECT l.id, l.referral_id, l.status, l.skipped_code, l.version, l.created_at, l.updated_at,
    CASE WHEN l.status = 'waiting' THEN 1 + (SELECT count(*) FROM waitlist b WHERE b.cycle_id = l.cycle_id AND b.status = 'waiting'
        AND (b.urgency, b.created_at, b.id) < (l.urgency, l.created_at, l.id)) END AS position";

/// Entries of referrals the caller may see: adds `FROM … WHERE true`. The only way to the table.
fn visible_entries(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(" FROM waitlist l CROSS JOIN LATERAL (SELECT f.program_id");
    referrals::visible_referrals(sql, scope).push(" AND f.id = l.referral_id) v WHERE true")
}

fn select(scope: &Scope) -> Sql {
    visible_entries(Sql::new(COLUMNS), scope)
}

/// The entry, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<EntryRow, Problem> {
    Ok(select(r.scope()).push(" AND l.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

fn push_filter(mut sql: Sql, filter: &WaitlistQuery) -> Sql {
    for (column, id) in [("v.program_id", filter.program_id), ("l.cycle_id", filter.cycle_id)] {
        if let Some(id) = id {
            sql = sql.push(&format!(" AND {column} = ")).bind::<PgUuid, _>(id);
        }
    }
    match filter.status {
        Some(status) => sql.push(" AND l.status = ").bind::<Text, _>(status),
        None => sql,
    }
}

/// A page, oldest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &WaitlistQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<EntryRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND l.id > ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY l.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &WaitlistQuery) -> Result<i64, Problem> {
    let sql = visible_entries(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

fn urgency(severity: Severity) -> i16 {
    match severity {
        Severity::Emergency => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
    }
}

/// Puts a locked draft on the list.
pub(super) fn insert(w: &mut Writer<'_>, referral: Uuid, cycle: Uuid, severity: Severity) -> Result<Uuid, Problem> {
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(l::waitlist)
        .values((
            l::id.eq(id),
            l::referral_id.eq(referral),
            l::cycle_id.eq(cycle),
            l::urgency.eq(urgency(severity)),
            l::created_by.eq((!actor.is_nil()).then_some(actor)),
            l::created_at.eq(now),
            l::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Ends the waiting of a referral that was sent or cancelled, by whomever.
pub(in crate::referrals) fn settle(w: &mut Writer<'_>, referral: Uuid, sent: bool) -> Result<(), Problem> {
    let now = w.now();
    let status = if sent { WaitlistStatus::Placed } else { WaitlistStatus::Withdrawn };
    diesel::update(l::waitlist.filter(l::referral_id.eq(referral)).filter(l::status.eq("waiting")))
        .set((l::status.eq(status), l::version.eq(l::version + 1), l::updated_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}

/// Whoever is next of a cycle that has a free seat or has ended, not tried in the last seconds.
#[derive(Debug, QueryableByName)]
pub(super) struct Next {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = Bool)]
    pub over: bool,
}

/// Locks the next one; what another works on is left to him.
pub(super) fn next(w: &mut Writer<'_>, not_since: DateTime<Utc>) -> Result<Option<Next>, Problem> {
    let today = w.today();
    let sql = Sql::new("SELECT l.id, l.referral_id, (c.status <> 'open' OR c.ends_on < ")
        .bind::<diesel::sql_types::Date, _>(today)
        .push(" OR g.status = 'closed') AS over FROM waitlist l JOIN program_cycles c ON c.id = l.cycle_id JOIN programs g ON g.id = c.program_id
         WHERE l.status = 'waiting' AND (l.tried_at IS NULL OR l.tried_at < ")
        .bind::<Timestamptz, _>(not_since)
        .push(") AND NOT EXISTS (SELECT FROM waitlist b WHERE b.cycle_id = l.cycle_id AND b.status = 'waiting'
             AND (b.urgency, b.created_at, b.id) < (l.urgency, l.created_at, l.id))
         AND (c.seats_taken < c.seats OR c.status <> 'open' OR c.ends_on < ")
        .bind::<diesel::sql_types::Date, _>(today)
        .push(" OR g.status = 'closed') ORDER BY l.tried_at NULLS FIRST, l.id LIMIT 1 FOR NO KEY UPDATE OF l SKIP LOCKED");
    Ok(sql.row(w.conn()).optional()?)
}

/// Notes how the try went: still waiting, or how it ended.
pub(super) fn tried(
    w: &mut Writer<'_>,
    id: Uuid,
    ended: Option<(WaitlistStatus, Option<&str>)>,
) -> Result<(), Problem> {
    let now = w.now();
    let changes = ended.map(|(status, code)| {
        (l::status.eq(status), l::skipped_code.eq(code), l::version.eq(l::version + 1), l::updated_at.eq(now))
    });
    diesel::update(l::waitlist.find(id)).set((l::tried_at.eq(now), changes)).execute(w.conn())?;
    Ok(())
}
