//! Referrals: seat, money and claim move together or not at all, and everybody sees his side only.

use serde_json::json;

use crate::harness::{FOUNDATION, SISTER_VILLAGE, VILLAGE};
use crate::stage::{Offer, Stage, Terms};

#[test]
fn from_a_verified_problem_to_help_received() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 1_000_000, 500_000);
    let (household, problem) = stage.needy();
    let (worker, partner) = (stage.by("social_worker"), stage.by("partner"));
    let draft = worker
        .post("/api/v1/referrals", &json!({"problem_id": problem, "cycle_id": offer.cycle, "note": "Gang sempit"}))
        .expect(201);
    assert_eq!((&draft["status"], &draft["can"]), (&json!("draft"), &json!(["send", "cancel"])));
    assert_eq!((&draft["to_organization_id"], &draft["amount_idr"]), (&json!(FOUNDATION), &json!(100_000)));
    let (path, id) = (draft.header("location").unwrap().to_owned(), draft.id());
    partner.get(&path).expect(404);
    let sent = worker.act(&format!("{path}/send"), draft.etag(), &json!({})).expect(200);
    assert_eq!((&sent["status"], &sent["funding_source_id"]), (&json!("sent"), &json!(source)));
    assert!(sent["due_at"].is_string());
    assert_eq!((stage.seats_taken(&offer), stage.active_claims()), (1, 1));
    assert_eq!(stage.balance(&source), [0, 500_000, 400_000, 100_000, 0, 0]);
    // Before acceptance the partner sees need and kelurahan, and nobody's name.
    let seen = partner.get(&path).expect(200);
    assert_eq!((&seen["need_code"], &seen["region_code"]), (&json!("pangan"), &json!(VILLAGE)));
    assert_eq!(
        (&seen["subject_name"], &seen["household_id"], &seen["note"]),
        (&json!(null), &json!(null), &json!(null))
    );
    assert_eq!(seen["can"], json!(["accept", "decline", "return"]));
    partner.get(&format!("/api/v1/problems/{problem}")).expect(404);
    partner.act(&format!("{path}/cancel"), seen.etag(), &json!({"reason_code": "other"})).expect(403);
    worker.act(&format!("{path}/accept"), sent.etag(), &json!({})).expect(403);
    let accepted = partner.act(&format!("{path}/accept"), seen.etag(), &json!({})).expect(200);
    assert_eq!((&accepted["status"], &accepted["subject_name"]), (&json!("accepted"), &json!("Siti Aminah")));
    assert_eq!(stage.balance(&source), [0, 500_000, 400_000, 0, 100_000, 0]);
    assert_eq!(stage.problem_status(&problem), "in_service");
    partner.get(&format!("/api/v1/problems/{problem}")).expect(200);
    let day = json!({"scheduled_on": "2099-01-01"});
    partner.act(&format!("{path}/schedule"), seen.etag(), &day).expect(412).problem("stale_version");
    assert_eq!(
        stage.step("partner", &id, "schedule", &json!({"scheduled_on": "2020-01-01"})).expect(422).refusals(),
        ["/scheduled_on in_past"]
    );
    stage.step("partner", &id, "schedule", &day).expect(200);
    stage.step("partner", &id, "start", &json!({"note": "Dikirim"})).expect(200);
    stage.step("social_worker", &id, "cancel", &json!({"reason": "Salah"})).expect(409).problem("wrong_state");
    assert_eq!(
        stage.step("partner", &id, "complete", &json!({"outcome_code": "x"})).expect(422).refusals(),
        ["/outcome_code unknown_code"]
    );
    let done = stage.step("partner", &id, "complete", &json!({"outcome_code": "need_met"})).expect(200);
    assert_eq!(
        (&done["status"], &done["outcome_code"], &done["can"]),
        (&json!("completed"), &json!("need_met"), &json!([]))
    );
    assert_eq!(stage.balance(&source), [0, 500_000, 400_000, 0, 0, 100_000]);
    assert_eq!(stage.problem_status(&problem), "resolved");
    assert_eq!((stage.seats_taken(&offer), stage.active_claims()), (1, 1), "what was given stays taken");
    let steps: Vec<_> = worker
        .all(&format!("{path}/history?limit=3"))
        .iter()
        .map(|e| e["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(steps, ["create", "send", "accept", "schedule", "start", "complete"]);
    assert_eq!(worker.all(&format!("/api/v1/households/{household}/referrals")).len(), 1);
    let audited = crate::harness::count(
        &mut stage.app.sql(),
        "SELECT count(*) AS n FROM audit_events WHERE action LIKE 'referral.%'",
    );
    assert_eq!(audited, 6);
}

#[test]
fn what_is_declined_or_cancelled_gives_all_back() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let untouched = [0, 0, 500_000, 0, 0, 0];
    let (_, problem) = stage.needy();
    let steps: &[&[(&str, &str)]] = &[
        &[("partner", "decline")],
        &[("social_worker", "cancel")],
        &[("partner", "return"), ("social_worker", "cancel")],
        &[("partner", "accept"), ("social_worker", "cancel")],
        &[("coordinator", "accept"), ("coordinator", "schedule"), ("coordinator", "cancel")],
        &[("partner", "accept"), ("partner", "complete")],
    ];
    for steps in steps {
        let id = stage.draft(&problem, &offer);
        stage.step("social_worker", &id, "send", &json!({})).expect(200);
        for (who, verb) in *steps {
            let body = match *verb {
                "decline" => json!({"reason_code": "no_capacity"}),
                "return" => json!({"reason_code": "missing_identity", "note": "KTP"}),
                "cancel" => json!({"reason_code": "sent_by_mistake"}),
                "schedule" => json!({"scheduled_on": "2099-01-01"}),
                "complete" => json!({"outcome_code": "lost_contact"}),
                _ => json!({}),
            };
            stage.step(who, &id, verb, &body).expect(200);
        }
        assert_eq!(stage.balance(&source), untouched, "{steps:?}");
        assert_eq!((stage.seats_taken(&offer), stage.active_claims()), (0, 0), "{steps:?}");
        assert_eq!(stage.problem_status(&problem), "verified", "{steps:?}");
    }
}

