//! The end of a year: revisions, refunds, what lapses and what goes over; who may end it; and that afterwards nothing moves.

use serde_json::{Value, json};

use crate::harness::{AGENCY, Answer, FOUNDATION, TestApp, this_year};
use crate::stage::{Offer, Stage, Terms};

/// A source of the city of this many years from now; its path.
fn source(stage: &Stage, code: &str, years: i32, more: &Value) -> String {
    let mut new = json!({"code": code, "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": this_year() + years, "name": code});
    for (name, value) in more.as_object().unwrap() {
        new[name] = value.clone();
    }
    stage.by("coordinator").post("/api/v1/funding-sources", &new).expect(201).header("location").unwrap().to_owned()
}

fn verb(stage: &Stage, path: &str, verb: &str, body: &Value) -> Answer {
    stage.by("coordinator").post(&format!("{path}/{verb}"), body)
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// A referral of a needy family that was sent and went on as far as the steps say.
fn referral(stage: &Stage, offer: &Offer, steps: &[(&str, &str, Value)]) -> String {
    let (_, problem) = stage.needy();
    let referral = stage.draft(&problem, offer);
    stage.step("social_worker", &referral, "send", &json!({})).expect(200);
    for (who, verb, body) in steps {
        stage.step(who, &referral, verb, body).expect(200);
    }
    referral
}

fn given(stage: &Stage, offer: &Offer) -> String {
    let accept = ("partner", "accept", json!({}));
    referral(stage, offer, &[accept, ("partner", "complete", json!({"outcome_code": "need_met"}))])
}

/// Proposes the end of the year as one and approves it as the other.
fn close(stage: &Stage, path: &str, body: &Value) -> Answer {
    let proposal = verb(stage, path, "close-year", body).expect(202);
    stage.by("coordinator2").post(&format!("/api/v1/funding-proposals/{}/approve", proposal.id()), &json!({}))
}

#[test]
fn a_budget_is_revised_but_never_below_what_is_allotted() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let path = format!("/api/v1/funding-sources/{}", stage.budget("BUDGET", &offer, 1_000, 600));
    let revise = |amount: i64| verb(&stage, &path, "revise", &json!({"amount_idr": amount, "reference": "Perda 7"}));
    revise(-401).expect(409).problem("insufficient_funds");
    revise(-400).expect(200);
    assert_eq!(stage.balance(id(&path)), [0, 0, 600, 0, 0, 0]);
    revise(50).expect(200);
    assert_eq!(stage.balance(id(&path)), [0, 50, 600, 0, 0, 0]);
    for wrong in [0, i64::MAX, i64::MIN, 100_000_000_000_001] {
        revise(wrong).expect(422);
    }
    verb(&stage, &path, "revise", &json!({"amount_idr": 1})).expect(422);
    verb(&stage, &path, "revise", &json!({"amount_idr": 1, "reference": " "})).expect(422);
    assert_eq!(
        verb(&stage, &path, "revise", &json!({"items": 1, "reference": "x"})).expect(422).refusals(),
        ["/items wrong_unit"]
    );
    let ledger = stage.by("coordinator").all(&format!("{path}/ledger?kind=revise"));
    assert_eq!(ledger.iter().map(|e| e["amount"].as_i64().unwrap()).collect::<Vec<_>>(), [50, 400]);
    stage.by("partner").post(&format!("{path}/revise"), &json!({"amount_idr": 1, "reference": "x"})).expect(403);
}

#[test]
fn help_paid_back_is_never_more_than_was_given() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let path = format!("/api/v1/funding-sources/{source}");
    let first = given(&stage, &offer);
    given(&stage, &offer);
    assert_eq!(stage.balance(&source), [0, 0, 300_000, 0, 0, 200_000]);
    let refund =
        |amount: i64, to: &str| json!({"referral_id": first, "amount_idr": amount, "to": to, "reason": "Salah kirim"});
    verb(&stage, &path, "refund", &refund(100_001, "cycle")).expect(409).problem("insufficient_funds");
    verb(&stage, &path, "refund", &refund(30_000, "source")).expect(200);
    assert_eq!(stage.balance(&source), [0, 30_000, 300_000, 0, 0, 170_000]);
    // Eight at once for the 70,000 that are left of the first, while the second's stand there too.
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let runs: Vec<_> = (0..8)
            .map(|_| {
                let (caller, path, body) = (stage.by("coordinator"), &path, refund(70_000, "cycle"));
                threads.spawn(move || caller.post(&format!("{path}/refund"), &body).status)
            })
            .collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert_eq!(stage.balance(&source), [0, 30_000, 370_000, 0, 0, 100_000]);
    let unknown = json!({"referral_id": uuid::Uuid::now_v7(), "amount_idr": 1});
    assert_eq!(verb(&stage, &path, "refund", &unknown).expect(422).refusals(), ["/referral_id not_found"]);
}

