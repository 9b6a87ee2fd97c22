//! SQL of the quality of the registry. The fields and what is asked of each stand in two tables, for counting and for
//! looking up alike.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{
    QualityCount, QualityCountQuery, QualityField, QualityFinding, QualityGroup, QualityRecord, QualityRecordQuery,
};
use crate::access::{Reader, Writer};
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::problem::Problem;

/// A count as it is added up.
#[derive(Debug, QueryableByName)]
pub struct CountRow {
    /// Field, source or region.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// Whose field.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_kind: Option<String>,
    /// Values there should be.
    #[diesel(sql_type = BigInt)]
    pub records: i64,
    /// Of them, those that are there.
    #[diesel(sql_type = BigInt)]
    pub filled: i64,
    /// Of them, stale.
    #[diesel(sql_type = BigInt)]
    pub stale: i64,
    /// Of them, in conflict.
    #[diesel(sql_type = BigInt)]
    pub conflicts: i64,
    /// Oldest count.
    #[diesel(sql_type = Timestamptz)]
    pub computed_at: DateTime<Utc>,
}

impl From<CountRow> for QualityCount {
    fn from(row: CountRow) -> Self {
        Self {
            key: row.key,
            subject_kind: row.subject_kind,
            records: row.records,
            filled: row.filled,
            stale: row.stale,
            conflicts: row.conflicts,
            computed_at: row.computed_at,
        }
    }
}

/// A record as it is found.
#[derive(Debug, QueryableByName)]
pub struct RecordRow {
    /// household or individual.
    #[diesel(sql_type = Text)]
    pub subject_kind: String,
    /// Record.
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    /// Its household.
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    /// Kelurahan.
    #[diesel(sql_type = Text)]
    pub region_code: String,
    /// Personal: name.
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    /// Source.
    #[diesel(sql_type = Text)]
    pub source: String,
    /// Newest month.
    #[diesel(sql_type = Nullable<Text>)]
    pub confirmed: Option<String>,
    /// What the sources say.
    #[diesel(sql_type = Jsonb)]
    pub said: Value,
}

impl From<RecordRow> for QualityRecord {
    fn from(row: RecordRow) -> Self {
        Self {
            subject_kind: row.subject_kind,
            id: row.id,
            household_id: row.household_id,
            region_code: row.region_code,
            name: row.name,
            source: row.source,
            confirmed: row.confirmed,
            said: serde_json::from_value(row.said).unwrap_or_default(),
        }
    }
}

/// Fields of households: name, whether it is filled, whether sources disagree. Over `h`, its details `d`, and `said`: what
/// the latest statement of each source holds.
const OF_HOUSEHOLDS: &[(&str, &str, &str)] = &[
    ("family_card", "h.family_card_number IS NOT NULL", "false"),
    ("decile", "h.decile IS NOT NULL", "said.deciles > 1"),
    ("street", "d.street IS NOT NULL", "false"),
    ("neighbourhood", "d.rt IS NOT NULL AND d.rw IS NOT NULL", "false"),
    ("coordinates", "d.lat IS NOT NULL AND d.lng IS NOT NULL", "false"),
    ("members", "h.members_complete", "false"),
    ("floor", "d.housing ? 'floor'", "said.floors > 1"),
    ("wall", "d.housing ? 'wall'", "said.walls > 1"),
    ("water", "d.housing ? 'water'", "said.waters > 1"),
    ("toilet", "d.housing ? 'toilet'", "said.toilets > 1"),
    ("house_status", "d.housing ? 'house_status'", "said.house_statuses > 1"),
];

/// Fields of people, over `i`.
const OF_PEOPLE: &[(&str, &str, &str)] = &[
    (
        "nik",
        "i.nik IS NOT NULL",
        "i.nik IS NOT NULL AND EXISTS (SELECT FROM identifiers k JOIN individuals o ON o.id = k.subject_id AND o.merged_into IS NULL
            WHERE k.kind = 'nik' AND k.value = i.nik AND k.valid_to IS NULL AND k.subject_id <> i.id)",
    ),
    ("birth_date", "i.birth_date IS NOT NULL AND i.birth_date_precision = 'day'", "false"),
    ("sex", "i.sex IS NOT NULL", "false"),
    ("mother_name", "i.mother_name IS NOT NULL", "false"),
    ("phone", "i.phone IS NOT NULL", "false"),
    ("relation", "i.relation IS NOT NULL", "false"),
    ("marital_status", "i.marital_status IS NOT NULL", "false"),
    ("school_participation", "i.facts ? 'school_participation'", "false"),
    ("working", "i.facts ? 'working'", "false"),
];

/// What the latest statement of each source holds of a household.
const SAID: &str = "
LEFT JOIN LATERAL (
    SELECT max(period) AS confirmed, count(DISTINCT decile_national) AS deciles, count(DISTINCT facts ->> 'floor') AS floors,
           count(DISTINCT facts ->> 'wall') AS walls, count(DISTINCT facts ->> 'water') AS waters, count(DISTINCT facts ->> 'toilet') AS toilets,
           count(DISTINCT facts ->> 'house_status') AS house_statuses
    FROM (SELECT DISTINCT ON (w.source) w.period, w.decile_national, w.facts FROM welfare_snapshots w WHERE w.household_id = h.id
          ORDER BY w.source, w.period DESC) latest) said ON true";

