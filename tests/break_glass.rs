//! The glass: broken by a lawful way alone, for looking alone, for four hours, reviewed by another.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Caller, OTHER_VILLAGE, VILLAGE, account_id, count};
use crate::stage::Stage;

fn restricted(stage: &Stage, head: Uuid) -> String {
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kekerasan", "severity": "emergency"});
    stage.by("social_worker").post("/api/v1/problems", &new).expect(201).id()
}

fn told(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("request_id");
    answer
}

fn wait_until(stage: &Stage, caller: &Caller, path: &str, status: u16) {
    stage.app.wait("the change to reach the service", || caller.get(path).status == status);
}

#[test]
fn a_restricted_problem_is_looked_at_and_not_touched() {
    let stage = Stage::start();
    let coordinator = stage.plain_coordinator();
    let (household, head) = stage.household(VILLAGE);
    let problem = restricted(&stage, head);
    let path = format!("/api/v1/problems/{problem}");
    coordinator.get(&path).expect(404);
    let reason = "Petugas kasus cuti,\u{202e} <b>anak</b> demam 🤒";
    let ask = json!({"problem_id": problem, "reason": reason});
    let opened = coordinator.post("/api/v1/break-glass", &ask).expect(201);
    assert_eq!(
        (&opened["open"], &opened["reason"]),
        (&json!(true), &json!("Petugas kasus cuti, <b>anak</b> demam 🤒"))
    );
    let hours = "SELECT count(*) AS n FROM break_glass WHERE expires_at = opened_at + interval '4 hours'";
    assert_eq!(count(&mut stage.app.sql(), hours), 1);
    wait_until(&stage, &coordinator, &path, 200);
    let seen = coordinator.get(&path).expect(200);
    assert_eq!(seen["can"], json!([]));
    assert_eq!(coordinator.all(&format!("/api/v1/households/{household}/problems")).len(), 1);
    for verb in ["verify", "resolve"] {
        coordinator.act(&format!("{path}/{verb}"), seen.etag(), &json!({})).expect(404);
    }
    crate::evidence::add(&coordinator, &problem, "a.jpg", &crate::evidence::photograph(1)).expect(404);
    // Nobody else sees more than before.
    stage.by("village_operator").get(&path).expect(404);
    let others = [stage.by("social_worker_out"), stage.by("village_operator")];
    for caller in &others {
        caller.get(&path).expect(404);
    }
    for (what, sql) in [
        (
            "audit",
            "SELECT count(*) AS n FROM audit_events WHERE action = 'break_glass.open' AND sensitivity = 'restricted'",
        ),
        (
            "access log",
            "SELECT count(*) AS n FROM access_log WHERE purpose = 'break_glass' AND subject_kind = 'problem'",
        ),
        ("task", "SELECT count(*) AS n FROM coordinator_tasks WHERE kind = 'break_glass_review' AND status = 'open'"),
    ] {
        assert_eq!(count(&mut stage.app.sql(), sql), 1, "{what}");
    }
    // Four hours later it is closed, whatever is kept in memory.
    stage.execute("UPDATE break_glass SET opened_at = opened_at - interval '5 hours', expires_at = expires_at - interval '5 hours'");
    wait_until(&stage, &coordinator, &path, 404);
    // Who sees it anyway breaks nothing.
    let supervisor = stage.by("social_worker2");
    supervisor.post("/api/v1/break-glass", &ask).expect(409).problem("conflict");
}

#[test]
fn who_has_no_lawful_way_learns_nothing() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let problem = restricted(&stage, head);
    let out = stage.by("social_worker_out");
    let ask =
        |what: &str, id: &str| out.post("/api/v1/break-glass", &json!({what: id, "reason": "x"})).expect(404).json();
    let nothing = Uuid::now_v7().to_string();
    assert_eq!(told(ask("problem_id", &problem)), told(ask("problem_id", &nothing)));
    assert_eq!(told(ask("household_id", &household.to_string())), told(ask("household_id", &nothing)));
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM break_glass"), 0);
    for name in ["village_operator", "agency_officer", "partner", "auditor", "admin", "citizen"] {
        let body = json!({"problem_id": problem, "reason": "x"});
        stage.by(name).post("/api/v1/break-glass", &body).expect(403);
    }
    for (body, refused) in [
        (json!({"problem_id": problem, "reason": " "}), "/reason"),
        (json!({"reason": "x"}), "/problem_id"),
        (json!({"problem_id": problem, "household_id": household, "reason": "x"}), "/problem_id"),
    ] {
        let answer = stage.by("social_worker2").post("/api/v1/break-glass", &body).expect(422);
        assert!(answer.refusals()[0].starts_with(refused), "{:?}", answer.refusals());
    }
}

