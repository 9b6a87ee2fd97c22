//! Which step a problem may take, and who may take it. Pure.

use super::model::{ProblemStatus as S, Resolution, Severity};

/// A step somebody takes on a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A person stands up for what a rule found.
    Confirm,
    /// A second person has checked it.
    Verify,
    /// It is not so, or not ours.
    Dismiss,
    /// It ended.
    Resolve(Resolution),
}

/// Status after the step; `None` where the status does not allow it.
pub(super) fn next(status: S, step: Step) -> Option<S> {
    match (status, step) {
        (S::Candidate, Step::Confirm) => Some(S::Reported),
        (S::Candidate, Step::Dismiss) => Some(S::Dismissed),
        (S::Reported, Step::Verify) => Some(S::Verified),
        (S::Reported | S::Verified, Step::Dismiss) => Some(S::Unfounded),
        (S::Verified | S::InService | S::PartlyResolved, Step::Resolve(how)) => Some(match how {
            Resolution::Resolved => S::Resolved,
            Resolution::PartlyResolved => S::PartlyResolved,
            Resolution::ReferredOut => S::ReferredOut,
            Resolution::Expired => S::Expired,
        }),
        _ => None,
    }
}

/// Whether the problem has come to an end.
pub(super) fn closed(status: S) -> bool {
    matches!(status, S::Resolved | S::Unfounded | S::ReferredOut | S::Expired | S::Dismissed)
}

/// Whether a referral may be drafted: the problem is open and no mere candidate.
pub(super) fn referable(status: S, severity: Severity) -> bool {
    match status {
        S::Verified | S::InService | S::PartlyResolved => true,
        S::Reported => severity == Severity::Emergency,
        _ => false,
    }
}

/// What a caller is to a problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Role and area let him verify here.
    pub verifies: bool,
    /// Role and area let him refer from here.
    pub refers: bool,
    /// He reported it.
    pub reporter: bool,
}

/// The steps open to a caller.
pub(super) fn can(status: S, severity: Severity, standing: Standing) -> Vec<&'static str> {
    let steps = [
        ("confirm", Step::Confirm),
        ("verify", Step::Verify),
        ("dismiss", Step::Dismiss),
        ("resolve", Step::Resolve(Resolution::Resolved)),
    ];
    let mut can: Vec<&'static str> = steps
        .into_iter()
        .filter(|(_, step)| standing.verifies && !(standing.reporter && *step == Step::Verify))
        .filter(|(_, step)| next(status, *step).is_some())
        .map(|(name, _)| name)
        .collect();
    if standing.refers && referable(status, severity) {
        can.push("refer");
    }
    can
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_status() -> impl Strategy<Value = S> {
        prop::sample::select(S::ALL)
    }
    fn any_step() -> impl Strategy<Value = Step> {
        prop::sample::select(vec![
            Step::Confirm,
            Step::Verify,
            Step::Dismiss,
            Step::Resolve(Resolution::Resolved),
            Step::Resolve(Resolution::PartlyResolved),
            Step::Resolve(Resolution::ReferredOut),
            Step::Resolve(Resolution::Expired),
        ])
    }

    proptest! {
        #[test]
        fn a_closed_problem_stays_closed(status in any_status(), step in any_step()) {
            if closed(status) {
                prop_assert_eq!(next(status, step), None);
            }
        }

        #[test]
        fn a_candidate_is_never_referred_before_a_human_confirms_and_another_verifies(steps in prop::collection::vec(any_step(), 0..6)) {
            let (mut status, mut confirmed, mut verified) = (S::Candidate, false, false);
            for step in steps {
                if let Some(to) = next(status, step) {
                    confirmed |= step == Step::Confirm;
                    verified |= step == Step::Verify;
                    status = to;
                }
                if referable(status, Severity::High) {
                    prop_assert!(confirmed && verified);
                }
            }
        }

        #[test]
        fn what_can_be_done_is_what_the_steps_allow(status in any_status(), verifies: bool, refers: bool, reporter: bool) {
            let can = can(status, Severity::Medium, Standing { verifies, refers, reporter });
            prop_assert!(!(reporter && can.contains(&"verify")));
            prop_assert!(verifies || !can.iter().any(|c| *c != "refer"));
            prop_assert_eq!(can.contains(&"verify"), verifies && !reporter && status == S::Reported);
        }
    }
}