/// Nobody confirmed it for twelve months: no source spoke of such a month, and no person changed a field since.
const STALE: &str = "greatest(coalesce(said.confirmed, to_char(h.updated_at, 'YYYY-MM')),
    (SELECT max(o.period) FROM field_origins o WHERE o.subject_id = h.id)) < to_char(now() - interval '12 months', 'YYYY-MM')";

fn table(fields: &[(&str, &str, &str)]) -> String {
    let rows: Vec<String> =
        fields.iter().map(|(field, filled, conflict)| format!("('{field}', {filled}, {conflict})")).collect();
    rows.join(", ")
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = Text)]
    district_code: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Counts the kecamatan that has waited longest: never counted, or changed since an hour ago, or not for a day. Answers
/// how many it was: one or none.
pub fn count_next(w: &mut Writer<'_>) -> Result<u64, Problem> {
    let due: Option<Due> = diesel::sql_query(
        "SELECT d.code AS district_code, coalesce((SELECT max(seq) FROM registry_changes), 0) AS seq
         FROM regions d LEFT JOIN quality_runs q ON q.district_code = d.code
         WHERE d.in_city AND d.level = 'kecamatan' AND (q.computed_at IS NULL OR q.computed_at < now() - interval '1 day'
             OR (q.computed_at < now() - interval '1 hour' AND EXISTS (SELECT FROM registry_changes c WHERE c.seq > q.seq)))
         ORDER BY q.computed_at NULLS FIRST, d.code LIMIT 1",
    )
    .get_result(w.conn())
    .optional()?;
    let Some(due) = due else { return Ok(0) };
    let now = w.now();
    let conn = w.conn();
    conn.batch_execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL statement_timeout = 0")?;
    diesel::sql_query("DELETE FROM quality_counts WHERE district_code = $1")
        .bind::<Text, _>(&due.district_code)
        .execute(conn)?;
    let (homes, people) = (table(OF_HOUSEHOLDS), table(OF_PEOPLE));
    let sums = "count(*), count(*) FILTER (WHERE v.filled), count(*) FILTER (WHERE s.stale), count(*) FILTER (WHERE v.conflict)";
    diesel::sql_query(format!(
        "INSERT INTO quality_counts (region_code, district_code, subject_kind, source, field, records, filled, stale, conflicts)
         SELECT h.region_code, h.district_code, 'household', h.source, v.field, {sums}
         FROM households h JOIN household_details d ON d.household_id = h.id {SAID}
         CROSS JOIN LATERAL (SELECT {STALE} AS stale) s CROSS JOIN LATERAL (VALUES {homes}) v (field, filled, conflict)
         WHERE h.district_code = $1 AND h.status = 'active'
         GROUP BY h.region_code, h.district_code, h.source, v.field
         UNION ALL
         SELECT h.region_code, h.district_code, 'individual', i.source, v.field, {sums}
         FROM households h {SAID}
         JOIN individuals i ON i.household_id = h.id AND i.life_status = 'alive' AND i.merged_into IS NULL
         CROSS JOIN LATERAL (SELECT {STALE} AS stale) s CROSS JOIN LATERAL (VALUES {people}) v (field, filled, conflict)
         WHERE h.district_code = $1 AND h.status = 'active'
         GROUP BY h.region_code, h.district_code, i.source, v.field"
    ))
    .bind::<Text, _>(&due.district_code)
    .execute(conn)?;
    diesel::sql_query(
        "INSERT INTO quality_runs (district_code, seq, computed_at) VALUES ($1, $2, $3)
         ON CONFLICT (district_code) DO UPDATE SET seq = EXCLUDED.seq, computed_at = EXCLUDED.computed_at",
    )
    .bind::<Text, _>(&due.district_code)
    .bind::<BigInt, _>(due.seq)
    .bind::<Timestamptz, _>(now)
    .execute(conn)?;
    Ok(1)
}

