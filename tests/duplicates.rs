//! Duplicates: the pass finds who stands in the registry twice and leaves others alone; a human says what they are; a
//! merge loses nothing and can be taken back exactly.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, Caller, OTHER_VILLAGE, SISTER_VILLAGE, TestApp, VILLAGE, count};
use crate::stage::{Stage, Terms};

/// Somebody to be entered: name, sex, birth date, NIK with status, mother.
#[derive(Clone, Copy)]
pub struct Who<'a>(pub &'a str, pub &'a str, pub &'a str, pub Option<(&'a str, &'a str)>, pub &'a str);

pub const YETI: Who<'_> =
    Who("Yeti Sumiyati", "female", "1961-03-17", Some(("3273015703610004", "unchecked")), "Oneng Juariah");
pub const YETI_AGAIN: Who<'_> = Who("Hj. Yetti Sumiati", "female", "1961-03-17", None, "Oneng Djuariah");
const OTHER: Who<'_> =
    Who("Bambang Kusnadi", "male", "1984-11-02", Some(("3273010211840007", "matched")), "Entin Suprihatin");

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A household in a kelurahan, with a street and a card.
pub fn home(stage: &Stage, village: &str, street: &str, card: Option<&str>) -> Uuid {
    let id = Uuid::now_v7();
    let card = card.map_or("NULL".to_owned(), quoted);
    stage.execute(&format!(
        "INSERT INTO households (id, region_code, district_code, family_card_number, members_count) VALUES ('{id}', '{village}', left('{village}', 8), {card}, 0)"
    ));
    stage.execute(&format!(
        "INSERT INTO household_details (household_id, street, rt, rw) VALUES ('{id}', {}, '001', '002')",
        quoted(street)
    ));
    id
}

pub fn person(stage: &Stage, home: Uuid, who: Who<'_>) -> Uuid {
    let id = Uuid::now_v7();
    let Who(name, sex, born, nik, mother) = who;
    let (number, status) = nik.map_or(("NULL".to_owned(), "NULL".to_owned()), |(n, s)| (quoted(n), quoted(s)));
    let key = satupintu::kernel::names::match_key(name);
    stage.execute(&format!(
        "INSERT INTO individuals (id, household_id, name, name_key, sex, birth_date, nik, nik_status, mother_name, relation)
         VALUES ('{id}', '{home}', {}, {}, '{sex}', '{born}', {number}, {status}, {}, 'other')",
        quoted(name), quoted(&key), quoted(mother)
    ));
    if let Some((number, status)) = nik {
        stage.execute(&format!(
            "INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source, status) VALUES (gen_random_uuid(), 'individual', '{id}', 'nik', '{number}', 'manual', '{status}')"
        ));
    }
    stage.execute(&format!(
        "UPDATE households SET members_count = members_count + 1, head_id = coalesce(head_id, '{id}'), head_name = coalesce(head_name, {}) WHERE id = '{home}'",
        quoted(name)
    ));
    id
}

/// Looks for duplicates; the finished run.
pub fn search(stage: &Stage) -> Value {
    let coordinator = stage.by("coordinator");
    let started = coordinator.post_empty("/api/v1/duplicate-runs").expect(202);
    coordinator.post_empty("/api/v1/duplicate-runs").expect(409).problem("conflict");
    stage.app.work();
    let done = stage.app.finished(&coordinator, started.header("location").unwrap());
    assert_eq!(done["state"], "succeeded", "{done}");
    let run = coordinator.get(&format!("/api/v1/duplicate-runs/{}", started.id())).expect(200);
    assert!(run["weights"]["levels"].as_array().is_some_and(|levels| levels.len() > 40));
    run.json()
}

pub fn open(caller: &Caller) -> Vec<Value> {
    caller.all("/api/v1/duplicate-candidates")
}

/// The pair of these two among the open ones.
pub fn between(caller: &Caller, a: Uuid, b: Uuid) -> Option<Value> {
    let (a, b) = (json!(a.min(b)), json!(a.max(b)));
    open(caller).into_iter().find(|pair| pair["a"]["id"] == a && pair["b"]["id"] == b)
}

