//! Operations about problems.

use actix_web::{get, post};

use super::model::{
    Dismissal, NewProblem, ProblemPage, ProblemQuery, ProblemSource, ProblemView, Resolution, ResolveProblem, Severity,
    Subject, SubjectKind,
};
use super::queries::{self, Fresh, Mark, ProblemRow};
use super::rules::{self, Standing, Step};
use crate::access::policy::{ProblemRead, ProblemReport, ProblemVerify, ReferralSend, Role};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::households;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::mandates;
use crate::reference::lookup;

fn standing(r: &Reader<'_>, row: &ProblemRow) -> Standing {
    let principal = r.principal();
    let verify = principal.scope_for::<ProblemVerify>();
    let send = principal.scope_for::<ReferralSend>();
    // Open behind the glass alone: to be looked at, not to be acted on.
    let acts = !r.scope().opened_problems.contains(&row.id)
        || row.assigned
        || row.reported_by == Some(principal.id)
        || verify.supervises();
    Standing {
        verifies: acts
            && principal.may::<ProblemVerify>()
            && (verify.covers_region(&row.region_code) || (verify.has_area() && row.assigned)),
        refers: acts
            && principal.may::<ReferralSend>()
            && (send.covers_region(&row.region_code)
                || !send.organizations.is_empty()
                || (send.has_area() && row.assigned)),
        reporter: row.reported_by == Some(principal.id),
    }
}

fn view(r: &Reader<'_>, row: ProblemRow) -> ProblemView {
    let can = rules::can(row.status, row.severity, standing(r, &row));
    let named = !r.scope().deidentified;
    ProblemView {
        id: row.id,
        subject: Subject { kind: row.subject_kind, id: row.individual_id.unwrap_or(row.household_id) },
        subject_name: row.subject_name.filter(|_| named),
        household_id: row.household_id,
        region_code: row.region_code,
        need_code: row.need_code,
        ppks_code: row.ppks_code,
        severity: row.severity,
        source: row.source,
        status: row.status,
        sensitivity: row.sensitivity,
        description: row.description.filter(|_| named),
        onset_date: row.onset_on,
        detected_by_rule: row.detected_by_rule,
        reason_code: row.reason_code,
        reported_by: row.reported_by,
        reported_at: row.reported_at,
        verified_by: row.verified_by,
        verified_at: row.verified_at,
        closed_at: row.closed_at,
        responsible_organization_id: row.responsible_organization_id,
        responsible_organization_name: row.responsible_organization_name,
        due_on: row.due_on,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        can,
    }
}

fn answer(r: &Reader<'_>, row: ProblemRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

fn page(
    r: &mut Reader<'_>,
    query: &ProblemQuery,
    household: Option<uuid::Uuid>,
    path: &str,
) -> Result<Answer, Problem> {
    let paging = query.paging(path);
    let start = paging.start(r.sealer())?;
    let mut rows = queries::list(r, query, household, start.as_ref(), paging.fetch())?;
    let total = if paging.include_total { Some(queries::count(r, query, household)?) } else { None };
    let page = paging.close(&mut rows, r.sealer(), total, |p| (None, p.id.to_string()));
    let data = rows.into_iter().map(|row| view(r, row)).collect();
    page_answer(&ProblemPage { data, page: page.clone() }, &page, path)
}

/// List problems
///
/// Newest first, those of the caller's area. A restricted problem is listed only for who works on it.
#[utoipa::path(tag = "problems", params(ProblemQuery), responses((status = 200, description = "A page of problems.", body = ProblemPage)))]
#[get("/api/v1/problems")]
pub async fn list_problems(permit: Permit<ProblemRead>, query: Query<ProblemQuery>) -> Result<Answer, Problem> {
    permit.read(move |r| page(r, &query.0, None, "/api/v1/problems")).await
}

/// List problems of a household
///
/// Newest first: those of the household itself and of each of its people.
#[utoipa::path(tag = "problems", params(IdPath, ProblemQuery), responses((status = 200, description = "A page of problems.", body = ProblemPage)))]
#[get("/api/v1/households/{id}/problems")]
pub async fn list_household_problems(
    permit: Permit<ProblemRead>,
    id: Id,
    query: Query<ProblemQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            households::find_visible(r, id.0)?;
            page(r, &query.0, Some(id.0), &format!("/api/v1/households/{}/problems", id.0))
        })
        .await
}

