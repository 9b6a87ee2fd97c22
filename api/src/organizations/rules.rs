//! What may happen to an organization, and who may do it. Pure.

use chrono::NaiveDate;

use super::model::Status;

/// Days ahead in which papers that run out are somebody's business.
pub(super) const SOON_DAYS: u64 = 30;

/// Whether papers with these last days, and an agreement from this day, are in force. What is not written down does not
/// run out: agencies of the city have none.
pub(super) fn papers_valid(until: [Option<NaiveDate>; 2], from: Option<NaiveDate>, today: NaiveDate) -> bool {
    until.iter().flatten().all(|day| *day >= today) && from.is_none_or(|day| day <= today)
}

/// Whether the status allows verifying.
pub(super) fn may_verify(status: Status) -> bool {
    status != Status::Verified
}

/// Whether the status allows suspending.
pub(super) fn may_suspend(status: Status) -> bool {
    status == Status::Verified
}

/// Actions a caller may take next.
pub(super) fn can(status: Status, edits: bool, verifies: bool) -> Vec<String> {
    let mut can = Vec::new();
    if edits {
        can.push("update".to_owned());
    }
    if verifies && may_verify(status) {
        can.push("verify".to_owned());
    }
    if verifies && may_suspend(status) {
        can.push("suspend".to_owned());
    }
    can
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_hold_through_their_last_day() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).unwrap();
        let until = |d| [None, Some(day(d))];
        assert!(papers_valid(until(31), Some(day(31)), day(31)));
        assert!(!papers_valid(until(30), None, day(31)));
        assert!(!papers_valid([Some(day(30)), Some(day(31))], None, day(31)));
        assert!(!papers_valid([None, None], Some(day(31)), day(30)));
        assert!(papers_valid([None, None], None, day(30)));
    }

    #[test]
    fn what_is_offered_follows_role_and_status() {
        assert_eq!(can(Status::Applied, true, true), ["update", "verify"]);
        assert_eq!(can(Status::Verified, true, true), ["update", "suspend"]);
        assert_eq!(can(Status::Suspended, true, false), ["update"]);
        assert!(can(Status::Dormant, false, false).is_empty());
    }
}
