//! SQL of sign-in: attempts, sessions, refresh tokens, second factor.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::config::SESSION_DAYS;
use crate::db::schema::{accounts, clients, login_failures, refresh_tokens, sessions};
use crate::kernel::problem::{self, Problem};

const WINDOW_MINUTES: i64 = 15;
const PER_ACCOUNT: i64 = 10;
const PER_ADDRESS: i64 = 100;

/// What sign-in needs of an account.
pub(super) struct Credentials {
    pub(super) id: Uuid,
    pub(super) password_hash: String,
    pub(super) active: bool,
    pub(super) totp_enabled: bool,
}

/// Books an attempt as failed before anything is compared, so that parallel guesses are counted too; success takes it
/// back. Refuses with 429 once the account or the address has had its share.
pub(super) fn book_attempt(w: &mut Writer<'_>, username: &str, address: &str) -> Result<Vec<i64>, Problem> {
    let since = w.now() - Duration::minutes(WINDOW_MINUTES);
    let account = w.sealer().keyed_hash("throttle", username.to_lowercase().as_bytes());
    let address = w.sealer().keyed_hash("throttle", address.as_bytes());
    let mut booked = Vec::new();
    for (kind, key, most) in [("account", account, PER_ACCOUNT), ("address", address, PER_ADDRESS)] {
        let lock = i64::from_be_bytes(key.first_chunk::<8>().copied().unwrap_or_default());
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>(lock)
            .execute(w.conn())?;
        let recent: Vec<DateTime<Utc>> = login_failures::table
            .filter(
                login_failures::kind.eq(kind).and(login_failures::key_hash.eq(&key)).and(login_failures::at.gt(since)),
            )
            .order(login_failures::at)
            .select(login_failures::at)
            .load(w.conn())?;
        if i64::try_from(recent.len()).unwrap_or(i64::MAX) >= most {
            let free = recent.first().map_or(w.now(), |oldest| *oldest + Duration::minutes(WINDOW_MINUTES));
            let wait = (free - w.now()).num_seconds().clamp(1, WINDOW_MINUTES * 60);
            return Err(Problem { retry_after: u32::try_from(wait).ok(), ..Problem::new(&problem::TOO_MANY_REQUESTS) });
        }
        let id: i64 = diesel::insert_into(login_failures::table)
            .values((login_failures::kind.eq(kind), login_failures::key_hash.eq(&key), login_failures::at.eq(w.now())))
            .returning(login_failures::id)
            .get_result(w.conn())?;
        booked.push(id);
    }
    diesel::delete(login_failures::table.filter(login_failures::at.lt(since - Duration::hours(1))))
        .execute(w.conn())?;
    Ok(booked)
}

/// Takes a booked attempt back: it was not a failure.
pub(super) fn unbook(w: &mut Writer<'_>, booked: &[i64]) -> Result<(), Problem> {
    diesel::delete(login_failures::table.filter(login_failures::id.eq_any(booked))).execute(w.conn())?;
    Ok(())
}

pub(super) fn credentials(r: &mut Reader<'_>, username: &str) -> Result<Option<Credentials>, Problem> {
    let row: Option<(Uuid, String, String, bool)> = accounts::table
        .filter(
            crate::db::sql::sql::<diesel::sql_types::Bool>("lower(username) = ")
                .bind::<diesel::sql_types::Text, _>(username.to_lowercase()),
        )
        .select((accounts::id, accounts::password_hash, accounts::status, accounts::totp_enabled))
        .first(r.conn())
        .optional()?;
    Ok(row.map(|(id, password_hash, status, totp_enabled)| Credentials {
        id,
        password_hash,
        active: status == "active",
        totp_enabled,
    }))
}

pub(super) fn password_hash(r: &mut Reader<'_>, id: Uuid) -> Result<String, Problem> {
    Ok(accounts::table.find(id).select(accounts::password_hash).first(r.conn())?)
}

