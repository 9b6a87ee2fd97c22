//! Households of the city, one after the other, from a seed.
//!
//! Household `n` depends on the seed and `n` alone but for the serials of its numbers, which count up over the
//! households before it; so a larger city begins with the smaller one.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};
use uuid::Uuid;

use super::dice::Dice;
use super::family::{self, Kind, Seat};
use super::housing::{self, House};
use super::life::{self, Facts};
use super::places::{Numbers, Place, Places};
use super::pools::{Pools, Sex};
use crate::reference::FileError;

/// What a city is made from.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Seed of every throw.
    pub seed: u64,
    /// Number of households.
    pub households: u32,
    /// The day the city is seen on: ages, cycles and history end here.
    pub today: NaiveDate,
}

/// Kelurahan of the village operators' demo accounts; the first households live here.
pub const HOME_VILLAGE: &str = "32.73.16.1004";
/// Kecamatan of the social workers' demo accounts.
pub const HOME_DISTRICT: &str = "32.73.16";
/// How many of the first households live in [`HOME_VILLAGE`], at any size of the city.
const AT_HOME: u32 = 12;
/// Weights of the deciles among registered households, poorest first.
const DECILES: [u32; 10] = [140, 190, 170, 145, 112, 95, 70, 46, 22, 10];

/// A member.
#[derive(Debug, Clone)]
pub struct Person {
    /// Id.
    pub id: Uuid,
    /// Name as written.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Birth date, if anybody knows it.
    pub birth: Option<NaiveDate>,
    /// `day`, `year` or `unknown`.
    pub precision: &'static str,
    /// Age in full years.
    pub age: u32,
    /// Relation to the head, canonical code.
    pub relation: &'static str,
    /// Marital status, canonical code.
    pub marital: &'static str,
    /// Mother's name.
    pub mother: Option<String>,
    /// NIK.
    pub nik: Option<String>,
    /// Status of the NIK's claim.
    pub nik_status: &'static str,
    /// Phone in E.164.
    pub phone: Option<String>,
    /// School, work, health.
    pub facts: Facts,
    /// Known to live here, missing in the source's list of members.
    pub unlisted: bool,
}

/// A household.
#[derive(Debug, Clone)]
pub struct Household {
    /// Id.
    pub id: Uuid,
    /// Its dwelling; a few families share one.
    pub dwelling: Option<Uuid>,
    /// Milliseconds since 1970 of its registration.
    pub registered_ms: u64,
    /// Kind.
    pub kind: Kind,
    /// Position of its kelurahan in [`Places::all`].
    pub place: usize,
    /// Family-card number.
    pub card: Option<String>,
    /// Day the card was issued.
    pub card_issued: NaiveDate,
    /// Members that the source counts.
    pub declared: usize,
    /// National decile, 1 to 10.
    pub decile: Option<u32>,
    /// Decile of the previous quarter, where the household was in that release.
    pub previous_decile: Option<u32>,
    /// Decile in the older P3KE list, where it stands there.
    pub p3ke_decile: Option<u32>,
    /// Street and number.
    pub street: Option<String>,
    /// RT and RW.
    pub neighbourhood: Option<(u32, u32)>,
    /// Address on the card, where it differs from the domicile.
    pub registered_elsewhere: Option<(String, usize)>,
    /// Coordinates, WGS84 degrees.
    pub at: Option<(f64, f64)>,
    /// House.
    pub house: House,
    /// Members present in the registry, head first.
    pub members: Vec<Person>,
}

impl Household {
    /// The head.
    pub fn head(&self) -> Option<&Person> {
        self.members.first()
    }
}

/// Makes households in order.
pub struct City {
    plan: Plan,
    places: Places,
    pools: Pools,
    numbers: Numbers,
    next: u32,
    first_ms: u64,
    home: usize,
    last_dwelling: Option<Uuid>,
}

impl City {
    /// A city that has not begun.
    pub fn new(plan: Plan) -> Result<Self, FileError> {
        let places = Places::load()?;
        let home = places.position(HOME_VILLAGE);
        Ok(Self {
            plan,
            places,
            pools: Pools::load()?,
            numbers: Numbers::default(),
            next: 0,
            first_ms: millis_before(plan.today, 420),
            home,
            last_dwelling: None,
        })
    }

    /// Kelurahan of the city.
    pub fn places(&self) -> &Places {
        &self.places
    }

    fn make(&mut self, at: u32) -> Household {
        let mut dice = Dice::new(self.plan.seed, u64::from(at) + 1);
        let (mut kind, mut seats) = family::compose(&mut dice);
        // The demo's citizen is a grown head of a family of several.
        while at < AT_HOME && (kind != Kind::Family || seats.len() < 2) {
            (kind, seats) = family::compose(&mut dice);
        }
        let place = if at < AT_HOME { self.home } else { self.places.draw(&mut dice) };
        let registered_ms = self.first_ms + u64::from(at);
        let decile = draw_decile(&mut dice, self.places.all().get(place).map_or(0, |p| p.hardship), kind, &seats);
        let house =
            if kind == Kind::Unhoused { House::default() } else { housing::build(&mut dice, decile, seats.len()) };
        let mut household = Household {
            id: dice.id(registered_ms),
            dwelling: None,
            registered_ms,
            kind,
            place,
            card: None,
            card_issued: self.plan.today,
            declared: seats.len(),
            decile: (kind == Kind::Family && !dice.chance(4)).then_some(decile),
            previous_decile: None,
            p3ke_decile: None,
            street: None,
            neighbourhood: None,
            registered_elsewhere: None,
            at: None,
            house,
            members: Vec::with_capacity(seats.len()),
        };
        self.settle(&mut dice, &mut household);
        self.fill(&mut dice, &mut household, &seats, decile);
        household
    }

