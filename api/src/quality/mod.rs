//! How good the registry is: how complete, how fresh, and where sources disagree; by source, field and kelurahan, down to
//! the rows.
//!
//! The counts are kept, a kecamatan at a time, by a chore that comes by with the clock and counts again what has changed,
//! for about a second at a time, so that nothing waits for it and a page costs a few thousand small rows however large the city is. They look at open fields alone: what is
//! restricted is neither counted nor listed here. The rows behind a count are looked up live in the caller's area.

mod model;
mod queries;
mod routes;

use std::time::{Duration, Instant};

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::Gate;
use crate::access::policy::QualityRead;
use crate::jobs;
use crate::kernel::problem::Problem;

/// Registers this slice's operations.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(routes::list_quality_counts).service(routes::list_quality_records);
}

/// What the worker looks after by the clock.
#[must_use]
pub fn chores() -> Vec<jobs::Chore> {
    vec![jobs::Chore { name: "quality.count", every: Duration::from_secs(10), run: count }]
}

/// After so long no further kecamatan is begun: the others have their turn when the clock comes by again, and whatever
/// else waits for the worker has its own in between.
const TURN: Duration = Duration::from_secs(1);

fn count(gate: &Gate) -> Result<u64, Problem> {
    let began = Instant::now();
    jobs::in_batches::<QualityRead>(gate, "quality counter", |w| {
        if began.elapsed() >= TURN { Ok(0) } else { queries::count_next(w) }
    })
}
