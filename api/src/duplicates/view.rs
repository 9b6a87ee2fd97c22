//! Pairs as this caller sees them.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::merge_model::DuplicateMerge;
use super::model::{
    ComparedField, DuplicateCandidate, DuplicateCluster, DuplicateComparison, DuplicateHoldings, DuplicateSide,
    DuplicateStatus,
};
use super::queries::candidates::{self, CandidateRow, SideRow};
use super::queries::merges::{self, MergeRow};
use super::rules;
use crate::access::Reader;
use crate::access::policy::{DuplicateConfirm, DuplicateDecide, DuplicateUndo};
use crate::identity::rules as likeness;
use crate::kernel::problem::Problem;
use crate::kernel::text::mask_number;

fn can(r: &Reader<'_>, row: &CandidateRow) -> Vec<&'static str> {
    let principal = r.principal();
    if !row.whole() {
        return Vec::new();
    }
    let mut can = Vec::new();
    if principal.may::<DuplicateDecide>() {
        can.extend_from_slice(rules::can_decide(row.status));
    }
    match row.status {
        DuplicateStatus::Proposed => {
            let mine = row.proposed_by == Some(principal.id);
            if principal.may::<DuplicateConfirm>() && !mine {
                can.push("confirm-merge");
            }
            if principal.may::<DuplicateConfirm>() || mine {
                can.push("reject-merge");
            }
        }
        DuplicateStatus::Merged if principal.may::<DuplicateUndo>() => can.push("undo-merge"),
        _ => {}
    }
    can
}

fn side(row: &SideRow) -> DuplicateSide {
    let row = row.clone();
    DuplicateSide {
        id: row.id,
        household_id: row.household_id,
        region_code: row.region_code,
        name: row.name,
        number_masked: row.number.map(|number| mask_number(&number)),
        nik_status: row.nik_status,
        sex: row.sex,
        birth_date: row.birth_date,
        birth_date_precision: row.birth_date_precision,
        mother_name: row.mother_name,
        phone: row.phone,
        marital_status: row.marital_status,
        relation: row.relation,
        street: row.street,
        rt: row.rt,
        rw: row.rw,
        status: row.status,
        source: row.source,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn candidate(r: &Reader<'_>, row: &CandidateRow, sides: &HashMap<Uuid, SideRow>) -> DuplicateCandidate {
    let whole = row.whole();
    let of = |seen: bool, id: Uuid| sides.get(&id).filter(|_| seen).map(side);
    let cluster = row.cluster_id.filter(|_| whole).map(|id| DuplicateCluster {
        id,
        size: row.cluster_size,
        alarm: row.cluster_size >= rules::ALARM,
    });
    DuplicateCandidate {
        id: row.id,
        kind: row.kind,
        // Of a pair with a hidden side nothing is told but that it waits with the coordinator.
        status: if whole { row.status } else { DuplicateStatus::Open },
        with_coordinator: !whole,
        a: of(row.sees_a, row.a_id),
        b: of(row.sees_b, row.b_id),
        score: whole.then_some(row.score),
        cluster,
        reason: row.reason.clone().filter(|_| whole),
        decided_by: row.decided_by.filter(|_| whole),
        decided_at: row.decided_at.filter(|_| whole),
        later_until: row.later_until.filter(|_| whole),
        version: if whole { row.version } else { 1 },
        created_at: row.created_at,
        updated_at: if whole { row.updated_at } else { row.created_at },
        can: can(r, row),
    }
}

fn by_id(sides: Vec<SideRow>) -> HashMap<Uuid, SideRow> {
    sides.into_iter().map(|side| (side.id, side)).collect()
}

/// Pairs of a list.
pub(super) fn many(r: &mut Reader<'_>, rows: &[CandidateRow]) -> Result<Vec<DuplicateCandidate>, Problem> {
    let sides = by_id(candidates::sides_of_visible(r, rows)?);
    Ok(rows.iter().map(|row| candidate(r, row, &sides)).collect())
}

/// A merge as this caller sees it.
fn merge(row: MergeRow) -> DuplicateMerge {
    DuplicateMerge {
        id: row.id,
        status: row.status,
        survivor_id: row.survivor_id,
        merged_id: row.merged_id,
        take_from_merged: row.take,
        reason: row.reason,
        second_word: row.second_word,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
        undone_by: row.undone_by,
        undone_at: row.undone_at,
        undo_reason: row.undo_reason,
        kept: serde_json::from_value(row.kept).unwrap_or_default(),
    }
}

/// What a field weighed when the pair was found; the engine's own name of it.
fn weight(comparison: &Value, field: &str) -> Option<f64> {
    comparison.as_array()?.iter().find(|one| one["field"] == field && one["level"] != "unknown")?["weight"].as_f64()
}

fn fields(row: &CandidateRow, a: &SideRow, b: &SideRow) -> Vec<ComparedField> {
    let date =
        |s: &SideRow| Some(likeness::born(s.birth_date, s.birth_date_precision.as_deref()?)).filter(|d| !d.is_empty());
    let address = |s: &SideRow| {
        let parts =
            [s.street.clone(), s.rt.as_ref().map(|rt| format!("RT {rt}")), s.rw.as_ref().map(|rw| format!("RW {rw}"))];
        let text = parts.into_iter().flatten().chain([s.region_code.clone()]).collect::<Vec<_>>().join(", ");
        Some(text)
    };
    type Of<'a> = (&'static str, &'static str, Box<dyn Fn(&SideRow) -> Option<String> + 'a>);
    let all: [Of<'_>; 9] = [
        ("name", "name", Box::new(|s| s.name.clone())),
        ("number", "nik", Box::new(|s| s.number.clone())),
        ("birth_date", "born", Box::new(date)),
        ("sex", "sex", Box::new(|s| s.sex.clone())),
        ("mother_name", "mother", Box::new(|s| s.mother_name.clone())),
        ("address", "home", Box::new(address)),
        ("phone", "", Box::new(|s| s.phone.clone())),
        ("marital_status", "", Box::new(|s| s.marital_status.clone())),
        ("relation", "", Box::new(|s| s.relation.clone())),
    ];
    let compared = all.into_iter().map(|(field, engine, of)| {
        let (one, other) = (of(a), of(b));
        let weight = weight(&row.comparison, engine);
        let agreement = likeness::agreement(one.as_deref(), other.as_deref(), weight);
        let shown = |value: Option<String>| if field == "number" { value.map(|n| mask_number(&n)) } else { value };
        ComparedField { field: field.to_owned(), a: shown(one), b: shown(other), agreement, weight }
    });
    compared.filter(|field| field.a.is_some() || field.b.is_some()).collect()
}

/// Whether a merge by this caller waits for a second person.
pub(super) fn needs_second_word(r: &Reader<'_>, sides: [&SideRow; 2], held: [DuplicateHoldings; 2]) -> bool {
    let scope = r.scope();
    let supervises = scope.supervises() && sides.iter().all(|side| scope.covers_region(&side.region_code));
    let sum = |of: fn(&DuplicateHoldings) -> i64| held.iter().map(of).sum();
    rules::second_word(supervises, sum(|h| h.amount_idr), sum(|h| h.awards))
}

/// A pair side by side.
pub(super) fn comparison(r: &mut Reader<'_>, row: &CandidateRow) -> Result<DuplicateComparison, Problem> {
    let sides = by_id(candidates::sides_of_visible(r, std::slice::from_ref(row))?);
    let (a, b) = (sides.get(&row.a_id), sides.get(&row.b_id));
    let mut held = [None, None];
    for (slot, side) in held.iter_mut().zip([a, b]) {
        *slot = side.map(|side| candidates::holdings_of_visible(r, side, row.kind)).transpose()?;
    }
    let (mut compared, mut second_word, mut newest) = (Vec::new(), true, None);
    if let (Some(a), Some(b), [Some(a_holds), Some(b_holds)]) = (a, b, held) {
        compared = fields(row, a, b);
        second_word = needs_second_word(r, [a, b], [a_holds, b_holds]);
        newest = merges::newest_of_visible(r, row)?.map(merge);
    }
    Ok(DuplicateComparison {
        candidate: candidate(r, row, &sides),
        fields: compared,
        a_holds: held[0],
        b_holds: held[1],
        needs_second_word: second_word,
        merge: newest,
    })
}
