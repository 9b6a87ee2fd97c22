//! SQL of rule versions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::access::Reader;
use crate::db::schema::program_rules;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;
use crate::matching::rule_model::ProgramRuleVersion;
use crate::programs::Ruled;

type Row = (i32, Value, Option<String>, Option<Uuid>, DateTime<Utc>);

/// Versions of a rule of a program that the caller was shown to see, newest first.
pub(in crate::matching) fn versions_visible(
    r: &mut Reader<'_>,
    program: &Ruled,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ProgramRuleVersion>, Problem> {
    let mut query = program_rules::table.filter(program_rules::program_id.eq(program.id)).into_boxed();
    if let Some(version) = start.and_then(|c| c.id.parse::<i32>().ok()) {
        query = query.filter(program_rules::version.lt(version));
    }
    let rows: Vec<Row> = query
        .order(program_rules::version.desc())
        .limit(fetch)
        .select((
            program_rules::version,
            program_rules::rule,
            program_rules::note,
            program_rules::created_by,
            program_rules::created_at,
        ))
        .load(r.conn())?;
    let view = |(version, rule, note, created_by, created_at): Row| ProgramRuleVersion {
        version,
        rule,
        note,
        created_by,
        created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}
