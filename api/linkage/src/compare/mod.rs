//! What comparing two rows gives: one level a field, packed into one number.

mod date;
mod name;
mod number;
mod place;

use serde::{Deserialize, Serialize};

use crate::people::Person;
use crate::vocabulary::Vocabulary;

pub(crate) use date::is_same_day;
pub(crate) use name::EDGES as NAME_EDGES;
pub(crate) use name::{is_one_mother, middle_of_bin};
pub(crate) use number::is_same_head;
pub(crate) use place::is_household;

/// The fields that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    Name = 0,
    Mother = 1,
    Born = 2,
    Nik = 3,
    Home = 4,
    Sex = 5,
    Birthplace = 6,
}

pub(crate) const FIELDS: [Field; 7] =
    [Field::Name, Field::Mother, Field::Born, Field::Nik, Field::Home, Field::Sex, Field::Birthplace];

/// Names of the levels of each field; level 0 is always "not known on one side" and says nothing.
pub(crate) const LEVELS: [&[&str]; 7] = [
    &name::LEVELS,
    &name::MOTHER_LEVELS,
    &date::LEVELS,
    &number::LEVELS,
    &place::HOME_LEVELS,
    &["unknown", "same", "different"],
    &["unknown", "same, common", "same, rare", "different"],
];

/// The most levels that a field has.
pub(crate) const MOST: usize = 16;

/// The levels of one comparison, a digit each in a mixed radix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern(pub u32);

/// How many patterns there can be.
pub(crate) const PATTERNS: usize = {
    let (mut product, mut at) = (1, 0);
    while at < LEVELS.len() {
        product *= LEVELS[at].len();
        at += 1;
    }
    product
};

impl Pattern {
    pub fn pack(levels: [u8; 7]) -> Self {
        let mut packed = 0;
        for (level, names) in levels.iter().zip(&LEVELS) {
            packed = packed * narrow(names.len()) + u32::from(*level);
        }
        Self(packed)
    }

    pub fn levels(self) -> [usize; 7] {
        let mut rest = self.0;
        let mut levels = [0; 7];
        for (level, names) in levels.iter_mut().zip(&LEVELS).rev() {
            let radix = narrow(names.len());
            *level = (rest % radix) as usize;
            rest /= radix;
        }
        levels
    }
}

/// Whether name or sex speak against it. However much else agrees, that is for a person to look at.
pub(crate) fn is_doubtful(vocabulary: &Vocabulary, a: &Person, b: &Person) -> bool {
    a.sex != 0 && b.sex != 0 && a.sex != b.sex || name::is_contradicted(vocabulary, a, b)
}

const fn narrow(count: usize) -> u32 {
    // Level lists have at most MOST entries.
    count as u32
}

/// Compares two rows.
pub(crate) fn compare(vocabulary: &Vocabulary, a: &Person, b: &Person) -> Pattern {
    let sex = match (a.sex, b.sex) {
        (0, _) | (_, 0) => 0,
        (x, y) if x == y => 1,
        _ => 2,
    };
    Pattern::pack([
        name::level(vocabulary, a, b),
        name::mother_level(vocabulary, &a.mother, &b.mother),
        date::level(a.born, b.born),
        number::level(a, b),
        place::home(vocabulary, a, b),
        sex,
        place::birth(vocabulary, a.place, b.place),
    ])
}
