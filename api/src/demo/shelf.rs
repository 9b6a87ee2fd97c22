//! Organizations, programs, their cycles and the money behind them, with ids: what referrals are made from.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

use super::city::{Plan, millis_before};
use super::dice::Dice;
use super::ledger::{Book, Bucket, Move};
use super::offers::{self, Agency, Foundation, Program};
use super::places::Places;
use super::pools::Pools;
use crate::reference::FileError;

/// A cycle with its seats.
#[derive(Debug, Clone)]
pub struct Cycle {
    /// Id.
    pub id: Uuid,
    /// Position of its program.
    pub program: usize,
    /// Name.
    pub name: String,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: NaiveDate,
    /// `stock`, `capacity` or `batch`.
    pub seat_kind: String,
    /// Seats.
    pub seats: u32,
    /// Seats taken.
    pub taken: u32,
    /// How many wait for a seat.
    pub waiting: u32,
    /// Funding source, unless it costs nothing.
    pub source: Option<Uuid>,
}

impl Cycle {
    /// Id of its program.
    pub fn program_id(&self, shelf: &Shelf) -> Uuid {
        shelf.programs.get(self.program).map_or(Uuid::nil(), |p| p.id)
    }
}

/// A program on the shelf.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// Id.
    pub id: Uuid,
    /// What it is.
    pub program: Program,
    /// Organization that runs it.
    pub organization: Uuid,
    /// `published`, `draft`, `submitted` or `suspended`.
    pub status: &'static str,
}

impl Shelved {
    /// Whether all its seats will be taken: those it cannot take wait.
    pub fn is_full(&self) -> bool {
        FULL.contains(&self.program.code.as_str())
    }
}

/// A funding source.
#[derive(Debug, Clone)]
pub struct Source {
    /// Id.
    pub id: Uuid,
    /// Stable code.
    pub code: String,
    /// Kind.
    pub kind: String,
    /// Owner.
    pub organization: Uuid,
    /// Name.
    pub name: String,
    /// Whether it pays for restricted programs only.
    pub restricted: bool,
}

/// Everything on offer.
pub struct Shelf {
    /// Agencies with their ids.
    pub agencies: Vec<(Uuid, Agency)>,
    /// Foundations with their ids.
    pub foundations: Vec<(Uuid, Foundation)>,
    /// Programs.
    pub programs: Vec<Shelved>,
    /// Cycles.
    pub cycles: Vec<Cycle>,
    /// Funding sources.
    pub sources: Vec<Source>,
    /// Their money.
    pub book: Book,
    /// Fiscal year.
    pub year: i32,
    by_need: HashMap<(String, bool), Vec<usize>>,
}

/// Stream of the ids made here.
const STREAM: u64 = u64::MAX / 2 + 1;

impl Shelf {
    /// The shelf at the start of the fiscal year that holds `plan.today`.
    pub fn new(plan: &Plan, pools: &Pools, places: &Places, coordinator: Uuid) -> Result<Self, FileError> {
        let mut dice = Dice::new(plan.seed, STREAM);
        let at = millis_before(plan.today, 430);
        let agencies: Vec<(Uuid, Agency)> = offers::agencies()?.into_iter().map(|a| (dice.id(at), a)).collect();
        let foundations: Vec<(Uuid, Foundation)> = offers::foundations(plan.seed, plan.households, pools, places)?
            .into_iter()
            .map(|f| (dice.id(at), f))
            .collect();
        let organizations: HashMap<&str, Uuid> = agencies
            .iter()
            .map(|(id, a)| (a.code.as_str(), *id))
            .chain(foundations.iter().map(|(id, f)| (f.code.as_str(), *id)))
            .collect();
        let mut programs = Vec::new();
        let shipped = offers::programs(plan.households)?.into_iter().map(|p| (p, "published"));
        let offered = foundations.iter().map(|(_, f)| {
            let status = match f.status {
                "verified" => "published",
                "applied" => "submitted",
                _ => "suspended",
            };
            (f.program.clone(), status)
        });
        for (program, status) in shipped.chain(offered) {
            let organization = organizations.get(program.organization.as_str()).copied().unwrap_or_default();
            programs.push(Shelved { id: dice.id(at), program, organization, status });
        }
        let year = plan.today.year();
        let mut shelf = Self {
            agencies,
            foundations,
            programs,
            cycles: Vec::new(),
            sources: Vec::new(),
            book: Book::new(),
            year,
            by_need: HashMap::new(),
        };
        shelf.open_cycles(&mut dice, plan);
        shelf.fund(&mut dice, plan, coordinator);
        shelf.index();
        Ok(shelf)
    }

