//! The demo city: loaded once, into an empty database only, and whole.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Text;
use satupintu::demo::{self, Outcome, Plan};
use serde_json::json;

use crate::harness::{SERVICE, TestApp, TestDb, count};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    diesel::sql_query(sql).load::<Line>(conn).unwrap().into_iter().map(|l| l.line).collect()
}

fn plan(households: u32) -> Plan {
    Plan { seed: demo::SEED, households, today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() }
}

/// A migrated database without a row of anybody's.
fn migrated() -> TestDb {
    // The template makes the service's role, which the migrations give rights to.
    drop(TestDb::create());
    let db = TestDb::empty();
    satupintu::db::migrate::run(&db.owner_url(), Some(SERVICE.0)).unwrap();
    db
}

/// Constraints, indexes and triggers, as text.
fn shape(conn: &mut PgConnection) -> Vec<String> {
    lines(
        conn,
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated AS line
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
         ORDER BY 1",
    )
}

/// One line a table: its rows, in order, as one digest.
fn digests(conn: &mut PgConnection) -> Vec<String> {
    let tables = [
        "households",
        "household_details",
        "individuals",
        "identifiers",
        "welfare_snapshots",
        "restricted_facts",
        "problems",
        "programs",
        "program_cycles",
        "funding_sources",
        "ledger_accounts",
        "ledger_transactions",
        "ledger_entries",
        "referrals",
        "referral_events",
        "awards",
        "claims",
        "assignments",
        "deliveries",
        "disclosures",
        "waitlist",
        "funding_proposals",
        "organizations",
        "name_keys",
    ];
    tables
        .iter()
        .flat_map(|table| {
            // `updated_at` of organizations and the like is the time of loading.
            let sql = format!(
                "SELECT '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(row, '' ORDER BY row)), '-') AS line
                 FROM (SELECT (to_jsonb(t) - 'updated_at' - 'created_at')::text AS row FROM {table} t) rows"
            );
            lines(conn, &sql)
        })
        .collect()
}

#[test]
fn it_is_loaded_once_and_leaves_the_database_as_it_was_built() {
    let db = migrated();
    let mut conn = db.connect();
    let built = shape(&mut conn);
    let Outcome::Loaded { households, people } = demo::load(&mut conn, plan(900), true).unwrap() else {
        panic!("not loaded")
    };
    assert_eq!(households, 900);
    assert!((2_700..3_500).contains(&people), "{people}");
    assert_eq!(shape(&mut conn), built);

    let none = |conn: &mut PgConnection, what: &str| assert_eq!(lines(conn, what), Vec::<String>::new());
    none(
        &mut conn,
        "SELECT transaction_id::text AS line FROM ledger_entries GROUP BY transaction_id HAVING sum(amount) <> 0",
    );
    none(
        &mut conn,
        "SELECT a.id::text AS line FROM ledger_accounts a LEFT JOIN ledger_entries e ON e.account_id = a.id
         GROUP BY a.id HAVING a.balance <> coalesce(sum(e.amount), 0)",
    );
    none(
        &mut conn,
        "SELECT h.id::text AS line FROM households h LEFT JOIN individuals i ON i.household_id = h.id
         GROUP BY h.id HAVING h.members_count <> count(i.id) OR bool_and(i.id <> h.head_id)
            OR h.members_complete <> (h.declared_members = count(i.id))",
    );
    none(
        &mut conn,
        "SELECT i.id::text AS line FROM individuals i WHERE i.nik IS NOT NULL AND (right(i.nik, 4) < '5001' OR NOT EXISTS
             (SELECT FROM identifiers c WHERE c.subject_id = i.id AND c.kind = 'nik' AND c.value = i.nik AND c.status = i.nik_status))",
    );
    // Loading bypasses the triggers that keep it so.
    none(
        &mut conn,
        "SELECT p.id::text AS line FROM problems p JOIN households h ON h.id = p.household_id
         WHERE (p.region_code, p.district_code) <> (h.region_code, h.district_code)",
    );
    // What is restricted is marked so wherever it went.
    none(
        &mut conn,
        "SELECT r.id::text AS line FROM referrals r JOIN problems p ON p.id = r.problem_id JOIN programs g ON g.id = r.program_id
         WHERE (r.sensitivity = 'restricted') <> (p.sensitivity = 'restricted') OR g.sensitivity <> p.sensitivity",
    );
    the_aid_of_it_is_what_the_steps_would_have_made(&mut conn);
    none(&mut conn, "SELECT id::text AS line FROM individuals WHERE facts->>'illness' = 'hiv' OR facts ? 'depression'");
    assert_eq!(count(&mut conn, "SELECT count(*) AS n FROM organizations WHERE kind = 'foundation'"), 300);
    assert!(count(&mut conn, "SELECT count(*) AS n FROM referrals") > 50);

    let before = digests(&mut conn);
    assert_eq!(demo::load(&mut conn, plan(5), true).unwrap(), Outcome::AlreadyLoaded);
    assert_eq!(digests(&mut conn), before);
}

