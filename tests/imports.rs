//! Imports from outside: files in, verdicts out, the registry changed once or not at all.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use diesel::prelude::*;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, TestApp, count};

pub const FAMILIES: &[u8] = include_bytes!("data/agency/dtsen_keluarga.csv");
pub const MEMBERS: &[u8] = include_bytes!("data/agency/dtsen_anggota.csv");
const TRUTH: &str = include_str!("data/agency/truth.json");

fn form(profile: &str, period: &str, files: &[(&str, &[u8])]) -> Form {
    let mut form = Form::new().text("profile", profile.to_owned()).text("period", period.to_owned());
    for (part, bytes) in files {
        form = form.part((*part).to_owned(), Part::bytes(bytes.to_vec()).file_name(format!("{part}.csv")));
    }
    form
}

pub fn upload(caller: &Caller, period: &str, files: &[(&str, &[u8])]) -> Answer {
    caller.request("POST", "/api/v1/imports").multipart(form("dtsen", period, files)).send()
}

fn both(families: &[u8], members: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    vec![("families", families.to_vec()), ("members", members.to_vec())]
}

/// Uploads and stages; the import as it stands then.
pub fn staged(app: &TestApp, caller: &Caller, period: &str, files: &[(&str, &[u8])]) -> Answer {
    let sent = upload(caller, period, files).expect(202);
    app.work();
    caller.get(&format!("/api/v1/imports/{}", sent.id())).expect(200)
}

pub fn act(app: &TestApp, caller: &Caller, id: &str, verb: &str) -> Answer {
    let etag = caller.get(&format!("/api/v1/imports/{id}")).expect(200).etag().to_owned();
    let answer = caller.request("POST", &format!("/api/v1/imports/{id}/{verb}")).header("if-match", &etag).send();
    if answer.status == 202 {
        app.work();
    }
    answer
}

/// The whole way into the registry.
pub fn apply(app: &TestApp, caller: &Caller, period: &str, files: &[(&str, &[u8])]) -> Value {
    let import = staged(app, caller, period, files);
    assert_eq!(import["status"], "validated", "{}", import.text());
    act(app, caller, &import.id(), "review").expect(200);
    act(app, caller, &import.id(), "apply").expect(202);
    let import = caller.get(&format!("/api/v1/imports/{}", import.id())).expect(200).json();
    assert_eq!(import["status"], "applied", "{import}");
    import
}

/// Everything that an import writes, as one number: equal before and after means nothing changed.
pub fn registry(app: &TestApp) -> i64 {
    count(
        &mut app.sql(),
        "SELECT hashtextextended(string_agg(t, '|' ORDER BY t), 0) AS n FROM (
            SELECT to_jsonb(h)::text AS t FROM households h UNION ALL SELECT to_jsonb(d)::text FROM household_details d
            UNION ALL SELECT to_jsonb(p)::text FROM individuals p UNION ALL SELECT to_jsonb(i)::text FROM identifiers i
            UNION ALL SELECT (to_jsonb(w) - 'import_id' - 'received_at')::text FROM welfare_snapshots w
            UNION ALL SELECT to_jsonb(f)::text FROM restricted_facts f UNION ALL SELECT to_jsonb(n)::text FROM name_keys n) r",
    )
}

pub fn rows(app: &TestApp, sql: &str) -> i64 {
    count(&mut app.sql(), sql)
}

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.sql()).unwrap();
}

/// Issues of the truth, as `file row code verdict`.
fn truth() -> Vec<String> {
    let truth: Value = serde_json::from_str(TRUTH).unwrap();
    let mut out = Vec::new();
    for (file, part) in [("dtsen_keluarga.csv", "families"), ("dtsen_anggota.csv", "members")] {
        for row in truth["rows"][file].as_array().unwrap().iter().filter(|r| r["verdict"] != "accept") {
            out.push(format!(
                "{part} {} {} {}",
                row["row"],
                row["reason"].as_str().unwrap(),
                row["verdict"].as_str().unwrap()
            ));
        }
    }
    out.sort();
    out
}

