//! Writing the plan and what explains it: into a file beside the target first, so that a target is whole or absent.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::read::{Source, TIERS};
use crate::explain::LeftOut;
use crate::plan::Award;
use crate::solve::Outcome;

/// An amount of value in the unit of the files.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// In units of the instance.
    pub units: i128,
    /// See [`Source::scale`].
    pub scale: i32,
}

impl fmt::Display for Amount {
    /// As a plain decimal number, seven digits finer than the greatest single value, cut off.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = (self.scale - 6).max(0);
        let drop = self.scale - places;
        let units = if drop >= 0 {
            self.units / 10_i128.pow(drop.unsigned_abs().min(38))
        } else {
            self.units * 10_i128.pow(drop.unsigned_abs())
        };
        if places == 0 {
            return write!(f, "{units}");
        }
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = places as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places as usize);
        write!(f, "{}{whole}.{fraction}", if units < 0 { "-" } else { "" })
    }
}

/// A CSV file that appears under its name only when it is whole.
struct Target {
    path: PathBuf,
    aside: PathBuf,
    out: BufWriter<File>,
}

impl Target {
    fn open(path: &Path, header: &str) -> io::Result<Self> {
        let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
        name.push(".part");
        let aside = path.with_file_name(name);
        let mut out = BufWriter::with_capacity(1 << 17, File::create(&aside)?);
        writeln!(out, "{header}")?;
        Ok(Self { path: path.to_owned(), aside, out })
    }

    fn close(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        std::fs::rename(&self.aside, &self.path)
    }
}

/// A field of a CSV row, quoted where it must be.
struct Field<'a>(&'a str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains([',', '"']) { write!(f, "\"{}\"", self.0.replace('"', "\"\"")) } else { f.write_str(self.0) }
    }
}

/// Writes `need_id,program_id,line_id`.
///
/// # Errors
/// What the file system says; the target is then as it was.
pub fn write_plan(path: &Path, source: &Source, awards: &[Award]) -> io::Result<()> {
    let mut target = Target::open(path, "need_id,program_id,line_id")?;
    for award in awards {
        let need = Field(&source.needs[award.need as usize]);
        let program = Field(&source.programs[award.program as usize]);
        writeln!(target.out, "{need},{program},{}", Field(&source.lines[award.line as usize]))?;
    }
    target.close()
}

/// Writes `tier,limit,id,value_per_unit`: what one more rupiah of a line or of a program's own budget, or one more
/// seat, would be worth, in the unit of the weights.
///
/// # Errors
/// As [`write_plan`].
pub fn write_prices(path: &Path, source: &Source, outcome: &Outcome) -> io::Result<()> {
    let mut target = Target::open(path, "tier,limit,id,value_per_unit")?;
    let unit = 10_f64.powi(-source.scale);
    for tier in &outcome.tiers {
        let name = tier_name(tier.tier);
        for (at, id) in source.lines.iter().enumerate() {
            writeln!(target.out, "{name},line,{},{}", Field(id), tier.prices.rupiah(at) * unit)?;
        }
        for (at, id) in source.programs.iter().enumerate() {
            // One of the two limits binds first, and bears the price.
            let program = &source.instance.programs[at];
            let by_money = program.budget.checked_div(program.cost).is_some_and(|seats| seats < program.capacity);
            let seat = tier.prices.seat(at) * unit;
            let (budget, capacity) = if by_money { (seat / program.cost as f64, 0.0) } else { (0.0, seat) };
            writeln!(target.out, "{name},program_budget,{},{budget}", Field(id))?;
            writeln!(target.out, "{name},capacity,{},{capacity}", Field(id))?;
        }
    }
    target.close()
}

/// Writes `need_id,reason,program_id`: who got nothing, why, and the program that came closest.
///
/// # Errors
/// As [`write_plan`].
pub fn write_left_out(path: &Path, source: &Source, left_out: &[LeftOut]) -> io::Result<()> {
    let mut target = Target::open(path, "need_id,reason,program_id")?;
    for one in left_out {
        let need = Field(&source.needs[one.need as usize]);
        let program = one.program.map_or("", |p| source.programs[p as usize].as_str());
        writeln!(target.out, "{need},{},{}", one.reason.code(), Field(program))?;
    }
    target.close()
}

/// Name of a tier in the files.
pub fn tier_name(tier: u8) -> &'static str {
    TIERS.get(usize::from(tier)).copied().unwrap_or("regular")
}
