//! Which rows a caller may touch. Queries filter by it; none may run without one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::policy::Role;
use super::principal::{ActorKind, Duty, Principal};

/// The union of what the caller's grants open for one action. An empty scope opens nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// Account or client asking.
    pub actor: Uuid,
    /// Every household of the city.
    pub city: bool,
    /// Every household, but without who they are (auditor).
    pub deidentified: bool,
    /// Kecamatan codes.
    pub districts: Vec<String>,
    /// Kelurahan codes.
    pub villages: Vec<String>,
    /// Agencies and foundations the caller answers for: rows come through referrals sent to them.
    pub organizations: Vec<Uuid>,
    /// Of those, the ones that see a household only after accepting its referral.
    pub partners: Vec<Uuid>,
    /// The citizen's own person and household.
    pub person: Option<(Uuid, Uuid)>,
    /// Households assigned to the caller outside that area.
    pub assigned: Vec<Uuid>,
    /// Households open to the caller behind the glass.
    pub opened_households: Vec<Uuid>,
    /// Restricted problems open to the caller behind the glass.
    pub opened_problems: Vec<Uuid>,
    /// May see restricted items of the area, as a supervisor.
    pub supervise: bool,
    /// A job of the service.
    pub system: bool,
}

impl Scope {
    pub(super) fn of(principal: &Principal, roles: &[Role]) -> Self {
        let mut scope = Self { actor: principal.id, ..Self::default() };
        match principal.kind {
            ActorKind::System => {
                scope.city = true;
                scope.system = true;
            }
            ActorKind::Client => match principal.client_organization {
                Some(organization) => scope.partners.push(organization),
                None => scope.city = true,
            },
            ActorKind::Account => {
                for grant in principal.grants.iter().filter(|g| roles.contains(&g.role)) {
                    scope.add(grant.role, &grant.scope_kind, grant.scope_ref.as_deref(), principal);
                    scope.supervise |= grant.duties.contains(&Duty::Supervise);
                }
            }
            ActorKind::Anonymous => {}
        }
        scope.organizations.extend(scope.partners.iter().copied());
        if scope.has_area() {
            let outside = principal.assigned.iter().filter(|(_, region)| !scope.covers_region(region));
            scope.assigned = outside.map(|(id, _)| *id).collect();
        }
        scope
    }

    /// Adds what the glass was broken for and is open still.
    pub(super) fn open(&mut self, opened: &[(String, Uuid, DateTime<Utc>)], now: DateTime<Utc>) {
        for (kind, id, _) in opened.iter().filter(|(_, _, until)| *until > now) {
            if kind == "household" { self.opened_households.push(*id) } else { self.opened_problems.push(*id) }
        }
    }

    fn add(&mut self, role: Role, kind: &str, reference: Option<&str>, principal: &Principal) {
        match (role, kind) {
            // De-identified even if the same account is also something else: the wider view must not name anybody.
            (Role::Auditor, _) => self.deidentified = true,
            (_, "city") => self.city = true,
            (_, "kecamatan") => self.districts.extend(reference.map(str::to_owned)),
            (_, "kelurahan") => self.villages.extend(reference.map(str::to_owned)),
            (Role::Partner, "organization") => self.partners.extend(reference.and_then(|r| r.parse::<Uuid>().ok())),
            (_, "organization") => self.organizations.extend(reference.and_then(|r| r.parse::<Uuid>().ok())),
            (_, "person") => self.person = principal.person,
            _ => {}
        }
    }

    /// Whether rows of this kelurahan are in the area of the caller (not by referral or person).
    pub fn covers_region(&self, region_code: &str) -> bool {
        self.city
            || self.villages.iter().any(|v| v == region_code)
            || self
                .districts
                .iter()
                .any(|d| region_code.strip_prefix(d.as_str()).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Whether this organization is one the caller acts for, or the caller acts for the city.
    pub fn covers_organization(&self, id: Uuid) -> bool {
        self.city || self.organizations.contains(&id)
    }

    /// Whether the caller works in an area at all.
    pub fn has_area(&self) -> bool {
        self.city || !self.districts.is_empty() || !self.villages.is_empty()
    }
}
