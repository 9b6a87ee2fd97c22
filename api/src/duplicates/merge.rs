//! Merging two records into one and taking it back: what goes along, in which order.

use serde_json::json;
use uuid::Uuid;

use super::merge_model::{KeptChange, MergeField};
use super::queries::candidates::CandidateRow;
use super::queries::merges::MergeRow;
use super::queries::moves::{self, Record, Step, Two};
use super::queries::origins;
use super::rules;
use crate::access::{AuditEntry, Writer};
use crate::households;
use crate::kernel::problem::{self, Problem};

const fn step(
    table: &'static str,
    columns: &'static [&'static str],
    set: &'static str,
    which: &'static str,
    versioned: bool,
) -> Step<'static> {
    Step { table, columns, set, which, versioned }
}

const BOTH: &[&str] = &["individual_id", "household_id"];
const TO_BOTH: &str = "individual_id = $2, household_id = $4";
const HIS: &str = "t.individual_id = $3";
const HOME: &[&str] = &["household_id"];
const TO_HOME: &str = "household_id = $4";
const ITS: &str = "t.household_id = $5";

/// Claims first: aid of one kind that both hold refuses the merge (`claims_no_overlap`) unless somebody with the duty
/// gives a reason. Two restricted claims never refuse it, since that would tell of them: the later one is marked.
const OVERRIDDEN: &str = "override_reason = CASE WHEN t.active AND t.override_reason IS NULL AND (t.sensitivity = 'restricted' OR $6 IS NOT NULL)
        AND EXISTS (SELECT FROM claims o WHERE o.unit_kind = t.unit_kind AND o.unit_id = $2 AND o.active AND o.overlap_class = t.overlap_class
            AND o.sensitivity = t.sensitivity AND o.period && t.period)
        THEN coalesce($6, 'Records of one subject were merged.') ELSE t.override_reason END,
    overridden_by = CASE WHEN t.active AND t.override_reason IS NULL AND (t.sensitivity = 'restricted' OR $6 IS NOT NULL)
        AND EXISTS (SELECT FROM claims o WHERE o.unit_kind = t.unit_kind AND o.unit_id = $2 AND o.active AND o.overlap_class = t.overlap_class
            AND o.sensitivity = t.sensitivity AND o.period && t.period)
        THEN $7 ELSE t.overridden_by END, unit_id = $2";
const CLAIM: &[&str] = &["unit_id", "override_reason", "overridden_by"];

/// What goes with a person.
const PERSON: &[Step<'static>] = &[
    step("claims", CLAIM, OVERRIDDEN, "t.unit_kind = 'person' AND t.unit_id = $3", false),
    // A rule finds a need of a subject once: what it found of both is one question.
    step(
        "problems",
        &["status", "closed_at"],
        "status = 'expired', closed_at = now()",
        "t.individual_id = $3 AND t.status = 'candidate' AND EXISTS (SELECT FROM problems p WHERE p.individual_id = $2
            AND p.status = 'candidate' AND p.need_code = t.need_code AND p.detected_by_rule = t.detected_by_rule)",
        true,
    ),
    step(
        "evidence",
        HOME,
        TO_HOME,
        "t.subject_kind = 'problem' AND t.subject_id IN (SELECT id FROM problems WHERE individual_id = $3)",
        false,
    ),
    step("problems", BOTH, TO_BOTH, HIS, true),
    step("referrals", BOTH, TO_BOTH, HIS, true),
    step("awards", BOTH, TO_BOTH, HIS, false),
    step("deliveries", &["payee_individual_id"], "payee_individual_id = $2", "t.payee_individual_id = $3", true),
    step("assessments", BOTH, TO_BOTH, HIS, true),
    step("service_requests", BOTH, TO_BOTH, HIS, true),
    step("allocation_lines", BOTH, TO_BOTH, HIS, false),
    step("allocation_left_out", BOTH, TO_BOTH, HIS, false),
    step("decisions", BOTH, TO_BOTH, HIS, true),
    step("reported_benefits", BOTH, TO_BOTH, HIS, false),
    step(
        "corrections",
        BOTH,
        TO_BOTH,
        "t.individual_id = $3 AND NOT EXISTS (SELECT FROM corrections c WHERE c.individual_id = $2 AND c.fact = t.fact
            AND c.status = 'submitted' AND t.status = 'submitted')",
        true,
    ),
    step(
        "legal_holds",
        BOTH,
        TO_BOTH,
        "t.individual_id = $3 AND NOT EXISTS (SELECT FROM legal_holds l WHERE l.individual_id = $2 AND l.lifted_at IS NULL AND t.lifted_at IS NULL)",
        false,
    ),
    step(
        "restricted_facts",
        BOTH,
        TO_BOTH,
        "t.individual_id = $3 AND NOT EXISTS (SELECT FROM restricted_facts f WHERE f.individual_id = $2 AND f.variable = t.variable)",
        false,
    ),
    step("memberships", &["individual_id"], "individual_id = $2", HIS, false),
    step("identifiers", &["subject_id"], "subject_id = $2", "t.subject_id = $3", false),
    step("accounts", &["person_id"], "person_id = $2", "t.person_id = $3", false),
    // The head of one household who stands in it twice stays its head; another household loses its head.
    step("households", &["head_id"], "head_id = CASE WHEN $4 = $5 THEN $2 END", "t.id = $5 AND t.head_id = $3", false),
];