fn issues(caller: &Caller, id: &str) -> Vec<String> {
    let text = |i: &Value, key: &str| i[key].as_str().unwrap().to_owned();
    let mut out: Vec<String> = caller
        .all(&format!("/api/v1/imports/{id}/issues?limit=200"))
        .iter()
        .map(|i| format!("{} {} {} {}", text(i, "file"), i["row"], text(i, "code"), text(i, "verdict")))
        .collect();
    out.sort();
    out
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.trim_start_matches('\u{feff}').lines().map(|l| l.split('|').map(str::to_owned).collect()).collect()
}

fn write(table: &[Vec<String>], delimiter: &str, line_end: &str) -> Vec<u8> {
    table.iter().map(|row| row.join(delimiter) + line_end).collect::<String>().into_bytes()
}

/// A small file of families and one of members, in the agency's layout.
pub fn small(families: &[(&str, &str, &str)], members: &[(&str, &str, &str, &str, &str)]) -> (Vec<u8>, Vec<u8>) {
    let mut f = String::from(
        "no_kk;kode_kelurahan;desil_nasional;nama_kepala_keluarga;jml_anggota_keluarga;jenis_lantai_terluas\n",
    );
    for (card, region, decile) in families {
        f.push_str(&format!("{card};{region};{decile};KEPALA {card};2;8\n"));
    }
    let mut m = String::from("nik;no_kk;nama;tanggal_lahir;jenis_kelamin;status_hubungan_keluarga;penyakit_kronis\n");
    for (nik, card, name, born, illness) in members {
        m.push_str(&format!("{nik};{card};{name};{born};1;1;{illness}\n"));
    }
    (f.into_bytes(), m.into_bytes())
}

pub const CARD: &str = "3273010101200001";
pub const NIK: &str = "3273011505800001";

#[test]
fn the_sample_files_get_the_right_answer_and_reach_the_registry_once() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let sent = upload(&caller, "2026-10", &[("members", MEMBERS), ("families", FAMILIES)]).expect(202);
    assert_eq!(sent["status"], "uploaded");
    assert!(sent.header("location").unwrap().ends_with(sent["operation_id"].as_str().unwrap()));
    app.work();
    assert_eq!(app.finished(&caller, sent.header("location").unwrap())["state"], "succeeded");
    let path = format!("/api/v1/imports/{}", sent.id());
    let import = caller.get(&path).expect(200);
    assert_eq!(import["status"], "validated");
    assert_eq!(import["can"], json!(["review", "cancel"]));
    let counts = json!({"rows": 9030, "accepted": 8660, "repaired": 110, "warned": 187, "dropped": 67, "conflicts": 26, "rejected": 90});
    assert_eq!(import["counts"], counts);
    assert_eq!(issues(&caller, &import.id()), truth());
    let only = caller.all(&format!("{path}/issues?file=members&code=nik_length&verdict=drop"));
    assert_eq!(only.len(), 20);
    assert!(only.iter().all(|i| i["value_masked"].as_str().unwrap().ends_with("**") && i["message"]["id"].is_string()));
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households"), 0, "nothing before somebody applies it");

    act(&app, &caller, &import.id(), "apply").expect(409).problem("wrong_state");
    caller.post_empty(&format!("{path}/review")).expect(428);
    caller.act(&format!("{path}/review"), "\"1.00000000\"", &json!({})).expect(412);
    act(&app, &caller, &import.id(), "review").expect(200);
    act(&app, &caller, &import.id(), "apply").expect(202);
    let import = caller.get(&path).expect(200);
    assert_eq!(import["status"], "applied");
    assert_eq!(
        import["applied"],
        json!({"households_created": 1982, "households_updated": 0, "individuals_created": 6932, "individuals_updated": 0, "programs_created": 0, "programs_updated": 0})
    );
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households WHERE head_name IS NOT NULL"), 1982);
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM restricted_facts WHERE variable = 'illness' AND code = 'hiv'"),
        16
    );
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals WHERE facts::text LIKE '%hiv%'"), 0);
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM welfare_snapshots WHERE source = 'dtsen' AND period = '2026-10'"),
        1982
    );
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM pg_class WHERE relname LIKE 'import_members_%'"),
        0,
        "staging is gone"
    );

    let before = registry(&app);
    let again = apply(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    assert_eq!(
        again["applied"],
        json!({"households_created": 0, "households_updated": 0, "individuals_created": 0, "individuals_updated": 0, "programs_created": 0, "programs_updated": 0})
    );
    assert_eq!(again["counts"], counts);
    assert_eq!(registry(&app), before, "applying twice changes nothing");
}

