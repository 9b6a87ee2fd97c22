//! Operations about regions.

use actix_web::get;

use super::model::{Region, RegionPage, RegionQuery};
use super::queries;
use crate::access::Permit;
use crate::access::policy::ReferenceRead;
use crate::http::answer::Answer;
use crate::http::extract::{Query, Slug};
use crate::http::list::page_answer;
use crate::kernel::problem::Problem;

/// List regions
///
/// By code. The city with its kecamatan and kelurahan and the regions it lies in; with `everywhere=true` all that are known.
#[utoipa::path(tag = "regions", params(RegionQuery), responses((status = 200, description = "A page of regions.", body = RegionPage)))]
#[get("/api/v1/regions")]
pub async fn list_regions(permit: Permit<ReferenceRead>, query: Query<RegionQuery>) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("regions");
            let start = paging.start(r.sealer())?;
            let mut data = queries::list(r, &query.0, start.as_ref(), paging.fetch())?;
            let total = if paging.include_total { Some(queries::count(r, &query.0)?) } else { None };
            let page = paging.close(&mut data, r.sealer(), total, |region| (None, region.code.clone()));
            page_answer(&RegionPage { data, page: page.clone() }, &page, "/api/v1/regions")
        })
        .await
}

/// Get a region
///
/// By its dotted Kemendagri code.
#[utoipa::path(tag = "regions",
    params(("code" = String, Path, description = "Dotted Kemendagri code.", example = "32.73.01.1001", max_length = 20, pattern = "^[0-9.]{1,20}$")),
    responses((status = 200, description = "The region.", body = Region)))]
#[get("/api/v1/regions/{code}")]
pub async fn get_region(permit: Permit<ReferenceRead>, code: Slug) -> Result<Answer, Problem> {
    permit.read(move |r| Answer::ok(&queries::find(r, &code.0)?)).await
}
