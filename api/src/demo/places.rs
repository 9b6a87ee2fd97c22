//! Where people live: kelurahan by population, and where numbers were first issued.

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use std::collections::HashMap;

use super::dice::Dice;
use super::pools::Sex;
use crate::reference::{FileError, Region, regions};

#[derive(Deserialize)]
struct DistrictRow {
    code: String,
    people_thousand: u32,
    hardship: f64,
}

/// One kelurahan.
#[derive(Debug, Clone)]
pub struct Place {
    /// Dotted code.
    pub code: String,
    /// Dotted code of its kecamatan.
    pub district: String,
    /// Its name.
    pub name: String,
    /// Name of its kecamatan.
    pub district_name: String,
    /// Centroid, WGS84 degrees.
    pub at: (f64, f64),
    /// How much poorer (above 0) or better off than the city, in thousandths of a decile.
    pub hardship: i32,
}

/// All kelurahan of the city with running totals of their people.
pub struct Places {
    all: Vec<Place>,
    totals: Vec<u32>,
}

/// Regions outside the city where a NIK of somebody now living in it was often issued.
const ELSEWHERE: [&str; 18] = [
    "320405", "320428", "321706", "321710", "320514", "320612", "320806", "321101", "321112", "321401", "327701",
    "327802", "330401", "331106", "337403", "317405", "351524", "187102",
];

impl Places {
    /// Reads the embedded files.
    pub fn load() -> Result<Self, FileError> {
        let regions = regions()?;
        let text = include_str!("../../data/demo/districts.csv");
        let districts: Vec<DistrictRow> = csv::Reader::from_reader(text.as_bytes())
            .deserialize()
            .collect::<Result<_, _>>()
            .map_err(|e| FileError::Csv("districts.csv", e))?;
        let names: HashMap<&str, &Region> = regions.iter().map(|r| (r.code.as_str(), r)).collect();
        let mut children: HashMap<&str, u32> = HashMap::new();
        for region in &regions {
            *children.entry(region.parent_code.as_deref().unwrap_or("")).or_default() += 1;
        }
        let (mut all, mut totals, mut total) = (Vec::new(), Vec::new(), 0);
        for (at, region) in regions.iter().filter(|r| r.level == "kelurahan").enumerate() {
            let Some(district) =
                region.parent_code.as_deref().and_then(|code| districts.iter().find(|d| d.code == code))
            else {
                continue;
            };
            let size = children.get(district.code.as_str()).copied().unwrap_or(1);
            // Kelurahan of one kecamatan differ by up to a third; the pattern is fixed, it is no measurement.
            let uneven = 80 + u32::try_from(at).unwrap_or(0) * 37 % 41;
            total += district.people_thousand * 1000 / size * uneven / 100;
            totals.push(total);
            #[expect(clippy::cast_possible_truncation, reason = "a small fraction times 1000")]
            let hardship = (district.hardship * 1000.0).round() as i32;
            all.push(Place {
                code: region.code.clone(),
                district: district.code.clone(),
                name: region.name.clone(),
                district_name: names.get(district.code.as_str()).map_or_else(String::new, |r| r.name.clone()),
                at: (region.lat.unwrap_or_default(), region.lng.unwrap_or_default()),
                hardship,
            });
        }
        Ok(Self { all, totals })
    }

    /// All kelurahan, in the order of their codes.
    pub fn all(&self) -> &[Place] {
        &self.all
    }

    /// Position of a kelurahan drawn by population.
    pub fn draw(&self, dice: &mut Dice) -> usize {
        dice.cumulative(&self.totals)
    }

    /// Position of a kelurahan by code; the first one where there is none.
    pub fn position(&self, code: &str) -> usize {
        self.all.iter().position(|p| p.code == code).unwrap_or(0)
    }

    /// Six digits of the region where a person's NIK was issued: mostly here, else elsewhere in the city or the country.
    pub fn issued_in(&self, dice: &mut Dice, home: &Place) -> u64 {
        let throw = dice.below(1000);
        let text = if throw < 840 {
            home.district.replace('.', "")
        } else if throw < 920 {
            let at = self.draw(dice);
            self.all.get(at).map_or(String::new(), |p| p.district.replace('.', ""))
        } else {
            dice.one_of(&ELSEWHERE, "320405").to_owned()
        };
        text.parse().unwrap_or(327_301)
    }
}

/// First serial of a generated number: agencies' files use those below, so the two never meet by chance.
const FIRST_SERIAL: u16 = 5001;

/// Gives out NIK and family-card numbers; no number twice.
#[derive(Default)]
pub struct Numbers {
    next: HashMap<u64, u16>,
}

impl Numbers {
    /// A NIK for somebody born on `birth` and first registered in `region` (six digits).
    pub fn nik(&mut self, region: u64, birth: NaiveDate, sex: Sex) -> Option<String> {
        let day = birth.day() + if sex == Sex::Female { 40 } else { 0 };
        self.number(region, day, birth)
    }

    /// A family-card number issued on `issued` in `region` (six digits).
    pub fn family_card(&mut self, region: u64, issued: NaiveDate) -> Option<String> {
        // Both kinds count apart although they look alike: bit 60 keeps the keys from meeting.
        self.number(region | 1 << 40, issued.day(), issued)
    }

    fn number(&mut self, region: u64, day: u32, date: NaiveDate) -> Option<String> {
        let digits = u64::from(day) * 10_000
            + u64::from(date.month()) * 100
            + u64::try_from(date.year().rem_euclid(100)).ok()?;
        let serial = self.next.entry(region * 1_000_000 + digits).or_insert(FIRST_SERIAL);
        let own = *serial;
        *serial = own.checked_add(1).filter(|n| *n <= 10_000)?;
        (own <= 9999).then(|| format!("{:06}{digits:06}{own:04}", region & 0xff_ffff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kelurahan_has_people() {
        let places = Places::load().unwrap();
        assert_eq!(places.all().len(), 151);
        let mut dice = Dice::new(3, 0);
        let mut seen = vec![0u32; 151];
        for _ in 0..100_000 {
            seen[places.draw(&mut dice)] += 1;
        }
        assert!(seen.iter().all(|n| *n > 100), "{seen:?}");
        assert_eq!(places.totals.last().map(|n| n / 100_000), Some(24));
    }

    #[test]
    fn numbers_are_never_given_twice() {
        let mut numbers = Numbers::default();
        let day = NaiveDate::from_ymd_opt(1988, 8, 10).unwrap();
        assert_eq!(numbers.nik(327_315, day, Sex::Male).unwrap(), "3273151008885001");
        assert_eq!(numbers.nik(327_315, day, Sex::Male).unwrap(), "3273151008885002");
        assert_eq!(numbers.nik(327_315, day, Sex::Female).unwrap(), "3273155008885001");
        assert_eq!(numbers.family_card(327_315, day).unwrap(), "3273151008885001");
        for _ in 0..4997 {
            assert!(numbers.nik(327_315, day, Sex::Male).is_some());
        }
        assert_eq!(numbers.nik(327_315, day, Sex::Male), None);
    }
}
