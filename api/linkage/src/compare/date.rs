//! Birth dates against each other.

use crate::people::Born;

pub(crate) const LEVELS: [&str; 11] = [
    "unknown",
    "same",
    "same, but a filler day",
    "day and month changed places",
    "same year, a filler day on one side",
    "one part off: day or month",
    "year off by a slip",
    "days apart",
    "same year",
    "near year, or same day of another year",
    "different",
];

/// Levels at which the two are one day.
pub(crate) fn is_same_day(level: usize) -> bool {
    level == 1 || level == 2
}

pub(super) fn level(a: Born, b: Born) -> u8 {
    if a.0 == 0 || b.0 == 0 {
        return 0;
    }
    if a == b {
        return if a.is_filler() { 2 } else { 1 };
    }
    let (ya, yb) = (a.year(), b.year());
    let (ma, mb) = (a.month(), b.month());
    let (da, db) = (a.day(), b.day());
    let years = ya.abs_diff(yb);
    if years == 0 {
        if da == mb && db == ma {
            return 3;
        }
        if a.is_filler() || b.is_filler() {
            return 4;
        }
        if ma == mb && (one_slip(da, db) || da.abs_diff(db) <= 2) || da == db && one_slip(ma, mb) {
            return 5;
        }
        return if days(a).abs_diff(days(b)) <= 10 { 7 } else { 8 };
    }
    if ma == mb && da == db && da != 0 {
        return if one_slip(ya, yb) || years <= 2 { 6 } else { 9 };
    }
    if days(a).abs_diff(days(b)) <= 10 {
        return 7;
    }
    if years <= 2 { 9 } else { 10 }
}

/// One digit differs, or the last two changed places.
fn one_slip(a: u32, b: u32) -> bool {
    let (mut x, mut y, mut differ) = (a, b, 0);
    while x > 0 || y > 0 {
        differ += u32::from(x % 10 != y % 10);
        (x, y) = (x / 10, y / 10);
    }
    differ == 1 || (a / 100 == b / 100 && a % 10 == b / 10 % 10 && b % 10 == a / 10 % 10)
}

/// A running number of the day, right to a day within a month and its neighbours.
fn days(born: Born) -> u32 {
    born.year() * 365 + born.month() * 30 + born.month() * 5 / 12 + born.day()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(y: u32, m: u32, d: u32) -> Born {
        Born::new(y, m, d)
    }

    #[test]
    fn levels_of_usual_slips() {
        for (a, b, want) in [
            (on(1980, 5, 17), on(1980, 5, 17), 1),
            (on(1980, 1, 1), on(1980, 1, 1), 2),
            (on(1980, 0, 0), on(1980, 0, 0), 2),
            (on(1980, 5, 7), on(1980, 7, 5), 3),
            (on(1980, 5, 17), on(1980, 1, 1), 4),
            (on(1980, 5, 17), on(1980, 0, 0), 4),
            (on(1980, 5, 17), on(1980, 5, 18), 5),
            (on(1980, 5, 17), on(1980, 5, 27), 5),
            (on(1980, 5, 17), on(1980, 6, 17), 5),
            (on(1980, 5, 17), on(1990, 5, 17), 6),
            (on(1980, 5, 17), on(1981, 5, 17), 6),
            (on(1989, 5, 17), on(1998, 5, 17), 6),
            (on(1980, 5, 30), on(1980, 6, 4), 7),
            (on(1980, 12, 30), on(1981, 1, 4), 7),
            (on(1980, 5, 17), on(1980, 9, 2), 8),
            (on(1980, 5, 17), on(1981, 9, 2), 9),
            (on(1980, 5, 17), on(1965, 9, 2), 10),
            (Born::default(), on(1965, 9, 2), 0),
        ] {
            assert_eq!(level(a, b), want, "{a:?} {b:?}");
            assert_eq!(level(b, a), want, "{b:?} {a:?}");
        }
    }
}
