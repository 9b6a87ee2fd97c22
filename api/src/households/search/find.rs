//! From a query to the households and people found.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::Finder;
use super::ask::{Ask, name_texts};
use super::model::{HouseholdHit, HouseholdHits, IndividualHit, IndividualHits, Matched, Search};
use super::queries::{self, Candidate, Claim};
use crate::access::Reader;
use crate::access::policy::{HouseholdEdit, IndividualReveal};
use crate::households::queries::list::{SummaryRow, summary};
use crate::households::queries::people::{MemberRow, view_member, withhold};
use crate::households::queries::visible::reach_of_visible;
use crate::http::list::Paging;
use crate::kernel::addresses;
use crate::kernel::names::sound_into;
use crate::kernel::page::Cursor;
use crate::kernel::problem::{self, Problem};
use crate::search::{Hit, LEAST_SCORE, MAX_SCORE, Pattern};

/// Hits taken from the memory at a time.
const BATCH: usize = 1_000;
/// A number with one slip: 15 of 16 digits right.
const NEAR_SCORE: u16 = 9_375;

/// A record that is like the query: the better the score the earlier, equal ones by household.
#[derive(Debug, Clone)]
struct Found {
    score: u16,
    household: Uuid,
    matched: Matched,
    pick: Pick,
}

/// Which of the members are meant.
#[derive(Debug, Clone)]
enum Pick {
    /// Those of this name, normalised.
    Named(Arc<str>),
    /// The whole household, at this address.
    At(Arc<str>),
    /// The whole household, by its number.
    All,
    /// One person, by his number.
    One(Uuid),
}

/// Whether each household is wanted once, or each of its texts.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Household,
    Text,
}

/// Where a page goes on: the score and household of the last row of the page before.
type Place = (u16, Uuid);

/// One page of households.
pub(super) fn households(r: &mut Reader<'_>, finder: &Finder, body: &Search) -> Result<HouseholdHits, Problem> {
    let paging = Paging::new("households/search", body, body.limit, body.cursor.clone(), None);
    let after = paging.start(r.sealer())?.map(|cursor| place(&cursor)).transpose()?;
    let filter = body.filter.clone().unwrap_or_default().list();
    let mut search = Ranked::new(r, finder, body, Unit::Household, after)?;
    let mut data: Vec<HouseholdHit> = Vec::new();
    let mut seen = HashSet::new();
    while data.len() <= paging.limit as usize {
        let found = search.next(r)?;
        if found.is_empty() {
            break;
        }
        for chunk in found.chunks(paging.limit as usize + 1) {
            let mut rows = by_id(queries::shown(r, &filter, &ids(chunk))?);
            for found in chunk {
                let after_it = after.is_none_or(|(score, id)| (found.score, id) < (score, found.household));
                if let Some(row) = rows.remove(&found.household)
                    && seen.insert(found.household)
                    && after_it
                {
                    data.push(hit(r, found, row));
                }
            }
            if data.len() > paging.limit as usize {
                break;
            }
        }
    }
    let page =
        paging.close(&mut data, r.sealer(), None, |hit| (Some(text_of(hit.score)), hit.household.id.to_string()));
    Ok(HouseholdHits { data, page })
}

/// One page of people: by score, then household, then id.
pub(super) fn individuals(r: &mut Reader<'_>, finder: &Finder, body: &Search) -> Result<IndividualHits, Problem> {
    let paging = Paging::new("individuals/search", body, body.limit, body.cursor.clone(), None);
    let start = paging.start(r.sealer())?;
    let broken = || Problem::new(&problem::INVALID_CURSOR);
    let after: Option<(Place, Uuid)> = match &start {
        None => None,
        Some(cursor) => {
            let (score, household) = cursor.key.as_deref().and_then(|key| key.split_once(' ')).ok_or_else(broken)?;
            let place = (score.parse().map_err(|_| broken())?, household.parse().map_err(|_| broken())?);
            Some((place, cursor.id.parse().map_err(|_| broken())?))
        }
    };
    let filter = body.filter.clone().unwrap_or_default().list();
    let mut search = Ranked::new(r, finder, body, Unit::Text, after.map(|(place, _)| place))?;
    let mut data: Vec<IndividualHit> = Vec::new();
    let mut seen = HashSet::new();
    while data.len() <= paging.limit as usize {
        let found = search.next(r)?;
        if found.is_empty() {
            break;
        }
        for chunk in found.chunks(paging.limit as usize + 1) {
            let rows = queries::shown(r, &filter, &ids(chunk))?;
            let mut members: HashMap<Uuid, Vec<MemberRow>> = HashMap::new();
            for member in queries::people(r, &rows)? {
                members.entry(member.household_id).or_default().push(member);
            }
            let rows = by_id(rows);
            for found in chunk {
                let Some(row) = rows.get(&found.household) else { continue };
                for member in members.get(&found.household).into_iter().flatten() {
                    let here = (found.score, found.household);
                    let passed = after.is_some_and(|(last, id)| here == last && member.id <= id);
                    if found.means(member) && !passed && seen.insert(member.id) {
                        data.push(person(r, found, row, member.clone()));
                    }
                }
            }
            if data.len() > paging.limit as usize {
                break;
            }
        }
    }
    let page = paging.close(&mut data, r.sealer(), None, |hit| {
        (Some(format!("{} {}", text_of(hit.score), hit.individual.household_id)), hit.individual.id.to_string())
    });
    withhold_all(r, &mut data)?;
    Ok(IndividualHits { data, page })
}

