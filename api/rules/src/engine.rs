//! Runs a plan over the columns of a kelurahan: two sets of bits a node, what is certain and what is possible.

use crate::columns::{Chunk, Column, NONE, NONE_LARGE};
use crate::plan::{Node, Plan, Test};
use crate::subject::{Coverage, Day, holds};
use crate::tree::Status;
use crate::tri::Tri;
use crate::vocabulary::Subject;

/// One bit a row: for whom it certainly holds, and for whom it may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    /// Certainly.
    pub certain: Vec<u64>,
    /// Certainly or perhaps.
    pub possible: Vec<u64>,
}

impl Bits {
    fn all(rows: usize, truth: Tri) -> Self {
        let words = |on: bool| {
            let mut words = vec![if on { u64::MAX } else { 0 }; rows.div_ceil(64)];
            trim(&mut words, rows);
            words
        };
        Self { certain: words(truth == Tri::True), possible: words(truth != Tri::False) }
    }

    /// Each row by its value.
    fn map<T: Copy>(values: &[T], mut truth: impl FnMut(T) -> Tri) -> Self {
        let words = values.len().div_ceil(64);
        let mut bits = Self { certain: Vec::with_capacity(words), possible: Vec::with_capacity(words) };
        for part in values.chunks(64) {
            let (mut certain, mut possible) = (0u64, 0u64);
            for (bit, value) in part.iter().enumerate() {
                let truth = truth(*value) as u64;
                possible |= u64::from(truth != 0) << bit;
                certain |= (truth >> 1) << bit;
            }
            bits.certain.push(certain);
            bits.possible.push(possible);
        }
        bits
    }

    /// Intervals of whole numbers, each in one range: what is not known spans all of them.
    fn range<T: Copy>(values: &[T], (from, to): (i32, i32), interval: impl Fn(T) -> [i32; 2]) -> Self {
        let words = values.len().div_ceil(64);
        let mut bits = Self { certain: Vec::with_capacity(words), possible: Vec::with_capacity(words) };
        for part in values.chunks(64) {
            let (mut certain, mut possible) = (0u64, 0u64);
            for (bit, value) in part.iter().enumerate() {
                let [first, last] = interval(*value);
                certain |= u64::from((first >= from) & (last <= to)) << bit;
                possible |= u64::from((last >= from) & (first <= to)) << bit;
            }
            bits.certain.push(certain);
            bits.possible.push(possible);
        }
        bits
    }

    /// Rows whose code has a truth, from the rows of each code.
    fn codes(rows_of: &[Vec<u64>], rows: usize, truth: &[Tri]) -> Self {
        let mut bits = Self::all(rows, Tri::False);
        for (at, of_code) in rows_of.iter().enumerate() {
            let truth = truth.get(at).copied().unwrap_or(Tri::Unknown);
            let sets = [
                (truth == Tri::True).then_some(&mut bits.certain),
                (truth != Tri::False).then_some(&mut bits.possible),
            ];
            for words in sets.into_iter().flatten() {
                words.iter_mut().zip(of_code).for_each(|(word, of_code)| *word |= of_code);
            }
        }
        bits
    }

    /// What holds in a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Tri {
        let bit = |words: &[u64]| words.get(row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1);
        Tri::of(bit(&self.certain), bit(&self.possible))
    }

    fn set(&mut self, row: usize, truth: Tri) {
        for (words, on) in [(&mut self.certain, truth == Tri::True), (&mut self.possible, truth != Tri::False)] {
            if let Some(word) = words.get_mut(row / 64) {
                *word = *word & !(1 << (row % 64)) | u64::from(on) << (row % 64);
            }
        }
    }

    fn combine(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        self.certain.iter_mut().zip(&other.certain).for_each(|(a, b)| *a = with(*a, *b));
        self.possible.iter_mut().zip(&other.possible).for_each(|(a, b)| *a = with(*a, *b));
    }

    fn negated(&self, rows: usize) -> Self {
        let flip = |words: &[u64]| {
            let mut words: Vec<u64> = words.iter().map(|w| !w).collect();
            trim(&mut words, rows);
            words
        };
        Self { certain: flip(&self.possible), possible: flip(&self.certain) }
    }

    /// How many rows certainly, and how many only perhaps.
    #[must_use]
    pub fn counts(&self) -> (u32, u32) {
        let certain: u32 = self.certain.iter().map(|w| w.count_ones()).sum();
        let possible: u32 = self.possible.iter().map(|w| w.count_ones()).sum();
        (certain, possible - certain)
    }
}

fn trim(words: &mut [u64], rows: usize) {
    if let Some(last) = words.last_mut()
        && !rows.is_multiple_of(64)
    {
        *last &= (1 << (rows % 64)) - 1;
    }
}

