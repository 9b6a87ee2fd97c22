//! People.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::visible::{Reach, Visible, find_visible, reach_of_one_visible};
use crate::access::policy::{HouseholdEdit, IndividualReveal};
use crate::access::{Reader, Writer};
use crate::db::raw::RawObject;
use crate::db::schema::{individuals, restricted_facts};
use crate::households::individual_model::Individual;
use crate::kernel::problem::Problem;
use crate::kernel::text::mask_number;

/// A person as stored; also read from JSON inside the household's one statement.
#[derive(Queryable, Selectable, Deserialize, Debug, Clone)]
#[diesel(table_name = individuals)]
pub struct MemberRow {
    pub id: Uuid,
    pub household_id: Uuid,
    pub name: String,
    pub nik: Option<String>,
    pub nik_status: Option<String>,
    pub sex: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub birth_date_precision: String,
    pub mother_name: Option<String>,
    pub relation: Option<String>,
    pub marital_status: Option<String>,
    pub phone: Option<String>,
    pub life_status: String,
    pub merged_into: Option<Uuid>,
    pub deceased_on: Option<NaiveDate>,
    pub facts: RawObject,
    pub accommodations: RawObject,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A person as this caller may see him: without name, numbers and day of birth for an auditor.
pub fn view_member(m: MemberRow, editable: bool, revealable: bool, anonymous: bool) -> Individual {
    let mut can = Vec::new();
    if editable && m.life_status == "alive" {
        can.extend(["update", "move", "decease", "move-out"].map(str::to_owned));
    }
    if revealable && m.nik.is_some() {
        can.push("reveal".to_owned());
    }
    let named = |text: Option<String>| text.filter(|_| !anonymous);
    let (birth_date, birth_date_precision) = match m.birth_date {
        Some(date) if anonymous => (NaiveDate::from_ymd_opt(date.year(), 1, 1), "year".to_owned()),
        date => (date, m.birth_date_precision),
    };
    Individual {
        id: m.id,
        household_id: m.household_id,
        name: named(Some(m.name)),
        nik_masked: named(m.nik).map(|n| mask_number(&n)),
        nik_status: m.nik_status,
        sex: m.sex,
        birth_date,
        birth_date_precision,
        mother_name: named(m.mother_name),
        relation: m.relation,
        marital_status: m.marital_status,
        phone: named(m.phone),
        life_status: m.life_status,
        status: if m.merged_into.is_some() { "merged" } else { "active" },
        merged_into: m.merged_into,
        deceased_on: m.deceased_on.filter(|_| !anonymous),
        facts: m.facts,
        accommodations: m.accommodations,
        withheld: Vec::new(),
        disputed: Vec::new(),
        version: m.version,
        updated_at: m.updated_at,
        can,
    }
}

/// Takes off a person how he is reached, where the caller may not know it yet.
pub fn withhold(person: &mut Individual, reach: Reach) {
    if !reach.phone {
        person.phone = None;
        person.withheld = vec!["phone"];
    }
    if !reach.phone && !reach.address {
        let mut accommodations = person.accommodations.map();
        if accommodations.remove("safe_contact").is_some() {
            let text = Value::Object(accommodations).to_string();
            person.accommodations = serde_json::from_str(&text).unwrap_or_default();
        }
    }
}

fn rights(r: &Reader<'_>, household: &Visible) -> (bool, bool, bool) {
    let p = r.principal();
    let anonymous = r.scope().deidentified;
    let editable = household.status == "active"
        && p.may::<HouseholdEdit>()
        && p.scope_for::<HouseholdEdit>().covers_region(&household.region_code);
    (editable, p.may::<IndividualReveal>() && !anonymous, anonymous)
}

/// One person within the scope.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<(Individual, Visible), Problem> {
    let row: MemberRow = individuals::table.find(id).select(MemberRow::as_select()).first(r.conn())?;
    let household = find_visible(r, row.household_id)?;
    let (editable, revealable, anonymous) = rights(r, &household);
    let disputed = disputed(r, &household)?;
    let mut individual = view_member(row, editable, revealable, anonymous);
    mark_disputed(std::slice::from_mut(&mut individual), &disputed);
    withhold(&mut individual, reach_of_one_visible(r, household.id, &household.region_code)?);
    Ok((individual, household))
}

