//! What happened to the needs of a household: verified, referred, answered, served. Time decides how far each got.

use chrono::Datelike as _;
use std::collections::HashSet;
use uuid::Uuid;

use super::city::{HOME_DISTRICT, HOME_VILLAGE, Household, Plan, millis_before};
use super::copy::Rows;
use super::dice::Dice;
use super::ledger::{Bucket, Move};
use super::needs::{self, Need};
use super::shelf::Shelf;
use super::staff::{Desk, OFFICER_AGENCY, PARTNER_FOUNDATION};

const DAY: u64 = 86_400_000;
/// Share of its seats that the history leaves free in every cycle, in hundredths.
const KEEP_FREE: u32 = 20;
/// Referrals that wait in the inbox of the demo's partner.
const INBOX: u32 = 4;

/// Rows of the tables that tell the history.
pub struct Told {
    /// `problems`
    pub problems: Rows,
    /// `referrals`
    pub referrals: Rows,
    /// `referral_events`
    pub events: Rows,
    /// `awards`
    pub awards: Rows,
    /// `claims`
    pub claims: Rows,
    /// `assignments`
    pub assignments: Rows,
}

/// Tells the history of one household after the other.
pub struct Teller {
    plan: Plan,
    desk: Desk,
    now: u64,
    window: u32,
    held: HashSet<(String, Uuid)>,
    unanswered: u32,
    /// What it told so far.
    pub told: Told,
}

/// A problem on its way.
struct Problem<'a> {
    id: Uuid,
    need: &'a Need,
    restricted: bool,
    reported: u64,
    verified: Option<u64>,
    closed: Option<u64>,
    status: &'static str,
    reason: Option<&'static str>,
}

impl Teller {
    /// A teller for a city.
    pub fn new(plan: Plan, desk: Desk) -> Self {
        let told = Told {
            problems: Rows::new(23),
            referrals: Rows::new(24),
            events: Rows::new(8),
            awards: Rows::new(8),
            claims: Rows::new(8),
            assignments: Rows::new(6),
        };
        // History stays inside the fiscal year: its money is that of the year's cycles.
        let window = plan.today.ordinal0().clamp(2, 320);
        Self { plan, desk, now: millis_before(plan.today, 0), window, held: HashSet::new(), unanswered: 0, told }
    }

    /// Needs of a household and what became of them.
    pub fn tell(&mut self, number: u32, household: &Household, place: (&str, &str), shelf: &mut Shelf) {
        // A stream of its own, so that another history leaves the city as it is.
        let mut dice = Dice::new(self.plan.seed, (1 << 40) | u64::from(number));
        for need in needs::of(&mut dice, household) {
            self.problem(&mut dice, household, place, &need, shelf);
        }
    }

    fn problem(&mut self, dice: &mut Dice, household: &Household, place: (&str, &str), need: &Need, shelf: &mut Shelf) {
        // Half of what people know of is of the last weeks, as in every register.
        let ago = if dice.chance(500) { dice.between(1, self.window.min(45)) } else { dice.between(1, self.window) };
        let reported = self.now.saturating_sub(u64::from(ago) * DAY - u64::from(dice.below(28_800_000)));
        let mut problem = Problem {
            id: dice.id(reported),
            need,
            restricted: needs::restricted(need.code, need.ppks),
            reported,
            verified: None,
            closed: None,
            status: "reported",
            reason: None,
        };
        let looked_at = reported + u64::from(dice.between(1, 9)) * DAY;
        let fate = if need.rule.is_some() { dice.weighted(&[60, 6, 34]) } else { dice.weighted(&[20, 5, 75]) };
        match fate {
            0 => problem.status = if need.rule.is_some() { "candidate" } else { "reported" },
            _ if looked_at > self.now => problem.status = if need.rule.is_some() { "candidate" } else { "reported" },
            1 => {
                problem.status = if need.rule.is_some() { "dismissed" } else { "unfounded" };
                problem.reason =
                    Some(dice.one_of(&["already_met", "data_error", "duplicate", "moved_away"], "data_error"));
                problem.closed = Some(looked_at);
            }
            _ => {
                problem.status = "verified";
                problem.verified = Some(looked_at);
                if dice.chance(620) {
                    self.refer(dice, household, &mut problem, place, shelf);
                }
            }
        }
        self.write_problem(household, place, &problem);
    }

