//! Finding households and people: slips, numbers, addresses, scope, freshness, and the same answers without memory.

use serde_json::{Value, json};

use crate::harness::{Caller, OTHER_VILLAGE as OUTSIDE, TestApp, VILLAGE as INSIDE};

fn household(who: &Caller, region: &str, street: &str, members: &[(&str, Option<&str>)]) -> String {
    let members: Vec<Value> = members
        .iter()
        .enumerate()
        .map(|(at, (name, nik))| {
            let mut member = json!({"name": name, "relation": if at == 0 { "head" } else { "child" }});
            if let Some(nik) = nik {
                member["nik"] = json!(nik);
            }
            member
        })
        .collect();
    let body = json!({
        "region_code": region, "members": members,
        "addresses": {"street": street, "rt": "003", "rw": "004"},
    });
    crate::entry::insist(who, &body).id()
}

fn found(who: &Caller, kind: &str, body: &Value) -> Vec<Value> {
    let page = who.post(&format!("/api/v1/{kind}/search"), body).expect(200).json();
    page["data"].as_array().unwrap().clone()
}

fn first(who: &Caller, q: &str) -> String {
    let rows = found(who, "households", &json!({ "q": q }));
    rows.first().map(|row| row["id"].as_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn slips_numbers_and_addresses_find_the_household_at_once() {
    for memory in ["on", "off"] {
        let app = TestApp::build().config(move |config| config.search_memory = memory.into()).start();
        let who = app.as_role("coordinator");
        let a = household(
            &who,
            INSIDE,
            "Jl. Kupu-kupu No. 77",
            &[("Drs. H. Zaenal Mutaqin", Some("3273161203700001")), ("Fitri Nurhayati", None)],
        );
        let b = household(&who, OUTSIDE, "Gg. Mukalmi II/2", &[("Moch. Rizki Abdurrahman", Some("3273011203800002"))]);
        for (q, id) in [
            ("jaenal mutakin", &a),
            ("mutaqin zaenal", &a),
            ("pitri nurhayti", &a),
            ("muhammad riski abdul rohman", &b),
            ("3273161203700001", &a),
            ("3273161203700010", &a),
            ("327316120370001", &a),
            ("jalan kupu kupu 77 rt 3 rw 4", &a),
            ("gang mukalmi ii 2", &b),
        ] {
            assert_eq!(&first(&who, q), id, "{q}, memory {memory}");
        }
        let people = found(&who, "individuals", &json!({"q": "fitri nur hayati"}));
        assert_eq!(people.len(), 1, "{people:?}");
        assert_eq!(people[0]["name"], "Fitri Nurhayati");
        assert_eq!(people[0]["household_id"], a.as_str());
        let people = found(&who, "individuals", &json!({"q": "Jl. Kupu-kupu 77"}));
        assert_eq!(people.len(), 2);
        assert_eq!(found(&who, "households", &json!({"q": "zzzzqqqq"})), Vec::<Value>::new());
        assert_eq!(
            found(&who, "households", &json!({"q": "zaenal mutaqin", "filter": {"region": "32.73.02"}})).len(),
            0
        );
        assert_eq!(found(&who, "households", &json!({"q": "zaenal mutaqin", "filter": {"region": INSIDE}})).len(), 1);
    }
}

#[test]
fn what_lies_outside_ones_area_changes_no_answer() {
    let app = TestApp::start();
    let all = app.as_role("coordinator");
    let own = app.as_role("village_operator");
    household(&all, INSIDE, "Jl. Melati No. 1", &[("Siti Aminah", Some("3273164107800001"))]);
    household(&all, INSIDE, "Jl. Melati No. 12", &[("Siti Amalia", None)]);
    let queries = ["siti amina", "siti", "3273164107800001", "3273164107800002", "jl melati 1", "amalya"];
    let ask = |who: &Caller| -> Vec<String> {
        let kinds = ["households", "individuals"];
        let asked = queries.iter().flat_map(|q| kinds.iter().map(move |kind| (kind, q)));
        asked
            .map(|(kind, q)| {
                who.post(&format!("/api/v1/{kind}/search"), &json!({"q": q, "limit": 2})).expect(200).text()
            })
            .collect()
    };
    let before = ask(&own);
    assert!(before[0].contains("Siti Aminah") && before[1].contains("Siti Aminah"));
    for n in 0..12 {
        let nik = format!("32730141078{n:02}003");
        household(
            &all,
            OUTSIDE,
            "Jl. Melati No. 1",
            &[("Siti Aminah", Some(&nik)), ("Siti Amina", None), ("Amalya", None)],
        );
    }
    assert_eq!(ask(&own), before);
    assert!(found(&all, "households", &json!({"q": "siti aminah"})).len() >= 13);
    for role in ["auditor", "citizen", "admin"] {
        app.as_role(role).post("/api/v1/households/search", &json!({"q": "siti"})).expect(403);
    }
}

#[test]
fn pages_join_without_a_gap_and_a_cursor_fits_its_question_only() {
    let app = TestApp::start();
    let who = app.as_role("coordinator");
    for n in 0..9 {
        let name = ["Asep Hidayat", "Asep Hidayah", "Asep Nurhidayat"][n % 3];
        household(&who, [INSIDE, OUTSIDE][n % 2], "Jl. Mawar", &[(name, None), ("Asep Hidayat", None)]);
    }
    for kind in ["households", "individuals"] {
        let path = format!("/api/v1/{kind}/search");
        let whole = found(&who, kind, &json!({"q": "asep hidayat", "limit": 200}));
        assert_eq!(whole.len(), if kind == "households" { 9 } else { 18 });
        let (mut rows, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut body = json!({"q": "asep hidayat", "limit": 2});
            if cursor.is_string() {
                body["cursor"] = cursor.clone();
            }
            let page = who.post(&path, &body).expect(200).json();
            rows.extend(page["data"].as_array().unwrap().clone());
            cursor = page["page"]["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
            let body = json!({"q": "asep hidayah", "limit": 2, "cursor": cursor});
            who.post(&path, &body).expect(422).problem("invalid_cursor");
        }
        assert_eq!(rows, whole);
    }
}

#[test]
fn a_change_on_one_instance_is_found_on_another() {
    let app = TestApp::start();
    let who = app.as_role("coordinator");
    let id = household(&who, INSIDE, "Jl. Mawar", &[("Karmila Sugandi", None)]);
    assert_eq!(first(&who, "karmila sugandi"), id);
    // As another instance would: the rows and the feed, without this one's knowledge.
    let mut conn = app.sql();
    let key = satupintu::kernel::names::match_key("Wulan Purnamasari");
    for sql in [
        format!("UPDATE individuals SET name = 'Wulan Purnamasari', name_key = '{key}' WHERE household_id = '{id}'"),
        format!("INSERT INTO name_keys (name_key) VALUES ('{key}')"),
        format!("INSERT INTO registry_changes (kind, subject_id) VALUES ('household', '{id}')"),
    ] {
        diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut conn).unwrap();
    }
    assert_eq!(first(&who, "wulan purnama sari"), id);
    assert_eq!(first(&who, "karmila sugandi"), "");
    diesel::RunQueryDsl::execute(diesel::sql_query("INSERT INTO registry_changes (kind) VALUES ('bulk')"), &mut conn)
        .unwrap();
    assert_eq!(first(&who, "wulan purnamasari"), id);
}