/// What a plan says of a kelurahan.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Each rule, in their order.
    pub rules: Vec<Bits>,
    /// Of each rule with open verdicts: what is unknown, by the name of the fact, and of how many households.
    pub gaps: Vec<(usize, String, u32)>,
}

impl Plan {
    /// Answers every rule for every slot of a chunk, in the order of the rules. Empty slots fulfil none.
    #[must_use]
    pub fn run(&self, chunk: &Chunk, coverage: &Coverage) -> Vec<Bits> {
        let done = self.evaluate(chunk, coverage);
        self.answers(chunk, &done)
    }

    /// The same, with what is unknown where a verdict is open.
    #[must_use]
    pub fn run_with_gaps(&self, chunk: &Chunk, coverage: &Coverage) -> Answers {
        let done = self.evaluate(chunk, coverage);
        let rules = self.answers(chunk, &done);
        let mut unknown: Vec<Option<Vec<u64>>> = vec![None; self.nodes.len()];
        let mut gaps = Vec::new();
        for (at, (bits, leaves)) in rules.iter().zip(&self.leaves).enumerate() {
            let open: Vec<u64> = bits.certain.iter().zip(&bits.possible).map(|(c, p)| p & !c).collect();
            if open.iter().all(|w| *w == 0) {
                continue;
            }
            for (fact, nodes) in leaves {
                let mut any = vec![0u64; open.len()];
                for node in nodes {
                    let Some(slot) = unknown.get_mut(*node) else { continue };
                    let words = slot.get_or_insert_with(|| self.unknown(chunk, &done, *node));
                    any.iter_mut().zip(words.iter()).for_each(|(a, w)| *a |= w);
                }
                let count: u32 = any.iter().zip(&open).map(|(a, o)| (a & o).count_ones()).sum();
                if count > 0 {
                    gaps.push((at, fact.clone(), count));
                }
            }
        }
        Answers { rules, gaps }
    }

    /// Households of whom a condition is unknown, for some member where it is one on members.
    fn unknown(&self, chunk: &Chunk, done: &[Bits], node: usize) -> Vec<u64> {
        let (Some(bits), Some((kind, of))) = (done.get(node), self.nodes.get(node)) else { return Vec::new() };
        // Of a condition over the members the members themselves are what is missing.
        if matches!(kind, Node::Count(..)) {
            return chunk.open.clone();
        }
        let open: Vec<u64> = bits.certain.iter().zip(&bits.possible).map(|(c, p)| p & !c).collect();
        if *of == Subject::Household { open } else { any(chunk, &Bits { certain: open, possible: Vec::new() }).certain }
    }

    fn answers(&self, chunk: &Chunk, done: &[Bits]) -> Vec<Bits> {
        let live = |words: &[u64]| words.iter().zip(&chunk.live).map(|(w, l)| w & l).collect();
        let answer = |at: &usize| {
            let bits = done.get(*at).cloned().unwrap_or_default();
            Bits { certain: live(&bits.certain), possible: live(&bits.possible) }
        };
        self.roots.iter().map(answer).collect()
    }

    fn evaluate(&self, chunk: &Chunk, coverage: &Coverage) -> Vec<Bits> {
        let mut done: Vec<Bits> = Vec::with_capacity(self.nodes.len());
        let mut seen = Seen::default();
        for (node, of) in &self.nodes {
            let rows = if *of == Subject::Household { chunk.len() } else { chunk.members() };
            let bits = match node {
                Node::All(parts) => fold(&done, parts, rows, Tri::True, |a, b| a & b),
                Node::Any(parts) => fold(&done, parts, rows, Tri::False, |a, b| a | b),
                Node::Not(inner) => done.get(*inner).map(|b| b.negated(rows)).unwrap_or_default(),
                Node::Count(inner, from, to, outside) => {
                    count(chunk, inner.and_then(|at| done.get(at)), (*from, *to), *outside)
                }
                Node::Test(test) => seen.run(test, chunk, coverage, *of, rows),
            };
            done.push(bits);
        }
        done
    }
}

fn fold(done: &[Bits], parts: &[usize], rows: usize, start: Tri, with: impl Fn(u64, u64) -> u64 + Copy) -> Bits {
    let mut parts = parts.iter().filter_map(|at| done.get(*at));
    let Some(first) = parts.next() else { return Bits::all(rows, start) };
    let mut bits = first.clone();
    parts.for_each(|part| bits.combine(part, with));
    bits
}

