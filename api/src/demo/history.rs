//! What happened to the needs of a household: verified, referred, answered, served. Time decides how far each got.

use chrono::Datelike as _;
use std::collections::HashSet;
use uuid::Uuid;

use super::city::{HOME_DISTRICT, HOME_VILLAGE, Household, Plan, millis_before};
use super::copy::Rows;
use super::course::DAY;
use super::dice::Dice;
use super::needs::{self, Need};
use super::offers::Program;
use super::run::{Run, Way};
use super::shelf::Shelf;
use super::staff::{Desk, OFFICER_AGENCY, PARTNER_FOUNDATION};

/// Share of its seats that the history leaves free in every cycle, in hundredths.
const KEEP_FREE: u32 = 20;
/// Families that get aid of one kind twice, because somebody said why.
const OVERRIDES: u32 = 12;
/// Drafts that wait for a seat in one cycle.
const WAITING: u32 = 15;
/// What is said where the overlap guard was overridden.
const REASONS: [&str; 3] = [
    "Keluarga bertambah dua anak asuh; satu paket tidak cukup.",
    "Bantuan pertama rusak oleh banjir.",
    "Dua keluarga tinggal di satu alamat; bantuan pertama untuk keluarga lain.",
];

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
    /// `deliveries`
    pub deliveries: Rows,
    /// `disclosures`
    pub disclosures: Rows,
    /// `waitlist`
    pub waitlist: Rows,
}

/// Tells the history of one household after the other.
pub struct Teller {
    plan: Plan,
    window: u32,
    /// Who acts.
    pub desk: Desk,
    /// Milliseconds since 1970: the day the city is seen on.
    pub now: u64,
    /// Who holds a claim of which class.
    pub held: HashSet<(String, Uuid)>,
    /// How many wait for the partner's answer.
    pub unanswered: u32,
    /// How often the overlap guard was overridden.
    pub although: u32,
    /// What it told so far.
    pub told: Told,
}

