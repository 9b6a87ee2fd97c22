//! SQL of problems.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::model::{ProblemQuery, ProblemSource, ProblemStatus, Severity, SubjectKind};
use crate::access::{Reader, Scope, Writer};
use crate::db::schema::problems;
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::mandates::Charge;

/// A problem as stored, with what is needed of its household.
#[derive(Debug, Clone, QueryableByName)]
pub struct ProblemRow {
    /// Id.
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    /// Household or person.
    #[diesel(sql_type = Text)]
    pub subject_kind: SubjectKind,
    /// The household.
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    /// The person, where it is one's own problem.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    /// Need.
    #[diesel(sql_type = Text)]
    pub need_code: String,
    /// PPKS type.
    #[diesel(sql_type = Nullable<Text>)]
    pub ppks_code: Option<String>,
    /// Urgency.
    #[diesel(sql_type = Text)]
    pub severity: Severity,
    /// Where it was noticed.
    #[diesel(sql_type = Text)]
    pub source: ProblemSource,
    /// How far it is.
    #[diesel(sql_type = Text)]
    pub status: ProblemStatus,
    /// Label.
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    /// Personal: In words.
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    /// Since when.
    #[diesel(sql_type = Nullable<Date>)]
    pub onset_on: Option<NaiveDate>,
    /// Rule that found it.
    #[diesel(sql_type = Nullable<Text>)]
    pub detected_by_rule: Option<String>,
    /// Why it ended.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason_code: Option<String>,
    /// Who reported it.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub reported_by: Option<Uuid>,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub reported_at: DateTime<Utc>,
    /// Who verified it.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub verified_by: Option<Uuid>,
    /// When.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub verified_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Mandate in force when it was reported.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub mandate_id: Option<Uuid>,
    /// Who is responsible by it.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub responsible_organization_id: Option<Uuid>,
    /// Its name.
    #[diesel(sql_type = Nullable<Text>)]
    pub responsible_organization_name: Option<String>,
    /// Last day in time.
    #[diesel(sql_type = Nullable<Date>)]
    pub due_on: Option<NaiveDate>,
    /// Version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Entered.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// Changed.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    /// Kelurahan of the household.
    #[diesel(sql_type = Text)]
    pub region_code: String,
    /// Dwelling of the household, where known.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub dwelling_id: Option<Uuid>,
    /// Head of the household, where known.
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub head_id: Option<Uuid>,
    /// Personal: The person, or the head of the household.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    /// Whether the caller is assigned to it or to its household.
    #[diesel(sql_type = Bool)]
    pub assigned: bool,
}

impl ProblemRow {
    /// Whether only those who work on it may see it.
    pub fn restricted(&self) -> bool {
        self.sensitivity == Sensitivity::Restricted
    }
}

const COLUMNS: &str =
    "SELECT p.id, p.subject_kind, p.household_id, p.individual_id, p.need_code, p.ppks_code, p.severity, p.source,
    p.status, p.sensitivity, p.description, p.onset_on, p.detected_by_rule, p.reason_code, p.reported_by, p.reported_at, p.verified_by,
    p.verified_at, p.closed_at, p.mandate_id, m.organization_id AS responsible_organization_id,
    o.name AS responsible_organization_name, p.due_on, p.version, p.created_at, p.updated_at, p.region_code, h.dwelling_id, h.head_id,
    CASE WHEN p.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name, ";

/// `EXISTS (…)`: the problem came to an organization of the caller; to a partner only from its acceptance on.
fn push_received(sql: Sql, scope: &Scope) -> Sql {
    if scope.organizations.is_empty() {
        return sql.push("false");
    }
    let sql = scope.push_organization(
        sql.push("EXISTS (SELECT 1 FROM referrals f WHERE f.problem_id = p.id AND "),
        "f.to_organization_id",
    );
    let sql = sql.push(
        " AND (f.status IN ('accepted', 'scheduled', 'in_service', 'completed') OR (f.status IN ('sent', 'returned') AND f.to_organization_id <> ALL(",
    );
    sql.bind::<diesel::sql_types::Array<PgUuid>, _>(scope.partners.clone()).push("))))")
}

