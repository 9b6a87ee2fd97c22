//! What a step does beyond the referral itself: seat, money, claim, and the problem that follows.

use chrono::NaiveDate;
use uuid::Uuid;

use super::deliveries::Delivered;
use super::model::ReferralStatus;
use super::queries::{self, AwardEnd, Claim, ReferralRow};
use super::rules::{Effect, Hold, Step};
use super::{deadlines, disclosures};
use crate::access::Writer;
use crate::funding::{self, Demand, Held, LedgerKind, Movement};
use crate::kernel::problem::Problem;
use crate::problems::{self, ProblemRow, ProblemStatus};
use crate::programs::{self, ClaimUnit, Offer, SeatKind};

/// The unit as the columns name it, for whoever looks for overlaps.
pub(super) fn claim_unit(offer: &Offer, problem: &ProblemRow) -> (&'static str, Uuid) {
    unit(offer, problem)
}

/// Who holds the claim: the person, household or dwelling the program counts by, as near as it is known.
fn unit(offer: &Offer, problem: &ProblemRow) -> (&'static str, Uuid) {
    let household = problem.household_id;
    match offer.claim_unit {
        ClaimUnit::Person => ("person", problem.individual_id.or(problem.head_id).unwrap_or(household)),
        ClaimUnit::Household => ("household", household),
        ClaimUnit::Dwelling => ("dwelling", problem.dwelling_id.unwrap_or(household)),
    }
}

/// Takes seat, money and claim. The answer is the source the money comes from.
pub(super) fn take(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    problem: &ProblemRow,
    offer: &Offer,
    override_reason: Option<&str>,
) -> Result<Option<Uuid>, Problem> {
    let (unit_kind, unit_id) = unit(offer, problem);
    if let Some(class) = &offer.overlap_class {
        queries::lock_unit(w, class, unit_id)?;
    }
    let cycle = programs::lock_cycle(w, row.cycle_id)?;
    programs::take_seat(w, cycle)?;
    let source = if row.amount_idr > 0 {
        let demand = Demand {
            cycle: row.cycle_id,
            amount: row.amount_idr,
            need_code: &problem.need_code,
            pillar: &offer.pillar,
            region_code: &problem.region_code,
            source: row.funding_source_id,
        };
        let source = funding::choose_source(w, &demand)?;
        funding::post(w, movement(row, LedgerKind::Reserve, Held::Allotted, source, row.amount_idr))?;
        Some(source)
    } else {
        None
    };
    let claim = offer.overlap_class.as_deref().map(|class| Claim {
        class,
        unit_kind,
        unit_id,
        sensitivity: offer.sensitivity,
        starts_on: offer.starts_on,
        ends_on: offer.ends_on,
        override_reason,
    });
    queries::take_award(w, row, claim.as_ref())?;
    Ok(source)
}

fn movement(row: &ReferralRow, kind: LedgerKind, held: Held, source: Uuid, amount: i64) -> Movement {
    Movement::of_referral(kind, held, source, row.cycle_id, row.id, amount)
}

/// Applies every effect but the taking. `delivered` is what the referral's lines have come to: what was received is
/// disbursed already, so only the rest moves.
pub(super) fn apply(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    effect: Effect,
    delivered: Delivered,
) -> Result<(), Problem> {
    let some = delivered.received > 0;
    let (kind, held) = match effect {
        Effect::None | Effect::Take | Effect::Release(Hold::Nothing) => return Ok(()),
        Effect::Commit => (LedgerKind::Commit, Held::Reserved),
        // Help in lines was disbursed line by line: the rest was not needed.
        Effect::Give if some => (LedgerKind::Release, Held::Committed),
        Effect::Give => (LedgerKind::Disburse, Held::Committed),
        Effect::Release(Hold::Reserved) => (LedgerKind::Release, Held::Reserved),
        Effect::Release(Hold::Committed) => (LedgerKind::Release, Held::Committed),
    };
    let cycle = programs::lock_cycle(w, row.cycle_id)?;
    let given = effect == Effect::Give || (some && effect != Effect::Commit);
    let frees = if given { cycle.seat_kind == SeatKind::Capacity } else { matches!(effect, Effect::Release(_)) };
    if frees {
        programs::free_seat(w, cycle)?;
    }
    let amount = row.amount_idr - delivered.received_idr;
    if let Some(source) = row.funding_source_id.filter(|_| amount > 0) {
        funding::post(w, movement(row, kind, held, source, amount))?;
    }
    let end = match effect {
        Effect::Commit => return Ok(()),
        Effect::Give => AwardEnd::Given,
        _ if some => AwardEnd::Stopped,
        _ => AwardEnd::Released,
    };
    queries::end_award(w, row.id, end)
}

/// Pays one line of a locked referral out of what it has committed.
pub(super) fn disburse(w: &mut Writer<'_>, row: &ReferralRow, amount: i64) -> Result<(), Problem> {
    let Some(source) = row.funding_source_id.filter(|_| amount > 0) else { return Ok(()) };
    programs::lock_cycle(w, row.cycle_id)?;
    funding::post(w, movement(row, LedgerKind::Disburse, Held::Committed, source, amount))?;
    Ok(())
}

/// Help has begun with its first line, whether or not somebody said so before.
pub(super) fn start(w: &mut Writer<'_>, row: &mut ReferralRow) -> Result<(), Problem> {
    let due = deadlines::of(w, ReferralStatus::InService, row.severity, None)?;
    let mark = queries::Mark { due, ..queries::Mark::default() };
    queries::set_status(w, row, ReferralStatus::InService, "start", None, mark)?;
    row.status = ReferralStatus::InService;
    disclosures::note(w, row, Step::Start)
}

/// Lets the problem follow: in service once accepted, as the outcome says once completed, back where it was when
/// nobody else serves it.
pub(super) fn lead_problem(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    problem: &ProblemRow,
    to: ReferralStatus,
    outcome: Option<ProblemStatus>,
) -> Result<(), Problem> {
    use ReferralStatus as S;
    let status = match (to, outcome) {
        (S::Accepted, _) => Some(ProblemStatus::InService),
        (S::Completed, Some(ended @ (ProblemStatus::Resolved | ProblemStatus::Expired))) => Some(ended),
        (S::Completed | S::Declined | S::Cancelled | S::Expired, outcome)
            if problem.status == ProblemStatus::InService && !queries::served_elsewhere(w, row.problem_id, row.id)? =>
        {
            let before = if problem.verified_at.is_some() || problem.verified_by.is_some() {
                ProblemStatus::Verified
            } else {
                ProblemStatus::Reported
            };
            Some(outcome.filter(|o| *o != ProblemStatus::Verified).unwrap_or(before))
        }
        _ => None,
    };
    match status {
        Some(status) => problems::follow(w, problem, status),
        None => Ok(()),
    }
}

/// The first day that is not in the past.
pub(super) fn not_before(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Problem> {
    if day < today {
        return Err(Problem::field("/scheduled_on", "in_past", "lies in the past"));
    }
    Ok(day)
}
