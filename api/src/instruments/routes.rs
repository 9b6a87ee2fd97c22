//! Operations about instruments.

use actix_web::{get, patch, post};

use super::check::check;
use super::definition::Definition;
use super::model::{Instrument, InstrumentPage, InstrumentPatch, InstrumentQuery, InstrumentStatus, NewInstrument};
use super::queries::{self, Change, InstrumentRow};
use crate::access::policy::{InstrumentActivate, InstrumentEdit, InstrumentRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::reference::lookup;

fn can(r: &Reader<'_>, row: &InstrumentRow) -> Vec<&'static str> {
    let principal = r.principal();
    let mut can = Vec::new();
    if row.status == InstrumentStatus::Draft && principal.may::<InstrumentEdit>() {
        can.push("edit");
    }
    if row.status == InstrumentStatus::Draft
        && principal.may::<InstrumentActivate>()
        && row.drafted_by != Some(principal.id)
    {
        can.push("activate");
    }
    if row.status == InstrumentStatus::Active && principal.may::<InstrumentActivate>() {
        can.push("retire");
    }
    can
}

fn view(r: &Reader<'_>, row: InstrumentRow, whole: bool) -> Result<Instrument, Problem> {
    let can = can(r, &row);
    let definition =
        if whole { Some(serde_json::from_value(row.definition).map_err(Problem::internal)?) } else { None };
    Ok(Instrument {
        id: row.id,
        code: row.code,
        revision: row.revision,
        name: serde_json::from_value(row.name).map_err(Problem::internal)?,
        description: serde_json::from_value(row.description).ok(),
        subject_kind: row.subject_kind,
        sensitivity: row.sensitivity,
        source: row.source,
        status: row.status,
        definition,
        activated_at: row.activated_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    })
}

fn answer(r: &Reader<'_>, row: InstrumentRow) -> Result<Answer, Problem> {
    let view = view(r, row, true)?;
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// Refuses a definition with mistakes; returns the label it must have at least.
fn checked(r: &mut Reader<'_>, definition: &Definition) -> Result<Sensitivity, Problem> {
    let mut errors = check(definition);
    let mut label = Sensitivity::Open;
    for (i, finding) in definition.findings.iter().enumerate() {
        let codes =
            [("needs", "need_code", Some(&finding.need_code)), ("ppks_types", "ppks_code", finding.ppks_code.as_ref())];
        for (list, member, code) in codes.into_iter().filter_map(|(list, member, code)| Some((list, member, code?))) {
            match lookup::entry(r, list, code)? {
                Some(entry) => label = label.max(entry.sensitivity),
                None => errors.push(problem::FieldError {
                    pointer: format!("/definition/findings/{i}/{member}"),
                    code: "unknown_code".into(),
                    detail: format!("is not a code of {list}"),
                }),
            }
        }
    }
    if errors.is_empty() { Ok(label) } else { Err(Problem { errors, ..Problem::new(&problem::VALIDATION_FAILED) }) }
}

/// List instruments
///
/// Newest first, without their questions.
#[utoipa::path(tag = "instruments", params(InstrumentQuery), responses((status = 200, description = "A page of instruments.", body = InstrumentPage)))]
#[get("/api/v1/instruments")]
pub async fn list_instruments(
    permit: Permit<InstrumentRead>,
    query: Query<InstrumentQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("instruments");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |i| (None, i.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row, false)).collect::<Result<_, _>>()?;
            page_answer(&InstrumentPage { data, page: page.clone() }, &page, "/api/v1/instruments")
        })
        .await
}