fn count(chunk: &Chunk, inner: Option<&Bits>, range: (i64, i64), outside: bool) -> Bits {
    if range == (1, i64::MAX)
        && !outside
        && let Some(bits) = inner
    {
        return any(chunk, bits);
    }
    let slots: Vec<usize> = (0..chunk.len()).collect();
    Bits::map(&slots, |slot| {
        let (first, end) = match chunk.first_member.get(slot..slot + 2) {
            Some([first, end]) => (*first as usize, *end as usize),
            _ => return Tri::False,
        };
        let all = i64::try_from(end - first).unwrap_or(i64::MAX);
        let (certain, possible) =
            inner.map_or((all, all), |bits| (ones(&bits.certain, first, end), ones(&bits.possible, first, end)));
        let most = match chunk.absent.get(slot) {
            Some(&u32::MAX) | None => i64::MAX,
            Some(absent) => possible.saturating_add(i64::from(*absent)),
        };
        let inside = Tri::within((certain, most), range);
        if outside { !inside } else { inside }
    })
}

/// Ones among the bits from `first` to `end` without it.
fn ones(words: &[u64], first: usize, end: usize) -> i64 {
    let mut sum = 0;
    let mut at = first;
    while at < end {
        let take = (64 - at % 64).min(end - at);
        let word = words.get(at / 64).copied().unwrap_or(0) >> (at % 64);
        let mask = if take == 64 { u64::MAX } else { (1 << take) - 1 };
        sum += i64::from((word & mask).count_ones());
        at += take;
    }
    sum
}

/// Households with some member of whom it holds.
fn any(chunk: &Chunk, members: &Bits) -> Bits {
    let spread = |words: &[u64], start: Vec<u64>| {
        let mut out = start;
        for (at, word) in words.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                let row = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let slot = chunk.slot_of.get(row).map_or(0, |s| *s as usize);
                if let Some(word) = out.get_mut(slot / 64) {
                    *word |= 1 << (slot % 64);
                }
            }
        }
        out
    };
    let certain = spread(&members.certain, vec![0; chunk.len().div_ceil(64)]);
    Bits { certain, possible: spread(&members.possible, chunk.open.clone()) }
}

/// What many conditions of a chunk have in common, made once.
#[derive(Default)]
struct Seen {
    /// Rows of each code of a fact, by whose fact it is.
    codes: [Vec<Option<Vec<Vec<u64>>>>; 2],
}

impl Seen {
    /// Rows by code.
    fn rows_of(&mut self, fact: usize, of: Subject, codes: &[u8]) -> &[Vec<u64>] {
        let [homes, members] = &mut self.codes;
        let list = if of == Subject::Household { homes } else { members };
        if list.len() <= fact {
            list.resize_with(fact + 1, || None);
        }
        list.get_mut(fact).map_or(&[], |slot| slot.get_or_insert_with(|| sorted_out(codes)))
    }

    fn run(&mut self, test: &Test, chunk: &Chunk, coverage: &Coverage, of: Subject, rows: usize) -> Bits {
        let column = |fact: usize| {
            let columns = if of == Subject::Household { &chunk.facts } else { &chunk.member_facts };
            columns.get(fact).and_then(Option::as_ref)
        };
        match test {
            Test::Constant(truth) => Bits::all(rows, *truth),
            Test::Area(areas) => {
                let inside = areas.iter().any(|a| holds(a, chunk.region()));
                Bits::all(rows, Tri::of(inside, inside))
            }
            Test::Codes { fact, truth, restricted } => match column(*fact) {
                Some(Column::Codes(codes)) => {
                    let mut bits = Bits::codes(self.rows_of(*fact, of, codes), rows, truth);
                    if *restricted && of == Subject::Member {
                        for (_, row, cell) in chunk.restricted.iter().filter(|(f, ..)| f == fact) {
                            let crate::Cell::Code(code) = cell else { continue };
                            let truth = truth.get(usize::from(*code)).copied().unwrap_or(Tri::Unknown);
                            bits.set(*row as usize, truth);
                        }
                    }
                    bits
                }
                _ => Bits::all(rows, Tri::Unknown),
            },
            Test::Ranges { fact, ranges, not } => {
                let bits =
                    column(*fact).map_or_else(|| Bits::all(rows, Tri::Unknown), |column| in_ranges(column, ranges));
                if *not { bits.negated(rows) } else { bits }
            }
            Test::Problem { .. } => problems(test, chunk, of, rows),
            Test::Receives { .. } => receives(test, chunk, coverage, of, rows),
            Test::Decile { .. } => deciles(test, chunk, rows),
        }
    }
}

/// The rows of each code, one bit a row.
fn sorted_out(codes: &[u8]) -> Vec<Vec<u64>> {
    let most = codes.iter().copied().max().map_or(0, usize::from);
    let mut rows_of = vec![vec![0u64; codes.len().div_ceil(64)]; most + 1];
    for (row, code) in codes.iter().enumerate() {
        if let Some(word) = rows_of.get_mut(usize::from(*code)).and_then(|words| words.get_mut(row / 64)) {
            *word |= 1 << (row % 64);
        }
    }
    rows_of
}

