//! The counter: from intake to a letter that anybody can check, by two people, numbered without gaps.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Barrier;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, OTHER_VILLAGE, VILLAGE, count};
use crate::stage::Stage;

const REQUESTS: &str = "/api/v1/service-requests";
const VERIFY: &str = "/api/v1/public/letters/verify";

pub fn new(service: &str, household: Uuid) -> Value {
    json!({"service_code": service, "subject": {"kind": "household", "id": household},
        "documents": ["ktp", "family_card", "medical_letter"], "purpose": "Berobat", "addressee": "BPJS Kesehatan"})
}

/// Takes a step with the newest version.
pub fn step(stage: &Stage, who: &str, id: &str, verb: &str, body: &Value) -> Answer {
    let path = format!("{REQUESTS}/{id}");
    let caller = stage.by(who);
    let etag = caller.get(&path).expect(200).etag().to_owned();
    caller.act(&format!("{path}/{verb}"), &etag, body)
}

/// A request of a household, approved by somebody else.
pub fn approved(stage: &Stage, body: &Value) -> String {
    let id = stage.by("village_operator").post(REQUESTS, body).expect(201).id();
    step(stage, "village_operator", &id, "handle", &json!({})).expect(200);
    step(stage, "coordinator", &id, "approve", &json!({})).expect(200);
    id
}

/// Text of a PDF, by a program of others.
pub fn text_of(pdf: &[u8]) -> Option<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = reader.stdin.take()?;
    input.write_all(pdf).ok()?;
    drop(input);
    let out = reader.wait_with_output().ok()?;
    assert!(out.status.success(), "pdftotext refuses the letter");
    Some(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Code and secret from the link behind the QR code.
fn link_of(pdf: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(pdf);
    let link = text.split("/verify#").nth(1).expect("a link to the check").split(')').next().unwrap();
    let (code, secret) = link.split_once('.').unwrap();
    (code.to_owned(), secret.to_owned())
}

#[test]
fn a_request_becomes_a_letter_that_anybody_can_check() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    stage.execute(&format!(
        "UPDATE individuals SET nik = '3273014101805001', birth_date = '1980-01-01', sex = 'female' WHERE id = '{head}'"
    ));
    let one = stage.by("village_operator");
    let mut body = new("reaktivasi_pbi", household);
    body["documents"] = json!(["ktp"]);
    body["purpose"] = json!("Berobat <script>alert(1)</script> \u{1f600} {{subject_nik}}");
    let made = one.post(REQUESTS, &body).expect(201);
    let id = made.id();
    assert_eq!((&made["status"], &made["subject_name"]), (&json!("received"), &json!("Siti Aminah")));
    assert_eq!(made["can"], json!(["handle", "return", "cancel"]));
    assert_eq!(made["required_documents"], json!(["ktp", "family_card", "medical_letter"]));
    assert!(made["due_on"].is_string());
    // What is missing is named, on paper and by the service.
    let early = step(&stage, "village_operator", &id, "handle", &json!({})).expect(422);
    assert_eq!(early.refusals(), ["/documents missing_documents"]);
    let returned =
        step(&stage, "village_operator", &id, "return", &json!({"missing_documents": ["medical_letter"]})).expect(200);
    assert_eq!((&returned["status"], &returned["missing_documents"]), (&json!("returned"), &json!(["medical_letter"])));
    let again = json!({"documents": ["ktp", "family_card", "medical_letter"]});
    step(&stage, "village_operator", &id, "resubmit", &again).expect(200);
    let handled = step(&stage, "village_operator", &id, "handle", &json!({})).expect(200);
    // What Dinsos signs is not for the kelurahan, nor for who took it in.
    assert_eq!(handled["can"], json!(["return", "cancel"]));
    step(&stage, "village_operator", &id, "approve", &json!({})).expect(403);
    let approved = step(&stage, "social_worker", &id, "approve", &json!({})).expect(200);
    assert_eq!(approved["can"], json!(["issue", "cancel"]));
    let issued = step(&stage, "social_worker", &id, "issue", &json!({})).expect(200);
    assert_eq!((&issued["status"], &issued["can"]), (&json!("issued"), &json!([])));
    let number = issued["letter_number"].as_str().unwrap().to_owned();
    assert!(number.starts_with("400.9/0001/REK-PBI/"), "{number}");

    let path = format!("/api/v1/letters/{}", issued["letter_id"].as_str().unwrap());
    let letter = one.get(&path).expect(200);
    let text = letter["body"].as_str().unwrap();
    assert!(text.contains("NIK : 3273014101805001") && text.contains("Tanggal lahir : 1 Januari 1980"), "{text}");
    assert!(text.contains("Berobat <script>alert(1)</script> \u{1f600} {{subject_nik}}"), "{text}");
    assert_eq!((&letter["signatory_name"], &letter["status"]), (&json!("Social Worker"), &json!("valid")));
    assert_eq!(letter["can"], json!([]), "the kelurahan does not revoke what Dinsos signed");
    let file = one.get(&format!("{path}/file")).expect(200);
    assert_eq!(file.header("content-type"), Some("application/pdf"));
    assert!(file.body.starts_with(b"%PDF-"));
    assert_eq!(file.body, stage.by("coordinator").get(&format!("{path}/file")).expect(200).body);
    if let Some(text) = text_of(&file.body) {
        for expected in [
            number.as_str(),
            "Siti Aminah",
            "3273014101805001",
            "<script>alert(1)</script>",
            "\u{1f600}",
            "Social Worker",
        ] {
            assert!(text.contains(expected), "{expected} is not in\n{text}");
        }
    }
    let revealed = "SELECT count(*) AS n FROM access_log WHERE action = 'reveal' AND 'nik' = ANY(fields)";
    assert_eq!(count(&mut stage.app.sql(), revealed), 1);

    let (code, secret) = link_of(&file.body);
    let stranger = stage.app.anonymous();
    let genuine = stranger.post(VERIFY, &json!({"code": code.to_lowercase(), "secret": secret})).expect(200);
    let told: Vec<String> = genuine.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(told, ["genuine", "issued_on", "kind", "number", "office", "status", "subject_initials"]);
    assert_eq!((&genuine["subject_initials"], &genuine["status"]), (&json!("S.A."), &json!("valid")));
    assert!(!genuine.text().contains("Siti") && !genuine.text().contains("3273"));
    let revoke = json!({"reason": "Data keliru"});
    let worker = stage.by("social_worker");
    one.act(&format!("{path}/revoke"), letter.etag(), &revoke).expect(403);
    let revoked = worker.act(&format!("{path}/revoke"), worker.get(&path).etag(), &revoke).expect(200);
    assert_eq!((&revoked["status"], &revoked["version"]), (&json!("revoked"), &json!(2)));
    worker.act(&format!("{path}/revoke"), revoked.etag(), &revoke).expect(409).problem("wrong_state");
    assert_eq!(stranger.post(VERIFY, &json!({"code": code, "secret": secret})).expect(200)["status"], "revoked");
    assert_eq!(file.body, one.get(&format!("{path}/file")).expect(200).body, "a letter never changes");
}

