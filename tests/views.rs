//! Saved views: kept for oneself or one's team, and never with anything personal in them.

use diesel::prelude::*;
use serde_json::json;

use crate::harness::{TestApp, account_id};

const VIEWS: &str = "/api/v1/views";

#[test]
fn one_is_saved_changed_and_deleted_by_its_owner() {
    let app = TestApp::start();
    let caller = app.as_role("social_worker");
    let new = json!({
        "screen": "households", "name": " Desil  1 ", "filter": {"decile": "1", "kecamatan": "32.73.01"},
        "sort": "-updated_at", "columns": ["region", "decile"]
    });
    let made = caller.post(VIEWS, &new).expect(201);
    let path = made.header("location").unwrap().to_owned();
    assert_eq!((&made["name"], &made["sharing"], &made["own"]), (&json!("Desil 1"), &json!("mine"), &json!(true)));
    assert_eq!(made["filter"], new["filter"]);
    assert_eq!(made["can"], json!(["update", "delete"]));
    caller.post(VIEWS, &json!({"screen": "households", "name": "desil 1"})).expect(409).problem("already_exists");
    caller.post(VIEWS, &json!({"screen": "problems", "name": "Desil 1"})).expect(201);

    let seen = caller.get(&path).expect(200);
    caller.request("GET", &path).header("if-none-match", seen.etag()).send().expect(304);
    let changed = caller
        .patch(
            &path,
            seen.etag(),
            &json!({"sharing": "team", "sort": null, "columns": null, "filter": {"decile": "2"}}),
        )
        .expect(200);
    assert_eq!(
        (&changed["sharing"], &changed["sort"], &changed["columns"]),
        (&json!("team"), &json!(null), &json!(null))
    );
    assert_eq!((&changed["filter"], &changed["version"]), (&json!({"decile": "2"}), &json!(2)));
    caller.patch(&path, seen.etag(), &json!({"name": "Lain"})).expect(412).problem("stale_version");
    caller.request("PATCH", &path).json(&json!({"name": "Lain"})).send().expect(428);
    caller.patch(&path, changed.etag(), &json!({"name": null, "filter": null})).expect(422);

    caller.delete(&path).expect(204);
    caller.get(&path).expect(404);
    caller.delete(&path).expect(404);
}

#[test]
fn the_team_sees_what_is_shared_and_only_its_owner_changes_it() {
    let app = TestApp::start();
    let owner = app.as_role("social_worker");
    let save = |name: &str, sharing: &str| {
        let body = json!({"screen": "problems", "name": name, "sharing": sharing, "filter": {"status": "reported"}});
        owner.post(VIEWS, &body).expect(201)
    };
    let (shared, private) = (save("Untuk tim", "team"), save("Untuk saya", "mine"));
    let path = format!("{VIEWS}/{}", shared.id());
    let colleague = app.as_role("social_worker2");
    let seen = colleague.get(&path).expect(200);
    assert_eq!((&seen["own"], &seen["can"]), (&json!(false), &json!([])));
    assert_eq!(seen["owner_name"], "Social Worker");
    assert_eq!(colleague.all(VIEWS).len(), 1);
    assert_eq!(colleague.all(&format!("{VIEWS}?sharing=team&screen=problems")).len(), 1);
    assert!(colleague.all(&format!("{VIEWS}?sharing=mine")).is_empty());
    colleague.patch(&path, seen.etag(), &json!({"name": "Milikku"})).expect(403);
    colleague.delete(&path).expect(403);
    colleague.get(&format!("{VIEWS}/{}", private.id())).expect(404);

    for other in ["social_worker_out", "village_operator", "coordinator", "admin", "partner", "auditor"] {
        let caller = app.as_role(other);
        caller.get(&path).expect(404).problem("not_found");
        caller.delete(&path).expect(404);
        caller.patch(&path, seen.etag(), &json!({"name": "Lain"})).expect(404);
        assert_eq!(caller.get(&format!("{VIEWS}?include_total=true")).expect(200)["page"]["total"], 0, "{other}");
    }
    app.as_role("citizen").get(VIEWS).expect(403);
    app.as_client("test-reader").get(VIEWS).expect(403);
    app.anonymous().get(VIEWS).expect(401);

    // The team is who holds the role today: with the owner's grant the shared view goes, and stays his own.
    diesel::sql_query("UPDATE grants SET to_date = current_date - 2 WHERE account_id = $1")
        .bind::<diesel::sql_types::Uuid, _>(account_id("social_worker"))
        .execute(&mut app.sql())
        .unwrap();
    colleague.get(&path).expect(404);
}

#[test]
fn nothing_personal_is_kept() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let refused = |body: serde_json::Value| {
        let mut new = json!({"screen": "households", "name": "Uji"});
        new.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        caller.post(VIEWS, &new).expect(422).refusals()
    };
    for filter in
        [json!({"q": "siti"}), json!({"nik": "1"}), json!({"need": "Siti Aminah"}), json!({"need": "3273014101805001"})]
    {
        assert_eq!(refused(json!({ "filter": filter })), ["/filter not_allowed"]);
    }
    let many: serde_json::Map<_, _> = (b'a'..=b'u').map(|c| (char::from(c).to_string(), json!("1"))).collect();
    assert_eq!(refused(json!({ "filter": many })), ["/filter length"]);
    assert_eq!(refused(json!({"filter": {"decile": 1}})), ["/filter/decile wrong_type"]);
    assert_eq!(refused(json!({"sort": "name;drop"})), ["/sort invalid"]);
    assert_eq!(refused(json!({"columns": ["a", "a"]})), ["/columns invalid"]);
    assert_eq!(refused(json!({"screen": "../x"})), ["/screen invalid"]);
    assert_eq!(refused(json!({"name": " "})), ["/name required"]);
    let made = caller.post(VIEWS, &json!({"screen": "households", "name": "Uji"})).expect(201);
    let path = format!("{VIEWS}/{}", made.id());
    for (body, refusal) in [
        (json!({"filter": {"name": "siti"}}), "/filter not_allowed"),
        (json!({"sort": "A"}), "/sort invalid"),
        (json!({"columns": ["A"]}), "/columns invalid"),
        (json!({"sharing": null}), "/sharing required"),
        (json!({"name": "a".repeat(61)}), "/name length"),
    ] {
        assert_eq!(caller.patch(&path, made.etag(), &body).expect(422).refusals(), [refusal]);
    }
}

#[test]
fn an_account_keeps_two_hundred_even_when_asked_at_once() {
    let app = TestApp::start();
    diesel::sql_query(
        "INSERT INTO saved_views (id, owner_id, screen, name) SELECT gen_random_uuid(), $1, 'households', 'v' || n FROM generate_series(1, 199) n",
    )
    .bind::<diesel::sql_types::Uuid, _>(account_id("coordinator"))
    .execute(&mut app.sql())
    .unwrap();
    let caller = app.as_role("coordinator");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asks: Vec<_> = (0..6)
            .map(|n| {
                let caller = caller.clone();
                scope.spawn(move || {
                    caller.post(VIEWS, &json!({"screen": "households", "name": format!("Baru {n}")})).status
                })
            })
            .collect();
        asks.into_iter().map(|ask| ask.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 5, "{statuses:?}");
    assert_eq!(caller.all(&format!("{VIEWS}?limit=100&screen=households")).len(), 200);
}
