//! Rules between rows, and between rows and the registry, as set-based SQL. Findings go into `import_issues`, and the
//! rows that wait are marked in the staging tables.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use crate::kernel::problem::Problem;

/// Column headings of the two files, for the issues.
#[derive(Debug, Clone, Default)]
pub struct Headings {
    /// Family card in the family file.
    pub family_card: String,
    /// Family card in the member file.
    pub member_card: String,
    /// NIK in the member file.
    pub nik: String,
}

/// The second of two rows with one family card: the first counts.
const KK_REPEATED: &str = "
INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, value_masked)
SELECT $1, 'families', row_no, $2, 'kk_repeated', 'reject', left(card, 6) || '******' || right(card, 4)
FROM (SELECT row_no, coalesce(family_key, lpad(family_card::text, 16, '0')) AS card, row_number() OVER (PARTITION BY family_card ORDER BY row_no) AS place
      FROM import_families WHERE import_id = $1 AND NOT rejected AND family_card IN (
          SELECT family_card FROM import_families WHERE import_id = $1 AND NOT rejected GROUP BY family_card HAVING count(*) > 1)) f
WHERE place > 1";

const MARK_FAMILIES: &str = "
UPDATE import_families f SET rejected = true
FROM (SELECT DISTINCT row_no FROM import_issues WHERE import_id = $1 AND file = 'families' AND verdict IN ('reject', 'conflict')) i
WHERE f.import_id = $1 AND f.row_no = i.row_no AND NOT f.rejected";

/// Members whose family is neither accepted from this file nor in the registry (within the uploader's area, $3).
const FAMILY_NOT_FOUND: &str = "
INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, value_masked)
SELECT $1, 'members', m.row_no, $2, 'family_not_found', 'reject', left(m.card, 6) || '******' || right(m.card, 4)
FROM (SELECT m.row_no, coalesce(m.family_key, lpad(m.family_card::text, 16, '0')) AS card
      FROM import_members m
      LEFT JOIN import_families f ON f.import_id = $1 AND NOT f.rejected AND f.family_card = m.family_card
      WHERE m.import_id = $1 AND m.family_card IS NOT NULL AND f.row_no IS NULL) m
WHERE NOT EXISTS (
    SELECT FROM identifiers k JOIN households h ON h.id = k.subject_id
    WHERE k.kind = $4 AND k.value = m.card AND k.valid_to IS NULL AND k.subject_kind = 'household' AND h.status = 'active'
      AND ($3::text[] IS NULL OR h.region_code = ANY ($3)))
ORDER BY m.row_no";

/// Two rows of the file with one NIK whose names and birth dates both differ. What is unknown does not agree.
const NIK_SHARED_IN_FILE: &str = "
WITH shared AS MATERIALIZED (
    SELECT row_no, nik, name_key, birth_date FROM import_members
    WHERE import_id = $1 AND nik IS NOT NULL AND name_key <> '' AND nik IN (
        SELECT nik FROM import_members WHERE import_id = $1 AND nik IS NOT NULL AND name_key <> '' GROUP BY nik HAVING count(*) > 1))
INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, value_masked)
SELECT $1, 'members', a.row_no, $2, 'nik_shared', 'conflict',
       left(lpad(a.nik::text, 16, '0'), 6) || '******' || right(lpad(a.nik::text, 16, '0'), 4)
FROM shared a
WHERE EXISTS (SELECT FROM shared b WHERE b.nik = a.nik AND b.row_no <> a.row_no AND b.name_key <> a.name_key
              AND (b.birth_date = a.birth_date) IS NOT TRUE)
  AND NOT EXISTS (SELECT FROM import_issues i WHERE i.import_id = $1 AND i.file = 'members' AND i.row_no = a.row_no AND i.code = 'nik_shared')
ORDER BY a.row_no";

/// The same against people of the registry. With an area ($3), only people inside it are compared here: others would
/// tell the uploader that they exist.
const NIK_SHARED_IN_REGISTRY: &str = "
INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, value_masked, city_only)
SELECT DISTINCT ON (m.row_no) $1, 'members', m.row_no, $2, 'nik_shared', 'conflict',
       left(lpad(m.nik::text, 16, '0'), 6) || '******' || right(lpad(m.nik::text, 16, '0'), 4), $4 = 1
