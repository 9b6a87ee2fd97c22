//! Operations about import profiles.

use actix_multipart::Multipart;
use actix_web::{get, post};

use super::inspect;
use super::profile_check::check;
use super::profile_model::{
    ImportProfile, ImportProfilePage, ImportProfileQuery, InspectedFile, NewImportProfile, ProfileOrigin,
    ProfileStatus, SampleUpload,
};
use super::queries::profiles::{self as stored, ProfileRow};
use crate::access::policy::{ImportProfileActivate, ImportProfileEdit, ImportProfileRead};
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};

/// Longest definition, in bytes of JSON.
const MAX_DEFINITION: usize = 200_000;

fn answer(r: &Reader<'_>, row: ProfileRow) -> Result<Answer, Problem> {
    let view = ImportProfile::of(row, r.principal(), true)?;
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List import profiles
///
/// Newest first, without their columns. Those of `active` are what an upload may name.
#[utoipa::path(tag = "imports", params(ImportProfileQuery), responses((status = 200, description = "A page of versions.", body = ImportProfilePage)))]
#[get("/api/v1/import-profiles")]
pub async fn list_import_profiles(
    permit: Permit<ImportProfileRead>,
    query: Query<ImportProfileQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("import-profiles");
            let start = paging.start(r.sealer())?;
            let mut rows = stored::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(stored::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
            let data =
                rows.into_iter().map(|row| ImportProfile::of(row, r.principal(), false)).collect::<Result<_, _>>()?;
            page_answer(&ImportProfilePage { data, page: page.clone() }, &page, "/api/v1/import-profiles")
        })
        .await
}

/// Get an import profile
///
/// One version with its files, columns and codes.
#[utoipa::path(tag = "imports", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The version.", body = ImportProfile), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/import-profiles/{id}")]
pub async fn get_import_profile(permit: Permit<ImportProfileRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = stored::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Draft an import profile
///
/// The first version of a new name, or the next of a known one; a name has one draft at a time. Every mistake is named
/// with the place it stands at. Nothing is read by a draft.
#[utoipa::path(tag = "imports", params(IdempotencyHeader), request_body = NewImportProfile, responses((status = 201, description = "The draft.", body = ImportProfile)))]
#[post("/api/v1/import-profiles")]
pub async fn create_import_profile(
    permit: Permit<ImportProfileEdit>,
    key: IdempotencyKey,
    body: Json<NewImportProfile>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_import_profile", &new, |w| {
                let size = serde_json::to_vec(&new.definition).map_err(Problem::internal)?.len();
                if size > MAX_DEFINITION {
                    return Err(Problem::field("/definition", "length", "must have at most 200,000 bytes"));
                }
                let errors = check(&new.definition, &stored::known_to(w)?);
                if !errors.is_empty() {
                    return Err(Problem { errors, ..Problem::new(&problem::VALIDATION_FAILED) });
                }
                let id = stored::insert(w, &new)?;
                audit(w, "import_profile.draft", id, None)?;
                let row = stored::find(w, id)?;
                Ok(Answer {
                    status: 201,
                    ..answer(w, row)?.header("location", format!("/api/v1/import-profiles/{id}"))
                })
            })
        })
        .await
}

fn audit(w: &mut Writer<'_>, action: &'static str, id: uuid::Uuid, row: Option<&ProfileRow>) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "import_profile",
        subject_id: Some(id),
        after: row.map(|r| serde_json::json!({"name": r.name, "profile_version": r.profile_version})),
        ..AuditEntry::default()
    })
}

fn locked(w: &mut Writer<'_>, id: Id, version: IfMatch, status: ProfileStatus) -> Result<ProfileRow, Problem> {
    let row = stored::find_for_update(w, id.0)?;
    version.check(row.version)?;
    if row.status != status || row.origin == ProfileOrigin::BuiltIn {
        return Err(Problem::with(
            &problem::WRONG_STATE,
            "what comes with the service stays, and what is over is over",
        ));
    }
    Ok(row)
}

/// Put an import profile into use
///
/// By somebody else than its author (`same_person`): the second key. The version before is retired; imports that it
/// read go on being read by it.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "Active.", body = ImportProfile)))]
#[post("/api/v1/import-profiles/{id}/activate")]
pub async fn activate_import_profile(
    permit: Permit<ImportProfileActivate>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = locked(w, id, version, ProfileStatus::Draft)?;
            if row.drafted_by == Some(w.principal().id) {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever drafts a profile does not put it into use"));
            }
            // Lists may have changed since it was drafted.
            let definition = serde_json::from_value(row.definition.clone()).map_err(Problem::internal)?;
            let errors = check(&definition, &stored::known_to(w)?);
            if !errors.is_empty() {
                return Err(Problem { errors, ..Problem::new(&problem::VALIDATION_FAILED) });
            }
            stored::activate(w, &row)?;
            audit(w, "import_profile.activate", id.0, Some(&row))?;
            let row = stored::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Take an import profile out of use
///
/// Where one of its name came with the service, files are read by that again.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "Retired.", body = ImportProfile)))]
#[post("/api/v1/import-profiles/{id}/retire")]
pub async fn retire_import_profile(
    permit: Permit<ImportProfileActivate>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = locked(w, id, version, ProfileStatus::Active)?;
            stored::retire(w, &row)?;
            audit(w, "import_profile.retire", id.0, Some(&row))?;
            let row = stored::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Discard a draft of an import profile
///
/// So that another can be drafted; it stays in the list as retired.
#[utoipa::path(tag = "imports", params(IdPath, IfMatchHeader), responses((status = 200, description = "Discarded.", body = ImportProfile)))]
#[post("/api/v1/import-profiles/{id}/discard")]
pub async fn discard_import_profile(
    permit: Permit<ImportProfileEdit>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = locked(w, id, version, ProfileStatus::Draft)?;
            stored::retire(w, &row)?;
            audit(w, "import_profile.discard", id.0, Some(&row))?;
            let row = stored::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Look at a sample
///
/// Holds the headings of a file against a profile: which variable each column would be, which are missing, and a few
/// masked values, so that a profile can be drafted from it. The first rows are read and nothing is kept.
#[utoipa::path(tag = "imports", request_body(content = SampleUpload, content_type = "multipart/form-data"), responses((status = 200, description = "What the sample shows.", body = InspectedFile)))]
#[post("/api/v1/import-profiles/inspect")]
pub async fn inspect_import_sample(permit: Permit<ImportProfileEdit>, parts: Multipart) -> Result<Answer, Problem> {
    let gate = permit.gate().clone();
    let sample = inspect::receive(gate.config(), parts).await?;
    let name = sample.name().to_owned();
    let (layouts, known) = permit
        .read(move |r| {
            let layouts = stored::active_for(r, &name)?
                .ok_or_else(|| Problem::field("/name", "not_allowed", "is no profile in use"))?;
            Ok((layouts.profile, stored::known_to(r)?))
        })
        .await?;
    let seen =
        tokio::task::spawn_blocking(move || sample.look(&layouts, &known)).await.map_err(Problem::internal)??;
    Answer::ok(&seen)
}
