//! Pairs as their callers may see them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Double, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Scope, Writer};
use crate::db::sql::{Count, Sql};
use crate::duplicates::model::{DuplicateCandidateQuery, DuplicateHoldings, DuplicateKind, DuplicateStatus};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A pair as stored, with whether the caller's area holds each side.
#[derive(Debug, Clone, QueryableByName)]
pub struct CandidateRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: DuplicateKind,
    #[diesel(sql_type = PgUuid)]
    pub a_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub b_id: Uuid,
    #[diesel(sql_type = Double)]
    pub score: f64,
    #[diesel(sql_type = Jsonb)]
    pub comparison: Value,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub cluster_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    pub cluster_size: i32,
    #[diesel(sql_type = Text)]
    pub status: DuplicateStatus,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub decided_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    pub later_until: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    pub sees_a: bool,
    #[diesel(sql_type = Bool)]
    pub sees_b: bool,
    /// What the list is ordered by.
    #[diesel(sql_type = Double)]
    pub rank: f64,
    /// Who proposed the merge that waits, if one does.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub proposed_by: Option<Uuid>,
}

impl CandidateRow {
    /// Whether the caller's area holds both sides.
    pub fn whole(&self) -> bool {
        self.sees_a && self.sees_b
    }
}

/// One record of a pair.
#[derive(Debug, Clone, QueryableByName)]
pub struct SideRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub nik_status: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub sex: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub birth_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub birth_date_precision: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub mother_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub marital_status: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub relation: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub street: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rw: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub source: String,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

const FROM: &str = " FROM duplicate_candidates c
    LEFT JOIN individuals ia ON ia.id = c.a_id LEFT JOIN individuals ib ON ib.id = c.b_id
    JOIN households ha ON ha.id = coalesce(ia.household_id, c.a_id) JOIN households hb ON hb.id = coalesce(ib.household_id, c.b_id) WHERE ";

/// Pairs of which the caller's area holds both sides; and of those a run found, the ones of which it holds one, while
/// they wait. That two people share a NIK is for who sees both: entering a number must not tell that it is known.
/// Adds `SELECT … FROM … WHERE (…)`.
fn visible_candidates(scope: &Scope, columns: &str) -> Sql {
    let both = |sql: Sql| {
        let sql = scope.push_area(sql.push("("), "ha").push(" AND ");
        scope.push_area(sql, "hb").push(")")
    };
    let sql = scope.push_area(Sql::new("SELECT ").push(columns), "ha").push(" AS sees_a, ");
    let sql = scope.push_area(sql, "hb").push(" AS sees_b, ");
    let sql = if scope.city {
        sql.push("c.score")
    } else {
        // A pair of which one side is hidden tells nothing by its place either.
        both(sql.push("CASE WHEN ")).push(" THEN c.score ELSE 0 END")
    };
    let sql = both(sql.push(" AS rank").push(FROM).push("("));
    let sql = scope.push_area(sql.push(" OR ((").push(""), "ha").push(" OR ");
    scope
        .push_area(sql, "hb")
        .push(") AND c.kind <> 'nik' AND c.entered_by IS NULL AND c.status IN ('open', 'later', 'proposed')))")
}

const COLUMNS: &str = "c.id, c.kind, c.a_id, c.b_id, c.score, c.comparison, c.cluster_id, c.cluster_size, c.status, c.reason, c.decided_by,
    c.decided_at, c.later_until, c.version, c.created_at, c.updated_at,
    (SELECT m.proposed_by FROM duplicate_merges m WHERE m.candidate_id = c.id AND m.status = 'proposed') AS proposed_by, ";

