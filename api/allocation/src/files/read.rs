//! Reading and checking the five files.

use std::collections::HashMap;
use std::path::Path;

use super::decimal::Decimal;
use super::fault::{Fault, Faults, shown};
use super::table::rows;
use crate::instance::{Instance, MAX_MONEY, MAX_NEEDS, Need, Pair, Program, key_of};

/// An instance with the names its files use.
#[derive(Debug, Clone)]
pub struct Source {
    /// The instance; indices follow the ids in alphabetical order.
    pub instance: Instance,
    /// Ids of the needs.
    pub needs: Vec<String>,
    /// Ids of the programs.
    pub programs: Vec<String>,
    /// Ids of the lines.
    pub lines: Vec<String>,
    /// A value of the instance is weight × fit × 10^scale, rounded down.
    pub scale: i32,
    /// Whether any of them had to be rounded.
    pub rounded: bool,
}

/// Names of the tiers, in the order served.
pub(super) const TIERS: [&str; 3] = ["emergency", "spm", "regular"];
/// Awards a household gets at most.
const AWARDS_PER_HOUSEHOLD: u32 = 3;
/// Digits before the point that the greatest value gets: sums stay exact, and a step is finer than any weight.
const DIGITS: i32 = 13;

/// Reads the files of a directory.
///
/// # Errors
/// Every fault found, by file and row.
pub fn read(directory: &Path) -> Result<Source, Vec<Fault>> {
    let mut faults = Faults::default();
    let needs = needs(directory, &mut faults);
    let lines = lines(directory, &mut faults);
    let programs = programs(directory, &lines, &mut faults);
    let pairs = pairs(directory, &needs, &programs, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into_list());
    }
    let most = pairs.iter().map(|p| p.2.magnitude()).max().unwrap_or(i32::MIN);
    let scale = if most == i32::MIN { 0 } else { DIGITS - most };
    let mut rounded = false;
    let pairs = pairs.into_iter().map(|(need, program, product, _)| {
        let (value, exact) = product.scaled(scale);
        rounded |= !exact;
        Pair { need, program, value }
    });
    let pairs = pairs.collect();
    let instance = Instance {
        households: needs.households,
        awards_per_household: AWARDS_PER_HOUSEHOLD,
        needs: needs.facts.iter().map(|n| n.0).collect(),
        pairs,
        programs: programs.facts,
        lines: lines.facts,
    };
    Ok(Source { instance, needs: needs.ids, programs: programs.ids, lines: lines.ids, scale, rounded })
}

/// Rows by id, in the order of the ids.
struct Named<T> {
    ids: Vec<String>,
    facts: Vec<T>,
    households: u32,
}

impl<T> Named<T> {
    /// Sorts the rows by id. An id that is there twice is a fault.
    fn new(file: &str, mut rows: Vec<(String, T, u64)>, faults: &mut Faults) -> Self {
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        for two in rows.windows(2).filter(|two| two[0].0 == two[1].0) {
            faults.add(
                file,
                Some(two[1].2),
                format!("the id {} is there already, in row {}", shown(&two[0].0), two[0].2),
            );
        }
        let (mut ids, mut facts) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for (id, fact, _) in rows {
            ids.push(id);
            facts.push(fact);
        }
        Self { ids, facts, households: 0 }
    }

    fn index(&self) -> HashMap<&str, u32> {
        self.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at as u32)).collect()
    }
}

fn id<'a>((file, line): (&str, u64), column: &str, text: &'a str, faults: &mut Faults) -> Option<&'a str> {
    if text.is_empty() || text.len() > 200 || text.chars().any(char::is_control) {
        faults.add(file, Some(line), format!("{column} is {}; it must be 1 to 200 printable bytes", shown(text)));
        return None;
    }
    Some(text)
}

fn whole((file, line): (&str, u64), column: &str, text: &str, faults: &mut Faults) -> Option<i64> {
    let number = text.parse::<i64>().ok().filter(|n| (0..=MAX_MONEY).contains(n));
    if number.is_none() {
        faults.add(
            file,
            Some(line),
            format!("{column} is {}; it must be a whole number from 0 to {MAX_MONEY}", shown(text)),
        );
    }
    number
}

fn decimal((file, line): (&str, u64), column: &str, text: &str, faults: &mut Faults) -> Option<Decimal> {
    let number = Decimal::parse(text);
    if number.is_none() {
        let wanted = "a number from 0 up with a point and at most 18 significant digits";
        faults.add(file, Some(line), format!("{column} is {}; it must be {wanted}", shown(text)));
    }
    number
}

