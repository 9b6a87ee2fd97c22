//! What a query asks for.

use crate::kernel::{addresses, names};

/// A query, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// A NIK or a family-card number, and what it may have been before a slip of one digit.
    Number { exact: String, near: Vec<String> },
    /// The first digits of a number.
    NumberPrefix(String),
    /// An address, normalised.
    Address(String),
    /// A name: canonical words, and the order-free key of their sounds.
    Name { text: String, key: String },
    /// Nothing that could be looked for.
    Nothing,
}

const NUMBER: usize = 16;
/// Fewer digits than these would list half a kelurahan.
const PREFIX: usize = 10;

impl Ask {
    pub fn read(q: &str) -> Self {
        let digits: String = q.chars().filter(char::is_ascii_digit).collect();
        let bare = q.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '\'' | '`'));
        if bare && digits.len() >= PREFIX {
            return match digits.len() {
                PREFIX..=14 => Self::NumberPrefix(digits),
                15..=17 => Self::Number { near: near(&digits), exact: digits },
                _ => Self::Nothing,
            };
        }
        if addresses::is_address(q) {
            let text = addresses::normalize(q, None, None);
            return if text.is_empty() { Self::Nothing } else { Self::Address(text) };
        }
        let name = names::Name::parse(q);
        if name.words.is_empty() { Self::Nothing } else { Self::Name { text: name.normal(), key: name.key() } }
    }
}

/// Every number of 16 digits that one slip turns into this one: a wrong digit, two swapped, one lost, one too many.
fn near(digits: &str) -> Vec<String> {
    let bytes = digits.as_bytes();
    let mut out = Vec::new();
    let mut push = |bytes: Vec<u8>| {
        if let Ok(text) = String::from_utf8(bytes)
            && text != digits
        {
            out.push(text);
        }
    };
    match bytes.len() {
        NUMBER => {
            for at in 0..bytes.len() {
                for digit in b'0'..=b'9' {
                    let mut changed = bytes.to_vec();
                    changed[at] = digit;
                    push(changed);
                }
                if at + 1 < bytes.len() {
                    let mut changed = bytes.to_vec();
                    changed.swap(at, at + 1);
                    push(changed);
                }
            }
        }
        len if len < NUMBER => {
            for at in 0..=len {
                for digit in b'0'..=b'9' {
                    let mut changed = bytes.to_vec();
                    changed.insert(at, digit);
                    push(changed);
                }
            }
        }
        len => {
            for at in 0..len {
                let mut changed = bytes.to_vec();
                changed.remove(at);
                push(changed);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The texts a person's name is found under: the name, and the alias where there is one.
pub(super) fn name_texts(written: &str) -> Vec<String> {
    let name = names::Name::parse(written);
    let mut texts = vec![name.normal()];
    if !name.alias.is_empty() {
        texts.push(name.alias.join(" "));
    }
    texts.retain(|text| !text.is_empty());
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_asked() {
        assert_eq!(
            Ask::read("Drs. Hidayat  Asep"),
            Ask::Name { text: "HIDAYAT ASEP".into(), key: names::match_key("Asep Hidayat") }
        );
        assert_eq!(Ask::read("Jl. Merdeka no 12 rt 3"), Ask::Address("JL MERDEKA 12 RT3".into()));
        assert_eq!(Ask::read("327301010101"), Ask::NumberPrefix("327301010101".into()));
        assert_eq!(Ask::read("?!"), Ask::Nothing);
        let Ask::Number { exact, near } = Ask::read("3273 0101-0101.0001") else { panic!("a number") };
        assert_eq!(exact, "3273010101010001");
        assert!(near.contains(&"3273010101010002".to_owned()) && near.contains(&"3273010101010010".to_owned()));
        assert!(!near.contains(&exact) && near.iter().all(|n| n.len() == 16));
    }

    #[test]
    fn a_lost_digit_and_one_too_many_are_near() {
        let Ask::Number { near, .. } = Ask::read("327301010101001") else { panic!("a number") };
        assert!(near.contains(&"3273010101010001".to_owned()));
        let Ask::Number { near, .. } = Ask::read("32730101010100011") else { panic!("a number") };
        assert!(near.contains(&"3273010101010001".to_owned()));
    }

    #[test]
    fn an_alias_is_a_text_of_its_own() {
        assert_eq!(name_texts("Ujang Solihin als. Oyo"), ["UJANG SOLIHIN", "OYO"]);
        assert!(name_texts("…").is_empty());
    }
}
