//! The ledger's one way in: every movement of money is one call of [`post`].

use std::collections::HashMap;

use chrono::Datelike as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::Writer;
use crate::db::slugs::Sensitivity;
use crate::db::sql::Sql;
use crate::funding::model::{Bucket, FundingStatus, LedgerKind};
pub use crate::funding::rules::Held;
use crate::funding::rules::{self, Shut, Way};
use crate::kernel::problem::{self, Problem};

/// Unit of money; every other unit counts goods.
pub(in crate::funding) const RUPIAH: &str = "IDR";

/// One movement of money.
#[derive(Debug, Clone)]
pub struct Movement {
    /// What happens.
    pub kind: LedgerKind,
    /// Where the money stands that is given back, ends or goes over; for a refund where it goes to.
    pub held: Held,
    /// Downwards for a revision, arriving for a carry-over.
    pub(in crate::funding) back: bool,
    /// The amount is the value in rupiah of one award: a source of goods gives one item for it.
    pub(in crate::funding) by_value: bool,
    /// The same for both sides of what goes from one source to another.
    pub(in crate::funding) transfer: Option<Uuid>,
    /// The source.
    pub source: Uuid,
    /// The cycle, where one is concerned.
    pub cycle: Option<Uuid>,
    /// The referral, where one is concerned.
    pub referral: Option<Uuid>,
    /// How much, above zero, in the unit of the source.
    pub amount: i64,
    /// Paper behind it.
    pub reference: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl Movement {
    /// Into a source: pledge, receive, appropriate.
    pub(in crate::funding) fn incoming(kind: LedgerKind, source: Uuid, amount: i64) -> Self {
        Self {
            kind,
            held: Held::Allotted,
            back: false,
            by_value: false,
            transfer: None,
            source,
            cycle: None,
            referral: None,
            amount,
            reference: None,
            reason: None,
        }
    }
    /// Between a source and a cycle: allot, release.
    pub(in crate::funding) fn of_cycle(kind: LedgerKind, source: Uuid, cycle: Uuid, amount: i64) -> Self {
        Self { cycle: Some(cycle), ..Self::incoming(kind, source, amount) }
    }
    /// By a referral: reserve, commit, disburse, or release what is `held`.
    pub fn of_referral(kind: LedgerKind, held: Held, source: Uuid, cycle: Uuid, referral: Uuid, amount: i64) -> Self {
        Self { held, by_value: true, referral: Some(referral), ..Self::of_cycle(kind, source, cycle, amount) }
    }
    pub(in crate::funding) fn way(&self) -> Way {
        Way { kind: self.kind, held: self.held, back: self.back }
    }
}

/// What a movement must know of its source.
#[derive(QueryableByName)]
struct Purse {
    #[diesel(sql_type = Text)]
    status: FundingStatus,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    fiscal_year: i32,
}

/// The source, held against a closing until the transaction ends. Taken before any account, as the closing does.
fn hold_source(w: &mut Writer<'_>, movement: &Movement) -> Result<Purse, Problem> {
    let purse: Purse = Sql::new("SELECT status, unit, fiscal_year FROM funding_sources WHERE id = ")
        .bind::<PgUuid, _>(movement.source)
        .push(" FOR KEY SHARE")
        .row(w.conn())?;
    let today = w.today();
    rules::may_post(movement.way(), purse.status, purse.fiscal_year, today).map_err(|shut| match shut {
        Shut::Closed => Problem::new(&problem::SOURCE_CLOSED),
        Shut::OtherYear => Problem::new(&problem::WRONG_FISCAL_YEAR),
    })?;
    Ok(purse)
}

#[derive(QueryableByName)]
struct Account {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    bucket: Bucket,
    #[diesel(sql_type = BigInt)]
    balance: i64,
}

/// The accounts of a movement, made where missing and locked in the order of their ids.
fn lock(w: &mut Writer<'_>, movement: &Movement, unit: &str) -> Result<HashMap<Bucket, (Uuid, i64)>, Problem> {
    use crate::db::schema::ledger_accounts::dsl as a;
    let buckets = rules::accounts(movement.way());
    let place = |bucket: Bucket| if rules::of_cycle(bucket) { movement.cycle } else { None };
    if buckets.iter().any(|b| rules::of_cycle(*b) && movement.cycle.is_none()) {
        return Err(Problem::internal("a movement of a cycle names none"));
    }
    let names: Vec<String> = buckets.iter().map(|b| b.slug().to_owned()).collect();
    let mut found = locked(w, movement, unit, names.clone())?;
    if found.len() < buckets.len() {
        for bucket in buckets {
            diesel::insert_into(a::ledger_accounts)
                .values((
                    a::id.eq(Uuid::now_v7()),
                    a::funding_source_id.eq(movement.source),
                    a::cycle_id.eq(place(bucket)),
                    a::bucket.eq(bucket),
                    a::unit.eq(unit),
                ))
                .on_conflict_do_nothing()
                .execute(w.conn())?;
        }
        found = locked(w, movement, unit, names)?;
    }
    Ok(found.into_iter().map(|row| (row.bucket, (row.id, row.balance))).collect())
}

fn locked(w: &mut Writer<'_>, movement: &Movement, unit: &str, names: Vec<String>) -> Result<Vec<Account>, Problem> {
    Ok(Sql::new("SELECT id, bucket, balance FROM ledger_accounts WHERE unit = ")
        .bind::<Text, _>(unit.to_owned())
        .push(" AND funding_source_id = ")
        .bind::<PgUuid, _>(movement.source)
        .push(" AND bucket = ANY(")
        .bind::<diesel::sql_types::Array<Text>, _>(names)
        .push(") AND (cycle_id IS NULL OR cycle_id = ")
        .bind::<diesel::sql_types::Nullable<PgUuid>, _>(movement.cycle)
        .push(") ORDER BY id FOR NO KEY UPDATE")
        .rows(w.conn())?)
}

/// Items a step of a referral moves in a source of goods: one to begin with, then the one it still holds.
fn items(w: &mut Writer<'_>, movement: &Movement, referral: Uuid) -> Result<i64, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        items: i64,
    }
    if movement.kind == LedgerKind::Reserve {
        return Ok(1);
    }
    let from = rules::accounts(movement.way()).first().copied().unwrap_or(Bucket::Committed);
    let row: Row = Sql::new(
        "SELECT coalesce(sum(e.amount), 0)::bigint AS items FROM ledger_transactions t
             JOIN ledger_entries e ON e.transaction_id = t.id JOIN ledger_accounts a ON a.id = e.account_id
         WHERE t.referral_id = ",
    )
    .bind::<PgUuid, _>(referral)
    .push(" AND a.funding_source_id = ")
    .bind::<PgUuid, _>(movement.source)
    .push(" AND a.bucket = ")
    .bind::<Text, _>(from)
    .row(w.conn())?;
    Ok(row.items)
}

