//! Programs: drafted by their organization, published by a second person; cycles and their seats.

use serde_json::json;

use crate::harness::{FOUNDATION, OTHER_FOUNDATION};
use crate::stage::{Stage, Terms};

#[test]
fn one_is_drafted_returned_submitted_and_published_by_another() {
    let stage = Stage::start();
    let (partner, coordinator) = (stage.by("partner"), stage.by("coordinator"));
    let new = stage.new_program(&Terms::default(), FOUNDATION);
    let draft = partner.post("/api/v1/programs", &new).expect(201);
    assert_eq!((&draft["status"], &draft["can"]), (&json!("draft"), &json!(["edit", "submit", "add_cycle"])));
    partner.post("/api/v1/programs", &new).expect(409).problem("already_exists");
    let path = draft.header("location").unwrap().to_owned();
    let act = |who: &crate::harness::Caller, verb: &str, body: &serde_json::Value| {
        who.act(&format!("{path}/{verb}"), who.get(&path).etag(), body)
    };
    for name in ["partner_out", "social_worker", "citizen", "admin", "auditor", "agency_officer"] {
        stage.by(name).get(&path).expect(404);
        assert!(stage.by(name).all("/api/v1/programs").is_empty(), "{name}");
    }
    act(&coordinator, "publish", &json!({})).expect(409).problem("wrong_state");
    act(&partner, "submit", &json!({})).expect(200);
    partner
        .patch(&path, partner.get(&path).etag(), &json!({"legal_basis": "AD/ART"}))
        .expect(409)
        .problem("wrong_state");
    act(&partner, "publish", &json!({})).expect(403);
    assert_eq!(act(&coordinator, "return", &json!({"reason": " "})).expect(422).refusals(), ["/reason required"]);
    let returned = act(&coordinator, "return", &json!({"reason": "Dasar hukum belum ada."})).expect(200);
    assert_eq!((&returned["status"], &returned["return_reason"]), (&json!("draft"), &json!("Dasar hukum belum ada.")));
    let stale = draft.etag();
    partner.patch(&path, stale, &json!({"legal_basis": "AD/ART"})).expect(412).problem("stale_version");
    let edited = partner
        .patch(&path, partner.get(&path).etag(), &json!({"legal_basis": "AD/ART", "overlap_class": null}))
        .expect(200);
    assert_eq!((&edited["legal_basis"], &edited["overlap_class"]), (&json!("AD/ART"), &json!(null)));
    assert_eq!(
        partner.patch(&path, edited.etag(), &json!({"pillar": null})).expect(422).refusals(),
        ["/pillar required"]
    );
    act(&partner, "submit", &json!({})).expect(200);
    let published = act(&coordinator, "publish", &json!({})).expect(200);
    assert_eq!(
        (&published["status"], &published["can"]),
        (&json!("published"), &json!(["suspend", "close", "add_cycle"]))
    );
    for name in ["partner_out", "social_worker", "citizen", "admin", "auditor"] {
        assert_eq!(stage.by(name).get(&path).expect(200)["can"], json!([]), "{name}");
        assert_eq!(stage.by(name).all("/api/v1/programs?need=pangan&q=parc&pillar=jaminan_sosial").len(), 1, "{name}");
    }
    act(&coordinator, "suspend", &json!({})).expect(200);
    act(&coordinator, "publish", &json!({})).expect(200);
    act(&coordinator, "close", &json!({})).expect(200);
    act(&coordinator, "publish", &json!({})).expect(409).problem("wrong_state");
}

#[test]
fn the_coordinator_who_submits_does_not_publish() {
    let stage = Stage::start();
    let (one, two) = (stage.by("coordinator"), stage.by("coordinator2"));
    let path = one.post("/api/v1/programs", &stage.new_program(&Terms::default(), FOUNDATION)).expect(201);
    let path = path.header("location").unwrap().to_owned();
    one.act(&format!("{path}/submit"), one.get(&path).etag(), &json!({})).expect(200);
    one.act(&format!("{path}/publish"), one.get(&path).etag(), &json!({})).expect(409).problem("same_person");
    two.act(&format!("{path}/publish"), two.get(&path).etag(), &json!({})).expect(200);
    // Without the duty the role alone is not enough.
    stage.execute(
        "UPDATE grants SET duties = '{}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator2')",
    );
    let plain = stage.app.as_role("coordinator2");
    plain.act(&format!("{path}/suspend"), plain.get(&path).etag(), &json!({})).expect(403);
}