#[test]
fn another_layout_gets_the_same_answer() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let (mut families, mut members) = (table(FAMILIES), table(MEMBERS));
    for table in [&mut families, &mut members] {
        for row in table.iter_mut() {
            row.reverse();
        }
    }
    for heading in families[0].iter_mut().chain(members[0].iter_mut()) {
        let renamed = match heading.as_str() {
            "nomor_kartu_keluarga" => "No KK",
            "nomor_induk_kependudukan" => "NIK",
            "kode_kelurahan_desa" => "Kode Kemdagri",
            "status_hubungan_keluarga" => "id_hub_kepala_keluarga",
            "jenis_lantai_terluas" => "id_lantai_terluas",
            other => other,
        };
        *heading = renamed.to_owned();
    }
    // One letter outside ASCII makes it a file of code page 1252.
    let mut members = write(&members, ";", "\r\n");
    let at = members.windows(5).position(|w| w == b"INTAN").unwrap();
    members[at + 3] = 0xc1;
    let import =
        staged(&app, &caller, "2026-10", &[("families", &write(&families, ";", "\r\n")), ("members", &members)]);
    assert_eq!(import["files"][1]["encoding"], "cp1252");
    assert_eq!(import["files"][1]["separator"], ";");
    assert_eq!(issues(&caller, &import.id()), truth());
    act(&app, &caller, &import.id(), "cancel").expect(200);
}

#[test]
fn rows_to_correct_come_back_ready_to_be_sent_again() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let import = staged(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    let path = format!("/api/v1/imports/{}/rejected", import.id());
    let csv = caller.get(&format!("{path}?file=families&format=csv")).expect(200);
    assert!(csv.header("content-type").unwrap().starts_with("text/csv"));
    assert!(csv.text().starts_with("\u{feff}kode_kelurahan_desa;"));
    assert_eq!(csv.text().lines().count(), 1 + 18, "the rejected families");
    let families = caller.get(&format!("{path}?file=families")).expect(200);
    let members = caller.get(&format!("{path}?file=members&format=xlsx")).expect(200);
    assert!(members.header("content-disposition").unwrap().contains("perbaikan_members_2026-10.xlsx"));
    caller.get(&format!("{path}?file=members&format=pdf")).expect(400);
    caller.get(&format!("{path}?file=other")).expect(400);
    assert!(
        rows(&app, "SELECT count(*) AS n FROM access_log WHERE action = 'export' AND subject_kind = 'import'") >= 3
    );
    // 59 + 13 rejected, 26 in conflict, 67 without a value.
    let again = staged(&app, &caller, "2026-10", &[("families", &families.body), ("members", &members.body)]);
    assert_eq!(again["status"], "validated", "{}", again.text());
    assert_eq!(again["counts"]["rows"], 18 + 59 + 13 + 26 + 67);
    assert_eq!(again["files"][1]["encoding"], "xlsx");
    app.as_role("social_worker").get(&format!("{path}?file=members")).expect(403);
}

