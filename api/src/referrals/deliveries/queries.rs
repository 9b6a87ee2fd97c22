//! SQL of deliveries.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{DeliveryAttention, DeliveryConfirmation, DeliveryQuery, DeliveryStatus, NewDelivery};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::deliveries::dsl as d;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::referrals::queries::{self as referrals, ReferralRow};

/// A delivery as stored.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct DeliveryRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = Date)]
    pub planned_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub amount_idr: i64,
    #[diesel(sql_type = Nullable<Integer>)]
    pub quantity: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    pub unit: Option<String>,
    #[diesel(sql_type = Text)]
    pub channel: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub payee_individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub payee_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: DeliveryStatus,
    #[diesel(sql_type = Nullable<Text>)]
    pub attention: Option<DeliveryAttention>,
    #[diesel(sql_type = Nullable<Text>)]
    pub decree: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub proof_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub proof_reference: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub proof_evidence_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Date>)]
    pub received_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub account_reference: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub confirmation: Option<DeliveryConfirmation>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub planned_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub approved_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub received_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub confirmed_by: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub problem_reported_by: Option<Uuid>,
}

const COLUMNS: &str = "SELECT d.id, d.referral_id, d.planned_on, d.amount_idr, d.quantity, d.unit, d.channel, d.payee_individual_id,
    d.payee_name, d.status, d.attention, d.decree, d.proof_kind, d.proof_reference, d.proof_evidence_id, d.received_on,
    d.account_reference, d.reason_code, d.note, d.confirmation, d.planned_by, d.approved_by, d.received_by, d.confirmed_by,
    d.version, d.created_at, d.updated_at, v.problem_reported_by";

/// Lines of referrals the caller may see: adds `FROM … WHERE true`. The only way to the table.
fn visible_deliveries(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM deliveries d CROSS JOIN LATERAL (SELECT f.program_id, f.to_organization_id, p.reported_by AS problem_reported_by",
    );
    referrals::visible_referrals(sql, scope).push(" AND f.id = d.referral_id) v WHERE true")
}

fn select(scope: &Scope) -> Sql {
    visible_deliveries(Sql::new(COLUMNS), scope)
}