impl Found {
    fn means(&self, member: &MemberRow) -> bool {
        match &self.pick {
            Pick::Named(text) => name_texts(&member.name).iter().any(|other| **other == **text),
            Pick::At(_) | Pick::All => true,
            Pick::One(id) => member.id == *id,
        }
    }
}

/// Candidates from the best down, in portions; an empty portion is the end.
struct Ranked<'f> {
    finder: &'f Finder,
    ask: Ask,
    unit: Unit,
    region: Option<String>,
    /// Where the memory goes on; `None` where it has nothing more or cannot be asked.
    memory: Option<Option<Place>>,
    /// What was found otherwise, the worst first.
    others: Vec<Found>,
}

impl<'f> Ranked<'f> {
    fn new(
        r: &mut Reader<'_>,
        finder: &'f Finder,
        body: &Search,
        unit: Unit,
        after: Option<Place>,
    ) -> Result<Self, Problem> {
        let ask = Ask::read(&body.q);
        let region = body.filter.as_ref().and_then(|filter| filter.region.clone());
        let by_text = matches!(ask, Ask::Name { .. } | Ask::Address(_));
        let ready = by_text && r.scope().has_area() && finder.catch_up(r.conn())?;
        let mut others = match &ask {
            Ask::Nothing => Vec::new(),
            Ask::Number { exact, near } => {
                let numbers = near.iter().chain([exact]).cloned().collect();
                claimed(queries::claims(r, numbers)?, |value| if value == exact { MAX_SCORE } else { NEAR_SCORE })
            }
            Ask::NumberPrefix(digits) => {
                let score = u16::try_from(usize::from(MAX_SCORE) * digits.len() / 16).unwrap_or(MAX_SCORE);
                claimed(queries::claims_from(r, digits.clone())?, |_| score)
            }
            Ask::Name { text, key } => {
                let mut rows = queries::outside_area(r).and_then(|ids| some(ids, |ids| queries::names_of(r, ids)))?;
                if !ready && r.scope().has_area() {
                    rows.extend(queries::names_like(r, key.clone())?);
                }
                scored(text, rows, unit, |row| name_texts(&row.text), Pick::Named, Matched::Name)
            }
            Ask::Address(text) => {
                // Where somebody lives whose address the caller may not know is not found by trying addresses.
                let ids = queries::outside_area(r).and_then(|ids| known_addresses(r, ids))?;
                let mut rows = some(ids, |ids| queries::streets_of(r, ids))?;
                if !ready && r.scope().has_area() {
                    rows.extend(queries::streets_like(r, text.clone())?);
                }
                let texts =
                    |row: &Candidate| vec![addresses::normalize(&row.text, row.rt.as_deref(), row.rw.as_deref())];
                scored(text, rows, unit, texts, Pick::At, Matched::Address)
            }
        };
        if unit == Unit::Household {
            // A household counts by its best, whichever page that was on.
            let mut best = HashSet::new();
            others.sort_by(order);
            others.retain(|found| best.insert(found.household));
        }
        // People of one household may stand on two pages; a household may not.
        others.retain(|found| {
            after.is_none_or(|(score, id)| {
                found.score < score
                    || (found.score == score && (found.household > id || (unit == Unit::Text && found.household == id)))
            })
        });
        others.sort_by(|a, b| order(b, a));
        Ok(Self { finder, ask, unit, region, memory: ready.then_some(after), others })
    }

    fn next(&mut self, r: &Reader<'_>) -> Result<Vec<Found>, Problem> {
        let Some(after) = self.memory else {
            let from = self.others.len().saturating_sub(BATCH);
            return Ok(self.others.split_off(from).into_iter().rev().collect());
        };
        let allowed = self.finder.allowed(r.scope(), self.region.as_deref());
        let (index, text, matched) = match &self.ask {
            Ask::Name { text, .. } => (&self.finder.names, text, Matched::Name),
            Ask::Address(text) => (&self.finder.streets, text, Matched::Address),
            _ => return Ok(Vec::new()),
        };
        let after = after.map(|(score, id)| (score, id.as_u128()));
        let hits = match self.unit {
            Unit::Household => index.search(text, &allowed, BATCH, after),
            Unit::Text => index.search_texts(text, &allowed, BATCH, after),
        };
        let full = hits.len() == BATCH;
        let mut found: Vec<Found> = hits.into_iter().map(|hit| remembered(hit, matched)).collect();
        self.memory = match found.last() {
            Some(last) if full => Some(Some((last.score, last.household))),
            _ => None,
        };
        // What was found otherwise is merged in where it belongs.
        let end = found.last().filter(|_| full).cloned();
        while let Some(other) = self.others.last() {
            if end.as_ref().is_some_and(|end| order(other, end).is_gt()) {
                break;
            }
            found.extend(self.others.pop());
        }
        found.sort_by(order);
        Ok(found)
    }
}

