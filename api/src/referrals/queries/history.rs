//! SQL of the history of referrals.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::ReferralRow;
use crate::access::{Reader, Writer};
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::referrals::model::{ReferralAnswerChannel, ReferralStatus};

/// One step of the history.
#[derive(Debug, QueryableByName)]
pub(in crate::referrals) struct EventRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub event: String,
    #[diesel(sql_type = Text)]
    pub from_status: ReferralStatus,
    #[diesel(sql_type = Text)]
    pub to_status: ReferralStatus,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub actor_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    /// How the answer of a receiver without an account came, who gave it, when, and what shows it.
    #[diesel(sql_type = Nullable<Text>)]
    pub channel: Option<ReferralAnswerChannel>,
    #[diesel(sql_type = Nullable<Text>)]
    pub answered_by: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub answered_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub evidence_id: Option<Uuid>,
}

/// The history of a referral the caller was shown, oldest first. What happened before it was sent is the sender's.
pub(in crate::referrals) fn events(
    r: &mut Reader<'_>,
    row: &ReferralRow,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<EventRow>, Problem> {
    let mut sql = Sql::new(
        "SELECT e.id, e.event, e.from_status, e.to_status, e.reason_code, e.note, e.actor_id,
             coalesce(a.display_name, c.name) AS actor_name, e.at,
             n.channel, n.answered_by, n.answered_on, n.evidence_id
         FROM referral_events e LEFT JOIN referral_answers n ON n.event_id = e.id LEFT JOIN accounts a ON a.id = e.actor_id LEFT JOIN clients c ON c.id = e.actor_id
         WHERE e.referral_id = ",
    )
    .bind::<PgUuid, _>(row.id);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND e.id > ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY e.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many steps the history has.
pub(in crate::referrals) fn count_events(r: &mut Reader<'_>, id: Uuid) -> Result<i64, Problem> {
    use crate::db::schema::referral_events::dsl as e;
    Ok(e::referral_events.filter(e::referral_id.eq(id)).count().get_result(r.conn())?)
}

/// Adds a step to the history; its id.
pub(in crate::referrals) fn record(
    w: &mut Writer<'_>,
    id: Uuid,
    event: &str,
    from: ReferralStatus,
    to: ReferralStatus,
    reason_code: Option<String>,
    note: Option<String>,
) -> Result<Uuid, Problem> {
    use crate::db::schema::referral_events::dsl as e;
    let (step, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(e::referral_events)
        .values((
            e::id.eq(step),
            e::referral_id.eq(id),
            e::event.eq(event),
            e::from_status.eq(from),
            e::to_status.eq(to),
            e::reason_code.eq(reason_code),
            e::note.eq(note),
            e::actor_id.eq((!actor.is_nil()).then_some(actor)),
            e::at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(step)
}
