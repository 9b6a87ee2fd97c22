//! The house rules that the compiler does not know; `api/ARCHITECTURE.md` says why each one is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::harness::root;

/// Modules of one floor that may use another of it: who, whom.
const SAME_FLOOR: &[(&str, &str)] = &[
    ("access", "config"),
    ("funding", "programs"),
    ("cases", "decisions"),
    ("referrals", "matching"),
    ("referrals", "services"),
    ("access", "db"),
    ("http", "access"),
    ("idempotency", "access"),
    ("idempotency", "db"),
    ("idempotency", "http"),
    ("jobs", "access"),
    ("jobs", "db"),
    ("app", "meta"),
    ("cli", "app"),
    ("cli", "meta"),
];

/// Places besides `queries` where Diesel is at home: the platform, and commands with a connection of their own.
const SQL_AT_HOME: &[&str] = &[
    "access/",
    "db/",
    "jobs/",
    "idempotency.rs",
    "cli/",
    // One topic, one file: the ledger's movements, the cycles' seats and the look-up of one code are SQL all through.
    "funding/ledger.rs",
    "programs/cycles.rs",
    "reference/lookup.rs",
    // The import's runner drives connections and COPY of its own.
    "imports/upload.rs",
    "imports/undo.rs",
    "imports/work.rs",
    // A run and the thread that follows changes have connections of their own.
    "duplicates/work.rs",
    "matching/follow.rs",
    "matching/work.rs",
];
/// Files that hand the session's connection on: readiness, and the search index that reads its own feed.
const CONN_AT_HOME: &[&str] = &[
    "meta/routes.rs",
    "households/search/find.rs",
    "imports/routes.rs",
    "imports/undo.rs",
    "imports/work.rs",
    "matching/routes.rs",
    "matching/rule_routes.rs",
];
/// Places besides handlers where actix is at home.
const ACTIX_AT_HOME: &[&str] = &["http/", "access/permit.rs", "app.rs", "cli/serve.rs", "meta/"];

/// Tables whose rows have a scope.
const SCOPED: &[&str] = &[
    "households",
    "individuals",
    "problems",
    "programs",
    "funding_sources",
    "referrals",
    "organizations",
    "operations",
    "saved_views",
    "assessments",
    "cases",
    "case_visits",
    "decisions",
    "legal_holds",
];
/// Functions that read a scoped table by its bare name, and why they may.
const UNSCOPED: &[(&str, &str, &str)] = &[
    ("accounts/queries.rs", "scope_names", "the name of the organization a grant names, for administrators"),
    ("households/queries/people.rs", "numbers", "the reveal action, after it has found the person"),
    ("exports/queries.rs", "load", "joined to the caller's own exports, which its callers pass"),
    (
        "households/search/queries/mod.rs",
        "people",
        "of households that were shown to be visible, which its callers pass",
    ),
    (
        "referrals/queries.rs",
        "receiver",
        "the standing of the receiver; a referral takes the stricter label of problem and receiver",
    ),
    (
        "retention/queries.rs",
        "expired",
        "ages in the whole city, for the system; open rows alone are counted to people",
    ),
    ("retention/queries.rs", "examples", "kelurahan of open rows, masked"),
    ("accounts/queries.rs", "scope_exists", "whether the organization a grant names exists, for administrators"),
];

struct Source {
    /// Path below the directory asked for.
    path: String,
    /// Lines outside comments, without a test module at the end.
    lines: Vec<String>,
    length: usize,
}

fn sources() -> Vec<Source> {
    sources_of("api/src")
}

fn sources_of(directory: &str) -> Vec<Source> {
    fn collect(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                collect(&entry, out);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                out.push(entry);
            }
        }
    }
    let base = root().join(directory);
    let mut paths = Vec::new();
    collect(&base, &mut paths);
    paths.sort();
    let sources = paths.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or(&text);
        let lines = code.lines().map(|l| if l.trim_start().starts_with("//") { String::new() } else { l.to_owned() });
        Source {
            path: path.strip_prefix(&base).unwrap().to_string_lossy().into_owned(),
            lines: lines.collect(),
            length: text.lines().count(),
        }
    });
    // Unit tests may use what they like.
    sources.filter(|s| !s.path.ends_with("tests.rs")).collect()
}

fn module(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// Floors as `lib.rs` lists them.
fn floors() -> BTreeMap<String, u32> {
    let text = std::fs::read_to_string(root().join("api/src/lib.rs")).unwrap();
    let mut floor = None;
    let mut floors = BTreeMap::new();
    for line in text.lines() {
        if let Some(number) = line.strip_prefix("// Floor ") {
            floor = Some(number.split(':').next().unwrap().parse().expect("a floor has a number"));
        }
        if let Some(name) = line.strip_prefix("pub mod ").or(line.strip_prefix("mod ")) {
            floors.insert(name.trim_end_matches(';').to_owned(), floor.expect("modules stand under a floor"));
        }
    }
    floors
}

fn report(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}\n{}", findings.join("\n"));
}

