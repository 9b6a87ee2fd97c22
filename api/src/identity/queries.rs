//! Keys of people, who shares them, and the pairs that come of it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid,
};
use satupintu_linkage::{Judged, Key, Row};
use serde_json::Value;
use uuid::Uuid;

use super::rules;
use crate::access::{Reader, Writer};
use crate::db::sql::{Count, Sql};
use crate::kernel::problem::Problem;

/// A person as he is compared: nothing but who he is and where he lives.
#[derive(Debug, Clone, Default, QueryableByName)]
pub struct PersonRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub sex: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub birth_date: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    pub birth_date_precision: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub nik: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub nik_status: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mother_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub family_card_number: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub district_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub street: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rw: Option<String>,
}

impl PersonRow {
    /// As the engine reads him; `born` is [`rules::born`] of his birth date.
    pub fn row<'a>(&'a self, id: &'a str, born: &'a str) -> Row<'a> {
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or_default();
        Row {
            id,
            nik: text(&self.nik),
            no_kk: text(&self.family_card_number),
            name: &self.name,
            sex: text(&self.sex),
            born,
            address: text(&self.street),
            rt: text(&self.rt),
            rw: text(&self.rw),
            kel: &self.region_code,
            kec: &self.district_code,
            mother: text(&self.mother_name),
            ..Row::default()
        }
    }
}

const PERSON: &str = "i.id, i.name, i.sex, i.birth_date, i.birth_date_precision, i.nik, i.nik_status, i.mother_name, h.family_card_number,
    h.region_code, h.district_code, d.street, d.rt, d.rw";

/// These people, by id; proof is the transaction that wrote them.
pub fn people(w: &mut Writer<'_>, ids: &[Uuid]) -> Result<Vec<PersonRow>, Problem> {
    let sql = Sql::new(&format!(
        "SELECT {PERSON} FROM individuals i JOIN households h ON h.id = i.household_id
         LEFT JOIN household_details d ON d.household_id = h.id WHERE i.life_status IN ('alive', 'moved') AND i.id = ANY("
    ));
    Ok(sql.bind::<Array<PgUuid>, _>(ids.to_vec()).push(") ORDER BY i.id").rows(w.conn())?)
}

/// Household of a person this transaction has written.
pub fn household_of(w: &mut Writer<'_>, person: Uuid) -> Result<Uuid, Problem> {
    let sql = Sql::new("SELECT household_id AS id FROM individuals WHERE id = ").bind::<PgUuid, _>(person);
    Ok(sql.row::<IdRow>(w.conn())?.id)
}

/// Somebody who shares a key with the one who is asked about.
#[derive(Debug, Clone, QueryableByName)]
pub struct Near {
    #[diesel(embed)]
    pub person: PersonRow,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub life_status: String,
    /// Whether the caller's area holds him.
    #[diesel(sql_type = Bool)]
    pub visible: bool,
    /// What has been said of the pair, if it is known.
    #[diesel(sql_type = Nullable<Text>)]
    pub said: Option<String>,
}

/// Whom to look for.
#[derive(Debug)]
pub struct Wanted<'a> {
    pub keys: &'a [Key],
    pub nik: Option<&'a str>,
    /// Stands in the registry himself.
    pub id: Option<Uuid>,
    pub household: Option<Uuid>,
}

