//! Builds the columns of a kelurahan from rows that come table by table and in any order: as fast as they can be read.

use crate::columns::{Chunk, Column, Owned};
use crate::subject::{Benefit, Cell, Problem, Snapshot, absent};
use crate::vocabulary::{Subject, Vocabulary};

/// What is recorded of the number of members.
#[derive(Debug, Clone, Copy, Default)]
pub struct Recorded {
    /// Whether every member is recorded.
    pub complete: bool,
    /// How many there are, by the family card.
    pub declared: Option<u32>,
}

/// A row of a household, and perhaps of one of its members.
#[derive(Debug, Clone, Copy)]
struct Loose<T> {
    slot: u32,
    person: Option<u128>,
    row: T,
}

/// Rows of one kelurahan on their way into a [`Chunk`]. Ids are the caller's; slots beyond those announced are passed over.
#[derive(Debug)]
pub struct Gather {
    chunk: Chunk,
    recorded: Vec<Recorded>,
    members: Vec<(u32, u128)>,
    /// Facts of members that have a column.
    wanted: Vec<usize>,
    secrets: Vec<Loose<(usize, Cell)>>,
    disputes: Vec<Loose<usize>>,
    problems: Vec<Loose<Problem>>,
    benefits: Vec<Loose<Benefit>>,
}

