//! Which step a plan may take, who may take it, and how much a need counts. Pure.

use super::model::{AllocationStatus as S, AllocationWeights};

/// A step somebody takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Propose,
    Approve,
    Return,
    Execute,
    Cancel,
}

impl Step {
    /// Every step, in the order of the work.
    pub(super) const ALL: &[Self] = &[Self::Propose, Self::Approve, Self::Return, Self::Execute, Self::Cancel];

    /// Name in paths and `can`.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Execute => "execute",
            Self::Cancel => "cancel",
        }
    }
}

/// What must be known of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) status: S,
    pub(super) solved: bool,
    pub(super) approved: bool,
    pub(super) what_if: bool,
}

/// What the caller is to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Runs plans.
    pub(super) runs: bool,
    /// Approves money.
    pub(super) approves: bool,
    /// Proposed this one.
    pub(super) proposed: bool,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not a step of this caller.
    NotYours,
    /// The status does not allow it.
    State,
    /// Money that does not exist.
    WhatIf,
    /// Somebody else has to do it.
    SamePerson,
}

/// Status after the step, or why not.
pub(super) fn take(state: State, step: Step, standing: Standing) -> Result<S, Refusal> {
    let yours = match step {
        Step::Propose | Step::Cancel => standing.runs,
        Step::Return => standing.runs || standing.approves,
        Step::Approve | Step::Execute => standing.approves,
    };
    if !yours {
        return Err(Refusal::NotYours);
    }
    match (state.status, step) {
        (S::Draft, Step::Propose) if state.what_if => Err(Refusal::WhatIf),
        (S::Draft, Step::Propose) if state.solved => Ok(S::Proposed),
        (S::Proposed, Step::Approve) if standing.proposed => Err(Refusal::SamePerson),
        (S::Proposed, Step::Approve) => Ok(S::Approved),
        (S::Proposed, Step::Return) => Ok(S::Draft),
        (S::Approved, Step::Execute) => Ok(S::Executing),
        // One that broke off is taken up where it was.
        (S::Failed, Step::Execute) if state.approved => Ok(S::Executing),
        (S::Draft | S::Proposed | S::Approved | S::Executing, Step::Cancel) => Ok(S::Cancelled),
        (S::Failed, Step::Cancel) if state.approved => Ok(S::Cancelled),
        _ => Err(Refusal::State),
    }
}

/// What the caller may do next.
pub(super) fn can(state: State, standing: Standing) -> Vec<&'static str> {
    Step::ALL.iter().filter(|step| take(state, **step, standing).is_ok()).map(|step| step.slug()).collect()
}

/// Whether everybody who sees the plan may know its seed: nobody can choose by it any more.
pub(super) fn seed_told(state: State) -> bool {
    state.approved || matches!(state.status, S::Executed | S::Cancelled | S::Failed)
}

/// What is known of a need when it is weighed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    /// 0 emergency, 1 high, 2 medium, 3 low.
    pub(super) severity: u8,
    pub(super) decile: Option<i16>,
    pub(super) small_children: bool,
    pub(super) elderly: bool,
    pub(super) disability: bool,
    pub(super) unhoused: bool,
    /// Since it was reported.
    pub(super) days: i64,
}

/// Severity, decile, vulnerability and waiting, 0 to 1000 each.
pub(super) fn points(facts: Facts) -> [i16; 4] {
    let severity = [1000, 700, 400, 150].get(usize::from(facts.severity)).copied().unwrap_or(0);
    let decile = facts.decile.map_or(500, |d| (11 - d.clamp(1, 10)) * 100);
    let vulnerable =
        [(facts.small_children, 250), (facts.elderly, 250), (facts.disability, 300), (facts.unhoused, 400)];
    let vulnerability: i16 = vulnerable.iter().filter(|(is, _)| *is).map(|(_, points)| points).sum();
    let waiting = facts.days.clamp(0, 365) * 1000 / 365;
    [severity, decile, vulnerability.min(1000), i16::try_from(waiting).unwrap_or(1000)]
}

