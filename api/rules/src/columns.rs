//! Households of one kelurahan as columns: what the engine reads.

use crate::subject::{Benefit, Cell, Day, Household, Problem, Snapshot};
use crate::vocabulary::{Kind, Subject, Vocabulary};

/// Number that stands for "not known" in a column of numbers.
pub(crate) const NONE: i32 = i32::MIN;
pub(crate) const NONE_LARGE: i64 = i64::MIN;
/// Most members of one household that stand in the columns.
const MAX_MEMBERS: usize = 60_000;

/// One fact of every row.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Codes by number; yes and no as 2 and 1; 0: not known.
    Codes(Vec<u8>),
    /// Whole numbers.
    Numbers(Vec<i32>),
    /// Rupiah.
    Money(Vec<i64>),
    /// Days between two, both included; the whole range: not known.
    Days(Vec<[Day; 2]>),
}

impl Column {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Bool | Kind::Code => Self::Codes(Vec::new()),
            Kind::Int => Self::Numbers(Vec::new()),
            Kind::Money => Self::Money(Vec::new()),
            Kind::Date => Self::Days(Vec::new()),
        }
    }

    /// A column in which nothing is known of any row.
    pub(crate) fn blank(kind: Kind, rows: usize) -> Self {
        match Self::new(kind) {
            Self::Codes(_) => Self::Codes(vec![0; rows]),
            Self::Numbers(_) => Self::Numbers(vec![NONE; rows]),
            Self::Money(_) => Self::Money(vec![NONE_LARGE; rows]),
            Self::Days(_) => Self::Days(vec![[Day::MIN, Day::MAX]; rows]),
        }
    }

    pub(crate) fn push(&mut self, cell: Cell) {
        match self {
            Self::Codes(column) => column.push(code(cell)),
            Self::Numbers(column) => column.push(small(cell)),
            Self::Money(column) => column.push(large(cell)),
            Self::Days(column) => column.push(days(cell)),
        }
    }

    /// Sets a row that is there.
    pub(crate) fn set(&mut self, row: usize, cell: Cell) {
        fn put<T>(column: &mut [T], row: usize, value: T) {
            if let Some(slot) = column.get_mut(row) {
                *slot = value;
            }
        }
        match self {
            Self::Codes(column) => put(column, row, code(cell)),
            Self::Numbers(column) => put(column, row, small(cell)),
            Self::Money(column) => put(column, row, large(cell)),
            Self::Days(column) => put(column, row, days(cell)),
        }
    }

    /// The same rows in another order.
    pub(crate) fn ordered(&self, order: &[u32]) -> Self {
        fn pick<T: Copy>(column: &[T], order: &[u32]) -> Vec<T> {
            order.iter().filter_map(|row| column.get(*row as usize).copied()).collect()
        }
        match self {
            Self::Codes(column) => Self::Codes(pick(column, order)),
            Self::Numbers(column) => Self::Numbers(pick(column, order)),
            Self::Money(column) => Self::Money(pick(column, order)),
            Self::Days(column) => Self::Days(pick(column, order)),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Codes(c) => c.capacity(),
            Self::Numbers(c) => c.capacity() * 4,
            Self::Money(c) => c.capacity() * 8,
            Self::Days(c) => c.capacity() * 8,
        }
    }
}

fn code(cell: Cell) -> u8 {
    match cell {
        Cell::Code(code) => code,
        Cell::Bool(is) => 1 + u8::from(is),
        _ => 0,
    }
}

fn small(cell: Cell) -> i32 {
    match cell {
        Cell::Int(n) => i32::try_from(n).unwrap_or(if n < 0 { NONE + 1 } else { i32::MAX }),
        _ => NONE,
    }
}

fn large(cell: Cell) -> i64 {
    match cell {
        Cell::Int(n) => n,
        _ => NONE_LARGE,
    }
}

fn days(cell: Cell) -> [Day; 2] {
    match cell {
        Cell::Days(first, last) => [first, last],
        _ => [Day::MIN, Day::MAX],
    }
}

/// A row that belongs to a household, and perhaps to one of its members.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owned<T> {
    pub household: u32,
    /// Row of the member, or `u32::MAX`.
    pub member: u32,
    pub row: T,
}

/// Households of one kelurahan, each in its slot.
#[derive(Debug, Clone)]
pub struct Chunk {
    pub(crate) region: String,
    pub(crate) ids: Vec<u128>,
    /// One bit a slot: somebody lives in it.
    pub(crate) live: Vec<u64>,
    pub(crate) facts: Vec<Option<Column>>,
    pub(crate) member_facts: Vec<Option<Column>>,
    /// Members who may be missing; `u32::MAX`: any number.
    pub(crate) absent: Vec<u32>,
    /// First member of each slot, and the number of members.
    pub(crate) first_member: Vec<u32>,
    /// Facts of members that only restricted programs may use: fact, row, value.
    pub(crate) restricted: Vec<(usize, u32, Cell)>,
    /// By need, since most rules ask for one.
    pub(crate) problems: Vec<Vec<Owned<Problem>>>,
    /// Slot of each member.
    pub(crate) slot_of: Vec<u32>,
    /// One bit a slot: members may be missing.
    pub(crate) open: Vec<u64>,
    pub(crate) benefits: Vec<Owned<Benefit>>,
    pub(crate) snapshots: Vec<Owned<Snapshot>>,
}

