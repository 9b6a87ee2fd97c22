//! Birth dates as agencies write them.
//!
//! Read: `yyyy-mm-dd`, `dd/mm/yyyy`, `dd-mm-yyyy` (also with dots), a day with an Indonesian or English month name,
//! the serial number of a spreadsheet, and a lone year. Never guessed: two-digit years and month-first dates, which
//! could mean another day.

use chrono::{Days, NaiveDate};

/// How much of a birth date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// The day.
    #[default]
    Day,
    /// The year alone; the date is its first of July.
    Year,
}

/// A date as read, with whether it stood there in another form than `yyyy-mm-dd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    /// The civil date.
    pub date: NaiveDate,
    /// How much of it is known.
    pub precision: Precision,
    /// Whether it had to be reformatted.
    pub reformatted: bool,
}

/// No birth is accepted before this year.
const FIRST_YEAR: i32 = 1900;
/// Numbers up to here are years, above they are serials of a spreadsheet (2101 would be a day of 1905).
const LAST_LONE_YEAR: u32 = 2100;

/// Reads a birth date; `Ok(None)` for an empty cell. `today` bounds it: nobody is born in the future.
///
/// # Errors
/// The date does not exist, lies in the future or before 1900, or cannot be read without guessing.
pub fn parse_birth_date(raw: &str, today: NaiveDate) -> Result<Option<WrittenDate>, InvalidDate> {
    let text = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '`' | '"' | '\u{feff}'));
    if text.is_empty() || matches!(text, "-" | "0000-00-00" | "NULL" | "null") {
        return Ok(None);
    }
    let written = read(text).ok_or(InvalidDate)?;
    let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).ok_or(InvalidDate)?;
    // The middle of the running year may lie ahead although the year itself does not.
    let lower_bound = match written.precision {
        Precision::Day => written.date,
        Precision::Year => written.date.checked_sub_days(Days::new(181)).unwrap_or(written.date),
    };
    if lower_bound > today || written.date < first {
        return Err(InvalidDate);
    }
    Ok(Some(WrittenDate { reformatted: written.reformatted || text.len() != raw.len(), ..written }))
}

/// The cell holds no date that a person can have been born on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidDate;

fn read(text: &str) -> Option<WrittenDate> {
    let day = |date: NaiveDate, reformatted| WrittenDate { date, precision: Precision::Day, reformatted };
    if let Some(date) = iso(text.as_bytes()) {
        return Some(day(date, false));
    }
    let text = without_time(text);
    if let Some((whole, fraction)) = text.split_once('.')
        && is_number(whole)
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b == b'0')
    {
        return number(whole);
    }
    if is_number(text) {
        return number(text);
    }
    let mut parts: [&str; 3] = [""; 3];
    let mut count = 0;
    for part in text.split(|c: char| matches!(c, '/' | '-' | '.' | ',') || c.is_whitespace()).filter(|p| !p.is_empty())
    {
        *parts.get_mut(count)? = part;
        count += 1;
    }
    if count != 3 {
        return None;
    }
    let [a, b, c] = parts;
    let month = if is_number(b) { short(b)? } else { month_by_name(b)? };
    if a.len() == 4 && is_number(a) {
        return Some(day(NaiveDate::from_ymd_opt(a.parse().ok()?, month, short(c)?)?, true));
    }
    if c.len() == 4 && is_number(c) {
        return Some(day(NaiveDate::from_ymd_opt(c.parse().ok()?, month, short(a)?)?, true));
    }
    None
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn short(text: &str) -> Option<u32> {
    (text.len() <= 2 && is_number(text)).then(|| text.parse().ok()).flatten()
}

fn iso(bytes: &[u8]) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    let digit = |b: u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
    let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, digit(m1)? * 10 + digit(m2)?, digit(d1)? * 10 + digit(d2)?)
}

/// Drops a time of day behind a date: databases export `1988-08-10 00:00:00` and `1988-08-10T00:00:00Z`.
fn without_time(text: &str) -> &str {
    let Some(at) = text.find(':') else { return text };
    let head = text.get(..at).unwrap_or_default();
    head.rfind([' ', 'T']).and_then(|end| head.get(..end)).map_or(text, str::trim_end)
}

fn number(text: &str) -> Option<WrittenDate> {
    let value: u32 = text.parse().ok()?;
    if text.len() == 4 && (1900..=LAST_LONE_YEAR).contains(&value) {
        let date = NaiveDate::from_ymd_opt(i32::try_from(value).ok()?, 7, 1)?;
        return Some(WrittenDate { date, precision: Precision::Year, reformatted: true });
    }
    if !(61..=110_000).contains(&value) {
        return None;
    }
    // Spreadsheets count from 1899-12-30 once past their invented 29 February 1900.
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::from(value)))?;
    Some(WrittenDate { date, precision: Precision::Day, reformatted: true })
}

