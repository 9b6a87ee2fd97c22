//! How far one referral got: time and chance decide.

use super::dice::Dice;

pub(super) const DAY: u64 = 86_400_000;

/// Status before, status after, by which event and when.
pub type Step = (&'static str, &'static str, &'static str, u64);

/// What is certain of a referral before chance speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    Any,
    /// It waits for an answer.
    Unanswered,
    /// It is accepted and served, as far as the time has come.
    Served,
}

/// Where a referral got to.
pub struct Course {
    /// Status today.
    pub status: &'static str,
    /// When it was answered.
    pub answered: Option<u64>,
    /// Day that was agreed on.
    pub scheduled: Option<u64>,
    /// When it was completed.
    pub completed: Option<u64>,
    /// Why it was refused or ended.
    pub reason: Option<&'static str>,
    /// What came of it.
    pub outcome: Option<&'static str>,
    /// When the last step was taken.
    pub last: u64,
    /// When help begins, also where that lies ahead.
    pub starts: u64,
    /// When help ends, also where that lies ahead.
    pub ends: u64,
    /// Event, status before, status after, instant.
    pub steps: Vec<Step>,
}

impl Course {
    /// When the next step is due: a week and a half of calendar days to answer, six weeks to serve; never once it ended.
    pub fn due(&self) -> Option<u64> {
        match self.status {
            "sent" | "returned" | "accepted" | "scheduled" => Some(self.last + 9 * DAY),
            "in_service" => Some(self.last.max(self.ends.saturating_sub(30 * DAY)) + 42 * DAY),
            _ => None,
        }
    }

    /// When it was accepted.
    pub fn accepted(&self) -> Option<u64> {
        self.steps.iter().find(|(event, ..)| *event == "accept").map(|step| step.3)
    }

    /// Whether it ended without any help.
    pub fn released(&self) -> bool {
        matches!(self.status, "declined" | "expired" | "cancelled")
    }

    /// Whether it ended with help, in whole or in part.
    pub fn served(&self) -> bool {
        self.outcome.is_some_and(|o| matches!(o, "need_met" | "need_partly_met"))
    }

    fn step(&mut self, now: u64, event: &'static str, to: &'static str, at: u64) -> bool {
        if at > now {
            return false;
        }
        self.steps.push((event, self.status, to, at));
        (self.status, self.last) = (to, at);
        true
    }

    /// Follows a referral from the day it was sent to `now`; help that is given month by month takes `months`.
    pub fn draw(dice: &mut Dice, now: u64, sent: u64, fate: Fate, months: u32) -> Self {
        let mut later = |from: u64, least: u32, most: u32| {
            from + u64::from(dice.between(least, most)) * DAY + u64::from(dice.below(14_400_000))
        };
        let (answered, scheduled) = (later(sent, 1, 9), later(sent, 10, 14));
        let starts = later(scheduled, 1, 8);
        let ends = later(scheduled, 10, 55).max(starts) + u64::from(months.saturating_sub(1)) * 30 * DAY;
        let mut course = Self {
            status: "sent",
            answered: None,
            scheduled: None,
            completed: None,
            reason: None,
            outcome: None,
            last: sent,
            starts,
            ends,
            steps: vec![("send", "draft", "sent", sent)],
        };
        let drawn = dice.weighted(&[82, 8, 5, 3, 2]);
        match (fate, drawn) {
            (Fate::Unanswered, _) => {}
            (Fate::Any, 1 | 2) => course.refuse(dice, now, answered, drawn == 1),
            (Fate::Any, 3) => {
                course.step(now, "expire", "expired", sent + 21 * DAY);
            }
            (fate, drawn) => course.serve(dice, now, (answered, scheduled), fate == Fate::Any && drawn == 4),
        }
        course
    }

    fn refuse(&mut self, dice: &mut Dice, now: u64, answered: u64, declined: bool) {
        let (event, to) = if declined { ("decline", "declined") } else { ("return", "returned") };
        if !self.step(now, event, to, answered) {
            return;
        }
        self.answered = Some(answered);
        let reasons: &[&str] = if declined {
            &["not_eligible", "no_capacity", "already_served", "cannot_contact", "wrong_service"]
        } else {
            &["missing_family_card", "missing_medical_letter", "missing_photo", "missing_identity", "data_mismatch"]
        };
        self.reason = Some(dice.one_of(reasons, "other"));
    }

    fn serve(&mut self, dice: &mut Dice, now: u64, (answered, scheduled): (u64, u64), withdraws: bool) {
        if !self.step(now, "accept", "accepted", answered) {
            return;
        }
        self.answered = Some(answered);
        if withdraws {
            if self.step(now, "cancel", "cancelled", scheduled) {
                self.reason = Some("person_withdrew");
            }
            return;
        }
        if !self.step(now, "schedule", "scheduled", scheduled) {
            return;
        }
        self.scheduled = Some(self.starts);
        if self.step(now, "start", "in_service", self.starts) && self.step(now, "complete", "completed", self.ends) {
            self.completed = Some(self.last);
            let outcomes =
                ["need_met", "need_partly_met", "need_not_met", "person_moved", "person_refused", "lost_contact"];
            self.outcome = outcomes.get(dice.weighted(&[78, 12, 4, 2, 2, 2])).copied();
        }
    }
}
