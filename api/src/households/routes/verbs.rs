//! Transitions of households.

use actix_web::post;
use serde_json::{Value, json};
use uuid::Uuid;

use super::change::{district, open};
use super::read::answer;
use crate::access::policy::HouseholdEdit;
use crate::access::{AuditEntry, Permit, Writer};
use crate::households::model::{AddressesPatch, Dissolve, HeadChange, Household, Move, Split};
use crate::households::queries::write::{self, Columns};
use crate::households::queries::{history, list, people};
use crate::households::rules::CodedFact;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json};
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader};
use crate::idempotency;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;

fn record(
    w: &mut Writer<'_>,
    id: Uuid,
    action: &'static str,
    event: &str,
    person: Option<Uuid>,
    detail: Value,
) -> Result<(), Problem> {
    history::note(w, id, person, event, &detail)?;
    w.audit(AuditEntry {
        action,
        subject_kind: "household",
        subject_id: Some(id),
        household_id: Some(id),
        after: Some(detail),
        ..AuditEntry::default()
    })
}

/// Split a household
///
/// The members named form a household of their own at the same place. Aid the old household holds counts for both.
#[utoipa::path(tag = "households", params(IdPath, IfMatchHeader, IdempotencyHeader), request_body = Split, responses((status = 201, description = "The new household.", body = Household)))]
#[post("/api/v1/households/{id}/split")]
pub async fn split_household(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    key: IdempotencyKey,
    body: Json<Split>,
) -> Result<Answer, Problem> {
    let split = body.0;
    if !split.member_ids.contains(&split.head_id) {
        return Err(Problem::field("/head_id", "not_allowed", "must be one of those who leave"));
    }
    permit
        .write(move |w| {
            idempotency::once(w, &key, "split_household", &(id.0, &split), |w| {
                let household = open(w, id.0, Some(version))?;
                let members = people::of_household(w, &household)?;
                let alive: Vec<Uuid> = members.iter().filter(|m| m.life_status == "alive").map(|m| m.id).collect();
                if let Some(n) = split.member_ids.iter().position(|m| !alive.contains(m)) {
                    return Err(Problem::field(
                        format!("/member_ids/{n}"),
                        "unknown",
                        "is not a living member of this household",
                    ));
                }
                if alive.iter().all(|m| split.member_ids.contains(m)) {
                    return Err(Problem::field("/member_ids", "not_allowed", "somebody must stay"));
                }
                let new = write::split_off(w, id.0, split.family_card_number.as_deref())?;
                for person in &split.member_ids {
                    let relation = members.iter().find(|m| m.id == *person).and_then(|m| m.relation.clone());
                    let relation = if *person == split.head_id {
                        Some("head".to_owned())
                    } else {
                        relation.filter(|r| r != "head")
                    };
                    write::move_member(w, *person, id.0, new, relation.as_deref(), "split")?;
                }
                write::settle(w, id.0, None)?;
                write::settle(w, new, Some(Some(split.head_id)))?;
                record(w, id.0, "household.split", "split", None, json!({"to": new, "members": split.member_ids}))?;
                record(w, new, "household.split", "created", None, json!({"split_from": id.0}))?;
                let household = list::find(w, new)?;
                let can: Vec<&str> = household.summary.can.iter().map(String::as_str).collect();
                Ok(Answer::created(&household, format!("/api/v1/households/{new}"))?.etag(
                    household.summary.version,
                    w.principal(),
                    &can,
                ))
            })
        })
        .await
}

