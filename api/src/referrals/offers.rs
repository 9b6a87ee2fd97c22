//! Which programs may be asked for a problem: the next fitting ones after a decline, too.

use actix_web::get;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Permit;
use crate::access::policy::ReferralSend;
use crate::db::slugs::Sensitivity;
use crate::http::answer::Answer;
use crate::http::extract::Id;
use crate::http::openapi::IdPath;
use crate::kernel::problem::Problem;
use crate::matching::{self, MatchOutcome};
use crate::problems;
use crate::programs::{self, ProgramText};

/// Most that are offered: nobody reads on.
const MOST: usize = 50;

/// A program that answers the need, with its cycle.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemOffer {
    /// The program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: ProgramText,
    /// Who runs it.
    pub organization_id: Uuid,
    /// Its name.
    #[schema(example = "Yayasan Amanah Bandung")]
    pub organization_name: String,
    /// The cycle.
    pub cycle_id: Uuid,
    /// Last day of the cycle.
    #[schema(example = "2026-12-31")]
    pub ends_on: NaiveDate,
    /// Seats that are left; 0 is the waitlist. Null where the caller may not count a restricted program's people.
    #[schema(required, example = 12)]
    pub seats_left: Option<i32>,
    /// Whether a source has enough money allotted to the cycle, or none is needed.
    pub funded: bool,
    /// How many wait already; null where the caller may not count them.
    #[schema(required, example = 3)]
    pub waiting: Option<i64>,
    /// Value of one, in rupiah.
    #[schema(example = 350000)]
    pub value_idr: i64,
    /// Whether the household fulfils the rule; null where the program has none, or it was not evaluated yet.
    #[schema(required)]
    pub outcome: Option<MatchOutcome>,
    /// Whether the problem was sent to this cycle before, and was declined, expired or cancelled.
    pub asked_before: bool,
}

/// What may be asked, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemOffers {
    /// Those that may help at once, then those that ask for data, then those with a waitlist.
    pub data: Vec<ProblemOffer>,
}

/// Get the offers for a problem
///
/// Published programs that answer its need, reach its kelurahan and take people today, whose rule the household fulfils
/// or may fulfil: also what to ask next when a referral was declined or has expired.
#[utoipa::path(tag = "referrals", params(IdPath), responses((status = 200, description = "What may be asked.", body = ProblemOffers)))]
#[get("/api/v1/problems/{id}/offers")]
pub async fn get_problem_offers(permit: Permit<ReferralSend>, id: Id) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            let problem = problems::find(w, id.0)?;
            let outcomes = matching::outcomes(w, problem.household_id)?;
            // Of a restricted program each seat is a person.
            let counts = problem.sensitivity == Sensitivity::Open || w.scope().supervises();
            let mut data = Vec::new();
            for row in
                programs::open_offers(w, &problem.need_code, &problem.region_code, problem.sensitivity, problem.id)?
            {
                let outcome = outcomes.get(&row.number).copied().filter(|_| row.ruled);
                if outcome == Some(MatchOutcome::Ineligible) {
                    continue;
                }
                data.push(ProblemOffer {
                    program_id: row.program_id,
                    program_name: serde_json::from_value(row.program_name).map_err(Problem::internal)?,
                    organization_id: row.organization_id,
                    organization_name: row.organization_name,
                    cycle_id: row.cycle_id,
                    ends_on: row.ends_on,
                    seats_left: counts.then_some(row.seats_left),
                    funded: row.funded,
                    waiting: counts.then_some(row.waiting),
                    value_idr: row.value_idr,
                    outcome,
                    asked_before: row.asked_before,
                });
            }
            data.sort_by_key(|o| {
                let unsure = o.outcome == Some(MatchOutcome::NeedsData);
                (
                    o.asked_before,
                    o.seats_left == Some(0) || !o.funded,
                    unsure,
                    std::cmp::Reverse(o.value_idr),
                    o.program_id,
                )
            });
            data.truncate(MOST);
            Answer::ok(&ProblemOffers { data })
        })
        .await
}
