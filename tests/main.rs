//! Black-box tests: the real service, a real Postgres, HTTP. One binary, one module an area.
//!
//! `harness::TestApp::start()` gives a service of its own on a database of its own; every answer it gives is held
//! against the OpenAPI document. `KEEP_DB=1` keeps the databases of failing tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "tests stop where something is not as it must be, and may wait"
)]

mod harness;

mod allocate;
mod allocations;
mod architecture;
mod assessments;
mod authz_matrix;
mod bad_input;
mod bodies;
mod break_glass;
mod calendars;
mod candidates;
mod cases;
mod codes;
mod corrections;
mod decisions;
mod deliveries;
mod demo;
mod document;
mod duplicates;
mod entry;
mod evidence;
mod funding;
mod hardship;
mod households;
mod import_profiles;
mod imports;
mod imports_changes;
mod imports_lists;
mod imports_offers;
mod imports_p3ke;
mod linkage;
mod matching;
mod matching_city;
mod merges;
mod organizations;
mod platform;
mod problems;
mod programs;
mod quality;
mod race;
mod receivers;
mod referrals;
mod regions;
mod retention;
mod rules;
mod schema;
mod search;
mod secrets;
mod services;
mod smoke;
mod source_trust;
mod stage;
mod templates;
mod texts;
mod tokens;
mod transitions;
mod twins;
mod views;
mod waiting;
mod year_end;
