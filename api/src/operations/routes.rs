//! Operations about operations.

use actix_web::{delete, get};

use super::model::{Operation, OperationPage, OperationQuery};
use super::queries;
use crate::access::Permit;
use crate::access::policy::OperationRead;
use crate::http::answer::Answer;
use crate::http::extract::{Id, Query};
use crate::http::list::page_answer;
use crate::http::openapi::IdPath;
use crate::kernel::problem::{self, Problem};

/// List operations
///
/// Newest first: those the caller started; all of them for coordinators and administrators.
#[utoipa::path(tag = "operations", params(OperationQuery), responses((status = 200, description = "A page of operations.", body = OperationPage)))]
#[get("/api/v1/operations")]
pub async fn list_operations(permit: Permit<OperationRead>, query: Query<OperationQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("operations");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, query.0.state.as_deref(), start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |o| (None, o.id.to_string()));
            page_answer(&OperationPage { data, page: page.clone() }, &page, "/api/v1/operations")
        })
        .await
}

/// Get an operation
///
/// Ask again about once a second until `state` is succeeded, failed or cancelled.
#[utoipa::path(tag = "operations", params(IdPath), responses((status = 200, description = "The operation.", body = Operation)))]
#[get("/api/v1/operations/{id}")]
pub async fn get_operation(permit: Permit<OperationRead>, id: Id) -> Result<Answer, Problem> {
    permit.read(move |r| Answer::ok(&queries::find(r, id.0)?)).await
}

/// Cancel an operation
///
/// A running one stops at its next safe point; what it wrote until then stays as its resource says.
#[utoipa::path(tag = "operations", params(IdPath), responses((status = 202, description = "It will stop.", body = Operation)))]
#[delete("/api/v1/operations/{id}")]
pub async fn cancel_operation(permit: Permit<OperationRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            if !queries::cancel(w, id.0)? {
                return Err(Problem::with(&problem::WRONG_STATE, "the operation has ended"));
            }
            let operation = queries::find(w, id.0)?;
            Answer::accepted(&operation, format!("/api/v1/operations/{}", id.0))
        })
        .await
}
