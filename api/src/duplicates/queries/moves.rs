//! Moving rows from one record to another, and back.
//!
//! Every row that a merge touches stands in `duplicate_moves` with the columns it changed, before and after. Undoing
//! gives each column back that still holds what the merge put there; what somebody has changed since stays.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Text, Uuid as PgUuid};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::access::Writer;
use crate::duplicates::merge_model::KeptChange;
use crate::kernel::problem::Problem;

/// The two records of a merge, locked.
#[derive(Debug, Clone, Copy)]
pub struct Two {
    pub merge: Uuid,
    pub survivor: Uuid,
    pub merged: Uuid,
    /// Households of the two; of households themselves, the same ids.
    pub home: Uuid,
    pub merged_home: Uuid,
}

/// Rows to move: `$2` is the survivor, `$3` the merged record, `$4` and `$5` their households, `$6` a reason, `$7` who.
pub struct Step<'a> {
    pub table: &'a str,
    /// Columns that change.
    pub columns: &'a [&'a str],
    /// Their new values.
    pub set: &'a str,
    pub which: &'a str,
    /// Whether the table counts versions.
    pub versioned: bool,
}

/// Takes one step and notes every row of it; how many they were.
pub fn take(w: &mut Writer<'_>, two: &Two, step: &Step<'_>, reason: Option<&str>) -> Result<usize, Problem> {
    let Step { table, columns, set, which, versioned } = step;
    let pairs = |row: &str| columns.iter().map(|c| format!("'{c}', {row}.{c}")).collect::<Vec<_>>().join(", ");
    let version = if *versioned { ", version = t.version + 1, updated_at = now()" } else { "" };
    let text = format!(
        "WITH old AS MATERIALIZED (SELECT * FROM {table} t WHERE {which} FOR UPDATE),
         new AS (UPDATE {table} t SET {set}{version} FROM old WHERE t.id = old.id RETURNING t.id, jsonb_build_object({}) AS after, jsonb_build_object({}) AS before)
         INSERT INTO duplicate_moves (merge_id, seq, kind, row_id, before, after)
         SELECT $1, (SELECT coalesce(max(seq), 0) FROM duplicate_moves WHERE merge_id = $1) + (row_number() OVER (ORDER BY id))::int, '{table}', id, before, after FROM new",
        pairs("t"),
        pairs("old")
    );
    let actor = w.scope().actor;
    Ok(diesel::sql_query(text)
        .bind::<PgUuid, _>(two.merge)
        .bind::<PgUuid, _>(two.survivor)
        .bind::<PgUuid, _>(two.merged)
        .bind::<PgUuid, _>(two.home)
        .bind::<PgUuid, _>(two.merged_home)
        .bind::<Nullable<Text>, _>(reason)
        .bind::<PgUuid, _>(actor)
        .execute(w.conn())?)
}

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Integer)]
    seq: i32,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = PgUuid)]
    row_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    before: Value,
    #[diesel(sql_type = Jsonb)]
    after: Value,
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Jsonb)]
    now: Value,
}

/// Tables without a version of their own.
const UNVERSIONED: &[&str] = &[
    "awards",
    "allocation_lines",
    "allocation_left_out",
    "claims",
    "identifiers",
    "memberships",
    "restricted_facts",
    "evidence",
    "accounts",
    "assignments",
    "legal_holds",
    "reported_benefits",
    "break_glass",
];
/// Kinds of which an undoing does not tell what stayed: their very existence is restricted.
const SILENT: &[&str] = &["restricted_facts", "claims", "allocation_lines", "allocation_left_out"];

/// Gives every row of a merge back, the last one first; what had been changed since.
pub fn give_back(w: &mut Writer<'_>, merge: Uuid) -> Result<Vec<KeptChange>, Problem> {
    let rows: Vec<Moved> = diesel::sql_query(
        "SELECT seq, kind, row_id, before, after FROM duplicate_moves WHERE merge_id = $1 AND kind <> $2 ORDER BY seq DESC",
    )
    .bind::<PgUuid, _>(merge)
    .bind::<Text, _>(super::origins::KIND)
    .load(w.conn())?;
    let mut kept: Vec<KeptChange> = Vec::new();
    for row in rows {
        let left = give_back_one(w, &row)?;
        if let Some(fields) = left.filter(|fields| !fields.is_empty() && !SILENT.contains(&row.kind.as_str())) {
            debug_assert!(row.seq > 0);
            kept.push(KeptChange { kind: row.kind, id: row.row_id, fields });
        }
    }
    kept.sort_by(|a, b| (&a.kind, a.id).cmp(&(&b.kind, b.id)));
    Ok(kept)
}

