//! Cells of files: lines of text, names of places, headings and neighbourhood numbers, made comparable.

use unicode_normalization::UnicodeNormalization;

/// One line of text: composed (NFC), control and zero-width characters gone, runs of white space made one space.
/// Borrows where nothing had to change.
#[must_use]
pub fn tidy(raw: &str) -> std::borrow::Cow<'_, str> {
    let plain = raw.bytes().all(|b| (0x20..0x7f).contains(&b)) && !raw.contains("  ");
    if plain {
        return std::borrow::Cow::Borrowed(raw.trim_matches(' '));
    }
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfc() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}') {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    std::borrow::Cow::Owned(out)
}

/// A place name without what varies: letters and digits only, in capitals (`Geger Kalong` and `GEGERKALONG` agree).
#[must_use]
pub fn place_key(name: &str) -> String {
    name.nfd()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

/// A column heading made comparable: lower case, words joined by one underscore.
#[must_use]
pub fn heading_key(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfd() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') && (c.is_whitespace() || c.is_ascii_punctuation()) {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}

/// Number of an RT or RW as three digits (`5`, `05`, `RT.005` → `005`); `None` where there is none or more than one.
#[must_use]
pub fn neighbourhood(raw: &str) -> Option<String> {
    let mut digits = raw.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let number: u32 = digits.next()?.parse().ok()?;
    (digits.next().is_none_or(|rest| rest.bytes().all(|b| b == b'0')) && (1..=999).contains(&number))
        .then(|| format!("{number:03}"))
}

/// RT and RW out of one cell (`RT 5 RW 12`, `RT.05/12`, `05-12`).
#[must_use]
pub fn neighbourhood_pair(raw: &str) -> Option<(String, String)> {
    let mut digits = raw.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (rt, rw) = (digits.next()?, digits.next()?);
    if digits.next().is_some() {
        return None;
    }
    Some((neighbourhood(rt)?, neighbourhood(rw)?))
}

/// Whether a cell is a formula of a spreadsheet rather than text: no name or street begins like one.
#[must_use]
pub fn is_formula(text: &str) -> bool {
    // The apostrophe is how a spreadsheet, and our own downloads, mark such a cell as text.
    let mut chars = text.trim_start_matches('\'').chars();
    match chars.next() {
        Some('=' | '@') => true,
        Some('+' | '-') => chars.next().is_some_and(|c| !c.is_ascii_digit() && !c.is_whitespace()),
        _ => false,
    }
}

/// An Indonesian mobile number in E.164 (`0812…`, `62812…`, `+62812…` and `812…` → `+62812…`); `None` otherwise.
#[must_use]
pub fn phone(raw: &str) -> Option<String> {
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    let rest = digits.strip_prefix("62").or_else(|| digits.strip_prefix('0')).unwrap_or(&digits);
    (rest.starts_with('8') && (9..=12).contains(&rest.len())).then(|| format!("+62{rest}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tidies_lines_and_keys() {
        assert_eq!(tidy("  SITI \u{a0}  NUR\tAINI "), "SITI NUR AINI");
        assert_eq!(tidy("JOSE\u{301}"), "JOSÉ");
        assert_eq!(place_key("Kel. Geger Kalong"), "KELGEGERKALONG");
        assert_eq!(heading_key("\u{feff} Nomor  Kartu-Keluarga "), "nomor_kartu_keluarga");
        assert_eq!(heading_key("RT/RW"), "rt_rw");
    }

    #[test]
    fn reads_neighbourhoods() {
        for raw in ["5", "05", "005", "RT.05", "RT 5", "5.0"] {
            assert_eq!(neighbourhood(raw).as_deref(), Some("005"), "{raw}");
        }
        for raw in ["", "-", "0", "000", "1000", "5/12"] {
            assert_eq!(neighbourhood(raw), None, "{raw}");
        }
        for raw in ["RT 5 RW 12", "RT.05/12", "05-12", "005/012"] {
            assert_eq!(neighbourhood_pair(raw), Some(("005".into(), "012".into())), "{raw}");
        }
    }

    #[test]
    fn tells_formulas_and_phones() {
        for formula in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd"] {
            assert!(is_formula(formula), "{formula}");
        }
        for text in ["SITI", "- ", "-", "+62812", ""] {
            assert!(!is_formula(text), "{text}");
        }
        for raw in ["081234567890", "6281234567890", "+62 812-3456-7890", "81234567890"] {
            assert_eq!(phone(raw).as_deref(), Some("+6281234567890"), "{raw}");
        }
        assert_eq!(phone("0221234567"), None);
    }

    proptest! {
        #[test]
        fn tidy_settles(raw in ".{0,40}") {
            let once = tidy(&raw).into_owned();
            prop_assert_eq!(tidy(&once).into_owned(), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }

        #[test]
        fn keys_are_plain(raw in ".{0,40}") {
            prop_assert!(place_key(&raw).chars().all(|c| c.is_ascii_alphanumeric()));
            prop_assert!(heading_key(&raw).chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        }
    }
}