/// Whether the line names the crate or module, not something that ends alike.
fn names(line: &str, what: &str) -> bool {
    line.match_indices(what)
        .any(|(at, _)| !line[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[test]
fn a_module_uses_only_lower_floors() {
    let floors = floors();
    let mut findings = Vec::new();
    for source in sources() {
        let own = module(&source.path);
        let Some(&floor) = floors.get(own) else { continue };
        for (n, line) in source.lines.iter().enumerate() {
            for (at, _) in line.match_indices("crate::") {
                let used: String =
                    line[at + 7..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let Some(&below) = floors.get(&used) else { continue };
                let listed = below == floor && SAME_FLOOR.contains(&(own, used.as_str()));
                if used != own && below >= floor && !listed {
                    findings.push(format!("{}:{} floor {floor} uses {used} of floor {below}", source.path, n + 1));
                }
            }
        }
    }
    report("A module imports only lower floors (see lib.rs); move what is shared down.", findings);
}

#[test]
fn sql_has_one_place() {
    let mut findings = Vec::new();
    for source in sources() {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        let at_home = name.ends_with("queries.rs")
            || source.path.contains("/queries/")
            || SQL_AT_HOME.iter().any(|home| source.path.starts_with(home));
        if at_home {
            continue;
        }
        for (n, line) in source.lines.iter().enumerate() {
            if names(line, "diesel::") || line.contains("db::schema") {
                findings.push(format!("{}:{} {}", source.path, n + 1, line.trim()));
            }
        }
    }
    report("SQL and Diesel live in `queries.rs` (or `queries/`) of a slice.", findings);
}

#[test]
fn actix_stays_at_the_door() {
    let mut findings = Vec::new();
    for source in sources() {
        let at_home = ACTIX_AT_HOME.iter().any(|home| source.path.starts_with(home));
        let handlers = source.lines.iter().any(|l| l.contains("#[utoipa::path"));
        if at_home || handlers {
            continue;
        }
        for (n, line) in source.lines.iter().enumerate() {
            if names(line, "actix_web::") {
                findings.push(format!("{}:{} {}", source.path, n + 1, line.trim()));
            }
        }
    }
    report("actix is for handlers and the platform's door; queries, rules and models do not know it.", findings);
}

#[test]
fn rules_are_pure() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|s| s.path.ends_with("/rules.rs")) {
        for (n, line) in source.lines.iter().enumerate() {
            // Types of a lower slice's model are values like any other; its functions are not.
            let types = line.split("crate::").nth(1).and_then(|rest| rest.split("::").nth(1)).is_some_and(|item| {
                item.trim_start_matches('{').split(", ").all(|i| i.chars().next().is_some_and(char::is_uppercase))
            });
            let imports = line.contains("crate::") && !line.contains("crate::kernel") && !types;
            let clock = line.contains("Utc::now") || line.contains("Local::now") || line.contains("SystemTime");
            if imports || clock || names(line, "diesel::") || names(line, "actix_web::") {
                findings.push(format!("{}:{} {}", source.path, n + 1, line.trim()));
            }
        }
    }
    report("`rules.rs` imports the kernel and its own model, and is told the time.", findings);
}

#[test]
fn handlers_stay_out_of_the_database() {
    let mut findings = Vec::new();
    for source in sources() {
        let queries = source.path.contains("queries") || SQL_AT_HOME.iter().any(|home| source.path.starts_with(home));
        for (n, line) in source.lines.iter().enumerate() {
            let bridge = line.contains("web::block(")
                || (line.contains(".conn()") && !queries && !CONN_AT_HOME.contains(&source.path.as_str()));
            let system = line.contains(".system::<")
                && ![
                    "jobs/",
                    "imports/",
                    "demo/",
                    "cli/",
                    "exports/",
                    "matching/",
                    "decisions/effects.rs",
                    "retention/",
                    "allocations/",
                ]
                .iter()
                .any(|home| source.path.starts_with(home));
            if bridge || system {
                findings.push(format!("{}:{} {}", source.path, n + 1, line.trim()));
            }
        }
    }
    report("Only `queries` takes the connection of a session; only jobs and commands act for the system.", findings);
}

#[test]
fn a_scoped_table_is_read_through_its_visible_function() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|s| s.path.contains("queries")) {
        for function in functions(&source.lines) {
            // A write follows a visible look-up of the same row; what is given a proof has been seen.
            let name = &function.name;
            let excused = name.starts_with("visible")
                || function.text.contains("Writer<")
                || function.text.to_lowercase().contains("visible")
                || !function.text.contains("Reader<")
                || UNSCOPED.iter().any(|(path, f, _)| *path == source.path && f == name);
            if excused {
                continue;
            }
            for table in SCOPED {
                let bare = [format!("{table}::table"), format!("FROM {table} ")];
                if bare.iter().any(|b| names(&function.text, b)) {
                    findings
                        .push(format!("{}:{} fn {name} reads {table} by its bare name", source.path, function.line));
                }
            }
        }
    }
    report("Rows with a scope are read through `visible_…(scope)`, or with a proof that was.", findings);
}