/// Get a problem
///
/// `can` says what the caller may do next.
#[utoipa::path(tag = "problems", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The problem.", body = ProblemView), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/problems/{id}")]
pub async fn get_problem(permit: Permit<ProblemRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "problem", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// Report a problem
///
/// It starts as `reported` and waits for a second person to verify it. The reporter leads it until somebody else does.
/// The mandate in force says who answers for it and by when; where there is none, verifying asks again.
#[utoipa::path(tag = "problems", params(IdempotencyHeader), request_body = NewProblem, responses((status = 201, description = "Reported.", body = ProblemView)))]
#[post("/api/v1/problems")]
pub async fn create_problem(
    permit: Permit<ProblemReport>,
    key: IdempotencyKey,
    body: Json<NewProblem>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let body = body.0;
            let copy = serde_json::to_value(&body).map_err(Problem::internal)?;
            idempotency::once(w, &key, "create_problem", &copy, |w| report(w, body))
        })
        .await
}

fn report(w: &mut Writer<'_>, body: NewProblem) -> Result<Answer, Problem> {
    let unknown = || Problem::field("/subject/id", "not_found", "is not in your area");
    let individual_id = (body.subject.kind == SubjectKind::Individual).then_some(body.subject.id);
    let household_id = match individual_id {
        Some(person) => queries::household_of_person(w, person).map_err(|_| unknown())?,
        None => body.subject.id,
    };
    let household = households::find_visible(w, household_id).map_err(|_| unknown())?;
    if matches!(household.status.as_str(), "merged" | "dissolved") {
        return Err(Problem::field("/subject/id", "ended", "the household no longer exists"));
    }
    if let Some((own, _)) = w.scope().person
        && !w.scope().has_area()
        && individual_id.is_some_and(|person| person != own)
    {
        return Err(unknown());
    }
    if body.onset_date.is_some_and(|d| d > w.today()) {
        return Err(Problem::field("/onset_date", "in_future", "lies in the future"));
    }
    let mut sensitivity = lookup::required(w, "needs", &body.need_code, "/need_code")?.sensitivity;
    if let Some(code) = &body.ppks_code {
        sensitivity = sensitivity.max(lookup::required(w, "ppks_types", code, "/ppks_code")?.sensitivity);
    }
    let source = source(w, body.source)?;
    let charge = mandates::charge(w, &body.need_code, None, body.severity == Severity::Emergency)?;
    let new = Fresh {
        subject_kind: body.subject.kind,
        household_id,
        individual_id,
        need_code: body.need_code,
        ppks_code: body.ppks_code,
        severity: body.severity,
        source,
        sensitivity,
        description: body.description.map(|d| clean(&d)).filter(|d| !d.is_empty()),
        onset_on: body.onset_date,
        charge,
    };
    let after = serde_json::json!({"need_code": new.need_code, "ppks_code": new.ppks_code, "severity": new.severity,
        "description": new.description, "individual_id": individual_id, "status": "reported"});
    let id = queries::insert(w, new)?;
    w.audit(AuditEntry {
        action: "problem.report",
        subject_kind: "problem",
        subject_id: Some(id),
        household_id: Some(household_id),
        restricted: sensitivity == Sensitivity::Restricted,
        after: Some(after),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, id)?;
    let view = view(w, row);
    Ok(Answer::created(&view, format!("/api/v1/problems/{id}"))?.etag(view.version, w.principal(), &view.can))
}

/// Where a problem was noticed, when the caller does not say.
fn source(w: &Writer<'_>, given: Option<ProblemSource>) -> Result<ProblemSource, Problem> {
    match given {
        Some(ProblemSource::Import | ProblemSource::Rule) => {
            Err(Problem::field("/source", "not_allowed", "people do not report by import or rule"))
        }
        Some(source) => Ok(source),
        None if w.principal().has_role(Role::Citizen) => Ok(ProblemSource::Citizen),
        None if w.principal().has_role(Role::AgencyOfficer) => Ok(ProblemSource::Referral),
        None if w.principal().has_role(Role::SocialWorker) => Ok(ProblemSource::Assessment),
        None => Ok(ProblemSource::Village),
    }
}

/// Takes a step: version, standing, status, then the write and its audit entry.
fn step(
    w: &mut Writer<'_>,
    id: Id,
    version: IfMatch,
    step: Step,
    action: &'static str,
    mark: impl FnOnce(&mut Writer<'_>) -> Result<(Mark, Option<String>), Problem>,
) -> Result<Answer, Problem> {
    let row = queries::find_for_update(w, id.0)?;
    let standing = standing(w, &row);
    if !standing.verifies {
        return Err(Problem::new(&problem::FORBIDDEN));
    }
    version.check(row.version)?;
    let to = rules::next(row.status, step).ok_or_else(|| Problem::new(&problem::WRONG_STATE))?;
    if step == Step::Verify && standing.reporter {
        return Err(Problem::with(&problem::SAME_PERSON, "whoever reports a problem does not verify it"));
    }
    let ends = matches!(step, Step::Dismiss | Step::Resolve(_)) && rules::closed(to);
    if ends && queries::has_open_referral(w, row.id)? {
        return Err(Problem::with(&problem::WRONG_STATE, "a referral of this problem is still open"));
    }
    let (mark, reason) = mark(w)?;
    let kept = mark.reason_code.clone();
    // Whoever has the mandate by now is charged with what nobody had when it was reported.
    let charge = match step {
        Step::Confirm | Step::Verify if row.mandate_id.is_none() => {
            mandates::charge(w, &row.need_code, None, row.severity == Severity::Emergency)?
        }
        _ => None,
    };
    queries::set_status(w, row.id, to, Mark { closed: rules::closed(to), charge, ..mark })?;
    w.audit(AuditEntry {
        action,
        subject_kind: "problem",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.restricted(),
        reason: reason.or_else(|| kept.clone()),
        before: Some(serde_json::json!({"status": row.status})),
        after: Some(serde_json::json!({"status": to, "reason_code": kept})),
        ..AuditEntry::default()
    })?;
    let row = queries::find(w, id.0)?;
    answer(w, row)
}

/// Confirm a candidate
///
/// A person stands up for what a rule found: it becomes `reported`, by the caller.
#[utoipa::path(tag = "problems", params(IdPath, IfMatchHeader), responses((status = 200, description = "Reported.", body = ProblemView)))]
#[post("/api/v1/problems/{id}/confirm")]
pub async fn confirm_problem(permit: Permit<ProblemVerify>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Confirm, "problem.confirm", |w| {
                Ok((Mark { reporter: Some(w.scope().actor), ..Mark::default() }, None))
            })
        })
        .await
}