/// A pair of the caller's.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<CandidateRow, Problem> {
    let sql = visible_candidates(r.scope(), COLUMNS).push(" AND c.id = ").bind::<PgUuid, _>(id);
    Ok(sql.row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<CandidateRow, Problem> {
    let sql = visible_candidates(w.scope(), COLUMNS).push(" AND c.id = ").bind::<PgUuid, _>(id);
    Ok(sql.push(" FOR UPDATE OF c").row(w.conn())?)
}

/// The filters, around the visible pairs as `v`: what is hidden takes part in none of them.
fn filtered(scope: &Scope, filter: &DuplicateCandidateQuery, select: &str) -> Sql {
    let status = filter.status.unwrap_or(DuplicateStatus::Open);
    let columns = format!("{COLUMNS}ha.region_code AS a_region, hb.region_code AS b_region, ");
    let sql = Sql::new(select).push(" FROM (").append(visible_candidates(scope, &columns));
    let mut sql = sql.push(") v WHERE ((v.sees_a AND v.sees_b AND v.status = ").bind::<Text, _>(status);
    if let Some(least) = filter.min_score {
        sql = sql.push(" AND v.score >= ").bind::<Double, _>(least);
    }
    sql = sql.push(")");
    if status == DuplicateStatus::Open && filter.min_score.is_none() {
        sql = sql.push(" OR NOT (v.sees_a AND v.sees_b)");
    }
    sql = sql.push(")");
    if let Some(kind) = filter.kind {
        sql = sql.push(" AND v.kind = ").bind::<Text, _>(kind);
    }
    if let Some(region) = &filter.region {
        let within = |sql: Sql, side: &str| {
            let sql = sql.push(&format!("(v.sees_{side} AND (v.{side}_region = ")).bind::<Text, _>(region.clone());
            let sql = sql.push(&format!(" OR starts_with(v.{side}_region, ")).bind::<Text, _>(format!("{region}."));
            sql.push(")))")
        };
        sql = within(within(sql.push(" AND ("), "a").push(" OR "), "b").push(")");
    }
    sql
}

/// A page, the likeliest first.
pub fn list(
    r: &mut Reader<'_>,
    filter: &DuplicateCandidateQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<CandidateRow>, Problem> {
    let mut sql = filtered(r.scope(), filter, "SELECT v.*");
    let position = start.and_then(|c| Some((c.key.as_ref()?.parse::<f64>().ok()?, c.id.parse::<Uuid>().ok()?)));
    if let Some((rank, id)) = position {
        sql = sql.push(" AND (v.rank < ").bind::<Double, _>(rank).push(" OR (v.rank = ").bind::<Double, _>(rank);
        sql = sql.push(" AND v.id > ").bind::<PgUuid, _>(id).push("))");
    }
    Ok(sql.push(" ORDER BY v.rank DESC, v.id LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many there are, up to the cap.
pub fn count(r: &mut Reader<'_>, filter: &DuplicateCandidateQuery) -> Result<i64, Problem> {
    let sql = Sql::new("SELECT count(*) AS count FROM (").append(filtered(r.scope(), filter, "SELECT 1"));
    let count: Count = sql.push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1).push(") t").row(r.conn())?;
    Ok(count.count)
}

/// The sides that are visible of these pairs: proof is the pair, as `find` or `list` gave it.
pub fn sides_of_visible(r: &mut Reader<'_>, pairs: &[CandidateRow]) -> Result<Vec<SideRow>, Problem> {
    let seen = |household: bool| -> Vec<Uuid> {
        let of_kind = pairs.iter().filter(|p| (p.kind == DuplicateKind::Household) == household);
        of_kind.flat_map(|p| [p.sees_a.then_some(p.a_id), p.sees_b.then_some(p.b_id)]).flatten().collect()
    };
    let sql = Sql::new(
        "SELECT i.id, i.household_id, h.region_code, i.name, i.nik AS number, i.nik_status, i.sex, i.birth_date, i.birth_date_precision,
            i.mother_name, i.phone, i.marital_status, i.relation, d.street, d.rt, d.rw, i.life_status AS status, i.source, i.created_at, i.updated_at
         FROM individuals i JOIN households h ON h.id = i.household_id LEFT JOIN household_details d ON d.household_id = h.id WHERE i.id = ANY(",
    )
    .bind::<diesel::sql_types::Array<PgUuid>, _>(seen(false))
    .push(
        ") UNION ALL SELECT h.id, h.id, h.region_code, h.head_name, h.family_card_number, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            d.street, d.rt, d.rw, h.status, h.source, h.created_at, h.updated_at
         FROM households h LEFT JOIN household_details d ON d.household_id = h.id WHERE h.id = ANY(",
    )
    .bind::<diesel::sql_types::Array<PgUuid>, _>(seen(true))
    .push(")");
    Ok(sql.rows(r.conn())?)
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    problems: i64,
    #[diesel(sql_type = BigInt)]
    referrals: i64,
    #[diesel(sql_type = BigInt)]
    awards: i64,
    #[diesel(sql_type = BigInt)]
    cases: i64,
    #[diesel(sql_type = BigInt)]
    amount_idr: i64,
}

/// What hangs on a visible record: of a person his own and, where he is the head, his household's. What is restricted is
/// counted for a supervisor of the area alone.
pub fn holdings_of_visible(
    r: &mut Reader<'_>,
    side: &SideRow,
    kind: DuplicateKind,
) -> Result<DuplicateHoldings, Problem> {
    let supervised = r.scope().supervises() && r.scope().covers_region(&side.region_code);
    let label = if supervised { "true" } else { "sensitivity = 'open'" };
    let own = if kind == DuplicateKind::Household {
        "(household_id = $2)".to_owned()
    } else {
        "(individual_id = $1 OR (individual_id IS NULL AND household_id = (SELECT h.id FROM households h WHERE h.id = $2 AND h.head_id = $1)))"
            .to_owned()
    };
    let text = format!(
        "SELECT (SELECT count(*) FROM problems WHERE {own} AND {label}) AS problems,
            (SELECT count(*) FROM referrals WHERE {own} AND {label}) AS referrals,
            (SELECT count(*) FROM awards WHERE {own} AND status <> 'released' AND referral_id IN (SELECT id FROM referrals WHERE {label})) AS awards,
            (SELECT count(*) FROM cases WHERE household_id = $2 AND $1 IS NOT NULL AND {label}) AS cases,
            (SELECT coalesce(sum(amount_idr), 0)::bigint FROM referrals WHERE {own} AND {label} AND status NOT IN ('draft', 'declined', 'expired', 'cancelled')) AS amount_idr"
    );
    let held: Held =
        diesel::sql_query(text).bind::<PgUuid, _>(side.id).bind::<PgUuid, _>(side.household_id).get_result(r.conn())?;
    Ok(DuplicateHoldings {
        problems: held.problems,
        referrals: held.referrals,
        awards: held.awards,
        cases: held.cases,
        amount_idr: held.amount_idr,
    })
}

/// Moves a locked pair on.
pub fn set_status(
    w: &mut Writer<'_>,
    id: Uuid,
    to: DuplicateStatus,
    reason: Option<&str>,
    until: Option<NaiveDate>,
) -> Result<(), Problem> {
    let (actor, now) = (w.scope().actor, w.now());
    let decided = !matches!(to, DuplicateStatus::Open | DuplicateStatus::Gone);
    Sql::new("UPDATE duplicate_candidates SET status = ")
        .bind::<Text, _>(to)
        .push(", reason = ")
        .bind::<Nullable<Text>, _>(reason.map(str::to_owned))
        .push(", decided_by = ")
        .bind::<Nullable<PgUuid>, _>(decided.then_some(actor))
        .push(", decided_at = ")
        .bind::<Nullable<Timestamptz>, _>(decided.then_some(now))
        .push(", later_until = ")
        .bind::<Nullable<Date>, _>(until)
        .push(", version = version + 1, updated_at = ")
        .bind::<Timestamptz, _>(now)
        .push(" WHERE id = ")
        .bind::<PgUuid, _>(id)
        .execute(w.conn())?;
    Ok(())
}
