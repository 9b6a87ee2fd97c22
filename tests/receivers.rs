//! Receivers without an account: asked by a one-time link or a letter, answered for with evidence; and how a person is
//! reached, from the day on which help is scheduled.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::evidence::PDF;
use crate::harness::{AGENCY, Answer, FOUNDATION, VILLAGE, account_id, count};
use crate::services::text_of;
use crate::stage::{Offer, Stage, Terms};

const LETTERBOX: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a77);
const LOOK: &str = "/api/v1/referral-answers/look";
const ACCEPT: &str = "/api/v1/referral-answers/accept";
const DECLINE: &str = "/api/v1/referral-answers/decline";

/// A stage with a foundation that nobody acts for, a program and money for it.
fn stage() -> (Stage, Offer, String) {
    let stage = Stage::start();
    stage.execute(&format!(
        "INSERT INTO organizations (id, code, name, kind, status, email, address) VALUES
         ('{LETTERBOX}', 'letterbox', 'Yayasan Surat', 'foundation', 'verified', 'surat@example.org', 'Jl. Braga No. 10')"
    ));
    let offer = stage.offer(&Terms::default());
    let source = stage.budget("BUDGET", &offer, 1_000_000, 1_000_000);
    (stage, offer, source)
}

/// Drafts a referral to an organization and sends it.
fn sent_to(stage: &Stage, offer: &Offer, problem: &str, organization: Uuid) -> String {
    let new = json!({"problem_id": problem, "cycle_id": offer.cycle, "to_organization_id": organization,
        "note": "Rumah di gang sempit."});
    let id = stage.by("social_worker").post("/api/v1/referrals", &new).expect(201).id();
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    id
}

fn path(id: &str) -> String {
    format!("/api/v1/referrals/{id}")
}

fn link(stage: &Stage, who: &str, id: &str) -> String {
    let link = stage.by(who).post_empty(&format!("{}/links", path(id))).expect(201);
    assert_eq!(link.header("cache-control"), Some("no-store"));
    link["secret"].as_str().unwrap().to_owned()
}

fn accept(stage: &Stage, secret: &str) -> Answer {
    stage.app.anonymous().post(ACCEPT, &json!({"secret": secret, "answered_by": "Ibu Ratna", "note": "Siap."}))
}

fn look(stage: &Stage, secret: &str) -> Answer {
    stage.app.anonymous().post(LOOK, &json!({"secret": secret}))
}

/// Somebody acts for the foundation from now on.
fn account_for(stage: &Stage, organization: Uuid) {
    stage.execute(&format!(
        "INSERT INTO grants (id, account_id, role, scope_kind, scope_ref, from_date, status)
         VALUES (gen_random_uuid(), '{}', 'partner', 'organization', '{organization}', '2020-01-01', 'active')",
        account_id("partner_out")
    ));
}

/// A file of a problem, sent by the social worker.
fn evidence(stage: &Stage, problem: &str) -> String {
    let file = reqwest::blocking::multipart::Part::bytes(PDF).file_name("surat.pdf");
    let form = reqwest::blocking::multipart::Form::new().part("file", file);
    let path = format!("/api/v1/problems/{problem}/evidence");
    stage.by("social_worker").request("POST", &path).multipart(form).send().expect(201).id()
}

fn recorded(evidence: &str) -> Value {
    json!({"answer": "accept", "channel": "phone", "answered_by": "Ibu Ratna", "answered_on": today(), "evidence_id": evidence})
}

fn today() -> String {
    (chrono::Utc::now() + chrono::Duration::hours(7)).date_naive().to_string()
}

fn history(stage: &Stage, id: &str) -> Vec<Value> {
    stage.by("social_worker").all(&format!("{}/history", path(id)))
}

