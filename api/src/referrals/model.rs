//! Wire types of referrals.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::db::slugs::Sensitivity;
use crate::kernel::dates::civil;
use crate::problems::SubjectKind;
pub use crate::problems::{ProblemStatus, Severity};
use crate::programs::ProgramText;

crate::slugs! {
    /// How far it is.
    ReferralStatus {
        /// Being written; holds nothing.
        Draft "draft",
        /// With the receiving organization; holds seat, money and claim.
        Sent "sent",
        /// It will help.
        Accepted "accepted",
        /// It will not; all is given back.
        Declined "declined",
        /// Something is missing; holds what it held.
        Returned "returned",
        /// A day is fixed.
        Scheduled "scheduled",
        /// Help is under way.
        InService "in_service",
        /// Ended, with an outcome.
        Completed "completed",
        /// Not answered in time; all is given back.
        Expired "expired",
        /// Withdrawn; all is given back.
        Cancelled "cancelled",
    }
}

crate::slugs! {
    /// How the receiving organization is reached.
    ReceiverReach {
        /// By its own account.
        Account "account",
        /// By a one-time link, sent by e-mail or message.
        Link "link",
        /// By a letter with a one-time link on it.
        Letter "letter",
        /// By telephone.
        Phone "phone",
    }
}

crate::slugs! {
    /// How a one-time link is given out.
    LinkMedium {
        /// To copy.
        Link "link",
        /// On a letter.
        Letter "letter",
    }
}

crate::slugs! {
    /// How the answer of a receiver without an account came.
    ReferralAnswerChannel {
        /// By the one-time link.
        Link "link",
        /// By letter.
        Letter "letter",
        /// By telephone.
        Phone "phone",
        /// By e-mail.
        Email "email",
        /// In person.
        Visit "visit",
    }
}

/// How the receiver of a referral is reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralReceiver {
    /// By what.
    pub reach: ReceiverReach,
    /// Its e-mail address; null for others than the sending side.
    #[schema(required, example = "rujukan@amanah.example")]
    pub email: Option<String>,
    /// Its telephone; null for others than the sending side.
    #[schema(required, example = "022-4201234")]
    pub phone: Option<String>,
    /// Its address; null for others than the sending side.
    #[schema(required, example = "Jl. Braga No. 10, Bandung")]
    pub address: Option<String>,
    /// Last instant of its one-time link; null without one, and for others than the sending side.
    #[schema(required)]
    pub link_until: Option<DateTime<Utc>>,
}

/// For whom a step was recorded: a receiver without an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerOnBehalf {
    /// How the answer came.
    pub channel: ReferralAnswerChannel,
    /// Who answered for the organization; null for a partner that has not accepted.
    #[schema(required, example = "Ibu Ratna, sekretariat")]
    pub answered_by: Option<String>,
    /// On which day.
    #[schema(example = "2026-11-24")]
    pub answered_on: NaiveDate,
    /// File of the problem that shows it; null for an answer by link, and for a partner that has not accepted.
    #[schema(required)]
    pub evidence_id: Option<Uuid>,
}

/// A referral as this caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralView {
    /// Id.
    pub id: Uuid,
    /// The problem it answers.
    pub problem_id: Uuid,
    /// The household; null for a partner that has not accepted.
    #[schema(required)]
    pub household_id: Option<Uuid>,
    /// The person, where it is one's own problem; null for a partner that has not accepted.
    #[schema(required)]
    pub individual_id: Option<Uuid>,
    /// Whether it is for a household or a person.
    pub subject_kind: SubjectKind,
    /// Name of the person, or of the head of the household; null for a partner that has not accepted.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// Kelurahan of the household, dotted.
    #[schema(example = "32.73.01.1001")]
    pub region_code: String,
    /// Need of the problem: code of the list `needs`.
    #[schema(example = "pangan")]
    pub need_code: String,
    /// Urgency of the problem.
    pub severity: Severity,
    /// The program.
    pub program_id: Uuid,
    /// Its name.
    pub program_name: ProgramText,
    /// The cycle.
    pub cycle_id: Uuid,
    /// Source the money comes from; null while nothing is held, or where no money is needed.
    #[schema(required)]
    pub funding_source_id: Option<Uuid>,
    /// Who receives it.
    pub to_organization_id: Uuid,
    /// Its name.
    #[schema(example = "Yayasan Amanah Bandung")]
    pub to_organization_name: String,
    /// How that organization is reached.
    pub receiver: ReferralReceiver,
    /// What the receiver has been given of whom: name, birth_date, sex, members, region, address, phone, accommodations.
    #[schema(example = json!(["birth_date", "members", "name", "region", "sex"]), max_items = 20)]
    pub disclosed_fields: Vec<String>,
    /// How far it is.
    pub status: ReferralStatus,
    /// Rupiah.
    #[schema(example = 350000)]
    pub amount_idr: i64,
    /// Version of the eligibility rule it was sent under.
    #[schema(required, example = 1)]
    pub rule_version: Option<i32>,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// What the receiver should know; null for a partner that has not accepted.
    #[schema(required, example = "Kunjungan sebaiknya sore hari.")]
    pub note: Option<String>,
    /// Why it was declined, returned or cancelled.
    #[schema(required, example = "no_capacity")]
    pub reason_code: Option<String>,
    /// How it ended: code of the list `referral_outcomes`.
    #[schema(required, example = "need_met")]
    pub outcome_code: Option<String>,
    /// When the next step is due, in working days; null once it has ended.
    #[schema(required)]
    pub due_at: Option<DateTime<Utc>>,
    /// Day fixed for the help.
    #[schema(required, example = "2026-12-01")]
    pub scheduled_on: Option<NaiveDate>,
    /// When it was sent.
    #[schema(required)]
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was answered.
    #[schema(required)]
    pub answered_at: Option<DateTime<Utc>>,
    /// When it ended with an outcome.
    #[schema(required)]
    pub completed_at: Option<DateTime<Utc>>,
    /// Account that wrote it.
    #[schema(required)]
    pub created_by: Option<Uuid>,
    /// Version, as in the ETag.
    #[schema(example = 1)]
    pub version: i64,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// What this caller may do next: send, accept, decline, return, schedule, start, complete, cancel, plan-delivery,
    /// contact, make-link, print-letter, record-answer.
    #[schema(example = json!(["accept", "decline", "return"]))]
    pub can: Vec<&'static str>,
}

