//! Pure decisions about duplicates.

use super::model::{DuplicateKind, DuplicateStatus};

/// What one family card says of two households.
pub const ONE_CARD: f64 = 0.95;
/// Records of one group from which more than one person is likelier than not.
pub const ALARM: i32 = 6;
/// People from which a registry can say itself how its rows differ; a smaller one is judged as a part of a city.
const ENOUGH: usize = 5000;
/// Days a pair is put off where nobody says how long.
pub const LATER_DAYS: u64 = 30;

/// Whether weights estimated from so few people would be chance.
pub fn too_few(people: usize) -> bool {
    people < ENOUGH
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
}
