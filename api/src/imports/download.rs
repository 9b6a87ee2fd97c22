//! Rows to correct, in the layout they came in, ready to be sent again.

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use super::queries::{self, ImportRow};
use crate::access::Writer;
use crate::kernel::problem::{self, Problem};

/// Rows that one download holds at most.
const MAX_ROWS: i64 = 200_000;
/// Rows fetched at a time.
const PAGE: i64 = 5_000;

/// A file to be downloaded.
#[derive(Debug)]
pub struct Download {
    /// Media type.
    pub media_type: &'static str,
    /// Suggested name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes the file with the rows of `part` that wait or lost a value.
pub fn rows_to_correct(w: &mut Writer<'_>, import: &ImportRow, part: &str, csv: bool) -> Result<Download, Problem> {
    let file =
        import.files.as_array().into_iter().flatten().find(|f| f.get("file").and_then(Value::as_str) == Some(part));
    let Some(file) = file else {
        return Err(Problem::new(&problem::UNKNOWN_PARAMETER).and(
            "file",
            "not_allowed",
            "the import has no such file",
        ));
    };
    let headings: Vec<String> =
        file.get("headings").cloned().and_then(|h| serde_json::from_value(h).ok()).unwrap_or_default();
    if headings.is_empty() {
        return Err(Problem::with(&problem::WRONG_STATE, "the file has not been read"));
    }
    let count = queries::count_rejected(w, import.id, part)?;
    if count > MAX_ROWS {
        return Err(Problem::with(
            &problem::CONFLICT,
            format!("more than {MAX_ROWS} rows are to correct: correct the file as a whole"),
        ));
    }
    let name = format!("perbaikan_{part}_{}.{}", import.period, if csv { "csv" } else { "xlsx" });
    let mut at = 0_u32;
    let bytes = if csv {
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
        out.write_record(&headings).map_err(Problem::internal)?;
        each(w, import, part, &mut |cells| {
            out.write_record(cells.iter().map(|cell| safe(cell).into_owned())).map_err(Problem::internal)
        })?;
        out.into_inner().map_err(|e| Problem::internal(e.error()))?
    } else {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(Problem::internal)?;
        let mut line = |at: u32, cells: &[String]| -> Result<(), Problem> {
            for (column, cell) in cells.iter().enumerate() {
                // A string cell is never a formula, and no spreadsheet shortens its digits.
                let short: String = cell.chars().take(32_000).collect();
                sheet.write_string(at, u16::try_from(column).unwrap_or(u16::MAX), short).map_err(Problem::internal)?;
            }
            Ok(())
        };
        line(0, &headings)?;
        each(w, import, part, &mut |cells| {
            at += 1;
            line(at, cells)
        })?;
        book.save_to_buffer().map_err(Problem::internal)?
    };
    let media_type = if csv {
        "text/csv; charset=utf-8"
    } else {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    };
    Ok(Download { media_type, name, bytes })
}

fn each(
    w: &mut Writer<'_>,
    import: &ImportRow,
    part: &str,
    take: &mut dyn FnMut(&[String]) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut after = 0;
    loop {
        let page = queries::rejected(w, import.id, part, after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        for (_, cells) in &page {
            take(cells)?;
        }
    }
}

/// A CSV cell that no spreadsheet takes for a formula. Our own reader takes the apostrophe away again.
fn safe(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.len() > 1 && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{cell}").into();
    }
    // Sixteen digits as a number would lose the last one in a spreadsheet.
    if cell.len() >= 12 && cell.bytes().all(|b| b.is_ascii_digit()) {
        return format!("'{cell}").into();
    }
    cell.into()
}
