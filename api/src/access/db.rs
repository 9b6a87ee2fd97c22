//! The one bridge from async handlers to blocking Diesel: fixed database threads behind a bounded queue.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection};
use tokio::sync::oneshot;

use crate::config::{Config, QUEUE_PATIENCE};
use crate::kernel::problem::{self, Problem};

/// Reading connections refuse writes by themselves; writing ones do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// `default_transaction_read_only`, short statement timeout.
    Read,
    /// Transactions that change something.
    Write,
}

type Conn = PooledConnection<ConnectionManager<PgConnection>>;
/// Returns whether the connection may be used again.
type Job = Box<dyn FnOnce(&mut PgConnection) -> bool + Send>;
type Refuse = Box<dyn FnOnce() + Send>;

struct Task {
    queued: Instant,
    job: Job,
    refuse: Refuse,
}

/// Handle of the database threads; cheap to clone.
#[derive(Clone)]
pub struct Db {
    reads: Sender<Task>,
    writes: Sender<Task>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

#[derive(Debug)]
struct Customize(Lane);

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Customize {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        use diesel::connection::SimpleConnection as _;
        let settings = match self.0 {
            Lane::Read => {
                "SET default_transaction_read_only = on; SET statement_timeout = '10s'; SET application_name = 'satupintu read';"
            }
            Lane::Write => "SET statement_timeout = '20s'; SET application_name = 'satupintu write';",
        };
        conn.batch_execute(settings)
            .and_then(|()| {
                conn.batch_execute(
                    "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; SET jit = off;",
                )
            })
            .map_err(diesel::r2d2::Error::QueryError)
    }
}

impl Db {
    /// Starts the threads. Does not wait for the database: readiness is asked separately.
    pub fn start(config: &Config) -> Result<Self, String> {
        let lane = |lane: Lane| -> Result<Sender<Task>, String> {
            let (send, receive) = bounded::<Task>(config.db_queue);
            let manager = ConnectionManager::<PgConnection>::new(config.database_url.expose());
            let pool = Pool::builder()
                .max_size(config.db_threads)
                .min_idle(Some(0))
                .test_on_check_out(true)
                .connection_timeout(Duration::from_secs(2))
                .error_handler(Box::new(r2d2::NopErrorHandler))
                .connection_customizer(Box::new(Customize(lane)))
                .build_unchecked(manager);
            for n in 0..config.db_threads {
                let (receive, pool) = (receive.clone(), pool.clone());
                std::thread::Builder::new()
                    .name(format!("db-{lane:?}-{n}").to_lowercase())
                    .spawn(move || serve(&receive, &pool))
                    .map_err(|e| format!("cannot start a database thread: {e}"))?;
            }
            Ok(send)
        };
        Ok(Self { reads: lane(Lane::Read)?, writes: lane(Lane::Write)? })
    }

    /// Runs a closure on a database thread. A full queue or a long wait answers 503 instead of hanging.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (send, receive) = oneshot::channel();
        let span = tracing::Span::current();
        let shared = std::sync::Arc::new(std::sync::Mutex::new(Some(send)));
        let refusal = shared.clone();
        let take = |slot: &std::sync::Mutex<Option<oneshot::Sender<Result<T, Problem>>>>| {
            slot.lock().ok().and_then(|mut s| s.take())
        };
        let task = Task {
            queued: Instant::now(),
            job: Box::new(move |conn| {
                let result = span.in_scope(|| work(conn));
                let healthy =
                    !matches!(&result, Err(p) if p.code == &problem::UNAVAILABLE || p.code == &problem::INTERNAL);
                if let Some(send) = take(&shared) {
                    // The caller may have gone; the work is done all the same.
                    let _ = send.send(result);
                }
                healthy
            }),
            refuse: Box::new(move || {
                if let Some(send) = take(&refusal) {
                    let _ = send.send(Err(Problem::unavailable("no database connection in time")));
                }
            }),
        };
        let queue = match lane {
            Lane::Read => &self.reads,
            Lane::Write => &self.writes,
        };
        match queue.try_send(task) {
            Ok(()) => receive.await.unwrap_or_else(|_| Err(Problem::internal("a database thread panicked"))),
            Err(TrySendError::Full(_)) => {
                metrics::counter!("db_queue_full_total").increment(1);
                Err(Problem::unavailable("database queue is full"))
            }
            Err(TrySendError::Disconnected(_)) => Err(Problem::unavailable("database threads have stopped")),
        }
    }
}

/// One database thread: holds its connection, gets a new one after a failure.
fn serve(queue: &Receiver<Task>, pool: &Pool<ConnectionManager<PgConnection>>) {
    let mut held: Option<Conn> = None;
    while let Ok(task) = queue.recv() {
        let waited = task.queued.elapsed();
        metrics::histogram!("db_queue_wait_seconds").record(waited.as_secs_f64());
        if waited > QUEUE_PATIENCE {
            (task.refuse)();
            continue;
        }
        if held.is_none() {
            held = pool.get_timeout(Duration::from_millis(1500)).ok();
        }
        let Some(conn) = held.as_mut() else {
            (task.refuse)();
            continue;
        };
        let job = task.job;
        // A panic in one request must not cost the thread; its connection is thrown away with whatever was open.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(conn)));
        if !matches!(outcome, Ok(true)) {
            held = None;
        }
    }
}
