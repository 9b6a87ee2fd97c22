//! Applying a list of people: each row is somebody the registry knows, or somebody new, and says something of them.
//!
//! Nobody is known by name alone. A person without papers is a person: he is made, in a household of his own, and found
//! again by the digest of his row when the list comes again.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Jsonb, Nullable, Timestamptz, Uuid as SqlUuid};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ApplyContext;
use super::merge::{Changed, render, speak_for};
use super::validate::settings;
use crate::access::Writer;
use crate::imports::profile::{ListKind, NeedOfType, Profile};
use crate::kernel::problem::Problem;
use crate::mandates;

/// The rows with the person each one is, or will be. Equal rows are told apart by their order.
const ROWS: &str = "
CREATE TEMP TABLE list_rows ON COMMIT DROP AS
WITH rows AS (
    SELECT m.*, lpad(m.nik::text, 16, '0') AS nik_text,
           hashtextextended(m.row_hash::text, row_number() OVER (PARTITION BY m.row_hash ORDER BY m.row_no)) AS digest
    FROM import_people m WHERE m.import_id = '{import}' AND NOT m.rejected),
before AS (
    SELECT DISTINCT ON (r.row_no) r.row_no, p.id
    FROM rows r JOIN source_rows s ON s.source = '{list}' AND s.part = 'list' AND s.row_hash = r.digest
    JOIN individuals p ON p.id = s.subject_id AND p.merged_into IS NULL
    ORDER BY r.row_no, p.id),
by_nik AS (
    SELECT DISTINCT ON (r.row_no) r.row_no, p.id
    FROM rows r
    JOIN identifiers i ON i.kind = 'nik' AND i.value = r.nik_text AND i.valid_to IS NULL AND i.status <> 'not_matched' AND i.subject_kind = 'individual'
    JOIN individuals p ON p.id = i.subject_id AND p.merged_into IS NULL AND (p.name_key = r.name_key OR p.birth_date = r.birth_date)
    JOIN households h ON h.id = p.household_id
    WHERE {in_scope}
    ORDER BY r.row_no, (p.name_key = r.name_key AND p.birth_date = r.birth_date) DESC NULLS LAST, p.id),
by_name AS (
    SELECT r.row_no, (array_agg(p.id))[1] AS id
    FROM rows r
    JOIN individuals p ON p.name_key = r.name_key AND p.birth_date = r.birth_date AND NOT r.birth_year_only AND p.merged_into IS NULL
        AND (p.nik IS NULL OR r.nik IS NULL OR p.nik = r.nik_text)
    JOIN households h ON h.id = p.household_id AND h.region_code = r.region_code
    WHERE {in_scope}
    GROUP BY r.row_no HAVING count(*) = 1)
SELECT r.*, b.id IS NOT NULL AS unchanged, p.id AS known, p.household_id AS lives_in,
       min(r.row_no) OVER (PARTITION BY coalesce(r.nik_text, CASE WHEN NOT r.birth_year_only THEN r.name_key || '|' || r.birth_date || '|' || r.region_code END,
           r.row_no::text)) AS maker
FROM rows r
LEFT JOIN before b USING (row_no) LEFT JOIN by_nik n USING (row_no) LEFT JOIN by_name a USING (row_no)
LEFT JOIN individuals p ON p.id = coalesce(b.id, n.id, a.id);
ALTER TABLE list_rows ADD COLUMN individual_id uuid, ADD COLUMN household_id uuid;
UPDATE list_rows SET individual_id = coalesce(known, ('{individual}' || lpad(to_hex(maker), 12, '0'))::uuid),
    household_id = coalesce(lives_in, ('{household}' || lpad(to_hex(maker), 12, '0'))::uuid);
ANALYZE list_rows;";

const HOUSEHOLDS: &str = "
INSERT INTO households (id, kind, region_code, district_code, head_id, head_name, members_count, source, created_at, updated_at)
SELECT household_id, CASE WHEN rt IS NULL AND nik IS NULL AND entry ->> 'type' IN ('gelandangan', 'pengemis', 'pemulung') THEN 'unhoused' ELSE 'family' END,
       region_code, left(region_code, 8), individual_id, name, 1, '{source}', $1, $1
FROM list_rows WHERE known IS NULL AND row_no = maker ORDER BY row_no
ON CONFLICT (id) DO NOTHING";

const INDIVIDUALS: &str = "
INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, sex, birth_date, birth_date_precision, mother_name, relation, phone,
                         facts, source, created_at, updated_at)
