//! Retention: reported first, confirmed by another, nothing of what is held, and an audit trail that stays whole.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, VILLAGE, count};
use crate::stage::Stage;

const RUNS: &str = "/api/v1/retention-runs";
const HOLDS: &str = "/api/v1/legal-holds";

fn report(stage: &Stage, who: &str) -> Answer {
    let asked = stage.by(who).post(RUNS, &json!({})).expect(202);
    stage.app.work();
    stage.by(who).get(&format!("{RUNS}/{}", asked.id())).expect(200)
}

fn of(run: &Answer, class: &str) -> Value {
    run["report"].as_array().unwrap().iter().find(|f| f["class"] == json!(class)).unwrap().clone()
}

/// Everything the trail commits to, as one number.
fn trail(stage: &Stage) -> i64 {
    let sum = "SELECT ('x' || left(md5(string_agg(id::text || action || coalesce(encode(before_commitment, 'hex'), '') || coalesce(encode(after_commitment, 'hex'), ''), '' ORDER BY id)), 15))::bit(60)::int8 AS n
        FROM audit_events WHERE at < now() - interval '1 day'";
    count(&mut stage.app.sql(), sum)
}

/// A household that ended long ago, with what it left behind.
fn old_household(stage: &Stage) -> Uuid {
    let (household, _) = stage.household(VILLAGE);
    let path = format!("/api/v1/households/{household}");
    let by = stage.by("coordinator");
    by.patch(&path, by.get(&path).etag(), &json!({"note": "Rahasia lama"})).expect(200);
    let problem = stage
        .by("village_operator")
        .post("/api/v1/problems", &stage.new_problem(household, "pangan", "low"))
        .expect(201)
        .id();
    for statement in [
        format!("UPDATE problems SET status = 'resolved', closed_at = now() - interval '6 years', reported_at = now() - interval '7 years' WHERE id = '{problem}'"),
        format!("INSERT INTO evidence (id, subject_kind, subject_id, household_id, sha256, media_type, bytes, name, uploaded_by, created_at)
            VALUES (gen_random_uuid(), 'problem', '{problem}', '{household}', md5('{household}') || md5('x{household}'), 'application/pdf', 9, 'surat.pdf', '{}', now() - interval '7 years')",
            crate::harness::account_id("village_operator")),
        format!("INSERT INTO access_log (id, at, actor_kind, actor_id, action, subject_kind, subject_id, household_id)
            VALUES (gen_random_uuid(), now() - interval '6 years', 'account', '{}', 'view', 'household', '{household}', '{household}')",
            crate::harness::account_id("village_operator")),
        format!("UPDATE households SET status = 'dissolved', updated_at = now() - interval '11 years' WHERE id = '{household}'"),
    ] {
        stage.execute(&statement);
    }
    household
}

fn left(stage: &Stage, household: Uuid) -> [i64; 3] {
    [
        format!("SELECT count(*) AS n FROM subject_keys WHERE subject_id = '{household}'"),
        format!("SELECT count(*) AS n FROM evidence WHERE household_id = '{household}' AND removed_at IS NULL AND name = 'surat.pdf'"),
        format!("SELECT count(*) AS n FROM access_log WHERE household_id = '{household}' AND at < now() - interval '5 years'"),
    ]
    .map(|sql| count(&mut stage.app.sql(), &sql))
}

