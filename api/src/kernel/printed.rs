//! Secrets that are printed on paper and typed by people.

use super::seal::random;

/// Without I, L, O and U, which are read as something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random characters, five bits each.
pub fn fresh<const N: usize>() -> String {
    let bytes: [u8; N] = random();
    bytes.iter().filter_map(|b| ALPHABET.get(usize::from(b % 32))).map(|b| char::from(*b)).collect()
}

/// In groups of four, for whoever types it.
pub fn grouped(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().collect();
    chars.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// As it was printed, whatever was typed: upper case, no separators, look-alikes read as what they stand for.
pub fn typed(text: &str) -> String {
    let upper = text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase());
    upper
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_was_printed() {
        let secret = fresh::<16>();
        assert_eq!(secret.len(), 16);
        assert_eq!(typed(&grouped(&secret).to_lowercase()), secret);
        assert_eq!(typed(" oO1-iL "), "00111");
        assert_ne!(fresh::<16>(), secret);
    }
}
