//! Operations about the cycles of a program.

use actix_web::{get, patch, post};
use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{CyclePage, CyclePatch, CycleStatus, CycleView, NewCycle};
use super::queries::cycles::{self as stored, CycleRow};
use super::queries::{self, ProgramRow};
use super::routes::{audit, kept, standing};
use super::rules;
use crate::access::policy::{ProgramDraft, ProgramRead};
use crate::access::{Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query, Slug};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::dates::CivilDate;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

/// Path of one cycle.
#[expect(dead_code, reason = "read by the document only")]
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CyclePath {
    /// Id of the program.
    #[param(example = "0198c0de-0000-7000-8000-000000000001", format = "uuid")]
    pub id: String,
    /// Id of the cycle.
    #[param(example = "0198c0de-0000-7000-8000-000000000002", format = "uuid")]
    pub cycle_id: String,
}

crate::list_query! {
    /// Filters of the list of cycles.
    CycleQuery {
        /// Only this status.
        #[param(inline)]
        status: CycleStatus,
    }
}

fn view(r: &Reader<'_>, program: &ProgramRow, row: CycleRow) -> CycleView {
    let open = queries::sees_numbers(r.scope(), program.sensitivity, program.organization_id);
    let edits = rules::can(program.status, standing(r, program)).contains(&"add_cycle");
    CycleView {
        id: row.id,
        program_id: program.id,
        name: row.name,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        seat_kind: row.seat_kind,
        seats: row.seats,
        seats_taken: open.then_some(row.seats_taken),
        rule_version: row.rule_version,
        status: row.status,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can: if edits { vec!["edit"] } else { Vec::new() },
    }
}

/// Seats move without a new version, so the tag carries them beside it.
fn tagged(answer: Answer, r: &Reader<'_>, view: &CycleView) -> Answer {
    let seats = format!("seats {:?}", view.seats_taken);
    let parts: Vec<&str> = view.can.iter().copied().chain([seats.as_str()]).collect();
    answer.etag(view.version, r.principal(), &parts)
}

/// List cycles of a program
///
/// Newest first, with the seats taken.
#[utoipa::path(tag = "programs", params(IdPath, CycleQuery), responses((status = 200, description = "A page of cycles.", body = CyclePage)))]
#[get("/api/v1/programs/{id}/cycles")]
pub async fn list_program_cycles(
    permit: Permit<ProgramRead>,
    id: Id,
    query: Query<CycleQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = queries::find(r, id.0)?;
            let path = format!("/api/v1/programs/{}/cycles", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = stored::list(r, id.0, query.0.status, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(stored::count(r, id.0, query.0.status)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, &program, row)).collect();
            page_answer(&CyclePage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// Get a cycle
///
/// Its tag also changes with the seats taken; `If-Match` compares the version alone.
#[utoipa::path(tag = "programs", params(CyclePath, IfNoneMatchHeader), responses((status = 200, description = "The cycle.", body = CycleView), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/programs/{id}/cycles/{cycle_id}")]
pub async fn get_program_cycle(permit: Permit<ProgramRead>, id: Id, cycle: Slug) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = queries::find(r, id.0)?;
            let row = stored::find(r, id.0, cycle.0.parse().map_err(|_| Problem::not_found())?)?;
            let view = view(r, &program, row);
            Ok(tagged(Answer::ok(&view)?, r, &view))
        })
        .await
}

