//! SQL of letters, their numbers and the checks of strangers.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::queries::{RequestRow, visible_requests};
use crate::access::{Reader, Writer};
use crate::db::schema::{letter_check_failures, letter_revocations, letters};
use crate::db::slugs::Sensitivity;
use crate::db::sql::Sql;
use crate::kernel::problem::{self, Problem};

/// A letter as stored, without its file.
#[derive(QueryableByName)]
pub(super) struct LetterRow {
    #[diesel(sql_type = PgUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub(super) request_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub(super) household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) region_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) signer: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) service_code: String,
    #[diesel(sql_type = Text)]
    pub(super) number_text: String,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = Text)]
    pub(super) body: String,
    #[diesel(sql_type = Text)]
    pub(super) office: String,
    #[diesel(sql_type = Text)]
    pub(super) signatory_name: String,
    #[diesel(sql_type = Text)]
    pub(super) signatory_title: String,
    #[diesel(sql_type = Date)]
    pub(super) issued_on: NaiveDate,
    #[diesel(sql_type = PgUuid)]
    pub(super) template_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub(super) template_edition: i32,
    #[diesel(sql_type = Text)]
    pub(super) sensitivity: Sensitivity,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) revoked_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) revoke_reason: Option<String>,
    #[diesel(sql_type = Binary)]
    pub(super) file_sha256: Vec<u8>,
}

const COLUMNS: &str = "SELECT l.id, l.request_id, s.household_id, h.region_code, e.attrs ->> 'signer' AS signer, l.service_code, l.number_text,
    l.title, l.body, l.office, l.signatory_name, l.signatory_title, l.issued_on, l.template_id,
    (SELECT t.version FROM letter_templates t WHERE t.id = l.template_id) AS template_edition, l.sensitivity,
    (SELECT v.revoked_at FROM letter_revocations v WHERE v.letter_id = l.id) AS revoked_at,
    (SELECT v.reason FROM letter_revocations v WHERE v.letter_id = l.id) AS revoke_reason, l.file_sha256";

/// Letter of this id, if the caller may see its request; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<LetterRow, Problem> {
    let sql = visible_requests(Sql::new(COLUMNS), r.scope()).push(" AND l.id = ").bind::<PgUuid, _>(id);
    Ok(sql.row(r.conn())?)
}

#[derive(QueryableByName)]
struct File {
    #[diesel(sql_type = Binary)]
    file: Vec<u8>,
}

/// The file of a letter, likewise.
pub(super) fn file(r: &mut Reader<'_>, id: Uuid) -> Result<Vec<u8>, Problem> {
    let sql = visible_requests(Sql::new("SELECT l.file"), r.scope()).push(" AND l.id = ").bind::<PgUuid, _>(id);
    Ok(sql.row::<File>(r.conn())?.file)
}

/// What a letter says of whom it is about.
#[derive(Debug, QueryableByName)]
pub(super) struct Facts {
    #[diesel(sql_type = PgUuid)]
    pub(super) person_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) nik: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) sex: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) birth_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) street: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) rt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) rw: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) family_card: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) head_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub(super) village: String,
    #[diesel(sql_type = Text)]
    pub(super) district: String,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub(super) decile: Option<i16>,
    #[diesel(sql_type = Integer)]
    pub(super) members_count: i32,
}

/// The person (or the head of the household) while alive and in force; none where a letter can no longer be given.
pub(super) fn facts(w: &mut Writer<'_>, row: &RequestRow) -> Result<Option<Facts>, Problem> {
    let sql = Sql::new(
        "SELECT i.id AS person_id, i.name, i.nik, i.sex, i.birth_date, d.street, d.rt, d.rw, h.family_card_number AS family_card, h.head_name,
                v.name AS village, k.name AS district, h.decile, h.members_count
         FROM households h JOIN individuals i ON i.id = coalesce(",
    )
    .bind::<Nullable<PgUuid>, _>(row.individual_id)
    .push(
        ", h.head_id) LEFT JOIN household_details d ON d.household_id = h.id
         JOIN regions v ON v.code = h.region_code JOIN regions k ON k.code = h.district_code
         WHERE h.status NOT IN ('merged', 'dissolved') AND i.merged_into IS NULL AND i.life_status = 'alive' AND h.id = ",
    )
    .bind::<PgUuid, _>(row.household_id);
    Ok(sql.row(w.conn()).optional()?)
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Integer)]
    last: i32,
}

/// The next number of a series. Whoever asks at the same time waits; what is rolled back is given to the next.
pub(super) fn next_number(w: &mut Writer<'_>, service: &str, sensitivity: Sensitivity) -> Result<i32, Problem> {
    let year = w.today().year();
    let sql = Sql::new("INSERT INTO letter_series (year, service_code, sensitivity, last) VALUES (")
        .bind::<Integer, _>(year)
        .push(", ")
        .bind::<Text, _>(service.to_owned())
        .push(", ")
        .bind::<Text, _>(sensitivity)
        .push(", 1) ON CONFLICT (year, service_code, sensitivity) DO UPDATE SET last = letter_series.last + 1 RETURNING last");
    Ok(sql.row::<Last>(w.conn())?.last)
}

/// What a letter is stored with.
pub(super) struct Fresh {
    pub(super) id: Uuid,
    pub(super) template_id: Uuid,
    pub(super) number: i32,
    pub(super) number_text: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) initials: String,
    pub(super) office: String,
    pub(super) signatory_name: String,
    pub(super) signatory_title: String,
    pub(super) code: String,
    pub(super) secret_hash: Vec<u8>,
    pub(super) file: Vec<u8>,
    pub(super) sha256: Vec<u8>,
}