    fn open_cycles(&mut self, dice: &mut Dice, plan: &Plan) {
        let (Some(first), Some(last)) =
            (NaiveDate::from_ymd_opt(self.year, 1, 1), NaiveDate::from_ymd_opt(self.year, 12, 31))
        else {
            return;
        };
        let at = millis_before(first, 20);
        for (position, shelved) in self.programs.iter().enumerate() {
            let Some(rhythm) = shelved.program.cycle.as_ref().filter(|_| shelved.status == "published") else {
                continue;
            };
            let mut open = |name: String, starts: NaiveDate, ends: NaiveDate, seats: u32| {
                let seat_kind = rhythm.seat_kind.clone();
                self.cycles.push(Cycle {
                    id: dice.id(at),
                    program: position,
                    name,
                    starts,
                    ends,
                    seat_kind,
                    seats,
                    taken: 0,
                    waiting: 0,
                    source: None,
                });
            };
            if shelved.program.funding_kind == "foundation" {
                // Foundations' offers run for a year from half a year ago.
                let starts = plan.today.checked_sub_months(Months::new(6)).and_then(|d| d.with_day(1)).unwrap_or(first);
                let ends = starts
                    .checked_add_months(Months::new(12))
                    .and_then(|d| d.checked_sub_days(Days::new(1)))
                    .unwrap_or(last);
                open(format!("{}–{}", starts.format("%m/%Y"), ends.format("%m/%Y")), starts, ends, rhythm.seats);
            } else if rhythm.rhythm == "quarter" {
                for quarter in 0..4u32 {
                    let starts = first.checked_add_months(Months::new(quarter * 3)).unwrap_or(first);
                    let ends = starts
                        .checked_add_months(Months::new(3))
                        .and_then(|d| d.checked_sub_days(Days::new(1)))
                        .unwrap_or(last);
                    open(format!("Angkatan {} {}", quarter + 1, self.year), starts, ends, rhythm.seats.div_ceil(4));
                }
            } else {
                open(format!("Tahun anggaran {}", self.year), first, last, rhythm.seats);
            }
        }
    }

    /// One source for each owner and label; restricted programs are paid from sources of their own.
    fn fund(&mut self, dice: &mut Dice, plan: &Plan, coordinator: Uuid) {
        let mut wanted: BTreeMap<(String, String, bool), Vec<usize>> = BTreeMap::new();
        for (at, cycle) in self.cycles.iter().enumerate() {
            let Some(shelved) = self.programs.get(cycle.program) else { continue };
            let program = &shelved.program;
            if program.benefit.value_idr > 0 {
                let key =
                    (program.funding_kind.clone(), program.organization.clone(), program.sensitivity == "restricted");
                wanted.entry(key).or_default().push(at);
            }
        }
        for ((kind, owner, restricted), cycles) in wanted {
            let first = cycles.first().and_then(|at| self.cycles.get(*at));
            let Some(organization) = first.and_then(|c| self.programs.get(c.program)).map(|p| p.organization) else {
                continue;
            };
            let opened = first.map_or(plan.today, |c| c.starts);
            let at = millis_before(opened, 12);
            let source = Source {
                id: dice.id(at),
                code: source_code(&kind, &owner, self.year, restricted),
                name: source_name(&kind, &self.owner_name(&owner), self.year, restricted),
                kind: kind.clone(),
                organization,
                restricted,
            };
            let costs: Vec<(usize, i64)> = cycles.iter().filter_map(|at| Some((*at, self.cost(*at)?))).collect();
            self.bring_in(dice, &source, &owner, costs.iter().map(|(_, cost)| cost).sum(), at, coordinator);
            for (position, cost) in costs {
                let Some(cycle) = self.cycles.get_mut(position) else { continue };
                let free = self.book.balance(source.id, None, Bucket::Available);
                let allot = Move {
                    kind: "allot",
                    source: source.id,
                    cycle: Some(cycle.id),
                    referral: None,
                    amount: cost.min(free),
                    from: Bucket::Available,
                    to: Bucket::Allotted,
                    at: at + 86_400_000,
                    by: Some(coordinator),
                };
                self.book.post(dice, &allot);
                cycle.source = Some(source.id);
            }
            self.sources.push(source);
        }
    }

