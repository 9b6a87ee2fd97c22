//! Identity numbers against each other.

use crate::people::Person;

pub(crate) const LEVELS: [&str; 9] = [
    "unknown",
    "same",
    "one slip",
    "one slip in the serial",
    "other serial of the same day, place and sex",
    "two slips",
    "a few digits",
    "different",
    "same but for the birth dates that each is made of",
];

/// Levels at which the numbers were made for one place, day and sex, but differ.
pub(crate) fn is_same_head(level: usize) -> bool {
    level == 3 || level == 4
}

/// The six digits of a birth date within a number.
const DATE: u64 = 0x0000_00ff_ffff_0000;
/// The four digits behind it.
const SERIAL: u64 = 0xffff;

pub(super) fn level(a: &Person, b: &Person) -> u8 {
    if a.nik == 0 || b.nik == 0 {
        return 0;
    }
    if a.nik == b.nik {
        return 1;
    }
    let (la, lb) = (a.nik_digits, b.nik_digits);
    if la != lb {
        let (short, long) = if la < lb { (a, b) } else { (b, a) };
        // A digit lost or typed twice.
        return if long.nik_digits - short.nik_digits == 1 && one_lost(short.nik, long.nik) { 2 } else { 7 };
    }
    let apart = a.nik ^ b.nik;
    if a.nik_fits && b.nik_fits && a.born != b.born && apart & DATE != 0 {
        // Two birth dates make two numbers: that these are close says no more than that the dates are.
        return if apart & !DATE == 0 { 8 } else { 7 };
    }
    // One bit for every digit that differs.
    let places = (apart | apart >> 1 | apart >> 2 | apart >> 3) & 0x1111_1111_1111_1111;
    let count = places.count_ones();
    let swapped = count == 2 && {
        let low = places.trailing_zeros();
        let (x, y) = (a.nik >> low, b.nik >> low);
        places >> low == 0x11 && x & 15 == y >> 4 & 15 && y & 15 == x >> 4 & 15
    };
    if la == 16 && apart & !SERIAL == 0 {
        return if count == 1 || swapped { 3 } else { 4 };
    }
    match count {
        1 => 2,
        _ if swapped => 2,
        2 => 5,
        3 | 4 if la == 16 => 6,
        _ => 7,
    }
}

/// Whether the longer number is the shorter one with a digit put in. Both begin at the top.
fn one_lost(short: u64, long: u64) -> bool {
    let same = (short ^ long).leading_zeros() / 4 * 4;
    // Behind the digit that was put in, the longer one is the shorter one moved by a place.
    same >= 60 || (short << same) >> 4 == (long << same) & (u64::MAX >> 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Born, fits, packed};

    fn with(text: &str, born: Born) -> Person {
        let (nik, nik_digits) = packed(text.bytes());
        Person { nik, nik_digits, born, nik_fits: nik_digits == 16 && fits(nik, born), ..Person::default() }
    }

    fn bare(a: &str, b: &str) -> u8 {
        level(&with(a, Born::default()), &with(b, Born::default()))
    }

    #[test]
    fn slips_and_neighbours() {
        let own = "3273155509880001";
        for (other, want) in [
            ("3273155509880001", 1),
            ("3273155509880011", 3),
            ("3273155509880010", 3),
            ("3273155509880042", 4),
            ("3273155509890001", 2),
            ("3273155590880001", 2),
            ("3273155509690001", 5),
            ("3273155512690001", 6),
            ("327315550988001", 2),
            ("3273280101990007", 7),
        ] {
            assert_eq!(bare(own, other), want, "{other}");
            assert_eq!(bare(other, own), want, "{other}");
        }
        assert_eq!(bare("", own), 0);
        assert_eq!(bare("0000000000000000", own), 0, "a digit repeated is no number");
        assert_eq!(bare("1234567", "1234667"), 2);
        assert_eq!(bare("1234567", "7654321"), 7);
    }

    #[test]
    fn numbers_that_differ_as_the_birth_dates_do_are_no_slip() {
        let (on, later) = (Born::new(1988, 9, 15), Born::new(1989, 9, 15));
        let own = with("3273155509880001", on);
        assert_eq!(level(&own, &with("3273155509890001", later)), 8);
        assert_eq!(level(&own, &with("3273155509890001", on)), 2, "the second number does not fit its date");
        assert_eq!(level(&own, &with("3273155509890002", later)), 7);
    }
}
