//! How a word sounds to a clerk from West or Central Java.

/// One spelling for all that sound alike: F/V/P, Z/J before a vowel, Z/S before a consonant, Q/K, KH/CH/H,
/// SY/SH/S, AI/AE/EI, AU/O, doubled letters, a silent H, H or K at the end. Lossy: for finding, not for showing.
pub fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    sound_into(word, &mut out);
    out
}

/// Like [`sound`], appended to `out`; letters outside A–Z are kept as they are.
pub fn sound_into(word: &str, out: &mut String) {
    let start = out.len();
    consonants(word.as_bytes(), out);
    vowels_and_doubles(out, start);
    while out.len() > start + 2 && (out.ends_with('H') || out.ends_with('K')) {
        out.pop();
    }
    if out.len() > start + 2 {
        match out.as_bytes()[out.len() - 1] {
            b'D' => replace_last(out, 'T'),
            b'B' => replace_last(out, 'P'),
            b'J' => replace_last(out, 'S'),
            _ => {}
        }
    }
}

fn replace_last(out: &mut String, with: char) {
    out.pop();
    out.push(with);
}

fn is_vowel(b: u8) -> bool {
    matches!(b, b'A' | b'E' | b'I' | b'O' | b'U' | b'Y')
}

/// First pass: consonants and pairs of them. Y becomes I here, so that the second pass sees vowels only.
fn consonants(word: &[u8], out: &mut String) {
    let mut at = 0;
    while at < word.len() {
        let here = word[at];
        let next = word.get(at + 1).copied().unwrap_or(0);
        let after = word.get(at + 2).copied().unwrap_or(0);
        let (text, step): (&str, usize) = match (here, next) {
            (b'P', b'H') => ("P", 2),
            (b'S', b'Y' | b'H') if is_vowel(after) => ("S", 2),
            (b'S', b'Y') if after == 0 => ("SI", 2),
            (b'C', b'H') if after == b'R' => ("K", 2),
            (b'K' | b'C', b'H') => ("H", 2),
            (b'T', b'S') if at == 0 => ("S", 2),
            (b'D', b'Z') => (if is_vowel(after) { "J" } else { "S" }, 2),
            (b'T' | b'D' | b'G' | b'B', b'H') => (letter(here), 2),
            (b'C', b'K') => ("K", 2),
            (b'N', b'Y') => ("NI", 2),
            (b'O', b'O') => ("U", 2),
            (b'F' | b'V', _) => ("P", 1),
            (b'Z' | b'J', _) => (if is_vowel(next) { "J" } else { "S" }, 1),
            (b'Q', _) => ("K", 1),
            (b'X', _) => ("KS", 1),
            (b'Y', _) => ("I", 1),
            // A silent H behind a consonant: Nurhayati, Nurayati.
            (b'H', _) if at > 0 && !is_vowel(word[at - 1]) && word[at - 1] != b'H' => ("", 1),
            (other, _) => (letter(other), 1),
        };
        if text.is_empty() && step == 1 && !here.is_ascii_uppercase() {
            out.push(char::from(here));
        } else {
            out.push_str(text);
        }
        at += step;
    }
}

fn letter(b: u8) -> &'static str {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    match b {
        b'A'..=b'Z' => {
            let at = usize::from(b - b'A');
            &LETTERS[at..=at]
        }
        _ => "",
    }
}

/// Second pass: doubled letters and the vowel pairs that are spelt either way.
fn vowels_and_doubles(out: &mut String, start: usize) {
    let text = out.split_off(start);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let here = bytes[at];
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let (put, step) = match (here, next) {
            (b'A', b'I' | b'E') | (b'E', b'I' | b'U') | (b'O', b'I' | b'E') => (b'E', 2),
            (b'A' | b'O', b'U') | (b'A', b'O') => (b'O', 2),
            (b'I', b'E') => (b'I', 2),
            _ => (here, 1),
        };
        if !(out.len() > start && out.as_bytes()[out.len() - 1] == put) {
            out.push(char::from(put));
        }
        at += step;
    }
}
