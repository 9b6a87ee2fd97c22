//! Who and what every test database holds: organizations and accounts inside and outside one area.

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text};
use uuid::Uuid;

/// Password of every test account.
pub const PASSWORD: &str = "correct horse battery";
/// Secret of every test client.
pub const CLIENT_SECRET: &str = "client-secret-client-secret-0001";

/// Kecamatan the people "inside" work in, and one of its kelurahan.
pub const DISTRICT: &str = "32.73.01";
pub const VILLAGE: &str = "32.73.01.1001";
/// Another kelurahan of the same kecamatan.
pub const SISTER_VILLAGE: &str = "32.73.01.1002";
/// Kecamatan and kelurahan of the people "outside".
pub const OTHER_DISTRICT: &str = "32.73.02";
pub const OTHER_VILLAGE: &str = "32.73.02.1001";

/// Agency and foundation of the people inside, and those of the people outside.
pub const AGENCY: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a01);
pub const OTHER_AGENCY: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a02);
pub const FOUNDATION: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a03);
pub const OTHER_FOUNDATION: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0a04);

const ORGANIZATIONS: &[(Uuid, &str, &str, &str)] = &[
    (AGENCY, "test_agency", "Dinas Uji", "opd"),
    (OTHER_AGENCY, "test_other_agency", "Dinas Lain", "opd"),
    (FOUNDATION, "test_foundation", "Yayasan Uji", "foundation"),
    (OTHER_FOUNDATION, "test_other_foundation", "Yayasan Lain", "foundation"),
];

/// User name, role, kind of scope, what it names, duties. Names end in `_out` for the same role elsewhere.
pub const ACCOUNTS: &[(&str, &str, &str, Option<&str>, &[&str])] = &[
    ("admin", "admin", "city", None, &[]),
    ("coordinator", "coordinator", "city", None, &["publish", "approve_money", "ratify", "override", "supervise"]),
    ("coordinator2", "coordinator", "city", None, &["publish", "approve_money", "ratify", "override", "supervise"]),
    ("social_worker", "social_worker", "kecamatan", Some(DISTRICT), &[]),
    ("social_worker2", "social_worker", "kecamatan", Some(DISTRICT), &["supervise"]),
    ("social_worker_out", "social_worker", "kecamatan", Some(OTHER_DISTRICT), &[]),
    ("village_operator", "village_operator", "kelurahan", Some(VILLAGE), &[]),
    ("village_operator2", "village_operator", "kelurahan", Some(VILLAGE), &[]),
    ("village_operator_out", "village_operator", "kelurahan", Some(OTHER_VILLAGE), &[]),
    ("agency_officer", "agency_officer", "organization", Some("01980000-0000-7000-8000-000000000a01"), &[]),
    ("agency_officer_out", "agency_officer", "organization", Some("01980000-0000-7000-8000-000000000a02"), &[]),
    ("partner", "partner", "organization", Some("01980000-0000-7000-8000-000000000a03"), &[]),
    ("partner_out", "partner", "organization", Some("01980000-0000-7000-8000-000000000a04"), &[]),
    ("auditor", "auditor", "city", None, &[]),
    ("citizen", "citizen", "person", Some("self"), &[]),
    ("citizen_out", "citizen", "person", Some("self"), &[]),
];

/// Client id, its scopes, its organization.
pub const CLIENTS: &[(&str, &[&str], Option<Uuid>)] = &[
    (
        "test-reader",
        &[
            "reference:read",
            "households:read",
            "problems:read",
            "programs:read",
            "funding:read",
            "referrals:read",
            "imports:read",
        ],
        None,
    ),
    ("test-writer", &["programs:read", "programs:write", "referrals:read", "referrals:write"], Some(FOUNDATION)),
    ("test-importer", &["imports:read", "imports:write"], None),
    ("test-nothing", &[], None),
];

/// Id of a test account: the same in every database.
pub fn account_id(username: &str) -> Uuid {
    let at = ACCOUNTS.iter().position(|a| a.0 == username).unwrap_or_else(|| panic!("no test account {username}"));
    Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0100 + at as u128)
}

/// Id of a test client.
pub fn client_id(name: &str) -> Uuid {
    let at = CLIENTS.iter().position(|c| c.0 == name).unwrap_or_else(|| panic!("no test client {name}"));
    Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0200 + at as u128)
}

/// Argon2id at its cheapest: a real hash, and sign-ins that cost the tests nothing.
fn hash(password: &str) -> String {
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes()).unwrap().to_string()
}

pub(super) fn load(conn: &mut PgConnection) {
    use diesel::sql_types::Uuid as SqlUuid;
    for (id, code, name, kind) in ORGANIZATIONS {
        diesel::sql_query(
            "INSERT INTO organizations (id, code, name, kind, status) VALUES ($1, $2, $3, $4, 'verified')",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(code)
        .bind::<Text, _>(name)
        .bind::<Text, _>(kind)
        .execute(conn)
        .unwrap();
    }
    let password = hash(PASSWORD);
    for (username, role, scope_kind, scope_ref, duties) in ACCOUNTS {
        let id = account_id(username);
        let worker = *role == "social_worker";
        diesel::sql_query(
            "WITH a AS (
                 INSERT INTO accounts (id, username, display_name, password_hash, str_number, str_valid_until)
                 VALUES ($1, $2, initcap(replace($2, '_', ' ')), $3, CASE WHEN $8 THEN 'STR-' || $2 END, CASE WHEN $8 THEN DATE '2099-12-31' END)
                 RETURNING id)
             INSERT INTO grants (id, account_id, role, scope_kind, scope_ref, duties, from_date, status)
             SELECT gen_random_uuid(), id, $4, $5, $6, $7, DATE '2020-01-01', 'active' FROM a",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(username)
        .bind::<Text, _>(&password)
        .bind::<Text, _>(role)
        .bind::<Text, _>(scope_kind)
        .bind::<Nullable<Text>, _>(scope_ref)
        .bind::<Array<Text>, _>(duties)
        .bind::<diesel::sql_types::Bool, _>(worker)
        .execute(conn)
        .unwrap();
    }
    let secret = satupintu::accounts::client_secret_digest(CLIENT_SECRET);
    for (name, scopes, organization) in CLIENTS {
        diesel::sql_query(
            "INSERT INTO clients (id, client_id, secret_hash, name, organization_id, scopes) VALUES ($1, $2, $3, $2, $4, $5)",
        )
        .bind::<SqlUuid, _>(client_id(name))
        .bind::<Text, _>(name)
        .bind::<Text, _>(&secret)
        .bind::<Nullable<SqlUuid>, _>(organization)
        .bind::<Array<Text>, _>(scopes)
        .execute(conn)
        .unwrap();
    }
}
