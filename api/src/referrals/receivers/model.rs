//! Wire types of receivers without an account.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::accounts::not_blank;
use crate::db::raw::RawObject;
use crate::kernel::dates::civil;
use crate::kernel::label::Label;
use crate::problems::{Severity, SubjectKind};
use crate::programs::ProgramText;
use crate::referrals::model::ReferralAnswerChannel;

/// A one-time link, told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralLink {
    /// Where the receiver answers; the secret stands behind the `#`, which browsers never send.
    #[schema(example = "https://satupintu.example/answer#8M4TN2QE7RVC1XKPW0DJ")]
    pub url: String,
    /// The same secret, in groups, for whoever types it.
    #[schema(example = "8M4T-N2QE-7RVC-1XKP-W0DJ")]
    pub secret: String,
    /// Last instant it is of use.
    pub valid_until: DateTime<Utc>,
}

/// The secret of a one-time link.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AnswerSecret {
    /// As in the link or on the letter; case and separators do not matter.
    #[schema(min_length = 1, max_length = 60, example = "8M4T-N2QE-7RVC-1XKP-W0DJ")]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub secret: String,
}

/// An acceptance by link.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LinkAcceptance {
    /// As in the link or on the letter; case and separators do not matter.
    #[schema(min_length = 1, max_length = 60, example = "8M4T-N2QE-7RVC-1XKP-W0DJ")]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub secret: String,
    /// Who answers for the organization.
    #[schema(min_length = 1, max_length = 120, example = "Ibu Ratna, sekretariat")]
    #[validate(length(min = 1, max = 120, message = "must have 1 to 120 characters"), custom(function = "not_blank"))]
    pub answered_by: String,
    /// For the history.
    #[schema(max_length = 1000, example = "Paket dapat diambil mulai Senin.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// A refusal by link.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LinkRefusal {
    /// As in the link or on the letter; case and separators do not matter.
    #[schema(min_length = 1, max_length = 60, example = "8M4T-N2QE-7RVC-1XKP-W0DJ")]
    #[validate(length(min = 1, max = 60, message = "must have 1 to 60 characters"))]
    pub secret: String,
    /// Who answers for the organization.
    #[schema(min_length = 1, max_length = 120, example = "Ibu Ratna, sekretariat")]
    #[validate(length(min = 1, max = 120, message = "must have 1 to 120 characters"), custom(function = "not_blank"))]
    pub answered_by: String,
    /// Code of the list `referral_decline_reasons`.
    #[schema(max_length = 60, example = "no_capacity")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: String,
    /// For the history.
    #[schema(max_length = 1000, example = "Kuota bulan ini habis.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// A reason to choose from.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeclineReason {
    /// Code of the list `referral_decline_reasons`.
    #[schema(example = "no_capacity")]
    pub code: String,
    /// What it is called.
    pub name: Label,
}

/// What the holder of a link sees before answering: what is asked for, and nothing of whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralOffer {
    /// Who is asked.
    #[schema(example = "Yayasan Amanah Bandung")]
    pub organization_name: String,
    /// The program.
    pub program_name: ProgramText,
    /// What is needed.
    pub need: Label,
    /// How urgent it is.
    pub severity: Severity,
    /// Whether it is for a household or a person.
    pub subject_kind: SubjectKind,
    /// Kelurahan of the household.
    #[schema(example = "Isola")]
    pub village: String,
    /// Its kecamatan.
    #[schema(example = "Sukasari")]
    pub district: String,
    /// Rupiah held for it.
    #[schema(example = 350000)]
    pub amount_idr: i64,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be answered.
    pub due_at: DateTime<Utc>,
    /// Reasons for declining.
    #[schema(max_items = 50)]
    pub decline_reasons: Vec<DeclineReason>,
}

/// Somebody the help is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferredPerson {
    /// Name.
    #[schema(example = "Siti Aminah")]
    pub name: String,
    /// Sex: male or female.
    #[schema(required, example = "female")]
    pub sex: Option<String>,
    /// Birth date.
    #[schema(required, example = "1980-01-01")]
    pub birth_date: Option<NaiveDate>,
}

