//! What is asked of a source's money, checked and done: at once, or after a second person has approved it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::approvals;
use super::closing;
use super::model::{Bucket, FundingStatus, LedgerKind, Restrictions};
use super::orders_model::{RefundTo, Rest};
use super::queries::ledger::{Held, Movement, RUPIAH, amount_pointer, post};
use super::queries::{self, SourceRow, Target, orders as stored};
use super::routes::{audit, tagged};
use super::rules::{self, Shut};
use crate::access::{Duty, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

/// What is to be done. Amounts are in the unit of the source; none is all that is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub(super) enum Order {
    In { kind: LedgerKind, amount: i64 },
    Revise { amount: i64 },
    OfCycle { kind: LedgerKind, cycle_id: Uuid, amount: i64 },
    Refund { referral_id: Uuid, amount: i64, to: RefundTo },
    Lapse { cycle_id: Option<Uuid>, amount: i64 },
    CarryOver { to_source_id: Uuid, amount: i64 },
    CloseYear { to_source_id: Option<Uuid>, rest: Rest },
}

/// An order with its paper and reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ask {
    #[serde(flatten)]
    pub order: Order,
    pub reference: Option<String>,
    pub reason: Option<String>,
}

impl Order {
    pub(super) fn kind(&self) -> LedgerKind {
        match self {
            Self::In { kind, .. } | Self::OfCycle { kind, .. } => *kind,
            Self::Revise { .. } => LedgerKind::Revise,
            Self::Refund { .. } => LedgerKind::Refund,
            Self::Lapse { .. } => LedgerKind::Lapse,
            Self::CarryOver { .. } => LedgerKind::CarryOver,
            Self::CloseYear { .. } => LedgerKind::CloseYear,
        }
    }
    pub(super) fn amount(&self) -> Option<i64> {
        match self {
            Self::In { amount, .. }
            | Self::Revise { amount }
            | Self::OfCycle { amount, .. }
            | Self::Refund { amount, .. }
            | Self::Lapse { amount, .. }
            | Self::CarryOver { amount, .. } => Some(*amount),
            Self::CloseYear { .. } => None,
        }
    }
    /// Whether it waits for a second person: the end of a year always, a movement above the limit. A promise is no money.
    fn needs_second(&self, unit: &str, limit: i64) -> bool {
        match self {
            Self::CloseYear { .. } => true,
            Self::In { kind: LedgerKind::Pledge, .. } => false,
            _ => unit == RUPIAH && self.amount().is_some_and(|a| a.abs() > limit),
        }
    }
}

pub(super) fn text(text: Option<String>) -> Option<String> {
    text.map(|t| clean(&t)).filter(|t| !t.is_empty())
}

/// Name of what is done in the audit trail.
pub(super) fn action(kind: LedgerKind) -> &'static str {
    match kind {
        LedgerKind::Pledge => "funding.pledge",
        LedgerKind::Receive => "funding.receive",
        LedgerKind::Appropriate => "funding.appropriate",
        LedgerKind::Revise => "funding.revise",
        LedgerKind::Allot => "funding.allot",
        LedgerKind::Release => "funding.release",
        LedgerKind::Refund => "funding.refund",
        LedgerKind::Lapse => "funding.lapse",
        LedgerKind::CarryOver => "funding.carry_over",
        LedgerKind::CloseYear => "funding.close_year",
        LedgerKind::Reserve | LedgerKind::Commit | LedgerKind::Disburse => "funding.move",
    }
}

/// The amount in the unit of the source: rupiah or items, whichever it counts.
pub(super) fn amount(row: &SourceRow, rupiah: Option<i64>, items: Option<i64>) -> Result<Option<i64>, Problem> {
    let (right, wrong, pointer) =
        if row.unit == RUPIAH { (rupiah, items, "/items") } else { (items, rupiah, "/amount_idr") };
    match (right, wrong) {
        (_, Some(_)) => Err(Problem::field(pointer, "wrong_unit", "is not the unit of this source")),
        (Some(0), None) => Err(Problem::field(amount_pointer(&row.unit), "range", "must not be zero")),
        (amount, None) => Ok(amount),
    }
}

/// The amount where one must be given.
pub(super) fn given(row: &SourceRow, rupiah: Option<i64>, items: Option<i64>) -> Result<i64, Problem> {
    amount(row, rupiah, items)?.ok_or_else(|| Problem::field(amount_pointer(&row.unit), "required", "is required"))
}

