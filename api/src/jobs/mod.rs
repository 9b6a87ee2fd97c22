//! Long work outside requests: a queue in the table `operations`, claimed with leases; and chores by the clock.
//!
//! A job may be killed at any moment and is then claimed again when its lease runs out: handlers work in short
//! transactions and are safe to repeat.

mod runner;

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Gate, Writer};
use crate::db::schema::operations::dsl as o;
use crate::kernel::problem::Problem;

pub use runner::{do_chores, start};

/// Does the work of one kind of operation; the value becomes `result`.
pub type Handler = fn(&Job) -> Result<Value, Problem>;

/// Kinds of one lane and their handlers, named by `app.rs`.
pub type Registry = Vec<(&'static str, Handler)>;

/// Small work that comes back by the clock: what has become due is looked for and done, in short transactions, by one
/// worker at a time. Safe to repeat and to miss.
#[derive(Debug, Clone, Copy)]
pub struct Chore {
    /// `area.verb`, for logs.
    pub name: &'static str,
    /// Time between two rounds.
    pub every: std::time::Duration,
    /// Does what is due; how much it was.
    pub run: fn(&Gate) -> Result<u64, Problem>,
}

/// Does a chore as the service itself, one short transaction after the other, until one finds nothing more to do; the
/// sum of what they did. `name` is the caller in the audit trail.
pub fn in_batches<A: crate::access::Action>(
    gate: &Gate,
    name: &str,
    batch: impl Fn(&mut Writer<'_>) -> Result<u64, Problem>,
) -> Result<u64, Problem> {
    let mut conn = PgConnection::establish(gate.config().database_url.expose())
        .map_err(|_| Problem::unavailable("no connection for a chore"))?;
    let mut done = 0;
    loop {
        let some = gate.system::<A, _>(&mut conn, name, &batch)?;
        if some == 0 {
            return Ok(done);
        }
        done += some;
    }
}

/// Puts work on the queue, in the caller's transaction.
pub fn enqueue(
    w: &mut Writer<'_>,
    kind: &str,
    subject: Option<Uuid>,
    input: &Value,
    unit: &str,
) -> Result<Uuid, Problem> {
    let id = Uuid::now_v7();
    let actor = w.principal().id;
    diesel::insert_into(o::operations)
        .values((
            o::id.eq(id),
            o::kind.eq(kind),
            o::subject_id.eq(subject),
            o::input.eq(input),
            o::progress_unit.eq(unit),
            o::created_by.eq((!actor.is_nil()).then_some(actor)),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// A claimed operation and what its handler needs.
pub struct Job {
    /// The gate, for sealed values, settings and system sessions.
    pub gate: Gate,
    /// Operation.
    pub id: Uuid,
    /// What it works on.
    pub subject_id: Option<Uuid>,
    /// Input given at enqueueing.
    pub input: Value,
    /// Account that asked.
    pub created_by: Option<Uuid>,
    /// 1 at the first try; more after a crash.
    pub attempt: i32,
}

impl Job {
    /// A connection of the service role, for this job alone.
    pub fn connect(&self) -> Result<PgConnection, Problem> {
        PgConnection::establish(self.gate.config().database_url.expose())
            .map_err(|_| Problem::unavailable("no connection for a job"))
    }

    /// Shows progress; also tells whether somebody asked to cancel. Call it every second or so.
    pub fn progress(&self, conn: &mut PgConnection, done: i64, total: Option<i64>) -> Result<bool, Problem> {
        let cancelled = diesel::update(o::operations.find(self.id))
            .set((o::progress_done.eq(done), o::progress_total.eq(total)))
            .returning(o::cancel_requested)
            .get_result(conn)?;
        Ok(cancelled)
    }
}
