//! Every step of problems, requests at the counter and corrections, from every status, by everybody: what is not in the
//! tables below is refused and changes nothing.

use diesel::RunQueryDsl as _;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};

use crate::harness::world::{self, CORRECTION, PROBLEM, REQUEST};
use crate::harness::{Caller, TestApp};

const EVERYBODY: &[&str] = &[
    "admin",
    "coordinator",
    "coordinator2",
    "social_worker",
    "social_worker2",
    "social_worker_out",
    "village_operator",
    "village_operator2",
    "village_operator_out",
    "agency_officer",
    "partner",
    "auditor",
    "citizen",
    "citizen_out",
];
/// Those who work on cases of the area.
const STAFF: &[&str] =
    &["coordinator", "coordinator2", "social_worker", "social_worker2", "village_operator", "village_operator2"];

/// A lifecycle as people were promised it.
struct Lifecycle {
    table: &'static str,
    path: String,
    id: String,
    /// What a row needs besides its status to stand in it.
    also: fn(&str) -> String,
    statuses: &'static [&'static str],
    verbs: &'static [&'static str],
    body: fn(&str) -> Value,
    /// Statuses from which a step goes.
    from: fn(&str) -> &'static [&'static str],
    /// Whether the step is one for this caller.
    by: fn(&str, &str) -> bool,
    /// Not tried where it would be taken, since it cannot be put back; other tests do.
    spared: &'static [&'static str],
}

#[derive(diesel::QueryableByName, PartialEq, Debug)]
struct Stand {
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

impl Lifecycle {
    fn stand(&self, app: &TestApp) -> Stand {
        let sql = format!("SELECT status, version FROM {} WHERE id = '{}'", self.table, self.id);
        diesel::sql_query(sql).get_result(&mut app.sql()).unwrap()
    }

