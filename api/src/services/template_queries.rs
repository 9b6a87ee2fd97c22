//! SQL of the texts of letters.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as PgUuid};
use uuid::Uuid;

use super::template_model::LetterTemplateQuery;
use crate::access::{Reader, Writer};
use crate::db::schema::{letter_template_activations as a, letter_templates as t};
use crate::db::sql::Sql;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A text as stored, and whether letters are made from it.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct TemplateRow {
    #[diesel(sql_type = PgUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) service_code: String,
    #[diesel(sql_type = Integer)]
    pub(super) edition: i32,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = Text)]
    pub(super) body: String,
    #[diesel(sql_type = Nullable<PgUuid>)]
    pub(super) created_by: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) created_by_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) activated_by_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) activated_at: Option<DateTime<Utc>>,
    /// How often a text of the service was put into force.
    #[diesel(sql_type = Integer)]
    pub(super) serial: i32,
    #[diesel(sql_type = Bool)]
    pub(super) in_force: bool,
}

fn templates() -> Sql {
    Sql::new(
        "SELECT t.id, t.service_code, t.version AS edition, t.title, t.body, t.created_by, u.display_name AS created_by_name,
                t.created_at, w.display_name AS activated_by_name, a.activated_at, coalesce(n.serial, 0) AS serial,
                coalesce(n.template_id = t.id, false) AS in_force
         FROM letter_templates t LEFT JOIN accounts u ON u.id = t.created_by
         LEFT JOIN LATERAL (SELECT x.activated_by, x.activated_at FROM letter_template_activations x
             WHERE x.template_id = t.id ORDER BY x.serial DESC LIMIT 1) a ON true
         LEFT JOIN accounts w ON w.id = a.activated_by
         LEFT JOIN LATERAL (SELECT x.template_id, x.serial FROM letter_template_activations x
             WHERE x.service_code = t.service_code ORDER BY x.serial DESC LIMIT 1) n ON true WHERE true",
    )
}

/// A page, newest first.
pub(super) fn list(
    r: &mut Reader<'_>,
    query: &LetterTemplateQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<TemplateRow>, Problem> {
    let mut sql = templates();
    if let Some(service) = &query.service_code {
        sql = sql.push(" AND t.service_code = ").bind::<Text, _>(service.clone());
    }
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        sql = sql.push(" AND t.id < ").bind::<PgUuid, _>(id);
    }
    Ok(sql.push(" ORDER BY t.id DESC LIMIT ").bind::<BigInt, _>(fetch).rows(r.conn())?)
}

pub(super) fn find(r: &mut Reader<'_>, id: Uuid) -> Result<TemplateRow, Problem> {
    Ok(templates().push(" AND t.id = ").bind::<PgUuid, _>(id).row(r.conn())?)
}

/// What letters of a service are made from.
pub(super) fn in_force(w: &mut Writer<'_>, service: &str) -> Result<Option<TemplateRow>, Problem> {
    let sql = templates().push(" AND n.template_id = t.id AND t.service_code = ").bind::<Text, _>(service.to_owned());
    Ok(sql.row(w.conn()).optional()?)
}

/// Whoever writes a text of a service or puts one into force waits for the others.
pub(super) fn lock_service(w: &mut Writer<'_>, service: &str) -> Result<(), Problem> {
    Sql::new("SELECT pg_advisory_xact_lock(hashtextextended(")
        .bind::<Text, _>(format!("letter_templates {service}"))
        .push(", 0))")
        .execute(w.conn())?;
    Ok(())
}

/// Stores a further version of a locked service.
pub(super) fn insert(w: &mut Writer<'_>, service: &str, title: &str, body: &str) -> Result<Uuid, Problem> {
    let last: Option<i32> =
        t::table.filter(t::service_code.eq(service)).select(diesel::dsl::max(t::version)).first(w.conn())?;
    let (id, now, actor) = (Uuid::now_v7(), w.now(), w.scope().actor);
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::service_code.eq(service),
            t::version.eq(last.unwrap_or(0) + 1),
            t::title.eq(title),
            t::body.eq(body),
            t::created_by.eq(actor),
            t::created_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

/// Puts a text of a locked service into force.
pub(super) fn activate(w: &mut Writer<'_>, row: &TemplateRow) -> Result<(), Problem> {
    let (now, actor) = (w.now(), w.scope().actor);
    diesel::insert_into(a::table)
        .values((
            a::id.eq(Uuid::now_v7()),
            a::template_id.eq(row.id),
            a::service_code.eq(&row.service_code),
            a::serial.eq(row.serial + 1),
            a::written_by.eq(row.created_by),
            a::activated_by.eq(actor),
            a::activated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(())
}
