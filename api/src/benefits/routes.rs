//! Operations about reported benefits.

use std::collections::HashMap;

use actix_web::{get, post};
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{
    ListRowCode, ListRowIssue, NewRecipientList, NewReportedBenefit, RecipientList, RecipientListPage,
    RecipientListQuery, RecipientListResult, ReportedBenefit, ReportedBenefitPage, ReportedBenefitQuery,
};
use super::queries::{self, BenefitRow, Found};
use crate::access::policy::{BenefitList, BenefitRead, BenefitReport};
use crate::access::{AuditEntry, Permit, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{IdempotencyKey, Json, Query};
use crate::http::list::page_answer;
use crate::http::openapi::IdempotencyHeader;
use crate::kernel::names;
use crate::kernel::problem::Problem;
use crate::{households, idempotency, programs};

fn view(row: BenefitRow) -> Result<ReportedBenefit, Problem> {
    Ok(ReportedBenefit {
        id: row.id,
        program_id: row.program_id,
        program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
        overlap_class: row.overlap_class,
        household_id: row.household_id,
        individual_id: row.individual_id,
        from_date: row.from_date,
        to_date: row.to_date,
        source: row.source,
        list_id: row.list_id,
        created_at: row.created_at,
    })
}

/// List reported benefits
///
/// Newest first: aid that others report for the households the caller may see.
#[utoipa::path(tag = "referrals", params(ReportedBenefitQuery), responses((status = 200, description = "A page of benefits.", body = ReportedBenefitPage)))]
#[get("/api/v1/reported-benefits")]
pub async fn list_reported_benefits(
    permit: Permit<BenefitRead>,
    query: Query<ReportedBenefitQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let path = "/api/v1/reported-benefits";
            let paging = query.0.paging(path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::list(r, &query.0, None, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |b| (None, b.id.to_string()));
            let data = rows.into_iter().map(view).collect::<Result<_, _>>()?;
            page_answer(&ReportedBenefitPage { data, page: page.clone() }, &page, path)
        })
        .await
}

/// The program of a report: one that everybody may know of, over a period that does not end before it begins.
fn check(w: &mut Writer<'_>, program: Uuid, from: NaiveDate, to: NaiveDate) -> Result<(), Problem> {
    let unseen = |_| Problem::field("/program_id", "not_found", "is not a program");
    if programs::ruled(w, program).map_err(unseen)?.sensitivity == Sensitivity::Restricted {
        return Err(Problem::field("/program_id", "restricted", "what a restricted program gives is not listed"));
    }
    if to < from {
        return Err(Problem::field("/to_date", "before_from", "must not lie before from_date"));
    }
    Ok(())
}

fn audit(
    w: &mut Writer<'_>,
    action: &'static str,
    id: Uuid,
    household: Option<Uuid>,
    after: serde_json::Value,
) -> Result<(), Problem> {
    w.audit(AuditEntry {
        action,
        subject_kind: "reported_benefit",
        subject_id: Some(id),
        household_id: household,
        after: Some(after),
        ..AuditEntry::default()
    })
}

/// Report a benefit
///
/// Aid that others give, for one household or person of the caller's area.
#[utoipa::path(tag = "referrals", params(IdempotencyHeader), request_body = NewReportedBenefit, responses((status = 201, description = "Entered.", body = ReportedBenefit)))]
#[post("/api/v1/reported-benefits")]
pub async fn create_reported_benefit(
    permit: Permit<BenefitReport>,
    key: IdempotencyKey,
    body: Json<NewReportedBenefit>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let new = body.0;
            let request = new.clone();
            idempotency::once(w, &key, "create_reported_benefit", &request, |w| {
                check(w, new.program_id, new.from_date, new.to_date)?;
                let unseen = |pointer: &'static str| move |_| Problem::field(pointer, "not_found", "is not in your area");
                households::find_visible(w, new.household_id).map_err(unseen("/household_id"))?;
                if let Some(person) = new.individual_id {
                    let home = households::visible_individual(w, person).map_err(unseen("/individual_id"))?;
                    if home.id != new.household_id {
                        return Err(Problem::field("/individual_id", "not_found", "is nobody of this household"));
                    }
                }
                let id = queries::insert(w, &new)?;
                let after = json!({"program_id": new.program_id, "from_date": new.from_date, "to_date": new.to_date, "source": new.source});
                audit(w, "reported_benefit.create", id, Some(new.household_id), after)?;
                let query = ReportedBenefitQuery::default();
                let row = queries::list(w, &query, Some(id), None, 1)?.pop().ok_or_else(Problem::not_found)?;
                Answer::created(&view(row)?, "/api/v1/reported-benefits".to_owned())
            })
        })
        .await
}

