//! How far a source is believed: proposed by one, confirmed by another, and obeyed by what is imported from then on.

use serde_json::{Value, json};

use crate::harness::{Answer, Caller, TestApp};
use crate::imports::{FAMILIES, MEMBERS, apply, rows};
use crate::imports_lists::{finish, stage};
use crate::imports_p3ke::P3KE;

fn propose(admin: &Caller, body: &Value) -> Answer {
    admin.post("/api/v1/source-trust-proposals", body)
}

fn act(who: &Caller, id: &str, verb: &str) -> Answer {
    let path = format!("/api/v1/source-trust-proposals/{id}");
    who.act(&format!("{path}/{verb}"), who.get(&path).etag(), &json!({}))
}

fn rank(who: &Caller, field: &str, source: &str) -> Value {
    let found = who.all(&format!("/api/v1/source-trust?field={field}&source={source}"));
    found.first().map_or(Value::Null, |t| t["rank"].clone())
}

#[test]
fn a_rank_changes_by_two_keys() {
    let app = TestApp::start();
    let (admin, coordinator) = (app.as_role("admin"), app.as_role("coordinator"));
    assert_eq!(rank(&admin, "housing", "p3ke"), 40);
    assert_eq!(coordinator.all("/api/v1/source-trust?limit=7").len(), 50);
    let body = json!({"field": "housing", "source": "p3ke", "rank": 90, "stale_months": 24, "reason": "Uji"});
    let made = propose(&admin, &body).expect(201);
    propose(&admin, &body).expect(409).problem("already_exists");
    propose(&coordinator, &body).expect(403);
    assert_eq!(rank(&admin, "housing", "p3ke"), 40, "one key changes nothing");
    act(&admin, &made.id(), "confirm").expect(403);
    let done = act(&coordinator, &made.id(), "confirm").expect(200);
    assert_eq!((&done["status"], &done["can"]), (&json!("confirmed"), &json!([])));
    act(&coordinator, &made.id(), "confirm").expect(409).problem("wrong_state");
    act(&admin, &made.id(), "withdraw").expect(409).problem("wrong_state");
    assert_eq!(rank(&admin, "housing", "p3ke"), 90);
    let new = json!({"field": "facts", "source": "survei_2026", "rank": 95, "reason": "Survei baru"});
    let other = propose(&admin, &new).expect(201);
    assert_eq!(act(&admin, &other.id(), "withdraw").expect(200)["status"], "withdrawn");
    assert_eq!(rank(&admin, "facts", "survei_2026"), Value::Null);
    let refused = |change: Value| {
        let mut bad = body.clone();
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        propose(&admin, &bad).expect(422).refusals()
    };
    assert_eq!(refused(json!({"rank": 101})), ["/rank range"]);
    assert_eq!(refused(json!({"stale_months": 0})), ["/stale_months range"]);
    assert_eq!(refused(json!({"source": "P3KE"})), ["/source pattern"]);
    assert_eq!(refused(json!({"reason": " "})), ["/reason required"]);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM audit_events WHERE action LIKE 'source_trust.%'"), 4);
}

/// What the register says of floors and kelurahan, as one number.
fn of_register(app: &TestApp) -> i64 {
    rows(
        app,
        "SELECT sum(hashtextextended(h.id || h.region_code || coalesce(d.housing ->> 'floor', '') || coalesce(d.street, ''), 0) % 1000000007)::bigint AS n
         FROM households h JOIN household_details d ON d.household_id = h.id WHERE h.source = 'dtsen'",
    )
}

/// Has a source believed so far for everything, by both keys.
fn believe(app: &TestApp, source: &str, rank: i32) {
    let (admin, coordinator) = (app.as_role("admin"), app.as_role("coordinator"));
    for field in [
        "region",
        "address",
        "housing",
        "assets",
        "decile",
        "declared_members",
        "family",
        "relation",
        "marital_status",
        "facts",
    ] {
        let body = json!({"field": field, "source": source, "rank": rank, "reason": "Uji"});
        let made = propose(&admin, &body).expect(201);
        act(&coordinator, &made.id(), "confirm").expect(200);
    }
}

#[test]
fn an_old_row_never_overwrites_a_newer_survey_however_it_is_ranked() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    apply(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    let before = of_register(&app);
    believe(&app, "p3ke", 99);
    let import = stage(&app, &caller, "p3ke", "2023-12", &[("workbook", "p3ke.xlsx", P3KE)]);
    finish(&app, &caller, &import.id());
    assert_eq!(of_register(&app), before, "an older month replaces nothing, even of a source that is believed more");
}

#[test]
fn what_is_believed_more_replaces_what_is_older() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    apply(&app, &caller, "2026-09", &[("families", FAMILIES), ("members", MEMBERS)]);
    believe(&app, "p3ke", 99);
    let before = of_register(&app);
    let import = stage(&app, &caller, "p3ke", "2026-10", &[("workbook", "p3ke.xlsx", P3KE)]);
    assert!(import["changes"]["changed"]["households"].as_i64().unwrap() > 0);
    finish(&app, &caller, &import.id());
    assert_ne!(of_register(&app), before, "by its own rank it would have replaced nothing");
}
