//! Operations about evidence.

use std::io::Read as _;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use serde_json::json;

use super::model::{Evidence, EvidencePage, EvidenceQuery, EvidenceSubject, EvidenceSubjectKind, EvidenceUpload};
use super::queries::{self, EvidenceRow, Subject};
use super::store::{Directory, Store as _};
use super::upload::{self, Received};
use crate::access::policy::{EvidenceAdd, EvidenceRead};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::referrals;

/// Files a record may have at most.
const MAX_FILES: usize = 20;

/// Once somebody has decided by it, evidence stays.
fn view(r: &Reader<'_>, row: EvidenceRow, subject: &Subject) -> Evidence {
    let may = r.principal().may::<EvidenceAdd>() && row.uploaded_by == r.principal().id && subject.undecided;
    Evidence {
        id: row.id,
        subject: EvidenceSubject { kind: row.subject_kind, id: row.subject_id },
        household_id: row.household_id,
        name: row.name,
        caption: row.caption,
        media_type: row.media_type,
        bytes: row.bytes,
        width: row.width,
        height: row.height,
        sha256: row.sha256,
        uploaded_by: row.uploaded_by,
        created_at: row.created_at,
        can: if may { vec!["remove"] } else { Vec::new() },
    }
}

fn page(r: &mut Reader<'_>, query: &EvidenceQuery, subject: &Subject, path: &str) -> Result<Answer, Problem> {
    let paging = query.paging(path);
    let start = paging.start(r.sealer())?;
    // A record has at most twenty: the page is cut out here.
    let mut rows = queries::of_visible(r, subject.id)?;
    let total = i64::try_from(rows.len()).ok().filter(|_| paging.include_total);
    if let Some(after) = start.and_then(|c| rows.iter().position(|row| row.id.to_string() == c.id)) {
        rows.drain(..=after);
    }
    let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
    let data = rows.into_iter().map(|row| view(r, row, subject)).collect();
    page_answer(&EvidencePage { data, page: page.clone() }, &page, path)
}

/// List the evidence of a problem
///
/// Oldest first, for whoever sees the problem.
#[utoipa::path(tag = "evidence", params(IdPath, EvidenceQuery), responses((status = 200, description = "A page of files.", body = EvidencePage)))]
#[get("/api/v1/problems/{id}/evidence")]
pub async fn list_problem_evidence(
    permit: Permit<EvidenceRead>,
    id: Id,
    query: Query<EvidenceQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let problem = queries::subject(r, EvidenceSubjectKind::Problem, id.0)?;
            page(r, &query.0, &problem, &format!("/api/v1/problems/{}/evidence", id.0))
        })
        .await
}

/// List the evidence of a correction
///
/// Oldest first, for whoever sees the correction.
#[utoipa::path(tag = "evidence", params(IdPath, EvidenceQuery), responses((status = 200, description = "A page of files.", body = EvidencePage)))]
#[get("/api/v1/corrections/{id}/evidence")]
pub async fn list_correction_evidence(
    permit: Permit<EvidenceRead>,
    id: Id,
    query: Query<EvidenceQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let correction = queries::subject(r, EvidenceSubjectKind::Correction, id.0)?;
            page(r, &query.0, &correction, &format!("/api/v1/corrections/{}/evidence", id.0))
        })
        .await
}

/// Add evidence to a problem
///
/// Parts: `file` and, if wanted, `caption`. Taken are JPEG, PNG and WebP pictures and PDFs, told by their bytes, up to
/// 15 MB unless the installation says otherwise. Pictures are decoded and written anew: the place they were taken at,
/// the camera and anything hidden behind the picture are not kept. A PDF with scripts, embedded files or something
/// behind its end is refused.
#[utoipa::path(tag = "evidence", params(IdPath, IdempotencyHeader), request_body(content = EvidenceUpload, content_type = "multipart/form-data"), responses((status = 201, description = "The file as kept.", body = Evidence)))]
#[post("/api/v1/problems/{id}/evidence")]
pub async fn create_problem_evidence(
    permit: Permit<EvidenceAdd>,
    id: Id,
    key: IdempotencyKey,
    req: HttpRequest,
    parts: Multipart,
) -> Result<Answer, Problem> {
    take_in(permit, EvidenceSubjectKind::Problem, id, key, req, parts).await
}

