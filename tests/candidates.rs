//! Candidates: found by rule from open facts, once, and only questions until a human answers them.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{OTHER_VILLAGE, VILLAGE, count};
use crate::stage::Stage;

/// A family with facts: name, years of age, relation, facts of each member.
fn family(
    stage: &Stage,
    village: &str,
    decile: i32,
    housing: &Value,
    people: &[(i32, &str, Value)],
) -> (Uuid, Vec<Uuid>) {
    let household = Uuid::now_v7();
    stage.execute(&format!(
        "INSERT INTO households (id, region_code, district_code, decile) VALUES ('{household}', '{village}', left('{village}', 8), {decile})"
    ));
    stage
        .execute(&format!("INSERT INTO household_details (household_id, housing) VALUES ('{household}', '{housing}')"));
    let ids = people.iter().map(|(age, relation, facts)| {
        let id = Uuid::now_v7();
        stage.execute(&format!(
            "INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, birth_date, relation, facts)
             VALUES ('{id}', '{household}', 'Orang', 'ORANG', lpad((random() * 1e15)::bigint::text, 16, '3'), 'matched',
                 current_date - interval '{age} years' - interval '1 month', '{relation}', '{facts}')"
        ));
        id
    });
    (household, ids.collect())
}

fn detect(stage: &Stage) -> Value {
    let coordinator = stage.by("coordinator");
    let started = coordinator.post_empty("/api/v1/problems/detect").expect(202);
    coordinator.post_empty("/api/v1/problems/detect").expect(409).problem("conflict");
    stage.app.work();
    let done = stage.app.finished(&coordinator, started.header("location").unwrap());
    assert_eq!(done["state"], "succeeded", "{done}");
    done["result"].clone()
}

/// Rules that found something in the household, in order.
fn rules(stage: &Stage, household: Uuid) -> Vec<String> {
    let rows = stage.by("coordinator").all(&format!("/api/v1/households/{household}/problems?status=candidate"));
    let mut found: Vec<String> = rows.iter().map(|r| r["detected_by_rule"].as_str().unwrap().to_owned()).collect();
    found.sort();
    found
}

#[test]
fn facts_become_candidates_and_nothing_else() {
    let stage = Stage::start();
    let none = json!({});
    let fit = json!({"floor": "ceramic", "wall": "masonry", "water": "piped", "toilet": "own", "floor_area": 60});
    let insured = json!({"insurance": "employer", "working": "yes"});
    let (fine, _) = family(
        &stage,
        VILLAGE,
        8,
        &fit,
        &[
            (40, "head", insured.clone()),
            (10, "child", json!({"insurance": "employer", "school_participation": "attending"})),
        ],
    );
    let hut = json!({"floor": "earth", "wall": "woven_bamboo", "water": "surface", "toilet": "none", "floor_area": 20});
    let (poor, people) = family(
        &stage,
        VILLAGE,
        1,
        &hut,
        &[
            (
                45,
                "head",
                json!({"insurance": "none", "working": "no", "school_participation": "left", "walking": "cannot", "occupation": "not_working"}),
            ),
            (9, "child", json!({"insurance": "pbi", "school_participation": "left"})),
            (3, "child", json!({"insurance": "pbi", "nutrition": "stunting"})),
        ],
    );
    let (elder, _) =
        family(&stage, VILLAGE, 2, &fit, &[(78, "head", json!({"insurance": "pbi", "illness": "stroke"}))]);
    let (orphans, _) = family(
        &stage,
        OTHER_VILLAGE,
        5,
        &none,
        &[(16, "head", json!({"school_participation": "attending"})), (4, "other_family", none.clone())],
    );
    stage.execute(&format!("UPDATE individuals SET nik = NULL, nik_status = NULL WHERE id = '{}'", people[2]));
    // Those who died or moved away, and households that are no more, have none.
    let (gone, dead) = family(&stage, VILLAGE, 1, &hut, &[(70, "head", json!({"insurance": "none"}))]);
    stage.execute(&format!("UPDATE individuals SET life_status = 'deceased' WHERE id = '{}'", dead[0]));
    let (moved, _) = family(&stage, VILLAGE, 1, &hut, &[(70, "head", json!({"insurance": "none"}))]);
    stage.execute(&format!("UPDATE households SET status = 'moved' WHERE id = '{moved}'"));
    let result = detect(&stage);
    assert!(rules(&stage, fine).is_empty() && rules(&stage, gone).is_empty() && rules(&stage, moved).is_empty());
    let all = [
        "limited_function",
        "low_decile_without_food_aid",
        "malnourished_child",
        "moves_with_difficulty",
        "nik_missing",
        "no_health_insurance",
        "out_of_school",
        "unfit_house",
        "unsafe_water_or_toilet",
        "working_age_without_work",
    ];
    assert_eq!(rules(&stage, poor), all);
    assert_eq!(rules(&stage, elder), ["chronically_ill_and_poor", "elder_alone", "low_decile_without_food_aid"]);
    assert_eq!(rules(&stage, orphans), ["child_without_parents", "child_without_parents"]);
    assert_eq!(result, json!({"found": 15, "expired": 0}));
    let rows = stage
        .by("village_operator")
        .all(&format!("/api/v1/households/{poor}/problems?detected_by_rule=limited_function"));
    let row = &rows[0];
    assert_eq!(
        (&row["status"], &row["source"], &row["severity"]),
        (&json!("candidate"), &json!("rule"), &json!("high"))
    );
    assert_eq!(
        (&row["ppks_code"], &row["need_code"]),
        (&json!("penyandang_disabilitas"), &json!("alat_bantu_disabilitas"))
    );
    assert_eq!((&row["can"], &row["reported_by"]), (&json!(["confirm", "dismiss"]), &json!(null)));
    // Newest first holds for what the database made too.
    let ids: Vec<String> =
        stage.by("coordinator").all("/api/v1/problems").iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.windows(2).all(|w| w[0] > w[1]) && ids[0].as_bytes()[14] == b'7', "{ids:?}");
    // Each says what it went by.
    let told = stage.by("village_operator").all("/api/v1/detection-rules?limit=5");
    assert!(all.iter().all(|code| told.iter().any(|rule| rule["code"] == *code)), "{told:?}");
}

