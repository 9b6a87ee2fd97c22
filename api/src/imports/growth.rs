//! Length for age of children under five by the WHO Child Growth Standards: who is so short for his age that somebody
//! should look.
//!
//! The table holds median and variation by sex and month, lying below two years and standing from then on; the skew is
//! one throughout, so a score is the distance from the median in variations. Between months both are taken in proportion.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::kernel::nik::Sex;

const TABLE: &str = include_str!("../../data/growth/who_length_for_age.csv");
/// Days of a month in the standard.
const MONTH: f64 = 30.4375;
/// What a child measures more lying than standing.
const LYING: f64 = 0.7;
/// Beyond this the measurement is wrong, not the child.
const IMPLAUSIBLE: f64 = 6.0;

#[derive(Debug, Deserialize)]
struct Line {
    sex: String,
    position: String,
    month: u8,
    median_cm: f64,
    variation: f64,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    // The file is the build's own; a test reads every line of it.
    csv::Reader::from_reader(TABLE.as_bytes()).deserialize().filter_map(Result::ok).collect()
});

/// How a child was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// On the back.
    Lying,
    /// On the feet.
    Standing,
}

/// What a measurement means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Growth {
    /// The child is five or older, or not yet born then.
    OtherAge,
    /// No child measures that.
    Implausible,
    /// Distance from the median.
    Score(f64),
}

fn at(sex: Sex, position: &str, month: u8) -> Option<(f64, f64)> {
    let line = LINES.iter().find(|l| l.sex == sex.as_str() && l.position == position && l.month == month)?;
    Some((line.median_cm, line.variation))
}

/// The score of a length in centimetres on a day. A position that does not go with the age is brought into the other.
#[must_use]
pub fn length_for_age(sex: Sex, born: NaiveDate, on: NaiveDate, cm: f64, position: Option<Position>) -> Growth {
    let days = (on - born).num_days();
    let months = f64::from(i32::try_from(days).unwrap_or(i32::MAX)) / MONTH;
    if days < 0 || months > 60.0 {
        return Growth::OtherAge;
    }
    let (table, cm) = match (months < 24.0, position) {
        (true, Some(Position::Standing)) => ("lying", cm + LYING),
        (false, Some(Position::Lying)) => ("standing", cm - LYING),
        (true, _) => ("lying", cm),
        (false, _) => ("standing", cm),
    };
    let whole = (0..=60_u8).rev().find(|m| f64::from(*m) <= months).unwrap_or(0);
    let part = months - f64::from(whole);
    let Some((median, variation)) = at(sex, table, whole) else { return Growth::OtherAge };
    let (next_median, next_variation) = at(sex, table, whole + 1).unwrap_or((median, variation));
    let median = median + (next_median - median) * part;
    let variation = variation + (next_variation - variation) * part;
    let score = (cm / median - 1.0) / variation;
    if score.abs() > IMPLAUSIBLE { Growth::Implausible } else { Growth::Score(score) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_is_whole_and_grows() {
        let read: Result<Vec<Line>, _> = csv::Reader::from_reader(TABLE.as_bytes()).deserialize().collect();
        assert_eq!(read.unwrap().len(), 2 * (25 + 37));
        for sex in [Sex::Male, Sex::Female] {
            for (position, months) in [("lying", 0..24_u8), ("standing", 24..60)] {
                for month in months {
                    assert!(at(sex, position, month).unwrap().0 < at(sex, position, month + 1).unwrap().0);
                }
            }
            let (lying, standing) = (at(sex, "lying", 24).unwrap().0, at(sex, "standing", 24).unwrap().0);
            assert!((lying - standing - 0.7001).abs() < 0.001, "lying is seven millimetres more");
        }
    }

    #[test]
    fn scores_are_those_of_the_published_charts() {
        let score =
            |sex, born: &str, on: &str, cm, position| match length_for_age(sex, day(born), day(on), cm, position) {
                Growth::Score(score) => score,
                other => panic!("{other:?}"),
            };
        // Minus two standard deviations of the published tables: a boy at birth 46.1, a girl of 36 months 87.4.
        assert!((score(Sex::Male, "2026-01-01", "2026-01-01", 46.1, None) + 2.0).abs() < 0.01);
        assert!((score(Sex::Female, "2023-01-01", "2026-01-01", 87.4, None) + 2.0).abs() < 0.02);
        // Three below: a boy of twelve months, 68.6.
        assert!((score(Sex::Male, "2025-01-01", "2026-01-01", 68.6, None) + 3.0).abs() < 0.03);
        let standing = score(Sex::Male, "2025-01-01", "2026-01-01", 75.0, Some(Position::Standing));
        assert!(standing > score(Sex::Male, "2025-01-01", "2026-01-01", 75.0, None));
    }

    #[test]
    fn other_ages_and_impossible_lengths_have_no_score() {
        assert_eq!(length_for_age(Sex::Male, day("2020-01-01"), day("2026-01-01"), 110.0, None), Growth::OtherAge);
        assert_eq!(length_for_age(Sex::Male, day("2026-02-01"), day("2026-01-01"), 50.0, None), Growth::OtherAge);
        assert_eq!(length_for_age(Sex::Female, day("2025-01-01"), day("2026-01-01"), 7.4, None), Growth::Implausible);
        assert_eq!(length_for_age(Sex::Female, day("2025-01-01"), day("2026-01-01"), 740.0, None), Growth::Implausible);
    }
}
