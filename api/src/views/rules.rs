//! What a view may keep. Pure.

use uuid::Uuid;

/// Most filters a view keeps.
pub(super) const MOST_FILTERS: usize = 20;
/// Most views an account keeps.
pub(super) const MOST_VIEWS: i64 = 200;
const MOST_COLUMNS: usize = 40;
const LONGEST_VALUE: usize = 100;
/// A code, a year or a date has fewer digits in a row than a NIK, a family card or a telephone number.
const LONGEST_NUMBER: usize = 8;
/// Names of what people search for by text.
const PERSONAL: &[&str] =
    &["q", "query", "search", "text", "name", "nik", "family_card", "address", "street", "phone", "email", "cursor"];

/// A lower-case slug of up to 40 characters.
pub(super) fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// A filter that says nothing of a person.
pub(super) fn is_impersonal_key(key: &str) -> bool {
    is_key(key) && !PERSONAL.contains(&key)
}

/// A code, a date or an id: no white space, no long number.
pub(super) fn is_impersonal_value(value: &str) -> bool {
    let shape = (1..=LONGEST_VALUE).contains(&value.len())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | ',' | '-'));
    let longest = value.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    shape && (longest <= LONGEST_NUMBER || Uuid::try_parse(value).is_ok())
}

/// Column ids, each once.
pub(super) fn are_columns(columns: &[String]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    columns.len() <= MOST_COLUMNS && columns.iter().all(|c| is_key(c) && seen.insert(c))
}

/// What the caller may do next.
pub(super) fn can(own: bool) -> Vec<String> {
    if own { vec!["update".into(), "delete".into()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_dates_and_ids_are_kept() {
        for value in
            ["1", "32.73.06.1001", "in_service", "2026-10", "2026-10-01", "0198c0de-0000-7000-8000-000000000001"]
        {
            assert!(is_impersonal_value(value), "{value}");
        }
    }

    #[test]
    fn what_names_a_person_is_not() {
        for value in ["", "Siti Aminah", "3273014101805001", "081234567890", "a@b", "tes\n", &"a".repeat(101)] {
            assert!(!is_impersonal_value(value), "{value}");
        }
        for key in ["q", "nik", "name", "Decile", "_x", "", "a b"] {
            assert!(!is_impersonal_key(key), "{key}");
        }
        assert!(is_impersonal_key("need_code"));
    }

    #[test]
    fn a_column_stands_once() {
        assert!(are_columns(&["region".into(), "decile".into()]));
        assert!(!are_columns(&["region".into(), "region".into()]));
    }
}