#[test]
fn looking_again_finds_nothing_new_until_facts_change() {
    let stage = Stage::start();
    let one = stage.by("village_operator");
    let (household, people) = family(&stage, VILLAGE, 4, &json!({}), &[(30, "head", json!({"insurance": "none"}))]);
    assert_eq!(detect(&stage), json!({"found": 1, "expired": 0}));
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 0}));
    let id = one.all(&format!("/api/v1/households/{household}/problems"))[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/problems/{id}");
    one.act(&format!("{path}/dismiss"), one.get(&path).etag(), &json!({"reason_code": "data_error"})).expect(200);
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 0}), "what was dismissed came back");
    // Another illness is another fact.
    let fact =
        |facts: &Value| stage.execute(&format!("UPDATE individuals SET facts = '{facts}' WHERE id = '{}'", people[0]));
    fact(&json!({"insurance": "none", "illness": "diabetes"}));
    assert_eq!(detect(&stage), json!({"found": 1, "expired": 0}));
    let rows = one.all(&format!("/api/v1/households/{household}/problems?status=candidate"));
    assert_eq!(rows[0]["severity"], "high");
    // Insured now: the question has answered itself. Not insured again: it is asked again.
    fact(&json!({"insurance": "employer"}));
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 1}));
    assert!(rules(&stage, household).is_empty());
    fact(&json!({"insurance": "none", "illness": "diabetes"}));
    assert_eq!(detect(&stage), json!({"found": 1, "expired": 0}));
    // Facts that change under an open candidate change it, and do not make another.
    fact(&json!({"insurance": "none", "illness": "none"}));
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 0}));
    let rows = one.all(&format!("/api/v1/households/{household}/problems?status=candidate"));
    assert_eq!((rows.len(), &rows[0]["severity"], &rows[0]["version"]), (1, &json!("medium"), &json!(2)));
}

