//! The year, month after month.

use std::collections::{HashMap, HashSet};

use satupintu_allocation::{
    Award, Instance, MAX_MONEY, Need as Ask, Options, Pair, Program, check, in_order, lot, solve,
};

use crate::city::{AGENCIES, City, Need, mix};

/// Of those helped by one agency, how many ask one more for the same need, since no agency knows of the other. A guess;
/// the figures without any stand beside it.
const GO_ON: f64 = 0.25;
/// Awards a family gets in a year at most, where somebody counts.
const AWARDS: u32 = 3;
const MONTHS: u32 = 12;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// A family asks one agency a month, in an order of its own, until one helps; each serves whoever comes first. Some are
    /// helped by a second one too.
    ByAgency,
    /// The same, where nobody asks for more than one help for one need.
    ByAgencyOnce,
    /// One register: each month every open need meets every program, whoever was reported first.
    OneDoor,
    /// One register: each month a plan over all open needs and all money, tier after tier.
    Plan,
}

/// What became of the year.
pub struct Year {
    /// Per need: the day of its first help.
    helped: Vec<Option<u32>>,
    pub spent_idr: i64,
    /// Spent on a need already met, or on a second award of a class in one family.
    pub double_idr: i64,
}

impl Year {
    pub fn coverage(&self) -> f64 {
        self.helped.iter().flatten().count() as f64 / self.helped.len().max(1) as f64
    }
    /// Part of the rupiah that helped twice.
    pub fn double_share(&self) -> f64 {
        self.double_idr as f64 / self.spent_idr.max(1) as f64
    }
    /// Part of some needs that were met.
    pub fn share(&self, city: &City, of: impl Fn(&Need) -> bool) -> f64 {
        let some = || city.needs.iter().zip(&self.helped).filter(|(need, _)| of(need));
        some().filter(|(_, helped)| helped.is_some()).count() as f64 / some().count().max(1) as f64
    }
    /// Days from the report to the first help, of those who were helped.
    pub fn days(&self, city: &City, of: impl Fn(&Need) -> bool) -> f64 {
        let met: Vec<u32> = city
            .needs
            .iter()
            .zip(&self.helped)
            .filter(|(n, _)| of(n))
            .filter_map(|(n, h)| Some((*h)? - n.day))
            .collect();
        f64::from(met.iter().sum::<u32>()) / met.len().max(1) as f64
    }
}

/// What is left of the supply, and who has what.
struct Books<'a> {
    city: &'a City,
    lines: Vec<i64>,
    spent: Vec<i64>,
    seats: Vec<i64>,
    classes: HashSet<(u32, u32)>,
    /// Per need.
    times: Vec<u8>,
    awards: HashMap<u32, u32>,
    year: Year,
}

/// Replays the year with so much money.
pub fn replay(city: &City, policy: Policy, scale: f64) -> Result<Year, String> {
    let lines = city.lines(scale);
    let mut books = Books {
        city,
        spent: vec![0; lines.len()],
        lines,
        seats: city.programs.iter().map(|p| p.seats).collect(),
        classes: HashSet::new(),
        times: vec![0; city.needs.len()],
        awards: HashMap::new(),
        year: Year { helped: vec![None; city.needs.len()], spent_idr: 0, double_idr: 0 },
    };
    for month in 1..=MONTHS {
        match policy {
            Policy::ByAgency => books.doors(month, GO_ON),
            Policy::ByAgencyOnce => books.doors(month, 0.0),
            Policy::OneDoor | Policy::Plan => books.register(month, policy)?,
        }
    }
    Ok(books.year)
}

/// Last day of a month, when it is decided.
fn last_day(month: u32) -> u32 {
    month * 365 / MONTHS
}

