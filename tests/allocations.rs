//! Allocation plans: calculated over one snapshot, proven, proposed by one and approved by another, carried out line by
//! line without ever giving what is not there, whatever happens meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use satupintu::allocations;
use satupintu::jobs::Job;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, OTHER_VILLAGE, VILLAGE, account_id, count};
use crate::race::{free_port, serve};
use crate::stage::{Offer, Stage, Terms};

const PLANS: &str = "/api/v1/allocation-plans";
const SEED: &str = "undian 2026-11-22 07-11-19";

/// A verified problem of this severity in a household of its own: household, problem.
fn need(stage: &Stage, severity: &str) -> (Uuid, String) {
    let (household, _) = stage.household(VILLAGE);
    (household, need_of(stage, household, severity))
}

fn need_of(stage: &Stage, household: Uuid, severity: &str) -> String {
    let new = stage.new_problem(household, "pangan", severity);
    let id = stage.by("village_operator").post("/api/v1/problems", &new).expect(201).id();
    let path = format!("/api/v1/problems/{id}");
    let second = stage.by("village_operator2");
    second.act(&format!("{path}/verify"), second.get(&path).etag(), &json!({})).expect(200);
    id
}

/// So many families with a verified need each.
fn crowd(stage: &Stage, families: usize) {
    for _ in 0..families {
        let (home, _) = stage.household(VILLAGE);
        stage.execute(&format!(
            "INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, verified_at)
             VALUES (gen_random_uuid(), 'household', '{home}', 'pangan', 'high', 'village', 'verified', now())"
        ));
    }
}

/// Asks for a plan and lets it be calculated.
fn plan(stage: &Stage, more: &Value) -> Answer {
    let mut body = json!({"name": "Uji", "seed": SEED});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let asked = stage.by("coordinator").post(PLANS, &body).expect(202);
    assert!(asked.header("location").unwrap().starts_with("/api/v1/operations/"));
    stage.app.work();
    let plan = read(stage, &asked.id());
    assert_eq!(plan["error"], json!(null), "{}", plan.json());
    plan
}

fn read(stage: &Stage, id: &str) -> Answer {
    stage.by("coordinator").get(&format!("{PLANS}/{id}")).expect(200)
}

fn step(stage: &Stage, who: &str, id: &str, verb: &str, body: &Value) -> Answer {
    let path = format!("{PLANS}/{id}");
    let caller = stage.by(who);
    let etag = caller.get(&path).expect(200).etag().to_owned();
    caller.act(&format!("{path}/{verb}"), &etag, body)
}

/// Proposed by one and approved by another.
fn approved(stage: &Stage, id: &str) {
    step(stage, "coordinator", id, "propose", &json!({})).expect(200);
    step(stage, "coordinator2", id, "approve", &json!({})).expect(200);
}

fn lines(stage: &Stage, id: &str, filter: &str) -> Vec<Value> {
    stage.by("coordinator").all(&format!("{PLANS}/{id}/lines?limit=2{filter}"))
}

fn left_out(stage: &Stage, id: &str, filter: &str) -> Vec<Value> {
    stage.by("coordinator").all(&format!("{PLANS}/{id}/left-out?limit=2{filter}"))
}

fn of<'a>(rows: &'a [Value], member: &str) -> Vec<&'a Value> {
    rows.iter().map(|row| &row[member]).collect()
}

fn referrals(stage: &Stage) -> i64 {
    count(&mut stage.app.sql(), "SELECT count(*) AS n FROM referrals WHERE status = 'sent'")
}

/// Five seats, and money for so many.
fn supply(stage: &Stage, amounts: i64) -> (Offer, String) {
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 10_000_000, amounts * 100_000);
    (offer, source)
}

