//! What is asked: every operation of the OpenAPI document, with the ids of the fixtures and of the case, every filter
//! and sort, every page. A new operation is asked as soon as the document and `authz_matrix` know it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::city::{City, HEAD, HOME, SHELTER, SPARE_CLIENT, UNCLE, VICTIM, YOUTH};
use super::mask::{Pairs, Seen};
use crate::authz_matrix::{FORMS, body_of, form_of, path_of};
use crate::document::operations;
use crate::harness::world::*;
use crate::harness::{AGENCY, DISTRICT, VILLAGE, client_id, document};

/// One operation of the document.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    pub template: &'static str,
    pub method: &'static str,
    pub id: &'static str,
    pub said: &'static Value,
}

impl Operation {
    /// All of them, in a lasting order.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = operations()
            .into_iter()
            .map(|(template, method, said)| Self { template, method, id: said["operationId"].as_str().unwrap(), said })
            .collect();
        all.retain(Self::answers);
        all.sort_by_key(|o| (o.template, o.method));
        all
    }
    /// The one of this name.
    pub fn named(id: &str) -> Self {
        Self::all().into_iter().find(|o| o.id == id).unwrap_or_else(|| panic!("no operation {id}"))
    }
    pub fn reads(&self) -> bool {
        self.method == "get"
    }
    pub fn takes(&self, header: &str) -> bool {
        self.said["parameters"].to_string().contains(&format!("\"{header}\""))
    }
    /// Whether it is asked at all: not what stays open, and not the counters of the process, which count everybody's
    /// requests and in this test those of both cities.
    fn answers(&self) -> bool {
        self.id != "get_metrics" && self.said["responses"]["200"]["content"].get("text/event-stream").is_none()
    }
}

/// What goes with a request.
#[derive(Debug, Clone)]
pub enum Body {
    None,
    Json(String),
    /// As the matrix of rights fills it in.
    Form,
}

/// One request, with the ids of the city that has the case; `{t0}` and `{t1}` are the instants around it.
#[derive(Debug, Clone)]
pub struct Question {
    pub operation: Operation,
    pub path: String,
    pub body: Body,
    /// With which version: none, one that is never right, or the newest.
    pub version: Version,
    /// Further pages to turn.
    pub pages: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    None,
    Stale,
    Newest,
}

/// The ids the fixtures name, each with what stands for it in one telling of the story.
pub struct Telling(BTreeMap<Uuid, String>);

impl Telling {
    /// The fixtures themselves, then each secret case, then what everybody knows of the same household.
    pub fn all(city: &City) -> Vec<Self> {
        let spare = (client_id("test-nothing"), SPARE_CLIENT.to_string());
        let mut all = vec![Self(BTreeMap::from([spare.clone()]))];
        let cases = [
            (VICTIM, "violence", "violence_referral", "safe_house", "safe_house_cycle"),
            (YOUTH, "youth", "youth_referral", "youth_care", "youth_care_cycle"),
            (YOUTH, "law_problem", "law_referral", "legal_aid", "legal_aid_cycle"),
        ];
        for (person, problem, referral, program, cycle) in cases {
            let made = |name: &str| city.made[name].clone();
            let stands = [
                (HOUSEHOLD, HOME.to_string()),
                (CHILD, person.to_string()),
                (PERSON, HEAD.to_string()),
                (PROBLEM, made(problem)),
                (VERIFIED_PROBLEM, made(problem)),
                (RESTRICTED_PROBLEM, made(problem)),
                (REFERRAL, made(referral)),
                (ACCEPTED_REFERRAL, made(referral)),
                (LETTER_REFERRAL, made(if problem == "law_problem" { referral } else { "letter_referral" })),
                (SCHEDULED_REFERRAL, made(referral)),
                (DELIVERY, made("planned")),
                (GIVEN_DELIVERY, made("given")),
                (PROGRAM, made(program)),
                (CYCLE, made(cycle)),
                (SOURCE, made("source")),
                (IMPORT, made("import")),
                (EVIDENCE, made("evidence")),
                (AGENCY, SHELTER.to_string()),
                (DECISION, made(if problem == "violence" { "reversed_decision" } else { "decision" })),
            ];
            all.push(Self(stands.into_iter().chain([spare.clone()]).collect()));
        }
        all
    }
    fn tell(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(&from.to_string(), to))
    }
}

