//! What the parser and the checker refuse, where, and how a rule reads.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests stop where something is not as it must be")]

use satupintu_rules::{Vocabulary, check, generate, parse, schema, sentence};
use serde_json::json;

fn vocabulary() -> Vocabulary {
    generate::vocabulary(include_str!("../../data/code_lists.json")).unwrap()
}

fn faults(rule: &serde_json::Value, restricted: bool) -> Vec<String> {
    let report = match parse(&rule.to_string()) {
        Ok(rule) => check(&rule, &vocabulary(), restricted).errors,
        Err(faults) => faults,
    };
    report.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
}

#[test]
fn a_rule_of_ten_thousand_levels_is_refused_quietly() {
    for (open, close) in [(r#"{"not":"#, "}"), (r#"{"all":["#, "]}"), (r#"{"any_member":"#, "}")] {
        let text = format!("{}{}{}", open.repeat(10_000), r#"{"area_in":["32.73"]}"#, close.repeat(10_000));
        assert_eq!(parse(&text).unwrap_err()[0].code, "too_deep");
    }
    let wide = json!({"all": vec![json!({"any": vec![json!({"decile": {"max": 4}}); 30]}); 30]});
    assert_eq!(parse(&wide.to_string()).unwrap_err()[0].code, "too_many_clauses");
    assert_eq!(parse(&format!("\"{}\"", "x".repeat(300_000))).unwrap_err()[0].code, "too_long");
    assert_eq!(parse("{\"all\": [").unwrap_err()[0].code, "malformed_json");
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (rule, expected) in [
        (json!([]), " wrong_type"),
        (json!({}), " wrong_type"),
        (json!({"all": []}), "/all empty"),
        (json!({"alle": []}), " unknown_operator"),
        (json!({"compare": {"fact": "floor", "op": "eq", "value": "earth", "x": 1}}), "/compare/x unknown_member"),
        (json!({"compare": {"fact": "shoe_size", "op": "eq", "value": 1}}), "/compare/fact unknown_fact"),
        (json!({"compare": {"fact": "floor", "op": "eq", "value": 3}}), "/compare/value wrong_type"),
        (json!({"compare": {"fact": "floor", "op": "eq", "value": "gold"}}), "/compare/value unknown_code"),
        (json!({"compare": {"fact": "floor", "op": "lt", "value": "earth"}}), "/compare/op not_ordered"),
        (json!({"compare": {"fact": "floor_area", "op": "le", "value": 36, "unit": "ha"}}), "/compare/unit wrong_unit"),
        (json!({"compare": {"fact": "floor_area", "op": "le", "value": 3.5}}), "/compare/value wrong_type"),
        (json!({"compare": {"fact": "sex", "op": "eq", "value": "female"}}), "/compare/fact wrong_subject"),
        (
            json!({"any_member": {"compare": {"fact": "floor", "op": "eq", "value": "earth"}}}),
            "/any_member/compare/fact wrong_subject",
        ),
        (json!({"any_member": {"any_member": {"age": {"min": 60}}}}), "/any_member nested_member"),
        (json!({"age": {"min": 60}}), " wrong_subject"),
        (json!({"any_member": {"age": {"min": 60, "max": 50}}}), "/any_member/age empty_range"),
        (json!({"any_member": {"age": {"on": "2026-13-01", "min": 1}}}), "/any_member/age/on wrong_type"),
        (json!({"decile": {"min": 5, "max": 4}}), "/decile empty_range"),
        (json!({"decile": {"sources": ["regsosek"]}}), "/decile/sources/0 unknown_code"),
        (json!({"area_in": ["99.99"]}), "/area_in/0 unknown_code"),
        (json!({"has_problem": {}}), "/has_problem required"),
        (json!({"has_problem": {"needs": ["uang"]}}), "/has_problem/needs/0 unknown_code"),
        (json!({"has_problem": {"needs": ["kekerasan"]}}), "/has_problem/needs/0 restricted_code"),
        (json!({"receives": {"programs": ["NOBODY"]}}), "/receives/programs/0 unknown_code"),
        (json!({"receives": {"programs": ["P04"]}}), "/receives/programs/0 unknown_code"),
        (
            json!({"any_member": {"compare": {"fact": "illness", "op": "eq", "value": "hiv"}}}),
            "/any_member/compare/value restricted_code",
        ),
    ] {
        assert_eq!(faults(&rule, false), [expected], "{rule}");
    }
    assert!(faults(&json!({"has_problem": {"needs": ["kekerasan"]}}), true).is_empty());
}

#[test]
fn what_says_nothing_or_the_impossible_is_refused() {
    let earth = json!({"compare": {"fact": "floor", "op": "eq", "value": "earth"}});
    let area = |op: &str, value: i64| json!({"compare": {"fact": "floor_area", "op": op, "value": value}});
    for (rule, expected) in [
        (json!({"decile": {}}), Some(" always_true")),
        (area("ge", 0), Some(" always_true")),
        (area("lt", 0), Some(" never_true")),
        (json!({"all": [area("lt", 20), area("gt", 20)]}), Some(" contradiction")),
        (json!({"any": [area("le", 20), area("gt", 20)]}), Some(" always_true")),
        (json!({"all": [earth, {"not": earth}]}), Some(" contradiction")),
        (json!({"all": [{"decile": {"max": 3}}, {"decile": {"min": 4}}]}), Some(" contradiction")),
        (
            json!({"any_member": {"all": [{"age": {"min": 60}}, {"age": {"max": 700, "unit": "months"}}]}}),
            Some("/any_member contradiction"),
        ),
        (
            json!({"all": [{"any_member": {"age": {"min": 60}}}, {"count_members": {"where": {"age": {"min": 60}}, "op": "lt", "value": 1}}]}),
            Some(" contradiction"),
        ),
        (json!({"area_in": ["32.73"]}), Some(" always_true")),
        (json!({"all": [{"area_in": ["32.73.01"]}, {"area_in": ["32.73.02.1001"]}]}), Some(" contradiction")),
        (
            json!({"all": [{"area_in": ["32.73.01"]}, {"decile": {"max": 4}}, {"any": [area("le", 20), area("gt", 20)]}]}),
            Some("/all/2 always_true"),
        ),
        (json!({"all": [earth, {"in": {"fact": "floor", "values": ["ceramic", "marble"]}}]}), Some(" contradiction")),
        (json!({"all": [{"decile": {"max": 4}}, {"not": {"decile": {"max": 2}}}]}), None),
        (json!({"not": {"any_member": {"compare": {"fact": "working", "op": "eq", "value": "yes"}}}}), None),
        (json!({"count_members": {"op": "ge", "value": 3}}), None),
    ] {
        assert_eq!(faults(&rule, false).first().map(String::as_str), expected, "{rule}");
    }
}

#[test]
fn two_member_clauses_raise_a_question() {
    let rule = json!({"all": [{"any_member": {"age": {"min": 60}}}, {"any_member": {"compare": {"fact": "walking", "op": "eq", "value": "cannot"}}}]});
    let report = check(&parse(&rule.to_string()).unwrap(), &vocabulary(), false);
    assert!(report.errors.is_empty());
    assert_eq!(
        report.warnings.iter().map(|w| (w.pointer.as_str(), w.code)).collect::<Vec<_>>(),
        [("/all/1", "one_person_or_two")]
    );
}

#[test]
fn a_hard_contradiction_is_found_or_left_open_but_never_passed_over() {
    // Seven pigeons in six holes: no assignment exists, and no short proof.
    let vocabulary = vocabulary();
    let facts: Vec<&str> =
        vocabulary.facts().iter().map(|f| f.name.as_str()).filter(|f| f.starts_with("asset_")).take(7).collect();
    let is = |fact: &str, hole: usize| json!({"compare": {"fact": fact, "op": "eq", "value": hole}});
    let mut all: Vec<serde_json::Value> =
        facts.iter().map(|f| json!({"between": {"fact": f, "from": 0, "to": 5}})).collect();
    for hole in 0..6 {
        for (at, first) in facts.iter().enumerate().take(6) {
            let others: Vec<_> = facts.iter().skip(at + 1).map(|f| is(f, hole)).collect();
            all.push(json!({"not": {"all": [is(first, hole), {"any": others}]}}));
        }
    }
    let report = check(&parse(&json!({"all": all}).to_string()).unwrap(), &vocabulary, false);
    let found = report.errors.iter().any(|f| f.code == "contradiction" && f.pointer.is_empty());
    assert!(found || report.warnings.iter().any(|f| f.code == "not_proven"), "{report:?}");
}

#[test]
fn a_rule_reads_as_a_sentence_in_both_languages() {
    let rule = json!({"all": [
        {"decile": {"max": 4, "sources": ["dtsen"], "max_age_months": 12}},
        {"any_member": {"all": [{"age": {"min": 60}}, {"in": {"fact": "walking", "values": ["cannot", "much_difficulty"]}}]}},
        {"not": {"receives": {"overlap_classes": ["food_assistance"], "within_days": 30}}}
    ]});
    let rule = parse(&rule.to_string()).unwrap();
    assert!(check(&rule, &vocabulary(), false).errors.is_empty());
    let label = sentence(&rule, &vocabulary());
    assert!(label.id.starts_with("Berhak bila desil nasional 1–4 menurut DTSEN dari data paling lama 12 bulan, ada anggota dengan [usia 60 tahun atau lebih dan kesulitan berjalan"), "{}", label.id);
    assert!(label.en.starts_with("Eligible if the national decile is 1–4 by DTSEN in data of at most 12 months ago, some member has [an age of 60 years or more and difficulty walking"), "{}", label.en);
    assert!(label.en.contains("not (received"), "{}", label.en);
}

#[test]
fn the_schema_names_every_operator_and_fact() {
    let schema = schema(&vocabulary());
    let operators = schema["$defs"]["clause"]["oneOf"].as_array().unwrap();
    assert_eq!(operators.len(), 13);
    let facts = operators[3]["properties"]["compare"]["properties"]["fact"]["enum"].as_array().unwrap();
    assert_eq!(facts.len(), vocabulary().facts().len());
}
