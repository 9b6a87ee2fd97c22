//! Operations about exports.

use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::model::{Export, ExportPage, ExportQuery, Format, NewExport};
use super::{OPERATION, queries, work};
use crate::access::Permit;
use crate::access::policy::HouseholdExport;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader};
use crate::kernel::problem::{self, Problem};
use crate::{idempotency, jobs};

/// List one's exports
///
/// Newest first.
#[utoipa::path(tag = "exports", params(ExportQuery), responses((status = 200, description = "A page of exports.", body = ExportPage)))]
#[get("/api/v1/exports")]
pub async fn list_exports(permit: Permit<HouseholdExport>, query: Query<ExportQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("exports");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |e| (None, e.id.to_string()));
            page_answer(&ExportPage { data, page: page.clone() }, &page, "/api/v1/exports")
        })
        .await
}

/// Export a list
///
/// The file holds what the caller sees in the list, masked alike, with who took it and when in every row. `Location` is the operation.
#[utoipa::path(tag = "exports", params(IdempotencyHeader), request_body = NewExport, responses((status = 202, description = "It is being written.", body = Export)))]
#[post("/api/v1/exports")]
pub async fn create_export(
    permit: Permit<HouseholdExport>,
    key: IdempotencyKey,
    body: Json<NewExport>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_export", &new, |w| {
                let id = Uuid::now_v7();
                let operation = jobs::enqueue(w, OPERATION, Some(id), &serde_json::json!({}), "rows")?;
                let filter = serde_json::to_value(&new.filter).map_err(Problem::internal)?;
                queries::create(w, id, "households", new.format.slug(), &filter, operation)?;
                let export = queries::find(w, id)?;
                Answer::accepted(&export, format!("/api/v1/operations/{operation}"))
            })
        })
        .await
}

/// Get an export
///
/// `status` is the state of its operation.
#[utoipa::path(tag = "exports", params(IdPath), responses((status = 200, description = "The export.", body = Export)))]
#[get("/api/v1/exports/{id}")]
pub async fn get_export(permit: Permit<HouseholdExport>, id: Id) -> Result<Answer, Problem> {
    permit.read(move |r| Answer::ok(&queries::find(r, id.0)?)).await
}

/// Download an export
///
/// By its asker alone, for a day.
#[utoipa::path(tag = "exports", params(IdPath), responses((status = 200, description = "The file.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"), (String = "application/x-ndjson")))))]
#[get("/api/v1/exports/{id}/file")]
pub async fn get_export_file(permit: Permit<HouseholdExport>, id: Id) -> Result<HttpResponse, Problem> {
    let gate = permit.gate().clone();
    let export = permit.read(move |r| queries::find(r, id.0)).await?;
    if export.status != "succeeded" {
        return Err(Problem::with(&problem::WRONG_STATE, "the file is not written"));
    }
    let format = Format::parse(&export.format).ok_or_else(|| Problem::internal("unknown format"))?;
    let bytes = tokio::fs::read(work::path(gate.config(), id.0, format)).await.map_err(|_| Problem::not_found())?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((
            "content-disposition",
            format!(
                "attachment; filename=\"households-{}.{}\"",
                export.created_at.format("%Y%m%d-%H%M"),
                format.slug()
            ),
        ))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}
