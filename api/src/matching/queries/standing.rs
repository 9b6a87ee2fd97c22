//! What is stored of a household, for whoever offers it something.

use std::collections::HashMap;

use diesel::PgConnection;
use satupintu_rules::{Outcome, Setting, day, judge};
use uuid::Uuid;

use super::people::{self, Which};
use super::{book, sets};
use crate::access::Reader;
use crate::kernel::problem::Problem;
use crate::matching::model::MatchOutcome;

/// How the household stands to each evaluated program, by the program's number. The caller has been shown the household,
/// and may see the programs he asks for.
pub fn outcomes(r: &mut Reader<'_>, household: Uuid) -> Result<HashMap<i32, MatchOutcome>, Problem> {
    let places = sets::places(r.conn(), &[household])?;
    let Some((region, slot)) = places.get(&household) else { return Ok(HashMap::new()) };
    let sets = sets::of_regions(r.conn(), std::slice::from_ref(region), None)?;
    let outcome = |set: &sets::Set| match (sets::bit(&set.eligible, *slot), sets::bit(&set.needs_data, *slot)) {
        (true, _) => MatchOutcome::Eligible,
        (_, true) => MatchOutcome::NeedsData,
        _ => MatchOutcome::Ineligible,
    };
    Ok(sets.iter().map(|set| (set.program_number, outcome(set))).collect())
}

/// One program in one kelurahan, as it was last evaluated.
#[derive(Debug)]
pub struct Column {
    /// Version of the rule that was evaluated.
    pub rule_version: i32,
    eligible: Vec<u8>,
    needs_data: Vec<u8>,
}

impl Column {
    /// How the household in this slot stands.
    pub fn outcome(&self, slot: i32) -> MatchOutcome {
        let slot = usize::try_from(slot).unwrap_or(usize::MAX);
        match (sets::bit(&self.eligible, slot), sets::bit(&self.needs_data, slot)) {
            (true, _) => MatchOutcome::Eligible,
            (_, true) => MatchOutcome::NeedsData,
            _ => MatchOutcome::Ineligible,
        }
    }
}

/// Every evaluated program of a kelurahan, by its number; for jobs of the service, which filter programs by their label.
pub fn columns(conn: &mut PgConnection, region: &str) -> Result<HashMap<i32, Column>, Problem> {
    let column = |set: sets::Set| {
        (
            set.program_number,
            Column { rule_version: set.rule_version, eligible: set.eligible, needs_data: set.needs_data },
        )
    };
    Ok(sets::of_regions(conn, &[region.to_owned()], None)?.into_iter().map(column).collect())
}

/// How the household stands to a program at this moment, evaluated now; none where the program is not published or has no
/// rule. The caller has been shown both.
pub fn verdict(r: &mut Reader<'_>, household: Uuid, program: Uuid) -> Result<Option<MatchOutcome>, Problem> {
    let book = book::book(r.conn())?;
    let Some(live) = book.programs.iter().find(|p| p.id == program) else { return Ok(None) };
    let homes = people::households(r.conn(), &book, Which::One(household))?;
    let Some(home) = homes.get(&household) else { return Ok(Some(MatchOutcome::Ineligible)) };
    let setting = Setting {
        vocabulary: &book.vocabulary,
        coverage: &book.coverage,
        today: day(r.today()),
        restricted: live.restricted,
    };
    Ok(Some(Outcome::of(judge(&live.clause, home, setting)).into()))
}