#[test]
fn what_people_reported_is_not_found_again() {
    let stage = Stage::start();
    let (household, people) = family(&stage, VILLAGE, 4, &json!({}), &[(30, "head", json!({"insurance": "none"}))]);
    let new = json!({"subject": {"kind": "individual", "id": people[0]}, "need_code": "kesehatan", "severity": "low"});
    let one = stage.by("village_operator");
    let reported = one.post("/api/v1/problems", &new).expect(201);
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 0}));
    let path = format!("/api/v1/problems/{}", reported.id());
    one.act(&format!("{path}/dismiss"), reported.etag(), &json!({"reason_code": "already_met"})).expect(200);
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 0}), "closed by a human within the year");
    stage.execute("UPDATE problems SET closed_at = now() - interval '2 years'");
    assert_eq!(detect(&stage), json!({"found": 1, "expired": 0}));
    // A confirmed candidate is a report like any other, and stays when its facts go.
    let row = &one.all(&format!("/api/v1/households/{household}/problems?status=candidate"))[0];
    let path = format!("/api/v1/problems/{}", row["id"].as_str().unwrap());
    one.act(&format!("{path}/confirm"), &format!("\"{}\"", row["version"]), &json!({})).expect(200);
    stage.execute("UPDATE individuals SET facts = '{}'");
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 0}));
    assert_eq!(one.get(&path).expect(200)["status"], "reported");
}

#[test]
fn nothing_restricted_is_found_or_shown_by_what_is() {
    let stage = Stage::start();
    let facts = json!({"insurance": "none", "depression": "very_often"});
    let (household, people) = family(&stage, VILLAGE, 4, &json!({}), &[(30, "head", facts)]);
    // A restricted problem of the same person and need.
    let worker = stage.by("social_worker");
    let new = json!({"subject": {"kind": "individual", "id": people[0]}, "need_code": "kesehatan", "ppks_code": "odha", "severity": "high"});
    worker.post("/api/v1/problems", &new).expect(201);
    assert_eq!(detect(&stage), json!({"found": 1, "expired": 0}), "its candidate must not be missing");
    assert_eq!(rules(&stage, household), ["no_health_insurance"]);
    let of_label = "SELECT count(*) AS n FROM problems WHERE source = 'rule' AND (sensitivity <> 'open' OR need_code IN ('kesehatan_jiwa', 'kekerasan', 'rehab_napza'))";
    assert_eq!(count(&mut stage.app.sql(), of_label), 0);
    // A need that is labelled later is found no more.
    stage
        .execute("UPDATE code_entries SET sensitivity = 'restricted' WHERE list_slug = 'needs' AND code = 'kesehatan'");
    assert_eq!(detect(&stage), json!({"found": 0, "expired": 1}));
}

#[test]
fn nobody_is_referred_on_a_candidate_and_only_the_coordinator_looks() {
    let stage = Stage::start();
    let (household, _) = family(&stage, VILLAGE, 4, &json!({}), &[(30, "head", json!({"insurance": "none"}))]);
    for name in ["village_operator", "social_worker", "agency_officer", "auditor", "admin", "citizen", "partner"] {
        stage.by(name).post_empty("/api/v1/problems/detect").expect(403);
    }
    detect(&stage);
    let worker = stage.by("social_worker");
    let id = worker.all(&format!("/api/v1/households/{household}/problems"))[0]["id"].as_str().unwrap().to_owned();
    let offer = stage.offer(&crate::stage::Terms { need: "kesehatan", ..Default::default() });
    let referral = json!({"problem_id": id, "cycle_id": offer.cycle});
    let draft = worker.post("/api/v1/referrals", &referral).expect(201);
    let send = format!("/api/v1/referrals/{}/send", draft.id());
    worker.act(&send, draft.etag(), &json!({})).expect(409).problem("not_verified");
    assert!(worker.all("/api/v1/problems?status=verified").is_empty());
    assert!(stage.by("village_operator_out").all("/api/v1/problems").is_empty());
}

#[test]
fn two_searches_at_once_find_each_need_once() {
    let stage = Stage::start();
    for _ in 0..30 {
        family(&stage, VILLAGE, 1, &json!({}), &[(30, "head", json!({"insurance": "none"}))]);
    }
    // Two operations, as after a lease that ran out.
    for _ in 0..2 {
        stage.execute(
            "INSERT INTO operations (id, kind, created_by) SELECT gen_random_uuid(), 'problems.detect', id FROM accounts WHERE username = 'coordinator'",
        );
    }
    stage.app.work();
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM problems WHERE status = 'candidate'"), 60);
}
