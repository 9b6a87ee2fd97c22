//! SQL of accounts and grants. Administrators and coordinators see every account; case data is not in them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Account, AccountPatch, Grant, NewAccount};
use crate::access::{Reader, Role, Writer};
use crate::db::schema::{accounts, grants, organizations, regions, sessions};
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct AccountRow {
    id: Uuid,
    username: String,
    display_name: String,
    email: Option<String>,
    status: String,
    totp_enabled: bool,
    must_change_password: bool,
    str_number: Option<String>,
    str_valid_until: Option<NaiveDate>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = grants)]
pub(super) struct GrantRow {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    role: String,
    scope_kind: String,
    scope_ref: Option<String>,
    duties: Vec<String>,
    from_date: NaiveDate,
    to_date: Option<NaiveDate>,
    pub(super) status: String,
    pub(super) proposed_by: Option<Uuid>,
}

/// Everything of the accounts given, in their order.
fn views(r: &mut Reader<'_>, rows: Vec<AccountRow>) -> Result<Vec<Account>, Problem> {
    let ids: Vec<Uuid> = rows.iter().map(|a| a.id).collect();
    let grants: Vec<GrantRow> = grants::table
        .filter(grants::account_id.eq_any(&ids))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(r.conn())?;
    let names = scope_names(r, &grants)?;
    let today = r.today();
    let mut by_account: HashMap<Uuid, Vec<Grant>> = HashMap::new();
    for g in grants {
        let in_force = g.status == "active" && g.from_date <= today && g.to_date.is_none_or(|t| t >= today);
        let scope_name = g.scope_ref.as_ref().and_then(|s| names.get(s).cloned());
        by_account.entry(g.account_id).or_default().push(Grant {
            id: g.id,
            role: g.role,
            scope_kind: g.scope_kind,
            scope_ref: g.scope_ref,
            scope_name,
            duties: g.duties,
            from_date: g.from_date,
            to_date: g.to_date,
            status: g.status,
            in_force,
        });
    }
    let admin = r.principal().has_role(Role::Admin);
    Ok(rows
        .into_iter()
        .map(|a| {
            let grants = by_account.remove(&a.id).unwrap_or_default();
            let mut roles: Vec<String> = grants.iter().filter(|g| g.in_force).map(|g| g.role.clone()).collect();
            roles.sort();
            roles.dedup();
            let verb = if a.status == "active" { "disable" } else { "enable" };
            let can = if admin {
                vec!["update".into(), "grant".into(), "reset-password".into(), verb.into()]
            } else {
                Vec::new()
            };
            Account {
                id: a.id,
                username: a.username,
                display_name: a.display_name,
                email: a.email,
                status: a.status,
                roles,
                grants,
                totp_enabled: a.totp_enabled,
                must_change_password: a.must_change_password,
                str_number: a.str_number,
                str_valid_until: a.str_valid_until,
                version: a.version,
                created_at: a.created_at,
                updated_at: a.updated_at,
                can,
            }
        })
        .collect())
}

fn scope_names(r: &mut Reader<'_>, grants: &[GrantRow]) -> Result<HashMap<String, String>, Problem> {
    let refs: Vec<&str> = grants.iter().filter_map(|g| g.scope_ref.as_deref()).collect();
    let mut names: HashMap<String, String> = regions::table
        .filter(regions::code.eq_any(&refs))
        .select((regions::code, regions::name))
        .load(r.conn())?
        .into_iter()
        .collect();
    let ids: Vec<Uuid> = refs.iter().filter_map(|s| s.parse().ok()).collect();
    let organizations: Vec<(Uuid, String)> = organizations::table
        .filter(organizations::id.eq_any(&ids))
        .select((organizations::id, organizations::name))
        .load(r.conn())?;
    names.extend(organizations.into_iter().map(|(id, name)| (id.to_string(), name)));
    Ok(names)
}

