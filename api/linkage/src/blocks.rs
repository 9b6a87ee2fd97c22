//! Which pairs are worth comparing: rows that share a key of some family.
//!
//! A key names a coincidence that one person's rows have often and two people's rows seldom. Every family forgives
//! something else, so that a row with several faults still meets its like in one of them. A group of rows with one
//! key that is too large says nothing and is passed over, which keeps the work linear in the number of rows.

use crate::parallel::spread;
use crate::people::{Born, People, Person};
use crate::random::mix;

/// Families of keys, each with the largest group that is looked at. Those that bring most pairs together come first,
/// since every later one has to ask whether it is the first.
const FAMILIES: [(Family, usize); 17] = [
    (Family::DayAndInitial, 160),
    (Family::NameAndYear, 80),
    (Family::NameAndPlace, 80),
    (Family::RareWord, 30),
    (Family::PairAndMother, 60),
    (Family::WordAndMother, 60),
    (Family::NameAndDay, 60),
    (Family::MotherAndYear, 40),
    (Family::MotherAndPlace, 40),
    (Family::DayAndMother, 100),
    (Family::Card, 40),
    (Family::Address, 40),
    (Family::DayAndPlace, 80),
    (Family::AddressAndWord, 60),
    (Family::NikHead, 40),
    (Family::NikTail, 12),
    (Family::Nik, 12),
];

#[derive(Clone, Copy)]
enum Family {
    Nik,
    /// Region, birth date and sex of the number.
    NikHead,
    Card,
    /// Street and number in a kelurahan.
    Address,
    DayAndPlace,
    /// Birth date, day and month in either order, and sex, with how a word of the name begins.
    DayAndInitial,
    DayAndMother,
    NameAndPlace,
    NameAndYear,
    /// Name with day and month, whatever the year.
    NameAndDay,
    /// Two words of the name with one of the mother's.
    PairAndMother,
    /// A word of the name with the mother's whole name.
    WordAndMother,
    RareWord,
    MotherAndPlace,
    MotherAndYear,
    /// Street and number wherever, with a word of the name.
    AddressAndWord,
    /// Birth date and serial of the number, with the beginning of a word.
    NikTail,
}

/// Keys are the family's number over a hash of the rest.
const HASH_BITS: u32 = 27;

/// Rows by key, and keys by row.
pub(crate) struct Blocks {
    /// Rows sorted by key, for every key that more than one row has and not too many.
    rows: Vec<u32>,
    /// Where each group of `rows` ends; the first entry is 0.
    ends: Vec<u32>,
    /// Groups of each row, ascending.
    own: Vec<u32>,
    own_ends: Vec<u32>,
}

