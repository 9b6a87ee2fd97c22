//! The state machine of a referral: which step leads where, who may take it, what it does to seat, money and claim.
//! Pure.

use super::model::{LinkMedium, ProblemStatus, ReceiverReach, ReferralStatus as S, Severity};

/// Most rupiah that may be sent on an emergency nobody has verified yet.
pub const EMERGENCY_CAP_IDR: i64 = 5_000_000;

/// Working days until the next step is due.
pub const ANSWER_DAYS: u32 = 7;
/// The same for an emergency.
pub const EMERGENCY_DAYS: u32 = 1;
/// Working days from the start of help to its outcome.
pub const SERVICE_DAYS: u32 = 30;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the receiving organization, for the first time or again.
    Send,
    /// It will help.
    Accept,
    /// It will not.
    Decline,
    /// Something is missing.
    Return,
    /// A day is fixed.
    Schedule,
    /// Help begins.
    Start,
    /// It ended.
    Complete,
    /// The sender withdraws.
    Cancel,
}

impl Step {
    /// Every step, in the order `can` lists them.
    pub const ALL: &[Self] = &[
        Self::Send,
        Self::Accept,
        Self::Decline,
        Self::Return,
        Self::Schedule,
        Self::Start,
        Self::Complete,
        Self::Cancel,
    ];

    /// Name in paths, `can` and history.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Return => "return",
            Self::Schedule => "schedule",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
        }
    }

    /// Whether the sending side takes it; the receiving side takes the others.
    pub fn by_sender(self) -> bool {
        matches!(self, Self::Send | Self::Cancel)
    }
}

/// Status after the step; `None` where the status does not allow it.
pub fn next(status: S, step: Step) -> Option<S> {
    match (status, step) {
        (S::Draft | S::Returned, Step::Send) => Some(S::Sent),
        (S::Sent, Step::Accept) => Some(S::Accepted),
        (S::Sent, Step::Decline) => Some(S::Declined),
        (S::Sent, Step::Return) => Some(S::Returned),
        (S::Accepted | S::Scheduled, Step::Schedule) => Some(S::Scheduled),
        (S::Accepted | S::Scheduled, Step::Start) => Some(S::InService),
        (S::Accepted | S::Scheduled | S::InService, Step::Complete) => Some(S::Completed),
        (S::Draft | S::Sent | S::Returned | S::Accepted | S::Scheduled, Step::Cancel) => Some(S::Cancelled),
        _ => None,
    }
}

/// What a status holds of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nothing.
    Nothing,
    /// Reserved.
    Reserved,
    /// Committed.
    Committed,
}

/// What a referral in this status holds: seat and claim with it.
pub fn holds(status: S) -> Hold {
    match status {
        S::Sent | S::Returned => Hold::Reserved,
        S::Accepted | S::Scheduled | S::InService => Hold::Committed,
        S::Draft | S::Declined | S::Completed | S::Expired | S::Cancelled => Hold::Nothing,
    }
}

/// What a step does to seat, money and claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing moves.
    None,
    /// Takes seat and claim, reserves the money.
    Take,
    /// Reserved money becomes owed.
    Commit,
    /// Owed money is given; the claim stays for its period, a seat of stock is used up.
    Give,
    /// All goes back.
    Release(Hold),
}

/// The effect of a step that is allowed; `given` tells, for completion, whether help was given.
pub fn effect(from: S, to: S, given: bool) -> Effect {
    match (holds(from), to) {
        (Hold::Nothing, S::Sent) => Effect::Take,
        (Hold::Nothing, _) => Effect::None,
        (Hold::Reserved, S::Accepted) => Effect::Commit,
        (Hold::Committed, S::Completed) if given => Effect::Give,
        (held, to) if holds(to) == Hold::Nothing => Effect::Release(held),
        _ => Effect::None,
    }
}

/// What a caller is to a referral.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Works for the sending side here.
    pub sends: bool,
    /// Answers for the receiving organization, or on its behalf.
    pub answers: bool,
}

/// Whether the caller is on the side that takes the step.
pub fn may(step: Step, standing: Standing) -> bool {
    if step.by_sender() { standing.sends } else { standing.answers }
}

/// The steps open to a caller.
pub fn can(status: S, standing: Standing) -> Vec<&'static str> {
    Step::ALL.iter().filter(|s| may(**s, standing) && next(status, **s).is_some()).map(|s| s.slug()).collect()
}

/// Why a problem does not let a referral be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody but its reporter has checked it.
    NotVerified,
    /// An unverified emergency above the cap.
    AboveCap,
    /// It has ended.
    Closed,
}

/// Whether the problem lets a referral of this amount be sent.
pub fn sendable(status: ProblemStatus, severity: Severity, amount_idr: i64) -> Result<(), Refusal> {
    use ProblemStatus as P;
    match status {
        P::Verified | P::InService | P::PartlyResolved => Ok(()),
        P::Reported if severity == Severity::Emergency => {
            if amount_idr <= EMERGENCY_CAP_IDR {
                Ok(())
            } else {
                Err(Refusal::AboveCap)
            }
        }
        P::Reported | P::Candidate => Err(Refusal::NotVerified),
        P::Resolved | P::Unfounded | P::ReferredOut | P::Expired | P::Dismissed => Err(Refusal::Closed),
    }
}

