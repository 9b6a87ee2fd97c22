//! Decimal numbers of the files, exactly: a weight times a fit is never rounded before all products are known.

/// `digits × 10^-places`, without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: u128,
    places: i32,
}

/// Significant digits a number of the files may have.
const DIGITS: usize = 18;

impl Decimal {
    /// Reads `12`, `0.25`, `1e-3`: not negative, at most 18 significant digits, below 10^30.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 60)?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !plain(whole) || !plain(fraction) || number.len() > 80 {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let kept = all.trim_end_matches('0');
        let digits = kept.trim_start_matches('0');
        if digits.len() > DIGITS {
            return None;
        }
        let dropped = (all.len() - kept.len()) as i32;
        let decimal = match digits {
            "" => Self { digits: 0, places: 0 },
            _ => Self { digits: digits.parse().ok()?, places: fraction.len() as i32 - exponent - dropped },
        };
        (decimal.magnitude() <= 30).then_some(decimal)
    }

    /// The exact product.
    pub fn times(self, other: Self) -> Self {
        match self.digits * other.digits {
            0 => Self { digits: 0, places: 0 },
            digits => Self { digits, places: self.places + other.places },
        }
    }

    /// Number of digits before the decimal point; negative for small fractions, the smallest number for zero.
    pub fn magnitude(self) -> i32 {
        match self.digits.checked_ilog10() {
            None => i32::MIN,
            Some(log) => log as i32 + 1 - self.places,
        }
    }

    /// The number times `10^scale` rounded down, and whether that lost nothing. The result must have few digits.
    pub fn scaled(self, scale: i32) -> (i64, bool) {
        let shift = scale - self.places;
        let power = 10_u128.checked_pow(shift.unsigned_abs());
        match (power, shift >= 0) {
            (Some(power), true) => (i64::try_from(self.digits.saturating_mul(power)).unwrap_or(i64::MAX), true),
            (Some(power), false) => {
                (i64::try_from(self.digits / power).unwrap_or(i64::MAX), self.digits.is_multiple_of(power))
            }
            (None, _) => (0, self.digits == 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        for (text, scale, wanted) in [
            ("12", 0, (12, true)),
            ("0.25", 2, (25, true)),
            ("0.25", 1, (2, false)),
            ("1e-3", 3, (1, true)),
            ("1.50E2", 0, (150, true)),
            ("0", 5, (0, true)),
            (".5", 1, (5, true)),
            ("1000000", -3, (1000, true)),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().scaled(scale), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", "-1", "+1", "1,5", "NaN", "inf", "1e", "1e99", "0x1", "1.2.3", ".", "1234567890123456789", " 1"]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn products_keep_every_digit() {
        let (a, b) = (Decimal::parse("1.23456789").unwrap(), Decimal::parse("0.987").unwrap());
        assert_eq!(a.times(b).scaled(11), (121_851_850_743, true));
        assert_eq!(a.times(b).magnitude(), 1);
    }
}
