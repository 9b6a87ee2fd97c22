//! Pools of names and streets, from `api/data/names/`.

use super::dice::Dice;
use crate::reference::FileError;
use serde::Deserialize;

/// Sex as the registry writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// `male`
    Male,
    /// `female`
    Female,
}

impl Sex {
    /// Canonical code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Male => Self::Female,
            Self::Female => Self::Male,
        }
    }
}

#[derive(Deserialize)]
struct NameRow {
    name: String,
    weight: u32,
    era: String,
}

#[derive(Deserialize)]
struct ShareRow {
    era: String,
    born_from: i32,
    born_to: i32,
    one_word: f64,
    two_words: f64,
    three_words: f64,
    four_words: f64,
    rare_word: f64,
}

#[derive(Deserialize)]
struct SyllableRow {
    position: String,
    syllable: String,
}

#[derive(Deserialize)]
struct StreetRow {
    word: String,
    kind: String,
}

/// Names of one sex, place and era with running totals of their weights.
#[derive(Default)]
struct Pool {
    names: Vec<String>,
    totals: Vec<u32>,
}

impl Pool {
    fn push(&mut self, name: &str, weight: u32) {
        self.totals.push(self.totals.last().copied().unwrap_or(0) + weight);
        self.names.push(name.to_owned());
    }
    fn draw(&self, dice: &mut Dice) -> &str {
        self.names.get(dice.cumulative(&self.totals)).map_or("Asep", String::as_str)
    }
}

struct Era {
    born_from: i32,
    born_to: i32,
    words: [u32; 4],
    coined: u32,
    /// male given, male second, female given, female second
    pools: [Pool; 4],
}

/// Everything people and streets are called after.
pub struct Pools {
    eras: Vec<Era>,
    syllables: [Vec<String>; 3],
    prefixes: Vec<String>,
    streets: Vec<String>,
    suffixes: Vec<String>,
}

macro_rules! name_file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../data/names/", $name)))
    };
}

fn rows<T: serde::de::DeserializeOwned>((name, text): (&'static str, &'static str)) -> Result<Vec<T>, FileError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|e| FileError::Csv(name, e))
}

/// Shares are fractions with at most three digits.
fn per_mille(share: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1 times 1000")]
    let value = (share * 1000.0).round() as u32;
    value
}

impl Pools {
    /// Reads the embedded files.
    pub fn load() -> Result<Self, FileError> {
        let files = [
            name_file!("male_given.csv"),
            name_file!("male_second.csv"),
            name_file!("female_given.csv"),
            name_file!("female_second.csv"),
        ];
        let mut eras: Vec<(String, Era)> = rows::<ShareRow>(name_file!("shares.csv"))?
            .into_iter()
            .map(|s| {
                let words = [s.one_word, s.two_words, s.three_words, s.four_words].map(per_mille);
                (
                    s.era,
                    Era {
                        born_from: s.born_from,
                        born_to: s.born_to,
                        words,
                        coined: per_mille(s.rare_word),
                        pools: Default::default(),
                    },
                )
            })
            .collect();
        for (at, file) in files.into_iter().enumerate() {
            for row in rows::<NameRow>(file)? {
                for (era, pools) in &mut eras {
                    // A name of another cohort is rare in this one, not unknown.
                    let weight = if row.era == "any" || row.era == *era { row.weight } else { row.weight / 25 };
                    if weight > 0
                        && let Some(pool) = pools.pools.get_mut(at)
                    {
                        pool.push(&row.name, weight);
                    }
                }
            }
        }
        let mut syllables: [Vec<String>; 3] = Default::default();
        for row in rows::<SyllableRow>(name_file!("syllables.csv"))? {
            let at = match row.position.as_str() {
                "first" => 0,
                "middle" => 1,
                _ => 2,
            };
            syllables[at].push(row.syllable);
        }
        let streets = rows::<StreetRow>(name_file!("streets.csv"))?;
        let of = |kind: &str| streets.iter().filter(|s| s.kind == kind).map(|s| s.word.clone()).collect::<Vec<_>>();
        Ok(Self {
            eras: eras.into_iter().map(|(_, era)| era).collect(),
            syllables,
            prefixes: of("prefix"),
            streets: of("name"),
            suffixes: of("suffix"),
        })
    }

    /// A name for somebody of this sex and birth year.
    pub fn person(&self, dice: &mut Dice, sex: Sex, born: i32) -> String {
        let era = self.eras.iter().find(|e| (e.born_from..=e.born_to).contains(&born)).or(self.eras.last());
        let Some(era) = era else { return "Asep".to_owned() };
        let words = dice.weighted(&era.words) + 1;
        let offset = if sex == Sex::Male { 0 } else { 2 };
        let mut name = String::with_capacity(24);
        for place in 0..words {
            let pool = era.pools.get(offset + place.min(1));
            // Two draws at most: repeating a word inside a name is what no parent does.
            for _ in 0..2 {
                let coined;
                let word = if dice.chance(era.coined) {
                    coined = self.coin(dice);
                    coined.as_str()
                } else {
                    pool.map_or("Asep", |p| p.draw(dice))
                };
                if name.is_empty() || !name.contains(word) {
                    if !name.is_empty() {
                        name.push(' ');
                    }
                    name.push_str(word);
                    break;
                }
            }
        }
        name
    }

    fn coin(&self, dice: &mut Dice) -> String {
        let [first, middle, last] = &self.syllables;
        let mut word = pick(dice, first).to_owned();
        for _ in 0..dice.between(1, 2) {
            word.push_str(pick(dice, middle));
        }
        word.push_str(pick(dice, last));
        word
    }

    /// `Gg. Melati II No. 12`
    pub fn street(&self, dice: &mut Dice) -> String {
        use std::fmt::Write as _;
        let prefix = if dice.chance(750) {
            dice.one_of(&["Jl.", "Gg.", "Jl.", "Gg.", "Kp."], "Jl.")
        } else {
            pick(dice, &self.prefixes)
        };
        let mut street = format!("{prefix} {}", pick(dice, &self.streets));
        if dice.chance(220) {
            street.push(' ');
            street.push_str(pick(dice, &self.suffixes));
        }
        // A house number; writing to a string cannot fail.
        let _ = write!(street, " No. {}", dice.between(1, 210));
        street
    }
}

fn pick<'a>(dice: &mut Dice, words: &'a [String]) -> &'a str {
    let at = dice.below(u32::try_from(words.len()).unwrap_or(0));
    words.get(at as usize).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn names_follow_the_shares_and_the_steep_curve() {
        let pools = Pools::load().unwrap();
        let mut dice = Dice::new(5, 0);
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut one_word = 0;
        for at in 0..4000 {
            let name = pools.person(&mut dice, if at % 2 == 0 { Sex::Male } else { Sex::Female }, 1950);
            assert!(!name.is_empty() && !name.contains("  "), "{name}");
            one_word += u32::from(!name.contains(' '));
            *seen.entry(name).or_default() += 1;
        }
        assert!((1500..2400).contains(&one_word), "{one_word}");
        assert!(seen.len() > 1200 && seen.values().max().unwrap() > &10, "{}", seen.len());
    }
}
