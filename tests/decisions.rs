//! Decisions: nothing is taken from anybody but after a notice, his time to answer and a second person's word; and what
//! was taken by mistake can be put back.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, VILLAGE, count};
use crate::stage::{Offer, Stage, Terms};

const PATH: &str = "/api/v1/decisions";

fn stop(referral: &str) -> Value {
    json!({"effect": "stop_benefit", "referral_id": referral, "reason_code": "no_longer_eligible",
        "reasons": "Penghasilan kini di atas batas <b>program</b> 📄.", "legal_basis": "Perwal 12/2025"})
}

fn step(stage: &Stage, who: &str, id: &str, verb: &str, body: &Value) -> Answer {
    let (caller, path) = (stage.by(who), format!("{PATH}/{id}"));
    let etag = caller.get(&path).expect(200).etag().to_owned();
    caller.act(&format!("{path}/{verb}"), &etag, body)
}

fn read(stage: &Stage, who: &str, id: &str) -> Answer {
    stage.by(who).get(&format!("{PATH}/{id}")).expect(200)
}

/// Lets the time to answer pass, and the day come.
fn wait_over(stage: &Stage, id: &str) {
    stage.execute(&format!(
        "UPDATE decisions SET due_on = current_date - 3, effective_on = current_date - 2 WHERE id = '{id}'"
    ));
}

/// Help that was accepted: the offer, its source, the household, its problem and the referral.
struct Help {
    offer: Offer,
    source: String,
    household: Uuid,
    problem: String,
    referral: String,
}

fn help(stage: &Stage) -> Help {
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("APBD", &offer, 1_000_000, 500_000);
    let (household, problem) = stage.needy();
    let referral = stage.draft(&problem, &offer);
    stage.step("social_worker", &referral, "send", &json!({})).expect(200);
    stage.step("partner", &referral, "accept", &json!({})).expect(200);
    Help { offer, source, household, problem, referral }
}

fn proposed(stage: &Stage, referral: &str) -> String {
    stage.by("social_worker").post(PATH, &stop(referral)).expect(201).id()
}

/// Proposed, told, its time over, confirmed.
fn confirmed(stage: &Stage, referral: &str) -> String {
    let id = proposed(stage, referral);
    step(stage, "social_worker", &id, "notify", &json!({"channel": "letter"})).expect(200);
    wait_over(stage, &id);
    step(stage, "coordinator", &id, "confirm", &json!({})).expect(200);
    id
}

fn referral_status(stage: &Stage, id: &str) -> String {
    stage.by("coordinator").get(&format!("/api/v1/referrals/{id}")).expect(200)["status"].as_str().unwrap().into()
}

