//! SQL of the search for candidates: one statement a kecamatan.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use uuid::Uuid;

use super::table::Rule;
use crate::access::Writer;
use crate::db::schema::operations::dsl as o;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::problems::model::SubjectKind;

#[derive(QueryableByName)]
struct District {
    #[diesel(sql_type = Text)]
    district_code: String,
}

/// What one step did.
#[derive(Debug, QueryableByName)]
pub(super) struct Step {
    #[diesel(sql_type = BigInt)]
    pub added: i64,
    #[diesel(sql_type = BigInt)]
    pub expired: i64,
}

/// Kecamatan with households in the caller's area.
pub(super) fn districts(w: &mut Writer<'_>) -> Result<Vec<String>, Problem> {
    let sql = w.scope().push_area(Sql::new("SELECT DISTINCT h.district_code FROM households h WHERE "), "h");
    let rows: Vec<District> = sql.push(" ORDER BY 1").rows(w.conn())?;
    Ok(rows.into_iter().map(|d| d.district_code).collect())
}

/// A search that waits or runs.
pub(super) fn running(w: &mut Writer<'_>) -> Result<Option<Uuid>, Problem> {
    Ok(o::operations
        .filter(o::kind.eq(super::OPERATION))
        .filter(o::state.eq_any(["queued", "running"]))
        .select(o::id)
        .first(w.conn())
        .optional()?)
}

/// People and households of the kecamatan `$1` on the day `$2`, with what the rules ask of them. `OFFSET 0` keeps the
/// look-ups by index, which is right for a thirtieth of the city; everything after them is hashed.
const FACTS: &str = "
WITH area AS MATERIALIZED (
    SELECT id, kind, decile, status, demo FROM households WHERE district_code = $1),
people AS MATERIALIZED (
    SELECT h.id AS household_id, i.id AS individual_id, h.kind, h.decile, h.demo, i.sex, i.relation, i.marital_status, i.nik,
        i.nik_status, i.facts, extract(year FROM age($2, i.birth_date))::int AS age, count(*) OVER w AS living,
        count(*) FILTER (WHERE i.birth_date IS NULL OR i.birth_date <= $2 - interval '18 years') OVER w AS adults,
        count(*) FILTER (WHERE i.relation IN ('child', 'child_in_law') AND i.birth_date <= $2 - interval '18 years') OVER w AS grown_children
    FROM area h CROSS JOIN LATERAL (SELECT * FROM individuals i WHERE i.household_id = h.id OFFSET 0) i
    WHERE h.status = 'active' AND i.life_status = 'alive' AND i.merged_into IS NULL
    WINDOW w AS (PARTITION BY h.id)),
fed AS MATERIALIZED (
    SELECT DISTINCT c.unit_id FROM claims c JOIN awards a ON a.id = c.award_id JOIN referrals r ON r.id = a.referral_id
    WHERE c.active AND c.period @> $2 AND r.sensitivity = 'open' AND c.overlap_class IN ('food_assistance', 'cooked_meals', 'food_parcel')),
homes AS MATERIALIZED (
    SELECT h.id AS household_id, NULL::uuid AS individual_id, h.decile, h.demo, d.housing, p.living,
        CASE WHEN jsonb_typeof(d.housing->'floor_area') = 'number' THEN (d.housing->>'floor_area')::numeric END AS floor_area,
        f.unit_id IS NOT NULL AS fed
    FROM area h CROSS JOIN LATERAL (SELECT housing FROM household_details d WHERE d.household_id = h.id OFFSET 0) d
    JOIN (SELECT household_id, max(living) AS living FROM people GROUP BY 1) p ON p.household_id = h.id
    LEFT JOIN fed f ON f.unit_id = h.id
    WHERE h.status = 'active' AND h.kind = 'family'),