/// What goes with a household.
const HOUSEHOLD: &[Step<'static>] = &[
    step("claims", CLAIM, OVERRIDDEN, "t.unit_kind = 'household' AND t.unit_id = $3", false),
    step(
        "problems",
        &["status", "closed_at"],
        "status = 'expired', closed_at = now()",
        "t.household_id = $5 AND t.individual_id IS NULL AND t.status = 'candidate' AND EXISTS (SELECT FROM problems p
            WHERE p.household_id = $4 AND p.individual_id IS NULL AND p.status = 'candidate' AND p.need_code = t.need_code
            AND p.detected_by_rule = t.detected_by_rule)",
        true,
    ),
    step("individuals", HOME, TO_HOME, ITS, true),
    step("evidence", HOME, TO_HOME, ITS, false),
    step("problems", HOME, TO_HOME, ITS, true),
    step("referrals", HOME, TO_HOME, ITS, true),
    step("awards", HOME, TO_HOME, ITS, false),
    step("cases", HOME, TO_HOME, ITS, true),
    step("assessments", HOME, TO_HOME, ITS, true),
    step("service_requests", HOME, TO_HOME, ITS, true),
    step("allocation_lines", HOME, TO_HOME, ITS, false),
    step("allocation_left_out", HOME, TO_HOME, ITS, false),
    step("decisions", HOME, TO_HOME, ITS, true),
    step("reported_benefits", HOME, TO_HOME, ITS, false),
    step(
        "corrections",
        HOME,
        TO_HOME,
        "t.household_id = $5 AND NOT EXISTS (SELECT FROM corrections c WHERE c.household_id = $4 AND c.individual_id IS NULL
            AND t.individual_id IS NULL AND c.fact = t.fact AND c.status = 'submitted' AND t.status = 'submitted')",
        true,
    ),
    step(
        "legal_holds",
        HOME,
        TO_HOME,
        "t.household_id = $5 AND NOT EXISTS (SELECT FROM legal_holds l WHERE l.household_id = $4 AND l.individual_id IS NULL
            AND t.individual_id IS NULL AND l.lifted_at IS NULL AND t.lifted_at IS NULL)",
        false,
    ),
    step("restricted_facts", HOME, TO_HOME, ITS, false),
    step("identifiers", &["subject_id"], "subject_id = $2", "t.subject_kind = 'household' AND t.subject_id = $3", false),
    step(
        "households",
        &["status", "merged_into", "head_id"],
        "status = 'merged', merged_into = $2, head_id = NULL",
        "t.id = $3",
        true,
    ),
    step(
        "households",
        &["head_id", "dwelling_id", "decile", "decile_source"],
        "head_id = coalesce(t.head_id, (SELECT i.id FROM individuals i WHERE i.household_id = $2 AND i.relation = 'head' AND i.life_status = 'alive' ORDER BY i.id LIMIT 1)),
         dwelling_id = coalesce(t.dwelling_id, (SELECT m.dwelling_id FROM households m WHERE m.id = $3)),
         decile_source = CASE WHEN t.decile IS NULL THEN (SELECT m.decile_source FROM households m WHERE m.id = $3) ELSE t.decile_source END,
         decile = coalesce(t.decile, (SELECT m.decile FROM households m WHERE m.id = $3))",
        "t.id = $2",
        false,
    ),
];

/// Open questions about the merged record are asked of the survivor by the next run.
const QUESTIONS: Step<'static> = step(
    "duplicate_candidates",
    &["status", "later_until"],
    "status = 'gone', later_until = NULL",
    "$3 IN (t.a_id, t.b_id) AND $2 NOT IN (t.a_id, t.b_id) AND t.status IN ('open', 'later')",
    true,
);

