//! Reads one household or a few as the rules need them.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, SmallInt, Text, Uuid as PgUuid};
use satupintu_rules::{
    Benefit, CLASSES, Cell, Household, Member, NEEDS, PPKS, Problem as Trouble, Severity, Snapshot, Status, birth, day,
};
use uuid::Uuid;

use super::book::Book;
use crate::db::sql::Sql;
use crate::kernel::problem::Problem;

/// Which households.
#[derive(Debug, Clone, Copy)]
pub(in crate::matching) enum Which<'a> {
    One(Uuid),
    Some(&'a [Uuid]),
}

/// Households found already.
#[derive(Clone, Copy)]
struct Ids<'a>(&'a [Uuid]);

impl Ids<'_> {
    /// `column` is one of them.
    fn push(self, sql: Sql, column: &str) -> Sql {
        sql.push(column).push(" = ANY(").bind::<Array<PgUuid>, _>(self.0.to_vec()).push(")")
    }
}

impl Which<'_> {
    /// `h…` is one of them, active.
    fn push(self, sql: Sql) -> Sql {
        match self {
            Self::One(id) => sql.push("h.status = 'active' AND h.id = ").bind::<PgUuid, _>(id),
            Self::Some(ids) => {
                sql.push("h.status = 'active' AND h.id = ANY(").bind::<Array<PgUuid>, _>(ids.to_vec()).push(")")
            }
        }
    }
}

#[derive(QueryableByName)]
struct Home {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    region_code: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    has_card: bool,
    #[diesel(sql_type = Bool)]
    members_complete: bool,
    #[diesel(sql_type = Nullable<Integer>)]
    declared_members: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    housing: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    assets: Option<String>,
}
#[derive(QueryableByName)]
struct Person {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    sex: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    birth_date: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    birth_date_precision: String,
    #[diesel(sql_type = Nullable<Text>)]
    relation: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    marital_status: Option<String>,
    #[diesel(sql_type = Bool)]
    has_nik: bool,
    #[diesel(sql_type = Nullable<Text>)]
    nik_status: Option<String>,
    #[diesel(sql_type = Text)]
    facts: String,
}
#[derive(QueryableByName)]
struct Secret {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = PgUuid)]
    individual_id: Uuid,
    #[diesel(sql_type = Text)]
    variable: String,
    #[diesel(sql_type = Text)]
    code: String,
}
#[derive(QueryableByName)]
struct Need {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    individual_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    need_code: String,
    #[diesel(sql_type = Nullable<Text>)]
    ppks_code: Option<String>,
    #[diesel(sql_type = Text)]
    severity: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Bool)]
    restricted: bool,
}
#[derive(QueryableByName)]
struct Aid {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    individual_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Nullable<Text>)]
    class: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    from_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    to_date: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    restricted: bool,
}
#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    period: String,
    #[diesel(sql_type = Nullable<SmallInt>)]
    decile_national: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    decile_province: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    decile_city: Option<i16>,
}

#[derive(QueryableByName)]
struct Disputed {
    #[diesel(sql_type = PgUuid)]
    household_id: Uuid,
    #[diesel(sql_type = Nullable<PgUuid>)]
    individual_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    fact: String,
}

/// Households by id, with everything rules may read; of the whole city see `census`.
pub(in crate::matching) fn households(
    conn: &mut PgConnection,
    book: &Book,
    which: Which<'_>,
) -> Result<HashMap<Uuid, Household>, Problem> {
    let sql = Sql::new(
        "SELECT h.id, h.region_code, h.kind, h.family_card_number IS NOT NULL AS has_card, h.members_complete, h.declared_members,
             d.housing::text AS housing, d.assets::text AS assets
         FROM households h LEFT JOIN household_details d ON d.household_id = h.id WHERE ",
    );
    let homes: Vec<Home> = which.push(sql).rows(conn)?;
    let mut all: HashMap<Uuid, Household> = homes.into_iter().map(|home| (home.id, household(book, home))).collect();
    if all.is_empty() {
        return Ok(all);
    }
    // The rest by id: looking the households up again for each question would cost as much as the answers.
    let ids: Vec<Uuid> = all.keys().copied().collect();
    let which = Ids(&ids);
    members(conn, book, which, &mut all)?;
    problems(conn, book, which, &mut all)?;
    benefits(conn, book, which, &mut all)?;
    snapshots(conn, book, which, &mut all)?;
    disputes(conn, book, which, &mut all)?;
    Ok(all)
}

