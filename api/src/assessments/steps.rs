//! Steps of an assessment: signature, counter-signature, return, amendment.

use actix_web::post;

use super::effects;
use super::model::{Assessment, AssessmentKind, AssessmentStatus, Recommended, ReturnAssessment};
use super::queries::{self, AssessmentRow, Fresh};
use super::routes::{allowed, answer, audit, definition, json};
use super::rules::Step;
use crate::access::policy::{AssessmentCountersign, AssessmentWrite};
use crate::access::{Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json};
use crate::http::openapi::{IdPath, IfMatchHeader};
use crate::instruments::evaluate::{self, Answers};
use crate::kernel::problem::{self, FieldError, Problem};

/// What is still open before the signature, by pointer.
fn open_ends(row: &AssessmentRow, evaluation: &evaluate::Evaluation) -> Vec<FieldError> {
    let required =
        |pointer: String, detail: &str| FieldError { pointer, code: "required".into(), detail: detail.into() };
    let missing = evaluation.progress.iter().flat_map(|section| &section.missing);
    let mut open: Vec<_> =
        missing.map(|code| required(format!("/answers/{code}"), "must be answered before signing")).collect();
    if row.kind == AssessmentKind::Assessment && row.conclusion.is_none() {
        open.push(required("/conclusion".into(), "an assessment is signed with its conclusion"));
    }
    open
}

/// Sign an assessment
///
/// By its author, with every required question answered (`422` names what is open). An assessment needs a certificate
/// (STR) valid that day in Jakarta (`str_expired`) and a conclusion; it then waits for the counter-signature. What is
/// recommended becomes a problem, or stands behind a known one. From now on nothing of it changes.
#[utoipa::path(tag = "assessments", params(IdPath, IfMatchHeader), responses((status = 200, description = "Signed.", body = Assessment)))]
#[post("/api/v1/assessments/{id}/sign")]
pub async fn sign_assessment(permit: Permit<AssessmentWrite>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, Step::Sign)?;
            let definition = definition(w, &row)?;
            let answers: Answers = serde_json::from_value(row.answers.clone()).map_err(Problem::internal)?;
            let answers = evaluate::asked_only(&definition, &answers);
            let evaluation = evaluate::evaluate(&definition, &answers);
            let errors = open_ends(&row, &evaluation);
            if !errors.is_empty() {
                return Err(Problem { errors, ..Problem::new(&problem::VALIDATION_FAILED) });
            }
            let certificate = match row.kind {
                AssessmentKind::Screening => (None, None),
                // Read again: a certificate may have been taken back since the token was verified.
                AssessmentKind::Assessment => queries::certificate(w)?,
            };
            let valid = certificate.0.is_some() && certificate.1.is_some_and(|until| until >= w.today());
            if row.kind == AssessmentKind::Assessment && !valid {
                return Err(Problem::new(&problem::STR_EXPIRED));
            }
            let (answers, result) = (json(&answers)?, json(&evaluation)?);
            queries::sign(w, &row, answers, result, certificate)?;
            let recommended: Vec<Recommended> =
                serde_json::from_value(row.recommended.clone()).map_err(Problem::internal)?;
            effects::of_signature(w, &row, &recommended)?;
            supersede(w, &row, &[AssessmentStatus::Signed, AssessmentStatus::Returned])?;
            let row = queries::find(w, id.0)?;
            audit(w, "assessment.sign", &row, None)?;
            answer(w, row)
        })
        .await
}

/// The amended assessment makes way, if it stands in one of these statuses. One that is counter-signed holds until its
/// amendment is counter-signed too.
fn supersede(w: &mut Writer<'_>, row: &AssessmentRow, from: &[AssessmentStatus]) -> Result<(), Problem> {
    let Some(old) = row.amends_id else { return Ok(()) };
    let old = queries::find_for_update(w, old)?;
    let screening = old.kind == AssessmentKind::Screening;
    if screening || from.contains(&old.status) {
        queries::set_status(w, old.id, AssessmentStatus::Superseded, None)?;
    }
    Ok(())
}

/// Counter-sign an assessment
///
/// By a supervisor of the area or the coordinator, never by its author (`same_person`). It is locked for good, and the
/// problems its signature reported are verified.
#[utoipa::path(tag = "assessments", params(IdPath, IfMatchHeader), responses((status = 200, description = "Counter-signed.", body = Assessment)))]
#[post("/api/v1/assessments/{id}/countersign")]
pub async fn countersign_assessment(
    permit: Permit<AssessmentCountersign>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, Step::Countersign)?;
            queries::set_status(w, row.id, AssessmentStatus::Countersigned, None)?;
            effects::of_countersignature(w, &row)?;
            supersede(w, &row, &[AssessmentStatus::Countersigned])?;
            let row = queries::find(w, id.0)?;
            audit(w, "assessment.countersign", &row, None)?;
            answer(w, row)
        })
        .await
}

/// Return an assessment
///
/// The supervisor says what is missing; the author amends it.
#[utoipa::path(tag = "assessments", params(IdPath, IfMatchHeader), request_body = ReturnAssessment, responses((status = 200, description = "Returned.", body = Assessment)))]
#[post("/api/v1/assessments/{id}/return")]
pub async fn return_assessment(
    permit: Permit<AssessmentCountersign>,
    id: Id,
    version: IfMatch,
    body: Json<ReturnAssessment>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, Step::Return)?;
            let reason = body.0.reason.trim().to_owned();
            queries::set_status(w, row.id, AssessmentStatus::Returned, Some(reason.clone()))?;
            let row = queries::find(w, id.0)?;
            audit(w, "assessment.return", &row, Some(reason))?;
            answer(w, row)
        })
        .await
}

/// Amend an assessment
///
/// What is signed never changes: a new draft begins with its answers. Once that is signed (and counter-signed, where the
/// old one was), it takes the place of the old one.
#[utoipa::path(tag = "assessments", params(IdPath, IfMatchHeader), responses((status = 201, description = "The new draft.", body = Assessment)))]
#[post("/api/v1/assessments/{id}/amend")]
pub async fn amend_assessment(permit: Permit<AssessmentWrite>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let old = allowed(w, id, version, Step::Amend)?;
            let new = Fresh {
                household_id: old.household_id,
                individual_id: old.individual_id,
                case_id: old.case_id,
                problem_id: old.problem_id,
                instrument_id: old.instrument_id,
                kind: old.kind,
                sensitivity: old.sensitivity,
                amends: Some(old),
            };
            let id = queries::insert(w, new)?;
            let row = queries::find(w, id)?;
            audit(w, "assessment.amend", &row, None)?;
            Ok(Answer { status: 201, ..answer(w, row)?.header("location", format!("/api/v1/assessments/{id}")) })
        })
        .await
}

/// Throw a draft away
///
/// Only its author may; the audit trail keeps that it was there.
#[utoipa::path(tag = "assessments", params(IdPath, IfMatchHeader), responses((status = 204, description = "It is gone.")))]
#[post("/api/v1/assessments/{id}/discard")]
pub async fn discard_assessment(permit: Permit<AssessmentWrite>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = allowed(w, id, version, Step::Discard)?;
            queries::set_status(w, row.id, AssessmentStatus::Discarded, None)?;
            audit(w, "assessment.discard", &row, None)?;
            Ok(Answer::empty())
        })
        .await
}
