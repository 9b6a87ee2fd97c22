//! Creating and changing households.

use actix_web::{patch, post};
use serde_json::json;

use super::likely;
use super::read::answer;
use crate::access::policy::{HouseholdCreate, HouseholdEdit};
use crate::access::{AuditEntry, Permit, Writer};
use crate::households::individual_model::{Individual, NewIndividual};
use crate::households::model::{Household, HouseholdPatch, NewHousehold};
use crate::households::queries::claims::{self, Subject};
use crate::households::queries::visible::Visible;
use crate::households::queries::write::{self, Columns};
use crate::households::queries::{history, list, people};
use crate::households::{model, rules};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::identity::LikelyDuplicate;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};

/// The household locked, in the caller's area, active and of the version the caller knows.
pub(super) fn open(w: &mut Writer<'_>, id: uuid::Uuid, version: Option<IfMatch>) -> Result<Visible, Problem> {
    let household = write::lock(w, id)?;
    // Seen through a referral or an assignment is not one's own area: the action is refused, not the row hidden.
    if !w.scope().covers_region(&household.region_code) {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    if let Some(version) = version {
        version.check(household.version)?;
    }
    if household.status != "active" {
        return Err(Problem::with(&problem::WRONG_STATE, "the household is not active"));
    }
    Ok(household)
}

/// Kecamatan of a kelurahan in the caller's area.
pub(super) fn district(w: &mut Writer<'_>, region: &str) -> Result<String, Problem> {
    let district = write::district_of(w, region)?
        .ok_or_else(|| Problem::field("/region_code", "region_unknown", "is not a kelurahan of this city"))?;
    if !w.scope().covers_region(region) {
        return Err(Problem::field("/region_code", "out_of_area", "lies outside your area"));
    }
    Ok(district)
}

/// Create a household
///
/// With any number of members. A NIK or family card that exists elsewhere answers like a new one. Where somebody of the
/// caller's own area looks like one of them: 409 with these people, unless the member says by `confirm_distinct` that
/// they were looked at and are somebody else.
#[utoipa::path(tag = "households", params(IdempotencyHeader), request_body = NewHousehold, responses((status = 201, description = "The new household.", body = Household), (status = 409, description = "`likely_duplicate`: somebody of the caller's area looks like one of them; any other code as everywhere.", body = LikelyDuplicate, content_type = "application/problem+json")))]
#[post("/api/v1/households")]
pub async fn create_household(
    permit: Permit<HouseholdCreate>,
    key: IdempotencyKey,
    body: Json<NewHousehold>,
) -> Result<Answer, Problem> {
    let new = body.0;
    rules::check_assets(&new.assets, "/assets")?;
    let coded = rules::check_housing(&new.housing, "/housing")?;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_household", &new, |w| {
                let district = district(w, &new.region_code)?;
                write::check_codes(w, &coded)?;
                let (id, people) = write::create(w, &new, &district)?;
                likely::entered(w, &people.into_iter().zip(&new.members).collect::<Vec<_>>(), true)?;
                history::note(w, id, None, "created", &json!({"source": "manual", "members": new.members.len()}))?;
                w.audit(AuditEntry {
                    action: "household.create",
                    subject_kind: "household",
                    subject_id: Some(id),
                    household_id: Some(id),
                    after: serde_json::to_value(&new).ok(),
                    ..AuditEntry::default()
                })?;
                let household = list::find(w, id)?;
                let can: Vec<&str> = household.summary.can.iter().map(String::as_str).collect();
                Ok(Answer::created(&household, format!("/api/v1/households/{id}"))?.etag(
                    household.summary.version,
                    w.principal(),
                    &can,
                ))
            })
        })
        .await
}