#[test]
fn a_rupiah_more_is_worth_nothing_where_money_is_left_and_never_more_than_a_need() {
    let points = |amounts: i64| {
        let stage = Stage::start();
        supply(&stage, amounts);
        for severity in ["low", "emergency", "high"] {
            need(&stage, severity);
        }
        let id = plan(&stage, &json!({})).id();
        let told = stage.by("coordinator").get(&format!("{PLANS}/{id}/budgets")).expect(200);
        let prices = told["budgets"][0]["prices"].as_array().unwrap().clone();
        assert_eq!(prices.len(), 2, "{told:?}");
        prices.iter().map(|p| p["points"].as_f64().unwrap()).fold(0.0, f64::max)
    };
    assert!(points(4).abs() < 1e-9, "one award more could be paid already");
    // The weightiest need is worth a thousand points and takes a tenth of a million.
    let scarce = points(1);
    assert!(scarce > 0.0 && scarce <= 10_000.0, "{scarce}");
}

#[test]
fn a_plan_is_calculated_with_its_proof_and_its_reasons() {
    let stage = Stage::start();
    let (offer, source) = supply(&stage, 2);
    let ids: Vec<String> = ["low", "emergency", "high", "medium"].map(|s| need(&stage, s).1).to_vec();
    let plan = plan(&stage, &json!({}));
    let id = plan.id();
    assert_eq!((&plan["status"], &plan["seed"]), (&json!("draft"), &json!(null)));
    assert_eq!(plan["seed_commitment"].as_str().unwrap().len(), 64);
    assert_eq!(plan["can"], json!(["propose", "cancel"]));
    let counts = &plan["counts"];
    assert_eq!((&counts["needs"], &counts["lines"], &counts["left_out"]), (&json!(4), &json!(2), &json!(2)));
    assert_eq!((&counts["amount_idr"], &plan["complete"]), (&json!(200_000), &json!(true)));
    assert!(plan["gap"].as_f64().unwrap() < 1e-4 && plan["value"].as_f64() <= plan["upper_bound"].as_f64());
    assert_eq!(of(plan["tiers"].as_array().unwrap(), "tier"), [&json!("emergency"), &json!("regular")]);
    let given = lines(&stage, &id, "");
    assert_eq!(of(&given, "problem_id"), [&json!(ids[1]), &json!(ids[2])]);
    assert_eq!(
        (&given[0]["tier"], &given[0]["rank"], &given[0]["points"]["severity"]),
        (&json!("emergency"), &json!(1), &json!(1000))
    );
    assert_eq!((&given[0]["funding_source_id"], &given[0]["amount_idr"]), (&json!(source), &json!(100_000)));
    assert_eq!((&given[0]["subject_name"], &given[0]["status"]), (&json!("Siti Aminah"), &json!("planned")));
    let out = left_out(&stage, &id, "");
    assert_eq!(of(&out, "problem_id"), [&json!(ids[3]), &json!(ids[0])]);
    assert!(out.iter().all(|o| o["program_id"] == json!(offer.program)), "{out:?}");
    assert!(out.iter().all(|o| ["no_money", "others_first"].contains(&o["reason"].as_str().unwrap())), "{out:?}");
    let told = stage.by("coordinator").get(&format!("{PLANS}/{id}/budgets")).expect(200);
    assert_eq!((&told["budgets"][0]["planned"], &told["seats"][0]["planned"]), (&json!(200_000), &json!(2)));
    let price =
        &told["budgets"][0]["prices"].as_array().unwrap().iter().find(|p| p["tier"] == "regular").unwrap()["points"];
    assert!(price.as_f64().unwrap() > 0.0, "more money would help: {price}");
    let fair = stage.by("auditor").get(&format!("{PLANS}/{id}/fairness")).expect(200);
    let table = |dimension: &str| {
        fair["tables"].as_array().unwrap().iter().find(|t| t["dimension"] == dimension).unwrap()["groups"].clone()
    };
    assert_eq!((&table("district")[0]["needs"], &table("district")[0]["served"]), (&json!(4), &json!(2)));
    assert_eq!(table("severity").as_array().unwrap().len(), 4);
    assert_eq!(lines(&stage, &id, &format!("&region={OTHER_VILLAGE}")).len(), 0);
    assert_eq!(
        lines(&stage, &id, &format!("&program_id={}&status=planned&tier=regular&region=32.73", offer.program)).len(),
        1
    );
    let seen = stage.by("auditor").get(&format!("{PLANS}/{id}/lines")).expect(200);
    assert_eq!(seen["data"][0]["subject_name"], json!(null));
    for who in ["social_worker", "agency_officer", "partner", "admin"] {
        stage.by(who).get(&format!("{PLANS}/{id}")).expect(403);
    }
}