impl Gather {
    /// Nobody yet in so many slots; only the `wanted` facts get a column.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, region: &str, slots: usize, wanted: impl Fn(usize) -> bool) -> Self {
        let mut chunk = Chunk::new(vocabulary, region);
        chunk.ids = vec![0; slots];
        chunk.live = vec![0; slots.div_ceil(64)];
        let mut members = Vec::new();
        for (number, fact) in vocabulary.facts().iter().enumerate() {
            let wanted = wanted(number);
            if fact.subject == Subject::Household {
                let column = wanted.then(|| Column::blank(fact.kind, slots));
                chunk.facts.iter_mut().skip(number).take(1).for_each(|c| c.clone_from(&column));
            } else if wanted {
                members.push(number);
            } else {
                chunk.member_facts.iter_mut().skip(number).take(1).for_each(|c| *c = None);
            }
        }
        Self {
            chunk,
            recorded: vec![Recorded::default(); slots],
            members: Vec::new(),
            wanted: members,
            secrets: Vec::new(),
            disputes: Vec::new(),
            problems: Vec::new(),
            benefits: Vec::new(),
        }
    }

    /// The kelurahan.
    #[must_use]
    pub fn region(&self) -> &str {
        self.chunk.region()
    }

    /// A household lives in this slot.
    pub fn home(&mut self, slot: usize, id: u128, recorded: Recorded) {
        if let (Some(of), Some(known)) = (self.chunk.ids.get_mut(slot), self.recorded.get_mut(slot)) {
            *of = id;
            *known = recorded;
            if let Some(word) = self.chunk.live.get_mut(slot / 64) {
                *word |= 1 << (slot % 64);
            }
        }
    }

    /// A fact of the household.
    pub fn put(&mut self, slot: usize, fact: usize, cell: Cell) {
        if let Some(Some(column)) = self.chunk.facts.get_mut(fact) {
            column.set(slot, cell);
        }
    }

    /// A member; his row, for what is known of him.
    pub fn member(&mut self, slot: usize, id: u128) -> usize {
        for fact in &self.wanted {
            if let Some(Some(column)) = self.chunk.member_facts.get_mut(*fact) {
                column.push(Cell::Missing);
            }
        }
        self.members.push((u32::try_from(slot).unwrap_or(u32::MAX), id));
        self.members.len() - 1
    }

    /// A fact of the member in this row.
    pub fn put_member(&mut self, row: usize, fact: usize, cell: Cell) {
        if let Some(Some(column)) = self.chunk.member_facts.get_mut(fact) {
            column.set(row, cell);
        }
    }

    /// A fact of a member that only restricted programs may use.
    pub fn secret(&mut self, slot: usize, person: u128, fact: usize, cell: Cell) {
        self.secrets.push(Loose { slot: slot32(slot), person: Some(person), row: (fact, cell) });
    }

    /// A fact of the household, or of one of its members, that is disputed, whatever was put for it.
    pub fn dispute(&mut self, slot: usize, person: Option<u128>, fact: usize) {
        self.disputes.push(Loose { slot: slot32(slot), person, row: fact });
    }

    /// A problem; with a person who is no member it is nobody's here.
    pub fn problem(&mut self, slot: usize, person: Option<u128>, problem: Problem) {
        self.problems.push(Loose { slot: slot32(slot), person, row: problem });
    }

    /// A benefit; with a person who is no member it is the household's.
    pub fn benefit(&mut self, slot: usize, person: Option<u128>, benefit: Benefit) {
        self.benefits.push(Loose { slot: slot32(slot), person, row: benefit });
    }

    /// What a source said of the household.
    pub fn snapshot(&mut self, slot: usize, snapshot: Snapshot) {
        self.chunk.snapshots.push(Owned { household: slot32(slot), member: u32::MAX, row: snapshot });
    }

    /// Puts everything in its place.
    #[must_use]
    pub fn finish(self) -> Chunk {
        let Self { mut chunk, recorded, members, wanted, secrets, disputes, problems, benefits } = self;
        // The engine takes them household by household.
        chunk.snapshots.sort_by_key(|s| s.household);
        let key = |row: &u32| members.get(*row as usize).copied().unwrap_or_default();
        let mut order: Vec<u32> = (0..slot32(members.len())).collect();
        order.sort_unstable_by_key(key);
        for fact in wanted {
            if let Some(Some(column)) = chunk.member_facts.get_mut(fact) {
                *column = column.ordered(&order);
            }
        }
        let sorted: Vec<(u32, u128)> = order.iter().map(key).collect();
        chunk.slot_of = sorted.iter().map(|(slot, _)| *slot).collect();
        let mut first = 0u32;
        let mut rest = sorted.as_slice();
        for (slot, known) in recorded.iter().enumerate() {
            let present = slot32(rest.iter().take_while(|(of, _)| *of as usize == slot).count());
            rest = rest.get(present as usize..).unwrap_or_default();
            first += present;
            chunk.first_member.push(first);
            let missing = absent(known.complete, known.declared, present).unwrap_or(u32::MAX);
            let live = chunk.live.get(slot / 64).is_some_and(|w| w >> (slot % 64) & 1 == 1);
            let missing = if live { missing } else { 0 };
            chunk.absent.push(missing);
            if slot.is_multiple_of(64) {
                chunk.open.push(0);
            }
            if let Some(word) = chunk.open.last_mut() {
                *word |= u64::from(missing > 0) << (slot % 64);
            }
        }
        let row_of = |slot: u32, person: u128| sorted.binary_search(&(slot, person)).ok().map(slot32);
        for Loose { slot, person, row: (fact, cell) } in secrets {
            if let Some(row) = person.and_then(|p| row_of(slot, p)) {
                chunk.restricted.push((fact, row, cell));
            }
        }
        for Loose { slot, person, row: fact } in disputes {
            let (columns, row) = match person {
                None => (&mut chunk.facts, Some(slot)),
                Some(person) => (&mut chunk.member_facts, row_of(slot, person)),
            };
            if let (Some(Some(column)), Some(row)) = (columns.get_mut(fact), row) {
                column.set(row as usize, Cell::Disputed);
            }
        }
        for Loose { slot, person, row } in problems {
            let member = person.map(|p| row_of(slot, p));
            if member == Some(None) {
                continue;
            }
            let need = usize::from(row.need);
            if chunk.problems.len() <= need {
                chunk.problems.resize_with(need + 1, Vec::new);
            }
            if let Some(list) = chunk.problems.get_mut(need) {
                list.push(Owned { household: slot, member: member.flatten().unwrap_or(u32::MAX), row });
            }
        }
        chunk.benefits.extend(benefits.into_iter().map(|Loose { slot, person, row }| {
            let member = person.and_then(|p| row_of(slot, p)).unwrap_or(u32::MAX);
            Owned { household: slot, member, row }
        }));
        chunk
    }
}

fn slot32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
