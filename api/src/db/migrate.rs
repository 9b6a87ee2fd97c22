//! Migrations, embedded in the binary and run by its own subcommand under a lock, never at service start.

use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

/// The migrations of this build.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Any number that nobody else uses: two migrating processes wait for each other.
const LOCK: i64 = 0x005a_701e;

/// Brings the database to this build's schema and gives the service role its rights. Returns how many migrations ran.
pub fn run(owner_url: &str, service_role: Option<&str>) -> Result<usize, String> {
    let mut conn = PgConnection::establish(owner_url).map_err(|_| "cannot connect to the database".to_owned())?;
    let text = |e: diesel::result::Error| e.to_string();
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(&mut conn)
        .map_err(text)?;
    let ran = conn.run_pending_migrations(MIGRATIONS).map_err(|e| e.to_string())?.len();
    if let Some(role) = service_role {
        grant(&mut conn, role).map_err(text)?;
    }
    Ok(ran)
}

/// Whether the last migration of this build has been run; one indexed look-up, since readiness is asked often.
pub fn is_ready(conn: &mut PgConnection) -> bool {
    use diesel::migration::{Migration, MigrationSource as _};
    use diesel::sql_types::{BigInt, Text};
    let newest = MIGRATIONS.migrations().ok().and_then(|all: Vec<Box<dyn Migration<diesel::pg::Pg>>>| {
        all.iter().map(|m| m.name().version().to_string()).max()
    });
    let Some(newest) = newest else { return false };
    diesel::select(
        diesel::dsl::sql::<BigInt>("(SELECT count(*) FROM __diesel_schema_migrations WHERE version = ")
            .bind::<Text, _>(newest)
            .sql(")"),
    )
    .get_result::<i64>(conn)
    .is_ok_and(|n| n == 1)
}

/// Rights of the service role: everything but changing what must never change.
fn grant(conn: &mut PgConnection, role: &str) -> QueryResult<()> {
    use diesel::connection::SimpleConnection as _;
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    conn.batch_execute(&format!(
        "GRANT USAGE ON SCHEMA public TO {role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
         GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
         REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entries, ledger_transactions, audit_events, access_log, referral_events, referral_answers, disclosures, letters, letter_revocations, letter_templates, letter_template_activations FROM {role};
         REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM {role};"
    ))
}

/// Whether a role may change what must never change; unknown while the database is away or not migrated.
pub fn can_rewrite_history(url: &str) -> bool {
    PgConnection::establish(url).is_ok_and(|mut conn| {
        diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>("has_table_privilege('audit_events', 'UPDATE')"))
            .get_result(&mut conn)
            .unwrap_or(false)
    })
}
