//! Who may do what: every operation of the document as everybody, against a table that people review.
//!
//! The rows it is tried on lie in one kelurahan; callers named `…_out` have the same role elsewhere. A change is asked
//! for with a version that is never the right one, so 412 says "you may, and you see it". Lists answer `200+` with rows
//! and `200-` without. `UPDATE_MATRIX=1` writes the table anew: read the difference before committing it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::document::operations;
use crate::harness::world::{self, *};
use crate::harness::{AGENCY, Caller, Request, TestApp, VILLAGE, account_id, client_id, root, this_year};

const CALLERS: &[&str] = &[
    "anonymous",
    "admin",
    "coordinator",
    "social_worker",
    "social_worker_out",
    "village_operator",
    "village_operator_out",
    "agency_officer",
    "agency_officer_out",
    "partner",
    "partner_out",
    "auditor",
    "citizen",
    "citizen_out",
    "test-reader",
    "test-writer",
    "test-importer",
    "test-nothing",
];

/// Tried before its caller signs in would be undone by it, or it would change who the callers are.
pub const LAST: &[&str] = &[
    "delete_view",
    "enroll_totp",
    "confirm_totp",
    "remove_totp",
    "change_own_password",
    "sign_out",
    "approve_grant",
    "revoke_grant",
];

/// Path with its parameters filled in.
pub fn path_of(template: &str) -> String {
    let ids: &[(&str, String)] = &[
        ("/api/v1/assessments/{id}/countersign", SIGNED_ASSESSMENT.to_string()),
        ("/api/v1/assessments/{id}/return", SIGNED_ASSESSMENT.to_string()),
        ("/api/v1/assessments/{id}", ASSESSMENT.to_string()),
        ("/api/v1/instruments/{id}", DRAFT_INSTRUMENT.to_string()),
        ("/api/v1/cases/{id}", CASE.to_string()),
        ("/api/v1/visits/{id}", VISIT.to_string()),
        ("/api/v1/accounts/{id}", account_id("coordinator2").to_string()),
        ("/api/v1/calendars/{id}", CALENDAR.to_string()),
        ("/api/v1/mandates/{id}", MANDATE.to_string()),
        ("/api/v1/service-requests/{id}", REQUEST.to_string()),
        ("/api/v1/letters/{id}", LETTER.to_string()),
        ("/api/v1/break-glass/{id}", BREAK_GLASS.to_string()),
        ("/api/v1/clients/{id}", client_id("test-nothing").to_string()),
        ("/api/v1/grants/{id}", GRANT.to_string()),
        ("/api/v1/corrections/{id}", CORRECTION.to_string()),
        ("/api/v1/letter-templates/{id}", LETTER_TEMPLATE.to_string()),
        ("/api/v1/legal-holds/{id}", HOLD.to_string()),
        ("/api/v1/retention-runs/{id}", RETENTION.to_string()),
        ("/api/v1/duplicate-runs/{id}", DUPLICATE_RUN.to_string()),
        ("/api/v1/duplicate-candidates/{id}", DUPLICATE.to_string()),
        ("/api/v1/decisions/{id}", DECISION.to_string()),
        ("/api/v1/allocation-plans/{id}", PLAN.to_string()),
        ("/api/v1/evidence/{id}", EVIDENCE.to_string()),
        ("/api/v1/exports/{id}", EXPORT.to_string()),
        ("/api/v1/households/{id}", HOUSEHOLD.to_string()),
        ("/api/v1/imports/{id}", IMPORT.to_string()),
        ("/api/v1/import-profiles/{id}", IMPORT_PROFILE.to_string()),
        ("/api/v1/source-trust-proposals/{id}", TRUST_PROPOSAL.to_string()),
        ("/api/v1/individuals/{id}", CHILD.to_string()),
        ("/api/v1/matching-runs/{id}", RUN.to_string()),
        ("/api/v1/operations/{id}", OPERATION.to_string()),
        ("/api/v1/organizations/{id}", AGENCY.to_string()),
        ("/api/v1/problems/{id}", PROBLEM.to_string()),
        ("/api/v1/programs/{id}", PROGRAM.to_string()),
        ("/api/v1/funding-sources/{id}", SOURCE.to_string()),
        ("/api/v1/funding-proposals/{id}", FUNDING_PROPOSAL.to_string()),
        ("/api/v1/referrals/{id}/links", LETTER_REFERRAL.to_string()),
        ("/api/v1/referrals/{id}/letter", LETTER_REFERRAL.to_string()),
        ("/api/v1/referrals/{id}/record-answer", LETTER_REFERRAL.to_string()),
        ("/api/v1/referrals/{id}/contact", SCHEDULED_REFERRAL.to_string()),
        ("/api/v1/referrals/{id}", REFERRAL.to_string()),
        ("/api/v1/waitlist/{id}", WAITING.to_string()),
        ("/api/v1/overlap-overrides/{id}", OVERRIDE.to_string()),
        ("/api/v1/deliveries/{id}/confirm", GIVEN_DELIVERY.to_string()),
        ("/api/v1/deliveries/{id}", DELIVERY.to_string()),
        ("/api/v1/views/{id}", VIEW.to_string()),
    ];
    let filled = ids
        .iter()
        .find(|(prefix, _)| template.starts_with(prefix))
        .map_or_else(|| template.to_owned(), |(prefix, id)| template.replacen(prefix, &prefix.replace("{id}", id), 1));
    let filled = filled
        .replace("/regions/{code}", &format!("/regions/{VILLAGE}"))
        .replace("/retention-classes/{code}", "/retention-classes/evidence_files")
        .replace("/code-lists/{slug}", "/code-lists/needs")
        .replace("/entries/{code}", "/entries/pangan")
        .replace("/cycles/{cycle_id}", &format!("/cycles/{CYCLE}"))
        .replace("/holidays/{date}", "/holidays/2026-08-17")
        .replace("/matches/{program_id}", &format!("/matches/{PROGRAM}"))
        .replace("/compare", &format!("/compare?other={PLAN}"))
        .replace("/rejected", "/rejected?file=families&format=csv")
        .replace("/quality/records", &format!("/quality/records?field=phone&finding=missing&region={VILLAGE}"))
        .replace("/statement", "/statement?format=csv")
        .replace("/problems/{code}", "/problems/not_found");
    assert!(!filled.contains('{'), "no fixture for the path {template}: add one to tests/authz_matrix.rs");
    filled
}

