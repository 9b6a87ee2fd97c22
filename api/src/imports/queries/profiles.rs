//! SQL of import profiles.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Text, Uuid as PgUuid};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Reader, Writer};
use crate::db::schema::import_profiles::{self, dsl as t};
use crate::imports::profile::{self, ColumnKind, ListKind, Profile};
use crate::imports::profile_check::Known;
use crate::imports::profile_model::{ImportProfileQuery, NewImportProfile, ProfileOrigin, ProfileStatus};
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// A version as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = import_profiles)]
#[diesel(check_for_backend(Pg))]
pub struct ProfileRow {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Which version.
    pub profile_version: i32,
    /// Where it comes from.
    pub origin: ProfileOrigin,
    /// What people call it.
    pub label: Value,
    /// Layout.
    pub definition: Value,
    /// How far it is.
    pub status: ProfileStatus,
    /// Who wrote it.
    pub drafted_by: Option<Uuid>,
    /// Who put it into use.
    pub activated_by: Option<Uuid>,
    /// When.
    pub activated_at: Option<DateTime<Utc>>,
    /// Version of the row.
    pub version: i64,
    /// Entered.
    pub created_at: DateTime<Utc>,
    /// Changed.
    pub updated_at: DateTime<Utc>,
}

/// A profile that files are read by, with its version.
#[derive(Debug)]
pub struct Layouts {
    /// Version.
    pub version: i32,
    /// Layout.
    pub profile: Profile,
}

/// The version that an upload of this name is read by now. Reference data: it is nobody's in particular.
pub fn active(conn: &mut PgConnection, name: &str) -> Result<Option<Layouts>, Problem> {
    let row: Option<(i32, Value)> = t::import_profiles
        .filter(t::name.eq(name).and(t::status.eq(ProfileStatus::Active)))
        .select((t::profile_version, t::definition))
        .first(conn)
        .optional()?;
    row.map(|(version, definition)| {
        Ok(Layouts { version, profile: serde_json::from_value(definition).map_err(Problem::internal)? })
    })
    .transpose()
}

/// The same, for whoever asks.
pub fn active_for(r: &mut Reader<'_>, name: &str) -> Result<Option<Layouts>, Problem> {
    active(r.conn(), name)
}

/// What a profile may name, for whoever makes one.
pub fn known_to(r: &mut Reader<'_>) -> Result<Known, Problem> {
    known(r.conn())
}

/// The very version that an import is read by.
pub fn version(conn: &mut PgConnection, name: &str, version: i32) -> Result<Profile, Problem> {
    let definition: Option<Value> = t::import_profiles
        .filter(t::name.eq(name).and(t::profile_version.eq(version)))
        .select(t::definition)
        .first(conn)
        .optional()?;
    let definition = definition.ok_or_else(|| Problem::internal("an import of an unknown profile"))?;
    serde_json::from_value(definition).map_err(Problem::internal)
}

/// Names that an upload may give.
pub fn names(conn: &mut PgConnection) -> Result<Vec<String>, Problem> {
    Ok(t::import_profiles
        .filter(t::status.eq(ProfileStatus::Active))
        .order(t::name)
        .select(t::name)
        .limit(200)
        .load(conn)?)
}

/// One version.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<ProfileRow, Problem> {
    Ok(t::import_profiles.find(id).select(ProfileRow::as_select()).first(r.conn())?)
}

/// The same, locked.
pub fn find_for_update(w: &mut Writer<'_>, id: Uuid) -> Result<ProfileRow, Problem> {
    Ok(t::import_profiles.find(id).for_no_key_update().select(ProfileRow::as_select()).first(w.conn())?)
}

fn filtered(filter: &ImportProfileQuery) -> import_profiles::BoxedQuery<'static, Pg> {
    let mut query = import_profiles::table.into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(t::status.eq(status));
    }
    if let Some(name) = &filter.profile {
        query = query.filter(t::name.eq(name.clone()));
    }
    query
}

