//! SQL of regions. Reference data: everybody who is signed in sees all of it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::model::{Level, Region, RegionQuery};
use crate::access::Reader;
use crate::db::schema::regions;
use crate::http::list::TOTAL_CAP;
use crate::kernel::page::Cursor;
use crate::kernel::problem::Problem;

/// The city this database serves, as letters name it.
#[derive(Debug, Clone)]
pub struct Seat(String);

impl Seat {
    /// Its welfare office.
    #[must_use]
    pub fn office(&self) -> String {
        format!("Dinas Sosial {}", self.0)
    }

    /// Where a letter is dated: the name without what kind of city it is.
    #[must_use]
    pub fn place(&self) -> &str {
        ["Kota ", "Kabupaten "].iter().find_map(|kind| self.0.strip_prefix(kind)).unwrap_or(&self.0)
    }
}

/// The city this database serves.
pub fn seat(r: &mut Reader<'_>) -> Result<Seat, Problem> {
    let city = regions::table.filter(regions::in_city.and(regions::level.eq("city"))).select(regions::name);
    Ok(Seat(city.order(regions::code).first(r.conn())?))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = regions)]
struct Row {
    code: String,
    name: String,
    level: String,
    parent_code: Option<String>,
    aliases: Vec<String>,
    lat: Option<f64>,
    lng: Option<f64>,
    postal_code: Option<String>,
    in_city: bool,
}

fn view(row: Row) -> Region {
    Region {
        code: row.code,
        name: row.name,
        level: Level::parse(&row.level),
        parent_code: row.parent_code,
        aliases: row.aliases,
        lat: row.lat,
        lng: row.lng,
        postal_code: row.postal_code,
        in_city: row.in_city,
    }
}

fn filtered(filter: &RegionQuery) -> regions::BoxedQuery<'static, Pg> {
    let mut query = regions::table.into_boxed();
    if filter.everywhere != Some(true) {
        // The city and what it lies in: an ancestor's code is a prefix of the city's.
        query = query.filter(regions::in_city.or(crate::db::sql::sql::<Bool>(
            "EXISTS (SELECT FROM regions c WHERE c.in_city AND c.level = 'city' AND (starts_with(c.code, regions.code || '.') OR regions.level = 'country'))",
        )));
    }
    if let Some(level) = filter.level {
        query = query.filter(regions::level.eq(level.slug()));
    }
    if let Some(parent) = &filter.parent_code {
        query = query.filter(regions::parent_code.eq(parent.clone()));
    }
    if let Some(q) = &filter.q {
        let needle: String = q.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        query = query.filter(
            crate::db::sql::sql::<Bool>(
                "strpos(lower(replace(regions.name || '|' || array_to_string(regions.aliases, '|'), ' ', '')), ",
            )
            .bind::<Text, _>(needle)
            .sql(") > 0"),
        );
    }
    query
}

pub(super) fn list(
    r: &mut Reader<'_>,
    filter: &RegionQuery,
    start: Option<&Cursor>,
    fetch: i64,
) -> Result<Vec<Region>, Problem> {
    let mut query = filtered(filter);
    if let Some(cursor) = start {
        query = query.filter(regions::code.gt(cursor.id.clone()));
    }
    let rows: Vec<Row> = query.order(regions::code).limit(fetch).select(Row::as_select()).load(r.conn())?;
    Ok(rows.into_iter().map(view).collect())
}

/// Rows the filter finds, counted up to one more than the cap.
pub(super) fn count(r: &mut Reader<'_>, filter: &RegionQuery) -> Result<i64, Problem> {
    let some: Vec<String> = filtered(filter).select(regions::code).limit(TOTAL_CAP + 1).load(r.conn())?;
    Ok(i64::try_from(some.len()).unwrap_or(TOTAL_CAP))
}

pub(super) fn find(r: &mut Reader<'_>, code: &str) -> Result<Region, Problem> {
    let row: Row = regions::table.find(code).select(Row::as_select()).first(r.conn())?;
    Ok(view(row))
}

#[cfg(test)]
mod tests {
    use super::Seat;

    #[test]
    fn letters_name_office_and_place() {
        let seat = |name: &str| Seat(name.to_owned());
        assert_eq!(seat("Kota Bandung").office(), "Dinas Sosial Kota Bandung");
        let places = ["Kota Bandung", "Kabupaten Bandung Barat", "Jakarta"].map(|name| seat(name).place().to_owned());
        assert_eq!(places, ["Bandung", "Bandung Barat", "Jakarta"]);
    }
}
