//! SQL of receivers without an account, and of how a person is reached.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Double, Jsonb, Nullable, Text, Uuid as PgUuid};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::db::raw::RawObject;
use crate::db::schema::{referral_answers, referral_links};
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::referrals::model::{LinkMedium, ReferralAnswerChannel};
use crate::referrals::queries::ReferralRow;

/// An answer that did not come by account.
#[derive(Debug, Clone, Serialize)]
pub(in crate::referrals) struct Outside {
    pub channel: ReferralAnswerChannel,
    pub answered_by: String,
    pub answered_on: NaiveDate,
    pub evidence_id: Option<Uuid>,
}

/// Keeps whose answer a step of the history is.
pub(in crate::referrals) fn keep(
    w: &mut Writer<'_>,
    referral: Uuid,
    event: Uuid,
    answer: Outside,
) -> Result<(), Problem> {
    use referral_answers as a;
    let actor = w.principal().id;
    diesel::insert_into(a::table)
        .values((
            a::event_id.eq(event),
            a::referral_id.eq(referral),
            a::channel.eq(answer.channel),
            a::answered_by.eq(answer.answered_by),
            a::answered_on.eq(answer.answered_on),
            a::evidence_id.eq(answer.evidence_id),
            a::recorded_by.eq((!actor.is_nil()).then_some(actor)),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Whether a recorded answer rests on a file.
pub fn shows_an_answer(w: &mut Writer<'_>, evidence: Uuid) -> Result<bool, Problem> {
    use referral_answers as a;
    let answers = a::table.filter(a::evidence_id.eq(evidence));
    Ok(diesel::select(diesel::dsl::exists(answers)).get_result(w.conn())?)
}

/// Makes a link of a locked referral; the one before it is of no use any more.
pub(super) fn replace(
    w: &mut Writer<'_>,
    referral: Uuid,
    medium: LinkMedium,
    secret_hash: Vec<u8>,
) -> Result<(), Problem> {
    use referral_links as k;
    let (now, actor) = (w.now(), w.principal().id);
    diesel::update(k::table.filter(k::referral_id.eq(referral)).filter(k::ended_at.is_null()))
        .set((k::ended_at.eq(now), k::end_reason.eq("replaced")))
        .execute(w.conn())?;
    diesel::insert_into(k::table)
        .values((
            k::id.eq(Uuid::now_v7()),
            k::referral_id.eq(referral),
            k::medium.eq(medium),
            k::secret_hash.eq(secret_hash),
            k::made_by.eq(actor),
            k::made_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// A link that was given out, with the referral it opens.
#[derive(Debug, QueryableByName)]
pub(super) struct LinkRow {
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    pub end_reason: Option<String>,
}

/// The link of this secret, ended or not.
pub(super) fn link(w: &mut Writer<'_>, secret_hash: Vec<u8>) -> Result<Option<LinkRow>, Problem> {
    let sql = Sql::new(
        "SELECT k.referral_id, f.to_organization_id AS organization_id, k.end_reason
         FROM referral_links k JOIN referrals f ON f.id = k.referral_id WHERE k.secret_hash = ",
    );
    Ok(sql.bind::<diesel::sql_types::Bytea, _>(secret_hash).row(w.conn()).optional()?)
}

/// What a receiver may be told of a referral before it answers.
#[derive(Debug, QueryableByName)]
pub(super) struct OfferRow {
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub need: Option<Value>,
    #[diesel(sql_type = Text)]
    pub village: String,
    #[diesel(sql_type = Text)]
    pub district: String,
}

/// Names of need and place of a referral that was shown to be visible.
pub(super) fn offer_of_visible(r: &mut Reader<'_>, row: &ReferralRow) -> Result<OfferRow, Problem> {
    let sql = Sql::new(
        "SELECT (SELECT e.name FROM code_entries e WHERE e.list_slug = 'needs' AND e.code = ",
    )
    .bind::<Text, _>(row.need_code.clone())
    .push(") AS need, v.name AS village, k.name AS district FROM regions v JOIN regions k ON k.code = v.parent_code WHERE v.code = ")
    .bind::<Text, _>(row.region_code.clone());
    Ok(sql.row(r.conn())?)
}

/// The reasons of a list that are in force: code and name.
pub(super) fn decline_reasons(r: &mut Reader<'_>) -> Result<Vec<(String, Value)>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    Ok(e::code_entries
        .filter(e::list_slug.eq("referral_decline_reasons").and(e::retired_in_version.is_null()))
        .order((e::sort, e::code))
        .select((e::code, e::name))
        .load(r.conn())?)
}

/// Somebody the help is for.
#[derive(Debug, QueryableByName)]
pub(super) struct PersonRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub sex: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub birth_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    #[diesel(sql_type = Jsonb)]
    pub accommodations: RawObject,
}

/// The person of a visible referral, or the living people of its household, the head first. Of a person's own problem
/// nobody else of the household is told: he may be whom it is hidden from.
pub(super) fn people_of_visible(r: &mut Reader<'_>, row: &ReferralRow) -> Result<Vec<PersonRow>, Problem> {
    let sql = Sql::new(
        "SELECT i.id, i.name, i.sex, i.birth_date, i.phone, i.accommodations FROM individuals i
         JOIN households h ON h.id = i.household_id WHERE i.merged_into IS NULL AND i.life_status = 'alive' AND i.household_id = ",
    )
    .bind::<PgUuid, _>(row.household_id);
    let sql = match row.individual_id {
        Some(person) => sql.push(" AND i.id = ").bind::<PgUuid, _>(person),
        None => sql,
    };
    Ok(sql.push(" ORDER BY i.id <> coalesce(h.head_id, i.id), i.birth_date, i.id LIMIT 50").rows(r.conn())?)
}

/// Where a household lives.
#[derive(Debug, QueryableByName)]
pub(super) struct AddressRow {
    #[diesel(sql_type = Nullable<Text>)]
    pub street: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rw: Option<String>,
    #[diesel(sql_type = Text)]
    pub village: String,
    #[diesel(sql_type = Text)]
    pub district: String,
    #[diesel(sql_type = Nullable<Double>)]
    pub lat: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    pub lng: Option<f64>,
}

/// Where the household of a visible referral lives.
pub(super) fn address_of_visible(r: &mut Reader<'_>, row: &ReferralRow) -> Result<AddressRow, Problem> {
    let sql = Sql::new(
        "SELECT d.street, d.rt, d.rw, v.name AS village, k.name AS district, d.lat, d.lng
         FROM households h LEFT JOIN household_details d ON d.household_id = h.id
         JOIN regions v ON v.code = h.region_code JOIN regions k ON k.code = v.parent_code WHERE h.id = ",
    );
    Ok(sql.bind::<PgUuid, _>(row.household_id).row(r.conn())?)
}

/// Who signs a letter, for its foot.
pub(super) fn account_name(w: &mut Writer<'_>, id: Uuid) -> Result<String, Problem> {
    use crate::db::schema::accounts::dsl as a;
    Ok(a::accounts.find(id).select(a::display_name).first(w.conn()).optional()?.unwrap_or_default())
}
