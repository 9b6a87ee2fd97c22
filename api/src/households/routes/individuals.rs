//! People.

use actix_web::{get, patch, post};
use serde_json::json;

use super::change::open;
use super::likely;
use crate::access::policy::{HouseholdEdit, HouseholdRead, IndividualReveal};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::households::individual_model::{
    Decease, Individual, IndividualList, IndividualPatch, MemberMove, MoveOut, Reveal, Revealed,
};
use crate::households::model::{self, PageQuery};
use crate::households::queries::claims::{self, Subject};
use crate::households::queries::people::{self, MemberRow};
use crate::households::queries::write::{self, Person};
use crate::households::queries::{history, visible};
use crate::households::rules::{self, CodedFact};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IfMatchHeader, IfNoneMatchHeader};
use crate::identity::LikelyDuplicate;
use crate::kernel::names;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

fn answer(r: &Reader<'_>, individual: &Individual) -> Result<Answer, Problem> {
    let can = individual.can.iter().map(String::as_str);
    let tag: Vec<&str> = can.chain(individual.withheld.iter().copied()).collect();
    Ok(Answer::ok(individual)?.etag(individual.version, r.principal(), &tag))
}

/// List the members of a household
///
/// Living members first.
#[utoipa::path(tag = "individuals", params(IdPath, PageQuery), responses((status = 200, description = "The members.", body = IndividualList)))]
#[get("/api/v1/households/{id}/individuals")]
pub async fn list_household_individuals(
    permit: Permit<HouseholdRead>,
    id: Id,
    query: Query<PageQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging(&format!("members/{}", id.0));
            let start = paging.start(r.sealer())?;
            let household = visible::find_visible(r, id.0)?;
            // A household is small, an institution at most some hundred people: the page is cut out here.
            let mut data = people::of_household(r, &household)?;
            let total = i64::try_from(data.len()).ok().filter(|_| paging.include_total);
            if let Some(after) = start.and_then(|c| data.iter().position(|m| m.id.to_string() == c.id)) {
                data.drain(..=after);
            }
            r.saw(Seen { subject_kind: "household", subject_id: id.0, household_id: Some(id.0) });
            let page = paging.close(&mut data, r.sealer(), total, |m| (None, m.id.to_string()));
            page_answer(
                &IndividualList { data, page: page.clone() },
                &page,
                &format!("/api/v1/households/{}/individuals", id.0),
            )
        })
        .await
}

/// Get a person
///
/// The NIK is masked; see `reveal`.
#[utoipa::path(tag = "individuals", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The person.", body = Individual), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/individuals/{id}")]
pub async fn get_individual(permit: Permit<HouseholdRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let (individual, household) = people::find(r, id.0)?;
            r.saw(Seen { subject_kind: "individual", subject_id: id.0, household_id: Some(household.id) });
            answer(r, &individual)
        })
        .await
}

/// The person and household locked and editable.
fn open_person(w: &mut Writer<'_>, id: uuid::Uuid, version: IfMatch) -> Result<MemberRow, Problem> {
    let (row, household) = people::lock(w, id)?;
    open(w, household.id, None)?;
    version.check(row.version)?;
    if row.life_status != "alive" {
        return Err(Problem::with(&problem::WRONG_STATE, "the person has died or moved away"));
    }
    Ok(row)
}

pub(super) fn done(
    w: &mut Writer<'_>,
    before: &MemberRow,
    action: &'static str,
    event: &str,
) -> Result<Answer, Problem> {
    let (individual, _) = people::find(w, before.id)?;
    let after: MemberRow = people::lock(w, before.id)?.0;
    history::note(w, after.household_id, Some(before.id), event, &json!({}))?;
    w.audit(AuditEntry {
        action,
        subject_kind: "individual",
        subject_id: Some(before.id),
        household_id: Some(after.household_id),
        before: Some(write::person_state(before)),
        after: Some(write::person_state(&after)),
        ..AuditEntry::default()
    })?;
    answer(w, &individual)
}

/// Change a person
///
/// Merge-patch. A new NIK is a new claim; the old one stays in the history. Facts whose code is restricted are kept apart
/// and leave the record, its version and its timeline as they were. Where the change makes somebody of the caller's own
/// area look like the person: 409, as when a person is added.
#[utoipa::path(tag = "individuals", params(IdPath, IfMatchHeader), request_body(content = IndividualPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The person as recorded now.", body = Individual), (status = 409, description = "`likely_duplicate`: somebody of the caller's area looks like the person; any other code as everywhere.", body = LikelyDuplicate, content_type = "application/problem+json")))]
#[patch("/api/v1/individuals/{id}")]
pub async fn update_individual(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<IndividualPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    permit
        .write(move |w| {
            let before = open_person(w, id.0, version)?;
            let person = person_of(w, &before, &patch)?;
            if person == Person::default() {
                return unseen(w, &before, &patch);
            }
            if patch.nik.is_named() {
                claims::replace(
                    w,
                    Subject::Individual { id: id.0, household: before.household_id },
                    "nik",
                    patch.nik.value().map(String::as_str),
                )?;
            }
            write::set_person(w, id.0, person)?;
            likely::edited(w, id.0, &patch)?;
            write::settle(w, before.household_id, None)?;
            done(w, &before, "individual.update", "member_updated")
        })
        .await
}

