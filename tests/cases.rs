//! Cases: stages, plan, hand-over, visits, tasks; a restricted case is seen by nobody else.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, VILLAGE, account_id};
use crate::stage::Stage;

impl Stage {
    fn case(&self, who: &str, household: Uuid, problems: &[&str]) -> String {
        let new = json!({"household_id": household, "problem_ids": problems});
        self.by(who).post("/api/v1/cases", &new).expect(201).id()
    }

    fn case_do(&self, who: &str, id: &str, verb: &str, body: &Value) -> Answer {
        let (caller, path) = (self.by(who), format!("/api/v1/cases/{id}"));
        caller.act(&format!("{path}/{verb}"), caller.get(&path).expect(200).etag(), body)
    }

    fn plan(&self, who: &str, id: &str, status: &str) -> Answer {
        let (caller, path) = (self.by(who), format!("/api/v1/cases/{id}"));
        let plan = json!({"plan": {"goals": [{"text": "Makan tiga kali sehari", "need_code": "pangan", "status": status,
            "actions": [{"text": "Rujuk ke permakanan", "responsible": "Pekerja sosial", "due_date": "2026-12-01", "cost_idr": 300000, "status": "planned"}]}]},
            "plan_agreed_date": "2026-11-01"});
        caller.patch(&path, caller.get(&path).expect(200).etag(), &plan)
    }
}

fn to(stage: &str) -> Value {
    json!({"to": stage})
}

#[test]
fn from_opening_to_closing_in_its_order() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let id = stage.case("social_worker", household, &[&problem]);
    let path = format!("/api/v1/cases/{id}");
    let opened = stage.by("social_worker").get(&path).expect(200);
    assert_eq!((&opened["stage"], &opened["lead_name"]), (&json!("new"), &json!("Social Worker")));
    assert_eq!(opened["next_stages"], json!(["screening"]));
    stage.case_do("social_worker", &id, "advance", &to("planning")).expect(409).problem("wrong_state");
    for step in ["screening", "assessment"] {
        stage.case_do("social_worker", &id, "advance", &to(step)).expect(200);
    }
    let missing = stage.case_do("social_worker", &id, "advance", &to("planning")).expect(409).problem("incomplete");
    assert_eq!(missing.refusals(), ["/assessments required"]);
    stage.signed("social_worker", household);
    stage.case_do("social_worker", &id, "advance", &to("planning")).expect(200);
    let missing = stage.case_do("social_worker", &id, "advance", &to("intervention")).expect(409);
    assert_eq!(missing.refusals(), ["/plan required"]);
    let planned = stage.plan("social_worker", &id, "open").expect(200);
    assert_eq!(
        (&planned["next_action_date"], &planned["plan_agreed_date"]),
        (&json!("2026-12-01"), &json!("2026-11-01"))
    );
    for step in ["intervention", "evaluation"] {
        stage.case_do("social_worker", &id, "advance", &to(step)).expect(200);
    }
    let refused = stage.case_do("social_worker", &id, "advance", &to("terminated")).expect(422);
    assert_eq!(refused.refusals(), ["/outcome_code required"]);
    let end = json!({"to": "terminated", "outcome_code": "goal_met", "note": "Semua tercapai."});
    stage.case_do("social_worker", &id, "advance", &end).expect(200);
    stage.case_do("social_worker", &id, "advance", &to("closed")).expect(409).problem("incomplete");
    stage.plan("social_worker", &id, "met").expect(200);
    let closed = stage.case_do("social_worker", &id, "advance", &to("closed")).expect(200);
    assert_eq!(closed["can"], json!(["reopen"]));
    let again = stage.case_do("social_worker", &id, "reopen", &json!({"reason": "Kambuh"})).expect(200);
    assert_eq!((&again["stage"], &again["reopened"]), (&json!("assessment"), &json!(1)));
    let history = stage.by("social_worker").all(&format!("{path}/history"));
    let events: Vec<&str> = history.iter().rev().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(&events[..3], ["opened", "advanced", "advanced"]);
    assert_eq!(events.last(), Some(&"reopened"));
    // De-identified, the plan and its words are not there.
    let seen = stage.by("auditor").get(&path).expect(200);
    assert!(seen["head_name"].is_null() && seen.json().get("plan").is_none());
}

