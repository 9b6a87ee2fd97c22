//! Who is asking: an account or a machine client, with what is granted to it today.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::policy::{Action, Role};
use super::scope::Scope;
use super::token::Claims;
use crate::db::sql::Sql;
use crate::kernel::dates::office_date;
use crate::kernel::problem::{self, Problem};

/// Kind of caller, as the audit trail names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person's account.
    Account,
    /// A machine client.
    Client,
    /// A job of the service itself.
    System,
    /// Nobody signed in.
    Anonymous,
}

impl ActorKind {
    /// Name in the audit trail.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Client => "client",
            Self::System | Self::Anonymous => "system",
        }
    }
}

/// A duty beyond the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Duty {
    /// Supervises social workers: sees restricted items of the area.
    Supervise,
    /// Publishes programs.
    Publish,
    /// Approves money.
    ApproveMoney,
    /// Ratifies the month.
    Ratify,
    /// Overrides the overlap guard with a reason.
    Override,
    /// Protects personal data: is told of every look behind the glass, and reviews it.
    ProtectData,
}

impl Duty {
    /// From its slug.
    pub fn parse(slug: &str) -> Option<Self> {
        Some(match slug {
            "supervise" => Self::Supervise,
            "publish" => Self::Publish,
            "approve_money" => Self::ApproveMoney,
            "ratify" => Self::Ratify,
            "override" => Self::Override,
            "protect_data" => Self::ProtectData,
            _ => return None,
        })
    }
}

/// One grant in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// city, kecamatan, kelurahan, organization or person.
    pub scope_kind: String,
    /// Region code or id the scope names.
    pub scope_ref: Option<String>,
    /// Duties.
    pub duties: Vec<Duty>,
}

/// A household the account is assigned to, itself or through a case.
#[derive(QueryableByName)]
struct Assigned {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Text)]
    region_code: String,
}

/// The caller.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Account or client id; nil for anonymous and system.
    pub id: Uuid,
    /// What it is.
    pub kind: ActorKind,
    /// User name or client id.
    pub name: String,
    /// Session of an account's token.
    pub session: Option<Uuid>,
    /// Grants in force.
    pub grants: Vec<Grant>,
    /// Scopes of a client.
    pub client_scopes: Vec<String>,
    /// Organization a client is bound to.
    pub client_organization: Option<Uuid>,
    /// The individual and household a citizen's account stands for.
    pub person: Option<(Uuid, Uuid)>,
    /// Households assigned to the account, each with its kelurahan.
    pub assigned: Vec<(Uuid, String)>,
    /// What is open to the account behind the glass: kind, id, until when.
    pub opened: Vec<(String, Uuid, DateTime<Utc>)>,
    /// Last day the social worker's STR is valid.
    pub str_valid_until: Option<NaiveDate>,
    /// Hash of roles, scopes and duties: part of every ETag.
    pub fingerprint: String,
}

impl Principal {
    fn empty(kind: ActorKind, name: &str) -> Self {
        Self {
            id: Uuid::nil(),
            kind,
            name: name.into(),
            session: None,
            grants: Vec::new(),
            client_scopes: Vec::new(),
            client_organization: None,
            person: None,
            assigned: Vec::new(),
            opened: Vec::new(),
            str_valid_until: None,
            fingerprint: "0".into(),
        }
    }
    /// Nobody signed in.
    pub fn anonymous() -> Self {
        Self::empty(ActorKind::Anonymous, "anonymous")
    }
    /// A job of the service, named for the audit trail.
    pub fn system(name: &str) -> Self {
        Self::empty(ActorKind::System, name)
    }

    /// Whether the action is allowed at all.
    pub fn may<A: Action>(&self) -> bool {
        match self.kind {
            ActorKind::System => true,
            ActorKind::Client => A::CLIENT_SCOPE.is_some_and(|s| self.client_scopes.iter().any(|have| have == s)),
            ActorKind::Account => self.grants.iter().any(|g| A::ROLES.contains(&g.role)),
            ActorKind::Anonymous => A::PUBLIC || A::NAME == "public.read",
        }
    }

    /// Rows the caller may touch by this action: the union over the grants whose role allows it.
    pub fn scope_for<A: Action>(&self) -> Scope {
        let mut scope = Scope::of(self, A::ROLES);
        // The glass opens looking, and nothing else.
        if !self.opened.is_empty() && A::NAME.ends_with(".read") && scope.has_area() {
            scope.open(&self.opened, Utc::now());
        }
        scope
    }

    /// Whether any grant has the duty.
    pub fn has_duty(&self, duty: Duty) -> bool {
        self.kind == ActorKind::System || self.grants.iter().any(|g| g.duties.contains(&duty))
    }

    /// Whether any grant has the role.
    pub fn has_role(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }

