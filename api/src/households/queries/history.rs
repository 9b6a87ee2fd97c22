//! Timeline and access log of a household the caller was shown.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use super::people::object;
use super::visible::Visible;
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::{access_log, accounts, registry_changes, registry_events};
use crate::db::sql::{Fragment, sql};
use crate::households::model::{AccessEntry, TimelineEntry};
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// Notes what happened, for the timeline and for the search indexes in memory.
pub fn note(
    w: &mut Writer<'_>,
    household: Uuid,
    individual: Option<Uuid>,
    kind: &str,
    detail: &Value,
) -> Result<(), Problem> {
    let (actor, now) = (w.principal().id, w.now());
    diesel::insert_into(registry_events::table)
        .values((
            registry_events::id.eq(Uuid::now_v7()),
            registry_events::household_id.eq(household),
            registry_events::individual_id.eq(individual),
            registry_events::kind.eq(kind),
            registry_events::detail.eq(detail),
            registry_events::actor_id.eq((!actor.is_nil()).then_some(actor)),
            registry_events::at.eq(now),
        ))
        .execute(w.conn())?;
    diesel::insert_into(registry_changes::table)
        .values((registry_changes::kind.eq("household"), registry_changes::subject_id.eq(household)))
        .execute(w.conn())?;
    Ok(())
}

/// Newest first.
pub fn timeline(
    r: &mut Reader<'_>,
    household: &Visible,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<TimelineEntry>, Problem> {
    let mut query = registry_events::table
        .left_join(accounts::table.on(accounts::id.nullable().eq(registry_events::actor_id)))
        .filter(registry_events::household_id.eq(household.id))
        .into_boxed();
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(registry_events::id.lt(id));
    }
    type Row = (Uuid, DateTime<Utc>, String, Option<Uuid>, Option<String>, Value);
    let rows: Vec<Row> = query
        .order(registry_events::id.desc())
        .limit(fetch)
        .select((
            registry_events::id,
            registry_events::at,
            registry_events::kind,
            registry_events::individual_id,
            accounts::display_name.nullable(),
            registry_events::detail,
        ))
        .load(r.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, at, kind, individual_id, actor_name, detail)| TimelineEntry {
            id,
            at,
            kind,
            individual_id,
            actor_name,
            detail: object(detail),
        })
        .collect())
}

/// Views of the household and its people are for all who may read the log. Views of anything else are for who may see
/// that: what is open, what is about the citizen, and everything for a supervisor of the area. A kind this does not know
/// is taken for restricted.
fn visible_views(scope: &Scope, household: &Visible) -> Fragment<Bool> {
    if scope.supervises() && scope.covers_region(&household.region_code) {
        return sql("true");
    }
    let person = scope.person.map(|(person, _)| person);
    sql("(access_log.subject_kind IN ('household', 'individual') OR access_log.actor_id = ")
        .bind::<SqlUuid, _>(scope.actor)
        .sql(" OR (access_log.subject_kind = 'problem' AND EXISTS (SELECT 1 FROM problems p WHERE p.id = access_log.subject_id AND (p.sensitivity = 'open' OR p.individual_id = ")
        .bind::<Nullable<SqlUuid>, _>(person)
        .sql("))) OR (access_log.subject_kind = 'referral' AND EXISTS (SELECT 1 FROM referrals f WHERE f.id = access_log.subject_id AND (f.sensitivity = 'open' OR f.individual_id = ")
        .bind::<Nullable<SqlUuid>, _>(person)
        .sql(
            "))) OR (access_log.subject_kind = 'case' AND EXISTS (SELECT 1 FROM cases c WHERE c.id = access_log.subject_id AND c.sensitivity = 'open'))
             OR (access_log.subject_kind = 'letter' AND EXISTS (SELECT 1 FROM letters l WHERE l.id = access_log.subject_id AND l.sensitivity = 'open'))
             OR (access_log.subject_kind = 'evidence' AND EXISTS (SELECT 1 FROM evidence e JOIN problems p ON p.id = e.subject_id WHERE e.id = access_log.subject_id AND e.subject_kind = 'problem' AND p.sensitivity = 'open'))
             OR (access_log.subject_kind = 'assessment' AND EXISTS (SELECT 1 FROM assessments x WHERE x.id = access_log.subject_id AND (x.sensitivity = 'open' OR x.individual_id = ",
        )
        .bind::<Nullable<SqlUuid>, _>(person)
        .sql("))) OR (access_log.subject_kind = 'service_request' AND EXISTS (SELECT 1 FROM service_requests x WHERE x.id = access_log.subject_id AND (x.sensitivity = 'open' OR x.individual_id = ")
        .bind::<Nullable<SqlUuid>, _>(person)
        .sql("))) OR (access_log.subject_kind = 'decision' AND EXISTS (SELECT 1 FROM decisions x WHERE x.id = access_log.subject_id AND (x.sensitivity = 'open' OR x.individual_id = ")
        .bind::<Nullable<SqlUuid>, _>(person)
        .sql("))))")
}

/// Newest first.
pub fn access(
    r: &mut Reader<'_>,
    household: &Visible,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<AccessEntry>, Problem> {
    let mut query = access_log::table
        .left_join(accounts::table.on(accounts::id.eq(access_log::actor_id)))
        .filter(access_log::household_id.eq(household.id))
        .filter(visible_views(r.scope(), household))
        .into_boxed();
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(access_log::id.lt(id));
    }
    type Row = (Uuid, DateTime<Utc>, String, Option<String>, Option<String>, Vec<String>, bool);
    let rows: Vec<Row> = query
        .order(access_log::id.desc())
        .limit(fetch)
        .select((
            access_log::id,
            access_log::at,
            access_log::action,
            accounts::display_name.nullable(),
            access_log::purpose,
            access_log::fields,
            access_log::through_glass,
        ))
        .load(r.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, at, action, actor_name, purpose, fields, through_break_glass)| AccessEntry {
            id,
            at,
            action,
            actor_name,
            purpose,
            fields,
            through_break_glass,
        })
        .collect())
}
