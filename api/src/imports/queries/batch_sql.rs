//! The statements of one batch: which household and person each row is, what differs field by field and who is believed,
//! and the writes. Temporary tables carry a batch from one to the next.

/// The families of the batch with the household each one is, or will be.
pub const FAMILIES: &str = "
CREATE TEMP TABLE batch_families ON COMMIT DROP AS
SELECT coalesce(f.family_card, k.card) AS family_card, coalesce(f.key_text, k.key_text) AS key_text, f.row_no, f.row_hash, f.region_code, f.head_name,
       f.declared_members, f.decile_national, f.decile_province, f.decile_city, f.street, f.rt, f.rw, f.housing, f.assets, f.facts,
       k.claimed, coalesce(k.household_id, f.linked) AS known,
       coalesce(k.household_id, f.linked, ('{household}' || lpad(to_hex(f.row_no), 12, '0'))::uuid) AS household_id,
       s.facts AS said_before, f.housing || f.facts AS says_now
FROM (SELECT *, coalesce(family_key, lpad(family_card::text, 16, '0')) AS key_text
      FROM import_families r WHERE import_id = '{import}' AND NOT rejected AND family_card >= {from} AND family_card < {to}
          AND family_card IN (SELECT family_card FROM import_touched) AND {in_area}) f
FULL JOIN (
    SELECT DISTINCT ON (c.card) c.card, c.key_text, h.id AS household_id, true AS claimed
    FROM (SELECT family_card AS card, coalesce(family_key, lpad(family_card::text, 16, '0')) AS key_text FROM import_families r
              WHERE import_id = '{import}' AND NOT rejected AND family_card >= {from} AND family_card < {to}
              AND family_card IN (SELECT family_card FROM import_touched)
          UNION
          SELECT family_card, coalesce(family_key, lpad(family_card::text, 16, '0')) FROM import_members
              WHERE import_id = '{import}' AND NOT rejected AND family_card >= {from} AND family_card < {to}
              AND family_card IN (SELECT family_card FROM import_touched)) c
    JOIN identifiers i ON i.kind = '{key_kind}' AND i.value = c.key_text AND i.valid_to IS NULL AND i.subject_kind = 'household'
    JOIN households r ON r.id = i.subject_id AND r.status = 'active'
    JOIN households h ON h.id = r.id
    WHERE {in_scope} AND {in_area}
    ORDER BY c.card, h.id) k ON k.card = f.family_card
LEFT JOIN LATERAL (
    SELECT facts FROM welfare_snapshots w WHERE w.household_id = coalesce(k.household_id, f.linked) AND w.source = '{source}' AND w.period < '{period}'
    ORDER BY w.period DESC LIMIT 1) s ON true;
DELETE FROM batch_families WHERE known IS NULL AND NOT {do_new};
ANALYZE batch_families;";

/// The members of the batch with the person each one is, or will be.
pub const MEMBERS: &str = "
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
    JOIN households h ON h.id = p.household_id
    WHERE {in_scope}
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
WHERE (l.id IS NOT NULL OR r.row_no NOT IN (SELECT row_no FROM by_nik UNION ALL SELECT row_no FROM by_name))
  AND (l.id IS NOT NULL OR {do_new});
ANALYZE batch_members;";

