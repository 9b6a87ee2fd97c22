//! Reads the whole city as the rules need it: table by table, each in the order it lies in, only the facts some rule names.
//!
//! Looking 330,000 households up in each table by their ids costs the server more than reading the tables through. The
//! parts can be read side by side on several connections; what changes meanwhile is the caller's to know.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use satupintu_rules::{
    Benefit, CLASSES, Cell, Gather, NEEDS, PPKS, Problem as Trouble, Recorded, Severity, Snapshot, Status, Subject,
    birth, day,
};

use super::book::Book;
use super::sets;
use crate::db::sql::{Line, Sql};
use crate::kernel::problem::Problem;
use crate::matching::facts::{Entry, Reads};

/// Pages of a table read in one statement: what a statement returns is held in memory.
const PAGES: i64 = 500;

/// Where households stand: their kelurahan by position, and their slots.
pub(in crate::matching) type Places = HashMap<u128, (u32, u32), foldhash::fast::RandomState>;

/// Part of a table, by its pages.
#[derive(Debug, Clone, Copy)]
pub(in crate::matching) struct Part {
    table: Table,
    from: i64,
    to: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Homes,
    Details,
    People,
    Secrets,
    Disputes,
    Problems,
    Awards,
    Reported,
    Snapshots,
}

impl Table {
    /// Name, and what stands for it in the statements.
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Homes => ("households", "h"),
            Self::Details => ("household_details", "d"),
            Self::People => ("individuals", "i"),
            Self::Secrets => ("restricted_facts", "r"),
            Self::Disputes => ("corrections", "c"),
            Self::Problems => ("problems", "p"),
            Self::Awards => ("awards", "a"),
            Self::Reported => ("reported_benefits", "b"),
            Self::Snapshots => ("welfare_snapshots", "w"),
        }
    }
}

/// A fact that is read, and the column it is read from.
struct Pick<'a> {
    entry: &'a Entry,
    column: String,
}

/// The households of some kelurahan, on their way into columns.
pub(in crate::matching) struct Census<'a> {
    book: &'a Book,
    reads: &'a Reads,
    places: Places,
    /// Whether a household was read that lives here and has no slot.
    strays: AtomicBool,
    regions: Vec<Mutex<Gather>>,
    codes: HashSet<String>,
    home_facts: Vec<Pick<'a>>,
    detail_facts: Vec<Pick<'a>>,
    member_facts: Vec<Pick<'a>>,
    /// Birth dates are two columns, after the others.
    births: Option<usize>,
}

impl<'a> Census<'a> {
    /// For these kelurahan with so many slots each, and who stands in them.
    pub fn new(book: &'a Book, reads: &'a Reads, regions: &[(String, usize)], places: Places) -> Self {
        let wanted = |fact: usize| reads.facts.contains(&fact);
        let gather = |(code, slots): &(String, usize)| Mutex::new(Gather::new(&book.vocabulary, code, *slots, wanted));
        let (mut home_facts, mut detail_facts, mut member_facts, mut births) =
            (Vec::new(), Vec::new(), Vec::new(), None);
        for fact in reads.facts.iter().filter_map(|f| book.vocabulary.facts().get(*f)) {
            let Some(entry) = book.lookup.entry(&fact.name) else { continue };
            let name = fact.name.as_str();
            let (list, column) = match (fact.subject, name) {
                (_, "birth_date") => {
                    births = Some(entry.number);
                    continue;
                }
                (Subject::Household, "household_kind") => (&mut home_facts, "h.kind".to_owned()),
                (Subject::Household, "has_family_card") => {
                    (&mut home_facts, "(h.family_card_number IS NOT NULL)::text".to_owned())
                }
                (Subject::Household, "floor_area") => {
                    let column = "coalesce(d.housing ->> 'floor_area_m2', d.housing ->> 'floor_area')";
                    (&mut detail_facts, column.to_owned())
                }
                // Once any thing is counted, those not named are none; an empty object says nothing.
                (Subject::Household, _) if name.starts_with("asset_") || name.starts_with("livestock_") => {
                    let column = format!("CASE WHEN d.assets <> '{{}}' THEN coalesce(d.assets ->> '{name}', '0') END");
                    (&mut detail_facts, column)
                }
                (Subject::Household, _) => (&mut detail_facts, format!("d.housing ->> '{name}'")),
                (Subject::Member, "sex" | "relation" | "marital_status") => (&mut member_facts, format!("i.{name}")),
                (Subject::Member, "nik_recorded") => (&mut member_facts, "(i.nik IS NOT NULL)::text".to_owned()),
                (Subject::Member, "nik_matched") => {
                    let column =
                        "CASE WHEN i.nik_status = 'disputed' THEN 'disputed' WHEN i.nik_status = 'matched' THEN 'true'
                        WHEN i.nik IS NULL OR i.nik_status = 'not_matched' THEN 'false' END";
                    (&mut member_facts, column.to_owned())
                }
                (Subject::Member, _) => (&mut member_facts, format!("i.facts ->> '{name}'")),
            };
            list.push(Pick { entry, column });
        }
        Self {
            book,
            reads,
            places,
            strays: AtomicBool::new(false),
            codes: regions.iter().map(|(code, _)| code.clone()).collect(),
            regions: regions.iter().map(gather).collect(),
            home_facts,
            detail_facts,
            member_facts,
            births,
        }
    }