#[test]
fn next_month_touches_only_what_changed() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let (card2, nik2) = ("3273010101200002", "3273011505810002");
    let (f, m) = small(
        &[(CARD, "3273011001", "3"), (card2, "3273011002", "4")],
        &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "1"), (nik2, card2, "DEDI KUSNADI", "1981-05-15", "1")],
    );
    apply(&app, &caller, "2026-09", &[("families", &f), ("members", &m)]);
    // Somebody corrects the floor here; the source goes on saying what it said.
    run(&app, "UPDATE household_details SET housing = housing || '{\"floor\": \"ceramic\"}'");
    let (f, m) = small(
        &[(CARD, "3273011001", "2"), (card2, "3273011002", "4"), ("3273010101200003", "3273011001", "")],
        &[
            (NIK, CARD, "SUNANDAR, H. ASEP", "15/05/1980", "1"),
            (nik2, card2, "DEDI KUSNADI", "1981-05-15", "6"),
            ("", "3273010101200003", "RINA", "1990-01-02", "1"),
        ],
    );
    let import = apply(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    assert_eq!(
        import["applied"],
        json!({"households_created": 1, "households_updated": 1, "individuals_created": 1, "individuals_updated": 1, "programs_created": 0, "programs_updated": 0})
    );
    assert_eq!(rows(&app, "SELECT decile::int8 AS n FROM households WHERE family_card_number = '3273010101200001'"), 2);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM welfare_snapshots"), 5, "each month beside the other");
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM household_details WHERE housing ->> 'floor' = 'ceramic'"),
        2,
        "the correction stays"
    );
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM individuals"),
        3,
        "known by NIK, name and date however they are written"
    );
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals WHERE name = 'ASEP SUNANDAR'"), 1);
    // A late file of an earlier month does not set the clock back.
    let (f, _) = small(&[(CARD, "3273011001", "9")], &[]);
    apply(&app, &caller, "2026-08", &[("families", &f)]);
    assert_eq!(rows(&app, "SELECT decile::int8 AS n FROM households WHERE family_card_number = '3273010101200001'"), 2);
}

#[test]
fn people_of_the_registry_are_not_touched_by_strangers_with_their_number() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let (f, m) = small(&[(CARD, "3273011001", "3")], &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "1")]);
    apply(&app, &caller, "2026-09", &[("families", &f), ("members", &m)]);
    let before = registry(&app);
    let (_, m) = small(
        &[],
        &[
            (NIK, CARD, "BUDI RAHARJA", "1999-01-01", "1"),
            ("3273011505810009", "3273999999999999", "ELIS", "1981-05-15", "1"),
        ],
    );
    let import = staged(&app, &caller, "2026-10", &[("members", &m)]);
    assert_eq!(
        issues(&caller, &import.id()),
        [
            "members 2 nik_shared conflict",
            "members 3 family_not_found reject",
            "members 3 nik_birth_date_mismatch warn"
        ][..2]
            .iter()
            .map(|s| (*s).to_owned())
            .collect::<Vec<_>>()
    );
    act(&app, &caller, &import.id(), "review").expect(200);
    act(&app, &caller, &import.id(), "apply").expect(202);
    assert_eq!(registry(&app), before);
}

#[test]
fn a_village_operator_sends_his_kelurahan_and_learns_nothing_of_others() {
    let app = TestApp::start();
    let (coordinator, operator) = (app.as_role("coordinator"), app.as_role("village_operator"));
    let elsewhere = ("3273020101200001", "3273021505800001");
    let (f, m) =
        small(&[(elsewhere.0, "3273021001", "3")], &[(elsewhere.1, elsewhere.0, "ASEP SUNANDAR", "1980-05-15", "1")]);
    apply(&app, &coordinator, "2026-09", &[("families", &f), ("members", &m)]);
    let before = registry(&app);
    // Twins: one uses the NIK of somebody elsewhere, the other one that nobody has.
    let mut seen = Vec::new();
    for nik in [elsewhere.1, "3273021505800077"] {
        let (f, m) = small(
            &[(CARD, "3273011001", "3"), ("3273010101200009", "3273011002", "3")],
            &[
                (nik, CARD, "BUDI RAHARJA", "1980-05-15", "1"),
                ("3273011505810003", "3273010101200009", "ELIS", "1981-05-15", "1"),
                ("3273011505820004", elsewhere.0, "IIS", "1982-05-15", "1"),
            ],
        );
        let import = staged(&app, &operator, "2026-10", &[("families", &f), ("members", &m)]);
        assert_eq!(import["status"], "validated", "{}", import.text());
        assert_eq!(import["scope_regions"], json!(["32.73.01.1001"]));
        seen.push((issues(&operator, &import.id()), import["counts"].clone(), import.id()));
    }
    assert_eq!((&seen[0].0, &seen[0].1), (&seen[1].0, &seen[1].1));
    assert_eq!(
        seen[0].0,
        [
            "families 3 region_out_of_scope reject",
            "members 3 family_not_found reject",
            "members 4 family_not_found reject"
        ]
    );
    let id = &seen[0].2;
    app.as_role("village_operator_out").get(&format!("/api/v1/imports/{id}")).expect(404);
    app.as_role("village_operator2").get(&format!("/api/v1/imports/{id}/issues")).expect(404);
    act(&app, &operator, id, "review").expect(200);
    act(&app, &operator, id, "apply").expect(403);
    run(&app, "UPDATE individuals SET birth_date = '1970-01-01'");
    act(&app, &coordinator, id, "apply").expect(202);
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM individuals WHERE name = 'BUDI RAHARJA'"),
        0,
        "the newcomer waits"
    );
    let all = issues(&coordinator, id);
    assert!(all.contains(&"members 2 nik_shared conflict".to_owned()), "{all:?}");
    assert_eq!(issues(&operator, id), seen[1].0, "and the operator's list is as before");
    assert_ne!(registry(&app), before, "his own family has come in");
}

