//! Operations about programs.

use actix_web::{get, patch, post};

use super::model::{Benefit, NewProgram, ProgramPage, ProgramPatch, ProgramQuery, ProgramReturn, ProgramView};
use super::queries::{self, ProgramRow};
use super::rules::{self, Standing, Step};
use crate::access::policy::{ProgramDraft, ProgramPublish, ProgramRead};
use crate::access::{AuditEntry, Duty, Permit, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query, invalid};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;

pub(super) fn standing(r: &Reader<'_>, row: &ProgramRow) -> Standing {
    let principal = r.principal();
    Standing {
        owns: principal.may::<ProgramDraft>()
            && principal.scope_for::<ProgramDraft>().covers_organization(row.organization_id),
        publishes: principal.may::<ProgramPublish>() && principal.has_duty(Duty::Publish),
        submitter: row.submitted_by == Some(principal.id),
    }
}

fn view(r: &Reader<'_>, row: ProgramRow) -> Result<ProgramView, Problem> {
    let can = rules::can(row.status, standing(r, &row));
    Ok(ProgramView {
        id: row.id,
        code: row.code,
        name: serde_json::from_value(row.name).map_err(Problem::internal)?,
        description: serde_json::from_value(row.description).ok(),
        organization_id: row.organization_id,
        organization_name: row.organization_name,
        pillar: row.pillar,
        needs: row.needs,
        access_mode: row.access_mode,
        benefit: Benefit {
            kind: row.benefit_kind,
            unit: row.benefit_unit,
            value_idr: row.benefit_value_idr,
            period: row.benefit_period,
            tiers: serde_json::from_value(row.benefit_tiers).map_err(Problem::internal)?,
        },
        overlap_class: row.overlap_class,
        claim_unit: row.claim_unit,
        areas: row.areas,
        documents: row.documents,
        legal_basis: row.legal_basis,
        how_to_apply: row.how_to_apply,
        sensitivity: row.sensitivity,
        status: row.status,
        return_reason: row.return_reason,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    })
}

fn answer(r: &Reader<'_>, row: ProgramRow) -> Result<Answer, Problem> {
    let view = view(r, row)?;
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List programs
///
/// The catalogue, by code. Drafts only for their organization and coordinators.
#[utoipa::path(tag = "programs", params(ProgramQuery), responses((status = 200, description = "A page of programs.", body = ProgramPage)))]
#[get("/api/v1/programs")]
pub async fn list_programs(permit: Permit<ProgramRead>, query: Query<ProgramQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("programs");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |p| (Some(p.code.clone()), p.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect::<Result<_, _>>()?;
            page_answer(&ProgramPage { data, page: page.clone() }, &page, "/api/v1/programs")
        })
        .await
}

/// Get a program
///
/// `can` says what the caller may do next.
#[utoipa::path(tag = "programs", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The program.", body = ProgramView), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/programs/{id}")]
pub async fn get_program(permit: Permit<ProgramRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// Checks codes and areas, and finds the label the program inherits.
pub(super) fn check(r: &mut Reader<'_>, new: &NewProgram) -> Result<Sensitivity, Problem> {
    if !new.code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        return Err(Problem::field("/code", "pattern", "has letters, digits, underscore and dash only"));
    }
    let mut label = new.sensitivity.unwrap_or(Sensitivity::Open);
    let unknown = || Problem::field("/organization_id", "not_found", "is not an organization");
    label = label.max(queries::organization_label(r, new.organization_id)?.ok_or_else(unknown)?);
    lookup::required(r, "pillars", &new.pillar, "/pillar")?;
    lookup::required(r, "benefit_periods", &new.benefit.period, "/benefit/period")?;
    let tiers = &new.benefit.tiers;
    for (i, tier) in tiers.iter().enumerate() {
        if !tier.code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            let why = "has letters, digits, underscore and dash only";
            return Err(Problem::field(format!("/benefit/tiers/{i}/code"), "pattern", why));
        }
        if tiers.iter().take(i).any(|t| t.code == tier.code) {
            return Err(Problem::field(format!("/benefit/tiers/{i}/code"), "duplicate", "is given twice"));
        }
    }
    for (i, need) in new.needs.iter().enumerate() {
        label = label.max(lookup::required(r, "needs", need, &format!("/needs/{i}"))?.sensitivity);
        if new.needs.iter().take(i).any(|n| n == need) {
            return Err(Problem::field(format!("/needs/{i}"), "duplicate", "is given twice"));
        }
    }
    if let Some(class) = &new.overlap_class {
        label = label.max(lookup::required(r, "overlap_classes", class, "/overlap_class")?.sensitivity);
    }
    for (i, document) in new.documents.iter().enumerate() {
        lookup::required(r, "documents", document, &format!("/documents/{i}"))?;
    }
    if queries::unknown_areas(r, &new.areas)? > 0 {
        return Err(Problem::field("/areas", "unknown_code", "must be different kecamatan or kelurahan of the city"));
    }
    Ok(label)
}

