//! Operations about the entries of a code list. Each raises the list's version.

use actix_web::{patch, post};
use serde_json::{Value, json};
use validator::Validate as _;

use super::model::{CodeEntryPatch, CodeList, NewCodeEntry};
use super::queries;
use super::routes::answer;
use crate::access::policy::CodeListEdit;
use crate::access::{AuditEntry, Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{IdempotencyKey, IfMatch, Json, Slug, SlugPair};
use crate::http::openapi::{IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::label::Label;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};

/// A name in a merge-patch: it can be changed, not removed.
pub(super) fn label(field: Field<Label>, pointer: &str) -> Result<Option<Label>, Problem> {
    match field {
        Field::Absent => Ok(None),
        Field::Null => Err(Problem::field(pointer, "required", "cannot be removed")),
        Field::Value(label) => {
            label.validate().map_err(|e| Problem {
                errors: crate::http::extract::invalid(&e)
                    .errors
                    .into_iter()
                    .map(|e| problem::FieldError { pointer: format!("{pointer}{}", e.pointer), ..e })
                    .collect(),
                ..Problem::new(&problem::VALIDATION_FAILED)
            })?;
            Ok(Some(label))
        }
    }
}

fn audit(w: &mut Writer<'_>, action: &'static str, before: Option<Value>, after: Option<Value>) -> Result<(), Problem> {
    w.audit(AuditEntry { action, subject_kind: "code_entry", before, after, ..AuditEntry::default() })
}

/// Add an entry to a code list
///
/// Its code is for ever: it can be retired, never deleted.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "needs", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"), IfMatchHeader, IdempotencyHeader),
    request_body = NewCodeEntry, responses((status = 201, description = "The list with the new entry.", body = CodeList)))]
#[post("/api/v1/code-lists/{slug}/entries")]
pub async fn create_code_entry(
    permit: Permit<CodeListEdit>,
    slug: Slug,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<NewCodeEntry>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_code_entry", &(&slug.0, &new), |w| {
                version.check(i64::from(queries::lock(w, &slug.0)?))?;
                let now = queries::raise(w, &slug.0)?;
                queries::insert_entry(w, &slug.0, &new, now)?;
                audit(w, "code_entry.create", None, Some(json!({"list": slug.0, "entry": new})))?;
                let list = queries::find(w, &slug.0, false)?;
                let location = format!("/api/v1/code-lists/{}", slug.0);
                Ok(Answer { status: 201, ..answer(w, &list)?.header("location", location) })
            })
        })
        .await
}

/// Change an entry
///
/// Name, order, attributes. Code and sensitivity stay as they are.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "needs", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"),
        ("code" = String, Path, description = "Code of the entry.", example = "pangan", max_length = 100, pattern = "^[a-z0-9_]{1,60}$"), IfMatchHeader),
    request_body(content = CodeEntryPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The list as it is now.", body = CodeList)))]
#[patch("/api/v1/code-lists/{slug}/entries/{code}")]
pub async fn update_code_entry(
    permit: Permit<CodeListEdit>,
    path: SlugPair,
    version: IfMatch,
    body: Json<CodeEntryPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    let name = label(patch.name, "/name")?;
    if matches!(patch.sort, Field::Null) || patch.sort.value().is_some_and(|s| !(0..=1_000_000).contains(s)) {
        return Err(Problem::field("/sort", "range", "must be 0 to 1000000"));
    }
    if matches!(patch.attrs, Field::Null) {
        return Err(Problem::field("/attrs", "required", "cannot be removed"));
    }
    if patch.attrs.value().is_some_and(|a| super::model::attrs(a).is_err()) {
        return Err(Problem::field("/attrs", "length", "must have at most 40 members and 4000 characters"));
    }
    permit
        .write(move |w| {
            let SlugPair(slug, code) = path;
            version.check(i64::from(queries::lock(w, &slug)?))?;
            let before = queries::find_entry(w, &slug, &code)?;
            queries::update_entry(w, &slug, &code, name.as_ref(), patch.sort.value().copied(), patch.attrs.value())?;
            queries::raise(w, &slug)?;
            let after = queries::find_entry(w, &slug, &code)?;
            audit(
                w,
                "code_entry.update",
                Some(json!({"list": slug, "entry": before})),
                Some(json!({"list": slug, "entry": after})),
            )?;
            let list = queries::find(w, &slug, false)?;
            answer(w, &list)
        })
        .await
}

fn set_retired(w: &mut Writer<'_>, path: SlugPair, version: IfMatch, retire: bool) -> Result<Answer, Problem> {
    let SlugPair(slug, code) = path;
    version.check(i64::from(queries::lock(w, &slug)?))?;
    let entry = queries::find_entry(w, &slug, &code)?;
    if entry.retired_in_version.is_some() == retire {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    let now = queries::raise(w, &slug)?;
    queries::set_retired(w, &slug, &code, retire.then_some(now))?;
    let action = if retire { "code_entry.retire" } else { "code_entry.restore" };
    audit(w, action, None, Some(json!({"list": slug, "code": code, "version": now})))?;
    let list = queries::find(w, &slug, false)?;
    answer(w, &list)
}

/// Retire an entry
///
/// It is not offered any more; what names it keeps it.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "needs", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"),
        ("code" = String, Path, description = "Code of the entry.", example = "pangan", max_length = 100, pattern = "^[a-z0-9_]{1,60}$"), IfMatchHeader),
    responses((status = 200, description = "The list as it is now.", body = CodeList)))]
#[post("/api/v1/code-lists/{slug}/entries/{code}/retire")]
pub async fn retire_code_entry(
    permit: Permit<CodeListEdit>,
    path: SlugPair,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit.write(move |w| set_retired(w, path, version, true)).await
}

/// Bring back a retired entry
///
/// It is offered again, with the name it had.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "needs", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"),
        ("code" = String, Path, description = "Code of the entry.", example = "pangan", max_length = 100, pattern = "^[a-z0-9_]{1,60}$"), IfMatchHeader),
    responses((status = 200, description = "The list as it is now.", body = CodeList)))]
#[post("/api/v1/code-lists/{slug}/entries/{code}/restore")]
pub async fn restore_code_entry(
    permit: Permit<CodeListEdit>,
    path: SlugPair,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit.write(move |w| set_retired(w, path, version, false)).await
}