/// Get an instrument
///
/// One revision with its questions, scores and findings.
#[utoipa::path(tag = "instruments", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The revision.", body = Instrument), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/instruments/{id}")]
pub async fn get_instrument(permit: Permit<InstrumentRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Draft an instrument
///
/// The first revision of a new code, or the next of a known one; a code has one draft at a time.
#[utoipa::path(tag = "instruments", params(IdempotencyHeader), request_body = NewInstrument, responses((status = 201, description = "The draft.", body = Instrument)))]
#[post("/api/v1/instruments")]
pub async fn create_instrument(
    permit: Permit<InstrumentEdit>,
    key: IdempotencyKey,
    body: Json<NewInstrument>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_instrument", &new, |w| {
                let label = checked(w, &new.definition)?.max(new.sensitivity.unwrap_or(Sensitivity::Open));
                let id = queries::insert(w, &new, label)?;
                audit(w, "instrument.draft", id)?;
                let row = queries::find(w, id)?;
                Ok(Answer { status: 201, ..answer(w, row)?.header("location", format!("/api/v1/instruments/{id}")) })
            })
        })
        .await
}

fn audit(w: &mut Writer<'_>, action: &'static str, id: uuid::Uuid) -> Result<(), Problem> {
    w.audit(AuditEntry { action, subject_kind: "instrument", subject_id: Some(id), ..AuditEntry::default() })
}

fn wrong_state() -> Problem {
    Problem::new(&problem::WRONG_STATE)
}

/// Change a draft
///
/// Only a draft changes: answers were given to what is active.
#[utoipa::path(tag = "instruments", params(IdPath, IfMatchHeader), request_body(content = InstrumentPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The draft as it is now.", body = Instrument)))]
#[patch("/api/v1/instruments/{id}")]
pub async fn update_instrument(
    permit: Permit<InstrumentEdit>,
    id: Id,
    version: IfMatch,
    body: Json<InstrumentPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    for (named, pointer) in [(patch.name == Field::Null, "/name"), (patch.definition == Field::Null, "/definition")] {
        if named {
            return Err(Problem::field(pointer, "required", "cannot be removed"));
        }
    }
    permit
        .write(move |w| {
            let row = queries::find_for_update(w, id.0)?;
            version.check(row.version)?;
            if row.status != InstrumentStatus::Draft {
                return Err(wrong_state());
            }
            let label = match patch.definition.value() {
                Some(definition) => Some(checked(w, definition)?.max(row.sensitivity)),
                None => None,
            };
            let json = |value| serde_json::to_value(value).map_err(Problem::internal);
            let change = Change {
                name: patch.name.value().map(|v| serde_json::to_value(v).map_err(Problem::internal)).transpose()?,
                description: patch
                    .description
                    .nullable()
                    .map(|v| {
                        v.map_or(Ok(serde_json::json!({})), |v| serde_json::to_value(v).map_err(Problem::internal))
                    })
                    .transpose()?,
                definition: patch.definition.value().map(json).transpose()?,
                sensitivity: label,
            };
            queries::update(w, id.0, change)?;
            audit(w, "instrument.edit", id.0)?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Put an instrument into use
///
/// By somebody else than its author. The revision before is retired; drafts begun with it can still be finished.
#[utoipa::path(tag = "instruments", params(IdPath, IfMatchHeader), responses((status = 200, description = "Active.", body = Instrument)))]
#[post("/api/v1/instruments/{id}/activate")]
pub async fn activate_instrument(
    permit: Permit<InstrumentActivate>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::find_for_update(w, id.0)?;
            version.check(row.version)?;
            if row.status != InstrumentStatus::Draft {
                return Err(wrong_state());
            }
            queries::activate(w, &row)?;
            audit(w, "instrument.activate", id.0)?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Take an instrument out of use
///
/// What was made with it stays readable; drafts begun with it can still be finished.
#[utoipa::path(tag = "instruments", params(IdPath, IfMatchHeader), responses((status = 200, description = "Retired.", body = Instrument)))]
#[post("/api/v1/instruments/{id}/retire")]
pub async fn retire_instrument(
    permit: Permit<InstrumentActivate>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::find_for_update(w, id.0)?;
            version.check(row.version)?;
            if row.status != InstrumentStatus::Active {
                return Err(wrong_state());
            }
            queries::retire(w, id.0)?;
            audit(w, "instrument.retire", id.0)?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}
