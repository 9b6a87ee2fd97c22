//! What is stored of a household, for whoever offers it something.

use std::collections::HashMap;

use uuid::Uuid;

use super::sets;
use crate::access::Reader;
use crate::kernel::problem::Problem;
use crate::matching::model::MatchOutcome;

/// How the household stands to each evaluated program, by the program's number. The caller has been shown the household,
/// and may see the programs he asks for.
pub fn outcomes(r: &mut Reader<'_>, household: Uuid) -> Result<HashMap<i32, MatchOutcome>, Problem> {
    let places = sets::places(r.conn(), &[household])?;
    let Some((region, slot)) = places.get(&household) else { return Ok(HashMap::new()) };
    let sets = sets::of_region(r.conn(), region)?;
    let outcome = |set: &sets::Set| match (sets::bit(&set.eligible, *slot), sets::bit(&set.needs_data, *slot)) {
        (true, _) => MatchOutcome::Eligible,
        (_, true) => MatchOutcome::NeedsData,
        _ => MatchOutcome::Ineligible,
    };
    Ok(sets.iter().map(|set| (set.program_number, outcome(set))).collect())
}
