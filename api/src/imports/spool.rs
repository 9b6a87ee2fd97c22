//! Uploaded files on disk until their import is over.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::config::Config;

/// Directory of one import's files.
#[must_use]
pub fn directory(config: &Config, import: Uuid) -> PathBuf {
    config.data_dir.join("imports").join(import.simple().to_string())
}

/// File of one part.
#[must_use]
pub fn file(config: &Config, import: Uuid, part: &str) -> PathBuf {
    directory(config, import).join(part)
}

/// Makes the directory, for this service's user alone.
///
/// # Errors
/// The disk refuses.
pub fn create(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

/// Removes an import's files; they may be gone already.
pub fn remove(config: &Config, import: Uuid) {
    if let Err(e) = std::fs::remove_dir_all(directory(config, import))
        && e.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(import = %import, "the spooled files could not be removed");
    }
}

/// A directory that goes away with its files unless it is kept.
pub struct Guard<'a> {
    config: &'a Config,
    import: Option<Uuid>,
}

impl<'a> Guard<'a> {
    /// Guards the files of a new import.
    #[must_use]
    pub fn new(config: &'a Config, import: Uuid) -> Self {
        Self { config, import: Some(import) }
    }

    /// The import is stored: its files stay.
    pub fn keep(mut self) {
        self.import = None;
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Some(import) = self.import {
            remove(self.config, import);
        }
    }
}
