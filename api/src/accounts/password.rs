//! Passwords: Argon2id, off the database threads and a few at a time.

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use crate::kernel::problem::{self, Problem};

/// Hashing costs about 20 MB and 30 ms: more at once than cores would only make each slower.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// A real hash that matches nothing, so that an unknown user name costs what a known one costs.
static NOBODY: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| hash("nobody signs in with this").unwrap_or_default());

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password (PHC string).
pub fn hash(password: &str) -> Result<String, Problem> {
    argon2().hash_password(password.as_bytes()).map(|h| h.to_string()).map_err(Problem::internal)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let _slot = SLOTS.acquire().await.map_err(Problem::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}

/// Hashes without holding up other requests.
pub async fn hash_async(password: String) -> Result<String, Problem> {
    off_thread(move || hash(&password)).await?
}

/// Compares without holding up other requests; `None` compares with a hash of nobody.
pub async fn verify_async(password: String, stored: Option<String>) -> Result<bool, Problem> {
    off_thread(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        argon2().verify_password(password.as_bytes(), stored.as_str()).is_ok() && known
    })
    .await
}

/// A new password: long enough, not the user name, not one everybody tries.
pub fn check(password: &str, username: &str, pointer: &str) -> Result<(), Problem> {
    const COMMON: &[&str] =
        &["password", "qwerty", "12345678", "bandung", "indonesia", "admin", "dinsos", "satupintu", "rahasia"];
    let lower = password.to_lowercase();
    let refuse = |code: &str, detail: &str| Err(Problem::new(&problem::VALIDATION_FAILED).and(pointer, code, detail));
    if password.chars().count() < 12 {
        return refuse("too_short", "must have at least 12 characters");
    }
    if password.chars().count() > 200 {
        return refuse("too_long", "must have at most 200 characters");
    }
    if !username.is_empty() && lower.contains(&username.to_lowercase()) {
        return refuse("contains_username", "must not contain the user name");
    }
    let rest = COMMON.iter().fold(lower, |text, word| text.replace(word, ""));
    let mut different: Vec<char> = rest.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 5 {
        return refuse("too_common", "is too easy to guess");
    }
    Ok(())
}

/// A password for somebody else to change at first sign-in.
pub fn generate() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let bytes: [u8; 20] = crate::kernel::seal::random();
    bytes
        .iter()
        .enumerate()
        .flat_map(|(i, b)| {
            let letter = LETTERS.get(usize::from(*b) % LETTERS.len()).map(|l| char::from(*l));
            letter.into_iter().chain((i % 5 == 4 && i < 19).then_some('-'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy() {
        assert!(check("short", "u", "/p").is_err());
        assert!(check("passwordpassword", "u", "/p").is_err());
        assert!(check("ani-suka-kopi-42", "ani", "/p").is_err());
        assert!(check("kuda lumping di sawah", "ani", "/p").is_ok());
        assert!(check(&generate(), "ani", "/p").is_ok());
    }

    #[test]
    fn hashes() {
        let h = hash("kuda lumping di sawah").unwrap();
        assert!(h.starts_with("$argon2id$"));
        assert!(argon2().verify_password(b"kuda lumping di sawah", h.as_str()).is_ok());
        assert!(argon2().verify_password(b"other", h.as_str()).is_err());
    }
}
