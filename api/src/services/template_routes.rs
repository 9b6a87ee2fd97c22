//! Operations about the text of letters.

use actix_web::{get, post};
use serde_json::json;

use super::letter_model::{LetterTemplate, LetterTemplatePage, LetterTemplateQuery, NewLetterTemplate};
use super::letter_queries as queries;
use super::template::{Fault, Template};
use crate::access::policy::{TemplateEdit, TemplateRead};
use crate::access::{AuditEntry, Permit};
use crate::http::answer::Answer;
use crate::http::extract::{IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::IdempotencyHeader;
use crate::idempotency;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;
use crate::reference::lookup;

/// List letter templates
///
/// Newest first, all versions; the highest of a service is in force.
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
            let mut data = queries::templates(r, &query.0, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |t| (None, t.id.to_string()));
            page_answer(&LetterTemplatePage { data, page: page.clone() }, &page, "/api/v1/letter-templates")
        })
        .await
}

/// Where a text is refused, with line and column.
fn refused(pointer: &str, fault: &Fault) -> Problem {
    Problem::field(pointer, fault.code, format!("line {}, column {}: {}", fault.line, fault.column, fault.what))
}

/// Write a letter template
///
/// A further version of a service's text; letters from now on are made from it. A placeholder that is unknown or has a
/// format that does not fit is refused with its line and column.
#[utoipa::path(tag = "letters", params(IdempotencyHeader), request_body = NewLetterTemplate, responses((status = 201, description = "The new version.", body = LetterTemplate)))]
#[post("/api/v1/letter-templates")]
pub async fn create_letter_template(
    permit: Permit<TemplateEdit>,
    key: IdempotencyKey,
    body: Json<NewLetterTemplate>,
) -> Result<Answer, Problem> {
    let new = body.0;
    Template::parse(&new.body).map_err(|fault| refused("/body", &fault))?;
    permit
        .write(move |w| {
            idempotency::once(w, &key, "create_letter_template", &new, |w| {
                lookup::required(w, "services", &new.service_code, "/service_code")?;
                let lines: Vec<String> = new.body.lines().map(clean).collect();
                let template =
                    queries::insert_template(w, &new.service_code, &clean(&new.title), lines.join("\n").trim())?;
                w.audit(AuditEntry {
                    action: "letter_template.create",
                    subject_kind: "letter_template",
                    subject_id: Some(template.id),
                    after: Some(json!({"service_code": template.service_code, "edition": template.edition,
                        "title": template.title, "body": template.body})),
                    ..AuditEntry::default()
                })?;
                let location = format!("/api/v1/letter-templates?service_code={}", template.service_code);
                Answer::created(&template, location)
            })
        })
        .await
}
