//! Where people live and were born, against each other.

use super::name::near;
use crate::people::Person;
use crate::vocabulary::Vocabulary;

/// Family card, address and area are one comparison: they agree or differ together, and counting them apart would
/// make one person of every two who share a home.
pub(crate) const HOME_LEVELS: [&str; 8] = [
    "unknown",
    "elsewhere",
    "same kecamatan",
    "same kelurahan",
    "same street",
    "same address in another area",
    "same address",
    "same family card",
];

/// Levels at which the two live in one household.
pub(crate) fn is_household(level: usize) -> bool {
    level >= 6
}

pub(super) fn home(vocabulary: &Vocabulary, a: &Person, b: &Person) -> u8 {
    if a.kk != 0 && a.kk == b.kk {
        return 7;
    }
    let kel = a.kel != 0 && a.kel == b.kel;
    let street = same_street(vocabulary, a, b);
    if street && a.house != 0 && a.house == b.house {
        return if kel { 6 } else { 5 };
    }
    if kel {
        return if street && (a.house == 0 || b.house == 0) { 4 } else { 3 };
    }
    if a.kec != 0 && a.kec == b.kec {
        return 2;
    }
    let known = |p: &Person| p.kel != 0 || p.kec != 0 || p.street[0] != 0 || p.kk != 0;
    u8::from(known(a) && known(b))
}

/// The words of the street agree, in order, a slip in each forgiven.
fn same_street(vocabulary: &Vocabulary, a: &Person, b: &Person) -> bool {
    if a.street[0] == 0 || b.street[0] == 0 {
        return false;
    }
    if a.street == b.street {
        return true;
    }
    a.street.iter().zip(&b.street).all(|(&x, &y)| {
        x == y
            || x != 0 && y != 0 && { vocabulary.look(x).sound == vocabulary.look(y).sound || near(vocabulary, x, y, 1) }
    })
}

/// A place of birth that more than one in eight share says little.
const COMMON: f32 = -2.08;

pub(super) fn birth(vocabulary: &Vocabulary, a: u32, b: u32) -> u8 {
    match (a, b) {
        (0, _) | (_, 0) => 0,
        (x, y) if x != y => 3,
        (x, _) if vocabulary.place_share[x as usize] > COMMON => 1,
        _ => 2,
    }
}
