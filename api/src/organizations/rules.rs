//! What may happen to an organization, and who may do it. Pure.

use super::model::Status;

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
    fn what_is_offered_follows_role_and_status() {
        assert_eq!(can(Status::Applied, true, true), ["update", "verify"]);
        assert_eq!(can(Status::Verified, true, true), ["update", "suspend"]);
        assert_eq!(can(Status::Suspended, true, false), ["update"]);
        assert!(can(Status::Dormant, false, false).is_empty());
    }
}
