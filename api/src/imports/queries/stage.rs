//! Staging: reference data in, cleaned rows out by COPY.

use std::collections::HashMap;

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::imports::coded::MapLine;
use crate::imports::person::PpksType;
use crate::imports::places::Place;
use crate::imports::profile::{Profile, own_map};
use crate::kernel::problem::Problem;

diesel::table! {
    /// Staged rows of the family file; a partition an import.
    import_families (import_id, row_no) {
        import_id -> Uuid, row_no -> Int4, rejected -> Bool, family_card -> Nullable<Int8>, region_code -> Nullable<Text>,
        head_name -> Nullable<Text>, declared_members -> Nullable<Int4>, decile_national -> Nullable<Int2>,
        decile_province -> Nullable<Int2>, decile_city -> Nullable<Int2>, street -> Nullable<Text>, rt -> Nullable<Text>,
        rw -> Nullable<Text>, housing -> Jsonb, assets -> Jsonb, facts -> Jsonb, family_key -> Nullable<Text>, row_hash -> Int8,
    }
}

diesel::table! {
    /// Staged rows of the member file; a partition an import.
    import_members (import_id, row_no) {
        import_id -> Uuid, row_no -> Int4, rejected -> Bool, nik -> Nullable<Int8>, family_card -> Nullable<Int8>, name -> Text,
        name_key -> Text, mother_name -> Nullable<Text>, birth_date -> Nullable<Date>, birth_year_only -> Bool,
        sex -> Nullable<Text>, relation -> Nullable<Text>, marital_status -> Nullable<Text>, phone -> Nullable<Text>,
        facts -> Jsonb, restricted -> Nullable<Jsonb>, family_key -> Nullable<Text>, row_hash -> Int8,
    }
}

diesel::table! {
    /// Staged rows of a list of people; a partition an import.
    import_people (import_id, row_no) {
        import_id -> Uuid, row_no -> Int4, rejected -> Bool, nik -> Nullable<Int8>, name -> Text, name_key -> Text,
        mother_name -> Nullable<Text>, birth_date -> Nullable<Date>, birth_year_only -> Bool, sex -> Nullable<Text>,
        phone -> Nullable<Text>, region_code -> Nullable<Text>, street -> Nullable<Text>, rt -> Nullable<Text>,
        rw -> Nullable<Text>, facts -> Jsonb, restricted -> Nullable<Jsonb>, entry -> Jsonb, row_hash -> Int8,
    }
}

/// The types of need that a list can name.
pub fn ppks_types(conn: &mut PgConnection) -> Result<Vec<PpksType>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    let rows: Vec<(String, Value, Value)> = e::code_entries
        .filter(e::list_slug.eq("ppks_types").and(e::retired_in_version.is_null()))
        .order((e::sort, e::code))
        .select((e::code, e::name, e::attrs))
        .load(conn)?;
    let whole = |attrs: &Value, key: &str| attrs.get(key).and_then(Value::as_i64).and_then(|n| i32::try_from(n).ok());
    let texts = |value: &Value| match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    Ok(rows
        .into_iter()
        .map(|(code, name, attrs)| PpksType {
            code,
            names: ["id", "en"].iter().flat_map(|l| texts(&name[*l])).chain(texts(&attrs["aliases"])).collect(),
            age_min: whole(&attrs, "age_min"),
            age_max: whole(&attrs, "age_max"),
            sex: attrs.get("sex").and_then(Value::as_str).map(str::to_owned),
        })
        .collect())
}

/// Regions of the city with their other names.
pub fn places(conn: &mut PgConnection) -> Result<Vec<Place>, Problem> {
    use crate::db::schema::regions::dsl as r;
    let rows: Vec<(String, String, Vec<String>)> =
        r::regions.filter(r::in_city).select((r::code, r::name, r::aliases)).load(conn)?;
    Ok(rows.into_iter().map(|(code, name, aliases)| Place { code, name, aliases }).collect())
}

