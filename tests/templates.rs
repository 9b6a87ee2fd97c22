//! Texts of letters: written by one, put into force by another, checked when they are written, and kept by every letter.

use serde_json::{Value, json};

use crate::harness::{Answer, VILLAGE, count};
use crate::services::{approved, new, step, text_of};
use crate::stage::Stage;

const TEMPLATES: &str = "/api/v1/letter-templates";

fn text(body: &str) -> Value {
    json!({"service_code": "sk_dtsen", "title": "Surat <b>baru</b> 📄", "body": body})
}

fn activate(stage: &Stage, who: &str, id: &str) -> Answer {
    let path = format!("{TEMPLATES}/{id}");
    let caller = stage.by(who);
    caller.act(&format!("{path}/activate"), caller.get(&path).expect(200).etag(), &json!({}))
}

/// Issues a letter to a new family; its text as printed, and which edition it names.
fn issued(stage: &Stage) -> Answer {
    let (household, _) = stage.household(VILLAGE);
    let id = approved(stage, &new("sk_dtsen", household));
    let issued = step(stage, "coordinator", &id, "issue", &json!({})).expect(200);
    stage.by("coordinator").get(&format!("/api/v1/letters/{}", issued["letter_id"].as_str().unwrap())).expect(200)
}

#[test]
fn a_text_is_checked_when_it_is_written() {
    let stage = Stage::start();
    let coordinator = stage.by("coordinator");
    for path in [TEMPLATES.to_owned(), format!("{TEMPLATES}/preview")] {
        let refused = |body: &str| coordinator.post(&path, &text(body)).expect(422);
        let wrong = refused("Nama : {{subject_name}}\nUmur : {{age}} {{letter_date|upper}}\n}} {{decile");
        assert_eq!(
            wrong.refusals(),
            [
                "/body unknown_placeholder",
                "/body wrong_format",
                "/body unopened_placeholder",
                "/body unclosed_placeholder"
            ]
        );
        let places: Vec<String> = wrong["errors"].as_array().unwrap().iter().map(|e| e["detail"].to_string()).collect();
        for (place, start) in
            places.iter().zip(["line 2, column 8:", "line 2, column 16:", "line 3, column 1:", "line 3, column 4:"])
        {
            assert!(place.starts_with(&format!("\"{start}")), "{place}");
        }
        assert_eq!(refused(&"{{x}}".repeat(30)).refusals().len(), 20);
        let mut body = text("Isi");
        body["title"] = json!("Surat {{subject_name}}");
        assert_eq!(coordinator.post(&path, &body).expect(422).refusals(), ["/title not_allowed"]);
        body["title"] = json!("Surat");
        body["service_code"] = json!("nonsense");
        assert_eq!(coordinator.post(&path, &body).expect(422).refusals(), ["/service_code unknown_code"]);
        for who in ["village_operator", "social_worker", "auditor", "partner", "citizen"] {
            stage.by(who).post(&path, &text("Isi")).expect(403);
        }
    }
    assert_eq!(
        count(&mut stage.app.sql(), "SELECT count(*) AS n FROM letter_templates WHERE created_by IS NOT NULL"),
        0
    );
    // Every placeholder that is listed is taken, in every format it lists.
    let listed = stage.by("admin").all("/api/v1/letter-placeholders?limit=7");
    assert_eq!(listed.len(), 18);
    let all: String = listed
        .iter()
        .flat_map(|p| {
            let code = p["code"].as_str().unwrap().to_owned();
            let formats = p["formats"].as_array().unwrap().clone();
            let plain = format!("{{{{{code}}}}}\n");
            std::iter::once(plain)
                .chain(formats.into_iter().map(move |f| format!("{{{{{code}|{}}}}}\n", f.as_str().unwrap())))
        })
        .collect();
    stage.by("admin").post(TEMPLATES, &text(&all)).expect(201);
}

#[test]
fn a_preview_shows_made_up_people_and_keeps_nothing() {
    let stage = Stage::start();
    let body = text(
        "Menerangkan {{subject_name|upper}}, {{decile}}, {{subject_birth_date|short}} <script>alert(1)</script> {{letter_number}}",
    );
    let shown = stage.by("admin").post(&format!("{TEMPLATES}/preview"), &body).expect(200);
    assert_eq!(shown.header("content-type"), Some("application/pdf"));
    assert!(shown.header("cache-control").unwrap().contains("no-store"));
    if let Some(read) = text_of(&shown.body) {
        let read = read.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in ["CONTOH", "SITI AMINAH, 2, 07/01/1980", "<script>alert(1)</script>", "400.9/0000/"] {
            assert!(read.contains(part), "{part} in {read}");
        }
    }
    for table in ["letters", "service_requests", "access_log", "letter_series"] {
        assert_eq!(count(&mut stage.app.sql(), &format!("SELECT count(*) AS n FROM {table}")), 0, "{table}");
    }
    assert_eq!(stage.by("admin").all(&format!("{TEMPLATES}?service_code=sk_dtsen")).len(), 1);
}

