//! Which households a caller may see: the one place that decides it.

use diesel::dsl::exists;
use diesel::expression::BoxableExpression;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;

use crate::access::{Reader, Scope};
use crate::db::schema::{households, individuals, referrals};
use crate::db::sql::sql;
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
