//! A creating request repeated with its key answers what it answered the first time.

use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::access::Writer;
use crate::http::answer::Answer;
use crate::http::extract::IdempotencyKey;
use crate::kernel::problem::{self, Problem};

/// Runs `work` once per key, in the transaction of the work itself: what was rolled back may be tried again.
/// `operation` and `request` are what must be the same for a replay.
pub fn once(
    w: &mut Writer<'_>,
    key: &IdempotencyKey,
    operation: &str,
    request: &impl serde::Serialize,
    work: impl FnOnce(&mut Writer<'_>) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    use crate::db::schema::idempotency_keys::dsl as k;
    let Some(key) = &key.0 else { return work(w) };
    let principal = w.principal().id;
    let hash = Sha256::digest(serde_json::to_vec(&(operation, request)).map_err(Problem::internal)?).to_vec();
    // Taken until the transaction ends: a second request with this key meanwhile is in flight, not new.
    let lock =
        i64::from_be_bytes(Sha256::digest(format!("{principal}{key}")).first_chunk::<8>().copied().unwrap_or_default());
    let free: bool = diesel::select(
        crate::db::sql::sql::<diesel::sql_types::Bool>("pg_try_advisory_xact_lock(")
            .bind::<diesel::sql_types::BigInt, _>(lock)
            .sql(")"),
    )
    .get_result(w.conn())?;
    if !free {
        return Err(Problem { retry_after: Some(1), ..Problem::new(&problem::IDEMPOTENCY_IN_FLIGHT) });
    }
    let stored: Option<(Vec<u8>, Option<i32>, Option<serde_json::Value>, Option<Vec<u8>>)> = k::idempotency_keys
        .find((principal, key))
        .select((k::request_hash, k::status, k::headers, k::body))
        .first(w.conn())
        .optional()?;
    if let Some((request_hash, status, headers, body)) = stored {
        if request_hash != hash {
            return Err(Problem::new(&problem::IDEMPOTENCY_KEY_REUSED));
        }
        let body = body.and_then(|b| w.sealer().open("idempotency", &b)).unwrap_or_default();
        let headers: Vec<(String, String)> = headers.and_then(|h| serde_json::from_value(h).ok()).unwrap_or_default();
        let answer = Answer { status: status.and_then(|s| u16::try_from(s).ok()).unwrap_or(200), headers, body };
        return Ok(answer.header("idempotent-replayed", "true"));
    }
    let answer = work(w)?;
    // Sealed: the body may hold personal data and lies here for a day.
    let body = w.sealer().seal("idempotency", &answer.body);
    diesel::insert_into(k::idempotency_keys)
        .values((
            k::principal_id.eq(principal),
            k::key.eq(key),
            k::operation.eq(operation),
            k::request_hash.eq(hash),
            k::status.eq(i32::from(answer.status)),
            k::headers.eq(serde_json::to_value(&answer.headers).ok()),
            k::body.eq(body),
        ))
        .execute(w.conn())?;
    Ok(answer)
}