/// Verify a problem
///
/// By somebody else than its reporter (`same_person`).
#[utoipa::path(tag = "problems", params(IdPath, IfMatchHeader), responses((status = 200, description = "Verified.", body = ProblemView)))]
#[post("/api/v1/problems/{id}/verify")]
pub async fn verify_problem(permit: Permit<ProblemVerify>, id: Id, version: IfMatch) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Verify, "problem.verify", |w| {
                Ok((Mark { verifier: Some(w.scope().actor), ..Mark::default() }, None))
            })
        })
        .await
}

/// Dismiss a problem
///
/// A candidate becomes `dismissed`, a reported or verified problem `unfounded`. Not while a referral is open.
#[utoipa::path(tag = "problems", params(IdPath, IfMatchHeader), request_body = Dismissal, responses((status = 200, description = "Dismissed.", body = ProblemView)))]
#[post("/api/v1/problems/{id}/dismiss")]
pub async fn dismiss_problem(
    permit: Permit<ProblemVerify>,
    id: Id,
    version: IfMatch,
    body: Json<Dismissal>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            step(w, id, version, Step::Dismiss, "problem.dismiss", |w| {
                let code = body.0.reason_code;
                lookup::required(w, "problem_dismiss_reasons", &code, "/reason_code")?;
                Ok((Mark { reason_code: Some(code), ..Mark::default() }, None))
            })
        })
        .await
}

/// Resolve a problem
///
/// For what ended without a referral's outcome. Not while a referral is open.
#[utoipa::path(tag = "problems", params(IdPath, IfMatchHeader), request_body = ResolveProblem, responses((status = 200, description = "Resolved.", body = ProblemView)))]
#[post("/api/v1/problems/{id}/resolve")]
pub async fn resolve_problem(
    permit: Permit<ProblemVerify>,
    id: Id,
    version: IfMatch,
    body: Json<ResolveProblem>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let outcome = body.0.outcome.unwrap_or(Resolution::Resolved);
            step(w, id, version, Step::Resolve(outcome), "problem.resolve", |_| {
                Ok((Mark::default(), body.0.reason.map(|r| clean(&r)).filter(|r| !r.is_empty())))
            })
        })
        .await
}