#[test]
fn who_takes_it_in_does_not_approve_it() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.by("coordinator").post(REQUESTS, &new("surat_pengantar", household)).expect(201).id();
    step(&stage, "coordinator", &id, "handle", &json!({})).expect(200);
    step(&stage, "coordinator", &id, "approve", &json!({})).expect(409).problem("same_person");
    step(&stage, "village_operator", &id, "approve", &json!({})).expect(200);
    for verb in ["handle", "return", "resubmit", "approve"] {
        let body = if verb == "return" { json!({"missing_documents": ["ktp"]}) } else { json!({}) };
        step(&stage, "coordinator2", &id, verb, &body).expect(409).problem("wrong_state");
    }
    let issued = step(&stage, "village_operator", &id, "issue", &json!({})).expect(200);
    let letter =
        stage.by("village_operator").get(&format!("/api/v1/letters/{}", issued["letter_id"].as_str().unwrap()));
    assert!(letter["office"].as_str().unwrap().starts_with("Kelurahan "), "{}", letter.text());
    step(&stage, "coordinator", &id, "cancel", &json!({"reason": "Terlambat"})).expect(409).problem("wrong_state");
    let constraint = format!("UPDATE service_requests SET approved_by = received_by WHERE id = '{id}'");
    assert!(diesel::RunQueryDsl::execute(diesel::sql_query(constraint), &mut stage.app.sql()).is_err());
}

