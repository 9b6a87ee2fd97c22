//! Organizations: registered, verified, suspended; a restricted one exists for its own people alone.

use diesel::prelude::*;
use serde_json::json;

use crate::harness::{FOUNDATION, OTHER_AGENCY, TestApp};

#[test]
fn one_is_registered_verified_changed_and_suspended() {
    let app = TestApp::start();
    let (admin, coordinator) = (app.as_role("admin"), app.as_role("coordinator"));
    let new = json!({"code": "yayasan_baru", "name": "Yayasan  Baru", "kind": "foundation", "registration_number": "1/2026", "email": " "});
    let made = admin.post("/api/v1/organizations", &new).expect(201);
    assert_eq!(
        (&made["status"], &made["name"], &made["email"]),
        (&json!("applied"), &json!("Yayasan Baru"), &json!(null))
    );
    assert_eq!(made["can"], json!(["update"]));
    let path = made.header("location").unwrap().to_owned();
    admin.post("/api/v1/organizations", &new).expect(409).problem("already_exists");

    let seen = coordinator.get(&path).expect(200);
    assert_eq!(seen["can"], json!(["update", "verify"]));
    assert_ne!(seen.etag(), made.etag(), "what one may do is part of the tag");
    let step = |verb: &str, etag: &str| coordinator.request("POST", &format!("{path}/{verb}")).header("if-match", etag);
    admin.request("POST", &format!("{path}/verify")).header("if-match", seen.etag()).send().expect(403);
    let verified = step("verify", seen.etag()).send().expect(200);
    assert_eq!(verified["status"], "verified");
    step("verify", verified.etag()).send().expect(409).problem("wrong_state");
    step("verify", seen.etag()).send().expect(412).problem("stale_version");

    let changed =
        coordinator.patch(&path, verified.etag(), &json!({"phone": "022-1", "registration_number": null})).expect(200);
    assert_eq!((&changed["phone"], &changed["registration_number"]), (&json!("022-1"), &json!(null)));
    assert_eq!(
        coordinator.patch(&path, changed.etag(), &json!({"name": "  "})).expect(422).refusals(),
        ["/name length"]
    );
    assert_eq!(
        step("suspend", changed.etag()).json(&json!({"reason": " "})).send().expect(422).refusals(),
        ["/reason required"]
    );
    let suspended = step("suspend", changed.etag()).json(&json!({"reason": "Izin dicabut"})).send().expect(200);
    assert_eq!((&suspended["status"], &suspended["can"]), (&json!("suspended"), &json!(["update", "verify"])));
}

#[test]
fn the_list_is_filtered_and_paged_by_name() {
    let app = TestApp::start();
    let caller = app.as_role("partner");
    let names: Vec<_> = caller.all("/api/v1/organizations?limit=1").iter().map(|o| o["name"].clone()).collect();
    assert_eq!(names, ["Dinas Lain", "Dinas Uji", "Yayasan Lain", "Yayasan Uji"]);
    assert_eq!(caller.all("/api/v1/organizations?kind=opd&q=UJI").len(), 1);
    assert_eq!(caller.get("/api/v1/organizations?status=verified&include_total=true").expect(200)["page"]["total"], 4);
    assert!(caller.all("/api/v1/organizations?status=suspended").is_empty());
    app.as_role("citizen").get("/api/v1/organizations").expect(403);
}

#[test]
fn a_cursor_is_of_its_own_list_and_filter() {
    let app = TestApp::start();
    let caller = app.as_role("partner");
    let page = caller.get("/api/v1/organizations?limit=1").expect(200);
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    caller.get(&format!("/api/v1/organizations?limit=2&cursor={cursor}")).expect(200);
    for wrong in [format!("kind=opd&cursor={cursor}"), format!("cursor={}A", &cursor[1..])] {
        caller.get(&format!("/api/v1/organizations?{wrong}")).expect(422).problem("invalid_cursor");
    }
    caller.get(&format!("/api/v1/regions?cursor={cursor}")).expect(422).problem("invalid_cursor");
    for rubbish in ["", "rubbish", "%00", "no/letters+of/a/cursor"] {
        caller.get(&format!("/api/v1/organizations?cursor={rubbish}")).expect(400).problem("unknown_parameter");
    }
}

#[test]
fn a_restricted_one_does_not_exist_for_others() {
    let app = TestApp::start();
    diesel::sql_query("UPDATE organizations SET sensitivity = 'restricted' WHERE id = $1")
        .bind::<diesel::sql_types::Uuid, _>(FOUNDATION)
        .execute(&mut app.sql())
        .unwrap();
    let path = format!("/api/v1/organizations/{FOUNDATION}");
    for name in ["partner", "coordinator"] {
        app.as_role(name).get(&path).expect(200);
    }
    for name in ["partner_out", "agency_officer", "social_worker", "village_operator", "admin", "auditor"] {
        let caller = app.as_role(name);
        caller.get(&path).expect(404).problem("not_found");
        let page = caller.get("/api/v1/organizations?include_total=true").expect(200);
        assert_eq!(page["page"]["total"], 3, "{name}");
        assert!(caller.all("/api/v1/organizations?q=uji").iter().all(|o| o["kind"] == "opd"), "{name}");
    }
    app.as_role("admin").patch(&path, "\"1.x\"", &json!({"phone": "1"})).expect(404);
    app.as_client("test-reader").get(&path).expect(404);
    app.as_client("test-reader").get(&format!("/api/v1/organizations/{OTHER_AGENCY}")).expect(200);
}