pub fn path(pair: &Value) -> String {
    format!("/api/v1/duplicate-candidates/{}", pair["id"].as_str().unwrap())
}

pub fn act(caller: &Caller, pair: &str, verb: &str, body: &Value) -> Answer {
    let etag = caller.get(pair).expect(200).etag().to_owned();
    caller.act(&format!("{pair}/{verb}"), &etag, body)
}

/// Two records of one person in two kelurahan of one kecamatan, found.
fn twice(stage: &Stage) -> (Uuid, Uuid, String) {
    let one = home(stage, VILLAGE, "Jl. Anggrek 5", Some("3273010101200001"));
    let two = home(stage, SISTER_VILLAGE, "Gg. Mawar 9", Some("3273010101200002"));
    let (a, b) = (person(stage, one, YETI), person(stage, two, YETI_AGAIN));
    search(stage);
    let pair = between(&stage.by("coordinator"), a, b).expect("the two are found");
    (a, b, path(&pair))
}

#[test]
fn the_pass_finds_one_person_and_leaves_relatives_alone() {
    let stage = Stage::start();
    let family = home(&stage, VILLAGE, "Jl. Anggrek 5", Some("3273010101200001"));
    let elsewhere = home(&stage, SISTER_VILLAGE, "Gg. Mawar 9", None);
    let (yeti, again) = (person(&stage, family, YETI), person(&stage, elsewhere, YETI_AGAIN));
    let other = person(&stage, elsewhere, OTHER);
    // Twins: birth date, mother, home and half of the name are the same.
    let twin = |name, nik, status| Who(name, "male", "2014-06-09", Some((nik, status)), "Neneng Hasanah");
    let agus = person(&stage, family, twin("Agus Maulana", "3273010906140001", "unchecked"));
    let budi = person(&stage, family, twin("Budi Maulana", "3273010906140002", "unchecked"));
    // Names that differ by a breath: here it is the matched numbers that tell them apart.
    let hasan = person(&stage, elsewhere, twin("Hasan Ramadhan", "3273010906140003", "matched"));
    let husen = person(&stage, elsewhere, twin("Hasen Ramadhan", "3273010906140004", "matched"));
    // Father and son of one name.
    let father = person(&stage, family, Who("Asep Hidayat", "male", "1958-01-12", None, "Icih"));
    let son = person(&stage, family, Who("Asep Hidayat", "male", "1986-08-30", None, "Neneng Hasanah"));
    // One NIK on two living people; and two who look like one but have a matched NIK each.
    let shared = Some(("3273010707900009", "unchecked"));
    let (first, second) = (
        person(&stage, family, Who("Dedi Mulyadi", "male", "1990-07-07", shared, "Titin")),
        person(&stage, elsewhere, Who("Wawan Setiawan", "male", "1971-02-01", shared, "Ratnasih")),
    );
    let proven = |nik| Who("Cucu Komariah", "female", "1979-09-19", Some((nik, "matched")), "Enok Rohaeti");
    let (left, right) =
        (person(&stage, family, proven("3273015909790001")), person(&stage, elsewhere, proven("3273285909790017")));
    let run = search(&stage);
    assert_eq!((&run["state"], &run["people"]), (&json!("succeeded"), &json!(13)), "{run}");
    let coordinator = stage.by("coordinator");
    let names: Vec<String> =
        open(&coordinator).iter().map(|p| format!("{} {} {}", p["a"]["name"], p["b"]["name"], p["score"])).collect();
    assert_eq!((run["found"].as_i64(), run["added"].as_i64()), (Some(2), Some(2)), "{names:?}");
    let pair = between(&coordinator, yeti, again).expect("the spelling differs and she is the same");
    assert_eq!(
        (&pair["kind"], &pair["cluster"]["size"], &pair["cluster"]["alarm"]),
        (&json!("person"), &json!(2), &json!(false))
    );
    assert!(pair["score"].as_f64().unwrap() > 0.9, "{pair}");
    let conflict = between(&coordinator, first, second).expect("one number cannot be two people's");
    assert_eq!(conflict["kind"], "nik");
    for (a, b, why) in [
        (agus, budi, "twins"),
        (hasan, husen, "twins with matched numbers"),
        (father, son, "father and son"),
        (left, right, "two matched NIKs"),
        (yeti, other, "strangers"),
    ] {
        assert!(between(&coordinator, a, b).is_none(), "{why}");
    }
    // Side by side, with what was weighed and nothing unmasked.
    let shown = coordinator.get(&path(&pair)).expect(200);
    let field = |name: &str| shown["fields"].as_array().unwrap().iter().find(|f| f["field"] == name).unwrap().clone();
    assert_eq!((&field("birth_date")["agreement"], &field("name")["agreement"]), (&json!("same"), &json!("similar")));
    assert!(field("name")["weight"].as_f64().unwrap() > 0.0);
    assert!(!shown.text().contains("3273015703610004"));
    assert_eq!(shown["can"], json!(["distinct", "later", "merge"]));
    // The same registry gives the same pairs, and nothing new.
    let again = search(&stage);
    assert_eq!((&again["found"], &again["added"], &again["gone"]), (&json!(2), &json!(0), &json!(0)));
    // What is no longer so is let go.
    stage.execute(&format!("UPDATE individuals SET nik = NULL, nik_status = NULL WHERE id = '{second}'"));
    assert_eq!(search(&stage)["gone"], json!(1));
    assert_eq!(coordinator.all("/api/v1/duplicate-candidates?status=gone").len(), 1);
    assert_eq!(coordinator.all("/api/v1/duplicate-candidates?min_score=0.5&kind=person&region=32.73.01").len(), 1);
    assert!(coordinator.all("/api/v1/duplicate-candidates?region=32.73.02").is_empty());
}

