//! Two answers made comparable: ids become the places they stand at and must map one to one, instants and secrets
//! become their names. Everything else is compared byte for byte.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use uuid::Uuid;

use crate::harness::Answer;

/// Which id of the one city stands for which id of the other, each way.
#[derive(Debug, Default, Clone)]
pub struct Pairs {
    there: HashMap<Uuid, Uuid>,
    back: HashMap<Uuid, Uuid>,
}

impl Pairs {
    /// Takes a pair in; whether it fits what is known.
    pub fn meet(&mut self, left: Uuid, right: Uuid) -> bool {
        let known = *self.there.entry(left).or_insert(right) == right;
        known & (*self.back.entry(right).or_insert(left) == left)
    }
    /// The id of the other city; one that was never seen is the same in both.
    pub fn other(&self, left: Uuid) -> Uuid {
        self.there.get(&left).copied().unwrap_or(left)
    }
    /// A text with the ids of the left city, as the right city would say it.
    pub fn translated(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while !rest.is_empty() {
            if let Some(id) = id_at(rest.as_bytes()) {
                out.push_str(&self.other(id).to_string());
                rest = &rest[36..];
            } else {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                out.push_str(&rest[..first]);
                rest = &rest[first..];
            }
        }
        out
    }
}

/// The id that begins here.
fn id_at(text: &[u8]) -> Option<Uuid> {
    let head = text.get(..36)?;
    if head[8] != b'-' || head[13] != b'-' || head[18] != b'-' || head[23] != b'-' {
        return None;
    }
    std::str::from_utf8(head).ok()?.parse().ok()
}

/// The id without dashes that begins here, as in the names of clients.
fn plain_id_at(text: &[u8], at: usize) -> Option<Uuid> {
    let before = at.checked_sub(1).is_some_and(|b| text[b].is_ascii_alphanumeric());
    let run = text[at..].iter().take(33).take_while(|c| c.is_ascii_hexdigit()).count();
    if before || run != 32 {
        return None;
    }
    std::str::from_utf8(&text[at..at + 32]).ok()?.parse().ok()
}

/// How long the instant is that begins here: `2026-11-22T09:00:00.123Z` and its like.
fn instant_at(text: &[u8]) -> Option<usize> {
    let head = text.get(..19)?;
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let fits = |c: &u8, s: &u8| if *s == b'd' { c.is_ascii_digit() } else { c == s };
    if !head.iter().zip(shape).all(|(c, s)| fits(c, s)) {
        return None;
    }
    let tail = &text[19..];
    let fraction = tail.iter().take_while(|c| c.is_ascii_digit() || **c == b'.').count();
    let zone = match tail.get(fraction) {
        Some(b'Z') => 1,
        Some(b'+') => 6,
        _ => 0,
    };
    Some(19 + fraction + zone)
}

/// Members whose value is drawn by lot in each city, or sealed.
const DRAWN: &[&str] = &[
    "next_cursor",
    "access_token",
    "client_secret",
    "initial_password",
    "secret",
    // Of a one-time link, which ends in its secret.
    "url",
    "otpauth_url",
    // Of the file as somebody sent it, which differs by the row of the case: it says nothing to who has no such file.
    "sha256",
    // Of what a plan read and decided, which names people by their ids: drawn in each city.
    "input_sha256",
    "result_sha256",
    // Of a letter, which carries its date and the code it is checked by.
    "file_sha256",
    // The public halves of each city's own signing keys.
    "kid",
    "x",
    "y",
];

/// A member of [`DRAWN`] that begins here: up to where its value stands, and how long it is in all. Also the numbers of
/// an import's issues, which are given as its files are read, two at a time.
fn drawn_at(text: &[u8]) -> Option<(usize, usize)> {
    let name = text.strip_prefix(b"\"")?;
    if let Some(number) = name.strip_prefix(b"id\":") {
        let digits = number.iter().take_while(|c| c.is_ascii_digit()).count();
        return (digits > 0).then_some((5, 5 + digits));
    }
    // How long a run took is a clock too.
    let clocks = ["load_ms\":", "link_ms\":", "evaluate_ms\":", "store_ms\":"];
    if let Some(head) = clocks.iter().find(|m| name.starts_with(m.as_bytes())) {
        let digits = name[head.len()..].iter().take_while(|c| c.is_ascii_digit()).count();
        return (digits > 0).then_some((head.len() + 1, head.len() + 1 + digits));
    }
    DRAWN.iter().find_map(|drawn| {
        let value = name.strip_prefix(drawn.as_bytes())?.strip_prefix(b"\":\"")?;
        let head = drawn.len() + 4;
        value.iter().position(|c| *c == b'"').map(|end| (head, head + end))
    })
}

/// The text without ids, instants and secrets, and the ids in their order.
fn masked(text: &[u8]) -> (Vec<u8>, Vec<Uuid>) {
    let (mut out, mut ids, mut at) = (Vec::with_capacity(text.len()), Vec::new(), 0);
    while at < text.len() {
        let rest = &text[at..];
        let (hex, digit) = (rest[0].is_ascii_hexdigit(), rest[0].is_ascii_digit());
        if let Some(id) = hex.then(|| id_at(rest)).flatten() {
            ids.push(id);
            out.extend_from_slice(b"[id]");
            at += 36;
        } else if let Some(id) = hex.then(|| plain_id_at(text, at)).flatten() {
            ids.push(id);
            out.extend_from_slice(b"[id]");
            at += 32;
        } else if let Some(length) = digit.then(|| instant_at(rest)).flatten() {
            out.extend_from_slice(b"[time]");
            at += length;
        } else if let Some((head, length)) = drawn_at(rest) {
            out.extend_from_slice(&rest[..head]);
            out.extend_from_slice(b"[drawn]");
            at += length;
        } else {
            out.push(rest[0]);
            at += 1;
        }
    }
    (out, ids)
}