#[test]
fn a_returned_one_keeps_what_it_holds_and_is_sent_again() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seat_kind: "capacity", ..Terms::default() });
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (_, problem) = stage.needy();
    let id = stage.draft(&problem, &offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    let wrong = stage.step("partner", &id, "return", &json!({"reason_code": "no_capacity"})).expect(422);
    assert_eq!(wrong.refusals(), ["/reason_code unknown_code"]);
    stage.step("partner", &id, "return", &json!({"reason_code": "missing_identity"})).expect(200);
    assert_eq!((stage.seats_taken(&offer), stage.balance(&source)[3]), (1, 100_000));
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    assert_eq!((stage.seats_taken(&offer), stage.balance(&source)[3]), (1, 100_000));
    stage.step("partner", &id, "accept", &json!({})).expect(200);
    stage.step("partner", &id, "complete", &json!({"outcome_code": "need_partly_met"})).expect(200);
    assert_eq!(stage.seats_taken(&offer), 0, "a seat of capacity is free again");
    assert_eq!(stage.balance(&source)[5], 100_000);
    assert_eq!(stage.problem_status(&problem), "partly_resolved");
}

#[test]
fn nothing_is_sent_on_what_nobody_has_verified() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 50_000_000, 50_000_000);
    let (household, _) = stage.household(VILLAGE);
    let report = |severity: &str| {
        let new = stage.new_problem(household, "pangan", severity);
        stage.by("village_operator").post("/api/v1/problems", &new).expect(201).id()
    };
    let id = stage.draft(&report("high"), &offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(409).problem("not_verified");
    let emergency = report("emergency");
    let dear = json!({"problem_id": emergency, "cycle_id": offer.cycle, "amount_idr": 5_000_001});
    let dear = stage.by("social_worker").post("/api/v1/referrals", &dear).expect(201).id();
    stage.step("social_worker", &dear, "send", &json!({})).expect(409).problem("not_verified");
    stage.step("social_worker", &dear, "cancel", &json!({"reason": "Terlalu besar"})).expect(200);
    let id = stage.draft(&emergency, &offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    assert_eq!(stage.balance(&source)[3], 100_000);
    stage.step("partner", &id, "decline", &json!({"reason_code": "other"})).expect(200);
}

#[test]
fn a_step_that_fails_rolls_back_the_ones_before_it() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: 1, ..Terms::default() });
    let (_, problem) = stage.needy();
    let id = stage.draft(&problem, &offer);
    let send = || stage.step("social_worker", &id, "send", &json!({}));
    send().expect(409).problem("insufficient_funds");
    assert_eq!((stage.seats_taken(&offer), stage.active_claims()), (0, 0), "the seat came back");
    let source = stage.budget("BUDGET", &offer, 99_999, 99_999);
    send().expect(409).problem("insufficient_funds");
    assert_eq!(stage.balance(&source), [0, 0, 99_999, 0, 0, 0]);
    // The same aid from another program in the same period.
    let other = stage.offer(&Terms { code: "OTHER", ..Terms::default() });
    let second = stage.budget("SECOND", &other, 500_000, 500_000);
    let held = stage.draft(&problem, &other);
    stage.step("social_worker", &held, "send", &json!({})).expect(200);
    let first = stage.budget("FIRST", &offer, 500_000, 500_000);
    send().expect(409).problem("claim_overlap");
    assert_eq!((stage.seats_taken(&offer), stage.balance(&first)), (0, [0, 0, 500_000, 0, 0, 0]), "all came back");
    assert_eq!(stage.balance(&second)[3], 100_000);
    stage.step("partner", &held, "decline", &json!({"reason_code": "other"})).expect(200);
    send().expect(200);
    // The next family finds no seat.
    let (_, next) = stage.needy();
    let late = stage.draft(&next, &offer);
    stage.step("social_worker", &late, "send", &json!({})).expect(409).problem("no_seats");
}