#[test]
fn what_has_outlived_its_time_goes_and_what_is_held_stays() {
    let stage = Stage::start();
    let (gone, held) = (old_household(&stage), old_household(&stage));
    stage.execute("ALTER TABLE audit_events DISABLE TRIGGER USER");
    stage.execute("UPDATE audit_events SET at = at - interval '12 years'");
    stage.execute("ALTER TABLE audit_events ENABLE TRIGGER USER");
    let hold = stage.by("coordinator").post(HOLDS, &json!({"household_id": held, "reason": "Perkara 12"})).expect(201);
    stage
        .by("coordinator")
        .post(HOLDS, &json!({"household_id": held, "reason": "Lagi"}))
        .expect(409)
        .problem("already_exists");
    let before = trail(&stage);
    let values = count(&mut stage.app.sql(), "SELECT count(*) AS n FROM audit_values");
    let run = report(&stage, "admin");
    assert_eq!((&run["status"], &run["can"]), (&json!("reported"), &json!(["cancel"])));
    for class in ["audit_values", "evidence_files", "access_detail"] {
        let finding = of(&run, class);
        assert_eq!((&finding["count"], &finding["held"]), (&json!(2), &json!(1)), "{class}");
        assert_eq!(finding["examples"].as_array().unwrap().len(), 1, "{class}");
        assert!(!finding.to_string().contains("Siti"), "{finding}");
    }
    // A report destroys nothing.
    assert_eq!((left(&stage, gone), left(&stage, held)), ([1, 1, 1], [1, 1, 1]));
    let path = format!("{RUNS}/{}", run.id());
    stage.by("admin").act(&format!("{path}/confirm"), run.etag(), &json!({})).expect(409).problem("same_person");
    for name in ["auditor", "social_worker", "village_operator", "citizen"] {
        stage.by(name).act(&format!("{path}/confirm"), run.etag(), &json!({})).expect(403);
    }
    let etag = stage.by("coordinator").get(&path).expect(200).etag().to_owned();
    stage.by("coordinator").act(&format!("{path}/confirm"), &etag, &json!({})).expect(202);
    stage.by("coordinator2").act(&format!("{path}/confirm"), &etag, &json!({})).expect(412);
    stage.app.work();
    let done = stage.by("admin").get(&path).expect(200);
    assert_eq!(done["status"], "applied");
    for outcome in done["result"].as_array().unwrap() {
        assert_eq!(outcome["destroyed"], json!(i64::from(outcome["class"] != "abandoned_drafts")), "{outcome}");
    }
    assert_eq!((left(&stage, gone), left(&stage, held)), ([0, 0, 0], [1, 1, 1]));
    // The trail and what lies beside it are as they were; only nobody can read it any more.
    assert_eq!(trail(&stage), before);
    assert!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM audit_values") >= values);
    // The database keeps what is held, whoever asks, and young lines of the log.
    let mut owner = stage.app.sql();
    for forbidden in [
        format!("DELETE FROM subject_keys WHERE subject_id = '{held}'"),
        "DELETE FROM access_log WHERE at > now() - interval '4 years'".to_owned(),
        "UPDATE access_log SET action = 'view'".to_owned(),
    ] {
        assert!(diesel::RunQueryDsl::execute(diesel::sql_query(&forbidden), &mut owner).is_err(), "{forbidden}");
    }
    // Lifted, it goes with the next run.
    let path = format!("{HOLDS}/{}", hold.id());
    stage.by("coordinator").act(&format!("{path}/lift"), hold.etag(), &json!({"reason": "Putusan tetap"})).expect(200);
    let lifted = stage.by("coordinator").get(&path).expect(200);
    stage
        .by("coordinator")
        .act(&format!("{path}/lift"), lifted.etag(), &json!({"reason": "x"}))
        .expect(409)
        .problem("wrong_state");
    let run = report(&stage, "coordinator");
    let path = format!("{RUNS}/{}", run.id());
    stage.by("admin").act(&format!("{path}/confirm"), run.etag(), &json!({})).expect(202);
    stage.app.work();
    assert_eq!(left(&stage, held), [0, 0, 0]);
}