/// Does what is asked, or keeps it for a second person; the answer is the source (200) or the proposal (202).
/// `order` reads the request once the source is known.
pub(super) fn submit(
    w: &mut Writer<'_>,
    id: Id,
    key: &IdempotencyKey,
    kind: LedgerKind,
    body: &impl Serialize,
    order: impl FnOnce(&mut Writer<'_>, &SourceRow) -> Result<Ask, Problem>,
) -> Result<Answer, Problem> {
    let row = queries::find(w, id.0)?;
    if kind != LedgerKind::Pledge && !w.principal().has_duty(Duty::ApproveMoney) {
        return Err(Problem::with(&problem::FORBIDDEN, "this needs the duty to approve money"));
    }
    idempotency::once(w, key, action(kind), &(id.0, body), |w| {
        if row.status == FundingStatus::Closed {
            return Err(Problem::new(&problem::SOURCE_CLOSED));
        }
        let ask = order(w, &row)?;
        let limit = w.config().approval_limit_idr;
        if ask.order.needs_second(&row.unit, limit) {
            return approvals::propose(w, &row, &ask);
        }
        perform(w, &row, &ask)?;
        let (view, tag) = tagged(w, row.id)?;
        Ok(Answer::ok(&view)?.header("etag", tag))
    })
}

/// Checks an order without doing it; the answer is the label of what it concerns.
pub(super) fn check(w: &mut Writer<'_>, row: &SourceRow, order: &Order) -> Result<Sensitivity, Problem> {
    if let Order::CloseYear { to_source_id, .. } = order {
        closing::check(w, row, *to_source_id)?;
        return Ok(row.sensitivity);
    }
    let (movements, label) = plan(w, row, order)?;
    for movement in &movements {
        if movement.source == row.id {
            in_time(w, row, movement)?;
        }
    }
    Ok(label)
}

fn in_time(w: &Writer<'_>, row: &SourceRow, movement: &Movement) -> Result<(), Problem> {
    rules::may_post(movement.way(), row.status, row.fiscal_year, w.today()).map_err(|shut| match shut {
        Shut::Closed => Problem::new(&problem::SOURCE_CLOSED),
        Shut::OtherYear => Problem::new(&problem::WRONG_FISCAL_YEAR),
    })
}

/// Checks an order and does it.
pub(super) fn perform(w: &mut Writer<'_>, row: &SourceRow, ask: &Ask) -> Result<(), Problem> {
    let label = if let Order::CloseYear { to_source_id, rest } = &ask.order {
        closing::close(w, row, *to_source_id, *rest, ask)?;
        row.sensitivity
    } else {
        let (movements, label) = plan(w, row, &ask.order)?;
        for movement in movements {
            post(w, Movement { reference: ask.reference.clone(), reason: ask.reason.clone(), ..movement })?;
        }
        label
    };
    let after = serde_json::json!(ask);
    audit(w, action(ask.order.kind()), row.id, label.max(row.sensitivity), after)
}

/// The movements an order is made of, and the label of what it concerns.
fn plan(w: &mut Writer<'_>, row: &SourceRow, order: &Order) -> Result<(Vec<Movement>, Sensitivity), Problem> {
    let open = Sensitivity::Open;
    Ok(match order {
        Order::In { kind, amount } => (vec![Movement::incoming(*kind, row.id, *amount)], open),
        Order::Revise { amount } => {
            let up = Movement::incoming(LedgerKind::Revise, row.id, amount.abs());
            (vec![Movement { back: *amount < 0, ..up }], open)
        }
        Order::OfCycle { kind, cycle_id, amount } => {
            let target = target(w, *cycle_id)?;
            if *kind == LedgerKind::Allot {
                allowed(row, &target)?;
            }
            (vec![Movement::of_cycle(*kind, row.id, *cycle_id, *amount)], target.sensitivity)
        }
        Order::Refund { referral_id, amount, to } => {
            let (cycle, label) = refundable(w, row, *referral_id, *amount)?;
            let held = if *to == RefundTo::Source { Held::Available } else { Held::Allotted };
            let movement = Movement::of_cycle(LedgerKind::Refund, row.id, cycle, *amount);
            (vec![Movement { held, referral: Some(*referral_id), ..movement }], label)
        }
        Order::Lapse { cycle_id: None, amount } => {
            let movement = Movement::incoming(LedgerKind::Lapse, row.id, *amount);
            (vec![Movement { held: Held::Available, ..movement }], open)
        }
        Order::Lapse { cycle_id: Some(cycle), amount } => {
            let target = target(w, *cycle)?;
            (vec![Movement::of_cycle(LedgerKind::Lapse, row.id, *cycle, *amount)], target.sensitivity)
        }
        Order::CarryOver { to_source_id, amount } => {
            let next = successor(w, row, *to_source_id)?;
            (carry(row.id, next.id, Held::Available, *amount), open.max(next.sensitivity))
        }
        Order::CloseYear { .. } => return Err(Problem::internal("the end of a year is no single movement")),
    })
}

/// Both sides of free money that goes over.
pub(super) fn carry(from: Uuid, to: Uuid, held: Held, amount: i64) -> Vec<Movement> {
    let transfer = Some(Uuid::now_v7());
    let out = Movement { held, transfer, ..Movement::incoming(LedgerKind::CarryOver, from, amount) };
    let into = Movement { source: to, back: true, ..out.clone() };
    vec![out, into]
}

fn target(w: &mut Writer<'_>, cycle: Uuid) -> Result<Target, Problem> {
    queries::target(w, cycle)?.ok_or_else(|| Problem::field("/cycle_id", "not_found", "is not a cycle"))
}

/// What of a referral's help may be paid back: its cycle, if so much was given for it.
fn refundable(
    w: &mut Writer<'_>,
    row: &SourceRow,
    referral: Uuid,
    amount: i64,
) -> Result<(Uuid, Sensitivity), Problem> {
    stored::lock_referral(w, referral)?;
    let given = stored::given(w, row.id, referral)?
        .ok_or_else(|| Problem::field("/referral_id", "not_found", "is not a referral this source paid for"))?;
    if given.amount < amount {
        let detail = "less than that was given for this referral and not paid back yet";
        return Err(Problem::with(&problem::INSUFFICIENT_FUNDS, detail));
    }
    Ok((given.cycle_id, given.sensitivity))
}

/// The source money goes over to: the same owner's, of the next year, in the same unit, spent on nothing wider.
pub(super) fn successor(w: &mut Writer<'_>, row: &SourceRow, id: Uuid) -> Result<SourceRow, Problem> {
    let refuse = |code: &str, detail: &str| Problem::field("/to_source_id", code, detail);
    let next = queries::find(w, id).map_err(|_| refuse("not_found", "is not a funding source"))?;
    let limits = |row: &SourceRow| serde_json::from_value::<Restrictions>(row.restrictions.clone()).unwrap_or_default();
    if next.status == FundingStatus::Closed {
        return Err(refuse("closed", "is closed"));
    }
    if next.organization_id != row.organization_id || next.kind != row.kind {
        return Err(refuse("other_owner", "belongs to another owner or is of another kind"));
    }
    if next.fiscal_year != row.fiscal_year + 1 {
        return Err(refuse("not_next_year", "is not of the next fiscal year"));
    }
    if next.unit != row.unit {
        return Err(refuse("wrong_unit", "counts in another unit"));
    }
    if next.sensitivity != row.sensitivity || !rules::no_wider(&limits(&next), &limits(row)) {
        return Err(refuse("wider_restrictions", "may be spent on what this source may not"));
    }
    Ok(next)
}

/// Whether the source may pay for the program at all; need and area of each referral are checked when it is sent.
fn allowed(row: &SourceRow, target: &Target) -> Result<(), Problem> {
    if target.access_mode != "referral" {
        return Err(Problem::field("/cycle_id", "not_by_referral", "only programs given by referral hold money"));
    }
    if target.status == "closed" {
        return Err(Problem::with(&problem::WRONG_STATE, "the program is closed"));
    }
    if row.unit != RUPIAH && row.unit != target.benefit_unit {
        return Err(Problem::field("/cycle_id", "wrong_unit", "the program gives something else"));
    }
    let limits: Restrictions = serde_json::from_value(row.restrictions.clone()).unwrap_or_default();
    let pillar = limits.pillars.is_empty() || limits.pillars.contains(&target.pillar);
    let need = limits.needs.is_empty() || target.needs.iter().any(|n| limits.needs.contains(n));
    if pillar && need {
        Ok(())
    } else {
        Err(Problem::field("/cycle_id", "restricted_source", "the source may not be spent on this program"))
    }
}

/// All that stands in an account of the source, as an amount to move.
pub(super) fn all_of(w: &mut Writer<'_>, row: &SourceRow, bucket: Bucket, cycle: Option<Uuid>) -> Result<i64, Problem> {
    if let Some(cycle) = cycle {
        target(w, cycle)?;
    }
    match stored::balance(w, row.id, bucket, cycle)? {
        0 => Err(Problem::with(&problem::INSUFFICIENT_FUNDS, "nothing is left there")),
        left => Ok(left),
    }
}
