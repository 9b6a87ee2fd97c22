//! The rules that are data: titles and abbreviations, read once from the embedded tables.

use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    Religious,
    Honorific,
    /// A degree before or behind the name.
    Academic,
    /// A degree only behind the name.
    Degree,
    Deceased,
}

/// What a folded token is as a title, if it is one.
pub(super) fn title(token: &str) -> Option<Title> {
    TITLES.get(token).copied()
}

/// The name an abbreviation stands for, and whether it does so only as the first of several words.
pub(super) fn abbreviation(token: &str) -> Option<(&'static str, bool)> {
    ABBREVIATIONS.get(token).copied()
}

static TITLES: LazyLock<HashMap<&'static str, Title>> = LazyLock::new(|| {
    rows(include_str!("../../../data/names/titles.csv"))
        .filter_map(|line| {
            let (token, kind) = line.split_once(',')?;
            let kind = match kind {
                "religious" => Title::Religious,
                "honorific" => Title::Honorific,
                "academic" => Title::Academic,
                "academic_suffix" => Title::Degree,
                "deceased" => Title::Deceased,
                _ => return None,
            };
            Some((token, kind))
        })
        .collect()
});

static ABBREVIATIONS: LazyLock<HashMap<&'static str, (&'static str, bool)>> = LazyLock::new(|| {
    rows(include_str!("../../../data/names/abbreviations.csv"))
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some((cells.next()?, (cells.next()?, cells.next()? == "1")))
        })
        .collect()
});

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().skip(1).map(str::trim_end).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_read() {
        let titles = include_str!("../../../data/names/titles.csv").lines().count() - 1;
        assert_eq!(TITLES.len(), titles);
        let abbreviations = include_str!("../../../data/names/abbreviations.csv").lines().count() - 1;
        assert_eq!(ABBREVIATIONS.len(), abbreviations);
        assert!(TITLES.keys().chain(ABBREVIATIONS.keys()).all(|token| token.bytes().all(|b| b.is_ascii_uppercase())));
    }
}
