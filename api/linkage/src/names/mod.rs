//! Indonesian names as match keys.
//!
//! People have no family names, many have one word only, words change places, and every clerk spells
//! by ear. So a name becomes a list of canonical words (titles dropped, abbreviations written out, old
//! spelling modernised), and beside it an order-free key of how the words sound. Both are for finding and
//! comparing; what a person is called stays as it was written.

mod sound;
mod tables;

pub use sound::{sound, sound_into};
use tables::{Title, abbreviation, title};
use unicode_normalization::UnicodeNormalization as _;

/// A name taken apart for comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Canonical words in the order written, capitals A–Z only.
    pub words: Vec<String>,
    /// The father's name, after `bin` or `binti`; compared apart from the name itself.
    pub patronymic: Vec<String>,
    /// A second name, after `alias`.
    pub alias: Vec<String>,
    /// The name was written with `alm.`: a hint that the person has died, never a fact.
    pub deceased_hint: bool,
    /// Written as somebody's wife (`Ny.`): the name may be her husband's.
    pub as_wife: bool,
}

impl Name {
    /// Takes a written name apart. Text without a single letter gives an empty name.
    pub fn parse(written: &str) -> Self {
        let mut name = Name::default();
        let mut part = Part::Own;
        let mut own: Vec<String> = Vec::new();
        for token in tokens(written) {
            name.as_wife |= matches!(token.as_str(), "NY" | "NYONYA");
            match token.as_str() {
                "BIN" | "BINTI" | "BINTE" | "BTI" | "BT" | "BTE" if !own.is_empty() => part = Part::Father,
                "ALIAS" | "ALS" if !own.is_empty() => part = Part::Alias,
                _ => match part {
                    Part::Own => own.push(token),
                    Part::Father => name.patronymic.push(token),
                    Part::Alias => name.alias.push(token),
                },
            }
        }
        for words in [&mut own, &mut name.patronymic, &mut name.alias] {
            name.deceased_hint |= drop_titles(words);
            let given = std::mem::take(words);
            let count = given.len();
            for (place, word) in given.into_iter().enumerate() {
                canonical(word, place, count, words);
            }
        }
        name.words = own;
        name
    }

    /// Canonical words joined by single spaces, in the order written.
    pub fn normal(&self) -> String {
        self.words.join(" ")
    }

    /// Order-free key: how the words sound, sorted, joined by single spaces.
    pub fn key(&self) -> String {
        let mut sounds: Vec<String> = self.words.iter().map(|word| sound(word)).collect();
        sounds.sort_unstable();
        sounds.join(" ")
    }
}

/// `Drs. H. Moch. Soeharto, S.Pd` → `MUHAMMAD SUHARTO`.
pub fn normalize(written: &str) -> String {
    Name::parse(written).normal()
}

/// `Fitri Noer` and `NUR PITRI` → the same order-free key.
pub fn match_key(written: &str) -> String {
    Name::parse(written).key()
}

enum Part {
    Own,
    Father,
    Alias,
}

/// Capital words of A–Z. Marks and apostrophes vanish, digits that stand for letters become letters, and a
/// dotted group is one word where that word is known (`S.Pd`, `K.H.`), else several (`Moch.Toha`).
fn tokens(written: &str) -> Vec<String> {
    let mut folded = String::with_capacity(written.len());
    for c in written.nfd() {
        match c {
            'a'..='z' => folded.push(c.to_ascii_uppercase()),
            'A'..='Z' | '0'..='9' | '.' => folded.push(c),
            '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{02bb}' | '\u{0300}'..='\u{036f}' => {}
            'ß' => folded.push_str("SS"),
            'Ø' | 'ø' => folded.push('O'),
            'Ł' | 'ł' => folded.push('L'),
            'Æ' | 'æ' => folded.push_str("AE"),
            _ => folded.push(' '),
        }
    }
    let mut out: Vec<String> = Vec::new();
    for group in folded.split(' ').filter(|group| !group.is_empty()) {
        if group.contains('.') {
            let joined: String = group.chars().filter(|c| *c != '.').collect();
            if title(&joined).is_some() || matches!(joined.as_str(), "ALS" | "BIN" | "BINTI") {
                out.push(joined);
                continue;
            }
        }
        out.extend(group.split('.').map(letters).filter(|word| !word.is_empty()));
    }
    join_spaced_degrees(&mut out);
    out
}

