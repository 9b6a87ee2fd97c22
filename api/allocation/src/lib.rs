//! Allocation: needs, programs and money in; a plan that keeps every limit, and a proof of how good it is, out.
//!
//! [`solve()`] maximises the value of the awards: each need is met at most once, a household gets at most so many awards
//! and at most one of a class, a program gives no more than its seats and its budget, and each award is paid wholly
//! from one line that may pay for its program and has the money.
//!
//! How: the linear relaxation by an interior-point method made for this shape (`interior`), its prices turned into an
//! upper bound in exact arithmetic (`bound`), its fractions into whole awards (`draft`).
mod bound;
mod draft;
mod exchange;
mod explain;
pub mod files;
pub mod generate;
mod household;
mod instance;
mod interior;
mod par;
mod plan;
mod problem;
mod purse;
mod solve;

pub use bound::Prices;
pub use explain::{LeftOut, Reason, left_out};
pub use instance::{Instance, MAX_MONEY, MAX_NEEDS, MAX_VALUE, Need, Pair, Program, key_of, lot};
pub use plan::{Award, check};
pub use solve::{Options, Outcome, Tier, solve};
