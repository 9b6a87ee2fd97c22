//! SQL of orders, proposals and the end of a year.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::push_sees_cases;
use crate::access::{Reader, Scope, Writer};
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::funding::model::{Bucket, FundingStatus, LedgerKind};
use crate::funding::orders::Ask;
use crate::funding::orders_model::{FundingProposalQuery, ProposalStatus};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// Balance of one account of a source; zero where there is none.
pub(in crate::funding) fn balance(
    r: &mut Reader<'_>,
    source: Uuid,
    bucket: Bucket,
    cycle: Option<Uuid>,
) -> Result<i64, Problem> {
    use crate::db::schema::ledger_accounts::dsl as a;
    let rows = a::ledger_accounts.filter(a::funding_source_id.eq(source).and(a::bucket.eq(bucket)));
    let rows = rows.filter(a::cycle_id.is_not_distinct_from(cycle));
    Ok(rows.select(a::balance).first(r.conn()).optional()?.unwrap_or(0))
}

/// Two that pay back help of one referral come one after the other.
pub(in crate::funding) fn lock_referral(w: &mut Writer<'_>, referral: Uuid) -> Result<(), Problem> {
    Sql::new("SELECT pg_advisory_xact_lock(hashtextextended(")
        .bind::<Text, _>(format!("refund {referral}"))
        .push(", 0))")
        .execute(w.conn())?;
    Ok(())
}

/// What was given for a referral and not paid back.
#[derive(Debug, QueryableByName)]
pub(in crate::funding) struct Given {
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What this source gave for a referral, if the caller may know of its cases.
pub(in crate::funding) fn given(r: &mut Reader<'_>, source: Uuid, referral: Uuid) -> Result<Option<Given>, Problem> {
    let sql = Sql::new(
        "SELECT c.id AS cycle_id, g.sensitivity, sum(e.amount)::bigint AS amount
         FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id JOIN ledger_accounts a ON a.id = e.account_id
             JOIN program_cycles c ON c.id = t.cycle_id JOIN programs g ON g.id = c.program_id
         WHERE a.bucket = 'disbursed' AND ",
    );
    let sql = push_sees_cases(sql, r.scope());
    Ok(sql
        .push(" AND t.funding_source_id = ")
        .bind::<PgUuid, _>(source)
        .push(" AND t.referral_id = ")
        .bind::<PgUuid, _>(referral)
        .push(" GROUP BY c.id, g.sensitivity")
        .row(r.conn())
        .optional()?)
}

/// Whether a restricted program has money of this source.
pub(in crate::funding) fn pays_restricted(r: &mut Reader<'_>, source: Uuid) -> Result<bool, Problem> {
    let sql = Sql::new(
        "SELECT count(*) AS count FROM ledger_accounts a JOIN program_cycles c ON c.id = a.cycle_id JOIN programs g ON g.id = c.program_id
         WHERE g.sensitivity = 'restricted' AND a.funding_source_id = ",
    );
    Ok(sql.bind::<PgUuid, _>(source).row::<Count>(r.conn())?.count > 0)
}

/// What a source holds for one referral.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(in crate::funding) struct Hold {
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    #[diesel(sql_type = Text)]
    pub bucket: Bucket,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What a source holds for referrals, one row a referral and account.
pub(in crate::funding) fn holds(r: &mut Reader<'_>, source: Uuid) -> Result<Vec<Hold>, Problem> {
    let sql = Sql::new(
        "SELECT t.referral_id, a.cycle_id, a.bucket, sum(e.amount)::bigint AS amount
         FROM ledger_accounts a JOIN ledger_entries e ON e.account_id = a.id JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE a.balance > 0 AND a.bucket IN ('reserved', 'committed') AND t.referral_id IS NOT NULL AND a.funding_source_id = ",
    );
    Ok(sql
        .bind::<PgUuid, _>(source)
        .push(" GROUP BY 1, 2, 3 HAVING sum(e.amount) > 0 ORDER BY 1, 2, 3")
        .rows(r.conn())?)
}

/// Lets referrals draw on the source of the next year; also locks them until the transaction ends.
pub(in crate::funding) fn move_referrals(
    w: &mut Writer<'_>,
    from: Uuid,
    to: Uuid,
    holds: &[Hold],
) -> Result<(), Problem> {
    use crate::db::schema::referrals::dsl as f;
    let ids: Vec<Uuid> = holds.iter().map(|h| h.referral_id).collect();
    let now = w.now();
    diesel::update(f::referrals.filter(f::id.eq_any(ids).and(f::funding_source_id.eq(from))))
        .set((f::funding_source_id.eq(to), f::version.eq(f::version + 1), f::updated_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}

/// Waits for whatever moves money of the source, and lets nothing begin until the transaction ends.
pub(in crate::funding) fn lock_source(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    Sql::new("UPDATE funding_sources SET version = version + 1, updated_at = ")
        .bind::<Timestamptz, _>(w.now())
        .push(" WHERE id = ")
        .bind::<PgUuid, _>(id)
        .execute(w.conn())?;
    // An update alone would let through who only holds the key.
    Sql::new("SELECT id FROM ONLY funding_sources WHERE id = ")
        .bind::<PgUuid, _>(id)
        .push(" FOR UPDATE")
        .execute(w.conn())?;
    Ok(())
}

/// Cycles that still have an allotment, and how much.
pub(in crate::funding) fn allotments(r: &mut Reader<'_>, source: Uuid) -> Result<Vec<(Uuid, i64)>, Problem> {
    use crate::db::schema::ledger_accounts::dsl as a;
    let rows = a::ledger_accounts
        .filter(a::funding_source_id.eq(source).and(a::bucket.eq(Bucket::Allotted)).and(a::balance.gt(0)))
        .order(a::id)
        .select((a::cycle_id.assume_not_null(), a::balance));
    Ok(rows.load(r.conn())?)
}

/// Closes the source.
pub(in crate::funding) fn mark_closed(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    use crate::db::schema::funding_sources::dsl as s;
    let (now, actor) = (w.now(), w.principal().id);
    diesel::update(s::funding_sources.find(id))
        .set((s::status.eq(FundingStatus::Closed), s::closed_at.eq(now), s::closed_by.eq(actor)))
        .execute(w.conn())?;
    Ok(())
}

/// A proposal as stored.
#[derive(Debug, QueryableByName)]
pub(in crate::funding) struct ProposalRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub funding_source_id: Uuid,
    #[diesel(sql_type = Text)]
    pub funding_source_name: String,
    #[diesel(sql_type = Text)]
    pub kind: LedgerKind,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount: Option<i64>,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Jsonb)]
    pub ask: Value,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Text)]
    pub status: ProposalStatus,
    #[diesel(sql_type = PgUuid)]
    pub proposed_by: Uuid,
    #[diesel(sql_type = Text)]
    pub proposed_by_name: String,
    #[diesel(sql_type = Timestamptz)]
    pub proposed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub decided_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub decided_by_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub decision_reason: Option<String>,
}