#[test]
fn classes_are_changed_within_bounds_by_an_administrator() {
    let stage = Stage::start();
    let path = "/api/v1/retention-classes/evidence_files";
    let (admin, seen) =
        (stage.by("admin"), stage.by("auditor").get("/api/v1/retention-classes/evidence_files").expect(200));
    assert_eq!((&seen["after_days"], &seen["can"]), (&json!(1825), &json!([])));
    stage.by("coordinator").patch(path, "\"1.x\"", &json!({"after_days": 400})).expect(403);
    let refused = admin.patch(path, "\"1.x\"", &json!({"after_days": 100})).expect(422).refusals();
    assert_eq!(refused, ["/after_days too_short"]);
    for (body, pointer) in [
        (json!({"after_days": 3}), "/after_days"),
        (json!({"basis": " "}), "/basis"),
        (json!({"basis": null}), "/basis"),
    ] {
        assert!(admin.patch(path, "\"1.x\"", &body).expect(422).refusals()[0].starts_with(pointer), "{body}");
    }
    let changed = admin.patch(path, "\"1.x\"", &json!({"after_days": 400})).expect(200);
    assert_eq!((&changed["after_days"], &changed["version"]), (&json!(400), &json!(2)));
    admin.patch(path, "\"1.x\"", &json!({"after_days": 500})).expect(412);
    admin.get("/api/v1/retention-classes/nonsense").expect(404);
    assert_eq!(stage.by("auditor").all("/api/v1/retention-classes?limit=2").len(), 4);
    // One at work at a time.
    stage.by("admin").post(RUNS, &json!({})).expect(202);
    stage.by("coordinator").post(RUNS, &json!({})).expect(409).problem("conflict");
    stage.app.work();
    for name in ["village_operator", "social_worker", "partner", "citizen"] {
        stage.by(name).get(RUNS).expect(403);
        stage.by(name).post(HOLDS, &json!({"household_id": Uuid::now_v7(), "reason": "x"})).expect(403);
    }
    let unknown = json!({"household_id": Uuid::now_v7(), "reason": "x"});
    assert_eq!(stage.by("coordinator").post(HOLDS, &unknown).expect(422).refusals(), ["/household_id not_found"]);
}

#[test]
fn a_report_is_given_up_with_a_reason_and_never_confirmed() {
    let stage = Stage::start();
    let held = old_household(&stage);
    let run = report(&stage, "admin");
    let path = format!("{RUNS}/{}", run.id());
    assert_eq!(run["can"], json!(["cancel"]));
    assert_eq!(stage.by("coordinator").get(&path).expect(200)["can"], json!(["confirm", "cancel"]));
    let why = json!({"reason": "Perkara <b>baru</b> ⚖️"});
    for name in ["auditor", "social_worker", "village_operator", "citizen"] {
        stage.by(name).act(&format!("{path}/cancel"), run.etag(), &why).expect(403);
    }
    let bare = stage.by("admin").act(&format!("{path}/cancel"), run.etag(), &json!({"reason": "  "})).expect(422);
    assert!(bare.refusals()[0].starts_with("/reason"));
    // Confirmed and cancelled at once: one of the two happens, not both.
    let (confirm, cancel) = (stage.by("coordinator"), stage.by("admin"));
    let (first, second) = std::thread::scope(|scope| {
        let one = scope.spawn(|| confirm.act(&format!("{path}/confirm"), run.etag(), &json!({})).status);
        let two = scope.spawn(|| cancel.act(&format!("{path}/cancel"), run.etag(), &why).status);
        (one.join().unwrap(), two.join().unwrap())
    });
    assert!(matches!((first, second), (202, 412) | (412, 200)), "{first} {second}");
    stage.app.work();
    let ended = stage.by("auditor").get(&path).expect(200);
    assert_eq!(ended["status"], if first == 202 { "applied" } else { "cancelled" });
    // One that waits, given up for certain.
    let next = report(&stage, "coordinator");
    let path = format!("{RUNS}/{}", next.id());
    let before = left(&stage, held);
    let gone = stage.by("coordinator2").act(&format!("{path}/cancel"), next.etag(), &why).expect(200);
    assert_eq!(
        (&gone["status"], &gone["can"], &gone["cancel_reason"]),
        (&json!("cancelled"), &json!([]), &why["reason"])
    );
    for (verb, body) in [("confirm", json!({})), ("cancel", why.clone())] {
        stage.by("admin").act(&format!("{path}/{verb}"), gone.etag(), &body).expect(409).problem("wrong_state");
    }
    assert_eq!(left(&stage, held), before);
    // Even while it is counted: the count that comes later changes nothing.
    let counting = stage.by("admin").post(RUNS, &json!({})).expect(202);
    let path = format!("{RUNS}/{}", counting.id());
    let etag = stage.by("admin").get(&path).expect(200).etag().to_owned();
    stage.by("admin").act(&format!("{path}/cancel"), &etag, &why).expect(200);
    stage.by("coordinator").post(RUNS, &json!({})).expect(202);
    stage.app.work();
    let seen = stage.by("admin").get(&path).expect(200);
    assert_eq!((&seen["status"], &seen["report"]), (&json!("cancelled"), &Value::Null));
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action = 'retention.cancel'";
    assert!(count(&mut stage.app.sql(), trail) >= 2);
}