#[test]
fn unusable_files_are_refused_with_their_reason() {
    let app = TestApp::build().config(|c| c.import_max_mb = 2).start();
    let caller = app.as_role("coordinator");
    let send = |profile: &str, period: &str, files: &[(&str, &[u8])]| {
        caller.request("POST", "/api/v1/imports").multipart(form(profile, period, files)).send()
    };
    let good = [("families", FAMILIES), ("members", MEMBERS)];
    assert_eq!(send("p4ke", "2026-10", &good).expect(422).refusals(), ["/profile not_allowed"]);
    for period in ["2026-13", "oktober", "2026-1", "2099-01"] {
        assert!(send("dtsen", period, &good).expect(422).refusals()[0].starts_with("/period "), "{period}");
    }
    assert_eq!(send("dtsen", "2026-10", &[]).expect(422).refusals(), ["/families required"]);
    assert_eq!(send("dtsen", "2026-10", &[("extra", FAMILIES)]).expect(422).refusals(), ["/extra unknown_member"]);
    let wide: Vec<u8> = String::from_utf8_lossy(MEMBERS).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for name in ["xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        bomb.start_file(name, packed).unwrap();
        let zeros = vec![b' '; 1 << 20];
        (0..110).for_each(|_| bomb.write_all(&zeros).unwrap());
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 2 << 20);
    let rubbish: Vec<u8> = (0..1_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    for (bytes, code) in [
        (&b""[..], "file_empty"),
        (b"\n\n", "file_empty"),
        (FAMILIES, "file_of_other_part"),
        (b"Laporan bulanan\nBandung, Oktober\n", "header_not_recognised"),
        (b"nik:no_kk:nama\n1:2:3\n", "header_not_recognised"),
        (b"\xd0\xcf\x11\xe0 old", "file_old_workbook"),
        (b"PK\x03\x04 no workbook", "file_archive"),
        (&bomb, "workbook_too_large"),
        (&wide, "file_encoding"),
        (&rubbish, "file_binary"),
    ] {
        let answer = send("dtsen", "2026-10", &[("families", FAMILIES), ("members", bytes)])
            .expect(422)
            .problem("unusable_file");
        assert_eq!(answer.refusals(), [format!("/members {code}")]);
    }
    send("dtsen", "2026-10", &[("members", &vec![b'a'; 3 << 20])]).expect(413);
    // What only shows while reading rejects the import itself.
    let cut = &MEMBERS[..MEMBERS.len() / 2];
    let quoted = [b"nik;no_kk;nama\n".as_slice(), &b"1;2;x\n".repeat(40), &vec![b'x'; 1_200_000]].concat();
    for (bytes, code) in
        [(cut, "file_truncated"), (&quoted, "row_too_long"), (b"nik;no_kk;nama\n", "file_without_rows")]
    {
        let import = staged(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", bytes)]);
        assert_eq!(import["status"], "rejected");
        assert_eq!(import["error"]["code"], code);
        assert_eq!(import["error"]["file"], "members");
        let operation =
            app.finished(&caller, &format!("/api/v1/operations/{}", import["operation_id"].as_str().unwrap()));
        assert_eq!(
            (operation["state"].as_str(), operation["error"]["code"].as_str()),
            (Some("failed"), Some("unusable_file"))
        );
        act(&app, &caller, &import.id(), "review").expect(409);
    }
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households"), 0);
    let left = std::fs::read_dir(app.config.data_dir.join("imports")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing of a refused upload stays on disk");
}

#[test]
fn formulas_are_text_and_never_run() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let (f, m) = small(
        &[(CARD, "3273011001", "3")],
        &[
            ("=\"3273011505800001\"", CARD, "ASEP SUNANDAR", "1980-05-15", "1"),
            ("3273011505810002", CARD, "=HYPERLINK(\"x\")", "1981-05-15", "1"),
        ],
    );
    let import = staged(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    assert_eq!(issues(&caller, &import.id()), ["members 3 name_formula reject"]);
    let csv =
        caller.get(&format!("/api/v1/imports/{}/rejected?file=members&format=csv", import.id())).expect(200).text();
    assert!(csv.contains("'=HYPERLINK") && csv.contains("'3273011505810002"), "{csv}");
}

#[test]
fn an_upload_cut_off_half_way_leaves_nothing() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let mut socket = std::net::TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /api/v1/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 900000\r\n\r\n\
         --b\r\ncontent-disposition: form-data; name=\"profile\"\r\n\r\ndtsen\r\n--b\r\ncontent-disposition: form-data; name=\"members\"; filename=\"m.csv\"\r\n\r\n",
        caller.token()
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(&MEMBERS[..200_000]).unwrap();
    app.wait("the spool", || std::fs::read_dir(app.config.data_dir.join("imports")).is_ok_and(|d| d.count() == 1));
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer);
    drop(socket);
    app.wait("the spool to be empty", || {
        std::fs::read_dir(app.config.data_dir.join("imports")).map_or(0, Iterator::count) == 0
    });
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM imports"), 0);
}

#[test]
fn two_imports_of_one_month_do_not_apply_at_once() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let (f, m) = small(&[(CARD, "3273011001", "3")], &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "1")]);
    let ids: Vec<String> = (0..2)
        .map(|_| {
            let import = staged(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
            act(&app, &caller, &import.id(), "review").expect(200);
            import.id()
        })
        .collect();
    let start = |id: &str| {
        let etag = caller.get(&format!("/api/v1/imports/{id}")).expect(200).etag().to_owned();
        caller.request("POST", &format!("/api/v1/imports/{id}/apply")).header("if-match", &etag).send()
    };
    start(&ids[0]).expect(202);
    start(&ids[1]).expect(409).problem("import_in_progress");
    act(&app, &caller, &ids[0], "cancel").expect(409).problem("wrong_state");
    app.work();
    start(&ids[1]).expect(202);
    app.work();
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals"), 1);
}

