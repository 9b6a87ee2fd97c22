//! Hashing that is the same on every machine and in every run.

use std::hash::{BuildHasherDefault, Hasher};

/// Spreads the bits of a number over all of it.
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    x = (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^ (x >> 32)
}

/// Hash of a text.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hash = Quick::default();
    hash.write(bytes);
    mix(hash.0 ^ bytes.len() as u64)
}

/// A quick hasher for tables of words and numbers. Not safe against somebody who chooses the words to collide, who
/// would slow down only a command of his own.
#[derive(Default)]
pub(crate) struct Quick(u64);

/// Builds [`Quick`].
pub(crate) type BuildQuick = BuildHasherDefault<Quick>;

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        mix(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0_u8; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, i: u8) {
        self.write_u64(u64::from(i));
    }

    fn write_u32(&mut self, i: u32) {
        self.write_u64(u64::from(i));
    }

    fn write_u64(&mut self, i: u64) {
        self.0 = (self.0.rotate_left(5) ^ i).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, i: usize) {
        self.write_u64(i as u64);
    }
}
