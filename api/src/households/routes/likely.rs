//! Whether somebody who is entered or edited stands in the registry already.

use actix_web::post;
use uuid::Uuid;

use crate::access::policy::HouseholdEdit;
use crate::access::{Permit, Reader, Writer};
use crate::households::individual_model::{IndividualCheck, IndividualPatch, NewIndividual};
use crate::households::queries::{visible, write};
use crate::households::rules;
use crate::http::answer::Answer;
use crate::http::extract::Json;
use crate::identity::queries::PersonRow;
use crate::identity::{self, Asked, LikelyPeople};
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;

/// Compares people who have just been entered with the registry.
pub(super) fn entered(w: &mut Writer<'_>, people: &[(Uuid, &NewIndividual)], list: bool) -> Result<(), Problem> {
    let asked: Vec<Asked<'_>> = people
        .iter()
        .enumerate()
        .map(|(n, (person, new))| Asked {
            person: *person,
            pointer: if list { format!("/members/{n}") } else { String::new() },
            confirmed: new.confirm_distinct.as_ref(),
        })
        .collect();
    identity::check(w, &asked)
}

/// Compares a person who has just been edited, where anything that tells who he is was part of it.
pub(super) fn edited(w: &mut Writer<'_>, person: Uuid, patch: &IndividualPatch) -> Result<(), Problem> {
    let who = [
        patch.name.is_named(),
        patch.nik.is_named(),
        patch.sex.is_named(),
        patch.birth_date.is_named(),
        patch.birth_date_precision.is_named(),
        patch.mother_name.is_named(),
    ];
    if !who.contains(&true) {
        return Ok(());
    }
    identity::check(w, &[Asked { person, pointer: String::new(), confirmed: patch.confirm_distinct.as_ref() }])
}

/// Look whether somebody is in the registry
///
/// Who of the caller's area looks like somebody who is being entered or edited; nothing is changed. Entering the same
/// person answers 409 with the same candidates.
#[utoipa::path(tag = "individuals", request_body = IndividualCheck, responses((status = 200, description = "Who looks alike, the likeliest first; often nobody.", body = LikelyPeople)))]
#[post("/api/v1/individuals/check")]
pub async fn check_individual(permit: Permit<HouseholdEdit>, body: Json<IndividualCheck>) -> Result<Answer, Problem> {
    let asked = body.0;
    permit
        .read(move |r| {
            let unknown = |pointer: &str| Problem::field(pointer, "unknown", "is not in your area");
            if let Some(id) = asked.individual_id {
                let home = visible::visible_individual(r, id).map_err(|_| unknown("/individual_id"))?;
                if !r.scope().covers_region(&home.region_code) {
                    return Err(unknown("/individual_id"));
                }
            }
            let person = person_of(r, &asked)?;
            let candidates = identity::likely(r, &person, asked.individual_id, asked.household_id)?;
            Ok(Answer::ok(&LikelyPeople { candidates })?.header("cache-control", "no-store"))
        })
        .await
}

fn person_of(r: &mut Reader<'_>, asked: &IndividualCheck) -> Result<PersonRow, Problem> {
    let home = match (asked.household_id, &asked.region_code) {
        (Some(id), _) => {
            let unknown = || Problem::field("/household_id", "unknown", "is not in your area");
            let household = visible::find_visible(r, id).map_err(|_| unknown())?;
            if !r.scope().covers_region(&household.region_code) {
                return Err(unknown());
            }
            visible::home_of_visible(r, &household)?
        }
        (None, Some(region)) => {
            let district_code = write::district_of(r, region)?
                .ok_or_else(|| Problem::field("/region_code", "region_unknown", "is not a kelurahan of this city"))?;
            PersonRow { region_code: region.clone(), district_code, ..PersonRow::default() }
        }
        (None, None) => PersonRow::default(),
    };
    let short = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
    let number = |text: &Option<String>| text.as_deref().and_then(rules::rt_rw);
    let precision = match (asked.birth_date, asked.birth_date_precision) {
        (None, _) => "unknown",
        (Some(_), None) => "day",
        (Some(_), Some(precision)) => precision.slug(),
    };
    Ok(PersonRow {
        name: clean(&asked.name),
        nik: asked.nik.clone(),
        nik_status: asked.nik.as_ref().map(|_| "unchecked".to_owned()),
        sex: asked.sex.map(|sex| sex.slug().to_owned()),
        birth_date: asked.birth_date,
        birth_date_precision: precision.to_owned(),
        mother_name: short(&asked.mother_name),
        family_card_number: asked.family_card_number.clone().or(home.family_card_number),
        street: short(&asked.street).or(home.street),
        rt: number(&asked.rt).or(home.rt),
        rw: number(&asked.rw).or(home.rw),
        ..PersonRow { region_code: home.region_code, district_code: home.district_code, ..PersonRow::default() }
    })
}
