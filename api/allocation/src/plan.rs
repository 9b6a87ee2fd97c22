//! Awards, and a check of them that shares nothing with the solver.

use std::collections::{HashMap, HashSet};

use crate::instance::Instance;

/// One award, as indices into the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Award {
    /// The need that is met.
    pub need: u32,
    /// The program that meets it.
    pub program: u32,
    /// The line that pays.
    pub line: u32,
}

/// Value of the awards, or the first rule they break.
pub fn check(instance: &Instance, awards: &[Award]) -> Result<i128, String> {
    let values: HashMap<(u32, u32), i64> = instance.pairs.iter().map(|p| ((p.need, p.program), p.value)).collect();
    let mut needs = HashSet::new();
    let mut classes = HashSet::new();
    let mut per_household: HashMap<u32, u32> = HashMap::new();
    let mut given: HashMap<u32, i128> = HashMap::new();
    let mut paid: HashMap<u32, i128> = HashMap::new();
    let mut value = 0_i128;
    for award in awards {
        let name = format!("award {} by {} from {}", award.need, award.program, award.line);
        value += i128::from(*values.get(&(award.need, award.program)).ok_or(format!("{name}: not a pair"))?);
        let household = instance.needs[award.need as usize].household;
        let program = &instance.programs[award.program as usize];
        if !needs.insert(award.need) {
            return Err(format!("{name}: the need is met twice"));
        }
        if instance.class_of(award.need, award.program).is_some_and(|class| !classes.insert((household, class))) {
            return Err(format!("{name}: the household has two awards of a class"));
        }
        if !program.lines.contains(&award.line) {
            return Err(format!("{name}: the line may not pay this program"));
        }
        let count = per_household.entry(household).or_default();
        *count += 1;
        if *count > instance.awards_per_household {
            return Err(format!("{name}: the household has too many awards"));
        }
        *given.entry(award.program).or_default() += 1;
        *paid.entry(award.line).or_default() += i128::from(program.cost);
    }
    for (&at, &count) in &given {
        let program = &instance.programs[at as usize];
        if count > i128::from(program.capacity) || count * i128::from(program.cost) > i128::from(program.budget) {
            return Err(format!("program {at} gives {count} awards, more than its seats or its budget"));
        }
    }
    match paid.iter().find(|(line, sum)| **sum > i128::from(instance.lines[**line as usize])) {
        Some((line, sum)) => Err(format!("line {line} pays {sum}, more than it has")),
        None => Ok(value),
    }
}
