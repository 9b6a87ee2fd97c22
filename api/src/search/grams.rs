//! Trigrams of words, as codes of 16 bits.

use super::Fold;

/// Space, 26 letters, 10 digits: three of them fit 16 bits.
const SYMBOLS: u16 = 37;

/// One more than the largest code.
pub(super) const CODES: usize = 37 * 37 * 37;

fn symbol(b: u8) -> u16 {
    match b {
        b'A'..=b'Z' => u16::from(b - b'A') + 1,
        b'0'..=b'9' => u16::from(b - b'0') + 27,
        _ => 0,
    }
}

/// Distinct codes of a text's folded words in rising order, into `out`. A word is read with two spaces before
/// and one behind it, so that beginnings weigh more than ends and the order of words does not matter.
pub(super) fn grams(text: &str, fold: Fold, buffer: &mut String, out: &mut Vec<u16>) {
    out.clear();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        buffer.clear();
        fold(word, buffer);
        let (mut before, mut last) = (0, 0);
        for b in buffer.bytes().chain([b' ']) {
            let next = symbol(b);
            out.push((before * SYMBOLS + last) * SYMBOLS + next);
            (before, last) = (last, next);
        }
    }
    out.sort_unstable();
    out.dedup();
    out.truncate(usize::from(u8::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(word: &str, out: &mut String) {
        out.push_str(word);
    }

    #[test]
    fn order_of_words_does_not_matter_and_codes_fit() {
        let (mut a, mut b, mut buffer) = (Vec::new(), Vec::new(), String::new());
        grams("ASEP ZZZ9", plain, &mut buffer, &mut a);
        grams("ZZZ9 ASEP", plain, &mut buffer, &mut b);
        assert_eq!(a, b);
        assert_eq!(a.len(), 10);
        assert!(a.iter().all(|code| usize::from(*code) < CODES));
        grams("", plain, &mut buffer, &mut a);
        assert!(a.is_empty());
    }
}
