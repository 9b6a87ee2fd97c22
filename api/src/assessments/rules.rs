//! Which step an assessment may take, and who may take it. Pure.

use super::model::{AssessmentKind as Kind, AssessmentStatus as Status};

/// What a caller is to an assessment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// He fills it in.
    pub author: bool,
    /// His certificate is valid today.
    pub certified: bool,
    /// Role and area let him write assessments here.
    pub writes: bool,
    /// He supervises the area, or coordinates the city.
    pub supervises: bool,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Edit,
    Sign,
    Discard,
    Countersign,
    Return,
    Amend,
}

impl Step {
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::Edit, "edit"),
        (Self::Sign, "sign"),
        (Self::Discard, "discard"),
        (Self::Countersign, "countersign"),
        (Self::Return, "return"),
        (Self::Amend, "amend"),
    ];
}

/// Whether the status allows the step at all.
pub(super) fn fits(status: Status, kind: Kind, step: Step) -> bool {
    match step {
        Step::Edit | Step::Sign | Step::Discard => status == Status::Draft,
        Step::Countersign | Step::Return => status == Status::Signed && kind == Kind::Assessment,
        Step::Amend => matches!(status, Status::Signed | Status::Countersigned | Status::Returned),
    }
}

/// Whether this caller is the one to take it.
pub(super) fn may(kind: Kind, step: Step, who: Standing) -> bool {
    let certified = who.certified || kind == Kind::Screening;
    match step {
        Step::Edit | Step::Discard => who.author,
        Step::Sign => who.author && certified,
        Step::Countersign | Step::Return => who.supervises && !who.author,
        Step::Amend => who.writes && certified,
    }
}

/// The steps open to a caller.
pub(super) fn can(status: Status, kind: Kind, who: Standing) -> Vec<&'static str> {
    let open = Step::ALL.into_iter().filter(|(step, _)| fits(status, kind, *step) && may(kind, *step, who));
    open.map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nobody_countersigns_his_own_and_only_the_certified_sign_an_assessment(
            status in prop::sample::select(Status::ALL), kind in prop::sample::select(Kind::ALL),
            author: bool, certified: bool, writes: bool, supervises: bool,
        ) {
            let can = can(status, kind, Standing { author, certified, writes, supervises });
            prop_assert!(!(author && can.contains(&"countersign")));
            prop_assert!(!(kind == Kind::Screening && can.contains(&"countersign")));
            prop_assert!(!can.contains(&"sign") || certified || kind == Kind::Screening);
            // What is signed is no longer edited; what is thrown away or replaced is at its end.
            prop_assert!(!can.contains(&"edit") || status == Status::Draft);
            if matches!(status, Status::Superseded | Status::Discarded) { prop_assert!(can.is_empty()); }
        }
    }
}
