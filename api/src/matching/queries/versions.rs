//! SQL of rule versions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::Reader;
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::programs::Ruled;

/// A version as stored, beside the one before it.
#[derive(Debug, QueryableByName)]
pub(in crate::matching) struct VersionRow {
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Jsonb)]
    pub rule: Value,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub before: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub created_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub author_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// Versions of a rule of a program that the caller was shown to see, newest first.
pub(in crate::matching) fn versions_visible(
    r: &mut Reader<'_>,
    program: &Ruled,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<VersionRow>, Problem> {
    let mut sql = Sql::new(
        "SELECT v.version, v.rule, b.rule AS before, v.note, v.created_by, coalesce(a.display_name, c.name) AS author_name, v.created_at
         FROM program_rules v LEFT JOIN program_rules b ON b.program_id = v.program_id AND b.version = v.version - 1
         LEFT JOIN accounts a ON a.id = v.created_by LEFT JOIN clients c ON c.id = v.created_by WHERE v.program_id = ",
    )
    .bind::<PgUuid, _>(program.id);
    if let Some(version) = start.and_then(|c| c.id.parse::<i32>().ok()) {
        sql = sql.push(" AND v.version < ").bind::<Integer, _>(version);
    }
    Ok(sql.push(" ORDER BY v.version DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}
