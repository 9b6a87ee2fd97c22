//! What a need may be sent to today.

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Jsonb, Text, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::visible_programs;
use crate::access::Reader;
use crate::db::slugs::Sensitivity;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;

/// A cycle that takes people today, as whoever looks for help must know it.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct OpenOffer {
    /// The program.
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    /// Short stable number of the program.
    #[diesel(sql_type = Integer)]
    pub number: i32,
    /// Name in both languages.
    #[diesel(sql_type = Jsonb)]
    pub program_name: Value,
    /// Who runs it.
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub organization_name: String,
    /// Whether it has a rule.
    #[diesel(sql_type = Bool)]
    pub ruled: bool,
    /// The cycle.
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    /// Its last day.
    #[diesel(sql_type = Date)]
    pub ends_on: NaiveDate,
    /// Seats that are left.
    #[diesel(sql_type = Integer)]
    pub seats_left: i32,
    /// Whether one more can be paid.
    #[diesel(sql_type = Bool)]
    pub funded: bool,
    /// How many wait.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Value of one, in rupiah.
    #[diesel(sql_type = BigInt)]
    pub value_idr: i64,
    /// Whether the problem was sent there before.
    #[diesel(sql_type = Bool)]
    pub asked_before: bool,
}

/// Cycles by referral that answer a need in a kelurahan today, under the label of the problem; but those where a referral
/// of it is open.
pub fn open_offers(
    r: &mut Reader<'_>,
    need_code: &str,
    region_code: &str,
    label: Sensitivity,
    problem: Uuid,
) -> Result<Vec<OpenOffer>, Problem> {
    let today = r.today();
    let sql = Sql::new(
        "SELECT v.id AS program_id, v.number, v.name AS program_name, v.organization_id, v.organization_name, v.rule IS NOT NULL AS ruled,
             c.id AS cycle_id, c.ends_on, c.seats - c.seats_taken AS seats_left, v.benefit_value_idr AS value_idr,
             (v.benefit_value_idr = 0 OR EXISTS (SELECT FROM ledger_accounts a WHERE a.cycle_id = c.id AND a.bucket = 'allotted' AND a.balance >= v.benefit_value_idr)) AS funded,
             (SELECT count(*) FROM waitlist l WHERE l.cycle_id = c.id AND l.status = 'waiting') AS waiting,
             EXISTS (SELECT FROM referrals f WHERE f.cycle_id = c.id AND f.problem_id = ",
    )
    .bind::<PgUuid, _>(problem)
    .push(" AND f.status IN ('declined', 'expired', 'cancelled')) AS asked_before FROM (SELECT g.*, o.name AS organization_name");
    let sql = visible_programs(sql, r.principal(), r.scope())
        .push(") v JOIN program_cycles c ON c.program_id = v.id WHERE v.status = 'published' AND v.access_mode = 'referral' AND c.status = 'open' AND ")
        .bind::<Date, _>(today)
        .push(" BETWEEN c.starts_on AND c.ends_on AND v.sensitivity = ")
        .bind::<Text, _>(label)
        .push(" AND ")
        .bind::<Text, _>(need_code.to_owned())
        .push(" = ANY(v.needs) AND (cardinality(v.areas) = 0 OR EXISTS (SELECT FROM unnest(v.areas) x WHERE starts_with(")
        .bind::<Text, _>(format!("{region_code}."))
        .push(", x || '.'))) AND NOT EXISTS (SELECT FROM referrals f WHERE f.cycle_id = c.id AND f.problem_id = ")
        .bind::<PgUuid, _>(problem)
        .push(" AND f.status IN ('draft', 'sent', 'accepted', 'returned', 'scheduled', 'in_service')) ORDER BY v.number, c.id LIMIT 500");
    Ok(sql.rows(r.conn())?)
}
