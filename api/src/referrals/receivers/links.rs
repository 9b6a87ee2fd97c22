//! Asking a receiver without an account: a one-time link, or a letter that carries one.

use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};

use super::model::ReferralLink;
use super::queries;
use crate::access::policy::ReferralReach;
use crate::access::{AuditEntry, Permit, Reader, Writer};
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::Id;
use crate::http::openapi::IdPath;
use crate::kernel::dates::office_date;
use crate::kernel::printed;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;
use crate::referrals::model::{LinkMedium, ReferralStatus, Severity};
use crate::referrals::queries::{self as referrals, ReferralRow};
use crate::referrals::routes::{not_yours, standing};
use crate::services::{self, Check, Paper, long_date};

/// What is kept of a secret.
pub(super) fn hash(r: &Reader<'_>, secret: &str) -> Vec<u8> {
    r.sealer().keyed_hash("referral-link", secret.as_bytes())
}

/// A locked referral that waits for somebody who has no account, for whoever sent it.
pub(super) fn asked(w: &mut Writer<'_>, id: Id) -> Result<ReferralRow, Problem> {
    let row = referrals::find_for_update(w, id.0)?;
    if !standing(w, &row).sends {
        return Err(not_yours());
    }
    if row.has_account {
        return Err(Problem::new(&problem::RECEIVER_HAS_ACCOUNT));
    }
    Ok(row)
}

/// A fresh secret of a referral, and until when it is of use.
fn make(w: &mut Writer<'_>, row: &ReferralRow, medium: LinkMedium) -> Result<(String, DateTime<Utc>), Problem> {
    if row.status != ReferralStatus::Sent {
        return Err(Problem::new(&problem::WRONG_STATE));
    }
    let late = || Problem::with(&problem::WRONG_STATE, "the time to answer is over; record the answer, or withdraw it");
    let until = row.due_at.filter(|due| *due > w.now()).ok_or_else(late)?;
    let secret = printed::fresh::<20>();
    let hash = hash(w, &secret);
    queries::replace(w, row.id, medium, hash)?;
    w.audit(AuditEntry {
        action: "referral.reach",
        subject_kind: "referral",
        subject_id: Some(row.id),
        household_id: Some(row.household_id),
        restricted: row.sensitivity == Sensitivity::Restricted,
        after: Some(serde_json::json!({"medium": medium, "valid_until": until})),
        ..AuditEntry::default()
    })?;
    Ok((secret, until))
}

/// Create a one-time link
///
/// For a sent referral whose receiver has no account (`receiver_has_account`): it opens the page on which the receiver
/// accepts or declines, until the referral is due. It is told this once and cannot be asked for again; a new one, link
/// or letter, ends the one before.
#[utoipa::path(tag = "referrals", params(IdPath), responses((status = 201, description = "Made.", body = ReferralLink)))]
#[post("/api/v1/referrals/{id}/links")]
pub async fn create_referral_link(permit: Permit<ReferralReach>, id: Id) -> Result<Answer, Problem> {
    let origin = permit.gate().config().origins().into_iter().next().unwrap_or_default();
    permit
        .write(move |w| {
            let row = asked(w, id)?;
            let (secret, valid_until) = make(w, &row, LinkMedium::Link)?;
            let link = ReferralLink {
                url: format!("{origin}/answer#{secret}"),
                secret: printed::grouped(&secret),
                valid_until,
            };
            Ok(Answer::created(&link, format!("/api/v1/referrals/{}", id.0))?.header("cache-control", "no-store"))
        })
        .await
}

/// 1234567 as 1.234.567.
fn thousands(amount: i64) -> String {
    let digits = amount.to_string();
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

fn urgency(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Rendah",
        Severity::Medium => "Sedang",
        Severity::High => "Tinggi",
        Severity::Emergency => "Darurat",
    }
}