fn needs(directory: &Path, faults: &mut Faults) -> Named<(Need, Decimal)> {
    let file = "needs.csv";
    let mut read = Vec::new();
    let mut households: HashMap<String, u32> = HashMap::new();
    let columns = ["need_id", "household_id", "weight", "tier"];
    rows((directory, file), columns, 1, faults, |[need, household, weight, tier], line, faults| {
        let at = (file, line);
        let tier_number = TIERS.iter().position(|t| *t == tier).or(tier.is_empty().then_some(2));
        if tier_number.is_none() {
            faults.add(file, Some(line), format!("tier is {}; it must be one of {}", shown(tier), TIERS.join(", ")));
        }
        let need = id(at, "need_id", need, faults);
        let household = id(at, "household_id", household, faults);
        let weight = decimal(at, "weight", weight, faults);
        let (Some(need), Some(household), Some(weight), Some(tier)) = (need, household, weight, tier_number) else {
            return;
        };
        let next = households.len() as u32;
        let household = match households.get(household) {
            Some(&known) => known,
            None => *households.entry(household.to_owned()).or_insert(next),
        };
        let fact = Need { household, member: 0, tier: tier as u8, key: key_of(need) };
        read.push((need.to_owned(), (fact, weight), line));
    });
    let mut needs = Named::new(file, read, faults);
    needs.households = households.len() as u32;
    // Numbers of households follow their first need, not the order of the rows.
    let mut number = vec![u32::MAX; households.len()];
    let mut next = 0;
    for (need, _) in &mut needs.facts {
        let number = &mut number[need.household as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        need.household = *number;
    }
    needs
}

fn lines(directory: &Path, faults: &mut Faults) -> Named<i64> {
    let file = "lines.csv";
    let mut read = Vec::new();
    rows((directory, file), ["line_id", "budget_idr"], 0, faults, |[line_id, budget], line, faults| {
        let name = id((file, line), "line_id", line_id, faults);
        let budget = whole((file, line), "budget_idr", budget, faults);
        if let (Some(name), Some(budget)) = (name, budget) {
            read.push((name.to_owned(), budget, line));
        }
    });
    Named::new(file, read, faults)
}

fn programs(directory: &Path, lines: &Named<i64>, faults: &mut Faults) -> Named<Program> {
    let file = "programs.csv";
    let mut read = Vec::new();
    let mut classes: HashMap<String, u32> = HashMap::new();
    let columns = ["program_id", "overlap_class", "cost_idr", "capacity", "budget_idr"];
    rows((directory, file), columns, 0, faults, |[program, class, cost, capacity, budget], line, faults| {
        let at = (file, line);
        let name = id(at, "program_id", program, faults);
        let cost = whole(at, "cost_idr", cost, faults);
        let capacity = whole(at, "capacity", capacity, faults);
        let budget = whole(at, "budget_idr", budget, faults);
        let next = classes.len() as u32;
        let class = (!class.is_empty()).then(|| *classes.entry(class.to_owned()).or_insert(next));
        if let (Some(name), Some(cost), Some(capacity), Some(budget)) = (name, cost, capacity, budget) {
            read.push((
                name.to_owned(),
                Program { class, by_member: false, cost, capacity, budget, lines: Vec::new() },
                line,
            ));
        }
    });
    let mut programs = Named::new(file, read, faults);
    let (file, known, money) = ("program_lines.csv", programs.index(), lines.index());
    let mut ties: Vec<(u32, u32, u64)> = Vec::new();
    rows((directory, file), ["program_id", "line_id"], 0, faults, |[program, line_id], line, faults| {
        let program = known_id((file, line), ("program_id", "programs.csv"), program, &known, faults);
        let line_at = known_id((file, line), ("line_id", "lines.csv"), line_id, &money, faults);
        if let (Some(program), Some(line_at)) = (program, line_at) {
            ties.push((program, line_at, line));
        }
    });
    ties.sort_unstable();
    for two in ties.windows(2).filter(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1)) {
        faults.add(file, Some(two[1].2), format!("says the same as row {}", two[0].2));
    }
    ties.iter().for_each(|&(program, line, _)| programs.facts[program as usize].lines.push(line));
    programs
}

fn known_id(
    (file, line): (&str, u64),
    (column, home): (&str, &str),
    text: &str,
    known: &HashMap<&str, u32>,
    faults: &mut Faults,
) -> Option<u32> {
    let found = known.get(text).copied();
    if found.is_none() {
        faults.add(file, Some(line), format!("{column} {} is not in {home}", shown(text)));
    }
    found
}

/// Need, program, value and line of the file, in the order of need and program.
fn pairs(
    directory: &Path,
    needs: &Named<(Need, Decimal)>,
    programs: &Named<Program>,
    faults: &mut Faults,
) -> Vec<(u32, u32, Decimal, u64)> {
    let file = "pairs.csv";
    let (of_need, of_program) = (needs.index(), programs.index());
    let mut pairs: Vec<(u32, u32, Decimal, u64)> = Vec::new();
    rows((directory, file), ["need_id", "program_id", "fit"], 0, faults, |[need, program, fit], line, faults| {
        let need = known_id((file, line), ("need_id", "needs.csv"), need, &of_need, faults);
        let program = known_id((file, line), ("program_id", "programs.csv"), program, &of_program, faults);
        let fit = decimal((file, line), "fit", fit, faults);
        if let (Some(need), Some(program), Some(fit)) = (need, program, fit) {
            pairs.push((need, program, needs.facts[need as usize].1.times(fit), line));
        }
    });
    pairs.sort_unstable_by_key(|p| (p.0, p.1, p.3));
    for two in pairs.windows(2).filter(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1)) {
        faults.add(file, Some(two[1].3), format!("the pair is there already, in row {}", two[0].3));
    }
    let mut met = vec![0_usize; needs.households as usize];
    for one in pairs.chunk_by(|a, b| a.0 == b.0) {
        let household = needs.facts[one[0].0 as usize].0.household as usize;
        met[household] += 1;
        if met[household] == MAX_NEEDS + 1 {
            let message = format!("one household has more than {MAX_NEEDS} needs with a program; see its household_id");
            faults.add(file, Some(one[0].3), message);
        }
    }
    pairs
}
