//! Matches: every household with every program, stored and shown, followed as things change, and told only to whom it may be.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Caller, OTHER_VILLAGE, VILLAGE, account_id, count};
use crate::stage::{Offer, Stage, Terms};

fn run(stage: &Stage) -> Value {
    let coordinator = stage.by("coordinator");
    let asked = coordinator.post("/api/v1/matching-runs", &json!({})).expect(202);
    assert!(asked.header("location").unwrap().starts_with("/api/v1/operations/"));
    stage.app.work();
    let run = coordinator.get(&format!("/api/v1/matching-runs/{}", asked.id())).expect(200).json();
    assert_eq!(run["status"], "succeeded", "{run}");
    run
}

fn of_program(caller: &Caller, offer: &Offer, outcome: &str) -> Vec<Value> {
    let path = format!("/api/v1/programs/{}/matches?limit=2&outcome={outcome}", offer.program);
    caller.all(&path).iter().map(|m| m["household_id"].clone()).collect()
}

fn ids(homes: &[Uuid]) -> Vec<Value> {
    homes.iter().map(|h| json!(h)).collect()
}

fn sorted(mut list: Vec<Value>) -> Vec<Value> {
    list.sort_by_key(ToString::to_string);
    list
}

#[test]
fn the_city_is_matched_and_shown_both_ways_within_ones_area() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    let inside: Vec<Uuid> = (0..5).map(|_| stage.household(VILLAGE).0).collect();
    let outside = stage.household(OTHER_VILLAGE).0;
    for home in &inside[..3] {
        stage.decile(*home, 3);
    }
    stage.decile(inside[3], 9);
    stage.decile(outside, 1);
    let done = run(&stage);
    assert_eq!(
        (&done["households"], &done["programs"], &done["eligible"], &done["needs_data"]),
        (&json!(6), &json!(1), &json!(4), &json!(1))
    );
    assert_eq!((&done["regions_done"], &done["regions_total"]), (&json!(2), &json!(2)));
    let worker = stage.by("social_worker");
    assert_eq!(sorted(of_program(&worker, &offer, "eligible")), sorted(ids(&inside[..3])));
    assert_eq!(of_program(&worker, &offer, "needs_data"), ids(&inside[4..]));
    assert_eq!(of_program(&stage.by("social_worker_out"), &offer, "eligible"), ids(&[outside]));
    assert_eq!(of_program(&stage.by("coordinator"), &offer, "eligible").len(), 4);
    let total = worker.get(&format!("/api/v1/programs/{}/matches?include_total=true", offer.program)).expect(200);
    assert_eq!((&total["page"]["total"], &total["data"][0]["head_name"]), (&json!(3), &json!("Siti Aminah")));
    let seen = stage.by("auditor").get(&format!("/api/v1/programs/{}/matches", offer.program)).expect(200);
    assert_eq!(seen["data"][0]["head_name"], json!(null));
    // A household with all programs, as of now, with reasons.
    let path = format!("/api/v1/households/{}/matches", inside[0]);
    let matches = worker.all(&path);
    assert_eq!(
        (matches.len(), &matches[0]["outcome"], &matches[0]["rule_version"]),
        (1, &json!("eligible"), &json!(1))
    );
    assert_eq!(matches[0]["deciding"][0]["phrase"]["id"], "desil nasional 1–4");
    assert!(worker.all(&format!("/api/v1/households/{}/matches", inside[3])).is_empty());
    assert_eq!(worker.all(&format!("/api/v1/households/{}/matches?outcome=ineligible", inside[3])).len(), 1);
    stage.by("social_worker_out").get(&path).expect(404);
    stage.by("partner").get(&path).expect(403);
    let why = worker.get(&format!("/api/v1/households/{}/matches/{}", inside[3], offer.program)).expect(200);
    assert_eq!((&why["match"]["outcome"], &why["stored"]), (&json!("ineligible"), &json!("ineligible")));
    assert_eq!((&why["changes"][0]["kind"], &why["changes"][0]["fact"]), (&json!("check"), &json!("decile")));
    // Numbers for the foundation, none of them small; by kecamatan and kelurahan for who works there.
    let counts =
        |who: &str| stage.by(who).get(&format!("/api/v1/programs/{}/match-counts", offer.program)).expect(200).json();
    assert_eq!(
        (&counts("partner")["eligible"], &counts("partner")["villages"][0]["eligible"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(
        (&counts("coordinator")["eligible"], counts("coordinator")["districts"].as_array().unwrap().len()),
        (&json!(4), 2)
    );
    assert_eq!(counts("social_worker")["villages"][0]["needs_data"], 1);
    let missing = worker.get("/api/v1/insight/missing-facts").expect(200);
    assert_eq!((&missing["data"][0]["fact"], &missing["data"][0]["verdicts"]), (&json!("decile"), &json!(1)));
    assert_eq!(stage.by("social_worker_out").get("/api/v1/insight/missing-facts").expect(200)["data"], json!([]));
}

#[test]
fn a_program_reaches_its_areas_only_and_leaves_the_lists_with_its_end() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    stage.execute(&format!(
        "UPDATE programs SET areas = '{{{}}}', version = version + 1 WHERE id = '{}'",
        &OTHER_VILLAGE[..8],
        offer.program
    ));
    let home = stage.household(VILLAGE).0;
    stage.decile(home, 2);
    run(&stage);
    let worker = stage.by("social_worker");
    assert!(of_program(&worker, &offer, "eligible").is_empty());
    let why = worker.get(&format!("/api/v1/households/{home}/matches/{}", offer.program)).expect(200);
    assert_eq!(why["match"]["deciding"][0]["pointer"], "/areas");
    let path = format!("/api/v1/programs/{}", offer.program);
    let coordinator = stage.by("coordinator");
    coordinator.act(&format!("{path}/suspend"), coordinator.get(&path).etag(), &json!({})).expect(200);
    assert!(worker.all(&format!("/api/v1/households/{home}/matches?outcome=ineligible")).is_empty());
    run(&stage);
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM match_sets"), 0);
}

#[test]
fn what_changes_is_followed_within_moments() {
    let stage = Stage::working();
    let offer = stage.offer(&Terms::default());
    let home = stage.household(VILLAGE).0;
    stage.decile(home, 8);
    stage.rule(&offer.program, &json!({"all": [{"decile": {"max": 4}}, {"has_problem": {"needs": ["pangan"]}}]}));
    let worker = stage.by("social_worker");
    let settled = |wanted: bool| {
        stage.app.wait("the match", || of_program(&worker, &offer, "eligible").contains(&json!(home)) == wanted);
    };
    stage.app.wait("the run of the rule", || count(&mut stage.app.sql(), "SELECT count(*) AS n FROM match_sets") > 0);
    settled(false);
    stage.verified(home);
    stage.decile(home, 2);
    let begin = Instant::now();
    settled(true);
    let took = begin.elapsed();
    println!("one changed household: {} ms", took.as_millis());
    assert!(took < Duration::from_secs(2), "{took:?}");
    // It moves away, and is found there.
    stage.execute(&format!("UPDATE households SET region_code = '{OTHER_VILLAGE}', district_code = left('{OTHER_VILLAGE}', 8) WHERE id = '{home}'"));
    stage.decile(home, 2);
    settled(false);
    let other = stage.by("social_worker_out");
    // The other kelurahan has not been matched before: the next run does it.
    stage.by("coordinator").post("/api/v1/matching-runs", &json!({})).expect(202);
    stage.app.wait("the new home", || of_program(&other, &offer, "eligible").contains(&json!(home)));
    // The rule changes, and the program ends.
    stage.rule(&offer.program, &json!({"decile": {"max": 1}}));
    stage.app.wait("the new rule", || of_program(&other, &offer, "eligible").is_empty());
    let kept = "SELECT count(*) AS n FROM match_sets WHERE rule_version = 2";
    stage.app.wait("its version", || count(&mut stage.app.sql(), kept) > 0);
    stage.app.wait("the queue", || count(&mut stage.app.sql(), "SELECT count(*) AS n FROM matching_changes") == 0);
    stage.app.leave_jobs();
}

#[test]
fn a_birthday_changes_a_verdict_without_a_write() {
    let stage = Stage::working();
    let offer = stage.offer(&Terms::default());
    let (home, head) = stage.household(VILLAGE);
    stage.execute(&format!(
        "UPDATE individuals SET birth_date = (now() AT TIME ZONE 'Asia/Jakarta')::date - interval '60 years' + interval '1 day' WHERE id = '{head}'"
    ));
    stage.rule(&offer.program, &json!({"any_member": {"age": {"min": 60}}}));
    stage.app.wait("the run", || count(&mut stage.app.sql(), "SELECT count(*) AS n FROM match_sets") > 0);
    let worker = stage.by("social_worker");
    let path = format!("/api/v1/households/{home}/matches/{}", offer.program);
    let before = worker.get(&path).expect(200);
    assert_ne!(before["match"]["outcome"], "eligible");
    assert!(before["match"]["valid_until"].is_string(), "{}", before["match"]);
    // As if the day had come: the stored bits were evaluated yesterday, and nothing is written to the household.
    stage.execute(&format!("UPDATE individuals SET birth_date = birth_date - 2 WHERE id = '{head}'"));
    stage.execute("DELETE FROM matching_days");
    stage.app.wait("the new day", || of_program(&worker, &offer, "eligible").contains(&json!(home)));
    stage.app.leave_jobs();
}

#[test]
fn a_restricted_program_shows_through_nowhere() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let hidden = stage.offer(&Terms { code: "SAFE_HOUSE", need: "kekerasan", class: None, ..Terms::default() });
    stage.rule(&offer.program, &json!({"has_problem": {"needs": ["pangan"]}}));
    stage.rule(&hidden.program, &json!({"has_problem": {"needs": ["kekerasan"]}}));
    let (victim, other) = (stage.household(VILLAGE).0, stage.household(VILLAGE).0);
    let problem = Uuid::now_v7();
    stage.execute(&format!(
        "INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, sensitivity)
         VALUES ('{problem}', 'household', '{victim}', 'kekerasan', 'high', 'village', 'verified', 'restricted')"
    ));
    run(&stage);
    let plain = stage.plain_coordinator();
    for caller in [&stage.by("social_worker"), &stage.by("village_operator"), &stage.by("auditor"), &plain] {
        let of = |home: Uuid| {
            let list = caller.all(&format!("/api/v1/households/{home}/matches?outcome=eligible"));
            let other = caller.all(&format!("/api/v1/households/{home}/matches"));
            (list.len(), other.len())
        };
        assert_eq!((of(victim), of(other)), ((0, 0), (0, 0)));
        caller.get(&format!("/api/v1/households/{victim}/matches/{}", hidden.program)).expect(404);
        caller.get(&format!("/api/v1/programs/{}/matches", hidden.program)).expect(404);
        caller.get(&format!("/api/v1/programs/{}/match-counts", hidden.program)).expect(404);
    }
    let runs = plain.all("/api/v1/matching-runs");
    assert_eq!((&runs[0]["eligible"], &runs[0]["changed"]), (&json!(null), &json!(null)));
    // Who works on it sees it of this household and of no other.
    let worker = stage.by("social_worker");
    stage.execute(&format!(
        "INSERT INTO assignments (id, subject_kind, subject_id, account_id, duty) VALUES (gen_random_uuid(), 'problem', '{problem}', '{}', 'lead')",
        account_id("social_worker")
    ));
    assert_eq!(worker.all(&format!("/api/v1/households/{victim}/matches"))[0]["program"]["code"], "SAFE_HOUSE");
    assert!(
        worker
            .all(&format!("/api/v1/households/{other}/matches?outcome=ineligible"))
            .iter()
            .all(|m| m["program"]["code"] != "SAFE_HOUSE")
    );
    assert_eq!(of_program(&worker, &hidden, "eligible"), ids(&[victim]));
    worker.get(&format!("/api/v1/programs/{}/match-counts", hidden.program)).expect(404);
    // An open program's rule never reads it, not even to say that something is unknown.
    let path = format!("/api/v1/programs/{}/rule/check", offer.program);
    let refused = worker.post(&path, &json!({"rule": {"has_problem": {"needs": ["kekerasan"]}}})).expect(200);
    assert_eq!(refused["errors"][0]["code"], "restricted_code");
}

