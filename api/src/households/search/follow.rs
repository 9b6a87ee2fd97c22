//! Fills the indexes in the background and keeps them up to date.

use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use uuid::Uuid;

use super::Finder;
use super::ask::name_texts;
use super::feed::Feed;
use super::queries::source::{self, Conn, Member, Place};
use crate::config::Config;
use crate::kernel::addresses;
use crate::search::Change;

/// How often changes are looked for where nobody searches.
const TICK: Duration = Duration::from_millis(500);
/// How long to wait for the database.
const RETRY: Duration = Duration::from_secs(1);
/// How often the feed's old rows are cleared away.
const CLEARING: Duration = Duration::from_secs(3600);
/// Who has not followed for this long may have missed rows that were cleared away, and reads everything anew.
const TOO_LONG: Duration = Duration::from_secs(24 * 3600);
/// More changed households than these are read anew with all the others.
const MANY: usize = 40_000;

/// Starts the thread that follows the registry, unless the settings want none; it ends when the finder is dropped.
pub fn start(config: &Config) -> Result<Arc<Finder>, String> {
    let (wake, woken) = bounded(1);
    let finder = Arc::new(Finder::new(wake));
    if config.search_memory == "off" {
        return Ok(finder);
    }
    let (following, url) = (Arc::downgrade(&finder), config.database_url.clone());
    std::thread::Builder::new()
        .name("search-index".into())
        .spawn(move || follow(&following, url.expose(), &woken))
        .map_err(|e| format!("cannot start a thread: {e}"))?;
    Ok(finder)
}

fn follow(finder: &Weak<Finder>, url: &str, woken: &Receiver<()>) {
    let mut conn: Option<Conn> = None;
    let (mut cleared, mut followed) = (Instant::now(), Instant::now());
    while let Some(finder) = finder.upgrade() {
        if conn.is_none() {
            conn = source::connect(url).ok();
        }
        if followed.elapsed() > TOO_LONG {
            *finder.feed() = None;
        }
        let step = match conn.as_mut() {
            Some(conn) => finder.step(conn, &mut cleared),
            None => Err("no connection".to_owned()),
        };
        let wait = match step {
            Ok(()) => {
                followed = Instant::now();
                TICK
            }
            Err(cause) => {
                tracing::warn!(cause, "the search indexes do not follow the registry; Postgres is asked");
                conn = None;
                RETRY
            }
        };
        drop(finder);
        let _ = woken.recv_timeout(wait);
    }
}

impl Finder {
    fn step(&self, conn: &mut Conn, cleared: &mut Instant) -> Result<(), String> {
        if !self.catch_up(conn).map_err(|e| e.to_string())? {
            self.fill(conn).map_err(|e| e.to_string())?;
        }
        if cleared.elapsed() > CLEARING {
            *cleared = Instant::now();
            source::clear(conn).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    /// Reads everything. What changes meanwhile stands in the feed behind the place noted first.
    fn fill(&self, conn: &mut Conn) -> Result<(), source::Error> {
        let begun = Instant::now();
        let (last, recent) = source::position(conn)?;
        let mut names = self.names.builder();
        source::each_member(conn, |member: Member| {
            let slot = self.slot(&member.region_code);
            for text in name_texts(&member.name) {
                names.push(member.household_id.as_u128(), slot, &text);
            }
        })?;
        self.names.replace(names);
        let mut streets = self.streets.builder();
        source::each_place(conn, |place: Place| {
            let slot = self.slot(&place.region_code);
            if let Some(text) = address(&place) {
                streets.push(place.household_id.as_u128(), slot, &text);
            }
        })?;
        self.streets.replace(streets);
        *self.feed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Feed::new(last, &recent, begun));
        let bytes = self.names.bytes() + self.streets.bytes();
        metrics::gauge!("search_index_bytes").set(bytes as f64);
        tracing::info!(
            names = self.names.len(),
            addresses = self.streets.len(),
            megabytes = bytes / 1_000_000,
            milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "search indexes filled"
        );
        Ok(())
    }

    /// Takes in every change committed before this call; changed ids are read in rising order. `false`: the indexes are being filled and cannot be asked.
    pub(super) fn catch_up(&self, conn: &mut Conn) -> Result<bool, source::Error> {
        let now = Instant::now();
        let Some((last, missing)) = self.feed().as_ref().map(|feed| (feed.last(), feed.missing())) else {
            return Ok(false);
        };
        let changes = source::changes(conn, last, &missing)?;
        if changes.is_empty() {
            return Ok(true);
        }
        // One at a time: what is read under the lock is at least as new as the change that asked for it.
        let mut guard = self.feed();
        let Some(feed) = guard.as_mut() else { return Ok(false) };
        feed.forget(now);
        let new: Vec<_> = changes.into_iter().filter(|change| feed.take(change.seq, now)).collect();
        let bulk = new.iter().any(|change| change.kind == "bulk") || new.len() > MANY;
        if bulk {
            *guard = None;
            drop(guard);
            let _ = self.wake.try_send(());
            return Ok(false);
        }
        match source::touched(conn, &new).and_then(|touched| self.take_in(conn, &touched)) {
            Ok(()) => Ok(true),
            Err(cause) => {
                // What was taken from the feed was not taken in: only reading everything is certain to mend that.
                *guard = None;
                Err(cause)
            }
        }
    }

    fn take_in(&self, conn: &mut Conn, touched: &[Uuid]) -> Result<(), source::Error> {
        for ids in touched.chunks(2_000) {
            let mut names: Vec<Change> = Vec::with_capacity(ids.len());
            let mut streets: Vec<Change> = Vec::with_capacity(ids.len());
            let mut members = source::members_of(conn, ids)?.into_iter().peekable();
            let mut places = source::places_of(conn, ids)?.into_iter().peekable();
            for id in ids {
                let mut texts = Vec::new();
                let mut region = None;
                while let Some(member) = members.next_if(|member| member.household_id == *id) {
                    region.get_or_insert_with(|| self.slot(&member.region_code));
                    texts.extend(name_texts(&member.name));
                }
                names.push(change(*id, region, texts));
                let place = places.next_if(|place| place.household_id == *id);
                let region = place.as_ref().map(|place| self.slot(&place.region_code));
                let text = place.as_ref().and_then(address);
                streets.push(change(*id, region, text.into_iter().collect()));
            }
            self.names.apply(&names);
            self.streets.apply(&streets);
        }
        Ok(())
    }

    fn feed(&self) -> std::sync::MutexGuard<'_, Option<Feed>> {
        self.feed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn change(id: Uuid, region: Option<u32>, texts: Vec<String>) -> Change {
    match region {
        Some(region) if !texts.is_empty() => Change::Put { id: id.as_u128(), region, texts },
        _ => Change::Remove { id: id.as_u128() },
    }
}

fn address(place: &Place) -> Option<String> {
    let street = place.street.as_deref()?;
    Some(addresses::normalize(street, place.rt.as_deref(), place.rw.as_deref())).filter(|text| !text.is_empty())
}
