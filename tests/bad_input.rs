//! What cannot be meant, and what has changed under one's feet: each refused with the code that says so, and nothing done.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::harness::{AGENCY, Answer, FOUNDATION, TestApp, VILLAGE, count};
use crate::stage::{Offer, Stage, Terms};

/// Everything money can do, with the rest of its body.
fn movements(offer: &Offer, referral: &str, next: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("pledge", json!({})),
        ("receive", json!({})),
        ("appropriate", json!({})),
        ("revise", json!({"reference": "Perda 7"})),
        ("allot", json!({"cycle_id": offer.cycle})),
        ("release", json!({"cycle_id": offer.cycle})),
        ("refund", json!({"referral_id": referral})),
        ("lapse", json!({})),
        ("carry-over", json!({"to_source_id": next})),
    ]
}

fn with(body: &Value, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[name] = value;
    body
}

/// A family's referral that was sent.
fn sent(stage: &Stage, offer: &Offer) -> String {
    let id = stage.draft(&stage.needy().1, offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    id
}

fn new_source(stage: &Stage, code: &str, year: i32, more: &Value) -> String {
    let mut new =
        json!({"code": code, "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": year, "name": code});
    for (name, value) in more.as_object().unwrap() {
        new[name] = value.clone();
    }
    stage.by("coordinator").post("/api/v1/funding-sources", &new).expect(201).header("location").unwrap().to_owned()
}

#[test]
fn no_sum_is_negative_zero_too_large_or_of_another_unit() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let path = format!("/api/v1/funding-sources/{}", stage.budget("BUDGET", &offer, 500_000, 500_000));
    let next = new_source(&stage, "NEXT", 2027, &json!({})).rsplit('/').next().unwrap().to_owned();
    let referral = sent(&stage, &offer);
    let before = stage.balance(path.rsplit('/').next().unwrap());
    let coordinator = stage.by("coordinator");
    for (verb, body) in movements(&offer, &referral, &next) {
        let refused = |amount: Value| {
            let answer = coordinator.post(&format!("{path}/{verb}"), &with(&body, "amount_idr", amount.clone()));
            (answer.status, answer.refusals())
        };
        let range = (422, vec!["/amount_idr range".to_owned()]);
        if verb != "revise" {
            assert_eq!(refused(json!(-1)), range, "{verb}");
            assert_eq!(refused(json!(i64::MIN)), range, "{verb}");
        }
        for amount in [json!(0), json!(100_000_000_000_001_i64), json!(i64::MAX)] {
            assert_eq!(refused(amount.clone()), range, "{verb} {amount}");
        }
        for amount in [json!(u64::MAX), json!(1.5), json!("1000"), json!(1e30)] {
            let (status, _) = refused(amount.clone());
            assert_eq!(status, 422, "{verb} {amount}");
        }
        let items = coordinator.post(&format!("{path}/{verb}"), &with(&body, "items", json!(1))).expect(422);
        assert_eq!(items.refusals(), ["/items wrong_unit"], "{verb}");
    }
    assert_eq!(stage.balance(path.rsplit('/').next().unwrap()), before, "and nothing has moved");
}