impl Chunk {
    /// No household yet.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, region: &str) -> Self {
        let column =
            |of: Subject| vocabulary.facts().iter().map(|f| (f.subject == of).then(|| Column::new(f.kind))).collect();
        Self {
            region: region.to_owned(),
            ids: Vec::new(),
            live: Vec::new(),
            facts: column(Subject::Household),
            member_facts: column(Subject::Member),
            absent: Vec::new(),
            first_member: vec![0],
            restricted: Vec::new(),
            problems: Vec::new(),
            slot_of: Vec::new(),
            open: Vec::new(),
            benefits: Vec::new(),
            snapshots: Vec::new(),
        }
    }

    /// The kelurahan.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }
    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }
    /// Whether there is no slot.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
    /// How many members stand in it.
    #[must_use]
    pub fn members(&self) -> usize {
        self.first_member.last().map_or(0, |n| *n as usize)
    }
    /// The household of a slot.
    #[must_use]
    pub fn id(&self, slot: usize) -> Option<u128> {
        self.ids.get(slot).copied().filter(|_| self.live.get(slot / 64).is_some_and(|w| w >> (slot % 64) & 1 == 1))
    }

    /// Adds a slot in which nobody lives (any more).
    pub fn push_empty(&mut self) {
        let slot = self.slot(0);
        for column in self.facts.iter_mut().flatten() {
            column.push(Cell::Missing);
        }
        self.absent.push(0);
        let members = self.first_member.last().copied().unwrap_or(0);
        self.first_member.push(members);
        debug_assert_eq!(self.absent.len(), slot + 1);
    }

    fn slot(&mut self, id: u128) -> usize {
        let slot = self.ids.len();
        self.ids.push(id);
        if slot.is_multiple_of(64) {
            self.live.push(0);
            self.open.push(0);
        }
        slot
    }

    /// Adds a household in the next slot.
    pub fn push(&mut self, household: &Household) {
        let slot = self.slot(household.id);
        if let Some(word) = self.live.last_mut() {
            *word |= 1 << (slot % 64);
        }
        for (number, column) in self.facts.iter_mut().enumerate() {
            if let Some(column) = column {
                column.push(household.facts.get(number).copied().unwrap_or_default());
            }
        }
        let absent = household.absent().unwrap_or(u32::MAX);
        self.absent.push(absent);
        if let Some(word) = self.open.last_mut() {
            *word |= u64::from(absent > 0) << (slot % 64);
        }
        let household_row = u32::try_from(slot).unwrap_or(u32::MAX);
        let first = self.first_member.last().copied().unwrap_or(0);
        let mut row = first;
        for member in household.members.iter().take(MAX_MEMBERS) {
            for (number, column) in self.member_facts.iter_mut().enumerate() {
                if let Some(column) = column {
                    column.push(member.facts.get(number).copied().unwrap_or_default());
                }
            }
            self.restricted.extend(member.restricted.iter().map(|(number, cell)| (*number, row, *cell)));
            self.slot_of.push(household_row);
            row += 1;
        }
        self.first_member.push(row);
        let member = |of: Option<u16>| of.map_or(u32::MAX, |m| first + u32::from(m));
        let owned = |of: Option<u16>| (household_row, member(of));
        for problem in &household.problems {
            let (household, member) = owned(problem.member);
            let need = usize::from(problem.need);
            if self.problems.len() <= need {
                self.problems.resize_with(need + 1, Vec::new);
            }
            if let Some(list) = self.problems.get_mut(need) {
                list.push(Owned { household, member, row: *problem });
            }
        }
        self.benefits.extend(household.benefits.iter().map(|b| {
            let (household, member) = owned(b.member);
            Owned { household, member, row: *b }
        }));
        self.snapshots.extend(household.snapshots.iter().map(|s| Owned {
            household: household_row,
            member: u32::MAX,
            row: *s,
        }));
    }

    /// Gives back what the columns reserved and do not need.
    pub fn shrink(&mut self) {
        for column in self.facts.iter_mut().chain(&mut self.member_facts).flatten() {
            match column {
                Column::Codes(c) => c.shrink_to_fit(),
                Column::Numbers(c) => c.shrink_to_fit(),
                Column::Money(c) => c.shrink_to_fit(),
                Column::Days(c) => c.shrink_to_fit(),
            }
        }
        self.ids.shrink_to_fit();
        self.absent.shrink_to_fit();
        self.first_member.shrink_to_fit();
        self.slot_of.shrink_to_fit();
        self.problems.iter_mut().for_each(Vec::shrink_to_fit);
        self.benefits.shrink_to_fit();
        self.snapshots.shrink_to_fit();
    }

    /// Bytes it holds, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let columns: usize = self.facts.iter().chain(&self.member_facts).flatten().map(Column::bytes).sum();
        columns
            + self.ids.capacity() * 16
            + (self.absent.capacity() + self.first_member.capacity()) * 4
            + self.slot_of.capacity() * 4
            + self.problems.iter().map(Vec::capacity).sum::<usize>() * size_of::<Owned<Problem>>()
            + self.benefits.capacity() * size_of::<Owned<Benefit>>()
            + self.snapshots.capacity() * size_of::<Owned<Snapshot>>()
    }
}