/// Values to try for a parameter the document describes only by its form.
fn values(name: &str, city: &City) -> Vec<String> {
    let made = |names: &[&str]| names.iter().map(|n| city.made[*n].clone()).collect::<Vec<_>>();
    let words = |all: &[&str]| all.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    match name {
        "region" => words(&[VILLAGE, DISTRICT, "32.73"]),
        "need_code" | "need" => words(&["kekerasan", "kesehatan", "bantuan_hukum", "pangan"]),
        "updated_since" => words(&["{t0}", "{t1}"]),
        "organization_id" | "to_organization_id" => vec![SHELTER.to_string(), AGENCY.to_string()],
        "program_id" => made(&["safe_house", "youth_care", "legal_aid"]),
        "cycle_id" => made(&["safe_house_cycle", "youth_care_cycle", "legal_aid_cycle"]),
        "problem_id" => made(&["violence", "law_problem"]),
        "household_id" => vec![HOME.to_string()],
        "individual_id" | "person_id" => vec![VICTIM.to_string()],
        "source" => words(&["dtsen", "manual"]),
        "parent_code" => words(&[DISTRICT]),
        "level" => words(&["kelurahan"]),
        "fiscal_year" => words(&["2026"]),
        "pillar" => words(&["perlindungan_sosial"]),
        "member_age_min" => words(&["30"]),
        "member_age_max" => words(&["17"]),
        "decile_min" | "decile_max" => words(&["3"]),
        _ => words(&["a"]),
    }
}