pub(super) fn list(
    r: &mut Reader<'_>,
    role: Option<Role>,
    status: Option<&str>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<Account>, Problem> {
    let mut query = accounts::table.into_boxed();
    if let Some(status) = status {
        query = query.filter(accounts::status.eq(status.to_owned()));
    }
    if let Some(role) = role {
        query = query
            .filter(accounts::id.eq_any(grants::table.filter(grants::role.eq(role.slug())).select(grants::account_id)));
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(accounts::id.lt(id));
    }
    let rows: Vec<AccountRow> =
        query.order(accounts::id.desc()).limit(fetch).select(AccountRow::as_select()).load(r.conn())?;
    views(r, rows)
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Account, Problem> {
    let row: AccountRow = accounts::table.find(id).select(AccountRow::as_select()).first(r.conn())?;
    views(r, vec![row])?.pop().ok_or_else(Problem::not_found)
}

/// Version of an account, with its row locked until the transaction ends.
pub(super) fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<i64, Problem> {
    Ok(accounts::table.find(id).select(accounts::version).for_update().first(w.conn())?)
}

pub(super) fn create(w: &mut Writer<'_>, new: &NewAccount, password_hash: &str) -> Result<Account, Problem> {
    let id = Uuid::now_v7();
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(id),
            accounts::username.eq(&new.username),
            accounts::display_name.eq(crate::kernel::text::clean(&new.display_name)),
            accounts::email.eq(&new.email),
            accounts::password_hash.eq(password_hash),
            accounts::must_change_password.eq(true),
            accounts::str_number.eq(&new.str_number),
            accounts::str_valid_until.eq(new.str_valid_until),
            accounts::person_id.eq(new.person_id),
        ))
        .execute(w.conn())?;
    find(w, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = accounts)]
struct Changes {
    display_name: Option<String>,
    email: Option<Option<String>>,
    str_number: Option<Option<String>>,
    str_valid_until: Option<Option<NaiveDate>>,
    updated_at: Option<DateTime<Utc>>,
}

pub(super) fn update(w: &mut Writer<'_>, id: Uuid, patch: AccountPatch) -> Result<(), Problem> {
    let changes = Changes {
        display_name: patch.display_name.value().map(|n| crate::kernel::text::clean(n)),
        email: patch.email.nullable(),
        str_number: patch.str_number.nullable(),
        str_valid_until: patch.str_valid_until.nullable(),
        updated_at: Some(w.now()),
    };
    diesel::update(accounts::table.find(id))
        .set((changes, accounts::version.eq(accounts::version + 1)))
        .execute(w.conn())?;
    Ok(())
}

/// Disabling also ends every session.
pub(super) fn set_status(w: &mut Writer<'_>, id: Uuid, status: &str) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(accounts::table.find(id))
        .set((accounts::status.eq(status), accounts::version.eq(accounts::version + 1), accounts::updated_at.eq(now)))
        .execute(w.conn())?;
    if status == "disabled" {
        end_sessions(w, id, None, "account disabled")?;
    }
    Ok(())
}

/// Ends the sessions of an account, but for one.
pub(super) fn end_sessions(w: &mut Writer<'_>, account: Uuid, but: Option<Uuid>, reason: &str) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(sessions::table.filter(sessions::account_id.eq(account).and(sessions::revoked_at.is_null())))
        .filter(sessions::id.ne(but.unwrap_or_default()))
        .set((sessions::revoked_at.eq(now), sessions::revoked_reason.eq(reason)))
        .execute(w.conn())?;
    Ok(())
}

