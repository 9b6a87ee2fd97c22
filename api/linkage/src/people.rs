//! People as rows that can be compared: every field normalised once, words as numbers.

use std::collections::HashMap;

use crate::dates_parse::{Precision, parse_birth_date};
use crate::names::Name;
use crate::random::{BuildQuick, hash_bytes, mix};
use crate::vocabulary::{Interner, Vocabulary};
use crate::{addresses, nik};

/// A person as a list writes it; what is not known is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'a> {
    /// Identifies the row; must be unique in the list.
    pub id: &'a str,
    /// Identity number.
    pub nik: &'a str,
    /// Number of the family card.
    pub no_kk: &'a str,
    /// Full name.
    pub name: &'a str,
    /// `L` or `P`, or words that begin so.
    pub sex: &'a str,
    /// Birth date in any form that `dates_parse` reads.
    pub born: &'a str,
    /// Place of birth.
    pub birthplace: &'a str,
    /// Street and number.
    pub address: &'a str,
    /// Neighbourhood and its group.
    pub rt: &'a str,
    /// See `rt`.
    pub rw: &'a str,
    /// Kelurahan: name or code.
    pub kel: &'a str,
    /// Kecamatan: name or code.
    pub kec: &'a str,
    /// Mother's name.
    pub mother: &'a str,
}

impl Row<'_> {
    /// Digest of all that is compared, the same on every machine: rows that have the same one compare alike.
    #[must_use]
    pub fn digest(&self) -> i64 {
        let Row { id: _, nik, no_kk, name, sex, born, birthplace, address, rt, rw, kel, kec, mother } = self;
        let cells = [nik, no_kk, name, sex, born, birthplace, address, rt, rw, kel, kec, mother];
        // What is compared, and by what keys it is found, changes with the engine.
        let began = 1_u64;
        cells.iter().fold(began, |sum, cell| mix(sum.rotate_left(7) ^ hash_bytes(cell.as_bytes()))).cast_signed()
    }
}

/// Words of a name that are compared.
pub(crate) const NAME_WORDS: usize = 5;
pub(crate) const MOTHER_WORDS: usize = 4;
pub(crate) const STREET_WORDS: usize = 3;

/// A normalised row. 0 is "not known" everywhere.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Person {
    /// Digits of the identity number, four bits each, the first one on top.
    pub nik: u64,
    pub kk: u64,
    pub name: [u32; NAME_WORDS],
    pub mother: [u32; MOTHER_WORDS],
    pub father: u32,
    pub street: [u32; STREET_WORDS],
    pub house: u32,
    pub born: Born,
    pub kel: u32,
    pub kec: u32,
    pub place: u32,
    pub rt: u16,
    pub rw: u16,
    pub sex: u8,
    pub nik_digits: u8,
    /// The number is one that was made for this birth date.
    pub nik_fits: bool,
    /// Written as somebody's wife (`Ny.`): the name may be her husband's.
    pub as_wife: bool,
}

/// Birth date; month and day are 0 where only the year is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Born(pub u32);

impl Born {
    pub fn new(year: u32, month: u32, day: u32) -> Self {
        Self(year << 9 | month << 5 | day)
    }

    pub fn year(self) -> u32 {
        self.0 >> 9
    }

    pub fn month(self) -> u32 {
        self.0 >> 5 & 15
    }

    pub fn day(self) -> u32 {
        self.0 & 31
    }

    /// A day that stands for "not known": the first of January or July, the last of December, or a year alone.
    pub fn is_filler(self) -> bool {
        matches!((self.day(), self.month()), (0, _) | (1, 1 | 7) | (31, 12))
    }
}

/// Collects rows. Several can fill side by side and be put together.
#[derive(Default)]
pub struct Builder {
    words: Interner,
    places: Interner,
    persons: Vec<Person>,
    ids: Vec<u8>,
    id_ends: Vec<usize>,
    names: HashMap<Box<str>, Parsed, BuildQuick>,
}

