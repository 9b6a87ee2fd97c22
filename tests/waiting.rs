//! What happens when nobody acts, and when there is no seat: reminders, expiry, the line, the next program.

use serde_json::{Value, json};

use crate::harness::{VILLAGE, count};
use crate::stage::{Stage, Terms};

fn waits(stage: &Stage, referral: &str) -> crate::harness::Answer {
    stage.by("social_worker").post("/api/v1/waitlist", &json!({"referral_id": referral}))
}

fn status(stage: &Stage, referral: &str) -> String {
    let seen = stage.by("coordinator").get(&format!("/api/v1/referrals/{referral}")).expect(200);
    seen["status"].as_str().unwrap().to_owned()
}

fn events(stage: &Stage, referral: &str) -> Vec<String> {
    let all = stage.by("coordinator").all(&format!("/api/v1/referrals/{referral}/history"));
    all.iter().map(|e| e["event"].as_str().unwrap().to_owned()).collect()
}

/// Moves everything that was sent so many days into the past.
fn days_go_by(stage: &Stage, days: i32) {
    stage.execute(&format!(
        "UPDATE referrals SET due_at = due_at - interval '{days} days', due_on = NULL, due_from = NULL, due_days = NULL WHERE due_at IS NOT NULL"
    ));
}

#[test]
fn the_longest_waiting_of_the_most_urgent_gets_the_seat_that_is_freed() {
    let stage = Stage::start();
    // What is due in a city that nobody waits in.
    stage.app.look_after();
    let offer = stage.offer(&Terms { seats: 1, class: None, ..Terms::default() });
    stage.budget("BUDGET", &offer, 5_000_000, 5_000_000);
    let problems: Vec<(uuid::Uuid, String)> = (0..4).map(|_| stage.needy()).collect();
    // The last comer is the most urgent.
    stage.execute(&format!("UPDATE problems SET severity = 'emergency' WHERE id = '{}'", problems[3].1));
    let ids: Vec<String> = problems.iter().map(|(_, p)| stage.draft(p, &offer)).collect();
    stage.step("social_worker", &ids[0], "send", &json!({})).expect(200);
    stage.step("social_worker", &ids[1], "send", &json!({})).expect(409).problem("no_seats");
    let entries: Vec<_> = ids[1..].iter().map(|id| waits(&stage, id).expect(201)).collect();
    waits(&stage, &ids[1]).expect(409).problem("already_exists");
    waits(&stage, &ids[0]).expect(409).problem("wrong_state");
    assert_eq!(entries[0]["position"], 1);
    let line: Vec<_> = stage.by("coordinator").all("/api/v1/waitlist?status=waiting");
    let places: Vec<_> = line.iter().map(|e| e["position"].as_i64().unwrap()).collect();
    assert_eq!(places, [2, 3, 1], "the emergency is next");
    stage.by("social_worker_out").get(&format!("/api/v1/waitlist/{}", entries[0].id())).expect(404);
    // What follows from new people, apart from the line.
    stage.app.look_after();
    assert_eq!(stage.app.look_after(), 0, "no seat, nobody is sent");
    stage.step("partner", &ids[0], "decline", &json!({"reason_code": "no_capacity"})).expect(200);
    stage.app.look_after();
    let statuses: Vec<_> = ids.iter().map(|id| status(&stage, id)).collect();
    assert_eq!(statuses, ["declined", "draft", "draft", "sent"]);
    assert_eq!(stage.seats_taken(&offer), 1);
    // Whoever cannot be sent any more does not block the others.
    stage.execute(&format!("UPDATE problems SET status = 'resolved' WHERE id = '{}'", problems[1].1));
    stage.step("partner", &ids[3], "decline", &json!({"reason_code": "no_capacity"})).expect(200);
    stage.app.look_after();
    assert_eq!(status(&stage, &ids[2]), "sent");
    let skipped = stage.by("social_worker").get(&format!("/api/v1/waitlist/{}", entries[0].id())).expect(200);
    assert_eq!((&skipped["status"], &skipped["skipped_code"]), (&json!("skipped"), &json!("wrong_state")));
    assert_eq!(count(&mut stage.app.sql(), "SELECT count(*) AS n FROM waitlist WHERE status = 'waiting'"), 0);
}

