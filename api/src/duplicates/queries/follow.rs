//! What has changed since people were last compared.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::Writer;
use crate::db::sql::Sql;
use crate::identity::queries::PersonRow;
use crate::kernel::problem::Problem;

/// Something to be done.
#[derive(Debug, Clone, QueryableByName)]
pub struct Change {
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// Whose people are to be compared; everybody where none is named.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub household_id: Option<Uuid>,
    /// Of everybody, whom it has come to.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub after_id: Option<Uuid>,
    /// Nobody had keys when it began.
    #[diesel(sql_type = Bool)]
    pub first: bool,
}

/// The oldest changes, held until the transaction ends; single households before everybody.
pub fn next(w: &mut Writer<'_>, most: i64) -> Result<Vec<Change>, Problem> {
    let sql = Sql::new(
        "SELECT seq, household_id, after_id, first FROM duplicate_changes ORDER BY (household_id IS NULL), seq LIMIT ",
    );
    Ok(sql.bind::<BigInt, _>(most).push(" FOR UPDATE SKIP LOCKED").rows(w.conn())?)
}

/// Takes changes off the list.
pub fn done(w: &mut Writer<'_>, seqs: Vec<i64>) -> Result<(), Problem> {
    Sql::new("DELETE FROM duplicate_changes WHERE seq = ANY(")
        .bind::<Array<BigInt>, _>(seqs)
        .push(")")
        .execute(w.conn())?;
    Ok(())
}

/// Begins with everybody: other requests for the same are answered by it. Tells whether nobody has keys yet.
pub fn begin(w: &mut Writer<'_>, seq: i64) -> Result<bool, Problem> {
    Sql::new("DELETE FROM duplicate_changes WHERE household_id IS NULL AND after_id IS NULL AND seq <> ")
        .bind::<BigInt, _>(seq)
        .execute(w.conn())?;
    let known = Sql::new("SELECT 1 FROM individual_keys LIMIT 1").execute(w.conn())? > 0;
    Ok(!known)
}

/// Notes how far it has come.
pub fn reached(w: &mut Writer<'_>, seq: i64, after: Uuid, first: bool) -> Result<(), Problem> {
    Sql::new("UPDATE duplicate_changes SET after_id = ")
        .bind::<PgUuid, _>(after)
        .push(", first = ")
        .bind::<Bool, _>(first)
        .push(" WHERE seq = ")
        .bind::<BigInt, _>(seq)
        .execute(w.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
}

/// People of these households who are compared.
pub fn members(w: &mut Writer<'_>, households: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    let sql = Sql::new("SELECT id FROM individuals WHERE life_status IN ('alive', 'moved') AND household_id = ANY(");
    let rows: Vec<IdRow> = sql.bind::<Array<PgUuid>, _>(households).push(") ORDER BY id").rows(w.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Takes the keys of whoever of these households is compared no more.
pub fn forget(w: &mut Writer<'_>, households: Vec<Uuid>) -> Result<(), Problem> {
    Sql::new(
        "DELETE FROM individual_keys k USING individuals i WHERE i.id = k.individual_id AND i.life_status NOT IN ('alive', 'moved')
         AND i.household_id = ANY(",
    )
    .bind::<Array<PgUuid>, _>(households)
    .push(")")
    .execute(w.conn())?;
    Ok(())
}

#[derive(QueryableByName)]
struct DigestRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    digest: i64,
}

/// What was last compared of these people.
pub fn digests(w: &mut Writer<'_>, people: &[PersonRow]) -> Result<std::collections::HashMap<Uuid, i64>, Problem> {
    let ids: Vec<Uuid> = people.iter().map(|person| person.id).collect();
    let sql = Sql::new("SELECT individual_id AS id, digest FROM individual_keys WHERE individual_id = ANY(");
    let rows: Vec<DigestRow> = sql.bind::<Array<PgUuid>, _>(ids).push(")").rows(w.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.digest)).collect())
}

/// Open pairs of a person that are alike no more. What a run found by a group of records, it alone lets go.
pub fn let_go(w: &mut Writer<'_>, person: Uuid, alike: Vec<Uuid>) -> Result<usize, Problem> {
    let sql = Sql::new(
        "UPDATE duplicate_candidates SET status = 'gone', version = version + 1, updated_at = now()
         WHERE status = 'open' AND kind <> 'household' AND cluster_size <= 2 AND (a_id = ",
    )
    .bind::<PgUuid, _>(person)
    .push(" OR b_id = ")
    .bind::<PgUuid, _>(person)
    .push(") AND NOT (a_id = ANY(")
    .bind::<Array<PgUuid>, _>(alike.clone())
    .push(") OR b_id = ANY(")
    .bind::<Array<PgUuid>, _>(alike)
    .push("))");
    Ok(sql.execute(w.conn())?)
}