/// What differs, field by field, with who said what is there and who is believed. A code list of facts is filled where we
/// have nothing, whoever says it; the house as the source sees it counts only where the source itself now says something
/// else than before.
pub const FIELDS: &str = "
CREATE TEMP TABLE batch_fields ON COMMIT DROP AS
SELECT v.*, o.source AS origin, source_wins(v.field, o.source, o.period, '{source}', '{period}') AS wins
FROM (
    SELECT h.id, 'household' AS subject_kind, f.row_no, h.household_source, v.field, v.ours, v.theirs, v.fills, h.created
    FROM batch_families f
    JOIN LATERAL (SELECT h.id, h.source AS household_source, h.decile_source, to_char(h.created_at, 'YYYY-MM') AS created, h.region_code, h.declared_members,
                         h.decile, d.street, d.housing, d.assets FROM households h JOIN household_details d ON d.household_id = h.id WHERE h.id = f.known) h ON true
    CROSS JOIN LATERAL (VALUES
        ('region', to_jsonb(h.region_code), to_jsonb(f.region_code), false, h.region_code IS DISTINCT FROM f.region_code),
        ('declared_members', to_jsonb(h.declared_members), to_jsonb(f.declared_members), h.declared_members IS NULL,
            f.declared_members IS NOT NULL AND h.declared_members IS DISTINCT FROM f.declared_members),
        ('decile', to_jsonb(h.decile), to_jsonb(f.decile_national), h.decile IS NULL, f.decile_national IS NOT NULL AND h.decile IS DISTINCT FROM f.decile_national),
        ('housing', h.housing, f.housing, f.housing || h.housing IS DISTINCT FROM h.housing,
            f.said_before IS DISTINCT FROM f.says_now AND h.housing || f.housing IS DISTINCT FROM h.housing),
        ('assets', h.assets, f.assets, f.assets || h.assets IS DISTINCT FROM h.assets,
            f.said_before IS DISTINCT FROM f.says_now AND h.assets || f.assets IS DISTINCT FROM h.assets),
        ('address', NULL, to_jsonb(concat_ws(' ', f.street, f.rt, f.rw)), true, h.street IS NULL AND f.street IS NOT NULL)
    ) v (field, ours, theirs, fills, differs)
    WHERE f.row_no IS NOT NULL AND v.differs
    UNION ALL
    SELECT p.id, 'individual', m.row_no, p.source, v.field, v.ours, v.theirs, v.fills, to_char(p.created_at, 'YYYY-MM')
    FROM batch_members m JOIN individuals p ON p.id = m.known
    CROSS JOIN LATERAL (VALUES
        ('family', to_jsonb(p.household_id), to_jsonb(m.household_id), false, p.household_id <> m.household_id),
        ('relation', to_jsonb(p.relation), to_jsonb(m.relation), p.relation IS NULL, m.relation IS NOT NULL AND p.relation IS DISTINCT FROM m.relation),
        ('marital_status', to_jsonb(p.marital_status), to_jsonb(m.marital_status), p.marital_status IS NULL,
            m.marital_status IS NOT NULL AND p.marital_status IS DISTINCT FROM m.marital_status),
        ('facts', p.facts, m.facts, m.facts || p.facts IS DISTINCT FROM p.facts, p.facts || m.facts IS DISTINCT FROM p.facts),
        ('nik', NULL, to_jsonb(left(m.nik_text, 6) || '******' || right(m.nik_text, 4)), true, p.nik IS NULL AND m.nik IS NOT NULL),
        ('birth_date', NULL, to_jsonb(m.birth_date), true, p.birth_date IS NULL AND m.birth_date IS NOT NULL),
        ('sex', NULL, to_jsonb(m.sex), true, p.sex IS NULL AND m.sex IS NOT NULL),
        ('mother_name', NULL, to_jsonb(m.mother_name), true, p.mother_name IS NULL AND m.mother_name IS NOT NULL),
        ('phone', NULL, to_jsonb(m.phone), true, p.phone IS NULL AND m.phone IS NOT NULL)
    ) v (field, ours, theirs, fills, differs)
    WHERE v.differs) v
CROSS JOIN LATERAL (
    SELECT coalesce(o.source, b.base) AS source,
           coalesce(o.period, (SELECT max(w.period) FROM welfare_snapshots w WHERE w.source = b.base
               AND w.household_id = coalesce((SELECT p.household_id FROM individuals p WHERE v.subject_kind = 'individual' AND p.id = v.id), v.id)), v.created) AS period
    FROM (SELECT coalesce(CASE WHEN v.field = 'decile' THEN (SELECT h.decile_source FROM households h WHERE h.id = v.id) END, v.household_source) AS base) b
    LEFT JOIN field_origins o ON o.subject_id = v.id AND o.field = v.field) o;
