//! Profiles made by the office: data in versions, put into use by a second key, checked to the last heading.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, TestApp};
use crate::imports::rows;
use crate::imports_lists::{PPKS, finish, send, stage};

/// A list of another office: headings and words of its own.
fn outreach() -> Value {
    json!({
        "source": "list", "code_version": "1", "sensitive": true, "list": "needs",
        "types": {"anak punk": "anak_jalanan"},
        "needs": {"anak_jalanan": {"need": "jalanan", "severity": "high"}, "pengemis": {"need": "jalanan", "severity": "medium"}},
        "files": [{"file": "list", "required": [["name"], ["ppks_type"], ["region_name"]], "columns": [
            {"variable": "nik", "header": "no_ktp"},
            {"variable": "name", "header": "nama_klien", "aliases": ["klien"]},
            {"variable": "birth_date", "header": "lahir"},
            {"variable": "sex", "header": "gender", "codes": {"cowok": "male", "cewek": "female"}},
            {"variable": "region_name", "header": "kel"},
            {"variable": "district_name", "header": "kec"},
            {"variable": "ppks_type", "header": "golongan"}
        ]}]
    })
}

fn draft(admin: &Caller, name: &str, definition: &Value) -> Answer {
    let label = json!({"id": "Daftar penjangkauan", "en": "Outreach list"});
    admin.post("/api/v1/import-profiles", &json!({"name": name, "label": label, "definition": definition}))
}

fn act(who: &Caller, id: &str, verb: &str) -> Answer {
    let path = format!("/api/v1/import-profiles/{id}");
    who.act(&format!("{path}/{verb}"), who.get(&path).etag(), &json!({}))
}

const LINES: &str = "No KTP;Klien;Lahir;Gender;Kel;Kec;Golongan\n\
    3273011505100001;Asep;15/05/2010;cowok;Isola;Sukasari;Anak Punk\n;Iis;15/05/1980;cewek;Isola;Sukasari;Pengemis\n\
    ;Euis;15/05/1981;bencong;Isola;Sukasari;Tukang parkir\n";

#[test]
fn an_office_makes_a_profile_and_a_second_key_puts_it_into_use() {
    let app = TestApp::start();
    let (admin, coordinator) = (app.as_role("admin"), app.as_role("coordinator2"));
    let upload = || send(&coordinator, "outreach", "2026-10", &[("list", "l.csv", LINES.as_bytes())]);
    assert_eq!(upload().expect(422).refusals(), ["/profile not_allowed"]);
    let made = draft(&admin, "outreach", &outreach()).expect(201);
    assert_eq!(
        (&made["status"], &made["profile_version"], &made["origin"]),
        (&json!("draft"), &json!(1), &json!("office"))
    );
    assert_eq!((&made["parts"], &made["can"]), (&json!(["list"]), &json!(["discard"])));
    assert_eq!(upload().expect(422).refusals(), ["/profile not_allowed"], "nothing is read by a draft");
    draft(&admin, "outreach", &outreach()).expect(409).problem("already_exists");
    act(&admin, &made.id(), "activate").expect(403);
    let active = act(&coordinator, &made.id(), "activate").expect(200);
    assert_eq!((&active["status"], &active["definition"]), (&json!("active"), &outreach_as_kept()));
    act(&coordinator, &made.id(), "activate").expect(409).problem("wrong_state");
    let import = stage(&app, &coordinator, "outreach", "2026-10", &[("list", "l.csv", LINES.as_bytes())]);
    assert_eq!(import["profile_version"], 1);
    assert_eq!(
        import["files"][0]["unknown_codes"],
        json!([{"variable": "ppks_type", "value": "Tukang parkir", "rows": 1}])
    );
    // A new version does not touch what the old one read.
    let mut second = outreach();
    second["files"][0]["columns"][1]["header"] = json!("nama_orang");
    second["files"][0]["columns"][1]["aliases"] = json!([]);
    let next = draft(&admin, "outreach", &second).expect(201);
    act(&coordinator, &next.id(), "activate").expect(200);
    finish(&app, &coordinator, &import.id());
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM problems WHERE ppks_code = 'anak_jalanan' AND severity = 'high'"),
        1
    );
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM individuals WHERE sex IS NULL"),
        1,
        "a word that is no code is not guessed"
    );
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM individuals WHERE sex = 'female'"), 1);
    assert_eq!(upload().expect(422).problem("unusable_file").refusals(), ["/list header_not_recognised"]);
    let all = coordinator.all("/api/v1/import-profiles?profile=outreach");
    let told: Vec<_> =
        all.iter().map(|p| (p["profile_version"].as_i64().unwrap(), p["status"].as_str().unwrap())).collect();
    assert_eq!(told, [(2, "active"), (1, "retired")]);
    act(&coordinator, &next.id(), "retire").expect(200);
    assert_eq!(upload().expect(422).refusals(), ["/profile not_allowed"]);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM audit_events WHERE action LIKE 'import_profile.%'"), 5);
}