    /// What is to be read, in an order that keeps several readers busy to the end.
    pub fn parts(&self, conn: &mut PgConnection) -> Result<Vec<Part>, Problem> {
        let reads = self.reads;
        let people = reads.of_members(&self.book.vocabulary);
        let tables = [
            (Table::People, reads.members),
            (Table::Details, !self.detail_facts.is_empty()),
            (Table::Homes, true),
            (Table::Snapshots, reads.snapshots),
            (Table::Problems, reads.problems.is_some()),
            (Table::Reported, reads.benefits),
            (Table::Awards, reads.benefits),
            (Table::Secrets, people),
            (Table::Disputes, true),
        ];
        let mut parts = Vec::new();
        for (table, _) in tables.into_iter().filter(|(_, read)| *read) {
            let (name, _) = table.name();
            let size = sets::pages(conn, name)?;
            let ends = (0..).map(|n| n * PAGES).take_while(|from| *from == 0 || *from < size);
            // The last one goes to the end, wherever that is by then.
            parts.extend(ends.map(|from| Part { table, from, to: (from + PAGES < size).then_some(from + PAGES) }));
        }
        Ok(parts)
    }

    /// Reads a part of it.
    pub fn read(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        match part.table {
            Table::Homes => self.homes(conn, part),
            Table::Details => self.details(conn, part),
            Table::People => self.people(conn, part),
            Table::Secrets => self.secrets(conn, part),
            Table::Disputes => self.disputes(conn, part),
            Table::Problems => self.problems(conn, part),
            Table::Awards | Table::Reported => self.benefits(conn, part),
            Table::Snapshots => self.snapshots(conn, part),
        }
    }

    /// Whether somebody who lives here was passed over, since he had no slot.
    pub fn has_strays(&self) -> bool {
        self.strays.load(Ordering::Relaxed)
    }

