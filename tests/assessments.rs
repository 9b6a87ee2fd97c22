//! Instruments and assessments: forms as data, signatures that bind, four eyes.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, VILLAGE, account_id, count};
use crate::stage::Stage;

const NINE: [&str; 9] = [
    "no_shelter",
    "head_no_income",
    "food_worry",
    "food_half",
    "no_clothes",
    "floor_poor",
    "wall_poor",
    "no_toilet",
    "power_450",
];

impl Stage {
    /// A draft of the nine questions.
    pub fn assessment(&self, who: &str, household: Uuid) -> String {
        let new = json!({"instrument_code": "fakir_miskin_9", "subject": {"kind": "household", "id": household}});
        self.by(who).post("/api/v1/assessments", &new).expect(201).id()
    }

    pub fn save(&self, who: &str, id: &str, change: &Value) -> Answer {
        let (caller, path) = (self.by(who), format!("/api/v1/assessments/{id}"));
        caller.patch(&path, caller.get(&path).expect(200).etag(), change)
    }

    pub fn verb(&self, who: &str, id: &str, verb: &str, body: &Value) -> Answer {
        let (caller, path) = (self.by(who), format!("/api/v1/assessments/{id}"));
        caller.act(&format!("{path}/{verb}"), caller.get(&path).expect(200).etag(), body)
    }

    /// Poor in all but shelter, with a conclusion and one recommended need; signed.
    pub fn signed(&self, who: &str, household: Uuid) -> String {
        let id = self.assessment(who, household);
        self.save(who, &id, &filled()).expect(200);
        self.verb(who, &id, "sign", &json!({})).expect(200);
        id
    }
}

fn filled() -> Value {
    let answers: serde_json::Map<String, Value> =
        NINE.iter().map(|code| ((*code).to_owned(), json!(*code != "no_shelter"))).collect();
    json!({"answers": answers, "conclusion": "Keluarga memerlukan pangan <b>segera</b> 🍚.",
        "recommended": [{"need_code": "pangan", "ppks_code": "fakir_miskin", "severity": "high", "note": "Dua hari tidak memasak."}]})
}

#[test]
fn a_poverty_check_from_first_answer_to_counter_signature() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.assessment("social_worker", household);
    let draft = stage.by("social_worker").get(&format!("/api/v1/assessments/{id}")).expect(200);
    assert_eq!((&draft["kind"], &draft["status"]), (&json!("assessment"), &json!("draft")));
    assert_eq!(draft["can"], json!(["edit", "sign", "discard"]));
    // A dwelling is asked about only where there is one.
    let sections = |a: &Answer| a["evaluation"]["progress"].as_array().unwrap().len();
    assert_eq!(sections(&draft), 3);
    let half =
        stage.save("social_worker", &id, &json!({"answers": {"no_shelter": false, "food_worry": true}})).expect(200);
    assert_eq!(sections(&half), 4);
    assert_eq!(half["evaluation"]["scores"][0]["points"], 1);
    let open = stage.verb("social_worker", &id, "sign", &json!({})).expect(422).refusals();
    assert_eq!(open.len(), 8, "seven answers and the conclusion: {open:?}");
    assert!(open.contains(&"/conclusion required".to_owned()));
    let full = stage.save("social_worker", &id, &filled()).expect(200);
    let score = &full["evaluation"]["scores"][0];
    assert_eq!((&score["points"], &score["band_code"]), (&json!(8), &json!("poor")));
    assert_eq!(score["counted"].as_array().unwrap().len(), 8);
    let signed = stage.verb("social_worker", &id, "sign", &json!({})).expect(200);
    assert_eq!((&signed["status"], &signed["str_number"]), (&json!("signed"), &json!("STR-social_worker")));
    assert_eq!(signed["effects"][0]["effect"], "reported");
    let problem = signed["effects"][0]["problem_id"].as_str().unwrap().to_owned();
    assert_eq!(stage.problem_status(&problem), "reported");
    // Its author cannot counter-sign; the supervisor of the area can, and that verifies the problem.
    stage.verb("social_worker", &id, "countersign", &json!({})).expect(409).problem("same_person");
    let done = stage.verb("social_worker2", &id, "countersign", &json!({})).expect(200);
    assert_eq!(done["status"], "countersigned");
    assert_eq!(stage.problem_status(&problem), "verified");
    stage.save("social_worker", &id, &json!({"conclusion": "Lain"})).expect(409).problem("wrong_state");
}