/// A point in the units of the solver.
pub(super) const UNITS: i64 = 1_000_000;

/// The weighted mean of the points, in millionths of a point; never nothing, since every need counts.
pub(super) fn score(points: [i16; 4], weights: &AllocationWeights) -> i64 {
    let weights = [weights.severity, weights.decile, weights.vulnerability, weights.waiting].map(i64::from);
    let sum: i64 = weights.iter().sum();
    let weighted: i64 = weights.iter().zip(points).map(|(w, p)| w * i64::from(p)).sum();
    (weighted * UNITS / sum.max(1)).max(1)
}

/// The tier of a need: emergencies, duties of minimum service, the rest.
pub(super) fn tier(severity: u8, duty: bool) -> u8 {
    match (severity, duty) {
        (0, _) => 0,
        (_, true) => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state(status: S) -> State {
        let approved = matches!(status, S::Approved | S::Executing | S::Executed);
        State { status, solved: true, approved, what_if: false }
    }

    #[test]
    fn every_pair_of_status_and_step_is_decided() {
        let all = Standing { runs: true, approves: true, proposed: false };
        let open = S::ALL.iter().map(|s| can(state(*s), all).join(" ")).collect::<Vec<_>>();
        assert_eq!(open, ["propose cancel", "approve return cancel", "execute cancel", "cancel", "", "", ""]);
        assert_eq!(can(State { approved: true, ..state(S::Failed) }, all), ["execute", "cancel"]);
        assert_eq!(can(State { solved: false, ..state(S::Draft) }, all), ["cancel"]);
    }

    #[test]
    fn the_worst_off_count_most() {
        let worst = Facts {
            decile: Some(1),
            small_children: true,
            elderly: true,
            disability: true,
            unhoused: true,
            days: 900,
            ..Facts::default()
        };
        assert_eq!(points(worst), [1000; 4]);
        assert_eq!(score([1000; 4], &AllocationWeights::default()), 1000 * UNITS);
        assert_eq!(score([0; 4], &AllocationWeights { severity: 0, decile: 0, vulnerability: 0, waiting: 0 }), 1);
        assert_eq!((tier(0, true), tier(1, true), tier(1, false)), (0, 1, 2));
    }

    proptest! {
        /// Whoever does what in whatever order: nothing is carried out by one person alone, nor with imagined money.
        #[test]
        fn nothing_is_carried_out_alone(steps in proptest::collection::vec((0_usize..5, 0_usize..3), 0..16), what_if: bool) {
            let (mut now, mut proposer, mut approver) = (State { what_if, ..state(S::Draft) }, None, None);
            for (step, who) in steps {
                let step = Step::ALL[step];
                let standing = Standing { runs: true, approves: true, proposed: proposer == Some(who) };
                let Ok(to) = take(now, step, standing) else { continue };
                match step {
                    Step::Propose => proposer = Some(who),
                    Step::Approve => approver = Some(who),
                    _ => {}
                }
                now = State { status: to, approved: now.approved || to == S::Approved, ..now };
                if to == S::Executing {
                    prop_assert!(!what_if && approver.is_some() && approver != proposer);
                }
            }
        }

        #[test]
        fn more_urgent_and_poorer_never_counts_less(severity in 1_u8..4, decile in 2_i16..11, days in 0_i64..800, weights in (0_u32..101, 0_u32..101, 0_u32..101, 0_u32..101)) {
            let weights = AllocationWeights { severity: weights.0, decile: weights.1, vulnerability: weights.2, waiting: weights.3 };
            let of = |severity, decile, days| score(points(Facts { severity, decile: Some(decile), days, ..Facts::default() }), &weights);
            prop_assert!(of(severity - 1, decile - 1, days + 30) >= of(severity, decile, days));
        }
    }
}