    /// What was read, in the order of the kelurahan.
    pub fn into_regions(self) -> impl Iterator<Item = Gather> {
        self.regions.into_iter().map(|gather| gather.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// The statement over the pages of a part: `select` up to WHERE, with a condition or none.
    fn statement(part: Part, select: &str, condition: &str) -> Sql {
        let (_, of) = part.table.name();
        let mut text = format!("{select} WHERE {condition} AND {of}.ctid >= '({},0)'::tid", part.from);
        if let Some(to) = part.to {
            text.push_str(&format!(" AND {of}.ctid < '({to},0)'::tid"));
        }
        Sql::new(&text)
    }

    /// Where a household stands, with the kelurahan it stands in.
    fn at(&self, line: &Line<'_>, see: impl FnOnce(&mut Gather, usize)) {
        let place = line.uuid(0).and_then(|id| self.places.get(&id));
        if let Some((region, slot)) = place
            && let Some(gather) = self.regions.get(*region as usize)
        {
            see(&mut gather.lock().unwrap_or_else(PoisonError::into_inner), *slot as usize);
        }
    }

    fn homes(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let mut select = "SELECT h.id, h.region_code, h.members_complete, h.declared_members".to_owned();
        self.home_facts.iter().for_each(|pick| select.push_str(&format!(", {}", pick.column)));
        select.push_str(" FROM households h");
        Ok(Self::statement(part, &select, "h.status = 'active'").each(conn, |line| {
            if line.uuid(0).is_some_and(|id| !self.places.contains_key(&id))
                && line.text(1, |code| Some(self.codes.contains(code))) == Some(true)
            {
                self.strays.store(true, Ordering::Relaxed);
            }
            self.at(line, |gather, slot| {
                // Who has moved is evaluated by itself, where he lives now.
                if !line.text(1, |code| Some(code == gather.region())).unwrap_or(false) {
                    return;
                }
                let declared = line.int4(3).and_then(|n| u32::try_from(n).ok());
                gather.home(slot, line.uuid(0).unwrap_or(0), Recorded { complete: line.bool(2), declared });
                for (column, pick) in (4..).zip(&self.home_facts) {
                    if let Some(cell) = line.text(column, |text| pick.entry.read(text)) {
                        gather.put(slot, pick.entry.number, cell);
                    }
                }
            });
        })?)
    }

    fn details(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let mut select = "SELECT d.household_id".to_owned();
        self.detail_facts.iter().for_each(|pick| select.push_str(&format!(", {}", pick.column)));
        select.push_str(" FROM household_details d");
        Ok(Self::statement(part, &select, "true").each(conn, |line| {
            self.at(line, |gather, slot| {
                for (column, pick) in (1..).zip(&self.detail_facts) {
                    if let Some(cell) = line.text(column, |text| pick.entry.read(text)) {
                        gather.put(slot, pick.entry.number, cell);
                    }
                }
            });
        })?)
    }

    fn people(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let mut select = "SELECT i.household_id, i.id".to_owned();
        self.member_facts.iter().for_each(|pick| select.push_str(&format!(", {}", pick.column)));
        if self.births.is_some() {
            select.push_str(", i.birth_date, i.birth_date_precision");
        }
        select.push_str(" FROM individuals i");
        let last = self.member_facts.len() + 2;
        Ok(Self::statement(part, &select, "i.life_status = 'alive' AND i.merged_into IS NULL").each(conn, |line| {
            self.at(line, |gather, slot| {
                let row = gather.member(slot, line.uuid(1).unwrap_or(0));
                for (column, pick) in (2..).zip(&self.member_facts) {
                    let read = |text: &str| match text {
                        "disputed" => Some(Cell::Disputed),
                        text => pick.entry.read(text),
                    };
                    if let Some(cell) = line.text(column, read) {
                        gather.put_member(row, pick.entry.number, cell);
                    }
                }
                if let Some(fact) = self.births {
                    let date = line.date(last);
                    let cell = line.text(last + 1, |precision| Some(birth(date, precision)));
                    gather.put_member(row, fact, cell.unwrap_or_default());
                }
            });
        })?)
    }

    fn secrets(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let select = "SELECT r.household_id, r.individual_id, r.variable, r.code FROM restricted_facts r";
        Ok(Self::statement(part, select, "true").each(conn, |line| {
            let variable = line.text(2, |t| Some(t.to_owned())).unwrap_or_default();
            let fact = line.text(3, |code| self.book.lookup.code(&variable, code));
            if let (Some(person), Some((fact, cell))) = (line.uuid(1), fact) {
                self.at(line, |gather, slot| gather.secret(slot, person, fact, cell));
            }
        })?)
    }

    fn disputes(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let select = "SELECT c.household_id, c.individual_id, c.fact FROM corrections c";
        Ok(Self::statement(part, select, "c.status = 'submitted'").each(conn, |line| {
            if let Some(entry) = line.text(2, |fact| self.book.lookup.entry(fact)) {
                self.at(line, |gather, slot| gather.dispute(slot, line.uuid(1), entry.number));
            }
        })?)
    }

    fn problems(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let select = "SELECT p.household_id, p.individual_id, p.need_code, p.ppks_code, p.severity, p.status, p.sensitivity = 'restricted' FROM problems p";
        let mut condition =
            "p.status IN ('candidate', 'reported', 'verified', 'in_service', 'partly_resolved', 'resolved')".to_owned();
        // Of the members only this is asked: whether he of whom it is said is one.
        let members = self.reads.members;
        if !members {
            condition.push_str(
                " AND (p.individual_id IS NULL OR EXISTS (SELECT FROM individuals i WHERE i.id = p.individual_id AND i.household_id = p.household_id
                      AND i.life_status = 'alive' AND i.merged_into IS NULL))",
            );
        }
        let mut sql = Self::statement(part, select, &condition);
        if let Some(needs) = self.reads.problems.as_ref().filter(|needs| !needs.is_empty()) {
            sql = sql
                .push(" AND p.need_code = ANY(")
                .bind::<Array<Text>, _>(needs.iter().cloned().collect::<Vec<_>>())
                .push(")");
        }
        let vocabulary = &self.book.vocabulary;
        Ok(sql.each(conn, |line| {
            let number = |at: usize, list: &str| line.text(at, |code| vocabulary.number(list, code)).unwrap_or(0);
            let severity = line.text(4, |s| Severity::ALL.iter().find(|(name, _)| *name == s).map(|(_, v)| *v));
            let status = line.text(5, |s| Status::ALL.iter().find(|(name, _)| *name == s).map(|(_, v)| *v));
            let (Some(severity), Some(status)) = (severity, status) else { return };
            let (need, ppks) = (number(2, NEEDS), number(3, PPKS));
            let problem = Trouble { member: None, need, ppks, severity, status, restricted: line.bool(6) };
            let person = line.uuid(1).filter(|_| members);
            self.at(line, |gather, slot| gather.problem(slot, person, problem));
        })?)
    }

