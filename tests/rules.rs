//! Rules of programs: written, checked, kept in versions, looked at before they are in force.

use serde_json::{Value, json};

use crate::harness::{FOUNDATION, VILLAGE};
use crate::stage::{Stage, Terms};

fn old_and_poor() -> Value {
    json!({"all": [{"decile": {"max": 4}}, {"any_member": {"age": {"min": 60}}}]})
}

#[test]
fn a_rule_is_written_kept_in_versions_and_read_as_a_sentence() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let path = format!("/api/v1/programs/{}/rule", offer.program);
    let coordinator = stage.by("coordinator");
    let none = coordinator.get(&path).expect(200);
    assert_eq!((&none["version"], &none["rule"], &none["can"]), (&json!(0), &json!(null), &json!(["edit", "preview"])));
    let put =
        |version: &str, body: &Value| coordinator.request("PUT", &path).header("if-match", version).json(body).send();
    coordinator.request("PUT", &path).json(&json!({"rule": old_and_poor()})).send().expect(428);
    put("\"7.x\"", &json!({"rule": old_and_poor()})).expect(412);
    let first = put(none.etag(), &json!({"rule": old_and_poor(), "note": "Perwal 12/2026"})).expect(200);
    assert_eq!(first["version"], 1);
    assert!(
        first["sentence"]["id"].as_str().unwrap().starts_with("Berhak bila desil nasional 1–4"),
        "{}",
        first["sentence"]
    );
    assert!(first["sentence"]["en"].as_str().unwrap().contains("60 years or more"), "{}", first["sentence"]);
    // The same rule again is no new version.
    assert_eq!(put(first.etag(), &json!({"rule": old_and_poor()})).expect(200)["version"], 1);
    let second = put(first.etag(), &json!({"rule": {"decile": {"max": 3}}})).expect(200);
    assert_eq!(second["version"], 2);
    let versions = coordinator.all(&format!("{path}/versions"));
    assert_eq!(versions.iter().map(|v| v["version"].as_i64().unwrap()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[1]["note"], "Perwal 12/2026");
    // Each in words, with what tells it from the one before and who wrote it.
    assert_eq!(versions[1]["sentence"], first["sentence"]);
    assert_eq!(versions[1]["difference"], json!(null));
    let (added, removed) = (&versions[0]["difference"]["added"], &versions[0]["difference"]["removed"]);
    assert_eq!((added.as_array().unwrap().len(), removed.as_array().unwrap().len()), (1, 2), "{}", versions[0]);
    assert_eq!(added[0]["id"], "desil nasional 1–3");
    assert_eq!(removed[0]["id"], "desil nasional 1–4");
    let who = |v: &Value| (v["author_name"].is_string(), v["created_by"].is_string(), v["created_at"].is_string());
    assert!(versions.iter().all(|v| who(v) == (true, true, true)), "{versions:?}");
    let told = stage.by("citizen").all(&format!("{path}/versions"));
    assert!(told.iter().all(|v| who(v) == (false, false, true) && v["sentence"].is_object()), "{told:?}");
    // A referral sent from now on carries it.
    let cycle = coordinator.get(&format!("/api/v1/programs/{}/cycles/{}", offer.program, offer.cycle)).expect(200);
    assert_eq!(cycle["rule_version"], 2);
    // Its organization writes a draft's rule, not a published one's.
    let partner = stage.by("partner");
    assert_eq!(partner.get(&path).expect(200)["can"], json!([]));
    partner
        .request("PUT", &path)
        .header("if-match", second.etag())
        .json(&json!({"rule": old_and_poor()}))
        .send()
        .expect(403);
    let draft = partner
        .post("/api/v1/programs", &stage.new_program(&Terms { code: "DRAFTED", ..Terms::default() }, FOUNDATION))
        .expect(201);
    let own = format!("/api/v1/programs/{}/rule", draft.id());
    let tag = partner.get(&own).etag().to_owned();
    partner.request("PUT", &own).header("if-match", &tag).json(&json!({"rule": old_and_poor()})).send().expect(200);
    stage.by("social_worker").get(&own).expect(404);
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_place() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let path = format!("/api/v1/programs/{}/rule", offer.program);
    let coordinator = stage.by("coordinator");
    let tag = coordinator.get(&path).etag().to_owned();
    let refused = |rule: &Value| {
        coordinator
            .request("PUT", &path)
            .header("if-match", &tag)
            .json(&json!({"rule": rule}))
            .send()
            .expect(422)
            .refusals()
    };
    for (rule, expected) in [
        (json!({"compare": {"fact": "shoe_size", "op": "eq", "value": 1}}), "/rule/compare/fact unknown_fact"),
        (
            json!({"compare": {"fact": "floor_area", "op": "le", "value": 3, "unit": "ha"}}),
            "/rule/compare/unit wrong_unit",
        ),
        (json!({"all": [{"decile": {"max": 2}}, {"decile": {"min": 3}}]}), "/rule contradiction"),
        (json!({"decile": {}}), "/rule always_true"),
        (json!({"has_problem": {"needs": ["kekerasan"]}}), "/rule/has_problem/needs/0 restricted_code"),
        (json!({"nonsense": 1}), "/rule unknown_operator"),
        (json!([]), "/rule wrong_type"),
    ] {
        assert_eq!(refused(&rule), [expected], "{rule}");
    }
    let deep =
        format!("{{\"rule\": {}{}{}}}", "{\"not\":".repeat(10_000), "{\"decile\":{\"max\":4}}", "}".repeat(10_000));
    let answer = coordinator.request("PUT", &path).header("if-match", &tag).body("application/json", deep).send();
    assert_eq!(answer.expect(422).refusals(), ["/rule too_deep"]);
    assert_eq!(coordinator.get(&path).expect(200)["version"], 0);
}