#[test]
fn what_another_reported_is_verified_by_the_signature() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let reported =
        stage.by("village_operator").post("/api/v1/problems", &stage.new_problem(household, "pangan", "high"));
    let problem = reported.expect(201).id();
    let id = stage.signed("social_worker", household);
    assert_eq!(stage.problem_status(&problem), "verified");
    let effects = stage.by("social_worker").get(&format!("/api/v1/assessments/{id}")).expect(200)["effects"].clone();
    assert_eq!(effects, json!([{"problem_id": problem, "effect": "verified"}]));
}

#[test]
fn a_screening_stays_a_screening() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let mut new = json!({"instrument_code": "fakir_miskin_9", "subject": {"kind": "household", "id": household}, "kind": "assessment"});
    let refused = stage.by("village_operator").post("/api/v1/assessments", &new).expect(422);
    assert_eq!(refused.refusals(), ["/kind not_allowed"]);
    new["kind"] = json!("screening");
    let id = stage.by("village_operator").post("/api/v1/assessments", &new).expect(201).id();
    stage.save("village_operator", &id, &filled()).expect(200);
    let signed = stage.verb("village_operator", &id, "sign", &json!({})).expect(200);
    assert_eq!((&signed["kind"], &signed["str_number"]), (&json!("screening"), &Value::Null));
    let problem = signed["effects"][0]["problem_id"].as_str().unwrap().to_owned();
    assert_eq!(stage.problem_status(&problem), "reported");
    stage.verb("social_worker2", &id, "countersign", &json!({})).expect(409).problem("wrong_state");
    // The kelurahan sees screenings, not what a worker found.
    let assessed = stage.signed("social_worker", household);
    stage.by("village_operator").get(&format!("/api/v1/assessments/{assessed}")).expect(404);
    assert_eq!(stage.by("village_operator").all(&format!("/api/v1/households/{household}/assessments")).len(), 1);
    assert_eq!(stage.by("social_worker").all(&format!("/api/v1/households/{household}/assessments")).len(), 2);
    // De-identified: the figures without the words.
    let seen = stage.by("auditor").get(&format!("/api/v1/assessments/{assessed}")).expect(200);
    assert_eq!((&seen["conclusion"], &seen["subject_name"]), (&Value::Null, &Value::Null));
    assert!(seen.json().get("answers").is_none());
}

#[test]
fn an_expired_certificate_signs_nothing() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.assessment("social_worker", household);
    stage.save("social_worker", &id, &filled()).expect(200);
    let worker = account_id("social_worker");
    // The last day counts in Jakarta, whatever the clock of the server says.
    let valid = |until: &str| {
        stage.execute(&format!(
            "UPDATE accounts SET str_valid_until = (now() AT TIME ZONE 'Asia/Jakarta')::date + {until} WHERE id = '{worker}'"
        ));
        stage.app.wait("the token's copy to be dropped", || {
            let seen = stage.by("social_worker").get(&format!("/api/v1/assessments/{id}")).expect(200);
            seen["can"].as_array().unwrap().contains(&json!("sign")) == (until != "-1")
        });
    };
    valid("-1");
    stage.verb("social_worker", &id, "sign", &json!({})).expect(409).problem("str_expired");
    valid("0");
    stage.verb("social_worker", &id, "sign", &json!({})).expect(200);
}

