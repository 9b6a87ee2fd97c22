//! Verified tokens and their callers, kept in memory while a change would reach this instance.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::principal::Principal;

/// Grants begin and end by date, which no notification tells: nothing is kept longer than this.
const MAX_AGE: Duration = Duration::from_secs(20);
const MAX_ENTRIES: usize = 20_000;

struct Entry {
    principal: Arc<Principal>,
    expires: DateTime<Utc>,
    kept_at: Instant,
}

/// Cache by hash of the whole token.
#[derive(Default)]
pub(super) struct Cache {
    entries: RwLock<HashMap<[u8; 32], Entry>>,
    listening: AtomicBool,
}

impl Cache {
    pub(super) fn get(&self, token: &[u8; 32]) -> Option<Arc<Principal>> {
        if !self.listening.load(Ordering::Acquire) {
            return None;
        }
        let entries = self.entries.read().ok()?;
        let entry = entries.get(token)?;
        (entry.kept_at.elapsed() < MAX_AGE && entry.expires > Utc::now()).then(|| entry.principal.clone())
    }

    pub(super) fn put(&self, token: [u8; 32], principal: Arc<Principal>, expires: DateTime<Utc>) {
        if !self.listening.load(Ordering::Acquire) {
            return;
        }
        if let Ok(mut entries) = self.entries.write() {
            if entries.len() >= MAX_ENTRIES {
                entries.clear();
            }
            entries.insert(token, Entry { principal, expires, kept_at: Instant::now() });
        }
    }

    /// Forgets everything; `listening` false also keeps nothing until the listener is back.
    pub(super) fn reset(&self, listening: bool) {
        self.listening.store(listening, Ordering::Release);
        if let Ok(mut entries) = self.entries.write() {
            entries.clear();
        }
    }
}
