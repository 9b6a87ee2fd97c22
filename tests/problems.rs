//! Problems: reported by one, verified by another; restricted ones only for who works on them.

use serde_json::json;

use crate::harness::{OTHER_VILLAGE, SISTER_VILLAGE, VILLAGE};
use crate::stage::Stage;

#[test]
fn one_is_reported_verified_and_resolved_by_different_people() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let (one, two) = (stage.by("village_operator"), stage.by("village_operator2"));
    let reported = one.post("/api/v1/problems", &stage.new_problem(household, "pangan", "high")).expect(201);
    assert_eq!((&reported["status"], &reported["source"]), (&json!("reported"), &json!("village")));
    assert_eq!(reported["subject_name"], "Siti Aminah");
    assert_eq!(reported["can"], json!(["dismiss"]));
    let path = reported.header("location").unwrap().to_owned();
    one.act(&format!("{path}/verify"), reported.etag(), &json!({})).expect(409).problem("same_person");
    let seen = two.get(&path).expect(200);
    assert_eq!(seen["can"], json!(["verify", "dismiss"]));
    two.post_empty(&format!("{path}/verify")).expect(428).problem("precondition_required");
    let verified = two.act(&format!("{path}/verify"), seen.etag(), &json!({})).expect(200);
    assert_eq!((&verified["status"], &verified["can"]), (&json!("verified"), &json!(["dismiss", "resolve"])));
    two.act(&format!("{path}/verify"), seen.etag(), &json!({})).expect(412).problem("stale_version");
    two.act(&format!("{path}/verify"), verified.etag(), &json!({})).expect(409).problem("wrong_state");
    let seen = stage.by("social_worker").get(&path).expect(200);
    assert_eq!(seen["can"], json!(["verify", "dismiss", "resolve", "refer"][1..]));
    let resolved =
        two.act(&format!("{path}/resolve"), verified.etag(), &json!({"reason": "Dibantu saudara"})).expect(200);
    assert_eq!((&resolved["status"], &resolved["can"]), (&json!("resolved"), &json!([])));
    two.request("GET", &path).header("if-none-match", resolved.etag()).send().expect(304);
}

#[test]
fn what_is_refused_says_where() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let one = stage.by("village_operator");
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut body = stage.new_problem(household, "pangan", "high");
        change(&mut body);
        one.post("/api/v1/problems", &body).expect(422).refusals()
    };
    assert_eq!(refused(&|b| b["need_code"] = json!("nonsense")), ["/need_code unknown_code"]);
    assert_eq!(refused(&|b| b["ppks_code"] = json!("nonsense")), ["/ppks_code unknown_code"]);
    assert_eq!(refused(&|b| b["source"] = json!("rule")), ["/source not_allowed"]);
    assert_eq!(refused(&|b| b["onset_date"] = json!("2199-01-01")), ["/onset_date in_future"]);
    assert_eq!(refused(&|b| b["onset_date"] = json!("2026-1-1")).len(), 1);
    assert_eq!(refused(&|b| b["severity"] = json!("gawat")), ["/severity not_allowed"]);
    assert_eq!(refused(&|b| b["subject"]["id"] = json!(head)), ["/subject/id not_found"]);
    let person = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kesehatan", "severity": "low"});
    assert_eq!(one.post("/api/v1/problems", &person).expect(201)["household_id"], json!(household));
    let reported = one.post("/api/v1/problems", &stage.new_problem(household, "pangan", "low")).expect(201);
    let dismiss = format!("/api/v1/problems/{}/dismiss", reported.id());
    let wrong = one.act(&dismiss, reported.etag(), &json!({"reason_code": "nonsense"})).expect(422);
    assert_eq!(wrong.refusals(), ["/reason_code unknown_code"]);
    let done = one.act(&dismiss, reported.etag(), &json!({"reason_code": "duplicate"})).expect(200);
    assert_eq!((&done["status"], &done["reason_code"]), (&json!("unfounded"), &json!("duplicate")));
}

#[test]
fn outside_ones_area_there_is_none() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.verified(household);
    let path = format!("/api/v1/problems/{id}");
    for name in ["village_operator_out", "social_worker_out", "agency_officer", "partner", "citizen"] {
        let caller = stage.by(name);
        caller.get(&path).expect(404);
        assert!(caller.all("/api/v1/problems").is_empty(), "{name}");
        assert_eq!(caller.get("/api/v1/problems?include_total=true").expect(200)["page"]["total"], 0, "{name}");
        caller.get(&format!("/api/v1/households/{household}/problems")).expect(404);
    }
    stage.by("admin").get(&path).expect(403);
    stage.app.anonymous().get(&path).expect(401);
    // A household that exists elsewhere answers like one that does not.
    let out = stage.by("village_operator_out");
    let elsewhere = out.post("/api/v1/problems", &stage.new_problem(household, "pangan", "high")).expect(422);
    let nowhere = out.post("/api/v1/problems", &stage.new_problem(uuid::Uuid::now_v7(), "pangan", "high")).expect(422);
    assert_eq!(elsewhere["errors"], nowhere["errors"]);
    assert_eq!(stage.by("auditor").get(&path).expect(200)["subject_name"], json!(null));
    let inside = stage.by("social_worker");
    assert_eq!(inside.all(&format!("/api/v1/households/{household}/problems")).len(), 1);
    assert_eq!(inside.all("/api/v1/problems?region=32.73.01&status=verified&severity=high&need_code=pangan").len(), 1);
    assert!(inside.all(&format!("/api/v1/problems?region={OTHER_VILLAGE}")).is_empty());
    assert!(inside.all("/api/v1/problems?mine=true").is_empty());
    assert_eq!(stage.by("village_operator").all("/api/v1/problems?mine=true").len(), 1);
}

