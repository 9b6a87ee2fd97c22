//! The ledger's one way in: every movement of money is one call of [`post`].

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::Writer;
use crate::db::sql::Sql;
use crate::funding::model::{Bucket, LedgerKind};
use crate::funding::rules;
pub use crate::funding::rules::Held;
use crate::kernel::problem::{self, Problem};

/// One movement of money.
#[derive(Debug, Clone)]
pub struct Movement {
    /// What happens.
    pub kind: LedgerKind,
    /// For a release: what is given back.
    pub held: Held,
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
        Self { kind, held: Held::Allotted, source, cycle: None, referral: None, amount, reference: None, reason: None }
    }
    /// Between a source and a cycle: allot, release.
    pub(in crate::funding) fn of_cycle(kind: LedgerKind, source: Uuid, cycle: Uuid, amount: i64) -> Self {
        Self { cycle: Some(cycle), ..Self::incoming(kind, source, amount) }
    }
    /// By a referral: reserve, commit, disburse, or release what is `held`.
    pub fn of_referral(kind: LedgerKind, held: Held, source: Uuid, cycle: Uuid, referral: Uuid, amount: i64) -> Self {
        Self { held, referral: Some(referral), ..Self::of_cycle(kind, source, cycle, amount) }
    }
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
fn lock(w: &mut Writer<'_>, movement: &Movement) -> Result<HashMap<Bucket, (Uuid, i64)>, Problem> {
    use crate::db::schema::ledger_accounts::dsl as a;
    let buckets = rules::accounts(movement.kind, movement.held);
    let place = |bucket: Bucket| if rules::of_cycle(bucket) { movement.cycle } else { None };
    if buckets.iter().any(|b| rules::of_cycle(*b) && movement.cycle.is_none()) {
        return Err(Problem::internal("a movement of a cycle names none"));
    }
    for bucket in buckets {
        diesel::insert_into(a::ledger_accounts)
            .values((
                a::id.eq(Uuid::now_v7()),
                a::funding_source_id.eq(movement.source),
                a::cycle_id.eq(place(*bucket)),
                a::bucket.eq(*bucket),
            ))
            .on_conflict_do_nothing()
            .execute(w.conn())?;
    }
    let names: Vec<String> = buckets.iter().map(|b| b.slug().to_owned()).collect();
    let rows: Vec<Account> =
        Sql::new("SELECT id, bucket, balance FROM ledger_accounts WHERE unit = 'IDR' AND funding_source_id = ")
            .bind::<PgUuid, _>(movement.source)
            .push(" AND bucket = ANY(")
            .bind::<diesel::sql_types::Array<Text>, _>(names)
            .push(") AND (cycle_id IS NULL OR cycle_id = ")
            .bind::<diesel::sql_types::Nullable<PgUuid>, _>(movement.cycle)
            .push(") ORDER BY id FOR NO KEY UPDATE")
            .rows(w.conn())?;
    Ok(rows.into_iter().map(|row| (row.bucket, (row.id, row.balance))).collect())
}

/// Moves money: locks the accounts, writes the movement and its lines. What would overdraw is `insufficient_funds`
/// and rolls everything of this transaction back.
pub fn post(w: &mut Writer<'_>, movement: Movement) -> Result<Uuid, Problem> {
    use crate::db::schema::{ledger_entries as e, ledger_transactions as t};
    let accounts = lock(w, &movement)?;
    let pledged = accounts.get(&Bucket::Pledged).map_or(0, |(_, balance)| *balance);
    let lines = rules::lines(movement.kind, movement.held, movement.amount, pledged);
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::kind.eq(movement.kind),
            t::funding_source_id.eq(movement.source),
            t::cycle_id.eq(movement.cycle),
            t::referral_id.eq(movement.referral),
            t::amount.eq(movement.amount),
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
        if bucket != Bucket::Origin && balance + amount < 0 {
            return Err(Problem::new(&problem::INSUFFICIENT_FUNDS));
        }
        diesel::insert_into(e::table)
            .values((e::transaction_id.eq(id), e::line.eq(line), e::account_id.eq(account), e::amount.eq(amount)))
            .execute(w.conn())?;
    }
    Ok(id)
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

/// The source a referral draws on: the one asked for, else the first by year and code whose allotment to the cycle
/// covers the amount and whose restrictions allow it. None that fits is `insufficient_funds`.
pub fn choose_source(w: &mut Writer<'_>, demand: &Demand<'_>) -> Result<Uuid, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        id: Uuid,
    }
    let mut sql = Sql::new(
        "SELECT s.id FROM ledger_accounts a JOIN funding_sources s ON s.id = a.funding_source_id
         WHERE a.bucket = 'allotted' AND a.unit = 'IDR' AND s.status = 'open' AND a.cycle_id = ",
    )
    .bind::<PgUuid, _>(demand.cycle)
    .push(" AND a.balance >= ")
    .bind::<BigInt, _>(demand.amount);
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
    let row: Option<Row> = sql.push(" ORDER BY s.fiscal_year, s.code LIMIT 1").row(w.conn()).optional()?;
    row.map(|r| r.id).ok_or_else(|| {
        Problem::with(&problem::INSUFFICIENT_FUNDS, "no source with enough allotted to this cycle may be used here")
    })
}
