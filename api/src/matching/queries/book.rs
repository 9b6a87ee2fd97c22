//! The rule book of a moment: vocabulary, live programs, loaded lists. Kept in memory until something of it changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Jsonb, Nullable, Text, Uuid as PgUuid};
use satupintu_rules::{Clause, Code, Coverage, Label, ProgramName, Vocabulary, day, from_value};
use serde_json::Value;
use uuid::Uuid;

use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::matching::facts::Lookup;

/// A published program with a rule.
#[derive(Debug, Clone)]
pub(in crate::matching) struct Live {
    pub id: Uuid,
    pub number: i32,
    pub rule_version: i32,
    pub restricted: bool,
    /// What is evaluated: the rule within the program's areas.
    pub clause: Clause,
    /// Whether the rule stands at `/all/0` of it.
    pub limited: bool,
}

/// What rules are read with.
#[derive(Debug)]
pub(in crate::matching) struct Book {
    stamp: String,
    pub vocabulary: Vocabulary,
    pub lookup: Lookup,
    pub coverage: Coverage,
    pub programs: Vec<Live>,
}

#[derive(QueryableByName)]
struct Stamp {
    #[diesel(sql_type = Text)]
    database: String,
    #[diesel(sql_type = Text)]
    stamp: String,
}
#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = Text)]
    list_slug: String,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Jsonb)]
    name: Value,
    #[diesel(sql_type = Bool)]
    restricted: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    merges: Option<Value>,
}
#[derive(QueryableByName)]
struct AreaRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name: String,
}
#[derive(QueryableByName)]
struct ProgramRow {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Jsonb)]
    name: Value,
    #[diesel(sql_type = Nullable<Text>)]
    overlap_class: Option<String>,
    #[diesel(sql_type = Bool)]
    own: bool,
    #[diesel(sql_type = Bool)]
    restricted: bool,
    #[diesel(sql_type = diesel::sql_types::Array<Text>)]
    areas: Vec<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    rule: Option<Value>,
    #[diesel(sql_type = Integer)]
    rule_version: i32,
}
#[derive(QueryableByName)]
struct ListRow {
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Text)]
    area_code: String,
    #[diesel(sql_type = Date)]
    from_date: NaiveDate,
    #[diesel(sql_type = Date)]
    to_date: NaiveDate,
}
#[derive(QueryableByName)]
struct SourceRow {
    #[diesel(sql_type = Text)]
    source: String,
}

/// Books by database, the newest of each.
static BOOKS: Mutex<Option<HashMap<String, Arc<Book>>>> = Mutex::new(None);
/// More databases than that in one process are tests.
const MOST: usize = 16;

/// The book as it stands now.
pub(in crate::matching) fn book(conn: &mut PgConnection) -> Result<Arc<Book>, Problem> {
    let now: Stamp = Sql::new(
        "SELECT current_database()::text AS database, concat_ws('/', (SELECT concat(count(*), '.', sum(version)) FROM programs), (SELECT sum(version) FROM code_lists), (SELECT concat(count(*), '.', max(loaded_at)) FROM recipient_lists), (SELECT concat(count(*), '.', max(updated_at)) FROM regions WHERE in_city)) AS stamp",
    )
    .row(conn)?;
    let kept = {
        let books = BOOKS.lock().unwrap_or_else(PoisonError::into_inner);
        books.as_ref().and_then(|b| b.get(&now.database)).filter(|b| b.stamp == now.stamp).cloned()
    };
    if let Some(book) = kept {
        return Ok(book);
    }
    let book = Arc::new(load(conn, now.stamp)?);
    let mut books = BOOKS.lock().unwrap_or_else(PoisonError::into_inner);
    let books = books.get_or_insert_with(HashMap::new);
    if books.len() >= MOST {
        books.clear();
    }
    books.insert(now.database, book.clone());
    Ok(book)
}

fn label(value: &Value) -> Label {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

fn load(conn: &mut PgConnection, stamp: String) -> Result<Book, Problem> {
    let entries: Vec<EntryRow> = Sql::new(
        "SELECT list_slug, code, name, sensitivity = 'restricted' AS restricted, attrs -> 'merges' AS merges FROM code_entries ORDER BY list_slug, sort, code",
    )
    .rows(conn)?;
    let mut lists: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for row in entries {
        let merges = row.merges.and_then(|m| serde_json::from_value(m).ok()).unwrap_or_default();
        let code = Code { code: row.code, label: label(&row.name), restricted: row.restricted, merges };
        lists.entry(row.list_slug).or_default().push(code);
    }
    let areas: Vec<AreaRow> = Sql::new("SELECT code, name FROM regions WHERE in_city").rows(conn)?;
    let sources: Vec<SourceRow> = Sql::new(
        "SELECT DISTINCT source FROM code_maps UNION SELECT unnest(ARRAY['dtsen', 'p3ke', 'dtks']) ORDER BY source",
    )
    .rows(conn)?;
    let programs: Vec<ProgramRow> = Sql::new(
        "SELECT g.id, g.number, g.code, g.name, g.overlap_class, g.access_mode = 'referral' AS own, g.sensitivity = 'restricted' AS restricted, g.areas,
             CASE WHEN g.status = 'published' THEN g.rule END AS rule, coalesce((SELECT max(v.version) FROM program_rules v WHERE v.program_id = g.id), 0) AS rule_version
         FROM programs g WHERE g.status IN ('published', 'suspended', 'closed') ORDER BY g.code COLLATE \"C\"",
    )
    .rows(conn)?;
    let name = |row: &ProgramRow| {
        let name = ProgramName {
            label: label(&row.name),
            restricted: row.restricted,
            number: u16::try_from(row.number).unwrap_or(u16::MAX),
            overlap_class: row.overlap_class.clone(),
            own: row.own,
        };
        (row.code.clone(), name)
    };
    let vocabulary = Vocabulary::new(lists)
        .map_err(Problem::internal)?
        .with_areas(areas.into_iter().map(|a| (a.code, a.name)).collect())
        .with_programs(programs.iter().map(name).collect())
        .with_sources(sources.into_iter().map(|s| s.source).collect());
    let lists: Vec<ListRow> = Sql::new(
        "SELECT g.number, l.area_code, l.from_date, l.to_date FROM recipient_lists l JOIN programs g ON g.id = l.program_id ORDER BY l.id",
    )
    .rows(conn)?;
    let mut coverage = Coverage::default();
    for list in lists {
        let number = u16::try_from(list.number).unwrap_or(u16::MAX);
        coverage.add(number, &list.area_code, day(list.from_date), day(list.to_date));
    }
    let live = programs.into_iter().filter_map(live).collect();
    Ok(Book { stamp, lookup: Lookup::new(&vocabulary), vocabulary, coverage, programs: live })
}

fn live(row: ProgramRow) -> Option<Live> {
    let rule = from_value(row.rule.as_ref()?).ok()?;
    let (clause, limited) = within(rule, &row.areas);
    Some(Live {
        id: row.id,
        number: row.number,
        rule_version: row.rule_version,
        restricted: row.restricted,
        clause,
        limited,
    })
}

/// The rule within the areas of its program, and whether they limit it.
pub(in crate::matching) fn within(rule: Clause, areas: &[String]) -> (Clause, bool) {
    if areas.is_empty() {
        return (rule, false);
    }
    (Clause::All(vec![rule, Clause::AreaIn(areas.to_vec())]), true)
}

#[derive(QueryableByName)]
pub(in crate::matching) struct Number {
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}