/// A page, newest first.
pub fn list(
    r: &mut Reader<'_>,
    filter: &ImportProfileQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<ProfileRow>, Problem> {
    let mut query = filtered(filter);
    if let Some(id) = start.and_then(|c| c.id.parse::<Uuid>().ok()) {
        query = query.filter(t::id.lt(id));
    }
    Ok(query.order(t::id.desc()).limit(fetch).select(ProfileRow::as_select()).load(r.conn())?)
}

/// How many the list has.
pub fn count(r: &mut Reader<'_>, filter: &ImportProfileQuery) -> Result<i64, Problem> {
    Ok(filtered(filter).count().get_result(r.conn())?)
}

fn json(value: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(Problem::internal)
}

/// Stores a draft as the next version of its name.
pub fn insert(w: &mut Writer<'_>, new: &NewImportProfile) -> Result<Uuid, Problem> {
    let (id, actor, now) = (Uuid::now_v7(), w.principal().id, w.now());
    let last: Option<i32> = t::import_profiles
        .filter(t::name.eq(&new.name))
        .select(diesel::dsl::max(t::profile_version))
        .first(w.conn())?;
    diesel::insert_into(t::import_profiles)
        .values((
            t::id.eq(id),
            t::name.eq(&new.name),
            t::profile_version.eq(last.unwrap_or(0) + 1),
            t::label.eq(json(&new.label.cleaned())?),
            t::definition.eq(json(&new.definition)?),
            t::drafted_by.eq(actor),
            t::created_at.eq(now),
            t::updated_at.eq(now),
        ))
        .execute(w.conn())?;
    Ok(id)
}

fn move_to(w: &mut Writer<'_>, id: Uuid, status: ProfileStatus) -> Result<(), Problem> {
    diesel::update(t::import_profiles.find(id))
        .set((t::status.eq(status), t::version.eq(t::version + 1), t::updated_at.eq(w.now())))
        .execute(w.conn())?;
    Ok(())
}

/// Puts a locked draft into use in place of the version before.
pub fn activate(w: &mut Writer<'_>, row: &ProfileRow) -> Result<(), Problem> {
    let (actor, now) = (w.principal().id, w.now());
    diesel::update(t::import_profiles.filter(t::name.eq(&row.name)).filter(t::status.eq(ProfileStatus::Active)))
        .set((t::status.eq(ProfileStatus::Retired), t::version.eq(t::version + 1), t::updated_at.eq(now)))
        .execute(w.conn())?;
    diesel::update(t::import_profiles.find(row.id))
        .set((t::activated_by.eq(actor), t::activated_at.eq(now)))
        .execute(w.conn())?;
    move_to(w, row.id, ProfileStatus::Active)
}

/// Takes a locked version out of use; the one that came with the service steps in where there is one.
pub fn retire(w: &mut Writer<'_>, row: &ProfileRow) -> Result<(), Problem> {
    move_to(w, row.id, ProfileStatus::Retired)?;
    if row.status != ProfileStatus::Active {
        return Ok(());
    }
    let shipped: Option<Uuid> = t::import_profiles
        .filter(t::name.eq(&row.name).and(t::origin.eq(ProfileOrigin::BuiltIn)))
        .order(t::profile_version.desc())
        .select(t::id)
        .first(w.conn())
        .optional()?;
    shipped.map_or(Ok(()), |id| move_to(w, id, ProfileStatus::Active))
}

/// What a profile may name, from the built-in profiles and the reference lists.
pub fn known(conn: &mut PgConnection) -> Result<Known, Problem> {
    use crate::db::schema::{code_entries as e, code_maps as m};
    let mut known = Known::default();
    let maps: Vec<(String, String, String, String)> =
        m::table.select((m::source, m::version, m::variable, m::list_slug)).distinct().load(conn)?;
    let lists: BTreeMap<String, String> = maps
        .into_iter()
        .map(|(source, version, variable, list)| (format!("{source}/{version}/{variable}"), list))
        .collect();
    for name in profile::names() {
        let Some(profile) = profile::profile(name).map_err(Problem::internal)? else { continue };
        for layout in &profile.files {
            let groups = layout.required.clone();
            known.required.push((layout.file.clone(), profile.list, profile.by_card(), groups));
            for column in &layout.columns {
                let own = format!("{}/{}/{}", profile.source, profile.code_version, column.header);
                let mut add = |variable: &str, kind: ColumnKind, map: &str| {
                    known.variables.insert((layout.file.clone(), profile.list, variable.to_owned()), kind);
                    if let Some(list) = lists.get(map) {
                        known.lists.entry(variable.to_owned()).or_insert_with(|| list.clone());
                    }
                };
                add(&column.variable, column.kind, column.map.as_ref().unwrap_or(&own));
                for also in &column.also {
                    add(&also.variable, column.kind, &also.map);
                }
            }
        }
    }
    known.maps = lists.into_keys().collect();
    known.entries = e::table.select((e::list_slug, e::code)).load::<(String, String)>(conn)?.into_iter().collect();
    Ok(known)
}

/// Variables of one kind of file.
#[must_use]
pub fn variables_of(known: &Known, part: &str, list: Option<ListKind>) -> Vec<String> {
    known.variables.keys().filter(|(p, l, _)| p == part && *l == list).map(|(_, _, v)| v.clone()).collect()
}

/// What people call the profiles that come with the service.
const LABELS: &[(&str, &str, &str)] = &[
    ("dtsen", "DTSEN: keluarga dan anggota", "DTSEN: families and members"),
    ("p3ke", "P3KE", "P3KE"),
    ("ppks", "Daftar PPKS dinas", "The agency's PPKS list"),
    ("growth", "Pengukuran anak", "Measurements of children"),
    ("jobseekers", "Pencari kerja", "Job seekers"),
    ("programs", "Tawaran program mitra", "Partners' offers of programs"),
];

/// Puts the profiles that come with the service where the others are. Runs as the owner while migrating: what the
/// service brings anew replaces what it brought before, and an office's own version stays in use.
pub fn load(conn: &mut PgConnection) -> QueryResult<usize> {
    let broken = |e: serde_json::Error| diesel::result::Error::SerializationError(Box::new(e));
    let mut added = 0;
    for name in profile::names() {
        let Some(profile) = profile::profile(name).map_err(broken)? else { continue };
        let label = LABELS.iter().find(|(known, ..)| *known == name);
        let label = label.map_or_else(
            || serde_json::json!({"id": name, "en": name}),
            |(_, id, en)| serde_json::json!({"id": id, "en": en}),
        );
        added += diesel::sql_query(
            "INSERT INTO import_profiles (id, name, profile_version, origin, label, definition, status, activated_at)
             VALUES ($1, $2, $3, 'built_in', $4, $5, 'active', now())
             ON CONFLICT (name, profile_version) DO UPDATE SET label = EXCLUDED.label, definition = EXCLUDED.definition
             WHERE import_profiles.origin = 'built_in' AND (import_profiles.label, import_profiles.definition) IS DISTINCT FROM (EXCLUDED.label, EXCLUDED.definition)",
        )
        .bind::<PgUuid, _>(Uuid::now_v7())
        .bind::<Text, _>(name)
        .bind::<Integer, _>(1)
        .bind::<Jsonb, _>(label)
        .bind::<Jsonb, _>(serde_json::to_value(&profile).map_err(broken)?)
        .execute(conn)?;
    }
    Ok(added)
}
