//! From an upload, or from files on this machine, to a stored import.

use std::path::{Path, PathBuf};

use actix_multipart::Multipart;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use super::fault::Fault;
use super::profile::{ListKind, Profile};
use super::queries::profiles::Layouts;
use super::queries::{self, ImportRow, NewImport};
use super::source::Source;
use super::{spool, work};
use crate::access::policy::{ImportCreate, ProgramDraft};
use crate::access::{ActorKind, AuditEntry, Gate, Writer};
use crate::config::Config;
use crate::jobs::Job;
use crate::kernel::problem::{self, Problem};

/// Longest value of a text part.
const MAX_FIELD: usize = 64;

/// An upload as it came, its files in the spool.
#[derive(Debug)]
pub struct Received {
    /// Id of the import to be.
    pub id: Uuid,
    /// Profile that it names.
    pub profile: String,
    period: String,
    files: Vec<Value>,
}

/// An upload whose files are those of its profile.
#[derive(Debug)]
pub struct Upload {
    /// Id of the import to be.
    pub id: Uuid,
    /// Profile.
    pub profile: String,
    /// Month.
    pub period: String,
    /// Files as kept with the import.
    pub files: Value,
    /// What reads them.
    pub layouts: Layouts,
}

/// Refuses an upload by the length it announces: no byte of it needs to come.
///
/// # Errors
/// It announces more than two files of the largest size.
pub fn check_length(config: &Config, announced: Option<u64>) -> Result<(), Problem> {
    let most = 2 * config.import_max_bytes() + (1 << 20);
    if announced.is_some_and(|bytes| bytes > most) {
        return Err(Problem::with(
            &problem::PAYLOAD_TOO_LARGE,
            format!("a file may have {} MB", config.import_max_bytes() >> 20),
        ));
    }
    Ok(())
}

/// Streams an upload to disk. Nothing stays behind where it is refused or cut off.
pub async fn receive(config: &Config, mut parts: Multipart) -> Result<Received, Problem> {
    let id = Uuid::now_v7();
    let guard = spool::Guard::new(config, id);
    spool::create(&spool::directory(config, id)).map_err(storage)?;
    let (mut profile_name, mut period, mut files) = (None, None, Vec::new());
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(cut_off)?;
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "profile" | "period" => {
                let value = part
                    .bytes(MAX_FIELD)
                    .await
                    .map_err(|_| Problem::field(format!("/{name}"), "length", "is too long"))?
                    .map_err(cut_off)?;
                let value = String::from_utf8_lossy(&value).trim().to_owned();
                if name == "profile" { profile_name = Some(value) } else { period = Some(value) }
            }
            "families" | "members" | "list" | WORKBOOK => {
                if files.iter().any(|file: &Value| file["file"] == name) {
                    return Err(Problem::field(format!("/{name}"), "duplicate_member", "is given twice"));
                }
                let sent_as = part.content_disposition().and_then(|d| d.get_filename()).unwrap_or_default();
                let sent_as: String = crate::kernel::text::clean(sent_as).chars().take(120).collect();
                let (bytes, sha256) =
                    store(&mut part, &spool::file(config, id, &name), &name, config.import_max_bytes()).await?;
                files.push(json!({"file": name, "name": sent_as, "bytes": bytes, "sha256": sha256}));
            }
            other => {
                let shown: String = other.chars().filter(|c| c.is_ascii_graphic()).take(40).collect();
                return Err(Problem::field(format!("/{shown}"), "unknown_member", "is not a part of this upload"));
            }
        }
    }
    let profile_name = profile_name.ok_or_else(|| Problem::field("/profile", "required", "profile is required"))?;
    let period = period.ok_or_else(|| Problem::field("/period", "required", "period is required"))?;
    check(&period)?;
    guard.keep();
    Ok(Received { id, profile: profile_name, period, files })
}

impl Received {
    /// Whether every file is one of the profile's: what can be told without reading all rows is told at once. The files
    /// go where they cannot be used.
    pub async fn look(self, config: &Config, layouts: Layouts) -> Result<Upload, Problem> {
        let guard = spool::Guard::new(config, self.id);
        let (owned, id, files) = (config.clone(), self.id, self.files);
        let (layouts, files) = tokio::task::spawn_blocking(move || {
            let files = look(&owned, id, &layouts.profile, files)?;
            Ok::<_, Problem>((layouts, files))
        })
        .await
        .map_err(Problem::internal)??;
        guard.keep();
        Ok(Upload { id, profile: self.profile, period: self.period, files: Value::Array(files), layouts })
    }
}

/// One workbook that holds every part on a sheet of its own.
const WORKBOOK: &str = "workbook";

