//! Operations about organizations.

use actix_web::{get, patch, post};
use serde_json::{Value, json};

use super::model::{
    NewOrganization, Organization, OrganizationPage, OrganizationPatch, OrganizationQuery, Sensitivity, Status,
    Suspension,
};
use super::{queries, rules};
use crate::access::policy::{OrganizationEdit, OrganizationRead, OrganizationVerify};
use crate::access::{AuditEntry, Gate, Permit, Reader, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::jobs;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};

fn answer(r: &Reader<'_>, organization: &Organization) -> Result<Answer, Problem> {
    // What moves without a new version is part of the tag.
    let moves = format!("{:?} {}", organization.open_referrals, organization.papers_valid);
    let parts: Vec<&str> = organization.can.iter().map(String::as_str).chain([moves.as_str()]).collect();
    Ok(Answer::ok(organization)?.etag(organization.version, r.principal(), &parts))
}

fn state(o: &Organization) -> Value {
    json!({
        "name": o.name, "status": o.status, "registration_number": o.registration_number,
        "registration_expires_on": o.registration_expires_on, "agreement_number": o.agreement_number,
        "agreement_from": o.agreement_from, "agreement_until": o.agreement_until,
        "agreement_fields": o.agreement_fields, "email": o.email, "phone": o.phone, "address": o.address
    })
}

fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    before: Option<&Organization>,
    after: &Organization,
    reason: Option<String>,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "organization",
        subject_id: Some(after.id),
        restricted: after.sensitivity == Sensitivity::Restricted,
        reason,
        before: before.map(state),
        after: Some(state(after)),
        ..AuditEntry::default()
    })
}

/// List organizations
///
/// By name. A restricted one is listed only for its own officers and for supervisors.
#[utoipa::path(tag = "organizations", params(OrganizationQuery), responses((status = 200, description = "A page of organizations.", body = OrganizationPage)))]
#[get("/api/v1/organizations")]
pub async fn list_organizations(
    permit: Permit<OrganizationRead>,
    query: Query<OrganizationQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("organizations");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut data, r.sealer(), total, |o| (Some(o.name.clone()), o.id.to_string()));
            page_answer(&OrganizationPage { data, page: page.clone() }, &page, "/api/v1/organizations")
        })
        .await
}

/// Get an organization
///
/// With its registration, agreement and contact.
#[utoipa::path(tag = "organizations", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The organization.", body = Organization), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/organizations/{id}")]
pub async fn get_organization(permit: Permit<OrganizationRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let organization = queries::find(r, id.0)?;
            answer(r, &organization)
        })
        .await
}

/// Register an organization
///
/// It starts as applied and takes part once a coordinator has verified it.
#[utoipa::path(tag = "organizations", params(IdempotencyHeader), request_body = NewOrganization, responses((status = 201, description = "The new organization.", body = Organization)))]
#[post("/api/v1/organizations")]
pub async fn create_organization(
    permit: Permit<OrganizationEdit>,
    key: IdempotencyKey,
    body: Json<NewOrganization>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_organization", &new, |w| {
                let organization = queries::insert(w, &new)?;
                audit(w, "organization.create", None, &organization, None)?;
                let location = format!("/api/v1/organizations/{}", organization.id);
                Ok(Answer { status: 201, ..answer(w, &organization)?.header("location", location) })
            })
        })
        .await
}

fn check(patch: &OrganizationPatch) -> Result<(), Problem> {
    match &patch.name {
        Field::Null => return Err(Problem::field("/name", "required", "cannot be removed")),
        Field::Value(v) if crate::kernel::text::clean(v).is_empty() || v.chars().count() > 200 => {
            return Err(Problem::field("/name", "length", "must have 1 to 200 characters"));
        }
        _ => {}
    }
    if matches!(patch.agreement_fields, Field::Null) {
        return Err(Problem::field("/agreement_fields", "required", "cannot be null; an empty list shares nothing"));
    }
    if patch.agreement_fields.value().is_some_and(|f| f.len() > 20) {
        return Err(Problem::field("/agreement_fields", "length", "must have at most 20 items"));
    }
    let limits = [
        (&patch.registration_number, "/registration_number", 100),
        (&patch.agreement_number, "/agreement_number", 100),
        (&patch.email, "/email", 200),
        (&patch.phone, "/phone", 40),
        (&patch.address, "/address", 300),
    ];
    match limits.iter().find(|(field, _, max)| field.value().is_some_and(|v| v.chars().count() > *max)) {
        Some((_, pointer, _)) => Err(Problem::field(*pointer, "length", "is too long")),
        None => Ok(()),
    }
}