#[test]
fn what_is_refused_says_where() {
    let stage = Stage::start();
    let partner = stage.by("partner");
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut body = stage.new_program(&Terms::default(), FOUNDATION);
        change(&mut body);
        partner.post("/api/v1/programs", &body).expect(422).refusals()
    };
    assert_eq!(refused(&|b| b["organization_id"] = json!(OTHER_FOUNDATION)), ["/organization_id not_found"]);
    assert_eq!(refused(&|b| b["pillar"] = json!("x")), ["/pillar unknown_code"]);
    assert_eq!(refused(&|b| b["needs"] = json!(["pangan", "x"])), ["/needs/1 unknown_code"]);
    assert_eq!(refused(&|b| b["needs"] = json!([])), ["/needs length"]);
    assert_eq!(refused(&|b| b["areas"] = json!(["99.99"])), ["/areas unknown_code"]);
    assert_eq!(refused(&|b| b["overlap_class"] = json!("x")), ["/overlap_class unknown_code"]);
    assert_eq!(refused(&|b| b["code"] = json!("a b")), ["/code pattern"]);
    assert_eq!(refused(&|b| b["name"]["id"] = json!("  ")), ["/name/id length"]);
    assert_eq!(refused(&|b| b["benefit"]["value_idr"] = json!(-1)), ["/benefit/value_idr range"]);
    assert_eq!(refused(&|b| b["benefit"]["period"] = json!("x")), ["/benefit/period unknown_code"]);
    let tier =
        |code: &str, value: i64| json!({"code": code, "name": {"id": "SD", "en": "Primary"}, "value_idr": value});
    let twice = json!([tier("primary", 1), tier("primary", 2)]);
    assert_eq!(refused(&|b| b["benefit"]["tiers"] = twice.clone()), ["/benefit/tiers/1/code duplicate"]);
    assert_eq!(refused(&|b| b["benefit"]["tiers"] = json!([tier("a b", 1)])), ["/benefit/tiers/0/code pattern"]);
    assert_eq!(refused(&|b| b["benefit"]["tiers"] = json!([tier("a", 0)])), ["/benefit/tiers/0/value_idr range"]);
    let mut body = stage.new_program(&Terms::default(), FOUNDATION);
    body["surprise"] = json!(1);
    partner.post("/api/v1/programs", &body).expect(422);
    stage.by("social_worker").post("/api/v1/programs", &body).expect(403);
}

#[test]
fn a_cycle_keeps_its_seats() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let partner = stage.by("partner");
    let cycles = format!("/api/v1/programs/{}/cycles", offer.program);
    let path = format!("{cycles}/{}", offer.cycle);
    let seen = partner.get(&path).expect(200);
    assert_eq!((&seen["seats"], &seen["seats_taken"], &seen["can"]), (&json!(5), &json!(0), &json!(["edit"])));
    let more = partner.patch(&path, seen.etag(), &json!({"seats": 7})).expect(200);
    partner.patch(&path, seen.etag(), &json!({"seats": 8})).expect(412).problem("stale_version");
    stage.by("partner_out").patch(&path, more.etag(), &json!({"seats": 8})).expect(403);
    let wrong = json!({"starts_on": "2026-02-01", "ends_on": "2026-01-01"});
    assert_eq!(partner.patch(&path, more.etag(), &wrong).expect(422).refusals(), ["/ends_on before_start"]);
    stage.execute("UPDATE program_cycles SET seats_taken = 3");
    let seen = partner.get(&path).expect(200);
    assert_ne!(seen.etag(), more.etag(), "seats taken are part of the tag");
    partner.patch(&path, more.etag(), &json!({"seats": 2})).expect(409).problem("no_seats");
    partner.patch(&path, more.etag(), &json!({"ends_on": "2026-12-30"})).expect(409).problem("wrong_state");
    partner.patch(&path, more.etag(), &json!({"seats": 3})).expect(200);
    assert_eq!(stage.by("citizen").all(&cycles).len(), 1);
    stage.execute("UPDATE program_cycles SET seats_taken = 0");
}