#[test]
fn a_crash_costs_time_and_nothing_else() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let sent = upload(&caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]).expect(202);
    let id = sent.id();
    // A worker died while staging: half the rows are there, its lease has run out.
    run(&app, &format!("SELECT import_stage_open('{id}')"));
    run(
        &app,
        &format!(
            "INSERT INTO import_issues (import_id, file, row_no, code, verdict) VALUES ('{id}', 'members', 2, 'nik_missing', 'warn')"
        ),
    );
    run(&app, &format!("UPDATE imports SET status = 'staging' WHERE id = '{id}'"));
    run(
        &app,
        "UPDATE operations SET state = 'running', claimed_by = 'dead', attempts = 1, lease_until = now() - interval '1 second'",
    );
    app.work();
    assert_eq!(issues(&caller, &id), truth());
    act(&app, &caller, &id, "review").expect(200);
    // The database lost its unlogged tables, and another worker died while applying.
    let etag = caller.get(&format!("/api/v1/imports/{id}")).expect(200).etag().to_owned();
    caller.request("POST", &format!("/api/v1/imports/{id}/apply")).header("if-match", &etag).send().expect(202);
    run(&app, &format!("SELECT import_stage_close('{id}')"));
    run(
        &app,
        "UPDATE operations SET state = 'running', claimed_by = 'dead', attempts = 1, lease_until = now() - interval '1 second' WHERE state = 'queued'",
    );
    app.work();
    assert_eq!(caller.get(&format!("/api/v1/imports/{id}")).expect(200)["status"], "applied");
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals"), 6932);
}