fn order(a: &Found, b: &Found) -> std::cmp::Ordering {
    b.score.cmp(&a.score).then(a.household.cmp(&b.household))
}

fn remembered(hit: Hit, matched: Matched) -> Found {
    let pick = if matched == Matched::Name { Pick::Named(hit.text) } else { Pick::At(hit.text) };
    Found { score: hit.score, household: Uuid::from_u128(hit.id), matched, pick }
}

fn claimed(claims: Vec<Claim>, score: impl Fn(&str) -> u16) -> Vec<Found> {
    claims
        .into_iter()
        .map(|claim| Found {
            score: score(&claim.value),
            household: claim.household_id,
            matched: if claim.kind == "nik" { Matched::Nik } else { Matched::FamilyCard },
            pick: claim.individual_id.map_or(Pick::All, Pick::One),
        })
        .collect()
}

/// Scores what the memory does not hold by the same measure.
fn scored(
    asked: &str,
    rows: Vec<Candidate>,
    unit: Unit,
    texts: impl Fn(&Candidate) -> Vec<String>,
    pick: impl Fn(Arc<str>) -> Pick,
    matched: Matched,
) -> Vec<Found> {
    let mut pattern = Pattern::new(asked, sound_into);
    let mut out = Vec::new();
    let mut known = HashSet::new();
    for row in rows {
        for text in texts(&row) {
            let score = pattern.score(&text);
            if score >= LEAST_SCORE && (unit == Unit::Household || known.insert((row.household_id, text.clone()))) {
                out.push(Found { score, household: row.household_id, matched, pick: pick(text.into()) });
            }
        }
    }
    out
}

/// Those whose address the caller may know, of visible households outside his area.
fn known_addresses(r: &mut Reader<'_>, mut ids: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    let outside: Vec<(Uuid, &str)> = ids.iter().map(|id| (*id, "")).collect();
    let reach = reach_of_visible(r, &outside)?;
    ids.retain(|id| reach.get(id).is_some_and(|reach| reach.address));
    Ok(ids)
}

/// Takes off people how they are reached, where the caller may not know it yet.
fn withhold_all(r: &mut Reader<'_>, hits: &mut [IndividualHit]) -> Result<(), Problem> {
    let homes: Vec<(Uuid, &str)> =
        hits.iter().map(|hit| (hit.individual.household_id, hit.region_code.as_str())).collect();
    let reach = reach_of_visible(r, &homes)?;
    for hit in hits {
        if let Some(reach) = reach.get(&hit.individual.household_id) {
            withhold(&mut hit.individual, *reach);
        }
    }
    Ok(())
}

fn some<T>(ids: Vec<Uuid>, read: impl FnOnce(Vec<Uuid>) -> Result<Vec<T>, Problem>) -> Result<Vec<T>, Problem> {
    if ids.is_empty() { Ok(Vec::new()) } else { read(ids) }
}

fn ids(found: &[Found]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = found.iter().map(|found| found.household).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn by_id(rows: Vec<SummaryRow>) -> HashMap<Uuid, SummaryRow> {
    rows.into_iter().map(|row| (row.id, row)).collect()
}

fn place(cursor: &Cursor) -> Result<Place, Problem> {
    let read = || Some((cursor.key.as_deref()?.parse().ok()?, cursor.id.parse().ok()?));
    read().ok_or_else(|| Problem::new(&problem::INVALID_CURSOR))
}

fn hit(r: &Reader<'_>, found: &Found, row: SummaryRow) -> HouseholdHit {
    let matched_text = match &found.pick {
        Pick::Named(text) | Pick::At(text) => Some(text.to_string()),
        Pick::All | Pick::One(_) => None,
    };
    HouseholdHit { household: summary(r, row), score: share(found.score), matched: found.matched, matched_text }
}

fn person(r: &Reader<'_>, found: &Found, household: &SummaryRow, member: MemberRow) -> IndividualHit {
    let p = r.principal();
    let editable = p.may::<HouseholdEdit>()
        && !crate::households::queries::list::can_do(r, &household.region_code, &household.status).is_empty();
    let individual = view_member(member, editable, p.may::<IndividualReveal>(), r.scope().deidentified);
    IndividualHit {
        individual,
        region_code: household.region_code.clone(),
        score: share(found.score),
        matched: found.matched,
    }
}

/// A score on the wire: four decimals.
fn share(score: u16) -> f64 {
    f64::from(score) / f64::from(MAX_SCORE)
}

/// A score in a cursor.
fn text_of(score: f64) -> String {
    format!("{:.0}", score * f64::from(MAX_SCORE))
}
