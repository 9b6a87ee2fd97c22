//! The stored matches: a bit a household in a row a kelurahan and program.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Date, Integer, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::census::Places;
use crate::access::{Reader, Scope};
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// The bits of a program in a kelurahan.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::matching) struct Set {
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Integer)]
    pub program_number: i32,
    #[diesel(sql_type = Integer)]
    pub rule_version: i32,
    #[diesel(sql_type = Binary)]
    pub eligible: Vec<u8>,
    #[diesel(sql_type = Binary)]
    pub needs_data: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    pub evaluated_at: DateTime<Utc>,
}

/// Whether a bit is set.
pub(in crate::matching) fn bit(bytes: &[u8], slot: usize) -> bool {
    bytes.get(slot / 8).is_some_and(|b| b >> (slot % 8) & 1 == 1)
}

/// Sets a bit; whether that changed it.
pub(in crate::matching) fn set_bit(bytes: &mut Vec<u8>, slot: usize, on: bool) -> bool {
    if bit(bytes, slot) == on {
        return false;
    }
    if bytes.len() <= slot / 8 {
        bytes.resize(slot / 8 + 1, 0);
    }
    if let Some(byte) = bytes.get_mut(slot / 8) {
        *byte ^= 1 << (slot % 8);
    }
    true
}

/// Words as they are stored.
pub(in crate::matching) fn bytes(words: &[u64]) -> Vec<u8> {
    let mut out: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    out.truncate(out.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1));
    out
}

/// How many bits are set.
pub(in crate::matching) fn ones(bytes: &[u8]) -> u32 {
    bytes.iter().map(|b| b.count_ones()).sum()
}

/// How many bits differ.
pub(in crate::matching) fn differing(a: &[u8], b: &[u8]) -> u32 {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    long.iter().enumerate().map(|(i, x)| (x ^ short.get(i).copied().unwrap_or(0)).count_ones()).sum()
}

/// Keeps others from evaluating this kelurahan until the transaction ends: what is read afterwards is stored in order.
pub(in crate::matching) fn lock_region(conn: &mut PgConnection, region: &str) -> Result<(), Problem> {
    Sql::new("SELECT pg_advisory_xact_lock(hashtextextended(")
        .bind::<Text, _>(format!("match:{region}"))
        .push(", 0))")
        .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Slot {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Text)]
    region_code: String,
    #[diesel(sql_type = Integer)]
    slot: i32,
}

