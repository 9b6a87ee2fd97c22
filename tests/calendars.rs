//! Working days, who is responsible by when, and deadlines that move with their calendar.

use std::sync::Barrier;

use chrono::{Datelike as _, Days, FixedOffset, NaiveDate, Utc, Weekday};
use serde_json::{Value, json};

use crate::harness::{AGENCY, Answer, FOUNDATION, OTHER_VILLAGE, VILLAGE};
use crate::stage::Stage;

const CALENDARS: &str = "/api/v1/calendars";

fn today() -> NaiveDate {
    Utc::now().with_timezone(&FixedOffset::east_opt(7 * 3600).unwrap()).date_naive()
}

fn label() -> Value {
    json!({"id": "Libur uji", "en": "Test holiday"})
}

/// A calendar without holidays, Monday to Friday, and a mandate of the agency for a need counted by it.
fn charged(stage: &Stage, need: &str, days: u32) -> String {
    let coordinator = stage.by("coordinator");
    let new = json!({"code": format!("c_{need}"), "name": label(), "working_weekdays": [1, 2, 3, 4, 5]});
    let calendar = coordinator.post(CALENDARS, &new).expect(201).id();
    let mandate = json!({"need_code": need, "organization_id": AGENCY, "calendar_id": calendar, "sla_days": days,
        "emergency_days": 1, "decree": "SK uji", "valid_from": "2020-01-01"});
    coordinator.post("/api/v1/mandates", &mandate).expect(201);
    calendar
}

/// Day by day, with the holidays given.
fn oracle(from: NaiveDate, days: u32, holidays: &[NaiveDate]) -> NaiveDate {
    let (mut day, mut left) = (from, days);
    while left > 0 {
        day = day.succ_opt().unwrap();
        left -= u32::from(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(&day));
    }
    day
}

fn add(stage: &Stage, calendar: &str, day: NaiveDate) -> Answer {
    let new = json!({"date": day, "name": label(), "kind": "local"});
    stage.by("coordinator").post(&format!("{CALENDARS}/{calendar}/holidays"), &new)
}

#[test]
fn the_city_has_a_calendar_with_the_public_holidays() {
    let stage = Stage::start();
    let worker = stage.by("social_worker");
    let city = &worker.all(&format!("{CALENDARS}?code=city"))[0];
    assert_eq!((&city["is_default"], &city["working_weekdays"]), (&json!(true), &json!([1, 2, 3, 4, 5])));
    let path = format!("{CALENDARS}/{}", city["id"].as_str().unwrap());
    let seen = worker.get(&path).expect(200);
    let days = seen["holidays"].as_array().unwrap();
    assert!(days.iter().any(|d| d["date"] == "2026-12-25" && d["decreed"] == json!(true)));
    assert!(days.iter().any(|d| d["date"] == "2027-03-10" && d["decreed"] == json!(false) && d["source"].is_string()));
    assert_eq!(seen["can"], json!([]));
    worker.request("GET", &path).header("if-none-match", seen.etag()).send().expect(304);
    // 24 December is collective leave and 25 December Christmas; the 26th a Saturday.
    let due = worker.get(&format!("{path}/due?from=2026-12-23&days=1")).expect(200);
    assert_eq!((&due["due_on"], due["holidays"].as_array().unwrap().len()), (&json!("2026-12-28"), 2));
    worker.get(&format!("{path}/due?from=2026-12-23&days=366")).expect(400);
    worker.get(&format!("{path}/due?from=23-12-2026&days=3")).expect(400);
}

#[test]
fn only_the_office_changes_a_calendar() {
    let stage = Stage::start();
    let coordinator = stage.by("coordinator");
    let new = json!({"code": "shelter", "name": label(), "working_weekdays": [6, 7]});
    let made = coordinator.post(CALENDARS, &new).expect(201);
    coordinator.post(CALENDARS, &new).expect(409).problem("already_exists");
    let path = format!("{CALENDARS}/{}", made.id());
    for body in [json!([]), json!([0]), json!([8]), json!([1, 1]), json!(null)] {
        let new = json!({"code": "other", "name": label(), "working_weekdays": body});
        assert_eq!(coordinator.post(CALENDARS, &new).expect(422).refusals().len(), 1);
        let patch = json!({"working_weekdays": body});
        assert_eq!(coordinator.patch(&path, made.etag(), &patch).expect(422).refusals().len(), 1);
    }
    let day = json!({"date": "2026-02-30", "name": label(), "kind": "local"});
    assert_eq!(coordinator.post(&format!("{path}/holidays"), &day).expect(422).refusals(), ["/date wrong_type"]);
    let day = json!({"date": "2026-02-28", "name": {"id": "<b>Libur</b> \u{1f389}", "en": "x"}, "kind": "local"});
    let added = coordinator.post(&format!("{path}/holidays"), &day).expect(201);
    assert_eq!(added["calendar"]["holidays"][0]["name"]["id"], "<b>Libur</b> \u{1f389}");
    coordinator.post(&format!("{path}/holidays"), &day).expect(409).problem("already_exists");
    assert_eq!(stage.by("social_worker").get(&format!("{path}/due?from=2026-02-27&days=1"))["due_on"], "2026-03-01");
    coordinator.delete(&format!("{path}/holidays/2026-02-28")).expect(200);
    coordinator.delete(&format!("{path}/holidays/2026-02-28")).expect(404);
    coordinator.delete(&format!("{path}/holidays/tomorrow")).expect(404);
    for who in ["social_worker", "village_operator", "agency_officer", "auditor", "citizen"] {
        stage.by(who).post(&format!("{path}/holidays"), &day).expect(403);
        stage.by(who).delete(&format!("{path}/holidays/2026-02-28")).expect(403);
    }
}

