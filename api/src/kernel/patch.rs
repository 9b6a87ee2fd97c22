//! Merge-patch fields (RFC 7396): absent, null and a value are three different things.

use serde::{Deserialize, Deserializer};

/// A field of a merge-patch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not in the document: leave as it is.
    #[default]
    Absent,
    /// `null`: remove.
    Null,
    /// A new value.
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(match Option::<T>::deserialize(d)? {
            Some(value) => Self::Value(value),
            None => Self::Null,
        })
    }
}

impl<T> Field<T> {
    /// `None` leaves the column, `Some(None)` empties it: the shape Diesel's changesets take.
    pub fn nullable(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(v) => Some(Some(v)),
        }
    }
    /// The value, if one was given.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(v) => Some(v),
            _ => None,
        }
    }
    /// Whether the document named the field.
    pub fn is_named(&self) -> bool {
        !matches!(self, Self::Absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Doc {
        #[serde(default)]
        a: Field<i32>,
    }

    #[test]
    fn three_states() {
        let of = |s: &str| serde_json::from_str::<Doc>(s).unwrap().a;
        assert_eq!(of("{}"), Field::Absent);
        assert_eq!(of(r#"{"a":null}"#), Field::Null);
        assert_eq!(of(r#"{"a":1}"#), Field::Value(1));
    }
}
