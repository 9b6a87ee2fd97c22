//! Comparing one person with the registry.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use satupintu_linkage::{Judged, Key, Model, keys};
use serde_json::json;
use uuid::Uuid;

use super::model::{ConfirmDistinct, LikelyComparison, LikelyPerson};
use super::queries::{self, Found, Keys, Near, PersonRow, Wanted};
use super::rules::{self, SHOWN, THRESHOLD};
use crate::access::{AuditEntry, Reader, Writer};
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::{clean, mask_number};

/// A person who has just been written in this transaction.
#[derive(Debug)]
pub struct Asked<'a> {
    pub person: Uuid,
    /// Where in the body he stands.
    pub pointer: String,
    /// Who was looked at and found to be somebody else.
    pub confirmed: Option<&'a ConfirmDistinct>,
}

/// Somebody who looks like the one who is asked about.
pub(super) struct Alike {
    pub near: Near,
    pub judged: Judged,
    pub same_nik: bool,
}

/// What the newest run has left, read once a run.
static MODEL: Mutex<Option<(Uuid, Arc<Model>)>> = Mutex::new(None);

/// What pairs are judged by: the weights and words of the newest run, or what is believed of a city before one.
pub fn model(r: &mut Reader<'_>) -> Result<Arc<Model>, Problem> {
    let Some(run) = queries::newest_run(r)? else { return Ok(Arc::new(Model::before(rules::CITY))) };
    let known = || MODEL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, model)) = known().as_ref().filter(|(id, _)| *id == run) {
        return Ok(model.clone());
    }
    let stored =
        queries::model(r, run)?.and_then(|model| serde_json::from_value::<Model>(model).ok()).filter(Model::is_sound);
    let model = Arc::new(stored.unwrap_or_else(|| Model::before(rules::CITY)));
    *known() = Some((run, model.clone()));
    Ok(model)
}

/// Keys under which a person is found.
pub fn keys_of(person: &PersonRow) -> Vec<Key> {
    let born = rules::born(person.birth_date, &person.birth_date_precision);
    let mut builder = satupintu_linkage::Builder::default();
    builder.push(&person.row("", &born));
    keys(&builder.finish(), 0)
}

/// Who looks like this person, the likeliest first: above the threshold, or with the same NIK.
pub(super) fn alike(
    r: &mut Reader<'_>,
    model: &Model,
    person: &PersonRow,
    wanted: &Wanted<'_>,
) -> Result<Vec<Alike>, Problem> {
    let near = queries::near(r, wanted)?;
    let born: Vec<String> = std::iter::once(person)
        .chain(near.iter().map(|near| &near.person))
        .map(|p| rules::born(p.birth_date, &p.birth_date_precision))
        .collect();
    let rows = std::iter::once(person).chain(near.iter().map(|near| &near.person));
    let people = model.ready(rows.zip(&born).map(|(person, born)| person.row("", born)));
    let identity = |p: &PersonRow| rules::identity(p.nik.as_deref(), p.nik_status.as_deref());
    let mut alike: Vec<Alike> = Vec::new();
    for (row, near) in (1..).zip(near) {
        let same_nik = person.nik.is_some() && person.nik == near.person.nik;
        if rules::proven_two(identity(person), identity(&near.person)) {
            continue;
        }
        let judged = model.judge(&people, 0, row);
        if same_nik || judged.probability >= THRESHOLD {
            alike.push(Alike { near, judged, same_nik });
        }
    }
    alike.sort_by(|x, y| {
        y.judged.probability.total_cmp(&x.judged.probability).then(x.near.person.id.cmp(&y.near.person.id))
    });
    Ok(alike)
}

/// Somebody of the whole city who looks like a person of it.
#[derive(Debug)]
pub struct AlikeOf {
    pub id: Uuid,
    pub judged: Judged,
    pub same_nik: bool,
}