pub(super) fn set_password(w: &mut Writer<'_>, id: Uuid, hash: &str, must_change: bool) -> Result<(), Problem> {
    let now = w.now();
    diesel::update(accounts::table.find(id))
        .set((
            accounts::password_hash.eq(hash),
            accounts::must_change_password.eq(must_change),
            accounts::password_changed_at.eq(now),
            accounts::version.eq(accounts::version + 1),
            accounts::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Grant with its row locked.
pub(super) fn lock_grant(w: &mut Writer<'_>, id: Uuid) -> Result<GrantRow, Problem> {
    Ok(grants::table.find(id).select(GrantRow::as_select()).for_update().first(w.conn())?)
}

pub(super) fn insert_grant(w: &mut Writer<'_>, account: Uuid, new: &super::model::NewGrant) -> Result<Uuid, Problem> {
    let (id, today, actor) = (Uuid::now_v7(), w.today(), w.principal().id);
    diesel::insert_into(grants::table)
        .values((
            grants::id.eq(id),
            grants::account_id.eq(account),
            grants::role.eq(new.role.slug()),
            grants::scope_kind.eq(new.scope_kind.slug()),
            grants::scope_ref.eq(&new.scope_ref),
            grants::duties.eq(new.duties.iter().map(|d| d.slug()).collect::<Vec<_>>()),
            grants::from_date.eq(new.from_date.unwrap_or(today)),
            grants::to_date.eq(new.to_date),
            grants::proposed_by.eq(actor),
            grants::reason.eq(&new.reason),
        ))
        .execute(w.conn())?;
    Ok(id)
}

pub(super) fn set_grant_status(
    w: &mut Writer<'_>,
    id: Uuid,
    status: &str,
    approved_by: Option<Uuid>,
) -> Result<(), Problem> {
    let approved = approved_by.map(Some);
    diesel::update(grants::table.find(id))
        .set((grants::status.eq(status), approved.map(|a| grants::approved_by.eq(a))))
        .execute(w.conn())?;
    Ok(())
}

/// Whether a region of this level, or an organization, exists.
pub(super) fn scope_exists(
    r: &mut Reader<'_>,
    kind: super::model::ScopeKind,
    reference: &str,
) -> Result<bool, Problem> {
    use super::model::ScopeKind;
    use diesel::dsl::exists;
    Ok(match kind {
        ScopeKind::Kecamatan | ScopeKind::Kelurahan => {
            let found =
                regions::table.find(reference).filter(regions::level.eq(kind.slug()).and(regions::in_city.eq(true)));
            diesel::select(exists(found)).get_result(r.conn())?
        }
        ScopeKind::Organization => match reference.parse::<Uuid>() {
            Ok(id) => diesel::select(exists(organizations::table.find(id))).get_result(r.conn())?,
            Err(_) => false,
        },
        ScopeKind::City | ScopeKind::Person => true,
    })
}

/// An account made on the server itself, with a grant that is in force at once.
#[derive(Debug)]
pub struct NewAccountRow<'a> {
    /// User name.
    pub username: &'a str,
    /// Name shown to others.
    pub display_name: &'a str,
    /// Hash of the password.
    pub password_hash: &'a str,
    /// Role of the first grant.
    pub role: Role,
    /// Scope of the first grant.
    pub scope: (&'a str, Option<&'a str>),
    /// Duties of the first grant.
    pub duties: Vec<&'a str>,
    /// Whether the password is only for the first sign-in.
    pub must_change_password: bool,
}

/// Makes an account from the command line: whoever has the server's settings is the root of trust.
pub fn create_first(w: &mut Writer<'_>, new: &NewAccountRow<'_>) -> Result<Uuid, Problem> {
    let (id, today) = (Uuid::now_v7(), w.today());
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(id),
            accounts::username.eq(new.username),
            accounts::display_name.eq(new.display_name),
            accounts::password_hash.eq(new.password_hash),
            accounts::must_change_password.eq(new.must_change_password),
        ))
        .execute(w.conn())?;
    diesel::insert_into(grants::table)
        .values((
            grants::id.eq(Uuid::now_v7()),
            grants::account_id.eq(id),
            grants::role.eq(new.role.slug()),
            grants::scope_kind.eq(new.scope.0),
            grants::scope_ref.eq(new.scope.1),
            grants::duties.eq(&new.duties),
            grants::from_date.eq(today),
            grants::status.eq("active"),
            grants::reason.eq("created on the server"),
        ))
        .execute(w.conn())?;
    Ok(id)
}