#[derive(Clone, Copy, Default)]
struct Parsed {
    words: [u32; NAME_WORDS],
    father: u32,
    as_wife: bool,
}

/// Names remembered as parsed: many mothers and common names come again and again.
const REMEMBERED: usize = 1 << 15;

impl Builder {
    /// Adds a row.
    pub fn push(&mut self, row: &Row<'_>) {
        let name = self.parse_name(row.name);
        let mother = self.parse_name(row.mother);
        let (nik, nik_digits) = number(row.nik);
        let mut person = Person {
            nik,
            nik_digits,
            kk: number(row.no_kk).0,
            name: name.words,
            father: name.father,
            as_wife: name.as_wife,
            born: born(row.born),
            sex: sex(row.sex),
            rt: small(row.rt),
            rw: small(row.rw),
            ..Person::default()
        };
        person.nik_fits = nik_digits == 16 && fits(nik, person.born);
        person.mother.copy_from_slice(&mother.words[..MOTHER_WORDS]);
        let (kel, kec) = (code(row.kel), code(row.kec));
        person.kec = self.places.number(kec.as_bytes());
        if !kel.is_empty() {
            // A number is a kelurahan only inside its kecamatan; a name says enough.
            let whole = if kel.bytes().any(|b| b.is_ascii_alphabetic()) { kel } else { format!("{kec}/{kel}") };
            person.kel = self.places.number(whole.as_bytes());
        }
        person.place = self.places.number(code(row.birthplace).as_bytes());
        self.address(row.address, &mut person);
        self.persons.push(person);
        self.ids.extend_from_slice(row.id.as_bytes());
        self.id_ends.push(self.ids.len());
    }

    fn parse_name(&mut self, written: &str) -> Parsed {
        let written = known(written);
        if written.is_empty() {
            return Parsed::default();
        }
        if let Some(parsed) = self.names.get(written) {
            return *parsed;
        }
        let name = Name::parse(written);
        let mut parsed = Parsed { as_wife: name.as_wife, ..Parsed::default() };
        for (slot, word) in parsed.words.iter_mut().zip(&name.words) {
            *slot = self.words.number(word.as_bytes());
        }
        parsed.father = name.patronymic.first().map_or(0, |word| self.words.number(word.as_bytes()));
        if self.names.len() < REMEMBERED {
            self.names.insert(written.into(), parsed);
        }
        parsed
    }

    fn address(&mut self, written: &str, person: &mut Person) {
        let written = known(written);
        if written.is_empty() {
            return;
        }
        let normal = addresses::normalize(written, None, None);
        let mut at = 0;
        for word in normal.split(' ') {
            let bytes = word.as_bytes();
            let tail = |from: usize| word.get(from..).and_then(|digits| digits.parse::<u16>().ok());
            if bytes.first().is_some_and(u8::is_ascii_digit) {
                if person.house == 0 {
                    person.house = word.parse().unwrap_or(0);
                }
            } else if let (true, Some(own)) = (word.starts_with("RT"), tail(2)) {
                person.rt = own;
            } else if let (true, Some(own)) = (word.starts_with("RW"), tail(2)) {
                person.rw = own;
            } else if !matches!(word, "JL" | "GG" | "KP" | "KOMP" | "PERUM" | "BLOK") && at < STREET_WORDS {
                person.street[at] = self.words.number(bytes);
                at += 1;
            }
        }
    }

    /// Rows taken so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Whether no row was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// The list, complete.
    #[must_use]
    pub fn finish(self) -> People {
        let runs = vec![(0, 0..self.len())];
        People::assemble(vec![self], vec![runs])
    }
}

/// A list of people, ready to be linked.
pub struct People {
    pub(crate) persons: Vec<Person>,
    pub(crate) vocabulary: Vocabulary,
    /// Of each place a hash of how it is written.
    pub(crate) places: Vec<u64>,
    ids: Vec<u8>,
    id_ends: Vec<usize>,
}

