//! SQL of merges, as such.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use super::candidates::CandidateRow;
use crate::access::{Reader, Writer};
use crate::db::sql::Sql;
use crate::duplicates::merge_model::{MergeField, MergeRequest, MergeStatus};
use crate::kernel::problem::Problem;

/// A merge as stored.
#[derive(Debug, Clone, QueryableByName)]
pub struct MergeRow {
    #[diesel(sql_type = PgUuid)]
    pub id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub survivor_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    pub merged_id: Uuid,
    #[diesel(sql_type = Array<Text>)]
    pub take: Vec<MergeField>,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub override_reason: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: MergeStatus,
    #[diesel(sql_type = Bool)]
    pub second_word: bool,
    #[diesel(sql_type = PgUuid)]
    pub proposed_by: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub proposed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub decided_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub undone_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub undone_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub undo_reason: Option<String>,
    #[diesel(sql_type = Jsonb)]
    pub kept: Value,
}

/// The newest merge of a pair the caller was shown.
pub fn newest_of_visible(r: &mut Reader<'_>, pair: &CandidateRow) -> Result<Option<MergeRow>, Problem> {
    let sql = Sql::new("SELECT * FROM duplicate_merges WHERE candidate_id = ").bind::<PgUuid, _>(pair.id);
    Ok(sql.push(" ORDER BY id DESC LIMIT 1").row(r.conn()).optional()?)
}

/// Notes that somebody decided that the two are one; done at once where nobody else has to.
pub fn insert(
    w: &mut Writer<'_>,
    pair: &CandidateRow,
    request: &MergeRequest,
    second_word: bool,
) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.scope().actor, w.now());
    let merged = if request.survivor_id == pair.a_id { pair.b_id } else { pair.a_id };
    let take: Vec<&str> = request.take_from_merged.iter().map(|field| field.slug()).collect();
    let take: Vec<String> = take.into_iter().map(str::to_owned).collect();
    Sql::new(
        "INSERT INTO duplicate_merges (id, candidate_id, survivor_id, merged_id, take, reason, override_reason, second_word,
            proposed_by, proposed_at, status, decided_by, decided_at) VALUES (",
    )
    .bind::<PgUuid, _>(id)
    .push(", ")
    .bind::<PgUuid, _>(pair.id)
    .push(", ")
    .bind::<PgUuid, _>(request.survivor_id)
    .push(", ")
    .bind::<PgUuid, _>(merged)
    .push(", ")
    .bind::<Array<Text>, _>(take)
    .push(", ")
    .bind::<Text, _>(request.reason.clone())
    .push(", ")
    .bind::<Nullable<Text>, _>(request.override_reason.clone())
    .push(", ")
    .bind::<Bool, _>(second_word)
    .push(", ")
    .bind::<PgUuid, _>(actor)
    .push(", ")
    .bind::<Timestamptz, _>(now)
    .push(", ")
    .bind::<Text, _>(if second_word { MergeStatus::Proposed } else { MergeStatus::Done })
    .push(", ")
    .bind::<Nullable<PgUuid>, _>((!second_word).then_some(actor))
    .push(", ")
    .bind::<Nullable<Timestamptz>, _>((!second_word).then_some(now))
    .push(")")
    .execute(w.conn())?;
    Ok(id)
}

/// The second word on a merge that waits.
pub fn decide(w: &mut Writer<'_>, id: Uuid, to: MergeStatus) -> Result<(), Problem> {
    let (actor, now) = (w.scope().actor, w.now());
    Sql::new("UPDATE duplicate_merges SET status = ")
        .bind::<Text, _>(to)
        .push(", decided_by = ")
        .bind::<PgUuid, _>(actor)
        .push(", decided_at = ")
        .bind::<Timestamptz, _>(now)
        .push(" WHERE status = 'proposed' AND id = ")
        .bind::<PgUuid, _>(id)
        .execute(w.conn())?;
    Ok(())
}

/// Marks a merge as undone, with what stayed.
pub fn undone(w: &mut Writer<'_>, id: Uuid, reason: &str, kept: Value) -> Result<(), Problem> {
    let (actor, now) = (w.scope().actor, w.now());
    Sql::new("UPDATE duplicate_merges SET status = 'undone', undone_by = ")
        .bind::<PgUuid, _>(actor)
        .push(", undone_at = ")
        .bind::<Timestamptz, _>(now)
        .push(", undo_reason = ")
        .bind::<Text, _>(reason.to_owned())
        .push(", kept = ")
        .bind::<Jsonb, _>(kept)
        .push(" WHERE id = ")
        .bind::<PgUuid, _>(id)
        .execute(w.conn())?;
    Ok(())
}
