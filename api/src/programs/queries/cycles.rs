//! SQL of cycles, and the seats that referrals take and give back.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::db::schema::program_cycles::{self, dsl as c};
use crate::kernel::page::Cursor;
use crate::kernel::problem::{self, Problem};
use crate::programs::model::{CycleStatus, NewCycle, SeatKind};

/// A cycle as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = program_cycles)]
pub(in crate::programs) struct CycleRow {
    pub id: Uuid,
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub seat_kind: SeatKind,
    pub seats: i32,
    pub seats_taken: i32,
    pub rule_version: i32,
    pub status: CycleStatus,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A cycle of a program the caller was shown; else 404.
pub(in crate::programs) fn find(r: &mut Reader<'_>, program: Uuid, id: Uuid) -> Result<CycleRow, Problem> {
    Ok(c::program_cycles.find(id).filter(c::program_id.eq(program)).select(CycleRow::as_select()).first(r.conn())?)
}

/// A page of its cycles, newest first.
pub(in crate::programs) fn list(
    r: &mut Reader<'_>,
    program: Uuid,
    status: Option<CycleStatus>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CycleRow>, Problem> {
    let mut query = c::program_cycles.filter(c::program_id.eq(program)).into_boxed();
    if let Some(status) = status {
        query = query.filter(c::status.eq(status));
    }
    if let Some(id) = start.and_then(|s| s.id.parse::<Uuid>().ok()) {
        query = query.filter(c::id.lt(id));
    }
    Ok(query.order(c::id.desc()).limit(fetch).select(CycleRow::as_select()).load(r.conn())?)
}

/// How many cycles the list has.
pub(in crate::programs) fn count(
    r: &mut Reader<'_>,
    program: Uuid,
    status: Option<CycleStatus>,
) -> Result<i64, Problem> {
    let mut query = c::program_cycles.filter(c::program_id.eq(program)).into_boxed();
    if let Some(status) = status {
        query = query.filter(c::status.eq(status));
    }
    Ok(query.count().get_result(r.conn())?)
}

/// Stores a cycle.
pub(in crate::programs) fn insert(
    w: &mut Writer<'_>,
    program: Uuid,
    name: &str,
    new: &NewCycle,
) -> Result<Uuid, Problem> {
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::insert_into(c::program_cycles)
        .values((
            c::id.eq(id),
            c::program_id.eq(program),
            c::name.eq(name),
            c::starts_on.eq(new.starts_on),
            c::ends_on.eq(new.ends_on),
            c::seat_kind.eq(new.seat_kind),
            c::seats.eq(new.seats),
            c::created_at.eq(now),
            c::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Writes every editable column of a locked cycle.
pub(in crate::programs) fn update(w: &mut Writer<'_>, new: &CycleRow) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(c::program_cycles.find(new.id))
        .set((
            c::name.eq(&new.name),
            c::starts_on.eq(new.starts_on),
            c::ends_on.eq(new.ends_on),
            c::seats.eq(new.seats),
            c::status.eq(new.status),
            c::version.eq(c::version + 1),
            c::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// A cycle held until the transaction ends: what moves its seats and money comes one after the other.
#[derive(Debug, Clone, Copy)]
pub struct CycleLock {
    /// The cycle.
    pub id: Uuid,
    /// What happens to a seat afterwards.
    pub seat_kind: SeatKind,
}

/// Locks a cycle. Taken before ledger accounts, always.
pub fn lock_cycle(w: &mut Writer<'_>, id: Uuid) -> Result<CycleLock, Problem> {
    let seat_kind = c::program_cycles.find(id).select(c::seat_kind).for_no_key_update().first(w.conn())?;
    Ok(CycleLock { id, seat_kind })
}

/// Takes a seat of a locked cycle, or `no_seats`.
pub fn take_seat(w: &mut Writer<'_>, cycle: CycleLock) -> Result<(), Problem> {
    let taken = diesel::update(c::program_cycles.find(cycle.id).filter(c::seats_taken.lt(c::seats)))
        .set(c::seats_taken.eq(c::seats_taken + 1))
        .execute(w.conn())?;
    if taken == 0 { Err(Problem::new(&problem::NO_SEATS)) } else { Ok(()) }
}

/// Gives a seat of a locked cycle back.
pub fn free_seat(w: &mut Writer<'_>, cycle: CycleLock) -> Result<(), Problem> {
    diesel::update(c::program_cycles.find(cycle.id)).set(c::seats_taken.eq(c::seats_taken - 1)).execute(w.conn())?;
    Ok(())
}
