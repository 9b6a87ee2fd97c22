//! SQL of decisions.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{AnswerChannel, DecisionEffect, DecisionQuery, DecisionStatus, NoticeChannel};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::decisions::dsl as d;
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A decision as stored, with what is shown of what it is about.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct DecisionRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub effect: DecisionEffect,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub referral_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub request_id: Option<Uuid>,
    #[diesel(sql_type = Jsonb)]
    pub about: Value,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub to_organization_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Text)]
    pub reason_code: String,
    #[diesel(sql_type = Text)]
    pub reasons: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub legal_basis: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: DecisionStatus,
    #[diesel(sql_type = PgUuid)]
    pub proposed_by: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub proposed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub notice_channel: Option<NoticeChannel>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub notified_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub due_days: Option<i32>,
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub effective_on: Option<NaiveDate>,
    #[diesel(sql_type = Jsonb)]
    pub answers: Value,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub confirmed_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub confirmed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub in_effect_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub before_status: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub ended_reason: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub reversed_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub reversed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub restored_referral_id: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

impl DecisionRow {
    pub(super) fn restricted(&self) -> bool {
        self.sensitivity == Sensitivity::Restricted
    }
}

const COLUMNS: &str = "SELECT d.id, d.effect, d.referral_id, d.request_id,
    coalesce(g.name, e.name, jsonb_build_object('id', s.service_code, 'en', s.service_code)) AS about,
    d.household_id, d.individual_id, CASE WHEN d.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name, h.region_code,
    f.to_organization_id, d.sensitivity, d.reason_code, d.reasons, d.legal_basis, d.status, d.proposed_by, d.proposed_at,
    d.notice_channel, d.notified_at, d.due_days, d.due_on, d.effective_on,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'said', w.said, 'channel', w.channel, 'recorded_by', w.recorded_by, 'at', w.at) ORDER BY w.id), '[]')
     FROM decision_answers w WHERE w.decision_id = d.id) AS answers,
    d.confirmed_by, d.confirmed_at, d.in_effect_at, d.before_status, d.ended_reason, d.reversed_by, d.reversed_at,
    d.restored_referral_id, d.version, d.updated_at";

/// Assigned to the problem it is about, or to a case that works on it.
fn push_assigned(sql: Sql, scope: &Scope) -> Sql {
    let sql = scope.push_assigned(sql.push(" OR "), "d.problem_id");
    scope.push_assigned_case(sql.push(" OR "), "d.problem_id")
}

/// The decisions this caller may see: adds `FROM … WHERE (…)`. The only way to the table. A citizen sees one from its
/// notice on.
fn visible_decisions(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM decisions d JOIN households h ON h.id = d.household_id LEFT JOIN individuals i ON i.id = d.individual_id
         LEFT JOIN referrals f ON f.id = d.referral_id LEFT JOIN programs g ON g.id = f.program_id
         LEFT JOIN service_requests s ON s.id = d.request_id
         LEFT JOIN code_entries e ON e.list_slug = 'services' AND e.code = s.service_code WHERE (",
    );
    if scope.system {
        return sql.push("true)");
    }
    let mut sql = scope.push_area(sql, "h").push(" OR d.proposed_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = scope.push_assigned(push_assigned(sql, scope).push(" OR "), "d.household_id");
    }
    sql = Scope::push_or_opened(sql, "d.household_id", &scope.opened_households);
    sql = scope.push_organization(sql.push(" OR "), "f.to_organization_id");
    if let Some((person, household)) = scope.person {
        sql = sql.push(" OR (d.notified_at IS NOT NULL AND (d.individual_id = ").bind::<PgUuid, _>(person);
        sql = sql.push(" OR (d.individual_id IS NULL AND d.household_id = ").bind::<PgUuid, _>(household).push(")))");
    }
    sql = sql.push(") AND (d.sensitivity = 'open' OR d.proposed_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = push_assigned(sql, scope);
    }
    if scope.supervises() {
        sql = scope.push_area(sql.push(" OR "), "h");
    }
    sql = Scope::push_or_opened(sql, "d.problem_id", &scope.opened_problems);
    sql = scope.push_organization(sql.push(" OR "), "f.to_organization_id");
    if let Some((person, _)) = scope.person {
        sql = sql.push(" OR d.individual_id = ").bind::<PgUuid, _>(person);
    }
    sql.push(")")
}

fn select(scope: &Scope) -> Sql {
    visible_decisions(Sql::new(COLUMNS), scope)
}