#[test]
fn a_link_is_answered_once_and_tells_who_it_is_only_then() {
    let (stage, offer, source) = stage();
    let (household, problem) = stage.needy();
    let id = sent_to(&stage, &offer, &problem, LETTERBOX);
    let seen = stage.by("social_worker").get(&path(&id)).expect(200);
    assert_eq!(seen["can"], json!(["cancel", "make-link", "print-letter", "record-answer"]));
    assert_eq!((&seen["receiver"]["reach"], &seen["receiver"]["link_until"]), (&json!("link"), &json!(null)));
    assert_eq!(seen["receiver"]["email"], "surat@example.org");
    let other = stage.by("village_operator").get(&path(&id)).expect(200);
    assert_eq!((&other["receiver"]["reach"], &other["receiver"]["email"]), (&json!("link"), &json!(null)));
    for (who, status) in
        [("village_operator", 403), ("partner", 403), ("agency_officer", 404), ("social_worker_out", 404)]
    {
        stage.by(who).post_empty(&format!("{}/links", path(&id))).expect(status);
    }
    let made = stage.by("social_worker").post_empty(&format!("{}/links", path(&id))).expect(201);
    let secret = made["secret"].as_str().unwrap();
    let plain = secret.replace('-', "");
    assert!(made["url"].as_str().unwrap().ends_with(&format!("/answer#{plain}")), "{}", made.text());
    let now = stage.by("social_worker").get(&path(&id)).expect(200);
    assert_eq!((&now["receiver"]["link_until"], &now["version"]), (&now["due_at"], &seen["version"]));
    assert_ne!(now.etag(), seen.etag(), "the view has changed");
    let kept = "SELECT count(*) AS n FROM referral_links WHERE length(secret_hash) = 32 AND ended_at IS NULL";
    assert_eq!(count(&mut stage.app.sql(), kept), 1);

    // Before the answer: what is asked for, and nothing of whom. Typed as people type.
    let offered = look(&stage, &secret.to_lowercase().replace('-', " ")).expect(200);
    assert_eq!((&offered["organization_name"], &offered["need"]["en"]), (&json!("Yayasan Surat"), &json!("Food")));
    assert!(offered["decline_reasons"].as_array().unwrap().iter().any(|r| r["code"] == "no_capacity"));
    for hidden in ["Siti", "Rumah di gang", &household.to_string(), &problem, &id] {
        assert!(!offered.text().contains(hidden), "{hidden} in {}", offered.text());
    }
    assert_eq!(stage.balance(&source)[3], 100_000, "looking answers nothing");

    let told = accept(&stage, secret).expect(200);
    assert_eq!((&told["accepted"], &told["subject_name"]), (&json!(true), &json!("Siti Aminah")));
    assert_eq!((&told["people"][0]["name"], &told["note"]), (&json!("Siti Aminah"), &json!("Rumah di gang sempit.")));
    assert!(!told.text().contains("phone") && !told.text().contains("street"), "{}", told.text());
    assert_eq!(stage.balance(&source), [0, 0, 900_000, 0, 100_000, 0]);
    assert_eq!(stage.problem_status(&problem), "in_service");
    accept(&stage, secret).expect(409).problem("link_ended");
    look(&stage, secret).expect(409).problem("link_ended");
    let after = stage.by("social_worker").get(&path(&id)).expect(200);
    assert_eq!((&after["status"], &after["receiver"]["link_until"]), (&json!("accepted"), &json!(null)));
    assert_eq!(after["disclosed_fields"], json!(["birth_date", "members", "name", "region", "sex"]));
    let steps = history(&stage, &id);
    let last = steps.last().unwrap();
    assert_eq!((&last["event"], &last["actor_id"], &last["note"]), (&json!("accept"), &json!(null), &json!("Siap.")));
    let whose = json!({"channel": "link", "answered_by": "Ibu Ratna", "answered_on": today(), "evidence_id": null});
    assert_eq!(last["on_behalf"], whose);
    assert!(steps.iter().take(2).all(|step| step["on_behalf"].is_null()));
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action IN ('referral.reach', 'referral.accept')";
    assert_eq!(count(&mut stage.app.sql(), trail), 2);
}

