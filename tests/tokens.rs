//! Tokens and sessions: what is refused, and how fast a change is felt.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{CLIENT_SECRET, PASSWORD, TestApp, account_id};

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn header(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

/// Private key of the service, as its own sealer opens it.
fn key(app: &TestApp) -> EncodingKey {
    use satupintu::db::schema::signing_keys::dsl as k;
    let sealed: Vec<u8> = k::signing_keys.select(k::private_key).first(&mut app.sql()).unwrap();
    EncodingKey::from_ec_der(&app.gate().sealer().open("signing-key", &sealed).unwrap())
}

#[test]
fn a_token_is_as_the_profile_says() {
    let app = TestApp::start();
    let token = app.as_role("social_worker").token().to_owned();
    let (head, body) = (header(&token), claims(&token));
    assert_eq!((&head["typ"], &head["alg"]), (&json!("at+jwt"), &json!("ES256")));
    let keys = app.anonymous().get("/.well-known/jwks.json").expect(200);
    assert!(keys["keys"].as_array().unwrap().iter().any(|k| k["kid"] == head["kid"] && k.get("d").is_none()));
    for name in ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"] {
        assert!(!body[name].is_null(), "RFC 9068 asks for {name}");
    }
    assert_eq!(body["iss"], app.base);
    assert!(body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap() <= 15 * 60);
    assert!(!body.to_string().contains("social_worker"), "role and scope come from the database");
}

#[test]
fn keys_of_another_algorithm_go_on_until_they_are_rotated() {
    use satupintu::db::schema::signing_keys::dsl as k;
    let app = TestApp::start();
    let pair = aws_lc_rs::signature::Ed25519KeyPair::generate().unwrap();
    let sealed = app.gate().sealer().seal("signing-key", pair.to_pkcs8v1().unwrap().as_ref()).unwrap();
    let conn = &mut app.sql();
    diesel::delete(k::signing_keys).execute(conn).unwrap();
    let public = aws_lc_rs::signature::KeyPair::public_key(&pair).as_ref().to_vec();
    let row = (k::kid.eq("old"), k::algorithm.eq("EdDSA"), k::public_key.eq(public), k::private_key.eq(sealed));
    diesel::insert_into(k::signing_keys).values(row).execute(conn).unwrap();
    app.wait("the old key", || app.gate().tokens().jwks()["keys"][0]["kid"] == "old");
    let old = app.as_role("coordinator");
    assert_eq!((&header(old.token())["alg"], &header(old.token())["kid"]), (&json!("EdDSA"), &json!("old")));

    let kid = satupintu::access::rotate(conn, app.gate().sealer()).unwrap();
    app.wait("the new key", || app.gate().tokens().jwks()["keys"][0]["kid"] == json!(kid));
    let new = app.as_role("coordinator");
    assert_eq!(header(new.token())["alg"], "ES256");
    old.get("/api/v1/auth/me").expect(200);
    new.get("/api/v1/auth/me").expect(200);
}

