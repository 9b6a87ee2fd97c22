//! Applying into a registry that has people already: batches of families in the order of their cards, each one
//! transaction that touches only what differs.
//!
//! A family is known by its card. A person is known by the NIK where name key or birth date agree (both rows with one
//! NIK and neither in agreement were set aside before), and inside the family by name key and birth date together.
//! Name and birth date of a known person stay as they are: a file does not rewrite who somebody is. What a row says of
//! anything else replaces what is there only if its source is believed more than whoever said that (`source_wins`). A row
//! that a source sends again as it was is passed over: nobody but a person can have changed what it made.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::ApplyContext;
use super::batch_sql as sql;
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

/// Families of which at least one row is not as the source sent it last; for a temporary table of this connection.
const TOUCHED: &str = "
DROP TABLE IF EXISTS import_touched;
CREATE TEMP TABLE import_touched AS
SELECT DISTINCT r.family_card FROM (
    SELECT 'families' AS part, family_card, row_hash FROM import_families WHERE import_id = '{import}' AND NOT rejected
    UNION ALL SELECT 'members', family_card, row_hash FROM import_members WHERE import_id = '{import}' AND NOT rejected) r
LEFT JOIN (SELECT DISTINCT part, row_hash FROM source_rows WHERE source = '{source}') s ON s.part = r.part AND s.row_hash = r.row_hash
WHERE s.row_hash IS NULL;
ANALYZE import_touched;";

/// Households that the families of a source with a key of its own are found in: where most of their people are known to
/// live, by NIK, or by name and birth date in the kelurahan; nowhere where two are as likely, or another family of the
/// source has it.
const LINK: &str = "
UPDATE import_families f SET linked = best.household_id
FROM (
    SELECT DISTINCT ON (household_id) family_card, household_id FROM (
        SELECT family_card, household_id, votes, rank() OVER (PARTITION BY family_card ORDER BY votes DESC) AS place,
               count(*) OVER (PARTITION BY family_card, votes) AS equals
        FROM (
            SELECT m.family_card, p.household_id, count(DISTINCT m.row_no) AS votes
            FROM import_members m
            JOIN import_families f ON f.import_id = '{import}' AND f.family_card = m.family_card AND NOT f.rejected
            JOIN LATERAL (
                SELECT p.id, p.household_id FROM identifiers i JOIN individuals p ON p.id = i.subject_id
                WHERE m.nik IS NOT NULL AND i.kind = 'nik' AND i.value = lpad(m.nik::text, 16, '0') AND i.valid_to IS NULL AND i.status <> 'not_matched'
                  AND i.subject_kind = 'individual' AND p.merged_into IS NULL AND (p.name_key = m.name_key OR p.birth_date = m.birth_date)
                UNION
                SELECT p.id, p.household_id FROM individuals p JOIN households h ON h.id = p.household_id
                WHERE p.name_key = m.name_key AND p.birth_date = m.birth_date AND p.merged_into IS NULL AND h.region_code = f.region_code
                  AND (p.nik IS NULL OR m.nik IS NULL OR p.nik = lpad(m.nik::text, 16, '0'))) p ON true
            JOIN households h ON h.id = p.household_id AND h.status = 'active'
            WHERE m.import_id = '{import}' AND NOT m.rejected AND {in_scope}
              AND m.family_card IN (SELECT family_card FROM import_touched)
            GROUP BY m.family_card, p.household_id) v) ranked
    WHERE place = 1 AND equals = 1
      AND NOT EXISTS (SELECT FROM identifiers i WHERE i.subject_id = household_id AND i.kind = '{key_kind}' AND i.valid_to IS NULL)
    ORDER BY household_id, votes DESC, family_card) best
WHERE f.import_id = '{import}' AND f.family_card = best.family_card
  AND NOT EXISTS (SELECT FROM identifiers i WHERE i.kind = '{key_kind}' AND i.value = f.family_key AND i.valid_to IS NULL);";

/// Finds out which families the batches have to look at, and for a source with a key of its own which households they are.
pub fn prepare(conn: &mut PgConnection, ctx: &ApplyContext) -> Result<(), Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        conn.batch_execute("SET LOCAL enable_nestloop = off")?;
        conn.batch_execute(&render(TOUCHED, ctx, 0, 0))?;
        if !ctx.by_card() {
            conn.batch_execute("SET LOCAL enable_nestloop = on")?;
            conn.batch_execute(&render(LINK, ctx, 0, 0))?;
        }
        Ok(())
    })
}

