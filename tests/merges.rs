//! What a merge takes along: everything that names a person or a household, also what is made after this was written.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::duplicates::{Who, YETI, YETI_AGAIN, act, between, everything, home, path, person, search, similar_asserts};
use crate::harness::{SISTER_VILLAGE, TestDb, VILLAGE, count, root};
use crate::stage::{Stage, Terms};

/// Columns that name a person and do not follow a merge, and why.
const PERSONS_STAY: &[(&str, &str)] = &[
    ("individuals.merged_into", "it is what the merge writes"),
    ("individual_keys.individual_id", "made anew for whoever is compared, taken from whoever is not"),
];
/// The same of households.
const HOMES_STAY: &[(&str, &str)] = &[
    ("households.merged_into", "it is what the merge writes"),
    ("household_details.household_id", "one a household; the survivor has its own"),
    ("welfare_snapshots.household_id", "what a source said of this record, by month; it is read at the merged id"),
    ("registry_events.household_id", "the timeline of this record, which never changes"),
    ("memberships.household_id", "who lived in this record until when"),
    ("match_slots.household_id", "made anew by matching"),
    ("disclosures.household_id", "what was told of this record, which never changes"),
    ("break_glass.household_id", "who looked at this record, which never changes"),
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn names_of(table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT t.relname || '.' || a.attname AS line FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
         WHERE c.contype = 'f' AND c.confrelid = '{table}'::regclass ORDER BY 1"
    );
    let rows: Vec<Line> = diesel::sql_query(sql).load(&mut TestDb::create().connect()).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

#[test]
fn nothing_that_names_somebody_is_forgotten() {
    let source = std::fs::read_to_string(root().join("api/src/duplicates/merge.rs")).unwrap();
    let (_, steps) = source.split_once("const PERSON").unwrap();
    let (of_person, rest) = steps.split_once("const HOUSEHOLD").unwrap();
    let (of_household, _) = rest.split_once("];\n").unwrap();
    let follows = |steps: &str, column: &str| {
        let table = column.split('.').next().unwrap();
        steps.split("step(").any(|step| step.trim_start().starts_with(&format!("\"{table}\"")))
    };
    for (table, steps, stay) in [("individuals", of_person, PERSONS_STAY), ("households", of_household, HOMES_STAY)] {
        let names = names_of(table);
        for column in &names {
            let stays = stay.iter().any(|(name, _)| name == column);
            assert!(
                stays != follows(steps, column)
                    || (stays && table == "households" && column == "households.merged_into"),
                "{column} names one of the {table}: say in duplicates/merge.rs how it follows a merge, or here why it stays"
            );
        }
        for (name, why) in stay {
            assert!(names.iter().any(|column| column == name), "{name} is no more ({why})");
        }
    }
}

/// A plan with a line and somebody left out, about two needs of a person.
fn planned(stage: &Stage, person: Uuid, home: Uuid, offer: &crate::stage::Offer) {
    let report = |need: &str| {
        let body = json!({"subject": {"kind": "individual", "id": person}, "need_code": need, "severity": "high"});
        stage.by("social_worker").post("/api/v1/problems", &body).expect(201).id()
    };
    let (first, second) = (report("pangan"), report("kesehatan"));
    let (plan, operation) = (Uuid::now_v7(), Uuid::now_v7());
    let coordinator = "(SELECT id FROM accounts WHERE username = 'coordinator')";
    for sql in [
        format!("INSERT INTO operations (id, kind, state, finished_at) VALUES ('{operation}', 'test', 'succeeded', now())"),
        format!(
            "INSERT INTO allocation_plans (id, name, policy, parameters, seed, seed_commitment, operation_id, created_by)
             VALUES ('{plan}', 'Uji', 'optimal', '{{}}', 'undian uji 2026-11-22', repeat('0f', 32), '{operation}', {coordinator})"
        ),
        format!(
            "INSERT INTO allocation_lines (id, plan_id, problem_id, household_id, individual_id, region_code, need_code, severity, program_id, cycle_id, amount_idr, tier, rank, score, points)
             VALUES (gen_random_uuid(), '{plan}', '{first}', '{home}', '{person}', '{VILLAGE}', 'pangan', 'high', '{}', '{}', 1, 2, 1, 1, '{{1, 1, 0, 0}}')",
            offer.program, offer.cycle
        ),
        format!(
            "INSERT INTO allocation_left_out (id, plan_id, problem_id, household_id, individual_id, region_code, need_code, severity, tier, rank, score, points, reason)
             VALUES (gen_random_uuid(), '{plan}', '{second}', '{home}', '{person}', '{VILLAGE}', 'kesehatan', 'high', 2, 2, 1, '{{1, 1, 0, 0}}', 'no_program')"
        ),
    ] {
        stage.execute(&sql);
    }
}

fn origin(stage: &Stage, subject: Uuid, field: &str) -> Vec<String> {
    let sql = format!(
        "SELECT source || ' ' || period AS line FROM field_origins WHERE subject_id = '{subject}' AND field = '{field}'"
    );
    let rows: Vec<Line> = diesel::sql_query(sql).load(&mut stage.app.sql()).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

#[test]
fn plans_and_origins_follow_a_person_and_come_back() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms { unit: "person", ..Terms::default() });
    let (one, two) = (home(&stage, VILLAGE, "Jl. Anggrek 5", None), home(&stage, SISTER_VILLAGE, "Gg. Mawar 9", None));
    let (a, b) = (person(&stage, one, YETI), person(&stage, two, YETI_AGAIN));
    planned(&stage, b, two, &offer);
    // What two sources said of the one who is merged, and what the survivor's own record says.
    stage.execute(&format!(
        "UPDATE individuals SET marital_status = 'widowed', facts = '{{\"illness\": \"asthma\"}}' WHERE id = '{b}'"
    ));
    stage.execute(&format!("UPDATE individuals SET facts = '{{\"working\": \"yes\"}}' WHERE id = '{a}'"));
    stage.execute("DELETE FROM field_origins");
    stage.execute(&format!(
        "INSERT INTO field_origins (subject_id, field, source, period) VALUES ('{b}', 'marital_status', 'p3ke', '2025-03'),
            ('{b}', 'facts', 'p3ke', '2025-03'), ('{a}', 'facts', 'dtsen', '2026-09')"
    ));
    search(&stage);
    let coordinator = stage.by("coordinator");
    let pair = path(&between(&coordinator, a, b).expect("the two are found"));
    let before = everything(&stage.app);
    act(&coordinator, &pair, "merge", &json!({"survivor_id": a, "reason": "KTP yang sama"})).expect(200);
    for table in ["allocation_lines", "allocation_left_out"] {
        let sql = format!("SELECT count(*) AS n FROM {table} WHERE individual_id = '{a}' AND household_id = '{one}'");
        assert_eq!(count(&mut stage.app.sql(), &sql), 1, "{table}");
    }
    assert_eq!(origin(&stage, a, "marital_status"), ["p3ke 2025-03"], "the value was taken, and who said it");
    assert_eq!(origin(&stage, a, "facts"), ["dtsen 2026-09"], "the survivor's own values win");
    act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua orang"})).expect(200);
    similar_asserts(&before, &everything(&stage.app));
    // Once more, and now a person says it anew: value and origin stay.
    act(&coordinator, &pair, "merge", &json!({"survivor_id": a, "reason": "KTP yang sama"})).expect(200);
    let survivor = format!("/api/v1/individuals/{a}");
    coordinator.patch(&survivor, coordinator.get(&survivor).etag(), &json!({"marital_status": "married"})).expect(200);
    let undone = act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua orang"})).expect(200);
    assert_eq!(undone["merge"]["kept"], json!([{"kind": "individuals", "id": a, "fields": ["marital_status"]}]));
    assert!(
        origin(&stage, a, "marital_status").is_empty(),
        "a person said it, as everything of a record entered by hand"
    );
    assert_eq!(origin(&stage, b, "marital_status"), ["p3ke 2025-03"]);
    assert_eq!(origin(&stage, a, "facts"), ["dtsen 2026-09"]);
}

