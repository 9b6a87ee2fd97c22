//! Applying into a registry that has people already: batches of families in the order of their cards, each one
//! transaction that touches only what differs.
//!
//! A family is known by its card. A person is known by the NIK where name key or birth date agree (both rows with one
//! NIK and neither in agreement were set aside before), and inside the family by name key and birth date together.
//! Name and birth date of a known person stay as they are: a file does not rewrite who somebody is.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::ApplyContext;
use super::bulk::{Made, id_prefix};
use super::validate::settings;
use crate::kernel::problem::Problem;

/// Families a batch.
const BATCH: i64 = 10_000;

/// What applying changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changed {
    /// Households that were not there.
    pub households_created: i64,
    /// Households whose data changed.
    pub households_updated: i64,
    /// People who were not there.
    pub individuals_created: i64,
    /// People whose data changed.
    pub individuals_updated: i64,
}

impl std::ops::AddAssign for Changed {
    fn add_assign(&mut self, other: Self) {
        self.households_created += other.households_created;
        self.households_updated += other.households_updated;
        self.individuals_created += other.individuals_created;
        self.individuals_updated += other.individuals_updated;
    }
}

#[derive(QueryableByName)]
struct Bound {
    #[diesel(sql_type = BigInt)]
    card: i64,
}

/// First card of every batch, in order.
pub fn batches(conn: &mut PgConnection, import: Uuid) -> Result<Vec<i64>, Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        let rows: Vec<Bound> = diesel::sql_query(
            "SELECT card FROM (
                 SELECT card, row_number() OVER (ORDER BY card) AS n FROM (
                     SELECT family_card AS card FROM import_families WHERE import_id = $1 AND NOT rejected
                     UNION SELECT family_card FROM import_members WHERE import_id = $1 AND NOT rejected) c) numbered
             WHERE n % $2 = 1 ORDER BY card",
        )
        .bind::<SqlUuid, _>(import)
        .bind::<BigInt, _>(BATCH)
        .load(conn)?;
        Ok(rows.into_iter().map(|b| b.card).collect())
    })
}

/// The families of the batch with the household each one is, or will be.
const FAMILIES: &str = "
CREATE TEMP TABLE batch_families ON COMMIT DROP AS
SELECT coalesce(f.family_card, k.card) AS family_card, f.row_no, f.region_code, f.head_name, f.declared_members, f.decile_national,
       f.decile_province, f.decile_city, f.street, f.rt, f.rw, f.housing, f.assets, f.facts, k.household_id AS known,
       coalesce(k.household_id, ('{household}' || lpad(to_hex(f.row_no), 12, '0'))::uuid) AS household_id,
       s.facts AS said_before, f.housing || f.facts AS says_now
FROM (SELECT * FROM import_families WHERE import_id = '{import}' AND NOT rejected AND family_card >= {from} AND family_card < {to}) f
FULL JOIN (
    SELECT DISTINCT ON (c.card) c.card, h.id AS household_id
    FROM (SELECT family_card AS card FROM import_families WHERE import_id = '{import}' AND NOT rejected AND family_card >= {from} AND family_card < {to}
          UNION
          SELECT family_card FROM import_members WHERE import_id = '{import}' AND NOT rejected AND family_card >= {from} AND family_card < {to}) c
    JOIN identifiers i ON i.kind = 'family_card' AND i.value = lpad(c.card::text, 16, '0') AND i.valid_to IS NULL AND i.subject_kind = 'household'
    JOIN households h ON h.id = i.subject_id AND h.status = 'active'
    ORDER BY c.card, h.id) k ON k.card = f.family_card
LEFT JOIN LATERAL (
    SELECT facts FROM welfare_snapshots w WHERE w.household_id = k.household_id AND w.source = '{source}' AND w.period < '{period}'
    ORDER BY w.period DESC LIMIT 1) s ON true;
ANALYZE batch_families;";

/// The members of the batch with the person each one is, or will be.
const MEMBERS: &str = "
CREATE TEMP TABLE batch_members ON COMMIT DROP AS
WITH rows AS (
    SELECT m.*, f.household_id, f.known AS known_household, lpad(m.nik::text, 16, '0') AS nik_text
    FROM import_members m JOIN batch_families f ON f.family_card = m.family_card
    WHERE m.import_id = '{import}' AND NOT m.rejected AND m.family_card >= {from} AND m.family_card < {to}),
