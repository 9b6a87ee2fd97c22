//! A new month against the registry: what differs, record by record and field by field; what is believed; what is chosen.

use serde_json::{Value, json};

use crate::harness::{Caller, TestApp, VILLAGE};
use crate::imports::{CARD, FAMILIES, MEMBERS, NIK, act, apply, registry, rows, small, staged};

const CARD2: &str = "3273010101200002";
const NIK2: &str = "3273011505810002";
const CARD3: &str = "3273010101200003";
const NIK3: &str = "3273011505820003";

fn changes(caller: &Caller, id: &str, filter: &str) -> Vec<Value> {
    caller.all(&format!("/api/v1/imports/{id}/changes?limit=2{filter}"))
}

fn brief(change: &Value) -> String {
    format!("{} {} {}", change["kind"].as_str().unwrap(), change["subject_kind"].as_str().unwrap(), change["row"])
}

fn counted(households: i64, individuals: i64) -> Value {
    json!({"households": households, "individuals": individuals, "programs": 0})
}

/// September as it was: three families of one person.
fn september(app: &TestApp, caller: &Caller) {
    let (f, m) = small(
        &[(CARD, "3273011001", "3"), (CARD2, "3273011002", "4"), (CARD3, "3273011001", "5")],
        &[
            (NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "1"),
            (NIK2, CARD2, "DEDI KUSNADI", "1981-05-15", "1"),
            (NIK3, CARD3, "ELIS", "1982-05-15", "1"),
        ],
    );
    apply(app, caller, "2026-09", &[("families", &f), ("members", &m)]);
}

/// October: one family poorer, one moved, one gone, one new; one person ill, one gone.
fn october() -> (Vec<u8>, Vec<u8>) {
    small(
        &[(CARD, "3273011001", "2"), (CARD2, "3273011001", "4"), ("3273010101200004", "3273021001", "1")],
        &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "6"), ("", "3273010101200004", "RINA", "1990-01-02", "1")],
    )
}

#[test]
fn what_differs_is_told_before_it_is_applied() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    september(&app, &caller);
    let (f, m) = october();
    let import = staged(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    assert_eq!(import["changes"]["new"], counted(1, 0));
    assert_eq!(import["changes"]["changed"], counted(1, 1));
    assert_eq!(import["changes"]["moved"], counted(1, 0));
    assert_eq!(import["changes"]["missing"], counted(1, 1), "{}", import.text());
    let all = changes(&caller, &import.id(), "");
    assert_eq!(all.len(), 6);
    let mut told: Vec<String> = all.iter().map(brief).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "changed household 2",
            "changed individual 2",
            "missing household null",
            "missing individual null",
            "moved household 3",
            "new household 4"
        ]
    );
    let poorer = changes(&caller, &import.id(), "&kind=changed&subject_kind=household");
    assert_eq!(
        poorer[0]["fields"],
        json!([{"field": "decile", "ours": 3, "theirs": 2, "source": "dtsen", "applies": true}])
    );
    let ill = changes(&caller, &import.id(), "&kind=changed&subject_kind=individual");
    assert_eq!(ill[0]["fields"][0]["field"], "facts.illness");
    assert_eq!(changes(&caller, &import.id(), "&region=32.73.02").len(), 1);
    let counted =
        caller.get(&format!("/api/v1/imports/{}/changes?limit=1&include_total=true", import.id())).expect(200);
    assert_eq!(counted["page"]["total"]["count"].as_i64().or(counted["page"]["total"].as_i64()), Some(6));
    act(&app, &caller, &import.id(), "review").expect(200);
    act(&app, &caller, &import.id(), "apply").expect(202);
    assert_eq!(changes(&caller, &import.id(), "").len(), 0, "nothing of people stays behind");
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households WHERE status = 'active'"), 4, "missing is not deleted");
}