/// The program, if this caller may change its cycles.
fn editable(w: &mut Writer<'_>, id: Uuid) -> Result<ProgramRow, Problem> {
    let program = queries::find_for_update(w, id)?;
    let standing = standing(w, &program);
    if !standing.owns {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    if !rules::can(program.status, standing).contains(&"add_cycle") {
        return Err(Problem::with(&problem::WRONG_STATE, "the program is closed"));
    }
    Ok(program)
}

pub(super) fn dates(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<(), Problem> {
    if ends_on < starts_on {
        return Err(Problem::field("/ends_on", "before_start", "must not lie before starts_on"));
    }
    Ok(())
}

/// Create a cycle
///
/// A fiscal year or batch of the program, with its seats.
#[utoipa::path(tag = "programs", params(IdPath, IdempotencyHeader), request_body = NewCycle, responses((status = 201, description = "Opened.", body = CycleView)))]
#[post("/api/v1/programs/{id}/cycles")]
pub async fn create_program_cycle(
    permit: Permit<ProgramDraft>,
    id: Id,
    key: IdempotencyKey,
    body: Json<NewCycle>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let copy = serde_json::json!([id.0, body]);
            idempotency::once(w, &key, "create_program_cycle", &copy, |w| {
                let program = editable(w, id.0)?;
                dates(body.starts_on, body.ends_on)?;
                let name = body.name.as_deref().map(clean).filter(|n| !n.is_empty());
                let name = name.unwrap_or_else(|| body.starts_on.format("%Y").to_string());
                let cycle = stored::insert(w, program.id, &name, &body)?;
                let after = serde_json::json!({"cycle_id": cycle, "cycle": body});
                audit(w, "program.add_cycle", program.id, program.sensitivity, None, Some(after), None)?;
                let row = stored::find(w, program.id, cycle)?;
                let view = view(w, &program, row);
                let location = format!("/api/v1/programs/{}/cycles/{cycle}", program.id);
                Ok(tagged(Answer::created(&view, location)?, w, &view))
            })
        })
        .await
}

/// Update a cycle
///
/// A merge-patch. Seats never go below those taken; dates stay once a seat is taken, since claims are held for them.
#[utoipa::path(tag = "programs", params(CyclePath, IfMatchHeader), request_body(content = CyclePatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "Updated.", body = CycleView)))]
#[patch("/api/v1/programs/{id}/cycles/{cycle_id}")]
pub async fn update_program_cycle(
    permit: Permit<ProgramDraft>,
    id: Id,
    cycle: Slug,
    version: IfMatch,
    body: Json<CyclePatch>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let program = queries::find(w, id.0)?;
            let cycle: Uuid = cycle.0.parse().map_err(|_| Problem::not_found())?;
            stored::find(w, program.id, cycle)?;
            let program = editable(w, program.id)?;
            stored::lock_cycle(w, cycle)?;
            let row = stored::find(w, program.id, cycle)?;
            version.check(row.version)?;
            let new = patched(&row, body.0)?;
            stored::update(w, &new)?;
            let state = |r: &CycleRow| serde_json::json!({"cycle_id": r.id, "name": r.name, "starts_on": r.starts_on, "ends_on": r.ends_on, "seats": r.seats, "status": r.status});
            let (before, after) = (state(&row), state(&new));
            audit(w, "program.edit_cycle", program.id, program.sensitivity, Some(before), Some(after), None)?;
            let row = stored::find(w, program.id, cycle)?;
            let view = view(w, &program, row);
            Ok(tagged(Answer::ok(&view)?, w, &view))
        })
        .await
}

fn patched(row: &CycleRow, patch: CyclePatch) -> Result<CycleRow, Problem> {
    let name = clean(&kept(patch.name, "/name", row.name.clone())?);
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Problem::field("/name", "length", "must have 1 to 100 characters"));
    }
    let starts_on = kept(patch.starts_on, "/starts_on", CivilDate(row.starts_on))?.0;
    let ends_on = kept(patch.ends_on, "/ends_on", CivilDate(row.ends_on))?.0;
    dates(starts_on, ends_on)?;
    if row.seats_taken > 0 && (starts_on, ends_on) != (row.starts_on, row.ends_on) {
        return Err(Problem::with(&problem::WRONG_STATE, "seats are taken: the dates stay"));
    }
    let seats = kept(patch.seats, "/seats", row.seats)?;
    if !(0..=10_000_000).contains(&seats) {
        return Err(Problem::field("/seats", "range", "must be 0 to 10,000,000"));
    }
    if seats < row.seats_taken {
        return Err(Problem::with(&problem::NO_SEATS, "more seats are taken than that"));
    }
    let status = kept(patch.status, "/status", row.status)?;
    Ok(CycleRow { name, starts_on, ends_on, seats, status, ..row.clone() })
}