FROM import_members m
JOIN identifiers k ON k.kind = 'nik' AND k.value = lpad(m.nik::text, 16, '0') AND k.valid_to IS NULL AND k.subject_kind = 'individual'
JOIN individuals p ON p.id = k.subject_id AND p.merged_into IS NULL
JOIN households h ON h.id = p.household_id
WHERE m.import_id = $1 AND m.nik IS NOT NULL AND m.name_key <> '' AND p.name_key <> m.name_key
  AND (p.birth_date = m.birth_date) IS NOT TRUE
  AND ($3::text[] IS NULL OR (h.region_code = ANY ($3)) = ($4 = 0))
  AND NOT EXISTS (SELECT FROM import_issues i WHERE i.import_id = $1 AND i.file = 'members' AND i.row_no = m.row_no AND i.code = 'nik_shared')
ORDER BY m.row_no";

/// What only holds if the NIK can be trusted is not said where two people claim it.
const SUPPRESS: &str = "
DELETE FROM import_issues i USING import_issues c
WHERE i.import_id = $1 AND c.import_id = $1 AND i.file = 'members' AND c.file = 'members' AND c.row_no = i.row_no
  AND c.code = 'nik_shared' AND i.code IN ('nik_birth_date_mismatch', 'nik_implausible', 'nik_missing')";

const MARK_MEMBERS: &str = "
UPDATE import_members m SET rejected = true
FROM (SELECT DISTINCT row_no FROM import_issues WHERE import_id = $1 AND file = 'members' AND verdict IN ('reject', 'conflict')) i
WHERE m.import_id = $1 AND m.row_no = i.row_no AND NOT m.rejected";

/// The same person twice: by NIK, or by name and birth date in one family. The first row counts.
const PERSON_REPEATED: &str = "
WITH twice AS (
    SELECT row_no FROM (
        SELECT row_no, row_number() OVER (PARTITION BY nik ORDER BY row_no) AS place
        FROM import_members WHERE import_id = $1 AND NOT rejected AND nik IN (
            SELECT nik FROM import_members WHERE import_id = $1 AND NOT rejected AND nik IS NOT NULL GROUP BY nik HAVING count(*) > 1)) n
    WHERE place > 1
    UNION
    SELECT row_no FROM (
        SELECT row_no, row_number() OVER (person ORDER BY (nik IS NULL), row_no) AS place, min(nik) OVER person AS least, max(nik) OVER person AS most
        FROM import_members
        WHERE import_id = $1 AND NOT rejected AND birth_date IS NOT NULL AND hashtextextended(name_key, family_card) IN (
            SELECT hashtextextended(name_key, family_card) FROM import_members
            WHERE import_id = $1 AND NOT rejected AND birth_date IS NOT NULL GROUP BY 1 HAVING count(*) > 1)
        WINDOW person AS (PARTITION BY family_card, name_key, birth_date)) d
    WHERE place > 1 AND (least IS NULL OR least = most)),
noted AS (
    INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict)
    SELECT $1, 'members', row_no, $2, 'person_repeated', 'warn' FROM twice ORDER BY row_no)
UPDATE import_members m SET rejected = true FROM twice WHERE m.import_id = $1 AND m.row_no = twice.row_no";

fn run(conn: &mut PgConnection, sql: &str, import: Uuid, column: &str) -> Result<(), Problem> {
    diesel::sql_query(sql).bind::<SqlUuid, _>(import).bind::<Text, _>(column).execute(conn)?;
    Ok(())
}

fn mark(conn: &mut PgConnection, sql: &str, import: Uuid) -> Result<usize, Problem> {
    Ok(diesel::sql_query(sql).bind::<SqlUuid, _>(import).execute(conn)?)
}

/// Between staged rows a plan by hash or merge is never wrong by much, one by nested loop is where the planner does not
/// yet know how many issues there are.
fn nested_loops(conn: &mut PgConnection, on: bool) -> Result<(), Problem> {
    use diesel::connection::SimpleConnection as _;
    conn.batch_execute(if on { "SET LOCAL enable_nestloop = on" } else { "SET LOCAL enable_nestloop = off" })?;
    Ok(())
}