#[test]
fn a_signed_one_is_evidence() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.signed("social_worker", household);
    let returned = stage.verb("social_worker2", &id, "return", &json!({"reason": "Risiko belum jelas."})).expect(200);
    assert_eq!((&returned["status"], &returned["return_reason"]), (&json!("returned"), &json!("Risiko belum jelas.")));
    let next = stage.verb("social_worker", &id, "amend", &json!({})).expect(201);
    assert_eq!((&next["revision"], &next["status"], &next["amends_id"]), (&json!(2), &json!("draft"), &json!(id)));
    assert_eq!(next["answers"]["food_worry"], true);
    stage.verb("social_worker", &id, "amend", &json!({})).expect(409).problem("already_exists");
    stage.verb("social_worker", &next.id(), "sign", &json!({})).expect(200);
    assert_eq!(stage.by("social_worker").get(&format!("/api/v1/assessments/{id}")).expect(200)["status"], "superseded");
    stage.verb("social_worker2", &next.id(), "countersign", &json!({})).expect(200);
    // Not even the database lets what was signed change.
    use diesel::RunQueryDsl as _;
    for sql in [
        format!("UPDATE assessments SET answers = '{{}}' WHERE id = '{}'", next.id()),
        format!("UPDATE assessments SET conclusion = 'Lain' WHERE id = '{id}'"),
        format!("UPDATE assessments SET signed_at = now() WHERE id = '{id}'"),
        format!("DELETE FROM assessments WHERE id = '{id}'"),
    ] {
        let error = diesel::sql_query(&sql).execute(&mut stage.app.sql()).unwrap_err().to_string();
        assert!(error.contains("does not change") || error.contains("permission denied"), "{sql}: {error}");
    }
}

#[test]
fn two_supervisors_counter_sign_once() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.signed("social_worker", household);
    let path = format!("/api/v1/assessments/{id}");
    let callers = ["social_worker2", "coordinator", "coordinator2"].map(|name| stage.by(name));
    let etags: Vec<String> = callers.iter().map(|c| c.get(&path).expect(200).etag().to_owned()).collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = callers
            .iter()
            .zip(&etags)
            .map(|(caller, etag)| scope.spawn(|| caller.act(&format!("{path}/countersign"), etag, &json!({})).status))
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|s| [200, 412].contains(s)), "{statuses:?}");
    // A list says by whom, and what the answers came to.
    let listed = stage.by("coordinator").all(&format!("/api/v1/households/{household}/assessments")).remove(0);
    let winner = ["social_worker2", "coordinator", "coordinator2"][statuses.iter().position(|s| *s == 200).unwrap()];
    let name = stage.by(winner).get("/api/v1/auth/me").expect(200)["display_name"].clone();
    assert!(name.is_string());
    assert_eq!((&listed["countersigned_by_name"], &listed["scores"][0]["points"]), (&name, &json!(8)));
    let whole = stage.by("coordinator").get(&path).expect(200);
    assert_eq!(listed["scores"][0]["band"], whole["evaluation"]["scores"][0]["band"]);
}

#[test]
fn a_restricted_need_makes_the_assessment_restricted() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let id = stage.assessment("social_worker", household);
    let mut change = filled();
    change["recommended"] = json!([{"need_code": "kekerasan", "severity": "high"}]);
    assert_eq!(stage.save("social_worker", &id, &change).expect(200)["sensitivity"], "restricted");
    let signed = stage.verb("social_worker", &id, "sign", &json!({})).expect(200);
    let problem = signed["effects"][0]["problem_id"].as_str().unwrap().to_owned();
    let colleague = stage.by("village_operator");
    for path in [format!("/api/v1/assessments/{id}"), format!("/api/v1/problems/{problem}")] {
        colleague.get(&path).expect(404);
    }
    assert!(colleague.all(&format!("/api/v1/households/{household}/assessments")).is_empty());
    // Another worker of the same kecamatan, without the duty to supervise, sees nothing of it either.
    stage.execute("UPDATE grants SET duties = '{}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'social_worker2')");
    let plain = stage.app.as_role("social_worker2");
    plain.get(&format!("/api/v1/assessments/{id}")).expect(404);
    assert!(plain.all("/api/v1/assessments").is_empty());
    stage.by("coordinator").get(&format!("/api/v1/assessments/{id}")).expect(200);
}

