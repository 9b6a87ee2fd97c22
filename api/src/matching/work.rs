//! Runs over the city.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use satupintu_rules::{Answers, Gather, Plan, Rule, Setting, Tri, day, judge};
use serde_json::{Value, json};
use uuid::Uuid;

use super::OPERATION;
use super::facts::Reads;
use super::queries::book::{self, Book, Live};
use super::queries::census::{Census, Places};
use super::queries::people::{self, Which};
use super::queries::runs::{self, Cost};
use super::queries::sets::{self, Set};
use crate::access::Writer;
use crate::access::policy::MatchRun;
use crate::jobs::{self, Job};
use crate::kernel::dates::office_date;
use crate::kernel::problem::Problem;

/// How many evaluate at the same time.
const THREADS: usize = 2;

/// Asks for a run, of one program or of all; one that waits already serves.
pub(super) fn ask(w: &mut Writer<'_>, program: Option<Uuid>, cause: &str) -> Result<Uuid, Problem> {
    if let Some(waiting) = runs::waiting(w, program)? {
        return Ok(waiting);
    }
    let id = Uuid::now_v7();
    let operation = jobs::enqueue(w, OPERATION, Some(id), &json!({"program_id": program}), "regions")?;
    runs::create(w, id, operation, program, cause)?;
    Ok(id)
}

/// Handler of the operation.
pub fn run(job: &Job) -> Result<Value, Problem> {
    let id = job.subject_id.ok_or_else(|| Problem::internal("a run without id"))?;
    let only: Option<Uuid> = job.input.get("program_id").and_then(Value::as_str).and_then(|v| v.parse().ok());
    let mut conn = job.connect()?;
    let book = book::book(&mut conn)?;
    let programs: Vec<Live> = book.programs.iter().filter(|p| only.is_none_or(|id| id == p.id)).cloned().collect();
    if let Some(program) = only
        && programs.is_empty()
    {
        job.gate.system::<MatchRun, _>(&mut conn, "matching", |w| {
            let number = crate::programs::ruled(w, program)?.number;
            sets::forget(w.conn(), None, &[], Some(number))
        })?;
        runs::finish(&mut conn, id, &Cost::default())?;
        return Ok(json!({"households": 0, "programs": 0}));
    }
    let since = job.gate.system::<MatchRun, _>(&mut conn, "matching", |w| Ok(runs::find_visible(w, id)?.created_at))?;
    let numbers: Vec<i32> = programs.iter().map(|p| p.number).collect();
    let mut regions = runs::regions(&mut conn)?;
    let total = i64::try_from(regions.len()).ok();
    if job.attempt > 1 {
        let done: BTreeSet<String> = runs::done_since(&mut conn, since, &numbers)?.into_iter().collect();
        regions.retain(|r| !done.contains(r));
    }
    let whole = Sweep::new(&book, &programs, office_date(Utc::now()), only.is_none());
    let done = AtomicUsize::new(usize::try_from(total.unwrap_or(0)).unwrap_or(0) - regions.len());
    let mut sum = Cost::default();
    // Whoever has come since the last run may have no slot yet. To look for them takes longer than one program does,
    // which therefore looks only where its reading meets one.
    let mut settle = only.is_none() || job.attempt > 1;
    loop {
        let slots = job.gate.system::<MatchRun, _>(&mut conn, "matching", |w| {
            sets::forget_touches(w.conn())?;
            if settle {
                sets::settle(w.conn(), &regions)?;
            }
            sets::all_slots(w.conn())
        })?;
        let mut strays = false;
        for slab in slabs(regions.clone(), &slots) {
            match whole.slab(job, &slab, (&done, total), settle)? {
                Some(cost) => add(&mut sum, &cost),
                None => strays = true,
            }
        }
        if !strays {
            break;
        }
        (settle, sum) = (true, Cost::default());
        done.store(0, Ordering::Relaxed);
    }
    // The last of them to finish is not always the last to say so.
    job.progress(&mut conn, i64::try_from(done.load(Ordering::Relaxed)).unwrap_or(0), total)?;
    let mut cost = sum;
    cost.programs = programs.len();
    runs::finish(&mut conn, id, &cost)?;
    Ok(json!({"households": cost.households, "programs": cost.programs, "eligible": cost.eligible,
        "needs_data": cost.needs_data, "changed": cost.changed}))
}