/// The households of a kelurahan by slot; those without one get one.
pub(in crate::matching) fn slots(conn: &mut PgConnection, region: &str) -> Result<Vec<(usize, Uuid)>, Problem> {
    Sql::new(
        "INSERT INTO match_slots (household_id, region_code, slot)
         SELECT h.id, h.region_code, row_number() OVER (ORDER BY h.id) - 1 + (SELECT coalesce(max(s.slot) + 1, 0) FROM match_slots s WHERE s.region_code = ",
    )
    .bind::<Text, _>(region.to_owned())
    .push(") FROM households h LEFT JOIN match_slots m ON m.household_id = h.id AND m.region_code = h.region_code WHERE m.household_id IS NULL AND h.status = 'active' AND h.region_code = ")
    .bind::<Text, _>(region.to_owned())
    .push(" ON CONFLICT (household_id) DO UPDATE SET region_code = excluded.region_code, slot = excluded.slot")
    .execute(conn)?;
    let rows: Vec<Slot> = Sql::new("SELECT household_id, region_code, slot FROM match_slots WHERE region_code = ")
        .bind::<Text, _>(region.to_owned())
        .push(" ORDER BY slot")
        .rows(conn)?;
    Ok(rows.into_iter().map(|r| (usize::try_from(r.slot).unwrap_or(0), r.household_id)).collect())
}

#[derive(QueryableByName)]
struct Slots {
    #[diesel(sql_type = Text)]
    region_code: String,
    #[diesel(sql_type = Integer)]
    slots: i32,
}

/// Gives every active household of these kelurahan its slot.
pub(in crate::matching) fn settle(conn: &mut PgConnection, regions: &[String]) -> Result<(), Problem> {
    let homeless: Vec<Slots> = Sql::new(
        "SELECT h.region_code, count(*)::integer AS slots FROM households h
         WHERE h.status = 'active' AND NOT EXISTS (SELECT FROM match_slots m WHERE m.household_id = h.id AND m.region_code = h.region_code)
         GROUP BY h.region_code ORDER BY h.region_code COLLATE \"C\"",
    )
    .rows(conn)?;
    for row in homeless.iter().filter(|row| regions.contains(&row.region_code)) {
        lock_region(conn, &row.region_code)?;
        slots(conn, &row.region_code)?;
    }
    Ok(())
}

/// How many slots each kelurahan has.
pub(in crate::matching) fn all_slots(conn: &mut PgConnection) -> Result<HashMap<String, usize>, Problem> {
    let rows: Vec<Slots> =
        Sql::new("SELECT region_code, max(slot) + 1 AS slots FROM match_slots GROUP BY region_code").rows(conn)?;
    Ok(rows.into_iter().map(|r| (r.region_code, usize::try_from(r.slots).unwrap_or(0))).collect())
}

/// Who stands in these kelurahan, which are named by their position: of the table that part by its pages.
pub(in crate::matching) fn standing(
    conn: &mut PgConnection,
    regions: &[String],
    (from, to): (i64, Option<i64>),
) -> Result<Places, Problem> {
    let position: HashMap<&str, u32> = regions.iter().map(String::as_str).zip(0..).collect();
    let mut text = format!("SELECT household_id, region_code, slot FROM match_slots WHERE ctid >= '({from},0)'::tid");
    if let Some(to) = to {
        text.push_str(&format!(" AND ctid < '({to},0)'::tid"));
    }
    let mut places = Places::default();
    Sql::new(&text).each(conn, |line| {
        let region = line.text(1, |code| position.get(code).copied());
        if let (Some(id), Some(region), Some(slot)) = (line.uuid(0), region, line.int4(2)) {
            places.insert(id, (region, u32::try_from(slot).unwrap_or(u32::MAX)));
        }
    })?;
    Ok(places)
}

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = BigInt)]
    pages: i64,
}

/// Pages of a table, which bound what one statement reads of it.
pub(in crate::matching) fn pages(conn: &mut PgConnection, table: &str) -> Result<i64, Problem> {
    let size: Pages =
        Sql::new(&format!("SELECT pg_relation_size('{table}') / current_setting('block_size')::bigint AS pages"))
            .row(conn)?;
    Ok(size.pages)
}

/// The active households of some kelurahan in an order of their own, for who stores nothing: kelurahan and slots used.
pub(in crate::matching) fn unplaced(conn: &mut PgConnection) -> Result<(Vec<(String, usize)>, Places), Problem> {
    let (mut regions, mut places) = (Vec::<(String, usize)>::new(), Places::default());
    let sql = Sql::new(
        "SELECT id, region_code FROM households WHERE status = 'active' ORDER BY region_code COLLATE \"C\", id",
    );
    sql.each(conn, |line| {
        let Some(id) = line.uuid(0) else { return };
        let same = regions.last().is_some_and(|(last, _)| line.text(1, |code| Some(code == last)) == Some(true));
        if !same && let Some(code) = line.text(1, |code| Some(code.to_owned())) {
            regions.push((code, 0));
        }
        let position = u32::try_from(regions.len() - 1).unwrap_or(u32::MAX);
        if let Some((_, slots)) = regions.last_mut() {
            places.insert(id, (position, u32::try_from(*slots).unwrap_or(u32::MAX)));
            *slots += 1;
        }
    })?;
    Ok((regions, places))
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Timestamptz)]
    moment: DateTime<Utc>,
}

