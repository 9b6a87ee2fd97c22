//! SQL of code lists. Reference data: everybody who is signed in sees all of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use serde_json::Value;

use super::model::{CodeEntry, CodeList, CodeListSummary, CodeMap, CodeMapQuery, NewCodeEntry, Sensitivity};
use crate::access::policy::CodeListEdit;
use crate::access::{Reader, Writer};
use crate::db::schema::{code_entries, code_lists, code_maps};
use crate::kernel::label::Label;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

type ListRow = (String, Value, i32, String, DateTime<Utc>);
const LIST: (code_lists::slug, code_lists::name, code_lists::version, code_lists::source, code_lists::updated_at) =
    (code_lists::slug, code_lists::name, code_lists::version, code_lists::source, code_lists::updated_at);

#[derive(Queryable, Selectable)]
#[diesel(table_name = code_entries)]
struct EntryRow {
    code: String,
    name: Value,
    sensitivity: String,
    sort: i32,
    attrs: Value,
    since_version: i32,
    retired_in_version: Option<i32>,
}

fn label(value: Value) -> Result<Label, Problem> {
    serde_json::from_value(value).map_err(|_| Problem::internal("a stored name is not a pair of languages"))
}

fn entry(row: EntryRow) -> Result<CodeEntry, Problem> {
    Ok(CodeEntry {
        code: row.code,
        name: label(row.name)?,
        sensitivity: if row.sensitivity == "open" { Sensitivity::Open } else { Sensitivity::Restricted },
        sort: row.sort,
        attrs: row.attrs,
        since_version: row.since_version,
        retired_in_version: row.retired_in_version,
    })
}

