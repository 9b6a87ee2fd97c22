//! The registry: who sees a household, what changes it, and what a NIK that exists elsewhere does not tell.

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};

use crate::harness::{Caller, DISTRICT, OTHER_VILLAGE, SISTER_VILLAGE, TestApp, VILLAGE, count};

fn family(region: &str) -> Value {
    json!({
        "region_code": region, "family_card_number": "3273010101260001", "declared_members": 3,
        "addresses": {"street": " Gg.  Mukalmi II/2 ", "rt": "5", "rw": "RW 12"}, "housing": {"floor": "cement"},
        "members": [
            {"name": "Siti Aminah", "nik": "3273014107800001", "sex": "female", "birth_date": "1980-07-01", "relation": "head"},
            {"name": "Budi", "relation": "child", "birth_date": "2012-01-01", "birth_date_precision": "year"},
        ]
    })
}

fn create(caller: &Caller, region: &str) -> (String, String) {
    let made = caller.post("/api/v1/households", &family(region)).expect(201);
    (made.id(), made.etag().to_owned())
}

#[test]
fn a_family_is_recorded_and_read_as_it_was_meant() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let (id, _) = create(&worker, VILLAGE);
    let household = worker.get(&format!("/api/v1/households/{id}")).expect(200);
    assert_eq!(household["head_name"], "Siti Aminah");
    assert_eq!(household["members_count"], 2);
    assert_eq!(household["members_complete"], false, "three were declared");
    assert_eq!(household["addresses"]["street"], "Gg. Mukalmi II/2");
    assert_eq!((&household["addresses"]["rt"], &household["addresses"]["rw"]), (&json!("005"), &json!("012")));
    assert_eq!(household["family_card_masked"], "327301******0001");
    assert_eq!(household["members"][0]["nik_masked"], "327301******0001");
    assert!(!household.text().contains("3273014107800001"), "a NIK is never shown whole");
    let timeline = worker.all(&format!("/api/v1/households/{id}/timeline"));
    assert_eq!(timeline[0]["kind"], "created");
}

#[test]
fn who_is_outside_cannot_tell_it_from_nothing() {
    let app = TestApp::start();
    let (id, etag) = create(&app.as_role("social_worker"), VILLAGE);
    let nothing = "01980000-0000-7000-8000-00000000dead";
    for name in ["social_worker_out", "village_operator_out", "agency_officer", "partner", "citizen"] {
        let caller = app.as_role(name);
        for suffix in ["", "/timeline", "/individuals"] {
            let hidden = caller.get(&format!("/api/v1/households/{id}{suffix}")).expect(404);
            let absent = caller.get(&format!("/api/v1/households/{nothing}{suffix}")).expect(404);
            assert_eq!(
                (&hidden["code"], &hidden["detail"], &hidden["title"]),
                (&absent["code"], &absent["detail"], &absent["title"])
            );
        }
        assert!(caller.all("/api/v1/households").iter().all(|h| h["id"] != id.as_str()), "{name}");
    }
    let outside = app.as_role("social_worker_out");
    outside.patch(&format!("/api/v1/households/{id}"), &etag, &json!({"note": "x"})).expect(404);
    outside.act(&format!("/api/v1/households/{id}/dissolve"), &etag, &json!({"reason_code": "not_found"})).expect(404);
    assert!(app.as_role("village_operator").all("/api/v1/households").iter().any(|h| h["id"] == id.as_str()));
    app.as_role("admin").get("/api/v1/households").expect(403).problem("forbidden");
}

#[test]
fn the_auditor_sees_everything_but_nobody() {
    let app = TestApp::start();
    let (id, _) = create(&app.as_role("social_worker"), VILLAGE);
    let seen = app.as_role("auditor").get(&format!("/api/v1/households/{id}")).expect(200);
    let text = seen.text();
    for secret in ["Siti", "Budi", "327301", "Mukalmi", "1980-07-01"] {
        assert!(!text.replace("32.73.01", "").contains(secret), "{secret} in {text}");
    }
    assert_eq!(seen["members"][0]["birth_date"], "1980-01-01");
    assert_eq!(seen["members"][0]["birth_date_precision"], "year");
}

#[test]
fn a_nik_that_exists_elsewhere_answers_like_a_new_one() {
    let app = TestApp::start();
    let inside = app.as_role("social_worker");
    let outside = app.as_role("social_worker_out");
    create(&outside, OTHER_VILLAGE);
    let mut fresh = family(VILLAGE);
    fresh["family_card_number"] = "3273010101260777".into();
    fresh["members"] = json!([{"name": "Rukmini", "nik": "3273014107800777", "relation": "head"}, {"name": "Ujang"}]);
    let known = inside.post("/api/v1/households", &family(VILLAGE)).expect(201);
    let new = inside.post("/api/v1/households", &fresh).expect(201);
    let shape = |v: &Value| {
        let mut names: Vec<&str> = v.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        names.join(",")
    };
    assert_eq!(shape(&known.json()), shape(&new.json()));
    assert_eq!(known["members"][0]["nik_status"], new["members"][0]["nik_status"]);
    let mut sql = app.sql();
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM coordinator_tasks WHERE kind = 'nik_shared'"), 1);
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM coordinator_tasks WHERE kind = 'family_card_shared'"), 1);
}

