//! The state machine of a delivery. Pure.

use super::model::DeliveryStatus as S;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Approve,
    Distribute,
    Receive,
    Account,
    Fail,
    Return,
    Cancel,
    Confirm,
}

impl Step {
    /// Every step, in the order `can` lists them.
    const ALL: &[Self] = &[
        Self::Approve,
        Self::Distribute,
        Self::Receive,
        Self::Account,
        Self::Fail,
        Self::Return,
        Self::Cancel,
        Self::Confirm,
    ];

    /// Name in paths and `can`.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Distribute => "distribute",
            Self::Receive => "receive",
            Self::Account => "account",
            Self::Fail => "fail",
            Self::Return => "return",
            Self::Cancel => "cancel",
            Self::Confirm => "confirm",
        }
    }
}

/// Status after the step; `None` where the status does not allow it.
pub(super) fn next(status: S, step: Step) -> Option<S> {
    match (status, step) {
        (S::Planned, Step::Approve) => Some(S::Approved),
        (S::Approved, Step::Distribute) => Some(S::Distributed),
        // A parcel handed over at the door is given out and received in one.
        (S::Approved | S::Distributed, Step::Receive) => Some(S::Received),
        (S::Received, Step::Account) => Some(S::Accounted),
        (S::Approved | S::Distributed, Step::Fail) => Some(S::Failed),
        (S::Distributed, Step::Return) => Some(S::Returned),
        (S::Planned | S::Approved, Step::Cancel) => Some(S::Cancelled),
        // The recipient may contradict what was recorded, and say so once it was given out.
        (S::Distributed | S::Received | S::Accounted, Step::Confirm) => Some(status),
        _ => None,
    }
}

/// Whether the line may still be given.
#[cfg(test)]
fn open(status: S) -> bool {
    matches!(status, S::Planned | S::Approved | S::Distributed)
}

/// What a caller is to a delivery.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Works for the receiving organization, or on its behalf.
    pub answers: bool,
    /// May approve, and did not plan it.
    pub approves: bool,
    /// Works where the household lives, or answers; and did not report the problem.
    pub attests: bool,
    /// Is the recipient, and has not said anything yet.
    pub receives: bool,
}

/// Whether the caller is who takes the step.
pub(super) fn may(step: Step, standing: Standing) -> bool {
    match step {
        Step::Approve => standing.approves,
        Step::Distribute | Step::Account | Step::Cancel => standing.answers,
        Step::Receive | Step::Fail | Step::Return => standing.attests,
        Step::Confirm => standing.receives,
    }
}

/// The steps open to a caller.
pub(super) fn can(status: S, standing: Standing) -> Vec<&'static str> {
    let mut can: Vec<&'static str> = if status == S::Planned && standing.answers { vec!["update"] } else { Vec::new() };
    can.extend(Step::ALL.iter().filter(|s| may(**s, standing) && next(status, **s).is_some()).map(|s| s.slug()));
    can
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is done in whatever order, a line is disbursed at most once, and nothing follows a closed one but
        /// accounting and the recipient's word.
        #[test]
        fn received_once_and_closed_for_good(steps in prop::collection::vec(prop::sample::select(Step::ALL), 0..20)) {
            let (mut status, mut received, mut approved) = (S::Planned, 0, false);
            for step in steps {
                let Some(to) = next(status, step) else { continue };
                if !open(status) {
                    prop_assert!(matches!(step, Step::Account | Step::Confirm));
                }
                approved |= step == Step::Approve;
                if to == S::Received && status != S::Received {
                    received += 1;
                    prop_assert!(approved, "nothing is received that nobody approved");
                }
                status = to;
            }
            prop_assert!(received <= 1);
            prop_assert_eq!(received == 1, matches!(status, S::Received | S::Accounted));
        }

        #[test]
        fn nobody_gets_a_step_that_is_not_his(status in prop::sample::select(S::ALL)) {
            let nobody = Standing { answers: false, approves: false, attests: false, receives: false };
            prop_assert!(can(status, nobody).is_empty());
            let recipient = can(status, Standing { receives: true, ..nobody });
            prop_assert!(recipient.iter().all(|s| *s == "confirm"));
        }
    }
}