#[test]
fn a_plan_that_changes_must_be_agreed_to_again() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let id = stage.case("social_worker", household, &[&problem]);
    stage.plan("social_worker", &id, "open").expect(200);
    let (worker, path) = (stage.by("social_worker"), format!("/api/v1/cases/{id}"));
    let other = json!({"plan": {"goals": [{"text": "Rumah layak", "status": "open", "actions": []}]}});
    let changed = worker.patch(&path, worker.get(&path).etag(), &other).expect(200);
    assert_eq!(changed["plan_agreed_date"], Value::Null);
    let wrong = json!({"plan": {"goals": [{"text": " ", "status": "open", "actions": [{"text": "a", "responsible": "b", "cost_idr": -1, "status": "planned"}]}]}});
    let refused = worker.patch(&path, worker.get(&path).etag(), &wrong).expect(422).refusals();
    assert_eq!(refused, ["/plan/goals/0/text length", "/plan/goals/0/actions/0/cost_idr range"]);
    let ahead = worker.patch(&path, worker.get(&path).etag(), &json!({"plan_agreed_date": "2199-01-01"})).expect(422);
    assert_eq!(ahead.refusals(), ["/plan_agreed_date in_future"]);
}

#[test]
fn an_emergency_starts_with_help() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let report = |severity: &str| {
        let new = stage.new_problem(household, "pangan", severity);
        stage.by("village_operator").post("/api/v1/problems", &new).expect(201).id()
    };
    let slow = report("low");
    let mut new = json!({"household_id": household, "problem_ids": [slow], "emergency": true});
    assert_eq!(
        stage.by("social_worker").post("/api/v1/cases", &new).expect(422).refusals(),
        ["/emergency not_allowed"]
    );
    new["problem_ids"] = json!([report("emergency")]);
    let opened = stage.by("social_worker").post("/api/v1/cases", &new).expect(201);
    assert_eq!((&opened["stage"], &opened["emergency"]), (&json!("intervention"), &json!(true)));
    assert!(!opened["assessment_due_at"].is_null());
    let tasks = stage.by("social_worker").get("/api/v1/tasks").expect(200)["data"].clone();
    assert!(tasks.as_array().unwrap().iter().any(|t| t["kind"] == "emergency"), "{tasks}");
    let refused = stage.case_do("social_worker", &opened.id(), "advance", &to("evaluation")).expect(409);
    assert_eq!(refused.refusals(), ["/assessments required"]);
    stage.signed("social_worker", household);
    stage.case_do("social_worker", &opened.id(), "advance", &to("evaluation")).expect(200);
    // The auditor finds every emergency.
    assert_eq!(stage.by("auditor").all("/api/v1/cases?emergency=true").len(), 1);
}

#[test]
fn help_for_an_emergency_waits_once_its_assessment_is_late() {
    let stage = Stage::start();
    let (household, _) = stage.household(VILLAGE);
    let offer = stage.offer(&crate::stage::Terms { value_idr: 50_000, ..crate::stage::Terms::default() });
    stage.budget("FOOD", &offer, 1_000_000, 1_000_000);
    let new = stage.new_problem(household, "pangan", "emergency");
    let problem = stage.by("village_operator").post("/api/v1/problems", &new).expect(201).id();
    let draft = stage.draft(&problem, &offer);
    stage.execute(&format!("UPDATE problems SET reported_at = now() - interval '73 hours' WHERE id = '{problem}'"));
    stage.step("social_worker", &draft, "send", &json!({})).expect(409).problem("assessment_overdue");
    stage.signed("social_worker", household);
    stage.step("social_worker", &draft, "send", &json!({})).expect(200);
}

#[test]
fn one_open_case_a_household_though_two_open_it_at_once() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let callers = ["social_worker", "social_worker2", "coordinator", "coordinator2"].map(|name| stage.by(name));
    let new = json!({"household_id": household, "problem_ids": [problem]});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = callers.iter().map(|c| scope.spawn(|| c.post("/api/v1/cases", &new).status)).collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let mut sorted = statuses.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [201, 409, 409, 409]);
}

