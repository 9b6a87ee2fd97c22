//! Stages of a case and who may move it. Pure.

use super::model::Stage as S;

/// Stages that follow a stage by `advance`.
pub(super) fn next(stage: S) -> &'static [S] {
    match stage {
        S::New => &[S::Screening],
        S::Screening => &[S::Assessment],
        S::Assessment => &[S::Planning],
        S::Planning => &[S::Intervention],
        S::Intervention => &[S::Evaluation],
        S::Evaluation => &[S::Intervention, S::Terminated],
        S::Terminated => &[S::Aftercare, S::Closed],
        S::Aftercare => &[S::Closed],
        S::Closed | S::Suspended | S::Transferred => &[],
    }
}

/// Whether the stage is one of work, which can be suspended or handed out.
pub(super) fn working(stage: S) -> bool {
    matches!(
        stage,
        S::New | S::Screening | S::Assessment | S::Planning | S::Intervention | S::Evaluation | S::Aftercare
    )
}

/// Whether the case has come to an end.
pub(super) fn ended(stage: S) -> bool {
    matches!(stage, S::Closed | S::Transferred)
}

/// What is known when a case is to advance.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    /// Somebody leads it.
    pub led: bool,
    /// A signed assessment of the household is there.
    pub assessed: bool,
    /// The plan has a goal with an action.
    pub workable: bool,
    /// The family agreed to the plan.
    pub agreed: bool,
    /// Goals are still open.
    pub open_goals: bool,
    /// It started as an emergency.
    pub emergency: bool,
}

/// What is still missing for a stage, as pointer and sentence.
pub(super) fn missing(to: S, facts: Facts) -> Option<(&'static str, &'static str)> {
    match to {
        S::Screening if !facts.led => Some(("/assignments", "somebody must lead the case")),
        S::Planning if !facts.assessed => Some(("/assessments", "a signed assessment must be there")),
        S::Intervention if !facts.assessed && !facts.emergency => {
            Some(("/assessments", "a signed assessment must be there"))
        }
        S::Intervention if !facts.workable => Some(("/plan", "the plan needs a goal with an action")),
        S::Intervention if !facts.agreed => Some(("/plan_agreed_date", "the family must have agreed to the plan")),
        S::Evaluation if facts.emergency && !facts.assessed => {
            Some(("/assessments", "an emergency is assessed before it is evaluated"))
        }
        S::Closed if facts.open_goals => Some(("/plan", "open goals are met or dropped first")),
        _ => None,
    }
}

/// What a caller is to a case.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// He leads it.
    pub leads: bool,
    /// He is assigned to it, whatever for.
    pub assigned: bool,
    /// He supervises the area, or coordinates the city.
    pub supervises: bool,
    /// Role and area let him work on cases here.
    pub area: bool,
    /// Nobody leads it.
    pub unled: bool,
}

impl Standing {
    /// Whether he may change it.
    pub(super) fn works(self) -> bool {
        self.assigned || self.supervises
    }
    /// Whether he may say who works on it: a case without a lead may be taken by any worker of the area.
    pub(super) fn assigns(self) -> bool {
        self.leads || self.supervises || (self.unled && self.area)
    }
}

/// What the caller may do.
pub(super) fn can(stage: S, who: Standing) -> Vec<&'static str> {
    let mut can = Vec::new();
    let open = !ended(stage);
    if who.works() && open {
        can.push("edit");
        if !next(stage).is_empty() {
            can.push("advance");
        }
        if working(stage) {
            can.push("suspend");
            can.push("visit");
        }
        if stage == S::Suspended {
            can.push("resume");
        }
    }
    if (who.leads || who.supervises) && working(stage) {
        can.push("transfer");
    }
    if who.works() && matches!(stage, S::Closed | S::Terminated | S::Aftercare) {
        can.push("reopen");
    }
    if open && who.assigns() {
        can.push("assign");
    }
    if open && !who.unled && (who.leads || who.supervises) {
        can.push("hand-over");
    }
    can
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_walk_keeps_its_order(steps in prop::collection::vec(0usize..3, 0..20), flags in any::<[bool; 6]>()) {
            let [led, assessed, workable, agreed, open_goals, emergency] = flags;
            let facts = Facts { led, assessed, workable, agreed, open_goals, emergency };
            let mut stage = S::New;
            for pick in steps {
                let Some(to) = next(stage).get(pick).copied() else { continue };
                if missing(to, facts).is_some() { continue }
                prop_assert!(to != S::Screening || led);
                prop_assert!(to != S::Planning || assessed);
                prop_assert!(to != S::Intervention || (workable && agreed && (assessed || emergency)));
                prop_assert!(to != S::Closed || !open_goals);
                stage = to;
            }
            prop_assert!(!matches!(stage, S::Suspended | S::Transferred), "only their own verbs lead there");
        }

        #[test]
        fn who_is_no_part_of_it_only_takes_what_nobody_leads(
            stage in prop::sample::select(S::ALL), area: bool, unled: bool,
        ) {
            let who = Standing { area, unled, ..Standing::default() };
            let can = can(stage, who);
            prop_assert!(can.iter().all(|verb| *verb == "assign"));
            prop_assert_eq!(!can.is_empty(), area && unled && !ended(stage));
        }
    }
}