impl Books<'_> {
    /// What a source may have spent by the end of a month.
    fn released(&self, line: usize, month: u32) -> i64 {
        self.lines[line] / i64::from(MONTHS) * i64::from(month) - self.spent[line]
    }

    fn give(&mut self, need: usize, program: usize, today: u32) {
        let (facts, household) = (&self.city.programs[program], self.city.needs[need].household);
        self.spent[facts.line as usize] += facts.cost;
        self.times[need] += 1;
        self.seats[program] -= 1;
        self.year.spent_idr += facts.cost;
        let again = !self.classes.insert((household, facts.class));
        if again || self.year.helped[need].is_some() {
            self.year.double_idr += facts.cost;
        }
        self.year.helped[need].get_or_insert(today);
        *self.awards.entry(household).or_default() += 1;
    }

    /// Each agency with whoever comes to it this month, in the order of their reports.
    fn doors(&mut self, month: u32, go_on: f64) {
        let today = last_day(month);
        let mut coming: Vec<usize> = (0..self.city.needs.len()).filter(|&n| self.city.needs[n].day < today).collect();
        coming.sort_by_key(|&n| (self.city.needs[n].day, lot(self.city.seed, n as u64)));
        for at in coming {
            let need = &self.city.needs[at];
            let first = need.day * MONTHS / 365 + 1;
            let chance = mix(self.city.seed ^ 0x60 ^ at as u64) as f64 / u64::MAX as f64;
            if month < first || self.times[at] > 1 || (self.times[at] == 1 && chance >= go_on) {
                continue;
            }
            // The agencies in an order of the family's own, a new one each month.
            let start = mix(self.city.seed ^ u64::from(need.household) << 1) as u32 % AGENCIES;
            let agency = (start + (month - first) * 5) % AGENCIES;
            let open = (0..self.city.programs.len()).find(|&p| {
                let facts = &self.city.programs[p];
                facts.agency == agency
                    && self.seats[p] > 0
                    && self.released(facts.line as usize, month) >= facts.cost
                    && self.city.fits(need, p)
            });
            if let Some(program) = open {
                self.give(at, program, today);
            }
        }
    }

    /// All open needs against all programs, with what is released and left.
    fn register(&mut self, month: u32, policy: Policy) -> Result<(), String> {
        let today = last_day(month);
        let (instance, open) = self.question(month, today);
        let awards: Vec<Award> = if policy == Policy::Plan {
            solve(&instance, &Options { seed: self.city.seed, ..Options::default() })?.awards
        } else {
            let mut order: Vec<u32> = (0..instance.pairs.len() as u32).collect();
            order.sort_by_key(|&p| {
                let pair = &instance.pairs[p as usize];
                let at = open[pair.need as usize];
                (self.city.needs[at].day, lot(self.city.seed, at as u64), pair.program)
            });
            in_order(&instance, &order)?
        };
        check(&instance, &awards)?;
        for award in awards {
            self.give(open[award.need as usize], award.program as usize, today);
        }
        Ok(())
    }

    fn question(&self, month: u32, today: u32) -> (Instance, Vec<usize>) {
        let city = self.city;
        let has = |household: u32| self.awards.get(&household).copied().unwrap_or(0);
        let open: Vec<usize> = (0..city.needs.len())
            .filter(|&n| {
                self.year.helped[n].is_none() && city.needs[n].day < today && has(city.needs[n].household) < AWARDS
            })
            .collect();
        let mut instance = Instance {
            households: city.households,
            // One a month, so that three a year are never exceeded.
            awards_per_household: 1,
            lines: (0..self.lines.len()).map(|l| self.released(l, month).max(0)).collect(),
            ..Instance::default()
        };
        for (program, seats) in city.programs.iter().zip(&self.seats) {
            instance.programs.push(Program {
                class: Some(program.class),
                by_member: false,
                cost: program.cost,
                capacity: *seats,
                budget: MAX_MONEY,
                lines: vec![program.line],
            });
        }
        for (at, &need) in open.iter().enumerate() {
            let facts = &city.needs[need];
            instance.needs.push(Ask { household: facts.household, member: 0, tier: facts.tier, key: need as u64 });
            for program in (0..city.programs.len()).filter(|&p| city.fits(facts, p)) {
                if !self.classes.contains(&(facts.household, city.programs[program].class)) {
                    instance.pairs.push(Pair { need: at as u32, program: program as u32, value: facts.score(today) });
                }
            }
        }
        (instance, open)
    }
}
