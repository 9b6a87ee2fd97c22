//! Programs as the eligibility rules need them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::visible_programs;
use crate::access::policy::{ProgramDraft, ProgramPublish};
use crate::access::{Duty, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::programs::model::{AccessMode, ClaimUnit, ProgramStatus};

/// A program with its rule.
#[derive(Debug, Clone, QueryableByName)]
pub struct Ruled {
    /// Id.
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    /// Short stable number.
    #[diesel(sql_type = Integer)]
    pub number: i32,
    /// Code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Name in both languages.
    #[diesel(sql_type = Jsonb)]
    pub name: Value,
    /// Who runs it.
    #[diesel(sql_type = PgUuid)]
    pub organization_id: Uuid,
    /// How one gets it.
    #[diesel(sql_type = Text)]
    pub access_mode: AccessMode,
    /// Who holds a claim.
    #[diesel(sql_type = Text)]
    pub claim_unit: ClaimUnit,
    /// Regions it is limited to; empty: the city.
    #[diesel(sql_type = Array<Text>)]
    pub areas: Vec<String>,
    /// Needs it answers.
    #[diesel(sql_type = Array<Text>)]
    pub needs: Vec<String>,
    /// Label.
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    /// How far it is.
    #[diesel(sql_type = Text)]
    pub status: ProgramStatus,
    /// Who submitted it.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub submitted_by: Option<Uuid>,
    /// Version of the program.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// The rule in force.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub rule: Option<Value>,
    /// Its version; 0: none yet.
    #[diesel(sql_type = Integer)]
    pub rule_version: i32,
    /// When it was written.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub rule_at: Option<DateTime<Utc>>,
}

impl Ruled {
    /// Whether the caller may write the rule: its organization while it is a draft, then who publishes.
    pub fn editable(&self, r: &Reader<'_>) -> bool {
        let principal = r.principal();
        let owns = principal.may::<ProgramDraft>()
            && principal.scope_for::<ProgramDraft>().covers_organization(self.organization_id);
        let publishes = principal.may::<ProgramPublish>() && principal.has_duty(Duty::Publish);
        match self.status {
            ProgramStatus::Draft => owns,
            ProgramStatus::Submitted | ProgramStatus::Published | ProgramStatus::Suspended => publishes,
            ProgramStatus::Closed => false,
        }
    }
    /// Whether its matches are kept.
    pub fn live(&self) -> bool {
        self.status == ProgramStatus::Published && self.rule.is_some()
    }
    /// Whether the caller may know how many people it reaches.
    pub fn countable(&self, r: &Reader<'_>) -> bool {
        super::sees_numbers(r.scope(), self.sensitivity, self.organization_id)
    }
}

const COLUMNS: &str = "SELECT g.id, g.number, g.code, g.name, g.organization_id, g.access_mode, g.claim_unit, g.areas, g.needs, g.sensitivity, g.status,
    g.submitted_by, g.version, g.rule, coalesce(v.version, 0) AS rule_version, v.created_at AS rule_at";
const VERSION: &str = " LEFT JOIN LATERAL (SELECT p.version, p.created_at FROM program_rules p WHERE p.program_id = g.id ORDER BY p.version DESC LIMIT 1) v ON true";

fn select(r: &Reader<'_>) -> Sql {
    let sql = visible_programs(Sql::new("SELECT g.*"), r.principal(), r.scope());
    let inner = Sql::new(COLUMNS).push(" FROM (").append(sql).push(") g");
    inner.push(VERSION)
}

/// The program, if the caller may see it; else 404.
pub fn ruled(r: &mut Reader<'_>, id: Uuid) -> Result<Ruled, Problem> {
    Ok(select(r).push(" WHERE g.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub fn lock_ruled(w: &mut Writer<'_>, id: Uuid) -> Result<Ruled, Problem> {
    super::find_for_update(w, id)?;
    ruled(w, id)
}

/// Published programs with a rule that the caller may see, by code.
pub fn live(r: &mut Reader<'_>) -> Result<Vec<Ruled>, Problem> {
    Ok(select(r)
        .push(" WHERE g.status = 'published' AND g.rule IS NOT NULL ORDER BY g.code COLLATE \"C\"")
        .rows(r.conn())?)
}

/// Puts a new version of the rule in force: in the program and in its open cycles.
pub fn set_rule(w: &mut Writer<'_>, program: &Ruled, rule: &Value, note: Option<&str>) -> Result<i32, Problem> {
    use crate::db::schema::{program_cycles::dsl as c, program_rules::dsl as v, programs::dsl as g};
    let (now, actor, version) = (w.now(), w.principal().id, program.rule_version + 1);
    diesel::insert_into(v::program_rules)
        .values((
            v::program_id.eq(program.id),
            v::version.eq(version),
            v::rule.eq(rule),
            v::note.eq(note),
            v::created_by.eq(actor),
            v::created_at.eq(now),
        ))
        .execute(w.conn())?;
    diesel::update(g::programs.find(program.id))
        .set((g::rule.eq(rule), g::version.eq(g::version + 1), g::updated_at.eq(now)))
        .execute(w.conn())?;
    diesel::update(c::program_cycles.filter(c::program_id.eq(program.id)).filter(c::status.eq("open")))
        .set(c::rule_version.eq(version))
        .execute(w.conn())?;
    Ok(version)
}
