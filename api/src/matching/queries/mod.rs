//! SQL of matching.

pub(super) mod book;
pub(super) mod census;
pub(super) mod people;
pub(super) mod runs;
pub(super) mod sets;
pub mod standing;
pub(super) mod versions;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::Reader;
use crate::db::schema::households;
use crate::db::sql::Sql;
use crate::households::visible_households;
use crate::kernel::problem::Problem;

/// A household of a list of matches.
pub(super) type Home = (Uuid, Option<String>, String, Option<i16>, i32);

/// Those of these households that the caller may see.
pub(super) fn visible_homes(r: &mut Reader<'_>, ids: &[Uuid]) -> Result<Vec<Home>, Problem> {
    Ok(visible_households(r.scope())
        .filter(households::id.eq_any(ids.to_vec()))
        .select((
            households::id,
            households::head_name,
            households::region_code,
            households::decile,
            households::members_count,
        ))
        .load(r.conn())?)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
}

/// Of these households, those whose restricted problems of these needs the caller works on.
pub(super) fn visible_by_work(r: &mut Reader<'_>, homes: &[Uuid], needs: &[String]) -> Result<Vec<Uuid>, Problem> {
    let actor = r.scope().actor;
    let rows: Vec<Id> = Sql::new(
        "SELECT DISTINCT p.household_id AS id FROM problems p JOIN assignments a ON a.subject_id = p.id AND a.to_at IS NULL
         WHERE p.sensitivity = 'restricted' AND a.account_id = ",
    )
    .bind::<PgUuid, _>(actor)
    .push(" AND p.household_id = ANY(")
    .bind::<Array<PgUuid>, _>(homes.to_vec())
    .push(") AND p.need_code = ANY(")
    .bind::<Array<Text>, _>(needs.to_vec())
    .push(")")
    .rows(r.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The last day that was evaluated, and whether a day has been asked for.
pub(super) fn day_asked(conn: &mut PgConnection, day: NaiveDate) -> Result<bool, Problem> {
    let n: book::Number = Sql::new("SELECT count(*) AS n FROM matching_days WHERE day = ")
        .bind::<diesel::sql_types::Date, _>(day)
        .row(conn)?;
    Ok(n.n > 0)
}

/// Something to evaluate again.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Change {
    #[diesel(sql_type = diesel::sql_types::Nullable<PgUuid>)]
    pub household_id: Option<Uuid>,
    #[diesel(sql_type = diesel::sql_types::Nullable<PgUuid>)]
    pub program_id: Option<Uuid>,
}

/// Takes changes off the list; they come back if the transaction fails.
pub(super) fn take(conn: &mut PgConnection, most: i64) -> Result<Vec<Change>, Problem> {
    Ok(Sql::new(
        "DELETE FROM matching_changes WHERE seq IN (SELECT seq FROM matching_changes ORDER BY seq FOR UPDATE SKIP LOCKED LIMIT ",
    )
    .bind::<BigInt, _>(most)
    .push(") RETURNING household_id, program_id")
    .rows(conn)?)
}

/// A connection that hears of changes.
pub(super) fn listen(url: &str) -> Result<PgConnection, Problem> {
    let mut conn = PgConnection::establish(url).map_err(|_| Problem::unavailable("no connection for matching"))?;
    diesel::sql_query("LISTEN matching_changed").execute(&mut conn)?;
    Ok(conn)
}

/// Whether something was told since the last time.
pub(super) fn notified(conn: &mut PgConnection) -> Result<bool, Problem> {
    let mut told = false;
    for notification in conn.notifications_iter() {
        notification.map_err(|_| Problem::unavailable("the connection of matching is lost"))?;
        told = true;
    }
    Ok(told)
}
