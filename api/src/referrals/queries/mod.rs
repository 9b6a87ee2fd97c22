//! SQL of referrals.

mod awards;
mod disclosures;
mod due;
mod history;
mod overlaps;

pub(in crate::referrals) use awards::{AwardEnd, Claim, end_award, lock_unit, take_award};
pub(in crate::referrals) use disclosures::{count_disclosures, disclose, disclosures};
pub(in crate::referrals) use due::{marked, note_due, unanswered};
pub(in crate::referrals) use history::{count_events, events, record};
pub(in crate::referrals) use overlaps::{OverlapRow, OverrideRow, count_overrides, held, overrides, reported, review};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Scope, Writer};
use crate::db::slugs::Sensitivity;
use crate::db::sql::{Count, Sql};
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::{self, Code, Problem};
use crate::problems::{Severity, SubjectKind};
use crate::referrals::deadlines::Due;
use crate::referrals::model::{LinkMedium, ReferralQuery, ReferralStatus};

/// A referral as stored, with what is shown of its problem, program and receiver.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::referrals) struct ReferralRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub problem_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub individual_id: Option<Uuid>,
    #[diesel(sql_type = PgUuid)]
    pub program_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub cycle_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub funding_source_id: Option<Uuid>,
    #[diesel(sql_type = PgUuid)]
    pub to_organization_id: Uuid,
    #[diesel(sql_type = Text)]
    pub status: ReferralStatus,
    #[diesel(sql_type = BigInt)]
    pub amount_idr: i64,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rule_version: Option<i32>,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub outcome_code: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    pub scheduled_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub sent_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub answered_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub completed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub created_by: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    pub subject_kind: SubjectKind,
    #[diesel(sql_type = Nullable<Text>)]
    pub subject_name: Option<String>,
    #[diesel(sql_type = Text)]
    pub region_code: String,
    #[diesel(sql_type = Text)]
    pub need_code: String,
    #[diesel(sql_type = Text)]
    pub severity: Severity,
    #[diesel(sql_type = Jsonb)]
    pub program_name: Value,
    #[diesel(sql_type = Text)]
    pub to_organization_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub receiver_email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub receiver_phone: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub receiver_address: Option<String>,
    /// How its one-time link was given out that has not ended.
    #[diesel(sql_type = Nullable<Text>)]
    pub link_medium: Option<LinkMedium>,
    /// Somebody, or a machine, answers for the receiver by an account.
    #[diesel(sql_type = Bool)]
    pub has_account: bool,
    /// How a person is reached that the receiver may be told; none where its papers are not in force.
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub contact_shared: Option<Vec<String>>,
    #[diesel(sql_type = Array<Text>)]
    pub disclosed: Vec<String>,
    #[diesel(sql_type = Bool)]
    pub assigned: bool,
}