#[test]
fn what_a_human_found_distinct_stays_so() {
    let stage = Stage::start();
    let (a, b, pair) = twice(&stage);
    let worker = stage.by("social_worker");
    let reason = json!({"reason": "Dua akta kelahiran <b>berbeda</b> 📄"});
    act(&worker, &pair, "distinct", &json!({"reason": " "})).expect(422);
    let done = act(&worker, &pair, "distinct", &reason).expect(200);
    assert_eq!(
        (&done["status"], &done["can"], &done["reason"]),
        (&json!("distinct"), &json!(["reopen"]), &reason["reason"])
    );
    let run = search(&stage);
    assert_eq!((&run["found"], &run["added"]), (&json!(0), &json!(0)), "a cannot-link survives every later run");
    assert!(between(&worker, a, b).is_none());
    assert_eq!(worker.get(&pair).expect(200)["status"], "distinct");
    act(&worker, &pair, "later", &reason).expect(409).problem("wrong_state");
    act(&worker, &pair, "reopen", &reason).expect(200);
    // Put off, within a year.
    act(&worker, &pair, "later", &json!({"reason": "KK", "until": "2020-01-01"})).expect(422);
    act(&worker, &pair, "later", &json!({"reason": "KK", "until": "2199-01-01"})).expect(422);
    let later = act(&worker, &pair, "later", &json!({"reason": "Menunggu KK"})).expect(200);
    assert!(later["later_until"].is_string());
    search(&stage);
    assert_eq!(worker.get(&pair).expect(200)["status"], "later", "a run does not wake what waits");
    stage.app.look_after();
    assert_eq!(worker.get(&pair).expect(200)["status"], "later");
    stage.execute("UPDATE duplicate_candidates SET later_until = current_date - 1");
    stage.app.look_after();
    assert_eq!(worker.get(&pair).expect(200)["status"], "open");
    assert_eq!(
        count(&mut stage.app.sql(), "SELECT count(*) AS n FROM audit_events WHERE action = 'duplicate.distinct'"),
        1
    );
}

