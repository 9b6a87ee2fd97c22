//! Seconds and memory of a whole city against many programs, by phase.
//!
//! `cargo run --release -p satupintu-rules --example rules_bench [households] [programs] [seed]`
#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::Instant;

use satupintu_rules::generate::{self, Dice};
use satupintu_rules::{
    Age, AgeUnit, Chunk, Clause, Coverage, Decile, HasProblem, Plan, Rule, Scope, Severity, Status, Subject, date_of,
};

const TODAY: i32 = 739_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<usize>());
    let mut next = |default| arguments.next().unwrap_or(Ok(default));
    let (households, programs, seed) = (next(330_000)?, next(300)?, next(20_261_121)?);
    let vocabulary = generate::vocabulary(include_str!("../../../data/code_lists.json"))?;
    let mut dice = Dice::new(seed as u64);
    let coverage = generate::coverage(&mut dice, TODAY);

    let start = Instant::now();
    let villages = 151.min(households.div_ceil(50)).max(1);
    let mut chunks = Vec::with_capacity(villages);
    for village in 0..villages {
        let region = format!("32.73.0{}.100{}", village % 3 + 1, village % 4 + 1);
        let mut chunk = Chunk::new(&vocabulary, &region);
        for slot in (village..households).step_by(villages) {
            chunk.push(&generate::household(&mut dice, &vocabulary, slot as u128, &region, TODAY));
        }
        chunk.shrink();
        chunks.push(chunk);
    }
    let bytes: usize = chunks.iter().map(Chunk::bytes).sum();
    println!("bench rules_generate {:.3} s", start.elapsed().as_secs_f64());
    println!("bench rules_columns {:.1} MB", bytes as f64 / 1e6);

    let rules: Vec<Clause> = (0..programs).map(|_| program(&mut dice, &vocabulary)).collect();
    let rules: Vec<Rule<'_>> = rules.iter().map(|clause| Rule { clause, restricted: false }).collect();
    let start = Instant::now();
    let plan = Plan::new(&rules, &vocabulary, date_of(TODAY));
    let clauses: usize = rules.iter().map(|r| r.clause.size()).sum();
    println!("bench rules_compile {:.4} s", start.elapsed().as_secs_f64());
    println!("bench rules_clauses {clauses} clauses, {} distinct", plan.conditions());
    for threads in [1, 2] {
        let start = Instant::now();
        let (eligible, open) = evaluate(&plan, &chunks, &coverage, threads);
        println!("bench rules_evaluate_{threads} {:.3} s", start.elapsed().as_secs_f64());
        println!("bench rules_pairs_{threads} {eligible} eligible, {open} needs_data");
    }
    println!("bench rules_peak_memory {:.0} MB", peak()?);
    Ok(())
}

fn evaluate(plan: &Plan, chunks: &[Chunk], coverage: &Coverage, threads: usize) -> (u64, u64) {
    let part = |chunks: &[Chunk]| {
        chunks
            .iter()
            .flat_map(|c| plan.run(c, coverage))
            .map(|bits| bits.counts())
            .fold((0, 0), |(a, b), (c, p)| (a + u64::from(c), b + u64::from(p)))
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            chunks.chunks(chunks.len().div_ceil(threads)).map(|part_of| scope.spawn(move || part(part_of))).collect();
        workers.into_iter().filter_map(|w| w.join().ok()).fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    })
}

/// A rule as programs have them: a decile, perhaps a need and an area, and two to four more conditions.
fn program(dice: &mut Dice, vocabulary: &satupintu_rules::Vocabulary) -> Clause {
    let small = |n: i32| u8::try_from(n).unwrap_or(1);
    let mut all = vec![Clause::Decile(Decile {
        min: 1,
        max: small(dice.between(1, 6)),
        scope: Scope::National,
        sources: Vec::new(),
        max_age_months: None,
    })];
    if dice.chance(700) {
        let needs = vocabulary.list("needs");
        let needs = (0..dice.between(1, 3)).filter_map(|_| needs.get(dice.below(needs.len()))).map(|c| c.code.clone());
        all.push(Clause::HasProblem(HasProblem {
            needs: needs.collect(),
            ppks: Vec::new(),
            min_severity: if dice.chance(500) { Severity::Low } else { Severity::Medium },
            statuses: Status::OPEN.to_vec(),
        }));
    }
    for _ in 0..dice.between(1, 3) {
        all.push(generate::clause(dice, vocabulary, 0, Subject::Household, TODAY));
    }
    if dice.chance(600) {
        let min = u32::try_from(dice.between(0, 12) * 5).unwrap_or(0);
        let age = Clause::Age(Age { min: Some(min), max: Some(min + 14), unit: AgeUnit::Years, on: None });
        let other = generate::clause(dice, vocabulary, 0, Subject::Member, TODAY);
        all.push(Clause::AnyMember(Box::new(Clause::All(vec![age, other]))));
    }
    Clause::All(all)
}

fn peak() -> Result<f64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default();
    let kilobytes: f64 = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(kilobytes / 1e3)
}