#[test]
fn a_restricted_program_is_for_its_own_people() {
    let stage = Stage::start();
    let coordinator = stage.plain_coordinator();
    let terms = Terms {
        code: "SHELTER",
        need: "kekerasan",
        class: Some("violence_protection"),
        unit: "person",
        ..Terms::default()
    };
    let partner = stage.by("partner");
    let draft = partner.post("/api/v1/programs", &stage.new_program(&terms, FOUNDATION)).expect(201);
    assert_eq!(draft["sensitivity"], "restricted");
    let path = draft.header("location").unwrap().to_owned();
    partner.act(&format!("{path}/submit"), draft.etag(), &json!({})).expect(200);
    // Who publishes sees it until it is published, and gets the answer to the publishing.
    let published = coordinator.act(&format!("{path}/publish"), coordinator.get(&path).etag(), &json!({})).expect(200);
    assert_eq!(published["status"], "published");
    coordinator.get(&path).expect(404);
    for name in ["social_worker", "village_operator", "partner_out", "citizen", "auditor", "admin"] {
        stage.by(name).get(&path).expect(404);
        assert!(stage.by(name).all("/api/v1/programs").is_empty(), "{name}");
    }
    for name in ["partner", "social_worker2", "coordinator"] {
        stage.by(name).get(&path).expect(200);
    }
}

#[test]
fn a_benefit_has_values_by_whom_it_is_for() {
    let stage = Stage::start();
    let partner = stage.by("partner");
    let tier = |code: &str, value: i64| json!({"code": code, "name": {"id": code, "en": code}, "value_idr": value});
    let mut new = stage.new_program(&Terms::default(), FOUNDATION);
    new["benefit"]["tiers"] = json!([tier("primary", 45_000), tier("upper_secondary", 180_000)]);
    let draft = partner.post("/api/v1/programs", &new).expect(201);
    assert_eq!(draft["benefit"]["tiers"], new["benefit"]["tiers"]);
    let path = draft.header("location").unwrap().to_owned();
    let fewer = json!({"benefit": {"kind": "goods", "unit": "household", "value_idr": 100_000, "period": "once",
        "tiers": [tier("primary", 50_000)]}});
    let edited = partner.patch(&path, draft.etag(), &fewer).expect(200);
    assert_eq!(edited["benefit"]["tiers"], json!([tier("primary", 50_000)]));
    let renamed = partner.patch(&path, edited.etag(), &json!({"legal_basis": "AD/ART"})).expect(200);
    assert_eq!(renamed["benefit"], edited["benefit"], "what is not named stays");
    let cycle = json!({"starts_on": "2020-01-01", "ends_on": "2099-12-31", "seat_kind": "stock", "seats": 3});
    let cycle = partner.post(&format!("{path}/cycles"), &cycle).expect(201).id();
    partner.act(&format!("{path}/submit"), partner.get(&path).etag(), &json!({})).expect(200);
    let coordinator = stage.by("coordinator");
    coordinator.act(&format!("{path}/publish"), coordinator.get(&path).etag(), &json!({})).expect(200);
    // A referral names one instead of an amount.
    let draft = |more: serde_json::Value| {
        let mut new = json!({"problem_id": stage.needy().1, "cycle_id": cycle});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        stage.by("social_worker").post("/api/v1/referrals", &new)
    };
    assert_eq!(draft(json!({"tier": "upper_secondary"})).expect(422).refusals(), ["/tier unknown_code"]);
    let both = json!({"tier": "primary", "amount_idr": 5});
    assert_eq!(draft(both).expect(422).refusals(), ["/tier not_allowed"]);
    assert_eq!(draft(json!({"tier": "primary"})).expect(201)["amount_idr"], 50_000);
    assert_eq!(draft(json!({})).expect(201)["amount_idr"], 100_000);
}
