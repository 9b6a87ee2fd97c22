//! Code lists: read by everybody, edited by administrators, versioned, with the maps of every source.

use serde_json::json;

use crate::harness::TestApp;

#[test]
fn lists_come_with_entries_in_order() {
    let app = TestApp::start();
    let caller = app.as_role("social_worker");
    let lists = caller.all("/api/v1/code-lists?limit=7");
    assert!(lists.len() > 20, "{} lists", lists.len());
    let ppks = lists.iter().find(|l| l["slug"] == "ppks_types").expect("PPKS types");
    assert_eq!(ppks["entries_count"], 26);
    let list = caller.get("/api/v1/code-lists/ppks_types").expect(200);
    let sorts: Vec<i64> = list["entries"].as_array().unwrap().iter().map(|e| e["sort"].as_i64().unwrap()).collect();
    assert_eq!(sorts.len(), 26);
    assert!(sorts.is_sorted());
    assert_eq!(list["can"], json!([]));
    let again = caller.request("GET", "/api/v1/code-lists/ppks_types").header("if-none-match", list.etag()).send();
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
    caller.get("/api/v1/code-lists/nothing").expect(404);
}

#[test]
fn maps_tell_what_a_source_means() {
    let app = TestApp::start();
    let caller = app.as_client("test-reader");
    let list = caller.all("/api/v1/code-lists").into_iter().map(|l| l["slug"].as_str().unwrap().to_owned());
    let mut all = 0;
    for slug in list {
        let maps = caller.all(&format!("/api/v1/code-lists/{slug}/maps?limit=9"));
        let entries = caller.get(&format!("/api/v1/code-lists/{slug}")).expect(200);
        let codes: Vec<_> = entries["entries"].as_array().unwrap().iter().map(|e| &e["code"]).collect();
        assert!(maps.iter().all(|m| codes.contains(&&m["code"])), "{slug} maps to what is not its own");
        all += maps.len();
    }
    assert_eq!(all, 786, "rows of code_maps.csv");
    let roofs = caller.all("/api/v1/code-lists/roof/maps?source=dtsen&variable=jenis_atap_terluas");
    assert!(roofs.iter().any(|m| m["source_code"] == "5" && m["code"] == "bamboo"), "{roofs:?}");
}

#[test]
fn an_administrator_adds_changes_retires_and_brings_back() {
    let app = TestApp::start();
    let (admin, reader) = (app.as_role("admin"), app.as_role("citizen"));
    let path = "/api/v1/code-lists/needs";
    let list = admin.get(path).expect(200);
    let version = list["version"].as_i64().unwrap();
    let new = json!({"code": "flood_help", "name": {"id": " Bantuan  banjir ", "en": "Flood help"}});

    let made = admin.act(&format!("{path}/entries"), list.etag(), &new).expect(201);
    assert_eq!(made["version"], version + 1);
    let entry =
        |l: &serde_json::Value| l["entries"].as_array().unwrap().iter().find(|e| e["code"] == "flood_help").cloned();
    let added = entry(&made.json()).unwrap();
    assert_eq!(added["name"]["id"], "Bantuan banjir");
    assert_eq!((&added["since_version"], &added["sensitivity"]), (&json!(version + 1), &json!("open")));

    admin.act(&format!("{path}/entries"), list.etag(), &new).expect(412).problem("stale_version");
    admin.act(&format!("{path}/entries"), made.etag(), &new).expect(409).problem("already_exists");
    let changed = admin
        .patch(
            &format!("{path}/entries/flood_help"),
            made.etag(),
            &json!({"name": {"id": "Banjir", "en": "Flood"}, "sort": 1}),
        )
        .expect(200);
    assert_eq!(entry(&changed.json()).unwrap()["name"]["en"], "Flood");

    let retired = admin
        .request("POST", &format!("{path}/entries/flood_help/retire"))
        .header("if-match", changed.etag())
        .send()
        .expect(200);
    assert_eq!(entry(&retired.json()), None);
    assert_eq!(entry(&reader.get(path).json()), None);
    let shown = reader.get(&format!("{path}?include_retired=true")).expect(200);
    assert_eq!(entry(&shown.json()).unwrap()["retired_in_version"], retired["version"]);
    admin
        .request("POST", &format!("{path}/entries/flood_help/retire"))
        .header("if-match", retired.etag())
        .send()
        .expect(409)
        .problem("wrong_state");
    let back = admin
        .request("POST", &format!("{path}/entries/flood_help/restore"))
        .header("if-match", retired.etag())
        .send()
        .expect(200);
    assert!(entry(&back.json()).is_some());
    let renamed = admin.patch(path, back.etag(), &json!({"name": {"id": "Kebutuhan", "en": "Needs"}})).expect(200);
    assert_eq!(renamed["version"], version + 5);
}

#[test]
fn what_is_wrong_is_named() {
    let app = TestApp::start();
    let admin = app.as_role("admin");
    let path = "/api/v1/code-lists/needs/entries";
    let etag = admin.get("/api/v1/code-lists/needs").expect(200).etag().to_owned();
    let refused =
        |body: serde_json::Value| admin.act(path, &etag, &body).expect(422).problem("validation_failed").refusals();
    assert_eq!(refused(json!({"code": "A b", "name": {"id": "x", "en": "x"}})), ["/code invalid"]);
    assert_eq!(refused(json!({"code": "ab", "name": {"id": " ", "en": "x"}})), ["/name/id required"]);
    assert_eq!(refused(json!({"code": "ab", "name": {"id": "x"}})), ["/name required"]);
    assert_eq!(refused(json!({"code": "ab", "name": {"id": "x", "en": "x"}, "colour": 1})), ["/colour unknown_member"]);
    let entry = admin.get("/api/v1/code-lists/needs").json()["entries"][0]["code"].as_str().unwrap().to_owned();
    let one = format!("{path}/{entry}");
    assert_eq!(admin.patch(&one, &etag, &json!({"name": null})).expect(422).refusals(), ["/name required"]);
    assert_eq!(
        admin.patch(&one, &etag, &json!({"sensitivity": "open"})).expect(422).refusals(),
        ["/sensitivity unknown_member"]
    );
    admin.patch(&format!("{path}/nothing"), &etag, &json!({"sort": 3})).expect(404);
    admin.request("PATCH", &one).json(&json!({"sort": 3})).send().expect(428).problem("precondition_required");
    app.as_role("coordinator").act(path, &etag, &json!({"code": "ab", "name": {"id": "x", "en": "x"}})).expect(403);
}

#[test]
fn the_lists_that_are_shipped_name_everything_once() {
    let file = std::fs::read_to_string(crate::harness::root().join("api/data/code_lists.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let lists = file["lists"].as_array().unwrap();
    let once = |names: Vec<&str>| names.iter().collect::<std::collections::BTreeSet<_>>().len() == names.len();
    assert!(once(lists.iter().map(|l| l["slug"].as_str().unwrap()).collect()));
    for list in lists {
        let codes = list["entries"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
        assert!(once(codes), "{} names a code twice", list["slug"]);
    }
}