/// The parts that a workbook has, each under its own name in the spool.
fn sheets_of(config: &Config, id: Uuid, layouts: &Profile, workbook: &Value) -> Result<Vec<Value>, Problem> {
    let path = spool::file(config, id, WORKBOOK);
    let (mut found, mut first) = (Vec::new(), None);
    for layout in &layouts.files {
        match Source::open(&path, layouts, layout) {
            Ok(_) => {
                std::fs::hard_link(&path, spool::file(config, id, &layout.file)).map_err(storage)?;
                let mut file = workbook.clone();
                file["file"] = json!(layout.file);
                found.push(file);
            }
            Err(Fault::Unreadable) => return Err(Problem::unavailable("the spooled file cannot be read")),
            Err(fault) => first = first.or(Some(fault)),
        }
    }
    match first.filter(|_| found.is_empty()) {
        Some(fault) => Err(work::unusable(&fault.describe(WORKBOOK))),
        None => Ok(found),
    }
}

/// Streams one file to disk; answers its length and its digest.
pub async fn store(
    part: &mut actix_multipart::Field,
    path: &Path,
    name: &str,
    limit: u64,
) -> Result<(u64, String), Problem> {
    let mut file = tokio::fs::File::create(path).await.map_err(storage)?;
    let (mut bytes, mut hash) = (0_u64, Sha256::new());
    while let Some(block) = part.next().await {
        let block = block.map_err(cut_off)?;
        bytes += block.len() as u64;
        if bytes > limit {
            return Err(Problem::with(
                &problem::PAYLOAD_TOO_LARGE,
                format!("{name} is larger than {} MB", limit >> 20),
            ));
        }
        hash.update(&block);
        file.write_all(&block).await.map_err(storage)?;
    }
    file.flush().await.map_err(storage)?;
    Ok((bytes, hex(&hash.finalize())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn cut_off(_: actix_multipart::MultipartError) -> Problem {
    Problem::with(&problem::BAD_REQUEST, "the upload is not complete multipart/form-data")
}

fn storage(error: std::io::Error) -> Problem {
    let cause = format!("the upload could not be stored: {}", error.kind());
    if error.kind() == std::io::ErrorKind::StorageFull {
        Problem::storage_full(cause)
    } else {
        Problem::unavailable(cause)
    }
}

/// What reads an upload that names this profile; refuses an unknown one.
pub fn layouts(conn: &mut diesel::PgConnection, profile_name: &str) -> Result<Layouts, Problem> {
    if let Some(layouts) = queries::profiles::active(conn, profile_name)? {
        return Ok(layouts);
    }
    let known = queries::profiles::names(conn)?.join(", ");
    Err(Problem::field("/profile", "not_allowed", format!("expected one of {known}")))
}

/// Refuses a month that is none, or lies ahead.
fn check(period: &str) -> Result<(), Problem> {
    let day = chrono::NaiveDate::parse_from_str(&format!("{period}-01"), "%Y-%m-%d");
    let fits = period.len() == 7 && day.is_ok();
    let ahead =
        day.is_ok_and(|first| first > crate::kernel::dates::office_date(chrono::Utc::now()) + chrono::Days::new(31));
    match (fits, ahead) {
        (false, _) => Err(Problem::field("/period", "format", "expected a month as YYYY-MM")),
        (true, true) => Err(Problem::field("/period", "range", "lies more than a month ahead")),
        (true, false) => Ok(()),
    }
}

/// Whether every file is one of the profile: what can be told without reading all rows is told at once. Answers the
/// files in the order of the profile, a workbook as its parts.
fn look(config: &Config, id: Uuid, layouts: &Profile, mut files: Vec<Value>) -> Result<Vec<Value>, Problem> {
    if let Some(at) = files.iter().position(|file| file["file"] == WORKBOOK) {
        if files.len() > 1 || layouts.files.len() < 2 {
            return Err(Problem::field("/workbook", "unknown_member", "is for profiles of two parts, and comes alone"));
        }
        let workbook = files.remove(at);
        return sheets_of(config, id, layouts, &workbook);
    }
    if files.is_empty() {
        let parts: Vec<&str> = layouts.files.iter().map(|layout| layout.file.as_str()).collect();
        let first = parts.first().copied().unwrap_or_default();
        return Err(Problem::field(format!("/{first}"), "required", format!("{} is required", parts.join(" or "))));
    }
    files.sort_by_key(|file| layouts.files.iter().position(|layout| file["file"] == layout.file));
    for part in files.iter().filter_map(|file| file["file"].as_str()) {
        let path = &spool::file(config, id, part);
        let layout = layouts
            .file(part)
            .ok_or_else(|| Problem::field(format!("/{part}"), "unknown_member", "is not a part of this profile"))?;
        if let Err(fault) = Source::open(path, layouts, layout) {
            return Err(match fault {
                Fault::Unreadable => Problem::unavailable("the spooled file cannot be read"),
                fault => work::unusable(&fault.describe(part)),
            });
        }
    }
    Ok(files)
}

/// Stores the import and its first operation.
pub fn create(w: &mut Writer<'_>, upload: &Upload) -> Result<ImportRow, Problem> {
    let layouts = &upload.layouts.profile;
    let offers = layouts.list == Some(ListKind::Offers);
    let by_command = w.scope().system;
    // Drafts are entered in the name of an account, under what it may do then.
    let drafts = by_command || (w.principal().kind == ActorKind::Account && w.principal().may::<ProgramDraft>());
    if (offers && !drafts) || (!offers && !w.scope().city && !w.scope().has_area()) {
        return Err(Problem::field("/profile", "not_allowed", "is not for your role"));
    }
    let scope = w.scope();
    let scope_regions = if scope.city { None } else { Some(queries::kelurahan_of(w)?) };
    let row = queries::create(
        w,
        NewImport {
            id: upload.id,
            profile: upload.profile.clone(),
            period: upload.period.clone(),
            files: upload.files.clone(),
            scope_regions,
            profile_version: upload.layouts.version,
            sensitive: layouts.sensitive,
            list: layouts.list,
        },
    )?;
    w.audit(AuditEntry {
        action: "import.create",
        subject_kind: "import",
        subject_id: Some(row.id),
        after: Some(json!({"profile": row.profile, "profile_version": row.profile_version, "period": row.period, "files": row.files})),
        ..AuditEntry::default()
    })?;
    Ok(row)
}

/// Imports files of this machine in this process: reads, validates and, with `apply`, applies them. `say` is told of
/// every stage. Answers the import as it stands then.
///
/// # Errors
/// What the same files would get as an upload, or a failure of the service.
pub fn import_files(
    gate: &Gate,
    profile_name: &str,
    period: &str,
    files: &[(String, PathBuf)],
    apply: bool,
    say: &dyn Fn(&str),
) -> Result<Value, Problem> {
    use diesel::Connection as _;
    check(period)?;
    let config = gate.config();
    let mut conn = diesel::PgConnection::establish(config.database_url.expose())
        .map_err(|_| Problem::unavailable("no connection"))?;
    let layouts = layouts(&mut conn, profile_name)?;
    let id = Uuid::now_v7();
    let guard = spool::Guard::new(config, id);
    spool::create(&spool::directory(config, id)).map_err(storage)?;
    let mut described = Vec::new();
    for (part, path) in files {
        let path = path
            .canonicalize()
            .map_err(|_| Problem::field(format!("/{part}"), "required", "the file cannot be opened"))?;
        let link = spool::file(config, id, part);
        std::os::unix::fs::symlink(&path, &link).map_err(storage)?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (bytes, sha256) = digest(&link)?;
        described.push(json!({"file": part, "name": name, "bytes": bytes, "sha256": sha256}));
    }
    let described = Value::Array(look(config, id, &layouts.profile, described)?);
    let upload = Upload { id, profile: profile_name.to_owned(), period: period.to_owned(), files: described, layouts };
    let row = gate.system::<ImportCreate, _>(&mut conn, "import command", |w| {
        let row = create(w, &upload)?;
        queries::claim_here(w, row.operation_id)?;
        Ok(row)
    })?;
    guard.keep();
    let job = |operation: Option<Uuid>| Job {
        gate: gate.clone(),
        id: operation.unwrap_or_default(),
        subject_id: Some(id),
        input: json!({}),
        created_by: None,
        attempt: 1,
    };
    let staged = work::stage_import(&job(row.operation_id));
    queries::finish_here(&mut conn, row.operation_id, staged.as_ref().ok())?;
    let staged = staged?;
    say(&format!("validated {}", staged["counts"]));
    if !apply {
        return Ok(staged);
    }
    let operation = gate.system::<crate::access::policy::ImportApply, _>(&mut conn, "import command", |w| {
        let operation = crate::jobs::enqueue(w, super::APPLY, Some(id), &json!({}), "rows")?;
        queries::claim_here(w, Some(operation))?;
        queries::step(
            w,
            id,
            &queries::Step {
                status: Some("applying".into()),
                operation_id: Some(operation),
                ..queries::Step::default()
            },
        )?;
        Ok(operation)
    })?;
    let applied = work::apply_import(&job(Some(operation)));
    queries::finish_here(&mut conn, Some(operation), applied.as_ref().ok())?;
    applied
}

fn digest(path: &Path) -> Result<(u64, String), Problem> {
    let mut file = std::fs::File::open(path).map_err(storage)?;
    let mut hash = Sha256::new();
    let mut block = vec![0_u8; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = std::io::Read::read(&mut file, &mut block).map_err(storage)?;
        let Some(part) = block.get(..read).filter(|b| !b.is_empty()) else { break };
        hash.update(part);
        bytes += read as u64;
    }
    Ok((bytes, hex(&hash.finalize())))
}