/// Change the head of a household
///
/// The new head is a living member; the old one stays a member.
#[utoipa::path(tag = "households", params(IdPath, IfMatchHeader), request_body = HeadChange, responses((status = 200, description = "The household as it is now.", body = Household)))]
#[post("/api/v1/households/{id}/change-head")]
pub async fn change_household_head(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<HeadChange>,
) -> Result<Answer, Problem> {
    let head = body.0.individual_id;
    permit
        .write(move |w| {
            let household = open(w, id.0, Some(version))?;
            let members = people::of_household(w, &household)?;
            if !members.iter().any(|m| m.id == head && m.life_status == "alive") {
                return Err(Problem::field("/individual_id", "unknown", "is not a living member of this household"));
            }
            for old in members.iter().filter(|m| m.relation.as_deref() == Some("head") && m.id != head) {
                write::set_person(
                    w,
                    old.id,
                    write::Person { relation: Some(Some("other_family".into())), ..write::Person::default() },
                )?;
            }
            write::set_person(
                w,
                head,
                write::Person { relation: Some(Some("head".into())), ..write::Person::default() },
            )?;
            write::settle(w, id.0, Some(Some(head)))?;
            record(w, id.0, "household.change_head", "head_changed", Some(head), json!({"head_id": head}))?;
            let household = list::find(w, id.0)?;
            answer(w, &household)
        })
        .await
}

/// Move a household
///
/// To another kelurahan of the caller's area, or out of the city.
#[utoipa::path(tag = "households", params(IdPath, IfMatchHeader), request_body = Move, responses((status = 200, description = "The household as it is now.", body = Household)))]
#[post("/api/v1/households/{id}/move")]
pub async fn move_household(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<Move>,
) -> Result<Answer, Problem> {
    let to = body.0;
    if to.out_of_city == to.region_code.is_some() {
        return Err(Problem::field("/region_code", "required", "give either region_code or out_of_city"));
    }
    permit
        .write(move |w| {
            let household = open(w, id.0, Some(version))?;
            let detail = match &to.region_code {
                Some(region) => {
                    let district = district(w, region)?;
                    write::set_columns(
                        w,
                        id.0,
                        Columns {
                            region_code: Some(region.clone()),
                            district_code: Some(district),
                            ..Columns::default()
                        },
                    )?;
                    let field = |value: &Option<String>| value.clone().map_or(Field::Null, Field::Value);
                    let place = AddressesPatch {
                        registered_address: Field::Absent,
                        registered_rt: Field::Absent,
                        registered_rw: Field::Absent,
                        street: field(&to.street),
                        rt: field(&to.rt),
                        rw: field(&to.rw),
                        lat: Field::Null,
                        lng: Field::Null,
                    };
                    write::set_details(w, id.0, Some(place), None, None, Field::Absent)?;
                    json!({"from": household.region_code, "to": region})
                }
                None => {
                    write::set_columns(w, id.0, Columns { status: Some("moved"), ..Columns::default() })?;
                    json!({"from": household.region_code, "out_of_city": true})
                }
            };
            write::settle(w, id.0, None)?;
            record(w, id.0, "household.move", "moved", None, detail)?;
            let household = list::find(w, id.0)?;
            answer(w, &household)
        })
        .await
}

/// Dissolve a household
///
/// Nobody is left of it, or it was recorded in error. The record stays and answers with its status.
#[utoipa::path(tag = "households", params(IdPath, IfMatchHeader), request_body = Dissolve, responses((status = 200, description = "The household as it is now.", body = Household)))]
#[post("/api/v1/households/{id}/dissolve")]
pub async fn dissolve_household(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<Dissolve>,
) -> Result<Answer, Problem> {
    let reason = body.0.reason_code;
    permit
        .write(move |w| {
            open(w, id.0, Some(version))?;
            write::check_codes(
                w,
                &[CodedFact {
                    pointer: "/reason_code".into(),
                    variable: "reason_code".into(),
                    list: "household_end_reasons",
                    code: reason.clone(),
                }],
            )?;
            write::set_columns(w, id.0, Columns { status: Some("dissolved"), ..Columns::default() })?;
            write::settle(w, id.0, None)?;
            record(w, id.0, "household.dissolve", "dissolved", None, json!({"reason_code": reason}))?;
            let household = list::find(w, id.0)?;
            answer(w, &household)
        })
        .await
}