/// The merged person points at the survivor, and is nobody's member any more.
const POINTS: Step<'static> =
    step("individuals", &["merged_into", "life_status"], "merged_into = $2, life_status = 'merged'", "t.id = $3", true);

/// Numbers that the survivor does not go by are his history.
const OLD_NIKS: Step<'static> = step(
    "identifiers",
    &["valid_to"],
    "valid_to = (now() AT TIME ZONE 'Asia/Jakarta')::date",
    "t.subject_id = $2 AND t.kind = 'nik' AND t.valid_to IS NULL AND t.value IS DISTINCT FROM (SELECT nik FROM individuals WHERE id = $2)",
    false,
);
const OLD_CARDS: Step<'static> = step(
    "identifiers",
    &["valid_to"],
    "valid_to = (now() AT TIME ZONE 'Asia/Jakarta')::date",
    "t.subject_id = $2 AND t.kind = 'family_card' AND t.valid_to IS NULL
        AND t.value IS DISTINCT FROM (SELECT family_card_number FROM households WHERE id = $2)",
    false,
);

/// Columns of each field of a person; where they are objects, both are laid over each other.
const FIELDS: &[(MergeField, &[&str], bool)] = &[
    (MergeField::Name, &["name", "name_key"], false),
    (MergeField::Number, &["nik", "nik_status"], false),
    (MergeField::Sex, &["sex"], false),
    (MergeField::BirthDate, &["birth_date", "birth_date_precision"], false),
    (MergeField::MotherName, &["mother_name"], false),
    (MergeField::Phone, &["phone"], false),
    (MergeField::MaritalStatus, &["marital_status"], false),
    (MergeField::Facts, &["facts"], true),
    (MergeField::Accommodations, &["accommodations"], true),
];
const CARD: &[(MergeField, &[&str], bool)] = &[(MergeField::Number, &["family_card_number"], false)];

/// Takes the chosen fields from the merged record, and fills in what the survivor has not.
fn choose(w: &mut Writer<'_>, two: &Two, table: &'static str, chosen: &[MergeField]) -> Result<(), Problem> {
    let fields = if table == "households" { CARD } else { FIELDS };
    for (field, columns, object) in fields {
        let taken = chosen.contains(field);
        let first = columns[0];
        let theirs = |c: &str| format!("(SELECT m.{c} FROM {table} m WHERE m.id = $3)");
        let set = match (object, taken) {
            (true, true) => format!("{first} = t.{first} || {}", theirs(first)),
            (true, false) => format!("{first} = {} || t.{first}", theirs(first)),
            _ => columns.iter().map(|c| format!("{c} = {}", theirs(c))).collect::<Vec<_>>().join(", "),
        };
        let which = if taken || *object { "t.id = $2".to_owned() } else { format!("t.id = $2 AND t.{first} IS NULL") };
        moves::take(w, two, &Step { table, columns, set: &set, which: &which, versioned: false }, None)?;
    }
    Ok(())
}

/// Locks the two records, households before people.
pub(super) fn lock(w: &mut Writer<'_>, pair: &CandidateRow) -> Result<Vec<Record>, Problem> {
    if rules::is_person(pair.kind) {
        moves::lock_people(w, pair.a_id, pair.b_id)
    } else {
        moves::lock_households(w, pair.a_id, pair.b_id)
    }
}

fn locked(w: &mut Writer<'_>, pair: &CandidateRow, survivor: Uuid) -> Result<(Record, Record), Problem> {
    let records = lock(w, pair)?;
    let of = |id: Uuid| records.iter().find(|record| record.id == id).cloned().ok_or_else(Problem::not_found);
    let merged = if survivor == pair.a_id { pair.b_id } else { pair.a_id };
    Ok((of(survivor)?, of(merged)?))
}

fn tables(pair: &CandidateRow) -> (&'static str, &'static str) {
    if rules::is_person(pair.kind) { ("individuals", "individual") } else { ("households", "household") }
}

