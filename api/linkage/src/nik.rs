//! The national identity number (NIK) and the sixteen-digit shape it shares with the family card.
//!
//! A NIK is `PPKKCC DDMMYY SSSS`: the region where it was first issued, the birth date with 40 added to a woman's
//! day, and a serial. It has no check digit, and the civil registry itself holds numbers that disagree with the
//! person, so disagreement is reported and never refused.

use chrono::{Datelike, NaiveDate};

/// Why a cell does not hold sixteen digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sixteen<'a> {
    /// Nothing but spaces.
    Empty,
    /// A spreadsheet turned it into `3.27E+15`: digits are gone for good.
    Scientific,
    /// Some other number of digits, or other characters.
    Length(&'a str),
}

/// Sixteen digits as cleaned from a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digits16([u8; 16]);

impl Digits16 {
    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits are ever stored, so this cannot fail; an empty string would be the harmless answer.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn number(&self, from: usize, to: usize) -> u32 {
        self.0.get(from..to).unwrap_or_default().iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }
}

impl std::fmt::Display for Digits16 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_padding(c: char) -> bool {
    // `="3273…"` is how some tools keep a spreadsheet from making a number of it.
    c.is_whitespace()
        || matches!(
            c,
            '\'' | '’'
                | '‘'
                | '`'
                | '´'
                | '"'
                | '='
                | '\u{feff}'
                | '\u{200b}'
                | '\u{200c}'
                | '\u{200d}'
                | '\u{2060}'
                | '\u{200e}'
                | '\u{200f}'
        )
}

fn is_scientific(text: &str) -> bool {
    let Some(at) = text.find(['e', 'E']) else { return false };
    let (mantissa, exponent) = text.split_at(at);
    let exponent = exponent.get(1..).unwrap_or_default();
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    !exponent.is_empty()
        && exponent.bytes().all(|b| b.is_ascii_digit())
        && mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
}

/// Sixteen digits out of a cell, and whether the cell had to be repaired: spaces, apostrophes, a trailing `.0`, and
/// dots or dashes between groups are taken away. Digits are never added.
///
/// # Errors
/// [`Sixteen`] says what stands there instead.
pub fn sixteen(raw: &str) -> Result<(Digits16, bool), Sixteen<'_>> {
    if let Some(digits) = exact(raw.as_bytes()) {
        return Ok((digits, false));
    }
    let text = raw.trim_matches(is_padding);
    if text.is_empty() {
        return Err(Sixteen::Empty);
    }
    if is_scientific(text) {
        return Err(Sixteen::Scientific);
    }
    // `.0` behind plain digits is a spreadsheet's, not a group of the number.
    let whole = text.rsplit_once(['.', ',']).filter(|(head, tail)| {
        !tail.is_empty() && tail.bytes().all(|b| b == b'0') && head.bytes().all(|b| b.is_ascii_digit())
    });
    let text = whole.map_or(text, |(head, _)| head);
    let mut digits = [0_u8; 16];
    let mut count = 0;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                let Some(slot) = digits.get_mut(count) else { return Err(Sixteen::Length(raw)) };
                *slot = c as u8;
                count += 1;
            }
            '.' | '-' | '/' => {}
            c if is_padding(c) => {}
            _ => return Err(Sixteen::Length(raw)),
        }
    }
    if count == 16 { Ok((Digits16(digits), true)) } else { Err(Sixteen::Length(raw)) }
}

fn exact(bytes: &[u8]) -> Option<Digits16> {
    let digits: [u8; 16] = bytes.try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then_some(Digits16(digits))
}

/// Sex as the civil registry records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Laki-laki.
    Male,
    /// Perempuan.
    Female,
}

impl Sex {
    /// The value in tables and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// A NIK of sixteen digits; nothing more is promised about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Nik(Digits16);

impl From<Digits16> for Nik {
    fn from(digits: Digits16) -> Self {
        Self(digits)
    }
}

/// Codes of the provinces, the first two digits of every region code. New ones come by law, rarely: 91 to 97 are the
/// six of Papua with room for the latest.
const PROVINCES: [u8; 39] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65, 71, 72, 73, 74, 75,
    76, 81, 82, 91, 92, 93, 94, 95, 96, 97,
];

impl Nik {
    /// The sixteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Day and month of birth, the last two digits of the year, and the sex that the number says.
    #[must_use]
    pub fn birth(&self) -> (u32, u32, u32, Sex) {
        let day = self.0.number(6, 8);
        let sex = if day > 40 { Sex::Female } else { Sex::Male };
        (if day > 40 { day - 40 } else { day }, self.0.number(8, 10), self.0.number(10, 12), sex)
    }

