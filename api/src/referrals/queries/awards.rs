//! SQL of awards and their claims.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::ReferralRow;
use crate::access::Writer;
use crate::db::slugs::Sensitivity;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;

/// A claim to be taken.
#[derive(Debug)]
pub(in crate::referrals) struct Claim<'a> {
    pub class: &'a str,
    pub unit_kind: &'a str,
    pub unit_id: Uuid,
    pub sensitivity: Sensitivity,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Taken although another stands, and why.
    pub override_reason: Option<&'a str>,
}

/// Waits for whoever is taking a claim of this class for this unit. Two that insert at one moment would otherwise
/// wait for each other inside the exclusion constraint.
pub(in crate::referrals) fn lock_unit(w: &mut Writer<'_>, class: &str, unit: Uuid) -> Result<(), Problem> {
    Sql::new("SELECT pg_advisory_xact_lock(hashtextextended(")
        .bind::<Text, _>(format!("claim {class} {unit}"))
        .push(", 0))")
        .execute(w.conn())?;
    Ok(())
}

/// Stores the award of a referral, with its claim where the program has an overlap class.
pub(in crate::referrals) fn take_award(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    claim: Option<&Claim<'_>>,
) -> Result<(), Problem> {
    use crate::db::schema::awards::dsl as a;
    let (id, now) = (Uuid::now_v7(), w.now());
    diesel::insert_into(a::awards)
        .values((
            a::id.eq(id),
            a::referral_id.eq(row.id),
            a::household_id.eq(row.household_id),
            a::individual_id.eq(row.individual_id),
            a::cycle_id.eq(row.cycle_id),
            a::created_at.eq(now),
            a::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    if let Some(claim) = claim {
        let head = "INSERT INTO claims (id, award_id, overlap_class, unit_kind, sensitivity, unit_id, override_reason, overridden_by, overridden_at, period) VALUES (";
        let mut sql = Sql::new(head).bind::<PgUuid, _>(Uuid::now_v7()).push(", ").bind::<PgUuid, _>(id);
        for text in [claim.class, claim.unit_kind, claim.sensitivity.slug()] {
            sql = sql.push(", ").bind::<Text, _>(text.to_owned());
        }
        let (by, now) = (claim.override_reason.map(|_| w.principal().id), claim.override_reason.map(|_| w.now()));
        let sql = sql.push(", ").bind::<PgUuid, _>(claim.unit_id).push(", ");
        let sql = sql.bind::<Nullable<Text>, _>(claim.override_reason.map(str::to_owned)).push(", ");
        let sql = sql.bind::<Nullable<PgUuid>, _>(by).push(", ");
        let sql = sql.bind::<Nullable<Timestamptz>, _>(now).push(", daterange(");
        let sql = sql.bind::<Date, _>(claim.starts_on).push(", ").bind::<Date, _>(claim.ends_on);
        sql.push(", '[]'))").execute(w.conn())?;
    }
    Ok(())
}

/// How the award of a referral ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::referrals) enum AwardEnd {
    /// Given: the claim stands for its whole period.
    Given,
    /// Stopped on the way: the claim stands until today.
    Stopped,
    /// Nothing was given: the claim is gone.
    Released,
}

/// Ends the award of a referral with its claims.
pub(in crate::referrals) fn end_award(w: &mut Writer<'_>, referral: Uuid, end: AwardEnd) -> Result<(), Problem> {
    use crate::db::schema::{awards::dsl as a, claims::dsl as c};
    let (now, today) = (w.now(), w.today());
    let status = if end == AwardEnd::Released { "released" } else { "given" };
    diesel::update(a::awards.filter(a::referral_id.eq(referral)))
        .set((a::status.eq(status), a::updated_at.eq(now)))
        .execute(w.conn())?;
    let awards = a::awards.filter(a::referral_id.eq(referral)).select(a::id);
    match end {
        AwardEnd::Given => {}
        AwardEnd::Stopped => {
            Sql::new("UPDATE claims SET period = period * daterange(NULL, ")
                .bind::<Date, _>(today)
                .push(", '[]'), active = NOT isempty(period * daterange(NULL, ")
                .bind::<Date, _>(today)
                .push(", '[]')) WHERE active AND award_id IN (SELECT id FROM awards WHERE referral_id = ")
                .bind::<PgUuid, _>(referral)
                .push(")")
                .execute(w.conn())?;
        }
        AwardEnd::Released => {
            diesel::update(c::claims.filter(c::award_id.eq_any(awards))).set(c::active.eq(false)).execute(w.conn())?;
        }
    }
    Ok(())
}
