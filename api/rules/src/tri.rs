//! Three truth values: what is not known stays not known until something known decides.

use serde::Serialize;

/// Truth of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tri {
    /// Certainly not.
    False,
    /// Not known.
    Unknown,
    /// Certainly.
    True,
}

impl Tri {
    /// From what is certain and what is possible.
    #[must_use]
    pub fn of(certain: bool, possible: bool) -> Self {
        match (certain, possible) {
            (true, _) => Self::True,
            (false, true) => Self::Unknown,
            (false, false) => Self::False,
        }
    }
    /// Whether an interval lies inside another (true), outside (false) or partly so.
    #[must_use]
    pub fn within<T: PartialOrd>((low, high): (T, T), (from, to): (T, T)) -> Self {
        Self::of(low >= from && high <= to, low <= to && high >= from)
    }
}

impl std::ops::Not for Tri {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}