/// Who of the whole city looks like a person of it, for the service itself. Pairs that somebody has decided are left out.
pub fn alike_of(w: &mut Writer<'_>, model: &Model, person: &PersonRow, keys: &[Key]) -> Result<Vec<AlikeOf>, Problem> {
    let household = Some(queries::household_of(w, person.id)?);
    let wanted = Wanted { keys, nik: person.nik.as_deref(), id: Some(person.id), household };
    let open = |near: &Near| near.said.as_deref().is_none_or(|said| matches!(said, "open" | "later" | "gone"));
    let alike = alike(w, model, person, &wanted)?.into_iter().filter(|alike| open(&alike.near));
    Ok(alike.map(|a| AlikeOf { id: a.near.person.id, judged: a.judged, same_nik: a.same_nik }).collect())
}

/// Digest of all that is compared; never 0, which is nobody's.
pub fn digest(person: &PersonRow) -> i64 {
    let born = rules::born(person.birth_date, &person.birth_date_precision);
    let digest = person.row("", &born).digest();
    if digest == 0 { 1 } else { digest }
}

/// A home as one line, as far as it is known.
fn home(person: &PersonRow) -> Option<String> {
    let street = person.street.as_deref().map(str::to_lowercase)?;
    Some(format!("{street} {:?} {:?} {}", person.rt, person.rw, person.region_code))
}

fn shown(pointer: &str, asked: &PersonRow, alike: Alike) -> LikelyPerson {
    let Alike { near, judged, same_nik } = alike;
    let other = near.person;
    let weight = |engine: &str| {
        let field = judged.fields.iter().find(|field| field.field == engine && field.level != "unknown");
        field.map(|field| f64::from(field.weight))
    };
    let born = |p: &PersonRow| Some(rules::born(p.birth_date, &p.birth_date_precision)).filter(|date| !date.is_empty());
    let fields = [
        ("name", "name", Some(asked.name.to_uppercase()), Some(other.name.to_uppercase())),
        ("nik", "nik", asked.nik.clone(), other.nik.clone()),
        ("birth_date", "born", born(asked), born(&other)),
        ("sex", "sex", asked.sex.clone(), other.sex.clone()),
        ("mother_name", "mother", upper(asked.mother_name.as_ref()), upper(other.mother_name.as_ref())),
        ("address", "home", home(asked), home(&other)),
    ];
    let comparisons = fields.into_iter().map(|(field, engine, a, b)| LikelyComparison {
        field,
        agreement: rules::agreement(a.as_deref(), b.as_deref(), weight(engine)),
    });
    LikelyPerson {
        pointer: pointer.to_owned(),
        id: other.id,
        household_id: near.household_id,
        comparisons: comparisons.collect(),
        name: other.name,
        nik_masked: other.nik.as_deref().map(mask_number),
        sex: other.sex,
        birth_date: other.birth_date,
        birth_date_precision: other.birth_date_precision,
        mother_name: other.mother_name,
        life_status: near.life_status,
        region_code: other.region_code,
        street: other.street,
        rt: other.rt,
        rw: other.rw,
        probability: rules::rounded(judged.probability),
        band: rules::band(judged.probability),
        same_nik,
    }
}

fn upper(text: Option<&String>) -> Option<String> {
    text.map(|text| text.to_uppercase())
}

/// Who of the caller's area looks like somebody who is not written yet, or is being edited as `id`. A pair of which
/// something is known is no news.
///
/// # Errors
/// The database cannot be asked.
pub fn likely(
    r: &mut Reader<'_>,
    person: &PersonRow,
    id: Option<Uuid>,
    household: Option<Uuid>,
) -> Result<Vec<LikelyPerson>, Problem> {
    let model = model(r)?;
    let keys = keys_of(person);
    let wanted = Wanted { keys: &keys, nik: person.nik.as_deref(), id, household };
    let alike = alike(r, &model, person, &wanted)?;
    let news = alike.into_iter().filter(|alike| alike.near.visible && is_news(&alike.near));
    Ok(news.take(SHOWN).map(|alike| shown("", person, alike)).collect())
}

fn is_news(near: &Near) -> bool {
    near.said.as_deref().is_none_or(|said| said == "gone")
}