    /// Address, card and what older lists said.
    fn settle(&mut self, dice: &mut Dice, household: &mut Household) {
        let Some(home) = self.places.all().get(household.place).cloned() else { return };
        if household.kind != Kind::Unhoused {
            household.street = dice.chance(985).then(|| self.pools.street(dice));
            household.neighbourhood = dice.chance(990).then(|| (dice.between(1, 11), dice.between(1, 15)));
            household.at = dice.chance(850).then(|| near(dice, home.at));
            let shared = dice.chance(40);
            let own = dice.id(household.registered_ms);
            household.dwelling = Some(self.last_dwelling.filter(|_| shared).unwrap_or(own));
            self.last_dwelling = household.dwelling;
        }
        if household.kind != Kind::Family {
            return;
        }
        let age = dice.between(60, 6500);
        household.card_issued = dice.day_before(self.plan.today, age);
        if !dice.chance(6) {
            let region = home.district.replace('.', "").parse().unwrap_or(327_301);
            household.card = self.numbers.family_card(region, household.card_issued);
        }
        if dice.chance(90) {
            let elsewhere = self.places.draw(dice);
            household.registered_elsewhere = Some((self.pools.street(dice), elsewhere));
        }
        if let Some(decile) = household.decile {
            household.previous_decile = dice.chance(620).then(|| shift(dice, decile, 250));
            household.p3ke_decile = (decile <= 4 && dice.chance(640)).then(|| shift(dice, decile, 400).min(4));
        }
    }

    fn fill(&mut self, dice: &mut Dice, household: &mut Household, seats: &[Seat], decile: u32) {
        let Some(home) = self.places.all().get(household.place).cloned() else { return };
        let covered = life::insurance(dice, decile);
        for seat in seats {
            let person = self.person(dice, household, seat, &home, decile, covered);
            household.members.push(person);
        }
        // A list that says five and brings four: one member, never the head, is not in the registry.
        if household.members.len() > 1 && household.kind == Kind::Family && dice.chance(38) {
            let mothers: Vec<Option<usize>> = seats.iter().map(|s| s.mother).collect();
            let leaf = (1..seats.len()).rev().find(|at| !mothers.contains(&Some(*at)));
            if let Some(person) = leaf.and_then(|at| household.members.get_mut(at)) {
                person.unlisted = true;
            }
        }
    }

    fn person(
        &mut self,
        dice: &mut Dice,
        household: &Household,
        seat: &Seat,
        home: &Place,
        decile: u32,
        covered: &'static str,
    ) -> Person {
        let birth = birth_date(dice, self.plan.today, seat.age);
        let (birth, precision) = match dice.below(1000) {
            0..=3 if household.kind != Kind::Family => (None, "unknown"),
            0..=1 => (None, "unknown"),
            2..=9 if seat.age > 55 => (NaiveDate::from_ymd_opt(birth.year(), 7, 1), "year"),
            _ => (Some(birth), "day"),
        };
        let born = self.plan.today.year() - i32::try_from(seat.age).unwrap_or(0);
        let mother = match seat.mother.and_then(|at| household.members.get(at)) {
            Some(mother) => Some(mother.name.clone()),
            None => dice.chance(930).then(|| {
                let older = i32::try_from(dice.between(19, 38)).unwrap_or(25);
                self.pools.person(dice, Sex::Female, born - older)
            }),
        };
        let without_nik = match (household.kind, seat.age) {
            (Kind::Unhoused, _) => 610,
            (Kind::Institution, _) => 140,
            (_, 0) => 110,
            (_, 75..) => 26,
            _ => 9,
        };
        let region = self.places.issued_in(dice, home);
        let nik = birth.filter(|_| !dice.chance(without_nik)).and_then(|date| self.numbers.nik(region, date, seat.sex));
        let insured = if dice.chance(90) { life::insurance(dice, decile) } else { covered };
        Person {
            id: dice.id(household.registered_ms),
            name: self.pools.person(dice, seat.sex, born),
            sex: seat.sex,
            birth,
            precision,
            age: seat.age,
            relation: seat.relation,
            marital: seat.marital,
            mother,
            nik_status: ["matched", "unchecked", "not_matched"]
                .get(dice.weighted(&[940, 44, 16]))
                .copied()
                .unwrap_or("matched"),
            nik,
            phone: (seat.age >= 15 && dice.chance(if seat.age > 64 { 350 } else { 720 })).then(|| phone(dice)),
            facts: life::facts(dice, seat.age, seat.sex, decile, insured),
            unlisted: false,
        }
    }
}

