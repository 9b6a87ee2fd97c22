//! What a search reads under the caller's scope.

pub mod source;

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use crate::access::{Reader, Scope};
use crate::db::schema::{households, individuals};
use crate::db::sql::Sql;
use crate::households::model::HouseholdQuery;
use crate::households::queries::list::{SummaryRow, filtered};
use crate::households::queries::people::MemberRow;
use crate::households::queries::visible::visible_households;
use crate::kernel::problem::Problem;

/// Of these households those within the scope that pass the filter.
pub fn shown(r: &mut Reader<'_>, filter: &HouseholdQuery, ids: &[Uuid]) -> Result<Vec<SummaryRow>, Problem> {
    let query = filtered(r, filter).filter(households::id.eq_any(ids.to_vec())).select(SummaryRow::as_select());
    Ok(query.load(r.conn())?)
}

/// Everybody in these households, who have been shown to be within the scope.
pub fn people(r: &mut Reader<'_>, shown: &[SummaryRow]) -> Result<Vec<MemberRow>, Problem> {
    let ids: Vec<Uuid> = shown.iter().map(|row| row.id).collect();
    Ok(individuals::table
        .filter(individuals::household_id.eq_any(ids).and(individuals::merged_into.is_null()))
        .order(individuals::id)
        .select(MemberRow::as_select())
        .load(r.conn())?)
}

/// Households the caller may see that lie outside his area: assigned, referred to his organization, his own.
pub fn outside_area(r: &mut Reader<'_>) -> Result<Vec<Uuid>, Problem> {
    let scope = r.scope().clone();
    if scope.city {
        return Ok(Vec::new());
    }
    if scope.assigned.is_empty() && scope.organizations.is_empty() && scope.person.is_none() {
        return Ok(Vec::new());
    }
    let elsewhere = Scope { districts: Vec::new(), villages: Vec::new(), ..scope.clone() };
    let found: Vec<(Uuid, String)> =
        visible_households(&elsewhere).select((households::id, households::region_code)).load(r.conn())?;
    let mut ids: Vec<Uuid> =
        found.into_iter().filter(|(_, region)| !scope.covers_region(region)).map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// A number that is claimed, and whose household that is.
#[derive(QueryableByName)]
pub struct Claim {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub value: String,
    #[diesel(sql_type = SqlUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub individual_id: Option<Uuid>,
}

const CLAIMS: &str =
    "SELECT c.kind, c.value, coalesce(p.household_id, c.subject_id) AS household_id, p.id AS individual_id
    FROM identifiers c LEFT JOIN individuals p ON c.subject_kind = 'individual' AND p.id = c.subject_id
    WHERE c.kind = ANY(ARRAY['nik', 'family_card'])";

/// Claims of these numbers. Not scoped: only what [`shown`] lets through may leave.
pub fn claims(r: &mut Reader<'_>, numbers: Vec<String>) -> Result<Vec<Claim>, Problem> {
    Ok(Sql::new(CLAIMS).push(" AND c.value = ANY(").bind::<Array<Text>, _>(numbers).push(")").rows(r.conn())?)
}

/// Claims of numbers that begin so. Not scoped: only what [`shown`] lets through may leave.
pub fn claims_from(r: &mut Reader<'_>, digits: String) -> Result<Vec<Claim>, Problem> {
    // Above every digit stands the colon.
    let end = format!("{digits}:");
    let sql = Sql::new(CLAIMS).push(" AND c.value >= ").bind::<Text, _>(digits);
    Ok(sql.push(" AND c.value < ").bind::<Text, _>(end).rows(r.conn())?)
}

/// Something of a household that may be like the query.
#[derive(QueryableByName)]
pub struct Candidate {
    #[diesel(sql_type = SqlUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Text)]
    pub text: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub rt: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub rw: Option<String>,
}

const NAMES: &str = "SELECT p.household_id, p.name AS text, NULL AS rt, NULL AS rw FROM individuals p
    JOIN households h ON h.id = p.household_id AND h.status <> 'merged' WHERE p.merged_into IS NULL AND ";
const STREETS: &str = "SELECT d.household_id, d.street AS text, d.rt, d.rw FROM household_details d
    JOIN households h ON h.id = d.household_id AND h.status <> 'merged' WHERE d.street IS NOT NULL AND ";

/// Names of these households.
pub fn names_of(r: &mut Reader<'_>, ids: Vec<Uuid>) -> Result<Vec<Candidate>, Problem> {
    Ok(Sql::new(NAMES).push("p.household_id = ANY(").bind::<Array<SqlUuid>, _>(ids).push(")").rows(r.conn())?)
}

/// Addresses of these households.
pub fn streets_of(r: &mut Reader<'_>, ids: Vec<Uuid>) -> Result<Vec<Candidate>, Problem> {
    Ok(Sql::new(STREETS).push("d.household_id = ANY(").bind::<Array<SqlUuid>, _>(ids).push(")").rows(r.conn())?)
}

/// Names in the caller's area whose key has trigrams in common with the key asked for.
pub fn names_like(r: &mut Reader<'_>, key: String) -> Result<Vec<Candidate>, Problem> {
    let sql = Sql::new(NAMES).push("p.name_key IN (SELECT k.name_key FROM name_keys k WHERE k.name_key % ");
    let sql = sql.bind::<Text, _>(key).push(") AND ");
    Ok(r.scope().push_area(sql, "h").rows(r.conn())?)
}

/// Addresses in the caller's area with trigrams in common with the text asked for.
pub fn streets_like(r: &mut Reader<'_>, text: String) -> Result<Vec<Candidate>, Problem> {
    let sql = Sql::new(STREETS).push("similarity(upper(d.street), ").bind::<Text, _>(text).push(") > 0.25 AND ");
    Ok(r.scope().push_area(sql, "h").rows(r.conn())?)
}
