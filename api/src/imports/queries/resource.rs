//! The imports themselves, their issues and their rows to correct.

use chrono::{DateTime, Utc};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Scope, Writer};
use crate::db::schema::{import_issues, import_rejected, imports};
use crate::imports::issue_model::{ImportPart, IssueVerdict};
use crate::imports::model::ImportStatus;
use crate::imports::profile::ListKind;
use crate::kernel::problem::{self, Problem};

/// One import as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
#[diesel(check_for_backend(Pg))]
pub struct ImportRow {
    /// Id.
    pub id: Uuid,
    /// Profile of its files.
    pub profile: String,
    /// Month it speaks of.
    pub period: String,
    /// Where it is in its life.
    pub status: String,
    /// The operation at work on it, or the last one.
    pub operation_id: Option<Uuid>,
    /// Its files.
    pub files: Value,
    /// Rows by verdict.
    pub counts: Value,
    /// Why it was rejected or failed.
    pub error: Option<Value>,
    /// Kelurahan it is confined to.
    pub scope_regions: Option<Vec<String>>,
    /// Who sent it.
    pub created_by: Option<Uuid>,
    /// Who reviewed it.
    pub reviewed_by: Option<Uuid>,
    /// Who applied it.
    pub applied_by: Option<Uuid>,
    /// Version.
    pub version: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// What applying changed.
    pub applied: Option<Value>,
    /// What applying would change, in counts.
    pub changes: Option<Value>,
    /// What was chosen to be applied.
    pub selection: Option<Value>,
    /// Version of the profile that reads its files.
    pub profile_version: i32,
    /// Whether its rows can name what is restricted.
    pub sensitive: bool,
    /// What a list is about.
    pub list: Option<String>,
}

/// Imports the caller may see: all for who works for the city, else his own.
fn visible_imports(scope: &Scope) -> imports::BoxedQuery<'static, Pg> {
    let query = imports::table.into_boxed();
    if !scope.city {
        return query.filter(imports::created_by.eq(scope.actor));
    }
    if scope.system || scope.supervises() {
        return query;
    }
    // A list that can name what is restricted is for who sent it and for supervisors, whatever it holds.
    query.filter(imports::sensitive.eq(false).or(imports::created_by.eq(scope.actor)))
}

/// A page of imports, newest first.
pub fn list(
    r: &mut Reader<'_>,
    profile: Option<String>,
    status: Option<ImportStatus>,
    before: Option<Uuid>,
    fetch: i64,
) -> Result<Vec<ImportRow>, Problem> {
    let mut query = visible_imports(r.scope());
    if let Some(profile) = profile {
        query = query.filter(imports::profile.eq(profile));
    }
    if let Some(status) = status {
        query = query.filter(imports::status.eq(status));
    }
    if let Some(before) = before {
        query = query.filter(imports::id.lt(before));
    }
    Ok(query.order(imports::id.desc()).limit(fetch).select(ImportRow::as_select()).load(r.conn())?)
}

/// One import.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<ImportRow, Problem> {
    Ok(visible_imports(r.scope()).filter(imports::id.eq(id)).select(ImportRow::as_select()).first(r.conn())?)
}

/// One import, for the job that works on it.
pub fn load(conn: &mut PgConnection, id: Uuid) -> Result<ImportRow, Problem> {
    Ok(imports::table.find(id).select(ImportRow::as_select()).first(conn)?)
}

/// A new import with its files.
#[derive(Debug)]
pub struct NewImport {
    /// Id, also the name of its directory.
    pub id: Uuid,
    /// Profile.
    pub profile: String,
    /// Month.
    pub period: String,
    /// Files as in [`ImportRow::files`].
    pub files: Value,
    /// Kelurahan it is confined to.
    pub scope_regions: Option<Vec<String>>,
    /// Version of the profile that reads its files.
    pub profile_version: i32,
    /// Whether its rows can name what is restricted.
    pub sensitive: bool,
    /// What a list is about.
    pub list: Option<ListKind>,
}

