//! Claims operations one at a time and keeps their lease alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Chore, Handler, Job, Registry};
use crate::access::Gate;
use crate::db::schema::operations::dsl as o;
use crate::kernel::problem::Problem;

const LEASE_SECONDS: i64 = 30;
const HEARTBEAT: Duration = Duration::from_secs(8);
const IDLE: Duration = Duration::from_millis(400);
/// After this many crashes the work itself is the cause.
const MAX_ATTEMPTS: i32 = 5;

type Claimed = (Uuid, String, Option<Uuid>, Value, Option<Uuid>, i32);

/// Starts the worker: a thread for each lane of operations and one for the chores, so that a long import holds back
/// neither a plan nor what is due by the clock. They end after the work at hand once `stop` is set.
pub fn start(
    gate: Gate,
    lanes: Vec<Registry>,
    chores: Vec<Chore>,
    stop: Arc<AtomicBool>,
) -> Result<std::thread::JoinHandle<()>, String> {
    let body = move || {
        std::thread::scope(|scope| {
            for lane in &lanes {
                scope.spawn(|| operate(&gate, lane, &stop));
            }
            if !chores.is_empty() {
                scope.spawn(|| look_after(&gate, &chores, &stop));
            }
        });
    };
    std::thread::Builder::new().name("worker".into()).spawn(body).map_err(|e| format!("cannot start the worker: {e}"))
}

/// Does the operations of a lane, one after the other.
fn operate(gate: &Gate, registry: &Registry, stop: &AtomicBool) {
    let me = Uuid::now_v7().to_string();
    let mut conn: Option<PgConnection> = None;
    while !stop.load(Ordering::Acquire) {
        if conn.is_none() {
            conn = connect(gate);
        }
        let claimed = match conn.as_mut().map(|c| claim(c, &me, registry)) {
            Some(Ok(claimed)) => claimed,
            _ => {
                conn = None;
                None
            }
        };
        match (claimed, conn.as_mut()) {
            (Some(claimed), Some(conn)) => work(gate, registry, conn, claimed, &me),
            _ => std::thread::sleep(IDLE),
        }
    }
}

/// Does the chores when they are due.
fn look_after(gate: &Gate, chores: &[Chore], stop: &AtomicBool) {
    let mut conn: Option<PgConnection> = None;
    // The first round comes soon: what became due while nobody ran must not wait for a whole turn.
    let mut due = vec![Instant::now() + IDLE; chores.len()];
    while !stop.load(Ordering::Acquire) {
        if conn.is_none() {
            conn = connect(gate);
        }
        match conn.as_mut().map(|conn| one_chore(gate, conn, chores, &mut due)) {
            Some(Ok(true)) => {}
            Some(Ok(false)) => std::thread::sleep(IDLE),
            _ => {
                conn = None;
                std::thread::sleep(IDLE);
            }
        }
    }
}

fn connect(gate: &Gate) -> Option<PgConnection> {
    PgConnection::establish(gate.config().database_url.expose()).ok()
}

/// Does one chore that is due; false where none is. An error means that the connection is lost.
fn one_chore(gate: &Gate, conn: &mut PgConnection, chores: &[Chore], due: &mut [Instant]) -> QueryResult<bool> {
    let now = Instant::now();
    let Some((chore, at)) = chores.iter().zip(due).find(|(_, at)| **at <= now) else { return Ok(false) };
    *at = now + chore.every;
    match once(gate, conn, chore) {
        Ok(done) if done > 0 => tracing::info!(chore = chore.name, done, "chore done"),
        Ok(_) => {}
        Err(p) => {
            tracing::error!(
                chore = chore.name,
                code = p.code.slug,
                cause = p.cause.as_deref().unwrap_or("-"),
                "chore failed"
            );
            // Whether it was the connection that failed.
            diesel::sql_query("SELECT").execute(conn)?;
        }
    }
    Ok(true)
}

/// Does a chore unless another worker is doing it.
fn once(gate: &Gate, conn: &mut PgConnection, chore: &Chore) -> Result<u64, Problem> {
    let lock = |function: &str| {
        crate::db::sql::sql::<diesel::sql_types::Bool>(function)
            .bind::<diesel::sql_types::Text, _>(format!("chore {}", chore.name))
            .sql(", 0))")
    };
    if !diesel::select(lock("pg_try_advisory_lock(hashtextextended(")).get_result::<bool>(conn)? {
        return Ok(0);
    }
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (chore.run)(gate)))
        .unwrap_or_else(|_| Err(Problem::internal("a chore panicked")));
    diesel::select(lock("pg_advisory_unlock(hashtextextended(")).get_result::<bool>(conn)?;
    done
}

