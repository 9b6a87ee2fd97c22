//! Operations about assessments: lists, beginning, autosave. The steps are in [`super::steps`].

use actix_web::{get, patch, post};
use serde_json::Value;
use uuid::Uuid;
use validator::Validate as _;

use super::effects;
use super::model::{
    Assessment, AssessmentKind, AssessmentPage, AssessmentPatch, AssessmentQuery, AssessmentStatus, InstrumentRef,
    NewAssessment, ProblemEffect, Recommended, ScoreBand,
};
use super::queries::{self, AssessmentRow, Fresh};
use super::rules::{self, Standing, Step};
use crate::access::policy::{AssessmentCountersign, AssessmentRead, AssessmentWrite, Role};
use crate::access::{AuditEntry, Duty, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::households;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query, invalid};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::instruments::evaluate::{self, Answers, Evaluation, Scored};
use crate::instruments::{self, Definition};
use crate::kernel::patch::Field;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::problems::{self, Subject, SubjectKind};

pub(super) fn standing(r: &Reader<'_>, row: &AssessmentRow) -> Standing {
    let principal = r.principal();
    let write = principal.scope_for::<AssessmentWrite>();
    let second = principal.scope_for::<AssessmentCountersign>();
    Standing {
        author: row.author_id == principal.id,
        certified: principal.has_role(Role::SocialWorker) && principal.str_valid_until.is_some_and(|d| d >= r.today()),
        writes: principal.may::<AssessmentWrite>()
            && (write.covers_region(&row.region_code) || write.assigned.contains(&row.household_id)),
        supervises: principal.may::<AssessmentCountersign>()
            && second.covers_region(&row.region_code)
            && (principal.has_role(Role::Coordinator) || principal.has_duty(Duty::Supervise)),
    }
}

fn parsed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(Problem::internal)
}

pub(super) fn definition(r: &mut Reader<'_>, row: &AssessmentRow) -> Result<Definition, Problem> {
    parsed(instruments::find(r, row.instrument_id)?.definition)
}

fn view(r: &Reader<'_>, row: AssessmentRow) -> Result<Assessment, Problem> {
    let can = rules::can(row.status, row.kind, standing(r, &row));
    let named = !r.scope().deidentified;
    let kind = if row.individual_id.is_some() { SubjectKind::Individual } else { SubjectKind::Household };
    let signed = row.signed_at.and_then(|_| row.result.get("scores").cloned());
    let scores: Vec<Scored> = signed.map(parsed).transpose()?.unwrap_or_default();
    let band = |s: Scored| ScoreBand { code: s.code, name: s.name, points: s.points, most: s.most, band: s.band };
    let mut recommended: Vec<Recommended> = parsed(row.recommended)?;
    if !named {
        recommended.iter_mut().for_each(|one| one.note = None);
    }
    Ok(Assessment {
        id: row.id,
        subject: Subject { kind, id: row.individual_id.unwrap_or(row.household_id) },
        subject_name: row.subject_name.filter(|_| named),
        household_id: row.household_id,
        region_code: row.region_code,
        case_id: row.case_id,
        problem_id: row.problem_id,
        instrument: InstrumentRef {
            id: row.instrument_id,
            code: row.instrument_code,
            revision: row.instrument_revision,
            name: parsed(row.instrument_name)?,
            outdated: row.instrument_outdated,
        },
        kind: row.kind,
        status: row.status,
        sensitivity: row.sensitivity,
        answers: None,
        evaluation: None,
        conclusion: row.conclusion.filter(|_| named),
        recommended,
        scores: scores.into_iter().map(band).collect(),
        effects: None,
        author_id: row.author_id,
        author_name: row.author_name,
        str_number: row.str_number,
        str_valid_until: row.str_valid_until,
        signed_at: row.signed_at,
        countersigned_by: row.countersigned_by,
        countersigned_by_name: row.countersigned_by_name,
        countersigned_at: row.countersigned_at,
        return_reason: row.return_reason.filter(|_| named),
        amends_id: row.amends_id,
        revision: row.revision,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    })
}