pub(super) fn tidy(mut new: NewProgram) -> NewProgram {
    let text = |t: Option<String>| t.map(|t| clean(&t)).filter(|t| !t.is_empty());
    new.name.id = clean(&new.name.id);
    new.name.en = clean(&new.name.en);
    new.legal_basis = text(new.legal_basis);
    new.how_to_apply = text(new.how_to_apply);
    new
}

/// Create a program
///
/// As a draft. Officers and partners enter programs of their own organization, coordinators those of any.
#[utoipa::path(tag = "programs", params(IdempotencyHeader), request_body = NewProgram, responses((status = 201, description = "Entered.", body = ProgramView)))]
#[post("/api/v1/programs")]
pub async fn create_program(
    permit: Permit<ProgramDraft>,
    key: IdempotencyKey,
    body: Json<NewProgram>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let copy = body.clone();
            idempotency::once(w, &key, "create_program", &copy, |w| {
                let new = tidy(body);
                validator::Validate::validate(&new).map_err(|e| invalid(&e))?;
                if !w.scope().covers_organization(new.organization_id) {
                    return Err(Problem::field("/organization_id", "not_found", "is not your organization"));
                }
                let label = check(w, &new)?;
                let id = queries::insert(w, &new, label)?;
                audit(w, "program.create", id, label, None, Some(serde_json::json!(new)), None)?;
                let row = queries::find(w, id)?;
                let view = view(w, row)?;
                let answer = Answer::created(&view, format!("/api/v1/programs/{id}"))?;
                Ok(answer.etag(view.version, w.principal(), &view.can))
            })
        })
        .await
}

pub(super) fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    id: uuid::Uuid,
    label: Sensitivity,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
    reason: Option<String>,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "program",
        subject_id: Some(id),
        restricted: label == Sensitivity::Restricted,
        before,
        after,
        reason,
        ..AuditEntry::default()
    })
}

/// A member that may be left out but not removed.
pub(super) fn kept<T>(field: Field<T>, pointer: &str, old: T) -> Result<T, Problem> {
    match field {
        Field::Absent => Ok(old),
        Field::Value(new) => Ok(new),
        Field::Null => Err(Problem::field(pointer, "required", "cannot be removed")),
    }
}

fn removable<T>(field: Field<T>, old: Option<T>) -> Option<T> {
    field.nullable().unwrap_or(old)
}

pub(super) fn patched(row: &ProgramRow, p: ProgramPatch) -> Result<NewProgram, Problem> {
    let benefit = Benefit {
        kind: row.benefit_kind,
        unit: row.benefit_unit.clone(),
        value_idr: row.benefit_value_idr,
        period: row.benefit_period.clone(),
        tiers: serde_json::from_value(row.benefit_tiers.clone()).map_err(Problem::internal)?,
    };
    Ok(NewProgram {
        code: row.code.clone(),
        organization_id: row.organization_id,
        name: kept(p.name, "/name", serde_json::from_value(row.name.clone()).map_err(Problem::internal)?)?,
        description: removable(p.description, serde_json::from_value(row.description.clone()).ok()),
        pillar: kept(p.pillar, "/pillar", row.pillar.clone())?,
        needs: kept(p.needs, "/needs", row.needs.clone())?,
        access_mode: kept(p.access_mode, "/access_mode", row.access_mode)?,
        benefit: kept(p.benefit, "/benefit", benefit)?,
        overlap_class: removable(p.overlap_class, row.overlap_class.clone()),
        claim_unit: kept(p.claim_unit, "/claim_unit", row.claim_unit)?,
        areas: kept(p.areas, "/areas", row.areas.clone())?,
        documents: kept(p.documents, "/documents", row.documents.clone())?,
        legal_basis: removable(p.legal_basis, row.legal_basis.clone()),
        how_to_apply: removable(p.how_to_apply, row.how_to_apply.clone()),
        sensitivity: Some(kept(p.sensitivity, "/sensitivity", row.sensitivity)?),
    })
}