#[test]
fn help_stops_after_notice_answer_and_a_second_word_and_comes_back() {
    let stage = Stage::start();
    let Help { offer, source, household, problem, referral } = help(&stage);
    stage.step("partner", &referral, "start", &json!({})).expect(200);
    assert_eq!((stage.seats_taken(&offer), stage.active_claims(), stage.balance(&source)[4]), (1, 1, 100_000));
    let made = stage.by("social_worker").post(PATH, &stop(&referral)).expect(201);
    let id = made.id();
    assert_eq!((&made["status"], &made["can"]), (&json!("proposed"), &json!(["notify", "withdraw"])));
    assert_eq!(made["about"]["id"], "Program PARCELS");
    stage.by("social_worker").post(PATH, &stop(&referral)).expect(409).problem("already_exists");
    stage.by("coordinator").get(&format!("{PATH}/{id}/notice")).expect(404);
    // Too short a notice, in days or by the day it holds from.
    let short = json!({"channel": "letter", "answer_days": 9});
    let refused = step(&stage, "social_worker", &id, "notify", &short).expect(422).refusals();
    assert_eq!(refused, ["/answer_days notice_too_short"]);
    let soon = json!({"channel": "letter", "effective_on": chrono::Utc::now().date_naive()});
    let refused = step(&stage, "social_worker", &id, "notify", &soon).expect(422).refusals();
    assert_eq!(refused, ["/effective_on notice_too_short"]);
    let told = step(&stage, "social_worker", &id, "notify", &json!({"channel": "home_visit"})).expect(200);
    assert_eq!((&told["status"], &told["answer_days"]), (&json!("notified"), &json!(10)));
    assert!(told["effective_on"].as_str() > told["answer_due_on"].as_str());
    let letter = stage.by("village_operator").get(&format!("{PATH}/{id}/notice")).expect(200);
    assert_eq!(letter.header("content-type"), Some("application/pdf"));
    assert!(letter.body.starts_with(b"%PDF-"));
    // He answers; nobody confirms before his time is over.
    let said = json!({"said": "Saya masih menganggur <script>", "channel": "phone"});
    let heard = step(&stage, "village_operator", &id, "answer", &said).expect(200);
    assert_eq!(heard["answers"][0]["said"], "Saya masih menganggur <script>");
    assert_eq!(heard["answers"][0]["channel"], "phone");
    step(&stage, "coordinator", &id, "confirm", &json!({})).expect(409).problem("too_early");
    step(&stage, "coordinator", &id, "take-effect", &json!({})).expect(409).problem("wrong_state");
    assert!(stage.by("auditor").get(&format!("{PATH}/{id}")).expect(200)["reasons"].is_null());
    wait_over(&stage, &id);
    step(&stage, "village_operator", &id, "answer", &said).expect(409).problem("too_late");
    assert_eq!(referral_status(&stage, &referral), "in_service");
    let tasks = stage.by("coordinator").get("/api/v1/tasks").expect(200);
    assert!(tasks["data"].as_array().unwrap().iter().any(|t| t["kind"] == "decide" && t["subject_id"] == json!(id)));
    step(&stage, "coordinator", &id, "confirm", &json!({})).expect(200);
    let done = step(&stage, "coordinator", &id, "take-effect", &json!({})).expect(200);
    assert_eq!((&done["status"], &done["can"]), (&json!("in_effect"), &json!(["reverse"])));
    assert_eq!(referral_status(&stage, &referral), "cancelled");
    let seen = stage.by("coordinator").get(&format!("/api/v1/referrals/{referral}")).expect(200);
    assert_eq!(seen["reason_code"], "stopped_by_decision");
    assert_eq!((stage.seats_taken(&offer), stage.active_claims(), stage.balance(&source)[4]), (0, 0, 0));
    assert_eq!((stage.balance(&source)[2], stage.problem_status(&problem).as_str()), (500_000, "verified"));
    // Taken back: a draft as it was, which can be sent at once.
    let back = step(&stage, "coordinator", &id, "reverse", &json!({"reason": "Data penghasilan keliru"})).expect(200);
    assert_eq!((&back["status"], &back["ended_reason"]), (&json!("reversed"), &json!("Data penghasilan keliru")));
    let again = back["restored_referral_id"].as_str().unwrap().to_owned();
    assert_eq!(referral_status(&stage, &again), "draft");
    stage.step("coordinator", &again, "send", &json!({})).expect(200);
    assert_eq!((stage.seats_taken(&offer), stage.active_claims(), stage.balance(&source)[3]), (1, 1, 100_000));
    step(&stage, "coordinator", &id, "reverse", &json!({"reason": "Sekali lagi"})).expect(409).problem("wrong_state");
    let history = stage.by("coordinator").all(&format!("/api/v1/referrals/{referral}/history"));
    let events: Vec<_> = history.iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(events[events.len() - 2..], ["stop", "resume"]);
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action LIKE 'decision.%'";
    assert_eq!(count(&mut stage.app.sql(), trail), 6);
    assert_eq!(stage.by("coordinator").all(&format!("{PATH}?household_id={household}&status=reversed")).len(), 1);
}

