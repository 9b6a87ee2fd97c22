//! The migrated database and what the code believes of it.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness as _;
use satupintu::db::migrate::MIGRATIONS;

use crate::harness::{TestDb, root};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    diesel::sql_query(sql).load::<Line>(conn).unwrap().into_iter().map(|l| l.line).collect()
}

#[test]
fn schema_rs_is_the_migrated_database() {
    let db = TestDb::create();
    let built = generate(&mut db.connect());
    let path = root().join("api/src/db/schema.rs");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &built).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    let at = built.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(
        built == found,
        "api/src/db/schema.rs differs from the migrations (first at line {}): run `UPDATE_SCHEMA=1 cargo test -p satupintu-tests schema_rs`",
        at.map_or(0, |n| n + 1)
    );
}

fn generate(conn: &mut PgConnection) -> String {
    let columns = lines(
        conn,
        "SELECT c.table_name || '|' || c.column_name || '|' || c.is_nullable || '|' || c.udt_name AS line
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '__diesel_schema_migrations'
         ORDER BY c.table_name COLLATE \"C\", c.ordinal_position",
    );
    let keys = lines(
        conn,
        "SELECT t.relname || '|' || string_agg(a.attname, ', ' ORDER BY k.ord) AS line
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, ord)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
         WHERE i.indisprimary AND n.nspname = 'public' GROUP BY t.relname",
    );
    let mut out = "// @generated from the migrated database by a test (UPDATE_SCHEMA=1 cargo test -p satupintu-tests schema_rs), which also compares the two.\n".to_owned();
    let mut tables: Vec<String> = Vec::new();
    // Diesel knows no table without a primary key; the import's staging tables are named in SQL alone.
    let has_key = |column: &&String| {
        let table = column.split('|').next().unwrap_or_default();
        keys.iter().any(|k| k.strip_prefix(table).is_some_and(|rest| rest.starts_with('|')))
    };
    for column in columns.iter().filter(has_key) {
        let [table, name, nullable, kind] = column.split('|').collect::<Vec<_>>()[..] else { panic!("{column}") };
        if tables.last().is_none_or(|t| t != table) {
            if !tables.is_empty() {
                out.push_str("    }\n}\n");
            }
            let key = keys.iter().find_map(|k| k.strip_prefix(&format!("{table}|"))).unwrap();
            let _ = write!(out, "\ndiesel::table! {{\n    {table} ({key}) {{\n");
            tables.push(table.to_owned());
        }
        let mut diesel_type = diesel_type(kind).to_owned();
        if nullable == "YES" {
            diesel_type = format!("Nullable<{diesel_type}>");
        }
        if matches!(name, "type" | "where" | "ref") {
            let _ = writeln!(out, "        #[sql_name = \"{name}\"]\n        {name}_ -> {diesel_type},");
        } else {
            let _ = writeln!(out, "        {name} -> {diesel_type},");
        }
    }
    out.push_str("    }\n}\n\ndiesel::allow_tables_to_appear_in_same_query!(\n");
    for table in tables {
        let _ = writeln!(out, "    {table},");
    }
    out.push_str(");\n");
    out
}

fn diesel_type(kind: &str) -> &'static str {
    match kind {
        "uuid" => "Uuid",
        "text" => "Text",
        "int8" => "Int8",
        "int4" => "Int4",
        "int2" => "Int2",
        "bool" => "Bool",
        "timestamptz" => "Timestamptz",
        "date" => "Date",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        "float8" => "Float8",
        "_text" => "Array<Text>",
        "_uuid" => "Array<Uuid>",
        "_int2" => "Array<Int2>",
        "_int4" => "Array<Int4>",
        "daterange" => "Daterange",
        other => {
            panic!("a column of type {other}: say in tests/schema.rs what it is for Diesel (and never use char(n))")
        }
    }
}

/// Everything that makes up the structure, one line each.
fn structure(conn: &mut PgConnection) -> Vec<String> {
    lines(
        conn,
        "SELECT line FROM (
             SELECT format('column %s.%s %s null=%s default=%s collation=%s %s', table_name, column_name, udt_name, is_nullable, column_default, collation_name,
                           col_description(format('%I.%I', table_schema, table_name)::regclass, ordinal_position))
             FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT format('table %s %s', relname, obj_description(oid, 'pg_class')) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
             UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
             UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
                 WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
         ) AS everything (line) WHERE line NOT LIKE '%__diesel_schema_migrations%' ORDER BY line COLLATE \"C\"",
    )
}

#[test]
fn migrations_go_up_down_and_up_again() {
    let db = TestDb::empty();
    let mut conn = db.connect();
    conn.run_pending_migrations(MIGRATIONS).unwrap();
    let first = structure(&mut conn);
    assert!(first.len() > 300, "{} lines of structure", first.len());

    conn.revert_all_migrations(MIGRATIONS).unwrap();
    let left = structure(&mut conn);
    assert!(left.is_empty(), "the down migrations leave behind:\n{}", left.join("\n"));

    // One step back and forth at a time, too.
    conn.run_pending_migrations(MIGRATIONS).unwrap();
    let steps = conn.applied_migrations().unwrap().len();
    for _ in 0..steps {
        conn.revert_last_migration(MIGRATIONS).unwrap();
    }
    for _ in 0..steps {
        conn.run_next_migration(MIGRATIONS).unwrap();
    }
    let second = structure(&mut conn);
    let new: Vec<_> = second.iter().filter(|l| !first.contains(l)).collect();
    let gone: Vec<_> = first.iter().filter(|l| !second.contains(l)).collect();
    assert!(new.is_empty() && gone.is_empty(), "after down and up\nnew: {new:#?}\ngone: {gone:#?}");
}

#[test]
fn migrating_twice_changes_nothing() {
    let db = TestDb::create();
    assert_eq!(satupintu::db::migrate::run(&db.owner_url(), None).unwrap(), 0);
    let loaded = satupintu::reference::load(&mut db.connect()).unwrap();
    assert_eq!(loaded, satupintu::reference::Loaded::default());
}

#[test]
fn every_table_says_what_it_is_for() {
    let db = TestDb::create();
    let silent = lines(
        &mut db.connect(),
        "SELECT relname AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND relname <> '__diesel_schema_migrations' AND obj_description(oid, 'pg_class') IS NULL ORDER BY 1",
    );
    assert!(silent.is_empty(), "no COMMENT ON TABLE: {silent:?}");
}

#[test]
fn the_service_may_not_change_what_must_never_change() {
    let db = TestDb::create();
    let mut service = PgConnection::establish(&db.service_url()).unwrap();
    for table in ["ledger_entries", "ledger_transactions", "audit_events", "access_log", "referral_events"] {
        for statement in [format!("DELETE FROM {table}"), format!("TRUNCATE {table} CASCADE")] {
            let refused = service.batch_execute(&statement).unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{statement}: {refused}");
        }
    }
    assert!(service.batch_execute("CREATE TABLE mine (id int)").is_err());
    assert!(service.batch_execute("DROP TABLE households").is_err());
}