/// Finds everything between rows. `scope` confines it to an uploader's kelurahan.
pub fn cross_rows(
    conn: &mut PgConnection,
    import: Uuid,
    heads: &Headings,
    scope: Option<&[String]>,
    key_kind: &str,
) -> Result<(), Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        nested_loops(conn, false)?;
        run(conn, KK_REPEATED, import, &heads.family_card)?;
        mark(conn, MARK_FAMILIES, import)?;
        nested_loops(conn, true)?;
        diesel::sql_query(FAMILY_NOT_FOUND)
            .bind::<SqlUuid, _>(import)
            .bind::<Text, _>(&heads.member_card)
            .bind::<Nullable<Array<Text>>, _>(scope)
            .bind::<Text, _>(key_kind)
            .execute(conn)?;
        against_registry(conn, NIK_SHARED_IN_REGISTRY, import, &heads.nik, scope, false)?;
        nested_loops(conn, false)?;
        run(conn, NIK_SHARED_IN_FILE, import, &heads.nik)?;
        mark(conn, SUPPRESS, import)?;
        mark(conn, MARK_MEMBERS, import)?;
        run(conn, PERSON_REPEATED, import, &heads.nik)?;
        Ok(())
    })
}

/// The same statement over a list of people instead of the members of families.
fn over_list(sql: &str) -> String {
    sql.replace("import_members", "import_people").replace("'members'", "'list'")
}

/// Finds everything between the rows of a list of people.
pub fn cross_people(conn: &mut PgConnection, import: Uuid, nik: &str, scope: Option<&[String]>) -> Result<(), Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        against_registry(conn, &over_list(NIK_SHARED_IN_REGISTRY), import, nik, scope, false)?;
        run(conn, &over_list(NIK_SHARED_IN_FILE), import, nik)?;
        mark(conn, &over_list(SUPPRESS), import)?;
        mark(conn, &over_list(MARK_MEMBERS), import)?;
        Ok(())
    })
}

/// People of a confined list whom the registry has outside its area: they wait, and only whoever works for the city
/// learns why. Run while applying.
pub fn people_elsewhere(conn: &mut PgConnection, import: Uuid, nik: &str, scope: &[String]) -> Result<(), Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        against_registry(conn, &over_list(NIK_SHARED_IN_REGISTRY), import, nik, Some(scope), true)?;
        diesel::sql_query(
            "INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, city_only)
             SELECT DISTINCT ON (m.row_no) $1, 'list', m.row_no, $2, 'known_elsewhere', 'conflict', true
             FROM import_people m
             JOIN identifiers k ON k.kind = 'nik' AND k.value = lpad(m.nik::text, 16, '0') AND k.valid_to IS NULL
             JOIN individuals p ON p.id = k.subject_id AND p.merged_into IS NULL
             JOIN households h ON h.id = p.household_id AND h.region_code <> ALL ($3)
             WHERE m.import_id = $1 AND NOT m.rejected
               AND NOT EXISTS (SELECT FROM import_issues i WHERE i.import_id = $1 AND i.file = 'list' AND i.row_no = m.row_no AND i.city_only)
             ORDER BY m.row_no",
        )
        .bind::<SqlUuid, _>(import)
        .bind::<Text, _>(nik)
        .bind::<Array<Text>, _>(scope)
        .execute(conn)?;
        mark(conn, &over_list(MARK_MEMBERS), import)?;
        Ok(())
    })
}

fn against_registry(
    conn: &mut PgConnection,
    sql: &str,
    import: Uuid,
    nik: &str,
    scope: Option<&[String]>,
    outside: bool,
) -> Result<usize, Problem> {
    Ok(diesel::sql_query(sql)
        .bind::<SqlUuid, _>(import)
        .bind::<Text, _>(nik)
        .bind::<Nullable<Array<Text>>, _>(scope)
        .bind::<Integer, _>(i32::from(outside))
        .execute(conn)?)
}