#[test]
fn the_same_input_and_seed_give_the_same_plan_and_others_are_held_against_it() {
    let stage = Stage::start();
    let (_, source) = supply(&stage, 2);
    for severity in ["high"; 6] {
        need(&stage, severity);
    }
    let (first, second) = (plan(&stage, &json!({})), plan(&stage, &json!({})));
    assert_eq!((&first["input_sha256"], &first["result_sha256"]), (&second["input_sha256"], &second["result_sha256"]));
    let rows =
        |answer: &Answer| of(&lines(&stage, &answer.id(), ""), "problem_id").into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(rows(&first), rows(&second));
    // Six equals and two places: another draw chooses others sooner or later.
    let other =
        (0..12).any(|n| rows(&plan(&stage, &json!({"seed": format!("undian lain nomor {n:04}")}))) != rows(&first));
    assert!(other, "the seed decides between equals");
    let came = plan(&stage, &json!({"policy": "first_come"}));
    assert_eq!(came["seed_commitment"], first["seed_commitment"]);
    let greedy = plan(&stage, &json!({"policy": "greedy"}));
    assert_eq!((&came["counts"]["lines"], &greedy["counts"]["lines"]), (&json!(2), &json!(2)));
    let rich = plan(&stage, &json!({"extra_budgets": [{"funding_source_id": source, "amount_idr": 300_000}]}));
    assert_eq!(
        (&rich["what_if"], &rich["counts"]["lines"], &rich["can"]),
        (&json!(true), &json!(5), &json!(["cancel"]))
    );
    step(&stage, "coordinator", &rich.id(), "propose", &json!({})).expect(409).problem("wrong_state");
    let both = stage.by("coordinator").get(&format!("{PLANS}/{}/compare?other={}", first.id(), rich.id())).expect(200);
    assert_eq!(
        (&both["same_input"], &both["served_by_other"]),
        (&json!(false), &json!(5 - both["served_by_both"].as_i64().unwrap()))
    );
    let both = stage.by("auditor").get(&format!("{PLANS}/{}/compare?other={}", first.id(), came.id())).expect(200);
    assert_eq!(
        (&both["same_input"], &both["plan"]["policy"], &both["other"]["policy"]),
        (&json!(true), &json!("optimal"), &json!("first_come"))
    );
    stage.by("coordinator").get(&format!("{PLANS}/{}/compare?other={}", first.id(), Uuid::now_v7())).expect(404);
}

#[test]
fn one_proposes_another_approves_and_every_line_becomes_a_referral() {
    let stage = Stage::start();
    let (offer, source) = supply(&stage, 2);
    (0..3).for_each(|_| _ = need(&stage, "high"));
    let id = plan(&stage, &json!({})).id();
    step(&stage, "coordinator2", &id, "approve", &json!({})).expect(409).problem("wrong_state");
    step(&stage, "coordinator", &id, "propose", &json!({})).expect(200);
    step(&stage, "coordinator", &id, "approve", &json!({})).expect(409).problem("same_person");
    let back = step(&stage, "coordinator2", &id, "return", &json!({"reason": "Bobot"})).expect(200);
    assert_eq!(
        (&back["status"], &back["proposed_by"], &back["reason"]),
        (&json!("draft"), &json!(null), &json!("Bobot"))
    );
    step(&stage, "coordinator", &id, "execute", &json!({})).expect(409).problem("wrong_state");
    approved(&stage, &id);
    let told = read(&stage, &id);
    assert_eq!((&told["seed"], &told["can"]), (&json!(SEED), &json!(["execute", "cancel"])));
    let begun = step(&stage, "coordinator", &id, "execute", &json!({})).expect(202);
    assert_eq!(begun["status"], "executing");
    step(&stage, "coordinator2", &id, "execute", &json!({})).expect(409).problem("wrong_state");
    stage.app.work();
    let done = read(&stage, &id);
    assert_eq!(
        (&done["status"], &done["execution"]["sent"], &done["execution"]["sent_idr"]),
        (&json!("executed"), &json!(2), &json!(200_000))
    );
    let given = lines(&stage, &id, "&status=sent");
    let sent: BTreeSet<&str> = given.iter().map(|l| l["referral_id"].as_str().unwrap()).collect();
    assert_eq!((sent.len(), referrals(&stage), stage.seats_taken(&offer), stage.active_claims()), (2, 2, 2, 2));
    assert_eq!(stage.balance(&source)[2..4], [0, 200_000]);
    let referral = stage.by("coordinator").get(&format!("/api/v1/referrals/{}", sent.first().unwrap())).expect(200);
    assert_eq!((&referral["status"], &referral["created_by"]), (&json!("sent"), &json!(account_id("coordinator"))));
    // Once more changes nothing.
    step(&stage, "coordinator", &id, "execute", &json!({})).expect(409).problem("wrong_state");
    step(&stage, "coordinator", &id, "cancel", &json!({"reason": "x"})).expect(409).problem("wrong_state");
    // Who is served is not asked about again.
    assert_eq!(plan(&stage, &json!({}))["counts"]["needs"], 1);
}