pub(super) fn list(
    r: &mut Reader<'_>,
    q: Option<&str>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CodeListSummary>, Problem> {
    let in_use = crate::db::sql::sql::<BigInt>(
        "(SELECT count(*) FROM code_entries e WHERE e.list_slug = code_lists.slug AND e.retired_in_version IS NULL)",
    );
    let mut query = code_lists::table.into_boxed();
    if let Some(q) = q {
        query = query.filter(
            crate::db::sql::sql::<Bool>("strpos(lower(code_lists.slug || ' ' || code_lists.name::text), ")
                .bind::<Text, _>(q.to_lowercase())
                .sql(") > 0"),
        );
    }
    if let Some(cursor) = start {
        query = query.filter(code_lists::slug.gt(cursor.id.clone()));
    }
    let rows: Vec<(ListRow, i64)> = query.order(code_lists::slug).limit(fetch).select((LIST, in_use)).load(r.conn())?;
    rows.into_iter()
        .map(|((slug, name, version, source, updated_at), entries_count)| {
            Ok(CodeListSummary { slug, name: label(name)?, version, source, entries_count, updated_at })
        })
        .collect()
}

pub(super) fn find(r: &mut Reader<'_>, slug: &str, include_retired: bool) -> Result<CodeList, Problem> {
    let (slug, name, version, source, updated_at): ListRow =
        code_lists::table.find(slug).select(LIST).first(r.conn())?;
    let mut query = code_entries::table.filter(code_entries::list_slug.eq(&slug)).into_boxed();
    if !include_retired {
        query = query.filter(code_entries::retired_in_version.is_null());
    }
    let rows: Vec<EntryRow> =
        query.order((code_entries::sort, code_entries::code)).select(EntryRow::as_select()).load(r.conn())?;
    let entries = rows.into_iter().map(entry).collect::<Result<_, _>>()?;
    let can = if r.principal().may::<CodeListEdit>() { vec!["update".to_owned()] } else { Vec::new() };
    Ok(CodeList { slug, name: label(name)?, version, source, updated_at, entries, can })
}

pub(super) fn maps(
    r: &mut Reader<'_>,
    slug: &str,
    filter: &CodeMapQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CodeMap>, Problem> {
    let _: String = code_lists::table.find(slug).select(code_lists::slug).first(r.conn())?;
    let mut query = code_maps::table.filter(code_maps::list_slug.eq(slug)).into_boxed();
    if let Some(source) = &filter.source {
        query = query.filter(code_maps::source.eq(source));
    }
    if let Some(variable) = &filter.variable {
        query = query.filter(code_maps::variable.eq(variable));
    }
    if let Some(cursor) = start {
        let after: [String; 4] = serde_json::from_str(&cursor.id).map_err(|_| Problem::not_found())?;
        let [source, version, variable, source_code] = after;
        query = query.filter(
            crate::db::sql::sql::<Bool>(
                "(code_maps.source, code_maps.version, code_maps.variable, code_maps.source_code) > (",
            )
            .bind::<Text, _>(source)
            .sql(", ")
            .bind::<Text, _>(version)
            .sql(", ")
            .bind::<Text, _>(variable)
            .sql(", ")
            .bind::<Text, _>(source_code)
            .sql(")"),
        );
    }
    let rows: Vec<(String, String, String, String, String)> = query
        .order((code_maps::source, code_maps::version, code_maps::variable, code_maps::source_code))
        .limit(fetch)
        .select((code_maps::source, code_maps::version, code_maps::variable, code_maps::source_code, code_maps::code))
        .load(r.conn())?;
    Ok(rows
        .into_iter()
        .map(|(source, version, variable, source_code, code)| CodeMap { source, version, variable, source_code, code })
        .collect())
}

/// Version of a list, with its row locked until the transaction ends.
pub(super) fn lock(w: &mut Writer<'_>, slug: &str) -> Result<i32, Problem> {
    Ok(code_lists::table.find(slug).select(code_lists::version).for_update().first(w.conn())?)
}

/// Raises the version of a list and gives the new one.
pub(super) fn raise(w: &mut Writer<'_>, slug: &str) -> Result<i32, Problem> {
    let now = w.now();
    Ok(diesel::update(code_lists::table.find(slug))
        .set((code_lists::version.eq(code_lists::version + 1), code_lists::updated_at.eq(now)))
        .returning(code_lists::version)
        .get_result(w.conn())?)
}

pub(super) fn rename(w: &mut Writer<'_>, slug: &str, name: &Label) -> Result<(), Problem> {
    let name = serde_json::to_value(name.cleaned()).map_err(Problem::internal)?;
    diesel::update(code_lists::table.find(slug)).set(code_lists::name.eq(name)).execute(w.conn())?;
    Ok(())
}

pub(super) fn find_entry(w: &mut Writer<'_>, slug: &str, code: &str) -> Result<CodeEntry, Problem> {
    let row: EntryRow = code_entries::table.find((slug, code)).select(EntryRow::as_select()).first(w.conn())?;
    entry(row)
}

pub(super) fn insert_entry(w: &mut Writer<'_>, slug: &str, new: &NewCodeEntry, version: i32) -> Result<(), Problem> {
    let last: Option<i32> = code_entries::table
        .filter(code_entries::list_slug.eq(slug))
        .select(diesel::dsl::max(code_entries::sort))
        .first(w.conn())?;
    let sort = new.sort.unwrap_or_else(|| last.unwrap_or(0).saturating_add(10));
    diesel::insert_into(code_entries::table)
        .values((
            code_entries::list_slug.eq(slug),
            code_entries::code.eq(&new.code),
            code_entries::name.eq(serde_json::to_value(new.name.cleaned()).map_err(Problem::internal)?),
            code_entries::sensitivity.eq(if new.sensitivity == Sensitivity::Open { "open" } else { "restricted" }),
            code_entries::sort.eq(sort),
            code_entries::attrs.eq(serde_json::to_value(&new.attrs).map_err(Problem::internal)?),
            code_entries::since_version.eq(version),
        ))
        .execute(w.conn())?;
    Ok(())
}

#[derive(AsChangeset)]
#[diesel(table_name = code_entries)]
struct Changes {
    name: Option<Value>,
    sort: Option<i32>,
    attrs: Option<Value>,
}

pub(super) fn update_entry(
    w: &mut Writer<'_>,
    slug: &str,
    code: &str,
    name: Option<&Label>,
    sort: Option<i32>,
    attrs: Option<&BTreeMap<String, Value>>,
) -> Result<(), Problem> {
    let json = |v: Result<Value, serde_json::Error>| v.map_err(Problem::internal);
    let changes = Changes {
        name: name.map(|n| json(serde_json::to_value(n.cleaned()))).transpose()?,
        sort,
        attrs: attrs.map(|a| json(serde_json::to_value(a))).transpose()?,
    };
    if changes.name.is_none() && changes.sort.is_none() && changes.attrs.is_none() {
        return Ok(());
    }
    diesel::update(code_entries::table.find((slug, code))).set(changes).execute(w.conn())?;
    Ok(())
}

pub(super) fn set_retired(w: &mut Writer<'_>, slug: &str, code: &str, version: Option<i32>) -> Result<(), Problem> {
    diesel::update(code_entries::table.find((slug, code)))
        .set(code_entries::retired_in_version.eq(version))
        .execute(w.conn())?;
    Ok(())
}
