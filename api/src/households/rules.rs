//! Pure decisions about households and people.

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Map, Value};

use crate::kernel::problem::Problem;

/// Lists whose codes describe housing; each is also the name of its fact.
pub const HOUSING_LISTS: &[&str] = &[
    "house_status",
    "land_proof",
    "floor",
    "wall",
    "roof",
    "water",
    "lighting",
    "power",
    "cooking",
    "toilet",
    "closet",
    "sewage",
];

/// Lists whose codes describe a person.
pub const FACT_LISTS: &[&str] = &[
    "school_participation",
    "education_level",
    "working",
    "work_status",
    "job_sector",
    "turnover",
    "occupation",
    "disability_kind",
    "nutrition",
    "illness",
    "insurance",
    "religion",
];

/// Functions of the Washington group, all coded by `function_level`; `depression` by `depression_frequency`.
pub const FUNCTIONS: &[&str] =
    &["seeing", "hearing", "walking", "hands", "remembering", "self_care", "communicating", "learning", "behaviour"];

/// Reveals one account may make a day.
pub const REVEAL_BUDGET: i64 = 100;

/// A fact with the list its code must be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedFact {
    /// Where it stands in the body.
    pub pointer: String,
    /// Name of the fact.
    pub variable: String,
    /// List its code is of.
    pub list: &'static str,
    /// The code.
    pub code: String,
}

/// Splits housing facts into codes to look up and measures that are checked here.
pub fn check_housing(facts: &Map<String, Value>, at: &str) -> Result<Vec<CodedFact>, Problem> {
    let mut coded = Vec::new();
    for (name, value) in facts {
        let pointer = format!("{at}/{name}");
        match (HOUSING_LISTS.iter().find(|l| *l == name), value) {
            (_, Value::Null) => {}
            (Some(list), Value::String(code)) => {
                coded.push(CodedFact { pointer, variable: name.clone(), list, code: code.clone() })
            }
            (Some(_), _) => return Err(Problem::field(pointer, "wrong_type", "must be a code")),
            (None, Value::Number(n))
                if name == "floor_area_m2" && n.as_f64().is_some_and(|v| (0.0..=10_000.0).contains(&v)) => {}
            (None, _) if name == "floor_area_m2" => {
                return Err(Problem::field(pointer, "range", "must be 0 to 10000 square metres"));
            }
            _ => return Err(Problem::field(pointer, "unknown_member", "is not a fact about housing")),
        }
    }
    Ok(coded)
}

/// Assets are counts or yes and no.
pub fn check_assets(assets: &Map<String, Value>, at: &str) -> Result<(), Problem> {
    for (name, value) in assets {
        let pointer = format!("{at}/{name}");
        let fine = name.len() <= 60
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !fine {
            return Err(Problem::field(at.to_owned(), "invalid_name", "names of assets are lower-case words"));
        }
        let fine = match value {
            Value::Null | Value::Bool(_) => true,
            Value::Number(n) => n.as_i64().is_some_and(|n| (0..=1_000_000).contains(&n)),
            _ => false,
        };
        if !fine {
            return Err(Problem::field(pointer, "wrong_type", "must be a count, true or false"));
        }
    }
    Ok(())
}

/// Facts about a person, each with the list of its code.
pub fn check_facts(facts: &Map<String, Value>, at: &str) -> Result<Vec<CodedFact>, Problem> {
    let mut coded = Vec::new();
    for (name, value) in facts {
        let pointer = format!("{at}/{name}");
        let list = FACT_LISTS
            .iter()
            .find(|l| *l == name)
            .copied()
            .or_else(|| FUNCTIONS.contains(&name.as_str()).then_some("function_level"))
            .or_else(|| (name == "depression").then_some("depression_frequency"));
        match (list, value) {
            (Some(_), Value::Null) => {}
            (Some(list), Value::String(code)) => {
                coded.push(CodedFact { pointer, variable: name.clone(), list, code: code.clone() })
            }
            (Some(_), _) => return Err(Problem::field(pointer, "wrong_type", "must be a code")),
            (None, _) => return Err(Problem::field(pointer, "unknown_member", "is not a fact about a person")),
        }
    }
    Ok(coded)
}