#[test]
fn one_organization_answers_for_a_need_at_a_time() {
    let stage = Stage::start();
    let coordinator = stage.by("coordinator");
    let mandate = |change: &dyn Fn(&mut Value)| {
        let mut new =
            json!({"need_code": "pangan", "organization_id": AGENCY, "sla_days": 5, "valid_from": "2020-01-01"});
        change(&mut new);
        coordinator.post("/api/v1/mandates", &new)
    };
    let first = mandate(&|_| {}).expect(201);
    assert_eq!((&first["organization_name"], &first["valid_to"]), (&json!("Dinas Uji"), &json!(null)));
    mandate(&|m| m["valid_from"] = json!("2026-01-01")).expect(409).problem("already_exists");
    mandate(&|m| m["service_code"] = json!("reaktivasi_pbi")).expect(201);
    assert_eq!(mandate(&|m| m["need_code"] = json!("nonsense")).expect(422).refusals(), ["/need_code unknown_code"]);
    assert_eq!(mandate(&|m| m["service_code"] = json!("x")).expect(422).refusals(), ["/service_code unknown_code"]);
    assert_eq!(mandate(&|m| m["sla_days"] = json!(0)).expect(422).refusals().len(), 1);
    let nobody = mandate(&|m| m["organization_id"] = json!(uuid::Uuid::now_v7())).expect(422);
    assert_eq!(nobody.refusals(), ["/organization_id not_found"]);
    assert_eq!(
        mandate(&|m| m["valid_to"] = json!("2019-01-01")).expect(422).refusals(),
        ["/valid_to validation_failed"]
    );
    let path = format!("/api/v1/mandates/{}", first.id());
    let ended = coordinator.patch(&path, first.etag(), &json!({"valid_to": "2020-12-31", "sla_days": 7})).expect(200);
    assert_eq!((&ended["valid_to"], &ended["sla_days"]), (&json!("2020-12-31"), &json!(7)));
    coordinator.patch(&path, first.etag(), &json!({"sla_days": 8})).expect(412);
    coordinator.patch(&path, ended.etag(), &json!({"sla_days": null})).expect(422);
    mandate(&|m| {
        m["valid_from"] = json!("2021-01-01");
        m["organization_id"] = json!(FOUNDATION);
    })
    .expect(201);
    coordinator.patch(&path, ended.etag(), &json!({"valid_to": null})).expect(409).problem("already_exists");
    assert_eq!(stage.by("village_operator").all("/api/v1/mandates?need_code=pangan&current=true").len(), 2);
    stage.by("social_worker").patch(&path, ended.etag(), &json!({"sla_days": 8})).expect(403);
}

#[test]
fn a_problem_says_who_is_responsible_and_by_when() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let one = stage.by("village_operator");
    let before = one.post("/api/v1/problems", &stage.new_problem(household, "transportasi", "high")).expect(201);
    assert_eq!((&before["responsible_organization_id"], &before["due_on"]), (&json!(null), &json!(null)));
    charged(&stage, "transportasi", 5);
    let start = today();
    let high = one.post("/api/v1/problems", &stage.new_problem(household, "transportasi", "high")).expect(201);
    let soon = one.post("/api/v1/problems", &stage.new_problem(household, "transportasi", "emergency")).expect(201);
    assert_eq!(high["responsible_organization_id"], json!(AGENCY));
    assert_eq!(high["responsible_organization_name"], "Dinas Uji");
    assert_eq!(high["due_on"], json!(oracle(start, 5, &[])));
    assert_eq!(soon["due_on"], json!(oracle(start, 1, &[])));
    // Verifying charges whoever has the mandate by now with what nobody had.
    let two = stage.by("village_operator2");
    let path = format!("/api/v1/problems/{}", before.id());
    let verified = two.act(&format!("{path}/verify"), before.etag(), &json!({})).expect(200);
    assert_eq!(verified["due_on"], json!(oracle(start, 5, &[])));
    let found = one.all(&format!("/api/v1/problems?responsible_organization_id={AGENCY}"));
    assert_eq!(found.len(), 3);
    assert!(one.all("/api/v1/problems?overdue=true").is_empty());
    stage.execute(&format!("UPDATE problems SET due_on = current_date - 3 WHERE id = '{}'", high.id()));
    assert_eq!(one.all("/api/v1/problems?overdue=true").len(), 1);
}

