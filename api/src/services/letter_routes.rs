//! Operations about letters, and how one is made.

use actix_web::{HttpResponse, get, post};
use chrono::Datelike as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fields::{Field, Value};
use super::letter_model::{Letter, LetterStatus, RevokeLetter};
use super::letter_queries::{self as queries, Facts, Fresh, LetterRow};
use super::paper::{self, Check, Paper};
use super::queries::RequestRow;
use super::routes::{signs, words};
use super::template::{Template, initials, long_date};
use super::template_queries;
use super::verify;
use crate::access::policy::{LetterRead, ServiceApprove};
use crate::access::{AuditEntry, Permit, Reader, Seen, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::{Id, IfMatch, Json};
use crate::http::openapi::{IdPath, IfMatchHeader, IfNoneMatchHeader};
use crate::kernel::printed;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::reference::lookup;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn view(r: &Reader<'_>, row: LetterRow) -> Letter {
    let revoked = row.revoked_at.is_some();
    let may = signs(r, row.signer.as_deref(), &row.region_code) && !revoked;
    Letter {
        id: row.id,
        request_id: row.request_id,
        service_code: row.service_code,
        number: row.number_text,
        title: row.title,
        body: row.body,
        office: row.office,
        signatory_name: row.signatory_name,
        signatory_title: row.signatory_title,
        issued_on: row.issued_on,
        template_id: row.template_id,
        template_edition: row.template_edition,
        sensitivity: row.sensitivity,
        status: if revoked { LetterStatus::Revoked } else { LetterStatus::Valid },
        revoked_at: row.revoked_at,
        revoke_reason: row.revoke_reason,
        file_sha256: hex(&row.file_sha256),
        version: if revoked { 2 } else { 1 },
        can: if may { vec!["revoke"] } else { Vec::new() },
    }
}

fn answer(r: &Reader<'_>, row: LetterRow) -> Result<Answer, Problem> {
    let view = view(r, row);
    Ok(Answer::ok(&view)?.etag(view.version, r.principal(), &view.can))
}

/// Get a letter
///
/// Its text as printed, and whether it still holds.
#[utoipa::path(tag = "letters", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The letter.", body = Letter), (status = 304, description = "The caller has it already.")))]
#[get("/api/v1/letters/{id}")]
pub async fn get_letter(permit: Permit<LetterRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "letter", subject_id: row.id, household_id: Some(row.household_id) });
            answer(r, row)
        })
        .await
}

/// Download a letter
///
/// The PDF as it was made when the letter was issued, byte for byte.
#[utoipa::path(tag = "letters", params(IdPath), responses((status = 200, description = "The file.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((Vec<u8> = "application/pdf")))))]
#[get("/api/v1/letters/{id}/file")]
pub async fn get_letter_file(permit: Permit<LetterRead>, id: Id) -> Result<HttpResponse, Problem> {
    let (number, file) = permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "letter", subject_id: row.id, household_id: Some(row.household_id) });
            Ok((row.number_text, queries::file(r, id.0)?))
        })
        .await?;
    let name: String = number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}.pdf\"")))
        .insert_header(("cache-control", "no-store"))
        .body(file))
}

/// Revoke a letter
///
/// It no longer holds, and whoever checks it learns so. The letter itself stays as it was.
#[utoipa::path(tag = "letters", params(IdPath, IfMatchHeader), request_body = RevokeLetter, responses((status = 200, description = "Revoked.", body = Letter)))]
#[post("/api/v1/letters/{id}/revoke")]
pub async fn revoke_letter(
    permit: Permit<ServiceApprove>,
    id: Id,
    version: IfMatch,
    body: Json<RevokeLetter>,
) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = queries::find(w, id.0)?;
            if !signs(w, row.signer.as_deref(), &row.region_code) {
                return Err(Problem::new(&problem::FORBIDDEN));
            }
            version.check(if row.revoked_at.is_some() { 2 } else { 1 })?;
            let reason = words(Some(body.0.reason)).unwrap_or_default();
            queries::revoke(w, id.0, &reason)?;
            w.audit(AuditEntry {
                action: "letter.revoke",
                subject_kind: "letter",
                subject_id: Some(row.id),
                household_id: Some(row.household_id),
                restricted: row.sensitivity == Sensitivity::Restricted,
                after: Some(json!({"number": row.number_text, "reason": reason})),
                ..AuditEntry::default()
            })?;
            let row = queries::find(w, id.0)?;
            answer(w, row)
        })
        .await
}

/// What the list of services says of its letters.
pub(super) struct Stationery {
    pub(super) number_code: String,
    pub(super) office: String,
    pub(super) signatory_title: String,
}

pub(super) fn stationery(r: &mut Reader<'_>, service: &str, village: &str) -> Result<Stationery, Problem> {
    let attrs = lookup::entry(r, "services", service)?.map(|e| e.attrs).unwrap_or_default();
    let text = |name: &str| attrs.get(name).and_then(serde_json::Value::as_str).map(clean).filter(|t| !t.is_empty());
    Ok(Stationery {
        number_code: text("number_code").unwrap_or_else(|| service.to_uppercase()),
        office: text("office").unwrap_or_else(|| format!("Kelurahan {village}")),
        signatory_title: text("signatory_title").unwrap_or_else(|| "Petugas".into()),
    })
}