/// Add evidence to a correction
///
/// What shows that the recorded fact is wrong, such as a birth certificate, while nobody has decided. Parts, kinds and
/// sizes of files are those of evidence of a problem.
#[utoipa::path(tag = "evidence", params(IdPath, IdempotencyHeader), request_body(content = EvidenceUpload, content_type = "multipart/form-data"), responses((status = 201, description = "The file as kept.", body = Evidence)))]
#[post("/api/v1/corrections/{id}/evidence")]
pub async fn create_correction_evidence(
    permit: Permit<EvidenceAdd>,
    id: Id,
    key: IdempotencyKey,
    req: HttpRequest,
    parts: Multipart,
) -> Result<Answer, Problem> {
    take_in(permit, EvidenceSubjectKind::Correction, id, key, req, parts).await
}

async fn take_in(
    permit: Permit<EvidenceAdd>,
    kind: EvidenceSubjectKind,
    id: Id,
    key: IdempotencyKey,
    req: HttpRequest,
    parts: Multipart,
) -> Result<Answer, Problem> {
    let gate = permit.gate().clone();
    // Whoever may not add here does not get to write to the disk.
    permit.clone().read(move |r| queries::subject(r, kind, id.0).and_then(|subject| open(&subject))).await?;
    let announced = req.headers().get("content-length").and_then(|v| v.to_str().ok()?.parse().ok());
    upload::check_length(gate.config(), announced)?;
    let received = upload::receive(gate.config(), parts).await?;
    let store = Directory::of(gate.config());
    let (operation, member) = match kind {
        EvidenceSubjectKind::Correction => ("create_correction_evidence", "correction"),
        _ => ("create_problem_evidence", "problem"),
    };
    permit
        .write(move |w| {
            let request = json!({member: id.0, "sha256": received.kept.sha256, "caption": received.caption});
            idempotency::once(w, &key, operation, &request, |w| add(w, &store, kind, id.0, &received))
        })
        .await
}

fn open(subject: &Subject) -> Result<(), Problem> {
    if !subject.open {
        return Err(Problem::with(&problem::WRONG_STATE, "what it is to belong to has ended"));
    }
    Ok(())
}

/// What the trail says a file belongs to.
fn belongs(subject: &Subject) -> (&'static str, uuid::Uuid) {
    match subject.kind {
        EvidenceSubjectKind::Correction => ("correction_id", subject.id),
        _ => ("problem_id", subject.id),
    }
}

fn add(
    w: &mut Writer<'_>,
    store: &Directory,
    kind: EvidenceSubjectKind,
    id: uuid::Uuid,
    received: &Received,
) -> Result<Answer, Problem> {
    let subject = queries::lock_subject(w, kind, id)?;
    open(&subject)?;
    if queries::of_visible(w, subject.id)?.len() >= MAX_FILES {
        return Err(Problem::field("/file", "too_many", "a record holds at most 20 files"));
    }
    let kept = &received.kept;
    queries::lock_content(w, &kept.sha256)?;
    let id = queries::insert(w, &subject, kept, received.name.clone(), received.caption.clone())?;
    let (owner, owner_id) = belongs(&subject);
    w.audit(AuditEntry {
        action: "evidence.add",
        subject_kind: "evidence",
        subject_id: Some(id),
        household_id: Some(subject.household_id),
        restricted: subject.restricted,
        after: Some(json!({owner: owner_id, "sha256": kept.sha256, "name": received.name,
            "caption": received.caption})),
        ..AuditEntry::default()
    })?;
    // Last, so that nothing is moved for a row that is refused.
    store.put(received.file.path(), &kept.sha256).map_err(upload::storage)?;
    let (row, subject) = queries::find(w, id)?;
    Answer::created(&view(w, row, &subject), format!("/api/v1/evidence/{id}"))
}