#[test]
fn a_household_elsewhere_opens_by_a_tie_to_ones_work() {
    let stage = Stage::start();
    let out = stage.by("social_worker_out");
    let (former, _) = stage.household(VILLAGE);
    let (shared, _) = stage.household(VILLAGE);
    let (joined, person) = stage.household(VILLAGE);
    let (near, _) = stage.household(OTHER_VILLAGE);
    let me = account_id("social_worker_out");
    stage.execute(&format!(
        "INSERT INTO assignments (id, subject_kind, subject_id, account_id, duty, to_at) VALUES (gen_random_uuid(), 'household', '{former}', '{me}', 'lead', now())"
    ));
    stage.execute(&format!("UPDATE households SET dwelling_id = '{near}' WHERE id IN ('{shared}', '{near}')"));
    stage.execute(&format!(
        "INSERT INTO memberships (id, household_id, individual_id) VALUES (gen_random_uuid(), '{near}', '{person}')"
    ));
    for household in [former, shared, joined] {
        let path = format!("/api/v1/households/{household}");
        out.get(&path).expect(404);
        out.post("/api/v1/break-glass", &json!({"household_id": household, "reason": "Rujukan antar wilayah"}))
            .expect(201);
        wait_until(&stage, &out, &path, 200);
        let seen = out.get(&path).expect(200);
        out.patch(&path, seen.etag(), &json!({"note": "x"})).expect(404);
    }
    out.post("/api/v1/break-glass", &json!({"household_id": near, "reason": "x"})).expect(409).problem("conflict");
    // What is restricted there stays so.
    let head: String = {
        let found = out.get(&format!("/api/v1/households/{former}/individuals")).expect(200);
        found["data"][0]["id"].as_str().unwrap().to_owned()
    };
    let hidden = restricted(&stage, head.parse().unwrap());
    out.get(&format!("/api/v1/problems/{hidden}")).expect(404);
    out.post(&format!("/api/v1/individuals/{head}/reveal"), &json!({"purpose": "service_delivery"})).expect(404);
}

#[test]
fn another_person_reviews_and_an_unjustified_look_ends() {
    let stage = Stage::start();
    let plain = stage.plain_coordinator();
    let (_, head) = stage.household(VILLAGE);
    let problem = restricted(&stage, head);
    let ask = json!({"problem_id": problem, "reason": "Ingin tahu"});
    let opened = plain.post("/api/v1/break-glass", &ask).expect(201);
    let path = opened.header("location").unwrap().to_owned();
    let review = json!({"finding": "unjustified", "note": "Tidak ada alasan dinas"});
    plain.act(&format!("{path}/review"), opened.etag(), &review).expect(409).problem("same_person");
    let (chief, auditor) = (stage.by("coordinator"), stage.by("auditor"));
    assert_eq!(chief.all("/api/v1/break-glass?unreviewed=true").len(), 1);
    // The auditor knows that somebody looked, and not at whom.
    let row = &auditor.all("/api/v1/break-glass")[0];
    assert_eq!((&row["subject_id"], &row["household_id"], &row["reason"]), (&json!(null), &json!(null), &json!(null)));
    assert_eq!(row["can"], json!(["review"]));
    for name in ["social_worker", "social_worker_out"] {
        assert!(stage.by(name).all("/api/v1/break-glass").is_empty(), "{name}");
        stage.by(name).get(&path).expect(404);
        stage.by(name).act(&format!("{path}/review"), opened.etag(), &review).expect(403);
    }
    let problem_path = format!("/api/v1/problems/{problem}");
    wait_until(&stage, &plain, &problem_path, 200);
    let etag = chief.get(&path).expect(200).etag().to_owned();
    let bare = json!({"finding": "unjustified"});
    assert_eq!(chief.act(&format!("{path}/review"), &etag, &bare).expect(422).refusals(), ["/note required"]);
    // Two reviewers at once: one of them reviews.
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let both = [&chief, &auditor].map(|by| {
            let (path, etag, review) = (&path, &etag, &review);
            scope.spawn(move || by.act(&format!("{path}/review"), etag, review).status)
        });
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    wait_until(&stage, &plain, &problem_path, 404);
    let seen = plain.get(&path).expect(200);
    assert_eq!((&seen["open"], &seen["finding"]), (&json!(false), &json!("unjustified")));
    let open = "SELECT count(*) AS n FROM coordinator_tasks WHERE status = 'open'";
    assert_eq!(count(&mut stage.app.sql(), open), 0);
}

