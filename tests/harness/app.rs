//! The real service, in this process, on a free port and a database of its own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use satupintu::access::{Gate, listen};
use satupintu::config::{Config, Secret};
use satupintu::{app, jobs};

use super::client::Caller;
use super::fixtures::{CLIENT_SECRET, PASSWORD, account_id, client_id};
use super::template::TestDb;

/// 32 bytes in base64; sealed values of one test mean nothing to another database.
const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// How a [`TestApp`] differs from the ordinary one.
pub struct TestAppBuilder {
    db: Option<TestDb>,
    worker: bool,
    change: Box<dyn FnOnce(&mut Config)>,
}

impl TestAppBuilder {
    /// With the background worker; otherwise jobs wait until [`TestApp::work`].
    pub fn worker(mut self) -> Self {
        self.worker = true;
        self
    }
    /// With other settings.
    pub fn config(mut self, change: impl FnOnce(&mut Config) + 'static) -> Self {
        self.change = Box::new(change);
        self
    }
    /// On a database made by the test.
    pub fn database(mut self, db: TestDb) -> Self {
        self.db = Some(db);
        self
    }
    /// Starts it and waits until it signs tokens.
    pub fn start(self) -> TestApp {
        let db = self.db.unwrap_or_else(TestDb::create);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let data_dir = std::env::temp_dir().join(&db.name);
        std::fs::create_dir_all(&data_dir).unwrap();
        let mut config = config(&db, port);
        config.data_dir = data_dir.clone();
        (self.change)(&mut config);

        let gate = Gate::start(&config).unwrap();
        listen(gate.clone()).unwrap();
        let served = gate.clone();
        let (send, receive) = std::sync::mpsc::channel();
        let settings = config.clone();
        let server = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = app::serve(served, &settings, listener).unwrap();
                send.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = receive.recv().expect("the server starts");
        let stop = Arc::new(AtomicBool::new(false));
        if self.worker {
            app::follow(&gate, &stop).unwrap();
        }
        let worker = self.worker.then(|| jobs::start(gate.clone(), app::jobs(), app::chores(), stop.clone()).unwrap());
        let app = TestApp {
            base: format!("http://127.0.0.1:{port}"),
            http: client(),
            gate: Some(gate),
            config,
            server: Some((handle, server)),
            worker,
            stop,
            leftovers: AtomicBool::new(false),
            db,
            data_dir,
        };
        app.wait("signing keys", || app.gate().tokens().jwks()["keys"].as_array().is_some_and(|k| !k.is_empty()));
        app
    }
}

fn config(db: &TestDb, port: u16) -> Config {
    Config {
        database_url: Secret::new(db.service_url()),
        migrate_database_url: Some(Secret::new(db.owner_url())),
        satupintu_secret: Secret::new(SECRET),
        api_host: "127.0.0.1".into(),
        api_port: port,
        web_port: 5173,
        web_origin: Some("http://127.0.0.1:5173".into()),
        public_url: Some(format!("http://127.0.0.1:{port}")),
        data_dir: std::env::temp_dir(),
        import_max_mb: 512,
        evidence_dir: None,
        evidence_max_mb: 15,
        demo: false,
        db_threads: 2,
        db_queue: 64,
        http_workers: 1,
        worker: "off".into(),
        search_memory: "on".into(),
        trusted_proxies: 0,
        approval_limit_idr: 10_000_000_000,
        token_minutes: 15,
        clock: chrono::Utc::now,
    }
}

fn client() -> reqwest::blocking::Client {
    reqwest::blocking::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap()
}

/// A running service.
pub struct TestApp {
    /// `http://127.0.0.1:port`.
    pub base: String,
    /// Its database.
    pub db: TestDb,
    /// Its settings.
    pub config: Config,
    http: reqwest::blocking::Client,
    gate: Option<Gate>,
    server: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
    worker: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    leftovers: AtomicBool,
    data_dir: PathBuf,
}