/// Does every chore now, whether or not it is due; the sum of what they did.
pub fn do_chores(gate: &Gate, chores: &[Chore]) -> Result<u64, Problem> {
    let mut conn = PgConnection::establish(gate.config().database_url.expose())
        .map_err(|_| Problem::unavailable("no connection for a chore"))?;
    chores.iter().map(|chore| once(gate, &mut conn, chore)).sum()
}

fn claim(conn: &mut PgConnection, me: &str, registry: &Registry) -> QueryResult<Option<Claimed>> {
    let kinds: Vec<&str> = registry.iter().map(|(kind, _)| *kind).collect();
    conn.transaction(|conn| {
        let next: Option<Uuid> = o::operations
            .filter(o::kind.eq_any(&kinds))
            .filter(o::state.eq("queued").or(o::state.eq("running").and(o::lease_until.lt(diesel::dsl::now))))
            .order(o::created_at)
            .select(o::id)
            .for_update()
            .skip_locked()
            .first(conn)
            .optional()?;
        let Some(id) = next else { return Ok(None) };
        diesel::update(o::operations.find(id))
            .set((
                o::state.eq("running"),
                o::claimed_by.eq(me),
                o::attempts.eq(o::attempts + 1),
                o::lease_until.eq(Utc::now() + chrono::Duration::seconds(LEASE_SECONDS)),
                o::started_at.eq(crate::db::sql::sql::<diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>>(
                    "coalesce(started_at, now())",
                )),
            ))
            .returning((o::id, o::kind, o::subject_id, o::input, o::created_by, o::attempts))
            .get_result(conn)
            .optional()
    })
}

fn work(gate: &Gate, registry: &Registry, conn: &mut PgConnection, claimed: Claimed, me: &str) {
    let (id, kind, subject_id, input, created_by, attempt) = claimed;
    let Some((_, handler)) = registry.iter().find(|(k, _)| *k == kind) else { return };
    let handler: Handler = *handler;
    let done = Arc::new(AtomicBool::new(false));
    let beat = heartbeat(gate.clone(), id, me.to_owned(), done.clone());
    let job = Job { gate: gate.clone(), id, subject_id, input, created_by, attempt };
    tracing::info!(operation = %id, kind, attempt, "operation started");
    let outcome = if attempt > MAX_ATTEMPTS {
        Err(Problem::internal("the operation was interrupted too often"))
    } else {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| handler(&job)))
            .unwrap_or_else(|_| Err(Problem::internal("the operation panicked")))
    };
    done.store(true, Ordering::Release);
    if let Some(beat) = beat {
        let _ = beat.join();
    }
    let (state, result, error) = match outcome {
        Ok(value) => ("succeeded", Some(value), None),
        Err(p) => {
            tracing::error!(operation = %id, kind, code = p.code.slug, cause = p.cause.as_deref().unwrap_or("-"), "operation failed");
            (
                "failed",
                None,
                Some(json!({"code": p.code.slug, "title": p.code.title, "detail": p.detail, "errors": p.errors})),
            )
        }
    };
    // The result of a cancelled run is not a success, but what it wrote before stays visible.
    let settled = diesel::update(o::operations.find(id).filter(o::claimed_by.eq(me)))
        .set((
            o::state.eq(crate::db::sql::sql::<diesel::sql_types::Text>(
                "CASE WHEN cancel_requested THEN 'cancelled' ELSE ",
            )
            .bind::<diesel::sql_types::Text, _>(state)
            .sql(" END")),
            o::result.eq(result),
            o::error.eq(error),
            o::finished_at.eq(Utc::now()),
            o::lease_until.eq(None::<chrono::DateTime<Utc>>),
        ))
        .execute(conn);
    if settled.is_err() {
        tracing::warn!(operation = %id, "the end of an operation could not be written; it will be claimed again");
    }
}

fn heartbeat(gate: Gate, id: Uuid, me: String, done: Arc<AtomicBool>) -> Option<std::thread::JoinHandle<()>> {
    std::thread::Builder::new()
        .name("heartbeat".into())
        .spawn(move || {
            let mut conn: Option<PgConnection> = None;
            let mut waited = Duration::ZERO;
            while !done.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(100));
                waited += Duration::from_millis(100);
                if waited < HEARTBEAT {
                    continue;
                }
                waited = Duration::ZERO;
                if conn.is_none() {
                    conn = PgConnection::establish(gate.config().database_url.expose()).ok();
                }
                let until = Utc::now() + chrono::Duration::seconds(LEASE_SECONDS);
                let ok = conn.as_mut().is_some_and(|c| {
                    diesel::update(o::operations.find(id).filter(o::claimed_by.eq(&me)))
                        .set(o::lease_until.eq(until))
                        .execute(c)
                        .is_ok()
                });
                if !ok {
                    conn = None;
                }
            }
        })
        .ok()
}