ANALYZE batch_fields;";

/// What is about to change, as it was.
pub const REMEMBER: &str = "
CREATE TEMP TABLE changed_households ON COMMIT DROP AS
SELECT id, bool_or(field = 'region') AS region, bool_or(field = 'declared_members') AS declared_members, bool_or(field = 'decile') AS decile,
       bool_or(field = 'housing' AND wins) AS housing, bool_or(field = 'housing') AS fill_housing,
       bool_or(field = 'assets' AND wins) AS assets, bool_or(field = 'assets') AS fill_assets, bool_or(field = 'address') AS address
FROM batch_fields WHERE subject_kind = 'household' AND (wins OR fills) AND CASE WHEN field = 'region' THEN {do_moved} ELSE {do_changed} END
GROUP BY id;
CREATE TEMP TABLE changed_individuals ON COMMIT DROP AS
SELECT id, bool_or(field = 'family') AS family, bool_or(field = 'relation') AS relation, bool_or(field = 'marital_status') AS marital_status,
       bool_or(field = 'facts' AND wins) AS facts, bool_or(field <> 'family') AS fill
FROM batch_fields WHERE subject_kind = 'individual' AND (wins OR fills) AND CASE WHEN field = 'family' THEN {do_moved} ELSE {do_changed} END
GROUP BY id;
INSERT INTO import_changes (import_id, subject_kind, subject_id, version_after, before)
SELECT '{import}', 'household', h.id, h.version + 1,
       jsonb_build_object('household', to_jsonb(h), 'details', to_jsonb(d))
FROM changed_households c JOIN households h ON h.id = c.id JOIN household_details d ON d.household_id = h.id
ON CONFLICT (import_id, subject_kind, subject_id) DO NOTHING;
INSERT INTO import_changes (import_id, subject_kind, subject_id, version_after, before)
SELECT '{import}', 'individual', p.id, p.version + 1, to_jsonb(p) FROM changed_individuals c JOIN individuals p ON p.id = c.id
ON CONFLICT (import_id, subject_kind, subject_id) DO NOTHING;";

/// New households.
pub const CREATE_HOUSEHOLDS: &str = "
INSERT INTO households (id, region_code, district_code, family_card_number, head_name, declared_members, decile, decile_source, source, created_at, updated_at)
SELECT household_id, region_code, left(region_code, 8), CASE WHEN '{key_kind}' = 'family_card' THEN key_text END, head_name, declared_members, decile_national,
       CASE WHEN decile_national IS NOT NULL THEN '{source}' END, '{source}', $1, $1
FROM batch_families WHERE known IS NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING";

/// What belongs to them; and the source's own key of families that were known without it.
pub const CREATE_AROUND: &str = "
INSERT INTO household_details (household_id, street, rt, rw, housing, assets)
SELECT household_id, street, rt, rw, housing, assets FROM batch_families WHERE known IS NULL ORDER BY row_no
ON CONFLICT (household_id) DO NOTHING;
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source)
SELECT ('{card_claim}' || lpad(to_hex(row_no), 12, '0'))::uuid, 'household', household_id, '{key_kind}', key_text, '{source}'
FROM batch_families WHERE claimed IS NULL AND row_no IS NOT NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING;";

/// Known households.
pub const UPDATE_HOUSEHOLDS: &str = "
UPDATE households h SET
    region_code = CASE WHEN c.region THEN f.region_code ELSE h.region_code END,
    district_code = CASE WHEN c.region THEN left(f.region_code, 8) ELSE h.district_code END,
    declared_members = CASE WHEN c.declared_members THEN f.declared_members ELSE h.declared_members END,
    decile = CASE WHEN c.decile THEN f.decile_national ELSE h.decile END,
    decile_source = CASE WHEN c.decile THEN '{source}' ELSE h.decile_source END,
    version = h.version + 1, updated_at = $1