by_nik AS (
    SELECT DISTINCT ON (r.row_no) r.row_no, p.id, p.household_id AS lives_in
    FROM rows r
    JOIN identifiers i ON i.kind = 'nik' AND i.value = r.nik_text AND i.valid_to IS NULL AND i.status <> 'not_matched' AND i.subject_kind = 'individual'
    JOIN individuals p ON p.id = i.subject_id AND p.merged_into IS NULL AND (p.name_key = r.name_key OR p.birth_date = r.birth_date)
    ORDER BY r.row_no, (p.name_key = r.name_key AND p.birth_date = r.birth_date) DESC NULLS LAST, p.id),
by_name AS (
    SELECT DISTINCT ON (r.row_no) r.row_no, p.id, p.household_id AS lives_in
    FROM rows r
    JOIN individuals p ON p.household_id = r.known_household AND p.merged_into IS NULL AND p.name_key = r.name_key
        AND (p.birth_date = r.birth_date OR (p.birth_date IS NULL AND r.birth_date IS NULL))
        AND (p.nik IS NULL OR r.nik IS NULL OR p.nik = r.nik_text)
    -- NOT IN is always looked up in a hash; NOT EXISTS became a nested loop, since a row of a CTE is thought to be one.
    WHERE r.row_no NOT IN (SELECT row_no FROM by_nik)
    ORDER BY r.row_no, p.id),
linked AS (
    -- One known person is one row: of two rows that would be the same, the first counts.
    SELECT DISTINCT ON (id) id, row_no, lives_in FROM (SELECT * FROM by_nik UNION ALL SELECT * FROM by_name) l ORDER BY id, row_no)
SELECT r.*, l.id AS known, l.lives_in, coalesce(l.id, ('{individual}' || lpad(to_hex(r.row_no), 12, '0'))::uuid) AS individual_id
FROM rows r
LEFT JOIN linked l ON l.row_no = r.row_no
WHERE l.id IS NOT NULL OR r.row_no NOT IN (SELECT row_no FROM by_nik UNION ALL SELECT row_no FROM by_name);
ANALYZE batch_members;";

/// What is about to change, as it was.
const REMEMBER: &str = "
CREATE TEMP TABLE changed_households ON COMMIT DROP AS
SELECT h.id FROM batch_families f JOIN households h ON h.id = f.known JOIN household_details d ON d.household_id = h.id
LEFT JOIN LATERAL (SELECT max(period) AS latest FROM welfare_snapshots w WHERE w.household_id = h.id) s ON true
WHERE f.row_no IS NOT NULL AND (
    h.declared_members IS DISTINCT FROM coalesce(f.declared_members, h.declared_members)
    OR (coalesce(s.latest, '') <= '{period}' AND f.decile_national IS NOT NULL AND h.decile IS DISTINCT FROM f.decile_national)
    OR (f.said_before IS DISTINCT FROM f.says_now AND (d.housing || f.housing IS DISTINCT FROM d.housing OR d.assets || f.assets IS DISTINCT FROM d.assets))
    OR (d.street IS NULL AND f.street IS NOT NULL)
    OR h.region_code IS DISTINCT FROM f.region_code);
CREATE TEMP TABLE changed_individuals ON COMMIT DROP AS
SELECT p.id FROM batch_members m JOIN individuals p ON p.id = m.known
WHERE p.facts || m.facts IS DISTINCT FROM p.facts OR p.household_id <> m.household_id OR (p.nik IS NULL AND m.nik IS NOT NULL)
   OR p.relation IS DISTINCT FROM coalesce(m.relation, p.relation) OR p.marital_status IS DISTINCT FROM coalesce(m.marital_status, p.marital_status)
   OR (p.sex IS NULL AND m.sex IS NOT NULL) OR (p.birth_date IS NULL AND m.birth_date IS NOT NULL)
   OR (p.mother_name IS NULL AND m.mother_name IS NOT NULL) OR (p.phone IS NULL AND m.phone IS NOT NULL);
INSERT INTO import_changes (import_id, subject_kind, subject_id, version_after, before)
SELECT '{import}', 'household', h.id, h.version + 1,
       jsonb_build_object('household', to_jsonb(h), 'details', to_jsonb(d))
FROM changed_households c JOIN households h ON h.id = c.id JOIN household_details d ON d.household_id = h.id
ON CONFLICT (import_id, subject_kind, subject_id) DO NOTHING;
INSERT INTO import_changes (import_id, subject_kind, subject_id, version_after, before)
SELECT '{import}', 'individual', p.id, p.version + 1, to_jsonb(p) FROM changed_individuals c JOIN individuals p ON p.id = c.id
ON CONFLICT (import_id, subject_kind, subject_id) DO NOTHING;";

