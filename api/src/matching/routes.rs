//! Operations about matches and runs.

use std::collections::BTreeMap;

use actix_web::{get, post};
use satupintu_rules::judge;
use uuid::Uuid;

use super::model::{
    HouseholdMatch, HouseholdMatchPage, HouseholdMatchQuery, MatchCounts, MatchExplanation, MatchOutcome, MatchingRun,
    MatchingRunPage, MatchingRunQuery, MissingFactCount, MissingFactPage, MissingFactQuery, NewMatchingRun,
    ProgramMatch, ProgramMatchPage, ProgramMatchQuery, RegionMatches,
};
use super::queries::book::{self, Book, Live};
use super::queries::people::{self, Which};
use super::queries::runs::{self, RunRow};
use super::queries::sets::{self, Set};
use super::{queries, rules, view, work};
use crate::access::policy::{MatchRead, MatchRun, ProgramMatchRead};
use crate::access::{AuditEntry, Permit, Reader, Seen};
use crate::db::slugs::Sensitivity;
use crate::households::{self, Visible};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, MaybeJson, Query, Slug};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader};
use crate::idempotency;
use crate::kernel::page::Cursor;
use crate::kernel::problem::{self, Problem};
use crate::programs::{self, Ruled};

/// Path of a pair.
#[expect(dead_code, reason = "read by the document only")]
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PairPath {
    /// Id of the household.
    #[param(example = "0198c0de-0000-7000-8000-000000000001", format = "uuid")]
    pub id: String,
    /// Id of the program.
    #[param(example = "0198c0de-0000-7000-8000-000000000002", format = "uuid")]
    pub program_id: String,
}

/// Programs whose verdict on this household the caller may see.
fn open_to(r: &mut Reader<'_>, home: &Visible) -> Result<Vec<Ruled>, Problem> {
    let mut programs = programs::live(r)?;
    if r.scope().supervises() && r.scope().covers_region(&home.region_code) {
        return Ok(programs);
    }
    // A restricted program only to who works on such a problem of this very household.
    let needs: Vec<String> =
        programs.iter().filter(|p| p.sensitivity == Sensitivity::Restricted).flat_map(|p| p.needs.clone()).collect();
    let mut open = Vec::with_capacity(programs.len());
    for need in needs {
        if !queries::visible_by_work(r, &[home.id], std::slice::from_ref(&need))?.is_empty() {
            open.push(need);
        }
    }
    programs.retain(|p| p.sensitivity == Sensitivity::Open || p.needs.iter().any(|n| open.contains(n)));
    Ok(programs)
}

fn live<'b>(book: &'b Book, program: &Ruled) -> Option<&'b Live> {
    book.programs.iter().find(|p| p.id == program.id)
}

/// List matches of a household
///
/// Every published program whose rule it fulfils, or might once more is known, by code, evaluated now, with the reasons.
#[utoipa::path(tag = "matching", params(IdPath, HouseholdMatchQuery), responses((status = 200, description = "A page of matches.", body = HouseholdMatchPage)))]
#[get("/api/v1/households/{id}/matches")]
pub async fn list_household_matches(
    permit: Permit<MatchRead>,
    id: Id,
    query: Query<HouseholdMatchQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let home = households::find_visible(r, id.0)?;
            let path = format!("/api/v1/households/{}/matches", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let programs = open_to(r, &home)?;
            let book = book::book(r.conn())?;
            let homes = people::households(r.conn(), &book, Which::One(home.id))?;
            let mut data = Vec::new();
            let (mut total, now) = (0, r.now());
            let after = start.and_then(|c| c.key);
            if let Some(household) = homes.get(&home.id) {
                for program in &programs {
                    let Some(live) = live(&book, program) else { continue };
                    let setting = view::setting(&book, live, now);
                    let outcome: MatchOutcome =
                        satupintu_rules::Outcome::of(judge(&live.clause, household, setting)).into();
                    let wanted = query.0.outcome.map_or(outcome != MatchOutcome::Ineligible, |o| o == outcome);
                    total += i64::from(wanted);
                    let before = after.as_ref().is_some_and(|code| program.code <= *code);
                    if wanted && !before && data.len() <= paging.limit as usize {
                        data.push(view::verdict(&book, live, program, household, now)?.0);
                    }
                }
            }
            let total = paging.include_total.then_some(total);
            let page = paging.close(&mut data, r.sealer(), total, |m: &HouseholdMatch| {
                (Some(m.program.code.clone()), m.program.id.to_string())
            });
            r.saw(Seen { subject_kind: "household", subject_id: home.id, household_id: Some(home.id) });
            page_answer(&HouseholdMatchPage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// Explain a match
///
/// Why, why not, until when, and what could lawfully change it: a fact to ask for or check, a document, a day.
#[utoipa::path(tag = "matching", params(PairPath), responses((status = 200, description = "The verdict with its reasons.", body = MatchExplanation)))]
#[get("/api/v1/households/{id}/matches/{program_id}")]
pub async fn get_household_match(permit: Permit<MatchRead>, id: Id, program: Slug) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let home = households::find_visible(r, id.0)?;
            let program: Uuid = program.0.parse().map_err(|_| Problem::not_found())?;
            let program = open_to(r, &home)?.into_iter().find(|p| p.id == program).ok_or_else(Problem::not_found)?;
            let book = book::book(r.conn())?;
            let live = live(&book, &program).ok_or_else(Problem::not_found)?;
            let homes = people::households(r.conn(), &book, Which::One(home.id))?;
            let Some(household) = homes.get(&home.id) else {
                return Err(Problem::with(&problem::WRONG_STATE, "the household is not active"));
            };
            let (verdict, changes) = view::verdict(&book, live, &program, household, r.now())?;
            let stored = stored(r, home.id, program.number)?;
            let sentence = view::text(&satupintu_rules::sentence(&live.clause, &book.vocabulary));
            r.saw(Seen { subject_kind: "household", subject_id: home.id, household_id: Some(home.id) });
            Answer::ok(&MatchExplanation { verdict, sentence, changes, stored })
        })
        .await
}

