//! SQL of long work.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Operation, Progress};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::operations;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

type Row = (
    Uuid,
    String,
    String,
    i64,
    Option<i64>,
    String,
    Option<Uuid>,
    Option<Value>,
    Option<Value>,
    bool,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
    Option<DateTime<Utc>>,
);
const COLUMNS: (
    operations::id,
    operations::kind,
    operations::state,
    operations::progress_done,
    operations::progress_total,
    operations::progress_unit,
    operations::subject_id,
    operations::result,
    operations::error,
    operations::cancel_requested,
    operations::created_at,
    operations::started_at,
    operations::finished_at,
) = (
    operations::id,
    operations::kind,
    operations::state,
    operations::progress_done,
    operations::progress_total,
    operations::progress_unit,
    operations::subject_id,
    operations::result,
    operations::error,
    operations::cancel_requested,
    operations::created_at,
    operations::started_at,
    operations::finished_at,
);

fn view(row: Row) -> Operation {
    let (
        id,
        kind,
        state,
        done,
        total,
        unit,
        subject_id,
        result,
        error,
        cancel_requested,
        created_at,
        started_at,
        finished_at,
    ) = row;
    Operation {
        id,
        kind,
        state,
        progress: Progress { done, total, unit },
        subject_id,
        result,
        error,
        cancel_requested,
        created_at,
        started_at,
        finished_at,
    }
}

/// Operations this caller may see: all of the city for who works for the city, else what he started himself.
fn visible_operations(scope: &Scope) -> operations::BoxedQuery<'static, Pg> {
    let query = operations::table.into_boxed();
    if scope.city { query } else { query.filter(operations::created_by.eq(scope.actor)) }
}

pub(super) fn list(
    r: &mut Reader<'_>,
    state: Option<&str>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<Operation>, Problem> {
    let mut query = visible_operations(r.scope());
    if let Some(state) = state {
        query = query.filter(operations::state.eq(state.to_owned()));
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(operations::id.lt(id));
    }
    let rows: Vec<Row> = query.order(operations::id.desc()).limit(fetch).select(COLUMNS).load(r.conn())?;
    Ok(rows.into_iter().map(view).collect())
}

pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Operation, Problem> {
    let row: Row = visible_operations(r.scope()).filter(operations::id.eq(id)).select(COLUMNS).first(r.conn())?;
    Ok(view(row))
}

/// Asks a queued or running operation to stop; whether it was one.
pub(super) fn cancel(w: &mut Writer<'_>, id: Uuid) -> Result<bool, Problem> {
    find(w, id)?;
    let queued = diesel::update(operations::table.filter(operations::id.eq(id)).filter(operations::state.eq("queued")))
        .set((
            operations::state.eq("cancelled"),
            operations::cancel_requested.eq(true),
            operations::finished_at.eq(Utc::now()),
        ))
        .execute(w.conn())?;
    let running =
        diesel::update(operations::table.filter(operations::id.eq(id)).filter(operations::state.eq("running")))
            .set(operations::cancel_requested.eq(true))
            .execute(w.conn())?;
    Ok(queued + running > 0)
}
