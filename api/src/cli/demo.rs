//! `satupintu demo`: loads the demo city, or writes it as files.

use std::path::PathBuf;

use chrono::{NaiveDate, Utc};
use clap::Args;
use diesel::Connection as _;

use super::say;
use crate::config::Config;
use crate::demo::{self, Outcome, Plan};
use crate::kernel::dates::office_date;

/// Size, seed and day of the city.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Households; 330000 is the city, 0 gives accounts, reference data and programs only.
    #[arg(long, env = "HOUSEHOLDS", default_value_t = 10_000)]
    households: u32,
    /// Seed: the same seed, size and day give the same city.
    #[arg(long, default_value_t = demo::SEED)]
    seed: u64,
    /// Day the city is seen on; ages, cycles and history end here. Today where absent.
    #[arg(long)]
    as_of: Option<NaiveDate>,
    /// Write the city as DTSEN files into this directory instead of loading it.
    #[arg(long, value_name = "DIR")]
    write_files: Option<PathBuf>,
}

pub(super) fn run(args: &Demo) -> Result<(), String> {
    let plan = Plan {
        seed: args.seed,
        households: args.households,
        today: args.as_of.unwrap_or_else(|| office_date(Utc::now())),
    };
    if let Some(dir) = &args.write_files {
        let written = demo::write_files(plan, dir)?;
        say(&format!("{} families and {} members written to {}", written.families, written.members, dir.display()));
        return Ok(());
    }
    let config = Config::from_env()?;
    let started = std::time::Instant::now();
    let mut conn = diesel::PgConnection::establish(config.owner_url()).map_err(|_| "cannot connect to the database")?;
    match demo::load(&mut conn, plan, config.demo)? {
        Outcome::Loaded { households, people } => {
            say(&format!(
                "demo city loaded: {households} households, {people} people in {:.1} s",
                started.elapsed().as_secs_f64()
            ));
        }
        Outcome::AlreadyLoaded => say("demo city already loaded"),
    }
    for line in demo::summary() {
        say(&line);
    }
    Ok(())
}