#[test]
fn who_sees_one_side_learns_only_that_the_coordinator_has_it() {
    let stage = Stage::start();
    let (a, b, pair) = twice(&stage);
    let operator = stage.by("village_operator");
    let rows = open(&operator);
    assert_eq!(rows.len(), 1);
    let (own, hidden) = if a < b { ("a", "b") } else { ("b", "a") };
    assert_eq!((&rows[0][own]["id"], &rows[0][hidden]), (&json!(a), &Value::Null));
    assert_eq!(
        (&rows[0]["with_coordinator"], &rows[0]["score"], &rows[0]["can"]),
        (&json!(true), &Value::Null, &json!([]))
    );
    let shown = operator.get(&pair).expect(200);
    assert!(!shown.text().contains(&b.to_string()) && !shown.text().contains("Yetti"), "{}", shown.text());
    assert_eq!((&shown["fields"], &shown[format!("{hidden}_holds").as_str()]), (&json!([]), &Value::Null));
    act(&operator, &pair, "distinct", &json!({"reason": "x"})).expect(403);
    act(&operator, &pair, "merge", &json!({"survivor_id": a, "reason": "x"})).expect(403);
    // No filter tells more, and of a decided pair nothing is left.
    assert!(operator.all("/api/v1/duplicate-candidates?min_score=0.5").is_empty());
    assert!(operator.all(&format!("/api/v1/duplicate-candidates?region={SISTER_VILLAGE}")).is_empty());
    for status in ["distinct", "later", "merged", "proposed", "gone"] {
        assert!(operator.all(&format!("/api/v1/duplicate-candidates?status={status}")).is_empty());
    }
    for name in ["village_operator_out", "social_worker_out"] {
        stage.by(name).get(&pair).expect(404);
        assert!(open(&stage.by(name)).is_empty());
    }
    for name in ["agency_officer", "partner", "auditor", "citizen", "admin"] {
        stage.by(name).get(&pair).expect(403);
        stage.by(name).get("/api/v1/duplicate-runs").expect(403);
    }
    // That a NIK exists elsewhere is not to be learnt from the list either.
    let mine = home(&stage, VILLAGE, "Jl. Dahlia 1", None);
    let far = home(&stage, OTHER_VILLAGE, "Jl. Kenanga 2", None);
    let nik = Some(("3273010707900009", "unchecked"));
    person(&stage, mine, Who("Dedi Mulyadi", "male", "1990-07-07", nik, "Titin"));
    person(&stage, far, Who("Wawan Setiawan", "male", "1971-02-01", nik, "Ratnasih"));
    search(&stage);
    assert_eq!(open(&stage.by("coordinator")).len(), 2);
    assert_eq!(open(&operator).len(), 1);
    assert!(open(&stage.by("village_operator_out")).is_empty());
}

/// Everything of the two records that a merge may touch, in order, without what only ever counts up.
pub fn everything(app: &TestApp) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let tables = [
        "individuals",
        "households",
        "household_details",
        "identifiers",
        "problems",
        "referrals",
        "awards",
        "claims",
        "deliveries",
        "memberships",
        "restricted_facts",
        "evidence",
        "accounts",
        "cases",
        "case_problems",
        "welfare_snapshots",
        "corrections",
        "reported_benefits",
        "ledger_transactions",
        "assignments",
        "assessments",
        "legal_holds",
        "field_origins",
        "allocation_lines",
        "allocation_left_out",
    ];
    let all =
        tables.map(|t| format!("SELECT '{t} ' || (to_jsonb(t) - 'version' - 'updated_at')::text AS line FROM {t} t"));
    let lines: Vec<Line> = diesel::sql_query(all.join(" UNION ALL ") + " ORDER BY 1").load(&mut app.sql()).unwrap();
    lines.into_iter().map(|l| l.line).collect()
}

/// A referral about a person, sent; its path.
pub fn helped(stage: &Stage, person: Uuid, need: &str, cycle: &str) -> String {
    let body = json!({"subject": {"kind": "individual", "id": person}, "need_code": need, "severity": "high"});
    let reported = stage.by("social_worker").post("/api/v1/problems", &body).expect(201);
    let problem = format!("/api/v1/problems/{}", reported.id());
    act(&stage.by("social_worker2"), &problem, "verify", &json!({})).expect(200);
    let referral = stage
        .by("social_worker")
        .post("/api/v1/referrals", &json!({"problem_id": reported.id(), "cycle_id": cycle}))
        .expect(201);
    format!("/api/v1/referrals/{}", referral.id())
}

