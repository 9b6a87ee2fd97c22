//! Counting working days. Pure.

use chrono::{Datelike as _, Days, NaiveDate};

/// What counting needs of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDays {
    weekdays: [bool; 7],
    /// Ascending, each once.
    holidays: Vec<NaiveDate>,
}

impl WorkingDays {
    /// `weekdays` are ISO numbers (1 is Monday). None at all counts as every day: a deadline must come to an end.
    pub fn new(weekdays: &[i32], mut holidays: Vec<NaiveDate>) -> Self {
        let mut worked = [false; 7];
        for day in weekdays {
            if let Some(worked) = usize::try_from(day - 1).ok().and_then(|at| worked.get_mut(at)) {
                *worked = true;
            }
        }
        if !worked.contains(&true) {
            worked = [true; 7];
        }
        holidays.sort_unstable();
        holidays.dedup();
        Self { weekdays: worked, holidays }
    }

    /// Whether the office works on such a weekday, holiday or not.
    pub fn weekday_worked(&self, day: NaiveDate) -> bool {
        self.weekdays.get(day.weekday().num_days_from_monday() as usize).copied().unwrap_or(true)
    }

    /// Whether the office works on this day.
    pub fn works(&self, day: NaiveDate) -> bool {
        self.weekday_worked(day) && self.holidays.binary_search(&day).is_err()
    }

    /// The `days`-th worked weekday after `from`, holidays not looked at.
    fn advance(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let a_week = u32::try_from(self.weekdays.iter().filter(|w| **w).count()).unwrap_or(7);
        let mut day = from.checked_add_days(Days::new(u64::from(days / a_week) * 7)).unwrap_or(NaiveDate::MAX);
        let mut left = days % a_week;
        if left == 0 {
            // Whole weeks end on the weekday of `from`, which may not be worked: the last one that is.
            while days > 0 && !self.weekday_worked(day) {
                day = day.pred_opt().unwrap_or(day);
            }
        }
        while left > 0 {
            let Some(next) = day.succ_opt() else { return day };
            day = next;
            left -= u32::from(self.weekday_worked(day));
        }
        day
    }
}

/// The `working_days`-th day after `from` on which the office works; zero gives `from` itself.
pub fn due(from: NaiveDate, working_days: u32, calendar: &WorkingDays) -> NaiveDate {
    let mut day = calendar.advance(from, working_days);
    if working_days == 0 {
        return day;
    }
    // Each holiday on the way costs one more day, which may meet the next holiday.
    let after = calendar.holidays.partition_point(|h| *h <= from);
    for holiday in calendar.holidays.iter().skip(after) {
        if *holiday > day {
            break;
        }
        if calendar.weekday_worked(*holiday) {
            day = calendar.advance(day, 1);
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_and_weekends_do_not_count() {
        let office = WorkingDays::new(&[1, 2, 3, 4, 5], vec![day("2026-12-25"), day("2026-12-24")]);
        assert_eq!(due(day("2026-12-23"), 1, &office), day("2026-12-28"));
        assert_eq!(due(day("2026-12-19"), 5, &office), day("2026-12-29"));
        assert_eq!(due(day("2026-12-25"), 0, &office), day("2026-12-25"));
        assert!(
            !office.works(day("2026-12-24")) && office.works(day("2026-12-23")) && !office.works(day("2026-12-26"))
        );
        let never = WorkingDays::new(&[], Vec::new());
        assert_eq!(due(day("2026-12-19"), 2, &never), day("2026-12-21"));
    }

    /// Day by day, as one would count on a wall calendar.
    fn naive(from: NaiveDate, days: u32, calendar: &WorkingDays) -> NaiveDate {
        let (mut day, mut left) = (from, days);
        while left > 0 {
            day = day.succ_opt().unwrap();
            if calendar.works(day) {
                left -= 1;
            }
        }
        day
    }

    proptest! {
        #[test]
        fn is_what_a_wall_calendar_says(
            start in 0_i32..800,
            days in 0_u32..120,
            weekdays in proptest::collection::vec(1..=7, 0..8),
            holidays in proptest::collection::vec(0_i32..1200, 0..60),
        ) {
            let date = |n: i32| NaiveDate::from_num_days_from_ce_opt(739_000 + n).unwrap();
            let calendar = WorkingDays::new(&weekdays, holidays.into_iter().map(date).collect());
            prop_assert_eq!(due(date(start), days, &calendar), naive(date(start), days, &calendar));
        }

        #[test]
        fn a_holiday_more_is_never_earlier(start in 0_i32..400, days in 1_u32..60, extra in 0_i32..500, holidays in proptest::collection::vec(0_i32..600, 0..20)) {
            let date = |n: i32| NaiveDate::from_num_days_from_ce_opt(739_000 + n).unwrap();
            let mut all: Vec<NaiveDate> = holidays.into_iter().map(date).collect();
            let before = due(date(start), days, &WorkingDays::new(&[1, 2, 3, 4, 5], all.clone()));
            all.push(date(extra));
            prop_assert!(due(date(start), days, &WorkingDays::new(&[1, 2, 3, 4, 5], all)) >= before);
        }
    }
}
