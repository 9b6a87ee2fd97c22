//! The check of a letter by whoever holds it, without signing in.
//!
//! Code and secret are printed on the letter and stand behind the `#` of the QR code's link, which browsers never send:
//! they come in the body alone. Wrong ones are limited by code and by address; an unknown code and a wrong secret
//! answer alike.

use actix_web::{HttpRequest, post};

use super::letter_model::{GenuineLetter, LetterCheck, LetterStatus};
use super::letter_queries as queries;
use crate::access::policy::LetterVerify;
use crate::access::{Permit, Reader, address};
use crate::http::answer::Answer;
use crate::http::extract::Json;
use crate::kernel::label::Label;
use crate::kernel::printed::typed;
use crate::kernel::problem::Problem;

const PER_CODE: i64 = 10;
const PER_ADDRESS: i64 = 100;

/// What is kept of a secret.
pub(super) fn hash(r: &Reader<'_>, secret: &str) -> Vec<u8> {
    r.sealer().keyed_hash("letter-secret", secret.as_bytes())
}

/// Check a letter
///
/// Code and secret as printed on it; case and separators do not matter. Answers what is needed to compare it with the
/// paper, and 404 where the two do not belong together. After 10 failures of a code or 100 of an address in 15 minutes:
/// 429.
#[utoipa::path(tag = "letters", security(()), request_body = LetterCheck, responses((status = 200, description = "It is genuine.", body = GenuineLetter)))]
#[post("/api/v1/public/letters/verify")]
pub async fn verify_letter(
    permit: Permit<LetterVerify>,
    req: HttpRequest,
    body: Json<LetterCheck>,
) -> Result<Answer, Problem> {
    let (code, secret) = (typed(&body.0.code), typed(&body.0.secret));
    let address = address(&req, permit.gate());
    let found = permit
        .write(move |w| {
            let booked = [
                queries::book_failure(w, &format!("address {address}"), PER_ADDRESS)?,
                queries::book_failure(w, &format!("code {code}"), PER_CODE)?,
            ];
            let hash = hash(w, &secret);
            let found = queries::genuine(w, &code, hash)?;
            if found.is_some() {
                queries::unbook(w, &booked)?;
            }
            // Not an error yet: a failure must be committed to be counted.
            Ok(found)
        })
        .await?;
    let row = found.ok_or_else(Problem::not_found)?;
    let titled = Label { id: row.title.clone(), en: row.title };
    let letter = GenuineLetter {
        genuine: true,
        kind: row.kind.and_then(|name| serde_json::from_value(name).ok()).unwrap_or(titled),
        number: row.number_text,
        issued_on: row.issued_on,
        office: row.office,
        subject_initials: row.subject_initials,
        status: if row.revoked { LetterStatus::Revoked } else { LetterStatus::Valid },
    };
    Ok(Answer::ok(&letter)?.header("cache-control", "no-store"))
}