/// Change an organization
///
/// Name, registration, agreement, contact. What is null is removed.
#[utoipa::path(tag = "organizations", params(IdPath, IfMatchHeader), request_body(content = OrganizationPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The organization as it is now.", body = Organization)))]
#[patch("/api/v1/organizations/{id}")]
pub async fn update_organization(
    permit: Permit<OrganizationEdit>,
    id: Id,
    version: IfMatch,
    body: Json<OrganizationPatch>,
) -> Result<Answer, Problem> {
    check(&body.0)?;
    permit
        .write(move |w| {
            let before = queries::lock(w, id.0)?;
            version.check(before.version)?;
            let organization = queries::update(w, id.0, body.0)?;
            audit(w, "organization.update", Some(&before), &organization, None)?;
            answer(w, &organization)
        })
        .await
}

fn transition(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    to: Status,
    allowed: fn(Status) -> bool,
    reason: Option<String>,
) -> Result<Answer, Problem> {
    let before = queries::lock(w, id.0)?;
    version.check(before.version)?;
    if !allowed(before.status) {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    if to == Status::Verified && !before.papers_valid {
        return Err(Problem::new(&problem::AGREEMENT_EXPIRED));
    }
    let organization = queries::set_status(w, id.0, to)?;
    let action = if to == Status::Verified { "organization.verify" } else { "organization.suspend" };
    audit(w, action, Some(&before), &organization, reason)?;
    answer(w, &organization)
}

/// Verify an organization
///
/// Its papers have been seen: from now on it can post programs and receive referrals. Papers that have run out answer
/// `agreement_expired`.
#[utoipa::path(tag = "organizations", params(IdPath, IfMatchHeader), responses((status = 200, description = "The organization as it is now.", body = Organization)))]
#[post("/api/v1/organizations/{id}/verify")]
pub async fn verify_organization(
    permit: Permit<OrganizationVerify>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit.write(move |w| transition(w, id, version, Status::Verified, rules::may_verify, None)).await
}

/// Suspend an organization
///
/// It can post nothing new and receives nobody until it is verified again; what it has promised stays, and
/// `open_referrals` says how much that is.
#[utoipa::path(tag = "organizations", params(IdPath, IfMatchHeader), request_body = Suspension, responses((status = 200, description = "The organization as it is now.", body = Organization)))]
#[post("/api/v1/organizations/{id}/suspend")]
pub async fn suspend_organization(
    permit: Permit<OrganizationVerify>,
    id: Id,
    version: IfMatch,
    body: Json<Suspension>,
) -> Result<Answer, Problem> {
    let reason = Some(crate::kernel::text::clean(&body.0.reason));
    permit.write(move |w| transition(w, id, version, Status::Suspended, rules::may_suspend, reason)).await
}

/// Puts organizations to rest whose registration or agreement has run out; they receive nobody until they are verified
/// again. Those they already serve stay with them, and the coordinator sees how many.
pub(super) fn rest(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<OrganizationVerify>(gate, "organizations", |w| {
        let today = w.today();
        let mut done = 0;
        for id in queries::run_out(w, today)? {
            let before = queries::lock(w, id)?;
            // Somebody may have renewed its papers since.
            if before.status == Status::Verified && !before.papers_valid {
                let after = queries::set_status(w, id, Status::Dormant)?;
                audit(w, "organization.rest", Some(&before), &after, None)?;
                done += 1;
            }
        }
        Ok(done)
    })
}