SELECT individual_id, household_id, name, name_key, nik_text, CASE WHEN nik IS NOT NULL THEN 'unchecked' END, sex, birth_date,
       CASE WHEN birth_date IS NULL THEN 'unknown' WHEN birth_year_only THEN 'year' ELSE 'day' END, mother_name, 'head', phone, facts, '{source}', $1, $1
FROM list_rows WHERE known IS NULL AND row_no = maker ORDER BY row_no
ON CONFLICT (id) DO NOTHING";

const AROUND: &str = "
INSERT INTO household_details (household_id, street, rt, rw)
SELECT household_id, street, rt, rw FROM list_rows WHERE known IS NULL AND row_no = maker ORDER BY row_no
ON CONFLICT (household_id) DO NOTHING;
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source)
SELECT ('{nik_claim}' || lpad(to_hex(row_no), 12, '0'))::uuid, 'individual', individual_id, 'nik', nik_text, '{source}'
FROM list_rows WHERE known IS NULL AND row_no = maker AND nik IS NOT NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING;
INSERT INTO restricted_facts (id, individual_id, household_id, variable, code, source)
SELECT gen_random_uuid(), individual_id, household_id, fact ->> 0, fact ->> 1, '{source}'
FROM list_rows, jsonb_array_elements(restricted) fact WHERE restricted IS NOT NULL AND known IS NULL
ON CONFLICT (individual_id, variable) DO NOTHING;
INSERT INTO name_keys (name_key, uses)
SELECT name_key, count(*) FROM list_rows WHERE known IS NULL AND row_no = maker GROUP BY name_key ORDER BY name_key
ON CONFLICT (name_key) DO UPDATE SET uses = name_keys.uses + EXCLUDED.uses;
INSERT INTO registry_changes (kind, subject_id)
SELECT 'household', household_id FROM list_rows WHERE known IS NULL AND row_no = maker
UNION ALL SELECT 'individual', individual_id FROM list_rows WHERE known IS NULL AND row_no = maker;
INSERT INTO source_rows (source, part, subject_id, row_hash, import_id)
SELECT '{list}', 'list', individual_id, digest, '{import}' FROM list_rows
ON CONFLICT DO NOTHING;";

/// A need of each type that the person does not have open already; labelled by its type and its need. `$1` holds what a
/// type is reported as and who is charged with it. What was only measured or registered is a candidate: nothing is done
/// about it before a human confirms.
const PROBLEMS: &str = "
INSERT INTO problems (id, subject_kind, household_id, individual_id, need_code, ppks_code, severity, source, status, sensitivity, description,
                      reported_by, reported_at, mandate_id, due_from, due_days, due_on, created_at, updated_at)
SELECT DISTINCT ON (r.individual_id, n.need, t.code) ('{problem}' || lpad(to_hex(r.row_no), 12, '0'))::uuid,
       CASE WHEN t.attrs ->> 'unit' = 'household' THEN 'household' ELSE 'individual' END, r.household_id,
       CASE WHEN t.attrs ->> 'unit' = 'household' THEN NULL ELSE r.individual_id END, n.need, t.code, n.severity, 'import',
       CASE WHEN $4 THEN 'candidate' ELSE 'reported' END,
       CASE WHEN t.sensitivity = 'restricted' OR c.sensitivity = 'restricted' THEN 'restricted' ELSE 'open' END, r.entry ->> 'note',
       CASE WHEN NOT $4 THEN $2 END, $3, n.mandate_id, n.due_from, n.due_days, n.due_on, $3, $3
FROM list_rows r
JOIN jsonb_to_recordset($1) AS n (type text, need text, severity text, mandate_id uuid, due_from date, due_days int, due_on date) ON n.type = r.entry ->> 'type'
LEFT JOIN code_entries t ON t.list_slug = 'ppks_types' AND t.code = n.type
JOIN code_entries c ON c.list_slug = 'needs' AND c.code = n.need
WHERE NOT r.unchanged AND NOT EXISTS (
    SELECT FROM problems p WHERE p.household_id = r.household_id AND p.closed_at IS NULL
        AND CASE WHEN t.code IS NULL THEN p.need_code = n.need AND (p.sensitivity = 'open' OR c.sensitivity = 'restricted') ELSE p.ppks_code = t.code END
        AND (p.individual_id = r.individual_id OR p.individual_id IS NULL))
ORDER BY r.individual_id, n.need, t.code, r.row_no
ON CONFLICT (id) DO NOTHING";

