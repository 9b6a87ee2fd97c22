//! Civil dates in the office's zone.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, Utc, Weekday};

/// Western Indonesian time (WIB, UTC+7, no summer time): Asia/Jakarta.
pub fn office_zone() -> FixedOffset {
    // 7 hours is within ±24 h, so the fallback is never taken.
    FixedOffset::east_opt(7 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// The civil date at the office at an instant.
pub fn office_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&office_zone()).date_naive()
}

/// Last second of the office day that is `days` working days after the day of `at`. Saturday and Sunday do not count.
pub fn due_after(at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    end_of_office_day(add_working_days(office_date(at), days))
}

/// The `days`-th working day after `from`; zero gives `from` itself.
pub fn add_working_days(from: NaiveDate, days: u32) -> NaiveDate {
    let (mut day, mut left) = (from, days);
    while left > 0 {
        let Some(next) = day.succ_opt() else { return day };
        day = next;
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

/// 23:59:59 at the office.
pub fn end_of_office_day(day: NaiveDate) -> DateTime<Utc> {
    let end = day.and_hms_opt(23, 59, 59).unwrap_or_default();
    end.and_local_timezone(office_zone()).single().map_or_else(|| end.and_utc(), |t| t.with_timezone(&Utc))
}

/// Civil dates on the wire: exactly `yyyy-mm-dd`, 1900 to 2199. (The type's own reading takes much more.)
pub mod civil {
    use chrono::{Datelike as _, NaiveDate};
    use serde::{Deserialize as _, Deserializer, de::Error as _};

    fn parse(text: &str) -> Option<NaiveDate> {
        let date: NaiveDate = text.parse().ok().filter(|_| text.len() == 10)?;
        (1900..2200).contains(&date.year()).then_some(date)
    }

    /// A date that must be there.
    pub fn required<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveDate, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(d)?;
        parse(&text).ok_or_else(|| D::Error::custom("expected a date yyyy-mm-dd between 1900 and 2199"))
    }
    /// A date that may be null.
    pub fn optional<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveDate>, D::Error> {
        match Option::<String>::deserialize(d)? {
            None => Ok(None),
            Some(text) => parse(&text)
                .map(Some)
                .ok_or_else(|| D::Error::custom("expected a date yyyy-mm-dd between 1900 and 2199")),
        }
    }
}

/// A civil date in a merge-patch, read as strictly as [`civil`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CivilDate(pub NaiveDate);

impl<'de> serde::Deserialize<'de> for CivilDate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        civil::required(d).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn working_days_skip_weekends() {
        // Friday plus one is Monday; a full week later is the same weekday.
        assert_eq!(add_working_days(day("2026-11-20"), 1), day("2026-11-23"));
        assert_eq!(add_working_days(day("2026-11-21"), 1), day("2026-11-23"));
        assert_eq!(add_working_days(day("2026-11-23"), 7), day("2026-12-02"));
        assert_eq!(add_working_days(day("2026-11-23"), 0), day("2026-11-23"));
    }

    #[test]
    fn due_is_the_end_of_the_office_day() {
        // 18:30 UTC on Monday is Tuesday 01:30 at the office.
        let at: DateTime<Utc> = "2026-11-23T18:30:00Z".parse().unwrap();
        assert_eq!(due_after(at, 1).to_rfc3339(), "2026-11-25T16:59:59+00:00");
    }

    #[test]
    fn a_day_ends_at_midnight_at_the_office() {
        // A certificate valid until the 23rd signs at 23:59:59 in Jakarta and a second later no more.
        let at = |instant: &str| office_date(instant.parse().unwrap());
        assert_eq!(at("2026-11-23T16:59:59Z"), day("2026-11-23"));
        assert_eq!(at("2026-11-23T17:00:00Z"), day("2026-11-24"));
        assert_eq!(at("2026-12-31T17:00:00Z"), day("2027-01-01"));
    }

    #[test]
    fn dates_on_the_wire_are_strict() {
        #[derive(serde::Deserialize)]
        struct Doc {
            #[serde(deserialize_with = "civil::required")]
            day: NaiveDate,
        }
        let read = |s: &str| serde_json::from_str::<Doc>(&format!("{{\"day\":\"{s}\"}}")).map(|d| d.day).ok();
        assert_eq!(read("2026-02-28"), Some(day("2026-02-28")));
        for bad in ["2026-2-28", "+2026-02-28", "2026-02-30", "28-02-2026", "0001-01-01", "9999-12-31"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
