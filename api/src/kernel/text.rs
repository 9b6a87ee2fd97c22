//! Text as people type it: trimmed, composed, free of control characters.

use unicode_normalization::UnicodeNormalization as _;

/// NFC, inner white space collapsed to one space, ends trimmed, control and bidi-override characters removed.
pub fn clean(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    for c in input.nfc() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control()
            && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
        {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// `327301******0001`: first six and last four characters of a number, the rest hidden; shorter ones are hidden whole.
pub fn mask_number(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    if chars.len() < 12 {
        return "*".repeat(chars.len());
    }
    chars.iter().enumerate().map(|(i, c)| if i < 6 || i + 4 >= chars.len() { *c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans() {
        assert_eq!(clean("  Siti\t\n Aminah\u{202e} "), "Siti Aminah");
        assert_eq!(clean("\u{0}"), "");
    }

    #[test]
    fn masks() {
        assert_eq!(mask_number("3273010101010001"), "327301******0001");
        assert_eq!(mask_number("123"), "***");
    }
}