#[test]
fn runs_at_once_agree_and_an_interrupted_one_goes_on() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    let homes: Vec<Uuid> =
        (0..40).map(|n| stage.household(if n % 2 == 0 { VILLAGE } else { OTHER_VILLAGE }).0).collect();
    for (at, home) in homes.iter().enumerate() {
        stage.decile(*home, u8::try_from(at % 10 + 1).unwrap());
    }
    let coordinator = stage.by("coordinator");
    let first = coordinator.post("/api/v1/matching-runs", &json!({})).expect(202);
    // One that waits serves whoever asks meanwhile.
    assert_eq!(coordinator.post("/api/v1/matching-runs", &json!({})).expect(202).id(), first.id());
    // As a worker leaves it that was killed: claimed, with a lease that has run out.
    stage.execute("UPDATE operations SET state = 'running', attempts = 1, claimed_by = 'dead', lease_until = now() - interval '1 minute' WHERE state = 'queued'");
    let second = coordinator.post("/api/v1/matching-runs", &json!({})).expect(202);
    assert_ne!(second.id(), first.id());
    stage.app.work();
    for id in [first.id(), second.id()] {
        let run = coordinator.get(&format!("/api/v1/matching-runs/{id}")).expect(200);
        assert_eq!(run["status"], "succeeded");
    }
    assert_eq!(of_program(&coordinator, &offer, "eligible").len(), 16);
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM match_slots"), 40);
}

