//! Corrections: a disputed fact is shown as such, examined by another, and changes the record or says why not.

use serde_json::{Value, json};

use crate::harness::world::{CHILD, HOUSEHOLD, OTHER_PERSON, PERSON};
use crate::harness::{Answer, Caller, TestApp, count, world};

fn app() -> TestApp {
    let app = TestApp::start();
    let mut conn = app.sql();
    world::populate(&mut conn);
    diesel::RunQueryDsl::execute(diesel::sql_query("DELETE FROM corrections"), &mut conn).unwrap();
    app
}

fn claim(fact: &str, value: &str) -> Value {
    let kind = if ["street", "rt", "rw"].contains(&fact) { "household" } else { "individual" };
    let id = if kind == "household" { HOUSEHOLD } else { PERSON };
    json!({"subject": {"kind": kind, "id": id}, "fact": fact, "claimed_value": value, "explanation": "Lihat <b>akta</b> 📄"})
}

fn act(caller: &Caller, id: &str, verb: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/corrections/{id}");
    let etag = caller.get(&path).expect(200).etag().to_owned();
    caller.act(&format!("{path}/{verb}"), &etag, body)
}

#[test]
fn a_citizen_disputes_and_an_officer_of_the_area_decides() {
    let app = app();
    let (citizen, officer) = (app.as_role("citizen"), app.as_role("village_operator"));
    let person = format!("/api/v1/individuals/{PERSON}");
    assert_eq!(officer.get(&person).expect(200)["disputed"], json!([]));
    let made = citizen.post("/api/v1/corrections", &claim("birth_date", "1980-07-01")).expect(201);
    assert_eq!((&made["recorded_value"], &made["status"]), (&json!("1980-01-01"), &json!("submitted")));
    assert_eq!(made["can"], json!(["withdraw"]));
    // Disputed, wherever the person is read, and unchanged.
    let seen = officer.get(&person).expect(200);
    assert_eq!((&seen["disputed"], &seen["birth_date"]), (&json!(["birth_date"]), &json!("1980-01-01")));
    let home = officer.get(&format!("/api/v1/households/{HOUSEHOLD}")).expect(200);
    let member = home["members"].as_array().unwrap().iter().find(|m| m["id"] == json!(PERSON)).unwrap().clone();
    assert_eq!((&member["disputed"], &home["disputed"]), (&json!(["birth_date"]), &json!([])));
    citizen.post("/api/v1/corrections", &claim("birth_date", "1981-07-01")).expect(409).problem("already_exists");
    assert_eq!(officer.all("/api/v1/corrections?status=submitted").len(), 1);
    citizen.act(&format!("/api/v1/corrections/{}/accept", made.id()), made.etag(), &json!({})).expect(403);
    let done = act(&officer, &made.id(), "accept", &json!({"reason": "Sesuai akta"})).expect(200);
    assert_eq!((&done["status"], &done["can"]), (&json!("accepted"), &json!([])));
    let seen = officer.get(&person).expect(200);
    assert_eq!((&seen["disputed"], &seen["birth_date"]), (&json!([]), &json!("1980-07-01")));
    assert_eq!(
        citizen.get(&format!("/api/v1/corrections/{}", made.id())).expect(200)["decision_reason"],
        "Sesuai akta"
    );
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action IN ('correction.submit', 'correction.accept', 'individual.correct')";
    assert_eq!(count(&mut app.sql(), trail), 3);
    let timeline = officer.all(&format!("/api/v1/households/{HOUSEHOLD}/timeline"));
    assert!(timeline.iter().any(|e| e["kind"] == "member_updated"), "{timeline:?}");
    // An address of the household, rejected with a reason, then withdrawn.
    let street = citizen.post("/api/v1/corrections", &claim("street", "Jl. Anggrek 5")).expect(201);
    let home = officer.get(&format!("/api/v1/households/{HOUSEHOLD}")).expect(200);
    assert_eq!(home["disputed"], json!(["street"]));
    let bare = act(&officer, &street.id(), "reject", &json!({"reason": "  "})).expect(422);
    assert!(bare.refusals()[0].starts_with("/reason"));
    act(&officer, &street.id(), "reject", &json!({"reason": "Tidak sesuai KK"})).expect(200);
    let again = citizen.post("/api/v1/corrections", &claim("street", "Jl. Anggrek 5")).expect(201);
    act(&citizen, &again.id(), "withdraw", &json!({})).expect(200);
    let third = citizen.post("/api/v1/corrections", &claim("street", "Jl. Anggrek 5")).expect(201);
    act(&officer, &third.id(), "accept", &json!({})).expect(200);
    let home = officer.get(&format!("/api/v1/households/{HOUSEHOLD}")).expect(200);
    assert_eq!((&home["addresses"]["street"], &home["addresses"]["rt"]), (&json!("Jl. Anggrek 5"), &json!("001")));
}

