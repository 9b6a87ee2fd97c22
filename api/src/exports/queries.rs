//! SQL of exports: each account sees its own.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::model::Export;
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::{exports, operations};
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

type Row = (Uuid, String, String, String, Uuid, Option<i64>, DateTime<Utc>);

fn visible_exports(scope: &Scope) -> exports::BoxedQuery<'static, Pg> {
    exports::table.into_boxed().filter(exports::created_by.eq(scope.actor))
}

fn load(r: &mut Reader<'_>, query: exports::BoxedQuery<'static, Pg>) -> Result<Vec<Export>, Problem> {
    let state = operations::table
        .filter(operations::id.eq(exports::operation_id))
        .select(operations::state)
        .single_value()
        .assume_not_null();
    let rows: Vec<Row> = query
        .select((
            exports::id,
            exports::resource,
            exports::format,
            state,
            exports::operation_id,
            exports::row_count,
            exports::created_at,
        ))
        .load(r.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, resource, format, status, operation_id, row_count, created_at)| Export {
            id,
            resource,
            format,
            status,
            operation_id,
            row_count,
            created_at,
        })
        .collect())
}

pub(super) fn list(r: &mut Reader<'_>, start: Option<&Cursor>, fetch: i64) -> Result<Vec<Export>, Problem> {
    let mut query = visible_exports(r.scope());
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(exports::id.lt(id));
    }
    load(r, query.order(exports::id.desc()).limit(fetch))
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Export, Problem> {
    let query = visible_exports(r.scope()).filter(exports::id.eq(id));
    load(r, query)?.pop().ok_or_else(Problem::not_found)
}

pub(super) fn create(
    w: &mut Writer<'_>,
    id: Uuid,
    resource: &str,
    format: &str,
    filter: &Value,
    operation: Uuid,
) -> Result<(), Problem> {
    let actor = w.principal().id;
    diesel::insert_into(exports::table)
        .values((
            exports::id.eq(id),
            exports::resource.eq(resource),
            exports::format.eq(format),
            exports::filter.eq(filter),
            exports::operation_id.eq(operation),
            exports::created_by.eq(actor),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Format, filter and asker, for the job.
pub(super) fn task(r: &mut Reader<'_>, id: Uuid) -> Result<(String, Value), Problem> {
    Ok(visible_exports(r.scope())
        .filter(exports::id.eq(id))
        .select((exports::format, exports::filter))
        .first(r.conn())?)
}

pub(super) fn finish(w: &mut Writer<'_>, id: Uuid, rows: i64) -> Result<(), Problem> {
    diesel::update(exports::table.find(id)).set(exports::row_count.eq(rows)).execute(w.conn())?;
    Ok(())
}