/// First card of every batch of touched families, in order.
pub fn batches(conn: &mut PgConnection) -> Result<Vec<i64>, Problem> {
    let rows: Vec<Bound> = diesel::sql_query(
        "SELECT card FROM (SELECT family_card AS card, row_number() OVER (ORDER BY family_card) AS n FROM import_touched) numbered
         WHERE n % $1 = 1 ORDER BY card",
    )
    .bind::<BigInt, _>(BATCH)
    .load(conn)?;
    Ok(rows.into_iter().map(|b| b.card).collect())
}

/// A new month of families of which no row has changed: the source says the same once more.
pub fn confirm(conn: &mut PgConnection, ctx: &ApplyContext) -> Result<(), Problem> {
    let sql = render(
        "INSERT INTO welfare_snapshots (household_id, source, period, decile_national, decile_province, decile_city, facts, import_id, received_at)
         SELECT s.subject_id, '{source}', '{period}', f.decile_national, f.decile_province, f.decile_city, f.housing || f.facts, '{import}', $1
         FROM import_families f JOIN source_rows s ON s.source = '{source}' AND s.part = 'families' AND s.row_hash = f.row_hash
         JOIN households h ON h.id = s.subject_id
         WHERE f.import_id = '{import}' AND NOT f.rejected AND f.family_card NOT IN (SELECT family_card FROM import_touched)
           AND NOT EXISTS (SELECT FROM welfare_snapshots w WHERE w.household_id = s.subject_id AND w.source = '{source}' AND w.period = '{period}')
         ON CONFLICT DO NOTHING",
        ctx,
        0,
        0,
    );
    conn.transaction(|conn| {
        settings(conn)?;
        conn.batch_execute("SET LOCAL enable_nestloop = off")?;
        diesel::sql_query(sql).bind::<Timestamptz, _>(ctx.now).execute(conn)?;
        Ok(())
    })
}

/// Fills in what a statement leaves open.
pub fn render(sql: &str, ctx: &ApplyContext, from: i64, to: i64) -> String {
    // Only ids, numbers and values checked against a table or a pattern stand here: nothing a file or a person wrote.
    let codes = |codes: &[String]| {
        let quoted: Vec<String> = codes.iter().filter(|c| is_region(c)).map(|c| format!("'{c}'")).collect();
        format!("ARRAY[{}]::text[]", quoted.join(", "))
    };
    let in_scope = ctx.scope.as_deref().map_or("true".to_owned(), |s| format!("h.region_code = ANY ({})", codes(s)));
    let in_area = match ctx.selection.areas.as_slice() {
        [] => "true".to_owned(),
        areas => format!(
            "EXISTS (SELECT FROM unnest({}) area WHERE r.region_code = area OR starts_with(r.region_code, area || '.'))",
            codes(areas)
        ),
    };
    sql.replace("{import}", &ctx.import.to_string())
        .replace("{household}", &id_prefix(ctx.import, Made::Household))
        .replace("{individual}", &id_prefix(ctx.import, Made::Individual))
        .replace("{card_claim}", &id_prefix(ctx.import, Made::CardClaim))
        .replace("{nik_claim}", &id_prefix(ctx.import, Made::NikClaim))
        .replace("{problem}", &id_prefix(ctx.import, Made::Problem))
        .replace("{key_kind}", &ctx.key_kind)
        .replace("{source}", &ctx.source)
        .replace("{list}", &ctx.profile)
        .replace("{period}", &ctx.period)
        .replace("{in_scope}", &in_scope)
        .replace("{in_area}", &in_area)
        .replace("{do_new}", &ctx.selection.new.to_string())
        .replace("{do_changed}", &ctx.selection.changed.to_string())
        .replace("{do_moved}", &ctx.selection.moved.to_string())
        .replace("{from}", &from.to_string())
        .replace("{to}", &to.to_string())
}

