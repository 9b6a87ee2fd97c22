//! SQL of how far each source is believed.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::db::schema::{source_trust as t, source_trust_proposals as p};
use crate::imports::trust_model::{
    NewTrustProposal, SourceTrust, SourceTrustQuery, TrustField, TrustProposalQuery, TrustProposalStatus,
};
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A proposal as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = p)]
#[diesel(check_for_backend(Pg))]
pub struct ProposalRow {
    /// Id.
    pub id: Uuid,
    /// Field.
    pub field: TrustField,
    /// Source.
    pub source: String,
    /// Rank.
    pub rank: i32,
    /// Months.
    pub stale_months: Option<i32>,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub status: TrustProposalStatus,
    /// Who proposed it.
    pub proposed_by: Uuid,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Version.
    pub version: i64,
    /// Proposed.
    pub created_at: DateTime<Utc>,
    /// Changed.
    pub updated_at: DateTime<Utc>,
}

fn ranked(filter: &SourceTrustQuery) -> t::BoxedQuery<'static, Pg> {
    let mut query = t::table.into_boxed();
    if let Some(field) = filter.field {
        query = query.filter(t::field.eq(field));
    }
    if let Some(source) = &filter.source {
        query = query.filter(t::source.eq(source.clone()));
    }
    query
}

/// A page of ranks by field and source, behind `start`. Reference data: it is nobody's in particular.
pub fn ranks(
    r: &mut Reader<'_>,
    filter: &SourceTrustQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<SourceTrust>, Problem> {
    let mut query = ranked(filter);
    if let Some((field, source)) = start.and_then(|c| Some((c.key.clone()?, c.id.clone()))) {
        query = query.filter(t::field.gt(field.clone()).or(t::field.eq(field).and(t::source.gt(source))));
    }
    let rows: Vec<(TrustField, String, i32, Option<i32>, i64, DateTime<Utc>)> = query
        .order((t::field, t::source))
        .limit(fetch)
        .select((t::field, t::source, t::rank, t::stale_months, t::version, t::updated_at))
        .load(r.conn())?;
    let rank = |(field, source, rank, stale_months, version, updated_at)| SourceTrust {
        field,
        source,
        rank,
        stale_months,
        version,
        updated_at,
    };
    Ok(rows.into_iter().map(rank).collect())
}

/// How many there are.
pub fn count_ranks(r: &mut Reader<'_>, filter: &SourceTrustQuery) -> Result<i64, Problem> {
    Ok(ranked(filter).count().get_result(r.conn())?)
}

fn proposed(filter: &TrustProposalQuery) -> p::BoxedQuery<'static, Pg> {
    let query = p::table.into_boxed();
    match filter.status {
        Some(status) => query.filter(p::status.eq(status)),
        None => query,
    }
}

/// A page of proposals, newest first.
pub fn list(
    r: &mut Reader<'_>,
    filter: &TrustProposalQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ProposalRow>, Problem> {
    let mut query = proposed(filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(p::id.lt(id));
    }
    Ok(query.order(p::id.desc()).limit(fetch).select(ProposalRow::as_select()).load(r.conn())?)
}

/// How many there are.
pub fn count(r: &mut Reader<'_>, filter: &TrustProposalQuery) -> Result<i64, Problem> {
    Ok(proposed(filter).count().get_result(r.conn())?)
}

/// One proposal.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<ProposalRow, Problem> {
    Ok(p::table.find(id).select(ProposalRow::as_select()).first(r.conn())?)
}

/// The same, locked.
pub fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<ProposalRow, Problem> {
    Ok(p::table.find(id).for_no_key_update().select(ProposalRow::as_select()).first(w.conn())?)
}

/// Stores a proposal.
pub fn insert(w: &mut Writer<'_>, new: &NewTrustProposal) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.principal().id, w.now());
    diesel::insert_into(p::table)
        .values((
            p::id.eq(id),
            p::field.eq(new.field),
            p::source.eq(&new.source),
            p::rank.eq(new.rank),
            p::stale_months.eq(new.stale_months),
            p::reason.eq(crate::kernel::text::clean(&new.reason)),
            p::proposed_by.eq(actor),
            p::created_at.eq(now),
            p::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Ends a locked proposal.
pub fn decide(w: &mut Writer<'_>, id: Uuid, status: TrustProposalStatus) -> Result<(), Problem> {
    let (actor, now) = (w.principal().id, w.now());
    diesel::update(p::table.find(id))
        .set((
            p::status.eq(status),
            p::decided_by.eq(actor),
            p::decided_at.eq(now),
            p::version.eq(p::version + 1),
            p::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Puts a confirmed rank in force; what it was before, for the audit trail.
pub fn put(w: &mut Writer<'_>, row: &ProposalRow) -> Result<Value, Problem> {
    let (actor, now) = (w.principal().id, w.now());
    let before: Option<(i32, Option<i32>)> = t::table
        .find((row.field.slug(), &row.source))
        .for_no_key_update()
        .select((t::rank, t::stale_months))
        .first(w.conn())
        .optional()?;
    diesel::insert_into(t::table)
        .values((
            t::field.eq(row.field),
            t::source.eq(&row.source),
            t::rank.eq(row.rank),
            t::stale_months.eq(row.stale_months),
            t::updated_by.eq(actor),
            t::updated_at.eq(now),
        ))
        .on_conflict((t::field, t::source))
        .do_update()
        .set((
            t::rank.eq(row.rank),
            t::stale_months.eq(row.stale_months),
            t::version.eq(t::version + 1),
            t::updated_by.eq(actor),
            t::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(before.map_or(Value::Null, |(rank, stale_months)| json!({"rank": rank, "stale_months": stale_months})))
}