    fn put(&self, app: &TestApp, status: &str) {
        let (table, id, also) = (self.table, &self.id, (self.also)(status));
        let sql = format!("UPDATE {table} SET status = '{status}', version = 1, {also} WHERE id = '{id}'");
        diesel::sql_query(&sql).execute(&mut app.sql()).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// Tries everything; how many steps were tried, and what was wrong.
    fn walk(&self, app: &TestApp, callers: &[(&str, Caller)]) -> (usize, Vec<String>) {
        let (mut tried, mut wrong) = (0, Vec::new());
        for status in self.statuses {
            self.put(app, status);
            for verb in self.verbs {
                for (who, caller) in callers {
                    let goes = (self.from)(verb).contains(status) && (self.by)(verb, who);
                    if goes && self.spared.contains(verb) {
                        continue;
                    }
                    let answer = caller.act(&format!("{}/{verb}", self.path), "\"1.x\"", &(self.body)(verb)).status;
                    let after = self.stand(app);
                    let moved = after != Stand { status: (*status).to_owned(), version: 1 };
                    let right = if goes { answer == 200 && moved } else { [403, 404, 409].contains(&answer) && !moved };
                    if !right {
                        wrong.push(format!("{} {status} {verb} by {who}: {answer}, then {after:?}", self.table));
                    }
                    if moved {
                        self.put(app, status);
                    }
                    tried += 1;
                }
            }
        }
        (tried, wrong)
    }
}

/// A problem that `village_operator2` reported.
fn problem() -> Lifecycle {
    Lifecycle {
        table: "problems",
        path: format!("/api/v1/problems/{PROBLEM}"),
        id: PROBLEM.to_string(),
        also: |status| {
            let ended = ["resolved", "unfounded", "referred_out", "expired", "dismissed"].contains(&status);
            format!("verified_by = NULL, verified_at = NULL, closed_at = {}", if ended { "now()" } else { "NULL" })
        },
        statuses: &[
            "candidate",
            "reported",
            "verified",
            "in_service",
            "partly_resolved",
            "resolved",
            "unfounded",
            "referred_out",
            "expired",
            "dismissed",
        ],
        verbs: &["confirm", "verify", "dismiss", "resolve"],
        body: |verb| if verb == "dismiss" { json!({"reason_code": "duplicate"}) } else { json!({}) },
        from: |verb| match verb {
            "confirm" => &["candidate"],
            "verify" => &["reported"],
            "dismiss" => &["candidate", "reported", "verified"],
            _ => &["verified", "in_service", "partly_resolved"],
        },
        by: |verb, who| STAFF.contains(&who) && !(verb == "verify" && who == "village_operator2"),
        spared: &["confirm"],
    }
}

/// A request that `village_operator2` took in, for a letter that the kelurahan does not sign.
fn request() -> Lifecycle {
    Lifecycle {
        table: "service_requests",
        path: format!("/api/v1/service-requests/{REQUEST}"),
        id: REQUEST.to_string(),
        also: |status| {
            let signed = matches!(status, "approved" | "issued");
            let by = if signed { "(SELECT id FROM accounts WHERE username = 'coordinator')" } else { "NULL" };
            let at = if signed { "now()" } else { "NULL" };
            let closed = if matches!(status, "issued" | "cancelled" | "rejected") { "now()" } else { "NULL" };
            format!(
                "documents = '{{ktp,family_card}}', missing = '{{}}', handled_by = NULL, approved_by = {by}, approved_at = {at}, closed_at = {closed}"
            )
        },
        statuses: &["received", "handled", "approved", "issued", "returned", "cancelled", "rejected"],
        verbs: &["handle", "return", "resubmit", "approve", "issue", "cancel"],
        body: |verb| match verb {
            "return" => json!({"missing_documents": ["ktp"]}),
            "cancel" => json!({"reason": "Uji"}),
            _ => json!({}),
        },
        from: |verb| match verb {
            "handle" => &["received"],
            "return" => &["received", "handled"],
            "resubmit" => &["returned"],
            "approve" => &["handled"],
            "issue" => &["approved"],
            _ => &["received", "handled", "returned", "approved"],
        },
        by: |verb, who| {
            let signs = ["coordinator", "coordinator2", "social_worker", "social_worker2"].contains(&who);
            if ["approve", "issue"].contains(&verb) { signs } else { STAFF.contains(&who) }
        },
        spared: &["issue"],
    }
}

/// A correction that `citizen` submitted.
fn correction() -> Lifecycle {
    Lifecycle {
        table: "corrections",
        path: format!("/api/v1/corrections/{CORRECTION}"),
        id: CORRECTION.to_string(),
        also: |status| {
            let by = if matches!(status, "accepted" | "rejected") { "submitted_at" } else { "NULL" };
            let who = if by == "NULL" { "NULL" } else { "(SELECT id FROM accounts WHERE username = 'coordinator')" };
            format!("examined_at = {by}, examined_by = {who}, decision_reason = 'Uji'")
        },
        statuses: &["submitted", "accepted", "rejected", "withdrawn"],
        verbs: &["accept", "reject", "withdraw"],
        body: |verb| if verb == "withdraw" { json!({}) } else { json!({"reason": "Uji"}) },
        from: |_| &["submitted"],
        by: |verb, who| if verb == "withdraw" { who == "citizen" } else { STAFF.contains(&who) },
        spared: &[],
    }
}

#[test]
fn no_step_goes_from_a_wrong_status_or_by_a_wrong_hand() {
    let app = TestApp::start();
    app.leave_jobs();
    world::populate(&mut app.sql());
    let callers: Vec<(&str, Caller)> = EVERYBODY.iter().map(|who| (*who, app.as_role(who))).collect();
    let (mut tried, mut wrong) = (0, Vec::new());
    for lifecycle in [problem(), request(), correction()] {
        let (n, findings) = lifecycle.walk(&app, &callers);
        tried += n;
        wrong.extend(findings);
    }
    println!("{tried} steps tried");
    assert!(tried > 1_000, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}