#[test]
fn what_is_not_our_token_is_refused() {
    let app = TestApp::start();
    let good = app.as_role("coordinator").token().to_owned();
    let (head, body, key) = (header(&good), claims(&good), key(&app));
    let sign = |change: &dyn Fn(&mut Header, &mut Value)| {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("at+jwt".into());
        header.kid = head["kid"].as_str().map(str::to_owned);
        let mut claims = body.clone();
        change(&mut header, &mut claims);
        encode(&header, &claims, &key).unwrap()
    };
    app.with_token(&sign(&|_, _| {})).get("/api/v1/auth/me").expect(200);
    let none = URL_SAFE_NO_PAD.encode(json!({"alg": "none", "typ": "at+jwt", "kid": head["kid"]}).to_string());
    let parts: Vec<&str> = good.split('.').collect();
    let mut other_body = body.clone();
    other_body["sub"] = json!(account_id("admin"));
    let other_body = URL_SAFE_NO_PAD.encode(other_body.to_string());
    let hmac = {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some("at+jwt".into());
        header.kid = head["kid"].as_str().map(str::to_owned);
        let jwks = app.gate().tokens().jwks();
        encode(&header, &body, &EncodingKey::from_secret(jwks["keys"][0]["x"].as_str().unwrap().as_bytes())).unwrap()
    };
    let refused = [
        ("alg none", format!("{none}.{}.", parts[1])),
        ("another body", format!("{}.{other_body}.{}", parts[0], parts[2])),
        ("the public key as a secret", hmac),
        ("another type", sign(&|h, _| h.typ = Some("JWT".into()))),
        ("no type", sign(&|h, _| h.typ = None)),
        ("an unknown key", sign(&|h, _| h.kid = Some("nobody".into()))),
        ("no key", sign(&|h, _| h.kid = None)),
        ("another issuer", sign(&|_, c| c["iss"] = json!("https://elsewhere.example"))),
        ("another audience", sign(&|_, c| c["aud"] = json!("another-api"))),
        ("expired", sign(&|_, c| c["exp"] = json!(c["iat"].as_i64().unwrap() - 60))),
        ("no end", sign(&|_, c| drop(c.as_object_mut().unwrap().remove("exp")))),
        ("another session", sign(&|_, c| c["sid"] = json!(Uuid::now_v7()))),
        ("another account's session", sign(&|_, c| c["sub"] = json!(account_id("admin")))),
        ("no session", sign(&|_, c| drop(c.as_object_mut().unwrap().remove("sid")))),
        ("rubbish", "x.y.z".into()),
        ("empty", String::new()),
    ];
    for (what, token) in refused {
        let answer = app.with_token(&token).get("/api/v1/auth/me");
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        let asked = answer.header("www-authenticate").unwrap_or_default();
        assert!(asked.contains("error=\"invalid_token\""), "{what}: {asked}");
    }
    let basic = app.anonymous().request("GET", "/api/v1/auth/me").basic("coordinator", PASSWORD).send();
    basic.expect(401).problem("unauthenticated");
}

#[test]
fn a_change_is_felt_within_a_second() {
    let app = TestApp::start();
    let (admin, worker) = (app.as_role("admin"), app.as_role("social_worker"));
    worker.get("/api/v1/auth/me").expect(200);
    let path = format!("/api/v1/accounts/{}", account_id("social_worker"));
    let tag = admin.get(&path).expect(200).etag().to_owned();
    admin.request("POST", &format!("{path}/disable")).header("if-match", &tag).send().expect(200);
    felt("a disabled account", || worker.get("/api/v1/auth/me").status == 401);
    let wrong = json!({"username": "social_worker", "password": PASSWORD});
    app.anonymous().post("/api/v1/auth/login", &wrong).expect(401).problem("bad_credentials");

    let operator = app.as_role("village_operator");
    operator.get("/api/v1/households").expect(200);
    diesel::sql_query("UPDATE grants SET status = 'revoked' WHERE account_id = $1")
        .bind::<diesel::sql_types::Uuid, _>(account_id("village_operator"))
        .execute(&mut app.sql())
        .unwrap();
    felt("a revoked grant", || operator.get("/api/v1/households").status == 403);

    let machine = app.as_client("test-reader");
    machine.get("/api/v1/regions").expect(200);
    diesel::sql_query("UPDATE clients SET status = 'disabled' WHERE client_id = 'test-reader'")
        .execute(&mut app.sql())
        .unwrap();
    felt("a disabled client", || machine.get("/api/v1/regions").status == 401);
}

fn felt(what: &str, holds: impl Fn() -> bool) {
    let since = Instant::now();
    while !holds() {
        // One second, and a little for a busy machine.
        assert!(since.elapsed() < Duration::from_millis(2_500), "{what} was not felt");
        std::thread::sleep(Duration::from_millis(25));
    }
}

#[test]
fn a_rotated_key_signs_and_the_old_one_still_verifies() {
    let app = TestApp::start();
    let before = app.as_role("coordinator");
    let kid = satupintu::access::rotate(&mut app.sql(), app.gate().sealer()).unwrap();
    felt("a new key", || header(app.as_role("coordinator").token())["kid"] == kid);
    before.get("/api/v1/auth/me").expect(200);
    assert_eq!(app.anonymous().get("/.well-known/jwks.json").expect(200)["keys"].as_array().unwrap().len(), 2);
}