/// Accommodations are known names with true, or a short text.
pub fn check_accommodations(values: &Map<String, Value>, at: &str) -> Result<(), Problem> {
    const KNOWN: &[&str] = &["sign_language", "wheelchair", "home_visit", "safe_contact", "large_print", "companion"];
    for (name, value) in values {
        if !KNOWN.contains(&name.as_str()) {
            return Err(Problem::field(format!("{at}/{name}"), "unknown_member", "is not an accommodation"));
        }
        let fine = match value {
            Value::Null | Value::Bool(_) => true,
            Value::String(text) => text.chars().count() <= 200,
            _ => false,
        };
        if !fine {
            return Err(Problem::field(format!("{at}/{name}"), "wrong_type", "must be true, false or a short text"));
        }
    }
    Ok(())
}

/// Merge-patch of an object: null removes, anything else sets.
pub fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            target.insert(name.clone(), value.clone());
        }
    }
}

/// `+628…` from the ways people write a mobile number; `None` where it is none.
pub fn phone(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    if written.chars().any(|c| c.is_alphabetic()) {
        return None;
    }
    let rest = digits.strip_prefix("62").or_else(|| digits.strip_prefix('0')).unwrap_or(&digits);
    ((8..=12).contains(&rest.len()) && !rest.starts_with('0')).then(|| format!("+62{rest}"))
}

/// RT and RW are three digits: `5`, `05` and `RT 5` are `005`.
pub fn rt_rw(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    (number < 1000).then(|| format!("{number:03}"))
}

/// A birth date neither in the future nor before anybody now alive.
pub fn check_birth_date(date: NaiveDate, today: NaiveDate, pointer: &str) -> Result<(), Problem> {
    if date > today {
        return Err(Problem::field(pointer, "birth_date_invalid", "lies in the future"));
    }
    if date.year() < today.year() - 130 {
        return Err(Problem::field(pointer, "birth_date_invalid", "lies more than 130 years ago"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn phones() {
        for written in ["081234567890", "+62 812-3456-7890", "6281234567890", "81234567890"] {
            assert_eq!(phone(written).as_deref(), Some("+6281234567890"), "{written}");
        }
        assert_eq!(phone("12"), None);
        assert_eq!(phone("telepon tetangga"), None);
    }

    #[test]
    fn neighbourhoods() {
        assert_eq!(rt_rw("RT 5").as_deref(), Some("005"));
        assert_eq!(rt_rw("012").as_deref(), Some("012"));
        assert_eq!(rt_rw("x"), None);
        assert_eq!(rt_rw("12345"), None);
    }

    #[test]
    fn facts_know_their_lists() {
        let coded = check_facts(&object(json!({"illness": "asthma", "walking": "none", "depression": null})), "/facts")
            .unwrap();
        assert_eq!(coded.iter().map(|c| c.list).collect::<Vec<_>>(), ["illness", "function_level"]);
        assert!(check_facts(&object(json!({"shoe_size": "42"})), "/facts").is_err());
        assert!(check_facts(&object(json!({"illness": 4})), "/facts").is_err());
    }

    #[test]
    fn merging() {
        let mut target = object(json!({"a": 1, "b": 2}));
        merge(&mut target, &object(json!({"a": null, "c": 3})));
        assert_eq!(Value::Object(target), json!({"b": 2, "c": 3}));
    }

    #[test]
    fn birth_dates() {
        let day = |s: &str| s.parse::<NaiveDate>().unwrap();
        assert!(check_birth_date(day("2026-01-02"), day("2026-01-01"), "/b").is_err());
        assert!(check_birth_date(day("1850-01-01"), day("2026-01-01"), "/b").is_err());
        assert!(check_birth_date(day("1950-01-01"), day("2026-01-01"), "/b").is_ok());
    }
}