#[test]
fn it_moves_with_its_household_and_is_seen_where_that_lives() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let path = format!("/api/v1/problems/{}", stage.verified(household));
    let worker = stage.by("social_worker");
    let home = format!("/api/v1/households/{household}");
    let there = json!({"region_code": SISTER_VILLAGE});
    worker.act(&format!("{home}/move"), worker.get(&home).etag(), &there).expect(200);
    // Who reported it still sees it; the other operator of the old kelurahan does not.
    let operator = stage.by("village_operator2");
    operator.get(&path).expect(404);
    assert!(operator.all("/api/v1/problems").is_empty());
    assert_eq!(worker.get(&path).expect(200)["id"], path.rsplit('/').next().unwrap());
    assert_eq!(worker.all(&format!("/api/v1/problems?region={SISTER_VILLAGE}")).len(), 1);
    // One's own problem goes with the person into another household.
    let own = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kesehatan", "severity": "low"});
    let own = worker.post("/api/v1/problems", &own).expect(201).id().to_owned();
    let (other, _) = stage.household(VILLAGE);
    let person = format!("/api/v1/individuals/{head}");
    let into = json!({"household_id": other, "relation": "other"});
    worker.act(&format!("{person}/move"), worker.get(&person).etag(), &into).expect(200);
    assert_eq!(operator.get(&format!("/api/v1/problems/{own}")).expect(200)["household_id"], json!(other));
    assert_eq!(operator.all("/api/v1/problems").len(), 1);
}

#[test]
fn a_candidate_needs_a_human_and_then_another() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = uuid::Uuid::now_v7();
    stage.execute(&format!(
        "INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, detected_by_rule)
         VALUES ('{id}', 'household', '{household}', 'adminduk', 'medium', 'rule', 'candidate', 'nik_missing')"
    ));
    let path = format!("/api/v1/problems/{id}");
    let (one, two) = (stage.by("village_operator"), stage.by("village_operator2"));
    let seen = one.get(&path).expect(200);
    assert_eq!(seen["can"], json!(["confirm", "dismiss"]));
    one.act(&format!("{path}/verify"), seen.etag(), &json!({})).expect(409).problem("wrong_state");
    let confirmed = one.act(&format!("{path}/confirm"), seen.etag(), &json!({})).expect(200);
    assert_eq!(confirmed["status"], "reported");
    one.act(&format!("{path}/verify"), confirmed.etag(), &json!({})).expect(409).problem("same_person");
    two.act(&format!("{path}/verify"), two.get(&path).etag(), &json!({})).expect(200);
}

#[test]
fn a_report_repeated_with_its_key_is_one_report() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let one = stage.by("village_operator");
    let send = |body: &serde_json::Value| {
        one.request("POST", "/api/v1/problems").header("idempotency-key", "k-1").json(body).send()
    };
    let body = stage.new_problem(household, "pangan", "high");
    let (first, again) = (send(&body).expect(201), send(&body).expect(201));
    assert_eq!(first.body, again.body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    send(&stage.new_problem(household, "pangan", "low")).expect(422).problem("idempotency_key_reused");
    assert_eq!(one.all("/api/v1/problems").len(), 1);
}

#[test]
fn a_restricted_one_is_seen_by_who_works_on_it_alone() {
    let stage = Stage::start();
    let coordinator = stage.plain_coordinator();
    let (household, head) = stage.household(VILLAGE);
    stage.verified(household);
    let paths = [
        "/api/v1/problems?include_total=true".to_owned(),
        "/api/v1/problems?need_code=kekerasan".to_owned(),
        format!("/api/v1/households/{household}/problems?include_total=true"),
    ];
    let others: Vec<_> = ["village_operator", "village_operator2", "social_worker_out", "auditor"]
        .iter()
        .map(|name| stage.by(name))
        .chain([coordinator.clone(), stage.app.as_client("test-reader")])
        .collect();
    let look = || -> Vec<(u16, Vec<u8>)> {
        let answers = others.iter().flat_map(|caller| paths.iter().map(|p| caller.get(p)));
        answers.map(|a| (a.status, mask(&a.text()))).collect()
    };
    let before = look();
    let worker = stage.by("social_worker");
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kekerasan", "ppks_code": "korban_kekerasan",
        "severity": "emergency"});
    let reported = worker.post("/api/v1/problems", &new).expect(201);
    assert_eq!(reported["sensitivity"], "restricted");
    assert!(before == look(), "somebody else sees a difference");
    let path = format!("/api/v1/problems/{}", reported.id());
    let hidden = coordinator.get(&path).expect(404);
    let nothing = coordinator.get(&format!("/api/v1/problems/{}", uuid::Uuid::now_v7())).expect(404);
    assert_eq!(mask(&hidden.text()), mask(&nothing.text()));
    let etag = reported.etag();
    for caller in &others[..2] {
        caller.act(&format!("{path}/verify"), etag, &json!({})).expect(404);
    }
    // The supervisor of the area sees it and is the second person.
    let supervisor = stage.by("social_worker2");
    let seen = supervisor.get(&path).expect(200);
    supervisor.act(&format!("{path}/verify"), seen.etag(), &json!({})).expect(200);
    assert_eq!(worker.get(&path).expect(200)["status"], "verified");
    // An open need with a restricted PPKS type is restricted too.
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kesehatan", "ppks_code": "odha", "severity": "high"});
    assert_eq!(worker.post("/api/v1/problems", &new).expect(201)["sensitivity"], "restricted");
    assert!(before == look(), "somebody else sees a difference");
}

/// Request ids and sealed cursors are new each time.
fn mask(text: &str) -> Vec<u8> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut value = value;
    if let Some(map) = value.as_object_mut() {
        map.remove("request_id");
    }
    value.to_string().into_bytes()
}