#[test]
fn a_draft_is_checked_and_a_closed_door_stays_closed() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (_, problem) = stage.needy();
    let worker = stage.by("social_worker");
    let refused = |body: serde_json::Value| worker.post("/api/v1/referrals", &body).expect(422).refusals();
    let nobody = uuid::Uuid::now_v7();
    assert_eq!(refused(json!({"problem_id": nobody, "cycle_id": offer.cycle})), ["/problem_id not_found"]);
    assert_eq!(refused(json!({"problem_id": problem, "cycle_id": nobody})), ["/cycle_id not_found"]);
    let to = json!({"problem_id": problem, "cycle_id": offer.cycle, "to_organization_id": nobody});
    assert_eq!(refused(to), ["/to_organization_id not_found"]);
    assert_eq!(
        refused(json!({"problem_id": problem, "cycle_id": offer.cycle, "amount_idr": 0})),
        ["/amount_idr required"]
    );
    let out = json!({"problem_id": problem, "cycle_id": offer.cycle});
    assert_eq!(
        stage.by("social_worker_out").post("/api/v1/referrals", &out).expect(422).refusals(),
        ["/problem_id not_found"]
    );
    stage.by("village_operator").post("/api/v1/referrals", &out).expect(403);
    let id = stage.draft(&problem, &offer);
    worker.post("/api/v1/referrals", &out).expect(409).problem("already_exists");
    let send = || stage.step("social_worker", &id, "send", &json!({}));
    for (code, close, open) in [
        ("program_not_open", "UPDATE programs SET status = 'suspended'", "UPDATE programs SET status = 'published'"),
        (
            "program_not_open",
            "UPDATE program_cycles SET status = 'closed'",
            "UPDATE program_cycles SET status = 'open'",
        ),
        (
            "program_not_open",
            "UPDATE program_cycles SET starts_on = '2098-01-01'",
            "UPDATE program_cycles SET starts_on = '2020-01-01'",
        ),
        (
            "agreement_expired",
            "UPDATE organizations SET agreement_until = '2020-01-01'",
            "UPDATE organizations SET agreement_until = NULL",
        ),
        (
            "organization_suspended",
            "UPDATE organizations SET status = 'suspended'",
            "UPDATE organizations SET status = 'verified'",
        ),
    ] {
        stage.execute(close);
        send().expect(409).problem(code);
        stage.execute(open);
    }
    stage.execute("UPDATE accounts SET str_valid_until = '2020-01-01' WHERE username = 'social_worker'");
    let worker = stage.app.as_role("social_worker");
    let path = format!("/api/v1/referrals/{id}");
    let etag = worker.get(&path).etag().to_owned();
    stage.app.wait("the new date", || {
        let answer = worker.act(&format!("{path}/send"), &etag, &json!({}));
        assert_eq!(answer.status, 409, "{}", answer.text());
        answer["code"] == "str_expired"
    });
}

