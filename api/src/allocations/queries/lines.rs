//! SQL of a plan's rows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Scope, Writer};
use crate::allocations::divide::Division;
use crate::allocations::frozen::Frozen;
use crate::allocations::model_lines::{AllocationLineQuery, AllocationLineStatus, LeftOutQuery};
use crate::allocations::model_result::{AllocationTier, Execution, LeftOutReason};
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::problems::Severity;

/// Rows written at once.
const BLOCK: usize = 5_000;

const SEVERITIES: [&str; 4] = ["emergency", "high", "medium", "low"];

/// Columns that lines and left-out needs share, of these needs.
struct Common {
    ids: Vec<Uuid>,
    problems: Vec<Uuid>,
    households: Vec<Uuid>,
    individuals: Vec<Option<Uuid>>,
    regions: Vec<String>,
    codes: Vec<String>,
    severities: Vec<String>,
    tiers: Vec<i16>,
    ranks: Vec<i32>,
    scores: Vec<i64>,
    points: [Vec<i16>; 4],
}

impl Common {
    fn of(frozen: &Frozen, division: &Division, needs: impl Iterator<Item = usize> + Clone) -> Self {
        let need = |at: usize| &frozen.needs[at];
        let severity = |at| SEVERITIES.get(usize::from(need(at).severity)).copied().unwrap_or("low").to_owned();
        Self {
            ids: needs.clone().map(|_| Uuid::now_v7()).collect(),
            problems: needs.clone().map(|n| need(n).problem_id).collect(),
            households: needs.clone().map(|n| need(n).household_id).collect(),
            individuals: needs.clone().map(|n| need(n).individual_id).collect(),
            regions: needs.clone().map(|n| frozen.region(need(n)).to_owned()).collect(),
            codes: needs.clone().map(|n| frozen.code(need(n)).to_owned()).collect(),
            severities: needs.clone().map(severity).collect(),
            tiers: needs.clone().map(|n| i16::from(need(n).tier)).collect(),
            ranks: needs.clone().map(|n| division.rank[n]).collect(),
            scores: needs.clone().map(|n| need(n).score).collect(),
            points: [0, 1, 2, 3].map(|p: usize| needs.clone().map(|n| need(n).points[p]).collect()),
        }
    }

    /// `unnest(…` without its end.
    fn push(self, sql: Sql) -> Sql {
        let mut sql = sql
            .bind::<Array<PgUuid>, _>(self.ids)
            .push(", ")
            .bind::<Array<PgUuid>, _>(self.problems)
            .push(", ")
            .bind::<Array<PgUuid>, _>(self.households)
            .push(", ")
            .bind::<Array<Nullable<PgUuid>>, _>(self.individuals)
            .push(", ")
            .bind::<Array<Text>, _>(self.regions)
            .push(", ")
            .bind::<Array<Text>, _>(self.codes)
            .push(", ")
            .bind::<Array<Text>, _>(self.severities)
            .push(", ")
            .bind::<Array<SmallInt>, _>(self.tiers)
            .push(", ")
            .bind::<Array<Integer>, _>(self.ranks)
            .push(", ")
            .bind::<Array<BigInt>, _>(self.scores);
        for points in self.points {
            sql = sql.push(", ").bind::<Array<SmallInt>, _>(points);
        }
        sql
    }
}

const SHARED: &str = "id, problem_id, household_id, individual_id, region_code, need_code, severity, tier, rank, score";