fn seen(row: &EvidenceRow) -> Seen {
    Seen { subject_kind: "evidence", subject_id: row.id, household_id: Some(row.household_id) }
}

/// Get a file's description
///
/// For whoever sees its subject; the file itself is at `/file`.
#[utoipa::path(tag = "evidence", params(IdPath), responses((status = 200, description = "The description.", body = Evidence)))]
#[get("/api/v1/evidence/{id}")]
pub async fn get_evidence(permit: Permit<EvidenceRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let (row, subject) = queries::find(r, id.0)?;
            Answer::ok(&view(r, row, &subject))
        })
        .await
}

/// Download a file
///
/// As an attachment under a name of the service's own, never to be kept by a cache. Who took it is logged.
#[utoipa::path(tag = "evidence", params(IdPath), responses((status = 200, description = "The file.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "application/pdf")))))]
#[get("/api/v1/evidence/{id}/file")]
pub async fn get_evidence_file(permit: Permit<EvidenceRead>, id: Id) -> Result<HttpResponse, Problem> {
    let store = Directory::of(permit.gate().config());
    let row = permit
        .read(move |r| {
            let (row, _) = queries::find(r, id.0)?;
            r.saw(seen(&row));
            Ok(row)
        })
        .await?;
    let sum = row.sha256.clone();
    let read = move || -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        store.open(&sum)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = tokio::task::spawn_blocking(read).await.map_err(Problem::internal)?.map_err(|error| {
        if error.kind() != std::io::ErrorKind::NotFound {
            return upload::storage(error);
        }
        tracing::error!(evidence = %row.id, "the file of this row is not in the evidence store");
        Problem::with(&problem::WRONG_STATE, "the file is not in the store")
    })?;
    let ending = match row.media_type.as_str() {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        _ => "pdf",
    };
    Ok(HttpResponse::Ok()
        .content_type(row.media_type.as_str())
        .insert_header(("content-disposition", format!("attachment; filename=\"bukti-{}.{ending}\"", row.id)))
        .insert_header(("cache-control", "no-store"))
        .body(bytes))
}

/// Take a file back
///
/// By whoever sent it, while nobody has verified its problem or decided on its correction.
#[utoipa::path(tag = "evidence", params(IdPath), responses((status = 204, description = "It is gone.")))]
#[delete("/api/v1/evidence/{id}")]
pub async fn delete_evidence(permit: Permit<EvidenceAdd>, id: Id) -> Result<Answer, Problem> {
    let store = Directory::of(permit.gate().config());
    permit
        .write(move |w| {
            let (row, _) = queries::find(w, id.0)?;
            // Whoever decides at the same moment holds this lock.
            let subject = queries::lock_subject(w, row.subject_kind, row.subject_id)?;
            if row.uploaded_by != w.principal().id {
                return Err(Problem::with(&problem::FORBIDDEN, "only who sent it may take it back"));
            }
            if !subject.undecided || referrals::shows_an_answer(w, row.id)? {
                return Err(Problem::with(&problem::WRONG_STATE, "somebody has decided by it"));
            }
            let last = queries::remove(w, &row)?;
            let (owner, owner_id) = belongs(&subject);
            w.audit(AuditEntry {
                action: "evidence.remove",
                subject_kind: "evidence",
                subject_id: Some(row.id),
                household_id: Some(row.household_id),
                restricted: subject.restricted,
                before: Some(json!({owner: owner_id, "sha256": row.sha256, "name": row.name})),
                ..AuditEntry::default()
            })?;
            if last {
                store.remove(&row.sha256).map_err(upload::storage)?;
            }
            Ok(Answer::empty())
        })
        .await
}