    fn write_problem(&mut self, household: &Household, (village, district): (&str, &str), problem: &Problem<'_>) {
        let need = problem.need;
        let member = need.member.and_then(|at| household.members.get(at));
        let by_operator = village == HOME_VILLAGE && matches!(need.source, "village" | "citizen");
        let verifier = if district == HOME_DISTRICT { self.desk.social_worker } else { self.desk.coordinator };
        // A restricted problem is seen by whoever is assigned to it, so somebody must be.
        if problem.restricted
            && let Some(at) = problem.verified
        {
            let rows = self.told.assignments.row().uuid(derived(problem.id)).text("problem").uuid(problem.id);
            rows.uuid(verifier).text("lead").at(at);
        }
        let changed = problem.closed.or(problem.verified).unwrap_or(problem.reported);
        let rows =
            self.told.problems.row().uuid(problem.id).text(if member.is_some() { "individual" } else { "household" });
        rows.uuid(household.id)
            .maybe(member.map(|p| p.id), Rows::uuid)
            .text(need.code)
            .maybe_text(need.ppks)
            .text(need.severity);
        rows.text(need.source).text(problem.status).text(if problem.restricted { "restricted" } else { "open" });
        rows.maybe_text(need.rule)
            .maybe(by_operator.then_some(self.desk.village_operator), Rows::uuid)
            .at(problem.reported);
        rows.maybe(problem.verified.map(|_| verifier), Rows::uuid)
            .maybe(problem.verified, Rows::at)
            .maybe(problem.closed, Rows::at);
        rows.maybe_text(problem.reason).boolean(true).int8(1).at(problem.reported).at(changed);
        rows.text(village).text(district);
    }

    /// Sends a verified problem to a cycle that has a seat, money and no earlier claim, and follows it to today.
    fn refer(
        &mut self,
        dice: &mut Dice,
        household: &Household,
        problem: &mut Problem<'_>,
        (_, district): (&str, &str),
        shelf: &mut Shelf,
    ) {
        let Some(verified) = problem.verified else { return };
        let sent = verified + u64::from(dice.below(5)) * DAY + u64::from(dice.below(7_200_000));
        if sent > self.now {
            return;
        }
        let sent_on = date_of(sent);
        let candidates: Vec<usize> = shelf
            .for_need(problem.need.code, problem.restricted)
            .iter()
            .copied()
            .filter(|at| {
                let Some((cycle, shelved)) =
                    shelf.cycles.get(*at).and_then(|c| Some((c, shelf.programs.get(c.program)?)))
                else {
                    return false;
                };
                let program = &shelved.program;
                (cycle.starts..=cycle.ends).contains(&sent_on)
                    && u64::from(cycle.taken) * 100 < u64::from(cycle.seats) * u64::from(100 - KEEP_FREE)
                    && (program.ppks.is_empty()
                        || problem.need.ppks.is_none_or(|p| program.ppks.iter().any(|own| own == p)))
                    && (program.areas.is_empty() || program.areas.iter().any(|a| a == district))
            })
            .collect();
        let mut at = dice.below(u32::try_from(candidates.len()).unwrap_or(0)) as usize;
        // Whoever runs the officer's and the partner's programs sees something in them.
        for (owner, share) in [(OFFICER_AGENCY, 250), (PARTNER_FOUNDATION, 500)] {
            let own = candidates.iter().position(|c| {
                let shelved = shelf.cycles.get(*c).and_then(|c| shelf.programs.get(c.program));
                shelved.is_some_and(|p| p.program.organization == owner)
            });
            if let Some(own) = own.filter(|_| dice.chance(share)) {
                at = own;
            }
        }
        if let Some(position) = candidates.get(at) {
            let mut run = Run { teller: self, dice, shelf, household, position: *position };
            run.follow(problem, sent);
        }
    }
}

/// One referral from sending to where it stands today.
struct Run<'a> {
    teller: &'a mut Teller,
    dice: &'a mut Dice,
    shelf: &'a mut Shelf,
    household: &'a Household,
    position: usize,
}

