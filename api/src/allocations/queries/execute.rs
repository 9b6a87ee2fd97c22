//! SQL of carrying a plan out: one line a transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::Writer;
use crate::allocations::model::AllocationStatus;
use crate::db::schema::allocation_lines::dsl as l;
use crate::db::sql::{Count, Sql};
use crate::kernel::problem::Problem;

/// Status of a plan, held until the transaction ends: whoever cancels it waits for the line at work.
pub(in crate::allocations) fn hold(w: &mut Writer<'_>, plan: Uuid) -> Result<AllocationStatus, Problem> {
    use crate::db::schema::allocation_plans::dsl as a;
    Ok(a::allocation_plans.find(plan).select(a::status).for_share().first(w.conn())?)
}

/// A line that waits.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::allocations) struct Waiting {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub problem_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub funding_source_id: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub amount_idr: i64,
}

/// Locks the next line in the order of the plan; what another works on is left to him.
pub(in crate::allocations) fn next(w: &mut Writer<'_>, plan: Uuid) -> Result<Option<Waiting>, Problem> {
    let sql = Sql::new(
        "SELECT l.id, l.problem_id, l.household_id, l.individual_id, l.program_id, l.cycle_id, l.funding_source_id, l.amount_idr
         FROM allocation_lines l WHERE l.status = 'planned' AND l.plan_id = ",
    );
    let sql = sql.bind::<PgUuid, _>(plan).push(" ORDER BY l.rank, l.id LIMIT 1 FOR NO KEY UPDATE OF l SKIP LOCKED");
    Ok(sql.row(w.conn()).optional()?)
}

/// Whether household and person are there still, both held against a death or departure until the transaction ends.
pub(in crate::allocations) fn stands(w: &mut Writer<'_>, line: &Waiting) -> Result<bool, Problem> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        stands: bool,
    }
    if let Some(person) = line.individual_id {
        let sql = Sql::new("SELECT life_status = 'alive' AND merged_into IS NULL AND household_id = ")
            .bind::<PgUuid, _>(line.household_id)
            .push(" AS stands FROM individuals WHERE id = ")
            .bind::<PgUuid, _>(person);
        if !sql.push(" FOR SHARE").row::<Row>(w.conn())?.stands {
            return Ok(false);
        }
    }
    let sql = Sql::new("SELECT status = 'active' AS stands FROM households WHERE id = ");
    Ok(sql.bind::<PgUuid, _>(line.household_id).push(" FOR SHARE").row::<Row>(w.conn())?.stands)
}