#[test]
fn answers_are_held_against_their_questions() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let wrong = |change: Value| {
        let id = stage.assessment("social_worker", household);
        stage.save("social_worker", &id, &change).expect(422).refusals()
    };
    assert_eq!(wrong(json!({"answers": {"no_shelter": "yes"}})), ["/answers/no_shelter wrong_type"]);
    assert_eq!(wrong(json!({"answers": {"nonsense": true}})), ["/answers/nonsense unknown_code"]);
    assert_eq!(wrong(json!({"answers": {"remarks": "x".repeat(4001)}})), ["/answers/remarks length"]);
    assert_eq!(
        wrong(json!({"recommended": [{"need_code": "nonsense", "severity": "low"}]})),
        ["/recommended/0/need_code unknown_code"]
    );
    let worker = stage.by("social_worker");
    let mut new =
        json!({"instrument_code": "washington_group_short", "subject": {"kind": "household", "id": household}});
    assert_eq!(worker.post("/api/v1/assessments", &new).expect(422).refusals(), ["/subject/kind not_allowed"]);
    new["subject"] = json!({"kind": "individual", "id": head});
    let id = worker.post("/api/v1/assessments", &new).expect(201).id();
    let answers = json!({"seeing": "a_lot", "hearing": "none", "walking": "none", "remembering": "none", "self_care": "none",
        "communicating": "none", "has_device": false, "device_wanted": "Kacamata"});
    let saved = stage.save("social_worker", &id, &json!({"answers": answers})).expect(200);
    assert_eq!(saved["evaluation"]["findings"][0]["need_code"], "alat_bantu_disabilitas");
    assert_eq!(saved["evaluation"]["scores"][0]["band_code"], "with");
    let bad = stage.save("social_worker", &id, &json!({"answers": {"seeing": "blind"}})).expect(422);
    assert_eq!(bad.refusals(), ["/answers/seeing unknown_code"]);
    new["instrument_code"] = json!("nonsense");
    assert_eq!(worker.post("/api/v1/assessments", &new).expect(422).refusals(), ["/instrument_code unknown_code"]);
}

fn form() -> Value {
    let label = json!({"id": "Uji", "en": "Test"});
    json!({"code": "uji_form", "name": label, "subject_kind": "household", "definition": {
        "sections": [{"code": "a", "title": label, "questions": [
            {"code": "eats", "text": label, "kind": "integer", "required": true, "min": 0, "max": 6},
            {"code": "why", "text": label, "kind": "text", "when": {"op": "at_most", "question": "eats", "number": 1}}]}],
        "scores": [{"code": "s", "name": label, "items": [{"when": {"op": "at_most", "question": "eats", "number": 1}, "points": 2, "label": label}],
            "bands": [{"code": "low", "name": label, "from": 0}, {"code": "high", "name": label, "from": 2}]}],
        "findings": [{"when": {"op": "score_at_least", "score": "s", "points": 2}, "need_code": "pangan", "severity": "high"}]}})
}

#[test]
fn a_form_is_written_by_one_and_put_into_use_by_another() {
    let stage = Stage::start();
    let (admin, coordinator) = (stage.by("admin"), stage.by("coordinator"));
    let draft = admin.post("/api/v1/instruments", &form()).expect(201);
    assert_eq!(draft["can"], json!(["edit"]));
    admin.post("/api/v1/instruments", &form()).expect(409).problem("already_exists");
    let path = format!("/api/v1/instruments/{}", draft.id());
    let seen = coordinator.get(&path).expect(200);
    assert_eq!(seen["can"], json!(["activate"]));
    let active = coordinator.act(&format!("{path}/activate"), seen.etag(), &json!({})).expect(200);
    admin
        .patch(&path, active.etag(), &json!({"name": {"id": "Lain", "en": "Other"}}))
        .expect(409)
        .problem("wrong_state");
    // A draft begun with a revision is finished with it, though a newer one is in use.
    let (household, _) = stage.household(VILLAGE);
    let new = json!({"instrument_code": "uji_form", "subject": {"kind": "household", "id": household}});
    let begun = stage.by("social_worker").post("/api/v1/assessments", &new).expect(201).id();
    let next = admin.post("/api/v1/instruments", &form()).expect(201);
    assert_eq!(next["revision"], 2);
    let next = format!("/api/v1/instruments/{}", next.id());
    coordinator.act(&format!("{next}/activate"), coordinator.get(&next).etag(), &json!({})).expect(200);
    assert_eq!(coordinator.get(&path).expect(200)["status"], "retired");
    let change = json!({"answers": {"eats": 1}, "conclusion": "Uji", "recommended": []});
    let saved = stage.save("social_worker", &begun, &change).expect(200);
    assert_eq!((&saved["instrument"]["revision"], &saved["instrument"]["outdated"]), (&json!(1), &json!(true)));
    stage.verb("social_worker", &begun, "sign", &json!({})).expect(200);
}

