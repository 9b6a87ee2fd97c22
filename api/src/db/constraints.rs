//! Database errors as problems: a named constraint is a rule, and its violation has a code of its own.

use diesel::result::{DatabaseErrorKind, Error};

use crate::kernel::problem::{self, Code, Problem};

/// Constraint or index name → code, field, sentence.
static NAMES: &[(&str, &Code, &str, &str)] = &[
    ("accounts_username", &problem::ALREADY_EXISTS, "/username", "this user name is taken"),
    ("code_entries_pkey", &problem::ALREADY_EXISTS, "/code", "this code is taken"),
    ("organizations_code_key", &problem::ALREADY_EXISTS, "/code", "this code is taken"),
    ("programs_code_key", &problem::ALREADY_EXISTS, "/code", "this code is taken"),
    ("funding_sources_code_key", &problem::ALREADY_EXISTS, "/code", "this code is taken"),
    ("calendars_code_key", &problem::ALREADY_EXISTS, "/code", "this code is taken"),
    ("calendar_holidays_pkey", &problem::ALREADY_EXISTS, "/date", "this day is a holiday already"),
    (
        "mandates_one_at_a_time",
        &problem::ALREADY_EXISTS,
        "/valid_from",
        "another mandate is in force for it in that time",
    ),
    (
        "organizations_agreement_dates",
        &problem::VALIDATION_FAILED,
        "/agreement_until",
        "must not lie before agreement_from",
    ),
    ("mandates_dates", &problem::VALIDATION_FAILED, "/valid_to", "must not lie before valid_from"),
    ("saved_views_name", &problem::ALREADY_EXISTS, "/name", "a view of this list has this name"),
    ("deliveries_four_eyes", &problem::SAME_PERSON, "", "whoever plans a delivery does not approve it"),
    ("waitlist_once", &problem::ALREADY_EXISTS, "/referral_id", "this referral waits already"),
    ("claims_four_eyes", &problem::SAME_PERSON, "", "whoever overrides the guard does not review it"),
    ("referrals_one_open", &problem::ALREADY_EXISTS, "/problem_id", "this problem has an open referral to this cycle"),
    ("program_cycles_seats", &problem::NO_SEATS, "", "no seat is left in this cycle"),
    ("ledger_accounts_overdrawn", &problem::INSUFFICIENT_FUNDS, "", "the balance does not cover this amount"),
    ("ledger_source_closed", &problem::SOURCE_CLOSED, "", "the source's year is closed"),
    (
        "funding_proposals_four_eyes",
        &problem::SAME_PERSON,
        "",
        "whoever proposes a movement of money does not approve it",
    ),
    (
        "funding_proposals_one_closing",
        &problem::ALREADY_EXISTS,
        "",
        "the end of this source's year is proposed already",
    ),
    ("claims_no_overlap", &problem::CLAIM_OVERLAP, "", "aid of this kind is already held in this period"),
    ("corrections_open", &problem::ALREADY_EXISTS, "/fact", "this fact is being examined already"),
    (
        "letter_template_activations_four_eyes",
        &problem::SAME_PERSON,
        "",
        "whoever writes a text of letters does not put it into force",
    ),
    (
        "decisions_reversed_four_eyes",
        &problem::SAME_PERSON,
        "",
        "whoever proposes a decision does not reverse it alone",
    ),
    ("corrections_four_eyes", &problem::SAME_PERSON, "", "whoever disputes a fact does not decide on it"),
    ("retention_runs_one", &problem::CONFLICT, "", "a run is at work"),
    ("retention_runs_four_eyes", &problem::SAME_PERSON, "", "whoever asks for a report does not confirm it"),
    ("legal_holds_open", &problem::ALREADY_EXISTS, "", "a hold is in force on it"),
    ("allocation_plans_four_eyes", &problem::SAME_PERSON, "", "whoever proposes a plan does not approve it"),
    ("duplicate_merges_four_eyes", &problem::SAME_PERSON, "", "whoever proposes a merge does not confirm it"),
    ("duplicate_merges_once", &problem::WRONG_STATE, "", "one of the two has been merged already"),
    ("duplicate_merges_proposal", &problem::ALREADY_EXISTS, "", "a merge of this pair waits already"),
    ("decisions_four_eyes", &problem::SAME_PERSON, "", "whoever proposes a decision does not confirm it"),
    ("decisions_open", &problem::ALREADY_EXISTS, "", "a decision about this is under way"),
    ("decisions_time_to_answer", &problem::TOO_EARLY, "", "the time to answer is not over"),
    ("problems_four_eyes", &problem::SAME_PERSON, "", "whoever reports a problem does not verify it"),
    ("service_requests_four_eyes", &problem::SAME_PERSON, "", "whoever takes a request in does not approve it"),
    ("programs_four_eyes", &problem::SAME_PERSON, "", "whoever submits a program does not publish it"),
    ("grants_four_eyes", &problem::SAME_PERSON, "", "whoever proposes a grant does not approve it"),
    ("import_profiles_four_eyes", &problem::SAME_PERSON, "", "whoever drafts a profile does not put it into use"),
    ("import_profiles_one_draft", &problem::ALREADY_EXISTS, "/name", "this profile has a draft already"),
    ("import_profiles_version", &problem::ALREADY_EXISTS, "/name", "this profile has a draft already"),
    ("source_trust_proposals_four_eyes", &problem::SAME_PERSON, "", "whoever proposes a rank does not confirm it"),
    (
        "source_trust_proposals_one_open",
        &problem::ALREADY_EXISTS,
        "/source",
        "a proposal for this field and source is open",
    ),
    ("instruments_four_eyes", &problem::SAME_PERSON, "", "whoever writes an instrument does not put it into use"),
    ("instruments_one_draft", &problem::ALREADY_EXISTS, "/code", "this instrument has a draft already"),
    ("instruments_revision", &problem::ALREADY_EXISTS, "/code", "this instrument has a draft already"),
    ("assessments_four_eyes", &problem::SAME_PERSON, "", "whoever assesses does not counter-sign"),
    ("assessments_one_amendment", &problem::ALREADY_EXISTS, "", "this assessment is being amended already"),
    ("assessments_str", &problem::STR_EXPIRED, "", "an assessment needs a certificate that is valid today"),
    ("assignments_one_lead", &problem::ALREADY_EXISTS, "", "the case has a lead"),
    ("assignments_once", &problem::ALREADY_EXISTS, "/account_id", "this account is assigned already"),
    ("cases_one_open", &problem::ALREADY_EXISTS, "/household_id", "this household has an open case"),
    ("accounts_open_cases", &problem::OPEN_CASES, "", "open cases are handed over first"),
    ("program_cycles_dates", &problem::VALIDATION_FAILED, "/ends_on", "must not lie before starts_on"),
    ("grants_dates", &problem::VALIDATION_FAILED, "/to_date", "must not lie before from_date"),
    (
        "imports_one_applying",
        &problem::IMPORT_IN_PROGRESS,
        "",
        "another import of this profile and period is being applied",
    ),
];

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => Self::not_found(),
            Error::DatabaseError(kind, info) => {
                if let Some((_, code, pointer, detail)) =
                    NAMES.iter().find(|(name, ..)| info.constraint_name() == Some(name))
                {
                    let problem = Self::with(code, *detail);
                    return if pointer.is_empty() { problem } else { problem.and(*pointer, code.slug, *detail) };
                }
                // Only names of ours go into the cause: the server's message may quote a row.
                let name = info.constraint_name().unwrap_or("-").to_owned();
                match kind {
                    DatabaseErrorKind::ForeignKeyViolation => {
                        Self::with(&problem::VALIDATION_FAILED, "refers to something that does not exist")
                    }
                    DatabaseErrorKind::UniqueViolation => Self { cause: Some(name), ..Self::new(&problem::CONFLICT) },
                    DatabaseErrorKind::SerializationFailure => Self::unavailable("serialization failure"),
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                        Self::unavailable("connection lost")
                    }
                    DatabaseErrorKind::ReadOnlyTransaction => Self::internal("write in a read-only session"),
                    _ => classify(info.message(), &name),
                }
            }
            Error::BrokenTransactionManager => Self::unavailable("broken transaction"),
            other => Self::internal(format!("database layer: {}", kind_of(other))),
        }
    }
}

