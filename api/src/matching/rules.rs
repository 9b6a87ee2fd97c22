//! What of a match may be told to whom. Pure.

/// Below this many, a number points at people.
pub(super) const SMALL: i64 = 5;

/// A number for somebody who may not see the households behind it.
pub(super) fn told(number: i64, sees_households: bool) -> Option<i64> {
    (sees_households || number == 0 || number >= SMALL).then_some(number)
}

/// A pointer into the rule itself, from one into what was evaluated (the rule within its program's areas).
pub(super) fn pointer(within: &str, limited: bool) -> String {
    if !limited {
        return within.to_owned();
    }
    match within.strip_prefix("/all/0") {
        Some(rest) => rest.to_owned(),
        None => "/areas".to_owned(),
    }
}

/// Kecamatan of a kelurahan.
pub(super) fn district(region: &str) -> &str {
    region.rsplit_once('.').map_or(region, |(district, _)| district)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_for_who_sees_the_households() {
        assert_eq!((told(4, false), told(5, false), told(0, false), told(4, true)), (None, Some(5), Some(0), Some(4)));
    }

    #[test]
    fn pointers_lead_into_the_rule_as_written() {
        assert_eq!(pointer("/all/0/any/1", true), "/any/1");
        assert_eq!(pointer("/all/1", true), "/areas");
        assert_eq!(pointer("/all/1", false), "/all/1");
        assert_eq!(district("32.73.01.1001"), "32.73.01");
    }
}