fn household(book: &Book, home: Home) -> Household {
    let mut out = Household::blank(&book.vocabulary);
    out.id = home.id.as_u128();
    out.region = home.region_code;
    out.members_complete = home.members_complete;
    out.declared_members = home.declared_members.and_then(|n| u32::try_from(n).ok());
    book.lookup.set(&mut out.facts, "household_kind", Some(&home.kind));
    book.lookup.put(&mut out.facts, "has_family_card", Cell::Bool(home.has_card));
    if let Some(housing) = &home.housing {
        book.lookup.read(housing, &mut out.facts);
    }
    if let Some(assets) = &home.assets {
        book.lookup.read_assets(assets, &mut out.facts);
    }
    out
}

fn members(
    conn: &mut PgConnection,
    book: &Book,
    which: Ids<'_>,
    all: &mut HashMap<Uuid, Household>,
) -> Result<(), Problem> {
    let sql = Sql::new(
        "SELECT i.household_id, i.id, i.sex, i.birth_date, i.birth_date_precision, i.relation, i.marital_status, i.nik IS NOT NULL AS has_nik, i.nik_status,
             i.facts::text AS facts
         FROM individuals i WHERE i.life_status = 'alive' AND i.merged_into IS NULL AND ",
    );
    let people: Vec<Person> = which.push(sql, "i.household_id").rows(conn)?;
    for person in people {
        let Some(home) = all.get_mut(&person.household_id) else { continue };
        home.members.push(member(book, &person));
    }
    for home in all.values_mut() {
        home.members.sort_unstable_by_key(|m| m.id);
    }
    let sql = Sql::new("SELECT r.household_id, r.individual_id, r.variable, r.code FROM restricted_facts r WHERE ");
    let secrets: Vec<Secret> = which.push(sql, "r.household_id").rows(conn)?;
    for secret in secrets {
        let found = all.get_mut(&secret.household_id);
        let found = found.and_then(|h| h.members.iter_mut().find(|m| m.id == secret.individual_id.as_u128()));
        if let (Some(member), Some(fact)) = (found, book.lookup.code(&secret.variable, &secret.code)) {
            member.restricted.push(fact);
        }
    }
    Ok(())
}

fn member(book: &Book, person: &Person) -> Member {
    let mut out = Member::blank(&book.vocabulary);
    out.id = person.id.as_u128();
    let facts = &mut out.facts;
    book.lookup.read(&person.facts, facts);
    book.lookup.set(facts, "sex", person.sex.as_deref());
    book.lookup.set(facts, "relation", person.relation.as_deref());
    book.lookup.set(facts, "marital_status", person.marital_status.as_deref());
    book.lookup.put(facts, "birth_date", birth(person.birth_date, &person.birth_date_precision));
    book.lookup.put(facts, "nik_recorded", Cell::Bool(person.has_nik));
    let matched = match person.nik_status.as_deref() {
        Some("matched") => Cell::Bool(true),
        Some("not_matched") => Cell::Bool(false),
        Some("disputed") => Cell::Disputed,
        _ if !person.has_nik => Cell::Bool(false),
        _ => Cell::Missing,
    };
    book.lookup.put(facts, "nik_matched", matched);
    out
}

/// Place of a member within his household.
fn place(home: &Household, person: Option<Uuid>) -> Option<u16> {
    let id = person?.as_u128();
    u16::try_from(home.members.iter().position(|m| m.id == id)?).ok()
}

fn problems(
    conn: &mut PgConnection,
    book: &Book,
    which: Ids<'_>,
    all: &mut HashMap<Uuid, Household>,
) -> Result<(), Problem> {
    let sql = Sql::new(
        "SELECT p.household_id, p.individual_id, p.need_code, p.ppks_code, p.severity, p.status, p.sensitivity = 'restricted' AS restricted
         FROM problems p
         WHERE p.status IN ('candidate', 'reported', 'verified', 'in_service', 'partly_resolved', 'resolved') AND ",
    );
    let needs: Vec<Need> = which.push(sql, "p.household_id").rows(conn)?;
    for need in needs {
        let Some(home) = all.get_mut(&need.household_id) else { continue };
        let member = place(home, need.individual_id);
        // The problem of somebody who died or left is nobody's here.
        if need.individual_id.is_some() && member.is_none() {
            continue;
        }
        let number = |list: &str, code: Option<&str>| code.and_then(|c| book.vocabulary.number(list, c)).unwrap_or(0);
        let severity = Severity::ALL.iter().find(|(n, _)| *n == need.severity).map(|(_, s)| *s);
        let status = Status::ALL.iter().find(|(n, _)| *n == need.status).map(|(_, s)| *s);
        let (Some(severity), Some(status)) = (severity, status) else { continue };
        home.problems.push(Trouble {
            member,
            need: number(NEEDS, Some(&need.need_code)),
            ppks: number(PPKS, need.ppks_code.as_deref()),
            severity,
            status,
            restricted: need.restricted,
        });
    }
    Ok(())
}

