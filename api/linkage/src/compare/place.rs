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
    "same family card, but for a slip",
];

/// Levels at which the two live in one household.
pub(crate) fn is_household(level: usize) -> bool {
    level >= 6
}

pub(super) fn home(vocabulary: &Vocabulary, a: &Person, b: &Person) -> u8 {
    if a.kk != 0 && b.kk != 0 && one_slip(a.kk, b.kk) {
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

/// The same number, but for one digit or two that changed places.
fn one_slip(a: u64, b: u64) -> bool {
    let apart = a ^ b;
    if apart == 0 {
        return true;
    }
    let places = apart.trailing_zeros() / 4 * 4;
    let (x, y) = (a >> places, b >> places);
    (x ^ y) >> 4 == 0 || (x ^ y) >> 8 == 0 && x & 15 == y >> 4 & 15 && y & 15 == x >> 4 & 15
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Builder, Row};

    fn homes(a: Row<'_>, b: Row<'_>) -> u8 {
        let mut builder = Builder::default();
        for row in [Row { id: "1", ..a }, Row { id: "2", ..b }] {
            builder.push(&row);
        }
        let people = builder.finish();
        let level = home(&people.vocabulary, &people.persons[0], &people.persons[1]);
        assert_eq!(level, home(&people.vocabulary, &people.persons[1], &people.persons[0]));
        level
    }

    #[test]
    fn card_address_and_area_are_one_comparison() {
        let own = Row {
            no_kk: "3273050101100007",
            address: "Gg. Mukalmi No 12",
            kel: "Sukapada",
            kec: "3",
            ..Row::default()
        };
        let other_card = "3273020507110003";
        for (other, want) in [
            (own, 7),
            (Row { no_kk: "3273050101100001", ..own }, 7),
            (Row { no_kk: "3273051001100007", ..own }, 7),
            (Row { no_kk: other_card, ..own }, 6),
            (Row { no_kk: "", address: "GANG MUKALNI 12", ..own }, 6),
            (Row { no_kk: "", kel: "Cijerah", kec: "9", ..own }, 5),
            (Row { no_kk: "", address: "Gg Mukalmi", ..own }, 4),
            (Row { no_kk: "", address: "Gg. Mukalmi No 13", ..own }, 3),
            (Row { no_kk: "", address: "Jl. Suci 4", kel: "Cicadas", ..own }, 2),
            (Row { no_kk: other_card, address: "", kel: "Cijerah", kec: "9", ..own }, 1),
            (Row::default(), 0),
        ] {
            assert_eq!(homes(own, other), want, "{other:?}");
        }
    }
}
