//! Operations about the quality of the registry.

use actix_web::get;

use super::model::{
    QualityCount, QualityCountPage, QualityCountQuery, QualityRecord, QualityRecordPage, QualityRecordQuery,
};
use super::queries;
use crate::access::Permit;
use crate::access::policy::{QualityRead, QualityRows};
use crate::http::answer::Answer;
use crate::http::extract::Query;
use crate::http::list::{Paging, TOTAL_CAP, page_answer};
use crate::kernel::problem::Problem;

/// List how good the registry is
///
/// How many values there are, are missing, stale or in conflict, in the caller's area: added up by field, source,
/// kecamatan or kelurahan. The counts are kept and made again within an hour of a change; `computed_at` says of when they
/// are. Restricted facts are not among them.
#[utoipa::path(tag = "quality", params(QualityCountQuery), responses((status = 200, description = "A page of counts.", body = QualityCountPage)))]
#[get("/api/v1/quality")]
pub async fn list_quality_counts(
    permit: Permit<QualityRead>,
    query: Query<QualityCountQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("quality");
            let start = paging.start(r.sealer())?.map(|c| c.id);
            let rows = queries::counts_visible(r, &query.0, start.as_deref(), paging.fetch())?;
            let mut data: Vec<QualityCount> = rows.into_iter().map(QualityCount::from).collect();
            let total = if paging.include_total {
                i64::try_from(queries::counts_visible(r, &query.0, None, TOTAL_CAP + 1)?.len()).ok()
            } else {
                None
            };
            let page = paging.close(&mut data, r.sealer(), total, |c| (None, c.key.clone()));
            page_answer(&QualityCountPage { data, page: page.clone() }, &page, "/api/v1/quality")
        })
        .await
}

/// List the records behind a count
///
/// Of one kecamatan or kelurahan, as they are now: the households or people of which a field is missing, stale or in
/// conflict, with what each source says of a household where they disagree.
#[utoipa::path(tag = "quality", params(QualityRecordQuery), responses((status = 200, description = "A page of records.", body = QualityRecordPage)))]
#[get("/api/v1/quality/records")]
pub async fn list_quality_records(
    permit: Permit<QualityRows>,
    query: Query<QualityRecordQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let filters = QualityRecordQuery { limit: None, cursor: None, include_total: None, ..query.0.clone() };
            let paging =
                Paging::new("quality/records", &filters, query.0.limit, query.0.cursor.clone(), query.0.include_total);
            let start = paging.start(r.sealer())?.and_then(|c| c.id.parse().ok());
            let total = if paging.include_total { Some(queries::count_records_visible(r, &query.0)?) } else { None };
            let rows = queries::records_visible(r, &query.0, start, paging.fetch())?;
            let mut data: Vec<QualityRecord> = rows.into_iter().map(QualityRecord::from).collect();
            let page = paging.close(&mut data, r.sealer(), total, |c| (None, c.id.to_string()));
            page_answer(&QualityRecordPage { data, page: page.clone() }, &page, "/api/v1/quality/records")
        })
        .await
}
