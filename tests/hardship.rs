//! Imports when the machine gives way: no room left on a disk, and more bytes than anybody should send.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use diesel::connection::SimpleConnection as _;

use crate::harness::{TestApp, TestDb, admin_url, connect};
use crate::imports::{CARD, FAMILIES, MEMBERS, NIK, act, apply, registry, rows, small, staged, upload};

/// A disk of a few megabytes. Only root can mount one.
struct SmallDisk {
    dir: PathBuf,
    name: String,
    tablespace: bool,
}

fn done(command: &mut Command) -> Result<(), String> {
    let out = command.output().map_err(|e| e.to_string())?;
    if out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).trim().to_owned()) }
}

impl SmallDisk {
    fn mount(kilobytes: u32) -> Result<Self, String> {
        let name = format!("sp_small_{}", uuid::Uuid::now_v7().simple());
        let dir = std::env::temp_dir().join(&name);
        std::fs::create_dir(&dir).map_err(|e| e.to_string())?;
        let size = format!("size={kilobytes}k,mode=777");
        let mounted = done(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&dir));
        if let Err(why) = mounted {
            std::fs::remove_dir(&dir).map_err(|e| e.to_string())?;
            return Err(why);
        }
        Ok(Self { dir, name, tablespace: false })
    }
    /// New tables of the database lie on it.
    fn hold(&mut self, db: &TestDb) -> Result<(), String> {
        let place = self.dir.join("pg");
        std::fs::create_dir(&place).map_err(|e| e.to_string())?;
        done(Command::new("chown").arg("postgres").arg(&place))?;
        let (name, database, place) = (&self.name, &db.name, place.display());
        let mut admin = connect(admin_url());
        admin.batch_execute(&format!("CREATE TABLESPACE {name} LOCATION '{place}'")).map_err(|e| e.to_string())?;
        self.tablespace = true;
        admin
            .batch_execute(&format!(
                "GRANT CREATE ON TABLESPACE {name} TO PUBLIC; ALTER DATABASE {database} SET default_tablespace = {name}"
            ))
            .map_err(|e| e.to_string())
    }
    fn grow(&self, kilobytes: u32) {
        let size = format!("remount,size={kilobytes}k");
        done(Command::new("mount").args(["-o", &size]).arg(&self.dir)).unwrap();
    }
}

impl Drop for SmallDisk {
    // After the database, whose tables lie on it.
    fn drop(&mut self) {
        if self.tablespace {
            let dropped = connect(admin_url()).batch_execute(&format!("DROP TABLESPACE {}", self.name));
            if let Err(why) = dropped {
                eprintln!("the tablespace {} stays: {why}", self.name);
            }
        }
        let _ = done(Command::new("umount").arg("-l").arg(&self.dir));
        let _ = std::fs::remove_dir(&self.dir);
    }
}

/// The disk, or `None` with the reason said where this machine allows none.
fn small_disk(kilobytes: u32) -> Option<SmallDisk> {
    SmallDisk::mount(kilobytes).inspect_err(|why| println!("left out, no small disk here: {why}")).ok()
}

#[test]
fn a_full_database_costs_the_import_and_nothing_else() {
    let Some(mut disk) = small_disk(1_500) else { return };
    let db = TestDb::create();
    if let Err(why) = disk.hold(&db) {
        println!("left out, the cluster cannot use a small disk: {why}");
        return;
    }
    let app = TestApp::build().database(db).start();
    let caller = app.as_role("coordinator");
    let (f, m) = small(&[(CARD, "3273011001", "3")], &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "1")]);
    apply(&app, &caller, "2026-09", &[("families", &f), ("members", &m)]);
    let before = registry(&app);

    let files = [("families", FAMILIES), ("members", MEMBERS)];
    let import = staged(&app, &caller, "2026-10", &files);
    assert_eq!((&import["status"], &import["error"]["code"]), (&"failed".into(), &"storage_full".into()));
    assert!(import["error"]["message"]["en"].as_str().unwrap().contains("storage is full"), "{}", import.text());
    let operation = app.finished(&caller, &format!("/api/v1/operations/{}", import["operation_id"].as_str().unwrap()));
    assert_eq!((&operation["state"], &operation["error"]["code"]), (&"failed".into(), &"storage_full".into()));
    act(&app, &caller, &import.id(), "review").expect(409).problem("wrong_state");
    assert_eq!(registry(&app), before, "the registry is as it was");
    assert_eq!(
        rows(&app, "SELECT count(*) AS n FROM pg_class WHERE relname LIKE 'import_members_%'"),
        0,
        "staging is gone"
    );

    disk.grow(100_000);
    let applied = apply(&app, &caller, "2026-10", &files);
    assert_eq!(applied["counts"]["rows"], 9030);
    assert_ne!(registry(&app), before);
}

