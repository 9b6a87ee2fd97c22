//! SQL of evidence. A row is found first and then shown to lie under a subject that the caller may see.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::content::Kept;
use super::model::EvidenceSubjectKind;
use crate::access::{Reader, Writer};
use crate::db::schema::evidence::dsl as e;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::problems::{self, ProblemRow};

/// A file as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::evidence)]
pub(super) struct EvidenceRow {
    pub id: Uuid,
    pub subject_kind: EvidenceSubjectKind,
    pub subject_id: Uuid,
    pub household_id: Uuid,
    pub sha256: String,
    pub media_type: String,
    pub bytes: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub name: String,
    pub caption: Option<String>,
    pub uploaded_by: Uuid,
    pub created_at: DateTime<Utc>,
}

/// A file and the problem it belongs to, as this caller sees it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<(EvidenceRow, ProblemRow), Problem> {
    let row: EvidenceRow = e::evidence
        .find(id)
        .filter(e::removed_at.is_null())
        .filter(e::subject_kind.eq(EvidenceSubjectKind::Problem))
        .select(EvidenceRow::as_select())
        .first(r.conn())?;
    let problem = problems::find(r, row.subject_id)?;
    Ok((row, problem))
}

/// Files of a subject that the caller has been shown to see, oldest first.
pub(super) fn of_visible(r: &mut Reader<'_>, subject: Uuid) -> Result<Vec<EvidenceRow>, Problem> {
    Ok(e::evidence
        .filter(e::subject_id.eq(subject))
        .filter(e::removed_at.is_null())
        .order(e::id)
        .select(EvidenceRow::as_select())
        .load(r.conn())?)
}

/// Whoever adds or takes away a file of this content waits for the others: the file and its rows go together.
pub(super) fn lock_content(w: &mut Writer<'_>, sha256: &str) -> Result<(), Problem> {
    Sql::new("SELECT pg_advisory_xact_lock(hashtextextended('evidence ' || ")
        .bind::<diesel::sql_types::Text, _>(sha256.to_owned())
        .push(", 0))")
        .execute(w.conn())?;
    Ok(())
}

/// Stores the row of a problem's file.
pub(super) fn insert(
    w: &mut Writer<'_>,
    problem: &ProblemRow,
    kept: &Kept,
    name: String,
    caption: Option<String>,
) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    diesel::insert_into(e::evidence)
        .values((
            e::id.eq(id),
            e::subject_kind.eq(EvidenceSubjectKind::Problem),
            e::subject_id.eq(problem.id),
            e::household_id.eq(problem.household_id),
            e::sha256.eq(kept.sha256.clone()),
            e::media_type.eq(kept.media_type),
            e::bytes.eq(kept.bytes),
            e::width.eq(kept.size.map(|s| s.0)),
            e::height.eq(kept.size.map(|s| s.1)),
            e::name.eq(name),
            e::caption.eq(caption),
            e::uploaded_by.eq(actor),
            e::created_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Takes a file back; true where no other row has the same content.
pub(super) fn remove(w: &mut Writer<'_>, row: &EvidenceRow) -> Result<bool, Problem> {
    lock_content(w, &row.sha256)?;
    let (actor, now) = (w.scope().actor, w.now());
    let touched = diesel::update(e::evidence.find(row.id).filter(e::removed_at.is_null()))
        .set((e::removed_at.eq(now), e::removed_by.eq(actor)))
        .execute(w.conn())?;
    if touched == 0 {
        return Err(Problem::not_found());
    }
    let others: i64 =
        e::evidence.filter(e::sha256.eq(&row.sha256)).filter(e::removed_at.is_null()).count().get_result(w.conn())?;
    Ok(others == 0)
}

/// Forgets files of these rows, which their caller may forget: no name, no caption, no file. The checksums that no row
/// speaks of any more.
pub fn forget(w: &mut Writer<'_>, ids: &[Uuid], by: Uuid) -> Result<Vec<String>, Problem> {
    let now = w.now();
    let mut sums: Vec<String> = e::evidence
        .filter(e::id.eq_any(ids))
        .filter(e::removed_at.is_null())
        .select(e::sha256)
        .order(e::sha256)
        .load(w.conn())?;
    sums.dedup();
    for sum in &sums {
        lock_content(w, sum)?;
    }
    diesel::update(e::evidence.filter(e::id.eq_any(ids)).filter(e::removed_at.is_null()))
        .set((e::removed_at.eq(now), e::removed_by.eq(by), e::name.eq("–"), e::caption.eq(None::<String>)))
        .execute(w.conn())?;
    let kept: Vec<String> =
        e::evidence.filter(e::sha256.eq_any(&sums)).filter(e::removed_at.is_null()).select(e::sha256).load(w.conn())?;
    sums.retain(|sum| !kept.contains(sum));
    Ok(sums)
}
