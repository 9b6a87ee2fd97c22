//! Lists of people as CSV, in and out.

use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use csv::ByteRecord;

use crate::engine::Linked;
use crate::parallel::spread;
use crate::people::{Builder, People, Row};

/// Why a file was not read or written: one line for the person at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError(String);

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FileError {}

/// The columns, in the order of [`Row`]'s fields.
const COLUMNS: [&str; 13] = [
    "rec_id",
    "nik",
    "no_kk",
    "nama",
    "jk",
    "tgl_lahir",
    "tempat_lahir",
    "alamat",
    "rt",
    "rw",
    "kel",
    "kec",
    "nama_ibu",
];
/// Without these there is nothing to compare.
const REQUIRED: [&str; 2] = ["rec_id", "nama"];
/// Rows that a thread takes from the file at a time.
const BATCH: usize = 4096;

struct Source<'a> {
    csv: csv::Reader<Box<dyn Read + Send + 'a>>,
    taken: usize,
    failed: Option<String>,
}

/// Reads a list of people: CSV with a header, its columns in any order, separated by comma, semicolon, tab or bar.
/// Only `rec_id` and `nama` must be there; columns that mean nothing here are passed over.
///
/// # Errors
/// The file cannot be opened, has no usable header, has a row of another length than the header, or a row without
/// a `rec_id` of its own. Nothing is guessed and no row is left out.
pub fn read_people(path: &Path, threads: usize) -> Result<People, FileError> {
    let shown = path.display();
    let mut file = File::open(path).map_err(|error| FileError(format!("cannot open {shown}: {error}")))?;
    let mut head = vec![0; 1 << 16];
    let mut length = 0;
    while length < head.len() {
        match file.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) => return Err(FileError(format!("cannot read {shown}: {error}"))),
        }
    }
    head.truncate(length);
    read(&head, file, threads).map_err(|message| FileError(format!("{shown}: {message}")))
}

fn read(head: &[u8], rest: impl Read + Send, threads: usize) -> Result<People, String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.is_empty() {
        return Err("the file is empty".into());
    }
    if head.contains(&0) {
        return Err("this is not a text file; a CSV file in UTF-8 is expected".into());
    }
    let line = head.split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|mark| (line.iter().filter(|b| *b == mark).count(), *mark == b','))
        .unwrap_or(b',');
    let whole: Box<dyn Read + Send> = Box::new(head.chain(rest));
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).buffer_capacity(1 << 18).from_reader(whole);
    let header = csv.byte_headers().map_err(|error| said(&error))?.clone();
    let columns = columns(&header)?;
    let source = Mutex::new(Source { csv, taken: 0, failed: None });
    let (_, parts) = spread(
        threads,
        threads,
        || (Builder::default(), Vec::new()),
        |(builder, runs), _| {
            let mut batch: Vec<ByteRecord> = Vec::new();
            while let Some((place, count)) = take(&source, &mut batch) {
                let start = builder.len();
                for record in &batch[..count] {
                    push(builder, record, &columns);
                }
                runs.push((place, start..builder.len()));
            }
        },
    );
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(message) = source.failed {
        return Err(message);
    }
    let (builders, runs) = parts.into_iter().unzip();
    let people = People::assemble(builders, runs);
    unique(&people)?;
    Ok(people)
}

/// Fills the batch; `None` at the end of the file or behind a broken row.
fn take(source: &Mutex<Source<'_>>, batch: &mut Vec<ByteRecord>) -> Option<(usize, usize)> {
    let mut source: MutexGuard<'_, Source<'_>> = source.lock().unwrap_or_else(PoisonError::into_inner);
    if source.failed.is_some() {
        return None;
    }
    let mut count = 0;
    while count < BATCH {
        if batch.len() == count {
            batch.push(ByteRecord::new());
        }
        match source.csv.read_byte_record(&mut batch[count]) {
            Ok(true) => count += 1,
            Ok(false) => break,
            Err(error) => {
                source.failed = Some(said(&error));
                return None;
            }
        }
    }
    source.taken += 1;
    (count > 0).then_some((source.taken, count))
}