#[test]
fn what_is_refused_says_where() {
    let app = app();
    let citizen = app.as_role("citizen");
    let refused = |body: Value| citizen.post("/api/v1/corrections", &body).expect(422).refusals();
    assert_eq!(refused(claim("nik", "3273010101010001")), ["/fact not_allowed"]);
    assert_eq!(refused(claim("street'; DROP TABLE corrections", "x")), ["/fact not_allowed"]);
    assert_eq!(refused(claim("birth_date", "kemarin")), ["/claimed_value invalid"]);
    assert_eq!(refused(claim("birth_date", "2199-01-01")).len(), 1);
    assert_eq!(refused(claim("marital_status", "nonsense")), ["/claimed_value unknown_code"]);
    assert_eq!(refused(claim("phone", "abc")), ["/claimed_value phone_invalid"]);
    assert_eq!(refused(claim("rt", "123456")), ["/claimed_value length"]);
    assert_eq!(refused(claim("name", "Siti Aminah")), ["/claimed_value unchanged"]);
    // Another adult, another's child, another household: all like one that does not exist.
    for id in [CHILD, OTHER_PERSON, uuid::Uuid::now_v7()] {
        let mut body = claim("name", "Nama Lain");
        body["subject"]["id"] = json!(id);
        assert_eq!(refused(body), ["/subject/id not_found"]);
    }
    assert_eq!(count(&mut app.sql(), "SELECT count(*) AS n FROM corrections"), 0);
}

#[test]
fn nobody_decides_on_his_own_or_outside_his_area() {
    let app = app();
    let one = app.as_role("village_operator");
    let made = one.post("/api/v1/corrections", &claim("name", "Siti Aminah Dewi")).expect(201);
    act(&one, &made.id(), "accept", &json!({})).expect(409).problem("same_person");
    let path = format!("/api/v1/corrections/{}", made.id());
    for name in ["village_operator_out", "social_worker_out", "citizen_out"] {
        app.as_role(name).get(&path).expect(404);
        assert!(app.as_role(name).all("/api/v1/corrections").is_empty(), "{name}");
    }
    let out = app.as_role("village_operator_out");
    out.act(&format!("{path}/accept"), made.etag(), &json!({})).expect(404);
    assert_eq!(
        out.post("/api/v1/corrections", &claim("phone", "08123456789")).expect(422).refusals(),
        ["/subject/id not_found"]
    );
    for name in ["auditor", "agency_officer", "partner", "admin"] {
        app.as_role(name).get("/api/v1/corrections").expect(403);
    }
    // Two officers at once: one decides, and the record is changed once.
    let officers = ["village_operator2", "social_worker", "coordinator"].map(|name| app.as_role(name));
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = officers
            .iter()
            .map(|by| scope.spawn(|| by.act(&format!("{path}/accept"), made.etag(), &json!({})).status))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    assert_eq!(count(&mut app.sql(), "SELECT count(*) AS n FROM audit_events WHERE action = 'individual.correct'"), 1);
    act(&officers[0], &made.id(), "reject", &json!({"reason": "x"})).expect(409).problem("wrong_state");
    // Somebody who died meanwhile is not corrected.
    let late = one.post("/api/v1/corrections", &claim("phone", "08123456789")).expect(201);
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE individuals SET life_status = 'deceased' WHERE id = '{PERSON}'")),
        &mut app.sql(),
    )
    .unwrap();
    act(&officers[0], &late.id(), "accept", &json!({})).expect(409).problem("wrong_state");
    act(&officers[0], &late.id(), "reject", &json!({"reason": "Telah meninggal"})).expect(200);
}