fn in_ranges(column: &Column, ranges: &[(i64, i64)]) -> Bits {
    // Most conditions name one range, and nearly all of them fit.
    let whole = |n: i64| i32::try_from(n).unwrap_or(if n < 0 { Day::MIN + 1 } else { Day::MAX - 1 });
    if let [(from, to)] = ranges {
        let range = (whole(*from), whole(*to));
        match column {
            Column::Days(days) => return Bits::range(days, range, |days| days),
            Column::Numbers(numbers) if *to < i64::from(Day::MAX) && *from > i64::from(Day::MIN) => {
                return Bits::range(numbers, range, |n| if n == NONE { [Day::MIN, Day::MAX] } else { [n, n] });
            }
            _ => {}
        }
    }
    match column {
        Column::Codes(codes) => Bits::all(codes.len(), Tri::Unknown),
        Column::Numbers(numbers) => Bits::map(numbers, |n| match n {
            NONE => Tri::Unknown,
            n => inside(ranges, i64::from(n), i64::from(n)),
        }),
        Column::Money(numbers) => Bits::map(numbers, |n| match n {
            NONE_LARGE => Tri::Unknown,
            n => inside(ranges, n, n),
        }),
        Column::Days(days) => Bits::map(days, |days| match days {
            [Day::MIN, Day::MAX] => Tri::Unknown,
            [first, last] => inside(ranges, i64::from(first), i64::from(last)),
        }),
    }
}

fn inside(ranges: &[(i64, i64)], first: i64, last: i64) -> Tri {
    ranges.iter().map(|range| Tri::within((first, last), *range)).max().unwrap_or(Tri::Unknown)
}

fn problems(test: &Test, chunk: &Chunk, of: Subject, rows: usize) -> Bits {
    let mut bits = Bits::all(rows, Tri::False);
    let Test::Problem { needs, ppks, least, statuses, restricted } = test else { return bits };
    let wanted = chunk.problems.iter().enumerate();
    let wanted = wanted.filter(|(need, _)| needs.is_empty() || needs.iter().any(|n| usize::from(*n) == *need));
    for owned in wanted.flat_map(|(_, list)| list) {
        let p = &owned.row;
        let asked =
            (ppks.is_empty() || ppks.contains(&p.ppks)) && p.severity >= *least && (*restricted || !p.restricted);
        if !asked {
            continue;
        }
        let truth = match p.status {
            status if statuses.contains(&status) => Tri::True,
            Status::Candidate | Status::Reported => Tri::Unknown,
            _ => continue,
        };
        let row = if of == Subject::Household { owned.household } else { owned.member } as usize;
        if row < rows && bits.get(row) < truth {
            bits.set(row, truth);
        }
    }
    bits
}

fn receives(test: &Test, chunk: &Chunk, coverage: &Coverage, of: Subject, rows: usize) -> Bits {
    let Test::Receives { classes, programs, since, today, lists, restricted } = test else {
        return Bits::all(rows, Tri::Unknown);
    };
    let covered = lists.iter().all(|p| coverage.covers(*p, chunk.region(), *since, *today));
    let mut bits = Bits::all(rows, Tri::of(false, !covered));
    for owned in &chunk.benefits {
        let b = &owned.row;
        let asked = ((b.class > 0 && classes.contains(&b.class)) || programs.contains(&b.program))
            && b.from <= *today
            && b.to >= *since
            && (*restricted || !b.restricted);
        if !asked {
            continue;
        }
        if of == Subject::Household {
            bits.set(owned.household as usize, Tri::True);
        } else if owned.member != u32::MAX {
            bits.set(owned.member as usize, Tri::True);
        } else if let Some([first, end]) =
            chunk.first_member.get(owned.household as usize..owned.household as usize + 2)
        {
            (*first..*end).for_each(|row| bits.set(row as usize, Tri::True));
        }
    }
    bits
}

fn deciles(test: &Test, chunk: &Chunk, rows: usize) -> Bits {
    let mut bits = Bits::all(rows, Tri::Unknown);
    let Test::Decile { min, max, scope, sources, oldest } = test else { return bits };
    // Snapshots of a household stand together.
    for group in chunk.snapshots.chunk_by(|a, b| a.household == b.household) {
        let mut best: Option<(i32, u8, u8)> = None;
        for owned in group {
            let s = &owned.row;
            let decile = s.deciles.get(*scope).copied().unwrap_or(0);
            if decile == 0 || s.month < *oldest || sources.as_ref().is_some_and(|l| !l.contains(&s.source)) {
                continue;
            }
            best = match best {
                Some((month, low, high)) if month == s.month => Some((month, low.min(decile), high.max(decile))),
                Some(newer) if newer.0 > s.month => Some(newer),
                _ => Some((s.month, decile, decile)),
            };
        }
        if let (Some((_, low, high)), Some(first)) = (best, group.first()) {
            bits.set(first.household as usize, Tri::within((low, high), (*min, *max)));
        }
    }
    bits
}