    /// Loads the caller of a verified token; a disabled account or a revoked session is nobody.
    pub(super) fn load(conn: &mut PgConnection, claims: &Claims) -> Result<Self, Problem> {
        let gone = || Problem::new(&problem::SESSION_EXPIRED);
        match claims.sid {
            Some(session) => Self::load_account(conn, claims.sub, Some(session))?.ok_or_else(gone),
            None => Self::load_client(conn, claims)?.ok_or_else(gone),
        }
    }

    /// `session` none: for work done on the account's behalf, which may outlive the session that asked for it.
    pub(super) fn load_account(conn: &mut PgConnection, id: Uuid, session: Option<Uuid>) -> QueryResult<Option<Self>> {
        use crate::db::schema::{accounts, break_glass, grants, individuals, sessions};
        if let Some(session) = session {
            let alive = sessions::table
                .filter(sessions::id.eq(session).and(sessions::account_id.eq(id)))
                .filter(sessions::revoked_at.is_null().and(sessions::expires_at.gt(diesel::dsl::now)));
            if !diesel::select(diesel::dsl::exists(alive)).get_result::<bool>(conn)? {
                return Ok(None);
            }
        }
        let account: Option<(String, Option<Uuid>, Option<NaiveDate>)> = accounts::table
            .filter(accounts::id.eq(id).and(accounts::status.eq("active")))
            .select((accounts::username, accounts::person_id, accounts::str_valid_until))
            .first(conn)
            .optional()?;
        let Some((name, person_id, str_valid_until)) = account else { return Ok(None) };
        let today = office_date(chrono::Utc::now());
        let rows: Vec<(String, String, Option<String>, Vec<String>)> = grants::table
            .filter(grants::account_id.eq(id).and(grants::status.eq("active")).and(grants::from_date.le(today)))
            .filter(grants::to_date.is_null().or(grants::to_date.ge(today)))
            .order(grants::id)
            .select((grants::role, grants::scope_kind, grants::scope_ref, grants::duties))
            .load(conn)?;
        let grants = rows
            .into_iter()
            .filter_map(|(role, scope_kind, scope_ref, duties)| {
                let duties = duties.iter().filter_map(|d| Duty::parse(d)).collect();
                Some(Grant { role: Role::parse(&role)?, scope_kind, scope_ref, duties })
            })
            .collect::<Vec<_>>();
        let person = match person_id {
            Some(person) => individuals::table
                .find(person)
                .select((individuals::id, individuals::household_id))
                .first(conn)
                .optional()?,
            None => None,
        };
        let assigned = Sql::new(
            "SELECT DISTINCT h.id, h.region_code FROM assignments a LEFT JOIN cases c ON a.subject_kind = 'case' AND c.id = a.subject_id
             JOIN households h ON h.id = coalesce(c.household_id, a.subject_id)
             WHERE a.to_at IS NULL AND (a.until_on IS NULL OR a.until_on >= (now() AT TIME ZONE 'Asia/Jakarta')::date)
               AND a.subject_kind IN ('household', 'case') AND a.account_id = ",
        )
        .bind::<diesel::sql_types::Uuid, _>(id)
        .rows::<Assigned>(conn)?
        .into_iter()
        .map(|row| (row.id, row.region_code))
        .collect();
        let opened = break_glass::table
            .filter(break_glass::account_id.eq(id).and(break_glass::expires_at.gt(diesel::dsl::now)))
            .select((break_glass::subject_kind, break_glass::subject_id, break_glass::expires_at))
            .load(conn)?;
        let fingerprint = fingerprint(&format!("{grants:?}{person:?}"));
        Ok(Some(Self {
            id,
            kind: ActorKind::Account,
            name,
            session,
            grants,
            client_scopes: Vec::new(),
            client_organization: None,
            person,
            assigned,
            opened,
            str_valid_until,
            fingerprint,
        }))
    }

    fn load_client(conn: &mut PgConnection, claims: &Claims) -> QueryResult<Option<Self>> {
        use crate::db::schema::clients;
        let id = claims.sub;
        // A token may carry fewer scopes than the client holds, and never more than it holds now.
        let asked: Vec<&str> = claims.scope.as_deref().unwrap_or_default().split_whitespace().collect();
        let row: Option<(String, Vec<String>, Option<Uuid>)> = clients::table
            .filter(clients::id.eq(id).and(clients::status.eq("active")))
            .select((clients::client_id, clients::scopes, clients::organization_id))
            .first(conn)
            .optional()?;
        let held = row.map(|(name, scopes, organization)| {
            (name, scopes.into_iter().filter(|s| asked.contains(&s.as_str())).collect::<Vec<_>>(), organization)
        });
        Ok(held.map(|(name, client_scopes, client_organization)| Self {
            id,
            fingerprint: fingerprint(&format!("{client_scopes:?}{client_organization:?}")),
            client_scopes,
            client_organization,
            ..Self::empty(ActorKind::Client, &name)
        }))
    }
}

fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(4).map(|b| format!("{b:02x}")).collect()
}
