//! Evidence: what is taken, in which form it is kept, who sees it, and that nothing of a refused file stays.

use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{Answer, Caller, TestApp, VILLAGE, count};
use crate::stage::Stage;

const SECRET: &[u8] = b"GPS 6.9175S 107.6191E";
pub const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer << /Root 1 0 R >>\nstartxref\n45\n%%EOF\n";

/// A picture of its own shade, so that every test has other bytes.
fn drawn(format: ImageFormat, width: u32, height: u32, shade: u8) -> Vec<u8> {
    let mut picture = RgbImage::new(width, height);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        pixel.0 = [shade, (x * 5 % 256) as u8, (y * 5 % 256) as u8];
    }
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A telephone's photograph: turned by its EXIF block, which also says where it was taken.
pub fn photograph(shade: u8) -> Vec<u8> {
    let jpeg = drawn(ImageFormat::Jpeg, 40, 30, shade);
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    // Orientation 6: to be turned a quarter clockwise.
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(SECRET);
    let mut block = b"Exif\0\0".to_vec();
    block.extend(tiff);
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(block.len() + 2).unwrap().to_be_bytes());
    out.extend(block);
    out.extend(&jpeg[2..]);
    out
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|w| w == what)
}

pub fn add(caller: &Caller, problem: &str, name: &str, bytes: &[u8]) -> Answer {
    let part = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    let form = Form::new().text("caption", "Atap <b>dapur</b> 🏚️").part("file", part);
    caller.request("POST", &format!("/api/v1/problems/{problem}/evidence")).multipart(form).send()
}

fn reported(stage: &Stage) -> (Uuid, String) {
    let (household, _) = stage.household(VILLAGE);
    let new = stage.new_problem(household, "pangan", "high");
    (household, stage.by("village_operator").post("/api/v1/problems", &new).expect(201).id())
}

/// Every file under the evidence directory.
fn files(app: &TestApp) -> Vec<PathBuf> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { walk(&path, out) } else { out.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&app.config.evidence_root(), &mut found);
    found
}

#[test]
fn a_photograph_loses_all_but_its_pixels() {
    let stage = Stage::start();
    let (_, problem) = reported(&stage);
    let one = stage.by("village_operator");
    let sent = photograph(10);
    assert!(holds(&sent, SECRET));
    let answer = add(&one, &problem, "../../etc/rumah\u{202e}.jpg", &sent).expect(201);
    assert_eq!((&answer["media_type"], &answer["name"]), (&json!("image/jpeg"), &json!("rumah.jpg")));
    // Held upright: turned before what says so is gone.
    assert_eq!((&answer["width"], &answer["height"]), (&json!(30), &json!(40)));
    assert_eq!((&answer["caption"], &answer["can"]), (&json!("Atap <b>dapur</b> 🏚️"), &json!(["remove"])));
    let path = answer.header("location").unwrap().to_owned();
    let file = one.get(&format!("{path}/file")).expect(200);
    assert!(!holds(&file.body, SECRET) && !holds(&file.body, b"Exif"));
    let read = image::load_from_memory(&file.body).unwrap();
    assert_eq!((read.width(), read.height()), (30, 40));
    let sum: String = {
        use sha2::Digest as _;
        sha2::Sha256::digest(&file.body).iter().map(|b| format!("{b:02x}")).collect()
    };
    assert_eq!(answer["sha256"], json!(sum));
    let disposition = file.header("content-disposition").unwrap();
    assert_eq!(disposition, format!("attachment; filename=\"bukti-{}.jpg\"", answer.id()));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    assert_eq!(file.header("content-type"), Some("image/jpeg"));
    // On disk it is called by its checksum, whatever it was sent as.
    let kept = files(&stage.app);
    assert_eq!(kept.len(), 1);
    assert!(kept[0].ends_with(format!("{}/{sum}", &sum[..2])), "{kept:?}");
}

