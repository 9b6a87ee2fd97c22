//! SQL of evidence. A row is found first and then shown to lie under a subject that the caller may see.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::content::Kept;
use super::model::EvidenceSubjectKind;
use crate::access::{Reader, Writer};
use crate::corrections::{self, CorrectionStatus};
use crate::db::schema::evidence::dsl as e;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;
use crate::problems::{self, ProblemStatus};

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

/// What files lie under, as this caller sees it.
#[derive(Debug)]
pub(super) struct Subject {
    pub kind: EvidenceSubjectKind,
    pub id: Uuid,
    pub household_id: Uuid,
    pub restricted: bool,
    /// Whether it takes more files.
    pub open: bool,
    /// Whether nobody has decided by its files yet: until then they may be taken back.
    pub undecided: bool,
}

/// What is told of the one that was found.
fn subject_of(
    id: Uuid,
    problem: Option<problems::ProblemRow>,
    correction: Option<corrections::CorrectionRow>,
) -> Option<Subject> {
    if let Some(row) = problem {
        return Some(Subject {
            kind: EvidenceSubjectKind::Problem,
            id,
            household_id: row.household_id,
            restricted: row.restricted(),
            open: row.closed_at.is_none(),
            undecided: matches!(row.status, ProblemStatus::Candidate | ProblemStatus::Reported),
        });
    }
    let row = correction?;
    let open = row.status == CorrectionStatus::Submitted;
    let kind = EvidenceSubjectKind::Correction;
    Some(Subject { kind, id, household_id: row.household_id, restricted: false, open, undecided: open })
}

/// The subject of files, if the caller may see it; else 404.
pub(super) fn subject(r: &mut Reader<'_>, kind: EvidenceSubjectKind, id: Uuid) -> Result<Subject, Problem> {
    let found = match kind {
        EvidenceSubjectKind::Problem => subject_of(id, Some(problems::find(r, id)?), None),
        EvidenceSubjectKind::Correction => subject_of(id, None, Some(corrections::find(r, id)?)),
        EvidenceSubjectKind::Delivery | EvidenceSubjectKind::Assessment => None,
    };
    found.ok_or_else(Problem::not_found)
}

/// The same, locked: whoever decides on it waits until the transaction ends.
pub(super) fn lock_subject(w: &mut Writer<'_>, kind: EvidenceSubjectKind, id: Uuid) -> Result<Subject, Problem> {
    let found = match kind {
        EvidenceSubjectKind::Problem => subject_of(id, Some(problems::find_for_update(w, id)?), None),
        EvidenceSubjectKind::Correction => subject_of(id, None, Some(corrections::find_for_update(w, id)?)),
        EvidenceSubjectKind::Delivery | EvidenceSubjectKind::Assessment => None,
    };
    found.ok_or_else(Problem::not_found)
}

/// A file and what it lies under, as this caller sees it; else 404.
pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<(EvidenceRow, Subject), Problem> {
    let row: EvidenceRow =
        e::evidence.find(id).filter(e::removed_at.is_null()).select(EvidenceRow::as_select()).first(r.conn())?;
    let subject = subject(r, row.subject_kind, row.subject_id)?;
    Ok((row, subject))
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

/// Stores the row of a subject's file.
pub(super) fn insert(
    w: &mut Writer<'_>,
    subject: &Subject,
    kept: &Kept,
    name: String,
    caption: Option<String>,
) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    diesel::insert_into(e::evidence)
        .values((
            e::id.eq(id),
            e::subject_kind.eq(subject.kind),
            e::subject_id.eq(subject.id),
            e::household_id.eq(subject.household_id),
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