/// Moves money: locks the accounts, writes the movement and its lines. What would overdraw is `insufficient_funds`
/// and rolls everything of this transaction back.
///
/// A closed source answers `source_closed`, one of another fiscal year `wrong_fiscal_year` where the movement is not for it.
pub fn post(w: &mut Writer<'_>, movement: Movement) -> Result<Uuid, Problem> {
    use crate::db::schema::{ledger_entries as e, ledger_transactions as t};
    let purse = hold_source(w, &movement)?;
    let accounts = lock(w, &movement, &purse.unit)?;
    let amount = match movement.referral {
        Some(referral) if movement.by_value && purse.unit != RUPIAH => match items(w, &movement, referral)? {
            // The one item went with the first line; what follows is worth rupiah, but moves nothing here.
            0 => return Ok(Uuid::nil()),
            items => items,
        },
        _ => movement.amount,
    };
    let pledged = accounts.get(&Bucket::Pledged).map_or(0, |(_, balance)| *balance);
    let lines = rules::lines(movement.way(), amount, pledged);
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::kind.eq(movement.kind),
            t::funding_source_id.eq(movement.source),
            t::cycle_id.eq(movement.cycle),
            t::referral_id.eq(movement.referral),
            t::amount.eq(amount),
            t::unit.eq(&purse.unit),
            t::transfer_id.eq(movement.transfer),
            t::reference.eq(&movement.reference),
            t::reason.eq(&movement.reason),
            t::created_by.eq((!actor.is_nil()).then_some(actor)),
            t::at.eq(now),
        ))
        .execute(w.conn())?;
    for (line, (bucket, amount)) in (1_i16..).zip(lines) {
        let (account, balance) =
            accounts.get(&bucket).copied().ok_or_else(|| Problem::internal("a ledger account is missing"))?;
        // The table's own check would say the same; this spares its log a failed statement.
        match balance.checked_add(amount) {
            None => return Err(Problem::field(amount_pointer(&purse.unit), "range", "the source would hold too much")),
            Some(left) if left < 0 && bucket != Bucket::Origin => {
                return Err(Problem::new(&problem::INSUFFICIENT_FUNDS));
            }
            Some(_) => {}
        }
        diesel::insert_into(e::table)
            .values((e::transaction_id.eq(id), e::line.eq(line), e::account_id.eq(account), e::amount.eq(amount)))
            .execute(w.conn())?;
    }
    Ok(id)
}