#[test]
fn pictures_and_papers_are_taken_and_nothing_else() {
    let stage = Stage::start();
    let (_, problem) = reported(&stage);
    let one = stage.by("village_operator");
    let png = drawn(ImageFormat::Png, 20, 10, 1);
    for (bytes, kept) in [
        (drawn(ImageFormat::Jpeg, 20, 10, 2), "image/jpeg"),
        (png.clone(), "image/png"),
        (drawn(ImageFormat::WebP, 20, 10, 3), "image/jpeg"),
        (PDF.to_vec(), "application/pdf"),
    ] {
        // What the name says counts for nothing.
        assert_eq!(add(&one, &problem, "setup.exe", &bytes).expect(201)["media_type"], kept);
    }
    let before = files(&stage.app).len();
    // Two pixels a side in the file's head, a hundred thousand promised: a bomb of 40 GB.
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let crc = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let mut cut = photograph(4);
    cut.truncate(60);
    let appended = [PDF, b"PK\x03\x04 an archive"].concat();
    let scripted = [&PDF[..9], b"2 0 obj << /S /JavaScript /JS (x) >> endobj\n", &PDF[9..]].concat();
    let carrying = [&PDF[..9], b"2 0 obj << /Type/EmbeddedFile>> endobj\n", &PDF[9..]].concat();
    let refused: [(&str, &[u8], &str); 14] = [
        ("foto.jpg", b"MZ\x90\x00\x03 This program cannot be run in DOS mode", "type_not_allowed"),
        ("foto.jpg", b"\x7fELF\x02\x01\x01", "type_not_allowed"),
        ("foto.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "type_not_allowed"),
        ("foto.png", b"<!doctype html><script>alert(1)</script>", "type_not_allowed"),
        ("foto.jpg", b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00 video", "type_not_allowed"),
        ("foto.gif", b"GIF89a\x01\x00\x01\x00", "type_not_allowed"),
        ("berkas.zip", b"PK\x03\x04", "type_not_allowed"),
        ("surat.pdf", b"<html>%PDF-1.4", "type_not_allowed"),
        ("kosong.jpg", b"", "empty"),
        ("foto.jpg", &cut, "damaged"),
        ("surat.pdf", b"%PDF-1.4 <html><script>alert(1)</script>", "damaged"),
        ("surat.pdf", &appended, "trailing_data"),
        ("surat.pdf", &scripted, "active_content"),
        ("surat.pdf", &carrying, "active_content"),
    ];
    for (name, bytes, code) in refused {
        let answer = add(&one, &problem, name, bytes).expect(422).problem("evidence_refused");
        assert_eq!(answer.refusals(), [format!("/file {code}")], "{name}");
    }
    let answer = add(&one, &problem, "foto.png", &bomb).expect(422);
    assert_eq!(answer.refusals(), ["/file too_many_pixels"]);
    // A picture with an archive behind it is a picture: what is behind goes.
    let hidden = [photograph(5).as_slice(), b"PK\x03\x04 an archive"].concat();
    let kept = add(&one, &problem, "foto.jpg", &hidden).expect(201);
    let file = one.get(&format!("/api/v1/evidence/{}/file", kept.id())).expect(200);
    assert!(!holds(&file.body, b"an archive"));
    assert_eq!(files(&stage.app).len(), before + 1, "something of what was refused is left");
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

#[test]
fn what_is_not_a_form_or_not_this_form_is_refused() {
    let stage = Stage::start();
    let (_, problem) = reported(&stage);
    let one = stage.by("village_operator");
    let path = format!("/api/v1/problems/{problem}/evidence");
    let send = |form: Form| one.request("POST", &path).multipart(form).send();
    let file = |shade| Part::bytes(photograph(shade)).file_name("a.jpg");
    assert_eq!(send(Form::new().text("caption", "x")).expect(422).refusals(), ["/file required"]);
    assert_eq!(send(Form::new().text("x", "y").part("file", file(1))).expect(422).refusals(), ["/ unknown_member"]);
    let twice = Form::new().part("file", file(1)).part("file", file(2));
    assert_eq!(send(twice).expect(422).refusals(), ["/file duplicate_member"]);
    let long = Form::new().text("caption", "a".repeat(501)).part("file", file(1));
    assert_eq!(send(long).expect(422).refusals(), ["/caption length"]);
    one.post(&path, &json!({})).expect(415);
    for shade in 0..20 {
        send(Form::new().part("file", file(shade * 10))).expect(201);
    }
    assert_eq!(send(Form::new().part("file", file(255))).expect(422).refusals(), ["/file too_many"]);
    assert_eq!(one.all(&format!("{path}?limit=7")).len(), 20);
    assert_eq!(files(&stage.app).len(), 20);
    // The same upload with its key is one file.
    let (_, other) = reported(&stage);
    let again = || {
        let form = Form::new().part("file", file(3));
        let request = one.request("POST", &format!("/api/v1/problems/{other}/evidence"));
        request.header("idempotency-key", "e-1").multipart(form).send().expect(201)
    };
    assert_eq!(again().id(), again().id());
    assert_eq!(one.all(&format!("/api/v1/problems/{other}/evidence")).len(), 1);
}

/// Sends a gigabyte of "video" until the service has answered.
fn pour(app: &TestApp, path: &str, token: &str, announced: bool) -> (String, u64) {
    const ALL: u64 = 1 << 30;
    let mut socket = TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
    // A service that has answered need not read on: whoever still writes must not wait for ever.
    let patience = Some(std::time::Duration::from_secs(30));
    socket.set_write_timeout(patience).unwrap();
    socket.set_read_timeout(patience).unwrap();
    let length = if announced { format!("content-length: {ALL}") } else { "transfer-encoding: chunked".into() };
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: multipart/form-data; boundary=b\r\n{length}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).unwrap();
    let mut answered = socket.try_clone().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut text, mut block) = (String::new(), [0_u8; 4096]);
        while !text.ends_with('}') {
            match answered.read(&mut block) {
                Ok(0) | Err(_) => break,
                Ok(n) => text.push_str(&String::from_utf8_lossy(&block[..n])),
            }
        }
        text
    });
    let start = b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"video.mp4\"\r\n\r\n".to_vec();
    let block = vec![b'v'; 1 << 20];
    let mut sent = 0;
    for piece in std::iter::once(&start).chain(std::iter::repeat(&block)) {
        let framed = if announced {
            piece.clone()
        } else {
            [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
        };
        if reader.is_finished() || sent > ALL || socket.write_all(&framed).is_err() {
            break;
        }
        sent += piece.len() as u64;
    }
    (reader.join().unwrap(), sent)
}