/// What is stored of a pair.
fn stored(r: &mut Reader<'_>, household: Uuid, number: i32) -> Result<Option<MatchOutcome>, Problem> {
    Ok(super::outcomes(r, household)?.remove(&number))
}

/// List matches of a program
///
/// Households of the caller's area that fulfil its rule, or of whom what is known does not decide, by kelurahan.
#[utoipa::path(tag = "matching", params(IdPath, ProgramMatchQuery), responses((status = 200, description = "A page of households.", body = ProgramMatchPage)))]
#[get("/api/v1/programs/{id}/matches")]
pub async fn list_program_matches(
    permit: Permit<MatchRead>,
    id: Id,
    query: Query<ProgramMatchQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = programs::ruled(r, id.0)?;
            let outcome = query.0.outcome.unwrap_or(MatchOutcome::Eligible);
            if outcome == MatchOutcome::Ineligible {
                return Err(Problem::field("outcome", "not_allowed", "eligible or needs_data"));
            }
            let path = format!("/api/v1/programs/{}/matches", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let sets = if program.live() {
                let from = start.as_ref().and_then(|c| c.key.clone());
                sets::of_program_visible(r, program.number, query.0.region.as_deref(), from.as_deref())?
            } else {
                Vec::new()
            };
            let want = usize::try_from(paging.fetch()).unwrap_or(51);
            let mut found = pick(r, &program, &sets, outcome, start.as_ref(), want)?;
            let total = paging.include_total.then(|| {
                let bits = |s: &Set| i64::from(sets::ones(side(s, outcome)));
                sets.iter().map(bits).sum()
            });
            let total = if program.countable(r) { total } else { total.map(|_| found.len() as i64) };
            let page = paging
                .close(&mut found, r.sealer(), total, |(slot, m)| (Some(m.region_code.clone()), slot.to_string()));
            let data = found.into_iter().map(|(_, m)| m).collect();
            page_answer(&ProgramMatchPage { data, page: page.clone() }, &page, &path)
        })
        .await
}

fn side(set: &Set, outcome: MatchOutcome) -> &[u8] {
    if outcome == MatchOutcome::Eligible { &set.eligible } else { &set.needs_data }
}

/// Slots looked up at once.
const LOOK: usize = 256;

