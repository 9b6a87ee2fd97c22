//! The P3KE workbook: a source with a key of its own, found in the registry by its people, and believed less.

use std::collections::HashSet;

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::imports::{FAMILIES, MEMBERS, apply, rows};
use crate::imports_lists::{finish, send, stage};

pub const P3KE: &[u8] = include_bytes!("data/agency/p3ke.xlsx");
const TRUTH: &str = include_str!("data/agency/truth.json");

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.sql()).unwrap();
}

fn truth() -> Value {
    serde_json::from_str(TRUTH).unwrap()
}

#[test]
fn the_workbook_comes_in_with_every_family_and_person_once() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let truth = truth();
    let import = stage(&app, &caller, "p3ke", "2023-12", &[("workbook", "p3ke.xlsx", P3KE)]);
    let (families, people) = (&truth["p3ke"]["families"], &truth["p3ke"]["individuals"]);
    assert_eq!((&import["files"][0]["rows"], &import["files"][1]["rows"]), (families, people));
    assert_eq!(import["counts"]["accepted"].as_i64().unwrap(), families.as_i64().unwrap() + people.as_i64().unwrap());
    assert_eq!(import["files"][0]["unknown_codes"], json!([]));
    assert_eq!(import["files"][1]["unknown_codes"], json!([]));
    let import = finish(&app, &caller, &import.id());
    assert_eq!(
        (&import["applied"]["households_created"], &import["applied"]["individuals_created"]),
        (families, people)
    );
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM identifiers WHERE kind = 'p3ke' AND value LIKE 'P3KE%'"), 1429);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households WHERE family_card_number IS NOT NULL"), 0);
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM household_details WHERE housing ->> 'sewage' = 'septic_tank'"),
        820
    );
    // Again: no change.
    let again = stage(&app, &caller, "p3ke", "2023-12", &[("workbook", "p3ke.xlsx", P3KE)]);
    let none = json!({"households": 0, "individuals": 0, "programs": 0});
    for kind in ["new", "changed", "moved", "missing"] {
        assert_eq!(again["changes"][kind], none, "{kind}");
    }
}

/// A person is one record in both files: by NIK where the other row kept it, else by name and birth date.
#[test]
fn people_of_both_sources_are_one_record_and_the_older_source_overwrites_nothing() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    apply(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    run(
        &app,
        "CREATE TABLE before AS
         SELECT h.id, 'home' AS kind, jsonb_strip_nulls(jsonb_build_object('region', region_code, 'decile', decile, 'members', declared_members) || d.housing) AS said
         FROM households h JOIN household_details d ON d.household_id = h.id
         UNION ALL
         SELECT id, 'person', jsonb_strip_nulls(jsonb_build_object('name', name, 'born', birth_date, 'sex', sex, 'relation', relation,
             'marital', marital_status, 'home', household_id, 'nik', nik) || facts) FROM individuals",
    );
    let import = stage(&app, &caller, "p3ke", "2023-12", &[("workbook", "p3ke.xlsx", P3KE)]);
    // Whom the first file could not bring in is new; the rows of the truth say who that is.
    let truth = truth();
    let lost: HashSet<u64> = truth["rows"]["dtsen_anggota.csv"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| ["reject", "conflict"].contains(&r["verdict"].as_str().unwrap()))
        .map(|r| r["row"].as_u64().unwrap())
        .collect();
    let import = finish(&app, &caller, &import.id());
    let created = import["applied"]["individuals_created"].as_u64().unwrap();
    assert!(created > 0 && created <= lost.len() as u64, "{created} of at most {}", lost.len());
    assert_eq!(
        rows(
            &app,
            "SELECT count(*) AS n FROM individuals p JOIN individuals q ON q.name_key = p.name_key AND q.birth_date = p.birth_date
               AND q.id <> p.id AND q.household_id = p.household_id WHERE p.source = 'p3ke' AND q.source = 'dtsen'"
        ),
        0,
        "nobody is made beside himself"
    );
    let lost = "SELECT count(*) AS n FROM before b JOIN (
        SELECT h.id, 'home' AS kind, jsonb_build_object('region', region_code, 'decile', decile, 'members', declared_members) || d.housing AS says
        FROM households h JOIN household_details d ON d.household_id = h.id
        UNION ALL
        SELECT id, 'person', jsonb_build_object('name', name, 'born', birth_date, 'sex', sex, 'relation', relation,
            'marital', marital_status, 'home', household_id, 'nik', nik) || facts FROM individuals) a USING (id, kind)
        WHERE NOT a.says @> b.said";
    assert_eq!(rows(&app, lost), 0, "what the newer source said stays");
    assert!(
        rows(&app, "SELECT count(*) AS n FROM welfare_snapshots WHERE source = 'p3ke' AND period = '2023-12'") == 1429
    );
    // What the other file lost, this one brings: NIKs that a spreadsheet had damaged.
    assert!(
        rows(
            &app,
            "SELECT count(*) AS n FROM identifiers i JOIN individuals p ON p.id = i.subject_id WHERE i.source = 'p3ke' AND p.source = 'dtsen' AND i.kind = 'nik'"
        ) > 10
    );
}

#[test]
fn a_workbook_of_something_else_is_refused_with_its_reason() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let refused = |profile: &str, part: &'static str, bytes: &[u8]| {
        send(&caller, profile, "2026-10", &[(part, "x.xlsx", bytes)]).expect(422).refusals()
    };
    assert_eq!(refused("p3ke", "workbook", crate::imports_lists::PPKS), ["/workbook header_not_recognised"]);
    assert_eq!(refused("ppks", "list", P3KE), ["/list header_not_recognised"]);
    assert_eq!(refused("ppks", "workbook", crate::imports_lists::PPKS), ["/workbook unknown_member"]);
    assert_eq!(refused("ppks", "families", FAMILIES), ["/families unknown_member"]);
    assert_eq!(refused("dtsen", "workbook", P3KE), ["/workbook header_not_recognised"]);
}