FROM changed_households c JOIN batch_families f ON f.known = c.id
WHERE h.id = c.id";

/// What belongs to them.
pub const UPDATE_DETAILS: &str = "
UPDATE household_details d SET
    housing = CASE WHEN c.housing THEN d.housing || f.housing WHEN c.fill_housing THEN f.housing || d.housing ELSE d.housing END,
    assets = CASE WHEN c.assets THEN d.assets || f.assets WHEN c.fill_assets THEN f.assets || d.assets ELSE d.assets END,
    street = CASE WHEN c.address THEN coalesce(d.street, f.street) ELSE d.street END,
    rt = CASE WHEN c.address THEN coalesce(d.rt, f.rt) ELSE d.rt END, rw = CASE WHEN c.address THEN coalesce(d.rw, f.rw) ELSE d.rw END
FROM changed_households c JOIN batch_families f ON f.known = c.id
WHERE d.household_id = c.id";

/// New people.
pub const CREATE_INDIVIDUALS: &str = "
INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, sex, birth_date, birth_date_precision, mother_name,
                         relation, marital_status, phone, facts, source, created_at, updated_at)
SELECT individual_id, household_id, name, name_key, nik_text, CASE WHEN nik IS NOT NULL THEN 'unchecked' END, sex, birth_date,
       CASE WHEN birth_date IS NULL THEN 'unknown' WHEN birth_year_only THEN 'year' ELSE 'day' END, mother_name, relation, marital_status,
       phone, facts, '{source}', $1, $1
FROM batch_members WHERE known IS NULL ORDER BY row_no
ON CONFLICT (id) DO NOTHING";

/// What belongs to people.
pub const AROUND_INDIVIDUALS: &str = "
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source)
SELECT ('{nik_claim}' || lpad(to_hex(m.row_no), 12, '0'))::uuid, 'individual', m.individual_id, 'nik', m.nik_text, '{source}'
FROM batch_members m
WHERE m.nik IS NOT NULL AND (m.known IS NULL OR {do_changed}) AND NOT EXISTS (
    SELECT FROM identifiers i WHERE i.kind = 'nik' AND i.value = m.nik_text AND i.subject_id = m.individual_id)
ORDER BY m.row_no
ON CONFLICT (id) DO NOTHING;
INSERT INTO restricted_facts (id, individual_id, household_id, variable, code, source)
SELECT gen_random_uuid(), m.individual_id, m.household_id, fact ->> 0, fact ->> 1, '{source}'
FROM batch_members m, jsonb_array_elements(m.restricted) fact WHERE m.restricted IS NOT NULL AND (m.known IS NULL OR {do_changed})
ON CONFLICT (individual_id, variable) DO UPDATE SET code = EXCLUDED.code, source = EXCLUDED.source
WHERE restricted_facts.code <> EXCLUDED.code
  AND (restricted_facts.source = '{source}' OR source_wins('facts', restricted_facts.source, to_char(restricted_facts.created_at, 'YYYY-MM'), '{source}', '{period}'));
INSERT INTO memberships (id, household_id, individual_id, kind, relation, to_date, end_reason)
SELECT gen_random_uuid(), p.household_id, p.id, 'registered', p.relation, ('{period}-01')::date, 'moved_by_import'
FROM changed_individuals c JOIN batch_members m ON m.known = c.id JOIN individuals p ON p.id = m.known WHERE c.family AND p.household_id <> m.household_id;
INSERT INTO name_keys (name_key, uses)
SELECT name_key, count(*) FROM batch_members WHERE known IS NULL GROUP BY name_key ORDER BY name_key
ON CONFLICT (name_key) DO UPDATE SET uses = name_keys.uses + EXCLUDED.uses;";