#[test]
fn sums_that_no_number_holds_are_refused() {
    let stage = Stage::of(TestApp::build().config(|c| c.approval_limit_idr = i64::MAX).start());
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let path = format!("/api/v1/funding-sources/{source}");
    // Ninety thousand appropriations of the largest amount: as the ledger would stand after them.
    stage.execute(&format!(
        "UPDATE ledger_accounts SET balance = 9223372036854775000 WHERE bucket = 'available' AND funding_source_id = '{source}'"
    ));
    let much = json!({"amount_idr": 100_000_000_000_000_i64});
    let refused = stage.by("coordinator").post(&format!("{path}/appropriate"), &much).expect(422);
    assert_eq!(refused.refusals(), ["/amount_idr range"]);
    stage.execute(&format!(
        "UPDATE ledger_accounts SET balance = 0 WHERE bucket = 'available' AND funding_source_id = '{source}'"
    ));
    // Lines of help: many months of much.
    let referral = sent(&stage, &offer);
    stage.step("partner", &referral, "accept", &json!({})).expect(200);
    let day = (Utc::now() + chrono::Duration::days(2)).date_naive();
    let line = |amount: Value| json!({"planned_on": day, "amount_idr": amount, "channel": "in_kind", "months": 36});
    let lines = format!("/api/v1/referrals/{referral}/deliveries");
    let plan = |amount: Value| stage.by("partner").post(&lines, &line(amount)).expect(422).refusals();
    assert_eq!(plan(json!(10_000_000_000_i64)), ["/amount_idr exceeds_referral"]);
    assert_eq!(plan(json!(-1)), ["/amount_idr range"]);
    assert_eq!(plan(json!(10_000_000_001_i64)), ["/amount_idr range"]);
    // What a referral asks for.
    let problem = stage.needy().1;
    for amount in [json!(-1), json!(i64::MAX)] {
        let new = json!({"problem_id": problem, "cycle_id": offer.cycle, "amount_idr": amount});
        let answer = stage.by("social_worker").post("/api/v1/referrals", &new).expect(422);
        assert_eq!(answer.refusals(), ["/amount_idr range"]);
    }
    // Money of nobody, and of somebody who set none aside for this.
    let from = |source: &str| json!({"problem_id": problem, "cycle_id": offer.cycle, "funding_source_id": source});
    let worker = stage.by("social_worker");
    let nobody = worker.post("/api/v1/referrals", &from(&uuid::Uuid::now_v7().to_string())).expect(422);
    assert_eq!(nobody.refusals(), ["/funding_source_id not_found"]);
    let other = stage.budget("OTHER", &offer, 500_000, 0);
    let draft = worker.post("/api/v1/referrals", &from(&other)).expect(201).id();
    stage.step("social_worker", &draft, "send", &json!({})).expect(409).problem("insufficient_funds");
}

#[test]
fn no_rule_judges_a_household_of_nobody() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let (household, head) = stage.household(VILLAGE);
    stage.execute(&format!(
        "UPDATE households SET head_id = NULL, head_name = NULL, members_count = 0, declared_members = 0, members_complete = true WHERE id = '{household}';"
    ));
    stage.execute(&format!("DELETE FROM individuals WHERE id = '{head}'"));
    let path = format!("/api/v1/programs/{}/rule/check", offer.program);
    let outcome = |rule: Value| {
        let said = stage.by("social_worker").post(&path, &json!({"rule": rule, "household_id": household})).expect(200);
        said["verdict"]["outcome"].as_str().unwrap().to_owned()
    };
    let old = json!({"any_member": {"age": {"min": 60}}});
    // Who lives there is not known, whatever the count says; so nothing about them is.
    for rule in [old.clone(), json!({"not": old}), json!({"count_members": {"op": "ge", "value": 1}})] {
        assert_eq!(outcome(rule.clone()), "needs_data", "{rule}");
    }
}

#[test]
fn papers_that_run_out_in_the_middle_stop_what_would_be_told_anew() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (waiting, accepted) = (sent(&stage, &offer), sent(&stage, &offer));
    stage.step("partner", &accepted, "accept", &json!({})).expect(200);
    stage.execute("UPDATE organizations SET agreement_until = '2020-01-01'");
    // Who it is was not said yet, and is not said now; where he lives neither.
    stage.step("partner", &waiting, "accept", &json!({})).expect(409).problem("agreement_expired");
    let day = (Utc::now() + chrono::Duration::days(3)).date_naive();
    let schedule = json!({"scheduled_on": day});
    stage.step("partner", &accepted, "schedule", &schedule).expect(409).problem("agreement_expired");
    assert_eq!(stage.balance(&source)[3..], [100_000, 100_000, 0]);
    // What was promised to somebody it knows is given all the same, and what waits may be refused.
    stage.step("partner", &accepted, "complete", &json!({"outcome_code": "need_met"})).expect(200);
    stage.step("partner", &waiting, "decline", &json!({"reason_code": "no_capacity"})).expect(200);
    assert_eq!(stage.balance(&source)[2..], [400_000, 0, 0, 100_000]);
}