/// The decision, if the caller may see it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<DecisionRow, Problem> {
    Ok(select(r.scope()).push(" AND d.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(super) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<DecisionRow, Problem> {
    Ok(select(w.scope()).push(" AND d.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF d").row(w.conn())?)
}

fn push_filter(mut sql: Sql, filter: &DecisionQuery) -> Sql {
    if let Some(status) = filter.status {
        sql = sql.push(" AND d.status = ").bind::<Text, _>(status);
    }
    if let Some(effect) = filter.effect {
        sql = sql.push(" AND d.effect = ").bind::<Text, _>(effect);
    }
    for (column, id) in [("d.household_id", filter.household_id), ("d.referral_id", filter.referral_id)] {
        if let Some(id) = id {
            sql = sql.push(&format!(" AND {column} = ")).bind::<PgUuid, _>(id);
        }
    }
    sql
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &DecisionQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<DecisionRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND d.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY d.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &DecisionQuery) -> Result<i64, Problem> {
    let sql = visible_decisions(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// A decision that waits for the second person.
#[derive(Debug, QueryableByName)]
pub struct Waiting {
    /// Id.
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    /// The household.
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    /// The person, or the head of the household.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    /// Name of the program or service.
    #[diesel(sql_type = Jsonb)]
    pub about: Value,
    /// Last day to answer; it has passed.
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    /// When it was proposed.
    #[diesel(sql_type = Timestamptz)]
    pub proposed_at: DateTime<Utc>,
}

/// Decisions of the caller's area that another proposed and whose time to answer is over, oldest first.
pub fn waiting(r: &mut Reader<'_>, limit: i64) -> Result<Vec<Waiting>, Problem> {
    let (today, actor) = (r.today(), r.scope().actor);
    let sql = select(r.scope()).push(" AND d.status = 'notified' AND d.due_on < ").bind::<Date, _>(today);
    let sql = sql.push(" AND d.proposed_by <> ").bind::<PgUuid, _>(actor).push(" ORDER BY d.due_on, d.id LIMIT ");
    Ok(sql.bind::<BigInt, _>(limit).rows(r.conn())?)
}

/// What a proposal is made of.
pub(super) struct Fresh {
    pub effect: DecisionEffect,
    pub household_id: Uuid,
    pub individual_id: Option<Uuid>,
    pub problem_id: Option<Uuid>,
    pub referral_id: Option<Uuid>,
    pub request_id: Option<Uuid>,
    pub sensitivity: Sensitivity,
    pub reason_code: String,
    pub reasons: String,
    pub legal_basis: Option<String>,
}

pub(super) fn insert(w: &mut Writer<'_>, new: Fresh) -> Result<Uuid, Problem> {
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.scope().actor);
    diesel::insert_into(d::decisions)
        .values((
            d::id.eq(id),
            d::effect.eq(new.effect),
            d::household_id.eq(new.household_id),
            d::individual_id.eq(new.individual_id),
            d::problem_id.eq(new.problem_id),
            d::referral_id.eq(new.referral_id),
            d::request_id.eq(new.request_id),
            d::sensitivity.eq(new.sensitivity),
            d::reason_code.eq(new.reason_code),
            d::reasons.eq(new.reasons),
            d::legal_basis.eq(new.legal_basis),
            d::proposed_by.eq(actor),
            d::proposed_at.eq(now),
            d::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// The notice, and the days it gives.
pub(super) struct Notice {
    pub channel: NoticeChannel,
    pub calendar_id: Uuid,
    pub from: NaiveDate,
    pub days: i32,
    pub due_on: NaiveDate,
    pub effective_on: NaiveDate,
}

/// What a step changes besides the status.
#[derive(Default)]
pub(super) struct Mark {
    pub notice: Option<Notice>,
    pub confirmed: bool,
    pub in_effect: bool,
    pub before_status: Option<String>,
    pub ended_reason: Option<String>,
    pub reversed: bool,
    pub restored_referral_id: Option<Uuid>,
}

/// Moves a locked decision to a status.
pub(super) fn set_status(w: &mut Writer<'_>, id: Uuid, to: DecisionStatus, mark: Mark) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.scope().actor);
    let notice = mark.notice.map(|n| {
        (
            d::notice_channel.eq(n.channel),
            d::notified_by.eq(actor),
            d::notified_at.eq(now),
            d::calendar_id.eq(n.calendar_id),
            d::due_from.eq(n.from),
            d::due_days.eq(n.days),
            d::due_on.eq(n.due_on),
            d::effective_on.eq(n.effective_on),
        )
    });
    diesel::update(d::decisions.find(id))
        .set((
            d::status.eq(to),
            d::version.eq(d::version + 1),
            d::updated_at.eq(now),
            notice,
            mark.confirmed.then_some((d::confirmed_by.eq(actor), d::confirmed_at.eq(now))),
            mark.in_effect.then_some(d::in_effect_at.eq(now)),
            mark.before_status.map(|s| d::before_status.eq(s)),
            mark.ended_reason.map(|r| d::ended_reason.eq(r)),
            mark.reversed.then_some((d::reversed_by.eq(actor), d::reversed_at.eq(now))),
            mark.restored_referral_id.map(|r| d::restored_referral_id.eq(r)),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Keeps what the person said.
pub(super) fn answer(w: &mut Writer<'_>, id: Uuid, said: &str, channel: AnswerChannel) -> Result<(), Problem> {
    use crate::db::schema::decision_answers::dsl as a;
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::insert_into(a::decision_answers)
        .values((
            a::id.eq(Uuid::now_v7()),
            a::decision_id.eq(id),
            a::said.eq(said),
            a::channel.eq(channel),
            a::recorded_by.eq(actor),
            a::at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// A connection of the service role, for the chore that carries decisions out.
pub(super) fn connect(url: &str) -> Result<PgConnection, Problem> {
    PgConnection::establish(url).map_err(|_| Problem::unavailable("no connection for decisions"))
}

/// Confirmed decisions whose day has come.
pub(super) fn due(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Uuid>, Problem> {
    Ok(d::decisions
        .filter(d::status.eq(DecisionStatus::Confirmed).and(d::effective_on.le(today)))
        .order(d::effective_on)
        .limit(200)
        .select(d::id)
        .load(conn)?)
}

/// Name of who gave the notice of a decision the caller was shown.
pub(super) fn notified_by(r: &mut Reader<'_>, id: Uuid) -> Result<Option<String>, Problem> {
    use crate::db::schema::accounts;
    let who: Option<Uuid> = d::decisions.find(id).select(d::notified_by).first(r.conn())?;
    let Some(who) = who else { return Ok(None) };
    Ok(accounts::table.find(who).select(accounts::display_name).first(r.conn()).optional()?)
}
