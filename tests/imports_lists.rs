//! Lists of people: every row gets its right answer, nobody is lost for want of papers, and what is restricted stays so.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, TestApp};
use crate::imports::{act, rows};

pub const PPKS: &[u8] = include_bytes!("data/agency/ppks_dinsos.xlsx");
const TRUTH: &str = include_str!("data/agency/truth.json");

pub fn send(caller: &Caller, profile: &str, period: &str, files: &[(&str, &str, &[u8])]) -> Answer {
    let mut form = Form::new().text("profile", profile.to_owned()).text("period", period.to_owned());
    for (part, name, bytes) in files {
        form = form.part((*part).to_owned(), Part::bytes(bytes.to_vec()).file_name((*name).to_owned()));
    }
    caller.request("POST", "/api/v1/imports").multipart(form).send()
}

/// Uploads and stages; the import as it stands then.
pub fn stage(app: &TestApp, caller: &Caller, profile: &str, period: &str, files: &[(&str, &str, &[u8])]) -> Answer {
    let sent = send(caller, profile, period, files).expect(202);
    app.work();
    let import = caller.get(&format!("/api/v1/imports/{}", sent.id())).expect(200);
    assert_eq!(import["status"], "validated", "{}", import.text());
    import
}

/// Reviews and applies; the import as it stands then.
pub fn finish(app: &TestApp, caller: &Caller, id: &str) -> Value {
    act(app, caller, id, "review").expect(200);
    act(app, caller, id, "apply").expect(202);
    let import = caller.get(&format!("/api/v1/imports/{id}")).expect(200).json();
    assert_eq!(import["status"], "applied", "{import}");
    import
}

/// Issues as `row code verdict`, in the order of the rows.
fn issues(caller: &Caller, id: &str) -> Vec<String> {
    let text = |i: &Value, key: &str| i[key].as_str().unwrap().to_owned();
    caller
        .all(&format!("/api/v1/imports/{id}/issues?limit=200"))
        .iter()
        .map(|i| format!("{} {} {}", i["row"], text(i, "code"), text(i, "verdict")))
        .collect()
}

/// A list in the agency's layout.
fn list(lines: &[&str]) -> Vec<u8> {
    let head = "No;NIK;Nama Lengkap;Tempat/Tgl Lahir;L/P;Alamat;RT/RW;Kelurahan;Kecamatan;Jenis PPKS;No HP;Keterangan";
    [&[head], lines].concat().join("\n").into_bytes()
}

#[test]
fn every_row_of_the_agencys_list_gets_its_right_answer_and_its_need() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator2");
    let import = stage(&app, &caller, "ppks", "2026-10", &[("list", "ppks.xlsx", PPKS)]);
    let truth: Value = serde_json::from_str(TRUTH).unwrap();
    let told: Vec<String> = truth["rows"]["ppks_dinsos.xlsx"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| format!("{} {} {}", r["row"], r["reason"].as_str().unwrap(), r["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(issues(&caller, &import.id()), told);
    assert_eq!(import["files"][0]["unknown_codes"], json!([]));
    let counts = &import["counts"];
    assert_eq!(
        (&counts["rows"], &counts["dropped"], &counts["warned"], &counts["rejected"]),
        (&json!(200), &json!(14), &json!(16), &json!(0))
    );
    let import = finish(&app, &caller, &import.id());
    // Four people stand there twice, each with two needs.
    assert_eq!(import["applied"]["individuals_created"], 196);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM problems WHERE source = 'import' AND status = 'reported'"), 200);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals WHERE nik IS NULL AND birth_date IS NULL"), 12);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals WHERE nik LIKE '%0000'"), 0, "a lost digit is no NIK");
    assert_eq!(
        rows(
            &app,
            "SELECT count(*) AS n FROM problems p JOIN code_entries t ON t.list_slug = 'ppks_types' AND t.code = p.ppks_code
             JOIN code_entries c ON c.list_slug = 'needs' AND c.code = p.need_code
             WHERE (t.sensitivity = 'restricted' OR c.sensitivity = 'restricted') <> (p.sensitivity = 'restricted')"
        ),
        0
    );
    assert!(rows(&app, "SELECT count(*) AS n FROM problems WHERE sensitivity = 'restricted'") > 50);
    // The same list again: the same people, the same needs, with papers or without.
    let again = stage(&app, &caller, "ppks", "2026-10", &[("list", "ppks.xlsx", PPKS)]);
    assert_eq!(again["changes"]["new"], json!({"households": 0, "individuals": 0, "programs": 0}));
    finish(&app, &caller, &again.id());
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals"), 196);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM problems"), 200);
}

