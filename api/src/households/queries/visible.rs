//! Which households a caller may see: the one place that decides it.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Uuid as PgUuid};
use uuid::Uuid;

use crate::access::{Reader, Scope};
use crate::db::schema::{households, individuals, referrals};
use crate::db::sql::{Sql, sql};
use crate::identity::queries::PersonRow;
use crate::kernel::problem::Problem;

/// Referrals that open a household to an agency: everything that was sent to it.
const AGENCY_STATES: [&str; 7] = ["sent", "accepted", "returned", "scheduled", "in_service", "completed", "declined"];
/// A partner knows a household only after accepting its referral.
const PARTNER_STATES: [&str; 4] = ["accepted", "scheduled", "in_service", "completed"];

type Condition = Box<dyn BoxableExpression<households::table, Pg, SqlType = Bool>>;

/// The condition, or `None` where every row passes.
fn condition(scope: &Scope) -> Option<Condition> {
    if scope.city || scope.deidentified {
        return None;
    }
    let mut any: Vec<Condition> = Vec::new();
    // One code is compared by `=`, so that the index also gives the order of the page.
    match scope.districts.as_slice() {
        [] => {}
        [one] => any.push(Box::new(households::district_code.eq(one.clone()))),
        many => any.push(Box::new(households::district_code.eq_any(many.to_vec()))),
    }
    match scope.villages.as_slice() {
        [] => {}
        [one] => any.push(Box::new(households::region_code.eq(one.clone()))),
        many => any.push(Box::new(households::region_code.eq_any(many.to_vec()))),
    }
    if let Some((_, household)) = scope.person {
        any.push(Box::new(households::id.eq(household)));
    }
    let agencies: Vec<Uuid> = scope.organizations.iter().filter(|o| !scope.partners.contains(o)).copied().collect();
    for (organizations, states) in [(agencies, &AGENCY_STATES[..]), (scope.partners.clone(), &PARTNER_STATES[..])] {
        if !organizations.is_empty() {
            let sent = referrals::table
                .filter(
                    referrals::to_organization_id.eq_any(organizations).and(referrals::status.eq_any(states.to_vec())),
                )
                .filter(referrals::sensitivity.eq("open"))
                .filter(referrals::household_id.eq(households::id));
            // EXISTS, not IN: for one household it is a few rows of an index whoever asks, so one plan is kept for all.
            any.push(Box::new(exists(sent)));
        }
    }
    // Most callers have none, and then the area alone decides: an index in the order of the page serves it.
    if !scope.assigned.is_empty() {
        any.push(Box::new(households::id.eq_any(scope.assigned.clone())));
    }
    if !scope.opened_households.is_empty() {
        any.push(Box::new(households::id.eq_any(scope.opened_households.clone())));
    }
    let mut conditions = any.into_iter();
    let first = conditions.next().unwrap_or_else(|| Box::new(sql::<Bool>("false")));
    Some(conditions.fold(first, |all, next| Box::new(all.or(next))))
}

/// Households within the scope. Every query of the table starts here.
pub fn visible_households(scope: &Scope) -> households::BoxedQuery<'static, Pg> {
    let query = households::table.into_boxed();
    match condition(scope) {
        Some(condition) => query.filter(condition),
        None => query,
    }
}

/// Proof that the caller may see a household; what other slices take instead of an id.
#[derive(Debug, Clone)]
pub struct Visible {
    /// Household.
    pub id: Uuid,
    /// Domicile kelurahan.
    pub region_code: String,
    /// active, moved, dissolved or merged.
    pub status: String,
    /// Dwelling it shares.
    pub dwelling_id: Option<Uuid>,
    /// Version.
    pub version: i64,
}

/// How the people of a household are reached, as far as the caller may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Where they live.
    pub address: bool,
    /// Their telephones.
    pub phone: bool,
}

impl Reach {
    /// What is withheld, as the wire names it.
    pub fn withheld(self) -> Vec<&'static str> {
        [("address", self.address), ("phone", self.phone)]
            .into_iter()
            .filter_map(|(name, open)| (!open).then_some(name))
            .collect()
    }
}

