//! Deliveries: nothing is disbursed that nobody received, nothing twice, nothing beyond what the referral holds.

use serde_json::{Value, json};

use crate::harness::{Answer, account_id, count};
use crate::stage::{Offer, Stage, Terms};

/// An accepted referral of so much, with the problem reported by the village operator.
struct Given {
    stage: Stage,
    offer: Offer,
    source: String,
    household: uuid::Uuid,
    referral: String,
}

impl Given {
    fn of(terms: &Terms<'_>) -> Self {
        let stage = Stage::start();
        let offer = stage.offer(terms);
        let source = stage.budget("BUDGET", &offer, 10_000_000, 5_000_000);
        let (household, problem) = stage.needy();
        let referral = stage.draft(&problem, &offer);
        stage.step("social_worker", &referral, "send", &json!({})).expect(200);
        stage.step("partner", &referral, "accept", &json!({})).expect(200);
        Self { stage, offer, source, household, referral }
    }
    fn plan(&self, who: &str, body: &Value) -> Answer {
        self.stage.by(who).post(&format!("/api/v1/referrals/{}/deliveries", self.referral), body)
    }
    fn step(&self, who: &str, line: &str, verb: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/deliveries/{line}");
        let caller = self.stage.by(who);
        let etag = caller.get(&path).expect(200).etag().to_owned();
        caller.act(&format!("{path}/{verb}"), &etag, body)
    }
    fn lines(&self) -> Vec<Value> {
        self.stage.by("coordinator").all(&format!("/api/v1/referrals/{}/deliveries?limit=2", self.referral))
    }
}

fn line(amount: i64) -> Value {
    json!({"planned_on": "2099-01-31", "amount_idr": amount, "channel": "home"})
}

fn ids(answer: &Answer) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap().to_owned()).collect()
}

const SK: &str = "400.9/12/SK/2026";

#[test]
fn a_monthly_benefit_is_given_line_by_line_and_the_rest_goes_back() {
    let given = Given::of(&Terms { value_idr: 600_000, ..Terms::default() });
    let stage = &given.stage;
    let mut series = line(200_000);
    series["months"] = json!(3);
    series["quantity"] = json!(2);
    let planned = given.plan("partner", &series).expect(201);
    let days: Vec<_> = planned["data"].as_array().unwrap().iter().map(|l| l["planned_on"].clone()).collect();
    assert_eq!(days, ["2099-01-31", "2099-02-28", "2099-03-31"]);
    let first = &planned["data"][0];
    assert_eq!((&first["payee_name"], &first["unit"]), (&json!("Siti Aminah"), &json!("household")));
    assert_eq!(given.plan("partner", &line(1)).expect(422).refusals(), ["/amount_idr exceeds_referral"]);
    let lines = ids(&planned);
    // Whoever plans does not approve.
    given.step("partner", &lines[0], "approve", &json!({"decree": SK})).expect(409).problem("same_person");
    given.step("partner", &lines[0], "receive", &json!({"proof_kind": "signature"})).expect(409).problem("wrong_state");
    for id in &lines[..2] {
        given.step("coordinator", id, "approve", &json!({"decree": SK})).expect(200);
    }
    given.step("partner", &lines[0], "distribute", &json!({})).expect(200);
    // Whoever reported the problem does not attest that help came.
    let proof = json!({"proof_kind": "signature", "note": "Diterima"});
    given.step("village_operator", &lines[0], "receive", &proof).expect(409).problem("same_person");
    assert_eq!(
        given.step("partner", &lines[0], "receive", &json!({"proof_kind": "handover_report"})).expect(422).refusals(),
        ["/proof_reference required"]
    );
    let future = json!({"proof_kind": "signature", "received_on": "2099-01-01"});
    assert_eq!(given.step("partner", &lines[0], "receive", &future).expect(422).refusals(), ["/received_on in_future"]);
    let stranger = json!({"proof_kind": "photo", "proof_evidence_id": uuid::Uuid::now_v7()});
    assert_eq!(
        given.step("partner", &lines[0], "receive", &stranger).expect(422).refusals(),
        ["/proof_evidence_id not_found"]
    );
    let received = given.step("village_operator2", &lines[0], "receive", &proof).expect(200);
    assert_eq!(received["status"], "received");
    assert_eq!(stage.balance(&given.source), [0, 5_000_000, 4_400_000, 0, 400_000, 200_000]);
    let referral = stage.by("partner").get(&format!("/api/v1/referrals/{}", given.referral)).expect(200);
    assert_eq!(referral["status"], "in_service", "help has begun");
    given.step("partner", &lines[0], "account", &json!({"reference": "SPJ-1"})).expect(200);
    stage
        .step("partner", &given.referral, "complete", &json!({"outcome_code": "need_met"}))
        .expect(409)
        .problem("deliveries_open");
    given.step("partner", &lines[1], "fail", &json!({"reason_code": "nobody_home"})).expect(200);
    given.step("partner", &lines[2], "cancel", &json!({"reason_code": "not_needed"})).expect(200);
    stage.step("partner", &given.referral, "complete", &json!({"outcome_code": "need_partly_met"})).expect(200);
    assert_eq!(stage.balance(&given.source), [0, 5_000_000, 4_800_000, 0, 0, 200_000], "the rest goes back");
    assert_eq!((stage.seats_taken(&given.offer), stage.active_claims()), (1, 1));
    let said = count(&mut stage.app.sql(), "SELECT count(*) AS n FROM audit_events WHERE action LIKE 'delivery.%'");
    assert_eq!(said, 3 + 2 + 1 + 1 + 1 + 1 + 1);
}