/// Families and people of a confined import that the registry has outside its area: they wait, and only whoever works
/// for the city learns why. Run while applying, by the coordinator.
const ELSEWHERE: [&str; 2] = [
    "INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, city_only)
     SELECT $1, 'families', f.row_no, $2, 'known_elsewhere', 'conflict', true
     FROM import_families f
     JOIN identifiers k ON k.kind = 'family_card' AND k.value = lpad(f.family_card::text, 16, '0') AND k.valid_to IS NULL
     JOIN households h ON h.id = k.subject_id AND h.status = 'active'
     WHERE f.import_id = $1 AND NOT f.rejected AND h.region_code <> ALL ($3)
       AND NOT EXISTS (SELECT FROM import_issues i WHERE i.import_id = $1 AND i.file = 'families' AND i.row_no = f.row_no AND i.city_only)",
    "INSERT INTO import_issues (import_id, file, row_no, column_name, code, verdict, city_only)
     SELECT DISTINCT ON (m.row_no) $1, 'members', m.row_no, $2, 'known_elsewhere', 'conflict', true
     FROM import_members m
     LEFT JOIN import_families f ON f.import_id = $1 AND f.family_card = m.family_card AND f.rejected
     LEFT JOIN (identifiers k JOIN individuals p ON p.id = k.subject_id AND p.merged_into IS NULL
                JOIN households h ON h.id = p.household_id AND h.region_code <> ALL ($3))
       ON k.kind = 'nik' AND k.value = lpad(m.nik::text, 16, '0') AND k.valid_to IS NULL
     WHERE m.import_id = $1 AND NOT m.rejected AND (f.row_no IS NOT NULL OR h.id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM import_issues i WHERE i.import_id = $1 AND i.file = 'members' AND i.row_no = m.row_no AND i.city_only)
     ORDER BY m.row_no",
];

/// Marks what a confined import may not touch.
pub fn elsewhere(conn: &mut PgConnection, import: Uuid, heads: &Headings, scope: &[String]) -> Result<(), Problem> {
    conn.transaction(|conn| {
        settings(conn)?;
        against_registry(conn, NIK_SHARED_IN_REGISTRY, import, &heads.nik, Some(scope), true)?;
        for (sql, column, marking) in
            [(ELSEWHERE[0], &heads.family_card, MARK_FAMILIES), (ELSEWHERE[1], &heads.member_card, MARK_MEMBERS)]
        {
            diesel::sql_query(sql)
                .bind::<SqlUuid, _>(import)
                .bind::<Text, _>(column)
                .bind::<Array<Text>, _>(scope)
                .execute(conn)?;
            mark(conn, marking, import)?;
        }
        Ok(())
    })
}

/// Memory for hash joins over a whole city, for this transaction alone.
pub fn settings(conn: &mut PgConnection) -> Result<(), Problem> {
    use diesel::connection::SimpleConnection as _;
    conn.batch_execute("SET LOCAL work_mem = '192MB'; SET LOCAL statement_timeout = 0; SET LOCAL jit = off;")?;
    Ok(())
}

#[derive(QueryableByName)]
struct VerdictCount {
    #[diesel(sql_type = Text)]
    verdict: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Rows by their strongest verdict, over both files; rows without an issue are not among them. What is only for the
/// city's eyes does not count.
pub fn verdicts(conn: &mut PgConnection, import: Uuid) -> Result<Vec<(String, i64)>, Problem> {
    let rows: Vec<VerdictCount> = diesel::sql_query(
        "SELECT (ARRAY['warn', 'drop', 'conflict', 'reject'])[strength] AS verdict, count(*) AS rows
         FROM (SELECT max(array_position(ARRAY['warn', 'drop', 'conflict', 'reject'], verdict)) AS strength
               FROM import_issues WHERE import_id = $1 AND NOT city_only GROUP BY file, row_no) r
         GROUP BY strength",
    )
    .bind::<SqlUuid, _>(import)
    .load(conn)?;
    Ok(rows.into_iter().map(|r| (r.verdict, r.rows)).collect())
}

/// Numbers of the rows of a file that somebody has to correct, in order.
pub fn rows_to_correct(conn: &mut PgConnection, import: Uuid, file: &str) -> Result<Vec<i32>, Problem> {
    use crate::db::schema::import_issues::dsl as i;
    Ok(i::import_issues
        .filter(i::import_id.eq(import).and(i::file.eq(file)).and(i::city_only.eq(false)))
        .filter(i::verdict.eq_any(["reject", "conflict", "drop"]))
        .select(i::row_no)
        .distinct()
        .order(i::row_no)
        .load(conn)?)
}
