//! Which step a decision may take, who may take it, and when. Pure.

use chrono::NaiveDate;

use super::model::DecisionStatus as S;

/// Working days to answer where the list `decision_effects` says nothing.
pub(super) const ANSWER_DAYS: i32 = 10;

/// A step somebody takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The person is told.
    Notify,
    /// The person answers.
    Answer,
    /// A second person stands for it.
    Confirm,
    /// It is given up.
    Withdraw,
    /// Its effect is carried out.
    TakeEffect,
    /// Its effect is undone.
    Reverse,
}

impl Step {
    /// Every step, in the order of the work.
    pub(super) const ALL: &[Self] =
        &[Self::Notify, Self::Answer, Self::Confirm, Self::Withdraw, Self::TakeEffect, Self::Reverse];

    /// Name in `can`.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Answer => "answer",
            Self::Confirm => "confirm",
            Self::Withdraw => "withdraw",
            Self::TakeEffect => "take_effect",
            Self::Reverse => "reverse",
        }
    }
}

/// What the caller is to a decision.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// Works for the office or organization that may propose it.
    pub(super) proposes: bool,
    /// Is the person concerned, or writes down what he says.
    pub(super) answers: bool,
    /// May stand for it as the second person.
    pub(super) decides: bool,
    /// Proposed it.
    pub(super) proposed: bool,
}

/// The days a decision goes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) today: NaiveDate,
    /// Last day to answer.
    pub(super) due_on: Option<NaiveDate>,
    pub(super) effective_on: Option<NaiveDate>,
}

/// Why a step is refused although the caller may take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The status does not allow it.
    State,
    /// Its day has not come.
    Early,
    /// Its day is over.
    Late,
    /// Somebody else has to do it.
    SamePerson,
}

/// Status after the step; `None` where the status does not allow it.
pub(super) fn next(from: S, step: Step) -> Option<S> {
    match (from, step) {
        (S::Proposed, Step::Notify) | (S::Notified, Step::Answer) => Some(S::Notified),
        (S::Notified, Step::Confirm) => Some(S::Confirmed),
        (S::Proposed | S::Notified | S::Confirmed, Step::Withdraw) => Some(S::Withdrawn),
        (S::Confirmed, Step::TakeEffect) => Some(S::InEffect),
        (S::InEffect, Step::Reverse) => Some(S::Reversed),
        _ => None,
    }
}

/// Whether the step is one for this caller, whatever the status.
pub(super) fn may(step: Step, standing: Standing) -> bool {
    match step {
        Step::Notify => standing.proposes || standing.decides,
        Step::Withdraw => standing.proposes || standing.decides || standing.proposed,
        Step::Answer => standing.answers,
        Step::Confirm | Step::TakeEffect | Step::Reverse => standing.decides,
    }
}

/// Status after the step today, or why not.
pub(super) fn take(from: S, step: Step, standing: Standing, days: Days) -> Result<S, Refusal> {
    let to = next(from, step).ok_or(Refusal::State)?;
    match step {
        Step::Answer if days.due_on.is_none_or(|due| days.today > due) => Err(Refusal::Late),
        Step::Confirm | Step::Reverse if standing.proposed => Err(Refusal::SamePerson),
        Step::Confirm if days.due_on.is_none_or(|due| days.today <= due) => Err(Refusal::Early),
        Step::TakeEffect if days.effective_on.is_none_or(|day| days.today < day) => Err(Refusal::Early),
        _ => Ok(to),
    }
}

/// What the caller may do next.
pub(super) fn can(status: S, standing: Standing, days: Days) -> Vec<&'static str> {
    let open = |step: &&Step| may(**step, standing) && take(status, **step, standing, days).is_ok();
    Step::ALL.iter().filter(open).map(|step| step.slug()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(740_000 + n).unwrap()
    }

    fn days(today: i32) -> Days {
        Days { today: day(today), due_on: Some(day(10)), effective_on: Some(day(12)) }
    }

    #[test]
    fn every_pair_of_status_and_step_is_decided() {
        let all = Standing { proposes: true, answers: true, decides: true, proposed: false };
        let open = |today| -> Vec<(S, Vec<&str>)> { S::ALL.iter().map(|s| (*s, can(*s, all, days(today)))).collect() };
        let ended = [(S::Reversed, vec![]), (S::Withdrawn, vec![]), (S::Lapsed, vec![])];
        let expected = |notified, confirmed| {
            let mut all = vec![
                (S::Proposed, vec!["notify", "withdraw"]),
                (S::Notified, notified),
                (S::Confirmed, confirmed),
                (S::InEffect, vec!["reverse"]),
            ];
            all.extend(ended.clone());
            all
        };
        assert_eq!(open(10), expected(vec!["answer", "withdraw"], vec!["withdraw"]));
        assert_eq!(open(11), expected(vec!["confirm", "withdraw"], vec!["withdraw"]));
        assert_eq!(open(12), expected(vec!["confirm", "withdraw"], vec!["withdraw", "take_effect"]));
    }

    proptest! {
        /// However the days fall, nothing is done to who was not told, could not answer, or by one person alone.
        #[test]
        fn nothing_takes_effect_early_or_alone(steps in proptest::collection::vec((0_usize..6, -2_i32..3, any::<bool>()), 0..12)) {
            let (mut status, mut today, mut told, mut by_another) = (S::Proposed, 0, None, false);
            for (step, ahead, proposed) in steps {
                today += ahead.max(0) * 6;
                let step = Step::ALL[step];
                let standing = Standing { proposes: true, answers: true, decides: true, proposed };
                let Ok(to) = take(status, step, standing, days(today)) else { continue };
                if step == Step::Notify { told = Some(today); }
                if step == Step::Confirm { by_another = !proposed; }
                status = to;
                if status == S::InEffect {
                    prop_assert!(told.is_some() && by_another && today >= 12);
                }
            }
        }
    }
}
