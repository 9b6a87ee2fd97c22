//! Applying into an empty registry: one transaction, indexes and keys built after the rows.
//!
//! Ids follow from the import and the row: a fixed prefix a kind of record, then the row number. Applying after a
//! crash therefore writes the same rows.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::ApplyContext;
use crate::kernel::problem::Problem;

/// Kinds of records made from rows, part of their ids.
#[derive(Debug, Clone, Copy)]
pub enum Made {
    /// From a family row.
    Household = 0,
    /// From a member row.
    Individual = 1,
    /// Claim of a family card.
    CardClaim = 2,
    /// Claim of a NIK.
    NikClaim = 3,
    /// Problem that a list reports.
    Problem = 4,
}

/// Text of the ids of one kind up to the row number: version 7, the time and random bits of the import's own id.
#[must_use]
pub fn id_prefix(import: Uuid, made: Made) -> String {
    let text = import.hyphenated().to_string();
    let bytes = import.as_bytes();
    let low = bytes.get(9).copied().unwrap_or_default();
    format!("{}8{:x}{low:02x}-", text.get(..19).unwrap_or_default(), made as u8)
}

const HOUSEHOLDS: &str = "
INSERT INTO households (id, region_code, district_code, family_card_number, head_id, head_name, declared_members, members_count,
                        members_complete, decile, decile_source, source, created_at, updated_at)
SELECT ($2 || lpad(to_hex(f.row_no), 12, '0'))::uuid, f.region_code, left(f.region_code, 8), lpad(f.family_card::text, 16, '0'),
       CASE WHEN a.head IS NOT NULL THEN ($3 || lpad(to_hex(a.head), 12, '0'))::uuid END, coalesce(f.head_name, a.head_name),
       f.declared_members, coalesce(a.n, 0), coalesce(a.n >= f.declared_members, false), f.decile_national,
       CASE WHEN f.decile_national IS NOT NULL THEN $4 END, $4, $5, $5
FROM import_families f
LEFT JOIN (SELECT family_card, count(*)::int AS n, min(row_no) FILTER (WHERE relation = 'head') AS head,
                  min(name) FILTER (WHERE relation = 'head') AS head_name
           FROM import_members WHERE import_id = $1 AND NOT rejected GROUP BY family_card) a ON a.family_card = f.family_card
WHERE f.import_id = $1 AND NOT f.rejected";

const DETAILS: &str = "
INSERT INTO household_details (household_id, street, rt, rw, housing, assets)
SELECT ($2 || lpad(to_hex(row_no), 12, '0'))::uuid, street, rt, rw, housing, assets
FROM import_families WHERE import_id = $1 AND NOT rejected";

const SNAPSHOTS: &str = "
INSERT INTO welfare_snapshots (household_id, source, period, decile_national, decile_province, decile_city, facts, import_id, received_at)
SELECT ($2 || lpad(to_hex(row_no), 12, '0'))::uuid, $3, $4, decile_national, decile_province, decile_city, housing || facts, $1, $5
FROM import_families WHERE import_id = $1 AND NOT rejected";

const CARD_CLAIMS: &str = "
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source, created_at)
SELECT ($3 || lpad(to_hex(row_no), 12, '0'))::uuid, 'household', ($2 || lpad(to_hex(row_no), 12, '0'))::uuid, 'family_card',
       lpad(family_card::text, 16, '0'), $4, $5
FROM import_families WHERE import_id = $1 AND NOT rejected";

const INDIVIDUALS: &str = "
INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, sex, birth_date, birth_date_precision, mother_name,
                         relation, marital_status, phone, facts, source, created_at, updated_at)
SELECT ($3 || lpad(to_hex(m.row_no), 12, '0'))::uuid, ($2 || lpad(to_hex(f.row_no), 12, '0'))::uuid, m.name, m.name_key,
       lpad(m.nik::text, 16, '0'), CASE WHEN m.nik IS NOT NULL THEN 'unchecked' END, m.sex, m.birth_date,
       CASE WHEN m.birth_date IS NULL THEN 'unknown' WHEN m.birth_year_only THEN 'year' ELSE 'day' END,
       m.mother_name, m.relation, m.marital_status, m.phone, m.facts, $4, $5, $5
FROM import_members m
JOIN import_families f ON f.import_id = $1 AND f.family_card = m.family_card AND NOT f.rejected
WHERE m.import_id = $1 AND NOT m.rejected";

const NIK_CLAIMS: &str = "
INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source, created_at)
SELECT ($3 || lpad(to_hex(row_no), 12, '0'))::uuid, 'individual', ($2 || lpad(to_hex(row_no), 12, '0'))::uuid, 'nik',
       lpad(nik::text, 16, '0'), $4, $5
FROM import_members WHERE import_id = $1 AND NOT rejected AND nik IS NOT NULL";