/// Where an amount of a source stands in a request.
pub(in crate::funding) fn amount_pointer(unit: &str) -> &'static str {
    if unit == RUPIAH { "/amount_idr" } else { "/items" }
}

/// Whether there is such a source for programs of this label: a restricted one does not exist for open programs.
pub fn pays_for(w: &mut Writer<'_>, source: Uuid, label: Sensitivity) -> Result<bool, Problem> {
    use crate::db::schema::funding_sources::dsl as s;
    let found = s::funding_sources.find(source).filter(s::sensitivity.eq("open").or(s::sensitivity.eq(label)));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(w.conn())?)
}

/// What a referral asks of the money of its cycle.
#[derive(Debug, Clone)]
pub struct Demand<'a> {
    /// The cycle.
    pub cycle: Uuid,
    /// Rupiah.
    pub amount: i64,
    /// Need of the problem.
    pub need_code: &'a str,
    /// Pillar of the program.
    pub pillar: &'a str,
    /// Kelurahan of the household.
    pub region_code: &'a str,
    /// The source asked for, if any.
    pub source: Option<Uuid>,
}

/// The source of this year a referral draws on: the one asked for, else the first by code whose allotment to the cycle
/// covers the amount and whose restrictions allow it; goods in the program's own unit before money, one item an award.
/// None that fits is `insufficient_funds`.
pub fn choose_source(w: &mut Writer<'_>, demand: &Demand<'_>) -> Result<Uuid, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
    }
    let mut sql = Sql::new(
        "SELECT s.id FROM ledger_accounts a JOIN funding_sources s ON s.id = a.funding_source_id
             JOIN program_cycles c ON c.id = a.cycle_id JOIN programs g ON g.id = c.program_id
         WHERE a.bucket = 'allotted' AND s.status = 'open' AND a.cycle_id = ",
    )
    .bind::<PgUuid, _>(demand.cycle)
    .push(" AND s.fiscal_year = ")
    .bind::<diesel::sql_types::Integer, _>(w.today().year())
    .push(" AND a.balance >= CASE a.unit WHEN 'IDR' THEN ")
    .bind::<BigInt, _>(demand.amount)
    .push(" WHEN g.benefit_unit THEN 1 END");
    for (member, value) in [("needs", demand.need_code), ("pillars", demand.pillar)] {
        sql = sql
            .push(&format!(" AND (coalesce(s.restrictions -> '{member}', '[]') = '[]' OR jsonb_exists(s.restrictions -> '{member}', "))
            .bind::<Text, _>(value.to_owned())
            .push("))");
    }
    sql = sql
        .push(" AND (coalesce(s.restrictions -> 'areas', '[]') = '[]' OR EXISTS (SELECT 1 FROM jsonb_array_elements_text(s.restrictions -> 'areas') x WHERE starts_with(")
        .bind::<Text, _>(format!("{}.", demand.region_code))
        .push(", x || '.')))");
    if let Some(source) = demand.source {
        sql = sql.push(" AND s.id = ").bind::<PgUuid, _>(source);
    }
    let row: Option<Row> = sql.push(" ORDER BY a.unit = 'IDR', s.code LIMIT 1").row(w.conn()).optional()?;
    row.map(|r| r.id).ok_or_else(|| {
        Problem::with(&problem::INSUFFICIENT_FUNDS, "no source with enough allotted to this cycle may be used here")
    })
}