impl Blocks {
    pub fn new(people: &People, threads: usize) -> Self {
        let (families, _) = spread(threads, FAMILIES.len(), Vec::new, |entries: &mut Vec<u64>, number| {
            let (family, most) = FAMILIES[number];
            for (row, person) in people.persons.iter().enumerate() {
                keys_of(people, person, family, Codes::OfList, &mut |key| {
                    let key = (number as u64) << HASH_BITS | key >> (64 - HASH_BITS);
                    entries.push(key << 32 | row as u64);
                });
            }
            entries.sort_unstable();
            entries.dedup();
            let mut kept: Vec<u64> = Vec::new();
            for group in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
                if group.len() > 1 && group.len() <= most {
                    kept.extend_from_slice(group);
                }
            }
            entries.clear();
            kept
        });
        let mut own_ends = vec![0_u32; people.len() + 1];
        for entry in families.iter().flatten() {
            own_ends[row_of(*entry) + 1] += 1;
        }
        for row in 1..own_ends.len() {
            own_ends[row] += own_ends[row - 1];
        }
        let total = families.iter().map(Vec::len).sum();
        let mut own = vec![0_u32; total];
        let mut rows = Vec::with_capacity(total);
        let mut ends = vec![0_u32];
        let mut next = own_ends.clone();
        for family in families {
            for group in family.chunk_by(|a, b| a >> 32 == b >> 32) {
                let number = narrow(ends.len() - 1);
                for entry in group {
                    let row = row_of(*entry);
                    own[next[row] as usize] = number;
                    next[row] += 1;
                    rows.push(narrow(row));
                }
                ends.push(narrow(rows.len()));
            }
        }
        Self { rows, ends, own, own_ends }
    }

    /// Ranges of groups of about equal work.
    pub fn jobs(&self) -> Vec<std::ops::Range<usize>> {
        const PAIRS: usize = 200_000;
        let (mut jobs, mut start, mut pairs) = (Vec::new(), 0, 0);
        for group in 0..self.ends.len() - 1 {
            let size = (self.ends[group + 1] - self.ends[group]) as usize;
            pairs += size * (size - 1) / 2;
            if pairs >= PAIRS {
                jobs.push(start..group + 1);
                (start, pairs) = (group + 1, 0);
            }
        }
        jobs.push(start..self.ends.len() - 1);
        jobs
    }

    /// Calls `found` for every pair of these groups that no earlier group has brought together.
    pub fn pairs(&self, groups: std::ops::Range<usize>, mut found: impl FnMut(u32, u32)) {
        let mut before: Vec<(&[u32], u64)> = Vec::new();
        for group in groups {
            let rows = &self.rows[self.ends[group] as usize..self.ends[group + 1] as usize];
            before.clear();
            before.extend(rows.iter().map(|row| {
                let earlier = self.before(*row, group);
                (earlier, earlier.iter().fold(0, |mask, other| mask | 1 << (other & 63)))
            }));
            for (at, &a) in rows.iter().enumerate() {
                let (own, mask) = before[at];
                for (&b, (other, other_mask)) in rows.iter().zip(&before).skip(at + 1) {
                    if mask & other_mask == 0 || !share(own, other) {
                        found(a, b);
                    }
                }
            }
        }
    }

    /// The groups of a row that come before this one.
    fn before(&self, row: u32, group: usize) -> &[u32] {
        let row = row as usize;
        let own = &self.own[self.own_ends[row] as usize..self.own_ends[row + 1] as usize];
        &own[..own.partition_point(|other| (*other as usize) < group)]
    }
}

/// Whether two ascending lists have a number in common.
fn share(mut a: &[u32], mut b: &[u32]) -> bool {
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => a = rest_a,
            std::cmp::Ordering::Greater => b = rest_b,
        }
    }
    false
}

fn row_of(entry: u64) -> usize {
    (entry & 0xffff_ffff) as usize
}

fn narrow(number: usize) -> u32 {
    // Rows are numbered in 32 bits, and the keys of one list are fewer than 2^32 in any memory it fits in.
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn key(parts: [u64; 3]) -> u64 {
    parts.into_iter().fold(0x51_7c_c1_b7, |sum, part| mix(sum ^ part).wrapping_add(part))
}

/// Birth date with the smaller of day and month first, so that swapping them changes nothing.
fn day(born: Born) -> u64 {
    let (m, d) = (born.month(), born.day());
    u64::from(Born::new(born.year(), m.min(d).min(15), m.max(d)).0)
}

/// Families by whose keys rows are found that came before, with the largest group of them. Those that most of one
/// person's rows meet in, and none that hangs on how rare a word is in the list.
const KEPT: [(Family, usize); 8] = [
    (Family::DayAndInitial, 160),
    (Family::NameAndYear, 80),
    (Family::NameAndPlace, 80),
    (Family::NameAndDay, 60),
    (Family::WordAndMother, 60),
    (Family::DayAndMother, 100),
    (Family::MotherAndYear, 40),
    (Family::Card, 40),
];

/// A key under which a row can be kept, and how many rows of it are too many to say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The same for every list and every machine.
    pub key: i32,
    /// Rows of one key beyond which it is passed over.
    pub most: i32,
}

/// Keys of a row to be kept beside it: two rows that share one are worth comparing.
#[must_use]
pub fn keys(people: &People, row: u32) -> Vec<Key> {
    let person = &people.persons[row as usize];
    let mut all = Vec::new();
    for (number, (family, most)) in KEPT.into_iter().enumerate() {
        keys_of(people, person, family, Codes::Lasting, &mut |key| {
            let key = mix(key ^ (number as u64) << 56) >> 32;
            all.push(Key { key: (key as u32).cast_signed(), most: i32::try_from(most).unwrap_or(i32::MAX) });
        });
    }
    all.sort_unstable();
    all.dedup_by_key(|key| key.key);
    all
}