const COLUMNS: &str =
    "SELECT q.id, q.funding_source_id, s.name AS funding_source_name, q.kind, q.amount, s.unit, q.ask,
    q.sensitivity, q.status, q.proposed_by, p.display_name AS proposed_by_name, q.proposed_at, q.decided_by,
    d.display_name AS decided_by_name, q.decided_at, q.decision_reason";

/// Proposals about sources the caller may see; of a restricted program only for supervisors.
fn visible_proposals(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM funding_proposals q JOIN funding_sources s ON s.id = q.funding_source_id JOIN accounts p ON p.id = q.proposed_by
         LEFT JOIN accounts d ON d.id = q.decided_by WHERE ",
    );
    let sql = sql.push(if scope.supervises() { "(true" } else { "(q.sensitivity = 'open'" }).push(") AND (");
    let sql = match scope.city || scope.deidentified || scope.system {
        true if scope.supervises() => sql.push("true OR "),
        true => sql.push("s.sensitivity = 'open' OR "),
        false => sql,
    };
    scope.push_organization(sql, "s.organization_id").push(")")
}

/// The proposal, if the caller may see it; else 404.
pub(in crate::funding) fn proposal(r: &mut Reader<'_>, id: Uuid) -> Result<ProposalRow, Problem> {
    let sql = visible_proposals(Sql::new(COLUMNS), r.scope());
    Ok(sql.push(" AND q.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(in crate::funding) fn lock_proposal(w: &mut Writer<'_>, id: Uuid) -> Result<ProposalRow, Problem> {
    let sql = visible_proposals(Sql::new(COLUMNS), w.scope());
    Ok(sql.push(" AND q.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF q").row(w.conn())?)
}

fn push_filter(mut sql: Sql, filter: &FundingProposalQuery) -> Sql {
    if let Some(id) = filter.funding_source_id {
        sql = sql.push(" AND q.funding_source_id = ").bind::<PgUuid, _>(id);
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND q.status = ").bind::<Text, _>(status);
    }
    if let Some(kind) = filter.kind {
        sql = sql.push(" AND q.kind = ").bind::<Text, _>(kind);
    }
    sql
}

/// A page of proposals, newest first.
pub(in crate::funding) fn proposals(
    r: &mut Reader<'_>,
    filter: &FundingProposalQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ProposalRow>, Problem> {
    let mut sql = push_filter(visible_proposals(Sql::new(COLUMNS), r.scope()), filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND q.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY q.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many, up to just above the cap.
pub(in crate::funding) fn count_proposals(r: &mut Reader<'_>, filter: &FundingProposalQuery) -> Result<i64, Problem> {
    let sql = visible_proposals(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Keeps what is asked for a second person.
pub(in crate::funding) fn insert_proposal(
    w: &mut Writer<'_>,
    source: Uuid,
    ask: &Ask,
    label: Sensitivity,
) -> Result<Uuid, Problem> {
    use crate::db::schema::funding_proposals::dsl as q;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    let stored = serde_json::to_value(ask).map_err(Problem::internal)?;
    diesel::insert_into(q::funding_proposals)
        .values((
            q::id.eq(id),
            q::funding_source_id.eq(source),
            q::kind.eq(ask.order.kind()),
            q::amount.eq(ask.order.amount()),
            q::ask.eq(stored),
            q::sensitivity.eq(label),
            q::proposed_by.eq(actor),
            q::proposed_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Settles a proposal.
pub(in crate::funding) fn settle(
    w: &mut Writer<'_>,
    id: Uuid,
    status: ProposalStatus,
    reason: Option<&str>,
) -> Result<(), Problem> {
    use crate::db::schema::funding_proposals::dsl as q;
    let (now, actor) = (w.now(), w.principal().id);
    diesel::update(q::funding_proposals.find(id))
        .set((q::status.eq(status), q::decided_by.eq(actor), q::decided_at.eq(now), q::decision_reason.eq(reason)))
        .execute(w.conn())?;
    Ok(())
}
