//! What strangers may do with the very household and the programs of the case, done in both cities, one thing after the
//! other: everything succeeds, and alike.

use serde_json::{Value, json};

use super::Twins;
use super::ask::{Body, Operation, Question, Version};
use super::city::{HEAD, HOME, UNCLE, VICTIM, YOUTH};
use crate::harness::SISTER_VILLAGE;

impl Twins {
    /// Does one thing in both; it must succeed. The answer of the city with the case.
    fn does(&mut self, who: &str, operation: &str, id: &str, body: &Value) -> Value {
        let operation = Operation::named(operation);
        let version = if operation.takes("If-Match") { Version::Newest } else { Version::None };
        let path = operation.template.replace("{id}", id);
        let body = if body.is_null() { Body::None } else { Body::Json(body.to_string()) };
        let question = Question { operation, path, body, version, pages: 0 };
        let answers = self.ask(who, std::slice::from_ref(&question));
        let answer = answers[0].last().expect("an answer");
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status < 300, "{who}: {} answers {}: {text}", answer.request, answer.status);
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn made(&self, name: &str) -> String {
        self.with.made[name].clone()
    }
}

/// The open referral of the youth, to its end; then the same help once more, which his other case gets in secret.
fn help(t: &mut Twins) {
    let referral = t.made("law_referral");
    t.does("social_worker3", "send_referral", &referral, &json!({}));
    t.does("partner", "accept_referral", &referral, &json!({}));
    t.does("partner", "schedule_referral", &referral, &json!({"scheduled_on": "2099-01-01"}));
    t.does("partner", "start_referral", &referral, &json!({}));
    t.does("partner", "complete_referral", &referral, &json!({"outcome_code": "need_partly_met"}));
    let problem = t.made("open_problem");
    t.does("coordinator_plain", "resolve_problem", &problem, &json!({}));
}

/// The family as the neighbours know it: people come, part, move and die.
fn family(t: &mut Twins) {
    let home = HOME.to_string();
    let member = json!({"name": "Neneng Hidayat", "relation": "child", "facts": {"illness": "asthma"}});
    t.does("village_operator", "add_household_individual", &home, &member);
    t.does(
        "village_operator",
        "update_individual",
        &VICTIM.to_string(),
        &json!({"facts": {"illness": "diabetes"}, "phone": "081234567"}),
    );
    let parted = json!({"head_id": VICTIM, "member_ids": [VICTIM, YOUTH]});
    let parted = t.does("social_worker3", "split_household", &home, &parted);
    let new_home = parted["id"].as_str().unwrap_or_else(|| panic!("no id: {parted}")).to_owned();
    for (who, list) in [
        ("social_worker3", "list_household_problems"),
        ("village_operator", "list_household_referrals"),
        ("coordinator_plain", "list_household_timeline"),
        ("auditor", "list_household_individuals"),
        ("test-reader", "get_household"),
    ] {
        t.does(who, list, &new_home, &Value::Null);
        t.does(who, list, &home, &Value::Null);
    }
    t.does(
        "village_operator",
        "move_individual",
        &YOUTH.to_string(),
        &json!({"household_id": HOME, "relation": "child"}),
    );
    t.does("village_operator", "change_household_head", &home, &json!({"individual_id": YOUTH}));
    t.does("social_worker3", "move_household", &new_home, &json!({"region_code": SISTER_VILLAGE}));
    let death = json!({"deceased_on": "2026-01-01", "evidence_code": "death_certificate"});
    t.does("social_worker3", "decease_individual", &HEAD.to_string(), &death);
    t.does("social_worker3", "move_out_individual", &UNCLE.to_string(), &json!({"reason_code": "work"}));
    t.does("social_worker3", "dissolve_household", &new_home, &json!({"reason_code": "not_found"}));
    t.does("social_worker3", "get_household", &new_home, &Value::Null);
}

/// Supply is wound up by a coordinator who supervises nobody.
fn supply(t: &mut Twins) {
    let (program, source) = (t.made("legal_aid"), t.made("source"));
    t.does(
        "coordinator_plain",
        "release_funding",
        &source,
        &json!({"amount_idr": 100_000, "cycle_id": t.made("legal_aid_cycle")}),
    );
    t.does("coordinator_plain", "suspend_program", &program, &json!({}));
    t.does("coordinator_plain", "publish_program", &program, &json!({}));
    t.does("coordinator_plain", "close_program", &program, &json!({}));
    t.does("coordinator_plain", "get_funding_balance", &source, &Value::Null);
    t.does("auditor", "list_ledger_entries", &source, &Value::Null);
    for format in ["csv", "xlsx"] {
        let export = json!({"resource": "households", "format": format});
        let export = t.does("coordinator_plain", "create_export", "", &export);
        t.work();
        t.does("coordinator_plain", "get_export_file", export["id"].as_str().unwrap(), &Value::Null);
    }
}

#[test]
fn strangers_live_on_in_both_cities_alike() {
    let mut twins = Twins::build();
    help(&mut twins);
    family(&mut twins);
    supply(&mut twins);
    let callers =
        ["coordinator_plain", "social_worker3", "village_operator", "auditor", "uncle", "test-reader", "partner"];
    twins.read(&callers);
    twins.verdict("story", callers.len());
}