/// Compares people who have just been written with the registry, and keeps their keys.
///
/// # Errors
/// `likely_duplicate` with the candidates, where somebody of the caller's area looks like one of them and is not among
/// those the caller has looked at. Who looks alike elsewhere, or is entered by this same request, is a question to the
/// coordinator and changes nothing here.
pub fn check(w: &mut Writer<'_>, asked: &[Asked<'_>]) -> Result<(), Problem> {
    compare(w, asked, true)
}

/// The same without a refusal: for a change that has been decided already. Whoever looks alike becomes a question.
///
/// # Errors
/// The database cannot be asked.
pub fn note(w: &mut Writer<'_>, person: Uuid) -> Result<(), Problem> {
    compare(w, &[Asked { person, pointer: String::new(), confirmed: None }], false)
}

fn compare(w: &mut Writer<'_>, asked: &[Asked<'_>], refuse: bool) -> Result<(), Problem> {
    let ids: Vec<Uuid> = asked.iter().map(|asked| asked.person).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let people = queries::people(w, &ids)?;
    let keyed: Vec<Vec<Key>> = people.iter().map(keys_of).collect();
    let mut keep = Keys::default();
    for (person, keys) in people.iter().zip(&keyed) {
        keep.push(person.id, keys, 0);
    }
    queries::keep(w, keep)?;
    let model = model(w)?;
    let together: BTreeSet<Uuid> = ids.into_iter().collect();
    let (mut refused, mut pairs, mut distinct) = (Vec::new(), Found::default(), Vec::new());
    for asked in asked {
        let Some(at) = people.iter().position(|person| person.id == asked.person) else { continue };
        let person = &people[at];
        let wanted = Wanted {
            keys: &keyed[at],
            nik: person.nik.as_deref(),
            id: Some(person.id),
            household: Some(queries::household_of(w, person.id)?),
        };
        let confirmed = |id: &Uuid| asked.confirmed.is_some_and(|confirmed| confirmed.ids.contains(id));
        for alike in alike(w, &model, person, &wanted)?.into_iter().filter(|alike| is_news(&alike.near)) {
            let id = alike.near.person.id;
            let mine = alike.near.visible && !together.contains(&id);
            if refuse && mine && !confirmed(&id) {
                refused.push(shown(&asked.pointer, person, alike));
                continue;
            }
            if together.contains(&id) && id < person.id {
                continue;
            }
            pairs.push(if alike.same_nik { "nik" } else { "person" }, (person.id, id), &alike.judged, None);
            if mine && confirmed(&id) {
                distinct.push((person.id, id, asked.confirmed.map(|c| clean(&c.reason)).unwrap_or_default()));
            }
        }
    }
    if !refused.is_empty() {
        return Err(refusal(refused));
    }
    let actor = w.scope().actor;
    if !pairs.ids.is_empty() {
        queries::store(w, None, Some(actor), pairs)?;
    }
    for (person, other, reason) in distinct {
        found_distinct(w, person, other, &reason)?;
    }
    Ok(())
}

fn found_distinct(w: &mut Writer<'_>, person: Uuid, other: Uuid, reason: &str) -> Result<(), Problem> {
    for (pair, other) in queries::set_distinct(w, person, &[other], reason)? {
        w.audit(AuditEntry {
            action: "duplicate.distinct",
            subject_kind: "duplicate_candidate",
            subject_id: Some(pair),
            reason: Some(reason.to_owned()),
            after: Some(json!({"status": "distinct", "a_id": person.min(other), "b_id": person.max(other)})),
            ..AuditEntry::default()
        })?;
    }
    Ok(())
}

fn refusal(mut candidates: Vec<LikelyPerson>) -> Problem {
    candidates.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((x.id).cmp(&y.id)));
    let pointers: BTreeSet<String> = candidates.iter().map(|one| one.pointer.clone()).collect();
    candidates.truncate(SHOWN);
    let mut refusal = Problem::new(&problem::LIKELY_DUPLICATE);
    for pointer in pointers {
        refusal = refusal.and(pointer, "likely_duplicate", "looks like somebody who is in the registry");
    }
    Problem { members: Some(Box::new(json!({"candidates": candidates}))), ..refusal }
}