#[test]
fn whoever_withdraws_waits_no_more_and_a_closed_cycle_lets_all_go() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: 0, class: None, ..Terms::default() });
    let entries: Vec<_> = (0..2).map(|_| waits(&stage, &stage.draft(&stage.needy().1, &offer)).expect(201)).collect();
    let path = format!("/api/v1/waitlist/{}", entries[0].id());
    let worker = stage.by("social_worker");
    let etag = worker.get(&path).expect(200).etag().to_owned();
    let gone = worker.act(&format!("{path}/withdraw"), &etag, &json!({})).expect(200);
    assert_eq!((&gone["status"], &gone["position"], &gone["can"]), (&json!("withdrawn"), &json!(null), &json!([])));
    worker.act(&format!("{path}/withdraw"), gone.etag(), &json!({})).expect(409).problem("wrong_state");
    stage.execute(&format!("UPDATE program_cycles SET status = 'closed' WHERE id = '{}'", offer.cycle));
    stage.app.look_after();
    let lapsed = worker.get(&format!("/api/v1/waitlist/{}", entries[1].id())).expect(200);
    assert_eq!(lapsed["status"], "lapsed");
}

#[test]
fn who_does_not_answer_is_reminded_reported_and_passed_by() {
    let stage = Stage::start();
    // What is due in a city that nobody waits in.
    stage.app.look_after();
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (_, problem) = stage.needy();
    let id = stage.draft(&problem, &offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    assert_eq!(stage.app.look_after(), 0, "nothing is due yet");
    let due = stage.by("coordinator").get(&format!("/api/v1/referrals/{id}")).expect(200)["due_at"]
        .as_str()
        .unwrap()
        .to_owned();
    let until: chrono::DateTime<chrono::Utc> = due.parse().unwrap();
    let days = i32::try_from((until - chrono::Utc::now()).num_days()).unwrap();
    days_go_by(&stage, days);
    stage.app.look_after();
    assert_eq!(events(&stage, &id), ["create", "send", "remind"]);
    days_go_by(&stage, 2);
    stage.app.look_after();
    stage.app.look_after();
    assert_eq!(events(&stage, &id), ["create", "send", "remind", "escalate"], "each once");
    assert_eq!(status(&stage, &id), "sent");
    days_go_by(&stage, 10);
    stage.app.look_after();
    assert_eq!(status(&stage, &id), "expired");
    assert_eq!(stage.balance(&source), [0, 0, 500_000, 0, 0, 0]);
    assert_eq!((stage.seats_taken(&offer), stage.active_claims()), (0, 0));
    // What has been accepted is reported, never ended by the clock.
    let id = stage.draft(&problem, &offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    stage.step("partner", &id, "accept", &json!({})).expect(200);
    days_go_by(&stage, 60);
    stage.app.look_after();
    assert_eq!(status(&stage, &id), "accepted");
}

#[test]
fn a_holiday_that_comes_later_moves_the_deadline() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.budget("BUDGET", &offer, 500_000, 500_000);
    let id = stage.draft(&stage.needy().1, &offer);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    let coordinator = stage.by("coordinator");
    let due = |id: &str| -> chrono::DateTime<chrono::Utc> {
        coordinator.get(&format!("/api/v1/referrals/{id}")).expect(200)["due_at"].as_str().unwrap().parse().unwrap()
    };
    let before = due(&id);
    let city = coordinator.all("/api/v1/calendars").into_iter().find(|c| c["is_default"] == true).unwrap();
    let path = format!("/api/v1/calendars/{}", city["id"].as_str().unwrap());
    // The very last day turns into a holiday.
    let day = (before + chrono::Duration::hours(7)).date_naive();
    let holiday = json!({"date": day, "name": {"id": "Libur", "en": "Holiday"}, "kind": "local"});
    let moved = coordinator.post(&format!("{path}/holidays"), &holiday);
    assert_eq!(moved.expect(201)["moved"]["referrals"], 1);
    let after = due(&id);
    assert!(after > before, "{before} {after}");
    assert_eq!((after - before).num_seconds() % 86_400, 0, "the end of another day");
}

#[test]
fn a_decline_names_the_next_fitting_programs() {
    let stage = Stage::start();
    let first = stage.offer(&Terms::default());
    let second = stage.offer(&Terms { code: "SECOND", class: None, ..Terms::default() });
    let full = stage.offer(&Terms { code: "FULL", seats: 0, class: None, ..Terms::default() });
    let other = stage.offer(&Terms { code: "OTHER", need: "pendidikan", class: None, ..Terms::default() });
    for (code, offer) in [("B1", &first), ("B2", &second), ("B3", &full), ("B4", &other)] {
        stage.budget(code, offer, 500_000, 500_000);
    }
    let (_, problem) = stage.needy();
    let offers = |stage: &Stage| -> Vec<(String, bool, Value)> {
        let answer = stage.by("social_worker").get(&format!("/api/v1/problems/{problem}/offers")).expect(200);
        let rows = answer["data"].as_array().unwrap();
        let one = |o: &Value| {
            (o["cycle_id"].as_str().unwrap().to_owned(), o["asked_before"] == true, o["seats_left"].clone())
        };
        rows.iter().map(one).collect()
    };
    let cycles = |offers: &[(String, bool, Value)]| offers.iter().map(|o| o.0.clone()).collect::<Vec<_>>();
    assert_eq!(cycles(&offers(&stage)).last(), Some(&full.cycle), "the full one comes last");
    let id = stage.draft(&problem, &first);
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    assert_eq!(cycles(&offers(&stage)), [second.cycle.clone(), full.cycle.clone()], "not where it is open");
    stage.step("partner", &id, "decline", &json!({"reason_code": "no_capacity"})).expect(200);
    let after = offers(&stage);
    assert_eq!(cycles(&after), [second.cycle.clone(), full.cycle, first.cycle.clone()]);
    assert!(after[2].1, "it was asked before");
    assert!(!cycles(&after).contains(&other.cycle));
    stage.by("social_worker_out").get(&format!("/api/v1/problems/{problem}/offers")).expect(404);
}

#[test]
fn an_override_needs_the_duty_a_reason_and_another_who_reviews_it() {
    let stage = Stage::start();
    let one = stage.offer(&Terms::default());
    let other = stage.offer(&Terms { code: "OTHER", ..Terms::default() });
    stage.budget("B1", &one, 500_000, 500_000);
    stage.budget("B2", &other, 500_000, 500_000);
    let (household, problem) = stage.needy();
    let first = stage.draft(&problem, &one);
    stage.step("social_worker", &first, "send", &json!({})).expect(200);
    let second = stage.draft(&stage.verified(household), &other);
    let overlaps = stage.by("social_worker").get(&format!("/api/v1/referrals/{second}/overlaps")).expect(200);
    assert_eq!(overlaps["held"][0]["referral_id"], json!(first));
    stage.step("social_worker", &second, "send", &json!({})).expect(409).problem("claim_overlap");
    let why = json!({"override_reason": "Rumah terbakar"});
    stage.execute("UPDATE grants SET duties = '{supervise}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'coordinator2')");
    stage.step("social_worker", &second, "send", &why).expect(403);
    stage.step("coordinator", &second, "send", &why).expect(200);
    assert_eq!(stage.active_claims(), 2);
    let coordinator = stage.by("coordinator");
    let listed = coordinator.all("/api/v1/overlap-overrides?reviewed=false");
    assert_eq!((listed.len(), &listed[0]["reason"], &listed[0]["can"]), (1, &json!("Rumah terbakar"), &json!([])));
    let path = format!("/api/v1/overlap-overrides/{}/review", listed[0]["id"].as_str().unwrap());
    let finding = json!({"finding": "justified", "note": "Ada surat RT"});
    coordinator.post(&path, &finding).expect(409).problem("same_person");
    let second_eyes = stage.by("coordinator2");
    assert_eq!(second_eyes.post(&path, &finding).expect(200)["finding"], "justified");
    second_eyes.post(&path, &finding).expect(409).problem("wrong_state");
    assert!(coordinator.all("/api/v1/overlap-overrides?reviewed=false").is_empty());
}

#[test]
fn what_others_report_is_a_finding_and_never_a_refusal() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let same = stage.offer(&Terms { code: "SAME", ..Terms::default() });
    stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (household, head) = stage.household(VILLAGE);
    stage.execute(&format!(
        "UPDATE individuals SET nik = '3273014101805001', birth_date = '1980-01-01' WHERE id = '{head}';"
    ));
    stage.execute(&format!("INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source, status) VALUES (gen_random_uuid(), 'individual', '{head}', 'nik', '3273014101805001', 'dukcapil', 'matched')"));
    let (_, twin) = stage.household(VILLAGE);
    let (_, namesake) = stage.household(VILLAGE);
    stage.execute(&format!("UPDATE individuals SET birth_date = '1970-02-02' WHERE id IN ('{twin}', '{namesake}')"));
    let coordinator = stage.by("coordinator");
    let key = satupintu::kernel::names::match_key("Siti Aminah");
    stage.execute(&format!("UPDATE individuals SET name_key = '{key}'"));
    let list = json!({"program_id": same.program, "area_code": "32.73", "from_date": "2026-10-01", "to_date": "2099-12-31",
        "source": "SP2D", "complete": true, "rows": [
            {"nik": "3273 0141 0180 5001"}, {"nik": "9999999999999999"}, {"name": "SITI AMINAH", "birth_date": "1970-02-02"},
            {"name": "Siti"}, {"nik": "3273014101805001"}]});
    let loaded = coordinator.post("/api/v1/recipient-lists", &list).expect(201);
    let issues: Vec<_> =
        loaded["issues"].as_array().unwrap().iter().map(|i| (i["row"].clone(), i["code"].clone())).collect();
    let expected = [(2, "not_found"), (3, "ambiguous"), (4, "unidentified"), (5, "already_reported")];
    assert_eq!(issues, expected.map(|(row, code)| (json!(row), json!(code))));
    assert_eq!(loaded["entered"], 1);
    stage.by("village_operator").post("/api/v1/recipient-lists", &list).expect(403);
    let problem = stage.verified(household);
    let id = stage.draft(&problem, &offer);
    let overlaps = stage.by("social_worker").get(&format!("/api/v1/referrals/{id}/overlaps")).expect(200);
    assert_eq!((&overlaps["held"], &overlaps["reported"][0]["reported_by"]), (&json!([]), &json!("SP2D")));
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    let of = |who: &str| stage.by(who).all(&format!("/api/v1/reported-benefits?household_id={household}")).len();
    assert_eq!((of("social_worker"), of("social_worker_out"), of("coordinator")), (1, 0, 1));
    let own = json!({"program_id": same.program, "household_id": household, "from_date": "2026-10-01", "to_date": "2026-09-01", "source": "RT"});
    assert_eq!(coordinator.post("/api/v1/reported-benefits", &own).expect(422).refusals(), ["/to_date before_from"]);
}

#[test]
fn each_step_that_opens_something_is_a_disclosure() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    stage.budget("BUDGET", &offer, 500_000, 500_000);
    let (household, problem) = stage.needy();
    let id = stage.draft(&problem, &offer);
    let seen = |who: &str| -> Vec<String> {
        let all = stage.by(who).all(&format!("/api/v1/disclosures?household_id={household}"));
        all.iter().rev().map(|d| d["basis"].as_str().unwrap().to_owned()).collect()
    };
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    assert!(seen("coordinator").is_empty(), "a partner has been told nothing yet");
    stage.step("partner", &id, "accept", &json!({})).expect(200);
    stage.step("partner", &id, "schedule", &json!({"scheduled_on": "2099-01-01"})).expect(200);
    stage.step("partner", &id, "schedule", &json!({"scheduled_on": "2099-01-02"})).expect(200);
    for who in ["coordinator", "partner", "auditor"] {
        assert_eq!(seen(who), ["referral_accepted", "referral_scheduled"], "{who}");
    }
    assert!(seen("partner_out").is_empty());
}