#[test]
fn a_run_of_one_program_meets_who_has_come_since_the_last_run() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    let arrive = |village: &str| {
        let home = stage.household(village).0;
        stage.decile(home, 2);
        home
    };
    let mut homes: Vec<Uuid> = (0..3).map(|_| arrive(VILLAGE)).collect();
    assert_eq!(run(&stage)["eligible"], 3);
    // One where others have their slots, one in a kelurahan where nobody has.
    homes.extend([arrive(VILLAGE), arrive(OTHER_VILLAGE)]);
    let coordinator = stage.by("coordinator");
    let one = |expected: i64| {
        let asked = coordinator.post("/api/v1/matching-runs", &json!({"program_id": offer.program})).expect(202);
        stage.app.work();
        let done = coordinator.get(&format!("/api/v1/matching-runs/{}", asked.id())).expect(200);
        assert_eq!((&done["status"], &done["eligible"]), (&json!("succeeded"), &json!(expected)));
        assert_eq!((&done["regions_done"], &done["regions_total"]), (&json!(2), &json!(2)));
    };
    one(5);
    assert_eq!(sorted(of_program(&coordinator, &offer, "eligible")), sorted(ids(&homes)));
    one(5);
}

#[test]
fn the_first_family_of_a_kelurahan_is_matched_though_the_run_came_before_it() {
    let stage = Stage::working();
    let offer = stage.offer(&Terms::default());
    stage.rule(&offer.program, &json!({"decile": {"max": 4}}));
    let runs = |filter: &str| {
        let sql = format!("SELECT count(*) AS n FROM operations WHERE kind = 'matching.run' AND {filter}");
        count(&mut stage.app.sql(), &sql)
    };
    let idle = || runs("state = 'succeeded'") > 0 && runs("state IN ('queued', 'running')") == 0;
    stage.app.wait("a run over nobody", || {
        idle() && count(&mut stage.app.sql(), "SELECT count(*) AS n FROM matching_changes") == 0
    });
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM match_sets"), 0);
    let home = stage.household(VILLAGE).0;
    stage.decile(home, 2);
    let worker = stage.by("social_worker");
    stage.app.wait("the family to be matched", || of_program(&worker, &offer, "eligible") == ids(&[home]));
    stage.app.leave_jobs();
}
