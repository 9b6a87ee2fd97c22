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
pub use client::{Answer, Caller};
pub use cluster::{admin_url, database_url, root};
pub use fixtures::*;
pub use redact::redacted;
pub use template::{SERVICE, TestDb};
pub use validate::{check_answer, document};