/// Does what a merge says. The caller has locked the pair and checked who may.
///
/// # Errors
/// One of the two is merged already or gone, or both hold aid of one kind (`claim_overlap`).
pub(super) fn carry_out(w: &mut Writer<'_>, pair: &CandidateRow, merge: &MergeRow) -> Result<(), Problem> {
    let (survivor, merged) = locked(w, pair, merge.survivor_id)?;
    if survivor.merged_into.is_some() || merged.merged_into.is_some() {
        return Err(Problem::with(&problem::WRONG_STATE, "one of the two has been merged already"));
    }
    let person = rules::is_person(pair.kind);
    if !person && (survivor.status != "active" || merged.status != "active") {
        return Err(Problem::with(&problem::WRONG_STATE, "one of the two households is not active"));
    }
    if survivor.status == "deceased" && merged.status != "deceased" {
        return Err(Problem::with(&problem::WRONG_STATE, "the one who lives has to be the one who stays"));
    }
    let two = Two {
        merge: merge.id,
        survivor: survivor.id,
        merged: merged.id,
        home: survivor.household_id,
        merged_home: merged.household_id,
    };
    let (table, kind) = tables(pair);
    let before =
        json!({"survivor": moves::state(w, table, two.survivor)?, "merged": moves::state(w, table, two.merged)?});
    let reason = merge.override_reason.as_deref();
    let origins = origins::before(w, &two)?;
    let mut rows = 0;
    for step in if person { PERSON } else { HOUSEHOLD } {
        rows += moves::take(w, &two, step, reason)?;
    }
    choose(w, &two, table, &merge.take)?;
    if person {
        moves::take(w, &two, &POINTS, None)?;
        let touched =
            Step { table, columns: &["merged_into"], set: "merged_into = NULL", which: "t.id = $2", versioned: true };
        moves::take(w, &two, &touched, None)?;
    }
    moves::take(w, &two, if person { &OLD_NIKS } else { &OLD_CARDS }, None)?;
    moves::take(w, &two, &QUESTIONS, None)?;
    moves::pass_on_distinct(w, &two)?;
    settle(w, &two)?;
    origins::follow(w, &two, origins, &merge.take)?;
    let note = json!({"survivor_id": two.survivor, "merged_id": two.merged});
    tell(w, &two, person, if person { "member_merged" } else { "merged" }, &note)?;
    let after = json!({"survivor": moves::state(w, table, two.survivor)?, "rows": rows});
    w.audit(AuditEntry {
        action: "duplicate.merge",
        subject_kind: kind,
        subject_id: Some(two.survivor),
        household_id: Some(two.home),
        reason: Some(merge.reason.clone()),
        before: Some(before),
        after: Some(after),
        ..AuditEntry::default()
    })
}

fn settle(w: &mut Writer<'_>, two: &Two) -> Result<(), Problem> {
    households::settle(w, two.home)?;
    if two.merged_home != two.home {
        households::settle(w, two.merged_home)?;
    }
    Ok(())
}

fn tell(w: &mut Writer<'_>, two: &Two, person: bool, event: &str, note: &serde_json::Value) -> Result<(), Problem> {
    households::note(w, two.home, person.then_some(two.survivor), event, note)?;
    if two.merged_home != two.home {
        households::note(w, two.merged_home, person.then_some(two.merged), event, note)?;
    }
    Ok(())
}

/// Takes a merge back; what had been changed since and stayed so.
///
/// # Errors
/// The survivor has been merged into somebody else since: that one is undone first.
pub(super) fn take_back(
    w: &mut Writer<'_>,
    pair: &CandidateRow,
    merge: &MergeRow,
    reason: &str,
) -> Result<Vec<KeptChange>, Problem> {
    let (survivor, merged) = locked(w, pair, merge.survivor_id)?;
    if survivor.merged_into.is_some() || merged.merged_into != Some(survivor.id) {
        return Err(Problem::with(&problem::WRONG_STATE, "a later merge has to be undone first"));
    }
    let person = rules::is_person(pair.kind);
    let (table, kind) = tables(pair);
    let before = moves::state(w, table, survivor.id)?;
    let origins = origins::present(w, merge.id)?;
    let kept = moves::give_back(w, merge.id)?;
    origins::give_back(w, origins)?;
    // The households are where their people are now.
    let two = Two {
        merge: merge.id,
        survivor: survivor.id,
        merged: merged.id,
        home: survivor.household_id,
        merged_home: merged.household_id,
    };
    settle(w, &two)?;
    let note = json!({"survivor_id": two.survivor, "merged_id": two.merged});
    tell(w, &two, person, if person { "member_unmerged" } else { "unmerged" }, &note)?;
    let after = json!({"survivor": moves::state(w, table, survivor.id)?, "merged": moves::state(w, table, merged.id)?});
    w.audit(AuditEntry {
        action: "duplicate.undo_merge",
        subject_kind: kind,
        subject_id: Some(two.survivor),
        household_id: Some(two.home),
        reason: Some(reason.to_owned()),
        before: Some(before),
        after: Some(after),
        ..AuditEntry::default()
    })?;
    Ok(kept)
}
