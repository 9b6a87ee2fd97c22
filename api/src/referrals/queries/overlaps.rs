//! SQL of overlaps: what stands against a referral, and what was given all the same.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::{ReferralRow, visible_referrals};
use crate::access::{Reader, Scope, Writer};
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::programs::Offer;
use crate::referrals::overlaps::OverrideFinding;

/// Most that are listed of one kind; more would not help anybody decide.
const MOST: i64 = 20;

/// Aid of one kind.
#[derive(Debug, QueryableByName)]
pub(in crate::referrals) struct OverlapRow {
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub referral_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub program_name: Option<Value>,
    #[diesel(sql_type = Date)]
    pub starts_on: NaiveDate,
    #[diesel(sql_type = Date)]
    pub ends_on: NaiveDate,
    #[diesel(sql_type = Nullable<Text>)]
    pub reported_by: Option<String>,
}

/// Claims that would refuse the referral: what they belong to is named where the caller may see it.
pub(in crate::referrals) fn held(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    class: &str,
    unit_kind: &str,
    unit: Uuid,
    offer: &Offer,
) -> Result<Vec<OverlapRow>, Problem> {
    let sql = Sql::new(
        "SELECT v.id AS referral_id, v.program_name, lower(c.period) AS starts_on, upper(c.period) - 1 AS ends_on, NULL::text AS reported_by
         FROM claims c JOIN awards a ON a.id = c.award_id LEFT JOIN LATERAL (SELECT f.id, g.name AS program_name",
    );
    let sql = visible_referrals(sql, w.scope())
        .push(" AND f.id = a.referral_id) v ON true WHERE c.active AND c.override_reason IS NULL AND a.referral_id <> ")
        .bind::<PgUuid, _>(row.id)
        .push(" AND c.overlap_class = ")
        .bind::<Text, _>(class.to_owned())
        .push(" AND c.unit_kind = ")
        .bind::<Text, _>(unit_kind.to_owned())
        .push(" AND c.unit_id = ")
        .bind::<PgUuid, _>(unit)
        .push(" AND c.sensitivity = ")
        .bind::<Text, _>(offer.sensitivity)
        .push(" AND c.period && daterange(")
        .bind::<Date, _>(offer.starts_on)
        .push(", ")
        .bind::<Date, _>(offer.ends_on)
        .push(", '[]') ORDER BY lower(c.period), c.id LIMIT ")
        .bind::<BigInt, _>(MOST);
    Ok(sql.rows(w.conn())?)
}

/// Aid of the same kind that others report for the household in the same time.
pub(in crate::referrals) fn reported(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    class: &str,
    offer: &Offer,
) -> Result<Vec<OverlapRow>, Problem> {
    let sql = Sql::new(
        "SELECT NULL::uuid AS referral_id, g.name AS program_name, b.from_date AS starts_on, b.to_date AS ends_on, b.source AS reported_by
         FROM reported_benefits b JOIN programs g ON g.id = b.program_id WHERE g.sensitivity = 'open' AND b.household_id = ",
    )
    .bind::<PgUuid, _>(row.household_id)
    .push(" AND g.overlap_class = ")
    .bind::<Text, _>(class.to_owned())
    .push(" AND b.from_date <= ")
    .bind::<Date, _>(offer.ends_on)
    .push(" AND b.to_date >= ")
    .bind::<Date, _>(offer.starts_on)
    .push(" ORDER BY b.from_date, b.id LIMIT ")
    .bind::<BigInt, _>(MOST);
    Ok(sql.rows(w.conn())?)
}

/// A claim that was taken although another stood.
#[derive(Debug, QueryableByName)]
pub(in crate::referrals) struct OverrideRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    pub program_name: Value,
    #[diesel(sql_type = Text)]
    pub overlap_class: String,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub overridden_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub overridden_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub finding: Option<OverrideFinding>,
    #[diesel(sql_type = Nullable<Text>)]
    pub review_note: Option<String>,
}

/// Overrides by referrals the caller may see: adds `FROM … WHERE …`.
fn visible_overrides(sql: Sql, scope: &Scope, reviewed: Option<bool>) -> Sql {
    let sql = sql.push(
        " FROM claims c JOIN awards a ON a.id = c.award_id CROSS JOIN LATERAL (SELECT f.id, g.name AS program_name, h.region_code",
    );
    let sql = visible_referrals(sql, scope).push(" AND f.id = a.referral_id) v WHERE c.override_reason IS NOT NULL");
    match reviewed {
        Some(true) => sql.push(" AND c.review_finding IS NOT NULL"),
        Some(false) => sql.push(" AND c.review_finding IS NULL"),
        None => sql,
    }
}

/// A page, newest first; or the one asked for.
pub(in crate::referrals) fn overrides(
    r: &mut Reader<'_>,
    reviewed: Option<bool>,
    id: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<OverrideRow>, Problem> {
    let columns =
        "SELECT c.id, v.id AS referral_id, v.program_name, c.overlap_class, v.region_code, c.override_reason AS reason,
        c.overridden_by, c.overridden_at, c.review_finding AS finding, c.review_note";
    let mut sql = visible_overrides(Sql::new(columns), r.scope(), reviewed);
    if let Some(id) = id {
        sql = sql.push(" AND c.id = ").bind::<PgUuid, _>(id);
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND c.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY c.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(in crate::referrals) fn count_overrides(r: &mut Reader<'_>, reviewed: Option<bool>) -> Result<i64, Problem> {
    let sql = visible_overrides(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope(), reviewed);
    let sql = sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Writes the finding of an override that has none; false where it has.
pub(in crate::referrals) fn review(
    w: &mut Writer<'_>,
    id: Uuid,
    finding: OverrideFinding,
    note: Option<&str>,
) -> Result<bool, Problem> {
    use crate::db::schema::claims::dsl as c;
    let (now, actor) = (w.now(), w.principal().id);
    let written = diesel::update(c::claims.find(id).filter(c::review_finding.is_null()))
        .set((
            c::reviewed_by.eq(actor),
            c::reviewed_at.eq(now),
            c::review_finding.eq(finding.slug()),
            c::review_note.eq(note),
        ))
        .execute(w.conn())?;
    Ok(written == 1)
}
