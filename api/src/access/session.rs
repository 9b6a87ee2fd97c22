//! What a permit hands out: a connection that carries who asks, and the scope queries filter by.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::gate::Gate;
use super::principal::Principal;
use super::scope::Scope;
use crate::kernel::dates::office_date;
use crate::kernel::problem::Problem;
use crate::kernel::seal::{Sealer, random, seal_with};

/// What a session knows besides its connection.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) gate: Gate,
    pub(super) principal: Arc<Principal>,
    pub(super) scope: Scope,
    pub(super) request_id: String,
    pub(super) now: DateTime<Utc>,
}

/// A reading session.
pub struct Reader<'c> {
    conn: &'c mut PgConnection,
    ctx: Context,
    seen: Vec<Seen>,
}

/// A record that was opened: goes to the access log within a second, outside the request.
#[derive(Debug, Clone)]
pub struct Seen {
    /// household, individual, problem…
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: Uuid,
    /// The household it belongs to.
    pub household_id: Option<Uuid>,
}

impl<'c> Reader<'c> {
    pub(super) fn new(conn: &'c mut PgConnection, ctx: Context) -> Self {
        Self { conn, ctx, seen: Vec::new() }
    }
    /// The connection, for `queries.rs` only.
    pub fn conn(&mut self) -> &mut PgConnection {
        self.conn
    }
    /// Rows this caller may touch by this action.
    pub fn scope(&self) -> &Scope {
        &self.ctx.scope
    }
    /// Who asks.
    pub fn principal(&self) -> &Principal {
        &self.ctx.principal
    }
    /// Seals cursors.
    pub fn sealer(&self) -> &Sealer {
        self.ctx.gate.sealer()
    }
    /// Settings.
    pub fn config(&self) -> &crate::config::Config {
        self.ctx.gate.config()
    }
    /// One clock for the whole request.
    pub fn now(&self) -> DateTime<Utc> {
        self.ctx.now
    }
    /// Civil date at the office.
    pub fn today(&self) -> NaiveDate {
        office_date(self.ctx.now)
    }
    /// Id of the request, for audit.
    pub fn request_id(&self) -> &str {
        &self.ctx.request_id
    }
    /// Notes that a record was opened; a row in a list does not count.
    pub fn saw(&mut self, seen: Seen) {
        self.seen.push(seen);
    }
    pub(super) fn take_seen(self) -> Vec<Seen> {
        self.seen
    }
    /// Hands what was opened to the log once the answer is certain.
    pub(super) fn finish(self) {
        for seen in self.seen {
            self.ctx.gate.log_view(&self.ctx.principal, &self.ctx.request_id, seen, self.ctx.now);
        }
    }
}

/// One thing that was done, for the audit trail.
#[derive(Debug, Default)]
pub struct AuditEntry {
    /// `area.verb`.
    pub action: &'static str,
    /// Kind of the subject.
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: Option<Uuid>,
    /// Household it belongs to, if any.
    pub household_id: Option<Uuid>,
    /// Whether only those who may see the item may see this entry.
    pub restricted: bool,
    /// Why, where a purpose was asked.
    pub purpose: Option<String>,
    /// Reason given.
    pub reason: Option<String>,
    /// State before.
    pub before: Option<Value>,
    /// State after.
    pub after: Option<Value>,
}

/// A session inside one transaction that may write.
pub struct Writer<'c> {
    reader: Reader<'c>,
}