found AS MATERIALIZED (
";

/// Steps on what was found. A need or type that the lists label restricted, or do not leave to rules, is not found; a
/// restricted problem neither keeps a candidate away nor is shown by one.
const STEPS: &str = "),
wanted AS MATERIALIZED (
    SELECT f.household_id, f.individual_id, coalesce(f.individual_id, f.household_id) AS subject, f.demo, f.rule, f.version,
        f.need, f.severity, t.code AS ppks, md5(coalesce(f.fact, '')) AS fact
    FROM found f JOIN code_entries n ON n.list_slug = 'needs' AND n.code = f.need AND n.sensitivity = 'open'
        AND n.retired_in_version IS NULL AND n.attrs->'rule_detectable' = 'true'
    LEFT JOIN code_entries t ON t.list_slug = 'ppks_types' AND t.code = f.ppks AND t.sensitivity = 'open' AND t.retired_in_version IS NULL),
known AS MATERIALIZED (
    SELECT p.id, p.household_id, coalesce(p.individual_id, p.household_id) AS subject, p.need_code, p.status, p.closed_at,
        p.detected_by_rule, p.detected_fact, p.reported_by
    FROM area h CROSS JOIN LATERAL (SELECT * FROM problems p WHERE p.household_id = h.id OFFSET 0) p WHERE p.sensitivity = 'open'),
expired AS (
    UPDATE problems p SET status = 'expired', closed_at = now(), updated_at = now(), version = p.version + 1
    FROM known k WHERE p.id = k.id AND p.status = 'candidate' AND k.detected_by_rule IS NOT NULL
        AND NOT EXISTS (SELECT FROM wanted f WHERE f.subject = k.subject AND f.rule = k.detected_by_rule)
    RETURNING 1),
refreshed AS (
    UPDATE problems p SET detected_fact = f.fact, detected_version = f.version, severity = f.severity, ppks_code = f.ppks,
        updated_at = now(), version = p.version + 1
    FROM known k JOIN wanted f ON f.subject = k.subject AND f.rule = k.detected_by_rule
    WHERE p.id = k.id AND p.status = 'candidate' AND k.detected_fact IS DISTINCT FROM f.fact),
added AS (
    INSERT INTO problems (id, subject_kind, household_id, individual_id, need_code, ppks_code, severity, source, status,
        detected_by_rule, detected_version, detected_fact, demo)
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
            substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
        CASE WHEN f.individual_id IS NULL THEN 'household' ELSE 'individual' END, f.household_id, f.individual_id, f.need,
        f.ppks, f.severity, 'rule', 'candidate', f.rule, f.version, f.fact, f.demo
    FROM wanted f
    WHERE NOT EXISTS (SELECT FROM known k WHERE k.subject = f.subject AND k.need_code = f.need AND (
        k.closed_at IS NULL
        OR k.detected_by_rule = f.rule AND k.detected_fact = f.fact AND NOT (k.status = 'expired' AND k.reported_by IS NULL)
        OR k.detected_by_rule IS NULL AND k.closed_at > now() - interval '1 year'))
    ON CONFLICT DO NOTHING RETURNING 1)
SELECT (SELECT count(*) FROM added) AS added, (SELECT count(*) FROM expired) AS expired";

fn search(rule: &Rule) -> String {
    let table = if rule.subject == SubjectKind::Household { "homes" } else { "people" };
    format!(
        "SELECT p.household_id, p.individual_id, p.demo, '{}' AS rule, {}::smallint AS version, '{}' AS need, {} AS severity, {} AS ppks, {} AS fact FROM {table} p WHERE {}",
        rule.code, rule.version, rule.need, rule.severity, rule.ppks, rule.fact, rule.when
    )
}

/// Finds the candidates of a kecamatan, and lets those go that no longer hold.
pub(super) fn detect(w: &mut Writer<'_>, district: &str, rules: &[Rule]) -> Result<Step, Problem> {
    let found: Vec<String> = rules.iter().map(search).collect();
    let text = format!("{FACTS}{}{STEPS}", found.join("\nUNION ALL "));
    let today = w.today();
    // How many rows a rule finds cannot be guessed, and a loop within a loop over ten thousand of them takes minutes.
    w.conn().batch_execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")?;
    Ok(diesel::sql_query(text).bind::<Text, _>(district).bind::<Date, _>(today).get_result(w.conn())?)
}