#[test]
fn of_two_who_change_at_once_the_second_hears_of_it() {
    let app = TestApp::start();
    let (worker, operator) = (app.as_role("social_worker"), app.as_role("village_operator"));
    let (id, etag) = create(&worker, VILLAGE);
    let path = format!("/api/v1/households/{id}");
    let first = worker
        .patch(&path, &etag, &json!({"housing": {"floor": "ceramic", "toilet": "own"}, "addresses": {"rt": "7"}}))
        .expect(200);
    assert_eq!((&first["housing"]["floor"], &first["addresses"]["rt"]), (&json!("ceramic"), &json!("007")));
    assert_eq!(first["addresses"]["rw"], "012", "what the patch does not name stays");
    operator.patch(&path, &etag, &json!({"note": "x"})).expect(412).problem("stale_version");
    operator.request("PATCH", &path).json(&json!({"note": "x"})).send().expect(428).problem("precondition_required");
    operator.patch(&path, "rubbish", &json!({"note": "x"})).expect(400).problem("malformed_if_match");
    let cached = worker.request("GET", &path).header("if-none-match", first.etag()).send();
    assert_eq!(cached.status, 304);
}

#[test]
fn members_come_move_and_go() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let (id, _) = create(&worker, VILLAGE);
    let path = format!("/api/v1/households/{id}");
    let added = worker
        .post(&format!("{path}/individuals"), &json!({"name": "Ujang", "relation": "child", "phone": "0812 3456 7890"}))
        .expect(201);
    assert_eq!(added["phone"], "+6281234567890");
    let household = worker.get(&path).expect(200);
    assert_eq!((&household["members_count"], &household["members_complete"]), (&json!(3), &json!(true)));
    let (head, child) = (household["members"][0]["id"].as_str().unwrap().to_owned(), added.id());

    let split = worker
        .act(
            &format!("{path}/split"),
            household.etag(),
            &json!({"member_ids": [child], "head_id": child, "family_card_number": "3273010101260099"}),
        )
        .expect(201);
    assert_eq!((&split["head_name"], &split["members_count"]), (&json!("Ujang"), &json!(1)));
    assert_eq!(worker.get(&path).expect(200)["members_count"], 2);

    let person = worker.get(&format!("/api/v1/individuals/{child}")).expect(200);
    let back = worker
        .act(
            &format!("/api/v1/individuals/{child}/move"),
            person.etag(),
            &json!({"household_id": id, "relation": "child"}),
        )
        .expect(200);
    assert_eq!(back["household_id"], id.as_str());
    let dead = worker
        .act(
            &format!("/api/v1/individuals/{head}/decease"),
            worker.get(&format!("/api/v1/individuals/{head}")).etag(),
            &json!({"deceased_on": "2026-01-02", "evidence_code": "death_certificate"}),
        )
        .expect(200);
    assert_eq!(dead["life_status"], "deceased");
    let after = worker.get(&path).expect(200);
    assert_eq!(
        (&after["head_id"], &after["head_name"]),
        (&Value::Null, &Value::Null),
        "a dead person heads no household"
    );
    let headed = worker.act(&format!("{path}/change-head"), after.etag(), &json!({"individual_id": child})).expect(200);
    assert_eq!(headed["head_name"], "Ujang");
    let late = format!("/api/v1/individuals/{head}");
    worker
        .act(&format!("{late}/move-out"), worker.get(&late).etag(), &json!({"reason_code": "work"}))
        .expect(409)
        .problem("wrong_state");
    let mut sql = app.sql();
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM memberships"), 2, "both ended memberships are kept");
}

#[test]
fn a_household_moves_inside_the_area_or_out_of_the_city() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let (id, etag) = create(&worker, VILLAGE);
    let verb = format!("/api/v1/households/{id}/move");
    let refused = worker.act(&verb, &etag, &json!({"region_code": OTHER_VILLAGE})).expect(422);
    assert_eq!(refused.refusals(), ["/region_code out_of_area"]);
    let moved = worker.act(&verb, &etag, &json!({"region_code": SISTER_VILLAGE, "street": "Jl. Baru 1"})).expect(200);
    assert_eq!((&moved["region_code"], &moved["addresses"]["street"]), (&json!(SISTER_VILLAGE), &json!("Jl. Baru 1")));
    app.as_role("village_operator").get(&format!("/api/v1/households/{id}")).expect(404);
    let gone = worker.act(&verb, moved.etag(), &json!({"out_of_city": true})).expect(200);
    assert_eq!((&gone["status"], &gone["can"]), (&json!("moved"), &json!([])));
    worker
        .patch(&format!("/api/v1/households/{id}"), gone.etag(), &json!({"note": "x"}))
        .expect(409)
        .problem("wrong_state");
}

