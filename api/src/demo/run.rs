//! One referral with all that hangs on it: seat, money, claim, lines of help, and what its receiver was told.

use uuid::Uuid;

use super::city::{Household, Person};
use super::copy::Rows;
use super::course::{Course, DAY, Fate};
use super::dice::Dice;
use super::history::{Problem, Teller, date_of};
use super::ledger::{Bucket, Move};
use super::lines::{self, Line};
use super::shelf::{Cycle, Shelf, Shelved};
use super::staff::PARTNER_FOUNDATION;

/// Referrals that wait in the inbox of the demo's partner.
const INBOX: u32 = 4;
/// Kinds of organizations that learn who it is only when they have accepted.
const PRIVATE: [&str; 4] = ["foundation", "philanthropy", "zakat", "company"];
/// What a receiver is told when it is sent, or has accepted; and when a day is agreed on.
const TOLD: [&[&str]; 2] = [&["name", "birth_date", "sex", "members", "region"], &["address", "phone"]];

/// How a referral differs from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In nothing.
    Usual,
    /// Sent although aid of the same kind stands, with a reason.
    Although(&'static str),
    /// The one of the demo's citizen.
    OfTheCitizen,
}

/// One referral from sending to where it stands today.
pub struct Run<'a> {
    /// Who tells it.
    pub teller: &'a mut Teller,
    /// Chance.
    pub dice: &'a mut Dice,
    /// What is on offer.
    pub shelf: &'a mut Shelf,
    /// Whom it is for.
    pub household: &'a Household,
    /// Position of the cycle.
    pub position: usize,
    /// How it differs.
    pub way: Way,
}

/// What does not change while a referral is followed.
struct Case {
    id: Uuid,
    cycle: Cycle,
    shelved: Shelved,
    member: Option<Uuid>,
    unit: Uuid,
    restricted: bool,
    /// Rupiah it holds; 0 is help without a price.
    amount: i64,
    sent: u64,
    answering: Uuid,
}

