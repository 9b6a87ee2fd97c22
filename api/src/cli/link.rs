//! `link`: which rows of a CSV file are one person. Needs no database; the engine is the registry's own.

use std::path::PathBuf;

use clap::Args;
use satupintu_linkage::{Settings, link, read_people, write_pairs};

use super::say;

/// Columns: rec_id, nik, no_kk, nama, jk, tgl_lahir, tempat_lahir, alamat, rt, rw, kel, kec, nama_ibu.
#[derive(Debug, Args)]
pub(super) struct Link {
    /// CSV file of people; any cell may be empty, and any column but rec_id and nama may be missing.
    #[arg(long)]
    input: PathBuf,
    /// CSV file to write: rec_id_a, rec_id_b, probability, match.
    #[arg(long)]
    output: PathBuf,
    /// JSON file for the weights estimated from the file.
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Threads; does not change the outcome.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
}

pub(super) fn run(files: &Link) -> Result<(), String> {
    let settings = Settings { threads: usize::from(files.threads), ..Settings::default() };
    let people = read_people(&files.input, settings.threads).map_err(|error| error.to_string())?;
    let linked = link(&people, &settings);
    write_pairs(&files.output, &people, &linked).map_err(|error| error.to_string())?;
    if let Some(path) = &files.weights {
        let json = serde_json::to_string_pretty(&linked.weights).map_err(|error| error.to_string())?;
        std::fs::write(path, json).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    let same = linked.pairs.iter().filter(|pair| pair.same).count();
    say(&format!("{} rows, {} pairs compared, {same} of them one person", people.len(), linked.compared));
    Ok(())
}