/// What is left out of a definition is what it means when left out.
fn outreach_as_kept() -> Value {
    let mut kept = outreach();
    kept["family_key"] = json!("family_card");
    kept["known_only"] = json!(false);
    kept
}

#[test]
fn a_version_of_a_built_in_name_steps_in_for_it_and_out_again() {
    let app = TestApp::start();
    let (admin, coordinator) = (app.as_role("admin"), app.as_role("coordinator2"));
    let shipped = coordinator.all("/api/v1/import-profiles?profile=ppks")[0].clone();
    assert_eq!(
        (&shipped["origin"], &shipped["status"], &shipped["can"]),
        (&json!("built_in"), &json!("active"), &json!([]))
    );
    let path = format!("/api/v1/import-profiles/{}", shipped["id"].as_str().unwrap());
    let mut definition = coordinator.get(&path).expect(200)["definition"].clone();
    definition["files"][0]["columns"][1]["aliases"].as_array_mut().unwrap().push(json!("nama_panggilan"));
    let made = draft(&admin, "ppks", &definition).expect(201);
    assert_eq!(made["profile_version"], 2);
    act(&coordinator, &made.id(), "activate").expect(200);
    let import = stage(&app, &coordinator, "ppks", "2026-10", &[("list", "ppks.xlsx", PPKS)]);
    assert_eq!((&import["profile_version"], &import["counts"]["rows"]), (&json!(2), &json!(200)));
    coordinator
        .act(&format!("{path}/retire"), coordinator.get(&path).etag(), &json!({}))
        .expect(409)
        .problem("wrong_state");
    act(&coordinator, &made.id(), "retire").expect(200);
    assert_eq!(coordinator.get(&path).expect(200)["status"], "active");
    let import = stage(&app, &coordinator, "ppks", "2026-10", &[("list", "ppks.xlsx", PPKS)]);
    assert_eq!(import["profile_version"], 1);
    // A draft can be given up.
    let other = draft(&admin, "ppks", &definition).expect(201);
    assert_eq!(other["profile_version"], 3);
    assert_eq!(act(&admin, &other.id(), "discard").expect(200)["status"], "retired");
    act(&coordinator, &other.id(), "activate").expect(409).problem("wrong_state");
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let app = TestApp::start();
    let admin = app.as_role("admin");
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut definition = outreach();
        change(&mut definition);
        draft(&admin, "outreach", &definition).expect(422).refusals()
    };
    let column = |at: usize| format!("/definition/files/0/columns/{at}");
    assert_eq!(refused(&|d| d["sensitive"] = json!(false)), ["/definition/sensitive required"]);
    assert_eq!(refused(&|d| d["source"] = json!("manual")), ["/definition/source pattern"]);
    assert_eq!(refused(&|d| d["family_key"] = json!("nik")), ["/definition/family_key not_allowed"]);
    assert_eq!(refused(&|d| d["benefits"] = json!({"x": {"kind": "cash"}})), ["/definition/benefits not_allowed"]);
    assert_eq!(refused(&|d| d["types"] = json!({"anak punk": "punk"})), ["/definition/types/anak punk unknown_code"]);
    assert_eq!(
        refused(&|d| d["needs"] = json!({"punk": {"need": "musik", "severity": "awful"}})),
        [
            "/definition/needs/punk unknown_code",
            "/definition/needs/punk/need unknown_code",
            "/definition/needs/punk/severity not_allowed"
        ]
    );
    assert_eq!(
        refused(&|d| d["files"][0]["columns"][0]["variable"] = json!("password")),
        [format!("{} unknown_code", column(0) + "/variable")]
    );
    assert_eq!(
        refused(&|d| d["files"][0]["columns"][1]["aliases"] = json!(["Nama Klien", "lahir"])),
        [format!("{}/aliases/0 pattern", column(1)), format!("{}/header duplicate", column(2))]
    );
    assert_eq!(
        refused(&|d| d["files"][0]["columns"][3]["codes"] = json!({"cowok": "man"})),
        [format!("{}/codes/cowok unknown_code", column(3))]
    );
    assert_eq!(
        refused(&|d| d["files"][0]["columns"][0]["codes"] = json!({"1": "male"})),
        [format!("{}/codes not_allowed", column(0))]
    );
    assert_eq!(
        refused(&|d| d["files"][0]["columns"][2]["kind"] = json!("fact")),
        [format!("{}/kind not_allowed", column(2))]
    );
    assert_eq!(
        refused(&|d| d["files"][0]["columns"][3]["map"] = json!("dtsen/9/x")),
        [format!("{}/map unknown_code", column(3)), format!("{}/codes not_allowed", column(3))]
    );
    assert_eq!(refused(&|d| d["files"][0]["file"] = json!("members"))[0], "/definition/files/0/file not_allowed");
    assert_eq!(refused(&|d| d["files"] = json!([])), ["/definition/files length"]);
    assert_eq!(
        refused(&|d| d["files"][0]["required"] = json!([["mother_name"]])),
        ["/definition/files/0/required/0/0 not_found"]
    );
    assert!(
        refused(&|d| {
            d["files"][0]["columns"].as_array_mut().unwrap().remove(6);
            d["files"][0]["required"] = json!([["name"]]);
        })
        .contains(&"/definition/files/0/columns required".to_owned()),
        "a list of needs without a column of needs says nothing"
    );
    let mut unknown = outreach();
    unknown["files"][0]["columns"][0]["formula"] = json!("=A1");
    draft(&admin, "outreach", &unknown).expect(422);
    draft(&admin, "Outreach List", &outreach()).expect(422);
    let mut large = outreach();
    large["files"][0]["columns"][0]["aliases"] = (0..41).map(|n| json!(format!("alias_{n}"))).collect();
    assert_eq!(draft(&admin, "outreach", &large).expect(422).refusals(), [format!("{}/aliases length", column(0))]);
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM import_profiles WHERE origin = 'office'"), 0);
}