#[test]
fn a_line_is_received_once_whoever_comes_first() {
    let given = Given::of(&Terms::default());
    let id = ids(&given.plan("partner", &line(100_000)).expect(201)).remove(0);
    given.step("coordinator", &id, "approve", &json!({"decree": SK})).expect(200);
    let path = format!("/api/v1/deliveries/{id}");
    let etag = given.stage.by("partner").get(&path).expect(200).etag().to_owned();
    let callers: Vec<_> = ["partner", "coordinator", "village_operator2", "partner"].map(|n| given.stage.by(n)).into();
    let answers: Vec<u16> = std::thread::scope(|s| {
        let all: Vec<_> = callers
            .iter()
            .map(|caller| {
                let (path, etag) = (&path, &etag);
                s.spawn(move || {
                    caller.act(&format!("{path}/receive"), etag, &json!({"proof_kind": "signature"})).status
                })
            })
            .collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|s| matches!(s, 200 | 409 | 412)), "{answers:?}");
    assert_eq!(given.stage.balance(&given.source)[4..], [0, 100_000]);
}

#[test]
fn lines_planned_at_once_never_exceed_what_is_held() {
    let given = Given::of(&Terms::default());
    let partner = given.stage.by("partner");
    let path = format!("/api/v1/referrals/{}/deliveries", given.referral);
    let made = std::thread::scope(|s| {
        let all: Vec<_> = (0..6).map(|_| s.spawn(|| partner.post(&path, &line(40_000)).status)).collect();
        all.into_iter().map(|t| t.join().unwrap()).filter(|s| *s == 201).count()
    });
    assert_eq!(made, 2);
    assert_eq!(given.lines().len(), 2);
}

#[test]
fn the_recipient_says_whether_it_came() {
    let given = Given::of(&Terms::default());
    let stage = &given.stage;
    let head = stage.by("coordinator").get(&format!("/api/v1/households/{}", given.household)).expect(200);
    let head = head["members"][0]["id"].as_str().unwrap().to_owned();
    stage.execute(&format!("UPDATE accounts SET person_id = '{head}' WHERE id = '{}'", account_id("citizen")));
    let id = ids(&given.plan("partner", &line(100_000)).expect(201)).remove(0);
    given.step("coordinator", &id, "approve", &json!({"decree": SK})).expect(200);
    given.step("partner", &id, "receive", &json!({"proof_kind": "thumbprint"})).expect(200);
    let citizen = stage.by("citizen").get(&format!("/api/v1/deliveries/{id}")).expect(200);
    assert_eq!(citizen["can"], json!(["confirm"]));
    let said =
        given.step("citizen", &id, "confirm", &json!({"confirmation": "not_received", "note": "Belum"})).expect(200);
    assert_eq!((&said["attention"], &said["can"]), (&json!("not_received"), &json!([])));
    let watched = stage.by("coordinator").all("/api/v1/deliveries?attention=true");
    assert_eq!(watched.len(), 1);
    given.step("citizen", &id, "confirm", &json!({"confirmation": "received"})).expect(403);
    given.step("partner", &id, "account", &json!({"reference": "SPJ"})).expect(200);
    stage.by("social_worker_out").get(&format!("/api/v1/deliveries/{id}")).expect(404);
}

