//! Operations about imports.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde_json::json;

use super::change_model::{ImportChange, ImportChangePage, ImportChangeQuery, ImportSelection};
use super::issue_model::{ImportIssue, ImportIssuePage, ImportIssueQuery, RejectedQuery, RowsFormat};
use super::model::{CANCELLABLE, Import, ImportPage, ImportQuery, ImportUpload};
use super::profile::ListKind;
use super::queries::{self, ImportRow, IssueFilter, Step};
use super::{download, spool, upload};
use crate::access::policy::{ImportApply, ImportCreate, ImportRead};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, MaybeJson, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};

fn view(r: &Reader<'_>, row: ImportRow) -> Import {
    Import::of(row, r.principal(), r.scope().city)
}

fn answer(r: &Reader<'_>, row: ImportRow) -> Result<Answer, Problem> {
    let import = view(r, row);
    let can: Vec<&str> = import.can.iter().map(String::as_str).collect();
    Ok(Answer::ok(&import)?.etag(import.version, r.principal(), &can))
}

/// 202 with the import, and where its operation is.
fn accepted(r: &Reader<'_>, row: ImportRow) -> Result<Answer, Problem> {
    let location = format!("/api/v1/operations/{}", row.operation_id.unwrap_or_default());
    let import = view(r, row);
    let can: Vec<&str> = import.can.iter().map(String::as_str).collect();
    Ok(Answer::accepted(&import, location)?.etag(import.version, r.principal(), &can))
}

/// List imports
///
/// Newest first: all of them for coordinators, else the caller's own.
#[utoipa::path(tag = "imports", params(ImportQuery), responses((status = 200, description = "A page of imports.", body = ImportPage)))]
#[get("/api/v1/imports")]
pub async fn list_imports(permit: Permit<ImportRead>, query: Query<ImportQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("imports");
            let start = paging.start(r.sealer())?.and_then(|c| c.id.parse().ok());
            let rows = queries::list(r, query.0.profile.clone(), query.0.status, start, paging.fetch())?;
            let mut data: Vec<Import> = rows.into_iter().map(|row| view(r, row)).collect();
            let page = paging.close(&mut data, r.sealer(), None, |i| (None, i.id.to_string()));
            page_answer(&ImportPage { data, page: page.clone() }, &page, "/api/v1/imports")
        })
        .await
}

/// Upload files
///
/// Parts: `profile`, `period`, and the files: of families (`dtsen`, `p3ke`) `families`, `members` or both, or one
/// `workbook` with a sheet each; of a list of people (`ppks`, `growth`, `jobseekers`) or of offers (`programs`) `list` (CSV with comma, semicolon, bar or tab, UTF-8 or
/// code page 1252; or XLSX). An import of `ppks` or `programs` is seen by who sent it and by supervisors, since its rows can name
/// what is restricted. A partner sends offers of his own foundation alone (`programs`). The files are read and validated in the background; nothing reaches the registry before
/// somebody reviewed and applied the import. A village operator's import is confined to his own kelurahan.
#[utoipa::path(tag = "imports", params(IdempotencyHeader), request_body(content = ImportUpload, content_type = "multipart/form-data"), responses((status = 202, description = "The import; `Location` is the operation that reads it.", body = Import)))]
#[post("/api/v1/imports")]
pub async fn create_import(
    permit: Permit<ImportCreate>,
    key: IdempotencyKey,
    req: HttpRequest,
    parts: Multipart,
) -> Result<Answer, Problem> {
    let gate = permit.gate().clone();
    let announced = req.headers().get("content-length").and_then(|v| v.to_str().ok()?.parse().ok());
    upload::check_length(gate.config(), announced)?;
    let received = upload::receive(gate.config(), parts).await?;
    let (id, named) = (received.id, received.profile.clone());
    let layouts = permit.clone().read(move |r| upload::layouts(r.conn(), &named)).await;
    let looked = match layouts {
        Ok(layouts) => received.look(gate.config(), layouts).await,
        Err(problem) => Err(problem),
    };
    let received = looked.inspect_err(|_| spool::remove(gate.config(), id))?;
    let stored = permit
        .write(move |w| {
            let request = json!({"profile": received.profile, "period": received.period, "files": received.files});
            idempotency::once(w, &key, "create_import", &request, |w| {
                let row = upload::create(w, &received)?;
                accepted(w, row)
            })
        })
        .await;
    let replayed =
        stored.as_ref().is_ok_and(|answer| answer.headers.iter().any(|(name, _)| name == "idempotent-replayed"));
    if stored.is_err() || replayed {
        spool::remove(gate.config(), id);
    }
    stored
}