fn inspect(who: &Caller, name: &str, file: &[u8]) -> Answer {
    let form = Form::new().text("name", name.to_owned()).part("file", Part::bytes(file.to_vec()).file_name("contoh"));
    who.request("POST", "/api/v1/import-profiles/inspect").multipart(form).send()
}

#[test]
fn a_sample_shows_its_headings_and_no_person() {
    let app = TestApp::start();
    let admin = app.as_role("admin");
    let seen = inspect(&admin, "ppks", PPKS).expect(200);
    assert_eq!((&seen["part"], &seen["encoding"], &seen["missing"]), (&json!("list"), &json!("xlsx"), &json!([])));
    let column = |variable: &str| {
        seen["columns"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["variable"] == variable)
            .unwrap_or_else(|| panic!("{variable}"))
            .clone()
    };
    assert_eq!((&column("nik")["look"], &column("nik")["known"]), (&json!("sixteen_digits"), &json!(true)));
    assert_eq!(column("sex")["look"], "code");
    let text = seen.text();
    assert!(!regex_like_nik(&text), "a number of a person is masked: {text}");
    // Headings of another office: what another profile knows is proposed, the rest is left to a person.
    let seen = inspect(&admin, "growth", LINES.as_bytes()).expect(200);
    let told: Vec<_> = seen["columns"].as_array().unwrap().iter().map(|c| c["variable"].as_str()).collect();
    assert_eq!(told, [Some("nik"), None, None, None, Some("region_name"), Some("district_name"), None]);
    assert_eq!(seen["missing"], json!(["nama", "tanggal_lahir", "tinggi"]));
    assert!(!seen.text().contains("Asep") && !seen.text().contains("15/05"), "{}", seen.text());
    // A short list repeats names and addresses as codes are repeated.
    let mut short = String::from("Nama KPM;Alamat;Ibu Kandung;Nama Kelurahan;Pendidikan Ibu\n");
    for _ in 0..4 {
        short
            .push_str("Asep Sunandar;Jl. Kenanga 4;Entin;Cigadung;SMP\nEuis Komariah;Gg. Melati 2;Popon;Cigadung;SD\n");
    }
    let seen = inspect(&admin, "growth", short.as_bytes()).expect(200);
    let looks: Vec<_> = seen["columns"].as_array().unwrap().iter().map(|c| c["look"].as_str().unwrap()).collect();
    assert_eq!(looks, ["text", "text", "text", "code", "code"]);
    let text = seen.text();
    assert!(["Asep", "Sunandar", "Kenanga", "Entin", "Melati"].iter().all(|word| !text.contains(word)), "{text}");
    assert_eq!(inspect(&admin, "nobody", PPKS).expect(422).refusals(), ["/name not_allowed"]);
    inspect(&admin, "ppks", b"").expect(422).problem("unusable_file");
    inspect(&app.as_role("coordinator"), "ppks", PPKS).expect(403);
    let left = std::fs::read_dir(app.gate().config().data_dir.join("imports")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is kept of a sample");
}

/// Whether sixteen digits stand in a row.
fn regex_like_nik(text: &str) -> bool {
    text.as_bytes().windows(16).any(|w| w.iter().all(u8::is_ascii_digit))
}
