//! Pure decisions about duplicates.

use chrono::NaiveDate;

use super::model::{Agreement, DuplicateKind, DuplicateStatus};

/// Probability from which a pair is put before a human. Nothing is merged by it: it is where looking at a pair costs
/// less than a person who stands there twice.
pub const THRESHOLD: f64 = 0.5;
/// What one family card says of two households.
pub const ONE_CARD: f64 = 0.95;
/// Records of one group from which more than one person is likelier than not.
pub const ALARM: i32 = 6;
/// People from which a registry can say itself how its rows differ; a smaller one is judged as a part of a city.
const ENOUGH: usize = 5000;
/// People of the city that a small registry is thought to be a part of.
pub const CITY: usize = 100_000;
/// Days a pair is put off where nobody says how long.
pub const LATER_DAYS: u64 = 30;

/// Whether weights estimated from so few people would be chance.
pub fn too_few(people: usize) -> bool {
    people < ENOUGH
}

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

/// What may be said of a pair next.
pub fn can_decide(status: DuplicateStatus) -> &'static [&'static str] {
    match status {
        DuplicateStatus::Open => &["distinct", "later", "merge"],
        DuplicateStatus::Later => &["distinct", "reopen", "merge"],
        DuplicateStatus::Distinct => &["reopen"],
        DuplicateStatus::Proposed | DuplicateStatus::Merged | DuplicateStatus::Gone => &[],
    }
}

/// Whether a second person has to do a merge: money hangs on it, or the one who decides may not see all that does.
/// Asking him always tells him nothing about what he may not see.
pub fn second_word(supervises_both: bool, amount_idr: i64, awards: i64) -> bool {
    !supervises_both || amount_idr > 0 || awards > 0
}

/// Whether it is people that are compared.
pub fn is_person(kind: DuplicateKind) -> bool {
    kind != DuplicateKind::Household
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_see_all_never_learns_whether_there_is_money() {
        assert!(second_word(false, 0, 0) && second_word(false, 1, 1));
        assert!(!second_word(true, 0, 0));
        assert!(second_word(true, 1, 0) && second_word(true, 0, 1));
    }

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
    fn agreement_is_by_value_first() {
        assert_eq!(agreement(Some("a"), Some("a"), Some(-1.0)), Agreement::Same);
        assert_eq!(agreement(Some("a"), Some("b"), Some(2.0)), Agreement::Similar);
        assert_eq!(agreement(Some("a"), Some("b"), Some(-2.0)), Agreement::Different);
        assert_eq!(agreement(Some("a"), None, None), Agreement::Unknown);
    }
}
