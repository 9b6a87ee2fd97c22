//! At entry: who looks like somebody of the caller's area is shown to him, who looks like somebody elsewhere is a
//! question to the coordinator, and neither loses anything.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, Caller, OTHER_VILLAGE, SISTER_VILLAGE, VILLAGE, count};
use crate::stage::Stage;

fn yeti() -> Value {
    json!({"name": "Yeti Sumiyati", "sex": "female", "birth_date": "1961-03-17", "mother_name": "Oneng Juariah",
        "nik": "3273015703610004", "relation": "head"})
}

fn yeti_again() -> Value {
    json!({"name": "Hj. Yetti Sumiati", "sex": "female", "birth_date": "1961-03-17", "mother_name": "Oneng Djuariah"})
}

fn family(village: &str, street: &str, members: &[Value]) -> Value {
    json!({"region_code": village, "addresses": {"street": street, "rt": "1", "rw": "2"}, "members": members})
}

fn enter(by: &Caller, village: &str, street: &str, members: &[Value]) -> Answer {
    by.post("/api/v1/households", &family(village, street, members))
}

/// Enters a household although its people look like others: whoever is shown has been looked at.
pub fn insist(by: &Caller, household: &Value) -> Answer {
    let mut body = household.clone();
    loop {
        let answer = by.post("/api/v1/households", &body);
        if answer.status != 409 {
            return answer.expect(201);
        }
        for candidate in answer.problem("likely_duplicate")["candidates"].as_array().unwrap() {
            let member = body.pointer_mut(candidate["pointer"].as_str().unwrap()).unwrap();
            if member.get("confirm_distinct").is_none() {
                member["confirm_distinct"] = json!({"ids": [], "reason": "Uji"});
            }
            member["confirm_distinct"]["ids"].as_array_mut().unwrap().push(candidate["id"].clone());
        }
    }
}