#[test]
fn the_duty_to_approve_money_is_asked_for() {
    let stage = Stage::start();
    supply(&stage, 1);
    need(&stage, "high");
    let id = plan(&stage, &json!({})).id();
    step(&stage, "coordinator", &id, "propose", &json!({})).expect(200);
    stage.execute("UPDATE grants SET duties = '{supervise}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator2')");
    let plain = stage.app.as_role("coordinator2");
    let seen = plain.get(&format!("{PLANS}/{id}")).expect(200);
    assert_eq!(seen["can"], json!(["return", "cancel"]));
    plain.act(&format!("{PLANS}/{id}/approve"), seen.etag(), &json!({})).expect(403);
    let wrong = stage.app.sql();
    drop(wrong);
    let forged = diesel::RunQueryDsl::execute(
        diesel::sql_query(format!(
            "UPDATE allocation_plans SET status = 'approved', approved_by = proposed_by, approved_at = now() WHERE id = '{id}'"
        )),
        &mut stage.app.sql(),
    );
    assert!(forged.unwrap_err().to_string().contains("allocation_plans_four_eyes"));
}

#[test]
fn what_changes_between_plan_and_execution_skips_the_line_and_the_next_takes_its_place() {
    let stage = Stage::start();
    let (offer, source) = supply(&stage, 4);
    stage.execute(&format!("UPDATE program_cycles SET seats = 20 WHERE id = '{}'", offer.cycle));
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    let homes: Vec<(Uuid, String)> =
        ["emergency", "high", "high", "high", "medium", "medium", "low"].iter().map(|s| need(&stage, s)).collect();
    homes.iter().for_each(|(home, _)| stage.decile(*home, 2));
    stage.by("coordinator").post("/api/v1/matching-runs", &json!({})).expect(202);
    stage.app.work();
    let id = plan(&stage, &json!({"weights": {"severity": 1, "decile": 0, "vulnerability": 0, "waiting": 0}})).id();
    assert_eq!(lines(&stage, &id, "").len(), 4);
    approved(&stage, &id);
    // One family was merged, one problem is solved, one household no longer fulfils the rule; the next in line has moved away.
    stage.execute(&format!("UPDATE households SET status = 'merged' WHERE id = '{}'", homes[0].0));
    let path = format!("/api/v1/problems/{}", homes[1].1);
    let operator = stage.by("village_operator2");
    operator
        .act(&format!("{path}/resolve"), operator.get(&path).etag(), &json!({"reason": "Dibantu saudara"}))
        .expect(200);
    stage.decile(homes[2].0, 9);
    stage.execute(&format!("UPDATE households SET status = 'moved' WHERE id = '{}'", homes[4].0));
    step(&stage, "coordinator2", &id, "execute", &json!({})).expect(202);
    stage.app.work();
    let done = read(&stage, &id);
    let e = &done["execution"];
    assert_eq!(
        (&done["status"], &e["sent"], &e["skipped"], &e["planned"]),
        (&json!("executed"), &json!(3), &json!(4), &json!(0))
    );
    let all = lines(&stage, &id, "");
    let code = |problem: &str| all.iter().find(|l| l["problem_id"] == problem).map(|l| l["skipped_code"].clone());
    assert_eq!(code(&homes[0].1), Some(json!("subject_gone")));
    assert_eq!(code(&homes[1].1), Some(json!("wrong_state")));
    assert_eq!(code(&homes[2].1), Some(json!("not_eligible")));
    assert_eq!(code(&homes[4].1), Some(json!("subject_gone")));
    assert_eq!(
        (code(&homes[3].1), code(&homes[5].1), code(&homes[6].1)),
        (Some(json!(null)), Some(json!(null)), Some(json!(null)))
    );
    let replacing: Vec<&Value> = all.iter().filter(|l| !l["replaces_id"].is_null()).collect();
    assert_eq!(
        (replacing.len(), left_out(&stage, &id, "").iter().filter(|o| !o["promoted_at"].is_null()).count()),
        (3, 3)
    );
    assert!(
        all.iter().all(|l| l["referral_id"].is_string() != l["skipped_code"].is_string()),
        "every line ends: {all:?}"
    );
    assert_eq!((stage.balance(&source)[3], stage.seats_taken(&offer)), (300_000, 3));
}