/// Headers that are a clock or a die by themselves. The length follows from the body, in which instants vary in length.
const UNCOMPARED: &[&str] = &["date", "content-length", "x-request-id", "traceparent", "connection"];

/// Everything a caller gets to see of one answer, in one piece.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The request, for the report.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// The body as it came.
    pub body: Vec<u8>,
    etag: Option<String>,
    whole: Vec<u8>,
}

impl Seen {
    /// Of an answer.
    pub fn of(request: String, answer: &Answer, base: &str) -> Self {
        let mut lines: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| !UNCOMPARED.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}\n", header(name.as_str(), value.to_str().unwrap_or("?"))))
            .collect();
        lines.sort();
        let mut whole = format!("{}\n{}\n", answer.status, lines.concat()).into_bytes();
        whole.extend(unpacked(&answer.body));
        // The two are reached at addresses of their own.
        let whole = match String::from_utf8(whole) {
            Ok(text) => text.replace(base, "[base]").into_bytes(),
            Err(bytes) => bytes.into_bytes(),
        };
        let etag = answer.header("etag").map(str::to_owned);
        Self { request, status: answer.status, body: answer.body.clone(), etag, whole }
    }
    /// Its entity tag.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }
    /// How the other city's answer differs, if it does.
    pub fn differs(&self, other: &Self, pairs: &mut Pairs) -> Option<String> {
        if self.whole == other.whole {
            return None;
        }
        let ((here, ids), (there, others)) = (masked(&self.whole), masked(&other.whole));
        if here != there {
            return Some(first_difference(&here, &there));
        }
        let strays = ids.iter().zip(&others).filter(|(a, b)| !pairs.meet(**a, **b));
        let strays: Vec<String> = strays.map(|(a, b)| format!("{a} is not {b}")).take(3).collect();
        (!strays.is_empty()).then(|| strays.join(", "))
    }
}

fn header(name: &str, value: &str) -> String {
    match name {
        // A refresh token.
        "set-cookie" => value.split_once('=').map_or_else(String::new, |(name, rest)| {
            format!("{name}=[drawn];{}", rest.split_once(';').map_or("", |(_, rest)| rest))
        }),
        // Seconds until a window of attempts ends: a clock.
        "retry-after" => "[seconds]".to_owned(),
        "link" => {
            let (before, after) = value.split_once("cursor=").unwrap_or((value, ""));
            let end = after.find(['&', '>']).unwrap_or(after.len());
            format!("{before}cursor=[drawn]{}", &after[end..])
        }
        // The service keeps these as sets.
        _ if name.starts_with("access-control-") || name == "vary" || name == "allow" => {
            let mut parts: Vec<&str> = value.split(',').map(str::trim).collect();
            parts.sort_unstable();
            parts.join(", ")
        }
        _ => value.to_owned(),
    }
}

/// A workbook as its parts, a printed letter as the fact that it is one (its text is compared where it is read), anything
/// else as it is.
fn unpacked(body: &[u8]) -> Vec<u8> {
    if body.starts_with(b"%PDF-") {
        return b"[letter]".to_vec();
    }
    if !body.starts_with(b"PK\x03\x04") {
        return body.to_vec();
    }
    let mut book = zip::ZipArchive::new(Cursor::new(body)).expect("a workbook is a zip");
    let mut out = Vec::new();
    for at in 0..book.len() {
        let mut part = book.by_index(at).unwrap();
        out.extend_from_slice(format!("\n== {:?}\n", part.name()).as_bytes());
        part.read_to_end(&mut out).unwrap();
    }
    out
}

fn first_difference(a: &[u8], b: &[u8]) -> String {
    let at = a.iter().zip(b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
    let cut = |text: &[u8]| {
        let part = &text[at.saturating_sub(60)..text.len().min(at + 160)];
        String::from_utf8_lossy(part).replace('\n', "⏎")
    };
    format!("with the case …{}…\n    without       …{}…", cut(a), cut(b))
}

#[test]
fn ids_map_one_to_one_and_clocks_do_not_count() {
    let mut pairs = Pairs::default();
    let (a, b, c) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    assert!(pairs.meet(a, b) && pairs.meet(a, b));
    assert!(!pairs.meet(a, c) && !pairs.clone().meet(c, b));
    assert_eq!(pairs.translated(&format!("/x/{a}/y?é={c}")), format!("/x/{b}/y?é={c}"));
    let text = format!(r#"{{"id":"{a}","at":"2026-11-22T09:01:02.5Z","next_cursor":"abcd","n":2}}"#);
    let (masked, ids) = masked(text.as_bytes());
    assert_eq!(String::from_utf8(masked).unwrap(), r#"{"id":"[id]","at":"[time]","next_cursor":"[drawn]","n":2}"#);
    assert_eq!(ids, [a]);
}