/// What remains is told apart by the server's own fixed words, which carry no data.
fn classify(message: &str, name: &str) -> Problem {
    const BUSY: &[&str] = &[
        "deadlock detected",
        "terminating connection",
        "server closed the connection",
        "canceling statement due to statement timeout",
        "canceling statement due to lock timeout",
        "the database system is",
        "remaining connection slots",
        "too many clients",
        "could not connect",
        "no connection to the server",
        "recovery",
    ];
    // The second is what a block written by half says.
    if message.contains("No space left on device") || message.contains("wrote only") {
        return Problem::storage_full("the database has no space left on its device");
    }
    match BUSY.iter().find(|b| message.contains(**b)) {
        Some(busy) => Problem::unavailable(*busy),
        None if message.contains("invalid byte sequence") || message.contains("unsupported Unicode") => {
            Problem::with(&problem::VALIDATION_FAILED, "text has a character that cannot be stored")
        }
        None => {
            Problem::internal(format!("database refused: {name}: {}", message.split('"').next().unwrap_or_default()))
        }
    }
}

fn kind_of(error: &Error) -> String {
    match error {
        Error::DeserializationError(e) => format!("deserialization: {e}"),
        Error::SerializationError(e) => format!("serialization: {e}"),
        Error::QueryBuilderError(e) => format!("query: {e}"),
        Error::RollbackErrorOnCommit { .. } => "rollback on commit".into(),
        _ => "other".into(),
    }
}
