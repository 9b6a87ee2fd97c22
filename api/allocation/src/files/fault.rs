//! What is wrong with a file, and collecting that over all files.

use std::fmt;

/// One fault of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file.
    pub file: String,
    /// Line of the file as an editor counts; `None` where the whole file is meant.
    pub row: Option<u64>,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{} row {row}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// Faults named at most; a file with the wrong separator has one in every row.
const MOST: usize = 50;

/// Faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    more: usize,
}

impl Faults {
    pub fn add(&mut self, file: &str, row: Option<u64>, message: String) {
        if self.list.len() < MOST {
            self.list.push(Fault { file: file.to_owned(), row, message });
        } else {
            self.more += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All faults, and one that says how many more there are.
    pub fn into_list(mut self) -> Vec<Fault> {
        if self.more > 0 {
            let message = format!("{} more faults of these files are not named", self.more);
            self.list.push(Fault { file: "input".to_owned(), row: None, message });
        }
        self.list
    }
}

/// A value of a file in a message: short, and on one line.
pub(super) fn shown(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() { '·' } else { c }).take(40).collect();
    if clean.chars().count() < value.chars().count() { format!("'{clean}…'") } else { format!("'{clean}'") }
}