pub(super) fn insert(w: &mut Writer<'_>, row: &RequestRow, new: Fresh) -> Result<(), Problem> {
    use letters as l;
    let (today, now, actor) = (w.today(), w.now(), w.scope().actor);
    diesel::insert_into(l::table)
        .values((
            l::id.eq(new.id),
            l::request_id.eq(row.id),
            l::template_id.eq(new.template_id),
            l::service_code.eq(&row.service_code),
            l::sensitivity.eq(row.sensitivity),
            l::year.eq(today.year()),
            l::number.eq(new.number),
            l::number_text.eq(new.number_text),
            l::title.eq(new.title),
            l::body.eq(new.body),
            l::subject_initials.eq(new.initials),
            l::office.eq(new.office),
            l::signatory_name.eq(new.signatory_name),
            l::signatory_title.eq(new.signatory_title),
            l::issued_by.eq(actor),
            l::issued_on.eq(today),
            l::issued_at.eq(now),
            l::code.eq(new.code),
            l::secret_hash.eq(new.secret_hash),
            l::file.eq(new.file),
            l::file_sha256.eq(new.sha256),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Name of the account that signs.
pub(super) fn account_name(w: &mut Writer<'_>, id: Uuid) -> Result<String, Problem> {
    use crate::db::schema::accounts;
    Ok(accounts::table.find(id).select(accounts::display_name).first(w.conn())?)
}

/// Revokes a letter, once; the row it answers is locked by its key.
pub(super) fn revoke(w: &mut Writer<'_>, id: Uuid, reason: &str) -> Result<(), Problem> {
    use letter_revocations as v;
    let (now, actor) = (w.now(), w.scope().actor);
    let added = diesel::insert_into(v::table)
        .values((v::letter_id.eq(id), v::reason.eq(reason), v::revoked_by.eq(actor), v::revoked_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(w.conn())?;
    if added == 0 { Err(Problem::new(&problem::WRONG_STATE)) } else { Ok(()) }
}

const WINDOW_MINUTES: i64 = 15;

/// Books a check as failed before anything is compared; success takes it back. Refuses with 429 beyond `most`.
pub fn book_failure(w: &mut Writer<'_>, key: &str, most: i64) -> Result<i64, Problem> {
    use letter_check_failures as f;
    let since = w.now() - Duration::minutes(WINDOW_MINUTES);
    let key = w.sealer().keyed_hash("letter-check", key.as_bytes());
    let lock = i64::from_be_bytes(key.first_chunk::<8>().copied().unwrap_or_default());
    Sql::new("SELECT pg_advisory_xact_lock(").bind::<BigInt, _>(lock).push(")").execute(w.conn())?;
    let recent: Vec<DateTime<Utc>> = f::table
        .filter(f::key_hash.eq(&key).and(f::at.gt(since)))
        .order(f::at)
        .limit(most)
        .select(f::at)
        .load(w.conn())?;
    if i64::try_from(recent.len()).unwrap_or(i64::MAX) >= most {
        let free = recent.first().map_or(w.now(), |oldest| *oldest + Duration::minutes(WINDOW_MINUTES));
        let wait = (free - w.now()).num_seconds().clamp(1, WINDOW_MINUTES * 60);
        return Err(Problem { retry_after: u32::try_from(wait).ok(), ..Problem::new(&problem::TOO_MANY_REQUESTS) });
    }
    diesel::delete(f::table.filter(f::at.lt(since - Duration::hours(1)))).execute(w.conn())?;
    let now = w.now();
    Ok(diesel::insert_into(f::table)
        .values((f::key_hash.eq(&key), f::at.eq(now)))
        .returning(f::id)
        .get_result(w.conn())?)
}

/// Takes booked failures back.
pub fn unbook(w: &mut Writer<'_>, booked: &[i64]) -> Result<(), Problem> {
    use letter_check_failures as f;
    diesel::delete(f::table.filter(f::id.eq_any(booked.to_vec()))).execute(w.conn())?;
    Ok(())
}

/// What strangers may know of a letter.
#[derive(QueryableByName)]
pub(super) struct PublicRow {
    #[diesel(sql_type = Nullable<diesel::sql_types::Jsonb>)]
    pub(super) kind: Option<serde_json::Value>,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = Text)]
    pub(super) number_text: String,
    #[diesel(sql_type = Date)]
    pub(super) issued_on: NaiveDate,
    #[diesel(sql_type = Text)]
    pub(super) office: String,
    #[diesel(sql_type = Text)]
    pub(super) subject_initials: String,
    #[diesel(sql_type = Bool)]
    pub(super) revoked: bool,
}

/// The letter whose code and secret are both right.
pub(super) fn genuine(w: &mut Writer<'_>, code: &str, secret_hash: Vec<u8>) -> Result<Option<PublicRow>, Problem> {
    let sql = Sql::new(
        "SELECT e.name AS kind, l.title, l.number_text, l.issued_on, l.office, l.subject_initials,
                EXISTS (SELECT FROM letter_revocations v WHERE v.letter_id = l.id) AS revoked
         FROM letters l LEFT JOIN code_entries e ON e.list_slug = 'services' AND e.code = l.service_code WHERE l.code = ",
    )
    .bind::<Text, _>(code.to_owned())
    .push(" AND l.secret_hash = ")
    .bind::<Binary, _>(secret_hash);
    Ok(sql.row(w.conn()).optional()?)
}
