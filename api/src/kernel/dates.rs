//! Civil dates in the office's zone.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// Western Indonesian time (WIB, UTC+7, no summer time): Asia/Jakarta.
pub fn office_zone() -> FixedOffset {
    // 7 hours is within ±24 h, so the fallback is never taken.
    FixedOffset::east_opt(7 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// The civil date at the office at an instant.
pub fn office_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&office_zone()).date_naive()
}