/// Every code map with the label of its entry.
pub fn map_lines(conn: &mut PgConnection) -> Result<Vec<MapLine>, Problem> {
    use crate::db::schema::{code_entries as e, code_maps as m};
    let rows: Vec<(String, String, String, String, String, String)> = m::table
        .inner_join(e::table.on(e::list_slug.eq(m::list_slug).and(e::code.eq(m::code))))
        .select((m::source, m::version, m::variable, m::source_code, m::code, e::sensitivity))
        .load(conn)?;
    let line =
        |(source, version, variable, source_code, code, sensitivity): (String, String, String, _, _, String)| MapLine {
            map: format!("{source}/{version}/{variable}"),
            source_code,
            code,
            restricted: sensitivity == "restricted",
        };
    Ok(rows.into_iter().map(line).collect())
}

/// The codes that a profile brings itself, with the label of what each means. Which list they are of was settled when
/// the profile was made.
pub fn own_lines(conn: &mut PgConnection, profile: &Profile) -> Result<Vec<MapLine>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    let coded: Vec<_> = profile.files.iter().flat_map(|f| &f.columns).filter(|c| !c.codes.is_empty()).collect();
    if coded.is_empty() {
        return Ok(Vec::new());
    }
    let lists = super::profiles::known(conn)?.lists;
    let mut lines = Vec::new();
    for column in coded {
        let list = lists.get(&column.variable).cloned().unwrap_or_default();
        let labels: HashMap<String, String> = e::code_entries
            .filter(e::list_slug.eq(list))
            .select((e::code, e::sensitivity))
            .load(conn)?
            .into_iter()
            .collect();
        lines.extend(column.codes.iter().map(|(raw, code)| MapLine {
            map: own_map(&column.variable),
            source_code: raw.clone(),
            code: code.clone(),
            restricted: labels.get(code).is_none_or(|label| label != "open"),
        }));
    }
    Ok(lines)
}

/// Makes room for the rows of an import and forgets what was found in an earlier try.
pub fn open(conn: &mut PgConnection, import: Uuid) -> Result<(), Problem> {
    use crate::db::schema::{import_issues as i, import_rejected as r};
    conn.transaction(|conn| {
        diesel::sql_query("SELECT import_stage_open($1)").bind::<SqlUuid, _>(import).execute(conn)?;
        diesel::delete(i::table.filter(i::import_id.eq(import))).execute(conn)?;
        diesel::delete(r::table.filter(r::import_id.eq(import))).execute(conn)?;
        Ok(())
    })
}

/// Empties the staged rows of an import.
pub fn close(conn: &mut PgConnection, import: Uuid) -> Result<(), Problem> {
    diesel::sql_query("SELECT import_stage_close($1)").bind::<SqlUuid, _>(import).execute(conn)?;
    Ok(())
}

/// Statistics over the staged rows, or an index by family card.
pub fn ready(conn: &mut PgConnection, import: Uuid, indexed: bool) -> Result<(), Problem> {
    diesel::sql_query("SELECT import_stage_ready($1, $2)")
        .bind::<SqlUuid, _>(import)
        .bind::<Bool, _>(indexed)
        .execute(conn)?;
    Ok(())
}

/// Whether the staged rows are there; they are gone after a crash of the database, being unlogged.
pub fn is_staged(conn: &mut PgConnection, import: Uuid) -> Result<bool, Problem> {
    let name = format!("import_families_{}", import.simple());
    let there: bool =
        diesel::select(diesel::dsl::sql::<Bool>("to_regclass(").bind::<Text, _>(name).sql(") IS NOT NULL"))
            .get_result(conn)?;
    if !there {
        return Ok(false);
    }
    let families = diesel::dsl::exists(import_families::table.filter(import_families::import_id.eq(import)));
    let members = diesel::dsl::exists(import_members::table.filter(import_members::import_id.eq(import)));
    let people = diesel::dsl::exists(import_people::table.filter(import_people::import_id.eq(import)));
    Ok(diesel::select(families.or(members).or(people)).get_result(conn)?)
}