impl Run<'_> {
    /// Follows it from the day it is sent; nothing happens where somebody has the same aid or there is no money.
    pub fn follow(&mut self, problem: &mut Problem<'_>, sent: u64) {
        let Some(case) = self.case(problem, sent) else { return };
        let class = case.shelved.program.overlap_class.clone();
        let held = class.as_ref().is_some_and(|class| self.teller.held.contains(&(class.clone(), case.unit)));
        if held && !matches!(self.way, Way::Although(_)) {
            return;
        }
        let reserve = self.money(&case, ("reserve", Bucket::Allotted, Bucket::Reserved), sent, case.amount);
        if case.amount > 0 && !self.shelf.book.post(self.dice, &reserve) {
            return;
        }
        let months = u32::try_from(case.shelved.program.months()).unwrap_or(1);
        let course = self.course(&case, months);
        let each = case.amount / i64::from(months);
        let lines = match self.way {
            Way::OfTheCitizen => lines::of_the_citizen(&course, self.teller.now, each),
            _ => lines::of(self.dice, &course, self.teller.now, months, each),
        };
        self.pay(&case, &course, &lines);
        let given = lines.iter().any(|l| l.received.is_some());
        let capacity = case.cycle.seat_kind == "capacity";
        let frees_seat = course.released() || (course.completed.is_some() && (capacity || !given));
        if !frees_seat && let Some(cycle) = self.shelf.cycles.get_mut(self.position) {
            cycle.taken += 1;
        }
        self.write(&case, problem, &course);
        self.write_lines(&case, &lines);
        self.write_disclosures(&case, &course);
        self.write_award(&case, &course, class);
        lead(problem, &course);
    }

    fn case(&mut self, problem: &Problem<'_>, sent: u64) -> Option<Case> {
        let cycle = self.shelf.cycles.get(self.position)?.clone();
        let shelved = self.shelf.programs.get(cycle.program)?.clone();
        let member = problem.need.member.and_then(|at| self.household.members.get(at)).map(|p| p.id);
        let unit = match shelved.program.claim_unit.as_str() {
            "person" => member.or_else(|| self.household.head().map(|h| h.id)),
            "dwelling" => self.household.dwelling.or(Some(self.household.id)),
            _ => Some(self.household.id),
        }?;
        let desk = self.teller.desk;
        Some(Case {
            id: self.dice.id(sent),
            amount: if cycle.source.is_some() { shelved.program.worth() } else { 0 },
            member,
            unit,
            restricted: problem.restricted || shelved.program.sensitivity == "restricted",
            sent,
            answering: if shelved.program.organization == PARTNER_FOUNDATION {
                desk.partner
            } else {
                desk.agency_officer
            },
            cycle,
            shelved,
        })
    }

    fn course(&mut self, case: &Case, months: u32) -> Course {
        let now = self.teller.now;
        // Whoever opens the partner's inbox finds somebody who waits for an answer.
        let fresh = now.saturating_sub(case.sent) < 14 * DAY;
        let waits = case.shelved.program.organization == PARTNER_FOUNDATION && fresh && self.teller.unanswered < INBOX;
        let fate = match self.way {
            Way::Usual if waits => Fate::Unanswered,
            Way::Usual => Fate::Any,
            Way::Although(_) | Way::OfTheCitizen => Fate::Served,
        };
        self.teller.unanswered += u32::from(fate == Fate::Unanswered);
        // The citizen's help goes on, whatever chance says.
        let months = if self.way == Way::OfTheCitizen { months + 2 } else { months };
        Course::draw(self.dice, now, case.sent, fate, months)
    }

    fn money(&self, case: &Case, (kind, from, to): (&'static str, Bucket, Bucket), at: u64, amount: i64) -> Move {
        let by = if kind == "reserve" { self.teller.desk.coordinator } else { case.answering };
        Move {
            kind,
            source: case.cycle.source.unwrap_or_default(),
            cycle: Some(case.cycle.id),
            referral: Some(case.id),
            amount,
            from,
            to,
            at,
            by: Some(by),
        }
    }

    /// Commits what was accepted, disburses line by line what was received, and gives the rest back at the end.
    fn pay(&mut self, case: &Case, course: &Course, lines: &[Line]) {
        if case.amount == 0 {
            return;
        }
        let mut holds = Bucket::Reserved;
        if let Some(at) = course.accepted() {
            let commit = self.money(case, ("commit", holds, Bucket::Committed), at, case.amount);
            self.shelf.book.post(self.dice, &commit);
            holds = Bucket::Committed;
        }
        let mut rest = case.amount;
        for (at, amount) in lines.iter().filter_map(|l| Some((l.received?, l.amount))) {
            let disburse = self.money(case, ("disburse", holds, Bucket::Disbursed), at, amount);
            self.shelf.book.post(self.dice, &disburse);
            rest -= amount;
        }
        if rest > 0 && (course.released() || course.completed.is_some()) {
            let release = self.money(case, ("release", holds, Bucket::Allotted), course.last, rest);
            self.shelf.book.post(self.dice, &release);
        }
    }

    fn write(&mut self, case: &Case, problem: &Problem<'_>, course: &Course) {
        let desk = self.teller.desk;
        let told = &mut self.teller.told;
        let rows = told.referrals.row().uuid(case.id).uuid(problem.id).uuid(self.household.id);
        rows.maybe(case.member, Rows::uuid).uuid(case.shelved.id).uuid(case.cycle.id);
        rows.maybe(case.cycle.source, Rows::uuid).uuid(case.shelved.organization).text(course.status);
        rows.int8(case.amount).maybe(Some(1), Rows::int4).text(if case.restricted { "restricted" } else { "open" });
        rows.maybe_text(course.reason)
            .maybe_text(course.outcome)
            .maybe(course.due(), Rows::at)
            .maybe(course.scheduled, |rows, at| rows.date(date_of(at)));
        rows.maybe(Some(case.sent), Rows::at).maybe(course.answered, Rows::at).maybe(course.completed, Rows::at);
        rows.uuid(desk.coordinator).maybe(course.answered.map(|_| case.answering), Rows::uuid).boolean(true);
        rows.at(case.sent).at(course.last);
        for (event, from, to, at) in &course.steps {
            let actor = if matches!(*event, "send" | "cancel" | "expire") { desk.coordinator } else { case.answering };
            let reason = course.reason.filter(|_| to == &course.status);
            let rows = told.events.row().uuid(self.dice.id(*at)).uuid(case.id).text(event).text(from).text(to);
            rows.maybe_text(reason).uuid(actor).at(*at);
        }
    }

    fn write_lines(&mut self, case: &Case, lines: &[Line]) {
        let taker = |p: &&Person| case.member.is_none_or(|id| p.id == id);
        let Some(payee) = self.household.members.iter().find(taker) else { return };
        let desk = self.teller.desk;
        let program = &case.shelved.program;
        let (channel, proof) = by_kind(&program.benefit.kind);
        let goods = program.benefit.kind == "goods";
        for line in lines {
            let id = self.dice.id(line.planned.min(self.teller.now));
            let number = u16::from_be_bytes([id.as_bytes()[14], id.as_bytes()[15]]);
            let paper = |prefix: &str| format!("{prefix}-{number:05}/{}", self.shelf.year);
            let taken = line.received.is_some();
            let rows = self.teller.told.deliveries.row().uuid(id).uuid(case.id).date(date_of(line.planned));
            rows.int8(line.amount).maybe(goods.then_some(1), Rows::int4);
            rows.maybe_text(goods.then_some(program.benefit.unit.as_str())).text(channel);
            rows.uuid(payee.id).text(&payee.name).text(line.status);
            rows.maybe_text((line.came == Some(false)).then_some("not_received"));
            rows.maybe_text(line.approved.map(|_| paper("400.9")).as_deref());
            rows.maybe_text(taken.then_some(proof));
            rows.maybe_text((taken && proof != "signature").then(|| paper("BAST")).as_deref());
            rows.maybe(line.received, |rows, at| rows.date(date_of(at)));
            rows.maybe_text((line.status == "accounted").then(|| paper("SPJ")).as_deref()).maybe_text(line.reason);
            rows.uuid(case.answering).maybe(line.approved.map(|_| desk.coordinator), Rows::uuid);
            rows.maybe(line.approved, Rows::at).maybe(line.received.map(|_| case.answering), Rows::uuid);
            rows.maybe(line.received, Rows::at);
            rows.maybe_text(line.came.map(|came| if came { "received" } else { "not_received" }));
            rows.maybe_text((line.came == Some(false)).then_some("Sudah ditunggu sampai sore, tidak ada yang datang."));
            rows.maybe(line.came.map(|_| desk.citizen), Rows::uuid);
            rows.at(course_start(case.sent, line)).at(line.changed);
        }
    }

    /// A public agency knows who it is from the beginning, a private one once it has accepted; the address comes with
    /// the day.
    fn write_disclosures(&mut self, case: &Case, course: &Course) {
        let private = self.shelf.kind_of(case.shelved.organization).is_some_and(|k| PRIVATE.contains(&k));
        let agreement = self.shelf.agreement_of(case.shelved.organization);
        let [who, where_] = TOLD;
        let first = if private { ("referral_accepted", "accept") } else { ("referral_sent", "send") };
        for ((basis, event), fields) in [(first, who), (("referral_scheduled", "schedule"), where_)] {
            let Some(at) = course.steps.iter().find(|(e, ..)| *e == event).map(|step| step.3) else { continue };
            let by = if event == "send" { self.teller.desk.coordinator } else { case.answering };
            let rows = self.teller.told.disclosures.row().uuid(self.dice.id(at)).uuid(case.id);
            rows.uuid(case.shelved.organization).uuid(self.household.id).texts(fields).text(basis);
            rows.maybe_text(agreement.as_ref().map(|(number, _)| number.as_str()));
            rows.maybe(agreement.as_ref().map(|(_, until)| *until), Rows::date).uuid(by).at(at);
        }
    }

    fn write_award(&mut self, case: &Case, course: &Course, class: Option<String>) {
        let award = self.dice.id(case.sent);
        let gone = course.released() || (course.completed.is_some() && !course.served());
        let state = match course.completed {
            _ if gone => "released",
            Some(_) => "given",
            None => "held",
        };
        let told = &mut self.teller.told;
        let rows = told.awards.row().uuid(award).uuid(case.id).uuid(self.household.id).maybe(case.member, Rows::uuid);
        rows.uuid(case.cycle.id).text(state).at(case.sent).at(course.last);
        let Some(class) = class else { return };
        let rows = told.claims.row().uuid(self.dice.id(case.sent)).uuid(award).text(&class);
        rows.text(&case.shelved.program.claim_unit).uuid(case.unit).days(case.cycle.starts, case.cycle.ends);
        rows.boolean(!gone).text(&case.shelved.program.sensitivity);
        let desk = self.teller.desk;
        if let Way::Although(reason) = self.way {
            rows.uuid(desk.coordinator).text(reason).at(case.sent);
            // Every third has been looked at by another; the rest waits.
            let seen = self.teller.although.is_multiple_of(3);
            rows.maybe(seen.then_some(desk.coordinator2), Rows::uuid).maybe(seen.then_some(case.sent + DAY), Rows::at);
            rows.maybe_text(seen.then_some("justified"));
            rows.maybe_text(seen.then_some("Alasan sesuai dengan hasil kunjungan."));
        } else {
            for _ in 0..7 {
                rows.null();
            }
        }
        if !gone {
            self.teller.held.insert((class, case.unit));
        }
    }
}

/// When a line was written down: with the acceptance, or when an earlier one had failed.
fn course_start(sent: u64, line: &Line) -> u64 {
    line.approved.map_or(line.changed, |at| at.min(line.changed)).max(sent)
}

/// The problem follows its referral; a second one never undoes what the first has reached.
fn lead(problem: &mut Problem<'_>, course: &Course) {
    let status = match (course.status, course.outcome) {
        ("completed", Some("need_met")) => "resolved",
        ("completed", Some("need_partly_met")) => "partly_resolved",
        ("completed", Some("person_moved")) => "referred_out",
        ("accepted" | "scheduled" | "in_service", _) => "in_service",
        _ => return,
    };
    problem.status = status;
    problem.closed = course.completed.filter(|_| matches!(status, "resolved" | "referred_out"));
}

/// Usual channel and proof of a kind of benefit.
fn by_kind(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "cash" | "capital" | "loan" => ("bank_transfer", "transfer_receipt"),
        "goods" => ("home", "handover_report"),
        "insurance" | "scholarship" => ("to_institution", "transfer_receipt"),
        "housing" => ("in_kind", "handover_report"),
        _ => ("service", "signature"),
    }
}