/// A zero or a one inside a word is a slip of the keyboard or of the scanner; other digits are dropped.
fn letters(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_uppercase()) {
        return word.to_owned();
    }
    if !word.bytes().any(|b| b.is_ascii_uppercase()) {
        return String::new();
    }
    word.chars()
        .filter_map(|c| match c {
            '0' => Some('O'),
            '1' => Some('I'),
            '2'..='9' => None,
            other => Some(other),
        })
        .collect()
}

/// `S Pd` behind a name is a degree, as `S.Pd` is.
fn join_spaced_degrees(words: &mut Vec<String>) {
    let mut at = 1;
    while at + 1 < words.len() {
        if words[at].len() == 1 && words[at + 1].len() >= 2 {
            let joined = format!("{}{}", words[at], words[at + 1]);
            if matches!(title(&joined), Some(Title::Academic)) {
                words.splice(at..at + 2, [joined]);
            }
        }
        at += 1;
    }
}

/// Drops titles, never the last word; says whether one of them marks the dead.
fn drop_titles(words: &mut Vec<String>) -> bool {
    let mut deceased = false;
    let mut left = words.len();
    let mut leading = true;
    let total = words.len();
    let mut place = 0;
    words.retain(|word| {
        let at = place;
        place += 1;
        let drop = left > 1
            && match title(word) {
                None => false,
                Some(Title::Deceased) => {
                    deceased = true;
                    true
                }
                Some(Title::Academic) => leading || at > 0,
                Some(Title::Degree) => at > 0 && !leading,
                // One or two letters in front are a title; behind a name they may be an initial.
                Some(Title::Religious) => leading || word.len() > 2 && at + 1 < total,
                Some(Title::Honorific) => leading,
            };
        if drop {
            left -= 1;
        } else {
            leading = false;
        }
        !drop
    });
    deceased
}

/// Writes out an abbreviation, modernises old spelling, parts `ABDURRAHMAN`.
fn canonical(word: String, place: usize, count: usize, out: &mut Vec<String>) {
    if let Some((name, first_only)) = abbreviation(&word)
        && (!first_only || (place == 0 && count > 1))
    {
        out.push(name.to_owned());
        return;
    }
    let word = modern(&word);
    match servant_of(&word) {
        Some(rest) => {
            out.push("ABDUL".to_owned());
            out.push(rest);
        }
        None => match word.strip_prefix("SITI") {
            Some(rest) if rest.len() >= 5 => {
                out.push("SITI".to_owned());
                out.push(rest.to_owned());
            }
            _ => out.push(word),
        },
    }
}

/// The spelling of before 1972 where it is certain: TJ→C, DJ→J, SJ→SY, OE→U, NJ→NY at the start of a word.
/// J→Y is not: `Jajang` is modern. OE after H is left, being the Sundanese spelling of OI (`Khoerul`).
fn modern(word: &str) -> String {
    let old = ["TJ", "DJ", "SJ", "OE"].iter().any(|pair| word.contains(pair)) || word.starts_with("NJ");
    if !old {
        return word.to_owned();
    }
    let bytes = word.as_bytes();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while at < bytes.len() {
        let after = bytes.get(at + 1).copied().unwrap_or(b' ');
        let step = match (bytes[at], after) {
            (b'T', b'J') => Some("C"),
            (b'D', b'J') => Some("J"),
            (b'S', b'J') => Some("SY"),
            (b'N', b'J') if at == 0 => Some("NY"),
            (b'O', b'E') if !(at > 0 && bytes[at - 1] == b'H' && bytes.get(at + 2) == Some(&b'R')) => Some("U"),
            _ => None,
        };
        match step {
            Some(text) => {
                out.push_str(text);
                at += 2;
            }
            None => {
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

/// `ABDURRAHMAN`, `ABDULROHMAN`, `ABDUSSALAM` → what follows the servant's name. `ABDULLAH` is a name of its own.
fn servant_of(word: &str) -> Option<String> {
    let rest = word.strip_prefix("ABDU").or_else(|| word.strip_prefix("ABDO"))?;
    let bytes = rest.as_bytes();
    let first = *bytes.first()?;
    let rest = match first {
        b'L' if !rest.starts_with("LL") => &rest[1..],
        b'A'..=b'Z' if bytes.get(1) == Some(&first) => &rest[1..],
        b'R' | b'S' | b'N' | b'T' | b'Z' | b'D' => rest,
        _ => return None,
    };
    (rest.len() >= 4 && !rest.starts_with("LAH")).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests;
