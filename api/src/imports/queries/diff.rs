//! What applying an import would change, before anybody applies it: the comparison of the batches, kept as rows.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Value, json};
use uuid::Uuid;

use super::merge::render;
use super::validate::settings;
use super::{ApplyContext, merge};
use crate::access::{Reader, Scope};
use crate::db::sql::Sql;
use crate::imports::change_model::{ChangeKind, ImportChangeQuery};
use crate::imports::issue_model::ImportPart;
use crate::kernel::problem::Problem;

/// Everything is new where the registry is empty.
const ALL_NEW: &str = "
INSERT INTO import_diffs (import_id, kind, subject_kind, region_code, file, row_no, name)
SELECT import_id, 'new', 'household', region_code, 'families', row_no, head_name
FROM import_families WHERE import_id = '{import}' AND NOT rejected ORDER BY row_no";

/// The differences of a batch.
const BATCH: &str = "
INSERT INTO import_diffs (import_id, kind, subject_kind, region_code, file, row_no, name)
SELECT '{import}', 'new', 'household', region_code, 'families', row_no, head_name FROM batch_families WHERE known IS NULL ORDER BY row_no;
INSERT INTO import_diffs (import_id, kind, subject_kind, household_id, region_code, file, row_no, name)
SELECT '{import}', 'new', 'individual', h.id, h.region_code, 'members', m.row_no, m.name
FROM batch_members m JOIN households h ON h.id = m.known_household WHERE m.known IS NULL ORDER BY m.row_no;
INSERT INTO import_diffs (import_id, kind, subject_kind, subject_id, household_id, region_code, file, row_no, name, fields)
SELECT '{import}', CASE WHEN bool_or(b.field IN ('region', 'family')) THEN 'moved' ELSE 'changed' END, b.subject_kind, b.id, h.id, h.region_code,
       CASE b.subject_kind WHEN 'household' THEN 'families' ELSE 'members' END, b.row_no, coalesce(p.name, h.head_name),
       jsonb_agg(jsonb_build_object('field', b.field || coalesce('.' || k.key, ''), 'ours', k.ours, 'theirs', k.theirs, 'source', b.origin,
           'applies', CASE WHEN k.key IS NULL THEN b.wins OR b.fills ELSE b.wins OR k.ours IS NULL END) ORDER BY b.field, k.key)
FROM batch_fields b
CROSS JOIN LATERAL (
    SELECT NULL::text AS key, b.ours, b.theirs WHERE jsonb_typeof(b.theirs) <> 'object'
    UNION ALL
    SELECT t.key, b.ours -> t.key, t.value FROM jsonb_each(CASE WHEN jsonb_typeof(b.theirs) = 'object' THEN b.theirs ELSE '{}' END) t
    WHERE b.ours -> t.key IS DISTINCT FROM t.value AND t.key <> 'raw') k
LEFT JOIN individuals p ON b.subject_kind = 'individual' AND p.id = b.id
JOIN households h ON h.id = coalesce(p.household_id, b.id)
GROUP BY b.subject_kind, b.id, b.row_no, h.id, p.name, h.head_name, h.region_code ORDER BY b.row_no;
INSERT INTO import_seen SELECT known FROM batch_families WHERE known IS NOT NULL UNION ALL SELECT known FROM batch_members WHERE known IS NOT NULL;";

/// Records that the file speaks of: those whose row is as it was. Those that differ are added batch by batch.
const SEEN: &str = "
DROP TABLE IF EXISTS import_seen;
CREATE TEMP TABLE import_seen AS
SELECT s.subject_id FROM source_rows s JOIN import_families f ON f.row_hash = s.row_hash
WHERE s.source = '{source}' AND s.part = 'families' AND f.import_id = '{import}'
UNION ALL
SELECT s.subject_id FROM source_rows s JOIN import_members m ON m.row_hash = s.row_hash
WHERE s.source = '{source}' AND s.part = 'members' AND m.import_id = '{import}';
INSERT INTO import_seen
SELECT i.subject_id FROM import_families f JOIN identifiers i ON i.kind = '{key_kind}' AND i.value = coalesce(f.family_key, lpad(f.family_card::text, 16, '0'))
WHERE f.import_id = '{import}' AND f.rejected AND f.family_card IS NOT NULL;";

