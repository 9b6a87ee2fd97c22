//! Wire types of assessments.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::db::slugs::Sensitivity;
use crate::instruments::evaluate::Evaluation;
use crate::kernel::label::Label;
use crate::kernel::patch::Field;
use crate::problems::{Severity, Subject};

crate::slugs! {
    /// What it counts as.
    AssessmentKind {
        /// By a certified worker.
        Assessment "assessment",
        /// By anybody else, or as a first look.
        Screening "screening",
    }
}

crate::slugs! {
    /// How far it is.
    AssessmentStatus {
        /// Being filled in.
        Draft "draft",
        /// Signed by its author; an assessment waits for the counter-signature.
        Signed "signed",
        /// Counter-signed by a supervisor.
        Countersigned "countersigned",
        /// Sent back by the supervisor with a reason; the author amends it.
        Returned "returned",
        /// Replaced by an amendment.
        Superseded "superseded",
        /// Thrown away before signing.
        Discarded "discarded",
    }
}

/// A need the worker recommends to answer. Signing makes it a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Recommended {
    /// Code of the list `needs`.
    #[schema(max_length = 60, example = "pangan")]
    #[validate(length(max = 60, message = "is too long"))]
    pub need_code: String,
    /// Code of the list `ppks_types`.
    #[schema(max_length = 60, example = "fakir_miskin")]
    #[validate(length(max = 60, message = "is too long"))]
    pub ppks_code: Option<String>,
    /// How urgent it is.
    pub severity: Severity,
    /// In words.
    #[schema(max_length = 1000, example = "Perlu makanan siap santap tiap hari.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// Which form it was filled in on.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentRef {
    /// Id of the revision.
    pub id: Uuid,
    /// Code of all its revisions.
    #[schema(example = "fakir_miskin_9")]
    pub code: String,
    /// Which revision.
    #[schema(example = 1)]
    pub revision: i32,
    /// Its name.
    pub name: Label,
    /// Whether a newer revision is in use.
    pub outdated: bool,
}

/// What the signature did to a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemEffect {
    /// The problem.
    pub problem_id: Uuid,
    /// reported, confirmed, verified, or known before.
    #[schema(example = "reported")]
    pub effect: String,
}

/// What a score came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreBand {
    /// Code of the score.
    #[schema(example = "poverty")]
    pub code: String,
    /// Its name.
    pub name: Label,
    /// The sum.
    #[schema(example = 7)]
    pub points: i64,
    /// The most there could be.
    #[schema(example = 9)]
    pub most: i64,
    /// What it means; null where the form does not say.
    #[schema(required)]
    pub band: Option<Label>,
}

/// An assessment as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assessment {
    /// Id.
    pub id: Uuid,
    /// Whom it looks at.
    pub subject: Subject,
    /// Name of the person, or of the head of the household; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// The household.
    pub household_id: Uuid,
    /// Kelurahan of the household's domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// The case it belongs to.
    #[schema(required)]
    pub case_id: Option<Uuid>,
    /// The problem it was begun for.
    #[schema(required)]
    pub problem_id: Option<Uuid>,
    /// The form.
    pub instrument: InstrumentRef,
    /// What it counts as.
    pub kind: AssessmentKind,
    /// How far it is.
    pub status: AssessmentStatus,
    /// Who may see it; inherited from form, problem and recommended needs.
    pub sensitivity: Sensitivity,
    /// Answers by the code of their question; left out in lists and where the caller may not know them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!({"no_shelter": false}))]
    pub answers: Option<BTreeMap<String, Value>>,
    /// What the answers amount to: now for a draft, as signed for the others; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<Evaluation>,
    /// The worker's conclusion; null where the caller may not know it.
    #[schema(required, example = "Keluarga memerlukan bantuan pangan segera.")]
    pub conclusion: Option<String>,
    /// Needs the worker recommends.
    pub recommended: Vec<Recommended>,
    /// Scores with their band, as signed; empty for a draft. The breakdown stands in `evaluation`.
    pub scores: Vec<ScoreBand>,
    /// What the signature did to problems the caller may see; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<ProblemEffect>>,
    /// Who fills it in.
    pub author_id: Uuid,
    /// His name.
    #[schema(example = "Rina Kartika")]
    pub author_name: String,
    /// Number of the certificate it was signed with.
    #[schema(required, example = "STR-32-000123")]
    pub str_number: Option<String>,
    /// Until when that certificate was valid.
    #[schema(required)]
    pub str_valid_until: Option<NaiveDate>,
    /// When it was signed.
    #[schema(required)]
    pub signed_at: Option<DateTime<Utc>>,
    /// Who counter-signed it.
    #[schema(required)]
    pub countersigned_by: Option<Uuid>,
    /// His name.
    #[schema(required, example = "Dewi Lestari")]
    pub countersigned_by_name: Option<String>,
    /// When.
    #[schema(required)]
    pub countersigned_at: Option<DateTime<Utc>>,
    /// Why the supervisor sent it back.
    #[schema(required, example = "Bagian risiko belum menjelaskan siapa yang terancam.")]
    pub return_reason: Option<String>,
    /// The assessment this one amends.
    #[schema(required)]
    pub amends_id: Option<Uuid>,
    /// 1 for the first, one more for each amendment.
    #[schema(example = 1)]
    pub revision: i32,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: edit, sign, discard, countersign, return, amend.
    #[schema(example = json!(["edit", "sign", "discard"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(AssessmentPage, Assessment);

/// An assessment to begin.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewAssessment {
    /// Code of an instrument in use.
    #[schema(max_length = 60, example = "fakir_miskin_9")]
    #[validate(length(max = 60, message = "is too long"))]
    pub instrument_code: String,
    /// Whom it looks at: a household or a person, as the instrument says.
    pub subject: Subject,
    /// The case it belongs to.
    pub case_id: Option<Uuid>,
    /// The problem it is begun for.
    pub problem_id: Option<Uuid>,
    /// What it is to count as; by default an assessment for a worker with a valid certificate, a screening for others.
    pub kind: Option<AssessmentKind>,
}

/// Changes of a draft; send as often as you like.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AssessmentPatch {
    /// Answers that changed, by the code of their question; `null` takes one back.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>, required = false, example = json!({"food_worry": true}))]
    pub answers: Field<BTreeMap<String, Value>>,
    /// The worker's conclusion.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 8000, example = "Keluarga memerlukan pangan segera.")]
    pub conclusion: Field<String>,
    /// All needs the worker recommends.
    #[serde(default)]
    #[schema(value_type = Vec<Recommended>, required = false, max_items = 30)]
    pub recommended: Field<Vec<Recommended>>,
}

/// Why it is sent back.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReturnAssessment {
    /// What is missing or wrong.
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"\S",
        example = "Bagian risiko belum menjelaskan siapa yang terancam."
    )]
    #[validate(
        length(min = 1, max = 2000, message = "must have 1 to 2000 characters"),
        custom(function = "crate::kernel::label::not_blank")
    )]
    pub reason: String,
}

crate::list_query! {
    /// Filters of the list of assessments.
    AssessmentQuery {
        /// Only this status.
        #[param(inline)]
        status: AssessmentStatus,
        /// Only this kind.
        #[param(inline)]
        kind: AssessmentKind,
        /// Only the caller's own.
        #[param(example = false)]
        mine: bool,
        /// Only those of this case.
        case_id: Uuid,
    }
}
