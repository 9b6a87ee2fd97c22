//! What every operation has in common: problems, versions, and a database that goes away.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{AGENCY, ChaosProxy, TestApp, TestDb};

#[test]
fn a_problem_has_one_shape() {
    let app = TestApp::start();
    let admin = app.as_role("admin");
    let send =
        |media: &str, body: &str| admin.request("POST", "/api/v1/organizations").body(media, body.to_owned()).send();
    for rubbish in ["{", "", "[1,]", "{\"a\":1} x", "{\"a\":01}"] {
        let answer = send("application/json", rubbish).expect(400).problem("malformed_json");
        assert_eq!(answer["type"], "/problems/malformed_json");
        assert_eq!(answer["request_id"], answer.header("x-request-id").unwrap());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    send("text/plain", "{}").expect(415).problem("unsupported_media_type");
    let unknown = r#"{"code":"aa","name":"x","kind":"opd","colour":"red"}"#;
    assert_eq!(send("application/json", unknown).expect(422).refusals(), ["/colour unknown_member"]);
    let twice = r#"{"code":"aa","code":"bb","name":"x","kind":"opd"}"#;
    assert_eq!(send("application/json", twice).expect(422).refusals(), ["/code duplicate_member"]);
    let secret = r#"{"code":"3273010101015001 Siti","name":"x","kind":"opd"}"#;
    let refused = send("application/json", secret).expect(422);
    assert!(!refused.text().contains("3273010101015001"), "a refused value is never said back: {}", refused.text());
    send("application/json", &format!("{{\"name\":\"{}\"}}", "x".repeat(1 << 20)))
        .expect(413)
        .problem("payload_too_large");
    let wrong = admin.request("PUT", "/api/v1/organizations").send().expect(405).problem("method_not_allowed");
    assert_eq!(wrong.header("allow"), Some("GET, POST"));
    assert_eq!(admin.get("/api/v1/organizations?a=1").expect(400).problem("unknown_parameter").status, 400);
    admin.get("/api/v1/organizations?limit=1&limit=2").expect(400);
    admin.get("/api/v1/organizations/not-an-id").expect(404).problem("not_found");
    app.anonymous().request("POST", "/api/v1/organizations").body("application/json", "{").send().expect(401);
}

#[test]
fn every_code_has_a_page() {
    let app = TestApp::start();
    let nobody = app.anonymous();
    for code in satupintu::kernel::problem::ALL {
        let page = nobody.get(&format!("/problems/{}", code.slug)).expect(200);
        assert!(page.text().contains(code.title), "{}", code.slug);
    }
    nobody.get("/problems/nonsense").expect(404);
    let docs = nobody.get("/docs/").expect(200).text();
    assert!(!docs.contains("https://"), "the documentation loads nothing from outside");
}

#[test]
fn versions_are_compared() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    let path = format!("/api/v1/organizations/{AGENCY}");
    let read = caller.get(&path).expect(200);
    let tag = read.etag().to_owned();
    for same in [tag.clone(), format!("\"x\", {tag}"), "*".into(), format!("W/{tag}")] {
        let again = caller.request("GET", &path).header("if-none-match", &same).send().expect(304);
        assert!(again.body.is_empty());
        assert_eq!(again.etag(), tag);
    }
    caller.request("GET", &path).header("if-none-match", "\"0.0\"").send().expect(200);
    let change = |tag: Option<&str>| {
        let request = caller.request("PATCH", &path).json(&json!({"phone": "022"}));
        match tag {
            Some(tag) => request.header("if-match", tag).send(),
            None => request.send(),
        }
    };
    change(None).expect(428).problem("precondition_required");
    for malformed in ["1", "\"\"", "\"x.y\"", "\"+1.a\"", "\"-1.a\"", "W/\"1.a\"", "*"] {
        change(Some(malformed)).expect(400).problem("malformed_if_match");
    }
    change(Some("\"99.abcd\"")).expect(412).problem("stale_version");
    let other = app.as_role("admin").get(&path).expect(200);
    assert_ne!(other.etag(), tag, "another role sees another tag");
    let changed = change(Some(other.etag())).expect(200);
    assert_ne!(changed.etag(), tag);
    change(Some(&tag)).expect(412);
}

