//! A town of households with known truth: who is written twice, by three kinds of clerks with habits of their own.
//!
//! Nothing here is taken from the engine: no table, no rule, no share.
#![allow(dead_code, reason = "the test and the example use different parts")]

mod clerks;

use std::fmt::Write as _;

/// SplitMix64: small, and the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + (self.next() % u64::from(high - low + 1)) as u32
    }

    pub fn chance(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64) < share * (1_u64 << 53) as f64
    }

    pub fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// A row as a clerk wrote it.
#[derive(Clone, Default)]
pub struct Written {
    pub person: u32,
    /// Of the whole person: single-name elder, twin, father or son of one name.
    pub elder: bool,
    pub twin: bool,
    pub namesake: bool,
    /// Of this row.
    pub by_husband: bool,
    pub male: bool,
    pub nik: String,
    pub kk: String,
    pub name: String,
    pub sex: String,
    /// Day, month, year; a zero is not known.
    pub born: (u32, u32, u32),
    pub birthplace: String,
    pub street: String,
    pub house: u32,
    pub address: String,
    pub rt: u32,
    pub rw: u32,
    pub kel: String,
    pub kec: String,
    pub mother: String,
    pub husband: String,
}

impl Written {
    pub fn date(&self) -> String {
        match self.born {
            (_, _, 0) => String::new(),
            (0, _, year) => year.to_string(),
            (day, month, year) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// Names with how often they are given.
struct Pool {
    names: Vec<&'static str>,
    sums: Vec<u32>,
}

impl Pool {
    fn read(table: &'static str) -> Self {
        let (mut names, mut sums, mut sum) = (Vec::new(), Vec::new(), 0);
        for line in table.lines().skip(1) {
            let mut cells = line.split(',');
            let (Some(name), Some(weight)) = (cells.next(), cells.next()) else { continue };
            sum += weight.parse::<u32>().unwrap();
            names.push(name);
            sums.push(sum);
        }
        Self { names, sums }
    }

    fn draw(&self, dice: &mut Dice) -> &'static str {
        let at = dice.below(*self.sums.last().unwrap() as usize);
        self.names[self.sums.partition_point(|sum| *sum as usize <= at)]
    }
}

struct Pools {
    given: [Pool; 2],
    second: [Pool; 2],
    streets: Vec<&'static str>,
    syllables: [Vec<&'static str>; 3],
}

const PLACES: [&str; 9] =
    ["Bandung", "Garut", "Cimahi", "Sumedang", "Tasikmalaya", "Cianjur", "Jakarta", "Semarang", "Medan"];

impl Pools {
    fn read() -> Self {
        let of_kind = |table: &'static str, kind: &str, swap: bool| -> Vec<&'static str> {
            let cells = table.lines().skip(1).filter_map(|line| line.split_once(','));
            cells.map(|(a, b)| if swap { (b, a) } else { (a, b) }).filter(|(k, _)| *k == kind).map(|(_, w)| w).collect()
        };
        let streets = include_str!("../../../data/names/streets.csv");
        let syllables = include_str!("../../../data/names/syllables.csv");
        Self {
            given: [
                Pool::read(include_str!("../../../data/names/male_given.csv")),
                Pool::read(include_str!("../../../data/names/female_given.csv")),
            ],
            second: [
                Pool::read(include_str!("../../../data/names/male_second.csv")),
                Pool::read(include_str!("../../../data/names/female_second.csv")),
            ],
            streets: of_kind(streets, "name", true),
            syllables: ["first", "middle", "last"].map(|kind| of_kind(syllables, kind, false)),
        }
    }

    fn name(&self, dice: &mut Dice, male: bool, words: usize) -> String {
        let sex = usize::from(!male);
        let mut name = String::new();
        for word in 0..words {
            if word > 0 {
                name.push(' ');
            }
            if dice.chance(0.08) {
                for list in &self.syllables {
                    name.push_str(list[dice.below(list.len())]);
                }
                name[..].make_ascii_lowercase_tail();
            } else {
                name.push_str(if word == 0 { self.given[sex].draw(dice) } else { self.second[sex].draw(dice) });
            }
        }
        name
    }
}

trait Tail {
    fn make_ascii_lowercase_tail(&mut self);
}

impl Tail for str {
    /// Syllables are written with a capital each; a coined word has one.
    fn make_ascii_lowercase_tail(&mut self) {
        let start = self.rfind(' ').map_or(0, |at| at + 1);
        if let Some(tail) = self.get_mut(start + 1..) {
            tail.make_ascii_lowercase();
        }
    }
}

/// Rows of a town, in an order that says nothing; the same seed gives the same town.
pub fn town(households: usize, seed: u64) -> Vec<Written> {
    let pools = Pools::read();
    let mut dice = Dice::new(seed);
    let mut people: Vec<Written> = Vec::new();
    for household in 0..households {
        family(&pools, &mut dice, household, &mut people);
    }
    let count = people.len();
    let mut rows = people.clone();
    for person in people {
        let mut more = usize::from(dice.chance(0.15));
        more += usize::from(more == 1 && dice.chance(0.2));
        for _ in 0..more {
            rows.push(clerks::copy(&pools, &mut dice, &person, count));
        }
    }
    for row in &mut rows {
        row.address = clerks::address(&mut dice, row);
    }
    for at in (1..rows.len()).rev() {
        let other = dice.below(at + 1);
        rows.swap(at, other);
    }
    rows
}

fn home(pools: &Pools, dice: &mut Dice, household: usize, row: &mut Written) {
    let kec = dice.below(12);
    row.kec = format!("Kec. {}", pools.streets[kec * 3 % pools.streets.len()]);
    row.kel = format!(
        "Kel. {} {}",
        pools.streets[(kec * 5 + 7) % pools.streets.len()],
        ["Kidul", "Kaler", "Wetan"][dice.below(3)]
    );
    row.street = format!("{} {}", dice.pick(&["Jl.", "Gg.", "Kp."]), pools.streets[dice.below(pools.streets.len())]);
    row.house = dice.between(1, 180);
    row.rt = dice.between(1, 9);
    row.rw = dice.between(1, 14);
    row.kk = format!(
        "3273{:02}{:02}{:02}{:02}{:04}",
        kec + 1,
        dice.between(1, 28),
        dice.between(1, 12),
        dice.between(5, 25),
        household % 9_000 + 1
    );
}

fn family(pools: &Pools, dice: &mut Dice, household: usize, people: &mut Vec<Written>) {
    let mut house = Written::default();
    home(pools, dice, household, &mut house);
    let age = dice.between(24, 66);
    let member = |pools: &Pools, dice: &mut Dice, male: bool, age: u32, name: String, mother: &str| {
        let mut row = Written { male, name, mother: mother.to_owned(), ..house.clone() };
        row.sex = if male { "L" } else { "P" }.to_owned();
        row.born = (dice.between(1, 28), dice.between(1, 12), 2026 - age);
        if age > 50 && dice.chance(0.12) {
            row.born = (1, 1, row.born.2);
        }
        row.birthplace = if dice.chance(0.6) { "Bandung".into() } else { (*dice.pick(&PLACES)).to_owned() };
        number(dice, &mut row);
        if dice.chance(0.07) {
            row.nik.clear();
        }
        let _ = pools;
        row
    };
    let words = |dice: &mut Dice, age: u32| {
        if age > 58 && dice.chance(0.45) { 1 } else { 2 + usize::from(dice.chance(0.2)) }
    };
    let count = words(dice, age);
    let (his, his_mother) = (pools.name(dice, true, count), pools.name(dice, false, 1));
    let mut father = member(pools, dice, true, age, his.clone(), &his_mother);
    father.elder = count == 1 && age > 58;
    let count = words(dice, age);
    let (hers, her_mother) = (pools.name(dice, false, count), pools.name(dice, false, 2));
    let mut mother = member(pools, dice, false, age.saturating_sub(3), hers.clone(), &her_mother);
    mother.husband.clone_from(&his);
    mother.elder = count == 1 && age > 58;
    let mut all = vec![father, mother];
    let mut children = dice.below(5);
    while children > 0 {
        children -= 1;
        let (male, age) = (dice.chance(0.5), dice.between(0, age - 18));
        let namesake = male && dice.chance(0.03);
        let count = 2 + usize::from(dice.chance(0.3));
        let name = if namesake { his.clone() } else { pools.name(dice, male, count) };
        let mut child = member(pools, dice, male, age, name, &hers);
        child.namesake = namesake;
        all[0].namesake |= namesake;
        if dice.chance(0.03) {
            let male = dice.chance(0.6) == male;
            let mut other = child.clone();
            other.male = male;
            other.sex = if male { "L" } else { "P" }.to_owned();
            // Parents like names that go together.
            other.name = if dice.chance(0.5) {
                format!("{} {}", pools.name(dice, male, 1), child.name.split(' ').next_back().unwrap_or_default())
            } else {
                pools.name(dice, male, 2)
            };
            number(dice, &mut other);
            child.twin = true;
            other.twin = true;
            all.push(other);
        }
        all.push(child);
    }
    for mut row in all {
        row.person = people.len() as u32;
        people.push(row);
    }
}

/// A number that fits the person.
fn number(dice: &mut Dice, row: &mut Written) {
    let (day, month, year) = row.born;
    let day = if row.male { day } else { day + 40 };
    row.nik.clear();
    let _ =
        write!(row.nik, "3273{:02}{day:02}{month:02}{:02}{:04}", dice.between(1, 30), year % 100, dice.between(1, 6));
}