crate::page_of!(ReferralPage, ReferralView);

/// A referral to draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewReferral {
    /// The problem it answers.
    pub problem_id: Uuid,
    /// Cycle of a program given by referral.
    pub cycle_id: Uuid,
    /// Source to take the money from; the system chooses where left out.
    pub funding_source_id: Option<Uuid>,
    /// Who receives it; the program's organization where left out.
    pub to_organization_id: Option<Uuid>,
    /// Rupiah; the program's value where left out. 0 only for what costs nothing.
    #[schema(minimum = 0, maximum = 10000000000_i64, example = 350000)]
    #[validate(range(min = 0, max = 10_000_000_000_i64, message = "must be 0 to 10,000,000,000"))]
    pub amount_idr: Option<i64>,
    /// Tier of the benefit whose value it is, instead of an amount.
    #[schema(max_length = 60, example = "lower_secondary")]
    #[validate(length(max = 60, message = "is too long"))]
    pub tier: Option<String>,
    /// What the receiver should know.
    #[schema(max_length = 4000, example = "Kunjungan sebaiknya sore hari.")]
    #[validate(length(max = 4000, message = "is too long"))]
    pub note: Option<String>,
}

/// A step without a reason.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReferralNote {
    /// For the history.
    #[schema(max_length = 1000, example = "Berkas lengkap.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// A sending.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SendReferral {
    /// For the history.
    #[schema(max_length = 1000, example = "Berkas lengkap.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
    /// Why aid of a kind that is already held is given all the same; needs the duty `override`.
    #[schema(max_length = 1000, example = "Rumah terbakar, paket pertama ikut hangus.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub override_reason: Option<String>,
}

/// A step that refuses something.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReferralRefusal {
    /// Code of the list `referral_decline_reasons` or `referral_return_reasons`.
    #[schema(max_length = 60, example = "other")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: String,
    /// For the history.
    #[schema(max_length = 1000, example = "Kuota sudah dipakai tahap I.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// A withdrawal; a code or a reason in words is needed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CancelReferral {
    /// Code of the list `referral_cancel_reasons`; `other` where only words are given.
    #[schema(max_length = 60, example = "sent_by_mistake")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: Option<String>,
    /// Why, in words.
    #[schema(max_length = 1000, example = "Salah memilih program.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub reason: Option<String>,
    /// For the history.
    #[schema(max_length = 1000, example = "Akan dirujuk ulang.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// The day the help is given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ScheduleReferral {
    /// Not in the past.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-12-01")]
    pub scheduled_on: NaiveDate,
    /// For the history.
    #[schema(max_length = 1000, example = "Di kantor kelurahan, pukul 9.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CompleteReferral {
    /// Code of the list `referral_outcomes`.
    #[schema(max_length = 60, example = "need_met")]
    #[validate(length(max = 60, message = "is too long"))]
    pub outcome_code: String,
    /// For the history.
    #[schema(max_length = 1000, example = "Paket diterima langsung oleh kepala keluarga.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// One step of a referral's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralEventView {
    /// Id.
    pub id: Uuid,
    /// Step: create, send, accept, decline, return, schedule, start, complete, cancel, expire, stop (ended from outside),
    /// resume (drafted anew).
    #[schema(example = "send")]
    pub event: String,
    /// Status before.
    pub from_status: ReferralStatus,
    /// Status after.
    pub to_status: ReferralStatus,
    /// Reason or outcome.
    #[schema(required, example = "need_met")]
    pub reason_code: Option<String>,
    /// In words; null for a partner that has not accepted.
    #[schema(required, example = "Berkas lengkap.")]
    pub note: Option<String>,
    /// Account that did it.
    #[schema(required)]
    pub actor_id: Option<Uuid>,
    /// Its name.
    #[schema(required, example = "Dewi Lestari")]
    pub actor_name: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose answer it is, where the receiver has no account; null for any other step.
    #[schema(required)]
    pub on_behalf: Option<AnswerOnBehalf>,
}

crate::page_of!(ReferralEventPage, ReferralEventView);

crate::list_query! {
    /// Filters of the referral board.
    ReferralQuery {
        /// Only this status.
        #[param(inline)]
        status: ReferralStatus,
        /// Only those to this organization.
        to_organization_id: Uuid,
        /// Only those to this program.
        program_id: Uuid,
        /// Only those to this cycle.
        cycle_id: Uuid,
        /// Only those of this problem.
        problem_id: Uuid,
        /// Only those the caller wrote or is assigned to, or that came to his organization.
        #[param(example = true)]
        mine: bool,
        /// Only those past their due date.
        #[param(example = true)]
        overdue: bool,
    }
}

crate::list_query! {
    /// Paging of a referral's history.
    ReferralEventQuery {}
}
