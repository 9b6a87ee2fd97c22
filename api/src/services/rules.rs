//! Which step a request may take, and who may take it. Pure.

use super::model::RequestStatus as S;

/// A step somebody takes on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The documents are there and right.
    Handle,
    /// Something is missing.
    Return,
    /// What was missing has come.
    Resubmit,
    /// A second person stands for it.
    Approve,
    /// The letter is made.
    Issue,
    /// It is withdrawn.
    Cancel,
}

/// Every step, in the order of the work.
const ALL: &[(Step, &str)] = &[
    (Step::Handle, "handle"),
    (Step::Resubmit, "resubmit"),
    (Step::Approve, "approve"),
    (Step::Issue, "issue"),
    (Step::Return, "return"),
    (Step::Cancel, "cancel"),
];

/// What the caller is to a request.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// Works at the counter of its area.
    pub(super) handles: bool,
    /// May sign for the office the service belongs to.
    pub(super) signs: bool,
    /// Took it in.
    pub(super) received: bool,
}

/// Status after the step; `None` where the status does not allow it.
pub(super) fn next(from: S, step: Step) -> Option<S> {
    match (from, step) {
        (S::Received, Step::Handle) => Some(S::Handled),
        (S::Received | S::Handled, Step::Return) => Some(S::Returned),
        (S::Returned, Step::Resubmit) => Some(S::Received),
        (S::Handled, Step::Approve) => Some(S::Approved),
        (S::Approved, Step::Issue) => Some(S::Issued),
        (S::Received | S::Handled | S::Returned | S::Approved, Step::Cancel) => Some(S::Cancelled),
        _ => None,
    }
}

/// Whether the step is one for this caller, whatever the status.
pub(super) fn may(step: Step, standing: Standing) -> bool {
    match step {
        Step::Handle | Step::Return | Step::Resubmit | Step::Cancel => standing.handles,
        Step::Approve | Step::Issue => standing.signs,
    }
}

/// What the caller may do next; approving is left out for whoever took it in.
pub(super) fn can(status: S, standing: Standing) -> Vec<&'static str> {
    let open = |(step, _): &&(Step, &str)| {
        next(status, *step).is_some() && may(*step, standing) && !(*step == Step::Approve && standing.received)
    };
    ALL.iter().filter(open).map(|(_, slug)| *slug).collect()
}

/// Required documents that were not shown.
pub(super) fn missing(required: &[String], shown: &[String]) -> Vec<String> {
    required.iter().filter(|code| !shown.contains(code)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_status_and_step_is_decided() {
        let everything = Standing { handles: true, signs: true, received: false };
        let open: Vec<(S, Vec<&str>)> = S::ALL.iter().map(|s| (*s, can(*s, everything))).collect();
        assert_eq!(
            open,
            [
                (S::Received, vec!["handle", "return", "cancel"]),
                (S::Handled, vec!["approve", "return", "cancel"]),
                (S::Approved, vec!["issue", "cancel"]),
                (S::Issued, vec![]),
                (S::Returned, vec!["resubmit", "cancel"]),
                (S::Cancelled, vec![]),
                (S::Rejected, vec![]),
            ]
        );
    }

    #[test]
    fn who_took_it_in_is_not_offered_to_approve_it() {
        let own = Standing { handles: true, signs: true, received: true };
        assert_eq!(can(S::Handled, own), ["return", "cancel"]);
        assert_eq!(can(S::Approved, own), ["issue", "cancel"]);
        assert!(can(S::Handled, Standing::default()).is_empty());
    }

    #[test]
    fn what_is_missing_is_named() {
        let all = ["ktp".to_owned(), "family_card".to_owned()];
        assert_eq!(missing(&all, &["family_card".to_owned()]), ["ktp"]);
        assert!(missing(&all, &all).is_empty());
    }
}
