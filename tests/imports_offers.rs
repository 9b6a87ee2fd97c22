//! Offers of partners: each row becomes a draft of the right partner or waits with its reason, and what was published is
//! left alone.

use serde_json::{Value, json};

use crate::harness::{Answer, Caller, TestApp};
use crate::imports::rows;
use crate::imports_lists::{finish, send, stage};

const OFFERS: &str = include_str!("data/agency/program_lks.csv");
const HEAD: &str = "Nama Lembaga;No Tanda Daftar;Nama Program;Jenis Bantuan;Sasaran (PPKS);Kriteria;Nilai per Penerima (Rp);Kuota;Periode Mulai;Periode Selesai;Wilayah;Kontak";

fn execute(app: &TestApp, sql: &str) {
    use diesel::connection::SimpleConnection as _;
    app.sql().batch_execute(sql).unwrap();
}

/// The foundations of the file, under the registrations it gives.
fn foundations(app: &TestApp) {
    for line in OFFERS.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let code = cells[1].replace('/', "_").to_lowercase();
        execute(
            app,
            &format!(
                "INSERT INTO organizations (id, code, name, kind, status, registration_number)
                 VALUES (gen_random_uuid(), '{code}', '{}', 'foundation', 'verified', '{}')",
                cells[0], cells[1]
            ),
        );
    }
}

fn issues(caller: &Caller, import: &Answer) -> Vec<String> {
    caller
        .all(&format!("/api/v1/imports/{}/issues?limit=200", import.id()))
        .iter()
        .map(|i| format!("{} {} {}", i["row"], i["code"].as_str().unwrap(), i["verdict"].as_str().unwrap()))
        .collect()
}

fn offers(app: &TestApp, caller: &Caller, text: &str) -> Answer {
    stage(app, caller, "programs", "2026-11", &[("list", "program_lks.csv", text.as_bytes())])
}

/// A whole file of these rows.
fn file(lines: &[&str]) -> String {
    [&[HEAD], lines].concat().join("\n")
}

#[test]
fn every_offer_becomes_a_draft_of_the_right_partner_once() {
    let app = TestApp::start();
    foundations(&app);
    let caller = app.as_role("coordinator");
    let import = offers(&app, &caller, OFFERS);
    // What is given as goods does not say which need it answers: the target says what such people usually need.
    let told: Vec<String> = OFFERS
        .lines()
        .zip(1..)
        .filter(|(line, _)| line.contains(";barang;"))
        .map(|(_, row)| format!("{row} need_by_target warn"))
        .collect();
    assert_eq!(issues(&caller, &import), told);
    assert_eq!(import["counts"]["accepted"], 25 - told.len());
    assert_eq!(import["changes"]["new"], json!({"households": 0, "individuals": 0, "programs": 25}));
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM programs"), 0, "nothing is entered before somebody looked");
    let applied = finish(&app, &caller, &import.id());
    assert_eq!(applied["applied"]["programs_created"], 25);
    assert_eq!(applied["can"], json!([]), "a draft is withdrawn by its partner, not by the file");
    for line in OFFERS.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let kind = match cells[3] {
            "asuransi" => "insurance",
            "hunian" => "housing",
            "beasiswa" => "scholarship",
            "modal" => "capital",
            _ => "goods",
        };
        let value: String = cells[6].trim_end_matches(",00").chars().filter(char::is_ascii_digit).collect();
        let area = cells[10].strip_prefix("Kec. ").map_or("'{}'".to_owned(), |name| {
            format!("(SELECT ARRAY[code] FROM regions WHERE in_city AND level = 'kecamatan' AND name = '{name}')")
        });
        let found = rows(
            &app,
            &format!(
                "SELECT count(*) AS n FROM programs g JOIN organizations o ON o.id = g.organization_id JOIN program_cycles c ON c.program_id = g.id
                 WHERE o.registration_number = '{}' AND g.status = 'draft' AND g.name ->> 'id' = '{}' AND g.benefit_kind = '{kind}'
                   AND g.benefit_value_idr = {value} AND c.seats = {} AND g.areas = {area} AND c.starts_on = '2026-11-01' AND c.ends_on = '2027-10-31'",
                cells[1], cells[2], cells[7]
            ),
        );
        assert_eq!(found, 1, "{line}");
    }
    let again = offers(&app, &caller, OFFERS);
    assert_eq!(again["changes"]["new"]["programs"], 0);
    assert_eq!(again["changes"]["changed"]["programs"], 0);
    finish(&app, &caller, &again.id());
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM programs WHERE version = 1"), 25);
}