#[test]
fn a_gigabyte_of_video_is_refused_on_the_way_and_leaves_nothing() {
    let stage = Stage::start();
    let (_, problem) = reported(&stage);
    let one = stage.by("village_operator");
    let path = format!("/api/v1/problems/{problem}/evidence");
    for announced in [true, false] {
        let (answer, sent) = pour(&stage.app, &path, one.token(), announced);
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(sent < 128 << 20, "{sent} bytes went through before the answer");
    }
    // Whoever does not see the problem does not get to send.
    let outside = stage.by("village_operator_out");
    let (answer, _) = pour(&stage.app, &path, outside.token(), false);
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    stage.app.wait("nothing to be left", || files(&stage.app).is_empty());
    assert!(one.all(&path).is_empty());
}

#[test]
fn who_sees_the_problem_sees_its_evidence_and_is_seen() {
    let stage = Stage::start();
    let (household, head) = stage.household(VILLAGE);
    let worker = stage.by("social_worker");
    let new = json!({"subject": {"kind": "individual", "id": head}, "need_code": "kekerasan", "severity": "emergency"});
    let hidden = worker.post("/api/v1/problems", &new).expect(201).id();
    let open = stage.new_problem(household, "pangan", "high");
    let open = stage.by("village_operator").post("/api/v1/problems", &open).expect(201).id();
    let secret = add(&worker, &hidden, "luka.jpg", &photograph(1)).expect(201).id();
    let plain = add(&stage.by("village_operator"), &open, "dapur.jpg", &photograph(2)).expect(201).id();
    let coordinator = stage.plain_coordinator();
    let paths = |id: &str| [format!("/api/v1/evidence/{id}"), format!("/api/v1/evidence/{id}/file")];
    for caller in [stage.by("village_operator"), coordinator.clone()] {
        caller.get(&format!("/api/v1/problems/{hidden}/evidence")).expect(404);
        add(&caller, &hidden, "x.jpg", &photograph(3)).expect(404);
        for path in paths(&secret) {
            caller.get(&path).expect(404);
        }
        for path in paths(&plain) {
            caller.get(&path).expect(200);
        }
        caller.delete(&format!("/api/v1/evidence/{secret}")).expect(404);
    }
    for path in paths(&secret) {
        stage.by("social_worker2").get(&path).expect(200);
    }
    for name in ["village_operator_out", "social_worker_out", "agency_officer", "citizen"] {
        for path in paths(&plain) {
            stage.by(name).get(&path).expect(404);
        }
        add(&stage.by(name), &open, "x.jpg", &photograph(4)).expect(404);
    }
    for name in ["auditor", "admin"] {
        stage.by(name).get(&paths(&plain)[1]).expect(403);
    }
    stage.by("partner").get(&paths(&plain)[1]).expect(404);
    let log = format!(
        "SELECT count(*) AS n FROM access_log WHERE subject_kind = 'evidence' AND action = 'view' AND household_id = '{household}'"
    );
    // The operator, the coordinator and the supervisor took one file each.
    stage.app.wait("the views to be logged", || count(&mut stage.app.sql(), &log) == 3);
}