/// Walks the bits from where the page starts until it is full.
fn pick(
    r: &mut Reader<'_>,
    program: &Ruled,
    sets: &[Set],
    outcome: MatchOutcome,
    start: Option<&Cursor>,
    want: usize,
) -> Result<Vec<(i32, ProgramMatch)>, Problem> {
    let mut found = Vec::with_capacity(want);
    for set in sets {
        let after = start.filter(|c| c.key.as_deref() == Some(set.region_code.as_str()));
        let after = after.and_then(|c| c.id.parse::<i32>().ok()).map_or(0, |slot| slot + 1);
        let bits = side(set, outcome);
        let slots: Vec<i32> = (after..i32::try_from(bits.len() * 8).unwrap_or(i32::MAX))
            .filter(|slot| sets::bit(bits, usize::try_from(*slot).unwrap_or(usize::MAX)))
            .collect();
        for part in slots.chunks(LOOK) {
            let holders = sets::holders(r.conn(), &set.region_code, part)?;
            let ids: Vec<Uuid> = holders.values().copied().collect();
            let mut homes: BTreeMap<Uuid, queries::Home> =
                queries::visible_homes(r, &ids)?.into_iter().map(|home| (home.0, home)).collect();
            let supervised = r.scope().supervises() && r.scope().covers_region(&set.region_code);
            if program.sensitivity == Sensitivity::Restricted && !supervised {
                let worked = queries::visible_by_work(r, &ids, &program.needs)?;
                homes.retain(|id, _| worked.contains(id));
            }
            let named = !r.scope().deidentified;
            for slot in part {
                let Some(home) = holders.get(slot).and_then(|id| homes.remove(id)) else { continue };
                // One that moved stands in its new kelurahan.
                if home.2 != set.region_code {
                    continue;
                }
                found.push((*slot, row(set, home, outcome, named)));
                if found.len() >= want {
                    return Ok(found);
                }
            }
        }
    }
    Ok(found)
}

fn row(set: &Set, home: queries::Home, outcome: MatchOutcome, named: bool) -> ProgramMatch {
    let (household_id, head_name, region_code, decile, members_count) = home;
    ProgramMatch {
        household_id,
        head_name: head_name.filter(|_| named),
        region_code,
        decile,
        members_count,
        outcome,
        rule_version: set.rule_version,
        evaluated_at: set.evaluated_at,
    }
}

/// Count matches of a program
///
/// By kecamatan and kelurahan of the caller's area; of the whole city for agencies and partners, who see no household,
/// and for whom numbers below five are left out.
#[utoipa::path(tag = "matching", params(IdPath), responses((status = 200, description = "The numbers.", body = MatchCounts)))]
#[get("/api/v1/programs/{id}/match-counts")]
pub async fn get_program_match_counts(permit: Permit<ProgramMatchRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = programs::ruled(r, id.0)?;
            if !program.countable(r) {
                return Err(Problem::not_found());
            }
            let sees = r.scope().has_area() || r.scope().deidentified;
            let sets =
                if program.live() { sets::of_program_visible(r, program.number, None, None)? } else { Vec::new() };
            let book = book::book(r.conn())?;
            Answer::ok(&counts(&book, program.id, &sets, sees))
        })
        .await
}

fn counts(book: &Book, program_id: Uuid, sets: &[Set], sees: bool) -> MatchCounts {
    let numbers = |s: &Set| (i64::from(sets::ones(&s.eligible)), i64::from(sets::ones(&s.needs_data)));
    let region = |code: &str, (eligible, needs_data): (i64, i64)| RegionMatches {
        region_code: code.to_owned(),
        region_name: book.vocabulary.area(code).unwrap_or(code).to_owned(),
        eligible: rules::told(eligible, sees),
        needs_data: rules::told(needs_data, sees),
    };
    let mut districts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for set in sets {
        let (eligible, needs_data) = numbers(set);
        let sum = districts.entry(rules::district(&set.region_code)).or_default();
        *sum = (sum.0 + eligible, sum.1 + needs_data);
    }
    let all = districts.values().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    MatchCounts {
        program_id,
        eligible: rules::told(all.0, sees),
        needs_data: rules::told(all.1, sees),
        rule_version: sets.iter().map(|s| s.rule_version).min(),
        evaluated_at: sets.iter().map(|s| s.evaluated_at).min(),
        districts: districts.into_iter().map(|(code, sum)| region(code, sum)).collect(),
        villages: sets.iter().map(|s| region(&s.region_code, numbers(s))).collect(),
    }
}

fn run_view(r: &Reader<'_>, row: RunRow) -> MatchingRun {
    // Sums over restricted programs count their people.
    let all = row.program_id.is_some() || r.scope().supervises();
    MatchingRun {
        id: row.id,
        operation_id: row.operation_id,
        program_id: row.program_id,
        cause: row.cause,
        status: row.status,
        regions_done: row.done,
        regions_total: row.total,
        households: row.households,
        programs: row.programs,
        eligible: all.then_some(row.eligible),
        needs_data: all.then_some(row.needs_data),
        changed: all.then_some(row.changed),
        load_ms: row.load_ms,
        evaluate_ms: row.evaluate_ms,
        store_ms: row.store_ms,
        created_at: row.created_at,
        finished_at: row.finished_at,
    }
}