#[test]
fn a_death_stops_what_is_planned_and_frees_what_is_left() {
    let given = Given::of(&Terms { value_idr: 300_000, ..Terms::default() });
    let stage = &given.stage;
    let mut series = line(100_000);
    series["months"] = json!(3);
    let lines = ids(&given.plan("partner", &series).expect(201));
    for id in &lines[..2] {
        given.step("coordinator", id, "approve", &json!({"decree": SK})).expect(200);
    }
    given.step("partner", &lines[0], "receive", &json!({"proof_kind": "signature"})).expect(200);
    let worker = stage.by("social_worker");
    let household = worker.get(&format!("/api/v1/households/{}", given.household)).expect(200);
    let head = format!("/api/v1/individuals/{}", household["members"][0]["id"].as_str().unwrap());
    let died = json!({"deceased_on": "2026-01-01", "evidence_code": "death_certificate"});
    worker.act(&format!("{head}/decease"), worker.get(&head).etag(), &died).expect(200);
    // In the same transaction: nobody can give any more, before any worker has come by.
    let statuses = |of: &[Value]| of.iter().map(|l| l["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(statuses(&given.lines()), ["received", "cancelled", "cancelled"]);
    assert_eq!(given.lines()[1]["reason_code"], "person_deceased");
    stage.app.look_after();
    let referral = stage.by("coordinator").get(&format!("/api/v1/referrals/{}", given.referral)).expect(200);
    assert_eq!((&referral["status"], &referral["reason_code"]), (&json!("cancelled"), &json!("person_deceased")));
    assert_eq!(stage.balance(&given.source), [0, 5_000_000, 4_900_000, 0, 0, 100_000]);
    assert_eq!(stage.seats_taken(&given.offer), 1, "something was given of a stock");
    let until = "SELECT count(*) AS n FROM claims WHERE active AND upper(period) = (now() AT TIME ZONE 'Asia/Jakarta')::date + 1";
    assert_eq!(count(&mut stage.app.sql(), until), 1, "the claim ends with the help");
    assert_eq!(stage.app.look_after(), 0, "once");
}

#[test]
fn another_takes_it_when_who_was_to_take_it_dies() {
    let given = Given::of(&Terms::default());
    let stage = &given.stage;
    let worker = stage.by("social_worker");
    let path = format!("/api/v1/households/{}", given.household);
    let head = worker.get(&path).expect(200)["members"][0]["id"].as_str().unwrap().to_owned();
    let child = json!({"name": "Rina", "relation": "child", "birth_date": "2000-01-01"});
    let child = worker
        .request("POST", &format!("{path}/individuals"))
        .header("if-match", worker.get(&path).etag())
        .json(&child)
        .send()
        .expect(201)
        .id();
    let id = ids(&given.plan("partner", &line(100_000)).expect(201)).remove(0);
    given.step("coordinator", &id, "approve", &json!({"decree": SK})).expect(200);
    let head = format!("/api/v1/individuals/{head}");
    let died = json!({"deceased_on": "2026-01-01", "evidence_code": "death_certificate"});
    worker.act(&format!("{head}/decease"), worker.get(&head).etag(), &died).expect(200);
    let waits = &given.lines()[0];
    assert_eq!((&waits["status"], &waits["attention"]), (&json!("planned"), &json!("payee_deceased")));
    given.step("coordinator", &id, "approve", &json!({"decree": SK})).expect(409).problem("wrong_state");
    let partner = stage.by("partner");
    let line = format!("/api/v1/deliveries/{id}");
    let named = partner.patch(&line, partner.get(&line).etag(), &json!({"payee_individual_id": child})).expect(200);
    assert_eq!((&named["attention"], &named["payee_name"]), (&json!(null), &json!("Rina")));
    given.step("coordinator", &id, "approve", &json!({"decree": SK})).expect(200);
    stage.app.look_after();
    assert_eq!(given.lines()[0]["status"], "approved", "the household lives on");
}