/// Writes the lines and who is left out of a plan that has none yet.
pub(in crate::allocations) fn store(
    w: &mut Writer<'_>,
    plan: Uuid,
    frozen: &Frozen,
    division: &Division,
) -> Result<(), Problem> {
    for lines in division.lines.chunks(BLOCK) {
        let cycle = |at: usize| &frozen.cycles[at];
        let source = |budget: Option<usize>| budget.map(|b| frozen.budgets[b].source_id);
        let head = format!(
            "INSERT INTO allocation_lines (plan_id, {SHARED}, points, program_id, cycle_id, funding_source_id, amount_idr) SELECT "
        );
        let sql = Sql::new(&head)
            .bind::<PgUuid, _>(plan)
            .push(&format!(", {SHARED}, ARRAY[p1, p2, p3, p4], program_id, cycle_id, source_id, amount FROM unnest("));
        Common::of(frozen, division, lines.iter().map(|l| l.need))
            .push(sql)
            .push(", ")
            .bind::<Array<PgUuid>, _>(lines.iter().map(|l| cycle(l.cycle).program_id).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<PgUuid>, _>(lines.iter().map(|l| cycle(l.cycle).id).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Nullable<PgUuid>>, _>(lines.iter().map(|l| source(l.budget)).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| cycle(l.cycle).cost).collect::<Vec<_>>())
            .push(&format!(") AS t ({SHARED}, p1, p2, p3, p4, program_id, cycle_id, source_id, amount)"))
            .execute(w.conn())?;
    }
    for without in division.without.chunks(BLOCK) {
        let program = |cycle: Option<usize>| cycle.map(|c| frozen.cycles[c].program_id);
        let candidates = |need: usize| {
            let ids: Vec<String> =
                frozen.needs[need].fits.iter().map(|c| frozen.cycles[usize::from(*c)].id.to_string()).collect();
            format!("{{{}}}", ids.join(","))
        };
        let head = format!(
            "INSERT INTO allocation_left_out (plan_id, {SHARED}, points, reason, program_id, candidates) SELECT "
        );
        let sql = Sql::new(&head)
            .bind::<PgUuid, _>(plan)
            .push(&format!(", {SHARED}, ARRAY[p1, p2, p3, p4], reason, program_id, candidates::uuid[] FROM unnest("));
        Common::of(frozen, division, without.iter().map(|l| l.need))
            .push(sql)
            .push(", ")
            .bind::<Array<Text>, _>(without.iter().map(|l| l.reason.slug().to_owned()).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Nullable<PgUuid>>, _>(without.iter().map(|l| program(l.cycle)).collect::<Vec<_>>())
            .push(", ")
            .bind::<Array<Text>, _>(without.iter().map(|l| candidates(l.need)).collect::<Vec<_>>())
            .push(&format!(") AS t ({SHARED}, p1, p2, p3, p4, reason, program_id, candidates)"))
            .execute(w.conn())?;
    }
    Ok(())
}

/// A line as stored, with names.
#[derive(Debug, QueryableByName)]
pub(in crate::allocations) struct LineRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub problem_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub need_code: String,
    #[diesel(sql_type = Text)]
    pub severity: Severity,
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    pub program_name: Value,
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub funding_source_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub funding_source_name: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub amount_idr: i64,
    #[diesel(sql_type = SmallInt)]
    pub tier: i16,
    #[diesel(sql_type = Integer)]
    pub rank: i32,
    #[diesel(sql_type = BigInt)]
    pub score: i64,
    #[diesel(sql_type = Array<SmallInt>)]
    pub points: Vec<i16>,
    #[diesel(sql_type = Text)]
    pub status: AllocationLineStatus,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub referral_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub skipped_code: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub replaces_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended_at: Option<DateTime<Utc>>,
}

const LINE: &str = "SELECT l.id, l.problem_id, l.household_id, l.individual_id, CASE WHEN l.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name,
    l.region_code, l.need_code, l.severity, l.program_id, g.name AS program_name, l.cycle_id, l.funding_source_id, s.name AS funding_source_name, l.amount_idr,
    l.tier, l.rank, l.score, l.points, l.status, l.referral_id, l.skipped_code, l.replaces_id, l.ended_at";

/// Rows of a plan that was shown, without those of a need that has been restricted since: adds `FROM … WHERE …`.
fn visible_rows(sql: Sql, scope: &Scope, table: &str, plan: Uuid) -> Sql {
    let sql = sql.push(&format!(
        " FROM {table} l JOIN problems p ON p.id = l.problem_id JOIN households h ON h.id = l.household_id
         LEFT JOIN individuals i ON i.id = l.individual_id LEFT JOIN programs g ON g.id = l.program_id"
    ));
    let sql = if table == "allocation_lines" {
        sql.push(" LEFT JOIN funding_sources s ON s.id = l.funding_source_id")
    } else {
        sql
    };
    let sql = sql.push(" WHERE l.plan_id = ").bind::<PgUuid, _>(plan);
    if scope.system || (scope.city && scope.supervises()) { sql } else { sql.push(" AND p.sensitivity = 'open'") }
}

fn push_region(sql: Sql, region: Option<&str>) -> Sql {
    match region {
        Some(region) => {
            sql.push(" AND starts_with(l.region_code || '.', ").bind::<Text, _>(format!("{region}.")).push(")")
        }
        None => sql,
    }
}

fn push_tier(sql: Sql, tier: Option<AllocationTier>) -> Sql {
    let number = |tier| match tier {
        AllocationTier::Emergency => 0_i16,
        AllocationTier::Duty => 1,
        AllocationTier::Regular => 2,
    };
    match tier {
        Some(tier) => sql.push(" AND l.tier = ").bind::<SmallInt, _>(number(tier)),
        None => sql,
    }
}

fn push_program(sql: Sql, program: Option<Uuid>) -> Sql {
    match program {
        Some(id) => sql.push(" AND l.program_id = ").bind::<PgUuid, _>(id),
        None => sql,
    }
}

fn push_line_filter(sql: Sql, filter: &AllocationLineQuery) -> Sql {
    let sql = push_region(push_tier(push_program(sql, filter.program_id), filter.tier), filter.region.as_deref());
    match filter.status {
        Some(status) => sql.push(" AND l.status = ").bind::<Text, _>(status),
        None => sql,
    }
}

/// By rank; one rank may stand twice only where a line took the place of another.
fn push_page(mut sql: Sql, start: Option<&Cursor>, fetch: i64) -> Sql {
    let after = start.and_then(|c| Some((c.key.as_ref()?.parse::<i32>().ok()?, c.id.parse::<Uuid>().ok()?)));
    if let Some((rank, id)) = after {
        sql = sql.push(" AND (l.rank, l.id) > (").bind::<Integer, _>(rank).push(", ").bind::<PgUuid, _>(id).push(")");
    }
    sql.push(" ORDER BY l.rank, l.id LIMIT ").bind::<BigInt, _>(fetch)
}

/// A page of the lines of a plan that was shown.
pub(in crate::allocations) fn lines_visible(
    r: &mut Reader<'_>,
    plan: Uuid,
    filter: &AllocationLineQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<LineRow>, Problem> {
    let sql = push_line_filter(visible_rows(Sql::new(LINE), r.scope(), "allocation_lines", plan), filter);
    Ok(push_page(sql, start, fetch).rows(r.conn())?)
}

/// How many lines the list has, up to just above the cap.
pub(in crate::allocations) fn count_lines_visible(
    r: &mut Reader<'_>,
    plan: Uuid,
    filter: &AllocationLineQuery,
) -> Result<i64, Problem> {
    let sql = Sql::new("SELECT count(*) AS count FROM (SELECT 1");
    let sql = push_line_filter(visible_rows(sql, r.scope(), "allocation_lines", plan), filter);
    Ok(sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") t").row::<Count>(r.conn())?.count)
}

/// A need left out as stored, with names.
#[derive(Debug, QueryableByName)]
pub(in crate::allocations) struct LeftOutRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub problem_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub need_code: String,
    #[diesel(sql_type = Text)]
    pub severity: Severity,
    #[diesel(sql_type = SmallInt)]
    pub tier: i16,
    #[diesel(sql_type = Integer)]
    pub rank: i32,
    #[diesel(sql_type = BigInt)]
    pub score: i64,
    #[diesel(sql_type = Array<SmallInt>)]
    pub points: Vec<i16>,
    #[diesel(sql_type = Text)]
    pub reason: LeftOutReason,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub program_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub program_name: Option<Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub promoted_at: Option<DateTime<Utc>>,
}