/// How often progress is written down.
const SAY: Duration = Duration::from_millis(200);
/// Most households held in memory at once.
const SLAB: usize = 500_000;

/// Kelurahan, with the slots of each, that are read together.
fn slabs(regions: Vec<String>, slots: &HashMap<String, usize>) -> Vec<Vec<(String, usize)>> {
    let mut slabs: Vec<Vec<(String, usize)>> = Vec::new();
    let mut room = 0;
    for region in regions {
        let here = slots.get(&region).copied().unwrap_or(0);
        match slabs.last_mut().filter(|_| here <= room) {
            Some(slab) => slab.push((region, here)),
            None => {
                slabs.push(vec![(region, here)]);
                room = SLAB;
            }
        }
        room = room.saturating_sub(here);
    }
    slabs
}

/// Works through `items` on connections of their own, `THREADS` at a time, until one fails or somebody cancels.
fn side_by_side<T: Sync>(
    job: &Job,
    items: &[T],
    work: impl Fn(&mut diesel::PgConnection, &T) -> Result<bool, Problem> + Sync,
) -> Result<(), Problem> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let one = || -> Result<(), Problem> {
        let mut conn = job.connect()?;
        while !stop.load(Ordering::Relaxed) {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let goes_on = work(&mut conn, item).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            if !goes_on {
                stop.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(one)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|_| Err(Problem::internal("a worker panicked"))))
    })
}

fn add(sum: &mut Cost, cost: &Cost) {
    sum.households += cost.households;
    sum.eligible += cost.eligible;
    sum.needs_data += cost.needs_data;
    sum.changed += cost.changed;
    sum.load += cost.load;
    sum.evaluate += cost.evaluate;
    sum.store += cost.store;
}

/// Programs made ready for a day, to be run over one kelurahan after the other.
pub(super) struct Sweep<'a> {
    book: &'a Book,
    programs: &'a [Live],
    plan: Plan,
    today: NaiveDate,
    reads: Reads,
    /// Whether these are all programs, so that what is stored of others is out of date.
    all: bool,
}

impl<'a> Sweep<'a> {
    pub fn new(book: &'a Book, programs: &'a [Live], today: NaiveDate, all: bool) -> Self {
        let rules: Vec<Rule<'_>> =
            programs.iter().map(|p| Rule { clause: &p.clause, restricted: p.restricted }).collect();
        let reads = Reads::of(programs.iter().map(|p| &p.clause), &book.vocabulary);
        Self { book, programs, plan: Plan::new(&rules, &book.vocabulary, today), today, reads, all }
    }

    /// Evaluates the city without storing: of each kelurahan who stands there, and the answers.
    pub fn look(
        &self,
        conn: &mut diesel::PgConnection,
        mut see: impl FnMut(&str, &[Uuid], &[satupintu_rules::Bits]),
    ) -> Result<(), Problem> {
        let (regions, places) = sets::unplaced(conn)?;
        let census = Census::new(self.book, &self.reads, &regions, places);
        for part in census.parts(conn)? {
            census.read(conn, part)?;
        }
        for gather in census.into_regions() {
            let chunk = gather.finish();
            let ids: Vec<Uuid> = (0..chunk.len()).map(|s| Uuid::from_u128(chunk.id(s).unwrap_or(0))).collect();
            see(chunk.region(), &ids, &self.plan.run(&chunk, &self.book.coverage));
        }
        Ok(())
    }