const CREATE_HOUSEHOLDS: &str = "
INSERT INTO households (id, region_code, district_code, family_card_number, head_name, declared_members, decile, decile_source, source, created_at, updated_at)
SELECT household_id, region_code, left(region_code, 8), lpad(family_card::text, 16, '0'), head_name, declared_members, decile_national,
       CASE WHEN decile_national IS NOT NULL THEN '{source}' END, '{source}', $1, $1
FROM batch_families WHERE known IS NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING";

const CREATE_AROUND: &str = "
INSERT INTO household_details (household_id, street, rt, rw, housing, assets)
SELECT household_id, street, rt, rw, housing, assets FROM batch_families WHERE known IS NULL ORDER BY row_no
ON CONFLICT (household_id) DO NOTHING;
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source)
SELECT ('{card_claim}' || lpad(to_hex(row_no), 12, '0'))::uuid, 'household', household_id, 'family_card', lpad(family_card::text, 16, '0'), '{source}'
FROM batch_families WHERE known IS NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING;";

const UPDATE_HOUSEHOLDS: &str = "
UPDATE households h SET
    region_code = f.region_code, district_code = left(f.region_code, 8),
    declared_members = coalesce(f.declared_members, h.declared_members),
    decile = CASE WHEN f.decile_national IS NOT NULL AND coalesce(s.latest, '') <= '{period}' THEN f.decile_national ELSE h.decile END,
    decile_source = CASE WHEN f.decile_national IS NOT NULL AND coalesce(s.latest, '') <= '{period}' THEN '{source}' ELSE h.decile_source END,
    version = h.version + 1, updated_at = $1
FROM changed_households c JOIN batch_families f ON f.known = c.id
LEFT JOIN LATERAL (SELECT max(period) AS latest FROM welfare_snapshots w WHERE w.household_id = f.known) s ON true
WHERE h.id = c.id";

/// The house as the source sees it replaces ours only where the source itself now says something else than before:
/// what somebody corrected here stays.
const UPDATE_DETAILS: &str = "
UPDATE household_details d SET
    housing = CASE WHEN f.said_before IS DISTINCT FROM f.says_now THEN d.housing || f.housing ELSE d.housing END,
    assets = CASE WHEN f.said_before IS DISTINCT FROM f.says_now THEN d.assets || f.assets ELSE d.assets END,
    street = coalesce(d.street, f.street), rt = coalesce(d.rt, f.rt), rw = coalesce(d.rw, f.rw)
FROM changed_households c JOIN batch_families f ON f.known = c.id
WHERE d.household_id = c.id";

const CREATE_INDIVIDUALS: &str = "
INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, sex, birth_date, birth_date_precision, mother_name,
                         relation, marital_status, phone, facts, source, created_at, updated_at)
SELECT individual_id, household_id, name, name_key, nik_text, CASE WHEN nik IS NOT NULL THEN 'unchecked' END, sex, birth_date,
       CASE WHEN birth_date IS NULL THEN 'unknown' WHEN birth_year_only THEN 'year' ELSE 'day' END, mother_name, relation, marital_status,
       phone, facts, '{source}', $1, $1
FROM batch_members WHERE known IS NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING";

const AROUND_INDIVIDUALS: &str = "
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source)
SELECT ('{nik_claim}' || lpad(to_hex(m.row_no), 12, '0'))::uuid, 'individual', m.individual_id, 'nik', m.nik_text, '{source}'
FROM batch_members m
WHERE m.nik IS NOT NULL AND NOT EXISTS (
    SELECT FROM identifiers i WHERE i.kind = 'nik' AND i.value = m.nik_text AND i.subject_id = m.individual_id)
ORDER BY m.row_no
ON CONFLICT (id) DO NOTHING;
INSERT INTO restricted_facts (id, individual_id, household_id, variable, code, source)
SELECT gen_random_uuid(), m.individual_id, m.household_id, fact ->> 0, fact ->> 1, '{source}'
FROM batch_members m, jsonb_array_elements(m.restricted) fact WHERE m.restricted IS NOT NULL
ON CONFLICT (individual_id, variable) DO UPDATE SET code = EXCLUDED.code, source = EXCLUDED.source
WHERE restricted_facts.code <> EXCLUDED.code;
INSERT INTO memberships (id, household_id, individual_id, kind, relation, to_date, end_reason)
SELECT gen_random_uuid(), p.household_id, p.id, 'registered', p.relation, ('{period}-01')::date, 'moved_by_import'
FROM batch_members m JOIN individuals p ON p.id = m.known WHERE p.household_id <> m.household_id;
INSERT INTO name_keys (name_key, uses)
SELECT name_key, count(*) FROM batch_members WHERE known IS NULL GROUP BY name_key ORDER BY name_key
ON CONFLICT (name_key) DO UPDATE SET uses = name_keys.uses + EXCLUDED.uses;";

