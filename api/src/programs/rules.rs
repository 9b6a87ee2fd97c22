//! Which step a program may take, and who may take it. Pure.

use super::model::ProgramStatus as S;

/// A step somebody takes on a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The organization hands it in.
    Submit,
    /// The coordinator puts it into the catalogue, for the first time or again.
    Publish,
    /// The coordinator sends it back.
    Return,
    /// It takes nobody for now.
    Suspend,
    /// It is over.
    Close,
}

/// Status after the step; `None` where the status does not allow it.
pub(super) fn next(status: S, step: Step) -> Option<S> {
    match (status, step) {
        (S::Draft, Step::Submit) => Some(S::Submitted),
        (S::Submitted | S::Suspended, Step::Publish) => Some(S::Published),
        (S::Submitted | S::Suspended, Step::Return) => Some(S::Draft),
        (S::Published, Step::Suspend) => Some(S::Suspended),
        (S::Published | S::Suspended, Step::Close) => Some(S::Closed),
        _ => None,
    }
}

/// What a caller is to a program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Acts for its organization, or for the city.
    pub owns: bool,
    /// Coordinator with the duty to publish.
    pub publishes: bool,
    /// Handed it in himself.
    pub submitter: bool,
}

/// The steps open to a caller.
pub(super) fn can(status: S, standing: Standing) -> Vec<&'static str> {
    let all = [
        ("edit", standing.owns && status == S::Draft),
        ("submit", standing.owns && next(status, Step::Submit).is_some()),
        ("publish", standing.publishes && !standing.submitter && next(status, Step::Publish).is_some()),
        ("return", standing.publishes && next(status, Step::Return).is_some()),
        ("suspend", standing.publishes && next(status, Step::Suspend).is_some()),
        ("close", standing.publishes && next(status, Step::Close).is_some()),
        ("add_cycle", standing.owns && status != S::Closed),
    ];
    all.into_iter().filter(|(_, open)| *open).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_published_that_was_not_submitted(steps in prop::collection::vec(0..5_usize, 0..12)) {
            let all = [Step::Submit, Step::Publish, Step::Return, Step::Suspend, Step::Close];
            let (mut status, mut submitted) = (S::Draft, false);
            for step in steps.into_iter().map(|i| all[i]) {
                let Some(to) = next(status, step) else { continue };
                prop_assert!(status != S::Closed);
                submitted = match to { S::Submitted => true, S::Draft => false, _ => submitted };
                prop_assert!(to != S::Published || submitted);
                status = to;
            }
        }

        #[test]
        fn the_submitter_never_publishes(status in prop::sample::select(S::ALL), owns: bool, publishes: bool) {
            prop_assert!(!can(status, Standing { owns, publishes, submitter: true }).contains(&"publish"), "status {status:?}");
            prop_assert!(owns || publishes || can(status, Standing { owns, publishes, submitter: false }).is_empty(), "status {status:?}");
        }
    }
}
