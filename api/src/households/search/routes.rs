//! Operations of the search.

use actix_web::{post, web};

use super::model::{HouseholdHits, IndividualHits, Search};
use super::{Finder, find};
use crate::access::Permit;
use crate::access::policy::HouseholdSearch;
use crate::http::answer::Answer;
use crate::http::extract::Json;
use crate::kernel::problem::Problem;

/// Search households
///
/// By the name of a member, a NIK, a family-card number or an address; slips of the keyboard and of spelling are
/// forgiven. The nearest first; what scores alike is in the order of recording. Only within the caller's scope.
#[utoipa::path(tag = "households", request_body = Search, responses((status = 200, description = "A page of households, the nearest first.", body = HouseholdHits)))]
#[post("/api/v1/households/search")]
pub async fn search_households(
    permit: Permit<HouseholdSearch>,
    finder: web::Data<Finder>,
    body: Json<Search>,
) -> Result<Answer, Problem> {
    permit.read(move |r| Answer::ok(&find::households(r, &finder, &body.0)?)).await
}

/// Search individuals
///
/// Like the search for households, but every person found is a row: the one of that name or NIK, or everybody of that
/// family card or address.
#[utoipa::path(tag = "individuals", request_body = Search, responses((status = 200, description = "A page of people, the nearest first.", body = IndividualHits)))]
#[post("/api/v1/individuals/search")]
pub async fn search_individuals(
    permit: Permit<HouseholdSearch>,
    finder: web::Data<Finder>,
    body: Json<Search>,
) -> Result<Answer, Problem> {
    permit.read(move |r| Answer::ok(&find::individuals(r, &finder, &body.0)?)).await
}
