//! Settings from the environment: one struct a concern, checked at start, secrets never printed.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use figment::Figment;
use figment::providers::Env;
use serde::Deserialize;

/// A value that Debug never shows.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }
    /// The value, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Everything the service can be told.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Postgres address of the service role.
    pub database_url: Secret,
    /// Postgres address of the owner, who migrates and may rebuild indexes; the service's own where absent.
    #[serde(default)]
    pub migrate_database_url: Option<Secret>,
    /// At least 32 bytes in base64: seals cursors, encrypts signing keys and TOTP secrets.
    pub satupintu_secret: Secret,
    /// Address the API listens on.
    #[serde(default = "default_host")]
    pub api_host: String,
    /// Port the API listens on.
    #[serde(default = "default_port")]
    pub api_port: u16,
    /// Port of the SPA on this machine, for the default CORS origin.
    #[serde(default = "default_web_port")]
    pub web_port: u16,
    /// Origins whose pages may call the API, comma-separated; the local SPA where absent.
    #[serde(default)]
    pub web_origin: Option<String>,
    /// Public address of the API: issuer of its tokens.
    #[serde(default)]
    pub public_url: Option<String>,
    /// Directory for spooled uploads.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// Largest file of an import, in megabytes.
    #[serde(default = "default_import_max_mb")]
    pub import_max_mb: u64,
    /// Directory of evidence files; `evidence` in the data directory where absent.
    #[serde(default)]
    pub evidence_dir: Option<PathBuf>,
    /// Largest evidence file, in megabytes.
    #[serde(default = "default_evidence_max_mb")]
    pub evidence_max_mb: u64,
    /// Allows the demo city to be loaded.
    #[serde(default, deserialize_with = "flag")]
    pub demo: bool,
    /// Database threads for reading and as many for writing.
    #[serde(default = "default_threads")]
    pub db_threads: u32,
    /// Requests that may wait for a database thread before the service says 503.
    #[serde(default = "default_queue")]
    pub db_queue: usize,
    /// HTTP worker threads; 0 takes one a core.
    #[serde(default)]
    pub http_workers: usize,
    /// `off` keeps this process from doing background work.
    #[serde(default = "default_worker")]
    pub worker: String,
    /// `off` searches in Postgres alone: slower, and without 150 MB of memory for a city of 330,000 households.
    #[serde(default = "default_search_memory")]
    pub search_memory: String,
    /// Reverse proxies in front whose X-Forwarded-For is believed; 0 believes none.
    #[serde(default)]
    pub trusted_proxies: usize,
    /// A movement of more rupiah than this waits for a second person with the duty to approve money.
    #[serde(default = "default_approval_limit")]
    pub approval_limit_idr: i64,
    /// Minutes an access token lives (at most 15).
    #[serde(default = "default_token_minutes")]
    pub token_minutes: i64,
    /// The clock decisions are made by. No setting: a test at the turn of a year sets another.
    #[serde(skip, default = "default_clock")]
    pub clock: Clock,
}

/// Where the time comes from.
pub type Clock = fn() -> chrono::DateTime<chrono::Utc>;

fn default_clock() -> Clock {
    chrono::Utc::now
}

/// `1`, `true` and `yes` are on; the environment's reader makes numbers and booleans of some of them.
fn flag<'de, D: serde::Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Bool(bool),
        Number(u8),
        Text(String),
    }
    Ok(match Flag::deserialize(d)? {
        Flag::Bool(on) => on,
        Flag::Number(n) => n == 1,
        Flag::Text(text) => matches!(text.to_ascii_lowercase().as_str(), "yes" | "on"),
    })
}

fn default_host() -> String {
    "127.0.0.1".into()
}
fn default_port() -> u16 {
    8080
}
fn default_web_port() -> u16 {
    5173
}
fn default_data_dir() -> PathBuf {
    std::env::temp_dir().join("satupintu")
}
fn default_import_max_mb() -> u64 {
    512
}
fn default_evidence_max_mb() -> u64 {
    15
}
fn default_threads() -> u32 {
    4
}
fn default_queue() -> usize {
    256
}
fn default_search_memory() -> String {
    "on".into()
}
fn default_worker() -> String {
    "on".into()
}
fn default_approval_limit() -> i64 {
    10_000_000_000
}
fn default_token_minutes() -> i64 {
    15
}

/// How long a request may wait in the queue of the database threads.
pub const QUEUE_PATIENCE: Duration = Duration::from_millis(500);
/// How long a session lives without being used.
pub const SESSION_DAYS: i64 = 14;

impl Config {
    /// Reads and checks the environment.
    pub fn from_env() -> Result<Self, String> {
        let config: Self = Figment::new()
            .merge(Env::raw())
            .extract()
            .map_err(|e| format!("configuration: {}", e.to_string().replace('\n', " ")))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        if self.secret_bytes().len() < 32 {
            return Err("SATUPINTU_SECRET must be at least 32 bytes in base64 (openssl rand -base64 32)".into());
        }
        if !(1..=15).contains(&self.token_minutes) {
            return Err("TOKEN_MINUTES must be 1 to 15".into());
        }
        if self.db_threads == 0 {
            return Err("DB_THREADS must be at least 1".into());
        }
        Ok(())
    }

    /// The installation secret.
    pub fn secret_bytes(&self) -> Vec<u8> {
        STANDARD.decode(self.satupintu_secret.expose().trim()).unwrap_or_default()
    }
    /// Issuer of access tokens, without a slash at the end.
    pub fn issuer(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://127.0.0.1:{}", self.api_port))
            .trim_end_matches('/')
            .to_owned()
    }
    /// Largest file of an import, in bytes.
    pub fn import_max_bytes(&self) -> u64 {
        self.import_max_mb << 20
    }
    /// Directory of evidence files.
    pub fn evidence_root(&self) -> PathBuf {
        self.evidence_dir.clone().unwrap_or_else(|| self.data_dir.join("evidence"))
    }
    /// Largest evidence file, in bytes.
    pub fn evidence_max_bytes(&self) -> u64 {
        self.evidence_max_mb << 20
    }
    /// Origins that CORS allows.
    pub fn origins(&self) -> Vec<String> {
        match &self.web_origin {
            Some(list) => {
                list.split(',').map(|o| o.trim().trim_end_matches('/').to_owned()).filter(|o| !o.is_empty()).collect()
            }
            None => vec![format!("http://127.0.0.1:{}", self.web_port), format!("http://localhost:{}", self.web_port)],
        }
    }
    /// Whether cookies may travel without TLS: only on loopback.
    pub fn loopback(&self) -> bool {
        let issuer = self.issuer();
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|p| issuer.starts_with(p))
    }
    /// Address for work of the owner.
    pub fn owner_url(&self) -> &str {
        self.migrate_database_url.as_ref().unwrap_or(&self.database_url).expose()
    }
}
