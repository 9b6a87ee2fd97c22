//! Rows below the header of a file, whatever the file is.

use std::path::Path;

use super::detect::{Encoding, Form, detect};
use super::fault::Fault;
use super::lines::{Lines, Row};
use super::profile::{Columns, FileLayout, Profile};
use super::sheet;

/// Rows among which the header is looked for; above it may stand a banner.
const HEADER_WITHIN: u32 = 30;

/// A file whose form and header are known.
#[derive(Debug)]
pub struct Source {
    /// What the file is.
    pub form: Form,
    /// Character between cells (text only).
    pub delimiter: char,
    /// Sheet (workbook only).
    sheet: String,
    /// Number of the header's row.
    pub header_row: u32,
    /// The columns.
    pub columns: Columns,
    /// Rows to expect, an estimate.
    pub rows_expected: u64,
}

impl Source {
    /// Finds out what a file is and where its header stands.
    ///
    /// # Errors
    /// The [`Fault`] that makes the file unusable.
    pub fn open(path: &Path, profile: &Profile, layout: &FileLayout) -> Result<Self, Fault> {
        let form = detect(path)?;
        match form {
            Form::Text { encoding, line_end, lines } => {
                Self::open_text(path, profile, layout, form, (encoding, line_end, lines))
            }
            Form::Workbook => Self::open_workbook(path, profile, layout),
        }
    }

    fn open_text(
        path: &Path,
        profile: &Profile,
        layout: &FileLayout,
        form: Form,
        (encoding, line_end, lines): (Encoding, u8, u64),
    ) -> Result<Self, Fault> {
        let mut best: Option<(usize, Header)> = None;
        for delimiter in ['|', ';', ',', '\t'] {
            let mut reader = Lines::open(path, encoding, line_end)?;
            let mut search = Search::new(layout);
            let mut row = Row::default();
            while search.wants() && reader.next(delimiter, &mut row)?.is_some() {
                search.look(&row);
            }
            if let Some(header) = search.found.take() {
                let known = header.columns.known();
                if best.as_ref().is_none_or(|(most, _)| known > *most) {
                    best = Some((known, Header { delimiter, ..header }));
                }
            } else if best.is_none() || best.as_ref().is_some_and(|(most, h)| h.row == 0 && search.closest.0 > *most) {
                let (known, cells) = search.closest;
                best = Some((
                    known,
                    Header {
                        row: 0,
                        delimiter,
                        columns: layout.columns(&cells.iter().map(String::as_str).collect::<Vec<_>>()),
                    },
                ));
            }
        }
        let Some((_, header)) = best else { return Err(Fault::Empty) };
        if header.row == 0 {
            let cells: Vec<&str> = header.columns.headings().iter().map(String::as_str).collect();
            return Err(profile.header_fault(layout, &cells));
        }
        Ok(Self {
            form,
            delimiter: header.delimiter,
            sheet: String::new(),
            header_row: header.row,
            columns: header.columns,
            rows_expected: lines.saturating_sub(u64::from(header.row)),
        })
    }

    fn open_workbook(path: &Path, profile: &Profile, layout: &FileLayout) -> Result<Self, Fault> {
        let mut closest: (usize, Vec<String>) = (0, Vec::new());
        for name in sheet::sheets(path)? {
            let mut search = Search::new(layout);
            sheet::rows(path, &name, &mut |row| {
                search.look(row);
                Ok(search.wants())
            })?;
            if let Some(header) = search.found {
                return Ok(Self {
                    form: Form::Workbook,
                    delimiter: ',',
                    sheet: name,
                    header_row: header.row,
                    columns: header.columns,
                    rows_expected: 0,
                });
            }
            if search.closest.0 >= closest.0 {
                closest = search.closest;
            }
        }
        let cells: Vec<&str> = closest.1.iter().map(String::as_str).collect();
        Err(profile.header_fault(layout, &cells))
    }

    /// Hands every row below the header to `take` until it answers `false`; a row that does not even begin to fill its columns at the end of
    /// the file means that the file is cut off.
    ///
    /// # Errors
    /// The file cannot be used, or `take` refused.
    pub fn rows(&self, path: &Path, take: &mut dyn FnMut(&Row) -> Result<bool, Fault>) -> Result<u64, Fault> {
        let mut count = 0;
        match self.form {
            Form::Text { encoding, line_end, .. } => {
                let mut reader = Lines::open(path, encoding, line_end)?;
                let mut row = Row::default();
                while let Some(ended) = reader.next(self.delimiter, &mut row)? {
                    if row.number <= self.header_row {
                        continue;
                    }
                    if !ended && row.len() < self.columns.headings().len() {
                        return Err(Fault::Truncated(row.number));
                    }
                    count += 1;
                    if !take(&row)? {
                        break;
                    }
                }
            }
            Form::Workbook => sheet::rows(path, &self.sheet, &mut |row| {
                if row.number <= self.header_row {
                    return Ok(true);
                }
                count += 1;
                take(row)
            })?,
        }
        if count == 0 { Err(Fault::NoRows) } else { Ok(count) }
    }
}

struct Header {
    row: u32,
    delimiter: char,
    columns: Columns,
}

/// The search for the header among the first rows.
struct Search<'a> {
    layout: &'a FileLayout,
    rows: u32,
    found: Option<Header>,
    closest: (usize, Vec<String>),
}

impl<'a> Search<'a> {
    fn new(layout: &'a FileLayout) -> Self {
        Self { layout, rows: 0, found: None, closest: (0, Vec::new()) }
    }

    fn wants(&self) -> bool {
        self.found.is_none() && self.rows < HEADER_WITHIN
    }

    fn look(&mut self, row: &Row) {
        if !self.wants() {
            return;
        }
        self.rows += 1;
        let cells: Vec<&str> = row.cells().collect();
        let columns = self.layout.columns(&cells);
        if self.layout.missing(&columns).is_empty() {
            self.found = Some(Header { row: row.number, delimiter: ',', columns });
        } else if cells.len() > 1 && (self.closest.1.is_empty() || columns.known() > self.closest.0) {
            self.closest = (columns.known(), cells.iter().map(|c| (*c).to_owned()).collect());
        }
    }
}
