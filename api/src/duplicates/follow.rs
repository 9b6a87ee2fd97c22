//! Compares who is new or changed with the registry, by the weights of the newest run: what the next run would find is
//! found within a minute. Nothing has changed: nothing is read.

use std::time::{Duration, Instant};

use uuid::Uuid;

use super::queries::follow::{self, Change};
use super::queries::pass;
use crate::access::policy::DuplicateFind;
use crate::access::{Gate, Writer};
use crate::identity;
use crate::identity::queries::{Found, Keys, PersonRow, keep as keep_keys, people};
use crate::jobs;
use crate::kernel::problem::Problem;

/// Households taken in one transaction.
const HOUSEHOLDS: i64 = 50;
/// People read in one transaction where everybody is.
const PEOPLE: i64 = 2000;
/// Of these, people compared in one transaction.
const COMPARED: usize = 200;
/// How long one round may take; other chores wait for it.
const ROUND: Duration = Duration::from_secs(20);

/// Takes what has changed off the list, a small piece at a time.
pub(super) fn follow(gate: &Gate) -> Result<u64, Problem> {
    let began = Instant::now();
    jobs::in_batches::<DuplicateFind>(gate, "duplicates", |w| if began.elapsed() > ROUND { Ok(0) } else { batch(w) })
}

fn batch(w: &mut Writer<'_>) -> Result<u64, Problem> {
    let changes = follow::next(w, HOUSEHOLDS)?;
    let households: Vec<Uuid> = changes.iter().filter_map(|change| change.household_id).collect();
    if households.is_empty() {
        return changes.first().map_or(Ok(0), |everybody| sweep(w, everybody));
    }
    let ids = follow::members(w, households.clone())?;
    let members = people(w, &ids)?;
    compare(w, &members, true, usize::MAX)?;
    follow::forget(w, households)?;
    let seqs: Vec<i64> = changes.iter().filter(|c| c.household_id.is_some()).map(|change| change.seq).collect();
    let taken = u64::try_from(seqs.len()).unwrap_or_default();
    follow::done(w, seqs)?;
    Ok(taken)
}

/// The next people of the whole registry. Where nobody has keys yet they are only made: then a run compares.
fn sweep(w: &mut Writer<'_>, everybody: &Change) -> Result<u64, Problem> {
    let first = if everybody.after_id.is_some() { everybody.first } else { follow::begin(w, everybody.seq)? };
    let next = pass::people(w, everybody.after_id.unwrap_or_default(), PEOPLE)?;
    let done = compare(w, &next, !first, COMPARED)?;
    match next.get(done.saturating_sub(1)) {
        Some(last) => follow::reached(w, everybody.seq, last.id, first)?,
        None => follow::done(w, vec![everybody.seq])?,
    }
    Ok(1)
}

/// Keeps the keys of whoever has changed and compares him, until so many were compared; how many people that was.
fn compare(w: &mut Writer<'_>, people: &[PersonRow], pairs: bool, most: usize) -> Result<usize, Problem> {
    let known = follow::digests(w, people)?;
    let (mut fresh, mut keep, mut done) = (Vec::new(), Keys::default(), 0);
    for person in people {
        let digest = identity::digest(person);
        if known.get(&person.id) != Some(&digest) {
            if pairs && fresh.len() >= most {
                break;
            }
            let keys = identity::keys_of(person);
            keep.push(person.id, &keys, digest);
            fresh.push((person, keys));
        }
        done += 1;
    }
    keep_keys(w, keep)?;
    if !pairs || fresh.is_empty() {
        return Ok(done);
    }
    let model = identity::model(w)?;
    for (person, keys) in fresh {
        let alike = identity::alike_of(w, &model, person, &keys)?;
        let mut found = Found::default();
        for other in &alike {
            found.push(if other.same_nik { "nik" } else { "person" }, (person.id, other.id), &other.judged, None);
        }
        if !found.ids.is_empty() {
            pass::store(w, None, None, found)?;
        }
        follow::let_go(w, person.id, alike.into_iter().map(|other| other.id).collect())?;
    }
    Ok(done)
}
