//! What the pass reads and stores.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::Writer;
use crate::db::sql::Sql;
pub use crate::identity::queries::{Found, PersonRow, store};
use crate::kernel::problem::Problem;

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