/// One session lock an import: whoever holds it works on it, and a second worker keeps off.
pub fn lock(conn: &mut PgConnection, import: Uuid) -> Result<bool, Problem> {
    let key = i64::from_be_bytes(import.as_bytes().last_chunk::<8>().copied().unwrap_or_default());
    Ok(diesel::select(
        diesel::dsl::sql::<Bool>("pg_try_advisory_lock(").bind::<diesel::sql_types::BigInt, _>(key).sql(")"),
    )
    .get_result(conn)?)
}

/// A running COPY that takes blocks of lines.
pub struct Copy {
    blocks: Option<Sender<Option<Vec<u8>>>>,
    thread: Option<std::thread::JoinHandle<Result<usize, Error>>>,
}

/// Which table a COPY fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `import_families`.
    Families,
    /// `import_members`.
    Members,
    /// `import_people`.
    People,
    /// `import_issues`.
    Issues,
    /// `import_rejected`.
    Rejected,
}

impl Copy {
    /// Starts a COPY on a connection of its own. Blocks wait in a short queue, so a slow database slows the reader.
    pub fn start(url: &str, target: Target) -> Result<Self, Problem> {
        let mut conn = PgConnection::establish(url).map_err(|_| Problem::unavailable("no connection for COPY"))?;
        let (send, receive) = bounded(4);
        let thread = std::thread::Builder::new()
            .name(format!("copy-{target:?}").to_lowercase())
            .spawn(move || copy(&mut conn, target, &receive))
            .map_err(Problem::internal)?;
        Ok(Self { blocks: Some(send), thread: Some(thread) })
    }

    /// Hands a block over; `false` once the COPY has failed, [`Copy::finish`] says why.
    pub fn send(&self, block: Vec<u8>) -> bool {
        block.is_empty() || self.blocks.as_ref().is_some_and(|blocks| blocks.send(Some(block)).is_ok())
    }

    /// Ends the COPY; its rows are there afterwards. Dropping without this undoes it.
    pub fn finish(mut self) -> Result<usize, Problem> {
        if let Some(blocks) = self.blocks.take() {
            // A failed COPY no longer listens; the thread's own answer tells.
            let _ = blocks.send(None);
        }
        let thread = self.thread.take().ok_or_else(|| Problem::internal("COPY ended twice"))?;
        Ok(thread.join().map_err(|_| Problem::internal("COPY panicked"))??)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.blocks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn feed(blocks: &Receiver<Option<Vec<u8>>>, out: &mut dyn std::io::Write) -> Result<(), Error> {
    loop {
        match blocks.recv() {
            Ok(Some(block)) => out.write_all(&block).map_err(|e| Error::SerializationError(Box::new(e)))?,
            Ok(None) => return Ok(()),
            // The reader gave up: nothing of this file may stay.
            Err(_) => return Err(Error::RollbackTransaction),
        }
    }
}

fn copy(conn: &mut PgConnection, target: Target, blocks: &Receiver<Option<Vec<u8>>>) -> Result<usize, Error> {
    use crate::db::schema::{import_issues, import_rejected};
    match target {
        Target::Families => diesel::copy_from(import_families::table)
            .from_raw_data(import_families::table, |out| feed(blocks, out))
            .execute(conn),
        Target::Members => diesel::copy_from(import_members::table)
            .from_raw_data(import_members::table, |out| feed(blocks, out))
            .execute(conn),
        Target::People => diesel::copy_from(import_people::table)
            .from_raw_data(import_people::table, |out| feed(blocks, out))
            .execute(conn),
        Target::Issues => diesel::copy_from(import_issues::table)
            .from_raw_data(
                (
                    import_issues::import_id,
                    import_issues::file,
                    import_issues::row_no,
                    import_issues::column_name,
                    import_issues::code,
                    import_issues::verdict,
                    import_issues::value_masked,
                ),
                |out| feed(blocks, out),
            )
            .execute(conn),
        Target::Rejected => diesel::copy_from(import_rejected::table)
            .from_raw_data(import_rejected::table, |out| feed(blocks, out))
            .execute(conn),
    }
}