/// Get an import
///
/// Its status, what was counted, and what may be done next.
#[utoipa::path(tag = "imports", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The import.", body = Import), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/imports/{id}")]
pub async fn get_import(permit: Permit<ImportRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// List the issues of an import
///
/// In the order of the files' rows. Values are masked.
#[utoipa::path(tag = "imports", params(IdPath, ImportIssueQuery), responses((status = 200, description = "A page of issues.", body = ImportIssuePage)))]
#[get("/api/v1/imports/{id}/issues")]
pub async fn list_import_issues(
    permit: Permit<ImportRead>,
    id: Id,
    query: Query<ImportIssueQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            queries::find(r, id.0)?;
            let paging = query.0.paging(&format!("imports/{}/issues", id.0));
            let start = paging.start(r.sealer())?.and_then(|c| {
                let (file, row) = c.key.as_deref()?.split_once('|')?;
                Some((file.to_owned(), row.parse().ok()?, c.id.parse().ok()?))
            });
            let filter = IssueFilter { file: query.0.file, code: query.0.code.clone(), verdict: query.0.verdict };
            let rows = queries::issues(r, id.0, &filter, start, paging.fetch())?;
            let total = if paging.include_total { Some(queries::count_issues(r, id.0, &filter)?) } else { None };
            let mut data: Vec<ImportIssue> = rows.into_iter().map(Into::into).collect();
            let page = paging
                .close(&mut data, r.sealer(), total, |i| (Some(format!("{}|{}", i.file, i.row)), i.id.to_string()));
            page_answer(
                &ImportIssuePage { data, page: page.clone() },
                &page,
                &format!("/api/v1/imports/{}/issues", id.0),
            )
        })
        .await
}

/// Download the rows to correct
///
/// Rejected and conflicting rows and those that lost a value, in the layout they came in, ready to be sent again. The
/// download is logged.
#[utoipa::path(tag = "imports", params(IdPath, RejectedQuery), responses(
    (status = 200, description = "The file.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/csv")
    ))
))]
#[get("/api/v1/imports/{id}/rejected")]
pub async fn download_rejected_rows(
    permit: Permit<ImportRead>,
    id: Id,
    query: Query<RejectedQuery>,
) -> Result<HttpResponse, Problem> {
    let csv = query.0.format == Some(RowsFormat::Csv);
    let file = permit
        .write(move |w| {
            let import = queries::find(w, id.0)?;
            let file = download::rows_to_correct(w, &import, query.0.file.slug(), csv)?;
            let seen = Seen { subject_kind: "import", subject_id: import.id, household_id: None };
            w.log_access("export", seen, None, &["rejected_rows"])?;
            Ok(file)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type)
        .insert_header(("content-disposition", format!("attachment; filename=\"{}\"", file.name)))
        .insert_header(("cache-control", "private, no-store"))
        .body(file.bytes))
}