    fn benefits(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let sql = if part.table == Table::Awards {
            let select = "SELECT a.household_id, CASE WHEN g.claim_unit = 'person' THEN a.individual_id END, g.number, coalesce(c.overlap_class, g.overlap_class),
                     coalesce(lower(c.period), y.starts_on), coalesce(upper(c.period) - 1, y.ends_on), 'restricted' IN (g.sensitivity, f.sensitivity)
                 FROM awards a JOIN referrals f ON f.id = a.referral_id JOIN program_cycles y ON y.id = a.cycle_id
                 JOIN programs g ON g.id = y.program_id LEFT JOIN claims c ON c.award_id = a.id AND c.active";
            Self::statement(part, select, "a.status <> 'released'")
        } else {
            let select = "SELECT b.household_id, b.individual_id, g.number, g.overlap_class, b.from_date, b.to_date, g.sensitivity = 'restricted'
                 FROM reported_benefits b JOIN programs g ON g.id = b.program_id";
            Self::statement(part, select, "true")
        };
        Ok(sql.each(conn, |line| {
            let class = line.text(3, |code| self.book.vocabulary.number(CLASSES, code)).unwrap_or(0);
            let benefit = Benefit {
                member: None,
                program: line.int4(2).and_then(|n| u16::try_from(n).ok()).unwrap_or(u16::MAX),
                class,
                from: line.date(4).map_or(1, day),
                to: line.date(5).map_or(i32::MAX / 2, day),
                restricted: line.bool(6),
            };
            self.at(line, |gather, slot| gather.benefit(slot, line.uuid(1), benefit));
        })?)
    }

    fn snapshots(&self, conn: &mut PgConnection, part: Part) -> Result<(), Problem> {
        let select = "SELECT w.household_id, w.source, w.period, w.decile_national, w.decile_province, w.decile_city FROM welfare_snapshots w";
        let sources = self.book.vocabulary.sources();
        Ok(Self::statement(part, select, "true").each(conn, |line| {
            let known = line.text(1, |source| sources.iter().position(|s| s == source));
            let month = line.text(2, |period| {
                let (year, month) = period.split_once('-')?;
                Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
            });
            let Some(month) = month else { return };
            let decile = |at: usize| line.int2(at).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
            let snapshot = Snapshot {
                source: known.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX),
                month,
                deciles: [decile(3), decile(4), decile(5)],
            };
            self.at(line, |gather, slot| gather.snapshot(slot, snapshot));
        })?)
    }
}
