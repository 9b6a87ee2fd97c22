//! The pass over the registry: reads who people are, lets the linkage engine find who stands there twice, and stores the
//! pairs. The same registry gives the same pairs, in whatever order its rows came to be.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use satupintu_linkage::{Builder, Judged, Linked, Model, People, Settings, judge, link};
use serde_json::{Value, json};
use uuid::Uuid;

use super::queries::pass::{self, Found};
use super::queries::runs::{self, Outcome};
use super::rules;
use crate::access::policy::DuplicateFind;
use crate::access::{AuditEntry, Gate};
use crate::identity::rules::{self as likeness, THRESHOLD};
use crate::jobs::{self, Job};
use crate::kernel::problem::Problem;

/// People read at a time.
const READ: i64 = 20_000;
/// Pairs stored at a time.
const STORE: usize = 1000;
/// How many compare at the same time.
const THREADS: usize = 2;

/// The people of the city, in the order of their ids.
struct City {
    ids: Vec<Uuid>,
    people: People,
    /// Matched NIKs, as numbers.
    identities: Vec<u64>,
}

fn read(job: &Job, conn: &mut diesel::PgConnection, account: Uuid) -> Result<Option<City>, Problem> {
    let mut builder = Builder::default();
    let (mut ids, mut identities) = (Vec::new(), Vec::new());
    loop {
        let after = ids.last().copied().unwrap_or_default();
        let rows = job.gate.on_behalf::<DuplicateFind, _>(conn, account, |w| pass::people(w, after, READ))?;
        for person in &rows {
            let born = likeness::born(person.birth_date, &person.birth_date_precision);
            // By its place, not by its id: an id is drawn, and what a run finds must not hang on that.
            builder.push(&person.row(&ids.len().to_string(), &born));
            ids.push(person.id);
            identities.push(likeness::identity(person.nik.as_deref(), person.nik_status.as_deref()));
        }
        let done = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        if job.progress(conn, done, None)? {
            return Ok(None);
        }
        if rows.is_empty() {
            return Ok(Some(City { ids, people: builder.finish(), identities }));
        }
    }
}

/// Sizes of the groups, by the place of every row that is in one.
fn groups(linked: &Linked, ids: &[Uuid]) -> HashMap<Uuid, (Uuid, usize)> {
    let mut members: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    let mut first: HashMap<Uuid, Uuid> = HashMap::new();
    // Every pair of a group is named, and ids ascend: the smallest id is met with every other one.
    for pair in linked.pairs.iter().filter(|pair| pair.same) {
        let (a, b) = (ids[pair.a as usize], ids[pair.b as usize]);
        let (a, b) = (a.min(b), a.max(b));
        let lead = *first.entry(a).or_insert(a);
        let lead_b = *first.entry(b).or_insert(lead);
        let lead = lead.min(lead_b);
        first.insert(b, lead);
        first.insert(a, lead);
    }
    for (id, lead) in &first {
        members.entry(*lead).or_default().insert(*id);
    }
    let sized = members.into_iter().map(|(lead, all)| (lead, all.len(), all));
    sized.flat_map(|(lead, size, all)| all.into_iter().map(move |id| (id, (lead, size)))).collect()
}

/// Pairs of the run: who looks like one person, who shares a NIK, which households share a card.
fn findings(
    city: &City,
    linked: &Linked,
    niks: &[(Uuid, Uuid)],
    cards: &[(Uuid, Uuid)],
    groups: &HashMap<Uuid, (Uuid, usize)>,
) -> Vec<Found> {
    let row = |id: &Uuid| city.ids.binary_search(id).ok().and_then(|row| u32::try_from(row).ok());
    let shared: BTreeSet<(Uuid, Uuid)> = niks.iter().copied().collect();
    let mut all = vec![Found::default()];
    let mut put = |kind, pair, judged: &Judged, group| {
        if all.last().is_none_or(|found| found.ids.len() >= STORE) {
            all.push(Found::default());
        }
        if let Some(found) = all.last_mut() {
            found.push(kind, pair, judged, group);
        }
    };
    for pair in linked.pairs.iter().filter(|pair| pair.same) {
        let (a, b) = (city.ids[pair.a as usize], city.ids[pair.b as usize]);
        let key = (a.min(b), a.max(b));
        if !shared.contains(&key) {
            let judged = judge(&city.people, &linked.weights, pair.a, pair.b);
            let judged = Judged { probability: pair.probability, ..judged };
            put("person", key, &judged, groups.get(&key.0).copied());
        }
    }
    for key in niks {
        if let (Some(a), Some(b)) = (row(&key.0), row(&key.1)) {
            put("nik", *key, &judge(&city.people, &linked.weights, a, b), groups.get(&key.0).copied());
        }
    }
    for key in cards {
        put("household", *key, &Judged { probability: rules::ONE_CARD, fields: Vec::new() }, None);
    }
    all
}