/// Counts of the caller's area, added up by one thing, behind `after`.
pub fn counts_visible(
    r: &mut Reader<'_>,
    query: &QualityCountQuery,
    after: Option<&str>,
    fetch: i64,
) -> Result<Vec<CountRow>, Problem> {
    let key = match query.by.unwrap_or(QualityGroup::Field) {
        QualityGroup::Field => "q.field",
        QualityGroup::Source => "q.source",
        QualityGroup::District => "q.district_code",
        QualityGroup::Region => "q.region_code",
    };
    let mut sql = Sql::new(&format!(
        "SELECT key, CASE WHEN kinds = 1 THEN subject_kind END AS subject_kind, records, filled, stale, conflicts, computed_at FROM (
             SELECT {key} COLLATE \"C\" AS key, count(DISTINCT q.subject_kind) AS kinds, min(q.subject_kind) AS subject_kind, sum(q.records)::bigint AS records,
                    sum(q.filled)::bigint AS filled, sum(q.stale)::bigint AS stale, sum(q.conflicts)::bigint AS conflicts, min(u.computed_at) AS computed_at
             FROM quality_counts q JOIN quality_runs u ON u.district_code = q.district_code WHERE "
    ));
    sql = r.scope().push_area(sql, "q");
    if let Some(region) = &query.region {
        sql = sql.push(" AND starts_with(q.region_code || '.', ").bind::<Text, _>(format!("{region}.")).push(")");
    }
    if let Some(source) = &query.source {
        sql = sql.push(" AND q.source = ").bind::<Text, _>(source.clone());
    }
    if let Some(field) = query.field {
        sql = sql.push(" AND q.field = ").bind::<Text, _>(field);
    }
    if let Some(kind) = query.subject_kind {
        sql = sql.push(" AND q.subject_kind = ").bind::<Text, _>(kind);
    }
    sql = sql.push(" GROUP BY 1) t");
    if let Some(after) = after {
        sql = sql.push(" WHERE key > ").bind::<Text, _>(after.to_owned());
    }
    Ok(sql.push(" ORDER BY key LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// From which records a field is missing, stale or in conflict, in the caller's area.
fn visible_records(sql: Sql, r: &Reader<'_>, query: &QualityRecordQuery) -> Sql {
    let field = query.field.slug();
    let of_household = OF_HOUSEHOLDS.iter().find(|(name, ..)| *name == field);
    let (person, (_, filled, conflict)) = match (of_household, OF_PEOPLE.iter().find(|(name, ..)| *name == field)) {
        (Some(home), _) => (false, *home),
        (None, Some(person)) => (true, *person),
        (None, None) => (false, ("", "true", "false")),
    };
    let from = if person {
        "FROM households h JOIN individuals i ON i.household_id = h.id AND i.life_status = 'alive' AND i.merged_into IS NULL"
    } else {
        "FROM households h JOIN household_details d ON d.household_id = h.id"
    };
    let found = match query.finding {
        QualityFinding::Missing => format!("NOT ({filled})"),
        QualityFinding::Stale => STALE.to_owned(),
        QualityFinding::Conflict => conflict.to_owned(),
    };
    let mut sql = sql.push(&format!(" {from} {SAID} WHERE h.status = 'active' AND {found} AND "));
    sql = r.scope().push_area(sql, "h");
    let column = if query.region.len() > 8 { "h.region_code" } else { "h.district_code" };
    sql = sql.push(&format!(" AND {column} = ")).bind::<Text, _>(query.region.clone());
    if let Some(source) = &query.source {
        let column = if person { "i.source" } else { "h.source" };
        sql = sql.push(&format!(" AND {column} = ")).bind::<Text, _>(source.clone());
    }
    sql
}

fn is_of_people(field: QualityField) -> bool {
    OF_PEOPLE.iter().any(|(name, ..)| *name == field.slug())
}

/// The member of a statement that speaks of a field.
fn statement(field: QualityField) -> Option<&'static str> {
    Some(match field {
        QualityField::Decile => "w.decile_national::text",
        QualityField::Floor => "w.facts ->> 'floor'",
        QualityField::Wall => "w.facts ->> 'wall'",
        QualityField::Water => "w.facts ->> 'water'",
        QualityField::Toilet => "w.facts ->> 'toilet'",
        QualityField::HouseStatus => "w.facts ->> 'house_status'",
        _ => return None,
    })
}

/// The records behind a count, by id.
pub fn records_visible(
    r: &mut Reader<'_>,
    query: &QualityRecordQuery,
    after: Option<Uuid>,
    fetch: i64,
) -> Result<Vec<RecordRow>, Problem> {
    let people = is_of_people(query.field);
    let said = statement(query.field).filter(|_| query.finding == QualityFinding::Conflict).map_or_else(
        || "'[]'::jsonb".to_owned(),
        |value| {
            format!(
                "coalesce((SELECT jsonb_agg(jsonb_build_object('source', w.source, 'period', w.period, 'value', {value}) ORDER BY w.source)
                   FROM (SELECT DISTINCT ON (source) * FROM welfare_snapshots s WHERE s.household_id = h.id ORDER BY source, period DESC) w), '[]'::jsonb)"
            )
        },
    );
    let who = if people {
        "'individual' AS subject_kind, i.id, i.name, i.source"
    } else {
        "'household' AS subject_kind, h.id, h.head_name AS name, h.source"
    };
    let select = format!("SELECT {who}, h.id AS household_id, h.region_code, said.confirmed, {said} AS said");
    let id = if people { "i.id" } else { "h.id" };
    let mut sql = visible_records(Sql::new(&select), r, query);
    if let Some(after) = after {
        sql = sql.push(&format!(" AND {id} > ")).bind::<PgUuid, _>(after);
    }
    Ok(sql.push(&format!(" ORDER BY {id} LIMIT ")).bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many there are, up to just above the cap.
pub fn count_records_visible(r: &mut Reader<'_>, query: &QualityRecordQuery) -> Result<i64, Problem> {
    let sql = visible_records(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r, query);
    Ok(sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") t").row::<Count>(r.conn())?.count)
}