/// A day of its own for each `n`.
fn holiday(n: usize) -> String {
    let days = u64::try_from(n).unwrap();
    chrono::NaiveDate::from_ymd_opt(2031, 1, 1).unwrap().checked_add_days(chrono::Days::new(days)).unwrap().to_string()
}

/// A name that nobody else has: the same one again would be asked about.
fn newcomer(n: usize) -> String {
    let syllables = ["Wulan", "Pras", "Guna", "Ketut", "Bomer", "Zai", "Sjah", "Lim", "Huta", "Ruk"];
    let digits = [n / 100 % 10, n / 10 % 10, n % 10, n / 1000 % 10];
    digits.map(|digit| syllables[digit]).concat()
}

/// Body of an operation that takes one; `n` makes codes unique.
pub fn body_of(operation: &str, n: usize) -> Option<Value> {
    let label = json!({"id": "Uji", "en": "Test"});
    Some(match operation {
        "create_account" => json!({"username": format!("new.{n}"), "display_name": "Akun Baru"}),
        "update_account" => json!({"display_name": "Nama Lain"}),
        "create_grant" => json!({"role": "auditor", "scope_kind": "city"}),
        "sign_in" => json!({"username": format!("nobody.{n}"), "password": "not the password"}),
        "change_own_password" => {
            json!({"current_password": "not the password", "new_password": "kuda lumping di sawah"})
        }
        "remove_totp" => json!({"password": "not the password"}),
        "confirm_totp" => json!({"code": "000000"}),
        "create_client" => json!({"name": "Sistem Uji", "scopes": ["programs:read"]}),
        "update_client" => json!({"name": "Sistem Lain"}),
        "update_code_list" => json!({"name": label}),
        "create_calendar" => json!({"code": format!("calendar_{n}"), "name": label, "working_weekdays": [1, 2, 3]}),
        "update_calendar" => json!({"working_weekdays": [1, 2, 3, 4]}),
        "create_calendar_holiday" => json!({"date": holiday(n), "name": label, "kind": "local"}),
        "create_service_request" => {
            json!({"service_code": "sk_dtsen", "subject": {"kind": "household", "id": HOUSEHOLD}})
        }
        "handle_service_request" | "resubmit_service_request" => json!({}),
        "return_service_request" => json!({"missing_documents": ["ktp"]}),
        "cancel_service_request" | "revoke_letter" => json!({"reason": "Uji"}),
        "create_letter_template" | "preview_letter_template" => {
            json!({"service_code": "sk_dtsen", "title": "Surat", "body": "{{subject_name}}"})
        }
        "verify_letter" => json!({"code": format!("NOBODY{n}"), "secret": "WRONG"}),
        "create_mandate" => json!({
            "need_code": "pangan", "organization_id": AGENCY, "sla_days": 3, "valid_from": holiday(n), "valid_to": holiday(n)
        }),
        "update_mandate" => json!({"sla_days": 4}),
        "create_code_entry" => json!({"code": "test_entry", "name": label}),
        "update_code_entry" => json!({"sort": 5}),
        "create_organization" => json!({"code": format!("org_{n}"), "name": "Yayasan Uji", "kind": "foundation"}),
        "update_organization" => json!({"phone": "022"}),
        "suspend_organization" => json!({"reason": "Uji"}),
        "create_household" => json!({"region_code": VILLAGE, "members": [{"name": newcomer(n), "relation": "head"}]}),
        "update_household" => json!({"note": "catatan"}),
        "change_household_head" => json!({"individual_id": CHILD}),
        "dissolve_household" => json!({"reason_code": "not_found"}),
        "add_household_individual" => json!({"name": newcomer(n + 1000)}),
        "move_household" => json!({"region_code": "32.73.01.1002"}),
        "split_household" => json!({"head_id": CHILD, "member_ids": [CHILD]}),
        "update_individual" => json!({"phone": "0811"}),
        "decease_individual" => json!({"deceased_on": "2026-01-01", "evidence_code": "death_certificate"}),
        "move_individual" => json!({"household_id": OTHER_HOUSEHOLD}),
        "move_out_individual" => json!({"reason_code": "work"}),
        "reveal_individual" => json!({"purpose": "service_delivery"}),
        "create_problem" => {
            json!({"need_code": "pangan", "severity": "low", "subject": {"kind": "household", "id": HOUSEHOLD}})
        }
        "create_correction" => {
            json!({"subject": {"kind": "household", "id": HOUSEHOLD}, "fact": "rt", "claimed_value": format!("{n}"),
            "explanation": "Uji"})
        }
        "accept_correction" => json!({}),
        "reject_correction" => json!({"reason": "Uji"}),
        "cancel_retention_run" => json!({"reason": "Uji"}),
        "update_retention_class" => json!({"after_days": 2000}),
        "create_legal_hold" => json!({"individual_id": PERSON, "reason": "Uji"}),
        "lift_legal_hold" => json!({"reason": "Uji"}),
        "create_decision" => json!({"effect": "stop_benefit", "referral_id": ACCEPTED_REFERRAL,
            "reason_code": "no_longer_eligible", "reasons": "Uji"}),
        "notify_decision" => json!({"channel": "letter"}),
        "answer_decision" => json!({"said": "Uji"}),
        "create_allocation_plan" => json!({"name": "Uji", "seed": "undian uji 2026-11-22"}),
        "return_allocation_plan" | "cancel_allocation_plan" => json!({"reason": "Uji"}),
        "withdraw_decision" | "reverse_decision" => json!({"reason": "Uji"}),
        "mark_duplicate_distinct"
        | "postpone_duplicate"
        | "reopen_duplicate"
        | "reject_duplicate_merge"
        | "undo_duplicate_merge" => json!({"reason": "Uji"}),
        "merge_duplicate" => json!({"survivor_id": PERSON, "reason": "Uji"}),
        "create_break_glass" => json!({"household_id": HOUSEHOLD, "reason": "Uji"}),
        "review_break_glass" => json!({"finding": "justified"}),
        "dismiss_problem" => json!({"reason_code": "duplicate"}),
        "resolve_problem" => json!({}),
        "create_export" => json!({"format": "csv", "resource": "households"}),
        "create_trust_proposal" => {
            json!({"field": "facts", "source": format!("uji_{n}"), "rank": 5, "reason": "Uji"})
        }
        "create_import_profile" => json!({"name": format!("uji_{n}"), "label": label, "definition": {
            "source": "list", "code_version": "1", "list": "work",
            "needs": {"job_seeker": {"need": "pekerjaan", "severity": "low"}},
            "files": [{"file": "list", "required": [["name"]], "columns": [
                {"variable": "nik", "header": "nik"}, {"variable": "name", "header": "nama"},
                {"variable": "region_name", "header": "kelurahan"}, {"variable": "wanted", "header": "minat"}
            ]}]
        }}),
        "apply_import" => json!({"kinds": ["new"], "areas": [VILLAGE]}),
        "search_households" | "search_individuals" => json!({"q": "siti aminah"}),
        "check_individual" => json!({"name": "Siti Aminah", "region_code": VILLAGE}),
        "create_program" => json!({
            "code": format!("PROGRAM_{n}"), "name": label, "organization_id": AGENCY, "pillar": "jaminan_sosial", "needs": ["pangan"],
            "access_mode": "referral", "benefit": {"kind": "cash", "period": "once", "unit": "transfer", "value_idr": 1}, "claim_unit": "household"
        }),
        "update_program" => json!({"name": label}),
        "return_program" => json!({"reason": "Belum lengkap"}),
        "create_program_cycle" => {
            json!({"name": format!("Siklus {n}"), "starts_on": "2026-01-01", "ends_on": "2026-12-31", "seat_kind": "stock", "seats": 1})
        }
        "update_program_cycle" => json!({"seats": 20}),
        "put_program_rule" | "check_program_rule" | "preview_program_rule" => json!({"rule": {"decile": {"max": 3}}}),
        "create_matching_run" => json!({}),
        "create_funding_source" => {
            json!({"code": format!("FUND-{n}"), "fiscal_year": this_year(), "kind": "apbd_kota", "name": "Dana uji", "organization_id": AGENCY})
        }
        "appropriate_funding" | "pledge_funding" | "receive_funding" => json!({"amount_idr": 1000}),
        "allot_funding" | "release_funding" => json!({"amount_idr": 10, "cycle_id": CYCLE}),
        "create_referral_deliveries" => json!({"planned_on": "2099-01-01", "amount_idr": 1000, "channel": "in_kind"}),
        "update_delivery" => json!({"channel": "cash"}),
        "create_waitlist_entry" => json!({"referral_id": REFERRAL}),
        "review_overlap_override" => json!({"finding": "justified"}),
        "create_reported_benefit" => {
            json!({"program_id": PROGRAM, "household_id": HOUSEHOLD, "from_date": "2026-10-01", "to_date": "2026-10-31", "source": "Uji"})
        }
        "create_recipient_list" => json!({"program_id": PROGRAM, "area_code": "32.73", "from_date": "2026-10-01",
            "to_date": "2026-10-31", "source": "Uji", "complete": false, "rows": [{"nik": "1"}]}),
        "distribute_delivery" => json!({}),
        "approve_delivery" => json!({"decree": "SK-1"}),
        "receive_delivery" => json!({"proof_kind": "signature"}),
        "account_delivery" => json!({"reference": "SPJ-1"}),
        "fail_delivery" | "return_delivery" | "cancel_delivery" => json!({"reason_code": "nobody_home"}),
        "confirm_delivery" => json!({"confirmation": "received"}),
        "revise_funding" => json!({"amount_idr": 10, "reference": "Perda uji"}),
        "refund_funding" => json!({"amount_idr": 10, "referral_id": REFERRAL}),
        "lapse_funding" => json!({"amount_idr": 10}),
        "carry_over_funding" => json!({"amount_idr": 10, "to_source_id": SOURCE}),
        "close_funding_year" => json!({}),
        "reject_funding_proposal" => json!({"reason": "Uji"}),
        "create_instrument" => json!({"code": format!("uji_{n}"), "name": label, "subject_kind": "household",
            "definition": {"sections": [{"code": "a", "title": label, "questions": [{"code": "q", "text": label, "kind": "yes_no"}]}]}}),
        "update_instrument" => json!({"name": label}),
        "create_assessment" => {
            json!({"instrument_code": "uji", "subject": {"kind": "household", "id": HOUSEHOLD}, "kind": "screening"})
        }
        "update_assessment" => json!({"answers": {"q": true}}),
        "return_assessment" => json!({"reason": "Belum lengkap"}),
        "open_case" => json!({"household_id": HOUSEHOLD, "problem_ids": [VERIFIED_PROBLEM]}),
        "update_case" => json!({"weight": 2}),
        "add_case_problem" => json!({"problem_id": PROBLEM}),
        "advance_case" => json!({"to": "assessment"}),
        "suspend_case" | "transfer_case" | "reopen_case" => json!({"reason": "Uji"}),
        "assign_case" => json!({"account_id": account_id("social_worker2"), "duty": "co_worker"}),
        "unassign_case" => json!({"account_id": account_id("social_worker2")}),
        "hand_over_case" => json!({"account_id": account_id("social_worker2"), "note": "Uji"}),
        "plan_visit" => json!({"kind": "home", "planned_date": "2099-01-01"}),
        "complete_visit" => json!({"done_date": "2026-01-01"}),
        "create_view" => json!({"screen": "households", "name": format!("Tampilan {n}"), "filter": {"decile": "1"}}),
        "update_view" => json!({"name": "Nama Lain"}),
        "create_referral" => json!({"problem_id": VERIFIED_PROBLEM, "cycle_id": CYCLE}),
        "accept_referral" | "send_referral" | "start_referral" => json!({}),
        "cancel_referral" | "return_referral" | "decline_referral" => json!({"reason_code": "other"}),
        "record_referral_answer" => json!({"answer": "accept", "channel": "phone", "answered_by": "Sekretariat",
            "answered_on": "2026-11-22", "evidence_id": EVIDENCE}),
        "look_at_referral" => json!({"secret": format!("WRONG{n}")}),
        "accept_by_link" => json!({"secret": format!("WRONG{n}"), "answered_by": "Uji"}),
        "decline_by_link" => json!({"secret": format!("WRONG{n}"), "answered_by": "Uji", "reason_code": "other"}),
        "complete_referral" => json!({"outcome_code": "need_met"}),
        "schedule_referral" => json!({"scheduled_on": "2026-12-01"}),
        _ => return None,
    })
}

