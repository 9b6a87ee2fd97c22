//! What every test stands on.
#![allow(dead_code, unused_imports, reason = "a tool box: not every tool is in use at every moment")]

mod app;
mod chaos;
mod client;
mod cluster;
mod fixtures;
mod redact;
mod template;
mod validate;
pub mod world;

pub use app::{TestApp, TestAppBuilder, count};
pub use chaos::ChaosProxy;
pub use client::{Answer, Caller, Request};
pub use cluster::{admin_url, connect, database_url, root};
pub use fixtures::*;
pub use redact::redacted;
pub use template::{SERVICE, TestDb};
pub use validate::{check_answer, document};

/// The year by the clock of the office.
pub fn this_year() -> i32 {
    chrono::Datelike::year(&(chrono::Utc::now() + chrono::Duration::hours(7)))
}

/// The service's binary; `None`, and a line that says so, where it has not been built.
pub fn binary() -> Option<std::path::PathBuf> {
    let binary = std::env::var("SATUPINTU_BIN").map_or_else(
        |_| std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("satupintu"),
        std::path::PathBuf::from,
    );
    if !binary.exists() {
        println!("no binary at {}: build it with `cargo build -p satupintu`", binary.display());
        return None;
    }
    Some(binary)
}