impl Iterator for City {
    type Item = Household;
    fn next(&mut self) -> Option<Household> {
        if self.next >= self.plan.households {
            return None;
        }
        let household = self.make(self.next);
        self.next += 1;
        Some(household)
    }
}

/// Milliseconds since 1970 at two in the morning UTC, `days` before `date`.
pub fn millis_before(date: NaiveDate, days: u64) -> u64 {
    let day = date.checked_sub_days(Days::new(days)).unwrap_or(date);
    let time = NaiveTime::from_hms_opt(2, 0, 0).unwrap_or_default();
    u64::try_from(day.and_time(time).and_utc().timestamp_millis()).unwrap_or(0)
}

fn draw_decile(dice: &mut Dice, hardship: i32, kind: Kind, seats: &[Seat]) -> u32 {
    if kind == Kind::Unhoused {
        return 1;
    }
    let mut decile = u32::try_from(dice.weighted(&DECILES)).unwrap_or(3) + 1;
    let push = hardship.unsigned_abs().min(1000);
    if dice.chance(push) {
        decile = if hardship > 0 { decile.saturating_sub(1) } else { decile + 1 };
    }
    let alone_with_children =
        seats.len() > 1 && seats.first().is_some_and(|s| matches!(s.marital, "widowed" | "divorced"));
    if alone_with_children && dice.chance(350) {
        decile = decile.saturating_sub(1);
    }
    decile.clamp(1, 10)
}

fn shift(dice: &mut Dice, decile: u32, per_mille: u32) -> u32 {
    if !dice.chance(per_mille) {
        return decile;
    }
    (if dice.chance(500) { decile + 1 } else { decile.saturating_sub(1) }).clamp(1, 10)
}

fn near(dice: &mut Dice, (lat, lng): (f64, f64)) -> (f64, f64) {
    let mut off = || (f64::from(dice.below(2001)) - 1000.0) / 1000.0 * 0.0045;
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    (round(lat + off()), round(lng + off()))
}

fn birth_date(dice: &mut Dice, today: NaiveDate, age: u32) -> NaiveDate {
    let birthday = today.checked_sub_months(Months::new(age * 12)).unwrap_or(today);
    dice.day_before(birthday, 365)
}

fn phone(dice: &mut Dice) -> String {
    let prefix =
        dice.one_of(&["812", "813", "821", "822", "852", "857", "877", "878", "895", "896", "838", "819"], "812");
    format!("+62{prefix}{:08}", dice.below(100_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn plan(households: u32) -> Plan {
        Plan { seed: 7, households, today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() }
    }

    #[test]
    fn the_same_seed_gives_the_same_city_and_a_larger_one_begins_with_it() {
        let print = |n| City::new(plan(n)).unwrap().take(300).map(|h| format!("{h:?}")).collect::<Vec<_>>();
        assert_eq!(print(300), print(900));
    }

    #[test]
    fn numbers_are_unique_plausible_and_above_the_agencies() {
        let mut seen = HashSet::new();
        let (mut people, mut without) = (0, 0);
        for household in City::new(plan(6_000)).unwrap() {
            assert!(
                household.card.as_ref().is_none_or(|card| seen.insert(format!("k{card}")) && card[12..] >= *"5001")
            );
            for person in &household.members {
                people += 1;
                let Some(nik) = &person.nik else {
                    without += 1;
                    continue;
                };
                assert!(nik.len() == 16 && nik[12..] >= *"5001" && seen.insert(nik.clone()), "{nik}");
                let birth = person.birth.unwrap();
                let day: u32 = nik[6..8].parse().unwrap();
                assert_eq!(day, birth.day() + if person.sex == Sex::Female { 40 } else { 0 });
                assert_eq!(nik[8..12], birth.format("%m%y").to_string());
            }
        }
        assert!((10..30).contains(&(without * 1000 / people)), "{without} of {people}");
    }

    #[test]
    fn the_city_is_honest() {
        let today = plan(0).today;
        let (mut deciles, mut incomplete, mut villages) = ([0u32; 11], 0, HashSet::new());
        for (at, household) in City::new(plan(8_000)).unwrap().enumerate() {
            deciles[household.decile.unwrap_or(0) as usize] += 1;
            incomplete += u32::from(household.members.iter().any(|p| p.unlisted));
            villages.insert(household.place);
            assert!(household.kind == Kind::Family || household.card.is_none());
            for person in &household.members {
                assert!(person.birth.is_none_or(|birth| birth <= today));
                if person.precision == "day" {
                    assert_eq!(today.years_since(person.birth.unwrap()), Some(person.age));
                }
            }
            if at < AT_HOME as usize {
                assert!(household.members.len() > 1 && household.members[0].age >= 18);
            }
        }
        assert!(deciles[2] > deciles[6] && deciles[6] > deciles[9] && deciles[10] > 20, "{deciles:?}");
        assert!((200..330).contains(&incomplete), "{incomplete}");
        assert_eq!(villages.len(), 151);
    }
}