/// Stores a new import and puts its staging on the queue.
pub fn create(w: &mut Writer<'_>, new: NewImport) -> Result<ImportRow, Problem> {
    let actor = w.principal().id;
    let operation = crate::jobs::enqueue(w, super::super::STAGE, Some(new.id), &serde_json::json!({}), "rows")?;
    Ok(diesel::insert_into(imports::table)
        .values((
            imports::id.eq(new.id),
            imports::profile.eq(new.profile),
            imports::period.eq(new.period),
            imports::operation_id.eq(operation),
            imports::files.eq(new.files),
            imports::counts.eq(serde_json::json!({})),
            imports::scope_regions.eq(new.scope_regions),
            imports::profile_version.eq(new.profile_version),
            imports::sensitive.eq(new.sensitive),
            imports::list.eq(new.list.map(ListKind::slug)),
            imports::created_by.eq((!actor.is_nil()).then_some(actor)),
        ))
        .returning(ImportRow::as_returning())
        .get_result(w.conn())?)
}

/// The import, locked until the transaction ends.
pub fn lock(w: &mut Writer<'_>, id: Uuid) -> Result<ImportRow, Problem> {
    find(w, id)?;
    Ok(imports::table.find(id).for_update().select(ImportRow::as_select()).first(w.conn())?)
}

/// What a step of a person changes.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = imports)]
pub struct Step {
    /// New status.
    pub status: Option<String>,
    /// Operation at work.
    pub operation_id: Option<Uuid>,
    /// Who reviewed.
    pub reviewed_by: Option<Uuid>,
    /// Who applies.
    pub applied_by: Option<Uuid>,
    /// What of it.
    pub selection: Option<Value>,
}

/// Takes a step. The index of applying imports keeps two of one profile and month apart.
pub fn step(w: &mut Writer<'_>, id: Uuid, step: &Step) -> Result<ImportRow, Problem> {
    let now = w.now();
    Ok(diesel::update(imports::table.find(id))
        .set((
            step,
            imports::error.eq(None::<Value>),
            imports::version.eq(imports::version + 1),
            imports::updated_at.eq(now),
        ))
        .returning(ImportRow::as_returning())
        .get_result(w.conn())?)
}

/// What a job writes of its outcome.
#[derive(Debug, Default, AsChangeset)]
#[diesel(table_name = imports)]
pub struct Outcome {
    /// New status.
    pub status: Option<String>,
    /// Files with what was found in them.
    pub files: Option<Value>,
    /// Rows by verdict.
    pub counts: Option<Value>,
    /// Why it cannot go on.
    pub error: Option<Value>,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// What applying changed.
    pub applied: Option<Value>,
    /// What applying would change.
    pub changes: Option<Value>,
}

/// Writes an outcome if the import still stands where the job found it; whether it did.
pub fn settle(conn: &mut PgConnection, id: Uuid, from: &[&str], outcome: &Outcome) -> Result<bool, Problem> {
    let rows = diesel::update(imports::table.filter(imports::id.eq(id).and(imports::status.eq_any(from))))
        .set((outcome, imports::version.eq(imports::version + 1), imports::updated_at.eq(diesel::dsl::now)))
        .execute(conn)?;
    Ok(rows == 1)
}

/// Asks a running operation to stop.
pub fn cancel_operation(w: &mut Writer<'_>, operation: Option<Uuid>) -> Result<(), Problem> {
    use crate::db::schema::operations::dsl as o;
    let Some(operation) = operation else { return Ok(()) };
    diesel::update(o::operations.find(operation).filter(o::state.eq("queued")))
        .set((o::state.eq("cancelled"), o::cancel_requested.eq(true), o::finished_at.eq(diesel::dsl::now)))
        .execute(w.conn())?;
    diesel::update(o::operations.find(operation).filter(o::state.eq("running")))
        .set(o::cancel_requested.eq(true))
        .execute(w.conn())?;
    Ok(())
}

/// One issue as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = import_issues)]
#[diesel(check_for_backend(Pg))]
pub struct IssueRow {
    /// Number within the service.
    pub id: i64,
    /// Part of the upload.
    pub file: String,
    /// Row in the file.
    pub row_no: i32,
    /// Heading of the column.
    pub column_name: Option<String>,
    /// Code of the issue.
    pub code: String,
    /// What it does to the row.
    pub verdict: String,
    /// The value with its personal part hidden.
    pub value_masked: Option<String>,
}

/// Filter of a list of issues.
#[derive(Debug, Default, Clone)]
pub struct IssueFilter {
    /// Part of the upload.
    pub file: Option<ImportPart>,
    /// Code.
    pub code: Option<String>,
    /// Verdict.
    pub verdict: Option<IssueVerdict>,
}