/// Runs of programs that the caller may not count are not his to know.
fn tell(r: &mut Reader<'_>, row: RunRow) -> Result<MatchingRun, Problem> {
    if let Some(program) = row.program_id
        && !programs::ruled(r, program)?.countable(r)
    {
        return Err(Problem::not_found());
    }
    Ok(run_view(r, row))
}

/// List matching runs
///
/// Newest first.
#[utoipa::path(tag = "matching", params(MatchingRunQuery), responses((status = 200, description = "A page of runs.", body = MatchingRunPage)))]
#[get("/api/v1/matching-runs")]
pub async fn list_matching_runs(permit: Permit<MatchRun>, query: Query<MatchingRunQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("matching-runs");
            let start = paging.start(r.sealer())?;
            let mut rows = runs::list_visible(r, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |row| (None, row.id.to_string()));
            let data = rows.into_iter().filter_map(|row| tell(r, row).ok()).collect();
            page_answer(&MatchingRunPage { data, page: page.clone() }, &page, "/api/v1/matching-runs")
        })
        .await
}

/// Evaluate
///
/// All programs, or one, over the whole city. Changes of rules and households are followed without asking; this is for
/// when one wants to be sure. `Location` is the operation.
#[utoipa::path(tag = "matching", params(IdempotencyHeader), request_body = NewMatchingRun, responses((status = 202, description = "It waits for its turn; a run that waits already serves.", body = MatchingRun)))]
#[post("/api/v1/matching-runs")]
pub async fn create_matching_run(
    permit: Permit<MatchRun>,
    key: IdempotencyKey,
    body: MaybeJson<NewMatchingRun>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            idempotency::once(w, &key, "create_matching_run", &body, |w| {
                if let Some(program) = body.program_id {
                    let known = programs::ruled(w, program).ok().filter(|p| p.live() && p.countable(w));
                    if known.is_none() {
                        return Err(Problem::field(
                            "/program_id",
                            "not_found",
                            "is not a published program with a rule",
                        ));
                    }
                }
                let id = work::ask(w, body.program_id, "asked")?;
                w.audit(AuditEntry {
                    action: "match.run",
                    subject_kind: "matching_run",
                    subject_id: Some(id),
                    ..AuditEntry::default()
                })?;
                let row = runs::find_visible(w, id)?;
                let operation = row.operation_id;
                Answer::accepted(&run_view(w, row), format!("/api/v1/operations/{operation}"))
            })
        })
        .await
}

/// Get a matching run
///
/// With its progress, and what it found and cost once it has ended.
#[utoipa::path(tag = "matching", params(IdPath), responses((status = 200, description = "The run.", body = MatchingRun)))]
#[get("/api/v1/matching-runs/{id}")]
pub async fn get_matching_run(permit: Permit<MatchRun>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = runs::find_visible(r, id.0)?;
            Answer::ok(&tell(r, row)?)
        })
        .await
}

/// List missing facts
///
/// Which unknown facts keep the most verdicts open, by kelurahan of the caller's area: what to ask there first.
#[utoipa::path(tag = "matching", params(MissingFactQuery), responses((status = 200, description = "A page of facts.", body = MissingFactPage)))]
#[get("/api/v1/insight/missing-facts")]
pub async fn list_missing_facts(permit: Permit<MatchRead>, query: Query<MissingFactQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let programs = programs::live(r)?;
            let programs: Vec<i32> = programs.iter().filter(|p| p.countable(r)).map(|p| p.number).collect();
            let paging = query.0.paging("missing-facts");
            let start = paging.start(r.sealer())?;
            let region = query.0.region.as_deref();
            let mut gaps = sets::gaps_visible(r, &programs, region, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut gaps, r.sealer(), None, |g| {
                (Some(g.verdicts.to_string()), format!("{}|{}", g.region_code, g.fact))
            });
            let book = book::book(r.conn())?;
            let data = gaps.into_iter().map(|gap| MissingFactCount {
                label: view::fact_label(&book, &gap.fact),
                region_code: gap.region_code,
                region_name: gap.region_name,
                fact: gap.fact,
                verdicts: gap.verdicts,
                programs: gap.programs,
            });
            let data = data.collect();
            page_answer(&MissingFactPage { data, page: page.clone() }, &page, "/api/v1/insight/missing-facts")
        })
        .await
}
