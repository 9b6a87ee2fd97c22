//! Funding: a ledger that cannot overrun, whoever tries at the same moment.

use serde_json::json;

use crate::harness::{AGENCY, FOUNDATION, this_year};
use crate::stage::{Stage, Terms};

#[test]
fn money_comes_in_is_allotted_and_comes_back() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let (partner, coordinator) = (stage.by("partner"), stage.by("coordinator"));
    let new = json!({"code": "YAYASAN-2026", "kind": "foundation", "organization_id": FOUNDATION, "fiscal_year": this_year(), "name": "Dana yayasan"});
    let source = partner.post("/api/v1/funding-sources", &new).expect(201);
    assert_eq!(source["can"], json!(["pledge"]));
    partner.post("/api/v1/funding-sources", &new).expect(409).problem("already_exists");
    let (path, id) = (source.header("location").unwrap().to_owned(), source.id());
    let money = |amount: i64| json!({"amount_idr": amount, "reference": "Surat 1"});
    let pledged = partner.post(&format!("{path}/pledge"), &money(1_000)).expect(200);
    assert_eq!((&pledged["balance"]["pledged"], &pledged["balance"]["available"]), (&json!(1_000), &json!(0)));
    assert_ne!(pledged.etag(), source.etag(), "the balance is part of the tag");
    partner.post(&format!("{path}/receive"), &money(400)).expect(403);
    coordinator.post(&format!("{path}/receive"), &money(400)).expect(200);
    assert_eq!(stage.balance(&id), [600, 400, 0, 0, 0, 0]);
    // What comes beyond the pledge is money all the same.
    coordinator.post(&format!("{path}/receive"), &money(700)).expect(200);
    assert_eq!(stage.balance(&id), [0, 1_100, 0, 0, 0, 0]);
    let allot = |amount: i64| json!({"cycle_id": offer.cycle, "amount_idr": amount});
    coordinator.post(&format!("{path}/allot"), &allot(1_101)).expect(409).problem("insufficient_funds");
    coordinator.post(&format!("{path}/allot"), &allot(1_000)).expect(200);
    coordinator.post(&format!("{path}/release"), &allot(1_001)).expect(409).problem("insufficient_funds");
    coordinator.post(&format!("{path}/release"), &allot(300)).expect(200);
    assert_eq!(stage.balance(&id), [0, 400, 700, 0, 0, 0]);
    let wrong = json!({"cycle_id": uuid::Uuid::now_v7(), "amount_idr": 1});
    assert_eq!(coordinator.post(&format!("{path}/allot"), &wrong).expect(422).refusals(), ["/cycle_id not_found"]);
    coordinator.post(&format!("{path}/allot"), &allot(0)).expect(422);
    let ledger = coordinator.all(&format!("{path}/ledger?limit=2"));
    assert_eq!(ledger.len(), 5);
    for entry in &ledger {
        let sum: i64 = entry["lines"].as_array().unwrap().iter().map(|l| l["amount"].as_i64().unwrap()).sum();
        assert_eq!(sum, 0);
    }
    assert_eq!(coordinator.all(&format!("{path}/ledger?kind=receive")).len(), 2);
    for name in ["partner_out", "agency_officer"] {
        stage.by(name).get(&path).expect(404);
        stage.by(name).get(&format!("{path}/ledger")).expect(404);
        assert!(stage.by(name).all("/api/v1/funding-sources").is_empty(), "{name}");
    }
    stage.by("partner_out").post(&format!("{path}/pledge"), &money(1)).expect(404);
    for name in ["social_worker", "citizen", "admin", "village_operator"] {
        stage.by(name).get(&path).expect(403);
    }
    stage.by("auditor").get(&path).expect(200);
}

#[test]
fn only_who_approves_money_moves_it_and_only_where_it_may_go() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let coordinator = stage.by("coordinator");
    let new = |code: &str, restrictions: serde_json::Value| json!({"code": code, "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": this_year(), "name": code, "restrictions": restrictions});
    let mut partners = new("XX", json!({}));
    partners["organization_id"] = json!(FOUNDATION);
    assert_eq!(
        stage.by("partner").post("/api/v1/funding-sources", &partners).expect(422).refusals(),
        ["/kind not_allowed"]
    );
    let wrong = new("XX", json!({"needs": ["x"]}));
    assert_eq!(
        coordinator.post("/api/v1/funding-sources", &wrong).expect(422).refusals(),
        ["/restrictions/needs/0 unknown_code"]
    );
    let source =
        coordinator.post("/api/v1/funding-sources", &new("HOUSES", json!({"needs": ["perumahan"]}))).expect(201);
    let path = source.header("location").unwrap().to_owned();
    coordinator.post(&format!("{path}/appropriate"), &json!({"amount_idr": 500})).expect(200);
    let allot = json!({"cycle_id": offer.cycle, "amount_idr": 100});
    assert_eq!(
        coordinator.post(&format!("{path}/allot"), &allot).expect(422).refusals(),
        ["/cycle_id restricted_source"]
    );
    stage.execute("UPDATE grants SET duties = '{publish}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator2')");
    let plain = stage.app.as_role("coordinator2");
    assert_eq!(plain.get(&path).expect(200)["can"], json!(["pledge"]));
    plain.post(&format!("{path}/appropriate"), &json!({"amount_idr": 500})).expect(403);
    stage.execute("UPDATE funding_sources SET status = 'closed'");
    coordinator.post(&format!("{path}/appropriate"), &json!({"amount_idr": 500})).expect(409).problem("source_closed");
    let key = |amount: i64| {
        coordinator
            .request("POST", &format!("{path}/pledge"))
            .header("idempotency-key", "p")
            .json(&json!({"amount_idr": amount}))
            .send()
    };
    stage.execute("UPDATE funding_sources SET status = 'open'");
    let (first, again) = (key(9).expect(200), key(9).expect(200));
    assert_eq!((first.body.clone(), again.header("idempotent-replayed")), (again.body.clone(), Some("true")));
    key(10).expect(422).problem("idempotency_key_reused");
    assert_eq!(stage.balance(&source.id())[0], 9);
}

#[test]
fn the_last_rupiah_is_allotted_once() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 1_000, 0);
    let path = format!("/api/v1/funding-sources/{source}/allot");
    let body = json!({"cycle_id": offer.cycle, "amount_idr": 300});
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let runs: Vec<_> = (0..12)
            .map(|_| {
                let (caller, path, body) = (stage.by("coordinator"), &path, &body);
                threads.spawn(move || caller.post(path, body).status)
            })
            .collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 3, "{statuses:?}");
    assert!(statuses.iter().all(|s| matches!(s, 200 | 409)), "{statuses:?}");
    assert_eq!(stage.balance(&source), [0, 100, 900, 0, 0, 0]);
}

#[test]
fn the_ledger_is_written_once() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.budget("BUDGET", &offer, 1_000, 500);
    use diesel::prelude::*;
    let mut owner = stage.app.sql();
    for sql in [
        "UPDATE ledger_entries SET amount = amount + 1",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries",
        "UPDATE ledger_transactions SET amount = 1",
        "DELETE FROM ledger_transactions",
    ] {
        assert!(diesel::sql_query(sql).execute(&mut owner).is_err(), "{sql}");
    }
}
