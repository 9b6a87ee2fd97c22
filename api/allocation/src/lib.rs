//! Allocation: needs, programs and money in; a plan that keeps every limit, and a proof of how good it is, out.
//!
//! [`solve()`] maximises the value of the awards: each need is met at most once, a household gets at most so many awards
//! and at most one of a class, a program gives no more than its seats and its budget, and each award is paid wholly
//! from one line that may pay for its program and has the money.
//!
//! How, tier after tier:
//!
//! 1. `interior`: the linear relaxation, by an interior-point method made for this shape. Households meet only in seats
//!    and money, so each step eliminates them one by one and solves one dense system of a few hundred rows.
//! 2. `bound`: the prices it ends with give an upper bound (every household takes its best at the prices, all seats and
//!    money count at theirs), evaluated in integers and rounded upwards. It holds for any prices, so a search cut short
//!    still has a proven gap.
//! 3. `draft`, `purse`: whole awards, those first that the relaxation is surest of, paid by the lines in the shares it
//!    has them pay; then what is left goes where the least is regretted.
//! 4. `exchange`, `chain`: two or three households change places where that uses what is left better, then chains of up
//!    to seven changes, begun where most is lost against the bound.
//!
//! Why no general solver: HiGHS's simplex took 22.8 s and 832 MB for 330,000 households with 449,165 pairs, and a C++
//! build with cmake and libclang; this takes 3.9 s and 120 MB for the same instance, files included, and its plan is
//! worth 0.99996 of the bound.
//!
//! Results depend on the instance and the options alone: limits count steps, sums are taken in an order that does not
//! depend on threads, and equals are decided by lot.

mod baseline;
mod bound;
mod chain;
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

pub use baseline::{appraise, in_order};
pub use bound::Prices;
pub use explain::{LeftOut, Reason, left_out};
pub use instance::{Instance, MAX_MONEY, MAX_NEEDS, MAX_VALUE, Need, Pair, Program, key_of, lot};
pub use plan::{Award, check};
pub use solve::{Options, Outcome, Tier, solve};