const UPDATE_INDIVIDUALS: &str = "
UPDATE individuals p SET
    household_id = m.household_id, facts = p.facts || m.facts,
    relation = coalesce(m.relation, p.relation), marital_status = coalesce(m.marital_status, p.marital_status),
    sex = coalesce(p.sex, m.sex), mother_name = coalesce(p.mother_name, m.mother_name), phone = coalesce(p.phone, m.phone),
    nik = coalesce(p.nik, m.nik_text), nik_status = CASE WHEN p.nik IS NULL AND m.nik IS NOT NULL THEN 'unchecked' ELSE p.nik_status END,
    birth_date = coalesce(p.birth_date, m.birth_date),
    birth_date_precision = CASE WHEN p.birth_date IS NULL AND m.birth_date IS NOT NULL THEN CASE WHEN m.birth_year_only THEN 'year' ELSE 'day' END ELSE p.birth_date_precision END,
    version = p.version + 1, updated_at = $1
FROM changed_individuals c JOIN batch_members m ON m.known = c.id
WHERE p.id = c.id";

/// Counts, heads and completeness of every household that the batch touched, people's old homes included.
const RECOUNT: &str = "
WITH touched AS (
    SELECT household_id AS id FROM batch_families UNION SELECT lives_in FROM batch_members WHERE lives_in IS NOT NULL),
now AS (
    SELECT t.id, count(p.id)::int AS n, (array_agg(p.id ORDER BY p.id) FILTER (WHERE p.relation = 'head'))[1] AS head,
           (array_agg(p.name ORDER BY p.id) FILTER (WHERE p.relation = 'head'))[1] AS head_name
    FROM touched t LEFT JOIN individuals p ON p.household_id = t.id AND p.life_status = 'alive' AND p.merged_into IS NULL
    GROUP BY t.id)
UPDATE households h SET
    members_count = now.n, members_complete = coalesce(now.n >= h.declared_members, false),
    head_id = coalesce(h.head_id, now.head), head_name = coalesce(h.head_name, now.head_name), updated_at = $1
FROM now WHERE h.id = now.id AND (
    h.members_count <> now.n OR h.members_complete <> coalesce(now.n >= h.declared_members, false)
    OR (h.head_id IS NULL AND now.head IS NOT NULL) OR (h.head_name IS NULL AND now.head_name IS NOT NULL))";

const SNAPSHOTS: &str = "
INSERT INTO welfare_snapshots (household_id, source, period, decile_national, decile_province, decile_city, facts, import_id, received_at)
SELECT household_id, '{source}', '{period}', decile_national, decile_province, decile_city, says_now, '{import}', $1
FROM batch_families WHERE row_no IS NOT NULL ORDER BY row_no
ON CONFLICT (household_id, source, period) DO UPDATE SET
    decile_national = EXCLUDED.decile_national, decile_province = EXCLUDED.decile_province, decile_city = EXCLUDED.decile_city,
    facts = EXCLUDED.facts, import_id = EXCLUDED.import_id, received_at = EXCLUDED.received_at
WHERE (welfare_snapshots.decile_national, welfare_snapshots.decile_province, welfare_snapshots.decile_city, welfare_snapshots.facts)
      IS DISTINCT FROM (EXCLUDED.decile_national, EXCLUDED.decile_province, EXCLUDED.decile_city, EXCLUDED.facts)";

const FEED: &str = "
INSERT INTO registry_changes (kind, subject_id)
SELECT 'household', household_id FROM batch_families WHERE known IS NULL UNION ALL SELECT 'household', id FROM changed_households
UNION ALL SELECT 'individual', individual_id FROM batch_members WHERE known IS NULL UNION ALL SELECT 'individual', id FROM changed_individuals";