#[test]
fn one_key_works_once_even_at_the_same_moment() {
    let app = TestApp::start();
    let admin = app.as_role("admin");
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..8)
            .map(|_| {
                let admin = admin.clone();
                scope.spawn(move || {
                    let body = json!({"code": "only_once", "name": "Sekali", "kind": "zakat"});
                    admin
                        .request("POST", "/api/v1/organizations")
                        .header("idempotency-key", "same")
                        .json(&body)
                        .send()
                        .status
                })
            })
            .collect();
        handles.into_iter().map(|h| h.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|s| matches!(s, 201 | 409)), "{answers:?}");
    assert!(answers.contains(&201));
    assert_eq!(admin.all("/api/v1/organizations?q=only_once").len(), 1);
}

#[test]
fn a_lost_database_is_503_and_comes_back_by_itself() {
    let (db, proxy) = (TestDb::create(), ChaosProxy::start());
    let through = proxy.through(&db.service_url());
    let app =
        TestApp::build().database(db).config(move |c| c.database_url = satupintu::config::Secret::new(through)).start();
    let caller = app.as_role("coordinator");
    caller.get("/api/v1/organizations").expect(200);

    proxy.cut();
    let lost = caller.get("/api/v1/organizations").expect(503).problem("unavailable");
    assert!(lost.header("retry-after").is_some());
    app.anonymous().get("/readyz").expect(503);
    app.anonymous().get("/healthz").expect(200);

    proxy.heal();
    let since = Instant::now();
    app.wait("the database", || caller.get("/api/v1/organizations").status == 200);
    assert!(since.elapsed() < Duration::from_secs(10), "back after {:?}", since.elapsed());
    app.wait("readiness", || app.anonymous().get("/readyz").status == 200);

    // Connections killed by the server are noticed on their next use and replaced.
    let killed = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(crate::harness::count(&mut app.sql(), killed) > 0);
    app.wait("new connections", || caller.get("/api/v1/organizations").status == 200);
}

#[test]
fn it_drains_when_it_is_told_to_end() {
    use std::io::{Read as _, Write as _};
    let Some(binary) = crate::harness::binary() else { return };
    let db = TestDb::create();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = std::process::Command::new(binary)
        .arg("serve")
        .env("DATABASE_URL", db.service_url())
        .env("API_PORT", port.to_string())
        .env("SATUPINTU_SECRET", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        .env("DATA_DIR", std::env::temp_dir().join(&db.name))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    let url = format!("http://127.0.0.1:{port}/readyz");
    while !reqwest::blocking::get(&url).is_ok_and(|r| r.status() == 200) {
        assert!(Instant::now() < until, "not ready in 20 s");
        std::thread::sleep(Duration::from_millis(50));
    }
    // A request that is under way when the signal comes is answered.
    let mut slow = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    slow.write_all(
        b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{",
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(500));
    slow.write_all(b"}").unwrap();
    let mut answer = String::new();
    let _ = slow.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    let since = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(since.elapsed() < Duration::from_secs(25), "still running 25 s after SIGTERM");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{status}");
}

#[test]
fn the_metrics_name_no_one() {
    let app = TestApp::start();
    let caller = app.as_role("coordinator");
    caller.get(&format!("/api/v1/organizations/{AGENCY}")).expect(200);
    let text = app.anonymous().get("/metrics").expect(200).text();
    assert!(!text.contains(&AGENCY.to_string()), "paths are patterns");
    let version: Value = app.anonymous().get("/version").expect(200).json();
    assert_eq!(version["name"], "satupintu");
}
