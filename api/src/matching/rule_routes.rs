//! Operations about the rules of programs.

use std::collections::BTreeMap;

use actix_web::{get, post, put};
use satupintu_rules::{Clause, Kind, Subject, check, parse, schema, sentence};

use super::model::RegionMatches;
use super::queries::book::{self, Book, Live};
use super::queries::people::{self, Which};
use super::queries::versions as stored;
use super::rule_model::{
    NewProgramRule, ProgramRule, ProgramRuleVersionPage, RegionChange, RuleCheck, RuleCode, RuleFact, RuleFactPage,
    RuleFactQuery, RulePreview, RuleToCheck, RuleToPreview, RuleVersionQuery,
};
use super::work::Sweep;
use super::{rules, versions, view};
use crate::access::policy::{ProgramDraft, ProgramRead, Role, RuleCheckRead, RulePreviewRead};
use crate::access::{AuditEntry, Permit, Reader};
use crate::db::slugs::Sensitivity;
use crate::households;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IfMatchHeader, IfNoneMatchHeader};
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::programs::{self, Ruled};

fn restricted(program: &Ruled) -> bool {
    program.sensitivity == Sensitivity::Restricted
}

fn rule_view(r: &mut Reader<'_>, program: Ruled) -> Result<ProgramRule, Problem> {
    let book = book::book(r.conn())?;
    let clause = program.rule.as_ref().and_then(|rule| satupintu_rules::from_value(rule).ok());
    let report = clause.as_ref().map(|c| check(c, &book.vocabulary, restricted(&program)));
    let can = if program.editable(r) { vec!["edit", "preview"] } else { Vec::new() };
    Ok(ProgramRule {
        program_id: program.id,
        version: program.rule_version,
        sentence: clause.map(|c| view::text(&sentence(&c, &book.vocabulary))),
        warnings: report.map(|r| view::findings(&r.warnings)).unwrap_or_default(),
        rule: program.rule,
        updated_at: program.rule_at,
        can,
    })
}

fn answer(r: &mut Reader<'_>, program: Ruled) -> Result<Answer, Problem> {
    let view = rule_view(r, program)?;
    Ok(Answer::ok(&view)?.etag(i64::from(view.version), r.principal(), &view.can))
}

/// Get the rule of a program
///
/// With the rule in words. The tag carries the version of the rule, not of the program.
#[utoipa::path(tag = "matching", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The rule.", body = ProgramRule), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/programs/{id}/rule")]
pub async fn get_program_rule(permit: Permit<ProgramRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = programs::ruled(r, id.0)?;
            answer(r, program)
        })
        .await
}

/// Put a rule in force
///
/// Checked first: unknown facts, wrong units, and clauses that always or never hold are refused with their place. A draft's
/// rule is written by its organization, a published one's by who publishes. Every version is kept; referrals sent from now
/// on carry this one.
#[utoipa::path(tag = "matching", params(IdPath, IfMatchHeader), request_body = NewProgramRule, responses((status = 200, description = "In force.", body = ProgramRule)))]
#[put("/api/v1/programs/{id}/rule")]
pub async fn put_program_rule(
    permit: Permit<ProgramDraft>,
    id: Id,
    version: IfMatch,
    body: Json<NewProgramRule>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let program = programs::lock_ruled(w, id.0)?;
            if !program.editable(w) {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            version.check(i64::from(program.rule_version))?;
            let clause = parse(body.0.rule.get()).map_err(|faults| view::refusal(&faults))?;
            let book = book::book(w.conn())?;
            let report = check(&clause, &book.vocabulary, restricted(&program));
            if !report.errors.is_empty() {
                return Err(view::refusal(&report.errors));
            }
            let rule = serde_json::to_value(&clause).map_err(Problem::internal)?;
            if program.rule.as_ref() == Some(&rule) {
                return answer(w, program);
            }
            let note = body.0.note.map(|n| clean(&n)).filter(|n| !n.is_empty());
            programs::set_rule(w, &program, &rule, note.as_deref())?;
            w.audit(AuditEntry {
                action: "program.rule",
                subject_kind: "program",
                subject_id: Some(program.id),
                restricted: restricted(&program),
                reason: note,
                before: program.rule.clone(),
                after: Some(rule),
                ..AuditEntry::default()
            })?;
            let program = programs::ruled(w, id.0)?;
            answer(w, program)
        })
        .await
}

