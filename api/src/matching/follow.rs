//! The thread that follows every change: households are evaluated by themselves, runs are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use satupintu_rules::{Setting, Tri, day, judge};
use uuid::Uuid;

use super::queries::people::{self, Which};
use super::queries::sets::{self, Set};
use super::queries::{self, book, runs};
use super::work::ask;
use crate::access::policy::MatchRun;
use crate::access::{Gate, Writer};
use crate::kernel::dates::office_date;
use crate::kernel::problem::Problem;

/// Most changes taken at once.
const BATCH: i64 = 200;

/// Evaluates what has changed; how many changes it took.
pub(super) fn catch_up(gate: &Gate, conn: &mut diesel::PgConnection) -> Result<usize, Problem> {
    gate.system::<MatchRun, _>(conn, "matching", |w| {
        let changes = queries::take(w.conn(), BATCH)?;
        if changes.is_empty() {
            return Ok(0);
        }
        let taken = changes.len();
        let all = changes.iter().any(|c| c.household_id.is_none() && c.program_id.is_none());
        if all && !book::book(w.conn())?.programs.is_empty() {
            ask(w, None, "registry")?;
        }
        let programs: BTreeSet<Uuid> = changes.iter().filter_map(|c| c.program_id).collect();
        for program in programs {
            ask(w, Some(program), "rule")?;
        }
        let homes: BTreeSet<Uuid> = changes.iter().filter_map(|c| c.household_id).collect();
        households(w, &homes.into_iter().collect::<Vec<_>>())?;
        Ok(taken)
    })
}

/// Evaluates households again and corrects their bits.
fn households(w: &mut Writer<'_>, ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let today = w.today();
    let conn = w.conn();
    let old = sets::places(conn, ids)?;
    let new = sets::domiciles(conn, ids)?;
    // Kelurahan in their order, so that two of us never wait for each other.
    let regions: BTreeSet<&String> = old.values().map(|(region, _)| region).chain(new.values()).collect();
    for region in &regions {
        sets::lock_region(conn, region)?;
    }
    // Read again under the lock.
    let new = sets::domiciles(conn, ids)?;
    let book = book::book(conn)?;
    let mut stored: BTreeMap<String, Vec<Set>> = BTreeMap::new();
    let regions: Vec<String> = regions.into_iter().cloned().collect();
    for set in sets::of_regions(conn, &regions, None)? {
        stored.entry(set.region_code.clone()).or_default().push(set);
    }
    let mut dirty: BTreeSet<(String, i32)> = BTreeSet::new();
    let mut touched: Vec<(String, usize)> = old.values().cloned().collect();
    for id in ids {
        let home = new.get(id);
        if let Some((region, slot)) = old.get(id).filter(|(region, _)| Some(region) != home) {
            for set in stored.get_mut(region).into_iter().flatten() {
                mark(set, *slot, Tri::False, &mut dirty);
            }
        }
        let Some(region) = home else { continue };
        let place = match old.get(id).filter(|(at, _)| at == region) {
            Some((_, slot)) => Some(*slot),
            None => sets::slots(conn, region)?.into_iter().find(|(_, of)| of == id).map(|(slot, _)| slot),
        };
        let Some(slot) = place else { continue };
        touched.push((region.clone(), slot));
        if stored.get(region).is_none_or(Vec::is_empty) {
            continue;
        }
        let read = people::households(conn, &book, Which::One(*id))?;
        let Some(household) = read.get(id) else { continue };
        for set in stored.get_mut(region).into_iter().flatten() {
            // A program whose run is still to come is evaluated whole by it.
            let program = book.programs.iter().find(|p| p.number == set.program_number);
            if let Some(program) = program.filter(|p| p.rule_version == set.rule_version) {
                let setting = Setting {
                    vocabulary: &book.vocabulary,
                    coverage: &book.coverage,
                    today: day(today),
                    restricted: program.restricted,
                };
                mark(set, slot, judge(&program.clause, household, setting), &mut dirty);
            }
        }
    }
    // The first family of a kelurahan comes after the runs that would have stored it.
    let unmatched: BTreeSet<Uuid> = new
        .values()
        .flat_map(|region| {
            let here = stored.get(region).map(Vec::as_slice).unwrap_or_default();
            book.programs.iter().filter(|p| here.iter().all(|set| set.program_number != p.number)).map(|p| p.id)
        })
        .collect();
    sets::touch(conn, &touched)?;
    let changed: Vec<Set> =
        stored.into_values().flatten().filter(|s| dirty.contains(&(s.region_code.clone(), s.program_number))).collect();
    sets::store(conn, &changed, today)?;
    match (unmatched.first(), unmatched.len()) {
        (None, _) => {}
        (Some(program), 1) => _ = ask(w, Some(*program), "registry")?,
        _ => _ = ask(w, None, "registry")?,
    }
    Ok(())
}

fn mark(set: &mut Set, slot: usize, truth: Tri, dirty: &mut BTreeSet<(String, i32)>) {
    let eligible = sets::set_bit(&mut set.eligible, slot, truth == Tri::True);
    let needs_data = sets::set_bit(&mut set.needs_data, slot, truth == Tri::Unknown);
    if eligible || needs_data {
        dirty.insert((set.region_code.clone(), set.program_number));
    }
}

/// How often the queue is looked at where no notification comes.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often notifications are looked for.
const TICK: Duration = Duration::from_millis(10);

/// Follows changes until `stop`, on a connection of its own.
pub fn follow(gate: Gate, stop: Arc<AtomicBool>) -> Result<std::thread::JoinHandle<()>, String> {
    std::thread::Builder::new()
        .name("matching".into())
        .spawn(move || {
            while !stop.load(Ordering::Acquire) {
                if let Err(problem) = listen(&gate, &stop) {
                    tracing::warn!(
                        cause = problem.cause.as_deref().unwrap_or("-"),
                        "matching does not follow changes; trying again"
                    );
                    std::thread::sleep(Duration::from_millis(500));
                }
            }
        })
        .map_err(|e| format!("cannot start matching: {e}"))
}

fn listen(gate: &Gate, stop: &AtomicBool) -> Result<(), Problem> {
    let mut conn = queries::listen(gate.config().database_url.expose())?;
    let mut looked = None;
    while !stop.load(Ordering::Acquire) {
        let told = queries::notified(&mut conn)?;
        if told || looked.is_none_or(|at: Instant| at.elapsed() > PATIENCE) {
            new_day(gate, &mut conn)?;
            while catch_up(gate, &mut conn)? > 0 {}
            looked = Some(Instant::now());
        }
        std::thread::sleep(TICK);
    }
    Ok(())
}

/// Asks once a day for what birthdays and expiries change without a write.
fn new_day(gate: &Gate, conn: &mut diesel::PgConnection) -> Result<(), Problem> {
    let today = office_date(Utc::now());
    if queries::day_asked(conn, today)? || book::book(conn)?.programs.is_empty() {
        return Ok(());
    }
    gate.system::<MatchRun, _>(conn, "matching", |w| {
        let run = ask(w, None, "day")?;
        runs::ask_day(w, today, run).map(|_| ())
    })
}