#[test]
fn the_last_seats_the_last_rupiah_and_the_same_claim_are_taken_once() {
    let stage = Stage::start();
    let race = |stage: &Stage, drafts: Vec<String>| -> Vec<(u16, String)> {
        let worker = stage.by("social_worker");
        let ready: Vec<_> = drafts
            .into_iter()
            .map(|id| (worker.get(&format!("/api/v1/referrals/{id}")).etag().to_owned(), id))
            .collect();
        std::thread::scope(|threads| {
            let runs: Vec<_> = ready
                .iter()
                .map(|(etag, id)| {
                    let worker = worker.clone();
                    threads.spawn(move || {
                        let answer = worker.act(&format!("/api/v1/referrals/{id}/send"), etag, &json!({}));
                        (answer.status, answer["code"].as_str().unwrap_or("sent").to_owned())
                    })
                })
                .collect();
            runs.into_iter().map(|r| r.join().unwrap()).collect()
        })
    };
    let tally = |results: &[(u16, String)], code: &str| results.iter().filter(|(_, c)| c == code).count();

    let seats = stage.offer(&Terms { code: "SEATS", seats: 3, class: Some("cooked_meals"), ..Terms::default() });
    let source = stage.budget("SEATS", &seats, 10_000_000, 10_000_000);
    let drafts = (0..10).map(|_| stage.draft(&stage.needy().1, &seats)).collect();
    let results = race(&stage, drafts);
    assert_eq!((tally(&results, "sent"), tally(&results, "no_seats")), (3, 7), "{results:?}");
    assert_eq!((stage.seats_taken(&seats), stage.balance(&source)[3]), (3, 300_000));

    let money = stage.offer(&Terms { code: "MONEY", seats: 100, class: None, ..Terms::default() });
    let one = stage.budget("MONEY-1", &money, 150_000, 150_000);
    let two = stage.budget("MONEY-2", &money, 250_000, 250_000);
    let drafts = (0..10).map(|_| stage.draft(&stage.needy().1, &money)).collect();
    let results = race(&stage, drafts);
    assert_eq!((tally(&results, "sent"), tally(&results, "insufficient_funds")), (3, 7), "{results:?}");
    assert_eq!((stage.balance(&one)[3], stage.balance(&two)[3]), (100_000, 200_000));
    assert_eq!(stage.seats_taken(&money), 3);

    let offers: Vec<Offer> = (0..6)
        .map(|n| {
            let code = format!("CLAIM-{n}");
            let offer = stage.offer(&Terms { code: &code, class: Some("funeral"), ..Terms::default() });
            stage.budget(&code, &offer, 500_000, 500_000);
            offer
        })
        .collect();
    let (_, problem) = stage.needy();
    let results = race(&stage, offers.iter().map(|offer| stage.draft(&problem, offer)).collect());
    assert_eq!((tally(&results, "sent"), tally(&results, "claim_overlap")), (1, 5), "{results:?}");
    assert_eq!(offers.iter().map(|o| stage.seats_taken(o)).sum::<i64>(), 1);
}

#[test]
fn one_answer_is_given_once_whoever_presses_twice() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (_, problem) = stage.needy();
    let id = stage.draft(&problem, &offer);
    let worker = stage.by("social_worker");
    let path = format!("/api/v1/referrals/{id}");
    let etag = worker.get(&path).etag().to_owned();
    let send = || {
        worker.request("POST", &format!("{path}/send")).header("if-match", &etag).header("idempotency-key", "s").send()
    };
    let (first, again) = (send().expect(200), send().expect(200));
    assert_eq!((first.body.clone(), again.header("idempotent-replayed")), (again.body.clone(), Some("true")));
    assert_eq!(stage.balance(&source)[3], 100_000);
    let partner = stage.by("partner");
    let etag = partner.get(&path).etag().to_owned();
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let runs: Vec<_> = (0..8)
            .map(|n| {
                let (partner, path, etag) = (partner.clone(), &path, &etag);
                threads.spawn(move || match n % 2 {
                    0 => partner.act(&format!("{path}/accept"), etag, &json!({})).status,
                    _ => partner.act(&format!("{path}/decline"), etag, &json!({"reason_code": "other"})).status,
                })
            })
            .collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 412).count(), 7, "{statuses:?}");
}