/// What the holder of a link is told after answering, this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkAnswer {
    /// Whether it was accepted.
    #[schema(example = true)]
    pub accepted: bool,
    /// Number to name when asking the sender.
    pub referral_id: Uuid,
    /// Name of the person, or of the head of the household; null where it was declined.
    #[schema(required, example = "Siti Aminah")]
    pub subject_name: Option<String>,
    /// The person, or the living people of the household; empty where it was declined.
    #[schema(max_items = 50)]
    pub people: Vec<ReferredPerson>,
    /// What the sender says; null where it was declined.
    #[schema(required, example = "Kunjungan sebaiknya sore hari.")]
    pub note: Option<String>,
}

crate::slugs! {
    /// What a receiver without an account said.
    RecordedVerdict {
        /// It will help.
        Accept "accept",
        /// It will not.
        Decline "decline",
    }
}

/// An answer to record on somebody's behalf.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RecordAnswer {
    /// What was said.
    pub answer: RecordedVerdict,
    /// How it came; not `link`.
    pub channel: ReferralAnswerChannel,
    /// Who answered for the organization.
    #[schema(min_length = 1, max_length = 120, example = "Ibu Ratna, sekretariat")]
    #[validate(length(min = 1, max = 120, message = "must have 1 to 120 characters"), custom(function = "not_blank"))]
    pub answered_by: String,
    /// On which day; not before it was sent, not in the future.
    #[serde(deserialize_with = "civil::required")]
    #[schema(example = "2026-11-24")]
    pub answered_on: NaiveDate,
    /// A file of the problem that shows it, such as the signed letter or the note of the call: none is recorded without.
    #[schema(required)]
    pub evidence_id: Option<Uuid>,
    /// Code of the list `referral_decline_reasons`, where it was declined.
    #[schema(max_length = 60, example = "no_capacity")]
    #[validate(length(max = 60, message = "is too long"))]
    pub reason_code: Option<String>,
    /// For the history.
    #[schema(max_length = 1000, example = "Dijawab lewat telepon kantor.")]
    #[validate(length(max = 1000, message = "is too long"))]
    pub note: Option<String>,
}

/// Where the household lives.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactAddress {
    /// Street of the domicile.
    #[schema(required, example = "Gg. Mukalmi II/2")]
    pub street: Option<String>,
    /// RT.
    #[schema(required, example = "005")]
    pub rt: Option<String>,
    /// RW.
    #[schema(required, example = "012")]
    pub rw: Option<String>,
    /// Kelurahan.
    #[schema(example = "Isola")]
    pub village: String,
    /// Kecamatan.
    #[schema(example = "Sukasari")]
    pub district: String,
    /// Latitude (WGS 84).
    #[schema(required, example = -6.8605)]
    pub lat: Option<f64>,
    /// Longitude (WGS 84).
    #[schema(required, example = 107.5888)]
    pub lng: Option<f64>,
}

/// Somebody to reach.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactPerson {
    /// Person.
    pub individual_id: Uuid,
    /// Name.
    #[schema(example = "Siti Aminah")]
    pub name: String,
    /// Phone in E.164; null where there is none, or the agreement does not cover it.
    #[schema(required, example = "+6281200000000")]
    pub phone: Option<String>,
    /// Safe contact, home visit, sign language, wheelchair: how to reach and meet the person.
    #[schema(value_type = serde_json::Map<String, serde_json::Value>, example = json!({"safe_contact": "Lewat kakak"}))]
    pub accommodations: RawObject,
}

/// How the person of a referral is reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// The referral.
    pub referral_id: Uuid,
    /// Where the household lives; null where the agreement does not cover it.
    #[schema(required)]
    pub address: Option<ContactAddress>,
    /// The person, or the living people of the household, the head first.
    #[schema(max_items = 50)]
    pub people: Vec<ContactPerson>,
}