/// The moment by the clock of the database.
pub(in crate::matching) fn moment(conn: &mut PgConnection) -> Result<DateTime<Utc>, Problem> {
    let now: Moment = Sql::new("SELECT clock_timestamp() AS moment").row(conn)?;
    Ok(now.moment)
}

/// Notes that these places are evaluated by themselves now.
pub(in crate::matching) fn touch(conn: &mut PgConnection, places: &[(String, usize)]) -> Result<(), Problem> {
    Sql::new("INSERT INTO match_touches (region_code, slot, touched_at) SELECT t.region, t.slot, clock_timestamp() FROM unnest(")
        .bind::<Array<Text>, _>(places.iter().map(|p| p.0.clone()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(places.iter().map(|p| i32::try_from(p.1).unwrap_or(i32::MAX)).collect::<Vec<_>>())
        .push(") AS t (region, slot)")
        .execute(conn)?;
    Ok(())
}

/// Forgets touches that no run can ask for any more.
pub(in crate::matching) fn forget_touches(conn: &mut PgConnection) -> Result<(), Problem> {
    Sql::new("DELETE FROM match_touches WHERE touched_at < clock_timestamp() - interval '6 hours'").execute(conn)?;
    Ok(())
}

/// Places of these kelurahan that were evaluated by themselves since.
pub(in crate::matching) fn touched(
    conn: &mut PgConnection,
    regions: &[String],
    since: DateTime<Utc>,
) -> Result<HashMap<String, Vec<i32>>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        region_code: String,
        #[diesel(sql_type = Integer)]
        slot: i32,
    }
    let rows: Vec<Row> = Sql::new("SELECT DISTINCT region_code, slot FROM match_touches WHERE region_code = ANY(")
        .bind::<Array<Text>, _>(regions.to_vec())
        .push(") AND touched_at >= ")
        .bind::<Timestamptz, _>(since)
        .rows(conn)?;
    let mut places = HashMap::<String, Vec<i32>>::new();
    rows.into_iter().for_each(|r| places.entry(r.region_code).or_default().push(r.slot));
    Ok(places)
}

/// Where these households stand.
pub(in crate::matching) fn places(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (String, usize)>, Problem> {
    let rows: Vec<Slot> = Sql::new("SELECT household_id, region_code, slot FROM match_slots WHERE household_id = ANY(")
        .bind::<Array<PgUuid>, _>(ids.to_vec())
        .push(")")
        .rows(conn)?;
    Ok(rows.into_iter().map(|r| (r.household_id, (r.region_code, usize::try_from(r.slot).unwrap_or(0)))).collect())
}

/// Who stands in these slots of a kelurahan.
pub(in crate::matching) fn holders(
    conn: &mut PgConnection,
    region: &str,
    slots: &[i32],
) -> Result<HashMap<i32, Uuid>, Problem> {
    let rows: Vec<Slot> = Sql::new("SELECT household_id, region_code, slot FROM match_slots WHERE region_code = ")
        .bind::<Text, _>(region.to_owned())
        .push(" AND slot = ANY(")
        .bind::<Array<Integer>, _>(slots.to_vec())
        .push(")")
        .rows(conn)?;
    Ok(rows.into_iter().map(|r| (r.slot, r.household_id)).collect())
}

/// The domicile of active households, and of others none.
pub(in crate::matching) fn domiciles(conn: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        region_code: String,
    }
    let rows: Vec<Row> = Sql::new("SELECT id, region_code FROM households WHERE status = 'active' AND id = ANY(")
        .bind::<Array<PgUuid>, _>(ids.to_vec())
        .push(")")
        .rows(conn)?;
    Ok(rows.into_iter().map(|r| (r.id, r.region_code)).collect())
}

const COLUMNS: &str =
    "SELECT region_code, program_number, rule_version, eligible, needs_data, evaluated_at FROM match_sets WHERE ";

