//! What the pass reads and stores.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Double, Integer, Jsonb, Nullable, Text, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::Writer;
use crate::db::sql::{Count, Sql};
use crate::kernel::problem::Problem;

/// A person as the pass reads him: nothing but who he is and where he lives.
#[derive(Debug, QueryableByName)]
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

/// The next people of the city in the order of their ids; all who are in it and not merged.
pub fn people(w: &mut Writer<'_>, after: Uuid, most: i64) -> Result<Vec<PersonRow>, Problem> {
    let sql = Sql::new(
        "SELECT i.id, i.name, i.sex, i.birth_date, i.birth_date_precision, i.nik, i.nik_status, i.mother_name, h.family_card_number,
            h.region_code, h.district_code, d.street, d.rt, d.rw
         FROM (SELECT * FROM individuals WHERE life_status IN ('alive', 'moved') AND id > ",
    )
    .bind::<PgUuid, _>(after)
    .push(" ORDER BY id LIMIT ")
    .bind::<BigInt, _>(most)
    .push(") i JOIN households h ON h.id = i.household_id LEFT JOIN household_details d ON d.household_id = h.id ORDER BY i.id");
    Ok(sql.rows(w.conn())?)
}

#[derive(QueryableByName)]
struct PairRow {
    #[diesel(sql_type = PgUuid)]
    a_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    b_id: Uuid,
}

fn pairs(w: &mut Writer<'_>, text: &str) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    let rows: Vec<PairRow> = Sql::new(text).rows(w.conn())?;
    Ok(rows.into_iter().map(|row| (row.a_id, row.b_id)).collect())
}

/// Pairs that a human has found to be two.
pub fn distinct(w: &mut Writer<'_>) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    pairs(w, "SELECT a_id, b_id FROM duplicate_candidates WHERE status = 'distinct' ORDER BY a_id, b_id")
}

/// People of one current NIK, one pair for each two of them; a number that more than a dozen bear is a filler.
pub fn shared_niks(w: &mut Writer<'_>) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    pairs(
        w,
        "WITH shared AS MATERIALIZED (SELECT nik FROM individuals WHERE nik IS NOT NULL AND life_status IN ('alive', 'moved')
            GROUP BY nik HAVING count(*) BETWEEN 2 AND 12)
         SELECT a.id AS a_id, b.id AS b_id FROM individuals a JOIN shared s ON s.nik = a.nik JOIN individuals b ON b.nik = a.nik AND b.id > a.id
         WHERE a.life_status IN ('alive', 'moved') AND b.life_status IN ('alive', 'moved') ORDER BY 1, 2",
    )
}

/// Households of one current family card.
pub fn shared_cards(w: &mut Writer<'_>) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    pairs(
        w,
        "WITH shared AS MATERIALIZED (SELECT family_card_number AS card FROM households WHERE family_card_number IS NOT NULL AND status = 'active'
            GROUP BY 1 HAVING count(*) BETWEEN 2 AND 12)
         SELECT a.id AS a_id, b.id AS b_id FROM households a JOIN shared s ON s.card = a.family_card_number
         JOIN households b ON b.family_card_number = a.family_card_number AND b.id > a.id
         WHERE a.status = 'active' AND b.status = 'active' ORDER BY 1, 2",
    )
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

/// Open pairs that this run has not found again are let go.
pub fn let_go(w: &mut Writer<'_>, run: Uuid) -> Result<usize, Problem> {
    let sql = Sql::new(
        "UPDATE duplicate_candidates SET status = 'gone', version = version + 1, updated_at = now()
         WHERE status = 'open' AND run_id IS DISTINCT FROM ",
    );
    Ok(sql.bind::<PgUuid, _>(run).execute(w.conn())?)
}

/// Opens what was put off until today; how many.
pub fn wake(w: &mut Writer<'_>) -> Result<u64, Problem> {
    let today = w.today();
    let sql = Sql::new(
        "UPDATE duplicate_candidates SET status = 'open', later_until = NULL, version = version + 1, updated_at = now()
         WHERE id IN (SELECT id FROM duplicate_candidates WHERE status = 'later' AND later_until <= ",
    )
    .bind::<Date, _>(today)
    .push(" ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED)");
    Ok(u64::try_from(sql.execute(w.conn())?).unwrap_or_default())
}
