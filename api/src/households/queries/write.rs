//! Changes of households and their members. Each locks the household first, so that two never interleave.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::claims::{self, Subject};
use super::people::set_restricted;
use super::visible::{Visible, visible_households};
use crate::access::{Reader, Writer};
use crate::db::schema::{code_entries, household_details, households, individuals, memberships, regions};
use crate::households::individual_model::NewIndividual;
use crate::households::model::{AddressesPatch, NewHousehold};
use crate::households::rules::{self, CodedFact};
use crate::kernel::names;
use crate::kernel::patch::Field;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;

/// A household within the scope, locked until the transaction ends.
pub fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<Visible, Problem> {
    let seen: Uuid =
        visible_households(w.scope()).filter(households::id.eq(id)).select(households::id).first(w.conn())?;
    let (id, region_code, status, dwelling_id, version) = households::table
        .find(seen)
        .select((
            households::id,
            households::region_code,
            households::status,
            households::dwelling_id,
            households::version,
        ))
        .for_update()
        .first(w.conn())?;
    Ok(Visible { id, region_code, status, dwelling_id, version })
}

/// Whether a kelurahan of this city has the code; its kecamatan.
pub fn district_of(r: &mut Reader<'_>, region: &str) -> Result<Option<String>, Problem> {
    let parent: Option<Option<String>> = regions::table
        .filter(regions::code.eq(region).and(regions::level.eq("kelurahan")).and(regions::in_city.eq(true)))
        .select(regions::parent_code)
        .first(r.conn())
        .optional()?;
    Ok(parent.flatten())
}

/// Refuses codes their lists do not have, and tells which of them are restricted.
pub fn check_codes(r: &mut Reader<'_>, facts: &[CodedFact]) -> Result<Vec<(String, String)>, Problem> {
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    let lists: Vec<&str> = facts.iter().map(|f| f.list).collect();
    let codes: Vec<&str> = facts.iter().map(|f| f.code.as_str()).collect();
    let known: Vec<(String, String, String)> = code_entries::table
        .filter(
            code_entries::list_slug
                .eq_any(lists)
                .and(code_entries::code.eq_any(codes))
                .and(code_entries::retired_in_version.is_null()),
        )
        .select((code_entries::list_slug, code_entries::code, code_entries::sensitivity))
        .load(r.conn())?;
    let mut restricted = Vec::new();
    for fact in facts {
        match known.iter().find(|(list, code, _)| *list == fact.list && *code == fact.code) {
            None => {
                return Err(Problem::field(
                    fact.pointer.clone(),
                    "unknown_code",
                    format!("is not a code of the list {}", fact.list),
                ));
            }
            Some((_, _, label)) if label == "restricted" => restricted.push((fact.variable.clone(), fact.code.clone())),
            Some(_) => {}
        }
    }
    Ok(restricted)
}