struct Function {
    name: String,
    line: usize,
    text: String,
}

/// Functions by indentation: `rustfmt` closes one where it opened.
fn functions(lines: &[String]) -> Vec<Function> {
    let mut found: Vec<Function> = Vec::new();
    let mut open: Option<(usize, Function)> = None;
    for (n, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start().trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ");
        if open.is_none()
            && let Some(rest) = head.trim_start_matches("pub ").strip_prefix("fn ")
        {
            let name = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            open = Some((indent, Function { name, line: n + 1, text: String::new() }));
        }
        if let Some((start, function)) = &mut open {
            function.text.push_str(line);
            function.text.push('\n');
            let one_line = line.trim_end().ends_with('}') && function.text.lines().count() == 1;
            if (indent == *start && line.trim() == "}") || one_line {
                found.extend(open.take().map(|(_, f)| f));
            }
        }
    }
    found
}

#[test]
fn the_engines_are_arithmetic_alone() {
    let engines: [(&str, &[&str]); 3] = [
        ("allocation", &["csv"]),
        ("linkage", &["chrono", "csv", "serde", "unicode-normalization"]),
        ("rules", &["chrono", "serde", "serde_json"]),
    ];
    let mut findings = Vec::new();
    for (engine, allowed) in engines {
        let manifest = std::fs::read_to_string(root().join("api").join(engine).join("Cargo.toml")).unwrap();
        let section = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
        let dependencies: Vec<&str> =
            section.lines().filter_map(|l| l.split([' ', '.']).next()).filter(|d| !d.is_empty()).collect();
        assert_eq!(dependencies, allowed, "the crate {engine} knows no database, no web and no clock");
        for source in sources_of(&format!("api/{engine}/src")) {
            if source.length > 500 {
                findings.push(format!("api/{engine}/src/{}: {} lines", source.path, source.length));
            }
            for (n, line) in source.lines.iter().enumerate() {
                if ["Instant::now", "SystemTime", "Utc::now", "Local::now", "std::env"].iter().any(|w| line.contains(w))
                {
                    findings.push(format!("api/{engine}/src/{}:{} {}", source.path, n + 1, line.trim()));
                }
            }
        }
    }
    report("Their limits count steps, not seconds, and their files stay readable.", findings);
}

#[test]
fn files_stay_readable() {
    let mut findings = Vec::new();
    for source in sources() {
        if source.path != "db/schema.rs" && source.length > 500 {
            findings.push(format!("api/src/{}: {} lines", source.path, source.length));
        }
    }
    let tests = std::fs::read_dir(root().join("tests")).unwrap().map(|e| e.unwrap().path());
    for path in tests.filter(|p| p.extension().is_some_and(|e| e == "rs")) {
        let length = std::fs::read_to_string(&path).unwrap().lines().count();
        if length > 700 {
            findings.push(format!("{}: {length} lines", path.display()));
        }
    }
    report("A file has at most 500 lines, a test file 700: split by topic.", findings);
}

#[test]
fn every_action_is_used_and_every_permission_named_once() {
    let all: String = sources().iter().map(|s| s.lines.join("\n")).collect();
    let mut findings = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (name, ..) in satupintu::access::policy::ACTIONS {
        if !seen.insert(name) {
            findings.push(format!("{name} is there twice"));
        }
    }
    let policy = std::fs::read_to_string(root().join("api/src/access/policy.rs")).unwrap();
    for line in policy.lines().skip_while(|l| !l.starts_with("actions! {")).skip(1) {
        let Some(name) = line.split_whitespace().next().filter(|n| n.chars().next().is_some_and(char::is_uppercase))
        else {
            continue;
        };
        if all.matches(&format!("Permit<{name}>")).count()
            + all.matches(&format!("<{name}>()")).count()
            + all.matches(&format!("<{name}, ")).count()
            == 0
        {
            findings.push(format!("{name} guards nothing"));
        }
    }
    report("The policy table holds what handlers ask for, and nothing else.", findings);
}