/// A problem on its way.
pub struct Problem<'a> {
    /// Id.
    pub id: Uuid,
    /// What is needed.
    pub need: &'a Need,
    /// Whether it is restricted.
    pub restricted: bool,
    /// When it ended.
    pub closed: Option<u64>,
    /// Status today.
    pub status: &'static str,
    reported: u64,
    verified: Option<u64>,
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
            claims: Rows::new(15),
            assignments: Rows::new(6),
            deliveries: Rows::new(27),
            disclosures: Rows::new(10),
            waitlist: Rows::new(7),
        };
        // History stays inside the fiscal year: its money is that of the year's cycles.
        let window = plan.today.ordinal0().clamp(2, 320);
        let now = millis_before(plan.today, 0);
        Self { plan, window, desk, now, held: HashSet::new(), unanswered: 0, although: 0, told }
    }

    /// Needs of a household and what became of them.
    pub fn tell(&mut self, number: u32, household: &Household, place: (&str, &str), shelf: &mut Shelf) {
        // A stream of its own, so that another history leaves the city as it is.
        let mut dice = Dice::new(self.plan.seed, (1 << 40) | u64::from(number));
        for need in needs::of(&mut dice, household) {
            self.problem(&mut dice, household, place, &need, shelf);
        }
        if number == 0 {
            self.of_the_citizen(&mut dice, household, place, shelf);
        }
    }

    /// The demo's citizen gets help month by month: he finds something to confirm, and others what he complained about.
    fn of_the_citizen(&mut self, dice: &mut Dice, household: &Household, place: (&str, &str), shelf: &mut Shelf) {
        let need =
            Need { code: "pangan", ppks: None, member: Some(0), severity: "medium", rule: None, source: "village" };
        let reported = self.now - 95 * DAY;
        let verified = reported + 3 * DAY;
        let mut problem = Problem {
            id: dice.id(reported),
            need: &need,
            restricted: false,
            closed: None,
            status: "verified",
            reported,
            verified: Some(verified),
            reason: None,
        };
        let monthly = |at: &&usize| {
            let shelved = shelf.cycles.get(**at).and_then(|c| shelf.programs.get(c.program));
            shelved.is_some_and(|s| s.program.months() > 1)
        };
        let sent_on = date_of(verified);
        let position = shelf.for_need(need.code, false).iter().find(monthly).copied();
        let open = position.and_then(|at| shelf.cycles.get(at)).is_some_and(|c| (c.starts..=c.ends).contains(&sent_on));
        if let Some(position) = position.filter(|_| open) {
            let way = Way::OfTheCitizen;
            Run { teller: self, dice, shelf, household, position, way }.follow(&mut problem, verified);
        }
        self.write_problem(household, place, &problem);
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
                } else {
                    self.wait(dice, household, &problem, place, shelf);
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
        let candidates = self.fitting(shelf, problem, district, sent);
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
        let Some(position) = candidates.get(at).copied() else { return };
        let way = Way::Usual;
        Run { teller: self, dice, shelf, household, position, way }.follow(problem, sent);
        let class = |at: usize| Some(shelf.programs.get(shelf.cycles.get(at)?.program)?.program.overlap_class.clone());
        let same = |other: &&usize| **other != position && class(**other) == class(position);
        let second = candidates.iter().find(same).copied();
        let served = matches!(problem.status, "in_service" | "partly_resolved" | "resolved") && !problem.restricted;
        if let Some(position) = second.filter(|_| served && self.although < OVERRIDES && dice.chance(150)) {
            let way = Way::Although(dice.one_of(&REASONS, ""));
            self.although += 1;
            let again = (sent + 3 * DAY).min(self.now);
            Run { teller: self, dice, shelf, household, position, way }.follow(problem, again);
        }
    }

    /// Positions of cycles that take the problem on the day it is sent and have a seat to give.
    fn fitting(&self, shelf: &Shelf, problem: &Problem<'_>, district: &str, sent: u64) -> Vec<usize> {
        let sent_on = date_of(sent);
        let fits = |at: &usize| {
            let Some((cycle, shelved)) = shelf.cycles.get(*at).and_then(|c| Some((c, shelf.programs.get(c.program)?)))
            else {
                return false;
            };
            (cycle.starts..=cycle.ends).contains(&sent_on)
                && u64::from(cycle.taken) * 100 < u64::from(cycle.seats) * u64::from(100 - KEEP_FREE)
                && suits(&shelved.program, problem, district)
        };
        shelf.for_need(problem.need.code, problem.restricted).iter().copied().filter(fits).collect()
    }

    /// Drafts a referral to a program whose doors are shut and puts it on the list of those who wait for a seat.
    fn wait(
        &mut self,
        dice: &mut Dice,
        household: &Household,
        problem: &Problem<'_>,
        (_, district): (&str, &str),
        shelf: &mut Shelf,
    ) {
        let (true, Some(verified)) = (!problem.restricted, problem.verified) else { return };
        let (today, drafted) = (self.plan.today, (verified + DAY).min(self.now));
        let shut = shelf.for_need(problem.need.code, false).iter().copied().find(|at| {
            shelf.cycles.get(*at).and_then(|c| Some((c, shelf.programs.get(c.program)?))).is_some_and(|(c, shelved)| {
                let waits = (c.starts..=c.ends).contains(&today) && c.taken > 0 && c.waiting < WAITING;
                waits && shelved.is_full() && suits(&shelved.program, problem, district)
            })
        });
        // Somebody of the demo workers' own kecamatan waits for certain.
        let (Some(position), true) = (shut, district == HOME_DISTRICT || dice.chance(400)) else { return };
        let Some(cycle) = shelf.cycles.get_mut(position) else { return };
        cycle.waiting += 1;
        let Some(shelved) = shelf.programs.get(cycle.program) else { return };
        let member = problem.need.member.and_then(|at| household.members.get(at)).map(|p| p.id);
        let (id, by) = (dice.id(drafted), self.desk.coordinator);
        let rows = self.told.referrals.row().uuid(id).uuid(problem.id).uuid(household.id).maybe(member, Rows::uuid);
        rows.uuid(shelved.id).uuid(cycle.id).null().uuid(shelved.organization).text("draft");
        rows.int8(shelved.program.worth()).null().text("open").null().null().null().null();
        rows.null().null().null().uuid(by).null().boolean(true).at(drafted).at(drafted);
        let rows = self.told.events.row().uuid(dice.id(drafted)).uuid(id).text("create").text("draft").text("draft");
        rows.null().uuid(by).at(drafted);
        let urgency = ["emergency", "high", "medium", "low"].iter().position(|s| *s == problem.need.severity);
        let urgency = urgency.and_then(|n| i16::try_from(n).ok()).unwrap_or(3);
        let rows = self.told.waitlist.row().uuid(dice.id(drafted)).uuid(id).uuid(cycle.id).int2(urgency);
        rows.uuid(by).at(drafted).at(drafted);
    }
}

/// Whether a program is meant for the problem and the place.
fn suits(program: &Program, problem: &Problem<'_>, district: &str) -> bool {
    (program.ppks.is_empty() || problem.need.ppks.is_none_or(|p| program.ppks.iter().any(|own| own == p)))
        && (program.areas.is_empty() || program.areas.iter().any(|a| a == district))
}

/// An id next to another one: rows that belong to one thing need no throw of their own.
fn derived(id: Uuid) -> Uuid {
    let mut bytes = *id.as_bytes();
    bytes[15] ^= 0x55;
    Uuid::from_bytes(bytes)
}

/// The office's day of an instant.
pub(super) fn date_of(millis: u64) -> chrono::NaiveDate {
    let at = i64::try_from(millis).ok().and_then(chrono::DateTime::from_timestamp_millis).unwrap_or_default();
    crate::kernel::dates::office_date(at)
}