#[test]
fn a_restricted_fact_is_kept_apart() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let mut family = family(VILLAGE);
    family["members"][0]["facts"] = json!({"illness": "hiv", "school_participation": "left"});
    let made = worker.post("/api/v1/households", &family).expect(201);
    assert_eq!(made["members"][0]["facts"], json!({"school_participation": "left"}));
    let mut sql = app.sql();
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM restricted_facts WHERE code = 'hiv'"), 1);
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM individuals WHERE facts::text LIKE '%hiv%'"), 0);
}

#[test]
fn numbers_are_revealed_for_a_purpose_and_logged() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let (id, _) = create(&worker, VILLAGE);
    let person = worker.get(&format!("/api/v1/households/{id}/individuals")).expect(200)["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let verb = format!("/api/v1/individuals/{person}/reveal");
    worker.post(&verb, &json!({"purpose": "curiosity"})).expect(422);
    let shown = worker.post(&verb, &json!({"purpose": "service_delivery"})).expect(200);
    assert_eq!((&shown["nik"], &shown["family_card_number"]), (&json!("3273014107800001"), &json!("3273010101260001")));
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    app.as_role("social_worker_out").post(&verb, &json!({"purpose": "service_delivery"})).expect(404);
    app.as_role("auditor").post(&verb, &json!({"purpose": "audit_sample"})).expect(403);
    let log = app.as_role("coordinator").all(&format!("/api/v1/households/{id}/access-log"));
    assert!(log.iter().any(|e| e["action"] == "reveal" && e["purpose"] == "service_delivery"), "{log:?}");
    worker.get(&format!("/api/v1/households/{id}")).expect(200);
    app.wait("the view to be logged", || {
        app.as_role("coordinator")
            .all(&format!("/api/v1/households/{id}/access-log"))
            .iter()
            .any(|e| e["action"] == "view")
    });
    worker.get(&format!("/api/v1/households/{id}/access-log")).expect(403);
}

#[test]
fn lists_page_through_every_row_once_in_each_order() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    for n in 0..7 {
        let mut family = family(VILLAGE);
        family["family_card_number"] = format!("327301010126{n:04}").into();
        family["members"][0]["name"] = format!("Kepala {}", n % 3).into();
        family["members"][0]["nik"] = Value::Null;
        crate::entry::insist(&worker, &family);
    }
    let mut orders = Vec::new();
    for sort in
        ["created_at", "-created_at", "updated_at", "-updated_at", "head_name", "-head_name", "decile", "-decile"]
    {
        let rows = worker.all(&format!("/api/v1/households?limit=2&sort={sort}"));
        let mut ids: Vec<String> = rows.iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        orders.push(ids.clone());
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 7, "{sort}");
    }
    for pair in orders.chunks(2) {
        let backwards: Vec<_> = pair[1].iter().rev().cloned().collect();
        assert_eq!(pair[0], backwards);
    }
    let page = worker.get("/api/v1/households?limit=2&include_total=true").expect(200);
    assert_eq!(page["page"]["total"], 7);
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    worker
        .get(&format!("/api/v1/households?limit=2&sort=decile&cursor={cursor}"))
        .expect(422)
        .problem("invalid_cursor");
    worker.get(&format!("/api/v1/problems?cursor={cursor}")).expect(422).problem("invalid_cursor");
    let tampered = format!("{}A", &cursor[..cursor.len() - 1]);
    if tampered != cursor {
        worker.get(&format!("/api/v1/households?limit=2&cursor={tampered}")).expect(422).problem("invalid_cursor");
    }
    assert_eq!(
        worker.all(&format!("/api/v1/households?region={DISTRICT}&member_age_min=40&member_age_max=60")).len(),
        7
    );
    assert!(worker.all("/api/v1/households?member_age_min=90").is_empty());
    assert!(worker.all("/api/v1/households?status=dissolved").is_empty());
}