/// Where a referral got to.
struct Course {
    status: &'static str,
    answered: Option<u64>,
    scheduled: Option<u64>,
    completed: Option<u64>,
    reason: Option<&'static str>,
    outcome: Option<&'static str>,
    last: u64,
    steps: Vec<(&'static str, &'static str, &'static str, u64)>,
}

impl Course {
    /// When the next step is due: a week and a half of calendar days to answer, six weeks to serve; never once it ended.
    fn due(&self) -> Option<u64> {
        match self.status {
            "sent" | "returned" | "accepted" | "scheduled" => Some(self.last + 9 * DAY),
            "in_service" => Some(self.last + 42 * DAY),
            _ => None,
        }
    }
}

impl Run<'_> {
    fn follow(&mut self, problem: &mut Problem<'_>, sent: u64) {
        let Some((cycle, shelved)) = self
            .shelf
            .cycles
            .get(self.position)
            .and_then(|c| Some((c.clone(), self.shelf.programs.get(c.program)?.clone())))
        else {
            return;
        };
        let program = &shelved.program;
        let member = problem.need.member.and_then(|at| self.household.members.get(at)).map(|p| p.id);
        let unit = match program.claim_unit.as_str() {
            "person" => member.or_else(|| self.household.head().map(|h| h.id)),
            "dwelling" => self.household.dwelling.or(Some(self.household.id)),
            _ => Some(self.household.id),
        };
        let (Some(unit), class) = (unit, program.overlap_class.clone()) else { return };
        if class.as_ref().is_some_and(|class| self.teller.held.contains(&(class.clone(), unit))) {
            return;
        }
        let amount = program.benefit.value_idr;
        let referral = self.dice.id(sent);
        let money = |kind, from, to, at, by| Move {
            kind,
            source: cycle.source.unwrap_or_default(),
            cycle: Some(cycle.id),
            referral: Some(referral),
            amount,
            from,
            to,
            at,
            by,
        };
        let desk = self.teller.desk;
        let costs = cycle.source.is_some() && amount > 0;
        if costs
            && !self
                .shelf
                .book
                .post(self.dice, &money("reserve", Bucket::Allotted, Bucket::Reserved, sent, Some(desk.coordinator)))
        {
            return;
        }
        // Whoever opens the partner's inbox finds somebody who waits for an answer.
        let fresh = self.teller.now.saturating_sub(sent) < 14 * DAY;
        let unanswered = program.organization == PARTNER_FOUNDATION && fresh && self.teller.unanswered < INBOX;
        self.teller.unanswered += u32::from(unanswered);
        let course = self.course(sent, unanswered);
        let answering = if program.organization == PARTNER_FOUNDATION { desk.partner } else { desk.agency_officer };
        let released = matches!(course.status, "declined" | "expired" | "cancelled");
        let served = course.outcome.is_some_and(|o| matches!(o, "need_met" | "need_partly_met"));
        let accepted = course.steps.iter().find(|(event, ..)| *event == "accept").map(|step| step.3);
        if costs {
            let mut holds = Bucket::Reserved;
            if let Some(at) = accepted {
                self.shelf.book.post(self.dice, &money("commit", holds, Bucket::Committed, at, Some(answering)));
                holds = Bucket::Committed;
            }
            if let (Some(at), true) = (course.completed, served) {
                self.shelf.book.post(self.dice, &money("disburse", holds, Bucket::Disbursed, at, Some(answering)));
            } else if released || course.completed.is_some() {
                self.shelf
                    .book
                    .post(self.dice, &money("release", holds, Bucket::Allotted, course.last, Some(answering)));
            }
        }
        let frees_seat = released || (course.completed.is_some() && (cycle.seat_kind == "capacity" || !served));
        if !frees_seat && let Some(cycle) = self.shelf.cycles.get_mut(self.position) {
            cycle.taken += 1;
        }
        let restricted = problem.restricted || program.sensitivity == "restricted";
        let told = &mut self.teller.told;
        let rows =
            told.referrals.row().uuid(referral).uuid(problem.id).uuid(self.household.id).maybe(member, Rows::uuid);
        rows.uuid(shelved.id)
            .uuid(cycle.id)
            .maybe(cycle.source, Rows::uuid)
            .uuid(shelved.organization)
            .text(course.status);
        rows.int8(if costs { amount } else { 0 }).int4(1).text(if restricted { "restricted" } else { "open" });
        rows.maybe_text(course.reason)
            .maybe_text(course.outcome)
            .maybe(course.due(), Rows::at)
            .maybe(course.scheduled, |rows, at| rows.date(date_of(at)));
        rows.at(sent).maybe(course.answered, Rows::at).maybe(course.completed, Rows::at).uuid(desk.coordinator);
        rows.maybe(course.answered.map(|_| answering), Rows::uuid).boolean(true).at(sent).at(course.last);
        for (event, from, to, at) in &course.steps {
            let actor = if matches!(*event, "send" | "cancel" | "expire") { desk.coordinator } else { answering };
            let reason = course.reason.filter(|_| to == &course.status);
            told.events
                .row()
                .uuid(self.dice.id(*at))
                .uuid(referral)
                .text(event)
                .text(from)
                .text(to)
                .maybe_text(reason)
                .uuid(actor)
                .at(*at);
        }
        let award = self.dice.id(sent);
        let gone = released || (course.completed.is_some() && !served);
        let state = if gone {
            "released"
        } else if course.completed.is_some() {
            "given"
        } else {
            "held"
        };
        let rows = told
            .awards
            .row()
            .uuid(award)
            .uuid(referral)
            .uuid(self.household.id)
            .maybe(member, Rows::uuid)
            .uuid(cycle.id);
        rows.text(state).at(sent).at(course.last);
        if let Some(class) = class {
            let rows = told
                .claims
                .row()
                .uuid(self.dice.id(sent))
                .uuid(award)
                .text(&class)
                .text(&program.claim_unit)
                .uuid(unit);
            rows.days(cycle.starts, cycle.ends).boolean(!gone).text(&program.sensitivity);
            if !gone {
                self.teller.held.insert((class, unit));
            }
        }
        problem.status = match (course.status, course.outcome) {
            ("completed", Some("need_met")) => "resolved",
            ("completed", Some("need_partly_met")) => "partly_resolved",
            ("completed", Some("person_moved")) => "referred_out",
            ("accepted" | "scheduled" | "in_service", _) => "in_service",
            _ => "verified",
        };
        if matches!(problem.status, "resolved" | "referred_out") {
            problem.closed = course.completed;
        }
    }