impl<'c> std::ops::Deref for Writer<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}
impl std::ops::DerefMut for Writer<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl<'c> Writer<'c> {
    pub(super) fn new(conn: &'c mut PgConnection, ctx: Context) -> Self {
        Self { reader: Reader::new(conn, ctx) }
    }
    pub(super) fn into_reader(self) -> Reader<'c> {
        self.reader
    }

    /// Runs work of which nothing stays if it fails, while the transaction goes on.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        let run = |conn: &mut PgConnection, text: &str| crate::db::sql::Sql::new(text).execute(conn);
        run(self.conn, "SAVEPOINT attempt")?;
        let done = work(self);
        run(self.conn, if done.is_ok() { "RELEASE SAVEPOINT attempt" } else { "ROLLBACK TO SAVEPOINT attempt" })?;
        done
    }

    /// Writes the audit entry in this transaction: salted commitments in the trail, the values beside it under the subject's key.
    pub fn audit(&mut self, entry: AuditEntry) -> Result<(), Problem> {
        use crate::db::schema::{audit_events, audit_values};
        let id = Uuid::now_v7();
        let salt: [u8; 32] = random();
        let commit = |value: &Option<Value>| {
            value.as_ref().map(|v| {
                let mut hash = Sha256::new();
                hash.update(salt);
                hash.update(v.to_string().as_bytes());
                hash.finalize().to_vec()
            })
        };
        let (before, after) = (commit(&entry.before), commit(&entry.after));
        let principal = self.ctx.principal.clone();
        let actor_id = (!principal.id.is_nil()).then_some(principal.id);
        diesel::insert_into(audit_events::table)
            .values((
                audit_events::id.eq(id),
                audit_events::at.eq(self.ctx.now),
                audit_events::actor_kind.eq(principal.kind.slug()),
                audit_events::actor_id.eq(actor_id),
                audit_events::action.eq(entry.action),
                audit_events::subject_kind.eq(entry.subject_kind),
                audit_events::subject_id.eq(entry.subject_id),
                audit_events::household_id.eq(entry.household_id),
                audit_events::sensitivity.eq(if entry.restricted { "restricted" } else { "open" }),
                audit_events::purpose.eq(entry.purpose),
                audit_events::reason.eq(entry.reason),
                audit_events::request_id.eq(self.ctx.request_id.clone()),
                audit_events::before_commitment.eq(before),
                audit_events::after_commitment.eq(after),
            ))
            .execute(self.conn)?;
        if let Some(subject) = entry.household_id.or(entry.subject_id)
            && (entry.before.is_some() || entry.after.is_some())
        {
            let key = self.subject_key(subject)?;
            let plain = serde_json::json!({"before": entry.before, "after": entry.after}).to_string();
            let nonce: [u8; 12] = random();
            let sealed =
                seal_with(&key, plain.as_bytes(), &nonce).ok_or_else(|| Problem::internal("sealing failed"))?;
            diesel::insert_into(audit_values::table)
                .values((
                    audit_values::event_id.eq(id),
                    audit_values::subject_id.eq(subject),
                    audit_values::salt.eq(salt.to_vec()),
                    audit_values::sealed.eq(sealed),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The key under which a subject's audit values lie; made at first use, destroyed by retention.
    fn subject_key(&mut self, subject: Uuid) -> Result<[u8; 32], Problem> {
        use crate::db::schema::subject_keys::dsl as k;
        let fresh: [u8; 32] = random();
        let sealed = self.sealer().seal("subject-key", &fresh).ok_or_else(|| Problem::internal("sealing failed"))?;
        diesel::insert_into(k::subject_keys)
            .values((k::subject_id.eq(subject), k::key.eq(sealed)))
            .on_conflict_do_nothing()
            .execute(self.conn)?;
        let stored: Vec<u8> = k::subject_keys.find(subject).select(k::key).first(self.conn)?;
        let open =
            self.sealer().open("subject-key", &stored).ok_or_else(|| Problem::internal("subject key does not open"))?;
        open.try_into().map_err(|_| Problem::internal("subject key has a wrong length"))
    }

    /// Logs that personal numbers were revealed or rows exported, in the same transaction.
    pub fn log_access(
        &mut self,
        action: &'static str,
        seen: Seen,
        purpose: Option<&str>,
        fields: &[&str],
    ) -> Result<(), Problem> {
        use crate::db::schema::access_log;
        let principal = self.ctx.principal.clone();
        diesel::insert_into(access_log::table)
            .values((
                access_log::id.eq(Uuid::now_v7()),
                access_log::at.eq(self.ctx.now),
                access_log::actor_kind.eq(principal.kind.slug()),
                access_log::actor_id.eq(principal.id),
                access_log::action.eq(action),
                access_log::subject_kind.eq(seen.subject_kind),
                access_log::subject_id.eq(seen.subject_id),
                access_log::household_id.eq(seen.household_id),
                access_log::purpose.eq(purpose),
                access_log::fields.eq(fields.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>()),
                access_log::request_id.eq(self.ctx.request_id.clone()),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