#[test]
fn others_spend_meanwhile_and_nothing_is_overdrawn() {
    let stage = Stage::start();
    let (offer, source) = supply(&stage, 3);
    let homes: Vec<(Uuid, String)> = (0..4).map(|_| need(&stage, "high")).collect();
    let id = plan(&stage, &json!({})).id();
    approved(&stage, &id);
    let given = lines(&stage, &id, "");
    // Whoever the plan leaves out is helped by somebody else first, and so is one it serves.
    let outside = homes.iter().find(|(_, p)| !given.iter().any(|l| l["problem_id"] == json!(p))).unwrap();
    let draft = stage.draft(&outside.1, &offer);
    stage.step("social_worker", &draft, "send", &json!({})).expect(200);
    let twice = given[0]["problem_id"].as_str().unwrap();
    let draft = stage.draft(twice, &offer);
    stage.step("social_worker", &draft, "send", &json!({})).expect(200);
    step(&stage, "coordinator", &id, "execute", &json!({})).expect(202);
    stage.app.work();
    let codes: Vec<Value> = lines(&stage, &id, "").iter().map(|l| l["skipped_code"].clone()).collect();
    let n = |code: Value| codes.iter().filter(|c| **c == code).count();
    assert_eq!((n(json!(null)), n(json!("already_exists")), n(json!("insufficient_funds"))), (1, 2, 1), "{codes:?}");
    assert_eq!((stage.balance(&source)[2], stage.balance(&source)[3], referrals(&stage)), (0, 300_000, 3));
    // The program is closed under a plan.
    (0..2).for_each(|_| _ = need(&stage, "high"));
    stage
        .by("coordinator")
        .post(
            &format!("/api/v1/funding-sources/{source}/allot"),
            &json!({"cycle_id": offer.cycle, "amount_idr": 200_000}),
        )
        .expect(200);
    let id = plan(&stage, &json!({})).id();
    approved(&stage, &id);
    let path = format!("/api/v1/programs/{}", offer.program);
    let coordinator = stage.by("coordinator");
    coordinator.act(&format!("{path}/suspend"), coordinator.get(&path).etag(), &json!({})).expect(200);
    step(&stage, "coordinator", &id, "execute", &json!({})).expect(202);
    stage.app.work();
    assert_eq!(of(&lines(&stage, &id, ""), "skipped_code"), [&json!("program_not_open"); 2]);
    assert_eq!(read(&stage, &id)["status"], "executed");
}