#[test]
fn nobody_decides_alone_or_what_is_not_his() {
    let stage = Stage::start();
    let Help { referral, household, .. } = help(&stage);
    let path = |id: &str| format!("{PATH}/{id}");
    for name in ["partner", "auditor", "admin", "citizen"] {
        stage.by(name).post(PATH, &stop(&referral)).expect(403);
    }
    for name in ["social_worker_out", "village_operator_out", "agency_officer"] {
        let refused = stage.by(name).post(PATH, &stop(&referral)).expect(422).refusals();
        assert_eq!(refused, ["/referral_id not_found"], "{name}");
    }
    let by = stage.by("social_worker");
    let mut body = stop(&referral);
    body["reason_code"] = json!("nonsense");
    assert_eq!(by.post(PATH, &body).expect(422).refusals(), ["/reason_code unknown_code"]);
    body = stop(&referral);
    body["reasons"] = json!("  \n ");
    assert!(by.post(PATH, &body).expect(422).refusals()[0].starts_with("/reasons"));
    body = stop(&referral);
    body["service_request_id"] = json!(Uuid::now_v7());
    assert_eq!(by.post(PATH, &body).expect(422).refusals(), ["/referral_id required"]);
    body["effect"] = json!("reject_request");
    assert_eq!(by.post(PATH, &body).expect(422).refusals(), ["/service_request_id required"]);

    let id = stage.by("coordinator").post(PATH, &stop(&referral)).expect(201).id();
    for name in ["social_worker_out", "village_operator_out", "agency_officer", "citizen"] {
        stage.by(name).get(&path(&id)).expect(404);
        assert!(stage.by(name).all(PATH).is_empty(), "{name}");
    }
    stage.by("partner").get(&path(&id)).expect(403);
    step(&stage, "coordinator", &id, "notify", &json!({"channel": "phone"})).expect(200);
    step(&stage, "coordinator", &id, "notify", &json!({"channel": "phone"})).expect(409).problem("wrong_state");
    wait_over(&stage, &id);
    step(&stage, "coordinator", &id, "confirm", &json!({})).expect(409).problem("same_person");
    assert!(!read(&stage, "coordinator", &id)["can"].as_array().unwrap().contains(&json!("confirm")));
    // A worker without the duty to supervise is no second person.
    step(&stage, "social_worker", &id, "confirm", &json!({})).expect(403);
    let refused = "UPDATE decisions SET status = 'confirmed', confirmed_at = now(), confirmed_by = proposed_by";
    assert!(diesel::RunQueryDsl::execute(diesel::sql_query(refused), &mut stage.app.sql()).is_err());
    let etag = read(&stage, "social_worker2", &id).etag().to_owned();
    stage.by("social_worker2").act(&format!("{}/confirm", path(&id)), "\"9.x\"", &json!({})).expect(412);
    stage.by("social_worker2").act(&format!("{}/confirm", path(&id)), &etag, &json!({})).expect(200);
    // Given up before its day; the help goes on, and may be decided on anew.
    step(&stage, "social_worker", &id, "withdraw", &json!({"reason": "Keliru"})).expect(200);
    step(&stage, "coordinator", &id, "take-effect", &json!({})).expect(409).problem("wrong_state");
    assert_eq!(referral_status(&stage, &referral), "accepted");
    // The database itself keeps the time to answer, whoever asks.
    let id = proposed(&stage, &referral);
    step(&stage, "social_worker", &id, "notify", &json!({"channel": "letter"})).expect(200);
    let early = format!(
        "UPDATE decisions SET status = 'confirmed', confirmed_at = now(), confirmed_by = '{}' WHERE id = '{id}'",
        crate::harness::account_id("coordinator")
    );
    assert!(diesel::RunQueryDsl::execute(diesel::sql_query(early), &mut stage.app.sql()).is_err());
    let unsaid = "UPDATE decision_answers SET said = 'x'";
    step(&stage, "social_worker", &id, "answer", &json!({"said": "Tidak setuju"})).expect(200);
    assert!(diesel::RunQueryDsl::execute(diesel::sql_query(unsaid), &mut stage.app.sql()).is_err());
    assert_eq!(stage.by("coordinator").all(&format!("{PATH}?household_id={household}")).len(), 2);
}

#[test]
fn the_citizen_reads_and_answers_for_himself_alone() {
    let stage = Stage::start();
    let Help { referral, household, .. } = help(&stage);
    stage.execute(&format!(
        "UPDATE accounts SET person_id = (SELECT head_id FROM households WHERE id = '{household}') WHERE username = 'citizen'"
    ));
    let id = proposed(&stage, &referral);
    let citizen = stage.app.as_role("citizen");
    let path = format!("{PATH}/{id}");
    citizen.get(&path).expect(404);
    step(&stage, "social_worker", &id, "notify", &json!({"channel": "letter"})).expect(200);
    let seen = citizen.get(&path).expect(200);
    assert_eq!(seen["can"], json!(["answer"]));
    let answered =
        citizen.act(&format!("{path}/answer"), seen.etag(), &json!({"said": "Saya keberatan.", "channel": "phone"}));
    assert_eq!(answered.expect(200)["answers"][0]["channel"], "self");
    citizen.get(&format!("{path}/notice")).expect(200);
    for (verb, body) in [("confirm", json!({})), ("take-effect", json!({})), ("withdraw", json!({"reason": "x"}))] {
        citizen.act(&format!("{path}/{verb}"), seen.etag(), &body).expect(403);
    }
    stage.by("citizen_out").get(&path).expect(404);
}

#[test]
fn whoever_acts_at_once_it_happens_once() {
    let stage = Stage::start();
    let Help { offer, source, referral, .. } = help(&stage);
    let id = confirmed(&stage, &referral);
    let etag = read(&stage, "coordinator", &id).etag().to_owned();
    let callers = ["coordinator", "coordinator2", "social_worker2"].map(|name| stage.by(name));
    let path = format!("{PATH}/{id}");
    let race = |verb: &str, etag: &str, body: &Value| -> Vec<u16> {
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..9)
                .map(|n| {
                    let caller = &callers[n % 3];
                    let path = format!("{path}/{verb}");
                    scope.spawn(move || caller.act(&path, etag, body).status)
                })
                .collect();
            let worker = scope.spawn(|| stage.app.look_after());
            let answers = all.into_iter().map(|t| t.join().unwrap()).collect();
            worker.join().unwrap();
            answers
        })
    };
    let answers = race("take-effect", &etag, &json!({}));
    assert!(
        answers.iter().filter(|s| **s == 200).count() <= 1 && answers.iter().all(|s| [200, 409, 412].contains(s)),
        "{answers:?}"
    );
    assert_eq!(read(&stage, "coordinator", &id)["status"], "in_effect");
    assert_eq!((stage.seats_taken(&offer), stage.active_claims(), stage.balance(&source)[2]), (0, 0, 500_000));
    let etag = read(&stage, "coordinator", &id).etag().to_owned();
    let answers = race("reverse", &etag, &json!({"reason": "Keliru"}));
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM referrals WHERE status = 'draft'"), 1);
}

