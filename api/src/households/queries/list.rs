//! Lists and single households.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use serde::Deserialize;

use uuid::Uuid;

use super::people::{Disputed, MemberRow, mark_disputed, view_member, withhold};
use super::visible::{reach_of_one_visible, visible_households};
use crate::access::Reader;
use crate::access::policy::{HouseholdEdit, IndividualReveal};
use crate::db::raw::RawObject;
use crate::db::schema::households;
use crate::db::sql::sql;
use crate::households::model::{Addresses, Household, HouseholdQuery, HouseholdSummary, Identifier, Snapshot, Sort};
use crate::kernel::page::Cursor;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::mask_number;

/// What the summary needs.
#[derive(Queryable, Selectable, Debug, Clone)]
#[diesel(table_name = households, check_for_backend(Pg))]
pub struct SummaryRow {
    /// Id.
    pub id: Uuid,
    kind: String,
    /// Domicile.
    pub region_code: String,
    /// Name of the head.
    pub head_name: Option<String>,
    family_card_number: Option<String>,
    members_count: i32,
    members_complete: bool,
    /// Current decile.
    pub decile: Option<i16>,
    /// active, moved, dissolved or merged.
    pub status: String,
    source: String,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// What this caller may do with a household of this region and status.
pub fn can_do(r: &Reader<'_>, region_code: &str, status: &str) -> Vec<String> {
    let p = r.principal();
    if status != "active" || !p.may::<HouseholdEdit>() || !p.scope_for::<HouseholdEdit>().covers_region(region_code) {
        return Vec::new();
    }
    ["update", "add-member", "split", "change-head", "move", "dissolve", "report-problem"].map(str::to_owned).to_vec()
}

/// The summary as this caller may see it.
pub fn summary(r: &Reader<'_>, row: SummaryRow) -> HouseholdSummary {
    let anonymous = r.scope().deidentified;
    let can = can_do(r, &row.region_code, &row.status);
    HouseholdSummary {
        id: row.id,
        kind: row.kind,
        region_code: row.region_code,
        head_name: row.head_name.filter(|_| !anonymous),
        family_card_masked: row.family_card_number.filter(|_| !anonymous).map(|n| mask_number(&n)),
        members_count: row.members_count,
        members_complete: row.members_complete,
        decile: row.decile,
        status: row.status,
        source: row.source,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    }
}

const HEAD_KEY: &str = "coalesce(households.head_name, '') COLLATE \"C\"";
const DECILE_KEY: &str = "coalesce(households.decile, 11::smallint)";

/// Households within the scope that pass the filters of the list.
pub fn filtered(r: &Reader<'_>, q: &HouseholdQuery) -> households::BoxedQuery<'static, Pg> {
    let mut query = visible_households(r.scope());
    if let Some(region) = &q.region {
        query = match region.len() {
            13 => query.filter(households::region_code.eq(region.clone())),
            8 => query.filter(households::district_code.eq(region.clone())),
            // Above the kecamatan: a range of codes, since `.` sorts before `/`.
            _ => query
                .filter(households::region_code.ge(format!("{region}.")))
                .filter(households::region_code.lt(format!("{region}/"))),
        };
    }
    if let Some(min) = q.decile_min {
        query = query.filter(households::decile.ge(min));
    }
    if let Some(max) = q.decile_max {
        query = query.filter(households::decile.le(max));
    }
    if let Some(status) = q.status {
        query = query.filter(households::status.eq(status.slug()));
    }
    if let Some(kind) = q.kind {
        query = query.filter(households::kind.eq(kind.slug()));
    }
    if let Some(source) = &q.source {
        query = query.filter(households::source.eq(source.clone()));
    }
    if let Some(since) = q.updated_since {
        query = query.filter(households::updated_at.ge(since));
    }
    if q.member_age_min.is_some() || q.member_age_max.is_some() {
        let today = r.today();
        let years = |n: i32| {
            today.checked_sub_months(chrono::Months::new(12 * u32::try_from(n).unwrap_or_default())).unwrap_or(today)
        };
        let youngest = years(q.member_age_min.unwrap_or(0));
        let oldest = years(q.member_age_max.map_or(200, |m| m + 1));
        query = query.filter(
            sql::<Bool>("EXISTS (SELECT 1 FROM individuals m WHERE m.household_id = households.id AND m.life_status = 'alive' AND m.birth_date <= ")
                .bind::<Date, _>(youngest)
                .sql(" AND m.birth_date > ")
                .bind::<Date, _>(oldest)
                .sql(")"),
        );
    }
    query
}

/// Counts up to one more than the cap.
pub fn count(r: &mut Reader<'_>, q: &HouseholdQuery, cap: i64) -> Result<i64, Problem> {
    let ids: Vec<Uuid> = filtered(r, q).select(households::id).limit(cap + 1).load(r.conn())?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// Sort key of a row as its cursor keeps it.
pub fn position(sort: Sort, row: &HouseholdSummary, head_name: Option<&str>) -> (Option<String>, String) {
    let key = match sort {
        Sort::Created | Sort::CreatedDesc => None,
        Sort::Updated | Sort::UpdatedDesc => Some(row.updated_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        Sort::HeadName | Sort::HeadNameDesc => Some(head_name.unwrap_or_default().to_owned()),
        Sort::Decile | Sort::DecileDesc => Some(row.decile.unwrap_or(11).to_string()),
    };
    (key, row.id.to_string())
}

/// One page, with the head's real name beside each row for the cursor.
pub fn page(
    r: &mut Reader<'_>,
    q: &HouseholdQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<(HouseholdSummary, Option<String>)>, Problem> {
    let sort = q.sort.unwrap_or_default();
    let mut query = filtered(r, q);
    let broken = || Problem::new(&problem::INVALID_CURSOR);
    let from: Option<(Uuid, String)> = match start {
        Some(c) => Some((c.id.parse().map_err(|_| broken())?, c.key.clone().unwrap_or_default())),
        None => None,
    };
    let desc = matches!(sort, Sort::CreatedDesc | Sort::UpdatedDesc | Sort::HeadNameDesc | Sort::DecileDesc);
    let than = if desc { ", households.id) < (" } else { ", households.id) > (" };
    query = match sort {
        Sort::Created | Sort::CreatedDesc => {
            if let Some((id, _)) = from {
                query = if desc { query.filter(households::id.lt(id)) } else { query.filter(households::id.gt(id)) };
            }
            if desc { query.order(households::id.desc()) } else { query.order(households::id.asc()) }
        }
        Sort::Updated | Sort::UpdatedDesc => {
            if let Some((id, key)) = from {
                let at: DateTime<Utc> = key.parse().map_err(|_| broken())?;
                query = query.filter(
                    sql::<Bool>("(households.updated_at")
                        .sql(than)
                        .bind::<Timestamptz, _>(at)
                        .sql(", ")
                        .bind::<SqlUuid, _>(id)
                        .sql(")"),
                );
            }
            if desc {
                query.order((households::updated_at.desc(), households::id.desc()))
            } else {
                query.order((households::updated_at.asc(), households::id.asc()))
            }
        }
        Sort::HeadName | Sort::HeadNameDesc => {
            if let Some((id, key)) = from {
                query = query.filter(
                    sql::<Bool>("(")
                        .sql(HEAD_KEY)
                        .sql(than)
                        .bind::<Text, _>(key)
                        .sql(", ")
                        .bind::<SqlUuid, _>(id)
                        .sql(")"),
                );
            }
            if desc {
                query.order((sql::<Text>(HEAD_KEY).desc(), households::id.desc()))
            } else {
                query.order((sql::<Text>(HEAD_KEY).asc(), households::id.asc()))
            }
        }
        Sort::Decile | Sort::DecileDesc => {
            if let Some((id, key)) = from {
                let decile: i16 = key.parse().map_err(|_| broken())?;
                query = query.filter(
                    sql::<Bool>("(")
                        .sql(DECILE_KEY)
                        .sql(than)
                        .bind::<SmallInt, _>(decile)
                        .sql(", ")
                        .bind::<SqlUuid, _>(id)
                        .sql(")"),
                );
            }
            if desc {
                query.order((sql::<SmallInt>(DECILE_KEY).desc(), households::id.desc()))
            } else {
                query.order((sql::<SmallInt>(DECILE_KEY).asc(), households::id.asc()))
            }
        }
    };
    let rows: Vec<SummaryRow> = query.limit(fetch).select(SummaryRow::as_select()).load(r.conn())?;
    let names = r.scope().deidentified;
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = row.head_name.clone().filter(|_| !names);
            (summary(r, row), name)
        })
        .collect())
}

/// Everything of one household in a single statement: a page of a dashboard opens hundreds of them a minute.
const DETAIL: &str = "(SELECT json_build_object('addresses', json_build_object('registered_address', registered_address, 'registered_rt', registered_rt, \
    'registered_rw', registered_rw, 'registered_region_code', registered_region_code, 'street', street, 'rt', rt, 'rw', rw, 'lat', lat, 'lng', lng), \
    'housing', housing, 'assets', assets, 'note', note) FROM household_details d WHERE d.household_id = households.id)::text";
const MEMBERS: &str = "(SELECT coalesce(json_agg(i ORDER BY i.life_status <> 'alive', i.id <> coalesce(households.head_id, i.id), i.birth_date, i.id), '[]') FROM (\
    SELECT id, household_id, name, nik, nik_status, sex, birth_date, birth_date_precision, mother_name, relation, marital_status, phone, life_status, merged_into, \
    deceased_on, facts, accommodations, version, updated_at FROM individuals WHERE household_id = households.id) i)::text";
const DISPUTED: &str = "(SELECT coalesce(json_agg(json_build_array(individual_id, fact) ORDER BY fact), '[]') FROM corrections \
    WHERE household_id = households.id AND status = 'submitted')::text";
const SNAPSHOTS: &str = "(SELECT coalesce(json_agg(s ORDER BY s.period DESC, s.source), '[]') FROM (\
    SELECT source, period, decile_national, decile_province, decile_city, facts, received_at FROM welfare_snapshots WHERE household_id = households.id) s)::text";
const IDENTIFIERS: &str = "(SELECT coalesce(json_agg(c ORDER BY c.valid_to IS NOT NULL, c.kind, c.valid_to DESC, c.source), '[]') FROM (\
    SELECT kind, value, source, status, valid_from, valid_to FROM identifiers WHERE subject_id = households.id) c)::text";

#[derive(Default, Deserialize)]
struct DetailRow {
    addresses: Addresses,
    housing: RawObject,
    assets: RawObject,
    note: Option<String>,
}

#[derive(Deserialize)]
struct ClaimRow {
    kind: String,
    value: String,
    source: String,
    status: String,
    valid_from: Option<chrono::NaiveDate>,
    valid_to: Option<chrono::NaiveDate>,
}

type DetailColumns = (
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    Option<i32>,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
    String,
);

/// Straight from the text: a tree of values in between would be built for nothing.
fn read<T: serde::de::DeserializeOwned>(text: String) -> Result<T, Problem> {
    serde_json::from_str(&text).map_err(Problem::internal)
}

/// One household with everything, as this caller may see it.
pub fn find(r: &mut Reader<'_>, id: Uuid) -> Result<Household, Problem> {
    let (row, detail): (SummaryRow, DetailColumns) = visible_households(r.scope())
        .filter(households::id.eq(id))
        .select((
            SummaryRow::as_select(),
            (
                households::merged_into,
                households::head_id,
                households::dwelling_id,
                households::declared_members,
                households::decile_source,
                sql::<Nullable<Text>>(DETAIL),
                sql::<Text>(MEMBERS),
                sql::<Text>(SNAPSHOTS),
                sql::<Text>(IDENTIFIERS),
                sql::<Text>(DISPUTED),
            ),
        ))
        .first(r.conn())?;
    let (
        merged_into,
        head_id,
        dwelling_id,
        declared_members,
        decile_source,
        details,
        members,
        snapshots,
        claims,
        disputed,
    ) = detail;
    let anonymous = r.scope().deidentified;
    let mut details: DetailRow = match details {
        Some(value) => read(value)?,
        None => DetailRow::default(),
    };
    if anonymous {
        details.addresses = Addresses::default();
        details.note = None;
    }
    let summary = summary(r, row);
    let editable = !summary.can.is_empty();
    let revealable = r.principal().may::<IndividualReveal>() && !anonymous;
    let members: Vec<MemberRow> = read(members)?;
    let mut members: Vec<_> = members.into_iter().map(|m| view_member(m, editable, revealable, anonymous)).collect();
    let disputed: Vec<Disputed> = read(disputed)?;
    mark_disputed(&mut members, &disputed);
    let reach = reach_of_one_visible(r, id, &summary.region_code)?;
    members.iter_mut().for_each(|member| withhold(member, reach));
    if !reach.address {
        details.addresses = Addresses::default();
        details.note = None;
    }
    let disputed = disputed.into_iter().filter(|(person, _)| person.is_none()).map(|(_, fact)| fact).collect();
    let claims: Vec<ClaimRow> = read(claims)?;
    let identifiers = claims
        .into_iter()
        .filter(|_| !anonymous)
        .map(|c| Identifier {
            kind: c.kind,
            value_masked: mask_number(&c.value),
            source: c.source,
            status: c.status,
            valid_from: c.valid_from,
            valid_to: c.valid_to,
        })
        .collect();
    let snapshots: Vec<Snapshot> = read(snapshots)?;
    Ok(Household {
        summary,
        merged_into,
        head_id,
        dwelling_id,
        declared_members,
        decile_source,
        addresses: details.addresses,
        housing: details.housing,
        assets: details.assets,
        note: details.note,
        members,
        withheld: reach.withheld(),
        disputed,
        snapshots,
        identifiers,
    })
}