/// The answer to a patch of which nothing may be seen: no new version, no line of the timeline.
fn unseen(w: &mut Writer<'_>, before: &MemberRow, patch: &IndividualPatch) -> Result<Answer, Problem> {
    w.audit(AuditEntry {
        action: "individual.update",
        subject_kind: "individual",
        subject_id: Some(before.id),
        household_id: Some(before.household_id),
        restricted: true,
        after: Some(json!({"facts": patch.facts})),
        ..AuditEntry::default()
    })?;
    let (individual, _) = people::find(w, before.id)?;
    answer(w, &individual)
}

/// The columns a patch sets, every value checked.
pub(super) fn person_of(w: &mut Writer<'_>, before: &MemberRow, patch: &IndividualPatch) -> Result<Person, Problem> {
    let text = |field: &Field<String>, pointer: &str, max: usize| match field.value() {
        Some(v) if v.chars().count() > max => Err(Problem::field(pointer, "length", "is too long")),
        _ => Ok(()),
    };
    text(&patch.name, "/name", 150)?;
    text(&patch.mother_name, "/mother_name", 150)?;
    if patch.name == Field::Null || patch.name.value().is_some_and(|n| clean(n).is_empty()) {
        return Err(Problem::field("/name", "required", "must not be empty"));
    }
    if patch.nik.value().is_some_and(|n| model::check_nik(n).is_err()) {
        return Err(Problem::field("/nik", "nik_length", "must be 16 digits"));
    }
    if let Some(date) = patch.birth_date.value() {
        rules::check_birth_date(*date, w.today(), "/birth_date")?;
    }
    if patch.birth_date_precision == Field::Null {
        return Err(Problem::field("/birth_date_precision", "required", "cannot be removed"));
    }
    let phone = match patch.phone.value() {
        Some(written) => Some(
            rules::phone(written).ok_or_else(|| Problem::field("/phone", "phone_invalid", "is not a phone number"))?,
        ),
        None => None,
    };
    let empty = serde_json::Map::new();
    let facts_patch = patch.facts.as_ref().unwrap_or(&empty);
    let mut coded = rules::check_facts(facts_patch, "/facts")?;
    for (field, list) in [(&patch.relation, "relation"), (&patch.marital_status, "marital_status")] {
        coded.extend(field.value().map(|code| CodedFact {
            pointer: format!("/{list}"),
            variable: list.into(),
            list,
            code: code.clone(),
        }));
    }
    let restricted = write::check_codes(w, &coded)?;
    rules::check_accommodations(patch.accommodations.as_ref().unwrap_or(&empty), "/accommodations")?;
    // A restricted answer leaves the open one, if there is any, where it was: its going away would tell.
    let mut open_patch = facts_patch.clone();
    open_patch.retain(|name, _| !restricted.iter().any(|(variable, _)| variable == name));
    let mut target = before.facts.map();
    rules::merge(&mut target, &open_patch);
    let facts = (target != before.facts.map()).then_some(serde_json::Value::Object(target));
    for variable in facts_patch.keys() {
        let code = restricted.iter().find(|(v, _)| v == variable).map(|(_, code)| code.as_str());
        people::set_restricted(w, before.household_id, before.id, variable, code)?;
    }
    let accommodations = patch.accommodations.as_ref().map(|patch| {
        let mut target = before.accommodations.map();
        rules::merge(&mut target, patch);
        serde_json::Value::Object(target)
    });
    let precision = match (&patch.birth_date, patch.birth_date_precision.value()) {
        (Field::Null, _) => Some("unknown"),
        (_, Some(p)) => Some(p.slug()),
        (Field::Value(_), None) => Some("day"),
        (Field::Absent, None) => None,
    };
    Ok(Person {
        name: patch.name.value().map(|n| clean(n)),
        name_key: patch.name.value().map(|n| names::match_key(&clean(n))),
        nik: patch.nik.clone().nullable(),
        nik_status: patch.nik.clone().nullable().map(|n| n.map(|_| "unchecked")),
        sex: patch.sex.clone().nullable().map(|s| s.map(|s| s.slug())),
        birth_date: patch.birth_date.clone().nullable(),
        birth_date_precision: precision,
        mother_name: patch.mother_name.clone().nullable().map(|n| n.as_deref().map(clean).filter(|n| !n.is_empty())),
        relation: patch.relation.clone().nullable(),
        marital_status: patch.marital_status.clone().nullable(),
        phone: if patch.phone.is_named() { Some(phone) } else { None },
        facts,
        accommodations,
        ..Person::default()
    })
}