#[test]
fn many_executions_at_once_and_lost_connections_send_each_line_once() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: 40, ..Terms::default() });
    let source = stage.budget("BUDGET", &offer, 10_000_000, 2_500_000);
    stage.app.leave_jobs();
    crowd(&stage, 30);
    let id = plan(&stage, &json!({})).id();
    assert_eq!(lines(&stage, &id, "").len(), 25);
    approved(&stage, &id);
    let path = format!("{PLANS}/{id}");
    let etag = read(&stage, &id).etag().to_owned();
    let statuses: Vec<u16> = std::thread::scope(|s| {
        let ask = |who: &'static str| {
            let (caller, path, etag) = (stage.by(who), path.clone(), etag.clone());
            s.spawn(move || {
                caller.request("POST", &format!("{path}/execute")).header("if-match", &etag).send_unchecked().status
            })
        };
        let all: Vec<_> = ["coordinator", "coordinator2", "coordinator", "coordinator2"].map(ask).into_iter().collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 202).count(), 1, "{statuses:?}");
    let operation: Uuid = read(&stage, &id)["operation_id"].as_str().unwrap().parse().unwrap();
    let job = |attempt| Job {
        gate: stage.app.gate().clone(),
        id: operation,
        subject_id: Some(id.parse().unwrap()),
        input: json!({"counted": true}),
        created_by: Some(account_id("coordinator")),
        attempt,
    };
    // Three workers that each believe the lease is theirs, their connections cut off again and again.
    std::thread::scope(|s| {
        let workers: Vec<_> =
            [1, 2, 3].map(job).into_iter().map(|job| s.spawn(move || allocations::execute(&job))).collect();
        let mut sql = stage.app.sql();
        for _ in 0..6 {
            std::thread::sleep(Duration::from_millis(60));
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '' AND query LIKE '%allocation_%' AND pid <> pg_backend_pid()";
            diesel::RunQueryDsl::execute(diesel::sql_query(cut), &mut sql).unwrap();
        }
        workers.into_iter().for_each(|w| _ = w.join().unwrap());
    });
    // Whoever broke off is taken up by a worker.
    stage.execute(&format!("UPDATE operations SET state = 'failed' WHERE id = '{operation}'"));
    if read(&stage, &id)["status"] != "executed" {
        step(&stage, "coordinator", &id, "execute", &json!({})).expect(202);
        stage.app.work();
    }
    let done = read(&stage, &id);
    assert_eq!(
        (&done["status"], &done["execution"]["sent"], &done["execution"]["skipped"]),
        (&json!("executed"), &json!(25), &json!(0))
    );
    assert_eq!((referrals(&stage), stage.seats_taken(&offer), stage.active_claims()), (25, 25, 25));
    assert_eq!(stage.balance(&source)[2..4], [0, 2_500_000]);
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(DISTINCT referral_id) AS n FROM allocation_lines"), 25);
}

#[test]
fn a_process_killed_while_it_carries_out_a_plan_leaves_nothing_half_done() {
    let Some(binary) = crate::harness::binary() else {
        println!("no binary is built beside the tests: nothing to kill");
        return;
    };
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: 60, ..Terms::default() });
    let source = stage.budget("BUDGET", &offer, 10_000_000, 4_000_000);
    stage.app.leave_jobs();
    crowd(&stage, 50);
    let id = plan(&stage, &json!({})).id();
    approved(&stage, &id);
    step(&stage, "coordinator", &id, "execute", &json!({})).expect(202);
    let sent = || {
        let sql = format!("SELECT count(*) AS n FROM allocation_lines WHERE plan_id = '{id}' AND status = 'sent'");
        count(&mut stage.app.sql(), &sql)
    };
    let mut cut_off = 0;
    for kills in 1..=3_i64 {
        let mut process = serve(&binary, &stage.app.config, free_port(), "on");
        stage.app.wait("some lines to be sent", || sent() >= kills * 8);
        // On Unix this is SIGKILL: the line at work is broken off wherever it stands.
        process.kill().unwrap();
        process.wait().unwrap();
        cut_off += i64::from(sent() < 40);
        let given = sent();
        assert_eq!((referrals(&stage), stage.seats_taken(&offer), stage.active_claims()), (given, given, given));
        // Its lease would run out by itself.
        stage.execute("UPDATE operations SET lease_until = now() WHERE state = 'running'");
    }
    assert!(cut_off > 0, "it was through before it was killed");
    let mut process = serve(&binary, &stage.app.config, free_port(), "on");
    stage.app.wait("the plan to be carried out", || read(&stage, &id)["status"] == "executed");
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(read(&stage, &id)["execution"]["sent"], 40);
    assert_eq!((referrals(&stage), stage.seats_taken(&offer), stage.active_claims()), (40, 40, 40));
    assert_eq!(stage.balance(&source)[2..4], [0, 4_000_000]);
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(DISTINCT referral_id) AS n FROM allocation_lines"), 40);
}

