//! Rows of an XLSX workbook, one at a time, within fixed bounds.
//!
//! Before anything is parsed, every part of the archive is unpacked once into nothing, counting: sizes that an archive
//! declares may lie.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};

use super::fault::{Fault, MAX_SHEET_BYTES, MAX_SHEET_ROWS};
use super::lines::Row;

/// Columns of a sheet that are read at most.
const MAX_COLUMNS: u32 = 400;

/// Whether an archive is a workbook at all, and small enough unpacked.
///
/// # Errors
/// [`Fault::Archive`], [`Fault::WorkbookTooLarge`] or [`Fault::Unreadable`].
pub fn is_workbook(path: &Path) -> Result<(), Fault> {
    let file = File::open(path).map_err(|_| Fault::Unreadable)?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|_| Fault::Archive)?;
    if archive.by_name("xl/workbook.xml").is_err() {
        return Err(Fault::Archive);
    }
    let mut left = MAX_SHEET_BYTES;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Fault::WorkbookUnreadable)?;
        let unpacked =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| Fault::WorkbookUnreadable)?;
        left = left.checked_sub(unpacked).ok_or(Fault::WorkbookTooLarge)?;
    }
    Ok(())
}

/// Hands every row of a sheet that is not empty to `take`, until it answers `false`.
///
/// # Errors
/// The workbook cannot be read, is too long, or `take` refused.
pub fn rows(path: &Path, sheet: &str, take: &mut dyn FnMut(&Row) -> Result<bool, Fault>) -> Result<(), Fault> {
    let mut book: Xlsx<_> = open(path)?;
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| Fault::WorkbookUnreadable)?;
    let mut row = Row::default();
    let mut at = None;
    while let Some(cell) = cells.next_cell_with_formula().map_err(|_| Fault::WorkbookUnreadable)? {
        let (line, column) = cell.pos;
        if column >= MAX_COLUMNS {
            continue;
        }
        if at != Some(line) {
            if at.is_some() && !row.is_empty() && !take(&row)? {
                return Ok(());
            }
            if line >= MAX_SHEET_ROWS {
                return Err(Fault::WorkbookTooLong);
            }
            row.clear(line + 1);
            at = Some(line);
        }
        while row.len() < usize::try_from(column).unwrap_or_default() {
            row.push("", false);
        }
        match cell.formula {
            // A formula is not data, whatever it last showed: it reads as the text that a person would have typed.
            Some(formula) => row.push(&format!("={formula}"), false),
            None => push(&mut row, &cell.value),
        }
    }
    if at.is_some() && !row.is_empty() {
        take(&row)?;
    }
    Ok(())
}

/// Names of the sheets.
///
/// # Errors
/// The workbook cannot be read.
pub fn sheets(path: &Path) -> Result<Vec<String>, Fault> {
    Ok(open(path)?.sheet_names())
}

fn open(path: &Path) -> Result<Xlsx<BufReader<File>>, Fault> {
    let file = File::open(path).map_err(|_| Fault::Unreadable)?;
    Xlsx::new(BufReader::new(file)).map_err(|_| Fault::WorkbookUnreadable)
}

fn push(row: &mut Row, value: &DataRef<'_>) {
    match value {
        DataRef::Empty | DataRef::Error(_) => row.push("", false),
        DataRef::String(text) => row.push(text, false),
        DataRef::SharedString(text) => row.push(text, false),
        DataRef::Bool(yes) => row.push(if *yes { "1" } else { "0" }, false),
        DataRef::Int(number) => row.push(&number.to_string(), *number >= 1_000_000_000_000_000 && number % 10 == 0),
        DataRef::Float(number) => {
            let (text, lossy) = number_text(*number);
            row.push(&text, lossy);
        }
        DataRef::DateTime(at) => match at.to_ymd_hms_milli() {
            (year, month, day, 0, 0, 0, 0) if year >= 1900 => {
                row.push(&format!("{year:04}-{month:02}-{day:02}"), false)
            }
            _ => row.push(&at.as_f64().to_string(), false),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.push(text, false),
    }
}

/// A number as its digits, and whether the last of sixteen is lost: a spreadsheet keeps fifteen and writes zero.
fn number_text(number: f64) -> (String, bool) {
    let whole = number.fract() == 0.0 && number.abs() < 1e18;
    let text = if whole { format!("{number:.0}") } else { number.to_string() };
    let lossy = whole && number >= 1e15 && (text.ends_with('0') || number > 9_007_199_254_740_992.0);
    (text, lossy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_which_numbers_lost_a_digit() {
        assert_eq!(number_text(3_273_150_508_140_000.0), ("3273150508140000".to_owned(), true));
        assert_eq!(number_text(3_273_150_508_140_001.0), ("3273150508140001".to_owned(), false));
        assert!(number_text(9_273_150_508_140_001.0).1);
        assert_eq!(number_text(12.0), ("12".to_owned(), false));
        assert_eq!(number_text(47.5), ("47.5".to_owned(), false));
    }

    #[test]
    fn reads_what_the_downloads_write() {
        let path = std::env::temp_dir().join(format!("satupintu-sheet-{}.xlsx", uuid::Uuid::now_v7()));
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(1, 0, "Laporan").unwrap();
        sheet.write_string(3, 0, "nik").unwrap();
        sheet.write_string(3, 2, "nama").unwrap();
        sheet.write_number(4, 0, 3_273_150_508_140_000.0).unwrap();
        sheet.write_formula(4, 2, "HYPERLINK(\"x\")").unwrap();
        book.save(&path).unwrap();
        is_workbook(&path).unwrap();
        let mut read = Vec::new();
        rows(&path, &sheets(&path).unwrap()[0], &mut |row| {
            read.push((row.number, row.cells().map(str::to_owned).collect::<Vec<_>>(), row.is_lossy(0)));
            Ok(true)
        })
        .unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read[0].0, 2);
        assert_eq!(read[1].1, ["nik", "", "nama"]);
        assert_eq!((read[2].0, read[2].2), (5, true));
        assert!(read[2].1[2].starts_with('='));
    }
}