#[test]
fn what_is_left_lapses_or_goes_over_to_the_same_purpose() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let (old, new) = (
        source(&stage, "OLD", 0, &json!({"restrictions": {"needs": ["pangan"]}})),
        |code: &str, years, more: Value| source(&stage, code, years, &more),
    );
    verb(&stage, &old, "appropriate", &json!({"amount_idr": 1_000})).expect(200);
    verb(&stage, &old, "allot", &json!({"amount_idr": 300, "cycle_id": offer.cycle})).expect(200);
    let narrow = json!({"restrictions": {"needs": ["pangan"]}});
    let wide = new("WIDE", 1, json!({}));
    let far = new("FAR", 2, narrow.clone());
    let goods = new("GOODS", 1, json!({"restrictions": {"needs": ["pangan"]}, "unit": "paket"}));
    let other =
        new("OTHER", 1, json!({"restrictions": {"needs": ["pangan"]}, "organization_id": FOUNDATION, "kind": "grant"}));
    let next = new("NEXT", 1, narrow);
    let over = |to: &str, amount: Value| {
        verb(&stage, &old, "carry-over", &json!({"to_source_id": id(to), "amount_idr": amount}))
    };
    for (to, code) in [
        (&wide, "wider_restrictions"),
        (&far, "not_next_year"),
        (&goods, "wrong_unit"),
        (&other, "other_owner"),
        (&old, "not_next_year"),
    ] {
        assert_eq!(over(to, json!(1)).expect(422).refusals(), [format!("/to_source_id {code}")]);
    }
    over(&next, json!(701)).expect(409).problem("insufficient_funds");
    over(&next, json!(200)).expect(200);
    assert_eq!((stage.balance(id(&old)), stage.balance(id(&next))), ([0, 500, 300, 0, 0, 0], [0, 200, 0, 0, 0, 0]));
    let moved =
        |path: &str| stage.by("coordinator").all(&format!("{path}/ledger?kind=carry_over"))[0]["transfer_id"].clone();
    assert!(moved(&old).is_string());
    assert_eq!(moved(&old), moved(&next), "both sides are one transfer");
    verb(&stage, &old, "lapse", &json!({"amount_idr": 100})).expect(200);
    verb(&stage, &old, "lapse", &json!({"cycle_id": offer.cycle})).expect(200);
    over(&next, Value::Null).expect(200);
    verb(&stage, &old, "lapse", &json!({})).expect(409).problem("insufficient_funds");
    let balance = stage.by("coordinator").get(&format!("{old}/balance")).expect(200);
    assert_eq!((&balance["lapsed"], &balance["available"], &balance["allotted"]), (&json!(400), &json!(0), &json!(0)));
    assert_eq!(stage.balance(id(&next)), [0, 600, 0, 0, 0, 0]);
}