/// Families that the source spoke of before and does not now.
const MISSING_FAMILIES: &str = "
INSERT INTO import_diffs (import_id, kind, subject_kind, subject_id, household_id, region_code, name)
SELECT '{import}', 'missing', 'household', h.id, h.id, h.region_code, h.head_name
FROM (SELECT DISTINCT household_id FROM welfare_snapshots WHERE source = '{source}' AND period <= '{period}') w
JOIN households h ON h.id = w.household_id AND h.status = 'active'
LEFT JOIN (SELECT DISTINCT subject_id FROM import_seen) s ON s.subject_id = h.id
WHERE s.subject_id IS NULL AND {in_scope} ORDER BY h.region_code, h.id;";

/// People of families that the file has, whom the source spoke of before and does not now.
const MISSING_PEOPLE: &str = "
INSERT INTO import_diffs (import_id, kind, subject_kind, subject_id, household_id, region_code, name)
SELECT '{import}', 'missing', 'individual', p.id, h.id, h.region_code, p.name
FROM individuals p
JOIN households h ON h.id = p.household_id AND h.status = 'active'
JOIN (SELECT DISTINCT subject_id FROM import_seen) f ON f.subject_id = h.id
LEFT JOIN (SELECT DISTINCT subject_id FROM import_seen) s ON s.subject_id = p.id
WHERE p.source = '{source}' AND p.life_status = 'alive' AND p.merged_into IS NULL AND s.subject_id IS NULL AND {in_scope} ORDER BY h.region_code, p.id;";

/// Compares a staged import with the registry and keeps what differs. `parts` are the parts it has.
pub fn find(conn: &mut PgConnection, ctx: &ApplyContext, parts: &[&str]) -> Result<Value, Problem> {
    use crate::db::schema::households as h;
    forget(conn, ctx.import)?;
    let empty: bool = diesel::select(diesel::dsl::not(diesel::dsl::exists(h::table.select(h::id)))).get_result(conn)?;
    if empty {
        conn.batch_execute(&render(ALL_NEW, ctx, 0, 0))?;
        return counts(conn, ctx.import);
    }
    merge::prepare(conn, ctx)?;
    conn.transaction::<_, Problem, _>(|conn| {
        settings(conn)?;
        // Whole tables against each other: a loop within a loop is what a planner without statistics makes of it.
        conn.batch_execute("SET LOCAL enable_nestloop = off")?;
        conn.batch_execute(&render(SEEN, ctx, 0, 0))?;
        Ok(())
    })?;
    let bounds = merge::batches(conn)?;
    for (at, from) in bounds.iter().enumerate() {
        let to = bounds.get(at + 1).copied().unwrap_or(i64::MAX);
        conn.transaction::<_, Problem, _>(|conn| {
            settings(conn)?;
            merge::compare(conn, ctx, *from, to)?;
            conn.batch_execute(&render(BATCH, ctx, *from, to))?;
            Ok(())
        })?;
    }
    conn.transaction::<_, Problem, _>(|conn| {
        settings(conn)?;
        conn.batch_execute("SET LOCAL enable_nestloop = off; ANALYZE import_seen;")?;
        if parts.contains(&"families") {
            conn.batch_execute(&render(MISSING_FAMILIES, ctx, 0, 0))?;
        }
        if parts.contains(&"members") {
            conn.batch_execute(&render(MISSING_PEOPLE, ctx, 0, 0))?;
        }
        Ok(())
    })?;
    counts(conn, ctx.import)
}