/// By what words and places go: their numbers in the list, which are quick, or hashes of them, which last.
#[derive(Clone, Copy, PartialEq)]
enum Codes {
    OfList,
    Lasting,
}

fn keys_of(people: &People, person: &Person, family: Family, codes: Codes, put: &mut dyn FnMut(u64)) {
    let v = &people.vocabulary;
    let lasting = codes == Codes::Lasting;
    let sound = |word: u32| if lasting { v.heard(word) } else { u64::from(v.look(word).sound) };
    let place = |place: u32| if lasting && place != 0 { people.places[place as usize] } else { u64::from(place) };
    let words = || person.name.iter().copied().filter(|word| *word != 0);
    let mothers = || person.mother.iter().copied().filter(|word| *word != 0);
    let mother: u64 = mothers().map(|word| mix(sound(word))).fold(0, u64::wrapping_add);
    let born = u64::from(person.born.0);
    let year = u64::from(person.born.year());
    let (kel, kec) = (place(person.kel), place(person.kec));
    let street = person.street.iter().map(|word| mix(sound(*word))).fold(0, u64::wrapping_add);
    let full_nik = person.nik_digits == 16;
    let nik = person.nik;
    // Two words of a name, whichever, or the only one.
    let units = |put: &mut dyn FnMut(u64, bool)| {
        let count = words().count().min(4);
        for i in 0..count {
            for j in i + 1..count {
                put(mix(sound(person.name[i])).wrapping_add(mix(sound(person.name[j]))), false);
            }
        }
        if count == 1 {
            put(mix(sound(person.name[0])), true);
        }
    };
    match family {
        Family::Nik if person.nik != 0 => put(key([nik, 0, 0])),
        Family::NikHead if full_nik => put(key([nik >> 16, 0, 0])),
        Family::Card if person.kk != 0 => put(key([person.kk, 0, 0])),
        Family::Address if person.house != 0 && street != 0 => put(key([street, u64::from(person.house), kel])),
        Family::DayAndPlace if born != 0 && kel != 0 => put(key([born, kel, 0])),
        Family::DayAndInitial if born != 0 => {
            words().for_each(|word| put(key([day(person.born), u64::from(v.word(word).head), u64::from(person.sex)])));
        }
        Family::DayAndMother if born != 0 => mothers().for_each(|word| put(key([born, sound(word), 0]))),
        Family::NameAndPlace if kel != 0 => {
            units(&mut |unit, single| put(key([unit, kel, if single { year } else { 0 }])));
        }
        Family::NameAndYear if year != 0 => {
            units(&mut |unit, single| put(key([unit, year, if single { kec } else { 0 }])));
        }
        Family::NameAndDay if person.born.day() != 0 => {
            units(&mut |unit, single| put(key([unit, born & 511, if single { kel } else { 0 }])));
        }
        Family::PairAndMother if mother != 0 => units(&mut |unit, single| {
            if !single {
                mothers().for_each(|word| put(key([unit, sound(word), 0])));
            }
        }),
        Family::WordAndMother if mother != 0 => words().for_each(|word| put(key([sound(word), mother, 0]))),
        Family::RareWord => words().for_each(|word| put(key([u64::from(word), 0, 0]))),
        Family::MotherAndPlace if mother != 0 && kel != 0 => put(key([mother, kel, 0])),
        Family::MotherAndYear if mother != 0 && year != 0 => put(key([mother, year, 0])),
        Family::AddressAndWord if person.house != 0 && street != 0 => {
            words().for_each(|word| put(key([street, u64::from(person.house), sound(word)])));
        }
        Family::NikTail if full_nik => {
            words().for_each(|word| put(key([nik & 0xff_ffff_ffff, u64::from(v.word(word).head), 0])));
        }
        _ => {}
    }
}
