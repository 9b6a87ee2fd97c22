//! SQL of programs.

pub mod cycles;
pub mod offers;
pub mod ruled;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::policy::Role;
use crate::access::{Duty, Principal, Reader, Scope, Writer};
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::programs::model::{
    AccessMode, BenefitKind, ClaimUnit, CycleStatus, NewProgram, ProgramQuery, ProgramStatus,
};

/// A program as stored.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::programs) struct ProgramRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Jsonb)]
    pub name: Value,
    #[diesel(sql_type = Jsonb)]
    pub description: Value,
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    #[diesel(sql_type = Text)]
    pub organization_name: String,
    #[diesel(sql_type = Text)]
    pub pillar: String,
    #[diesel(sql_type = Array<Text>)]
    pub needs: Vec<String>,
    #[diesel(sql_type = Text)]
    pub access_mode: AccessMode,
    #[diesel(sql_type = Text)]
    pub benefit_kind: BenefitKind,
    #[diesel(sql_type = Text)]
    pub benefit_unit: String,
    #[diesel(sql_type = BigInt)]
    pub benefit_value_idr: i64,
    #[diesel(sql_type = Text)]
    pub benefit_period: String,
    #[diesel(sql_type = Jsonb)]
    pub benefit_tiers: Value,
    #[diesel(sql_type = Nullable<Text>)]
    pub overlap_class: Option<String>,
    #[diesel(sql_type = Text)]
    pub claim_unit: ClaimUnit,
    #[diesel(sql_type = Array<Text>)]
    pub areas: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    pub documents: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub legal_basis: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub how_to_apply: Option<String>,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Text)]
    pub status: ProgramStatus,
    #[diesel(sql_type = Nullable<Text>)]
    pub return_reason: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub submitted_by: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "SELECT g.id, g.code, g.name, g.description, g.organization_id, o.name AS organization_name, g.pillar, g.needs,
    g.access_mode, g.benefit_kind, g.benefit_unit, g.benefit_value_idr, g.benefit_period, g.benefit_tiers, g.overlap_class, g.claim_unit, g.areas,
    g.documents, g.legal_basis, g.how_to_apply, g.sensitivity, g.status, g.return_reason, g.submitted_by, g.version, g.created_at, g.updated_at";

/// The programs this caller may see: adds `FROM … WHERE (…)`. The only way to the table.
fn visible_programs(sql: Sql, principal: &Principal, scope: &Scope) -> Sql {
    let sql = sql.push(" FROM programs g JOIN organizations o ON o.id = g.organization_id WHERE (");
    if scope.system {
        return sql.push("true)");
    }
    let coordinator = principal.has_role(Role::Coordinator);
    let mut sql =
        sql.push(if coordinator { "true OR " } else { "g.status IN ('published', 'suspended', 'closed') OR " });
    sql = scope.push_organization(sql, "g.organization_id").push(") AND (g.sensitivity = 'open' OR ");
    sql = scope.push_organization(sql, "g.organization_id");
    if scope.supervises() {
        sql = sql.push(" OR true");
    }
    if coordinator && principal.has_duty(Duty::Publish) {
        sql = sql.push(" OR g.status IN ('draft', 'submitted')");
    }
    if scope.has_area() {
        sql = sql
            .push(" OR EXISTS (SELECT 1 FROM assignments a JOIN problems p ON p.id = a.subject_id WHERE a.to_at IS NULL AND p.sensitivity = 'restricted' AND p.need_code = ANY(g.needs) AND a.account_id = ")
            .bind::<PgUuid, _>(scope.actor)
            .push(")");
    }
    sql.push(")")
}

/// Whether the caller may know how many people a program of this label and organization serves.
pub(in crate::programs) fn sees_numbers(scope: &Scope, sensitivity: Sensitivity, organization_id: Uuid) -> bool {
    sensitivity == Sensitivity::Open || scope.supervises() || scope.organizations.contains(&organization_id)
}

fn select(r: &Reader<'_>) -> Sql {
    visible_programs(Sql::new(COLUMNS), r.principal(), r.scope())
}