#[test]
fn a_changed_offer_changes_its_draft_and_never_what_was_published() {
    let app = TestApp::start();
    foundations(&app);
    let (caller, second) = (app.as_role("coordinator"), app.as_role("coordinator2"));
    let first = offers(&app, &caller, OFFERS);
    finish(&app, &caller, &first.id());
    let listed = caller.all("/api/v1/programs?q=LKS_001");
    let path = format!("/api/v1/programs/{}", listed[0]["id"].as_str().unwrap());
    caller.act(&format!("{path}/submit"), caller.get(&path).etag(), &json!({})).expect(200);
    second.act(&format!("{path}/publish"), second.get(&path).etag(), &json!({})).expect(200);
    let draft = caller.all("/api/v1/programs?q=LKS_002")[0].clone();
    let changed = OFFERS
        .replace("belum punya JKN;504000;180;", "belum punya JKN;600000;200;")
        .replace("lantai tanah;Rp 20.000.000,00;183;", "lantai tanah;Rp 25.000.000,00;190;");
    let import = offers(&app, &caller, &changed);
    assert!(issues(&caller, &import).contains(&"2 program_not_draft conflict".to_owned()));
    assert_eq!(import["changes"]["changed"]["programs"], 1);
    finish(&app, &caller, &import.id());
    let published = caller.get(&path).expect(200);
    assert_eq!((&published["status"], &published["benefit"]["value_idr"]), (&json!("published"), &json!(504_000)));
    let after = caller.get(&format!("/api/v1/programs/{}", draft["id"].as_str().unwrap())).expect(200);
    assert_eq!((&after["benefit"]["value_idr"], &after["code"]), (&json!(25_000_000), &draft["code"]));
    let cycles = caller.all(&format!("/api/v1/programs/{}/cycles", after.id()));
    assert_eq!((cycles.len(), &cycles[0]["seats"]), (1, &json!(190)));
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM programs"), 25);
    let rejected = caller.get(&format!("/api/v1/imports/{}/rejected?file=list&format=csv", import.id())).expect(200);
    assert!(rejected.text().contains("LKS/001/2026"), "the row waits, to be sent again");
}

