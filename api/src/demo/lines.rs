//! What a referral gives, line by line: planned, approved, given out, received with proof, accounted for, or not.

use super::course::{Course, DAY};
use super::dice::Dice;

/// Days after which help that was received has been accounted for.
const ACCOUNTED_AFTER: u64 = 20;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Instant on the day it is to be given.
    pub planned: u64,
    /// Rupiah.
    pub amount: i64,
    /// Status.
    pub status: &'static str,
    /// When it was approved.
    pub approved: Option<u64>,
    /// When it was received; its money is disbursed then.
    pub received: Option<u64>,
    /// Why it failed, came back or was cancelled.
    pub reason: Option<&'static str>,
    /// Whether the recipient says that it came; nobody asked him where this is none.
    pub came: Option<bool>,
    /// When it last changed.
    pub changed: u64,
}

impl Line {
    fn on(planned: u64, amount: i64, changed: u64) -> Self {
        Self { planned, amount, status: "planned", approved: None, received: None, reason: None, came: None, changed }
    }

    fn approved(mut self, at: u64) -> Self {
        (self.status, self.approved, self.changed) = ("approved", Some(at), at);
        self
    }

    fn received(mut self, at: u64, now: u64) -> Self {
        (self.status, self.received, self.changed) = ("received", Some(at), at);
        if at + ACCOUNTED_AFTER * DAY <= now {
            (self.status, self.changed) = ("accounted", at + ACCOUNTED_AFTER * DAY / 2);
        }
        self
    }

    fn ended(mut self, status: &'static str, reason: &'static str, at: u64) -> Self {
        (self.status, self.reason, self.changed) = (status, Some(reason), at);
        self
    }
}

/// Lines of a referral: `parts` of `amount` each, a month apart.
pub fn of(dice: &mut Dice, course: &Course, now: u64, parts: u32, amount: i64) -> Vec<Line> {
    let Some(accepted) = course.accepted() else { return Vec::new() };
    let approved = (accepted + DAY).min(now);
    let days = (0..u64::from(parts)).map(|n| course.starts + n * 30 * DAY);
    match course.status {
        // Nobody has planned it yet.
        "accepted" => Vec::new(),
        "scheduled" => {
            let decided = dice.chance(600);
            let line = |day| Line::on(day, amount, accepted);
            days.map(|day| if decided { line(day).approved(approved) } else { line(day) }).collect()
        }
        "cancelled" => days
            .take(1)
            .map(|day| Line::on(day, amount, accepted).ended("cancelled", "not_needed", course.last))
            .collect(),
        "in_service" => under_way(dice, days, now, (accepted, approved), amount),
        _ => days
            .map(|day| {
                let line = Line::on(day, amount, accepted);
                let left = line.approved(approved);
                match course.outcome {
                    Some("need_met" | "need_partly_met") => left.received((day + DAY).min(course.last), now),
                    Some("person_moved") => line.ended("cancelled", "person_moved", course.last),
                    Some("need_not_met") => left.ended("returned", "damaged", course.last),
                    Some("person_refused") => left.ended("failed", "refused", course.last),
                    _ => left.ended("failed", "nobody_home", course.last),
                }
            })
            .collect(),
    }
}

/// Help that has begun: what lies behind was received, what is due is on its way, and now and then it goes wrong.
fn under_way(
    dice: &mut Dice,
    days: impl Iterator<Item = u64>,
    now: u64,
    (accepted, approved): (u64, u64),
    amount: i64,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for day in days {
        let line = Line::on(day, amount, accepted);
        let left = line.approved(approved);
        if day > now {
            // Only the next one is approved already.
            lines.push(if lines.last().is_some_and(|l: &Line| l.planned > now) { line } else { left });
            continue;
        }
        let done = (day + DAY).min(now);
        let (ended, fate) = match dice.weighted(&[48, 30, 8, 7, 7]) {
            0 if day + 2 * DAY <= now => (left.received(done, now), 0),
            0 | 1 => (Line { status: "distributed", changed: done, ..left }, 1),
            2 => (left, 2),
            3 => (left.ended("failed", dice.one_of(&["nobody_home", "account_invalid"], "nobody_home"), done), 3),
            _ => (left.ended("returned", dice.one_of(&["wrong_address", "damaged"], "damaged"), done), 4),
        };
        lines.push(ended);
        // Its money is free for another try.
        if fate > 2 {
            lines.push(Line::on(now + 5 * DAY, amount, done));
        }
    }
    lines
}

/// The lines of the demo's citizen: one received and confirmed, one that never came, one on its way.
pub fn of_the_citizen(course: &Course, now: u64, amount: i64) -> Vec<Line> {
    let accepted = course.accepted().unwrap_or(course.starts);
    let line = |n: u64| Line::on(course.starts + n * 30 * DAY, amount, accepted).approved(accepted + DAY);
    let (first, second, third) = (line(0), line(1), line(2));
    vec![
        Line { came: Some(true), ..first.received(first.planned + DAY, now) },
        Line { came: Some(false), ..second.received(second.planned + DAY, second.planned + DAY) },
        Line { status: "distributed", changed: now - DAY, ..third },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::course::Fate;
    use std::collections::HashSet;

    #[test]
    fn lines_agree_with_how_far_the_referral_got() {
        let mut dice = Dice::new(3, 3);
        let now = 1_000 * DAY;
        let mut seen = HashSet::new();
        for at in 0..4_000u32 {
            let parts = 1 + at % 3;
            let course = Course::draw(&mut dice, now, now - u64::from(1 + at % 200) * DAY, Fate::Any, parts);
            let lines = of(&mut dice, &course, now, parts, 100);
            let received = lines.iter().filter(|l| l.received.is_some()).count();
            assert!(lines.iter().all(|l| l.changed <= now && l.received.is_none_or(|at| at <= course.last.max(now))));
            let none = course.accepted().is_none() || course.status == "accepted";
            assert_eq!(lines.is_empty(), none, "{}", course.status);
            assert!(received as u32 <= parts);
            let held = lines.iter().filter(|l| !matches!(l.status, "failed" | "returned" | "cancelled")).count();
            assert!(held as u32 <= parts, "{lines:?}");
            if course.completed.is_some() {
                assert_eq!(received as u32, if course.served() { parts } else { 0 });
            }
            seen.extend(lines.iter().map(|l| l.status));
        }
        assert_eq!(seen.len(), 8, "{seen:?}");
    }
}
