//! SQL of funding sources.

pub mod ledger;
pub mod orders;
pub mod reports;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Scope, Writer};
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::funding::model::{
    Balance, Bucket, FundingKind, FundingQuery, FundingStatus, LedgerKind, LedgerQuery, NewFundingSource,
};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A source as stored.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::funding) struct SourceRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub kind: FundingKind,
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    #[diesel(sql_type = Text)]
    pub organization_name: String,
    #[diesel(sql_type = Integer)]
    pub fiscal_year: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Jsonb)]
    pub restrictions: Value,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Text)]
    pub status: FundingStatus,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub closed_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str =
    "SELECT s.id, s.code, s.kind, s.organization_id, o.name AS organization_name, s.fiscal_year, s.name, s.unit,
    s.restrictions, s.sensitivity, s.status, s.version, s.created_at, s.updated_at, s.closed_at";

/// The sources this caller may see: adds `FROM … WHERE (…)`. The only way to the table.
fn visible_sources(sql: Sql, scope: &Scope) -> Sql {
    let mut sql = sql.push(" FROM funding_sources s JOIN organizations o ON o.id = s.organization_id WHERE (");
    if scope.city || scope.deidentified || scope.system {
        sql = sql.push(if scope.supervises() { "true OR " } else { "s.sensitivity = 'open' OR " });
    }
    scope.push_organization(sql, "s.organization_id").push(")")
}

/// `(…)`: the caller may know what becomes of the money of the program under `g`, case by case.
fn push_sees_cases(sql: Sql, scope: &Scope) -> Sql {
    if scope.supervises() {
        return sql.push("true");
    }
    scope.push_organization(sql.push("(g.sensitivity = 'open' OR "), "g.organization_id").push(")")
}