impl People {
    /// Puts the parts of several builders together: of builder `k`, `runs[k]` are (place in the list, rows).
    pub(crate) fn assemble(builders: Vec<Builder>, runs: Vec<Vec<(usize, std::ops::Range<usize>)>>) -> Self {
        let total = builders.iter().map(Builder::len).sum();
        // Numbered in the order of the letters, so that nothing depends on which row came first.
        let words = Interner::sorted(builders.iter().map(|builder| &builder.words));
        let places = Interner::sorted(builders.iter().map(|builder| &builder.places));
        let mut order: Vec<(usize, usize, std::ops::Range<usize>)> = Vec::new();
        for (builder, list) in runs.into_iter().enumerate() {
            order.extend(list.into_iter().map(|(place, rows)| (place, builder, rows)));
        }
        order.sort_unstable_by_key(|(place, ..)| *place);
        let mut parts = Vec::new();
        for mut builder in builders {
            builder.names = HashMap::default();
            let renumber = |from: &Interner, into: &Interner| -> Vec<u32> {
                (0..=from.len()).map(|old| into.find(from.get(u32::try_from(old).unwrap_or(0)))).collect()
            };
            let new_words = renumber(&builder.words, &words);
            let new_places = renumber(&builder.places, &places);
            for person in &mut builder.persons {
                let lists = [&mut person.name[..], &mut person.mother, &mut person.street];
                for word in lists.into_iter().flatten() {
                    *word = new_words[*word as usize];
                }
                person.father = new_words[person.father as usize];
                for place in [&mut person.kel, &mut person.kec, &mut person.place] {
                    *place = new_places[*place as usize];
                }
            }
            parts.push((builder.persons, builder.ids, builder.id_ends));
        }
        let (mut persons, mut ids, mut id_ends) = (Vec::new(), Vec::new(), Vec::new());
        if let [only] = &mut parts[..] {
            (persons, ids, id_ends) = std::mem::take(only);
        } else {
            persons.reserve_exact(total);
            for (_, builder, rows) in order {
                let (from, from_ids, from_ends) = &parts[builder];
                persons.extend_from_slice(&from[rows.clone()]);
                for row in rows {
                    ids.extend_from_slice(id_at(from_ids, from_ends, row));
                    id_ends.push(ids.len());
                }
            }
        }
        drop(parts);
        let vocabulary = Vocabulary::new(&words, places.len(), &persons);
        let places =
            (0..=u32::try_from(places.len()).unwrap_or(0)).map(|place| hash_bytes(places.get(place))).collect();
        Self { persons, vocabulary, places, ids, id_ends }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// The identifier of a row, as given.
    #[must_use]
    pub fn id(&self, row: u32) -> &str {
        std::str::from_utf8(id_at(&self.ids, &self.id_ends, row as usize)).unwrap_or_default()
    }
}

fn id_at<'a>(ids: &'a [u8], ends: &[usize], row: usize) -> &'a [u8] {
    let start = if row == 0 { 0 } else { ends[row - 1] };
    &ids[start..ends[row]]
}

/// The cell without what only says that nothing is known.
fn known(cell: &str) -> &str {
    let cell = cell.trim();
    match cell {
        "-" | "--" | "." | "0" | "NULL" | "null" | "None" | "NaN" | "nan" | "N/A" | "#N/A" | "TIDAK ADA" => "",
        other => other,
    }
}

/// An identity number as its digits and how many they are: sixteen, or whatever others stand there. Damaged and empty
/// ones have none, and neither has one digit repeated.
fn number(cell: &str) -> (u64, u8) {
    let cell = known(cell);
    let clean = match nik::sixteen(cell) {
        Ok((digits, _)) => return packed(digits.as_str().bytes()),
        Err(nik::Sixteen::Length(text)) => text,
        Err(_) => return (0, 0),
    };
    let clean = clean.strip_suffix(".0").unwrap_or(clean);
    if clean.bytes().filter(u8::is_ascii_alphabetic).count() > 1 {
        return (0, 0);
    }
    packed(clean.bytes().filter(u8::is_ascii_digit))
}

