//! Measures the allocation on generated cities: `allocation_bench HOUSEHOLDS [SEED]` prints lines
//! `bench <name> <value> <unit>`, with the greedy and the first-come plan of the same city beside the solver's.
//! `allocation_bench DIRECTORY` solves the instance of those files instead.

use std::path::Path;
use std::time::Instant;

use satupintu_allocation::generate::{Shape, generate};
use satupintu_allocation::{Award, Instance, Options, Outcome, check, files, solve};

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().ok_or("usage: allocation_bench HOUSEHOLDS|DIRECTORY [SEED]")?;
    let seed = arguments.next().map_or(Ok(20_261_121), |s| s.parse()).map_err(|_| "the seed is a number")?;
    let Ok(households) = what.parse::<u32>() else {
        let source = files::read(Path::new(&what)).map_err(|faults| faults[0].to_string())?;
        return measure(&source.instance, "files");
    };
    measure(&generate(Shape::city(households), seed), &households.to_string())?;
    if households <= 10_000 {
        for (name, awards_per_line, lines_per_program) in [("lumpy", 8, 1), ("lumpy_shared", 8, 3), ("strict", 0, 1)] {
            let shape = Shape { awards_per_line, lines_per_program, ..Shape::city(households) };
            let instance = generate(shape, seed);
            let outcome = solve(&instance, &Options::default())?;
            check(&instance, &outcome.awards)?;
            say(&format!("{households}_{name}_ratio"), &format!("{:.6}", ratio(&outcome)), "of_bound");
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are its output")]
fn say(name: &str, value: &str, unit: &str) {
    println!("bench allocate_{name} {value} {unit}");
}

fn bound(outcome: &Outcome) -> f64 {
    outcome.tiers.iter().map(|t| t.bound).sum::<i128>() as f64
}

fn ratio(outcome: &Outcome) -> f64 {
    outcome.tiers.iter().map(|t| t.value).sum::<i128>() as f64 / bound(outcome).max(1.0)
}

fn measure(instance: &Instance, name: &str) -> Result<(), String> {
    say(&format!("{name}_pairs"), &instance.pairs.len().to_string(), "pairs");
    let begun = Instant::now();
    let outcome = solve(instance, &Options::default())?;
    say(&format!("{name}_seconds"), &format!("{:.2}", begun.elapsed().as_secs_f64()), "s");
    // Before the checks below, whose maps are larger than the solver.
    say(&format!("{name}_memory"), &peak_megabytes(), "MB");
    check(instance, &outcome.awards)?;
    say(&format!("{name}_ratio"), &format!("{:.6}", ratio(&outcome)), "of_bound");
    say(&format!("{name}_steps"), &outcome.tiers.iter().map(|t| t.iterations).sum::<u32>().to_string(), "steps");
    let begun = Instant::now();
    let fallback = solve(instance, &Options { fallback: true, ..Options::default() })?;
    say(&format!("{name}_fallback_seconds"), &format!("{:.2}", begun.elapsed().as_secs_f64()), "s");
    check(instance, &fallback.awards)?;
    say(&format!("{name}_fallback_ratio"), &format!("{:.6}", ratio(&fallback)), "of_bound");
    let cost = |pair: usize| instance.programs[instance.pairs[pair].program as usize].cost.max(1) as f64;
    let mut order: Vec<usize> = (0..instance.pairs.len()).collect();
    order.sort_by(|&a, &b| {
        let worth = |pair: usize| instance.pairs[pair].value as f64 / cost(pair);
        worth(b).total_cmp(&worth(a)).then(a.cmp(&b))
    });
    say(&format!("{name}_greedy_ratio"), &format!("{:.6}", in_order(instance, &order)? / bound(&outcome)), "of_bound");
    order.sort_by_key(|&pair| (instance.needs[instance.pairs[pair].need as usize].key, pair));
    let first = in_order(instance, &order)? / bound(&outcome);
    say(&format!("{name}_first_come_ratio"), &format!("{first:.6}"), "of_bound");
    Ok(())
}

/// Value of awarding the pairs one after the other, each from the line of its program that has the most money.
fn in_order(instance: &Instance, order: &[usize]) -> Result<f64, String> {
    let mut met = vec![false; instance.needs.len()];
    let mut classes: Vec<Vec<Option<u32>>> = vec![Vec::new(); instance.households as usize];
    let mut money = instance.lines.clone();
    let mut seats: Vec<i64> = instance
        .programs
        .iter()
        .map(|p| p.budget.checked_div(p.cost).map_or(p.capacity, |paid| paid.min(p.capacity)))
        .collect();
    let mut awards = Vec::new();
    for &at in order {
        let pair = &instance.pairs[at];
        let program = &instance.programs[pair.program as usize];
        let has = &mut classes[instance.needs[pair.need as usize].household as usize];
        let class = instance.class_of(pair.need, pair.program);
        let clash = class.is_some() && has.contains(&class);
        let Some(&line) = program.lines.iter().max_by_key(|&&l| money[l as usize]) else { continue };
        let full = seats[pair.program as usize] <= 0 || money[line as usize] < program.cost;
        if met[pair.need as usize] || has.len() >= instance.awards_per_household as usize || clash || full {
            continue;
        }
        met[pair.need as usize] = true;
        has.push(class);
        seats[pair.program as usize] -= 1;
        money[line as usize] -= program.cost;
        awards.push(Award { need: pair.need, program: pair.program, line });
    }
    Ok(check(instance, &awards)? as f64)
}

/// The most memory this process ever held.
fn peak_megabytes() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.split_whitespace().next());
    peak.and_then(|k| k.parse::<u64>().ok()).map_or("unknown".to_owned(), |k| (k / 1024).to_string())
}
