//! A small stage for the thread from problem to help: households, a program with a cycle, money, everybody signed in.

use std::cell::RefCell;
use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as PgUuid};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{AGENCY, Caller, FOUNDATION, TestApp, VILLAGE, this_year};

/// A running service with a few things in it.
pub struct Stage {
    pub app: TestApp,
    callers: RefCell<HashMap<String, Caller>>,
}

/// A program with one cycle.
#[derive(Debug, Clone)]
pub struct Offer {
    pub program: String,
    pub cycle: String,
}

/// What a program is made with.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    pub code: &'a str,
    pub need: &'a str,
    pub class: Option<&'a str>,
    pub unit: &'a str,
    pub seats: i32,
    pub seat_kind: &'a str,
    pub value_idr: i64,
}

impl Default for Terms<'_> {
    fn default() -> Self {
        Self {
            code: "PARCELS",
            need: "pangan",
            class: Some("food_parcel"),
            unit: "household",
            seats: 5,
            seat_kind: "stock",
            value_idr: 100_000,
        }
    }
}

impl Stage {
    pub fn start() -> Self {
        // Enough database threads for the attacks to be parallel.
        let app = TestApp::build().config(|c| c.db_threads = 8).start();
        Self { app, callers: RefCell::default() }
    }

    /// A stage in a service that was started otherwise.
    pub fn of(app: TestApp) -> Self {
        Self { app, callers: RefCell::default() }
    }

    /// The same with the background worker, and with what follows changes.
    pub fn working() -> Self {
        let app = TestApp::build().config(|c| c.db_threads = 8).worker().start();
        Self { app, callers: RefCell::default() }
    }

    /// Puts a rule in force, as the coordinator.
    pub fn rule(&self, program: &str, rule: &Value) {
        let path = format!("/api/v1/programs/{program}/rule");
        let coordinator = self.by("coordinator");
        let tag = coordinator.get(&path).expect(200).etag().to_owned();
        coordinator.request("PUT", &path).header("if-match", &tag).json(&json!({"rule": rule})).send().expect(200);
    }

    /// What a source says of a household's decile.
    pub fn decile(&self, household: Uuid, decile: u8) {
        self.execute(&format!(
            "INSERT INTO welfare_snapshots (household_id, source, period, decile_national) VALUES ('{household}', 'dtsen', '2026-09', {decile})
             ON CONFLICT (household_id, source, period) DO UPDATE SET decile_national = excluded.decile_national;"
        ));
        self.execute(&format!("INSERT INTO registry_changes (kind, subject_id) VALUES ('household', '{household}')"));
    }

    /// The account, signed in once.
    pub fn by(&self, name: &str) -> Caller {
        self.callers.borrow_mut().entry(name.to_owned()).or_insert_with(|| self.app.as_role(name)).clone()
    }

    pub fn execute(&self, sql: &str) {
        diesel::sql_query(sql).execute(&mut self.app.sql()).unwrap();
    }

    /// A coordinator who supervises nobody.
    pub fn plain_coordinator(&self) -> Caller {
        self.execute(
            "UPDATE grants SET duties = '{publish,approve_money}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator2')",
        );
        self.app.as_role("coordinator2")
    }