fn render(sql: &str, ctx: &ApplyContext, from: i64, to: i64) -> String {
    // Only ids, numbers and values checked against a table or a pattern stand here: nothing a file or a person wrote.
    sql.replace("{import}", &ctx.import.to_string())
        .replace("{household}", &id_prefix(ctx.import, Made::Household))
        .replace("{individual}", &id_prefix(ctx.import, Made::Individual))
        .replace("{card_claim}", &id_prefix(ctx.import, Made::CardClaim))
        .replace("{nik_claim}", &id_prefix(ctx.import, Made::NikClaim))
        .replace("{source}", &ctx.source)
        .replace("{period}", &ctx.period)
        .replace("{from}", &from.to_string())
        .replace("{to}", &to.to_string())
}

/// Applies the families whose card lies in `from..to`. `feed` tells the search of each record; without it the caller
/// tells of everything at once.
pub fn batch(conn: &mut PgConnection, ctx: &ApplyContext, from: i64, to: i64, feed: bool) -> Result<Changed, Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        let sql = |text: &str| render(text, ctx, from, to);
        let timed = |conn: &mut PgConnection, text: &str| -> Result<i64, Problem> {
            let rows = diesel::sql_query(sql(text)).bind::<Timestamptz, _>(ctx.now).execute(conn)?;
            Ok(i64::try_from(rows).unwrap_or(i64::MAX))
        };
        for prepare in [FAMILIES, MEMBERS, REMEMBER] {
            conn.batch_execute(&sql(prepare))?;
        }
        let households_created = timed(conn, CREATE_HOUSEHOLDS)?;
        conn.batch_execute(&sql(CREATE_AROUND))?;
        let households_updated = timed(conn, UPDATE_HOUSEHOLDS)?;
        diesel::sql_query(UPDATE_DETAILS).execute(conn)?;
        let individuals_created = timed(conn, CREATE_INDIVIDUALS)?;
        conn.batch_execute(&sql(AROUND_INDIVIDUALS))?;
        let individuals_updated = timed(conn, UPDATE_INDIVIDUALS)?;
        timed(conn, RECOUNT)?;
        timed(conn, SNAPSHOTS)?;
        if feed {
            diesel::sql_query(FEED).execute(conn)?;
        }
        Ok(Changed { households_created, households_updated, individuals_created, individuals_updated })
    })
}