/// Whether a text is a region code: digits and dots.
#[must_use]
pub fn is_region(code: &str) -> bool {
    !code.is_empty() && code.len() <= 13 && code.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Which household and person each row of a batch is, and what differs, in temporary tables of the transaction.
pub fn compare(conn: &mut PgConnection, ctx: &ApplyContext, from: i64, to: i64) -> Result<(), Problem> {
    for prepare in [sql::FAMILIES, sql::MEMBERS, sql::FIELDS] {
        conn.batch_execute(&render(prepare, ctx, from, to))?;
    }
    Ok(())
}

/// Applies the families whose card lies in `from..to`. `feed` tells the search of each record; without it the caller
/// tells of everything at once.
pub fn batch(conn: &mut PgConnection, ctx: &ApplyContext, from: i64, to: i64, feed: bool) -> Result<Changed, Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        speak_for(conn, ctx)?;
        let fill = |text: &str| render(text, ctx, from, to);
        let timed = |conn: &mut PgConnection, text: &str| -> Result<i64, Problem> {
            let rows = diesel::sql_query(fill(text)).bind::<Timestamptz, _>(ctx.now).execute(conn)?;
            Ok(i64::try_from(rows).unwrap_or(i64::MAX))
        };
        compare(conn, ctx, from, to)?;
        conn.batch_execute(&fill(sql::REMEMBER))?;
        let households_created = timed(conn, sql::CREATE_HOUSEHOLDS)?;
        conn.batch_execute(&fill(sql::CREATE_AROUND))?;
        let households_updated = timed(conn, sql::UPDATE_HOUSEHOLDS)?;
        diesel::sql_query(sql::UPDATE_DETAILS).execute(conn)?;
        let individuals_created = timed(conn, sql::CREATE_INDIVIDUALS)?;
        conn.batch_execute(&fill(sql::AROUND_INDIVIDUALS))?;
        let individuals_updated = timed(conn, sql::UPDATE_INDIVIDUALS)?;
        timed(conn, sql::RECOUNT)?;
        timed(conn, sql::SNAPSHOTS)?;
        if ctx.selection.every_kind() {
            conn.batch_execute(&fill(sql::DIGESTS))?;
        }
        if feed {
            diesel::sql_query(sql::FEED).execute(conn)?;
        }
        Ok(Changed { households_created, households_updated, individuals_created, individuals_updated })
    })
}

/// Says for this transaction who changes the registry, so that fields remember it.
pub fn speak_for(conn: &mut PgConnection, ctx: &ApplyContext) -> Result<(), Problem> {
    name_source(conn, &ctx.source, &ctx.period)
}

fn name_source(conn: &mut PgConnection, source: &str, period: &str) -> Result<(), Problem> {
    diesel::sql_query("SELECT set_config('satupintu.source', $1, true), set_config('satupintu.period', $2, true)")
        .bind::<Text, _>(source)
        .bind::<Text, _>(period)
        .execute(conn)?;
    Ok(())
}

/// Takes back an import on which nothing was built.
///
/// # Errors
/// A conflict where somebody changed or used what the import made or changed.
pub fn undo(conn: &mut PgConnection, import: Uuid, source: &str, period: &str) -> Result<(), Problem> {
    use crate::kernel::problem;
    conn.transaction(|conn| {
        settings(conn)?;
        name_source(conn, "undo", period)?;
        conn.batch_execute(&format!(
            "CREATE TEMP TABLE made_households ON COMMIT DROP AS SELECT id, version FROM households WHERE id >= '{h}000000000000' AND id <= '{h}ffffffffffff';
             CREATE TEMP TABLE made_individuals ON COMMIT DROP AS SELECT id, version, household_id FROM individuals WHERE id >= '{p}000000000000' AND id <= '{p}ffffffffffff';
             CREATE TEMP TABLE made_problems ON COMMIT DROP AS SELECT id, version FROM problems WHERE id >= '{b}000000000000' AND id <= '{b}ffffffffffff';
             ANALYZE made_households; ANALYZE made_individuals; ANALYZE made_problems;",
            h = id_prefix(import, Made::Household),
            p = id_prefix(import, Made::Individual),
            b = id_prefix(import, Made::Problem),
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
            let sql = sql.replace("{import}", &import.to_string()).replace("{source}", source).replace("{period}", period)
                .replace("{card_claim}", &id_prefix(import, Made::CardClaim));
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
     + (SELECT count(*) FROM problems b WHERE (b.household_id IN (SELECT id FROM made_households) OR b.individual_id IN (SELECT id FROM made_individuals))
          AND b.id NOT IN (SELECT id FROM made_problems))
     + (SELECT count(*) FROM made_problems WHERE version > 1)
     + (SELECT count(*) FROM assignments a WHERE a.subject_id IN (SELECT id FROM made_households UNION ALL SELECT id FROM made_problems))
     + (SELECT count(*) FROM welfare_snapshots w JOIN made_households h ON h.id = w.household_id WHERE w.import_id IS DISTINCT FROM $1 OR w.period <> $2)
     + (SELECT count(*) FROM import_changes c JOIN households h ON h.id = c.subject_id WHERE c.import_id = $1 AND c.subject_kind = 'household' AND h.version <> c.version_after)
     + (SELECT count(*) FROM import_changes c JOIN individuals p ON p.id = c.subject_id WHERE c.import_id = $1 AND c.subject_kind = 'individual' AND p.version <> c.version_after)
     AS n";

const UNDO: &[&str] = &[
    "DELETE FROM problems b USING made_problems m WHERE b.id = m.id",
    "DELETE FROM source_rows WHERE import_id = '{import}'",
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
    "DELETE FROM identifiers WHERE id >= '{card_claim}000000000000' AND id <= '{card_claim}ffffffffffff'",
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