#[test]
fn a_holiday_added_later_moves_what_is_open_and_says_how_much() {
    let stage = Stage::start();
    let calendar = charged(&stage, "kekerasan", 10);
    let mandate = json!({"need_code": "pangan", "organization_id": AGENCY, "calendar_id": calendar, "sla_days": 10,
        "valid_from": "2020-01-01"});
    stage.by("coordinator").post("/api/v1/mandates", &mandate).expect(201);
    let (household, head) = stage.household(VILLAGE);
    let (worker, start) = (stage.by("social_worker"), today());
    let open = worker.post("/api/v1/problems", &stage.new_problem(household, "pangan", "high")).expect(201);
    let closed = worker.post("/api/v1/problems", &stage.new_problem(household, "pangan", "low")).expect(201);
    let dismiss = format!("/api/v1/problems/{}/dismiss", closed.id());
    worker.act(&dismiss, closed.etag(), &json!({"reason_code": "duplicate"})).expect(200);
    let path = format!("/api/v1/problems/{}", open.id());
    let first = oracle(start, 1, &[]);
    let moved = add(&stage, &calendar, first).expect(201);
    assert_eq!(moved["moved"]["problems"], 1);
    let seen = worker.get(&path).expect(200);
    assert_eq!(seen["due_on"], json!(oracle(start, 10, &[first])));
    assert_eq!(seen["version"], 2, "a cached copy is stale now");
    worker.request("GET", &path).header("if-none-match", open.etag()).send().expect(200);
    assert_eq!(worker.get(&format!("/api/v1/problems/{}", closed.id()))["due_on"], json!(oracle(start, 10, &[])));
    // A day behind the deadline, or one before it was reported, moves nothing.
    assert_eq!(add(&stage, &calendar, start.checked_add_days(Days::new(60)).unwrap())["moved"]["problems"], 0);
    assert_eq!(add(&stage, &calendar, start.checked_sub_days(Days::new(7)).unwrap())["moved"]["problems"], 0);
    // A restricted one moves too, but no count tells of it.
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kekerasan", "severity": "high"});
    let restricted = worker.post("/api/v1/problems", &new).expect(201);
    let path = format!("{CALENDARS}/{calendar}/holidays/{first}");
    assert_eq!(stage.by("coordinator").delete(&path).expect(200)["moved"]["problems"], 1);
    let seen = worker.get(&format!("/api/v1/problems/{}", restricted.id())).expect(200);
    assert_eq!(seen["due_on"], json!(oracle(start, 10, &[])));
    // So do other weekdays.
    let path = format!("{CALENDARS}/{calendar}");
    let coordinator = stage.by("coordinator");
    let every_day = json!({"working_weekdays": [1, 2, 3, 4, 5, 6, 7]});
    let change = coordinator.patch(&path, coordinator.get(&path).etag(), &every_day).expect(200);
    assert_eq!(change["moved"]["problems"], 1);
    let seen = worker.get(&format!("/api/v1/problems/{}", open.id())).expect(200);
    assert_eq!(seen["due_on"], json!(start.checked_add_days(Days::new(10)).unwrap()));
    let (elsewhere, _) = stage.household(OTHER_VILLAGE);
    assert!(stage.by("village_operator_out").all(&format!("/api/v1/households/{elsewhere}/problems")).is_empty());
}

#[test]
fn no_deadline_is_made_past_a_calendar_that_changes() {
    let stage = Stage::start();
    let calendar = charged(&stage, "pangan", 10);
    let (household, _) = stage.household(VILLAGE);
    let start = today();
    let (one, coordinator) = (stage.by("village_operator"), stage.by("coordinator"));
    let days: Vec<NaiveDate> = (1..=6).map(|n| oracle(start, n, &[])).collect();
    let body = stage.new_problem(household, "pangan", "high");
    let gate = Barrier::new(5);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let (one, body, gate) = (&one, &body, &gate);
            scope.spawn(move || {
                gate.wait();
                for _ in 0..8 {
                    one.post("/api/v1/problems", body).expect(201);
                }
            });
        }
        let (days, gate, calendar) = (&days, &gate, &calendar);
        scope.spawn(move || {
            gate.wait();
            for day in days {
                let new = json!({"date": day, "name": label(), "kind": "local"});
                coordinator.post(&format!("{CALENDARS}/{calendar}/holidays"), &new).expect(201);
            }
        });
    });
    let all = one.all("/api/v1/problems?need_code=pangan");
    assert_eq!(all.len(), 32);
    let end = json!(oracle(start, 10, &days));
    let stale = all.iter().filter(|p| p["due_on"] != end).count();
    assert_eq!(stale, 0, "deadlines that a holiday missed");
}
