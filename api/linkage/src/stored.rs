//! Weights as JSON: to be looked at, and to be used again for rows that come later.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::compare::{FIELDS, Field, LEVELS, MOST};
use crate::weights::{STRATA, Shares, Weights};

#[derive(Serialize, Deserialize)]
struct Stored {
    /// Logarithm of the odds before comparing.
    log_odds_before: Before,
    levels: Vec<Level>,
}

#[derive(Serialize, Deserialize)]
struct Before {
    apart: f64,
    household: f64,
    apart_kin: f64,
}

#[derive(Serialize, Deserialize)]
struct Level {
    field: Field,
    level: String,
    same_person: f64,
    /// Apart, apart with one birth date, in one household, in one household with one birth date, apart with one birth
    /// date and mother.
    other_people: [f64; STRATA],
    /// What follows from the shares; not read back.
    #[serde(default)]
    weight: [f32; STRATA],
}

impl Serialize for Weights {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut levels = Vec::new();
        for field in FIELDS {
            let f = field as usize;
            for (at, level) in LEVELS[f].iter().enumerate().skip(1) {
                levels.push(Level {
                    field,
                    level: (*level).to_owned(),
                    same_person: self.same[f][at],
                    other_people: std::array::from_fn(|stratum| self.others[stratum][f][at]),
                    weight: std::array::from_fn(|stratum| self.weight(stratum, field, at)),
                });
            }
        }
        let [apart, household, apart_kin] = self.prior;
        Stored { log_odds_before: Before { apart, household, apart_kin }, levels }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Weights {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let mut same: Shares = [[0.0; MOST]; 7];
        let mut others: [Shares; STRATA] = [same; STRATA];
        for level in &stored.levels {
            let f = level.field as usize;
            let at = LEVELS[f].iter().position(|name| *name == level.level);
            let at = at.ok_or_else(|| D::Error::custom(format_args!("no level {:?}", level.level)))?;
            same[f][at] = level.same_person;
            for (stratum, share) in others.iter_mut().zip(level.other_people) {
                stratum[f][at] = share;
            }
        }
        let known = |shares: &Shares| {
            LEVELS.iter().zip(shares).all(|(levels, row)| row[1..levels.len()].iter().all(|share| *share > 0.0))
        };
        if !known(&same) || !others.iter().all(known) {
            return Err(D::Error::custom("the share of a level is missing or not above zero"));
        }
        let before = stored.log_odds_before;
        Ok(Weights::new([before.apart, before.household, before.apart_kin], same, others))
    }
}