#[test]
fn a_worker_goes_on_leave_and_hands_over() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let id = stage.case("social_worker", household, &[&problem]);
    let out = account_id("social_worker_out");
    let elsewhere = stage.by("social_worker_out");
    let path = format!("/api/v1/cases/{id}");
    elsewhere.get(&path).expect(404);
    elsewhere.get(&format!("/api/v1/households/{household}")).expect(404);
    // Somebody who is no social worker takes no case.
    let wrong = json!({"account_id": account_id("village_operator"), "note": "Tolong"});
    assert_eq!(
        stage.case_do("social_worker", &id, "hand-over", &wrong).expect(422).refusals(),
        ["/account_id not_allowed"]
    );
    let over = json!({"account_id": out, "note": "Kunjungan berikut Selasa; ibu setuju rencana."});
    let after = stage.case_do("social_worker", &id, "hand-over", &over).expect(200);
    assert_eq!(after["lead_name"], "Social Worker Out");
    assert_eq!(after["can"], json!([]));
    // The new lead sees the case and its household, though both lie outside his kecamatan.
    stage.app.wait("the token's copy to be dropped", || {
        elsewhere.get(&format!("/api/v1/households/{household}")).status == 200
    });
    let seen = elsewhere.get(&path).expect(200);
    assert!(seen["can"].as_array().unwrap().contains(&json!("advance")));
    let note = elsewhere.all(&format!("{path}/history"))[0]["note"].clone();
    assert_eq!(note, "Kunjungan berikut Selasa; ibu setuju rencana.");
    stage.case_do("social_worker", &id, "advance", &to("screening")).expect(403);
    // An account that leads open cases is not closed.
    let admin = stage.by("admin");
    let account = format!("/api/v1/accounts/{out}");
    let disable = || admin.act(&format!("{account}/disable"), admin.get(&account).expect(200).etag(), &json!({}));
    disable().expect(409).problem("open_cases");
    let back = json!({"account_id": account_id("social_worker2"), "note": "Selesai"});
    let answer = stage.case_do("social_worker_out", &id, "hand-over", &back);
    assert!([200, 204].contains(&answer.status));
    stage.app.wait("the household to be out of sight", || elsewhere.get(&path).status == 404);
    disable().expect(200);
}

#[test]
fn a_deputy_stands_in_until_a_day() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let id = stage.case("social_worker", household, &[&problem]);
    let out = account_id("social_worker_out");
    let past = json!({"account_id": out, "duty": "co_worker", "until_date": "2020-01-01"});
    assert_eq!(stage.case_do("social_worker", &id, "assign", &past).expect(422).refusals(), ["/until_date in_past"]);
    let deputy = json!({"account_id": out, "duty": "co_worker", "until_date": "2099-01-01", "note": "Selama cuti"});
    stage.case_do("social_worker", &id, "assign", &deputy).expect(200);
    stage.case_do("social_worker", &id, "assign", &deputy).expect(409).problem("already_exists");
    let elsewhere = stage.by("social_worker_out");
    stage.app.wait("the deputy to see it", || elsewhere.get(&format!("/api/v1/cases/{id}")).status == 200);
    stage.case_do("social_worker_out", &id, "advance", &to("screening")).expect(200);
    stage.case_do("social_worker_out", &id, "hand-over", &json!({"account_id": out, "note": "Saya"})).expect(403);
    stage.execute(&format!("UPDATE assignments SET until_on = '2020-01-01' WHERE account_id = '{out}'"));
    stage.app.wait("the leave to be over", || elsewhere.get(&format!("/api/v1/cases/{id}")).status == 404);
}

#[test]
fn a_case_nobody_leads_is_taken() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let id = stage.case("coordinator", household, &[&problem]);
    let tasks = stage.by("coordinator").get("/api/v1/tasks").expect(200)["data"].clone();
    assert!(tasks.as_array().unwrap().iter().any(|t| t["kind"] == "lead" && t["subject_id"] == json!(id)), "{tasks}");
    stage.case_do("social_worker", &id, "advance", &to("screening")).expect(403);
    let other = json!({"account_id": account_id("social_worker2"), "duty": "lead"});
    stage.case_do("social_worker", &id, "assign", &other).expect(403);
    let take = json!({"account_id": account_id("social_worker"), "duty": "lead"});
    assert_eq!(stage.case_do("social_worker", &id, "assign", &take).expect(200)["lead_name"], "Social Worker");
    let load = stage.by("coordinator").get("/api/v1/workload").expect(200)["data"].clone();
    let mine = load.as_array().unwrap().iter().find(|w| w["name"] == "Social Worker").unwrap();
    assert_eq!((&mine["open_cases"], &mine["caseload"]), (&json!(1), &json!(1)));
}

