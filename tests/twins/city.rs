//! Two cities in which the same things happen in the same order; in one of them, in between, what nobody else may
//! know: violence, HIV, drugs and a child in conflict with the law, from the report to the help received.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::authz_matrix::form_of;
use crate::harness::world::{self, *};
use crate::harness::{
    AGENCY, Answer, Caller, DISTRICT, FOUNDATION, OTHER_VILLAGE, TestApp, VILLAGE, account_id, client_id,
};
use crate::imports::{FAMILIES, MEMBERS};

const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0002_0000 + n)
}

/// The household of the case, in [`VILLAGE`], and its people: the head, the victim, a child, another adult.
pub const HOME: Uuid = id(0x01);
pub const HEAD: Uuid = id(0x11);
pub const VICTIM: Uuid = id(0x12);
pub const YOUTH: Uuid = id(0x13);
pub const UNCLE: Uuid = id(0x14);
/// A shelter: it receives the case, and nobody else does.
pub const SHELTER: Uuid = id(0x21);
/// A refuge without an account: it is asked by link.
pub const REFUGE: Uuid = id(0x22);
/// A client nobody calls as: disabling one takes effect a moment later, which would be a matter of time.
pub const SPARE_CLIENT: Uuid = id(0x31);
/// Households that ended long ago; of the second everything is held.
const ENDED: Uuid = id(0x02);
const HELD: Uuid = id(0x03);
/// What retention found and destroyed.
const RETENTION_RUN: Uuid = id(0x41);

/// Who may see the case: what the self-test compares as. Reporter, assigned worker, supervisor, receiver, and the
/// people it is about, each for what is his.
pub const INITIATED: &[&str] =
    &["village_operator2", "social_worker", "social_worker2", "coordinator", "shelter_officer", "victim"];

/// Who may not: everybody else, whatever he is.
pub const STRANGERS: &[&str] = &[
    "anonymous",
    "admin",
    "coordinator_plain",
    "social_worker3",
    "social_worker_out",
    "village_operator",
    "village_operator_out",
    "agency_officer",
    "agency_officer_out",
    "partner",
    "partner_out",
    "auditor",
    "citizen",
    "citizen_out",
    "uncle",
    "test-reader",
    "test-writer",
    "test-importer",
    "test-nothing",
];