/// What the letter says, one paragraph a line: what is asked for, and nothing of whom.
fn body(row: &ReferralRow, offer: &queries::OfferRow, origin: &str, until: &str) -> String {
    let name = |label: &serde_json::Value| label.get("id").and_then(serde_json::Value::as_str).map(clean);
    let need = offer.need.as_ref().and_then(name).unwrap_or_else(|| row.need_code.clone());
    let address = row.receiver_address.as_deref().map(clean).filter(|a| !a.is_empty());
    let mut lines = vec![format!("Kepada Yth. : {}", clean(&row.to_organization_name))];
    lines.extend(address.map(|a| format!("Alamat : {a}")));
    lines.push(String::new());
    lines.push("Dengan hormat, kami merujuk kepada lembaga Saudara:".to_owned());
    lines.push(String::new());
    lines.push(format!("Nomor rujukan : {}", row.id));
    lines.push(format!("Program : {}", name(&row.program_name).unwrap_or_default()));
    lines.push(format!("Kebutuhan : {need}"));
    lines.push(format!("Tingkat : {}", urgency(row.severity)));
    lines.push(format!("Wilayah : Kelurahan {}, Kecamatan {}", clean(&offer.village), clean(&offer.district)));
    if row.amount_idr > 0 {
        lines.push(format!("Nilai : Rp {}", thousands(row.amount_idr)));
    }
    lines.push(format!("Jawaban paling lambat : {until}"));
    lines.push(String::new());
    lines.push(format!(
        "Mohon jawaban apakah lembaga Saudara menerima rujukan ini. Pindai kode di bawah, atau buka {origin}/answer dan \
         ketik kuncinya. Kunci hanya dapat dipakai satu kali; surat atau tautan yang lebih baru menggantikannya."
    ));
    lines.push(String::new());
    lines.push(
        "Surat ini tidak memuat identitas siapa pun. Nama diberikan sesudah rujukan diterima, alamat dan telepon sesudah \
         hari bantuan ditetapkan. Jawaban juga dapat disampaikan lewat surat, telepon, atau kepada petugas yang \
         menyampaikan surat ini."
            .to_owned(),
    );
    lines.join("\n")
}

/// Print the letter of a referral
///
/// For a sent referral whose receiver has no account: a PDF to send or carry, with a one-time link as a QR code and in
/// print. It says what is asked for and nothing of whom. Printing it makes a new link and ends the one before.
#[utoipa::path(tag = "referrals", params(IdPath), responses((status = 200, description = "The letter.", headers(("Content-Disposition" = String, description = "Suggested name of the file.")), content((Vec<u8> = "application/pdf")))))]
#[post("/api/v1/referrals/{id}/letter")]
pub async fn print_referral_letter(permit: Permit<ReferralReach>, id: Id) -> Result<HttpResponse, Problem> {
    let origin = permit.gate().config().origins().into_iter().next().unwrap_or_default();
    let paper = permit
        .write(move |w| {
            let row = asked(w, id)?;
            let (secret, until) = make(w, &row, LinkMedium::Letter)?;
            let offer = queries::offer_of_visible(w, &row)?;
            let (today, signer) = (w.today(), w.principal().id);
            let seat = crate::regions::seat(w)?;
            Ok(Paper {
                office: seat.office(),
                title: "Rujukan bantuan".to_owned(),
                number: None,
                body: body(&row, &offer, &origin, &long_date(office_date(until))),
                place_and_date: format!("{}, {}", seat.place(), long_date(today)),
                date: today,
                signatory_title: "Petugas yang merujuk".to_owned(),
                signatory_name: clean(&queries::account_name(w, signer)?),
                check: Some(Check {
                    link: format!("{origin}/answer#{secret}"),
                    caption: "Jawab rujukan".to_owned(),
                    beside: vec![
                        "Jawab rujukan ini:".to_owned(),
                        format!("{origin}/answer"),
                        format!("Kunci {}", printed::grouped(&secret)),
                    ],
                }),
            })
        })
        .await?;
    let file = services::print(&paper).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("content-disposition", "attachment; filename=\"rujukan.pdf\""))
        .insert_header(("cache-control", "no-store"))
        .body(file))
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn rupiah_are_read_in_thousands() {
        for (amount, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (1_234_567, "1.234.567")] {
            assert_eq!(thousands(amount), text);
        }
    }
}