/// Seats, money, lines of help, claims and disclosures as the service's own steps leave them.
fn the_aid_of_it_is_what_the_steps_would_have_made(conn: &mut PgConnection) {
    let mut none = |what: &str| assert_eq!(lines(conn, what), Vec::<String>::new());
    // What was received is what was disbursed, and what still runs holds the rest.
    none(
        "SELECT f.id::text AS line FROM referrals f
         LEFT JOIN (SELECT t.referral_id, sum(e.amount) FILTER (WHERE a.bucket = 'disbursed') AS given,
                 sum(e.amount) FILTER (WHERE a.bucket IN ('reserved', 'committed')) AS held
             FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id JOIN ledger_accounts a ON a.id = e.account_id
             GROUP BY 1) m ON m.referral_id = f.id
         LEFT JOIN (SELECT referral_id, sum(amount_idr) FILTER (WHERE status IN ('received', 'accounted')) AS received,
                 sum(amount_idr) FILTER (WHERE status NOT IN ('failed', 'returned', 'cancelled')) AS planned
             FROM deliveries GROUP BY 1) d ON d.referral_id = f.id
         WHERE coalesce(m.given, 0) <> coalesce(d.received, 0) OR coalesce(d.planned, 0) > f.amount_idr
            OR coalesce(m.held, 0) <> CASE WHEN f.status IN ('sent', 'returned', 'accepted', 'scheduled', 'in_service')
                THEN f.amount_idr - coalesce(d.received, 0) ELSE 0 END",
    );
    none(
        "SELECT c.id::text AS line FROM program_cycles c LEFT JOIN referrals f ON f.cycle_id = c.id AND (f.status IN ('sent', 'returned', 'accepted', 'scheduled', 'in_service')
             OR (f.status = 'completed' AND c.seat_kind <> 'capacity' AND f.outcome_code IN ('need_met', 'need_partly_met')))
         GROUP BY c.id HAVING c.seats_taken <> count(f.id)",
    );
    none(
        "SELECT d.id::text AS line FROM deliveries d JOIN referrals f ON f.id = d.referral_id JOIN problems p ON p.id = f.problem_id
         WHERE d.created_at > d.updated_at OR d.approved_at > d.updated_at OR d.received_at > d.updated_at OR p.reported_by = d.received_by
            OR (d.status IN ('planned', 'approved', 'distributed') AND f.status NOT IN ('accepted', 'scheduled', 'in_service'))
            OR (d.confirmation = 'not_received') <> (d.attention IS NOT DISTINCT FROM 'not_received')
            OR (d.reason_code IS NULL) = (d.status IN ('failed', 'returned', 'cancelled'))",
    );
    // Whoever waits has a draft that holds nothing, for seats that are all taken.
    none(
        "SELECT w.id::text AS line FROM waitlist w JOIN referrals f ON f.id = w.referral_id JOIN program_cycles c ON c.id = w.cycle_id
         WHERE f.status <> 'draft' OR f.sent_at IS NOT NULL OR f.cycle_id <> c.id OR c.seats_taken < c.seats",
    );
    none(
        "SELECT f.id::text AS line FROM referrals f JOIN organizations o ON o.id = f.to_organization_id
         LEFT JOIN disclosures d ON d.referral_id = f.id AND d.basis <> 'referral_scheduled'
         WHERE f.sent_at IS NOT NULL AND coalesce(d.basis, 'none') <> CASE
             WHEN o.kind NOT IN ('foundation', 'philanthropy', 'zakat', 'company') THEN 'referral_sent'
             WHEN EXISTS (SELECT FROM referral_events e WHERE e.referral_id = f.id AND e.event = 'accept') THEN 'referral_accepted' ELSE 'none' END",
    );
    none(
        "SELECT c.id::text AS line FROM claims c WHERE c.override_reason IS NOT NULL AND NOT EXISTS (SELECT FROM claims o
             WHERE o.id <> c.id AND (o.overlap_class, o.unit_id, o.sensitivity) = (c.overlap_class, c.unit_id, c.sensitivity) AND o.period && c.period)",
    );
}

