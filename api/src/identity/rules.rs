//! Pure decisions about who is whom.

use chrono::NaiveDate;

use super::model::{Agreement, LikelyBand};

/// Probability from which a pair is put before a human. Nothing is merged by it: it is where looking at a pair costs
/// less than a person who stands there twice.
pub const THRESHOLD: f64 = 0.5;
/// People of the city that a small registry is thought to be a part of.
pub const CITY: usize = 100_000;
/// People shown at most.
pub const SHOWN: usize = 20;

/// A probability as it is kept: to a millionth, beyond which it says nothing.
pub fn rounded(probability: f64) -> f64 {
    (probability.clamp(0.0, 1.0) * 1e6).round() / 1e6
}

/// A birth date as far as it is known.
pub fn born(date: Option<NaiveDate>, precision: &str) -> String {
    match (date, precision) {
        (Some(date), "day") => date.to_string(),
        (Some(date), "month" | "year") => date.format("%Y").to_string(),
        _ => String::new(),
    }
}

/// A matched NIK as a number that is one person's alone; 0 where there is none.
pub fn identity(nik: Option<&str>, status: Option<&str>) -> u64 {
    nik.filter(|_| status == Some("matched")).and_then(|nik| nik.parse().ok()).unwrap_or(0)
}

/// How far two values agree, given what their comparison weighs.
pub fn agreement(a: Option<&str>, b: Option<&str>, weight: Option<f64>) -> Agreement {
    match (a, b) {
        (None, _) | (_, None) => Agreement::Unknown,
        (Some(a), Some(b)) if a == b => Agreement::Same,
        _ if weight.is_some_and(|weight| weight > 0.0) => Agreement::Similar,
        _ => Agreement::Different,
    }
}

/// How likely, in words.
pub fn band(probability: f64) -> LikelyBand {
    match probability {
        p if p >= 0.99 => LikelyBand::Certain,
        p if p >= 0.9 => LikelyBand::Likely,
        _ => LikelyBand::Possible,
    }
}

/// Whether two people are proven to be two: each has a matched NIK, and they differ.
pub fn proven_two(a: u64, b: u64) -> bool {
    a != 0 && b != 0 && a != b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_matched_number_is_an_identity() {
        assert_eq!(identity(Some("3273014107800001"), Some("matched")), 3_273_014_107_800_001);
        assert_eq!(identity(Some("3273014107800001"), Some("unchecked")), 0);
        assert_eq!(identity(None, None), 0);
    }

    #[test]
    fn a_date_says_no_more_than_is_known() {
        let date = NaiveDate::from_ymd_opt(1980, 5, 17);
        assert_eq!(born(date, "day"), "1980-05-17");
        assert_eq!(born(date, "year"), "1980");
        assert_eq!(born(date, "unknown"), "");
    }

    #[test]
    fn bands_begin_where_they_say() {
        assert_eq!(
            [0.5, 0.9, 0.99, 1.0].map(band),
            [LikelyBand::Possible, LikelyBand::Likely, LikelyBand::Certain, LikelyBand::Certain]
        );
        assert!(proven_two(1, 2) && !proven_two(1, 1) && !proven_two(0, 2));
    }

    #[test]
    fn agreement_is_by_value_first() {
        assert_eq!(agreement(Some("a"), Some("a"), Some(-1.0)), Agreement::Same);
        assert_eq!(agreement(Some("a"), Some("b"), Some(2.0)), Agreement::Similar);
        assert_eq!(agreement(Some("a"), Some("b"), Some(-2.0)), Agreement::Different);
        assert_eq!(agreement(Some("a"), None, None), Agreement::Unknown);
    }
}
