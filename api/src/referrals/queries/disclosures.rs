//! SQL of disclosures.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::{ReferralRow, visible_referrals};
use crate::access::{Reader, Scope, Writer};
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::referrals::disclosures::{DisclosureBasis, DisclosureQuery};

/// A disclosure as stored.
#[derive(Debug, QueryableByName)]
pub(in crate::referrals) struct DisclosureRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub referral_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    #[diesel(sql_type = Text)]
    pub organization_name: String,
    #[diesel(sql_type = Array<Text>)]
    pub fields: Vec<String>,
    #[diesel(sql_type = Text)]
    pub basis: DisclosureBasis,
    #[diesel(sql_type = Nullable<Text>)]
    pub agreement_number: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub disclosed_by: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
}

/// Enters what the receiver of a locked referral is given: an agency when it is sent, a partner when it has accepted.
/// A second time (sent again, another day) it is given nothing new.
pub(in crate::referrals) fn disclose(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    basis: DisclosureBasis,
    fields: &[&str],
) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.principal().id);
    let private = match basis {
        DisclosureBasis::Sent => " AND o.kind NOT IN ('foundation', 'philanthropy', 'zakat', 'company')",
        DisclosureBasis::Accepted => " AND o.kind IN ('foundation', 'philanthropy', 'zakat', 'company')",
        DisclosureBasis::Scheduled => "",
    };
    Sql::new("INSERT INTO disclosures (id, referral_id, organization_id, household_id, agreement_number, until_on, basis, fields, disclosed_by, at)
         SELECT ")
        .bind::<PgUuid, _>(Uuid::now_v7())
        .push(", f.id, o.id, f.household_id, o.agreement_number, o.agreement_until, ")
        .bind::<Text, _>(basis)
        .push(", ")
        .bind::<Array<Text>, _>(fields.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>())
        .push(", ")
        .bind::<Nullable<PgUuid>, _>((!actor.is_nil()).then_some(actor))
        .push(", ")
        .bind::<Timestamptz, _>(now)
        .push(" FROM referrals f JOIN organizations o ON o.id = f.to_organization_id WHERE f.id = ")
        .bind::<PgUuid, _>(row.id)
        .push(private)
        .push(" ON CONFLICT (referral_id, basis) DO NOTHING")
        .execute(w.conn())?;
    Ok(())
}

/// Disclosures by referrals the caller may see: adds `FROM … WHERE true`.
fn visible_disclosures(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM disclosures d JOIN organizations t ON t.id = d.organization_id CROSS JOIN LATERAL (SELECT f.program_id",
    );
    visible_referrals(sql, scope).push(" AND f.id = d.referral_id) v WHERE true")
}

fn push_filter(mut sql: Sql, filter: &DisclosureQuery) -> Sql {
    for (column, id) in [("d.household_id", filter.household_id), ("d.organization_id", filter.organization_id)] {
        if let Some(id) = id {
            sql = sql.push(&format!(" AND {column} = ")).bind::<PgUuid, _>(id);
        }
    }
    sql
}

/// A page, newest first.
pub(in crate::referrals) fn disclosures(
    r: &mut Reader<'_>,
    filter: &DisclosureQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<DisclosureRow>, Problem> {
    let columns = "SELECT d.id, d.referral_id, d.organization_id, t.name AS organization_name, d.fields, d.basis, d.agreement_number,
        d.until_on, d.disclosed_by, d.at";
    let mut sql = push_filter(visible_disclosures(Sql::new(columns), r.scope()), filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND d.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY d.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(in crate::referrals) fn count_disclosures(r: &mut Reader<'_>, filter: &DisclosureQuery) -> Result<i64, Problem> {
    let sql = visible_disclosures(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, filter).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}