/// The sealed secret and the last accepted time step, with the row locked: a code is good once.
pub(super) fn lock_totp(w: &mut Writer<'_>, id: Uuid) -> Result<(Option<Vec<u8>>, Option<i64>, bool), Problem> {
    Ok(accounts::table
        .find(id)
        .select((accounts::totp_secret, accounts::totp_last_step, accounts::totp_enabled))
        .for_update()
        .first(w.conn())?)
}

pub(super) fn set_totp(
    w: &mut Writer<'_>,
    id: Uuid,
    secret: Option<Vec<u8>>,
    enabled: bool,
    last_step: Option<i64>,
) -> Result<(), Problem> {
    diesel::update(accounts::table.find(id))
        .set((
            accounts::totp_secret.eq(secret),
            accounts::totp_enabled.eq(enabled),
            accounts::totp_last_step.eq(last_step),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Starts a session and stores its first refresh token.
pub(super) fn start_session(w: &mut Writer<'_>, account: Uuid, token_hash: &[u8]) -> Result<Uuid, Problem> {
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::account_id.eq(account),
            sessions::created_at.eq(now),
            sessions::last_used_at.eq(now),
            sessions::expires_at.eq(now + Duration::days(SESSION_DAYS)),
        ))
        .execute(w.conn())?;
    store_token(w, id, token_hash)?;
    Ok(id)
}

pub(super) fn store_token(w: &mut Writer<'_>, session: Uuid, token_hash: &[u8]) -> Result<(), Problem> {
    diesel::insert_into(refresh_tokens::table)
        .values((refresh_tokens::token_hash.eq(token_hash), refresh_tokens::session_id.eq(session)))
        .execute(w.conn())?;
    Ok(())
}

/// A refresh token that came back.
pub(super) struct Presented {
    pub(super) session: Uuid,
    pub(super) account: Uuid,
    pub(super) used: bool,
    pub(super) alive: bool,
}

/// Looks a refresh token up and locks it, so that of two at once only one is the first.
pub(super) fn lock_token(w: &mut Writer<'_>, token_hash: &[u8]) -> Result<Option<Presented>, Problem> {
    let row: Option<(Uuid, Option<DateTime<Utc>>)> = refresh_tokens::table
        .find(token_hash)
        .select((refresh_tokens::session_id, refresh_tokens::used_at))
        .for_update()
        .first(w.conn())
        .optional()?;
    let Some((session, used_at)) = row else { return Ok(None) };
    let (account, expires, revoked, status): (Uuid, DateTime<Utc>, Option<DateTime<Utc>>, String) = sessions::table
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(sessions::id.eq(session))
        .select((sessions::account_id, sessions::expires_at, sessions::revoked_at, accounts::status))
        .first(w.conn())?;
    let alive = revoked.is_none() && expires > w.now() && status == "active";
    Ok(Some(Presented { session, account, used: used_at.is_some(), alive }))
}

pub(super) fn use_token(w: &mut Writer<'_>, token_hash: &[u8], session: Uuid) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(refresh_tokens::table.find(token_hash)).set(refresh_tokens::used_at.eq(now)).execute(w.conn())?;
    diesel::update(sessions::table.find(session)).set(sessions::last_used_at.eq(now)).execute(w.conn())?;
    Ok(())
}

pub(super) fn revoke_session(w: &mut Writer<'_>, session: Uuid, reason: &str) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(sessions::table.find(session).filter(sessions::revoked_at.is_null()))
        .set((sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason)))
        .execute(w.conn())?;
    Ok(())
}

/// Id, secret digest and scopes of an active client.
pub(super) fn client(r: &mut Reader<'_>, client_id: &str) -> Result<Option<(Uuid, String, Vec<String>)>, Problem> {
    Ok(clients::table
        .filter(clients::client_id.eq(client_id).and(clients::status.eq("active")))
        .select((clients::id, clients::secret_hash, clients::scopes))
        .first(r.conn())
        .optional()?)
}