#[test]
fn what_is_not_certain_waits_with_its_reason_and_nothing_is_guessed() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    execute(&app, "UPDATE organizations SET registration_number = 'LKS/900/2026' WHERE code = 'test_foundation'");
    let text = file(&[
        "Yayasan Tak Dikenal;LKS/999/2026;A;barang;Fakir Miskin;;1000;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Lain;LKS/900/2026;B;barang;Fakir Miskin;;1000;5;01/11/2026;31/10/2027;Kota Bandung;",
        "YAYASAN  UJI;;Paket C;bantuan hukum;Fakir Miskin;;1000;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;Paket D;barang;Fakir Miskin;;1,500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;Paket E;barang;Fakir Miskin;;1500;lima;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;Paket F;barang;Fakir Miskin;;1500;5;31/10/2027;01/11/2026;Kota Bandung;",
        "Yayasan Uji;;Paket G;barang;Fakir Miskin;;1500;5;01/11/2026;31/10/2027;Kota Cimahi;",
        "Yayasan Uji;;Paket H;barang;Wong cilik;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;Paket I;asuransi;Wong cilik;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;PAKET i;asuransi;Fakir Miskin;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;=1+1;asuransi;Fakir Miskin;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Dinas Uji;;Paket J;asuransi;Fakir Miskin;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Uji;;Paket K;jasa;ODHA;;1500;;01/11/2026;31/10/2027;Kec. Sukasari, Coblong;081234567890",
    ]);
    let import = offers(&app, &caller, &text);
    assert_eq!(
        issues(&caller, &import),
        [
            "2 organization_unknown reject",
            "2 need_by_target warn",
            "3 organization_differs reject",
            "3 need_by_target warn",
            "4 benefit_unknown reject",
            "5 amount_invalid reject",
            "5 need_by_target warn",
            "6 amount_invalid reject",
            "6 need_by_target warn",
            "7 period_invalid reject",
            "7 need_by_target warn",
            "8 region_unknown reject",
            "8 need_by_target warn",
            "9 need_unknown reject",
            "10 target_unknown warn",
            "11 offer_repeated reject",
            "12 name_missing reject",
            "13 organization_unknown reject",
            "14 need_by_target warn",
        ]
    );
    let unknown = &import["files"][0]["unknown_codes"];
    assert_eq!(
        unknown,
        &json!([{"variable": "benefit", "value": "bantuan hukum", "rows": 1}, {"variable": "target", "value": "Wong cilik", "rows": 2}])
    );
    let import = finish(&app, &caller, &import.id());
    assert_eq!(import["applied"]["programs_created"], 2);
    let made = caller.all("/api/v1/programs?q=Paket K");
    assert_eq!(made[0]["areas"], json!(["32.73.01", "32.73.02"]));
    assert_eq!(made[0]["how_to_apply"], "+6281234567890");
    assert_eq!(
        caller.all(&format!("/api/v1/programs/{}/cycles", made[0]["id"].as_str().unwrap())),
        Vec::<Value>::new()
    );
}

#[test]
fn a_partner_offers_for_himself_alone_and_others_learn_nothing() {
    let app = TestApp::start();
    let (partner, other, coordinator) =
        (app.as_role("partner"), app.as_role("partner_out"), app.as_role("coordinator"));
    let text = file(&[
        "Yayasan Uji;;Paket A;asuransi;Fakir Miskin;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
        "Yayasan Lain;;Paket B;asuransi;Fakir Miskin;;1500;5;01/11/2026;31/10/2027;Kota Bandung;",
    ]);
    let import = offers(&app, &partner, &text);
    assert_eq!(issues(&partner, &import), ["3 organization_not_yours reject"]);
    let path = format!("/api/v1/imports/{}", import.id());
    other.get(&path).expect(404);
    app.as_role("village_operator").get(&path).expect(404);
    partner.act(&format!("{path}/review"), partner.get(&path).etag(), &json!({})).expect(200);
    partner.act(&format!("{path}/apply"), partner.get(&path).etag(), &json!({})).expect(403);
    coordinator.act(&format!("{path}/apply"), coordinator.get(&path).etag(), &json!({})).expect(202);
    app.work();
    assert_eq!(partner.get(&path).expect(200)["status"], "applied");
    assert_eq!(partner.all("/api/v1/programs?q=Paket").len(), 1);
    assert!(other.all("/api/v1/programs?q=Paket").is_empty(), "a draft is its organization's");
    let refused = |who: &Caller, profile: &str| {
        send(who, profile, "2026-11", &[("list", "l.csv", text.as_bytes())]).expect(422).refusals()
    };
    assert_eq!(refused(&app.as_role("village_operator"), "programs"), ["/profile not_allowed"]);
    let head = "NIK;Nama;Tanggal Lahir;Kelurahan;Kecamatan;Jabatan Diminati\n;A;01/01/2000;Isola;Sukasari;Kasir\n";
    let people = send(&partner, "jobseekers", "2026-11", &[("list", "l.csv", head.as_bytes())]);
    assert_eq!(people.expect(422).refusals(), ["/profile not_allowed"]);
}
