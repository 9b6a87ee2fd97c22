//! Who was given what about whom: one entry a step that opens something to the receiving organization.

use actix_web::get;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{self, ReferralRow};
use super::routes::knows_who;
use super::rules::Step;
use crate::access::policy::DisclosureRead;
use crate::access::{Permit, Writer};
use crate::http::answer::Answer;
use crate::http::extract::Query;
use crate::http::list::page_answer;
use crate::kernel::problem::Problem;
use crate::programs::ProgramText;

crate::slugs! {
    /// The step that opened it.
    DisclosureBasis {
        /// An agency sees whom it is sent.
        Sent "referral_sent",
        /// A partner sees whom it has accepted.
        Accepted "referral_accepted",
        /// How the person is reached is needed on the day of the help.
        Scheduled "referral_scheduled",
    }
}

/// A disclosure as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosureView {
    /// Id.
    pub id: Uuid,
    /// The referral.
    pub referral_id: Uuid,
    /// To whom.
    pub organization_id: Uuid,
    /// Its name.
    #[schema(example = "Yayasan Amanah Bandung")]
    pub organization_name: String,
    /// Of which household; null where the caller may not know it any more.
    #[schema(required)]
    pub household_id: Option<Uuid>,
    /// What was given.
    #[schema(example = json!(["name", "birth_date", "region"]), max_items = 20)]
    pub fields: Vec<String>,
    /// The step that gave it.
    pub basis: DisclosureBasis,
    /// What for: the program.
    pub purpose: ProgramText,
    /// Data-sharing agreement in force.
    #[schema(required, example = "PKS-12/2026")]
    pub agreement_number: Option<String>,
    /// Last day of that agreement.
    #[schema(required, example = "2027-12-31")]
    pub until: Option<NaiveDate>,
    /// Account or client that took the step; null is the service.
    #[schema(required)]
    pub disclosed_by: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

crate::page_of!(DisclosurePage, DisclosureView);

crate::list_query! {
    /// Filters of the disclosures.
    DisclosureQuery {
        /// Only those about this household.
        household_id: Uuid,
        /// Only those to this organization.
        organization_id: Uuid,
    }
}

/// What a step gives to the receiving organization; nothing where it has it already.
pub(super) fn note(w: &mut Writer<'_>, row: &ReferralRow, step: Step) -> Result<(), Problem> {
    let who: &[&str] = &["name", "birth_date", "sex", "members", "region"];
    match step {
        Step::Send => queries::disclose(w, row, DisclosureBasis::Sent, who),
        Step::Accept => queries::disclose(w, row, DisclosureBasis::Accepted, who),
        // Help may begin without a day of its own.
        Step::Schedule | Step::Start => contact(w, row),
        _ => Ok(()),
    }
}

/// How the person is reached, as far as the agreement goes; nothing where it does not.
pub(super) fn contact(w: &mut Writer<'_>, row: &ReferralRow) -> Result<(), Problem> {
    let mut fields: Vec<&str> = row.contact_shared.iter().flatten().map(String::as_str).collect();
    if fields.is_empty() {
        return Ok(());
    }
    fields.push("accommodations");
    queries::disclose(w, row, DisclosureBasis::Scheduled, &fields)
}

/// List disclosures
///
/// Newest first: what was given about whom, to whom, by which step and under which agreement.
#[utoipa::path(tag = "referrals", params(DisclosureQuery), responses((status = 200, description = "A page of disclosures.", body = DisclosurePage)))]
#[get("/api/v1/disclosures")]
pub async fn list_disclosures(
    permit: Permit<DisclosureRead>,
    query: Query<DisclosureQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let path = "/api/v1/disclosures";
            let paging = query.0.paging(path);
            let start = paging.start(r.sealer())?;
            let mut rows = queries::disclosures(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count_disclosures(r, &query.0)?) } else { None };
            let page = paging.close(&mut rows, r.sealer(), total, |d| (None, d.id.to_string()));
            let referrals = queries::find_many(r, rows.iter().map(|row| row.referral_id).collect())?;
            let mut data = Vec::with_capacity(rows.len());
            for row in rows {
                let Some(referral) = referrals.iter().find(|f| f.id == row.referral_id) else { continue };
                let known = knows_who(r, referral) || r.scope().deidentified;
                data.push(DisclosureView {
                    id: row.id,
                    referral_id: row.referral_id,
                    organization_id: row.organization_id,
                    organization_name: row.organization_name,
                    household_id: Some(referral.household_id).filter(|_| known),
                    fields: row.fields,
                    basis: row.basis,
                    purpose: serde_json::from_value(referral.program_name.clone()).map_err(Problem::internal)?,
                    agreement_number: row.agreement_number,
                    until: row.until_on,
                    disclosed_by: row.disclosed_by,
                    at: row.at,
                });
            }
            page_answer(&DisclosurePage { data, page: page.clone() }, &page, path)
        })
        .await
}
