//! What the twin test (`twins/`) has found, each by its name: ways in which a restricted case told of itself.

use serde_json::json;
use uuid::Uuid;

use crate::harness::{FOUNDATION, TestApp, VILLAGE, account_id, count};
use crate::stage::{Offer, Stage, Terms};

/// The head of a household, with a restricted problem that `social_worker` works on and `social_worker2` has verified.
fn case(stage: &Stage, need: &str, ppks: &str) -> (Uuid, Uuid, String) {
    let (household, head) = stage.household(VILLAGE);
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": need, "ppks_code": ppks, "severity": "high"});
    let problem = stage.by("social_worker").post("/api/v1/problems", &new).expect(201).id();
    let path = format!("/api/v1/problems/{problem}");
    let supervisor = stage.by("social_worker2");
    supervisor.act(&format!("{path}/verify"), supervisor.get(&path).etag(), &json!({})).expect(200);
    (household, head, problem)
}

#[test]
fn a_restricted_fact_leaves_version_and_timeline_as_they_were() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let (worker, path) = (stage.by("social_worker"), format!("/api/v1/individuals/{head}"));
    let other = stage.by("village_operator");
    let asthma = json!({"facts": {"illness": "asthma"}});
    worker.patch(&path, worker.get(&path).etag(), &asthma).expect(200);
    let look = || {
        let person = other.get(&path).expect(200);
        let home = other.get(&format!("/api/v1/households/{household}")).expect(200);
        let timeline = other.all(&format!("/api/v1/households/{household}/timeline"));
        (person.json(), person.etag().to_owned(), home.json(), home.etag().to_owned(), timeline)
    };
    let before = look();
    let hiv = json!({"facts": {"illness": "hiv"}});
    let answer = worker.patch(&path, worker.get(&path).etag(), &hiv).expect(200);
    assert_eq!(answer["facts"], json!({"illness": "asthma"}), "the open answer stays where it was");
    assert_eq!(look(), before);
    let mut sql = stage.app.sql();
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM restricted_facts WHERE code = 'hiv'"), 1);
    let trail =
        "SELECT count(*) AS n FROM audit_events WHERE action = 'individual.update' AND sensitivity = 'restricted'";
    assert_eq!(count(&mut sql, trail), 1);
    // With anything open beside it, the record changes as it would without.
    worker
        .patch(&path, worker.get(&path).etag(), &json!({"facts": {"illness": "hiv"}, "phone": "08123456789"}))
        .expect(200);
    assert_eq!(other.get(&path).expect(200)["version"], json!(before.0["version"].as_i64().unwrap() + 1));
}

#[test]
fn who_opened_a_restricted_problem_stands_in_the_log_for_who_may_see_it() {
    let stage = Stage::start();
    let (household, head, problem) = case(&stage, "kekerasan", "korban_kekerasan");
    stage.verified(household);
    stage.execute(&format!("UPDATE accounts SET person_id = '{head}' WHERE id = '{}'", account_id("citizen")));
    let worker = stage.by("social_worker");
    worker.get(&format!("/api/v1/problems/{problem}")).expect(200);
    let views = "SELECT count(*) AS n FROM access_log WHERE subject_kind = 'problem'";
    stage.app.wait("the views to be logged", || count(&mut stage.app.sql(), views) >= 3);
    let seen_by = |name: &str| {
        let caller = if name == "plain" { stage.plain_coordinator() } else { stage.app.as_role(name) };
        caller.all(&format!("/api/v1/households/{household}/access-log")).len()
    };
    let all = seen_by("coordinator");
    let open = count(
        &mut stage.app.sql(),
        "SELECT count(*) AS n FROM access_log l JOIN problems p ON p.id = l.subject_id WHERE p.sensitivity = 'open'",
    );
    assert!(all > usize::try_from(open).unwrap(), "the supervisor sees every view");
    assert_eq!(seen_by("citizen"), all, "so does the citizen whom it is about");
    assert_eq!(seen_by("plain"), usize::try_from(open).unwrap());
    assert_eq!(seen_by("auditor"), usize::try_from(open).unwrap());
}

/// A published program with a cycle, of this label.
fn program(stage: &Stage, code: &str, label: &str) -> Offer {
    let partner = stage.by("partner");
    let terms = Terms { code, need: "bantuan_hukum", class: Some("legal_aid"), unit: "person", ..Terms::default() };
    let mut new = stage.new_program(&terms, FOUNDATION);
    new["sensitivity"] = json!(label);
    let program = partner.post("/api/v1/programs", &new).expect(201).id();
    let path = format!("/api/v1/programs/{program}");
    let cycle =
        json!({"name": "2026", "starts_on": "2020-01-01", "ends_on": "2099-12-31", "seat_kind": "stock", "seats": 5});
    let cycle = partner.post(&format!("{path}/cycles"), &cycle).expect(201).id();
    partner.act(&format!("{path}/submit"), partner.get(&path).etag(), &json!({})).expect(200);
    let coordinator = stage.by("coordinator");
    coordinator.act(&format!("{path}/publish"), coordinator.get(&path).etag(), &json!({})).expect(200);
    Offer { program, cycle }
}

#[test]
fn a_restricted_claim_does_not_stand_against_an_open_one() {
    let stage = Stage::start();
    let (secret, open) = (program(&stage, "FOR_CHILDREN", "restricted"), program(&stage, "LEGAL_AID", "open"));
    stage.budget("SECRET", &secret, 500_000, 500_000);
    stage.budget("OPEN", &open, 500_000, 500_000);
    let (_, head, problem) = case(&stage, "bantuan_hukum", "anak_berhadapan_hukum");
    let hidden = stage.draft(&problem, &secret);
    stage.step("social_worker", &hidden, "send", &json!({})).expect(200);
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "bantuan_hukum", "severity": "high"});
    let law = stage.by("village_operator").post("/api/v1/problems", &new).expect(201).id();
    let path = format!("/api/v1/problems/{law}");
    let second = stage.by("village_operator2");
    second.act(&format!("{path}/verify"), second.get(&path).etag(), &json!({})).expect(200);
    let first = stage.draft(&law, &open);
    stage.step("social_worker", &first, "send", &json!({})).expect(200);
    assert_eq!(stage.active_claims(), 2);
    // Within one label nobody gets the same aid twice.
    let again = program(&stage, "LEGAL_AID_2", "open");
    stage.budget("AGAIN", &again, 500_000, 500_000);
    let twice = stage.draft(&law, &again);
    stage.step("social_worker", &twice, "send", &json!({})).expect(409).problem("claim_overlap");
}

#[test]
fn whether_an_import_can_be_undone_is_told_to_who_may_see_why() {
    let app = TestApp::start();
    let import = crate::imports::apply(
        &app,
        &app.as_role("coordinator"),
        "2026-08",
        &[("families", crate::imports::FAMILIES), ("members", crate::imports::MEMBERS)],
    );
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    assert!(import["can"].as_array().unwrap().contains(&json!("undo")));
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!(
            "UPDATE grants SET duties = '{{publish,approve_money}}' WHERE account_id = '{}'",
            account_id("coordinator2")
        )),
        &mut app.sql(),
    )
    .unwrap();
    let plain = app.as_role("coordinator2");
    let seen = plain.get(&path).expect(200);
    assert_eq!(seen["can"], json!([]));
    plain.request("POST", &format!("{path}/undo")).header("if-match", seen.etag()).send().expect(403);
    crate::imports::act(&app, &app.as_role("coordinator"), import["id"].as_str().unwrap(), "undo").expect(202);
    assert_eq!(app.as_role("coordinator").get(&path).expect(200)["status"], "undone");
}