fn push(builder: &mut Builder, record: &ByteRecord, columns: &[Option<usize>; 13]) {
    let bytes = |column: usize| columns[column].and_then(|at| record.get(at)).unwrap_or_default();
    // Bytes that are no UTF-8 become marks that match nothing; the rest of the cell still counts.
    let texts: [std::borrow::Cow<'_, str>; 13] = std::array::from_fn(|column| String::from_utf8_lossy(bytes(column)));
    builder.push(&Row {
        id: texts[0].trim(),
        nik: &texts[1],
        no_kk: &texts[2],
        name: &texts[3],
        sex: &texts[4],
        born: &texts[5],
        birthplace: &texts[6],
        address: &texts[7],
        rt: &texts[8],
        rw: &texts[9],
        kel: &texts[10],
        kec: &texts[11],
        mother: &texts[12],
    });
}

fn columns(header: &ByteRecord) -> Result<[Option<usize>; 13], String> {
    let mut found = [None; 13];
    for (at, cell) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(cell).trim().to_lowercase();
        if let Some(column) = COLUMNS.iter().position(|known| *known == name)
            && found[column].replace(at).is_some()
        {
            return Err(format!("the header has the column {name} twice"));
        }
    }
    for name in REQUIRED {
        let missing = COLUMNS.iter().position(|known| *known == name).is_none_or(|column| found[column].is_none());
        if missing {
            return Err(format!("the header has no column {name}; the columns are {}", COLUMNS.join(", ")));
        }
    }
    Ok(found)
}

fn said(error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line}: {len} cells where the header has {expected_len}")
        }
        csv::ErrorKind::Io(error) => format!("cannot read on: {error}"),
        _ => format!("line {line}: not CSV"),
    }
}

fn unique(people: &People) -> Result<(), String> {
    let count = u32::try_from(people.len()).map_err(|_| "more rows than fit".to_owned())?;
    let mut hashes: Vec<(u64, u32)> =
        (0..count).map(|row| (crate::random::hash_bytes(people.id(row).as_bytes()), row)).collect();
    hashes.sort_unstable();
    if let Some(row) = (0..count).find(|row| people.id(*row).is_empty()) {
        return Err(format!("row {} has no rec_id", row + 1));
    }
    for pair in hashes.windows(2) {
        if pair[0].0 == pair[1].0 && people.id(pair[0].1) == people.id(pair[1].1) {
            return Err(format!(
                "rec_id {} stands in row {} and row {}",
                people.id(pair[0].1),
                pair[0].1 + 1,
                pair[1].1 + 1
            ));
        }
    }
    Ok(())
}

/// Writes `rec_id_a,rec_id_b,probability,match`, sorted by both identifiers.
///
/// # Errors
/// The file cannot be written. What was there before is replaced only by a complete file.
pub fn write_pairs(path: &Path, people: &People, linked: &Linked) -> Result<(), FileError> {
    let failed = |error: &dyn fmt::Display| FileError(format!("cannot write {}: {error}", path.display()));
    let mut name = path.file_name().ok_or_else(|| failed(&"not a file name"))?.to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let file = File::create(&part).map_err(|error| failed(&error))?;
    let written = write(BufWriter::with_capacity(1 << 18, file), people, linked);
    if let Err(error) = written.and_then(|()| Ok(std::fs::rename(&part, path)?)) {
        // The half file is of no use; that it cannot be deleted either changes nothing.
        drop(std::fs::remove_file(&part));
        return Err(failed(&error));
    }
    Ok(())
}

fn write(to: impl Write, people: &People, linked: &Linked) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(["rec_id_a", "rec_id_b", "probability", "match"])?;
    let mut text = String::new();
    for pair in &linked.pairs {
        use fmt::Write as _;
        text.clear();
        // Writing into a String cannot fail.
        let _ = write!(text, "{:.6}", pair.probability);
        csv.write_record([people.id(pair.a), people.id(pair.b), &text, if pair.same { "1" } else { "0" }])?;
    }
    Ok(csv.flush()?)
}
