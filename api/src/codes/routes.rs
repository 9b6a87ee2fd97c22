//! Operations about code lists and their maps.

use actix_web::{get, patch};
use serde_json::json;

use super::model::{CodeList, CodeListPage, CodeListPatch, CodeListQuery, CodeMapPage, CodeMapQuery, EntriesQuery};
use super::queries;
use crate::access::policy::{CodeListEdit, ReferenceRead};
use crate::access::{AuditEntry, Permit, Reader};
use crate::http::answer::Answer;
use crate::http::extract::{IfMatch, Json, Query, Slug};
use crate::http::list::page_answer;
use crate::http::openapi::{IfMatchHeader, IfNoneMatchHeader};
use crate::kernel::problem::Problem;

pub(super) fn answer(r: &Reader<'_>, list: &CodeList) -> Result<Answer, Problem> {
    let can: Vec<&str> = list.can.iter().map(String::as_str).collect();
    Ok(Answer::ok(list)?.etag(i64::from(list.version), r.principal(), &can))
}

/// List code lists
///
/// By slug, without their entries.
#[utoipa::path(tag = "codes", params(CodeListQuery), responses((status = 200, description = "A page of code lists.", body = CodeListPage)))]
#[get("/api/v1/code-lists")]
pub async fn list_code_lists(permit: Permit<ReferenceRead>, query: Query<CodeListQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("code-lists");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, query.0.q.as_deref(), start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |list| (None, list.slug.clone()));
            page_answer(&CodeListPage { data, page: page.clone() }, &page, "/api/v1/code-lists")
        })
        .await
}

/// Get a code list
///
/// With its entries in display order.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "ppks_types", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"), EntriesQuery, IfNoneMatchHeader),
    responses((status = 200, description = "The list.", body = CodeList), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/code-lists/{slug}")]
pub async fn get_code_list(
    permit: Permit<ReferenceRead>,
    slug: Slug,
    query: Query<EntriesQuery>,
) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let list = queries::find(r, &slug.0, query.0.include_retired.unwrap_or(false))?;
            answer(r, &list)
        })
        .await
}

/// Rename a code list
///
/// The name on screens; the slug never changes.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "ppks_types", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"), IfMatchHeader),
    request_body(content = CodeListPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The list as it is now.", body = CodeList)))]
#[patch("/api/v1/code-lists/{slug}")]
pub async fn update_code_list(
    permit: Permit<CodeListEdit>,
    slug: Slug,
    version: IfMatch,
    body: Json<CodeListPatch>,
) -> Result<Answer, Problem> {
    let name = super::entries::label(body.0.name, "/name")?;
    permit
        .write(move |w| {
            version.check(i64::from(queries::lock(w, &slug.0)?))?;
            let before = queries::find(w, &slug.0, false)?;
            if let Some(name) = &name {
                queries::rename(w, &slug.0, name)?;
            }
            queries::raise(w, &slug.0)?;
            let list = queries::find(w, &slug.0, false)?;
            w.audit(AuditEntry {
                action: "code_list.update",
                subject_kind: "code_list",
                before: Some(json!({"slug": before.slug, "name": before.name})),
                after: Some(json!({"slug": list.slug, "name": list.name})),
                ..AuditEntry::default()
            })?;
            answer(w, &list)
        })
        .await
}

/// List the maps of a code list
///
/// What each source writes for a variable, and the entry of this list it means.
#[utoipa::path(tag = "codes",
    params(("slug" = String, Path, description = "Stable name of the list.", example = "roof", max_length = 100, pattern = "^[a-z0-9_]{1,100}$"), CodeMapQuery),
    responses((status = 200, description = "A page of maps.", body = CodeMapPage)))]
#[get("/api/v1/code-lists/{slug}/maps")]
pub async fn list_code_maps(
    permit: Permit<ReferenceRead>,
    slug: Slug,
    query: Query<CodeMapQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging(&format!("code-maps/{}", slug.0));
            let start = paging.start(r.sealer())?;
            let mut data = queries::maps(r, &slug.0, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |m| {
                (None, json!([m.source, m.version, m.variable, m.source_code]).to_string())
            });
            let path = format!("/api/v1/code-lists/{}/maps", slug.0);
            page_answer(&CodeMapPage { data, page: page.clone() }, &page, &path)
        })
        .await
}