#[test]
fn nobody_is_sent_to_what_is_not_published_not_his_or_closed() {
    let stage = Stage::start();
    stage.app.look_after();
    let partner = stage.by("partner");
    let worker = stage.by("social_worker");
    let problem = stage.needy().1;
    let refused = |cycle: &str| {
        let new = json!({"problem_id": problem, "cycle_id": cycle});
        worker.post("/api/v1/referrals", &new).expect(422).refusals()
    };
    // A draft of somebody else does not exist; submitted it is not published either.
    let draft = partner.post("/api/v1/programs", &stage.new_program(&Terms::default(), FOUNDATION)).expect(201);
    let path = draft.header("location").unwrap().to_owned();
    let cycle = json!({"starts_on": "2020-01-01", "ends_on": "2099-12-31", "seat_kind": "stock", "seats": 3});
    let cycle = partner.post(&format!("{path}/cycles"), &cycle).expect(201).id();
    assert_eq!(refused(&cycle), ["/cycle_id not_found"]);
    partner.act(&format!("{path}/submit"), partner.get(&path).etag(), &json!({})).expect(200);
    assert_eq!(refused(&cycle), ["/cycle_id not_found"]);
    // Another city's: its area is none of ours, and one of ours reaches its own kecamatan only.
    let elsewhere = with(
        &stage.new_program(&Terms { code: "ELSEWHERE", ..Terms::default() }, FOUNDATION),
        "areas",
        json!(["32.04"]),
    );
    assert_eq!(partner.post("/api/v1/programs", &elsewhere).expect(422).refusals(), ["/areas unknown_code"]);
    let narrow = stage.offer(&Terms { code: "NARROW", ..Terms::default() });
    stage.execute(&format!("UPDATE programs SET areas = '{{32.73.30}}' WHERE id = '{}'", narrow.program));
    assert_eq!(refused(&narrow.cycle), ["/cycle_id out_of_area"]);
    // A program that closes lets go whoever waits for it, and takes nobody any more.
    let offer = stage.offer(&Terms { code: "CLOSING", seats: 1, class: None, ..Terms::default() });
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let held = sent(&stage, &offer);
    let draft = stage.draft(&problem, &offer);
    let entry = worker.post("/api/v1/waitlist", &json!({"referral_id": draft})).expect(201).id();
    let coordinator = stage.by("coordinator");
    let program = format!("/api/v1/programs/{}", offer.program);
    coordinator.act(&format!("{program}/close"), coordinator.get(&program).etag(), &json!({})).expect(200);
    stage.app.look_after();
    assert_eq!(coordinator.get(&format!("/api/v1/waitlist/{entry}")).expect(200)["status"], "lapsed");
    stage.step("social_worker", &draft, "send", &json!({})).expect(409).problem("program_not_open");
    worker.post("/api/v1/waitlist", &json!({"referral_id": draft})).expect(409).problem("program_not_open");
    // Whom it had taken it still serves.
    stage.step("partner", &held, "accept", &json!({})).expect(200);
    stage.step("partner", &held, "complete", &json!({"outcome_code": "need_met"})).expect(200);
    assert_eq!(stage.balance(&source)[4..], [0, 100_000]);
}

#[test]
fn a_key_that_comes_back_with_another_body_does_nothing() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let problem = stage.needy().1;
    let send = |who: &str, path: &str, tag: Option<&str>, body: &Value| -> Answer {
        // One key a path: another operation under it is another body too.
        let request = stage.by(who).request("POST", path).header("idempotency-key", &path.replace('/', "-")).json(body);
        match tag {
            Some(tag) => request.header("if-match", tag).send(),
            None => request.send(),
        }
    };
    let twice = |who: &str, path: &str, first: &Value, other: &Value| {
        let tag = path.contains("/referrals/").then(|| {
            let referral = path.rsplit_once('/').unwrap().0;
            stage.by(who).get(referral).expect(200).etag().to_owned()
        });
        let done = send(who, path, tag.as_deref(), first);
        assert!(matches!(done.status, 200 | 201), "{path} {}", done.text());
        send(who, path, tag.as_deref(), other).expect(422).problem("idempotency_key_reused");
        // The same again answers what the first did.
        assert_eq!(send(who, path, tag.as_deref(), first).json()["id"], done.json()["id"], "{path}");
        done
    };
    let new = json!({"problem_id": problem, "cycle_id": offer.cycle});
    let referral = twice("social_worker", "/api/v1/referrals", &new, &with(&new, "note", json!("Lain"))).id();
    let path = format!("/api/v1/referrals/{referral}");
    twice("social_worker", &format!("{path}/send"), &json!({}), &json!({"note": "Lain"}));
    twice("partner", &format!("{path}/accept"), &json!({}), &json!({"note": "Lain"}));
    let money = format!("/api/v1/funding-sources/{source}");
    for (verb, body) in [
        ("pledge", json!({"amount_idr": 5})),
        ("receive", json!({"amount_idr": 7})),
        ("appropriate", json!({"amount_idr": 9})),
        ("allot", json!({"amount_idr": 9, "cycle_id": offer.cycle})),
        ("release", json!({"amount_idr": 3, "cycle_id": offer.cycle})),
        ("lapse", json!({"amount_idr": 2})),
    ] {
        twice("coordinator", &format!("{money}/{verb}"), &body, &with(&body, "amount_idr", json!(1)));
    }
    let program = stage.new_program(&Terms { code: "AGAIN", ..Terms::default() }, FOUNDATION);
    twice("partner", "/api/v1/programs", &program, &with(&program, "code", json!("OTHER")));
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM programs"), 2);
    assert_eq!(stage.balance(&source), [0, 7 + 9 - 9 + 3 - 2, 400_000 + 9 - 3, 0, 100_000, 0]);
}