#[test]
fn a_full_spool_refuses_the_upload_and_says_so() {
    let Some(disk) = small_disk(400) else { return };
    let dir = disk.dir.clone();
    let app = TestApp::build().config(move |c| c.data_dir = dir).start();
    let caller = app.as_role("coordinator");
    let full = upload(&caller, "2026-10", &[("families", FAMILIES), ("members", MEMBERS)]);
    let full = full.expect(503).problem("storage_full");
    assert!(full.header("retry-after").is_some());
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM imports"), 0);
    let (f, m) = small(&[(CARD, "3273011001", "3")], &[(NIK, CARD, "ASEP SUNANDAR", "1980-05-15", "1")]);
    let import = staged(&app, &caller, "2026-10", &[("families", &f), ("members", &m)]);
    assert_eq!(import["status"], "validated", "what was half stored made room again");
    act(&app, &caller, &import.id(), "cancel").expect(200);
}

/// Sends two gigabytes of rubbish until the service has answered; the answer, and how many bytes went through.
fn pour(app: &TestApp, token: &str, chunked: bool) -> (String, u64) {
    const ALL: u64 = 2 << 30;
    let mut socket = TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
    let mut answered = socket.try_clone().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut text, mut block) = (String::new(), [0_u8; 4096]);
        // Up to the end of the problem: the service may close at once behind it.
        while !text.ends_with('}') {
            match answered.read(&mut block) {
                Ok(0) | Err(_) => break,
                Ok(n) => text.push_str(&String::from_utf8_lossy(&block[..n])),
            }
        }
        text
    });
    let framing = if chunked { "transfer-encoding: chunked".to_owned() } else { format!("content-length: {ALL}") };
    let head = format!(
        "POST /api/v1/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: multipart/form-data; boundary=b\r\n{framing}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).unwrap();
    let mut send = |bytes: &[u8]| {
        if chunked {
            socket.write_all(format!("{:x}\r\n", bytes.len()).as_bytes())?;
        }
        socket.write_all(bytes)?;
        if chunked { socket.write_all(b"\r\n") } else { Ok(()) }
    };
    let part = b"--b\r\ncontent-disposition: form-data; name=\"members\"; filename=\"m.csv\"\r\n\r\n";
    let block: Vec<u8> = (0..1_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let mut sent = 0;
    let mut open = send(part).is_ok();
    while open && sent < ALL && !reader.is_finished() {
        open = send(&block).is_ok();
        sent += block.len() as u64;
    }
    (reader.join().unwrap(), sent)
}

#[test]
fn two_gigabytes_of_rubbish_are_refused_on_the_way() {
    let app = TestApp::build().config(|c| c.import_max_mb = 8).start();
    let caller = app.as_role("coordinator");
    for chunked in [false, true] {
        let (answer, sent) = pour(&app, caller.token(), chunked);
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("payload_too_large"), "{answer}");
        assert!(sent < 256 << 20, "{sent} bytes went through before the answer");
    }
    assert_eq!(rows(&app, "SELECT count(*) AS n FROM imports"), 0);
    let spool = app.config.data_dir.join("imports");
    app.wait("the spool to be empty", || std::fs::read_dir(&spool).map_or(0, Iterator::count) == 0);
    caller.get("/api/v1/imports").expect(200);
}