/// Who shares a key that few bear, the NIK, or the household. A key that many bear says nothing and is passed over,
/// wherever they live, as the search for duplicates does.
pub fn near(r: &mut Reader<'_>, wanted: &Wanted<'_>) -> Result<Vec<Near>, Problem> {
    let sql = Sql::new(
        "WITH near AS MATERIALIZED (
             SELECT unnest(g.ids) AS id FROM unnest(",
    )
    .bind::<Array<Integer>, _>(wanted.keys.iter().map(|key| key.key).collect::<Vec<_>>())
    .push(", ")
    .bind::<Array<Integer>, _>(wanted.keys.iter().map(|key| key.most).collect::<Vec<_>>())
    .push(
        ") k (key, most) CROSS JOIN LATERAL (SELECT array_agg(s.individual_id) AS ids FROM (
                 SELECT x.individual_id FROM individual_keys x WHERE x.keys @> ARRAY[k.key] LIMIT k.most + 1) s) g
             WHERE cardinality(g.ids) <= k.most
             UNION (SELECT subject_id FROM identifiers WHERE subject_kind = 'individual' AND kind = 'nik' AND valid_to IS NULL AND value = ",
    )
    .bind::<Nullable<Text>, _>(wanted.nik.map(str::to_owned))
    .push(" LIMIT 13) UNION (SELECT id FROM individuals WHERE household_id = ")
    .bind::<Nullable<PgUuid>, _>(wanted.household)
    .push(" LIMIT 200) UNION SELECT CASE WHEN a_id = ")
    .bind::<Nullable<PgUuid>, _>(wanted.id)
    .push(" THEN b_id ELSE a_id END FROM duplicate_candidates WHERE status = 'open' AND (a_id = ")
    .bind::<Nullable<PgUuid>, _>(wanted.id)
    .push(" OR b_id = ")
    .bind::<Nullable<PgUuid>, _>(wanted.id)
    .push(&format!(")) SELECT {PERSON}, i.household_id, i.life_status, c.status AS said, "));
    let sql = r.scope().push_area(sql, "h").push(
        " AS visible FROM near n JOIN individuals i ON i.id = n.id JOIN households h ON h.id = i.household_id
         LEFT JOIN household_details d ON d.household_id = h.id LEFT JOIN duplicate_candidates c ON c.a_id = least(i.id, ",
    );
    let sql = sql.bind::<Nullable<PgUuid>, _>(wanted.id).push(") AND c.b_id = greatest(i.id, ");
    let sql = sql
        .bind::<Nullable<PgUuid>, _>(wanted.id)
        .push(") WHERE i.life_status IN ('alive', 'moved') AND i.id IS DISTINCT FROM ");
    Ok(sql.bind::<Nullable<PgUuid>, _>(wanted.id).push(" ORDER BY i.id").rows(r.conn())?)
}

/// Keys of people to be kept.
#[derive(Debug, Default)]
pub struct Keys {
    pub ids: Vec<Uuid>,
    /// Each person's, as an array literal: arrays of unequal length are no array.
    pub keys: Vec<String>,
    pub digests: Vec<i64>,
}

impl Keys {
    /// Adds a person. Digest 0: to be compared again by the chore.
    pub fn push(&mut self, id: Uuid, keys: &[Key], digest: i64) {
        let list: Vec<String> = keys.iter().map(|key| key.key.to_string()).collect();
        self.ids.push(id);
        self.keys.push(format!("{{{}}}", list.join(",")));
        self.digests.push(digest);
    }
}

/// Keeps keys.
pub fn keep(w: &mut Writer<'_>, keys: Keys) -> Result<(), Problem> {
    if keys.ids.is_empty() {
        return Ok(());
    }
    Sql::new("INSERT INTO individual_keys (individual_id, keys, digest) SELECT u.id, u.keys::integer[], u.digest FROM unnest(")
        .bind::<Array<PgUuid>, _>(keys.ids)
        .push(", ")
        .bind::<Array<Text>, _>(keys.keys)
        .push(", ")
        .bind::<Array<BigInt>, _>(keys.digests)
        .push(") u (id, keys, digest) ON CONFLICT (individual_id) DO UPDATE SET keys = excluded.keys, digest = excluded.digest")
        .execute(w.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
}

/// The newest run that has left weights.
pub fn newest_run(r: &mut Reader<'_>) -> Result<Option<Uuid>, Problem> {
    let sql = Sql::new("SELECT id FROM duplicate_runs WHERE model IS NOT NULL ORDER BY id DESC LIMIT 1");
    Ok(sql.row::<IdRow>(r.conn()).optional()?.map(|run| run.id))
}

#[derive(QueryableByName)]
struct ModelRow {
    #[diesel(sql_type = Nullable<Jsonb>)]
    model: Option<Value>,
}

/// What a run has left.
pub fn model(r: &mut Reader<'_>, run: Uuid) -> Result<Option<Value>, Problem> {
    let sql = Sql::new("SELECT model FROM duplicate_runs WHERE id = ").bind::<PgUuid, _>(run);
    Ok(sql.row::<ModelRow>(r.conn()).optional()?.and_then(|row| row.model))
}

/// Pairs to be stored, column by column.
#[derive(Debug, Default)]
pub struct Found {
    pub ids: Vec<Uuid>,
    pub kinds: Vec<&'static str>,
    pub a: Vec<Uuid>,
    pub b: Vec<Uuid>,
    pub scores: Vec<f64>,
    pub comparisons: Vec<Value>,
    pub clusters: Vec<Option<Uuid>>,
    pub sizes: Vec<i32>,
}

/// Stores pairs: new ones are open, known ones keep what was said of them, and one that had gone is open again.
/// `entered_by` is who entered the newer record, where that is how it was found. Tells how many are new.
pub fn store(w: &mut Writer<'_>, run: Option<Uuid>, entered_by: Option<Uuid>, found: Found) -> Result<i64, Problem> {
    let sql = Sql::new(
        "WITH stored AS (INSERT INTO duplicate_candidates AS c (id, kind, a_id, b_id, score, comparison, cluster_id, cluster_size, run_id, entered_by)
         SELECT u.*, ",
    )
    .bind::<Nullable<PgUuid>, _>(run)
    .push(", ")
    .bind::<Nullable<PgUuid>, _>(entered_by)
    .push(" FROM unnest(")
    .bind::<Array<PgUuid>, _>(found.ids)
    .push(", ")
    .bind::<Array<Text>, _>(found.kinds)
    .push(", ")
    .bind::<Array<PgUuid>, _>(found.a)
    .push(", ")
    .bind::<Array<PgUuid>, _>(found.b)
    .push(", ")
    .bind::<Array<Double>, _>(found.scores)
    .push(", ")
    .bind::<Array<Jsonb>, _>(found.comparisons)
    .push(", ")
    .bind::<Array<Nullable<PgUuid>>, _>(found.clusters)
    .push(", ")
    .bind::<Array<Integer>, _>(found.sizes)
    .push(
        ") u ON CONFLICT (a_id, b_id) DO UPDATE SET kind = excluded.kind, score = excluded.score, comparison = excluded.comparison,
            cluster_id = coalesce(excluded.cluster_id, c.cluster_id), cluster_size = excluded.cluster_size,
            run_id = coalesce(excluded.run_id, c.run_id),
            -- Found by a run as well: no longer only by who entered it.
            entered_by = CASE WHEN excluded.run_id IS NULL THEN c.entered_by END,
            version = c.version + (c.status = 'gone' OR c.score <> excluded.score)::int,
            updated_at = CASE WHEN c.status = 'gone' OR c.score <> excluded.score THEN now() ELSE c.updated_at END,
            status = CASE WHEN c.status = 'gone' THEN 'open' ELSE c.status END
         RETURNING (xmax = 0) AS new)
         SELECT count(*) FILTER (WHERE new) AS count FROM stored",
    );
    Ok(sql.row::<Count>(w.conn())?.count)
}

impl Found {
    /// Adds a pair; `group` is the smallest id of its group of rows and their number.
    pub fn push(&mut self, kind: &'static str, pair: (Uuid, Uuid), judged: &Judged, group: Option<(Uuid, usize)>) {
        self.ids.push(Uuid::now_v7());
        self.kinds.push(kind);
        self.a.push(pair.0.min(pair.1));
        self.b.push(pair.0.max(pair.1));
        self.scores.push(rules::rounded(judged.probability));
        self.comparisons.push(serde_json::to_value(&judged.fields).unwrap_or_default());
        self.clusters.push(group.map(|(lead, _)| lead));
        self.sizes.push(group.map_or(2, |(_, size)| i32::try_from(size).unwrap_or(i32::MAX)));
    }
}

/// Of pairs just stored, those that somebody found to be two: never asked again. Tells their ids and those of the pairs.
pub fn set_distinct(
    w: &mut Writer<'_>,
    person: Uuid,
    others: &[Uuid],
    reason: &str,
) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    #[derive(QueryableByName)]
    struct Said {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
        #[diesel(sql_type = PgUuid)]
        other: Uuid,
    }
    let (actor, now): (Uuid, DateTime<Utc>) = (w.scope().actor, w.now());
    let sql = Sql::new("UPDATE duplicate_candidates SET status = 'distinct', later_until = NULL, reason = ")
        .bind::<Text, _>(reason.to_owned())
        .push(", decided_by = ")
        .bind::<PgUuid, _>(actor)
        .push(", decided_at = ")
        .bind::<Timestamptz, _>(now)
        .push(", version = version + 1, updated_at = ")
        .bind::<Timestamptz, _>(now)
        .push(" WHERE status = 'open' AND ((a_id = ")
        .bind::<PgUuid, _>(person)
        .push(" AND b_id = ANY(")
        .bind::<Array<PgUuid>, _>(others.to_vec())
        .push(")) OR (b_id = ")
        .bind::<PgUuid, _>(person)
        .push(" AND a_id = ANY(")
        .bind::<Array<PgUuid>, _>(others.to_vec())
        .push("))) RETURNING id, CASE WHEN a_id = ")
        .bind::<PgUuid, _>(person)
        .push(" THEN b_id ELSE a_id END AS other");
    Ok(sql.rows::<Said>(w.conn())?.into_iter().map(|said| (said.id, said.other)).collect())
}