fn person(household: &Answer, n: usize) -> String {
    household["members"][n]["id"].as_str().unwrap().to_owned()
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn looked(ids: &[&str]) -> Value {
    json!({"confirm_distinct": {"ids": ids, "reason": "Ibu dan KK <b>berbeda</b>"}})
}

fn pairs(stage: &Stage, status: &str) -> Vec<Value> {
    stage.by("coordinator").all(&format!("/api/v1/duplicate-candidates?status={status}"))
}

fn add(by: &Caller, household: &str, body: &Value) -> Answer {
    by.post(&format!("/api/v1/households/{household}/individuals"), body)
}

#[test]
fn who_is_there_already_is_shown_at_every_door() {
    let stage = Stage::start();
    let operator = stage.by("village_operator");
    let first = enter(&operator, VILLAGE, "Jl. Anggrek 5", &[yeti()]).expect(201);
    let id = person(&first, 0);
    let empty = enter(&operator, VILLAGE, "Gg. Mawar 9", &[]).expect(201).id();
    let people = || count(&mut stage.app.sql(), "SELECT count(*) AS n FROM individuals");
    let before = people();
    // A household with her as its second member.
    let child = json!({"name": "Cecep Ruhiyat", "sex": "male", "birth_date": "2001-10-05"});
    let refused = enter(&operator, VILLAGE, "Gg. Mawar 10", &[child.clone(), yeti_again()]).expect(409);
    let refused = refused.problem("likely_duplicate");
    assert_eq!(refused["errors"][0]["pointer"], "/members/1");
    let shown = &refused["candidates"][0];
    assert_eq!(
        (&shown["pointer"], &shown["id"], &shown["household_id"]),
        (&json!("/members/1"), &json!(id), &json!(first.id()))
    );
    assert_eq!((&shown["name"], &shown["nik_masked"]), (&json!("Yeti Sumiyati"), &json!("327301******0004")));
    assert!(shown["probability"].as_f64().unwrap() > 0.7, "{shown}");
    let agreed = |field: &str| {
        shown["comparisons"].as_array().unwrap().iter().find(|c| c["field"] == field).unwrap()["agreement"].clone()
    };
    assert_eq!(
        [agreed("birth_date"), agreed("name"), agreed("nik")],
        [json!("same"), json!("similar"), json!("unknown")]
    );
    assert!(!refused.text().contains("3273015703610004"), "the number stays masked");
    // A member of another household, and somebody edited into her.
    add(&operator, &empty, &yeti_again()).expect(409).problem("likely_duplicate");
    let other = add(&operator, &empty, &json!({"name": "Rukmini", "sex": "female"})).expect(201);
    let path = format!("/api/v1/individuals/{}", other.id());
    let edited = operator.patch(&path, other.etag(), &yeti_again()).expect(409).problem("likely_duplicate");
    assert_eq!((&edited["candidates"][0]["id"], &edited["errors"][0]["pointer"]), (&json!(id), &json!("")));
    assert_eq!(operator.get(&path).expect(200)["name"], "Rukmini", "nothing of a refused change stays");
    assert_eq!(people(), before + 1);
    // What says nothing of who she is asks nothing.
    operator.patch(&path, other.etag(), &json!({"phone": "081200000001"})).expect(200);
    // A look changes nothing and shows the same.
    let check = |body: Value| operator.post("/api/v1/individuals/check", &body).expect(200);
    let look = check(with(yeti_again(), json!({"household_id": empty})));
    assert_eq!((&look["candidates"][0]["id"], &look["candidates"][0]["pointer"]), (&json!(id), &json!("")));
    let look = check(with(yeti_again(), json!({"region_code": SISTER_VILLAGE, "street": "Jl. Baru 1"})));
    assert_eq!(look["candidates"][0]["id"], json!(id));
    let herself = json!({"name": "Yeti Sumiyati", "birth_date": "1961-03-17", "individual_id": id});
    assert_eq!(check(herself)["candidates"], json!([]), "nobody resembles himself");
    assert_eq!(check(json!({"name": "Somebody Quite Else"}))["candidates"], json!([]));
    let refusal = |body: Value| operator.post("/api/v1/individuals/check", &body).expect(422).refusals();
    assert_eq!(refusal(json!({"name": "X", "household_id": Uuid::now_v7()})), ["/household_id unknown"]);
    assert_eq!(refusal(json!({"name": "X", "individual_id": Uuid::now_v7()})), ["/individual_id unknown"]);
    assert_eq!(refusal(json!({"name": "X", "region_code": "32.73.99.9999"})), ["/region_code region_unknown"]);
    assert_eq!(refusal(json!({"name": " "})), ["/name required"]);
    assert!(pairs(&stage, "open").is_empty(), "a refusal asks nobody else");
}

#[test]
fn whom_somebody_has_looked_at_is_not_asked_again() {
    let stage = Stage::start();
    let operator = stage.by("village_operator");
    let id = person(&enter(&operator, VILLAGE, "Jl. Anggrek 5", &[yeti()]).expect(201), 0);
    let home = enter(&operator, VILLAGE, "Gg. Mawar 9", &[]).expect(201).id();
    let path = format!("/api/v1/households/{home}/individuals");
    // The same key: what was refused is not kept.
    let send = |body: &Value| operator.request("POST", &path).header("idempotency-key", "k-1").json(body).send();
    send(&yeti_again()).expect(409).problem("likely_duplicate");
    let strangers = Uuid::now_v7().to_string();
    send(&with(yeti_again(), looked(&[&strangers]))).expect(409).problem("likely_duplicate");
    let blank = with(yeti_again(), json!({"confirm_distinct": {"ids": [id], "reason": " "}}));
    assert_eq!(send(&blank).expect(422).refusals(), ["/confirm_distinct/reason required"]);
    let body = with(yeti_again(), looked(&[&id, &strangers]));
    let made = send(&body).expect(201);
    assert_eq!(send(&body).expect(201).header("idempotent-replayed"), Some("true"));
    let distinct = pairs(&stage, "distinct");
    assert_eq!((distinct.len(), &distinct[0]["reason"]), (1, &json!("Ibu dan KK <b>berbeda</b>")));
    let audited = "SELECT count(*) AS n FROM audit_events WHERE action = 'duplicate.distinct'";
    assert_eq!(count(&mut stage.app.sql(), audited), 1);
    // Neither a later edit nor the chore nor a search asks again.
    let edit = json!({"name": "Yetti Sumiati"});
    operator.patch(&format!("/api/v1/individuals/{}", made.id()), made.etag(), &edit).expect(200);
    stage.app.look_after();
    stage.by("coordinator").post_empty("/api/v1/duplicate-runs").expect(202);
    stage.app.work();
    assert!(pairs(&stage, "open").is_empty());
    assert_eq!(pairs(&stage, "distinct").len(), 1);
}

#[test]
fn who_lives_out_of_sight_changes_no_answer() {
    let stage = Stage::start();
    enter(&stage.by("coordinator"), OTHER_VILLAGE, "Jl. Kenanga 2", &[yeti()]).expect(201);
    let operator = stage.by("village_operator");
    let body = with(yeti_again(), json!({"nik": "3273015703610004"}));
    let check = with(body.clone(), json!({"region_code": VILLAGE}));
    assert_eq!(operator.post("/api/v1/individuals/check", &check).expect(200)["candidates"], json!([]));
    let made = enter(&operator, VILLAGE, "Gg. Mawar 9", &[body]).expect(201);
    assert!(operator.all("/api/v1/duplicate-candidates").is_empty(), "not even that there is a question");
    stage.app.look_after();
    assert!(operator.all("/api/v1/duplicate-candidates").is_empty(), "nor later");
    // The coordinator has it.
    let asked = pairs(&stage, "open");
    assert_eq!((asked.len(), &asked[0]["kind"]), (1, &json!("nik")), "{asked:?}");
    let both = [&asked[0]["a"]["household_id"], &asked[0]["b"]["household_id"]];
    assert!(both.contains(&&json!(made.id())));
    // Ids of people out of sight are no proof of anything.
    let hidden = [&asked[0]["a"], &asked[0]["b"]].into_iter().find(|s| s["household_id"] != json!(made.id())).unwrap();
    let more =
        with(yeti_again(), looked(&[hidden["id"].as_str().unwrap(), made["members"][0]["id"].as_str().unwrap()]));
    enter(&operator, VILLAGE, "Gg. Mawar 11", &[more]).expect(201);
    assert_eq!(pairs(&stage, "distinct").len(), 1, "only of whom he sees");
    assert_eq!(pairs(&stage, "open").len(), 2);
}

#[test]
fn relatives_are_not_taken_for_each_other() {
    let stage = Stage::start();
    let worker = stage.by("social_worker");
    let twin = |name: &str, nik: &str| json!({"name": name, "sex": "male", "birth_date": "2014-06-09", "nik": nik, "mother_name": "Neneng Hasanah"});
    let asep = |born: &str, mother: &str| json!({"name": "Asep Hidayat", "sex": "male", "birth_date": born, "mother_name": mother});
    let unknown = json!({"name": "Cucu"});
    let members = [
        twin("Agus Maulana", "3273010906140001"),
        twin("Budi Maulana", "3273010906140002"),
        asep("1958-01-12", "Icih"),
        asep("1986-08-30", "Neneng Hasanah"),
        unknown.clone(),
    ];
    let home = enter(&worker, VILLAGE, "Jl. Anggrek 5", &members).expect(201);
    assert!(pairs(&stage, "open").is_empty(), "twins, father and son");
    // Of a woman of whom nothing is known but a common name, nothing can be said elsewhere.
    enter(&worker, SISTER_VILLAGE, "Jl. Flamboyan 1", &[unknown]).expect(201);
    // One of the twins once more, without his number.
    let again =
        json!({"name": "Agus Maulana", "sex": "male", "birth_date": "2014-06-09", "mother_name": "Neneng Hasanah"});
    let refused = add(&worker, &home.id(), &again).expect(409).problem("likely_duplicate");
    let named: Vec<&Value> = refused["candidates"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert_eq!(named[0], "Agus Maulana", "of the twins, he");
    // One number on two living people, whoever they are.
    let taken = json!({"name": "Wawan Setiawan", "sex": "male", "birth_date": "1971-02-01", "nik": "3273010906140001"});
    let refused = add(&worker, &home.id(), &taken).expect(409).problem("likely_duplicate");
    assert_eq!(
        (&refused["candidates"][0]["same_nik"], &refused["candidates"][0]["band"]),
        (&json!(true), &json!("possible"))
    );
    // One household with the same person twice: he cannot look at who is not there yet, so the coordinator does.
    let twice = enter(&worker, VILLAGE, "Jl. Dahlia 1", &[yeti(), yeti_again()]).expect(201);
    let asked = pairs(&stage, "open");
    assert_eq!((asked.len(), &asked[0]["a"]["household_id"]), (1, &json!(twice.id())));
}

#[test]
fn two_who_enter_one_person_at_once_are_found_by_the_chore() {
    let stage = Stage::start();
    stage.app.look_after();
    let callers = ["village_operator", "social_worker"].map(|name| stage.by(name));
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = callers
            .iter()
            .enumerate()
            .map(|(n, by)| {
                let member = if n == 0 { yeti() } else { yeti_again() };
                scope.spawn(move || enter(by, VILLAGE, &format!("Jl. Anggrek {n}"), &[member]).status)
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|status| [201, 409].contains(status)), "{answers:?}");
    stage.app.look_after();
    let both = answers.iter().filter(|status| **status == 201).count() == 2;
    assert_eq!(pairs(&stage, "open").len(), usize::from(both), "{answers:?}");
}

#[test]
fn what_changed_since_the_last_run_is_compared() {
    let stage = Stage::start();
    let list = || count(&mut stage.app.sql(), "SELECT count(*) AS n FROM duplicate_changes");
    stage.app.look_after();
    assert_eq!(list(), 0);
    assert_eq!(stage.app.look_after(), 0, "nothing has changed, nothing is done");
    let coordinator = stage.by("coordinator");
    let first = enter(&coordinator, VILLAGE, "Jl. Anggrek 5", &[yeti()]).expect(201);
    let far =
        enter(&coordinator, OTHER_VILLAGE, "Jl. Kenanga 2", &[json!({"name": "Rukmini", "sex": "female"})]).expect(201);
    stage.app.look_after();
    assert!(pairs(&stage, "open").is_empty());
    // As an import writes it: the person becomes somebody who is known, and the feed says so.
    let id = person(&far, 0);
    let change = |sql: &str| {
        stage.execute(sql);
        stage.execute(&format!("INSERT INTO registry_changes (kind, subject_id) VALUES ('household', '{}')", far.id()));
        stage.app.look_after();
    };
    change(&format!(
        "UPDATE individuals SET name = 'Yetti Sumiati', birth_date = '1961-03-17', birth_date_precision = 'day', mother_name = 'Oneng Djuariah' WHERE id = '{id}'"
    ));
    let asked = pairs(&stage, "open");
    assert_eq!(asked.len(), 1, "{asked:?}");
    let sides = [&asked[0]["a"]["id"], &asked[0]["b"]["id"]];
    assert!(sides.contains(&&json!(id)) && sides.contains(&&json!(person(&first, 0))));
    assert_eq!(list(), 0);
    // And no longer: let go. A run agrees with both.
    change(&format!(
        "UPDATE individuals SET name = 'Rukmini', birth_date = '1990-01-31', mother_name = NULL WHERE id = '{id}'"
    ));
    assert!(pairs(&stage, "open").is_empty());
    assert_eq!(pairs(&stage, "gone").len(), 1);
    // Everybody, as after a bulk load: only who has changed is compared.
    stage
        .execute(&format!("UPDATE individuals SET name = 'Yeti Sumiati', birth_date = '1961-03-17' WHERE id = '{id}'"));
    stage.execute("INSERT INTO registry_changes (kind) VALUES ('bulk')");
    stage.app.look_after();
    assert_eq!((pairs(&stage, "open").len(), list()), (1, 0));
    coordinator.post_empty("/api/v1/duplicate-runs").expect(202);
    stage.app.work();
    assert_eq!(pairs(&stage, "open").len(), 1, "the run finds what the chore found");
}