#[test]
fn a_form_with_mistakes_says_where() {
    let stage = Stage::start();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut body = form();
        change(&mut body["definition"]);
        stage.by("admin").post("/api/v1/instruments", &body).expect(422).refusals()
    };
    let question = "/definition/sections/0/questions";
    assert_eq!(
        refused(&|d| d["sections"][0]["questions"][0]["when"] = json!({"op": "yes", "question": "why"})),
        [format!("{question}/0/when/question unknown_code")],
        "only what was asked before"
    );
    assert_eq!(
        refused(&|d| d["sections"][0]["questions"][1]["when"] = json!({"op": "yes", "question": "eats"})),
        [format!("{question}/1/when/op wrong_type")]
    );
    assert_eq!(
        refused(&|d| d["sections"][0]["questions"][1]["code"] = json!("eats")),
        [format!("{question}/1/code duplicate")]
    );
    assert_eq!(
        refused(&|d| d["scores"][0]["bands"][0]["from"] = json!(1)),
        ["/definition/scores/0/bands/0/from invalid"]
    );
    assert_eq!(
        refused(&|d| d["findings"][0]["need_code"] = json!("nonsense")),
        ["/definition/findings/0/need_code unknown_code"]
    );
    assert_eq!(
        refused(&|d| d["findings"][0]["severity"] = json!("gawat")),
        ["/definition/findings/0/severity not_allowed"]
    );
    let finding =
        json!({"when": {"op": "at_most", "question": "eats", "number": 1}, "need_code": "pangan", "severity": "low"});
    assert_eq!(refused(&|d| d["findings"] = json!(vec![finding.clone(); 101])), ["/definition/findings length"]);
    let deep = |n: usize| {
        (0..n).fold(
            json!({"op": "at_most", "question": "eats", "number": 1}),
            |c, _| json!({"op": "not", "condition": c}),
        )
    };
    assert_eq!(refused(&|d| d["findings"][0]["when"] = deep(9)).len(), 1);
    let mut restricted = form();
    restricted["definition"]["findings"][0]["need_code"] = json!("kekerasan");
    assert_eq!(stage.by("admin").post("/api/v1/instruments", &restricted).expect(201)["sensitivity"], "restricted");
    // Two hundred levels are refused while they are read, before anything could overflow.
    let mut bottomless = form();
    bottomless["definition"]["findings"][0]["when"] = deep(200);
    let answer = stage.by("admin").post("/api/v1/instruments", &bottomless);
    assert!([400, 422].contains(&answer.status), "{}", answer.status);
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM instruments WHERE code = 'uji_form'"), 1);
}

#[test]
fn who_has_died_meanwhile_is_not_assessed() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let worker = stage.by("social_worker");
    let person = json!({"instrument_code": "washington_group_short", "subject": {"kind": "individual", "id": head}});
    let id = worker.post("/api/v1/assessments", &person).expect(201).id();
    let answers = json!({"seeing": "none", "hearing": "none", "walking": "none", "remembering": "none",
        "self_care": "none", "communicating": "none"});
    stage.save("social_worker", &id, &json!({"answers": answers, "conclusion": "Tanpa hambatan."})).expect(200);
    let path = format!("/api/v1/individuals/{head}");
    let gone = json!({"deceased_on": "2026-01-01", "evidence_code": "death_certificate"});
    worker.act(&format!("{path}/decease"), worker.get(&path).etag(), &gone).expect(200);
    stage.verb("social_worker", &id, "sign", &json!({})).expect(409).problem("wrong_state");
    // What was answered is kept; its author may still throw it away.
    assert_eq!(worker.get(&format!("/api/v1/assessments/{id}")).expect(200)["answers"]["seeing"], "none");
    stage.verb("social_worker", &id, "discard", &json!({})).expect(204);
    worker.get(&format!("/api/v1/assessments/{id}")).expect(404);
    // A household that no longer exists begins no case.
    let (other, problem) = stage.needy();
    stage.execute(&format!("UPDATE households SET status = 'dissolved' WHERE id = '{other}'"));
    let new = json!({"household_id": other, "problem_ids": [problem]});
    assert_eq!(worker.post("/api/v1/cases", &new).expect(422).refusals(), ["/household_id ended"]);
    assert_ne!(other, household);
}
