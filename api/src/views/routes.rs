//! Operations about saved views.

use actix_web::{delete, get, patch, post};
use uuid::Uuid;

use super::model::{self, NewView, View, ViewPage, ViewPatch, ViewQuery};
use super::queries;
use crate::access::policy::ViewOwn;
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;

fn answer(r: &Reader<'_>, view: &View) -> Result<Answer, Problem> {
    let can: Vec<&str> = view.can.iter().map(String::as_str).collect();
    Ok(Answer::ok(view)?.etag(view.version, r.principal(), &can))
}

fn audit(w: &mut Writer<'_>, action: &'static str, id: Uuid) -> Result<(), Problem> {
    w.audit(AuditEntry { action, subject_kind: "view", subject_id: Some(id), ..AuditEntry::default() })
}

/// List saved views
///
/// By name: one's own, and those that colleagues with the same role for the same area or organization share.
#[utoipa::path(tag = "views", params(ViewQuery), responses((status = 200, description = "A page of views.", body = ViewPage)))]
#[get("/api/v1/views")]
pub async fn list_views(permit: Permit<ViewOwn>, query: Query<ViewQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("views");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut data, r.sealer(), total, |v| (Some(v.name.clone()), v.id.to_string()));
            page_answer(&ViewPage { data, page: page.clone() }, &page, "/api/v1/views")
        })
        .await
}

/// Get a saved view
///
/// One's own or a colleague's shared one.
#[utoipa::path(tag = "views", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The view.", body = View), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/views/{id}")]
pub async fn get_view(permit: Permit<ViewOwn>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let view = queries::find(r, id.0)?;
            answer(r, &view)
        })
        .await
}

/// Save a view
///
/// Filters are codes, dates and ids; a search text is refused. An account keeps at most 200 views.
#[utoipa::path(tag = "views", params(IdempotencyHeader), request_body = NewView, responses((status = 201, description = "The new view.", body = View)))]
#[post("/api/v1/views")]
pub async fn create_view(permit: Permit<ViewOwn>, key: IdempotencyKey, body: Json<NewView>) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_view", &new, |w| {
                let id = queries::insert(w, &new)?;
                audit(w, "view.create", id)?;
                let view = queries::find(w, id)?;
                Ok(Answer { status: 201, ..answer(w, &view)?.header("location", format!("/api/v1/views/{id}")) })
            })
        })
        .await
}

fn check(patch: &ViewPatch) -> Result<(), Problem> {
    let kept = |pointer: &str| Err(Problem::field(pointer, "required", "cannot be removed"));
    match &patch.name {
        Field::Null => return kept("/name"),
        Field::Value(name) if clean(name).is_empty() || name.chars().count() > 60 => {
            return Err(Problem::field("/name", "length", "must have 1 to 60 characters"));
        }
        _ => {}
    }
    if patch.sharing == Field::Null {
        return kept("/sharing");
    }
    if patch.filter == Field::Null {
        return kept("/filter");
    }
    let refused = [
        ("/filter", patch.filter.value().map(model::refuse_filter)),
        ("/sort", patch.sort.value().map(|s| model::refuse_sort(s))),
        ("/columns", patch.columns.value().map(|c| model::refuse_columns(c))),
    ];
    match refused.into_iter().find_map(|(pointer, checked)| Some((pointer, checked?.err()?))) {
        Some((pointer, e)) => {
            Err(Problem::field(pointer, e.code.to_string(), e.message.map(String::from).unwrap_or_default()))
        }
        None => Ok(()),
    }
}

/// Change a saved view
///
/// Only its owner may.
#[utoipa::path(tag = "views", params(IdPath, IfMatchHeader), request_body(content = ViewPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The view as it is now.", body = View)))]
#[patch("/api/v1/views/{id}")]
pub async fn update_view(
    permit: Permit<ViewOwn>,
    id: Id,
    version: IfMatch,
    body: Json<ViewPatch>,
) -> Result<Answer, Problem> {
    check(&body.0)?;
    permit
        .write(move |w| {
            version.check(queries::lock(w, id.0)?.version)?;
            queries::update(w, id.0, body.0)?;
            audit(w, "view.update", id.0)?;
            let view = queries::find(w, id.0)?;
            answer(w, &view)
        })
        .await
}

/// Delete a saved view
///
/// Only its owner may; colleagues lose it too.
#[utoipa::path(tag = "views", params(IdPath), responses((status = 204, description = "It is gone.")))]
#[delete("/api/v1/views/{id}")]
pub async fn delete_view(permit: Permit<ViewOwn>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            queries::lock(w, id.0)?;
            queries::delete(w, id.0)?;
            audit(w, "view.delete", id.0)?;
            Ok(Answer::empty())
        })
        .await
}