/// Scopes a machine may hold.
fn scopes() -> Vec<String> {
    let mut scopes: Vec<String> =
        satupintu::access::policy::ACTIONS.iter().filter_map(|(_, _, scope)| scope.map(str::to_owned)).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// A client for each scope, which holds nothing else.
pub fn machines() -> Vec<String> {
    scopes().iter().map(|scope| machine(scope)).collect()
}

fn machine(scope: &str) -> String {
    format!("only-{}", scope.replace(':', "-"))
}

/// A running city.
pub struct City {
    pub app: TestApp,
    pub callers: BTreeMap<String, Caller>,
    /// Names of what has been made, with their ids in this city.
    pub made: BTreeMap<&'static str, String>,
    /// Instants before and after what only one city knows.
    pub marks: [String; 2],
}

fn people(app: &TestApp) {
    let accounts = [
        ("coordinator_plain", "coordinator", "city", None, "{publish,approve_money,ratify,override}"),
        ("social_worker3", "social_worker", "kecamatan", Some(DISTRICT.to_owned()), "{}"),
        ("shelter_officer", "agency_officer", "organization", Some(SHELTER.to_string()), "{}"),
        ("uncle", "citizen", "person", Some("self".to_owned()), "{}"),
        ("victim", "citizen", "person", Some("self".to_owned()), "{}"),
    ];
    let mut sql = format!(
        "INSERT INTO organizations (id, code, name, kind, status) VALUES ('{SHELTER}', 'test_shelter', 'Rumah Uji', 'opd', 'verified'), ('{REFUGE}', 'test_refuge', 'Rumah Singgah Uji', 'opd', 'verified');
         INSERT INTO households (id, region_code, district_code, family_card_number, head_id, head_name, declared_members, members_count, members_complete, decile)
         VALUES ('{HOME}', '{VILLAGE}', '{DISTRICT}', '3273010101016001', '{HEAD}', 'Dadang Hidayat', 4, 4, true, 3);
         INSERT INTO household_details (household_id, street, rt, rw) VALUES ('{HOME}', 'Jl. Anggrek 7', '003', '004');
         INSERT INTO individuals (id, household_id, name, name_key, nik, nik_status, sex, birth_date, relation)
         VALUES ('{HEAD}', '{HOME}', 'Dadang Hidayat', 'dadang hidayat', '3273010101756001', 'matched', 'male', '1975-01-01', 'head'),
                ('{VICTIM}', '{HOME}', 'Euis Komala', 'euis komala', '3273014202786002', 'matched', 'female', '1978-02-02', 'spouse'),
                ('{YOUTH}', '{HOME}', 'Asep Hidayat', 'asep hidayat', '3273010303116003', 'matched', 'male', '2011-03-03', 'child'),
                ('{UNCLE}', '{HOME}', 'Ujang Hidayat', 'hidayat ujang', '3273010404806004', 'matched', 'male', '1980-04-04', 'other');
         INSERT INTO identifiers (id, subject_kind, subject_id, kind, value, source, status)
         SELECT gen_random_uuid(), 'individual', id, 'nik', nik, 'dukcapil', 'matched' FROM individuals WHERE household_id = '{HOME}';
         INSERT INTO name_keys (name_key) SELECT name_key FROM individuals WHERE household_id = '{HOME}';"
    );
    for (at, (name, role, kind, reference, duties)) in accounts.iter().enumerate() {
        let (account, grant) = (id(0x100 + at as u128), id(0x200 + at as u128));
        let reference = reference.as_ref().map_or("NULL".to_owned(), |r| format!("'{r}'"));
        sql += &format!(
            "INSERT INTO accounts (id, username, display_name, password_hash, str_number, str_valid_until)
             SELECT '{account}', '{name}', '{name}', password_hash, 'STR-{name}', '2099-12-31' FROM accounts WHERE username = 'admin';
             INSERT INTO grants (id, account_id, role, scope_kind, scope_ref, duties, from_date, status)
             VALUES ('{grant}', '{account}', '{role}', '{kind}', {reference}, '{duties}', '2020-01-01', 'active');"
        );
    }
    for (name, person) in [("uncle", UNCLE), ("victim", VICTIM)] {
        sql += &format!("UPDATE accounts SET person_id = '{person}' WHERE username = '{name}';");
    }
    sql += &format!(
        "INSERT INTO clients (id, client_id, secret_hash, name) SELECT '{SPARE_CLIENT}', 'spare', secret_hash, 'spare' FROM clients WHERE id = '{}';",
        client_id("test-nothing")
    );
    for (at, scope) in scopes().iter().enumerate() {
        let name = machine(scope);
        sql += &format!(
            "INSERT INTO clients (id, client_id, secret_hash, name, scopes)
             SELECT '{}', '{name}', secret_hash, '{name}', '{{{scope}}}' FROM clients WHERE id = '{}';",
            id(0x300 + at as u128),
            client_id("test-nothing")
        );
    }
    app.sql().batch_execute(&sql).unwrap();
}

impl City {
    /// Builds the city, with the case or without.
    pub fn build(with_case: bool) -> Self {
        let app = TestApp::build().config(|c| c.db_threads = 2).start();
        app.leave_jobs();
        world::populate(&mut app.sql());
        people(&app);
        let mut city = Self { app, callers: BTreeMap::new(), made: BTreeMap::new(), marks: Default::default() };
        for name in STRANGERS.iter().chain(INITIATED) {
            let caller = match *name {
                "anonymous" => city.app.anonymous(),
                client if client.starts_with("test-") => city.app.as_client(client),
                account => city.app.as_role(account),
            };
            city.callers.insert((*name).to_owned(), caller);
        }
        for name in machines() {
            city.callers.insert(name.clone(), city.app.as_client(&name));
        }
        city.supply();
        city.open_needs();
        city.import("coordinator", "2026-08", with_case);
        city.outlived(with_case);
        city.list("coordinator", "2026-08", with_case);
        city.mark(0);
        if with_case {
            city.the_case();
        }
        city.mark(1);
        city.retain();
        city.afterwards();
        city
    }

    fn mark(&mut self, at: usize) {
        // Instants of the database and of this process are of one clock; a little room on both sides.
        std::thread::sleep(std::time::Duration::from_millis(20));
        self.marks[at] = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }

    pub fn by(&self, name: &str) -> &Caller {
        &self.callers[name]
    }

    fn keep(&mut self, name: &'static str, id: String) -> String {
        self.made.insert(name, id.clone());
        id
    }

    /// Takes a step with the newest version.
    fn step(&self, who: &str, path: &str, verb: &str, body: &Value) -> Answer {
        let caller = self.by(who);
        let etag = caller.get(path).expect(200).etag().to_owned();
        caller.act(&format!("{path}/{verb}"), &etag, body)
    }

    /// A published program with a cycle, and money for it from the one source that pays for all of them.
    fn offer(&mut self, who: &str, names: [&'static str; 2], program: &Value) {
        let id = self.by(who).post("/api/v1/programs", program).expect(201).id();
        let path = format!("/api/v1/programs/{id}");
        let cycle = json!({"name": "2026", "starts_on": "2020-01-01", "ends_on": "2099-12-31", "seat_kind": "stock", "seats": 6});
        let cycle = self.by(who).post(&format!("{path}/cycles"), &cycle).expect(201).id();
        self.step(who, &path, "submit", &json!({})).expect(200);
        self.step("coordinator", &path, "publish", &json!({})).expect(200);
        let source = format!("/api/v1/funding-sources/{}", self.made["source"]);
        let allot = json!({"cycle_id": cycle, "amount_idr": 600_000});
        self.by("coordinator").post(&format!("{source}/allot"), &allot).expect(200);
        self.keep(names[0], id);
        self.keep(names[1], cycle);
    }

    /// Programs and money, restricted and open, the same in both cities.
    fn supply(&mut self) {
        let coordinator = self.by("coordinator");
        let source = json!({"code": "BUDGET", "kind": "apbd_kota", "organization_id": AGENCY, "fiscal_year": 2026, "name": "APBD"});
        let source = coordinator.post("/api/v1/funding-sources", &source).expect(201).id();
        let money = json!({"amount_idr": 10_000_000});
        coordinator.post(&format!("/api/v1/funding-sources/{source}/appropriate"), &money).expect(200);
        self.keep("source", source);
        let program = |code: &str, organization: Uuid, need: &str, class: &str, label: &str| {
            json!({"code": code, "name": {"id": code, "en": code}, "organization_id": organization, "pillar": "perlindungan_sosial",
                "needs": [need], "access_mode": "referral", "benefit": {"kind": "goods", "unit": "person", "value_idr": 100_000, "period": "once"},
                "overlap_class": class, "claim_unit": "person", "sensitivity": label})
        };
        let restricted = [
            (["safe_house", "safe_house_cycle"], "kekerasan", "violence_protection"),
            (["hiv_care", "hiv_care_cycle"], "kesehatan", "hiv_support"),
            (["drug_care", "drug_care_cycle"], "rehab_napza", "drug_rehabilitation"),
            // Of a class that open programs give too.
            (["youth_care", "youth_care_cycle"], "bantuan_hukum", "legal_aid"),
        ];
        for (names, need, class) in restricted {
            let code = names[0].to_ascii_uppercase();
            self.offer("shelter_officer", names, &program(&code, SHELTER, need, class, "restricted"));
        }
        let aid = program("LEGAL_AID", FOUNDATION, "bantuan_hukum", "legal_aid", "open");
        self.offer("partner", ["legal_aid", "legal_aid_cycle"], &aid);
    }

    /// A problem reported by one and verified by another; its path.
    fn problem(&self, reporter: &str, verifier: &str, body: &Value) -> String {
        let reported = self.by(reporter).post("/api/v1/problems", body).expect(201);
        let path = format!("/api/v1/problems/{}", reported.id());
        self.step(verifier, &path, "verify", &json!({})).expect(200);
        reported.id()
    }

    fn referral(&self, who: &str, problem: &str, cycle: &str) -> String {
        let body = json!({"problem_id": problem, "cycle_id": self.made[cycle], "note": "Tolong segera."});
        self.by(who).post("/api/v1/referrals", &body).expect(201).id()
    }

    /// What everybody of the area knows of the household.
    fn open_needs(&mut self) {
        let need = |kind: &str, id: Uuid, need: &str| json!({"subject": {"kind": kind, "id": id}, "need_code": need, "severity": "high"});
        let food = self.problem("village_operator", "social_worker3", &need("household", HOME, "pangan"));
        self.keep("open_problem", food);
        let law = self.problem("village_operator", "social_worker3", &need("individual", YOUTH, "bantuan_hukum"));
        self.keep("law_problem", law);
    }

    /// The sample files of the agency, of which one row differs.
    pub fn import(&mut self, who: &str, period: &str, with_case: bool) {
        let members = sample_members(with_case);
        let files: Vec<(&str, &[u8])> = vec![("families", FAMILIES), ("members", &members)];
        let import = crate::imports::apply(&self.app, self.by(who), period, &files);
        self.keep("import", import["id"].as_str().unwrap().to_owned());
        let found =
            self.by("coordinator").post("/api/v1/individuals/search", &json!({"q": "GILANG SUNANDAR"})).expect(200);
        let person = found["data"].as_array().unwrap().iter().find(|p| p["region_code"] == "32.73.15.1005");
        let person = person.unwrap_or_else(|| panic!("nobody of the sample is found: {}", found.text())).clone();
        self.keep("imported_person", person["id"].as_str().unwrap().to_owned());
        self.keep("imported_home", person["household_id"].as_str().unwrap().to_owned());
    }

    /// The agency's list of people with needs, of which one row names what is restricted, of somebody everybody knows.
    fn list(&self, who: &str, period: &str, with_case: bool) {
        let mut text = "NIK;Nama Lengkap;Tanggal Lahir;L/P;Alamat;RT/RW;Kelurahan;Kecamatan;Jenis PPKS;Keterangan\n\
            3273010404806004;Ujang Hidayat;04/04/1980;L;Jl. Anggrek 7;03/04;Isola;Sukasari;Pemulung;\n"
            .to_owned();
        if with_case {
            text +=
                "3273010101756001;Dadang Hidayat;01/01/1975;L;Jl. Anggrek 7;03/04;Isola;Sukasari;Tuna Susila;Rahasia\n";
        }
        let files = [("list", "ppks.csv", text.as_bytes())];
        let import = crate::imports_lists::stage(&self.app, self.by(who), "ppks", period, &files);
        let import = crate::imports_lists::finish(&self.app, self.by(who), &import.id());
        assert_eq!(import["applied"]["individuals_created"], 0, "both are known");
    }

    fn the_case(&mut self) {
        let of = |id: Uuid, need: &str, ppks: &str| {
            let mut body = json!({"subject": {"kind": "individual", "id": id}, "need_code": need, "severity": "emergency", "description": "Rahasia."});
            if !ppks.is_empty() {
                body["ppks_code"] = json!(ppks);
            }
            body
        };
        let cases = [
            (["violence", "violence_referral"], of(VICTIM, "kekerasan", "korban_kekerasan"), "safe_house_cycle"),
            (["hiv", "hiv_referral"], of(VICTIM, "kesehatan", "odha"), "hiv_care_cycle"),
            (["drugs", "drugs_referral"], of(HEAD, "rehab_napza", "korban_napza"), "drug_care_cycle"),
            (["youth", "youth_referral"], of(YOUTH, "bantuan_hukum", "anak_berhadapan_hukum"), "youth_care_cycle"),
        ];
        let body = |verb: &str| match verb {
            "decline" => json!({"reason_code": "no_capacity"}),
            "schedule" => json!({"scheduled_on": "2099-01-01"}),
            "complete" => json!({"outcome_code": "need_met"}),
            _ => json!({}),
        };
        let ways: [&[&str]; 4] =
            [&["accept", "schedule", "start", "complete"], &["accept", "start"], &["decline"], &["accept"]];
        for ((names, problem, cycle), way) in cases.into_iter().zip(ways) {
            let problem = self.problem("village_operator2", "social_worker2", &problem);
            self.assign(&problem);
            let paper = self.by("social_worker").request("POST", &format!("/api/v1/problems/{problem}/evidence"));
            let paper = form_of("create_problem_evidence", paper).send().expect(201);
            self.keep("evidence", paper.id());
            let referral = self.referral("social_worker", &problem, cycle);
            let path = format!("/api/v1/referrals/{referral}");
            self.step("social_worker", &path, "send", &json!({})).expect(200);
            for verb in way {
                self.step("shelter_officer", &path, verb, &body(verb)).expect(200);
            }
            self.keep(names[0], problem);
            self.keep(names[1], referral);
        }
        // What is given in lines: one received, one planned.
        let youth = format!("/api/v1/referrals/{}/deliveries", self.made["youth_referral"]);
        let lines = json!({"planned_on": "2099-01-01", "amount_idr": 40_000, "channel": "home", "months": 2});
        let lines = self.by("shelter_officer").post(&youth, &lines).expect(201);
        let line = |n: usize| lines["data"][n]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/deliveries/{}", line(0));
        self.step("coordinator", &path, "approve", &json!({"decree": "SK-1"})).expect(200);
        self.step("shelter_officer", &path, "receive", &json!({"proof_kind": "signature"})).expect(200);
        self.keep("given", line(0));
        self.keep("planned", line(1));
        self.ask_a_refuge();
        self.decide();
        // Of the household itself: one that was dismissed, one that only waits.
        let household =
            json!({"subject": {"kind": "household", "id": HOME}, "need_code": "kekerasan", "severity": "medium"});
        let waits = self.by("village_operator2").post("/api/v1/problems", &household).expect(201).id();
        self.keep("waits", waits);
        let drawn = self.by("village_operator2").post("/api/v1/problems", &household).expect(201).id();
        self.step(
            "social_worker2",
            &format!("/api/v1/problems/{drawn}"),
            "dismiss",
            &json!({"reason_code": "duplicate"}),
        )
        .expect(200);
        // Of somebody the import brought.
        let mut body = of(Uuid::nil(), "kekerasan", "");
        body["subject"]["id"] = json!(self.made["imported_person"]);
        self.by("coordinator").post("/api/v1/problems", &body).expect(201);
        // What is known of the person.
        let patch = json!({"facts": {"illness": "hiv"}});
        self.by("social_worker").patch(&format!("/api/v1/individuals/{VICTIM}"), "\"1.x\"", &patch).expect(200);
    }

    /// Two are sent to somebody without an account: one accepts by link, the other is waited for.
    fn ask_a_refuge(&mut self) {
        let need =
            json!({"subject": {"kind": "individual", "id": YOUTH}, "need_code": "kekerasan", "severity": "high"});
        for (name, accepts) in [("refuge_referral", true), ("letter_referral", false)] {
            let mut need = need.clone();
            need["subject"]["id"] = json!(if accepts { YOUTH } else { VICTIM });
            need["need_code"] = json!(if accepts { "kekerasan" } else { "bantuan_hukum" });
            need["ppks_code"] = json!(if accepts { "korban_kekerasan" } else { "anak_berhadapan_hukum" });
            let problem = self.problem("village_operator2", "social_worker2", &need);
            self.assign(&problem);
            let cycle = &self.made[if accepts { "safe_house_cycle" } else { "youth_care_cycle" }];
            let new = json!({"problem_id": problem, "cycle_id": cycle, "to_organization_id": REFUGE});
            let referral = self.by("social_worker").post("/api/v1/referrals", &new).expect(201).id();
            let path = format!("/api/v1/referrals/{referral}");
            self.step("social_worker", &path, "send", &json!({})).expect(200);
            let link = self.by("social_worker").post(&format!("{path}/links"), &json!(null)).expect(201);
            if accepts {
                let yes = json!({"secret": link["secret"], "answered_by": "Rahasia"});
                self.by("anonymous").post("/api/v1/referral-answers/accept", &yes).expect(200);
            }
            self.keep(name, referral);
        }
    }

    /// One help is about to be stopped, another was stopped and taken up again.
    fn decide(&mut self) {
        for (referral, name) in [("youth_referral", "decision"), ("hiv_referral", "reversed_decision")] {
            let new = json!({"effect": "stop_benefit", "referral_id": self.made[referral], "reason_code": "other", "reasons": "Rahasia."});
            let decision = self.by("social_worker").post("/api/v1/decisions", &new).expect(201).id();
            let path = format!("/api/v1/decisions/{decision}");
            self.step("social_worker", &path, "notify", &json!({"channel": "in_person"})).expect(200);
            self.step("social_worker", &path, "answer", &json!({"said": "Rahasia."})).expect(200);
            self.keep(name, decision);
        }
        let id = self.made["reversed_decision"].clone();
        let ago = "UPDATE decisions SET due_on = current_date - 3, effective_on = current_date - 2 WHERE id =";
        self.app.sql().batch_execute(&format!("{ago} '{id}'")).unwrap();
        let path = format!("/api/v1/decisions/{id}");
        for (verb, body) in
            [("confirm", json!({})), ("take-effect", json!({})), ("reverse", json!({"reason": "Keliru."}))]
        {
            self.step("coordinator", &path, verb, &body).expect(200);
        }
    }

    fn assign(&self, problem: &str) {
        self.app
            .sql()
            .batch_execute(&format!(
                "INSERT INTO assignments (id, subject_kind, subject_id, account_id, duty)
                 VALUES (gen_random_uuid(), 'problem', '{problem}', '{}', 'lead')",
                account_id("social_worker")
            ))
            .unwrap();
    }

    /// What has outlived its time: of a household that ended, and of one that is held; and of the case, where it is there.
    fn outlived(&self, with_case: bool) {
        let by = account_id("village_operator");
        let mut sql = String::new();
        for (n, home) in [ENDED, HELD].into_iter().enumerate() {
            let (problem, file, line) = (id(0x51 + n as u128), id(0x61 + n as u128), id(0x71 + n as u128));
            sql += &format!(
                "INSERT INTO households (id, region_code, district_code, head_name, declared_members, members_count, members_complete, status)
                 VALUES ('{home}', '{VILLAGE}', '{DISTRICT}', 'Lama {n}', 0, 0, true, 'dissolved');
                 INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, reported_by, reported_at, closed_at)
                 VALUES ('{problem}', 'household', '{home}', 'pangan', 'low', 'village', 'resolved', '{by}', now() - interval '7 years', now() - interval '6 years');
                 INSERT INTO evidence (id, subject_kind, subject_id, household_id, sha256, media_type, bytes, name, uploaded_by, created_at)
                 VALUES ('{file}', 'problem', '{problem}', '{home}', md5('{n}') || md5('x{n}'), 'application/pdf', 9, 'lama.pdf', '{by}', now() - interval '7 years');
                 INSERT INTO access_log (id, at, actor_kind, actor_id, action, subject_kind, subject_id, household_id)
                 VALUES ('{line}', now() - interval '6 years', 'account', '{by}', 'view', 'household', '{home}', '{home}');
                 INSERT INTO subject_keys (subject_id, key) VALUES ('{home}', '\\x00');
                 UPDATE households SET updated_at = now() - interval '11 years' WHERE id = '{home}';"
            );
        }
        sql += &format!(
            "INSERT INTO legal_holds (id, household_id, reason, placed_by) VALUES ('{}', '{HELD}', 'Perkara 12', '{}');",
            id(0x42),
            account_id("coordinator")
        );
        if with_case {
            let reporter = account_id("village_operator2");
            let (closed, open, file, line) = (id(0x91), id(0x92), id(0x93), id(0x94));
            sql += &format!(
                "INSERT INTO problems (id, subject_kind, household_id, need_code, severity, source, status, sensitivity, reported_by, reported_at, closed_at)
                 VALUES ('{closed}', 'household', '{ENDED}', 'kekerasan', 'high', 'village', 'resolved', 'restricted', '{reporter}', now() - interval '7 years', now() - interval '6 years'),
                        ('{open}', 'household', '{ENDED}', 'kekerasan', 'high', 'village', 'reported', 'restricted', '{reporter}', now() - interval '7 years', NULL);
                 INSERT INTO evidence (id, subject_kind, subject_id, household_id, sha256, media_type, bytes, name, uploaded_by, created_at)
                 VALUES ('{file}', 'problem', '{closed}', '{ENDED}', md5('r') || md5('rx'), 'application/pdf', 9, 'rahasia.pdf', '{reporter}', now() - interval '7 years');
                 INSERT INTO access_log (id, at, actor_kind, actor_id, action, subject_kind, subject_id, household_id)
                 VALUES ('{line}', now() - interval '6 years', 'account', '{reporter}', 'view', 'problem', '{closed}', '{ENDED}');
                 UPDATE households SET updated_at = now() - interval '11 years' WHERE id = '{ENDED}';"
            );
        }
        self.app.sql().batch_execute(&sql).unwrap();
    }

    /// It is reported, confirmed by another and destroyed, but for what is held.
    fn retain(&self) {
        let run = self.by("admin").post("/api/v1/retention-runs", &json!({})).expect(202).id();
        self.app.work();
        self.step("coordinator", &format!("/api/v1/retention-runs/{run}"), "confirm", &json!({})).expect(202);
        self.app.work();
        let done = self.by("admin").get(&format!("/api/v1/retention-runs/{run}")).expect(200);
        let counts: Vec<_> = done["report"].as_array().unwrap().iter().map(|f| (&f["count"], &f["held"])).collect();
        assert_eq!(counts.iter().filter(|c| **c == (&json!(2), &json!(1))).count(), 3, "{}", done.text());
        let fixed = format!("UPDATE retention_runs SET id = '{RETENTION_RUN}' WHERE id = '{run}'");
        self.app.sql().batch_execute(&fixed).unwrap();
    }

    /// Life goes on, the same in both.
    fn afterwards(&mut self) {
        let problem = self.made["law_problem"].clone();
        let draft = self.referral("social_worker3", &problem, "legal_aid_cycle");
        self.keep("law_referral", draft);
        let body = json!({"subject": {"kind": "household", "id": HOME}, "need_code": "pangan", "severity": "low"});
        self.by("village_operator").post("/api/v1/problems", &body).expect(201);
        let body = json!({"region_code": OTHER_VILLAGE, "members": [{"name": "Iis Dahlia", "relation": "head"}]});
        self.by("coordinator").post("/api/v1/households", &body).expect(201);
        let path = format!("/api/v1/households/{HOUSEHOLD}");
        let operator = self.by("village_operator");
        let etag = operator.get(&path).expect(200).etag().to_owned();
        operator.patch(&path, &etag, &json!({"note": "Pindah kamar"})).expect(200);
    }
}

/// The members of the sample; in the one city the first person that has no chronic illness (01) has HIV (12).
fn sample_members(with_case: bool) -> Vec<u8> {
    let text = std::str::from_utf8(MEMBERS).unwrap();
    let column = text.lines().next().unwrap().split('|').position(|c| c == "penyakit_kronis").unwrap();
    let mut changed = false;
    let lines = text.split_inclusive('\n').map(|line| {
        let mut cells: Vec<&str> = line.split('|').collect();
        if !changed && cells.get(column) == Some(&"1") {
            changed = true;
            cells[column] = if with_case { "12" } else { "01" };
        }
        cells.join("|")
    });
    lines.collect::<String>().into_bytes()
}
