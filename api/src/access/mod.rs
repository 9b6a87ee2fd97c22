//! The gate: the only way from a request to the database.
//!
//! A handler takes a [`Permit`] of an [`policy::Action`]; the permit refuses the roles that may not, and hands a
//! [`Reader`] or [`Writer`] that carries the [`Scope`] the queries must filter by. The pool itself is private here.

mod cache;
mod db;
mod gate;
mod listen;
mod permit;
pub mod policy;
mod principal;
mod rows;
mod scope;
mod session;
mod token;

pub use db::{Db, Lane};
pub use gate::Gate;
pub use listen::listen;
pub use permit::{Permit, PublicOperation, address, authenticate};
pub use policy::{Action, Mutating, Role};
pub use principal::{ActorKind, Duty, Grant, Principal};
pub use scope::Scope;
pub use session::{AuditEntry, Reader, Seen, Writer};
pub use token::{AUDIENCE, Claims, Tokens, ensure_key, rotate};