/// List versions of a rule
///
/// Newest first: the rule in words, what changed against the one before, who changed it, when and why.
#[utoipa::path(tag = "matching", params(IdPath, RuleVersionQuery), responses((status = 200, description = "A page of versions.", body = ProgramRuleVersionPage)))]
#[get("/api/v1/programs/{id}/rule/versions")]
pub async fn list_program_rule_versions(
    permit: Permit<ProgramRead>,
    id: Id,
    query: Query<RuleVersionQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = programs::ruled(r, id.0)?;
            let path = format!("/api/v1/programs/{}/rule/versions", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut rows = stored::versions_visible(r, &program, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |v| (None, v.version.to_string()));
            let book = book::book(r.conn())?;
            // A citizen is told what is decided, not who sat at the desk.
            let named = !r.principal().has_role(Role::Citizen);
            let data = rows.into_iter().map(|row| versions::view(row, &book.vocabulary, named)).collect();
            page_answer(&ProgramRuleVersionPage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// The rule as it would be evaluated.
fn draft(program: &Ruled, clause: Clause, version: i32) -> Live {
    let (clause, limited) = book::within(clause, &program.areas);
    let restricted = restricted(program);
    Live { id: program.id, number: program.number, rule_version: version, restricted, clause, limited }
}

/// Check a rule
///
/// Says what is wrong with it, how it reads, and, on asking, what it means for one household of the caller's area.
#[utoipa::path(tag = "matching", params(IdPath), request_body = RuleToCheck, responses((status = 200, description = "What the checker says.", body = RuleCheck)))]
#[post("/api/v1/programs/{id}/rule/check")]
pub async fn check_program_rule(
    permit: Permit<RuleCheckRead>,
    id: Id,
    body: Json<RuleToCheck>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let program = programs::ruled(r, id.0)?;
            let book = book::book(r.conn())?;
            if !body.0.rule.get().starts_with('{') {
                return Err(Problem::field("/rule", "wrong_type", "expected an object"));
            }
            let clause = match parse(body.0.rule.get()) {
                Ok(clause) => clause,
                Err(faults) => return Answer::ok(&unreadable(&faults)),
            };
            let report = check(&clause, &book.vocabulary, restricted(&program));
            let words = view::text(&sentence(&clause, &book.vocabulary));
            let mut found = RuleCheck {
                errors: view::findings(&report.errors),
                warnings: view::findings(&report.warnings),
                sentence: Some(words),
                verdict: None,
                changes: Vec::new(),
            };
            if let Some(household) = body.0.household_id.filter(|_| report.errors.is_empty()) {
                let unknown = || Problem::field("/household_id", "not_found", "is not in your area");
                let home = households::find_visible(r, household).map_err(|_| unknown())?;
                let supervised = r.scope().supervises() && r.scope().covers_region(&home.region_code);
                if !r.scope().covers_region(&home.region_code) || (restricted(&program) && !supervised) {
                    return Err(unknown());
                }
                let homes = people::households(r.conn(), &book, Which::One(home.id))?;
                let live = draft(&program, clause, program.rule_version + 1);
                if let Some(household) = homes.get(&home.id) {
                    let (verdict, changes) = view::verdict(&book, &live, &program, household, r.now())?;
                    found.verdict = Some(verdict);
                    found.changes = changes;
                }
            }
            Answer::ok(&found)
        })
        .await
}

fn unreadable(faults: &[satupintu_rules::Fault]) -> RuleCheck {
    RuleCheck {
        errors: view::findings(faults),
        warnings: Vec::new(),
        sentence: None,
        verdict: None,
        changes: Vec::new(),
    }
}

/// Examples of each kind.
const EXAMPLES: usize = 5;

/// Preview a rule
///
/// How many households it adds to and drops from the rule in force, within the caller's area, with examples and by
/// kecamatan: to be looked at before `PUT`. Evaluated now, nothing is stored.
#[utoipa::path(tag = "matching", params(IdPath), request_body = RuleToPreview, responses((status = 200, description = "What would change.", body = RulePreview)))]
#[post("/api/v1/programs/{id}/rule/preview")]
pub async fn preview_program_rule(
    permit: Permit<RulePreviewRead>,
    id: Id,
    body: Json<RuleToPreview>,
) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let program = programs::ruled(r, id.0)?;
            if !program.countable(r) || !program.editable(r) {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            let book = book::book(r.conn())?;
            let clause = parse(body.0.rule.get()).map_err(|faults| view::refusal(&faults))?;
            let report = check(&clause, &book.vocabulary, restricted(&program));
            if !report.errors.is_empty() {
                return Err(view::refusal(&report.errors));
            }
            let words = view::text(&sentence(&clause, &book.vocabulary));
            let mut preview = compare(r, &book, &program, clause)?;
            preview.warnings = view::findings(&report.warnings);
            preview.sentence = words;
            Answer::ok(&preview)
        })
        .await
}

/// Sums of a comparison: eligible and open before and after, added, removed.
#[derive(Default, Clone, Copy)]
struct Sums {
    before: (i64, i64),
    after: (i64, i64),
    added: i64,
    removed: i64,
}

