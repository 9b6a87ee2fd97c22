//! Who said what a merged record's fields hold: it follows the value, and comes back with it.
//!
//! The registry's triggers take whatever a merge writes for a person's word. So what stood in `field_origins` before is
//! kept with the merge, the origin of a value that was taken over goes with the value, and undoing puts back what nobody
//! has said anew since.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Text, Uuid as PgUuid};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::moves::Two;
use crate::access::Writer;
use crate::duplicates::merge_model::MergeField;
use crate::kernel::problem::Problem;

/// Name among the moves of a merge.
pub const KIND: &str = "field_origins";

/// Origins of one record, field by field.
#[derive(Debug, QueryableByName)]
pub struct Origins {
    #[diesel(sql_type = PgUuid)]
    subject: Uuid,
    #[diesel(sql_type = Jsonb)]
    origins: Value,
}

const OF: &str = "SELECT s.id AS subject, coalesce(jsonb_object_agg(o.field, jsonb_build_object('source', o.source, 'period', o.period, 'at', o.at))
        FILTER (WHERE o.field IS NOT NULL), '{}') AS origins
    FROM unnest($1) s (id) LEFT JOIN field_origins o ON o.subject_id = s.id GROUP BY s.id ORDER BY s.id";

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
}

fn of(w: &mut Writer<'_>, subjects: Vec<Uuid>) -> Result<Vec<Origins>, Problem> {
    Ok(diesel::sql_query(OF).bind::<Array<PgUuid>, _>(subjects).load(w.conn())?)
}

/// What stands of the two before they are merged, and where they are households, of whoever moves.
pub fn before(w: &mut Writer<'_>, two: &Two) -> Result<Vec<Origins>, Problem> {
    let mut subjects = vec![two.survivor, two.merged];
    if two.survivor == two.home {
        let members: Vec<IdRow> = diesel::sql_query("SELECT id FROM individuals WHERE household_id = $1")
            .bind::<PgUuid, _>(two.merged)
            .load(w.conn())?;
        subjects.extend(members.into_iter().map(|row| row.id));
    }
    of(w, subjects)
}

/// Lets the origins follow the values, and keeps with the merge what stood before and stands now.
pub fn follow(w: &mut Writer<'_>, two: &Two, before: Vec<Origins>, take: &[MergeField]) -> Result<(), Problem> {
    let table = if two.survivor == two.home { "households" } else { "individuals" };
    for (field, whole) in [("marital_status", true), ("decile", true), ("facts", take.contains(&MergeField::Facts))] {
        if !changed(w, two, field)? {
            continue;
        }
        let from = if whole { two.merged } else { two.survivor };
        let earlier = before.iter().find(|one| one.subject == from).and_then(|one| one.origins.get(field));
        put_one(w, two.survivor, field, earlier.cloned())?;
        if earlier.is_none() && whole {
            // The merged record's own source said it, which the survivor's need not be.
            diesel::sql_query(format!(
                "INSERT INTO field_origins (subject_id, field, source, period)
                 SELECT $1, $3, m.source, to_char(m.created_at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM') FROM {table} m, {table} s
                 WHERE m.id = $2 AND s.id = $1 AND m.source <> s.source"
            ))
            .bind::<PgUuid, _>(two.survivor)
            .bind::<PgUuid, _>(two.merged)
            .bind::<Text, _>(field)
            .execute(w.conn())?;
        }
    }
    let after = of(w, before.iter().map(|one| one.subject).collect())?;
    for (was, is) in before.iter().zip(after) {
        diesel::sql_query(
            "INSERT INTO duplicate_moves (merge_id, seq, kind, row_id, before, after)
             SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5 FROM duplicate_moves WHERE merge_id = $1",
        )
        .bind::<PgUuid, _>(two.merge)
        .bind::<Text, _>(KIND)
        .bind::<PgUuid, _>(was.subject)
        .bind::<Jsonb, _>(&was.origins)
        .bind::<Jsonb, _>(is.origins)
        .execute(w.conn())?;
    }
    Ok(())
}

/// Whether the merge has written another value of the survivor's.
fn changed(w: &mut Writer<'_>, two: &Two, field: &str) -> Result<bool, Problem> {
    let rows = diesel::sql_query(
        "SELECT 1 FROM duplicate_moves WHERE merge_id = $1 AND row_id = $2 AND before->$3 IS DISTINCT FROM after->$3 LIMIT 1",
    )
    .bind::<PgUuid, _>(two.merge)
    .bind::<PgUuid, _>(two.survivor)
    .bind::<Text, _>(field)
    .execute(w.conn())?;
    Ok(rows > 0)
}

fn put_one(w: &mut Writer<'_>, subject: Uuid, field: &str, origin: Option<Value>) -> Result<(), Problem> {
    let mut one = Map::new();
    one.extend(origin.map(|origin| (field.to_owned(), origin)));
    put(w, subject, Some(field), Value::Object(one))
}

/// Puts origins in place of those of one field, or of all.
fn put(w: &mut Writer<'_>, subject: Uuid, field: Option<&str>, origins: Value) -> Result<(), Problem> {
    diesel::sql_query("DELETE FROM field_origins WHERE subject_id = $1 AND ($2 OR field = $3)")
        .bind::<PgUuid, _>(subject)
        .bind::<Bool, _>(field.is_none())
        .bind::<Text, _>(field.unwrap_or_default())
        .execute(w.conn())?;
    diesel::sql_query(
        "INSERT INTO field_origins (subject_id, field, source, period, at)
         SELECT $1, o.key, o.value->>'source', o.value->>'period', (o.value->>'at')::timestamptz FROM jsonb_each($2) o",
    )
    .bind::<PgUuid, _>(subject)
    .bind::<Jsonb, _>(origins)
    .execute(w.conn())?;
    Ok(())
}

/// Origins of a record that a merge kept, and as they are.
#[derive(Debug, QueryableByName)]
pub struct Kept {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = PgUuid)]
    subject: Uuid,
    #[diesel(sql_type = Jsonb)]
    before: Value,
    #[diesel(sql_type = Jsonb)]
    after: Value,
}

/// What is to stand when the merge is undone; asked before anything is given back.
pub fn present(w: &mut Writer<'_>, merge: Uuid) -> Result<Vec<(Uuid, Value)>, Problem> {
    let kept: Vec<Kept> = diesel::sql_query(
        "SELECT seq::bigint AS seq, row_id AS subject, before, after FROM duplicate_moves WHERE merge_id = $1 AND kind = $2 ORDER BY seq",
    )
    .bind::<PgUuid, _>(merge)
    .bind::<Text, _>(KIND)
    .load(w.conn())?;
    debug_assert!(kept.is_sorted_by_key(|one| one.seq));
    let now = of(w, kept.iter().map(|one| one.subject).collect())?;
    let target = |kept: &Kept| {
        let is = now.iter().find(|one| one.subject == kept.subject).map_or(&Value::Null, |one| &one.origins);
        let all = [&kept.before, &kept.after, is].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
        let value = |field: &String| {
            let unsaid = is.get(field) == kept.after.get(field);
            if unsaid { kept.before.get(field) } else { is.get(field) }.cloned()
        };
        let fields: Map<String, Value> = all.filter_map(|field| Some((field.clone(), value(field)?))).collect();
        (kept.subject, Value::Object(fields))
    };
    Ok(kept.iter().map(target).collect())
}

/// Puts them so, after everything has been given back.
pub fn give_back(w: &mut Writer<'_>, origins: Vec<(Uuid, Value)>) -> Result<(), Problem> {
    for (subject, origins) in origins {
        put(w, subject, None, origins)?;
    }
    Ok(())
}