/// Digits, four bits each, from the top; what is beyond the sixteenth is left out.
pub(crate) fn packed(digits: impl Iterator<Item = u8>) -> (u64, u8) {
    let (mut value, mut length, mut first, mut same) = (0_u64, 0_u8, 0, true);
    for digit in digits.take(16) {
        if length == 0 {
            first = digit;
        }
        same &= digit == first;
        value |= u64::from(digit - b'0') << (60 - 4 * length);
        length += 1;
    }
    if same { (0, 0) } else { (value, length) }
}

/// Whether a number of sixteen digits was made for this birth date: day (a woman's plus 40), month, year.
pub(crate) fn fits(nik: u64, born: Born) -> bool {
    let two = |shift: u32| ((nik >> (shift + 4) & 15) * 10 + (nik >> shift & 15)) as u32;
    let day = two(32);
    born.day() != 0
        && (day == born.day() || day == born.day() + 40)
        && two(24) == born.month()
        && two(16) == born.year() % 100
}

/// Year, month and day as written, also where no such day exists: a slip of the keyboard is still comparable.
fn born(cell: &str) -> Born {
    use chrono::Datelike as _;
    let cell = known(cell);
    if cell.is_empty() {
        return Born::default();
    }
    if let Some(last) = chrono::NaiveDate::from_ymd_opt(2199, 12, 31)
        && let Ok(Some(written)) = parse_birth_date(cell, last)
    {
        let year = u32::try_from(written.date.year()).unwrap_or(0);
        return match written.precision {
            Precision::Year => Born::new(year, 0, 0),
            Precision::Day => Born::new(year, written.date.month(), written.date.day()),
        };
    }
    let digits: Vec<u32> = cell.bytes().filter(u8::is_ascii_digit).map(|b| u32::from(b - b'0')).collect();
    let [y1, y2, y3, y4, m1, m2, d1, d2] = digits[..] else { return Born::default() };
    let whole = |a: u32, b: u32| a * 10 + b;
    let four = |a, b, c, d| whole(a, b) * 100 + whole(c, d);
    let day_first = cell.bytes().take(4).any(|b| !b.is_ascii_digit());
    let (year, month, day) = if day_first {
        (four(m1, m2, d1, d2), whole(y3, y4), whole(y1, y2))
    } else {
        (four(y1, y2, y3, y4), whole(m1, m2), whole(d1, d2))
    };
    if !(1850..2200).contains(&year) {
        return Born::default();
    }
    Born::new(year, month.min(15), day.min(31))
}

/// 1 for a man, 2 for a woman.
fn sex(cell: &str) -> u8 {
    let cell = known(cell).to_ascii_uppercase();
    match cell.as_bytes() {
        [b'L' | b'M' | b'1', ..] => 1,
        [b'P', b'R', b'I', ..] => 1,
        [b'P' | b'W' | b'F' | b'2', ..] => 2,
        _ => 0,
    }
}

fn small(cell: &str) -> u16 {
    let cell = known(cell);
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    cell.parse().unwrap_or(0)
}

/// A name or code of a place: capital letters and digits, without what kind of place it is.
fn code(cell: &str) -> String {
    let cell = known(cell);
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    let mut out = String::with_capacity(cell.len());
    for word in cell.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let upper = word.to_uppercase();
        let kind =
            matches!(upper.as_str(), "KEL" | "KELURAHAN" | "DESA" | "KEC" | "KECAMATAN" | "KOTA" | "KAB" | "KABUPATEN");
        if !kind {
            out.push_str(&upper);
        }
    }
    let bare = out.trim_start_matches('0');
    if bare.len() < out.len() && bare.bytes().all(|b| b.is_ascii_digit()) && !bare.is_empty() {
        return bare.to_owned();
    }
    out
}