fn compare(r: &mut Reader<'_>, book: &Book, program: &Ruled, clause: Clause) -> Result<RulePreview, Problem> {
    let mut lives = vec![draft(program, clause, program.rule_version + 1)];
    let old = program.rule.as_ref().and_then(|rule| satupintu_rules::from_value(rule).ok());
    lives.extend(old.map(|old| draft(program, old, program.rule_version)));
    let sweep = Sweep::new(book, &lives, r.today(), false);
    let sees = r.scope().has_area() && !r.scope().deidentified;
    let (mut all, mut districts) = (Sums::default(), BTreeMap::<String, Sums>::new());
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    sweep.look(r.conn(), |region, ids, answers| {
        let sums = districts.entry(rules::district(region).to_owned()).or_default();
        let (new, old) = (answers.first(), answers.get(1));
        let counts = |bits: Option<&satupintu_rules::Bits>| {
            bits.map(satupintu_rules::Bits::counts).map_or((0, 0), |(a, b)| (i64::from(a), i64::from(b)))
        };
        let (before, after) = (counts(old), counts(new));
        sums.before = (sums.before.0 + before.0, sums.before.1 + before.1);
        sums.after = (sums.after.0 + after.0, sums.after.1 + after.1);
        let yes = |bits: Option<&satupintu_rules::Bits>, slot| {
            bits.is_some_and(|b| b.get(slot) == satupintu_rules::Tri::True)
        };
        for (slot, id) in ids.iter().enumerate() {
            let list = match (yes(old, slot), yes(new, slot)) {
                (false, true) => {
                    sums.added += 1;
                    &mut added
                }
                (true, false) => {
                    sums.removed += 1;
                    &mut removed
                }
                _ => continue,
            };
            if sees && list.len() < EXAMPLES {
                list.push(*id);
            }
        }
    })?;
    for sums in districts.values() {
        all.before = (all.before.0 + sums.before.0, all.before.1 + sums.before.1);
        all.after = (all.after.0 + sums.after.0, all.after.1 + sums.after.1);
        all.added += sums.added;
        all.removed += sums.removed;
    }
    let name = |code: &str| book.vocabulary.area(code).unwrap_or(code).to_owned();
    let city = |(eligible, needs_data): (i64, i64)| RegionMatches {
        region_code: crate::reference::CITY.to_owned(),
        region_name: name(crate::reference::CITY),
        eligible: rules::told(eligible, sees),
        needs_data: rules::told(needs_data, sees),
    };
    let changed = districts.iter().filter(|(_, s)| s.added + s.removed > 0).map(|(code, s)| RegionChange {
        region_code: code.clone(),
        region_name: name(code),
        added: rules::told(s.added, sees),
        removed: rules::told(s.removed, sees),
    });
    Ok(RulePreview {
        added: rules::told(all.added, sees),
        removed: rules::told(all.removed, sees),
        before: city(all.before),
        after: city(all.after),
        districts: changed.collect(),
        added_examples: added,
        removed_examples: removed,
        warnings: Vec::new(),
        sentence: view::text(&satupintu_rules::Label::default()),
    })
}

/// List facts of rules
///
/// What rules may ask for: names, types, units, codes.
#[utoipa::path(tag = "matching", params(RuleFactQuery), responses((status = 200, description = "The catalogue.", body = RuleFactPage)))]
#[get("/api/v1/rule-facts")]
pub async fn list_rule_facts(permit: Permit<ProgramRead>, query: Query<RuleFactQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let book = book::book(r.conn())?;
            let paging = query.0.paging("rule-facts");
            let after = paging.start(r.sealer())?.map(|c| c.id);
            let from = after.and_then(|name| book.vocabulary.fact(&name)).map_or(0, |(number, _)| number + 1);
            let rest = book.vocabulary.facts().iter().skip(from).take(paging.limit as usize + 1);
            let mut data: Vec<RuleFact> = rest.map(|f| fact(&book, f)).collect();
            let total = paging.include_total.then(|| i64::try_from(book.vocabulary.facts().len()).unwrap_or(0));
            let page = paging.close(&mut data, r.sealer(), total, |f| (None, f.name.clone()));
            page_answer(&RuleFactPage { data, page: page.clone() }, &page, "/api/v1/rule-facts")
        })
        .await
}

fn fact(book: &Book, fact: &satupintu_rules::Fact) -> RuleFact {
    let codes = book.vocabulary.list(fact.list.as_deref().unwrap_or_default()).iter();
    RuleFact {
        name: fact.name.clone(),
        subject: if fact.subject == Subject::Household { "household" } else { "member" },
        kind: match fact.kind {
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Money => "money",
            Kind::Code => "code",
            Kind::Date => "date",
        },
        list: fact.list.clone(),
        unit: fact.unit.clone(),
        min: fact.min,
        max: fact.max,
        label: view::text(&fact.label),
        documents: fact.documents.clone(),
        codes: codes
            .map(|c| RuleCode { code: c.code.clone(), label: view::text(&c.label), restricted: c.restricted })
            .collect(),
    }
}

/// Get the schema of rules
///
/// The language as JSON Schema (2020-12) over the facts and codes of this installation, for systems that write rules.
#[utoipa::path(tag = "matching", responses((status = 200, description = "The schema.", body = serde_json::Value)))]
#[get("/api/v1/rule-schema")]
pub async fn get_rule_schema(permit: Permit<ProgramRead>) -> Result<Answer, Problem> {
    permit.read(move |r| Answer::ok(&schema(&book::book(r.conn())?.vocabulary))).await
}