/// The problems this caller may see, with what is told of them: adds `FROM … WHERE (…)`.
fn visible_problems(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM problems p JOIN households h ON h.id = p.household_id LEFT JOIN individuals i ON i.id = p.individual_id
         LEFT JOIN mandates m ON m.id = p.mandate_id LEFT JOIN organizations o ON o.id = m.organization_id WHERE ",
    );
    push_visible(sql, scope)
}

/// `(…)`: this caller may see the problem `p`. The only way to the table. It asks no other table about the area, so that
/// a page of one kecamatan does not read the households of the city.
fn push_visible(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push("(");
    if scope.system {
        return sql.push("true)");
    }
    let mut sql = scope.push_area(sql, "p").push(" OR p.reported_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "p.id");
        sql = scope.push_assigned_case(sql.push(" OR "), "p.id");
        sql = scope.push_assigned(sql.push(" OR "), "p.household_id");
    }
    sql = Scope::push_or_opened(sql, "p.household_id", &scope.opened_households);
    sql = push_received(sql.push(" OR "), scope);
    if let Some((person, household)) = scope.person {
        // Another adult's problem is not the household's to see.
        sql = sql.push(" OR p.individual_id = ").bind::<PgUuid, _>(person);
        sql = sql.push(" OR (p.individual_id IS NULL AND p.household_id = ").bind::<PgUuid, _>(household).push(")");
    }
    sql = sql.push(") AND (p.sensitivity = 'open' OR p.reported_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = scope.push_assigned(sql.push(" OR "), "p.id");
        sql = scope.push_assigned_case(sql.push(" OR "), "p.id");
    }
    if scope.supervises() {
        sql = scope.push_area(sql.push(" OR "), "p");
    }
    sql = Scope::push_or_opened(sql, "p.id", &scope.opened_problems);
    sql = push_received(sql.push(" OR "), scope);
    if let Some((person, _)) = scope.person {
        sql = sql.push(" OR p.individual_id = ").bind::<PgUuid, _>(person);
    }
    sql.push(")")
}

fn select(scope: &Scope) -> Sql {
    let sql = scope.push_assigned(Sql::new(COLUMNS).push("("), "p.id");
    let sql = scope.push_assigned_case(sql.push(" OR "), "p.id");
    let sql = scope.push_assigned(sql.push(" OR "), "p.household_id").push(") AS assigned");
    visible_problems(sql, scope)
}