const RESTRICTED: &str = "
INSERT INTO restricted_facts (id, individual_id, household_id, variable, code, source, created_at)
SELECT gen_random_uuid(), p.id, p.household_id, fact ->> 0, fact ->> 1, $3, $4
FROM import_members m
JOIN individuals p ON p.id = ($2 || lpad(to_hex(m.row_no), 12, '0'))::uuid, jsonb_array_elements(m.restricted) fact
WHERE m.import_id = $1 AND NOT m.rejected AND m.restricted IS NOT NULL
ON CONFLICT (individual_id, variable) DO NOTHING";

const DIGESTS: &str = "
INSERT INTO source_rows (source, part, subject_id, row_hash, import_id)
SELECT $4, 'families', ($2 || lpad(to_hex(row_no), 12, '0'))::uuid, row_hash, $1 FROM import_families WHERE import_id = $1 AND NOT rejected
UNION ALL
SELECT $4, 'members', ($3 || lpad(to_hex(m.row_no), 12, '0'))::uuid, m.row_hash, $1
FROM import_members m JOIN import_families f ON f.import_id = $1 AND f.family_card = m.family_card AND NOT f.rejected
WHERE m.import_id = $1 AND NOT m.rejected
ON CONFLICT DO NOTHING";

const NAME_KEYS: &str = "
INSERT INTO name_keys (name_key, uses)
SELECT name_key, count(*) FROM import_members WHERE import_id = $1 AND NOT rejected GROUP BY name_key";

/// Steps that [`fill`] tells of; the last is the indexes.
const PARTS: usize = 8;

/// Takes the registry for itself if it is empty. Must run inside a transaction that then calls [`fill`].
pub fn begin(conn: &mut PgConnection) -> Result<bool, Problem> {
    Ok(diesel::select(diesel::dsl::sql::<Bool>("registry_bulk_begin()")).get_result(conn)?)
}

/// Writes everything, and calls `step` between the parts with how many of how many are done. Answers how many
/// households and people there are now.
pub fn fill(conn: &mut PgConnection, ctx: &ApplyContext, step: &dyn Fn(usize, usize)) -> Result<(i64, i64), Problem> {
    let (h, p) = (id_prefix(ctx.import, Made::Household), id_prefix(ctx.import, Made::Individual));
    let (c, n) = (id_prefix(ctx.import, Made::CardClaim), id_prefix(ctx.import, Made::NikClaim));
    let query = |sql: &str| diesel::sql_query(sql).into_boxed::<diesel::pg::Pg>().bind::<SqlUuid, _>(ctx.import);
    let households = query(HOUSEHOLDS)
        .bind::<Text, _>(&h)
        .bind::<Text, _>(&p)
        .bind::<Text, _>(&ctx.source)
        .bind::<Timestamptz, _>(ctx.now)
        .execute(conn)?;
    step(1, PARTS);
    query(DETAILS).bind::<Text, _>(&h).execute(conn)?;
    query(SNAPSHOTS)
        .bind::<Text, _>(&h)
        .bind::<Text, _>(&ctx.source)
        .bind::<Text, _>(&ctx.period)
        .bind::<Timestamptz, _>(ctx.now)
        .execute(conn)?;
    let mut individuals = 0;
    for (part, (sql, subject, claim)) in
        [(CARD_CLAIMS, &h, &c), (INDIVIDUALS, &h, &p), (NIK_CLAIMS, &p, &n)].into_iter().enumerate()
    {
        let rows = query(sql)
            .bind::<Text, _>(subject)
            .bind::<Text, _>(claim)
            .bind::<Text, _>(&ctx.source)
            .bind::<Timestamptz, _>(ctx.now)
            .execute(conn)?;
        if sql == INDIVIDUALS {
            individuals = rows;
        }
        step(part + 2, PARTS);
    }
    query(RESTRICTED).bind::<Text, _>(&p).bind::<Text, _>(&ctx.source).bind::<Timestamptz, _>(ctx.now).execute(conn)?;
    query(NAME_KEYS).execute(conn)?;
    query(DIGESTS).bind::<Text, _>(&h).bind::<Text, _>(&p).bind::<Text, _>(&ctx.source).execute(conn)?;
    step(5, PARTS);
    diesel::sql_query("SELECT registry_bulk_end()").execute(conn)?;
    super::changed_all(conn)?;
    Ok((i64::try_from(households).unwrap_or(i64::MAX), i64::try_from(individuals).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_tell_kinds_apart() {
        let import = Uuid::now_v7();
        let id = |made, row: u32| -> Uuid { format!("{}{row:012x}", id_prefix(import, made)).parse().unwrap() };
        let (a, b) = (id(Made::Household, 2), id(Made::Individual, 2));
        assert_ne!(a, b);
        assert!(id(Made::Household, 3) > a && a > Uuid::nil());
        assert_eq!(a.get_version_num(), 7);
        assert_eq!(a.get_variant(), uuid::Variant::RFC4122);
        assert_eq!(a, id(Made::Household, 2));
    }
}
