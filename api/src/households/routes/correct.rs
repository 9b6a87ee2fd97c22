//! A corrected fact: the same checks and the same history as a change by an officer.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::change::open;
use super::individuals::{done, person_of};
use crate::access::{AuditEntry, Writer};
use crate::households::individual_model::IndividualPatch;
use crate::households::model::AddressesPatch;
use crate::households::queries::{history, list, people, write};
use crate::identity;
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};

/// Facts about a person that can be corrected.
const PERSON_FACTS: &[&str] = &["name", "birth_date", "sex", "mother_name", "relation", "marital_status", "phone"];
/// Facts about a household that can be corrected.
const HOME_FACTS: &[&str] = &["street", "rt", "rw"];

fn one(fact: &str, claimed: &str) -> Value {
    Value::Object(Map::from_iter([(fact.to_owned(), Value::from(claimed))]))
}

fn person_patch(fact: &str, claimed: &str) -> Result<IndividualPatch, Problem> {
    serde_json::from_value(one(fact, claimed))
        .map_err(|_| Problem::field("/claimed_value", "invalid", "is not a value of this fact"))
}

/// The refusal of a field as one of the claimed value.
fn of_claim(mut refused: Problem) -> Problem {
    for error in &mut refused.errors {
        error.pointer = "/claimed_value".into();
    }
    refused
}

/// What is recorded of a fact now, where the fact can be corrected and could take the claimed value.
///
/// # Errors
/// The fact is not one of these, the value is refused, or the person has died or moved away.
pub fn check_correction(
    w: &mut Writer<'_>,
    household: Uuid,
    individual: Option<Uuid>,
    fact: &str,
    claimed: &str,
) -> Result<Option<String>, Problem> {
    let facts = if individual.is_some() { PERSON_FACTS } else { HOME_FACTS };
    if !facts.contains(&fact) {
        return Err(Problem::field("/fact", "not_allowed", format!("expected one of {}", facts.join(", "))));
    }
    let recorded = match individual {
        Some(person) => {
            let (row, _) = people::lock(w, person)?;
            if row.life_status != "alive" {
                return Err(Problem::with(&problem::WRONG_STATE, "the person has died or moved away"));
            }
            let patch = person_patch(fact, claimed)?;
            person_of(w, &row, &patch).map_err(of_claim)?;
            match fact {
                "name" => Some(row.name),
                "birth_date" => row.birth_date.map(|d| d.to_string()),
                "sex" => row.sex,
                "mother_name" => row.mother_name,
                "relation" => row.relation,
                "marital_status" => row.marital_status,
                _ => row.phone,
            }
        }
        None => {
            if fact != "street" && claimed.chars().count() > 5 {
                return Err(Problem::field("/claimed_value", "length", "is too long"));
            }
            let addresses = serde_json::to_value(list::find(w, household)?.addresses).map_err(Problem::internal)?;
            addresses[fact].as_str().map(str::to_owned)
        }
    };
    Ok(recorded)
}

/// Changes the record as claimed. The caller's area must hold the household.
///
/// # Errors
/// The record takes it no longer.
pub fn apply_correction(
    w: &mut Writer<'_>,
    household: Uuid,
    individual: Option<Uuid>,
    fact: &str,
    claimed: &str,
) -> Result<(), Problem> {
    open(w, household, None)?;
    if let Some(id) = individual {
        let (before, _) = people::lock(w, id)?;
        if before.life_status != "alive" {
            return Err(Problem::with(&problem::WRONG_STATE, "the person has died or moved away"));
        }
        let patch = person_patch(fact, claimed)?;
        let person = person_of(w, &before, &patch).map_err(of_claim)?;
        write::set_person(w, id, person)?;
        // It has been examined and decided: who looks alike now is a question of its own.
        identity::note(w, id)?;
        write::settle(w, before.household_id, None)?;
        done(w, &before, "individual.correct", "member_updated")?;
        return Ok(());
    }
    let state = |w: &mut Writer<'_>| -> Result<Value, Problem> { Ok(json!(list::find(w, household)?.addresses)) };
    let before = state(w)?;
    let addresses: AddressesPatch = serde_json::from_value(one(fact, claimed)).map_err(Problem::internal)?;
    write::set_details(w, household, Some(addresses), None, None, Field::Absent)?;
    write::settle(w, household, None)?;
    history::note(w, household, None, "updated", &json!({}))?;
    let after = state(w)?;
    w.audit(AuditEntry {
        action: "household.correct",
        subject_kind: "household",
        subject_id: Some(household),
        household_id: Some(household),
        before: Some(before),
        after: Some(after),
        ..AuditEntry::default()
    })
}
