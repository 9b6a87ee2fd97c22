//! SQL of calendars, and of the deadlines that move with them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Text, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::model::{Calendar, CalendarPatch, CalendarQuery, CalendarSummary, Holiday, HolidayKind, Moved, NewCalendar};
use super::rules::{WorkingDays, due};
use crate::access::policy::CalendarEdit;
use crate::access::{Reader, Writer};
use crate::db::schema::{calendar_holidays, calendars};
use crate::db::sql::Sql;
use crate::kernel::label::Label;
use crate::kernel::page::Cursor;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;

#[derive(Queryable, Selectable)]
#[diesel(table_name = calendars)]
struct Row {
    id: Uuid,
    code: String,
    name: Value,
    working_weekdays: Vec<i32>,
    is_default: bool,
    version: i64,
    updated_at: DateTime<Utc>,
}

fn label(name: Value) -> Result<Label, Problem> {
    serde_json::from_value(name).map_err(Problem::internal)
}

/// By code; there are few.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &CalendarQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CalendarSummary>, Problem> {
    let mut query = calendars::table.into_boxed();
    if let Some(code) = &filter.code {
        query = query.filter(calendars::code.eq(code));
    }
    if let Some(cursor) = start {
        query = query.filter(calendars::code.gt(cursor.id.clone()));
    }
    let rows: Vec<Row> = query.order(calendars::code).limit(fetch).select(Row::as_select()).load(r.conn())?;
    let summary = |row: Row| -> Result<CalendarSummary, Problem> {
        Ok(CalendarSummary {
            id: row.id,
            code: row.code,
            name: label(row.name)?,
            working_weekdays: row.working_weekdays,
            is_default: row.is_default,
            version: row.version,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(summary).collect()
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Calendar, Problem> {
    let row: Row = calendars::table.find(id).select(Row::as_select()).first(r.conn())?;
    let days: Vec<(NaiveDate, Value, HolidayKind, bool, Option<String>)> = calendar_holidays::table
        .filter(calendar_holidays::calendar_id.eq(id))
        .order(calendar_holidays::date)
        .select((
            calendar_holidays::date,
            calendar_holidays::name,
            calendar_holidays::kind,
            calendar_holidays::decreed,
            calendar_holidays::source,
        ))
        .load(r.conn())?;
    let holidays = days
        .into_iter()
        .map(|(date, name, kind, decreed, source)| Ok(Holiday { date, name: label(name)?, kind, decreed, source }))
        .collect::<Result<Vec<_>, Problem>>()?;
    let can = if r.principal().may::<CalendarEdit>() { vec!["update"] } else { Vec::new() };
    Ok(Calendar {
        id: row.id,
        code: row.code,
        name: label(row.name)?,
        working_weekdays: row.working_weekdays,
        is_default: row.is_default,
        holidays,
        version: row.version,
        updated_at: row.updated_at,
        can,
    })
}

pub(super) fn working_days(calendar: &Calendar) -> WorkingDays {
    WorkingDays::new(&calendar.working_weekdays, calendar.holidays.iter().map(|h| h.date).collect())
}

/// The calendar, held until the transaction ends: whoever counts by it now is found by whoever changes it next.
/// Without an id the city's own.
pub fn hold(w: &mut Writer<'_>, id: Option<Uuid>) -> Result<(Uuid, WorkingDays), Problem> {
    let mut query = calendars::table.into_boxed().select(calendars::id);
    query = match id {
        Some(id) => query.filter(calendars::id.eq(id)),
        None => query.filter(calendars::is_default),
    };
    let id: Uuid = query.first(w.conn()).optional()?.ok_or_else(|| Problem::internal("the city has no calendar"))?;
    calendars::table.find(id).select(calendars::id).for_share().first::<Uuid>(w.conn())?;
    let calendar = find(w, id)?;
    Ok((id, working_days(&calendar)))
}

/// The calendar, locked for a change.
pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<Calendar, Problem> {
    calendars::table.find(id).select(calendars::id).for_update().first::<Uuid>(w.conn())?;
    find(w, id)
}

pub(super) fn insert(w: &mut Writer<'_>, new: &NewCalendar) -> Result<Uuid, Problem> {
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::insert_into(calendars::table)
        .values((
            calendars::id.eq(id),
            calendars::code.eq(&new.code),
            calendars::name.eq(serde_json::to_value(new.name.cleaned()).map_err(Problem::internal)?),
            calendars::working_weekdays.eq(&new.working_weekdays),
            calendars::created_at.eq(now),
            calendars::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

fn touch(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(calendars::table.find(id))
        .set((calendars::version.eq(calendars::version + 1), calendars::updated_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}

pub(super) fn update(w: &mut Writer<'_>, id: Uuid, patch: &CalendarPatch) -> Result<(), Problem> {
    touch(w, id)?;
    if let Field::Value(name) = &patch.name {
        let name = serde_json::to_value(name.cleaned()).map_err(Problem::internal)?;
        diesel::update(calendars::table.find(id)).set(calendars::name.eq(name)).execute(w.conn())?;
    }
    if let Field::Value(days) = &patch.working_weekdays {
        diesel::update(calendars::table.find(id)).set(calendars::working_weekdays.eq(days)).execute(w.conn())?;
    }
    Ok(())
}

pub(super) fn add_holiday(w: &mut Writer<'_>, id: Uuid, day: &Holiday) -> Result<(), Problem> {
    diesel::insert_into(calendar_holidays::table)
        .values((
            calendar_holidays::calendar_id.eq(id),
            calendar_holidays::date.eq(day.date),
            calendar_holidays::name.eq(serde_json::to_value(day.name.cleaned()).map_err(Problem::internal)?),
            calendar_holidays::kind.eq(day.kind),
            calendar_holidays::decreed.eq(day.decreed),
            calendar_holidays::source.eq(day.source.as_deref().map(crate::kernel::text::clean)),
        ))
        .execute(w.conn())?;
    touch(w, id)
}

pub(super) fn remove_holiday(w: &mut Writer<'_>, id: Uuid, date: NaiveDate) -> Result<(), Problem> {
    let gone = diesel::delete(calendar_holidays::table.find((id, date))).execute(w.conn())?;
    if gone == 0 {
        return Err(Problem::not_found());
    }
    touch(w, id)
}

/// Where deadlines lie: the table, how its rows name the calendar, and which of them are still open.
struct Deadlines {
    table: &'static str,
    calendar: &'static str,
    open: &'static str,
}

const PROBLEMS: Deadlines = Deadlines {
    table: "problems",
    calendar: "(SELECT m.calendar_id FROM mandates m WHERE m.id = d.mandate_id)",
    open: "d.status IN ('reported', 'verified', 'in_service', 'partly_resolved')",
};

const REQUESTS: Deadlines = Deadlines {
    table: "service_requests",
    calendar: "d.calendar_id",
    open: "d.status IN ('received', 'handled', 'approved')",
};

const DECISIONS: Deadlines = Deadlines { table: "decisions", calendar: "d.calendar_id", open: "d.status = 'notified'" };
const REFERRALS: Deadlines = Deadlines {
    table: "referrals",
    calendar: "(SELECT c.id FROM calendars c WHERE c.is_default)",
    open: "d.status IN ('sent', 'returned', 'accepted', 'in_service')",
};

#[derive(QueryableByName)]
struct Span {
    #[diesel(sql_type = Date)]
    due_from: NaiveDate,
    #[diesel(sql_type = Integer)]
    due_days: i32,
}

#[derive(QueryableByName)]
struct Moving {
    #[diesel(sql_type = Text)]
    sensitivity: String,
}

/// Counts every open deadline of a locked calendar anew. `across` is the day that changed: a deadline on this side of
/// it, or counted from behind it, stays. Gives how many unrestricted ones moved.
pub(super) fn recount(w: &mut Writer<'_>, calendar: &Calendar, across: Option<NaiveDate>) -> Result<Moved, Problem> {
    Ok(Moved {
        problems: recount_in(w, &PROBLEMS, calendar, across)?,
        service_requests: recount_in(w, &REQUESTS, calendar, across)?,
        decisions: recount_in(w, &DECISIONS, calendar, across)?,
        referrals: recount_in(w, &REFERRALS, calendar, across)?,
    })
}

fn recount_in(
    w: &mut Writer<'_>,
    of: &Deadlines,
    calendar: &Calendar,
    across: Option<NaiveDate>,
) -> Result<i64, Problem> {
    let Deadlines { table, calendar: own, open } = of;
    let mut sql = Sql::new(&format!(
        "SELECT DISTINCT d.due_from, d.due_days FROM {table} d WHERE d.due_on IS NOT NULL AND {open} AND {own} = "
    ))
    .bind::<PgUuid, _>(calendar.id);
    if let Some(day) = across {
        sql = sql.push(" AND d.due_from < ").bind::<Date, _>(day).push(" AND d.due_on >= ").bind::<Date, _>(day);
    }
    let spans: Vec<Span> = sql.rows(w.conn())?;
    let days = working_days(calendar);
    let from: Vec<NaiveDate> = spans.iter().map(|s| s.due_from).collect();
    let counts: Vec<i32> = spans.iter().map(|s| s.due_days).collect();
    let ends: Vec<NaiveDate> =
        spans.iter().map(|s| due(s.due_from, u32::try_from(s.due_days).unwrap_or(0), &days)).collect();
    let moved: Vec<Moving> =
        Sql::new(&format!("UPDATE {table} d SET due_on = s.due_on, version = d.version + 1, updated_at = "))
            .bind::<diesel::sql_types::Timestamptz, _>(w.now())
            .push(" FROM unnest(")
            .bind::<Array<Date>, _>(from)
            .push(", ")
            .bind::<Array<Integer>, _>(counts)
            .push(", ")
            .bind::<Array<Date>, _>(ends)
            .push(&format!(
                ") AS s (due_from, due_days, due_on) WHERE d.due_from = s.due_from AND d.due_days = s.due_days
             AND d.due_on <> s.due_on AND {open} AND {own} = "
            ))
            .bind::<PgUuid, _>(calendar.id)
            .push(" RETURNING d.sensitivity")
            .rows(w.conn())?;
    Ok(i64::try_from(moved.iter().filter(|m| m.sensitivity == "open").count()).unwrap_or(i64::MAX))
}