/// What had been put off until today is open again.
pub(super) fn wake(gate: &Gate) -> Result<u64, Problem> {
    jobs::in_batches::<DuplicateFind>(gate, "duplicates", pass::wake)
}

/// Handler of the operation.
pub fn run(job: &Job) -> Result<Value, Problem> {
    let (Some(id), Some(account)) = (job.subject_id, job.created_by) else {
        return Err(Problem::internal("a search for duplicates without asker"));
    };
    let mut conn = job.connect()?;
    let began = Instant::now();
    let Some(mut city) = read(job, &mut conn, account)? else { return Ok(json!({"found": 0})) };
    let mut outcome = Outcome { people: city.ids.len(), load: began.elapsed(), ..Outcome::default() };
    let (distinct, niks, cards) = job.gate.on_behalf::<DuplicateFind, _>(&mut conn, account, |w| {
        Ok((pass::distinct(w)?, pass::shared_niks(w)?, pass::shared_cards(w)?))
    })?;
    let began = Instant::now();
    let row = |id: &Uuid| city.ids.binary_search(id).ok().and_then(|row| u32::try_from(row).ok());
    let apart = distinct.iter().filter_map(|(a, b)| Some((row(a)?, row(b)?))).collect();
    // So few rows say nothing of how rows differ, nor of which names are common.
    let believed = rules::too_few(city.ids.len()).then(|| Model::before(likeness::CITY));
    if let Some(model) = &believed {
        model.teach(&mut city.people);
    }
    let settings = Settings {
        threads: THREADS,
        threshold: THRESHOLD,
        least: THRESHOLD,
        apart,
        identities: city.identities.clone(),
        weights: believed.as_ref().map(|model| model.weights().clone()),
        ..Settings::default()
    };
    let linked = link(&city.people, &settings);
    let groups = groups(&linked, &city.ids);
    let all = findings(&city, &linked, &niks, &cards, &groups);
    outcome.compared = linked.compared;
    outcome.found = all.iter().map(|found| found.ids.len()).sum();
    outcome.clusters = groups.values().map(|(lead, _)| lead).collect::<BTreeSet<_>>().len();
    outcome.largest_cluster = groups.values().map(|(_, size)| *size).max().unwrap_or_default();
    outcome.link = began.elapsed();
    let model = serde_json::to_value(believed.unwrap_or_else(|| Model::of(&city.people, &linked.weights)))
        .map_err(Problem::internal)?;
    let began = Instant::now();
    for found in all.into_iter().filter(|found| !found.ids.is_empty()) {
        outcome.added +=
            job.gate.on_behalf::<DuplicateFind, _>(&mut conn, account, |w| pass::store(w, Some(id), None, found))?;
    }
    let result = job.gate.on_behalf::<DuplicateFind, _>(&mut conn, account, |w| {
        outcome.gone = i64::try_from(pass::let_go(w, id)?).unwrap_or(i64::MAX);
        outcome.store = began.elapsed();
        runs::finish(w, id, &outcome, model)?;
        let result =
            json!({"people": outcome.people, "found": outcome.found, "added": outcome.added, "gone": outcome.gone});
        w.audit(AuditEntry {
            action: "duplicate.find",
            subject_kind: "duplicate_run",
            subject_id: Some(id),
            after: Some(result.clone()),
            ..AuditEntry::default()
        })?;
        Ok(result)
    })?;
    Ok(result)
}