#[test]
fn only_the_newest_link_opens_and_none_that_was_altered() {
    let (stage, offer, _) = stage();
    let (_, problem) = stage.needy();
    let id = sent_to(&stage, &offer, &problem, LETTERBOX);
    let first = link(&stage, "social_worker", &id);
    let second = link(&stage, "coordinator", &id);
    look(&stage, &first).expect(409).problem("link_ended");
    accept(&stage, &first).expect(409).problem("link_ended");
    look(&stage, &second).expect(200);
    let mut altered = second.clone().into_bytes();
    altered[0] = if altered[0] == b'7' { b'8' } else { b'7' };
    let altered = String::from_utf8(altered).unwrap();
    look(&stage, &altered).expect(404).problem("not_found");
    accept(&stage, &altered).expect(404).problem("not_found");
    look(&stage, &second[..20]).expect(404);
    assert_eq!(look(&stage, "").expect(422).refusals(), ["/secret length"]);
    stage.by("social_worker").post_empty(&format!("{}/letter", path(&id))).expect(200);
    look(&stage, &second).expect(409).problem("link_ended");
    assert_eq!(stage.by("social_worker").get(&path(&id)).expect(200)["receiver"]["reach"], "letter");

    // In time, it dies; and once somebody acts for the foundation, he answers.
    let third = link(&stage, "social_worker", &id);
    stage.execute(&format!("UPDATE referrals SET due_at = now() - interval '1 minute' WHERE id = '{id}'"));
    look(&stage, &third).expect(409).problem("link_ended");
    accept(&stage, &third).expect(409).problem("link_ended");
    stage.by("social_worker").post_empty(&format!("{}/links", path(&id))).expect(409).problem("wrong_state");
    stage.execute(&format!("UPDATE referrals SET due_at = now() + interval '1 day' WHERE id = '{id}'"));
    look(&stage, &third).expect(200);
    stage.execute(&format!("UPDATE organizations SET agreement_until = '2020-01-01' WHERE id = '{LETTERBOX}'"));
    accept(&stage, &third).expect(409).problem("agreement_expired");
    stage.execute(&format!("UPDATE organizations SET agreement_until = NULL WHERE id = '{LETTERBOX}'"));
    account_for(&stage, LETTERBOX);
    look(&stage, &third).expect(409).problem("receiver_has_account");
    accept(&stage, &third).expect(409).problem("receiver_has_account");
    for verb in ["links", "letter"] {
        let refused = stage.by("social_worker").post_empty(&format!("{}/{verb}", path(&id)));
        refused.expect(409).problem("receiver_has_account");
    }
    let seen = stage.by("social_worker").get(&path(&id)).expect(200);
    assert_eq!((&seen["receiver"]["reach"], &seen["receiver"]["link_until"]), (&json!("account"), &json!(null)));
    assert_eq!(seen["can"], json!(["cancel"]));
    // Disabled, the account answers nothing.
    stage.execute("UPDATE grants SET status = 'revoked' WHERE scope_ref = '01980000-0000-7000-8000-000000000a77'");
    stage.execute(&format!(
        "INSERT INTO clients (id, client_id, secret_hash, name, organization_id) VALUES (gen_random_uuid(), 'theirs', 'x', 'x', '{LETTERBOX}')"
    ));
    look(&stage, &third).expect(409).problem("receiver_has_account");
}

#[test]
fn a_link_dies_with_the_status_and_a_refusal_gives_all_back() {
    let (stage, offer, source) = stage();
    let (_, problem) = stage.needy();
    let id = sent_to(&stage, &offer, &problem, LETTERBOX);
    let first = link(&stage, "social_worker", &id);
    stage.step("coordinator", &id, "return", &json!({"reason_code": "missing_identity"})).expect(200);
    look(&stage, &first).expect(409).problem("link_ended");
    stage.by("social_worker").post_empty(&format!("{}/links", path(&id))).expect(409).problem("wrong_state");
    stage.step("social_worker", &id, "send", &json!({})).expect(200);
    accept(&stage, &first).expect(409).problem("link_ended");
    let second = link(&stage, "social_worker", &id);
    let no = |reason: &str| {
        let body = json!({"secret": second, "answered_by": "Ibu Ratna", "reason_code": reason});
        stage.app.anonymous().post(DECLINE, &body)
    };
    assert_eq!(no("nonsense").expect(422).refusals(), ["/reason_code unknown_code"]);
    let told = no("no_capacity").expect(200);
    let nothing = json!({"accepted": false, "referral_id": id, "subject_name": null, "people": [], "note": null});
    assert_eq!(told.json(), nothing);
    assert_eq!(stage.balance(&source), [0, 0, 1_000_000, 0, 0, 0]);
    assert_eq!((stage.seats_taken(&offer), stage.active_claims()), (0, 0));
    assert_eq!(stage.problem_status(&problem), "verified");
    no("no_capacity").expect(409).problem("link_ended");
    assert_eq!(stage.by("social_worker").get(&path(&id)).expect(200)["disclosed_fields"], json!([]));

    // Two answer at once: one of them has.
    let id = sent_to(&stage, &offer, &problem, LETTERBOX);
    let secret = link(&stage, "social_worker", &id);
    let caller = stage.app.anonymous();
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let runs: Vec<_> = (0..6)
            .map(|n| {
                let (caller, secret) = (caller.clone(), &secret);
                threads.spawn(move || match n % 2 {
                    0 => caller.post(ACCEPT, &json!({"secret": secret, "answered_by": "Satu"})).status,
                    _ => {
                        let no = json!({"secret": secret, "answered_by": "Dua", "reason_code": "other"});
                        caller.post(DECLINE, &no).status
                    }
                })
            })
            .collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 5, "{statuses:?}");
}