#[test]
fn a_year_is_ended_by_two_and_its_referrals_go_with_their_money() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: 20, ..Terms::default() });
    let old = format!("/api/v1/funding-sources/{}", stage.budget("OLD", &offer, 1_000_000, 700_000));
    let next = source(&stage, "NEXT", 1, &json!({}));
    stage.by("coordinator").post(&format!("{old}/pledge"), &json!({"amount_idr": 5_000})).expect(200);
    let sent = referral(&stage, &offer, &[]);
    let accepted = referral(&stage, &offer, &[("partner", "accept", json!({}))]);
    given(&stage, &offer);
    verb(&stage, &old, "close-year", &json!({})).expect(409).problem("still_held");
    let rest = json!({"rest": "carry_over"});
    assert_eq!(verb(&stage, &old, "close-year", &rest).expect(422).refusals(), ["/to_source_id required"]);
    let body = json!({"to_source_id": id(&next), "rest": "carry_over", "reason": "Akhir tahun"});
    let proposal = verb(&stage, &old, "close-year", &body).expect(202);
    assert_eq!((&proposal["status"], &proposal["can"]), (&json!("proposed"), &json!(["reject"])));
    verb(&stage, &old, "close-year", &body).expect(409).problem("already_exists");
    let approve = format!("/api/v1/funding-proposals/{}/approve", proposal.id());
    stage.by("coordinator").post(&approve, &json!({})).expect(409).problem("same_person");
    stage.by("partner").post(&approve, &json!({})).expect(403);
    assert_eq!(stage.balance(id(&old)), [5_000, 300_000, 400_000, 100_000, 100_000, 100_000]);
    let second = stage.by("coordinator2");
    assert_eq!(second.get(&approve.replace("/approve", "")).expect(200)["can"], json!(["approve", "reject"]));
    assert_eq!(second.post(&approve, &json!({})).expect(200)["status"], "approved");
    second.post(&approve, &json!({})).expect(409).problem("wrong_state");
    assert_eq!(stage.balance(id(&old)), [0, 0, 0, 0, 0, 100_000]);
    assert_eq!(stage.balance(id(&next)), [0, 700_000, 0, 100_000, 100_000, 0]);
    let closed = second.get(&old).expect(200);
    assert_eq!(
        (&closed["status"], &closed["can"], closed["closed_at"].is_string()),
        (&json!("closed"), &json!([]), true)
    );
    // Who was promised help gets it, from the source that took the promise over.
    for (referral, steps) in [(&sent, &["accept", "complete"][..]), (&accepted, &["complete"])] {
        for verb in steps {
            let body = if *verb == "complete" { json!({"outcome_code": "need_met"}) } else { json!({}) };
            let after = stage.step("partner", referral, verb, &body).expect(200);
            assert_eq!(after["funding_source_id"], id(&next));
        }
    }
    assert_eq!(stage.balance(id(&next)), [0, 700_000, 0, 0, 0, 200_000]);
    nothing_moves(&stage, &old, &offer, &next);
}

fn nothing_moves(stage: &Stage, old: &str, offer: &Offer, next: &str) {
    let money = json!({"amount_idr": 1});
    let of_cycle = json!({"amount_idr": 1, "cycle_id": offer.cycle});
    for (name, body) in [
        ("pledge", money.clone()),
        ("receive", money.clone()),
        ("appropriate", money.clone()),
        ("revise", json!({"amount_idr": 1, "reference": "x"})),
        ("allot", of_cycle.clone()),
        ("release", of_cycle),
        ("refund", json!({"amount_idr": 1, "referral_id": uuid::Uuid::now_v7()})),
        ("lapse", money.clone()),
        ("carry-over", json!({"amount_idr": 1, "to_source_id": id(next)})),
        ("close-year", json!({})),
    ] {
        verb(stage, old, name, &body).expect(409).problem("source_closed");
    }
    use diesel::prelude::*;
    let insert = format!(
        "INSERT INTO ledger_transactions (id, kind, funding_source_id, amount) VALUES (gen_random_uuid(), 'pledge', '{}', 1)",
        id(old)
    );
    let refused = diesel::sql_query(insert).execute(&mut stage.app.sql());
    assert!(format!("{refused:?}").contains("closed"), "{refused:?}");
}