#[test]
fn everybody_sees_his_own() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (household, problem) = stage.needy();
    let id = stage.draft(&problem, &offer);
    stage.step("social_worker", &id, "send", &json!(null)).expect(200);
    let path = format!("/api/v1/referrals/{id}");
    for name in ["village_operator", "social_worker", "social_worker2", "coordinator", "partner", "auditor"] {
        stage.by(name).get(&path).expect(200);
        assert_eq!(stage.by(name).all("/api/v1/referrals").len(), 1, "{name}");
    }
    for name in ["village_operator_out", "social_worker_out", "partner_out", "agency_officer", "citizen"] {
        stage.by(name).get(&path).expect(404);
        stage.by(name).get(&format!("{path}/history")).expect(404);
        assert!(stage.by(name).all("/api/v1/referrals").is_empty(), "{name}");
        stage.by(name).get(&format!("/api/v1/households/{household}/referrals")).expect(404);
    }
    stage.by("admin").get(&path).expect(403);
    assert_eq!(stage.by("auditor").get(&path).expect(200)["subject_name"], json!(null));
    let worker = stage.by("social_worker");
    for (filter, found) in [
        ("status=sent", 1),
        ("status=draft", 0),
        ("mine=true", 1),
        ("overdue=true", 0),
        (&format!("to_organization_id={FOUNDATION}"), 1),
        (&format!("program_id={}", offer.program), 1),
        (&format!("problem_id={household}"), 0),
    ] {
        assert_eq!(worker.all(&format!("/api/v1/referrals?{filter}")).len(), found, "{filter}");
    }
    assert_eq!(stage.by("partner").all("/api/v1/referrals?mine=true").len(), 1);
    worker.get("/api/v1/referrals?status=lost").expect(400);
    let (sister, _) = stage.household(SISTER_VILLAGE);
    assert!(stage.by("social_worker").all(&format!("/api/v1/households/{sister}/referrals")).is_empty());
}

#[test]
fn a_restricted_case_leaves_no_trace_for_others() {
    let stage = Stage::start();
    let coordinator = stage.plain_coordinator();
    let open = stage.offer(&Terms::default());
    let shelter = stage.offer(&Terms {
        code: "SHELTER",
        need: "kekerasan",
        class: Some("violence_protection"),
        unit: "person",
        ..Terms::default()
    });
    let source = stage.budget("BUDGET", &open, 1_000_000, 300_000);
    let allot = json!({"cycle_id": shelter.cycle, "amount_idr": 300_000});
    stage.by("coordinator").post(&format!("/api/v1/funding-sources/{source}/allot"), &allot).expect(200);
    let (household, head) = stage.household(VILLAGE);
    let paths = [
        "/api/v1/referrals?include_total=true".to_owned(),
        "/api/v1/problems?include_total=true".to_owned(),
        "/api/v1/programs?include_total=true&open=true".to_owned(),
        "/api/v1/funding-sources?include_total=true".to_owned(),
        format!("/api/v1/funding-sources/{source}"),
        format!("/api/v1/funding-sources/{source}/balance"),
        format!("/api/v1/funding-sources/{source}/ledger?include_total=true"),
        format!("/api/v1/households/{household}/referrals"),
        format!("/api/v1/households/{household}"),
        format!("/api/v1/programs/{}/cycles", open.program),
    ];
    let others: Vec<_> = ["village_operator", "agency_officer", "auditor", "partner_out"]
        .iter()
        .map(|name| stage.by(name))
        .chain([coordinator, stage.app.as_client("test-reader")])
        .collect();
    let look = || -> Vec<(u16, serde_json::Value, Option<String>)> {
        let answers = others.iter().flat_map(|caller| paths.iter().map(|p| caller.get(p)));
        answers
            .map(|a| {
                let mut body = a.json();
                if let Some(map) = body.as_object_mut() {
                    map.remove("request_id");
                }
                (a.status, body, a.header("etag").map(str::to_owned))
            })
            .collect()
    };
    let before = look();
    let worker = stage.by("social_worker");
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kekerasan", "severity": "high"});
    let problem = worker.post("/api/v1/problems", &new).expect(201).id();
    let path = format!("/api/v1/problems/{problem}");
    let supervisor = stage.by("social_worker2");
    supervisor.act(&format!("{path}/verify"), supervisor.get(&path).etag(), &json!({})).expect(200);
    // Working on such a problem opens the program that answers it, without its numbers.
    let seen = worker.get(&format!("/api/v1/programs/{}/cycles/{}", shelter.program, shelter.cycle)).expect(200);
    assert_eq!(seen["seats_taken"], json!(null));
    let open_one = json!({"problem_id": problem, "cycle_id": open.cycle});
    assert_eq!(worker.post("/api/v1/referrals", &open_one).expect(422).refusals(), ["/cycle_id other_sensitivity"]);
    let id = stage.draft(&problem, &shelter);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    stage.step("partner", &id, "accept", &json!({})).expect(200);
    for (was, is) in before.iter().zip(look()) {
        assert_eq!(*was, is);
    }
    stage.step("partner", &id, "complete", &json!({"outcome_code": "need_met"})).expect(200);
    for (was, is) in before.iter().zip(look()) {
        assert_eq!(*was, is);
    }
    assert_eq!(stage.balance(&source)[5], 100_000, "the supervisor sees it");
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action LIKE 'referral.%' AND sensitivity = 'open'";
    assert_eq!(crate::harness::count(&mut stage.app.sql(), trail), 0);
}
