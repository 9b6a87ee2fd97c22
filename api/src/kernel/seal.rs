//! Authenticated encryption under the installation's secret: cursors, signing keys, TOTP secrets, audit values.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{hmac, rand::SecureRandom as _};

/// Keys derived from one secret, each for one purpose.
pub struct Sealer {
    secret: [u8; 32],
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

const NONCE: usize = 12;

impl Sealer {
    /// From the installation secret, at least 32 bytes of it.
    pub fn new(secret: &[u8]) -> Self {
        let mut out = [0; 32];
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        out.copy_from_slice(hmac::sign(&key, b"satupintu/root").as_ref());
        Self { secret: out }
    }

    /// Keyed hash for lookups that must not store the value (throttling, tokens).
    pub fn keyed_hash(&self, purpose: &str, value: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose));
        hmac::sign(&key, value).as_ref().to_vec()
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut out = [0; 32];
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        out.copy_from_slice(hmac::sign(&key, purpose.as_bytes()).as_ref());
        out
    }

    /// Encrypts with a nonce made from the content (like SIV): the same value seals to the same bytes,
    /// so that two pages that are alike have cursors that are alike.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Option<Vec<u8>> {
        seal_with(&self.derive(purpose), plain, &self.keyed_hash("nonce", plain))
    }

    /// Decrypts what [`Self::seal`] made for the same purpose; `None` where anything was altered.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open_with(&self.derive(purpose), sealed)
    }
}

/// Encrypts under a given key with a nonce taken from `nonce_seed`.
pub fn seal_with(key: &[u8; 32], plain: &[u8], nonce_seed: &[u8]) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(nonce_seed.get(..NONCE)?);
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body).ok()?;
    let mut out = nonce.to_vec();
    out.append(&mut body);
    Some(out)
}

/// Decrypts what [`seal_with`] made.
pub fn open_with(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let (nonce, body) = sealed.split_at_checked(NONCE)?;
    let mut body = body.to_vec();
    let plain = key.open_in_place(Nonce::try_assume_unique_for_key(nonce).ok()?, Aad::empty(), &mut body).ok()?;
    Some(plain.to_vec())
}

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    // The system's generator failing means nothing here can be safe: better to stop than to go on with zeros.
    if aws_lc_rs::rand::SystemRandom::new().fill(&mut out).is_err() {
        std::process::abort();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_and_refuses_tampering() {
        let s = Sealer::new(b"0123456789012345678901234567890123456789");
        let sealed = s.seal("cursor", b"hello").unwrap();
        assert_eq!(s.open("cursor", &sealed).unwrap(), b"hello");
        assert_eq!(sealed, s.seal("cursor", b"hello").unwrap());
        assert!(s.open("other", &sealed).is_none());
        let mut bad = sealed.clone();
        *bad.last_mut().unwrap() ^= 1;
        assert!(s.open("cursor", &bad).is_none());
        assert!(s.open("cursor", b"short").is_none());
    }
}
