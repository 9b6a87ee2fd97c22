//! Applying the offers of partners: each becomes a draft in the catalogue, or brings the draft it became before up to date.

use std::collections::HashSet;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Value, json};
use uuid::Uuid;

use super::stage::import_people;
use crate::access::{Scope, Writer};
use crate::db::slugs::Sensitivity;
use crate::imports::issues::{self, IssueCode};
use crate::imports::offers::{NeedEntry, Offer, Partner};
use crate::kernel::problem::Problem;
use crate::programs::{Drafted, draft};

/// Kinds of organization that give of their own.
const GIVING: &[&str] = &["foundation", "philanthropy", "zakat", "company"];

/// Everybody who can offer, and for whom the uploader may speak. That a restricted organization is there shows to itself
/// and to whoever speaks for all.
pub fn partners(conn: &mut PgConnection, scope: &Scope) -> Result<Vec<Partner>, Problem> {
    use crate::db::schema::organizations::dsl as o;
    let rows: Vec<(Uuid, String, String, Option<String>, Sensitivity)> = o::organizations
        .filter(o::kind.eq_any(GIVING))
        .order(o::code)
        .select((o::id, o::code, o::name, o::registration_number, o::sensitivity))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter(|(id, .., label)| *label == Sensitivity::Open || scope.covers_organization(*id))
        .map(|(id, code, name, registration, _)| Partner {
            id,
            code,
            name,
            registration,
            own: scope.covers_organization(id),
        })
        .collect())
}

/// The needs with the pillar each usually belongs to.
pub fn needs(conn: &mut PgConnection) -> Result<Vec<NeedEntry>, Problem> {
    use crate::db::schema::code_entries::dsl as e;
    let rows: Vec<(String, Value)> =
        e::code_entries.filter(e::list_slug.eq("needs")).order(e::code).select((e::code, e::attrs)).load(conn)?;
    let entry = |(code, attrs): (String, Value)| {
        let pillar = attrs.get("usual_pillar").and_then(Value::as_str)?.to_owned();
        let of_household = attrs.get("subject").and_then(Value::as_str) == Some("household");
        Some(NeedEntry { code, pillar, of_household })
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}

fn staged(conn: &mut PgConnection, import: Uuid) -> Result<Vec<(i32, Offer)>, Problem> {
    let rows: Vec<(i32, Value)> = import_people::table
        .filter(import_people::import_id.eq(import).and(import_people::rejected.eq(false)))
        .order(import_people::row_no)
        .select((import_people::row_no, import_people::entry))
        .load(conn)?;
    rows.into_iter().map(|(row, offer)| Ok((row, serde_json::from_value(offer).map_err(Problem::internal)?))).collect()
}

/// A row waits: why, and what the catalogue says to it.
fn refuse(
    conn: &mut PgConnection,
    import: Uuid,
    row: i32,
    code: &IssueCode,
    said: Option<&Problem>,
) -> Result<(), Problem> {
    let said = said.map(|problem| {
        let fields: Vec<String> = problem.errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect();
        if fields.is_empty() { problem.code.slug.to_owned() } else { fields.join(", ") }
    });
    diesel::sql_query(
        "INSERT INTO import_issues (import_id, file, row_no, code, verdict, value_masked) VALUES ($1, 'list', $2, $3, $4, $5)",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Integer, _>(row)
    .bind::<Text, _>(code.code)
    .bind::<Text, _>(code.verdict.as_str())
    .bind::<Nullable<Text>, _>(said.map(|text| text.chars().take(120).collect::<String>()))
    .execute(conn)?;
    diesel::update(import_people::table.find((import, row))).set(import_people::rejected.eq(true)).execute(conn)?;
    Ok(())
}

/// Asks the catalogue what each offer would become, and keeps that for review; an offer it refuses waits in the import.
pub fn find(w: &mut Writer<'_>, import: Uuid, city: &str) -> Result<(), Problem> {
    super::diff::forget(w.conn(), import)?;
    let mut seen = HashSet::new();
    for (row, offer) in staged(w.conn(), import)? {
        if !seen.insert(offer.code.clone()) {
            refuse(w.conn(), import, row, &issues::OFFER_REPEATED, None)?;
            continue;
        }
        let (name, said) = (offer.name.clone(), json!(offer));
        let region = offer.areas.first().cloned().unwrap_or_else(|| city.to_owned());
        let program = offer.program();
        match w.attempt(|w| draft(w, &program, false)) {
            Ok(Drafted::New) => note(w.conn(), import, ("new", None), row, &region, &name, &said)?,
            Ok(Drafted::Changed(id)) => note(w.conn(), import, ("changed", Some(id)), row, &region, &name, &said)?,
            Ok(Drafted::Same(_)) => {}
            Ok(Drafted::Published(_)) => refuse(w.conn(), import, row, &issues::PROGRAM_PUBLISHED, None)?,
            Err(problem) if problem.code.status < 500 => {
                refuse(w.conn(), import, row, &issues::OFFER_REFUSED, Some(&problem))?;
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

/// What is offered, field by field.
fn note(
    conn: &mut PgConnection,
    import: Uuid,
    (kind, id): (&str, Option<Uuid>),
    row: i32,
    region: &str,
    name: &str,
    said: &Value,
) -> Result<(), Problem> {
    let fields: Vec<Value> = ["kind", "value_idr", "need", "areas", "quota", "starts_on", "ends_on", "criteria"]
        .iter()
        .filter(|field| !said[**field].is_null())
        .map(|field| json!({"field": field, "ours": null, "theirs": said[*field], "source": null, "applies": true}))
        .collect();
    diesel::sql_query(
        "INSERT INTO import_diffs (import_id, kind, subject_kind, subject_id, region_code, file, row_no, name, fields)
         VALUES ($1, $2, 'program', $3, $4, 'list', $5, $6, $7)",
    )
    .bind::<SqlUuid, _>(import)
    .bind::<Text, _>(kind)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<Text, _>(region)
    .bind::<Integer, _>(row)
    .bind::<Text, _>(name)
    .bind::<Jsonb, _>(Value::Array(fields))
    .execute(conn)?;
    Ok(())
}

/// Programs that applying entered and changed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offered {
    /// Drafts that were not there.
    pub created: i64,
    /// Drafts that say something else now.
    pub updated: i64,
}

/// Enters the offers. What has become impossible since they were looked at waits with its reason.
pub fn apply(w: &mut Writer<'_>, import: Uuid) -> Result<Offered, Problem> {
    let mut done = Offered::default();
    for (row, offer) in staged(w.conn(), import)? {
        let program = offer.program();
        match w.attempt(|w| draft(w, &program, true)) {
            Ok(Drafted::New) => done.created += 1,
            Ok(Drafted::Changed(_)) => done.updated += 1,
            Ok(Drafted::Same(_)) => {}
            Ok(Drafted::Published(_)) => refuse(w.conn(), import, row, &issues::PROGRAM_PUBLISHED, None)?,
            Err(problem) if problem.code.status < 500 => {
                refuse(w.conn(), import, row, &issues::OFFER_REFUSED, Some(&problem))?;
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(done)
}