/// Rows by how they name somebody; those that name nobody are issues.
type Named = (Vec<(i32, String)>, Vec<(i32, String, NaiveDate)>, Vec<ListRowIssue>);

fn named(new: &NewRecipientList) -> Named {
    let (mut niks, mut people, mut issues) = (Vec::new(), Vec::new(), Vec::new());
    for (row, who) in (1..).zip(&new.rows) {
        let nik: String = who.nik.iter().flat_map(|n| n.chars()).filter(|c| !c.is_whitespace()).collect();
        let key = who.name.as_deref().map(names::match_key).filter(|k| !k.is_empty());
        match (nik.is_empty(), key, who.birth_date) {
            (false, ..) => niks.push((row, nik)),
            (true, Some(key), Some(birth)) => people.push((row, key, birth)),
            _ => issues.push(ListRowIssue { row, code: ListRowCode::Unidentified }),
        }
    }
    (niks, people, issues)
}

fn load(w: &mut Writer<'_>, new: &NewRecipientList) -> Result<Answer, Problem> {
    check(w, new.program_id, new.from_date, new.to_date)?;
    let list = if new.complete { Some(queries::insert_list(w, new)?) } else { None };
    let (niks, people, mut issues) = named(new);
    let asked: Vec<i32> = niks.iter().map(|(row, _)| *row).chain(people.iter().map(|(row, ..)| *row)).collect();
    let found: HashMap<i32, Found> =
        queries::find_people(w, niks, people)?.into_iter().map(|found| (found.line, found)).collect();
    let mut sure = Vec::new();
    for row in asked {
        match found.get(&row).map(|f| f.people) {
            None => issues.push(ListRowIssue { row, code: ListRowCode::NotFound }),
            Some(1) => {}
            Some(_) => issues.push(ListRowIssue { row, code: ListRowCode::Ambiguous }),
        }
    }
    sure.extend(found.into_values().filter(|f| f.people == 1));
    let entered = queries::insert_people(w, new, list, &sure)?;
    let twice = sure.iter().filter(|f| !entered.contains(&f.line));
    issues.extend(twice.map(|f| ListRowIssue { row: f.line, code: ListRowCode::AlreadyReported }));
    issues.sort_by_key(|i| i.row);
    let id = list.unwrap_or_else(Uuid::now_v7);
    let after = json!({"program_id": new.program_id, "area_code": new.area_code, "from_date": new.from_date,
        "to_date": new.to_date, "source": new.source, "complete": new.complete, "rows": new.rows.len(), "entered": entered.len()});
    audit(w, "recipient_list.create", id, None, after)?;
    let result = RecipientListResult { id, rows: new.rows.len(), entered: entered.len(), issues };
    Answer::created(&result, "/api/v1/recipient-lists".to_owned())
}

/// Load a list of recipients
///
/// By NIK, or by name and date of birth. Who is found for certain gets a reported benefit; every other row is answered
/// with its number and reason. A complete list also tells that who is not on it does not receive.
#[utoipa::path(tag = "referrals", params(IdempotencyHeader), request_body = NewRecipientList, responses((status = 201, description = "Loaded.", body = RecipientListResult)))]
#[post("/api/v1/recipient-lists")]
pub async fn create_recipient_list(
    permit: Permit<BenefitList>,
    key: IdempotencyKey,
    body: Json<NewRecipientList>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let new = body.0;
            idempotency::once(w, &key, "create_recipient_list", &new, |w| load(w, &new))
        })
        .await
}

/// List the lists of recipients
///
/// Newest first: those that name every recipient of their region and period.
#[utoipa::path(tag = "referrals", params(RecipientListQuery), responses((status = 200, description = "A page of lists.", body = RecipientListPage)))]
#[get("/api/v1/recipient-lists")]
pub async fn list_recipient_lists(
    permit: Permit<BenefitList>,
    query: Query<RecipientListQuery>,
) -> Result<Answer, Problem> {
    permit
        .write(move |r| {
            let path = "/api/v1/recipient-lists";
            let paging = query.0.paging(path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::lists(r, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count_lists(r)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |l| (None, l.id.to_string()));
            let data = rows
                .into_iter()
                .map(|row| {
                    Ok(RecipientList {
                        id: row.id,
                        program_id: row.program_id,
                        program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
                        area_code: row.area_code,
                        from_date: row.from_date,
                        to_date: row.to_date,
                        source: row.source,
                        entered: row.entered,
                        loaded_at: row.loaded_at,
                    })
                })
                .collect::<Result<_, Problem>>()?;
            page_answer(&RecipientListPage { data, page: page.clone() }, &page, path)
        })
        .await
}
