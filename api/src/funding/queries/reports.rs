//! SQL of what is read off the ledgers.

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Uuid as PgUuid};
use uuid::Uuid;

use super::{push_sees_cases, visible_sources};
use crate::access::Reader;
use crate::db::sql::Sql;
use crate::funding::model::Bucket;
use crate::funding::reports_model::TrialQuery;
use crate::kernel::problem::Problem;

/// What one kind of account gained and lost in a month.
#[derive(Debug, diesel::QueryableByName)]
pub(in crate::funding) struct MonthRow {
    #[diesel(sql_type = Date)]
    pub month: NaiveDate,
    #[diesel(sql_type = Text)]
    pub bucket: Bucket,
    #[diesel(sql_type = BigInt)]
    pub gained: i64,
    #[diesel(sql_type = BigInt)]
    pub lost: i64,
}

/// Months of a source by account, without what a restricted program's cases moved, where they are secret.
pub(in crate::funding) fn months(r: &mut Reader<'_>, source: Uuid) -> Result<Vec<MonthRow>, Problem> {
    let sql = Sql::new(
        "SELECT m.month, a.bucket, sum(m.gained)::bigint AS gained, sum(m.lost)::bigint AS lost
         FROM ledger_months m JOIN ledger_accounts a ON a.id = m.account_id
             LEFT JOIN program_cycles c ON c.id = a.cycle_id LEFT JOIN programs g ON g.id = c.program_id
         WHERE a.bucket IN ('origin', 'reserved', 'committed', 'disbursed') AND (a.cycle_id IS NULL OR ",
    );
    let sql = push_sees_cases(sql, r.scope()).push(") AND a.funding_source_id = ").bind::<PgUuid, _>(source);
    Ok(sql.push(" GROUP BY 1, 2 ORDER BY 1, 2").rows(r.conn())?)
}

/// Sum of one account over the sources of one unit.
#[derive(Debug, diesel::QueryableByName)]
pub(in crate::funding) struct TrialRow {
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Text)]
    pub bucket: Bucket,
    #[diesel(sql_type = BigInt)]
    pub debit: i64,
    #[diesel(sql_type = BigInt)]
    pub credit: i64,
    #[diesel(sql_type = BigInt)]
    pub sources: i64,
}

/// The accounts of all sources the caller sees, by unit; what he may not see case by case stands as allotted.
pub(in crate::funding) fn trial(r: &mut Reader<'_>, query: &TrialQuery) -> Result<Vec<TrialRow>, Problem> {
    let mut sql = visible_sources(Sql::new("WITH seen AS (SELECT s.id, s.unit"), r.scope());
    if let Some(year) = query.fiscal_year {
        sql = sql.push(" AND s.fiscal_year = ").bind::<Integer, _>(year);
    }
    if let Some(id) = query.organization_id {
        sql = sql.push(" AND s.organization_id = ").bind::<PgUuid, _>(id);
    }
    sql = sql.push(") SELECT n.unit, CASE WHEN a.cycle_id IS NULL OR ");
    sql = push_sees_cases(sql, r.scope());
    Ok(sql
        .push(
            " THEN a.bucket ELSE 'allotted' END AS bucket, coalesce(sum(greatest(a.balance, 0)), 0)::bigint AS debit,
             coalesce(sum(greatest(-a.balance, 0)), 0)::bigint AS credit, (SELECT count(*) FROM seen x WHERE x.unit = n.unit) AS sources
         FROM seen n JOIN ledger_accounts a ON a.funding_source_id = n.id
             LEFT JOIN program_cycles c ON c.id = a.cycle_id LEFT JOIN programs g ON g.id = c.program_id
         GROUP BY 1, 2 ORDER BY n.unit <> 'IDR', 1, 2",
        )
        .rows(r.conn())?)
}

/// Balance of one account of one cycle in one source.
#[derive(Debug, diesel::QueryableByName)]
pub(in crate::funding) struct ProgramRow {
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    #[diesel(sql_type = Text)]
    pub cycle_name: String,
    #[diesel(sql_type = PgUuid)]
    pub funding_source_id: Uuid,
    #[diesel(sql_type = Text)]
    pub funding_source_name: String,
    #[diesel(sql_type = Integer)]
    pub fiscal_year: i32,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = Text)]
    pub bucket: Bucket,
    #[diesel(sql_type = BigInt)]
    pub balance: i64,
}

/// Money of a program by cycle and source, of the sources the caller sees.
pub(in crate::funding) fn of_program(r: &mut Reader<'_>, program: Uuid) -> Result<Vec<ProgramRow>, Problem> {
    let sql = visible_sources(Sql::new("WITH seen AS (SELECT s.id, s.name, s.fiscal_year, s.unit"), r.scope());
    let sql = sql.push(
        ") SELECT c.id AS cycle_id, c.name AS cycle_name, n.id AS funding_source_id, n.name AS funding_source_name, n.fiscal_year, n.unit,
             CASE WHEN ",
    );
    let sql = push_sees_cases(sql, r.scope()).push(
        " THEN a.bucket ELSE 'allotted' END AS bucket, sum(a.balance)::bigint AS balance
         FROM seen n JOIN ledger_accounts a ON a.funding_source_id = n.id JOIN program_cycles c ON c.id = a.cycle_id
             JOIN programs g ON g.id = c.program_id
         WHERE c.program_id = ",
    );
    Ok(sql
        .bind::<PgUuid, _>(program)
        .push(" GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY n.fiscal_year DESC, c.id, n.id")
        .rows(r.conn())?)
}

/// What a program promises to those it serves now.
#[derive(Debug, diesel::QueryableByName)]
pub(in crate::funding) struct Promise {
    #[diesel(sql_type = Nullable<BigInt>)]
    pub awards: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub value_idr: i64,
    #[diesel(sql_type = Text)]
    pub period: String,
}

/// Awards held in a program's cycles; null for who may not see its cases.
pub(in crate::funding) fn promise(r: &mut Reader<'_>, program: Uuid) -> Result<Promise, Problem> {
    let sql = push_sees_cases(Sql::new("SELECT CASE WHEN "), r.scope());
    let sql = sql.push(
        " THEN (SELECT count(*) FROM awards w JOIN program_cycles c ON c.id = w.cycle_id WHERE w.status = 'held' AND c.program_id = g.id) END AS awards,
             g.benefit_value_idr AS value_idr, g.benefit_period AS period
         FROM programs g WHERE g.id = ",
    );
    Ok(sql.bind::<PgUuid, _>(program).row(r.conn())?)
}