#[test]
fn a_second_worker_does_not_do_the_work_twice() {
    let app = TestApp::build().worker().start();
    let second =
        satupintu::jobs::start(app.gate().clone(), satupintu::app::jobs(), Vec::new(), std::sync::Arc::default())
            .unwrap();
    let caller = app.as_role("coordinator");
    let ids: Vec<String> = (8..=10)
        .map(|month| {
            upload(&caller, &format!("2026-{month:02}"), &[("families", FAMILIES), ("members", MEMBERS)])
                .expect(202)
                .id()
        })
        .collect();
    for id in &ids {
        app.wait("validation", || caller.get(&format!("/api/v1/imports/{id}")).expect(200)["status"] == "validated");
        assert_eq!(issues(&caller, id), truth());
    }
    assert_eq!(rows(&app, "SELECT max(attempts)::int8 AS n FROM operations"), 1);
    drop(second);
}

#[test]
fn giving_up_and_taking_back() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let (f, m) = small(&[(CARD, "3273011001", "3")], &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "12")]);
    apply(&app, &caller, "2026-09", &[("families", &f), ("members", &m)]);
    let before = registry(&app);
    let cancelled = upload(&caller, "2026-10", &[("families", &f), ("members", &m)]).expect(202).id();
    act(&app, &caller, &cancelled, "cancel").expect(200);
    app.work();
    assert_eq!(caller.get(&format!("/api/v1/imports/{cancelled}")).expect(200)["status"], "cancelled");
    let (f, m) = small(
        &[(CARD, "3273011001", "5"), ("3273010101200002", "3273011002", "1")],
        &[
            (NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "6"),
            ("", CARD, "EUIS", "1985-05-15", "1"),
            ("", "3273010101200002", "RINA", "1990-01-02", "12"),
        ],
    );
    let import = apply(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    let id = import["id"].as_str().unwrap();
    act(&app, &caller, id, "undo").expect(202);
    assert_eq!(caller.get(&format!("/api/v1/imports/{id}")).expect(200)["status"], "undone");
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households"), 1);
    assert_eq!(rows(&app, "SELECT decile::int8 AS n FROM households"), 3);
    run(&app, "UPDATE households SET version = 1, updated_at = created_at");
    run(&app, "UPDATE individuals SET version = 1, updated_at = created_at");
    assert_eq!(registry(&app), before, "but for versions and times the registry is as it was");
    // Nothing is taken back under somebody's feet.
    let import = apply(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    let id = import["id"].as_str().unwrap();
    run(&app, "UPDATE individuals SET version = version + 1 WHERE name = 'EUIS'");
    act(&app, &caller, id, "undo").expect(202);
    let import = caller.get(&format!("/api/v1/imports/{id}")).expect(200);
    assert_eq!(import["status"], "applied");
}

#[test]
fn the_same_key_uploads_once() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let send = |files: &[(&str, &[u8])]| {
        caller
            .request("POST", "/api/v1/imports")
            .header("idempotency-key", "one")
            .multipart(form("dtsen", "2026-10", files))
            .send()
    };
    let files = both(FAMILIES, MEMBERS);
    let files: Vec<(&str, &[u8])> = files.iter().map(|(p, b)| (*p, b.as_slice())).collect();
    let first = send(&files).expect(202);
    let second = send(&files).expect(202);
    assert_eq!((second.id(), second.header("idempotent-replayed")), (first.id(), Some("true")));
    send(&[("members", MEMBERS)]).expect(422).problem("idempotency_key_reused");
    assert_eq!(std::fs::read_dir(app.config.data_dir.join("imports")).unwrap().count(), 1);
    app.work();
    assert_eq!(caller.all("/api/v1/imports").len(), 1);
}

#[test]
fn every_issue_is_explained_in_both_languages() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let import = staged(&app, &caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    let mut codes = BTreeMap::new();
    for issue in caller.all(&format!("/api/v1/imports/{}/issues?limit=200", import.id())) {
        let (id, en) = (issue["message"]["id"].clone(), issue["message"]["en"].clone());
        assert!(id.as_str().unwrap().len() > 8 && id != en);
        codes.insert(issue["code"].as_str().unwrap().to_owned(), ());
    }
    assert_eq!(codes.len(), 11);
}