    /// Whether the number could have been issued at all: a known province, a regency and a district, a day that
    /// exists in that month of some year, and a serial above zero.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let province = u8::try_from(self.0.number(0, 2)).unwrap_or_default();
        let (day, month, year, _) = self.birth();
        // Of the two centuries that the number may mean, one with the day suffices (29 February).
        let year = i32::try_from(year).unwrap_or_default();
        let exists = [1900 + year, 2000 + year].into_iter().any(|y| NaiveDate::from_ymd_opt(y, month, day).is_some());
        PROVINCES.contains(&province)
            && self.0.number(2, 4) > 0
            && self.0.number(4, 6) > 0
            && exists
            && self.0.number(12, 16) > 0
    }

    /// Whether birth date and sex, as far as they are known, agree with the number.
    #[must_use]
    pub fn agrees(&self, birth_date: Option<NaiveDate>, sex: Option<Sex>) -> bool {
        let (day, month, year, said) = self.birth();
        let date_agrees = birth_date.is_none_or(|date| {
            date.day() == day
                && date.month() == month
                && u32::try_from(date.year().rem_euclid(100)).is_ok_and(|y| y == year)
        });
        date_agrees && sex.is_none_or(|sex| sex == said)
    }

    /// `327301******0001`: enough to recognise, too little to use.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_digits(self.as_str())
    }
}

impl std::fmt::Display for Nik {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// First six and last four characters of a number of sixteen, stars between; of a shorter or longer text the first
/// six at most, and never more than a third of it.
#[must_use]
pub fn mask_digits(text: &str) -> String {
    let length = text.chars().count();
    if length == 16 {
        let head: String = text.chars().take(6).collect();
        let tail: String = text.chars().skip(12).collect();
        return format!("{head}******{tail}");
    }
    let shown = (length / 3).min(6);
    let head: String = text.chars().take(shown).collect();
    format!("{head}{}", "*".repeat((length - shown).min(32)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nik(raw: &str) -> Nik {
        Nik::from(sixteen(raw).unwrap().0)
    }

    #[test]
    fn cleans_what_spreadsheets_and_people_add() {
        for raw in [
            "'3273134409250001 ",
            " 3273110802090001.0",
            "'3273305511710001.0",
            "3273 1108 0209 0001",
            "3273.1108.0209.0001",
            "\u{a0}3273110802090001,00",
        ] {
            let (digits, repaired) = sixteen(raw).unwrap();
            assert_eq!(digits.as_str().len(), 16, "{raw}");
            assert!(repaired, "{raw}");
        }
        assert!(!sixteen("3273110802090001").unwrap().1);
    }

    #[test]
    fn refuses_what_lost_digits() {
        assert_eq!(sixteen("3.27326E+15"), Err(Sixteen::Scientific));
        assert_eq!(sixteen("3,27326e15"), Err(Sixteen::Scientific));
        assert_eq!(sixteen("  ' "), Err(Sixteen::Empty));
        for raw in
            ["32731917072600", "327311080209000.0", "32731108020900012", "3273110802O90001", "-", "3273110802090001-1"]
        {
            assert_eq!(sixteen(raw), Err(Sixteen::Length(raw)));
        }
    }

    #[test]
    fn knows_the_person_it_was_made_for() {
        let of_a_woman = nik("3273155509880001");
        let born = NaiveDate::from_ymd_opt(1988, 9, 15);
        assert_eq!(of_a_woman.birth(), (15, 9, 88, Sex::Female));
        assert!(of_a_woman.agrees(born, Some(Sex::Female)));
        assert!(of_a_woman.agrees(None, None));
        assert!(!of_a_woman.agrees(born, Some(Sex::Male)));
        assert!(!of_a_woman.agrees(NaiveDate::from_ymd_opt(1988, 9, 16), None));
        assert_eq!(of_a_woman.masked(), "327315******0001");
    }

    #[test]
    fn impossible_numbers_are_not_plausible() {
        assert!(nik("3273155509880001").is_plausible());
        assert!(nik("3273152902000001").is_plausible(), "29 February of 2000");
        for raw in [
            "0073155509880001",
            "3200155509880001",
            "3273005509880001",
            "3273153202880001",
            "3273157202880001",
            "3273151513880001",
            "3273155509880000",
            "3273152902990001",
        ] {
            assert!(!nik(raw).is_plausible(), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_never_invents(raw in ".{0,40}") {
            if let Ok((digits, _)) = sixteen(&raw) {
                let kept: String = raw.chars().filter(char::is_ascii_digit).collect();
                prop_assert!(kept.starts_with(digits.as_str()), "{kept} {digits}");
                let nik = Nik::from(digits);
                let _ = (nik.is_plausible(), nik.masked(), nik.birth());
            }
        }

        #[test]
        fn padding_changes_nothing(digits in "[0-9]{16}", before in "[ '’`\u{feff}\t]{0,4}", after in "[ '\u{a0}]{0,3}", zero in prop::sample::select(vec!["", ".0", ".00", ",0"])) {
            let raw = format!("{before}{digits}{zero}{after}");
            let read = sixteen(&raw).unwrap().0;
            prop_assert_eq!(read.as_str(), digits);
        }

        #[test]
        fn other_lengths_are_never_padded(digits in "[0-9]{1,15}|[0-9]{17,24}") {
            prop_assert_eq!(sixteen(&digits), Err(Sixteen::Length(digits.as_str())));
        }

        #[test]
        fn a_mask_hides_the_birth_date(digits in "[0-9]{16}") {
            let masked = mask_digits(&digits);
            prop_assert_eq!(&masked[6..12], "******");
        }
    }
}