#[test]
fn cancelled_at_any_moment_what_was_sent_stays() {
    let stage = Stage::start();
    let (_, source) = supply(&stage, 3);
    (0..3).for_each(|_| _ = need(&stage, "high"));
    let asked = stage.by("coordinator").post(PLANS, &json!({"name": "Uji"})).expect(202);
    let gone = step(&stage, "coordinator", &asked.id(), "cancel", &json!({"reason": "Salah"})).expect(200);
    assert_eq!(
        (&gone["status"], &gone["can"], gone["seed"].as_str().map(str::len)),
        (&json!("cancelled"), &json!([]), Some(64))
    );
    stage.app.work();
    assert_eq!(read(&stage, &asked.id())["solved_at"], json!(null));
    let id = plan(&stage, &json!({})).id();
    approved(&stage, &id);
    step(&stage, "coordinator", &id, "execute", &json!({})).expect(202);
    // One was sent before somebody thought better of it.
    let first = lines(&stage, &id, "")[0].clone();
    let offer = first["cycle_id"].as_str().unwrap();
    let new = json!({"problem_id": first["problem_id"], "cycle_id": offer});
    let referral = stage.by("coordinator").post("/api/v1/referrals", &new).expect(201).id();
    stage.step("coordinator", &referral, "send", &json!({})).expect(200);
    stage.execute(&format!(
        "UPDATE allocation_lines SET status = 'sent', referral_id = '{referral}', ended_at = now() WHERE id = '{}'",
        first["id"].as_str().unwrap()
    ));
    step(&stage, "coordinator2", &id, "cancel", &json!({"reason": "Dana dialihkan"})).expect(200);
    stage.app.work();
    let ended = read(&stage, &id);
    let e = &ended["execution"];
    assert_eq!(
        (&ended["status"], &e["sent"], &e["cancelled"], &e["planned"]),
        (&json!("cancelled"), &json!(1), &json!(2), &json!(0))
    );
    assert_eq!((referrals(&stage), stage.balance(&source)[3]), (1, 100_000));
}