    fn course(&mut self, sent: u64, unanswered: bool) -> Course {
        let now = self.teller.now;
        let dice = &mut *self.dice;
        let mut later = |from: u64, least: u32, most: u32| {
            from + u64::from(dice.between(least, most)) * DAY + u64::from(dice.below(14_400_000))
        };
        let (answered, scheduled) = (later(sent, 1, 9), later(sent, 10, 14));
        let (started, completed) = (later(scheduled, 1, 8), later(scheduled, 10, 55));
        let mut course = Course {
            status: "sent",
            answered: None,
            scheduled: None,
            completed: None,
            reason: None,
            outcome: None,
            last: sent,
            steps: vec![("send", "draft", "sent", sent)],
        };
        let fate = dice.weighted(&[82, 8, 5, 3, 2]);
        if unanswered {
            return course;
        }
        let expires = sent + 21 * DAY;
        let step = |course: &mut Course, event: &'static str, to: &'static str, at: u64| -> bool {
            if at > now {
                return false;
            }
            course.steps.push((event, course.status, to, at));
            course.status = to;
            course.last = at;
            true
        };
        match fate {
            1 | 2 => {
                let (event, to) = if fate == 1 { ("decline", "declined") } else { ("return", "returned") };
                if step(&mut course, event, to, answered) {
                    course.answered = Some(answered);
                    let reasons: &[&str] = if fate == 1 {
                        &["not_eligible", "no_capacity", "already_served", "cannot_contact", "wrong_service"]
                    } else {
                        &[
                            "missing_family_card",
                            "missing_medical_letter",
                            "missing_photo",
                            "missing_identity",
                            "data_mismatch",
                        ]
                    };
                    course.reason = Some(dice.one_of(reasons, "other"));
                }
            }
            3 => {
                step(&mut course, "expire", "expired", expires);
            }
            _ => {
                if step(&mut course, "accept", "accepted", answered) {
                    course.answered = Some(answered);
                    if fate == 4 && step(&mut course, "cancel", "cancelled", scheduled) {
                        course.reason = Some("person_withdrew");
                    } else if fate == 0 && step(&mut course, "schedule", "scheduled", scheduled) {
                        course.scheduled = Some(started);
                        if step(&mut course, "start", "in_service", started)
                            && step(&mut course, "complete", "completed", completed.max(started))
                        {
                            course.completed = Some(course.last);
                            let outcomes = [
                                "need_met",
                                "need_partly_met",
                                "need_not_met",
                                "person_moved",
                                "person_refused",
                                "lost_contact",
                            ];
                            course.outcome = outcomes.get(dice.weighted(&[78, 12, 4, 2, 2, 2])).copied();
                        }
                    }
                }
            }
        }
        course
    }
}

/// An id next to another one: rows that belong to one thing need no throw of their own.
fn derived(id: Uuid) -> Uuid {
    let mut bytes = *id.as_bytes();
    bytes[15] ^= 0x55;
    Uuid::from_bytes(bytes)
}

fn date_of(millis: u64) -> chrono::NaiveDate {
    let at = i64::try_from(millis).ok().and_then(chrono::DateTime::from_timestamp_millis).unwrap_or_default();
    crate::kernel::dates::office_date(at)
}