fn benefits(
    conn: &mut PgConnection,
    book: &Book,
    which: Ids<'_>,
    all: &mut HashMap<Uuid, Household>,
) -> Result<(), Problem> {
    let sql = Sql::new(
        "SELECT a.household_id, CASE WHEN g.claim_unit = 'person' THEN a.individual_id END AS individual_id, g.number, coalesce(c.overlap_class, g.overlap_class) AS class,
             coalesce(lower(c.period), y.starts_on) AS from_date, coalesce(upper(c.period) - 1, y.ends_on) AS to_date, 'restricted' IN (g.sensitivity, f.sensitivity) AS restricted
         FROM awards a JOIN referrals f ON f.id = a.referral_id JOIN program_cycles y ON y.id = a.cycle_id
         JOIN programs g ON g.id = y.program_id LEFT JOIN claims c ON c.award_id = a.id AND c.active
         WHERE a.status <> 'released' AND ",
    );
    let sql = which.push(sql, "a.household_id").push(
        " UNION ALL SELECT b.household_id, b.individual_id, g.number, g.overlap_class, b.from_date, b.to_date, g.sensitivity = 'restricted'
         FROM reported_benefits b JOIN programs g ON g.id = b.program_id WHERE ",
    );
    let aids: Vec<Aid> = which.push(sql, "b.household_id").rows(conn)?;
    for aid in aids {
        let Some(home) = all.get_mut(&aid.household_id) else { continue };
        let class = aid.class.as_deref().and_then(|c| book.vocabulary.number(CLASSES, c)).unwrap_or(0);
        home.benefits.push(Benefit {
            member: place(home, aid.individual_id),
            program: u16::try_from(aid.number).unwrap_or(u16::MAX),
            class,
            from: aid.from_date.map_or(1, day),
            to: aid.to_date.map_or(i32::MAX / 2, day),
            restricted: aid.restricted,
        });
    }
    Ok(())
}

fn snapshots(
    conn: &mut PgConnection,
    book: &Book,
    which: Ids<'_>,
    all: &mut HashMap<Uuid, Household>,
) -> Result<(), Problem> {
    let sql = Sql::new(
        "SELECT w.household_id, w.source, w.period, w.decile_national, w.decile_province, w.decile_city
         FROM welfare_snapshots w WHERE ",
    );
    let said: Vec<Said> = which.push(sql, "w.household_id").rows(conn)?;
    let sources = book.vocabulary.sources();
    for row in said {
        let Some(home) = all.get_mut(&row.household_id) else { continue };
        let known = sources.iter().position(|s| *s == row.source).and_then(|at| u8::try_from(at).ok());
        let (year, month) = row.period.split_once('-').unwrap_or_default();
        let (Ok(year), Ok(month)) = (year.parse::<i32>(), month.parse::<i32>()) else { continue };
        let decile = |d: Option<i16>| d.and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
        home.snapshots.push(Snapshot {
            source: known.unwrap_or(u8::MAX),
            month: year * 12 + month - 1,
            deciles: [decile(row.decile_national), decile(row.decile_province), decile(row.decile_city)],
        });
    }
    Ok(())
}

/// Facts that somebody disputes are not known until it is decided.
fn disputes(
    conn: &mut PgConnection,
    book: &Book,
    which: Ids<'_>,
    all: &mut HashMap<Uuid, Household>,
) -> Result<(), Problem> {
    let sql =
        Sql::new("SELECT c.household_id, c.individual_id, c.fact FROM corrections c WHERE c.status = 'submitted' AND ");
    let disputed: Vec<Disputed> = which.push(sql, "c.household_id").rows(conn)?;
    for row in disputed {
        let Some(home) = all.get_mut(&row.household_id) else { continue };
        let Some(entry) = book.lookup.entry(&row.fact) else { continue };
        let facts = match row.individual_id {
            None => Some(&mut home.facts),
            Some(id) => home.members.iter_mut().find(|m| m.id == id.as_u128()).map(|m| &mut m.facts),
        };
        if let Some(cell) = facts.and_then(|f| f.get_mut(entry.number)) {
            *cell = Cell::Disputed;
        }
    }
    Ok(())
}