    /// A family of one in a kelurahan: household and head.
    pub fn household(&self, village: &str) -> (Uuid, Uuid) {
        let (household, head) = (Uuid::now_v7(), Uuid::now_v7());
        diesel::sql_query(
            "WITH h AS (INSERT INTO households (id, region_code, district_code, head_id, head_name, members_count)
                 VALUES ($1, $2, left($2, 8), $3, 'Siti Aminah', 1))
             INSERT INTO individuals (id, household_id, name, name_key) VALUES ($3, $1, 'Siti Aminah', 'AMINAH SITI')",
        )
        .bind::<PgUuid, _>(household)
        .bind::<Text, _>(village)
        .bind::<PgUuid, _>(head)
        .execute(&mut self.app.sql())
        .unwrap();
        (household, head)
    }

    pub fn new_problem(&self, household: Uuid, need: &str, severity: &str) -> Value {
        json!({"subject": {"kind": "household", "id": household}, "need_code": need, "severity": severity,
            "description": "Dua hari tidak memasak."})
    }

    /// A problem of a household, reported by one and verified by another.
    pub fn verified(&self, household: Uuid) -> String {
        let new = self.new_problem(household, "pangan", "high");
        let reported = self.by("village_operator").post("/api/v1/problems", &new).expect(201);
        let path = format!("/api/v1/problems/{}", reported.id());
        let second = self.by("village_operator2");
        second.act(&format!("{path}/verify"), second.get(&path).etag(), &json!({})).expect(200);
        reported.id()
    }

    pub fn new_program(&self, terms: &Terms<'_>, organization: Uuid) -> Value {
        json!({"code": terms.code, "name": {"id": format!("Program {}", terms.code), "en": format!("Program {}", terms.code)},
            "organization_id": organization, "pillar": "jaminan_sosial", "needs": [terms.need], "access_mode": "referral",
            "benefit": {"kind": "goods", "unit": terms.unit, "value_idr": terms.value_idr, "period": "once"},
            "overlap_class": terms.class, "claim_unit": terms.unit})
    }

    /// A published program of the foundation with a cycle that runs today.
    pub fn offer(&self, terms: &Terms<'_>) -> Offer {
        let partner = self.by("partner");
        let program = partner.post("/api/v1/programs", &self.new_program(terms, FOUNDATION)).expect(201).id();
        let path = format!("/api/v1/programs/{program}");
        let cycle = json!({"name": "2026", "starts_on": "2020-01-01", "ends_on": "2099-12-31",
            "seat_kind": terms.seat_kind, "seats": terms.seats});
        let cycle = partner.post(&format!("{path}/cycles"), &cycle).expect(201).id();
        partner.act(&format!("{path}/submit"), partner.get(&path).etag(), &json!({})).expect(200);
        let coordinator = self.by("coordinator");
        coordinator.act(&format!("{path}/publish"), coordinator.get(&path).etag(), &json!({})).expect(200);
        Offer { program, cycle }
    }

    /// A city budget with this much, of which so much is allotted to the cycle.
    pub fn budget(&self, code: &str, offer: &Offer, appropriated: i64, allotted: i64) -> String {
        let coordinator = self.by("coordinator");
        let new = json!({"code": code, "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": this_year(), "name": code});
        let source = coordinator.post("/api/v1/funding-sources", &new).expect(201).id();
        let path = format!("/api/v1/funding-sources/{source}");
        coordinator.post(&format!("{path}/appropriate"), &json!({"amount_idr": appropriated})).expect(200);
        if allotted > 0 {
            let allot = json!({"cycle_id": offer.cycle, "amount_idr": allotted});
            coordinator.post(&format!("{path}/allot"), &allot).expect(200);
        }
        source
    }

    /// Pledged, available, allotted, reserved, committed, disbursed.
    pub fn balance(&self, source: &str) -> [i64; 6] {
        let answer = self.by("coordinator").get(&format!("/api/v1/funding-sources/{source}/balance")).expect(200);
        ["pledged", "available", "allotted", "reserved", "committed", "disbursed"].map(|b| answer[b].as_i64().unwrap())
    }

    pub fn seats_taken(&self, offer: &Offer) -> i64 {
        let path = format!("/api/v1/programs/{}/cycles/{}", offer.program, offer.cycle);
        self.by("coordinator").get(&path).expect(200)["seats_taken"].as_i64().unwrap()
    }

    pub fn active_claims(&self) -> i64 {
        crate::harness::count(&mut self.app.sql(), "SELECT count(*) AS n FROM claims WHERE active")
    }

    /// A draft by the social worker.
    pub fn draft(&self, problem: &str, offer: &Offer) -> String {
        let new = json!({"problem_id": problem, "cycle_id": offer.cycle, "note": "Rumah di gang sempit."});
        self.by("social_worker").post("/api/v1/referrals", &new).expect(201).id()
    }

    /// Takes a step on a referral with its newest version.
    pub fn step(&self, who: &str, referral: &str, verb: &str, body: &Value) -> crate::harness::Answer {
        let path = format!("/api/v1/referrals/{referral}");
        let caller = self.by(who);
        let etag = caller.get(&path).expect(200).etag().to_owned();
        caller.act(&format!("{path}/{verb}"), &etag, body)
    }

    /// Status of a problem.
    pub fn problem_status(&self, problem: &str) -> String {
        self.by("coordinator").get(&format!("/api/v1/problems/{problem}")).expect(200)["status"]
            .as_str()
            .unwrap()
            .into()
    }

    /// A family in the kelurahan of the people inside, with a verified problem.
    pub fn needy(&self) -> (Uuid, String) {
        let (household, _) = self.household(VILLAGE);
        (household, self.verified(household))
    }
}