/// Forgets what was found.
pub fn forget(conn: &mut PgConnection, import: Uuid) -> Result<(), Problem> {
    use crate::db::schema::import_diffs::dsl as d;
    diesel::delete(d::import_diffs.filter(d::import_id.eq(import))).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    subject_kind: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

pub fn counts(conn: &mut PgConnection, import: Uuid) -> Result<Value, Problem> {
    let rows: Vec<Counted> = diesel::sql_query(
        "SELECT kind, subject_kind, count(*) AS n FROM import_diffs WHERE import_id = $1 GROUP BY kind, subject_kind",
    )
    .bind::<SqlUuid, _>(import)
    .load(conn)?;
    let mut out = json!({});
    for kind in ["new", "changed", "moved", "missing"] {
        let of = |subject: &str| rows.iter().find(|r| r.kind == kind && r.subject_kind == subject).map_or(0, |r| r.n);
        out[kind] = json!({"households": of("household"), "individuals": of("individual"), "programs": of("program")});
    }
    Ok(out)
}

/// One difference as it is stored.
#[derive(Debug, QueryableByName)]
pub struct DiffRow {
    /// Number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Kind.
    #[diesel(sql_type = Text)]
    pub kind: ChangeKind,
    /// household or individual.
    #[diesel(sql_type = Text)]
    pub subject_kind: String,
    /// Record of the registry.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub subject_id: Option<Uuid>,
    /// Its household.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub household_id: Option<Uuid>,
    /// Kelurahan.
    #[diesel(sql_type = Text)]
    pub region_code: String,
    /// Part of the upload.
    #[diesel(sql_type = Nullable<Text>)]
    pub file: Option<ImportPart>,
    /// Row in the file.
    #[diesel(sql_type = Nullable<Integer>)]
    pub row_no: Option<i32>,
    /// Personal: name.
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    /// Personal: field by field.
    #[diesel(sql_type = Jsonb)]
    pub fields: Value,
}

/// A page of the differences of an import that has been found before.
pub fn list(
    r: &mut Reader<'_>,
    import: Uuid,
    filter: &ImportChangeQuery,
    after: Option<i64>,
    fetch: i64,
) -> Result<Vec<DiffRow>, Problem> {
    let mut sql = Sql::new(
        "SELECT id, kind, subject_kind, subject_id, household_id, region_code, file, row_no, name, fields FROM import_diffs WHERE import_id = ",
    )
    .bind::<SqlUuid, _>(import);
    sql = push_filter(visible_rows(sql, r.scope()), filter);
    if let Some(after) = after {
        sql = sql.push(" AND id > ").bind::<BigInt, _>(after);
    }
    Ok(sql.push(" ORDER BY id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many there are.
pub fn count(r: &mut Reader<'_>, import: Uuid, filter: &ImportChangeQuery) -> Result<i64, Problem> {
    let sql = Sql::new("SELECT count(*) AS count FROM import_diffs WHERE import_id = ").bind::<SqlUuid, _>(import);
    let sql = visible_rows(sql, r.scope());
    Ok(push_filter(sql, filter).row::<crate::db::sql::Count>(r.conn())?.count)
}

/// Of an uploader's own import, what lies in his area still.
fn visible_rows(sql: Sql, scope: &Scope) -> Sql {
    if scope.city {
        return sql;
    }
    let sql = sql.push(
        " AND (household_id IS NULL OR EXISTS (SELECT FROM households h WHERE h.id = import_diffs.household_id AND ",
    );
    scope.push_area(sql, "h").push("))")
}

fn push_filter(mut sql: Sql, filter: &ImportChangeQuery) -> Sql {
    if let Some(kind) = filter.kind {
        sql = sql.push(" AND kind = ").bind::<Text, _>(kind);
    }
    if let Some(subject) = filter.subject_kind {
        sql = sql.push(" AND subject_kind = ").bind::<Text, _>(subject);
    }
    if let Some(region) = &filter.region {
        sql = sql.push(" AND (region_code = ").bind::<Text, _>(region.clone());
        sql = sql.push(" OR starts_with(region_code, ").bind::<Text, _>(format!("{region}.")).push("))");
    }
    sql
}