/// Change a household
///
/// Merge-patch of kind, family card, addresses, housing and assets. Region and head change by their verbs.
#[utoipa::path(tag = "households", params(IdPath, IfMatchHeader), request_body(content = HouseholdPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The household as it is now.", body = Household)))]
#[patch("/api/v1/households/{id}")]
pub async fn update_household(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<HouseholdPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    check_patch(&patch)?;
    let coded = rules::check_housing(patch.housing.as_ref().unwrap_or(&serde_json::Map::new()), "/housing")?;
    permit
        .write(move |w| {
            open(w, id.0, Some(version))?;
            write::check_codes(w, &coded)?;
            let before = list::find(w, id.0)?;
            if patch.family_card_number.is_named() {
                claims::replace(w, Subject::Household(id.0), "family_card", patch.family_card_number.value().map(String::as_str))?;
            }
            let columns = Columns {
                kind: patch.kind.value().map(|k| k.slug()),
                family_card_number: patch.family_card_number.clone().nullable(),
                declared_members: patch.declared_members.clone().nullable(),
                dwelling_id: patch.dwelling_id.clone().nullable(),
                ..Columns::default()
            };
            write::set_columns(w, id.0, columns)?;
            write::set_details(w, id.0, patch.addresses, patch.housing.as_ref(), patch.assets.as_ref(), patch.note)?;
            write::settle(w, id.0, None)?;
            let household = list::find(w, id.0)?;
            history::note(w, id.0, None, "updated", &json!({}))?;
            let state = |h: &Household| json!({"kind": h.summary.kind, "family_card": h.summary.family_card_masked, "declared_members": h.declared_members, "addresses": h.addresses, "housing": h.housing, "assets": h.assets, "note": h.note});
            w.audit(AuditEntry { action: "household.update", subject_kind: "household", subject_id: Some(id.0), household_id: Some(id.0), before: Some(state(&before)), after: Some(state(&household)), ..AuditEntry::default() })?;
            answer(w, &household)
        })
        .await
}

fn check_patch(patch: &HouseholdPatch) -> Result<(), Problem> {
    if patch.kind == Field::Null {
        return Err(Problem::field("/kind", "required", "cannot be removed"));
    }
    if patch.family_card_number.value().is_some_and(|n| model::check_family_card(n).is_err()) {
        return Err(Problem::field("/family_card_number", "kk_length", "must be 16 digits"));
    }
    if patch.declared_members.value().is_some_and(|n| !(0..=1000).contains(n)) {
        return Err(Problem::field("/declared_members", "range", "must be 0 to 1000"));
    }
    if patch.note.value().is_some_and(|n| n.chars().count() > 2000) {
        return Err(Problem::field("/note", "length", "is too long"));
    }
    if let Some(a) = &patch.addresses {
        for (field, name, max) in [
            (&a.registered_address, "registered_address", 300),
            (&a.registered_rt, "registered_rt", 5),
            (&a.registered_rw, "registered_rw", 5),
            (&a.street, "street", 300),
            (&a.rt, "rt", 5),
            (&a.rw, "rw", 5),
        ] {
            if field.value().is_some_and(|v| v.chars().count() > max) {
                return Err(Problem::field(format!("/addresses/{name}"), "length", "is too long"));
            }
        }
        for (field, name, most) in [(&a.lat, "lat", 90.0), (&a.lng, "lng", 180.0)] {
            if field.value().is_some_and(|v| v.abs() > most) {
                return Err(Problem::field(format!("/addresses/{name}"), "range", "is not on the globe"));
            }
        }
    }
    rules::check_assets(patch.assets.as_ref().unwrap_or(&serde_json::Map::new()), "/assets")
}

/// Add a person to a household
///
/// A NIK that exists elsewhere answers like a new one. Where somebody of the caller's own area looks like the person:
/// 409 with these people, unless `confirm_distinct` says that they were looked at and are somebody else.
#[utoipa::path(tag = "households", params(IdPath, IdempotencyHeader), request_body = NewIndividual, responses((status = 201, description = "The new person.", body = Individual), (status = 409, description = "`likely_duplicate`: somebody of the caller's area looks like one of them; any other code as everywhere.", body = LikelyDuplicate, content_type = "application/problem+json")))]
#[post("/api/v1/households/{id}/individuals")]
pub async fn add_household_individual(
    permit: Permit<HouseholdEdit>,
    id: Id,
    key: IdempotencyKey,
    body: Json<NewIndividual>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "add_household_individual", &(id.0, &new), |w| {
                open(w, id.0, None)?;
                let person = write::add_member(w, id.0, &new, "")?;
                likely::entered(w, &[(person, &new)], false)?;
                write::settle(w, id.0, None)?;
                history::note(w, id.0, Some(person), "member_added", &json!({}))?;
                w.audit(AuditEntry {
                    action: "individual.create",
                    subject_kind: "individual",
                    subject_id: Some(person),
                    household_id: Some(id.0),
                    after: serde_json::to_value(&new).ok(),
                    ..AuditEntry::default()
                })?;
                let (individual, _) = people::find(w, person)?;
                let can: Vec<&str> = individual.can.iter().map(String::as_str).collect();
                Ok(Answer::created(&individual, format!("/api/v1/individuals/{person}"))?.etag(
                    individual.version,
                    w.principal(),
                    &can,
                ))
            })
        })
        .await
}