    /// Reads some kelurahan, then evaluates and stores one after the other. None where it met somebody without a slot and
    /// all were not `settled` before.
    fn slab(
        &self,
        job: &Job,
        slab: &[(String, usize)],
        (done, total): (&AtomicUsize, Option<i64>),
        settled: bool,
    ) -> Result<Option<Cost>, Problem> {
        let begin = Instant::now();
        let mut conn = job.connect()?;
        // Who is evaluated by himself from here on is evaluated again when his kelurahan is stored.
        let since = sets::moment(&mut conn)?;
        let codes: Vec<String> = slab.iter().map(|(code, _)| code.clone()).collect();
        let middle = sets::pages(&mut conn, "match_slots")? / 2;
        let places = Mutex::new(Places::default());
        side_by_side(job, &[(0, Some(middle)), (middle, None)], |conn, part| {
            let read = sets::standing(conn, &codes, *part)?;
            let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
            if places.is_empty() {
                *places = read;
            } else {
                places.extend(read);
            }
            Ok(true)
        })?;
        let places = places.into_inner().unwrap_or_else(PoisonError::into_inner);
        let census = Census::new(self.book, &self.reads, slab, places);
        let parts = census.parts(&mut conn)?;
        let so_far = || i64::try_from(done.load(Ordering::Relaxed)).unwrap_or(0);
        let said = Mutex::new(Instant::now());
        let go_on = |conn: &mut diesel::PgConnection| {
            // Saying it costs a commit.
            let due = {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                let due = said.elapsed() >= SAY;
                if due {
                    *said = Instant::now();
                }
                due
            };
            Ok(!(due && job.progress(conn, so_far(), total)?))
        };
        side_by_side(job, &parts, |conn, part| {
            census.read(conn, *part)?;
            go_on(conn)
        })?;
        if job.progress(&mut conn, so_far(), total)? {
            return Ok(Some(Cost::default()));
        }
        if !settled && census.has_strays() {
            return Ok(None);
        }
        let mut batches: Vec<Mutex<Vec<Gather>>> = Vec::new();
        for (at, gather) in census.into_regions().enumerate() {
            if at % self.together() == 0 {
                batches.push(Mutex::default());
            }
            if let Some(batch) = batches.last_mut() {
                batch.get_mut().unwrap_or_else(PoisonError::into_inner).push(gather);
            }
        }
        let sum = Mutex::new(Cost { load: begin.elapsed(), ..Cost::default() });
        side_by_side(job, &batches, |conn, batch| {
            let batch = std::mem::take(&mut *batch.lock().unwrap_or_else(PoisonError::into_inner));
            let regions = batch.len();
            let cost = self.regions(job, conn, batch, since)?;
            add(&mut sum.lock().unwrap_or_else(PoisonError::into_inner), &cost);
            done.fetch_add(regions, Ordering::Relaxed);
            go_on(conn)
        })?;
        Ok(Some(sum.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Kelurahan stored in one transaction: each commit waits for the disk, and each transaction keeps who corrects a
    /// household of one of them waiting, the longer the more programs it stores.
    fn together(&self) -> usize {
        (64 / self.programs.len().max(1)).clamp(2, 16)
    }

    /// Evaluates kelurahan as they were read at `since`, and stores them.
    fn regions(
        &self,
        job: &Job,
        conn: &mut diesel::PgConnection,
        batch: Vec<Gather>,
        since: DateTime<Utc>,
    ) -> Result<Cost, Problem> {
        let begin = Instant::now();
        let mut live = 0;
        let mut answers = Vec::with_capacity(batch.len());
        for gather in batch {
            let chunk = gather.finish();
            live += (0..chunk.len()).filter(|slot| chunk.id(*slot).is_some()).count();
            answers.push((chunk.region().to_owned(), self.plan.run_with_gaps(&chunk, &self.book.coverage)));
        }
        let evaluate = begin.elapsed();
        let stored = Instant::now();
        let cost = job.gate.system::<MatchRun, _>(conn, "matching", |w| self.store(w.conn(), &answers, since))?;
        Ok(Cost { households: i64::try_from(live).unwrap_or(0), evaluate, store: stored.elapsed(), ..cost })
    }

    /// Stores kelurahan; places that were evaluated by themselves since they were read are evaluated again.
    fn store(
        &self,
        conn: &mut diesel::PgConnection,
        batch: &[(String, Answers)],
        since: DateTime<Utc>,
    ) -> Result<Cost, Problem> {
        // In their order, as who corrects households takes them too: so nobody waits in a circle.
        let regions: Vec<String> =
            batch.iter().map(|(region, _)| region.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        for region in &regions {
            sets::lock_region(conn, region)?;
        }
        let touched = sets::touched(conn, &regions, since)?;
        let numbers: Vec<i32> = self.programs.iter().map(|p| p.number).collect();
        let before: HashMap<(String, i32), Set> = sets::of_regions(conn, &regions, Some(&numbers))?
            .into_iter()
            .map(|s| ((s.region_code.clone(), s.program_number), s))
            .collect();
        let mut cost = Cost::default();
        let mut fresh = Vec::with_capacity(self.programs.len() * batch.len());
        let mut gaps = Vec::new();
        for (region, answers) in batch {
            let touched = touched.get(region).map(Vec::as_slice).unwrap_or_default();
            let (mut holders, mut homes) = (HashMap::new(), HashMap::new());
            if !touched.is_empty() {
                holders = sets::holders(conn, region, touched)?;
                let ids: Vec<Uuid> = holders.values().copied().collect();
                homes = people::households(conn, self.book, Which::Some(&ids))?;
            }
            for (program, bits) in self.programs.iter().zip(&answers.rules) {
                let open: Vec<u64> = bits.certain.iter().zip(&bits.possible).map(|(c, p)| p & !c).collect();
                let (mut eligible, mut needs_data) = (sets::bytes(&bits.certain), sets::bytes(&open));
                for slot in touched {
                    let home = holders.get(slot).and_then(|id| homes.get(id)).filter(|home| home.region == *region);
                    let truth = home.map_or(Tri::False, |home| judge(&program.clause, home, self.setting(program)));
                    let slot = usize::try_from(*slot).unwrap_or(0);
                    sets::set_bit(&mut eligible, slot, truth == Tri::True);
                    sets::set_bit(&mut needs_data, slot, truth == Tri::Unknown);
                }
                cost.eligible += i64::from(sets::ones(&eligible));
                cost.needs_data += i64::from(sets::ones(&needs_data));
                let old = before.get(&(region.clone(), program.number));
                cost.changed += i64::from(old.map_or_else(
                    || sets::ones(&eligible) + sets::ones(&needs_data),
                    |s| sets::differing(&s.eligible, &eligible) + sets::differing(&s.needs_data, &needs_data),
                ));
                fresh.push(Set {
                    region_code: region.clone(),
                    program_number: program.number,
                    rule_version: program.rule_version,
                    eligible,
                    needs_data,
                    evaluated_at: Utc::now(),
                });
            }
            gaps.extend(answers.gaps.iter().map(|(at, fact, households)| sets::Open {
                region: region.clone(),
                program: self.programs.get(*at).map_or(0, |p| p.number),
                fact: fact.clone(),
                households: *households,
            }));
        }
        sets::store(conn, &fresh, self.today)?;
        sets::store_gaps(conn, &regions, &numbers, &gaps)?;
        if self.all {
            sets::forget(conn, Some(&regions), &numbers, None)?;
        }
        Ok(cost)
    }

    fn setting(&self, program: &Live) -> Setting<'_> {
        Setting {
            vocabulary: &self.book.vocabulary,
            coverage: &self.book.coverage,
            today: day(self.today),
            restricted: program.restricted,
        }
    }
}