#[test]
fn a_merge_loses_nothing_and_is_undone_exactly() {
    let stage = Stage::start();
    let (a, b, pair) = twice(&stage);
    let need = json!({"subject": {"kind": "individual", "id": b}, "need_code": "pangan", "severity": "high"});
    let problem = stage.by("social_worker").post("/api/v1/problems", &need).expect(201).id();
    stage.execute(&format!(
        "UPDATE individuals SET phone = '+628120000001', facts = '{{\"illness\": \"asthma\"}}' WHERE id = '{b}'"
    ));
    let before = everything(&stage.app);
    let coordinator = stage.by("coordinator");
    let body = json!({"survivor_id": a, "take_from_merged": ["name"], "reason": "KTP yang sama"});
    let merged = act(&coordinator, &pair, "merge", &body).expect(200);
    assert_eq!(
        (&merged["status"], &merged["merge"]["status"], &merged["can"]),
        (&json!("merged"), &json!("done"), &json!(["undo-merge"]))
    );
    // The merged id answers and points on; the survivor has everything.
    let gone = coordinator.get(&format!("/api/v1/individuals/{b}")).expect(200);
    assert_eq!(
        (&gone["status"], &gone["merged_into"], &gone["life_status"], &gone["can"]),
        (&json!("merged"), &json!(a), &json!("merged"), &json!([]))
    );
    let stays = coordinator.get(&format!("/api/v1/individuals/{a}")).expect(200);
    assert_eq!(
        (&stays["name"], &stays["phone"], &stays["nik_masked"].is_string()),
        (&json!("Hj. Yetti Sumiati"), &json!("+628120000001"), &true)
    );
    assert_eq!(stays["facts"]["illness"], "asthma");
    let moved = coordinator.get(&format!("/api/v1/problems/{problem}")).expect(200);
    assert_eq!(moved["subject"]["id"], json!(a));
    let old_home =
        coordinator.get(&format!("/api/v1/households/{}", gone["household_id"].as_str().unwrap())).expect(200);
    assert_eq!((&old_home["members_count"], &old_home["head_name"]), (&json!(0), &Value::Null));
    let timeline = coordinator.all(&format!("/api/v1/households/{}/timeline", stays["household_id"].as_str().unwrap()));
    assert!(timeline.iter().any(|e| e["kind"] == "member_merged"), "{timeline:?}");
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action = 'duplicate.merge'";
    assert_eq!(count(&mut stage.app.sql(), trail), 1);
    // Found by neither a search of people nor another run.
    assert_eq!(search(&stage)["people"], 1);
    act(&coordinator, &pair, "undo-merge", &json!({"reason": ""})).expect(422);
    let undone = act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua orang"})).expect(200);
    assert_eq!(
        (&undone["status"], &undone["merge"]["status"], &undone["merge"]["kept"]),
        (&json!("open"), &json!("undone"), &json!([]))
    );
    similar_asserts(&before, &everything(&stage.app));
    act(&coordinator, &pair, "undo-merge", &json!({"reason": "x"})).expect(409).problem("wrong_state");
    // Once more, and now somebody edits what the merge had filled in: that stays, and is told.
    act(&coordinator, &pair, "merge", &body).expect(200);
    let survivor = format!("/api/v1/individuals/{a}");
    coordinator.patch(&survivor, coordinator.get(&survivor).etag(), &json!({"phone": "08129999999"})).expect(200);
    let later = stage
        .by("social_worker")
        .post(
            "/api/v1/problems",
            &json!({"subject": {"kind": "individual", "id": a}, "need_code": "kesehatan", "severity": "low"}),
        )
        .expect(201);
    let undone = act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua orang"})).expect(200);
    assert_eq!(undone["merge"]["kept"], json!([{"kind": "individuals", "id": a, "fields": ["phone"]}]));
    assert_eq!(coordinator.get(&survivor).expect(200)["phone"], "+628129999999");
    assert_eq!(coordinator.get(&survivor).expect(200)["name"], "Yeti Sumiyati");
    assert_eq!(coordinator.get(&format!("/api/v1/problems/{}", later.id())).expect(200)["subject"]["id"], json!(a));
    assert_eq!(coordinator.get(&format!("/api/v1/problems/{problem}")).expect(200)["subject"]["id"], json!(b));
}