#[test]
fn the_year_does_not_end_under_a_referral_that_is_being_sent() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: 40, ..Terms::default() });
    let old = format!("/api/v1/funding-sources/{}", stage.budget("OLD", &offer, 3_000_000, 3_000_000));
    let next = source(&stage, "NEXT", 1, &json!({}));
    let drafts: Vec<String> = (0..12).map(|_| stage.draft(&stage.needy().1, &offer)).collect();
    let body = json!({"to_source_id": id(&next), "rest": "carry_over"});
    let proposal = verb(&stage, &old, "close-year", &body).expect(202).id();
    let etags: Vec<String> = drafts
        .iter()
        .map(|d| stage.by("social_worker").get(&format!("/api/v1/referrals/{d}")).expect(200).etag().to_owned())
        .collect();
    let (sent, closed) = std::thread::scope(|threads| {
        let sends: Vec<_> = drafts
            .iter()
            .zip(&etags)
            .map(|(draft, etag)| {
                let caller = stage.by("social_worker");
                threads.spawn(move || caller.act(&format!("/api/v1/referrals/{draft}/send"), etag, &json!({})))
            })
            .collect();
        let second = stage.by("coordinator2");
        let ends = threads.spawn(move || {
            // A conflict or a lost deadlock asks to be tried again.
            (0..200).any(|_| {
                second.post(&format!("/api/v1/funding-proposals/{proposal}/approve"), &json!({})).status == 200
            })
        });
        (sends.into_iter().map(|s| s.join().unwrap()).collect::<Vec<_>>(), ends.join().unwrap())
    });
    assert!(closed);
    let through = sent.iter().filter(|a| a.status == 200).count();
    for refused in sent.iter().filter(|a| a.status != 200) {
        let code = refused.json()["code"].as_str().unwrap().to_owned();
        assert!(
            ["source_closed", "insufficient_funds", "unavailable", "stale_version"].contains(&code.as_str()),
            "{code}"
        );
    }
    let held = 100_000 * i64::try_from(through).unwrap();
    assert_eq!(stage.balance(id(&old)), [0; 6]);
    assert_eq!(stage.balance(id(&next)), [0, 3_000_000 - held, 0, held, 0, 0]);
}

#[test]
fn each_year_takes_its_own_movements() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let (past, coming) = (source(&stage, "PAST", -1, &json!({})), source(&stage, "COMING", 1, &json!({})));
    for (name, body) in [
        ("pledge", json!({})),
        ("receive", json!({})),
        ("appropriate", json!({})),
        ("revise", json!({"reference": "x"})),
    ] {
        let mut body = body;
        body["amount_idr"] = json!(500_000);
        verb(&stage, &past, name, &body).expect(409).problem("wrong_fiscal_year");
    }
    verb(&stage, &coming, "appropriate", &json!({"amount_idr": 500_000})).expect(200);
    let allot = json!({"amount_idr": 500_000, "cycle_id": offer.cycle});
    verb(&stage, &past, "allot", &allot).expect(409).problem("wrong_fiscal_year");
    verb(&stage, &coming, "allot", &allot).expect(200);
    verb(&stage, &coming, "lapse", &json!({})).expect(409);
    verb(&stage, &coming, "close-year", &json!({})).expect(409).problem("wrong_fiscal_year");
    // Nobody is helped from a budget whose year has not begun.
    let (_, problem) = stage.needy();
    let draft = stage.draft(&problem, &offer);
    stage.step("social_worker", &draft, "send", &json!({})).expect(409).problem("insufficient_funds");
    close(&stage, &past, &json!({})).expect(200);
}

#[test]
fn goods_are_counted_in_whole_items() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let mut goods = stage.new_program(&Terms { code: "CHAIRS", ..Terms::default() }, FOUNDATION);
    goods["benefit"]["unit"] = json!("kursi_roda");
    let other = stage.by("partner").post("/api/v1/programs", &goods).expect(201).id();
    let cycle = json!({"starts_on": "2020-01-01", "ends_on": "2099-12-31", "seat_kind": "stock", "seats": 3});
    let other = stage.by("partner").post(&format!("/api/v1/programs/{other}/cycles"), &cycle).expect(201).id();
    // The unit of this program's benefit is its claim unit: a parcel a household.
    let path = source(&stage, "PARCELS", 0, &json!({"unit": "household"}));
    let items = |n: Value| json!({"items": n, "cycle_id": offer.cycle});
    verb(&stage, &path, "appropriate", &json!({"items": 2})).expect(200);
    for wrong in [
        json!({"amount_idr": 2}),
        json!({"items": 2, "amount_idr": 2}),
        json!({"items": 0}),
        json!({"items": -1}),
        json!({"items": 1.5}),
        json!({}),
    ] {
        let status = verb(&stage, &path, "appropriate", &wrong).status;
        assert!(matches!(status, 400 | 422), "{wrong} {status}");
    }
    let elsewhere = json!({"items": 1, "cycle_id": other});
    assert_eq!(verb(&stage, &path, "allot", &elsewhere).expect(422).refusals(), ["/cycle_id wrong_unit"]);
    verb(&stage, &path, "allot", &items(json!(2))).expect(200);
    // Two parcels are there, then the money comes in.
    let budget = stage.budget("BUDGET", &offer, 100_000, 100_000);
    let first = given(&stage, &offer);
    given(&stage, &offer);
    assert_eq!((stage.balance(id(&path)), stage.balance(&budget)), ([0, 0, 0, 0, 0, 2], [0, 0, 100_000, 0, 0, 0]));
    given(&stage, &offer);
    assert_eq!(stage.balance(&budget), [0, 0, 0, 0, 0, 100_000]);
    verb(&stage, &path, "refund", &json!({"items": 1, "referral_id": first})).expect(200);
    assert_eq!(stage.balance(id(&path)), [0, 0, 1, 0, 0, 1]);
    let trial = stage.by("coordinator").get("/api/v1/trial-balance").expect(200);
    let units: Vec<_> =
        trial["units"].as_array().unwrap().iter().map(|u| (u["unit"].clone(), u["balanced"].clone())).collect();
    assert_eq!(units, [(json!("IDR"), json!(true)), (json!("household"), json!(true))]);
    let wrong = json!({"code": "X", "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": this_year(), "name": "X", "unit": "Paket besar"});
    stage.by("coordinator").post("/api/v1/funding-sources", &wrong).expect(422);
}

