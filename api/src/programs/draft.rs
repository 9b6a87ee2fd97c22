//! Drafts that a partner's file offers: entered and changed as the partner himself would.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::cycles::dates;
use super::model::{AccessMode, Benefit, BenefitKind, ClaimUnit, NewCycle, NewProgram, ProgramStatus, SeatKind};
use super::queries::cycles::{self as stored, CycleRow};
use super::queries::{self, ProgramRow};
use super::routes::{audit, check, patched, tidy};
use crate::access::Writer;
use crate::http::extract::invalid;
use crate::kernel::problem::{self, Problem};

/// A program as a file offers it. What a file cannot say is left as it stands, or to whoever completes the draft.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedProgram {
    /// Stable code.
    pub code: String,
    /// Whose it is.
    pub organization_id: Uuid,
    /// Official name.
    pub name: String,
    /// Who may get it, in the partner's words.
    pub criteria: Option<String>,
    /// Pillar of the need.
    pub pillar: String,
    /// Need it answers.
    pub need: String,
    /// What is given.
    pub kind: BenefitKind,
    /// Value of one, in rupiah.
    pub value_idr: i64,
    /// Who holds a claim.
    pub claim_unit: ClaimUnit,
    /// Region codes; empty is the whole city.
    pub areas: Vec<String>,
    /// How to reach the partner.
    pub contact: Option<String>,
    /// First day, last day and seats.
    pub cycle: Option<(NaiveDate, NaiveDate, i32)>,
}

/// What became of an offer, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafted {
    /// A draft that was not there.
    New,
    /// A draft that says something else now.
    Changed(Uuid),
    /// A program that says the same.
    Same(Uuid),
    /// A program beyond a draft that says something else: it is left alone.
    Published(Uuid),
}

fn entered(offer: &OfferedProgram) -> NewProgram {
    let text = |text: &str| super::model::ProgramText { id: text.to_owned(), en: text.to_owned() };
    NewProgram {
        code: offer.code.clone(),
        name: text(&offer.name),
        description: offer.criteria.as_deref().map(text),
        organization_id: offer.organization_id,
        pillar: offer.pillar.clone(),
        needs: vec![offer.need.clone()],
        access_mode: AccessMode::Referral,
        benefit: Benefit {
            kind: offer.kind,
            unit: match offer.claim_unit {
                ClaimUnit::Person => "person".into(),
                ClaimUnit::Household | ClaimUnit::Dwelling => "household".into(),
            },
            value_idr: offer.value_idr,
            period: "once".into(),
            tiers: Vec::new(),
        },
        overlap_class: None,
        claim_unit: offer.claim_unit,
        areas: offer.areas.clone(),
        documents: Vec::new(),
        legal_basis: None,
        how_to_apply: offer.contact.clone(),
        sensitivity: None,
    }
}

/// What is there already with what the file says in it; what a person added stays.
fn merged(row: &ProgramRow, offer: &OfferedProgram) -> Result<(NewProgram, NewProgram), Problem> {
    let before = patched(row, super::model::ProgramPatch::default())?;
    let said = entered(offer);
    let mut after = before.clone();
    after.name.id.clone_from(&said.name.id);
    if before.name.en == before.name.id {
        after.name.en.clone_from(&said.name.en);
    }
    if let Some(description) = said.description {
        let translated = before.description.as_ref().is_some_and(|old| old.en != old.id && old.id == description.id);
        if !translated {
            after.description = Some(description);
        }
    }
    if !before.needs.contains(&offer.need) {
        after.needs = said.needs;
        after.pillar = said.pillar;
    }
    after.benefit.kind = offer.kind;
    after.benefit.value_idr = offer.value_idr;
    after.areas.clone_from(&offer.areas);
    if said.how_to_apply.is_some() {
        after.how_to_apply = said.how_to_apply;
    }
    Ok((before, tidy(after)))
}

fn differs(cycle: &CycleRow, offer: &OfferedProgram) -> bool {
    offer.cycle.is_some_and(|cycle_said| (cycle.starts_on, cycle.ends_on, cycle.seats) != cycle_said)
}

/// Enters an offer as a draft with its cycle, or brings the draft it became before up to date. A program that went
/// beyond a draft is not touched. With `write` false nothing is written and all is checked.
///
/// # Errors
/// What a person who enters the same would be told.
pub fn draft(w: &mut Writer<'_>, offer: &OfferedProgram, write: bool) -> Result<Drafted, Problem> {
    let no_partner = || Problem::field("/organization_id", "not_found", "is not your organization");
    if !w.scope().covers_organization(offer.organization_id) {
        return Err(no_partner());
    }
    if let Some((starts_on, ends_on, _)) = offer.cycle {
        dates(starts_on, ends_on)?;
    }
    let Some(row) = queries::by_code_for_update(w, &offer.code)? else {
        let new = tidy(entered(offer));
        validator::Validate::validate(&new).map_err(|e| invalid(&e))?;
        let label = check(w, &new)?;
        if write {
            let id = queries::insert(w, &new, label)?;
            audit(w, "program.create", id, label, None, Some(json!(new)), Some("import".into()))?;
            open_cycle(w, id, label, offer)?;
        }
        return Ok(Drafted::New);
    };
    if row.organization_id != offer.organization_id {
        return Err(Problem::with(&problem::CONFLICT, "another organization has this code"));
    }
    let (before, after) = merged(&row, offer)?;
    validator::Validate::validate(&after).map_err(|e| invalid(&e))?;
    let label = check(w, &after)?;
    let cycle = stored::list(w, row.id, None, None, 1)?.into_iter().next();
    let other_cycle = cycle.as_ref().map_or(offer.cycle.is_some(), |cycle| differs(cycle, offer));
    if before == after && !other_cycle {
        return Ok(Drafted::Same(row.id));
    }
    if row.status != ProgramStatus::Draft {
        return Ok(Drafted::Published(row.id));
    }
    if write {
        if before != after {
            queries::write(w, row.id, &after, label)?;
            queries::bump(w, row.id)?;
            audit(w, "program.update", row.id, label, Some(json!(before)), Some(json!(after)), Some("import".into()))?;
        }
        match (cycle, offer.cycle) {
            (Some(cycle), Some((starts_on, ends_on, seats))) if other_cycle => {
                stored::lock_cycle(w, cycle.id)?;
                let state = |c: &CycleRow| json!({"cycle_id": c.id, "starts_on": c.starts_on, "ends_on": c.ends_on, "seats": c.seats});
                let new = CycleRow { starts_on, ends_on, seats, ..cycle.clone() };
                stored::update(w, &new)?;
                let (before, after) = (state(&cycle), state(&new));
                audit(w, "program.edit_cycle", row.id, label, Some(before), Some(after), Some("import".into()))?;
            }
            (None, _) => open_cycle(w, row.id, label, offer)?,
            _ => {}
        }
    }
    Ok(Drafted::Changed(row.id))
}

fn open_cycle(
    w: &mut Writer<'_>,
    program: Uuid,
    label: crate::db::slugs::Sensitivity,
    offer: &OfferedProgram,
) -> Result<(), Problem> {
    let Some((starts_on, ends_on, seats)) = offer.cycle else { return Ok(()) };
    let new = NewCycle { name: None, starts_on, ends_on, seat_kind: SeatKind::Stock, seats };
    let cycle = stored::insert(w, program, &starts_on.format("%Y").to_string(), &new)?;
    let after = json!({"cycle_id": cycle, "cycle": new});
    audit(w, "program.add_cycle", program, label, None, Some(after), Some("import".into()))
}
