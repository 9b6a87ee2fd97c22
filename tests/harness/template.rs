//! Fast databases: one migrated template with reference data and accounts, cloned for each test.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::cluster::{admin_url, connect, database_url, root};
use super::fixtures;

/// Any number nobody else uses: processes that want the same template wait for each other.
const LOCK: i64 = 0x7e57_0001;
/// Role the service runs as, with the rights of a real installation.
pub const SERVICE: (&str, &str) = ("satupintu_test_service", "satupintu-test");

/// A database of one test, dropped with it.
#[derive(Debug)]
pub struct TestDb {
    /// Name in the cluster.
    pub name: String,
}

impl TestDb {
    /// A clone of the template.
    pub fn create() -> Self {
        let template = template();
        let name = format!("sp_test_{}", Uuid::now_v7().simple());
        connect(admin_url())
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
            .unwrap();
        Self { name }
    }
    /// An empty database without any schema.
    pub fn empty() -> Self {
        let name = format!("sp_test_{}", Uuid::now_v7().simple());
        connect(admin_url()).batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Self { name }
    }
    /// Address as the service's role.
    pub fn service_url(&self) -> String {
        database_url(&self.name, Some(SERVICE))
    }
    /// Address as the owner.
    pub fn owner_url(&self) -> String {
        database_url(&self.name, None)
    }
    /// A connection as the owner, for what no endpoint tells.
    pub fn connect(&self) -> PgConnection {
        connect(&self.owner_url())
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if std::env::var_os("KEEP_DB").is_some() && std::thread::panicking() {
            eprintln!("kept: {}", self.owner_url());
            return;
        }
        let dropped = PgConnection::establish(admin_url())
            .map(|mut conn| conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)));
        if !matches!(dropped, Ok(Ok(()))) {
            eprintln!("database {} could not be dropped", self.name);
        }
    }
}

/// Everything the template is made of, as one short hash.
fn fingerprint() -> String {
    fn add(hash: &mut Sha256, path: &Path) {
        if path.is_dir() {
            let mut entries: Vec<_> = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
            entries.sort();
            entries.iter().for_each(|p| add(hash, p));
        } else {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update(std::fs::read(path).unwrap());
        }
    }
    let mut hash = Sha256::new();
    let api = root().join("api");
    for path in [root().join("migrations"), api.join("data"), api.join("src/reference"), api.join("src/db")] {
        add(&mut hash, &path);
    }
    hash.update(include_str!("fixtures.rs"));
    hash.update(include_str!("template.rs"));
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// Name of the template; builds it where it does not exist yet.
fn template() -> String {
    let name = format!("sp_template_{}", fingerprint());
    let mut admin = connect(admin_url());
    diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK).execute(&mut admin).unwrap();
    let ready: bool = diesel::select(
        diesel::dsl::sql::<Bool>("EXISTS (SELECT FROM pg_database WHERE datistemplate AND datname = ")
            .bind::<Text, _>(&name)
            .sql(")"),
    )
    .get_result(&mut admin)
    .unwrap();
    if !ready {
        build(&mut admin, &name);
    }
    name
}

fn build(admin: &mut PgConnection, name: &str) {
    let (role, password) = SERVICE;
    admin
        .batch_execute(&format!(
            "DO $$ BEGIN
                 IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                     CREATE ROLE {role} LOGIN PASSWORD '{password}';
                 END IF;
             END $$;"
        ))
        .unwrap();
    // What an interrupted build left goes first.
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let url = database_url(name, None);
    satupintu::db::migrate::run(&url, Some(role)).unwrap();
    {
        let mut conn = connect(&url);
        satupintu::reference::load(&mut conn).unwrap();
        satupintu::instruments::load(&mut conn).unwrap();
        satupintu::imports::load_profiles(&mut conn).unwrap();
        fixtures::load(&mut conn);
        conn.batch_execute("ANALYZE").unwrap();
    }
    // A connection to a template makes cloning fail, so none is allowed.
    admin.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false")).unwrap();
}
