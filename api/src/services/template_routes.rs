//! Operations about the text of letters.

use actix_web::{HttpResponse, get, post};
use serde_json::json;

use super::fields::{Field, Kind, Value};
use super::letter_routes::stationery;
use super::paper::{self, Paper};
use super::template::{Fault, Template, long_date, plain};
use super::template_model::{
    LetterPlaceholder, LetterPlaceholderPage, LetterPlaceholderQuery, LetterTemplate, LetterTemplatePage,
    LetterTemplateQuery, NewLetterTemplate, PlaceholderKind, TemplateStatus,
};
use super::template_queries::{self as queries, TemplateRow};
use crate::access::policy::{TemplateActivate, TemplateEdit, TemplateRead};
use crate::access::{AuditEntry, Permit, Reader};
use crate::http::answer::Answer;
use crate::http::extract::{Id, IdempotencyKey, IfMatch, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::{IdPath, IdempotencyHeader, IfMatchHeader, IfNoneMatchHeader};
use crate::idempotency;
use crate::kernel::label::Label;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;

/// Faults told at once.
const MOST_FAULTS: usize = 20;

fn view(r: &Reader<'_>, row: TemplateRow) -> LetterTemplate {
    let principal = r.principal();
    let others = row.created_by != Some(principal.id);
    let may = !row.in_force && others && principal.may::<TemplateActivate>();
    let status = match (row.in_force, row.activated_at) {
        (true, _) => TemplateStatus::InForce,
        (false, Some(_)) => TemplateStatus::Retired,
        (false, None) => TemplateStatus::Draft,
    };
    LetterTemplate {
        id: row.id,
        service_code: row.service_code,
        edition: row.edition,
        title: row.title,
        body: row.body,
        status,
        created_by: row.created_by,
        created_by_name: row.created_by_name,
        created_at: row.created_at,
        activated_by_name: row.activated_by_name,
        activated_at: row.activated_at,
        version: i64::from(row.serial) + 1,
        can: if may { vec!["activate"] } else { Vec::new() },
    }
}

fn answer(r: &Reader<'_>, row: TemplateRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// List letter templates
///
/// Newest first, all versions; of each service one is in force.
#[utoipa::path(tag = "letters", params(LetterTemplateQuery), responses((status = 200, description = "A page of templates.", body = LetterTemplatePage)))]
#[get("/api/v1/letter-templates")]
pub async fn list_letter_templates(
    permit: Permit<TemplateRead>,
    query: Query<LetterTemplateQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("letter-templates");
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut rows, r.sealer(), None, |t| (None, t.id.to_string()));
            let data = rows.into_iter().map(|row| view(r, row)).collect();
            page_answer(&LetterTemplatePage { data, page: page.clone() }, &page, "/api/v1/letter-templates")
        })
        .await
}

/// Get a letter template
///
/// One version of a service's text; `can` says what the caller may do with it.
#[utoipa::path(tag = "letters", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The version.", body = LetterTemplate), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/letter-templates/{id}")]
pub async fn get_letter_template(permit: Permit<TemplateRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            answer(r, row)
        })
        .await
}

/// List the placeholders of letters
///
/// What a text of letters may name between double braces, with its type, its formats and a made-up value.
#[utoipa::path(tag = "letters", params(LetterPlaceholderQuery), responses((status = 200, description = "A page of placeholders.", body = LetterPlaceholderPage)))]
#[get("/api/v1/letter-placeholders")]
pub async fn list_letter_placeholders(
    permit: Permit<TemplateRead>,
    query: Query<LetterPlaceholderQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("letter-placeholders");
            let start = paging.start(r.sealer())?;
            let from = start.and_then(|c| Field::ALL.iter().position(|f| f.slug() == c.id)).map_or(0, |at| at + 1);
            let fetch = usize::try_from(paging.fetch()).unwrap_or(usize::MAX);
            let mut data: Vec<LetterPlaceholder> =
                Field::ALL.iter().skip(from).take(fetch).map(|f| placeholder(*f)).collect();
            let total = i64::try_from(Field::ALL.len()).ok().filter(|_| paging.include_total);
            let page = paging.close(&mut data, r.sealer(), total, |p| (None, p.code.clone()));
            page_answer(&LetterPlaceholderPage { data, page: page.clone() }, &page, "/api/v1/letter-placeholders")
        })
        .await
}

fn placeholder(field: Field) -> LetterPlaceholder {
    let (id, en) = field.name();
    LetterPlaceholder {
        code: field.slug().to_owned(),
        name: Label { id: id.to_owned(), en: en.to_owned() },
        kind: match field.kind() {
            Kind::Text => PlaceholderKind::Text,
            Kind::Date => PlaceholderKind::Date,
            Kind::Number => PlaceholderKind::Number,
        },
        formats: field.formats().to_vec(),
        example: plain(&field.sample()),
    }
}

/// Everything that is wrong with a text, with line and column.
fn refused(faults: &[Fault]) -> Problem {
    faults.iter().take(MOST_FAULTS).fold(Problem::new(&problem::VALIDATION_FAILED), |all, fault| {
        all.and("/body", fault.code, format!("line {}, column {}: {}", fault.line, fault.column, fault.what))
    })
}

