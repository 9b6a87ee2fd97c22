//! What the indexes are filled from: read by the service itself, shown to nobody from here.

use diesel::pg::{PgConnection, PgRowByRowLoadingMode};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

pub type Conn = PgConnection;
pub type Error = diesel::result::Error;

/// A connection of the thread that follows.
pub fn connect(url: &str) -> Result<Conn, ConnectionError> {
    let mut conn = PgConnection::establish(url)?;
    diesel::sql_query("SET application_name = 'satupintu search'")
        .execute(&mut conn)
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// A name under which a household is found.
#[derive(QueryableByName)]
pub struct Member {
    #[diesel(sql_type = SqlUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub region_code: String,
}

/// Where a household lives.
#[derive(QueryableByName)]
pub struct Place {
    #[diesel(sql_type = SqlUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    pub street: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rw: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
}

const MEMBERS: &str =
    "SELECT p.household_id, p.name, h.region_code FROM individuals p JOIN households h ON h.id = p.household_id
    WHERE p.merged_into IS NULL AND h.status <> 'merged'";
const PLACES: &str = "SELECT d.household_id, d.street, d.rt, d.rw, h.region_code FROM household_details d
    JOIN households h ON h.id = d.household_id WHERE d.street IS NOT NULL AND h.status <> 'merged'";

/// Every name, one row after the other: the answer is never whole in memory.
pub fn each_member(conn: &mut Conn, mut take: impl FnMut(Member)) -> Result<(), Error> {
    for row in diesel::sql_query(MEMBERS).load_iter::<Member, PgRowByRowLoadingMode>(conn)? {
        take(row?);
    }
    Ok(())
}

/// Every address, likewise.
pub fn each_place(conn: &mut Conn, mut take: impl FnMut(Place)) -> Result<(), Error> {
    for row in diesel::sql_query(PLACES).load_iter::<Place, PgRowByRowLoadingMode>(conn)? {
        take(row?);
    }
    Ok(())
}

/// Names of these households, by id of the household.
pub fn members_of(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Member>, Error> {
    diesel::sql_query(format!("{MEMBERS} AND p.household_id = ANY($1) ORDER BY p.household_id"))
        .bind::<Array<SqlUuid>, _>(ids)
        .load(conn)
}

/// Addresses of these households, by id of the household.
pub fn places_of(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Place>, Error> {
    diesel::sql_query(format!("{PLACES} AND d.household_id = ANY($1) ORDER BY d.household_id"))
        .bind::<Array<SqlUuid>, _>(ids)
        .load(conn)
}

/// A row of the feed.
#[derive(QueryableByName)]
pub struct Changed {
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub subject_id: Option<Uuid>,
}

#[derive(QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// The largest number of the feed, and the numbers of its last ten minutes.
pub fn position(conn: &mut Conn) -> Result<(i64, Vec<i64>), Error> {
    let last: Seq = diesel::sql_query("SELECT coalesce(max(seq), 0) AS seq FROM registry_changes").get_result(conn)?;
    let recent: Vec<Seq> = diesel::sql_query(
        "SELECT seq FROM registry_changes WHERE at > now() - interval '10 minutes' AND seq <= $1 ORDER BY seq",
    )
    .bind::<BigInt, _>(last.seq)
    .load(conn)?;
    Ok((last.seq, recent.into_iter().map(|row| row.seq).collect()))
}

/// Rows of the feed behind `last`, and late ones of `missing`.
pub fn changes(conn: &mut Conn, last: i64, missing: &[i64]) -> Result<Vec<Changed>, Error> {
    // Two statements, so that each is answered from the key even where the planner knows nothing of the arrays' size.
    let mut rows: Vec<Changed> = Vec::new();
    if !missing.is_empty() {
        rows = diesel::sql_query("SELECT seq, kind, subject_id FROM registry_changes WHERE seq = ANY($1) ORDER BY seq")
            .bind::<Array<BigInt>, _>(missing)
            .load(conn)?;
    }
    rows.extend(
        diesel::sql_query("SELECT seq, kind, subject_id FROM registry_changes WHERE seq > $1 ORDER BY seq")
            .bind::<BigInt, _>(last)
            .load::<Changed>(conn)?,
    );
    Ok(rows)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The households that changed: those named, and of each person named the present and the former ones.
pub fn touched(conn: &mut Conn, changes: &[Changed]) -> Result<Vec<Uuid>, Error> {
    let of = |kind: &str| -> Vec<Uuid> {
        changes.iter().filter(|change| change.kind == kind).filter_map(|change| change.subject_id).collect()
    };
    let mut households = of("household");
    let people = of("individual");
    if !people.is_empty() {
        let rows: Vec<Id> = diesel::sql_query(
            "SELECT household_id AS id FROM individuals WHERE id = ANY($1)
             UNION SELECT household_id FROM memberships WHERE individual_id = ANY($1)",
        )
        .bind::<Array<SqlUuid>, _>(&people)
        .load(conn)?;
        households.extend(rows.into_iter().map(|row| row.id));
    }
    households.sort_unstable();
    households.dedup();
    Ok(households)
}

/// Clears rows away that every instance has long taken in.
pub fn clear(conn: &mut Conn) -> Result<(), Error> {
    diesel::sql_query("DELETE FROM registry_changes WHERE at < now() - interval '2 days'").execute(conn).map(|_| ())
}
