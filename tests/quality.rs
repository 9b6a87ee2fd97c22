//! How good the registry is: counted against the rows themselves, and looked up down to them.

use serde_json::{Value, json};

use crate::harness::{Caller, DISTRICT, OTHER_VILLAGE, TestApp, VILLAGE};
use crate::imports::{FAMILIES, MEMBERS, apply, rows};
use crate::imports_lists::{finish, stage};
use crate::imports_p3ke::P3KE;

fn counts(caller: &Caller, query: &str) -> Vec<Value> {
    caller.all(&format!("/api/v1/quality?limit=50{query}"))
}

fn of<'a>(counts: &'a [Value], key: &str) -> &'a Value {
    counts.iter().find(|c| c["key"] == key).unwrap_or_else(|| panic!("no {key} in {counts:?}"))
}

/// Looks after the chores until every kecamatan was counted: one turn is short, whatever the city's size.
fn counted(app: &TestApp) {
    let left = "SELECT count(*) AS n FROM regions d WHERE d.in_city AND d.level = 'kecamatan' AND NOT EXISTS (
        SELECT FROM quality_runs q WHERE q.district_code = d.code)";
    while {
        app.look_after();
        rows(app, left) > 0
    } {}
}

#[test]
fn the_counts_are_those_of_the_rows() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    apply(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    let import = stage(&app, &caller, "p3ke", "2023-12", &[("workbook", "p3ke.xlsx", P3KE)]);
    finish(&app, &caller, &import.id());
    assert_eq!(counts(&caller, ""), Vec::<Value>::new(), "not counted yet");
    counted(&app);
    let fields = counts(&caller, "");
    let n = |sql: &str| rows(&app, &format!("SELECT count(*) AS n FROM {sql}"));
    let nik = of(&fields, "nik");
    assert_eq!((nik["records"].as_i64(), nik["subject_kind"].as_str()), (Some(n("individuals")), Some("individual")));
    assert_eq!(nik["filled"].as_i64(), Some(n("individuals WHERE nik IS NOT NULL")));
    assert_eq!(of(&fields, "floor")["filled"].as_i64(), Some(n("household_details WHERE housing ? 'floor'")));
    let disagree = n(
        "households h WHERE (SELECT count(DISTINCT decile_national) FROM welfare_snapshots w WHERE w.household_id = h.id) > 1",
    );
    assert!(disagree > 0);
    assert_eq!(of(&fields, "decile")["conflicts"].as_i64(), Some(disagree));
    let sources = counts(&caller, "&by=source&field=decile");
    assert_eq!(of(&sources, "p3ke")["stale"], of(&sources, "p3ke")["records"], "2023 is long ago");
    assert_eq!(of(&sources, "dtsen")["stale"], 0);
    let by_region = counts(&caller, "&by=region&field=decile");
    assert_eq!(by_region.iter().map(|c| c["records"].as_i64().unwrap()).sum::<i64>(), n("households"));
    // Down to the rows.
    let records = format!("/api/v1/quality/records?field=decile&finding=conflict&region={DISTRICT}");
    let found = caller.all(&records);
    let district = counts(&caller, "&by=district&field=decile");
    assert_eq!(found.len() as i64, of(&district, DISTRICT)["conflicts"].as_i64().unwrap());
    let said = found[0]["said"].as_array().unwrap();
    assert_eq!(said.len(), 2);
    assert_ne!(said[0]["value"], said[1]["value"]);
    let missing = caller.all(&format!("/api/v1/quality/records?field=nik&finding=missing&region={VILLAGE}&limit=3"));
    assert_eq!(
        missing.len() as i64,
        n(&format!(
            "individuals i JOIN households h ON h.id = i.household_id WHERE h.region_code = '{VILLAGE}' AND i.nik IS NULL"
        ))
    );
}

#[test]
fn everybody_counts_his_area_alone() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    apply(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    counted(&app);
    let operator = app.as_role("village_operator");
    let own = counts(&operator, "&by=region");
    assert_eq!(own.iter().map(|c| c["key"].clone()).collect::<Vec<_>>(), [json!(VILLAGE)]);
    let elsewhere = format!("/api/v1/quality/records?field=street&finding=missing&region={OTHER_VILLAGE}");
    assert_eq!(operator.all(&elsewhere).len(), 0);
    app.as_role("auditor").get("/api/v1/quality").expect(200);
    app.as_role("auditor").get(&elsewhere).expect(403);
    caller.get("/api/v1/quality/records?field=street&finding=missing&region=32.73").expect(400);
    caller.get("/api/v1/quality/records?field=illness&finding=missing&region=32.73.01").expect(400);
    caller.get("/api/v1/quality?by=person").expect(400);
}
