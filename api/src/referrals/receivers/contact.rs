//! How the receiver of a referral reaches the person: from the day on which help is scheduled, and while it lasts.

use actix_web::get;

use super::model::{ContactAddress, ContactPerson, ContactView};
use super::queries;
use crate::access::policy::ReferralContact;
use crate::access::{Permit, Seen};
use crate::http::answer::Answer;
use crate::http::extract::Id;
use crate::http::openapi::IdPath;
use crate::kernel::problem::{self, Problem};
use crate::referrals::disclosures;
use crate::referrals::queries as referrals;
use crate::referrals::routes::receives;
use crate::referrals::rules;

/// Get the contact of a referral
///
/// Address, telephone and what makes meeting safe, for the receiving organization alone, while help is scheduled or under
/// way (`contact_not_open` before and after). Only within its agreement: `agreement_expired` where that is not in force,
/// `contact_not_agreed` where it covers neither. What is given stands among the disclosures, who looked in the access log.
#[utoipa::path(tag = "referrals", params(IdPath), responses((status = 200, description = "How the person is reached.", body = ContactView)))]
#[get("/api/v1/referrals/{id}/contact")]
pub async fn get_referral_contact(permit: Permit<ReferralContact>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let row = referrals::find(w, id.0)?;
            if !receives(w, &row) {
                return Err(Problem::with(&problem::FORBIDDEN, "only the receiving organization is given it"));
            }
            if !rules::opens_contact(row.status) {
                return Err(Problem::new(&problem::CONTACT_NOT_OPEN));
            }
            let Some(shared) = &row.contact_shared else { return Err(Problem::new(&problem::AGREEMENT_EXPIRED)) };
            if shared.is_empty() {
                return Err(Problem::new(&problem::CONTACT_NOT_AGREED));
            }
            // Entered by the step already, unless nothing was agreed on that day.
            disclosures::contact(w, &row)?;
            let shares = |field: &str| shared.iter().any(|f| f == field);
            let address = if shares("address") { Some(queries::address_of_visible(w, &row)?) } else { None };
            let people = queries::people_of_visible(w, &row)?;
            let seen = Seen { subject_kind: "referral", subject_id: row.id, household_id: Some(row.household_id) };
            let mut fields: Vec<&str> = shared.iter().map(String::as_str).collect();
            fields.push("accommodations");
            w.log_access("view", seen, None, &fields)?;
            let contact = ContactView {
                referral_id: row.id,
                address: address.map(|a| ContactAddress {
                    street: a.street,
                    rt: a.rt,
                    rw: a.rw,
                    village: a.village,
                    district: a.district,
                    lat: a.lat,
                    lng: a.lng,
                }),
                people: people
                    .into_iter()
                    .map(|p| ContactPerson {
                        individual_id: p.id,
                        name: p.name,
                        phone: p.phone.filter(|_| shares("phone")),
                        accommodations: p.accommodations,
                    })
                    .collect(),
            };
            Ok(Answer::ok(&contact)?.header("cache-control", "no-store"))
        })
        .await
}