#[test]
fn the_same_seed_gives_the_same_city() {
    let of = || {
        let db = migrated();
        let mut conn = db.connect();
        demo::load(&mut conn, plan(150), true).unwrap();
        digests(&mut conn)
    };
    assert_eq!(of(), of());
}

#[test]
fn it_never_goes_over_real_data_or_uninvited() {
    let real = TestDb::create();
    let mut conn = real.connect();
    let before = digests(&mut conn);
    assert!(demo::load(&mut conn, plan(10), true).unwrap_err().contains("real data"));
    assert_eq!(digests(&mut conn), before);

    let empty = migrated();
    let mut conn = empty.connect();
    assert!(demo::load(&mut conn, plan(10), false).unwrap_err().contains("DEMO=1"));
    assert_eq!(count(&mut conn, "SELECT count(*) AS n FROM accounts"), 0);
}

#[test]
fn its_accounts_sign_in_and_no_households_are_fine_too() {
    let db = migrated();
    assert_eq!(demo::load(&mut db.connect(), plan(0), true).unwrap(), Outcome::Loaded { households: 0, people: 0 });
    let app = TestApp::build().database(db).start();
    let nobody = app.anonymous();
    for username in [
        "admin",
        "coordinator",
        "social_worker",
        "village_operator2",
        "agency_officer",
        "partner",
        "auditor",
        "citizen",
    ] {
        let body = json!({"username": username, "password": "satu-pintu-demo"});
        nobody.post("/api/v1/auth/login", &body).expect(200);
    }
    let form = [("grant_type", "client_credentials")];
    nobody
        .request("POST", "/oauth/token")
        .basic("demo-client", "satu-pintu-demo-client-secret")
        .form(&form)
        .send()
        .expect(200);
}

/// What the README does, with what was sent to the foundation of the demo.
#[test]
fn a_foundation_s_own_system_posts_a_program_and_takes_a_referral() {
    let db = migrated();
    demo::load(&mut db.connect(), plan(10_000), true).unwrap();
    let app = TestApp::build().database(db).start();
    // At this size the demo's social workers have somebody who waits for a seat.
    assert!(!app.sign_in("social_worker", "satu-pintu-demo").all("/api/v1/waitlist?status=waiting").is_empty());
    let nobody = app.anonymous();
    let form = [("grant_type", "client_credentials")];
    let partner = nobody
        .request("POST", "/oauth/token")
        .basic("demo-partner-client", "satu-pintu-demo-partner-secret")
        .form(&form)
        .send()
        .expect(200);
    let token = format!("Bearer {}", partner["access_token"].as_str().unwrap());
    let call = |method: &str, path: &str| nobody.request(method, path).header("authorization", &token);
    let sent = call("GET", "/api/v1/referrals?status=sent&limit=1").send().expect(200);
    let referral = &sent["data"][0];
    let own = referral["to_organization_id"].as_str().expect("the foundation has been sent somebody");
    let program = json!({"code": "BEASISWA_1", "name": {"id": "Beasiswa yatim", "en": "Scholarship for orphans"},
        "organization_id": own, "pillar": "jaminan_sosial", "needs": ["pendidikan"], "access_mode": "referral",
        "claim_unit": "person", "benefit": {"kind": "scholarship", "unit": "semester", "value_idr": 1_500_000, "period": "once"}});
    assert_eq!(call("POST", "/api/v1/programs").json(&program).send().expect(201)["status"], "draft");
    let path = format!("/api/v1/referrals/{}", referral["id"].as_str().unwrap());
    let tag = call("GET", &path).send().expect(200).etag().to_owned();
    let accepted = call("POST", &format!("{path}/accept")).header("if-match", &tag).send().expect(200);
    assert!(accepted["subject_name"].is_string(), "and now it knows who");
}

