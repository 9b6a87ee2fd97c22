//! Where the files lie.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::config::Config;
use crate::kernel::problem::Problem;

/// A place for files that are called by their checksum (64 hexadecimal digits).
pub trait Store {
    /// Takes a finished file over; the same content again changes nothing.
    ///
    /// # Errors
    /// The place is full or away.
    fn put(&self, staged: &Path, sha256: &str) -> io::Result<()>;
    /// Opens a file for reading.
    ///
    /// # Errors
    /// It is not there.
    fn open(&self, sha256: &str) -> io::Result<File>;
    /// Takes a file away; it may be gone already.
    ///
    /// # Errors
    /// The place refuses.
    fn remove(&self, sha256: &str) -> io::Result<()>;
}

/// A directory: `ab/abcd…` by checksum, and `incoming/` for what is still being received.
#[derive(Debug, Clone)]
pub struct Directory {
    root: PathBuf,
}

/// For this service's user alone.
fn make(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

impl Directory {
    /// The directory the settings name.
    pub fn of(config: &Config) -> Self {
        Self { root: config.evidence_root() }
    }

    /// A file of its own for an upload; it goes away with the value.
    pub fn incoming(&self) -> io::Result<Incoming> {
        let directory = self.root.join("incoming");
        make(&directory)?;
        Ok(Incoming(directory.join(Uuid::now_v7().simple().to_string())))
    }

    fn path(&self, sha256: &str) -> io::Result<PathBuf> {
        let named = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let shelf = sha256.get(..2).filter(|_| named).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.root.join(shelf).join(sha256))
    }
}

impl Store for Directory {
    fn put(&self, staged: &Path, sha256: &str) -> io::Result<()> {
        let path = self.path(sha256)?;
        if let Some(shelf) = path.parent() {
            make(shelf)?;
        }
        // On disk before the row that speaks of it.
        File::open(staged)?.sync_all()?;
        std::fs::rename(staged, path)
    }
    fn open(&self, sha256: &str) -> io::Result<File> {
        File::open(self.path(sha256)?)
    }
    fn remove(&self, sha256: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(sha256)?) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

/// Takes files away that no row speaks of any more.
///
/// # Errors
/// The place refuses.
pub fn remove_files(config: &Config, sums: &[String]) -> Result<(), Problem> {
    let store = Directory::of(config);
    sums.iter().try_for_each(|sum| store.remove(sum)).map_err(Problem::internal)
}

/// A file that is being received; removed when dropped, unless the store has taken it over.
#[derive(Debug)]
pub struct Incoming(PathBuf);

impl Incoming {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests stop where something is not as it must be")]
mod tests {
    use super::*;

    #[test]
    fn only_a_checksum_is_a_name() {
        let store = Directory { root: PathBuf::from("/nowhere") };
        for name in ["", "../../etc/passwd", "ab", &"é".repeat(32), &"/".repeat(64)] {
            assert!(store.path(name).is_err(), "{name}");
        }
        let sum = "0f".repeat(32);
        assert_eq!(store.path(&sum).unwrap(), PathBuf::from(format!("/nowhere/0f/{sum}")));
    }

    #[test]
    fn what_is_not_taken_over_goes() {
        let root = std::env::temp_dir().join(format!("satupintu-store-{}", Uuid::now_v7().simple()));
        let store = Directory { root: root.clone() };
        let (sum, dropped) = ("0f".repeat(32), store.incoming().unwrap());
        std::fs::write(dropped.path(), b"x").unwrap();
        let path = dropped.path().to_owned();
        drop(dropped);
        assert!(!path.exists());
        for _ in 0..2 {
            let kept = store.incoming().unwrap();
            std::fs::write(kept.path(), b"same").unwrap();
            store.put(kept.path(), &sum).unwrap();
        }
        assert_eq!(std::io::read_to_string(store.open(&sum).unwrap()).unwrap(), "same");
        store.remove(&sum).unwrap();
        store.remove(&sum).unwrap();
        assert!(store.open(&sum).is_err());
        std::fs::remove_dir_all(root).unwrap();
    }
}