/// Statuses in which the receiver may know how the person is reached: help is at hand, and not over.
pub fn opens_contact(status: S) -> bool {
    matches!(status, S::Scheduled | S::InService)
}

/// How a receiver is reached: by its account, as it was last, or by what is known of it: e-mail, address, telephone.
pub fn reach(has_account: bool, link: Option<LinkMedium>, known: [bool; 3]) -> ReceiverReach {
    match (has_account, link, known) {
        (true, ..) => ReceiverReach::Account,
        (_, Some(LinkMedium::Link), _) | (_, None, [true, ..]) => ReceiverReach::Link,
        (_, None, [false, false, true]) => ReceiverReach::Phone,
        // A letter can also be carried.
        (_, Some(LinkMedium::Letter), _) | (_, None, _) => ReceiverReach::Letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The lifecycle written out a second time, as a plain list.
    const TABLE: &[(&str, &str, &str)] = &[
        ("draft", "send", "sent"),
        ("returned", "send", "sent"),
        ("sent", "accept", "accepted"),
        ("sent", "decline", "declined"),
        ("sent", "return", "returned"),
        ("accepted", "schedule", "scheduled"),
        ("scheduled", "schedule", "scheduled"),
        ("accepted", "start", "in_service"),
        ("scheduled", "start", "in_service"),
        ("accepted", "complete", "completed"),
        ("scheduled", "complete", "completed"),
        ("in_service", "complete", "completed"),
        ("draft", "cancel", "cancelled"),
        ("sent", "cancel", "cancelled"),
        ("returned", "cancel", "cancelled"),
        ("accepted", "cancel", "cancelled"),
        ("scheduled", "cancel", "cancelled"),
    ];

    /// What is held, told by a second, naive book.
    #[derive(Debug, Default, PartialEq)]
    struct Book {
        seats: i32,
        claims: i32,
        allotted: i64,
        reserved: i64,
        committed: i64,
        disbursed: i64,
    }

    impl Book {
        fn apply(&mut self, effect: Effect, amount: i64) {
            match effect {
                Effect::None => {}
                Effect::Take => {
                    self.seats += 1;
                    self.claims += 1;
                    self.allotted -= amount;
                    self.reserved += amount;
                }
                Effect::Commit => {
                    self.reserved -= amount;
                    self.committed += amount;
                }
                Effect::Give => {
                    self.committed -= amount;
                    self.disbursed += amount;
                }
                Effect::Release(held) => {
                    self.seats -= 1;
                    self.claims -= 1;
                    self.allotted += amount;
                    match held {
                        Hold::Reserved => self.reserved -= amount,
                        Hold::Committed => self.committed -= amount,
                        Hold::Nothing => unreachable!("nothing to release"),
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn next_is_the_table(status in prop::sample::select(S::ALL), step in prop::sample::select(Step::ALL)) {
            let naive = TABLE.iter().find(|(from, by, _)| *from == status.slug() && *by == step.slug()).map(|(.., to)| *to);
            prop_assert_eq!(next(status, step).map(S::slug), naive);
        }

        #[test]
        fn whatever_happens_nothing_is_held_twice_or_forgotten(steps in prop::collection::vec((prop::sample::select(Step::ALL), any::<bool>()), 0..12)) {
            let (mut status, mut book, mut given_ever) = (S::Draft, Book { allotted: 100, ..Book::default() }, false);
            for (step, given) in steps {
                let Some(to) = next(status, step) else { continue };
                let effect = effect(status, to, given);
                given_ever |= effect == Effect::Give;
                book.apply(effect, 100);
                status = to;
                let expected = match (holds(status), given_ever) {
                    (Hold::Nothing, true) => Book { seats: 1, claims: 1, disbursed: 100, ..Book::default() },
                    (Hold::Nothing, false) => Book { allotted: 100, ..Book::default() },
                    (Hold::Reserved, _) => Book { seats: 1, claims: 1, reserved: 100, ..Book::default() },
                    (Hold::Committed, _) => Book { seats: 1, claims: 1, committed: 100, ..Book::default() },
                };
                prop_assert_eq!(&book, &expected);
            }
        }

        #[test]
        fn each_side_takes_its_own_steps(status in prop::sample::select(S::ALL)) {
            let sender = can(status, Standing { sends: true, answers: false });
            let receiver = can(status, Standing { sends: false, answers: true });
            prop_assert!(sender.iter().all(|s| !receiver.contains(s)));
            prop_assert!(can(status, Standing { sends: false, answers: false }).is_empty(), "status {status:?}");
        }

        #[test]
        fn nobody_is_sent_on_a_candidate(severity in prop::sample::select(Severity::ALL), amount in 0..10_000_000_i64) {
            prop_assert_eq!(sendable(ProblemStatus::Candidate, severity, amount), Err(Refusal::NotVerified));
            let reported = sendable(ProblemStatus::Reported, severity, amount);
            prop_assert_eq!(reported.is_ok(), severity == Severity::Emergency && amount <= EMERGENCY_CAP_IDR);
        }
    }
}
