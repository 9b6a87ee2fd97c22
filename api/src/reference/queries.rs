//! Writes the shipped reference data. Runs as the owner while migrating, so it takes a plain connection.

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Text};

use super::{CITY, FileError, Loaded, calendars, code_lists, code_maps, letter_templates, regions};

fn json<T: serde::Serialize>(rows: &T) -> QueryResult<serde_json::Value> {
    serde_json::to_value(rows).map_err(|e| diesel::result::Error::SerializationError(Box::new(e)))
}

fn broken(error: FileError) -> diesel::result::Error {
    diesel::result::Error::SerializationError(Box::new(error))
}

/// Adds the shipped regions, code lists and code maps that the database lacks, in one transaction.
///
/// A list nobody edited (version 1) is brought to the shipped edition; an edited one only gains entries it lacks.
/// Loading twice changes nothing.
pub fn load(conn: &mut PgConnection) -> QueryResult<Loaded> {
    conn.transaction(|conn| {
        Ok(Loaded {
            regions: load_regions(conn)?,
            entries: load_lists(conn)?,
            maps: load_maps(conn)?,
            calendars: load_calendars(conn)?,
            templates: load_templates(conn)?,
        })
    })
}

fn load_regions(conn: &mut PgConnection) -> QueryResult<usize> {
    let rows = json(&regions().map_err(broken)?)?;
    diesel::sql_query(
        "INSERT INTO regions (code, name, level, parent_code, aliases, lat, lng, postal_code, in_city)
         SELECT r.code, r.name, r.level, r.parent_code, ARRAY(SELECT jsonb_array_elements_text(r.aliases)), r.lat, r.lng, r.postal_code,
                r.code = $2 OR starts_with(r.code, $2 || '.')
         FROM jsonb_to_recordset($1) AS r(code text, name text, level text, parent_code text, aliases jsonb, lat float8, lng float8, postal_code text)
         ORDER BY length(r.code), r.code
         ON CONFLICT (code) DO NOTHING",
    )
    .bind::<Jsonb, _>(rows)
    .bind::<Text, _>(CITY)
    .execute(conn)
}

fn load_lists(conn: &mut PgConnection) -> QueryResult<usize> {
    let shipped = code_lists().map_err(broken)?;
    let edition = format!("satupintu {}", shipped.version);
    let mut changed = 0;
    for list in &shipped.lists {
        let claimed = diesel::sql_query(
            "INSERT INTO code_lists (slug, name, source) VALUES ($1, $2, $3)
             ON CONFLICT (slug) DO UPDATE SET source = EXCLUDED.source, updated_at = now() WHERE code_lists.source <> EXCLUDED.source",
        )
        .bind::<Text, _>(&list.slug)
        .bind::<Jsonb, _>(json(&list.name)?)
        .bind::<Text, _>(&edition)
        .execute(conn)?;
        if claimed == 0 {
            continue;
        }
        changed += diesel::sql_query(
            "INSERT INTO code_entries (list_slug, code, name, sensitivity, sort, attrs)
             SELECT l.slug, e.code, e.name, e.sensitivity, e.sort, e.attrs
             FROM code_lists l, jsonb_to_recordset($2) AS e(code text, name jsonb, sensitivity text, sort integer, attrs jsonb)
             WHERE l.slug = $1
             ON CONFLICT (list_slug, code) DO UPDATE
             SET name = EXCLUDED.name, sensitivity = EXCLUDED.sensitivity, sort = EXCLUDED.sort, attrs = EXCLUDED.attrs
             WHERE (SELECT version FROM code_lists WHERE slug = $1) = 1
               AND (code_entries.name, code_entries.sensitivity, code_entries.sort, code_entries.attrs)
                   IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.sensitivity, EXCLUDED.sort, EXCLUDED.attrs)",
        )
        .bind::<Text, _>(&list.slug)
        .bind::<Jsonb, _>(json(&list.entries)?)
        .execute(conn)?;
    }
    Ok(changed)
}

fn load_maps(conn: &mut PgConnection) -> QueryResult<usize> {
    let rows = json(&code_maps().map_err(broken)?)?;
    diesel::sql_query(
        "INSERT INTO code_maps (source, version, variable, source_code, list_slug, code)
         SELECT m.source, m.version, m.variable, m.source_code, m.list_slug, m.code
         FROM jsonb_to_recordset($1) AS m(source text, version text, variable text, source_code text, list_slug text, code text)
         ON CONFLICT (source, version, variable, source_code) DO NOTHING",
    )
    .bind::<Jsonb, _>(rows)
    .execute(conn)
}

/// A calendar that is there is left alone: which holidays it lacks is its editors' decision.
fn load_calendars(conn: &mut PgConnection) -> QueryResult<usize> {
    let mut added = 0;
    for calendar in calendars().map_err(broken)? {
        let id = uuid::Uuid::now_v7();
        let claimed = diesel::sql_query(
            "INSERT INTO calendars (id, code, name, working_weekdays, is_default) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind::<diesel::sql_types::Uuid, _>(id)
        .bind::<Text, _>(&calendar.code)
        .bind::<Jsonb, _>(json(&calendar.name)?)
        .bind::<diesel::sql_types::Array<diesel::sql_types::Integer>, _>(&calendar.working_weekdays)
        .bind::<diesel::sql_types::Bool, _>(calendar.is_default)
        .execute(conn)?;
        if claimed == 1 {
            diesel::sql_query(
                "INSERT INTO calendar_holidays (calendar_id, date, name, kind, decreed, source)
                 SELECT $1, h.date, h.name, h.kind, h.decreed, h.source
                 FROM jsonb_to_recordset($2) AS h(date date, name jsonb, kind text, decreed boolean, source text)",
            )
            .bind::<diesel::sql_types::Uuid, _>(id)
            .bind::<Jsonb, _>(json(&calendar.holidays)?)
            .execute(conn)?;
        }
        added += claimed;
    }
    Ok(added)
}

/// A service that has a text of its own keeps it.
fn load_templates(conn: &mut PgConnection) -> QueryResult<usize> {
    let mut added = 0;
    for template in letter_templates().map_err(broken)? {
        added += diesel::sql_query(
            "INSERT INTO letter_templates (id, service_code, version, title, body) SELECT $1, $2, 1, $3, $4
             WHERE NOT EXISTS (SELECT FROM letter_templates WHERE service_code = $2)",
        )
        .bind::<diesel::sql_types::Uuid, _>(uuid::Uuid::now_v7())
        .bind::<Text, _>(&template.service_code)
        .bind::<Text, _>(&template.title)
        .bind::<Text, _>(&template.body)
        .execute(conn)?;
    }
    // The first text of a service is in force from the start.
    diesel::sql_query(
        "INSERT INTO letter_template_activations (id, template_id, service_code, serial)
         SELECT gen_random_uuid(), t.id, t.service_code, 1 FROM letter_templates t WHERE t.version = 1 AND t.created_by IS NULL
         AND NOT EXISTS (SELECT FROM letter_template_activations a WHERE a.service_code = t.service_code)",
    )
    .execute(conn)?;
    Ok(added)
}