/// The source, if the caller may see it; else 404.
pub(in crate::funding) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<SourceRow, Problem> {
    let sql = visible_sources(Sql::new(COLUMNS), r.scope());
    Ok(sql.push(" AND s.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

fn push_filter(mut sql: Sql, filter: &FundingQuery) -> Sql {
    if let Some(kind) = filter.kind {
        sql = sql.push(" AND s.kind = ").bind::<Text, _>(kind);
    }
    if let Some(id) = filter.organization_id {
        sql = sql.push(" AND s.organization_id = ").bind::<PgUuid, _>(id);
    }
    if let Some(year) = filter.fiscal_year {
        sql = sql.push(" AND s.fiscal_year = ").bind::<Integer, _>(year);
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND s.status = ").bind::<Text, _>(status);
    }
    sql
}

/// A page by code.
pub(in crate::funding) fn list(
    r: &mut Reader<'_>,
    filter: &FundingQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<SourceRow>, Problem> {
    let mut sql = push_filter(visible_sources(Sql::new(COLUMNS), r.scope()), filter);
    if let Some(code) = start.and_then(|c| c.key.clone()) {
        sql = sql.push(" AND s.code COLLATE \"C\" > ").bind::<Text, _>(code);
    }
    Ok(sql.push(" ORDER BY s.code COLLATE \"C\" LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(in crate::funding) fn count(r: &mut Reader<'_>, filter: &FundingQuery) -> Result<i64, Problem> {
    let sql = visible_sources(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Balance of one account of one source.
#[derive(Debug, QueryableByName)]
pub(in crate::funding) struct Held {
    #[diesel(sql_type = PgUuid)]
    pub source: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub cycle_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub program_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub bucket: Bucket,
    #[diesel(sql_type = BigInt)]
    pub balance: i64,
}

/// Balances of these sources by cycle and account; what the caller may not see case by case stands as allotted.
pub(in crate::funding) fn balances(r: &mut Reader<'_>, sources: &[Uuid]) -> Result<Vec<Held>, Problem> {
    let sql = Sql::new(
        "SELECT a.funding_source_id AS source, a.cycle_id, c.program_id,
             CASE WHEN a.cycle_id IS NULL OR ",
    );
    let sql = push_sees_cases(sql, r.scope());
    let sql = sql
        .push(" THEN a.bucket ELSE 'allotted' END AS bucket, sum(a.balance)::bigint AS balance
         FROM ledger_accounts a LEFT JOIN program_cycles c ON c.id = a.cycle_id LEFT JOIN programs g ON g.id = c.program_id
         WHERE a.funding_source_id = ANY(")
        .bind::<Array<PgUuid>, _>(sources.to_vec())
        .push(") GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4");
    Ok(sql.rows(r.conn())?)
}

/// Their sums by source.
pub(in crate::funding) fn totals(r: &mut Reader<'_>, sources: &[Uuid]) -> Result<HashMap<Uuid, Balance>, Problem> {
    let mut sums: HashMap<Uuid, Balance> = HashMap::new();
    for row in balances(r, sources)? {
        sums.entry(row.source).or_default().add(row.bucket, row.balance);
    }
    Ok(sums)
}

/// A movement as stored, with its lines.
#[derive(Debug, QueryableByName)]
pub(in crate::funding) struct EntryRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: LedgerKind,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub cycle_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub referral_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub transfer_id: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub reference: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub created_by: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Jsonb)]
    pub lines: Value,
}

/// `FROM … WHERE …` of a source's ledger: without what a restricted program's cases moved, where they are secret.
fn visible_movements(sql: Sql, scope: &Scope, source: Uuid, filter: &LedgerQuery) -> Sql {
    let sql = sql.push(
        " FROM ledger_transactions t LEFT JOIN program_cycles c ON c.id = t.cycle_id LEFT JOIN programs g ON g.id = c.program_id
         WHERE (t.referral_id IS NULL OR ",
    );
    let mut sql = push_sees_cases(sql, scope).push(") AND t.funding_source_id = ").bind::<PgUuid, _>(source);
    if let Some(kind) = filter.kind {
        sql = sql.push(" AND t.kind = ").bind::<Text, _>(kind);
    }
    if let Some(cycle) = filter.cycle_id {
        sql = sql.push(" AND t.cycle_id = ").bind::<PgUuid, _>(cycle);
    }
    sql
}

/// A page of the ledger, newest first.
pub(in crate::funding) fn ledger(
    r: &mut Reader<'_>,
    source: Uuid,
    filter: &LedgerQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<EntryRow>, Problem> {
    let sql = Sql::new(
        "SELECT t.id, t.kind, t.cycle_id, t.referral_id, t.transfer_id, t.amount, t.unit, t.reference, t.reason, t.created_by, t.at,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('bucket', a.bucket, 'amount', e.amount) ORDER BY e.line), '[]')
              FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id WHERE e.transaction_id = t.id) AS lines",
    );
    let mut sql = visible_movements(sql, r.scope(), source, filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND t.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY t.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many movements the ledger shows, up to just above the cap.
pub(in crate::funding) fn count_ledger(r: &mut Reader<'_>, source: Uuid, filter: &LedgerQuery) -> Result<i64, Problem> {
    let sql = Sql::new("SELECT count(*) AS count FROM (SELECT 1");
    let sql = visible_movements(sql, r.scope(), source, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Label of an organization, if there is one.
pub(in crate::funding) fn organization_label(r: &mut Reader<'_>, id: Uuid) -> Result<Option<Sensitivity>, Problem> {
    use crate::db::schema::organizations::dsl as o;
    Ok(o::organizations.find(id).select(o::sensitivity).first(r.conn()).optional()?)
}

/// How many of these codes are regions of the city.
pub(in crate::funding) fn known_areas(r: &mut Reader<'_>, areas: &[String]) -> Result<usize, Problem> {
    use crate::db::schema::regions::dsl as g;
    let known: i64 = g::regions.filter(g::code.eq_any(areas).and(g::in_city.eq(true))).count().get_result(r.conn())?;
    Ok(usize::try_from(known).unwrap_or(0))
}

/// Stores a source.
pub(in crate::funding) fn insert(
    w: &mut Writer<'_>,
    new: &NewFundingSource,
    label: Sensitivity,
) -> Result<Uuid, Problem> {
    use crate::db::schema::funding_sources::dsl as s;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(s::funding_sources)
        .values((
            s::id.eq(id),
            s::code.eq(&new.code),
            s::kind.eq(new.kind),
            s::organization_id.eq(new.organization_id),
            s::fiscal_year.eq(new.fiscal_year),
            s::name.eq(&new.name),
            s::unit.eq(new.unit.as_deref().unwrap_or(ledger::RUPIAH)),
            s::restrictions.eq(serde_json::json!(new.restrictions)),
            s::sensitivity.eq(label),
            s::created_by.eq(actor),
            s::created_at.eq(now),
            s::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// What an allotment must know of its cycle.
#[derive(Debug, QueryableByName)]
pub(in crate::funding) struct Target {
    #[diesel(sql_type = Text)]
    pub access_mode: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub pillar: String,
    #[diesel(sql_type = Array<Text>)]
    pub needs: Vec<String>,
    #[diesel(sql_type = Text)]
    pub benefit_unit: String,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
}

/// The program of a cycle, if the caller may know of it.
pub(in crate::funding) fn target(r: &mut Reader<'_>, cycle: Uuid) -> Result<Option<Target>, Problem> {
    let sql = Sql::new(
        "SELECT g.access_mode, g.status, g.pillar, g.needs, g.benefit_unit, g.sensitivity FROM program_cycles c JOIN programs g ON g.id = c.program_id WHERE ",
    );
    let sql = push_sees_cases(sql, r.scope()).push(" AND c.id = ").bind::<PgUuid, _>(cycle);
    Ok(sql.row(r.conn()).optional()?)
}
