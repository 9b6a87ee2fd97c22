//! The demo city: a whole city from a seed, for trying the service and for measuring it.
//!
//! - The same seed, size and day give the same rows; a larger city begins with the households of a smaller one.
//! - It is loaded into an empty database only, in one transaction, and never beside real data.
//! - Its numbers run from serial 5001 up, so that agencies' files (below 5001) never meet them by chance.
//! - Nobody in it exists: names are drawn from pools, numbers are counted up.

mod city;
mod copy;
mod course;
mod dice;
mod family;
mod files;
mod history;
mod housing;
mod ledger;
mod life;
mod lines;
mod load;
mod needs;
mod offers;
mod places;
mod pools;
mod queries;
mod run;
mod shelf;
mod staff;

pub use city::Plan;
pub use files::write as write_files;
pub use queries::{Outcome, load};
pub use staff::summary;

/// Seed of the demo city unless another is asked for.
pub const SEED: u64 = 20_260_101;