#[test]
fn numbers_have_no_gaps_whoever_issues_at_once() {
    let stage = Stage::start();
    let ids: Vec<String> = (0..12).map(|_| approved(&stage, &new("sk_dtsen", stage.household(VILLAGE).0))).collect();
    // Every third one cannot be issued any more: its number must go to somebody else.
    for id in ids.iter().step_by(3) {
        stage.execute(&format!("UPDATE households SET status = 'dissolved' WHERE id = (SELECT household_id FROM service_requests WHERE id = '{id}')"));
    }
    let caller = stage.by("coordinator");
    let gate = Barrier::new(ids.len());
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = ids
            .iter()
            .map(|id| {
                let (caller, gate) = (&caller, &gate);
                let etag = caller.get(&format!("{REQUESTS}/{id}")).expect(200).etag().to_owned();
                scope.spawn(move || {
                    gate.wait();
                    let send = || caller.act(&format!("{REQUESTS}/{id}/issue"), &etag, &json!({})).status;
                    // Twice: the second one must not make a second letter.
                    let first = send();
                    assert_eq!(send(), if first == 200 { 412 } else { 409 });
                    first
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 8);
    let gaps = "SELECT (max(number) - count(*))::int8 AS n FROM letters WHERE service_code = 'sk_dtsen'";
    assert_eq!(count(&mut stage.app.sql(), gaps), 0);
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(DISTINCT number) AS n FROM letters"), 8);
    assert_eq!(
        count(&mut stage.app.sql(), "SELECT last::int8 AS n FROM letter_series WHERE service_code = 'sk_dtsen'"),
        8
    );
    let mut service = diesel::Connection::establish(&stage.app.db.service_url()).unwrap();
    for statement in ["UPDATE letters SET title = 'x'", "DELETE FROM letters", "DELETE FROM letter_revocations"] {
        let service: &mut diesel::PgConnection = &mut service;
        assert!(diesel::RunQueryDsl::execute(diesel::sql_query(statement), service).is_err(), "{statement}");
    }
}

#[test]
fn outside_ones_area_there_is_none_and_bad_input_is_named() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let one = stage.by("village_operator");
    let id = approved(&stage, &new("sk_dtsen", household));
    let issued = step(&stage, "coordinator", &id, "issue", &json!({})).expect(200);
    let letter = format!("/api/v1/letters/{}", issued["letter_id"].as_str().unwrap());
    for name in ["village_operator_out", "social_worker_out", "citizen"] {
        let caller = stage.by(name);
        for path in [format!("{REQUESTS}/{id}"), letter.clone(), format!("{letter}/file")] {
            caller.get(&path).expect(404);
        }
        assert_eq!(caller.get(&format!("{REQUESTS}?include_total=true")).expect(200)["page"]["total"], 0, "{name}");
    }
    for name in ["agency_officer", "partner", "admin"] {
        stage.by(name).get(&format!("{REQUESTS}/{id}")).expect(403);
        stage.by(name).get(&letter).expect(403);
    }
    let auditor = stage.by("auditor").get(&format!("{REQUESTS}/{id}")).expect(200);
    assert_eq!((&auditor["subject_name"], &auditor["purpose"]), (&json!(null), &json!(null)));
    stage.by("auditor").get(&letter).expect(403);
    stage.by("village_operator_out").post(REQUESTS, &new("sk_dtsen", household)).expect(422);

    let refused = |change: &dyn Fn(&mut Value)| {
        let mut body = new("sk_dtsen", household);
        change(&mut body);
        one.post(REQUESTS, &body).expect(422).refusals()
    };
    assert_eq!(refused(&|b| b["service_code"] = json!("nonsense")), ["/service_code unknown_code"]);
    assert_eq!(refused(&|b| b["documents"] = json!(["ktp", "nonsense"])), ["/documents/1 unknown_code"]);
    assert_eq!(refused(&|b| b["documents"] = json!(["ktp", "ktp"])), ["/documents not_allowed"]);
    assert_eq!(refused(&|b| b["subject"]["id"] = json!(Uuid::now_v7())), ["/subject/id not_found"]);
    assert_eq!(refused(&|b| b["problem_id"] = json!(Uuid::now_v7())), ["/problem_id not_found"]);
    let (other, _) = stage.household(OTHER_VILLAGE);
    assert_eq!(refused(&|b| b["subject"]["id"] = json!(other)), ["/subject/id not_found"]);
    stage.execute(&format!("UPDATE individuals SET life_status = 'deceased' WHERE id = '{head}'"));
    assert_eq!(refused(&|b| b["subject"] = json!({"kind": "individual", "id": head})), ["/subject/id not_found"]);
}

#[test]
fn a_letter_of_a_restricted_case_leaves_no_trace_for_others() {
    let stage = Stage::start();
    let coordinator = stage.plain_coordinator();
    let (household, head) = stage.household(VILLAGE);
    approved(&stage, &new("surat_rujukan", household));
    let worker = stage.by("social_worker");
    let problem = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kekerasan", "severity": "high"});
    let problem = worker.post("/api/v1/problems", &problem).expect(201).id();
    let others = [stage.by("village_operator"), stage.by("village_operator2"), coordinator, stage.by("auditor")];
    let look = || -> Vec<Value> {
        let paths = [format!("{REQUESTS}?include_total=true"), format!("{REQUESTS}?household_id={household}")];
        others.iter().flat_map(|c| paths.iter().map(|p| c.get(p).json())).collect()
    };
    let before = look();
    let mut body = new("surat_rujukan", household);
    body["problem_id"] = json!(problem);
    let made = worker.post(REQUESTS, &body).expect(201);
    assert_eq!(made["sensitivity"], "restricted");
    let path = format!("{REQUESTS}/{}", made.id());
    assert_eq!(others.each_ref().map(|c| c.get(&path).status), [404; 4]);
    step(&stage, "social_worker", &made.id(), "handle", &json!({})).expect(200);
    step(&stage, "social_worker2", &made.id(), "approve", &json!({})).expect(200);
    let issued = step(&stage, "social_worker2", &made.id(), "issue", &json!({})).expect(200);
    let letter = format!("/api/v1/letters/{}", issued["letter_id"].as_str().unwrap());
    assert_eq!(others.each_ref().map(|c| matches!(c.get(&letter).status, 403 | 404)), [true; 4]);
    worker.get(&letter).expect(200);
    assert_eq!(look(), before, "somebody else sees a difference");
    // The next open letter has the number it would have had.
    let open = stage.by("coordinator").all(&format!("{REQUESTS}?status=approved"));
    let issued = step(&stage, "coordinator", open[0]["id"].as_str().unwrap(), "issue", &json!({})).expect(200);
    assert!(issued["letter_number"].as_str().unwrap().contains("/0001/"), "{}", issued["letter_number"]);
}

#[test]
fn guesses_are_few_and_tell_nothing() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = approved(&stage, &new("sk_dtsen", household));
    let issued = step(&stage, "coordinator", &id, "issue", &json!({})).expect(200);
    let file = stage.by("coordinator").get(&format!("/api/v1/letters/{}/file", issued["letter_id"].as_str().unwrap()));
    let (code, secret) = link_of(&file.body);
    let stranger = stage.app.anonymous();
    let wrong = stranger.post(VERIFY, &json!({"code": code, "secret": "0000"})).expect(404).problem("not_found");
    let unknown = stranger.post(VERIFY, &json!({"code": "0000000000", "secret": secret})).expect(404);
    assert_eq!(wrong["detail"], unknown["detail"]);
    for _ in 0..9 {
        stranger.post(VERIFY, &json!({"code": code, "secret": "0000"})).expect(404);
    }
    let limited = stranger.post(VERIFY, &json!({"code": code, "secret": secret})).expect(429);
    assert!(limited.header("retry-after").is_some());
    let kept = "SELECT count(*) AS n FROM letters WHERE position(convert_to('SECRET', 'UTF8') IN secret_hash) > 0";
    assert_eq!(count(&mut stage.app.sql(), &kept.replace("SECRET", &secret)), 0);
    stranger.get(VERIFY).expect(405);
}

#[test]
fn a_mandate_for_need_and_service_says_by_when() {
    let stage = Stage::start();
    let coordinator = stage.by("coordinator");
    let label = json!({"id": "Uji", "en": "Test"});
    let calendar = json!({"code": "every_day", "name": label, "working_weekdays": [1, 2, 3, 4, 5, 6, 7]});
    let calendar = coordinator.post("/api/v1/calendars", &calendar).expect(201).id();
    let mandate = json!({"need_code": "pangan", "service_code": "surat_rujukan", "organization_id": crate::harness::AGENCY,
        "calendar_id": calendar, "sla_days": 9, "valid_from": "2020-01-01"});
    coordinator.post("/api/v1/mandates", &mandate).expect(201);
    let (household, _) = stage.household(VILLAGE);
    let one = stage.by("village_operator");
    let problem = one.post("/api/v1/problems", &stage.new_problem(household, "pangan", "high")).expect(201).id();
    let mut body = new("surat_rujukan", household);
    body["problem_id"] = json!(problem);
    let made = one.post(REQUESTS, &body).expect(201);
    assert_eq!(made["responsible_organization_name"], "Dinas Uji");
    let due: chrono::NaiveDate = made["due_on"].as_str().unwrap().parse().unwrap();
    let holiday = json!({"date": due, "name": label, "kind": "local"});
    let moved = coordinator.post(&format!("/api/v1/calendars/{calendar}/holidays"), &holiday).expect(201);
    assert_eq!(moved["moved"], json!({"problems": 0, "service_requests": 1, "decisions": 0, "referrals": 0}));
    let seen = one.get(&format!("{REQUESTS}/{}", made.id())).expect(200);
    assert_eq!(seen["due_on"], json!(due.succ_opt().unwrap()));
}