/// What is stored of some kelurahan; of these programs, or of all.
pub(in crate::matching) fn of_regions(
    conn: &mut PgConnection,
    regions: &[String],
    programs: Option<&[i32]>,
) -> Result<Vec<Set>, Problem> {
    let mut sql = Sql::new(COLUMNS).push("region_code = ANY(").bind::<Array<Text>, _>(regions.to_vec()).push(")");
    if let Some(programs) = programs {
        sql = sql.push(" AND program_number = ANY(").bind::<Array<Integer>, _>(programs.to_vec()).push(")");
    }
    Ok(sql.rows(conn)?)
}

/// Stores sets.
pub(in crate::matching) fn store(conn: &mut PgConnection, sets: &[Set], today: NaiveDate) -> Result<(), Problem> {
    if sets.is_empty() {
        return Ok(());
    }
    Sql::new("INSERT INTO match_sets (region_code, program_number, rule_version, eligible, needs_data, evaluated_on, evaluated_at) SELECT t.region, t.number, t.version, t.eligible, t.needs, ")
        .bind::<Date, _>(today)
        .push(", clock_timestamp() FROM unnest(")
        .bind::<Array<Text>, _>(sets.iter().map(|s| s.region_code.clone()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(sets.iter().map(|s| s.program_number).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(sets.iter().map(|s| s.rule_version).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Binary>, _>(sets.iter().map(|s| s.eligible.clone()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Binary>, _>(sets.iter().map(|s| s.needs_data.clone()).collect::<Vec<_>>())
        .push(") AS t (region, number, version, eligible, needs)
            ON CONFLICT (region_code, program_number) DO UPDATE SET rule_version = excluded.rule_version, eligible = excluded.eligible,
                needs_data = excluded.needs_data, evaluated_on = excluded.evaluated_on, evaluated_at = excluded.evaluated_at")
        .execute(conn)?;
    Ok(())
}

/// Forgets programs that are no longer matched; with a number, that program everywhere.
pub(in crate::matching) fn forget(
    conn: &mut PgConnection,
    regions: Option<&[String]>,
    keep: &[i32],
    only: Option<i32>,
) -> Result<(), Problem> {
    for table in ["match_sets", "match_gaps"] {
        let sql = Sql::new(&format!("DELETE FROM {table} WHERE program_number <> ALL("))
            .bind::<Array<Integer>, _>(keep.to_vec())
            .push(") AND (")
            .bind::<Nullable<Array<Text>>, _>(regions.map(<[String]>::to_vec))
            .push(" IS NULL OR region_code = ANY(")
            .bind::<Nullable<Array<Text>>, _>(regions.map(<[String]>::to_vec))
            .push(")) AND (")
            .bind::<Nullable<Integer>, _>(only)
            .push(" IS NULL OR program_number = ")
            .bind::<Nullable<Integer>, _>(only)
            .push(")");
        sql.execute(conn)?;
    }
    Ok(())
}

/// Of how many households of a kelurahan a fact is unknown that keeps a program's verdict open.
pub(in crate::matching) struct Open {
    pub region: String,
    pub program: i32,
    pub fact: String,
    pub households: u32,
}

/// Stores what is unknown in some kelurahan, in place of what these programs had there.
pub(in crate::matching) fn store_gaps(
    conn: &mut PgConnection,
    regions: &[String],
    programs: &[i32],
    gaps: &[Open],
) -> Result<(), Problem> {
    Sql::new("DELETE FROM match_gaps WHERE region_code = ANY(")
        .bind::<Array<Text>, _>(regions.to_vec())
        .push(") AND program_number = ANY(")
        .bind::<Array<Integer>, _>(programs.to_vec())
        .push(")")
        .execute(conn)?;
    if gaps.is_empty() {
        return Ok(());
    }
    Sql::new("INSERT INTO match_gaps (region_code, program_number, fact, households) SELECT t.* FROM unnest(")
        .bind::<Array<Text>, _>(gaps.iter().map(|g| g.region.clone()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(gaps.iter().map(|g| g.program).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Text>, _>(gaps.iter().map(|g| g.fact.clone()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Array<Integer>, _>(
            gaps.iter().map(|g| i32::try_from(g.households).unwrap_or(i32::MAX)).collect::<Vec<_>>(),
        )
        .push(") t")
        .execute(conn)?;
    Ok(())
}

/// `(…)`: the kelurahan in `column` lies in the area the caller works in; of the city for who answers for an organization.
fn push_area(sql: Sql, scope: &Scope, column: &str) -> Sql {
    if scope.city || scope.system || scope.deidentified || !scope.organizations.is_empty() {
        return sql.push("true");
    }
    sql.push(&format!("(left({column}, 8) = ANY("))
        .bind::<Array<Text>, _>(scope.districts.clone())
        .push(&format!(") OR {column} = ANY("))
        .bind::<Array<Text>, _>(scope.villages.clone())
        .push("))")
}

/// What is stored of a program within the caller's area, by kelurahan.
pub(in crate::matching) fn of_program_visible(
    r: &mut Reader<'_>,
    number: i32,
    region: Option<&str>,
    from: Option<&str>,
) -> Result<Vec<Set>, Problem> {
    let mut sql = Sql::new(COLUMNS).push("program_number = ").bind::<Integer, _>(number).push(" AND ");
    sql = push_area(sql, r.scope(), "region_code");
    if let Some(region) = region {
        sql = sql.push(" AND starts_with(region_code || '.', ").bind::<Text, _>(format!("{region}.")).push(")");
    }
    if let Some(from) = from {
        sql = sql.push(" AND region_code >= ").bind::<Text, _>(from.to_owned());
    }
    Ok(sql.push(" ORDER BY region_code").rows(r.conn())?)
}

/// A fact that is unknown, with how many verdicts it keeps open.
#[derive(Debug, QueryableByName)]
pub(in crate::matching) struct Gap {
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub region_name: String,
    #[diesel(sql_type = Text)]
    pub fact: String,
    #[diesel(sql_type = BigInt)]
    pub verdicts: i64,
    #[diesel(sql_type = BigInt)]
    pub programs: i64,
}

/// Unknown facts by kelurahan within the caller's area, of these programs, those that keep most open first.
pub(in crate::matching) fn gaps_visible(
    r: &mut Reader<'_>,
    programs: &[i32],
    region: Option<&str>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<Gap>, Problem> {
    let sql = Sql::new(
        "SELECT * FROM (SELECT m.region_code, g.name AS region_name, m.fact, sum(m.households)::bigint AS verdicts, count(*) AS programs
         FROM match_gaps m JOIN regions g ON g.code = m.region_code WHERE m.program_number = ANY(",
    )
    .bind::<Array<Integer>, _>(programs.to_vec())
    .push(") AND ");
    let mut sql = push_area(sql, r.scope(), "m.region_code");
    if let Some(region) = region {
        sql = sql.push(" AND starts_with(m.region_code || '.', ").bind::<Text, _>(format!("{region}.")).push(")");
    }
    sql = sql.push(" GROUP BY m.region_code, g.name, m.fact) t");
    if let Some((verdicts, (region, fact))) =
        start.and_then(|c| Some((c.key.as_ref()?.parse::<i64>().ok()?, c.id.split_once('|')?)))
    {
        sql = sql
            .push(" WHERE (-verdicts, region_code, fact COLLATE \"C\") > (")
            .bind::<BigInt, _>(-verdicts)
            .push(", ")
            .bind::<Text, _>(region.to_owned())
            .push(", ")
            .bind::<Text, _>(fact.to_owned())
            .push(")");
    }
    Ok(sql
        .push(" ORDER BY -verdicts, region_code, fact COLLATE \"C\" LIMIT ")
        .bind::<BigInt, _>(fetch)
        .rows(r.conn())?)
}