/// Inserts a household with its details and members; its id and theirs, in the order given.
pub fn create(w: &mut Writer<'_>, new: &NewHousehold, district: &str) -> Result<(Uuid, Vec<Uuid>), Problem> {
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::insert_into(households::table)
        .values((
            households::id.eq(id),
            households::kind.eq(new.kind.slug()),
            households::region_code.eq(&new.region_code),
            households::district_code.eq(district),
            households::dwelling_id.eq(new.dwelling_id),
            households::family_card_number.eq(&new.family_card_number),
            households::declared_members.eq(new.declared_members),
            households::created_at.eq(now),
            households::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    let a = &new.addresses;
    let short = |text: &Option<String>| text.as_deref().map(clean).filter(|t| !t.is_empty());
    let number = |text: &Option<String>| text.as_deref().and_then(rules::rt_rw);
    diesel::insert_into(household_details::table)
        .values((
            household_details::household_id.eq(id),
            household_details::registered_address.eq(short(&a.registered_address)),
            household_details::registered_rt.eq(number(&a.registered_rt)),
            household_details::registered_rw.eq(number(&a.registered_rw)),
            household_details::registered_region_code.eq(&a.registered_region_code),
            household_details::street.eq(short(&a.street)),
            household_details::rt.eq(number(&a.rt)),
            household_details::rw.eq(number(&a.rw)),
            household_details::lat.eq(a.lat),
            household_details::lng.eq(a.lng),
            household_details::housing.eq(Value::Object(new.housing.clone())),
            household_details::assets.eq(Value::Object(new.assets.clone())),
            household_details::note.eq(short(&new.note)),
        ))
        .execute(w.conn())?;
    if let Some(card) = &new.family_card_number {
        claims::replace(w, Subject::Household(id), "family_card", Some(card))?;
    }
    let (mut head, mut people) = (None, Vec::new());
    for (n, member) in new.members.iter().enumerate() {
        let person = add_member(w, id, member, &format!("/members/{n}"))?;
        if head.is_none() && member.relation.as_deref() == Some("head") {
            head = Some(person);
        }
        people.push(person);
    }
    settle(w, id, Some(head))?;
    Ok((id, people))
}

/// Inserts a person into a household. The caller settles the household afterwards.
pub fn add_member(w: &mut Writer<'_>, household: Uuid, new: &NewIndividual, at: &str) -> Result<Uuid, Problem> {
    let today = w.today();
    if let Some(date) = new.birth_date {
        rules::check_birth_date(date, today, &format!("{at}/birth_date"))?;
    }
    rules::check_accommodations(&new.accommodations, &format!("{at}/accommodations"))?;
    let phone = match &new.phone {
        Some(written) => Some(
            rules::phone(written)
                .ok_or_else(|| Problem::field(format!("{at}/phone"), "phone_invalid", "is not a phone number"))?,
        ),
        None => None,
    };
    let mut coded = rules::check_facts(&new.facts, &format!("{at}/facts"))?;
    for (code, list) in [(&new.relation, "relation"), (&new.marital_status, "marital_status")] {
        coded.extend(code.as_ref().map(|code| CodedFact {
            pointer: format!("{at}/{list}"),
            variable: list.into(),
            list,
            code: code.clone(),
        }));
    }
    let restricted = check_codes(w, &coded)?;
    let mut facts = new.facts.clone();
    facts.retain(|name, value| !value.is_null() && !restricted.iter().any(|(variable, _)| variable == name));
    let (id, now) = (Uuid::now_v7(), w.now());
    let name = clean(&new.name);
    let precision = match (new.birth_date, new.birth_date_precision) {
        (None, _) => "unknown",
        (Some(_), None) => "day",
        (Some(_), Some(p)) => p.slug(),
    };
    diesel::insert_into(individuals::table)
        .values((
            individuals::id.eq(id),
            individuals::household_id.eq(household),
            individuals::name_key.eq(names::match_key(&name)),
            individuals::name.eq(&name),
            individuals::nik.eq(&new.nik),
            individuals::nik_status.eq(new.nik.as_ref().map(|_| "unchecked")),
            individuals::sex.eq(new.sex.map(|s| s.slug())),
            individuals::birth_date.eq(new.birth_date),
            individuals::birth_date_precision.eq(precision),
            individuals::mother_name.eq(new.mother_name.as_deref().map(clean).filter(|n| !n.is_empty())),
            individuals::relation.eq(&new.relation),
            individuals::marital_status.eq(&new.marital_status),
            individuals::phone.eq(phone),
            individuals::facts.eq(Value::Object(facts)),
            individuals::accommodations.eq(Value::Object(new.accommodations.clone())),
            individuals::joined_on.eq(today),
            individuals::created_at.eq(now),
            individuals::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    if let Some(nik) = &new.nik {
        claims::replace(w, Subject::Individual { id, household }, "nik", Some(nik))?;
    }
    for (variable, code) in restricted {
        set_restricted(w, household, id, &variable, Some(&code))?;
    }
    Ok(id)
}

/// Brings what the household says of its members up to date and moves its version. `head`: leave, or set.
pub fn settle(w: &mut Writer<'_>, id: Uuid, head: Option<Option<Uuid>>) -> Result<(), Problem> {
    if let Some(head) = head {
        diesel::update(households::table.find(id)).set(households::head_id.eq(head)).execute(w.conn())?;
    }
    let now = w.now();
    diesel::sql_query(
        "UPDATE households h SET members_count = m.n, members_complete = coalesce(m.n >= h.declared_members, false),
                head_id = CASE WHEN m.head_alive THEN h.head_id END,
                head_name = CASE WHEN m.head_alive THEN (SELECT name FROM individuals i WHERE i.id = h.head_id) END,
                version = h.version + 1, updated_at = $2
         FROM (SELECT count(*) FILTER (WHERE i.life_status = 'alive')::int AS n,
                      coalesce(bool_or(i.life_status = 'alive' AND i.id = h2.head_id), false) AS head_alive
               FROM households h2 LEFT JOIN individuals i ON i.household_id = h2.id WHERE h2.id = $1) m
         WHERE h.id = $1",
    )
    .bind::<diesel::sql_types::Uuid, _>(id)
    .bind::<diesel::sql_types::Timestamptz, _>(now)
    .execute(w.conn())?;
    // What Postgres searches while the memory cannot be asked; in order, so that two writers do not wait for each other.
    diesel::sql_query(
        "INSERT INTO name_keys (name_key) SELECT DISTINCT name_key FROM individuals WHERE household_id = $1 ORDER BY name_key
         ON CONFLICT DO NOTHING",
    )
    .bind::<diesel::sql_types::Uuid, _>(id)
    .execute(w.conn())?;
    Ok(())
}

/// The same, where the head stays as set.
pub fn settle_members(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    settle(w, id, None)
}

/// Columns of a household that a patch may set.
#[derive(AsChangeset, Default)]
#[diesel(table_name = households)]
pub struct Columns {
    pub kind: Option<&'static str>,
    pub family_card_number: Option<Option<String>>,
    pub declared_members: Option<Option<i32>>,
    pub dwelling_id: Option<Option<Uuid>>,
    pub status: Option<&'static str>,
    pub region_code: Option<String>,
    pub district_code: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
}

pub fn set_columns(w: &mut Writer<'_>, id: Uuid, columns: Columns) -> Result<(), Problem> {
    let columns = Columns { updated_at: Some(w.now()), ..columns };
    diesel::update(households::table.find(id)).set(columns).execute(w.conn())?;
    Ok(())
}

#[derive(AsChangeset, Default)]
#[diesel(table_name = household_details)]
struct Details {
    registered_address: Option<Option<String>>,
    registered_rt: Option<Option<String>>,
    registered_rw: Option<Option<String>>,
    street: Option<Option<String>>,
    rt: Option<Option<String>>,
    rw: Option<Option<String>>,
    lat: Option<Option<f64>>,
    lng: Option<Option<f64>>,
    note: Option<Option<String>>,
    housing: Option<Value>,
    assets: Option<Value>,
}

fn cleaned(field: Field<String>, how: impl Fn(&str) -> Option<String>) -> Option<Option<String>> {
    field.nullable().map(|value| value.as_deref().and_then(how))
}

/// Applies a patch of addresses, housing, assets and note.
pub fn set_details(
    w: &mut Writer<'_>,
    id: Uuid,
    addresses: Option<AddressesPatch>,
    housing: Option<&Map<String, Value>>,
    assets: Option<&Map<String, Value>>,
    note: Field<String>,
) -> Result<(), Problem> {
    diesel::insert_into(household_details::table)
        .values(household_details::household_id.eq(id))
        .on_conflict_do_nothing()
        .execute(w.conn())?;
    let (present_housing, present_assets): (Value, Value) = household_details::table
        .find(id)
        .select((household_details::housing, household_details::assets))
        .for_update()
        .first(w.conn())?;
    let merged = |present: Value, patch: Option<&Map<String, Value>>| {
        patch.map(|patch| {
            let mut target = super::people::object(present);
            rules::merge(&mut target, patch);
            Value::Object(target)
        })
    };
    let text = |t: &str| Some(clean(t)).filter(|t| !t.is_empty());
    let mut details = Details {
        note: cleaned(note, text),
        housing: merged(present_housing, housing),
        assets: merged(present_assets, assets),
        ..Details::default()
    };
    if let Some(a) = addresses {
        details.registered_address = cleaned(a.registered_address, text);
        details.registered_rt = cleaned(a.registered_rt, rules::rt_rw);
        details.registered_rw = cleaned(a.registered_rw, rules::rt_rw);
        details.street = cleaned(a.street, text);
        details.rt = cleaned(a.rt, rules::rt_rw);
        details.rw = cleaned(a.rw, rules::rt_rw);
        details.lat = a.lat.nullable();
        details.lng = a.lng.nullable();
    }
    let nothing = details.note.is_none()
        && details.housing.is_none()
        && details.assets.is_none()
        && details.registered_address.is_none()
        && details.registered_rt.is_none()
        && details.registered_rw.is_none()
        && details.street.is_none()
        && details.rt.is_none()
        && details.rw.is_none()
        && details.lat.is_none()
        && details.lng.is_none();
    if !nothing {
        diesel::update(household_details::table.find(id)).set(details).execute(w.conn())?;
    }
    Ok(())
}

/// Columns of a person that a patch may set.
#[derive(AsChangeset, Default, PartialEq)]
#[diesel(table_name = individuals)]
pub struct Person {
    pub name: Option<String>,
    pub name_key: Option<String>,
    pub nik: Option<Option<String>>,
    pub nik_status: Option<Option<&'static str>>,
    pub sex: Option<Option<&'static str>>,
    pub birth_date: Option<Option<NaiveDate>>,
    pub birth_date_precision: Option<&'static str>,
    pub mother_name: Option<Option<String>>,
    pub relation: Option<Option<String>>,
    pub marital_status: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub facts: Option<Value>,
    pub accommodations: Option<Value>,
    pub life_status: Option<&'static str>,
    pub deceased_on: Option<Option<NaiveDate>>,
    pub updated_at: Option<DateTime<Utc>>,
}

pub fn set_person(w: &mut Writer<'_>, id: Uuid, person: Person) -> Result<(), Problem> {
    let person = Person { updated_at: Some(w.now()), ..person };
    diesel::update(individuals::table.find(id))
        .set((person, individuals::version.eq(individuals::version + 1)))
        .execute(w.conn())?;
    Ok(())
}

/// Moves a person into another household; the membership until now goes to the history.
pub fn move_member(
    w: &mut Writer<'_>,
    person: Uuid,
    from: Uuid,
    to: Uuid,
    relation: Option<&str>,
    reason: &str,
) -> Result<(), Problem> {
    let (today, now) = (w.today(), w.now());
    let (old_relation, joined): (Option<String>, Option<NaiveDate>) =
        individuals::table.find(person).select((individuals::relation, individuals::joined_on)).first(w.conn())?;
    diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(Uuid::now_v7()),
            memberships::household_id.eq(from),
            memberships::individual_id.eq(person),
            memberships::relation.eq(old_relation),
            memberships::from_date.eq(joined),
            memberships::to_date.eq(today),
            memberships::end_reason.eq(reason),
        ))
        .execute(w.conn())?;
    diesel::update(individuals::table.find(person))
        .set((
            individuals::household_id.eq(to),
            individuals::relation.eq(relation),
            individuals::joined_on.eq(today),
            individuals::version.eq(individuals::version + 1),
            individuals::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    // Restricted facts and problems about the person go where the person goes.
    for table in ["restricted_facts", "problems"] {
        diesel::sql_query(format!("UPDATE {table} SET household_id = $1 WHERE individual_id = $2"))
            .bind::<diesel::sql_types::Uuid, _>(to)
            .bind::<diesel::sql_types::Uuid, _>(person)
            .execute(w.conn())?;
    }
    Ok(())
}

/// A household split off another one: same place, and the claims of the old one are copied, so that splitting gives no second aid.
pub fn split_off(w: &mut Writer<'_>, from: Uuid, family_card: Option<&str>) -> Result<Uuid, Problem> {
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::sql_query(
        "INSERT INTO households (id, kind, region_code, district_code, dwelling_id, family_card_number, decile, decile_source, source, demo, created_at, updated_at)
         SELECT $1, kind, region_code, district_code, dwelling_id, $3, decile, decile_source, 'split', demo, $4, $4 FROM households WHERE id = $2",
    )
    .bind::<diesel::sql_types::Uuid, _>(id)
    .bind::<diesel::sql_types::Uuid, _>(from)
    .bind::<diesel::sql_types::Nullable<diesel::sql_types::Text>, _>(family_card)
    .bind::<diesel::sql_types::Timestamptz, _>(now)
    .execute(w.conn())?;
    diesel::sql_query(
        "INSERT INTO household_details (household_id, registered_address, registered_rt, registered_rw, registered_region_code, street, rt, rw, lat, lng, housing, assets)
         SELECT $1, registered_address, registered_rt, registered_rw, registered_region_code, street, rt, rw, lat, lng, housing, assets
         FROM household_details WHERE household_id = $2",
    )
    .bind::<diesel::sql_types::Uuid, _>(id)
    .bind::<diesel::sql_types::Uuid, _>(from)
    .execute(w.conn())?;
    diesel::sql_query(
        "INSERT INTO claims (id, award_id, overlap_class, unit_kind, unit_id, sensitivity, period, active, override_reason)
         SELECT gen_random_uuid(), award_id, overlap_class, unit_kind, $1, sensitivity, period, active, override_reason
         FROM claims WHERE unit_kind = 'household' AND unit_id = $2 AND active",
    )
    .bind::<diesel::sql_types::Uuid, _>(id)
    .bind::<diesel::sql_types::Uuid, _>(from)
    .execute(w.conn())?;
    if let Some(card) = family_card {
        claims::replace(w, Subject::Household(id), "family_card", Some(card))?;
    }
    Ok(id)
}

/// The state that audit keeps of a person.
pub fn person_state(row: &super::people::MemberRow) -> Value {
    json!({
        "name": row.name, "nik": row.nik, "sex": row.sex, "birth_date": row.birth_date, "mother_name": row.mother_name, "relation": row.relation,
        "marital_status": row.marital_status, "phone": row.phone, "life_status": row.life_status, "facts": row.facts, "household_id": row.household_id,
    })
}