fn show(caller: &Caller, correction: &str, shade: u8) -> Answer {
    let part = reqwest::blocking::multipart::Part::bytes(crate::evidence::photograph(shade)).file_name("akta.jpg");
    let form = reqwest::blocking::multipart::Form::new().text("caption", "Akta <b>lahir</b> 📄").part("file", part);
    caller.request("POST", &format!("/api/v1/corrections/{correction}/evidence")).multipart(form).send()
}

#[test]
fn a_correction_carries_papers_that_its_examiner_sees_and_nobody_else() {
    let app = app();
    let (citizen, officer) = (app.as_role("citizen"), app.as_role("village_operator"));
    let made = citizen.post("/api/v1/corrections", &claim("birth_date", "1980-07-01")).expect(201).id();
    let list = format!("/api/v1/corrections/{made}/evidence");
    let sent = show(&citizen, &made, 60).expect(201);
    assert_eq!(sent["subject"], json!({"kind": "correction", "id": made}));
    assert_eq!((&sent["caption"], &sent["can"]), (&json!("Akta <b>lahir</b> 📄"), &json!(["remove"])));
    // At the counter an officer scans another; only its sender takes one back.
    let second = show(&officer, &made, 61).expect(201).id();
    assert_eq!(officer.all(&list).len(), 2);
    let paths = [format!("/api/v1/evidence/{}", sent.id()), format!("/api/v1/evidence/{}/file", sent.id())];
    for caller in [&citizen, &officer] {
        for path in &paths {
            caller.get(path).expect(200);
        }
    }
    officer.delete(&paths[0]).expect(403);
    officer.delete(&format!("/api/v1/evidence/{second}")).expect(204);
    for name in ["village_operator_out", "social_worker_out", "citizen_out", "agency_officer", "partner"] {
        let other = app.as_role(name);
        for path in paths.iter().chain([&list]) {
            other.get(path).expect(404);
        }
        assert!([403, 404].contains(&show(&other, &made, 62).status), "{name}");
    }
    for name in ["auditor", "admin"] {
        app.as_role(name).get(&list).expect(403);
    }
    // An executable is none, whatever it is called.
    let part = reqwest::blocking::multipart::Part::bytes(b"MZ\x90\0rubbish".as_slice()).file_name("akta.jpg");
    let form = reqwest::blocking::multipart::Form::new().part("file", part);
    citizen.request("POST", &list).multipart(form).send().expect(422).problem("evidence_refused");
    // Once decided, what it was decided by stays, and nothing is added.
    act(&officer, &made, "accept", &json!({})).expect(200);
    citizen.delete(&paths[0]).expect(409).problem("wrong_state");
    show(&citizen, &made, 63).expect(409).problem("wrong_state");
    assert_eq!(citizen.all(&list).len(), 1);
    assert_eq!(citizen.get(&paths[0]).expect(200)["can"], json!([]));
    // It is kept as long as evidence of a problem that has ended.
    let old = format!("UPDATE corrections SET updated_at = now() - interval '6 years' WHERE id = '{made}'");
    diesel::RunQueryDsl::execute(diesel::sql_query(old), &mut app.sql()).unwrap();
    diesel::RunQueryDsl::execute(
        diesel::sql_query("UPDATE evidence SET created_at = now() - interval '7 years'"),
        &mut app.sql(),
    )
    .unwrap();
    let run = app.as_role("admin").post("/api/v1/retention-runs", &json!({})).expect(202).id();
    app.work();
    let report = app.as_role("admin").get(&format!("/api/v1/retention-runs/{run}")).expect(200);
    let files = report["report"].as_array().unwrap().iter().find(|f| f["class"] == "evidence_files").unwrap();
    // The household of this world is under a legal hold.
    assert_eq!((&files["count"], &files["held"]), (&json!(1), &json!(1)));
}