#[test]
fn who_is_known_is_not_made_again_and_an_undone_list_leaves_nothing() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator2");
    let (families, members) = crate::imports::small(
        &[(crate::imports::CARD, "3273011001", "3")],
        &[(crate::imports::NIK, crate::imports::CARD, "ASEP SUNANDAR", "1980-05-15", "1")],
    );
    crate::imports::apply(&app, &caller, "2026-09", &[("families", &families), ("members", &members)]);
    let lines = [
        "1;3273011505800001;Asep Sunandar;Bandung, 15 Mei 1980;L;Jl. A;01/02;Sukarasa;Sukasari;Pemulung;;",
        "2;;Tanpa Nama;tidak diketahui;L;sekitar Alun-alun;-;Sukarasa;Sukasari;Gelandangan;;hasil penjangkauan",
        "3;;Tanpa Nama;tidak diketahui;L;sekitar Alun-alun;-;Sukarasa;Sukasari;Gelandangan;;hasil penjangkauan",
        "4;3273011505800001;Budi Raharja;Bandung, 1 Januari 1999;L;Jl. B;01/02;Sukarasa;Sukasari;Pengemis;;",
        "5;3273011505810002;Dedi Kusnadi;15/05/1981;L;Jl. C;01/02;Cibogo;Cimahi Selatan;Pemulung;;",
        "6;3273011505820003;Elis;15/05/1982;P;Jl. D;01/02;Sukarasa;Sukasari;Pawang hujan;;",
    ];
    let import = stage(&app, &caller, "ppks", "2026-10", &[("list", "l.csv", &list(&lines))]);
    assert_eq!(
        issues(&caller, &import.id()),
        [
            "2 nik_shared conflict",
            "3 no_identity warn",
            "4 no_identity warn",
            "5 nik_shared conflict",
            "6 region_unknown reject",
            "7 nik_birth_date_mismatch warn",
            "7 ppks_unknown warn"
        ]
    );
    assert_eq!(import["files"][0]["unknown_codes"][0]["value"], "Pawang hujan");
    act(&app, &caller, &import.id(), "cancel").expect(200);
    let without: Vec<&str> = lines.iter().copied().filter(|l| !l.starts_with('4')).collect();
    let import = stage(&app, &caller, "ppks", "2026-10", &[("list", "l.csv", &list(&without))]);
    let kinds: Vec<Value> =
        caller.all(&format!("/api/v1/imports/{}/changes", import.id())).iter().map(|c| c["kind"].clone()).collect();
    assert_eq!(kinds, ["changed", "new", "new", "new"]);
    let applied = finish(&app, &caller, &import.id());
    assert_eq!(applied["applied"]["individuals_created"], 3, "two without a name, and Elis");
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM households WHERE kind = 'unhoused'"), 2);
    assert_eq!(
        rows(
            &app,
            "SELECT count(*) AS n FROM problems p JOIN individuals i ON i.id = p.individual_id WHERE i.name = 'ASEP SUNANDAR'"
        ),
        1
    );
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM problems"), 3, "an unknown type is kept, flagged and not guessed");
    act(&app, &caller, &import.id(), "undo").expect(202);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM problems"), 0);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals"), 1);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM source_rows WHERE part = 'list'"), 0);
}

#[test]
fn a_list_that_can_name_what_is_restricted_is_for_its_sender_and_supervisors() {
    let app = TestApp::start();
    let (sender, other, operator) =
        (app.as_role("village_operator"), app.as_role("coordinator"), app.as_role("village_operator2"));
    let lines = [
        "1;3273011505800001;Asep Sunandar;Bandung, 15 Mei 1980;L;Jl. A;01/02;Isola;Sukasari;ODHA;;",
        "2;3273011505810002;Dedi Kusnadi;15/05/1981;L;Jl. C;01/02;Isola;Sukasari;Pemulung;;",
        "3;3273011505830002;Iis;15/05/1983;L;Jl. C;01/02;Sukarasa;Sukasari;Pemulung;;",
    ];
    let import = stage(&app, &sender, "ppks", "2026-10", &[("list", "l.csv", &list(&lines))]);
    let path = format!("/api/v1/imports/{}", import.id());
    let operation = format!("/api/v1/operations/{}", import["operation_id"].as_str().unwrap());
    let supervisor = app.as_role("coordinator2");
    for door in ["", "/issues", "/changes", "/rejected?file=list&format=csv"] {
        operator.get(&format!("{path}{door}")).expect(404);
        sender.get(&format!("{path}{door}")).expect(200);
    }
    let seen = |who: &Caller| who.all("/api/v1/imports").len();
    let supervises = |who: &Caller| who.get(&path).status == 200;
    for who in [&other, &supervisor] {
        assert_eq!(seen(who), usize::from(supervises(who)));
        let told = who.get(&operation).expect(200);
        assert_eq!(told["result"].get("counts"), None, "an operation does not count what its import hides");
    }
}