/// Operations whose body is no JSON.
pub const FORMS: &[&str] =
    &["issue_token", "create_import", "inspect_import_sample", "create_problem_evidence", "create_correction_evidence"];

/// The request of one of [`FORMS`] with its body.
pub fn form_of(operation: &str, request: Request) -> Request {
    match operation {
        "issue_token" => {
            request.form(&[("grant_type", "client_credentials"), ("client_id", "nobody"), ("client_secret", "x")])
        }
        "create_import" => {
            let form = Form::new().text("profile", "dtsen").text("period", "2026-09");
            request.multipart(form.part("families", Part::bytes(b"rubbish".as_slice()).file_name("keluarga.csv")))
        }
        "inspect_import_sample" => {
            let file = Part::bytes(b"nik;nama;kelurahan\n;Siti;Isola\n".as_slice()).file_name("contoh.csv");
            request.multipart(Form::new().text("name", "ppks").part("file", file))
        }
        "create_problem_evidence" | "create_correction_evidence" => {
            request.multipart(Form::new().part("file", Part::bytes(crate::evidence::PDF).file_name("surat.pdf")))
        }
        _ => request,
    }
}

fn try_it(caller: &Caller, method: &str, template: &str, operation: &Value, n: usize) -> String {
    let id = operation["operationId"].as_str().unwrap();
    let mut request = caller.request(&method.to_ascii_uppercase(), &path_of(template));
    let parameters = operation["parameters"].to_string();
    if parameters.contains("\"If-Match\"") {
        request = request.header("if-match", "\"999999.x\"");
    }
    if FORMS.contains(&id) {
        request = form_of(id, request);
    } else if operation.get("requestBody").is_some() {
        let body = body_of(id, n)
            .unwrap_or_else(|| panic!("no fixture for the body of {id}: add one to tests/authz_matrix.rs"));
        request = request.json(&body);
    }
    let answer = request.send();
    // What was opened is logged within a second: whether the rows of this walk are there yet is a matter of time.
    let settled = id != "list_household_access_log";
    let listed = settled && (id.starts_with("list_") || id.starts_with("search_"));
    match answer.json()["data"].as_array() {
        Some(rows) if listed && answer.status == 200 => format!("200{}", if rows.is_empty() { '-' } else { '+' }),
        _ => answer.status.to_string(),
    }
}

