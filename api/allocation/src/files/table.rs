//! One CSV file, row by row, with the columns asked for.

use std::fs::File;
use std::path::Path;

use super::fault::{Faults, shown};

/// Calls `each` with the columns asked for, trimmed, and the line of the file. The last `optional` columns may be
/// missing and are then empty.
pub(super) fn rows<const N: usize>(
    (directory, file): (&Path, &str),
    columns: [&str; N],
    optional: usize,
    faults: &mut Faults,
    mut each: impl FnMut([&str; N], u64, &mut Faults),
) {
    let opened = match File::open(directory.join(file)) {
        Ok(opened) => opened,
        Err(error) => return faults.add(file, None, format!("cannot be read: {error}")),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 17).from_reader(opened);
    let header = match reader.byte_headers() {
        Ok(header) => header.iter().map(|h| String::from_utf8_lossy(h).trim().to_owned()).collect::<Vec<_>>(),
        Err(error) => return faults.add(file, None, format!("cannot be read: {error}")),
    };
    let Some(places) = places(file, &header, columns, optional, faults) else { return };
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return faults.add(file, Some(line), format!("cannot be read: {error}")),
        }
        let line = record.position().map_or(line, csv::Position::line);
        if record.len() != header.len() {
            let message = format!("has {} fields where the header has {}", record.len(), header.len());
            faults.add(file, Some(line), message);
            continue;
        }
        let mut fields = [""; N];
        let mut readable = true;
        for (field, place) in fields.iter_mut().zip(places) {
            match std::str::from_utf8(place.map_or(b"".as_slice(), |p| &record[p])) {
                Ok(text) => *field = text.trim(),
                Err(_) => readable = false,
            }
        }
        if readable {
            each(fields, line, faults);
        } else {
            faults.add(file, Some(line), "is not UTF-8".to_owned());
        }
    }
}

fn places<const N: usize>(
    file: &str,
    header: &[String],
    columns: [&str; N],
    optional: usize,
    faults: &mut Faults,
) -> Option<[Option<usize>; N]> {
    // A byte order mark is no part of the first name.
    let name = |h: &String| h.trim_start_matches('\u{feff}').trim_matches('"').to_owned();
    let header: Vec<String> = header.iter().map(name).collect();
    let mut places = [None; N];
    for (at, column) in columns.iter().enumerate() {
        places[at] = header.iter().position(|h| h == column);
        if places[at].is_none() && at + optional < N {
            let list: Vec<String> = header.iter().take(12).map(|h| shown(h)).collect();
            faults.add(file, Some(1), format!("there is no column {column}; there are {}", list.join(", ")));
            return None;
        }
        if header.iter().filter(|h| h == column).count() > 1 {
            faults.add(file, Some(1), format!("the column {column} is there twice"));
            return None;
        }
    }
    Some(places)
}