#[test]
fn a_repeated_creation_answers_what_the_first_did() {
    let app = TestApp::start();
    let admin = app.as_role("admin");
    let body = json!({"code": "yayasan_dua", "name": "Yayasan Dua", "kind": "zakat"});
    let send = |key: &str, body: &serde_json::Value| {
        admin.request("POST", "/api/v1/organizations").header("idempotency-key", key).json(body).send()
    };
    let first = send("k-1", &body).expect(201);
    assert_eq!(first.header("idempotent-replayed"), None);
    let second = send("k-1", &body).expect(201);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!((first.json(), first.header("location")), (second.json(), second.header("location")));
    send("k-1", &json!({"code": "other", "name": "Lain", "kind": "zakat"}))
        .expect(422)
        .problem("idempotency_key_reused");
    send("k 1", &body).expect(400);
    let other = app.as_role("coordinator");
    other
        .request("POST", "/api/v1/organizations")
        .header("idempotency-key", "k-1")
        .json(&body)
        .send()
        .expect(409)
        .problem("already_exists");
}

#[test]
fn papers_that_run_out_put_it_to_rest_and_those_it_serves_are_counted() {
    let stage = crate::stage::Stage::start();
    let offer = stage.offer(&crate::stage::Terms::default());
    stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (_, problem) = stage.needy();
    let (sent, waiting) = (stage.draft(&problem, &offer), stage.draft(&stage.needy().1, &offer));
    stage.step("social_worker", &sent, "send", &json!({})).expect(200);
    let path = format!("/api/v1/organizations/{FOUNDATION}");
    let coordinator = stage.by("coordinator");
    let seen = coordinator.get(&path).expect(200);
    assert_eq!((&seen["open_referrals"], &seen["papers_valid"]), (&json!(1), &json!(true)));
    assert_eq!(stage.by("partner").get(&path).expect(200)["open_referrals"], json!(null));
    let yesterday = (chrono::Utc::now() + chrono::Duration::hours(7)).date_naive().pred_opt().unwrap();
    let patch = |body: &serde_json::Value| coordinator.patch(&path, coordinator.get(&path).expect(200).etag(), body);
    let wrong = json!({"agreement_from": "2026-02-02", "agreement_until": "2026-02-01"});
    patch(&wrong).expect(422).problem("validation_failed");
    patch(&json!({"agreement_fields": ["shoe_size"]})).expect(422);
    patch(&json!({"agreement_fields": null})).expect(422);
    let fields = json!({"agreement_number": "PKS 1", "agreement_from": "2020-01-01", "agreement_until": yesterday, "agreement_fields": ["nik", "name", "name"]});
    let changed = patch(&fields).expect(200);
    assert_eq!((&changed["papers_valid"], &changed["agreement_fields"]), (&json!(false), &json!(["name", "nik"])));
    // Refused at once, not only when the worker comes round.
    stage.step("social_worker", &waiting, "send", &json!({})).expect(409).problem("agreement_expired");
    stage.app.look_after();
    assert_eq!(coordinator.get(&path).expect(200)["status"], "dormant");
    stage.app.look_after();
    let look = coordinator.all("/api/v1/organizations?attention=true");
    assert_eq!(
        look.iter().map(|o| (o["id"].clone(), o["open_referrals"].clone())).collect::<Vec<_>>(),
        [(json!(FOUNDATION), json!(1))]
    );
    let verb = |verb: &str, body: &serde_json::Value| {
        coordinator.act(&format!("{path}/{verb}"), coordinator.get(&path).expect(200).etag(), body)
    };
    verb("verify", &json!({})).expect(409).problem("agreement_expired");
    patch(&json!({"agreement_until": "2099-12-31"})).expect(200);
    // Renewed papers are looked at before anybody is sent again.
    stage.step("social_worker", &waiting, "send", &json!({})).expect(409).problem("agreement_expired");
    verb("verify", &json!({})).expect(200);
    verb("suspend", &json!({"reason": "Izin dicabut"})).expect(200);
    stage.step("social_worker", &waiting, "send", &json!({})).expect(409).problem("organization_suspended");
    assert_eq!(coordinator.all("/api/v1/organizations?attention=true").len(), 1);
    // Whom it has promised help it still serves.
    stage.step("partner", &sent, "accept", &json!({})).expect(200);
    verb("verify", &json!({})).expect(200);
    stage.step("social_worker", &waiting, "send", &json!({})).expect(200);
    assert!(coordinator.all("/api/v1/organizations?attention=true").is_empty());
    // A plain coordinator counts what he may know of.
    stage.execute("UPDATE referrals SET sensitivity = 'restricted'");
    assert_eq!(stage.plain_coordinator().get(&path).expect(200)["open_referrals"], 0);
}