/// The whole assessment. What was signed is shown as it was computed then.
pub(super) fn answer(r: &mut Reader<'_>, row: AssessmentRow) -> Result<Answer, Problem> {
    let answers: Answers = parsed(row.answers.clone())?;
    let evaluation: Evaluation = match row.signed_at {
        Some(_) => parsed(row.result.clone())?,
        None => evaluate::evaluate(&definition(r, &row)?, &answers),
    };
    // A problem the caller may not see is not named either.
    let mut effects = Vec::new();
    for (problem_id, effect) in queries::effects(r, row.id)? {
        if problems::find(r, problem_id).is_ok() {
            effects.push(ProblemEffect { problem_id, effect });
        }
    }
    let named = !r.scope().deidentified;
    let view = Assessment {
        answers: named.then_some(answers),
        evaluation: Some(evaluation),
        effects: Some(effects),
        ..view(r, row)?
    };
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

fn page(r: &mut Reader<'_>, query: &AssessmentQuery, household: Option<Uuid>, path: &str) -> Result<Answer, Problem> {
    let paging = query.paging(path);
    let start = paging.start(r.sealer())?;
    let mut rows = queries::list(r, query, household, start.as_ref(), paging.fetch())?;
    let total = if paging.include_total { Some(queries::count(r, query, household)?) } else { None };
    let page = paging.close(&mut rows, r.sealer(), total, |row| (None, row.id.to_string()));
    let data = rows.into_iter().map(|row| view(r, row)).collect::<Result<_, _>>()?;
    page_answer(&AssessmentPage { data, page: page.clone() }, &page, path)
}

/// List assessments
///
/// Newest first, those of the caller's area, without answers. A restricted one is listed only for who works on it.
#[utoipa::path(tag = "assessments", params(AssessmentQuery), responses((status = 200, description = "A page of assessments.", body = AssessmentPage)))]
#[get("/api/v1/assessments")]
pub async fn list_assessments(
    permit: Permit<AssessmentRead>,
    query: Query<AssessmentQuery>,
) -> Result<Answer, Problem> {
    permit.read(move |r| page(r, &query.0, None, "/api/v1/assessments")).await
}

/// List assessments of a household
///
/// Newest first: those of the household itself and of each of its people.
#[utoipa::path(tag = "assessments", params(IdPath, AssessmentQuery), responses((status = 200, description = "A page of assessments.", body = AssessmentPage)))]
#[get("/api/v1/households/{id}/assessments")]
pub async fn list_household_assessments(
    permit: Permit<AssessmentRead>,
    id: Id,
    query: Query<AssessmentQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            households::find_visible(r, id.0)?;
            page(r, &query.0, Some(id.0), &format!("/api/v1/households/{}/assessments", id.0))
        })
        .await
}

/// Get an assessment
///
/// With its answers, scores, findings, and what is still open in each section. Its questions are those of
/// `instrument.id`.
#[utoipa::path(tag = "assessments", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The assessment.", body = Assessment), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/assessments/{id}")]
pub async fn get_assessment(permit: Permit<AssessmentRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .snapshot(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "assessment", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// Begin an assessment
///
/// A draft with the revision of the instrument now in use; it keeps that revision. Save answers by PATCH as they come.
#[utoipa::path(tag = "assessments", params(IdempotencyHeader), request_body = NewAssessment, responses((status = 201, description = "The draft.", body = Assessment)))]
#[post("/api/v1/assessments")]
pub async fn create_assessment(
    permit: Permit<AssessmentWrite>,
    key: IdempotencyKey,
    body: Json<NewAssessment>,
) -> Result<Answer, Problem> {
    let new = body.0;
    permit.write(move |w| idempotency::once(w, &key, "create_assessment", &new, |w| begin(w, &new))).await
}

fn begin(w: &mut Writer<'_>, new: &NewAssessment) -> Result<Answer, Problem> {
    let instrument = instruments::by_code(w, &new.instrument_code)?
        .ok_or_else(|| Problem::field("/instrument_code", "unknown_code", "is not an instrument in use"))?;
    let unknown = || Problem::field("/subject/id", "not_found", "is not in your area");
    if instrument.subject_kind.slug() != new.subject.kind.slug() {
        return Err(Problem::field("/subject/kind", "not_allowed", "does not fit the instrument"));
    }
    let individual_id = (new.subject.kind == SubjectKind::Individual).then_some(new.subject.id);
    let household_id = match individual_id {
        Some(person) => problems::household_of_person(w, person).map_err(|_| unknown())?,
        None => new.subject.id,
    };
    let household = households::find_visible(w, household_id).map_err(|_| unknown())?;
    if matches!(household.status.as_str(), "merged" | "dissolved") {
        return Err(Problem::field("/subject/id", "ended", "the household no longer exists"));
    }
    let mut sensitivity = instrument.sensitivity;
    if let Some(id) = new.problem_id {
        let problem = problems::find(w, id)
            .ok()
            .filter(|p| p.household_id == household_id)
            .ok_or_else(|| Problem::field("/problem_id", "not_found", "is not a problem of this household"))?;
        sensitivity = sensitivity.max(problem.sensitivity);
    }
    if let Some(id) = new.case_id {
        let label = queries::case_label(w, id, household_id)?
            .ok_or_else(|| Problem::field("/case_id", "not_found", "is not an open case of this household"))?;
        sensitivity = sensitivity.max(label);
    }
    let fresh = Fresh {
        household_id,
        individual_id,
        case_id: new.case_id,
        problem_id: new.problem_id,
        instrument_id: instrument.id,
        kind: kind(w, new.kind)?,
        sensitivity,
        amends: None,
    };
    let id = queries::insert(w, fresh)?;
    let row = queries::find(w, id)?;
    audit(w, "assessment.begin", &row, None)?;
    Ok(Answer { status: 201, ..answer(w, row)?.header("location", format!("/api/v1/assessments/{id}")) })
}

/// What the draft is to count as. Only a social worker may begin an assessment; the certificate is asked at signing.
fn kind(w: &Writer<'_>, asked: Option<AssessmentKind>) -> Result<AssessmentKind, Problem> {
    let worker = w.principal().has_role(Role::SocialWorker);
    let certified = worker && w.principal().str_valid_until.is_some_and(|d| d >= w.today());
    match asked {
        Some(AssessmentKind::Assessment) if !worker => {
            Err(Problem::field("/kind", "not_allowed", "only a social worker assesses; yours is a screening"))
        }
        Some(kind) => Ok(kind),
        None if certified => Ok(AssessmentKind::Assessment),
        None => Ok(AssessmentKind::Screening),
    }
}

pub(super) fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    row: &AssessmentRow,
    reason: Option<String>,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "assessment",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.sensitivity == Sensitivity::Restricted,
        reason,
        before: None,
        after: Some(serde_json::json!({"status": row.status, "answers": row.answers, "conclusion": row.conclusion})),
        ..AuditEntry::default()
    })
}