/// Update a program
///
/// A merge-patch (RFC 7396) of a draft: what is published goes back to draft by `return` first.
#[utoipa::path(tag = "programs", params(IdPath, IfMatchHeader), request_body(content = ProgramPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "Updated.", body = ProgramView)))]
#[patch("/api/v1/programs/{id}")]
pub async fn update_program(
    permit: Permit<ProgramDraft>,
    id: Id,
    version: IfMatch,
    body: Json<ProgramPatch>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::find_for_update(w, id.0)?;
            let standing = standing(w, &row);
            if !standing.owns {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            version.check(row.version)?;
            if row.status != super::model::ProgramStatus::Draft {
                return Err(Problem::with(&problem::WRONG_STATE, "only a draft is edited"));
            }
            let before = patched(&row, ProgramPatch::default())?;
            let new = tidy(patched(&row, body.0)?);
            validator::Validate::validate(&new).map_err(|e| invalid(&e))?;
            let label = check(w, &new)?;
            if new != before {
                queries::write(w, row.id, &new, label)?;
                queries::bump(w, row.id)?;
                let (before, after) = (serde_json::json!(before), serde_json::json!(new));
                audit(w, "program.update", row.id, label, Some(before), Some(after), None)?;
            }
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Takes a step: standing, version, status, then the write and its audit entry.
fn step(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    step: Step,
    action: &'static str,
    reason: Option<String>,
) -> Result<Answer, Problem> {
    let mut row = queries::find_for_update(w, id.0)?;
    let standing = standing(w, &row);
    let allowed = if step == Step::Submit { standing.owns } else { standing.publishes };
    if !allowed {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    version.check(row.version)?;
    let to = rules::next(row.status, step).ok_or_else(|| Problem::new(&problem::WRONG_STATE))?;
    if step == Step::Publish && standing.submitter {
        return Err(Problem::with(&problem::SAME_PERSON, "whoever submits a program does not publish it"));
    }
    queries::set_status(w, row.id, to, reason.as_deref())?;
    let (before, after) = (serde_json::json!({"status": row.status}), serde_json::json!({"status": to}));
    audit(w, action, row.id, row.sensitivity, Some(before), Some(after), reason.clone())?;
    // Read from what was locked: having published a restricted program, the coordinator may no longer see it.
    match queries::find(w, id.0) {
        Ok(row) => answer(w, row),
        Err(_) => {
            row.status = to;
            row.version += 1;
            row.updated_at = w.now();
            row.return_reason = reason;
            answer(w, row)
        }
    }
}

/// Submit a program
///
/// A draft goes to the coordinator.
#[utoipa::path(tag = "programs", params(IdPath, IfMatchHeader), responses((status = 200, description = "Submitted.", body = ProgramView)))]
#[post("/api/v1/programs/{id}/submit")]
pub async fn submit_program(permit: Permit<ProgramDraft>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Submit, "program.submit", None)).await
}

/// Publish a program
///
/// By a coordinator with the duty `publish` who did not submit it (`same_person`). Also takes up a suspended one again.
#[utoipa::path(tag = "programs", params(IdPath, IfMatchHeader), responses((status = 200, description = "Published.", body = ProgramView)))]
#[post("/api/v1/programs/{id}/publish")]
pub async fn publish_program(permit: Permit<ProgramPublish>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Publish, "program.publish", None)).await
}

/// Return a program
///
/// Back to draft, with what is missing.
#[utoipa::path(tag = "programs", params(IdPath, IfMatchHeader), request_body = ProgramReturn, responses((status = 200, description = "Returned.", body = ProgramView)))]
#[post("/api/v1/programs/{id}/return")]
pub async fn return_program(
    permit: Permit<ProgramPublish>,
    id: Id,
    version: IfMatch,
    body: Json<ProgramReturn>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let reason = clean(&body.0.reason);
            if reason.is_empty() {
                return Err(Problem::field("/reason", "required", "must say what is missing"));
            }
            step(w, id, version, Step::Return, "program.return", Some(reason))
        })
        .await
}

/// Suspend a program
///
/// It takes no referrals until it is published again; what was sent goes on.
#[utoipa::path(tag = "programs", params(IdPath, IfMatchHeader), responses((status = 200, description = "Suspended.", body = ProgramView)))]
#[post("/api/v1/programs/{id}/suspend")]
pub async fn suspend_program(permit: Permit<ProgramPublish>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Suspend, "program.suspend", None)).await
}

/// Close a program
///
/// For good; what was sent goes on.
#[utoipa::path(tag = "programs", params(IdPath, IfMatchHeader), responses((status = 200, description = "Closed.", body = ProgramView)))]
#[post("/api/v1/programs/{id}/close")]
pub async fn close_program(permit: Permit<ProgramPublish>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit.write(move |w| step(w, id, version, Step::Close, "program.close", None)).await
}