#[test]
fn a_rule_is_checked_against_one_household_before_it_is_in_force() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let (household, head) = stage.household(VILLAGE);
    stage.execute(&format!("UPDATE individuals SET birth_date = '1990-05-01' WHERE id = '{head}';"));
    stage.execute(&format!(
        "UPDATE households SET declared_members = 1, members_complete = true WHERE id = '{household}'"
    ));
    let path = format!("/api/v1/programs/{}/rule/check", offer.program);
    let worker = stage.by("social_worker");
    let said = worker.post(&path, &json!({"rule": old_and_poor(), "household_id": household})).expect(200);
    // Too young by what is known, whatever the decile: and says when that changes.
    assert_eq!(said["verdict"]["outcome"], "ineligible");
    assert_eq!(said["errors"], json!([]));
    let change = &said["changes"][0];
    assert_eq!(
        (&change["kind"], &change["on"], &change["member_id"]),
        (&json!("date"), &json!("2050-05-01"), &json!(head))
    );
    let said = worker.post(&path, &json!({"rule": {"decile": {"max": 4}}, "household_id": household})).expect(200);
    assert_eq!(said["verdict"]["outcome"], "needs_data");
    assert_eq!(said["verdict"]["missing"][0]["fact"], "decile");
    let broken = worker.post(&path, &json!({"rule": {"decile": {"max": 40}}})).expect(200);
    assert_eq!((&broken["errors"][0]["pointer"], &broken["sentence"]), (&json!("/decile/max"), &json!(null)));
    // Outside one's area there is none, and a partner sees no household at all.
    for name in ["social_worker_out", "partner"] {
        let body = json!({"rule": old_and_poor(), "household_id": household});
        assert_eq!(stage.by(name).post(&path, &body).expect(422).refusals(), ["/household_id not_found"], "{name}");
    }
}

#[test]
fn a_preview_says_who_comes_and_who_goes() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let rule = format!("/api/v1/programs/{}/rule", offer.program);
    let coordinator = stage.by("coordinator");
    let homes: Vec<_> = (0..8).map(|_| stage.household(VILLAGE).0).collect();
    for (at, home) in homes.iter().enumerate() {
        stage.execute(&format!("INSERT INTO welfare_snapshots (household_id, source, period, decile_national) VALUES ('{home}', 'dtsen', '2026-09', {})", at + 1));
    }
    let preview = |who: &str, max: i64| {
        stage.by(who).post(&format!("{rule}/preview"), &json!({"rule": {"decile": {"max": max}}}))
    };
    let first = preview("coordinator", 3).expect(200);
    assert_eq!((&first["added"], &first["removed"], &first["before"]["eligible"]), (&json!(3), &json!(0), &json!(0)));
    let tag = coordinator.get(&rule).etag().to_owned();
    coordinator
        .request("PUT", &rule)
        .header("if-match", &tag)
        .json(&json!({"rule": {"decile": {"max": 6}}}))
        .send()
        .expect(200);
    let less = preview("coordinator", 4).expect(200);
    assert_eq!((&less["added"], &less["removed"], &less["after"]["eligible"]), (&json!(0), &json!(2), &json!(4)));
    let mut gone: Vec<_> = less["removed_examples"].as_array().unwrap().clone();
    gone.sort_by_key(ToString::to_string);
    let mut expected = vec![json!(homes[4]), json!(homes[5])];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(gone, expected);
    assert_eq!(less["districts"][0]["removed"], 2);
    // Who may not change it may not look either; a foundation sees its draft's numbers, but no household and no small one.
    preview("partner", 4).expect(403);
    let partner = stage.by("partner");
    let draft = partner
        .post("/api/v1/programs", &stage.new_program(&Terms { code: "DRAFTED", ..Terms::default() }, FOUNDATION))
        .expect(201);
    let seen = partner
        .post(&format!("/api/v1/programs/{}/rule/preview", draft.id()), &json!({"rule": {"decile": {"max": 2}}}))
        .expect(200);
    assert_eq!((&seen["added"], &seen["added_examples"]), (&json!(null), &json!([])));
    let seen = partner
        .post(&format!("/api/v1/programs/{}/rule/preview", draft.id()), &json!({"rule": {"decile": {"max": 7}}}))
        .expect(200);
    assert_eq!((&seen["added"], &seen["added_examples"]), (&json!(7), &json!([])));
}

#[test]
fn the_catalogue_and_the_schema_are_there_for_others() {
    let stage = Stage::start();
    let partner = stage.by("partner");
    let facts = partner.get("/api/v1/rule-facts").expect(200);
    let floor = facts["data"].as_array().unwrap().iter().find(|f| f["name"] == "floor").unwrap().clone();
    assert_eq!((&floor["kind"], &floor["subject"]), (&json!("code"), &json!("household")));
    assert!(floor["codes"].as_array().unwrap().iter().any(|c| c["code"] == "earth"));
    let schema = partner.get("/api/v1/rule-schema").expect(200);
    assert_eq!(schema["$defs"]["clause"]["oneOf"].as_array().unwrap().len(), 13);
    stage.app.anonymous().get("/api/v1/rule-facts").expect(401);
}