/// List what an import would change
///
/// Record by record and field by field, against the registry as it was when the files were validated: new, changed, moved,
/// and what the source spoke of before and does not now (`missing`: listed, never deleted). `applies` says whether the
/// file's value would be taken: a source that is believed less, or speaks of an earlier month, replaces nothing. Empty
/// once the import is over; the counts stay with the import.
#[utoipa::path(tag = "imports", params(IdPath, ImportChangeQuery), responses((status = 200, description = "A page of changes.", body = ImportChangePage)))]
#[get("/api/v1/imports/{id}/changes")]
pub async fn list_import_changes(
    permit: Permit<ImportRead>,
    id: Id,
    query: Query<ImportChangeQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            queries::find(r, id.0)?;
            let path = format!("/api/v1/imports/{}/changes", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?.and_then(|c| c.id.parse().ok());
            let total = if paging.include_total { Some(queries::diff::count(r, id.0, &query.0)?) } else { None };
            let rows = queries::diff::list(r, id.0, &query.0, start, paging.fetch())?;
            let mut data: Vec<ImportChange> = rows.into_iter().map(ImportChange::from).collect();
            let page = paging.close(&mut data, r.sealer(), total, |c| (None, c.id.to_string()));
            page_answer(&ImportChangePage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// Takes a step that the status allows.
fn advance(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    from: &[&str],
    action: &'static str,
    step: Step,
) -> Result<ImportRow, Problem> {
    let import = queries::lock(w, id.0)?;
    version.check(import.version)?;
    queries::require(&import, from)?;
    let row = queries::step(w, id.0, &step)?;
    w.audit(AuditEntry {
        action,
        subject_kind: "import",
        subject_id: Some(id.0),
        before: Some(json!({"status": import.status})),
        after: Some(json!({"status": row.status})),
        ..AuditEntry::default()
    })?;
    Ok(row)
}

/// Review an import
///
/// Whoever reviews has looked at the issues and lets the import be applied.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "The import, reviewed.", body = Import)))]
#[post("/api/v1/imports/{id}/review")]
pub async fn review_import(permit: Permit<ImportCreate>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let step = Step { status: Some("reviewed".into()), reviewed_by: Some(w.principal().id), ..Step::default() };
            let row = advance(w, id, version, &["validated"], "import.review", step)?;
            answer(w, row)
        })
        .await
}

/// Apply an import
///
/// Brings the accepted rows into the registry, in the background. One import of a profile and month at a time. Applying
/// twice changes nothing. With a body, only the chosen kinds of change in the chosen areas; a list of people is applied
/// whole (`wrong_state`).
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), request_body(content = Option<ImportSelection>), responses((status = 202, description = "The import; `Location` is the operation that applies it.", body = Import)))]
#[post("/api/v1/imports/{id}/apply")]
pub async fn apply_import(
    permit: Permit<ImportApply>,
    id: Id,
    version: IfMatch,
    body: MaybeJson<ImportSelection>,
) -> Result<Answer, Problem> {
    let selection =
        body.0.selection().map_err(|at| Problem::field(format!("/areas/{at}"), "format", "expected a region code"))?;
    permit
        .write(move |w| {
            let operation = crate::jobs::enqueue(w, super::APPLY, Some(id.0), &json!({}), "rows")?;
            let step = Step {
                status: Some("applying".into()),
                operation_id: Some(operation),
                applied_by: Some(w.principal().id),
                selection: serde_json::to_value(&selection).ok(),
                ..Step::default()
            };
            let row = advance(w, id, version, &["reviewed"], "import.apply", step)?;
            accepted(w, row)
        })
        .await
}

/// Cancel an import
///
/// Before it is applied. What was staged is thrown away; the issues stay.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "The import, cancelled.", body = Import)))]
#[post("/api/v1/imports/{id}/cancel")]
pub async fn cancel_import(permit: Permit<ImportCreate>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    let gate = permit.gate().clone();
    let (answered, at_work) = permit
        .write(move |w| {
            let before = queries::lock(w, id.0)?;
            let step = Step { status: Some("cancelled".into()), ..Step::default() };
            let row = advance(w, id, version, CANCELLABLE, "import.cancel", step)?;
            queries::cancel_operation(w, row.operation_id)?;
            let at_work = before.status == "staging";
            if !at_work {
                queries::stage::close(w.conn(), id.0)?;
            }
            Ok((answer(w, row)?, at_work))
        })
        .await?;
    if !at_work {
        spool::remove(gate.config(), id.0);
    }
    Ok(answered)
}

/// Undo an import
///
/// As long as nothing was built on it: what it made goes, what it changed is put back, in the background. Whether it can
/// be undone may hang on a restricted case, so it is for a coordinator who supervises.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 202, description = "The import; `Location` is the operation that undoes it.", body = Import)))]
#[post("/api/v1/imports/{id}/undo")]
pub async fn undo_import(permit: Permit<ImportApply>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            if !w.scope().supervises() {
                return Err(Problem::with(
                    &problem::FORBIDDEN,
                    "undoing an import is for a coordinator who supervises",
                ));
            }
            if queries::find(w, id.0)?.list.as_deref() == Some(ListKind::Offers.slug()) {
                return Err(Problem::with(&problem::WRONG_STATE, "a draft of a program is withdrawn by its partner"));
            }
            let operation = crate::jobs::enqueue(w, super::UNDO, Some(id.0), &json!({}), "rows")?;
            let step = Step { operation_id: Some(operation), ..Step::default() };
            let row = advance(w, id, version, &["applied"], "import.undo", step)?;
            accepted(w, row)
        })
        .await
}
