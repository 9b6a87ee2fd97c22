//! Operations about candidates.

use actix_web::{get, post};
use serde_json::json;

use super::table::{self, Rule};
use super::{OPERATION, queries};
use crate::access::Permit;
use crate::access::policy::{ProblemDetect, ReferenceRead};
use crate::http::answer::Answer;
use crate::http::extract::Query;
use crate::http::list::page_answer;
use crate::jobs;
use crate::kernel::label::Label;
use crate::kernel::problem::{self, Problem};
use crate::operations::{self, Operation};
use crate::problems::model::{DetectionRule, DetectionRulePage, DetectionRuleQuery};

fn view(rule: &Rule) -> DetectionRule {
    DetectionRule {
        code: rule.code.to_owned(),
        version: rule.version,
        need_code: rule.need.to_owned(),
        subject_kind: rule.subject,
        says: Label { id: rule.says.0.to_owned(), en: rule.says.1.to_owned() },
    }
}

/// List the rules that find candidates
///
/// What each one goes by, in words. A need whose code is restricted, or that the list does not leave to rules, is found
/// by none.
#[utoipa::path(tag = "problems", params(DetectionRuleQuery), responses((status = 200, description = "A page of rules.", body = DetectionRulePage)))]
#[get("/api/v1/detection-rules")]
pub async fn list_detection_rules(
    permit: Permit<ReferenceRead>,
    query: Query<DetectionRuleQuery>,
) -> Result<Answer, Problem> {
    permit
        .read(move |r| {
            let paging = query.0.paging("detection-rules");
            let start = paging.start(r.sealer())?;
            let mut data: Vec<DetectionRule> = table::RULES.iter().map(view).collect();
            let total = i64::try_from(data.len()).ok().filter(|_| paging.include_total);
            if let Some(after) = start.and_then(|c| data.iter().position(|rule| rule.code == c.id)) {
                data.drain(..=after);
            }
            let page = paging.close(&mut data, r.sealer(), total, |rule| (None, rule.code.clone()));
            page_answer(&DetectionRulePage { data, page: page.clone() }, &page, "/api/v1/detection-rules")
        })
        .await
}

/// Look for candidates
///
/// Goes through the facts of every household by the rules. What is found becomes a `candidate` that a person confirms or
/// dismisses; a candidate whose facts no longer hold expires; what was dismissed comes back only when its facts change.
/// Nothing restricted is found by rule. One search at a time (`conflict`).
#[utoipa::path(tag = "problems", responses((status = 202, description = "It is being done; `Location` is the operation.", body = Operation)))]
#[post("/api/v1/problems/detect")]
pub async fn detect_problems(permit: Permit<ProblemDetect>) -> Result<Answer, Problem> {
    permit
        .write(move |w| {
            if queries::running(w)?.is_some() {
                return Err(Problem::with(&problem::CONFLICT, "a search is waiting or running"));
            }
            let id = jobs::enqueue(w, OPERATION, None, &json!({}), "districts")?;
            Answer::accepted(&operations::find(w, id)?, format!("/api/v1/operations/{id}"))
        })
        .await
}
