//! Rows of delimited text, one at a time.
//!
//! Row numbers are those of a spreadsheet: empty lines count, a quoted cell may run over several lines and is one row.
//! A row is bounded, so a forgotten quote cannot make one of the whole file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::detect::Encoding;
use super::fault::Fault;

/// Longest row in bytes.
const MAX_ROW: usize = 1024 * 1024;
/// Lines that one quoted cell may run over. Beyond it, the quote is taken as an ordinary character.
const MAX_CELL_LINES: usize = 40;

/// One row: its number and its cells.
#[derive(Debug, Default)]
pub struct Row {
    /// Number in the file, from 1.
    pub number: u32,
    text: String,
    cells: Vec<(usize, usize)>,
    lossy: Vec<usize>,
}

impl Row {
    /// Cell by position; an absent one is empty.
    #[must_use]
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).and_then(|(from, to)| self.text.get(*from..*to)).unwrap_or_default()
    }

    /// How many cells the row has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has no cell with anything in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// Whether the cell came from a number too long for a spreadsheet, its last digit lost.
    #[must_use]
    pub fn is_lossy(&self, at: usize) -> bool {
        self.lossy.contains(&at)
    }

    /// Empties the row for the next one.
    pub fn clear(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
        self.lossy.clear();
    }

    /// Appends a cell; `lossy` as in [`Row::is_lossy`].
    pub fn push(&mut self, cell: &str, lossy: bool) {
        let from = self.text.len();
        self.text.push_str(cell);
        if lossy {
            self.lossy.push(self.cells.len());
        }
        self.cells.push((from, self.text.len()));
    }
}

/// Reader of delimited text.
pub struct Lines {
    input: BufReader<File>,
    encoding: Encoding,
    line_end: u8,
    line: Vec<u8>,
    decoded: String,
    number: u32,
    /// Lines read ahead for a quoted cell that turned out not to close.
    pending: std::collections::VecDeque<Vec<u8>>,
}

impl Lines {
    /// Opens a file whose encoding and line end are known.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path, encoding: Encoding, line_end: u8) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|_| Fault::Unreadable)?;
        Ok(Self {
            input: BufReader::with_capacity(256 * 1024, file),
            encoding,
            line_end,
            line: Vec::new(),
            decoded: String::new(),
            number: 0,
            pending: std::collections::VecDeque::new(),
        })
    }

    /// Next line without its end, undivided; `None` at the end of the file.
    fn physical(&mut self) -> Result<Option<bool>, Fault> {
        if let Some(line) = self.pending.pop_front() {
            self.line = line;
            return Ok(Some(true));
        }
        self.line.clear();
        let limit = MAX_ROW as u64 + 1;
        let read = std::io::Read::take(&mut self.input, limit)
            .read_until(self.line_end, &mut self.line)
            .map_err(|_| Fault::Unreadable)?;
        if read == 0 {
            return Ok(None);
        }
        let ended = self.line.last() == Some(&self.line_end);
        if !ended && read as u64 == limit {
            return Err(Fault::RowTooLong(self.number + 1));
        }
        while matches!(self.line.last(), Some(b'\n' | b'\r')) {
            self.line.pop();
        }
        Ok(Some(ended))
    }

    fn decode(&mut self) {
        let bytes =
            if self.number == 0 { self.line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.line) } else { &self.line };
        self.decoded.clear();
        match (self.encoding, std::str::from_utf8(bytes)) {
            (Encoding::Utf8, Ok(text)) => self.decoded.push_str(text),
            _ if bytes.is_ascii() => self.decoded.extend(bytes.iter().map(|b| char::from(*b))),
            _ => self.decoded.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
        }
    }

    /// Reads the next row that is not an empty line; `false` at the end of the file. `ended` of the answer says
    /// whether the row's line was closed.
    ///
    /// # Errors
    /// The row is too long, or the file cannot be read.
    pub fn next(&mut self, delimiter: char, row: &mut Row) -> Result<Option<bool>, Fault> {
        loop {
            let Some(mut ended) = self.physical()? else { return Ok(None) };
            self.decode();
            self.number += 1;
            if self.decoded.trim().is_empty() {
                continue;
            }
            row.clear(self.number);
            if !self.decoded.contains('"') {
                split_plain(&self.decoded, delimiter, row);
                return Ok(Some(ended));
            }
            let mut text = std::mem::take(&mut self.decoded);
            let first_line = text.len();
            let mut more = Vec::new();
            while !split_quoted(&text, delimiter, row) {
                row.clear(self.number);
                let stop = more.len() >= MAX_CELL_LINES || text.len() > MAX_ROW;
                let next = if stop { None } else { self.physical()? };
                let Some(next_ended) = next else {
                    // The quote never closes: it is an ordinary character, and the lines behind it are rows.
                    text.truncate(first_line);
                    split_plain(&text, delimiter, row);
                    for line in more.into_iter().rev() {
                        self.pending.push_front(line);
                    }
                    return Ok(Some(ended));
                };
                ended = next_ended;
                more.push(self.line.clone());
                self.decode();
                text.push('\n');
                text.push_str(&self.decoded);
            }
            return Ok(Some(ended));
        }
    }
}