/// Problem of this id, if the caller may see it; else 404.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<ProblemRow, Problem> {
    Ok(select(r.scope()).push(" AND p.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// The same, locked until the transaction ends.
pub fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<ProblemRow, Problem> {
    Ok(select(w.scope()).push(" AND p.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF p").row(w.conn())?)
}

/// The open problem of a subject and need that the caller may see, locked; the oldest where there are several.
pub(super) fn find_open(
    w: &mut Writer<'_>,
    household: Uuid,
    individual: Option<Uuid>,
    need: &str,
) -> Result<Option<ProblemRow>, Problem> {
    let sql = select(w.scope()).push(" AND p.closed_at IS NULL AND p.household_id = ").bind::<PgUuid, _>(household);
    let sql = sql.push(" AND p.individual_id IS NOT DISTINCT FROM ").bind::<Nullable<PgUuid>, _>(individual);
    let sql = sql.push(" AND p.need_code = ").bind::<Text, _>(need.to_owned());
    Ok(sql.push(" ORDER BY p.id LIMIT 1 FOR NO KEY UPDATE OF p").row(w.conn()).optional()?)
}

/// The problem of a referral the caller has been shown to hold, locked: a receiving partner may move it along before
/// it may see it.
pub fn of_referral(w: &mut Writer<'_>, id: Uuid) -> Result<ProblemRow, Problem> {
    let all = Scope { system: true, ..Scope::default() };
    Ok(select(&all).push(" AND p.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF p").row(w.conn())?)
}

/// Statuses in which a deadline runs.
const OPEN: &str = " AND p.status IN ('reported', 'verified', 'in_service', 'partly_resolved')";

fn push_filter(mut sql: Sql, scope: &Scope, today: NaiveDate, filter: &ProblemQuery, household: Option<Uuid>) -> Sql {
    if let Some(id) = household {
        sql = sql.push(" AND p.household_id = ").bind::<PgUuid, _>(id);
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND p.status = ").bind::<Text, _>(status);
    }
    if let Some(need) = &filter.need_code {
        sql = sql.push(" AND p.need_code = ").bind::<Text, _>(need.clone());
    }
    if let Some(severity) = filter.severity {
        sql = sql.push(" AND p.severity = ").bind::<Text, _>(severity);
    }
    if let Some(rule) = &filter.detected_by_rule {
        sql = sql.push(" AND p.detected_by_rule = ").bind::<Text, _>(rule.clone());
    }
    if let Some(region) = &filter.region {
        sql = sql.push(" AND (p.region_code = ").bind::<Text, _>(region.clone());
        sql = sql.push(" OR starts_with(p.region_code, ").bind::<Text, _>(format!("{region}.")).push("))");
    }
    if let Some(id) = filter.responsible_organization_id {
        sql = sql.push(" AND m.organization_id = ").bind::<PgUuid, _>(id);
    }
    if filter.overdue == Some(true) {
        sql = sql.push(OPEN).push(" AND p.due_on < ").bind::<Date, _>(today);
    }
    if filter.mine == Some(true) {
        sql = sql.push(" AND (p.reported_by = ").bind::<PgUuid, _>(scope.actor).push(" OR ");
        sql = scope.push_assigned(sql, "p.id").push(")");
    }
    sql
}

/// Reported problems of the caller's area that another reported, the most urgent and oldest first.
pub fn to_verify(r: &mut Reader<'_>, limit: i64) -> Result<Vec<ProblemRow>, Problem> {
    const ORDER: &str = " ORDER BY array_position(ARRAY['emergency', 'high', 'medium', 'low'], p.severity), p.id";
    // Chosen first, then told: names and mandates are looked up for the chosen alone.
    let sql =
        push_visible(select(r.scope()).push(" AND p.id = ANY(ARRAY(SELECT p.id FROM problems p WHERE "), r.scope());
    let sql = sql.push(" AND p.status = 'reported' AND p.reported_by IS DISTINCT FROM ");
    let sql = sql.bind::<PgUuid, _>(r.scope().actor).push(ORDER).push(" LIMIT ").bind::<BigInt, _>(limit).push("))");
    Ok(sql.push(ORDER).rows(r.conn())?)
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &ProblemQuery,
    household: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ProblemRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), r.scope(), r.today(), filter, household);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND p.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY p.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &ProblemQuery, household: Option<Uuid>) -> Result<i64, Problem> {
    let counted =
        "SELECT count(*) AS count FROM (SELECT 1 FROM problems p LEFT JOIN mandates m ON m.id = p.mandate_id WHERE ";
    let sql = push_visible(Sql::new(counted), r.scope());
    let sql =
        push_filter(sql, r.scope(), r.today(), filter, household).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// Household of a person, if both are in force.
pub fn household_of_person(r: &mut Reader<'_>, id: Uuid) -> Result<Uuid, Problem> {
    use crate::db::schema::individuals::dsl as i;
    Ok(i::individuals.find(id).filter(i::merged_into.is_null()).select(i::household_id).first(r.conn())?)
}

/// What a new problem is made of.
#[derive(Debug)]
pub(super) struct Fresh {
    pub subject_kind: SubjectKind,
    pub household_id: Uuid,
    pub individual_id: Option<Uuid>,
    pub need_code: String,
    pub ppks_code: Option<String>,
    pub severity: Severity,
    pub source: ProblemSource,
    pub sensitivity: Sensitivity,
    pub description: Option<String>,
    pub onset_on: Option<NaiveDate>,
    pub charge: Option<Charge>,
}

/// Who is responsible and until when, as columns; left as it is where nobody is charged.
#[derive(Default, Insertable, AsChangeset)]
#[diesel(table_name = problems)]
struct Charged {
    mandate_id: Option<Uuid>,
    due_from: Option<NaiveDate>,
    due_days: Option<i32>,
    due_on: Option<NaiveDate>,
}

fn charged(charge: Option<Charge>) -> Charged {
    charge.map_or_else(Charged::default, |c| Charged {
        mandate_id: Some(c.mandate_id),
        due_from: Some(c.due_from),
        due_days: Some(c.due_days),
        due_on: Some(c.due_on),
    })
}

/// Stores a reported problem; a reporter who works in an area becomes its lead.
pub(super) fn insert(w: &mut Writer<'_>, new: Fresh) -> Result<Uuid, Problem> {
    use crate::db::schema::{assignments, problems::dsl as p};
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    let leads = w.scope().has_area();
    diesel::insert_into(p::problems)
        .values((
            p::id.eq(id),
            p::subject_kind.eq(new.subject_kind),
            p::household_id.eq(new.household_id),
            p::individual_id.eq(new.individual_id),
            p::need_code.eq(new.need_code),
            p::ppks_code.eq(new.ppks_code),
            p::severity.eq(new.severity),
            p::source.eq(new.source),
            p::status.eq(ProblemStatus::Reported),
            p::sensitivity.eq(new.sensitivity),
            p::description.eq(new.description),
            p::onset_on.eq(new.onset_on),
            charged(new.charge),
            p::reported_by.eq(actor),
            p::reported_at.eq(now),
            p::created_at.eq(now),
            p::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    if leads && w.principal().kind == crate::access::ActorKind::Account {
        diesel::insert_into(assignments::table)
            .values((
                assignments::id.eq(Uuid::now_v7()),
                assignments::subject_kind.eq("problem"),
                assignments::subject_id.eq(id),
                assignments::account_id.eq(actor),
                assignments::duty.eq("lead"),
                assignments::from_at.eq(now),
            ))
            .execute(w.conn())?;
    }
    Ok(id)
}

/// What a step changes besides the status.
#[derive(Debug, Default)]
pub(super) struct Mark {
    pub reporter: Option<Uuid>,
    pub verifier: Option<Uuid>,
    pub reason_code: Option<String>,
    pub charge: Option<Charge>,
    pub closed: bool,
}

/// Moves a locked problem to a status.
pub(super) fn set_status(w: &mut Writer<'_>, id: Uuid, status: ProblemStatus, mark: Mark) -> Result<(), Problem> {
    use crate::db::schema::problems::dsl as p;
    let now = w.now();
    diesel::update(p::problems.find(id))
        .set((
            p::status.eq(status),
            p::version.eq(p::version + 1),
            p::updated_at.eq(now),
            mark.reporter.map(|by| (p::reported_by.eq(by), p::reported_at.eq(now))),
            mark.verifier.map(|by| (p::verified_by.eq(by), p::verified_at.eq(now))),
            mark.reason_code.map(|code| p::reason_code.eq(code)),
            charged(mark.charge),
            p::closed_at.eq(mark.closed.then_some(now)),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Lets the problem follow its referral. The caller has locked it.
pub fn follow(w: &mut Writer<'_>, problem: &ProblemRow, status: ProblemStatus) -> Result<(), Problem> {
    if problem.status == status || super::rules::closed(problem.status) {
        return Ok(());
    }
    set_status(w, problem.id, status, Mark { closed: super::rules::closed(status), ..Mark::default() })
}

/// Whether a referral of the problem is on its way or being served.
pub(super) fn has_open_referral(w: &mut Writer<'_>, id: Uuid) -> Result<bool, Problem> {
    use crate::db::schema::referrals::dsl as f;
    let open = ["sent", "returned", "accepted", "scheduled", "in_service"];
    Ok(diesel::select(diesel::dsl::exists(f::referrals.filter(f::problem_id.eq(id)).filter(f::status.eq_any(open))))
        .get_result(w.conn())?)
}