#[test]
fn what_is_wrong_is_named() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let refused = |body: &Value| worker.post("/api/v1/households", body).expect(422).refusals();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = family(VILLAGE);
        change(&mut body);
        refused(&body)
    };
    assert_eq!(with(&|b| b["members"][0]["nik"] = "12".into()), ["/members/0/nik nik_length"]);
    assert_eq!(with(&|b| b["family_card_number"] = "3.27E+15".into()), ["/family_card_number kk_length"]);
    assert_eq!(with(&|b| b["members"][0]["foo"] = 1.into()), ["/members/0/foo unknown_member"]);
    assert_eq!(with(&|b| b["members"][1]["name"] = "  ".into()), ["/members/1/name required"]);
    assert_eq!(
        with(&|b| b["members"][0]["birth_date"] = "2099-01-01".into()),
        ["/members/0/birth_date birth_date_invalid"]
    );
    assert_eq!(with(&|b| b["members"][0]["relation"] = "uncle".into()), ["/members/0/relation unknown_code"]);
    assert_eq!(with(&|b| b["housing"]["floor"] = "gold".into()), ["/housing/floor unknown_code"]);
    assert_eq!(with(&|b| b["region_code"] = "32.73.99.9999".into()), ["/region_code region_unknown"]);
    assert_eq!(with(&|b| b["members"][0]["phone"] = "tetangga".into()), ["/members/0/phone phone_invalid"]);
    assert_eq!(
        count(&mut app.sql(), "SELECT count(*) AS n FROM households"),
        0,
        "nothing of a refused household stays"
    );
}

#[test]
fn a_repeated_request_makes_one_household() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let send = |body: &Value| {
        worker.request("POST", "/api/v1/households").header("idempotency-key", "key-1").json(body).send()
    };
    let first = send(&family(VILLAGE)).expect(201);
    let again = send(&family(VILLAGE)).expect(201);
    assert_eq!(first.body, again.body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    send(&family(SISTER_VILLAGE)).expect(422).problem("idempotency_key_reused");
    assert_eq!(count(&mut app.sql(), "SELECT count(*) AS n FROM households"), 1);
}

#[test]
fn an_export_holds_what_its_asker_sees() {
    let app = TestApp::start();
    let worker = app.as_role("social_worker");
    let mut family = family(VILLAGE);
    family["members"][0]["name"] = "=HYPERLINK(1)".into();
    worker.post("/api/v1/households", &family).expect(201);
    create(&app.as_role("social_worker_out"), OTHER_VILLAGE);
    for format in ["csv", "ndjson", "xlsx"] {
        let asked = worker.post("/api/v1/exports", &json!({"resource": "households", "format": format})).expect(202);
        worker.get(&format!("/api/v1/exports/{}/file", asked.id())).expect(409).problem("wrong_state");
        app.work();
        assert_eq!(worker.get(&format!("/api/v1/exports/{}", asked.id())).expect(200)["row_count"], 1, "{format}");
        let file = worker.get(&format!("/api/v1/exports/{}/file", asked.id())).expect(200);
        if format == "csv" {
            let text = file.text();
            assert!(text.contains("'=HYPERLINK(1)") && text.contains(",social_worker "), "{text}");
        }
        app.as_role("coordinator").get(&format!("/api/v1/exports/{}/file", asked.id())).expect(404);
    }
    assert_eq!(count(&mut app.sql(), "SELECT count(*) AS n FROM access_log WHERE action = 'export'"), 3);
}

#[test]
fn who_is_assigned_a_household_elsewhere_sees_it_while_it_lasts() {
    let app = TestApp::start();
    let (worker, owner) = (app.as_role("social_worker"), app.as_role("social_worker_out"));
    let (id, _) = create(&owner, OTHER_VILLAGE);
    let path = format!("/api/v1/households/{id}");
    worker.get(&path).expect(404);
    let seen = || worker.get(&path).status == 200;
    let listed = || worker.all("/api/v1/households").iter().any(|h| h["id"] == id.as_str());
    let found = || {
        let hits = worker.post("/api/v1/households/search", &json!({"q": "siti aminah"}));
        hits.expect(200)["data"].as_array().is_some_and(|data| data.iter().any(|h| h["id"] == id.as_str()))
    };
    let mut sql = app.sql();
    let mut run = |text: String| sql.batch_execute(&text).unwrap();
    let account = crate::harness::account_id("social_worker");
    run(format!(
        "INSERT INTO assignments (id, subject_kind, subject_id, account_id, duty)
         VALUES (gen_random_uuid(), 'household', '{id}', '{account}', 'co_worker')"
    ));
    app.wait("the assignment to be known", seen);
    assert!(listed(), "and it is in the list");
    app.wait("the search to find it", found);
    // It moves into the worker's own kecamatan and out again: the area and the assignment each suffice.
    for region in [VILLAGE, OTHER_VILLAGE] {
        run(format!(
            "UPDATE households SET region_code = '{region}', district_code = left('{region}', 8) WHERE id = '{id}'"
        ));
        app.wait("the move to be known", || seen() && listed());
    }
    run(format!("UPDATE assignments SET to_at = now() WHERE subject_id = '{id}'"));
    app.wait("the end of the assignment to be known", || !seen());
    assert!(!listed(), "and it is gone from the list");
    assert!(!found(), "and from the search");
}