#[test]
fn guessing_is_counted() {
    let (stage, ..) = stage();
    let caller = stage.app.anonymous();
    for n in 0..100 {
        caller.post(LOOK, &json!({"secret": format!("WRONG{n}")})).expect(404);
    }
    let refused = caller.post(LOOK, &json!({"secret": "WRONG"})).expect(429);
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn an_answer_is_recorded_with_what_shows_it() {
    let (stage, offer, source) = stage();
    let (_, problem) = stage.needy();
    let (_, other) = stage.needy();
    let id = sent_to(&stage, &offer, &problem, LETTERBOX);
    let secret = link(&stage, "social_worker", &id);
    let (file, foreign) = (evidence(&stage, &problem), evidence(&stage, &other));
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut body = recorded(&file);
        change(&mut body);
        stage.step("social_worker", &id, "record-answer", &body).expect(422).refusals()
    };
    assert_eq!(refused(&|b| _ = b.as_object_mut().unwrap().remove("evidence_id")), ["/evidence_id required"]);
    assert_eq!(refused(&|b| b["evidence_id"] = json!(foreign)), ["/evidence_id not_found"]);
    assert_eq!(refused(&|b| b["evidence_id"] = json!(Uuid::now_v7())), ["/evidence_id not_found"]);
    assert_eq!(refused(&|b| b["answered_by"] = json!("  ")), ["/answered_by required"]);
    assert_eq!(refused(&|b| b["answered_on"] = json!("2099-01-01")), ["/answered_on in_future"]);
    assert_eq!(refused(&|b| b["answered_on"] = json!("2020-01-01")), ["/answered_on too_early"]);
    assert_eq!(refused(&|b| b["channel"] = json!("link")), ["/channel not_allowed"]);
    assert_eq!(refused(&|b| b["reason_code"] = json!("other")), ["/reason_code not_allowed"]);
    assert_eq!(refused(&|b| b["answer"] = json!("decline")), ["/reason_code required"]);
    let body = recorded(&file);
    stage.by("social_worker").act(&format!("{}/record-answer", path(&id)), "\"9.x\"", &body).expect(412);
    stage.step("village_operator", &id, "record-answer", &body).expect(403);
    let done = stage.step("social_worker", &id, "record-answer", &body).expect(200);
    assert_eq!((&done["status"], &done["receiver"]["link_until"]), (&json!("accepted"), &json!(null)));
    assert_eq!(stage.balance(&source), [0, 0, 900_000, 0, 100_000, 0]);
    look(&stage, &secret).expect(409).problem("link_ended");
    let steps = history(&stage, &id);
    let last = steps.last().unwrap();
    assert_eq!((&last["event"], &last["actor_name"]), (&json!("accept"), &json!("Social Worker")));
    let whose = json!({"channel": "phone", "answered_by": "Ibu Ratna", "answered_on": today(), "evidence_id": file});
    assert_eq!(last["on_behalf"], whose);
    stage.step("social_worker", &id, "record-answer", &body).expect(409).problem("wrong_state");

    // An emergency nobody has verified: what shows the answer stays all the same.
    let (household, _) = stage.household(VILLAGE);
    let urgent = stage.new_problem(household, "pangan", "emergency");
    let urgent = stage.by("village_operator").post("/api/v1/problems", &urgent).expect(201).id();
    let id = sent_to(&stage, &offer, &urgent, LETTERBOX);
    let file = evidence(&stage, &urgent);
    let mut no = recorded(&file);
    (no["answer"], no["reason_code"], no["channel"]) = (json!("decline"), json!("no_capacity"), json!("letter"));
    assert_eq!(stage.step("social_worker", &id, "record-answer", &no).expect(200)["status"], "declined");
    stage.by("social_worker").delete(&format!("/api/v1/evidence/{file}")).expect(409).problem("wrong_state");
    assert_eq!(stage.balance(&source), [0, 0, 900_000, 0, 100_000, 0]);

    // For whom an account answers, nobody else does.
    for organization in [FOUNDATION, AGENCY] {
        let (_, problem) = stage.needy();
        let id = sent_to(&stage, &offer, &problem, organization);
        let file = evidence(&stage, &problem);
        let refused = stage.step("social_worker", &id, "record-answer", &recorded(&file)).expect(409);
        refused.problem("receiver_has_account");
    }
}