fn checked(new: &NewLetterTemplate) -> Result<Template, Problem> {
    if new.title.contains("{{") || new.title.contains("}}") {
        return Err(Problem::field("/title", "not_allowed", "takes no placeholders"));
    }
    Template::parse(&new.body).map_err(|faults| refused(&faults))
}

/// Write a letter template
///
/// A further version of a service's text, as a draft: letters are made from it once another person has put it into
/// force. A placeholder that is unknown or has a format that does not fit is refused with its line and column, all of
/// them at once.
#[utoipa::path(tag = "letters", params(IdempotencyHeader), request_body = NewLetterTemplate, responses((status = 201, description = "The new version.", body = LetterTemplate)))]
#[post("/api/v1/letter-templates")]
pub async fn create_letter_template(
    permit: Permit<TemplateEdit>,
    key: IdempotencyKey,
    body: Json<NewLetterTemplate>,
) -> Result<Answer, Problem> {
    let new = body.0;
    checked(&new)?;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_letter_template", &new, |w| {
                lookup::required(w, "services", &new.service_code, "/service_code")?;
                queries::lock_service(w, &new.service_code)?;
                let lines: Vec<String> = new.body.lines().map(clean).collect();
                let id = queries::insert(w, &new.service_code, &clean(&new.title), lines.join("\n").trim())?;
                let row = queries::find(w, id)?;
                w.audit(AuditEntry {
                    action: "letter_template.create",
                    subject_kind: "letter_template",
                    subject_id: Some(id),
                    after: Some(json!({"service_code": row.service_code, "edition": row.edition,
                        "title": row.title, "body": row.body})),
                    ..AuditEntry::default()
                })?;
                let view = view(w, row);
                let answer = Answer::created(&view, format!("/api/v1/letter-templates/{id}"))?;
                Ok(answer.etag(view.version, w.principal(), &view.can))
            })
        })
        .await
}

/// Put a letter template into force
///
/// By another than who wrote it (`same_person`). Letters of the service are made from it from now on; those that were
/// issued keep the version they were made from. A version that was in force before may be put into force again.
#[utoipa::path(tag = "letters", params(IdPath, IfMatchHeader), responses((status = 200, description = "In force.", body = LetterTemplate)))]
#[post("/api/v1/letter-templates/{id}/activate")]
pub async fn activate_letter_template(
    permit: Permit<TemplateActivate>,
    id: Id,
    version: IfMatch,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let service = queries::find(w, id.0)?.service_code;
            queries::lock_service(w, &service)?;
            let row = queries::find(w, id.0)?;
            version.check(i64::from(row.serial) + 1)?;
            if row.in_force {
                return Err(Problem::new(&problem::WRONG_STATE));
            }
            if row.created_by == Some(w.principal().id) {
                return Err(Problem::with(&problem::SAME_PERSON, "whoever writes a text does not put it into force"));
            }
            queries::activate(w, &row)?;
            w.audit(AuditEntry {
                action: "letter_template.activate",
                subject_kind: "letter_template",
                subject_id: Some(row.id),
                after: Some(json!({"service_code": row.service_code, "edition": row.edition})),
                ..AuditEntry::default()
            })?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// Preview a letter
///
/// The PDF that a text gives with made-up data, marked as an example and without a code to check it by. Nothing is
/// stored.
#[utoipa::path(tag = "letters", request_body = NewLetterTemplate, responses((status = 200, description = "The example.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((Vec<u8> = "application/pdf")))))]
#[post("/api/v1/letter-templates/preview")]
pub async fn preview_letter_template(
    permit: Permit<TemplateEdit>,
    body: Json<NewLetterTemplate>,
) -> Result<HttpResponse, Problem> {
    let new = body.0;
    let template = checked(&new)?;
    let file = permit
        .read(move |r| {
            lookup::required(r, "services", &new.service_code, "/service_code")?;
            let kind = stationery(r, &new.service_code, "Contoh")?;
            let (today, seat) = (r.today(), crate::regions::seat(r)?);
            let mut paper = Paper {
                office: kind.office,
                title: format!("CONTOH – {}", clean(&new.title)),
                number: Some(format!("400.9/0000/{}/{}", kind.number_code, today.format("%Y"))),
                body: String::new(),
                place_and_date: format!("{}, {}", seat.place(), long_date(today)),
                date: today,
                signatory_title: kind.signatory_title,
                signatory_name: plain(&Field::SignatoryName.sample()),
                check: None,
            };
            let lines: Vec<String> = template.fill(|field| example(field, &paper)).lines().map(clean).collect();
            paper.body = lines.join("\n").trim().to_owned();
            paper::print(&paper).map_err(Problem::internal)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("content-disposition", "inline; filename=\"contoh.pdf\""))
        .insert_header(("cache-control", "no-store"))
        .body(file))
}

fn example(field: Field, paper: &Paper) -> Option<Value> {
    Some(match field {
        Field::LetterNumber => Value::Text(paper.number.clone().unwrap_or_default()),
        Field::LetterDate => Value::Date(paper.date),
        Field::Office => Value::Text(paper.office.clone()),
        Field::SignatoryTitle => Value::Text(paper.signatory_title.clone()),
        _ => field.sample(),
    })
}