#[test]
fn the_worker_carries_out_what_is_due_and_lets_lapse_what_has_ended() {
    let stage = Stage::start();
    let Help { offer, referral, .. } = help(&stage);
    let id = confirmed(&stage, &referral);
    stage.execute(&format!("UPDATE decisions SET effective_on = current_date + 5 WHERE id = '{id}'"));
    stage.app.look_after();
    assert_eq!(read(&stage, "coordinator", &id)["status"], "confirmed");
    step(&stage, "coordinator", &id, "take-effect", &json!({})).expect(409).problem("too_early");
    stage.execute(&format!("UPDATE decisions SET effective_on = current_date WHERE id = '{id}'"));
    stage.app.look_after();
    assert_eq!(read(&stage, "coordinator", &id)["status"], "in_effect");
    assert_eq!(stage.seats_taken(&offer), 0);
    // Help that was completed meanwhile is not touched.
    let again = step(&stage, "coordinator", &id, "reverse", &json!({"reason": "Keliru"})).expect(200);
    let again = again["restored_referral_id"].as_str().unwrap().to_owned();
    stage.step("coordinator", &again, "send", &json!({})).expect(200);
    stage.step("partner", &again, "accept", &json!({})).expect(200);
    let second = confirmed(&stage, &again);
    stage.step("partner", &again, "complete", &json!({"outcome_code": "need_met"})).expect(200);
    let lapsed = step(&stage, "coordinator", &second, "take-effect", &json!({})).expect(200);
    assert_eq!((&lapsed["status"], &lapsed["can"]), (&json!("lapsed"), &json!([])));
    assert_eq!(referral_status(&stage, &again), "completed");
    stage.by("coordinator").post(PATH, &stop(&again)).expect(409).problem("wrong_state");
}

#[test]
fn a_request_is_refused_and_taken_in_again() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let request = json!({"service_code": "sk_dtsen", "subject": {"kind": "household", "id": household}, "documents": ["ktp", "family_card"]});
    let request = stage.by("village_operator").post("/api/v1/service-requests", &request).expect(201).id();
    let new = json!({"effect": "reject_request", "service_request_id": request, "reason_code": "not_eligible", "reasons": "Tidak terdaftar."});
    let id = stage.by("village_operator").post(PATH, &new).expect(201).id();
    let five = json!({"channel": "in_person", "answer_days": 5});
    let told = step(&stage, "village_operator", &id, "notify", &five).expect(200);
    // A holiday inside the time to answer moves its end.
    let calendar = &stage.by("coordinator").all("/api/v1/calendars")[0]["id"];
    let holiday = json!({"date": told["answer_due_on"], "name": {"id": "Libur", "en": "Holiday"}, "kind": "local"});
    let moved =
        stage.by("coordinator").post(&format!("/api/v1/calendars/{}/holidays", calendar.as_str().unwrap()), &holiday);
    assert_eq!(moved.expect(201)["moved"]["decisions"], 1);
    assert!(read(&stage, "village_operator", &id)["answer_due_on"].as_str() > told["answer_due_on"].as_str());
    wait_over(&stage, &id);
    step(&stage, "coordinator", &id, "confirm", &json!({})).expect(200);
    stage.app.look_after();
    let path = format!("/api/v1/service-requests/{request}");
    let refused = stage.by("village_operator").get(&path).expect(200);
    assert_eq!(
        (&refused["status"], &refused["reason"], &refused["can"]),
        (&json!("rejected"), &json!("Tidak terdaftar."), &json!([]))
    );
    stage
        .by("village_operator")
        .act(&format!("{path}/handle"), refused.etag(), &json!({}))
        .expect(409)
        .problem("wrong_state");
    step(&stage, "coordinator", &id, "reverse", &json!({"reason": "Ternyata terdaftar"})).expect(200);
    let back = stage.by("village_operator").get(&path).expect(200);
    assert_eq!(
        (&back["status"], &back["reason"], &back["closed_at"]),
        (&json!("received"), &Value::Null, &Value::Null)
    );
    assert_eq!(back["can"], json!(["handle", "return", "cancel"]));
}