#[test]
fn only_its_sender_takes_it_back_and_only_while_unverified() {
    let stage = Stage::start();
    let (_, problem) = reported(&stage);
    let (one, two) = (stage.by("village_operator"), stage.by("village_operator2"));
    let picture = photograph(7);
    let first = add(&one, &problem, "a.jpg", &picture).expect(201).id();
    let second = add(&two, &problem, "b.jpg", &picture).expect(201);
    // The same content twice is one file.
    assert_eq!(files(&stage.app).len(), 1);
    let path = format!("/api/v1/evidence/{first}");
    two.delete(&path).expect(403);
    assert_eq!(two.get(&path).expect(200)["can"], json!([]));
    one.delete(&path).expect(204);
    one.delete(&path).expect(404);
    one.get(&format!("{path}/file")).expect(404);
    let other = format!("/api/v1/evidence/{}", second.id());
    two.get(&format!("{other}/file")).expect(200);
    let problem_path = format!("/api/v1/problems/{problem}");
    two.act(&format!("{problem_path}/verify"), two.get(&problem_path).etag(), &json!({})).expect(200);
    two.delete(&other).expect(409).problem("wrong_state");
    assert_eq!(two.get(&other).expect(200)["can"], json!([]));
    let trail = "SELECT count(*) AS n FROM audit_events WHERE action IN ('evidence.add', 'evidence.remove')";
    assert_eq!(count(&mut stage.app.sql(), trail), 3);
    let worker = stage.by("social_worker");
    let etag = worker.get(&problem_path).etag().to_owned();
    worker.act(&format!("{problem_path}/resolve"), &etag, &json!({})).expect(200);
    add(&one, &problem, "c.jpg", &photograph(8)).expect(409).problem("wrong_state");
}

#[test]
fn the_last_one_takes_the_file_along_whoever_else_is_at_it() {
    let stage = Stage::start();
    let (_, problem) = reported(&stage);
    let (one, two) = (stage.by("village_operator"), stage.by("village_operator2"));
    let picture = photograph(9);
    for _ in 0..6 {
        let first = add(&one, &problem, "a.jpg", &picture).expect(201).id();
        let adding = {
            let (two, problem, picture) = (two.clone(), problem.clone(), picture.clone());
            std::thread::spawn(move || add(&two, &problem, "b.jpg", &picture).expect(201).id())
        };
        one.delete(&format!("/api/v1/evidence/{first}")).expect(204);
        let second = adding.join().unwrap();
        two.get(&format!("/api/v1/evidence/{second}/file")).expect(200);
        two.delete(&format!("/api/v1/evidence/{second}")).expect(204);
        assert!(files(&stage.app).is_empty());
    }
}