#[test]
fn households_of_one_card_are_merged_and_parted_again() {
    let stage = Stage::start();
    let offer = stage.offer(&Terms::default());
    let card = Some("3273010101200001");
    let (one, two) = (home(&stage, VILLAGE, "Jl. Anggrek 5", card), home(&stage, VILLAGE, "Jl. Anggrek 5A", card));
    let father = person(&stage, one, Who("Asep Hidayat", "male", "1958-01-12", None, "Icih"));
    let mother = person(&stage, two, Who("Tati Suhartati", "female", "1961-06-02", None, "Enok"));
    let child = person(&stage, two, Who("Rizki Hidayat", "male", "1999-10-20", None, "Tati Suhartati"));
    planned(&stage, mother, two, &offer);
    stage.execute(&format!("UPDATE households SET decile = 2, decile_source = 'dtsen' WHERE id = '{two}'"));
    stage.execute("DELETE FROM field_origins");
    stage.execute(&format!(
        "INSERT INTO field_origins (subject_id, field, source, period) VALUES ('{child}', 'family', 'p3ke', '2025-03')"
    ));
    let need = json!({"subject": {"kind": "household", "id": two}, "need_code": "pangan", "severity": "high"});
    let problem = stage.by("social_worker").post("/api/v1/problems", &need).expect(201).id();
    search(&stage);
    let coordinator = stage.by("coordinator");
    let rows = coordinator.all("/api/v1/duplicate-candidates?kind=household");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!([&rows[0]["a"]["id"], &rows[0]["b"]["id"]], [&json!(one.min(two)), &json!(one.max(two))]);
    let pair = path(&rows[0]);
    let before = everything(&stage.app);
    act(&coordinator, &pair, "merge", &json!({"survivor_id": one, "reason": "Satu KK"})).expect(200);
    let whole = coordinator.get(&format!("/api/v1/households/{one}")).expect(200);
    let members: Vec<&Value> = whole["members"].as_array().unwrap().iter().map(|m| &m["id"]).collect();
    assert_eq!((members.len(), &whole["members_count"], &whole["decile"]), (3, &json!(3), &json!(2)));
    assert!([father, mother, child].iter().all(|id| members.contains(&&json!(id))));
    let gone = coordinator.get(&format!("/api/v1/households/{two}")).expect(200);
    assert_eq!((&gone["status"], &gone["merged_into"]), (&json!("merged"), &json!(one)));
    assert_eq!(coordinator.get(&format!("/api/v1/problems/{problem}")).expect(200)["subject"]["id"], json!(one));
    let lines = format!("SELECT count(*) AS n FROM allocation_lines WHERE household_id = '{one}'");
    assert_eq!(count(&mut stage.app.sql(), &lines), 1);
    act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua rumah"})).expect(200);
    similar_asserts(&before, &everything(&stage.app));
    // Once more; then somebody joins the survivor and one of those who came along is edited.
    act(&coordinator, &pair, "merge", &json!({"survivor_id": one, "reason": "Satu KK"})).expect(200);
    let newcomer = json!({"name": "Dewi Anggraeni", "sex": "female", "birth_date": "2003-02-14"});
    let joined = coordinator.post(&format!("/api/v1/households/{one}/individuals"), &newcomer).expect(201);
    let edited = format!("/api/v1/individuals/{child}");
    coordinator.patch(&edited, coordinator.get(&edited).etag(), &json!({"phone": "081277777777"})).expect(200);
    act(&coordinator, &pair, "undo-merge", &json!({"reason": "Ternyata dua rumah"})).expect(200);
    let at = |id: &str| coordinator.get(&format!("/api/v1/individuals/{id}")).expect(200);
    assert_eq!(at(&joined.id())["household_id"], json!(one), "who came later stays");
    let back = at(&child.to_string());
    assert_eq!((&back["household_id"], &back["phone"]), (&json!(two), &json!("+6281277777777")));
    assert_eq!(origin(&stage, child, "family"), ["p3ke 2025-03"]);
}