/// Move a person to another household
///
/// Both households lie in the caller's area. The membership until now stays in the history.
#[utoipa::path(tag = "individuals", params(IdPath, IfMatchHeader), request_body = MemberMove, responses((status = 200, description = "The person as recorded now.", body = Individual)))]
#[post("/api/v1/individuals/{id}/move")]
pub async fn move_individual(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<MemberMove>,
) -> Result<Answer, Problem> {
    let to = body.0;
    permit
        .write(move |w| {
            let before = open_person(w, id.0, version)?;
            if to.household_id == before.household_id {
                return Err(Problem::field("/household_id", "not_allowed", "is the household the person is in"));
            }
            let target = open(w, to.household_id, None).map_err(|p| {
                if p.code == &problem::NOT_FOUND {
                    Problem::field("/household_id", "unknown", "is not a household of your area")
                } else {
                    p
                }
            })?;
            let coded = to.relation.iter().map(|code| CodedFact {
                pointer: "/relation".into(),
                variable: "relation".into(),
                list: "relation",
                code: code.clone(),
            });
            write::check_codes(w, &coded.collect::<Vec<_>>())?;
            write::move_member(w, id.0, before.household_id, target.id, to.relation.as_deref(), "moved")?;
            write::settle(w, before.household_id, None)?;
            write::settle(w, target.id, None)?;
            history::note(w, before.household_id, Some(id.0), "member_left", &json!({"to": target.id}))?;
            done(w, &before, "individual.move", "member_added")
        })
        .await
}

/// Record a death
///
/// With the evidence it is known by.
#[utoipa::path(tag = "individuals", params(IdPath, IfMatchHeader), request_body = Decease, responses((status = 200, description = "The person as recorded now.", body = Individual)))]
#[post("/api/v1/individuals/{id}/decease")]
pub async fn decease_individual(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<Decease>,
) -> Result<Answer, Problem> {
    let death = body.0;
    permit
        .write(move |w| {
            let before = open_person(w, id.0, version)?;
            if death.deceased_on > w.today() || before.birth_date.is_some_and(|b| death.deceased_on < b) {
                return Err(Problem::field("/deceased_on", "invalid", "must lie between birth and today"));
            }
            write::check_codes(
                w,
                &[CodedFact {
                    pointer: "/evidence_code".into(),
                    variable: "evidence_code".into(),
                    list: "death_evidence",
                    code: death.evidence_code.clone(),
                }],
            )?;
            write::set_person(
                w,
                id.0,
                Person {
                    life_status: Some("deceased"),
                    deceased_on: Some(Some(death.deceased_on)),
                    ..Person::default()
                },
            )?;
            write::settle(w, before.household_id, None)?;
            done(w, &before, "individual.decease", "deceased")
        })
        .await
}

/// Record that somebody moved away
///
/// Out of the city or to an unknown place.
#[utoipa::path(tag = "individuals", params(IdPath, IfMatchHeader), request_body = MoveOut, responses((status = 200, description = "The person as recorded now.", body = Individual)))]
#[post("/api/v1/individuals/{id}/move-out")]
pub async fn move_out_individual(
    permit: Permit<HouseholdEdit>,
    id: Id,
    version: IfMatch,
    body: Json<MoveOut>,
) -> Result<Answer, Problem> {
    let reason = body.0.reason_code;
    permit
        .write(move |w| {
            let before = open_person(w, id.0, version)?;
            write::check_codes(
                w,
                &[CodedFact {
                    pointer: "/reason_code".into(),
                    variable: "reason_code".into(),
                    list: "individual_move_reasons",
                    code: reason.clone(),
                }],
            )?;
            write::set_person(w, id.0, Person { life_status: Some("moved"), ..Person::default() })?;
            write::settle(w, before.household_id, None)?;
            done(w, &before, "individual.move_out", "member_left")
        })
        .await
}

/// Reveal the numbers of a person
///
/// Needs a purpose, is logged with the answer, and has a daily budget (429 beyond it).
#[utoipa::path(tag = "individuals", params(IdPath), request_body = Reveal, responses((status = 200, description = "The numbers.", body = Revealed)))]
#[post("/api/v1/individuals/{id}/reveal")]
pub async fn reveal_individual(
    permit: Permit<IndividualReveal>,
    id: Id,
    body: Json<Reveal>,
) -> Result<Answer, Problem> {
    let purpose = body.0.purpose;
    permit
        .write(move |w| {
            let household = visible::visible_individual(w, id.0)?;
            write::check_codes(
                w,
                &[CodedFact {
                    pointer: "/purpose".into(),
                    variable: "purpose".into(),
                    list: "nik_reveal_purposes",
                    code: purpose.clone(),
                }],
            )?;
            let spent = people::reveals_today(w)?;
            if spent >= rules::REVEAL_BUDGET {
                return Err(Problem {
                    retry_after: Some(3600),
                    ..Problem::with(&problem::TOO_MANY_REQUESTS, "the daily budget of reveals is used up")
                });
            }
            let (nik, family_card_number) = people::numbers(w, id.0, household.id)?;
            w.log_access(
                "reveal",
                Seen { subject_kind: "individual", subject_id: id.0, household_id: Some(household.id) },
                Some(&purpose),
                &["nik", "family_card_number"],
            )?;
            let body = Revealed { nik, family_card_number, remaining_today: rules::REVEAL_BUDGET - spent - 1 };
            Ok(Answer::ok(&body)?.header("cache-control", "no-store"))
        })
        .await
}
