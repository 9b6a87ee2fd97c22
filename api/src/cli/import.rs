//! `import`: files of this machine, read, validated and applied in this process.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::say;
use crate::access::Gate;
use crate::config::Config;
use crate::imports;

/// Files to import.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Layout of the files.
    #[arg(long)]
    profile: String,
    /// Month they speak of, YYYY-MM.
    #[arg(long)]
    period: String,
    /// Stop after validating: somebody reviews and applies it later.
    #[arg(long)]
    validate_only: bool,
    /// Files as part=path, such as families=keluarga.csv members=anggota.csv.
    #[arg(required = true, value_parser = part)]
    files: Vec<(String, PathBuf)>,
}

fn part(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((part, path)) if !part.is_empty() && !path.is_empty() => Ok((part.to_owned(), path.into())),
        _ => Err("expected part=path".into()),
    }
}

pub(super) fn run(config: &Config, import: &Import) -> Result<(), String> {
    let gate = Gate::start(config)?;
    let started = Instant::now();
    let tell = |line: &str| say(&format!("{line} after {:.1} s", started.elapsed().as_secs_f64()));
    let result =
        imports::import_files(&gate, &import.profile, &import.period, &import.files, !import.validate_only, &tell);
    match result {
        Ok(outcome) => {
            tell(&outcome.to_string());
            Ok(())
        }
        Err(problem) => {
            let cause = problem.cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
            Err(format!("{}: {}{cause}", problem.code.slug, problem.detail))
        }
    }
}