/// Takes back an import on which nothing was built.
///
/// # Errors
/// A conflict where somebody changed or used what the import made or changed.
pub fn undo(conn: &mut PgConnection, import: Uuid, source: &str, period: &str) -> Result<(), Problem> {
    use crate::kernel::problem;
    conn.transaction(|conn| {
        settings(conn)?;
        conn.batch_execute(&format!(
            "CREATE TEMP TABLE made_households ON COMMIT DROP AS SELECT id, version FROM households WHERE id >= '{h}000000000000' AND id <= '{h}ffffffffffff';
             CREATE TEMP TABLE made_individuals ON COMMIT DROP AS SELECT id, version, household_id FROM individuals WHERE id >= '{p}000000000000' AND id <= '{p}ffffffffffff';
             ANALYZE made_households; ANALYZE made_individuals;",
            h = id_prefix(import, Made::Household),
            p = id_prefix(import, Made::Individual),
        ))?;
        #[derive(QueryableByName)]
        struct Built {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let built: Built = diesel::sql_query(BUILT_ON).bind::<SqlUuid, _>(import).bind::<Text, _>(period).get_result(conn)?;
        if built.n > 0 {
            return Err(Problem::with(&problem::WRONG_STATE, "something was built on this import: records it made or changed were changed or used since"));
        }
        for sql in UNDO {
            let sql = sql.replace("{import}", &import.to_string()).replace("{source}", source).replace("{period}", period);
            diesel::sql_query(sql).execute(conn)?;
        }
        super::changed_all(conn)?;
        Ok(())
    })
}

const BUILT_ON: &str = "
SELECT (SELECT count(*) FROM made_households WHERE version > 1)
     + (SELECT count(*) FROM made_individuals WHERE version > 1)
     + (SELECT count(*) FROM individuals p JOIN made_households h ON h.id = p.household_id WHERE NOT EXISTS (SELECT FROM made_individuals m WHERE m.id = p.id)
          AND NOT EXISTS (SELECT FROM import_changes c WHERE c.import_id = $1 AND c.subject_kind = 'individual' AND c.subject_id = p.id))
     + (SELECT count(*) FROM problems b WHERE b.household_id IN (SELECT id FROM made_households) OR b.individual_id IN (SELECT id FROM made_individuals))
     + (SELECT count(*) FROM assignments a WHERE a.subject_id IN (SELECT id FROM made_households))
     + (SELECT count(*) FROM welfare_snapshots w JOIN made_households h ON h.id = w.household_id WHERE w.import_id IS DISTINCT FROM $1 OR w.period <> $2)
     + (SELECT count(*) FROM import_changes c JOIN households h ON h.id = c.subject_id WHERE c.import_id = $1 AND c.subject_kind = 'household' AND h.version <> c.version_after)
     + (SELECT count(*) FROM import_changes c JOIN individuals p ON p.id = c.subject_id WHERE c.import_id = $1 AND c.subject_kind = 'individual' AND p.version <> c.version_after)
     AS n";

const UNDO: &[&str] = &[
    "UPDATE individuals p SET household_id = o.household_id, facts = o.facts, relation = o.relation, marital_status = o.marital_status, sex = o.sex,
            mother_name = o.mother_name, phone = o.phone, nik = o.nik, nik_status = o.nik_status, birth_date = o.birth_date,
            birth_date_precision = o.birth_date_precision, version = p.version + 1, updated_at = now()
     FROM import_changes c, jsonb_populate_record(NULL::individuals, c.before) o
     WHERE c.import_id = '{import}' AND c.subject_kind = 'individual' AND p.id = c.subject_id",
    "DELETE FROM memberships m USING import_changes c WHERE c.import_id = '{import}' AND c.subject_kind = 'individual' AND m.individual_id = c.subject_id AND m.end_reason = 'moved_by_import' AND m.to_date = ('{period}-01')::date",
    "UPDATE households h SET region_code = o.region_code, district_code = o.district_code, declared_members = o.declared_members, decile = o.decile,
            decile_source = o.decile_source, version = h.version + 1, updated_at = now()
     FROM import_changes c, jsonb_populate_record(NULL::households, c.before -> 'household') o
     WHERE c.import_id = '{import}' AND c.subject_kind = 'household' AND h.id = c.subject_id",
    "UPDATE household_details d SET housing = o.housing, assets = o.assets, street = o.street, rt = o.rt, rw = o.rw
     FROM import_changes c, jsonb_populate_record(NULL::household_details, c.before -> 'details') o
     WHERE c.import_id = '{import}' AND c.subject_kind = 'household' AND d.household_id = c.subject_id",
    "DELETE FROM welfare_snapshots WHERE import_id = '{import}' AND source = '{source}' AND period = '{period}'",
    "DELETE FROM restricted_facts f USING made_individuals m WHERE f.individual_id = m.id",
    "DELETE FROM identifiers i USING made_individuals m WHERE i.subject_id = m.id",
    "DELETE FROM identifiers i USING made_households h WHERE i.subject_id = h.id",
    "CREATE TEMP TABLE touched_households ON COMMIT DROP AS SELECT DISTINCT household_id AS id FROM made_individuals WHERE household_id NOT IN (SELECT id FROM made_households)",
    "DELETE FROM registry_events e USING made_households h WHERE e.household_id = h.id",
    "UPDATE households h SET head_id = NULL FROM made_individuals m WHERE h.head_id = m.id",
    "DELETE FROM individuals p USING made_individuals m WHERE p.id = m.id",
    "DELETE FROM household_details d USING made_households h WHERE d.household_id = h.id",
    "DELETE FROM households x USING made_households h WHERE x.id = h.id",
    "UPDATE households h SET members_count = n.n, members_complete = coalesce(n.n >= h.declared_members, false)
     FROM (SELECT t.id, count(p.id)::int AS n FROM (SELECT id FROM touched_households UNION SELECT subject_id FROM import_changes WHERE import_id = '{import}' AND subject_kind = 'household') t
           LEFT JOIN individuals p ON p.household_id = t.id AND p.life_status = 'alive' AND p.merged_into IS NULL GROUP BY t.id) n
     WHERE h.id = n.id AND h.members_count <> n.n",
    "DELETE FROM name_keys",
    "INSERT INTO name_keys (name_key, uses) SELECT name_key, count(*) FROM individuals WHERE merged_into IS NULL GROUP BY name_key",
    "DELETE FROM import_changes WHERE import_id = '{import}'",
];

/// Tells how far a batch lies, for the progress.
#[must_use]
pub fn rows_done(batch: usize, batches: usize, rows: i64) -> i64 {
    let (done, all) = (i64::try_from(batch).unwrap_or(0), i64::try_from(batches.max(1)).unwrap_or(1));
    rows.saturating_mul(done) / all
}

/// Whether so much changes that the search should read everything again.
#[must_use]
pub fn is_bulk(batches: usize) -> bool {
    batches > 3
}
