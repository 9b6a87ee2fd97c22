//! SQL of what becomes due.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::{record, visible_referrals};
use crate::access::Writer;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::referrals::model::ReferralStatus;

/// Notes in the history of open referrals that their step will be due within `hours`, or is late (0): once a step.
pub(in crate::referrals) fn note_due(
    w: &mut Writer<'_>,
    event: &'static str,
    hours: i64,
    limit: i64,
) -> Result<u64, Problem> {
    #[derive(QueryableByName)]
    struct Noted {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        status: ReferralStatus,
    }
    let (now, column) = (w.now(), if event == "remind" { "reminded_at" } else { "escalated_at" });
    let sql = visible_referrals(Sql::new("WITH late AS (SELECT f.id"), w.scope())
        .push(&format!(" AND f.status IN ('sent', 'returned', 'accepted', 'scheduled', 'in_service') AND f.{column} IS NULL AND f.due_at < "))
        .bind::<Timestamptz, _>(now + chrono::Duration::hours(hours))
        .push(" ORDER BY f.due_at LIMIT ")
        .bind::<BigInt, _>(limit)
        .push(&format!(" FOR NO KEY UPDATE OF f SKIP LOCKED) UPDATE referrals r SET {column} = "))
        .bind::<Timestamptz, _>(now)
        .push(" FROM late WHERE r.id = late.id RETURNING r.id, r.status");
    let noted: Vec<Noted> = sql.rows(w.conn())?;
    for one in &noted {
        record(w, one.id, event, one.status, one.status, None, None)?;
    }
    Ok(noted.len() as u64)
}

/// Referrals that nobody has answered, or completed, for so long that they end.
pub(in crate::referrals) fn unanswered(
    w: &mut Writer<'_>,
    due_before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
    }
    let sql = visible_referrals(Sql::new("SELECT f.id"), w.scope())
        .push(" AND f.status IN ('sent', 'returned') AND f.due_at < ")
        .bind::<Timestamptz, _>(due_before)
        .push(" ORDER BY f.due_at LIMIT ")
        .bind::<BigInt, _>(limit)
        .push(" FOR NO KEY UPDATE OF f SKIP LOCKED");
    let rows: Vec<Row> = sql.rows(w.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Open referrals of people who have died or left, with the reason; what somebody works on just now comes later.
pub(in crate::referrals) fn marked(w: &mut Writer<'_>, limit: i64) -> Result<Vec<(Uuid, String)>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        ending: String,
    }
    let sql = visible_referrals(Sql::new("SELECT f.id, f.ending"), w.scope())
        .push(" AND f.ending IS NOT NULL AND f.status IN ('draft', 'sent', 'returned', 'accepted', 'scheduled', 'in_service') ORDER BY f.id LIMIT ")
        .bind::<BigInt, _>(limit)
        .push(" FOR NO KEY UPDATE OF f SKIP LOCKED");
    let rows: Vec<Row> = sql.rows(w.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.ending)).collect())
}
