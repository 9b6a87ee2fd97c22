//! Text of a letter with placeholders: `{{subject_name}}`, or `{{letter_date|short}}` with a format. Pure.
//!
//! What a template may name is known here with its type, so that a mistake is found when the template is written, with
//! line and column, and never on the letter of a person.

use chrono::{Datelike as _, NaiveDate};

use super::fields::{Field, Kind, Value};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Upper,
    Long,
    Short,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(Field, Format),
}

/// A template that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

/// Why a template is refused, and where: line and column count from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) code: &'static str,
    pub(super) what: &'static str,
}

fn fault(text: &str, at: usize, code: &'static str, what: &'static str) -> Fault {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Fault { line, column, code, what }
}

impl Template {
    /// Reads a text; every placeholder must be known, and its format must fit its type. All that is wrong is told, in
    /// the order of the text; after one that is not closed nothing more can be read.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let (mut pieces, mut faults, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let open = rest.find("{{").unwrap_or(rest.len());
            let (before, inside) = (rest.get(..open).unwrap_or_default(), rest.get(open + 2..));
            for (stray, _) in before.match_indices("}}") {
                let what = "closes a placeholder that was not opened";
                faults.push(fault(text, at + stray, "unopened_placeholder", what));
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let Some(inside) = inside else { break };
            let here = at + open;
            let Some(close) = inside.find("}}") else {
                faults.push(fault(text, here, "unclosed_placeholder", "is not closed by two braces"));
                break;
            };
            match Self::piece(text, here, inside.get(..close).unwrap_or_default()) {
                Ok(piece) => pieces.push(piece),
                Err(wrong) => faults.push(wrong),
            }
            at = here + 2 + close + 2;
        }
        if faults.is_empty() { Ok(Self(pieces)) } else { Err(faults) }
    }

    fn piece(text: &str, here: usize, inside: &str) -> Result<Piece, Fault> {
        let (name, format) = match inside.split_once('|') {
            Some((name, format)) => (name.trim(), Some(format.trim())),
            None => (inside.trim(), None),
        };
        let Some(field) = Field::parse(name) else {
            return Err(fault(text, here, "unknown_placeholder", "is not a placeholder of letters"));
        };
        let format = match (field.kind(), format) {
            (Kind::Date, None | Some("long")) => Format::Long,
            (Kind::Date, Some("short")) => Format::Short,
            (Kind::Text, Some("upper")) => Format::Upper,
            (Kind::Text | Kind::Number, None) => Format::Plain,
            _ => return Err(fault(text, here, "wrong_format", "has a format that does not fit its type")),
        };
        Ok(Piece::Field(field, format))
    }

    /// Fields it names.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Field(field, _) => Some(*field),
            Piece::Text(_) => None,
        })
    }

    /// The text with every value in its place; what is not known is a dash. A value is never read as a template.
    pub(super) fn fill(&self, value: impl Fn(Field) -> Option<Value>) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Field(field, format) => match value(*field) {
                    Some(value) => out.push_str(&write(&value, *format)),
                    None => out.push('–'),
                },
            }
        }
        out
    }
}

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// `21 November 2026`, as an Indonesian letter has it.
pub fn long_date(date: NaiveDate) -> String {
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

fn write(value: &Value, format: Format) -> String {
    match (value, format) {
        (Value::Text(text), Format::Upper) => text.to_uppercase(),
        (Value::Text(text), _) => text.clone(),
        (Value::Date(date), Format::Short) => date.format("%d/%m/%Y").to_string(),
        (Value::Date(date), _) => long_date(*date),
        (Value::Number(number), _) => number.to_string(),
    }
}

/// A value as a placeholder without a format has it.
pub(super) fn plain(value: &Value) -> String {
    write(value, Format::Plain)
}

/// First letters of at most three words: all that strangers learn of a person.
pub(super) fn initials(name: &str) -> String {
    let letters = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    let text: String = letters.take(3).flat_map(char::to_uppercase).map(|c| format!("{c}.")).collect();
    if text.is_empty() { "–".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_stand_where_their_names_stood() {
        let template = Template::parse("No. {{letter_number}}\n{{ subject_name | upper }}, {{letter_date|short}}, {{letter_date}}, {{decile}}, {{purpose}}").unwrap();
        let filled = template.fill(|field| match field {
            Field::LetterNumber => Some(Value::Text("460/0001".into())),
            Field::SubjectName => Some(Value::Text("Siti {{subject_nik}}".into())),
            Field::LetterDate => NaiveDate::from_ymd_opt(2026, 8, 7).map(Value::Date),
            Field::Decile => Some(Value::Number(2)),
            _ => None,
        });
        assert_eq!(filled, "No. 460/0001\nSITI {{SUBJECT_NIK}}, 07/08/2026, 7 Agustus 2026, 2, –");
    }

    #[test]
    fn a_mistake_is_shown_where_it_stands() {
        let all = |text: &str| -> Vec<_> {
            Template::parse(text).unwrap_err().iter().map(|f| (f.line, f.column, f.code)).collect()
        };
        let at = |text: &str| all(text).remove(0);
        let (unknown, unclosed) = ("unknown_placeholder", "unclosed_placeholder");
        assert_eq!(all("{{a}}\n{{subject_name}} {{b}} {{"), [(1, 1, unknown), (2, 18, unknown), (2, 24, unclosed)]);
        assert_eq!(at("Yth.\nbapak {{nama}}"), (2, 7, "unknown_placeholder"));
        assert_eq!(at("é {{subject_name"), (1, 3, "unclosed_placeholder"));
        assert_eq!(at("a }} {{subject_name}}"), (1, 3, "unopened_placeholder"));
        assert_eq!(at("{{subject_name}} }}"), (1, 18, "unopened_placeholder"));
        assert_eq!(at("{{subject_name|short}}"), (1, 1, "wrong_format"));
        assert_eq!(at("{{letter_date|upper}}"), (1, 1, "wrong_format"));
        assert_eq!(at("{{decile|long}}"), (1, 1, "wrong_format"));
        assert_eq!(at("{{}}"), (1, 1, "unknown_placeholder"));
        assert_eq!(at("{{{subject_name}}}").2, "unknown_placeholder");
    }

    #[test]
    fn the_shipped_texts_are_right() {
        for shipped in crate::reference::letter_templates().unwrap() {
            assert!(Template::parse(&shipped.body).is_ok(), "{}", shipped.service_code);
        }
    }

    #[test]
    fn initials_are_all_that_is_told() {
        assert_eq!(initials("Siti Aminah binti Abdul"), "S.A.B.");
        assert_eq!(initials("  muhammad"), "M.");
        assert_eq!(initials("<b>\u{1f389}</b>"), "B.B.");
        assert_eq!(initials("\u{1f389}"), "–");
    }

    proptest! {
        #[test]
        fn text_without_braces_stays_as_it_is(text in "[^{}]{0,80}") {
            let template = Template::parse(&text).unwrap();
            prop_assert_eq!(template.fill(|_| None), text);
        }

        #[test]
        fn no_text_stops_the_reader(text in "[a-z{}|\\n é]{0,60}") {
            for fault in Template::parse(&text).err().unwrap_or_default() {
                prop_assert!(fault.line <= text.matches('\n').count() + 1);
            }
        }
    }
}