const LEFT_OUT: &str = "SELECT l.id, l.problem_id, l.household_id, l.individual_id, CASE WHEN l.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name,
    l.region_code, l.need_code, l.severity, l.tier, l.rank, l.score, l.points, l.reason, l.program_id, g.name AS program_name, l.promoted_at";

fn push_left_out_filter(sql: Sql, filter: &LeftOutQuery) -> Sql {
    let sql = push_region(push_tier(push_program(sql, filter.program_id), filter.tier), filter.region.as_deref());
    match filter.reason {
        Some(reason) => sql.push(" AND l.reason = ").bind::<Text, _>(reason),
        None => sql,
    }
}

/// A page of who is left out of a plan that was shown.
pub(in crate::allocations) fn left_out_visible(
    r: &mut Reader<'_>,
    plan: Uuid,
    filter: &LeftOutQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<LeftOutRow>, Problem> {
    let sql = push_left_out_filter(visible_rows(Sql::new(LEFT_OUT), r.scope(), "allocation_left_out", plan), filter);
    Ok(push_page(sql, start, fetch).rows(r.conn())?)
}

/// How many of them the list has, up to just above the cap.
pub(in crate::allocations) fn count_left_out_visible(
    r: &mut Reader<'_>,
    plan: Uuid,
    filter: &LeftOutQuery,
) -> Result<i64, Problem> {
    let sql = Sql::new("SELECT count(*) AS count FROM (SELECT 1");
    let sql = push_left_out_filter(visible_rows(sql, r.scope(), "allocation_left_out", plan), filter);
    Ok(sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") t").row::<Count>(r.conn())?.count)
}

