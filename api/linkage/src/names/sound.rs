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
    let mut plain = [0_u8; LONGEST];
    let length = consonants(word.as_bytes(), &mut plain);
    let start = out.len();
    let mut last = 0;
    let mut at = 0;
    while at < length {
        // A vowel pair at the start of a word is heard as written: Aisyah, Oih.
        let next = if at > 0 && at + 1 < length { plain[at + 1] } else { 0 };
        let (put, step) = vowels(plain[at], next);
        if put != last || put.is_ascii_digit() {
            out.push(char::from(put));
            last = put;
        }
        at += step;
    }
    while out.len() > start + 2 && (out.ends_with('H') || out.ends_with('K')) {
        out.pop();
    }
    if out.len() > start + 2 {
        let end = match out.as_bytes()[out.len() - 1] {
            b'D' => 'T',
            b'B' => 'P',
            b'J' => 'S',
            _ => return,
        };
        out.pop();
        out.push(end);
    }
}

/// Longer words sound as their beginning does.
const LONGEST: usize = 64;

fn is_vowel(b: u8) -> bool {
    matches!(b, b'A' | b'E' | b'I' | b'O' | b'U' | b'Y')
}

/// First pass: consonants and pairs of them, and Y where it is a vowel.
fn consonants(word: &[u8], out: &mut [u8; LONGEST]) -> usize {
    let (mut at, mut length) = (0, 0);
    while at < word.len() && length + 2 <= LONGEST {
        let here = word[at];
        let next = word.get(at + 1).copied().unwrap_or(0);
        let after = word.get(at + 2).copied().unwrap_or(0);
        // What is put, a second letter where there is one, and how many letters that stands for. 0 puts nothing.
        let (put, second, step) = match (here, next) {
            (b'P', b'H') => (b'P', 0, 2),
            (b'S', b'Y' | b'H') if is_vowel(after) => (b'S', 0, 2),
            (b'C', b'H') if after == b'R' => (b'K', 0, 2),
            (b'K' | b'C', b'H') => (b'H', 0, 2),
            (b'T', b'S') if at == 0 => (b'S', 0, 2),
            (b'D', b'Z') => (if is_vowel(after) { b'J' } else { b'S' }, 0, 2),
            (b'T' | b'D' | b'G' | b'B', b'H') => (here, 0, 2),
            (b'C', b'K') => (b'K', 0, 2),
            (b'O', b'O') => (b'U', 0, 2),
            (b'F' | b'V', _) => (b'P', 0, 1),
            (b'Z' | b'J', _) => (if is_vowel(next) { b'J' } else { b'S' }, 0, 1),
            (b'Q', _) => (b'K', 0, 1),
            (b'X', _) => (b'K', b'S', 1),
            // Before a vowel it is a consonant, which no vowel before it swallows; the second pass makes it I.
            (b'Y', _) => (if is_vowel(next) { b'Y' } else { b'I' }, 0, 1),
            // A silent H behind a consonant: Nurhayati, Nurayati.
            (b'H', _) if at > 0 && !is_vowel(word[at - 1]) && word[at - 1] != b'H' => (0, 0, 1),
            (other, _) if other.is_ascii() => (other, 0, 1),
            _ => (0, 0, 1),
        };
        for letter in [put, second] {
            if letter != 0 {
                out[length] = letter;
                length += 1;
            }
        }
        at += step;
    }
    length
}

/// Second pass: the vowel pairs that are spelt either way.
fn vowels(here: u8, next: u8) -> (u8, usize) {
    match (here, next) {
        (b'A', b'I' | b'E') | (b'E', b'I' | b'U') | (b'O', b'I' | b'E') => (b'E', 2),
        (b'A' | b'O', b'U') | (b'A', b'O') => (b'O', 2),
        (b'I', b'E') => (b'I', 2),
        (b'Y', _) => (b'I', 1),
        _ => (here, 1),
    }
}