#[test]
fn everybody_may_what_the_table_says() {
    let app = TestApp::build().config(|c| c.trusted_proxies = 0).start();
    app.leave_jobs();
    world::populate(&mut app.sql());
    let callers: Vec<Caller> = CALLERS
        .iter()
        .map(|name| match *name {
            "anonymous" => app.anonymous(),
            client if client.starts_with("test-") => app.as_client(client),
            account => app.as_role(account),
        })
        .collect();
    let mut all = operations();
    // Deletions and what changes the callers come last, reading first, so that nothing in the table depends on them.
    all.sort_by_key(|(path, method, o)| {
        let id = o["operationId"].as_str().unwrap_or_default();
        (LAST.iter().position(|l| *l == id).map_or(0, |at| at + 1), *method != "get", *path, *method)
    });
    let mut table: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut n = 0;
    for (path, method, operation) in all {
        let row = callers.iter().map(|caller| {
            n += 1;
            try_it(caller, method, path, operation, n)
        });
        table.insert((path, method), row.collect());
    }
    // Restricted items are for who works on them, whatever the area.
    let path = format!("/api/v1/problems/{RESTRICTED_PROBLEM}");
    let seen = callers.iter().map(|c| c.get(&path).status.to_string()).collect();
    table.insert(("/api/v1/problems/<restricted>", "get"), seen);
    let path = format!("/api/v1/cases/{RESTRICTED_CASE}");
    let seen = callers.iter().map(|c| c.get(&path).status.to_string()).collect();
    table.insert(("/api/v1/cases/<restricted>", "get"), seen);
    let mut text = String::from("# Status of each operation as each caller; see tests/authz_matrix.rs.\n#\n");
    for (n, name) in CALLERS.iter().enumerate() {
        let _ = writeln!(text, "# {}{name}", "|    ".repeat(n));
    }
    for ((path, method), row) in &table {
        let cells: Vec<String> = row.iter().map(|s| format!("{s:<4}")).collect();
        let _ = writeln!(text, "  {} {} {path}", cells.join(" "), method.to_ascii_uppercase());
    }
    let file = root().join("tests/snapshots/authz_matrix.txt");
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let reviewed = std::fs::read_to_string(&file).unwrap_or_default();
    let new: Vec<_> = text.lines().filter(|l| !reviewed.lines().any(|r| r == *l)).collect();
    let gone: Vec<_> = reviewed.lines().filter(|l| !text.lines().any(|r| r == *l)).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "who may do what has changed\nwas:\n{}\nis:\n{}\nIf that is right: UPDATE_MATRIX=1 cargo test -p satupintu-tests everybody_may",
        gone.join("\n"),
        new.join("\n")
    );
}