impl TestApp {
    /// The ordinary one, without worker.
    pub fn start() -> Self {
        Self::build().start()
    }
    /// One that differs.
    pub fn build() -> TestAppBuilder {
        TestAppBuilder { db: None, worker: false, change: Box::new(|_| {}) }
    }
    /// Its gate.
    pub fn gate(&self) -> &Gate {
        self.gate.as_ref().expect("the gate lives as long as the service")
    }
    /// A connection as the owner, for what no endpoint tells.
    pub fn sql(&self) -> PgConnection {
        self.db.connect()
    }
    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Caller {
        Caller::new(&self.base, self.http.clone(), None)
    }
    /// A caller with a token of the test's own making.
    pub fn with_token(&self, token: &str) -> Caller {
        Caller::new(&self.base, self.http.clone(), Some(token.to_owned()))
    }
    /// The test account of this name (see `fixtures::ACCOUNTS`), signed in.
    pub fn as_role(&self, username: &str) -> Caller {
        self.sign_in(username, PASSWORD)
    }
    /// Any account, signed in.
    pub fn sign_in(&self, username: &str, password: &str) -> Caller {
        if super::document()["paths"].get("/api/v1/auth/login").is_none() {
            return self.with_token(&self.token_for(username));
        }
        let body = serde_json::json!({"username": username, "password": password});
        let answer = self.anonymous().post("/api/v1/auth/login", &body).expect(200);
        self.with_token(answer["access_token"].as_str().unwrap())
    }
    /// A token of a session that was never signed in, for tests of tokens themselves.
    pub fn token_for(&self, username: &str) -> String {
        let (account, session) = (account_id(username), uuid::Uuid::now_v7());
        diesel::sql_query(
            "INSERT INTO sessions (id, account_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
        )
        .bind::<diesel::sql_types::Uuid, _>(session)
        .bind::<diesel::sql_types::Uuid, _>(account)
        .execute(&mut self.sql())
        .unwrap();
        self.gate().tokens().issue(account, "satupintu-web", Some(session), None).unwrap()
    }
    /// The test client of this name (see `fixtures::CLIENTS`), with a token.
    pub fn as_client(&self, name: &str) -> Caller {
        if super::document()["paths"].get("/oauth/token").is_none() {
            return self.with_token(&self.gate().tokens().issue(client_id(name), name, None, None).unwrap());
        }
        let form = [("grant_type", "client_credentials")];
        let request = self.anonymous().request("POST", "/oauth/token").basic(name, CLIENT_SECRET).form(&form);
        let answer = request.send().expect(200);
        self.with_token(answer["access_token"].as_str().unwrap())
    }
    /// Does the work that waits, then stops working.
    pub fn work(&self) {
        let stop = Arc::new(AtomicBool::new(false));
        let worker = jobs::start(self.gate().clone(), app::jobs(), Vec::new(), stop.clone()).unwrap();
        self.wait("the jobs", || self.open_jobs() == 0);
        stop.store(true, Ordering::Release);
        worker.join().unwrap();
    }
    /// Looks after everything that has become due, once.
    pub fn look_after(&self) -> u64 {
        jobs::do_chores(self.gate(), &app::chores()).unwrap()
    }
    /// Jobs may be left over at the end of this test.
    pub fn leave_jobs(&self) {
        self.leftovers.store(true, Ordering::Relaxed);
    }
    /// Waits up to 30 s until something holds.
    pub fn wait(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let until = Instant::now() + Duration::from_secs(30);
        while !holds() {
            assert!(Instant::now() < until, "waited 30 s for {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    /// Waits for an operation to end and gives it.
    pub fn finished(&self, caller: &Caller, operation: &str) -> serde_json::Value {
        let path = operation.strip_prefix(&self.base).unwrap_or(operation);
        let until = Instant::now() + Duration::from_secs(120);
        loop {
            let answer = caller.get(path).expect(200);
            if !matches!(answer["state"].as_str(), Some("queued" | "running")) {
                return answer.json();
            }
            assert!(Instant::now() < until, "operation {path} did not end in 120 s: {}", answer.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    fn open_jobs(&self) -> i64 {
        count(&mut self.sql(), "SELECT count(*) AS n FROM operations WHERE state IN ('queued', 'running')")
    }

    /// What must hold after every test.
    fn check_invariants(&self) {
        let mut conn = self.sql();
        let mut none = |what: &str, sql: &str| {
            let found = count(&mut conn, sql);
            assert_eq!(found, 0, "{what}");
        };
        if !self.leftovers.load(Ordering::Relaxed) {
            none(
                "jobs are left over (run them with app.work(), or say app.leave_jobs())",
                "SELECT count(*) AS n FROM operations WHERE state IN ('queued', 'running')",
            );
        }
        none("the ledger does not sum to zero", "SELECT abs(coalesce(sum(amount), 0))::int8 AS n FROM ledger_entries");
        none(
            "a balance differs from its entries",
            "SELECT count(*) AS n FROM ledger_accounts a
             WHERE balance <> coalesce((SELECT sum(amount) FROM ledger_entries e WHERE e.account_id = a.id), 0)",
        );
        none(
            "a cycle's seats taken differ from its awards",
            "SELECT count(*) AS n FROM program_cycles c WHERE seats_taken < (SELECT count(*) FROM awards w WHERE w.cycle_id = c.id AND w.status = 'held')",
        );
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The column `n` of a counting query; no row is 0.
pub fn count(conn: &mut PgConnection, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Count>(conn).optional().unwrap().map_or(0, |c| c.n)
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some((handle, server)) = self.server.take() {
            drop(handle.stop(false));
            let _ = server.join();
        }
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
        self.gate = None;
        let _ = std::fs::remove_dir_all(&self.data_dir);
        if !std::thread::panicking() {
            self.check_invariants();
        }
    }
}