#[test]
fn a_letter_says_what_is_asked_for_and_nothing_of_whom() {
    let (stage, offer, _) = stage();
    let (household, head) = stage.household(VILLAGE);
    stage.execute(&format!(
        "UPDATE individuals SET nik = '3273014101805001', phone = '+6281234567890' WHERE id = '{head}'"
    ));
    stage.execute(&format!(
        "INSERT INTO household_details (household_id, street) VALUES ('{household}', 'Jl. Melati 3')"
    ));
    let problem = stage.verified(household);
    let id = sent_to(&stage, &offer, &problem, LETTERBOX);
    stage.by("village_operator").post_empty(&format!("{}/letter", path(&id))).expect(403);
    let letter = stage.by("social_worker").post_empty(&format!("{}/letter", path(&id))).expect(200);
    assert_eq!(
        (letter.header("content-type"), letter.header("cache-control")),
        (Some("application/pdf"), Some("no-store"))
    );
    let raw = String::from_utf8_lossy(&letter.body).into_owned();
    let secret = raw.split("/answer#").nth(1).expect("a link behind the code").split(')').next().unwrap().to_owned();
    let text = text_of(&letter.body).expect("pdftotext is needed to read the letter");
    for expected in
        ["RUJUKAN BANTUAN", "Yayasan Surat", "Jl. Braga No. 10", "Program PARCELS", "Rp 100.000", "Tinggi", &id]
    {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let groups: Vec<String> = secret.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    assert!(text.contains(&groups.join("-")), "the key can be typed\n{text}");
    for hidden in
        ["Siti", "Aminah", "3273014101805001", "81234567890", "Melati", "gang sempit", &household.to_string(), &problem]
    {
        assert!(!text.contains(hidden) && !raw.contains(hidden), "{hidden} is in\n{text}");
    }
    look(&stage, &secret).expect(200);
}

#[test]
fn how_somebody_is_reached_is_told_once_help_is_scheduled() {
    let (stage, offer, _) = stage();
    for (who, organization) in [("partner", FOUNDATION), ("agency_officer", AGENCY)] {
        let (household, head) = stage.household(VILLAGE);
        stage.execute(&format!(
            "UPDATE individuals SET phone = '+6281234567890', accommodations = '{{\"safe_contact\": \"Lewat kakak\", \"wheelchair\": true}}' WHERE id = '{head}'"
        ));
        stage.execute(&format!(
            "INSERT INTO household_details (household_id, street, rt, note) VALUES ('{household}', 'Jl. Melati 3', '004', 'Belakang masjid')"
        ));
        let problem = stage.verified(household);
        let id = sent_to(&stage, &offer, &problem, organization);
        let (receiver, contact) = (stage.by(who), format!("{}/contact", path(&id)));
        let (home, person) = (format!("/api/v1/households/{household}"), format!("/api/v1/individuals/{head}"));
        receiver.get(&contact).expect(409).problem("contact_not_open");
        let accepted = stage.step(who, &id, "accept", &json!({})).expect(200);
        assert_eq!(accepted["can"], json!(["schedule", "start", "complete", "plan-delivery"]));
        receiver.get(&contact).expect(409).problem("contact_not_open");
        let before = receiver.get(&home).expect(200);
        let alone = receiver.get(&person).expect(200);
        for answer in [&before, &alone, &receiver.get(&format!("{home}/individuals")).expect(200)] {
            for hidden in ["Melati", "81234567890", "Belakang masjid", "kakak"] {
                assert!(!answer.text().contains(hidden), "{who} sees {hidden} in {}", answer.text());
            }
        }
        assert_eq!((&before["withheld"], &alone["withheld"]), (&json!(["address", "phone"]), &json!(["phone"])));
        assert_eq!(alone["accommodations"], json!({"wheelchair": true}));
        for (q, found) in [("Jl. Melati 3", 0), ("Siti Aminah", 1)] {
            let hits = receiver.post("/api/v1/individuals/search", &json!({"q": q})).expect(200);
            assert_eq!(hits["data"].as_array().unwrap().len(), found, "{who} searches {q}: {}", hits.text());
            assert!(!hits.text().contains("81234567890"));
        }
        let scheduled = stage.step(who, &id, "schedule", &json!({"scheduled_on": "2099-01-01"})).expect(200);
        assert!(scheduled["can"].as_array().unwrap().contains(&json!("contact")), "{}", scheduled.text());
        assert!(scheduled["disclosed_fields"].as_array().unwrap().contains(&json!("phone")));
        let told = receiver.get(&contact).expect(200);
        assert_eq!((&told["address"]["street"], &told["address"]["rt"]), (&json!("Jl. Melati 3"), &json!("004")));
        assert_eq!(told["people"][0]["phone"], "+6281234567890");
        assert_eq!(told["people"][0]["accommodations"]["safe_contact"], "Lewat kakak");
        let after = receiver.get(&home).expect(200);
        assert_eq!((&after["withheld"], &after["addresses"]["street"]), (&json!([]), &json!("Jl. Melati 3")));
        assert_ne!((before.etag(), alone.etag()), (after.etag(), receiver.get(&person).expect(200).etag()));
        assert_eq!(
            receiver.post("/api/v1/individuals/search", &json!({"q": "Jl. Melati 3"})).expect(200)["data"][0]["id"],
            json!(head)
        );
        let entered = format!(
            "SELECT count(*) AS n FROM disclosures WHERE referral_id = '{id}' AND basis = 'referral_scheduled' AND fields = '{{address,phone,accommodations}}'"
        );
        assert_eq!(count(&mut stage.app.sql(), &entered), 1);
        let looked =
            format!("SELECT count(*) AS n FROM access_log WHERE subject_id = '{id}' AND 'phone' = ANY(fields)");
        assert_eq!(count(&mut stage.app.sql(), &looked), 1);
        // Nobody else: not who reads referrals of the city, nor who works where the family lives.
        stage.app.as_client("test-reader").get(&contact).expect(403);
        for (other, status) in
            [("social_worker", 403), ("coordinator", 403), ("partner_out", 404), ("agency_officer_out", 404)]
        {
            stage.by(other).get(&contact).expect(status);
        }
        // Within the agreement.
        let organization =
            |set: &str| stage.execute(&format!("UPDATE organizations SET {set} WHERE id = '{organization}'"));
        organization("agreement_until = '2020-01-01'");
        receiver.get(&contact).expect(409).problem("agreement_expired");
        assert_eq!(receiver.get(&home).expect(200)["withheld"], json!(["address", "phone"]));
        organization("agreement_until = NULL");
        if who == "partner" {
            organization("agreement_number = 'PKS-1'");
            receiver.get(&contact).expect(409).problem("contact_not_agreed");
            organization("agreement_fields = '{phone}'");
            let told = receiver.get(&contact).expect(200);
            assert_eq!((&told["address"], &told["people"][0]["phone"]), (&json!(null), &json!("+6281234567890")));
            assert_eq!(receiver.get(&home).expect(200)["withheld"], json!(["address"]));
            organization("agreement_number = NULL, agreement_fields = '{}'");
        }
        stage.step(who, &id, "complete", &json!({"outcome_code": "need_met"})).expect(200);
        receiver.get(&contact).expect(409).problem("contact_not_open");
        assert_eq!(receiver.get(&home).expect(200)["withheld"], json!(["address", "phone"]));
    }
    // A machine of the receiving organization is part of it.
    let (_, problem) = stage.needy();
    let id = sent_to(&stage, &offer, &problem, FOUNDATION);
    let contact = format!("{}/contact", path(&id));
    let machine = stage.app.as_client("test-writer");
    machine.get(&contact).expect(409).problem("contact_not_open");
    stage.step("partner", &id, "accept", &json!({})).expect(200);
    stage.step("partner", &id, "start", &json!({})).expect(200);
    assert_eq!(machine.get(&contact).expect(200)["people"][0]["name"], "Siti Aminah");
}