fn issues_of(import: Uuid, city: bool, filter: &IssueFilter) -> import_issues::BoxedQuery<'static, Pg> {
    let mut query = import_issues::table.filter(import_issues::import_id.eq(import)).into_boxed();
    if !city {
        query = query.filter(import_issues::city_only.eq(false));
    }
    if let Some(file) = filter.file {
        query = query.filter(import_issues::file.eq(file));
    }
    if let Some(code) = &filter.code {
        query = query.filter(import_issues::code.eq(code.clone()));
    }
    if let Some(verdict) = filter.verdict {
        query = query.filter(import_issues::verdict.eq(verdict));
    }
    query
}

/// A page of issues in the order of the files' rows, behind (file, row, id). The import has been found before.
pub fn issues(
    r: &mut Reader<'_>,
    import: Uuid,
    filter: &IssueFilter,
    after: Option<(String, i32, i64)>,
    fetch: i64,
) -> Result<Vec<IssueRow>, Problem> {
    let city = r.scope().city;
    let mut query = issues_of(import, city, filter);
    if let Some((file, row, id)) = after {
        query = query.filter(
            import_issues::file.gt(file.clone()).or(import_issues::file
                .eq(file)
                .and(import_issues::row_no.gt(row).or(import_issues::row_no.eq(row).and(import_issues::id.gt(id))))),
        );
    }
    Ok(query
        .order((import_issues::file, import_issues::row_no, import_issues::id))
        .limit(fetch)
        .select(IssueRow::as_select())
        .load(r.conn())?)
}

/// How many issues there are, at most `cap` + 1.
pub fn count_issues(r: &mut Reader<'_>, import: Uuid, filter: &IssueFilter) -> Result<i64, Problem> {
    let city = r.scope().city;
    Ok(issues_of(import, city, filter).count().get_result(r.conn())?)
}

/// Rows to correct of one file, in order, from behind `after`.
pub fn rejected(
    r: &mut Reader<'_>,
    import: Uuid,
    file: &str,
    after: i32,
    fetch: i64,
) -> Result<Vec<(i32, Vec<String>)>, Problem> {
    Ok(import_rejected::table
        .filter(
            import_rejected::import_id
                .eq(import)
                .and(import_rejected::file.eq(file))
                .and(import_rejected::row_no.gt(after)),
        )
        .order(import_rejected::row_no)
        .limit(fetch)
        .select((import_rejected::row_no, import_rejected::fields))
        .load(r.conn())?)
}

/// How many rows of a file are to correct.
pub fn count_rejected(r: &mut Reader<'_>, import: Uuid, file: &str) -> Result<i64, Problem> {
    Ok(import_rejected::table
        .filter(import_rejected::import_id.eq(import).and(import_rejected::file.eq(file)))
        .count()
        .get_result(r.conn())?)
}

/// 409 unless the import stands in one of these statuses.
pub fn require(import: &ImportRow, statuses: &[&str]) -> Result<(), Problem> {
    if statuses.contains(&import.status.as_str()) {
        return Ok(());
    }
    Err(Problem::with(&problem::WRONG_STATE, format!("the import is {}", import.status)))
}

/// Kelurahan of the caller's area: what an import of his is confined to.
pub fn kelurahan_of(w: &mut Writer<'_>) -> Result<Vec<String>, Problem> {
    use crate::db::schema::regions::dsl as r;
    let codes: Vec<String> =
        r::regions.filter(r::in_city.and(r::level.eq("kelurahan"))).order(r::code).select(r::code).load(w.conn())?;
    Ok(codes.into_iter().filter(|code| w.scope().covers_region(code)).collect())
}

/// Marks an operation as running in this process, so that no worker takes it.
pub fn claim_here(w: &mut Writer<'_>, operation: Option<Uuid>) -> Result<(), Problem> {
    use crate::db::schema::operations::dsl as o;
    let Some(operation) = operation else { return Ok(()) };
    let now = w.now();
    diesel::update(o::operations.find(operation))
        .set((
            o::state.eq("running"),
            o::claimed_by.eq("command"),
            o::attempts.eq(1),
            o::started_at.eq(now),
            o::lease_until.eq(now + chrono::Duration::hours(6)),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Ends an operation that ran in this process.
pub fn finish_here(conn: &mut PgConnection, operation: Option<Uuid>, result: Option<&Value>) -> Result<(), Problem> {
    use crate::db::schema::operations::dsl as o;
    let Some(operation) = operation else { return Ok(()) };
    diesel::update(o::operations.find(operation))
        .set((
            o::state.eq(if result.is_some() { "succeeded" } else { "failed" }),
            o::result.eq(result),
            o::finished_at.eq(diesel::dsl::now),
            o::lease_until.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)?;
    Ok(())
}