/// What each type of need is reported as, with who is charged with it today.
fn charged(w: &mut Writer<'_>, needs: &BTreeMap<String, NeedOfType>) -> Result<Value, Problem> {
    let mut types: Vec<(&String, &NeedOfType)> = needs.iter().collect();
    types.sort_by_key(|(code, _)| *code);
    let mut out = Vec::new();
    for (code, what) in types {
        let charge = mandates::charge(w, &what.need, None, what.severity == "emergency")?;
        let mut one = json!({"type": code, "need": what.need, "severity": what.severity});
        if let Some(charge) = charge {
            one["mandate_id"] = json!(charge.mandate_id);
            one["due_from"] = json!(charge.due_from);
            one["due_days"] = json!(charge.due_days);
            one["due_on"] = json!(charge.due_on);
        }
        out.push(one);
    }
    Ok(Value::Array(out))
}

/// Applies the list; `reporter` stands behind what it reports.
pub fn apply(
    w: &mut Writer<'_>,
    ctx: &ApplyContext,
    profile: &Profile,
    reporter: Option<Uuid>,
) -> Result<Changed, Problem> {
    let candidates = profile.list != Some(ListKind::Needs);
    let mut needs = charged(w, &profile.needs)?;
    if candidates {
        // Nobody is charged with what nobody has confirmed.
        for need in needs.as_array_mut().into_iter().flatten() {
            need["mandate_id"] = Value::Null;
            need["due_from"] = Value::Null;
            need["due_days"] = Value::Null;
            need["due_on"] = Value::Null;
        }
    }
    let conn = w.conn();
    settings(conn)?;
    speak_for(conn, ctx)?;
    let fill = |text: &str| render(text, ctx, 0, 0);
    conn.batch_execute(&fill(ROWS))?;
    if profile.known_only {
        conn.batch_execute("DELETE FROM list_rows WHERE known IS NULL")?;
    }
    let timed = |conn: &mut PgConnection, text: &str| -> Result<i64, Problem> {
        let rows = diesel::sql_query(fill(text)).bind::<Timestamptz, _>(ctx.now).execute(conn)?;
        Ok(i64::try_from(rows).unwrap_or(i64::MAX))
    };
    let households_created = timed(conn, HOUSEHOLDS)?;
    let individuals_created = timed(conn, INDIVIDUALS)?;
    diesel::sql_query(fill(PROBLEMS))
        .bind::<Jsonb, _>(&needs)
        .bind::<Nullable<SqlUuid>, _>(reporter)
        .bind::<Timestamptz, _>(ctx.now)
        .bind::<Bool, _>(candidates)
        .execute(conn)?;
    conn.batch_execute(&fill(AROUND))?;
    Ok(Changed { households_created, individuals_created, ..Changed::default() })
}

/// Who of the list is new, and what is said of those who are known.
const DIFF: &str = "
INSERT INTO import_diffs (import_id, kind, subject_kind, subject_id, household_id, region_code, file, row_no, name, fields)
SELECT '{import}', CASE WHEN r.known IS NULL THEN 'new' ELSE 'changed' END, 'individual', r.known, r.lives_in, coalesce(h.region_code, r.region_code),
       'list', r.row_no, r.name,
       jsonb_build_array(jsonb_build_object('field', 'need', 'ours', NULL, 'theirs', coalesce(r.entry -> 'type', r.entry -> 'raw'), 'source', NULL,
           'applies', r.entry ? 'type'))
FROM list_rows r LEFT JOIN households h ON h.id = r.lives_in
WHERE NOT r.unchanged AND (r.known IS NULL OR r.entry ?| ARRAY['type', 'raw']) ORDER BY r.row_no;";

/// Rows of a list that makes nobody, of people the registry does not have, or not in the uploader's area.
const UNKNOWN: &str = "
INSERT INTO import_issues (import_id, file, row_no, code, verdict)
SELECT '{import}', 'list', row_no, 'person_not_found', 'reject' FROM list_rows WHERE known IS NULL ORDER BY row_no;
UPDATE import_people m SET rejected = true FROM list_rows r WHERE m.import_id = '{import}' AND m.row_no = r.row_no AND r.known IS NULL;
DELETE FROM list_rows WHERE known IS NULL;";

/// Compares the list with the registry and keeps what is new.
pub fn find(conn: &mut PgConnection, ctx: &ApplyContext, profile: &Profile) -> Result<Value, Problem> {
    super::diff::forget(conn, ctx.import)?;
    conn.transaction::<_, Problem, _>(|conn| {
        settings(conn)?;
        conn.batch_execute(&render(ROWS, ctx, 0, 0))?;
        if profile.known_only {
            conn.batch_execute(&render(UNKNOWN, ctx, 0, 0))?;
        }
        conn.batch_execute(&render(DIFF, ctx, 0, 0))?;
        Ok(())
    })?;
    super::diff::counts(conn, ctx.import)
}