pub fn similar_asserts(before: &[String], after: &[String]) {
    let only = |x: &[String], y: &[String]| x.iter().filter(|l| !y.contains(l)).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(before, after, "\nbefore only:\n{}\nafter only:\n{}", only(before, after), only(after, before));
}

#[test]
fn who_is_merged_during_his_case_keeps_it_and_his_worker() {
    let stage = Stage::start();
    let (a, b, pair) = twice(&stage);
    let worker = stage.by("social_worker");
    let need = json!({"subject": {"kind": "individual", "id": b}, "need_code": "pangan", "severity": "high"});
    let problem = worker.post("/api/v1/problems", &need).expect(201);
    let problem_path = format!("/api/v1/problems/{}", problem.id());
    act(&stage.by("social_worker2"), &problem_path, "verify", &json!({})).expect(200);
    let home = problem["household_id"].clone();
    let case = worker.post("/api/v1/cases", &json!({"household_id": home, "problem_ids": [problem.id()]})).expect(201);
    let case_path = format!("/api/v1/cases/{}", case.id());
    let draft = json!({"instrument_code": "washington_group_short", "subject": {"kind": "individual", "id": b}});
    let draft = format!("/api/v1/assessments/{}", worker.post("/api/v1/assessments", &draft).expect(201).id());
    let body = json!({"survivor_id": a, "reason": "KTP yang sama"});
    act(&stage.by("coordinator"), &pair, "merge", &body).expect(200);
    // The same case, led by the same worker, about the record that stays.
    let after = worker.get(&case_path).expect(200);
    assert_eq!((&after["lead_name"], &after["stage"]), (&case["lead_name"], &case["stage"]), "{}", after.text());
    act(&worker, &case_path, "advance", &json!({"to": "screening"})).expect(200);
    assert_eq!(worker.get(&problem_path).expect(200)["subject"]["id"], json!(a));
    // What was begun about the one is finished about the other.
    assert_eq!(worker.get(&draft).expect(200)["subject"]["id"], json!(a));
    let answers = json!({"seeing": "none", "hearing": "none", "walking": "none", "remembering": "none",
        "self_care": "none", "communicating": "none"});
    let filled = json!({"answers": answers, "conclusion": "Tanpa hambatan.", "recommended": []});
    worker.patch(&draft, worker.get(&draft).etag(), &filled).expect(200);
    act(&worker, &draft, "sign", &json!({})).expect(200);
    // And he may die: what waits for him is still there to be closed by people.
    let person = format!("/api/v1/individuals/{a}");
    let death = json!({"deceased_on": "2026-01-01", "evidence_code": "death_certificate"});
    act(&worker, &person, "decease", &death).expect(200);
    assert_eq!(worker.get(&case_path).expect(200)["stage"], "screening");
    act(&worker, &problem_path, "resolve", &json!({"outcome": "expired", "reason": "Meninggal"})).expect(200);
}

