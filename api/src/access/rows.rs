//! The scope as SQL: conditions the `visible_*` functions of the slices are built from.

use diesel::sql_types::{Array, Text, Uuid as PgUuid};

use uuid::Uuid;

use super::scope::Scope;
use crate::db::sql::Sql;

/// An assignment `a` that holds today at the office: a deputy's ends with his last day.
const IN_FORCE: &str =
    "a.to_at IS NULL AND (a.until_on IS NULL OR a.until_on >= (now() AT TIME ZONE 'Asia/Jakarta')::date)";

impl Scope {
    /// `(…)`: the household under `alias` lies in the caller's area; false for who works in none.
    pub fn push_area(&self, sql: Sql, alias: &str) -> Sql {
        if self.city || self.system || self.deidentified {
            return sql.push("true");
        }
        let mut sql = sql.push("(false");
        if !self.districts.is_empty() {
            sql = sql
                .push(&format!(" OR {alias}.district_code = ANY("))
                .bind::<Array<Text>, _>(self.districts.clone())
                .push(")");
        }
        if !self.villages.is_empty() {
            sql = sql
                .push(&format!(" OR {alias}.region_code = ANY("))
                .bind::<Array<Text>, _>(self.villages.clone())
                .push(")");
        }
        sql.push(")")
    }

    /// `EXISTS (…)`: the caller is assigned to the subject `column` names, today.
    pub fn push_assigned(&self, sql: Sql, column: &str) -> Sql {
        sql.push(&format!(
            "EXISTS (SELECT 1 FROM assignments a WHERE a.subject_id = {column} AND {IN_FORCE} AND a.account_id = "
        ))
        .bind::<PgUuid, _>(self.actor)
        .push(")")
    }

    /// `EXISTS (…)`: the caller is assigned to a case that works on the problem `column` names.
    pub fn push_assigned_case(&self, sql: Sql, column: &str) -> Sql {
        sql.push(&format!(
            "EXISTS (SELECT 1 FROM case_problems cp JOIN assignments a ON a.subject_id = cp.case_id WHERE cp.problem_id = {column} AND {IN_FORCE} AND a.account_id = "
        ))
        .bind::<PgUuid, _>(self.actor)
        .push(")")
    }

    /// ` OR column = ANY(…)`: what the glass was broken for; nothing where it was broken for nothing.
    pub fn push_or_opened(sql: Sql, column: &str, opened: &[Uuid]) -> Sql {
        if opened.is_empty() {
            return sql;
        }
        sql.push(&format!(" OR {column} = ANY(")).bind::<Array<PgUuid>, _>(opened.to_vec()).push(")")
    }

    /// `column = ANY(…)`: an organization the caller answers for; false for who answers for none.
    pub fn push_organization(&self, sql: Sql, column: &str) -> Sql {
        if self.organizations.is_empty() {
            return sql.push("false");
        }
        sql.push(&format!("{column} = ANY(")).bind::<Array<PgUuid>, _>(self.organizations.clone()).push(")")
    }

    /// Whether the caller supervises an area: sees what is restricted there.
    pub fn supervises(&self) -> bool {
        self.system || (self.supervise && self.has_area())
    }
}