const CHILDREN: &str = "nik;nama;tanggal_lahir;jk;nama_ibu;kelurahan;kecamatan;tanggal_pengukuran;tinggi;cara_ukur\n";

#[test]
fn a_child_too_short_for_its_age_is_a_candidate_until_a_human_confirms() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let born = ["2024-10-15", "2024-10-15", "2024-10-15", "2019-01-15", "2024-10-15"];
    let niks: Vec<String> = (1..=5).map(|n| format!("327301151024000{n}")).collect();
    let members: Vec<_> = niks
        .iter()
        .zip(born)
        .map(|(nik, born)| {
            (
                nik.as_str(),
                crate::imports::CARD,
                ["ADI", "BUDI", "CAHYO", "DANI", "EKO"][niks.iter().position(|n| n == nik).unwrap()],
                born,
                "1",
            )
        })
        .collect();
    let (f, m) = crate::imports::small(&[(crate::imports::CARD, "3273011001", "3")], &members);
    crate::imports::apply(&app, &caller, "2026-09", &[("families", &f), ("members", &m)]);
    // Two years old: the median is 87.1 cm standing, two deviations below 81.0, three below 77.9.
    let text = format!(
        "{CHILDREN}{};Adi;15/10/2024;L;;Isola;Sukasari;15/10/2026;87,0;berdiri\n{};Budi;15/10/2024;L;;Isola;Sukasari;15/10/2026;80,5 cm;berdiri\n\
         {};Cahyo;15/10/2024;L;;Isola;Sukasari;15/10/2026;77;berdiri\n{};Dani;15/01/2019;L;;Isola;Sukasari;15/10/2026;100;berdiri\n\
         {};Eko;15/10/2024;L;;Isola;Sukasari;15/10/2026;7,7;berdiri\n;Fajar;15/10/2024;L;;Isola;Sukasari;15/10/2026;70;berdiri\n\
         ;Gina;15/10/2024;P;;Cibogo;Cimahi Selatan;15/10/2026;70;berdiri\n{};Adi;15/10/2024;X;;Isola;Sukasari;15/10/2026;70;digendong\n",
        niks[0], niks[1], niks[2], niks[3], niks[4], niks[0]
    );
    let import = stage(&app, &caller, "growth", "2026-10", &[("list", "anak.csv", text.as_bytes())]);
    let told: Vec<String> =
        issues(&caller, &import.id()).into_iter().filter(|i| !i.contains("nik_birth_date_mismatch")).collect();
    assert_eq!(
        told,
        [
            "5 measurement_age warn",
            "6 measurement_invalid drop",
            "7 nik_missing warn",
            "7 person_not_found reject",
            "8 nik_missing warn",
            "8 region_unknown reject",
            // Short enough, but of a sex that no code names: nothing is guessed.
            "9 measurement_age warn"
        ]
    );
    finish(&app, &caller, &import.id());
    let severities = |status: &str| {
        rows(
            &app,
            &format!(
                "SELECT count(*) AS n FROM problems WHERE need_code = 'gizi_stunting' AND status = '{status}' AND source = 'import' AND reported_by IS NULL AND severity = ANY('{{medium,high}}')"
            ),
        )
    };
    assert_eq!((severities("candidate"), severities("reported")), (2, 0));
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM problems WHERE severity = 'high'"), 1);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals"), 5, "nobody is made from a measurement");
    let again = stage(&app, &caller, "growth", "2026-10", &[("list", "anak.csv", text.as_bytes())]);
    finish(&app, &caller, &again.id());
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM problems"), 2);
}

#[test]
fn who_looks_for_work_is_a_candidate_for_it() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let text = "NIK;Nama Lengkap;Tanggal Lahir;Jenis Kelamin;Alamat;Kelurahan;Kecamatan;Jabatan Diminati;No HP\n\
        3273011505000001;Asep Sunandar;15/05/2000;L;Jl. A;Isola;Sukasari;Kasir;081234567890\n;Dedi;;L;Jl. B;Isola;Sukasari;Sopir;\n\
        ;Cici;01/01/2000;P;Jl. C;Cibogo;Cimahi Selatan;Kasir;\n";
    let import = stage(&app, &caller, "jobseekers", "2026-10", &[("list", "l.csv", text.as_bytes())]);
    assert_eq!(issues(&caller, &import.id()), ["3 no_identity warn", "4 nik_missing warn", "4 region_unknown reject"]);
    let import = finish(&app, &caller, &import.id());
    assert_eq!(import["applied"]["individuals_created"], 2);
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM problems WHERE need_code = 'pekerjaan' AND status = 'candidate'"),
        2
    );
}