/// What became of the lines of these plans that were shown.
pub(in crate::allocations) fn execution(r: &mut Reader<'_>, plans: &[Uuid]) -> Result<Vec<(Uuid, Execution)>, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = PgUuid)]
        plan_id: Uuid,
        #[diesel(sql_type = BigInt)]
        planned: i64,
        #[diesel(sql_type = BigInt)]
        sent: i64,
        #[diesel(sql_type = BigInt)]
        sent_idr: i64,
        #[diesel(sql_type = BigInt)]
        skipped: i64,
        #[diesel(sql_type = BigInt)]
        replacing: i64,
        #[diesel(sql_type = BigInt)]
        cancelled: i64,
    }
    let rows: Vec<Row> = Sql::new(
        "SELECT plan_id, count(*) FILTER (WHERE status = 'planned') AS planned, count(*) FILTER (WHERE status = 'sent') AS sent,
             coalesce(sum(amount_idr) FILTER (WHERE status = 'sent'), 0)::bigint AS sent_idr, count(*) FILTER (WHERE status = 'skipped') AS skipped,
             count(replaces_id) AS replacing, count(*) FILTER (WHERE status = 'cancelled') AS cancelled
         FROM allocation_lines WHERE plan_id = ANY(",
    )
    .bind::<Array<PgUuid>, _>(plans.to_vec())
    .push(") GROUP BY plan_id")
    .rows(r.conn())?;
    let view = |row: Row| {
        let execution = Execution {
            planned: row.planned,
            sent: row.sent,
            sent_idr: row.sent_idr,
            skipped: row.skipped,
            replacing: row.replacing,
            cancelled: row.cancelled,
        };
        (row.plan_id, execution)
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Needs served by both plans, by the first alone, by the second alone, and by both with the same program. Of lines as
/// they were planned; both plans have been shown.
#[derive(Debug, QueryableByName)]
pub(in crate::allocations) struct Overlap {
    #[diesel(sql_type = BigInt)]
    pub both: i64,
    #[diesel(sql_type = BigInt)]
    pub first: i64,
    #[diesel(sql_type = BigInt)]
    pub second: i64,
    #[diesel(sql_type = BigInt)]
    pub same: i64,
}

/// Holds the lines of two plans against each other.
pub(in crate::allocations) fn overlap(r: &mut Reader<'_>, first: Uuid, second: Uuid) -> Result<Overlap, Problem> {
    let lines = |sql: Sql, plan: Uuid| {
        sql.push("(SELECT problem_id, program_id FROM allocation_lines WHERE replaces_id IS NULL AND plan_id = ")
            .bind::<PgUuid, _>(plan)
            .push(")")
    };
    let sql = Sql::new(
        "SELECT count(*) FILTER (WHERE x.problem_id IS NOT NULL AND y.problem_id IS NOT NULL) AS both, count(*) FILTER (WHERE y.problem_id IS NULL) AS first,
             count(*) FILTER (WHERE x.problem_id IS NULL) AS second, count(*) FILTER (WHERE x.program_id = y.program_id) AS same FROM ",
    );
    let sql = lines(sql, first).push(" x FULL JOIN ");
    Ok(lines(sql, second).push(" y ON y.problem_id = x.problem_id").row(r.conn())?)
}