fn address(facts: &Facts) -> Option<String> {
    let rt = facts.rt.as_ref().map(|rt| format!("RT {rt}"));
    let rw = facts.rw.as_ref().map(|rw| format!("RW {rw}"));
    let parts: Vec<String> = [facts.street.clone(), rt, rw].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Value of a field on this letter.
fn value(field: Field, row: &RequestRow, facts: &Facts, paper: &Paper) -> Option<Value> {
    let text = |text: Option<&String>| text.map(|t| Value::Text(clean(t))).filter(|v| *v != Value::Text(String::new()));
    match field {
        Field::SubjectName => text(Some(&facts.name)),
        Field::SubjectNik => text(facts.nik.as_ref()),
        Field::SubjectSex => facts
            .sex
            .as_deref()
            .map(|sex| Value::Text(if sex == "female" { "Perempuan" } else { "Laki-laki" }.to_owned())),
        Field::SubjectBirthDate => facts.birth_date.map(Value::Date),
        Field::SubjectAddress => address(facts).map(|a| Value::Text(clean(&a))),
        Field::FamilyCard => text(facts.family_card.as_ref()),
        Field::HeadName => text(facts.head_name.as_ref()),
        Field::Village => text(Some(&facts.village)),
        Field::District => text(Some(&facts.district)),
        Field::Decile => facts.decile.map(|d| Value::Number(i64::from(d))),
        Field::MembersCount => Some(Value::Number(i64::from(facts.members_count))),
        Field::Purpose => text(row.purpose.as_ref()),
        Field::Addressee => text(row.addressee.as_ref()),
        Field::LetterNumber => text(paper.number.as_ref()),
        Field::LetterDate => Some(Value::Date(paper.date)),
        Field::Office => text(Some(&paper.office)),
        Field::SignatoryName => text(Some(&paper.signatory_name)),
        Field::SignatoryTitle => text(Some(&paper.signatory_title)),
    }
}

/// Makes and stores the letter of an approved request; gives its number.
pub(super) fn write_letter(w: &mut Writer<'_>, row: &RequestRow, origin: &str) -> Result<String, Problem> {
    let ended = || Problem::with(&problem::WRONG_STATE, "the person or household is no longer there");
    let facts = queries::facts(w, row)?.ok_or_else(ended)?;
    let text = template_queries::in_force(w, &row.service_code)?
        .ok_or_else(|| Problem::with(&problem::WRONG_STATE, "the service has no text for its letters yet"))?;
    let template =
        Template::parse(&text.body).map_err(|_| Problem::internal("a text of letters in force cannot be read"))?;
    let kind = stationery(w, &row.service_code, &facts.village)?;
    let signatory = row.approved_by.map(|id| queries::account_name(w, id)).transpose()?.unwrap_or_default();
    let number = queries::next_number(w, &row.service_code, row.sensitivity)?;
    // Restricted letters are counted apart; the mark says no more than which of two registers to look in.
    let register = if row.restricted() { "-B" } else { "" };
    let (today, seat) = (w.today(), crate::regions::seat(w)?);
    let (code, secret) = (printed::fresh::<10>(), printed::fresh::<16>());
    let number_text = format!("400.9/{number:04}/{}{register}/{}", kind.number_code, today.year());
    let mut paper = Paper {
        office: kind.office,
        title: clean(&text.title),
        number: Some(number_text.clone()),
        body: String::new(),
        place_and_date: format!("{}, {}", seat.place(), long_date(today)),
        date: today,
        signatory_title: kind.signatory_title,
        signatory_name: clean(&signatory),
        check: Some(Check {
            link: format!("{origin}/verify#{code}.{secret}"),
            caption: "Periksa keaslian".into(),
            beside: vec![
                "Periksa keaslian surat ini:".into(),
                format!("Kode  {code}"),
                format!("Kunci {}", printed::grouped(&secret)),
            ],
        }),
    };
    paper.body = template.fill(|field| value(field, row, &facts, &paper));
    let file = paper::print(&paper).map_err(Problem::internal)?;
    if template.fields().any(|f| f == Field::SubjectNik) && facts.nik.is_some() {
        let seen =
            Seen { subject_kind: "individual", subject_id: facts.person_id, household_id: Some(row.household_id) };
        w.log_access("reveal", seen, Some("service_delivery"), &["nik"])?;
    }
    let new = Fresh {
        id: Uuid::now_v7(),
        template_id: text.id,
        number,
        number_text: number_text.clone(),
        title: paper.title,
        body: paper.body,
        initials: initials(&facts.name),
        office: paper.office,
        signatory_name: paper.signatory_name,
        signatory_title: paper.signatory_title,
        code,
        secret_hash: verify::hash(w, &secret),
        sha256: Sha256::digest(&file).to_vec(),
        file,
    };
    queries::insert(w, row, new)?;
    Ok(number_text)
}