#[test]
fn money_needs_a_second_person_and_aid_of_one_kind_is_refused() {
    let stage = Stage::start();
    let (a, b, pair) = twice(&stage);
    let offer = stage.offer(&Terms { unit: "person", ..Terms::default() });
    stage.budget("DUPL", &offer, 1_000_000, 1_000_000);
    let coordinator = stage.by("coordinator");
    let body = json!({"survivor_id": a, "reason": "Orang yang sama"});
    let first = helped(&stage, a, "pangan", &offer.cycle);
    act(&stage.by("social_worker"), &first, "send", &json!({})).expect(200);
    let shown = coordinator.get(&pair).expect(200);
    assert_eq!(shown["needs_second_word"], true, "{}", shown.text());
    let proposed = act(&coordinator, &pair, "merge", &body).expect(200);
    assert_eq!((&proposed["status"], &proposed["can"]), (&json!("proposed"), &json!(["reject-merge"])));
    act(&coordinator, &pair, "confirm-merge", &json!({})).expect(409).problem("same_person");
    let second = stage.by("coordinator2");
    act(&second, &pair, "reject-merge", &json!({"reason": "Belum yakin"})).expect(200);
    // A worker who does not supervise is never told whether there is money: his merges always wait.
    let proposed = act(&stage.by("social_worker"), &pair, "merge", &body).expect(200);
    assert_eq!(proposed["status"], "proposed");
    // Meanwhile the other record gets aid of the same kind.
    let other = helped(&stage, b, "pangan", &offer.cycle);
    act(&stage.by("social_worker"), &other, "send", &json!({})).expect(200);
    let before = everything(&stage.app);
    act(&second, &pair, "confirm-merge", &json!({})).expect(409).problem("claim_overlap");
    similar_asserts(&before, &everything(&stage.app));
    assert_eq!(second.get(&pair).expect(200)["status"], "proposed", "nothing of a refused merge stays");
    act(&second, &pair, "reject-merge", &json!({"reason": "Bantuan ganda"})).expect(200);
    // With the duty and a reason it may stand.
    let body = json!({"survivor_id": a, "reason": "Orang yang sama", "override_reason": "Paket kedua dikembalikan"});
    act(&stage.by("social_worker"), &pair, "merge", &body).expect(403);
    act(&coordinator, &pair, "merge", &body).expect(200);
    act(&second, &pair, "confirm-merge", &json!({})).expect(200);
    let awards = format!("SELECT count(*) AS n FROM awards WHERE individual_id = '{a}'");
    assert_eq!(count(&mut stage.app.sql(), &awards), 2);
    let sums = "SELECT coalesce(sum(amount), 0)::bigint AS n FROM ledger_entries";
    assert_eq!(count(&mut stage.app.sql(), sums), 0);
    assert_eq!(coordinator.get(&other).expect(200)["status"], "sent", "no benefit stops");
    act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua orang"})).expect(200);
    similar_asserts(&before, &everything(&stage.app));
}

#[test]
fn two_who_merge_at_once_do_it_once() {
    let stage = Stage::start();
    let (a, b, pair) = twice(&stage);
    // A third record of hers: two pairs that share one record, merged crosswise at the same moment.
    let third = home(&stage, VILLAGE, "Jl. Cempaka 3", None);
    let c = person(&stage, third, Who("Yeti Sumiyati", "female", "1961-03-17", None, "Oneng Juariah"));
    search(&stage);
    let coordinators = ["coordinator", "coordinator2"].map(|name| stage.by(name));
    let crossed = path(&between(&coordinators[0], a, c).expect("the third is found"));
    let attempts = [(&pair, a), (&crossed, c), (&pair, b), (&crossed, a)];
    let tags: Vec<String> =
        attempts.iter().map(|(p, _)| coordinators[0].get(p).expect(200).etag().to_owned()).collect();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = attempts
            .iter()
            .zip(&tags)
            .enumerate()
            .map(|(n, ((pair, survivor), tag))| {
                let by = &coordinators[n % 2];
                scope.spawn(move || {
                    by.act(&format!("{pair}/merge"), tag, &json!({"survivor_id": survivor, "reason": "Sama"})).status
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|s| [200, 409, 412].contains(s)), "{answers:?}");
    let done = i64::try_from(answers.iter().filter(|s| **s == 200).count()).unwrap();
    assert!((1..=2).contains(&done), "{answers:?}");
    let mut sql = stage.app.sql();
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM individuals WHERE merged_into IS NOT NULL"), done);
    // Nobody points at somebody who points on to him, and nobody was merged away and into at once unseen.
    let circle =
        "SELECT count(*) AS n FROM individuals x JOIN individuals y ON y.id = x.merged_into WHERE y.merged_into = x.id";
    assert_eq!(count(&mut sql, circle), 0);
    assert_eq!(count(&mut sql, "SELECT count(*) AS n FROM duplicate_merges WHERE status = 'done'"), done);
}
