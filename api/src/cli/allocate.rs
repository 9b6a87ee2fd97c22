//! `allocate`: the solver on plain files, for other systems and for checking from outside.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use satupintu_allocation::files::{self, Amount, Source};
use satupintu_allocation::{Options, Outcome, left_out, solve};

use super::say;

/// Needs, pairs, programs and money as CSV files in; a plan out, with a proof of how good it is.
#[derive(Debug, Args)]
pub(super) struct Allocate {
    /// Directory with needs.csv, pairs.csv, programs.csv, lines.csv and program_lines.csv.
    #[arg(long)]
    input: PathBuf,
    /// File for the plan: need_id, program_id, line_id.
    #[arg(long)]
    output: PathBuf,
    /// Decides between equals.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A plan at once, a little below the best.
    #[arg(long)]
    fallback: bool,
    /// Steps of the search at most; the best plan so far is then marked as such.
    #[arg(long)]
    iterations: Option<u32>,
    /// File for what one more rupiah of each line and budget, and one more seat, would be worth.
    #[arg(long)]
    prices: Option<PathBuf>,
    /// File for who got nothing, and why.
    #[arg(long)]
    left_out: Option<PathBuf>,
}

/// Status of the process where the input is at fault.
const BAD_INPUT: i32 = 2;

pub(super) fn run(allocate: &Allocate) -> Result<(), String> {
    let source = files::read(&allocate.input).unwrap_or_else(|faults| {
        faults.iter().for_each(|fault| eprintln!("satupintu: {fault}"));
        std::process::exit(BAD_INPUT)
    });
    let options = Options {
        seed: allocate.seed,
        fallback: allocate.fallback,
        iterations: allocate.iterations,
        ..Options::default()
    };
    let begun = Instant::now();
    let outcome = solve(&source.instance, &options)?;
    let seconds = begun.elapsed().as_secs_f64();
    let written = |path: &PathBuf, result: std::io::Result<()>| {
        result.map_err(|error| format!("{} cannot be written: {error}", path.display()))
    };
    if let Some(path) = &allocate.prices {
        written(path, files::write_prices(path, &source, &outcome))?;
    }
    if let Some(path) = &allocate.left_out {
        written(path, files::write_left_out(path, &source, &left_out(&source.instance, &outcome)))?;
    }
    written(&allocate.output, files::write_plan(&allocate.output, &source, &outcome.awards))?;
    report(&source, &outcome, seconds);
    Ok(())
}

/// One line a tier where there are several, and one for all.
fn report(source: &Source, outcome: &Outcome, seconds: f64) {
    let line = |name: &str, value: i128, bound: i128, awards: usize, complete: bool| {
        let amount = |units: i128| Amount { units, scale: source.scale };
        let gap = if bound > 0 { (bound - value) as f64 / bound as f64 } else { 0.0 };
        let mark = if complete { "" } else { " stopped=iterations" };
        format!("{name}value={} bound={} gap={gap:.7} awards={awards}{mark}", amount(value), amount(bound))
    };
    if outcome.tiers.len() > 1 {
        for tier in &outcome.tiers {
            let name = format!("tier={} ", files::tier_name(tier.tier));
            say(&line(&name, tier.value, tier.bound, tier.awards, tier.complete));
        }
    }
    let sum = |of: fn(&satupintu_allocation::Tier) -> i128| outcome.tiers.iter().map(of).sum::<i128>();
    let complete = outcome.tiers.iter().all(|t| t.complete);
    let all = line("", sum(|t| t.value), sum(|t| t.bound), outcome.awards.len(), complete);
    say(&format!("{all} seconds={seconds:.2}"));
}