#[test]
fn a_violence_case_is_seen_by_nobody_else() {
    let stage = Stage::start();
    let (household, open_problem) = stage.needy();
    let worker = stage.by("social_worker");
    let hidden = worker.post("/api/v1/problems", &stage.new_problem(household, "kekerasan", "high")).expect(201).id();
    let ordinary = stage.case("social_worker2", household, &[&open_problem]);
    let id = stage.case("social_worker", household, &[&hidden]);
    let path = format!("/api/v1/cases/{id}");
    assert_eq!(worker.get(&path).expect(200)["sensitivity"], "restricted");
    stage.execute("UPDATE grants SET duties = '{}' WHERE account_id = (SELECT id FROM accounts WHERE username = 'social_worker2')");
    let colleague = stage.app.as_role("social_worker2");
    for refused in [path.clone(), format!("{path}/history")] {
        colleague.get(&refused).expect(404);
    }
    assert_eq!(colleague.all("/api/v1/cases").len(), 1);
    assert_eq!(colleague.all(&format!("/api/v1/households/{household}/cases")).len(), 1);
    let mine = |c: &crate::harness::Caller| {
        let load = c.get("/api/v1/workload").expect(200)["data"].clone();
        load.as_array().unwrap().iter().find(|w| w["name"] == "Social Worker").unwrap()["open_cases"].clone()
    };
    assert_eq!((mine(&colleague), mine(&worker)), (json!(0), json!(1)));
    // A restricted problem does not slip into the ordinary case, and whoever adds what he cannot see learns nothing.
    let (hidden_answer, nothing) = (
        colleague.act(
            &format!("/api/v1/cases/{ordinary}/problems"),
            colleague.get(&format!("/api/v1/cases/{ordinary}")).etag(),
            &json!({"problem_id": hidden}),
        ),
        colleague.act(
            &format!("/api/v1/cases/{ordinary}/problems"),
            colleague.get(&format!("/api/v1/cases/{ordinary}")).etag(),
            &json!({"problem_id": Uuid::now_v7()}),
        ),
    );
    assert_eq!(hidden_answer.expect(422)["errors"], nothing.expect(422)["errors"]);
    // A co-worker from elsewhere sees the case and its problem from the moment he is assigned.
    let out = stage.by("social_worker_out");
    out.get(&format!("/api/v1/problems/{hidden}")).expect(404);
    let join = json!({"account_id": account_id("social_worker_out"), "duty": "co_worker"});
    stage.case_do("social_worker", &id, "assign", &join).expect(200);
    stage.app.wait("the co-worker to see it", || out.get(&format!("/api/v1/problems/{hidden}")).status == 200);
    out.get(&path).expect(200);
}

#[test]
fn visits_fill_the_calendar() {
    let stage = Stage::start();
    let (household, problem) = stage.needy();
    let id = stage.case("social_worker", household, &[&problem]);
    let worker = stage.by("social_worker");
    let plan = |body: Value| worker.post(&format!("/api/v1/cases/{id}/visits"), &body);
    assert_eq!(
        plan(json!({"kind": "home", "planned_date": "2020-01-01"})).expect(422).refusals(),
        ["/planned_date in_past"]
    );
    let other = json!({"kind": "home", "planned_date": "2099-01-02", "account_id": account_id("social_worker_out")});
    assert_eq!(plan(other).expect(422).refusals(), ["/account_id not_allowed"]);
    let visit = plan(json!({"kind": "home", "planned_date": "2099-01-02", "purpose": "Melihat keadaan"})).expect(201);
    plan(json!({"kind": "phone", "planned_date": "2099-01-01"})).expect(201);
    let days: Vec<Value> =
        worker.all("/api/v1/visits?mine=true&from=2099-01-01").iter().map(|v| v["planned_date"].clone()).collect();
    assert_eq!(days, [json!("2099-01-01"), json!("2099-01-02")]);
    assert!(worker.all("/api/v1/visits?to=2098-12-31").is_empty());
    assert_eq!(worker.get(&format!("/api/v1/cases/{id}")).expect(200)["next_visit_date"], "2099-01-01");
    stage.execute(&format!("UPDATE case_visits SET planned_on = current_date - 3 WHERE id = '{}'", visit.id()));
    let tasks = worker.get("/api/v1/tasks").expect(200)["data"].clone();
    let late = &tasks[0];
    assert_eq!(
        (&late["kind"], &late["late"], &late["subject_id"]),
        (&json!("visit"), &json!(true), &json!(visit.id()))
    );
    let complete =
        |etag: &str, body: Value| worker.act(&format!("/api/v1/visits/{}/complete", visit.id()), etag, &body);
    assert_eq!(
        complete(visit.etag(), json!({"done_date": "2199-01-01"})).expect(422).refusals(),
        ["/done_date in_future"]
    );
    let done = complete(
        visit.etag(),
        json!({"done_date": "2026-11-01", "note": "Ibu memasak lagi.", "next_date": "2099-02-01"}),
    )
    .expect(200);
    assert_eq!((&done["status"], &done["can"]), (&json!("done"), &json!([])));
    complete(done.etag(), json!({"done_date": "2026-11-01"})).expect(409).problem("wrong_state");
    assert_eq!(worker.all("/api/v1/visits?from=2099-02-01").len(), 1);
    stage.by("village_operator").get("/api/v1/visits").expect(403);
    assert!(stage.by("social_worker_out").all("/api/v1/visits").is_empty());
}