/// Of visible households, each with its kelurahan: how far the caller may know how people are reached. Whoever sees one
/// for its area, as his own, by assignment or through the glass knows all; who sees it by a referral to his organization,
/// once help is scheduled, until it is over, and what the agreement in force covers.
pub fn reach_of_visible(r: &mut Reader<'_>, households: &[(Uuid, &str)]) -> Result<HashMap<Uuid, Reach>, Problem> {
    #[derive(QueryableByName)]
    struct Told {
        #[diesel(sql_type = PgUuid)]
        household_id: Uuid,
        #[diesel(sql_type = Bool)]
        address: bool,
        #[diesel(sql_type = Bool)]
        phone: bool,
    }
    let scope = r.scope().clone();
    let near = |id: Uuid, region: &str| {
        scope.deidentified
            || scope.covers_region(region)
            || scope.assigned.contains(&id)
            || scope.opened_households.contains(&id)
            || scope.person.is_some_and(|(_, household)| household == id)
    };
    let mut all: HashMap<Uuid, Reach> = HashMap::with_capacity(households.len());
    for (id, region) in households {
        let near = near(*id, region);
        all.insert(*id, Reach { address: near, phone: near });
    }
    let far: Vec<Uuid> = all.iter().filter(|(_, reach)| !reach.address).map(|(id, _)| *id).collect();
    if far.is_empty() || scope.organizations.is_empty() {
        return Ok(all);
    }
    let told: Vec<Told> = Sql::new(
        "SELECT f.household_id, bool_or('address' = ANY(s.shared)) AS address, bool_or('phone' = ANY(s.shared)) AS phone
         FROM referrals f JOIN organizations o ON o.id = f.to_organization_id
         CROSS JOIN LATERAL (SELECT coalesce(contact_shared(o), '{}') AS shared) s
         WHERE f.status IN ('scheduled', 'in_service') AND f.sensitivity = 'open' AND f.household_id = ANY(",
    )
    .bind::<Array<PgUuid>, _>(far)
    .push(") AND f.to_organization_id = ANY(")
    .bind::<Array<PgUuid>, _>(scope.organizations)
    .push(") GROUP BY f.household_id")
    .rows(r.conn())?;
    for row in told {
        all.insert(row.household_id, Reach { address: row.address, phone: row.phone });
    }
    Ok(all)
}

/// The same of one household.
pub fn reach_of_one_visible(r: &mut Reader<'_>, id: Uuid, region_code: &str) -> Result<Reach, Problem> {
    let all = reach_of_visible(r, &[(id, region_code)])?;
    Ok(all.get(&id).copied().unwrap_or(Reach { address: false, phone: false }))
}

/// A household within the scope, else 404.
pub fn find_visible(r: &mut Reader<'_>, id: Uuid) -> Result<Visible, Problem> {
    let (id, region_code, status, dwelling_id, version) = visible_households(r.scope())
        .filter(households::id.eq(id))
        .select((
            households::id,
            households::region_code,
            households::status,
            households::dwelling_id,
            households::version,
        ))
        .first(r.conn())?;
    Ok(Visible { id, region_code, status, dwelling_id, version })
}

/// Where a household the caller was shown lives, as people are compared by it.
pub fn home_of_visible(r: &mut Reader<'_>, household: &Visible) -> Result<PersonRow, Problem> {
    use crate::db::schema::household_details as d;
    let (family_card_number, region_code, district_code) = households::table
        .find(household.id)
        .select((households::family_card_number, households::region_code, households::district_code))
        .first(r.conn())?;
    let (street, rt, rw) =
        d::table.find(household.id).select((d::street, d::rt, d::rw)).first(r.conn()).optional()?.unwrap_or_default();
    Ok(PersonRow { family_card_number, region_code, district_code, street, rt, rw, ..PersonRow::default() })
}

/// The household of a person within the scope, else 404.
pub fn visible_individual(r: &mut Reader<'_>, id: Uuid) -> Result<Visible, Problem> {
    let household: Uuid = individuals::table.find(id).select(individuals::household_id).first(r.conn())?;
    find_visible(r, household)
}
