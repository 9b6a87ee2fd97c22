//! Reading households.

use actix_web::get;

use crate::access::policy::{AccessLogRead, HouseholdRead};
use crate::access::{Permit, Reader, Seen};
use crate::households::model::{
    AccessEntry, AccessPage, Household, HouseholdPage, HouseholdQuery, PageQuery, TimelineEntry, TimelinePage,
};
use crate::households::queries::{history, list, visible};
use crate::http::answer::Answer;
use crate::http::extract::{Id, Query};
use crate::http::list::{TOTAL_CAP, page_answer};
use crate::http::openapi::{IdPath, IfNoneMatchHeader};
use crate::kernel::problem::Problem;

pub(super) fn answer(r: &Reader<'_>, household: &Household) -> Result<Answer, Problem> {
    let can = household.summary.can.iter().map(String::as_str);
    let tag: Vec<&str> = can.chain(household.withheld.iter().copied()).collect();
    Ok(Answer::ok(household)?.etag(household.summary.version, r.principal(), &tag))
}

/// List households
///
/// Those of the caller's area, or reached by referrals to the caller's organization. Newest first unless `sort` says otherwise.
#[utoipa::path(tag = "households", params(HouseholdQuery), responses((status = 200, description = "A page of households.", body = HouseholdPage)))]
#[get("/api/v1/households")]
pub async fn list_households(permit: Permit<HouseholdRead>, query: Query<HouseholdQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("households");
            let start = paging.start(r.sealer())?;
            let mut rows = list::page(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(list::count(r, &query.0, TOTAL_CAP)?) } else { None };
            let sort = query.0.sort.unwrap_or_default();
            let page =
                paging.close(&mut rows, r.sealer(), total, |(row, name)| list::position(sort, row, name.as_deref()));
            let data = rows.into_iter().map(|(row, _)| row).collect();
            page_answer(&HouseholdPage { data, page: page.clone() }, &page, "/api/v1/households")
        })
        .await
}

/// Get a household
///
/// With members, addresses, housing, what each source says, and identifiers (masked). A merged or dissolved one answers too.
#[utoipa::path(tag = "households", params(IdPath, IfNoneMatchHeader), responses((status = 200, description = "The household.", body = Household), (status = 304, description = "Unchanged.")))]
#[get("/api/v1/households/{id}")]
pub async fn get_household(permit: Permit<HouseholdRead>, id: Id) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let household = list::find(r, id.0)?;
            r.saw(Seen { subject_kind: "household", subject_id: id.0, household_id: Some(id.0) });
            answer(r, &household)
        })
        .await
}

/// List what happened to a household
///
/// Newest first.
#[utoipa::path(tag = "households", params(IdPath, PageQuery), responses((status = 200, description = "A page of the timeline.", body = TimelinePage)))]
#[get("/api/v1/households/{id}/timeline")]
pub async fn list_household_timeline(
    permit: Permit<HouseholdRead>,
    id: Id,
    query: Query<PageQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let household = visible::find_visible(r, id.0)?;
            let path = format!("/api/v1/households/{}/timeline", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut data: Vec<TimelineEntry> = history::timeline(r, &household, start.as_ref(), paging.fetch())?;
            if r.scope().deidentified {
                data.iter_mut().for_each(|entry| entry.actor_name = None);
            }
            let page = paging.close(&mut data, r.sealer(), None, |e| (None, e.id.to_string()));
            page_answer(&TimelinePage { data, page: page.clone() }, &page, &path)
        })
        .await
}

/// List who saw a household
///
/// Newest first. A row in somebody's list does not count as seen. Views of a restricted item are shown to who may see it.
#[utoipa::path(tag = "households", params(IdPath, PageQuery), responses((status = 200, description = "A page of the access log.", body = AccessPage)))]
#[get("/api/v1/households/{id}/access-log")]
pub async fn list_household_access_log(
    permit: Permit<AccessLogRead>,
    id: Id,
    query: Query<PageQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let household = visible::find_visible(r, id.0)?;
            let path = format!("/api/v1/households/{}/access-log", id.0);
            let paging = query.0.paging(&path);
            let start = paging.start(r.sealer())?;
            let mut data: Vec<AccessEntry> = history::access(r, &household, start.as_ref(), paging.fetch())?;
            let page = paging.close(&mut data, r.sealer(), None, |e| (None, e.id.to_string()));
            page_answer(&AccessPage { data, page: page.clone() }, &page, &path)
        })
        .await
}
