//! Operations about calendars.

use actix_web::{delete, get, patch, post};
use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{
    self, Calendar, CalendarChange, CalendarPage, CalendarPatch, CalendarQuery, Due, DueQuery, Holiday, NewCalendar,
};
use super::{queries, rules};
use crate::access::policy::{CalendarEdit, ReferenceRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query, Slug};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::Problem;

fn answer(r: &Reader<'_>, calendar: &Calendar) -> Result<Answer, Problem> {
    Ok(Answer::ok(calendar)?.etag(calendar.version, r.principal(), &calendar.can))
}

fn audit(w: &mut Writer<'_>, action: &'static str, id: Uuid, after: Value) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "calendar",
        subject_id: Some(id),
        after: Some(after),
        ..AuditEntry::default()
    })
}

/// The answer to a change: the calendar and what moved with it.
fn change(w: &mut Writer<'_>, id: Uuid, across: Option<NaiveDate>) -> Result<CalendarChange, Problem> {
    let calendar = queries::find(w, id)?;
    let moved = queries::recount(w, &calendar, across)?;
    Ok(CalendarChange { calendar, moved })
}

/// List calendars
///
/// By code, without their holidays.
#[utoipa::path(tag = "calendars", params(CalendarQuery), responses((status = 200, description = "A page of calendars.", body = CalendarPage)))]
#[get("/api/v1/calendars")]
pub async fn list_calendars(permit: Permit<ReferenceRead>, query: Query<CalendarQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("calendars");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |c| (None, c.code.clone()));
            page_answer(&CalendarPage { data, page: page.clone() }, &page, "/api/v1/calendars")
        })
        .await
}

/// Get a calendar
///
/// With its holidays by date.
#[utoipa::path(tag = "calendars", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The calendar.", body = Calendar), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/calendars/{id}")]
pub async fn get_calendar(permit: Permit<ReferenceRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let calendar = queries::find(r, id.0)?;
            answer(r, &calendar)
        })
        .await
}

/// Make a calendar
///
/// For an office that works on other days than the city hall. It starts without holidays.
#[utoipa::path(tag = "calendars", params(IdempotencyHeader), request_body = NewCalendar, responses((status = 201, description = "The new calendar.", body = Calendar)))]
#[post("/api/v1/calendars")]
pub async fn create_calendar(
    permit: Permit<CalendarEdit>,
    key: IdempotencyKey,
    body: Json<NewCalendar>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_calendar", &new, |w| {
                let id = queries::insert(w, &new)?;
                audit(w, "calendar.create", id, json!({"code": new.code, "working_weekdays": new.working_weekdays}))?;
                let calendar = queries::find(w, id)?;
                Ok(Answer {
                    status: 201,
                    ..answer(w, &calendar)?.header("location", format!("/api/v1/calendars/{id}"))
                })
            })
        })
        .await
}

/// Change a calendar
///
/// Other working weekdays move the open deadlines counted by it, in the same transaction; `moved` says how many.
#[utoipa::path(tag = "calendars", params(IdPath, IfMatchHeader), request_body(content = CalendarPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The calendar as it is now.", body = CalendarChange)))]
#[patch("/api/v1/calendars/{id}")]
pub async fn update_calendar(
    permit: Permit<CalendarEdit>,
    id: Id,
    version: IfMatch,
    body: Json<CalendarPatch>,
) -> Result<Answer, Problem> {
    model::check(&body.0)?;
    permit
        .write(move |w| {
            let before = queries::lock(w, id.0)?;
            version.check(before.version)?;
            queries::update(w, id.0, &body.0)?;
            let change = change(w, id.0, None)?;
            let after = json!({"name": change.calendar.name, "working_weekdays": change.calendar.working_weekdays,
                "moved": change.moved});
            audit(w, "calendar.update", id.0, after)?;
            let calendar = &change.calendar;
            Ok(Answer::ok(&change)?.etag(calendar.version, w.principal(), &calendar.can))
        })
        .await
}

/// Count working days
///
/// Where so many working days after a date end, and the holidays on the way.
#[utoipa::path(tag = "calendars", params(IdPath, DueQuery), responses((status = 200, description = "Where counting ends.", body = Due)))]
#[get("/api/v1/calendars/{id}/due")]
pub async fn get_calendar_due(
    permit: Permit<ReferenceRead>,
    id: Id,
    query: Query<DueQuery>,
) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let calendar = queries::find(r, id.0)?;
            let days = queries::working_days(&calendar);
            let due_on = rules::due(query.0.from, query.0.days, &days);
            let on_the_way = |h: &Holiday| h.date > query.0.from && h.date <= due_on && days.weekday_worked(h.date);
            let holidays = calendar.holidays.into_iter().filter(on_the_way).collect();
            Answer::ok(&Due { due_on, holidays })
        })
        .await
}

/// Add a holiday
///
/// Open deadlines that reach across the day move in the same transaction; `moved` says how many.
#[utoipa::path(tag = "calendars", params(IdPath, IdempotencyHeader), request_body = Holiday, responses((status = 201, description = "Added.", body = CalendarChange)))]
#[post("/api/v1/calendars/{id}/holidays")]
pub async fn create_calendar_holiday(
    permit: Permit<CalendarEdit>,
    id: Id,
    key: IdempotencyKey,
    body: Json<Holiday>,
) -> Result<Answer, Problem> {
    let day = body.0;
    permit
        .write(move |w| {
            let request = json!([id.0, day]);
            idempotency::once(w, &key, "create_calendar_holiday", &request, |w| {
                queries::lock(w, id.0)?;
                queries::add_holiday(w, id.0, &day)?;
                let change = change(w, id.0, Some(day.date))?;
                let after = json!({"date": day.date, "name": day.name, "kind": day.kind, "moved": change.moved});
                audit(w, "calendar.add_holiday", id.0, after)?;
                let calendar = &change.calendar;
                let answer = Answer::created(&change, format!("/api/v1/calendars/{}", id.0))?;
                Ok(answer.etag(calendar.version, w.principal(), &calendar.can))
            })
        })
        .await
}

/// Remove a holiday
///
/// The day is worked after all: open deadlines that reach across it come nearer.
#[utoipa::path(tag = "calendars", params(IdPath, ("date" = chrono::NaiveDate, Path, description = "Civil date.", example = "2026-12-25")), responses((status = 200, description = "Removed.", body = CalendarChange)))]
#[delete("/api/v1/calendars/{id}/holidays/{date}")]
pub async fn delete_calendar_holiday(permit: Permit<CalendarEdit>, id: Id, date: Slug) -> Result<Answer, Problem> {
    let date: NaiveDate = date.0.parse().map_err(|_| Problem::not_found())?;
    permit
        .write(move |w| {
            queries::lock(w, id.0)?;
            queries::remove_holiday(w, id.0, date)?;
            let change = change(w, id.0, Some(date))?;
            audit(w, "calendar.remove_holiday", id.0, json!({"date": date, "moved": change.moved}))?;
            Answer::ok(&change)
        })
        .await
}
