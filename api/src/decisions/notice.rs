//! The notice as a letter to hand over.

use actix_web::{HttpResponse, get};

use super::model::DecisionEffect;
use super::queries::{self, DecisionRow};
use crate::access::policy::DecisionNoticeRead;
use crate::access::{Permit, Reader, Seen};
use crate::http::extract::Id;
use crate::http::openapi::IdPath;
use crate::kernel::dates::office_date;
use crate::kernel::problem::Problem;
use crate::kernel::text::clean;
use crate::reference::lookup;
use crate::services::{self, Paper, long_date};

/// What the letter says, one paragraph a line.
fn body(row: &DecisionRow, reason: &str, answer: &str, effective: &str) -> String {
    let about = row.about.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    let (what, verb) = match row.effect {
        DecisionEffect::StopBenefit => ("Bantuan", "dihentikan"),
        DecisionEffect::RejectRequest => ("Permohonan", "ditolak"),
    };
    let mut lines = vec![
        format!("Nama : {}", clean(row.subject_name.as_deref().unwrap_or("–"))),
        format!("{what} : {}", clean(about)),
        format!("Alasan : {reason}"),
    ];
    if let Some(basis) = &row.legal_basis {
        lines.push(format!("Dasar hukum : {}", clean(basis)));
    }
    lines.push(String::new());
    lines.push(format!(
        "Dengan ini diberitahukan bahwa {} tersebut akan {verb} mulai {effective}.",
        what.to_lowercase()
    ));
    lines.push(String::new());
    lines.extend(row.reasons.lines().map(clean));
    lines.push(String::new());
    lines.push(format!(
        "Saudara berhak memberi tanggapan paling lambat {answer}, lewat akun warga, di kantor kelurahan, atau kepada \
         petugas yang menyampaikan surat ini. Tanggapan dibaca oleh petugas kedua sebelum keputusan ditetapkan."
    ));
    lines.push(String::new());
    lines.push("Sesudah keputusan berlaku, Saudara tetap dapat meminta agar keputusan ditinjau kembali.".to_owned());
    lines.join("\n")
}

fn paper(r: &mut Reader<'_>, row: &DecisionRow) -> Result<Paper, Problem> {
    let (Some(notified), Some(due), Some(effective)) = (row.notified_at, row.due_on, row.effective_on) else {
        // What was not given is not there.
        return Err(Problem::not_found());
    };
    let reason = lookup::name(r, "decision_reasons", &row.reason_code)?.unwrap_or_else(|| row.reason_code.clone());
    let date = office_date(notified);
    let title = match row.effect {
        DecisionEffect::StopBenefit => "Pemberitahuan penghentian bantuan",
        DecisionEffect::RejectRequest => "Pemberitahuan penolakan permohonan",
    };
    let seat = crate::regions::seat(r)?;
    Ok(Paper {
        office: seat.office(),
        title: title.to_owned(),
        number: None,
        body: body(row, &reason, &long_date(due), &long_date(effective)),
        place_and_date: format!("{}, {}", seat.place(), long_date(date)),
        date,
        signatory_title: "Petugas yang menyampaikan".to_owned(),
        signatory_name: queries::notified_by(r, row.id)?.unwrap_or_default(),
        check: None,
    })
}

/// Print the notice of a decision
///
/// A letter to hand over: what, why, until when one may answer and how, and from when it holds. From the notice on.
#[utoipa::path(tag = "decisions", params(IdPath), responses((status = 200, description = "The letter.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((Vec<u8> = "application/pdf")))))]
#[get("/api/v1/decisions/{id}/notice")]
pub async fn get_decision_notice(permit: Permit<DecisionNoticeRead>, id: Id) -> Result<HttpResponse, Problem> {
    let paper = permit
        .read(move |r| {
            let row = queries::find(r, id.0)?;
            r.saw(Seen { subject_kind: "decision", subject_id: row.id, household_id: Some(row.household_id) });
            paper(r, &row)
        })
        .await?;
    let file = services::print(&paper).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("content-disposition", "attachment; filename=\"pemberitahuan.pdf\""))
        .insert_header(("cache-control", "no-store"))
        .body(file))
}
