//! State behind the gate: database threads, keys, caches and the queue of the access log.

use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::prelude::*;
use uuid::Uuid;

use super::cache::Cache;
use super::db::Db;
use super::policy::Action;
use super::principal::Principal;
use super::session::{Context, Reader, Seen, Writer};
use super::token::Tokens;
use crate::config::Config;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::kernel::seal::Sealer;

struct View {
    at: DateTime<Utc>,
    actor_kind: &'static str,
    actor: Uuid,
    seen: Seen,
    request_id: String,
    /// It was open because the glass was broken for it.
    through_glass: bool,
}

struct Inner {
    db: Db,
    sealer: Sealer,
    tokens: Tokens,
    cache: Cache,
    views: Sender<View>,
    config: Config,
}

/// Handle of the gate; cheap to clone.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

/// A handle that does not keep the gate alive.
pub(super) struct WeakGate(Weak<Inner>);

impl WeakGate {
    pub(super) fn upgrade(&self) -> Option<Gate> {
        self.0.upgrade().map(Gate)
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    /// Starts database threads and the access-log writer. Does not wait for the database.
    pub fn start(config: &Config) -> Result<Self, String> {
        let (views, inbox) = bounded(10_000);
        let gate = Self(Arc::new(Inner {
            db: Db::start(config)?,
            sealer: Sealer::new(&config.secret_bytes()),
            tokens: Tokens::new(config.issuer(), config.token_minutes),
            cache: Cache::default(),
            views,
            config: config.clone(),
        }));
        let url = config.database_url.clone();
        std::thread::Builder::new()
            .name("access-log".into())
            .spawn(move || write_views(&inbox, url.expose()))
            .map_err(|e| format!("cannot start a thread: {e}"))?;
        Ok(gate)
    }

    /// Seals cursors, keys and secrets.
    pub fn sealer(&self) -> &Sealer {
        &self.0.sealer
    }
    /// Issues and verifies access tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }
    /// Settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }
    /// A handle that does not keep the gate alive.
    pub(super) fn downgrade(&self) -> WeakGate {
        WeakGate(Arc::downgrade(&self.0))
    }
    /// The moment everything of one request or job is decided by.
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.config().clock)()
    }
    pub(super) fn cache(&self) -> &Cache {
        &self.0.cache
    }
    pub(super) fn db(&self) -> &Db {
        &self.0.db
    }

    /// Runs work of the service itself (jobs, commands) on a connection of its own, as a named system caller.
    pub fn system<A: Action, T>(
        &self,
        conn: &mut PgConnection,
        name: &str,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let principal = Arc::new(Principal::system(name));
        let scope = principal.scope_for::<A>();
        let ctx = Context { gate: self.clone(), principal, scope, request_id: name.to_owned(), now: self.now() };
        conn.transaction(|conn| work(&mut Writer::new(conn, ctx)))
    }

    /// Runs work of a job with the scope the account that asked for it has now; 403 where it no longer may.
    pub fn on_behalf<A: Action, T>(
        &self,
        conn: &mut PgConnection,
        account: Uuid,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let forbidden = || Problem::new(&crate::kernel::problem::FORBIDDEN);
        let principal = Arc::new(Principal::load_account(conn, account, None)?.ok_or_else(forbidden)?);
        if !principal.may::<A>() {
            return Err(forbidden());
        }
        let scope = principal.scope_for::<A>();
        let ctx = Context { gate: self.clone(), principal, scope, request_id: "job".into(), now: self.now() };
        conn.transaction(|conn| work(&mut Writer::new(conn, ctx)))
    }

    pub(super) fn log_view(&self, principal: &Principal, request_id: &str, seen: Seen, at: DateTime<Utc>) {
        let opened =
            |kind: &str, id: Uuid| principal.opened.iter().any(|(k, o, until)| k == kind && *o == id && *until > at);
        let through_glass =
            seen.household_id.is_some_and(|id| opened("household", id)) || opened("problem", seen.subject_id);
        let view = View {
            at,
            through_glass,
            actor_kind: principal.kind.slug(),
            actor: principal.id,
            seen,
            request_id: request_id.to_owned(),
        };
        // A full queue means the log cannot keep up: waiting is right, losing an entry is not.
        if self.0.views.send_timeout(view, Duration::from_secs(2)).is_err() {
            metrics::counter!("access_log_lost_total").increment(1);
            tracing::error!("an access-log entry could not be queued");
        }
    }
}