fn cookie(answer: &crate::harness::Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[test]
fn a_refresh_token_is_good_once() {
    let app = TestApp::start();
    let nobody = app.anonymous();
    let signed_in =
        nobody.post("/api/v1/auth/login", &json!({"username": "partner", "password": PASSWORD})).expect(200);
    let text = signed_in.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"] {
        assert!(text.contains(part), "{text}");
    }
    let first = cookie(&signed_in);
    let refresh = |cookie: &str| nobody.request("POST", "/api/v1/auth/refresh").header("cookie", cookie).send();
    let second = refresh(&first).expect(200);
    let next = cookie(&second);
    assert_ne!(first, next);
    let caller = app.with_token(second["access_token"].as_str().unwrap());
    caller.get("/api/v1/auth/me").expect(200);

    // Somebody else has the first one: the whole session ends, also for its newest token.
    refresh(&first).expect(401).problem("session_expired");
    refresh(&next).expect(401).problem("session_expired");
    felt("a revoked session", || caller.get("/api/v1/auth/me").status == 401);
    nobody.post_empty("/api/v1/auth/refresh").expect(401);
    let foreign = nobody.request("POST", "/api/v1/auth/login").header("origin", "https://evil.example");
    foreign.json(&json!({"username": "partner", "password": PASSWORD})).send().expect(403).problem("origin_refused");

    let again = nobody.post("/api/v1/auth/login", &json!({"username": "partner", "password": PASSWORD})).expect(200);
    let caller = app.with_token(again["access_token"].as_str().unwrap());
    nobody.request("POST", "/api/v1/auth/logout").header("cookie", &cookie(&again)).send().expect(204);
    felt("a sign-out", || caller.get("/api/v1/auth/me").status == 401);
}

#[test]
fn failed_sign_ins_are_throttled_and_good_ones_are_not() {
    let app = TestApp::start();
    let nobody = app.anonymous();
    let try_with = |username: &str, password: &str| {
        nobody.post("/api/v1/auth/login", &json!({"username": username, "password": password}))
    };
    for _ in 0..12 {
        try_with("auditor", PASSWORD).expect(200);
    }
    let unknown = try_with("nobody.at.all", "wrong password").expect(401);
    for _ in 0..10 {
        let wrong = try_with("coordinator", "wrong password").expect(401).problem("bad_credentials");
        assert_eq!(wrong["detail"], unknown["detail"], "it does not tell whether the account exists");
    }
    let stopped = try_with("coordinator", PASSWORD).expect(429).problem("too_many_requests");
    assert!(stopped.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    try_with("Coordinator", "wrong password").expect(429);
    try_with("auditor", PASSWORD).expect(200);
}

#[test]
fn machines_get_what_they_ask_and_hold() {
    let app = TestApp::start();
    let ask = |user: &str, secret: &str, fields: &[(&str, &str)]| {
        app.anonymous().request("POST", "/oauth/token").basic(user, secret).form(fields).send()
    };
    let grant = ("grant_type", "client_credentials");
    let one = ask("test-reader", CLIENT_SECRET, &[grant, ("scope", "reference:read")]).expect(200);
    assert_eq!((&one["scope"], &one["token_type"]), (&json!("reference:read"), &json!("Bearer")));
    assert_eq!(one.header("cache-control"), Some("no-store"));
    assert_eq!(ask("test-reader", "wrong", &[grant]).expect(401)["error"], "invalid_client");
    assert_eq!(ask("nobody", "wrong", &[grant]).expect(401)["error"], "invalid_client");
    assert_eq!(
        ask("test-reader", CLIENT_SECRET, &[("grant_type", "password")]).expect(400)["error"],
        "unsupported_grant_type"
    );
    assert_eq!(
        ask("test-nothing", CLIENT_SECRET, &[grant, ("scope", "households:read")]).expect(400)["error"],
        "invalid_scope"
    );
    let narrow = app.with_token(one["access_token"].as_str().unwrap());
    narrow.get("/api/v1/regions").expect(200);
    assert_eq!(narrow.get("/api/v1/households").status, 403, "a token of one scope opens no other");
}