#[test]
fn everybody_finds_in_it_what_is_theirs() {
    let db = migrated();
    demo::load(&mut db.connect(), plan(1500), true).unwrap();
    let app = TestApp::build().database(db).start();
    let lists = ["households", "problems", "programs", "funding-sources", "referrals"];
    let each = ["problems", "referrals", "timeline", "individuals"];
    // Whoever may not see a list is told so; whoever may finds rows, and every answer is as the document says.
    let finds = |username: &str, at_least: [usize; 5]| {
        let caller = app.sign_in(username, "satu-pintu-demo");
        for (list, least) in lists.iter().zip(at_least) {
            if least == 0 {
                continue;
            }
            let rows = caller.all(&format!("/api/v1/{list}?limit=200"));
            assert!(rows.len() >= least, "{username} finds {} of {list}", rows.len());
            for row in rows.iter().take(6) {
                let path = format!("/api/v1/{list}/{}", row["id"].as_str().unwrap());
                caller.get(&path).expect(200);
                for part in each.iter().filter(|_| *list == "households") {
                    caller.get(&format!("{path}/{part}")).expect(200);
                }
            }
        }
        caller
    };
    let coordinator = finds("coordinator", [1500, 500, 300, 200, 90]);
    let referral =
        coordinator.get("/api/v1/referrals?limit=1").expect(200)["data"][0]["id"].as_str().unwrap().to_owned();
    coordinator.get(&format!("/api/v1/referrals/{referral}/history")).expect(200);
    no_screen_about_aid_is_empty(&app);
    finds("social_worker", [12, 1, 1, 0, 0]);
    finds("village_operator", [12, 1, 1, 0, 0]);
    finds("agency_officer", [0, 0, 1, 1, 1]);
    finds("partner", [0, 0, 1, 1, 1]);
    let citizen = finds("citizen", [1, 0, 1, 0, 0]);
    assert_eq!(citizen.all("/api/v1/households").len(), 1);
}

/// Every list about aid and money has something for whoever works with it, and somebody has something to decide.
fn no_screen_about_aid_is_empty(app: &TestApp) {
    let some = |username: &str, lists: &[&str]| {
        let caller = app.sign_in(username, "satu-pintu-demo");
        for list in lists {
            let path = format!("/api/v1/{list}{}limit=1", if list.contains('?') { "&" } else { "?" });
            let page = caller.get(&path).expect(200);
            assert!(page["data"].as_array().is_some_and(|d| !d.is_empty()), "{username} finds nothing in {list}");
        }
        caller
    };
    let statuses = ["planned", "approved", "distributed", "received", "accounted", "failed", "returned", "cancelled"];
    for status in statuses {
        some("coordinator", &[&format!("deliveries?status={status}")]);
    }
    let all = [
        "deliveries",
        "waitlist",
        "disclosures",
        "overlap-overrides",
        "funding-proposals?status=proposed",
        "decisions",
    ];
    let coordinator = some("coordinator", &all);
    some(
        "coordinator",
        &["overlap-overrides?reviewed=false", "overlap-overrides?reviewed=true", "funding-proposals?status=rejected"],
    );
    some("auditor", &["deliveries", "disclosures", "overlap-overrides", "funding-proposals", "decisions"]);
    some("social_worker", &["deliveries", "decisions?status=notified"]);
    some("agency_officer", &["deliveries", "funding-proposals"]);
    some("partner", &["deliveries", "funding-proposals"]);
    let citizen = some(
        "citizen",
        &["deliveries?status=distributed", "deliveries?status=received", "deliveries?status=accounted"],
    );
    let due = citizen.get("/api/v1/deliveries?status=distributed&limit=1").expect(200)["data"][0].clone();
    assert!(due["can"].as_array().unwrap().contains(&json!("confirm")), "{due}");
    // What the ministries give is decided by them: in the catalogue, with its values by group, and never by referral.
    let ministry = coordinator.all("/api/v1/programs?access_mode=ministry_proposal&status=published&limit=50");
    let family = ministry.iter().find(|p| p["code"] == "PKH").expect("PKH is in the catalogue");
    assert!(ministry.len() > 8 && family["benefit"]["tiers"].as_array().unwrap().len() == 8, "{family}");
    // What the demo proposed is read and done like any other proposal.
    let second = app.sign_in("coordinator2", "satu-pintu-demo");
    for proposal in coordinator.all("/api/v1/funding-proposals?status=proposed&limit=50") {
        let mine = proposal["can"].as_array().unwrap().contains(&json!("approve"));
        let caller = if mine { &coordinator } else { &second };
        let path = format!("/api/v1/funding-proposals/{}/approve", proposal["id"].as_str().unwrap());
        assert_eq!(caller.post(&path, &json!({})).expect(200)["status"], "approved");
    }
}