#[test]
fn one_writes_and_another_puts_into_force_and_letters_keep_their_version() {
    let stage = Stage::start();
    let first = issued(&stage);
    assert_eq!(first["template_edition"], 1);
    let made = stage
        .by("coordinator")
        .post(TEMPLATES, &text("Kepada {{subject_name|upper}} pada {{letter_date|short}}"))
        .expect(201);
    assert_eq!((&made["edition"], &made["status"], &made["can"]), (&json!(2), &json!("draft"), &json!([])));
    // A draft changes nothing yet.
    assert_eq!(issued(&stage)["template_edition"], 1);
    activate(&stage, "coordinator", &made.id()).expect(409).problem("same_person");
    for who in ["admin", "social_worker", "village_operator"] {
        activate(&stage, who, &made.id()).expect(403);
    }
    let stale = stage.by("coordinator2").get(&format!("{TEMPLATES}/{}", made.id())).expect(200);
    assert_eq!(stale["can"], json!(["activate"]));
    let now = activate(&stage, "coordinator2", &made.id()).expect(200);
    assert_eq!((&now["status"], &now["can"]), (&json!("in_force"), &json!([])));
    let path = format!("{TEMPLATES}/{}/activate", made.id());
    stage.by("coordinator2").act(&path, stale.etag(), &json!({})).expect(412);
    activate(&stage, "coordinator2", &made.id()).expect(409).problem("wrong_state");
    let second = issued(&stage);
    assert!(second["body"].as_str().unwrap().starts_with("Kepada SITI AMINAH pada "), "{}", second.text());
    assert_eq!((&second["title"], &second["template_edition"]), (&json!("Surat <b>baru</b> 📄"), &json!(2)));
    assert_eq!(second["template_id"], json!(made.id()));
    // The first letter is what it was, and the text it was made from can come back.
    let again = stage.by("coordinator").get(&format!("/api/v1/letters/{}", first.id())).expect(200);
    assert_eq!((&again["body"], &again["template_edition"]), (&first["body"], &json!(1)));
    let all = stage.by("coordinator").all(&format!("{TEMPLATES}?service_code=sk_dtsen"));
    let statuses: Vec<_> = all.iter().map(|t| t["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["in_force", "retired"]);
    activate(&stage, "coordinator", all[1]["id"].as_str().unwrap()).expect(200);
    assert_eq!(issued(&stage)["template_edition"], 1);
    // Not even the database lets a text or its history change, nor one person do both.
    use diesel::RunQueryDsl as _;
    for sql in [
        "UPDATE letter_templates SET body = 'x'".to_owned(),
        "DELETE FROM letter_template_activations".to_owned(),
        format!(
            "INSERT INTO letter_template_activations (id, template_id, service_code, serial, written_by, activated_by)
            VALUES (gen_random_uuid(), '{0}', 'sk_dtsen', 99, '{0}', '{0}')",
            made.id()
        ),
    ] {
        assert!(diesel::sql_query(&sql).execute(&mut stage.app.sql()).is_err(), "{sql}");
    }
}

#[test]
fn two_who_put_texts_into_force_at_once_leave_one() {
    let stage = Stage::start();
    let drafts: Vec<String> =
        (0..4).map(|n| stage.by("admin").post(TEMPLATES, &text(&format!("Isi {n}"))).expect(201).id()).collect();
    let callers = ["coordinator", "coordinator2", "coordinator", "coordinator2"].map(|who| stage.by(who));
    let etag = callers[0].get(&format!("{TEMPLATES}/{}", drafts[0])).expect(200).etag().to_owned();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = callers
            .iter()
            .zip(&drafts)
            .map(|(by, id)| {
                let (path, etag) = (format!("{TEMPLATES}/{id}/activate"), &etag);
                scope.spawn(move || by.act(&path, etag, &json!({})).status)
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    let all = stage.by("admin").all(&format!("{TEMPLATES}?service_code=sk_dtsen"));
    assert_eq!(all.iter().filter(|t| t["status"] == "in_force").count(), 1);
}