/// Everybody of a household the caller was shown.
pub fn of_household(r: &mut Reader<'_>, household: &Visible) -> Result<Vec<Individual>, Problem> {
    let rows: Vec<MemberRow> = individuals::table
        .filter(individuals::household_id.eq(household.id))
        .order((individuals::life_status, individuals::birth_date, individuals::id))
        .select(MemberRow::as_select())
        .load(r.conn())?;
    let (editable, revealable, anonymous) = rights(r, household);
    let disputed = disputed(r, household)?;
    let mut members: Vec<_> = rows.into_iter().map(|m| view_member(m, editable, revealable, anonymous)).collect();
    mark_disputed(&mut members, &disputed);
    let reach = reach_of_one_visible(r, household.id, &household.region_code)?;
    members.iter_mut().for_each(|member| withhold(member, reach));
    Ok(members)
}

/// A disputed fact: of a person, or of the household itself.
pub type Disputed = (Option<Uuid>, String);

/// Facts of a household the caller was shown that wait for an examination.
fn disputed(r: &mut Reader<'_>, household: &Visible) -> Result<Vec<Disputed>, Problem> {
    use crate::db::schema::corrections::dsl as c;
    Ok(c::corrections
        .filter(c::household_id.eq(household.id).and(c::status.eq("submitted")))
        .order(c::fact)
        .select((c::individual_id, c::fact))
        .load(r.conn())?)
}

/// Puts them at the people they are about.
pub fn mark_disputed(members: &mut [Individual], disputed: &[Disputed]) {
    for (person, fact) in disputed {
        if let Some(member) = members.iter_mut().find(|m| Some(m.id) == *person) {
            member.disputed.push(fact.clone());
        }
    }
}

/// A person within the scope, with row and household locked in that order.
pub fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<(MemberRow, Visible), Problem> {
    let household: Uuid = individuals::table.find(id).select(individuals::household_id).first(w.conn())?;
    let household = super::write::lock(w, household)?;
    let row: MemberRow = individuals::table.find(id).select(MemberRow::as_select()).for_update().first(w.conn())?;
    Ok((row, household))
}

/// Moves one fact between the open and the restricted place, as its code's label says.
pub fn set_restricted(
    w: &mut Writer<'_>,
    household: Uuid,
    individual: Uuid,
    variable: &str,
    code: Option<&str>,
) -> Result<(), Problem> {
    diesel::delete(
        restricted_facts::table
            .filter(restricted_facts::individual_id.eq(individual).and(restricted_facts::variable.eq(variable))),
    )
    .execute(w.conn())?;
    if let Some(code) = code {
        diesel::insert_into(restricted_facts::table)
            .values((
                restricted_facts::id.eq(Uuid::now_v7()),
                restricted_facts::individual_id.eq(individual),
                restricted_facts::household_id.eq(household),
                restricted_facts::variable.eq(variable),
                restricted_facts::code.eq(code),
                restricted_facts::source.eq("manual"),
            ))
            .execute(w.conn())?;
    }
    Ok(())
}

/// Full numbers, for the reveal action alone.
pub fn numbers(r: &mut Reader<'_>, id: Uuid, household: Uuid) -> Result<(Option<String>, Option<String>), Problem> {
    use crate::db::schema::households;
    let nik = individuals::table.find(id).select(individuals::nik).first(r.conn())?;
    let card = households::table.find(household).select(households::family_card_number).first(r.conn())?;
    Ok((nik, card))
}

/// Reveals this caller made since the start of the day at the office.
pub fn reveals_today(r: &mut Reader<'_>) -> Result<i64, Problem> {
    use crate::db::schema::access_log;
    let midnight =
        r.today().and_hms_opt(0, 0, 0).and_then(|t| t.and_local_timezone(crate::kernel::dates::office_zone()).single());
    let since: DateTime<Utc> = midnight.map_or_else(|| r.now(), |t| t.with_timezone(&Utc));
    let actor = r.principal().id;
    Ok(access_log::table
        .filter(access_log::actor_id.eq(actor).and(access_log::action.eq("reveal")).and(access_log::at.ge(since)))
        .count()
        .get_result(r.conn())?)
}