    /// Government money is appropriated; a foundation pledges and delivers most of it.
    fn bring_in(&mut self, dice: &mut Dice, source: &Source, owner: &str, cost: i64, at: u64, coordinator: Uuid) {
        let step = Move {
            kind: "appropriate",
            source: source.id,
            cycle: None,
            referral: None,
            amount: round_up(cost / 100 * i64::from(dice.between(104, 122))),
            from: Bucket::Origin,
            to: Bucket::Available,
            at,
            by: Some(coordinator),
        };
        if source.kind != "foundation" {
            self.book.post(dice, &step);
            return;
        }
        let pledged = self.foundations.iter().find(|(_, f)| f.code == owner).map_or(cost, |(_, f)| f.pledged);
        let received = round_up(pledged / 100 * i64::from(dice.between(55, 100))).min(pledged);
        self.book.post(dice, &Move { kind: "pledge", amount: pledged, to: Bucket::Pledged, by: None, ..step });
        self.book.post(
            dice,
            &Move {
                kind: "receive",
                amount: received,
                from: Bucket::Pledged,
                to: Bucket::Available,
                at: at + 3_600_000,
                by: None,
                ..step
            },
        );
    }

    fn cost(&self, cycle: usize) -> Option<i64> {
        let cycle = self.cycles.get(cycle)?;
        Some(i64::from(cycle.seats) * self.programs.get(cycle.program)?.program.worth())
    }

    fn owner_name(&self, code: &str) -> String {
        let agency = self.agencies.iter().find(|(_, a)| a.code == code).map(|(_, a)| a.name.clone());
        agency
            .or_else(|| self.foundations.iter().find(|(_, f)| f.code == code).map(|(_, f)| f.name.clone()))
            .unwrap_or_default()
    }

    fn index(&mut self) {
        for (at, cycle) in self.cycles.iter().enumerate() {
            let Some(shelved) = self.programs.get(cycle.program) else { continue };
            for need in &shelved.program.needs {
                self.by_need.entry((need.clone(), shelved.program.sensitivity == "restricted")).or_default().push(at);
            }
        }
    }

    /// Positions of cycles that address a need, of the problem's own label.
    pub fn for_need(&self, need: &str, restricted: bool) -> &[usize] {
        self.by_need.get(&(need.to_owned(), restricted)).map_or(&[], Vec::as_slice)
    }
}

impl Shelf {
    /// Leaves the cycles somebody waits for no free seat.
    pub fn fill_up(&mut self) {
        for cycle in self.cycles.iter_mut().filter(|c| c.waiting > 0) {
            cycle.seats = cycle.taken;
        }
    }

    /// Kind of an organization.
    pub fn kind_of(&self, organization: Uuid) -> Option<&str> {
        let agency = self.agencies.iter().find(|(id, _)| *id == organization).map(|(_, a)| a.kind.as_str());
        agency.or_else(|| self.foundations.iter().any(|(id, _)| *id == organization).then_some("foundation"))
    }

    /// Number and last day of an organization's agreement on data, where there is one.
    pub fn agreement_of(&self, organization: Uuid) -> Option<(String, NaiveDate)> {
        let (at, (_, foundation)) = (1..).zip(&self.foundations).find(|(_, (id, _))| *id == organization)?;
        let until = NaiveDate::from_ymd_opt(self.year + 1, 12, 31)?;
        (foundation.status == "verified").then(|| (format!("PKS/{at:03}/{}", self.year), until))
    }
}

/// Programs whose seats are all taken, so that some wait for one.
const FULL: [&str; 3] = ["GRIYA_LANSIA", "RUTILAHU_PROV", "KEJAR_PAKET"];

fn round_up(amount: i64) -> i64 {
    (amount + 999_999) / 1_000_000 * 1_000_000
}

fn source_code(kind: &str, owner: &str, year: i32, restricted: bool) -> String {
    let prefix = kind.replace('_', "-").to_uppercase();
    let owner = owner.replace('_', "-").to_uppercase();
    format!("{prefix}-{year}-{owner}{}", if restricted { "-T" } else { "" })
}

fn source_name(kind: &str, owner: &str, year: i32, restricted: bool) -> String {
    let label = match kind {
        "apbd_kota" => "APBD Kota",
        "apbd_provinsi" => "APBD Provinsi",
        "apbn" => "APBN",
        "foundation" => "Dana yayasan",
        "zakat" => "Dana ZIS",
        "csr" => "Dana TJSL",
        "grant" => "Hibah",
        _ => "Dana filantropi",
    };
    format!("{label} {year}: {owner}{}", if restricted { " (layanan khusus)" } else { "" })
}
