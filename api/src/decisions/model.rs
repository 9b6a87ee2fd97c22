//! Wire types of decisions.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::db::slugs::Sensitivity;
use crate::kernel::dates::civil;
use crate::kernel::label::{Label, not_blank};

crate::slugs! {
    /// What it does.
    DecisionEffect {
        /// The help of a referral ends: seat, money and claim go back.
        StopBenefit "stop_benefit",
        /// A service request is refused.
        RejectRequest "reject_request",
    }
}

crate::slugs! {
    /// How far it is.
    DecisionStatus {
        /// Written; nobody has been told.
        Proposed "proposed",
        /// The person was told, and may answer.
        Notified "notified",
        /// A second person stands for it; it waits for its day.
        Confirmed "confirmed",
        /// Its effect was carried out.
        InEffect "in_effect",
        /// Its effect was undone as far as possible.
        Reversed "reversed",
        /// Given up before it took effect.
        Withdrawn "withdrawn",
        /// What it was about had ended by itself.
        Lapsed "lapsed",
    }
}

crate::slugs! {
    /// How the person was told.
    NoticeChannel {
        /// At the counter.
        InPerson "in_person",
        /// At home.
        HomeVisit "home_visit",
        /// By letter.
        Letter "letter",
        /// By phone.
        Phone "phone",
    }
}

crate::slugs! {
    /// How an answer came.
    AnswerChannel {
        /// Written by the person with his own account.
        Own "self",
        /// Said at the counter.
        InPerson "in_person",
        /// Said at home.
        HomeVisit "home_visit",
        /// By letter.
        Letter "letter",
        /// By phone.
        Phone "phone",
    }
}

/// What the person said before the decision was confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionAnswer {
    /// Id.
    pub id: Uuid,
    /// In his words; null where the caller may not know them.
    #[schema(required, example = "Saya masih tinggal di sini, hanya merawat ibu di desa selama dua minggu.")]
    pub said: Option<String>,
    /// How it came.
    pub channel: AnswerChannel,
    /// Account that wrote it down.
    pub recorded_by: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

/// A decision as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    /// Id.
    pub id: Uuid,
    /// What it does.
    pub effect: DecisionEffect,
    /// Referral whose help it stops.
    #[schema(required)]
    pub referral_id: Option<Uuid>,
    /// Service request it refuses.
    #[schema(required)]
    pub service_request_id: Option<Uuid>,
    /// Name of the program or service.
    pub about: Label,
    /// The household.
    pub household_id: Uuid,
    /// The person, where it is about one.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// Name of the person, or of the head of the household; null where the caller may not know it.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Kelurahan of the household's domicile, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Who may see it; inherited from what it is about.
    pub sensitivity: Sensitivity,
    /// Code of the list `decision_reasons`.
    #[schema(example = "no_longer_eligible")]
    pub reason_code: String,
    /// Why, in words that the person reads; null where the caller may not know them.
    #[schema(required, example = "Penghasilan keluarga kini di atas batas program.")]
    pub reasons: Option<String>,
    /// Regulation it rests on.
    #[schema(required, example = "Perwal 12/2025 pasal 9")]
    pub legal_basis: Option<String>,
    /// How far it is.
    pub status: DecisionStatus,
    /// Account that proposed it.
    pub proposed_by: Uuid,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// How the person was told; null until then.
    #[schema(required)]
    pub notice_channel: Option<NoticeChannel>,
    /// When.
    #[schema(required)]
    pub notified_at: Option<DateTime<Utc>>,
    /// Working days to answer.
    #[schema(required, example = 10)]
    pub answer_days: Option<i32>,
    /// Last day to answer.
    #[schema(required, example = "2026-12-04")]
    pub answer_due_on: Option<NaiveDate>,
    /// Day from which it holds, as told.
    #[schema(required, example = "2026-12-07")]
    pub effective_on: Option<NaiveDate>,
    /// What the person said, oldest first.
    pub answers: Vec<DecisionAnswer>,
    /// Second person who stands for it.
    #[schema(required)]
    pub confirmed_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When its effect was carried out.
    #[schema(required)]
    pub in_effect_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn or reversed; null where the caller may not know it.
    #[schema(required, example = "Data penghasilan ternyata keliru.")]
    pub ended_reason: Option<String>,
    /// Who reversed it.
    #[schema(required)]
    pub reversed_by: Option<Uuid>,
    /// When.
    #[schema(required)]
    pub reversed_at: Option<DateTime<Utc>>,
    /// Draft by which a reversed stop is taken up again; null where that was not possible.
    #[schema(required)]
    pub restored_referral_id: Option<Uuid>,
    /// Raised by every step.
    #[schema(example = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: notify, answer, confirm, withdraw, take_effect, reverse.
    #[schema(example = json!(["notify", "withdraw"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(DecisionPage, Decision);

crate::list_query! {
    /// Filters of the list of decisions.
    DecisionQuery {
        /// Only this status.
        #[param(inline)]
        status: DecisionStatus,
        /// Only this effect.
        #[param(inline)]
        effect: DecisionEffect,
        /// Only this household.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        household_id: Uuid,
        /// Only those about this referral.
        #[param(example = "0198c0de-0000-7000-8000-000000000001")]
        referral_id: Uuid,
    }
}

/// A decision to propose: one of `referral_id` and `service_request_id`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// What it does.
    pub effect: DecisionEffect,
    /// Accepted, scheduled or running referral whose help is to stop.
    pub referral_id: Option<Uuid>,
    /// Open service request that is to be refused.
    pub service_request_id: Option<Uuid>,
    /// Code of the list `decision_reasons`.
    #[schema(max_length = 60, example = "no_longer_eligible")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: String,
    /// Why, in words that the person understands.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"\S",
        example = "Penghasilan keluarga kini di atas batas program."
    )]
    #[validate(
        length(min = 1, max = 4000, message = "must have 1 to 4000 characters"),
        custom(function = "not_blank")
    )]
    pub reasons: String,
    /// Regulation it rests on.
    #[schema(max_length = 500, example = "Perwal 12/2025 pasal 9")]
    #[validate(length(max = 500, message = "is too long"))]
    pub legal_basis: Option<String>,
}

/// The notice that was given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NotifyDecision {
    /// How the person was told.
    pub channel: NoticeChannel,
    /// Working days to answer; at least what the list `decision_effects` asks for, which is also the default.
    #[schema(minimum = 1, maximum = 90, example = 10)]
    #[validate(range(min = 1, max = 90, message = "must be 1 to 90"))]
    pub answer_days: Option<i32>,
    /// Day from which it holds; after the last day to answer. The next working day where left out.
    #[serde(default, deserialize_with = "civil::optional")]
    #[schema(example = "2026-12-07")]
    pub effective_on: Option<NaiveDate>,
}

/// What the person says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AnswerDecision {
    /// In his words.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"\S",
        example = "Saya masih tinggal di sini, hanya merawat ibu di desa selama dua minggu."
    )]
    #[validate(
        length(min = 1, max = 4000, message = "must have 1 to 4000 characters"),
        custom(function = "not_blank")
    )]
    pub said: String,
    /// How a worker heard it (`in_person` where left out); always `self` for the person himself.
    pub channel: Option<NoticeChannel>,
}

/// Why it is withdrawn or reversed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EndDecision {
    /// In words that the person understands.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Data penghasilan ternyata keliru.")]
    #[validate(
        length(min = 1, max = 1000, message = "must have 1 to 1000 characters"),
        custom(function = "not_blank")
    )]
    pub reason: String,
}
