//! SQL of organizations.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use uuid::Uuid;

use super::model::{
    AgreementField, Kind, NewOrganization, Organization, OrganizationPatch, OrganizationQuery, Sensitivity, Status,
};
use super::rules;
use crate::access::policy::{OrganizationEdit, OrganizationVerify};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::organizations;
use crate::db::sql::Sql;
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;

#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations)]
struct Row {
    id: Uuid,
    code: String,
    name: String,
    kind: String,
    status: String,
    sensitivity: String,
    registration_number: Option<String>,
    registration_expires_on: Option<NaiveDate>,
    agreement_number: Option<String>,
    agreement_from: Option<NaiveDate>,
    agreement_until: Option<NaiveDate>,
    agreement_fields: Vec<String>,
    email: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn view(r: &Reader<'_>, row: Row) -> Organization {
    let status = Status::parse(&row.status);
    let can = rules::can(status, r.principal().may::<OrganizationEdit>(), r.principal().may::<OrganizationVerify>());
    Organization {
        id: row.id,
        code: row.code,
        name: row.name,
        kind: Kind::parse(&row.kind),
        status,
        sensitivity: Sensitivity::parse(&row.sensitivity),
        registration_number: row.registration_number,
        registration_expires_on: row.registration_expires_on,
        agreement_number: row.agreement_number,
        agreement_from: row.agreement_from,
        agreement_until: row.agreement_until,
        agreement_fields: row.agreement_fields.iter().map(|f| AgreementField::parse(f)).collect(),
        papers_valid: rules::papers_valid(
            [row.registration_expires_on, row.agreement_until],
            row.agreement_from,
            r.today(),
        ),
        open_referrals: None,
        email: row.email,
        phone: row.phone,
        address: row.address,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    }
}

/// Organizations this caller may know of: open ones, his own, and as supervisor of the city every one.
fn visible_organizations(scope: &Scope) -> organizations::BoxedQuery<'static, Pg> {
    let query = organizations::table.into_boxed();
    if scope.city && (scope.supervise || scope.system) {
        return query;
    }
    query.filter(organizations::sensitivity.eq("open").or(organizations::id.eq_any(scope.organizations.clone())))
}

/// Referrals to organizations that have not ended, as far as this caller may know of them: `(SELECT … FROM …)` needs only
/// its closing condition on the organization.
fn visible_open_referrals(scope: &Scope) -> String {
    let label = if scope.city && (scope.supervise || scope.system) { "true" } else { "f.sensitivity = 'open'" };
    format!("referrals f WHERE f.status IN ('sent', 'accepted', 'returned', 'scheduled', 'in_service') AND {label}")
}

/// How many referrals each organization has open, for who verifies them.
fn add_open(r: &mut Reader<'_>, rows: &mut [Organization]) -> Result<(), Problem> {
    #[derive(QueryableByName)]
    struct Open {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        id: Uuid,
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    if !r.principal().may::<OrganizationVerify>() {
        return Ok(());
    }
    let from = visible_open_referrals(r.scope());
    let ids: Vec<Uuid> = rows.iter().map(|o| o.id).collect();
    let found: Vec<Open> = Sql::new("SELECT f.to_organization_id AS id, count(*) AS count FROM ")
        .push(&from)
        .push(" AND f.to_organization_id = ANY(")
        .bind::<diesel::sql_types::Array<diesel::sql_types::Uuid>, _>(ids)
        .push(") GROUP BY 1")
        .rows(r.conn())?;
    for row in rows {
        row.open_referrals = Some(found.iter().find(|f| f.id == row.id).map_or(0, |f| f.count));
    }
    Ok(())
}

fn filtered(scope: &Scope, filter: &OrganizationQuery, today: NaiveDate) -> organizations::BoxedQuery<'static, Pg> {
    let mut query = visible_organizations(scope);
    if filter.attention == Some(true) {
        let soon = today.checked_add_days(chrono::Days::new(rules::SOON_DAYS)).unwrap_or(today);
        let from = visible_open_referrals(scope);
        query = query.filter(
            crate::db::sql::sql::<Bool>(
                "(organizations.status IN ('applied', 'dormant') OR least(organizations.registration_expires_on, organizations.agreement_until) < ",
            )
            .bind::<diesel::sql_types::Date, _>(soon)
            .sql(&format!(
                " OR (organizations.status = 'suspended' AND EXISTS (SELECT 1 FROM {from} AND f.to_organization_id = organizations.id)))"
            )),
        );
    }
    if let Some(kind) = filter.kind {
        query = query.filter(organizations::kind.eq(kind.slug()));
    }
    if let Some(status) = filter.status {
        query = query.filter(organizations::status.eq(status.slug()));
    }
    if let Some(q) = &filter.q {
        query = query.filter(
            crate::db::sql::sql::<Bool>("strpos(lower(organizations.name || ' ' || organizations.code), ")
                .bind::<Text, _>(clean(q).to_lowercase())
                .sql(") > 0"),
        );
    }
    query
}

pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &OrganizationQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<Organization>, Problem> {
    let mut query = filtered(r.scope(), filter, r.today());
    if let Some(cursor) = start
        && let (Some(name), Ok(id)) = (cursor.key.clone(), cursor.id.parse::<Uuid>())
    {
        query = query.filter(
            organizations::name.gt(name.clone()).or(organizations::name.eq(name).and(organizations::id.gt(id))),
        );
    }
    let rows: Vec<Row> =
        query.order((organizations::name, organizations::id)).limit(fetch).select(Row::as_select()).load(r.conn())?;
    let mut rows: Vec<Organization> = rows.into_iter().map(|row| view(r, row)).collect();
    add_open(r, &mut rows)?;
    Ok(rows)
}

/// Rows the filter finds, counted up to one more than the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &OrganizationQuery) -> Result<i64, Problem> {
    let some: Vec<Uuid> =
        filtered(r.scope(), filter, r.today()).select(organizations::id).limit(TOTAL_CAP + 1).load(r.conn())?;
    Ok(i64::try_from(some.len()).unwrap_or(TOTAL_CAP))
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Organization, Problem> {
    let row: Row =
        visible_organizations(r.scope()).filter(organizations::id.eq(id)).select(Row::as_select()).first(r.conn())?;
    seen(r, row)
}

fn seen(r: &mut Reader<'_>, row: Row) -> Result<Organization, Problem> {
    let mut rows = [view(r, row)];
    add_open(r, &mut rows)?;
    let [row] = rows;
    Ok(row)
}

/// The organization with its row locked until the transaction ends.
pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<Organization, Problem> {
    find(w, id)?;
    let row: Row = organizations::table.find(id).select(Row::as_select()).for_update().first(w.conn())?;
    seen(w, row)
}

pub(super) fn insert(w: &mut Writer<'_>, new: &NewOrganization) -> Result<Organization, Problem> {
    let tidy = |text: &Option<String>| text.as_deref().map(clean).filter(|t| !t.is_empty());
    let row: Row = diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(Uuid::now_v7()),
            organizations::code.eq(&new.code),
            organizations::name.eq(clean(&new.name)),
            organizations::kind.eq(new.kind.slug()),
            organizations::sensitivity.eq(new.sensitivity.slug()),
            organizations::registration_number.eq(tidy(&new.registration_number)),
            organizations::registration_expires_on.eq(new.registration_expires_on),
            organizations::agreement_number.eq(tidy(&new.agreement_number)),
            organizations::agreement_from.eq(new.agreement_from),
            organizations::agreement_until.eq(new.agreement_until),
            organizations::agreement_fields.eq(slugs_of(&new.agreement_fields)),
            organizations::email.eq(tidy(&new.email)),
            organizations::phone.eq(tidy(&new.phone)),
            organizations::address.eq(tidy(&new.address)),
        ))
        .returning(Row::as_returning())
        .get_result(w.conn())?;
    seen(w, row)
}

fn slugs_of(fields: &[AgreementField]) -> Vec<&'static str> {
    let mut slugs: Vec<&str> = fields.iter().map(|f| f.slug()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    slugs
}

#[derive(AsChangeset)]
#[diesel(table_name = organizations)]
struct Changes {
    name: Option<String>,
    registration_number: Option<Option<String>>,
    registration_expires_on: Option<Option<NaiveDate>>,
    agreement_number: Option<Option<String>>,
    agreement_from: Option<Option<NaiveDate>>,
    agreement_until: Option<Option<NaiveDate>>,
    agreement_fields: Option<Vec<&'static str>>,
    email: Option<Option<String>>,
    phone: Option<Option<String>>,
    address: Option<Option<String>>,
    updated_at: Option<DateTime<Utc>>,
}

pub(super) fn update(w: &mut Writer<'_>, id: Uuid, patch: OrganizationPatch) -> Result<Organization, Problem> {
    let changes = Changes {
        name: patch.name.value().map(|n| clean(n)),
        registration_number: patch.registration_number.nullable(),
        registration_expires_on: patch.registration_expires_on.nullable(),
        agreement_number: patch.agreement_number.nullable(),
        agreement_from: patch.agreement_from.nullable(),
        agreement_until: patch.agreement_until.nullable(),
        agreement_fields: patch.agreement_fields.value().map(|f| slugs_of(f)),
        email: patch.email.nullable(),
        phone: patch.phone.nullable(),
        address: patch.address.nullable(),
        updated_at: Some(w.now()),
    };
    let row: Row = diesel::update(organizations::table.find(id))
        .set((changes, organizations::version.eq(organizations::version + 1)))
        .returning(Row::as_returning())
        .get_result(w.conn())?;
    seen(w, row)
}

pub(super) fn set_status(w: &mut Writer<'_>, id: Uuid, status: Status) -> Result<Organization, Problem> {
    let now = w.now();
    let row: Row = diesel::update(organizations::table.find(id))
        .set((
            organizations::status.eq(status.slug()),
            organizations::version.eq(organizations::version + 1),
            organizations::updated_at.eq(now),
        ))
        .returning(Row::as_returning())
        .get_result(w.conn())?;
    seen(w, row)
}

/// Some verified organizations whose registration or agreement ended before this day.
pub(super) fn run_out(w: &mut Writer<'_>, today: NaiveDate) -> Result<Vec<Uuid>, Problem> {
    let query = visible_organizations(w.scope())
        .filter(organizations::status.eq(Status::Verified.slug()))
        .filter(organizations::registration_expires_on.lt(today).or(organizations::agreement_until.lt(today)));
    Ok(query.order(organizations::id).select(organizations::id).limit(100).load(w.conn())?)
}