#[test]
fn a_large_movement_waits_for_a_second_person() {
    let app = TestApp::build().config(|c| c.approval_limit_idr = 1_000_000).start();
    let (one, two) = (app.as_role("coordinator"), app.as_role("coordinator2"));
    let new = json!({"code": "BIG", "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": this_year(), "name": "BIG"});
    let path = one.post("/api/v1/funding-sources", &new).expect(201).header("location").unwrap().to_owned();
    one.post(&format!("{path}/pledge"), &json!({"amount_idr": 9_000_000})).expect(200);
    one.post(&format!("{path}/appropriate"), &json!({"amount_idr": 1_000_000})).expect(200);
    let wait = |verb: &str, body: &Value| one.post(&format!("{path}/{verb}"), body).expect(202);
    let asked = wait("appropriate", &json!({"amount_idr": 1_000_001, "reference": "SK 1"}));
    assert_eq!(
        (&asked["kind"], &asked["amount"], &asked["reference"]),
        (&json!("appropriate"), &json!(1_000_001), &json!("SK 1"))
    );
    let proposal = asked.header("location").unwrap().to_owned();
    assert_eq!(one.get(&path).expect(200)["balance"]["available"], 1_000_000);
    one.post(&format!("{proposal}/approve"), &json!({})).expect(409).problem("same_person");
    // Both hands of the second person at once: it is done once.
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let runs: Vec<_> = (0..6)
            .map(|_| {
                let (two, proposal) = (two.clone(), &proposal);
                threads.spawn(move || two.post(&format!("{proposal}/approve"), &json!({})).status)
            })
            .collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert_eq!(one.get(&path).expect(200)["balance"]["available"], 2_000_001);
    // What no longer fits is refused and stays open until somebody turns it down.
    let down = wait("revise", &json!({"amount_idr": -1_500_000, "reference": "Perda"}));
    let down = down.header("location").unwrap().to_owned();
    one.post(&format!("{path}/lapse"), &json!({"amount_idr": 1_000_000})).expect(200);
    two.post(&format!("{down}/approve"), &json!({})).expect(409).problem("insufficient_funds");
    one.post(&format!("{down}/reject"), &json!({"reason": " "})).expect(422);
    let rejected = one.post(&format!("{down}/reject"), &json!({"reason": "Salah"})).expect(200);
    assert_eq!((&rejected["status"], &rejected["decision_reason"]), (&json!("rejected"), &json!("Salah")));
    two.post(&format!("{down}/approve"), &json!({})).expect(409).problem("wrong_state");
    let all = one.all("/api/v1/funding-proposals?status=approved");
    assert_eq!(all.iter().map(|p| p["kind"].clone()).collect::<Vec<_>>(), ["appropriate"]);
    app.as_role("partner").get(&proposal).expect(404);
    app.as_role("social_worker").get(&proposal).expect(403);
}