/// Writes opened records in batches, at most a second after they were opened.
fn write_views(inbox: &Receiver<View>, url: &str) {
    let mut conn: Option<PgConnection> = None;
    let mut pending: Vec<View> = Vec::new();
    loop {
        if pending.is_empty() {
            match inbox.recv() {
                Ok(view) => pending.push(view),
                Err(_) => return,
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        pending.extend(inbox.try_iter().take(2_000));
        if conn.is_none() {
            conn = PgConnection::establish(url).ok();
        }
        let Some(db) = conn.as_mut() else {
            std::thread::sleep(Duration::from_millis(500));
            continue;
        };
        let written = insert_views(db, &pending).is_ok();
        if written {
            pending.clear();
        } else {
            conn = None;
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}

/// One cached statement whatever the number of rows: a busy instance opens thousands of records a second.
fn insert_views(db: &mut PgConnection, views: &[View]) -> QueryResult<usize> {
    use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
    let households = views.iter().map(|v| v.seen.household_id).collect::<Vec<_>>();
    let requests = views.iter().map(|v| v.request_id.clone()).collect::<Vec<_>>();
    Sql::new(
        "INSERT INTO access_log (id, at, actor_kind, actor_id, action, subject_kind, subject_id, household_id, request_id, through_glass)
         SELECT id, at, actor_kind, actor_id, 'view', subject_kind, subject_id, household_id, request_id, through_glass FROM unnest(",
    )
    .bind::<Array<SqlUuid>, _>(views.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Timestamptz>, _>(views.iter().map(|v| v.at).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Text>, _>(views.iter().map(|v| v.actor_kind).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<SqlUuid>, _>(views.iter().map(|v| v.actor).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Text>, _>(views.iter().map(|v| v.seen.subject_kind).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<SqlUuid>, _>(views.iter().map(|v| v.seen.subject_id).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Nullable<SqlUuid>>, _>(households)
    .push(", ")
    .bind::<Array<Text>, _>(requests)
    .push(", ")
    .bind::<Array<diesel::sql_types::Bool>, _>(views.iter().map(|v| v.through_glass).collect::<Vec<_>>())
    .push(") AS v (id, at, actor_kind, actor_id, subject_kind, subject_id, household_id, request_id, through_glass)")
    .execute(db)
}

/// Reading and writing for holders of a permit.
impl Gate {
    pub(super) async fn read<T: Send + 'static>(
        &self,
        ctx: Context,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.db()
            .run(super::db::Lane::Read, move |conn| {
                let mut reader = Reader::new(conn, ctx);
                let result = work(&mut reader)?;
                reader.finish();
                Ok(result)
            })
            .await
    }

    pub(super) async fn snapshot<T: Send + 'static>(
        &self,
        ctx: Context,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.db()
            .run(super::db::Lane::Read, move |conn| {
                conn.build_transaction().read_only().repeatable_read().run(|conn| {
                    let mut reader = Reader::new(conn, ctx);
                    let result = work(&mut reader)?;
                    reader.finish();
                    Ok(result)
                })
            })
            .await
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        ctx: Context,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.db()
            .run(super::db::Lane::Write, move |conn| {
                let mut seen = None;
                let result = conn.transaction(|conn| {
                    let mut writer = Writer::new(conn, ctx.clone());
                    let result = work(&mut writer)?;
                    seen = Some(writer.into_reader().take_seen());
                    Ok::<_, Problem>(result)
                })?;
                for seen in seen.unwrap_or_default() {
                    ctx.gate.log_view(&ctx.principal, &ctx.request_id, seen, ctx.now);
                }
                Ok(result)
            })
            .await
    }
}