#[test]
fn the_data_protection_officer_is_told_and_the_log_says_how_it_was_seen() {
    let stage = Stage::start();
    let plain = stage.plain_coordinator();
    let (household, head) = stage.household(VILLAGE);
    let problem = restricted(&stage, head);
    // The duty alone: no supervision, no restricted item is open to its holder.
    stage.execute("UPDATE grants SET duties = '{protect_data}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator')");
    let officer = stage.app.as_role("coordinator");
    officer.get(&format!("/api/v1/problems/{problem}")).expect(404);
    let reviews = |caller: &crate::harness::Caller| -> usize {
        let tasks = caller.get("/api/v1/tasks").expect(200);
        tasks["data"].as_array().unwrap().iter().filter(|t| t["kind"] == "review").count()
    };
    assert_eq!(reviews(&officer), 0);
    let ask = json!({"problem_id": problem, "reason": "Penyelia cuti, keluarga datang ke kantor"});
    let opened = plain.post("/api/v1/break-glass", &ask).expect(201);
    assert_eq!((reviews(&officer), reviews(&plain)), (1, 0));
    let problem_path = format!("/api/v1/problems/{problem}");
    wait_until(&stage, &plain, &problem_path, 200);
    plain.get(&format!("/api/v1/households/{household}")).expect(200);
    let marked = |kind: &str| {
        let sql = format!("SELECT count(*) AS n FROM access_log WHERE through_glass AND subject_kind = '{kind}'");
        count(&mut stage.app.sql(), &sql)
    };
    stage.app.wait("the look to be logged", || marked("problem") > 0);
    assert_eq!(marked("household"), 0, "the household is open to a coordinator anyway");
    let path = opened.header("location").unwrap().to_owned();
    let seen = officer.get(&path).expect(200);
    assert_eq!(seen["can"], json!(["review"]));
    officer.act(&format!("{path}/review"), seen.etag(), &json!({"finding": "justified"})).expect(200);
    assert_eq!(reviews(&officer), 0);
}

#[test]
fn revealing_numbers_has_a_purpose_a_log_and_a_budget() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let one = stage.by("village_operator");
    let path = format!("/api/v1/individuals/{head}/reveal");
    one.post(&path, &json!({})).expect(422);
    one.post(&path, &json!({"purpose": "curiosity"})).expect(422);
    one.post(&path, &json!({"purpose": "service_delivery"})).expect(200);
    let me = account_id("village_operator");
    let log = format!(
        "SELECT count(*) AS n FROM access_log WHERE action = 'reveal' AND household_id = '{household}' AND purpose = 'service_delivery' AND actor_id = '{me}'"
    );
    assert_eq!(count(&mut stage.app.sql(), &log), 1);
    stage.execute(&format!(
        "INSERT INTO access_log (id, actor_kind, actor_id, action, subject_kind) SELECT gen_random_uuid(), 'account', '{me}', 'reveal', 'individual' FROM generate_series(1, 99)"
    ));
    let spent = one.post(&path, &json!({"purpose": "service_delivery"})).expect(429).problem("too_many_requests");
    assert!(spent.header("retry-after").is_some());
    assert_eq!(count(&mut stage.app.sql(), &log), 1, "a refused reveal reveals nothing");
    stage.by("village_operator2").post(&path, &json!({"purpose": "service_delivery"})).expect(200);
}