/// The fields that were left; `None` where the row is restricted or gone.
fn give_back_one(w: &mut Writer<'_>, row: &Moved) -> Result<Option<Vec<String>>, Problem> {
    let table = row.kind.as_str();
    let now: Option<Now> =
        diesel::sql_query(format!("SELECT to_jsonb(t) AS now FROM {table} t WHERE id = $1 FOR UPDATE"))
            .bind::<PgUuid, _>(row.row_id)
            .get_result(w.conn())
            .optional()?;
    let (Some(now), Value::Object(before), Value::Object(after)) = (now, &row.before, &row.after) else {
        return Ok(None);
    };
    let unchanged = |column: &&String| now.now.get(column.as_str()) == after.get(column.as_str());
    let (back, left): (Vec<&String>, Vec<&String>) = before.keys().partition(unchanged);
    let back: Vec<&String> = back.into_iter().filter(|c| before.get(*c) != after.get(*c)).collect();
    if !back.is_empty() {
        let set: Vec<String> = back.iter().map(|c| format!("{c} = r.{c}")).collect();
        let version = if UNVERSIONED.contains(&table) { "" } else { ", version = t.version + 1, updated_at = now()" };
        let values: Map<String, Value> =
            back.iter().filter_map(|c| Some(((*c).clone(), before.get(*c)?.clone()))).collect();
        diesel::sql_query(format!(
            "UPDATE {table} t SET {}{version} FROM jsonb_populate_record(NULL::{table}, $2) r WHERE t.id = $1",
            set.join(", ")
        ))
        .bind::<PgUuid, _>(row.row_id)
        .bind::<Jsonb, _>(Value::Object(values))
        .execute(w.conn())?;
    }
    let restricted = now.now.get("sensitivity").is_some_and(|label| label == "restricted");
    Ok((!restricted).then(|| left.into_iter().cloned().collect()))
}

/// The two records as they are, locked after their households and in the order of their ids, so that two merges never
/// wait for each other.
#[derive(Debug, Clone, QueryableByName)]
pub struct Record {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub merged_into: Option<Uuid>,
}

/// Locks two people and their households.
pub fn lock_people(w: &mut Writer<'_>, a: Uuid, b: Uuid) -> Result<Vec<Record>, Problem> {
    diesel::sql_query("SELECT id FROM households WHERE id IN (SELECT household_id FROM individuals WHERE id IN ($1, $2)) ORDER BY id FOR UPDATE")
        .bind::<PgUuid, _>(a)
        .bind::<PgUuid, _>(b)
        .execute(w.conn())?;
    Ok(diesel::sql_query(
        "SELECT id, household_id, life_status AS status, merged_into FROM individuals WHERE id IN ($1, $2) ORDER BY id FOR UPDATE",
    )
    .bind::<PgUuid, _>(a)
    .bind::<PgUuid, _>(b)
    .load(w.conn())?)
}

/// Locks two households.
pub fn lock_households(w: &mut Writer<'_>, a: Uuid, b: Uuid) -> Result<Vec<Record>, Problem> {
    Ok(diesel::sql_query(
        "SELECT id, id AS household_id, status, merged_into FROM households WHERE id IN ($1, $2) ORDER BY id FOR UPDATE",
    )
    .bind::<PgUuid, _>(a)
    .bind::<PgUuid, _>(b)
    .load(w.conn())?)
}

/// What was found distinct from the merged record is distinct from the survivor too.
pub fn pass_on_distinct(w: &mut Writer<'_>, two: &Two) -> Result<(), Problem> {
    diesel::sql_query(
        "WITH others AS (SELECT CASE WHEN a_id = $3 THEN b_id ELSE a_id END AS other, kind, score, reason, decided_by, decided_at
             FROM duplicate_candidates WHERE $3 IN (a_id, b_id) AND $2 NOT IN (a_id, b_id) AND status = 'distinct'),
         stored AS (INSERT INTO duplicate_candidates AS c (id, kind, a_id, b_id, score, status, reason, decided_by, decided_at)
             SELECT gen_random_uuid(), kind, least(other, $2), greatest(other, $2), score, 'distinct', reason, decided_by, decided_at FROM others
             ON CONFLICT (a_id, b_id) DO UPDATE SET status = 'distinct', reason = excluded.reason, decided_by = excluded.decided_by,
                 decided_at = excluded.decided_at, later_until = NULL, version = c.version + 1, updated_at = now()
                 WHERE c.status IN ('open', 'later', 'gone') RETURNING c.id)
         INSERT INTO duplicate_moves (merge_id, seq, kind, row_id, before, after)
         SELECT $1, (SELECT coalesce(max(seq), 0) FROM duplicate_moves WHERE merge_id = $1) + (row_number() OVER (ORDER BY id))::int,
             'duplicate_candidates', id, '{\"status\": \"gone\"}', '{\"status\": \"distinct\"}' FROM stored",
    )
    .bind::<PgUuid, _>(two.merge)
    .bind::<PgUuid, _>(two.survivor)
    .bind::<PgUuid, _>(two.merged)
    .execute(w.conn())?;
    Ok(())
}

/// State of a record for the audit trail.
pub fn state(w: &mut Writer<'_>, table: &'static str, id: Uuid) -> Result<Value, Problem> {
    let row: Now = diesel::sql_query(format!("SELECT to_jsonb(t) AS now FROM {table} t WHERE id = $1"))
        .bind::<PgUuid, _>(id)
        .get_result(w.conn())?;
    Ok(row.now)
}
