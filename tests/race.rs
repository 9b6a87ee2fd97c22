//! The last seats and the last rupiah, while the service is killed in the middle: what was answered stands, what was not is
//! asked again with its key, and nothing is given twice.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use satupintu::config::Config;
use serde_json::Value;

use crate::harness::{binary, count};
use crate::stage::{Stage, Terms};

const SENDS: usize = 120;
const SEATS: i32 = 20;
const MONEY: usize = 14;

/// The service as a process of its own over the stage's database.
pub fn serve(binary: &std::path::Path, config: &Config, port: u16, worker: &str) -> Child {
    Command::new(binary)
        .arg("serve")
        .env("DATABASE_URL", config.database_url.expose())
        .env("SATUPINTU_SECRET", config.satupintu_secret.expose())
        .env("PUBLIC_URL", config.public_url.as_deref().unwrap())
        .env("DATA_DIR", &config.data_dir)
        .env("API_PORT", port.to_string())
        .env("WORKER", worker)
        .env("SEARCH_MEMORY", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_race_for_the_last_seats_outlives_the_service() {
    let Some(binary) = binary() else {
        println!("no binary is built beside the tests: nothing to kill");
        return;
    };
    let all = i64::try_from(MONEY).unwrap();
    let stage = Stage::start();
    let offer = stage.offer(&Terms { seats: SEATS, ..Terms::default() });
    let source = stage.budget("BUDGET", &offer, 100_000 * all, 100_000 * all);
    // Every fourth family asks twice, for two needs of one kind: it may get one parcel.
    let mut drafts = Vec::new();
    while drafts.len() < SENDS {
        let (household, problem) = stage.needy();
        drafts.push(stage.draft(&problem, &offer));
        if drafts.len() % 4 == 0 {
            drafts.push(stage.draft(&stage.verified(household), &offer));
        }
    }
    let config = stage.app.config.clone();
    let port = free_port();
    let service = Mutex::new(serve(&binary, &config, port, "off"));
    let half = MONEY / 2;
    let (token, sent, at) = (stage.app.token_for("social_worker"), AtomicUsize::new(0), AtomicUsize::new(0));
    let killed = AtomicUsize::new(0);
    let codes = Arc::new(Mutex::new(Vec::new()));
    let until = Instant::now() + Duration::from_secs(90);
    std::thread::scope(|threads| {
        for _ in 0..12 {
            threads.spawn(|| {
                let http = reqwest::blocking::Client::new();
                while let Some(draft) = drafts.get(at.fetch_add(1, Ordering::SeqCst)) {
                    let code = loop {
                        assert!(Instant::now() < until, "the race did not end");
                        let asked = http
                            .post(format!("http://127.0.0.1:{port}/api/v1/referrals/{draft}/send"))
                            .bearer_auth(&token)
                            .header("if-match", "\"1.x\"")
                            .header("idempotency-key", draft)
                            .send();
                        let Ok(answer) = asked else {
                            std::thread::sleep(Duration::from_millis(50));
                            continue;
                        };
                        let status = answer.status().as_u16();
                        let body: Value = answer.json().unwrap_or_default();
                        let code = if status == 200 { "ok" } else { body["code"].as_str().unwrap_or("none") };
                        if status < 500 && code != "idempotency_in_flight" {
                            break code.to_owned();
                        }
                        std::thread::sleep(Duration::from_millis(50));
                    };
                    if code == "ok" && sent.fetch_add(1, Ordering::SeqCst) + 1 == half {
                        let mut process = service.lock().unwrap();
                        // On Unix this is SIGKILL: nothing is drained, nothing said goodbye to.
                        process.kill().unwrap();
                        process.wait().unwrap();
                        *process = serve(&binary, &config, port, "off");
                        killed.fetch_add(1, Ordering::SeqCst);
                    }
                    codes.lock().unwrap().push(code);
                }
            });
        }
    });
    let mut process = service.into_inner().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let codes = codes.lock().unwrap();
    assert_eq!(killed.load(Ordering::SeqCst), 1);
    assert_eq!(codes.iter().filter(|c| *c == "ok").count(), MONEY, "{codes:?}");
    let known = ["ok", "insufficient_funds", "claim_overlap", "no_seats"];
    assert!(codes.iter().all(|c| known.contains(&c.as_str())), "{codes:?}");
    assert_eq!(stage.seats_taken(&offer), all);
    assert_eq!(stage.active_claims(), all);
    assert_eq!(stage.balance(&source), [0, 0, 0, 100_000 * all, 0, 0]);
    let twice = "SELECT count(*) AS n FROM (SELECT household_id FROM awards WHERE status = 'held' GROUP BY 1 HAVING count(*) > 1) t";
    assert_eq!(count(&mut stage.app.sql(), twice), 0);
}
