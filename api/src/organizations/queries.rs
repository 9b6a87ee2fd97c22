//! SQL of organizations.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use uuid::Uuid;

use super::model::{Kind, NewOrganization, Organization, OrganizationPatch, OrganizationQuery, Sensitivity, Status};
use super::rules;
use crate::access::policy::{OrganizationEdit, OrganizationVerify};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::organizations;
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
    agreement_until: Option<NaiveDate>,
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
        agreement_until: row.agreement_until,
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

fn filtered(scope: &Scope, filter: &OrganizationQuery) -> organizations::BoxedQuery<'static, Pg> {
    let mut query = visible_organizations(scope);
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
    let mut query = filtered(r.scope(), filter);
    if let Some(cursor) = start
        && let (Some(name), Ok(id)) = (cursor.key.clone(), cursor.id.parse::<Uuid>())
    {
        query = query.filter(
            organizations::name.gt(name.clone()).or(organizations::name.eq(name).and(organizations::id.gt(id))),
        );
    }
    let rows: Vec<Row> =
        query.order((organizations::name, organizations::id)).limit(fetch).select(Row::as_select()).load(r.conn())?;
    Ok(rows.into_iter().map(|row| view(r, row)).collect())
}

/// Rows the filter finds, counted up to one more than the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &OrganizationQuery) -> Result<i64, Problem> {
    let some: Vec<Uuid> = filtered(r.scope(), filter).select(organizations::id).limit(TOTAL_CAP + 1).load(r.conn())?;
    Ok(i64::try_from(some.len()).unwrap_or(TOTAL_CAP))
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Organization, Problem> {
    let row: Row =
        visible_organizations(r.scope()).filter(organizations::id.eq(id)).select(Row::as_select()).first(r.conn())?;
    Ok(view(r, row))
}

/// The organization with its row locked until the transaction ends.
pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<Organization, Problem> {
    find(w, id)?;
    let row: Row = organizations::table.find(id).select(Row::as_select()).for_update().first(w.conn())?;
    Ok(view(w, row))
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
            organizations::agreement_until.eq(new.agreement_until),
            organizations::email.eq(tidy(&new.email)),
            organizations::phone.eq(tidy(&new.phone)),
            organizations::address.eq(tidy(&new.address)),
        ))
        .returning(Row::as_returning())
        .get_result(w.conn())?;
    Ok(view(w, row))
}

#[derive(AsChangeset)]
#[diesel(table_name = organizations)]
struct Changes {
    name: Option<String>,
    registration_number: Option<Option<String>>,
    registration_expires_on: Option<Option<NaiveDate>>,
    agreement_number: Option<Option<String>>,
    agreement_until: Option<Option<NaiveDate>>,
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
        agreement_until: patch.agreement_until.nullable(),
        email: patch.email.nullable(),
        phone: patch.phone.nullable(),
        address: patch.address.nullable(),
        updated_at: Some(w.now()),
    };
    let row: Row = diesel::update(organizations::table.find(id))
        .set((changes, organizations::version.eq(organizations::version + 1)))
        .returning(Row::as_returning())
        .get_result(w.conn())?;
    Ok(view(w, row))
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
    Ok(view(w, row))
}