/// Known people.
pub const UPDATE_INDIVIDUALS: &str = "
UPDATE individuals p SET
    household_id = CASE WHEN c.family THEN m.household_id ELSE p.household_id END,
    facts = CASE WHEN c.facts THEN p.facts || m.facts WHEN c.fill THEN m.facts || p.facts ELSE p.facts END,
    relation = CASE WHEN c.relation THEN m.relation ELSE p.relation END,
    marital_status = CASE WHEN c.marital_status THEN m.marital_status ELSE p.marital_status END,
    sex = CASE WHEN c.fill THEN coalesce(p.sex, m.sex) ELSE p.sex END,
    mother_name = CASE WHEN c.fill THEN coalesce(p.mother_name, m.mother_name) ELSE p.mother_name END,
    phone = CASE WHEN c.fill THEN coalesce(p.phone, m.phone) ELSE p.phone END,
    nik = CASE WHEN c.fill THEN coalesce(p.nik, m.nik_text) ELSE p.nik END,
    nik_status = CASE WHEN c.fill AND p.nik IS NULL AND m.nik IS NOT NULL THEN 'unchecked' ELSE p.nik_status END,
    birth_date = CASE WHEN c.fill THEN coalesce(p.birth_date, m.birth_date) ELSE p.birth_date END,
    birth_date_precision = CASE WHEN c.fill AND p.birth_date IS NULL AND m.birth_date IS NOT NULL THEN CASE WHEN m.birth_year_only THEN 'year' ELSE 'day' END ELSE p.birth_date_precision END,
    version = p.version + 1, updated_at = $1
FROM changed_individuals c JOIN batch_members m ON m.known = c.id
WHERE p.id = c.id";

/// Counts, heads and completeness of every household that the batch touched, people's old homes included.
pub const RECOUNT: &str = "
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

/// What the source says of the month, beside what it and others said before.
pub const SNAPSHOTS: &str = "
INSERT INTO welfare_snapshots (household_id, source, period, decile_national, decile_province, decile_city, facts, import_id, received_at)
SELECT household_id, '{source}', '{period}', decile_national, decile_province, decile_city, says_now, '{import}', $1
FROM batch_families WHERE row_no IS NOT NULL ORDER BY row_no
ON CONFLICT (household_id, source, period) DO UPDATE SET
    decile_national = EXCLUDED.decile_national, decile_province = EXCLUDED.decile_province, decile_city = EXCLUDED.decile_city,
    facts = EXCLUDED.facts, import_id = EXCLUDED.import_id, received_at = EXCLUDED.received_at
WHERE (welfare_snapshots.decile_national, welfare_snapshots.decile_province, welfare_snapshots.decile_city, welfare_snapshots.facts)
      IS DISTINCT FROM (EXCLUDED.decile_national, EXCLUDED.decile_province, EXCLUDED.decile_city, EXCLUDED.facts)";

/// Digests of the rows that were taken in whole, in the place of earlier ones of the same subject.
pub const DIGESTS: &str = "
DELETE FROM source_rows s USING batch_families f WHERE s.source = '{source}' AND s.part = 'families' AND s.subject_id = f.household_id AND f.row_no IS NOT NULL;
DELETE FROM source_rows s USING batch_members m WHERE s.source = '{source}' AND s.part = 'members' AND s.subject_id = m.individual_id;
INSERT INTO source_rows (source, part, subject_id, row_hash, import_id)
SELECT '{source}', 'families', household_id, row_hash, '{import}'::uuid FROM batch_families WHERE row_no IS NOT NULL
UNION ALL SELECT '{source}', 'members', individual_id, row_hash, '{import}'::uuid FROM batch_members
ON CONFLICT DO NOTHING;";

/// Tells the search of each record.
pub const FEED: &str = "
INSERT INTO registry_changes (kind, subject_id)
SELECT 'household', household_id FROM batch_families WHERE known IS NULL UNION ALL SELECT 'household', id FROM changed_households
UNION ALL SELECT 'individual', individual_id FROM batch_members WHERE known IS NULL UNION ALL SELECT 'individual', id FROM changed_individuals";
