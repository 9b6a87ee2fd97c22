//! Lines of Postgres's COPY text format.

/// Bytes after which a block is handed on.
pub const BLOCK: usize = 1 << 20;

/// A block of COPY lines.
#[derive(Debug, Default)]
pub struct CopyText {
    bytes: Vec<u8>,
    started: bool,
}

impl CopyText {
    fn column(&mut self) {
        if self.started {
            self.bytes.push(b'\t');
        }
        self.started = true;
    }

    /// A text value or null.
    pub fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.column();
        match value {
            None => self.bytes.extend_from_slice(b"\\N"),
            Some(text) => self.escape(text),
        }
        self
    }

    fn escape(&mut self, text: &str) {
        if !text.bytes().any(|b| b < 0x20 || b == b'\\') {
            self.bytes.extend_from_slice(text.as_bytes());
            return;
        }
        for b in text.bytes() {
            match b {
                b'\\' => self.bytes.extend_from_slice(b"\\\\"),
                b'\n' => self.bytes.extend_from_slice(b"\\n"),
                b'\r' => self.bytes.extend_from_slice(b"\\r"),
                b'\t' => self.bytes.extend_from_slice(b"\\t"),
                // Postgres stores no U+0000.
                0 => {}
                other => self.bytes.push(other),
            }
        }
    }

    /// A value that needs no escaping, or null.
    pub fn plain(&mut self, value: Option<impl std::fmt::Display>) -> &mut Self {
        use std::io::Write as _;
        self.column();
        match value {
            None => self.bytes.extend_from_slice(b"\\N"),
            // Writing into a vector cannot fail.
            Some(value) => drop(write!(self.bytes, "{value}")),
        }
        self
    }

    /// A boolean.
    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.column();
        self.bytes.push(if value { b't' } else { b'f' });
        self
    }

    /// An array of texts.
    pub fn array<'a>(&mut self, values: impl Iterator<Item = &'a str>) -> &mut Self {
        self.column();
        let mut literal = String::from("{");
        for (at, value) in values.enumerate() {
            if at > 0 {
                literal.push(',');
            }
            literal.push('"');
            for c in value.chars() {
                if matches!(c, '"' | '\\') {
                    literal.push('\\');
                }
                literal.push(c);
            }
            literal.push('"');
        }
        literal.push('}');
        self.escape(&literal);
        self
    }

    /// Where the next column will stand, for [`CopyText::digest`].
    #[must_use]
    pub fn mark(&self) -> usize {
        self.bytes.len()
    }

    /// Digest of what was written since a mark. It is stored, so it must never change.
    #[must_use]
    pub fn digest(&self, from: usize) -> i64 {
        digest(self.bytes.get(from..).unwrap_or_default())
    }

    /// Ends the line.
    pub fn end(&mut self) {
        self.bytes.push(b'\n');
        self.started = false;
    }

    /// Whether the block should be handed on.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= BLOCK
    }

    /// The lines so far; the block is empty afterwards.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.bytes, Vec::with_capacity(BLOCK + BLOCK / 8))
    }
}

/// Sixty-four bits over bytes: multiply, rotate and fold eight bytes at a time. Against chance, not against malice:
/// who makes two rows agree has his own second row passed over.
#[must_use]
pub fn digest(bytes: &[u8]) -> i64 {
    const A: u64 = 0x9e37_79b9_7f4a_7c15;
    const B: u64 = 0xbf58_476d_1ce4_e5b9;
    const C: u64 = 0x94d0_49bb_1331_11eb;
    let mut hash = A ^ (bytes.len() as u64).wrapping_mul(C);
    for chunk in bytes.chunks(8) {
        let mut word = [0_u8; 8];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        hash = (hash ^ u64::from_le_bytes(word).wrapping_mul(B)).rotate_left(29).wrapping_mul(A);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(B);
    hash = (hash ^ (hash >> 27)).wrapping_mul(C);
    i64::from_le_bytes((hash ^ (hash >> 31)).to_le_bytes())
}

/// A source's own key of a family as a number below zero, where no family card can be.
#[must_use]
pub fn key_number(key: &str) -> i64 {
    digest(key.as_bytes()) | i64::MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_as_they_were_and_tell_rows_apart() {
        assert_eq!(digest(b"SITI AMINAH\t1"), digest(b"SITI AMINAH\t1"));
        let mut seen = std::collections::HashSet::new();
        for n in 0..20_000 {
            assert!(seen.insert(digest(format!("P3KE{n:010}\t{}", n % 7).as_bytes())));
        }
        assert!(key_number("P3KE0700000001") < 0);
    }

    #[test]
    fn escapes_what_the_format_uses() {
        let mut copy = CopyText::default();
        copy.text(Some("a\tb\\c\nd"))
            .text(None)
            .plain(Some(7))
            .plain(None::<i32>)
            .flag(true)
            .array(["x", "a\"b\\c", ""].into_iter())
            .end();
        assert_eq!(
            String::from_utf8(copy.take()).unwrap(),
            "a\\tb\\\\c\\nd\t\\N\t7\t\\N\tt\t{\"x\",\"a\\\\\"b\\\\\\\\c\",\"\"}\n"
        );
        assert!(copy.take().is_empty());
    }
}