#[test]
fn only_what_was_chosen_is_applied() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    september(&app, &caller);
    let (f, m) = october();
    let choose = |body: Value| {
        let import = staged(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
        act(&app, &caller, &import.id(), "review").expect(200);
        let path = format!("/api/v1/imports/{}", import.id());
        let etag = caller.get(&path).expect(200).etag().to_owned();
        let answer = caller.act(&format!("{path}/apply"), &etag, &body);
        if answer.status == 202 {
            app.work();
            assert_eq!(caller.get(&path).expect(200)["status"], "applied");
        }
        answer
    };
    assert_eq!(choose(json!({"kinds": []})).expect(422).refusals(), ["/kinds length"]);
    assert_eq!(choose(json!({"kinds": ["missing"]})).status, 422);
    assert_eq!(choose(json!({"areas": ["'; DROP TABLE x"]})).expect(422).refusals(), ["/areas/0 format"]);
    choose(json!({"kinds": ["changed"], "areas": [VILLAGE]})).expect(202);
    let decile = "SELECT decile::int8 AS n FROM households WHERE family_card_number = '3273010101200001'";
    let at_home = "SELECT count(*) AS n FROM households WHERE region_code = '32.73.01.1002'";
    assert_eq!((rows(&app, decile), rows(&app, at_home)), (2, 1), "poorer, but not moved");
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households"), 3, "and nobody new");
    choose(json!({"kinds": ["new"], "areas": ["32.73.03"]})).expect(202);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households"), 3, "not in that area");
    choose(json!({"kinds": ["moved", "new"]})).expect(202);
    assert_eq!((rows(&app, at_home), rows(&app, "SELECT count(*) AS n FROM households")), (0, 4));
    // What was left out is offered again; what was taken is not.
    let import = staged(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    assert_eq!(import["changes"]["moved"], counted(0, 0));
    assert_eq!(import["changes"]["new"], counted(0, 0));
}

#[test]
fn a_person_is_believed_more_than_a_file_and_a_newer_file_more_than_an_older() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    september(&app, &caller);
    let id =
        caller.all("/api/v1/households").iter().find(|h| h["head_name"] == format!("KEPALA {CARD}")).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
    let path = format!("/api/v1/households/{id}");
    let etag = caller.get(&path).expect(200).etag().to_owned();
    caller.patch(&path, &etag, &json!({"declared_members": 7})).expect(200);
    let (f, _) = small(&[(CARD, "3273011001", "2")], &[]);
    let import = staged(&app, &caller, "2026-10", &[("families", &f)]);
    let change = &changes(&caller, &import.id(), "&kind=changed")[0];
    let by = |field: &str| change["fields"].as_array().unwrap().iter().find(|c| c["field"] == field).unwrap().clone();
    assert_eq!(
        (by("declared_members")["applies"].clone(), by("declared_members")["source"].clone()),
        (json!(false), json!("manual"))
    );
    assert_eq!(by("decile")["applies"], true);
    act(&app, &caller, &import.id(), "review").expect(200);
    act(&app, &caller, &import.id(), "apply").expect(202);
    let now = caller.get(&path).expect(200).json();
    assert_eq!((&now["declared_members"], &now["decile"]), (&json!(7), &json!(2)));
    // An earlier month of the same source changes nothing.
    let (f, _) = small(&[(CARD, "3273011002", "9")], &[]);
    let import = staged(&app, &caller, "2026-08", &[("families", &f)]);
    let late = &changes(&caller, &import.id(), "&kind=moved")[0];
    assert!(late["fields"].as_array().unwrap().iter().all(|c| c["applies"] == false), "{late}");
}

#[test]
fn the_same_files_again_are_passed_over_and_a_new_month_of_them_is_confirmed() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let files: [(&str, &[u8]); 2] = [("families", FAMILIES), ("members", MEMBERS)];
    apply(&app, &caller, "2026-09", &files);
    let before = registry(&app);
    let import = staged(&app, &caller, "2026-09", &files);
    for kind in ["new", "changed", "moved", "missing"] {
        assert_eq!(import["changes"][kind], counted(0, 0), "{kind}");
    }
    act(&app, &caller, &import.id(), "review").expect(200);
    act(&app, &caller, &import.id(), "apply").expect(202);
    assert_eq!(registry(&app), before);
    let month = apply(&app, &caller, "2026-10", &files);
    assert_eq!(
        month["applied"],
        json!({"households_created": 0, "households_updated": 0, "individuals_created": 0, "individuals_updated": 0, "programs_created": 0, "programs_updated": 0})
    );
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM welfare_snapshots WHERE period = '2026-10'"),
        rows(&app, "SELECT count(*) AS n FROM welfare_snapshots WHERE period = '2026-09'")
    );
    // A row that a person took away from the registry's view is not brought back by being sent again.
    let moved = "UPDATE households SET region_code = '32.73.02.1001', district_code = '32.73.02' WHERE id = (SELECT min(id::text)::uuid FROM households WHERE region_code LIKE '32.73.01.%')";
    diesel::RunQueryDsl::execute(diesel::sql_query(moved), &mut app.sql()).unwrap();
    let there = rows(&app, "SELECT count(*) AS n FROM households WHERE region_code = '32.73.02.1001'");
    apply(&app, &caller, "2026-10", &files);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households WHERE region_code = '32.73.02.1001'"), there);
}

#[test]
fn an_operator_sees_changes_of_his_area_alone() {
    let app = TestApp::start();
    let (coordinator, operator) = (app.as_role("coordinator"), app.as_role("village_operator"));
    let elsewhere = ("3273020101200001", "3273021505800001");
    let (f, m) =
        small(&[(elsewhere.0, "3273021001", "3")], &[(elsewhere.1, elsewhere.0, "ASEP SUNANDAR", "1980-05-15", "1")]);
    apply(&app, &coordinator, "2026-09", &[("families", &f), ("members", &m)]);
    // Twins: the person lives elsewhere in the registry, or nowhere.
    let mut seen = Vec::new();
    for nik in [elsewhere.1, "3273021505800077"] {
        let (f, m) = small(&[(CARD, "3273011001", "3")], &[(nik, CARD, "ASEP SUNANDAR", "1980-05-15", "1")]);
        let import = staged(&app, &operator, "2026-10", &[("families", &f), ("members", &m)]);
        let told: Vec<String> = changes(&operator, &import.id(), "").iter().map(brief).collect();
        seen.push((import["changes"].clone(), told));
        app.as_role("village_operator2").get(&format!("/api/v1/imports/{}/changes", import.id())).expect(404);
    }
    assert_eq!(seen[0], seen[1]);
}