/// Month by its Indonesian or English name or usual abbreviation.
#[must_use]
pub fn month_by_name(word: &str) -> Option<u32> {
    const NAMES: [(&str, u32); 37] = [
        ("januari", 1),
        ("january", 1),
        ("jan", 1),
        ("februari", 2),
        ("february", 2),
        ("pebruari", 2),
        ("feb", 2),
        ("peb", 2),
        ("maret", 3),
        ("march", 3),
        ("mar", 3),
        ("mrt", 3),
        ("april", 4),
        ("apr", 4),
        ("mei", 5),
        ("may", 5),
        ("juni", 6),
        ("june", 6),
        ("jun", 6),
        ("juli", 7),
        ("july", 7),
        ("jul", 7),
        ("agustus", 8),
        ("august", 8),
        ("agt", 8),
        ("agu", 8),
        ("ags", 8),
        ("aug", 8),
        ("september", 9),
        ("sept", 9),
        ("sep", 9),
        ("oktober", 10),
        ("october", 10),
        ("okt", 10),
        ("oct", 10),
        ("nopember", 11),
        ("desember", 12),
    ];
    const MORE: [(&str, u32); 6] =
        [("november", 11), ("nov", 11), ("nop", 11), ("december", 12), ("des", 12), ("dec", 12)];
    NAMES.iter().chain(&MORE).find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn read_day(raw: &str) -> Option<String> {
        parse_birth_date(raw, today()).ok().flatten().map(|w| w.date.to_string())
    }

    #[test]
    fn reads_every_form_of_the_agencies() {
        for raw in [
            "1988-08-10",
            "10/08/1988",
            "10-08-1988",
            "10.08.1988",
            "10 Agustus 1988",
            "10 Agt 1988",
            "10-agu-1988",
            "10 August 1988",
            "32365",
            "32365.0",
            "1988/08/10",
            " 1988-08-10 ",
            "'10/08/1988",
            "1988-08-10 00:00:00",
            "1988-08-10T00:00:00Z",
            "10/08/1988 0:00",
        ] {
            assert_eq!(read_day(raw).as_deref(), Some("1988-08-10"), "{raw}");
        }
        assert_eq!(read_day("7 Nopember 1970").as_deref(), Some("1970-11-07"));
        assert_eq!(read_day("1/1/2001").as_deref(), Some("2001-01-01"));
        let year = parse_birth_date("1961", today()).unwrap().unwrap();
        assert_eq!((year.precision, year.date.year()), (Precision::Year, 1961));
        assert!(parse_birth_date("2026", today()).is_ok());
    }

    #[test]
    fn keeps_the_usual_form_apart_from_repairs() {
        assert!(!parse_birth_date("1988-08-10", today()).unwrap().unwrap().reformatted);
        assert!(parse_birth_date("10/08/1988", today()).unwrap().unwrap().reformatted);
        assert_eq!(parse_birth_date(" ", today()), Ok(None));
    }

    #[test]
    fn refuses_what_cannot_be_or_could_be_two_days() {
        for raw in [
            "31/02/1988",
            "2027-13-01",
            "2031-01-01",
            "2026-11-23",
            "12/31/1988",
            "10/08/88",
            "1888-01-01",
            "0",
            "Agustus 1988",
            "abc",
            "10/08/1988/2",
            "99999999",
            "30-02-2001",
        ] {
            assert_eq!(parse_birth_date(raw, today()), Err(InvalidDate), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_in_bounds(raw in ".{0,24}") {
            if let Ok(Some(written)) = parse_birth_date(&raw, today()) {
                prop_assert!(written.date.year() >= FIRST_YEAR && written.date.year() <= 2026);
            }
        }

        #[test]
        fn every_form_means_the_same_day(offset in 0_u64..46_000) {
            let date = NaiveDate::from_ymd_opt(1900, 3, 1).unwrap() + Days::new(offset);
            let serial = (date - NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days();
            let mut forms = vec![date.format("%Y-%m-%d").to_string(), date.format("%d/%m/%Y").to_string(), date.format("%-d-%-m-%Y").to_string(), date.format("%d %B %Y").to_string()];
            if !(1900..=2100).contains(&serial) {
                forms.push(serial.to_string());
            }
            for form in forms {
                let read = parse_birth_date(&form, today()).ok().flatten().map(|w| w.date);
                prop_assert_eq!(read, (date <= today()).then_some(date), "{}", form);
            }
        }
    }
}