fn resolved(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// The query strings an operation is asked with: none, every value of every filter and sort with the count, and small
/// pages.
fn queries(operation: &Operation, city: &City) -> Vec<(String, usize)> {
    let mut all = vec![(String::new(), 0)];
    let parameters = operation.said["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let query: Vec<&'static Value> = parameters.iter().filter(|p| p["in"] == "query").collect();
    if query.is_empty() {
        return all;
    }
    let named = |name: &str| query.iter().any(|p| p["name"] == name);
    let total = if named("include_total") { "&include_total=true" } else { "" };
    if named("limit") {
        all.push((format!("limit=1{total}"), 2));
        all.push((format!("limit=200{total}"), 0));
    }
    if named("cursor") {
        all.push(("cursor=AAAAAAAAAAAAAAAAAAAAAAAA".into(), 0));
    }
    for parameter in query {
        let name = parameter["name"].as_str().unwrap();
        if ["limit", "cursor", "include_total"].contains(&name) {
            continue;
        }
        let schema = resolved(&parameter["schema"]);
        let tried = match (schema["enum"].as_array(), schema["type"].as_str()) {
            (Some(all), _) => all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            (None, Some("boolean")) => vec!["true".to_owned()],
            _ => values(name, city),
        };
        let pages = if name == "sort" { "&limit=2" } else { total };
        all.extend(tried.into_iter().map(|v| (format!("{name}={v}{pages}"), usize::from(name == "sort"))));
    }
    all
}

/// The bodies an operation is asked with, besides the one of the fixtures.
fn more_bodies(operation: &str, n: usize) -> Vec<Value> {
    let search = |q: &str| json!({"q": q});
    match operation {
        "search_households" | "search_individuals" => {
            ["euis komala", "3273014202786002", "3273010101016001", "anggrek", "hidayat"].map(search).to_vec()
        }
        "create_export" => ["ndjson", "xlsx"].map(|f| json!({"resource": "households", "format": f})).to_vec(),
        // As the case itself would be reported again.
        "create_problem" => [
            (VICTIM, "kekerasan"),
            (VICTIM, "kesehatan"),
            (YOUTH, "bantuan_hukum"),
            (HEAD, "rehab_napza"),
        ]
        .map(|(who, need)| json!({"subject": {"kind": "individual", "id": who}, "need_code": need, "severity": "low"}))
        .to_vec(),
        // The same NIK and family card once more.
        "create_household" => vec![json!({"region_code": VILLAGE, "family_card_number": "3273010101016001",
            "members": [{"name": "Euis Komala", "nik": "3273014202786002", "relation": "head", "facts": {"illness": "hiv"}}]})],
        // As somebody of the household of the case would be entered again: refused, and after a look.
        "add_household_individual" => {
            let again = json!({"name": "Euis Komala", "sex": "female", "birth_date": "1978-02-02"});
            let mut looked = again.clone();
            looked["confirm_distinct"] = json!({"ids": [VICTIM, YOUTH], "reason": "Lain"});
            vec![again, looked]
        }
        "check_individual" => [HOME, HOUSEHOLD]
            .map(|home| json!({"name": "Euis Komala", "nik": "3273014202786002", "birth_date": "1978-02-02", "household_id": home}))
            .to_vec(),
        "create_program" => {
            vec![json!({"code": "SAFE_HOUSE", "name": {"id": "x", "en": "x"}, "organization_id": SHELTER,
            "pillar": "perlindungan_sosial", "needs": ["kekerasan"], "access_mode": "referral", "claim_unit": "person",
            "benefit": {"kind": "cash", "period": "once", "unit": "transfer", "value_idr": 1}})]
        }
        "update_individual" => [
            json!({"facts": {"illness": "hiv"}}),
            json!({"facts": {"illness": "asthma"}}),
            json!({"facts": {"illness": null}}),
            json!({"phone": format!("0811{n:04}")}),
        ]
        .to_vec(),
        _ => Vec::new(),
    }
}

/// The paths of an operation: as the fixtures say, as each telling says, and for every id the caller was listed.
fn paths(operation: &Operation, tellings: &[Telling], listed: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let fixture = path_of(operation.template);
    let mut all: Vec<String> = tellings.iter().map(|t| t.tell(&fixture)).collect();
    if let Some((list, rest)) = operation.template.split_once("/{id}")
        && operation.reads()
        && !rest.contains('{')
    {
        let fixed = fixture.split_once('?').map_or("", |(_, query)| query);
        let query = if fixed.is_empty() { String::new() } else { format!("?{fixed}") };
        all.extend(listed.get(list).into_iter().flatten().map(|id| format!("{list}/{id}{rest}{query}")));
        let own: &[Uuid] = match list {
            "/api/v1/households" => &[HOME],
            "/api/v1/individuals" => &[HEAD, VICTIM, YOUTH, UNCLE],
            _ => &[],
        };
        all.extend(own.iter().map(|id| format!("{list}/{id}{rest}{query}")));
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|path| seen.insert(path.clone()));
    all
}

/// The readings of one operation; with every filter only where that is asked for.
pub fn readings(
    operation: Operation,
    city: &City,
    tellings: &[Telling],
    listed: &BTreeMap<String, Vec<String>>,
    filters: bool,
) -> Vec<Question> {
    let mut all = Vec::new();
    for (at, path) in paths(&operation, tellings, listed).into_iter().enumerate() {
        let all_queries = queries(&operation, city);
        // Every filter for the first of the ids, the plain and the counted page for the others.
        let few = if filters && at < tellings.len() { all_queries.len() } else { all_queries.len().min(2) };
        for (query, pages) in all_queries.into_iter().take(few) {
            let joint = if path.contains('?') { '&' } else { '?' };
            let path = if query.is_empty() { path.clone() } else { format!("{path}{joint}{query}") };
            all.push(Question { operation, path, body: Body::None, version: Version::None, pages });
        }
    }
    all
}

/// The changes of one operation, in one telling. `n` makes codes unique.
pub fn changes(operation: Operation, telling: &Telling, first: bool, n: usize) -> Vec<Question> {
    let path = telling.tell(&path_of(operation.template));
    let versions: &[Version] =
        if operation.takes("If-Match") { &[Version::Stale, Version::Newest] } else { &[Version::None] };
    let mut bodies = match operation.id {
        id if FORMS.contains(&id) => vec![Body::Form],
        _ if operation.said.get("requestBody").is_none() => vec![Body::None],
        id => {
            let body = body_of(id, n)
                .unwrap_or_else(|| panic!("no fixture for the body of {id}: add one to tests/authz_matrix.rs"));
            vec![Body::Json(telling.tell(&body.to_string()))]
        }
    };
    if first {
        bodies.extend(more_bodies(operation.id, n).iter().map(|b| Body::Json(b.to_string())));
    } else if operation.id == "update_individual" {
        bodies.extend(more_bodies(operation.id, n).iter().map(|b| Body::Json(telling.tell(&b.to_string()))));
    }
    let mut all = Vec::new();
    for version in versions {
        for body in &bodies {
            all.push(Question { operation, path: path.clone(), body: body.clone(), version: *version, pages: 0 });
        }
    }
    all
}

/// One of the two cities, with what is needed to speak to it in the ids of the first.
pub struct Listener<'a> {
    pub city: &'a City,
    /// None in the city whose ids the questions are written in.
    pub pairs: Option<&'a Pairs>,
}

impl Listener<'_> {
    fn own(&self, text: &str) -> String {
        let text = text.replace("{t0}", &self.city.marks[0]).replace("{t1}", &self.city.marks[1]);
        self.pairs.map_or_else(|| text.clone(), |pairs| pairs.translated(&text))
    }

    /// Asks, turns the pages, and asks again with the version that was told.
    pub fn ask(&self, who: &str, question: &Question) -> Vec<Seen> {
        let caller = self.city.by(who);
        let method = question.operation.method.to_ascii_uppercase();
        let mut path = self.own(&question.path);
        let mut seen = Vec::new();
        for turn in 0..=question.pages {
            let mut request = caller.request(&method, &path);
            match question.version {
                Version::None => {}
                Version::Stale => request = request.header("if-match", "\"999999.x\""),
                Version::Newest => {
                    let mut resource = path.split('?').next().unwrap_or(&path).to_owned();
                    if method == "POST" {
                        resource.truncate(resource.rfind('/').unwrap_or(resource.len()));
                    }
                    let now = caller.get_unchecked(&resource);
                    request = request.header("if-match", now.header("etag").unwrap_or("\"1.x\""));
                }
            }
            request = match &question.body {
                Body::None => request,
                Body::Json(text) => request.body("application/json", self.own(text)),
                Body::Form => form_of(question.operation.id, request),
            };
            let answer = request.send_unchecked();
            let told = format!("{method} {}", question.path);
            let page = if turn == 0 { told } else { format!("{told} page {}", turn + 1) };
            let next = answer.json()["page"]["next_cursor"].as_str().map(str::to_owned);
            let now = Seen::of(page, &answer, &self.city.app.base);
            if let (true, Some(etag), 0) = (question.operation.reads(), now.etag(), turn) {
                let again = caller.request(&method, &path).header("if-none-match", etag).send_unchecked();
                seen.push(Seen::of(format!("{method} {} if-none-match", question.path), &again, &self.city.app.base));
            }
            seen.push(now);
            let Some(next) = next else { break };
            let bare = path.split("&cursor=").next().unwrap_or(&path).to_owned();
            path = format!("{bare}&cursor={next}");
        }
        seen
    }
}