/// The program, if the caller may see it; else 404.
pub(in crate::programs) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<ProgramRow, Problem> {
    Ok(select(r).push(" AND g.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// Whether the caller may see the program; else 404.
pub fn seen(r: &mut Reader<'_>, id: Uuid) -> Result<(), Problem> {
    find(r, id).map(|_| ())
}

/// The same, locked until the transaction ends.
pub(in crate::programs) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<ProgramRow, Problem> {
    Ok(select(w).push(" AND g.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF g").row(w.conn())?)
}

/// The program of a code that the caller may see, locked until the transaction ends.
pub(in crate::programs) fn by_code_for_update(w: &mut Writer<'_>, code: &str) -> Result<Option<ProgramRow>, Problem> {
    let sql = select(w).push(" AND g.code = ").bind::<Text, _>(code.to_owned()).push(" FOR NO KEY UPDATE OF g");
    Ok(sql.row(w.conn()).optional()?)
}

fn push_filter(mut sql: Sql, filter: &ProgramQuery, today: NaiveDate) -> Sql {
    if let Some(status) = filter.status {
        sql = sql.push(" AND g.status = ").bind::<Text, _>(status);
    }
    if let Some(need) = &filter.need {
        sql = sql.push(" AND ").bind::<Text, _>(need.clone()).push(" = ANY(g.needs)");
    }
    if let Some(pillar) = &filter.pillar {
        sql = sql.push(" AND g.pillar = ").bind::<Text, _>(pillar.clone());
    }
    if let Some(id) = filter.organization_id {
        sql = sql.push(" AND g.organization_id = ").bind::<PgUuid, _>(id);
    }
    if let Some(mode) = filter.access_mode {
        sql = sql.push(" AND g.access_mode = ").bind::<Text, _>(mode);
    }
    if let Some(region) = &filter.region {
        sql = sql
            .push(" AND (g.areas = '{}' OR EXISTS (SELECT 1 FROM unnest(g.areas) a WHERE starts_with(")
            .bind::<Text, _>(format!("{region}."))
            .push(", a || '.')))");
    }
    if filter.open == Some(true) {
        // Not by free seats where those are secret: the filter would tell.
        sql = sql
            .push(" AND g.status = 'published' AND EXISTS (SELECT 1 FROM program_cycles c WHERE c.program_id = g.id AND c.status = 'open' AND (c.seats_taken < c.seats OR g.sensitivity = 'restricted') AND ")
            .bind::<Date, _>(today)
            .push(" BETWEEN c.starts_on AND c.ends_on)");
    }
    if let Some(q) = filter.q.as_deref().map(crate::kernel::text::clean).filter(|q| !q.is_empty()) {
        let pattern = format!("%{}%", q.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        sql = sql
            .push(" AND concat_ws(' ', g.code, g.name ->> 'id', g.name ->> 'en', o.name) ILIKE ")
            .bind::<Text, _>(pattern);
    }
    sql
}

/// A page by code.
pub(in crate::programs) fn list(
    r: &mut Reader<'_>,
    filter: &ProgramQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ProgramRow>, Problem> {
    let mut sql = push_filter(select(r), filter, r.today());
    if let Some(code) = start.and_then(|c| c.key.clone()) {
        sql = sql.push(" AND g.code COLLATE \"C\" > ").bind::<Text, _>(code);
    }
    Ok(sql.push(" ORDER BY g.code COLLATE \"C\" LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(in crate::programs) fn count(r: &mut Reader<'_>, filter: &ProgramQuery) -> Result<i64, Problem> {
    let sql = visible_programs(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.principal(), r.scope());
    let sql = push_filter(sql, filter, r.today()).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Label of an organization, if there is one.
pub(in crate::programs) fn organization_label(r: &mut Reader<'_>, id: Uuid) -> Result<Option<Sensitivity>, Problem> {
    use crate::db::schema::organizations::dsl as o;
    Ok(o::organizations.find(id).select(o::sensitivity).first(r.conn()).optional()?)
}

/// Which of these are no kecamatan or kelurahan of the city.
pub(in crate::programs) fn unknown_areas(r: &mut Reader<'_>, areas: &[String]) -> Result<usize, Problem> {
    use crate::db::schema::regions::dsl as g;
    let known: i64 = g::regions
        .filter(g::code.eq_any(areas).and(g::in_city.eq(true)))
        .filter(g::level.eq_any(["city", "kecamatan", "kelurahan"]))
        .count()
        .get_result(r.conn())?;
    Ok(areas.len().saturating_sub(usize::try_from(known).unwrap_or(0)))
}

fn description(new: &NewProgram) -> Value {
    new.description.as_ref().map_or_else(|| serde_json::json!({}), |d| serde_json::json!(d))
}

/// Stores a draft.
pub(in crate::programs) fn insert(w: &mut Writer<'_>, new: &NewProgram, label: Sensitivity) -> Result<Uuid, Problem> {
    use crate::db::schema::programs::dsl as g;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(g::programs)
        .values((
            g::id.eq(id),
            g::code.eq(&new.code),
            g::organization_id.eq(new.organization_id),
            g::created_by.eq(actor),
            g::created_at.eq(now),
            g::updated_at.eq(now),
            g::name.eq(serde_json::json!(new.name)),
            g::pillar.eq(&new.pillar),
            g::access_mode.eq(new.access_mode),
            g::benefit_kind.eq(new.benefit.kind),
            g::benefit_unit.eq(&new.benefit.unit),
            g::benefit_value_idr.eq(new.benefit.value_idr),
            g::benefit_period.eq(&new.benefit.period),
            g::claim_unit.eq(new.claim_unit),
        ))
        .execute(w.conn())?;
    write(w, id, new, label)?;
    Ok(id)
}

/// Writes every editable column.
pub(in crate::programs) fn write(
    w: &mut Writer<'_>,
    id: Uuid,
    new: &NewProgram,
    label: Sensitivity,
) -> Result<(), Problem> {
    use crate::db::schema::programs::dsl as g;
    let now = w.now();
    diesel::update(g::programs.find(id))
        .set((
            g::name.eq(serde_json::json!(new.name)),
            g::description.eq(description(new)),
            g::pillar.eq(&new.pillar),
            g::needs.eq(&new.needs),
            g::access_mode.eq(new.access_mode),
            g::benefit_kind.eq(new.benefit.kind),
            g::benefit_unit.eq(&new.benefit.unit),
            g::benefit_value_idr.eq(new.benefit.value_idr),
            g::benefit_period.eq(&new.benefit.period),
            g::benefit_tiers.eq(serde_json::json!(new.benefit.tiers)),
            g::overlap_class.eq(&new.overlap_class),
            g::claim_unit.eq(new.claim_unit),
            g::areas.eq(&new.areas),
            g::documents.eq(&new.documents),
            g::legal_basis.eq(&new.legal_basis),
            g::how_to_apply.eq(&new.how_to_apply),
            g::sensitivity.eq(label),
            g::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Counts one more version of a locked program.
pub(in crate::programs) fn bump(w: &mut Writer<'_>, id: Uuid) -> Result<(), Problem> {
    use crate::db::schema::programs::dsl as g;
    diesel::update(g::programs.find(id)).set(g::version.eq(g::version + 1)).execute(w.conn())?;
    Ok(())
}

/// Moves a locked program to a status.
pub(in crate::programs) fn set_status(
    w: &mut Writer<'_>,
    id: Uuid,
    status: ProgramStatus,
    reason: Option<&str>,
) -> Result<(), Problem> {
    use crate::db::schema::programs::dsl as g;
    let (now, actor) = (w.now(), w.principal().id);
    diesel::update(g::programs.find(id))
        .set((g::status.eq(status), g::version.eq(g::version + 1), g::updated_at.eq(now)))
        .execute(w.conn())?;
    let row = g::programs.find(id);
    match status {
        // The publisher of an earlier round may hand it in this time.
        ProgramStatus::Submitted => diesel::update(row)
            .set((g::submitted_by.eq(actor), g::published_by.eq(None::<Uuid>), g::return_reason.eq(None::<String>)))
            .execute(w.conn())?,
        ProgramStatus::Published => diesel::update(row).set(g::published_by.eq(actor)).execute(w.conn())?,
        ProgramStatus::Draft => diesel::update(row).set(g::return_reason.eq(reason)).execute(w.conn())?,
        ProgramStatus::Suspended | ProgramStatus::Closed => 0,
    };
    Ok(())
}

/// A cycle and its program, as far as a referral to it must know them.
#[derive(Debug, Clone, QueryableByName)]
pub struct Offer {
    /// The cycle.
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    /// Its program.
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    /// Who runs it.
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    /// Status of the program.
    #[diesel(sql_type = Text)]
    pub status: ProgramStatus,
    /// How one gets it.
    #[diesel(sql_type = Text)]
    pub access_mode: AccessMode,
    /// What is given.
    #[diesel(sql_type = Text)]
    pub benefit_kind: BenefitKind,
    /// Value of one, in rupiah.
    #[diesel(sql_type = BigInt)]
    pub benefit_value_idr: i64,
    /// Values that differ by whom it is for.
    #[diesel(sql_type = Jsonb)]
    pub benefit_tiers: Value,
    /// What one is counted in.
    #[diesel(sql_type = Text)]
    pub benefit_unit: String,
    /// Aid nobody gets twice.
    #[diesel(sql_type = Nullable<Text>)]
    pub overlap_class: Option<String>,
    /// Who holds a claim.
    #[diesel(sql_type = Text)]
    pub claim_unit: ClaimUnit,
    /// Pillar.
    #[diesel(sql_type = Text)]
    pub pillar: String,
    /// Regions it is limited to; empty: the city.
    #[diesel(sql_type = Array<Text>)]
    pub areas: Vec<String>,
    /// Label.
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    /// First day.
    #[diesel(sql_type = Date)]
    pub starts_on: NaiveDate,
    /// Last day.
    #[diesel(sql_type = Date)]
    pub ends_on: NaiveDate,
    /// Whether the cycle takes people.
    #[diesel(sql_type = Text)]
    pub cycle_status: CycleStatus,
    /// Rule in force.
    #[diesel(sql_type = Integer)]
    pub rule_version: i32,
}

impl Offer {
    /// Rupiah of a tier; none where the benefit has no such tier.
    pub fn tier_idr(&self, code: &str) -> Option<i64> {
        let tiers = self.benefit_tiers.as_array()?;
        tiers.iter().find(|t| t["code"] == code).and_then(|t| t["value_idr"].as_i64())
    }
    /// Whether a referral may be sent to it on this day.
    pub fn takes_referrals(&self, today: NaiveDate) -> bool {
        self.status == ProgramStatus::Published
            && self.access_mode == AccessMode::Referral
            && self.cycle_status == CycleStatus::Open
            && (self.starts_on..=self.ends_on).contains(&today)
    }
    /// Whether it will take nobody any more.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.status == ProgramStatus::Closed || self.cycle_status != CycleStatus::Open || self.ends_on < today
    }
    /// Whether it reaches this kelurahan.
    pub fn reaches(&self, region_code: &str) -> bool {
        self.areas.is_empty()
            || self.areas.iter().any(|area| {
                region_code.strip_prefix(area.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
    }
}

/// The offer behind a cycle, if the caller may see its program; else 404.
pub fn offer(r: &mut Reader<'_>, cycle_id: Uuid) -> Result<Offer, Problem> {
    let sql = Sql::new(
        "SELECT c.id AS cycle_id, v.id AS program_id, v.organization_id, v.status, v.access_mode, v.benefit_kind, v.benefit_value_idr, v.benefit_tiers,
             v.benefit_unit, v.overlap_class, v.claim_unit, v.pillar, v.areas, v.sensitivity, c.starts_on, c.ends_on, c.status AS cycle_status, c.rule_version
         FROM program_cycles c JOIN (SELECT g.*",
    );
    let sql = visible_programs(sql, r.principal(), r.scope());
    Ok(sql.push(") v ON v.id = c.program_id WHERE c.id = ").bind::<PgUuid, _>(cycle_id).row(r.conn())?)
}