/// Save a draft
///
/// Answers are merged by question; `null` takes one back. A mistaken answer is refused with its pointer and nothing of
/// the request is kept. Only the author may.
#[utoipa::path(tag = "assessments", params(IdPath, IfMatchHeader), request_body(content = AssessmentPatch, content_type = "application/merge-patch+json"), responses((status = 200, description = "The draft as it is now.", body = Assessment)))]
#[patch("/api/v1/assessments/{id}")]
pub async fn update_assessment(
    permit: Permit<AssessmentWrite>,
    id: Id,
    version: IfMatch,
    body: Json<AssessmentPatch>,
) -> Result<Answer, Problem> {
    let patch = body.0;
    if patch.conclusion.value().is_some_and(|text| text.chars().count() > 8000) {
        return Err(Problem::field("/conclusion", "length", "is too long"));
    }
    if patch.answers == Field::Null {
        return Err(Problem::field("/answers", "required", "cannot be removed"));
    }
    let recommended = match patch.recommended {
        Field::Null => return Err(Problem::field("/recommended", "required", "cannot be removed")),
        Field::Absent => None,
        Field::Value(list) => Some(checked(list)?),
    };
    permit
        .write(move |w| {
            let row = allowed(w, id, version, Step::Edit)?;
            let mut answers: Answers = parsed(row.answers.clone())?;
            let mut given = Answers::new();
            for (code, value) in patch.answers.value().cloned().unwrap_or_default() {
                if value.is_null() {
                    answers.remove(&code);
                } else {
                    given.insert(code, tidy(value));
                }
            }
            let errors = evaluate::check(&definition(w, &row)?, &given);
            if !errors.is_empty() {
                return Err(Problem { errors, ..Problem::new(&problem::VALIDATION_FAILED) });
            }
            answers.extend(given);
            let conclusion = match patch.conclusion {
                Field::Absent => row.conclusion.clone(),
                Field::Null => None,
                Field::Value(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
            };
            let recommended = recommended.map_or_else(|| parsed(row.recommended.clone()), Ok)?;
            // A draft that becomes restricted stays so: what it said may have been read.
            let label = effects::label(w, &recommended)?.max(row.sensitivity);
            let (answers, recommended) = (json(&answers)?, json(&recommended)?);
            queries::save(w, id.0, answers, conclusion, recommended, label)?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// At most thirty needs, each within its bounds.
fn checked(list: Vec<Recommended>) -> Result<Vec<Recommended>, Problem> {
    if list.len() > 30 {
        return Err(Problem::field("/recommended", "length", "has at most 30"));
    }
    for (n, one) in list.iter().enumerate() {
        if let Err(errors) = one.validate() {
            let mut problem = invalid(&errors);
            problem.errors.iter_mut().for_each(|e| e.pointer = format!("/recommended/{n}{}", e.pointer));
            return Err(problem);
        }
    }
    Ok(list)
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(Problem::internal)
}

/// Text is kept as written but for its ends and unusable characters.
fn tidy(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.lines().map(clean).collect::<Vec<_>>().join("\n").trim().to_owned()),
        other => other,
    }
}

/// The locked assessment, if the caller may take this step on it now.
pub(super) fn allowed(w: &mut Writer<'_>, id: Id, version: IfMatch, step: Step) -> Result<AssessmentRow, Problem> {
    let row = queries::find_for_update(w, id.0)?;
    let who = standing(w, &row);
    let second = matches!(step, Step::Countersign | Step::Return);
    if second && who.author {
        return Err(Problem::new(&problem::SAME_PERSON));
    }
    let uncertified =
        matches!(step, Step::Sign | Step::Amend) && row.kind == AssessmentKind::Assessment && !who.certified;
    if uncertified && (who.author || step == Step::Amend && who.writes) {
        version.check(row.version)?;
        return Err(Problem::new(&problem::STR_EXPIRED));
    }
    if !rules::may(row.kind, step, who) {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    version.check(row.version)?;
    if !rules::fits(row.status, row.kind, step) {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    if step == Step::Sign && (!row.subject_alive || matches!(row.household_status.as_str(), "merged" | "dissolved")) {
        return Err(Problem::with(&problem::WRONG_STATE, "the subject has died or the household no longer exists"));
    }
    if row.status == AssessmentStatus::Discarded {
        return Err(Problem::not_found());
    }
    Ok(row)
}
