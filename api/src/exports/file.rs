//! Rows into a file, one at a time.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use rust_xlsxwriter::{Format as Style, Workbook};

use super::model::Format;
use crate::households::HouseholdSummary;
use crate::kernel::problem::Problem;

const HEADERS: [&str; 13] = [
    "id",
    "kind",
    "region_code",
    "head_name",
    "family_card_masked",
    "members_count",
    "members_complete",
    "decile",
    "status",
    "source",
    "created_at",
    "updated_at",
    "exported",
];

/// An open file of one format.
pub(super) enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Ndjson(BufWriter<File>),
    Xlsx(Box<Workbook>, u32),
}

/// Most rows a worksheet holds, less the header.
const XLSX_ROWS: u32 = 1_048_575;

fn cells(row: &HouseholdSummary, mark: &str) -> [String; 13] {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        row.id.to_string(),
        row.kind.clone(),
        row.region_code.clone(),
        optional(&row.head_name),
        optional(&row.family_card_masked),
        row.members_count.to_string(),
        row.members_complete.to_string(),
        row.decile.map(|d| d.to_string()).unwrap_or_default(),
        row.status.clone(),
        row.source.clone(),
        row.created_at.to_rfc3339(),
        row.updated_at.to_rfc3339(),
        mark.to_owned(),
    ]
}

/// A spreadsheet takes text that begins like this for a formula.
pub(super) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

impl Sheet {
    pub(super) fn create(path: &Path, format: Format) -> Result<Self, Problem> {
        let open =
            || File::create(path).map(BufWriter::new).map_err(|e| Problem::internal(format!("export file: {e}")));
        match format {
            Format::Csv => {
                let mut file = open()?;
                // Spreadsheets take a file without it for the local eight-bit encoding.
                file.write_all("\u{feff}".as_bytes()).map_err(Problem::internal)?;
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(HEADERS).map_err(Problem::internal)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Ndjson => Ok(Self::Ndjson(open()?)),
            Format::Xlsx => {
                let mut book = Workbook::new();
                let sheet = book.add_worksheet_with_constant_memory().map_err(Problem::internal)?;
                let bold = Style::new().set_bold();
                for (column, header) in (0u16..).zip(HEADERS) {
                    sheet.write_string_with_format(0, column, header, &bold).map_err(Problem::internal)?;
                }
                Ok(Self::Xlsx(Box::new(book), 0))
            }
        }
    }

    pub(super) fn push(&mut self, row: &HouseholdSummary, mark: &str) -> Result<(), Problem> {
        match self {
            Self::Csv(writer) => writer.write_record(cells(row, mark).map(|c| harmless(&c))).map_err(Problem::internal),
            Self::Ndjson(file) => {
                let mut value = serde_json::to_value(row).map_err(Problem::internal)?;
                if let Some(object) = value.as_object_mut() {
                    object.remove("can");
                    object.insert("exported".into(), mark.into());
                }
                writeln!(file, "{value}").map_err(Problem::internal)
            }
            Self::Xlsx(book, written) => {
                if *written >= XLSX_ROWS {
                    return Err(Problem::with(
                        &crate::kernel::problem::UNUSABLE_FILE,
                        "a worksheet holds no more rows: filter, or take CSV",
                    ));
                }
                *written += 1;
                let sheet = book.worksheet_from_index(0).map_err(Problem::internal)?;
                for (column, cell) in (0u16..).zip(cells(row, mark)) {
                    sheet.write_string(*written, column, cell).map_err(Problem::internal)?;
                }
                Ok(())
            }
        }
    }

    pub(super) fn close(self, path: &Path) -> Result<(), Problem> {
        match self {
            Self::Csv(mut writer) => writer.flush().map_err(Problem::internal),
            Self::Ndjson(mut file) => file.flush().map_err(Problem::internal),
            Self::Xlsx(mut book, _) => book.save(path).map_err(Problem::internal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_become_text() {
        for cell in ["=1+1", "+62", "-5", "@x", "\tx"] {
            assert!(harmless(cell).starts_with('\''));
        }
        assert_eq!(harmless("Siti"), "Siti");
    }
}
