//! From the engine's words to the wire's.

use chrono::{DateTime, Utc};
use satupintu_rules::{Change, ChangeKind, Fault, Household, Label, Setting, Tri, Verdict, Why, explain, phrase};
use uuid::Uuid;

use super::model::{DecidingClause, HouseholdMatch, LawfulChange, MatchedProgram, MissingFact};
use super::queries::book::{Book, Live};
use super::rule_model::RuleFinding;
use super::rules;
use crate::kernel::problem::Problem;
use crate::programs::{ProgramText, Ruled};

pub(super) fn text(label: &Label) -> ProgramText {
    ProgramText { id: label.id.clone(), en: label.en.clone() }
}

pub(super) fn findings(faults: &[Fault]) -> Vec<RuleFinding> {
    let view =
        |f: &Fault| RuleFinding { pointer: f.pointer.clone(), code: f.code.to_owned(), detail: f.detail.clone() };
    faults.iter().map(view).collect()
}

/// The refusal of a rule, at its place in the body.
pub(super) fn refusal(faults: &[Fault]) -> Problem {
    faults.iter().fold(Problem::new(&crate::kernel::problem::VALIDATION_FAILED), |p, f| {
        p.and(format!("/rule{}", f.pointer), f.code, f.detail.clone())
    })
}

/// What a fact is called.
pub(super) fn fact_label(book: &Book, fact: &str) -> ProgramText {
    let own = |id: &str, en: &str| ProgramText { id: id.to_owned(), en: en.to_owned() };
    match fact {
        "members" => own("anggota keluarga yang belum tercatat", "members not recorded yet"),
        "problem" => own("masalah yang belum diverifikasi", "a problem not verified yet"),
        "benefits" => own("daftar penerima yang belum dimuat", "a list of recipients not loaded yet"),
        "decile" => own("desil kesejahteraan", "welfare decile"),
        name => match book.vocabulary.fact(name) {
            Some((_, fact)) => text(&fact.label),
            None => own(name, name),
        },
    }
}

pub(super) fn matched_program(program: &Ruled) -> Result<MatchedProgram, Problem> {
    Ok(MatchedProgram {
        id: program.id,
        code: program.code.clone(),
        name: serde_json::from_value(program.name.clone()).map_err(Problem::internal)?,
        access_mode: program.access_mode,
        claim_unit: program.claim_unit,
    })
}

/// The day, the lists and the label under which a program reads a household.
pub(super) fn setting<'a>(book: &'a Book, live: &Live, at: DateTime<Utc>) -> Setting<'a> {
    Setting {
        vocabulary: &book.vocabulary,
        coverage: &book.coverage,
        today: satupintu_rules::day(crate::kernel::dates::office_date(at)),
        restricted: live.restricted,
    }
}

/// The verdict of one program on one household, with its reasons and what could change it.
pub(super) fn verdict(
    book: &Book,
    live: &Live,
    program: &Ruled,
    household: &Household,
    at: DateTime<Utc>,
) -> Result<(HouseholdMatch, Vec<LawfulChange>), Problem> {
    let verdict = explain(&live.clause, household, setting(book, live, at));
    let changes = verdict.changes.iter().map(|c| change(c, live)).collect();
    Ok((view(book, live, matched_program(program)?, household, verdict, at), changes))
}

fn member(id: Option<u128>) -> Option<Uuid> {
    id.map(Uuid::from_u128)
}

fn view(
    book: &Book,
    live: &Live,
    program: MatchedProgram,
    household: &Household,
    verdict: Verdict,
    at: DateTime<Utc>,
) -> HouseholdMatch {
    let deciding = verdict.deciding.iter().map(|d| DecidingClause {
        pointer: rules::pointer(&d.pointer, live.limited),
        truth: match d.truth {
            Tri::True => "true",
            Tri::False => "false",
            Tri::Unknown => "unknown",
        },
        member_id: member(d.member),
        phrase: live
            .clause
            .at(&d.pointer)
            .map_or_else(|| text(&Label::default()), |clause| text(&phrase(clause, &book.vocabulary))),
    });
    let missing = verdict.missing.iter().map(|m| MissingFact {
        fact: m.fact.clone(),
        label: fact_label(book, &m.fact),
        pointer: rules::pointer(&m.pointer, live.limited),
        member_id: member(m.member),
        why: match m.why {
            Why::NotRecorded => "not_recorded",
            Why::Disputed => "disputed",
            Why::Imprecise => "imprecise",
            Why::MembersIncomplete => "members_incomplete",
            Why::ProblemUnverified => "problem_unverified",
            Why::NotCovered => "not_covered",
        },
        documents: m.documents.clone(),
    });
    HouseholdMatch {
        household_id: Uuid::from_u128(household.id),
        program,
        outcome: verdict.outcome.into(),
        rule_version: live.rule_version,
        deciding: deciding.collect(),
        missing: missing.collect(),
        member_ids: verdict.members.iter().map(|id| Uuid::from_u128(*id)).collect(),
        valid_until: verdict.valid_until,
        evaluated_at: at,
    }
}

fn change(change: &Change, live: &Live) -> LawfulChange {
    LawfulChange {
        kind: match change.kind {
            ChangeKind::Ask => "ask",
            ChangeKind::Check => "check",
            ChangeKind::Date => "date",
            ChangeKind::Verify => "verify",
            ChangeKind::Assess => "assess",
        },
        pointer: rules::pointer(&change.pointer, live.limited),
        fact: change.fact.clone(),
        member_id: member(change.member),
        documents: change.documents.clone(),
        on: change.on,
    }
}