/// The line became a referral.
pub(in crate::allocations) fn sent(w: &mut Writer<'_>, line: Uuid, referral: Uuid) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(l::allocation_lines.find(line))
        .set((l::status.eq("sent"), l::referral_id.eq(referral), l::ended_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}

/// The line could not be sent.
pub(in crate::allocations) fn skipped(w: &mut Writer<'_>, line: Uuid, code: &str) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(l::allocation_lines.find(line))
        .set((l::status.eq("skipped"), l::skipped_code.eq(code), l::ended_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}

/// A need that takes the place of a line.
#[derive(Debug, QueryableByName)]
struct Successor {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = PgUuid)]
    problem_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    individual_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    region_code: String,
    #[diesel(sql_type = Text)]
    need_code: String,
    #[diesel(sql_type = Text)]
    severity: String,
    #[diesel(sql_type = SmallInt)]
    tier: i16,
    #[diesel(sql_type = Integer)]
    rank: i32,
    #[diesel(sql_type = BigInt)]
    score: i64,
    #[diesel(sql_type = Array<SmallInt>)]
    points: Vec<i16>,
}

/// Gives seat and money of a skipped line to the next in line: the first left out that its cycle could serve and its
/// source may pay for, whose household has room. Whether there was one.
pub(in crate::allocations) fn promote(
    w: &mut Writer<'_>,
    plan: Uuid,
    line: &Waiting,
    awards_per_household: u32,
) -> Result<bool, Problem> {
    let sql = Sql::new(
        "SELECT o.id, o.problem_id, o.household_id, o.individual_id, o.region_code, o.need_code, o.severity, o.tier, o.rank, o.score, o.points
         FROM allocation_left_out o WHERE o.promoted_at IS NULL AND o.reason IN ('no_seat', 'no_money', 'others_first') AND o.plan_id = ",
    )
    .bind::<PgUuid, _>(plan)
    .push(" AND ")
    .bind::<PgUuid, _>(line.cycle_id)
    .push(" = ANY(o.candidates) AND NOT EXISTS (SELECT FROM allocation_lines x WHERE x.plan_id = o.plan_id AND x.problem_id = o.problem_id)
             AND (SELECT count(*) FROM allocation_lines x WHERE x.plan_id = o.plan_id AND x.household_id = o.household_id AND x.status IN ('planned', 'sent')) < ")
    .bind::<BigInt, _>(i64::from(awards_per_household))
    .push(" AND (")
    .bind::<Nullable<PgUuid>, _>(line.funding_source_id)
    .push(" IS NULL OR EXISTS (SELECT FROM funding_sources s, programs g WHERE s.id = ")
    .bind::<Nullable<PgUuid>, _>(line.funding_source_id)
    .push(" AND g.id = ")
    .bind::<PgUuid, _>(line.program_id)
    .push(
        " AND (coalesce(s.restrictions -> 'needs', '[]') = '[]' OR jsonb_exists(s.restrictions -> 'needs', o.need_code))
          AND (coalesce(s.restrictions -> 'pillars', '[]') = '[]' OR jsonb_exists(s.restrictions -> 'pillars', g.pillar))
          AND (coalesce(s.restrictions -> 'areas', '[]') = '[]' OR EXISTS (SELECT FROM jsonb_array_elements_text(s.restrictions -> 'areas') x WHERE starts_with(o.region_code || '.', x || '.')))))
         ORDER BY o.rank, o.id LIMIT 1 FOR UPDATE OF o SKIP LOCKED",
    );
    let Some(next) = sql.row::<Successor>(w.conn()).optional()? else { return Ok(false) };
    let now: DateTime<Utc> = w.now();
    diesel::insert_into(l::allocation_lines)
        .values((
            l::id.eq(Uuid::now_v7()),
            l::plan_id.eq(plan),
            l::problem_id.eq(next.problem_id),
            l::household_id.eq(next.household_id),
            l::individual_id.eq(next.individual_id),
            l::region_code.eq(next.region_code),
            l::need_code.eq(next.need_code),
            l::severity.eq(next.severity),
            l::program_id.eq(line.program_id),
            l::cycle_id.eq(line.cycle_id),
            l::funding_source_id.eq(line.funding_source_id),
            l::amount_idr.eq(line.amount_idr),
            l::tier.eq(next.tier),
            l::rank.eq(next.rank),
            (l::score.eq(next.score), l::points.eq(next.points), l::replaces_id.eq(line.id)),
        ))
        .execute(w.conn())?;
    use crate::db::schema::allocation_left_out::dsl as o;
    diesel::update(o::allocation_left_out.find(next.id)).set(o::promoted_at.eq(now)).execute(w.conn())?;
    Ok(true)
}

/// How many lines wait, and how many there are.
pub(in crate::allocations) fn left(w: &mut Writer<'_>, plan: Uuid) -> Result<(i64, i64), Problem> {
    let count = |filter: &str| {
        Sql::new("SELECT count(*) AS count FROM allocation_lines WHERE plan_id = ").bind::<PgUuid, _>(plan).push(filter)
    };
    let waiting: Count = count(" AND status = 'planned'").row(w.conn())?;
    let all: Count = count("").row(w.conn())?;
    Ok((waiting.count, all.count))
}

/// Ends the lines of a locked plan that wait.
pub(in crate::allocations) fn cancel_waiting(w: &mut Writer<'_>, plan: Uuid) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(l::allocation_lines.filter(l::plan_id.eq(plan).and(l::status.eq("planned"))))
        .set((l::status.eq("cancelled"), l::ended_at.eq(now)))
        .execute(w.conn())?;
    Ok(())
}