fn split_plain(line: &str, delimiter: char, row: &mut Row) {
    for cell in line.split(delimiter) {
        row.push(cell, false);
    }
}

/// Splits a row with quoted cells; `false` where a quote is still open at its end.
fn split_quoted(line: &str, delimiter: char, row: &mut Row) -> bool {
    let mut rest = line;
    loop {
        let inner = rest.trim_start_matches(' ');
        let Some(mut quoted) = inner.strip_prefix('"') else {
            let Some((cell, tail)) = rest.split_once(delimiter) else {
                row.push(rest, false);
                return true;
            };
            row.push(cell, false);
            rest = tail;
            continue;
        };
        let mut cell = String::new();
        let after = loop {
            let Some(at) = quoted.find('"') else { return false };
            let (head, tail) = quoted.split_at(at);
            cell.push_str(head);
            let tail = tail.get(1..).unwrap_or_default();
            let Some(doubled) = tail.strip_prefix('"') else { break tail };
            cell.push('"');
            quoted = doubled;
        };
        // Text behind the closing quote belongs to the cell (`"Gg. Mawar" 5`).
        let Some((extra, tail)) = after.split_once(delimiter) else {
            cell.push_str(after.trim_end());
            row.push(&cell, false);
            return true;
        };
        cell.push_str(extra.trim_end());
        row.push(&cell, false);
        rest = tail;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(bytes: &[u8], encoding: Encoding, delimiter: char) -> Vec<(u32, Vec<String>)> {
        let path = std::env::temp_dir().join(format!("satupintu-lines-{}", uuid::Uuid::now_v7()));
        std::fs::write(&path, bytes).unwrap();
        let mut lines = Lines::open(&path, encoding, b'\n').unwrap();
        let mut row = Row::default();
        let mut out = Vec::new();
        while lines.next(delimiter, &mut row).unwrap().is_some() {
            out.push((row.number, row.cells().map(str::to_owned).collect()));
        }
        std::fs::remove_file(&path).unwrap();
        out
    }

    fn one(line: &str) -> Vec<String> {
        rows(line.as_bytes(), Encoding::Utf8, ';').remove(0).1
    }

    #[test]
    fn numbers_rows_as_a_spreadsheet_does() {
        let read = rows(b"\xef\xbb\xbfa;b\r\n\r\n1;2\r\n\"x\r\ny\";3\r\n4;5", Encoding::Utf8, ';');
        let numbers: Vec<u32> = read.iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, [1, 3, 4, 5]);
        assert_eq!(read[0].1, ["a", "b"]);
        assert_eq!(read[2].1, ["x\ny", "3"]);
    }

    #[test]
    fn reads_quotes_as_they_are_written() {
        assert_eq!(one("\"a;b\";c"), ["a;b", "c"]);
        assert_eq!(one("\"a \"\"b\"\"\";c"), ["a \"b\"", "c"]);
        assert_eq!(one("Gg. 5\" pipa;c"), ["Gg. 5\" pipa", "c"]);
        assert_eq!(one("a;\"\";c"), ["a", "", "c"]);
    }

    #[test]
    fn a_quote_that_never_closes_costs_nobody_a_row() {
        let read = rows(b"a;b\n\"open;1\nx;2\ny;3\n", Encoding::Utf8, ';');
        assert_eq!(read.len(), 4);
        assert_eq!(read[1].1, ["\"open", "1"]);
        assert_eq!(read[3], (4, vec!["y".to_owned(), "3".to_owned()]));
    }

    #[test]
    fn decodes_code_page_1252() {
        assert_eq!(rows(b"Jos\xe9|\x80\n", Encoding::Cp1252, '|')[0].1, ["José", "€"]);
    }

    #[test]
    fn a_row_has_a_limit() {
        let path = std::env::temp_dir().join(format!("satupintu-long-{}", uuid::Uuid::now_v7()));
        std::fs::write(&path, vec![b'a'; MAX_ROW + 10]).unwrap();
        let mut lines = Lines::open(&path, Encoding::Utf8, b'\n').unwrap();
        assert_eq!(lines.next(';', &mut Row::default()), Err(Fault::RowTooLong(1)));
        std::fs::remove_file(&path).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_written_quoted_is_read_back(table in prop::collection::vec(prop::collection::vec("[^\r\n\u{0}\u{feff}]{0,12}", 2..5), 1..6)) {
            let mut text = String::new();
            for row in &table {
                let cells: Vec<String> = row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
                text.push_str(&cells.join(";"));
                text.push('\n');
            }
            let read: Vec<Vec<String>> = rows(text.as_bytes(), Encoding::Utf8, ';').into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(read, table);
        }
    }
}