/// Seconds since 1970 of the clock of the next test.
static CLOCK: AtomicI64 = AtomicI64::new(0);

fn clock() -> DateTime<Utc> {
    DateTime::from_timestamp(CLOCK.load(Ordering::SeqCst), 0).unwrap()
}

fn it_is(instant: &str) {
    CLOCK.store(instant.parse::<DateTime<Utc>>().unwrap().timestamp(), Ordering::SeqCst);
}

/// The year turns at the office, seven hours before it does in UTC.
#[test]
fn the_year_turns_at_midnight_of_the_office() {
    it_is("2026-12-31T16:59:59Z");
    let stage = Stage::of(TestApp::build().config(|c| c.clock = clock).start());
    let offer = stage.offer(&Terms { class: None, ..Terms::default() });
    let old = stage.budget("OLD", &offer, 500_000, 300_000);
    let new = new_source(&stage, "NEW", 2027, &json!({}));
    let coordinator = stage.by("coordinator");
    let post = |path: &str, verb: &str, body: &Value| coordinator.post(&format!("{path}/{verb}"), body);
    let old_path = format!("/api/v1/funding-sources/{old}");
    let held = sent(&stage, &offer);
    let late = stage.draft(&stage.needy().1, &offer);
    it_is("2026-12-31T17:00:00Z");
    // The old year gives nothing anew, though London still writes December.
    post(&old_path, "appropriate", &json!({"amount_idr": 1})).expect(409).problem("wrong_fiscal_year");
    post(&old_path, "allot", &json!({"amount_idr": 1, "cycle_id": offer.cycle}))
        .expect(409)
        .problem("wrong_fiscal_year");
    stage.step("social_worker", &late, "send", &json!({})).expect(409).problem("insufficient_funds");
    // What it promised it keeps, in the books of January.
    stage.step("partner", &held, "accept", &json!({})).expect(200);
    post(&new, "appropriate", &json!({"amount_idr": 200_000})).expect(200);
    post(&new, "allot", &json!({"amount_idr": 200_000, "cycle_id": offer.cycle})).expect(200);
    stage.step("social_worker", &late, "send", &json!({})).expect(200);
    let seen = stage.by("social_worker").get(&format!("/api/v1/referrals/{late}")).expect(200);
    assert_eq!(format!("/api/v1/funding-sources/{}", seen["funding_source_id"].as_str().unwrap()), new);
    let months = |source: &str, bucket: &str| {
        count(
            &mut stage.app.sql(),
            &format!(
                "SELECT coalesce(sum(extract(month FROM m.month)), 0)::bigint AS n FROM ledger_months m JOIN ledger_accounts a ON a.id = m.account_id
                 WHERE a.bucket = '{bucket}' AND a.funding_source_id = '{source}'"
            ),
        )
    };
    assert_eq!((months(&old, "available"), months(&old, "committed")), (12, 1));
    // And back: the new year's money helps nobody while the old one lasts.
    it_is("2026-12-31T16:59:59Z");
    let early = stage.draft(&stage.needy().1, &offer);
    let release = json!({"amount_idr": 200_000, "cycle_id": offer.cycle});
    post(&old_path, "release", &release).expect(200);
    stage.step("social_worker", &early, "send", &json!({})).expect(409).problem("insufficient_funds");
}