const COLUMNS: &str = "SELECT f.id, f.problem_id, f.household_id, f.individual_id, f.program_id, f.cycle_id, f.funding_source_id,
    f.to_organization_id, f.status, f.amount_idr, f.rule_version, f.sensitivity, f.note, f.reason_code, f.outcome_code, f.due_at,
    f.scheduled_on, f.sent_at, f.answered_at, f.completed_at, f.created_by, f.version, f.created_at, f.updated_at, p.subject_kind,
    CASE WHEN f.individual_id IS NULL THEN h.head_name ELSE i.name END AS subject_name, h.region_code, p.need_code, p.severity,
    g.name AS program_name, o.name AS to_organization_name, o.email AS receiver_email,
    o.phone AS receiver_phone, o.address AS receiver_address,
    (SELECT k.medium FROM referral_links k WHERE k.referral_id = f.id AND k.ended_at IS NULL) AS link_medium, organization_has_account(o.id) AS has_account, contact_shared(o) AS contact_shared,
    ARRAY(SELECT DISTINCT x FROM disclosures d, unnest(d.fields) AS x WHERE d.referral_id = f.id ORDER BY x) AS disclosed, (";

/// The caller is assigned to the referral, its problem or (where that is enough) its household.
fn push_assigned(sql: Sql, scope: &Scope, household_too: bool) -> Sql {
    let sql = scope.push_assigned(sql.push("("), "f.id");
    let sql = scope.push_assigned(sql.push(" OR "), "f.problem_id");
    let sql = scope.push_assigned_case(sql.push(" OR "), "f.problem_id");
    let sql = if household_too { scope.push_assigned(sql.push(" OR "), "f.household_id") } else { sql };
    sql.push(")")
}

/// `(…)`: it came to an organization of the caller.
fn push_received(sql: Sql, scope: &Scope) -> Sql {
    scope.push_organization(sql.push("(f.sent_at IS NOT NULL AND "), "f.to_organization_id").push(")")
}

/// The referrals this caller may see: adds `FROM … WHERE (…)`. The only way to the table.
pub(in crate::referrals) fn visible_referrals(sql: Sql, scope: &Scope) -> Sql {
    let sql = sql.push(
        " FROM referrals f JOIN problems p ON p.id = f.problem_id JOIN households h ON h.id = f.household_id
         LEFT JOIN individuals i ON i.id = f.individual_id JOIN programs g ON g.id = f.program_id
         JOIN organizations o ON o.id = f.to_organization_id WHERE (",
    );
    if scope.system {
        return sql.push("true)");
    }
    let mut sql = scope.push_area(sql, "h").push(" OR f.created_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = push_assigned(sql.push(" OR "), scope, true);
    }
    sql = push_received(sql.push(" OR "), scope);
    if let Some((person, household)) = scope.person {
        sql = sql.push(" OR (f.sent_at IS NOT NULL AND (f.individual_id = ").bind::<PgUuid, _>(person);
        sql = sql.push(" OR (f.individual_id IS NULL AND f.household_id = ").bind::<PgUuid, _>(household).push(")))");
    }
    sql = sql.push(") AND (f.sensitivity = 'open' OR f.created_by = ").bind::<PgUuid, _>(scope.actor);
    if scope.has_area() {
        sql = push_assigned(sql.push(" OR "), scope, false);
    }
    if scope.supervises() {
        sql = scope.push_area(sql.push(" OR "), "h");
    }
    sql = push_received(sql.push(" OR "), scope);
    if let Some((person, _)) = scope.person {
        sql = sql.push(" OR f.individual_id = ").bind::<PgUuid, _>(person);
    }
    sql.push(")")
}

fn select(scope: &Scope) -> Sql {
    visible_referrals(push_assigned(Sql::new(COLUMNS), scope, true).push(") AS assigned"), scope)
}

/// The referral, if the caller may see it; else 404.
pub(in crate::referrals) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<ReferralRow, Problem> {
    Ok(select(r.scope()).push(" AND f.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// Those of the ids the caller may see.
pub(in crate::referrals) fn find_many(r: &mut Reader<'_>, mut ids: Vec<Uuid>) -> Result<Vec<ReferralRow>, Problem> {
    ids.sort_unstable();
    ids.dedup();
    let sql = select(r.scope()).push(" AND f.id = ANY(").bind::<Array<PgUuid>, _>(ids);
    Ok(sql.push(")").rows(r.conn())?)
}

/// The same, locked until the transaction ends.
pub(in crate::referrals) fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<ReferralRow, Problem> {
    Ok(select(w.scope()).push(" AND f.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF f").row(w.conn())?)
}

/// The referral as its receiver sees it, for the holder of its one-time link, locked until the transaction ends; 404 if
/// it was not sent there.
pub(in crate::referrals) fn lock_as_receiver(w: &mut Writer<'_>, org: Uuid, id: Uuid) -> Result<ReferralRow, Problem> {
    let scope = Scope { organizations: vec![org], partners: vec![org], ..Scope::default() };
    Ok(select(&scope).push(" AND f.id = ").bind::<PgUuid, _>(id).push(" FOR NO KEY UPDATE OF f").row(w.conn())?)
}

fn push_filter(mut sql: Sql, r: &Reader<'_>, filter: &ReferralQuery, household: Option<Uuid>) -> Sql {
    let ids = [
        ("f.household_id", household),
        ("f.to_organization_id", filter.to_organization_id),
        ("f.program_id", filter.program_id),
        ("f.cycle_id", filter.cycle_id),
        ("f.problem_id", filter.problem_id),
    ];
    for (column, id) in ids {
        if let Some(id) = id {
            sql = sql.push(&format!(" AND {column} = ")).bind::<PgUuid, _>(id);
        }
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND f.status = ").bind::<Text, _>(status);
    }
    if filter.mine == Some(true) {
        let scope = r.scope();
        sql = sql.push(" AND (f.created_by = ").bind::<PgUuid, _>(scope.actor).push(" OR ");
        sql = push_received(push_assigned(sql, scope, true).push(" OR "), scope).push(")");
    }
    if filter.overdue == Some(true) {
        sql = sql
            .push(" AND f.status IN ('sent', 'returned', 'accepted', 'scheduled', 'in_service') AND f.due_at < ")
            .bind::<Timestamptz, _>(r.now());
    }
    sql
}

/// A page, newest first.
pub(in crate::referrals) fn list(
    r: &mut Reader<'_>,
    filter: &ReferralQuery,
    household: Option<Uuid>,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ReferralRow>, Problem> {
    let mut sql = push_filter(select(r.scope()), r, filter, household);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND f.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY f.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

/// How many rows the list has, up to just above the cap.
pub(in crate::referrals) fn count(
    r: &mut Reader<'_>,
    filter: &ReferralQuery,
    household: Option<Uuid>,
) -> Result<i64, Problem> {
    let sql = visible_referrals(Sql::new("SELECT count(*) AS count FROM (SELECT 1"), r.scope());
    let sql = push_filter(sql, r, filter, household).push(" LIMIT ").bind::<BigInt, _>(TOTAL_CAP + 1);
    Ok(sql.push(") t").row::<Count>(r.conn())?.count)
}

/// The receiving organization, as far as sending must know it.
#[derive(Debug, QueryableByName)]
pub(in crate::referrals) struct Receiver {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub sensitivity: Sensitivity,
    #[diesel(sql_type = Nullable<Date>)]
    pub agreement_until: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub registration_expires_on: Option<NaiveDate>,
}

impl Receiver {
    /// Whether people may be sent to it on this day, or why not.
    pub(in crate::referrals) fn receives(&self, today: NaiveDate) -> Result<(), &'static Code> {
        let private = matches!(self.kind.as_str(), "foundation" | "philanthropy" | "zakat" | "company");
        let papers = [self.agreement_until, self.registration_expires_on];
        if self.status == "suspended" || (private && self.status == "applied") {
            Err(&problem::ORGANIZATION_SUSPENDED)
        } else if self.status == "dormant" || papers.iter().flatten().any(|until| *until < today) {
            Err(&problem::AGREEMENT_EXPIRED)
        } else {
            Ok(())
        }
    }
}

/// The organization, if there is one.
pub(in crate::referrals) fn receiver(w: &mut Writer<'_>, id: Uuid) -> Result<Option<Receiver>, Problem> {
    let sql = Sql::new(
        "SELECT kind, status, sensitivity, agreement_until, registration_expires_on FROM organizations WHERE id = ",
    );
    Ok(sql.bind::<PgUuid, _>(id).row(w.conn()).optional()?)
}

/// What a draft is made of.
#[derive(Debug)]
pub(in crate::referrals) struct Fresh {
    pub problem_id: Uuid,
    pub household_id: Uuid,
    pub individual_id: Option<Uuid>,
    pub program_id: Uuid,
    pub cycle_id: Uuid,
    pub funding_source_id: Option<Uuid>,
    pub to_organization_id: Uuid,
    pub amount_idr: i64,
    pub sensitivity: Sensitivity,
    pub note: Option<String>,
}

/// Stores a draft.
pub(in crate::referrals) fn insert(w: &mut Writer<'_>, new: Fresh) -> Result<Uuid, Problem> {
    use crate::db::schema::referrals::dsl as f;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.principal().id);
    diesel::insert_into(f::referrals)
        .values((
            f::id.eq(id),
            f::problem_id.eq(new.problem_id),
            f::household_id.eq(new.household_id),
            f::individual_id.eq(new.individual_id),
            f::program_id.eq(new.program_id),
            f::cycle_id.eq(new.cycle_id),
            f::funding_source_id.eq(new.funding_source_id),
            f::to_organization_id.eq(new.to_organization_id),
            f::amount_idr.eq(new.amount_idr),
            f::sensitivity.eq(new.sensitivity),
            f::note.eq(new.note),
            f::created_by.eq(actor),
            f::created_at.eq(now),
            f::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// What a step changes besides the status; `None` leaves a column.
#[derive(Debug, Default)]
pub(in crate::referrals) struct Mark {
    pub due: Due,
    pub reason_code: Option<String>,
    pub outcome_code: Option<String>,
    pub scheduled_on: Option<NaiveDate>,
    pub source: Option<Uuid>,
    pub rule_version: Option<i32>,
    pub sensitivity: Option<Sensitivity>,
    pub sent: bool,
    pub answered: bool,
    pub completed: bool,
}

/// Moves a locked referral to a status and writes its history; the id of the step there.
pub(in crate::referrals) fn set_status(
    w: &mut Writer<'_>,
    row: &ReferralRow,
    to: ReferralStatus,
    event: &str,
    note: Option<String>,
    mark: Mark,
) -> Result<Uuid, Problem> {
    use crate::db::schema::referrals::dsl as f;
    let (now, actor) = (w.now(), w.principal().id);
    let reason = mark.reason_code.clone().or_else(|| mark.outcome_code.clone());
    diesel::update(f::referrals.find(row.id))
        .set((
            f::status.eq(to),
            f::version.eq(f::version + 1),
            f::updated_at.eq(now),
            (
                f::due_at.eq(mark.due.at),
                f::due_from.eq(mark.due.counted.map(|(from, ..)| from)),
                f::due_days.eq(mark.due.counted.map(|(_, days, _)| days)),
                f::due_on.eq(mark.due.counted.map(|(.., on)| on)),
                f::reminded_at.eq(None::<DateTime<Utc>>),
                f::escalated_at.eq(None::<DateTime<Utc>>),
            ),
            f::reason_code.eq(mark.reason_code),
            mark.outcome_code.map(|c| f::outcome_code.eq(c)),
            mark.scheduled_on.map(|d| f::scheduled_on.eq(d)),
            mark.source.map(|s| f::funding_source_id.eq(s)),
            mark.rule_version.map(|v| f::rule_version.eq(v)),
            mark.sensitivity.map(|s| f::sensitivity.eq(s)),
            mark.sent.then(|| f::sent_at.eq(now)),
            mark.answered.then(|| (f::answered_at.eq(now), f::answered_by.eq((!actor.is_nil()).then_some(actor)))),
            mark.completed.then(|| f::completed_at.eq(now)),
        ))
        .execute(w.conn())?;
    record(w, row.id, event, row.status, to, reason, note)
}

/// Whether another referral of the problem has been accepted and goes on.
pub(in crate::referrals) fn served_elsewhere(w: &mut Writer<'_>, problem: Uuid, but: Uuid) -> Result<bool, Problem> {
    use crate::db::schema::referrals::dsl as f;
    Ok(diesel::select(diesel::dsl::exists(
        f::referrals.filter(f::problem_id.eq(problem).and(f::id.ne(but))).filter(f::status.eq_any([
            "accepted",
            "scheduled",
            "in_service",
        ])),
    ))
    .get_result(w.conn())?)
}

/// Whether help for an unverified emergency may still be sent; the rule stands beside the assessments it asks for.
pub(in crate::referrals) fn emergency_is_covered(
    w: &mut Writer<'_>,
    household: Uuid,
    reported_at: DateTime<Utc>,
) -> Result<bool, Problem> {
    #[derive(QueryableByName)]
    struct Covered {
        #[diesel(sql_type = Bool)]
        covered: bool,
    }
    let now = w.now();
    let sql = Sql::new("SELECT emergency_is_covered(").bind::<PgUuid, _>(household).push(", ");
    let sql = sql.bind::<Timestamptz, _>(reported_at).push(", ").bind::<Timestamptz, _>(now).push(") AS covered");
    Ok(sql.row::<Covered>(w.conn())?.covered)
}