#[test]
fn statements_burn_and_needs_say_what_the_ledger_holds() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let id = stage.budget("BUDGET", &offer, 900_000, 500_000);
    let path = format!("/api/v1/funding-sources/{id}");
    let first = given(&stage, &offer);
    referral(&stage, &offer, &[("partner", "accept", json!({}))]);
    verb(&stage, &path, "refund", &json!({"amount_idr": 40_000, "referral_id": first, "reason": "=1+1"})).expect(200);
    let burn = stage.by("coordinator").get(&format!("{path}/burn")).expect(200);
    let month = &burn["months"][0];
    let of = |name: &str| month[name].as_i64().unwrap();
    assert_eq!(
        ["came_in", "reserved", "committed", "disbursed", "refunded"].map(of),
        [900_000, 200_000, 200_000, 100_000, 40_000]
    );
    assert_eq!((&burn["budget"], &burn["disbursed"]), (&json!(900_000), &json!(60_000)));
    let csv = stage.by("coordinator").get(&format!("{path}/statement?format=csv")).expect(200).text();
    let rows: Vec<&str> = csv.lines().collect();
    let entries = stage.by("coordinator").all(&format!("{path}/ledger"));
    let lines: usize = entries.iter().map(|e| e["lines"].as_array().unwrap().len()).sum();
    assert_eq!(rows.len(), lines + 1);
    assert!(csv.contains("'=1+1"), "a formula stays text");
    let sum: i64 = rows[1..].iter().map(|r| r.split(',').nth(4).unwrap().parse::<i64>().unwrap()).sum();
    assert_eq!(sum, 0);
    let text = stage.by("coordinator").get(&format!("{path}/statement?format=ndjson&kind=disburse")).expect(200).text();
    let only: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(only.iter().map(|e| e["kind"].clone()).collect::<Vec<_>>(), ["disburse"]);
    stage.by("partner").get(&format!("{path}/statement?format=csv")).expect(404);
    let money = stage.by("coordinator").get(&format!("/api/v1/programs/{}/funding", offer.program)).expect(200);
    let balance = &money["lines"][0]["balance"];
    assert_eq!(
        (&balance["allotted"], &balance["committed"], &balance["disbursed"]),
        (&json!(340_000), &json!(100_000), &json!(60_000))
    );
    assert_eq!((&money["next_year"]["need_idr"], &money["next_year"]["owed_idr"]), (&json!(0), &json!(100_000)));
    stage.execute("UPDATE programs SET benefit_period = 'monthly'");
    let money = stage.by("coordinator").get(&format!("/api/v1/programs/{}/funding", offer.program)).expect(200);
    assert_eq!(money["next_year"]["need_idr"], 1_200_000);
    assert!(
        stage.by("partner").get(&format!("/api/v1/programs/{}/funding", offer.program)).expect(200)["lines"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_end_of_a_year_tells_nobody_of_restricted_cases() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let old = format!("/api/v1/funding-sources/{}", stage.budget("OLD", &offer, 300_000, 300_000));
    referral(&stage, &offer, &[]);
    let done = given(&stage, &offer);
    stage.execute("UPDATE programs SET sensitivity = 'restricted'");
    stage.execute("UPDATE referrals SET sensitivity = 'restricted'");
    let plain = stage.plain_coordinator();
    plain.post(&format!("{old}/close-year"), &json!({})).expect(403);
    let refund = json!({"amount_idr": 1, "referral_id": done});
    assert_eq!(plain.post(&format!("{old}/refund"), &refund).expect(422).refusals(), ["/referral_id not_found"]);
    let burn = plain.get(&format!("{old}/burn")).expect(200);
    assert_eq!(
        (&burn["months"][0]["reserved"], &burn["months"][0]["disbursed"], &burn["disbursed"]),
        (&json!(0), &json!(0), &json!(0))
    );
    assert_eq!(plain.all(&format!("{old}/ledger")).len(), 2);
    assert_eq!(plain.get(&format!("{old}/statement?format=ndjson")).expect(200).text().lines().count(), 2);
    stage.by("coordinator").post(&format!("{old}/refund"), &refund).expect(200);
    let trial = plain.get("/api/v1/trial-balance").expect(200);
    assert_eq!(trial["units"][0]["balanced"], true);
    assert!(!trial.text().contains("disbursed"));
}