#[test]
fn what_makes_no_sense_is_refused_or_comes_to_nothing() {
    let stage = Stage::start();
    let (offer, source) = supply(&stage, 0);
    need(&stage, "high");
    let coordinator = stage.by("coordinator");
    let refused = |body: Value| coordinator.post(PLANS, &body).expect(422).refusals();
    assert_eq!(refused(json!({"name": " "})).len(), 1);
    assert_eq!(
        refused(json!({"name": "x", "program_ids": [offer.program, Uuid::now_v7()]})),
        ["/program_ids/1 not_found"]
    );
    assert_eq!(refused(json!({"name": "x", "cycle_ids": [source]})), ["/cycle_ids/0 not_found"]);
    assert_eq!(
        refused(json!({"name": "x", "extra_budgets": [{"funding_source_id": offer.cycle, "amount_idr": 1}]})),
        ["/extra_budgets/0/funding_source_id not_found"]
    );
    assert_eq!(
        refused(
            json!({"name": "x", "seed": "undian\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"})
        ),
        ["/seed not_allowed"]
    );
    assert_eq!(refused(json!({"name": "x", "duty_ppks_codes": ["nonsense"]})), ["/duty_ppks_codes/0 unknown_code"]);
    assert_eq!(refused(json!({"name": "x", "weights": {"severity": 101}})).len(), 1);
    let reason = |more: Value| {
        let plan = plan(&stage, &more);
        assert_eq!(
            (&plan["counts"]["lines"], &plan["complete"]),
            (&json!(0), &json!(more.get("iterations").is_none()))
        );
        plan["left_out"][0]["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason(json!({})), "no_source", "nothing is allotted");
    assert_eq!(reason(json!({"program_ids": []})), "no_program");
    assert_eq!(reason(json!({"funding_source_ids": []})), "no_source");
    let allot = |amount: i64| {
        let body = json!({"cycle_id": offer.cycle, "amount_idr": amount});
        coordinator.post(&format!("/api/v1/funding-sources/{source}/allot"), &body).expect(200);
    };
    allot(99_999);
    assert_eq!(reason(json!({})), "no_money", "a rupiah is missing");
    allot(400_001);
    stage.execute(&format!(
        "UPDATE funding_sources SET restrictions = '{{\"needs\": [\"kesehatan\"]}}' WHERE id = '{source}'"
    ));
    assert_eq!(reason(json!({})), "no_source", "its restrictions contradict the program's need");
    stage.execute(&format!("UPDATE funding_sources SET restrictions = '{{}}' WHERE id = '{source}'"));
    stage.execute(&format!("UPDATE program_cycles SET seats = 0 WHERE id = '{}'", offer.cycle));
    assert_eq!(reason(json!({})), "no_seat");
    stage.execute(&format!("UPDATE program_cycles SET seats = 9 WHERE id = '{}'", offer.cycle));
    let cut = plan(&stage, &json!({"iterations": 0}));
    assert_eq!((&cut["complete"], &cut["counts"]["lines"]), (&json!(false), &json!(1)), "the best plan so far, marked");
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    coordinator.post("/api/v1/matching-runs", &json!({})).expect(202);
    stage.app.work();
    let asks = plan(&stage, &json!({}));
    assert_eq!((&asks["left_out"][0]["reason"], &asks["left_out"][0]["share"]), (&json!("ask_first"), &json!(1.0)));
    stage.by("social_worker").post(PLANS, &json!({"name": "x"})).expect(403);
}

#[test]
fn restricted_programs_have_plans_of_their_own() {
    let stage = Stage::start();
    supply(&stage, 3);
    need(&stage, "high");
    let ordinary = plan(&stage, &json!({}));
    let (home, head) = stage.household(VILLAGE);
    stage.execute(&format!(
        "INSERT INTO problems (id, subject_kind, household_id, individual_id, need_code, severity, source, status, sensitivity, verified_at)
         VALUES (gen_random_uuid(), 'individual', '{home}', '{head}', 'kekerasan', 'high', 'village', 'verified', 'restricted', now())"
    ));
    let hidden = stage.offer(&Terms {
        code: "SAFE_HOUSE",
        need: "kekerasan",
        class: None,
        unit: "person",
        value_idr: 0,
        ..Terms::default()
    });
    let program = format!("/api/v1/programs/{}", hidden.program);
    assert_eq!(stage.by("coordinator").get(&program).expect(200)["sensitivity"], "restricted");
    let again = plan(&stage, &json!({}));
    assert_eq!(
        (&again["input_sha256"], &again["result_sha256"]),
        (&ordinary["input_sha256"], &ordinary["result_sha256"])
    );
    let secret = plan(&stage, &json!({"sensitivity": "restricted"}));
    assert_eq!((&secret["counts"]["needs"], &secret["counts"]["lines"]), (&json!(1), &json!(1)));
    let plain = stage.plain_coordinator();
    plain.post(PLANS, &json!({"name": "x", "sensitivity": "restricted"})).expect(403);
    for who in [&plain, &stage.by("auditor")] {
        for part in ["", "/lines", "/left-out", "/fairness", "/budgets"] {
            who.get(&format!("{PLANS}/{}{part}", secret.id())).expect(404);
        }
        assert_eq!(who.all(PLANS).len(), 2);
    }
    stage.by("coordinator").post(PLANS, &json!({"name": "x", "program_ids": [hidden.program]})).expect(422);
    approved_by_supervisors(&stage, &secret.id());
    assert_eq!(read(&stage, &secret.id())["execution"]["sent"], 1);
}

fn approved_by_supervisors(stage: &Stage, id: &str) {
    stage.execute("UPDATE grants SET duties = '{supervise,approve_money}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator2')");
    step(stage, "coordinator", id, "propose", &json!({})).expect(200);
    let second = stage.app.as_role("coordinator2");
    let path = format!("{PLANS}/{id}");
    second.act(&format!("{path}/approve"), second.get(&path).expect(200).etag(), &json!({})).expect(200);
    step(stage, "coordinator", id, "execute", &json!({})).expect(202);
    stage.app.work();
}