/// The delivery, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<DeliveryRow, Problem> {
    Ok(select(r.scope()).push(" AND d.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// Delivery and referral, locked until the transaction ends: the referral first, as everything that moves it does.
pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<(ReferralRow, DeliveryRow), Problem> {
    let referral = find(w, id)?.referral_id;
    let referral = referrals::find_for_update(w, referral)?;
    let sql = select(w.scope()).push(" AND d.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF d");
    Ok((referral, sql.row(w.conn())?))
}

fn push_filter(mut sql: Sql, filter: &DeliveryQuery, referral: Option<Uuid>) -> Sql {
    let ids = [
        ("d.referral_id", referral),
        ("v.program_id", filter.program_id),
        ("v.to_organization_id", filter.to_organization_id),
    ];
    for (column, id) in ids {
        if let Some(id) = id {
            sql = sql.push(&format!(" AND {column} = ")).bind::<PgUuid, _>(id);
        }
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND d.status = ").bind::<Text, _>(status);
    }
    if let Some(day) = filter.planned_until {
        sql = sql.push(" AND d.planned_on <= ").bind::<Date, _>(day);
    }
    match filter.attention {
        Some(true) => sql.push(" AND d.attention IS NOT NULL"),
        Some(false) => sql.push(" AND d.attention IS NULL"),
        None => sql,
    }
}

/// A page by day.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &DeliveryQuery,
    referral: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<DeliveryRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), filter, referral);
    let position = start.and_then(|c| Some((c.key.as_ref()?.parse::<NaiveDate>().ok()?, c.id.parse::<Uuid>().ok()?)));
    if let Some((day, id)) = position {
        sql = sql.push(" AND (d.planned_on, d.id) > (").bind::<Date, _>(day).push(", ").bind::<PgUuid, _>(id).push(")");
    }
    Ok(sql.push(" ORDER BY d.planned_on, d.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &DeliveryQuery, referral: Option<Uuid>) -> Result<i64, Problem> {
    let sql = visible_deliveries(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter, referral).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// What the lines of a referral come to.
#[derive(Debug, Clone, Copy, Default, QueryableByName)]
pub(in crate::referrals) struct Delivered {
    /// Lines that may still be given.
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    /// Of those, what has left the store.
    #[diesel(sql_type = BigInt)]
    pub under_way: i64,
    /// Lines that were received.
    #[diesel(sql_type = BigInt)]
    pub received: i64,
    /// Rupiah received: disbursed already.
    #[diesel(sql_type = BigInt)]
    pub received_idr: i64,
    /// Rupiah of every line that counts against what the referral holds.
    #[diesel(sql_type = BigInt)]
    pub planned_idr: i64,
}

/// Of a referral the caller has locked.
pub(in crate::referrals) fn delivered(w: &mut Writer<'_>, referral: Uuid) -> Result<Delivered, Problem> {
    let sql = Sql::new(
        "SELECT count(*) FILTER (WHERE status IN ('planned', 'approved', 'distributed')) AS open,
             count(*) FILTER (WHERE status = 'distributed') AS under_way,
             count(*) FILTER (WHERE status IN ('received', 'accounted')) AS received,
             coalesce(sum(amount_idr) FILTER (WHERE status IN ('received', 'accounted')), 0)::bigint AS received_idr,
             coalesce(sum(amount_idr) FILTER (WHERE status IN ('planned', 'approved', 'distributed', 'received', 'accounted')), 0)::bigint AS planned_idr
         FROM deliveries WHERE referral_id = ",
    );
    Ok(sql.bind::<PgUuid, _>(referral).row(w.conn())?)
}

/// Cancels the lines of a locked referral that have not left the store.
pub(in crate::referrals) fn cancel_open(w: &mut Writer<'_>, referral: Uuid, reason: &str) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(d::deliveries.filter(d::referral_id.eq(referral)).filter(d::status.eq_any(["planned", "approved"])))
        .set((
            d::status.eq(DeliveryStatus::Cancelled),
            d::reason_code.eq(reason),
            d::version.eq(d::version + 1),
            d::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Who takes it.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Payee {
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
}

/// The living person of the household, where it is one.
pub(super) fn payee(w: &mut Writer<'_>, household: Uuid, person: Option<Uuid>) -> Result<Option<Payee>, Problem> {
    // The head where nobody is named.
    let sql = Sql::new(
        "SELECT i.id, i.name FROM households h JOIN individuals i ON i.household_id = h.id AND i.life_status = 'alive'
         WHERE i.id = coalesce(",
    )
    .bind::<Nullable<PgUuid>, _>(person)
    .push(", h.head_id) AND h.id = ")
    .bind::<PgUuid, _>(household);
    Ok(sql.row(w.conn()).optional()?)
}

/// Stores one line.
pub(super) fn insert(
    w: &mut Writer<'_>,
    referral: Uuid,
    new: &NewDelivery,
    planned_on: NaiveDate,
    unit: Option<&str>,
    payee: &Payee,
) -> Result<Uuid, Problem> {
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(d::deliveries)
        .values((
            d::id.eq(id),
            d::referral_id.eq(referral),
            d::planned_on.eq(planned_on),
            d::amount_idr.eq(new.amount_idr),
            d::quantity.eq(new.quantity),
            d::unit.eq(unit),
            d::channel.eq(&new.channel),
            d::payee_individual_id.eq(payee.id),
            d::payee_name.eq(&payee.name),
            d::note.eq(&new.note),
            d::planned_by.eq((!actor.is_nil()).then_some(actor)),
            d::created_at.eq(now),
            d::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Writes what may be changed of a locked, planned line.
pub(super) fn update(w: &mut Writer<'_>, row: &DeliveryRow) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(d::deliveries.find(row.id))
        .set((
            d::planned_on.eq(row.planned_on),
            d::amount_idr.eq(row.amount_idr),
            d::channel.eq(&row.channel),
            d::payee_individual_id.eq(row.payee_individual_id),
            d::payee_name.eq(&row.payee_name),
            d::attention.eq(row.attention),
            d::note.eq(&row.note),
            d::version.eq(d::version + 1),
            d::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// What a step writes besides the status; `None` leaves a column.
#[derive(Debug, Default)]
pub(super) struct Mark {
    pub decree: Option<String>,
    pub proof_kind: Option<String>,
    pub proof_reference: Option<String>,
    pub proof_evidence: Option<Uuid>,
    pub received_on: Option<NaiveDate>,
    pub account_reference: Option<String>,
    pub reason_code: Option<String>,
    pub note: Option<String>,
    pub said: Option<(DeliveryConfirmation, Option<String>)>,
}

/// Moves a locked line to a status, with who did it and when.
pub(super) fn set_status(w: &mut Writer<'_>, row: &DeliveryRow, to: DeliveryStatus, mark: Mark) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.principal().id);
    let attention = mark.said.as_ref().map(|(said, _)| {
        d::attention.eq((*said == DeliveryConfirmation::NotReceived).then_some(DeliveryAttention::NotReceived))
    });
    diesel::update(d::deliveries.find(row.id))
        .set((
            d::status.eq(to),
            d::version.eq(d::version + 1),
            d::updated_at.eq(now),
            mark.decree.map(|v| (d::decree.eq(v), d::approved_by.eq(actor), d::approved_at.eq(now))),
            mark.proof_kind.map(|v| {
                (
                    d::proof_kind.eq(v),
                    d::proof_reference.eq(mark.proof_reference),
                    d::proof_evidence_id.eq(mark.proof_evidence),
                    d::received_on.eq(mark.received_on),
                    d::received_by.eq(actor),
                    d::received_at.eq(now),
                )
            }),
            mark.account_reference.map(|v| d::account_reference.eq(v)),
            mark.reason_code.map(|v| d::reason_code.eq(v)),
            mark.note.map(|v| d::note.eq(v)),
            mark.said.map(|(said, words)| {
                (d::confirmation.eq(said), d::confirmation_note.eq(words), d::confirmed_by.eq(actor))
            }),
            attention,
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Whether the file belongs to the referral's problem.
pub(in crate::referrals) fn is_evidence_of(w: &mut Writer<'_>, evidence: Uuid, problem: Uuid) -> Result<bool, Problem> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let sql =
        Sql::new("SELECT EXISTS (SELECT FROM evidence WHERE subject_kind = 'problem' AND removed_at IS NULL AND id = ")
            .bind::<PgUuid, _>(evidence)
            .push(" AND subject_id = ")
            .bind::<PgUuid, _>(problem)
            .push(") AS found");
    Ok(sql.row::<Found>(w.conn())?.found)
}
